"""Mail as files under var/mail/: what an installation without a mail server sends, and how it is read again."""

from __future__ import annotations

import email
import email.policy
import os
import re
import secrets
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage as ParsedMail
from itertools import islice
from pathlib import Path
from typing import Any

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

NAME = re.compile(r"\d{20}-[0-9a-f]{8}")
NEWEST = 2000


class OutboxBackend(BaseEmailBackend):
    """Writes each mail as one file; a reader sees the whole file or none of it."""

    def __init__(self, *, folder: Path | str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.folder = Path(folder)

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for message in email_messages:
            name = f"{time.time_ns():020d}-{secrets.token_hex(4)}"
            unfinished = self.folder / f".{name}.tmp"
            with unfinished.open("wb") as file:
                file.write(message.message(policy=email.policy.SMTP).as_bytes())
                file.flush()
                os.fsync(file.fileno())
            unfinished.rename(self.folder / f"{name}.eml")
        return len(email_messages)


@dataclass(frozen=True)
class SentMail:
    """A mail in the outbox."""

    name: str
    sent_at: datetime
    to: str
    subject: str
    text: str = ""


class NoSuchMail(LookupError):
    """There is no mail with that name."""


def sent_mails(folder: Path, *, to: str = "") -> Iterator[SentMail]:
    """The newest mails first, headers only; with `to`, those to that address."""
    names = sorted((path.stem for path in folder.glob("*.eml") if NAME.fullmatch(path.stem)), reverse=True)
    for name in islice(names, NEWEST):
        try:
            with (folder / f"{name}.eml").open("rb") as file:
                parsed = email.message_from_binary_file(file, policy=email.policy.default)
        except FileNotFoundError:
            continue
        found = _mail(name, parsed)
        if not to or to.casefold() == found.to.casefold():
            yield found


def read_mail(folder: Path, name: str) -> SentMail:
    """One mail with its text. Raises `NoSuchMail`."""
    if not NAME.fullmatch(name):
        raise NoSuchMail(name)
    try:
        with (folder / f"{name}.eml").open("rb") as file:
            parsed = email.message_from_binary_file(file, policy=email.policy.default)
    except FileNotFoundError:
        raise NoSuchMail(name) from None
    body = parsed.get_body(preferencelist=("plain",))
    return _mail(name, parsed, text=body.get_content() if body is not None else "")


def _mail(name: str, parsed: ParsedMail, text: str = "") -> SentMail:
    nanoseconds = int(name.split("-")[0])
    return SentMail(
        name=name,
        sent_at=datetime.fromtimestamp(nanoseconds / 1e9, tz=UTC),
        to=str(parsed.get("To", "")),
        subject=str(parsed.get("Subject", "")),
        text=text,
    )
