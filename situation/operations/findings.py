"""Findings: one claim each, with its trend, how sure we are, and the sources it rests on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from lysekil_trygghet.accounts.actors import Actor
from lysekil_trygghet.history.guards import refuse_unless
from lysekil_trygghet.history.operations import change, record
from situation.models import Finding, SituationPicture, Source

from .parts import opened_for_writing, placed, removed, wording_changed


@transaction.atomic
def write(
    picture: SituationPicture, *, values: Mapping[str, Any], sources: Iterable[Source], by: Actor, now: dt.datetime
) -> Finding:
    """Add a finding last."""
    fresh = opened_for_writing(picture, by=by)
    chosen = _of_picture(fresh, sources)
    last = fresh.findings.order_by("-order").first()
    finding = Finding.objects.create(picture=fresh, order=(last.order if last else 0) + 1, **values)
    finding.sources.set(chosen)
    record(finding, "created", by=by, now=now, picture=fresh.pk)
    wording_changed(fresh, by=by, now=now)
    return finding


@transaction.atomic
def edit(
    finding: Finding,
    *,
    values: Mapping[str, Any],
    sources: Iterable[Source] | None = None,
    by: Actor,
    now: dt.datetime,
    seen: int | None = None,
) -> Finding:
    """Change a finding, and what it rests on if `sources` is given."""
    picture = opened_for_writing(finding.picture, by=by)
    fresh = change(finding, by=by, now=now, values=values, seen=seen)
    is_changed = fresh.revision != finding.revision
    if sources is not None:
        chosen = _of_picture(picture, sources)
        before = set(fresh.sources.all())
        if chosen != before:
            fresh.sources.set(chosen)
            record(fresh, "sources_set", by=by, now=now, sources=sorted(source.pk for source in chosen))
            is_changed = True
    if is_changed:
        wording_changed(picture, by=by, now=now)
    return fresh


def _of_picture(picture: SituationPicture, sources: Iterable[Source]) -> set[Source]:
    chosen = set(sources)
    refuse_unless(
        chosen <= set(picture.sources.all()), _("Lägg först till underlaget i lägesbilden. Välj det sedan här.")
    )
    return chosen


@transaction.atomic
def remove(finding: Finding, *, by: Actor, now: dt.datetime) -> None:
    picture = opened_for_writing(finding.picture, by=by)
    record(picture, "finding_removed", by=by, now=now, finding=finding.pk)
    removed(finding, _("Något bygger på iakttagelsen. Ta bort det först."))
    wording_changed(picture, by=by, now=now)


@transaction.atomic
def place(finding: Finding, *, direction: str, by: Actor, now: dt.datetime) -> None:
    """One step "up" or "down" among the findings of the picture."""
    placed(
        finding.picture,
        "findings",
        finding,
        direction=direction,
        place="order",
        verb="findings_ordered",
        by=by,
        now=now,
    )
