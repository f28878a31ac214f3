"""Findings and problems of one picture taken over into another: most often a party's own into the joint one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _

from lysekil_trygghet.accounts.actors import Actor
from lysekil_trygghet.history.guards import refuse_unless, require
from lysekil_trygghet.history.operations import record
from situation import policies
from situation.models import CauseAnalysis, Finding, Problem, SituationPicture

from .parts import opened_for_writing, wording_changed


@transaction.atomic
def copy_parts(
    picture: SituationPicture,
    *,
    findings: Iterable[Finding] = (),
    problems: Iterable[Problem] = (),
    by: Actor,
    now: dt.datetime,
) -> SituationPicture:
    """Take chosen findings and problems of other pictures into this one, with their sources and causes."""
    fresh = opened_for_writing(picture, by=by)
    findings, problems = list(findings), list(problems)
    taken: list[Finding | Problem] = [*findings, *problems]
    refuse_unless(taken, _("Välj minst en iakttagelse eller ett problem."))
    for part in taken:
        require(policies.can_see_picture(by, part.picture))
        refuse_unless(part.picture_id != fresh.pk, _("Det finns redan i den här lägesbilden."))
    copies = {finding.pk: _copy_finding(finding, fresh) for finding in findings}
    for problem in problems:
        _copy_problem(problem, fresh, copies)
    record(
        fresh,
        "parts_copied",
        by=by,
        now=now,
        findings=[finding.pk for finding in findings],
        problems=[problem.pk for problem in problems],
    )
    return wording_changed(fresh, by=by, now=now)


def _copy_finding(finding: Finding, to: SituationPicture) -> Finding:
    sources = list(finding.sources.all())
    to.sources.add(*sources)
    copy = Finding.objects.create(picture=to, order=_next(to.findings, "order"), **_own_values(finding, "order"))
    copy.sources.set(sources)
    return copy


def _copy_problem(problem: Problem, to: SituationPicture, copies: Mapping[int, Finding]) -> None:
    copy = Problem.objects.create(picture=to, rank=_next(to.problems, "rank"), **_own_values(problem, "rank"))
    copy.areas.set(problem.areas.all())
    copy.findings.set([copies[pk] for pk in problem.findings.values_list("pk", flat=True) if pk in copies])
    for cause in problem.causes.all():
        CauseAnalysis.objects.create(problem=copy, **_own_values(cause))


def _own_values(part: models.Model, *places: str) -> dict[str, Any]:
    """What is said in a part, without what ties it to its picture and place."""
    left_out = {"id", "picture", "problem", "revision", *places}
    return {field.name: getattr(part, field.name) for field in part._meta.fields if field.name not in left_out}


def _next(rows: models.Manager[Any], place: str) -> int:
    last = rows.aggregate(last=models.Max(place))["last"]
    return (last or 0) + 1
