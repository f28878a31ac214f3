"""Asking each lead how it goes, and what they answer: for the parties, never public.

`ask_due` runs at every sweep and makes each question once; reminders.py tells who is to answer it. What is asked
when stands in deadlines.py.
"""

from __future__ import annotations

import datetime as dt
import logging
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Prefetch, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from lysekil_trygghet.accounts.actors import Actor
from lysekil_trygghet.accounts.models import Organisation
from lysekil_trygghet.history.guards import Refused, refuse_unless, require
from lysekil_trygghet.history.operations import MoveNotAllowed, change, locked, move, record
from lysekil_trygghet.notifications.operations import cancel, nudge
from pledges import deadlines, policies
from pledges.lifecycle import FINAL, REQUEST_MOVES, SETS_RUNNING, Delivery, Outlook, PartyRole, RequestState
from pledges.models import Commitment, CommitmentParty, PledgeSet, ProgressNote, ProgressRequest

from .doors import of_running, refuse_identity_number, said_by_police

log = logging.getLogger(__name__)

# Nobody is asked about what is finally answered for, or rests.
QUIET = (*FINAL, Delivery.PAUSED)
# Then what hinders is worth more than the word alone.
NEEDS_WORDS = (Outlook.DELAYED, Outlook.AT_RISK)


# --- Asked by the clock -------------------------------------------------------------------------------


def ask_due(*, now: dt.datetime) -> int:
    """At every sweep: the questions whose day has come, each lead of each promise that runs. Returns how many.

    Of days missed while nothing ran only the newest is asked. What needs no answer any more is called off.
    """
    call_off_unneeded(by=Actor.system(), now=now)
    leads = CommitmentParty.objects.filter(role=PartyRole.LEAD).exclude(delivery_state__in=QUIET)
    rows = (
        Commitment.objects.filter(pledge_set__state__in=SETS_RUNNING)
        .exclude(delivery_state__in=QUIET)
        .select_related("pledge_set")
        .prefetch_related(Prefetch("parties", leads.select_related("organisation"), to_attr="asked"), "requests")
        .order_by("pk")
    )
    done = 0
    for commitment in list(rows):
        question = _question(commitment, now=now)
        if question is None:
            continue
        requests = list(commitment.requests.all())
        for lead in commitment.asked:
            theirs = [request for request in requests if request.organisation_id == lead.organisation_id]
            if not _is_asked(question, theirs):
                done += _ask(commitment, lead.organisation, now=now)
    return done


def _question(commitment: Commitment, *, now: dt.datetime) -> deadlines.Question | None:
    """What is to be asked of the promise by now; nothing whose day was over before residents could read it."""
    pledge_set = commitment.pledge_set
    question = deadlines.to_ask(
        commitment.starts_on(),
        commitment.ends_on(),
        every_months=pledge_set.progress_interval_months,
        today=timezone.localdate(now),
    )
    shown = pledge_set.published_at
    if question is None or shown is None or question.day <= timezone.localdate(shown):
        return None
    return question


def _is_asked(question: deadlines.Question, requests: list[ProgressRequest]) -> bool:
    """This one was asked, a later one, or one so near before it that they are the same to whoever answers."""
    earliest = question.day if question.is_last else question.day - deadlines.LEAST_APART
    return any(timezone.localdate(request.due_at) >= earliest for request in requests)


@transaction.atomic
def _ask(commitment: Commitment, organisation: Organisation, *, now: dt.datetime) -> int:
    """Look again with the promise locked: another sweep may have been here, or the set closed. 1 if it was asked."""
    try:
        fresh = of_running(commitment)
    except Refused:
        log.info("a question came second to the closing of its set: %s", commitment.pk)
        return 0
    question = _question(fresh, now=now)
    lead = fresh.parties.filter(organisation=organisation, role=PartyRole.LEAD).exclude(delivery_state__in=QUIET)
    if question is None or fresh.delivery_state in QUIET or not lead.exists():
        return 0
    if _is_asked(question, list(fresh.requests.filter(organisation=organisation))):
        return 0
    request, is_new = ProgressRequest.objects.get_or_create(
        commitment=fresh,
        organisation=organisation,
        due_at=deadlines.due_at(question, today=timezone.localdate(now)),
        defaults={"asked_at": now, "ladder_from": now, "is_last": question.is_last},
    )
    if is_new:
        record(request, "asked", by=Actor.system(), now=now, commitment=fresh.pk, organisation_id=organisation.pk)
    return int(is_new)


def call_off_unneeded(
    *, by: Actor, now: dt.datetime, commitment: Commitment | None = None, pledge_set: PledgeSet | None = None
) -> int:
    """Questions nobody has to answer any more: of a set that ended, a promise or part that is final or rests."""
    lead = CommitmentParty.objects.filter(
        commitment=OuterRef("commitment"), organisation=OuterRef("organisation"), role=PartyRole.LEAD
    ).exclude(delivery_state__in=QUIET)
    unneeded = ProgressRequest.objects.filter(
        ~Exists(lead) | ~Q(commitment__pledge_set__state__in=SETS_RUNNING) | Q(commitment__delivery_state__in=QUIET),
        state=RequestState.ASKED,
    )
    if commitment is not None:
        unneeded = unneeded.filter(commitment=commitment)
    if pledge_set is not None:
        unneeded = unneeded.filter(commitment__pledge_set=pledge_set)
    return sum(_call_off(request, by=by, now=now) for request in unneeded.order_by("pk"))


def cancel_requests(commitment: Commitment, *, by: Actor, now: dt.datetime) -> int:
    """The promise has just been answered for, or rests: its leads are asked no more."""
    return call_off_unneeded(by=by, now=now, commitment=commitment)


@transaction.atomic
def _call_off(request: ProgressRequest, *, by: Actor, now: dt.datetime) -> int:
    try:
        move(request, to=RequestState.CANCELLED, allowed=REQUEST_MOVES, by=by, now=now)
    except MoveNotAllowed:
        # It was answered just now.
        return 0
    cancel(request.subject_key, now=now)
    return 1


@transaction.atomic
def set_due(
    request: ProgressRequest, *, due_at: dt.datetime, by: Actor, now: dt.datetime, seen: int | None = None
) -> ProgressRequest:
    """Give a lead another day to answer; reminders begin anew."""
    require(policies.is_municipal_writer(by))
    fresh = locked(request)
    if fresh.state != RequestState.ASKED:
        raise MoveNotAllowed(fresh, state=fresh.state, to=RequestState.ASKED)
    refuse_unless(due_at > now, _("Tiden har redan passerat. Välj en tid som ligger framåt."))
    last = fresh.commitment.pledge_set.period_end
    refuse_unless(timezone.localdate(due_at) <= last, _("Dagen ligger efter löftenas sista dag. Välj en tidigare."))
    others = ProgressRequest.objects.filter(
        commitment=fresh.commitment_id, organisation=fresh.organisation_id, due_at=due_at
    )
    refuse_unless(
        not others.exclude(pk=fresh.pk).exists(), _("Det finns redan en fråga med den dagen. Välj en annan.")
    )
    values = {"due_at": due_at, "ladder_from": now}
    if due_at == fresh.due_at:
        return fresh
    changed = change(fresh, by=by, now=now, values=values, seen=seen, verb="day_moved", due_at=due_at)
    cancel(changed.subject_key, now=now)
    nudge()
    return changed


# --- Answered -----------------------------------------------------------------------------------------


@transaction.atomic
def answer(
    asked: ProgressRequest | Commitment,
    *,
    organisation: Organisation | None = None,
    outlook: str,
    text: str = "",
    next_step: str = "",
    by: Actor,
    now: dt.datetime,
    document: str = "",
    document_on: dt.date | None = None,
) -> ProgressNote:
    """A lead's word on how it goes, asked or not. It answers whatever question to that lead is open.

    For the Police a police role says it, or the coordinator who names their document.
    """
    request = asked if isinstance(asked, ProgressRequest) else None
    commitment = asked.commitment if isinstance(asked, ProgressRequest) else asked
    party = request.organisation if request is not None else organisation
    if party is None:
        raise Refused(_("Välj vem som svarar."))
    fresh = of_running(commitment)
    proof = said_by_police(
        by_right=policies.can_note_progress(by, fresh, party),
        in_writing=policies.can_note_progress_in_writing(by, fresh, party),
        document=document,
        document_on=document_on,
        now=now,
    )
    text, next_step = text.strip(), next_step.strip()
    refuse_unless(outlook in Outlook.values, _("Välj hur det går."))
    refuse_unless(text or outlook not in NEEDS_WORDS, _("Skriv vad som hindrar."))
    refuse_identity_number(text, next_step)
    waiting = list(fresh.requests.filter(organisation=party, state=RequestState.ASKED).order_by("due_at", "pk"))
    if request is not None and request.pk not in {one.pk for one in waiting}:
        now_is = locked(request)
        raise MoveNotAllowed(now_is, state=now_is.state, to=RequestState.ANSWERED)
    also: dict[str, Any] = {"answered_at": now}
    for one in waiting:
        move(one, to=RequestState.ANSWERED, allowed=REQUEST_MOVES, by=by, now=now, also_set=also)
        cancel(one.subject_key, now=now)
    note = ProgressNote.objects.create(
        commitment=fresh,
        organisation=party,
        request=request or (waiting[-1] if waiting else None),
        outlook=outlook,
        text=text,
        next_step=next_step,
        written_at=now,
        written_by=by.user,
        written_by_function=by.function_label,
        document=proof[0],
        document_on=proof[1],
    )
    details = {"organisation_id": party.pk, "outlook": outlook, "document_on": proof[1]}
    record(fresh, "progress_noted", by=by, now=now, note=note.pk, **details)
    return note
