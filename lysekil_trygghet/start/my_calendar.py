"""The days of one who works here, for their own calendar: answers they owe and meetings they are called to.

Format: RFC 5545. As in mail: numbers, titles made by code and links, nothing that somebody wrote.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from incidents import queries
from incidents.lifecycle import ConveningState
from incidents.models import Convening
from lysekil_trygghet.accounts.actors import Actor
from pledges.lifecycle import RequestState
from pledges.models import ProgressRequest
from pledges.reminders import promise_title

LOOK_BACK = dt.timedelta(days=30)
MOST_DAYS = 1_000


def calendar_of(actor: Actor, *, now: dt.datetime) -> bytes:
    """What `actor` owes and is called to, from a month back."""
    made = Calendar()
    made.add("prodid", f"-//{settings.MUNICIPALITY['NAME']}//{settings.MUNICIPALITY['PORTAL_NAME']}//SV")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", _("%(portal)s: mina dagar") % {"portal": settings.MUNICIPALITY["PORTAL_NAME"]})
    made.add("x-wr-timezone", settings.TIME_ZONE)
    for event in [*_assignments(actor, now=now), *_questions(actor, now=now), *_meetings(actor, now=now)]:
        made.add_component(event)
    return made.to_ical()


def _assignments(actor: Actor, *, now: dt.datetime) -> Iterator[Event]:
    for one in queries.owed_by(actor, now=now)[:MOST_DAYS]:
        words = _("Återrapport: %(title)s") % {"title": one.neutral_title}
        yield _moment(f"assignment-{one.pk}", one.due_at, words, one.get_absolute_url(), now=now)


def _questions(actor: Actor, *, now: dt.datetime) -> Iterator[Event]:
    asked = ProgressRequest.objects.filter(organisation__in=actor.organisation_ids, state=RequestState.ASKED)
    for one in asked.select_related("commitment__pledge_set").order_by("due_at", "pk")[:MOST_DAYS]:
        words = _("Svar: %(title)s") % {"title": promise_title(one.commitment)}
        path = reverse("pledges:note", args=[one.commitment_id, one.organisation_id])
        yield _moment(f"question-{one.pk}", one.due_at, words, path, now=now)


def _meetings(actor: Actor, *, now: dt.datetime) -> Iterator[Event]:
    functions = [row.function_id for row in actor.memberships if row.function_id]
    called = Convening.objects.filter(
        functions__in=functions,
        meeting_at__gt=now - LOOK_BACK,
        state__in=[ConveningState.CALLED, ConveningState.CANCELLED],
    )
    for one in called.exclude(called_at=None).distinct().order_by("meeting_at", "pk")[:MOST_DAYS]:
        path = reverse("incidents:convening", args=[one.pk])
        event = _moment(f"meeting-{one.pk}", one.meeting_at, _("Möte med nyckelfunktioner"), path, now=now)
        event.add("status", "CANCELLED" if one.state == ConveningState.CANCELLED else "CONFIRMED")
        yield event


def _moment(part: str, at: dt.datetime, words: str, path: str, *, now: dt.datetime) -> Event:
    event = Event()
    event.add("uid", f"{part}@{urlsplit(settings.SITE_URL).hostname}")
    event.add("dtstamp", now.astimezone(dt.UTC))
    event.add("dtstart", at.astimezone(dt.UTC))
    event.add("summary", words)
    event.add("url", settings.SITE_URL + path)
    return event
