"""Who may do what with pledge sets, promises and what belongs to them (docs/rules.md).

The municipality's director and coordinator write the sets. What the Police promise is moved by police roles alone;
the coordinator proposes, or writes down what the Police said in a document. Each question here about one thing has
its list twin in a queryset's `visible_to`; tests hold them together.
"""

from __future__ import annotations

from lysekil_trygghet.accounts.actors import Actor
from lysekil_trygghet.accounts.models import READ_ONLY_ROLES, Organisation
from situation.policies import is_inside as is_inside
from situation.policies import is_municipal_writer as is_municipal_writer

from .lifecycle import SETS_RUNNING, FeedbackState, FollowUpState, PlanState, ProposalState, SetState
from .models import (
    ActionPlan,
    Commitment,
    CooperationAgreement,
    Feedback,
    FollowUp,
    Measure,
    Occurrence,
    PledgeSet,
    PriorityArea,
    ProgressRequest,
    SafetyWalk,
    StatusProposal,
    WalkObservation,
)
from .whose import DEPARTMENT_ROLES as DEPARTMENT_ROLES
from .whose import acts_for as acts_for
from .whose import is_directing as is_directing
from .whose import is_lead as is_lead
from .whose import is_party as is_party
from .whose import is_police_led as is_police_led
from .whose import leads_of as leads_of
from .whose import names_the_police as names_the_police
from .whose import parties_of as parties_of
from .whose import works_for as works_for
from .whose import writes_for_police as writes_for_police

# --- The set --------------------------------------------------------------------------------------------


def can_see_set(actor: Actor, pledge_set: PledgeSet) -> bool:
    """Drafts: those who write them, and organisations they were shown to. Else everybody with a role."""
    if not is_inside(actor):
        return False
    if not pledge_set.is_written or is_municipal_writer(actor):
        return True
    if actor.is_police:
        return pledge_set.opened_to_police_at is not None
    works_in = [m.organisation_id for m in actor.memberships if m.role not in READ_ONLY_ROLES]
    return pledge_set.shares.filter(organisation__in=works_in).exists()


def can_write_sets(actor: Actor) -> bool:
    """Begin a set, from nothing or from the one before."""
    return is_municipal_writer(actor)


def can_edit_set(actor: Actor, pledge_set: PledgeSet) -> bool:
    """Its words, areas and promises: until it is agreed."""
    return can_write_sets(actor) and pledge_set.is_written


def can_keep_set(actor: Actor, pledge_set: PledgeSet) -> bool:
    """What is no promise: diary number, agreement, how often leads are asked. Until it is closed."""
    return can_write_sets(actor) and pledge_set.state not in (SetState.CLOSED, SetState.WITHDRAWN)


def can_share_set(actor: Actor, pledge_set: PledgeSet) -> bool:
    return can_edit_set(actor, pledge_set)


def can_open_to_police(actor: Actor, pledge_set: PledgeSet) -> bool:
    return can_edit_set(actor, pledge_set) and pledge_set.opened_to_police_at is None


def can_agree_for_municipality(actor: Actor, pledge_set: PledgeSet) -> bool:
    """The coordinator's yes."""
    mine = actor.is_coordinator and not actor.is_police
    return mine and pledge_set.is_written and not pledge_set.is_municipality_confirmed


def can_agree_for_police(actor: Actor, pledge_set: PledgeSet) -> bool:
    """The Police's yes, said by a police role to what was opened to them."""
    waits = pledge_set.is_written and not pledge_set.is_police_confirmed
    return actor.is_police and waits and pledge_set.opened_to_police_at is not None


def can_reopen_set(actor: Actor, pledge_set: PledgeSet) -> bool:
    return can_write_sets(actor) and pledge_set.state in (SetState.AGREED, SetState.SIGNED)


def can_record_signatures(actor: Actor, pledge_set: PledgeSet) -> bool:
    return can_write_sets(actor) and pledge_set.state in (SetState.AGREED, SetState.SIGNED)


def can_sign_set(actor: Actor, pledge_set: PledgeSet) -> bool:
    return can_write_sets(actor) and pledge_set.state == SetState.AGREED


def can_publish(actor: Actor) -> bool:
    """Agreed and signed by the parties, shown by the communicator: never the same question."""
    return actor.is_communicator and not actor.is_police


def can_publish_set(actor: Actor, pledge_set: PledgeSet) -> bool:
    return can_publish(actor) and pledge_set.state == SetState.SIGNED


def can_preview_set(actor: Actor, pledge_set: PledgeSet) -> bool:
    """As residents will see it: those who write it, who publishes, the Police; whoever of them sees the set."""
    asks = is_municipal_writer(actor) or can_publish(actor) or actor.is_police
    return asks and can_see_set(actor, pledge_set)


def can_prolong_set(actor: Actor, pledge_set: PledgeSet) -> bool:
    return can_write_sets(actor) and pledge_set.state in SETS_RUNNING


def can_withdraw_set(actor: Actor, pledge_set: PledgeSet) -> bool:
    """What was promised to residents is taken back by the director or the deputy."""
    return is_directing(actor) and pledge_set.state in SETS_RUNNING


def can_write_closing_text(actor: Actor, pledge_set: PledgeSet) -> bool:
    return can_write_sets(actor) and pledge_set.state in SETS_RUNNING


def can_propose_closing(actor: Actor, pledge_set: PledgeSet) -> bool:
    """The coordinator, or the director: then somebody else approves."""
    waits = pledge_set.state == SetState.CLOSING and pledge_set.closing_proposed_at is None
    return can_write_sets(actor) and waits


def may_approve_closing(actor: Actor) -> bool:
    return actor.is_police or is_directing(actor)


def can_approve_closing(actor: Actor, pledge_set: PledgeSet) -> bool:
    """Another person than the one who proposed: a police role, the director or the deputy."""
    proposed = pledge_set.state == SetState.CLOSING and pledge_set.closing_proposed_at is not None
    is_other = actor.user is not None and actor.user.pk != pledge_set.closing_proposed_by_id
    return proposed and is_other and may_approve_closing(actor)


def can_take_back_closing(actor: Actor, pledge_set: PledgeSet) -> bool:
    """Not yet: by those who write the set, and by whoever would approve."""
    proposed = pledge_set.state == SetState.CLOSING and pledge_set.closing_proposed_at is not None
    return proposed and (can_write_sets(actor) or may_approve_closing(actor))


def can_set_diary_number(actor: Actor, pledge_set: PledgeSet) -> bool:
    return (actor.is_registrar or actor.is_coordinator) and can_see_set(actor, pledge_set)


# --- Words the Police stand behind ------------------------------------------------------------------------


def can_confirm_wording(actor: Actor, thing: PriorityArea | Commitment) -> bool:
    """A police role, while the set is a draft that was opened to the Police."""
    pledge_set = thing.pledge_set
    opened = pledge_set.is_written and pledge_set.opened_to_police_at is not None
    return actor.is_police and opened


def can_record_police_wording(actor: Actor, thing: PriorityArea | Commitment) -> bool:
    return writes_for_police(actor) and thing.pledge_set.is_written


def can_send_back(actor: Actor, thing: PriorityArea | Commitment) -> bool:
    """The Police ask for other words."""
    return can_confirm_wording(actor, thing)


def can_comment(actor: Actor, thing: PriorityArea | Commitment) -> bool:
    """The parties' own thread: whoever sees the thing and does not only read."""
    return not actor.only_reads and can_see_set(actor, thing.pledge_set)


# --- The promise --------------------------------------------------------------------------------------------


def can_see_commitment(actor: Actor, commitment: Commitment) -> bool:
    return can_see_set(actor, commitment.pledge_set)


def can_edit_commitment(actor: Actor, commitment: Commitment) -> bool:
    """Its words, parties, what is counted: until the set is agreed."""
    return can_edit_set(actor, commitment.pledge_set)


def can_keep_commitment(actor: Actor, commitment: Commitment) -> bool:
    """What is no promise: the note inside, links, the measure in the plan. Until the set is closed."""
    return can_keep_set(actor, commitment.pledge_set)


def _is_running(commitment: Commitment) -> bool:
    return commitment.pledge_set.state in SETS_RUNNING


def can_move(actor: Actor, commitment: Commitment, organisation: Organisation) -> bool:
    """Say where this lead's part stands."""
    return _is_running(commitment) and organisation in leads_of(commitment) and acts_for(actor, organisation)


def can_move_in_writing(actor: Actor, commitment: Commitment, organisation: Organisation) -> bool:
    """Write down where the Police said their part stands, with document and day."""
    theirs = organisation.is_police and organisation in leads_of(commitment)
    return _is_running(commitment) and theirs and writes_for_police(actor)


def speaks_for_whole(actor: Actor, commitment: Commitment) -> bool:
    """For the promise as a whole: the Police where they lead; else any lead, the coordinator and the director."""
    if is_police_led(commitment):
        return actor.is_police
    return is_lead(actor, commitment) or is_municipal_writer(actor)


def can_set_goal(actor: Actor, commitment: Commitment) -> bool:
    return _is_running(commitment) and speaks_for_whole(actor, commitment)


def can_set_goal_in_writing(actor: Actor, commitment: Commitment) -> bool:
    return _is_running(commitment) and is_police_led(commitment) and writes_for_police(actor)


def can_write_answer(actor: Actor, commitment: Commitment) -> bool:
    """The answer to residents. Where the Police lead, it waits for them unless they wrote it."""
    writes = speaks_for_whole(actor, commitment) or is_lead(actor, commitment) or is_municipal_writer(actor)
    return _is_running(commitment) and writes


def can_confirm_answer(actor: Actor, commitment: Commitment) -> bool:
    waits = bool(commitment.public_note) and commitment.answer_confirmed_at is None
    return _is_running(commitment) and is_police_led(commitment) and waits and actor.is_police


def can_propose(actor: Actor, commitment: Commitment) -> bool:
    """The coordinator says where a promise of the Police stands, for them to decide."""
    return _is_running(commitment) and is_police_led(commitment) and writes_for_police(actor)


def can_decide_proposal(actor: Actor, proposal: StatusProposal) -> bool:
    waits = proposal.state == ProposalState.OPEN and _is_running(proposal.commitment)
    return waits and actor.is_police


def can_take_back_proposal(actor: Actor, proposal: StatusProposal) -> bool:
    return proposal.state == ProposalState.OPEN and writes_for_police(actor)


def can_amend(actor: Actor, commitment: Commitment) -> bool:
    """New words for a promise made. Where the Police lead: they themselves, or in writing (see below)."""
    by_right = actor.is_police if is_police_led(commitment) else is_municipal_writer(actor)
    return _is_running(commitment) and by_right


def can_amend_in_writing(actor: Actor, commitment: Commitment) -> bool:
    return _is_running(commitment) and is_police_led(commitment) and writes_for_police(actor)


def can_keep_figures(actor: Actor, commitment: Commitment) -> bool:
    """Figures with their source: those who write the set, and the leads."""
    open_still = commitment.pledge_set.state not in (SetState.CLOSED, SetState.WITHDRAWN)
    if not open_still or not can_see_commitment(actor, commitment):
        return False
    return is_municipal_writer(actor) or is_lead(actor, commitment)


# --- What was done, and how it went -------------------------------------------------------------------------


def can_set_rhythm(actor: Actor, commitment: Commitment) -> bool:
    """The rule is part of what is promised: it is written with the set."""
    return can_edit_commitment(actor, commitment)


def can_set_pauses(actor: Actor, commitment: Commitment) -> bool:
    """With the set, and while it runs; where the Police lead, by them or by those who write the set."""
    if can_edit_commitment(actor, commitment):
        return True
    return _is_running(commitment) and (is_municipal_writer(actor) or is_lead(actor, commitment))


def can_log(actor: Actor, commitment: Commitment, organisation: Organisation) -> bool:
    """Say that this party held or called off one time. Leads and contributors alike."""
    theirs = organisation in parties_of(commitment)
    return _is_running(commitment) and theirs and acts_for(actor, organisation)


def can_log_in_writing(actor: Actor, commitment: Commitment, organisation: Organisation) -> bool:
    """Write down what the Police said they did, with document and day."""
    theirs = organisation.is_police and organisation in parties_of(commitment)
    return _is_running(commitment) and theirs and writes_for_police(actor)


def can_correct(actor: Actor, occurrence: Occurrence) -> bool:
    """Change, undo or put back one time: as one may log it."""
    return can_log(actor, occurrence.commitment, occurrence.organisation)


def can_correct_in_writing(actor: Actor, occurrence: Occurrence) -> bool:
    return can_log_in_writing(actor, occurrence.commitment, occurrence.organisation)


def can_note_progress(actor: Actor, commitment: Commitment, organisation: Organisation) -> bool:
    """Answer how it goes, asked or not: for this lead."""
    return can_move(actor, commitment, organisation)


def can_note_progress_in_writing(actor: Actor, commitment: Commitment, organisation: Organisation) -> bool:
    return can_move_in_writing(actor, commitment, organisation)


def can_answer_request(actor: Actor, request: ProgressRequest) -> bool:
    return can_note_progress(actor, request.commitment, request.organisation)


def can_write_follow_up(actor: Actor, target: Commitment | Measure | ActionPlan) -> bool:
    """Of a promise: its leads and those who write sets, until it is closed. Of a measure: who is responsible."""
    if isinstance(target, Commitment):
        return _is_running(target) and (is_municipal_writer(actor) or is_lead(actor, target))
    if isinstance(target, Measure):
        return is_municipal_writer(actor) or works_for(actor, target.organisation)
    return is_municipal_writer(actor)


def target_of(follow_up: FollowUp) -> Commitment | Measure | ActionPlan:
    target = follow_up.commitment or follow_up.measure or follow_up.plan
    assert target is not None
    return target


def can_see_follow_up(actor: Actor, follow_up: FollowUp) -> bool:
    target = target_of(follow_up)
    if isinstance(target, Commitment):
        return can_see_commitment(actor, target)
    return can_see_plan(actor, target.plan if isinstance(target, Measure) else target)


def can_edit_follow_up(actor: Actor, follow_up: FollowUp) -> bool:
    return follow_up.state == FollowUpState.DRAFT and can_write_follow_up(actor, target_of(follow_up))


def needs_police(follow_up: FollowUp) -> bool:
    """Of a promise the Police lead, residents read it when the Police have confirmed it."""
    return follow_up.commitment is not None and is_police_led(follow_up.commitment)


# --- Feedback, walks ------------------------------------------------------------------------------------------


def can_see_feedback(actor: Actor) -> bool:
    return is_inside(actor)


def can_write_feedback(actor: Actor) -> bool:
    return is_municipal_writer(actor) or can_publish(actor)


def can_edit_feedback(actor: Actor, feedback: Feedback) -> bool:
    return can_write_feedback(actor) and feedback.state != FeedbackState.PUBLISHED


def can_see_walks(actor: Actor) -> bool:
    return is_inside(actor)


def can_keep_walks(actor: Actor) -> bool:
    """Plan a walk, write what was seen: those who write sets, heads and case officers, the Police."""
    return is_municipal_writer(actor) or actor.is_police or actor.has_role(*DEPARTMENT_ROLES)


def can_publish_walk(actor: Actor, walk: SafetyWalk) -> bool:
    """The communicator, or the coordinator who leads the walks: it is no promise."""
    return can_publish(actor) or (actor.is_coordinator and not actor.is_police)


def can_answer_observation(actor: Actor, observation: WalkObservation) -> bool:
    """Whose it is to answer; for the municipality's own also those who write sets."""
    return observation.owner is not None and acts_for(actor, observation.owner)


# --- What the Police stand behind, once it is written -----------------------------------------------------------


def can_confirm_follow_up(actor: Actor, follow_up: FollowUp) -> bool:
    """A police role, or the coordinator who names their document."""
    return needs_police(follow_up) and (actor.is_police or writes_for_police(actor))


def feedback_needs_police(feedback: Feedback) -> bool:
    """It is about what the Police do, or belongs to a promise they lead."""
    return feedback.about_police or (feedback.commitment is not None and is_police_led(feedback.commitment))


def can_confirm_feedback(actor: Actor, feedback: Feedback) -> bool:
    waits = feedback_needs_police(feedback) and not feedback.is_police_confirmed
    return waits and (actor.is_police or writes_for_police(actor))


def can_answer_observation_in_writing(actor: Actor, observation: WalkObservation) -> bool:
    """Write down what the Police answered, with document and day."""
    return observation.owner is not None and observation.owner.is_police and writes_for_police(actor)


# --- Agreements and plans ---------------------------------------------------------------------------------------


def can_see_agreements(actor: Actor) -> bool:
    return is_inside(actor)


def can_keep_agreements(actor: Actor) -> bool:
    return is_municipal_writer(actor)


def can_number_agreement(actor: Actor, agreement: CooperationAgreement) -> bool:
    return (actor.is_registrar or actor.is_coordinator) and agreement.signed_on is not None


def can_see_plan(actor: Actor, plan: ActionPlan) -> bool:
    """The municipality's draft is its own; a plan decided is read by everybody with a role."""
    if plan.state == PlanState.DRAFT:
        return is_municipal_writer(actor)
    return is_inside(actor)


def can_keep_plans(actor: Actor) -> bool:
    """Write plans and measures, and record that one was decided."""
    return is_municipal_writer(actor)


def can_number_plan(actor: Actor, plan: ActionPlan) -> bool:
    return (actor.is_registrar or actor.is_coordinator) and plan.state != PlanState.DRAFT


def can_edit_plan(actor: Actor, plan: ActionPlan) -> bool:
    return can_keep_plans(actor) and plan.state == PlanState.DRAFT


def can_move_measure(actor: Actor, measure: Measure) -> bool:
    """Say where a measure of a decided plan stands: who is responsible, and those who keep plans."""
    if measure.plan.state not in (PlanState.DECIDED, PlanState.FOLLOWED_UP):
        return False
    return acts_for(actor, measure.organisation)
