"""Ranking by the group: each member gives every problem points, the joint order is set from them with reasons."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from lysekil_trygghet.accounts.actors import Actor
from lysekil_trygghet.accounts.models import Organisation
from lysekil_trygghet.history.guards import refuse_unless, require
from lysekil_trygghet.history.operations import record
from situation import policies
from situation.models import Problem, SituationPicture
from situation.models.problem import MOST_POINTS, ProblemPoints

from .parts import numbered, opened_for_writing, wording_changed


@dataclass(frozen=True)
class Ranked:
    """A problem with what each member gave it, in the order of `members`; None where a member has not said."""

    problem: Problem
    points: tuple[int | None, ...]

    @property
    def total(self) -> int:
        return sum(one or 0 for one in self.points)


@transaction.atomic
def give_points(
    picture: SituationPicture, *, points: Mapping[int, int], by: Actor, now: dt.datetime
) -> SituationPicture:
    """What the actor's organisation thinks: problem's id → 0 to 10. Said again, the newest holds."""
    fresh = opened_for_writing(picture, by=by)
    organisation = by.organisation
    require(policies.can_give_points(by, fresh) and organisation is not None)
    assert organisation is not None
    problems = {problem.pk: problem for problem in fresh.problems.all()}
    refuse_unless(set(points) <= set(problems), _("Problemet hör till en annan lägesbild."))
    refuse_unless(
        all(0 <= one <= MOST_POINTS for one in points.values()),
        _("Ge mellan 0 och %(most)d poäng.") % {"most": MOST_POINTS},
    )
    for pk, given in points.items():
        ProblemPoints.objects.update_or_create(
            problem=problems[pk],
            organisation=organisation,
            defaults={"points": given, "given_at": now, "by_function": by.function_label},
        )
    record(fresh, "points_given", by=by, now=now, problems=sorted(points))
    return fresh


def ranked(picture: SituationPicture) -> tuple[list[Organisation], list[Ranked]]:
    """The members who have said something, and the problems with the most points first."""
    given = ProblemPoints.objects.filter(problem__picture=picture).select_related("organisation")
    members = sorted({row.organisation for row in given}, key=lambda one: one.name)
    by_key = {(row.problem_id, row.organisation_id): row.points for row in given}
    rows = [
        Ranked(problem, tuple(by_key.get((problem.pk, member.pk)) for member in members))
        for problem in picture.problems.all()
    ]
    return members, sorted(rows, key=lambda row: (-row.total, row.problem.rank, row.problem.pk))


@transaction.atomic
def order_by_points(picture: SituationPicture, *, by: Actor, now: dt.datetime) -> SituationPicture:
    """Set the joint order after the points. It can be changed by hand afterwards; each problem says why."""
    fresh = opened_for_writing(picture, by=by)
    members, rows = ranked(fresh)
    refuse_unless(members, _("Ingen har gett poäng än."))
    before = list(fresh.problems.select_for_update())
    after = [row.problem for row in rows]
    if [problem.pk for problem in before] != [problem.pk for problem in after]:
        numbered(after, "rank")
        record(fresh, "problems_ranked", by=by, now=now, problems=[problem.pk for problem in after])
        wording_changed(fresh, by=by, now=now)
    return fresh
