"""Holding the sending back: after a restored backup, or because somebody says so; and letting it go again.

A restored database believes that what was sent since the backup is still owed. So a restore opens a hold in its own
transaction, and writes down what the journals say was accepted (`AcceptedMail`). What the restored portal has planned,
or plans again, of that is marked as sent. Planning goes on meanwhile, so that nothing is missing when it is let go.
"""

from __future__ import annotations

import datetime as dt
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import batched
from pathlib import Path
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from lysekil_trygghet.accounts.actors import Actor
from lysekil_trygghet.history.guards import Refused, refuse_unless
from lysekil_trygghet.history.operations import record

from . import journal
from .models import (
    STILL_OPEN,
    UNFINISHED,
    AcceptedMail,
    ErrorKind,
    HoldReason,
    Message,
    MessageState,
    Obligation,
    ObligationState,
    SendingHold,
)
from .operations import drop_passed_steps
from .wake import nudge

CHUNK = 400
# A line may have been written some time before the database was told; what it was told is left out by its key.
MARGIN = dt.timedelta(days=7)
FREED: dict[str, Any] = {"next_at": None, "lease_token": "", "lease_until": None}


def hold_is_open() -> Exists:
    """For the statements that claim: whether sending is held."""
    return Exists(SendingHold.objects.filter(STILL_OPEN))


def open_hold() -> SendingHold | None:
    return SendingHold.objects.filter(STILL_OPEN).select_related("held_by").first()


# --- Held by a person -----------------------------------------------------------------------------------


@transaction.atomic
def hold_by_hand(*, note: str, by: Actor, now: dt.datetime) -> SendingHold:
    """From now on no mail of the ledger is begun; one that is on its way is finished. Raises `Refused`."""
    try:
        with transaction.atomic():
            hold = SendingHold.objects.create(reason=HoldReason.BY_HAND, note=note, since=now, held_by=by.user)
    except IntegrityError:
        raise Refused(_("Utskicken är redan pausade.")) from None
    record(hold, "sending_held", by=by, now=now, reason=str(hold.reason))
    return hold


@dataclass(frozen=True)
class Released:
    """What became of what waited."""

    to_send: int
    set_aside: int


@transaction.atomic
def release(hold: SendingHold, *, by: Actor, now: dt.datetime, older_than_days: int | None = None) -> Released:
    """Let the mail go. What was to be sent more than `older_than_days` ago is set aside instead; None sets nothing
    aside. What the journal says was sent is never sent again. Raises `Refused` when it is released already.
    """
    ours = SendingHold.objects.filter(STILL_OPEN, pk=hold.pk).select_for_update()
    refuse_unless(ours.exists(), _("Utskicken är redan släppta."))
    mark_told_before(now=now)
    aside = 0
    if older_than_days is not None:
        aside = _set_aside(waiting(now=now).filter(moment__lt=now - dt.timedelta(days=older_than_days)))
    left = waiting(now=now).count()
    SendingHold.objects.filter(pk=hold.pk).update(released_at=now, released_by=by.user)
    details: dict[str, Any] = {"to_send": left, "set_aside": aside}
    if older_than_days is not None:
        details["older_than_days"] = older_than_days
    record(hold, "sending_released", by=by, now=now, **details)
    nudge()
    return Released(left, aside)


def _set_aside(rows: QuerySet[Message]) -> int:
    pks = [message.pk for message in rows.select_for_update().order_by("key")]
    for some in batched(pks, CHUNK):
        chosen = Message.objects.filter(pk__in=some)
        chosen.update(state=MessageState.CANCELLED, last_error_kind=ErrorKind.SET_ASIDE, **FREED)
        planned = Obligation.objects.filter(message__in=some, state=ObligationState.PLANNED)
        planned.update(state=ObligationState.CANCELLED)
    return len(pks)


# --- Questions about what is held -----------------------------------------------------------------------


def waiting(*, now: dt.datetime) -> QuerySet[Message]:
    """Mails that would leave at once if sending were not held."""
    return Message.objects.filter(state__in=UNFINISHED, moment__lte=now, next_at__isnull=False)


@dataclass(frozen=True)
class HeldBack:
    """How much waits behind a hold, and how much of it was sent before the restore."""

    waiting: int
    oldest: dt.datetime | None
    already_sent: int
    nobody_knows: int


def held_back(hold: SendingHold, *, now: dt.datetime) -> HeldBack:
    figures = waiting(now=now).aggregate(number=Count("pk"), oldest=Min("moment"))
    return HeldBack(
        waiting=figures["number"],
        oldest=figures["oldest"],
        already_sent=hold.accepted.count(),
        nobody_knows=nobody_knows(hold, now=now).count(),
    )


def nobody_knows(hold: SendingHold, *, now: dt.datetime) -> QuerySet[Message]:
    """Mails that fell due between the backup and the restore, when no journal tells of that time."""
    rows = waiting(now=now)
    if hold.backup_taken_at is None or hold.journal_found:
        return rows.none()
    # What another machine's or the backup's own journal reaches to is known.
    since = max(hold.backup_taken_at, hold.journal_until or hold.backup_taken_at)
    return rows.filter(moment__gte=since - dt.timedelta(hours=1), moment__lte=hold.since)


# --- After a restore ------------------------------------------------------------------------------------


def hold_after_restore(
    *, taken_at: dt.datetime, backup_journal: Path | None, journals: Sequence[Path], by: Actor, now: dt.datetime
) -> SendingHold:
    """Call it in the transaction of the restore, when all rows are in. What the journals say was sent is marked.

    `journals` are those of the machines that went on sending; `backup_journal` is as old as the backup. A hold that
    was open when the backup was taken gives way to this one.
    """
    SendingHold.objects.filter(STILL_OPEN).update(released_at=now)
    accepted, until = _since(taken_at - MARGIN, [*([backup_journal] if backup_journal else []), *journals])
    hold = SendingHold.objects.create(
        reason=HoldReason.RESTORED,
        since=now,
        backup_taken_at=taken_at,
        journal_found=any(_goes_on(living, backup_journal) for living in journals),
        journal_until=until,
    )
    for keys in _keys_told():
        for key in keys:
            accepted.pop(journal.digest_of(key), None)
    known = set(AcceptedMail.objects.values_list("digest", flat=True))
    rows = (
        AcceptedMail(hold=hold, message_id=line.message_id, digest=digest, accepted_at=line.at)
        for digest, line in accepted.items()
        if digest not in known
    )
    for some in batched(rows, CHUNK):
        AcceptedMail.objects.bulk_create(some)
    # Of what was due meanwhile only the newest step counts, as after any standstill.
    drop_passed_steps(now=now)
    mark_told_before(now=now)
    record(hold, "sending_held", by=by, now=now, reason=str(hold.reason), backup_taken_at=taken_at)
    return hold


def _since(moment: dt.datetime, files: Iterable[Path]) -> tuple[dict[str, journal.Line], dt.datetime | None]:
    """The lines from `moment` on by what they told of, and the time of the last line of all."""
    found: dict[str, journal.Line] = {}
    until: dt.datetime | None = None
    for file in files:
        for line in journal.lines_of(file):
            until = max(until or line.at, line.at)
            if line.at >= moment:
                found.update(dict.fromkeys(line.digests, line))
    return found, until


def _goes_on(living: Path, older: Path | None) -> bool:
    """Whether `living` is the same journal, later: it holds the backup's last line."""
    if not living.is_file():
        return False
    last = next(iter(deque(journal.lines_of(older), maxlen=1)), None) if older else None
    return last is None or any(line == last for line in journal.lines_of(living))


def _keys_told() -> Iterator[tuple[str, ...]]:
    told = Obligation.objects.filter(state=ObligationState.SENT).order_by("pk")
    yield from batched(told.values_list("key", flat=True).iterator(chunk_size=2000), 2000)


# --- Marking what was told before -----------------------------------------------------------------------


def told_before(mails: Sequence[tuple[Message, Sequence[Obligation]]]) -> list[Message]:
    """Those of the mails that the journal of a time before the restore has, or anything that stands in them."""
    digests = {journal.digest_of(row.key): message for message, obligations in mails for row in obligations}
    by_id = {message.message_id: message for message, _obligations in mails}
    known = AcceptedMail.objects.filter(Q(message_id__in=by_id) | Q(digest__in=digests))
    found = {}
    for message_id, digest in known.values_list("message_id", "digest"):
        for message in (by_id.get(message_id), digests.get(digest)):
            if message is not None:
                found[message.pk] = message
    return list(found.values())


def mark_told_before(*, now: dt.datetime) -> int:
    """Of what is planned and due, what was told before the restore is marked as sent; returns how many.

    What else stood in the same mail goes in another one: that Message-ID is used.
    """
    if not AcceptedMail.objects.exists():
        return 0
    marked = 0
    planned = Obligation.objects.filter(state=ObligationState.PLANNED, moment__lte=now).order_by("pk")
    # Read to the end first: what follows writes to the same rows.
    keys = {journal.digest_of(key): pk for key, pk in planned.values_list("key", "pk")}
    for digests in batched(keys, CHUNK):
        for accepted in AcceptedMail.objects.filter(digest__in=digests):
            marked += _mark(accepted, keys[accepted.digest])
    _use_up_message_ids(now=now)
    return marked


@transaction.atomic
def _mark(accepted: AcceptedMail, pk: int) -> int:
    row = Obligation.objects.get(pk=pk)
    _make_sent_mail(accepted, row)
    # Messages before obligations, and by their keys, as everywhere.
    both = Q(message_id=accepted.message_id) | Q(pk=row.message_id)
    locked = list(Message.objects.select_for_update().filter(both).order_by("key"))
    mail = next(message for message in locked if message.message_id == accepted.message_id)
    _close(mail, accepted.accepted_at)
    done = Obligation.objects.filter(pk=pk, state=ObligationState.PLANNED).update(
        state=ObligationState.SENT, message=mail, sent_at=accepted.accepted_at
    )
    if done:
        AcceptedMail.objects.filter(pk=accepted.pk).update(told=pk)
    live = Obligation.objects.filter(message=OuterRef("pk"), state=ObligationState.PLANNED)
    left = Message.objects.filter(
        ~Exists(live), pk__in=[one.pk for one in locked if one != mail], state__in=UNFINISHED
    )
    left.update(state=MessageState.CANCELLED, last_error_kind=ErrorKind.NOTHING_LEFT, **FREED)
    return done


def _make_sent_mail(accepted: AcceptedMail, row: Obligation) -> None:
    """A row for the mail that told it, unless there is one with its Message-ID."""
    made = Message(
        key=f"sent before the restore {accepted.message_id}"[:320],
        user_id=row.user_id,
        address=row.address,
        reader=row.reader,
        moment=row.moment,
        date=row.moment,
        message_id=accepted.message_id,
        state=MessageState.SENT,
        sent_at=accepted.accepted_at,
    )
    Message.objects.bulk_create([made], ignore_conflicts=True)


def _close(mail: Message, accepted_at: dt.datetime) -> None:
    if mail.state == MessageState.SENT:
        return
    sent = {"state": MessageState.SENT, "sent_at": accepted_at, "unanswered": 0}
    Message.objects.filter(pk=mail.pk).update(last_error="", last_error_kind=ErrorKind.NONE, **sent, **FREED)


def _use_up_message_ids(*, now: dt.datetime) -> None:
    """A mail whose Message-ID was accepted is closed; what is still owed in it is told in another one."""
    accepted = AcceptedMail.objects.filter(message_id=OuterRef("message_id"))
    used = Message.objects.filter(Exists(accepted), moment__lte=now)
    half_told = used.filter(Q(state__in=UNFINISHED) | Q(obligations__state=ObligationState.PLANNED)).distinct()
    for pk in list(half_told.values_list("pk", flat=True)):
        with transaction.atomic():
            mail = Message.objects.select_for_update().get(pk=pk)
            at = AcceptedMail.objects.filter(message_id=mail.message_id).aggregate(at=Min("accepted_at"))["at"]
            _close(mail, at)
            mail.obligations.filter(state=ObligationState.PLANNED).update(message=None)
