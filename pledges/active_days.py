"""Days that count and days that rest: the calendar under rhythm.py. No database and no clock.

An active day is a day of the rule that is not paused. The distance between two days is the number of active days
after the first, up to and including the second: from 7 to 21 February is 14.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

ONE_DAY = dt.timedelta(days=1)


class NotARule(ValueError):
    """The numbers or days say no rhythm; the database refuses such rows too."""


@dataclass(frozen=True)
class Pause:
    """Both days included."""

    first: dt.date
    last: dt.date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise NotARule("a pause ends before it begins")


class ActiveDays:
    def __init__(self, pauses: Iterable[Pause], *, first: dt.date, last: dt.date | None) -> None:
        """The pauses as far as they lie between `first` and `last`; those that meet or overlap are one."""
        self.rests: list[Pause] = []
        for pause in sorted(pauses, key=lambda pause: pause.first):
            begins, ends = max(pause.first, first), min(pause.last, last or pause.last)
            if ends < begins:
                continue
            if self.rests and (begins - self.rests[-1].last).days <= 1:
                self.rests[-1] = Pause(self.rests[-1].first, max(self.rests[-1].last, ends))
            else:
                self.rests.append(Pause(begins, ends))

    def rest_on(self, day: dt.date) -> Pause | None:
        return next((rest for rest in self.rests if rest.first <= day <= rest.last), None)

    def number(self, first: dt.date, last: dt.date) -> int:
        """How many of the days from `first` to `last`, both included, are active."""
        resting = (min(rest.last, last) - max(rest.first, first) for rest in self.rests)
        return max(0, (last - first).days + 1) - sum(max(0, days.days + 1) for days in resting)

    def distance(self, start: dt.date, end: dt.date) -> int:
        """How many active days come after `start`, up to and including `end`."""
        return self.number(start + ONE_DAY, end) if end > start else 0

    def day_after(self, day: dt.date, number: int) -> dt.date:
        """The active day at the distance `number` (at least 1); the last of all days when the calendar ends first."""
        for rest in self.rests:
            if rest.last <= day:
                continue
            before = max(0, (rest.first - day).days - 1)
            if before >= number:
                break
            number, day = number - before, rest.last
        return day + dt.timedelta(days=min(number, (dt.date.max - day).days))

    def last_of(self, first: dt.date, last: dt.date) -> dt.date | None:
        """The last active day from `first` to `last`, both included."""
        rest = self.rest_on(last)
        day = rest.first - ONE_DAY if rest and rest.first > first else last
        return None if rest and rest.first <= first else day
