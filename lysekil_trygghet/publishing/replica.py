"""Residents' pages may be read from a copy of the database (DATABASE_REPLICA_URL); all else reads where it writes.

The copy is a standby that PostgreSQL itself keeps (streaming replication). A page is read from it when

* it answers and is still a standby,
* it is at most `REPLICA_LAG_SECONDS` behind, and
* it has received the last act that this process knows of, so that a page is never kept as new with old words.

Otherwise the page is read from the primary. How far behind the copy is, is measured by positions in PostgreSQL's log:
that holds also when nothing is written, when the copy has lost the primary and when the clocks differ.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError, connections
from django.http import Http404, HttpResponse

PRIMARY, COPY = "default", "replica"
# After it did not answer, nobody waits for it for so long.
LEFT_ALONE_SECONDS = 10.0
# Positions remembered while the copy is behind: minutes, far more than any limit that makes sense.
POSITIONS = 600
_POSITION = {
    PRIMARY: "SELECT (pg_current_wal_insert_lsn() - '0/0')::bigint",
    COPY: "SELECT CASE WHEN pg_is_in_recovery() THEN (pg_last_wal_replay_lsn() - '0/0')::bigint END",
}
# The app label Django gives to the tables of its database cache.
CACHE = "django_cache"

log = logging.getLogger(__name__)
_reading: ContextVar[bool] = ContextVar("reads from the copy", default=False)


class Router:
    """DATABASE_ROUTERS: reads within `read()` go to the copy, everything else to the primary."""

    def db_for_read(self, model: Any, **hints: Any) -> str | None:
        # Limits are counted where they are kept.
        return COPY if _reading.get() and model._meta.app_label != CACHE else PRIMARY

    def db_for_write(self, model: Any, **hints: Any) -> str:
        return PRIMARY

    def allow_relation(self, one: Any, other: Any, **hints: Any) -> bool:
        """Both hold the same rows."""
        return True

    def allow_migrate(self, database: str, app_label: str, **hints: Any) -> bool:
        return database == PRIMARY


@dataclass
class Copy:
    """What this process knows of the copy. May be asked by many threads."""

    usable: bool = False
    # Positions the primary had reached and the copy had not, with the moment each was seen (time.monotonic()).
    ahead: deque[tuple[float, int]] = field(default_factory=lambda: deque(maxlen=POSITIONS))
    # It must have come so far: the last act known is before it.
    needed: int = 0
    left_alone_until: float = float("-inf")
    lock: threading.Lock = field(default_factory=threading.Lock)

    def look(self, *, new_acts: bool) -> None:
        """Compare the two, after acts were read from the primary. Raises what the primary raises."""
        if COPY not in connections.settings or not self.lock.acquire(blocking=False):
            return
        try:
            position = _position(PRIMARY)
            now = time.monotonic()
            if position is not None:
                self.ahead.append((now, position))
                if new_acts:
                    self.needed = position
            self._judge(now)
        finally:
            self.lock.release()

    def look_alone(self) -> None:
        """The primary does not answer: what the copy has is the best there is, however old."""
        if COPY in connections.settings and self.lock.acquire(blocking=False):
            try:
                self._set(self._replayed(time.monotonic()) is not None, "the primary does not answer")
            finally:
                self.lock.release()

    def is_away(self) -> None:
        """It failed while it was read."""
        self.left_alone_until = time.monotonic() + LEFT_ALONE_SECONDS
        self._set(False, "it does not answer")
        connections[COPY].close()

    def _judge(self, now: float) -> None:
        replayed = self._replayed(now)
        if replayed is None:
            return self._set(False, "it does not answer or is no standby")
        while self.ahead and self.ahead[0][1] <= replayed:
            self.ahead.popleft()
        behind = now - self.ahead[0][0] if self.ahead else 0.0
        if behind > settings.REPLICA_LAG_SECONDS:
            return self._set(False, f"it is more than {settings.REPLICA_LAG_SECONDS:g} seconds behind")
        if replayed >= self.needed:
            return self._set(True, "it has come up")
        # A moment behind the last act is no fault, and passes without a word.
        self.usable = False

    def _replayed(self, now: float) -> int | None:
        if now < self.left_alone_until:
            return None
        try:
            return _position(COPY)
        except (OperationalError, InterfaceError):
            self.left_alone_until = time.monotonic() + LEFT_ALONE_SECONDS
            with suppress(OperationalError, InterfaceError):
                connections[COPY].close()
            return None

    def _set(self, usable: bool, why: str) -> None:
        if usable != self.usable:
            log.log(
                logging.INFO if usable else logging.WARNING,
                "residents' pages are read from the %s: %s",
                "copy of the database" if usable else "primary, not the copy",
                why,
            )
        self.usable = usable


copy = Copy()


def _position(alias: str) -> int | None:
    """How far a server has come in PostgreSQL's log, as a number; None for a copy that is no standby (any more)."""
    with connections[alias].cursor() as cursor:
        cursor.execute(_POSITION[alias])
        return cursor.fetchone()[0]


@contextmanager
def _from_the_copy() -> Iterator[None]:
    token = _reading.set(True)
    try:
        yield
    finally:
        _reading.reset(token)


def read(render: Callable[[], HttpResponse]) -> HttpResponse:
    """A page, from the copy if it may be used; what fails there, or is not there yet, from the primary."""
    if copy.usable:
        try:
            with _from_the_copy():
                return render()
        except (OperationalError, InterfaceError):
            copy.is_away()
        except Http404:
            # Perhaps published a moment ago.
            pass
    return render()
