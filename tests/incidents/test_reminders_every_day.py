"""R16: whatever day in 2026–2032 an assignment is due, its reminders stand on Swedish mornings, one a day at most."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest

from incidents import deadlines, reminders
from incidents.lifecycle import AssignmentState, Urgency
from incidents.models import Assignment, SteeringDecision
from lysekil_trygghet import workdays
from lysekil_trygghet.notifications.ladders import DEFAULTS, LadderKind, Rules
from lysekil_trygghet.workdays import STOCKHOLM

FIRST, LAST = dt.date(2026, 1, 1), dt.date(2032, 12, 31)
EVERY_DAY = [FIRST + dt.timedelta(days=number) for number in range((LAST - FIRST).days + 1)]
# Noon, as the rule has it; the hour that comes twice or not at all; the last minute of a day.
CLOCKS = (dt.time(12), dt.time(2, 30), dt.time(23, 59))
LONG_WAY, SHORT_WAY = dt.timedelta(days=40), dt.timedelta(days=8)
MORNING = dt.time(8)
OF_THE_PORTAL = {kind: Rules(kind, DEFAULTS[kind]) for kind in LadderKind}


def on(day: dt.date, clock: dt.time) -> dt.datetime:
    """That time of day in Sweden as a moment, as the database keeps it."""
    return dt.datetime.combine(day, clock, STOCKHOLM).astimezone(dt.UTC)


def ladder(due: dt.datetime, *, way: dt.timedelta, urgency: str) -> list[tuple[str, dt.datetime]]:
    """The moments of a new assignment, as they are in UTC, with the leaders' morning."""
    start = due - way
    assignment = Assignment(
        decision=SteeringDecision(urgency=urgency),
        state=AssignmentState.ISSUED,
        issued_at=start,
        ladder_from=start,
        due_at=due,
    )
    return [(rung.step, rung.moment.astimezone(dt.UTC)) for rung in reminders.ladder_of(assignment, OF_THE_PORTAL)]


@pytest.mark.same_everywhere
@pytest.mark.parametrize("clock", CLOCKS, ids=str)
def test_on_every_day_of_seven_years(clock, record_property):
    counted = Counter[str]()
    for day in EVERY_DAY:
        due = on(day, clock)
        for urgency, way in ((Urgency.NORMAL, LONG_WAY), (Urgency.ACUTE, SHORT_WAY)):
            steps = ladder(due, way=way, urgency=urgency)
            moments = [moment for _step, moment in steps]
            assert moments == sorted(set(moments)), (day, clock)
            mornings = [(step, moment) for step, moment in steps if step not in ("issued", "overdue")]
            # 08.00 in Sweden, whatever that is in Greenwich.
            local = [(step, moment.astimezone(STOCKHOLM)) for step, moment in mornings]
            assert {moment.time() for _step, moment in local} == {MORNING}, (day, clock)
            # One a day at most, and all but the due day itself on days when somebody is at work.
            days = [moment.date() for _step, moment in local]
            assert len(days) == len(set(days)), (day, clock)
            at_work = [moment.date() for step, moment in local if step != "due_morning"]
            assert all(workdays.is_working_day(morning) for morning in at_work), (day, clock)
            assert not any(morning.weekday() >= 5 or workdays.is_holiday(morning) for morning in at_work)
            names = [step for step, _moment in steps]
            early = ["before_5"] if urgency == Urgency.NORMAL else []
            todays = ["due_morning"] if clock > MORNING else []
            assert names == ["issued", *early, "before_1", *todays, "overdue", "escalated"], (day, clock)
            counted.update(step for step, _moment in steps)
    if clock == CLOCKS[0]:
        record_property("figures", f"R16: {len(EVERY_DAY)} days, {sum(counted.values())} reminders at noon's ladder")


def test_the_days_that_are_hard_are_among_them():
    """A leap day, the turn of a year, both clock changes, Midsummer Eve."""

    def mornings(day: str) -> list[str]:
        due = dt.datetime.fromisoformat(f"{day}T12:00").replace(tzinfo=STOCKHOLM)
        before, after = deadlines.one_working_day_before(due), deadlines.next_working_morning(due)
        return [f"{moment.astimezone(dt.UTC):%Y-%m-%dT%H:%MZ}" for moment in (before, after)]

    assert mornings("2028-02-29") == ["2028-02-28T07:00Z", "2028-03-01T07:00Z"]
    assert mornings("2026-12-31") == ["2026-12-30T07:00Z", "2027-01-04T07:00Z"]
    assert mornings("2026-03-30") == ["2026-03-27T07:00Z", "2026-03-31T06:00Z"]
    assert mornings("2026-10-26") == ["2026-10-23T06:00Z", "2026-10-27T07:00Z"]
    assert mornings("2026-06-18") == ["2026-06-17T06:00Z", "2026-06-22T06:00Z"]
