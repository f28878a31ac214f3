"""The intensified work as residents read it: what happened, what was decided, who does what, how it went."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, OuterRef, Prefetch, Q, Subquery, prefetch_related_objects
from django.urls import reverse
from django.utils.translation import gettext as _

from incidents.lifecycle import (
    DECISIONS_TAKEN,
    AssignmentState,
    DecisionState,
    Horizon,
    Outcome,
    PublicationState,
    ReportState,
    ResponseState,
)
from incidents.models import (
    ActionPackage,
    Approach,
    Assignment,
    Correction,
    DirectionPoint,
    FollowUpRound,
    Meeting,
    PackageItem,
    PoliceUndertaking,
    Reinforcement,
    ReportBack,
    Response,
    SeriousEvent,
    SteeringDecision,
)
from lysekil_trygghet.publishing.languages import Reader, Text
from lysekil_trygghet.publishing.pages import changes_at
from lysekil_trygghet.workdays import local_date

from . import words
from .news import Corrected, corrections
from .words import Badge

# --- In lists -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ResponseCard:
    title: Text
    badge: Badge
    url: str
    started_at: dt.datetime
    ended_at: dt.datetime | None
    # What has been promised and answered, in words; empty when nothing has.
    counts: str

    @property
    def is_ongoing(self) -> bool:
        return self.ended_at is None


def response_cards(*, read: Reader, ongoing_only: bool = False) -> list[ResponseCard]:
    """What goes on first, the newest first, then what has ended."""
    rows = Response.objects.published().order_by("-started_at", "-pk")
    if ongoing_only:
        rows = rows.ongoing()
    responses = list(rows)
    counts = _counts(responses)
    cards = [_card(response, counts=counts, read=read) for response in responses]
    return sorted(cards, key=lambda card: not card.is_ongoing)


def response_card(response: Response, *, read: Reader) -> ResponseCard:
    return _card(response, counts=_counts([response]), read=read)


def _card(response: Response, *, counts: Mapping[int, str], read: Reader) -> ResponseCard:
    return ResponseCard(
        title=read.in_language(response, "title"),
        badge=words.response_badge(response),
        url=response.public_url,
        started_at=response.started_at,
        ended_at=response.ended_at if response.state == ResponseState.ENDED else None,
        counts=counts.get(response.pk, ""),
    )


def _counts(responses: Iterable[Response]) -> dict[int, str]:
    """Of the assignments residents may see: how many, how many answered, how many done."""
    last_outcome = _accepted_reports().values("outcome")[:1]
    shown = (
        Assignment.objects.shown_to_residents()
        .filter(decision__response__in=list(responses))
        .annotate(last_outcome=Subquery(last_outcome))
        .order_by()
    )
    rows = shown.values("decision__response").annotate(
        total=Count("pk"),
        # An accepted answer counts also when the work goes on to a new day.
        answered=Count(
            "pk",
            filter=Q(state__in=[AssignmentState.REPORTED, AssignmentState.ACCEPTED]) | Q(last_outcome__isnull=False),
        ),
        done=Count("pk", filter=Q(state=AssignmentState.ACCEPTED, last_outcome=Outcome.DONE)),
    )
    return {
        row["decision__response"]: words.promised_and_answered(
            total=row["total"], answered=row["answered"], done=row["done"]
        )
        for row in rows
    }


def _accepted_reports():
    return ReportBack.objects.filter(assignment=OuterRef("pk"), state=ReportState.ACCEPTED).order_by("-version")


# --- The page of one response ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Happening:
    title: Text
    place: Text
    start: dt.datetime
    end: dt.datetime | None
    summary: Text


@dataclass(frozen=True)
class DecisionShown:
    """One version of the steering decision; points and approaches only those marked public."""

    number: str
    version: int
    badge: Badge
    aim: Text
    points: list[Text]
    approaches: list[Text]
    decided_at: dt.datetime | None
    decided_by: Text
    closing_text: Text
    url: str


@dataclass(frozen=True)
class Answer:
    """What a party has answered, as far as it is published."""

    text: Text
    at: dt.datetime | None


@dataclass(frozen=True)
class Task:
    """What one party does. `expected` only while it lies ahead; it is never said that somebody is late."""

    party: Text
    text: Text
    badge: Badge
    expected: dt.datetime | None
    answers: list[Answer]


@dataclass(frozen=True)
class Undertaking:
    text: Text
    from_when: Text
    badge: Badge


@dataclass(frozen=True)
class More:
    """A reinforcement."""

    words: str
    provider: Text
    note: Text


@dataclass(frozen=True)
class Measure:
    what: Text
    who: Text
    from_when: Text
    badge: Badge


@dataclass(frozen=True)
class PackageShown:
    version: int
    title: Text
    lead: Text
    published_at: dt.datetime | None
    is_replaced: bool
    # (heading, measures): short term first; empty headings are left out.
    horizons: list[tuple[str, list[Measure]]]
    corrections: list[Corrected]
    url: str


@dataclass(frozen=True)
class Dated:
    """A meeting's outcome, or the summary of a follow-up."""

    at: dt.datetime
    title: Text
    text: Text


def happenings(response: Response, *, read: Reader) -> list[Happening]:
    rows = SeriousEvent.objects.published().filter(responses=response).order_by("occurred_from", "pk")
    return [
        Happening(
            title=read.in_language(row, "title"),
            place=read.name(row.place),
            start=row.occurred_from,
            end=row.occurred_to,
            summary=read.in_language(row, "public_summary"),
        )
        for row in rows
    ]


def published_decisions(response: Response) -> list[SteeringDecision]:
    """Every published version, the newest decision first and its versions downwards."""
    rows = (
        SteeringDecision.objects.published()
        .filter(response=response, state__in=DECISIONS_TAKEN)
        .order_by("-decided_at", "-version", "-pk")
        .prefetch_related(
            Prefetch("points", queryset=DirectionPoint.objects.filter(is_public=True)),
            Prefetch("approaches", queryset=Approach.objects.filter(is_public=True)),
        )
    )
    return list(rows)


def split_current(decisions: Iterable[SteeringDecision]) -> tuple[list[SteeringDecision], list[SteeringDecision]]:
    """The newest published version of each number, and the older ones."""
    newest: dict[str, SteeringDecision] = {}
    decisions = list(decisions)
    for decision in decisions:
        known = newest.get(decision.number)
        if known is None or decision.version > known.version:
            newest[decision.number] = decision
    current = list(newest.values())
    return current, [decision for decision in decisions if decision not in current]


def decision_shown(decision: SteeringDecision, *, slug: str, read: Reader) -> DecisionShown:
    ended = decision.state == DecisionState.ENDED
    return DecisionShown(
        number=decision.number,
        version=decision.version,
        badge=words.decision_badge(decision),
        aim=read.in_language(decision, "aim"),
        points=[read.in_language(point, "text") for point in decision.points.all()],
        approaches=[read.in_language(approach, "text") for approach in decision.approaches.all()],
        decided_at=decision.decided_at,
        decided_by=read.name(decision.decided_by_function),
        closing_text=read.in_language(decision, "closing_text") if ended else read.name(""),
        url=decision_url(slug, decision),
    )


def decision_url(slug: str, decision: SteeringDecision) -> str:
    """The permanent address of this version."""
    return reverse("incidents_public:decision", args=[slug, decision.number, decision.version])


def tasks(response: Response, *, read: Reader, now: dt.datetime) -> list[Task]:
    """What each party does, party by party."""
    rows = (
        Assignment.objects.shown_to_residents()
        .filter(decision__response=response)
        .select_related("decision", "organisation")
        .annotate(last_outcome=Subquery(_accepted_reports().values("outcome")[:1]))
        .prefetch_related(
            Prefetch("reports", queryset=ReportBack.objects.published().order_by("-version"), to_attr="answers_shown")
        )
        .order_by("organisation__name", "order", "pk")
    )
    return [_task(row, read=read, now=now) for row in rows]


def _task(row: Any, *, read: Reader, now: dt.datetime) -> Task:
    changes_at(row.due_at)
    badge = words.assignment_badge(row, last_outcome=row.last_outcome or "")
    waits = row.is_owed and row.decision.state not in (DecisionState.FOLLOWED_UP, DecisionState.ENDED)
    return Task(
        party=read.name(row.organisation.name),
        text=read.in_language(row, "public_text"),
        badge=badge,
        expected=row.due_at if waits and row.due_at > now else None,
        answers=[
            Answer(text=read.in_language(report, "public_text"), at=report.submitted_at)
            for report in row.answers_shown
        ],
    )


def undertakings(response: Response, *, read: Reader) -> list[Undertaking]:
    """What the Police themselves do, in words they have confirmed."""
    return [
        Undertaking(
            text=read.in_language(row, "text"),
            from_when=read.in_language(row, "from_when"),
            badge=words.measure_badge(row.state),
        )
        for row in PoliceUndertaking.objects.published().filter(response=response)
    ]


def reinforcements(response: Response, *, place: str, read: Reader, now: dt.datetime) -> list[More]:
    rows = Reinforcement.objects.published().filter(response=response).select_related("provider")
    year = local_date(now).year
    return [
        More(
            words=words.reinforcement_in_words(row, place=place, year=year),
            provider=read.name(row.provider.name),
            note=read.in_language(row, "public_note"),
        )
        for row in rows.order_by("from_year", "from_week", "pk")
    ]


def published_packages(response: Response) -> list[ActionPackage]:
    """Every published version, the newest first. Their measures are fetched by `package_shown` for one of them."""
    return list(ActionPackage.objects.published().filter(response=response).order_by("-version"))


def current_package(packages: Iterable[ActionPackage]) -> ActionPackage | None:
    return next((package for package in packages if package.state == PublicationState.PUBLISHED), None)


def package_shown(package: ActionPackage, *, slug: str, read: Reader, with_measures: bool = True) -> PackageShown:
    horizons: list[tuple[str, list[Measure]]] = []
    corrected: list[Corrected] = []
    if with_measures:
        items = Prefetch("items", queryset=PackageItem.objects.published().select_related("organisation"))
        prefetch_related_objects([package], items, "corrections")
        horizons = _horizons(package, read=read)
        corrected = corrections(package.corrections.all(), read=read)
    return PackageShown(
        version=package.version,
        title=read.in_language(package, "title"),
        lead=read.in_language(package, "lead"),
        published_at=package.published_at,
        is_replaced=package.state == PublicationState.SUPERSEDED,
        horizons=horizons,
        corrections=corrected,
        url=reverse("incidents_public:package", args=[slug, package.version]),
    )


def _horizons(package: ActionPackage, *, read: Reader) -> list[tuple[str, list[Measure]]]:
    headings = ((Horizon.SHORT, _("På kort sikt")), (Horizon.LONG, _("På lång sikt")))
    found = [
        (heading, [_measure(item, read=read) for item in package.items.all() if item.horizon == horizon])
        for horizon, heading in headings
    ]
    return [(heading, measures) for heading, measures in found if measures]


def _measure(item: PackageItem, *, read: Reader) -> Measure:
    return Measure(
        what=read.in_language(item, "what"),
        who=read.name(item.organisation.name if item.organisation else ""),
        from_when=read.in_language(item, "from_when"),
        badge=words.measure_badge(item.state),
    )


def meetings(response: Response, *, read: Reader) -> list[Dated]:
    rows = Meeting.objects.published().filter(response=response).order_by("-held_at", "-pk")
    return [
        Dated(at=row.held_at, title=read.in_language(row, "title"), text=read.in_language(row, "outcome_public"))
        for row in rows
    ]


def follow_ups(response: Response, *, read: Reader) -> list[Dated]:
    rows = FollowUpRound.objects.published().filter(decision__response=response).order_by("-held_at", "-pk")
    return [Dated(at=row.held_at, title=read.name(""), text=read.in_language(row, "summary_public")) for row in rows]


def response_corrections(response: Response, *, read: Reader) -> list[Corrected]:
    return corrections(Correction.objects.filter(response=response), read=read)
