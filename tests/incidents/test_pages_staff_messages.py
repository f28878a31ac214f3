"""Messages to the own staff: written by those who lead, read by those who work here, never public."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from incidents.lifecycle import PublicationState
from incidents.models import StaffMessage
from incidents.operations import news
from tests import make_incidents as mk

from .typed import HOSTILE, IDENTITY_NUMBER, filled, queries_of

pytestmark = pytest.mark.django_db

LIST, NEW = "/arbete/personalmeddelanden/", "/arbete/personalmeddelanden/nytt/"
WRITING = ("staff_message_edit", "staff_message_send", "staff_message_withdraw")


def at(name: str, message: StaffMessage) -> str:
    return reverse(f"incidents:{name}", args=[message.pk])


def sent(**values) -> StaffMessage:
    return news.send_staff_message(mk.staff_message(**values), by=mk.acting("coordinator"), now=timezone.now())


# --- Who --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["head_social", "officer_education", "registrar", "administrator"])
def test_own_staff_read_what_is_sent_and_nothing_else(client_as, who):
    draft, message = mk.staff_message(title="Inte skickat"), sent(title="Skickat till alla")
    client = client_as(who)
    page = client.get(LIST).content.decode()

    assert "Skickat till alla" in page
    assert "Inte skickat" not in page
    assert client.get(at("staff_message", message)).status_code == 200
    assert client.get(at("staff_message", draft)).status_code == 404
    for name in WRITING:
        assert client.get(at(name, message)).status_code == 404
        assert client.post(at(name, message)).status_code == 404
    assert client.get(NEW).status_code == 404


@pytest.mark.parametrize("who", ["police_liaison", "lpo_chief", "auditor", "elected", "researcher"])
def test_to_others_there_is_nothing(client_as, who):
    message = sent()

    assert client_as(who).get(LIST).status_code == 404
    assert client_as(who).get(at("staff_message", message)).status_code == 404


def test_nobody_signed_in_is_led_to_the_sign_in(client_as):
    assert client_as(None).get(at("staff_message", sent())).status_code == 302


# --- Writing ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["communicator", "coordinator", "director"])
def test_written_sent_and_taken_back(client_as, who):
    client, reader = client_as(who), client_as("officer_social")
    data = filled(client.get(NEW), title="Så svarar vi", body="Hänvisa till **kontaktpunkten**.")
    first, second = client.post(NEW, data), client.post(NEW, data)
    message = StaffMessage.objects.get()
    assert first["Location"] == second["Location"] == at("staff_message", message)
    assert reader.get(at("staff_message", message)).status_code == 404

    send = at("staff_message_send", message)
    page = client.get(send)
    assert "Nästa arbetsdag" in page.content.decode()
    client.post(send, filled(page))
    assert "<strong>kontaktpunkten</strong>" in reader.get(at("staff_message", message)).content.decode()

    back = at("staff_message_withdraw", message)
    client.post(back, filled(client.get(back)))
    message.refresh_from_db()
    assert message.state == PublicationState.WITHDRAWN
    assert reader.get(at("staff_message", message)).status_code == 404


def test_a_draft_is_changed_and_a_sent_one_is_not(client_as):
    draft, client = mk.staff_message(), client_as("coordinator")
    edit = at("staff_message_edit", draft)
    page = client.get(edit)
    client.post(edit, filled(page, body="Ny text."))
    draft.refresh_from_db()
    assert draft.body == "Ny text."

    news.send_staff_message(draft, by=mk.acting("coordinator"), now=timezone.now())
    answer = client.post(edit, filled(page, body="Ännu nyare."), follow=True)
    draft.refresh_from_db()
    assert "Meddelandet är skickat" in answer.content.decode()
    assert draft.body == "Ny text."


def test_a_stale_page_loses_nothing(client_as):
    draft, client = mk.staff_message(), client_as("coordinator")
    edit = at("staff_message_edit", draft)
    page = client.get(edit)
    client_as("director").post(edit, filled(page, body="Direktörens text."))
    answer = client.post(edit, filled(page, body="Samordnarens text."))

    assert answer.status_code == 409
    for words in ("Direktörens text.", "Samordnarens text."):
        assert words in answer.content.decode()


def test_a_text_changed_meanwhile_is_not_sent_unseen(client_as):
    draft, client = mk.staff_message(), client_as("coordinator")
    page = client.get(at("staff_message_send", draft))
    news.edit_staff_message(draft, values={"body": "Ändrat."}, by=mk.acting("director"), now=timezone.now())
    answer = client.post(at("staff_message_send", draft), filled(page))

    draft.refresh_from_db()
    assert answer.status_code == 409
    assert draft.published_at is None


def test_a_double_tap_sends_once(client_as):
    draft, client = mk.staff_message(), client_as("coordinator")
    data = filled(client.get(at("staff_message_send", draft)))
    client.post(at("staff_message_send", draft), data)
    second = client.post(at("staff_message_send", draft), data, follow=True)

    assert second.status_code == 200
    assert StaffMessage.objects.get().revision == draft.revision + 1


@pytest.mark.parametrize("field", ["title", "body"])
def test_an_identity_number_is_refused_and_kept_in_the_page(client_as, field):
    client = client_as("coordinator")
    typed = {"title": "Rubrik", "body": "Text.", field: f"Vi {IDENTITY_NUMBER}"}
    answer = client.post(NEW, filled(client.get(NEW), **typed))

    assert answer.status_code == 422
    assert f"Vi {IDENTITY_NUMBER}" in answer.content.decode()
    assert not StaffMessage.objects.exists()


def test_a_megabyte_of_text_is_refused_with_words(client_as):
    client = client_as("coordinator")
    answer = client.post(NEW, filled(client.get(NEW), title="Rubrik", body="a" * 1_000_000))

    assert answer.status_code == 422
    assert "för lång" in answer.content.decode()


def test_hostile_text_is_shown_as_text(client_as):
    message = sent(title=HOSTILE, body=HOSTILE)

    for page in (LIST, at("staff_message", message)):
        html = client_as("officer_social").get(page).content.decode()
        assert "<script>alert" not in html
        assert "<b>fet</b>" not in html


def test_the_list_takes_as_many_queries_for_one_as_for_thirty(client_as):
    sent(response=mk.response())
    client = client_as("coordinator")
    one = queries_of(client, LIST)
    for _ in range(29):
        sent(response=mk.response())

    assert queries_of(client, LIST) == one
