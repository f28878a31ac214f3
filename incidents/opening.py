"""Is the contact point open now, when does it close, when does it open next: in Swedish local time.

Pure: the caller gives the rows and says what "now" is. A row is what the sign on the door says, so it is read as
the clock on the wall shows it, also on the two nights when that clock is changed:

* A time that comes twice (the last Sunday of October) is the first of the two.
* A time that is skipped (the last Sunday of March) is the moment of the change, when the clock passes it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

from django.utils.translation import gettext as _

from lysekil_trygghet.ui import formats
from lysekil_trygghet.workdays import STOCKHOLM, local_date

MIDNIGHT = dt.time(0)
DAY = dt.timedelta(days=1)
# Far enough to see when what is open now closes; a week of hours begins anew after seven days.
NEAR_DAYS = 9
# How far ahead the next opening is looked for, over a long summer closing too.
FAR_DAYS = 370


class Hours(Protocol):
    """A weekday's hours; `closes` at or before `opens` means the next day."""

    weekday: int
    opens: dt.time
    closes: dt.time


class Exceptional(Protocol):
    """A date that differs: closed, or open these hours instead of the weekday's."""

    date: dt.date
    is_closed: bool
    opens: dt.time | None
    closes: dt.time | None


@dataclass(frozen=True)
class Status:
    """`closes_at` (UTC) is set while open, `opens_at` while closed; None when no such moment is in sight."""

    is_open: bool
    closes_at: dt.datetime | None = None
    opens_at: dt.datetime | None = None


@dataclass(frozen=True)
class Stretch:
    """One unbroken time of being open."""

    start: dt.datetime
    end: dt.datetime


def status_at(
    point_hours: Iterable[Hours], exceptions: Iterable[Exceptional], always_open: bool, now: dt.datetime
) -> Status:
    """How it stands at `now`. An exception replaces its date's hours; the night before still runs out."""
    timetable = _Timetable(point_hours, exceptions, always_open)
    today = local_date(now)
    now = now.astimezone(dt.UTC)
    near_end = today + NEAR_DAYS * DAY
    stretches = timetable.stretches(today - DAY, near_end)
    for stretch in stretches:
        if stretch.start <= now < stretch.end:
            runs_on = stretch.end >= moment(near_end, MIDNIGHT)
            return Status(is_open=True, closes_at=None if runs_on else stretch.end)
    ahead = [stretch.start for stretch in stretches if stretch.start > now]
    return Status(is_open=False, opens_at=ahead[0] if ahead else timetable.first_opening(near_end))


def moment(day: dt.date, clock: dt.time) -> dt.datetime:
    """When the clocks of Sweden show `clock` on `day` (see the top of this file for the two odd nights).

    In UTC: two Stockholm times are compared as the wall clock shows them, which is wrong when an hour comes twice.
    """
    wall = dt.datetime.combine(day, clock.replace(tzinfo=None, fold=0), tzinfo=STOCKHOLM)
    instant = wall.astimezone(dt.UTC)
    if instant.astimezone(STOCKHOLM).replace(tzinfo=None) == wall.replace(tzinfo=None):
        return instant
    # Skipped: the change lies between the two readings of the time. Changes come at whole minutes.
    early, late = wall.replace(fold=1).astimezone(dt.UTC), instant
    before = early.astimezone(STOCKHOLM).utcoffset()
    while late - early > dt.timedelta(minutes=1):
        middle = early + dt.timedelta(minutes=(late - early) // dt.timedelta(minutes=2))
        if middle.astimezone(STOCKHOLM).utcoffset() == before:
            early = middle
        else:
            late = middle
    return late.replace(second=0, microsecond=0)


class _Timetable:
    """The rows of one contact point, asked by date."""

    def __init__(self, hours: Iterable[Hours], exceptions: Iterable[Exceptional], always_open: bool) -> None:
        self.by_weekday: dict[int, list[tuple[dt.time, dt.time]]] = {}
        for row in hours:
            self.by_weekday.setdefault(row.weekday, []).append((row.opens, row.closes))
        if always_open:
            self.by_weekday = {weekday: [(MIDNIGHT, MIDNIGHT)] for weekday in range(7)}
        self.by_date: dict[dt.date, list[tuple[dt.time, dt.time]]] = {}
        closed = set()
        for exception in exceptions:
            day = self.by_date.setdefault(exception.date, [])
            if exception.is_closed or exception.opens is None or exception.closes is None:
                closed.add(exception.date)
            else:
                day.append((exception.opens, exception.closes))
        # A day marked closed is closed, whatever else is written on it: better a call too few than a shut door.
        self.by_date.update({day: [] for day in closed})

    def on(self, day: dt.date) -> list[tuple[dt.time, dt.time]]:
        return self.by_date.get(day, self.by_weekday.get(day.weekday(), []))

    def stretches(self, first: dt.date, before: dt.date) -> list[Stretch]:
        """Every time of being open that begins on these days, in order; what touches is one."""
        found = sorted(self._single(first, before), key=lambda stretch: stretch.start)
        joined: list[Stretch] = []
        for stretch in found:
            if joined and stretch.start <= joined[-1].end:
                joined[-1] = Stretch(joined[-1].start, max(joined[-1].end, stretch.end))
            else:
                joined.append(stretch)
        return joined

    def _single(self, first: dt.date, before: dt.date) -> Iterator[Stretch]:
        for day in (first + n * DAY for n in range((before - first).days)):
            for opens, closes in self.on(day):
                start = moment(day, opens)
                end = moment(day + DAY if closes <= opens else day, closes)
                if start < end:
                    yield Stretch(start, end)

    def first_opening(self, first: dt.date) -> dt.datetime | None:
        """The first opening from `first` on, or None within a year."""
        if not self.by_weekday and not any(day >= first for day in self.by_date):
            return None
        found = self.stretches(first, first + FAR_DAYS * DAY)
        return found[0].start if found else None


# --- In words -------------------------------------------------------------------------------------------


def in_words(status: Status, *, now: dt.datetime) -> str:
    """Öppet nu, stänger kl. 02.00 · Stängt nu, öppnar fredag kl. 18.00."""
    now = now.astimezone(dt.UTC)
    if status.is_open:
        if status.closes_at is None:
            return _("Öppet dygnet runt")
        return _("Öppet nu, stänger %(when)s") % {"when": _when(status.closes_at, now=now, soon=DAY)}
    if status.opens_at is None:
        return _("Stängt nu")
    if local_date(status.opens_at) == local_date(now):
        return _("Stängt nu, öppnar i dag %(time)s") % {"time": formats.swedish_time(status.opens_at)}
    return _("Stängt nu, öppnar %(when)s") % {"when": _when(status.opens_at, now=now)}


def _when(at: dt.datetime, *, now: dt.datetime, soon: dt.timedelta | None = None) -> str:
    """The time alone when it is soon, with the weekday within a week, else with the date."""
    if soon is not None and at - now < soon:
        return formats.swedish_time(at)
    days = formats.distance_in_days(at, now=now)
    if days < 7:
        day = formats.swedish_date(at).split(" ")[0]
    else:
        day = formats.swedish_date(at, year=local_date(at).year != local_date(now).year)
    return f"{day} {formats.swedish_time(at)}"


def hours_in_words(hours: Iterable[tuple[dt.time, dt.time]]) -> str:
    """18.00–02.00, or the two halves of a day with a comma; stängt when there are none."""
    parts = []
    for opens, closes in sorted(hours):
        if opens == closes == MIDNIGHT:
            return _("dygnet runt")
        parts.append(f"{_clock(opens)}–{_clock(closes)}")
    return ", ".join(parts) or _("stängt")


def _clock(time: dt.time) -> str:
    return f"{time:%H:%M}" if formats.is_english() else f"{time:%H.%M}"


@dataclass(frozen=True)
class WeekdayHours:
    """A row of the table of opening hours; days that are alike and follow each other share one."""

    first: int
    last: int
    words: str


def week_in_words(hours: Iterable[Hours], *, always_open: bool = False) -> list[WeekdayHours]:
    """Monday to Sunday, with days of the same hours in one row."""
    timetable = _Timetable(hours, (), always_open)
    words = [hours_in_words(timetable.by_weekday.get(weekday, [])) for weekday in range(7)]
    rows = [WeekdayHours(0, 0, words[0])]
    for (_last, before), (weekday, today) in pairwise(enumerate(words)):
        if today == before:
            rows[-1] = WeekdayHours(rows[-1].first, weekday, today)
        else:
            rows.append(WeekdayHours(weekday, weekday, today))
    return rows


def exceptions_in_words(exceptions: Sequence[Exceptional]) -> dict[dt.date, str]:
    """Each odd date with its hours, in order of date."""
    timetable = _Timetable((), exceptions, False)
    return {day: hours_in_words(timetable.by_date[day]) for day in sorted(timetable.by_date)}
