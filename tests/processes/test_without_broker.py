"""R6: there is no Redis at all. What the systemd timer runs (`send_due --once`) sends everything by itself."""

from __future__ import annotations

import time

import pytest

from .portal import Portal
from .servers import free_port

TIMER_SECONDS = 300


def test_r6_without_any_broker(portal_with, say):
    """Everything is out after the first run of the timer, whatever became due since the last one."""
    _timer_alone(portal_with, runs=2, rows=150, every=0, say=say, name="R6 in short")


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_r6_without_any_broker_for_a_quarter_of_an_hour(portal_with, say):
    _timer_alone(portal_with, runs=3, rows=60, every=TIMER_SECONDS, say=say, name="R6")


def _timer_alone(portal_with, *, runs: int, rows: int, every: float, say, name: str) -> None:
    portal: Portal = portal_with(delay=5, BROKER_URL=f"redis://127.0.0.1:{free_port()}/0")
    longest_wait, longest_run, nudge = 0.0, 0.0, 0.0
    for run in range(runs):
        began = time.monotonic()
        portal.seed(rows, name=f"run{run}")
        if not run:
            # A web request that saves something wakes nobody, and does not wait for that.
            nudge = portal.longest_nudge()
        time.sleep(max(0, every - (time.monotonic() - began)))
        ran = time.monotonic()
        said = portal.run("manage.py", "send_due", "--once")
        longest_run = max(longest_run, time.monotonic() - ran)
        longest_wait = max(longest_wait, time.monotonic() - began)
        assert said == f"{rows} meddelanden skickade.\n"
        assert portal.unfinished() == 0
    figures = portal.figures()
    say(
        figures.line(
            name,
            runs_of_the_timer=runs,
            longest_run=f"{longest_run:.1f} s",
            longest_wait=f"{longest_wait:.0f} s",
            nudge=f"{nudge * 1000:.1f} ms",
        )
    )
    assert (figures.rows, figures.lost, figures.double, figures.stuck) == (runs * rows, 0, 0, 0)
    # Due just after a run: the pause of the timer, and the run itself.
    assert every + longest_run < TIMER_SECONDS + 60
    assert nudge < 1
