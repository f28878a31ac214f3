"""Report-backs: drafted inside the department, submitted and fixed, accepted or returned by somebody else."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import DatabaseError, transaction

from incidents.lifecycle import AssignmentState, ReportState
from incidents.models import ReportBack
from incidents.operations import assignments, decisions, reports
from lysekil_trygghet.history.guards import NotAllowed, Refused
from lysekil_trygghet.history.operations import MoveNotAllowed, StalePage
from lysekil_trygghet.notifications.models import Obligation

from .. import make as people
from .. import make_incidents as make
from ..make import at
from .at_once import at_once, refused_with

pytestmark = pytest.mark.django_db

NOW = at("2020-06-09", "10:00")
DUE = at("2020-06-18", "12:00")
NEW_DAY = at("2020-06-24", "12:00")


def by(key: str):
    return make.acting(key, now=NOW)


def draft(**values) -> ReportBack:
    return make.report_draft(now=NOW, **values)


def submitted(**values) -> ReportBack:
    return make.submitted_report(now=NOW, **values)


def submit(report: ReportBack, **values) -> ReportBack:
    return reports.submit(report, **({"secrecy_checked": True, "by": by("head_social"), "now": NOW} | values))


# --- Drafts ---------------------------------------------------------------------------------------------------


def test_the_department_writes_on_one_draft():
    owed = make.issued_assignment(now=NOW)
    first = reports.open_draft(owed, by=by("officer_social"), now=NOW)
    assert reports.open_draft(owed, by=by("head_social"), now=NOW) == first
    assert (first.version, first.state, make.verbs(first)) == (1, ReportState.DRAFT, ["created"])
    saved = reports.save_draft(first, values={"done_text": "Vi var ute."}, by=by("officer_social"), now=NOW, seen=0)
    assert (saved.done_text, saved.saved_at, saved.revision) == ("Vi var ute.", NOW, 1)


@pytest.mark.parametrize("key", ["director", "coordinator", "head_education", "lpo_chief", "registrar", "auditor"])
def test_nobody_else_opens_saves_or_submits(key):
    report = draft()
    with pytest.raises(NotAllowed):
        reports.open_draft(report.assignment, by=by(key), now=NOW)
    with pytest.raises(NotAllowed):
        reports.save_draft(report, values={"done_text": "X"}, by=by(key), now=NOW)
    with pytest.raises(NotAllowed):
        submit(report, by=by(key))


def test_a_colleague_who_saved_meanwhile_makes_the_page_stale():
    report = draft()
    reports.save_draft(report, values={"done_text": "A"}, by=by("officer_social"), now=NOW, seen=report.revision)
    with pytest.raises(StalePage) as stale:
        reports.save_draft(report, values={"done_text": "B"}, by=by("head_social"), now=NOW, seen=report.revision)
    assert stale.value.current.done_text == "A"


def test_only_the_reports_own_texts_are_saved():
    report = draft()
    reports.save_draft(
        report, values={"answer": "X", "version": 9, "obstacles": "Regn"}, by=by("head_social"), now=NOW
    )
    fresh = make.fresh(report)
    assert (fresh.answer, fresh.version, fresh.obstacles) == ("", 1, "Regn")


def test_what_is_typed_is_kept_when_the_assignment_was_cancelled_meanwhile():
    report = draft()
    assignments.cancel_assignment(report.assignment, reason="Fel.", by=by("director"), now=NOW)
    kept = reports.save_draft(report, values={"done_text": "Skrivet."}, by=by("officer_social"), now=NOW)
    assert kept.done_text == "Skrivet."
    with pytest.raises(Refused, match="utgått"):
        submit(kept)
    with pytest.raises(Refused, match="utgått"):
        reports.open_draft(make.fresh(report.assignment), by=by("officer_social"), now=NOW)


# --- Submitting -------------------------------------------------------------------------------------------------


def test_the_head_submits_and_the_assignment_is_answered():
    report = draft()
    seen = report.revision
    done = submit(report, seen=seen)
    assert (done.state, done.submitted_at, done.submitted_by_function) == (ReportState.SUBMITTED, NOW, "Socialchef")
    assert (done.secrecy_checked_at, done.submitted_by) == (NOW, make.person("head_social"))
    owed = make.fresh(report.assignment)
    assert (owed.state, owed.reported_at, owed.acknowledged_at) == (AssignmentState.REPORTED, NOW, NOW)
    assert make.last_event(done).details == {"from": "DRAFT", "to": "SUBMITTED", "version": 1}
    assert make.last_event(owed).details == {"from": "ISSUED", "to": "REPORTED", "report": done.pk}


def test_a_case_officer_does_not_submit_unless_it_was_delegated():
    report = draft()
    with pytest.raises(NotAllowed):
        submit(report, by=by("officer_social"))
    people.delegation(user=make.person("officer_social"), organisation=make.department(), power="SUBMIT_REPORTS")
    assert submit(report, by=by("officer_social")).state == ReportState.SUBMITTED


@pytest.mark.parametrize(
    ("texts", "words"),
    [
        ({"outcome": ""}, "Välj hur det gick"),
        ({"done_text": " "}, "vad ni har gjort"),
        ({"outcome": "PARTLY"}, "varför det inte är klart"),
        ({"outcome": "NOT_DONE"}, "varför det inte är klart"),
    ],
)
def test_a_report_that_misses_something_is_not_submitted(texts, words):
    report = draft(**texts)
    with pytest.raises(Refused, match=words):
        submit(report)
    assert make.fresh(report).state == ReportState.DRAFT


@pytest.mark.parametrize("outcome", ["DONE", "ONGOING"])
def test_on_track_needs_no_reason(outcome):
    assert submit(draft(outcome=outcome)).state == ReportState.SUBMITTED


def test_nothing_is_submitted_without_a_look_at_secrecy():
    with pytest.raises(Refused, match="sekretess"):
        submit(draft(), secrecy_checked=False)


def test_submitted_twice_is_submitted_once():
    report = draft()
    submit(report)
    with pytest.raises(MoveNotAllowed):
        submit(report)
    assert make.verbs(report).count("submitted") == 1


def test_a_stale_page_does_not_submit_what_it_did_not_show():
    report = draft()
    reports.save_draft(report, values={"done_text": "Nytt."}, by=by("officer_social"), now=NOW)
    with pytest.raises(StalePage):
        submit(report, seen=report.revision)
    assert make.fresh(report).state == ReportState.DRAFT
    assert make.fresh(report.assignment).state == AssignmentState.ISSUED


# --- A submitted version is fixed ---------------------------------------------------------------------------------


def test_the_operations_change_no_submitted_version():
    report = submitted()
    with pytest.raises(Refused, match="redan inlämnad"):
        reports.save_draft(report, values={"done_text": "Annat"}, by=by("head_social"), now=NOW)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *[(name, "ändrat") for name in ReportBack.TEXTS if name != "outcome"],
        ("outcome", "NOT_DONE"),
        ("version", 7),
        ("submitted_at", NOW + dt.timedelta(hours=1)),
        ("submitted_by_function", "Någon annan"),
        ("submitted_by", None),
        ("secrecy_checked_by_function", "Någon annan"),
        ("state", ReportState.DRAFT),
    ],
)
def test_the_database_itself_refuses(field, value):
    report = submitted()
    with pytest.raises(DatabaseError, match="cannot be changed"), transaction.atomic():
        ReportBack.objects.filter(pk=report.pk).update(**{field: value})
    fresh = make.fresh(report)
    assert getattr(fresh, field) == getattr(report, field)
    setattr(fresh, field, value)
    with pytest.raises(DatabaseError), transaction.atomic():
        fresh.save()


def test_the_answer_and_the_diary_number_may_still_be_written():
    report = submitted()
    reports.set_diary_number(report, diary_number="KS 2020-77", by=by("registrar"), now=NOW)
    accepted = reports.accept(report, reason="Tack.", by=by("director"), now=NOW)
    assert (make.fresh(accepted).diary_number, accepted.answer) == ("KS 2020-77", "Tack.")
    assert "KS 2020-77" not in str(make.last_event(report).details)


def test_a_draft_is_changed_freely():
    ReportBack.objects.filter(pk=draft().pk).update(done_text="Ändrat.")
    assert ReportBack.objects.get().done_text == "Ändrat."


def test_a_change_is_a_new_version_that_replaces_the_waiting_one():
    first = submitted(done_text="Fyra kvällar.")
    second = reports.open_draft(first.assignment, by=by("head_social"), now=NOW)
    assert (second.version, second.done_text) == (2, "Fyra kvällar.")
    second = reports.save_draft(second, values={"done_text": "Fem kvällar."}, by=by("head_social"), now=NOW)
    submit(second)
    old = make.fresh(first)
    assert (old.state, old.done_text) == (ReportState.REPLACED, "Fyra kvällar.")
    assert make.last_event(old).details["new_version"] == 2
    with pytest.raises(MoveNotAllowed):
        reports.accept(old, by=by("director"), now=NOW)
    assert reports.accept(second, by=by("director"), now=NOW).state == ReportState.ACCEPTED


def test_nothing_new_is_begun_or_submitted_after_the_answer_was_accepted():
    first = submitted()
    begun = reports.open_draft(first.assignment, by=by("head_social"), now=NOW)
    reports.accept(first, by=by("director"), now=NOW)
    with pytest.raises(Refused, match="redan godkänd"):
        submit(begun)
    with pytest.raises(Refused, match="redan godkänd"):
        reports.open_draft(make.fresh(first.assignment), by=by("head_social"), now=NOW)


# --- Accepting and returning ----------------------------------------------------------------------------------------


def test_the_director_accepts():
    report = submitted()
    done = reports.accept(report, by=by("director"), now=NOW, seen=report.revision)
    assert (done.state, done.answered_by_function) == (ReportState.ACCEPTED, "Kommundirektör")
    owed = make.fresh(report.assignment)
    assert (owed.state, owed.accepted_at) == (AssignmentState.ACCEPTED, NOW)
    assert make.last_event(owed).details == {"from": "REPORTED", "to": "ACCEPTED", "report": report.pk}
    with pytest.raises(MoveNotAllowed):
        reports.accept(report, by=by("director"), now=NOW)
    with pytest.raises(MoveNotAllowed):
        reports.return_report(report, reason="X", new_due_at=NEW_DAY, by=by("director"), now=NOW)


@pytest.mark.parametrize(
    "key", ["head_social", "officer_social", "head_education", "lpo_chief", "registrar", "auditor"]
)
def test_others_neither_accept_nor_return(key):
    report = submitted()
    with pytest.raises(NotAllowed):
        reports.accept(report, by=by(key), now=NOW)
    with pytest.raises(NotAllowed):
        reports.return_report(report, reason="X", new_due_at=NEW_DAY, by=by(key), now=NOW)


def test_the_coordinator_accepts_all_but_the_own_departments():
    assert reports.accept(submitted(), by=by("coordinator"), now=NOW).state == ReportState.ACCEPTED
    owed = make.issued_assignment(now=NOW, organisation=make.department("kommunstyrelseforvaltningen"))
    own = submitted(assignment=owed, by="head_executive")
    with pytest.raises(NotAllowed):
        reports.accept(own, by=by("coordinator"), now=NOW)
    with pytest.raises(NotAllowed):
        reports.return_report(own, reason="X", new_due_at=NEW_DAY, by=by("coordinator"), now=NOW)
    assert reports.accept(own, by=by("director"), now=NOW).state == ReportState.ACCEPTED


def test_a_deputy_does_not_accept_what_the_own_department_reports():
    people.delegation(user=make.person("head_social"), organisation=make.department("kommunledning"), power="DECIDE")
    with pytest.raises(NotAllowed):
        reports.accept(submitted(), by=by("head_social"), now=NOW)


def test_whoever_submits_for_a_department_does_not_accept_for_the_director():
    people.delegation(user=make.person("coordinator"), organisation=make.department(), power="SUBMIT_REPORTS")
    report = draft()
    submit(report, by=by("coordinator"))
    with pytest.raises(NotAllowed):
        reports.accept(make.fresh(report), by=by("coordinator"), now=NOW)


def test_nobody_accepts_what_they_submitted_before_they_changed_jobs():
    report = submitted()
    mover = make.person("head_social")
    mover.memberships.update(valid_to=dt.date(2020, 6, 9))
    people.membership(user=mover, organisation=make.department("kommunledning"), role="MUNICIPAL_DIRECTOR")
    day_after = at("2020-06-10", "10:00")
    with pytest.raises(NotAllowed):
        reports.accept(report, by=make.acting("head_social", now=day_after), now=day_after)


@pytest.mark.parametrize("outcome", ["ONGOING", "PARTLY", "NOT_DONE"])
def test_unfinished_work_is_accepted_with_a_new_day_or_a_reason(outcome):
    texts = {"outcome": outcome, "off_track_reason": "Regn."}
    with pytest.raises(Refused, match="ny dag"):
        reports.accept(submitted(**texts), by=by("director"), now=NOW)

    ends = submitted(**texts)
    reports.accept(ends, reason="Det räcker.", by=by("director"), now=NOW)
    assert make.fresh(ends.assignment).closing_reason == "Det räcker."
    assert make.fresh(ends.assignment).state == AssignmentState.ACCEPTED

    goes_on = submitted(**texts)
    with pytest.raises(Refused, match="redan passerat"):
        reports.accept(goes_on, new_due_at=NOW, by=by("director"), now=NOW)
    reports.accept(goes_on, new_due_at=NEW_DAY, by=by("director"), now=NOW)
    owed = make.fresh(goes_on.assignment)
    assert (owed.state, owed.due_at, owed.ladder_from) == (AssignmentState.ACKNOWLEDGED, NEW_DAY, NOW)
    assert owed.due_changes.get().cause == "CONTINUED"
    assert make.verbs(owed)[-2:] == ["continued", "due_moved"]
    # The next report is version 2.
    assert submitted(assignment=owed).version == 2


def test_returned_with_what_is_missing_and_a_new_day():
    report = submitted()
    for values, words in (({"reason": " "}, "kompletteras"), ({"new_due_at": NOW}, "redan passerat")):
        with pytest.raises(Refused, match=words):
            reports.return_report(
                report, **({"reason": "Mer.", "new_due_at": NEW_DAY, "by": by("director"), "now": NOW} | values)
            )
    done = reports.return_report(report, reason="Hur många?", new_due_at=NEW_DAY, by=by("coordinator"), now=NOW)
    assert (done.state, done.answer) == (ReportState.RETURNED, "Hur många?")
    owed = make.fresh(report.assignment)
    assert (owed.state, owed.due_at, owed.ladder_from) == (AssignmentState.RETURNED, NEW_DAY, NOW)
    assert owed.due_changes.get().cause == "RETURNED"
    again = reports.open_draft(owed, by=by("officer_social"), now=NOW)
    assert (again.version, again.done_text) == (2, report.done_text)
    submit(again)
    assert make.fresh(owed).state == AssignmentState.REPORTED
    assert make.fresh(report).state == ReportState.RETURNED


def test_an_answer_given_on_an_old_page_is_refused():
    report = submitted()
    reports.set_diary_number(report, diary_number="KS 1", by=by("registrar"), now=NOW)
    with pytest.raises(StalePage):
        reports.accept(report, by=by("director"), now=NOW, seen=report.revision + 1)


def test_a_report_on_a_cancelled_assignment_is_not_accepted():
    report = submitted()
    assignments.cancel_assignment(report.assignment, reason="Fel.", by=by("director"), now=NOW)
    with pytest.raises(MoveNotAllowed):
        reports.accept(report, by=by("director"), now=NOW)
    assert make.fresh(report).state == ReportState.SUBMITTED


def test_only_registrar_and_coordinator_set_diary_numbers():
    report = submitted()
    for key in ("director", "head_social", "lpo_chief"):
        with pytest.raises(NotAllowed):
            reports.set_diary_number(report, diary_number="X", by=by(key), now=NOW)
    decision = make.fresh(report.assignment.decision)
    reports.set_diary_number(decision, diary_number="KS 2020-1", by=by("coordinator"), now=NOW)
    assert make.fresh(decision).diary_number == "KS 2020-1"


# --- At the same moment -----------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_two_submit_at_once_and_one_wins():
    report = draft()
    head = by("head_social")
    pages = [make.fresh(report), make.fresh(report)]
    outcomes = at_once(*[lambda page=page: submit(page, by=head) for page in pages])
    assert refused_with(outcomes) == ["MoveNotAllowed"]
    assert make.verbs(report).count("submitted") == 1
    assert make.verbs(report.assignment).count("reported") == 1


@pytest.mark.django_db(transaction=True)
def test_two_accept_at_once_and_one_wins():
    report = submitted()
    director, coordinator = by("director"), by("coordinator")
    pages = [make.fresh(report), make.fresh(report)]
    outcomes = at_once(
        lambda: reports.accept(pages[0], by=director, now=NOW),
        lambda: reports.accept(pages[1], by=coordinator, now=NOW),
    )
    assert refused_with(outcomes) == ["MoveNotAllowed"]
    assert make.verbs(report).count("accepted") == 1


@pytest.mark.django_db(transaction=True)
def test_accepted_and_returned_at_once_is_one_of_them():
    report = submitted()
    director, coordinator = by("director"), by("coordinator")
    pages = [make.fresh(report), make.fresh(report)]
    outcomes = at_once(
        lambda: reports.accept(pages[0], by=director, now=NOW),
        lambda: reports.return_report(pages[1], reason="X", new_due_at=NEW_DAY, by=coordinator, now=NOW),
    )
    assert refused_with(outcomes) == ["MoveNotAllowed"]
    pair = (make.fresh(report).state, make.fresh(report.assignment).state)
    assert pair in (
        (ReportState.ACCEPTED, AssignmentState.ACCEPTED),
        (ReportState.RETURNED, AssignmentState.RETURNED),
    )


@pytest.mark.django_db(transaction=True)
def test_accepted_and_replaced_at_once_do_not_wait_for_each_other_in_a_circle():
    first = submitted()
    second = reports.open_draft(first.assignment, by=by("head_social"), now=NOW)
    director, head = by("director"), by("head_social")
    outcomes = at_once(
        lambda: reports.accept(make.fresh(first), by=director, now=NOW),
        lambda: submit(make.fresh(second), by=head),
    )
    assert len(refused_with(outcomes)) == 1
    assert set(refused_with(outcomes)) <= {"MoveNotAllowed", "Refused"}
    states = (make.fresh(first).state, make.fresh(second).state)
    assert states in ((ReportState.ACCEPTED, ReportState.DRAFT), (ReportState.REPLACED, ReportState.SUBMITTED))


@pytest.mark.django_db(transaction=True)
def test_two_open_a_draft_at_once_and_write_on_the_same():
    owed = make.issued_assignment(now=NOW)
    head, officer = by("head_social"), by("officer_social")
    outcomes = at_once(
        lambda: reports.open_draft(make.fresh(owed), by=head, now=NOW),
        lambda: reports.open_draft(make.fresh(owed), by=officer, now=NOW),
    )
    assert [getattr(outcome, "pk", outcome) for outcome in outcomes] == [ReportBack.objects.get().pk] * 2


@pytest.mark.django_db(transaction=True)
def test_submitted_and_cancelled_at_once_ends_cancelled_or_waiting():
    report = draft()
    director, head = by("director"), by("head_social")
    at_once(
        lambda: submit(make.fresh(report), by=head),
        lambda: assignments.cancel_assignment(make.fresh(report.assignment), reason="Fel.", by=director, now=NOW),
    )
    assert make.fresh(report.assignment).state == AssignmentState.CANCELLED
    assert make.fresh(report).state in (ReportState.DRAFT, ReportState.SUBMITTED)
    assert not Obligation.objects.filter(state="PLANNED").exists()
    assert decisions.unanswered_assignments(report.assignment.decision) == []
