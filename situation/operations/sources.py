"""Sources: what a picture rests on. One that an adopted picture rests on stays as it is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from lysekil_trygghet.accounts.actors import Actor
from lysekil_trygghet.accounts.models import Organisation
from lysekil_trygghet.history.guards import refuse_unless, require
from lysekil_trygghet.history.operations import change, locked, record
from situation import policies
from situation.lifecycle import PICTURES_ADOPTED, Method
from situation.models import Source

from .parts import wording_changed


@transaction.atomic
def write(*, values: Mapping[str, Any], by: Actor, now: dt.datetime) -> Source:
    """Add a source of the own party: each speaks for what it contributes."""
    organisation: Organisation = values["organisation"]
    require(policies.can_write_pictures(by) and by.is_police == organisation.is_police)
    _refuse_odd_values(values, None)
    source = Source.objects.create(**values)
    record(source, "created", by=by, now=now)
    return source


@transaction.atomic
def edit(source: Source, *, values: Mapping[str, Any], by: Actor, now: dt.datetime, seen: int | None = None) -> Source:
    """Change a source. Confirmations of pictures under review that rest on it fall."""
    fresh = locked(source)
    require(policies.can_edit_source(by, fresh))
    organisation: Organisation = values.get("organisation", fresh.organisation)
    require(by.is_police == organisation.is_police)
    refuse_unless(not is_fixed(fresh), _("En antagen lägesbild vilar på underlaget. Lägg till ett nytt i stället."))
    _refuse_odd_values(values, fresh)
    changed = change(fresh, by=by, now=now, values=values, seen=seen)
    if changed.revision != source.revision:
        for picture in changed.pictures.select_for_update(of=("self",)):
            wording_changed(picture, by=by, now=now)
    return changed


def is_fixed(source: Source) -> bool:
    return source.pictures.filter(state__in=PICTURES_ADOPTED).exists()


def _refuse_odd_values(values: Mapping[str, Any], source: Source | None) -> None:
    def value(name: str) -> Any:
        return values.get(name, getattr(source, name, None))

    start, end = value("period_start"), value("period_end")
    refuse_unless(not (start and end and start > end), _("Perioden slutar innan den börjar."))
    refuse_unless(
        value("method") != Method.OPEN_WEB or value("response_rate") is None,
        _("Svaren är självvalda. Då finns ingen svarsandel: lämna den tom."),
    )


@transaction.atomic
def discard(source: Source, *, by: Actor, now: dt.datetime) -> None:
    """Throw away a source that nothing rests on."""
    fresh = locked(source)
    require(policies.can_edit_source(by, fresh))
    refuse_unless(
        not fresh.pictures.exists() and not fresh.findings.exists(),
        _("En lägesbild vilar på underlaget. Ta bort det därifrån först."),
    )
    record(fresh, "discarded", by=by, now=now)
    fresh.delete()
