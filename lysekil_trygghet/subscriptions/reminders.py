"""Who is told what is new, once a day; and the question four weeks after something was closed.

A change and its followers are written into the ledger in one transaction with the mark that it has been: whatever
breaks in the middle is done again, and the ledger's keys let nothing in twice.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation

from lysekil_trygghet.notifications.operations import Due, plan
from lysekil_trygghet.workdays import at_local, local_date

from . import topics
from .models import Asked, Subscriber, Subscription, ToldChange
from .operations import ENDED_KEPT, digest_hour, due_of

CHANGE, QUESTION = "change", "question"
# Older than this nothing is told: no portal stands still so long.
LOOK_BACK = dt.timedelta(days=14)
ASKED_AFTER = dt.timedelta(weeks=4)


def digest_after(moment: dt.datetime) -> dt.datetime:
    """The first digest at or after a moment."""
    today = at_local(local_date(moment), digest_hour())
    return today if moment <= today else at_local(local_date(moment) + dt.timedelta(days=1), digest_hour())


def plan_digests(*, now: dt.datetime) -> int:
    """Give every follower of what is new a line in the ledger. Returns how many new lines there were."""
    if not Subscription.objects.exclude(confirmed_at=None).exists():
        return 0
    with translation.override(settings.LANGUAGE_CODE):
        return _plan_changes(now=now) + _plan_questions(now=now)


def _plan_changes(*, now: dt.datetime) -> int:
    found = [change for change in topics.changes(now - LOOK_BACK) if change.at <= now]
    told = _told(change.key for change in found)
    new = 0
    for change in found:
        if change.key not in told:
            # What was missed goes now, all in one mail.
            moment = max(digest_after(change.at), _minute(now))
            with transaction.atomic():
                followers = _followers(change.topics, since=change.at)
                new += plan(
                    (due_of(one, change.key, step=CHANGE, moment=moment, at=change.at) for one in followers),
                    now=now,
                )
                ToldChange.objects.get_or_create(key=change.key, defaults={"planned_at": now})
    return new


def _plan_questions(*, now: dt.datetime) -> int:
    found = list(topics.endings(now - ASKED_AFTER - LOOK_BACK, now - ASKED_AFTER))
    told = _told(_question_key(ending) for ending in found)
    new = 0
    for ending in found:
        if _question_key(ending) not in told:
            moment = max(digest_after(ending.at + ASKED_AFTER), _minute(now))
            with transaction.atomic():
                followers = _followers([ending.topic], since=ending.at)
                Asked.objects.bulk_create(
                    [Asked(subscriber=one, topic=ending.about, until=now + ENDED_KEPT) for one in followers],
                    ignore_conflicts=True,
                )
                dues: list[Due] = [
                    due_of(one, ending.about, step=QUESTION, moment=moment, at=ending.at) for one in followers
                ]
                new += plan(dues, now=now)
                ToldChange.objects.get_or_create(key=_question_key(ending), defaults={"planned_at": now})
    return new


def _question_key(ending: topics.Ending) -> str:
    return f"{QUESTION}-{ending.about}-{ending.topic}"


def _told(keys: Iterable[str]) -> set[str]:
    return set(ToldChange.objects.filter(key__in=list(keys)).values_list("key", flat=True))


def _followers(names: Collection[str], *, since: dt.datetime) -> list[Subscriber]:
    """Those who had confirmed before it happened."""
    followed = Subscription.objects.filter(topic__in=names, confirmed_at__lte=since)
    return list(Subscriber.objects.filter(subscriptions__in=followed).distinct().order_by("pk"))


def _minute(moment: dt.datetime) -> dt.datetime:
    return timezone.localtime(moment).replace(second=0, microsecond=0)
