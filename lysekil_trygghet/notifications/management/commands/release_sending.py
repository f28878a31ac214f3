"""`manage.py release_sending`: for the operator, when a restore has held the sending back and nobody can sign in."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from lysekil_trygghet.accounts.actors import Actor
from lysekil_trygghet.history.guards import Refused

from ... import holding


class Command(BaseCommand):
    help = _("Släpper utskicken som hålls. Det som sändningsjournalen har skickas inte igen.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--older-than-days", type=int, metavar="N", help=_("tillsammans med --set-aside"))
        parser.add_argument(
            "--set-aside",
            action="store_true",
            help=_("lägg åt sidan det som skulle ha gått för mer än N dagar sedan, i stället för att skicka det"),
        )

    def handle(self, *args: Any, older_than_days: int | None, set_aside: bool, **options: Any) -> None:
        if set_aside != (older_than_days is not None) or (older_than_days or 0) < 0:
            raise CommandError(_("Skriv --older-than-days N och --set-aside tillsammans, eller inget av dem."))
        hold = holding.open_hold()
        if hold is None:
            self.stdout.write(_("Utskicken hålls inte. Inget behövde göras."))
            return
        try:
            done = holding.release(hold, by=Actor.system(), now=timezone.now(), older_than_days=older_than_days)
        except Refused as no:
            raise CommandError(str(no)) from no
        words = _("Utskicken är släppta. %(to_send)s mejl skickas nu, %(aside)s lades åt sidan.")
        self.stdout.write(words % {"to_send": done.to_send, "aside": done.set_aside})
