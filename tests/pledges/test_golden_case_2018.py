"""Case 2018 as the demo loads it: the picture of 2017, eight promises with a lead each, a year of doing, the end."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.management import call_command
from django.test import Client

from incidents.models import PublicUpdate
from pledges.doses import dose_of
from pledges.lifecycle import FINAL, PartyRole, SetState
from pledges.models import Commitment, PledgeSet
from situation.lifecycle import PictureState, SourceKind
from situation.models import SituationPicture

pytestmark = pytest.mark.django_db

SEVEN = {
    SourceKind.CITIZEN_DIALOGUE, SourceKind.SAFETY_SURVEY, SourceKind.DRUG_SURVEY, SourceKind.POLICE_STAFF_DIALOGUE,
    SourceKind.MUNICIPAL_STAFF_DIALOGUE, SourceKind.CRIME_STATISTICS, SourceKind.OWN_KNOWLEDGE,
}  # fmt: skip


@pytest.fixture
def closed(settings) -> PledgeSet:
    settings.DEMO = True
    call_command("demo")
    return PledgeSet.objects.get(period_start=dt.date(2017, 12, 1))


def test_the_case_stands_from_picture_to_closing(closed):
    picture = SituationPicture.objects.get()
    assert picture.state == PictureState.PUBLISHED
    assert set(picture.sources.values_list("kind", flat=True)) == SEVEN
    assert picture.problems.count() == 2
    assert picture.figures.published().count() == 4

    promises = list(closed.commitments.order_by("number"))
    leads = {one.number: [party.organisation.slug for party in leads_of(one)] for one in promises}
    assert [len(leads[one.number]) for one in promises] == [1] * 8
    # One bullet of 2017 was two promises: the Police's operations, and the municipality's quick help.
    assert leads[4] != leads[5]
    assert closed.state == SetState.CLOSED
    assert all(one.delivery_state in FINAL and one.follow_ups.exists() for one in promises)

    sspf = promises[7]
    dose = dose_of(sspf, as_of=dt.date(2018, 12, 31))
    assert len(dose.held) == 21
    assert [(rest.first, rest.last) for rest in dose.pauses] == [(dt.date(2018, 6, 25), dt.date(2018, 8, 12))]
    breaches = [(one.first, one.last) for one in dose.verdict.breaches]
    assert breaches == [(dt.date(2018, 2, 7), dt.date(2018, 2, 28))]

    assert PublicUpdate.objects.published().filter(published_at__year=2018).count() >= 2
    for path in (closed.public_url, f"{closed.public_url}uppfoljning/", sspf.public_url, picture.public_url):
        assert Client().get(path).status_code == 200
    assert "SSPF träffades 21 gånger" in Client().get(sspf.public_url).content.decode()


def leads_of(promise: Commitment):
    return promise.parties.filter(role=PartyRole.LEAD).select_related("organisation")
