"""Residents follow a promise, an area or the acute page by mail: confirmed, one digest a day, out with one click."""

from __future__ import annotations

import datetime as dt
import re
import smtplib

import pytest
from django.conf import settings as portal_settings
from django.contrib import admin
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from incidents.operations import publication, responses
from incidents.topics import ACUTE_TOPIC, response_topic
from lysekil_trygghet.history.guards import Refused
from lysekil_trygghet.notifications import sweeping
from lysekil_trygghet.notifications.models import Message, MessageState, Obligation, ObligationState
from lysekil_trygghet.publishing.pages import shelf
from lysekil_trygghet.subscriptions import links, operations, queries, reminders, topics
from lysekil_trygghet.subscriptions.models import Asked, DifferenceCount, Subscriber, Subscription, ToldChange
from pledges.operations import commitments
from pledges.topics import area_topic, promise_topic

from .. import make, make_incidents, make_pledges
from ..make_incidents import acting
from .ledger import let_time_pass

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("people", "digests")]

NOW = make.NOW
HOUR, DAY, WEEK = dt.timedelta(hours=1), dt.timedelta(days=1), dt.timedelta(weeks=1)
DIGEST = make.at("2020-06-09", "16:00")
HERE = {"Origin": portal_settings.SITE_URL}
ADDRESS = "granne@exempel.se"


@pytest.fixture
def digests(settings, tmp_path):
    """Nobody is mailed but those who follow something."""
    settings.NOTIFICATION_PLANNERS = []
    settings.SWEEP_STEPS = [
        "lysekil_trygghet.subscriptions.reminders.plan_digests",
        "lysekil_trygghet.subscriptions.operations.erase_what_is_over",
    ]
    settings.VAR_DIR = tmp_path


@pytest.fixture
def promise():
    return make_pledges.published_commitment(now=NOW - 2 * DAY)


def follow(*names: str, address: str = ADDRESS, language: str = "sv", now: dt.datetime = NOW) -> Subscriber:
    for name in names:
        operations.ask(address, name, language=language, now=now)
    subscriber = Subscriber.objects.get(address=address)
    operations.confirm(subscriber, now=now)
    sweeping.sweep(now=now)
    mail.outbox.clear()
    return subscriber


def sweep(now: dt.datetime) -> list[mail.EmailMessage]:
    """What a sweep at that moment sends."""
    before = len(mail.outbox)
    let_time_pass()
    sweeping.sweep(now=now)
    return mail.outbox[before:]


def mine(letter: mail.EmailMessage) -> str:
    found = re.search(rf"{re.escape(portal_settings.SITE_URL)}(\S*/prenumerera/min/\S+?/)\s", letter.body)
    assert found, letter.body
    return found[1]


# --- Asking and confirming ------------------------------------------------------------------------------


def test_from_the_link_on_the_page_to_the_first_digest_and_out_again():
    long_ago = timezone.now() - 3 * DAY
    promise = make_pledges.published_commitment(now=long_ago)
    name, client = promise_topic(promise.pk), Client(enforce_csrf_checks=True)
    page = client.get(promise.public_url).content.decode()
    address = re.search(r'href="([^"]*/prenumerera/\?om=[^"]+)"', page)
    assert address
    assert address[1] == f"/prenumerera/?om={name}"
    assert promise.text_as_promised[:40] in client.get(address[1]).content.decode()

    answer = client.post("/prenumerera/", {"om": name, "address": " Granne@Exempel.se "}, headers=HERE)
    assert (answer.status_code, answer["Location"]) == (303, "/prenumerera/tack/")
    assert "tryck på Ja" in client.get("/prenumerera/tack/").content.decode()
    sweeping.sweep(now=timezone.now())
    (asked,) = mail.outbox
    assert (asked.to, asked.subject) == ([ADDRESS], "Bekräfta att du vill ha mejl")
    assert promise.text_as_promised[:40] in asked.body

    own = mine(asked)
    assert "Ja, mejla mig" in client.get(own).content.decode()
    assert not Subscription.objects.exclude(confirmed_at=None).exists(), "a link alone confirms nothing"
    assert client.post(own, {"yes": "1"}, headers=HERE).status_code == 303
    assert "Det här får du mejl om" in client.get(own).content.decode()

    make_pledges.amendment(promise, now=timezone.now())
    assert sweep(timezone.now()) == []
    (digest,) = sweep(timezone.now() + 2 * DAY)
    assert digest.subject == "Löftet har fått en ny lydelse"
    assert promise.public_url in digest.body

    assert client.post(own, {"stop": name}, headers=HERE)["Location"] == "/prenumerera/raderad/"
    assert not Subscriber.objects.exists()
    gone = client.get(own)
    assert gone.status_code == 404
    assert "Länken gäller inte längre" in gone.content.decode()
    for answer in (gone, client.get("/prenumerera/"), client.get(address[1])):
        assert answer.cookies == {}


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("", "Skriv din e-postadress."),
        ("granne", "Skriv hela adressen"),
        ("a@b", "Skriv hela adressen"),
        ("granne@exempel.se\nBcc: alla@exempel.se", "Skriv hela adressen"),
        (f"{'a' * 250}@exempel.se", "Adressen är för lång."),
    ],
)
def test_a_wrong_address_is_said_and_nothing_typed_is_lost(promise, address, words):
    name = promise_topic(promise.pk)
    answer = Client().post("/prenumerera/", {"om": name, "address": address}, headers=HERE)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "<title>Fel: " in page
    assert page.count(words) == 2
    assert address.split("\n")[0][:20] in page
    assert f'value="{name}"' in page
    assert not Subscriber.objects.exists()


@pytest.mark.parametrize("name", ["", "lofte-999", "lofte-x", "okand-1", "akut-7", "lofte-1-2", "lofte-" + "9" * 40])
def test_what_is_not_there_cannot_be_followed(promise, name):
    page = Client().get("/prenumerera/", {"om": name})
    assert page.status_code == 200
    assert 'name="address"' not in page.content.decode()
    answer = Client().post("/prenumerera/", {"om": name, "address": ADDRESS}, headers=HERE)
    assert answer.status_code == 422
    assert "finns inte längre" in answer.content.decode()
    assert not Subscriber.objects.exists()


def test_what_has_ended_cannot_be_followed_and_has_no_link():
    closed = make_pledges.closed_set(now=NOW).commitments.first()
    page = Client().get(f"/prenumerera/?om={promise_topic(closed.pk)}").content.decode()
    assert "Det här är avslutat" in page
    assert 'name="address"' not in page
    assert "prenumerera/?om=" not in Client().get(closed.public_url).content.decode()
    with pytest.raises(Refused):
        operations.ask(ADDRESS, promise_topic(closed.pk), language="sv", now=NOW)


def test_the_answer_is_the_same_for_a_known_address_and_says_so_in_its_own_mailbox(promise):
    name = promise_topic(promise.pk)
    follow(name)
    answer = Client().post("/prenumerera/", {"om": name, "address": ADDRESS}, headers=HERE)
    assert answer["Location"] == "/prenumerera/tack/"
    (letter,) = sweep(timezone.now())
    assert letter.subject == "Dina mejl från oss"
    assert "mejl som du redan får" in letter.body


def test_nobody_can_fill_the_mailbox_of_another():
    promises = [make_pledges.published_commitment(now=NOW - DAY) for _ in range(5)]
    for number, one in enumerate(promises):
        for _ in range(3):
            operations.ask(ADDRESS, promise_topic(one.pk), language="sv", now=NOW + number * HOUR)
            sweep(NOW + number * HOUR)
    assert len(mail.outbox) == operations.CONFIRMATIONS_A_DAY
    assert Subscription.objects.count() == 5
    operations.ask(ADDRESS, promise_topic(promises[0].pk), language="sv", now=NOW + DAY)
    (letter,) = sweep(NOW + DAY)
    assert letter.body.count("\n* ") == 5, "everything that waits is confirmed with one yes"


@pytest.mark.parametrize("headers", [{}, {"Origin": "https://annan.example"}, {"Sec-Fetch-Site": "cross-site"}])
def test_only_our_own_pages_may_send(promise, headers):
    subscriber = follow(promise_topic(promise.pk))
    own = f"/prenumerera/min/{links.token_of(subscriber)}/"
    for path, sent in (("/prenumerera/", {"om": ACUTE_TOPIC, "address": "annan@exempel.se"}), (own, {"all": "1"})):
        assert Client().post(path, sent, headers=headers).status_code == 403
    assert Subscriber.objects.count() == 1


def test_ten_times_an_hour_from_one_address(promise):
    sent = {"om": promise_topic(promise.pk), "address": ADDRESS}
    answers = [Client().post("/prenumerera/", sent, headers=HERE).status_code for _ in range(11)]
    assert answers == [303] * 10 + [429]


@pytest.mark.parametrize("spoil", [lambda t: t[:-1], lambda t: "x" + t, lambda t: t.split(".")[0], lambda t: "å.å"])
def test_a_made_up_link_opens_nothing(promise, spoil):
    token = spoil(links.token_of(follow(promise_topic(promise.pk))))
    for path in ("", "bort/", f"skillnad/{promise_topic(promise.pk)}/"):
        answer = Client().post(f"/prenumerera/min/{token}/{path}", {"all": "1", "said": "YES"}, headers=HERE)
        assert answer.status_code in (200, 404)
    assert Subscriber.objects.exists()


def test_own_pages_are_kept_by_nobody(promise):
    token = links.token_of(follow(promise_topic(promise.pk)))
    answer = Client().get(f"/prenumerera/min/{token}/")
    assert "no-store" in answer["Cache-Control"]
    assert answer["X-Robots-Tag"] == "noindex"
    assert answer["Referrer-Policy"] == "same-origin"
    page = answer.content.decode()
    assert "mailto:?subject" not in page, "a page whose address is a key is not offered for sharing"
    assert "<script" not in page


# --- One click out (RFC 8058) ---------------------------------------------------------------------------


def test_one_click_in_the_mail_program_leaves_and_erases(promise):
    follow(promise_topic(promise.pk), ACUTE_TOPIC)
    make_pledges.amendment(promise, now=NOW + HOUR)
    (digest,) = sweep(DIGEST)
    headers = digest.message()
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = headers["List-Unsubscribe"].strip("<>").removeprefix(portal_settings.SITE_URL)
    client = Client(enforce_csrf_checks=True)

    opened = client.get(address)
    assert (opened.status_code, Subscriber.objects.count()) == (302, 1), "a scanner that opens it changes nothing"
    assert client.get(opened["Location"]).status_code == 200
    answer = client.post(address, {"List-Unsubscribe": "One-Click"})
    assert (answer.status_code, answer.cookies) == (200, {})
    assert not Subscriber.objects.exists()
    assert client.post(address, {"List-Unsubscribe": "One-Click"}).status_code == 200, "a second click is no error"


def test_nothing_of_the_address_is_left_anywhere_when_somebody_leaves(promise, picky):
    subscriber = follow(promise_topic(promise.pk))
    make_pledges.amendment(promise, now=NOW + HOUR)
    refused = smtplib.SMTPRecipientsRefused({ADDRESS: (450, f"{ADDRESS} try later".encode())})
    picky.answers = [refused]
    sweep(DIGEST)
    message = Message.objects.get(state=MessageState.DUE)
    assert "450" in message.last_error
    operations.erase(subscriber, now=DIGEST)
    assert sweep(DIGEST + HOUR) == []
    for model in (Message, Obligation, Subscriber, Subscription, Asked, ToldChange, DifferenceCount):
        for row in model.objects.all():
            assert "granne" not in str(vars(row)), model
    assert Message.objects.get(pk=message.pk).state == MessageState.CANCELLED


# --- The digest of the day ------------------------------------------------------------------------------


def test_everything_of_a_day_comes_in_one_mail_once(promise):
    follow(promise_topic(promise.pk), area_topic(promise.area_id), ACUTE_TOPIC)
    make_pledges.amendment(promise, now=NOW + HOUR)
    lead = promise.parties.get(role="LEAD").organisation
    commitments.set_delivery(
        promise, organisation=lead, to="ONGOING", reason="", by=acting("coordinator", now=NOW), now=NOW + HOUR
    )
    assert sweep(NOW + 2 * HOUR) == []
    (digest,) = sweep(DIGEST)
    assert digest.subject == "2 nyheter i det du följer"
    assert "Löftet har fått en ny lydelse" in digest.body
    assert "Nytt läge: Pågår" in digest.body
    assert digest.body.count(promise.public_url) == 2
    html = digest.alternatives[0][0]
    assert f'href="{portal_settings.SITE_URL}{promise.public_url}"' in html
    for later in (DIGEST + HOUR, DIGEST + DAY, DIGEST + 9 * DAY):
        assert sweep(later) == [], "told once"
    make_pledges.amendment(promise, new_text="Kommunen ska vara på torget var natt.", now=DIGEST + 2 * DAY)
    assert len(sweep(DIGEST + 3 * DAY)) == 1


def test_what_happened_before_the_yes_is_not_told(promise):
    make_pledges.amendment(promise, now=NOW - HOUR)
    follow(promise_topic(promise.pk))
    assert sweep(DIGEST) == []


def test_nobody_who_has_not_said_yes_is_told(promise):
    operations.ask(ADDRESS, promise_topic(promise.pk), language="sv", now=NOW)
    (_asked,) = sweep(NOW)
    make_pledges.amendment(promise, now=NOW + HOUR)
    assert sweep(DIGEST) == []


def test_two_followers_each_get_their_own_and_two_sweeps_send_no_more(promise):
    for number in range(3):
        follow(promise_topic(promise.pk), address=f"granne{number}@exempel.se")
    make_pledges.amendment(promise, now=NOW + HOUR)
    reminders.plan_digests(now=DIGEST)
    ToldChange.objects.all().delete()  # as if the power had gone between the ledger and the mark
    reminders.plan_digests(now=DIGEST)
    letters = sweep(DIGEST)
    assert sorted(letter.to[0] for letter in letters) == [f"granne{number}@exempel.se" for number in range(3)]
    assert len({letter.extra_headers["Message-ID"] for letter in letters}) == 3


def test_what_was_missed_while_nothing_ran_is_told_in_one_mail(promise):
    follow(promise_topic(promise.pk))
    make_pledges.amendment(promise, now=NOW + HOUR)
    make_pledges.amendment(promise, new_text="Kommunen ska vara på torget var natt.", now=NOW + 2 * DAY)
    (digest,) = sweep(NOW + 5 * DAY)
    assert digest.body.count("Löftet har fått en ny lydelse") == 2


def test_what_is_withdrawn_before_the_digest_is_not_told():
    response = make_incidents.response(now=NOW - DAY)
    communicator = acting("communicator", now=NOW)
    publication.publish(response, by=communicator, now=NOW - HOUR)
    follow(ACUTE_TOPIC)
    update = make_incidents.update(response=response, title="Ordet hemlighet", now=NOW)
    publication.approve(update, by=acting("coordinator", now=NOW), now=NOW)
    publication.publish(update, by=communicator, now=NOW + HOUR)
    assert sweep(NOW + 2 * HOUR) == []
    assert Obligation.objects.filter(step="change", state=ObligationState.PLANNED).count() == 1
    publication.withdraw(update, reason="Fel.", by=communicator, now=NOW + 3 * HOUR)
    assert sweep(DIGEST) == []
    assert not Obligation.objects.filter(state=ObligationState.PLANNED).exists()
    assert "hemlighet" not in str(list(Obligation.objects.values()) + list(Message.objects.values()))


def test_what_is_left_is_told_though_something_else_was_withdrawn(promise):
    response = make_incidents.response(now=NOW - DAY)
    communicator = acting("communicator", now=NOW)
    follow(ACUTE_TOPIC, promise_topic(promise.pk))
    publication.publish(response, by=communicator, now=NOW + HOUR)
    make_pledges.amendment(promise, now=NOW + HOUR)
    sweep(NOW + 2 * HOUR)
    publication.withdraw(response, reason="Fel.", by=communicator, now=NOW + 3 * HOUR)
    (digest,) = sweep(DIGEST)
    assert digest.subject == "Löftet har fått en ny lydelse"
    assert sweep(DIGEST + HOUR) == []
    assert not Obligation.objects.filter(state=ObligationState.PLANNED).exists()


def test_the_acute_page_tells_of_the_beginning_the_news_and_the_end():
    follow(ACUTE_TOPIC)
    communicator, coordinator = acting("communicator", now=NOW), acting("coordinator", now=NOW)
    response = make_incidents.response(now=NOW)
    publication.publish(response, by=communicator, now=NOW + HOUR)
    (first,) = sweep(DIGEST)
    assert first.subject == "Trygghetsarbetet intensifieras"
    assert response.public_url in first.body
    update = make_incidents.update(response=response, title="Fler ute i kväll", now=NOW)
    publication.approve(update, by=coordinator, now=NOW + DAY)
    publication.publish(update, by=communicator, now=NOW + DAY)
    responses.edit(
        response, values={"background": "Det var lugnt."}, by=communicator, now=NOW + DAY, correction="Ny text"
    )
    (second,) = sweep(DIGEST + DAY)
    assert "Nyhet: Fler ute i kväll" in second.body
    assert update.public_url in second.body
    assert "Rättat: Ny text" in second.body


def test_english_readers_are_written_to_in_english(promise):
    client = Client()
    english = translation.override("en")
    with english:
        address = promise.public_url
    assert f"/en/prenumerera/?om={promise_topic(promise.pk)}" in client.get(address).content.decode()
    sent = {"om": promise_topic(promise.pk), "address": ADDRESS}
    client.post("/en/prenumerera/", sent, headers=HERE)
    sweeping.sweep(now=timezone.now())
    (asked,) = mail.outbox
    assert asked.subject == "Confirm that you want emails"
    assert "/en/prenumerera/min/" in asked.body
    assert "Hej" not in asked.body


# --- Afterwards -----------------------------------------------------------------------------------------


def closed_with_followers(number: int = 1) -> tuple:
    closing = make_pledges.closing_set(now=NOW)
    promise = closing.commitments.first()
    name = promise_topic(promise.pk)
    for one in range(number):
        subscriber = Subscriber.objects.create(address=f"granne{one}@exempel.se", language="sv", created_at=NOW)
        Subscription.objects.create(subscriber=subscriber, topic=name, asked_at=NOW, confirmed_at=NOW)
    make_pledges.moved_to(closing, "CLOSED", now=NOW + HOUR)
    return promise, name


def test_four_weeks_after_the_end_one_question_then_the_address_is_erased():
    _promise, name = closed_with_followers()
    (closing,) = sweep(DIGEST)
    assert "Löftena är avslutade: så gick det" in closing.body
    assert sweep(DIGEST + 4 * WEEK - 2 * DAY) == []
    (asked,) = sweep(DIGEST + 4 * WEEK)
    assert asked.subject == "Märkte du någon skillnad?"
    path = re.search(rf"{re.escape(portal_settings.SITE_URL)}(\S+/skillnad/{name}/)", asked.body)
    assert path
    client = Client()
    assert "Ja, tydligt" in client.get(path[1]).content.decode()
    nothing = client.post(path[1], {"said": "MAYBE"}, headers=HERE)
    assert nothing.status_code == 422
    assert "Välj ett av svaren." in nothing.content.decode()
    assert client.post(path[1], {"said": "YES"}, headers=HERE)["Location"] == "/prenumerera/svarat/"
    assert client.post(path[1], {"said": "NO"}, headers=HERE).status_code == 404, "one answer each"
    assert list(DifferenceCount.objects.values_list("topic", "answer", "count")) == [(name, "YES", 1)]
    assert not Subscriber.objects.exists(), "nothing more comes, so the address is not needed"
    assert sweep(DIGEST + 6 * WEEK) == []


def test_answers_are_shown_from_five_on():
    promise, name = closed_with_followers(6)
    sweep(DIGEST + 4 * WEEK)
    said = ["YES", "SOME", "SOME", "NO", "UNSURE", "YES"]
    for number, (subscriber, answer) in enumerate(zip(Subscriber.objects.order_by("pk"), said, strict=True), start=1):
        assert operations.answer(subscriber, name, answer, now=NOW + 5 * WEEK)
        if number == 4:
            assert queries.noticed(name) is None
            assert "märkte ingen" not in Client().get(promise.public_url).content.decode()
    shelf.clear()
    page = Client().get(promise.public_url).content.decode()
    assert "Av 6 som svarade märkte 4 en skillnad: 2 tydligt och 2 lite." in page


def test_the_acute_page_asks_about_each_response_and_goes_on():
    response = make_incidents.response(now=NOW - DAY)
    publication.publish(response, by=acting("communicator", now=NOW), now=NOW - HOUR)
    subscriber = follow(ACUTE_TOPIC, response_topic(response.pk))
    response.__class__.objects.filter(pk=response.pk).update(state="ENDED", ended_at=NOW + HOUR)
    (told,) = sweep(DIGEST)
    assert told.subject == "Arbetet är avslutat"
    (asked,) = sweep(DIGEST + 4 * WEEK)
    assert asked.body.count("/skillnad/") == 1, "one question though it is followed under two names"
    operations.answer(subscriber, response_topic(response.pk), "NO", now=NOW + 5 * WEEK)
    assert list(Subscription.objects.values_list("topic", flat=True)) == [ACUTE_TOPIC]


# --- Erased by the clock --------------------------------------------------------------------------------


def test_an_address_nobody_confirmed_is_erased_after_a_week(promise):
    operations.ask(ADDRESS, promise_topic(promise.pk), language="sv", now=NOW)
    sweep(NOW + 6 * DAY)
    assert Subscriber.objects.exists()
    sweep(NOW + 8 * DAY)
    assert not Subscriber.objects.exists()


def test_who_does_not_answer_is_erased_too():
    closed_with_followers()
    sweep(DIGEST + 4 * WEEK)
    assert Asked.objects.exists()
    sweep(DIGEST + 9 * WEEK)
    assert not Subscriber.objects.exists()
    assert not Asked.objects.exists()


def test_a_mailbox_that_is_not_there_is_erased_after_two_refusals(promise, picky):
    follow(promise_topic(promise.pk))
    # Its confirmation came through long ago, and is forgotten here.
    Obligation.objects.update(state=ObligationState.CANCELLED)
    Message.objects.update(state=MessageState.CANCELLED, next_at=None)
    for number in (1, 2):
        picky.answers = [smtplib.SMTPRecipientsRefused({ADDRESS: (550, b"no such user")})]
        make_pledges.amendment(promise, new_text=f"Ny lydelse {number}.", now=NOW + number * DAY)
        sweep(DIGEST + number * DAY)
        assert Subscriber.objects.exists()
    sweep(DIGEST + 3 * DAY)
    assert not Subscriber.objects.exists()


def test_what_is_withdrawn_for_a_while_is_followed_again():
    response = make_incidents.response(now=NOW - DAY)
    communicator = acting("communicator", now=NOW)
    publication.publish(response, by=communicator, now=NOW - HOUR)
    follow(response_topic(response.pk))
    publication.withdraw(response, reason="Fel.", by=communicator, now=NOW)
    sweep(NOW + WEEK)
    publication.publish(response, by=communicator, now=NOW + 2 * WEEK)
    sweep(NOW + 2 * WEEK + DAY)
    sweep(NOW + 12 * WEEK)
    assert Subscriber.objects.count() == 1
    publication.withdraw(response, reason="Fel.", by=communicator, now=NOW + 13 * WEEK)
    sweep(NOW + 13 * WEEK)
    sweep(NOW + 22 * WEEK)
    assert not Subscriber.objects.exists()


# --- For staff ------------------------------------------------------------------------------------------


def test_staff_see_how_many_follow_and_never_who(client_as, promise):
    for number in range(6):
        follow(promise_topic(promise.pk), address=f"granne{number}@exempel.se")
    follow(ACUTE_TOPIC)
    page = client_as("communicator").get("/arbete/publicera/foljer/").content.decode()
    assert "6 följer" in page
    assert "färre än fem" in page
    assert "granne" not in page
    assert Subscriber not in admin.site._registry


def test_changes_are_found_with_as_many_questions_however_many_there_are(promise):
    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert list(topics.changes(NOW - DAY))
        return len(captured)

    make_pledges.amendment(promise, now=NOW)
    few = asked()
    for number in range(20):
        make_pledges.amendment(promise, new_text=f"Lydelse {number}.", now=NOW + number * HOUR)
    assert asked() == few
