"""Areas: where things happen. The name that stands in an adopted picture stays."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from lysekil_trygghet.accounts.actors import Actor
from lysekil_trygghet.history.guards import refuse_unless, require
from lysekil_trygghet.history.operations import change, locked, record
from situation import policies
from situation.lifecycle import PICTURES_ADOPTED
from situation.models import Area


@transaction.atomic
def write(*, values: Mapping[str, Any], by: Actor, now: dt.datetime) -> Area:
    require(policies.can_keep_areas(by))
    _refuse_twin(values, None)
    area = Area.objects.create(**values)
    record(area, "created", by=by, now=now)
    return area


@transaction.atomic
def edit(area: Area, *, values: Mapping[str, Any], by: Actor, now: dt.datetime, seen: int | None = None) -> Area:
    require(policies.can_keep_areas(by))
    fresh = locked(area)
    renamed = any(values.get(name, getattr(fresh, name)) != getattr(fresh, name) for name in ("name", "name_en"))
    refuse_unless(
        not (renamed and is_fixed(fresh)),
        _("Namnet står i en antagen lägesbild. Lägg till ett nytt område och sluta använda det här."),
    )
    _refuse_ring(fresh, values.get("parent", fresh.parent))
    _refuse_twin(values, fresh)
    return change(fresh, by=by, now=now, values=values, seen=seen)


def is_fixed(area: Area) -> bool:
    adopted = Q(findings__picture__state__in=PICTURES_ADOPTED) | Q(problems__picture__state__in=PICTURES_ADOPTED)
    return Area.objects.filter(adopted, pk=area.pk).exists()


def _refuse_ring(area: Area, parent: Area | None) -> None:
    while parent is not None:
        refuse_unless(parent.pk != area.pk, _("Ett område kan inte vara en del av sig självt."))
        parent = parent.parent


def _refuse_twin(values: Mapping[str, Any], area: Area | None) -> None:
    wanted = Area(**{name: getattr(area, name) for name in ("kind", "version", "code", "name")} if area else {})
    for name, value in values.items():
        setattr(wanted, name, value)
    same = Area.objects.filter(kind=wanted.kind, version=wanted.version, code=wanted.code)
    if not wanted.code:
        same = same.filter(name=wanted.name)
    if area:
        same = same.exclude(pk=area.pk)
    refuse_unless(not same.exists(), _("Området finns redan. Använd det som finns."))
