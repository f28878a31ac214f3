"""Sending is held and let go: by a person, by a restore; on the pages, in the ledger and in the history."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from lysekil_trygghet.accounts.actors import Actor
from lysekil_trygghet.history.guards import Refused
from lysekil_trygghet.history.models import Event
from lysekil_trygghet.notifications import holding, journal
from lysekil_trygghet.notifications.delivery import Courier
from lysekil_trygghet.notifications.models import (
    AcceptedMail,
    ErrorKind,
    HoldReason,
    Message,
    MessageState,
    Obligation,
    ObligationState,
    SendingHold,
)
from lysekil_trygghet.notifications.operations import plan

from .. import make
from .ledger import LATER, MOMENT, due, sweep

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("ledger_settings")]


@pytest.fixture
def coordinator() -> Actor:
    return Actor.of(make.people()["coordinator"], on=timezone.localdate())


@pytest.fixture
def signed_in(client, settings):
    def as_role(key: str):
        client.force_login(make.people()[key], settings.AUTHENTICATION_BACKENDS[0])
        return client

    return as_role


def held(by: Actor) -> SendingHold:
    return holding.hold_by_hand(note="Fel i adresslistan", by=by, now=LATER)


def after_restore(taken_at: dt.datetime, *journals: Path, backup_journal: Path | None = None) -> SendingHold:
    return holding.hold_after_restore(
        taken_at=taken_at, backup_journal=backup_journal, journals=journals, by=Actor.system(), now=LATER
    )


# --- The ledger -----------------------------------------------------------------------------------------


def test_nothing_leaves_while_it_is_held_and_all_of_it_afterwards(coordinator, head):
    hold = held(coordinator)
    plan([due(1, user=head)], now=LATER)
    assert sweep().sent == 0
    assert (mail.outbox, Message.objects.get().attempts) == ([], 0)

    assert holding.release(hold, by=coordinator, now=LATER) == holding.Released(to_send=1, set_aside=0)
    assert sweep().sent == 1
    verbs = Event.objects.filter(verb__startswith="sending_").values_list("verb", "actor_label", "details")
    assert [verb for verb, *_rest in verbs] == ["sending_held", "sending_released"]
    assert {label for _verb, label, _details in verbs} == {coordinator.label}
    assert "adresslistan" not in str(list(verbs))


def test_what_was_claimed_before_the_hold_goes_back_untried(coordinator, head):
    plan([due(1, user=head)], now=LATER)
    courier = Courier(now=LATER)
    [message] = courier.claim()
    held(coordinator)

    courier.carry([message])

    assert mail.outbox == []
    message.refresh_from_db()
    assert (message.state, message.attempts, message.unanswered, message.lease_token) == ("DUE", 0, 0, "")
    assert Obligation.objects.get().state == ObligationState.PLANNED


def test_only_one_hold_is_open_whoever_asks(coordinator):
    held(coordinator)
    with pytest.raises(Refused):
        held(coordinator)
    with pytest.raises(IntegrityError), transaction.atomic():
        SendingHold.objects.create(reason=HoldReason.BY_HAND, since=LATER)
    assert SendingHold.objects.count() == 1


def test_what_is_old_is_set_aside_and_the_rest_goes(coordinator, head):
    hold = held(coordinator)
    old = due(1, user=head, moment=MOMENT - dt.timedelta(days=5))
    plan([old, due(2, user=head)], now=LATER)
    assert holding.release(hold, by=coordinator, now=LATER, older_than_days=3).set_aside == 1
    sweep()
    aside, sent = Message.objects.order_by("moment")
    assert (aside.state, aside.last_error_kind, sent.state) == ("CANCELLED", ErrorKind.SET_ASIDE, "SENT")
    assert "Uppdrag 2" in mail.outbox[0].body
    assert "Uppdrag 1" not in mail.outbox[0].body
    with pytest.raises(Refused):
        holding.release(hold, by=coordinator, now=LATER)


# --- After a restore ------------------------------------------------------------------------------------


def test_what_the_journal_has_is_marked_and_what_it_lacks_is_sent(coordinator, head):
    plan([due(1, user=head), due(2, address="social@kommun.example")], now=LATER)
    first = Message.objects.get(user=head)
    journal.append(first.message_id, at=LATER, keys=[first.obligations.get().key])

    hold = after_restore(LATER - dt.timedelta(hours=1), journal.path())
    plan([due(3, address="bygg@kommun.example")], now=LATER)
    assert sweep().sent == 0
    first.refresh_from_db()
    assert (first.state, first.sent_at) == (MessageState.SENT, LATER)
    assert holding.held_back(hold, now=LATER).already_sent == 1
    assert hold.journal_found

    holding.release(hold, by=coordinator, now=LATER)
    sweep()
    assert sorted(letter.to[0] for letter in mail.outbox) == ["bygg@kommun.example", "social@kommun.example"]


def test_the_same_thing_planned_later_under_another_minute_is_not_told_again(coordinator, head):
    """Its key is what counts: the mail it stood in then may never be planned again as it was."""
    wanted = due(1, user=head)
    journal.append("<another@portal.example>", at=LATER, keys=[wanted.key])
    hold = after_restore(LATER - dt.timedelta(hours=1), journal.path())
    holding.release(hold, by=coordinator, now=LATER)
    plan([wanted, due(2, user=head)], now=LATER)
    sweep()
    [letter] = mail.outbox
    assert "Uppdrag 2" in letter.body
    assert "Uppdrag 1" not in letter.body
    told = AcceptedMail.objects.get().told
    assert (told.key, told.state, told.message.message_id) == (wanted.key, "SENT", "<another@portal.example>")


def test_a_sender_that_claims_before_anybody_compared_does_not_send_it(coordinator, head):
    wanted = due(1, user=head)
    plan([wanted, due(2, user=head)], now=LATER)
    hold = SendingHold.objects.create(
        reason=HoldReason.RESTORED, since=LATER, released_at=LATER, backup_taken_at=LATER
    )
    AcceptedMail.objects.create(
        hold=hold, message_id="<m@x.example>", digest=journal.digest_of(wanted.key), accepted_at=LATER
    )
    Courier(now=LATER).deliver()
    [letter] = mail.outbox
    assert "Uppdrag 1" not in letter.body
    assert set(Obligation.objects.values_list("state", flat=True)) == {"SENT"}


def test_what_nobody_knows_is_listed_when_the_journal_is_lost(head):
    plan([due(1, user=head), due(2, user=head, moment=MOMENT - dt.timedelta(days=9))], now=LATER)
    hold = after_restore(MOMENT - dt.timedelta(days=1), Path("/nowhere/send-journal.log"))
    assert not hold.journal_found
    assert [message.moment for message in holding.nobody_knows(hold, now=LATER)] == [MOMENT]


def test_a_journal_that_does_not_go_on_from_the_backups_is_not_taken_for_it(tmp_path):
    old, living = tmp_path / "old.log", tmp_path / "living.log"
    old.write_text(f"{MOMENT.isoformat()} <a@x.example> 1 {'a' * 32}\n")
    living.write_text(f"{LATER.isoformat()} <b@x.example> 1 {'b' * 32}\n")
    assert not after_restore(MOMENT, living, backup_journal=old).journal_found
    living.write_text(old.read_text() + living.read_text())
    assert after_restore(MOMENT, living, backup_journal=old).journal_found
    # A second restore: still one hold, and no line twice.
    assert SendingHold.objects.filter(released_at=None).count() == 1
    assert AcceptedMail.objects.count() == 2


def test_the_newest_journal_is_kept_and_only_what_it_lacks_is_added(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    older = tmp_path / "older.log"
    older.write_text("2020-06-01T08:00:00+00:00 <a> 1 aa\n2020-06-02T08:00:00+00:00 <b> 1 bb\ncut off")
    journal.path().write_text("2020-06-02T08:00:00+00:00 <b> 1 bb\n2020-06-03T08:00:00+00:00 <c> 2 cc,dd\nhalf a li")
    assert journal.take_over(older) == 1
    found = [(line.message_id, line.digests) for line in journal.lines_of(journal.path())]
    assert found == [("<b>", ("bb",)), ("<c>", ("cc", "dd")), ("<a>", ("aa",))]
    assert journal.take_over(older) == 0


# --- The command ----------------------------------------------------------------------------------------


def test_the_operator_releases_from_the_shell(coordinator, head, capsys):
    plan([due(1, user=head)], now=LATER)
    held(coordinator)
    for wrong in (["--set-aside"], ["--older-than-days", "3"], ["--older-than-days", "-1", "--set-aside"]):
        with pytest.raises(CommandError):
            call_command("release_sending", *wrong)
    call_command("release_sending")
    assert "1 mejl skickas nu" in capsys.readouterr().out
    call_command("release_sending")
    assert "Inget behövde göras" in capsys.readouterr().out


# --- The pages ------------------------------------------------------------------------------------------


def test_the_coordinator_pauses_and_releases_on_the_page(signed_in, head):
    client = signed_in("coordinator")
    answer = client.post(reverse("mailroom:hold_begin"), {"note": "Fel i adresslistan"})
    assert (answer.status_code, answer["Location"]) == (303, reverse("mailroom:hold"))
    plan([due(1, user=head)], now=LATER)
    words = client.get(reverse("mailroom:hold")).content.decode()
    assert "Fel i adresslistan" in words
    for page in ("mailroom:log", "start_staff:my_work"):
        assert "Utskicken är pausade" in client.get(reverse(page)).content.decode(), page

    hold = SendingHold.objects.get()
    release = reverse("mailroom:hold_release", args=[hold.pk])
    assert "1 mejl väntar." in client.get(release).content.decode()
    assert client.post(release, {"what": "aside"}).status_code == 422
    assert SendingHold.objects.get().released_at is None
    assert client.post(release, {"what": "all"}).status_code == 303
    hold.refresh_from_db()
    assert (hold.released_by, hold.released_at is not None) == (make.people()["coordinator"], True)
    words = client.get(reverse("mailroom:hold")).content.decode()
    assert "Utskicken går som de ska." in words
    assert words.index("Utskicken släpptes") < words.index("Utskicken pausades")
    # A page left open releases nothing that came later.
    held(Actor.system())
    assert client.post(release, {"what": "all"}).status_code == 303
    assert holding.open_hold() is not None


def test_the_page_after_a_restore_lists_what_was_sent(signed_in, head):
    plan([due(1, user=head)], now=LATER)
    journal.append(Message.objects.get().message_id, at=LATER, keys=[Obligation.objects.get().key, "gone"])
    hold = after_restore(MOMENT, journal.path())
    words = signed_in("auditor").get(reverse("mailroom:hold")).content.decode()
    for told in ("återställd ur en säkerhetskopia", head.name, "Uppdrag 1", "Finns inte i kopian"):
        assert told in words
    assert reverse("mailroom:hold_release", args=[hold.pk]) not in words
    assert signed_in("officer_social").get(reverse("mailroom:hold")).status_code == 403
    assert signed_in("auditor").post(reverse("mailroom:hold_begin"), {"note": "x"}).status_code in (403, 404)
