"""How much was done: units against their floors, times against the rhythm; equally many queries for one and many."""

from __future__ import annotations

import datetime as dt

import pytest

from pledges.doses import Dose, dose_of, dose_of_fetched, doses_of
from pledges.lifecycle import OccurrenceState, Reading
from pledges.models import Commitment, Occurrence, OccurrenceCount, PausePeriod, RecurrenceRule, Unit
from pledges.operations.commitments import UnitRow
from pledges.residents.reading import with_everything
from pledges.rhythm import Phase

from .. import make_pledges as making
from ..make_incidents import department
from .acting import NOW, TODAY

pytestmark = pytest.mark.django_db

START = TODAY - dt.timedelta(days=30)


def promise(**values) -> Commitment:
    return making.commitment(now=NOW, **values)


def log(of: Commitment, date: dt.date, state: str = OccurrenceState.HELD, **counts: int) -> None:
    """As if it had been logged: rows only, whatever the set's state."""
    row = Occurrence(
        commitment=of, organisation=department(), date=date, state=state, reason="Storm.", recorded_at=NOW
    )
    row.save()
    for name, count in counts.items():
        OccurrenceCount.objects.create(occurrence=row, unit=Unit.objects.get(commitment=of, name=name), count=count)


def rhythm(of: Commitment, **values) -> RecurrenceRule:
    defaults = {"reading": Reading.DAYS, "limit": 14, "active_from": START}
    return RecurrenceRule.objects.create(commitment=of, **(defaults | values))


def test_a_floor_that_was_beaten_is_full_and_keeps_its_real_number():
    of = promise(units=(UnitRow("kontroller", target_min=8), UnitRow("samtal", target_min=3), UnitRow("kvällar")))
    for _turn in range(4):
        log(of, TODAY, kontroller=5, samtal=0, kvällar=1)
    log(of, TODAY, OccurrenceState.CANCELLED, kontroller=100)
    log(of, TODAY, OccurrenceState.UNDONE, kontroller=100)
    checks, talks, nights = dose_of(of, as_of=TODAY).rows
    assert (checks.unit.name, checks.delivered, checks.target, checks.reached, checks.share) == (
        *("kontroller", 20, 8, True, 100),
    )
    assert (talks.delivered, talks.reached, talks.share) == (0, False, 0)
    assert (nights.delivered, nights.target, nights.reached, nights.share) == (4, None, None, None)


@pytest.mark.parametrize(
    ("delivered", "target", "share", "reached"),
    [
        (0, 3, 0, False),
        (1, 3, 33, False),
        (2, 3, 66, False),
        (199, 200, 99, False),
        (3, 3, 100, True),
        (0, 0, 100, True),
    ],
)
def test_a_bar_is_full_only_when_the_floor_is_reached(delivered, target, share, reached):
    of = promise(units=(UnitRow("kvällar", target_min=target),))
    if delivered:
        log(of, TODAY, kvällar=delivered)
    (row,) = dose_of(of, as_of=TODAY).rows
    assert (row.share, row.reached) == (share, reached)


def test_the_verdict_and_how_many_of_the_planned():
    of = promise()
    rhythm(of, active_to=TODAY + dt.timedelta(days=26))
    for days in (20, 20, 10):
        log(of, TODAY - dt.timedelta(days=days))
    log(of, TODAY, OccurrenceState.CANCELLED)
    dose = dose_of(of, as_of=TODAY)
    assert dose.verdict is not None
    assert (dose.verdict.phase, dose.occasions) == (Phase.IN_PHASE, "2 av 4")
    assert (dose.times, len(dose.cancelled)) == (3, 1)
    assert dose.rhythm_words(TODAY) == "I fas, nästa senast 13 juni"


def test_pauses_and_the_promises_own_last_day_are_the_rhythms():
    of = promise(period_end=TODAY + dt.timedelta(days=5))
    rule = rhythm(of)
    PausePeriod.objects.create(rule=rule, first_day=START + dt.timedelta(days=1), last_day=TODAY, reason="Uppehåll.")
    dose = dose_of(of, as_of=TODAY)
    assert dose.verdict is not None
    assert (dose.verdict.phase, dose.verdict.rule.active_to) == (Phase.PAUSED, of.ends_on())
    assert [(pause.first, pause.last) for pause in dose.pauses] == [(START + dt.timedelta(days=1), TODAY)]


def test_a_rhythm_that_would_begin_after_the_promise_ends_is_no_error():
    of = promise()
    rhythm(of, active_from=of.pledge_set.period_end + dt.timedelta(days=10))
    dose = dose_of(of, as_of=TODAY)
    assert dose.verdict is not None
    assert dose.verdict.phase == Phase.NOT_STARTED


def test_what_happens_after_the_day_asked_about_is_left_out():
    of = promise()
    log(of, TODAY)
    assert dose_of(of, as_of=TODAY - dt.timedelta(days=1)).times == 0


def test_nothing_is_nothing():
    of = promise()
    dose = dose_of(of, as_of=TODAY)
    assert (dose.is_empty, dose.occasions, dose.rhythm_words(TODAY)) == (True, "", "")
    assert doses_of([], as_of=TODAY) == {}
    assert dose == Dose()


@pytest.mark.parametrize("many", [1, 12])
def test_as_many_queries_for_one_as_for_many(many, django_assert_num_queries):
    area = making.area(now=NOW)
    rows = []
    for _turn in range(many):
        of = making.commitment(now=NOW, area=area, units=(UnitRow("kvällar", target_min=2),))
        PausePeriod.objects.create(rule=rhythm(of), first_day=TODAY, last_day=TODAY, reason="Lov.")
        log(of, TODAY, kvällar=1)
        rows.append(of)
    rows = list(Commitment.objects.filter(pk__in=[of.pk for of in rows]))
    with django_assert_num_queries(5):
        doses = doses_of(rows, as_of=TODAY)
    assert {dose.times for dose in doses.values()} == {1}
    assert len(doses) == many


def test_read_from_what_is_fetched_it_is_the_same():
    """The page of one promise has its rows already, and works out the same without asking again."""
    of = promise(units=[UnitRow(name="kontroller", target_min=3), UnitRow(name="samtal")])
    PausePeriod.objects.create(
        rule=rhythm(of), first_day=START + dt.timedelta(days=2), last_day=START + dt.timedelta(days=4), reason="Lov."
    )
    log(of, START + dt.timedelta(days=9), kontroller=2, samtal=1)
    log(of, START + dt.timedelta(days=9), kontroller=2)
    log(of, START + dt.timedelta(days=12), OccurrenceState.CANCELLED)
    log(of, START + dt.timedelta(days=13), OccurrenceState.UNDONE, samtal=9)
    log(of, TODAY + dt.timedelta(days=5), samtal=4)
    fetched = with_everything(Commitment.objects.filter(pk=of.pk)).get()
    for day in (START, START + dt.timedelta(days=9), TODAY, TODAY + dt.timedelta(days=9)):
        assert dose_of_fetched(fetched, fetched.shown_occurrences, as_of=day) == dose_of(of, as_of=day)
    plain = with_everything(Commitment.objects.filter(pk=promise().pk)).get()
    assert dose_of_fetched(plain, plain.shown_occurrences, as_of=TODAY) == Dose()
