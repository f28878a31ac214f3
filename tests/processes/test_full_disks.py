"""A disk is full: the database's (R13), or the one with journal, pictures and temporary files (R14)."""

from __future__ import annotations

import random
import string
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress

from .portal import Portal
from .servers import Postgres, SmallDisk, TooSlow
from .standing import events_against, statuses
from .visitor import NEW_EVENT, Answer, Visitor, sessions

QUICK = {"SWEEP_SECONDS": 0.5, "LEASE_SECONDS": 5, "SMTP_TIMEOUT": 3}
# So small that nothing is kept in store: what is written must find room.
SMALL_LOG = {"max_wal_size": "32MB", "min_wal_size": "32MB", "checkpoint_timeout": "30s"}
FULL_SECONDS = 8


@contextmanager
def kept_up(server: Postgres) -> Iterator[list[float]]:
    """Starts PostgreSQL anew when it has ended, as its service does; the list grows by each time."""
    over, starts = threading.Event(), []

    def keep() -> None:
        while not over.wait(0.5):
            if server.running is not None and not server.running.is_alive:
                starts.append(time.monotonic())
                with suppress(RuntimeError, TooSlow):
                    server.start(**SMALL_LOG)

    keeper = threading.Thread(target=keep, daemon=True)
    keeper.start()
    try:
        yield starts
    finally:
        over.set()
        keeper.join()


@contextmanager
def forms_sent(visitor: Visitor, *, every: float, at_once: int = 2) -> Iterator[dict[str, Answer]]:
    """Staff who write down one event after the other, each with a long note; the answers by title."""
    told: dict[str, Answer] = {}
    over, chance = threading.Event(), random.Random(2020)

    def write(who: int) -> None:
        count = 0
        while not over.is_set():
            count += 1
            title = f"Händelse {who}-{count}"
            told[title] = visitor.new_event(title, internal_note=letters(chance, 1_900))
            over.wait(every)

    with ThreadPoolExecutor(at_once) as pool:
        writers = [pool.submit(write, who) for who in range(at_once)]
        try:
            yield told
        finally:
            over.set()
    for writer in writers:
        writer.result()


def letters(chance: random.Random, number: int) -> str:
    """Words that do not become shorter when they are packed."""
    return " ".join("".join(chance.choices(string.ascii_lowercase, k=9)) for _ in range(number // 10))


def test_r13_the_disk_of_the_database_is_full(
    portal_with: Callable[..., Portal], pattern: Postgres, small_disk: Callable[..., SmallDisk], say
):
    disk = small_disk(megabytes=160)
    server = pattern.copy_to(disk.folder / "postgres").start(**SMALL_LOG)
    try:
        portal = portal_with(postgres=server, delay=20, **QUICK)
        port = portal.open()
        portal.web(port)
        page = Visitor(port)
        portal.wait_until(lambda: page.get("/halsa/liv").status == 200, seconds=40, what="the pages answer")
        visitor = Visitor(port, *sessions(portal, "coordinator"))
        assert visitor.get(NEW_EVENT).status == 200
        portal.seed(600)
        for _ in range(2):
            portal.sweeper()
        portal.wait_for_deliveries(50, seconds=40)
        with kept_up(server) as starts, forms_sent(visitor, every=0.1) as told:
            until = time.monotonic() + FULL_SECONDS
            while time.monotonic() < until:
                disk.fill()
                time.sleep(0.2)
            at_the_end = portal.delivered()
            disk.free()
            portal.wait_for_deliveries(at_the_end + 20, seconds=60)
            sent_again = {
                title: visitor.send_again(answer.text) for title, answer in list(told.items()) if answer.status == 503
            }
            portal.wait_until_done(seconds=90)
        answers = statuses(told.values())
        refused = [answer for answer in told.values() if answer.status == 503]
        standing, figures = events_against(portal, told | sent_again), portal.figures()
    finally:
        portal.stop()
        server.stop()
    say(
        figures.line(
            "R13",
            forms=answers,
            missing=standing.missing,
            halves=standing.halves,
            sent_again=statuses(sent_again.values()),
            database_restarted=len(starts),
        )
    )
    assert (figures.rows, figures.lost, figures.double, figures.stuck) == (600, 0, 0, 0)
    assert set(answers) == {303, 503}
    for answer in refused:
        assert "Dina uppgifter är inte sparade" in answer.text
        assert "Skicka igen" in answer.text
        assert answer.headers["retry-after"]
    # What was given back could be sent as it was, and is there once.
    assert set(statuses(sent_again.values())) == {303}
    assert (standing.missing, standing.double, standing.halves, standing.silent) == (0, 0, 0, 0)
    assert standing.saved == len(told)
