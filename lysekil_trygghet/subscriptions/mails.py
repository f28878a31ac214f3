"""The letter to one subscriber: what they asked for and must confirm, what is new, and the one question.

Written at the moment it is sent, in the subscriber's language, of what residents may read then.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from lysekil_trygghet.notifications.mails import Letter
from lysekil_trygghet.notifications.models import Obligation

from . import links, topics
from .models import Subscriber
from .operations import CONFIRM
from .reminders import ASKED_AFTER, CHANGE, LOOK_BACK, QUESTION

MOMENT = dt.timedelta(seconds=1)


@dataclass(frozen=True)
class Question:
    title: str
    url: str


def letter(reader: str, obligations: Sequence[Obligation], *, now: dt.datetime) -> Letter | None:
    """What the ledger sends (settings.NOTIFICATION_READERS); None when there is nobody to write to, or nothing of."""
    subscriber = Subscriber.objects.filter(reader=reader).first()
    if subscriber is None:
        return None
    with translation.override(subscriber.language):
        changes, told = _changes(subscriber, [row for row in obligations if row.step == CHANGE])
        questions, asked = _questions(subscriber, [row for row in obligations if row.step == QUESTION], now=now)
        confirming = [row.key for row in obligations if row.step == CONFIRM]
        told += [*asked, *confirming]
        if not told:
            return None
        followed = list(subscriber.subscriptions.all())
        token = links.token_of(subscriber)
        context = {
            "wanted": _titles(row.topic for row in followed if not row.confirmed_at) if confirming else [],
            "followed": _titles(row.topic for row in followed if row.confirmed_at) if confirming else [],
            "is_asked_for": bool(confirming),
            "changes": changes,
            "questions": questions,
            "mine_url": links.address("mine", token),
            "site_url": settings.SITE_URL,
            "portal_name": settings.MUNICIPALITY["PORTAL_NAME"],
            "language": subscriber.language,
        }
        return Letter(
            to=subscriber.address,
            subject=render_to_string("subscriptions/email/letter.subject.txt", context),
            text=render_to_string("subscriptions/email/letter.txt", context),
            html=render_to_string("subscriptions/email/letter.html", context),
            # RFC 8058: the mail program's own button leaves with one click.
            headers={
                "List-Unsubscribe": f"<{links.address('out', token)}>",
                "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            },
            told=told,
        )


def _titles(names) -> list[str]:
    return [found.title for found in map(topics.find, names) if found]


def _changes(subscriber: Subscriber, rows: list[Obligation]) -> tuple[list[topics.Change], list[str]]:
    """What is still new, public and followed, the oldest first; and the keys of its obligations."""
    if not rows:
        return [], []
    followed = set(subscriber.subscriptions.exclude(confirmed_at=None).values_list("topic", flat=True))
    since = min(row.due_at for row in rows if row.due_at) - MOMENT
    known = {change.key: change for change in topics.changes(since) if followed & set(change.topics)}
    found = [(known[key], row.key) for row in rows if (key := row.key.split(":", 2)[2]) in known]
    found.sort(key=lambda pair: pair[0].at)
    return [change for change, _key in found], [key for _change, key in found]


def _questions(
    subscriber: Subscriber, rows: list[Obligation], *, now: dt.datetime
) -> tuple[list[Question], list[str]]:
    if not rows:
        return [], []
    waiting = set(subscriber.questions.values_list("topic", flat=True))
    since = min(row.due_at for row in rows if row.due_at) - MOMENT
    known = {ending.about: ending for ending in topics.endings(since, now - ASKED_AFTER + LOOK_BACK)}
    questions, keys = [], []
    for row in rows:
        about = row.key.split(":", 2)[2]
        if about in waiting and about in known:
            url = links.address("difference", links.token_of(subscriber), about)
            questions.append(Question(known[about].title, url))
            keys.append(row.key)
    return questions, keys
