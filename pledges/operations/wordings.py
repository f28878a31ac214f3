"""The Police's word on each priority and promise: confirmed, sent back for other words, or all at once.

A set is agreed by itself in the moment when both parties have said yes and every wording that is the Police's is
confirmed.
"""

from __future__ import annotations

import datetime as dt
from typing import TypeVar

from django.db import transaction
from django.utils.translation import gettext as _

from lysekil_trygghet.accounts.actors import Actor
from lysekil_trygghet.history.guards import refuse_unless, require
from lysekil_trygghet.history.operations import MoveNotAllowed, change, check_seen, locked, move
from lysekil_trygghet.notifications.operations import cancel
from pledges import policies
from pledges.checks import in_order, missing_in_words, missing_to_agree
from pledges.lifecycle import SET_MOVES, SetState
from pledges.models import Comment, Commitment, PledgeSet, PriorityArea
from situation.operations import confirmations

from .doors import wording_changed

W = TypeVar("W", bound=PriorityArea | Commitment)


def _opened(thing: W) -> W:
    """The locked thing with its locked set, which must be a draft."""
    pledge_set = locked(thing.pledge_set)
    fresh = locked(thing)
    fresh.pledge_set = pledge_set
    if not pledge_set.is_written:
        raise MoveNotAllowed(fresh, state=pledge_set.state, to="CONFIRMED")
    return fresh


@transaction.atomic
def confirm_wording(
    thing: W,
    *,
    by: Actor,
    now: dt.datetime,
    seen: int,
    document: str = "",
    document_on: dt.date | None = None,
) -> W:
    """The Police say yes to one priority or promise: a police role, or their written yes with document and day."""
    fresh = _opened(thing)
    require(policies.can_confirm_wording(by, fresh) or policies.can_record_police_wording(by, fresh))
    confirmed = _confirmed(fresh, by=by, now=now, seen=seen, document=document, document_on=document_on)
    agree_if_whole(fresh.pledge_set, by=by, now=now)
    return confirmed


def _confirmed(thing: W, *, by: Actor, now: dt.datetime, seen: int, document: str, document_on: dt.date | None) -> W:
    confirmed = confirmations.police_confirm(
        thing, by=by, now=now, seen=seen, document=document, document_on=document_on
    )
    cancel(confirmed.subject_key, now=now, steps={"police_waiting"})
    if confirmed.sent_back_at is None:
        return confirmed
    return change(confirmed, by=by, now=now, values={"sent_back_at": None}, verb="answered_by_confirmation")


@transaction.atomic
def send_back(thing: W, *, text: str, by: Actor, now: dt.datetime, seen: int | None = None) -> Comment:
    """The Police ask for other words, and say which. What was confirmed falls, for the thing and the set."""
    fresh = _opened(thing)
    require(policies.can_send_back(by, fresh))
    refuse_unless(text.strip(), _("Skriv vad som behöver ändras."))
    check_seen(fresh, seen)
    if fresh.is_police_confirmed:
        fresh = confirmations.take_back(fresh, by=by, now=now)
    change(fresh, by=by, now=now, values={"sent_back_at": now}, verb="sent_back")
    wording_changed(fresh.pledge_set, by=by, now=now)
    comment = Comment(
        text=text.strip(),
        sends_back=True,
        written_at=now,
        written_by=by.user,
        written_by_function=by.function_label,
        organisation=by.organisation,
    )
    if isinstance(fresh, Commitment):
        comment.commitment = fresh
    else:
        comment.area = fresh
    comment.save()
    return comment


@transaction.atomic
def confirm_all(
    pledge_set: PledgeSet,
    *,
    by: Actor,
    now: dt.datetime,
    seen: int,
    document: str = "",
    document_on: dt.date | None = None,
) -> PledgeSet:
    """The Police say yes to the set and every wording in it that waits for them, as it stood on the page (`seen`).

    The set's revision rises whenever a word in it changes, so one number vouches for the whole.
    """
    fresh = locked(pledge_set)
    require(policies.writes_for_police(by) or (by.is_police and fresh.opened_to_police_at is not None))
    if not fresh.is_written:
        raise MoveNotAllowed(fresh, state=fresh.state, to=SetState.AGREED)
    waiting: list[PriorityArea | Commitment] = [
        *(area for area in fresh.areas.all() if not area.is_police_confirmed),
        *(one for one in in_order(fresh) if policies.names_the_police(one) and not one.is_police_confirmed),
    ]
    if not waiting and fresh.is_police_confirmed:
        raise MoveNotAllowed(fresh, state="POLICE_CONFIRMED", to="POLICE_CONFIRMED")
    check_seen(fresh, seen)
    refuse_while_incomplete(fresh)
    for thing in waiting:
        _confirmed(thing, by=by, now=now, seen=thing.revision, document=document, document_on=document_on)
    if not fresh.is_police_confirmed:
        fresh = confirmations.police_confirm(
            fresh, by=by, now=now, seen=seen, document=document, document_on=document_on
        )
    return agree_if_whole(fresh, by=by, now=now)


def refuse_while_incomplete(pledge_set: PledgeSet) -> None:
    """Neither party says yes to a set in which something is plainly missing."""
    missing = missing_in_words(pledge_set)
    refuse_unless(not missing, " ".join(missing))


def agree_if_whole(pledge_set: PledgeSet, *, by: Actor, now: dt.datetime) -> PledgeSet:
    """Draft → agreed once nothing is missing any more; else the set as it stands."""
    fresh = locked(pledge_set)
    if fresh.is_police_confirmed:
        cancel(fresh.subject_key, now=now, steps={"police_waiting"})
    if not fresh.is_written or missing_to_agree(fresh):
        return fresh
    return move(fresh, to=SetState.AGREED, allowed=SET_MOVES, by=by, now=now, also_set={"agreed_at": now})
