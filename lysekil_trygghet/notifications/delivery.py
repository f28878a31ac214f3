"""Claim, renew and re-check, send, record: the order that neither loses a mail nor sends it twice.

Many processes may deliver at the same time. All leases are measured by the database's clock. No transaction is
open while a mail server is spoken to. What remains: between the server's "yes" and the line in our journal a
power cut leaves one mail that is sent once more, with the same Message-ID and Date.

Of a quick server's mails some are renewed together and recorded together: as many as leave within a moment. While the
server stores one mail the next is put together.
"""

from __future__ import annotations

import datetime as dt
import logging
import random
import smtplib
import time
import uuid
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.db import Error as DatabaseTrouble
from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from lysekil_trygghet.accounts.models import User

from . import journal, mails, statements
from .holding import hold_is_open, mark_told_before, told_before
from .models import UNFINISHED, ErrorKind, Message, MessageState, Obligation, ObligationState
from .operations import one_line
from .smtp import SilenceAfterMail, StagedBackend

logger = logging.getLogger(__name__)

LONGEST_BACKOFF_SECONDS = 1800
DATABASE_AWAY_SECONDS = 0.3
# Renewed together is what leaves within this time; longer ago than the second nothing is called renewed.
TOGETHER_SECONDS, STALE_SECONDS = 0.05, 0.5
FREED: dict[str, Any] = {"lease_token": "", "lease_until": None}


@dataclass
class Tally:
    """What one round of delivery did."""

    sent: int = 0
    refused: int = 0
    uncertain: int = 0
    skipped: int = 0
    mail_server_away: bool = False


@dataclass(frozen=True)
class Accepted:
    """A mail a server said yes to, and exactly which obligations stood in it."""

    pk: int
    token: str
    obligations: tuple[int, ...]


@dataclass(frozen=True)
class Ready:
    """A mail that was renewed and put together, or why it could not be."""

    message: Message
    obligations: list[Obligation]
    letter: EmailMultiAlternatives | None = None
    error: Exception | None = None


# What the database could not be told yet. Told before anything else is claimed by this process.
_untold: list[Accepted] = []


def _seconds(seconds: float) -> dt.timedelta:
    return dt.timedelta(seconds=seconds)


def expired_or_due(*, now: dt.datetime) -> Q:
    """Rows to take: due, a repeat whose wait is over, or left behind by a sender that died; none while sending is
    held.

    The hold is asked about in the statement that claims, so there is no moment between the question and the claim.
    Whether a mail left behind was accepted stands in the journal of its sender's machine, so senders there get a
    while to look before others repeat it.
    """
    due = Q(state__in=UNFINISHED, next_at__lte=Now(), moment__lte=now, attempts__lt=settings.SEND_MAX_ATTEMPTS)
    elsewhere = Q(state=MessageState.SENDING, unanswered__gt=0) & ~Q(lease_token__startswith=journal.mark())
    elsewhere &= Q(next_at__gt=Now() - _seconds(settings.OTHER_MACHINE_SECONDS))
    return due & ~elsewhere & Q(~hold_is_open())


def backoff(attempts: int) -> dt.timedelta:
    """Longer for each attempt, with chance in it so that many rows do not come back in the same second."""
    wait = min(settings.SEND_RETRY_SECONDS * 2 ** max(0, attempts - 1), LONGEST_BACKOFF_SECONDS)
    return _seconds(wait * random.uniform(0.75, 1.25))  # noqa: S311 - spreads load, guards nothing


@dataclass
class Courier:
    """One round of delivery in one process, over one connection to the mail server."""

    now: dt.datetime
    stop: Callable[[], bool] = lambda: False
    beat: Callable[[], None] = lambda: None
    budget_seconds: float = 60
    tally: Tally = field(default_factory=Tally)

    def deliver(self) -> Tally:
        """Deliver until nothing is due, the budget is used or `stop` says so (the mail in hand is finished)."""
        self._ends = time.monotonic() + self.budget_seconds
        self._mailer = mail.mailers.default
        self._is_open = False
        self._pace = TOGETHER_SECONDS
        has_given_up = False
        try:
            while self._may_go_on():
                try:
                    has_given_up = has_given_up or give_up_after_many_attempts() >= 0
                    if not self._round():
                        break
                except DatabaseTrouble as error:
                    _database_trouble(error)
                    time.sleep(DATABASE_AWAY_SECONDS)
        finally:
            self._close()
        return self.tally

    def _may_go_on(self) -> bool:
        return not self.stop() and time.monotonic() < self._ends

    def _round(self) -> bool:
        """One batch; False when there is nothing more to do now."""
        tell_database()
        batch = deque(self.claim())
        self.beat()
        if not batch:
            return False
        while batch:
            if not self._may_go_on():
                self.put_back(batch, after=_seconds(0))
                return False
            if not self._open():
                after = _seconds(settings.SERVER_AWAY_SECONDS * random.uniform(1, 2))  # noqa: S311
                self.put_back(batch, after=after, kind=ErrorKind.SERVER_AWAY)
                return False
            some = [batch.popleft() for _number in range(min(self._together(), len(batch)))]
            batch.extendleft(reversed(self.carry(some)))
            if _untold:
                tell_database()
        return True

    def _together(self) -> int:
        """How many mails leave within a moment, as far as the last ones tell."""
        if not statements.are_at_hand():
            return 1
        return max(1, int(TOGETHER_SECONDS / self._pace))

    def claim(self) -> list[Message]:
        """Take up to a batch of rows for the length of a lease; rows another process is taking are passed by."""
        token = f"{journal.mark()}{uuid.uuid4().hex}"[:32]
        with transaction.atomic():
            takeable = expired_or_due(now=self.now)
            rows = Message.objects.filter(takeable).order_by("next_at", "id").select_for_update(skip_locked=True)
            ids = list(rows.values_list("pk", flat=True)[: settings.SEND_BATCH])
            if not ids:
                return []
            until = Now() + _seconds(settings.LEASE_SECONDS)
            Message.objects.filter(takeable, pk__in=ids).update(
                state=MessageState.SENDING, lease_token=token, lease_until=until, next_at=until
            )
        return list(
            Message.objects.filter(pk__in=ids, lease_token=token, state=MessageState.SENDING)
            .select_related("user")
            .order_by("moment", "id")
        )

    def carry(self, some: Sequence[Message]) -> list[Message]:
        """Renew, re-check and send these; returns those that were let go untried, still claimed."""
        began = time.monotonic()
        renewed = self.renew_together(some)
        self.tally.skipped += len(some) - len(renewed)
        for message in told_before(renewed):
            self._told_before_the_restore(message)
            renewed = [(other, obligations) for other, obligations in renewed if other is not message]
        ahead: dict[int, Ready] = {}
        for position, (message, obligations) in enumerate(renewed):
            stale = time.monotonic() > began + STALE_SECONDS
            if position and (stale or not self._is_open or not self._may_go_on()):
                return self.let_go([message for message, _obligations in renewed[position:]])
            ready = ahead.pop(position, None) or self.prepare(message, obligations)

            def prepare_next(after: int = position + 1) -> None:
                if after < len(renewed):
                    ahead[after] = self.prepare(*renewed[after])

            if isinstance(self._mailer, StagedBackend):
                self._mailer.meanwhile = prepare_next
            self.send(ready)
        if renewed:
            self._pace += ((time.monotonic() - began) / len(renewed) - self._pace) / 2
        return []

    def prepare(self, message: Message, obligations: list[Obligation]) -> Ready:
        """The mail put together. An error is kept for when its turn has come: another mail may be on its way."""
        try:
            if message.unanswered and journal.accepted_since(message.message_id, since=message.created_at):
                return Ready(message, obligations)
            letter, told = self.letter(message, obligations)
            if letter is not None:
                letter.message().as_bytes()
            return Ready(message, told, letter)
        except Exception as error:
            return Ready(message, obligations, error=error)

    def send(self, ready: Ready) -> None:
        """Send and record one message."""
        message = ready.message
        if isinstance(ready.error, DatabaseTrouble):
            raise ready.error
        if ready.error is not None:
            logger.error("message %s could not be put together", message.pk, exc_info=ready.error)
            self.refused(message, ready.error, kind=ErrorKind.RENDERING)
            return
        if ready.letter is None:
            if ready.obligations:
                # The journal knows that it was accepted.
                self._accepted(ready)
            else:
                self._nothing_to_say(message)
            return
        try:
            self._mailer.send_messages([ready.letter])
        except SilenceAfterMail as error:
            self._close()
            self.uncertain(message, error)
        except Exception as error:
            self._close()
            kind = kind_of(error)
            self.refused(message, error, kind=kind, for_good=kind == ErrorKind.REFUSED)
        else:
            journal.append(message.message_id, at=timezone.now(), keys=[row.key for row in ready.obligations])
            self._accepted(ready)

    def letter(
        self, message: Message, obligations: list[Obligation]
    ) -> tuple[EmailMultiAlternatives | None, list[Obligation]]:
        """The mail, and what stands in it; None when the reader has left or nothing of it is public any more."""
        if message.reader:
            return mails.compose_for_reader(message, obligations, now=self.now)
        to = message.user.email if message.user else message.address
        return mails.compose(message, obligations, to=to, today=timezone.localtime(self.now).date()), obligations

    def renew_together(self, some: Sequence[Message]) -> list[tuple[Message, list[Obligation]]]:
        """`renew` for some messages of one claim; those that are not ours or not needed any more are left out."""
        if len(some) == 1 or not statements.are_at_hand():
            found = {message.pk: self.renew(message) for message in some}
        else:
            pks = [message.pk for message in some]
            lease = _seconds(settings.LEASE_SECONDS)
            found = statements.to_tell(statements.renew(pks, token=some[0].lease_token, lease=lease))
            found |= {message.pk: self.renew(message) for message in some if message.pk not in found}
        return [(message, found[message.pk]) for message in some if found[message.pk]]

    def renew(self, message: Message) -> list[Obligation]:
        """Prolong the lease and return what the mail must say; empty if the row is no longer ours or not needed.

        The check and the prolonging are one statement, fenced by the token of our claim. Had the row been locked by
        somebody else, that statement would have waited and then answered from before the wait, so what the mail must
        say is asked afterwards.
        """
        if statements.are_at_hand():
            lease = _seconds(settings.LEASE_SECONDS)
            if renewed_now := statements.renew([message.pk], token=message.lease_token, lease=lease):
                found = statements.to_tell(renewed_now).get(message.pk)
                if found:
                    return found
        until = Now() + _seconds(settings.LEASE_SECONDS)
        live = Obligation.objects.filter(message=OuterRef("pk"), state=ObligationState.PLANNED)
        active = User.objects.filter(pk=OuterRef("user_id"), is_active=True)
        ours = Message.objects.filter(pk=message.pk, state=MessageState.SENDING, lease_token=message.lease_token)
        wanted = ours.filter(Exists(live), Q(user=None) | Exists(active))
        with transaction.atomic():
            renewed = wanted.filter(~hold_is_open()).update(
                lease_until=until, next_at=until, attempts=F("attempts") + 1, unanswered=F("unanswered") + 1
            )
            to_tell = message.obligations.filter(state=ObligationState.PLANNED)
            planned = list(to_tell.filter(Q(user=None) | Q(user__is_active=True))) if renewed else []
            if planned:
                return planned
            if not renewed and not list(ours.select_for_update().values_list("pk")):
                return []
            if not renewed and wanted.exists():
                # Sending was held after our claim; it waits like all the rest, untried.
                self.put_back([message], after=_seconds(0))
                return []
            return self._not_needed(message)

    def _not_needed(self, message: Message) -> list[Obligation]:
        planned = message.obligations.filter(state=ObligationState.PLANNED)
        kind = ErrorKind.RECIPIENT_INACTIVE if planned.exists() else ErrorKind.NOTHING_LEFT
        state = MessageState.UNCERTAIN if message.unanswered else MessageState.CANCELLED
        # It was not tried, even if it was renewed.
        as_before = {"attempts": message.attempts, "unanswered": message.unanswered}
        Message.objects.filter(pk=message.pk).update(
            state=state, next_at=None, last_error_kind=kind, **as_before, **FREED
        )
        planned.update(state=ObligationState.CANCELLED)
        return []

    def _told_before_the_restore(self, message: Message) -> None:
        """What `renew` counted as a try was none; `holding` sorts out what was told and what was not."""
        self.tally.skipped += 1
        as_before = {"attempts": message.attempts, "unanswered": message.unanswered}
        self._free(message, state=MessageState.DUE, next_at=Now(), **as_before)
        mark_told_before(now=self.now)

    @transaction.atomic
    def _nothing_to_say(self, message: Message) -> None:
        """What `renew` counted as a try was none."""
        self.tally.skipped += 1
        state = MessageState.UNCERTAIN if message.unanswered else MessageState.CANCELLED
        kind = ErrorKind.NOTHING_LEFT
        self._free(message, state=state, next_at=None, unanswered=message.unanswered, last_error_kind=kind)
        message.obligations.filter(state=ObligationState.PLANNED).update(state=ObligationState.CANCELLED)

    def refused(self, message: Message, error: Exception, *, kind: ErrorKind, for_good: bool = False) -> None:
        """Surely not sent: try again later, or stop and show it."""
        self.tally.refused += 1
        attempts = message.attempts + 1
        over = for_good or attempts >= settings.SEND_MAX_ATTEMPTS
        self._free(
            message,
            state=MessageState.FAILED if over else MessageState.DUE,
            next_at=None if over else Now() + backoff(attempts),
            unanswered=message.unanswered,
            last_error=_words(error, message),
            last_error_kind=kind,
        )

    def uncertain(self, message: Message, error: Exception) -> None:
        """Nobody knows. Wait out the lease and repeat once; after that a person must look."""
        self.tally.uncertain += 1
        repeated = message.unanswered > 0
        self._free(
            message,
            state=MessageState.UNCERTAIN,
            next_at=None if repeated else Now() + _seconds(settings.LEASE_SECONDS),
            last_error=_words(error, message),
            last_error_kind=ErrorKind.NO_ANSWER,
        )

    def let_go(self, some: list[Message]) -> list[Message]:
        """What was renewed but not tried was no attempt. They stay claimed."""
        self._claimed(some).update(attempts=F("attempts") - 1, unanswered=F("unanswered") - 1)
        return some

    def _claimed(self, some: Sequence[Message]) -> QuerySet[Message]:
        pks = [message.pk for message in some]
        return Message.objects.filter(pk__in=pks, state=MessageState.SENDING, lease_token=some[0].lease_token)

    def put_back(self, batch: Sequence[Message], *, after: dt.timedelta, kind: ErrorKind = ErrorKind.NONE) -> None:
        """Let go of rows that were claimed but not tried; this is no attempt."""
        values: dict[str, Any] = {"state": MessageState.DUE, "next_at": Now() + after, **FREED}
        if kind:
            values["last_error_kind"] = kind
        self._claimed(batch).update(**values)

    def _free(self, message: Message, **values: Any) -> None:
        self._claimed([message]).update(**values, **FREED)

    def _accepted(self, ready: Ready) -> None:
        self.tally.sent += 1
        message = ready.message
        _untold.append(Accepted(message.pk, message.lease_token, tuple(row.pk for row in ready.obligations)))

    def _open(self) -> bool:
        if self._is_open:
            return True
        try:
            self._mailer.open()
        except (OSError, smtplib.SMTPException) as error:
            logger.warning("the mail server cannot be reached: %s", _words(error))
            self.tally.mail_server_away = True
            self._close()
            return False
        self._is_open = True
        return True

    def _close(self) -> None:
        self._is_open = False
        try:
            self._mailer.close()
        except (OSError, smtplib.SMTPException) as error:
            logger.info("the connection to the mail server did not close cleanly: %s", type(error).__name__)


def tell_database() -> None:
    """Record what was accepted. What cannot be recorded stays in memory and is tried again."""
    if statements.are_at_hand() and _untold:
        record_together(tuple(_untold))
        _untold.clear()
    while _untold:
        record(_untold[0])
        _untold.pop(0)


def record(accepted: Accepted) -> None:
    """Write that the mail is sent, with the obligations that stood in it and no others."""
    if statements.are_at_hand():
        record_together([accepted])
    else:
        _record_by_steps(accepted)


def record_together(accepted: Sequence[Accepted]) -> None:
    statements.record([one.pk for one in accepted], told=[pk for one in accepted for pk in one.obligations])


@transaction.atomic
def _record_by_steps(accepted: Accepted) -> None:
    sent = {"state": MessageState.SENT, "sent_at": Now(), "next_at": None, **FREED}
    sent |= {"unanswered": 0, "last_error": "", "last_error_kind": ErrorKind.NONE}
    row = Message.objects.filter(pk=accepted.pk)
    if not row.filter(state=MessageState.SENDING, lease_token=accepted.token).update(**sent):
        # Our lease ran out while the database was away. The server's yes outranks whoever holds the row now.
        row.exclude(state=MessageState.SENT).update(**sent)
    Obligation.objects.filter(pk__in=accepted.obligations).update(state=ObligationState.SENT, sent_at=Now())
    # Nothing joins a mail on its way; should anything have, it must go in another one. (What was left out of a
    # reader's mail is asked about once more, and then found not to be public.)
    Obligation.objects.filter(message=accepted.pk, state=ObligationState.PLANNED).update(message=None)


def give_up_after_many_attempts() -> int:
    """Rows tried too many times stop and are shown."""
    tired = Message.objects.filter(state__in=UNFINISHED, next_at__lte=Now(), attempts__gte=settings.SEND_MAX_ATTEMPTS)
    return tired.update(state=MessageState.FAILED, next_at=None, last_error_kind=ErrorKind.GAVE_UP, **FREED)


def kind_of(error: Exception) -> ErrorKind:
    """Whether a refused send may succeed later, judged by the server's answer."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = [code for code, _words_ in error.recipients.values()]
        return ErrorKind.REFUSED if codes and min(codes) >= 500 else ErrorKind.REFUSED_FOR_NOW
    if isinstance(error, smtplib.SMTPDataError):
        return ErrorKind.REFUSED if error.smtp_code >= 500 else ErrorKind.REFUSED_FOR_NOW
    if isinstance(error, smtplib.SMTPResponseException):
        # The sender or the login is refused: our set-up, not this recipient. It can be mended meanwhile.
        return ErrorKind.REFUSED_FOR_NOW
    if isinstance(error, OSError):
        # smtplib's own exceptions are OSErrors too: a broken connection before the mail was handed over.
        return ErrorKind.SERVER_AWAY
    # An address no mail server could read.
    return ErrorKind.REFUSED if isinstance(error, ValueError) else ErrorKind.RENDERING


def _words(error: Exception, message: Message | None = None) -> str:
    """What the server said; of a reader's mail only the code, for servers repeat the address in their answers."""
    if message is not None and message.reader:
        codes = [code for code, _text in getattr(error, "recipients", {}).values()] or [
            getattr(error, "smtp_code", "")
        ]
        return one_line(f"{type(error).__name__} {' '.join(str(code) for code in codes)}", 500)
    return one_line(f"{type(error).__name__}: {error}", 500)


def _database_trouble(error: Exception) -> None:
    logger.warning("the database cannot be used now: %s", type(error).__name__)
    if not connection.in_atomic_block:
        connection.close()
