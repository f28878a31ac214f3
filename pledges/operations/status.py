"""Where a promise stands: each lead says it for its part, the promise follows; the goal; the answer to residents.

What the Police lead is said by police roles, or by the coordinator who names the document in which they said it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from lysekil_trygghet.accounts.actors import Actor
from lysekil_trygghet.accounts.models import Organisation
from lysekil_trygghet.history.guards import refuse_unless, require
from lysekil_trygghet.history.operations import MoveNotAllowed, change, check_seen, locked, move
from lysekil_trygghet.notifications.operations import cancel
from pledges import policies
from pledges.checks import targets_missed
from pledges.lifecycle import DELIVERY_MOVES, GOAL_MOVES, NEEDS_REASON, Delivery, Goal, PartyRole, combined
from pledges.models import Commitment, CommitmentParty

from .doors import answers_changed, of_running, refuse_identity_number, said_by_police, touched
from .progress import cancel_requests

Proof = tuple[str, dt.date | None]
NO_PROOF: Proof = ("", None)


@transaction.atomic
def set_delivery(
    commitment: Commitment,
    *,
    organisation: Organisation,
    to: str,
    reason: str = "",
    reason_en: str = "",
    by: Actor,
    now: dt.datetime,
    seen: int | None = None,
    document: str = "",
    document_on: dt.date | None = None,
) -> Commitment:
    """A lead says where its part stands; the promise stands where all leads' parts together put it.

    Anything but done as promised needs a reason, which residents read; so does done below a floor.
    """
    fresh = of_running(commitment)
    proof = said_by_police(
        by_right=policies.can_move(by, fresh, organisation),
        in_writing=policies.can_move_in_writing(by, fresh, organisation),
        document=document,
        document_on=document_on,
        now=now,
    )
    return place_part(
        fresh, organisation=organisation, to=to, words=(reason, reason_en), proof=proof, by=by, now=now, seen=seen
    )


def place_part(
    commitment: Commitment,
    *,
    organisation: Organisation,
    to: str,
    words: tuple[str, str],
    proof: Proof,
    by: Actor,
    now: dt.datetime,
    seen: int | None = None,
) -> Commitment:
    """Move one lead's part of a locked promise, and the promise with it. Who may is asked by the caller."""
    refuse_unless(to in Delivery.values, _("Välj en status."))
    reason, reason_en = (text.strip() for text in words)
    leads = list(commitment.parties.filter(role=PartyRole.LEAD).select_related("organisation"))
    part = locked(next(lead for lead in leads if lead.organisation_id == organisation.pk))
    is_same = part.delivery_state == to
    if is_same and (not reason or (reason, reason_en) == (part.reason, part.reason_en)):
        raise MoveNotAllowed(part, state=part.delivery_state, to=to)
    check_seen(commitment, seen)
    refuse_identity_number(reason, reason_en)
    refuse_unless(reason or to not in NEEDS_REASON, _("Skriv varför. Invånarna läser det."))
    others = [lead for lead in leads if lead.pk != part.pk]
    whole = combined([to, *(lead.delivery_state for lead in others)])
    if whole == Delivery.DONE and not (reason or any(lead.reason for lead in others)):
        _refuse_below_floor(commitment)
    values = {"reason": reason, "reason_en": reason_en, "document": proof[0], "document_on": proof[1]}
    details: dict[str, Any] = {"commitment": commitment.pk, "document_on": proof[1]}
    if is_same:
        change(part, by=by, now=now, values=values, verb="reason_changed", **details)
    else:
        move(
            part,
            to=to,
            field="delivery_state",
            allowed=DELIVERY_MOVES,
            by=by,
            now=now,
            also_set=values,
            **details,
        )
    return _placed(commitment, whole, by=by, now=now)


def _refuse_below_floor(commitment: Commitment) -> None:
    missed = targets_missed(commitment)
    words = ", ".join(
        _("%(count)s av %(target)s %(unit)s") % {"count": count, "target": unit.target_min, "unit": unit.name}
        for unit, count in missed
    )
    refuse_unless(
        not missed,
        _("Allt som lovades är inte nått: %(missed)s. Välj en annan status eller skriv varför det ändå är genomfört.")
        % {"missed": words},
    )


def begin_part(commitment: Commitment, part: CommitmentParty, *, by: Actor, now: dt.datetime) -> None:
    """What was only planned has begun, now that something was held; nobody has to say so besides."""
    verb = "begun_by_occurrence"
    move(
        part,
        to=Delivery.ONGOING,
        field="delivery_state",
        allowed={str(Delivery.PLANNED): (Delivery.ONGOING,)},
        by=by,
        now=now,
        verb=verb,
        commitment=commitment.pk,
    )
    leads = commitment.parties.filter(role=PartyRole.LEAD)
    whole = combined(leads.values_list("delivery_state", flat=True))
    if whole != commitment.delivery_state:
        _placed(commitment, whole, by=by, now=now, verb=verb)


def _placed(
    commitment: Commitment, whole: Delivery, *, by: Actor, now: dt.datetime, verb: str | None = None
) -> Commitment:
    """The promise follows its leads: state and reasons."""
    leads = list(commitment.parties.filter(role=PartyRole.LEAD).select_related("organisation"))
    values = {
        "delivery_reason": _reasons(leads, "reason"),
        "delivery_reason_en": _reasons(leads, "reason_en"),
    }
    before = commitment.revision
    pledge_set = commitment.pledge_set
    if whole != commitment.delivery_state:
        fresh = move(
            commitment,
            to=whole,
            field="delivery_state",
            allowed=DELIVERY_MOVES,
            by=by,
            now=now,
            verb=verb,
            also_set=values,
        )
    else:
        fresh = change(commitment, by=by, now=now, values=values, verb="reason_changed")
    if fresh.revision == before:
        fresh = touched(fresh)
    fresh.pledge_set = answers_changed(pledge_set, by=by, now=now)
    cancel_requests(fresh, by=by, now=now)
    return fresh


def _reasons(leads: Sequence[CommitmentParty], name: str) -> str:
    """One lead: its reason. Several: each reason that is given, with whose it is; in English when all are."""
    given = [lead for lead in leads if lead.reason]
    if any(not getattr(lead, name) for lead in given):
        return ""
    if len(leads) == 1:
        return "".join(getattr(lead, name) for lead in given)
    return "\n".join(f"{lead.organisation.name}: {getattr(lead, name)}" for lead in given)


@transaction.atomic
def set_goal(
    commitment: Commitment,
    *,
    to: str,
    by: Actor,
    now: dt.datetime,
    seen: int | None = None,
    document: str = "",
    document_on: dt.date | None = None,
) -> Commitment:
    """The second axis: did it lead where it should. `to=""` says nothing again."""
    fresh = of_running(commitment)
    proof = said_by_police(
        by_right=policies.can_set_goal(by, fresh),
        in_writing=policies.can_set_goal_in_writing(by, fresh),
        document=document,
        document_on=document_on,
        now=now,
    )
    return place_goal(fresh, to=to, proof=proof, by=by, now=now, seen=seen)


def place_goal(
    commitment: Commitment, *, to: str, proof: Proof, by: Actor, now: dt.datetime, seen: int | None = None
) -> Commitment:
    refuse_unless(to in ("", *Goal.values), _("Välj hur det gick med målet."))
    pledge_set = commitment.pledge_set
    fresh = move(
        commitment,
        to=to,
        field="goal_state",
        allowed=GOAL_MOVES,
        by=by,
        now=now,
        seen=seen,
        verb=to.lower() or "goal_cleared",
        also_set=_with_proof(proof),
        document_on=proof[1],
    )
    fresh.pledge_set = answers_changed(pledge_set, by=by, now=now)
    return fresh


def _with_proof(proof: Proof) -> dict[str, Any]:
    """The last document named stays with the promise; older ones are in its history."""
    return {"answer_document": proof[0], "answer_document_on": proof[1]} if proof[0] else {}


@transaction.atomic
def write_answer(
    commitment: Commitment,
    *,
    public_note: str,
    public_note_en: str = "",
    by: Actor,
    now: dt.datetime,
    seen: int | None = None,
    document: str = "",
    document_on: dt.date | None = None,
) -> Commitment:
    """The answer to residents: how it went. Where the Police lead, it is shown once they stand behind it:
    at once when they write it or the coordinator names their document, else after `confirm_answer`.
    """
    fresh = of_running(commitment)
    require(policies.can_write_answer(by, fresh))
    proof = NO_PROOF
    confirmed = by.is_police
    if not by.is_police and policies.is_police_led(fresh) and (document.strip() or document_on is not None):
        proof = said_by_police(
            by_right=False,
            in_writing=policies.writes_for_police(by),
            document=document,
            document_on=document_on,
            now=now,
        )
        confirmed = True
    return place_answer(
        fresh, texts=(public_note, public_note_en), confirmed=confirmed, proof=proof, by=by, now=now, seen=seen
    )


def place_answer(
    commitment: Commitment,
    *,
    texts: tuple[str, str],
    confirmed: bool,
    proof: Proof,
    by: Actor,
    now: dt.datetime,
    seen: int | None = None,
) -> Commitment:
    note, note_en = (text.strip() for text in texts)
    refuse_unless(note, _("Skriv svaret till invånarna."))
    refuse_identity_number(note, note_en)
    pledge_set = commitment.pledge_set
    values: dict[str, Any] = {
        "public_note": note,
        "public_note_en": note_en,
        "answer_confirmed_at": now if confirmed and policies.is_police_led(commitment) else None,
        "answer_document": proof[0],
        "answer_document_on": proof[1],
    }
    if (commitment.public_note, commitment.public_note_en) == (note, note_en) and not confirmed:
        # Saved again as it stood: the Police's yes still stands too.
        values = {}
    fresh = change(commitment, by=by, now=now, values=values, seen=seen, verb="answer_written")
    fresh.pledge_set = answers_changed(pledge_set, by=by, now=now) if values else pledge_set
    return fresh


@transaction.atomic
def confirm_answer(
    commitment: Commitment,
    *,
    by: Actor,
    now: dt.datetime,
    seen: int,
    document: str = "",
    document_on: dt.date | None = None,
) -> Commitment:
    """The Police stand behind an answer somebody else wrote for a promise they lead."""
    fresh = of_running(commitment)
    pledge_set = fresh.pledge_set
    proof = said_by_police(
        by_right=by.is_police and policies.is_police_led(fresh),
        in_writing=policies.can_set_goal_in_writing(by, fresh),
        document=document,
        document_on=document_on,
        now=now,
    )
    refuse_unless(fresh.public_note.strip(), _("Det finns inget svar att bekräfta. Skriv det först."))
    if fresh.answer_confirmed_at is not None:
        raise MoveNotAllowed(fresh, state="ANSWER_CONFIRMED", to="ANSWER_CONFIRMED")
    values = {"answer_confirmed_at": now, "answer_document": proof[0], "answer_document_on": proof[1]}
    verb = "answer_confirmed_in_writing" if proof[0] else "answer_confirmed"
    confirmed = change(fresh, by=by, now=now, values=values, seen=seen, verb=verb)
    cancel(confirmed.subject_key, now=now, steps={"police_waiting"})
    confirmed.pledge_set = pledge_set
    return confirmed
