"""Who may do what with events, decisions, assignments and what residents read (docs/rules.md).

Each question here about one thing has its list twin in a queryset's `visible_to`; tests hold them together.
"""

from __future__ import annotations

from lysekil_trygghet.accounts.actors import Actor
from lysekil_trygghet.accounts.models import Organisation, Power, Role

from . import whose
from .lifecycle import (
    ASSIGNMENTS_OPEN,
    ASSIGNMENTS_OWED,
    DECISIONS_TAKEN,
    AssignmentState,
    ReportState,
    RequestState,
    RoundState,
    StatusReportState,
)
from .models import (
    Assignment,
    AssignmentRequest,
    DraftShare,
    FollowUpRound,
    ReportBack,
    StatusReport,
    SteeringDecision,
)
from .models.meeting import STATUS_READERS

LEADERS = (Role.MUNICIPAL_DIRECTOR, Role.COORDINATOR)
DEPARTMENT_ROLES = (Role.DEPARTMENT_HEAD, Role.OFFICER)
# Everybody who works in the municipality itself; messages to staff and open meetings are theirs.
OWN_STAFF = (
    Role.MUNICIPAL_DIRECTOR,
    Role.COORDINATOR,
    Role.DEPARTMENT_HEAD,
    Role.OFFICER,
    Role.REGISTRAR,
    Role.COMMUNICATOR,
    Role.ADMINISTRATOR,
)
REPORT_OVERSEERS = (
    Role.REGISTRAR,
    Role.AUDITOR,
    Role.ADMINISTRATOR,
    Role.COMMUNICATOR,
    Role.RESEARCHER,
    Role.ELECTED,
)


# --- Seeing the work as a whole ---------------------------------------------------------------------


def is_inside(actor: Actor) -> bool:
    """Holds a role or a recorded delegation today."""
    return bool(actor.roles or actor.delegated)


def can_see_overview(actor: Actor) -> bool:
    """Läget nu: every signed-in role but the Police sees it; each sees only the rows it may see."""
    return is_inside(actor) and not actor.is_police


def can_see_responses(actor: Actor) -> bool:
    """Events, responses, meetings: everybody with a role, the Police included (they sit at the table)."""
    return is_inside(actor)


def can_lead(actor: Actor) -> bool:
    """Prepare everything around a response: events, convening, meetings, decision drafts, packages."""
    return actor.has_role(*LEADERS) or actor.may_for(Power.DECIDE)


def can_convene(actor: Actor) -> bool:
    """Send the call: the director, a deputy, or the coordinator as the director's secretary."""
    return can_lead(actor)


def can_close_response(actor: Actor) -> bool:
    return can_decide(actor)


# --- The steering decision --------------------------------------------------------------------------


def can_see_decision(actor: Actor, decision: SteeringDecision) -> bool:
    if can_lead(actor):
        return True
    return is_inside(actor) and decision.state in DECISIONS_TAKEN


def can_edit_decision(actor: Actor, decision: SteeringDecision) -> bool:
    """Only a draft is edited; a decision taken is revised into a new version."""
    return can_lead(actor) and decision.is_draft


def can_decide(actor: Actor) -> bool:
    """Decide, revise, follow up, end: the director, or a deputy with a recorded delegation (docs/rules.md)."""
    return actor.is_director or actor.may_for(Power.DECIDE)


def can_issue(actor: Actor) -> bool:
    """Issue the assignments of a decision taken: the director or deputy; the coordinator carries it out."""
    return can_lead(actor)


# --- Assignments and report-backs -------------------------------------------------------------------


def can_answer_for(actor: Actor, organisation: Organisation | int) -> bool:
    """Do the work of an assignment: heads and case officers of the organisation, and whoever submits for it."""
    if actor.is_police:
        return False
    return actor.has_role(*DEPARTMENT_ROLES, organisation=organisation) or actor.may_for(
        Power.SUBMIT_REPORTS, organisation
    )


def can_see_assignment(actor: Actor, assignment: Assignment) -> bool:
    if can_lead(actor):
        return True
    if assignment.state == AssignmentState.DRAFT:
        return False
    if actor.has_role(*REPORT_OVERSEERS) or whose.judges_by_delegation(actor):
        return True
    return assignment.organisation_id in whose.answers_for(actor)


def can_edit_assignment(actor: Actor, assignment: Assignment) -> bool:
    """Drafts only: title, instruction, points, day. What is issued is changed by moving its day or cancelling."""
    return can_lead(actor) and assignment.state == AssignmentState.DRAFT


def can_move_due(actor: Actor, assignment: Assignment) -> bool:
    return can_decide(actor) and assignment.state in ASSIGNMENTS_OWED


def can_cancel_assignment(actor: Actor, assignment: Assignment) -> bool:
    return can_decide(actor) and assignment.state in ASSIGNMENTS_OPEN


def can_acknowledge(actor: Actor, assignment: Assignment) -> bool:
    """A head or case officer of the responsible organisation."""
    return can_answer_for(actor, assignment.organisation_id) and assignment.state == AssignmentState.ISSUED


def can_appoint_officer(actor: Actor, assignment: Assignment) -> bool:
    return (
        actor.has_role(Role.DEPARTMENT_HEAD, organisation=assignment.organisation_id)
        and assignment.state in ASSIGNMENTS_OPEN
    )


def can_note_progress(actor: Actor, assignment: Assignment) -> bool:
    return can_answer_for(actor, assignment.organisation_id) and assignment.state in ASSIGNMENTS_OPEN


def can_request(actor: Actor, assignment: Assignment) -> bool:
    """Ask for more time or decline: the head of the responsible organisation or whoever submits for it."""
    return can_submit_for(actor, assignment) and assignment.state in ASSIGNMENTS_OWED


def can_answer_request(actor: Actor, request: AssignmentRequest) -> bool:
    return can_decide(actor) and request.state == RequestState.OPEN


def can_draft_report(actor: Actor, assignment: Assignment) -> bool:
    """Write on the draft: heads and case officers of the own organisation; also to replace a waiting version."""
    return can_answer_for(actor, assignment.organisation_id) and assignment.state in (
        *ASSIGNMENTS_OWED,
        AssignmentState.REPORTED,
    )


def can_submit_for(actor: Actor, assignment: Assignment) -> bool:
    """Submit, in the department's name: its head, or somebody it has delegated that to."""
    return _submits_for(actor, assignment.organisation_id)


def _submits_for(actor: Actor, organisation: Organisation | int) -> bool:
    if actor.is_police:
        return False
    heads_it = actor.has_role(Role.DEPARTMENT_HEAD, organisation=organisation)
    return heads_it or actor.may_for(Power.SUBMIT_REPORTS, organisation)


def can_submit_report(actor: Actor, report: ReportBack) -> bool:
    return report.state == ReportState.DRAFT and can_submit_for(actor, report.assignment)


def can_see_report(actor: Actor, report: ReportBack) -> bool:
    """Drafts: the own organisation only, whoever else leads. Submitted versions: who sees the assignment."""
    own = report.assignment.organisation_id in whose.answers_for(actor)
    return can_see_assignment(actor, report.assignment) and (own or report.state != ReportState.DRAFT)


def can_judge_for(actor: Actor, organisation: Organisation | int) -> bool:
    """Accept or return what `organisation` reports: never somebody who belongs to it (docs/rules.md).

    The director belongs to Kommunledning, not to a department. The coordinator judges on delegation by role,
    all but the own department's; others need a recorded delegation.
    """
    submits_for_it = actor.may_for(Power.SUBMIT_REPORTS, organisation)
    if actor.is_police or actor.speaks_for(organisation) or submits_for_it:
        return False
    return actor.has_role(*LEADERS) or actor.may_for(Power.DECIDE) or whose.judges_by_delegation(actor)


def can_judge(actor: Actor, report: ReportBack) -> bool:
    """Accept or return this report, were it waiting: nor does anybody who submitted it and has moved since."""
    submitted_it = actor.user is not None and report.submitted_by_id == actor.user.pk
    return not submitted_it and can_judge_for(actor, report.assignment.organisation_id)


def can_judge_report(actor: Actor, report: ReportBack) -> bool:
    """A version that waits, unless the assignment was cancelled meanwhile."""
    waits = report.state == ReportState.SUBMITTED and report.assignment.state == AssignmentState.REPORTED
    return waits and can_judge(actor, report)


def can_record_exception(actor: Actor, assignment: Assignment) -> bool:
    return can_decide(actor) and assignment.state in ASSIGNMENTS_OPEN


def can_hold_round(actor: Actor) -> bool:
    return can_lead(actor) or whose.judges_by_delegation(actor)


def can_see_round(actor: Actor, follow_up_round: FollowUpRound) -> bool:
    """Those who hold it, and once it is closed those who read minutes: heads, registrar, auditor and the like."""
    if can_hold_round(actor):
        return True
    if actor.is_police or follow_up_round.state != RoundState.CLOSED:
        return False
    return can_see_meeting_notes(actor) or actor.has_role(*REPORT_OVERSEERS)


def can_share_report_draft(actor: Actor, report: ReportBack) -> bool:
    return report.state == ReportState.DRAFT and can_submit_for(actor, report.assignment)


def can_share_decision_draft(actor: Actor, decision: SteeringDecision) -> bool:
    return decision.is_draft and can_decide(actor)


def can_see_share(actor: Actor, share: DraftShare) -> bool:
    """The receiving organisation, and those who may see the draft itself."""
    if actor.speaks_for(share.organisation_id):
        return True
    if share.report is not None:
        return can_see_report(actor, share.report)
    return share.decision is not None and can_see_decision(actor, share.decision)


# --- Meetings, situation reports, the Police --------------------------------------------------------


def can_see_meeting_notes(actor: Actor) -> bool:
    """Agenda, notes and open questions of meetings are the municipality's; the Police see theirs on their page."""
    return actor.has_role(
        Role.MUNICIPAL_DIRECTOR,
        Role.COORDINATOR,
        Role.DEPARTMENT_HEAD,
        Role.COMMUNICATOR,
        Role.REGISTRAR,
        Role.AUDITOR,
        Role.RESEARCHER,
    ) or actor.may_for(Power.DECIDE)


def can_see_status_report(actor: Actor, report: StatusReport) -> bool:
    if report.organisation_id in whose.answers_for(actor):
        return True
    reads_all = actor.has_role(*STATUS_READERS) or actor.may_for(Power.DECIDE)
    return report.state == StatusReportState.SUBMITTED and reads_all


def can_write_status_report(actor: Actor, organisation: Organisation | int) -> bool:
    return actor.has_role(*DEPARTMENT_ROLES, organisation=organisation)


def can_submit_status_report(actor: Actor, report: StatusReport) -> bool:
    return report.state == StatusReportState.DRAFT and can_submit_status_reports_for(actor, report.organisation_id)


def can_submit_status_reports_for(actor: Actor, organisation: Organisation | int) -> bool:
    """The head, or whoever submits for the department; a case officer only writes."""
    return _submits_for(actor, organisation)


def can_see_police_page(actor: Actor) -> bool:
    return actor.is_police or can_lead(actor) or actor.is_communicator


def can_confirm_police_text(actor: Actor) -> bool:
    """Only the Police confirm words about the Police."""
    return actor.is_police


def can_move_undertaking(actor: Actor) -> bool:
    """What the Police undertake is moved by the Police; the municipality may only write it down."""
    return actor.is_police


# --- What residents read ----------------------------------------------------------------------------


def can_write_public_texts(actor: Actor) -> bool:
    return can_lead(actor) or actor.is_communicator


def can_approve_content(actor: Actor) -> bool:
    """The content's owner approves; the communicator publishes. Two persons, two questions (docs/rules.md)."""
    return can_lead(actor)


def can_publish(actor: Actor) -> bool:
    return actor.is_communicator


def can_see_publish_queue(actor: Actor) -> bool:
    return actor.is_communicator or can_lead(actor)


def can_edit_contact_points(actor: Actor) -> bool:
    return can_lead(actor) or actor.is_communicator


def can_write_staff_messages(actor: Actor) -> bool:
    return can_lead(actor) or actor.is_communicator


def can_read_staff_messages(actor: Actor) -> bool:
    return actor.has_role(*OWN_STAFF)


def can_set_diary_numbers(actor: Actor) -> bool:
    return actor.is_registrar or actor.is_coordinator
