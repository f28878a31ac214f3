"""Open data of the citizen pledges: sets, and each promise with how it has gone, status by status."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext_lazy as _
from ninja import Schema
from pydantic import Field

from lysekil_trygghet.history.models import Event
from lysekil_trygghet.opendata.datasets import Dataset, address
from lysekil_trygghet.publishing.languages import Reader
from lysekil_trygghet.workdays import local_date

from .lifecycle import Delivery, PartyRole
from .models import Commitment
from .residents.reading import is_police_led, published_sets, with_promises
from .residents.sets import promise_text


class SetRow(Schema):
    id: str = Field(description="Setets namn i adressen; ändras aldrig.")
    url: str = Field(description="Sidan för invånare.")
    title: str = Field(description="Rubrik.")
    title_en: str = Field(description="Rubrik på engelska, om den finns.")
    intro: str = Field(description="Inledning.")
    period_start: dt.date = Field(description="Första dagen löftena gäller.")
    period_end: dt.date = Field(description="Sista dagen löftena gäller.")
    state: str = Field(description="PUBLISHED gäller, CLOSING avslutas, CLOSED avslutat, WITHDRAWN utgår.")
    promises: int = Field(description="Antal löften.")
    signed_by: list[str] = Field(description="Organisationer som har undertecknat.")
    situation_picture: str | None = Field(description="Lägesbilden som löftena bygger på.")
    published_at: dt.datetime = Field(description="När setet publicerades.")
    closed_at: dt.datetime | None = Field(description="När setet avslutades.")


class StatusChange(Schema):
    date: dt.date = Field(description="Dagen statusen ändrades.")
    status: str = Field(description="Den nya statusen.")


class PromiseRow(Schema):
    id: str = Field(description="Setets namn och löftets nummer; ändras aldrig.")
    pledge_set: str = Field(description="Setets namn.")
    number: int = Field(description="Löftets nummer i setet.")
    url: str = Field(description="Sidan för invånare.")
    area: str = Field(description="Prioriterat område.")
    text: str = Field(description="Löftet som det lyder nu.")
    text_en: str = Field(description="Löftet på engelska, om det finns.")
    as_promised: str = Field(description="Löftet som det lydde när det gavs.")
    is_amended: bool = Field(description="Om löftet har ändrats sedan det gavs.")
    leads: list[str] = Field(description="Vilka som leder.")
    helpers: list[str] = Field(description="Vilka som hjälper till.")
    period_start: dt.date = Field(description="Första dagen.")
    period_end: dt.date = Field(description="Sista dagen.")
    status: str = Field(
        description="Är det gjort? PLANNED, ONGOING, DONE, PARTLY_DONE, NOT_DONE, PAUSED, WITHDRAWN, CARRIED_OVER."
    )
    goal: str | None = Field(description="Nåddes målet? Tomt tills någon har svarat.")
    reason: str = Field(description="Varför det inte blev som det lovades.")
    answer: str = Field(description="Svaret till invånarna.")
    status_history: list[StatusChange] = Field(description="Varje ändring av statusen sedan löftet publicerades.")


def _sets() -> Any:
    return with_promises(published_sets())


def _set_rows(sets: Sequence[Any]) -> list[dict[str, Any]]:
    return [
        {
            "id": one.slug,
            "url": address(one.public_url),
            "title": one.title,
            "title_en": one.title_en,
            "intro": one.intro,
            "period_start": one.period_start,
            "period_end": one.period_end,
            "state": one.state,
            "promises": sum(len(area.shown_promises) for area in one.shown_areas),
            "signed_by": [signature.organisation.name for signature in one.signatures.all()],
            "situation_picture": address(one.picture.public_url) if one.picture and one.picture.is_public else None,
            "published_at": one.published_at,
            "closed_at": one.closed_at,
        }
        for one in sets
    ]


def _promises() -> Any:
    return (
        Commitment.objects.published()
        .select_related("pledge_set", "area")
        .prefetch_related("parties__organisation", "amendments")
        .order_by("-pledge_set__period_start", "pledge_set", "order", "number")
    )


def _promise_rows(promises: Sequence[Commitment]) -> list[dict[str, Any]]:
    promises = list(promises)
    changes = _status_changes(promises)
    swedish, english = Reader("sv"), Reader("en")
    return [
        {
            "id": f"{one.pledge_set.slug}/{one.number}",
            "pledge_set": one.pledge_set.slug,
            "number": one.number,
            "url": address(one.public_url),
            "area": one.area.title if one.area else "",
            "text": str(promise_text(one, read=swedish)),
            "text_en": "" if (text := promise_text(one, read=english)).is_foreign else str(text),
            "as_promised": one.text_as_promised,
            "is_amended": bool(one.amendments.all()),
            "leads": [row.organisation.name for row in one.parties.all() if row.role == PartyRole.LEAD],
            "helpers": [row.organisation.name for row in one.parties.all() if row.role != PartyRole.LEAD],
            "period_start": one.period_start or one.pledge_set.period_start,
            "period_end": one.period_end or one.pledge_set.period_end,
            "status": one.delivery_state,
            "goal": one.goal_state or None,
            "reason": one.delivery_reason,
            "answer": one.public_note if not is_police_led(one) or one.answer_confirmed_at else "",
            "status_history": changes.get(one.pk, []),
        }
        for one in promises
    ]


def _status_changes(promises: Sequence[Commitment]) -> dict[int, list[dict[str, Any]]]:
    """From the history: moves of the promise itself since its set was published, in order."""
    since = {one.pk: one.pledge_set.published_at for one in promises}
    events = Event.objects.filter(
        subject_type=ContentType.objects.get_for_model(Commitment), subject_id__in=list(since)
    ).order_by("at", "pk")
    changes: dict[int, list[dict[str, Any]]] = {}
    for event in events:
        to, published = event.details.get("to"), since[event.subject_id]
        if to in Delivery.values and published is not None and event.at >= published:
            changes.setdefault(event.subject_id, []).append({"date": local_date(event.at), "status": to})
    return changes


PLEDGE_SETS = Dataset(
    slug="pledge-sets",
    title=_("Medborgarlöften"),
    description=_("Löften som kommunen och Polisen har gett invånarna: när de gäller och hur det står till."),
    schema=SetRow,
    rows=_sets,
    as_rows=_set_rows,
    keywords=("medborgarlöften", "trygghet", "polis", "kommun"),
)
COMMITMENTS = Dataset(
    slug="commitments",
    title=_("Löften och hur det gick"),
    description=_("Varje löfte med vem som leder, hur det lyder och lydde, svaret, och hur statusen har ändrats."),
    schema=PromiseRow,
    rows=_promises,
    as_rows=_promise_rows,
    keywords=("medborgarlöften", "uppföljning", "trygghet"),
)
