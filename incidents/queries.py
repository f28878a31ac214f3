"""Questions over several models, answered as querysets: the same number of queries for 1 row and for 300."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Case, Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When

from lysekil_trygghet.accounts.actors import Actor

from . import policies, whose
from .lifecycle import ASSIGNMENTS_OWED, AssignmentState, ReportState, RequestState
from .models import Assignment, AssignmentRequest, ProgressNote, ReportBack
from .models.assignment import AssignmentQuerySet

NOT_SHOWN = (AssignmentState.DRAFT, AssignmentState.CANCELLED)
OWED, LATE = "OWED", "LATE"


def _rank(now: dt.datetime) -> Case:
    """Late first, then what is owed, then what waits for an answer, then the rest."""
    return Case(
        When(state__in=ASSIGNMENTS_OWED, due_at__lt=now, then=Value(0)),
        When(state__in=ASSIGNMENTS_OWED, then=Value(1)),
        When(state=AssignmentState.REPORTED, then=Value(2)),
        default=Value(3),
        output_field=IntegerField(),
    )


def in_order(assignments: AssignmentQuerySet, *, now: dt.datetime) -> QuerySet[Assignment, int]:
    """The keys alone, in the order of `with_latest`: cheap to sort and page however many there are."""
    rows = assignments.annotate(rank=_rank(now)).order_by("rank", "due_at", "decision_id", "order", "pk")
    return rows.values_list("pk", flat=True)


def with_latest(assignments: AssignmentQuerySet, *, now: dt.datetime) -> AssignmentQuerySet:
    """Each assignment with what a row shows: its last submitted report, last progress note, open request, rank.

    Annotations: last_report_pk, last_version, last_outcome, last_submitted_at, last_progress, last_progress_at,
    has_request, is_late. Ordered: late first, then owed by day, then waiting for an answer, then the rest.
    """
    submitted = ReportBack.objects.filter(assignment=OuterRef("pk")).exclude(state=ReportState.DRAFT)
    latest = submitted.order_by("-version")
    progress = ProgressNote.objects.filter(assignment=OuterRef("pk")).order_by("-noted_at", "-pk")
    return (
        assignments.select_related("decision", "decision__response", "organisation", "officer")
        .annotate(
            last_report_pk=Subquery(latest.values("pk")[:1]),
            last_version=Subquery(latest.values("version")[:1]),
            last_outcome=Subquery(latest.values("outcome")[:1]),
            last_submitted_at=Subquery(latest.values("submitted_at")[:1]),
            last_progress=Subquery(progress.values("how_far")[:1]),
            last_progress_at=Subquery(progress.values("noted_at")[:1]),
            has_request=Exists(AssignmentRequest.objects.filter(assignment=OuterRef("pk"), state=RequestState.OPEN)),
            rank=_rank(now),
        )
        .order_by("rank", "due_at", "decision_id", "order", "pk")
    )


@dataclass(frozen=True)
class Counters:
    """How it stands: all shown, owed, late, waiting for an answer, accepted."""

    total: int
    owed: int
    late: int
    reported: int
    accepted: int


def counters(assignments: AssignmentQuerySet, *, now: dt.datetime) -> Counters:
    """One query for the whole table of figures."""
    row = assignments.order_by().aggregate(
        total=Count("pk"),
        owed=Count("pk", filter=Q(state__in=ASSIGNMENTS_OWED)),
        late=Count("pk", filter=Q(state__in=ASSIGNMENTS_OWED, due_at__lt=now)),
        reported=Count("pk", filter=Q(state=AssignmentState.REPORTED)),
        accepted=Count("pk", filter=Q(state=AssignmentState.ACCEPTED)),
    )
    return Counters(**row)


def overview(
    actor: Actor,
    *,
    response_id: int | None = None,
    organisation_id: int | None = None,
) -> AssignmentQuerySet:
    """Läget nu: what the actor may see of what was issued and is still wanted, for counting and narrowing."""
    rows = Assignment.objects.visible_to(actor).exclude(state__in=NOT_SHOWN)
    if response_id:
        rows = rows.filter(decision__response_id=response_id)
    if organisation_id:
        rows = rows.filter(organisation_id=organisation_id)
    return rows


def in_state(assignments: AssignmentQuerySet, state: str, *, now: dt.datetime) -> AssignmentQuerySet:
    """Narrowed to an AssignmentState, to what is OWED or to what is LATE; all for an empty `state`."""
    if state == LATE:
        return assignments.overdue(now)
    if state == OWED:
        return assignments.owed()
    return assignments.filter(state=state) if state else assignments


def waiting_reports(actor: Actor, *, response_id: int | None = None) -> QuerySet[ReportBack]:
    """Submitted reports that nobody has accepted or returned, that the actor may see; the oldest first."""
    rows = ReportBack.objects.visible_to(actor).filter(
        state=ReportState.SUBMITTED, assignment__state=AssignmentState.REPORTED
    )
    if response_id:
        rows = rows.filter(assignment__decision__response_id=response_id)
    return rows.select_related("assignment__decision", "assignment__organisation").order_by("submitted_at", "pk")


def owed_by(actor: Actor, *, now: dt.datetime) -> AssignmentQuerySet:
    """Mitt arbete: what the actor's own organisations owe, nearest first."""
    owed = Assignment.objects.owed().filter(organisation__in=whose.answers_for(actor))
    return with_latest(owed, now=now).order_by("due_at", "pk")


def waiting_for_answer(actor: Actor, *, now: dt.datetime) -> AssignmentQuerySet:
    """Reported and not yet accepted or returned, for those who may answer: never what their own organisation said."""
    rows = Assignment.objects.visible_to(actor).filter(state=AssignmentState.REPORTED)
    if not policies.can_hold_round(actor):
        rows = rows.none()
    return with_latest(rows.exclude(organisation__in=actor.organisation_ids | whose.answers_for(actor)), now=now)


def open_requests(actor: Actor, *, response_id: int | None = None) -> QuerySet[AssignmentRequest]:
    """Requests for time or to be let off that nobody has answered, that the actor may see."""
    rows = AssignmentRequest.objects.filter(
        state=RequestState.OPEN, assignment__in=Assignment.objects.visible_to(actor).values("pk")
    )
    if response_id:
        rows = rows.filter(assignment__decision__response_id=response_id)
    return rows.select_related(
        "assignment__decision", "assignment__organisation", "proposed_organisation", "organisation"
    ).order_by("asked_at")
