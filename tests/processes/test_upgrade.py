"""An upgrade that nobody notices: the database is brought to the next version while residents read, staff save and old
processes go on (R23); then the web servers are restarted in turn."""

from __future__ import annotations

import itertools
import os
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import psycopg
import pytest
from django.db.migrations.loader import MigrationLoader

from deploy.tools.check_migrations import Looker

from .next_version import incidents, notifications
from .portal import WHOLE, Portal
from .servers import ROOT, Postgres, Running, free_port, port_answers, postgres_program, wait_until
from .test_nginx import configured, nginx_program

ROWS = 50_000
READERS = 4
# Readers who never pause would measure who gets the processor.
THINKING_SECONDS = 0.05
NEXT = {"DJANGO_SETTINGS_MODULE": "tests.processes.next_version.settings"}


class Readers:
    """Residents who read all the time: pages that are kept, pages of their own, open data."""

    def __init__(self, port: int, *, cookie: str = "") -> None:
        self.headers = {"Cookie": cookie} if cookie else {}
        self.port, self.statuses, self.slowest, self.over = port, Counter(), 0.0, threading.Event()
        self.pages = itertools.count(1)
        self.threads = [threading.Thread(target=self._read, daemon=True) for _ in range(READERS)]

    def __enter__(self) -> Readers:
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.over.set()
        for thread in self.threads:
            thread.join(30)

    def _read(self) -> None:
        while not self.over.is_set():
            for path in (
                "/",
                "/nyheter/",
                f"/nyheter/?page={next(self.pages) % 500 + 1}",
                "/api/v1/news",
                "/flode.xml",
            ):
                began = time.monotonic()
                connection = HTTPConnection("127.0.0.1", self.port, timeout=20)
                try:
                    connection.request("GET", path, headers=self.headers)
                    answer = connection.getresponse()
                    answer.read()
                    self.statuses[answer.status] += 1
                except (OSError, HTTPException) as error:
                    self.statuses[type(error).__name__] += 1
                finally:
                    connection.close()
                self.slowest = max(self.slowest, time.monotonic() - began)
                time.sleep(THINKING_SECONDS)


def is_alive(port: int) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request("GET", "/halsa/liv")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


@contextmanager
def somebody_reads_for_long(portal: Portal, *, until: Callable[[], bool]) -> Iterator[None]:
    """A transaction that has read both tables and is not over: a change of a table must wait for it."""
    with psycopg.connect(portal.postgres.url(portal.database)) as connection:
        for table in ("incidents_publicupdate", "notifications_message"):
            connection.execute(f"SELECT count(*) FROM {table}")  # noqa: S608 - the two above
        patience = time.monotonic() + 120

        def read_on() -> None:
            while not until() and time.monotonic() < patience:
                time.sleep(0.1)
            connection.rollback()

        reader = threading.Thread(target=read_on)
        reader.start()
        yield
        reader.join()


def fill(portal: Portal, table: str, *, unlike: tuple[str, ...]) -> None:
    """Makes one row of a table so many, in the database itself; what is unique gets a number behind it."""
    names = f"SELECT column_name FROM information_schema.columns WHERE table_name = '{table}'"  # noqa: S608
    columns = [name for (name,) in portal.query(names) if name not in ("id", *unlike)]
    listed = ", ".join(f'"{name}"' for name in columns)
    numbered = ", ".join(f"{name} || '-' || n" for name in unlike)
    portal.query(
        f"INSERT INTO {table} ({', '.join(unlike)}, {listed}) SELECT {numbered}, {listed} "  # noqa: S608
        f"FROM {table}, generate_series(2, {ROWS}) AS n"
    )


def migrate(portal: Portal, *, told: Path) -> subprocess.CompletedProcess[str]:
    """What it complains of stands in `told` while it goes on."""
    path = f"{os.path.dirname(postgres_program('psql'))}:{os.environ['PATH']}"
    with told.open("w") as complaints:
        done = subprocess.run(
            [ROOT / "deploy" / "production" / "migrate.sh"],
            env=portal.env | NEXT | {"PATH": path},
            stdout=subprocess.PIPE,
            stderr=complaints,
            text=True,
            timeout=200,
        )
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout, told.read_text())


def test_lint_lets_these_migrations_through(settings):
    settings.MIGRATION_MODULES = {"incidents": incidents.__name__, "notifications": notifications.__name__}
    loader = MigrationLoader(None)
    for node in (("incidents", "9001_tone"), *(("notifications", f"900{n}") for n in (1, 2, 3))):
        (found,) = (key for key in loader.graph.nodes if key[0] == node[0] and key[1].startswith(node[1]))
        state = loader.project_state([parent.key for parent in loader.graph.node_map[found].parents])
        assert list(Looker(loader.graph.nodes[found], state, set()).problems()) == []


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_r23_an_upgrade_stops_nobody(portal_with, pattern: Postgres, folder: Path, say):
    server = pattern.copy_to(folder / "upgraded").start()
    try:
        portal: Portal = portal_with(postgres=server)
        server.query("postgres", "CREATE ROLE trygghet_app")
        port = free_port()
        portal.env |= {**WHOLE, "PORT": str(port)}
        portal.seed(1, minutes=60 * 24)
        fill(portal, "notifications_message", unlike=("key", "message_id"))
        portal.run("-m", "tests.processes.news", "publish", "Fler lampor vid torget")
        fill(portal, "incidents_publicupdate", unlike=("slug",))
        portal.run("manage.py", "collectstatic", "--noinput", "-v0")
        portal.run("manage.py", "createcachetable", "-v0")
        portal.web(port)
        wait_until(lambda: port_answers(port), seconds=30, what="the portal answers")
        going_on = folder / "going-on"
        going_on.touch()
        saver = portal.start("-m", "tests.processes.saving", str(going_on), name="saver")
        wait_until(lambda: saver.words().count("saved") > 3, seconds=60, what="somebody saves")

        with Readers(port) as readers:
            began = time.time()
            told = folder / "complaints"
            told.touch()
            with somebody_reads_for_long(portal, until=lambda: "gave way" in told.read_text()):
                upgraded = migrate(portal, told=told)
            took = time.time() - began
            assert upgraded.returncode == 0, upgraded.stderr
            saved_meanwhile = saver.words().count("saved")
            again = migrate(portal, told=folder / "complaints-again")
            # Old code goes on with the new tables: the same processes, which know nothing of them.
            wait_until(lambda: saver.words().count("saved") > saved_meanwhile + 10, seconds=60, what="old code saves")
            back = "".join(
                portal.run("manage.py", "migrate", app, last, **NEXT)
                for app, last in (("incidents", incidents.LAST), ("notifications", notifications.LAST))
            )
        going_on.unlink()
        saver.process.wait(30)
        words = saver.words()
        portal.stop()
    finally:
        server.stop()

    gave_way = upgraded.stderr.count("gave way")
    say(
        f"R23: {ROWS} rows, {gave_way} tries gave way, {took:.1f} s; read {dict(readers.statuses)}, "
        f"slowest {readers.slowest:.1f} s; saved {words.count('saved')}, failed {words.count('FAILED')}"
    )
    assert gave_way >= 1
    assert upgraded.stdout.count("9003_said_by... OK") == 1
    assert "No migrations to apply" in again.stdout
    assert back.count("Unapplying") == 4
    assert set(readers.statuses) == {200}
    assert readers.statuses[200] > 100
    assert "FAILED" not in words


@pytest.mark.slow
def test_web_servers_restarted_in_turn_leave_no_gap(portal_with, postgres: Postgres, folder: Path, say):
    """As `systemctl restart trygghet-web@8000`, then @8001, with nginx before them and nothing kept in its cache."""
    portal: Portal = portal_with(postgres=postgres)
    ports = [free_port(), free_port()]
    portal.env |= {**WHOLE, "TRUSTED_PROXY_COUNT": "1"}
    portal.run("-m", "tests.processes.news", "publish", "Fler lampor vid torget")
    portal.run("manage.py", "collectstatic", "--noinput", "-v0")
    portal.run("manage.py", "createcachetable", "-v0")
    webs = [portal.web(port) for port in ports]
    port, cache = free_port(), folder / "cache"
    cache.mkdir()
    file = configured(folder, cache=cache, port=port, portal_ports=ports)
    nginx = Running([nginx_program(), "-c", file, "-g", "daemon off;"], log=folder / "nginx.log", env=portal.env)
    try:
        wait_until(lambda: all(map(port_answers, [port, *ports])), seconds=30, what="the site answers")
        # Whoever has signed in is sent on, past the cache.
        with Readers(port, cookie="sessionid=abc") as readers:
            for _turn in range(2):
                for number, one in enumerate(ports):
                    webs[number].stop(seconds=30)
                    webs[number] = portal.web(one)
                    # docs/drift.md: the next one only when this one answers, not when its port is open.
                    wait_until(lambda one=one: is_alive(one), seconds=60, what="it is back")
    finally:
        nginx.stop()
    say(f"restarts in turn: 4 restarts, read {dict(readers.statuses)}, slowest {readers.slowest:.1f} s")
    assert set(readers.statuses) == {200}
    assert readers.statuses[200] > 100
