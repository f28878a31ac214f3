"""R20: what makes a reminder needless comes after a sender has claimed it, and before it is sent."""

from __future__ import annotations

from collections import Counter

from .portal import WHOLE, Portal

RACES = 200


def test_r20_two_hundred_races(portal_with, say):
    timing = {"LEASE_SECONDS": 30, "SMTP_TIMEOUT": 5, "SWEEP_SECONDS": 0.2}
    portal: Portal = portal_with(delay=100, SEND_BATCH=40, **timing, **WHOLE)
    portal.run("-m", "tests.processes.assignments", "late", "240")
    # Claimed by one, so that what is raced with is a batch of forty in the hands of one sender at a time.
    portal.sweeper()
    done = [line.split("\t") for line in portal.run("-m", "tests.processes.racing", str(RACES)).splitlines()]
    # Whoever got another day is told so instead.
    moved = sum(line[0] == "moved" for line in done)
    new_days = """SELECT count(DISTINCT subject) FROM notifications_obligation
        WHERE step = 'new_day' AND state = 'SENT'"""
    portal.wait_until(lambda: portal.query(new_days) >= [(moved,)], seconds=60, what="new days are told")
    portal.wait_until_done(seconds=60)

    kinds = Counter(kind for kind, _message_id in done)
    delivered = Counter(message_id for message_id, _date, _to in portal.sink.deliveries())
    needless = [message_id for _kind, message_id in done if message_id in delivered]
    states = dict(portal.query("SELECT message_id, state FROM notifications_message WHERE moment <= now()"))
    sent = [message_id for message_id, state in states.items() if state == "SENT"]
    lost = [message_id for message_id in sent if message_id not in delivered]
    double = sum(delivered.values()) - len(delivered)
    say(
        f"R20: {len(done)} races ({', '.join(f'{number} {kind}' for kind, number in sorted(kinds.items()))}), "
        f"{len(needless)} needless reminders, {len(sent)} others sent, LOST {len(lost)}, DOUBLE {double}"
    )
    assert len({message_id for _kind, message_id in done}) == len(done) == RACES
    assert set(kinds) == {"filed", "left", "moved"}
    assert min(kinds.values()) > 20
    assert (needless, lost, double) == ([], [], 0)
    assert Counter(states[message_id] for _kind, message_id in done) == {"CANCELLED": RACES}
    assert set(states.values()) == {"SENT", "CANCELLED"}
