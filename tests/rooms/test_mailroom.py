"""The log of mail: what went to whom, what did not arrive, and what the coordinator can do about it."""

from __future__ import annotations

import smtplib

import pytest
from django.core import mail
from django.urls import reverse

from lysekil_trygghet.accounts.demo import load_people
from lysekil_trygghet.accounts.models import User
from lysekil_trygghet.history.models import Event
from lysekil_trygghet.mailroom import reminders
from lysekil_trygghet.notifications.models import ErrorKind, Message, MessageState, Obligation, ObligationState
from lysekil_trygghet.notifications.operations import plan
from lysekil_trygghet.notifications.smtp import SilenceAfterMail
from lysekil_trygghet.subscriptions.models import new_reader

from .ledger import LATER, due, let_time_pass, sweep

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("ledger_settings")]
NO = smtplib.SMTPRecipientsRefused({"head@kommun.example": (550, b"no such mailbox")})


@pytest.fixture
def people(db) -> dict[str, User]:
    return load_people(now=LATER)


@pytest.fixture
def signed_in(client, people, settings):
    def as_role(key: str):
        client.force_login(people[key], settings.AUTHENTICATION_BACKENDS[0])
        return client

    return as_role


def refused(head, picky, error: Exception = NO) -> Message:
    plan([due(1, user=head)], now=LATER)
    picky.answers = [error]
    sweep()
    return Message.objects.get()


def lost(head, picky) -> Message:
    """The server fell silent twice: nobody knows whether the mail arrived."""
    plan([due(1, user=head)], now=LATER)
    picky.answers = [SilenceAfterMail("timed out"), SilenceAfterMail("timed out")]
    sweep()
    let_time_pass()
    sweep()
    return Message.objects.get()


# --- Finding --------------------------------------------------------------------------------------------


def test_the_log_says_what_went_to_whom_about_what(signed_in, head):
    plan([due(1, user=head), due(2, user=head), due(3, address="social@kommun.example")], now=LATER)
    sweep()

    words = signed_in("coordinator").get(reverse("mailroom:log")).content.decode()

    assert "2 mejl, det senaste först" in words
    for told in (head.name, "social@kommun.example", "Försenade återrapporter", "Uppdrag 1", "Uppdrag 2", "Skickat"):
        assert told in words


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("2020-1:3", ["social@kommun.example"]),
        ("social uppdrag", ["social@kommun.example"]),
        ("försenade", ["head", "social@kommun.example"]),
        ("finns inte alls", []),
        ("100%", []),
    ],
)
def test_a_mail_is_found_by_any_of_its_words(signed_in, head, asked, found):
    plan([due(1, user=head), due(3, address="social@kommun.example")], now=LATER)

    page = signed_in("coordinator").get(reverse("mailroom:log"), {"q": asked})

    to = [row.address.replace(head.email, "head") for row in page.context["rows"]]
    assert sorted(to) == sorted(found)
    assert found or "Inget mejl passar" in page.content.decode()


def test_the_log_asks_as_many_questions_for_fifty_mails_as_for_one(
    signed_in, people, django_assert_max_num_queries, django_assert_num_queries
):
    client = signed_in("coordinator")
    plan([due(1, address="p1@kommun.example")], now=LATER)
    client.get(reverse("mailroom:log"))
    with django_assert_max_num_queries(12) as one:
        client.get(reverse("mailroom:log"))
    plan([due(number, address=f"p{number % 60}@kommun.example") for number in range(2, 200)], now=LATER)
    with django_assert_num_queries(len(one)):
        page = client.get(reverse("mailroom:log"))
    assert len(page.context["rows"]) == 50


def test_nothing_is_shown_of_a_resident(signed_in):
    reader = new_reader()
    plan([due(1, key="digest:1", reader=reader, title="", number="", heading="Till invånare")], now=LATER)

    client = signed_in("coordinator")
    message = Message.objects.get()
    words = client.get(reverse("mailroom:log")).content.decode()
    words += client.get(reverse("mailroom:message", args=[message.pk])).content.decode()

    assert "En invånare som prenumererar" in words
    assert reader not in words


@pytest.mark.parametrize("key", ["head_social", "officer_social", "communicator", "police_liaison", "researcher"])
def test_others_are_kept_out(signed_in, head, picky, key):
    message = refused(head, picky)
    client = signed_in(key)

    for name, args in [("log", []), *((name, [message.pk]) for name in ("message", "send_again", "set_aside"))]:
        assert client.get(reverse(f"mailroom:{name}", args=args)).status_code == 403


def test_the_auditor_reads_and_changes_nothing(signed_in, head, picky):
    message = refused(head, picky)
    client = signed_in("auditor")

    page = client.get(reverse("mailroom:message", args=[message.pk]))

    assert page.status_code == 200
    assert "Skicka igen" not in page.content.decode()
    assert client.post(reverse("mailroom:send_again", args=[message.pk])).status_code in (403, 404)
    assert Message.objects.get().state == MessageState.FAILED


# --- What did not arrive ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (NO, "Adressen finns inte"),
        (smtplib.SMTPRecipientsRefused({"head@kommun.example": (452, b"mailbox full")}), "Brevlådan kan vara full"),
    ],
)
def test_a_full_mailbox_and_a_missing_one_are_told_apart(signed_in, head, picky, error, words):
    message = refused(head, picky, error)

    page = signed_in("coordinator").get(reverse("mailroom:message", args=[message.pk])).content.decode()

    assert words in page
    assert ("Skicka igen" in page) == (error is NO)


def test_what_did_not_arrive_stands_first_in_the_days_work(signed_in, head, picky):
    refused(head, picky)

    words = signed_in("coordinator").get("/arbete/").content.decode()

    assert "1 mejl kom inte fram" in words
    assert reverse("mailroom:log") + "?visa=problem" in words


def test_a_mended_address_gets_the_same_mail_again(signed_in, head, picky):
    message = refused(head, picky)

    answer = signed_in("coordinator").post(reverse("mailroom:send_again", args=[message.pk]), follow=True)
    let_time_pass()
    sweep()

    assert "Klart." in answer.content.decode()
    again = Message.objects.get()
    assert (again.state, again.message_id) == (MessageState.SENT, message.message_id)
    assert [sent.extra_headers["Message-ID"] for sent in mail.outbox] == [message.message_id]
    assert Event.objects.filter(verb="sent_again", subject_id=message.pk).count() == 1


def test_two_who_press_at_once_send_once(signed_in, head, picky):
    message = refused(head, picky)
    client = signed_in("coordinator")
    address = reverse("mailroom:send_again", args=[message.pk])
    client.post(address)

    second = client.post(address)

    assert second.status_code == 422
    assert "Någon har redan tagit hand om mejlet" in second.content.decode()
    assert Event.objects.filter(verb="sent_again").count() == 1


def test_a_mail_nobody_knew_about_can_be_said_to_have_arrived(signed_in, head, picky):
    message = lost(head, picky)
    client = signed_in("coordinator")
    assert "Fråga mottagaren" in client.get(reverse("mailroom:message", args=[message.pk])).content.decode()

    client.post(reverse("mailroom:arrived", args=[message.pk]))

    assert Message.objects.get().state == MessageState.SENT
    assert Obligation.objects.get().state == ObligationState.SENT


def test_a_refused_mail_cannot_be_said_to_have_arrived(signed_in, head, picky):
    message = refused(head, picky)

    answer = signed_in("coordinator").post(reverse("mailroom:arrived", args=[message.pk]))

    assert answer.status_code == 422
    assert Message.objects.get().state == MessageState.FAILED


def test_what_was_told_in_another_way_is_not_sent(signed_in, head, picky):
    message = refused(head, picky)

    signed_in("coordinator").post(reverse("mailroom:set_aside", args=[message.pk]))
    let_time_pass()
    sweep()

    assert Message.objects.get().state == MessageState.CANCELLED
    assert mail.outbox == []
    # The same thing is not planned once more either.
    assert plan([due(1, user=head)], now=LATER) == 0


# --- The alarm --------------------------------------------------------------------------------------------


def test_the_coordinator_and_the_administrator_hear_of_it_once(people, head, picky):
    message = refused(head, picky)

    for _sweep in range(3):
        plan(reminders.plan(now=LATER), now=LATER)
        sweep()

    assert sorted(to for sent in mail.outbox for to in sent.to) == sorted(
        people[key].email for key in ("coordinator", "administrator")
    )
    assert all(reverse("mailroom:message", args=[message.pk]) in str(sent.body) for sent in mail.outbox)


def test_an_alarm_that_fails_raises_no_alarm(people, head, picky):
    refused(head, picky)
    plan(reminders.plan(now=LATER), now=LATER)
    picky.answers = [NO, NO]
    sweep()

    assert plan(reminders.plan(now=LATER), now=LATER) == 0
    assert Message.objects.filter(last_error_kind=ErrorKind.REFUSED).count() == 3


def test_a_residents_refused_mail_is_nobodys_work(people, picky):
    plan([due(1, key="digest:1", reader=new_reader())], now=LATER)
    Message.objects.update(state=MessageState.FAILED, next_at=None, last_error_kind=ErrorKind.REFUSED)

    assert list(reminders.plan(now=LATER)) == []
