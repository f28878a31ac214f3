"""The steering decision: drafted, decided, issued, revised, followed up, ended (docs/rules.md)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from incidents import policies
from incidents.lifecycle import (
    DECISION_MOVES,
    AssignmentState,
    DecisionState,
    ResponseState,
    RoundState,
)
from incidents.models import (
    Approach,
    Assignment,
    DirectionPoint,
    FollowUpRound,
    Response,
    RevisionChoice,
    SteeringDecision,
)
from lysekil_trygghet.accounts.actors import Actor
from lysekil_trygghet.history.guards import refuse_unless, require
from lysekil_trygghet.history.operations import change, check_seen, locked, move, record
from lysekil_trygghet.notifications.operations import nudge

from .assignments import cancel_assignment, issue_assignment, move_due_to
from .guards import require_future_due


@dataclass(frozen=True)
class PointRow:
    """A direction point as the editor gives it; `pk` None is a new one. The order is the place in the list."""

    text: str
    text_en: str = ""
    is_public: bool = True
    no_assignment: bool = False
    no_assignment_reason: str = ""
    pk: int | None = None


@dataclass(frozen=True)
class ApproachRow:
    text: str
    text_en: str = ""
    is_public: bool = True
    pk: int | None = None


NUMBER_TRIES = 10


def _next_number(now: dt.datetime) -> str:
    year = timezone.localdate(now).year
    taken = SteeringDecision.objects.filter(number__startswith=f"{year}-").values_list("number", flat=True)
    last = max((int(number.split("-")[1]) for number in taken), default=0)
    return f"{year}-{last + 1}"


@transaction.atomic
def draft_decision(
    response: Response, *, by: Actor, now: dt.datetime, values: Mapping[str, Any] | None = None
) -> SteeringDecision:
    """Begin a decision. Seen by leaders only until it is decided."""
    require(policies.can_lead(by))
    refuse_unless(locked(response).state == ResponseState.ACTIVE, _("Insatsen är avslutad. Börja en ny insats."))
    decision = _create_numbered(response, values or {}, now=now)
    record(decision, "created", by=by, now=now, response=response.pk)
    return decision


def _create_numbered(response: Response, values: Mapping[str, Any], *, now: dt.datetime) -> SteeringDecision:
    """With the next free number. Two drafts begun at the same moment want the same one: the second takes another."""
    for last_try in [False] * (NUMBER_TRIES - 1) + [True]:
        try:
            with transaction.atomic():
                return SteeringDecision.objects.create(response=response, number=_next_number(now), **values)
        except IntegrityError:
            if last_try:
                raise
    raise AssertionError("unreachable")


@transaction.atomic
def edit_decision(
    decision: SteeringDecision,
    *,
    values: Mapping[str, Any],
    by: Actor,
    now: dt.datetime,
    seen: int | None = None,
) -> SteeringDecision:
    """Change a draft. A decision taken is revised instead."""
    require(policies.can_lead(by))
    _must_be_draft(locked(decision))
    return change(decision, by=by, now=now, values=values, seen=seen)


@transaction.atomic
def put_points(decision: SteeringDecision, rows: Iterable[PointRow], *, by: Actor, now: dt.datetime) -> None:
    """Make the draft's direction points be exactly `rows`, in that order. Points left out are removed."""
    require(policies.can_lead(by))
    fresh = locked(decision)
    _must_be_draft(fresh)
    kept: list[int] = []
    for order, row in enumerate(rows, start=1):
        refuse_unless(row.text.strip(), _("En inriktningspunkt saknar text. Skriv den eller ta bort punkten."))
        refuse_unless(
            not row.no_assignment or row.no_assignment_reason.strip(),
            _("Skriv varför punkten inte behöver något uppdrag."),
        )
        point, _created = DirectionPoint.objects.update_or_create(
            pk=_own_row(fresh.points, row.pk),
            decision=fresh,
            defaults={
                "order": order,
                "text": row.text,
                "text_en": row.text_en,
                "is_public": row.is_public,
                "no_assignment": row.no_assignment,
                "no_assignment_reason": row.no_assignment_reason,
            },
        )
        kept.append(point.pk)
    fresh.points.exclude(pk__in=kept).delete()
    _new_revision(fresh)
    record(fresh, "points_set", by=by, now=now, points=kept)


@transaction.atomic
def put_approaches(decision: SteeringDecision, rows: Iterable[ApproachRow], *, by: Actor, now: dt.datetime) -> None:
    """Make the draft's approaches be exactly `rows`, in that order."""
    require(policies.can_lead(by))
    fresh = locked(decision)
    _must_be_draft(fresh)
    kept: list[int] = []
    for order, row in enumerate(rows, start=1):
        refuse_unless(row.text.strip(), _("Ett förhållningssätt saknar text. Skriv det eller ta bort det."))
        approach, _created = Approach.objects.update_or_create(
            pk=_own_row(fresh.approaches, row.pk),
            decision=fresh,
            defaults={"order": order, "text": row.text, "text_en": row.text_en, "is_public": row.is_public},
        )
        kept.append(approach.pk)
    fresh.approaches.exclude(pk__in=kept).delete()
    _new_revision(fresh)
    record(fresh, "approaches_set", by=by, now=now, approaches=kept)


def _own_row(rows: models.Manager[Any], pk: int | None) -> Any:
    """`pk` if that row belongs to this decision; otherwise nothing, and a new row is made."""
    return pk if pk and rows.filter(pk=pk).exists() else None


def _new_revision(decision: SteeringDecision) -> None:
    """The lists belong to what the page showed: a change of them makes an open page stale too."""
    decision.revision += 1
    decision.save(update_fields=["revision"])


@transaction.atomic
def write_draft(
    decision: SteeringDecision,
    *,
    values: Mapping[str, Any],
    points: Iterable[PointRow],
    approaches: Iterable[ApproachRow],
    by: Actor,
    now: dt.datetime,
    seen: int | None = None,
) -> SteeringDecision:
    """Save the whole editor at once: text, points, approaches. Raises `StalePage` before anything is changed."""
    fresh = edit_decision(decision, values=values, by=by, now=now, seen=seen)
    put_points(fresh, points, by=by, now=now)
    put_approaches(fresh, approaches, by=by, now=now)
    return locked(fresh)


def missing_before_decision(decision: SteeringDecision) -> list[str]:
    """What still keeps a draft from being decided, as plain sentences; empty when nothing does."""
    missing = []
    if not decision.aim.strip():
        missing.append(_("Målet saknas."))
    if not decision.formal_basis.strip():
        missing.append(_("Formell grund saknas. Skriv vad som ger rätt att besluta."))
    if not decision.points.exists():
        missing.append(_("Det finns ingen inriktningspunkt. Skriv minst en."))
    if decision.replaces is not None:
        chosen = set(decision.revision_choices.values_list("assignment_id", flat=True))
        unchosen = decision.replaces.assignments.open().exclude(pk__in=chosen).count()
        if unchosen:
            missing.append(
                _("Välj vad som händer med varje öppet uppdrag: behåll, flytta dagen eller ta bort (%(count)s kvar).")
                % {"count": unchosen}
            )
    return missing


@transaction.atomic
def decide(decision: SteeringDecision, *, by: Actor, now: dt.datetime, seen: int | None = None) -> SteeringDecision:
    """The director decides. Refused while aim, formal basis or points are missing.

    A revision takes the open assignments along as chosen, and the version before becomes readable history.
    """
    require(policies.can_decide(by))
    if decision.replaces is not None:
        locked(decision.replaces)  # no assignment is issued on it while it is replaced
    current = locked(decision)
    if current.is_draft:
        missing = missing_before_decision(current)
        refuse_unless(not missing, " ".join(missing))
    fresh = move(
        decision,
        to=DecisionState.DECIDED,
        allowed=DECISION_MOVES,
        by=by,
        now=now,
        seen=seen,
        also_set={"decided_at": now, "decided_by_function": by.function_label},
    )
    if fresh.replaces is not None:
        _take_over(fresh, by=by, now=now)
    return fresh


def _take_over(new: SteeringDecision, *, by: Actor, now: dt.datetime) -> None:
    """Carry every assignment of the replaced version into the new one, as the revision chose; drafts too."""
    old = new.replaces
    assert old is not None
    heirs = {point.replaces_id: point for point in new.points.all() if point.replaces_id}
    for choice in new.revision_choices.select_related("assignment"):
        assignment = choice.assignment
        if not assignment.is_open:
            continue
        if choice.choice == RevisionChoice.Choice.CANCEL:
            cancel_assignment(assignment, reason=choice.reason, by=by, now=now)
        elif choice.choice == RevisionChoice.Choice.MOVE:
            assert choice.new_due_at is not None
            move_due_to(assignment, due_at=choice.new_due_at, reason=choice.reason, cause="REVISED", by=by, now=now)
    taken = set(new.assignments.values_list("order", flat=True))
    carried = old.assignments.exclude(state=AssignmentState.CANCELLED)
    for assignment in carried.prefetch_related("points"):
        order = assignment.order if assignment.order not in taken else max(taken) + 1
        taken.add(order)
        assignment.points.add(*[heirs[point.pk] for point in assignment.points.all() if point.pk in heirs])
        change(assignment, by=by, now=now, values={"decision": new, "order": order}, verb="carried_to_new_version")
    move(old, to=DecisionState.REVISED, allowed=DECISION_MOVES, by=by, now=now, new_version=new.pk)
    issued = new.assignments.exclude(state__in=[AssignmentState.DRAFT, AssignmentState.CANCELLED])
    if issued.exists() and not uncovered_points(new):
        _enter_into_force(new, by=by, now=now)


def uncovered_points(decision: SteeringDecision) -> list[DirectionPoint]:
    """Points that neither an assignment covers nor anybody has said need none."""
    covered = DirectionPoint.objects.filter(
        decision=decision, assignments__state__in=[s for s in AssignmentState if s != AssignmentState.CANCELLED]
    )
    return list(decision.points.filter(no_assignment=False).exclude(pk__in=covered.values("pk")))


@transaction.atomic
def issue_all(decision: SteeringDecision, *, by: Actor, now: dt.datetime) -> list[Assignment]:
    """Issue every drafted assignment together. The decision comes into force; departments are told at once.

    Refused when a point has neither assignment nor "inget uppdrag", or a day lies in the past.
    """
    require(policies.can_issue(by))
    fresh = locked(decision)
    refuse_unless(
        fresh.state in (DecisionState.DECIDED, DecisionState.IN_FORCE),
        _("Uppdragen kan utfärdas först när beslutet är fattat, och inte efter att det har följts upp."),
    )
    uncovered = uncovered_points(fresh)
    refuse_unless(
        not uncovered,
        _("Varje inriktningspunkt ska ha ett uppdrag eller säga ”inget uppdrag”. Saknas för punkt %(points)s.")
        % {"points": ", ".join(str(point.order) for point in uncovered)},
    )
    drafts = list(fresh.assignments.filter(state=AssignmentState.DRAFT).select_related("decision", "organisation"))
    refuse_unless(drafts, _("Det finns inga utkast till uppdrag att utfärda."))
    pointless = [draft.number for draft in drafts if not draft.points.exists()]
    refuse_unless(
        not pointless,
        _("Välj minst en inriktningspunkt för uppdrag %(numbers)s.") % {"numbers": ", ".join(pointless)},
    )
    issued = [issue_assignment(draft, by=by, now=now) for draft in drafts]
    _enter_into_force(fresh, by=by, now=now)
    nudge()
    return issued


@transaction.atomic
def decide_and_issue(
    decision: SteeringDecision, *, by: Actor, now: dt.datetime, seen: int | None = None
) -> list[Assignment]:
    """Decide and issue in one go: both happen or neither does."""
    return issue_all(decide(decision, by=by, now=now, seen=seen), by=by, now=now)


def _enter_into_force(decision: SteeringDecision, *, by: Actor, now: dt.datetime) -> None:
    """Decided becomes in force by itself once an assignment is issued."""
    if locked(decision).state == DecisionState.DECIDED:
        move(decision, to=DecisionState.IN_FORCE, allowed=DECISION_MOVES, by=by, now=now)


@transaction.atomic
def revise(decision: SteeringDecision, *, by: Actor, now: dt.datetime) -> SteeringDecision:
    """Begin a new version as a draft, with points and approaches copied. The old one holds until it is decided."""
    require(policies.can_decide(by))
    old = locked(decision)
    refuse_unless(
        DecisionState.REVISED in DECISION_MOVES.get(old.state, ()),
        _("Bara ett beslut som gäller kan revideras."),
    )
    refuse_unless(
        not SteeringDecision.objects.filter(replaces=old).exists(),
        _("Det finns redan ett utkast till ny version. Öppna det i stället."),
    )
    new = SteeringDecision.objects.create(
        response=old.response,
        number=old.number,
        version=old.version + 1,
        replaces=old,
        urgency=old.urgency,
        aim=old.aim,
        aim_en=old.aim_en,
        formal_basis=old.formal_basis,
        review_on=old.review_on,
    )
    DirectionPoint.objects.bulk_create(
        DirectionPoint(
            decision=new,
            order=point.order,
            text=point.text,
            text_en=point.text_en,
            is_public=point.is_public,
            no_assignment=point.no_assignment,
            no_assignment_reason=point.no_assignment_reason,
            replaces=point,
        )
        for point in old.points.all()
    )
    Approach.objects.bulk_create(
        Approach(
            decision=new,
            order=approach.order,
            text=approach.text,
            text_en=approach.text_en,
            is_public=approach.is_public,
        )
        for approach in old.approaches.all()
    )
    record(new, "revision_begun", by=by, now=now, replaces=old.pk)
    return new


@transaction.atomic
def choose(
    decision: SteeringDecision,
    assignment: Assignment,
    *,
    choice: str,
    new_due_at: dt.datetime | None = None,
    reason: str = "",
    by: Actor,
    now: dt.datetime,
) -> RevisionChoice:
    """Say what the revision does with one open assignment of the version before."""
    require(policies.can_decide(by))
    _must_be_draft(locked(decision))
    refuse_unless(
        decision.replaces_id is not None and assignment.decision_id == decision.replaces_id,
        _("Uppdraget hör inte till det beslut som revideras."),
    )
    if choice != RevisionChoice.Choice.KEEP:
        refuse_unless(reason.strip(), _("Skriv varför uppdraget flyttas eller tas bort."))
    if choice == RevisionChoice.Choice.MOVE:
        refuse_unless(new_due_at, _("Välj en ny dag för uppdraget."))
        assert new_due_at is not None
        require_future_due(new_due_at, now=now)
    values = {
        "choice": choice,
        "new_due_at": new_due_at if choice == RevisionChoice.Choice.MOVE else None,
        "reason": "" if choice == RevisionChoice.Choice.KEEP else reason,
    }
    made = RevisionChoice.objects.filter(decision=decision, assignment=assignment, **values).first()
    if made is not None:
        return made
    row, _created = RevisionChoice.objects.update_or_create(decision=decision, assignment=assignment, defaults=values)
    record(decision, "revision_choice", by=by, now=now, assignment=assignment.pk, choice=choice)
    return row


@transaction.atomic
def follow_up(
    decision: SteeringDecision, follow_up_round: FollowUpRound, *, by: Actor, now: dt.datetime, seen: int | None = None
) -> SteeringDecision:
    """The decision is followed up, at a closed round, when every assignment is accepted or excepted with a reason."""
    require(policies.can_decide(by))
    locked(decision)  # nothing is issued while it is followed up
    refuse_unless(
        follow_up_round.decision_id == decision.pk and follow_up_round.state == RoundState.CLOSED,
        _("Avsluta avstämningen av beslutet först."),
    )
    unanswered = unanswered_assignments(decision)
    refuse_unless(
        not unanswered,
        _("Beslutet har uppdrag utan godkänt svar: %(numbers)s. Godkänn dem eller anteckna ett undantag.")
        % {"numbers": ", ".join(assignment.number for assignment in unanswered)},
    )
    return move(
        decision,
        to=DecisionState.FOLLOWED_UP,
        allowed=DECISION_MOVES,
        by=by,
        now=now,
        seen=seen,
        also_set={"followed_up_at": now},
        round=follow_up_round.pk,
    )


def unanswered_assignments(decision: SteeringDecision) -> list[Assignment]:
    """Assignments that are neither accepted, nor cancelled, nor excepted with a reason."""
    return list(
        decision.assignments.exclude(state__in=[AssignmentState.ACCEPTED, AssignmentState.CANCELLED])
        .filter(exception_reason="")
        .select_related("decision")
        .order_by("order")
    )


def end_decision(
    decision: SteeringDecision,
    *,
    closing_text: str,
    closing_text_en: str = "",
    by: Actor,
    now: dt.datetime,
    seen: int | None = None,
) -> SteeringDecision:
    """End a followed-up decision with a text that residents can read."""
    require(policies.can_decide(by))
    refuse_unless(closing_text.strip(), _("Skriv en avslutande text till invånarna."))
    return move(
        decision,
        to=DecisionState.ENDED,
        allowed=DECISION_MOVES,
        by=by,
        now=now,
        seen=seen,
        also_set={"ended_at": now, "closing_text": closing_text, "closing_text_en": closing_text_en},
    )


@transaction.atomic
def discard_draft(decision: SteeringDecision, *, by: Actor, now: dt.datetime, seen: int | None = None) -> None:
    """Throw a draft away, with its drafted assignments. A decision taken can never be removed."""
    require(policies.can_lead(by))
    fresh = locked(decision)
    _must_be_draft(fresh)
    check_seen(fresh, seen)
    refuse_unless(not fresh.shares.exists(), _("Utkastet har delats med en annan organisation och kan inte tas bort."))
    record(fresh, "discarded", by=by, now=now)
    fresh.assignments.all().delete()
    fresh.delete()


def _must_be_draft(decision: SteeringDecision) -> None:
    refuse_unless(
        decision.is_draft, _("Beslutet är fattat och kan inte ändras. Revidera det, så blir det en ny version.")
    )
