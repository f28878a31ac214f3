"""The portal as a set of processes around one database, and the figures every fault test ends with."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from deploy.tools.commands import command

from .servers import ROOT, Postgres, Redis, Running, Sink, TooSlow, free_port, portal_env, wait_until

# Environment for processes that are the whole portal, with its pages and planners, not the ledger alone.
WHOLE = {
    "DJANGO_SETTINGS_MODULE": "lysekil_trygghet.settings",
    "SECRET_KEY": "only-for-process-tests-" + "x" * 60,
    "SITE_URL": "http://127.0.0.1",
}
# What is planned for coming days waits as it should.
COME = "moment <= now()"
UNFINISHED = f"{COME} AND (state IN ('DUE', 'SENDING') OR (state = 'UNCERTAIN' AND next_at IS NOT NULL))"


@dataclass(frozen=True)
class Figures:
    """LOST: planned but never delivered. DOUBLE: delivered more than once. STUCK: not in a final state."""

    rows: int
    lost: int
    double: int
    stuck: int
    unlike: int

    def line(self, test: str, **more: object) -> str:
        extra = "".join(f", {name.replace('_', ' ')} {value}" for name, value in more.items())
        return f"{test}: {self.rows} rows, LOST {self.lost}, DOUBLE {self.double}, STUCK {self.stuck}{extra}"


class Portal:
    """Starts the portal's processes with one environment and stops all of them at the end."""

    def __init__(
        self,
        folder: Path,
        *,
        postgres: Postgres,
        database: str,
        sink: Sink,
        redis: Redis | None = None,
        **env: str,
    ) -> None:
        self.folder, self.postgres, self.database, self.sink, self.redis = folder, postgres, database, sink, redis
        self.env = portal_env(
            folder / "var",
            database_url=postgres.url(database),
            **{"EMAIL_URL": sink.url, "BROKER_URL": redis.url if redis else "filesystem://"} | env,
        )
        self.started: list[Running] = []

    def start(self, *arguments: str, name: str, **env: str) -> Running:
        """Python with these arguments, in the portal's environment."""
        running = Running(
            [sys.executable, *arguments],
            log=self.folder / f"{name}-{len(self.started)}.log",
            env=self.env | env,
            cwd=ROOT,
        )
        self.started.append(running)
        return running

    def start_as_listed(self, listed: str, *more: str, name: str, values: Mapping[str, str] | None = None, **env: str):
        """As in production (deploy/commands.toml), with what several on one machine must not share in `more`."""
        program, *arguments = command(listed, values or {})
        if program != "python":
            arguments = ["-m", program, *arguments]
        return self.start(*arguments, *more, name=name, **env)

    def sweeper(self, **env: str) -> Running:
        return self.start_as_listed("send_due_loop", name="sweeper", **env)

    def worker(self, **env: str) -> Running:
        return self.start_as_listed("worker", "--hostname", f"w{len(self.started)}@%h", name="worker", **env)

    def beat(self, **env: str) -> Running:
        schedule = self.folder / f"schedule-{len(self.started)}"
        return self.start_as_listed("beat", "--schedule", str(schedule), name="beat", **env)

    def web(self, port: int, **env: str) -> Running:
        values = {"HOST": "127.0.0.1", "PORT": str(port), "WEB_WORKERS": "2"}
        return self.start_as_listed("web", name="web", values=values, **env)

    def open(self) -> int:
        """Ready for the whole portal with its pages; returns the port for `web`."""
        port = free_port()
        self.env |= {**WHOLE, "PORT": str(port)}
        self.run("manage.py", "collectstatic", "--noinput", "-v0")
        self.run("manage.py", "createcachetable", "-v0")
        return port

    def run(self, *command: str, **env: str) -> str:
        done = subprocess.run(
            [sys.executable, *command], env=self.env | env, cwd=ROOT, capture_output=True, text=True, timeout=120
        )
        if done.returncode:
            raise RuntimeError(f"{command} failed:\n{done.stdout}{done.stderr}")
        return done.stdout

    def seed(self, rows: int, *, name: str = "rad", minutes: int = -1) -> None:
        self.run("-m", "tests.processes.seed", name, str(rows), f"--minutes={minutes}")

    def longest_nudge(self) -> float:
        """Seconds a web request had to wait for its nudge."""
        return float(self.run("-m", "tests.processes.nudge_timing"))

    def stop(self) -> None:
        for running in self.started:
            running.send(15)
        for running in self.started:
            running.stop()

    # --- What happened ------------------------------------------------------------------------------

    def query(self, sql: str) -> list[tuple]:
        return self.postgres.query(self.database, sql)

    def unfinished(self) -> int:
        return self.query(f"SELECT count(*) FROM notifications_message WHERE {UNFINISHED}")[0][0]  # noqa: S608

    def delivered(self) -> int:
        return len(self.sink.deliveries())

    def wait_until_done(self, *, seconds: float) -> float:
        return self.wait_until(lambda: not self.unfinished(), seconds=seconds, what="all messages leave")

    def wait_for_deliveries(self, number: int, *, seconds: float) -> float:
        return self.wait_until(lambda: self.delivered() >= number, seconds=seconds, what=f"{number} deliveries")

    def wait_until(self, true: Callable[[], object], *, seconds: float, what: str) -> float:
        """As `servers.wait_until`; when it fails it tells what the processes said last."""
        try:
            return wait_until(true, seconds=seconds, what=what, every=0.1)
        except TooSlow as error:
            for running in self.started:
                last = "\n".join(running.words().splitlines()[-40:])
                alive = "running" if running.is_alive else f"ended with {running.process.returncode}"
                error.add_note(f"--- {running.log.name} ({alive}):\n{last}")
            raise

    def sweeps(self) -> int:
        return self.query("SELECT count(*) FROM notifications_sweepbeat")[0][0]

    def figures(self) -> Figures:
        planned = {row[0] for row in self.query(f"SELECT message_id FROM notifications_message WHERE {COME}")}  # noqa: S608
        deliveries = self.sink.deliveries()
        times = Counter(message_id for message_id, _date, _to in deliveries)
        dates = defaultdict(set)
        for message_id, date, _to in deliveries:
            dates[message_id].add(date)
        return Figures(
            rows=len(planned),
            lost=len(planned - set(times)),
            double=len(deliveries) - len(times),
            stuck=self.unfinished(),
            unlike=sum(len(seen) > 1 for seen in dates.values()) + len(set(times) - planned),
        )


class Unit:
    """A process that is started anew when it ends, as its unit in deploy/production/ says (Restart=always)."""

    def __init__(self, start: Callable[[], Running], *, pause: float = 2) -> None:
        self.start, self.pause = start, pause
        self.starts = 0
        self._over = threading.Event()
        self._begin()
        self._keeper = threading.Thread(target=self._keep, daemon=True)
        self._keeper.start()

    def _begin(self) -> None:
        self.running = self.start()
        self.starts += 1

    def _keep(self) -> None:
        while not self._over.wait(0.1):
            if not self.running.is_alive and not self._over.wait(self.pause):
                self._begin()

    def __enter__(self) -> Unit:
        return self

    def __exit__(self, *_error: object) -> None:
        self._over.set()
        self._keeper.join()
        self.running.stop()


class FakeClock:
    """A clock that starts at a local Swedish time and runs fast, the same for every process that joins."""

    def __init__(self, start: str, *, speed: int, library: str) -> None:
        # Written in summer or winter time before the change, so it means one moment only.
        self.start = dt.datetime.fromisoformat(start)
        self.speed, self.library = speed, library
        self.began = time.monotonic()

    def env(self) -> dict[str, str]:
        """For a process that starts now. libfaketime counts from each process' own start."""
        seconds = (time.monotonic() - self.began) * self.speed
        now = self.start + dt.timedelta(seconds=round(seconds))
        return {
            "LD_PRELOAD": self.library,
            "FAKETIME": f"@{now:%Y-%m-%d %H:%M:%S} x{self.speed}",
            "TZ": "Europe/Stockholm",
            "TEST_CLOCK_SPEED": str(self.speed),
            "FAKETIME_NO_CACHE": "1",
            **({"PATH": os.environ["PATH"]} if "PATH" in os.environ else {}),
        }
