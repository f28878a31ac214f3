"""Loads the demo content: `python manage.py demo`. Safe to run twice."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from lysekil_trygghet.start.demo import load


class Command(BaseCommand):
    help = "Loads the demo content: the case of June 2020, moved to this week. Safe to run twice."

    def handle(self, *args: Any, **options: Any) -> None:
        if load(now=timezone.now()):
            self.stdout.write("The demo content is loaded.")
        else:
            self.stdout.write("The demo content was there already; nothing was changed.")
