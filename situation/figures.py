"""Which numbers a figure draws: fetched here, drawn by charts.py and maps.py, the same for page, file and paper.

Small numbers are told carefully: counts under five are "färre än 5" where they are of people's words, and no rate is
worked out from a month, from fewer than five, or where the population of the same year is missing (docs/rules.md).
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from lysekil_trygghet.ui.formats import swedish_date

from . import charts, maps
from .charts import Chart, CompareRow, CountRow, Point, Series, ShareRow
from .lifecycle import AreaKind, FigureKind, ImportState, Method, Unit
from .models import (
    Area,
    DatasetImport,
    DialogueTheme,
    Figure,
    Indicator,
    IndicatorValue,
    Source,
    SurveyAnswer,
    SurveyQuestion,
)

# Inhabitants of the same year, for rates: the first of these that has numbers.
POPULATION = ("scb.BE0101N1", "scb.folkmangd", "kolada.N01951", "kolada.invanare-totalt-antal")
PER_100K = "PER_100K"
AS_IT_IS = "AS_IT_IS"
MOST_LINES, MOST_BARS = charts.MOST_SERIES, 20
LANGUAGES = ("sv", "en")
# Every drawing says its size once, at its beginning.
SIZE = re.compile(r'<svg\b[^>]*viewBox="0 0 (?P<width>[\d.]+) (?P<height>[\d.]+)"')


class NothingToDraw(Exception):
    """The choice holds no numbers. The message says what to choose instead."""


@dataclass(frozen=True)
class Look:
    """How an indicator or a question is looked at."""

    areas: tuple[int, ...] = ()
    first: str = ""
    last: str = ""
    # The mean of so many years before; 0 for none.
    mean_of: int = 0
    per: str = AS_IT_IS
    breakdown: str = ""
    # Of a survey's question: the answer that groups are compared by; "" draws all answers of everybody.
    answer: str = ""
    # Which areas a map shows.
    area_kind: str = AreaKind.MUNICIPALITY

    @classmethod
    def of(cls, stored: dict[str, Any]) -> Look:
        """As a Figure keeps it; what it does not know is left out."""
        known = {name: stored[name] for name in cls.__dataclass_fields__ if name in stored}
        return cls(**known | {"areas": tuple(known.get("areas", ()))})

    def stored(self) -> dict[str, Any]:
        return asdict(self) | {"areas": list(self.areas)}


@dataclass(frozen=True)
class Drawn:
    """A figure ready for a page: plain text, an SVG, and a narrow one for telephones where there is one."""

    svg: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str
    alt: str
    source_line: str
    notes: tuple[str, ...] = field(default=())
    narrow: str = ""

    @property
    def size(self) -> tuple[str, str]:
        """Width and height of the drawing, so that a page keeps its place before it is there."""
        return _size_of(self.svg)

    @property
    def narrow_size(self) -> tuple[str, str]:
        return _size_of(self.narrow)

    @classmethod
    def of(cls, stored: dict[str, Any]) -> Drawn:
        """As it was frozen."""
        rows = tuple(tuple(row) for row in stored["rows"])
        return cls(**stored | {"head": tuple(stored["head"]), "rows": rows, "notes": tuple(stored.get("notes", ()))})


def _size_of(svg: str) -> tuple[str, str]:
    box = SIZE.search(svg)
    return (box["width"], box["height"]) if box else ("", "")


# --- A figure of a picture ----------------------------------------------------------------------------------


def drawn(figure: Figure, *, lang: str) -> Drawn:
    """As it was frozen, or as the numbers are now. Raises NothingToDraw."""
    if figure.frozen:
        return Drawn.of(figure.frozen.get(lang) or figure.frozen["sv"])
    return draw(figure, lang=lang)


def draw(figure: Figure, *, lang: str) -> Drawn:
    """From the numbers as they are now, in one language."""
    with translation.override(lang):
        title = (figure.title_en if lang == "en" else "") or figure.title
        look = Look.of(figure.look)
        if figure.kind == FigureKind.SHARES:
            assert figure.question is not None
            return of_question(figure.question, look, title=title)
        if figure.kind == FigureKind.THEMES:
            return of_themes(figure.source, look, title=title)
        assert figure.indicator is not None
        return of_indicator(figure.indicator, look, kind=figure.kind, title=title)


def frozen(figure: Figure) -> dict[str, Any]:
    """What is kept of the figure in every language when its picture is adopted."""
    return {lang: asdict(draw(figure, lang=lang)) for lang in LANGUAGES}


# --- An indicator --------------------------------------------------------------------------------------------


def of_indicator(indicator: Indicator, look: Look, *, kind: str = FigureKind.LINE, title: str = "") -> Drawn:
    """Over time, between areas, or on a map. Raises NothingToDraw when the choice holds no numbers."""
    rows = _values(indicator, look, kind=kind)
    if not rows:
        raise NothingToDraw(_("Här finns inga siffror. Välj ett annat område eller en annan period."))
    title = title or _title(indicator)
    unit, notes = _unit(indicator, look), []
    people = _population(rows) if look.per == PER_100K else {}
    if look.per == PER_100K:
        if not people:
            raise NothingToDraw(_("Det saknas folkmängd för åren. Läs in den från SCB, eller visa antal."))
        rows, left_out = _as_rates(rows, people)
        if left_out:
            notes.append(_("Antal under 5 räknas inte om till tal per 100 000 invånare."))
    words = charts.words(lang=translation.get_language()[:2])
    if kind == FigureKind.COMPARE:
        chart = _compared(rows, title=title, unit=unit, words=words)
    elif kind == FigureKind.MAP:
        chart = _mapped(rows, title=title, unit=unit, words=words)
    else:
        chart = _over_time(rows, look, title=title, unit=unit, words=words)
    if any(row.is_preliminary for row in rows):
        notes.append(_("Preliminära siffror kan ändras."))
    return _whole(chart, source_line=source_line(indicator.source, rows), notes=notes)


@dataclass(frozen=True)
class _Value:
    area: Area
    period: str
    value: Decimal | None
    is_preliminary: bool
    is_suppressed: bool
    dataset_import_id: int


def _values(indicator: Indicator, look: Look, *, kind: str) -> list[_Value]:
    rows = IndicatorValue.objects.filter(indicator=indicator, breakdown=look.breakdown).select_related("area")
    if kind == FigureKind.MAP:
        rows = rows.filter(area__kind=look.area_kind, area__geometry__isnull=False)
    elif look.areas:
        rows = rows.filter(area__in=look.areas)
    else:
        rows = rows.filter(area__code=settings.MUNICIPALITY_CODE)
    shown = list(rows.order_by("period", "area__name", "pk"))
    if kind == FigureKind.LINE:
        # Months and years never stand in one drawing.
        types = Counter(row.period_type for row in shown)
        wanted = max(types, key=lambda one: (one == "YEAR" and types[one] > 1, types[one])) if types else ""
        shown = [row for row in shown if row.period_type == wanted]
        shown = [row for row in shown if (look.first or "0") <= row.period <= (look.last or "9") + "~"]
    else:
        periods = sorted({row.period for row in shown if row.value is not None})
        chosen = look.last if look.last in periods else (periods[-1] if periods else "")
        shown = [row for row in shown if row.period == chosen]
    return [
        _Value(row.area, row.period, row.value, row.is_preliminary, row.is_suppressed, row.dataset_import_id)
        for row in shown
    ]


def _population(rows: Sequence[_Value]) -> dict[tuple[int, str], Decimal]:
    """Inhabitants by area and year, from the first register that has them."""
    areas = {row.area.pk for row in rows}
    for code in POPULATION:
        found = IndicatorValue.objects.filter(
            indicator__code=code, area__in=areas, breakdown="", period_type="YEAR", value__isnull=False
        )
        known = {
            (area, period): value
            for area, period, value in found.values_list("area", "period", "value")
            if value is not None
        }
        if known:
            return known
    return {}


def _as_rates(rows: Sequence[_Value], people: dict[tuple[int, str], Decimal]) -> tuple[list[_Value], bool]:
    """The rows as rates; whether any was left out because it is too small or of a month."""
    made, left_out = [], False
    for row in rows:
        inhabitants = people.get((row.area.pk, row.period[:4])) if charts.may_be_rate(row.period) else None
        value = None
        if row.value is not None and inhabitants is not None:
            value = charts.rate(int(row.value), int(inhabitants), is_suppressed=row.is_suppressed)
        left_out |= value is None and row.value is not None
        made.append(_Value(row.area, row.period, value, row.is_preliminary, row.is_suppressed, row.dataset_import_id))
    return made, left_out


def _over_time(rows: Sequence[_Value], look: Look, *, title: str, unit: str, words: charts.Words) -> Chart:
    by_area: dict[Area, list[Point]] = {}
    for row in rows:
        point = Point(row.period, row.value, is_preliminary=row.is_preliminary, is_suppressed=row.is_suppressed)
        by_area.setdefault(row.area, []).append(point)
    order = sorted(by_area, key=lambda area: (not is_own(area), area.name))[:MOST_LINES]
    series = [Series(area_name(area), tuple(by_area[area])) for area in order]
    years = all(len(row.period) == 4 for row in rows)
    mean_of = look.mean_of if years and charts.LEAST_MEAN <= look.mean_of <= charts.MOST_MEAN else None
    if not any(point.value is not None for one in series for point in one.points):
        raise NothingToDraw(_("Alla siffror saknas för det du har valt."))
    return charts.line(series, title=title, unit=unit, mean_of=mean_of, words=words)


def _compared(rows: Sequence[_Value], *, title: str, unit: str, words: charts.Words) -> Chart:
    def place(row: _Value) -> tuple[int, str]:
        kinds = {AreaKind.COUNTY: 2, AreaKind.COUNTRY: 3}
        return 0 if is_own(row.area) else kinds.get(AreaKind(row.area.kind), 1), row.area.name

    bars = [
        CompareRow(area_name(row.area), row.value, is_own=is_own(row.area), is_suppressed=row.is_suppressed)
        for row in sorted(rows, key=place)[:MOST_BARS]
    ]
    period = charts.period_text(rows[0].period, words=words)
    return charts.compare(bars, title=f"{title}, {period}", unit=unit, words=words)


def _mapped(rows: Sequence[_Value], *, title: str, unit: str, words: charts.Words) -> Chart:
    areas = [
        maps.MapArea(code=row.area.code, name=area_name(row.area), geometry=row.area.geometry or {}, value=row.value)
        for row in rows
    ]
    period = charts.period_text(rows[0].period, words=words)
    return maps.choropleth(areas, title=f"{title}, {period}", unit=unit, words=words)


def _title(indicator: Indicator) -> str:
    return (indicator.title_en if translation.get_language()[:2] == "en" else "") or indicator.title


def _unit(indicator: Indicator, look: Look) -> str:
    return str(Unit.PER_100K.label if look.per == PER_100K else Unit(indicator.unit).label)


def is_own(area: Area) -> bool:
    return area.kind == AreaKind.MUNICIPALITY and area.code == settings.MUNICIPALITY_CODE


def area_name(area: Area) -> str:
    return (area.name_en if translation.get_language()[:2] == "en" else "") or area.name


# --- People's answers -----------------------------------------------------------------------------------------


def of_question(question: SurveyQuestion, look: Look, *, title: str = "") -> Drawn:
    """How everybody answered, or how many of each group gave one answer."""
    rows = SurveyAnswer.objects.filter(question=question)
    years = sorted(set(rows.values_list("year", flat=True)))
    year = look.last if look.last in years else (years[-1] if years else "")
    rows = rows.filter(year=year).order_by("order", "pk")
    if look.answer:
        shown = [row for row in rows if row.answer == look.answer]
        names = [row.group.replace("=", ": ").replace("|", ", ") or _("Alla") for row in shown]
    else:
        shown = [row for row in rows if not row.group]
        names = [row.answer for row in shown]
    if not shown:
        raise NothingToDraw(_("Frågan har inga svar att visa. Välj ett annat svar eller år."))
    source = question.source
    bars = [
        ShareRow(
            name,
            row.share,
            n=row.n,
            method=source.method,
            low=row.low,
            high=row.high,
            is_suppressed=row.is_suppressed or row.share is None,
        )
        for name, row in zip(names, shown, strict=True)
    ]
    words = charts.words(lang=translation.get_language()[:2])
    title = title or (f"{question.text}: {look.answer}" if look.answer else question.text)
    notes = []
    if source.method == Method.OPEN_WEB:
        notes.append(_("Var och en som ville kunde svara. Svaren säger inte hur vanligt något är."))
    if any(bar.is_suppressed for bar in bars):
        notes.append(_("Grupper med färre än 20 svar och svar från färre än 5 visas inte."))
    return _whole(
        charts.shares(bars, title=title, words=words), source_line=source_line(source, (), year=year), notes=notes
    )


def of_themes(source: Source, look: Look, *, title: str = "") -> Drawn:
    """What was spoken of in the dialogues of a source, and how often."""
    themes = DialogueTheme.objects.filter(dialogue__source=source)
    if look.areas:
        themes = themes.filter(dialogue__area__in=look.areas)
    english = translation.get_language()[:2] == "en"
    told: Counter[str] = Counter()
    for theme, theme_en, count in themes.values_list("theme", "theme_en", "count"):
        told[(theme_en if english else "") or theme] += count
    if not told:
        raise NothingToDraw(_("Inga ämnen är antecknade. Lägg till dem vid dialogerna."))
    bars = [CountRow(name, count) for name, count in told.most_common(MOST_BARS)]
    words = charts.words(lang=translation.get_language()[:2])
    chart = charts.counts(bars, title=title or source.title, unit=_("hur många som tog upp det"), words=words)
    return _whole(
        chart, source_line=source_line(source, ()), notes=[_("Ett samtal visar vad de som var med tog upp.")]
    )


# --- What stands under it --------------------------------------------------------------------------------------


def source_line(source: Source, rows: Iterable[_Value], *, year: str = "") -> str:
    """ "Källa: Brå, Anmälda brott. Hämtad 3 mars 2026. CC0." """
    parts = [_("Källa: %(who)s") % {"who": ", ".join(filter(None, [source.publisher, _source_title(source), year]))}]
    imports = {row.dataset_import_id for row in rows}
    if imports:
        done = DatasetImport.objects.filter(pk__in=imports, state=ImportState.APPLIED)
        latest = max((one for one in done.values_list("done_at", flat=True) if one is not None), default=None)
        if latest is not None:
            parts.append(_("Inläst %(day)s") % {"day": _day(latest)})
    if source.licence:
        parts.append(_("Licens: %(licence)s") % {"licence": source.licence})
    return ". ".join(parts) + "."


def _source_title(source: Source) -> str:
    return (source.title_en if translation.get_language()[:2] == "en" else "") or source.title


def _day(at: dt.datetime) -> str:
    return swedish_date(at.date(), weekday=False) if translation.get_language()[:2] == "sv" else at.date().isoformat()


def _whole(chart: Chart, *, source_line: str, notes: Sequence[str] = ()) -> Drawn:
    table = chart.table
    return Drawn(chart.svg, table.head, table.rows, table.caption, chart.alt, source_line, tuple(notes), chart.narrow)


# --- What can be chosen -----------------------------------------------------------------------------------------


def areas_with_values(indicator: Indicator) -> list[Area]:
    """The own municipality first, then counties and the country, then the others by name."""
    ids = IndicatorValue.objects.filter(indicator=indicator).values("area")
    first = {AreaKind.COUNTRY: 1, AreaKind.COUNTY: 2}

    def place(area: Area) -> tuple[int, str]:
        return (0 if is_own(area) else first.get(AreaKind(area.kind), 3)), area.name

    return sorted(Area.objects.filter(pk__in=ids), key=place)


def periods_of(indicator: Indicator) -> list[str]:
    rows = IndicatorValue.objects.filter(indicator=indicator).order_by().values_list("period", flat=True).distinct()
    return sorted(rows)


def breakdowns_of(indicator: Indicator) -> list[str]:
    rows = IndicatorValue.objects.filter(indicator=indicator).order_by().values_list("breakdown", flat=True).distinct()
    return sorted(rows)


__all__ = [
    "AS_IT_IS",
    "PER_100K",
    "Drawn",
    "Look",
    "NothingToDraw",
    "areas_with_values",
    "breakdowns_of",
    "draw",
    "drawn",
    "frozen",
    "of_indicator",
    "of_question",
    "of_themes",
    "periods_of",
]
