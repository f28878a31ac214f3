"""Swedish working days and local moments: holidays, eves and both clock changes."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lysekil_trygghet import workdays
from lysekil_trygghet.workdays import STOCKHOLM

DAYS = [dt.date(2026, 1, 1) + dt.timedelta(days=n) for n in range((dt.date(2033, 1, 1) - dt.date(2026, 1, 1)).days)]
SOME_DAY = st.dates(dt.date(2015, 1, 1), dt.date(2045, 12, 31))
SOME_MOMENT = st.builds(dt.datetime.combine, SOME_DAY, st.times(), st.just(dt.UTC))


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=STOCKHOLM)


# --- Days -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("when", "holiday", "eve", "working"),
    [
        ("2020-06-09", False, False, True),
        ("2020-06-06", True, False, False),  # National Day
        ("2020-06-07", False, False, False),  # an ordinary Sunday is no holiday
        ("2020-06-18", False, False, True),
        ("2020-06-19", False, True, False),  # Midsummer Eve
        ("2020-06-20", True, False, False),
        ("2020-12-23", False, False, True),
        ("2020-12-24", False, True, False),
        ("2020-12-31", False, True, False),
        ("2021-01-01", True, False, False),
        ("2021-01-05", False, False, True),  # the eve of Epiphany is worked
        ("2021-01-06", True, False, False),
        ("2020-04-09", False, False, True),  # Maundy Thursday is worked
        ("2020-04-10", True, False, False),
        ("2020-04-11", False, False, False),  # Easter Saturday
        ("2020-04-13", True, False, False),
        ("2020-05-01", True, False, False),
        ("2020-05-21", True, False, False),  # Ascension
        ("2020-05-22", False, False, True),  # the day after is worked
        ("2020-06-01", False, False, True),  # Whit Monday is worked since 2005
        ("2026-10-30", False, False, True),
        ("2026-10-31", True, False, False),  # All Saints
        ("2028-02-29", False, False, True),
    ],
)
def test_what_kind_of_day_it_is(when, holiday, eve, working):
    d = day(when)
    assert (workdays.is_holiday(d), workdays.is_eve(d), workdays.is_working_day(d)) == (holiday, eve, working)


def test_neighbouring_working_days_around_midsummer():
    assert workdays.previous_working_day(day("2020-06-22")) == day("2020-06-18")
    assert workdays.next_working_day(day("2020-06-18")) == day("2020-06-22")
    assert workdays.nearest_earlier_working_day(day("2020-06-19")) == day("2020-06-18")
    assert workdays.nearest_earlier_working_day(day("2020-06-18")) == day("2020-06-18")
    assert workdays.previous_working_day(day("2020-06-18")) == day("2020-06-17")


@pytest.mark.parametrize(
    ("start", "number", "expected"),
    [
        ("2020-06-09", 0, "2020-06-09"),
        ("2020-06-20", 0, "2020-06-20"),
        ("2020-06-09", 1, "2020-06-10"),
        ("2020-06-18", 1, "2020-06-22"),
        ("2020-06-20", 2, "2020-06-23"),
        ("2020-06-22", -1, "2020-06-18"),
        ("2020-12-23", 3, "2020-12-30"),
        ("2021-01-04", -3, "2020-12-28"),
    ],
)
def test_adding_working_days(start, number, expected):
    assert workdays.add_working_days(day(start), number) == day(expected)


@given(SOME_DAY, st.integers(1, 30))
def test_adding_and_counting_working_days_agree(start, number):
    later, earlier = workdays.add_working_days(start, number), workdays.add_working_days(start, -number)
    assert workdays.is_working_day(later)
    assert workdays.is_working_day(earlier)
    assert workdays.working_days_between(start, later) == number
    assert workdays.working_days_between(later, start) == -number


@pytest.mark.parametrize(
    ("when", "expected"),
    [("2020-06-18", "vecka 25"), ("2021-01-03", "vecka 53"), ("2024-12-30", "vecka 1")],
)
def test_week_in_words(when, expected):
    assert workdays.iso_week_label(day(when)) == expected


# --- Moments ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2020-06-09T10:00", "2020-06-18T12:00"),  # the golden case: Friday is Midsummer Eve
        ("2020-06-08T00:00", "2020-06-18T12:00"),
        ("2020-06-14T23:59", "2020-06-18T12:00"),
        ("2020-06-15T00:00", "2020-06-26T12:00"),
        ("2020-04-01T09:00", "2020-04-09T12:00"),  # Good Friday
        ("2020-05-12T09:00", "2020-05-22T12:00"),  # the day after Ascension is worked
        ("2020-12-16T09:00", "2020-12-23T12:00"),  # Christmas Day and Christmas Eve
        ("2025-12-17T09:00", "2025-12-23T12:00"),  # Boxing Day, Christmas Day, Christmas Eve
        ("2020-12-23T09:00", "2020-12-30T12:00"),  # New Year's Day and its eve
        ("2026-03-20T09:00", "2026-03-27T12:00"),
        ("2026-03-28T09:00", "2026-04-02T12:00"),
        ("2026-10-16T09:00", "2026-10-23T12:00"),
        ("2026-10-25T02:30", "2026-10-30T12:00"),
    ],
)
def test_friday_noon_next_week(now, expected):
    assert workdays.friday_noon_next_week(moment(now)).isoformat()[:16] == expected


def test_the_week_is_swedens_not_greenwichs():
    sunday_evening_in_utc = dt.datetime(2020, 6, 14, 22, 30, tzinfo=dt.UTC)  # Monday 00.30 in Sweden
    assert workdays.friday_noon_next_week(sunday_evening_in_utc) == moment("2020-06-26T12:00")


@given(SOME_MOMENT)
def test_friday_noon_is_noon_on_a_working_day_ahead(now):
    due = workdays.friday_noon_next_week(now)
    assert due.tzinfo is STOCKHOLM
    assert (due.hour, due.minute) == (12, 0)
    assert workdays.is_working_day(due.date())
    friday = now.astimezone(STOCKHOLM).date().isocalendar()
    expected = dt.date.fromisocalendar(friday.year, friday.week, 5) + dt.timedelta(days=7)
    assert workdays.nearest_earlier_working_day(expected) == due.date()


def test_eight_o_clock_every_day_of_seven_years():
    mornings = [workdays.at_local(d, dt.time(8)) for d in DAYS]
    in_utc = [m.astimezone(dt.UTC) for m in mornings]
    assert [(m.date(), m.time()) for m in mornings] == [(d, dt.time(8)) for d in DAYS]
    assert len(set(in_utc)) == len(DAYS)
    steps = [(later - earlier) for earlier, later in pairwise(in_utc)]
    hours = [step.total_seconds() / 3600 for step in steps]
    assert (hours.count(23), hours.count(25), hours.count(24)) == (7, 7, len(DAYS) - 15)
    assert {m.hour for m in in_utc} == {6, 7}


def test_the_night_the_clock_goes_forward():
    spring = day("2026-03-29")
    skipped = workdays.at_local(spring, dt.time(2, 30))
    assert skipped.isoformat() == "2026-03-29T03:30:00+02:00"
    assert workdays.at_local(spring, dt.time(1, 59)).isoformat() == "2026-03-29T01:59:00+01:00"
    assert workdays.at_local(spring, dt.time(3)).isoformat() == "2026-03-29T03:00:00+02:00"
    assert workdays.at_local(spring, dt.time(12)).isoformat() == "2026-03-29T12:00:00+02:00"


def test_the_night_the_clock_goes_back():
    autumn = day("2026-10-25")
    assert workdays.at_local(autumn, dt.time(2, 30)).isoformat() == "2026-10-25T02:30:00+02:00"
    assert workdays.at_local(autumn, dt.time(2, 30, fold=1)).isoformat() == "2026-10-25T02:30:00+02:00"
    assert workdays.at_local(autumn, dt.time(3)).isoformat() == "2026-10-25T03:00:00+01:00"


@given(SOME_DAY, st.times())
def test_every_local_time_is_a_real_moment(d, time):
    made = workdays.at_local(d, time)
    assert made.astimezone(dt.UTC).astimezone(STOCKHOLM).isoformat() == made.isoformat()
    assert made.replace(tzinfo=None) >= dt.datetime.combine(d, time)


@pytest.mark.parametrize("ask", [workdays.in_utc, workdays.local_date, workdays.friday_noon_next_week])
def test_a_moment_without_zone_is_refused(ask):
    with pytest.raises(workdays.MomentWithoutZone):
        ask(dt.datetime(2020, 6, 9, 10))  # noqa: DTZ001
