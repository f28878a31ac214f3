"""`manage.py backup <directory>`: a dated folder with everything the portal keeps, read back and found whole."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import Error as DatabaseTrouble
from django.utils import timezone
from django.utils.translation import gettext as _

from ...folder import Damaged, read_manifest
from ...schema import OtherTables
from ...tables import CannotCopy, unknown_tables
from ...taking import take


class Command(BaseCommand):
    help = _("Tar en säkerhetskopia av databasen, filerna och sändningsjournalen.")
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("directory", type=Path, help=_("mappen där kopian läggs i en egen, daterad mapp"))

    def handle(self, *args: Any, directory: Path, **options: Any) -> None:
        try:
            done = take(directory, now=timezone.now())
            left = unknown_tables()
        except (OtherTables, Damaged) as problem:
            raise CommandError(str(problem)) from problem
        except CannotCopy as problem:
            raise CommandError(_("Portalen kan inte kopiera %(what)s.") % {"what": problem}) from problem
        except OSError as error:
            raise CommandError(_("Kopian kunde inte skrivas: %(error)s.") % {"error": error}) from error
        except DatabaseTrouble as error:
            raise CommandError(_("Databasen kunde inte läsas: %(error)s.") % {"error": error}) from error
        manifest = read_manifest(done)
        if left:
            words = _("De här tabellerna är inte portalens och ingår inte i kopian: %(tables)s.")
            self.stderr.write(words % {"tables": ", ".join(left)})
        words = _("Säkerhetskopian är klar och hel: %(folder)s (%(rows)s rader, %(files)s filer).")
        rows = sum(table.rows for table in manifest.tables)
        self.stdout.write(words % {"folder": done, "rows": rows, "files": manifest.file_count})
