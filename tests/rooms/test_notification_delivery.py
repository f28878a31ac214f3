"""Delivery: two senders never send the same mail, and nothing is lost when a server, a planner or a database fails."""

from __future__ import annotations

import datetime as dt
import smtplib
import socket
from email.utils import parsedate_to_datetime

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend as LocalMail
from django.db import IntegrityError, OperationalError, connection, transaction
from django.utils import timezone

from lysekil_trygghet.notifications import delivery, journal, sweeping
from lysekil_trygghet.notifications.delivery import Courier
from lysekil_trygghet.notifications.models import (
    ErrorKind,
    Message,
    MessageState,
    Obligation,
    ObligationState,
    SweepBeat,
)
from lysekil_trygghet.notifications.operations import cancel, plan
from lysekil_trygghet.notifications.queries import ledger_status, needing_a_person
from lysekil_trygghet.notifications.smtp import SilenceAfterMail

from .ledger import LATER, MOMENT, due, let_time_pass, sweep

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("ledger_settings")]


@pytest.fixture
def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


# --- Claiming ---------------------------------------------------------------------------------------


def test_two_senders_never_hold_the_same_row(head):
    plan([due(number, address=f"p{number}@kommun.example") for number in range(60)], now=LATER)
    first = Courier(now=LATER).claim()
    second = Courier(now=LATER).claim()
    third = Courier(now=LATER).claim()
    assert (len(first), len(second), len(third)) == (40, 20, 0)
    assert not {row.pk for row in first} & {row.pk for row in second}


def test_a_row_left_by_a_dead_sender_is_taken_when_its_lease_is_over(head):
    plan([due(1, user=head)], now=LATER)
    Courier(now=LATER).claim()
    assert sweep().sent == 0
    let_time_pass()
    assert sweep().sent == 1


def test_a_sender_whose_lease_ran_out_does_not_send(head):
    plan([due(1, user=head)], now=LATER)
    slow = Courier(now=LATER)
    [row] = slow.claim()
    let_time_pass()
    assert sweep().sent == 1
    assert slow.renew(row) == []
    assert len(mail.outbox) == 1


def test_a_thing_cancelled_between_claim_and_send_is_not_told(head):
    plan([due(1, user=head)], now=LATER)
    courier = Courier(now=LATER)
    [row] = courier.claim()
    cancel("incidents.assignment:1", now=LATER)
    assert courier.renew(row) == []
    row.refresh_from_db()
    assert (row.state, row.last_error_kind) == (MessageState.CANCELLED, ErrorKind.NOTHING_LEFT)


def test_a_recipient_deactivated_between_claim_and_send_gets_nothing(head):
    plan([due(1, user=head)], now=LATER)
    courier = Courier(now=LATER)
    [row] = courier.claim()
    head.is_active = False
    head.save()
    assert courier.renew(row) == []
    row.refresh_from_db()
    assert (row.state, row.last_error_kind) == (MessageState.CANCELLED, ErrorKind.RECIPIENT_INACTIVE)
    assert Obligation.objects.get().state == ObligationState.CANCELLED


def test_the_one_who_stops_lets_go_of_what_is_not_sent(head):
    plan([due(number, address=f"p{number}@kommun.example") for number in range(5)], now=LATER)
    sweeping.sweep(now=LATER, stop=lambda: len(mail.outbox) >= 2)
    assert len(mail.outbox) == 2
    assert sweep().sent == 3


# --- What mail servers answer -------------------------------------------------------------------------


def test_a_server_that_asks_us_to_wait_gets_the_same_mail_later(head, picky):
    plan([due(1, user=head)], now=LATER)
    picky.answers = [smtplib.SMTPRecipientsRefused({"chef@kommun.example": (451, b"later")})]
    sweep()
    message = Message.objects.get()
    assert (message.state, message.last_error_kind) == (MessageState.DUE, ErrorKind.REFUSED_FOR_NOW)
    assert (message.attempts, message.unanswered) == (1, 0)
    wait = message.next_at - timezone.now()
    assert dt.timedelta(seconds=15) < wait < dt.timedelta(seconds=45)

    let_time_pass()
    sweep()
    assert (len(mail.outbox), Message.objects.get().state) == (1, MessageState.SENT)


def test_backoff_grows_and_has_a_ceiling():
    waits = [delivery.backoff(attempt).total_seconds() for attempt in (1, 3, 5, 12)]
    assert waits == sorted(waits)
    assert waits[-1] <= 1800 * 1.25


def test_a_refused_recipient_is_not_tried_again_and_others_are_unaffected(head, picky):
    plan([due(1, user=head), due(2, address="annan@kommun.example")], now=LATER)
    picky.answers = [smtplib.SMTPRecipientsRefused({"x@kommun.example": (550, b"no such user")})]
    sweep()
    let_time_pass()
    sweep()
    assert len(mail.outbox) == 1
    failed = needing_a_person().get()
    assert (failed.state, failed.last_error_kind, failed.attempts) == (MessageState.FAILED, ErrorKind.REFUSED, 1)
    assert ledger_status(now=LATER).failed == 1


def test_an_address_no_server_can_read_fails_at_once(head, picky):
    plan([due(1, user=head)], now=LATER)
    picky.answers = [ValueError("invalid address")]
    sweep()
    assert Message.objects.get().state == MessageState.FAILED


def test_a_refused_login_is_our_fault_and_is_tried_again(head, picky):
    plan([due(1, user=head)], now=LATER)
    picky.answers = [smtplib.SMTPSenderRefused(550, b"no", "portal@kommun.example")]
    sweep()
    assert Message.objects.get().state == MessageState.DUE


def test_after_twelve_tries_a_person_must_look(head, picky):
    plan([due(1, user=head)], now=LATER)
    picky.answers = [smtplib.SMTPDataError(451, b"later") for _ in range(20)]
    for _ in range(15):
        let_time_pass()
        sweep()
    message = Message.objects.get()
    assert (message.state, message.attempts, len(picky.answers)) == (MessageState.FAILED, 12, 8)


def test_a_sender_that_dies_every_time_does_not_go_on_for_ever(head):
    plan([due(1, user=head)], now=LATER)
    for _ in range(12):
        let_time_pass()
        [row] = Courier(now=LATER).claim()
        Courier(now=LATER).renew(row)
    let_time_pass()
    sweep()
    message = Message.objects.get()
    assert (message.state, message.last_error_kind) == (MessageState.FAILED, ErrorKind.GAVE_UP)
    assert mail.outbox == []


def test_silence_after_the_mail_is_repeated_once_with_the_same_headers(head, picky):
    plan([due(1, user=head)], now=LATER)
    picky.answers = [SilenceAfterMail("timed out")]
    sweep()
    message = Message.objects.get()
    assert (message.state, message.unanswered) == (MessageState.UNCERTAIN, 1)
    assert sweep().sent == 0
    let_time_pass()
    sweep()
    assert Message.objects.get().state == MessageState.SENT
    assert mail.outbox[0].message()["Message-ID"] == message.message_id


def test_silence_twice_stays_listed_and_is_not_repeated(head, picky):
    plan([due(1, user=head)], now=LATER)
    picky.answers = [SilenceAfterMail("timed out"), SilenceAfterMail("timed out")]
    for _ in range(4):
        sweep()
        let_time_pass()
    assert picky.answers == []
    assert mail.outbox == []
    message = needing_a_person().get()
    assert (message.state, message.next_at) == (MessageState.UNCERTAIN, None)
    cancel("incidents.assignment:1", now=LATER)
    assert needing_a_person().get().state == MessageState.UNCERTAIN


def test_a_repeat_has_the_same_message_id_and_date(head, picky):
    plan([due(1, user=head)], now=LATER)
    sweep()
    Message.objects.update(state=MessageState.DUE, next_at=timezone.now(), sent_at=None)
    Obligation.objects.update(state=ObligationState.PLANNED)
    sweep(now=LATER + dt.timedelta(hours=1))
    first, second = (letter.message() for letter in mail.outbox)
    assert first["Message-ID"] == second["Message-ID"]
    assert first["Date"] == second["Date"]
    assert parsedate_to_datetime(first["Date"]) == MOMENT


def test_a_mail_server_that_is_away_costs_no_attempt(head, settings, free_port):
    settings.MAILERS = {
        "default": {
            "BACKEND": "lysekil_trygghet.notifications.smtp.StagedBackend",
            "OPTIONS": {"host": "127.0.0.1", "port": free_port, "timeout": 2},
        }
    }
    plan([due(1, user=head)], now=LATER)
    tally = sweep()
    message = Message.objects.get()
    assert tally.mail_server_away
    assert SweepBeat.objects.get().mail_server_away
    assert (message.state, message.attempts, message.last_error_kind) == (
        MessageState.DUE,
        0,
        ErrorKind.SERVER_AWAY,
    )


def test_a_mail_that_cannot_be_put_together_does_not_stop_the_others(head, settings):
    plan([due(1, user=head), due(2, address="annan@kommun.example")], now=LATER)
    # The only way a stored row can break the text: a day no calendar of ours can show.
    broken = dt.datetime(9999, 12, 31, 23, 59, 59, tzinfo=dt.UTC)
    Obligation.objects.filter(number="2020-1:1").update(due_at=broken)
    sweep()
    message = Message.objects.get(user=head)
    assert [letter.to for letter in mail.outbox] == [["annan@kommun.example"]]
    assert (message.state, message.last_error_kind) == (MessageState.DUE, ErrorKind.RENDERING)
    assert message.next_at > timezone.now()
    assert message.last_error


# --- When the database or a planner fails -------------------------------------------------------------


class DatabaseThatForgets:
    """Between Django and the database: refuses the first `times` statements that would record a sent mail."""

    def __init__(self, times: int) -> None:
        self.left = times

    def __call__(self, execute, sql, params, many, context):
        records = sql.startswith("UPDATE") and "SENT" in (params or ())
        if self.left and (records or "SET state = 'SENT'" in sql):
            self.left -= 1
            raise OperationalError("gone")
        return execute(sql, params, many, context)


def test_what_the_server_accepted_is_remembered_until_the_database_takes_it(head):
    plan([due(1, user=head), due(2, address="annan@kommun.example")], now=LATER)
    with connection.execute_wrapper(DatabaseThatForgets(2)):
        tally = sweep()
    let_time_pass()
    sweep()
    assert (len(mail.outbox), tally.sent) == (2, 1)
    assert set(Message.objects.values_list("state", flat=True)) == {MessageState.SENT}
    assert set(Obligation.objects.values_list("state", flat=True)) == {ObligationState.SENT}


def test_a_sender_killed_before_the_database_knew_does_not_repeat_what_its_journal_holds(head):
    plan([due(1, user=head)], now=LATER)
    courier = Courier(now=LATER)
    [row] = courier.claim()
    courier.renew(row)
    journal.append(row.message_id, at=timezone.now(), keys=["some:key"])
    let_time_pass()
    sweep()
    assert mail.outbox == []
    assert Message.objects.get().state == MessageState.SENT


def test_the_journal_holds_no_address(head):
    plan([due(1, user=head)], now=LATER)
    sweep()
    [line] = journal.path().read_text().splitlines()
    assert Message.objects.get().message_id in line
    assert "chef" not in line


def broken_planner(*, now, until=None):
    raise RuntimeError("planner broke")


def good_planner(*, now, until):
    return [due(7, address="god@kommun.example")]


def test_a_broken_planner_stops_nobody(settings, caplog):
    settings.NOTIFICATION_PLANNERS = [f"{__name__}.broken_planner", f"{__name__}.good_planner"]
    settings.SWEEP_STEPS = [f"{__name__}.broken_planner"]
    assert sweep().sent == 1
    beat = SweepBeat.objects.get()
    assert (beat.planned, beat.sent, beat.problems) == (1, 1, 2)
    assert beat.finished_at is not None


def test_states_are_guarded_by_the_database(head):
    plan([due(1, user=head)], now=LATER)
    for values in ({"state": "GONE"}, {"state": MessageState.SENT}, {"state": MessageState.SENDING}, {"user": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Message.objects.update(**values)


class WatchingMail(LocalMail):
    """Notes whether a transaction was open when a mail was handed over."""

    seen: list[bool] = []

    def send_messages(self, messages) -> int:
        self.seen.append(connection.in_atomic_block)
        return super().send_messages(messages)


def test_no_transaction_is_open_while_the_mail_server_is_spoken_to(transactional_db, settings):
    WatchingMail.seen.clear()
    settings.MAILERS = {"default": {"BACKEND": f"{__name__}.WatchingMail"}}
    plan([due(1, address="a@kommun.example"), due(2, address="b@kommun.example")], now=LATER)
    sweep()
    assert WatchingMail.seen == [False, False]
