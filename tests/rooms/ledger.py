"""What the tests of the ledger share: dues for made-up assignments, a mail server with opinions, a faster clock."""

from __future__ import annotations

import datetime as dt

from django.core.mail.backends.locmem import EmailBackend as LocalMail
from django.utils import timezone

from lysekil_trygghet.notifications import sweeping
from lysekil_trygghet.notifications.models import Message
from lysekil_trygghet.notifications.operations import Due

from .. import make

MOMENT = make.at("2020-06-18", "08:00")
LATER = make.at("2020-06-18", "08:30")


class PickyMail(LocalMail):
    """Stands in for a mail server that says no: raises what the test wants, in order, then accepts."""

    answers: list[Exception | None] = []

    def send_messages(self, messages) -> int:
        answer = PickyMail.answers.pop(0) if PickyMail.answers else None
        if answer is not None:
            raise answer
        return super().send_messages(messages)


def due(nr: int = 1, *, user=None, address: str = "", moment: dt.datetime = MOMENT, **fields) -> Due:
    values = {
        "key": f"assignment:{nr}:overdue:{moment.isoformat()}:{user.pk if user else address}",
        "subject": f"incidents.assignment:{nr}",
        "step": "overdue",
        "moment": moment,
        "user_id": user.pk if user else None,
        "address": address,
        "heading": "Försenade återrapporter",
        "number": f"2020-1:{nr}",
        "title": f"Uppdrag {nr}",
        "due_at": make.at("2020-06-18", "12:00"),
        "path": f"/arbete/uppdrag/{nr}/rapport/",
    }
    return Due(**(values | fields))


def sweep(now: dt.datetime = LATER):
    return sweeping.sweep(now=now)


def let_time_pass() -> None:
    """Every wait in the ledger is over: as if the clock had moved past leases and backoffs."""
    past = timezone.now() - dt.timedelta(days=1)
    Message.objects.filter(next_at__isnull=False).update(next_at=past)
    Message.objects.filter(lease_until__isnull=False).update(lease_until=past)
