"""Deadlines of June 2020 and around both clock changes, and their words."""

from __future__ import annotations

import ast
import datetime as dt
import inspect

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents import deadlines
from lysekil_trygghet import workdays
from lysekil_trygghet.workdays import STOCKHOLM

DAYS = st.dates(dt.date(2026, 1, 1), dt.date(2032, 12, 31))
MOMENTS = st.builds(dt.datetime.combine, DAYS, st.times(), st.just(dt.UTC))
DUE = "2020-06-18T12:00"


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=STOCKHOLM)


def test_the_golden_case():
    due = deadlines.default_due(at("2020-06-09T10:00"))
    assert due == at(DUE)
    assert deadlines.one_working_day_before(due) == at("2020-06-17T08:00")
    assert deadlines.due_morning(due) == at("2020-06-18T08:00")
    assert deadlines.next_working_morning(due) == at("2020-06-22T08:00")
    assert deadlines.five_working_days_before(due) == at("2020-06-11T08:00")
    assert deadlines.working_days_between(at("2020-06-09T10:00"), due) == 7


@pytest.mark.parametrize(
    ("ask", "when", "expected"),
    [
        (deadlines.one_working_day_before, "2020-06-22T12:00", "2020-06-18T08:00"),
        (deadlines.one_working_day_before, "2026-03-30T12:00", "2026-03-27T08:00"),
        (deadlines.one_working_day_before, "2026-10-26T00:30", "2026-10-23T08:00"),
        (deadlines.one_working_day_before, "2028-03-01T12:00", "2028-02-29T08:00"),
        (deadlines.due_morning, "2026-03-29T12:00", "2026-03-29T08:00"),
        (deadlines.due_morning, "2026-10-25T02:30", "2026-10-25T08:00"),
        (deadlines.next_working_morning, "2020-12-23T23:59", "2020-12-28T08:00"),
        (deadlines.next_working_morning, "2026-10-24T12:00", "2026-10-26T08:00"),
        (deadlines.five_working_days_before, "2021-01-08T12:00", "2020-12-29T08:00"),
        (deadlines.two_working_days_after, "2020-06-17T15:20", "2020-06-22T15:20"),
        (deadlines.two_working_days_after, "2026-03-27T02:30", "2026-03-31T02:30"),
        (deadlines.two_working_days_after, "2026-10-24T16:00", "2026-10-27T16:00"),
    ],
)
def test_when_reminders_stand(ask, when, expected):
    assert ask(at(when)).isoformat()[:16] == expected


def test_a_day_begins_in_sweden_not_in_greenwich():
    due = dt.datetime(2020, 6, 17, 22, 30, tzinfo=dt.UTC)  # 00.30 on the 18th in Sweden
    assert deadlines.due_morning(due) == at("2020-06-18T08:00")


@pytest.mark.parametrize(
    ("issued", "expected"),
    [
        ("2020-06-09T10:00", "2020-06-10T10:00:00+02:00"),
        ("2026-03-28T10:00", "2026-03-29T11:00:00+02:00"),
        ("2026-10-24T10:00", "2026-10-25T09:00:00+01:00"),
    ],
)
def test_twenty_four_hours_to_acknowledge_are_hours_that_pass(issued, expected):
    by = deadlines.acknowledge_by(at(issued))
    assert by.isoformat() == expected
    assert by.astimezone(dt.UTC) - at(issued).astimezone(dt.UTC) == dt.timedelta(hours=24)


@given(MOMENTS)
def test_every_reminder_is_at_eight_in_the_right_order(due):
    ladder = [
        deadlines.five_working_days_before(due),
        deadlines.one_working_day_before(due),
        deadlines.due_morning(due),
        deadlines.next_working_morning(due),
    ]
    assert [moment.time() for moment in ladder] == [dt.time(8)] * 4
    assert ladder == sorted(set(ladder), key=workdays.in_utc)
    assert all(workdays.is_working_day(ladder[n].date()) for n in (0, 1, 3))
    assert ladder[2].date() == workdays.local_date(due)


@pytest.mark.parametrize(
    ("now", "words"),
    [
        ("2020-06-10T09:00", "om 8 dagar"),
        ("2020-06-16T23:59", "om 2 dagar"),
        ("2020-06-17T00:00", "i morgon kl. 12.00"),
        ("2020-06-18T00:00", "i dag kl. 12.00"),
        ("2020-06-18T12:00", "i dag kl. 12.00"),
        ("2020-06-18T12:01", "försenad sedan kl. 12.00"),
        ("2020-06-19T00:00", "försenad 1 dag"),
        ("2020-06-22T08:00", "försenad 4 dagar"),
    ],
)
def test_how_far_away_in_words(now, words):
    assert deadlines.describe_due(at(DUE), at(now)) == words


def test_words_in_the_hour_that_comes_twice():
    first = at("2026-10-25T02:10")
    second = dt.datetime(2026, 10, 25, 2, 10, fold=1, tzinfo=STOCKHOLM)
    assert deadlines.describe_due(second, first) == "i dag kl. 02.10"
    assert deadlines.describe_due(first, second) == "försenad sedan kl. 02.10"


def test_a_due_time_must_lie_ahead_but_not_too_far():
    now = at("2020-06-09T10:00")
    deadlines.check_due(at("2020-06-09T10:01"), now)
    deadlines.check_due(at("2023-06-09T23:59"), now)
    for past in ("2020-06-09T10:00", "2019-06-09T10:00"):
        with pytest.raises(deadlines.DueInThePast, match="Välj en tid som ligger framåt"):
            deadlines.check_due(at(past), now)
    for far in ("2023-06-10T00:00", "9999-12-31T12:00"):
        with pytest.raises(deadlines.DueTooFarAway, match="mer än tre år"):
            deadlines.check_due(at(far), now)


def test_a_leap_day_can_be_the_limit():
    deadlines.check_due(at("2031-02-28T12:00"), at("2028-02-29T12:00"))
    with pytest.raises(deadlines.DueTooFarAway):
        deadlines.check_due(at("2031-03-01T12:00"), at("2028-02-29T12:00"))


def test_the_past_is_told_apart_in_the_hour_that_comes_twice():
    first = at("2026-10-25T02:10")
    second = dt.datetime(2026, 10, 25, 2, 5, fold=1, tzinfo=STOCKHOLM)
    deadlines.check_due(second, first)
    with pytest.raises(deadlines.DueInThePast):
        deadlines.check_due(first, second)


def test_the_module_stands_on_workdays_alone():
    tree = ast.parse(inspect.getsource(deadlines))
    sources = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    sources |= {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    assert sources == {
        "__future__",
        "datetime",
        "django.utils.functional",
        "django.utils.translation",
        "lysekil_trygghet",
    }
