"""Questions over several models: right answers, in order, and as many queries for one row as for thirty."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from incidents import queries
from incidents.models import Assignment
from incidents.operations import assignments, decisions, reports
from lysekil_trygghet.accounts.actors import Actor

from .. import make as people
from .. import make_incidents as make
from ..make import at

pytestmark = pytest.mark.django_db

NOW = at("2020-06-09", "10:00")
DUE = at("2020-06-18", "12:00")
AFTER = at("2020-06-18", "13:00")


def by(key: str) -> Actor:
    return make.acting(key, now=NOW)


def issued(*slugs: str) -> list[Assignment]:
    decision = make.decision(now=NOW)
    for slug in slugs:
        make.assignment(now=NOW, decision=decision, organisation=make.department(slug), due_at=DUE)
    return decisions.decide_and_issue(decision, by=by("director"), now=NOW)


SOCIAL, EDUCATION, EXECUTIVE = "socialforvaltningen", "utbildningsforvaltningen", "kommunstyrelseforvaltningen"


def test_rows_come_late_first_then_owed_then_waiting_then_the_rest():
    late, owed, waiting, accepted = issued(SOCIAL, EDUCATION, SOCIAL, SOCIAL)
    assignments.set_due(owed, due_at=at("2020-06-24", "12:00"), reason="Mer.", by=by("director"), now=NOW)
    make.submitted_report(now=NOW, assignment=waiting)
    reports.accept(make.submitted_report(now=NOW, assignment=accepted), by=by("director"), now=NOW)
    rows = queries.with_latest(queries.overview(by("director")), now=AFTER)
    assert list(rows) == [late, owed, waiting, accepted]
    assert list(queries.in_order(queries.overview(by("director")), now=AFTER)) == [row.pk for row in rows]
    assert queries.counters(queries.overview(by("director")), now=AFTER) == queries.Counters(
        total=4, owed=2, late=1, reported=1, accepted=1
    )
    for state, expected in (("LATE", [late]), ("OWED", [late, owed]), ("REPORTED", [waiting]), ("", list(rows))):
        narrowed = queries.in_state(queries.overview(by("director")), state, now=AFTER)
        assert set(narrowed) == set(expected)


def test_a_row_carries_its_last_report_progress_and_request():
    (owed,) = issued(SOCIAL)
    first = make.submitted_report(now=NOW, assignment=owed, outcome="ONGOING")
    reports.return_report(first, reason="Mer.", new_due_at=DUE, by=by("director"), now=NOW)
    make.report_draft(now=NOW, assignment=make.fresh(owed))
    for how_far in ("STARTED", "HALFWAY"):
        assignments.note_progress(make.fresh(owed), how_far=how_far, by=by("officer_social"), now=NOW)
    assignments.ask_more_time(
        make.fresh(owed), proposed_due_at=at("2020-06-24", "12:00"), reason="X", by=by("head_social"), now=NOW
    )
    (row,) = queries.with_latest(queries.overview(by("director")), now=NOW)
    assert (row.last_report_pk, row.last_version, row.last_outcome) == (first.pk, 1, "ONGOING")
    assert (row.last_progress, row.has_request) == ("HALFWAY", True)


def test_each_sees_only_what_it_may_see():
    social, education = issued(SOCIAL, EDUCATION)
    make.assignment(now=NOW, decision=social.decision)  # a draft is nowhere
    assert set(queries.overview(by("director"))) == {social, education}
    assert set(queries.overview(by("officer_social"))) == {social}
    assert set(queries.overview(by("auditor"))) == {social, education}
    assert set(queries.overview(by("lpo_chief"))) == set()
    assert set(queries.overview(Actor.nobody())) == set()
    assert set(queries.overview(by("director"), organisation_id=education.organisation_id)) == {education}
    assert set(queries.overview(by("director"), response_id=social.decision.response_id)) == {social, education}
    assert set(queries.overview(by("director"), response_id=social.decision.response_id + 999)) == set()


def test_what_an_organisation_owes_is_its_own_nearest_first():
    first, second, _theirs = issued(SOCIAL, SOCIAL, EDUCATION)
    assignments.set_due(first, due_at=at("2020-06-24", "12:00"), reason="Mer.", by=by("director"), now=NOW)
    assert list(queries.owed_by(by("officer_social"), now=NOW)) == [second, first]
    make.submitted_report(now=NOW, assignment=second)
    assert list(queries.owed_by(by("officer_social"), now=NOW)) == [first]
    for key in ("director", "coordinator", "lpo_chief", "auditor"):
        assert list(queries.owed_by(by(key), now=NOW)) == []


def test_whoever_submits_for_a_department_owes_with_it():
    (owed,) = issued(SOCIAL)
    people.delegation(user=make.person("officer_labour"), organisation=make.department(), power="SUBMIT_REPORTS")
    assert list(queries.owed_by(by("officer_labour"), now=NOW)) == [owed]


def test_what_waits_for_an_answer_is_shown_to_those_who_may_give_it():
    social, executive = issued(SOCIAL, EXECUTIVE)
    make.submitted_report(now=NOW, assignment=social)
    make.submitted_report(now=NOW, assignment=executive, by="head_executive")
    assert set(queries.waiting_for_answer(by("director"), now=NOW)) == {social, executive}
    # The coordinator belongs to the executive board's department.
    assert set(queries.waiting_for_answer(by("coordinator"), now=NOW)) == {social}
    for key in ("head_social", "registrar", "auditor", "lpo_chief"):
        assert set(queries.waiting_for_answer(by(key), now=NOW)) == set()
    reports_waiting = queries.waiting_reports(by("director"))
    assert {report.assignment for report in reports_waiting} == {social, executive}


def test_open_requests_are_those_without_an_answer_that_the_actor_sees():
    social, _education = issued(SOCIAL, EDUCATION)
    request = assignments.decline(
        social, proposed_organisation=make.department(EDUCATION), reason="X", by=by("head_social"), now=NOW
    )
    assert list(queries.open_requests(by("director"))) == [request]
    assert list(queries.open_requests(by("head_social"))) == [request]
    assert list(queries.open_requests(by("head_education"))) == []
    assert list(queries.open_requests(by("director"), response_id=social.decision.response_id + 999)) == []
    assignments.answer_request(request, granted=False, answer="Nej.", by=by("director"), now=NOW)
    assert list(queries.open_requests(by("director"))) == []


def cost(number: int) -> int:
    """How many questions to the database the lists ask for `number` assignments, with everything a row shows."""
    for one in issued(*[SOCIAL] * number):
        if one.order % 2:
            make.submitted_report(now=NOW, assignment=one)
    director, head = by("director"), by("head_social")
    with CaptureQueriesContext(connection) as asked:
        for rows in (
            queries.with_latest(queries.overview(director), now=AFTER),
            queries.owed_by(head, now=AFTER),
            queries.waiting_for_answer(director, now=AFTER),
        ):
            for row in rows:
                assert row.number
                assert row.organisation.name
                assert row.decision.response_id
        for report in queries.waiting_reports(director):
            assert report.assignment.number
        for request in queries.open_requests(director):
            assert request.assignment.organisation.name
        queries.counters(queries.overview(director), now=AFTER)
    return len(asked)


def test_one_row_and_thirty_cost_the_same():
    one = cost_in_a_world_of_its_own(1)
    assert cost_in_a_world_of_its_own(30) == one
    assert one <= 6


def cost_in_a_world_of_its_own(number: int) -> int:
    from django.db import transaction

    with transaction.atomic():
        found = cost(number)
        transaction.set_rollback(True)
    return found


def test_late_is_late_the_moment_after_the_day():
    (owed,) = issued(SOCIAL)
    assert list(Assignment.objects.overdue(DUE)) == []
    assert list(Assignment.objects.overdue(DUE + dt.timedelta(seconds=1))) == [owed]
    assert (make.fresh(owed).is_overdue(DUE), make.fresh(owed).is_overdue(AFTER)) == (False, True)
