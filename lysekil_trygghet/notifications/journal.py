"""A line on local disk for each mail a server accepted, written before the database is told.

It closes most of the gap between "the server said yes" and "the database knows", and after a restored backup it
shows what had been sent since. No addresses in it.
"""

from __future__ import annotations

import datetime as dt
import logging
import os
from pathlib import Path

from django.conf import settings

logger = logging.getLogger(__name__)


def path() -> Path:
    return Path(settings.VAR_DIR) / "send-journal.log"


def append(message_id: str, *, at: dt.datetime, obligations: int) -> None:
    """Add one line and wait until it is on disk. A full disk is logged, never a reason to send again."""
    line = f"{at.astimezone(dt.UTC).isoformat()} {message_id} {obligations}\n".encode()
    try:
        handle = os.open(path(), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(handle, line)
            os.fdatasync(handle)
        finally:
            os.close(handle)
    except OSError as error:
        logger.error("the send journal could not be written: %s", error.strerror)


def accepted_since(message_id: str, *, since: dt.datetime) -> bool:
    """Whether a server accepted this mail at or after `since`, as far as this machine knows."""
    try:
        lines = path().read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return False
    for line in reversed(lines):
        parts = line.split(" ")
        if len(parts) == 3 and parts[1] == message_id:
            try:
                return dt.datetime.fromisoformat(parts[0]) >= since
            except ValueError:
                continue
    return False
