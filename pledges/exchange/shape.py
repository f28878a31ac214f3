"""The columns of each kind of row: Swedish words in files, kinds and limits. One table for both formats."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db.models import TextChoices
from django.utils.translation import gettext as _

from lysekil_trygghet.privacy.text import UnreadableText, clean_text
from pledges.lifecycle import CommitmentKind, PartyRole, Per, Reading

DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
# Words for the choices in a file: readable, and the same in both formats.
KINDS: Final = {
    "en gång": CommitmentKind.ONE_OFF,
    "antal": CommitmentKind.COUNT_TARGET,
    "återkommande": CommitmentKind.RECURRING,
    "hela tiden": CommitmentKind.CONTINUOUS,
}
ROLES: Final = {"leder": PartyRole.LEAD, "medverkar": PartyRole.CONTRIBUTING}
READINGS: Final = {"dagar": Reading.DAYS, "veckor": Reading.WEEKS, "antal": Reading.COUNT}
PERS: Final = {"vecka": Per.WEEK, "månad": Per.MONTH, "kvartal": Per.QUARTER, "år": Per.YEAR}


class BadValue(ValueError):
    """A value that does not fit its column; `str()` says what to write instead."""


def text_of(value: Any, *, longest: int) -> str:
    if isinstance(value, bool | dt.date | dict | list):
        raise BadValue(_("Skriv text."))
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    try:
        cleaned = clean_text(str(value)).strip()
    except UnreadableText as bad:
        raise BadValue(_("Texten innehåller tecken som inte går att läsa. Skriv den på nytt.")) from bad
    if len(cleaned) > longest:
        raise BadValue(
            _("Texten är %(length)s tecken, men får vara högst %(longest)s.")
            % {"length": len(cleaned), "longest": longest}
        )
    return cleaned


def day_of(value: Any) -> dt.date:
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    if isinstance(value, str) and DAY.fullmatch(value.strip()):
        try:
            return dt.date.fromisoformat(value.strip())
        except ValueError:
            pass
    raise BadValue(_("Skriv dagen som 2018-12-31."))


def number_of(value: Any, *, least: int, most: int) -> int:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, str) and re.fullmatch(r"\d{1,9}", value.strip()):
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise BadValue(_("Skriv ett heltal mellan %(least)s och %(most)s.") % {"least": least, "most": most})
    return value


def choice_of(value: Any, *, words: Mapping[str, TextChoices]) -> str:
    word = str(value).strip().lower()
    if word not in words:
        raise BadValue(_("Välj ett av: %(words)s.") % {"words": ", ".join(words)})
    return str(words[word])


def address_of(value: Any) -> str:
    address = text_of(value, longest=400)
    try:
        URLValidator(schemes=["https", "http"])(address)
    except ValidationError as bad:
        raise BadValue(_("Skriv en hel webbadress som börjar med https://.")) from bad
    return address


@dataclass(frozen=True)
class Column:
    """One value of a row: its word in files, its name in rows.py, how it is read and written."""

    word: str
    name: str
    read: Callable[[Any], Any]
    required: bool = False
    empty: Any = ""
    write: Callable[[Any], Any] = lambda value: value


def _text(word: str, name: str, longest: int, *, required: bool = False) -> Column:
    return Column(word, name, lambda value: text_of(value, longest=longest), required)


def _day(word: str, name: str, *, required: bool = False) -> Column:
    return Column(word, name, day_of, required, empty=None)


def _number(word: str, name: str, least: int, most: int, *, required: bool = False, empty: Any = None) -> Column:
    return Column(word, name, lambda value: number_of(value, least=least, most=most), required, empty=empty)


def _choice(word: str, name: str, words: Mapping[str, TextChoices], *, required: bool = False) -> Column:
    back = {str(stored): shown for shown, stored in words.items()}
    return Column(
        word, name, lambda value: choice_of(value, words=words), required, write=lambda stored: back.get(stored, "")
    )


SET: Final = (
    _text("rubrik", "title", 140, required=True),
    _text("rubrik_en", "title_en", 140),
    _day("från", "period_start", required=True),
    _day("till", "period_end", required=True),
    _text("inledning", "intro", 3000),
    _text("inledning_en", "intro_en", 3000),
    _text("lägesbild", "picture", 90),
    _number("frågas_var_månad", "progress_interval_months", 0, 12, empty=3),
)
AREA: Final = (
    _text("rubrik", "title", 140, required=True),
    _text("rubrik_en", "title_en", 140),
    _text("varför", "why", 2000),
    _text("varför_en", "why_en", 2000),
)
COMMITMENT: Final = (
    _number("nummer", "number", 1, 999, required=True),
    _text("löfte", "text", 1000, required=True),
    _text("löfte_en", "text_en", 1000),
    _choice("slag", "kind", KINDS, required=True),
    _text("i_syfte_att", "purpose", 600),
    _text("i_syfte_att_en", "purpose_en", 600),
    _text("så_vet_vi", "how_we_know", 600),
    _text("så_vet_vi_en", "how_we_know_en", 600),
    _text("lättläst", "easy_text", 400),
    _day("från", "period_start"),
    _day("till", "period_end"),
)
PARTY: Final = (
    _text("organisation", "organisation", 60, required=True),
    _choice("roll", "role", ROLES, required=True),
    _text("del", "part", 300),
)
UNIT: Final = (
    _text("namn", "name", 80, required=True),
    _text("namn_en", "name_en", 80),
    _number("minst", "target_min", 0, 1_000_000),
)
RULE: Final = (
    _choice("räknas_i", "reading", READINGS, required=True),
    _number("högst", "limit", 1, 400),
    _number("minst", "min_count", 1, 400),
    _choice("per", "per", PERS),
    _day("från", "active_from", required=True),
    _day("till", "active_to"),
)
PAUSE: Final = (
    _day("från", "first_day", required=True),
    _day("till", "last_day", required=True),
    _text("varför", "reason", 200, required=True),
    _text("varför_en", "reason_en", 200),
)
LINK: Final = (
    _text("rubrik", "title", 120, required=True),
    _text("rubrik_en", "title_en", 120),
    Column("adress", "url", address_of, True),
)
PROBLEM_LONGEST: Final = 140


def read_values(
    columns: tuple[Column, ...], given: Mapping[str, Any], *, complain: Callable[[str, str], None]
) -> dict[str, Any]:
    """The values of one row by their names in rows.py. `complain(word, message)` is called for each that is wrong."""
    values: dict[str, Any] = {}
    for column in columns:
        raw = given.get(column.word)
        if raw is None or (isinstance(raw, str) and not raw.strip()):
            if column.required:
                complain(column.word, _("Fyll i ”%(word)s”.") % {"word": column.word})
            values[column.name] = column.empty
            continue
        try:
            values[column.name] = column.read(raw)
        except BadValue as bad:
            complain(column.word, f"”{column.word}”: {bad}")
            values[column.name] = column.empty
    return values


def written(columns: tuple[Column, ...], row: Any) -> dict[str, Any]:
    """The values of a row by their words in a file; what is empty is left out."""
    values = {column.word: column.write(getattr(row, column.name)) for column in columns}
    return {word: value for word, value in values.items() if value not in (None, "")}
