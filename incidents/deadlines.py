"""The decision's deadlines: when an answer is due, when its reminders stand, and how that is said in words.

Pure functions. The rules come from the case of June 2020 (docs/rules.md): "next week" is Friday 12.00 of the
next ISO week, moved to the nearest earlier working day. All moments returned are on Sweden's clock.
"""

from __future__ import annotations

import datetime as dt

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from lysekil_trygghet import workdays

MORNING = dt.time(8, 0)
TIME_TO_ACKNOWLEDGE = dt.timedelta(hours=24)
LONGEST_YEARS = 3


class BadDue(ValueError):
    """A due time that cannot be used; `str()` tells the person what to do."""

    message: str | Promise = ""

    def __str__(self) -> str:
        return str(self.message)


class DueInThePast(BadDue):
    message = gettext_lazy("Tiden har redan passerat. Välj en tid som ligger framåt.")


class DueTooFarAway(BadDue):
    message = gettext_lazy("Tiden ligger mer än tre år bort. Välj en tid som ligger närmare.")


# --- When an answer is due --------------------------------------------------------------------------


def default_due(decided_at: dt.datetime) -> dt.datetime:
    """Friday 12.00 next week: decided Tuesday 9 June 2020, due Thursday 18 June 2020 (Midsummer Eve)."""
    return workdays.friday_noon_next_week(decided_at)


def check_due(due_at: dt.datetime, now: dt.datetime) -> None:
    """Refuses a due time that has passed (`DueInThePast`) or lies over three years away (`DueTooFarAway`)."""
    if workdays.in_utc(due_at) <= workdays.in_utc(now):
        raise DueInThePast
    today, due_day = workdays.local_date(now), workdays.local_date(due_at)
    if (due_day.year - LONGEST_YEARS, due_day.month, due_day.day) > (today.year, today.month, today.day):
        raise DueTooFarAway


# --- When its reminders stand -----------------------------------------------------------------------


def one_working_day_before(due_at: dt.datetime) -> dt.datetime:
    """08.00 on the last working day before the due day."""
    return _morning(workdays.previous_working_day(workdays.local_date(due_at)))


def five_working_days_before(due_at: dt.datetime) -> dt.datetime:
    """08.00 five working days before the due day."""
    return _morning(workdays.add_working_days(workdays.local_date(due_at), -5))


def due_morning(due_at: dt.datetime) -> dt.datetime:
    """08.00 on the due day, whatever kind of day it is."""
    return _morning(workdays.local_date(due_at))


def next_working_morning(after: dt.datetime) -> dt.datetime:
    """08.00 on the first working day after the day of `after`."""
    return _morning(workdays.next_working_day(workdays.local_date(after)))


def two_working_days_after(moment: dt.datetime) -> dt.datetime:
    """The same time of day, two working days later."""
    local = workdays.local_moment(moment)
    return workdays.at_local(workdays.add_working_days(local.date(), 2), local.time())


def acknowledge_by(issued_at: dt.datetime) -> dt.datetime:
    """24 hours later as time passes: another time of day when the clock was changed in between."""
    return workdays.local_moment(workdays.in_utc(issued_at) + TIME_TO_ACKNOWLEDGE)


def working_days_between(start: dt.datetime, end: dt.datetime) -> int:
    """How many working days come after the day of `start`, up to and including the day of `end`."""
    return workdays.working_days_between(workdays.local_date(start), workdays.local_date(end))


def _morning(day: dt.date) -> dt.datetime:
    return workdays.at_local(day, MORNING)


# --- In words ---------------------------------------------------------------------------------------


def describe_due(due_at: dt.datetime, now: dt.datetime) -> str:
    """How far away it is: om 2 dagar, i morgon kl. 12.00, i dag kl. 12.00, försenad 1 dag."""
    due = workdays.local_moment(due_at)
    days = (due.date() - workdays.local_date(now)).days
    clock = {"hour": f"{due.hour:02}", "minute": f"{due.minute:02}"}
    if days < 0:
        return ngettext("försenad %(days)d dag", "försenad %(days)d dagar", -days) % {"days": -days}
    if workdays.in_utc(due_at) < workdays.in_utc(now):
        return _("försenad sedan kl. %(hour)s.%(minute)s") % clock
    if days == 0:
        return _("i dag kl. %(hour)s.%(minute)s") % clock
    if days == 1:
        return _("i morgon kl. %(hour)s.%(minute)s") % clock
    return ngettext("om %(days)d dag", "om %(days)d dagar", days) % {"days": days}
