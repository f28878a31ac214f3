"""Figures that show the development, typed in with their source. They never say that the promise caused it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from lysekil_trygghet.accounts.actors import Actor
from lysekil_trygghet.history.guards import refuse_unless, require
from lysekil_trygghet.history.operations import change, locked, record
from pledges import policies
from pledges.lifecycle import SetState
from pledges.models import Commitment, EffectFigure

from .doors import refuse_identity_number


@transaction.atomic
def add_figure(commitment: Commitment, *, values: Mapping[str, Any], by: Actor, now: dt.datetime) -> EffectFigure:
    """A figure with where it started, where it stands, and its source."""
    fresh = _opened(commitment, by=by)
    _refuse_odd_values(values)
    last = fresh.figures.aggregate(last=Max("order"))["last"] or 0
    figure = EffectFigure.objects.create(commitment=fresh, order=last + 1, **values)
    record(figure, "created", by=by, now=now, commitment=fresh.pk)
    return figure


@transaction.atomic
def edit_figure(
    figure: EffectFigure, *, values: Mapping[str, Any], by: Actor, now: dt.datetime, seen: int | None = None
) -> EffectFigure:
    _opened(figure.commitment, by=by)
    names = ("label", "unit", "baseline_period", "baseline_value", "value", "value_period")
    _refuse_odd_values({**{name: getattr(figure, name) for name in names}, **values})
    return change(figure, by=by, now=now, values=values, seen=seen)


@transaction.atomic
def remove_figure(figure: EffectFigure, *, by: Actor, now: dt.datetime) -> None:
    _opened(figure.commitment, by=by)
    fresh = locked(figure)
    record(fresh, "removed", by=by, now=now, commitment=fresh.commitment_id)
    fresh.delete()


def _opened(commitment: Commitment, *, by: Actor) -> Commitment:
    pledge_set = locked(commitment.pledge_set)
    fresh = locked(commitment)
    fresh.pledge_set = pledge_set
    closed = pledge_set.state in (SetState.CLOSED, SetState.WITHDRAWN)
    refuse_unless(not closed, _("Löftena är avslutade och ändras inte mer."))
    require(policies.can_keep_figures(by, fresh))
    return fresh


def _refuse_odd_values(values: Mapping[str, Any]) -> None:
    said = all(str(values.get(name, "")).strip() for name in ("label", "unit", "baseline_period"))
    refuse_unless(said, _("Skriv vad siffran visar, enheten och när utgångsläget mättes."))
    refuse_unless(values.get("baseline_value") is not None, _("Skriv utgångsläget."))
    latest, measured = values.get("value"), str(values.get("value_period", "")).strip()
    refuse_unless((latest is None) == (not measured), _("Skriv både det senaste värdet och när det mättes."))
    refuse_identity_number(*(str(value) for value in values.values() if isinstance(value, str)))
