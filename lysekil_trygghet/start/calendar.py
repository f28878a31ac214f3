"""The days residents may want in their own calendar: safety walks, and when promises begin, end and are answered.

Format: RFC 5545. Only what is published.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from lysekil_trygghet.publishing.languages import Reader
from pledges.lifecycle import SetState, WalkState
from pledges.models import PledgeSet, SafetyWalk


def calendar(*, read: Reader) -> bytes:
    """The whole calendar in the language of `read`."""
    made = Calendar()
    made.add("prodid", f"-//{settings.MUNICIPALITY['NAME']}//{settings.MUNICIPALITY['PORTAL_NAME']}//SV")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", settings.MUNICIPALITY["PORTAL_NAME"])
    made.add("x-wr-timezone", settings.TIME_ZONE)
    for event in [*_walks(read), *_sets(read)]:
        made.add_component(event)
    return made.to_ical()


def _walks(read: Reader) -> Iterator[Event]:
    path = reverse("pledges_public:walks")
    for walk in SafetyWalk.objects.published().order_by("held_on", "pk"):
        event = _day(f"walk-{walk.pk}", walk.held_on, str(read.in_language(walk, "title")), path, walk.published_at)
        event.add("status", "CANCELLED" if walk.state == WalkState.CANCELLED else "CONFIRMED")
        yield event


def _sets(read: Reader) -> Iterator[Event]:
    for one in PledgeSet.objects.published().exclude(state=SetState.WITHDRAWN).order_by("period_start", "pk"):
        title = str(read.in_language(one, "title"))
        for part, day, words in (
            ("start", one.period_start, _("Löftena börjar gälla: %(title)s")),
            ("end", one.period_end, _("Sista dagen för löftena: %(title)s")),
        ):
            yield _day(f"set-{one.pk}-{part}", day, words % {"title": title}, one.public_url, one.published_at)


def _day(part: str, day: dt.date, words: str, path: str, stamp: dt.datetime | None) -> Event:
    event = Event()
    event.add("uid", f"{part}@{urlsplit(settings.SITE_URL).hostname}")
    event.add("dtstamp", stamp)
    event.add("dtstart", day)
    event.add("dtend", day + dt.timedelta(days=1))
    event.add("summary", words)
    event.add("url", settings.SITE_URL + path)
    event.add("transp", "TRANSPARENT")
    return event
