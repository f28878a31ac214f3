"""Several people do something at the same moment.

On PostgreSQL they really do, each over a connection of its own. SQLite lets one in at a time, so there they come one
after the other, each with the things as they looked before the first one came: what a page holds that was opened
earlier.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from django.db import connection


def at_once(*acts: Callable[[], object]) -> list[object]:
    """What each act returned, or the exception it raised, in the order given."""
    outcomes: list[object] = [None] * len(acts)
    start = threading.Barrier(len(acts))

    def run(place: int, *, wait: bool) -> None:
        try:
            if wait:
                start.wait(timeout=10)
            outcomes[place] = acts[place]()
        except Exception as error:
            outcomes[place] = error

    def run_alone(place: int) -> None:
        try:
            run(place, wait=True)
        finally:
            connection.close()

    if connection.vendor != "postgresql":
        for place in range(len(acts)):
            run(place, wait=False)
        return outcomes
    threads = [threading.Thread(target=run_alone, args=(place,)) for place in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return outcomes


def refused_with(outcomes: list[object]) -> list[str]:
    """The names of the exceptions among the outcomes."""
    return sorted(type(outcome).__name__ for outcome in outcomes if isinstance(outcome, Exception))
