"""Whether a promise keeps its rhythm: days in, verdict out. No database and no clock.

How days are counted (docs/rules.md):

* A rule is active from `active_from` to `active_to`, both days included. What was held outside is left out, and so
  is what lies after `as_of`. Pauses include both their days; they may overlap, and outside the rule they mean nothing.
* Distances are counted in active days (active_days.py): those after the one day, up to and including the other.
* `as_of` is a day that is not over: what is due that day can still be held.
* DAYS: the distance between two held days is never more than `limit`. The first is measured from `active_from`, as
  if something had been held then; the last to `active_to`. A last time that would fall due on `active_to` itself is
  asked for, but nobody is late without it: no day is over the limit.
* WEEKS: at least one held day in each group of `limit` ISO weeks, counted from the week of `active_from`. A group
  without any active day, and one that `active_to` cuts a whole week from, asks for nothing.
* COUNT: `min_count` held days in each calendar period, brought down (and rounded down) by the share of the period
  that is active.
* Several times on one day are one held day; how many there were is counted by the promise's units. A time held in a
  pause is held.
"""

from __future__ import annotations

import calendar
import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import Enum
from fractions import Fraction
from itertools import pairwise

from django.utils.dateformat import format as in_words
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .active_days import ONE_DAY, ActiveDays, NotARule, Pause
from .lifecycle import Per, Reading

__all__ = ["Breach", "NotARule", "Pause", "Period", "Phase", "Rule", "Verdict", "judge", "of_planned", "words"]

A_WEEK = 7
MONTHS = {Per.MONTH: 1, Per.QUARTER: 3, Per.YEAR: 12}
# How far a rule without an end is followed to find what comes next.
LOOK_AHEAD = dt.timedelta(days=1100)
# 31 December 9999 and its like mean: until further notice.
LONGEST = dt.timedelta(days=36525)


# --- What is asked ---------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Rule:
    reading: str  # lifecycle.Reading
    active_from: dt.date
    active_to: dt.date | None = None
    # Days for DAYS, weeks for WEEKS.
    limit: int | None = None
    min_count: int | None = None
    per: str = ""  # lifecycle.Per, for COUNT

    def __post_init__(self) -> None:
        number = self.min_count if self.reading == Reading.COUNT else self.limit
        if not number or number < 1 or (self.reading == Reading.COUNT and self.per not in Per.values):
            raise NotARule("a rhythm needs a limit, or a number and its period")
        if self.active_to is not None and self.active_to < self.active_from:
            raise NotARule("a rhythm ends before it begins")

    def holds_on(self, day: dt.date) -> bool:
        return self.active_from <= day and (self.active_to is None or day <= self.active_to)

    def is_over(self, day: dt.date) -> bool:
        return self.active_to is not None and day > self.active_to


# --- What is answered -----------------------------------------------------------------------------------


class Phase(Enum):
    NOT_STARTED = "NOT_STARTED"
    IN_PHASE = "IN_PHASE"
    BEHIND = "BEHIND"
    PAUSED = "PAUSED"
    KEPT = "KEPT"  # over, and never broken
    BROKEN = "BROKEN"  # over, with one breach or more


@dataclass(frozen=True)
class Breach:
    """One time the rhythm was not kept.

    DAYS: from one held day (or the start) to the next held day; while nothing more was held, to the last active day
    so far. WEEKS and COUNT: the period in which too little was held.
    """

    first: dt.date
    last: dt.date
    active_days: int
    # DAYS: the active days beyond the limit. Otherwise all active days of the period.
    days_over: int
    # The first and last day on which something was missing.
    late_from: dt.date
    late_to: dt.date
    # Nothing has been held since, and the rule still runs.
    is_open: bool = False


@dataclass(frozen=True)
class Period:
    """A calendar period (COUNT) or a group of ISO weeks (WEEKS), as much of it as the rule holds."""

    per: Per | None  # None: a group of weeks
    first: dt.date
    last: dt.date
    active_days: int
    paused_days: int
    wanted: int
    held: int
    is_over: bool
    # The last active day; None when there is none.
    due: dt.date | None

    @property
    def paused_fraction(self) -> Fraction:
        return Fraction(self.paused_days, self.active_days + self.paused_days)

    @property
    def is_missed(self) -> bool:
        return self.is_over and self.held < self.wanted

    @property
    def label(self) -> str:
        """kvartal 1 2018."""
        if self.per == Per.MONTH:
            return in_words(self.first, "F Y")
        if self.per == Per.QUARTER:
            return _("kvartal %(number)d %(year)d") % {"number": quarter_of(self.first), "year": self.first.year}
        if self.per == Per.YEAR:
            return str(self.first.year)
        start, end = self.first.isocalendar(), self.last.isocalendar()
        parts = {"week": start.week, "year": start.year, "to": end.week, "to_year": end.year}
        if start.year != end.year:
            return _("vecka %(week)d %(year)d till vecka %(to)d %(to_year)d") % parts
        if start.week != end.week:
            return _("vecka %(week)d–%(to)d %(year)d") % parts
        return _("vecka %(week)d %(year)d") % parts


@dataclass(frozen=True, kw_only=True)
class Verdict:
    rule: Rule
    as_of: dt.date
    phase: Phase
    # Nothing is late now; once the rule is over: nothing ever was.
    in_phase: bool
    breaches: tuple[Breach, ...]
    # The day by which the next has to be held, or had to be while it is late. None: nothing more is asked for.
    next_at_latest: dt.date | None
    # How many by then.
    still_wanted: int
    held_days: tuple[dt.date, ...]
    # How many a steady rhythm asks for: before as_of, and in all (None for a rule without an end).
    planned_so_far: int
    planned_total: int | None
    paused_until: dt.date | None
    # WEEKS and COUNT: those that have begun, and while the rule has an end those to come.
    periods: tuple[Period, ...] = ()

    @property
    def delivered(self) -> int:
        return len(self.held_days)

    @property
    def days_over_limit(self) -> int:
        return sum(breach.days_over for breach in self.breaches)


@dataclass(frozen=True, kw_only=True)
class _Course:
    """What each reading finds out in its own way."""

    breaches: tuple[Breach, ...]
    next_at_latest: dt.date | None
    still_wanted: int
    planned_so_far: int
    planned_total: int | None
    periods: tuple[Period, ...] = ()


def judge(rule: Rule, *, pauses: Iterable[Pause] = (), held: Iterable[dt.date], as_of: dt.date) -> Verdict:
    """How the rhythm stands on the day `as_of`. `held` are the days of what was held, nothing cancelled."""
    if rule.active_to and rule.active_to - rule.active_from > LONGEST:
        rule = replace(rule, active_to=None)
    days = tuple(sorted({day for day in held if rule.holds_on(day) and day <= as_of}))
    active = ActiveDays(pauses, first=rule.active_from, last=rule.active_to)
    follow = _by_days if rule.reading == Reading.DAYS else _by_periods
    course = follow(rule, active=active, held=days, as_of=as_of)
    rest = active.rest_on(as_of)
    is_late = any(breach.is_open for breach in course.breaches)
    if as_of < rule.active_from:
        phase = Phase.NOT_STARTED
    elif rule.is_over(as_of):
        phase = Phase.BROKEN if course.breaches else Phase.KEPT
    elif rest:
        phase = Phase.PAUSED
    else:
        phase = Phase.BEHIND if is_late else Phase.IN_PHASE
    return Verdict(
        rule=rule,
        as_of=as_of,
        phase=phase,
        in_phase=not is_late and phase != Phase.BROKEN,
        breaches=course.breaches,
        next_at_latest=course.next_at_latest,
        still_wanted=course.still_wanted,
        held_days=days,
        planned_so_far=course.planned_so_far,
        planned_total=course.planned_total,
        paused_until=rest.last if rest else None,
        periods=course.periods,
    )


# --- At most so many days between -------------------------------------------------------------------------


def _by_days(rule: Rule, *, active: ActiveDays, held: tuple[dt.date, ...], as_of: dt.date) -> _Course:
    limit = rule.limit or 1
    breaches = []
    for start, end in pairwise((rule.active_from, *held)):
        if (days := active.distance(start, end)) > limit:
            late_from = active.day_after(start, limit + 1)
            breaches.append(Breach(start, end, days, days - limit, late_from, max(late_from, end - ONE_DAY)))
    latest = held[-1] if held else rule.active_from
    is_over = rule.is_over(as_of)
    end = min(as_of, rule.active_to or as_of)
    if (days := active.distance(latest, end)) > limit:
        last = active.last_of(latest, end) or end
        breaches.append(
            Breach(latest, last, days, days - limit, active.day_after(latest, limit + 1), last, is_open=not is_over)
        )
    following = None if is_over else _next_day(rule, active=active, latest=latest, as_of=as_of, is_late=days > limit)
    # Today is not over, so what falls due today is not yet planned to have been held.
    through = end if is_over else as_of - ONE_DAY
    return _Course(
        breaches=tuple(breaches),
        next_at_latest=following,
        still_wanted=0 if following is None else 1,
        planned_so_far=active.distance(rule.active_from, through) // limit,
        planned_total=active.distance(rule.active_from, rule.active_to) // limit if rule.active_to else None,
    )


def _next_day(rule: Rule, *, active: ActiveDays, latest: dt.date, as_of: dt.date, is_late: bool) -> dt.date | None:
    day = active.day_after(latest, rule.limit or 1)
    rest = active.rest_on(as_of)
    if day < as_of and rest and not is_late:
        # The last active day went by and a pause began: nobody is late before the pause ends.
        return rest.last if rest.last != rule.active_to else None
    return day if rule.holds_on(day) and day != dt.date.max else None


# --- So many in each period -------------------------------------------------------------------------------


def quarter_of(day: dt.date) -> int:
    return (day.month + 2) // 3


def monday_of(day: dt.date) -> dt.date:
    return day - dt.timedelta(days=day.isoweekday() - 1)


def _whole_periods(rule: Rule) -> Iterator[tuple[dt.date, dt.date]]:
    """First and last day of each, from the one that holds `active_from`; without end."""
    months = MONTHS.get(Per(rule.per)) if rule.reading == Reading.COUNT else None
    if months is None:
        weeks = 1 if rule.reading == Reading.COUNT else rule.limit or 1
        first = monday_of(rule.active_from)
        while True:
            last = first + dt.timedelta(days=A_WEEK * weeks - 1)
            yield first, last
            first = last + ONE_DAY
    month = rule.active_from.year * 12 + (rule.active_from.month - 1) // months * months
    while True:
        year, last_month = divmod(month + months - 1, 12)
        days = calendar.monthrange(year, last_month + 1)[1]
        yield dt.date(month // 12, month % 12 + 1, 1), dt.date(year, last_month + 1, days)
        month += months


def _periods(rule: Rule, *, active: ActiveDays, held: tuple[dt.date, ...], as_of: dt.date) -> Iterator[Period]:
    """In order, to the end of the rule or as far as it is followed."""
    end = rule.active_to or max(rule.active_from, as_of) + LOOK_AHEAD
    for whole_first, whole_last in _whole_periods(rule):
        if whole_first > end:
            return
        first, last = max(whole_first, rule.active_from), min(whole_last, rule.active_to or whole_last)
        active_days = active.number(first, last)
        if rule.reading == Reading.COUNT:
            wanted = (rule.min_count or 1) * active_days // ((whole_last - whole_first).days + 1)
        else:
            wanted = 1 if active_days and monday_of(whole_last) <= last else 0
        yield Period(
            per=Per(rule.per) if rule.reading == Reading.COUNT else None,
            first=first,
            last=last,
            active_days=active_days,
            paused_days=(last - first).days + 1 - active_days,
            wanted=wanted,
            held=bisect_right(held, last) - bisect_left(held, first),
            is_over=as_of > last,
            due=active.last_of(first, last),
        )


def _by_periods(rule: Rule, *, active: ActiveDays, held: tuple[dt.date, ...], as_of: dt.date) -> _Course:
    periods: list[Period] = []
    coming: Period | None = None
    for period in _periods(rule, active=active, held=held, as_of=as_of):
        if rule.active_to or period.first <= as_of:
            periods.append(period)
        if coming is None and not period.is_over and period.held < period.wanted:
            coming = period
        if coming and not rule.active_to:
            break
    breaches = []
    for period in periods:
        if period.is_missed and period.due:
            days, due = period.active_days, period.due
            is_open = not rule.is_over(as_of) and (not held or held[-1] <= period.last)
            breaches.append(Breach(period.first, period.last, days, days, due, due, is_open))
    following = None
    if coming and coming.due:
        following = coming.due if coming.due >= as_of else coming.last
    return _Course(
        breaches=tuple(breaches),
        next_at_latest=following,
        still_wanted=coming.wanted - coming.held if coming else 0,
        planned_so_far=sum(period.wanted for period in periods if period.is_over),
        planned_total=sum(period.wanted for period in periods) if rule.active_to else None,
        periods=tuple(periods),
    )


# --- In words ------------------------------------------------------------------------------------------


def span_words(first: dt.date, last: dt.date, *, today: dt.date) -> str:
    """7–28 feb; with the year where it is not this year's."""
    year = first.year != last.year or last.year != today.year
    end = _short(last, year=year)
    if first == last:
        return end
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{end}"
    return f"{_short(first, year=first.year != last.year)}–{end}"


def _short(day: dt.date, *, year: bool) -> str:
    words = f"{day.day} {in_words(day, 'N').rstrip('.')}"
    return f"{words} {day.year}" if year else words


def _long(day: dt.date, today: dt.date) -> str:
    return in_words(day, "j F" if day.year == today.year else "j F Y")


def breach_words(verdict: Verdict, today: dt.date) -> str:
    """The latest breach: uppehåll 7–28 feb, or 3 av 4 under kvartal 1 2018."""
    breach = verdict.breaches[-1]
    if verdict.rule.reading == Reading.COUNT:
        period = next(period for period in verdict.periods if period.first == breach.first)
        parts = {"held": period.held, "wanted": period.wanted, "period": period.label}
        return _("%(held)d av %(wanted)d under %(period)s") % parts
    first = breach.first
    # Groups of weeks that were missed one after the other are one gap to the reader.
    for earlier in reversed(verdict.breaches[:-1]):
        if earlier.last + ONE_DAY != first:
            break
        first = earlier.first
    return _("uppehåll %(days)s") % {"days": span_words(first, breach.last, today=today)}


def words(verdict: Verdict, today: dt.date) -> str:
    """I fas, nästa senast 7 mars. `today` decides only where the year is written out."""
    if verdict.phase == Phase.NOT_STARTED:
        return _("Börjar %(day)s") % {"day": _long(verdict.rule.active_from, today)}
    number = len(verdict.breaches)
    gap = breach_words(verdict, today) if number else ""
    if verdict.phase == Phase.KEPT:
        return _("Hölls hela tiden")
    if verdict.phase == Phase.BROKEN:
        if not verdict.delivered:
            return _("Inget tillfälle blev av")
        return ngettext("Hölls, utom %(gap)s", "%(number)d avbrott, det senaste: %(gap)s", number) % {
            "number": number,
            "gap": gap,
        }
    if verdict.phase == Phase.PAUSED and verdict.paused_until:
        paused = _("Pausad till %(day)s") % {"day": _long(verdict.paused_until, today)}
        return paused if verdict.in_phase else _("%(paused)s. Före pausen: %(gap)s") % {"paused": paused, "gap": gap}
    if verdict.phase == Phase.BEHIND:
        return _("Efter plan: %(gap)s") % {"gap": gap}
    start = _("I fas igen efter %(gap)s") % {"gap": gap} if number else _("I fas")
    if verdict.next_at_latest is None:
        return _("%(start)s, inga fler tillfällen behövs") % {"start": start}
    parts = {"start": start, "number": verdict.still_wanted, "day": _long(verdict.next_at_latest, today)}
    return (
        ngettext("%(start)s, nästa senast %(day)s", "%(start)s, %(number)d till senast %(day)s", verdict.still_wanted)
        % parts
    )


def of_planned(verdict: Verdict) -> str:
    """18 av 22: what was held, of all that is planned; of what is planned so far where the rule has no end."""
    if verdict.planned_total is None:
        return _("%(held)d av %(planned)d hittills") % {"held": verdict.delivered, "planned": verdict.planned_so_far}
    return _("%(held)d av %(planned)d") % {"held": verdict.delivered, "planned": verdict.planned_total}
