"""`manage.py purge_cache`: every kept page of residents is forgotten at once. Works while the portal is down."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from lysekil_trygghet.publishing.pages import purge


class Command(BaseCommand):
    help = "Forgets every kept page for residents: the processes' own and nginx's (PROXY_CACHE_DIR)."
    # It asks nothing of the database, which may be what is down.
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            removed = purge()
        except OSError as problem:
            raise CommandError(
                f"The cache of nginx could not be emptied: {problem}. "
                "Run the command as a user who may remove files there, or as root."
            ) from problem
        self.stdout.write("The portal's kept pages are forgotten.")
        if settings.PROXY_CACHE_DIR:
            self.stdout.write(f"{removed} pages of nginx are removed from {settings.PROXY_CACHE_DIR}.")
        else:
            self.stdout.write("PROXY_CACHE_DIR is not set, so nothing of nginx was removed.")
