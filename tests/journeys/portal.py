"""The portal as a resident's or a clerk's browser meets it: a real server whose clock the test sets."""

from __future__ import annotations

import datetime as dt
import email
import email.policy
import os
import shutil
import sqlite3
import sys
from contextlib import closing
from email.message import EmailMessage
from pathlib import Path

from tests.processes.servers import ROOT, Running, faketime_library, free_port, port_answers, wait_until

DATABASE = "trygghet.sqlite3"


class JourneyPortal:
    """A server process with its own database, mail folder and clock (libfaketime reads it from a file)."""

    def __init__(self, folder: Path, *, start: dt.datetime, pattern: Pattern) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.pattern = pattern
        self.port = pattern.port
        self.url = f"http://127.0.0.1:{self.port}"
        self.var = folder / "var"
        self.clock = folder / "clock"
        steering = ("DJANGO_SETTINGS_MODULE", "DATABASE_URL", "CI")
        self.env = {name: value for name, value in os.environ.items() if name not in steering} | {
            "VAR_DIR": str(self.var),
            "DEMO": "1",
            "SECRET_KEY": "only-for-journeys-" + "x" * 60,
            "SITE_URL": self.url,
            "EMAIL_URL": "outbox",
            "BROKER_URL": "filesystem://",
            "DJANGO_SETTINGS_MODULE": "lysekil_trygghet.settings",
            "LD_PRELOAD": faketime_library(),
            "FAKETIME_TIMESTAMP_FILE": str(self.clock),
            "FAKETIME_NO_CACHE": "1",
            "DONT_FAKE_MONOTONIC": "1",
            "TZ": "Europe/Stockholm",
        }
        self.began = start
        self.set_clock(start)
        self.server: Running | None = None
        self._commands = 0

    def set_clock(self, moment: dt.datetime) -> None:
        """From here the portal's clock says `moment` and goes on at its normal pace."""
        offset = moment.timestamp() - dt.datetime.now(dt.UTC).timestamp()
        fresh = self.clock.with_suffix(".new")
        fresh.write_text(f"{offset:+.3f}\n")
        fresh.replace(self.clock)

    # --- Processes ----------------------------------------------------------------------------------

    def run(self, *words: str) -> Running:
        self._commands += 1
        log = self.folder / f"command-{self._commands}.log"
        return Running([sys.executable, "manage.py", *words], log=log, env=self.env, cwd=ROOT)

    def command(self, *words: str) -> str:
        """Run a management command to its end; returns what it said."""
        return ended(self.run(*words))

    def sweep(self) -> None:
        """Let the portal look at what is due now, as the worker does every 30 seconds."""
        self.command("send_due", "--once")

    def start(self, *, demo: bool = False) -> None:
        """With the demo's content as it stands at this portal's first moment, or with its people only."""
        if demo:
            self.pattern.with_demo(self.began).give_to(self)
        else:
            self.pattern.empty().give_to(self)
            self.command("demo", "--people")
        self.server = self.run("runserver", "--noreload", "--insecure", f"127.0.0.1:{self.port}")
        wait_until(lambda: port_answers(self.port), seconds=60, what="the portal's server")

    def as_in_production(self) -> None:
        """granian with packed static files instead of the development server: what is weighed is what is sent."""
        self.command("collectstatic", "--noinput", "-v0")
        if self.server is not None:
            self.server.stop()
        how = ["--interface", "wsgi", "--host", "127.0.0.1", "--port", str(self.port), "--workers", "1"]
        self.server = Running(
            [sys.executable, "-m", "granian", *how, "--blocking-threads", "4", "lysekil_trygghet.wsgi:application"],
            log=self.folder / "granian.log",
            env=self.env,
            cwd=ROOT,
        )
        wait_until(lambda: port_answers(self.port), seconds=60, what="the portal's server")

    def give_to(self, other: JourneyPortal) -> None:
        """Another portal begins with a copy of what this one holds."""
        shutil.copytree(self.var, other.var, symlinks=True)

    def stop(self) -> None:
        if self.server is not None:
            self.server.stop()
        shutil.rmtree(self.var, ignore_errors=True)

    # --- What it did --------------------------------------------------------------------------------

    def mails(self) -> list[EmailMessage]:
        """Every mail so far, oldest first."""
        folder = self.var / "mail"
        files = sorted(folder.glob("*.eml"), key=lambda path: path.stat().st_mtime_ns) if folder.exists() else []
        return [email.message_from_bytes(path.read_bytes(), policy=email.policy.default) for path in files]  # type: ignore[misc]

    def stored(self) -> list[str]:
        """Everything in the database but the sessions, as lines of SQL."""
        with closing(sqlite3.connect(self.var / DATABASE)) as database:
            return [line for line in database.iterdump() if "django_session" not in line]

    def words(self) -> str:
        return self.server.words() if self.server else ""


class Pattern:
    """What journeys begin with, each made once and then copied: a migrated database, and one with demo content.

    All portals made from it answer at the same port, one after the other: the mails of the demo name the address.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self._empty: JourneyPortal | None = None
        self._with_demo: dict[dt.datetime, JourneyPortal] = {}

    def empty(self) -> JourneyPortal:
        if self._empty is None:
            made = JourneyPortal(self.folder / "empty", start=dt.datetime.now(dt.UTC), pattern=self)
            # Two slow things beside each other.
            collecting = made.run("collectstatic", "--noinput", "--verbosity", "0")
            made.command("migrate", "--verbosity", "0")
            made.command("createcachetable")
            ended(collecting)
            collected = self.folder / "static"
            (made.var / "static").rename(collected)
            (made.var / "static").symlink_to(collected)
            self._empty = made
        return self._empty

    def with_demo(self, moment: dt.datetime) -> JourneyPortal:
        if moment not in self._with_demo:
            made = JourneyPortal(self.folder / f"demo-{len(self._with_demo)}", start=moment, pattern=self)
            self.empty().give_to(made)
            made.command("demo")
            self._with_demo[moment] = made
        return self._with_demo[moment]


def ended(running: Running) -> str:
    """Wait for a command to end well; returns what it said."""
    try:
        running.process.wait(300)
    finally:
        code = running.stop()
    assert code == 0, running.words()[-3000:]
    return running.words()
