"""Questions to the ledger: what was told, what waits, what needs a person."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Max, Min, Q, QuerySet
from django.db.models.functions import Now

from .models import Message, MessageState, Obligation, ObligationState, SweepBeat

NEEDS_A_PERSON = Q(state=MessageState.FAILED) | Q(state=MessageState.UNCERTAIN, next_at=None)


@dataclass(frozen=True)
class LedgerStatus:
    """The ledger in figures, for a page or an alarm."""

    waiting: int
    failed: int
    uncertain: int
    oldest_due: dt.datetime | None


def needing_a_person() -> QuerySet[Message]:
    """Messages that failed for good or whose fate nobody knows, newest first."""
    return Message.objects.filter(NEEDS_A_PERSON).select_related("user").order_by("-moment", "id")


def ledger_status(*, now: dt.datetime) -> LedgerStatus:
    waiting = Q(state__in=[MessageState.DUE, MessageState.SENDING], moment__lte=now)
    figures = Message.objects.aggregate(
        waiting=Count("pk", filter=waiting),
        failed=Count("pk", filter=Q(state=MessageState.FAILED)),
        uncertain=Count("pk", filter=Q(state=MessageState.UNCERTAIN)),
        oldest_due=Min("moment", filter=waiting),
    )
    return LedgerStatus(**figures)


def told_about(subject: str) -> QuerySet[Obligation]:
    """What has been told about `subject`, to whom and when, oldest first."""
    sent = Obligation.objects.filter(subject=subject, state=ObligationState.SENT)
    return sent.select_related("user", "message").order_by("sent_at", "id")


def planned_about(subject: str) -> QuerySet[Obligation]:
    """What will be told about `subject`, in order of time."""
    planned = Obligation.objects.filter(subject=subject, state=ObligationState.PLANNED)
    return planned.select_related("user").order_by("moment", "id")


def seconds_since_last_sweep() -> float | None:
    """By the database's clock; None if there never was one."""
    figures = SweepBeat.objects.aggregate(last=Max("alive_at"), now=Max(Now()))
    if figures["last"] is None:
        return None
    return float((figures["now"] - figures["last"]).total_seconds())
