"""Asking for mail, confirming, leaving, answering; the tidying by the clock. No history: nothing here is staff's."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import transaction
from django.db.models import Count, F, Q
from django.utils.translation import gettext as _

from lysekil_trygghet.history.guards import refuse_unless
from lysekil_trygghet.notifications.models import ErrorKind, Message, MessageState
from lysekil_trygghet.notifications.operations import Due, cancel, nudge, plan
from lysekil_trygghet.notifications.queries import planned_about, told_about
from lysekil_trygghet.workdays import local_date

from . import topics
from .models import Asked, Difference, DifferenceCount, Subscriber, Subscription, ToldChange

CONFIRM = "confirm"
# Somebody who types another's address must not be able to fill their mailbox.
CONFIRMATIONS_A_DAY, MOST_TOPICS = 3, 50
UNCONFIRMED_KEPT = dt.timedelta(days=7)
ENDED_KEPT = dt.timedelta(weeks=8)
TOLD_KEPT = dt.timedelta(days=60)
REFUSALS = 2


def subject_of(subscriber: Subscriber) -> str:
    return f"subscriber:{subscriber.reader}"


@transaction.atomic
def ask(address: str, topic_name: str, *, language: str, now: dt.datetime) -> None:
    """Somebody wants mail about a topic: the address gets one mail that asks whether it is so.

    Nothing tells whether the address was known. Raises `Refused` for a topic that is not there or has ended.
    """
    topic = topics.find(topic_name)
    refuse_unless(topic is not None, _("Sidan du ville följa finns inte längre. Gå till sidan och försök igen."))
    assert topic is not None
    refuse_unless(
        topic.ended_at is None, _("Det här är avslutat, så det kommer inget nytt. Läs på sidan hur det gick.")
    )
    subscriber, _new = Subscriber.objects.get_or_create(
        address=address.strip().lower(), defaults={"language": language, "created_at": now}
    )
    # Two at once wait for each other, so that they are counted.
    Subscriber.objects.select_for_update().get(pk=subscriber.pk)
    if subscriber.subscriptions.count() < MOST_TOPICS:
        Subscription.objects.get_or_create(subscriber=subscriber, topic=topic_name, defaults={"asked_at": now})
    today = f"{local_date(now):%Y-%m-%d}"
    subject = subject_of(subscriber)
    mails = [*planned_about(subject), *told_about(subject)]
    if sum(row.step == CONFIRM and today in row.key for row in mails) < CONFIRMATIONS_A_DAY:
        plan([due_of(subscriber, f"{topic_name}:{today}", step=CONFIRM, moment=now)], now=now)
        nudge()


def due_of(subscriber: Subscriber, what: str, *, step: str, moment: dt.datetime, at: dt.datetime | None = None) -> Due:
    return Due(
        key=f"{step}:{subscriber.reader}:{what}",
        subject=subject_of(subscriber),
        step=step,
        moment=moment,
        user_id=None,
        address="",
        heading=_("Till invånare"),
        number="",
        title="",
        due_at=at,
        # What it is about stands in the letter alone, which is written when it goes.
        path="/prenumerera/",
        reader=subscriber.reader,
    )


def confirm(subscriber: Subscriber, *, now: dt.datetime) -> int:
    """The address's owner says yes to everything that was asked for. Returns how many topics were new."""
    return subscriber.subscriptions.filter(confirmed_at=None).update(confirmed_at=now)


@transaction.atomic
def leave(subscriber: Subscriber, topic_name: str, *, now: dt.datetime) -> None:
    """Follow one thing less; with the last one the address is erased."""
    subscriber.subscriptions.filter(topic=topic_name).delete()
    if not subscriber.subscriptions.exists():
        erase(subscriber, now=now)


@transaction.atomic
def erase(subscriber: Subscriber, *, now: dt.datetime) -> None:
    """The address and all it follows are removed; what waits to be sent is not sent."""
    cancel(subject_of(subscriber), now=now)
    subscriber.delete()


@transaction.atomic
def answer(subscriber: Subscriber, about: str, said: str, *, now: dt.datetime) -> bool:
    """Count an answer, once for each question that was asked. False when there was none to answer.

    With its answer a thing that has ended is followed no more, and with the last one the address is erased.
    """
    if said not in Difference.values:
        return False
    asked, _rows = Asked.objects.filter(subscriber=subscriber, topic=about).delete()
    if not asked:
        return False
    row, _new = DifferenceCount.objects.get_or_create(topic=about, answer=said)
    DifferenceCount.objects.filter(pk=row.pk).update(count=F("count") + 1)
    topic = topics.find(about)
    if topic is not None and topic.ended_at:
        leave(subscriber, about, now=now)
    return True


# --- By the clock (settings.SWEEP_STEPS) ---------------------------------------------------------------


def erase_what_is_over(*, now: dt.datetime) -> int:
    """Erase addresses nobody confirmed, follows nothing with, or whose mailbox is not there. Returns how many."""
    ToldChange.objects.filter(planned_at__lt=now - TOLD_KEPT).delete()
    Asked.objects.filter(until__lt=now).delete()
    Subscription.objects.filter(confirmed_at=None, asked_at__lt=now - UNCONFIRMED_KEPT).delete()
    _leave_what_ended(now=now)
    gone = list(Subscriber.objects.filter(subscriptions=None))
    gone += list(Subscriber.objects.filter(reader__in=_refused_readers()))
    for subscriber in gone:
        erase(subscriber, now=now)
    return len(gone)


def _leave_what_ended(*, now: dt.datetime) -> None:
    """What ended long ago, and what residents can no longer read at all, is followed no more."""
    names = Subscription.objects.order_by().values_list("topic", flat=True).distinct()
    for name in names:
        topic, followed = topics.find(name), Subscription.objects.filter(topic=name)
        if topic is None:
            # Withdrawn for a while perhaps.
            followed.filter(away_since=None).update(away_since=now)
            followed.filter(away_since__lt=now - ENDED_KEPT).delete()
        else:
            followed.exclude(away_since=None).update(away_since=None)
            if topic.ended_at and topic.ended_at < now - ENDED_KEPT:
                followed.delete()


def _refused_readers() -> list[str]:
    """Those whose server refused two mails for good and has taken none."""
    refused = Q(state=MessageState.FAILED, last_error_kind=ErrorKind.REFUSED)
    rows = Message.objects.exclude(reader="").filter(refused | Q(state=MessageState.SENT)).values("reader").order_by()
    counted = rows.annotate(refusals=Count("pk", filter=refused), sent=Count("pk", filter=~refused))
    return list(counted.filter(refusals__gte=REFUSALS, sent=0).values_list("reader", flat=True))


def digest_hour() -> dt.time:
    """When the digest of the day goes, local time (DIGEST_HOUR)."""
    return dt.time(settings.DIGEST_HOUR)
