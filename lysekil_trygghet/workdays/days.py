"""Which days a Swedish municipality works, so that no deadline falls on a day when nobody is there.

Holidays: lag (1989:253) om allmänna helgdagar. The eves of Midsummer, Christmas and New Year are no holidays
in that law, but nobody works then; the package `holidays` keeps them in its category `de_facto`.
The day after Ascension is a working day.
"""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

import holidays
from django.utils.translation import gettext as _
from holidays.constants import DE_FACTO, PUBLIC

SATURDAY = 6  # ISO
ONE_DAY = dt.timedelta(days=1)


@lru_cache(maxsize=64)
def _days_of(year: int, category: str) -> frozenset[dt.date]:
    # Sundays are left out here on purpose: a weekend is a weekend, a holiday is a holiday.
    return frozenset(holidays.country_holidays("SE", years=year, categories=(category,)))


def is_holiday(day: dt.date) -> bool:
    """A public holiday with a name; an ordinary Sunday is none."""
    return day in _days_of(day.year, PUBLIC)


def is_eve(day: dt.date) -> bool:
    """Midsummer Eve, Christmas Eve or New Year's Eve."""
    return day in _days_of(day.year, DE_FACTO)


def is_working_day(day: dt.date) -> bool:
    return day.isoweekday() < SATURDAY and not is_holiday(day) and not is_eve(day)


def previous_working_day(day: dt.date) -> dt.date:
    """The last working day strictly before `day`."""
    return nearest_earlier_working_day(day - ONE_DAY)


def next_working_day(day: dt.date) -> dt.date:
    """The first working day strictly after `day`."""
    day += ONE_DAY
    while not is_working_day(day):
        day += ONE_DAY
    return day


def nearest_earlier_working_day(day: dt.date) -> dt.date:
    """`day` itself when people work then, otherwise the last working day before it."""
    while not is_working_day(day):
        day -= ONE_DAY
    return day


def add_working_days(day: dt.date, number: int) -> dt.date:
    """`number` working days after `day` (before it when negative); 0 gives the day itself."""
    step = next_working_day if number > 0 else previous_working_day
    for _turn in range(abs(number)):
        day = step(day)
    return day


def working_days_between(start: dt.date, end: dt.date) -> int:
    """How many working days come after `start`, up to and including `end`; negative when `end` is earlier."""
    if end < start:
        return -working_days_between(end, start)
    return sum(is_working_day(start + dt.timedelta(days=n)) for n in range(1, (end - start).days + 1))


def iso_week_label(day: dt.date) -> str:
    """vecka 25, by ISO week."""
    return _("vecka %(number)d") % {"number": day.isocalendar().week}
