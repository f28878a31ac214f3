"""Problems in their order of priority, and why each may be there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from lysekil_trygghet.accounts.actors import Actor
from lysekil_trygghet.history.guards import refuse_unless
from lysekil_trygghet.history.operations import change, record
from situation.models import Area, CauseAnalysis, Finding, Problem, SituationPicture

from .parts import numbered, opened_for_writing, placed, removed, swapped, wording_changed


@transaction.atomic
def write(
    picture: SituationPicture,
    *,
    values: Mapping[str, Any],
    findings: Iterable[Finding] = (),
    areas: Iterable[Area] = (),
    by: Actor,
    now: dt.datetime,
) -> Problem:
    """Add a problem with the lowest priority."""
    fresh = opened_for_writing(picture, by=by)
    chosen = _of_picture(fresh, findings)
    last = fresh.problems.order_by("-rank").first()
    problem = Problem.objects.create(picture=fresh, rank=(last.rank if last else 0) + 1, **values)
    problem.findings.set(chosen)
    problem.areas.set(areas)
    record(problem, "created", by=by, now=now, picture=fresh.pk)
    wording_changed(fresh, by=by, now=now)
    return problem


@transaction.atomic
def edit(
    problem: Problem,
    *,
    values: Mapping[str, Any],
    findings: Iterable[Finding] | None = None,
    areas: Iterable[Area] | None = None,
    by: Actor,
    now: dt.datetime,
    seen: int | None = None,
) -> Problem:
    """Change a problem, and the findings and areas it is about if they are given."""
    picture = opened_for_writing(problem.picture, by=by)
    fresh = change(problem, by=by, now=now, values=values, seen=seen)
    is_changed = fresh.revision != problem.revision
    if findings is not None:
        chosen = _of_picture(picture, findings)
        if chosen != set(fresh.findings.all()):
            fresh.findings.set(chosen)
            record(fresh, "findings_set", by=by, now=now, findings=sorted(finding.pk for finding in chosen))
            is_changed = True
    if areas is not None:
        places = set(areas)
        if places != set(fresh.areas.all()):
            fresh.areas.set(places)
            record(fresh, "areas_set", by=by, now=now, areas=sorted(area.pk for area in places))
            is_changed = True
    if is_changed:
        wording_changed(picture, by=by, now=now)
    return fresh


def _of_picture(picture: SituationPicture, findings: Iterable[Finding]) -> set[Finding]:
    chosen = set(findings)
    refuse_unless(
        all(finding.picture_id == picture.pk for finding in chosen), _("Iakttagelsen hör till en annan lägesbild.")
    )
    return chosen


@transaction.atomic
def remove(problem: Problem, *, by: Actor, now: dt.datetime) -> None:
    """Take a problem away with its causes; the others close the gap."""
    picture = opened_for_writing(problem.picture, by=by)
    record(picture, "problem_removed", by=by, now=now, problem=problem.pk)
    removed(problem, _("Något bygger på problemet, till exempel ett löfte. Ta bort det först."))
    numbered(list(picture.problems.select_for_update()), "rank")
    wording_changed(picture, by=by, now=now)


@transaction.atomic
def place(problem: Problem, *, direction: str, by: Actor, now: dt.datetime) -> None:
    """One step "up" or "down" in the order of priority."""
    placed(
        problem.picture, "problems", problem, direction=direction, place="rank", verb="problems_ranked", by=by, now=now
    )


# --- Causes -------------------------------------------------------------------------------------------


@transaction.atomic
def write_cause(problem: Problem, *, values: Mapping[str, Any], by: Actor, now: dt.datetime) -> CauseAnalysis:
    """Add a likely cause, last on its level."""
    picture = opened_for_writing(problem.picture, by=by)
    last = problem.causes.filter(level=values["level"]).order_by("-order").first()
    cause = CauseAnalysis.objects.create(problem=problem, order=(last.order if last else 0) + 1, **values)
    record(cause, "created", by=by, now=now, problem=problem.pk)
    wording_changed(picture, by=by, now=now)
    return cause


@transaction.atomic
def edit_cause(
    cause: CauseAnalysis, *, values: Mapping[str, Any], by: Actor, now: dt.datetime, seen: int | None = None
) -> CauseAnalysis:
    picture = opened_for_writing(cause.problem.picture, by=by)
    fresh = change(cause, by=by, now=now, values=values, seen=seen)
    if fresh.revision != cause.revision:
        wording_changed(picture, by=by, now=now)
    return fresh


@transaction.atomic
def remove_cause(cause: CauseAnalysis, *, by: Actor, now: dt.datetime) -> None:
    picture = opened_for_writing(cause.problem.picture, by=by)
    record(cause.problem, "cause_removed", by=by, now=now, cause=cause.pk)
    removed(cause, _("Något bygger på orsaksanalysen, till exempel en åtgärd. Ta bort det först."))
    wording_changed(picture, by=by, now=now)


@transaction.atomic
def place_cause(cause: CauseAnalysis, *, direction: str, by: Actor, now: dt.datetime) -> None:
    """One step "up" or "down" among the causes of the same level."""
    picture = opened_for_writing(cause.problem.picture, by=by)
    alike = list(cause.problem.causes.filter(level=cause.level).select_for_update())
    order = swapped(alike, cause, direction)
    if order is None:
        return
    numbered(order, "order")
    record(cause.problem, "causes_ordered", by=by, now=now, causes=[row.pk for row in order])
    wording_changed(picture, by=by, now=now)
