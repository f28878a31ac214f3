"""What the mails say, and the outbox page where they can be read."""

from __future__ import annotations

import datetime as dt
import email.policy
from email.utils import parsedate_to_datetime

import pytest
from django.test import Client

from lysekil_trygghet.notifications import mails, sweeping
from lysekil_trygghet.notifications.models import Message, Obligation
from lysekil_trygghet.notifications.operations import message_id_of, plan
from lysekil_trygghet.notifications.outbox import NoSuchMail, read_mail, sent_mails

from .. import make
from .ledger import LATER, MOMENT, due

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("ledger_settings")]


def letter_for(*dues, today: dt.date = make.TODAY):
    plan(dues, now=LATER)
    message = Message.objects.get()
    return mails.compose(message, list(Obligation.objects.all()), to="chef@kommun.example", today=today)


# --- The text ---------------------------------------------------------------------------------------


def test_the_mail_says_number_title_day_and_link_and_nothing_else(head):
    letter = letter_for(due(1, user=head))
    assert letter.subject == "Försenade återrapporter: 2020-1:1 – torsdag 18 juni"
    assert letter.body == (
        "Hej!\n\nDet här behöver du ta hand om:\n\nFörsenade återrapporter\n\n"
        "* 2020-1:1 Uppdrag 1\n  Klart till: torsdag 18 juni 2020 kl. 12.00\n"
        "  http://127.0.0.1:8000/arbete/uppdrag/1/rapport/\n\n"
        "Länken leder till inloggningen och sedan direkt till rätt sida.\n\n"
        "Det här är ett automatiskt meddelande från Trygg i Lysekil. Det går inte att svara på det.\n"
    )


@pytest.mark.parametrize(
    ("headings", "today", "subject"),
    [
        (["Snart dags"] * 2, "2020-06-09", "Snart dags: 2 stycken – närmast torsdag 18 juni"),
        (["Snart dags"] * 2, "2020-06-19", "Snart dags: 2 stycken – den äldsta sedan torsdag 18 juni"),
        (["Snart dags", "Nya uppdrag"], "2020-06-18", "2 saker att ta hand om – närmast torsdag 18 juni"),
    ],
)
def test_the_subject_says_what_and_when(head, headings, today, subject):
    dues = [due(number, user=head, heading=heading) for number, heading in enumerate(headings)]
    assert letter_for(*dues, today=dt.date.fromisoformat(today)).subject == subject


def test_something_without_a_day_has_no_day(head):
    letter = letter_for(due(1, user=head, due_at=None))
    assert letter.subject == "Försenade återrapporter: 2020-1:1"
    assert "Klart till" not in letter.body


def test_headers_mark_an_automatic_mail_with_a_fixed_identity(head):
    headers = letter_for(due(1, user=head)).message()
    message = Message.objects.get()
    assert headers["Auto-Submitted"] == "auto-generated"
    assert headers["Message-ID"] == message.message_id == message_id_of(message.key)
    assert parsedate_to_datetime(headers["Date"]) == MOMENT
    assert [part.get_content_type() for part in headers.get_payload()] == ["text/plain", "text/html"]


def test_nothing_in_a_due_can_add_a_header_or_a_recipient(head):
    evil = "Fin\r\nBcc: annan@kommun.example\r\n\r\ntext\u2028\x00"
    letter = letter_for(due(1, user=head, heading=evil, title=evil, number=evil))
    wire = letter.message(policy=email.policy.SMTP)
    assert letter.recipients() == ["chef@kommun.example"]
    assert wire["Bcc"] is None
    assert "\n" not in letter.subject


def test_markup_in_a_title_is_text_in_the_html_part(head):
    letter = letter_for(due(1, user=head, title='<img src="x">'))
    html = letter.alternatives[0].content
    assert "<img" not in html
    assert "&lt;img" in html
    assert '<img src="x">' in letter.body


def test_the_link_leads_through_sign_in(client: Client, head):
    letter = letter_for(due(1, user=head, path="/arbete/utkorg/"))
    path = "/arbete/utkorg/"
    assert path in letter.body
    answer = client.get(path)
    assert answer.status_code == 302
    assert answer["Location"].endswith(f"?next={path}")


# --- The outbox -------------------------------------------------------------------------------------


@pytest.fixture
def outbox(settings):
    settings.DEMO = True
    settings.MAILERS = {
        "default": {
            "BACKEND": "lysekil_trygghet.notifications.outbox.OutboxBackend",
            "OPTIONS": {"folder": settings.MAIL_DIR},
        }
    }
    return settings.MAIL_DIR


@pytest.fixture
def reader(head):
    client = Client()
    client.force_login(head, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_the_outbox_shows_the_newest_first_and_one_recipient_if_asked(outbox, reader, head):
    plan([due(1, user=head)], now=LATER)
    sweeping.sweep(now=LATER)
    plan([due(2, address="soc@kommun.example")], now=LATER)
    sweeping.sweep(now=LATER)

    everything = reader.get("/arbete/utkorg/")
    assert [found.to for found in everything.context["page"]] == ["soc@kommun.example", "chef@kommun.example"]
    one = reader.get("/arbete/utkorg/", {"till": "chef@kommun.example"})
    subjects = [found.subject for found in one.context["page"]]
    assert subjects == ["Försenade återrapporter: 2020-1:1 – torsdag 18 juni"]


def test_one_mail_is_shown_as_text_with_links(outbox, reader, head):
    plan([due(1, user=head, title="<b>titel</b>")], now=LATER)
    sweeping.sweep(now=LATER)
    [found] = sent_mails(outbox)
    page = reader.get(f"/arbete/utkorg/{found.name}/").content.decode()
    assert 'href="http://127.0.0.1:8000/arbete/uppdrag/1/rapport/"' in page
    assert "&lt;b&gt;titel&lt;/b&gt;" in page


def test_an_empty_outbox_says_so(outbox, reader):
    assert "Inga mejl än" in reader.get("/arbete/utkorg/").content.decode()


@pytest.mark.parametrize("name", ["nothing", "00000000000000000000-00000000", "..", "%2e%2e%2fsecret_key"])
def test_a_mail_that_is_not_there_is_not_found(outbox, reader, name):
    assert reader.get(f"/arbete/utkorg/{name}/").status_code == 404
    with pytest.raises(NoSuchMail):
        read_mail(outbox, name)


def test_outside_demo_mode_there_is_no_outbox(outbox, reader, head, settings):
    plan([due(1, user=head)], now=LATER)
    sweeping.sweep(now=LATER)
    [found] = sent_mails(outbox)
    settings.DEMO = False
    assert reader.get("/arbete/utkorg/").status_code == 404
    assert reader.get(f"/arbete/utkorg/{found.name}/").status_code == 404


def test_no_half_written_mail_is_ever_seen(outbox, head):
    plan([due(1, user=head)], now=LATER)
    sweeping.sweep(now=LATER)
    assert [path.suffix for path in outbox.iterdir()] == [".eml"]
