"""A backup is restored a day after it was taken: what was sent in between is not sent again, whoever starts what."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import pytest

from .portal import Portal

SENT_SINCE, PLANNED_SINCE, LATER = 400, 100, 20
ALL = SENT_SINCE + PLANNED_SINCE


def dump(portal: Portal) -> Path:
    place = portal.folder / "backups"
    portal.run("manage.py", "backup", str(place))
    return max(place.glob("20*"))


def restored_into_new_database(portal: Portal, backup: Path, *more: str) -> Portal:
    """As after a disaster: an empty database, the same machine with its journal."""
    portal.stop()
    portal.run("manage.py", "restore", str(backup), "--replace", "--yes", *more)
    return portal


def sweeps_of_two_senders(portal: Portal, number: int = 6) -> None:
    """Two senders look so many times together."""
    senders = [portal.sweeper(SWEEP_SECONDS="0.5"), portal.sweeper(SWEEP_SECONDS="0.5")]
    begun = portal.sweeps()
    portal.wait_until(lambda: portal.sweeps() >= begun + number, seconds=60, what=f"{number} sweeps")
    assert all(sender.is_alive for sender in senders)


def sent_to(portal: Portal) -> list[str]:
    return [to for _id, _date, to in portal.sink.deliveries()]


@pytest.fixture
def ledger(portal_with) -> Portal:
    """Sends what the seeds plan, and nothing else."""
    return portal_with()


def test_what_was_sent_since_the_backup_is_never_sent_again(ledger: Portal, say):
    # Before the backup most is planned already, some of it in one mail with others.
    ledger.seed(SENT_SINCE, name="forut")
    backup = dump(ledger)
    # The rest is planned after it.
    ledger.seed(PLANNED_SINCE, name="efter")
    sender = ledger.sweeper()
    ledger.wait_for_deliveries(ALL, seconds=120)
    ledger.wait_until_done(seconds=30)
    sender.stop()
    assert ledger.figures().double == 0

    restored_into_new_database(ledger, backup)
    before = len(ledger.sink.deliveries())

    # Sending is held: two senders look again and again, what was planned after the backup is planned once more, and
    # something new falls due.
    ledger.seed(PLANNED_SINCE, name="efter")
    ledger.seed(LATER, name="nytt")
    sweeps_of_two_senders(ledger)
    assert len(ledger.sink.deliveries()) == before == ALL

    # The comparison lists exactly those that were sent, and each is marked as sent.
    [(listed, told)] = ledger.query("SELECT count(*), count(told_id) FROM notifications_acceptedmail")
    assert (listed, told) == (ALL, ALL)
    marked = ledger.query("SELECT address FROM notifications_obligation WHERE state = 'SENT'")
    assert sorted(address for (address,) in marked) == sorted(sent_to(ledger))
    assert ledger.query("SELECT count(*) FROM notifications_message WHERE state = 'DUE'") == [(LATER,)]

    # Released: what fell due since goes, nothing else.
    assert f"{LATER} mejl skickas nu" in ledger.run("manage.py", "release_sending")
    ledger.wait_for_deliveries(ALL + LATER, seconds=60)
    ledger.wait_until_done(seconds=30)
    time.sleep(2)
    after = sent_to(ledger)
    assert len(after) == len(set(after)) == ALL + LATER
    assert {to.partition("-")[0] for to in after[ALL:]} == {"nytt"}
    figures = ledger.figures()
    assert (figures.lost, figures.double, figures.stuck, figures.unlike) == (0, 0, 0, 0)
    say(figures.line("R19", sent_before_release=len(after[ALL:]) - LATER, listed=listed))


def test_a_mail_is_told_again_only_as_far_as_it_was_not_told(ledger: Portal):
    """The same recipient and minute: one thing was told, another came after the restore. The second goes, alone."""
    ledger.seed(1, name="tva")
    backup = dump(ledger)
    sender = ledger.sweeper()
    ledger.wait_for_deliveries(1, seconds=30)
    ledger.wait_until_done(seconds=30)
    sender.stop()

    shutil.move(ledger.folder / "var" / "send-journal.log", ledger.folder / "kept.log")
    restored_into_new_database(ledger, backup, "--journal", str(ledger.folder / "kept.log"))
    ledger.query(
        "INSERT INTO notifications_obligation (key, subject, step, moment, user_id, address, reader, heading, number,"
        " title, due_at, path, state, planner, ladder, message_id, sent_at, created_at)"
        " SELECT 'another', subject, step, moment, user_id, address, reader, heading, number, 'En sak till', due_at,"
        " path, 'PLANNED', '', '', message_id, NULL, created_at FROM notifications_obligation"
    )
    ledger.run("manage.py", "release_sending")
    sender = ledger.sweeper()
    ledger.wait_for_deliveries(2, seconds=30)
    ledger.wait_until_done(seconds=30)
    ids = [message_id for message_id, _date, _to in ledger.sink.deliveries()]
    assert len(set(ids)) == 2
    assert ledger.query("SELECT count(*) FROM notifications_obligation WHERE state = 'SENT'") == [(2,)]


def test_without_a_journal_what_nobody_can_know_is_told_and_can_be_set_aside(ledger: Portal):
    ledger.seed(7, name="okant", minutes=0)
    backup = dump(ledger)
    restored = ledger.run("manage.py", "restore", str(backup), "--replace", "--yes")
    assert "7 mejl väntar" in restored
    assert "0 mejl skickas nu, 7 lades åt sidan" in ledger.run(
        "manage.py", "release_sending", "--older-than-days", "0", "--set-aside"
    )
    sweeps_of_two_senders(ledger, 4)
    assert ledger.sink.deliveries() == []


def test_a_hold_by_hand_stops_senders_that_are_in_the_middle(portal_with):
    """Each process finishes the mail in its hands and takes no more; afterwards nothing is lost or doubled."""
    portal = portal_with(delay=0.05)
    portal.seed(300)
    for _number in range(3):
        portal.sweeper(SWEEP_SECONDS="0.5")
    portal.wait_for_deliveries(30, seconds=60)
    portal.query(
        "INSERT INTO notifications_sendinghold (reason, note, since, journal_found)"
        " VALUES ('BY_HAND', '', now(), false)"
    )
    time.sleep(1)
    held_at = portal.delivered()
    time.sleep(3)
    assert portal.delivered() == held_at < 300
    portal.run("manage.py", "release_sending")
    portal.wait_for_deliveries(300, seconds=120)
    portal.wait_until_done(seconds=30)
    figures = portal.figures()
    assert (figures.rows, figures.lost, figures.double, figures.stuck) == (300, 0, 0, 0)
    assert portal.query("SELECT count(*) FROM notifications_message WHERE attempts <> 1") == [(0,)]
