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

from lysekil_trygghet.privacy import Kind, scan

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
    "index": ("index_value", "index", "indexvärde"),
}
NEEDED = ("year", "answer")
GRADES = ("grade", "årskurs")
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
    indexes, broken = 0, any("\ufffd" in cell for cell in low)
    for line, cells in records:
        row = {what: cells[place] if place < len(cells) else "" for what, place in at.items()}
        indexes += bool(row.get("index"))
        broken = broken or any("\ufffd" in cell for cell in cells)
        try:
            yield _table_row(line, row)
        except _Odd as odd:
            yield LineError(line, str(odd))
    if indexes:
        yield Note(_("Kolumnen med index läses inte. Läs in index som en tabell med tal i stället."))
    if broken:
        yield Note(_("Filen har förlorat å, ä och ö i några svar."))


class _Odd(ValueError):
    """Why a row cannot be read."""


def _table_row(line: int, row: dict[str, str]) -> AnswerRow:
    def number(name: str, label: str) -> Decimal | None:
        try:
            return numbers.number(row.get(name, "").removesuffix("%"))
        except numbers.NotANumber as wrong:
            raise _of_column(label, str(wrong)) from wrong

    def percent(name: str, label: str) -> Decimal | None:
        value = number(name, label)
        if value is not None and not 0 <= value <= HUNDRED:
            raise _of_column(label, _("En andel ligger mellan 0 och 100 procent."))
        return value

    def whole(name: str, label: str) -> int | None:
        value = number(name, label)
        if value is None:
            return None
        if value < 0 or value != value.to_integral_value() or value >= 2**31:
            raise _of_column(label, _("Ett antal är ett helt tal, noll eller större."))
        return int(value)

    year = numbers.year(row.get("year", ""))
    if year is None:
        raise _Odd(_("”%(words)s” är inget år.") % {"words": row.get("year", "")[:20]})
    question = row.get("question") or numbers.in_code(row.get("question_text", ""))
    answer = row.get("answer", "")[:MOST_CHARS]
    if not question or not answer:
        raise _Odd(_("Raden saknar fråga eller svar."))
    share, low, high = percent("share", _("Andel")), percent("low", _("Lägst")), percent("high", _("Högst"))
    if low is not None and high is not None and low > high:
        raise _of_column(_("Lägst"), _("Osäkerheten är bakvänd: det lägsta är större än det högsta."))
    n, count = whole("n", _("Antal svar")), whole("count", _("Antal"))
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


def _of_column(label: str, problem: str) -> _Odd:
    return _Odd(_("%(column)s: %(problem)s") % {"column": label, "problem": problem})


def _group(row: dict[str, str]) -> str:
    parts = []
    sex = row.get("sex", "").strip()
    if sex.lower() not in ("", "t", "totalt", "alla"):
        parts.append(f"kön={_bare(sex)[:20]}")
    # The documented table has the grade in a column of its own, or where the area stands.
    grade = row.get("grade", "").strip()
    if not grade and row.get("area_type", "").strip().lower() in GRADES:
        grade = row.get("area", "").strip()
    if grade:
        parts.append(f"årskurs={_bare(grade)[:20]}")
    return "|".join(parts)


def _bare(words: str) -> str:
    """Without the signs that hold a group together (rows.py)."""
    return words.replace("|", "/").replace("=", ":")


def _area(row: dict[str, str]) -> str:
    where, kind = row.get("area", "").strip(), row.get("area_type", "").strip().lower()
    if not where or kind in GRADES:
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
    r"(?i)(e-?post|e-?mail|(?:för|efter|användar|fullständigt )namn|(?:first|last|sur|full|user) ?name"
    r"|personn(?:umme)?r|födelse|birth|telefon|mobil(?:nummer|tel|nr)|\bphone|ip[ -]?ad+ress|\bipaddr|respondent"
    r"|collector|användar(?:e\b|id)|adress(?:\b|en\b|er\b)|address|(?:ga?tu|hem)adress|tidst[äa]mpel|timestamp"
    r"|datestamp|start ?tid|start time|slutf[öo]randetid|completion time|(?:start|end|submit) ?date|date submitted"
    r"|(?:senast|last) (?:ändrad|modified|action|page)|lastpage|heter du|custom ?data|postcode|post(?:nummer|nr)"
    r"|zip ?code)|\b(namn|name|ip|user|seed|token|id)\b"
)
# A moment or the address of a computer, as form tools write them.
MOMENT = re.compile(
    r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}[T ]+\d{1,2}[:.]\d\d.*|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4},? +\d{1,2}[:.]\d\d.*"
    r"|\d{1,3}(?:\.\d{1,3}){3}|(?:[0-9a-f]{0,4}:){3,7}[0-9a-f]{0,4}",
    re.IGNORECASE,
)
LIME = re.compile(r"^([A-Za-z][\w]*)(?:\[([^\]]+)\])?\.\s*(.*)$", re.DOTALL)
LONG_TEXT = 40
# How tools write that an option was not ticked.
NOT_TICKED = ("no", "nej", "0", "false")
# Where answers end up that one person alone gave; stored as an answer, so it is Swedish as the others are.
OTHER = "Övriga svar"
# A longer cell is somebody's own words.
LONGEST_ANSWER = 2_000


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
    if second[0]:
        return False
    says_so = any(cell.lower() in ("response", "open-ended response", "svar") for cell in second)
    # Nothing but grids and ticked options: there is no "Response", but every unnamed column has its option.
    unnamed = [second[place] for place in range(1, min(len(head), len(second))) if not head[place]]
    return says_so or bool(unnamed and all(unnamed))


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
        # Of a grid there may be no words but those of its rows.
        (words[: option.start()].strip() if option else words.strip()) or code,
        (option.group(1) if option else "") or sub or "",
    )


@dataclass
class _Seen:
    """What is remembered of a column: at most so many different values."""

    values: Counter[str] = field(default_factory=Counter)
    filled: int = 0
    moments: int = 0
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
            one.moments += bool(MOMENT.fullmatch(value))
            kept = value[:MOST_CHARS]
            # A full column is personal whatever more it holds.
            if not (one.is_marked or one.is_full) and (len(value) > MOST_CHARS or value not in one.values):
                one.is_marked = _is_marked(value)
            if kept in one.values or len(one.values) <= MOST_VALUES:
                one.values[kept] += 1
            else:
                one.is_full = True
    if not answers:
        raise FileRefused(_("Filen har inga svar, bara rubriker."))
    columns = tuple(
        _column(place, *words, one) for place, (words, one) in enumerate(zip(head.columns, seen, strict=True))
    )
    return Form(head.tool, answers, columns)


def _is_marked(value: str) -> bool:
    """The value alone tells of a person: an identity number, an e-mail address, or somebody's long text."""
    return len(value) > LONGEST_ANSWER or any(sign.blocks or sign.kind is Kind.EMAIL for sign in scan(value))


def _column(place: int, code: str, words: str, part: str, seen: _Seen) -> Column:
    distinct = len(seen.values)
    # An option that was ticked is written as the tool wrote it, not by the person.
    long_ones = sum(len(value) > LONG_TEXT and value != part[:MOST_CHARS] for value in seen.values)
    free_text = long_ones * 2 > seen.filled
    # Everybody's own answer, however short: names, postcodes, numbers of a list.
    own = seen.is_full or (distinct > LEAST_ANSWERS and distinct * 2 > seen.filled)
    said = any(PERSONAL.search(one) for one in (words, code, part))
    personal = said or seen.is_marked or free_text or own or seen.moments * 2 > seen.filled or not words
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
        """One person who answered the question, if only that no option fits."""
        given = {answer.casefold(): answer for answer in answers if answer}
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
    short, broken = 0, any("\ufffd" in cell for words in head.columns for cell in words)
    spellings: dict[str, Counter[str]] = {}
    for line, cells in head.records:
        if len([cell for cell in cells[width:] if cell]):
            yield LineError(line, _("Raden har fler kolumner än rubrikerna. Rätta skiljetecknen."))
            continue
        short += len(cells) < width
        broken = broken or any("\ufffd" in cell for cell in cells)
        group = ""
        if group_by is not None and group_by < len(cells):
            written = _bare(_value(cells[group_by]))[:80]
            group = written.casefold()
            spellings.setdefault(group, Counter())[written] += 1
        for question, by_group in zip(questions, tallies, strict=True):
            if not any(_value(cells[index]) for index in question.columns if index < len(cells)):
                continue
            given = list(_given(question, form, cells))
            by_group[""].add(given)
            if group:
                by_group.setdefault(group, _Tally()).add(given)
    for place, (question, by_group) in enumerate(zip(questions, tallies, strict=True)):
        if is_grid(form.columns[index] for index in question.columns):
            words = _("”%(text)s” är flera frågor med var sin skala. Räkna en kolumn i taget.")
            yield LineError(place, words % {"text": question.text[:80]})
            continue
        if len(by_group[""].counts) > MOST_ANSWERS:
            words = _("”%(text)s” har fler än 60 olika svar. Välj en annan kolumn.")
            yield LineError(place, words % {"text": question.text[:80]})
            continue
        if len(question.columns) == 1:
            _without_single(by_group)
        hidden = _hidden(by_group)
        if question.kind == "multiple":
            # One person may have given several of them: their sum is no number of persons.
            for closed in hidden.values():
                closed.add(OTHER.casefold())
        for group, tally in by_group.items():
            told = _group_named(form, group_by, spellings[group]) if group else ""
            yield from _rows(place, question, told, tally, hidden[group], survey=survey, year=year, method=method)
    if short:
        yield Note(
            _("%(count)d rader har färre kolumner än rubrikerna. Det som saknas räknas som inget svar.")
            % {"count": short}
        )
    if broken:
        yield Note(_("Filen har förlorat å, ä och ö i några svar."))


def _group_named(form: Form, group_by: int | None, spellings: Counter[str]) -> str:
    """ "text=value", the value as it was most often written."""
    words = form.columns[group_by].text if group_by is not None else ""
    return f"{_bare(words)[:80]}={spellings.most_common(1)[0][0]}"


def _given(question: Question, form: Form, cells: list[str]) -> Iterator[str]:
    """One person's answers to the question: the cell, its parts, or the options ticked in several columns."""
    for index in question.columns:
        value = _value(cells[index]) if index < len(cells) else ""
        if not value:
            continue
        part = form.columns[index].part
        if len(question.columns) > 1:
            # A ticked option: the tool writes the option itself, "Yes" or 1.
            if value.casefold() not in NOT_TICKED:
                yield (part or value)[:MOST_CHARS]
        elif question.kind == "multiple" and question.splits:
            for piece in value.split(question.splits):
                yield piece.strip()[:MOST_CHARS]
        else:
            yield value[:MOST_CHARS]


def is_grid(columns: Iterable[Column]) -> bool:
    """Whether several columns are questions with a scale each, and not the options of one question.

    One alone may hold what people wrote under "other".
    """
    varied, whole = 0, 0
    for column in columns:
        ticks = {value.casefold() for value in column.values} - {*NOT_TICKED, column.part.casefold()}
        varied += len(ticks) > 1 or column.distinct > len(column.values)
        whole += 1
    return whole > 1 and varied * 2 > whole


def splits_of(form: Form, column: Column) -> str:
    """What the tool writes between several answers in one cell: Google a comma, Microsoft a semicolon."""
    if form.tool == "google":
        return ","
    return ";" if form.tool == "microsoft" or any(";" in value for value in column.values) else ","


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


def _without_single(by_group: dict[str, _Tally]) -> None:
    """What one person alone answered is not kept, not even its words: it joins the other answers."""
    single = {answer for answer, count in by_group[""].counts.items() if count == 1}
    for tally in by_group.values():
        for answer in single & tally.counts.keys():
            del tally.counts[answer], tally.spellings[answer]
            tally.counts[OTHER.casefold()] += 1
            tally.spellings.setdefault(OTHER.casefold(), Counter())[OTHER] += 1


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
