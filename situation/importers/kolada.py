"""Key figures from Kolada (RKA): answers of the v3 API, the web's CSV and XLS exports, tables with v3's columns.

An indicator's code is "kolada." and the id of the key figure; an export that names it by its title alone gives a code
made of the title. Kolada's own "count" is how many units a value was put together from, never how many answered, and
is left out. "Källa: Kolada" is named wherever a number is shown.
"""

from __future__ import annotations

import codecs
import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

from django.utils.translation import gettext as _

from situation.lifecycle import Unit

from . import numbers, places, sheets, text
from .rows import FileRefused, GoneRow, IndicatorRow, Item, LineError, Note, Reading, ValueRow

FORMAT = "kolada"
LARGEST_JSON = 16 << 20
# What the portal holds of a title and a definition.
LONGEST_TITLE, LONGEST_DEFINITION = 200, 2_000
KPI = re.compile(r"[A-Z]{1,2}\d{4,6}")
KPI_IN_TITLE = re.compile(r"\b([NUA]\d{5})\b")
GENDERS = {
    **dict.fromkeys(("", "t", "totalt", "total", "alla", "båda könen"), ""),
    **dict.fromkeys(("k", "kvinnor", "kvinna", "flickor"), "kön=K"),
    **dict.fromkeys(("m", "män", "man", "pojkar"), "kön=M"),
}
DELETED = ("isdeleted", "is_deleted", "deleted")
SUPPRESSED = ("private", "privat", "privacy", "suppressed", "secret", "sekretess")
# Means and groups of municipalities: no area of their own.
NO_AREA = re.compile(r"vägt medel|^alla (?:kommuner|regioner|landsting|län)\b|^liknande |^kommungrupp", re.IGNORECASE)
COLUMNS = {
    "kpi": ("kpi", "kpi_id", "nyckeltals-id", "nyckeltal id"),
    "title": ("nyckeltal", "kpi_title"),
    "code": ("municipality_id", "kommunkod", "region_id"),
    "area": ("region", "kommun", "kommun/landsting", "kommun/region", "municipality", "municipality_title"),
    "year": ("år", "year", "period"),
    "gender": ("kön", "gender"),
    "status": ("status",),
    "value": ("value", "värde", "visat värde"),
    "deleted": DELETED,
}
LOOKED_AT = 30


def read(path: Path, *, name: str = "") -> Reading:
    """The file at `path`; what it is is found by looking, never by its `name`.

    Gives indicators (unit from the title), values as Kolada has them, and values taken back. Raises FileRefused when
    nothing can be read of it; a JSON file is read whole first, the others as the rows are asked for.
    """
    if sheets.is_sheet(path):
        return Reading(FORMAT, _of_sheets(path))
    if is_json(path):
        return _of_json(load_json(path))
    found = text.look_through(path)
    return Reading(FORMAT, _of_records(found.records), encoding=found.encoding, total=found.lines)


# --- JSON that may be hostile --------------------------------------------------------------------------------


def is_json(path: Path) -> bool:
    """The file begins as a JSON object or list."""
    with path.open("rb") as file:
        return file.read(1 << 10).removeprefix(codecs.BOM_UTF8).lstrip()[:1] in (b"{", b"[")


def load_json(path: Path, *, largest: int = LARGEST_JSON) -> Any:
    """What the JSON file of at most `largest` bytes holds; numbers with decimals as Decimal.

    Raises FileRefused, and nothing else, for what is broken, too large, nested too deep or no number of JSON's.
    """
    if path.stat().st_size > largest:
        raise FileRefused(
            _("JSON-filen är större än %(most)d MB. Hämta färre år eller kommuner åt gången.")
            % {"most": largest >> 20}
        )
    try:
        written = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        raise FileRefused(_("JSON-filen är inte skriven i UTF-8. Hämta den på nytt.")) from wrong
    try:
        return json.loads(written, parse_float=_decimal, parse_int=_integer, parse_constant=_no_number)
    except json.JSONDecodeError as wrong:
        raise FileRefused(
            _("JSON-filen är avbruten eller trasig. Hämta den på nytt."), line=max(wrong.lineno, 1)
        ) from wrong
    except RecursionError as wrong:
        raise FileRefused(_("JSON-filen är nästlad för djupt. Kontrollera att det är rätt fil.")) from wrong


def _decimal(written: str) -> Decimal:
    try:
        return Decimal(written)
    except InvalidOperation:
        _no_number(written)


def _integer(written: str) -> int | Decimal:
    return int(written) if len(written) <= 20 else _decimal(written)


def _no_number(written: str) -> NoReturn:
    raise FileRefused(
        _("JSON-filen innehåller ”%(text)s”, som inte är ett tal. Hämta den på nytt.") % {"text": words(written, 20)}
    )


def words(said: object, most: int = LONGEST_TITLE) -> str:
    """A text of unknown making on one line, without what cannot be shown or stored, at most `most` characters."""
    if said is None or isinstance(said, dict | list | bool):
        return ""
    bare = str(said)[: most * 20]
    bare = " ".join("".join(sign for sign in bare if sign.isprintable() or sign.isspace()).split())
    return bare if len(bare) <= most else f"{bare[: most - 1]}…"


def json_number(value: object) -> Decimal | None:
    """A number of a JSON file; None for null and for the signs of a missing one. Raises NotANumber."""
    if value is None:
        return None
    if isinstance(value, Decimal | int) and not isinstance(value, bool):
        amount = Decimal(value)
        # Checked before any arithmetic, which stops at exponents that a file may hold.
        if amount and amount.adjusted() > 15:
            raise numbers.NotANumber(_("Talet är orimligt stort. Kontrollera kolumnen."))
        return Decimal(0) if amount and amount.adjusted() < -15 else numbers.checked(amount)
    if isinstance(value, str):
        return numbers.number(value[:200])
    raise numbers.NotANumber(_("Här ska det stå ett tal."))


# --- What an answer holds ------------------------------------------------------------------------------------


def unit_of(title: str) -> str:
    """The Unit a title says; OTHER when it says none."""
    low = " ".join(title.lower().split())
    if re.search(r"(?:\bper|/) ?100 ?000\b", low):
        return Unit.PER_100K
    if re.search(r"(?:\bper|/) ?1 ?000 inv", low):
        return Unit.PER_1000
    if "(%)" in low:
        return Unit.PERCENT
    # "antal/10 000 inv" is no count.
    if re.search(r"\bantal\b(?! ?/| per \d)", low):
        return Unit.COUNT
    return Unit.OTHER


@dataclass
class Indicators:
    """Each indicator once, before the first value of it."""

    titles: dict[str, tuple[str, str]] = field(default_factory=dict)
    given: set[str] = field(default_factory=set)

    def first(self, kpi: str, title: str = "", definition: str = "") -> Iterator[IndicatorRow]:
        """The indicator of the key figure with id `kpi`, or of a title alone; nothing when it was given before."""
        code = f"kolada.{kpi}" if kpi else code_of_title(title)
        if code in self.given:
            return
        self.given.add(code)
        if not title and kpi in self.titles:
            title, definition = self.titles[kpi]
        unit = unit_of(title)
        yield IndicatorRow(
            code,
            words(title or kpi),
            unit,
            definition=words(definition, LONGEST_DEFINITION),
            external_id=kpi,
        )


def code_of_title(title: str) -> str:
    """An indicator's code where the publisher gives only its title."""
    return f"{FORMAT}.{short_code(title)}"


def short_code(title: str) -> str:
    """The title as a piece of a code of at most 60 characters; long titles, which may differ first at their end, get
    a checksum of the whole."""
    bare = " ".join(title.split())
    code = numbers.in_code(bare)
    if len(code) >= 58:
        code = f"{code[:50]}-{hashlib.sha256(bare.lower().encode()).hexdigest()[:8]}"
    return code


def _of_json(held: Any) -> Reading:
    if not isinstance(held, dict):
        raise FileRefused(_("JSON-filen är inget svar från Kolada: den ska börja med ”{”. Hämta den på nytt."))
    parts = [part for name in ("kpi", "municipality", "data") for part in _answers(held.get(name))]
    if not parts and "id" in held and "title" in held:
        parts = [{"values": [held]}]
    parts = parts or _answers(held)
    kinds = [(_kind(part), part) for part in parts]
    if parts and not any(part["values"] for part in parts):
        raise FileRefused(_no_values())
    if not any(kind for kind, _part in kinds):
        raise FileRefused(_("Här finns inget svar från Kolada. Hämta ett nyckeltals värden från api.kolada.se/v3."))
    return Reading(FORMAT, _of_answers(kinds), total=sum(len(part["values"]) for _kind_of, part in kinds))


def _no_values() -> str:
    return _("Kolada svarade utan värden. Kontrollera nyckeltal, kommun och år, och hämta på nytt.")


def _answers(part: object) -> list[dict[str, Any]]:
    """The pages of one answer."""
    pages = part if isinstance(part, list) else [part]
    return [page for page in pages if isinstance(page, dict) and isinstance(page.get("values"), list)]


def _kind(answer: dict[str, Any]) -> str:
    """ "data", "kpi", "municipality"; "" when the first entries are none of them."""
    for entry in answer["values"][:LOOKED_AT]:
        if not isinstance(entry, dict):
            continue
        if "kpi" in entry and "municipality" in entry:
            return "data"
        if "id" in entry and "title" in entry:
            return "municipality" if entry.get("type") in ("K", "L") and "description" not in entry else "kpi"
    return ""


def _of_answers(answers: list[tuple[str, dict[str, Any]]]) -> Iterator[Item]:
    indicators, labels = Indicators(), dict[str, str]()
    has_data = any(kind == "data" for kind, _answer in answers)
    told_empty = False
    for kind in ("kpi", "municipality", "data", ""):
        for answer in (answer for found, answer in answers if found == kind):
            if answer.get("next_url"):
                yield Note(_("Filen är en sida av ett längre svar. Hämta de andra sidorna också."))
            if kind == "kpi":
                yield from _of_metadata(answer["values"], indicators)
            elif kind == "municipality" and has_data:
                labels |= {
                    words(entry.get("id"), 80): words(entry.get("title"))
                    for entry in answer["values"]
                    if isinstance(entry, dict)
                }
            elif kind == "municipality":
                yield _list_of_municipalities()
            elif kind == "data":
                for position, entry in enumerate(answer["values"], start=1):
                    yield from _of_entry(position, entry, indicators, labels)
            elif not answer["values"] and not has_data and not told_empty:
                told_empty = True
                yield Note(_no_values())


def _list_of_municipalities() -> Note:
    return Note(_("Filen är Koladas lista över kommuner och regioner. Den behöver inte läsas in."))


def _of_metadata(entries: list[Any], indicators: Indicators) -> Iterator[Item]:
    for position, entry in enumerate(entries, start=1):
        kpi = _kpi(entry.get("id")) if isinstance(entry, dict) else ""
        title = words(entry.get("title")) if kpi else ""
        if not kpi or not title:
            yield LineError(position, _("Här saknas nyckeltalets id eller namn. Hämta nyckeltalet på nytt."))
            continue
        yield from indicators.first(kpi, title, words(entry.get("description"), LONGEST_DEFINITION))


def _kpi(said: object) -> str:
    bare = said.strip() if isinstance(said, str) else ""
    return bare if KPI.fullmatch(bare) else ""


def _of_entry(position: int, entry: Any, indicators: Indicators, labels: dict[str, str]) -> Iterator[Item]:
    if not isinstance(entry, dict) or not isinstance(entry.get("values"), list):
        yield LineError(position, _("Raden har ingen lista med värden. Hämta svaret på nytt."))
        return
    kpi = _kpi(entry.get("kpi"))
    if not kpi:
        yield LineError(position, _("”%(kpi)s” är inget nyckeltal i Kolada.") % {"kpi": words(entry.get("kpi"), 40)})
        return
    label = words(entry.get("municipality"), 80)
    area = places.code_of(label)
    if area is None:
        yield _unknown_area(position, label)
        return
    period = numbers.period(words(entry.get("period"), 20))
    if period is None:
        yield _unknown_period(position, words(entry.get("period"), 20))
        return
    for one in entry["values"]:
        breakdown = GENDERS.get(words(one.get("gender"), 20).lower()) if isinstance(one, dict) else None
        if breakdown is None:
            yield LineError(position, _("Kön ska vara T, K eller M. Hämta svaret på nytt."))
            continue
        if _is_deleted(entry) or _is_deleted(one):
            yield from indicators.first(kpi)
            yield GoneRow(position, f"kolada.{kpi}", area, period, breakdown)
            continue
        try:
            value = json_number(one.get("value"))
        except numbers.NotANumber as wrong:
            yield LineError(position, str(wrong))
            continue
        status = words(one.get("status"), 40)
        yield from indicators.first(kpi)
        yield ValueRow(
            position,
            f"kolada.{kpi}",
            area,
            period,
            value,
            breakdown,
            is_preliminary=status.lower().startswith("prel"),
            is_suppressed=value is None and _says_suppressed(status or words(one.get("value"), 20)),
            area_label=labels.get(label, label),
        )


def _is_deleted(entry: dict[str, Any]) -> bool:
    return any(entry.get(flag) is True or _is_yes(words(entry.get(flag), 10)) for flag in DELETED)


def _is_yes(said: str) -> bool:
    return said.lower() in ("true", "1", "yes", "ja")


def _says_suppressed(status: str) -> bool:
    return numbers.is_suppressed(status) or status.strip().lower() in SUPPRESSED


def _unknown_area(line: int, label: str, sheet: str = "") -> LineError:
    return LineError(
        line,
        _("Området ”%(area)s” känns inte igen. Kontrollera namnet eller koden.") % {"area": words(label, 60)},
        sheet,
    )


def _unknown_period(line: int, period: str, sheet: str = "") -> LineError:
    return LineError(line, _("”%(period)s” är inget år. Kontrollera kolumnen.") % {"period": words(period, 20)}, sheet)


# --- Tables --------------------------------------------------------------------------------------------------


def _of_sheets(path: Path) -> Iterator[Item]:
    def of_one(sheet: sheets.Sheet) -> Iterator[Item]:
        return _of_records(partial(iter, sheet.rows), sheet=sheet.name)

    return sheets.items_of(path, of_one, nothing=_no_table())


def _no_table() -> str:
    return _(
        "Här finns ingen tabell från Kolada. Den ska ha kolumnerna nyckeltal, region, år och ett värde. "
        "Hämta den på kolada.se."
    )


def _of_records(records: Callable[[], Iterable[tuple[int, list[str]]]], *, sheet: str = "") -> Iterator[Item]:
    for turn, (line, cells) in enumerate(records()):
        if turn >= LOOKED_AT:
            break
        low = [cell.lower() for cell in cells]
        if {"id", "title", "description"} <= set(low):
            yield from _of_metadata_table(records(), line, low, sheet)
            return
        if {"id", "title", "type"} <= set(low):
            yield _list_of_municipalities()
            return
        table = _table(line, low)
        if table is not None:
            yield from _of_table(records(), table, sheet)
            return
    raise FileRefused(_no_table())


@dataclass(frozen=True)
class Table:
    """Where what stands in a table with one value a row."""

    header: int
    at: dict[str, int]
    width: int

    def cell(self, cells: list[str], name: str) -> str:
        place = self.at.get(name)
        return cells[place] if place is not None and place < len(cells) else ""


def _table(line: int, low: list[str]) -> Table | None:
    at = {name: low.index(known) for name, titles in COLUMNS.items() for known in reversed(titles) if known in low}
    if "value" not in at and {"title", "area", "year"} <= set(at):
        # The web export names the column after what is counted: "Invånare".
        left = [place for place, title in enumerate(low) if title and place not in at.values()]
        if len(left) == 1:
            at["value"] = left[0]
    if not {"year", "value"} <= set(at) or not {"kpi", "title"} & set(at) or not {"code", "area"} & set(at):
        return None
    return Table(line, at, len(low))


def _of_metadata_table(
    records: Iterable[tuple[int, list[str]]], header: int, low: list[str], sheet: str
) -> Iterator[Item]:
    indicators = Indicators()
    at = {name: low.index(name) for name in ("id", "title", "description")}
    for line, cells in records:
        if line <= header:
            continue
        kpi = _kpi(cells[at["id"]]) if len(cells) == len(low) else ""
        title = cells[at["title"]] if kpi else ""
        if not title:
            yield LineError(line, _("Här saknas nyckeltalets id eller namn, eller så är raden avbruten."), sheet)
            continue
        yield from indicators.first(kpi, title, cells[at["description"]])


def _of_table(records: Iterable[tuple[int, list[str]]], table: Table, sheet: str) -> Iterator[Item]:
    indicators, left_out = Indicators(), set[str]()
    for line, cells in records:
        if line <= table.header:
            continue
        if len([cell for cell in cells if cell]) == 1:
            # A source or a remark under the table.
            continue
        cells = [*cells, *[""] * (table.width - len(cells))]
        if any(cells[table.width :]):
            yield LineError(line, _("Raden har fler celler än rubriken. Rätta den och försök igen."), sheet)
            continue
        label = table.cell(cells, "area") or table.cell(cells, "code")
        if NO_AREA.search(label):
            if label not in left_out:
                left_out.add(label)
                yield Note(_("”%(area)s” är inget område och lämnas utanför.") % {"area": words(label, 80)}, line)
            continue
        yield from _of_row(line, cells, table, sheet, indicators)


def _of_row(line: int, cells: list[str], table: Table, sheet: str, indicators: Indicators) -> Iterator[Item]:
    title = " ".join(table.cell(cells, "title").split())
    kpi = table.cell(cells, "kpi")
    if kpi and not _kpi(kpi):
        yield LineError(line, _("”%(kpi)s” är inget nyckeltal i Kolada.") % {"kpi": words(kpi, 40)}, sheet)
        return
    named = KPI_IN_TITLE.search(title)
    kpi = kpi or (named.group(1) if named else "")
    if not kpi and not title:
        yield LineError(line, _("Här saknas nyckeltalets namn."), sheet)
        return
    label = table.cell(cells, "area") or table.cell(cells, "code")
    area = places.code_of(table.cell(cells, "code") or label)
    if area is None:
        yield _unknown_area(line, table.cell(cells, "code") or label, sheet)
        return
    year = numbers.year(table.cell(cells, "year"))
    if year is None:
        yield _unknown_period(line, table.cell(cells, "year"), sheet)
        return
    breakdown = GENDERS.get(table.cell(cells, "gender").lower())
    if breakdown is None:
        yield LineError(line, _("Kön ska vara T, K eller M."), sheet)
        return
    yield from indicators.first(kpi, title)
    code = f"kolada.{kpi}" if kpi else code_of_title(title)
    if _is_yes(table.cell(cells, "deleted")):
        yield GoneRow(line, code, area, year[0], breakdown)
        return
    written, status = table.cell(cells, "value"), table.cell(cells, "status")
    try:
        value = None if written.lower() == "nan" else numbers.number(written)
    except numbers.NotANumber as wrong:
        yield LineError(line, str(wrong), sheet)
        return
    yield ValueRow(
        line,
        code,
        area,
        year[0],
        value,
        breakdown,
        is_preliminary=year[1] or status.lower().startswith("prel"),
        is_suppressed=value is None and _says_suppressed(status or written),
        area_label=words(label, 80),
    )
