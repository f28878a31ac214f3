"""Situation pictures for tests/test_public_surface.py: one that residents read, and one for every way to be hidden."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from lysekil_trygghet.accounts.models import Organisation
from situation.lifecycle import (
    CauseLevel,
    FeedKind,
    FigureKind,
    ImportKind,
    ImportState,
    Method,
    PeriodType,
    PictureKind,
    PictureState,
    SourceKind,
    Unit,
)
from situation.models import (
    Area,
    CauseAnalysis,
    DataFeed,
    DatasetImport,
    Dialogue,
    DialogueTheme,
    Figure,
    Finding,
    Indicator,
    IndicatorValue,
    PictureComment,
    PoliceEvent,
    Problem,
    ProblemPoints,
    SituationPicture,
    Source,
    SurveyAnswer,
    SurveyQuestion,
    WeeklyLine,
    WeeklyReport,
)

# Model → the fields residents read of it, once it is published.
SHOWN: dict[str, tuple[str, ...]] = {
    "SituationPicture": (
        *("slug", "title", "title_en", "public_summary", "public_summary_en", "analysis", "analysis_en"),
        "adopted_by_function",
    ),
    "Area": ("name", "name_en"),
    "Source": (
        *("title", "title_en", "publisher", "summary", "summary_en", "limitations", "limitations_en"),
        *("licence", "url"),
    ),
    "Finding": ("claim", "claim_en"),
    "Problem": (
        *("title", "title_en", "what", "what_en", "where", "where_en", "when", "when_en", "who", "who_en"),
        *("rationale", "rationale_en"),
    ),
    "CauseAnalysis": ("hypothesis", "hypothesis_en", "evidence", "evidence_en"),
    "Figure": ("title", "title_en", "comment", "comment_en"),
}
DAY = dt.timedelta(days=1)


def fill(birds: Any, *, department: Organisation) -> None:
    """`birds` is the Aviary."""
    today = timezone.localdate(birds.now)
    adopted = {"adopted_on": today, "next_update_due": today + 730 * DAY}
    out = {**adopted, "published_at": birds.now - DAY, "secrecy_checked_at": birds.now}
    shown = _picture(birds, department, shown=True, state=PictureState.PUBLISHED, **out)
    # In the picture residents read: parts that are marked to stay inside.
    _parts(birds, shown, department, shown=False, is_public=False)
    for state in (PictureState.DRAFT, PictureState.REVIEW):
        _picture(birds, department, state=state, why=state)
    _picture(birds, department, state=PictureState.ADOPTED, **adopted, why="adopted, not published")
    _picture(birds, department, state=PictureState.PUBLISHED, **out, withdrawn_at=birds.now, why="withdrawn")
    _picture(birds, department, state=PictureState.SUPERSEDED, **adopted, why="superseded, never published")
    own = {"kind": PictureKind.OWN, "state": PictureState.ADOPTED}
    _picture(birds, department, **own, **adopted, published_at=birds.now - DAY, why="a party's own")
    birds.add(Area, kind="PLACE", parent=None, version="", why="not used")


def _picture(birds: Any, department: Organisation, *, shown: bool = False, why: str = "", **values: Any) -> Any:
    today = timezone.localdate(birds.now)
    period = {"period_start": today - 365 * DAY, "period_end": today}
    picture = birds.add(
        SituationPicture, shown=shown, why=why, organisation=department, previous=None, **period, **values
    )
    birds.add(PictureComment, picture=picture, organisation=department, written_by=None, written_at=birds.now, why=why)
    _parts(birds, picture, department, shown=shown, why=why)
    return picture


def _parts(birds: Any, picture: SituationPicture, department: Organisation, *, shown: bool, **values: Any) -> None:
    area = birds.add(Area, shown=shown, kind="PLACE", parent=None, version="", **values)
    source = birds.add(
        Source, shown=shown, kind=SourceKind.OTHER, method=Method.DIALOGUE, organisation=department, **values
    )
    picture.sources.add(source)
    finding = birds.add(Finding, shown=shown, picture=picture, area=area, **values)
    finding.sources.add(source)
    problem = birds.add(Problem, shown=shown, picture=picture, **values)
    problem.findings.add(finding)
    problem.areas.add(area)
    birds.add(CauseAnalysis, shown=shown, problem=problem, level=CauseLevel.SITUATION, **values)
    why = values.get("why", "")
    birds.add(ProblemPoints, problem=problem, organisation=department, points=3, given_at=birds.now, why=why)
    _numbers(birds, picture, source, area, shown=shown, **values)


def _numbers(
    birds: Any, picture: SituationPicture, source: Source, area: Area, *, shown: bool, why: str = "", **values: Any
) -> None:
    """What figures are drawn of stays inside; residents see the figure as it was frozen."""
    made = birds.add(
        DatasetImport,
        source=source,
        kind=ImportKind.BRA,
        state=ImportState.APPLIED,
        made_at=birds.now,
        made_by=None,
        retrieved_at=None,
        raw="",
        why=why,
    )
    indicator = birds.add(Indicator, source=source, unit=Unit.COUNT, why=why)
    value = {"indicator": indicator, "area": area, "period": "2020", "period_type": PeriodType.YEAR, "value": 3}
    birds.add(IndicatorValue, **value, dataset_import=made, why=why)
    question = birds.add(SurveyQuestion, source=source, why=why)
    birds.add(SurveyAnswer, question=question, area=None, year="2020", dataset_import=made, why=why)
    dialogue = birds.add(Dialogue, source=source, area=area, held_on=timezone.localdate(birds.now), why=why)
    birds.add(DialogueTheme, dialogue=dialogue, count=7, why=why)
    number = len(birds.planted)
    birds.add(PoliceEvent, number=number, published_at=birds.now, area=area, dataset_import=made, why=why)
    birds.add(DataFeed, source=source, kind=FeedKind.KOLADA, why=why)
    week = {"organisation": source.organisation, "iso_year": 2000 + number // 50, "iso_week": 1 + number % 50}
    report = birds.add(WeeklyReport, **week, reported_at=birds.now, why=why)
    birds.add(WeeklyLine, report=report, area=area, why=why)
    drawing = {lang: _frozen(birds, lang, shown=shown, why=why) for lang in ("sv", "en")}
    given = {"picture": picture, "source": source, "indicator": indicator, "question": None, "kind": FigureKind.LINE}
    birds.add(Figure, shown=shown, why=why, **given, frozen=drawing, frozen_at=birds.now, **values)


def _frozen(birds: Any, lang: str, *, shown: bool, why: str) -> dict[str, Any]:
    def word(what: str) -> str:
        made = birds.word(f"Figure.frozen.{lang}.{what} ({why or ('shown' if shown else 'hidden')})")
        if shown:
            birds.shown.add(made)
        return made

    return {
        "svg": f'<svg xmlns="http://www.w3.org/2000/svg"><text>{word("svg")}</text></svg>',
        "narrow": f'<svg xmlns="http://www.w3.org/2000/svg"><text>{word("narrow")}</text></svg>',
        "head": [word("head")],
        "rows": [[word("row")]],
        "caption": word("caption"),
        "alt": word("alt"),
        "source_line": word("source_line"),
        "notes": [word("note")],
    }
