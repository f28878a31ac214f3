"""The end of a set: its period runs out, every promise is answered, one person proposes and another approves."""

from __future__ import annotations

import datetime as dt
import logging

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lysekil_trygghet.accounts.actors import Actor
from lysekil_trygghet.history.guards import Refused, refuse_unless, require
from lysekil_trygghet.history.operations import MoveNotAllowed, change, check_seen, locked, move
from lysekil_trygghet.notifications.operations import cancel, nudge
from pledges import policies
from pledges.checks import missing_to_close
from pledges.lifecycle import SET_MOVES, SetState
from pledges.models import PledgeSet

from .doors import refuse_identity_number, running
from .progress import call_off_unneeded

log = logging.getLogger(__name__)

NOT_PROPOSED = {"closing_proposed_at": None, "closing_proposed_by": None}


@transaction.atomic
def begin_closing(pledge_set: PledgeSet, *, now: dt.datetime, by: Actor | None = None) -> PledgeSet:
    """Published → closing, from the day after the last day on. By the clock, or by those who write sets."""
    by = by or Actor.system()
    require(by == Actor.system() or policies.can_write_sets(by))
    fresh = locked(pledge_set)
    if fresh.state == SetState.PUBLISHED:
        over = fresh.period_end < timezone.localdate(now)
        refuse_unless(over, _("Löftena gäller fortfarande. De följs upp när perioden är slut."))
    closing = move(fresh, to=SetState.CLOSING, allowed=SET_MOVES, by=by, now=now)
    nudge()
    return closing


def begin_due_closings(*, now: dt.datetime) -> int:
    """At every sweep: sets whose last day has passed in Sweden begin to be followed up."""
    over = PledgeSet.objects.filter(state=SetState.PUBLISHED, period_end__lt=timezone.localdate(now))
    done = 0
    for pledge_set in over:
        try:
            begin_closing(pledge_set, now=now)
        except (MoveNotAllowed, Refused):
            # Another sweep was here first, or the set was prolonged just now.
            log.info("closing by the clock came second: %s", pledge_set.pk)
        else:
            done += 1
    return done


@transaction.atomic
def write_closing_text(
    pledge_set: PledgeSet,
    *,
    closing_text: str,
    closing_text_en: str = "",
    by: Actor,
    now: dt.datetime,
    seen: int | None = None,
) -> PledgeSet:
    """How it went on the whole, for residents. What waits for approval is proposed anew."""
    require(policies.can_write_sets(by))
    fresh = running(pledge_set)
    refuse_identity_number(closing_text, closing_text_en)
    values: dict[str, str | None] = {"closing_text": closing_text.strip(), "closing_text_en": closing_text_en.strip()}
    if any(getattr(fresh, name) != value for name, value in values.items()):
        values |= NOT_PROPOSED
    return change(fresh, by=by, now=now, values=values, seen=seen, verb="closing_text_written")


@transaction.atomic
def propose_closing(pledge_set: PledgeSet, *, by: Actor, now: dt.datetime, seen: int | None = None) -> PledgeSet:
    """Say that everything is answered; another person then approves. Refused with all that is missing."""
    require(policies.can_write_sets(by))
    fresh = locked(pledge_set)
    if fresh.state != SetState.CLOSING:
        raise MoveNotAllowed(fresh, state=fresh.state, to=SetState.CLOSED)
    if fresh.closing_proposed_at is not None:
        raise MoveNotAllowed(fresh, state="CLOSING_PROPOSED", to="CLOSING_PROPOSED")
    check_seen(fresh, seen)
    missing = missing_to_close(fresh)
    refuse_unless(not missing, " ".join(missing))
    values = {"closing_proposed_at": now, "closing_proposed_by": by.user}
    proposed = change(fresh, by=by, now=now, values=values, verb="closing_proposed")
    nudge()
    return proposed


@transaction.atomic
def take_back_closing(pledge_set: PledgeSet, *, by: Actor, now: dt.datetime, seen: int | None = None) -> PledgeSet:
    """Not yet: the proposal to close falls."""
    require(policies.can_write_sets(by) or policies.may_approve_closing(by))
    fresh = locked(pledge_set)
    if fresh.state != SetState.CLOSING or fresh.closing_proposed_at is None:
        raise MoveNotAllowed(fresh, state=fresh.state, to=SetState.CLOSING)
    return change(fresh, by=by, now=now, values=NOT_PROPOSED, seen=seen, verb="closing_taken_back")


@transaction.atomic
def approve_closing(pledge_set: PledgeSet, *, by: Actor, now: dt.datetime, seen: int | None = None) -> PledgeSet:
    """Closing → closed, by another person than the one who proposed: a police role, the director or the deputy."""
    require(policies.may_approve_closing(by))
    fresh = locked(pledge_set)
    if fresh.state == SetState.CLOSING:
        refuse_unless(fresh.closing_proposed_at, _("Ingen har föreslagit att löftena avslutas. Föreslå det först."))
        refuse_unless(
            policies.can_approve_closing(by, fresh),
            _("Den som har föreslagit avslutet kan inte godkänna det. Be någon annan."),
        )
        check_seen(fresh, seen)
        missing = missing_to_close(fresh)
        refuse_unless(not missing, " ".join(missing))
    closed = move(
        fresh,
        to=SetState.CLOSED,
        allowed=SET_MOVES,
        by=by,
        now=now,
        seen=seen,
        also_set={"closed_at": now, "closed_by_function": by.function_label},
    )
    cancel(closed.subject_key, now=now)
    call_off_unneeded(by=by, now=now, pledge_set=closed)
    nudge()
    return closed
