"""Municipalities, counties and the country: official codes (SCB, Län och kommuner 2023) found by any of their names.

A name is found however it is cased, with or without "kommun" and its genitive, and with the code before it
("1484 Lysekil"). A code of a RegSO or DeSO is taken as it stands.
"""

from __future__ import annotations

import csv
import re
from functools import cache, lru_cache
from pathlib import Path

from .rows import SWEDEN

LIST = Path(__file__).parent / "data" / "places.csv"
SMALL_AREA = re.compile(r"\d{4}(?:R\d{3}|[ABC]\d{4})")
# What publishers call the country.
COUNTRY = ("riket", "hela landet", "hela riket", "sverige", "sweden", "whole sweden", "the whole country")
# Names that are not in the official list and mean one of its places.
OTHER_NAMES = {
    "region gotland": "0980",
    "gotlands kommun": "0980",
    "gotlands": "09",
    "falu kommun": "2080",
    "upplands bro": "0139",
    "malung": "2023",
    "upplands-väsby": "0114",
    "sörmland": "04",
    "region sörmland": "04",
    "jämtland": "23",
    "jämtland härjedalen": "23",
    "region jämtland härjedalen": "23",
}


@cache
def official() -> dict[str, str]:
    """Name by code, the country first, as the list has them."""
    with LIST.open(encoding="utf-8", newline="") as file:
        return {row["code"]: row["name"] for row in csv.DictReader(file, delimiter=";")}


@cache
def _by_name() -> dict[str, str]:
    found: dict[str, str] = dict.fromkeys(COUNTRY, SWEDEN)
    for code, name in official().items():
        low = name.lower()
        found[low] = code
        if len(code) == 2 and code != SWEDEN:
            bare = low.removesuffix(" län").removesuffix("s")
            found |= {low.replace("län", "county"): code, f"region {bare}": code, f"{bare} county": code}
        elif len(code) == 4:
            # A genitive has no s of its own after s, x or z.
            genitive = low if low[-1] in "sxz" else f"{low}s"
            found |= {f"{low} kommun": code, f"{genitive} kommun": code, f"{low} municipality": code}
            if code not in ("0380", "0180", "2480"):
                found.setdefault(f"{genitive} stad", code)
    for code, name in official().items():
        if len(code) == 2 and code != SWEDEN:
            # "Kalmar" is the municipality, "Kronoberg" can only be the county.
            bare = name.lower().removesuffix(" län")
            found.setdefault(bare.removesuffix("s"), code)
            found.setdefault(bare, code)
    found |= {"stockholms stad": "0180", "göteborgs stad": "1480", "malmö stad": "1280"}
    return found | OTHER_NAMES


@lru_cache(maxsize=4096)
def code_of(text: str) -> str | None:
    """ "1484" for "1484 Lysekil", "Lysekil", "LYSEKIL", "Lysekils kommun"; "00" for "Hela landet"; None if unknown.

    Kolada writes "0000" for the country and "0014" for a county.
    """
    bare = " ".join(text.replace("\u00a0", " ").split())
    if SMALL_AREA.fullmatch(bare):
        return bare
    found = re.match(r"(\d{2,4}(?:R\d{3}|[ABC]\d{4})?)(?=\s|$)", bare)
    if found:
        code = found.group(1)
        rest = bare[found.end() :].strip()
        if SMALL_AREA.fullmatch(code):
            return code
        if code == "0000":
            return SWEDEN
        if code in official() and (len(code) != 2 or not rest or _is_name_of(code, rest)):
            return code
        if len(code) == 4 and code.startswith("00") and code[2:] in official():
            return code[2:]
        if len(code) == 3 and f"0{code}" in official():
            # A spreadsheet took the code for a number.
            return f"0{code}"
    return _by_name().get(bare.lower())


def _is_name_of(code: str, text: str) -> bool:
    """A two-digit code followed by words is a county only if the words are its name: "14 Västra Götalands län"."""
    return _by_name().get(text.lower()) == code or text.lower().endswith((" län", " county"))


def kind_of(code: str) -> str:
    """The AreaKind of a code; "PLACE" for what has none."""
    if code == SWEDEN:
        return "COUNTRY"
    if SMALL_AREA.fullmatch(code):
        return "REGSO" if code[4] == "R" else "DESO"
    return {2: "COUNTY", 4: "MUNICIPALITY"}.get(len(code), "PLACE") if code.isdigit() else "PLACE"


def name_of(code: str) -> str:
    """The official name; the code itself where there is none."""
    return official().get(code, code)
