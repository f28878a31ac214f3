"""Surveys: a table of finished shares, and exports of form tools where every row is one person's answers.

Of an export only counts leave this module: rows are counted as they are read and never kept. What could tell a person
is left out where it happens: groups under 20 answers have no shares, counts from 1 to 4 are not told, and what would
give such a number away is hidden too (docs/rules.md).
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from django.utils.translation import gettext as _

from lysekil_trygghet.privacy import scan

from . import numbers, places, sheets, text
from .rows import AnswerRow, FileRefused, Item, LineError, Note, Reading

FORMAT, FORM_FORMAT = "survey", "form"
LEAST_COUNT, LEAST_ANSWERS = 5, 20
MOST_VALUES = 50
MOST_ANSWERS = 60
MOST_CHARS = 200
HUNDRED = Decimal(100)
METHODS = {
    **dict.fromkeys(("random_sample", "slumpmässigt urval", "slumpurval", "urval"), "RANDOM_SAMPLE"),
    **dict.fromkeys(("open_web", "självvalda svar", "öppen webb", "öppen"), "OPEN_WEB"),
    **dict.fromkeys(("census_class", "alla i en årskurs", "totalundersökning"), "CENSUS_CLASS"),
    **dict.fromkeys(("register", "registerdata"), "REGISTER"),
    **dict.fromkeys(("dialogue", "samtal", "dialog"), "DIALOGUE"),
    **dict.fromkeys(("judgement", "bedömning"), "JUDGEMENT"),
}
COLUMNS = {
    "survey": ("survey", "undersökning", "enkät"),
    "year": ("year", "år"),
    "area_type": ("area_type", "områdestyp"),
    "area": ("area_code", "område", "områdeskod"),
    "question": ("question_code", "frågekod", "measure_code"),
    "question_text": ("question_text", "fråga", "frågetext"),
    "answer": ("answer", "svar", "svarsalternativ"),
    "share": ("share_pct", "andel", "andel i procent", "procent"),
    "n": ("n", "antal svar", "svarande"),
    "count": ("count", "antal"),
    "method": ("method", "metod"),
    "low": ("ci_low", "lägst"),
    "high": ("ci_high", "högst"),
    "sex": ("sex", "kön"),
    "grade": ("grade", "årskurs"),
}
NEEDED = ("year", "answer")
LOOKED_AT = 20


# --- The table of finished shares ------------------------------------------------------------------------------


def read_table(path: Path, *, name: str = "") -> Reading:
    """One line an answer: survey, year, area, question, answer, share in percent, number of answers (docs).

    Shares under 20 answers and counts from 1 to 4 are left out here. Raises FileRefused when it is no such table.
    """
    records, encoding, total = _opened(path)
    return Reading(FORMAT, _table_items(records), encoding=encoding, total=total)


def _opened(path: Path) -> tuple[Iterator[tuple[int, list[str]]], str, int]:
    """The records of a text file or of the first sheet that holds something."""
    if sheets.is_sheet(path):
        sheet = next(iter(sheets.read_sheets(path)))
        return iter(sheet.rows), "", len(sheet.rows)
    found = text.look_through(path)
    return found.records(), found.encoding, found.lines


def _table_items(records: Iterator[tuple[int, list[str]]]) -> Iterator[Item]:
    at: dict[str, int] = {}
    for _turn, (_line, cells) in zip(range(LOOKED_AT), records, strict=False):
        low = [" ".join(cell.lower().split()) for cell in cells]
        at = {what: low.index(word) for what, words in COLUMNS.items() for word in words if word in low}
        if all(name in at for name in NEEDED) and ("share" in at or "count" in at):
            break
        at = {}
    if not at or not ("question" in at or "question_text" in at):
        raise FileRefused(
            _(
                "Det här är ingen tabell med färdiga svar: kolumner för år, fråga, svar och andel saknas. "
                "Är det en export med en rad för varje svar, välj det slaget i stället."
            )
        )
    for line, cells in records:
        try:
            yield _table_row(line, {what: cells[place] if place < len(cells) else "" for what, place in at.items()})
        except _Odd as odd:
            yield LineError(line, str(odd))


class _Odd(ValueError):
    """Why a row cannot be read."""


def _table_row(line: int, row: dict[str, str]) -> AnswerRow:
    def number(name: str, label: str) -> Decimal | None:
        try:
            return numbers.number(row.get(name, "").removesuffix("%"))
        except numbers.NotANumber as wrong:
            raise _Odd(_("%(column)s: %(problem)s") % {"column": label, "problem": wrong}) from wrong

    year = numbers.year(row.get("year", ""))
    if year is None:
        raise _Odd(_("”%(words)s” är inget år.") % {"words": row.get("year", "")[:20]})
    question = row.get("question") or numbers.in_code(row.get("question_text", ""))
    answer = row.get("answer", "")[:MOST_CHARS]
    if not question or not answer:
        raise _Odd(_("Raden saknar fråga eller svar."))
    share, low, high = number("share", _("Andel")), number("low", _("Lägst")), number("high", _("Högst"))
    if any(value is not None and not 0 <= value <= HUNDRED for value in (share, low, high)):
        raise _Odd(_("En andel ligger mellan 0 och 100 procent."))
    if low is not None and high is not None and low > high:
        raise _Odd(_("Osäkerheten är bakvänd: det lägsta är större än det högsta."))
    n, count = _whole(number("n", _("Antal svar"))), _whole(number("count", _("Antal")))
    method = row.get("method", "").lower()
    if method and method not in METHODS:
        raise _Odd(_("Metod: ”%(words)s” är ingen metod vi känner till.") % {"words": method[:40]})
    few = n is not None and n < LEAST_ANSWERS
    hidden = few or (count is not None and 0 < count < LEAST_COUNT)
    return AnswerRow(
        line=line,
        question=question[:60],
        question_text=row.get("question_text", "")[:300],
        answer=answer,
        share=None if hidden else share,
        n=n,
        group=_group(row),
        count=None if hidden else count,
        is_suppressed=hidden,
        area=_area(row),
        year=year[0],
        survey=row.get("survey", "")[:120],
        method=METHODS.get(method, ""),
        low=None if hidden else low,
        high=None if hidden else high,
    )


def _whole(value: Decimal | None) -> int | None:
    if value is None:
        return None
    if value < 0 or value != value.to_integral_value() or value >= 2**31:
        raise _Odd(_("Ett antal är ett helt tal, noll eller större."))
    return int(value)


def _group(row: dict[str, str]) -> str:
    parts = []
    sex = row.get("sex", "").strip()
    if sex.lower() not in ("", "t", "totalt", "alla"):
        parts.append(f"kön={sex[:20]}")
    if row.get("grade", "").strip():
        parts.append(f"årskurs={row['grade'].strip()[:20]}")
    return "|".join(parts)


def _area(row: dict[str, str]) -> str:
    where, kind = row.get("area", "").strip(), row.get("area_type", "").strip().lower()
    if not where or kind in ("grade", "årskurs"):
        return ""
    if kind in ("plats", "place"):
        return f"plats:{where[:100]}"
    code = places.code_of(where)
    if code is None:
        raise _Odd(_("”%(area)s” är inget område vi känner till.") % {"area": where[:60]})
    return code


# --- One row a person ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Column:
    """One column of an export. `values`: while there are few different ones, and never of a personal column."""

    index: int
    code: str
    text: str
    # The option or sub-question where several columns share a question.
    part: str
    distinct: int
    values: tuple[str, ...]
    is_personal: bool


@dataclass(frozen=True)
class Form:
    """An export as it was found: which tool made it, how many answered, its columns."""

    tool: str
    answers: int
    columns: tuple[Column, ...]


@dataclass(frozen=True)
class Question:
    """What is counted. `kind`: "single" or "multiple"; `splits`: what stands between answers in one cell."""

    columns: tuple[int, ...]
    code: str
    text: str
    kind: str = "single"
    splits: str = ""


class PersonalColumn(FileRefused):
    """A column that tells of persons was chosen as a question or as a group."""


PERSONAL = re.compile(
    r"(?i)\b(e-?post|e-?mail|email|namn|name|personnummer|telefon|phone|ip[ -]?(?:address|adress)?|respondent ?id"
    r"|collector|user|användar|adress|address|tidst[äa]mpel|timestamp|starttid|start time|slutf[öo]randetid"
    r"|completion time|start ?date|end ?date|lastpage|seed|token|id|postcode|postnummer|survey id)\b"
)
LIME = re.compile(r"^([A-Za-z][\w]*)(?:\[([^\]]+)\])?\.\s*(.*)$", re.DOTALL)
LONG_TEXT = 40


@dataclass
class _Head:
    tool: str
    # (code, text, part) of each column.
    columns: list[tuple[str, str, str]]
    records: Iterator[tuple[int, list[str]]]


def _head(path: Path) -> _Head:
    records, _encoding, _total = _opened(path)
    first = next(records, None)
    if first is None:
        raise FileRefused(_("Filen har inga rader."))
    head = first[1]
    second = next(records, None)
    if second is not None and _is_second_header(head, second[1]):
        return _Head("surveymonkey", _surveymonkey(head, second[1]), records)
    rest = itertools.chain([second], records) if second is not None else iter(())
    low = [cell.lower() for cell in head]
    if low and low[0] in ("timestamp", "tidstämpel"):
        return _Head("google", [("", cell, "") for cell in head], rest)
    if {"id", "starttid"} <= set(low) or {"id", "start time"} <= set(low):
        return _Head("microsoft", [("", cell, "") for cell in head], rest)
    if sum(bool(LIME.match(cell)) for cell in head) >= max(2, len(head) // 3):
        return _Head("limesurvey", [_lime(cell) for cell in head], rest)
    if len([cell for cell in head if cell]) < 2:
        raise FileRefused(_("Filen har ingen rad med rubriker för frågorna."))
    return _Head("other", [("", cell, "") for cell in head], rest)


def _is_second_header(head: list[str], second: list[str]) -> bool:
    """SurveyMonkey: the first line leaves cells empty, the second says "Response" or names the options."""
    if not head[0].lower().startswith("respondent"):
        return False
    return not second[0] and any(cell.lower() in ("response", "open-ended response", "svar") for cell in second)


def _surveymonkey(head: list[str], second: list[str]) -> list[tuple[str, str, str]]:
    columns, question = [], ""
    for place in range(max(len(head), len(second))):
        cell = head[place] if place < len(head) else ""
        part = second[place] if place < len(second) else ""
        question = cell or question
        several = not cell or (place + 1 < len(head) and not head[place + 1])
        columns.append(("", question, part if several and part.lower() != "response" else ""))
    return columns


def _lime(cell: str) -> tuple[str, str, str]:
    found = LIME.match(cell)
    if not found:
        return "", cell, ""
    code, sub, words = found.groups()
    option = re.search(r"\[([^\]]*)\]\s*$", words)
    return (
        code,
        words[: option.start()].strip() if option else words.strip(),
        (option.group(1) if option else "") or sub or "",
    )


@dataclass
class _Seen:
    """What is remembered of a column: at most so many different values."""

    values: Counter[str] = field(default_factory=Counter)
    filled: int = 0
    long: int = 0
    is_full: bool = False
    is_marked: bool = False


def look(path: Path) -> Form:
    """The columns of an export, for the person who chooses what to count. Keeps no row. Raises FileRefused."""
    head = _head(path)
    seen = [_Seen() for _column in head.columns]
    answers = 0
    for _line, cells in head.records:
        answers += 1
        for place, cell in enumerate(cells[: len(seen)]):
            value = _value(cell)
            if not value:
                continue
            one = seen[place]
            one.filled += 1
            one.long += len(value) > LONG_TEXT
            if not one.is_marked and any(sign.blocks for sign in scan(value[:500])):
                one.is_marked = True
            if value in one.values or len(one.values) <= MOST_VALUES:
                one.values[value[:MOST_CHARS]] += 1
            else:
                one.is_full = True
    if not answers:
        raise FileRefused(_("Filen har inga svar, bara rubriker."))
    columns = tuple(
        _column(place, *words, one) for place, (words, one) in enumerate(zip(head.columns, seen, strict=True))
    )
    return Form(head.tool, answers, columns)


def _column(place: int, code: str, words: str, part: str, seen: _Seen) -> Column:
    distinct = len(seen.values)
    free_text = seen.filled > LEAST_ANSWERS and seen.long * 2 > seen.filled and seen.is_full
    unique = seen.is_full and not part
    personal = bool(PERSONAL.search(words)) or seen.is_marked or free_text or unique or not words
    few = not personal and distinct <= MOST_VALUES and not seen.is_full
    values = tuple(value for value, _count in seen.values.most_common()) if few else ()
    return Column(place, code, words[:300], part[:MOST_CHARS], min(distinct, MOST_VALUES + 1), values, personal)


def _value(cell: str) -> str:
    """An answer without the marks a tool leaves: spaces, a trailing semicolon, 2016.0 for 2016."""
    value = " ".join(cell.split()).strip(" ;")
    return value[:-2] if re.fullmatch(r"\d{1,6}\.0", value) else value


@dataclass
class _Tally:
    """How often each answer was given, and by how many; folded, with how it was most often written."""

    counts: Counter[str] = field(default_factory=Counter)
    spellings: dict[str, Counter[str]] = field(default_factory=dict)
    n: int = 0

    def add(self, answers: Iterable[str]) -> None:
        given = {answer.casefold(): answer for answer in answers if answer}
        if not given:
            return
        self.n += 1
        for folded, written in given.items():
            if folded not in self.counts and len(self.counts) > MOST_ANSWERS:
                continue
            self.counts[folded] += 1
            spellings = self.spellings.setdefault(folded, Counter())
            if written in spellings or len(spellings) < 5:
                spellings[written] += 1


def aggregate(
    path: Path,
    *,
    questions: Sequence[Question],
    group_by: int | None = None,
    survey: str = "",
    year: str = "",
    method: str = "",
) -> Reading:
    """Counts and shares of the chosen questions, for everybody and for each group. Single answers are thrown away.

    Raises PersonalColumn when a column tells of persons, FileRefused for what is no export.
    """
    form = look(path)
    chosen = {index for question in questions for index in question.columns}
    for index in (*chosen, *(() if group_by is None else (group_by,))):
        if not 0 <= index < len(form.columns):
            raise FileRefused(_("Filen har inte den kolumn som är vald. Välj kolumner på nytt."))
        if form.columns[index].is_personal:
            raise PersonalColumn(
                _("Kolumnen ”%(text)s” kan peka ut personer och räknas inte.")
                % {"text": form.columns[index].text[:80]}
            )
    items = _counted(path, form, questions, group_by, survey=survey, year=year, method=method)
    return Reading(FORM_FORMAT, items, total=form.answers, about={"tool": form.tool, "answers": str(form.answers)})


def _counted(
    path: Path,
    form: Form,
    questions: Sequence[Question],
    group_by: int | None,
    *,
    survey: str,
    year: str,
    method: str,
) -> Iterator[Item]:
    head = _head(path)
    width = len(head.columns)
    tallies: list[dict[str, _Tally]] = [{"": _Tally()} for _question in questions]
    short, broken = 0, False
    for line, cells in head.records:
        if len([cell for cell in cells[width:] if cell]):
            yield LineError(line, _("Raden har fler kolumner än rubrikerna. Rätta skiljetecknen."))
            continue
        short += len(cells) < width
        broken = broken or any("\ufffd" in cell for cell in cells)
        group = _group_of(form, cells, group_by)
        for question, by_group in zip(questions, tallies, strict=True):
            given = list(_given(question, form, cells))
            by_group[""].add(given)
            if group:
                by_group.setdefault(group, _Tally()).add(given)
    for place, (question, by_group) in enumerate(zip(questions, tallies, strict=True)):
        if len(by_group[""].counts) > MOST_ANSWERS:
            words = _("”%(text)s” har fler än 60 olika svar. Välj en annan kolumn.")
            yield LineError(place, words % {"text": question.text[:80]})
            continue
        hidden = _hidden(by_group)
        for group, tally in by_group.items():
            yield from _rows(place, question, group, tally, hidden[group], survey=survey, year=year, method=method)
    if short:
        yield Note(
            _("%(count)d rader har färre kolumner än rubrikerna. Det som saknas räknas som inget svar.")
            % {"count": short}
        )
    if broken:
        yield Note(_("Filen har förlorat å, ä och ö i några svar."))


def _group_of(form: Form, cells: list[str], group_by: int | None) -> str:
    if group_by is None or group_by >= len(cells):
        return ""
    value = _value(cells[group_by])
    return f"{form.columns[group_by].text[:80]}={value[:80].capitalize()}" if value else ""


def _given(question: Question, form: Form, cells: list[str]) -> Iterator[str]:
    """One person's answers to the question: the cell, its parts, or the options ticked in several columns."""
    for index in question.columns:
        value = _value(cells[index]) if index < len(cells) else ""
        if not value:
            continue
        part = form.columns[index].part
        if len(question.columns) > 1:
            # A ticked option: the tool writes the option itself, "Yes" or 1.
            if value.casefold() not in ("no", "nej", "0", "false"):
                yield (part or value)[:MOST_CHARS]
        elif question.kind == "multiple" and question.splits:
            for piece in value.split(question.splits):
                yield piece.strip()[:MOST_CHARS]
        else:
            yield value[:MOST_CHARS]


def _rows(
    place: int,
    question: Question,
    group: str,
    tally: _Tally,
    hidden: set[str],
    *,
    survey: str,
    year: str,
    method: str,
) -> Iterator[AnswerRow]:
    for folded, count in tally.counts.most_common():
        is_hidden = folded in hidden
        share = (Decimal(count) * HUNDRED / tally.n).quantize(Decimal("0.01"), ROUND_HALF_UP)
        yield AnswerRow(
            line=place,
            question=question.code[:60],
            question_text=question.text[:300],
            answer=tally.spellings[folded].most_common(1)[0][0],
            share=None if is_hidden else share,
            n=tally.n,
            group=group,
            count=None if is_hidden else count,
            is_suppressed=is_hidden,
            year=year,
            survey=survey,
            method=method,
        )


def _hidden(by_group: dict[str, _Tally]) -> dict[str, set[str]]:
    """The answers that are not told, in each group ("" is everybody).

    First: counts from 1 to 4, and whole groups under 20. Then whatever would give one of them away: where a single
    answer of a group is hidden, its next smallest too; where an answer is hidden in a single group though everybody's
    is told, the next smallest group's too. Again until nothing more follows.
    """
    hidden = {
        group: {answer for answer, count in tally.counts.items() if tally.n < LEAST_ANSWERS or 0 < count < LEAST_COUNT}
        for group, tally in by_group.items()
    }
    groups = [group for group in by_group if group]
    more = True
    while more:
        more = False
        for group, tally in by_group.items():
            told = sorted((count, answer) for answer, count in tally.counts.items() if answer not in hidden[group])
            if len(hidden[group]) == 1 and told:
                hidden[group].add(told[0][1])
                more = True
        for answer in by_group[""].counts:
            having = [group for group in groups if answer in by_group[group].counts]
            closed = [group for group in having if answer in hidden[group]]
            told_groups = sorted((by_group[group].counts[answer], group) for group in having if group not in closed)
            if answer not in hidden[""] and len(closed) == 1 and told_groups:
                hidden[told_groups[0][1]].add(answer)
                more = True
            elif answer not in hidden[""] and len(closed) == 1 and not told_groups:
                # Nobody else gave it: everybody's number is this group's.
                hidden[""].add(answer)
                more = True
    return hidden
