"""Intensified work: begun, kept up to date, ended with a text to residents."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from incidents import policies
from incidents.lifecycle import RESPONSE_MOVES, DecisionState, ResponseState
from incidents.models import Correction, Response, SeriousEvent
from lysekil_trygghet.accounts.actors import Actor
from lysekil_trygghet.history.guards import refuse_unless, require
from lysekil_trygghet.history.operations import change, locked, move, record

from .former_texts import hide_replaced
from .publication import all_texts, refuse_identity_number


@transaction.atomic
def begin(*, values: Mapping[str, Any], events: Iterable[SeriousEvent] = (), by: Actor, now: dt.datetime) -> Response:
    """Begin intensified work around events (or none yet)."""
    require(policies.can_lead(by))
    response = Response.objects.create(**values)
    response.events.set(events)
    record(response, "created", by=by, now=now, events=[event.pk for event in events])
    return response


@transaction.atomic
def edit(
    response: Response,
    *,
    values: Mapping[str, Any],
    events: Iterable[SeriousEvent] | None = None,
    by: Actor,
    now: dt.datetime,
    seen: int | None = None,
    correction: str = "",
    hide_old: bool = False,
) -> Response:
    """Change a response's texts. Once residents read it, only the communicator may, with a visible correction.

    `hide_old`: residents are not shown what stood there.
    """
    response = locked(response)
    if response.is_public:
        require(policies.can_publish(by))
        refuse_unless(
            correction.strip(), _("Sidan är publicerad. Skriv kort vad du rättar, så att invånarna ser det.")
        )
    else:
        require(policies.can_lead(by) or policies.can_publish(by))
    links = {} if events is None else {"events": list(events)}
    fresh = change(response, by=by, now=now, values=values, links=links, seen=seen)
    if response.is_public and fresh.revision != response.revision:
        refuse_identity_number(*all_texts(fresh), correction)
        row = Correction.objects.create(
            response=fresh, text=correction, corrected_at=now, by_function=by.function_label
        )
        record(fresh, "corrected", by=by, now=now, correction=row.pk)
        if hide_old:
            hide_replaced(fresh, by=by, now=now)
    return fresh


@transaction.atomic
def end(
    response: Response,
    *,
    closing_text: str,
    closing_text_en: str = "",
    by: Actor,
    now: dt.datetime,
    seen: int | None = None,
) -> Response:
    """End the work: every decision must have ended first, and residents get a closing text."""
    require(policies.can_close_response(by))
    refuse_unless(closing_text.strip(), _("Skriv en avslutande text till invånarna."))
    open_decisions = response.decisions.exclude(state__in=[DecisionState.ENDED, DecisionState.REVISED])
    refuse_unless(
        not open_decisions.exists(),
        _("Det finns beslut som inte är avslutade. Följ upp och avsluta dem först."),
    )
    return move(
        response,
        to=ResponseState.ENDED,
        allowed=RESPONSE_MOVES,
        by=by,
        now=now,
        seen=seen,
        also_set={"ended_at": now, "closing_text": closing_text, "closing_text_en": closing_text_en},
    )
