"""Numbers, years and periods as Swedish publishers write them."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from django.utils.translation import gettext as _

# Missing or suppressed by the publisher: never zero. A lone "-" is zero in Swedish statistics.
MISSING = frozenset(
    {"", "..", "...", ".", "x", "X", "na", "NA", "n/a", "N/A", "nan", "NaN", "null", "None", "–..", "…"}
)
SUPPRESSED = frozenset({"..", "...", "…", "x", "X"})
ZERO = frozenset({"-", "–", "—", "−"})
SPACES = str.maketrans("", "", " \u00a0\u202f\u2009\u2007\t")
LARGEST = Decimal(10) ** 12
DECIMALS = 6
PLAIN = re.compile(r"[+\-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)")
# 1.234.567 and 1,234,567: thousands by points or commas.
GROUPED = re.compile(r"[+\-]?\d{1,3}(?:([.,])\d{3})(?:\1\d{3})+(?:[.,]\d+)?")
MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan januari january",
            "feb februari february",
            "mar mars march",
            "apr april",
            "maj may",
            "jun juni june",
            "jul juli july",
            "aug augusti august",
            "sep sept september",
            "okt oktober oct october",
            "nov november",
            "dec december",
        ),
        start=1,
    )
    for name in names.split()
}


class NotANumber(ValueError):
    """The text is no number we can read; the message is a Swedish sentence."""


def is_missing(text: str) -> bool:
    return text.strip() in MISSING


def is_suppressed(text: str) -> bool:
    """The publisher has a number and leaves it out, or says so by two points."""
    return text.strip() in SUPPRESSED


@lru_cache(maxsize=4096)
def number(text: str) -> Decimal | None:
    """The number a cell holds; None when it is missing. Raises NotANumber with what to do.

    Decimal comma or point, thousands by space, NBSP, point or comma, a minus before or as "−".
    """
    bare = text.strip()
    if bare in MISSING:
        return None
    if bare in ZERO:
        return Decimal(0)
    bare = bare.translate(SPACES).replace("−", "-").replace("–", "-")
    if len(bare) > 40:
        raise NotANumber(_("Talet är för långt: %(text)s… Kontrollera kolumnen.") % {"text": text.strip()[:20]})
    grouped = GROUPED.fullmatch(bare)
    if grouped:
        bare = bare.replace(grouped.group(1), "")
    if not PLAIN.fullmatch(bare) and not re.fullmatch(r"[+\-]?\d+(?:[.,]\d+)?[eE][+\-]?\d{1,3}", bare):
        raise NotANumber(_("”%(text)s” är inget tal.") % {"text": text.strip()[:40]})
    try:
        value = Decimal(bare.replace(",", "."))
    except InvalidOperation as bad:
        raise NotANumber(_("”%(text)s” är inget tal.") % {"text": text.strip()[:40]}) from bad
    return checked(value)


def checked(value: Decimal) -> Decimal:
    """The number with at most six decimals. Raises NotANumber for what no indicator can hold."""
    if not value.is_finite() or value.adjusted() > LARGEST.adjusted() or abs(value) >= LARGEST:
        raise NotANumber(_("Talet är orimligt stort. Kontrollera kolumnen."))
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -DECIMALS:
        return round(value, DECIMALS)
    return value


@lru_cache(maxsize=4096)
def year(text: str) -> tuple[str, bool] | None:
    """("2016", True) for "2016 prel."; None when the text is no year of statistics (1900–2100)."""
    found = re.fullmatch(
        r"(?i:år,?\s*)?((?:19|20|21)\d\d)(?:\.0)?\s*\*?\s*(\(?(?:prel|preliminär)\w*\.?\)?)?", text.strip()
    )
    if not found or not 1900 <= int(found.group(1)) <= 2100:
        return None
    return found.group(1), bool(found.group(2)) or "*" in text


@lru_cache(maxsize=4096)
def period(text: str, of_year: str = "") -> str | None:
    """ "2016-09" for "2016M09", "2016-09", "Sep 2016", "September" of a year; "2016-Q3" for "2016K3", "kvartal 3".

    None when it is no period. "Helår" and "Jan-Dec" of a year are the year.
    """
    bare = " ".join(text.strip().lower().replace(",", " ").split())
    plain = year(bare)
    if plain:
        return plain[0]
    if of_year and bare in ("helår", "hela året", "år", "jan-dec", "total", "totalt"):
        return of_year
    found = re.fullmatch(r"((?:19|20|21)\d\d)\s*[m\-/ ]\s*(0?[1-9]|1[0-2])", bare)
    if found:
        return f"{found.group(1)}-{int(found.group(2)):02d}"
    found = re.fullmatch(r"((?:19|20|21)\d\d)\s*-?\s*[kq]v?a?r?t?a?l?\s*([1-4])", bare)
    if found:
        return f"{found.group(1)}-Q{found.group(2)}"
    found = re.fullmatch(r"[kq]v?a?r?t?a?l?\.?\s*([1-4])(?:\s+((?:19|20|21)\d\d))?", bare)
    if found and (found.group(2) or of_year):
        return f"{found.group(2) or of_year}-Q{found.group(1)}"
    found = re.fullmatch(r"([a-zåäö]+)\.?(?:\s+((?:19|20|21)\d\d))?", bare)
    if found and found.group(1) in MONTHS and (found.group(2) or of_year):
        return f"{found.group(2) or of_year}-{MONTHS[found.group(1)]:02d}"
    return None


def in_code(text: str) -> str:
    """A piece of an indicator's code: lower case letters and digits, words joined by "-"."""
    bare = text.strip().lower().translate(str.maketrans("åäöéü", "aaoeu"))
    return re.sub(r"[^a-z0-9]+", "-", bare).strip("-")[:60]
