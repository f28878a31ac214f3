"""The mail server refuses some recipients, or is away: others get their mail, and nothing is given up too early."""

from __future__ import annotations

import time
from collections import Counter

import pytest

from .portal import Portal

QUICK = {"SWEEP_SECONDS": 0.5, "LEASE_SECONDS": 5, "SMTP_TIMEOUT": 3}
# Every twentieth of the recipients that `seed` makes, and every tenth.
EVERY_TWENTIETH = r"-(\d*[02468])?0@"
EVERY_TENTH = r"-\d*7@"


def test_r11_mailboxes_that_do_not_exist_and_mailboxes_that_are_full(portal_with, say):
    portal: Portal = portal_with(unknown=EVERY_TWENTIETH, full=EVERY_TENTH, SEND_RETRY_SECONDS=0.4, **QUICK)
    portal.seed(200)
    portal.sweeper()
    portal.wait_until_done(seconds=60)

    rows = portal.query("SELECT state, attempts, last_error_kind, sent_at IS NULL FROM notifications_message")
    asked = Counter(portal.sink.refused())
    times = {code: Counter(times for (said, _to), times in asked.items() if said == code) for code in ("550", "452")}
    figures = portal.figures()
    say(
        f"R11: {figures.rows} rows, 10 unknown mailboxes asked {sum(times['550'].elements())} times and FAILED, "
        f"20 full mailboxes asked {sum(times['452'].elements())} times and then SENT, LOST {figures.lost - 10}, "
        f"DOUBLE {figures.double}, STUCK {figures.stuck}"
    )
    # No second question to a mailbox that does not exist; three to one that was full twice; one to all others.
    assert Counter(rows) == {
        ("FAILED", 1, "REFUSED", True): 10,
        ("SENT", 3, "", False): 20,
        ("SENT", 1, "", False): 170,
    }
    assert times == {"550": {1: 10}, "452": {2: 20}}
    assert (figures.lost, figures.double, figures.stuck) == (10, 0, 0)
    # The sender said what the server said, so that somebody can do something about it.
    words = portal.query("SELECT last_error FROM notifications_message WHERE state = 'FAILED'")
    assert all("550" in said and "no such mailbox" in said for (said,) in words)


def test_r10_the_line_goes_dead_after_the_mail_was_handed_over(portal_with, say):
    """Nobody can know whether the server kept it. It is sent once more and never again: those it had kept come twice,
    with the same Message-ID and Date; those it had thrown away come once."""
    portal: Portal = portal_with(
        drop=EVERY_TENTH, drop_late=EVERY_TWENTIETH, SWEEP_SECONDS=0.5, LEASE_SECONDS=3, SMTP_TIMEOUT=2
    )
    portal.seed(200)
    for _ in range(2):
        portal.sweeper()
    portal.wait_until_done(seconds=60)
    figures = portal.figures()
    again = Counter(times for times in Counter(row[0] for row in portal.sink.deliveries()).values())
    say(figures.line("R10 line dead after DATA", thrown_away=20, kept_and_so_sent_twice=again[2]))
    assert (figures.rows, figures.lost, figures.double, figures.stuck, figures.unlike) == (200, 0, 10, 0, 0)
    assert again == {1: 190, 2: 10}
    assert portal.query("SELECT DISTINCT state FROM notifications_message") == [("SENT",)]


def test_r10_a_server_that_keeps_the_mail_and_never_says_so(portal_with, say):
    """At most one repeat, then a person must look: such a mail is listed and stays where it is."""
    portal: Portal = portal_with(mute=EVERY_TWENTIETH, SMTP_TIMEOUT=0.5, LEASE_SECONDS=3, SWEEP_SECONDS=0.5)
    portal.seed(100)
    portal.sweeper()
    portal.wait_until_done(seconds=60)
    sweeps = portal.sweeps()
    portal.wait_until(lambda: portal.sweeps() > sweeps + 8, seconds=20, what="they look on for longer than a lease")
    figures = portal.figures()
    states = Counter(portal.query("SELECT state, unanswered, next_at IS NULL FROM notifications_message"))
    say(figures.line("R10 kept, never answered", uncertain=states["UNCERTAIN", 2, True]))
    assert states == {("SENT", 0, True): 95, ("UNCERTAIN", 2, True): 5}
    assert (figures.rows, figures.lost, figures.double, figures.stuck, figures.unlike) == (100, 0, 5, 0, 0)


def test_r12_mail_server_away_and_a_row_that_cannot_be_put_together(portal_with, say):
    portal: Portal = portal_with(SERVER_AWAY_SECONDS=1, SEND_RETRY_SECONDS=0.2, SEND_MAX_ATTEMPTS=4, **QUICK)
    _mail_server_away(portal, rows=500, away=5, back_within=25, say=say, name="R12 in short")


@pytest.mark.long
@pytest.mark.timeout(1200)
def test_r12_mail_server_away_for_ten_minutes(portal_with, say):
    """With the settings of production."""
    portal: Portal = portal_with()
    _mail_server_away(portal, rows=500, away=600, back_within=120, say=say, name="R12")


def _mail_server_away(portal: Portal, *, rows: int, away: float, back_within: float, say, name: str) -> None:
    portal.sink.stop()
    portal.seed(rows)
    # A line break in an address is what a mail library refuses to write: this row can never be put together.
    portal.query(
        "UPDATE notifications_message SET address = E'rad\\n7@kommun.example' WHERE address = 'rad-7@kommun.example'"
    )
    sender = portal.sweeper()
    gone = time.monotonic()
    portal.wait_until(lambda: "cannot be reached" in sender.words(), seconds=40, what="the sender finds nobody")
    # Nothing is counted against a row while the server is away: all of it must still be tried when it comes back.
    time.sleep(max(0, away - (time.monotonic() - gone)))
    assert portal.query("SELECT count(*), max(attempts) FROM notifications_message WHERE state <> 'SENT'") == [
        (rows, 0)
    ]
    [(alarms,)] = portal.query("SELECT count(*) FROM notifications_sweepbeat WHERE mail_server_away")
    portal.sink.come()
    seconds = portal.wait_for_deliveries(rows - 1, seconds=back_within)
    portal.wait_until(
        lambda: portal.query("SELECT count(*) FROM notifications_message WHERE state = 'SENT'") == [(rows - 1,)],
        seconds=10,
        what="all but one are sent",
    )
    [poisoned] = portal.query("SELECT attempts > 0, last_error_kind FROM notifications_message WHERE state <> 'SENT'")
    figures = portal.figures()
    say(
        f"{name}: mail server away {away:.0f} s, {rows - 1} of {rows} rows out {seconds:.1f} s after its return, "
        f"1 that cannot be put together is shown, LOST {figures.lost - 1}, DOUBLE {figures.double}"
    )
    assert alarms
    assert poisoned == (True, "RENDERING")
    assert (figures.rows, figures.lost, figures.double, figures.unlike) == (rows, 1, 0, 0)
