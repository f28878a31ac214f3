"""What is fetched by the clock: when it is due it is fetched, looked at, and stored if it only adds to what we have.

What would change or cannot be read waits for a person, as an uploaded file does. A publisher that does not answer is
asked again, more and more seldom; what is gone for good is not asked for again.
"""

from __future__ import annotations

import datetime as dt
import random
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from lysekil_trygghet.accounts.actors import Actor
from lysekil_trygghet.history.guards import refuse_unless, require
from lysekil_trygghet.history.operations import change, locked, record
from situation import fetching, policies
from situation.fetching import Answer, NotFetched
from situation.importers import places
from situation.lifecycle import FeedKind, ImportKind, ImportState
from situation.models import DataFeed, DatasetImport

from . import imports

# A fetch that stopped without a word may be begun again after this long.
CLAIM = dt.timedelta(minutes=15)
# The publishers' own limits: no two calls to one of them closer than this, whatever the feed.
APART = {
    FeedKind.POLISEN: dt.timedelta(seconds=60),
    FeedKind.KOLADA: dt.timedelta(seconds=5),
    FeedKind.SCB: dt.timedelta(seconds=5),
}
LEAST_HOURS = {FeedKind.POLISEN: 1, FeedKind.KOLADA: 24, FeedKind.SCB: 24}
FIRST_WAIT, LONGEST_WAIT = dt.timedelta(minutes=10), dt.timedelta(days=1)


@transaction.atomic
def write(*, values: Mapping[str, Any], by: Actor, now: dt.datetime) -> DataFeed:
    """Begin to fetch something."""
    require(policies.can_import(by, values["source"]))
    _refuse_odd(values)
    feed = DataFeed.objects.create(**values, next_at=now)
    record(feed, "created", by=by, now=now)
    return feed


@transaction.atomic
def edit(
    feed: DataFeed, *, values: Mapping[str, Any], by: Actor, now: dt.datetime, seen: int | None = None
) -> DataFeed:
    """Fetch something else, more seldom, or no more. It is fetched anew at once."""
    fresh = locked(feed)
    require(policies.can_import(by, fresh.source) and policies.can_import(by, values.get("source", fresh.source)))
    whole = {name: getattr(fresh, name) for name in ("kind", "what", "areas", "every_hours")} | dict(values)
    _refuse_odd(whole)
    changed = change(fresh, by=by, now=now, values=values, seen=seen)
    DataFeed.objects.filter(pk=changed.pk).update(next_at=now, failures=0, last_error="")
    return DataFeed.objects.get(pk=changed.pk)


def _refuse_odd(values: Mapping[str, Any]) -> None:
    kind = FeedKind(values["kind"])
    refuse_unless(fetching.names(values.get("what", "")), _("Skriv vad som ska hämtas."))
    least = LEAST_HOURS[kind]
    refuse_unless(
        values.get("every_hours", 168) >= least,
        _("Utgivaren vill inte bli frågad oftare än var %(hours)d:e timme.") % {"hours": least},
    )
    if kind == FeedKind.POLISEN:
        return
    codes = fetching.names(values.get("areas", ""))
    refuse_unless(codes, _("Skriv vilka områden siffrorna ska gälla, till exempel 1484."))
    unknown = [code for code in codes if places.code_of(code) is None]
    refuse_unless(not unknown, _("”%(code)s” är ingen kod för ett område.") % {"code": unknown[0] if unknown else ""})


def fetch_due(*, now: dt.datetime) -> int:
    """Fetch what is due, one feed of each publisher in a run. Gives how many were asked for."""
    asked = 0
    for kind in FeedKind:
        with transaction.atomic():
            recent = DataFeed.objects.filter(kind=kind, called_at__gt=now - APART[kind]).exists()
            due = DataFeed.objects.filter(kind=kind, is_active=True).filter(Q(next_at=None) | Q(next_at__lte=now))
            feed = None if recent else due.order_by("next_at", "pk").first()
            # The claim: only one worker moves the next time on.
            if feed is None or not due.filter(pk=feed.pk).update(next_at=now + CLAIM, called_at=now):
                continue
        fetch(feed, now=now)
        asked += 1
    return asked


def fetch(feed: DataFeed, *, now: dt.datetime) -> DatasetImport | None:
    """Ask the publisher once. What came is kept, looked at, and stored when nothing but new rows is in it."""
    try:
        answer = _asked(feed, year=now.year)
    except NotFetched as wrong:
        _again_later(feed, wrong, now=now)
        return None
    rhythm = dt.timedelta(hours=feed.every_hours)
    DataFeed.objects.filter(pk=feed.pk).update(fetched_at=now, next_at=now + rhythm, failures=0, last_error="")
    return _taken(feed, answer, now=now)


def _asked(feed: DataFeed, *, year: int) -> Answer:
    if feed.kind == FeedKind.KOLADA:
        return fetching.kolada(feed.what, feed.areas, year=year)
    if feed.kind == FeedKind.SCB:
        return fetching.scb(feed.what, feed.areas, year=year)
    return fetching.polisen(feed.what)


def _again_later(feed: DataFeed, wrong: NotFetched, *, now: dt.datetime) -> None:
    failures = feed.failures + 1
    wait = wrong.wait or min(FIRST_WAIT * 2 ** min(failures - 1, 10), LONGEST_WAIT)
    # Not everybody at the same second.
    wait *= 1 + random.random() / 10  # noqa: S311
    values: dict[str, Any] = {"failures": failures, "last_error": wrong.reason[:300], "next_at": now + wait}
    if wrong.is_final:
        values["is_active"] = False
    DataFeed.objects.filter(pk=feed.pk).update(**values)


def _taken(feed: DataFeed, answer: Answer, *, now: dt.datetime) -> DatasetImport | None:
    by = Actor.system()
    with tempfile.NamedTemporaryFile(suffix=".json") as copy:
        copy.write(answer.content)
        copy.flush()
        try:
            made = imports.begin(
                Path(copy.name),
                source=feed.source,
                kind=ImportKind(feed.kind),
                name=f"{feed.kind.lower()}-{now:%Y-%m-%d}.json",
                by=by,
                now=now,
                source_url=answer.url,
                retrieved_at=now,
            )
        except imports.AlreadyRead as already:
            return already.before
    checked = imports.check(made, by=by, now=now)
    only_adds = checked.state == ImportState.CHECKED and not (
        checked.rows_changed or checked.rows_gone or checked.rows_rejected
    )
    # Events are edited by the Police all day long: theirs is a list of links, not figures.
    if only_adds or (checked.state == ImportState.CHECKED and feed.kind == FeedKind.POLISEN):
        checked = imports.order(checked, takes_the_good=feed.kind == FeedKind.POLISEN, by=by, now=now)
        return imports.store(checked, by=by, now=now)
    return checked
