"""The call, the meeting and what comes of it, and each department's situation report."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from incidents.lifecycle import ConveningState, DirectiveState, MinutesState, QuestionState, StatusReportState
from incidents.models import Convening, Directive, Meeting, OpenQuestion, PoliceUndertaking, StatusReport
from incidents.operations import meetings, police
from lysekil_trygghet.accounts.models import Function, Membership
from tests import make_incidents as make

pytestmark = pytest.mark.django_db
IDENTITY = "19640823-3234"


def url(name: str, *args) -> str:
    return reverse(f"incidents:{name}", args=args)


def moment(name: str, value: dt.datetime) -> dict[str, str]:
    local = timezone.localtime(value)
    return {f"{name}_0": f"{local:%Y-%m-%d}", f"{name}_1": f"{local:%H:%M}"}


def soon() -> dt.datetime:
    return timezone.now() + dt.timedelta(days=1)


def call_data(**changes) -> dict[str, object]:
    functions = list(Function.objects.filter(is_key=True).values_list("pk", flat=True))
    data = {"place": "Rum 1", "purpose": "Läget i centrum", "functions": functions}
    return data | moment("meeting_at", soon()) | changes


def draft_call() -> Convening:
    response = make.response()
    return meetings.prepare_convening(
        response,
        meeting_at=soon(),
        place="Rum 1",
        purpose="Läget i centrum",
        functions=Function.objects.filter(is_key=True),
        by=make.acting("coordinator"),
        now=timezone.now(),
    )


# --- The call ---------------------------------------------------------------------------------------


def test_a_call_is_written_sent_and_called_off(client_as):
    response = make.response()
    browser = client_as("coordinator")
    form = browser.get(url("convening_new", response.pk)).context["form"]
    assert set(form["functions"].value()) == set(Function.objects.filter(is_key=True).values_list("pk", flat=True))
    data = call_data(once=form["once"].value())
    places = [browser.post(url("convening_new", response.pk), data)["Location"] for _tap in range(2)]
    convening = Convening.objects.get()
    assert places == [url("convening_send", convening.pk)] * 2
    Membership.objects.filter(function__code="socialchef").update(valid_to=timezone.localdate() - dt.timedelta(days=1))
    page = browser.get(url("convening_send", convening.pk)).content.decode()
    assert "ingen har funktionen i dag, kallelsen går till socialforvaltningen@" in page
    assert page.count("ingen har funktionen i dag") < convening.functions.count()
    assert browser.post(url("convening_send", convening.pk), {"seen": convening.revision}).status_code == 303
    convening.refresh_from_db()
    assert (convening.state, convening.meeting.functions_present.count()) == (
        ConveningState.CALLED,
        convening.functions.count(),
    )
    answer = browser.post(url("convening_send", convening.pk), follow=True)
    assert "redan gjort" in answer.content.decode()
    assert Meeting.objects.count() == 1
    assert client_as("police_liaison").get(convening.get_absolute_url()).status_code == 200
    assert browser.get(url("convening_cancel", convening.pk)).status_code == 200
    assert browser.post(url("convening_cancel", convening.pk)).status_code == 303
    assert "Inställt" in browser.get(convening.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    "change",
    [
        {"place": f"Hos {IDENTITY}"},
        {"purpose": f"Om {IDENTITY}"},
        {"purpose": "a" * 1_000_000},
        {"place": "a\x00b"},
        {"functions": []},
        {"functions": ["999999"]},
        {"meeting_at_1": "25:61"},
    ],
)
def test_a_bad_call_is_refused_with_what_was_typed(client_as, change):
    response = make.response()
    answer = client_as("director").post(url("convening_new", response.pk), call_data(**change))
    assert answer.status_code == 422
    assert "Läget i centrum" in answer.content.decode() or "purpose" in change
    assert not Convening.objects.exists()


def test_a_call_to_a_time_that_has_been_is_not_sent(client_as):
    convening = draft_call()
    browser = client_as("director")
    data = call_data(seen=convening.revision) | moment("meeting_at", timezone.now() - dt.timedelta(hours=3))
    assert browser.post(url("convening_edit", convening.pk), data).status_code == 303
    answer = browser.post(url("convening_send", convening.pk))
    assert answer.status_code == 422
    assert "har redan varit" in answer.content.decode()
    assert browser.post(url("convening_edit", convening.pk), data).status_code == 409
    assert Convening.objects.get().state == ConveningState.DRAFT


@pytest.mark.parametrize("who", ["head_social", "officer_social", "police_liaison", "communicator"])
def test_a_drafted_call_looks_missing_to_others(client_as, who):
    convening = draft_call()
    browser = client_as(who)
    assert browser.get(convening.get_absolute_url()).status_code == 404
    assert browser.post(url("convening_send", convening.pk)).status_code == 404
    assert browser.post(url("convening_new", convening.response_id), call_data()).status_code == 403
    assert client_as(None).get(convening.get_absolute_url()).status_code == 302


# --- Meetings ---------------------------------------------------------------------------------------


def meeting_data(**changes) -> dict[str, object]:
    return (
        {"kind": "POLICE", "title": "Möte med Polisen", "agenda": "Läget"}
        | moment("held_at", timezone.now() - dt.timedelta(hours=1))
        | changes
    )


def test_a_police_meeting_from_new_to_approved(client_as):
    response = make.response()
    browser = client_as("coordinator")
    browser.post(url("meeting_new", response.pk), meeting_data())
    meeting = Meeting.objects.get()
    assert meeting.about_police
    researcher = Function.objects.filter(code__contains="forskare").first() or Function.objects.first()
    data = meeting_data(seen=meeting.revision, notes="Vi gick igenom läget.", outcome_public="Fler poliser kommer.")
    assert browser.post(url("meeting_edit", meeting.pk), data | {"functions": [researcher.pk]}).status_code == 303
    page = browser.get(meeting.get_absolute_url()).content.decode()
    assert "Väntar på Polisen" in page
    assert researcher.label in page
    meeting.refresh_from_db()
    police.confirm(meeting, by=make.acting("lpo_chief"), now=timezone.now(), seen=meeting.revision)
    assert "Bekräftad av Polisen" in browser.get(meeting.get_absolute_url()).content.decode()
    answer = browser.post(url("meeting_edit", meeting.pk), data)
    assert answer.status_code == 409
    assert "Vi gick igenom läget." in answer.content.decode()
    assert browser.get(url("meeting_approve", meeting.pk)).status_code == 200
    assert browser.post(url("meeting_approve", meeting.pk)).status_code == 303
    assert Meeting.objects.get().minutes_state == MinutesState.APPROVED
    page = browser.get(url("meeting_edit", meeting.pk)).content.decode()
    assert 'name="notes"' not in page
    assert 'name="outcome_public"' in page
    data = {"seen": Meeting.objects.get().revision, "outcome_public": "Tolv poliser kommer."}
    assert browser.post(url("meeting_edit", meeting.pk), data).status_code == 303
    assert not Meeting.objects.get().confirmed_by_police


def test_notes_are_the_municipalitys(client_as):
    meeting = make.meeting(response=make.response(), kind="POLICE", agenda="Intern dagordning")
    for who, reads in {"head_social": True, "auditor": True, "police_liaison": False, "officer_social": False}.items():
        page = client_as(who).get(meeting.get_absolute_url())
        assert page.status_code == 200
        assert ("Intern dagordning" in page.content.decode()) is reads
        assert client_as(who).post(url("meeting_edit", meeting.pk), meeting_data()).status_code == 403
        assert client_as(who).post(url("meeting_approve", meeting.pk)).status_code == 403


def test_empty_notes_are_not_approved(client_as):
    meeting = make.meeting()
    assert client_as("director").post(url("meeting_approve", meeting.pk)).status_code == 422


@pytest.mark.parametrize("field", ["title", "place", "agenda", "notes", "outcome_public", "outcome_public_en"])
def test_an_identity_number_is_stopped_on_the_meeting(client_as, field):
    meeting = make.meeting()
    data = meeting_data(seen=meeting.revision) | {field: f"Prata med {IDENTITY}"}
    answer = client_as("director").post(url("meeting_edit", meeting.pk), data)
    assert answer.status_code == 422
    assert "Prata med" in answer.content.decode()
    assert IDENTITY not in str(Meeting.objects.values().get())


def test_a_question_follows_from_meeting_to_meeting_until_answered(client_as):
    response = make.response()
    first = make.meeting(response=response)
    browser = client_as("coordinator")
    form = browser.get(url("question_new", first.pk)).context["form"]
    data = {"text": "Får vi sätta upp kameror?", "once": form["once"].value()}
    for _tap in range(2):
        assert browser.post(url("question_new", first.pk), data).status_code == 303
    question = OpenQuestion.objects.get()
    second = make.meeting(response=response, title="Nästa möte", held_at=timezone.now())
    page = browser.get(second.get_absolute_url()).content.decode()
    assert "kameror" in page
    assert first.get_absolute_url() in page
    handling = question.handlings.get(meeting=second)
    here = url("question_handle", second.pk, handling.pk)
    assert browser.post(here, {"note": f"Ring {IDENTITY}"}).status_code == 422
    assert browser.post(here, {"note": "Vi väntar på svar."}).status_code == 303
    assert browser.post(here, {"note": "Vi väntar på svar.", "answer": "Ja, på torget."}).status_code == 303
    question.refresh_from_db()
    assert (question.state, question.answer) == (QuestionState.ANSWERED, "Ja, på torget.")
    assert "redan besvarad" in browser.get(here, follow=True).content.decode()
    # A handling of another meeting in the address is not there.
    other = question.handlings.get(meeting=first)
    assert browser.get(url("question_handle", second.pk, other.pk)).status_code == 404


def test_directives_are_given_at_the_meeting_and_settled(client_as):
    meeting = make.meeting(response=make.response())
    browser = client_as("director")
    social = make.department()
    bad = {"organisation": social.pk, "text": f"Prata med {IDENTITY}"}
    assert browser.post(url("directive_new", meeting.pk), bad).status_code == 422
    data = {"organisation": social.pk, "text": "Ha fritidsgården öppen.", "once": "ett"}
    for _tap in range(2):
        assert browser.post(url("directive_new", meeting.pk), data).status_code == 303
    directive = Directive.objects.get()
    here = url("directive_settle", directive.pk)
    assert client_as("officer_education").post(here, {"to": "DONE"}).status_code == 404
    assert client_as("head_education").post(here, {"to": "DONE"}).status_code == 403
    assert client_as("head_social").post(here, {"to": "CANCELLED"}).status_code == 403
    assert client_as("head_social").post(here, {"to": "x"}).status_code == 403
    assert client_as("head_social").get(here).status_code == 405
    assert client_as("officer_social").post(here, {"to": "DONE"}).status_code == 303
    assert Directive.objects.get().state == DirectiveState.DONE
    assert "redan gjort" in browser.post(here, {"to": "DONE"}, follow=True).content.decode()
    # A tap on the wrong line is taken back by those who lead.
    assert client_as("officer_social").post(here, {"to": "GIVEN"}).status_code == 403
    assert "Öppna igen" in browser.get(meeting.get_absolute_url()).content.decode()
    assert browser.post(here, {"to": "GIVEN"}).status_code == 303
    assert Directive.objects.get().state == DirectiveState.GIVEN


def test_notes_can_be_approved_once_the_meeting_has_been(client_as):
    browser, now = client_as("director"), timezone.now()
    coming = make.meeting(response=make.response(), held_at=now + dt.timedelta(hours=1))
    been = make.meeting(response=coming.response, held_at=now - dt.timedelta(hours=1))
    approve = "Godkänn anteckningarna"
    assert approve not in browser.get(coming.get_absolute_url()).content.decode()
    assert approve in browser.get(been.get_absolute_url()).content.decode()


@pytest.mark.parametrize("who", ["coordinator", "police_liaison"])
def test_what_the_police_undertake_is_written_down_unconfirmed(client_as, who):
    meeting = make.meeting(response=make.response(), kind="POLICE")
    browser = client_as(who)
    bad = {"text": f"Prata med {IDENTITY}"}
    assert browser.post(url("undertaking_new", meeting.pk), bad).status_code == 422
    assert browser.post(url("undertaking_new", meeting.pk), {"text": "Fler i yttre tjänst."}).status_code == 303
    assert not PoliceUndertaking.objects.get().confirmed_by_police
    assert "Fler i yttre tjänst." in browser.get(meeting.get_absolute_url()).content.decode()
    assert client_as("head_social").post(url("undertaking_new", meeting.pk), {"text": "x"}).status_code == 403


# --- Situation reports ------------------------------------------------------------------------------


def test_a_department_writes_and_submits_and_leaders_read_all_on_one_page(client_as):
    response = make.response()
    officer = client_as("officer_social")
    form = officer.get(url("status_report_new", response.pk)).context["form"]
    data = {"organisation": make.department().pk, "text": "Lugnt i helgen.", "once": form["once"].value()}
    for _tap in range(2):
        assert officer.post(url("status_report_new", response.pk), data).status_code == 303
    report = StatusReport.objects.get()
    for who in ("director", "head_education", "police_liaison"):
        assert client_as(who).get(report.get_absolute_url()).status_code == 404
        assert "Lugnt i helgen." not in client_as(who).get(url("status_reports", response.pk)).content.decode()
    assert officer.post(url("status_report_submit", report.pk)).status_code == 403
    change = {"text": "Lugnt, men mörkt vid torget.", "seen": report.revision}
    assert officer.post(url("status_report_edit", report.pk), change).status_code == 303
    stale = officer.post(url("status_report_edit", report.pk), change | {"text": "Min text"})
    assert stale.status_code == 409
    assert "mörkt vid torget" in stale.content.decode()
    assert officer.post(url("status_report_edit", report.pk), {"text": f"Om {IDENTITY}"}).status_code == 422
    head = client_as("head_social")
    assert head.get(url("status_report_submit", report.pk)).status_code == 200
    assert head.post(url("status_report_submit", report.pk)).status_code == 303
    assert StatusReport.objects.get().state == StatusReportState.SUBMITTED
    assert "redan gjort" in head.post(url("status_report_submit", report.pk), follow=True).content.decode()
    page = client_as("director").get(url("status_reports", response.pk)).content.decode()
    assert "mörkt vid torget" in page
    answer = officer.post(url("status_report_edit", report.pk), {"text": "För sent"})
    assert answer.status_code == 422
    assert "För sent" in answer.content.decode()


@pytest.mark.parametrize("who", ["director", "police_liaison", "auditor", "communicator"])
def test_only_departments_write_situation_reports(client_as, who):
    response = make.response()
    data = {"organisation": make.department().pk, "text": "Lugnt."}
    assert client_as(who).post(url("status_report_new", response.pk), data).status_code == 403
    assert not StatusReport.objects.exists()


def test_a_report_in_another_departments_name_is_refused(client_as):
    response = make.response()
    data = {"organisation": make.department("utbildningsforvaltningen").pk, "text": "Lugnt."}
    assert client_as("head_social").post(url("status_report_new", response.pk), data).status_code == 422
    assert not StatusReport.objects.exists()
