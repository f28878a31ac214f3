"""What residents can follow of intensified work, and what is new in it. Mailed by lysekil_trygghet/subscriptions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from lysekil_trygghet.publishing.languages import Reader
from lysekil_trygghet.subscriptions.topics import Change, Ending, Kind, Topic

from .lifecycle import ResponseState
from .models import ActionPackage, Correction, FollowUpRound, PublicUpdate, ReportBack, Response, SteeringDecision
from .topics import ACUTE, ACUTE_TOPIC, RESPONSE, response_topic


def _find_acute(pk: int) -> Topic | None:
    return Topic(ACUTE_TOPIC, _("När trygghetsarbetet intensifieras"), reverse("incidents_public:responses"))


def _find_response(pk: int) -> Topic | None:
    response = Response.objects.published().filter(pk=pk).first()
    if response is None:
        return None
    ended = response.ended_at if response.state == ResponseState.ENDED else None
    return Topic(response_topic(pk), _title(response), response.public_url, ended)


def _title(thing: Any) -> str:
    return str(Reader().in_language(thing, "title"))


# --- What is new ----------------------------------------------------------------------------------------


def _changes(since: dt.datetime) -> Iterator[Change]:
    shown = Response.objects.published()
    for row in shown.filter(published_at__gt=since):
        yield _change("insats", row, row, row.published_at, _("Trygghetsarbetet intensifieras"))
    for row in shown.filter(state=ResponseState.ENDED, ended_at__gt=since):
        yield _change("insats-slut", row, row, row.ended_at, _("Arbetet är avslutat"))
    for decision in _new(SteeringDecision.objects.published(), since, "response").filter(response__in=shown):
        yield _change("beslut", decision, decision.response, decision.published_at, _("Nytt beslut"))
    for package in _new(ActionPackage.objects.published(), since, "response").filter(response__in=shown):
        path = reverse("incidents_public:package", args=[package.response.slug, package.version])
        yield _change("paket", package, package.response, package.published_at, _("Nytt åtgärdspaket"), path)
    for update in _new(PublicUpdate.objects.published(), since, "response").filter(response__in=shown):
        what = _("Nyhet: %(title)s") % {"title": _title(update)}
        yield _change("nyhet", update, update.response, update.published_at, what, update.public_url)
    answers = _new(ReportBack.objects.published(), since, "assignment__decision__response")
    for answer in answers.filter(assignment__decision__response__in=shown):
        response = answer.assignment.decision.response
        yield _change("aterrapport", answer, response, answer.published_at, _("Ett uppdrag har fått svar"))
    rounds = _new(FollowUpRound.objects.published(), since, "decision__response")
    for follow_up in rounds.filter(decision__response__in=shown):
        response = follow_up.decision.response
        yield _change("avstamning", follow_up, response, follow_up.published_at, _("Arbetet har följts upp"))
    corrections = Correction.objects.filter(corrected_at__gt=since, response__in=shown).select_related("response")
    for correction in corrections:
        what = _("Rättat: %(text)s") % {"text": Reader().in_language(correction, "text")}
        yield _change("rattat", correction, correction.response, correction.corrected_at, what)


def _new(rows: QuerySet, since: dt.datetime, response: str) -> QuerySet:
    return rows.filter(published_at__gt=since).select_related(response).order_by("published_at", "pk")


def _change(
    kind: str, thing: Any, response: Response | None, at: dt.datetime | None, what: str, path: str = ""
) -> Change:
    assert response is not None
    assert at is not None
    # What is published anew after it was withdrawn is new once more.
    key = f"{kind}-{thing.pk}-{at:%Y%m%d%H%M%S}"
    topics = (ACUTE_TOPIC, response_topic(response.pk))
    return Change(key, topics, at, what, _title(response), path or response.public_url)


# --- The question afterwards ----------------------------------------------------------------------------


def _endings(since: dt.datetime, until: dt.datetime) -> Iterator[Ending]:
    ended = Response.objects.published().filter(state=ResponseState.ENDED, ended_at__gt=since, ended_at__lte=until)
    for response in ended:
        about = response_topic(response.pk)
        assert response.ended_at
        for topic in (ACUTE_TOPIC, about):
            yield Ending(about, topic, response.ended_at, _title(response), response.public_url)


ACUTE_PAGE = Kind(ACUTE, find=_find_acute, changes=_changes, endings=_endings)
# What is new in one response is told under both names.
RESPONSES = Kind(RESPONSE, find=_find_response, changes=lambda since: (), endings=lambda since, until: ())
