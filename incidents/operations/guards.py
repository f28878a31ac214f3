"""Days to come: an operation refuses one that has passed or lies too far away."""

from __future__ import annotations

import datetime as dt

from incidents.deadlines import DueInThePast, DueTooFarAway, check_due
from lysekil_trygghet.history.guards import Refused


def require_future_due(due_at: dt.datetime, *, now: dt.datetime) -> None:
    """A due time must lie ahead, within reason. Raises `Refused` with the words of incidents.deadlines."""
    try:
        check_due(due_at, now)
    except (DueInThePast, DueTooFarAway) as problem:
        raise Refused(str(problem)) from problem
