"""The red thread of a promise: what we knew, which problem, what was promised, what was done, how it went."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from django.db.models import Prefetch, QuerySet

from situation.models import CauseAnalysis, Finding, Problem, SituationPicture, Source

from . import policies
from .lifecycle import FollowUpState, OccurrenceState
from .models import (
    Amendment,
    Commitment,
    CommitmentParty,
    EffectFigure,
    FollowUp,
    Occurrence,
    PriorityArea,
    Unit,
)


@dataclass(frozen=True)
class Month:
    """What was done in one month: `first` is its first day."""

    first: dt.date
    occurrences: tuple[Occurrence, ...]

    @property
    def held(self) -> int:
        return sum(one.state == OccurrenceState.HELD for one in self.occurrences)

    @property
    def cancelled(self) -> int:
        return sum(one.state == OccurrenceState.CANCELLED for one in self.occurrences)


@dataclass(frozen=True)
class RedThread:
    """The steps in their order. For residents only what they may read."""

    sources: tuple[Source, ...]
    findings: tuple[Finding, ...]
    problems: tuple[Problem, ...]
    causes: tuple[CauseAnalysis, ...]
    area: PriorityArea
    commitment: Commitment
    parties: tuple[CommitmentParty, ...]
    units: tuple[Unit, ...]
    amendments: tuple[Amendment, ...]
    months: tuple[Month, ...]
    follow_ups: tuple[FollowUp, ...]
    figures: tuple[EffectFigure, ...]
    # The answer to residents; empty until there is one they may read.
    answer: str
    answer_en: str


def red_thread(commitment: Commitment, *, public: bool = False) -> RedThread:
    """The whole thread in a fixed number of queries; `public=True`: as residents may read it."""
    row = _fetched(public).get(pk=commitment.pk)
    problems = tuple(row.area.problems.all())
    findings = _once(finding for problem in problems for finding in problem.findings.all())
    police_led = policies.is_police_led(row)
    follow_ups = tuple(
        one for one in row.follow_ups.all() if not (public and police_led and not one.is_police_confirmed)
    )
    shown = not public or is_answer_shown(row)
    return RedThread(
        sources=_once(source for finding in findings for source in finding.sources.all()),
        findings=findings,
        problems=problems,
        causes=tuple(cause for problem in problems for cause in problem.causes.all()),
        area=row.area,
        commitment=row,
        parties=tuple(row.parties.all()),
        units=tuple(row.units.all()),
        amendments=tuple(row.amendments.all()),
        months=by_month(row.occurrences.all()),
        follow_ups=follow_ups,
        figures=tuple(row.figures.all()),
        answer=row.public_note if shown else "",
        answer_en=row.public_note_en if shown else "",
    )


def is_answer_shown(commitment: Commitment) -> bool:
    """Residents read the answer: no lead is the Police, or the Police stand behind it."""
    has_one = bool(commitment.public_note.strip())
    return has_one and (commitment.answer_confirmed_at is not None or not policies.is_police_led(commitment))


def by_month(occurrences: Iterable[Occurrence]) -> tuple[Month, ...]:
    """Newest first, as the occurrences come."""
    rows = sorted(occurrences, key=lambda one: (one.date, one.pk), reverse=True)
    return tuple(Month(first, tuple(group)) for first, group in groupby(rows, key=lambda one: one.date.replace(day=1)))


def _fetched(public: bool) -> QuerySet[Commitment]:
    only: dict[str, bool] = {"is_public": True} if public else {}
    sources = Source.objects.filter(**only).select_related("organisation")
    findings = Finding.objects.filter(**only).prefetch_related(Prefetch("sources", sources))
    causes = CauseAnalysis.objects.filter(**only)
    problems = Problem.objects.filter(**only)
    if public:
        problems = problems.filter(picture__in=SituationPicture.objects.published())
    problems = problems.prefetch_related(Prefetch("findings", findings), Prefetch("causes", causes))
    follow_ups = FollowUp.objects.order_by("-period_end", "kind", "-pk")
    if public:
        follow_ups = follow_ups.filter(state=FollowUpState.DONE, is_public=True)
    done = Occurrence.objects.exclude(state=OccurrenceState.UNDONE).select_related("area", "organisation")
    return Commitment.objects.select_related("pledge_set", "area").prefetch_related(
        Prefetch("area__problems", problems),
        Prefetch("parties", CommitmentParty.objects.select_related("organisation")),
        "units",
        "amendments",
        Prefetch("occurrences", done.prefetch_related("counts__unit")),
        Prefetch("follow_ups", follow_ups),
        Prefetch("figures", EffectFigure.objects.select_related("source")),
    )


def _once[T](things: Iterable[T]) -> tuple[T, ...]:
    """Each thing once, in the order they first come."""
    return tuple(dict.fromkeys(things))
