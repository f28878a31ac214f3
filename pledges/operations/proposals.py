"""The coordinator proposes where a promise of the Police stands; a police role accepts or declines."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from lysekil_trygghet.accounts.actors import Actor
from lysekil_trygghet.history.guards import refuse_unless, require
from lysekil_trygghet.history.operations import MoveNotAllowed, locked, move, record
from lysekil_trygghet.notifications.operations import cancel, nudge
from pledges import policies
from pledges.lifecycle import NEEDS_REASON, PROPOSAL_MOVES, Delivery, Goal, ProposalState
from pledges.models import Commitment, StatusProposal

from .doors import of_running, refuse_identity_number, said_by_police
from .status import place_answer, place_goal, place_part


def subject_key(proposal: StatusProposal) -> str:
    """What the ledger of messages calls it."""
    return f"pledges.proposal:{proposal.pk}"


@transaction.atomic
def propose_status(
    commitment: Commitment,
    *,
    delivery: str,
    goal: str = "",
    reason: str = "",
    public_note: str = "",
    public_note_en: str = "",
    by: Actor,
    now: dt.datetime,
) -> StatusProposal:
    """The coordinator says where it may stand, and how residents could be answered. Nothing moves until the Police
    accept it."""
    fresh = of_running(commitment)
    require(policies.can_propose(by, fresh))
    refuse_unless(delivery in Delivery.values, _("Välj en status."))
    refuse_unless(goal in ("", *Goal.values), _("Välj hur det gick med målet."))
    refuse_unless(reason.strip() or delivery not in NEEDS_REASON, _("Skriv varför. Invånarna läser det."))
    refuse_identity_number(reason, public_note, public_note_en)
    refuse_unless(
        not fresh.proposals.filter(state=ProposalState.OPEN).exists(),
        _("Det finns redan ett förslag som väntar på Polisen. Ta tillbaka det om du vill skriva ett nytt."),
    )
    proposal = StatusProposal.objects.create(
        commitment=fresh,
        delivery=delivery,
        goal=goal,
        reason=reason.strip(),
        public_note=public_note.strip(),
        public_note_en=public_note_en.strip(),
        proposed_at=now,
        proposed_by_function=by.function_label,
    )
    record(fresh, "status_proposed", by=by, now=now, proposal=proposal.pk, delivery=delivery, goal=goal)
    nudge()
    return proposal


@transaction.atomic
def accept_proposal(
    proposal: StatusProposal,
    *,
    by: Actor,
    now: dt.datetime,
    document: str = "",
    document_on: dt.date | None = None,
) -> StatusProposal:
    """The Police say it is so: their part, the goal and the answer become what was proposed, all or nothing."""
    commitment = of_running(proposal.commitment)
    proof = said_by_police(
        by_right=by.is_police,
        in_writing=policies.writes_for_police(by),
        document=document,
        document_on=document_on,
        now=now,
    )
    accepted = move(
        proposal,
        to=ProposalState.ACCEPTED,
        allowed=PROPOSAL_MOVES,
        by=by,
        now=now,
        also_set={"decided_at": now},
        document_on=proof[1],
    )
    for organisation in policies.leads_of(commitment):
        part = commitment.parties.get(organisation=organisation)
        if organisation.is_police and part.delivery_state != accepted.delivery:
            commitment = place_part(
                commitment,
                organisation=organisation,
                to=accepted.delivery,
                words=(accepted.reason, ""),
                proof=proof,
                by=by,
                now=now,
            )
    if accepted.goal and accepted.goal != commitment.goal_state:
        commitment = place_goal(commitment, to=accepted.goal, proof=proof, by=by, now=now)
    if accepted.public_note:
        texts = (accepted.public_note, accepted.public_note_en)
        place_answer(commitment, texts=texts, confirmed=True, proof=proof, by=by, now=now)
    return _decided(accepted, now=now)


@transaction.atomic
def decline_proposal(proposal: StatusProposal, *, reason: str, by: Actor, now: dt.datetime) -> StatusProposal:
    """The Police say it is not so, and why."""
    of_running(proposal.commitment)
    require(by.is_police)
    refuse_unless(reason.strip(), _("Skriv varför förslaget inte stämmer."))
    declined = move(
        proposal,
        to=ProposalState.DECLINED,
        allowed=PROPOSAL_MOVES,
        by=by,
        now=now,
        also_set={"decided_at": now, "decline_reason": reason.strip()},
    )
    return _decided(declined, now=now)


@transaction.atomic
def take_back_proposal(proposal: StatusProposal, *, by: Actor, now: dt.datetime) -> StatusProposal:
    """The coordinator takes the own proposal back."""
    locked(proposal.commitment.pledge_set)
    require(policies.writes_for_police(by))
    fresh = locked(proposal)
    if fresh.state != ProposalState.OPEN:
        raise MoveNotAllowed(fresh, state=fresh.state, to=ProposalState.DECLINED)
    declined = move(
        fresh,
        to=ProposalState.DECLINED,
        allowed=PROPOSAL_MOVES,
        by=by,
        now=now,
        verb="taken_back",
        also_set={"decided_at": now, "decline_reason": _("Förslaget togs tillbaka.")},
    )
    return _decided(declined, now=now)


def _decided(proposal: StatusProposal, *, now: dt.datetime) -> StatusProposal:
    cancel(subject_key(proposal), now=now)
    nudge()
    return proposal
