"""How fast files of numbers are read: rows a second against PostgreSQL's COPY of the same rows into the same table
with its indexes, in the same run (machines differ; the ratio does not), and the most memory it took.

`make bench`. Needs the database that DATABASE_URL names; the Makefile starts one of its own for it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SIZES = (100_000, 1_000_000)
LEAST_RATIO = 0.2
MOST_GROWTH = 1.2
YEARS = 30
TABLE = "situation_indicatorvalue"

PREPARE = """
import django
django.setup()
from django.core.management import call_command
from django.utils import timezone
from lysekil_trygghet.accounts.demo import load_people
call_command("migrate", verbosity=0)
load_people(now=timezone.now())
"""
WORK = """
import os, sys, time
import django
django.setup()
from pathlib import Path
from django.utils import timezone
from lysekil_trygghet.accounts.actors import Actor
from situation.lifecycle import ImportKind
from situation.operations import imports, publishers
now, by = timezone.now(), Actor.system()
source = publishers.source_for(ImportKind.BRA, by=by, now=now)
path = Path(sys.argv[1])
begun = time.monotonic()
made = imports.begin(path, source=source, kind=ImportKind.BRA, name=path.name, by=by, now=now)
looked = imports.check(made, by=by, now=now)
seen = time.monotonic()
done = imports.store(imports.order(looked, takes_the_good=False, by=by, now=now), by=by, now=now)
stored = time.monotonic()
assert done.state == "APPLIED", done.report
memory = next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(done.rows_new, seen - begun, stored - seen, memory)
"""


def written(folder: Path, rows: int, kind: str) -> Path:
    """A file of that many rows in Brå's form: CSV in UTF-8, or the monthly text in Latin-1."""
    sys.path.insert(0, str(ROOT))
    from situation.importers.places import official

    names = [name for code, name in official().items() if len(code) == 4]
    encoding, ending = ("utf-8", "csv") if kind == "csv" else ("latin-1", "txt")
    path = folder / f"{kind}-{rows}.{ending}"
    trailing = "" if kind == "csv" else ";"
    with path.open("w", encoding=encoding) as file:
        file.write("Region;Brott;År;Period;Antal\n")
        for number in range(rows):
            place, rest = number % len(names), number // len(names)
            year, crime = 1990 + rest % YEARS, rest // YEARS
            file.write(f"{names[place]} kommun;Brottstyp {crime};{year};;{number % 977}{trailing}\n")
    return path


def run(code: str, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(done.stderr)
    return done.stdout


def copied(folder: Path) -> float:
    """Seconds that COPY takes for the rows now stored, into the same table, indexes and all."""
    import psycopg

    kept = folder / "kept.copy"
    columns = (
        "indicator_id, area_id, period, period_type, breakdown, value, n, "
        "is_preliminary, is_suppressed, dataset_import_id"
    )
    out = f"COPY (SELECT {columns} FROM {TABLE}) TO STDOUT"
    into = f"COPY {TABLE} ({columns}) FROM STDIN"
    with psycopg.connect(os.environ["DATABASE_URL"].replace("postgres://", "postgresql://")) as database:
        with kept.open("wb") as file, database.cursor().copy(out) as copy:
            for part in copy:
                file.write(part)
        database.execute(f"TRUNCATE {TABLE}")
        database.commit()
        begun = time.monotonic()
        with kept.open("rb") as file, database.cursor().copy(into) as copy:
            while part := file.read(1 << 20):
                copy.write(part)
        database.commit()
        seconds = time.monotonic() - begun
        database.execute(f"TRUNCATE {TABLE}")
        database.commit()
    return seconds


def main() -> int:
    os.environ.setdefault("SECRET_KEY", "bench-" * 10)
    run(PREPARE)
    failed = False
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for kind in ("csv", "text"):
            memories = []
            for size in SIZES:
                rows, looked, stored, memory = map(float, run(WORK, str(written(folder, size, kind))).split())
                seconds = copied(folder)
                ratio = seconds / stored
                memories.append(memory)
                failed |= ratio < LEAST_RATIO
                print(
                    f"{kind} {int(rows):>9,} rows: looked at {rows / looked:>8,.0f} a second,"
                    f" stored {rows / stored:>8,.0f}, COPY {rows / seconds:>8,.0f},"
                    f" ratio {ratio:.2f} (at least {LEAST_RATIO}), {memory / 1024:.0f} MB"
                )
            growth = memories[1] / memories[0]
            failed |= growth > MOST_GROWTH
            print(f"{kind} memory: {growth:.2f} times as much for ten times the rows (at most {MOST_GROWTH})")
    return int(failed)


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "lysekil_trygghet.settings"
    sys.exit(main())
