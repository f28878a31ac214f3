"""Events and the hub of an insats: written by those who lead, seen by everybody with a role as far as they may."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from incidents.lifecycle import ResponseState
from incidents.models import Response, SeriousEvent
from incidents.operations import decisions, meetings, police
from tests import make_incidents as make

pytestmark = pytest.mark.django_db
IDENTITY = "19640823-3234"
OTHERS = ("head_social", "officer_social", "police_liaison", "registrar", "auditor", "communicator")


def url(name: str, *args) -> str:
    return reverse(f"incidents:{name}", args=args)


def moment(name: str, value: dt.datetime) -> dict[str, str]:
    local = timezone.localtime(value)
    return {f"{name}_0": f"{local:%Y-%m-%d}", f"{name}_1": f"{local:%H:%M}"}


def event_data(**changes) -> dict[str, object]:
    data = {"title": "Skadegörelse", "kind": "DAMAGE", "place": "Centrum", "public_summary": "Rutor krossades."}
    return data | moment("occurred_from", timezone.now() - dt.timedelta(days=1)) | changes


def response_data(**changes) -> dict[str, object]:
    data = {"title": "Trygg sommar", "level": "INTENSIFIED", "background": "Oroligt i centrum."}
    return data | moment("started_at", timezone.now()) | changes


# --- Events -----------------------------------------------------------------------------------------


def test_an_event_is_written_shown_and_changed(client_as, people):
    browser = client_as("coordinator")
    once = browser.get(url("event_new")).context["form"]["once"].value()
    places = {browser.post(url("event_new"), event_data(once=once))["Location"] for _tap in range(2)}
    event = SeriousEvent.objects.get()
    assert places == {event.get_absolute_url()}
    page = browser.get(event.get_absolute_url()).content.decode()
    assert "Väntar på Polisen" in page
    assert "Rutor krossades." in page
    police.confirm(event, by=make.acting("police_liaison"), now=timezone.now(), seen=event.revision)
    assert "Bekräftad av Polisen" in browser.get(url("events")).content.decode()
    seen = SeriousEvent.objects.get().revision
    answer = browser.post(url("event_edit", event.pk), event_data(seen=seen, public_summary="Ny text."))
    assert answer.status_code == 303
    changed = SeriousEvent.objects.get()
    assert (changed.public_summary, changed.confirmed_by_police) == ("Ny text.", False)
    answer = browser.post(url("event_edit", event.pk), event_data(seen=seen, public_summary="Min text."))
    assert answer.status_code == 409
    assert "Min text." in answer.content.decode()
    assert "Ny text." in answer.content.decode()


@pytest.mark.parametrize("field", ["title", "place", "internal_note", "public_summary", "public_summary_en"])
@pytest.mark.parametrize("text", [f"Prata med {IDENTITY}", "a" * 1_000_000, "a\x00b"])
def test_bad_text_in_an_event_is_refused_and_kept(client_as, people, field, text):
    answer = client_as("director").post(url("event_new"), event_data(**{field: text}))
    assert answer.status_code == 422
    assert "Centrum" in answer.content.decode() or field == "place"
    assert not SeriousEvent.objects.exists()


@pytest.mark.parametrize(
    "change",
    [
        {"occurred_from_0": "2099-01-01"},
        {"occurred_from_0": "9999-12-31"},
        {"occurred_from_0": "igår"},
        {"occurred_to_0": "2019-01-01", "occurred_to_1": "10:00"},
        {"kind": "X"},
        {"title": ""},
    ],
)
def test_a_bad_event_is_refused(client_as, people, change):
    answer = client_as("director").post(url("event_new"), event_data(**change))
    assert answer.status_code == 422
    assert "<title>Fel: " in answer.content.decode()
    assert not SeriousEvent.objects.exists()


@pytest.mark.parametrize("who", OTHERS)
def test_others_read_events_but_do_not_write(client_as, who):
    event = make.event(internal_note="Bara internt.")
    browser = client_as(who)
    page = browser.get(event.get_absolute_url())
    assert page.status_code == 200
    assert url("event_edit", event.pk) not in page.content.decode()
    reads = who not in ("officer_social", "police_liaison")
    assert ("Bara internt." in page.content.decode()) is reads
    assert browser.post(url("event_new"), event_data()).status_code == 403
    assert browser.post(url("event_edit", event.pk), event_data()).status_code == 403
    assert SeriousEvent.objects.count() == 1


# --- Insatser ---------------------------------------------------------------------------------------


def test_a_response_is_begun_changed_and_ended(client_as):
    event = make.event()
    browser = client_as("coordinator")
    once = browser.get(url("response_new")).context["form"]["once"].value()
    data = response_data(once=once, events=[event.pk])
    places = {browser.post(url("response_new"), data)["Location"] for _tap in range(2)}
    response = Response.objects.get()
    assert places == {response.get_absolute_url()}
    assert (response.slug, list(response.events.all())) == ("trygg-sommar", [event])
    page = browser.get(response.get_absolute_url()).content.decode()
    assert "Kalla nyckelfunktionerna" in page
    assert event.title in page
    data = response_data(seen=response.revision, title="Trygg höst")
    assert browser.post(url("response_edit", response.pk), data).status_code == 303
    assert browser.post(url("response_edit", response.pk), data).status_code == 409
    assert Response.objects.get().title == "Trygg höst"
    assert browser.post(url("response_end", response.pk), {"closing_text": "Tack."}).status_code == 403
    browser = client_as("director")
    seen = Response.objects.get().revision
    assert browser.post(url("response_end", response.pk), {"seen": seen, "closing_text": ""}).status_code == 422
    answer = browser.post(url("response_end", response.pk), {"seen": seen, "closing_text": "Tack."})
    assert answer.status_code == 303
    assert Response.objects.get().state == ResponseState.ENDED
    answer = browser.post(url("response_end", response.pk), {"closing_text": "Tack igen."}, follow=True)
    assert "redan gjort" in answer.content.decode()


def test_a_response_with_an_open_decision_is_not_ended(client_as):
    response = make.decision().response
    data = {"seen": response.revision, "closing_text": "Tack."}
    answer = client_as("director").post(url("response_end", response.pk), data)
    assert answer.status_code == 422
    assert "Tack." in answer.content.decode()


@pytest.mark.parametrize(
    "field", ["title", "title_en", "background", "background_en", "easy_text", "limits_text", "limits_text_en"]
)
def test_an_identity_number_is_stopped_in_the_texts(client_as, people, field):
    answer = client_as("director").post(url("response_new"), response_data(**{field: f"Prata med {IDENTITY}"}))
    assert answer.status_code == 422
    assert "Prata med" in answer.content.decode()
    assert not Response.objects.exists()


def test_an_identity_number_is_stopped_in_the_closing_text(client_as):
    response = make.response()
    for field in ("closing_text", "closing_text_en"):
        data = {"closing_text": "Tack.", field: f"Prata med {IDENTITY}"}
        assert client_as("director").post(url("response_end", response.pk), data).status_code == 422
    assert Response.objects.get().state == ResponseState.ACTIVE


@pytest.mark.parametrize("who", OTHERS)
def test_others_see_the_hub_without_the_buttons(client_as, who):
    response = make.response()
    browser = client_as(who)
    page = browser.get(response.get_absolute_url())
    assert page.status_code == 200
    assert url("decision_new", response.pk) not in page.content.decode()
    assert "Nästa steg" not in page.content.decode()
    assert browser.post(url("response_new"), response_data()).status_code == 403
    assert browser.post(url("response_end", response.pk), {"closing_text": "x"}).status_code == 403


def test_the_hub_shows_drafts_and_counters_only_to_whom_they_belong(client_as):
    assignment = make.issued_assignment()
    response = assignment.decision.response
    make.decision(response=response, aim="Ett hemligt utkast")
    meeting = make.meeting(response=response)
    now = timezone.now()
    lead = make.acting("coordinator")
    meetings.raise_question(meeting, text="Får vi sätta upp kameror?", by=lead, now=now)
    organisation = make.department("utbildningsforvaltningen")
    meetings.give_directive(
        response, organisation=organisation, text="Öppna skolan.", meeting=meeting, by=lead, now=now
    )
    here = response.get_absolute_url()
    page = client_as("director").get(here).content.decode()
    for words in ("Ett hemligt utkast", "1 uppdrag: 1 öppna", "kameror", "Öppna skolan."):
        assert words in page
    page = client_as("police_liaison").get(here).content.decode()
    for words in ("Ett hemligt utkast", "1 uppdrag", "kameror", "Öppna skolan."):
        assert words not in page
    page = client_as("officer_education").get(here).content.decode()
    assert "Öppna skolan." in page
    assert "kameror" not in page
    assert "Öppna skolan." not in client_as("officer_social").get(here).content.decode()


def test_the_next_step_follows_the_work(client_as):
    response = make.response()
    browser = client_as("director")

    def hint() -> str:
        return browser.get(response.get_absolute_url()).context["next_step"].words

    assert "Kalla" in hint()
    draft = make.decision(response=response)
    assert "Skriv klart" in hint()
    make.assignment(decision=draft)
    director, now = make.acting("director"), timezone.now()
    decided = decisions.decide(type(draft).objects.get(), by=director, now=now)
    assert "Utfärda" in hint()
    decisions.issue_all(decided, by=director, now=now)
    assert "avstämning" in hint()


def test_nobody_comes_in_without_signing_in_and_missing_things_are_missing(client_as):
    response, event = make.response(), make.event()
    for address in (url("events"), url("responses"), response.get_absolute_url(), event.get_absolute_url()):
        answer = client_as(None).get(address)
        assert answer.status_code == 302
        assert "/konto/" in answer["Location"]
    assert client_as("director").get(url("response", 999999)).status_code == 404
    assert client_as("director").get("/arbete/handelser/" + "9" * 30 + "/").status_code == 404


@pytest.mark.parametrize("query", ["?page=abc", "?page=-1", "?page=" + "9" * 30, "?page=%00", "?page=%ff"])
@pytest.mark.parametrize("name", ["events", "responses"])
def test_garbage_in_the_query_is_no_error(client_as, people, name, query):
    assert client_as("director").get(url(name) + query).status_code in (200, 400)


def queries_of(browser, *addresses: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        for address in addresses:
            assert browser.get(address).status_code == 200
    return len(queries)


def test_lists_and_hub_need_as_many_queries_for_many_as_for_one(client_as):
    response = make.issued_assignment().decision.response
    now, lead = timezone.now(), make.acting("coordinator")
    organisation = make.department()

    def fill() -> None:
        response.events.add(make.event())
        meeting = make.meeting(response=response)
        meetings.raise_question(meeting, text="Kameror?", by=lead, now=now)
        meetings.give_directive(response, organisation=organisation, text="Gör.", meeting=meeting, by=lead, now=now)
        meetings.prepare_convening(
            response, meeting_at=now, place="Rum 1", purpose="Läget", functions=[], by=lead, now=now
        )
        meetings.write_status_report(
            response, organisation=organisation, text="Lugnt.", by=make.acting("head_social"), now=now
        )
        police.write_undertaking(response, text="Fler poliser.", meeting=meeting, by=lead, now=now)
        make.reinforcement(response=response)
        make.update(response=response)
        make.contact_point(response=response)
        make.decision(response=response)
        make.response()

    fill()
    addresses = (response.get_absolute_url(), url("events"), url("responses"), url("status_reports", response.pk))
    browser = client_as("director")
    queries_of(browser, *addresses)
    few = queries_of(browser, *addresses)
    for _each in range(5):
        fill()
    assert queries_of(browser, *addresses) == few
