"""Residents' answers to "did you find what you looked for?": counted, never kept one by one."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F, Sum

from incidents.models import PageAnswer
from lysekil_trygghet.workdays import local_date

KEPT_DAYS = 365


@dataclass(frozen=True)
class PageCount:
    path: str
    found: int
    missed: int


@transaction.atomic
def count(path: str, *, found: bool, now: dt.datetime) -> None:
    """One more yes or no for a page that residents may read. The caller has checked that it is one."""
    row, _created = PageAnswer.objects.get_or_create(path=path, day=local_date(now))
    name = "found" if found else "missed"
    PageAnswer.objects.filter(pk=row.pk).update(**{name: F(name) + 1})


def counted(*, since: dt.date) -> list[PageCount]:
    """By page since that day, most "no" first."""
    rows = PageAnswer.objects.filter(day__gte=since).values("path").order_by()
    totals = rows.annotate(found_total=Sum("found"), missed_total=Sum("missed"))
    counts = [PageCount(row["path"], row["found_total"], row["missed_total"]) for row in totals]
    return sorted(counts, key=lambda one: (-one.missed, -one.found, one.path))
