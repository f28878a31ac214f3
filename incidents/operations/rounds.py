"""The follow-up round: gone through one assignment at a time, closed with minutes made from it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from incidents import policies
from incidents.lifecycle import (
    ASSIGNMENTS_OWED,
    ROUND_MOVES,
    AssignmentState,
    DecisionState,
    ReportState,
    RoundState,
)
from incidents.models import FollowUpRound, ReportBack, RoundItem, SteeringDecision
from lysekil_trygghet.accounts.actors import Actor
from lysekil_trygghet.accounts.models import Function
from lysekil_trygghet.history.guards import refuse_unless, require
from lysekil_trygghet.history.operations import change, locked, move, record

from .assignments import record_exception
from .reports import accept, return_report


@transaction.atomic
def plan_round(
    decision: SteeringDecision,
    *,
    held_at: dt.datetime,
    functions: Iterable[Function] = (),
    by: Actor,
    now: dt.datetime,
) -> FollowUpRound:
    """Plan when the decision's assignments are gone through."""
    require(policies.can_hold_round(by))
    decision = locked(decision)
    refuse_unless(
        decision.state == DecisionState.IN_FORCE,
        _("Bara ett beslut som gäller, med utfärdade uppdrag, kan stämmas av."),
    )
    follow_up_round = FollowUpRound.objects.create(decision=decision, held_at=held_at)
    follow_up_round.functions_present.set(functions)
    record(follow_up_round, "created", by=by, now=now, decision=decision.pk)
    return follow_up_round


@transaction.atomic
def start(follow_up_round: FollowUpRound, *, by: Actor, now: dt.datetime) -> FollowUpRound:
    """Open the round: every assignment of the decision becomes an item, the unanswered first."""
    require(policies.can_hold_round(by))
    fresh = move(follow_up_round, to=RoundState.ONGOING, allowed=ROUND_MOVES, by=by, now=now)
    assignments = fresh.decision.assignments.exclude(
        state__in=[AssignmentState.DRAFT, AssignmentState.CANCELLED]
    ).order_by("order")
    rank = {AssignmentState.REPORTED: 0, AssignmentState.ACCEPTED: 2}
    ordered = sorted(
        assignments, key=lambda assignment: (rank.get(AssignmentState(assignment.state), 1), assignment.order)
    )
    RoundItem.objects.bulk_create(
        RoundItem(
            round=fresh,
            assignment=assignment,
            order=order,
            result=(
                RoundItem.Result.EARLIER
                if assignment.state == AssignmentState.ACCEPTED
                else RoundItem.Result.EXCEPTED
                if assignment.exception_reason
                else RoundItem.Result.WAITING
            ),
        )
        for order, assignment in enumerate(ordered, start=1)
    )
    return fresh


@transaction.atomic
def accept_in_round(
    item: RoundItem,
    report: ReportBack,
    *,
    by: Actor,
    now: dt.datetime,
    new_due_at: dt.datetime | None = None,
    reason: str = "",
    note: str = "",
    seen: int | None = None,
) -> RoundItem:
    """Accept the waiting report of this item (see reports.accept)."""
    _must_be_ongoing(item)
    _must_belong(item, report)
    accept(report, by=by, now=now, new_due_at=new_due_at, reason=reason, seen=seen)
    result = RoundItem.Result.ACCEPTED if new_due_at is None else RoundItem.Result.CONTINUED
    return _settle(item, result=result, note=note, by=by, now=now)


@transaction.atomic
def return_in_round(
    item: RoundItem,
    report: ReportBack,
    *,
    reason: str,
    new_due_at: dt.datetime,
    by: Actor,
    now: dt.datetime,
    note: str = "",
    seen: int | None = None,
) -> RoundItem:
    """Return the waiting report of this item with a reason and a new day."""
    _must_be_ongoing(item)
    _must_belong(item, report)
    return_report(report, reason=reason, new_due_at=new_due_at, by=by, now=now, seen=seen)
    return _settle(item, result=RoundItem.Result.RETURNED, note=note, by=by, now=now)


@transaction.atomic
def note_no_report(item: RoundItem, *, note: str, by: Actor, now: dt.datetime) -> RoundItem:
    """Nothing had been reported; what was said about it."""
    require(policies.can_hold_round(by))
    _must_be_ongoing(item)
    refuse_unless(
        not item.assignment.reports.filter(state=ReportState.SUBMITTED).exists(),
        _("Det finns en återrapport som väntar. Godkänn den eller skicka tillbaka den."),
    )
    refuse_unless(
        locked(item.assignment).state in ASSIGNMENTS_OWED
        and locked(item).result in (RoundItem.Result.WAITING, RoundItem.Result.NO_REPORT),
        _("Uppdraget är redan genomgånget."),
    )
    return _settle(item, result=RoundItem.Result.NO_REPORT, note=note, by=by, now=now)


@transaction.atomic
def except_in_round(item: RoundItem, *, reason: str, by: Actor, now: dt.datetime) -> RoundItem:
    """Record an exception for this item's assignment."""
    _must_be_ongoing(item)
    record_exception(item.assignment, reason=reason, by=by, now=now)
    return _settle(item, result=RoundItem.Result.EXCEPTED, note=reason, by=by, now=now)


def _must_be_ongoing(item: RoundItem) -> None:
    current = locked(item.round)  # it is not closed while one of its items is settled
    refuse_unless(current.state == RoundState.ONGOING, _("Avstämningen pågår inte. Starta den först."))


def _must_belong(item: RoundItem, report: ReportBack) -> None:
    refuse_unless(report.assignment_id == item.assignment_id, _("Återrapporten hör till ett annat uppdrag."))


def _settle(item: RoundItem, *, result: str, note: str, by: Actor, now: dt.datetime) -> RoundItem:
    fresh = locked(item)
    if (fresh.result, fresh.note) == (result, note):
        return fresh
    fresh.result = result
    fresh.note = note
    fresh.save(update_fields=["result", "note"])
    record(fresh.round, "item_settled", by=by, now=now, assignment=fresh.assignment_id, result=result)
    return fresh


@transaction.atomic
def close(
    follow_up_round: FollowUpRound,
    *,
    summary_public: str = "",
    summary_public_en: str = "",
    by: Actor,
    now: dt.datetime,
    seen: int | None = None,
) -> FollowUpRound:
    """Close the round and freeze its minutes. Refused while an item has not been gone through."""
    require(policies.can_hold_round(by))
    fresh = locked(follow_up_round)
    if fresh.state == RoundState.ONGOING:
        _settle_elsewhere(fresh)
        waiting = fresh.items.filter(result=RoundItem.Result.WAITING).count()
        refuse_unless(
            not waiting,
            ngettext("%(count)s uppdrag är inte genomgånget än.", "%(count)s uppdrag är inte genomgångna än.", waiting)
            % {"count": waiting},
        )
    return move(
        follow_up_round,
        to=RoundState.CLOSED,
        allowed=ROUND_MOVES,
        by=by,
        now=now,
        seen=seen,
        also_set={
            "closed_at": now,
            "minutes": minutes_of(fresh, now=now),
            "summary_public": summary_public,
            "summary_public_en": summary_public_en,
        },
    )


def _settle_elsewhere(follow_up_round: FollowUpRound) -> None:
    """What was answered outside the round while it went on needs no word in it; what was cancelled leaves it."""
    waiting = follow_up_round.items.filter(result=RoundItem.Result.WAITING)
    waiting.filter(assignment__state=AssignmentState.CANCELLED).delete()
    for state, result in (
        (Q(assignment__state=AssignmentState.ACCEPTED), RoundItem.Result.EARLIER),
        (~Q(assignment__exception_reason=""), RoundItem.Result.EXCEPTED),
    ):
        settled = list(waiting.filter(state).values_list("pk", flat=True))
        RoundItem.objects.filter(pk__in=settled).update(result=result)


def minutes_of(follow_up_round: FollowUpRound, *, now: dt.datetime) -> str:
    """The minutes as plain text: when, who by function, each assignment with its outcome and what was decided."""
    held = timezone.localtime(follow_up_round.held_at)
    lines = [
        _("Avstämning av inriktningsbeslut %(number)s") % {"number": follow_up_round.decision.number},
        _("Tid: %(time)s") % {"time": formats.date_format(held, "j F Y") + f" kl. {held:%H.%M}"},
    ]
    functions = ", ".join(follow_up_round.functions_present.values_list("label", flat=True))
    if functions:
        lines.append(_("Närvarande: %(functions)s") % {"functions": functions})
    items = follow_up_round.items.select_related("assignment__decision", "assignment__organisation")
    for item in items:
        assignment = item.assignment
        lines.append("")
        lines.append(f"{assignment.number} {assignment.title} ({assignment.organisation.name})")
        lines.append(item.get_result_display() + ".")
        if item.result in (RoundItem.Result.RETURNED, RoundItem.Result.CONTINUED):
            day = timezone.localtime(assignment.due_at)
            lines.append(_("Ny dag: %(time)s") % {"time": formats.date_format(day, "j F Y") + f" kl. {day:%H.%M}"})
        if item.note:
            lines.append(item.note)
    return "\n".join(lines)


@transaction.atomic
def edit_summary(
    follow_up_round: FollowUpRound,
    *,
    summary_public: str,
    summary_public_en: str = "",
    by: Actor,
    now: dt.datetime,
    seen: int | None = None,
) -> FollowUpRound:
    """Change the text to residents, until it is published."""
    require(policies.can_hold_round(by) or policies.can_publish(by))
    refuse_unless(
        not locked(follow_up_round).is_public, _("Texten är publicerad. Avpublicera den först om den ska ändras.")
    )
    return change(
        follow_up_round,
        by=by,
        now=now,
        values={"summary_public": summary_public, "summary_public_en": summary_public_en},
        seen=seen,
    )
