"""Open or closed right now: midnight, the two nights the clock is changed, days that differ (docs/rules.md)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation
from hypothesis import example, given
from hypothesis import strategies as st

from incidents import opening
from incidents.opening import Status, status_at

STOCKHOLM = ZoneInfo("Europe/Stockholm")
MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY = range(7)


@dataclass(frozen=True)
class Hours:
    weekday: int
    opens: dt.time
    closes: dt.time


@dataclass(frozen=True)
class Exceptional:
    date: dt.date
    is_closed: bool = True
    opens: dt.time | None = None
    closes: dt.time | None = None


def clock(text: str) -> dt.time:
    return dt.time.fromisoformat(text)


def open_on(weekday: int, opens: str, closes: str) -> Hours:
    return Hours(weekday, clock(opens), clock(closes))


def closed(day: str) -> Exceptional:
    return Exceptional(dt.date.fromisoformat(day))


def extra(day: str, opens: str, closes: str) -> Exceptional:
    return Exceptional(dt.date.fromisoformat(day), is_closed=False, opens=clock(opens), closes=clock(closes))


def at(text: str, *, fold: int = 0) -> dt.datetime:
    """ "2020-06-12 18:00" in Stockholm; fold=1 is the second time an hour comes."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=STOCKHOLM, fold=fold)


def utc(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


# Friday and Saturday evening until two in the night; 12 June 2020 is a Friday.
NIGHTS = [open_on(FRIDAY, "18:00", "02:00"), open_on(SATURDAY, "18:00", "02:00")]
OFFICE = [open_on(weekday, "08:00", "16:30") for weekday in range(5)]


def status(now: dt.datetime, hours=NIGHTS, exceptions=(), *, always_open: bool = False) -> tuple[bool, str]:
    """Open or not, and the moment it changes as the clock shows it."""
    found = status_at(hours, exceptions, always_open, now)
    change = found.closes_at if found.is_open else found.opens_at
    return found.is_open, f"{change.astimezone(STOCKHOLM):%a %d %b %H:%M %z}" if change else ""


# --- An ordinary week -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2020-06-12 17:59:59", (False, "Fri 12 Jun 18:00 +0200")),
        ("2020-06-12 18:00:00", (True, "Sat 13 Jun 02:00 +0200")),
        ("2020-06-12 23:59:59", (True, "Sat 13 Jun 02:00 +0200")),
        ("2020-06-13 00:00:00", (True, "Sat 13 Jun 02:00 +0200")),
        ("2020-06-13 01:59:59", (True, "Sat 13 Jun 02:00 +0200")),
        ("2020-06-13 02:00:00", (False, "Sat 13 Jun 18:00 +0200")),
        ("2020-06-14 01:00:00", (True, "Sun 14 Jun 02:00 +0200")),
        ("2020-06-14 02:00:00", (False, "Fri 19 Jun 18:00 +0200")),
        ("2020-06-17 12:00:00", (False, "Fri 19 Jun 18:00 +0200")),
    ],
)
def test_an_evening_that_crosses_midnight(now, expected):
    assert status(at(now)) == expected


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2020-06-12 16:29:59", (True, "Fri 12 Jun 16:30 +0200")),
        ("2020-06-12 16:30:00", (False, "Mon 15 Jun 08:00 +0200")),
        ("2020-06-14 23:59:59", (False, "Mon 15 Jun 08:00 +0200")),
        ("2020-06-15 08:00:00", (True, "Mon 15 Jun 16:30 +0200")),
    ],
)
def test_office_hours(now, expected):
    assert status(at(now), OFFICE) == expected


def test_now_may_be_given_in_any_zone():
    """22.30 in UTC is half past midnight in Lysekil."""
    assert status(utc("2020-06-12 22:30")) == (True, "Sat 13 Jun 02:00 +0200")
    assert status(at("2020-06-12 17:00").astimezone(ZoneInfo("Pacific/Auckland"))) == (False, "Fri 12 Jun 18:00 +0200")


def test_two_openings_in_a_day_with_a_lunch_between():
    hours = [open_on(FRIDAY, "13:00", "16:00"), open_on(FRIDAY, "08:00", "12:00")]

    assert status(at("2020-06-12 09:00"), hours) == (True, "Fri 12 Jun 12:00 +0200")
    assert status(at("2020-06-12 12:30"), hours) == (False, "Fri 12 Jun 13:00 +0200")
    assert status(at("2020-06-12 16:00"), hours) == (False, "Fri 19 Jun 08:00 +0200")


def test_rows_that_touch_or_overlap_are_one_opening():
    touching = [open_on(FRIDAY, "18:00", "00:00"), open_on(SATURDAY, "00:00", "02:00")]
    overlapping = [open_on(FRIDAY, "18:00", "01:00"), open_on(SATURDAY, "00:30", "02:00")]

    for hours in (touching, overlapping):
        assert status(at("2020-06-12 19:00"), hours) == (True, "Sat 13 Jun 02:00 +0200")


def test_closing_at_midnight_sharp():
    hours = [open_on(FRIDAY, "18:00", "00:00")]

    assert status(at("2020-06-12 23:59"), hours) == (True, "Sat 13 Jun 00:00 +0200")
    assert status(at("2020-06-13 00:00"), hours) == (False, "Fri 19 Jun 18:00 +0200")


def test_opening_and_closing_at_the_same_time_means_a_whole_day():
    hours = [open_on(FRIDAY, "08:00", "08:00")]

    assert status(at("2020-06-13 07:59"), hours) == (True, "Sat 13 Jun 08:00 +0200")
    assert status(at("2020-06-13 08:00"), hours) == (False, "Fri 19 Jun 08:00 +0200")


def test_over_the_turn_of_the_year():
    """31 December 2020 is a Thursday."""
    hours = [open_on(THURSDAY, "20:00", "03:00")]

    assert status(at("2021-01-01 02:59"), hours) == (True, "Fri 01 Jan 03:00 +0100")
    assert status(at("2021-01-01 03:00"), hours) == (False, "Thu 07 Jan 20:00 +0100")


# --- Always, never --------------------------------------------------------------------------------------


def test_always_open_has_no_closing_time():
    assert status_at([], [], True, at("2020-06-12 03:00")) == Status(is_open=True)


def test_every_day_around_the_clock_is_the_same_as_always():
    around = [open_on(weekday, "00:00", "00:00") for weekday in range(7)]

    assert status_at(around, [], False, at("2020-06-12 03:00")) == Status(is_open=True)


def test_always_open_can_still_be_closed_on_a_date():
    days_off = [closed("2020-06-13")]

    assert status(at("2020-06-12 12:00"), [], days_off, always_open=True) == (True, "Sat 13 Jun 00:00 +0200")
    assert status(at("2020-06-13 12:00"), [], days_off, always_open=True) == (False, "Sun 14 Jun 00:00 +0200")
    assert status_at([], days_off, True, at("2020-06-14 00:00")) == Status(is_open=True)


def test_no_hours_at_all():
    assert status_at([], [], False, at("2020-06-12 12:00")) == Status(is_open=False)
    assert status_at([], [closed("2020-06-20")], False, at("2020-06-12 12:00")) == Status(is_open=False)


def test_a_single_evening_far_ahead_is_found():
    assert status(at("2020-06-12 12:00"), [], [extra("2020-08-28", "18:00", "21:00")]) == (
        False,
        "Fri 28 Aug 18:00 +0200",
    )


def test_a_long_summer_closing_ends_with_the_next_opening():
    summer = [Exceptional(dt.date(2020, 6, 22) + dt.timedelta(days=n)) for n in range(56)]

    assert status(at("2020-06-19 17:00"), OFFICE, summer) == (False, "Mon 17 Aug 08:00 +0200")


def test_an_evening_that_has_been_is_not_waited_for():
    assert status_at([], [extra("2020-06-11", "18:00", "21:00")], False, at("2020-06-12 12:00")) == Status(False)


# --- Days that differ -----------------------------------------------------------------------------------


def test_a_closed_day_replaces_the_weekday():
    assert status(at("2020-06-12 19:00"), exceptions=[closed("2020-06-12")]) == (False, "Sat 13 Jun 18:00 +0200")


def test_the_evening_before_a_closed_day_still_runs_out():
    """Closed on Saturday: Friday's night is open until two on Saturday morning, Saturday's evening is not."""
    days_off = [closed("2020-06-13")]

    assert status(at("2020-06-13 01:59"), exceptions=days_off) == (True, "Sat 13 Jun 02:00 +0200")
    assert status(at("2020-06-13 02:00"), exceptions=days_off) == (False, "Fri 19 Jun 18:00 +0200")
    assert status(at("2020-06-14 01:00"), exceptions=days_off) == (False, "Fri 19 Jun 18:00 +0200")


def test_other_hours_replace_the_weekdays():
    earlier = [extra("2020-06-12", "15:00", "20:00")]

    assert status(at("2020-06-12 15:00"), exceptions=earlier) == (True, "Fri 12 Jun 20:00 +0200")
    assert status(at("2020-06-12 20:00"), exceptions=earlier) == (False, "Sat 13 Jun 18:00 +0200")


def test_extra_hours_on_a_day_that_is_else_closed_cross_midnight():
    midsummer = [extra("2020-06-18", "18:00", "04:00")]

    assert status(at("2020-06-19 03:59"), exceptions=midsummer) == (True, "Fri 19 Jun 04:00 +0200")


def test_two_extra_openings_on_one_date():
    twice = [extra("2020-06-16", "08:00", "10:00"), extra("2020-06-16", "18:00", "20:00")]

    assert status(at("2020-06-16 10:00"), exceptions=twice) == (False, "Tue 16 Jun 18:00 +0200")


def test_a_day_marked_closed_is_closed_even_with_hours():
    both = [extra("2020-06-12", "15:00", "20:00"), closed("2020-06-12")]

    assert status(at("2020-06-12 16:00"), exceptions=both) == (False, "Sat 13 Jun 18:00 +0200")
    assert status(at("2020-06-12 16:00"), exceptions=both[::-1]) == (False, "Sat 13 Jun 18:00 +0200")


# --- 29 March 2020: the clock goes from 02.00 to 03.00 --------------------------------------------------


def test_spring_a_night_that_ends_at_the_change():
    """Saturday's night until two: open until the clock jumps, and not a minute of the hour that is not there."""
    assert status(utc("2020-03-29 00:59")) == (True, "Sun 29 Mar 03:00 +0200")
    assert status(utc("2020-03-29 01:00")) == (False, "Fri 03 Apr 18:00 +0200")


@pytest.mark.parametrize("closes", ["02:00", "02:01", "02:30", "02:59", "03:00"])
def test_spring_every_time_that_is_skipped_is_the_moment_of_the_change(closes):
    hours = [open_on(SATURDAY, "18:00", closes)]

    assert status(utc("2020-03-29 00:59:59"), hours) == (True, "Sun 29 Mar 03:00 +0200")
    assert not status(utc("2020-03-29 01:00"), hours)[0]


def test_spring_opening_at_a_time_that_is_skipped():
    hours = [open_on(SUNDAY, "02:30", "05:00")]

    assert status(utc("2020-03-29 00:59:59"), hours) == (False, "Sun 29 Mar 03:00 +0200")
    assert status(utc("2020-03-29 01:00"), hours) == (True, "Sun 29 Mar 05:00 +0200")


def test_spring_an_opening_wholly_within_the_skipped_hour_does_not_happen():
    hours = [open_on(SUNDAY, "02:10", "02:50")]

    assert status(utc("2020-03-29 00:30"), hours) == (False, "Sun 05 Apr 02:10 +0200")
    assert status(utc("2020-03-29 01:00"), hours) == (False, "Sun 05 Apr 02:10 +0200")


def test_spring_a_later_closing_comes_an_hour_sooner():
    hours = [open_on(SATURDAY, "18:00", "04:00")]

    assert status(utc("2020-03-29 01:59"), hours) == (True, "Sun 29 Mar 04:00 +0200")
    assert not status(utc("2020-03-29 02:00"), hours)[0]


# --- 25 October 2020: the clock goes from 03.00 back to 02.00 -------------------------------------------


def test_autumn_a_night_until_two_ends_the_first_time_it_is_two():
    assert status(utc("2020-10-24 23:59")) == (True, "Sun 25 Oct 02:00 +0200")
    assert status(utc("2020-10-25 00:00")) == (False, "Fri 30 Oct 18:00 +0100")


def test_autumn_the_hour_that_comes_twice():
    hours = [open_on(SATURDAY, "18:00", "02:30")]

    assert status(at("2020-10-25 02:29"), hours) == (True, "Sun 25 Oct 02:30 +0200")
    assert status(at("2020-10-25 02:30"), hours) == (False, "Sat 31 Oct 18:00 +0100")
    assert status(at("2020-10-25 02:29", fold=1), hours) == (False, "Sat 31 Oct 18:00 +0100")


def test_autumn_a_later_closing_makes_the_night_an_hour_longer():
    hours = [open_on(SATURDAY, "18:00", "03:00")]

    assert status(at("2020-10-25 02:59", fold=1), hours) == (True, "Sun 25 Oct 03:00 +0100")
    assert not status(utc("2020-10-25 02:00"), hours)[0]


def test_autumn_opening_in_the_hour_that_comes_twice_is_the_first():
    hours = [open_on(SUNDAY, "02:30", "05:00")]

    assert status(at("2020-10-25 02:29"), hours) == (False, "Sun 25 Oct 02:30 +0200")
    assert status(at("2020-10-25 02:00", fold=1), hours) == (True, "Sun 25 Oct 05:00 +0100")


def test_around_the_clock_over_both_changes():
    for now in ("2020-03-29 00:30", "2020-03-29 01:00", "2020-10-25 00:30", "2020-10-25 01:30"):
        assert status_at([], [], True, utc(now)) == Status(is_open=True)


def test_the_evening_before_a_change_names_the_right_next_opening():
    assert status(at("2020-10-24 12:00"), OFFICE) == (False, "Mon 26 Oct 08:00 +0100")
    assert status(at("2020-03-28 12:00"), OFFICE) == (False, "Mon 30 Mar 08:00 +0200")


# --- Any hours, any moment: as somebody who reads the sign and counts minutes would say -------------------

MINUTES = st.integers(0, 24 * 4 - 1).map(lambda quarter: dt.time(quarter // 4, quarter % 4 * 15))
ANY_HOURS = st.lists(st.builds(Hours, st.integers(0, 6), MINUTES, MINUTES), max_size=6)
DATES = st.sampled_from([dt.date(2020, 3, 27), dt.date(2020, 6, 10), dt.date(2020, 10, 23)]).flatmap(
    lambda first: st.integers(0, 5).map(lambda days: first + dt.timedelta(days=days))
)
ANY_EXCEPTIONS = st.lists(
    st.one_of(
        st.builds(Exceptional, DATES),
        st.builds(lambda day, opens, closes: Exceptional(day, False, opens, closes), DATES, MINUTES, MINUTES),
    ),
    max_size=3,
)
MOMENTS = st.tuples(DATES, st.integers(0, 26 * 4)).map(
    lambda pair: (
        dt.datetime.combine(pair[0], dt.time(), tzinfo=STOCKHOLM).astimezone(dt.UTC)
        + dt.timedelta(minutes=15 * pair[1])
    )
)


def by_the_sign(hours: list[Hours], exceptions: list[Exceptional], now: dt.datetime) -> bool:
    """Open if some row's opening time has been shown by the clock, and its closing time not yet since then."""
    for back in range(2):
        day = now.astimezone(STOCKHOLM).date() - dt.timedelta(days=back)
        rows = [(row.opens, row.closes) for row in hours if row.weekday == day.weekday()]
        special = [one for one in exceptions if one.date == day]
        if special:
            rows = [] if any(one.is_closed for one in special) else [(one.opens, one.closes) for one in special]
        for opens, closes in rows:
            end_day = day + dt.timedelta(days=1) if closes <= opens else day
            if first_shown(day, opens) <= now < first_shown(end_day, closes):
                return True
    return False


def first_shown(day: dt.date, time: dt.time) -> dt.datetime:
    """The first quarter of an hour at which a clock on the wall shows this time or later on this day."""
    instant = dt.datetime.combine(day, dt.time(), tzinfo=STOCKHOLM).astimezone(dt.UTC)
    while instant.astimezone(STOCKHOLM).replace(tzinfo=None) < dt.datetime.combine(day, time):
        instant += dt.timedelta(minutes=15)
    return instant


@given(hours=ANY_HOURS, exceptions=ANY_EXCEPTIONS, now=MOMENTS)
@example(hours=NIGHTS, exceptions=[], now=utc("2020-10-25 00:15"))
@example(hours=NIGHTS, exceptions=[], now=utc("2020-03-29 00:45"))
def test_says_what_the_sign_says(hours, exceptions, now):
    assert status_at(hours, exceptions, False, now).is_open == by_the_sign(hours, exceptions, now)


@given(hours=ANY_HOURS, exceptions=ANY_EXCEPTIONS, now=MOMENTS)
def test_what_is_promised_comes_true(hours, exceptions, now):
    """At the moment named it changes, and not a quarter of an hour before."""
    found = status_at(hours, exceptions, False, now)
    change = found.closes_at if found.is_open else found.opens_at
    if change is not None:
        just_before = change - dt.timedelta(minutes=15)
        assert change > now
        assert status_at(hours, exceptions, False, change).is_open is not found.is_open
        if just_before >= now:
            assert status_at(hours, exceptions, False, just_before).is_open is found.is_open


# --- In words -------------------------------------------------------------------------------------------


def words(now: str, hours=NIGHTS, exceptions=(), *, always_open: bool = False, language: str = "sv") -> str:
    with translation.override(language):
        moment = at(now)
        return opening.in_words(status_at(hours, exceptions, always_open, moment), now=moment)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2020-06-12 20:00", "Öppet nu, stänger kl. 02.00"),
        ("2020-06-13 01:00", "Öppet nu, stänger kl. 02.00"),
        ("2020-06-12 10:00", "Stängt nu, öppnar i dag kl. 18.00"),
        ("2020-06-13 03:00", "Stängt nu, öppnar i dag kl. 18.00"),
        ("2020-06-11 19:00", "Stängt nu, öppnar fredag kl. 18.00"),
        ("2020-06-14 02:00", "Stängt nu, öppnar fredag kl. 18.00"),
    ],
)
def test_words(now, expected):
    assert words(now) == expected


def test_words_when_it_is_long_until_then():
    assert words("2020-06-12 12:00", [], [extra("2020-06-19", "18:00", "21:00")]) == (
        "Stängt nu, öppnar fredag 19 juni kl. 18.00"
    )
    assert words("2020-06-12 12:00", [], [extra("2021-01-02", "18:00", "21:00")]) == (
        "Stängt nu, öppnar lördag 2 januari 2021 kl. 18.00"
    )
    assert words("2020-06-12 12:00", [], [closed("2020-06-14")], always_open=True) == (
        "Öppet nu, stänger söndag kl. 00.00"
    )


def test_words_without_an_end_or_a_beginning():
    assert words("2020-06-12 12:00", [], always_open=True) == "Öppet dygnet runt"
    assert words("2020-06-12 12:00", []) == "Stängt nu"


def test_words_name_the_time_the_clock_shows_after_a_change():
    assert words("2020-03-29 01:30", [open_on(SATURDAY, "18:00", "02:30")]) == "Öppet nu, stänger kl. 03.00"
    assert words("2020-10-25 01:30", [open_on(SATURDAY, "18:00", "03:00")]) == "Öppet nu, stänger kl. 03.00"


def test_the_week_joins_days_that_are_alike():
    with translation.override("sv"):
        rows = opening.week_in_words(
            [*OFFICE, open_on(SATURDAY, "18:00", "02:00"), open_on(SATURDAY, "10:00", "12:00")]
        )

    assert [(row.first, row.last, row.words) for row in rows] == [
        (0, 4, "08.00–16.30"),
        (5, 5, "10.00–12.00, 18.00–02.00"),
        (6, 6, "stängt"),
    ]


def test_the_week_of_a_point_that_never_closes_is_one_row():
    with translation.override("sv"):
        assert [(row.first, row.last, row.words) for row in opening.week_in_words([], always_open=True)] == [
            (0, 6, "dygnet runt")
        ]


def test_odd_dates_in_words_and_in_order():
    with translation.override("sv"):
        found = opening.exceptions_in_words(
            [extra("2020-06-20", "18:00", "20:00"), closed("2020-06-19"), extra("2020-06-20", "10:00", "12:00")]
        )

    assert list(found.items()) == [
        (dt.date(2020, 6, 19), "stängt"),
        (dt.date(2020, 6, 20), "10.00–12.00, 18.00–20.00"),
    ]
