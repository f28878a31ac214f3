"""Who is told what of the picture, when: that it must be updated, and that it waits for the Police."""

from __future__ import annotations

import datetime as dt

import pytest

from lysekil_trygghet.accounts.demo import addresses
from lysekil_trygghet.notifications.models import Obligation, ObligationState
from lysekil_trygghet.notifications.operations import plan
from situation import reminders
from situation.lifecycle import PictureKind, PictureState
from situation.operations import pictures

from .. import make_situation as making
from ..make import at
from ..make_incidents import acting

pytestmark = pytest.mark.django_db

ADOPTED = at("2020-03-02", "10:00")
# 24 months later, a Wednesday; 90 days before is a Thursday, 30 days before a Monday.
DUE = dt.date(2022, 3, 2)


@pytest.fixture(autouse=True)
def _everybody(people):
    """The demo people exist."""


def told(now: dt.datetime) -> set[tuple[str, str]]:
    """What is new at `now`: (step, who)."""
    before = set(Obligation.objects.values_list("pk", flat=True))
    plan(reminders.plan(now=now), now=now)
    keys = {address: key for key, address in addresses().items()}
    new = Obligation.objects.exclude(pk__in=before).select_related("user")
    assert new.count() == len({(row.step, row.user_id, row.address) for row in new})
    return {(row.step, keys[row.user.email]) for row in new}


BOTH = {("update", "director"), ("update", "coordinator"), ("update", "police_liaison")}


def test_those_who_lead_are_told_90_and_30_days_before_on_the_day_and_each_quarter_after():
    made = making.picture(now=ADOPTED, state=PictureState.PUBLISHED)
    assert made.next_update_due == DUE
    assert told(at("2021-12-02", "07:59")) == set()
    assert told(at("2021-12-02", "08:00")) == BOTH
    assert told(at("2022-01-30", "12:00")) == set()
    assert told(at("2022-01-31", "08:00")) == BOTH
    assert told(at("2022-03-02", "08:00")) == BOTH
    assert told(at("2022-05-31", "12:00")) == set()
    assert told(at("2022-06-01", "08:00")) == BOTH
    assert told(at("2022-06-01", "08:00")) == set()
    row = Obligation.objects.latest("pk")
    assert (row.heading, row.title) == (
        "Lägesbild som skulle ha uppdaterats",
        "Lägesbild mars 2019–mars 2020: senast 2 mars 2022",
    )
    assert row.path == made.get_absolute_url()


def test_of_steps_missed_while_nothing_ran_only_the_newest_is_sent():
    making.picture(now=ADOPTED, state=PictureState.PUBLISHED)
    assert told(at("2022-12-01", "08:00")) == BOTH


def test_a_newer_adopted_picture_ends_it_and_what_is_not_sent_yet_is_called_off():
    older = making.picture(now=ADOPTED, state=PictureState.PUBLISHED)
    told(at("2022-03-02", "08:00"))
    now = at("2022-03-02", "08:00")
    making.picture(now=now, state=PictureState.ADOPTED, previous=older)
    assert set(Obligation.objects.values_list("state", flat=True)) == {ObligationState.CANCELLED}
    assert told(at("2022-06-01", "08:00")) == set()


def test_the_polices_own_picture_is_the_polices_to_update():
    making.picture(now=ADOPTED, state=PictureState.ADOPTED, kind=PictureKind.OWN, by="police_liaison")
    assert told(at("2022-03-02", "08:00")) == {("update", "police_liaison")}


def test_a_draft_is_not_reminded_of():
    making.picture(now=ADOPTED, state=PictureState.REVIEW)
    assert told(at("2022-03-02", "08:00")) == set()


def opened(now: dt.datetime):
    made = making.picture(now=now, state=PictureState.REVIEW)
    return pictures.open_to_police(made, by=acting("coordinator", now=now), now=now)


WAITING = {("police_waiting", "police_liaison"), ("police_waiting", "coordinator")}


def test_a_picture_the_police_have_had_for_five_working_days():
    opened(ADOPTED)  # a Monday
    assert told(at("2020-03-09", "12:00")) == set()
    assert told(at("2020-03-10", "08:00")) == WAITING
    assert told(at("2020-03-11", "08:00")) == set()


def test_confirmed_they_are_told_no_more():
    made = opened(ADOPTED)
    told(at("2020-03-10", "08:00"))
    pictures.confirm_as_police(
        made, by=acting("police_liaison", now=ADOPTED), now=at("2020-03-10", "08:00"), seen=made.revision
    )
    assert set(Obligation.objects.values_list("state", flat=True)) == {ObligationState.CANCELLED}
    assert told(at("2020-04-10", "08:00")) == set()


@pytest.mark.parametrize("many", [1, 8])
def test_looking_asks_the_database_equally_often_however_many_there_are(many, django_assert_num_queries):
    for _turn in range(many):
        opened(ADOPTED)
    making.picture(now=ADOPTED, state=PictureState.PUBLISHED)
    with django_assert_num_queries(7):
        list(reminders.plan(now=at("2022-03-02", "08:00")))
