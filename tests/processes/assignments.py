"""Assignments for tests in which the portal itself works out who is told what.

assignments.py ladder "2026-06-18 12:00"   one to each of four departments, issued now, due then
assignments.py late 300                    that many, each due a minute after the one before, the last half an
                                           hour ago; every third has a case officer of its own
"""

from __future__ import annotations

import copy
import datetime as dt
import sys

import django


def ladder(due: str) -> None:
    from django.utils import timezone

    from lysekil_trygghet.accounts.models import Organisation
    from tests import make, make_incidents

    make.people()
    now, due_at = timezone.now(), make.at(*due.split())
    decision = make_incidents.decision(now=now)
    first, *others = Organisation.objects.filter(kind="DEPARTMENT").order_by("pk")[:4]
    for organisation in others:
        make_incidents.assignment(now=now, decision=decision, organisation=organisation, due_at=due_at)
    make_incidents.issued_assignment(now=now, decision=decision, organisation=first, due_at=due_at)


def late(number: int) -> None:
    """One goes the whole way; the others are copies of it."""
    from django.utils import timezone

    from incidents.models import Assignment
    from tests import make, make_incidents

    make.people()
    now, lasts = timezone.now(), dt.timedelta(minutes=number)
    first = make_incidents.issued_assignment(now=now - lasts - dt.timedelta(hours=1))
    copies = []
    for count in range(number):
        made = copy.copy(first)
        made.pk, made.order, made.title = None, first.order + count + 1, f"Uppdrag {count}"
        made.due_at = now - lasts + dt.timedelta(minutes=count - 30)
        if count % 3 == 0:
            made.officer = make.user(email=f"handlaggare-{count}@kommun.example")
            make.membership(user=made.officer, organisation=first.organisation)
        copies.append(made)
    Assignment.objects.bulk_create(copies)


def main(what: str, argument: str) -> None:
    django.setup()
    if what == "ladder":
        ladder(argument)
    else:
        late(int(argument))


if __name__ == "__main__":
    main(*sys.argv[1:])
