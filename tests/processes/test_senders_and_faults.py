"""Senders are killed, stopped, slow and too many: nothing is lost, and nothing is sent twice without a crash.

The numbers are those of the reliability table (R1 and so on). Each test says one line with its figures.
"""

from __future__ import annotations

import os
import random
import signal
import time

import pytest

from .portal import Portal
from .servers import Postgres, Redis, children_of

QUICK = {"SWEEP_SECONDS": 0.5, "LEASE_SECONDS": 5, "SMTP_TIMEOUT": 3}


def test_r1_senders_killed_in_the_middle(portal_with, say):
    portal: Portal = portal_with(delay=20, **QUICK)
    portal.seed(500)
    senders = [portal.sweeper(), portal.sweeper()]
    portal.wait_for_deliveries(1, seconds=30)
    kills = 0
    chance = random.Random(2020)
    while kills < 5:
        time.sleep(chance.uniform(0.6, 1.4))
        assert portal.unfinished(), "all messages left before the last kill: the test needs more rows"
        number = kills % 2
        senders[number].kill()
        senders[number] = portal.sweeper()
        kills += 1
    seconds = portal.wait_until_done(seconds=60)
    figures = portal.figures()
    say(figures.line("R1", kills=kills, done_after_last_kill=f"{seconds:.1f} s"))
    assert (figures.rows, figures.lost, figures.stuck, figures.unlike) == (500, 0, 0, 0)
    assert figures.double <= kills


def test_r2_senders_stopped_as_at_a_new_release(portal_with, say):
    portal: Portal = portal_with(delay=20, **QUICK)
    portal.seed(300)
    senders = [portal.sweeper(), portal.sweeper()]
    portal.wait_for_deliveries(1, seconds=30)
    stops, slowest = 0, 0.0
    while portal.unfinished() and stops < 8:
        number = stops % 2
        began = time.monotonic()
        senders[number].stop(number=signal.SIGTERM, seconds=10)
        slowest = max(slowest, time.monotonic() - began)
        senders[number] = portal.sweeper()
        stops += 1
        time.sleep(1)
    portal.wait_until_done(seconds=60)
    figures = portal.figures()
    say(figures.line("R2", stops=stops, slowest_stop=f"{slowest:.2f} s"))
    assert (figures.rows, figures.lost, figures.double, figures.stuck) == (300, 0, 0, 0)
    assert stops >= 4
    assert slowest < 4


def test_r2_worker_and_its_children_stopped_together(portal_with, redis: Redis, say):
    portal: Portal = portal_with(redis=redis, delay=20, **QUICK)
    portal.beat()
    portal.seed(250)
    stops, slowest = 0, 0.0
    while portal.unfinished() and stops < 2:
        seen = portal.delivered()
        worker = portal.worker()
        portal.wait_until(lambda seen=seen: portal.delivered() > seen + 40, seconds=40, what="mails leave")
        began = time.monotonic()
        worker.send_to_all(signal.SIGTERM)
        worker.process.wait(20)
        slowest = max(slowest, time.monotonic() - began)
        stops += 1
    portal.worker()
    portal.wait_until_done(seconds=60)
    figures = portal.figures()
    say(figures.line("R2 worker", stops=stops, slowest_stop=f"{slowest:.2f} s"))
    assert (figures.rows, figures.lost, figures.double, figures.stuck) == (250, 0, 0, 0)
    assert stops == 2


def test_r3_database_restarted_in_the_middle(portal_with, pattern: Postgres, folder, say):
    server = pattern.copy_to(folder / "fragile")
    try:
        portal: Portal = portal_with(postgres=server.start(), delay=20, **QUICK)
        portal.seed(400)
        for _ in range(2):
            portal.sweeper()
        for restart in range(1, 4):
            portal.wait_for_deliveries(80 * restart, seconds=60)
            server.crash_and_restart()
        portal.wait_until_done(seconds=60)
        figures = portal.figures()
        portal.stop()
    finally:
        server.stop()
    say(figures.line("R3", restarts=3))
    assert (figures.rows, figures.lost, figures.double, figures.stuck) == (400, 0, 0, 0)


def test_r4_slow_mail_server(portal_with, say):
    portal: Portal = portal_with(delay=300, SEND_BATCH=40, LEASE_SECONDS=4, SWEEP_SECONDS=0.2, SMTP_TIMEOUT=3)
    portal.seed(50)
    portal.sweeper()
    portal.sweeper()
    portal.wait_until_done(seconds=60)
    figures = portal.figures()
    say(figures.line("R4"))
    assert (figures.rows, figures.lost, figures.double, figures.stuck) == (50, 0, 0, 0)


def test_r4_sees_the_mistake_it_guards_against(portal_with, say):
    portal: Portal = portal_with(delay=300, SEND_BATCH=40, LEASE_SECONDS=4, SMTP_TIMEOUT=3)
    portal.seed(50)
    for _ in range(2):
        portal.start("-m", "tests.processes.without_renewal", name="trusting")
    portal.wait_until_done(seconds=60)
    figures = portal.figures()
    say(figures.line("R4 without renewal"))
    assert figures.double > 0


def _full_stack(portal: Portal) -> None:
    portal.worker()
    portal.beat()
    portal.wait_until(lambda: portal.sweeps() > 0, seconds=40, what="the first sweep")


def _broker_away(portal: Portal, *, seconds: float) -> float:
    """What goes on while the broker does not answer; returns how long a web request had to wait."""
    gone = time.monotonic()
    portal.seed(100, name="meanwhile")
    waited = portal.longest_nudge()
    time.sleep(max(0, seconds - (time.monotonic() - gone)))
    return waited


def _broker_back(portal: Portal) -> float:
    """Seconds until a worker sweeps again; all that is due then leaves."""
    sweeps = portal.sweeps()
    resumed = portal.wait_until(lambda: portal.sweeps() > sweeps, seconds=60, what="a sweep after the return")
    portal.seed(50, name="after")
    portal.wait_until_done(seconds=60)
    return resumed


def test_r5_broker_killed(portal_with, redis: Redis, say):
    portal: Portal = portal_with(redis=redis, delay=20, **QUICK | {"SWEEP_SECONDS": 1})
    _full_stack(portal)
    portal.seed(200, name="before")
    portal.wait_for_deliveries(20, seconds=30)
    redis.running.kill()
    waited = _broker_away(portal, seconds=10)
    redis.start()
    resumed = _broker_back(portal)
    figures = portal.figures()
    say(figures.line("R5 killed", nudge=f"{waited * 1000:.1f} ms", resumed_after=f"{resumed:.1f} s"))
    assert (figures.rows, figures.lost, figures.double, figures.stuck) == (350, 0, 0, 0)
    assert waited < 1


def _sweeps_go_on(portal: Portal) -> float:
    sweeps = portal.sweeps()
    return portal.wait_until(lambda: portal.sweeps() > sweeps + 2, seconds=40, what="sweeps after a restart")


def test_the_second_of_two_brokers_takes_over(portal_with, redis: Redis, folder, say):
    """BROKER_URL with two addresses: worker, beat and web requests go on with the one that is left."""
    second = Redis(folder / "second")
    try:
        addresses = f"{redis.url};{second.start().url}"
        portal: Portal = portal_with(redis=redis, BROKER_URL=addresses, delay=20, **QUICK | {"SWEEP_SECONDS": 1})
        _full_stack(portal)
        portal.seed(200, name="before")
        portal.wait_for_deliveries(20, seconds=30)
        assert second.say("KEYS", "*") == "*0", "nobody needs the second as long as there is the first"
        redis.running.kill()
        sweeps = portal.sweeps()
        taken = portal.wait_until(lambda: portal.sweeps() > sweeps + 1, seconds=60, what="sweeps by the second broker")
        portal.seed(100, name="meanwhile")
        waited = portal.longest_nudge()
        portal.wait_until_done(seconds=60)
        # The first is back, and restarted once more at once: whoever speaks and whoever listens meet there.
        redis.start()
        apart = 0.0
        for _restart in range(3):
            redis.running.kill()
            redis.start()
            apart = max(apart, _sweeps_go_on(portal))
        # Then they do without the second.
        second.running.kill()
        portal.seed(50, name="after")
        portal.wait_until_done(seconds=30)
        figures = portal.figures()
        portal.stop()
    finally:
        second.stop()
    say(
        figures.line(
            "two brokers", nudge=f"{waited * 1000:.1f} ms", taken_over=f"{taken:.1f} s", apart=f"{apart:.1f} s"
        )
    )
    assert (figures.rows, figures.lost, figures.double, figures.stuck) == (350, 0, 0, 0)
    assert waited < 1


def test_r5_broker_mute(portal_with, redis: Redis, say):
    portal: Portal = portal_with(redis=redis, delay=20, **QUICK | {"SWEEP_SECONDS": 1})
    _full_stack(portal)
    portal.seed(200, name="before")
    portal.wait_for_deliveries(20, seconds=30)
    redis.running.send(signal.SIGSTOP)
    waited = _broker_away(portal, seconds=20)
    redis.running.send(signal.SIGCONT)
    resumed = _broker_back(portal)
    figures = portal.figures()
    say(figures.line("R5 mute", nudge=f"{waited * 1000:.1f} ms", resumed_after=f"{resumed:.1f} s"))
    assert (figures.rows, figures.lost, figures.double, figures.stuck) == (350, 0, 0, 0)
    assert waited < 1


def test_r7_broker_emptied(portal_with, redis: Redis, say):
    portal: Portal = portal_with(redis=redis, delay=10, **QUICK | {"SWEEP_SECONDS": 1})
    _full_stack(portal)
    portal.seed(300)
    times = 0
    while portal.unfinished():
        assert redis.say("FLUSHALL") == "+OK"
        times += 1
        assert times < 200, "the messages do not leave"
        time.sleep(0.3)
    portal.seed(50, name="after")
    portal.wait_until_done(seconds=30)
    figures = portal.figures()
    say(figures.line("R7", emptied=f"{times} times"))
    assert (figures.rows, figures.lost, figures.double, figures.stuck) == (350, 0, 0, 0)
    assert times >= 2


def test_r8_everybody_sends_at_once(portal_with, redis: Redis, say):
    portal: Portal = portal_with(redis=redis, delay=10, **QUICK)
    portal.worker()
    portal.beat()
    portal.beat()
    for _ in range(3):
        portal.sweeper()
    portal.wait_until(lambda: portal.sweeps() > 3, seconds=40, what="the first sweeps")
    portal.seed(500)
    fallbacks = 0
    while portal.unfinished():
        portal.run("manage.py", "send_due", "--once")
        fallbacks += 1
        assert fallbacks < 60, "the messages do not leave"
    figures = portal.figures()
    say(figures.line("R8", sweeps=portal.sweeps(), fallbacks=fallbacks))
    assert (figures.rows, figures.lost, figures.double, figures.stuck) == (500, 0, 0, 0)


def test_r9_a_server_that_often_says_later(portal_with, say):
    portal: Portal = portal_with(refuse=0.3, SEND_RETRY_SECONDS=0.3, **QUICK)
    portal.seed(100)
    portal.sweeper()
    portal.wait_until_done(seconds=60)
    figures = portal.figures()
    [(most,)] = portal.query("SELECT max(attempts) FROM notifications_message")
    say(figures.line("R9", most_attempts=most))
    assert (figures.rows, figures.lost, figures.double, figures.stuck) == (100, 0, 0, 0)
    assert 1 < most <= 12


def test_r10_a_server_that_never_answers_is_asked_twice(portal_with, say):
    portal: Portal = portal_with(hang=1, SMTP_TIMEOUT=0.5, LEASE_SECONDS=3, SWEEP_SECONDS=0.5)
    portal.seed(3)
    portal.sweeper()
    portal.wait_until_done(seconds=60)
    rows = portal.query("SELECT state, attempts, unanswered, next_at, last_error_kind FROM notifications_message")
    say(f"R10: {len(rows)} rows, {sum(row[0] == 'UNCERTAIN' for row in rows)} uncertain, STUCK 0")
    assert rows == [("UNCERTAIN", 2, 2, None, "NO_ANSWER")] * 3


def test_r9_a_fifth_refused(portal_with, say):
    """At the waits of production, only shorter: 1,000 rows, every fifth answered with 451."""
    portal: Portal = portal_with(refuse=0.2, SEND_RETRY_SECONDS=0.5, **QUICK)
    portal.seed(1000)
    portal.sweeper()
    portal.sweeper()
    portal.wait_until_done(seconds=90)
    figures = portal.figures()
    [(most,)] = portal.query("SELECT max(attempts) FROM notifications_message")
    say(figures.line("R9 a fifth", most_attempts=most))
    assert (figures.rows, figures.lost, figures.double, figures.stuck) == (1000, 0, 0, 0)
    assert 1 < most <= 12


def test_r1_workers_killed_in_the_middle(portal_with, redis: Redis, say):
    """The child that sends, then the whole worker with all its children, again and again."""
    portal: Portal = portal_with(redis=redis, delay=20, **QUICK)
    portal.beat()
    worker = portal.worker()
    portal.wait_until(lambda: portal.sweeps() > 0, seconds=40, what="the first sweep")
    portal.seed(500)
    kills = 0
    while kills < 4:
        seen = portal.delivered()
        portal.wait_until(lambda seen=seen: portal.delivered() > seen + 30, seconds=60, what="mails leave")
        if kills % 2:
            worker.kill()
            worker = portal.worker()
        else:
            for child in children_of(worker):
                os.kill(child, signal.SIGKILL)
        kills += 1
    assert portal.unfinished(), "all messages left before the last kill: the test needs more rows"
    seconds = portal.wait_until_done(seconds=90)
    figures = portal.figures()
    say(figures.line("R1 workers", kills=kills, done_after_last_kill=f"{seconds:.1f} s"))
    assert (figures.rows, figures.lost, figures.stuck, figures.unlike) == (500, 0, 0, 0)
    # Two children send at a time.
    assert figures.double <= 2 * kills


def test_messages_of_another_version_harm_nobody(portal_with, redis: Redis, say):
    """While servers are upgraded in turn, a worker meets tasks and arguments its code does not know."""
    portal: Portal = portal_with(redis=redis, **QUICK)
    worker = portal.worker()
    portal.wait_until(lambda: " ready." in worker.words(), seconds=40, what="the worker is ready")
    children = children_of(worker)
    portal.run("-m", "tests.processes.strange_messages")
    portal.wait_until(lambda: "unregistered task" in worker.words(), seconds=20, what="the worker reads them")
    portal.seed(50)
    portal.beat()
    portal.wait_until_done(seconds=40)
    sweeps = portal.sweeps()
    portal.wait_until(lambda: portal.sweeps() > sweeps + 2, seconds=20, what="sweeps go on")
    # Taken off their queues, and not handed round for ever.
    told = worker.words()
    waiting = [redis.say("LLEN", f"portal:{queue}") for queue in ("celery", "wake")]
    figures = portal.figures()
    say(figures.line("strange messages", unknown_tasks=told.count("unregistered task"), worker_restarts=0))
    assert (figures.rows, figures.lost, figures.double, figures.stuck) == (50, 0, 0, 0)
    assert worker.is_alive
    assert children_of(worker) == children
    assert told.count("unregistered task") == 2
    assert waiting == [":0", ":0"]
    assert redis.say("HLEN", "portal:unacked") == ":0"


@pytest.mark.parametrize("broker", ["redis", "filesystem"])
def test_a_nudge_wakes_a_worker(portal_with, redis: Redis, broker):
    portal: Portal = portal_with(redis=redis if broker == "redis" else None, **QUICK)
    worker = portal.worker()
    portal.wait_until(lambda: " ready." in worker.words(), seconds=40, what="the worker is ready")
    portal.seed(1)
    assert portal.sweeps() == 0
    portal.longest_nudge()
    portal.wait_for_deliveries(1, seconds=20)
    portal.wait_until_done(seconds=5)
