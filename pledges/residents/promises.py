"""One promise with its red thread: sources → findings → problem → promise → what was done → how it went."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.urls import reverse
from django.utils.dates import MONTHS
from django.utils.formats import localize

from lysekil_trygghet.publishing.languages import WRITTEN_IN, Reader, Text
from lysekil_trygghet.subscriptions.queries import Noticed, noticed
from lysekil_trygghet.ui.badges import Badge
from pledges import words
from pledges.doses import dose_of_fetched
from pledges.lifecycle import CommitmentKind, FollowUpKind, OccurrenceState
from pledges.models import Commitment
from pledges.topics import promise_topic

from .reading import is_police_led, may_show, published_sets, with_everything
from .sets import FeedbackShown, ProblemLink, PromiseShown, feedback_row, problem_link, promise_shown


@dataclass(frozen=True)
class Doing:
    date: dt.date
    badge: Badge
    # "3 trafikkontroller, 1 identitetskontroll"; empty when nothing is counted.
    counts: str
    where: Text
    note: Text


@dataclass(frozen=True)
class PauseShown:
    first_day: dt.date
    last_day: dt.date
    reason: Text


@dataclass(frozen=True)
class Month:
    name: str
    doings: list[Doing]


@dataclass(frozen=True)
class ThreadFinding:
    claim: Text
    url: str
    sources: list[ProblemLink]


@dataclass(frozen=True)
class ThreadProblem:
    link: ProblemLink
    findings: list[ThreadFinding]


@dataclass(frozen=True)
class FollowUpShown:
    kind: str
    period_start: dt.date
    period_end: dt.date
    done: Text
    result: Text
    next_step: Text
    # About effects: the figure shows the development, never that the promise caused it.
    is_effect: bool


@dataclass(frozen=True)
class FigureShown:
    label: Text
    unit: Text
    before: str
    before_period: str
    now: str
    now_period: str
    source: Text


@dataclass(frozen=True)
class AmendmentShown:
    place: str
    on: dt.date
    by: Text
    old: Text
    new: Text
    reason: Text


@dataclass(frozen=True)
class LinkShown:
    title: Text
    url: str


@dataclass(frozen=True)
class PromisePage:
    promise: PromiseShown
    # The name under which it is followed by mail; empty when nothing more comes.
    topic: str
    noticed: Noticed | None
    set_title: Text
    set_url: str
    area_title: Text
    area_letter: str
    area_why: Text
    kind: str
    starts_on: dt.date
    ends_on: dt.date
    purpose: Text
    how_we_know: Text
    # Plain Swedish, on the Swedish page alone.
    easy_text: str
    as_promised: Text
    amendments: list[AmendmentShown]
    problems: list[ThreadProblem]
    pauses: list[PauseShown]
    months: list[Month]
    follow_ups: list[FollowUpShown]
    figures: list[FigureShown]
    feedback: list[FeedbackShown]
    links: list[LinkShown]
    carried_from: LinkShown | None
    carried_to: LinkShown | None
    before_url: str
    after_url: str
    updated_at: dt.datetime
    is_running: bool

    @property
    def has_effect(self) -> bool:
        return any(row.is_effect for row in self.follow_ups)


def promise_page(slug: str, number: int, *, read: Reader, today: dt.date) -> PromisePage | None:
    """The promise at this address; None when residents may not read one there."""
    promises = Commitment.objects.published().filter(pledge_set__slug=slug)
    found: Any = with_everything(promises.filter(number=number)).order_by("pk").first()
    if found is None:
        return None
    pledge_set = found.pledge_set
    police_led = is_police_led(found)
    dose = dose_of_fetched(found, found.shown_occurrences, as_of=today)
    numbers = list(promises.order_by("area__order", "order", "number").values_list("number", flat=True))
    at = numbers.index(number)
    kept = published_sets()
    return PromisePage(
        promise=promise_shown(found, pledge_set=pledge_set, dose=dose, read=read, today=today),
        topic=promise_topic(found.pk) if pledge_set.is_running else "",
        noticed=None if pledge_set.is_running else noticed(promise_topic(found.pk)),
        set_title=read.in_language(pledge_set, "title"),
        set_url=pledge_set.public_url,
        area_title=read.in_language(found.area, "title"),
        area_letter=found.area.letter,
        area_why=read.in_language(found.area, "why"),
        kind=str(CommitmentKind(found.kind).label),
        starts_on=found.starts_on(),
        ends_on=found.ends_on(),
        purpose=read.in_language(found, "purpose"),
        how_we_know=read.in_language(found, "how_we_know"),
        easy_text=found.easy_text if read.language == WRITTEN_IN else "",
        as_promised=read.in_language(found, "text_as_promised"),
        amendments=[_amendment(row, found, read=read) for row in found.amendments.all()],
        problems=[_problem(problem, read=read) for problem in found.area.shown_problems],
        pauses=[
            PauseShown(row.first_day, row.last_day, read.in_language(row, "reason"))
            for row in (found.rule.pauses.all() if hasattr(found, "rule") else ())
        ],
        months=_months(found.shown_occurrences, read=read),
        follow_ups=[
            _follow_up(row, read=read) for row in found.shown_follow_ups if may_show(row, police_led=police_led)
        ],
        figures=[_figure(row, read=read) for row in found.figures.all()],
        feedback=[feedback_row(row, read=read) for row in found.shown_feedback],
        links=[LinkShown(read.in_language(row, "title"), row.url) for row in found.links.all()],
        carried_from=_kin(found.carried_from, read=read, shown=kept),
        carried_to=_kin(next(iter(found.shown_heirs), None), read=read, shown=kept),
        before_url=_url(slug, numbers[at - 1]) if at else "",
        after_url=_url(slug, numbers[at + 1]) if at + 1 < len(numbers) else "",
        updated_at=max(moment for moment in _moments(found) if moment is not None),
        is_running=pledge_set.is_running,
    )


def _moments(found: Any) -> list[dt.datetime | None]:
    """When something that the page shows came about."""
    return [
        found.pledge_set.published_at,
        found.pledge_set.closed_at,
        found.answer_confirmed_at,
        *(row.made_at for row in found.amendments.all()),
        *(row.done_at for row in found.shown_follow_ups),
        *(row.recorded_at for row in found.shown_occurrences),
    ]


def _url(slug: str, number: int) -> str:
    return reverse("pledges_public:commitment", args=[slug, number])


def _kin(promise: Any, *, read: Reader, shown: Any) -> LinkShown | None:
    """The same promise in the set before or after, when residents may read that one."""
    if promise is None or not shown.filter(pk=promise.pledge_set_id).exists():
        return None
    return LinkShown(read.in_language(promise.pledge_set, "title"), promise.public_url)


def _amendment(row: Any, promise: Any, *, read: Reader) -> AmendmentShown:
    return AmendmentShown(
        place=row.public_place,
        on=row.decided_on,
        by=read.name(row.decided_by_function),
        old=read.name(row.old_text),
        new=read.in_language(row, "new_text"),
        reason=read.in_language(row, "reason"),
    )


def _problem(problem: Any, *, read: Reader) -> ThreadProblem:
    address = problem.picture.public_url
    return ThreadProblem(
        link=problem_link(problem, read=read),
        findings=[
            ThreadFinding(
                claim=read.in_language(finding, "claim"),
                url=f"{address}#iakttagelse-{finding.pk}",
                sources=[
                    ProblemLink(read.in_language(source, "title"), f"{address}#kalla-{source.pk}")
                    for source in finding.shown_sources
                ],
            )
            for finding in problem.shown_findings
        ],
    )


def _months(occurrences: Iterable[Any], *, read: Reader) -> list[Month]:
    """The newest month first, the newest day first in it."""
    return [
        Month(f"{MONTHS[month]} {year}", [_doing(row, read=read) for row in rows])
        for (year, month), rows in groupby(occurrences, key=lambda row: (row.date.year, row.date.month))
    ]


def _doing(row: Any, *, read: Reader) -> Doing:
    area = row.area if row.area and row.area.is_public else None
    return Doing(
        date=row.date,
        badge=words.occurrence_badge(row.state),
        counts=", ".join(f"{count.count} {read.in_language(count.unit, 'name')}" for count in row.counts.all()),
        where=read.name(area.name) if area else read.name(""),
        # Why it was called off is written for residents too, in Swedish.
        note=read.in_language(row, "reason" if row.state == OccurrenceState.CANCELLED else "public_note"),
    )


def _follow_up(row: Any, *, read: Reader) -> FollowUpShown:
    return FollowUpShown(
        kind=str(FollowUpKind(row.kind).label),
        period_start=row.period_start,
        period_end=row.period_end,
        done=read.in_language(row, "done_text"),
        result=read.in_language(row, "result_text"),
        next_step=read.in_language(row, "next_step"),
        is_effect=row.kind == FollowUpKind.EFFECT,
    )


def _figure(row: Any, *, read: Reader) -> FigureShown:
    return FigureShown(
        label=read.in_language(row, "label"),
        unit=read.in_language(row, "unit"),
        before=_plain(row.baseline_value),
        before_period=row.baseline_period,
        now=_plain(row.value) if row.value is not None else "",
        now_period=row.value_period,
        source=read.in_language(row.source, "title") if row.source.is_public else read.name(""),
    )


def _plain(value: Decimal) -> str:
    """Without the zeros nobody wrote, in the spelling of the language: 21,4."""
    value = value.normalize()
    return str(localize(value.quantize(Decimal(1)) if value == value.to_integral_value() else value))
