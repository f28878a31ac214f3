"""What the import commands share: the dry run that is printed, and the door to storing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lysekil_trygghet.accounts.actors import Actor
from lysekil_trygghet.history.guards import Refused
from situation.importers.rows import FileRefused
from situation.models import DatasetImport
from situation.operations import imports, publishers
from situation.operations.imports import AlreadyRead, Found

SHOWN = 20


class ImportCommand(BaseCommand):
    """Read one file. Without --apply nothing is stored: what would change is printed.

    Exit code 0 when the file is good, also when nothing is new; 1 when it is refused, with reason and line on stderr.
    """

    kind: str = ""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="the file, as the publisher gives it")
        parser.add_argument("--apply", action="store_true", help="store what the file says")
        parser.add_argument("--partial", action="store_true", help="take the good rows of a file with bad ones")
        parser.add_argument("--source", default="", help="title of the source the numbers stand under")
        parser.add_argument("--url", default="", help="where the file was fetched")

    def kind_of(self, options: dict[str, Any]) -> str:
        return self.kind

    def mapping(self, options: dict[str, Any]) -> dict[str, Any]:
        """What the file does not say of itself."""
        return {}

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        if not path.is_file():
            raise CommandError(_("Filen %(file)s finns inte.") % {"file": path})
        kind, now, by = self.kind_of(options), timezone.now(), Actor.system()
        try:
            with transaction.atomic():
                source = publishers.source_for(kind, by=by, now=now, title=options["source"])
                made = DatasetImport(
                    source=source, kind=kind, file_name=path.name, mapping=self.mapping(options), made_at=now
                )
                before = imports.read_before(source, kind, imports.checksum(path))
                if before is None:
                    found = imports.import_rows(imports.reading_of(made, path), source=source, now=now)
                # What was looked at leaves nothing behind.
                transaction.set_rollback(True)
            if before is not None:
                self.stdout.write(_("Samma fil lästes in tidigare. Inget ändras."))
                return
            self._print(found)
            if found.rejected and not options["partial"]:
                raise CommandError(
                    _("Filen har %(count)d rader som inte går att läsa. Rätta dem, eller kör med --partial.")
                    % {"count": found.rejected}
                )
            if not options["apply"]:
                self.stdout.write(_("Inget är sparat. Kör med --apply för att spara."))
                return
            self._store(path, kind, options)
        except FileRefused as refused:
            where = _("Rad %(line)d: ") % {"line": refused.line} if refused.line else ""
            raise CommandError(f"{where}{refused.reason}") from refused
        except Refused as refused:
            raise CommandError(str(refused)) from refused

    def _store(self, path: Path, kind: str, options: dict[str, Any]) -> None:
        now, by = timezone.now(), Actor.system()
        source = publishers.source_for(kind, by=by, now=now, title=options["source"])
        try:
            made = imports.begin(
                path,
                source=source,
                kind=kind,
                name=path.name,
                by=by,
                now=now,
                mapping=self.mapping(options),
                source_url=options["url"],
                retrieved_at=now if options["url"] else None,
            )
        except AlreadyRead as already:
            self.stdout.write(str(already))
            return
        done = imports.apply_at_once(made, takes_the_good=options["partial"], by=by, now=now)
        self.stdout.write(
            _("Sparat: %(new)d nya, %(changed)d ändrade, %(gone)d borttagna.")
            % {"new": done.rows_new, "changed": done.rows_changed, "gone": done.rows_gone}
        )

    def _print(self, found: Found) -> None:
        one = found.difference
        self.stdout.write(
            _(
                "%(new)d nya, %(changed)d ändrade, %(unchanged)d oförändrade, "
                "%(gone)d borttagna, %(bad)d underkända rader."
            )
            % {
                "new": one.new,
                "changed": one.changed,
                "unchanged": one.unchanged,
                "gone": one.gone,
                "bad": found.rejected,
            }
        )
        for note in found.notes[:SHOWN]:
            self.stdout.write(f"  {note.message}")
        for row in one.examples[:SHOWN]:
            old = f" ({row['old']})" if row.get("old") else ""
            words = [
                str(row.get(name) or "") for name in ("kind", "indicator", "area", "period", "breakdown", "value")
            ]
            self.stdout.write(f"  {' '.join(filter(None, words))}{old}")
        for error in found.errors[:SHOWN]:
            self.stderr.write(_("Rad %(line)d: %(message)s") % {"line": error.line, "message": error.message})


def read_mapping(path: Path | None) -> dict[str, Any]:
    """A choice of columns as JSON. Raises CommandError when it cannot be read."""
    if path is None:
        return {}
    try:
        given = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as wrong:
        raise CommandError(_("Filen %(file)s går inte att läsa som JSON.") % {"file": path}) from wrong
    if not isinstance(given, dict):
        raise CommandError(_("Filen %(file)s ska vara ett JSON-objekt.") % {"file": path})
    return given
