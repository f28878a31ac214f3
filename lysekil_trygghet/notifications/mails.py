"""What the mail says: everything that is due for one recipient at one moment. Number, title, day and link only."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from email import charset
from email.header import Header
from email.message import Message as PutTogether
from email.mime.multipart import MIMEMultipart
from email.policy import SMTP, Compat32
from email.utils import format_datetime, formataddr, parseaddr
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lysekil_trygghet.ui.formats import swedish_date, swedish_datetime

from .models import Message, Obligation
from .operations import one_line


@dataclass(frozen=True)
class Group:
    """The lines under one heading, nearest day first."""

    heading: str
    lines: tuple[Obligation, ...]


@dataclass(frozen=True)
class Line:
    """`name`: number and title. `done_by`: "Klart till: …", or nothing."""

    name: str
    url: str
    done_by: str


@dataclass(frozen=True)
class Frame:
    """The sentences around what is due: the same in mail after mail."""

    greeting: str
    intro: str
    about_link: str
    automatic: str


def compose(message: Message, obligations: Sequence[Obligation], *, to: str, today: dt.date) -> EmailMultiAlternatives:
    """The mail for `message` with exactly these obligations; Message-ID and Date are the same at every try."""
    groups = grouped(obligations)
    portal_name = settings.MUNICIPALITY["PORTAL_NAME"]
    with translation.override(settings.LANGUAGE_CODE):
        context = {
            "frame": frame(len(obligations), portal_name, settings.LANGUAGE_CODE),
            "groups": [(group.heading, [line(row) for row in group.lines]) for group in groups],
            "count": len(obligations),
            "first": groups[0].lines[0],
            "nearest": nearest(obligations),
            "is_past": is_past(obligations, today=today),
            "portal_name": portal_name,
        }
        subject = one_line(render_to_string("notifications/email/digest.subject.txt", context), 180)
        text = render_to_string("notifications/email/digest.txt", context)
        html = render_to_string("notifications/email/digest.html", context)
    return _mail(message, Letter(to, subject, text, html, headers={}, told=()))


def line(row: Obligation) -> Line:
    done_by = _done_by(row.due_at, settings.LANGUAGE_CODE) if row.due_at else ""
    return Line(f"{row.number} {row.title}".strip(), f"{settings.SITE_URL}{row.path}", done_by)


@lru_cache(maxsize=1024)
def _done_by(moment: dt.datetime, _language: str) -> str:
    return _("Klart till: %(day)s") % {"day": swedish_datetime(moment)}


@lru_cache(maxsize=128)
def frame(count: int, portal_name: str, _language: str) -> Frame:
    """In the language that is active, which `_language` names."""
    return Frame(
        greeting=_("Hej!"),
        intro=ngettext("Det här behöver du ta hand om:", "Det här behöver du ta hand om, %(counter)s saker:", count)
        % {"counter": count},
        about_link=_("Länken leder till inloggningen och sedan direkt till rätt sida."),
        automatic=_("Det här är ett automatiskt meddelande från %(portal_name)s. Det går inte att svara på det.")
        % {"portal_name": portal_name},
    )


@dataclass(frozen=True)
class Letter:
    """What a room that knows readers wants sent, and which obligations (their keys) it told of."""

    to: str
    subject: str
    text: str
    html: str
    headers: Mapping[str, str]
    told: Collection[str]


def compose_for_reader(
    message: Message, obligations: Sequence[Obligation], *, now: dt.datetime
) -> tuple[EmailMultiAlternatives | None, list[Obligation]]:
    """The mail as the readers' room (settings.NOTIFICATION_READERS) writes it now, and what stands in it."""
    letter: Letter | None = import_string(settings.NOTIFICATION_READERS)(message.reader, obligations, now=now)
    if letter is None:
        return None, []
    return _mail(message, letter), [row for row in obligations if row.key in letter.told]


READABLE = charset.Charset("utf-8")
READABLE.body_encoding = charset.QP
IN_A_HEADER = charset.Charset("utf-8")
IN_A_HEADER.header_encoding = charset.BASE64
FITS_ON_A_LINE = 76
# Quoted-printable never writes an equals sign before an underscore, so no text can hold it.
BETWEEN_PARTS = "=_part_of_the_mail_="


class _OnTheLine(Compat32):
    """As mail is sent. What is ASCII and fits on a line is itself; only the rest needs the library's long way."""

    def fold_binary(self, name: str, value: Any) -> bytes:
        if isinstance(value, str) and value.isascii() and len(name) + len(value) + 2 <= FITS_ON_A_LINE:
            return f"{name}: {value}{self.linesep}".encode("ascii")
        if isinstance(value, str) and not value.isascii():
            return _folded(name, value)
        return super().fold_binary(name, value)


@lru_cache(maxsize=256)
def _folded(name: str, value: str) -> bytes:
    """The sender is the same in every mail, the subject in many."""
    return ON_THE_LINE.fold_binary(name, Header(value, IN_A_HEADER, header_name=name))


ON_THE_LINE = _OnTheLine(linesep="\r\n", mangle_from_=False)


class _Mail(MIMEMultipart):
    _bytes: bytes | None = None

    def as_bytes(self, unixfrom: bool = False, policy: Any = None) -> bytes:
        if self._bytes is None:
            self._bytes = super().as_bytes()
        return self._bytes


class PutTogetherOnce(EmailMultiAlternatives):
    """To see whether it can be, and then to be sent.

    The older half of the standard library's `email` makes the same mail in a quarter of the time; that was half the
    work of a reminder. Addresses that are not ASCII are left to Django, which knows how to write them.
    """

    _made: PutTogether | None = None

    def message(self, *, policy: Any = SMTP) -> Any:
        if self._made is None:
            plain = all(address.isascii() for address in (*self.to, parseaddr(self.from_email)[1]))
            self._made = self._quickly() if plain else super().message(policy=SMTP)
        return self._made

    def _quickly(self) -> PutTogether:
        mail = _Mail("alternative", boundary=BETWEEN_PARTS, policy=ON_THE_LINE)
        headers = {"Subject": self.subject, "From": _sender(self.from_email), "To": ", ".join(self.to)}
        for name, value in (headers | self.extra_headers).items():
            if "\n" in value or "\r" in value:
                raise ValueError(f"the header {name} would be more than one line")
            mail[name] = value
        kinds = [("plain", self.body), *((kind.removeprefix("text/"), text) for text, kind in self.alternatives)]
        for kind, text in kinds:
            part = PutTogether(policy=ON_THE_LINE)
            part["Content-Type"] = f'text/{kind}; charset="utf-8"'
            part["MIME-Version"] = "1.0"
            part["Content-Transfer-Encoding"] = "quoted-printable"
            part.set_payload(READABLE.body_encode(str(text)))
            mail.attach(part)
        return mail


@lru_cache(maxsize=8)
def _sender(address: str) -> str:
    return formataddr(parseaddr(address))


def _mail(message: Message, letter: Letter) -> EmailMultiAlternatives:
    mail = PutTogetherOnce(
        subject=one_line(letter.subject, 180),
        body=letter.text,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[letter.to],
        headers={
            "Message-ID": message.message_id,
            "Date": format_datetime(message.date.astimezone(timezone.get_default_timezone())),
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "All",
            **letter.headers,
        },
    )
    mail.attach_alternative(letter.html, "text/html")
    return mail


def grouped(obligations: Sequence[Obligation]) -> tuple[Group, ...]:
    """By heading, in the order of the nearest day."""
    late = dt.datetime.max.replace(tzinfo=dt.UTC)
    ordered = sorted(obligations, key=lambda row: (row.due_at or late, row.number, row.pk or 0))
    headings = dict.fromkeys(row.heading for row in ordered)
    return tuple(Group(heading, tuple(row for row in ordered if row.heading == heading)) for heading in headings)


def nearest(obligations: Sequence[Obligation]) -> str:
    """The nearest day in words, without the year: torsdag 18 juni. Empty when nothing has a day."""
    days = [row.due_at for row in obligations if row.due_at]
    return swedish_date(min(days), year=False) if days else ""


def is_past(obligations: Sequence[Obligation], *, today: dt.date) -> bool:
    days = [row.due_at for row in obligations if row.due_at]
    return bool(days) and timezone.localtime(min(days)).date() < today
