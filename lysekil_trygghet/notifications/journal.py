"""A line on local disk for each mail a server accepted, written before the database is told.

It closes most of the gap between "the server said yes" and "the database knows", and after a restored backup it
shows what had been sent since (`holding`). No addresses in it: what was told stands as digests of the keys.

A line: the time, the Message-ID, how many things were told, their digests with commas between. Lines of older versions
lack the digests.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
import os
import secrets
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Line:
    """One accepted mail."""

    at: dt.datetime
    message_id: str
    digests: tuple[str, ...]


def path() -> Path:
    return Path(settings.VAR_DIR) / "send-journal.log"


def mark() -> str:
    """Eight signs that name this journal, made when they are first asked for: whoever shares it shares them."""
    return _mark(path().with_suffix(".id"))


@lru_cache(maxsize=4)
def _mark(place: Path) -> str:
    fresh = secrets.token_hex(4)
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        written = place.with_name(f"{place.name}.{fresh}")
        written.write_text(fresh)
        try:
            # Whole or not at all, and the first one stays.
            os.link(written, place)
        except FileExistsError:
            pass
        finally:
            written.unlink()
        return place.read_text()[:8]
    except OSError as error:
        logger.error("the send journal could not be named: %s", error.strerror)
        return fresh


def digest_of(key: str) -> str:
    """What stands for an obligation's key, which may hold an address."""
    return hashlib.sha256(key.encode()).hexdigest()[:32]


def append(message_id: str, *, at: dt.datetime, keys: Collection[str]) -> None:
    """Add one line and wait until it is on disk. A full disk is logged, never a reason to send again."""
    digests = ",".join(digest_of(key) for key in keys)
    line = f"{at.astimezone(dt.UTC).isoformat()} {message_id} {len(keys)} {digests}\n".encode()
    try:
        _write(line)
    except OSError as error:
        logger.error("the send journal could not be written: %s", error.strerror)


def _write(lines: bytes) -> None:
    handle = os.open(path(), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(handle, lines)
        os.fdatasync(handle)
    finally:
        os.close(handle)


def lines_of(file: Path) -> Iterator[Line]:
    """All lines that can be understood, in the order of the file; none if there is no file."""
    try:
        with file.open(encoding="utf-8", errors="replace") as lines:
            for line in lines:
                if (found := _parsed(line)) is not None:
                    yield found
    except FileNotFoundError:
        return


def _parsed(line: str) -> Line | None:
    # A line that was cut in the middle has no end.
    parts = line.split(" ")
    if not line.endswith("\n") or len(parts) not in (3, 4):
        return None
    try:
        at = dt.datetime.fromisoformat(parts[0])
    except ValueError:
        return None
    if at.tzinfo is None:
        return None
    digests = parts[3].strip().split(",") if len(parts) == 4 else []
    return Line(at, parts[1], tuple(one for one in digests if one))


def accepted_since(message_id: str, *, since: dt.datetime) -> bool:
    """Whether a server accepted this mail at or after `since`, as far as this machine knows."""
    try:
        return any(line.message_id == message_id and line.at >= since for line in lines_of(path()))
    except OSError:
        return False


def take_over(older: Path) -> int:
    """Add the lines of a backup's journal that this machine's lacks; returns how many. Raises `OSError`."""
    try:
        with path().open("rb") as file:
            known = set(file)
    except FileNotFoundError:
        known = set()
    with older.open("rb") as file:
        missing = [line for line in file if line.endswith(b"\n") and line not in known]
    if missing:
        whole = b"" if all(line.endswith(b"\n") for line in known) else b"\n"
        _write(whole + b"".join(missing))
    return len(missing)
