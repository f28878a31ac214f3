"""Rules of docs/rules.md that hold across several operations, where one of them alone could undo another's promise."""

from __future__ import annotations

import datetime as dt

import pytest

from incidents import policies, queries, queue
from incidents.lifecycle import AssignmentState, DecisionState, ReportState
from incidents.models import Assignment, FollowUpRound, SteeringDecision
from incidents.operations import assignments, decisions, meetings, news, pictures, police, publication, reports, rounds
from incidents.operations import responses as work
from incidents.operations.decisions import PointRow
from lysekil_trygghet.desk.tables import harmless
from lysekil_trygghet.history.guards import NotAllowed, Refused
from lysekil_trygghet.history.operations import StalePage

from .. import make_incidents as make
from ..make import at
from .typed import picture_file

pytestmark = pytest.mark.django_db

NOW = at("2020-06-09", "10:00")
DUE = at("2020-06-18", "12:00")
NEW_DAY = at("2020-06-24", "12:00")


def by(key: str):
    return make.acting(key, now=NOW)


# --- A decision in force covers every point ---------------------------------------------------------------


def test_a_revision_with_an_uncovered_point_is_decided_but_not_in_force():
    owed = make.issued_assignment(now=NOW)
    new = make.revision(owed.decision, now=NOW)
    rows = [PointRow("Vara där unga är.", pk=new.points.get().pk), PointRow("Ny inriktning.")]
    decisions.put_points(new, rows, by=by("coordinator"), now=NOW)
    decisions.choose(new, owed, choice="KEEP", by=by("director"), now=NOW)
    decisions.decide(new, by=by("director"), now=NOW)
    assert make.fresh(new).state == DecisionState.DECIDED

    make.assignment(now=NOW, decision=make.fresh(new), points=[new.points.get(order=2)])
    decisions.issue_all(make.fresh(new), by=by("director"), now=NOW)
    assert make.fresh(new).state == DecisionState.IN_FORCE


def test_nothing_new_is_decided_in_work_that_has_ended():
    response = make.response(now=NOW)
    work.end(response, closing_text="Det är lugnt.", by=by("director"), now=NOW)
    with pytest.raises(Refused, match="Insatsen är avslutad"):
        decisions.draft_decision(response, by=by("coordinator"), now=NOW)


# --- What is followed up stays answered -------------------------------------------------------------------


def followed_up(*, answered: bool) -> tuple[SteeringDecision, Assignment]:
    """A decision followed up although its assignment has no accepted answer, only an exception."""
    owed = make.issued_assignment(now=NOW)
    if answered:
        make.submitted_report(now=NOW, assignment=owed, outcome="ONGOING")
    held = make.follow_up_round(now=NOW, decision=owed.decision)
    rounds.except_in_round(make.round_items(held)[0], reason="Hinner inte.", by=by("director"), now=NOW)
    held = rounds.close(FollowUpRound.objects.get(pk=held.pk), by=by("director"), now=NOW)
    return decisions.follow_up(make.fresh(owed.decision), held, by=by("director"), now=NOW), make.fresh(owed)


def test_the_day_of_an_excepted_assignment_is_not_moved_after_the_follow_up():
    decision, owed = followed_up(answered=False)
    with pytest.raises(Refused, match="Beslutet är uppföljt"):
        assignments.set_due(owed, due_at=NEW_DAY, reason="Mer tid.", by=by("director"), now=NOW)
    assert make.fresh(owed).exception_reason == "Hinner inte."
    assert decisions.unanswered_assignments(make.fresh(decision)) == []


def test_a_late_report_on_a_decision_followed_up_is_accepted_as_it_is_or_waits():
    _decision, owed = followed_up(answered=True)
    report = owed.reports.get()
    with pytest.raises(Refused, match="Beslutet är uppföljt"):
        reports.accept(report, new_due_at=NEW_DAY, by=by("director"), now=NOW)
    with pytest.raises(Refused, match="Beslutet är uppföljt"):
        reports.return_report(report, reason="Mer.", new_due_at=NEW_DAY, by=by("director"), now=NOW)
    assert (make.fresh(report).state, make.fresh(owed).state) == (ReportState.SUBMITTED, AssignmentState.REPORTED)
    reports.accept(report, reason="Det räcker.", by=by("director"), now=NOW)
    assert make.fresh(owed).state == AssignmentState.ACCEPTED


@pytest.mark.parametrize("kind", ["more time", "decline"])
def test_a_request_is_not_granted_after_the_follow_up(kind):
    owed = make.issued_assignment(now=NOW)
    if kind == "more time":
        request = assignments.ask_more_time(
            owed, proposed_due_at=owed.due_at + dt.timedelta(days=3), reason="Sjuka.", by=by("head_social"), now=NOW
        )
    else:
        other = make.department("utbildningsforvaltningen")
        request = assignments.decline(owed, proposed_organisation=other, reason="Fel.", by=by("head_social"), now=NOW)
    held = make.follow_up_round(now=NOW, decision=owed.decision)
    rounds.except_in_round(make.round_items(held)[0], reason="Hinner inte.", by=by("director"), now=NOW)
    held = rounds.close(FollowUpRound.objects.get(pk=held.pk), by=by("director"), now=NOW)
    decisions.follow_up(make.fresh(owed.decision), held, by=by("director"), now=NOW)

    with pytest.raises(Refused, match="Beslutet är uppföljt"):
        assignments.answer_request(request, granted=True, by=by("director"), now=NOW)
    assert owed.decision.assignments.count() == 1
    assignments.answer_request(request, granted=False, answer="Beslutet är klart.", by=by("director"), now=NOW)


def test_a_decision_followed_up_can_still_be_revised_with_a_new_day():
    decision, owed = followed_up(answered=False)
    new = make.revision(decision, now=NOW)
    decisions.choose(new, owed, choice="MOVE", new_due_at=NEW_DAY, reason="Tas upp igen.", by=by("director"), now=NOW)
    decisions.decide(new, by=by("director"), now=NOW)
    assert (make.fresh(owed).due_at, make.fresh(owed).exception_reason) == (NEW_DAY, "")


# --- A cancelled assignment asks for nothing --------------------------------------------------------------


def test_a_report_on_a_cancelled_assignment_waits_for_nobody():
    report = make.submitted_report(now=NOW, public_text="Vi var ute.")
    director = by("director")
    assert list(queries.waiting_reports(director)) == [report]
    assignments.cancel_assignment(report.assignment, reason="Görs av andra.", by=director, now=NOW)

    assert list(queries.waiting_reports(director)) == []
    report = type(report).objects.select_related("assignment").get(pk=report.pk)
    assert not policies.can_judge_report(director, report)
    assert [row for row in queue.waiting(now=NOW) if row.slug == "svar"] == []


def test_only_those_who_have_it_acknowledge_an_assignment_also_when_it_is_done():
    owed = make.issued_assignment(now=NOW)
    assignments.acknowledge(owed, by=by("head_social"), now=NOW)
    for key in ("director", "auditor", "head_education"):
        with pytest.raises(NotAllowed):
            assignments.acknowledge(make.fresh(owed), by=by(key), now=NOW)


# --- What residents read is not changed in silence --------------------------------------------------------


def test_a_published_outcome_is_not_changed_by_those_who_do_not_publish():
    held = make.meeting(now=NOW, kind="STEERING")
    texts = {"notes": "Vi talades vid.", "outcome_public": "Vi fortsätter."}
    held = meetings.edit_meeting(held, values=texts, by=by("coordinator"), now=NOW)
    held = meetings.approve_minutes(held, by=by("coordinator"), now=NOW)
    held = publication.publish(held, by=by("communicator"), now=NOW)
    with pytest.raises(Refused, match="Avpublicera"):
        meetings.edit_meeting(held, values={"outcome_public": "Vi slutar."}, by=by("coordinator"), now=NOW)
    publication.withdraw(make.fresh(held), reason="Fel.", by=by("communicator"), now=NOW)
    edited = meetings.edit_meeting(held, values={"outcome_public": "Vi slutar."}, by=by("coordinator"), now=NOW)
    assert (edited.outcome_public, edited.is_public) == ("Vi slutar.", False)


def test_new_events_on_a_published_page_come_with_the_correction_that_was_typed():
    response = publication.publish(make.response(now=NOW), by=by("communicator"), now=NOW)
    event = make.event(now=NOW)
    edited = work.edit(
        response, values={}, events=[event], correction="En händelse till.", by=by("communicator"), now=NOW
    )
    assert list(edited.events.all()) == [event]
    assert [row.text for row in edited.corrections.all()] == ["En händelse till."]
    assert make.last_event(edited).verb == "corrected"


def test_another_picture_or_other_words_for_it_are_news_to_the_police(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    director, communicator = by("director"), by("communicator")
    update = pictures.add_picture(
        make.update(now=NOW, about_police=True), upload=picture_file(), alt="Torget", by=communicator, now=NOW
    )
    for change in (
        lambda thing: pictures.describe_picture(thing, alt="Patrullen på torget", by=communicator, now=NOW),
        lambda thing: pictures.add_picture(thing, upload=picture_file(), alt="Bilen", by=communicator, now=NOW),
        lambda thing: pictures.remove_picture(thing, by=communicator, now=NOW),
    ):
        update = publication.approve(make.fresh(update), by=director, now=NOW)
        update = police.confirm(update, by=by("lpo_chief"), now=NOW, seen=update.revision)
        assert update.confirmed_by_police
        assert not change(update).confirmed_by_police


def test_what_was_said_of_a_question_is_fixed_with_the_notes():
    held = make.meeting(now=NOW, response=make.response(now=NOW))
    question = meetings.raise_question(held, text="Kameror?", by=by("coordinator"), now=NOW)
    handling = question.handlings.get()
    meetings.note_question(handling, note="Polisen ser över det.", by=by("coordinator"), now=NOW)
    held = meetings.edit_meeting(held, values={"notes": "Vi talades vid."}, by=by("coordinator"), now=NOW)
    meetings.approve_minutes(held, by=by("coordinator"), now=NOW)
    with pytest.raises(Refused, match="godkända"):
        meetings.note_question(handling, note="Något annat.", by=by("coordinator"), now=NOW)
    assert make.fresh(handling).note == "Polisen ser över det."


# --- Links are part of what a page showed -----------------------------------------------------------------


def test_functions_events_and_points_changed_meanwhile_make_a_page_stale():
    coordinator = by("coordinator")
    functions = list(make.department("polisen").functions.all())
    held = make.meeting(now=NOW, functions=functions[:1])
    call = meetings.prepare_convening(
        make.response(now=NOW), meeting_at=DUE, place="Salen", purpose="Läget", functions=functions[:1],
        by=coordinator, now=NOW,
    )  # fmt: skip
    response = make.response(now=NOW)
    draft = make.assignment(now=NOW, decision=make.decision(now=NOW, points=("Ett.", "Två.")))
    first, second = draft.decision.points.all()
    common = {"by": coordinator, "now": NOW}
    edits = (
        (held, lambda seen: meetings.edit_meeting(held, values={}, functions=functions, seen=seen, **common)),
        (call, lambda seen: meetings.edit_convening(call, values={}, functions=functions, seen=seen, **common)),
        (response, lambda seen: work.edit(response, values={}, events=[make.event(now=NOW)], seen=seen, **common)),
        (draft, lambda seen: assignments.edit_assignment(draft, values={}, points=[second], seen=seen, **common)),
    )
    for thing, edit in edits:
        seen = make.fresh(thing).revision
        edit(seen)
        assert make.fresh(thing).revision == seen + 1
        assert make.last_event(thing).verb == "changed"
    assert first not in draft.points.all()
    for _thing, edit in (edits[2],):
        with pytest.raises(StalePage):
            edit(0)


# --- A question is answered about what was shown ----------------------------------------------------------


def test_what_was_changed_meanwhile_is_not_thrown_away_or_handed_in_unseen():
    coordinator, director = by("coordinator"), by("director")
    update = make.update(now=NOW)
    news.edit_update(update, values={"lead": "En kollegas text."}, by=by("communicator"), now=NOW)
    package = make.package(now=NOW)
    item = news.put_item(package, item=None, values={"what": "Lagar lampor."}, by=coordinator, now=NOW)
    news.put_item(make.fresh(package), item=item, values={"what": "Lagar alla lampor."}, by=coordinator, now=NOW)
    draft = make.decision(now=NOW)
    seen_draft = draft.revision
    decisions.edit_decision(draft, values={"aim": "Nytt mål."}, by=director, now=NOW)
    drafted = make.assignment(now=NOW)
    assignments.edit_assignment(drafted, values={"title": "Ny rubrik"}, by=director, now=NOW)
    head, officer = by("head_social"), by("officer_social")
    response, department = make.response(now=NOW), make.department()
    status = meetings.write_status_report(response, organisation=department, text="Lugnt.", by=head, now=NOW)
    meetings.write_status_report(
        response, organisation=department, text="Oroligt.", report=status, by=officer, now=NOW
    )
    for act in (
        lambda: news.discard_update(update, by=coordinator, now=NOW, seen=update.revision),
        lambda: news.remove_item(item, by=coordinator, now=NOW, seen=item.revision),
        lambda: decisions.discard_draft(draft, by=director, now=NOW, seen=seen_draft),
        lambda: assignments.remove_draft(drafted, by=director, now=NOW, seen=drafted.revision),
        lambda: meetings.submit_status_report(status, by=head, now=NOW, seen=status.revision),
    ):
        with pytest.raises(StalePage):
            act()
    for thing in (update, item, draft, drafted, status):
        assert make.fresh(thing).pk


# --- A list that is carried away ----------------------------------------------------------------------------


@pytest.mark.parametrize("begins", ["=", "+", "-", "@", "\t=", "\r=", "＝", "＋", "－", "＠", " ="])
def test_no_spreadsheet_takes_a_cell_for_a_formula(begins):
    assert harmless(begins + "1+1").startswith("'")
