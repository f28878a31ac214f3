"""R15: the two nights when Swedish clocks change, with real beat, worker and database, their clocks moved together."""

from __future__ import annotations

import datetime as dt
import glob
import itertools
import sys
from collections.abc import Callable

import pytest

from .portal import FakeClock, Portal
from .servers import Postgres, Redis, ServerMissing

SPEED = 240
SWEEP_SECONDS = 120


def faketime_library() -> str:
    """The variant for programs with threads, wherever this machine keeps it."""
    for pattern in ("/usr/lib/*/faketime/libfaketimeMT.so.1", "/usr/lib/*/faketime/libfaketime.so.1"):
        for path in sorted(glob.glob(pattern)):
            return path
    raise ServerMissing("libfaketime is not installed")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("start", "first_due", "end", "change"),
    [
        # Clocks go from 02:00 to 03:00.
        ("2026-03-29 00:45:00", "2026-03-29T00:10:00+00:00", "2026-03-29T02:40:00+00:00", "2026-03-29T01:00+00:00"),
        # The hour from 02:00 to 03:00 comes twice.
        ("2026-10-25 00:45:00", "2026-10-24T23:10:00+00:00", "2026-10-25T02:20:00+00:00", "2026-10-25T01:00+00:00"),
    ],
    ids=["spring", "autumn"],
)
def test_r15_clock_change(
    start, first_due, end, change, pattern: Postgres, portal_with: Callable[..., Portal], redis: Redis, folder, capfd
):
    clock = FakeClock(start, speed=SPEED, library=faketime_library())
    server = pattern.copy_to(folder / "fast")
    try:
        server.start(env=clock.env())
        portal = portal_with(
            redis=redis,
            postgres=server,
            SWEEP_SECONDS=SWEEP_SECONDS,
            TEST_PLANNERS="tests.processes.planners.every_ten_minutes",
            TEST_FIRST_DUE=first_due,
            LEASE_SECONDS=60 * SPEED,
            SMTP_TIMEOUT=15 * SPEED,
            SWEEP_BUDGET_SECONDS=60 * SPEED,
        )
        portal.beat(**clock.env())
        portal.worker(**clock.env())
        last = dt.datetime.fromisoformat(end)
        portal.wait_until(lambda: portal.query("SELECT now()")[0][0] > last, seconds=70, what="the night passes")
        # The scheduler first, then the worker, which finishes the sweep it is in.
        portal.stop()
        sweeps = [row[0] for row in portal.query("SELECT started_at FROM notifications_sweepbeat ORDER BY 1")]
        sent = portal.query("SELECT moment, sent_at FROM notifications_message WHERE state = 'SENT' ORDER BY 1")
        obligations = portal.query("SELECT count(*), count(DISTINCT message_id) FROM notifications_obligation")[0]
        figures = portal.figures()
    finally:
        server.stop()

    sweeps = [moment for moment in sweeps if moment <= last]
    gap = max(after - before for before, after in itertools.pairwise(sweeps))
    began = sweeps[0]
    late = max(at - max(moment, began) for moment, at in sent)
    with capfd.disabled():
        sys.stdout.write(
            "\n"
            + figures.line(
                f"R15 {start[:10]}", sweeps=len(sweeps), longest_gap=gap, longest_wait=late, speed=f"x{SPEED}"
            )
        )
    expected = (last - dt.datetime.fromisoformat(first_due)) // dt.timedelta(minutes=10) + 1
    assert sweeps[0] < dt.datetime.fromisoformat(change) < sweeps[-1]
    assert (figures.lost, figures.double, figures.stuck) == (0, 0, 0)
    assert expected <= figures.rows == obligations[0] == obligations[1] == len(sent)
    assert gap <= dt.timedelta(seconds=2 * SWEEP_SECONDS)
    assert late <= dt.timedelta(seconds=2 * SWEEP_SECONDS)
