"""Each part that must be alive, and what it is called. Cheap: each process asks at most every few seconds."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import Error as DatabaseTrouble
from django.db import connection
from django.db.models import Max
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lysekil_trygghet.notifications import brokers
from lysekil_trygghet.notifications.holding import open_hold
from lysekil_trygghet.notifications.queries import ledger_status, seconds_since_last_sweep

from .models import Source, Tick

SILENT_INTERVALS = 3
KEPT_SECONDS = 5.0
# Nobody waits for a broker that does not answer, however many there are.
BROKERS_SECONDS = 1.5
HELD_TOO_LONG_SECONDS = 24 * 3600.0


@dataclass(frozen=True)
class Part:
    """`ok` is None for what this installation does not use. `figure`: seconds, or how many are late."""

    name: str
    ok: bool | None
    words: str
    figure: float | None = None

    @property
    def data(self) -> dict[str, Any]:
        return {"ok": self.ok, "figure": self.figure}


# The sign in an address of Redis; other brokers (files) have nothing to be asked.
REDIS = ("redis://", "rediss://", "unix://")
_kept: list[tuple[float, tuple[Part, ...]]] = []


def parts() -> tuple[Part, ...]:
    """Every part as it is now, or was a few seconds ago. A database that is away makes the rest unknown."""
    if _kept and time.monotonic() - _kept[0][0] < KEPT_SECONDS:
        return _kept[0][1]
    found = _ask()
    _kept[:] = [(time.monotonic(), found)]
    return found


def forget() -> None:
    """Ask anew the next time."""
    _kept.clear()


def _ask() -> tuple[Part, ...]:
    try:
        heard = dict(Tick.objects.values_list("source", "at"))
        return (Part("database", True, _("databasen svarar")), broker(), *(check(heard) for check in CHECKS))
    except DatabaseTrouble:
        if not connection.in_atomic_block:
            connection.close()
        return Part("database", False, _("databasen svarar inte")), broker()


def broker() -> Part:
    addresses = [address for address in settings.BROKER_URL.split(brokers.SEPARATOR) if address.startswith(REDIS)]
    if not addresses:
        return Part("broker", None, _("kön ligger i filer på samma maskin"))
    pool = ThreadPoolExecutor(len(addresses))
    asked = [pool.submit(brokers.answers, address) for address in addresses]
    pool.shutdown(wait=False)
    until = time.monotonic() + BROKERS_SECONDS
    alive = False
    for one in asked:
        try:
            alive = alive or one.result(timeout=max(0.0, until - time.monotonic()))
        except TimeoutError:
            continue
    return Part("broker", alive, _("kön (Redis) svarar") if alive else _("kön (Redis) svarar inte"))


def _ticking(source: Source, heard: dict[str, Any]) -> Part:
    if source not in heard:
        return Part(source, None, _("%(who)s: aldrig hörd av") % {"who": source.label})
    now = Tick.objects.aggregate(now=Max(Now()))["now"]
    seconds = float((now - heard[source]).total_seconds())
    values = {"who": source.label, "seconds": round(seconds)}
    return Part(source, seconds <= _longest(), _("%(who)s: hördes för %(seconds)d sekunder sedan") % values, seconds)


def worker(heard: dict[str, Any]) -> Part:
    return _ticking(Source.WORKER, heard)


def beat(heard: dict[str, Any]) -> Part:
    return _ticking(Source.BEAT, heard)


def sweep(_heard: dict[str, Any]) -> Part:
    seconds = seconds_since_last_sweep()
    if seconds is None:
        return Part("sweep", False, _("påminnelserna: ingen har letat efter vad som ska skickas"))
    words = _("påminnelserna: någon letade för %(seconds)d sekunder sedan") % {"seconds": round(seconds)}
    return Part("sweep", seconds <= _longest(), words, seconds)


def late(_heard: dict[str, Any]) -> Part:
    """Mail that should have left some minutes ago. While sending is held it waits because somebody wants it to."""
    status = ledger_status(now=timezone.now() - dt.timedelta(minutes=settings.LATE_MINUTES))
    count = status.waiting
    words = ngettext("%(count)d mejl är sent", "%(count)d mejl är sena", count) % {"count": count}
    return Part("late", not count or open_hold() is not None, words, count)


def held(_heard: dict[str, Any]) -> Part:
    hold = open_hold()
    if hold is None:
        return Part("hold", True, _("utskicken är i gång"))
    seconds = (timezone.now() - hold.since).total_seconds()
    return Part("hold", seconds < HELD_TOO_LONG_SECONDS, _("utskicken är pausade"), seconds)


CHECKS: tuple[Callable[[dict[str, Any]], Part], ...] = (worker, beat, sweep, late, held)


def _longest() -> float:
    return SILENT_INTERVALS * float(settings.SWEEP_SECONDS)
