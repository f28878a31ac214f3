"""Swedish weeks, holidays and deadlines.

Here: pure functions over days and moments in Europe/Stockholm. Not here: the clock (callers pass `now`), and
what is due when (that is `incidents/deadlines.py` and its kin).
"""

from .days import (
    add_working_days,
    is_eve,
    is_holiday,
    is_working_day,
    iso_week_label,
    nearest_earlier_working_day,
    next_working_day,
    previous_working_day,
    working_days_between,
)
from .moments import (
    STOCKHOLM,
    MomentWithoutZone,
    at_local,
    friday_noon_next_week,
    in_utc,
    local_date,
    local_moment,
)

__all__ = [
    "STOCKHOLM",
    "MomentWithoutZone",
    "add_working_days",
    "at_local",
    "friday_noon_next_week",
    "in_utc",
    "is_eve",
    "is_holiday",
    "is_working_day",
    "iso_week_label",
    "local_date",
    "local_moment",
    "nearest_earlier_working_day",
    "next_working_day",
    "previous_working_day",
    "working_days_between",
]
