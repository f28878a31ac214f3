"""Loads the demo content: `python manage.py demo`. Safe to run twice."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from lysekil_trygghet.accounts.demo import load_people
from lysekil_trygghet.start.demo import HalfLoaded, load


class Command(BaseCommand):
    help = "Loads the demo content: the case of June 2020, moved to this week. Safe to run twice."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--people",
            action="store_true",
            help="only the organisations and people, to play the whole case yourself from the first phone call",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError(
                "Demo content belongs in demo mode only. Set DEMO=1, on a database without real content."
            )
        if options["people"]:
            load_people(now=timezone.now())
            self.stdout.write("The demo's organisations and people are loaded.")
            return
        try:
            fresh = load(now=timezone.now())
        except HalfLoaded as problem:
            raise CommandError(str(problem)) from problem
        if fresh:
            self.stdout.write("The demo content is loaded.")
        else:
            self.stdout.write("The demo content was there already; nothing was changed.")
