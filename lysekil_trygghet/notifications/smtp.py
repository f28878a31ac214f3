"""SMTP that tells apart "surely not sent" from "nobody knows": silence after the whole mail was handed over."""

from __future__ import annotations

import smtplib
from typing import Any

from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend

END_OF_MAIL = b"\r\n.\r\n"


class SilenceAfterMail(Exception):
    """The server got the whole mail and never answered: it may have been delivered, it may not."""


class _Stages:
    """Remembers whether the final dot of the mail in hand has been handed over."""

    whole_mail_handed_over = False

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


class _SMTP(_Stages, smtplib.SMTP):
    pass


class _SecureSMTP(_Stages, smtplib.SMTP_SSL):
    pass


class StagedBackend(EmailBackend):
    """Django's SMTP backend; raises `SilenceAfterMail` when the outcome of a send is unknown."""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return _SecureSMTP if self.use_ssl else _SMTP

    def _send(self, email_message: EmailMessage) -> bool:
        connection: Any = self.connection
        if connection is not None:
            connection.whole_mail_handed_over = False
        try:
            return bool(super()._send(email_message))  # type: ignore[misc]
        except (smtplib.SMTPException, OSError) as error:
            if connection is not None and connection.whole_mail_handed_over:
                raise SilenceAfterMail(str(error)) from error
            raise
