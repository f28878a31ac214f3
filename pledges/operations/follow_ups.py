"""What was done, how it went, what happened: written, finished, opened again. Of a promise, a measure or a plan.

Of a promise the Police lead, residents read it when the Police stand behind it: at once when they finish it, else
after `confirm`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lysekil_trygghet.accounts.actors import Actor
from lysekil_trygghet.history.guards import Refused, refuse_unless, require
from lysekil_trygghet.history.operations import MoveNotAllowed, check_seen, locked, move, record
from lysekil_trygghet.notifications.operations import cancel, nudge
from pledges import policies
from pledges.lifecycle import FOLLOW_UP_MOVES, FollowUpKind, FollowUpState, PlanState
from pledges.models import ActionPlan, Commitment, FollowUp, Measure
from situation.operations import confirmations

from .doors import answers_changed, of_running, refuse_identity_number

Target = Commitment | Measure | ActionPlan
# What each kind is for must be said before it is finished.
NEEDED = {
    FollowUpKind.OUTPUT: "done_text",
    FollowUpKind.PROCESS: "result_text",
    FollowUpKind.EFFECT: "result_text",
}


def subject_key(follow_up: FollowUp) -> str:
    """What the ledger of messages calls it."""
    return f"pledges.follow_up:{follow_up.pk}"


@transaction.atomic
def write_follow_up(target: Target, *, kind: str, values: Mapping[str, Any], by: Actor, now: dt.datetime) -> FollowUp:
    """A draft of one kind over a period; nobody outside reads it until it is finished."""
    fresh = _opened_target(target)
    require(policies.can_write_follow_up(by, fresh))
    refuse_unless(
        kind in FollowUpKind.values,
        _("Välj om uppföljningen säger vad som gjordes, hur det gick eller vad som hände."),
    )
    clean = _clean(values)
    _refuse_odd_period(clean.get("period_start"), clean.get("period_end"))
    follow_up = FollowUp.objects.create(kind=kind, **{_name_of(fresh): fresh}, **clean)
    record(follow_up, "created", by=by, now=now, kind=kind, **{_name_of(fresh): fresh.pk})
    return follow_up


@transaction.atomic
def edit_follow_up(
    follow_up: FollowUp, *, values: Mapping[str, Any], by: Actor, now: dt.datetime, seen: int | None = None
) -> FollowUp:
    """Change a draft. A finished one is opened again first."""
    fresh = _opened(follow_up, by=by)
    if fresh.state != FollowUpState.DRAFT:
        raise Refused(_("Uppföljningen är klar. Öppna den igen om något ska ändras."))
    check_seen(fresh, seen)
    clean = _clean(values)
    _refuse_odd_period(clean.get("period_start", fresh.period_start), clean.get("period_end", fresh.period_end))
    return confirmations.change_confirmed(fresh, values=clean, by=by, now=now)


@transaction.atomic
def finish(follow_up: FollowUp, *, by: Actor, now: dt.datetime, seen: int | None = None) -> FollowUp:
    """Draft → done, with the texts its kind is for. Of a promise the Police lead it then waits for their yes,
    unless they finish it themselves."""
    fresh = _opened(follow_up, by=by)
    also: dict[str, Any] = {"done_at": now}
    if fresh.state == FollowUpState.DRAFT:
        missing = missing_to_finish(fresh, today=timezone.localdate(now))
        refuse_unless(not missing, " ".join(missing))
        if policies.needs_police(fresh) and by.is_police:
            also |= {"police_confirmed_at": now, "police_confirmed_by_function": by.function_label}
    done = move(fresh, to=FollowUpState.DONE, allowed=FOLLOW_UP_MOVES, by=by, now=now, seen=seen, also_set=also)
    _told_otherwise(done, by=by, now=now)
    nudge()
    return done


def missing_to_finish(follow_up: FollowUp, *, today: dt.date) -> list[str]:
    """Plain sentences; empty when it can be finished."""
    missing = []
    if not getattr(follow_up, NEEDED[FollowUpKind(follow_up.kind)]).strip():
        missing.append(
            _("Skriv vad som gjordes.") if follow_up.kind == FollowUpKind.OUTPUT else _("Skriv hur det gick.")
        )
    if follow_up.period_start > today:
        missing.append(_("Tiden som följs upp har inte börjat. Ändra den."))
    return missing


@transaction.atomic
def confirm(
    follow_up: FollowUp,
    *,
    by: Actor,
    now: dt.datetime,
    seen: int,
    document: str = "",
    document_on: dt.date | None = None,
) -> FollowUp:
    """The Police stand behind what somebody else wrote of a promise they lead: a police role, or their document."""
    _opened_target(policies.target_of(follow_up))
    fresh = locked(follow_up)
    require(policies.can_confirm_follow_up(by, fresh))
    refuse_unless(fresh.state == FollowUpState.DONE, _("Uppföljningen är inte klar än. Gör den klar först."))
    confirmed = confirmations.police_confirm(
        fresh, by=by, now=now, seen=seen, document=document, document_on=document_on
    )
    cancel(subject_key(confirmed), now=now)
    return confirmed


@transaction.atomic
def reopen_follow_up(follow_up: FollowUp, *, by: Actor, now: dt.datetime, seen: int | None = None) -> FollowUp:
    """Done → draft: residents do not read it until it is finished again, and the Police say yes anew."""
    fresh = _opened(follow_up, by=by)
    if fresh.state != FollowUpState.DONE:
        raise MoveNotAllowed(fresh, state=fresh.state, to=FollowUpState.DRAFT)
    check_seen(fresh, seen)
    confirmations.record_cleared(fresh, by=by, now=now)
    also = {**confirmations.cleared(fresh), "done_at": None}
    draft = move(
        fresh, to=FollowUpState.DRAFT, allowed=FOLLOW_UP_MOVES, by=by, now=now, verb="reopened", also_set=also
    )
    cancel(subject_key(draft), now=now)
    _told_otherwise(draft, by=by, now=now)
    return draft


@transaction.atomic
def discard_follow_up(follow_up: FollowUp, *, by: Actor, now: dt.datetime, seen: int | None = None) -> None:
    """Throw away a draft."""
    fresh = _opened(follow_up, by=by)
    refuse_unless(fresh.state == FollowUpState.DRAFT, _("Uppföljningen är klar. Öppna den igen först."))
    check_seen(fresh, seen)
    record(fresh, "discarded", by=by, now=now)
    fresh.delete()


# --- What each of them asks -----------------------------------------------------------------------------


def _name_of(target: Target) -> str:
    if isinstance(target, Commitment):
        return "commitment"
    return "measure" if isinstance(target, Measure) else "plan"


def _opened_target(target: Target) -> Target:
    """The locked thing, if it may still be followed up."""
    if isinstance(target, Commitment):
        return of_running(target)
    fresh = locked(target)
    plan = fresh.plan if isinstance(fresh, Measure) else fresh
    refuse_unless(plan.state != PlanState.DRAFT, _("Planen är inte beslutad än. Den följs upp när den gäller."))
    return fresh


def _opened(follow_up: FollowUp, *, by: Actor) -> FollowUp:
    target = _opened_target(policies.target_of(follow_up))
    require(policies.can_write_follow_up(by, target))
    return locked(follow_up)


def _clean(values: Mapping[str, Any]) -> dict[str, Any]:
    clean = {name: value.strip() if isinstance(value, str) else value for name, value in values.items()}
    refuse_identity_number(*(value for value in clean.values() if isinstance(value, str)))
    return clean


def _refuse_odd_period(start: dt.date | None, end: dt.date | None) -> None:
    if start is None or end is None:
        raise Refused(_("Skriv vilken tid uppföljningen gäller, från och till."))
    refuse_unless(start <= end, _("Tiden slutar innan den börjar."))


def _told_otherwise(follow_up: FollowUp, *, by: Actor, now: dt.datetime) -> None:
    """A closing that waits for approval is proposed anew."""
    if follow_up.commitment is not None:
        answers_changed(follow_up.commitment.pledge_set, by=by, now=now)
