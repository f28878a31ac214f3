"""Reported crime from Brå: the statistics database's monthly "Databasfil", the yearly CSV, XLS and XLSX exports.

Numbers go by where the crime was committed. Names are matched to codes through the official list (places.py). A rate
stands beside its count as an indicator of its own; monthly rates are left out: in a small municipality one event
moves them too much. Brå: "Källa: Brå" is named wherever a number is shown.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from pathlib import Path

from django.utils.translation import gettext as _

from . import numbers, places, sheets, text
from .rows import FileRefused, IndicatorRow, Item, LineError, Note, Reading, ValueRow

FORMAT = "bra"
PUBLISHER = "Brå"
# What the columns are called, in lower case; a column that matches none is left out.
COLUMNS = {
    "area": ("region", "kommun", "län", "område", "geografi"),
    "crime": ("brott", "brottstyp", "brottskategori", "crime"),
    "year": ("år", "year"),
    "period": ("period", "månad", "kvartal"),
    "count": ("antal", "antal (prel.)", "antal brott", "antal anmälda brott", "value"),
    "rate": (
        "/100 000 inv",
        "per 100 000 inv",
        "per 100 000 inv.",
        "per 100 000 inv. (prel.)",
        "per 100 000 invånare",
    ),
}
LOOKED_AT = 30
TOTAL = "Totalt antal brott"
HEBY = "0331"


@dataclass
class Columns:
    """Where what stands in a table with one number a row."""

    header: int
    at: dict[str, int]
    width: int
    is_preliminary: bool = False
    # Given by the file's title where no column says it.
    year: str = ""
    crime: str = TOTAL

    def cell(self, cells: list[str], name: str) -> str:
        place = self.at.get(name)
        return cells[place] if place is not None and place < len(cells) else ""


def read(path: Path, *, name: str = "") -> Reading:
    """The file at `path`, whose name where it came from was `name` (years and months may stand in it alone).

    Gives counts and yearly rates per 100 000. Raises FileRefused when no such table is found.
    """
    if sheets.is_sheet(path):
        return Reading(FORMAT, _of_sheets(path, name or path.name))
    found = text.look_through(path)
    return Reading(FORMAT, _of_records(found.records, name or path.name), encoding=found.encoding, total=found.lines)


def _of_sheets(path: Path, name: str) -> Iterator[Item]:
    def of_one(sheet: sheets.Sheet) -> Iterator[Item]:
        return _of_records(partial(iter, sheet.rows), f"{name} {sheet.name}", sheet=sheet.name)

    return sheets.items_of(path, of_one, nothing=_not_bra())


def _not_bra() -> str:
    return _(
        "Här finns ingen tabell från Brå. Den ska ha en kolumn med kommun eller region och en med antal. "
        "Hämta filen från Brås statistikdatabas."
    )


def _of_records(
    records: Callable[[], Iterable[tuple[int, list[str]]]], name: str, *, sheet: str = ""
) -> Iterator[Item]:
    columns = _columns(records(), name)
    if columns is not None:
        yield from _Long(columns, sheet).items(records())
        return
    if _has_years_across(records()):
        raise FileRefused(
            _(
                "Filen har en kolumn för varje år och säger inte om talen är antal eller per invånare. "
                "Välj ”Annan tabell” och ange vad talen är."
            )
        )
    raise FileRefused(_not_bra())


def _has_years_across(records: Iterable[tuple[int, list[str]]]) -> bool:
    """Areas down, years across: "Våldsbrott 2015" or "2015" in the header."""
    sample = (cells for _turn, (_line, cells) in zip(range(LOOKED_AT), records, strict=False))
    return any(sum(bool(re.fullmatch(r".*(?:19|20)\d\d", cell)) for cell in cells[1:]) >= 2 for cells in sample)


def _columns(records: Iterable[tuple[int, list[str]]], name: str) -> Columns | None:
    """The header among the first lines: the one that names an area and a number. Titles above it may tell the year."""
    titles = [name]
    for _turn, (line, cells) in zip(range(LOOKED_AT), records, strict=False):
        low = [" ".join(cell.lower().split()) for cell in cells]
        at = {what: low.index(word) for what, words in COLUMNS.items() for word in words if word in low}
        if "area" in at and ("count" in at or "rate" in at):
            told = " ".join(titles)
            # The last column may be one more in the data than in the header.
            columns = Columns(line, at, len(cells), is_preliminary=any("prel" in cell for cell in low))
            years = re.findall(r"(?<!\d)(?:19|20)\d\d(?!\d)", told)
            columns.year = years[-1] if years else ""
            crimes = [title for title in titles[1:] if title and not re.search(r"\d{4}|källa|anmälda", title.lower())]
            columns.crime = crimes[-1] if crimes and "crime" not in at else TOTAL
            return columns
        titles += [cell for cell in cells if cell]
    return None


@dataclass
class _Long:
    """One number a row: area, crime, year, period, count and rate."""

    columns: Columns
    sheet: str = ""
    told: set[str] = field(default_factory=set)
    # The block of a municipality that stands twice: its first line and whether the second held anything but zeros.
    blocks: dict[tuple[str, str, str], Decimal | None] = field(default_factory=dict)

    def items(self, records: Iterable[tuple[int, list[str]]]) -> Iterator[Item]:
        columns = self.columns
        if "year" not in columns.at and "period" not in columns.at and not columns.year:
            raise FileRefused(
                _("Det framgår inte vilket år siffrorna gäller. Skriv året i filens namn: brott-2025.csv.")
            )
        last_area = last_crime = last_year = ""
        for line, cells in records:
            if line <= columns.header:
                continue
            # Merged cells: what is left empty is as the row above.
            last_area = area = columns.cell(cells, "area") or last_area
            last_crime = crime = columns.cell(cells, "crime") or last_crime or columns.crime
            last_year = year = columns.cell(cells, "year") or last_year or columns.year
            numbers_here = columns.cell(cells, "count") or columns.cell(cells, "rate")
            if not numbers_here:
                if _is_note(cells):
                    continue
                yield LineError(line, _("Raden saknar antal."), self.sheet)
                continue
            yield from self._row(line, cells, area=area, crime=crime, year=year)

    def _row(self, line: int, cells: list[str], *, area: str, crime: str, year: str) -> Iterator[Item]:
        columns = self.columns
        if len(cells) > columns.width + 1 or (len(cells) == columns.width + 1 and cells[-1]):
            yield LineError(line, _("Raden har fler kolumner än rubrikerna. Rätta skiljetecknen."), self.sheet)
            return
        code = places.code_of(area)
        if code is None:
            yield LineError(line, _unknown(area), self.sheet)
            return
        period, is_preliminary = period_of(year, columns.cell(cells, "period"))
        if not period:
            words = " ".join(filter(None, (year, columns.cell(cells, "period")))) or _("tom cell")
            yield LineError(line, _("”%(words)s” är ingen period. Skriv ett år.") % {"words": words}, self.sheet)
            return
        if not crime.strip():
            yield LineError(line, _("Raden saknar brottstyp."), self.sheet)
            return
        for what, unit in (("count", "COUNT"), ("rate", "PER_100K")):
            if what not in columns.at or (what == "rate" and "-" in period):
                continue
            raw = columns.cell(cells, what)
            try:
                value = numbers.number(raw)
            except numbers.NotANumber as wrong:
                yield LineError(line, str(wrong), self.sheet)
                continue
            if value is not None and value < 0:
                yield LineError(line, _("Ett antal brott kan inte vara mindre än noll."), self.sheet)
                continue
            indicator = indicator_of(crime, unit)
            key = (indicator.code, code, period)
            if code == HEBY and key in self.blocks:
                # Heby changed county in 2007 and stands under both; what is counted stands first.
                if value:
                    yield LineError(line, _("Heby står två gånger med olika siffror. Ta bort den ena."), self.sheet)
                elif "Heby" not in self.told:
                    self.told.add("Heby")
                    yield Note(_("Heby kommun står två gånger. Den andra gången, med bara nollor, läses inte."), line)
                continue
            if code == HEBY:
                self.blocks[key] = value
            if indicator.code not in self.told:
                self.told.add(indicator.code)
                yield indicator
            yield ValueRow(
                line,
                indicator.code,
                code,
                period,
                value,
                is_preliminary=is_preliminary or columns.is_preliminary,
                is_suppressed=value is None and numbers.is_suppressed(raw),
                area_label=area,
            )


def period_of(year: str, period: str = "") -> tuple[str, bool]:
    """("2016-01", True) of "2016 prel." and "Jan"; ("", False) when it is none. "År, 2016 prel." is a year."""
    named = numbers.year(year)
    if named is None:
        return numbers.period(period) or "", "prel" in period.lower()
    plain, is_preliminary = named
    if not period.strip():
        return plain, is_preliminary
    inner = numbers.year(period)
    if inner:
        return inner[0], is_preliminary or inner[1]
    return numbers.period(period, plain) or "", is_preliminary


def indicator_of(crime: str, unit: str) -> IndicatorRow:
    """What a crime type is called with us; the publisher's words stay the title."""
    title = " ".join(crime.split())
    # The code of a kind of crime stays the same though its chapter is written before it or not.
    slug = numbers.in_code(re.sub(r"^\d+(?:[-–]\d+)?\s*kap\.?\s*", "", title)) or "brott"
    suffix = "antal" if unit == "COUNT" else "per-100000"
    return IndicatorRow(
        code=f"bra.{slug}.{suffix}",
        title=_("Anmälda brott: %(crime)s") % {"crime": title},
        unit=unit,
        direction="LOWER_BETTER",
        definition=_("Brott som anmälts, efter var de begicks. Källa: Brå."),
    )


def _unknown(area: str) -> str:
    return _("”%(area)s” är ingen kommun, inget län och inte riket. Rätta namnet.") % {"area": area[:60]}


def _is_note(cells: list[str]) -> bool:
    """A line of text under or between the numbers: a source, a footnote."""
    return len([cell for cell in cells if cell]) <= 1
