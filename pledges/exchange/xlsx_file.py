"""A set as XLSX: one sheet for each kind of row, the first line of each holds the columns' words.

Areas are told apart by their title, promises by their number. Every value is written as text, number or day,
never as a formula.
"""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import xlsxwriter
from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook

from . import shape
from .rows import AreaRow, CommitmentRow, FileRefused, LineError, LinkRow, PartyRow, PauseRow, RuleRow, SetRow, UnitRow
from .shape import Column
from .whole import faults

LARGEST = 5_000_000
# A small file that unpacks to something huge is refused before it is unpacked.
LARGEST_UNPACKED = 60_000_000
MOST_LINES = 5000

AREA_KEY: Final = Column("område", "area", lambda value: shape.text_of(value, longest=140), required=True)
NUMBER_KEY: Final = Column(
    "nummer", "of", lambda value: shape.number_of(value, least=1, most=999), required=True, empty=None
)
PROBLEM: Final = Column(
    "problem", "problem", lambda value: shape.text_of(value, longest=shape.PROBLEM_LONGEST), required=True
)


@dataclass(frozen=True)
class Sheet:
    name: str
    columns: tuple[Column, ...]


SET = Sheet("Medborgarlöften", shape.SET)
AREAS = Sheet("Områden", shape.AREA)
PROBLEMS = Sheet("Problem", (AREA_KEY, PROBLEM))
PROMISES = Sheet("Löften", (AREA_KEY, *shape.COMMITMENT))
PARTIES = Sheet("Parter", (NUMBER_KEY, *shape.PARTY))
UNITS = Sheet("Räknas", (NUMBER_KEY, *shape.UNIT))
RULES = Sheet("Rytm", (NUMBER_KEY, *shape.RULE))
PAUSES = Sheet("Pauser", (NUMBER_KEY, *shape.PAUSE))
LINKS = Sheet("Länkar", (NUMBER_KEY, *shape.LINK))
SHEETS: Final = (SET, AREAS, PROBLEMS, PROMISES, PARTIES, UNITS, RULES, PAUSES, LINKS)
NEEDED: Final = (SET, AREAS, PROMISES, PARTIES)


# --- Writing ------------------------------------------------------------------------------------------


def write(row: SetRow) -> bytes:
    """The workbook that `read` gives the same row back from."""
    promises = [(area, promise) for area in row.areas for promise in area.commitments]
    rules = [(promise, promise.rule) for _area, promise in promises if promise.rule is not None]
    lines: dict[Sheet, list[dict[str, Any]]] = {
        SET: [shape.written(shape.SET, row)],
        AREAS: [shape.written(shape.AREA, area) for area in row.areas],
        PROBLEMS: [{"område": area.title, "problem": problem} for area in row.areas for problem in area.problems],
        PROMISES: [{"område": area.title, **shape.written(shape.COMMITMENT, promise)} for area, promise in promises],
        PARTIES: _of_promises(promises, shape.PARTY, lambda promise: promise.parties),
        UNITS: _of_promises(promises, shape.UNIT, lambda promise: promise.units),
        LINKS: _of_promises(promises, shape.LINK, lambda promise: promise.links),
        RULES: [{"nummer": promise.number, **shape.written(shape.RULE, rule)} for promise, rule in rules],
        PAUSES: [
            {"nummer": promise.number, **shape.written(shape.PAUSE, pause)}
            for promise, rule in rules
            for pause in rule.pauses
        ],
    }
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": row.title})
    head = book.add_format({"bold": True, "bottom": 1})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    day = book.add_format({"num_format": "yyyy-mm-dd", "valign": "top"})
    for sheet in SHEETS:
        page = book.add_worksheet(sheet.name)
        page.freeze_panes(1, 0)
        page.set_column(0, len(sheet.columns) - 1, 24, wrapped)
        for place, column in enumerate(sheet.columns):
            page.write_string(0, place, column.word, head)
        for at, line in enumerate(lines[sheet], start=1):
            for place, column in enumerate(sheet.columns):
                value = line.get(column.word)
                if isinstance(value, dt.date):
                    page.write_datetime(at, place, dt.datetime.combine(value, dt.time()), day)
                elif isinstance(value, int):
                    page.write_number(at, place, value)
                elif value:
                    page.write_string(at, place, str(value), wrapped)
    book.close()
    return out.getvalue()


def _of_promises(
    promises: Iterable[tuple[AreaRow, CommitmentRow]],
    columns: tuple[Column, ...],
    rows: Callable[[CommitmentRow], Sequence[Any]],
) -> list[dict[str, Any]]:
    return [
        {"nummer": promise.number, **shape.written(columns, row)}
        for _area, promise in promises
        for row in rows(promise)
    ]


# --- Reading ------------------------------------------------------------------------------------------


def read(data: bytes) -> SetRow:
    """The set in a workbook. Raises `FileRefused` with every error, its sheet and its line."""
    return _Reader().read(data)


class _Reader:
    def __init__(self) -> None:
        self.errors: list[LineError] = []

    def read(self, data: bytes) -> SetRow:
        book = self._open(data)
        lines = {sheet: self._lines(book, sheet) for sheet in SHEETS} if book is not None else {}
        row = self._set(lines) if lines and not self.errors else None
        if self.errors or row is None:
            raise FileRefused(self._in_order(self.errors))
        if wrong := faults(row, sheet_of=_sheet_of):
            raise FileRefused(self._in_order(wrong))
        return row

    @staticmethod
    def _in_order(errors: list[LineError]) -> list[LineError]:
        names = ["", *(sheet.name for sheet in SHEETS)]
        return sorted(errors, key=lambda error: (names.index(error.sheet), error.line))

    def _open(self, data: bytes) -> CalamineWorkbook | None:
        try:
            if len(data) > LARGEST:
                self._say(None, 0, _("Filen är för stor. Den får vara högst 5 MB."))
                return None
            with zipfile.ZipFile(io.BytesIO(data)) as parts:
                if sum(part.file_size for part in parts.infolist()) > LARGEST_UNPACKED:
                    self._say(None, 0, _("Filen innehåller för mycket. Spara bara löftena i den."))
                    return None
            return CalamineWorkbook.from_filelike(io.BytesIO(data))
        except (CalamineError, zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
            self._say(None, 0, _("Filen går inte att läsa som XLSX. Spara den på nytt i kalkylprogrammet."))
            return None

    def _lines(self, book: CalamineWorkbook, sheet: Sheet) -> list[dict[str, Any]]:
        """The lines of a sheet by their columns' words; under "" the line's number."""
        if sheet.name not in book.sheet_names:
            if sheet in NEEDED:
                self._say(None, 0, _("Bladet ”%(name)s” saknas.") % {"name": sheet.name})
            return []
        try:
            rows = book.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False)
        except CalamineError:
            self._say(sheet, 1, _("Bladet går inte att läsa."))
            return []
        if not rows:
            if sheet in NEEDED:
                self._say(sheet, 1, _("Bladet är tomt."))
            return []
        words = [str(cell).strip().lower() for cell in rows[0]]
        known = [column.word for column in sheet.columns]
        for word in words:
            if word and word not in known:
                message = _("Kolumnen ”%(word)s” finns inte. Välj bland: %(known)s.")
                self._say(sheet, 1, message % {"word": word[:40], "known": ", ".join(known)})
        for column in sheet.columns:
            if column.required and column.word not in words:
                self._say(sheet, 1, _("Kolumnen ”%(word)s” saknas.") % {"word": column.word})
        if len(rows) > MOST_LINES:
            self._say(sheet, MOST_LINES, _("Bladet har för många rader."))
            return []
        found = []
        for number, cells in enumerate(rows[1:], start=2):
            given = {word: cell for word, cell in zip(words, cells, strict=False) if word and not _is_empty(cell)}
            if given:
                found.append({"": number, **given})
        return found

    def _set(self, lines: dict[Sheet, list[dict[str, Any]]]) -> SetRow | None:
        if len(lines[SET]) != 1:
            self._say(SET, 2, _("Bladet ska ha en enda rad under rubrikerna."))
            return None
        of_area: dict[str, list[dict[str, Any]]] = {}
        of_promise: dict[Sheet, dict[int, list[dict[str, Any]]]] = {}
        areas = [(self._values(AREAS, shape.AREA, line), line[""]) for line in lines[AREAS]]
        titles = {values["title"] for values, _line in areas}
        for sheet in (PROBLEMS, PROMISES):
            for line in lines[sheet]:
                area = self._values(sheet, (AREA_KEY,), line)["area"]
                if area and area not in titles:
                    self._say(sheet, line[""], _("Området ”%(title)s” finns inte i bladet Områden.") % {"title": area})
                of_area.setdefault(f"{sheet.name}:{area}", []).append(line)
        promises = {
            title: [
                (self._values(PROMISES, shape.COMMITMENT, line), line[""])
                for line in of_area.get(f"{PROMISES.name}:{title}", [])
            ]
            for title in titles
        }
        numbers = {values["number"] for rows in promises.values() for values, _line in rows}
        for sheet in (PARTIES, UNITS, RULES, PAUSES, LINKS):
            of_promise[sheet] = {}
            for line in lines[sheet]:
                number = self._values(sheet, (NUMBER_KEY,), line)["of"]
                if number is not None and number not in numbers:
                    self._say(sheet, line[""], _("Löfte %(number)s finns inte i bladet Löften.") % {"number": number})
                of_promise[sheet].setdefault(number, []).append(line)
        row = SetRow(
            **self._values(SET, shape.SET, lines[SET][0]),
            areas=tuple(
                AreaRow(
                    **values,
                    problems=tuple(
                        self._values(PROBLEMS, (PROBLEM,), line)["problem"]
                        for line in of_area.get(f"{PROBLEMS.name}:{values['title']}", [])
                    ),
                    commitments=tuple(
                        self._promise(promise, at, of_promise) for promise, at in promises.get(values["title"], [])
                    ),
                    line=line,
                )
                for values, line in areas
            ),
            line=lines[SET][0][""],
        )
        return row

    def _promise(
        self, values: dict[str, Any], line: int, more: dict[Sheet, dict[int, list[dict[str, Any]]]]
    ) -> CommitmentRow:
        def rows(sheet: Sheet) -> list[dict[str, Any]]:
            return more[sheet].get(values["number"], [])

        rules = rows(RULES)
        if len(rules) > 1:
            self._say(RULES, rules[1][""], _("Löfte %(number)s har redan en rytm.") % {"number": values["number"]})
        if rows(PAUSES) and not rules:
            self._say(PAUSES, rows(PAUSES)[0][""], _("Löftet har pauser men ingen rytm i bladet Rytm."))
        rule = None
        if rules:
            pauses = tuple(
                PauseRow(**self._values(PAUSES, shape.PAUSE, given), line=given[""]) for given in rows(PAUSES)
            )
            rule = RuleRow(**self._values(RULES, shape.RULE, rules[0]), pauses=pauses, line=rules[0][""])
        return CommitmentRow(
            **values,
            parties=tuple(
                PartyRow(**self._values(PARTIES, shape.PARTY, given), line=given[""]) for given in rows(PARTIES)
            ),
            units=tuple(UnitRow(**self._values(UNITS, shape.UNIT, given), line=given[""]) for given in rows(UNITS)),
            links=tuple(LinkRow(**self._values(LINKS, shape.LINK, given), line=given[""]) for given in rows(LINKS)),
            rule=rule,
            line=line,
        )

    def _values(self, sheet: Sheet, columns: tuple[Column, ...], line: dict[str, Any]) -> dict[str, Any]:
        return shape.read_values(columns, line, complain=lambda _word, message: self._say(sheet, line[""], message))

    def _say(self, sheet: Sheet | None, line: int, message: str) -> None:
        error = LineError(line, message, sheet.name if sheet else "")
        if error not in self.errors:
            self.errors.append(error)


def _is_empty(cell: Any) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def _sheet_of(thing: object) -> str:
    names = {
        SetRow: SET,
        AreaRow: AREAS,
        CommitmentRow: PROMISES,
        PartyRow: PARTIES,
        UnitRow: UNITS,
        RuleRow: RULES,
        PauseRow: PAUSES,
        LinkRow: LINKS,
    }
    return names[type(thing)].name
