"""How a page for residents is answered: open, the same bytes for everybody, made once and kept until it changes.

A page is rendered once for each version of what is stored, and kept in the memory of its process with a strong
ETag (made of its bytes) and ready compressed. It is made anew when

* an act has been recorded since (looked for at most twice a second, in one query on a primary key),
* a moment has come that changes its words (`changes_at`: a contact point opens, a day is over), or
* a minute has passed (a department's name was corrected: reference data is changed without an act).

What nginx may keep, and for how long, follows from the same: see docs/decisions.md, "Sidor som sparas".
"""

from __future__ import annotations

import datetime as dt
import gzip
import hashlib
import logging
import os
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import lru_cache, wraps
from pathlib import Path
from typing import Any

import brotli
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import InterfaceError, OperationalError, transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from lysekil_trygghet.history.models import Event
from lysekil_trygghet.workdays import at_local, local_date

from . import replica

# Seconds a proxy may keep a page, may go on with it while it fetches a new one, and while the portal is away.
KEPT, WHILE_FETCHING, WHILE_AWAY = 10, 5, 600
# Acts are numbered when they begin and seen when they are committed: the last ones may arrive out of order.
LATEST_ACTS = 50
LONGEST_KEPT = 60.0
# What is shorter is sent as it is.
WORTH_COMPRESSING = 200
BROTLI_QUALITY, GZIP_LEVEL = 6, 6
PARTS_OF_ADDRESS = 2_000

View = Callable[..., HttpResponse]
log = logging.getLogger(__name__)


# --- What changes a page --------------------------------------------------------------------------------

_changes: ContextVar[list[dt.datetime] | None] = ContextVar("changes", default=None)


def changes_at(moment: dt.datetime | None) -> None:
    """Says, while a page is made, that its words hold no longer than until `moment`. None changes nothing."""
    noted = _changes.get()
    if noted is not None and moment is not None:
        noted.append(moment)


def latest_acts() -> str:
    """Another one after every act in the history."""
    return ",".join(map(str, Event.objects.order_by("-pk").values_list("pk", flat=True)[:LATEST_ACTS]))


@lru_cache(maxsize=2)
def _epoch_name(folder: Path | str) -> str:
    """Looked at in each answer, so the path is put together once."""
    return os.path.join(folder, "pages.purged")


def _purged_at() -> int:
    try:
        return os.stat(_epoch_name(settings.VAR_DIR)).st_mtime_ns
    except FileNotFoundError:
        return 0


def purge() -> int:
    """Forget every kept page, at once and also while the portal is down: those of all processes on this machine
    (by a file they look at) and those of nginx (`PROXY_CACHE_DIR`). Returns how many files of nginx were removed.

    Raises `OSError` when the folder is there and may not be emptied.
    """
    Path(_epoch_name(settings.VAR_DIR)).touch()
    folder = settings.PROXY_CACHE_DIR
    removed = 0
    for place, _folders, names in os.walk(folder) if folder else ():
        for name in names:
            Path(place, name).unlink(missing_ok=True)
            removed += 1
    return removed


def forget_on_commit() -> None:
    """For withdrawals: what nobody asks for anew must not come back while the portal is away."""
    transaction.on_commit(_forget, robust=True)


def _forget() -> None:
    try:
        purge()
    except OSError:
        log.warning("could not empty %s; what was withdrawn is gone there within seconds", settings.PROXY_CACHE_DIR)


# --- What is kept ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Kept:
    """One page as it was made: its bytes in each encoding, and until when they hold."""

    version: str
    made: float  # time.monotonic()
    until: dt.datetime
    headers: dict[str, str]
    bodies: dict[str, bytes]
    etags: dict[str, str]

    @property
    def size(self) -> int:
        return sum(map(len, self.bodies.values())) + PARTS_OF_ADDRESS

    def holds(self, version: str, *, now: dt.datetime, at_most: float = LONGEST_KEPT) -> bool:
        """False once it has to be made anew; `at_most` seconds it is kept in any case."""
        return version == self.version and now < self.until and time.monotonic() - self.made < at_most


@dataclass
class Shelf:
    """The pages of this process, the least used taken away first. May be asked by many threads."""

    pages: OrderedDict[Any, Kept] = field(default_factory=OrderedDict)
    size: int = 0
    acts: str = ""
    asked: float = float("-inf")
    purged: int = 0
    # Until the database is back, what is kept of the last version it told is better than nothing.
    at_most: float = LONGEST_KEPT
    lock: threading.Lock = field(default_factory=threading.Lock)
    making: dict[Any, threading.Lock] = field(default_factory=dict)

    def current_version(self) -> str:
        """As of half a second ago at most. While the database does not answer, the last one it told."""
        purged = _purged_at()
        # What was withdrawn must not be read once more from a copy that has not heard of it.
        if time.monotonic() - self.asked >= settings.PAGES_ASK_SECONDS or purged != self.purged:
            try:
                acts = latest_acts()
                replica.copy.look(new_acts=acts != self.acts)
                self.acts, self.at_most = acts, LONGEST_KEPT
            except (OperationalError, InterfaceError):
                self.at_most = WHILE_AWAY
                replica.copy.look_alone()
            self.asked, self.purged = time.monotonic(), purged
        return f"{self.acts} {purged}"

    def holding(self, key: Any, version: str, *, now: dt.datetime) -> Kept | None:
        page = self.get(key)
        return page if page is not None and page.holds(version, now=now, at_most=self.at_most) else None

    def get(self, key: Any) -> Kept | None:
        with self.lock:
            page = self.pages.get(key)
            if page is not None:
                self.pages.move_to_end(key)
            return page

    def put(self, key: Any, page: Kept) -> None:
        with self.lock:
            self._remove(key)
            self.pages[key] = page
            self.size += page.size
            while self.size > settings.PAGES_KEPT_BYTES and self.pages:
                self._remove(next(iter(self.pages)))

    def _remove(self, key: Any) -> None:
        if (old := self.pages.pop(key, None)) is not None:
            self.size -= old.size

    def being_made(self, key: Any) -> threading.Lock:
        """Whoever makes this page holds the lock, so that many who ask at once wait for one."""
        with self.lock:
            if len(self.making) > PARTS_OF_ADDRESS:
                self.making = {known: lock for known, lock in self.making.items() if lock.locked()}
            return self.making.setdefault(key, threading.Lock())

    def clear(self) -> None:
        """As in a new process."""
        with self.lock:
            self.pages.clear()
            self.making.clear()
            self.size, self.acts, self.asked, self.at_most = 0, "", float("-inf"), LONGEST_KEPT


shelf = Shelf()


def _make(version: str, render: Callable[[], HttpResponse]) -> tuple[HttpResponse, Kept | None]:
    """Render a page and note what it depends on. Only whole pages that are there are kept."""
    noted: list[dt.datetime] = []
    token = _changes.set(noted)
    try:
        response = render()
    finally:
        _changes.reset(token)
    if response.status_code != 200 or response.streaming:
        return response, None
    body = response.content
    name = hashlib.sha256(body).hexdigest()[:20]
    bodies = {"": body}
    if len(body) >= WORTH_COMPRESSING:
        bodies["br"] = brotli.compress(body, quality=BROTLI_QUALITY)
        bodies["gzip"] = gzip.compress(body, compresslevel=GZIP_LEVEL, mtime=0)
    now = timezone.now()
    until = min(moment for moment in [*noted, _next_midnight(now)] if moment > now)
    etags = {coding: f'"{name}{f"-{coding}" if coding else ""}"' for coding in bodies}
    return response, Kept(version, time.monotonic(), until, dict(response.headers), bodies, etags)


def _next_midnight(now: dt.datetime) -> dt.datetime:
    return at_local(local_date(now) + dt.timedelta(days=1), dt.time(0))


# --- How it is answered ---------------------------------------------------------------------------------


@lru_cache(maxsize=500)
def best_coding(accepted: str) -> str:
    """`br`, `gzip` or "" for a header Accept-Encoding (RFC 9110, 12.5.3); what is not named is not sent."""
    weights: dict[str, float] = {}
    for part in accepted[:1_000].split(","):
        coding, _semicolon, weight = part.partition(";")
        try:
            weights[coding.strip().lower()] = float(weight.partition("=")[2] or 1)
        except ValueError:
            weights[coding.strip().lower()] = 0
    return next((coding for coding in ("br", "gzip") if weights.get(coding, 0) > 0), "")


@lru_cache(maxsize=1_000)
def cache_control(seconds: int) -> str:
    """For a page whose words hold `seconds` more: nobody on the way may show it longer than that."""
    kept = min(KEPT, seconds)
    return (
        f"public, s-maxage={kept}, stale-while-revalidate={min(WHILE_FETCHING, seconds - kept)}, "
        f"stale-if-error={min(WHILE_AWAY, seconds - kept)}"
    )


def _answer(request: HttpRequest, page: Kept, *, now: dt.datetime) -> HttpResponse:
    coding = best_coding(request.META.get("HTTP_ACCEPT_ENCODING", ""))
    if coding not in page.bodies:
        coding = ""
    etag = page.etags[coding]
    left = min((page.until - now).total_seconds(), WHILE_AWAY + KEPT)
    headers = {**page.headers, "ETag": etag, "Cache-Control": cache_control(int(left)), "Vary": "Accept-Encoding"}
    if _is_known(request.META.get("HTTP_IF_NONE_MATCH", ""), etag):
        headers.pop("Content-Length", None)
        return HttpResponse(status=304, headers=headers)
    if coding:
        headers["Content-Encoding"] = coding
    return HttpResponse(page.bodies[coding], headers=headers)


def _is_known(sent: str, etag: str) -> bool:
    """If-None-Match compares weakly (RFC 9110, 13.1.2): a proxy that packed the page may have marked the tag."""
    return bool(sent) and (sent.strip() == "*" or etag in [one.strip().removeprefix("W/") for one in sent.split(",")])


def public_page(view: View | None = None, *, query: Sequence[str] = (), keep: bool = True) -> Any:
    """Opens a view to everybody. It may read neither the person, the session nor a cookie.

    `query`: the parameters it reads. It is not told the others, so they neither change nor multiply the page.
    `keep=False`: there are too many of them (each search is a page), so it is made each time.
    """
    if view is None:
        return lambda later: public_page(later, query=query, keep=keep)
    made: View = view

    @login_not_required
    @require_safe
    @wraps(made)
    def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if getattr(request, "preview", None):
            return made(request, *args, **kwargs)
        asked = tuple((name, request.GET[name]) for name in query if name in request.GET)
        key = (request.path, get_language(), asked)
        now = timezone.now()
        version = shelf.current_version()
        if kept := shelf.holding(key, version, now=now):
            return _answer(request, kept, now=now)
        with shelf.being_made(key):
            if kept := shelf.holding(key, version, now=now):
                return _answer(request, kept, now=now)
            told = request.GET.copy()
            for name in set(told) - set(query):
                del told[name]
            request.GET = told  # type: ignore[assignment]
            response, kept = _make(version, lambda: replica.read(lambda: made(request, *args, **kwargs)))
            if kept is None:
                return response
            if keep:
                shelf.put(key, kept)
        return _answer(request, kept, now=timezone.now())

    return page
