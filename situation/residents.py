"""The situation picture as residents read it: what we see, what we know it from and how sure we are.

Frozen rows for the templates, of what is public alone. `kalla-12`, `iakttagelse-7` and `problem-3` are places on
the page which other pages link to.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from lysekil_trygghet.publishing.languages import Reader, Text

from . import words
from .changes import changes
from .figures import Drawn, drawn
from .lifecycle import CauseLevel, FindingKind, Method, PictureState, SourceKind
from .models import Area, CauseAnalysis, Figure, Finding, Problem, SituationPicture, Source
from .words import Badge

# --- Places on the page -------------------------------------------------------------------------------


def source_place(pk: int) -> str:
    return f"kalla-{pk}"


def finding_place(pk: int) -> str:
    return f"iakttagelse-{pk}"


def problem_place(pk: int) -> str:
    return f"problem-{pk}"


# --- In lists -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PictureCard:
    title: Text
    badge: Badge
    url: str
    period_start: dt.date
    period_end: dt.date
    adopted_on: dt.date | None
    summary: Text
    is_current: bool


def published_pictures() -> QuerySet[SituationPicture]:
    return SituationPicture.objects.published().order_by("-period_end", "-published_at", "-pk")


def picture_cards(*, read: Reader) -> list[PictureCard]:
    """The one that holds first, then the earlier ones."""
    cards = [_card(picture, read=read) for picture in published_pictures()]
    return sorted(cards, key=lambda card: not card.is_current)


def _card(picture: SituationPicture, *, read: Reader) -> PictureCard:
    return PictureCard(
        title=read.in_language(picture, "title"),
        badge=words.resident_badge(picture),
        url=picture.public_url,
        period_start=picture.period_start,
        period_end=picture.period_end,
        adopted_on=picture.adopted_on,
        summary=read.in_language(picture, "public_summary"),
        is_current=picture.state != PictureState.SUPERSEDED,
    )


# --- One picture --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Link:
    text: Text
    place: str


@dataclass(frozen=True)
class SourceShown:
    place: str
    title: Text
    kind: str
    by: Text
    publisher: Text
    period_start: dt.date | None
    period_end: dt.date | None
    method: str
    carries: str
    strength: Badge
    answers: str
    summary: Text
    limitations: Text
    licence: Text
    url: str


@dataclass(frozen=True)
class FigureShown:
    """`drawn` holds the drawing's words and table; the drawing itself is a file of its own."""

    place: str
    title: Text
    comment: Text
    drawn: Drawn
    file_url: str


@dataclass(frozen=True)
class FindingShown:
    place: str
    claim: Text
    trend: Badge
    confidence: Badge
    area: Text
    sources: list[Link]


@dataclass(frozen=True)
class CauseShown:
    level: str
    hypothesis: Text
    evidence: Text


@dataclass(frozen=True)
class ProblemShown:
    """`row` is for what other rooms hang on a problem (templates/situation/public/_promises.html)."""

    row: Problem
    place: str
    rank: int
    title: Text
    # (question, answer): what, where, when, who; empty answers are left out.
    facts: list[tuple[str, Text]]
    rationale: Text
    areas: list[Text]
    findings: list[Link]
    causes: list[CauseShown]


@dataclass(frozen=True)
class PictureShown:
    card: PictureCard
    analysis: Text
    adopted_by: Text
    next_update_due: dt.date | None
    newer_url: str
    newer_title: Text
    earlier_url: str
    sources: list[SourceShown]
    # (heading, findings) by the parts the law asks for; empty ones are left out.
    findings: list[tuple[str, list[FindingShown]]]
    problems: list[ProblemShown]
    figures: list[FigureShown]
    # (what, which) since the picture before, where residents may read that one.
    changes: list[tuple[str, list[Text]]]

    @property
    def strength_counts(self) -> list[tuple[Badge, int]]:
        """How many sources carry how far, the strongest first."""
        badges = [source.strength for source in self.sources]
        order = list(words.STRENGTHS.values())
        known = {badge.icon + badge.tone: badge for badge in badges}
        counts = {key: sum(badge.icon + badge.tone == key for badge in badges) for key in known}
        return [(known[icon + tone], counts[icon + tone]) for icon, tone in order if icon + tone in known]


def with_public_parts(pictures: QuerySet[SituationPicture]) -> QuerySet[SituationPicture]:
    """With what is marked public of all they consist of, in a fixed number of queries."""
    sources = Source.objects.filter(is_public=True)
    findings = Finding.objects.filter(is_public=True)
    return pictures.select_related("previous").prefetch_related(
        Prefetch("sources", sources.select_related("organisation"), to_attr="shown_sources"),
        Prefetch(
            "findings",
            findings.select_related("area").prefetch_related(Prefetch("sources", sources, to_attr="shown_sources")),
            to_attr="shown_findings",
        ),
        Prefetch(
            "problems",
            Problem.objects.filter(is_public=True).prefetch_related(
                Prefetch("findings", findings, to_attr="shown_findings"),
                Prefetch("areas", Area.objects.filter(is_public=True), to_attr="shown_areas"),
                Prefetch("causes", CauseAnalysis.objects.filter(is_public=True), to_attr="shown_causes"),
            ),
            to_attr="shown_problems",
        ),
        Prefetch(
            "figures",
            Figure.objects.filter(is_public=True).select_related("indicator__source", "question__source", "source"),
            to_attr="shown_figures",
        ),
    )


def picture_shown(picture: Any, *, read: Reader) -> PictureShown:
    """One picture fetched by `with_public_parts`."""
    newer = picture.next_ones.published().order_by("-published_at").first()
    earlier = picture.previous if picture.previous and picture.previous.is_public else None
    return PictureShown(
        card=_card(picture, read=read),
        analysis=read.in_language(picture, "analysis"),
        adopted_by=read.name(picture.adopted_by_function),
        next_update_due=picture.next_update_due if picture.state == PictureState.PUBLISHED else None,
        newer_url=newer.public_url if newer else "",
        newer_title=read.in_language(newer, "title") if newer else read.name(""),
        earlier_url=earlier.public_url if earlier else "",
        sources=[_source(source, read=read) for source in picture.shown_sources],
        findings=_findings_by_kind(picture.shown_findings, read=read),
        problems=[_problem(row, number, read=read) for number, row in enumerate(picture.shown_problems, start=1)],
        figures=[_figure(row, picture, read=read) for row in picture.shown_figures],
        changes=words.changes_in_words(changes(picture, public=True), read=read) if earlier else [],
    )


def _figure(figure: Figure, picture: SituationPicture, *, read: Reader) -> FigureShown:
    """As it was frozen; in the preview of a draft as the numbers are now."""
    return FigureShown(
        place=f"figur-{figure.pk}",
        title=read.in_language(figure, "title"),
        comment=read.in_language(figure, "comment"),
        drawn=drawn(figure, lang=read.language),
        file_url=reverse("situation_public:figure", args=[picture.slug, figure.pk, "x"])[:-2]
        if figure.frozen
        else reverse("situation:picture_figure", args=[picture.pk, figure.pk, "x"])[:-2],
    )


def _source(source: Source, *, read: Reader) -> SourceShown:
    return SourceShown(
        place=source_place(source.pk),
        title=read.in_language(source, "title"),
        kind=str(SourceKind(source.kind).label),
        by=read.name(source.organisation.name),
        publisher=read.name(source.publisher),
        period_start=source.period_start,
        period_end=source.period_end,
        method=str(Method(source.method).label),
        carries=str(words.CARRIES[source.method]),
        strength=words.strength_badge(source),
        answers=words.answers_in_words(source),
        summary=read.in_language(source, "summary"),
        limitations=read.in_language(source, "limitations"),
        licence=read.name(source.licence),
        url=source.url,
    )


def _findings_by_kind(findings: Iterable[Any], *, read: Reader) -> list[tuple[str, list[FindingShown]]]:
    headings = {
        FindingKind.MAPPING: _("Brott och otrygghet"),
        FindingKind.OTHER_INFORMATION: _("Annat som har betydelse"),
        FindingKind.ANALYSIS: _("Så tolkar vi det"),
    }
    shown = [(finding.kind, _finding(finding, read=read)) for finding in findings]
    groups = [(heading, [row for of, row in shown if of == kind]) for kind, heading in headings.items()]
    return [(heading, rows) for heading, rows in groups if rows]


def _finding(finding: Any, *, read: Reader) -> FindingShown:
    area = finding.area
    return FindingShown(
        place=finding_place(finding.pk),
        claim=read.in_language(finding, "claim"),
        trend=words.trend_badge(finding.trend),
        confidence=words.confidence_badge(finding.confidence),
        area=_area(area, read=read) if area and area.is_public else read.name(""),
        sources=[Link(read.in_language(one, "title"), source_place(one.pk)) for one in finding.shown_sources],
    )


def _area(area: Area, *, read: Reader) -> Text:
    """A place keeps its name where nobody has translated it; nothing is missing then."""
    return read.in_language(area, "name") if area.name_en else read.name(area.name)


def _problem(problem: Any, number: int, *, read: Reader) -> ProblemShown:
    questions = (("what", _("Vad")), ("where", _("Var")), ("when", _("När")), ("who", _("Vilka berörs")))
    facts = [(question, read.in_language(problem, name)) for name, question in questions]
    return ProblemShown(
        row=problem,
        place=problem_place(problem.pk),
        rank=number,
        title=read.in_language(problem, "title"),
        facts=[(question, text) for question, text in facts if text],
        rationale=read.in_language(problem, "rationale"),
        areas=[_area(area, read=read) for area in problem.shown_areas],
        findings=[Link(read.in_language(one, "claim"), finding_place(one.pk)) for one in problem.shown_findings],
        causes=[
            CauseShown(
                level=str(CauseLevel(cause.level).label),
                hypothesis=read.in_language(cause, "hypothesis"),
                evidence=read.in_language(cause, "evidence"),
            )
            for cause in problem.shown_causes
        ],
    )
