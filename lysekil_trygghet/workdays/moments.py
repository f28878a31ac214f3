"""Moments on the local clock of Sweden, right across the nights when the clock is changed.

Wall-clock rules ("Friday at noon") are made with `at_local`; everything that counts hours goes through UTC,
because Python compares and subtracts two moments of the same zone by their wall clocks.
"""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from .days import nearest_earlier_working_day

STOCKHOLM = ZoneInfo("Europe/Stockholm")
NOON = dt.time(12, 0)
MONDAY_TO_FRIDAY_NEXT_WEEK = dt.timedelta(days=11)


class MomentWithoutZone(ValueError):
    """A moment without time zone: nobody can say when it is."""


def in_utc(moment: dt.datetime) -> dt.datetime:
    if moment.utcoffset() is None:
        raise MomentWithoutZone("the moment has no time zone")
    return moment.astimezone(dt.UTC)


def local_moment(moment: dt.datetime) -> dt.datetime:
    """The same moment on Sweden's clock."""
    return in_utc(moment).astimezone(STOCKHOLM)


def local_date(moment: dt.datetime) -> dt.date:
    """The day it is in Sweden at that moment."""
    return local_moment(moment).date()


def at_local(day: dt.date, time: dt.time) -> dt.datetime:
    """The moment when the clocks of Sweden show `time` on `day`.

    A time that comes twice (October) is the first of the two. A time that is skipped (March) is read with the
    offset from before the change, so 02.30 becomes 03.30: never earlier than meant, and always a real moment.
    """
    wall = dt.datetime.combine(day, time.replace(tzinfo=None, fold=0), tzinfo=STOCKHOLM)
    return wall.astimezone(dt.UTC).astimezone(STOCKHOLM)


def friday_noon_next_week(now: dt.datetime) -> dt.datetime:
    """Friday 12.00 in the ISO week after `now`, or the nearest earlier working day at 12.00."""
    today = local_date(now)
    monday = today - dt.timedelta(days=today.isoweekday() - 1)
    return at_local(nearest_earlier_working_day(monday + MONDAY_TO_FRIDAY_NEXT_WEEK), NOON)
