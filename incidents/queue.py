"""What waits for the communicator, and what residents can read now: one list over every kind of public thing.

The same number of queries for one row of a kind and for thirty.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from incidents.lifecycle import (
    DECISIONS_IN_EFFECT,
    DECISIONS_TAKEN,
    AssignmentState,
    Audience,
    DecisionState,
    PublicationState,
    ReportState,
    UndertakingState,
)
from incidents.models import (
    ActionPackage,
    ContactPoint,
    FollowUpRound,
    Meeting,
    PoliceUndertaking,
    PublicUpdate,
    Reinforcement,
    ReportBack,
    Response,
    SeriousEvent,
    SteeringDecision,
)
from incidents.models.police_text import PoliceText
from incidents.operations.publication import KINDS, missing_before_publication
from lysekil_trygghet.publishing.models import Publishable

# More of one kind than this never waits; a list of what is published is cut there too.
MOST_OF_A_KIND = 200


@dataclass(frozen=True)
class Desk:
    """How one kind lies on the communicator's desk: its word in addresses, what there is to see, what is fetched."""

    slug: str
    model: type[Publishable]
    # What has something residents could read: the rest is not on the desk at all.
    worth_showing: Q
    related: tuple[str, ...] = ()
    prefetched: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        return str(KINDS[self.model].label)

    def rows(self) -> QuerySet[Any]:
        rows = self.model._default_manager.filter(self.worth_showing).prefetch_related(*self.prefetched)
        return rows.select_related(*self.related) if self.related else rows


DESKS = (
    Desk(
        "nyhet",
        PublicUpdate,
        Q(),
        ("response", "picture"),
    ),
    Desk("paket", ActionPackage, Q(), ("response",), ("items", "response__packages")),
    Desk("insats", Response, Q()),
    Desk("handelse", SeriousEvent, ~Q(public_summary=""), (), ("responses",)),
    Desk(
        "beslut",
        SteeringDecision,
        Q(state__in=DECISIONS_TAKEN),
        ("response",),
        ("points", "approaches", "assignments"),
    ),
    Desk(
        "svar",
        ReportBack,
        # What waits on a cancelled assignment is never accepted.
        (Q(state=ReportState.ACCEPTED) | Q(state=ReportState.SUBMITTED, assignment__state=AssignmentState.REPORTED))
        & Q(assignment__is_public=True)
        & ~Q(public_text=""),
        ("assignment__decision__response", "assignment__organisation"),
    ),
    Desk("mote", Meeting, ~Q(outcome_public=""), ("response",)),
    Desk("avstamning", FollowUpRound, ~Q(summary_public=""), ("decision__response",)),
    Desk("atagande", PoliceUndertaking, ~Q(state=UndertakingState.WITHDRAWN), ("response",)),
    Desk("forstarkning", Reinforcement, Q(), ("response", "provider")),
    Desk("kontakt", ContactPoint, Q(audience=Audience.PUBLIC), ("response",), ("hours",)),
)
BY_SLUG = {desk.slug: desk for desk in DESKS}
BY_MODEL = {desk.model: desk for desk in DESKS}

# Kinds with states of their own wait as drafts and as approved; the others until they are published.
_WAITS_BY_STATE = Q(state__in=[PublicationState.DRAFT, PublicationState.APPROVED])
_WAITS_BY_TIME = Q(published_at=None)
_WITHDRAWN = Q(withdrawn_at__isnull=False)


@dataclass(frozen=True)
class Waiting:
    """A row of the queue."""

    thing: Any
    slug: str
    kind: str
    title: str
    where: str
    missing: list[str]
    is_late: bool
    is_timed: bool

    @property
    def is_ready(self) -> bool:
        return not self.missing


def waiting(*, now: dt.datetime) -> list[Waiting]:
    """What is not yet public: late first, then ready, then timed, then what misses something."""
    found = [_row(desk, thing, now=now) for desk in DESKS for thing in _unpublished(desk)[:MOST_OF_A_KIND]]
    return sorted(found, key=lambda row: (not row.is_late, bool(row.missing), row.is_timed, row.kind, -row.thing.pk))


def _unpublished(desk: Desk) -> QuerySet[Any]:
    waits = _WAITS_BY_STATE if KINDS[desk.model].has_states else _WAITS_BY_TIME
    if issubclass(desk.model, PoliceText):
        # Published, but the wording was changed: hidden until the Police confirm it anew.
        hidden = Q(published_at__isnull=False, withdrawn_at=None, confirmed_by_police=False)
        waits |= hidden & Q(about_police=True) if hasattr(desk.model, "about_police") else hidden
    rows = desk.rows().filter(waits)
    if desk.model is SteeringDecision:
        # A version that was replaced before anybody read it is not brought out afterwards.
        rows = rows.filter(state__in=[*DECISIONS_IN_EFFECT, DecisionState.ENDED])
    return rows.order_by("-pk")


def _row(desk: Desk, thing: Any, *, now: dt.datetime) -> Waiting:
    announced = getattr(thing, "announced_for", None)
    publish_at = getattr(thing, "publish_at", None)
    return Waiting(
        thing=thing,
        slug=desk.slug,
        kind=desk.label,
        title=title_of(thing),
        where=_where(thing),
        missing=missing_before_publication(thing),
        is_late=announced is not None and announced <= now,
        is_timed=publish_at is not None,
    )


def title_of(thing: Any) -> str:
    if isinstance(thing, ReportBack):
        return f"{thing.assignment.number} {thing.assignment.title}"
    if isinstance(thing, SteeringDecision):
        return _("Beslut %(number)s, version %(version)s") % {"number": thing.number, "version": thing.version}
    return str(thing)


def response_of(thing: Any) -> Response | None:
    """The response on whose page residents read this."""
    if isinstance(thing, Response):
        return thing
    if isinstance(thing, ReportBack):
        return thing.assignment.decision.response
    if isinstance(thing, FollowUpRound):
        return thing.decision.response
    if isinstance(thing, SeriousEvent):
        return next(iter(thing.responses.all()), None)
    return getattr(thing, "response", None)


def _where(thing: Any) -> str:
    response = response_of(thing)
    return response.title if response is not None and not isinstance(thing, Response) else ""


@dataclass(frozen=True)
class Shown:
    """A row of the list of what residents can read now, or could before it was withdrawn."""

    thing: Any
    slug: str
    kind: str
    title: str
    where: str
    at: dt.datetime


def published() -> list[Shown]:
    """What residents can read now, the latest first."""
    return _listed(lambda rows: rows.published().order_by("-published_at"), "published_at")


def withdrawn() -> list[Shown]:
    """What was taken away, the latest first. News and packages among them become drafts again when edited."""
    return _listed(lambda rows: rows.filter(_WITHDRAWN).order_by("-withdrawn_at"), "withdrawn_at")


def _listed(choose: Any, moment: str) -> list[Shown]:
    def rows() -> Iterator[Shown]:
        for desk in DESKS:
            for thing in choose(desk.rows())[:MOST_OF_A_KIND]:
                at = getattr(thing, moment)
                yield Shown(thing, desk.slug, desk.label, title_of(thing), _where(thing), at)

    return sorted(rows(), key=lambda row: row.at, reverse=True)
