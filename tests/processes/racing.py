"""Makes reminders needless at the last moment: claimed by a sender, but not yet checked just before the send.

Each race locks a message in exactly that state, so its sender must see what was done here. Says what it did, one
line for each race: what was done and the Message-ID that must not be delivered any more.
"""

from __future__ import annotations

import datetime as dt
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import django

THREADS = 3


def main(races: int) -> None:
    django.setup()

    with ThreadPoolExecutor(THREADS) as at_once:
        for lines in at_once.map(race, [races // THREADS + (number < races % THREADS) for number in range(THREADS)]):
            sys.stdout.write("".join(lines))


def race(number: int) -> list[str]:
    from django.db import connection, transaction

    from tests import make_incidents

    head, director = make_incidents.acting("head_social"), make_incidents.acting("director")
    lines: list[str] = []
    ends = time.monotonic() + 60
    try:
        while len(lines) < number and time.monotonic() < ends:
            with transaction.atomic():
                message = claimed()
                if message is not None:
                    lines.append(f"{make_needless(message, head=head, director=director)}\t{message.message_id}\n")
            if message is None:
                time.sleep(0.02)
    finally:
        connection.close()
    return lines


def claimed():
    """A message somebody has claimed and not yet tried; the last of its batch, which its sender comes to last."""
    from lysekil_trygghet.notifications.models import Message, MessageState, Obligation

    overdue = Obligation.objects.filter(step="overdue", state="PLANNED").values("message")
    rows = Message.objects.filter(state=MessageState.SENDING, unanswered=0, pk__in=overdue, user__is_active=True)
    locked = rows.select_for_update(skip_locked=True, of=("self",)).order_by("-moment", "-id").first()
    # Asked once more now that nobody else can change it: the first answer may be older than the lock.
    return rows.filter(pk=locked.pk).select_related("user").first() if locked else None


def make_needless(message, *, head, director) -> str:
    from django.utils import timezone

    from incidents.models import Assignment
    from incidents.operations import assignments, reports
    from lysekil_trygghet.accounts.models import User

    now = timezone.now()
    if message.user.email.startswith("handlaggare-"):
        User.objects.filter(pk=message.user_id).update(is_active=False)
        return "left"
    subject = message.obligations.get().subject
    assignment = Assignment.objects.select_related("decision", "organisation").get(pk=subject.rpartition(":")[2])
    if assignment.order % 2:
        later = now + dt.timedelta(days=5)
        assignments.set_due(assignment, due_at=later, reason="Mer tid behövs.", by=director, now=now)
        return "moved"
    draft = reports.open_draft(assignment, by=head, now=now)
    texts = {"outcome": "DONE", "done_text": "Vi var ute fyra kvällar."}
    reports.submit(reports.save_draft(draft, values=texts, by=head, now=now), secrecy_checked=True, by=head, now=now)
    return "filed"


if __name__ == "__main__":
    main(int(sys.argv[1]))
