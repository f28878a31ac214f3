"""Answers of surveys and links to the Police's events: compared with what is stored, and written. For imports.py."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from situation.importers.rows import AnswerRow, LinkRow
from situation.models import DatasetImport, PoliceEvent, Source, SurveyAnswer, SurveyQuestion

from .staging import Difference

EXAMPLES = 20
CENT = Decimal("0.01")
VALUES = ("share", "count", "n", "low", "high", "is_suppressed")
Areas = Callable[[list[str]], dict[str, int | None]]


def take(
    answers: Sequence[AnswerRow],
    links: Sequence[LinkRow],
    *,
    difference: Difference,
    source: Source,
    dataset_import: DatasetImport | None,
    area_ids: Areas,
) -> None:
    """Count what is new and changed into `difference`; with `dataset_import` store it, in the caller's transaction."""
    codes = {row.area for row in answers if row.area} | {row.area for row in links if row.area}
    areas = area_ids(sorted(codes))
    if answers:
        _answers(answers, difference=difference, source=source, dataset_import=dataset_import, areas=areas)
    if links:
        _links(links, difference=difference, dataset_import=dataset_import, areas=areas)


def _answers(
    rows: Sequence[AnswerRow],
    *,
    difference: Difference,
    source: Source,
    dataset_import: DatasetImport | None,
    areas: dict[str, int | None],
) -> None:
    questions = {one.code: one for one in SurveyQuestion.objects.filter(source=source)}
    stored = {
        (one.question.code, one.answer, one.group, one.year, one.area_id): one
        for one in SurveyAnswer.objects.filter(question__source=source).select_related("question")
    }
    new = []
    for order, row in enumerate(rows):
        area = areas.get(row.area) if row.area else None
        values = _values(row)
        key = (row.question[:60], row.answer[:200], row.group[:200], row.year[:4], area)
        before = stored.get(key) if not row.area or area is not None else None
        if before is not None and all(getattr(before, name) == values[name] for name in VALUES):
            difference.unchanged += 1
            continue
        if before is None:
            difference.new += 1
        else:
            difference.changed += 1
        _example(difference, row, before)
        if dataset_import is None:
            continue
        if before is not None:
            for name in VALUES:
                setattr(before, name, values[name])
            before.dataset_import = dataset_import
            before.save(update_fields=[*VALUES, "dataset_import"])
            continue
        question = questions.get(row.question[:60])
        if question is None:
            question = questions[row.question[:60]] = SurveyQuestion.objects.create(
                source=source,
                code=row.question[:60],
                text=(row.question_text or row.question)[:300],
                order=len(questions),
            )
        made = SurveyAnswer(
            question=question,
            answer=key[1],
            group=key[2],
            year=key[3],
            area_id=area,
            order=order,
            dataset_import=dataset_import,
            **values,
        )
        stored[key] = made
        new.append(made)
    SurveyAnswer.objects.bulk_create(new)


def _values(row: AnswerRow) -> dict[str, Any]:
    def cents(value: Decimal | None) -> Decimal | None:
        return None if value is None else value.quantize(CENT)

    return {
        "share": cents(row.share),
        "count": row.count,
        "n": row.n,
        "low": cents(row.low),
        "high": cents(row.high),
        "is_suppressed": row.is_suppressed,
    }


def _example(difference: Difference, row: AnswerRow, before: SurveyAnswer | None) -> None:
    kind = "new" if before is None else "changed"
    if sum(one["kind"] == kind for one in difference.examples) < EXAMPLES:
        difference.examples.append(
            {
                "kind": kind,
                "line": row.line,
                "indicator": row.question_text or row.question,
                "area": row.area,
                "period": row.year,
                "breakdown": " ".join(filter(None, (row.answer, row.group))),
                "old": None if before is None or before.share is None else str(before.share),
                "value": None if row.share is None else str(row.share),
            }
        )


def _links(
    rows: Sequence[LinkRow],
    *,
    difference: Difference,
    dataset_import: DatasetImport | None,
    areas: dict[str, int | None],
) -> None:
    """An event edited later is the same event: its place and address follow."""
    stored = {one.number: one for one in PoliceEvent.objects.filter(number__in=[row.number for row in rows])}
    for row in rows:
        before = stored.get(row.number)
        values = {
            "published_at": row.published_at,
            "kind": row.kind[:200],
            "place": row.place[:200],
            "area_id": areas.get(row.area) if row.area else None,
            "url": row.url[:400],
        }
        if before is None:
            difference.new += 1
        elif any(getattr(before, name) != value for name, value in values.items()):
            difference.changed += 1
        else:
            difference.unchanged += 1
            continue
        if dataset_import is None:
            continue
        made = before or PoliceEvent(number=row.number)
        for name, value in values.items():
            setattr(made, name, value)
        made.dataset_import = dataset_import
        made.save()
        stored[row.number] = made
