"""Questions to the ledger: what was told, what waits, what needs a person."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Exists, Max, Min, OuterRef, Prefetch, Q, QuerySet
from django.db.models.functions import Now

from .models import Message, MessageState, Obligation, ObligationState, SweepBeat

# A resident's mail is nobody's to look after: what their server refuses ends by itself (subscriptions).
NEEDS_A_PERSON = Q(reader="") & (Q(state=MessageState.FAILED) | Q(state=MessageState.UNCERTAIN, next_at=None))
LONGEST_SEARCH = 100
KINDS = {
    "problem": NEEDS_A_PERSON,
    "waiting": Q(state__in=[MessageState.DUE, MessageState.SENDING])
    | Q(state=MessageState.UNCERTAIN, next_at__isnull=False),
    "sent": Q(state=MessageState.SENT),
    "cancelled": Q(state=MessageState.CANCELLED),
}


@dataclass(frozen=True)
class LedgerStatus:
    """The ledger in figures, for a page or an alarm."""

    waiting: int
    oldest_due: dt.datetime | None
    failed: int
    uncertain: int

    @property
    def amiss(self) -> int:
        """How many need a person."""
        return self.failed + self.uncertain


def needing_a_person() -> QuerySet[Message]:
    """Messages that failed for good or whose fate nobody knows, newest first."""
    return Message.objects.filter(NEEDS_A_PERSON).select_related("user").order_by("-moment", "id")


def messages_log(*, words: str = "", kind: str = "") -> QuerySet[Message]:
    """What was, is and will be sent, newest moment first.

    `words`: part of a person's name or address, a mailbox, or the number or title of what was told. Several words
    must all be found. `kind`: "problem", "waiting", "sent", "cancelled"; else all.
    """
    rows = Message.objects.filter(KINDS[kind]) if kind in KINDS else Message.objects.all()
    for word in words[:LONGEST_SEARCH].split():
        told = Obligation.objects.filter(message=OuterRef("pk")).filter(
            Q(number__icontains=word) | Q(title__icontains=word) | Q(heading__icontains=word)
        )
        rows = rows.filter(
            Q(user__name__icontains=word) | Q(user__email__icontains=word) | Q(address__icontains=word) | Exists(told)
        )
    return rows.select_related("user").prefetch_related(
        Prefetch("obligations", Obligation.objects.order_by("due_at", "number", "pk"))
    )


def ledger_status(*, now: dt.datetime) -> LedgerStatus:
    """Asked by way of the indexes of what is not finished: years of sent mail cost nothing."""
    waiting = Message.objects.filter(state__in=[MessageState.DUE, MessageState.SENDING], next_at__isnull=False)
    late = waiting.filter(moment__lte=now).aggregate(waiting=Count("pk"), oldest_due=Min("moment"))
    amiss = dict(Message.objects.filter(NEEDS_A_PERSON).values_list("state").annotate(Count("pk")).order_by())
    return LedgerStatus(
        **late, failed=amiss.get(MessageState.FAILED, 0), uncertain=amiss.get(MessageState.UNCERTAIN, 0)
    )


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
