"""The ledger: each thing planned once, all that is due at a moment in one mail, nothing told that is withdrawn."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core import mail

from lysekil_trygghet.notifications import delivery
from lysekil_trygghet.notifications.delivery import Courier
from lysekil_trygghet.notifications.models import Message, MessageState, Obligation, ObligationState
from lysekil_trygghet.notifications.operations import attach_loose, cancel, plan, release_now
from lysekil_trygghet.notifications.queries import planned_about, told_about
from lysekil_trygghet.notifications.smtp import SilenceAfterMail

from .. import make
from .ledger import LATER, MOMENT, due, let_time_pass, sweep

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("ledger_settings")]


# --- Planning ---------------------------------------------------------------------------------------


def test_the_same_thing_is_planned_once(head):
    first = plan([due(1, user=head), due(1, user=head)], now=LATER)
    second = plan([due(1, user=head)], now=LATER)

    assert (first, second, Obligation.objects.count(), Message.objects.count()) == (1, 0, 1, 1)


def test_everything_due_at_one_moment_is_one_mail_that_lists_all(head):
    other = make.user(email="handlaggare@kommun.example")
    plan([due(1, user=head), due(2, user=head), due(1, user=other), due(3, address="Soc@kommun.example")], now=LATER)
    tally = sweep()

    assert (Obligation.objects.count(), Message.objects.count(), tally.sent) == (4, 3, 3)
    to_head = next(letter for letter in mail.outbox if letter.to == ["chef@kommun.example"])
    assert "2020-1:1" in to_head.body
    assert "2020-1:2" in to_head.body
    assert sorted(letter.to[0] for letter in mail.outbox) == [
        "chef@kommun.example",
        "handlaggare@kommun.example",
        "soc@kommun.example",
    ]


def test_a_second_sweep_sends_nothing(head):
    plan([due(1, user=head)], now=LATER)
    assert (sweep().sent, sweep().sent, len(mail.outbox)) == (1, 0, 1)
    assert Message.objects.get().state == MessageState.SENT
    assert list(Obligation.objects.values_list("state", flat=True)) == [ObligationState.SENT]


def test_nothing_leaves_before_its_moment(head):
    plan([due(1, user=head)], now=make.NOW)
    assert sweep(now=MOMENT - dt.timedelta(seconds=1)).sent == 0
    assert sweep(now=MOMENT).sent == 1


def test_a_mail_that_has_not_left_grows(head):
    plan([due(1, user=head)], now=LATER)
    plan([due(2, user=head)], now=LATER)
    sweep()
    assert len(mail.outbox) == 1
    assert mail.outbox[0].body.count("Uppdrag") == 2


def test_what_comes_after_the_mail_left_goes_in_a_later_one(head):
    plan([due(1, user=head)], now=LATER)
    sweep()
    plan([due(2, user=head)], now=LATER + dt.timedelta(seconds=20))
    sweep(now=LATER + dt.timedelta(seconds=40))

    assert len(mail.outbox) == 2
    assert "Uppdrag 1" not in mail.outbox[1].body
    assert list(Message.objects.order_by("moment").values_list("moment", flat=True)) == [MOMENT, LATER]
    assert mail.outbox[0].message()["Message-ID"] != mail.outbox[1].message()["Message-ID"]


def test_nothing_joins_a_mail_that_is_being_sent(head):
    plan([due(1, user=head)], now=LATER)
    courier = Courier(now=LATER)
    [message] = courier.claim()
    plan([due(2, user=head)], now=LATER)

    assert Obligation.objects.get(number="2020-1:2").message_id != message.pk
    sweep()
    let_time_pass()
    sweep()
    assert sorted(letter.body.count("Uppdrag") for letter in mail.outbox) == [1, 1]


def test_nothing_joins_a_mail_that_may_have_arrived(head, picky):
    plan([due(1, user=head)], now=LATER)
    picky.answers = [SilenceAfterMail()]
    sweep()
    plan([due(2, user=head)], now=LATER)
    assert Obligation.objects.get(number="2020-1:2").message != Obligation.objects.get(number="2020-1:1").message


def test_what_was_left_behind_when_a_mail_went_gets_another(head):
    plan([due(1, user=head), due(2, user=head)], now=LATER)
    first, second = Obligation.objects.order_by("number")
    message = first.message
    token = Courier(now=LATER).claim()[0].lease_token
    delivery.record(delivery.Accepted(message.pk, token, (first.pk,)))

    second.refresh_from_db()
    assert (second.state, second.message) == (ObligationState.PLANNED, None)
    assert attach_loose(now=LATER) == 1
    sweep()
    assert [letter.body.count("Uppdrag 2") for letter in mail.outbox] == [1]


@pytest.mark.parametrize(
    "fields",
    [
        {"address": ""},
        {"address": "ingen adress"},
        {"address": "a@b.example", "path": "//elsewhere.example/"},
        {"address": "a@b.example", "path": "https://elsewhere.example/"},
        {"address": "a@b.example", "moment": dt.datetime(2020, 6, 18)},  # noqa: DTZ001 - the mistake on trial
        {"address": "a@b.example", "key": "two\nlines"},
    ],
)
def test_a_due_that_can_never_be_sent_does_not_stop_the_others(fields, caplog):
    good = due(2, address="god@kommun.example")
    assert plan([due(1, **fields), good], now=LATER) == 1
    assert "a due was skipped" in caplog.text


# --- Cancelling and bringing forward ----------------------------------------------------------------


def test_a_cancelled_thing_is_not_told(head):
    plan([due(1, user=head), due(2, user=head)], now=LATER)
    assert cancel("incidents.assignment:1", now=LATER) == 1
    sweep()
    assert "Uppdrag 1" not in mail.outbox[0].body
    assert "Uppdrag 2" in mail.outbox[0].body


def test_a_mail_with_nothing_left_is_withdrawn(head):
    plan([due(1, user=head)], now=LATER)
    cancel("incidents.assignment:1", now=LATER)
    sweep()
    assert mail.outbox == []
    assert Message.objects.get().state == MessageState.CANCELLED


def test_only_the_named_steps_are_cancelled(head):
    plan([due(1, user=head), due(1, user=head, step="escalated", key="other")], now=LATER)
    assert cancel("incidents.assignment:1", now=LATER, steps=["escalated"]) == 1
    assert planned_about("incidents.assignment:1").get().step == "overdue"


def test_what_is_sent_cannot_be_cancelled(head):
    plan([due(1, user=head)], now=LATER)
    sweep()
    assert cancel("incidents.assignment:1", now=LATER) == 0
    assert told_about("incidents.assignment:1").get().message.state == MessageState.SENT


def test_a_withdrawn_mail_comes_back_when_something_new_is_due_then(head):
    plan([due(1, user=head)], now=make.NOW)
    cancel("incidents.assignment:1", now=make.NOW)
    plan([due(2, user=head)], now=make.NOW)
    message = Message.objects.get()
    assert (message.state, message.next_at) == (MessageState.DUE, MOMENT)
    sweep()
    assert [letter.body.count("Uppdrag") for letter in mail.outbox] == [1]


def test_what_is_planned_for_later_can_be_brought_forward(head):
    plan([due(1, user=head)], now=make.NOW)
    assert release_now("incidents.assignment:1", now=make.NOW) == 1
    assert sweep(now=make.NOW).sent == 1
    assert sweep(now=LATER).sent == 0
