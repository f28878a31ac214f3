"""A whole installation of the portal in a folder of its own, on either database, for what a person does at a shell."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from .migrated import sqlite_file
from .portal import WHOLE
from .servers import ROOT, TEMPLATE, Postgres, portal_env

_number = count(1)
KINDS = ("sqlite", "postgresql")


@dataclass
class Installation:
    """`say`: a command that must succeed; `refused`: one that must not, and what it said."""

    kind: str
    var: Path
    url: str
    postgres: Postgres | None
    env: dict[str, str]

    @classmethod
    def new(cls, kind: str, folder: Path, postgres: Postgres | None = None, **env: str) -> Installation:
        """Migrated and empty."""
        name = f"installed_{next(_number)}"
        var = folder / name
        var.mkdir(parents=True)
        if kind == "sqlite":
            shutil.copy(sqlite_file(), var / "portal.sqlite3")
            url = f"sqlite:///{var}/portal.sqlite3"
        else:
            assert postgres is not None
            url = postgres.new_database(name, template=TEMPLATE)
        made = portal_env(var, database_url=url, **WHOLE | {"DEMO": "1"} | env)
        return cls(kind, var, url, postgres, made)

    def run(self, *command: str, **env: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *command], env=self.env | env, cwd=ROOT, capture_output=True, text=True, timeout=300
        )

    def say(self, *command: str, **env: str) -> str:
        done = self.run(*command, **env)
        assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
        return done.stdout

    def refused(self, *command: str, **env: str) -> str:
        done = self.run(*command, **env)
        assert done.returncode == 1, f"{command} was not refused\n{done.stdout}{done.stderr}"
        assert "Traceback" not in done.stderr, done.stderr
        return done.stderr

    def backup(self) -> Path:
        """Taken now; the folder."""
        place = self.var.parent / f"{self.var.name}-backups"
        before = set(place.glob("20*")) if place.exists() else set()
        self.say("manage.py", "backup", str(place))
        [made] = set(place.glob("20*")) - before
        return made

    def everything(self) -> dict[str, Any]:
        return json.loads(self.say("-m", "tests.processes.everything"))

    def query(self, sql: str) -> list[tuple]:
        if self.postgres is not None:
            return self.postgres.query(self.url.rpartition("/")[2], sql)
        with closing(sqlite3.connect(self.var / "portal.sqlite3")) as connection, connection:
            return connection.execute(sql).fetchall()

    def triggers(self) -> list[tuple]:
        if self.kind == "sqlite":
            return self.query("SELECT name FROM sqlite_master WHERE type = 'trigger' ORDER BY name")
        return self.query("SELECT tgname, tgenabled FROM pg_trigger WHERE NOT tgisinternal ORDER BY tgname")
