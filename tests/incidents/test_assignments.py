"""Assignments: drafted, issued, acknowledged, asked about, moved, cancelled, excepted."""

from __future__ import annotations

import datetime as dt

import pytest

from incidents.lifecycle import AssignmentState, RequestState
from incidents.models import Assignment
from incidents.operations import assignments, decisions, reports
from lysekil_trygghet.history.guards import NotAllowed, Refused
from lysekil_trygghet.history.operations import MoveNotAllowed, StalePage
from lysekil_trygghet.notifications.models import Obligation, ObligationState

from .. import make as people
from .. import make_incidents as make
from ..make import at
from .at_once import at_once, refused_with

pytestmark = pytest.mark.django_db

NOW = at("2020-06-09", "10:00")
DUE = at("2020-06-18", "12:00")
LATER = at("2020-06-24", "12:00")
HOUR = dt.timedelta(hours=1)
OUTSIDERS = ["head_education", "officer_education", "lpo_chief", "auditor", "communicator"]


def by(key: str):
    return make.acting(key, now=NOW)


def issued(**values) -> Assignment:
    return make.issued_assignment(now=NOW, due_at=DUE, **values)


def more_time(owed: Assignment, **values):
    defaults = {"proposed_due_at": LATER, "reason": "Vi väntar på svar.", "by": by("head_social"), "now": NOW}
    return assignments.ask_more_time(owed, **(defaults | values))


def decline(owed: Assignment, **values):
    defaults = {
        "proposed_organisation": make.department("utbildningsforvaltningen"),
        "reason": "Det är skolans uppgift.",
        "by": by("head_social"),
        "now": NOW,
    }
    return assignments.decline(owed, **(defaults | values))


# --- Drafts -----------------------------------------------------------------------------------------------


def test_a_draft_has_one_organisation_and_one_or_more_points():
    drafted = make.assignment(now=NOW)
    assert (drafted.state, drafted.order, drafted.number) == (AssignmentState.DRAFT, 1, "2020-1:1")
    assert drafted.points.count() == 1
    assert make.verbs(drafted) == ["created"]


@pytest.mark.parametrize("key", ["head_social", "officer_social", "lpo_chief", "auditor"])
def test_only_leaders_draft_edit_and_remove(key):
    drafted = make.assignment(now=NOW)
    with pytest.raises(NotAllowed):
        assignments.draft_assignment(
            drafted.decision, organisation=make.department(), title="X", instruction="X", due_at=DUE,
            points=drafted.points.all(), by=by(key), now=NOW,
        )  # fmt: skip
    with pytest.raises(NotAllowed):
        assignments.edit_assignment(drafted, values={"title": "X"}, by=by(key), now=NOW)
    with pytest.raises(NotAllowed):
        assignments.remove_draft(drafted, by=by(key), now=NOW)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"title": " "}, "rubrik"),
        ({"instruction": ""}, "rubrik"),
        ({"due_at": NOW - HOUR}, "redan passerat"),
        ({"due_at": NOW + dt.timedelta(days=4 * 366)}, "tre år"),
    ],
)
def test_a_draft_that_cannot_be_is_refused(values, words):
    with pytest.raises(Refused, match=words):
        make.assignment(now=NOW, **values)


def test_points_are_the_decisions_own_and_at_least_one():
    decision, other = make.decision(now=NOW), make.decision(now=NOW)
    common = {"organisation": make.department(), "title": "X", "instruction": "X", "due_at": DUE, "now": NOW}
    with pytest.raises(Refused, match="minst en"):
        assignments.draft_assignment(decision, points=[], by=by("coordinator"), **common)
    with pytest.raises(Refused, match="annat beslut"):
        assignments.draft_assignment(decision, points=other.points.all(), by=by("coordinator"), **common)
    drafted = make.assignment(now=NOW, decision=decision)
    with pytest.raises(Refused, match="minst en"):
        assignments.edit_assignment(drafted, values={}, points=[], by=by("coordinator"), now=NOW)


def test_the_municipality_gives_the_police_no_assignment():
    police = make.department("polisen")
    with pytest.raises(Refused, match="Polisen"):
        make.assignment(now=NOW, organisation=police)
    with pytest.raises(Refused, match="Polisen"):
        assignments.edit_assignment(
            make.assignment(now=NOW), values={"organisation": police}, by=by("coordinator"), now=NOW
        )
    with pytest.raises(Refused, match="Polisen"):
        decline(issued(), proposed_organisation=police)


def test_an_organisation_no_longer_used_gets_no_assignment():
    with pytest.raises(Refused, match="används inte"):
        make.assignment(now=NOW, organisation=people.organisation(is_active=False))


def test_a_draft_is_changed_and_what_is_issued_keeps_its_words():
    drafted = make.assignment(now=NOW, due_at=DUE)
    edited = assignments.edit_assignment(
        drafted, values={"title": "Ny rubrik"}, by=by("coordinator"), now=NOW, seen=drafted.revision
    )
    assert edited.title == "Ny rubrik"
    with pytest.raises(StalePage):
        assignments.edit_assignment(drafted, values={"title": "X"}, by=by("director"), now=NOW, seen=drafted.revision)
    decisions.decide_and_issue(drafted.decision, by=by("director"), now=NOW)
    for page in (drafted, make.fresh(drafted)):
        with pytest.raises(Refused, match="utfärdat"):
            assignments.edit_assignment(page, values={"instruction": "Annat"}, by=by("director"), now=NOW)
        with pytest.raises(Refused, match="utgå"):
            assignments.remove_draft(page, by=by("director"), now=NOW)
    public = assignments.edit_assignment(
        drafted, values={"is_public": True, "public_text": "Vi är ute."}, by=by("director"), now=NOW
    )
    assert (public.public_text, public.title) == ("Vi är ute.", "Ny rubrik")


def test_a_draft_is_removed():
    drafted = make.assignment(now=NOW)
    assignments.remove_draft(drafted, by=by("coordinator"), now=NOW)
    assert not Assignment.objects.exists()
    assert make.last_event(drafted).verb == "discarded"


def test_no_assignment_is_put_on_a_decision_that_was_replaced():
    owed = issued()
    new = make.revision(owed.decision, now=NOW)
    decisions.choose(new, owed, choice="KEEP", by=by("director"), now=NOW)
    decisions.decide(new, by=by("director"), now=NOW)
    old = make.fresh(new).replaces
    with pytest.raises(Refused, match="ersatt"):
        make.assignment(now=NOW, decision=old)


# --- Acknowledging, appointing, progress ----------------------------------------------------------------------


@pytest.mark.parametrize("key", ["head_social", "officer_social"])
def test_the_department_acknowledges(key):
    owed = issued()
    done = assignments.acknowledge(owed, by=by(key), now=NOW, seen=owed.revision)
    assert (done.state, done.acknowledged_at) == (AssignmentState.ACKNOWLEDGED, NOW)
    assert make.last_event(done).details == {"from": "ISSUED", "to": "ACKNOWLEDGED"}
    with pytest.raises(MoveNotAllowed):
        assignments.acknowledge(owed, by=by(key), now=NOW)


@pytest.mark.parametrize("key", ["head_education", "lpo_chief", "director", "coordinator", "auditor"])
def test_nobody_else_acknowledges(key):
    with pytest.raises(NotAllowed):
        assignments.acknowledge(issued(), by=by(key), now=NOW)


def test_what_was_reported_is_not_made_acknowledged_by_the_department():
    report = make.submitted_report(now=NOW)
    with pytest.raises(MoveNotAllowed):
        assignments.acknowledge(report.assignment, by=by("head_social"), now=NOW)


def test_the_head_appoints_a_case_officer_of_the_own_department():
    owed = issued()
    appointed = assignments.appoint_officer(owed, officer=make.person("officer_social"), by=by("head_social"), now=NOW)
    assert appointed.officer == make.person("officer_social")
    assert make.last_event(owed).verb == "officer_appointed"
    with pytest.raises(Refused, match="egna förvaltningen"):
        assignments.appoint_officer(owed, officer=make.person("officer_labour"), by=by("head_social"), now=NOW)
    for key in ("officer_social", "head_education", "director"):
        with pytest.raises(NotAllowed):
            assignments.appoint_officer(owed, officer=None, by=by(key), now=NOW)
    assert assignments.appoint_officer(appointed, officer=None, by=by("head_social"), now=NOW).officer is None


def test_who_belongs_is_asked_of_the_day_in_sweden():
    """Half past midnight in Sweden is still the day before in UTC."""
    midnight = at("2020-06-10", "00:30").astimezone(dt.UTC)
    person = people.user()
    people.membership(user=person, organisation=make.department(), valid_from=dt.date(2020, 6, 10))
    owed = issued()
    head = make.acting("head_social", now=midnight)
    assert assignments.appoint_officer(owed, officer=person, by=head, now=midnight).officer == person


def test_progress_is_logged_without_changing_any_state():
    owed = issued()
    note = assignments.note_progress(
        owed, how_far="HALFWAY", text="Två av fyra kvällar.", by=by("officer_social"), now=NOW
    )
    assert (note.how_far, note.by_function) == ("HALFWAY", "Handläggare")
    assert make.fresh(owed).state == AssignmentState.ISSUED
    assert make.last_event(owed).details == {"note": note.pk, "how_far": "HALFWAY"}
    with pytest.raises(Refused, match="hur långt"):
        assignments.note_progress(owed, how_far="X", by=by("officer_social"), now=NOW)
    for key in OUTSIDERS:
        with pytest.raises(NotAllowed):
            assignments.note_progress(owed, how_far="STUCK", by=by(key), now=NOW)
    assignments.cancel_assignment(owed, reason="Fel.", by=by("director"), now=NOW)
    with pytest.raises(Refused, match="avslutat"):
        assignments.note_progress(owed, how_far="STUCK", by=by("officer_social"), now=NOW)


# --- More time and declining ------------------------------------------------------------------------------------


def test_more_time_is_asked_and_granted_and_both_stand_in_history():
    owed = issued()
    request = more_time(owed)
    assert make.fresh(owed).due_at == DUE  # until it is answered the old day holds
    answered = assignments.answer_request(request, granted=True, by=by("director"), now=NOW + HOUR)
    assert (answered.state, answered.answered_by_function) == (RequestState.GRANTED, "Kommundirektör")
    moved = make.fresh(owed)
    assert (moved.due_at, moved.ladder_from) == (LATER, NOW + HOUR)
    change = moved.due_changes.get()
    assert (change.old_due_at, change.new_due_at, change.cause, change.reason) == (
        DUE,
        LATER,
        "GRANTED",
        "Vi väntar på svar.",
    )
    assert make.verbs(owed)[-3:] == ["asked_more_time", "request_granted", "due_moved"]


def test_the_director_may_grant_another_day_than_was_asked_for():
    owed = issued()
    other_day = at("2020-06-22", "12:00")
    assignments.answer_request(more_time(owed), granted=True, due_at=other_day, by=by("director"), now=NOW)
    assert make.fresh(owed).due_at == other_day


def test_a_refusal_needs_words_and_moves_nothing():
    owed = issued()
    request = more_time(owed)
    with pytest.raises(Refused, match="varför"):
        assignments.answer_request(request, granted=False, by=by("director"), now=NOW)
    refused = assignments.answer_request(request, granted=False, answer="Det brådskar.", by=by("director"), now=NOW)
    assert refused.state == RequestState.REFUSED
    assert make.fresh(owed).due_at == DUE
    with pytest.raises(MoveNotAllowed):
        assignments.answer_request(request, granted=True, by=by("director"), now=NOW)
    assert make.fresh(owed).due_at == DUE
    # A new one may be asked.
    assert more_time(owed).state == RequestState.OPEN


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"reason": " "}, "varför"),
        ({"proposed_due_at": NOW - HOUR}, "redan passerat"),
        ({"proposed_due_at": DUE - HOUR}, "inte senare"),
    ],
)
def test_a_request_that_cannot_be_is_refused(values, words):
    with pytest.raises(Refused, match=words):
        more_time(issued(), **values)


@pytest.mark.parametrize("key", [*OUTSIDERS, "officer_social", "director"])
def test_only_the_head_or_who_submits_asks_and_they_learn_nothing_from_trying(key):
    owed = issued()
    with pytest.raises(NotAllowed):
        more_time(owed, by=by(key), proposed_due_at=NOW - HOUR)
    with pytest.raises(NotAllowed):
        decline(owed, by=by(key), proposed_organisation=make.department())
    request = more_time(owed)
    with pytest.raises(NotAllowed):
        assignments.withdraw_request(request, by=by(key), now=NOW)


@pytest.mark.parametrize("key", ["coordinator", "head_social", "head_education", "lpo_chief"])
def test_only_the_director_answers(key):
    with pytest.raises(NotAllowed):
        assignments.answer_request(more_time(issued()), granted=True, by=by(key), now=NOW)


def test_one_request_waits_at_a_time_and_can_be_taken_back():
    owed = issued()
    request = more_time(owed)
    with pytest.raises(Refused, match="redan en begäran"):
        decline(owed)
    assert assignments.withdraw_request(request, by=by("head_social"), now=NOW).state == RequestState.WITHDRAWN
    with pytest.raises(MoveNotAllowed):
        assignments.withdraw_request(request, by=by("head_social"), now=NOW)
    assert decline(owed).state == RequestState.OPEN


def test_nothing_is_asked_of_an_assignment_that_is_not_owed():
    report = make.submitted_report(now=NOW)
    with pytest.raises(Refused, match="inget att begära"):
        decline(report.assignment)


def test_a_request_falls_when_the_report_comes():
    owed = issued()
    request = more_time(owed)
    make.submitted_report(now=NOW, assignment=owed)
    assert make.fresh(request).state == RequestState.WITHDRAWN
    with pytest.raises(MoveNotAllowed):
        assignments.answer_request(request, granted=True, by=by("director"), now=NOW)
    assert make.fresh(owed).due_at == DUE


def test_a_granted_decline_is_handed_over_and_the_drafts_of_the_first_stay_with_the_first():
    owed = issued(is_public=True, public_text="Vi är ute.")
    draft = make.report_draft(now=NOW, assignment=owed, by="officer_social")
    request = decline(owed)
    assignments.answer_request(request, granted=True, by=by("director"), now=NOW + HOUR)

    first, heir = Assignment.objects.order_by("order")
    assert (first.state, heir.state) == (AssignmentState.CANCELLED, AssignmentState.ISSUED)
    assert heir.number in first.cancelled_reason
    assert (heir.organisation.slug, heir.due_at, heir.issued_at) == ("utbildningsforvaltningen", DUE, NOW + HOUR)
    assert (heir.title, heir.instruction, heir.public_text) == (owed.title, owed.instruction, "Vi är ute.")
    assert list(heir.points.all()) == list(first.points.all())
    assert make.verbs(heir) == ["created", "issued"]
    assert make.verbs(first)[-3:] == ["asked_decline", "request_granted", "cancelled"]
    assert list(type(draft).objects.visible_to(by("head_education"))) == []
    assert list(type(draft).objects.visible_to(by("head_social"))) == [draft]
    assert not heir.reports.exists()


def test_a_handed_over_assignment_gets_the_day_the_director_says_or_one_that_lies_ahead():
    owed = issued()
    assignments.answer_request(decline(owed), granted=True, due_at=LATER, by=by("director"), now=NOW)
    assert Assignment.objects.get(order=2).due_at == LATER
    late = issued()
    request = decline(late)
    after = at("2020-06-18", "13:00")
    assignments.answer_request(request, granted=True, by=by("director"), now=after)
    # Friday noon of the week after.
    assert Assignment.objects.get(decision=late.decision, order=2).due_at == at("2020-06-26", "12:00")


# --- The day, cancelling, exceptions --------------------------------------------------------------------------


def test_the_director_moves_the_day_with_a_reason():
    owed = issued()
    moved = assignments.set_due(
        owed, due_at=LATER, reason="Mer att göra.", by=by("director"), now=NOW, seen=owed.revision
    )
    assert (moved.due_at, moved.ladder_from) == (LATER, NOW)
    assert make.last_event(moved).details["cause"] == "MOVED"
    with pytest.raises(StalePage):
        assignments.set_due(owed, due_at=DUE, reason="Åter.", by=by("director"), now=NOW, seen=owed.revision)
    assert moved.due_changes.count() == 1


@pytest.mark.parametrize(
    ("values", "words"),
    [({"reason": ""}, "varför"), ({"due_at": NOW - HOUR}, "redan passerat")],
)
def test_a_day_is_not_moved_in_silence_or_into_the_past(values, words):
    with pytest.raises(Refused, match=words):
        assignments.set_due(
            issued(), **({"due_at": LATER, "reason": "Mer.", "by": by("director"), "now": NOW} | values)
        )


def test_the_day_of_what_is_not_owed_is_not_moved_not_even_from_an_old_page():
    owed = issued()
    make.submitted_report(now=NOW, assignment=owed)
    for page in (owed, make.fresh(owed)):
        with pytest.raises(Refused, match="inte på en återrapport"):
            assignments.set_due(page, due_at=LATER, reason="Mer.", by=by("director"), now=NOW)


@pytest.mark.parametrize("key", ["coordinator", "head_social", "lpo_chief", "auditor"])
def test_only_the_director_moves_cancels_and_excepts(key):
    owed = issued()
    with pytest.raises(NotAllowed):
        assignments.set_due(owed, due_at=LATER, reason="Mer.", by=by(key), now=NOW)
    with pytest.raises(NotAllowed):
        assignments.cancel_assignment(owed, reason="Fel.", by=by(key), now=NOW)
    with pytest.raises(NotAllowed):
        assignments.record_exception(owed, reason="Ok.", by=by(key), now=NOW)


def test_a_cancelled_assignment_says_why_and_takes_its_request_with_it():
    owed = issued()
    request = more_time(owed)
    with pytest.raises(Refused, match="varför"):
        assignments.cancel_assignment(owed, reason=" ", by=by("director"), now=NOW)
    cancelled = assignments.cancel_assignment(owed, reason="Görs av andra.", by=by("director"), now=NOW)
    assert (cancelled.state, cancelled.cancelled_reason) == (AssignmentState.CANCELLED, "Görs av andra.")
    assert make.fresh(request).state == RequestState.WITHDRAWN
    with pytest.raises(MoveNotAllowed):
        assignments.cancel_assignment(owed, reason="Igen.", by=by("director"), now=NOW)
    with pytest.raises(Refused, match="inget undantag"):
        assignments.record_exception(owed, reason="Ok.", by=by("director"), now=NOW)


@pytest.mark.parametrize("state", ["ACCEPTED"])
def test_what_is_accepted_is_not_cancelled(state):
    report = make.submitted_report(now=NOW)
    reports.accept(report, by=by("director"), now=NOW)
    with pytest.raises(MoveNotAllowed):
        assignments.cancel_assignment(report.assignment, reason="Fel.", by=by("director"), now=NOW)


def test_an_exception_needs_its_reason_and_falls_with_a_new_day():
    owed = issued()
    with pytest.raises(Refused, match="skälet"):
        assignments.record_exception(owed, reason="", by=by("director"), now=NOW)
    excepted = assignments.record_exception(owed, reason="Svaras i höst.", by=by("director"), now=NOW)
    assert make.last_event(owed).verb == "exception_recorded"
    assert decisions.unanswered_assignments(excepted.decision) == []
    assignments.set_due(excepted, due_at=LATER, reason="Behövs ändå.", by=by("director"), now=NOW)
    assert decisions.unanswered_assignments(excepted.decision) == [owed]


# --- The ledger -------------------------------------------------------------------------------------------------


def test_moves_take_back_what_the_ledger_had_planned():
    from incidents import reminders
    from lysekil_trygghet.notifications.operations import plan

    owed = issued()
    plan(reminders.plan(now=NOW), now=NOW)
    assert [row.state for row in Obligation.objects.filter(subject=owed.subject_key)] == [ObligationState.PLANNED]
    assignments.cancel_assignment(owed, reason="Fel.", by=by("director"), now=NOW)
    assert [row.state for row in Obligation.objects.filter(subject=owed.subject_key)] == [ObligationState.CANCELLED]


# --- At the same moment -------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_two_answers_at_once_and_one_wins():
    request = more_time(issued())
    director = by("director")
    pages = [make.fresh(request), make.fresh(request)]
    outcomes = at_once(
        lambda: assignments.answer_request(pages[0], granted=True, by=director, now=NOW),
        lambda: assignments.answer_request(pages[1], granted=False, answer="Nej.", by=director, now=NOW),
    )
    assert refused_with(outcomes) == ["MoveNotAllowed"]


@pytest.mark.django_db(transaction=True)
def test_an_answer_and_the_report_at_once_do_not_wait_for_each_other_in_a_circle():
    owed = issued()
    draft = make.report_draft(now=NOW, assignment=owed)
    request = more_time(owed)
    director, head = by("director"), by("head_social")
    outcomes = at_once(
        lambda: assignments.answer_request(make.fresh(request), granted=True, by=director, now=NOW),
        lambda: reports.submit(make.fresh(draft), secrecy_checked=True, by=head, now=NOW),
    )
    assert set(refused_with(outcomes)) <= {"MoveNotAllowed"}
    assert make.fresh(owed).state == AssignmentState.REPORTED
    assert make.fresh(request).state in (RequestState.GRANTED, RequestState.WITHDRAWN)


@pytest.mark.django_db(transaction=True)
def test_two_requests_at_once_leave_one():
    owed = issued()
    head = by("head_social")
    outcomes = at_once(*[lambda: more_time(make.fresh(owed), by=head)] * 2)
    assert refused_with(outcomes) == ["Refused"]
    assert owed.requests.count() == 1


@pytest.mark.django_db(transaction=True)
def test_assignments_drafted_at_once_get_different_numbers():
    decision = make.decision(now=NOW)
    point = decision.points.get()
    coordinator, to = by("coordinator"), make.department()

    def draft() -> Assignment:
        return assignments.draft_assignment(
            decision, organisation=to, title="X", instruction="X", due_at=DUE, points=[point], by=coordinator, now=NOW
        )

    assert sorted(made.order for made in at_once(*[draft] * 4)) == [1, 2, 3, 4]
