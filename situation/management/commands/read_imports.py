"""Reads the files that wait and fetches what is due, where no worker runs: `python manage.py read_imports`."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from situation.operations import feeds, imports


class Command(BaseCommand):
    help = "Reads the files that wait and fetches what is due. For a timer where no worker runs; safe to run twice."

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        asked, taken = feeds.fetch_due(now=now), imports.run_waiting(now=now)
        self.stdout.write(f"{taken} files read, {asked} publishers asked.")
