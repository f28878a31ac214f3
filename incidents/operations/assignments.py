"""Assignments: drafted, issued, acknowledged, asked about, moved, cancelled, excepted (docs/rules.md)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from incidents import deadlines, policies
from incidents.lifecycle import (
    ASSIGNMENT_MOVES,
    NOT_OF_THE_LADDER,
    REQUEST_MOVES,
    AssignmentState,
    DecisionState,
    HowFar,
    ReportState,
    RequestKind,
    RequestState,
)
from incidents.models import (
    Assignment,
    AssignmentRequest,
    DirectionPoint,
    DueChange,
    ProgressNote,
    SteeringDecision,
)
from lysekil_trygghet.accounts.actors import Actor
from lysekil_trygghet.accounts.models import Organisation, User
from lysekil_trygghet.history.guards import refuse_unless, require
from lysekil_trygghet.history.operations import change, check_seen, locked, move, record
from lysekil_trygghet.notifications.operations import cancel, nudge
from pledges.models import Commitment

from .guards import require_future_due


def _next_order(decision: SteeringDecision) -> int:
    """Unused in every version of the decision: a number stands in mails and minutes and is never given again."""
    in_all_versions = Assignment.objects.filter(decision__number=decision.number)
    last = in_all_versions.aggregate(last=Max("order"))["last"] or 0
    return last + 1


def _must_take_assignments(organisation: Organisation) -> None:
    refuse_unless(
        not organisation.is_police,
        _("Kommunen kan inte ge Polisen uppdrag. Skriv det Polisen åtar sig som Polisens åtagande."),
    )
    refuse_unless(organisation.is_active, _("Organisationen används inte längre. Välj en annan."))


@transaction.atomic
def draft_assignment(
    decision: SteeringDecision,
    *,
    organisation: Organisation,
    title: str,
    instruction: str,
    due_at: dt.datetime,
    points: Iterable[DirectionPoint],
    by: Actor,
    now: dt.datetime,
    is_public: bool = False,
    public_text: str = "",
    public_text_en: str = "",
    commitment: Commitment | None = None,
) -> Assignment:
    """Draft an assignment to exactly one organisation, for one or more points. Nobody is told until it is issued."""
    require(policies.can_lead(by))
    points = list(points)
    fresh = locked(decision)
    refuse_unless(
        fresh.state in (DecisionState.DRAFT, DecisionState.DECIDED, DecisionState.IN_FORCE),
        _("Beslutet är avslutat eller ersatt. Lägg uppdraget på det beslut som gäller."),
    )
    _must_take_assignments(organisation)
    _check_content(fresh, points=points, title=title, instruction=instruction)
    require_future_due(due_at, now=now)
    assignment = Assignment.objects.create(
        decision=fresh,
        order=_next_order(fresh),
        organisation=organisation,
        title=title,
        instruction=instruction,
        due_at=due_at,
        is_public=is_public,
        public_text=public_text,
        public_text_en=public_text_en,
        commitment=commitment,
    )
    assignment.points.set(points)
    record(assignment, "created", by=by, now=now, organisation_id=organisation.pk, points=[p.pk for p in points])
    return assignment


@transaction.atomic
def edit_assignment(
    assignment: Assignment,
    *,
    values: Mapping[str, Any],
    points: Iterable[DirectionPoint] | None = None,
    by: Actor,
    now: dt.datetime,
    seen: int | None = None,
) -> Assignment:
    """Change a draft. An issued assignment keeps its words; only its text to residents can still be changed."""
    require(policies.can_lead(by))
    assignment = locked(assignment)
    if assignment.state != AssignmentState.DRAFT:
        refuse_unless(
            set(values) <= {"is_public", "public_text", "public_text_en"} and points is None,
            _("Uppdraget är utfärdat och kan inte skrivas om. Ta bort det och utfärda ett nytt, eller flytta dagen."),
        )
    elif points is not None:
        points = list(points)
        _check_content(
            assignment.decision,
            points=points,
            title=values.get("title", assignment.title),
            instruction=values.get("instruction", assignment.instruction),
        )
    if "due_at" in values:
        require_future_due(values["due_at"], now=now)
    if "organisation" in values:
        _must_take_assignments(values["organisation"])
    links = {} if points is None else {"points": list(points)}
    return change(assignment, by=by, now=now, values=values, links=links, seen=seen)


def _check_content(decision: SteeringDecision, *, points: list[DirectionPoint], title: str, instruction: str) -> None:
    refuse_unless(title.strip() and instruction.strip(), _("Skriv både rubrik och uppdrag."))
    refuse_unless(points, _("Välj minst en inriktningspunkt som uppdraget svarar mot."))
    refuse_unless(
        all(point.decision_id == decision.pk for point in points),
        _("En vald punkt hör till ett annat beslut. Välj bland beslutets egna punkter."),
    )


@transaction.atomic
def remove_draft(assignment: Assignment, *, by: Actor, now: dt.datetime, seen: int | None = None) -> None:
    """Throw away a draft. An issued assignment is cancelled instead, and stays readable."""
    require(policies.can_lead(by))
    fresh = locked(assignment)
    refuse_unless(fresh.state == AssignmentState.DRAFT, _("Uppdraget är utfärdat. Då kan det bara utgå, med skäl."))
    check_seen(fresh, seen)
    record(fresh, "discarded", by=by, now=now)
    fresh.delete()


def issue_assignment(assignment: Assignment, *, by: Actor, now: dt.datetime) -> Assignment:
    """Draft → issued; the ladder of reminders begins. Called by decisions.issue_all, which checks the decision."""
    refuse_unless(
        assignment.due_at > now,
        _("Uppdrag %(number)s har en dag som redan har varit. Välj en ny dag.") % {"number": assignment.number},
    )
    return move(
        assignment,
        to=AssignmentState.ISSUED,
        allowed=ASSIGNMENT_MOVES,
        by=by,
        now=now,
        also_set={"issued_at": now, "ladder_from": now},
        due_at=assignment.due_at,
    )


def acknowledge(assignment: Assignment, *, by: Actor, now: dt.datetime, seen: int | None = None) -> Assignment:
    """The department says it has the assignment. The coordinator is no longer reminded of that."""
    require(policies.can_answer_for(by, assignment.organisation_id) and policies.can_see_assignment(by, assignment))
    fresh = move(
        assignment,
        to=AssignmentState.ACKNOWLEDGED,
        # From reported the way to acknowledged is the leaders' (work goes on), not the department's.
        allowed={AssignmentState.ISSUED: (AssignmentState.ACKNOWLEDGED,)},
        by=by,
        now=now,
        seen=seen,
        also_set={"acknowledged_at": now},
    )
    cancel(fresh.subject_key, now=now, steps={"not_acknowledged"})
    return fresh


def appoint_officer(
    assignment: Assignment, *, officer: User | None, by: Actor, now: dt.datetime, seen: int | None = None
) -> Assignment:
    """The head says which case officer of the own organisation handles it; reminders go there too."""
    require(policies.can_appoint_officer(by, assignment))
    if officer is not None:
        belongs = (
            officer.memberships.active_on(timezone.localdate(now))
            .filter(organisation=assignment.organisation_id)
            .exists()
        )
        refuse_unless(belongs, _("Välj en handläggare i den egna förvaltningen."))
    return change(assignment, by=by, now=now, values={"officer": officer}, seen=seen, verb="officer_appointed")


@transaction.atomic
def note_progress(
    assignment: Assignment, *, how_far: str, text: str = "", by: Actor, now: dt.datetime
) -> ProgressNote:
    """Log how far it has come. It is not the report-back and changes no state."""
    require(policies.can_answer_for(by, assignment.organisation_id))
    refuse_unless(locked(assignment).is_open, _("Uppdraget är avslutat, så det finns inget läge att anteckna."))
    refuse_unless(how_far in HowFar.values, _("Välj hur långt arbetet har kommit."))
    note = ProgressNote.objects.create(
        assignment=assignment,
        organisation_id=assignment.organisation_id,
        how_far=how_far,
        text=text,
        noted_at=now,
        by_function=by.function_label,
    )
    record(assignment, "progress_noted", by=by, now=now, note=note.pk, how_far=how_far)
    return note


def _ask(assignment: Assignment, *, by: Actor, now: dt.datetime, **fields: Any) -> AssignmentRequest:
    require(policies.can_submit_for(by, assignment))
    fresh = locked(assignment)
    refuse_unless(fresh.is_owed, _("Uppdraget väntar inte på något från er just nu, så det finns inget att begära."))
    refuse_unless(fields["reason"].strip(), _("Skriv varför."))
    refuse_unless(
        not fresh.requests.filter(state=RequestState.OPEN).exists(),
        _("Det finns redan en begäran som väntar på svar. Ta tillbaka den om du vill skriva en ny."),
    )
    request = AssignmentRequest.objects.create(
        assignment=fresh,
        organisation_id=fresh.organisation_id,
        asked_at=now,
        asked_by_function=by.function_label,
        **fields,
    )
    record(fresh, "asked_" + fields["kind"].lower(), by=by, now=now, request=request.pk)
    nudge()
    return request


@transaction.atomic
def ask_more_time(
    assignment: Assignment, *, proposed_due_at: dt.datetime, reason: str, by: Actor, now: dt.datetime
) -> AssignmentRequest:
    """The department asks for a later day; the director answers. Until then the old day holds."""
    require(policies.can_submit_for(by, assignment))
    require_future_due(proposed_due_at, now=now)
    refuse_unless(proposed_due_at > assignment.due_at, _("Den föreslagna dagen ligger inte senare än den som gäller."))
    return _ask(assignment, kind=RequestKind.MORE_TIME, proposed_due_at=proposed_due_at, reason=reason, by=by, now=now)


@transaction.atomic
def decline(
    assignment: Assignment, *, proposed_organisation: Organisation, reason: str, by: Actor, now: dt.datetime
) -> AssignmentRequest:
    """The department declines and says who should have it; the director decides."""
    require(policies.can_submit_for(by, assignment))
    _must_take_assignments(proposed_organisation)
    refuse_unless(
        proposed_organisation.pk != assignment.organisation_id, _("Föreslå någon annan än den egna förvaltningen.")
    )
    return _ask(
        assignment,
        kind=RequestKind.DECLINE,
        proposed_organisation=proposed_organisation,
        reason=reason,
        by=by,
        now=now,
    )


@transaction.atomic
def withdraw_request(request: AssignmentRequest, *, by: Actor, now: dt.datetime) -> AssignmentRequest:
    """Take back a request that has no answer yet."""
    require(policies.can_submit_for(by, request.assignment))
    locked(request.assignment)  # before the request, as everybody does: nobody waits in a circle
    fresh = move(request, to=RequestState.WITHDRAWN, allowed=REQUEST_MOVES, by=by, now=now)
    cancel(request.subject_key, now=now)
    record(request.assignment, "request_withdrawn", by=by, now=now, request=request.pk)
    return fresh


@transaction.atomic
def answer_request(
    request: AssignmentRequest,
    *,
    granted: bool,
    answer: str = "",
    due_at: dt.datetime | None = None,
    by: Actor,
    now: dt.datetime,
) -> AssignmentRequest:
    """The director answers. More time moves the day (to `due_at`, or the day asked for).

    A granted decline cancels this assignment and issues it anew to the organisation proposed, so that drafts
    of the first stay with the first; its day is `due_at`, or the old one. A refusal needs words.
    """
    require(policies.can_decide(by))
    assignment = locked(request.assignment)
    request = locked(request)
    if request.state == RequestState.OPEN:
        refuse_unless(assignment.is_owed, _("Uppdraget är redan besvarat. Begäran kan inte längre beviljas."))
        refuse_unless(granted or answer.strip(), _("Skriv varför begäran avslås."))
    fresh = move(
        request,
        to=RequestState.GRANTED if granted else RequestState.REFUSED,
        allowed=REQUEST_MOVES,
        by=by,
        now=now,
        also_set={"answer": answer, "answered_at": now, "answered_by_function": by.function_label},
    )
    cancel(request.subject_key, now=now, steps={"asked"})
    record(assignment, "request_granted" if granted else "request_refused", by=by, now=now, request=request.pk)
    if granted and fresh.kind == RequestKind.MORE_TIME:
        new_day = due_at or fresh.proposed_due_at
        assert new_day is not None
        move_due_to(assignment, due_at=new_day, reason=fresh.reason, cause="GRANTED", by=by, now=now)
    elif granted:
        assert fresh.proposed_organisation is not None
        _hand_over(assignment, to=fresh.proposed_organisation, due_at=due_at, reason=fresh.reason, by=by, now=now)
    nudge()
    return fresh


def _hand_over(
    assignment: Assignment,
    *,
    to: Organisation,
    due_at: dt.datetime | None,
    reason: str,
    by: Actor,
    now: dt.datetime,
) -> Assignment:
    _must_take_assignments(to)
    _must_be_in_work(assignment)
    if due_at is None:
        due_at = assignment.due_at if assignment.due_at > now else deadlines.default_due(now)
    require_future_due(due_at, now=now)
    points = assignment.points.filter(decision=assignment.decision_id) or assignment.points.all()
    heir = Assignment.objects.create(
        decision=assignment.decision,
        order=_next_order(assignment.decision),
        organisation=to,
        title=assignment.title,
        instruction=assignment.instruction,
        due_at=due_at,
        is_public=assignment.is_public,
        public_text=assignment.public_text,
        public_text_en=assignment.public_text_en,
        commitment=assignment.commitment,
    )
    heir.points.set(points)
    record(heir, "created", by=by, now=now, handed_over_from=assignment.pk, organisation_id=to.pk)
    issue_assignment(heir, by=by, now=now)
    cancel_assignment(
        assignment,
        reason=_("Överlämnat till %(organisation)s som uppdrag %(number)s. %(reason)s")
        % {"organisation": to.name, "number": heir.number, "reason": reason},
        by=by,
        now=now,
    )
    return heir


def _must_be_in_work(assignment: Assignment) -> None:
    """A decision that is followed up has an answer or an exception for every assignment, and keeps it."""
    state = SteeringDecision.objects.values_list("state", flat=True).get(pk=assignment.decision_id)
    refuse_unless(
        state not in (DecisionState.FOLLOWED_UP, DecisionState.ENDED),
        _("Beslutet är uppföljt. Revidera det om arbetet ska fortsätta."),
    )


@transaction.atomic
def set_due(
    assignment: Assignment,
    *,
    due_at: dt.datetime,
    reason: str,
    by: Actor,
    now: dt.datetime,
    seen: int | None = None,
) -> Assignment:
    """The director moves the day of an owed assignment, with a reason; the ladder begins anew."""
    require(policies.can_decide(by))
    owed = locked(assignment).is_owed
    refuse_unless(owed, _("Uppdraget väntar inte på en återrapport, så dagen kan inte flyttas."))
    fresh = move_due_to(assignment, due_at=due_at, reason=reason, cause="MOVED", by=by, now=now, seen=seen)
    nudge()
    return fresh


@transaction.atomic
def move_due_to(
    assignment: Assignment,
    *,
    due_at: dt.datetime,
    reason: str,
    cause: str,
    by: Actor,
    now: dt.datetime,
    seen: int | None = None,
) -> Assignment:
    """Move the day, keep the old one with its reason, cancel what was planned for it. Callers check who may.

    An exception falls: with a new day the answer is wanted again, and its ladder must run.
    """
    refuse_unless(reason.strip(), _("Skriv varför dagen flyttas."))
    require_future_due(due_at, now=now)
    fresh = locked(assignment)
    if cause != DueChange.Cause.REVISED:
        _must_be_in_work(fresh)
    DueChange.objects.create(
        assignment=fresh,
        old_due_at=fresh.due_at,
        new_due_at=due_at,
        cause=cause,
        reason=reason,
        changed_at=now,
        by_function=by.function_label,
    )
    cancel(fresh.subject_key, now=now, spare=[NOT_OF_THE_LADDER])
    return change(
        fresh,
        by=by,
        now=now,
        values={"due_at": due_at, "ladder_from": now, "exception_reason": ""},
        seen=seen,
        verb="due_moved",
        cause=cause,
        old_due_at=fresh.due_at,
        new_due_at=due_at,
    )


@transaction.atomic
def cancel_assignment(
    assignment: Assignment, *, reason: str, by: Actor, now: dt.datetime, seen: int | None = None
) -> Assignment:
    """The assignment is no longer wanted. The reason stays, reminders stop, an open request falls."""
    require(policies.can_decide(by))
    refuse_unless(reason.strip(), _("Skriv varför uppdraget utgår."))
    fresh = move(
        assignment,
        to=AssignmentState.CANCELLED,
        allowed=ASSIGNMENT_MOVES,
        by=by,
        now=now,
        seen=seen,
        also_set={"cancelled_reason": reason},
    )
    for request in fresh.requests.filter(state=RequestState.OPEN):
        move(request, to=RequestState.WITHDRAWN, allowed=REQUEST_MOVES, by=by, now=now)
        cancel(request.subject_key, now=now)
    for waiting in fresh.reports.filter(state=ReportState.SUBMITTED):
        cancel(waiting.subject_key, now=now)
    cancel(fresh.subject_key, now=now)
    return fresh


@transaction.atomic
def record_exception(
    assignment: Assignment, *, reason: str, by: Actor, now: dt.datetime, seen: int | None = None
) -> Assignment:
    """Let the decision be followed up although this assignment has no accepted answer; the reason is kept."""
    require(policies.can_decide(by))
    refuse_unless(locked(assignment).is_open, _("Uppdraget är redan besvarat och behöver inget undantag."))
    refuse_unless(reason.strip(), _("Skriv skälet till undantaget."))
    fresh = change(
        assignment, by=by, now=now, values={"exception_reason": reason}, seen=seen, verb="exception_recorded"
    )
    cancel(fresh.subject_key, now=now)
    return fresh
