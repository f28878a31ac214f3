"""The portal as a resident's or a clerk's browser meets it: a real server whose clock the test sets."""

from __future__ import annotations

import datetime as dt
import email
import email.policy
import os
import shutil
import sys
from email.message import EmailMessage
from pathlib import Path

from tests.processes.servers import ROOT, Running, faketime_library, free_port, port_answers, wait_until


class JourneyPortal:
    """A server process with its own database, mail folder and clock (libfaketime reads it from a file)."""

    def __init__(self, folder: Path, *, start: dt.datetime, database_url: str | None = None) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.var = folder / "var"
        self.var.mkdir(parents=True)
        self.clock = folder / "clock"
        env = {name: value for name, value in os.environ.items() if name not in ("DJANGO_SETTINGS_MODULE", "CI")}
        env.pop("DATABASE_URL", None)
        self.env = env | {
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
        if database_url:
            self.env["DATABASE_URL"] = database_url
        self.set_clock(start)
        self.server: Running | None = None

    def set_clock(self, moment: dt.datetime) -> None:
        """From here the portal's clock says `moment` and goes on at its normal pace."""
        self.now = moment
        offset = moment.timestamp() - dt.datetime.now(dt.UTC).timestamp()
        fresh = self.clock.with_suffix(".new")
        fresh.write_text(f"{offset:+.3f}\n")
        fresh.replace(self.clock)

    def command(self, *words: str) -> None:
        """Run a management command to its end."""
        running = Running(
            [sys.executable, "manage.py", *words], log=self.folder / "commands.log", env=self.env, cwd=ROOT
        )
        code = running.process.wait(120)
        assert code == 0, running.words()[-3000:]

    def sweep(self) -> None:
        """Let the portal look at what is due now, as the worker does every 30 seconds."""
        self.command("send_due", "--once")

    def start(self, *, demo: bool = False) -> None:
        self.command("migrate", "--verbosity", "0")
        self.command("createcachetable")
        self.command("collectstatic", "--noinput", "--verbosity", "0")
        self.command("demo", *([] if demo else ["--people"]))
        self.server = Running(
            [sys.executable, "manage.py", "runserver", "--noreload", "--insecure", f"127.0.0.1:{self.port}"],
            log=self.folder / "server.log",
            env=self.env,
            cwd=ROOT,
        )
        wait_until(lambda: port_answers(self.port), seconds=60, what="the portal's server")

    def stop(self) -> None:
        if self.server is not None:
            self.server.stop()
        shutil.rmtree(self.var, ignore_errors=True)

    def mails(self) -> list[EmailMessage]:
        """Every mail so far, oldest first."""
        folder = self.var / "mail"
        files = sorted(folder.glob("*.eml"), key=lambda path: path.stat().st_mtime_ns) if folder.exists() else []
        return [email.message_from_bytes(path.read_bytes(), policy=email.policy.default) for path in files]  # type: ignore[misc]

    def words(self) -> str:
        return self.server.words() if self.server else ""
