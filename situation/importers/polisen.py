"""Events that the Police tell of on their own site (polisen.se/api/events): links alone, never their text.

The list is no statistic: what is told of is chosen, and edited afterwards. An event edited later comes again with the
same number. Since January 2026 `location.name` is the county; the municipality stands at the end of `name`.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.utils.translation import gettext as _

from . import places, text
from .rows import FileRefused, Item, LineError, LinkRow, Note, Reading

FORMAT = "polisen"
SITE = "https://polisen.se"
LARGEST = 16 << 20
LONGEST = 200
# What a stored link can hold (PoliceEvent.url); a link is never cut.
LONGEST_LINK = 400
# Days outside these cannot be stored as UTC, or are no events of ours.
FIRST_YEAR, LAST_YEAR = 2000, 2100
NOT_IN_LINKS = frozenset('\\"<>^`{|} ')
MOMENT = re.compile(r"(\d{4})-(\d\d)-(\d\d) (\d{1,2}):(\d\d):(\d\d) ([+-])(\d\d):(\d\d)")


def read(path: Path, *, name: str = "") -> Reading:
    """The events of an answer. Gives LinkRow only. Raises FileRefused for what is no list of events."""
    rows = _list(path)
    return Reading(FORMAT, _items(rows), encoding="utf-8", total=len(rows))


def _list(path: Path) -> list[Any]:
    if path.stat().st_size == 0:
        raise FileRefused(_("Filen är tom. Hämta den på nytt."))
    if path.stat().st_size > LARGEST:
        raise FileRefused(_("Filen är större än 16 MB. Det är inte ett svar från polisen.se."))
    kind = text.signature_of(path)
    if kind:
        raise FileRefused(_("Filen är av slaget %(kind)s. Den ska vara JSON från polisen.se.") % {"kind": kind})
    try:
        found = json.loads(path.read_bytes().decode("utf-8-sig"))
    except (ValueError, RecursionError) as wrong:
        raise FileRefused(_("Filen går inte att läsa som JSON. Hämta den på nytt från polisen.se.")) from wrong
    if not isinstance(found, list):
        raise FileRefused(_("Filen är inte en lista med händelser från polisen.se."))
    if any(isinstance(row, dict) and ("services" in row or "Url" in row) for row in found[:5]):
        raise FileRefused(_("Filen är en lista över polisstationer, inte händelser. Den behöver inte läsas in."))
    return [_newest(row) for row in found]


def _newest(row: Any) -> Any:
    """Of an event kept in its versions, the one seen last."""
    versions = row.get("versions") if isinstance(row, dict) else None
    if not isinstance(versions, list):
        return row
    events = [one for one in versions if isinstance(one, dict) and "event" in one]
    # ISO days sort as text; of the same day the later in the list.
    return max(reversed(events), key=lambda one: str(one.get("first_seen", "")))["event"] if events else row


def _items(rows: list[Any]) -> Iterator[Item]:
    if not rows:
        yield Note(_("Listan är tom. Det finns inga händelser att visa."))
    for place, row in enumerate(rows, start=1):
        try:
            yield _link(place, row)
        except _Odd as odd:
            yield LineError(place, str(odd))


class _Odd(ValueError):
    """Why an event cannot be read."""


def _link(place: int, row: Any) -> LinkRow:
    if not isinstance(row, dict):
        raise _Odd(_("Händelsen är inte ett objekt."))
    number = row.get("id")
    if isinstance(number, bool) or not isinstance(number, int) or not 0 < number < 2**62:
        raise _Odd(_("Händelsen saknar nummer."))
    name, kind = _words(row, "name"), _words(row, "type")
    location = row.get("location")
    told = _words(location, "name") if isinstance(location, dict) else ""
    last = name.rpartition(",")[2].strip()
    where = last if last and not last[0].isdigit() and places.code_of(last) else told
    if not kind or not where:
        raise _Odd(_("Händelsen saknar slag eller plats."))
    return LinkRow(
        line=place,
        number=number,
        published_at=_moment(_words(row, "datetime")),
        kind=kind,
        place=where,
        area=places.code_of(where) or "",
        url=_address(row.get("url")),
    )


def _words(row: Any, name: str) -> str:
    value = row.get(name) if isinstance(row, dict) else None
    if not isinstance(value, str):
        return ""
    return " ".join("".join(sign for sign in value if sign.isprintable() or sign == " ").split())[:LONGEST]


def _moment(words: str) -> dt.datetime:
    """ "2018-04-13 9:58:49 +02:00", with or without a zero before the hour."""
    found = MOMENT.fullmatch(words)
    if not found:
        raise _Odd(_("Tiden ”%(words)s” går inte att läsa.") % {"words": words[:40]})
    *numbers, sign, hours, minutes = found.groups()
    year, month, day, hour, minute, second = (int(one) for one in numbers)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise _Odd(_("Tiden ”%(words)s” finns inte.") % {"words": words[:40]})
    offset = dt.timedelta(hours=int(hours), minutes=int(minutes))
    try:
        zone = dt.timezone(-offset if sign == "-" else offset)
        return dt.datetime(year, month, day, hour, minute, second, tzinfo=zone)
    except ValueError as wrong:
        raise _Odd(_("Tiden ”%(words)s” finns inte.") % {"words": words[:40]}) from wrong


def _address(url: object) -> str:
    """Absolute, and at the Police's own site: no port, no user, no sign that a browser reads in another way."""
    if not isinstance(url, str) or len(url) > LONGEST_LINK:
        raise _Odd(_("Länken går inte att läsa."))
    url = url.strip()
    try:
        whole = urljoin(SITE, url)
        parts = urlsplit(whole)
    except ValueError as wrong:
        raise _Odd(_("Länken går inte att läsa.")) from wrong
    # The whole of the authority is compared, so that a port or a user makes another one.
    host = parts.netloc.lower().removeprefix("www.")
    if not url or parts.scheme != "https" or host != "polisen.se":
        raise _Odd(_("Länken leder inte till polisen.se."))
    if len(whole) > LONGEST_LINK or any(sign in NOT_IN_LINKS or not sign.isprintable() for sign in whole):
        raise _Odd(_("Länken går inte att läsa."))
    return whole
