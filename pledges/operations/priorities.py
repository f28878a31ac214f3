"""The joint priorities of a set: what they are about, and which problems of the picture they are built on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from lysekil_trygghet.accounts.actors import Actor
from lysekil_trygghet.history.guards import refuse_unless, require
from lysekil_trygghet.history.operations import check_seen, locked, record
from pledges.models import PledgeSet, PriorityArea
from situation.models import Problem
from situation.operations import confirmations
from situation.operations.parts import numbered, swapped
from situation.policies import can_see_picture

from .doors import opened_for_writing, removed, touched, wording_changed


@transaction.atomic
def add_area(
    pledge_set: PledgeSet,
    *,
    values: Mapping[str, Any],
    problems: Iterable[Problem] = (),
    by: Actor,
    now: dt.datetime,
) -> PriorityArea:
    """A new priority, last in the set."""
    fresh = opened_for_writing(pledge_set, by=by)
    refuse_unless(values.get("title", "").strip(), _("Skriv en rubrik."))
    chosen = _chosen(problems, by=by)
    last = fresh.areas.aggregate(last=Max("order"))["last"] or 0
    area = PriorityArea.objects.create(pledge_set=fresh, order=last + 1, **values)
    area.problems.set(chosen)
    record(area, "created", by=by, now=now, problems=[problem.pk for problem in chosen])
    area.pledge_set = wording_changed(fresh, by=by, now=now)
    return area


@transaction.atomic
def edit_area(
    area: PriorityArea,
    *,
    values: Mapping[str, Any],
    problems: Iterable[Problem] | None = None,
    by: Actor,
    now: dt.datetime,
    seen: int | None = None,
) -> PriorityArea:
    """Change words or the problems it is built on. The Police's yes to it and both yes to the set fall."""
    fresh = _opened(area, by=by)
    pledge_set = fresh.pledge_set
    check_seen(fresh, seen)
    refuse_unless(values.get("title", fresh.title).strip(), _("Skriv en rubrik."))
    before = (fresh.revision, fresh.sent_back_at)
    changed = any(getattr(fresh, name) != value for name, value in values.items())
    if problems is not None:
        chosen = _chosen(problems, by=by, known=fresh)
        if {problem.pk for problem in chosen} != set(fresh.problems.values_list("pk", flat=True)):
            changed = True
            fresh.problems.set(chosen)
            record(fresh, "problems_set", by=by, now=now, problems=[problem.pk for problem in chosen])
            fresh = confirmations.take_back(fresh, by=by, now=now)
    if changed and before[1] is not None:
        values = {**values, "sent_back_at": None}
    fresh = confirmations.change_confirmed(fresh, values=values, by=by, now=now)
    fresh.pledge_set = wording_changed(pledge_set, by=by, now=now) if changed else pledge_set
    return fresh


@transaction.atomic
def move_area(area: PriorityArea, *, direction: str, by: Actor, now: dt.datetime) -> None:
    """One step "up" or "down". The letters follow the order; no words change, so nothing confirmed falls."""
    fresh = _opened(area, by=by)
    rows = swapped(list(fresh.pledge_set.areas.all()), fresh, direction)
    if rows is None:
        return
    numbered(rows, "order")
    touched(fresh.pledge_set)
    record(fresh, "moved_" + direction, by=by, now=now)


@transaction.atomic
def remove_area(area: PriorityArea, *, by: Actor, now: dt.datetime) -> None:
    """Take a priority without promises out of the draft."""
    fresh = _opened(area, by=by)
    refuse_unless(
        not fresh.commitments.exists(), _("Området har löften. Flytta dem till ett annat område eller ta bort dem.")
    )
    record(fresh, "removed", by=by, now=now)
    pledge_set = fresh.pledge_set
    removed(fresh, _("Något hör till området. Ta bort det först."))
    numbered(list(pledge_set.areas.all()), "order")
    wording_changed(pledge_set, by=by, now=now)


def _opened(area: PriorityArea, *, by: Actor) -> PriorityArea:
    pledge_set = opened_for_writing(area.pledge_set, by=by)
    fresh = locked(area)
    fresh.pledge_set = pledge_set
    return fresh


def _chosen(problems: Iterable[Problem], *, by: Actor, known: PriorityArea | None = None) -> list[Problem]:
    """The problems, each of a picture the actor may see or chosen here before."""
    chosen = list(problems)
    before = set(known.problems.values_list("pk", flat=True)) if known else set()
    for problem in chosen:
        require(problem.pk in before or can_see_picture(by, problem.picture))
    return chosen
