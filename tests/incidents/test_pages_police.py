"""The Police's desk: the exact words and a button; what they undertake; reinforcement."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from incidents.lifecycle import UndertakingState
from incidents.models import PoliceUndertaking, Reinforcement
from incidents.operations import events, meetings, news, police, publication
from tests import make_incidents as mk

from .typed import HOSTILE, IDENTITY_NUMBER, filled, queries_of

pytestmark = pytest.mark.django_db

DESK = "/arbete/polis/"
NEW = "/arbete/polis/ataganden/nytt/"


def confirm_url(kind: str, thing) -> str:
    return reverse("incidents:police_confirm", args=[kind, thing.pk])


def undertaking(response=None, **values) -> PoliceUndertaking:
    values = {"text": "Fler poliser på torget."} | values
    return police.write_undertaking(
        response or mk.response(), meeting=None, by=mk.acting("coordinator"), now=timezone.now(), **values
    )


def approved_news(**values):
    update = mk.update(about_police=True, **values)
    return publication.approve(update, by=mk.acting("director"), now=timezone.now())


# --- Who --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["police_liaison", "lpo_chief"])
def test_the_police_have_their_desk_with_buttons(client_as, who):
    mk.event()
    page = client_as(who).get(DESK).content.decode()

    assert "Rutor krossades i centrum under helgen." in page
    assert "Bekräfta texten" in page


@pytest.mark.parametrize("who", ["director", "coordinator", "communicator"])
def test_those_who_work_with_them_read_it_without_buttons(client_as, who):
    event, line = mk.event(), undertaking()
    client = client_as(who)
    page = client.get(DESK).content.decode()

    assert "Rutor krossades i centrum under helgen." in page
    assert "Bekräfta texten" not in page
    assert client.post(confirm_url("handelse", event), {"seen": event.revision}).status_code == 403
    move = reverse("incidents:undertaking_move", args=[line.pk])
    assert client.post(move, {"to": "DONE"}).status_code == 403


@pytest.mark.parametrize("who", ["head_social", "officer_education", "registrar", "auditor", "elected"])
def test_to_others_there_is_no_such_page(client_as, who):
    event, line = mk.event(), undertaking()
    client = client_as(who)

    for page in (DESK, NEW, confirm_url("handelse", event), reverse("incidents:undertaking_edit", args=[line.pk])):
        assert client.get(page).status_code == 404
    assert client.post(confirm_url("handelse", event), {"seen": event.revision}).status_code == 404


def test_nobody_signed_in_is_led_to_the_sign_in(client_as):
    assert client_as(None).get(DESK).status_code == 302


# --- Confirming -------------------------------------------------------------------------------------


def test_every_kind_that_speaks_of_the_police_waits_with_its_exact_words(client_as):
    response, now = mk.response(), timezone.now()
    package = mk.package(response=response)
    values = {"what": "Extra pass på kvällen.", "about_police": True, "horizon": "SHORT"}
    item = news.put_item(package, item=None, values=values, by=mk.acting("coordinator"), now=now)
    publication.approve(package, by=mk.acting("director"), now=now)
    meeting = mk.meeting(kind="POLICE", response=response)
    meetings.edit_meeting(meeting, values={"outcome_public": "Vi ses igen."}, by=mk.acting("coordinator"), now=now)
    meeting.refresh_from_db()
    waiting = {
        "handelse": mk.event(),
        "mote": meeting,
        "atagande": undertaking(response),
        "forstarkning": mk.reinforcement(response=response),
        "nyhet": approved_news(lead="Polisen är ute."),
        "atgard": item,
    }
    client = client_as("lpo_chief")
    page = client.get(DESK).content.decode()

    for words in ("Extra pass på kvällen.", "Vi ses igen.", "Fler poliser på torget.", "Polisen är ute."):
        assert words in page
    for kind, thing in waiting.items():
        assert client.post(confirm_url(kind, thing), {"seen": thing.revision}).status_code == 303
        thing.refresh_from_db()
        assert thing.confirmed_by_police
    assert "Ingen text väntar." in client.get(DESK).content.decode()


def test_drafts_of_the_municipality_are_not_shown_to_the_police(client_as):
    update = mk.update(about_police=True, lead="Bara ett utkast.")
    package = mk.package()
    values = {"what": "Inte bestämt än.", "about_police": True, "horizon": "SHORT"}
    item = news.put_item(package, item=None, values=values, by=mk.acting("coordinator"), now=timezone.now())
    client = client_as("police_liaison")
    page = client.get(DESK).content.decode()

    assert "Bara ett utkast." not in page
    assert "Inte bestämt än." not in page
    assert client.post(confirm_url("nyhet", update), {"seen": update.revision}).status_code == 404
    assert client.get(confirm_url("atgard", item)).status_code == 404


def test_words_changed_meanwhile_are_shown_anew_and_not_confirmed(client_as):
    event = mk.event()
    events.edit_event(
        event, values={"public_summary": "En annan text."}, by=mk.acting("coordinator"), now=timezone.now()
    )
    client = client_as("police_liaison")
    answer = client.post(confirm_url("handelse", event), {"seen": event.revision})

    event.refresh_from_db()
    assert answer.status_code == 409
    assert "En annan text." in answer.content.decode()
    assert not event.confirmed_by_police
    assert client.post(confirm_url("handelse", event), filled(answer)).status_code == 303
    event.refresh_from_db()
    assert event.confirmed_by_police


def test_a_confirmation_without_knowing_what_was_seen_is_refused(client_as):
    event = mk.event()

    assert client_as("police_liaison").post(confirm_url("handelse", event), {}).status_code == 403
    assert client_as("police_liaison").post(confirm_url("handelse", event), {"seen": "x"}).status_code == 422
    event.refresh_from_db()
    assert not event.confirmed_by_police


def test_a_double_tap_confirms_once(client_as):
    event, client = mk.event(), client_as("police_liaison")
    data = {"seen": event.revision}
    client.post(confirm_url("handelse", event), data)
    second = client.post(confirm_url("handelse", event), data, follow=True)

    assert "redan bekräftad" in second.content.decode()


@pytest.mark.parametrize("path", ["finns-inte/1/", "handelse/0/", "handelse/99999999999999999999/"])
def test_an_address_that_leads_nowhere_is_404(client_as, path):
    assert client_as("police_liaison").get(f"/arbete/polis/bekrafta/{path}").status_code == 404


def test_where_to_write_when_the_words_are_wrong_is_a_function(client_as):
    mk.event()
    page = client_as("police_liaison").get(DESK)

    assert f"mailto:{page.context['mailbox']}" in page.content.decode()
    assert page.context["mailbox"]


# --- Undertakings -----------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["police_liaison", "coordinator"])
def test_an_undertaking_is_written_once_and_waits_for_confirmation(client_as, who):
    response, client = mk.response(), client_as(who)
    data = filled(client.get(NEW), response=response.pk, text="Extra pass.", from_when="från vecka 27")
    first, second = client.post(NEW, data), client.post(NEW, data)

    line = PoliceUndertaking.objects.get()
    assert first["Location"] == second["Location"] == DESK
    assert (line.text, line.response, line.confirmed_by_police) == ("Extra pass.", response, False)


def test_the_communicator_writes_none(client_as):
    assert client_as("communicator").get(NEW).status_code == 403
    assert NEW not in client_as("communicator").get(DESK).content.decode()


def test_one_tap_moves_it_and_a_second_is_friendly(client_as):
    line, client = undertaking(), client_as("lpo_chief")
    move = reverse("incidents:undertaking_move", args=[line.pk])
    first = client.post(move, {"to": "ONGOING"})
    second = client.post(move, {"to": "ONGOING"}, follow=True)

    line.refresh_from_db()
    assert (first.status_code, line.state) == (303, UndertakingState.ONGOING)
    assert "redan gjort" in second.content.decode()
    assert client.post(move, {"to": "x"}).status_code == 403
    assert client.post(move, {}).status_code == 403


def test_a_change_of_words_is_announced_and_clears_the_confirmation(client_as):
    line = undertaking()
    line = police.confirm(line, by=mk.acting("lpo_chief"), now=timezone.now(), seen=line.revision)
    client, edit = client_as("coordinator"), reverse("incidents:undertaking_edit", args=[line.pk])
    page = client.get(edit)
    client.post(edit, filled(page, text="Färre poliser."))

    line.refresh_from_db()
    assert "behövs en ny bekräftelse" in page.content.decode()
    assert (line.text, line.confirmed_by_police) == ("Färre poliser.", False)


def test_a_stale_page_loses_nothing(client_as):
    line, client = undertaking(), client_as("police_liaison")
    edit = reverse("incidents:undertaking_edit", args=[line.pk])
    page = client.get(edit)
    client_as("coordinator").post(edit, filled(page, text="Samordnarens ord."))
    answer = client.post(edit, filled(page, text="Polisens ord."))

    assert answer.status_code == 409
    for words in ("Samordnarens ord.", "Polisens ord."):
        assert words in answer.content.decode()


@pytest.mark.parametrize("field", ["text", "text_en", "from_when"])
def test_an_identity_number_in_an_undertaking_is_refused_and_kept_in_the_page(client_as, field):
    response, client = mk.response(), client_as("police_liaison")
    data = filled(client.get(NEW), **{"response": response.pk, "text": "Text.", field: f"Vi {IDENTITY_NUMBER}"})
    answer = client.post(NEW, data)

    assert answer.status_code == 422
    assert f"Vi {IDENTITY_NUMBER}" in answer.content.decode()
    assert not PoliceUndertaking.objects.exists()


def test_hostile_text_is_shown_as_text(client_as):
    mk.event(public_summary=HOSTILE)
    undertaking(text=HOSTILE)
    html = client_as("police_liaison").get(DESK).content.decode()

    assert "<script>alert" not in html
    assert "<b>fet</b>" not in html


# --- Questions and meetings -------------------------------------------------------------------------


def test_questions_raised_with_the_police_and_coming_meetings_are_shown(client_as):
    response, now = mk.response(), timezone.now()
    with_police = mk.meeting(kind="POLICE", response=response)
    own = mk.meeting(response=response)
    for meeting, text in ((with_police, "Kan kameror sättas upp?"), (own, "Vem betalar?")):
        meetings.raise_question(meeting, text=text, by=mk.acting("coordinator"), now=now)
    mk.meeting(kind="POLICE", title="Nästa möte", held_at=now + dt.timedelta(days=2), response=response)
    page = client_as("police_liaison").get(DESK).content.decode()

    assert "Kan kameror sättas upp?" in page
    assert "Vem betalar?" not in page
    assert "Nästa möte" in page


def test_the_desk_takes_as_many_queries_for_one_of_each_as_for_thirty(client_as):
    def more(count):
        response = mk.response()
        for _ in range(count):
            mk.event()
            undertaking(response)
            mk.reinforcement(response=response)
            approved_news()

    more(1)
    client = client_as("police_liaison")
    one = queries_of(client, DESK)
    more(15)

    assert queries_of(client, DESK) == one


# --- Reinforcement ----------------------------------------------------------------------------------


def new_reinforcement(client, response, **typed):
    url = reverse("incidents:reinforcement_new", args=[response.pk])
    data = filled(client.get(url), **({"total": 12, "based_locally": 4} | typed))
    return client.post(url, {key: value for key, value in data.items() if value is not None})


@pytest.mark.parametrize("who", ["coordinator", "police_liaison"])
def test_a_reinforcement_is_written_and_confirmed(client_as, who):
    response, client = mk.response(), client_as(who)
    provider = mk.acting("police_liaison").organisation
    answer = new_reinforcement(client, response, from_week=27, from_year=2026, provider=provider.pk)
    row = Reinforcement.objects.get()

    assert (answer.status_code, answer["Location"]) == (303, row.get_absolute_url())
    assert (row.from_week, row.total, row.based_locally, row.response) == (27, 12, 4, response)
    liaison, confirm = client_as("police_liaison"), confirm_url("forstarkning", row)
    assert confirm in liaison.get(row.get_absolute_url()).content.decode()
    liaison.post(confirm, filled(liaison.get(confirm)))
    row.refresh_from_db()
    assert row.confirmed_by_police


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"based_locally": 13}, "fler stationerade här än i allt"),
        ({"from_week": 54}, "53"),
        ({"from_week": 53, "from_year": 2025}, "År 2025 har ingen vecka 53."),
        ({"from_year": 2026, "from_week": 30, "to_week": 29}, "Slutet ligger före början"),
        ({"to_year": 2026}, "Fyll i vilken vecka förstärkningen slutar"),
        ({"total": 0}, "1"),
        ({"total": "x"}, "heltal"),
        ({"public_note": f"Vi {IDENTITY_NUMBER}"}, "personnummer"),
        ({"public_note_en": f"Vi {IDENTITY_NUMBER}"}, "personnummer"),
    ],
)
def test_what_cannot_be_right_is_refused_with_words(client_as, typed, words):
    provider = mk.acting("police_liaison").organisation
    answer = new_reinforcement(client_as("coordinator"), mk.response(), **({"provider": provider.pk} | typed))

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Reinforcement.objects.exists()


def test_changed_numbers_need_a_new_confirmation(client_as):
    row = mk.reinforcement(response=mk.response())
    row = police.confirm(row, by=mk.acting("lpo_chief"), now=timezone.now(), seen=row.revision)
    client, edit = client_as("coordinator"), reverse("incidents:reinforcement_edit", args=[row.pk])
    page = client.get(edit)
    data = {key: value for key, value in filled(page, total=20).items() if value is not None}
    answer = client.post(edit, data)

    row.refresh_from_db()
    assert answer.status_code == 303
    assert "behövs en ny bekräftelse" in page.content.decode()
    assert (row.total, row.confirmed_by_police) == (20, False)


def test_a_reinforcement_nobody_has_published_is_seen_at_the_desk_alone(client_as):
    row = mk.reinforcement(response=mk.response())

    assert client_as("head_social").get(row.get_absolute_url()).status_code == 404
    assert client_as("communicator").get(row.get_absolute_url()).status_code == 200
    assert client_as("communicator").get(reverse("incidents:reinforcement_edit", args=[row.pk])).status_code == 403
