"""Convening with its call, meetings and minutes, directives, situation reports, open questions."""

from __future__ import annotations

import datetime as dt

import pytest

from incidents.lifecycle import ConveningState, DirectiveState, MinutesState, QuestionState, StatusReportState
from incidents.models import Convening, Meeting, OpenQuestion, QuestionHandling, StatusReport
from incidents.operations import meetings, police, publication
from lysekil_trygghet.accounts.models import Function
from lysekil_trygghet.history.guards import NotAllowed, Refused
from lysekil_trygghet.history.operations import MoveNotAllowed, StalePage

from .. import make_incidents as make
from ..make import at
from .at_once import at_once, refused_with

pytestmark = pytest.mark.django_db

NOW = at("2020-06-09", "10:00")
AT_ONE = at("2020-06-09", "13:00")
OTHERS = ["head_social", "communicator", "lpo_chief", "registrar", "auditor"]


def by(key: str):
    return make.acting(key, now=NOW)


def prepared(**values) -> Convening:
    defaults = {"meeting_at": AT_ONE, "place": "Stadshuset", "purpose": "Lägesrapport och direktiv", "now": NOW}
    response = values.pop("response", None) or make.response(now=NOW)
    functions = values.pop("functions", None) or Function.objects.filter(is_key=True)
    return meetings.prepare_convening(response, functions=functions, by=by("coordinator"), **(defaults | values))


# --- Convening --------------------------------------------------------------------------------------------


def test_the_call_makes_the_meeting_it_calls_to():
    call = prepared()
    sent = meetings.send_call(call, by=by("director"), now=NOW, seen=call.revision)
    assert (sent.state, sent.called_at, sent.called_by_function) == (ConveningState.CALLED, NOW, "Kommundirektör")
    meeting = sent.meeting
    assert (meeting.held_at, meeting.place, meeting.agenda) == (AT_ONE, "Stadshuset", "Lägesrapport och direktiv")
    assert list(meeting.functions_present.all()) == list(call.functions.all())
    assert make.verbs(call) == ["created", "called"]
    assert make.last_event(call).details["functions"] == [function.pk for function in call.functions.all()]


def test_a_call_sent_twice_is_sent_once_and_makes_one_meeting():
    call = prepared()
    meetings.send_call(call, by=by("director"), now=NOW)
    with pytest.raises(MoveNotAllowed):
        meetings.send_call(call, by=by("director"), now=NOW)
    assert Meeting.objects.count() == 1


def test_a_call_needs_somebody_and_a_time_ahead():
    call = prepared()
    call.functions.clear()
    with pytest.raises(Refused, match="minst en funktion"):
        meetings.send_call(call, by=by("director"), now=NOW)
    call.functions.set(Function.objects.filter(code="socialchef"))
    with pytest.raises(Refused, match="redan varit"):
        meetings.send_call(call, by=by("director"), now=AT_ONE)
    assert not Meeting.objects.exists()


def test_what_was_called_is_not_rewritten_not_even_from_an_old_page():
    call = prepared()
    edited = meetings.edit_convening(
        call, values={"place": "Havsstensfjorden"}, functions=Function.objects.filter(code="socialchef"),
        by=by("coordinator"), now=NOW, seen=call.revision,
    )  # fmt: skip
    assert (edited.place, edited.functions.count()) == ("Havsstensfjorden", 1)
    with pytest.raises(StalePage):
        meetings.edit_convening(call, values={"place": "X"}, by=by("director"), now=NOW, seen=call.revision)
    meetings.send_call(call, by=by("director"), now=NOW)
    with pytest.raises(Refused, match="skickad"):
        meetings.edit_convening(edited, values={"place": "X"}, by=by("director"), now=NOW)


def test_called_off_once():
    call = meetings.send_call(prepared(), by=by("director"), now=NOW)
    off = meetings.cancel_convening(call, by=by("coordinator"), now=NOW)
    assert (off.state, off.cancelled_at) == (ConveningState.CANCELLED, NOW)
    with pytest.raises(MoveNotAllowed):
        meetings.cancel_convening(call, by=by("director"), now=NOW)
    with pytest.raises(MoveNotAllowed):
        meetings.send_call(call, by=by("director"), now=NOW)


@pytest.mark.parametrize("key", OTHERS)
def test_others_neither_convene_nor_meet(key):
    call, meeting = prepared(), make.meeting(now=NOW)
    other = by(key)
    for act in (
        lambda: meetings.prepare_convening(
            call.response, meeting_at=AT_ONE, place="X", purpose="X", functions=[], by=other, now=NOW
        ),
        lambda: meetings.edit_convening(call, values={"place": "X"}, by=other, now=NOW),
        lambda: meetings.send_call(call, by=other, now=NOW),
        lambda: meetings.cancel_convening(call, by=other, now=NOW),
        lambda: meetings.create_meeting(response=None, kind="OTHER", title="X", held_at=NOW, by=other, now=NOW),
        lambda: meetings.edit_meeting(meeting, values={"notes": "X"}, by=other, now=NOW),
        lambda: meetings.approve_minutes(meeting, by=other, now=NOW),
        lambda: meetings.raise_question(meeting, text="X", by=other, now=NOW),
        lambda: meetings.give_directive(
            call.response, organisation=make.department(), text="X", meeting=None, by=other, now=NOW
        ),
    ):
        with pytest.raises(NotAllowed):
            act()


# --- Meetings and minutes ---------------------------------------------------------------------------------


def test_notes_are_written_approved_and_fixed():
    call = meetings.send_call(prepared(), by=by("director"), now=NOW)
    meeting = call.meeting
    with pytest.raises(Refused, match="Skriv minnesanteckningar"):
        meetings.approve_minutes(meeting, by=by("director"), now=AT_ONE)
    noted = meetings.edit_meeting(meeting, values={"notes": "Alla var där."}, by=by("coordinator"), now=NOW)
    assert noted.minutes_state == MinutesState.DRAFT
    with pytest.raises(Refused, match="inte varit"):
        meetings.approve_minutes(noted, by=by("director"), now=NOW)
    done = meetings.approve_minutes(noted, by=by("director"), now=AT_ONE)
    assert done.minutes_state == MinutesState.APPROVED
    assert make.fresh(call).state == ConveningState.HELD
    assert make.verbs(meeting)[-2:] == ["noted", "minutes_approved"]
    for page in (noted, done):
        with pytest.raises(Refused, match="godkända"):
            meetings.edit_meeting(page, values={"notes": "Annat."}, by=by("director"), now=AT_ONE)
    with pytest.raises(MoveNotAllowed):
        meetings.approve_minutes(done, by=by("director"), now=AT_ONE)
    corrected = meetings.edit_meeting(done, values={"outcome_public": "Vi ses igen."}, by=by("director"), now=AT_ONE)
    assert corrected.outcome_public == "Vi ses igen."


def test_two_who_write_notes_at_the_same_time_are_told():
    meeting = make.meeting(now=NOW)
    meetings.edit_meeting(meeting, values={"place": "Rådhuset"}, by=by("coordinator"), now=NOW, seen=0)
    with pytest.raises(StalePage):
        meetings.edit_meeting(meeting, values={"notes": "B"}, by=by("director"), now=NOW, seen=0)


def test_a_meeting_with_the_police_stays_about_the_police():
    meeting = make.meeting(now=NOW)
    assert not meeting.about_police
    meeting = meetings.edit_meeting(meeting, values={"kind": "POLICE"}, by=by("coordinator"), now=NOW)
    assert meeting.about_police
    meeting = meetings.edit_meeting(
        meeting, values={"kind": "OTHER", "notes": "N", "outcome_public": "Polisen gör mer."},
        by=by("coordinator"), now=NOW,
    )  # fmt: skip
    assert meeting.about_police
    meeting = meetings.approve_minutes(meeting, by=by("director"), now=NOW)
    with pytest.raises(Refused, match="Polisen har inte bekräftat"):
        publication.publish(meeting, by=by("communicator"), now=NOW)
    meeting = police.confirm(meeting, by=by("lpo_chief"), now=NOW, seen=meeting.revision)
    assert publication.publish(meeting, by=by("communicator"), now=NOW).is_public


# --- Open questions ---------------------------------------------------------------------------------------


def test_a_question_is_carried_from_meeting_to_meeting_until_it_is_answered():
    response = make.response(now=NOW)
    first = make.meeting(now=NOW, response=response, held_at=NOW)
    cameras = meetings.raise_question(first, text="Kan det bli kameror?", by=by("coordinator"), now=NOW)
    second = make.meeting(now=NOW, response=response, held_at=NOW + dt.timedelta(days=7))
    third = make.meeting(now=NOW, response=response, held_at=NOW + dt.timedelta(days=14))
    on_agenda = [handling.meeting for handling in cameras.handlings.order_by("meeting__held_at")]
    assert on_agenda == [first, second, third]
    meetings.note_question(cameras.handlings.get(meeting=second), note="Polisen söker.", by=by("director"), now=NOW)

    with pytest.raises(Refused, match="Skriv svaret"):
        meetings.answer_question(cameras, answer=" ", meeting=second, by=by("director"), now=NOW)
    answered = meetings.answer_question(cameras, answer="Ja, två.", meeting=second, by=by("director"), now=NOW)
    assert (answered.state, answered.answered_at_meeting) == (QuestionState.ANSWERED, second)
    assert [handling.meeting for handling in cameras.handlings.order_by("meeting__held_at")] == [first, second]
    fourth = make.meeting(now=NOW, response=response, held_at=NOW + dt.timedelta(days=21))
    assert not QuestionHandling.objects.filter(meeting=fourth).exists()
    with pytest.raises(MoveNotAllowed):
        meetings.answer_question(cameras, answer="Nej.", meeting=third, by=by("director"), now=NOW)
    assert make.verbs(cameras) == ["created", "discussed", "answered"]


def test_a_question_raised_late_is_put_on_the_meetings_already_planned():
    response = make.response(now=NOW)
    planned = make.meeting(now=NOW, response=response, held_at=NOW + dt.timedelta(days=7))
    elsewhere = make.meeting(now=NOW, response=make.response(now=NOW), held_at=NOW + dt.timedelta(days=7))
    meeting = make.meeting(now=NOW, response=response, held_at=NOW)
    question = meetings.raise_question(meeting, text="Kameror?", by=by("coordinator"), now=NOW)
    assert {handling.meeting for handling in question.handlings.all()} == {meeting, planned}
    assert elsewhere.question_handlings.count() == 0


def test_a_meeting_put_under_a_response_later_gets_its_questions():
    response = make.response(now=NOW)
    asked = make.meeting(now=NOW, response=response)
    question = meetings.raise_question(asked, text="Kameror?", by=by("coordinator"), now=NOW)
    loose = make.meeting(now=NOW)
    meetings.edit_meeting(loose, values={"response": response}, by=by("coordinator"), now=NOW)
    assert question.handlings.filter(meeting=loose).exists()


def test_a_question_belongs_to_a_response():
    with pytest.raises(Refused, match="hör inte till någon insats"):
        meetings.raise_question(make.meeting(now=NOW), text="Kameror?", by=by("coordinator"), now=NOW)
    meeting = make.meeting(now=NOW, response=make.response(now=NOW))
    with pytest.raises(Refused, match="Skriv frågan"):
        meetings.raise_question(meeting, text="", by=by("coordinator"), now=NOW)
    question = meetings.raise_question(meeting, text="Kameror?", by=by("coordinator"), now=NOW)
    other = make.meeting(now=NOW, response=make.response(now=NOW))
    with pytest.raises(Refused, match="annan insats"):
        meetings.answer_question(question, answer="Ja.", meeting=other, by=by("director"), now=NOW)
    assert OpenQuestion.objects.get().state == QuestionState.OPEN


# --- Directives -------------------------------------------------------------------------------------------


def test_a_directive_is_given_done_or_cancelled():
    response = make.response(now=NOW)

    def given():
        return meetings.give_directive(
            response, organisation=make.department(), text="Var ute i kväll.", meeting=None, by=by("director"), now=NOW
        )

    with pytest.raises(Refused, match="Skriv direktivet"):
        meetings.give_directive(
            response, organisation=make.department(), text=" ", meeting=None, by=by("director"), now=NOW
        )
    done = meetings.settle_directive(given(), to=DirectiveState.DONE, by=by("officer_social"), now=NOW)
    assert done.state == DirectiveState.DONE
    with pytest.raises(MoveNotAllowed):
        meetings.settle_directive(done, to=DirectiveState.CANCELLED, by=by("director"), now=NOW)
    with pytest.raises(NotAllowed):
        meetings.settle_directive(given(), to=DirectiveState.CANCELLED, by=by("head_social"), now=NOW)
    with pytest.raises(NotAllowed):
        meetings.settle_directive(given(), to=DirectiveState.DONE, by=by("head_labour"), now=NOW)
    assert meetings.settle_directive(given(), to=DirectiveState.CANCELLED, by=by("director"), now=NOW)


# --- Situation reports ------------------------------------------------------------------------------------


def written(**values) -> StatusReport:
    defaults = {"organisation": make.department(), "text": "Lugnt i kväll.", "by": by("officer_social"), "now": NOW}
    response = values.pop("response", None) or make.response(now=NOW)
    return meetings.write_status_report(response, **(defaults | values))


def test_a_situation_report_is_written_by_the_department_and_submitted_by_its_head():
    draft = written()
    draft = written(report=draft, response=draft.response, text="Oroligt.", seen=draft.revision)
    assert (draft.text, draft.state) == ("Oroligt.", StatusReportState.DRAFT)
    with pytest.raises(NotAllowed):
        meetings.submit_status_report(draft, by=by("officer_social"), now=NOW)
    done = meetings.submit_status_report(draft, by=by("head_social"), now=NOW)
    assert (done.state, done.reported_at, done.reported_by_function) == (
        StatusReportState.SUBMITTED,
        NOW,
        "Socialchef",
    )
    for page in (draft, done):
        with pytest.raises(Refused, match="inlämnad"):
            written(report=page, response=done.response, text="Annat.")
    with pytest.raises(MoveNotAllowed):
        meetings.submit_status_report(done, by=by("head_social"), now=NOW)
    assert make.verbs(done) == ["created", "changed", "submitted"]


@pytest.mark.parametrize("key", ["head_education", "director", "lpo_chief", "auditor"])
def test_others_do_not_write_for_a_department(key):
    with pytest.raises(NotAllowed):
        written(by=by(key))
    with pytest.raises(NotAllowed):
        meetings.submit_status_report(written(), by=by(key), now=NOW)


def test_the_report_of_another_department_is_not_written_on_in_the_name_of_the_own():
    theirs = written()
    with pytest.raises(NotAllowed):
        written(
            report=theirs, organisation=make.department("utbildningsforvaltningen"), by=by("head_education"), text="X"
        )
    assert make.fresh(theirs).text == "Lugnt i kväll."


def test_a_stale_or_empty_situation_report_is_refused():
    draft = written()
    written(report=draft, text="A", seen=0)
    with pytest.raises(StalePage):
        written(report=draft, text="B", seen=0)
    empty = written(text=" ")
    with pytest.raises(Refused, match="Skriv lägesrapporten"):
        meetings.submit_status_report(empty, by=by("head_social"), now=NOW)


# --- At the same moment -----------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_a_call_sent_by_two_at_once_makes_one_meeting():
    call = prepared()
    director, coordinator = by("director"), by("coordinator")
    outcomes = at_once(
        lambda: meetings.send_call(make.fresh(call), by=director, now=NOW),
        lambda: meetings.send_call(make.fresh(call), by=coordinator, now=NOW),
    )
    assert refused_with(outcomes) == ["MoveNotAllowed"]
    assert Meeting.objects.count() == 1
