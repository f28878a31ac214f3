"""The written agreement between the municipality and the Police."""

from __future__ import annotations

import datetime as dt

import pytest

from lysekil_trygghet.history.guards import Refused
from lysekil_trygghet.history.operations import StalePage
from pledges.models import CooperationAgreement
from pledges.operations import agreements

from .. import make_pledges as making
from ..make_incidents import department, last_event, verbs
from .acting import NOW, TODAY, WRITING, by, who_may

pytestmark = pytest.mark.django_db

WORDS = {
    "title": "Överenskommelse om samverkan",
    "purposes": "Färre brott och mer trygghet.",
    "areas_of_cooperation": "Centrum och unga.",
    "valid_from": TODAY,
}


def parties(*slugs: str):
    return [department(slug) for slug in slugs or ("kommunledning", "polisen")]


def written(actor=None, **values) -> CooperationAgreement:
    chosen = values.pop("parties", None) or parties()
    return agreements.write_agreement(values=WORDS | values, parties=chosen, by=actor or by("coordinator"), now=NOW)


def test_those_who_write_sets_keep_agreements():
    assert who_may(written) == WRITING
    of = written()
    assert set(of.parties.all()) == set(parties())
    assert verbs(of) == ["created"]
    assert who_may(lambda actor: agreements.edit_agreement(of, values={}, by=actor, now=NOW)) == WRITING


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"title": " "}, "rubrik"),
        ({"purposes": ""}, "syften"),
        ({"areas_of_cooperation": ""}, "områden"),
        ({"valid_from": None}, "vilken dag"),
        ({"valid_to": TODAY - dt.timedelta(days=1)}, "slutar gälla"),
        ({"signed_on": TODAY + dt.timedelta(days=1)}, "inte varit"),
        ({"purposes": "19121212-1212"}, "personnummer"),
    ],
)
def test_odd_values_are_refused(values, words):
    with pytest.raises(Refused, match=words):
        written(**values)
    of = written()
    with pytest.raises(Refused, match=words):
        agreements.edit_agreement(of, values=values, by=by("coordinator"), now=NOW)


def test_it_is_between_the_municipality_and_the_police():
    for slugs in (("polisen",), ("kommunledning",), ("bostadsbolaget", "polisen")):
        with pytest.raises(Refused, match="minst en från kommunen och Polisen"):
            written(parties=parties(*slugs))


def test_signed_later_with_more_parties():
    of = written()
    wider = parties("kommunledning", "polisen", "bostadsbolaget")
    signed = agreements.edit_agreement(
        of, values={"signed_on": TODAY}, parties=wider, by=by("director"), now=NOW, seen=of.revision
    )
    assert signed.is_in_force(TODAY)
    assert set(signed.parties.all()) == set(wider)
    assert last_event(of).details["fields"] == ["parties", "signed_on"]
    with pytest.raises(StalePage):
        agreements.edit_agreement(of, values={"title": "X"}, by=by("director"), now=NOW, seen=of.revision)


def test_only_an_unsigned_one_that_nothing_rests_on_is_thrown_away():
    of = written()
    making.pledge_set(now=NOW, agreement=of)
    with pytest.raises(Refused, match="Löften bygger på"):
        agreements.discard_agreement(of, by=by("coordinator"), now=NOW)
    with pytest.raises(Refused, match="undertecknad"):
        agreements.discard_agreement(written(signed_on=TODAY), by=by("coordinator"), now=NOW)
    loose = written()
    agreements.discard_agreement(loose, by=by("coordinator"), now=NOW, seen=loose.revision)
    assert not CooperationAgreement.objects.filter(pk=loose.pk).exists()
