"""R15: the two nights when Swedish clocks change, with real beat, worker and database, their clocks moved together."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable

import pytest

from .portal import FakeClock, Portal
from .servers import Postgres, Redis, faketime_library

SPEED = 240
SWEEP_SECONDS = 300
INTERVAL = dt.timedelta(seconds=SWEEP_SECONDS)
STEP = dt.timedelta(minutes=10)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("start", "midnight"),
    [
        # Clocks go from 02:00 to 03:00.
        ("2026-03-28 23:15:00", "2026-03-29"),
        # The hour from 02:00 to 03:00 comes twice.
        ("2026-10-25 00:15:00", "2026-10-25"),
    ],
    ids=["spring", "autumn"],
)
def test_r15_clock_change(
    start,
    midnight,
    pattern: Postgres,
    portal_with: Callable[..., Portal],
    redis: Redis,
    folder,
    say,
):
    # Both changes happen at 01:00 UTC. All that follows is counted in UTC: local times cannot be subtracted here.
    first_due, change, last = (
        dt.datetime.fromisoformat(f"{midnight}T{clock}+00:00") for clock in ("00:00", "01:00", "02:10")
    )
    server = pattern.copy_to(folder / "fast")
    # From here a second of ours is four minutes of theirs, so it starts hours before anything is due.
    clock = FakeClock(start, speed=SPEED, library=faketime_library())
    try:
        server.start(env=clock.env())
        portal = portal_with(
            redis=redis,
            postgres=server,
            SWEEP_SECONDS=SWEEP_SECONDS,
            TEST_PLANNERS="tests.processes.planners.every_ten_minutes",
            TEST_FIRST_DUE=first_due.isoformat(),
            LEASE_SECONDS=60 * SPEED,
            SMTP_TIMEOUT=15 * SPEED,
            SWEEP_BUDGET_SECONDS=60 * SPEED,
        )
        portal.beat(**clock.env())
        portal.worker(**clock.env())
        portal.wait_until(lambda: portal.query("SELECT now()")[0][0] > last, seconds=100, what="the night passes")
        # The scheduler first, then the worker, which finishes the sweep it is in.
        portal.stop()
        sweeps = [
            row[0].astimezone(dt.UTC)
            for row in portal.query("SELECT started_at FROM notifications_sweepbeat ORDER BY 1")
        ]
        sent = [
            (moment.astimezone(dt.UTC), sent_at.astimezone(dt.UTC))
            for moment, sent_at in portal.query(
                "SELECT moment, sent_at FROM notifications_message WHERE state = 'SENT' ORDER BY 1"
            )
        ]
        obligations, messages = portal.query(
            "SELECT count(*), count(DISTINCT message_id) FROM notifications_obligation WHERE state = 'SENT'"
        )[0]
        figures = portal.figures()
    finally:
        server.stop()

    gap = max(after - before for before, after in itertools.pairwise(sweeps))
    # What became due before the first sweep had to wait for the processes to start.
    wait = max(sent_at - moment for moment, sent_at in sent if moment >= sweeps[0])
    line = figures.line(f"R15 {midnight}", sweeps=len(sweeps), longest_gap=gap, longest_wait=wait)
    say(line)
    moments = [moment for moment, _sent_at in sent]
    assert sweeps[0] < change < last - INTERVAL < sweeps[-1]
    assert (figures.lost, figures.double, figures.stuck) == (0, 0, 0)
    assert figures.rows == obligations == messages == len(sent)
    assert moments == [first_due + number * STEP for number in range(len(moments))]
    assert sweeps[-1] - moments[-1] < STEP + dt.timedelta(minutes=1)
    assert gap <= 2 * INTERVAL
    assert wait <= 2 * INTERVAL
