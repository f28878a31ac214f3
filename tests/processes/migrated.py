"""Databases made by the portal's own migrations, once for each state of the migrations and then copied.

Running them takes long, longer with every model, and each worker of the unit tests, each real server and each
journey begins with such a database. `migrate` still has the last word on every copy: whatever a copy should lack,
it adds. The first maker keeps the others waiting, so that nobody does the work twice:

    python -m tests.processes.migrated       makes both kinds, so that no test has to wait for them
"""

from __future__ import annotations

import fcntl
import hashlib
import sqlite3
import subprocess
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

from .servers import ROOT, Postgres, manage, portal_env, postgres_program, temporary_folder

# Beside what pytest itself remembers between runs: in no checkout, and removed by `make clean`.
KEPT = ROOT / ".pytest_cache" / "databases"
TOO_OLD = 24 * 60 * 60  # a younger one may be in use by another run
PLACES = ("lysekil_trygghet", "situation", "pledges", "incidents")


def sqlite_file() -> Path:
    """A file to copy. It has no journal of its own, so it may also be read into memory."""
    return _kept("sqlite3", _make_sqlite)


def fill(server: Postgres, name: str) -> str:
    """A new database in a running server, migrated; returns its URL."""
    script = _kept("sql", lambda path: _make_script(server, path))
    url = server.new_database(name)
    _quietly(
        "psql", "--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1", "--single-transaction", f"--file={script}", url
    )
    return url


def _make_sqlite(path: Path) -> None:
    with temporary_folder() as folder:
        made = folder / "made.sqlite3"
        _migrate(folder, f"sqlite:///{made}")
        with closing(sqlite3.connect(made)) as connection:
            connection.execute("PRAGMA journal_mode=DELETE")
        path.write_bytes(made.read_bytes())


def _make_script(server: Postgres, path: Path) -> None:
    with temporary_folder() as folder:
        _migrate(folder, server.new_database("made_by_migrations"))
    _quietly("pg_dump", "--no-owner", f"--file={path}", server.url("made_by_migrations"))
    server.query("postgres", "DROP DATABASE made_by_migrations")


def _migrate(folder: Path, url: str) -> None:
    manage("migrate", "--verbosity", "0", env=portal_env(folder / "var", database_url=url))


def _quietly(program: str, *arguments: str) -> None:
    subprocess.run([postgres_program(program), *arguments], check=True, stdout=subprocess.DEVNULL)


def _kept(ending: str, make: Callable[[Path], None]) -> Path:
    """The file that `make` writes, unless it was written before by the same migrations."""
    KEPT.mkdir(parents=True, exist_ok=True)
    path = KEPT / f"{_fingerprint()}.{ending}"
    with (KEPT / f"{ending}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            fresh = path.with_name(f"fresh.{ending}")
            make(fresh)
            fresh.replace(path)
            for other in KEPT.glob(f"*.{ending}"):
                if other.stat().st_mtime < time.time() - TOO_OLD:
                    other.unlink()
    return path


def _fingerprint() -> str:
    """Changes when our migrations do, or the packages that bring theirs."""
    files = [ROOT / "requirements.txt", ROOT / "lysekil_trygghet" / "settings.py"]
    files += (path for place in PLACES for path in sorted((ROOT / place).glob("**/migrations/*.py")))
    seen = hashlib.sha256()
    for path in files:
        seen.update(f"{path.relative_to(ROOT)}\n".encode() + path.read_bytes())
    return seen.hexdigest()[:16]


def main() -> None:
    with ThreadPoolExecutor() as at_once, temporary_folder() as folder:
        file = at_once.submit(sqlite_file)
        server = Postgres(folder / "postgres").create()
        try:
            fill(server.start(), "portal")
        finally:
            server.stop()
        file.result()


if __name__ == "__main__":
    main()
