"""`manage.py restore <folder>`: the portal as it was when the backup was taken, with sending on hold.

`--check` only looks. `--replace` takes away what is here first, and asks unless `--yes` is given.
"""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from lysekil_trygghet.notifications import holding

from ...restoring import NotFinished, Refused, look, restore
from ...tables import tables_with_rows


class Command(BaseCommand):
    help = _("Återställer portalen ur en säkerhetskopia. Utskicken hålls sedan tills någon släpper dem.")
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("place", type=Path, help=_("kopians mapp eller dess manifest.json"))
        parser.add_argument("--check", action="store_true", help=_("kontrollera bara kopian"))
        parser.add_argument("--replace", action="store_true", help=_("ta bort allt som finns i databasen nu"))
        parser.add_argument("--yes", action="store_true", help=_("fråga inte"))
        parser.add_argument(
            "--journal",
            type=Path,
            action="append",
            default=[],
            help=_("sändningsjournal från en annan maskin som har skickat"),
        )

    def handle(self, *args: Any, place: Path, check: bool, journal: list[Path], **options: Any) -> None:
        try:
            if check:
                _root, manifest = look(place, against_database=False)
                self.stdout.write(
                    _("Kopian är hel och passar den här versionen. Den togs %(at)s.") % {"at": _at(manifest)}
                )
                return
            replace = options["replace"] and bool(tables_with_rows())
            if replace and not options["yes"]:
                look(place)
                self._ask()
            done = restore(
                place, now=timezone.now(), replace=options["replace"], journals=journal, say=self.stdout.write
            )
        except (Refused, NotFinished) as no:
            raise CommandError(str(no)) from no
        figures = {"at": _at(done.manifest), "rows": done.rows, "files": done.manifest.file_count}
        self.stdout.write(_("Portalen är återställd till %(at)s: %(rows)s rader och %(files)s filer.") % figures)
        if done.pages_kept:
            self.stderr.write(_("Sparade sidor kunde inte glömmas. Kör manage.py purge_cache."))
        self._about_mail(done.hold)

    def _ask(self) -> None:
        name = str(connection.settings_dict["NAME"])
        word = _("ersätt")
        self.stdout.write(
            _("Allt i databasen %(name)s tas bort. Skriv %(word)s för att gå vidare:") % {"name": name, "word": word}
        )
        try:
            answer = input().strip().casefold()
        except EOFError:
            answer = ""
        if answer != word:
            raise CommandError(_("Inget är ändrat. (Utan tangentbord: kör med --yes.)"))

    def _about_mail(self, hold: Any) -> None:
        held = holding.held_back(hold, now=timezone.now())
        self.stdout.write(
            _(
                "Utskicken hålls. %(sent)s påminnelser var redan skickade sedan kopian togs och skickas inte igen, "
                "%(waiting)s mejl väntar."
            )
            % {"sent": held.already_sent, "waiting": held.waiting}
        )
        if not hold.journal_found:
            self.stderr.write(
                _(
                    "Sändningsjournalen från tiden efter kopian fanns inte här. För %(number)s av mejlen kan ingen "
                    "veta om de redan har skickats. Finns den på en annan maskin: återställ igen med --replace "
                    "--journal."
                )
                % {"number": held.nobody_knows}
            )
        self.stdout.write(_("Släpp dem på /arbete/utskick/uppehall/ eller med manage.py release_sending."))


def _at(manifest: Any) -> str:
    return f"{timezone.localtime(manifest.taken_at):%Y-%m-%d %H:%M}"
