"""Report-backs: drafted inside the department, submitted and fixed, accepted or returned by somebody else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from incidents import policies, reminders
from incidents.lifecycle import (
    ASSIGNMENT_MOVES,
    OUTCOMES_OFF_TRACK,
    OUTCOMES_UNFINISHED,
    REPORT_MOVES,
    REQUEST_MOVES,
    AssignmentState,
    Outcome,
    ReportState,
    RequestState,
)
from incidents.models import Assignment, DraftShare, FollowUpRound, Meeting, ReportBack, SteeringDecision
from lysekil_trygghet.accounts.actors import Actor
from lysekil_trygghet.accounts.models import Organisation
from lysekil_trygghet.history.guards import refuse_unless, require
from lysekil_trygghet.history.operations import MoveNotAllowed, StalePage, locked, move, record
from lysekil_trygghet.notifications.operations import cancel, nudge, plan

from .assignments import move_due_to
from .guards import require_future_due


def begins_next(version: ReportBack) -> bool:
    """A returned or waiting version is the starting point of the next, so that nothing must be typed again.

    After an accepted one the work went on and there is something new to tell: the page begins empty.
    """
    return version.state in (ReportState.RETURNED, ReportState.SUBMITTED)


@transaction.atomic
def open_draft(assignment: Assignment, *, by: Actor, now: dt.datetime) -> ReportBack:
    """The draft the department is writing on, made if there is none. Seen by the own organisation only.

    While a version waits for an answer a new draft can still be written; submitting it replaces that version.
    """
    fresh = locked(assignment)
    refuse_unless(
        fresh.state != AssignmentState.CANCELLED,
        _("Uppdraget har utgått. Du behöver inte återrapportera det."),
    )
    require(
        policies.can_draft_report(by, fresh)
        or (fresh.state == AssignmentState.ACCEPTED and policies.can_see_assignment(by, fresh))
    )
    refuse_unless(
        fresh.state != AssignmentState.ACCEPTED,
        _("Återrapporten är redan godkänd. Kontakta samordnaren om något behöver rättas."),
    )
    draft = fresh.reports.filter(state=ReportState.DRAFT).first()
    if draft is not None:
        return draft
    before = fresh.reports.order_by("-version").first()
    version = (fresh.reports.aggregate(last=Max("version"))["last"] or 0) + 1
    texts = {name: getattr(before, name) for name in ReportBack.TEXTS} if before and begins_next(before) else {}
    draft = ReportBack.objects.create(assignment=fresh, version=version, saved_at=now, **texts)
    record(draft, "created", by=by, now=now, assignment=fresh.pk, version=version)
    return draft


@transaction.atomic
def save_draft(
    report: ReportBack, *, values: Mapping[str, Any], by: Actor, now: dt.datetime, seen: int | None = None
) -> ReportBack:
    """Keep what is typed so far (also by itself, every few seconds). Raises `StalePage` if a colleague saved.

    Also when the assignment was cancelled or answered meanwhile: what somebody typed is never thrown away.
    """
    require(policies.can_answer_for(by, report.assignment.organisation_id))
    fresh = locked(report)
    refuse_unless(
        fresh.state == ReportState.DRAFT,
        _("Den här versionen är redan inlämnad. Öppna uppdraget igen för att skriva en ny version."),
    )
    if seen is not None and fresh.revision != seen:
        raise StalePage(fresh)
    for name in ReportBack.TEXTS:
        if name in values:
            setattr(fresh, name, values[name])
    fresh.saved_at = now
    fresh.revision += 1
    fresh.save(update_fields=[*ReportBack.TEXTS, "saved_at", "revision"])
    return fresh


@transaction.atomic
def write_draft(
    assignment: Assignment,
    *,
    values: Mapping[str, Any],
    version: int | None,
    seen: int | None,
    by: Actor,
    now: dt.datetime,
) -> ReportBack:
    """Save what a page typed, opening the draft if there is none. `version` and `seen`: what the page showed.

    Raises `StalePage` if a colleague wrote or submitted something else meanwhile, `MoveNotAllowed` if exactly this
    was submitted already. The same save sent twice is one save.
    """
    fresh = locked(assignment)
    submitted = fresh.reports.exclude(state=ReportState.DRAFT)
    done = submitted.filter(version=version).first() if version is not None else None
    if done is not None and policies.can_see_report(by, done):
        if _says(done, values):
            raise MoveNotAllowed(done, state=done.state, to=ReportState.DRAFT)
        if fresh.state not in (AssignmentState.CANCELLED, AssignmentState.ACCEPTED):
            raise StalePage(done)
    draft = open_draft(fresh, by=by, now=now)
    if version is not None and draft.version != version:
        raise StalePage(draft)
    if seen is not None and draft.revision != seen and _says(draft, values):
        return draft
    return save_draft(draft, values=values, by=by, now=now, seen=seen)


def _says(report: ReportBack, values: Mapping[str, Any]) -> bool:
    return all(getattr(report, name) == value for name, value in values.items() if name in ReportBack.TEXTS)


@transaction.atomic
def ask_to_submit(report: ReportBack, *, by: Actor, now: dt.datetime) -> ReportBack:
    """The case officer says the draft is ready; the head, or whoever submits for the department, is told."""
    require(policies.can_draft_report(by, report.assignment))
    fresh = locked(report)
    if fresh.state != ReportState.DRAFT:
        raise MoveNotAllowed(fresh, state=fresh.state, to=ReportState.SUBMITTED)
    missing = missing_before_submit(fresh)
    refuse_unless(not missing, " ".join(missing.values()))
    if plan(reminders.ready_to_submit(fresh, now=now), now=now):
        record(fresh, "ready_for_submission", by=by, now=now, assignment=fresh.assignment_id, version=fresh.version)
    nudge()
    return fresh


def missing_before_submit(report: ReportBack) -> dict[str, str]:
    """Field name → what is missing before the report can be submitted; empty when nothing is."""
    missing = {}
    if report.outcome not in Outcome.values:
        missing["outcome"] = _("Välj hur det gick.")
    if not report.done_text.strip():
        missing["done_text"] = _("Skriv vad ni har gjort.")
    if report.outcome in OUTCOMES_OFF_TRACK and not report.off_track_reason.strip():
        missing["off_track_reason"] = _("Skriv varför det inte är klart.")
    return missing


@transaction.atomic
def submit(
    report: ReportBack, *, secrecy_checked: bool, by: Actor, now: dt.datetime, seen: int | None = None
) -> ReportBack:
    """Submit in the department's name. Fixed from here; reminders to the department stop.

    Refused without a secrecy check, with something missing, or on a cancelled or accepted assignment.
    """
    require(policies.can_submit_for(by, report.assignment))
    assignment = locked(report.assignment)
    refuse_unless(
        assignment.state != AssignmentState.CANCELLED,
        _("Uppdraget har utgått. Det du har skrivit finns kvar som utkast, men behöver inte lämnas in."),
    )
    fresh = locked(report)
    if fresh.state == ReportState.DRAFT:
        refuse_unless(
            assignment.state != AssignmentState.ACCEPTED,
            _("Återrapporten är redan godkänd. Kontakta samordnaren om något behöver rättas."),
        )
        missing = missing_before_submit(fresh)
        refuse_unless(not missing, " ".join(missing.values()))
        refuse_unless(
            secrecy_checked, _("Bekräfta att du har läst igenom texten och att den inte innehåller sekretess.")
        )
    for waiting in assignment.reports.filter(state=ReportState.SUBMITTED).exclude(pk=fresh.pk):
        if fresh.state == ReportState.DRAFT:
            move(waiting, to=ReportState.REPLACED, allowed=REPORT_MOVES, by=by, now=now, new_version=fresh.version)
            cancel(waiting.subject_key, now=now)
    submitted = move(
        fresh,
        to=ReportState.SUBMITTED,
        allowed=REPORT_MOVES,
        by=by,
        now=now,
        seen=seen,
        also_set={
            "submitted_at": now,
            "submitted_by": by.user,
            "submitted_by_function": by.function_label,
            "secrecy_checked_at": now,
            "secrecy_checked_by_function": by.function_label,
        },
        version=fresh.version,
    )
    if assignment.state != AssignmentState.REPORTED:
        also: dict[str, Any] = {"reported_at": now}
        if assignment.acknowledged_at is None:
            also["acknowledged_at"] = now
        move(
            assignment,
            to=AssignmentState.REPORTED,
            allowed=ASSIGNMENT_MOVES,
            by=by,
            now=now,
            also_set=also,
            report=submitted.pk,
        )
    for request in assignment.requests.filter(state=RequestState.OPEN):
        move(request, to=RequestState.WITHDRAWN, allowed=REQUEST_MOVES, by=by, now=now)
        cancel(request.subject_key, now=now)
    cancel(assignment.subject_key, now=now)
    cancel(submitted.subject_key, now=now, steps={"ready_to_submit"})
    return submitted


@transaction.atomic
def accept(
    report: ReportBack,
    *,
    by: Actor,
    now: dt.datetime,
    new_due_at: dt.datetime | None = None,
    reason: str = "",
    seen: int | None = None,
) -> ReportBack:
    """Accept a report. Work that is not finished gets a new day (it goes on) or a recorded reason (it ends so)."""
    require(policies.can_judge(by, report))
    locked(report.assignment)  # before the report, as in `submit`: nobody waits in a circle
    if report.state == ReportState.SUBMITTED and report.outcome in OUTCOMES_UNFINISHED:
        refuse_unless(
            new_due_at is not None or reason.strip(),
            _("Arbetet är inte klart. Sätt en ny dag för nästa återrapport, eller skriv varför det räcker så här."),
        )
    if new_due_at is not None:
        require_future_due(new_due_at, now=now)
    accepted = move(
        report,
        to=ReportState.ACCEPTED,
        allowed=REPORT_MOVES,
        by=by,
        now=now,
        seen=seen,
        also_set={"answer": reason, "answered_at": now, "answered_by_function": by.function_label},
        version=report.version,
    )
    cancel(report.subject_key, now=now)
    assignment = accepted.assignment
    if new_due_at is None:
        move(
            assignment,
            to=AssignmentState.ACCEPTED,
            allowed=ASSIGNMENT_MOVES,
            by=by,
            now=now,
            also_set={"accepted_at": now, "closing_reason": reason},
            report=report.pk,
        )
        cancel(assignment.subject_key, now=now)
    else:
        move(assignment, to=AssignmentState.ACKNOWLEDGED, allowed=ASSIGNMENT_MOVES, by=by, now=now, verb="continued")
        move_due_to(
            assignment,
            due_at=new_due_at,
            reason=reason.strip() or _("Arbetet fortsätter."),
            cause="CONTINUED",
            by=by,
            now=now,
        )
    return accepted


@transaction.atomic
def return_report(
    report: ReportBack,
    *,
    reason: str,
    new_due_at: dt.datetime,
    by: Actor,
    now: dt.datetime,
    seen: int | None = None,
) -> ReportBack:
    """Send a report back with what is missing and a new day; a new ladder of reminders begins."""
    require(policies.can_judge(by, report))
    locked(report.assignment)
    refuse_unless(reason.strip(), _("Skriv vad som behöver kompletteras."))
    require_future_due(new_due_at, now=now)
    returned = move(
        report,
        to=ReportState.RETURNED,
        allowed=REPORT_MOVES,
        by=by,
        now=now,
        seen=seen,
        also_set={"answer": reason, "answered_at": now, "answered_by_function": by.function_label},
        version=report.version,
    )
    cancel(report.subject_key, now=now)
    move(
        returned.assignment,
        to=AssignmentState.RETURNED,
        allowed=ASSIGNMENT_MOVES,
        by=by,
        now=now,
        report=report.pk,
    )
    move_due_to(returned.assignment, due_at=new_due_at, reason=reason, cause="RETURNED", by=by, now=now)
    nudge()
    return returned


@transaction.atomic
def set_diary_number(
    thing: ReportBack | SteeringDecision | Meeting | FollowUpRound, *, diary_number: str, by: Actor, now: dt.datetime
) -> None:
    """The registrar's number (OSL 5 kap. 1-2 §§). Recorded without the number itself."""
    require(policies.can_set_diary_numbers(by))
    refuse_unless(diary_number.strip(), _("Skriv diarienumret."))
    fresh = locked(thing)
    if fresh.diary_number == diary_number:
        return
    fresh.diary_number = diary_number
    fresh.save(update_fields=["diary_number"])
    record(fresh, "diary_number_set", by=by, now=now)


@transaction.atomic
def share_draft(
    *,
    report: ReportBack | None = None,
    decision: SteeringDecision | None = None,
    organisation: Organisation,
    by: Actor,
    now: dt.datetime,
) -> DraftShare:
    """Open exactly this version of a draft to one other organisation, frozen as it stands.

    Showing a draft to another authority can make it a public document (TF 2 kap. 10 §); the page warns before.
    """
    if report is not None:
        report = locked(report)
        require(policies.can_share_report_draft(by, report))
        own = report.assignment.organisation_id
        snapshot = {name: getattr(report, name) for name in ReportBack.TEXTS}
        snapshot |= {"number": report.assignment.number, "version": report.version}
        subject: ReportBack | SteeringDecision = report
    else:
        assert decision is not None
        decision = locked(decision)
        require(policies.can_share_decision_draft(by, decision))
        own = by.organisation.pk if by.organisation else 0
        snapshot = {
            "number": decision.number,
            "version": decision.version,
            "aim": decision.aim,
            "formal_basis": decision.formal_basis,
            "points": list(decision.points.values_list("text", flat=True)),
            "approaches": list(decision.approaches.values_list("text", flat=True)),
        }
        subject = decision
    refuse_unless(organisation.pk != own, _("Välj en annan organisation än den egna."))
    assert by.user is not None
    share = DraftShare.objects.create(
        report=report,
        decision=decision,
        organisation=organisation,
        snapshot=snapshot,
        shared_at=now,
        shared_by=by.user,
        shared_by_function=by.function_label,
    )
    record(subject, "draft_shared", by=by, now=now, organisation_id=organisation.pk, share=share.pk)
    return share
