"""Dates and times in words, in Swedish and English, always in local time.

Pure functions: the caller says what "now" is. Swedish dates are written "tisdag 9 juni 2020" and times
"kl. 12.00"; English ones "Tuesday 9 June 2020" and "at 12:00".
"""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

from django.utils import timezone
from django.utils.dateformat import format as django_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

Moment = dt.date | dt.datetime


def is_english() -> bool:
    return (get_language() or "").startswith("en")


def local(value: Moment) -> Moment:
    """The same moment in the portal's time zone; a plain date stays a plain date."""
    if isinstance(value, dt.datetime) and timezone.is_aware(value):
        return timezone.localtime(value)
    return value


def local_date(value: Moment) -> dt.date:
    value = local(value)
    return value.date() if isinstance(value, dt.datetime) else value


def swedish_date(value: Moment, *, weekday: bool = True, year: bool = True) -> str:
    """tisdag 9 juni 2020 (the language of the page decides the words)."""
    return _day_in_words(local_date(value), weekday, year, get_language() or "")


@lru_cache(maxsize=4096)
def _day_in_words(day: dt.date, weekday: bool, year: bool, _language: str) -> str:
    """Pages and mails say the same few days again and again."""
    return django_format(day, ("l " if weekday else "") + "j F" + (" Y" if year else ""))


def swedish_time(value: dt.datetime | dt.time) -> str:
    """kl. 12.00, or in English: 12:00."""
    value = local(value) if isinstance(value, dt.datetime) else value
    return f"{value:%H:%M}" if is_english() else f"kl. {value:%H.%M}"


def swedish_datetime(value: dt.datetime, *, weekday: bool = True, year: bool = True) -> str:
    """tisdag 9 juni 2020 kl. 12.00."""
    day = swedish_date(value, weekday=weekday, year=year)
    return f"{day} at {swedish_time(value)}" if is_english() else f"{day} {swedish_time(value)}"


def week(value: Moment) -> str:
    """vecka 25, by ISO week."""
    return _("vecka %(number)d") % {"number": local_date(value).isocalendar().week}


def machine(value: Moment) -> str:
    """What a <time> element's datetime attribute holds."""
    value = local(value)
    return value.isoformat(timespec="minutes") if isinstance(value, dt.datetime) else value.isoformat()


def distance_in_days(value: Moment, *, now: Moment) -> int:
    """Whole local calendar days from now to value; negative when it has passed."""
    return (local_date(value) - local_date(now)).days


def due_words(value: Moment, *, now: Moment) -> str:
    """How far away something is, in words: i dag, i morgon, om 3 dagar, 2 dagar sen."""
    days = distance_in_days(value, now=now)
    if days == 0 and isinstance(value, dt.datetime) and isinstance(now, dt.datetime) and value < now:
        return _("tiden gick ut i dag")
    if days == 0:
        return _("i dag")
    if days == 1:
        return _("i morgon")
    if days == -1:
        return _("skulle ha varit klart i går")
    if days > 1:
        return ngettext("om %(days)d dag", "om %(days)d dagar", days) % {"days": days}
    return ngettext("%(days)d dag sen", "%(days)d dagar sen", -days) % {"days": -days}


def is_past(value: Moment, *, now: Moment) -> bool:
    """A day is past when it is over, a moment when it has been."""
    if isinstance(value, dt.datetime) and isinstance(now, dt.datetime):
        return value < now
    return distance_in_days(value, now=now) < 0
