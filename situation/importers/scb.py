"""Population and other official statistics from Statistics Sweden (SCB) and other PxWeb publishers.

JSON-stat 2 and PX files are read into a Cube, whose cells are told apart in one way; PxWeb's CSV and v1 JSON and the
official population table (XLSX) row by row. An indicator's code is "scb." and the publisher's own code of the content,
or its title where there is none. A dimension's total says nothing and is left out of the breakdown; every other value
is named, even where it is the only one: a table of women alone does not give everybody's number.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from itertools import islice, product
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from situation.lifecycle import Unit

from . import numbers, places, sheets, text
from .kolada import is_json, json_number, load_json, short_code, unit_of, words
from .rows import SWEDEN, FileRefused, IndicatorRow, Item, LineError, Note, Reading, ValueRow

FORMAT = "scb"
MOST_CELLS = 2_000_000
LARGEST_PX = 32 << 20
MOST_DIMENSIONS = 30
LONGEST_BREAKDOWN = 200
LOOKED_AT = 30
SAMPLE = 200
TIMES = frozenset(["tid", "time", "year", "år", "month", "månad", "quarter", "kvartal", "period"])
REGIONS = frozenset(["region", "kommun", "municipality", "län", "county", "område", "geo", "regso", "deso"])
CONTENTS = frozenset(["contentscode", "contents", "tabellinnehåll", "observations"])
# Columns that divide people, though what stands in them may look like numbers.
DIVIDING = frozenset(["ålder", "age", "kön", "sex", "civilstånd", "födelseår"])
TOTALS = frozenset(
    (
        *("totalt", "total", "samtliga", "alla", "all", "båda könen", "both sexes", "män och kvinnor"),
        *("kvinnor och män", "men and women", "women and men", "alla åldrar", "samtliga åldrar", "all ages"),
    )
)
TOTAL_CODES = frozenset(("tot", "totalt", "total", "1+2"))
PRELIMINARY = frozenset(("p", "prel", "prel.", "preliminary", "preliminär", "provisional"))
CONFIDENTIAL = frozenset(("c", "confidential", "sekretess"))
COUNTED = frozenset(["antal", "number", "quantity", "amount", "count", "personer", "persons", "st"])
POPULATION = "Folkmängd"
# "0114A0010_DeSO2025": the area and which division it is of.
DIVISION = re.compile(r"_(?:DeSO|RegSO)\d{4}$", re.IGNORECASE)
OLD_CODE = re.compile(r"\d{2}(?:\d{2})?(?=\s|$)")
# PxWeb v1's JSON gives codes without their words.
WORDS_OF_CODES = {("kon", "1"): "män", ("kon", "2"): "kvinnor"}
ENCODINGS = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "65001": "utf-8",
    "iso-8859-1": "latin-1",
    "latin1": "latin-1",
    "iso-8859-15": "iso-8859-15",
    "windows-1252": "cp1252",
    "cp1252": "cp1252",
    "1252": "cp1252",
    "ansi": "cp1252",
    "cp850": "cp850",
    "ibm850": "cp850",
    "850": "cp850",
    "cp437": "cp437",
    "437": "cp437",
}
PX_BEGINS = re.compile(
    rb"\s*(?:CHARSET|AXIS-VERSION|CODEPAGE|LANGUAGE|LANGUAGES|CREATION-DATE|MATRIX|SUBJECT-AREA|SUBJECT-CODE|TITLE|"
    rb"CONTENTS|UNITS|DECIMALS|STUB|HEADING)(?:\[\w+\])?\s*="
)
PX_KEYWORD = re.compile(r'\s*([A-Za-z][A-Za-z0-9-]*)(?:\[([\w-]+)\])?(?:\(((?:[^()"]++|"[^"]*+")*+)\))?\s*=')
PX_STATEMENT = re.compile(r'((?:[^";]++|"[^"]*+")*+);')
PX_WORD = re.compile(r'"([^"]*)"|(,)|([^\s,"]+)')
PX_CELL = re.compile(r'"[^"]*+"|;|[^\s,;"]++|"')


def read(path: Path, *, name: str = "") -> Reading:
    """The file at `path`, whose name where it came from was `name` (it names what is counted where no heading does).

    Gives indicators with the publisher's unit and values as they stand. Raises FileRefused when no table with areas
    and periods is found; JSON and PX files are looked through whole first.
    """
    if sheets.is_sheet(path):
        return Reading(FORMAT, _of_sheets(path, name or path.name))
    if is_json(path):
        return _of_json(load_json(path))
    with path.open("rb") as file:
        start = file.read(1 << 12).removeprefix(codecs.BOM_UTF8)
    if PX_BEGINS.match(start):
        return _of_px(path)
    found = text.look_through(path)
    return Reading(FORMAT, _of_records(found.records, name or path.name), encoding=found.encoding, total=found.lines)


# --- What all the forms have in common -----------------------------------------------------------------------


@dataclass
class Areas:
    """Areas by how they are written, and each that cannot be told complained of once."""

    sheet: str = ""
    found: dict[tuple[str, str], str | None] = field(default_factory=dict)
    told: set[tuple[str, str]] = field(default_factory=set)

    def code(self, code: str, label: str = "") -> str | None:
        """Our code of the area with the publisher's `code` and `label`; either may hold both."""
        if (code, label) not in self.found:
            self.found[code, label] = _area(code, label)
        return self.found[code, label]

    def complain(self, line: int, code: str, label: str = "") -> Iterator[Item]:
        if (code, label) in self.told:
            return
        self.told.add((code, label))
        said = label if label.startswith(code) else f"{code} {label}".strip()
        if OLD_CODE.match(said):
            yield Note(_("”%(area)s” finns inte i dagens indelning och lämnas utanför.") % {"area": said[:60]}, line)
        else:
            yield LineError(
                line,
                _("Området ”%(area)s” känns inte igen. Kontrollera namnet eller koden.") % {"area": said[:60]},
                self.sheet,
            )


def _area(code: str, label: str) -> str | None:
    code = DIVISION.sub("", code)
    if not label or label == code or label.startswith(f"{code} "):
        return places.code_of(label or code)
    found = places.code_of(f"{code} {label}")
    if found is None and places.code_of(label) == SWEDEN:
        # A name alone is believed of the country only: the locality of Lysekil is not the municipality.
        return SWEDEN
    return found


def _period(*said: str) -> tuple[str, bool] | None:
    """(period, is preliminary) of the first text that is one, marked in any. A span of years is its last."""
    is_preliminary = any("*" in one or "prel" in one.lower() for one in said)
    for one in said:
        bare = re.sub(r"\*|\(?\bprel\w*\.?\)?", "", one, flags=re.IGNORECASE).strip()
        span = re.fullmatch(r"(?:19|20|21)\d\d\s*[-–/]\s*((?:19|20|21)\d\d)", bare)
        found = numbers.period(span.group(1) if span else bare)
        if found:
            return found, is_preliminary
    return None


def _unit(said: str, title: str) -> str:
    low = said.strip().lower()
    if low in COUNTED or (not low and title.lower().startswith(("folkmängd", "befolkning", "population"))):
        return Unit.COUNT
    if low in ("%", "procent", "percent", "per cent"):
        return Unit.PERCENT
    return Unit.INDEX if low == "index" else unit_of(low or title)


def _amount(said: object, status: str) -> tuple[Decimal | None, bool, bool]:
    """(value, is suppressed, is preliminary) of a cell. Raises NotANumber."""
    low = status.strip().lower()
    is_preliminary = low in PRELIMINARY
    if isinstance(said, str):
        low = said.strip().lower() if said.strip() else low
        if re.fullmatch(r"\.{4,6}", low):
            said = None
    value = json_number(said)
    if said is None and low in numbers.ZERO:
        value = Decimal(0)
    return value, value is None and (numbers.is_suppressed(low) or low in CONFIDENTIAL), is_preliminary


def _is_total(code: str, label: str, dimension: str) -> bool:
    low = " ".join(label.lower().split())
    return (
        low in TOTALS
        or code.strip().lower() in TOTAL_CODES
        or any(low == f"{word} {dimension.lower()}" for word in ("totalt", "total", "samtliga", "alla", "all"))
    )


def _part(dimension: str, label: str) -> str:
    """ "kön=kvinnor"; the signs that hold a breakdown together never stand in its words."""
    return "=".join(words(one, 80).replace("|", "/").replace("=", ":") for one in (dimension, label))


def _no_area() -> str:
    return _("Tabellen säger inte vilka kommuner eller län talen gäller. Hämta den på nytt och välj region.")


def _no_period() -> str:
    return _("Tabellen säger inte vilket år eller vilken månad talen gäller. Hämta den på nytt och välj tid.")


# --- Cubes ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Dimension:
    """One variable of a table with its values in order. `role`: "time", "geo", "metric", or "" when not said."""

    code: str
    label: str
    codes: list[str]
    labels: list[str]
    role: str = ""
    units: list[str] = field(default_factory=list)

    def parts(self) -> list[str]:
        """What each value adds to the breakdown; "" for the total."""
        said = [words(label, 80) for label in self.labels]
        often = Counter(said)
        said = [
            f"{label} ({words(code, 20)}, {place})" if often[label] > 1 else label
            for place, (code, label) in enumerate(zip(self.codes, said, strict=True))
        ]
        totals = [
            place
            for place, (code, label) in enumerate(zip(self.codes, self.labels, strict=True))
            if _is_total(code, label, self.label)
        ]
        return ["" if place in totals[:1] else _part(self.label, label) for place, label in enumerate(said)]


@dataclass(frozen=True)
class Cube:
    """A table of any number of dimensions; `cells` gives (value, status) with the last dimension running fastest."""

    title: str
    code: str
    dimensions: list[Dimension]
    cells: Callable[[], Iterator[tuple[object, str]]]
    unit: str = ""
    is_preliminary: bool = False

    def items(self) -> Iterator[Item]:
        """Values with the cell's position from 1 as their line. Raises FileRefused before the first is given."""
        time = self._place("time", TIMES)
        if time is None:
            raise FileRefused(_no_period())
        geo = self._place("geo", REGIONS)
        if geo is None:
            raise FileRefused(_no_area())
        metric = self._place("metric", CONTENTS)
        areas = Areas()
        regions = [(words(code, 80), words(label, 80)) for code, label in self._values(geo)]
        if not any(areas.code(*region) for region in regions):
            raise FileRefused(
                _(
                    "Inget av tabellens områden är en svensk kommun, ett län eller riket. "
                    "Kontrollera att det är rätt tabell."
                )
            )
        periods = [_period(words(code, 60), words(label, 60)) for code, label in self._values(time)]
        if not any(periods):
            raise FileRefused(_no_period())
        parts = [
            [""] * len(dimension.codes) if place in (time, geo, metric) else dimension.parts()
            for place, dimension in enumerate(self.dimensions)
        ]
        if sum(max(map(len, part)) + 1 for part in parts if any(part)) > LONGEST_BREAKDOWN + 1:
            raise FileRefused(_("Tabellen delar upp talen på för många sätt. Hämta den med färre variabler."))
        return self._rows(time, geo, metric, areas, regions, periods, parts)

    def _place(self, role: str, known: frozenset[str]) -> int | None:
        for place, dimension in enumerate(self.dimensions):
            if dimension.role == role:
                return place
        for place, dimension in enumerate(self.dimensions):
            if not dimension.role and {dimension.code.lower(), dimension.label.lower()} & known:
                return place
        return None

    def _values(self, place: int) -> list[tuple[str, str]]:
        return list(zip(self.dimensions[place].codes, self.dimensions[place].labels, strict=True))

    def _indicators(self, metric: int | None) -> list[IndicatorRow]:
        if metric is None:
            return [
                IndicatorRow(
                    f"scb.{words(self.code, 60) or short_code(self.title)}",
                    words(self.title),
                    _unit(self.unit, self.title),
                    external_id=words(self.code, 40),
                )
            ]
        dimension = self.dimensions[metric]
        rows = []
        for place, (code, label) in enumerate(self._values(metric)):
            unit = dimension.units[place] if dimension.units else self.unit
            # PX without codes: the label is no code, and means nothing outside its table.
            own = words(code, 60) if code != label else f"{words(self.code, 60)}-{short_code(label)}".strip("-")
            rows.append(
                IndicatorRow(
                    f"scb.{own}",
                    words(label),
                    _unit(unit, label),
                    external_id=words(code, 40) if code != label else "",
                )
            )
        return rows

    def _rows(
        self,
        time: int,
        geo: int,
        metric: int | None,
        areas: Areas,
        regions: list[tuple[str, str]],
        periods: list[tuple[str, bool] | None],
        parts: list[list[str]],
    ) -> Iterator[Item]:
        indicators, given = self._indicators(metric), set[int]()
        twice = _second_times([areas.code(*region) for region in regions])
        again = _second_times([period[0] if period else None for period in periods])
        told = set[tuple[str, int]]()
        every = product(*(range(len(dimension.codes)) for dimension in self.dimensions))
        for position, (at, (said, status)) in enumerate(zip(every, self.cells(), strict=True), start=1):
            region, period = regions[at[geo]], periods[at[time]]
            area = areas.code(*region)
            if area is None:
                yield from areas.complain(position, *region)
                continue
            if period is None or at[time] in again or at[geo] in twice:
                wrong = ("geo", at[geo]) if at[geo] in twice else ("time", at[time])
                if wrong not in told:
                    told.add(wrong)
                    label = region[1] if wrong[0] == "geo" else words(self.dimensions[time].labels[at[time]], 60)
                    yield LineError(
                        position,
                        _("”%(period)s” är ingen period som känns igen.") % {"period": label}
                        if period is None and wrong[0] == "time"
                        else _("”%(value)s” står två gånger i tabellen.") % {"value": label},
                    )
                continue
            try:
                value, is_suppressed, is_preliminary = _amount(said, status)
            except numbers.NotANumber as not_one:
                yield LineError(position, str(not_one))
                continue
            which = at[metric] if metric is not None else 0
            if which not in given:
                given.add(which)
                yield indicators[which]
            yield ValueRow(
                position,
                indicators[which].code,
                area,
                period[0],
                value,
                "|".join(part[place] for part, place in zip(parts, at, strict=True) if part[place]),
                is_preliminary=is_preliminary or period[1] or self.is_preliminary,
                is_suppressed=is_suppressed,
                area_label=region[1],
            )


def _second_times(codes: list[str | None]) -> set[int]:
    """Places of what stood before already."""
    seen, twice = set[str](), set[int]()
    for place, code in enumerate(codes):
        if code is not None and code in seen:
            twice.add(place)
        elif code is not None:
            seen.add(code)
    return twice


def _checked(dimensions: list[Dimension]) -> int:
    """How many cells the table has. Raises FileRefused for what is no table or too large a one."""
    if not dimensions or len(dimensions) > MOST_DIMENSIONS:
        raise FileRefused(_broken())
    cells = 1
    for dimension in dimensions:
        cells *= len(dimension.codes)
        if len(dimension.codes) != len(dimension.labels) or len(set(dimension.codes)) != len(dimension.codes):
            raise FileRefused(_broken())
        if not cells:
            raise FileRefused(_broken())
        if cells > MOST_CELLS:
            raise FileRefused(
                _("Tabellen har fler än två miljoner celler. Hämta färre kommuner, år eller variabler åt gången.")
            )
    return cells


def _broken() -> str:
    return _("Tabellens beskrivning hänger inte ihop. Filen kan vara avbruten. Hämta den på nytt.")


def _wrong_number(cells: int, values: int) -> FileRefused:
    return FileRefused(
        _("Tabellen ska ha %(cells)d tal men har %(values)d. Filen kan vara avbruten. Hämta den på nytt.")
        % {"cells": cells, "values": values}
    )


# --- JSON ----------------------------------------------------------------------------------------------------


def _of_json(held: Any) -> Reading:
    if isinstance(held, dict):
        if held.get("class") == "dataset":
            return _of_json_stat(held)
        if isinstance(held.get("columns"), list) and isinstance(held.get("data"), list):
            return _of_v1(held["columns"], held["data"])
        if isinstance(held.get("variables"), list) or _is_variables(held):
            raise FileRefused(
                _("Filen beskriver bara en tabells variabler och har inga tal. Hämta tabellens data som JSON-stat2.")
            )
        if "dataset" in held or held.get("class") == "collection":
            raise FileRefused(_("Filen är skriven i en annan JSON-stat än version 2. Hämta den som JSON-stat2."))
    if isinstance(held, list) or isinstance(held.get("tables"), list):
        raise FileRefused(_("Filen är en lista över tabeller och har inga tal. Hämta en tabells data som JSON-stat2."))
    raise FileRefused(_("Här finns ingen tabell från SCB. Hämta tabellen som JSON-stat2, PX eller CSV."))


def _is_variables(held: dict[str, Any]) -> bool:
    return bool(held) and all(
        isinstance(variable, dict) and isinstance(variable.get("category"), dict) for variable in held.values()
    )


def _of_json_stat(held: dict[str, Any]) -> Reading:
    if held.get("value") in (None, [], {}):
        raise FileRefused(_("Filen beskriver bara tabellen och har inga tal. Hämta tabellens data som JSON-stat2."))
    ids, sizes, described = held.get("id"), held.get("size"), held.get("dimension")
    if (
        not isinstance(ids, list)
        or not isinstance(sizes, list)
        or not isinstance(described, dict)
        or len(ids) != len(sizes)
        or len(ids) > MOST_DIMENSIONS
        or not all(isinstance(one, str) for one in ids)
    ):
        raise FileRefused(_broken())
    roles = {
        one: role
        for role in ("time", "geo", "metric")
        for one in (_in(held, "role", role) if isinstance(_in(held, "role", role), list) else [])
        if isinstance(one, str)
    }
    dimensions = [
        _json_dimension(one, size, described.get(one), roles.get(one, ""))
        for one, size in zip(ids, sizes, strict=True)
    ]
    cells = _checked(dimensions)
    values, statuses = held["value"], held.get("status")
    if isinstance(values, list):
        if len(values) != cells:
            raise _wrong_number(cells, len(values))
    elif isinstance(values, dict):
        if not all(_is_index(key, cells) for key in values):
            raise FileRefused(_broken())
    else:
        raise FileRefused(_broken())
    title = words(held.get("label"))
    table = _in(held, "extension", "px", "matrix") or _in(held, "extension", "px", "tableid")
    cube = Cube(
        title or _("Tabell från SCB"),
        words(table, 40) if isinstance(table, str) else "",
        dimensions,
        partial(_json_cells, cells, values, statuses),
    )
    about = {"title": title, "source": words(held.get("source")), "updated": words(held.get("updated"), 40)}
    return Reading(FORMAT, cube.items(), total=cells, about={name: said for name, said in about.items() if said})


def _in(held: object, *names: str) -> Any:
    """What stands under the names, one within the other; None where nothing does."""
    for name in names:
        held = held.get(name) if isinstance(held, dict) else None
    return held


def _is_index(key: str, cells: int) -> bool:
    return key.isascii() and key.isdigit() and len(key) <= 8 and int(key) < cells


def _json_dimension(code: str, size: object, described: object, role: str) -> Dimension:
    index, labels = _in(described, "category", "index"), _in(described, "category", "label")
    labels = labels if isinstance(labels, dict) else {}
    if index is None:
        # A dimension of one value may leave it out.
        order = list(labels) if len(labels) == 1 else []
    elif isinstance(index, dict):
        if sorted(place for place in index.values() if type(place) is int) != list(range(len(index))):
            raise FileRefused(_broken())
        order = sorted(index, key=lambda one: index[one])
    else:
        order = index if isinstance(index, list) else []
    if type(size) is not int or len(order) != size or not all(isinstance(one, str) for one in order):
        raise FileRefused(_broken())
    units = [words(_in(described, "category", "unit", one, "base"), 60) for one in order]
    return Dimension(
        code,
        words(_in(described, "label"), 60) or words(code, 60),
        order,
        [words(labels.get(one)) or words(one) for one in order],
        role,
        units,
    )


def _json_cells(cells: int, values: list[Any] | dict[str, Any], statuses: object) -> Iterator[tuple[object, str]]:
    for place in range(cells):
        status: object = statuses
        if isinstance(statuses, list):
            status = statuses[place] if place < len(statuses) else ""
        elif isinstance(statuses, dict):
            status = statuses.get(str(place), "")
        yield values[place] if isinstance(values, list) else values.get(str(place)), words(status, 20)


def _of_v1(columns: list[Any], data: list[Any]) -> Reading:
    known = [column for column in columns if isinstance(column, dict) and isinstance(column.get("code"), str)]
    keys = [column for column in known if column.get("type") != "c"]
    contents = [column for column in known if column.get("type") == "c"]
    if len(known) != len(columns) or not contents or len(columns) > text.MOST_COLUMNS:
        raise FileRefused(_broken())
    names = [{words(column["code"], 60).lower(), words(column.get("text"), 60).lower()} for column in keys]
    time = next((place for place, column in enumerate(keys) if column.get("type") == "t"), None)
    if time is None:
        time = next((place for place, said in enumerate(names) if said & TIMES), None)
    geo = next((place for place, said in enumerate(names) if said & REGIONS), None)
    if time is None:
        raise FileRefused(_no_period())
    if geo is None:
        raise FileRefused(_no_area())
    if not data:
        raise FileRefused(_("Tabellen har inga rader. Hämta den på nytt."))
    return Reading(FORMAT, _v1_rows(keys, contents, data, time, geo), total=len(data))


def _v1_rows(
    keys: list[dict[str, Any]], contents: list[dict[str, Any]], data: list[Any], time: int, geo: int
) -> Iterator[Item]:
    areas, given = Areas(), set[str]()
    indicators = []
    for column in contents:
        title = words(column.get("text")) or words(column["code"])
        code = words(column["code"], 60)
        indicators.append(
            IndicatorRow(f"scb.{code}", title, _unit(words(column.get("unit"), 60), title), external_id=code[:40])
        )
    for position, entry in enumerate(data, start=1):
        key, values = _in(entry, "key"), _in(entry, "values")
        if (
            not isinstance(key, list)
            or not isinstance(values, list)
            or len(key) != len(keys)
            or len(values) != len(contents)
        ):
            yield LineError(
                position, _("Raden har inte lika många värden som tabellen har kolumner. Hämta den på nytt.")
            )
            continue
        said = [words(one, 80) for one in key]
        area, period = areas.code(said[geo]), _period(said[time])
        if area is None:
            yield from areas.complain(position, said[geo])
            continue
        if period is None:
            yield LineError(position, _("”%(period)s” är ingen period som känns igen.") % {"period": said[time]})
            continue
        parts = []
        for place, (column, code) in enumerate(zip(keys, said, strict=True)):
            name = words(column.get("text"), 60) or words(column["code"], 60)
            label = WORDS_OF_CODES.get((column["code"].lower(), code), code)
            if place not in (time, geo) and not _is_total(code, label, name):
                parts.append(_part(name, label))
        breakdown = "|".join(parts)
        if len(breakdown) > LONGEST_BREAKDOWN:
            yield LineError(position, _too_divided())
            continue
        for indicator, one in zip(indicators, values, strict=True):
            yield from _one_value(
                ValueRow(position, indicator.code, area, period[0], None, breakdown, area_label=said[geo]),
                one,
                indicator,
                given,
                is_preliminary=period[1],
            )


def _too_divided() -> str:
    return _("Raden delar upp talet på för många sätt. Hämta tabellen med färre variabler.")


def _one_value(
    row: ValueRow, said: object, indicator: IndicatorRow, given: set[str], *, is_preliminary: bool, sheet: str = ""
) -> Iterator[Item]:
    """The row with the number `said`, after its indicator when it is the first."""
    try:
        value, is_suppressed, is_marked = _amount(said, "")
    except numbers.NotANumber as wrong:
        yield LineError(row.line, str(wrong), sheet)
        return
    if indicator.code not in given:
        given.add(indicator.code)
        yield indicator
    yield row._replace(value=value, is_suppressed=is_suppressed, is_preliminary=is_preliminary or is_marked)


# --- PX ------------------------------------------------------------------------------------------------------


def _of_px(path: Path) -> Reading:
    written, encoding = _px_text(path)
    said, starts = _px_keywords(written)
    stub, heading = _px_list(said.get(("STUB", ()), "")), _px_list(said.get(("HEADING", ()), ""))
    names = [*stub, *heading]
    if any(keyword == "KEYS" for keyword, _which in said):
        raise FileRefused(_("PX-filen har bara vissa av tabellens rader (KEYS). Hämta den som JSON-stat2."))
    if len(names) > MOST_DIMENSIONS or len(set(names)) != len(names):
        raise FileRefused(_broken())
    dimensions = [_px_dimension(said, name) for name in names]
    cells = _checked(dimensions)
    found = _px_cells(written, starts, cells)
    if found != cells:
        raise _wrong_number(cells, found)

    def one(keyword: str) -> str:
        return words("".join(_px_list(said.get((keyword, ()), ""))))

    def cell_texts() -> Iterator[tuple[object, str]]:
        for token in islice(PX_CELL.finditer(written, starts), cells):
            yield token.group().strip('"'), ""

    cube = Cube(one("CONTENTS") or one("TITLE") or one("MATRIX"), one("MATRIX"), dimensions, cell_texts, one("UNITS"))
    about = {"title": one("TITLE") or one("DESCRIPTION"), "source": one("SOURCE"), "updated": one("LAST-UPDATED")}
    return Reading(
        FORMAT,
        cube.items(),
        encoding=encoding,
        total=cells,
        about={name: told for name, told in about.items() if told},
    )


def _px_text(path: Path) -> tuple[str, str]:
    """The file as text and the encoding it declares; without a declaration UTF-8, else the DOS code page."""
    if path.stat().st_size > LARGEST_PX:
        raise FileRefused(
            _("PX-filen är större än %(most)d MB. Hämta färre kommuner, år eller variabler åt gången.")
            % {"most": LARGEST_PX >> 20}
        )
    held = path.read_bytes()
    start = held[: 1 << 16]
    page = re.search(rb'^\s*CODEPAGE\s*=\s*"([^"]{0,40})"', start, re.MULTILINE)
    charset = re.search(rb'^\s*CHARSET\s*=\s*"([^"]{0,40})"', start.removeprefix(codecs.BOM_UTF8), re.MULTILINE)
    if held.startswith(codecs.BOM_UTF8):
        tried = ["utf-8-sig"]
    elif page:
        declared = page.group(1).decode("ascii", "replace").strip().lower()
        if declared not in ENCODINGS:
            raise FileRefused(
                _("PX-filens teckenkodning ”%(page)s” läses inte. Spara den i UTF-8 och försök igen.")
                % {"page": words(declared, 40)}
            )
        tried = [ENCODINGS[declared]]
    elif charset and charset.group(1).strip().lower() == b"ansi":
        tried = ["cp1252", "latin-1"]
    else:
        tried = ["utf-8", "cp850"]
    for encoding in tried:
        try:
            return held.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    raise FileRefused(_("PX-filen är inte skriven i den teckenkodning den säger. Hämta den på nytt."))


def _px_cells(written: str, starts: int, most: int) -> int:
    """How many cells there are; counting stops above `most`. Raises FileRefused when the last is cut off."""
    found, ends = 0, starts
    for token in PX_CELL.finditer(written, starts):
        if token.group() == ";" or found > most:
            return found
        found, ends = found + 1, token.end()
    # SCB's own files may lack the semicolon; the last number is whole when something stands after it.
    if found and ends == len(written):
        raise FileRefused(_("PX-filens tal är avbrutna. Hämta filen på nytt."))
    return found


PxKeywords = dict[tuple[str, tuple[str, ...]], str]


def _px_keywords(written: str) -> tuple[PxKeywords, int]:
    """What each keyword, with the names in its brackets, is given in the file's own language; where DATA begins."""
    by_language: dict[str, PxKeywords] = {}
    at = 0
    while True:
        found = PX_KEYWORD.match(written, at)
        if found is None:
            raise FileRefused(
                _("PX-filen går inte att läsa härifrån. Den kan vara avbruten. Hämta den på nytt."),
                line=written.count("\n", 0, at) + 1,
            )
        keyword = found.group(1).upper()
        if keyword == "DATA":
            at = found.end()
            break
        given = PX_STATEMENT.match(written, found.end())
        if given is None:
            raise FileRefused(
                _("PX-filen tar slut innan talen börjar. Hämta den på nytt."), line=written.count("\n", 0, at) + 1
            )
        key = keyword, tuple(_px_list(found.group(3) or ""))
        by_language.setdefault(found.group(2) or "", {}).setdefault(key, given.group(1))
        at = given.end()
    plain = by_language.get("", {})
    own = "".join(_px_list(plain.get(("LANGUAGE", ()), "")))
    return {**by_language.get(own, {}), **plain}, at


def _px_list(said: str) -> list[str]:
    """ "a","b": the words of a list; one that is broken over lines is put together."""
    found: list[list[str]] = []
    is_new = True
    for word in PX_WORD.finditer(said):
        quoted, comma, bare = word.groups()
        if comma:
            is_new = True
        elif is_new:
            found.append([quoted if quoted is not None else bare])
            is_new = False
        else:
            found[-1].append(quoted if quoted is not None else bare)
    return ["".join(pieces) for pieces in found]


def _px_dimension(said: PxKeywords, name: str) -> Dimension:
    labels = _px_list(said.get(("VALUES", (name,)), ""))
    codes = _px_list(said.get(("CODES", (name,)), "")) or labels
    if len(codes) != len(labels):
        raise FileRefused(_broken())
    kind = "".join(_px_list(said.get(("VARIABLE-TYPE", (name,)), ""))).upper()
    role = ""
    if name in _px_list(said.get(("CONTVARIABLE", ()), "")):
        role = "metric"
    elif ("TIMEVAL", (name,)) in said or kind == "T":
        role = "time"
    elif kind == "G" or (("MAP", (name,)) in said and kind in ("", "G")):
        role = "geo"
    units = ["".join(_px_list(said.get(("UNITS", (label,)), said.get(("UNITS", ()), "")))) for label in labels]
    return Dimension(
        "".join(_px_list(said.get(("VARIABLECODE", (name,)), ""))) or name,
        words(name, 60),
        codes,
        labels,
        role,
        units if role == "metric" else [],
    )


# --- Tables --------------------------------------------------------------------------------------------------


def _of_sheets(path: Path, name: str) -> Iterator[Item]:
    def of_one(sheet: sheets.Sheet) -> Iterator[Item]:
        official = _official(sheet.rows)
        if official is not None:
            return _official_rows(sheet.rows, official, sheet.name)
        return _of_records(partial(iter, sheet.rows), name, sheet=sheet.name)

    return sheets.items_of(path, of_one, nothing=_no_table())


def _no_table() -> str:
    return _(
        "Här finns ingen tabell från SCB. Den ska ha en kolumn som heter region och ett år i en kolumn eller rubrik. "
        "Hämta den på nytt som CSV, PX eller JSON-stat2."
    )


@dataclass(frozen=True)
class Official:
    """Where the population stands in the yearly table of counties and municipalities."""

    header: int
    code: int
    name: int
    population: int
    year: str
    title: str
    left_out: list[str]


def _official(rows: list[tuple[int, list[str]]]) -> Official | None:
    title, year = "", ""
    for place, (line, cells) in enumerate(rows[:LOOKED_AT]):
        low = [cell.strip().lower() for cell in cells]
        filled = [cell for cell in low if cell]
        if len(filled) == 1 and not year and "folkmängd" in filled[0] and "31 december" in filled[0]:
            years = re.findall(r"\b(?:19|20|21)\d\d\b", filled[0])
            title, year = next(cell for cell in cells if cell.strip()).strip(), years[-1] if years else ""
        if "folkmängd" in low and "kommun" in low and year:
            code = low.index("kommun")
            name = next((at for at, cell in enumerate(low) if cell in ("kommunnamn", "namn")), code + 1)
            return Official(
                line, code, name, low.index("folkmängd"), year, title, _other_columns(rows[place : place + 4], name)
            )
    return None


def _other_columns(header: list[tuple[int, list[str]]], name: int) -> list[str]:
    """What the columns beside the population are called: "Folk-" over "ökning" is "Folkökning"."""
    top = header[0][1]
    found = []
    for column in range(name + 1, len(top)):
        word = top[column].strip()
        if not word or word.lower() == POPULATION.lower():
            continue
        is_group = column + 1 < len(top) and not top[column + 1].strip()
        for _line, cells in header[1:] if not is_group else []:
            more = cells[column].strip() if column < len(cells) else ""
            if not more or OLD_CODE.match(more) or more[:1].isdigit():
                break
            word = word[:-1] + more if word.endswith("-") else f"{word} {more}"
        # A footnote's number sticks to the word.
        found.append(word.rstrip("0123456789"))
    return found


def _official_rows(rows: list[tuple[int, list[str]]], table: Official, sheet: str) -> Iterator[Item]:
    areas, given = Areas(sheet), set[str]()
    indicator = IndicatorRow("scb.folkmangd", POPULATION, Unit.COUNT)
    if table.left_out:
        yield Note(
            _("Bara folkmängden läses in. Dessa kolumner lämnas utanför: %(columns)s.")
            % {"columns": ", ".join(words(column, 40) for column in table.left_out[:40])},
            table.header,
        )
    for line, cells in rows:
        if line <= table.header or len([cell for cell in cells if cell.strip()]) < 2:
            continue
        code, name, said = (
            cells[at].strip() if at < len(cells) else "" for at in (table.code, table.name, table.population)
        )
        if not said or (not code and not name) or (code and not code.isdigit()):
            # The header's lower lines and remarks.
            continue
        # The code alone: a county is named by its residence, which is a municipality's name.
        area = areas.code(code) if code else areas.code(name)
        if area is None:
            yield from areas.complain(line, code, name)
            continue
        yield from _one_value(
            ValueRow(line, indicator.code, area, table.year, None, area_label=words(f"{code} {name}".strip(), 80)),
            said,
            indicator,
            given,
            is_preliminary="prel" in table.title.lower(),
            sheet=sheet,
        )


@dataclass(frozen=True)
class Heading:
    """What a column of numbers says of them."""

    column: int
    title: str
    # "" where a column of its own says it.
    period: str = ""
    is_preliminary: bool = False
    part: str = ""


@dataclass(frozen=True)
class Table:
    """Where what stands in a table of PxWeb."""

    header: int
    width: int
    region: int
    time: int | None
    dividing: dict[int, str]
    values: list[Heading]


def _heading(column: int, said: str) -> Heading:
    """ "Våldsbrott 2015", "2015", "män 2015 prel." """
    bare = " ".join(said.split())
    mark = r"(?:\*| ?\(?prel\w*\.?\)?)?"
    stamp = r"(?:19|20|21)\d\d(?:[MKQ]\d{1,2})?"
    found = re.fullmatch(rf"(?:(.*) )?({stamp}{mark})", bare, re.IGNORECASE)
    title, period = (found.group(1) or "", _period(found.group(2))) if found else (bare, None)
    if not found:
        found = re.fullmatch(rf"({stamp}{mark}) (.*)", bare, re.IGNORECASE)
        title, period = (found.group(2), _period(found.group(1))) if found else (bare, None)
    part = ""
    if period is not None:
        sex = re.search(r"\b(män|kvinnor|men|women)$", title, re.IGNORECASE)
        if sex:
            part, title = _part("kön", sex.group(1).lower()), title[: sex.start()].strip()
        if title.lower() in TOTALS:
            title = ""
    return Heading(column, words(title), *(period or ("", False)), part)


def _of_records(
    records: Callable[[], Iterable[tuple[int, list[str]]]], name: str, *, sheet: str = ""
) -> Iterator[Item]:
    table = _table(records())
    if table is None:
        raise FileRefused(_no_table())
    yield from _of_table(records(), table, name, sheet)


def _table(records: Iterable[tuple[int, list[str]]]) -> Table | None:
    """The table of the file. Raises FileRefused when it has areas but no numbers or periods."""
    rows = iter(records)
    for line, cells in islice(rows, LOOKED_AT):
        low = [cell.strip().lower() for cell in cells]
        region = next((place for place, cell in enumerate(low) if cell in REGIONS), None)
        if region is None or len([cell for cell in low if cell]) < 2:
            continue
        while cells and not cells[-1]:
            cells = cells[:-1]
        sample = [row for _line, row in islice(rows, SAMPLE) if len(row) >= len(cells)]
        time = next((place for place, cell in enumerate(low) if cell in TIMES), None)
        headings = [_heading(place, cell) for place, cell in enumerate(cells)]
        if time is None:
            values = [heading for heading in headings if heading.period and heading.column != region]
            if not values:
                raise FileRefused(_no_period())
        else:
            values = []
            for heading in reversed(headings):
                if heading.column in (region, time) or low[heading.column] in DIVIDING:
                    break
                if not _holds_numbers([row[heading.column] for row in sample]):
                    break
                values.insert(0, Heading(heading.column, words(cells[heading.column])))
            if not values:
                raise FileRefused(_("Tabellen har ingen kolumn med tal. Hämta den på nytt."))
        taken = {region, time, *(heading.column for heading in values)}
        dividing = {place: words(cell, 60) for place, cell in enumerate(cells) if place not in taken and cell}
        return Table(line, len(cells), region, time, dividing, values)
    return None


def _holds_numbers(cells: list[str]) -> bool:
    """Half of what is filled in are numbers; a few wrong ones are errors of their rows."""
    filled = [cell for cell in cells if not numbers.is_missing(cell)]
    right = 0
    for cell in filled:
        try:
            right += numbers.number(cell) is not None
        except numbers.NotANumber:
            continue
    return right * 2 >= len(filled)


def _of_table(records: Iterable[tuple[int, list[str]]], table: Table, name: str, sheet: str) -> Iterator[Item]:
    areas, given = Areas(sheet), set[str]()
    indicators = {heading.column: _indicator(heading, name) for heading in table.values}
    unnamed = next((indicators[heading.column] for heading in table.values if not heading.title), None)
    if unnamed is not None:
        yield Note(
            _("Filen säger inte vad talen är. De sparas under namnet ”%(title)s”.") % {"title": unnamed.title},
            table.header,
        )
    if any("\ufffd" in heading.title for heading in table.values):
        yield Note(_("Å, ä och ö är förstörda i filens rubriker. Hämta den på nytt om du kan."), table.header)
    for line, cells in records:
        if line <= table.header:
            continue
        label = words(cells[table.region], 80) if table.region < len(cells) else ""
        area = areas.code(label) if label else None
        if area is None and len([cell for cell in cells if cell]) < 2:
            # A source or a remark under the table.
            continue
        if len(cells) < table.width or any(cells[table.width :]):
            yield LineError(line, _("Raden har inte lika många celler som rubriken. Hämta filen på nytt."), sheet)
            continue
        if area is None:
            yield from areas.complain(line, label)
            continue
        yield from _of_row(line, cells, table, area, label, indicators, given, sheet)


def _of_row(
    line: int,
    cells: list[str],
    table: Table,
    area: str,
    label: str,
    indicators: dict[int, IndicatorRow],
    given: set[str],
    sheet: str,
) -> Iterator[Item]:
    stamp = _period(cells[table.time]) if table.time is not None else None
    if table.time is not None and stamp is None:
        yield LineError(
            line, _("”%(period)s” är ingen period som känns igen.") % {"period": words(cells[table.time], 40)}, sheet
        )
        return
    parts = [
        _part(name, cells[column]) for column, name in table.dividing.items() if not _is_total("", cells[column], name)
    ]
    for heading in table.values:
        breakdown = "|".join([*parts, heading.part] if heading.part else parts)
        if len(breakdown) > LONGEST_BREAKDOWN:
            yield LineError(line, _too_divided(), sheet)
            return
        period, is_preliminary = stamp or (heading.period, heading.is_preliminary)
        indicator = indicators[heading.column]
        yield from _one_value(
            ValueRow(line, indicator.code, area, period, None, breakdown, area_label=label),
            cells[heading.column],
            indicator,
            given,
            is_preliminary=is_preliminary,
            sheet=sheet,
        )


def _indicator(heading: Heading, name: str) -> IndicatorRow:
    title = heading.title
    if not title:
        # The file's name without its ending and years.
        stem = re.sub(r"\.\w{1,5}$", "", re.split(r"[\\/]", name)[-1])
        title = words(" ".join(re.sub(r"(?:19|20)\d\d|[_\W]+", " ", stem).split())) or _("Tabell från SCB")
    return IndicatorRow(f"scb.{short_code(title)}", title, _unit("", title))
