"""The rhythm of a promise: every vector of the rules and the corners of the calendar."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from fractions import Fraction

import pytest
from django.utils import translation

from pledges.lifecycle import Per, Reading
from pledges.rhythm import Breach, NotARule, Pause, Phase, Rule, judge, of_planned, words


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def days(*texts: str) -> list[dt.date]:
    return [day(text) for text in texts]


def pause(first: str, last: str) -> Pause:
    return Pause(day(first), day(last))


def every(limit: int, active_from: str, active_to: str | None = None) -> Rule:
    return Rule(
        reading=Reading.DAYS,
        limit=limit,
        active_from=day(active_from),
        active_to=day(active_to) if active_to else None,
    )


def groups(weeks: int, active_from: str, active_to: str | None = None) -> Rule:
    return replace(every(weeks, active_from, active_to), reading=Reading.WEEKS)


def count(number: int, per: Per, active_from: str, active_to: str | None = None) -> Rule:
    return replace(every(1, active_from, active_to), reading=Reading.COUNT, limit=None, min_count=number, per=per)


FORTNIGHT = every(14, "2018-01-08")
SUMMER = pause("2018-06-25", "2018-08-12")
WINTER = days("2018-01-10", "2018-01-24", "2018-02-07", "2018-02-21")


# --- The vectors: at least every second week --------------------------------------------------------------


def test_held_every_second_week():
    verdict = judge(FORTNIGHT, held=WINTER, as_of=day("2018-03-01"))
    assert verdict.in_phase
    assert verdict.breaches == ()
    assert verdict.next_at_latest == day("2018-03-07")
    assert words(verdict, day("2018-03-01")) == "I fas, nästa senast 7 mars"


def test_three_weeks_between_two_meetings():
    verdict = judge(FORTNIGHT, held=[*WINTER[:3], day("2018-02-28")], as_of=day("2018-02-28"))
    assert verdict.breaches == (
        Breach(
            first=day("2018-02-07"),
            last=day("2018-02-28"),
            active_days=21,
            days_over=7,
            late_from=day("2018-02-22"),
            late_to=day("2018-02-27"),
        ),
    )
    assert verdict.days_over_limit == 7
    assert verdict.next_at_latest == day("2018-03-14")
    assert words(verdict, day("2018-02-28")) == "I fas igen efter uppehåll 7–28 feb, nästa senast 14 mars"


def test_three_weeks_without_a_meeting():
    verdict = judge(FORTNIGHT, held=WINTER[:3], as_of=day("2018-02-28"))
    assert not verdict.in_phase
    assert [(b.first, b.last, b.active_days, b.is_open) for b in verdict.breaches] == [
        (day("2018-02-07"), day("2018-02-28"), 21, True)
    ]
    assert verdict.next_at_latest == day("2018-02-21")  # when it should have been
    assert words(verdict, day("2018-02-28")) == "Efter plan: uppehåll 7–28 feb"


def test_the_summer_does_not_count():
    spring = [day("2018-01-10") + dt.timedelta(days=14 * n) for n in range(12)]
    assert spring[-1] == day("2018-06-13")
    held = [*spring, day("2018-06-20"), day("2018-08-15")]
    verdict = judge(FORTNIGHT, pauses=[SUMMER], held=held, as_of=day("2018-08-15"))
    assert verdict.in_phase
    assert verdict.breaches == ()
    assert verdict.next_at_latest == day("2018-08-29")
    # Without the pause the same summer is a hole of 56 days.
    assert [b.active_days for b in judge(FORTNIGHT, held=held, as_of=day("2018-08-15")).breaches] == [56]


def test_a_cancelled_meeting_never_counts():
    # 7 March was cancelled and is not among the held.
    verdict = judge(FORTNIGHT, held=[*WINTER, day("2018-03-21")], as_of=day("2018-03-21"))
    assert [(b.first, b.last, b.active_days, b.days_over) for b in verdict.breaches] == [
        (day("2018-02-21"), day("2018-03-21"), 28, 14)
    ]


def test_two_on_the_same_day_are_one():
    once = judge(FORTNIGHT, held=WINTER, as_of=day("2018-03-01"))
    twice = judge(FORTNIGHT, held=[*WINTER, WINTER[-1]], as_of=day("2018-03-01"))
    assert twice == once
    assert twice.delivered == 4


def test_a_year_with_one_breach_and_the_summer_pause():
    rule = every(14, "2018-01-08", "2018-12-31")
    held = days("2018-01-10", "2018-01-24", "2018-02-07", "2018-02-28")
    held += [day("2018-03-14") + dt.timedelta(days=14 * n) for n in range(8)]  # to 20 June
    held += [day("2018-08-15") + dt.timedelta(days=14 * n) for n in range(6)]  # to 24 October
    held += days("2018-11-07", "2018-11-21", "2018-12-05", "2018-12-19")
    verdict = judge(rule, pauses=[SUMMER], held=held, as_of=day("2019-01-15"))
    assert (verdict.phase, verdict.in_phase) == (Phase.BROKEN, False)
    assert of_planned(verdict) == "22 av 22"
    assert verdict.planned_so_far == 22
    assert verdict.next_at_latest is None
    assert words(verdict, day("2018-12-31")) == "Hölls, utom uppehåll 7–28 feb"
    assert words(verdict, day("2019-01-15")) == "Hölls, utom uppehåll 7–28 feb 2018"
    fewer = judge(rule, pauses=[SUMMER], held=held[4:], as_of=day("2019-01-15"))
    assert of_planned(fewer) == "18 av 22"


def test_the_looser_reading_accepts_a_hole_of_25_days():
    held = days("2018-01-08", "2018-02-02")  # Monday of the first pair, Friday of the second
    as_of = day("2018-02-04")
    assert judge(groups(2, "2018-01-08"), held=held, as_of=as_of).breaches == ()
    assert [b.active_days for b in judge(FORTNIGHT, held=held, as_of=as_of).breaches] == [25]


# --- Days: where the counting begins, rests and ends -------------------------------------------------------


@pytest.mark.parametrize(
    ("as_of", "late"), [("2018-01-08", False), ("2018-01-22", False), ("2018-01-23", True), ("2018-02-01", True)]
)
def test_the_first_interval_is_measured_from_the_start(as_of, late):
    verdict = judge(FORTNIGHT, held=[], as_of=day(as_of))
    assert verdict.in_phase is not late
    assert verdict.next_at_latest == day("2018-01-22")


def test_before_the_start_nothing_is_asked():
    verdict = judge(FORTNIGHT, held=days("2017-12-20"), as_of=day("2017-12-31"))
    assert (verdict.phase, verdict.in_phase, verdict.delivered) == (Phase.NOT_STARTED, True, 0)
    assert words(verdict, day("2017-12-31")) == "Börjar 8 januari 2018"
    assert words(verdict, day("2018-01-01")) == "Börjar 8 januari"


def test_what_was_held_outside_the_rule_or_later_is_left_out():
    rule = every(14, "2018-01-08", "2018-06-30")
    verdict = judge(rule, held=days("2018-01-07", "2018-01-08", "2018-02-01"), as_of=day("2018-01-20"))
    assert verdict.held_days == (day("2018-01-08"),)
    after = judge(rule, held=days("2018-07-01"), as_of=day("2018-07-01"))
    assert after.held_days == ()
    assert words(after, day("2018-07-01")) == "Inget tillfälle blev av"


def test_nothing_is_asked_after_the_end():
    rule = every(14, "2018-01-08", "2018-03-07")
    due_on_the_last_day = judge(rule, held=WINTER, as_of=day("2018-03-07"))
    assert due_on_the_last_day.next_at_latest == day("2018-03-07")
    after = judge(rule, held=WINTER, as_of=day("2018-12-31"))
    assert (after.phase, after.in_phase, after.breaches, after.next_at_latest) == (Phase.KEPT, True, (), None)
    assert words(after, day("2018-12-31")) == "Hölls hela tiden"
    one_day_longer = judge(every(14, "2018-01-08", "2018-03-08"), held=WINTER, as_of=day("2018-12-31"))
    assert [(b.last, b.days_over, b.is_open) for b in one_day_longer.breaches] == [(day("2018-03-08"), 1, False)]


def test_when_no_more_is_needed_the_words_say_so():
    rule = every(14, "2018-01-08", "2018-03-01")
    verdict = judge(rule, held=WINTER, as_of=day("2018-02-25"))
    assert verdict.next_at_latest is None
    assert words(verdict, day("2018-02-25")) == "I fas, inga fler tillfällen behövs"


def test_paused_until():
    held = days("2018-06-20")
    rule = every(14, "2018-06-10")
    verdict = judge(rule, pauses=[SUMMER], held=held, as_of=day("2018-07-10"))
    assert (verdict.phase, verdict.in_phase) == (Phase.PAUSED, True)
    # Four days went before the pause, ten are left of it afterwards.
    assert verdict.next_at_latest == day("2018-08-22")
    assert words(verdict, day("2018-07-10")) == "Pausad till 12 augusti"


def test_a_breach_before_the_pause_is_not_hidden_by_it():
    verdict = judge(every(14, "2018-05-28"), pauses=[SUMMER], held=days("2018-06-01"), as_of=day("2018-07-10"))
    assert (verdict.phase, verdict.in_phase) == (Phase.PAUSED, False)
    assert [(b.first, b.last, b.active_days) for b in verdict.breaches] == [(day("2018-06-01"), day("2018-06-24"), 23)]
    assert words(verdict, day("2018-07-10")) == "Pausad till 12 augusti. Före pausen: uppehåll 1–24 juni"


def test_a_day_due_right_before_a_pause_is_late_only_after_it():
    rule = every(14, "2018-06-10")  # due 24 June, the day before the pause
    before = judge(rule, pauses=[SUMMER], held=[], as_of=day("2018-06-24"))
    within = judge(rule, pauses=[SUMMER], held=[], as_of=day("2018-07-10"))
    after = judge(rule, pauses=[SUMMER], held=[], as_of=day("2018-08-13"))
    assert (before.next_at_latest, before.in_phase) == (day("2018-06-24"), True)
    assert (within.next_at_latest, within.in_phase) == (day("2018-08-12"), True)
    assert (after.next_at_latest, after.in_phase) == (day("2018-06-24"), False)


def test_a_meeting_held_in_the_pause_is_held():
    verdict = judge(every(14, "2018-06-10"), pauses=[SUMMER], held=days("2018-07-04"), as_of=day("2018-08-26"))
    assert verdict.delivered == 1
    assert (verdict.in_phase, verdict.next_at_latest) == (True, day("2018-08-26"))


def test_pauses_that_overlap_meet_or_lie_outside_are_counted_once():
    whole = [SUMMER]
    pieces = [
        pause("2018-07-20", "2018-08-12"),
        pause("2018-06-25", "2018-07-15"),
        pause("2018-07-10", "2018-07-19"),
        pause("2018-06-30", "2018-07-01"),
        pause("2017-06-01", "2017-12-31"),
    ]
    held = days("2018-06-20", "2018-09-30")
    rule = every(14, "2018-06-10")
    for as_of in days("2018-06-24", "2018-07-10", "2018-08-12", "2018-08-13", "2018-10-15"):
        assert judge(rule, pauses=pieces, held=held, as_of=as_of) == judge(rule, pauses=whole, held=held, as_of=as_of)


def test_a_rule_that_is_paused_all_the_time_asks_for_nothing():
    rule = every(14, "2018-01-01", "2018-12-31")
    pauses = [pause("2017-01-01", "2019-12-31")]
    verdict = judge(rule, pauses=pauses, held=[], as_of=day("2018-07-01"))
    assert (verdict.in_phase, verdict.next_at_latest, verdict.planned_total) == (True, None, 0)
    assert judge(rule, pauses=pauses, held=[], as_of=day("2019-07-01")).phase == Phase.KEPT


def test_the_leap_day_is_a_day():
    rule = every(14, "2020-02-20")
    verdict = judge(rule, held=days("2020-02-20", "2020-03-06"), as_of=day("2020-03-06"))
    assert [b.active_days for b in verdict.breaches] == [15]
    paused = judge(rule, pauses=[pause("2020-02-29", "2020-02-29")], held=verdict.held_days, as_of=day("2020-03-06"))
    assert paused.breaches == ()


def test_a_gap_over_new_year_names_both_years():
    verdict = judge(every(14, "2017-12-01"), held=days("2017-12-20", "2018-01-15"), as_of=day("2018-01-15"))
    assert "uppehåll 20 dec 2017–15 jan 2018" in words(verdict, day("2018-01-15"))
    # The first fortnight of December went by as well; the words tell of the latest.
    assert [b.first for b in verdict.breaches] == days("2017-12-01", "2017-12-20")


def test_a_gap_over_two_months():
    verdict = judge(FORTNIGHT, held=WINTER, as_of=day("2018-03-14"))
    assert words(verdict, day("2018-03-14")) == "Efter plan: uppehåll 21 feb–14 mars"
    assert words(verdict, day("2019-03-14")) == "Efter plan: uppehåll 21 feb–14 mars 2018"


def test_planned_so_far_leaves_today_out():
    assert [judge(FORTNIGHT, held=[], as_of=day(text)).planned_so_far for text in ("2018-01-22", "2018-01-23")] == [
        0,
        1,
    ]
    assert of_planned(judge(FORTNIGHT, held=WINTER, as_of=day("2018-03-01"))) == "4 av 3 hittills"


def test_a_far_end_is_no_end():
    verdict = judge(every(14, "2018-01-08", "9999-12-31"), held=WINTER, as_of=day("2018-03-01"))
    assert verdict.planned_total is None
    yearly = count(4, Per.YEAR, "2018-01-08", "9999-12-31")
    assert judge(yearly, pauses=[pause("2018-01-09", "9999-12-31")], held=[], as_of=day("2018-03-01")).in_phase
    endless = judge(FORTNIGHT, pauses=[pause("2018-01-09", "9999-12-31")], held=[], as_of=day("2018-03-01"))
    assert (endless.in_phase, endless.next_at_latest) == (True, None)


# --- Weeks ------------------------------------------------------------------------------------------------


def test_each_pair_of_weeks_needs_one():
    rule = groups(2, "2018-01-10")  # a Wednesday: the group is still weeks 2 and 3
    held = days("2018-01-21", "2018-02-19")
    verdict = judge(rule, held=held, as_of=day("2018-02-20"))
    assert [(p.first, p.last, p.wanted, p.held) for p in verdict.periods] == [
        (day("2018-01-10"), day("2018-01-21"), 1, 1),
        (day("2018-01-22"), day("2018-02-04"), 1, 0),
        (day("2018-02-05"), day("2018-02-18"), 1, 0),
        (day("2018-02-19"), day("2018-03-04"), 1, 1),
    ]
    assert verdict.in_phase
    assert verdict.next_at_latest == day("2018-03-18")
    # Two groups missed one after the other are one gap in words.
    assert words(verdict, day("2018-02-20")) == "I fas igen efter uppehåll 22 jan–18 feb, nästa senast 18 mars"
    late = judge(rule, held=held[:1], as_of=day("2018-02-18"))
    assert words(late, day("2018-02-18")) == "Efter plan: uppehåll 22 jan–4 feb"
    assert late.next_at_latest == day("2018-02-18")


def test_a_group_that_is_wholly_paused_asks_for_nothing():
    rule = groups(2, "2018-06-11")
    held = days("2018-06-20")
    paused = [pause("2018-06-25", "2018-08-05")]
    assert judge(rule, pauses=paused, held=held, as_of=day("2018-08-05")).breaches == ()
    # One active day is left in the last group: it asks for one.
    shorter = [pause("2018-06-25", "2018-08-04")]
    breaches = judge(rule, pauses=shorter, held=held, as_of=day("2018-08-06")).breaches
    assert [(b.first, b.active_days, b.late_from) for b in breaches] == [(day("2018-07-23"), 1, day("2018-08-05"))]


def test_a_group_cut_short_by_the_end_asks_for_nothing():
    as_of = day("2018-03-01")
    cut = judge(groups(2, "2018-01-08", "2018-01-28"), held=days("2018-01-08"), as_of=as_of)
    assert (cut.phase, cut.planned_total) == (Phase.KEPT, 1)
    # Both its weeks have begun: it counts.
    begun = judge(groups(2, "2018-01-08", "2018-01-29"), held=days("2018-01-08"), as_of=as_of)
    assert (begun.phase, begun.planned_total) == (Phase.BROKEN, 2)


def test_week_53():
    rule = groups(1, "2020-12-21")
    verdict = judge(rule, held=days("2020-12-22", "2021-01-03"), as_of=day("2021-01-11"))
    assert [(p.label, p.held) for p in verdict.periods] == [
        ("vecka 52 2020", 1),
        ("vecka 53 2020", 1),
        ("vecka 1 2021", 0),
        ("vecka 2 2021", 0),
    ]
    pairs = judge(groups(2, "2020-12-28"), held=[], as_of=day("2020-12-28"))
    assert [p.label for p in pairs.periods] == ["vecka 53 2020 till vecka 1 2021"]


# --- So many in each period -------------------------------------------------------------------------------


def test_four_in_each_quarter():
    rule = count(4, Per.QUARTER, "2018-01-01", "2018-12-31")
    held = days("2018-01-10", "2018-02-10", "2018-03-10", "2018-04-10", "2018-05-01", "2018-05-02", "2018-06-30")
    verdict = judge(rule, pauses=[pause("2018-07-01", "2018-08-15")], held=held, as_of=day("2018-08-20"))
    assert [(p.label, p.wanted, p.held, p.paused_fraction) for p in verdict.periods] == [
        ("kvartal 1 2018", 4, 3, 0),
        ("kvartal 2 2018", 4, 4, 0),
        ("kvartal 3 2018", 2, 0, Fraction(1, 2)),
        ("kvartal 4 2018", 4, 0, 0),
    ]
    assert [(b.first, b.last) for b in verdict.breaches] == [(day("2018-01-01"), day("2018-03-31"))]
    assert (verdict.planned_so_far, verdict.planned_total, verdict.delivered) == (8, 14, 7)
    assert (verdict.in_phase, verdict.next_at_latest, verdict.still_wanted) == (True, day("2018-09-30"), 2)
    assert words(verdict, day("2018-08-20")) == (
        "I fas igen efter 3 av 4 under kvartal 1 2018, 2 till senast 30 september"
    )
    behind = judge(rule, held=held[:3], as_of=day("2018-04-01"))
    assert words(behind, day("2018-04-01")) == "Efter plan: 3 av 4 under kvartal 1 2018"


@pytest.mark.parametrize(
    ("per", "labels"),
    [
        (Per.WEEK, ["vecka 52 2020", "vecka 53 2020", "vecka 1 2021"]),
        (Per.MONTH, ["december 2020", "januari 2021"]),
        (Per.QUARTER, ["kvartal 4 2020", "kvartal 1 2021"]),
        (Per.YEAR, ["2020", "2021"]),
    ],
)
def test_what_the_periods_are_called(per, labels):
    rule = count(1, per, "2020-12-24")
    verdict = judge(rule, held=days("2020-12-24", "2020-12-28", "2021-01-04"), as_of=day("2021-01-05"))
    assert [period.label for period in verdict.periods] == labels


def test_a_period_the_rule_holds_in_part_asks_for_a_part():
    verdict = judge(count(8, Per.YEAR, "2017-12-01", "2018-06-30"), held=[], as_of=day("2017-12-01"))
    assert [period.wanted for period in verdict.periods] == [0, 3]  # 8·31/365 and 8·181/365, rounded down
    assert verdict.next_at_latest == day("2018-06-30")


def test_the_last_days_of_a_period_are_paused():
    rule = count(1, Per.MONTH, "2018-12-01")
    pauses = [pause("2018-12-20", "2019-01-06")]
    rule = replace(rule, min_count=2)
    assert judge(rule, pauses=pauses, held=[], as_of=day("2018-12-10")).next_at_latest == day("2018-12-19")
    assert judge(rule, pauses=pauses, held=[], as_of=day("2018-12-27")).next_at_latest == day("2018-12-31")


def test_more_than_was_planned_is_shown_as_it_is():
    rule = count(8, Per.YEAR, "2018-01-01", "2018-12-31")
    held = [day("2018-01-01") + dt.timedelta(days=10 * n) for n in range(20)]
    verdict = judge(rule, held=held, as_of=day("2018-12-01"))
    assert of_planned(verdict) == "20 av 8"
    assert words(verdict, day("2018-12-01")) == "I fas, inga fler tillfällen behövs"


# --- What is no rule ------------------------------------------------------------------------------------------


def test_what_is_no_rule():
    with pytest.raises(NotARule):
        every(0, "2018-01-08")
    with pytest.raises(NotARule):
        every(14, "2018-01-08", "2018-01-07")
    with pytest.raises(NotARule):
        Rule(reading=Reading.DAYS, active_from=day("2018-01-08"))
    with pytest.raises(NotARule):
        Rule(reading=Reading.COUNT, min_count=4, active_from=day("2018-01-08"))
    with pytest.raises(NotARule):
        pause("2018-01-08", "2018-01-07")


def test_the_words_in_english_use_english_months():
    verdict = judge(FORTNIGHT, held=WINTER, as_of=day("2018-03-14"))
    with translation.override("en"):
        assert words(verdict, day("2018-03-14")).endswith("21 Feb–14 March")
