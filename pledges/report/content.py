"""What the report holds, as plain values, the same for PDF and XLSX."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from lysekil_trygghet.publishing.languages import Reader
from lysekil_trygghet.ui.context import municipality
from lysekil_trygghet.ui.formats import swedish_date
from pledges.models import Commitment, PledgeSet
from pledges.report.chart import FONT
from pledges.residents.reading import is_police_led, may_show, with_answers
from pledges.residents.sets import PromiseShown, SetShown, delivery_counts, goal_counts, set_preview


@dataclass(frozen=True)
class PromiseLine:
    number: int
    text: str
    leads: str
    helpers: str
    delivery: str
    goal: str
    # "20 av minst 8 trafikkontroller", and the verdict of the rhythm.
    counted: tuple[str, ...]
    reason: str
    answer: str
    done: str
    amended: str
    # The strip of the year, as a drawing with its words; empty without a rhythm.
    strip_svg: str = ""
    strip_words: str = ""


@dataclass(frozen=True)
class AreaPart:
    letter: str
    title: str
    why: str
    problems: tuple[str, ...]
    promises: tuple[PromiseLine, ...]


@dataclass(frozen=True)
class Report:
    municipality: str
    title: str
    subtitle: str
    period: str
    made_on: str
    state: str
    counts: str
    intro: str
    closing_text: str
    signatures: tuple[str, ...]
    # (words, how many) for each delivery and goal word that occurs.
    deliveries: tuple[tuple[str, int], ...]
    goals: tuple[tuple[str, int], ...]
    areas: tuple[AreaPart, ...]
    note: str

    @property
    def file_name(self) -> str:
        return "uppfoljning"


def report_of(pledge_set: PledgeSet, *, today: dt.date) -> Report:
    """The report on a published set, as residents may read it on the day `today`."""
    read = Reader("sv")
    shown: SetShown = set_preview(pledge_set, read=read, today=today)
    promises: list[Any] = list(with_answers(Commitment.objects.published().filter(pledge_set=pledge_set)))
    done = {promise.number: _done(promise, read=read) for promise in promises}
    amended = {promise.number: _as_promised(promise) for promise in promises}
    return Report(
        municipality=str(municipality()["name"]),
        title=_("Uppföljning av medborgarlöften"),
        subtitle=str(shown.card.title),
        period=f"{swedish_date(shown.card.period_start)} – {swedish_date(shown.card.period_end)}",
        made_on=swedish_date(today),
        state=str(shown.card.badge.label),
        counts=shown.card.counts,
        intro=str(shown.intro),
        closing_text=str(shown.closing_text),
        signatures=tuple(f"{row.function}, {row.organisation}, {swedish_date(row.on)}" for row in shown.signatures),
        deliveries=tuple((str(badge.label), count) for badge, count in delivery_counts(shown.promises)),
        goals=tuple((str(badge.label), count) for badge, count in goal_counts(shown.promises)),
        areas=tuple(
            AreaPart(
                letter=area.letter,
                title=str(area.title),
                why=str(area.why),
                problems=tuple(str(problem.title) for problem in area.problems),
                promises=tuple(
                    _line(promise, done=done.get(promise.number, ""), amended=amended.get(promise.number, ""))
                    for promise in area.promises
                ),
            )
            for area in shown.areas
        ),
        note=_("Siffrorna visar utvecklingen, inte att åtgärden orsakat den."),
    )


def _done(promise: Any, *, read: Reader) -> str:
    """All that the follow-ups residents may read say was done, the oldest first."""
    police_led = is_police_led(promise)
    told = [
        read.in_language(row, "done_text") for row in promise.shown_follow_ups if may_show(row, police_led=police_led)
    ]
    return " ".join(str(words) for words in told if words)


def _as_promised(promise: Any) -> str:
    """The words before the first amendment; empty while there is none."""
    return next((row.old_text for row in promise.amendments.all()), "")


def _line(promise: PromiseShown, *, done: str, amended: str) -> PromiseLine:
    dose = promise.dose
    counted = [line.words for line in dose.lines]
    if dose.verdict:
        counted.append(f"{dose.verdict.label}. {dose.verdict_words}".strip())
    return PromiseLine(
        number=promise.number,
        text=str(promise.text),
        leads=", ".join(str(lead.name) for lead in promise.leads),
        helpers=", ".join(str(name) for name in promise.helpers),
        delivery=str(promise.delivery.label),
        goal=str(promise.goal.label) if promise.goal else "",
        counted=tuple(counted),
        reason=str(promise.reason),
        answer=str(promise.answer),
        done=done,
        amended=amended,
        strip_svg=dose.strip_svg(font=FONT),
        strip_words=dose.strip_words,
    )
