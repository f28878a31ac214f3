"""Any table with areas and numbers: the person says which column is what, the file is looked at to propose it.

For what no other importer knows: an agency's own layout, a spreadsheet somebody made. Titles, header rows of several
lines, subtotals and footnotes are told apart from the numbers by where the areas stand.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.utils.translation import gettext as _

from . import numbers, places, sheets, text
from .rows import FileRefused, IndicatorRow, Item, LineError, Note, Reading, ValueRow

FORMAT = "table"
LOOKED_AT = 400
HEADER_LINES = 4
SAMPLES = 5
YEAR_IN_WORDS = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")


@dataclass(frozen=True)
class Column:
    """One column as it was found."""

    index: int
    head: str
    samples: tuple[str, ...]
    # Shares of the rows that name an area: how many hold a number, an area, a period.
    numbers: float
    areas: float
    periods: float


@dataclass(frozen=True)
class Shape:
    """One sheet, or the text file: where the header ends and what its columns look like."""

    sheet: str
    first_line: int
    title: str
    area_at: int
    columns: tuple[Column, ...]


@dataclass(frozen=True)
class Values:
    """One column of numbers. `period` is given when the column holds one year alone."""

    index: int
    title: str
    unit: str = "OTHER"
    period: str = ""
    # "" makes one of the title.
    code: str = ""


@dataclass(frozen=True)
class Mapping:
    """Which column is what. Either `period_at` or `period`, or a period in each of `values`."""

    first_line: int
    area_at: int
    values: tuple[Values, ...]
    sheet: str = ""
    period_at: int | None = None
    # A second column with the month or quarter.
    part_at: int | None = None
    period: str = ""
    # (column, name): what the numbers are divided by beside area and period.
    breakdowns: tuple[tuple[int, str], ...] = ()
    definition: str = ""

    @property
    def says_when(self) -> bool:
        """Every number has a period."""
        return self.period_at is not None or bool(self.period) or all(one.period for one in self.values)


@dataclass
class _Sheet:
    name: str
    rows: list[tuple[int, list[str]]] = field(default_factory=list)


def look(path: Path, *, name: str = "") -> tuple[Shape, ...]:
    """The tables in the file that hold areas and numbers. Raises FileRefused when there is none."""
    found = [shape for sheet in _sheets(path) if (shape := _shape(sheet)) is not None]
    if not found:
        raise FileRefused(
            _("Här finns ingen tabell med kommuner, län eller riket och siffror. Kontrollera att det är rätt fil.")
        )
    return tuple(found)


def propose(shape: Shape, *, name: str = "") -> Mapping | None:
    """What the columns most likely are; None when no column holds numbers. A person may have to say the year."""
    area = next(column for column in shape.columns if column.index == shape.area_at)
    periods = [column for column in shape.columns if column.periods > 0.8 and column.index != area.index]
    period_at = periods[0].index if periods else None
    part_at = next((column.index for column in shape.columns if _holds_parts(column)), None)
    years = YEAR_IN_WORDS.findall(f"{shape.title} {name}")
    values, breakdowns = [], []
    for column in shape.columns:
        if column.index in (area.index, period_at, part_at):
            continue
        if column.numbers > 0.6:
            head, period = _split_year(column.head)
            own = period if period_at is None else ""
            title = (
                head or column.head or (years and shape.title) or _("Kolumn %(number)d") % {"number": column.index + 1}
            )
            unit = unit_of(str(title))
            values.append(Values(column.index, str(title), unit if unit != "OTHER" else unit_of(shape.title), own))
        elif column.head and not column.numbers and column.areas < 0.5 and column.samples:
            breakdowns.append((column.index, column.head))
    fixed = "" if period_at is not None or all(one.period for one in values) else (years[-1] if years else "")
    if not values:
        return None
    return Mapping(
        first_line=shape.first_line,
        area_at=area.index,
        values=tuple(values),
        sheet=shape.sheet,
        period_at=period_at,
        part_at=part_at if period_at is not None else None,
        period=fixed,
        breakdowns=tuple(breakdowns),
    )


def unit_of(words: str) -> str:
    """The Unit that the words of a header name; OTHER when they name none."""
    low = words.lower().replace("\u00a0", " ")
    if re.search(r"(per|/)\s*100\s?000", low):
        return "PER_100K"
    if re.search(r"(per|/)\s*1\s?000(?!\s?0)", low):
        return "PER_1000"
    if "%" in low or "procent" in low or re.search(r"\bandel", low):
        return "PERCENT"
    if "index" in low:
        return "INDEX"
    return "COUNT" if re.search(r"\bantal|folkmängd|invånare\b", low) else "OTHER"


def read(path: Path, *, mapping: Mapping, source: str = "tabell") -> Reading:
    """The numbers of the table as `mapping` says. `source` begins the code of every indicator."""
    if sheets.is_sheet(path):
        chosen = next((one for one in _sheets(path) if one.name == mapping.sheet), None)
        if chosen is None:
            raise FileRefused(_("Bladet ”%(sheet)s” finns inte i filen.") % {"sheet": mapping.sheet})
        return Reading(FORMAT, _items(iter(chosen.rows), mapping, source), total=len(chosen.rows))
    found = text.look_through(path)
    return Reading(FORMAT, _items(found.records(), mapping, source), encoding=found.encoding, total=found.lines)


def _sheets(path: Path) -> Iterator[_Sheet]:
    if sheets.is_sheet(path):
        for sheet in sheets.read_sheets(path):
            yield _Sheet(sheet.name, sheet.rows)
        return
    found = text.look_through(path)
    yield _Sheet("", [row for _turn, row in zip(range(LOOKED_AT), found.records(), strict=False)])


def _shape(sheet: _Sheet) -> Shape | None:
    rows = sheet.rows[:LOOKED_AT]
    width = max((len(cells) for _line, cells in rows), default=0)
    hits = Counter(at for _line, cells in rows for at, cell in enumerate(cells) if _names_area(cell))
    if not hits:
        return None
    # Where two columns name areas, a county and its municipality, the one with more of them.
    differing = {at: len({places.code_of(cells[at]) for _line, cells in rows if at < len(cells)}) for at in hits}
    area_at, times = max(hits.items(), key=lambda pair: (differing[pair[0]], pair[1], -pair[0]))
    first = next(
        (
            place
            for place, (_line, cells) in enumerate(rows)
            if area_at < len(cells)
            and _names_area(cells[area_at])
            and any(_is_number(cell) for at, cell in enumerate(cells) if at != area_at)
        ),
        None,
    )
    if first is None or times < 2:
        return None
    data = [cells for _line, cells in rows[first:] if area_at < len(cells) and _names_area(cells[area_at])]
    above = [cells for _line, cells in rows[:first]]
    heads = _heads(above, width)
    title = " ".join(cell for cells in above if len([one for one in cells if one]) <= 2 for cell in cells if cell)
    columns = []
    for at in range(width):
        column = [cells[at] for cells in data if at < len(cells)]
        filled = [cell for cell in column if cell]
        if not filled:
            continue
        columns.append(
            Column(
                at,
                heads[at],
                tuple(dict.fromkeys(filled))[:SAMPLES],
                numbers=sum(_is_number(cell) or cell in numbers.MISSING for cell in filled) / len(filled),
                areas=sum(_names_area(cell) for cell in filled) / len(filled) if at != area_at else 1.0,
                periods=sum(numbers.period(cell) is not None for cell in filled) / len(filled),
            )
        )
    return Shape(sheet.name, rows[first][0], title[:200], area_at, tuple(columns))


def _heads(above: list[list[str]], width: int) -> list[str]:
    """What stands over each column, the last lines before the numbers: words split over lines are put together."""
    lines = [cells for cells in above if len([cell for cell in cells if cell]) > 2][-HEADER_LINES:]
    heads = []
    for at in range(width):
        words = ""
        for cells in lines:
            cell = cells[at] if at < len(cells) else ""
            words = words[:-1] + cell if words.endswith("-") and cell[:1].islower() else f"{words} {cell}".strip()
        heads.append(words[:160])
    return heads


def _names_area(cell: str) -> bool:
    """A name or a whole code; a number of two or three digits is most often just a number."""
    return (len(cell) == 4 or not cell.isdigit()) and places.code_of(cell) is not None


def _is_number(cell: str) -> bool:
    try:
        return numbers.number(cell) is not None
    except numbers.NotANumber:
        return False


def _holds_parts(column: Column) -> bool:
    """Months or quarters that need a year beside them: "Jan", "09", "kvartal 2"."""
    if column.head.lower() in ("månad", "kvartal", "month", "quarter"):
        return True
    parts = [numbers.period(cell, "2000") for cell in column.samples if numbers.year(cell) is None]
    return len(parts) == len(column.samples) > 0 and all(part not in (None, "2000") for part in parts)


def _split_year(head: str) -> tuple[str, str]:
    """("Våldsbrott", "2015") of "Våldsbrott 2015"."""
    found = YEAR_IN_WORDS.findall(head)
    return (YEAR_IN_WORDS.sub("", head).strip(" ,:-"), found[-1]) if len(found) == 1 else (head, "")


def _items(records: Iterable[tuple[int, list[str]]], mapping: Mapping, source: str) -> Iterator[Item]:
    for one in {_code(one, source): one for one in mapping.values}.values():
        yield IndicatorRow(_code(one, source), one.title, one.unit, definition=mapping.definition)
    broken = False
    past = 0
    for line, cells in records:
        if line < mapping.first_line:
            continue
        broken = broken or any("\ufffd" in cell for cell in cells)
        area = _cell(cells, mapping.area_at)
        code = places.code_of(area)
        if code is None:
            if sum(bool(cell) for cell in cells) <= 2 or not area:
                continue  # a heading between the numbers, a footnote
            if any(_is_number(_cell(cells, one.index)) for one in mapping.values):
                yield LineError(
                    line, _("”%(area)s” är inget område vi känner till.") % {"area": area[:60]}, mapping.sheet
                )
            continue
        past += 1
        yield from _row(line, cells, mapping, source, area=area, code=code)
    if broken:
        yield Note(_("Filen har förlorat å, ä och ö. Områden hittas på sin kod; rätta andra namn för hand."))
    if not past:
        raise FileRefused(_("Ingen rad har ett område i den valda kolumnen. Välj en annan kolumn."))


def _row(line: int, cells: list[str], mapping: Mapping, source: str, *, area: str, code: str) -> Iterator[Item]:
    stated = _cell(cells, mapping.period_at) if mapping.period_at is not None else mapping.period
    year = numbers.year(stated)
    is_preliminary = bool(year and year[1])
    period = year[0] if year else numbers.period(stated) or ""
    if mapping.part_at is not None and year:
        part = _cell(cells, mapping.part_at)
        period = _part(year[0], part) or ""
    broken_by = "|".join(
        f"{name}={_cell(cells, at)}" for at, name in mapping.breakdowns if _cell(cells, at).lower() not in WHOLE
    )
    for one in mapping.values:
        when = one.period or period
        if not when:
            yield LineError(
                line, _("”%(words)s” är ingen period. Skriv ett år.") % {"words": stated[:40]}, mapping.sheet
            )
            return
        raw = _cell(cells, one.index)
        try:
            value = numbers.number(raw)
        except numbers.NotANumber as wrong:
            yield LineError(line, str(wrong), mapping.sheet)
            continue
        yield ValueRow(
            line,
            _code(one, source),
            code,
            when,
            value,
            breakdown=broken_by[:200],
            is_preliminary=is_preliminary,
            is_suppressed=value is None and numbers.is_suppressed(raw),
            area_label=area[:100],
        )


# Values of a breakdown that mean everybody.
WHOLE = frozenset({"", "totalt", "total", "samtliga", "alla", "totalt ålder", "båda könen", "män och kvinnor"})


def _part(year: str, part: str) -> str | None:
    if re.fullmatch(r"0?[1-9]|1[0-2]", part):
        return f"{year}-{int(part):02d}"
    return numbers.period(part, year)


def _cell(cells: list[str], at: int | None) -> str:
    return cells[at] if at is not None and at < len(cells) else ""


def _code(values: Values, source: str) -> str:
    return values.code or f"{source}.{numbers.in_code(values.title) or 'kolumn'}"
