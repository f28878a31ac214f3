"""SMTP that tells apart "surely not sent" from "nobody knows": silence after the whole mail was handed over."""

from __future__ import annotations

import re
import smtplib
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend

END_OF_MAIL = b"\r\n.\r\n"
LEADING_DOT = re.compile(rb"^\.", re.MULTILINE)
GOING_DOWN = 421
PLAIN_ADDRESS = re.compile(r"[A-Za-z0-9_+-]+(\.[A-Za-z0-9_+-]+)*@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")


class SilenceAfterMail(Exception):
    """The server got the whole mail and never answered: it may have been delivered, it may not."""


class _Stages:
    """Remembers whether the final dot of the mail in hand has been handed over."""

    whole_mail_handed_over = False
    meanwhile: Callable[[], None] | None = None

    def data(self, msg: Any) -> Any:
        self.whole_mail_handed_over = False
        return self._settled(super().data(msg))  # type: ignore[misc]

    def _settled(self, answer: tuple[int, bytes]) -> tuple[int, bytes]:
        """Now it is known what became of the mail; raises when the answer is none."""
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


class _Grouped(_Stages):
    """Says from whom, to whom and "here it comes" in one breath to a server that takes it so (RFC 2920).

    Two waits less for each mail. What is refused is refused with the errors of smtplib, and as there the line can be
    used for the next mail.
    """

    def sendmail(self, from_addr: str, to_addrs: Any, msg: Any, *options: Sequence[str]) -> Any:
        line: Any = self
        line.ehlo_or_helo_if_needed()
        ordinary = len(to_addrs) == 1 and all(PLAIN_ADDRESS.fullmatch(one) for one in (from_addr, *to_addrs))
        if not (ordinary and line.has_extn("pipelining") and isinstance(msg, bytes)) or options:
            return super().sendmail(from_addr, to_addrs, msg, *options)  # type: ignore[misc]
        [to] = to_addrs
        size = f" size={len(msg)}" if line.has_extn("size") else ""
        line.send(f"mail FROM:<{from_addr}>{size}\r\nrcpt TO:<{to}>\r\ndata\r\n")
        sender = self._hear()
        if sender[0] == GOING_DOWN:
            raise smtplib.SMTPSenderRefused(*sender, from_addr)
        recipient = self._hear()
        if recipient[0] == GOING_DOWN:
            raise smtplib.SMTPRecipientsRefused({to: recipient})
        go_on = self._hear()
        if sender[0] != 250 or recipient[0] not in (250, 251):
            if go_on[0] == 354:
                # It takes a mail to nobody. An empty one ends it.
                line.send(b".\r\n")
                self._hear()
            self._begin_again()
            if sender[0] != 250:
                raise smtplib.SMTPSenderRefused(*sender, from_addr)
            raise smtplib.SMTPRecipientsRefused({to: recipient})
        if go_on[0] != 354:
            self._begin_again()
            raise smtplib.SMTPDataError(*go_on)
        self.whole_mail_handed_over = False
        line.send(LEADING_DOT.sub(b"..", msg) + (b".\r\n" if msg.endswith(b"\r\n") else END_OF_MAIL))
        answer = self._settled(self._hear())
        if answer[0] != 250:
            self._begin_again()
            raise smtplib.SMTPDataError(*answer)
        return {}

    def _hear(self) -> tuple[int, bytes]:
        line: Any = self
        answer: tuple[int, bytes] = line.getreply()
        if answer[0] == GOING_DOWN:
            line.close()
        return answer

    def _begin_again(self) -> None:
        """A line that is closed already has nothing to begin again."""
        line: Any = self
        with suppress(smtplib.SMTPServerDisconnected):
            line.rset()


class _SMTP(_Grouped, smtplib.SMTP):
    pass


class _SecureSMTP(_Grouped, smtplib.SMTP_SSL):
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
