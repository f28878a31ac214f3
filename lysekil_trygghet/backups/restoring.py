"""Making the portal again from a backup: everything is looked at before anything is changed, then all or nothing.

The order is what makes it safe to stop at any moment and run again: files that nobody has are put in place, the rows
are changed in one transaction, and only then are files replaced that the old rows may have pointed at.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import batched
from pathlib import Path

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.base import ContentFile, File
from django.core.files.storage import Storage
from django.db import Error as DatabaseTrouble
from django.db import connection, transaction
from django.utils.translation import gettext as _

from lysekil_trygghet.accounts.actors import Actor
from lysekil_trygghet.notifications import holding, journal
from lysekil_trygghet.notifications.models import SendingHold
from lysekil_trygghet.publishing.pages import purge

from . import folder, schema
from .folder import FilePart, Manifest
from .stores import PROBE, sha256_of, stores
from .tables import CHUNK, Table, empty_all, tables_with_rows, travelling
from .taking import no_time_limits

MOST_NAMED = 6


class Refused(Exception):
    """Nothing was changed; `str()` says in plain Swedish why and what to do."""


class NotEmpty(Refused):
    """There are rows here already, and nobody said that they may go."""


class NotFinished(Exception):
    """The rows are in, a file is not; `str()` says so and what to do."""


@dataclass(frozen=True)
class Restored:
    """What came back."""

    manifest: Manifest
    hold: SendingHold
    rows: int
    journal_lines: int
    # Kept pages could not be forgotten; they are shown for some seconds more.
    pages_kept: bool


def look(place: Path, *, against_database: bool = True) -> tuple[Path, Manifest]:
    """Find and check a backup, and that it fits this code (and its database). Raises `Refused`."""
    try:
        root = folder.find(place)
        manifest = folder.check(root)
        here = schema.migrations_here() if against_database else schema.migrations_of_code()
        schema.check_same(manifest.migrations, here)
        _check_tables(manifest)
    except (folder.Damaged, schema.OtherTables) as problem:
        raise Refused(str(problem)) from problem
    return root, manifest


def _check_tables(manifest: Manifest) -> None:
    ours = {table.name: table.columns for table in travelling()}
    theirs = {table.name: table.columns for table in manifest.tables}
    if ours != theirs:
        other = sorted(name for name in ours.keys() | theirs.keys() if ours.get(name) != theirs.get(name))
        raise folder.Damaged(
            _("Kopian har andra tabeller än den här versionen: %(which)s.") % {"which": ", ".join(other[:MOST_NAMED])}
        )


def check_empty() -> None:
    """Raises `NotEmpty`."""
    if found := tables_with_rows():
        raise NotEmpty(
            _(
                "Databasen är inte tom (%(tables)s). Återställ till en ny, tom databas, eller kör med --replace för "
                "att ta bort allt som finns i den."
            )
            % {"tables": ", ".join(found[:MOST_NAMED])}
        )


def restore(
    place: Path,
    *,
    now: dt.datetime,
    replace: bool = False,
    journals: Sequence[Path] = (),
    say: Callable[[str], object] = lambda _words: None,
) -> Restored:
    """Everything as it was when the backup was taken, and sending on hold. Raises `Refused`, nothing changed then,
    and `NotFinished`.

    `journals` are the send journals of other machines that went on sending; this machine's is read by itself.
    """
    root, manifest = look(place)
    if not replace:
        check_empty()
    for missing in (one for one in journals if not one.is_file()):
        raise Refused(_("Sändningsjournalen %(file)s finns inte.") % {"file": missing})
    places = stores()
    _check_places(manifest, root, places)
    say(_("Kopian är hel. Återställer."))
    try:
        with transaction.atomic():
            rows, hold = _rows(root, manifest, replace=replace, journals=journals, now=now)
            taken = _put_files(root, places, replace=replace)
    except DatabaseTrouble as error:
        raise Refused(_database_says(error)) from error
    except (OSError, SuspiciousFileOperation) as error:
        raise Refused(_("En fil kunde inte skrivas: %(error)s.") % {"error": error}) from error
    except folder.Damaged as problem:
        raise Refused(str(problem)) from problem
    ContentType.objects.clear_cache()
    backup_journal = root / folder.JOURNAL if manifest.journal else None
    try:
        for one in taken:
            _replace_file(root, places[one.store], one)
        lines = journal.take_over(backup_journal) if backup_journal else 0
    except OSError as error:
        raise NotFinished(
            _("Databasen är återställd, men en fil kunde inte skrivas: %(error)s. Kör igen med --replace.")
            % {"error": error}
        ) from error
    return Restored(manifest, hold, rows, lines, pages_kept=not _forget_pages())


# --- Rows -----------------------------------------------------------------------------------------------


def _rows(
    root: Path, manifest: Manifest, *, replace: bool, journals: Sequence[Path], now: dt.datetime
) -> tuple[int, SendingHold]:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            no_time_limits(cursor)
    if not replace:
        check_empty()
    empty_all()
    tables = {table.name: table for table in travelling()}
    rows = sum(_fill(root, tables[part.name], part) for part in manifest.tables)
    connection.check_constraints()
    for part in manifest.tables:
        tables[part.name].go_on_from(part.last_number)
    for table in tables.values():
        if table.model is ContentType:
            ContentType.objects.clear_cache()
    hold = holding.hold_after_restore(
        taken_at=manifest.taken_at,
        backup_journal=root / folder.JOURNAL if manifest.journal else None,
        journals=[journal.path(), *journals],
        by=Actor.system(),
        now=now,
    )
    return rows, hold


def _fill(root: Path, table: Table, part: folder.TablePart) -> int:
    number = 0
    for some in batched(folder.read_lines(root, part.part.file), CHUNK):
        try:
            table.insert(some)
        except (ValueError, TypeError, ArithmeticError) as error:
            raise folder.Damaged(_("Filen %(file)s går inte att läsa.") % {"file": part.part.file}) from error
        number += len(some)
    return number


def _database_says(error: Exception) -> str:
    state = str(getattr(error.__cause__, "sqlstate", "") or "")
    words = str(error).splitlines()[0] if str(error) else type(error).__name__
    if state == "42501" or "readonly" in words:
        reason = _("Databasen får inte skrivas. Kör som databasens ägare.")
    elif state == "55P03" or "locked" in words:
        reason = _("Någon annan använder databasen. Stoppa portalens alla processer och försök igen.")
    else:
        reason = _("Databasen sa nej.")
    return _("%(reason)s Inget är ändrat. (%(error)s)") % {"reason": reason, "error": words}


# --- Files ----------------------------------------------------------------------------------------------


def _check_places(manifest: Manifest, root: Path, places: dict[str, Storage]) -> None:
    """Each place can be written, and this installation has a place for every file."""
    wanted = {one.store for one in folder.files_of(root)}
    if unknown := wanted - places.keys():
        raise Refused(_("Kopian har filer som saknar plats här: %(which)s.") % {"which": ", ".join(sorted(unknown))})
    for place in sorted(wanted):
        try:
            name = places[place].save(PROBE, ContentFile(b""))
            places[place].delete(name)
        except OSError as error:
            raise Refused(
                _("Det går inte att skriva filer (%(place)s): %(error)s.") % {"place": place, "error": error}
            ) from error
    try:
        journal.path().open("ab").close()
    except OSError as error:
        raise Refused(_("Det går inte att skriva sändningsjournalen: %(error)s.") % {"error": error}) from error


def _put_files(root: Path, places: dict[str, Storage], *, replace: bool) -> list[FilePart]:
    """Put those in place that nobody has; returns those whose name is taken by other bytes.

    In an empty installation no row points at such a file (an earlier try was cut off): there it is replaced at once.
    """
    taken, put = list[FilePart](), list[FilePart]()
    try:
        for one in folder.files_of(root):
            store = places[one.store]
            if not store.exists(one.name):
                put.append(one)
                _save(root, store, one)
            elif not _is_there(store, one):
                if replace:
                    taken.append(one)
                else:
                    _replace_file(root, store, one)
    except BaseException:
        with suppress(OSError):
            for one in put:
                places[one.store].delete(one.name)
        raise
    return taken


def _is_there(store: Storage, one: FilePart) -> bool:
    with store.open(one.name) as file:
        return sha256_of(file) == one.part.sha256


def _save(root: Path, store: Storage, one: FilePart) -> None:
    with (root / one.part.file).open("rb") as source:
        name = store.save(one.name, File(source))
    if name != one.name:
        store.delete(name)
        raise SuspiciousFileOperation(one.name)


def _replace_file(root: Path, store: Storage, one: FilePart) -> None:
    store.delete(one.name)
    _save(root, store, one)


def _forget_pages() -> bool:
    with suppress(OSError):
        purge()
        return True
    return False
