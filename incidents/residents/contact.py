"""Whom do I call now: the contact points for the public, open or closed at this moment."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _

from incidents import opening
from incidents.lifecycle import Audience
from incidents.models import ContactPoint, OpeningException
from incidents.models.contact import Weekday
from lysekil_trygghet.publishing.languages import Reader, Text
from lysekil_trygghet.publishing.pages import changes_at
from lysekil_trygghet.workdays import local_date

from .words import Badge

# How far ahead days that differ are shown.
EXCEPTIONS_AHEAD = dt.timedelta(days=60)


@dataclass(frozen=True)
class OddDay:
    date: dt.date
    hours: str
    note: Text


@dataclass(frozen=True)
class Contact:
    """A contact point as a resident needs it."""

    anchor: str
    name: Text
    phone: str
    email: str
    place: Text
    what_for: Text
    not_for: Text
    is_open: bool
    badge: Badge
    week: list[tuple[str, str]]
    odd_days: list[OddDay]


def contacts(*, read: Reader, now: dt.datetime) -> list[Contact]:
    """Every public contact point, the open ones first, else in the order the municipality has given them."""
    yesterday = local_date(now) - dt.timedelta(days=1)
    points = (
        ContactPoint.objects.published()
        .filter(audience=Audience.PUBLIC)
        .prefetch_related(
            "hours", Prefetch("exceptions", queryset=OpeningException.objects.filter(date__gte=yesterday))
        )
    )
    return sorted((_contact(point, read=read, now=now) for point in points), key=lambda contact: not contact.is_open)


def json_ld(contacts: list[Contact]) -> list[dict[str, Any]]:
    """The contact points for search engines (schema.org GovernmentService)."""
    return [
        {
            "@context": "https://schema.org",
            "@type": "GovernmentService",
            "name": str(contact.name),
            "description": str(contact.what_for),
            "serviceOperator": {"@type": "GovernmentOrganization", "name": settings.MUNICIPALITY["NAME"]},
            "areaServed": settings.MUNICIPALITY["SHORT_NAME"],
            "availableChannel": {
                "@type": "ServiceChannel",
                "servicePhone": {"@type": "ContactPoint", "telephone": contact.phone, "email": contact.email},
                "serviceUrl": f"{settings.SITE_URL}/kontakt/#{contact.anchor}",
            },
        }
        for contact in contacts
    ]


def _contact(point: ContactPoint, *, read: Reader, now: dt.datetime) -> Contact:
    hours, exceptions = list(point.hours.all()), list(point.exceptions.all())
    status = opening.status_at(hours, exceptions, point.always_open, now)
    changes_at(status.closes_at or status.opens_at)
    # "kl." and the time stay on one line.
    words = opening.in_words(status, now=now).replace("kl. ", "kl.\u00a0")
    return Contact(
        anchor=f"kontakt-{point.pk}",
        name=read.in_language(point, "name"),
        phone=point.phone,
        email=point.email,
        place=read.name(point.place),
        what_for=read.in_language(point, "what_for"),
        not_for=read.in_language(point, "not_for"),
        is_open=status.is_open,
        badge=Badge(words, "check-circle", "success") if status.is_open else Badge(words, "clock", "neutral"),
        week=[
            (_days(row.first, row.last), row.words)
            for row in opening.week_in_words(hours, always_open=point.always_open)
        ],
        odd_days=_odd_days(exceptions, read=read, now=now),
    )


def _days(first: int, last: int) -> str:
    """Måndag, or måndag–fredag."""
    if (first, last) == (0, 6):
        return str(_("Alla dagar"))
    names = f"{Weekday(first).label}–{Weekday(last).label}" if last > first else str(Weekday(first).label)
    return names[:1].upper() + names[1:]


def _odd_days(exceptions: list[OpeningException], *, read: Reader, now: dt.datetime) -> list[OddDay]:
    today = local_date(now)
    notes = {exception.date: read.name(exception.note) for exception in exceptions if exception.note}
    return [
        OddDay(date=day, hours=hours, note=notes.get(day, read.name("")))
        for day, hours in opening.exceptions_in_words(exceptions).items()
        if today <= day <= today + EXCEPTIONS_AHEAD
    ]
