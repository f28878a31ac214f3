"""Residents' pages from a standby: PostgreSQL's own replication, one primary and one copy, two web processes."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

import pytest

from .portal import WHOLE, Portal
from .servers import Postgres, free_port, port_answers, wait_until

LAG, LEFT_ALONE = 3, 10
# What is published must be new in every process within so many seconds (docs/performance.md).
NEW_WITHIN = 5
NEWS = "incidents_publicupdate"
# On a busy machine the copy may be a moment behind; then a page is read from the primary, as it should.
FEW = 4
COUNTING = {"shared_preload_libraries": "pg_stat_statements", "pg_stat_statements.track": "top"}


@dataclass
class Pair:
    portal: Portal
    primary: Postgres
    copy: Postgres
    port: int

    def get(self, path: str) -> tuple[int, str]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    def news(self, act: str, title: str) -> str:
        return self.portal.run("-m", "tests.processes.news", act, title).strip()

    def reads(self, server: Postgres, table: str) -> int:
        """How many statements of the portal have read a table in this server since `forget`."""
        told = "SELECT coalesce(sum(calls), 0) FROM pg_stat_statements WHERE query LIKE"
        return int(server.query(self.portal.database, f"{told} 'SELECT%\"{table}\"%'")[0][0])

    def read_from(self, times: int = 24) -> tuple[int, int]:
        """How often the news are read in the primary and in the copy, for pages that are made each time."""
        for server in (self.primary, self.copy):
            server.query(self.portal.database, "SELECT pg_stat_statements_reset()")
        for number in range(times):
            assert self.get(f"/sok/?q=lampor{number}")[0] == 200
        return self.reads(self.primary, NEWS), self.reads(self.copy, NEWS)

    def everywhere(self, path: str, words: str, *, there: bool = True) -> float:
        """Seconds until every web process shows the words, or no longer does."""
        return wait_until(
            lambda: all((words in self.get(path)[1]) is there for _ in range(8)),
            seconds=NEW_WITHIN,
            what=f"{words} at {path}",
        )


@pytest.fixture
def pair(folder: Path, pattern: Postgres, portal_with) -> Iterator[Pair]:
    primary = pattern.copy_to(folder / "primary").start(**COUNTING)
    copy = None
    try:
        portal: Portal = portal_with(postgres=primary)
        primary.query(portal.database, "CREATE EXTENSION pg_stat_statements")
        copy = primary.standby(folder / "copy").start(**COUNTING)
        port = free_port()
        portal.env |= {
            **WHOLE,
            "DATABASE_REPLICA_URL": copy.url(portal.database),
            "REPLICA_LAG_SECONDS": str(LAG),
            "PORT": str(port),
        }
        portal.run("manage.py", "collectstatic", "--noinput", "-v0")
        portal.run("manage.py", "createcachetable", "-v0")
        portal.web(port)
        wait_until(lambda: port_answers(port), seconds=30, what="the portal answers")
        yield Pair(portal, primary, copy, port)
    finally:
        if copy:
            copy.stop()
        primary.stop()


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_residents_pages_are_read_from_the_copy_and_go_on_without_it(pair: Pair, say):
    first = pair.news("publish", "Fler lampor vid torget")
    pair.everywhere("/nyheter/", "Fler lampor")
    assert pair.get(first)[0] == 200

    # The copy does the reading, and nobody signs in there.
    primary, copy = pair.read_from()
    say(f"replica: 24 searches read the news {copy} times in the copy, {primary} times in the primary")
    assert primary <= FEW
    assert copy >= 24 - FEW
    for path in ("/konto/login/", "/arbete/"):
        assert pair.get(path)[0] in (200, 302)
    assert pair.reads(pair.copy, "django_session") == pair.reads(pair.copy, "portal_cache") == 0

    # What is published shows within five seconds in every process, and so does what is not.
    shown = pair.everywhere(pair.news("publish", "Ny mötesplats"), "Ny mötesplats")
    pair.everywhere("/nyheter/", "Ny mötesplats")

    # The copy stands still: what is published shows all the same, and after the limit nothing is read there.
    pair.copy.query("postgres", "SELECT pg_wal_replay_pause()")
    address = pair.news("publish", "Trygghetsvandring på lördag")
    status, words = pair.get(address)
    assert (status, "Trygghetsvandring" in words) == (200, True), "one's own page is there at once"
    still = pair.everywhere("/nyheter/", "Trygghetsvandring")
    pair.news("withdraw", "Ny mötesplats")
    gone = pair.everywhere("/nyheter/", "Ny mötesplats", there=False)
    pair.portal.sweeper()
    time.sleep(LAG + 1)
    primary, copy = pair.read_from()
    assert copy == 0
    assert primary >= 24
    pair.copy.query("postgres", "SELECT pg_wal_replay_resume()")
    time.sleep(1.5)
    primary, copy = pair.read_from()
    assert primary <= FEW
    assert copy >= 24 - FEW

    # The copy is gone: no page is late or wrong.
    pair.copy.kill()
    answers = [pair.get(f"/sok/?q=torget{number}")[0] for number in range(20)]
    assert answers == [200] * 20
    without = pair.everywhere(pair.news("publish", "Staket lagat"), "Staket lagat")
    pair.copy.start(**COUNTING)
    for _ in range(8):
        pair.get("/nyheter/")
    time.sleep(LEFT_ALONE + 1)
    pair.everywhere("/nyheter/", "Staket lagat")
    primary, copy = pair.read_from()
    assert primary <= FEW
    assert copy >= 24 - FEW

    # The primary is gone: staff wait, and residents read what the copy has, also pages nobody had asked for.
    pair.primary.stop()
    status, words = pair.get("/sok/?q=staket")
    assert (status, "lagat" in words) == (200, True)
    say(
        f"replica: new after {shown:.1f} s; copy standing still {still:.1f} s, gone {gone:.1f} s; none {without:.1f} s"
    )
