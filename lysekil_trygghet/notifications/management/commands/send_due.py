"""Sends what is due without any broker: once (for a timer) or again and again (instead of worker and beat)."""

from __future__ import annotations

import logging
import time
from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import Error as DatabaseTrouble
from django.db import close_old_connections, connection
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ...sweeping import database_now, finishing_first, sweep

logger = logging.getLogger(__name__)

# The pause is cut in small pieces so that a stop signal is heard at once.
PIECE_SECONDS = 0.1


class Command(BaseCommand):
    help = _("Skickar det som ska skickas nu, utan Celery och Redis.")
    # A fault in some page must not stop the reminders.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        how = parser.add_mutually_exclusive_group()
        how.add_argument("--once", action="store_true", help=_("en genomgång (så går det också utan val)"))
        how.add_argument("--loop", action="store_true", help=_("fortsätt tills processen stoppas"))

    def handle(self, *args: Any, loop: bool, **options: Any) -> None:
        if not loop:
            with finishing_first() as stop:
                sent = sweep(now=database_now(), stop=stop).sent
            words = ngettext("%(sent)d meddelande skickat.", "%(sent)d meddelanden skickade.", sent)
            self.stdout.write(words % {"sent": sent})
            return
        try:
            with finishing_first() as stop:
                self.keep_sweeping(stop)
        except KeyboardInterrupt:
            return

    def keep_sweeping(self, stop: Callable[[], bool]) -> None:
        while not stop():
            close_old_connections()
            try:
                sweep(now=database_now(), stop=stop)
            except DatabaseTrouble as error:
                logger.warning("the sweep stopped, the database cannot be used: %s", type(error).__name__)
                connection.close()
            until = time.monotonic() + settings.SWEEP_SECONDS
            while not stop() and time.monotonic() < until:
                time.sleep(PIECE_SECONDS)
