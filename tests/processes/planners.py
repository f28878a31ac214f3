"""A planner for the clock tests: something is due every ten minutes, worked out from the clock each time."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator

from lysekil_trygghet.notifications.operations import Due

STEP = dt.timedelta(minutes=10)


def every_ten_minutes(*, now: dt.datetime, until: dt.datetime) -> Iterator[Due]:
    """All that has become due since the first moment in TEST_FIRST_DUE (UTC), however often it is asked."""
    moment = dt.datetime.fromisoformat(os.environ["TEST_FIRST_DUE"])
    while moment <= now:
        yield Due(
            key=f"clock:{moment.isoformat()}",
            subject="incidents.assignment:1",
            step="overdue",
            moment=moment,
            user_id=None,
            address="klocka@kommun.example",
            heading="Försenade återrapporter",
            number="2020-1:1",
            title="Uppdrag 1",
            due_at=moment,
            path="/arbete/uppdrag/1/rapport/",
        )
        moment += STEP
