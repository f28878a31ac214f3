"""Taking a backup: one moment of the database, then the files, written beside and renamed when it is whole."""

from __future__ import annotations

import datetime as dt
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.files.storage import Storage
from django.db import connection, transaction

from lysekil_trygghet.notifications import journal

from . import folder, schema
from .folder import FilePart, Manifest, Part, TablePart
from .stores import blocks_of, names_in, stores
from .tables import STAYS, Table, other_tables, travelling

LEFT_FOR = dt.timedelta(days=1)


@contextmanager
def one_moment() -> Iterator[None]:
    """What is read inside is the database as it is at one moment, however long it takes and whatever others write."""
    if connection.vendor == "postgresql":
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
                no_time_limits(cursor)
            yield
        return
    # A reader of SQLite's write-ahead log sees one moment too, and keeps no writer waiting: so not IMMEDIATE here.
    sqlite: Any = connection
    sqlite.ensure_connection()
    before, sqlite.transaction_mode = sqlite.transaction_mode, None
    try:
        with transaction.atomic():
            yield
    finally:
        sqlite.transaction_mode = before


def no_time_limits(cursor: Any) -> None:
    """For this transaction: the limits are meant for pages."""
    for limit in ("statement_timeout", "idle_in_transaction_session_timeout"):
        cursor.execute(f"SET LOCAL {limit} = 0")


def take(into: Path, *, now: dt.datetime) -> Path:
    """A new folder in `into`, named after the moment, read back and found whole.

    Raises `schema.OtherTables`, `tables.CannotCopy`, `folder.Damaged` (what was written cannot be read back) and
    `OSError`; nothing is left behind then.
    """
    here = schema.migrations_here()
    into.mkdir(parents=True, exist_ok=True, mode=0o700)
    done = into / f"{now.astimezone(dt.UTC):%Y-%m-%dT%H%M%SZ}"
    root = done.with_name(f"{done.name}{folder.UNFINISHED}")
    if done.exists():
        raise FileExistsError(17, "there is a backup of this second already", str(done))
    _remove_leftovers(into, now=now)
    root.mkdir(mode=0o700)
    try:
        files = _Files(root)
        # Before and after: what was there at the moment of the database is in one of the two, though it be removed
        # or added meanwhile.
        files.copy_new()
        with one_moment():
            tables = [_table(root, table) for table in travelling()]
        files.copy_new()
        part, _number = folder.write_lines(root, folder.FILES, map(asdict, files.done))
        manifest = Manifest(
            taken_at=now,
            database=connection.vendor,
            migrations=here,
            tables=tables,
            files=part,
            file_count=len(files.done),
            journal=_journal(root),
            left_out={**STAYS, **other_tables()},
        )
        folder.close(root, manifest, files.done)
        folder.check(root)
        _on_disk(root)
        root.rename(done)
        _on_disk(into)
    except BaseException:
        shutil.rmtree(root, ignore_errors=True)
        raise
    return done


def _remove_leftovers(into: Path, *, now: dt.datetime) -> None:
    """What a power cut left half done; a younger one may be somebody else's at work."""
    for old in into.glob(f"20*Z{folder.UNFINISHED}"):
        if old.stat().st_mtime < (now - LEFT_FOR).timestamp():
            shutil.rmtree(old, ignore_errors=True)


def _table(root: Path, table: Table) -> TablePart:
    part, rows = folder.write_lines(root, f"tables/{table.name}.jsonl.gz", table.rows())
    return TablePart(table.name, table.label, table.columns, rows, table.last_number(), part)


def _journal(root: Path) -> Part | None:
    """Copied last: it may know of mail that the database of that moment does not, never the other way."""
    try:
        with journal.path().open("rb") as file:
            return folder.write_bytes(root, folder.JOURNAL, blocks_of(file))
    except FileNotFoundError:
        return None


class _Files:
    """The uploaded files, one after the other."""

    def __init__(self, root: Path) -> None:
        self.root, self.done = root, list[FilePart]()
        self._seen = set[tuple[str, str]]()

    def copy_new(self) -> None:
        for place, store in stores().items():
            for name in names_in(store):
                if (place, name) not in self._seen:
                    self._copy(place, store, name)

    def _copy(self, place: str, store: Storage, name: str) -> None:
        try:
            source = store.open(name)
        except FileNotFoundError:
            return  # removed since the folder was listed
        file = f"files/{len(self.done) + 1:08d}"
        with source:
            part = folder.write_bytes(self.root, file, blocks_of(source))
        self._seen.add((place, name))
        self.done.append(FilePart(place, name, part))


def _on_disk(place: Path) -> None:
    handle = os.open(place, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
