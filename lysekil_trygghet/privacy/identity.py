"""Finds Swedish identity and coordination numbers however they are written.

Shape (docs/rules.md): six or eight digits of birth date, three of birth number, one check digit; a coordination
number (samordningsnummer) has 60 added to the day. The package `personnummer` judges day and check digit; this
module finds what may be one. Every pattern starts at a digit and is bounded, so cost grows with length alone.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from personnummer import personnummer

from .text import BLANKS


@dataclass(frozen=True)
class Candidate:
    """A place in the text. `certain`: a real day and the right check digit."""

    start: int
    end: int
    certain: bool


# --- One spelling for all: digits, hyphens, plus signs and spaces of every alphabet --------------------

_HYPHENS = frozenset("\u02d7\u2043\u207b\u208b\u2212\u2796\u30fc\ufe63\uff0d\U00010191")
_PLUSES = frozenset("\u207a\u208a\u2795\ufb29\ufe62\uff0b")
_GONE = frozenset({"Cf", "Mn", "Me", "Cc"})


def _fold(character: str) -> str:
    digit = unicodedata.digit(character, None)
    if digit is not None:
        return str(digit)
    if character in "\n\r\x0b\x0c\x85\u2028\u2029":
        return "\n"
    if character.isspace():
        return " "
    if character in BLANKS:
        return ""
    category = unicodedata.category(character)
    if category in _GONE:
        return ""
    if category == "Pd" or character in _HYPHENS:
        return "-"
    if character in _PLUSES:
        return "+"
    return character


class _Folding(dict[int, str]):
    """A table for str.translate that fills itself with the characters it meets."""

    def __missing__(self, code: int) -> str:
        folded = self[code] = _fold(chr(code))
        return folded


def fold(text: str) -> str:
    """The text with plain digits, hyphens and spaces, and without what cannot be seen."""
    return text.replace("\r\n", "\n").translate(_Folding())


# --- The spellings ----------------------------------------------------------------------------------

_CENTURY = r"(?:18|19|20)"
_MONTH = r"(?:0[1-9]|1[0-2])"
_DAY = r"(?:0[1-9]|[12]\d|3[01]|6[1-9]|[78]\d|9[01])"
_DATE = rf"{_CENTURY}?\d\d{_MONTH}{_DAY}"
# Between date and birth number: a hyphen, spaces, a full stop, marks of Markdown; perhaps a line break.
_BETWEEN = r"[-+ ._/\\*`~]{0,4}+(?:\n[ >]{0,20}+[-+*]{0,2}+ ?+)?+"
_BREAK = r"(?:-?[ ]{0,2}+\n[ >]{0,20}+)?+"

# 19121212-1212, 121212+1212, 191212121212, 121212 1212, 121212.1212, 121212-12 12
_TOGETHER = re.compile(rf"(?<!\d)(?=((?P<date>{_DATE})(?P<between>{_BETWEEN})(?P<last>\d{{4}}|\d\d \d\d)(?!\d)))")
# 1912-12-12-1212, 12.12.12-1212, 1912 12 12 1212. Not a span of days, nor a day followed by 13.00–15.00.
_DATE_APART = re.compile(
    rf"(?<!\d)(?<!\d[-./])(?=((?P<date>{_CENTURY}?\d\d(?P<mark>[-. /_]){_MONTH}(?P=mark){_DAY})"
    rf"(?P<between>{_BETWEEN})(?P<last>\d{{4}})(?!\d)(?![-./:]\d)))"
)
# 1912 1212 1212
_IN_FOURS = re.compile(r"(?<!\d)(?<!\d )(?=(\d{4} \d{4}[ -]\d{4}(?!\d)(?! \d)))")
# 1 9 1 2 1 2 1 2 - 1 2 1 2
_DIGIT_BY_DIGIT = re.compile(r"(?<!\d)(?<!\d[ .-])(?=(\d(?:[ .+-]{1,3}\d){9,11}(?! ?\d)))")
# A line break in the middle of the date or of the birth number.
_BROKEN = re.compile(rf"(?<!\d)(?=(\d(?:{_BREAK}\d){{5,7}}[-+ ]{{0,3}}+{_BREAK}\d(?:{_BREAK}\d){{3}}(?!\d)))")
# Interim number for pupils and patients: a letter instead of the first digit of the birth number.
_INTERIM = re.compile(rf"(?<!\d)(?=({_DATE}[-+]?[TRSUWXJKLMN]\d{{3}}(?![^\W_])))", re.IGNORECASE)

_ALL_DIGITS = re.compile(_DATE + r"\d{4}")
_CLOCK = re.compile(r"(?:[01]\d|2[0-3])[0-5]\d")
_PHONE_WORD_BEFORE = re.compile(
    r"\b(?:tel|telefon|telefonnr|telefonnummer|mob|mobil|mobilnr|mobilnummer|ring|ringa|sms|sms:a|växel|växeln"
    r"|jour|jouren|fax|nås på|nummer till)[ .:]{0,3}(?:på |till )?$",
    re.IGNORECASE,
)
_DIGIT_SUM_OF_DOUBLE = dict(zip("0123456789", (0, 2, 4, 6, 8, 1, 3, 5, 7, 9), strict=True))
_GOES_ON = re.compile(r"[-:]\d")
_NOT_A_DIGIT = re.compile(r"\D")
# Days from here on are as often the day of a meeting as somebody's birthday.
_FIRST_YEAR_OF_MEETINGS = 2015


def candidates(folded: str) -> Iterator[Candidate]:
    """What may be an identity number in a text that went through `fold`."""
    for match in _TOGETHER.finditer(folded):
        yield from _judge_together(match, folded)
    for match in _DATE_APART.finditer(folded):
        yield from _judge_date_apart(match)
    for pattern in (_IN_FOURS, _DIGIT_BY_DIGIT):
        for match in pattern.finditer(folded):
            yield from _only_if_certain(match)
    if "\n" in folded:
        for match in _BROKEN.finditer(folded):
            if match[1].count("\n") == 1:
                yield from _only_if_certain(match)
    for match in _INTERIM.finditer(folded):
        yield Candidate(*match.span(1), certain=False)


def _judge_together(match: re.Match[str], folded: str) -> Iterator[Candidate]:
    date, between, last = match["date"], match["between"], match["last"]
    digits = date + last.replace(" ", "")
    hyphen = "-" in between or "+" in between
    if not hyphen and (len(last) > 4 or _GOES_ON.match(folded, match.end(1))):
        # 20200611 0523-61 30 00: a day and a telephone number.
        return
    certain = _is_number(digits)
    if not between and _may_be_phone(digits):
        before = folded[max(0, match.start() - 24) : match.start()]
        if not certain or _PHONE_WORD_BEFORE.search(before):
            return
    if certain:
        # IMG_20200611_1305 and "20200611 1305" are a day and a time far more often than a number.
        may_be_moment = bool(between) and between.strip("_ \n") == "" and _is_day_and_clock(date, last)
        yield Candidate(*match.span(1), certain=not may_be_moment)
    elif between.strip("-+ \n") == "" and len(last) == 4 and (hyphen or not _is_day_and_clock(date, last)):
        yield Candidate(*match.span(1), certain=False)


def _judge_date_apart(match: re.Match[str]) -> Iterator[Candidate]:
    date, between, last = _NOT_A_DIGIT.sub("", match["date"]), match["between"], match["last"]
    is_meeting = _is_day_and_clock(date, last)
    if _is_number(date + last):
        yield Candidate(*match.span(1), certain=not is_meeting or "-" in between or "+" in between)
    elif match["mark"] in "-./" and not is_meeting and between.strip("-+ \n") == "":
        yield Candidate(*match.span(1), certain=False)


def _only_if_certain(match: re.Match[str]) -> Iterator[Candidate]:
    if _is_number(_NOT_A_DIGIT.sub("", match[1])):
        yield Candidate(*match.span(1), certain=True)


def _is_number(digits: str) -> bool:
    """A day that exists and the right check digit."""
    if not _ALL_DIGITS.fullmatch(digits) or not _check_digit_fits(digits[-10:]):
        return False
    # Without a century any will do: no other one has days that 2000–2099 lacks.
    return bool(personnummer.valid(digits if len(digits) == 12 else f"20{digits}"))


def _check_digit_fits(ten: str) -> bool:
    """A quick first sieve: the package takes ten times as long, and nine of ten candidates end here."""
    doubled = [_DIGIT_SUM_OF_DOUBLE[digit] for digit in ten[0::2]]
    return (sum(doubled) + sum(map(int, ten[1::2]))) % 10 == 0


def _may_be_phone(digits: str) -> bool:
    """0701234567: a telephone number, or somebody born in 2007."""
    return len(digits) == 10 and digits[0] == "0" and digits[1] != "0"


def _is_day_and_clock(date: str, last: str) -> bool:
    """20200611 1300: a recent day and a time of day."""
    year = int(date[:4]) if len(date) == 8 else 2000 + int(date[:2])
    return _FIRST_YEAR_OF_MEETINGS <= year < _FIRST_YEAR_OF_MEETINGS + 25 and bool(_CLOCK.fullmatch(last))


# --- Without them -----------------------------------------------------------------------------------


def blank_out(folded: str, found: list[Candidate]) -> str:
    """The folded text with the given places emptied."""
    pieces, here = [], 0
    for candidate in sorted(found, key=lambda candidate: candidate.start):
        pieces.append(folded[here : candidate.start])
        here = max(here, candidate.end)
    # A sign and a letter, so that what stood around the number is still read as before.
    return "¤x".join([*pieces, folded[here:]])


def mask(text: str, with_: str = "[dolt nummer]") -> str:
    """The text with everything that looks like an identity number replaced. Every doubt is decided for hiding."""
    folded = fold(text)
    found = [*candidates(folded), *_looser_candidates(folded)]
    if not found:
        return text
    places = _places(text)
    pieces, here = [], 0
    for candidate in sorted(found, key=lambda candidate: (candidate.start, -candidate.end)):
        start, end = places[candidate.start], places[candidate.end - 1] + 1
        if start >= here:
            pieces += [text[here:start], with_]
        here = max(here, end)
    return "".join([*pieces, text[here:]])


def _looser_candidates(folded: str) -> Iterator[Candidate]:
    for pattern in (_TOGETHER, _DATE_APART):
        for match in pattern.finditer(folded):
            if match["between"].strip("-+ \n_") == "":
                yield Candidate(*match.span(1), certain=False)


def _places(text: str) -> list[int]:
    """For each character of the folded text, where it stood in the text."""
    table = _Folding()
    places = []
    for place, character in enumerate(text):
        if character == "\r" and text[place + 1 : place + 2] == "\n":
            continue
        places += [place] * len(table[ord(character)])
    return places
