"""SMTP that tells apart "surely not sent" from "nobody knows": silence after the whole mail was handed over."""

from __future__ import annotations

import re
import smtplib
from collections.abc import Callable
from typing import Any

from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend

END_OF_MAIL = b"\r\n.\r\n"
PLAIN_ADDRESS = re.compile(r"[A-Za-z0-9_+-]+(\.[A-Za-z0-9_+-]+)*@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")


class SilenceAfterMail(Exception):
    """The server got the whole mail and never answered: it may have been delivered, it may not."""


class _Stages:
    """Remembers whether the final dot of the mail in hand has been handed over."""

    whole_mail_handed_over = False
    meanwhile: Callable[[], None] | None = None

    def data(self, msg: Any) -> Any:
        self.whole_mail_handed_over = False
        answer = super().data(msg)  # type: ignore[misc]
        if not 200 <= answer[0] < 600:
            raise smtplib.SMTPServerDisconnected("the answer to the mail could not be read")
        self.whole_mail_handed_over = False
        return answer

    def send(self, s: Any) -> None:
        super().send(s)  # type: ignore[misc]
        # Set only afterwards: if the write itself fails, the dot never left this machine.
        if isinstance(s, bytes) and s.endswith(END_OF_MAIL):
            self.whole_mail_handed_over = True
            if self.meanwhile is not None:
                self.meanwhile()


class _SMTP(_Stages, smtplib.SMTP):
    pass


class _SecureSMTP(_Stages, smtplib.SMTP_SSL):
    pass


class StagedBackend(EmailBackend):
    """Django's SMTP backend; raises `SilenceAfterMail` when the outcome of a send is unknown.

    `meanwhile` is done while the server has the whole mail and has not answered yet; it must not raise.
    """

    meanwhile: Callable[[], None] | None = None
    # Our own, the same in mail after mail.
    from_address = from_prepared = ""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return _SecureSMTP if self.use_ssl else _SMTP

    def _send(self, email_message: EmailMessage) -> bool:
        connection: Any = self.connection
        if connection is not None:
            connection.whole_mail_handed_over = False
            connection.meanwhile = self.meanwhile
        try:
            return bool(super()._send(email_message))  # type: ignore[misc]
        except (smtplib.SMTPException, OSError) as error:
            if connection is not None and connection.whole_mail_handed_over:
                raise SilenceAfterMail(str(error)) from error
            raise

    def prep_address(self, address: str, force_ascii: bool = True) -> str:
        """As Django's. The ordinary address, nearly every one, is not taken apart to be put together again."""
        if PLAIN_ADDRESS.fullmatch(address):
            return address
        if address != self.from_address:
            self.from_address, self.from_prepared = address, super().prep_address(address, force_ascii)
        return self.from_prepared
