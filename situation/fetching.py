"""Calls to the publishers' open APIs: who we are, how long we wait, how often we may ask. No database.

Only the addresses in the settings are called, and no redirect leads elsewhere. Polisen.se: at least ten seconds
between calls, at most 60 an hour, a User-Agent in every call, and 404 is final. SCB: at most 30 calls in ten seconds.
"""

from __future__ import annotations

import datetime as dt
import email.utils
import json
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, NoReturn

from django.conf import settings
from django.utils.translation import gettext as _

LARGEST = 16 << 20
CONNECT_SECONDS = 20
WHOLE_SECONDS = 120
CHUNK = 1 << 16
PER_PAGE = 5000
MOST_IN_PATH = 25
MOST_PAGES = 40
# Pause between the calls of one fetch, in seconds.
PAUSES = {"KOLADA": 0.5, "SCB": 0.5, "POLISEN": 10.0}


class NotFetched(Exception):
    """The publisher gave no answer we can use. `reason` is a Swedish sentence; `is_final`: asking again is no use;
    `wait`: how long the publisher asks us to wait."""

    def __init__(self, reason: str, *, is_final: bool = False, wait: dt.timedelta | None = None) -> None:
        super().__init__(reason)
        self.reason, self.is_final, self.wait = str(reason), is_final, wait


@dataclass(frozen=True)
class Answer:
    """What came: the bytes to keep, and the address they came from."""

    content: bytes
    url: str


class _Stay(urllib.request.HTTPRedirectHandler):
    """No redirect leads to another host, nor to another scheme."""

    def redirect_request(self, request: Any, fp: Any, code: int, message: str, headers: Any, new_url: str) -> Any:
        here, there = urllib.parse.urlsplit(request.full_url), urllib.parse.urlsplit(new_url)
        if (here.scheme, here.netloc) != (there.scheme, there.netloc):
            raise NotFetched(
                _("Utgivaren skickar oss vidare till en annan adress. Kontrollera adressen i inställningarna.")
            )
        return super().redirect_request(request, fp, code, message, headers, new_url)


def user_agent() -> str:
    """Who asks, and where to write."""
    return f"LysekilTrygghet/1 (+{settings.SITE_URL}/kontakt/)"


def get(url: str) -> bytes:
    """The answer's bytes, at most 16 MB. Raises NotFetched for everything else than 200."""
    parts = urllib.parse.urlsplit(url)
    if parts.scheme not in ("https", "http") or (
        parts.scheme == "http" and parts.hostname not in ("127.0.0.1", "localhost")
    ):
        raise NotFetched(_("Adressen måste börja med https://."), is_final=True)
    request = urllib.request.Request(url, headers={"User-Agent": user_agent(), "Accept": "application/json"})  # noqa: S310
    opener = urllib.request.build_opener(_Stay)
    until = time.monotonic() + WHOLE_SECONDS
    parts_read: list[bytes] = []
    size = 0
    try:
        with opener.open(request, timeout=CONNECT_SECONDS) as answer:
            while chunk := answer.read(CHUNK):
                size += len(chunk)
                if size > LARGEST:
                    raise NotFetched(_("Svaret är större än 16 MB. Begär färre uppgifter."), is_final=True)
                if time.monotonic() > until:
                    raise NotFetched(_("Svaret tog för lång tid."))
                parts_read.append(chunk)
    except urllib.error.HTTPError as wrong:
        _tell(wrong)
    except (OSError, ValueError) as wrong:
        raise NotFetched(_("Utgivaren svarar inte.")) from wrong
    return b"".join(parts_read)


def _tell(wrong: urllib.error.HTTPError) -> NoReturn:
    if wrong.code in (404, 410):
        reason = _("Uppgifterna finns inte hos utgivaren (%(code)d). Kontrollera vad som hämtas.")
        raise NotFetched(reason % {"code": wrong.code}, is_final=True) from wrong
    if wrong.code == 400:
        raise NotFetched(
            _("Utgivaren förstår inte frågan (400). Kontrollera vad som hämtas."), is_final=True
        ) from wrong
    wait = _asked_to_wait(wrong.headers.get("Retry-After", "") if wrong.headers else "")
    raise NotFetched(_("Utgivaren svarar med fel %(code)d.") % {"code": wrong.code}, wait=wait) from wrong


def _asked_to_wait(text: str) -> dt.timedelta | None:
    """Seconds, or a day and time."""
    if text.strip().isdigit():
        return dt.timedelta(seconds=min(int(text), 86_400))
    try:
        at = email.utils.parsedate_to_datetime(text)
    except ValueError:
        return None
    seconds = (at - dt.datetime.now(dt.UTC)).total_seconds()
    return dt.timedelta(seconds=min(max(seconds, 0), 86_400))


def names(text: str) -> list[str]:
    """The parts of a list written with commas or lines."""
    return [part.strip() for part in text.replace("\n", ",").split(",") if part.strip()]


# --- Each publisher --------------------------------------------------------------------------------------


def kolada(what: str, areas: str, *, year: int, pause: Callable[[float], None] = time.sleep) -> Answer:
    """The key figures with their words, for those areas and the last ten years, as one JSON object."""
    base = settings.KOLADA_URL.rstrip("/")
    ids, codes = names(what), names(areas)
    years = ",".join(str(one) for one in range(year - 10, year + 1))
    words: list[Any] = []
    values: list[Any] = []
    for kpi in ids:
        words.append(_object(get(f"{base}/kpi/{_quoted(kpi)}")))
        pause(PAUSES["KOLADA"])
        for start in range(0, len(codes), MOST_IN_PATH):
            some = ",".join(codes[start : start + MOST_IN_PATH])
            path = f"data/kpi/{_quoted(kpi)}/municipality/{_quoted(some)}/year/{_quoted(years)}"
            url = f"{base}/{path}?per_page={PER_PAGE}"
            values += list(_pages(url, base, pause=pause))
    content = {"kpi": {"values": words}, "data": {"count": len(values), "values": values}}
    return Answer(json.dumps(content, ensure_ascii=False).encode(), base)


def _pages(url: str, base: str, *, pause: Callable[[float], None]) -> Iterator[Any]:
    """The values of every page. The next page must lie at the same publisher."""
    for _turn in range(MOST_PAGES):
        page = _object(get(url))
        yield from page.get("values") or []
        pause(PAUSES["KOLADA"])
        following = page.get("next_url")
        if not following:
            return
        url = urllib.parse.urljoin(url, str(following))
        if urllib.parse.urlsplit(url)[:2] != urllib.parse.urlsplit(base)[:2]:
            raise NotFetched(_("Nästa sida ligger på en annan adress."), is_final=True)


def scb(what: str, areas: str, *, year: int) -> Answer:
    """The whole table for those areas and the last ten years, as JSON-stat 2."""
    query = [("lang", "sv"), ("outputFormat", "json-stat2")]
    table, _sep, rest = what.partition("?")
    query += urllib.parse.parse_qsl(rest)
    given = {name for name, _value in query}
    if "valueCodes[Region]" not in given:
        query.append(("valueCodes[Region]", ",".join(names(areas))))
    if "valueCodes[Tid]" not in given:
        query.append(("valueCodes[Tid]", "TOP(10)"))
    if "valueCodes[ContentsCode]" not in given:
        query.append(("valueCodes[ContentsCode]", "*"))
    url = f"{settings.SCB_URL.rstrip('/')}/tables/{_quoted(table.strip())}/data?{urllib.parse.urlencode(query)}"
    return Answer(get(url), url)


def polisen(what: str) -> Answer:
    """The latest events of those places."""
    query = urllib.parse.urlencode({"locationname": ";".join(names(what))})
    url = f"{settings.POLISEN_URL.rstrip('/')}/api/events?{query}"
    return Answer(get(url), url)


def _quoted(text: str) -> str:
    return urllib.parse.quote(text, safe=",")


def _object(content: bytes) -> dict[str, Any]:
    try:
        found = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as wrong:
        raise NotFetched(_("Svaret går inte att läsa.")) from wrong
    if not isinstance(found, dict):
        raise NotFetched(_("Svaret går inte att läsa."))
    return found
