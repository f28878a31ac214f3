"""June 2020 in a real browser: each role plays its part by "Byt roll", the clock is set, every page is examined."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from . import week_24, week_25
from .case import Case, june
from .drive import Visitor
from .portal import JourneyPortal

ACTS: tuple[Callable[[Case], None], ...] = (
    week_24.something_happens,
    week_24.functions_are_called,
    week_24.departments_tell_how_it_looks,
    week_24.the_meeting_gives_directives,
    week_24.the_decision_is_written,
    week_24.assignments_are_drafted_and_issued,
    week_24.assignments_are_received,
    week_24.the_police_meet_the_municipality,
    week_24.residents_read_of_it,
    week_24.staff_are_told,
    week_24.the_package_and_the_contact_point,
    week_25.the_package_publishes_itself,
    week_25.one_working_day_before,
    week_25.the_case_officer_writes_on_a_phone,
    week_25.heads_submit,
    week_25.only_the_late_one_is_reminded,
    week_25.the_round_goes_through_all,
    week_25.midsummer_is_quiet,
    week_25.the_last_answers_come,
    week_25.the_work_is_closed,
    week_25.residents_read_the_whole,
)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_june_2020_from_the_first_call_to_the_closing_text(
    portal_at: Callable[[dt.datetime], JourneyPortal], visitor: Callable[[str], Visitor]
):
    portal = portal_at(june(8, "09:00"))
    case = Case(portal, worker=visitor(portal.url), resident=visitor(portal.url))
    for act in ACTS:
        act(case)
