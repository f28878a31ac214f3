"""When leads are asked how it goes, and when reminders of promises stand. Pure functions on Sweden's calendar.

A lead is asked at the set's interval from the first day of the promise, and a last time two weeks before its last
day; each question is put two weeks ahead and is due at noon on a working day (docs/rules.md).
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from lysekil_trygghet import workdays

MORNING = dt.time(8, 0)
NOON = dt.time(12, 0)
ASKED_AHEAD = dt.timedelta(days=14)
LAST_BEFORE_END = dt.timedelta(days=14)
# Two questions closer than this are one: the later one.
LEAST_APART = dt.timedelta(days=21)
# Whoever is asked late still gets this long to answer.
LEAST_WORKING_DAYS = 3
WORKING_DAYS_TO_ANSWER_LATE = 5
# How long the Police may have something before they are reminded.
POLICE_WORKING_DAYS = 5
EXPIRY_DAYS = (90, 30, 7)


# --- When leads are asked -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Question:
    """One question of the calendar: due on `day`, a working day."""

    day: dt.date
    is_last: bool = False

    @property
    def asked_on(self) -> dt.date:
        return self.day - ASKED_AHEAD


def questions(first: dt.date, last: dt.date, *, every_months: int) -> Iterator[Question]:
    """Those of a promise from `first` to `last`, in order; `every_months=0`: only the last one."""
    final = workdays.nearest_earlier_working_day(last - LAST_BEFORE_END)
    if final < first:
        final = workdays.next_working_day(first)
    turn = every_months
    while every_months:
        day = workdays.nearest_earlier_working_day(months_later(first, turn))
        if day > final - LEAST_APART:
            break
        yield Question(day)
        turn += every_months
    yield Question(final, is_last=True)


def months_later(day: dt.date, months: int) -> dt.date:
    """The same day of a later month, or that month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def to_ask(first: dt.date, last: dt.date, *, every_months: int, today: dt.date) -> Question | None:
    """The newest question whose day to be asked has come. Older ones that were missed are not asked any more."""
    come = [one for one in questions(first, last, every_months=every_months) if one.asked_on <= today]
    return come[-1] if come else None


def due_at(question: Question, *, today: dt.date) -> dt.datetime:
    """At noon of its day; asked too late for that, on a working day some days ahead."""
    in_time = workdays.working_days_between(today, question.day) >= LEAST_WORKING_DAYS
    day = question.day if in_time else workdays.add_working_days(today, WORKING_DAYS_TO_ANSWER_LATE)
    return workdays.at_local(day, NOON)


# --- When reminders stand -------------------------------------------------------------------------------


def morning(day: dt.date) -> dt.datetime:
    return workdays.at_local(day, MORNING)


def one_working_day_before(due: dt.datetime) -> dt.datetime:
    return morning(workdays.previous_working_day(workdays.local_date(due)))


def due_morning(due: dt.datetime) -> dt.datetime:
    return morning(workdays.local_date(due))


def next_working_morning(after: dt.datetime) -> dt.datetime:
    return morning(workdays.next_working_day(workdays.local_date(after)))


def police_reminded_at(since: dt.datetime) -> dt.datetime:
    """The morning when something has lain with the Police for five whole working days."""
    return morning(workdays.add_working_days(workdays.local_date(since), POLICE_WORKING_DAYS + 1))


def expiry_warnings(last: dt.date) -> list[tuple[int, dt.datetime]]:
    """The days left and the morning of each warning, in time."""
    return [(days, morning(last - dt.timedelta(days=days))) for days in EXPIRY_DAYS]


def latest_week_past(last: dt.date, *, now: dt.datetime) -> dt.datetime | None:
    """The newest of the weekly mornings after the last day that has come; each on a working day."""
    first = workdays.next_working_day(last)
    weeks = (workdays.local_date(now) - first).days // 7
    for turn in (weeks, weeks - 1):
        if turn >= 0:
            day = first + dt.timedelta(days=7 * turn)
            at = morning(day if workdays.is_working_day(day) else workdays.next_working_day(day))
            if at <= now:
                return at
    return None


def end_of(day: dt.date) -> dt.datetime:
    """What is due on a day may be done all that day."""
    return workdays.at_local(day, dt.time(23, 59))
