"""Clocks that go wrong, and a portal that stood still: what is due is told once, by the database's clock."""

from __future__ import annotations

from collections import Counter

from .portal import WHOLE, FakeClock, Portal
from .servers import Postgres, faketime_library

QUICK = {"SWEEP_SECONDS": 0.5, "LEASE_SECONDS": 5, "SMTP_TIMEOUT": 3}


def test_r17_one_clock_two_hours_ahead_and_one_two_hours_behind(portal_with, say):
    portal: Portal = portal_with(delay=10, **QUICK)
    portal.seed(500)
    portal.seed(20, name="later", minutes=60)
    for hours in ("+2h", "-2h"):
        portal.sweeper(LD_PRELOAD=faketime_library(), FAKETIME=hours)
    # Both must have had a hand in it, and both go on looking after the last row has left.
    portal.wait_for_deliveries(500, seconds=60)
    sweeps = portal.sweeps()
    portal.wait_until(lambda: portal.sweeps() > sweeps + 3, seconds=20, what="both look again")
    figures = portal.figures()
    by_clock = Counter(
        hours
        for (hours,) in portal.query(
            "SELECT round(extract(epoch FROM sent_at - now()) / 3600) FROM notifications_message WHERE state = 'SENT'"
        )
    )
    waiting = portal.query("SELECT count(*) FROM notifications_message WHERE state = 'DUE' AND attempts = 0")[0][0]
    say(
        f"R17: {figures.rows} rows, clocks +2 h and -2 h, LOST {figures.lost}, DOUBLE {figures.double}, "
        f"{waiting} that are due in an hour not sent before their time"
    )
    assert (figures.rows, figures.lost, figures.double, figures.stuck) == (500, 0, 0, 0)
    assert waiting == 20
    # What is written down of it is the database's time, whoever sent it.
    assert by_clock == {0: 500}


def test_r18_all_of_it_stands_still_for_three_days(portal_with, pattern: Postgres, folder, say):
    """Issued on 9 June, due on Thursday 18 June 12.00. Nothing runs from the 16th to Friday the 19th (Midsummer Eve):
    the reminders of the 17th, the 18th at 08.00 and the 18th at 12.00 were all missed."""
    server = pattern.copy_to(folder / "still")
    library = faketime_library()
    steps = "SELECT subject, step, user_id, address FROM notifications_obligation WHERE state = 'SENT'"

    def at(moment: str) -> dict[str, str]:
        return FakeClock(moment, speed=1, library=library).env()

    try:
        began = at("2026-06-09 10:00:00")
        portal: Portal = portal_with(postgres=server.start(env=began), **WHOLE)
        portal.run("-m", "tests.processes.assignments", "ladder", "2026-06-18 12:00", **began)
        portal.run("manage.py", "send_due", "--once", **began)
        server.stop()

        # A look on the last day before all of it stops: what was told, and by whom it was not acknowledged.
        before = at("2026-06-16 10:00:00")
        server.start(env=before)
        portal.run("manage.py", "send_due", "--once", **before)
        told = set(portal.query(steps))
        delivered = portal.delivered()
        server.stop()

        after = at("2026-06-19 10:00:00")
        server.start(env=after)
        for _ in range(3):
            portal.run("manage.py", "send_due", "--once", **after)
        new = set(portal.query(steps)) - told
        mails = portal.delivered() - delivered
        states = dict(portal.query("SELECT message_id, state FROM notifications_message WHERE moment <= now()"))
        figures = portal.figures()
    finally:
        server.stop()

    times = Counter((subject, user_id, address) for subject, _step, user_id, address in new)
    sent = {message_id for message_id, state in states.items() if state == "SENT"}
    lost = sent - {message_id for message_id, _date, _to in portal.sink.deliveries()}
    say(
        f"R18: {len(new)} reminders after three days in {mails} mails, {max(times.values())} for an assignment and "
        f"person, LOST {len(lost)}, DOUBLE {figures.double}, STUCK {figures.stuck}, "
        f"{len(states) - len(sent)} older steps called off"
    )
    assert {step for _subject, step, *_rest in told} == {"issued", "not_acknowledged"}
    # Each assignment's newest step, once for each person; the older ones are not told late.
    assert {step for _subject, step, *_rest in new} == {"overdue"}
    assert len({subject for subject, *_rest in new}) == 4
    assert set(times.values()) == {1}
    assert mails == len({(user_id, address) for _subject, _step, user_id, address in new})
    assert (len(lost), figures.double, figures.stuck) == (0, 0, 0)
    assert set(states.values()) <= {"SENT", "CANCELLED"}
