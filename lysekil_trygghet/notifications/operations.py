"""The doors of the ledger: plan what somebody is to be told, cancel it, bring it forward, wake the worker.

Locks are always taken in the order messages, then obligations, so that planning, cancelling and delivery can
run at the same time without waiting for each other in a circle.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet
from django.db.models.functions import Now
from django.utils import translation
from django.utils.translation import gettext as _

from lysekil_trygghet import workdays
from lysekil_trygghet.accounts.actors import Actor
from lysekil_trygghet.accounts.models import User
from lysekil_trygghet.history.guards import refuse_unless
from lysekil_trygghet.history.operations import record

from . import statements
from .models import Channel, ErrorKind, Message, MessageState, Obligation, ObligationState, new_calendar_key
from .queries import NEEDS_A_PERSON
from .wake import nudge

__all__ = [
    "BadDue",
    "Due",
    "attach_loose",
    "cancel",
    "change_calendar_key",
    "channel_of",
    "choose_rhythm",
    "drop_passed_steps",
    "mark_arrived",
    "nudge",
    "plan",
    "release_now",
    "replan",
    "send_again",
    "set_aside",
]

logger = logging.getLogger(__name__)

CHUNK = 400
# So many new rows at once that the database's guess of how many wait is far from true.
MANY = 2000
MINUTE = dt.timedelta(minutes=1)


class BadDue(ValueError):
    """A planner asked for something that can never be sent: no recipient, a naive time, a link elsewhere."""


@dataclass(frozen=True)
class Due:
    """One thing to tell one recipient at one moment.

    `key` is told once for ever: what may rightly be told again (a new deadline, a new ladder after a returned
    report) must differ in its key. `title` is made by code, never text that somebody wrote.
    """

    key: str
    subject: str
    step: str
    moment: dt.datetime
    user_id: int | None
    address: str
    heading: str
    number: str
    title: str
    due_at: dt.datetime | None
    path: str
    # Instead of a person or an address: the name under which settings.NOTIFICATION_READERS knows somebody.
    reader: str = ""
    # What has several steps towards a recipient: of those that are due, only the newest is told.
    ladder: str = ""
    # Never waits for the hour at which somebody wants the mail of the day.
    urgent: bool = False


def plan(dues: Iterable[Due], *, now: dt.datetime) -> int:
    """Write the obligations that are missing and join each to the message of its recipient and moment.

    Known keys are left alone, whatever their state. A moment whose message has already left gives a message at
    a later minute. A due that can never be sent is logged and skipped. Returns how many were new.
    """
    return _write(_wanted(dues), now=now)


def replan(planner: str, dues: Callable[[], Iterable[Due]], *, now: dt.datetime) -> int:
    """Write what a planner wants told, also of the days to come, so that nothing hangs on it being asked in time.

    What was planned ahead and is no longer wanted as it stands (the day moved, somebody else answers for it, the
    ladder was changed) is forgotten, as if it had never been planned. `dues` is asked here and not before, so that it
    has seen all that was planned until now. Returns how many were new.
    """
    newest = Obligation.objects.aggregate(newest=Max("pk"))["newest"] or 0
    wanted = _wanted(dues())
    for row in wanted.values():
        row.planner = planner if row.moment > now else ""
    ahead = Obligation.objects.filter(planner=planner, state=ObligationState.PLANNED, moment__gt=now, pk__lte=newest)
    stale = [pk for pk, key, moment in ahead.values_list("pk", "key", "moment") if not _stands(wanted, key, moment)]
    for pks in _chunks(stale):
        with transaction.atomic():
            _forget(Obligation.objects.filter(pk__in=pks, moment__gt=now))
    return _write(wanted, now=now)


def _stands(wanted: dict[str, Obligation], key: str, moment: dt.datetime) -> bool:
    return key in wanted and wanted[key].moment == moment


def _forget(ahead: QuerySet[Obligation]) -> int:
    """Rows that were planned ahead are taken away with the messages that were made for them alone."""
    rows = ahead.filter(state=ObligationState.PLANNED).exclude(planner="")
    messages = _locked_messages(rows)
    _total, by_model = rows.delete()
    untouched = Message.objects.filter(pk__in=messages, state=MessageState.DUE, attempts=0, unanswered=0)
    untouched.filter(~Exists(Obligation.objects.filter(message=OuterRef("pk")))).delete()
    _cancel_empty(messages)
    return by_model.get(Obligation._meta.label, 0)


def drop_passed_steps(*, now: dt.datetime) -> int:
    """After a time when nothing was sent: of each ladder towards a recipient only the newest step is still told."""
    dropped = 0
    while some := _drop_some_passed_steps(now=now):
        dropped += some
    return dropped


@transaction.atomic
def _drop_some_passed_steps(*, now: dt.datetime) -> int:
    same = Q(user=OuterRef("user")) | Q(user=None, address=OuterRef("address"), reader=OuterRef("reader"))
    due = Obligation.objects.filter(state=ObligationState.PLANNED, moment__lte=now).exclude(ladder="")
    newer = due.filter(same, ladder=OuterRef("ladder"), moment__gt=OuterRef("moment"))
    passed = due.filter(Exists(newer))
    pks = list(passed.values_list("pk", flat=True)[:CHUNK])
    if not pks:
        return 0
    rows = Obligation.objects.filter(pk__in=pks, state=ObligationState.PLANNED)
    messages = _locked_messages(rows)
    count = rows.update(state=ObligationState.CANCELLED)
    _cancel_empty(messages)
    return count


def _wanted(dues: Iterable[Due]) -> dict[str, Obligation]:
    with translation.override(settings.LANGUAGE_CODE):
        hours = {row.user_id: row.daily_at for row in Channel.objects.exclude(daily_at=None) if row.daily_at}
        rows = {row.key: row for row in _rows(dues, hours)}
    if not hours:
        return rows
    # Two steps that wait for the same hour: the later one says all the first would have said.
    last: dict[tuple[str, str, dt.datetime], str] = {}
    for row in sorted(rows.values(), key=lambda row: row.wanted_at):  # type: ignore[attr-defined]
        if row.ladder:
            rows.pop(last.get((row.ladder, _recipient(row), row.moment), ""), None)
            last[row.ladder, _recipient(row), row.moment] = row.key
    return rows


def _write(wanted: dict[str, Obligation], *, now: dt.datetime) -> int:
    known = set[str]()
    for keys in _chunks(list(wanted)):
        known.update(Obligation.objects.filter(key__in=keys).values_list("key", flat=True))
    fresh = [wanted[key] for key in sorted(wanted) if key not in known]
    new = 0
    for rows in _chunks(fresh):
        with transaction.atomic():
            Obligation.objects.bulk_create(rows, ignore_conflicts=True)
            keys = [row.key for row in rows]
            new += _attach(Obligation.objects.filter(key__in=keys), now=now)
    if new >= MANY:
        statements.count_anew()
    return new


def attach_loose(*, now: dt.datetime) -> int:
    """Join planned obligations that have no message (their first one left without them) to a new one."""
    loose = Obligation.objects.filter(state=ObligationState.PLANNED, message=None).order_by("moment", "id")
    ids = list(loose.values_list("pk", flat=True)[:CHUNK])
    if not ids:
        return 0
    with transaction.atomic():
        return _attach(Obligation.objects.filter(pk__in=ids), now=now)


@transaction.atomic
def cancel(
    subject: str, *, now: dt.datetime, steps: Collection[str] | None = None, spare: Collection[str] = ()
) -> int:
    """Withdraw what has not been sent about `subject` (only `steps`, if named; never `spare`). Returns how many.

    A message left without live obligations is withdrawn too; one being sent at this moment is checked by its
    sender just before the send. What was only planned ahead is forgotten: it may be wanted again.
    """
    planned = Obligation.objects.filter(subject=subject, state=ObligationState.PLANNED)
    if steps is not None:
        planned = planned.filter(step__in=steps)
    planned = planned.exclude(step__in=spare)
    count = _forget(planned.filter(moment__gt=now))
    messages = _locked_messages(planned)
    count += planned.update(state=ObligationState.CANCELLED)
    _cancel_empty(messages)
    return count


@transaction.atomic
def release_now(subject: str, *, now: dt.datetime, steps: Collection[str] | None = None) -> int:
    """Bring forward what is planned about `subject` for later, so that it is sent now. Returns how many."""
    later = Obligation.objects.filter(subject=subject, state=ObligationState.PLANNED, moment__gt=now, planner="")
    later = later.filter(Q(message=None) | Q(message__state=MessageState.DUE, message__unanswered=0))
    if steps is not None:
        later = later.filter(step__in=steps)
    messages = _locked_messages(later)
    ids = list(later.values_list("pk", flat=True))
    Obligation.objects.filter(pk__in=ids).update(message=None, moment=_minute(now))
    _cancel_empty(messages)
    return _attach(Obligation.objects.filter(pk__in=ids), now=now)


# --- How somebody wants it ------------------------------------------------------------------------------


def channel_of(user: User) -> Channel:
    """Their own, made when it is first asked for: at once, with a key to the calendar."""
    return Channel.objects.get_or_create(user=user)[0]


def choose_rhythm(user: User, *, daily_at: dt.time | None) -> None:
    """Mail at once (None) or gathered at an hour of each day. What lies ahead follows at the next sweep."""
    Channel.objects.filter(pk=channel_of(user).pk).update(daily_at=daily_at)
    nudge()


def change_calendar_key(user: User) -> None:
    """The calendar's old address answers no more."""
    Channel.objects.filter(pk=channel_of(user).pk).update(calendar_key=new_calendar_key())


# --- What a person does about a mail that did not arrive ---------------------------------------------


@transaction.atomic
def send_again(message: Message, *, by: Actor, now: dt.datetime) -> None:
    """Try once more from the beginning; the mail keeps its Message-ID, and what is no longer owed is left out.

    Raises `Refused` when somebody has dealt with it already.
    """
    _deal_with(message, verb="sent_again", by=by, now=now, state=MessageState.DUE, next_at=Now(), attempts=0)
    nudge()


@transaction.atomic
def mark_arrived(message: Message, *, by: Actor, now: dt.datetime) -> None:
    """The recipient says that the mail nobody knew about did arrive."""
    refuse_unless(message.state == MessageState.UNCERTAIN, _("Servern har sagt nej till mejlet. Det kom inte fram."))
    _deal_with(message, verb="marked_arrived", by=by, now=now, state=MessageState.SENT, next_at=None, sent_at=Now())
    message.obligations.filter(state=ObligationState.PLANNED).update(state=ObligationState.SENT, sent_at=Now())


@transaction.atomic
def set_aside(message: Message, *, by: Actor, now: dt.datetime) -> None:
    """Somebody has told the recipient in another way, so the mail is not needed."""
    _deal_with(message, verb="set_aside", by=by, now=now, state=MessageState.CANCELLED, next_at=None)
    message.obligations.filter(state=ObligationState.PLANNED).update(state=ObligationState.CANCELLED)


def _deal_with(message: Message, *, verb: str, by: Actor, now: dt.datetime, **values: Any) -> None:
    done = Message.objects.filter(NEEDS_A_PERSON, pk=message.pk).update(**values)
    refuse_unless(done, _("Någon har redan tagit hand om mejlet. Här ser du hur det står nu."))
    record(message, verb, by=by, now=now)


# --- From what a planner says to rows ---------------------------------------------------------------


def _rows(dues: Iterable[Due], hours: Mapping[int, dt.time]) -> Iterator[Obligation]:
    for due in dues:
        try:
            row = _row(due)
            row.wanted_at = row.moment  # type: ignore[attr-defined]
            if not due.urgent and (hour := hours.get(row.user_id or 0)):
                row.moment = _minute(_at_hour(row.moment, hour))
            yield row
        except (BadDue, ValidationError) as error:
            logger.error("a due was skipped, key %s: %s", one_line(due.key, 255), error)


def _row(due: Due) -> Obligation:
    address = due.address.strip().lower()
    if [due.user_id is not None, address != "", due.reader != ""].count(True) != 1:
        raise BadDue("a due needs a person, an address or a reader, and one of them only")
    if address:
        validate_email(address)
    if due.moment.tzinfo is None:
        raise BadDue("the moment has no time zone")
    if not due.path.startswith("/") or due.path.startswith("//") or one_line(due.path, 300) != due.path:
        raise BadDue("the path must be an address inside the portal")
    if one_line(due.key, 255) != due.key or not due.key:
        raise BadDue("the key must be one line of at most 255 characters")
    return Obligation(
        key=due.key,
        subject=due.subject,
        step=due.step,
        moment=_minute(due.moment),
        user_id=due.user_id,
        address=address,
        reader=due.reader,
        ladder=due.ladder,
        heading=one_line(str(due.heading), 120),
        number=one_line(due.number, 40),
        title=one_line(str(due.title), 200),
        due_at=due.due_at,
        path=due.path,
    )


def _at_hour(moment: dt.datetime, hour: dt.time) -> dt.datetime:
    """The first time the local clock shows `hour` at `moment` or after it."""
    local = workdays.local_moment(moment)
    same_day = workdays.at_local(local.date(), hour)
    return same_day if same_day >= local else workdays.at_local(local.date() + dt.timedelta(days=1), hour)


def one_line(text: str, length: int) -> str:
    """`text` on one line without control characters, so that it can stand in a mail header."""
    if not text.isprintable():
        text = "".join(" " if unicodedata.category(sign)[0] in "CZ" else sign for sign in text)
    return " ".join(text.split())[:length]


def _minute(moment: dt.datetime) -> dt.datetime:
    return moment.astimezone(dt.UTC).replace(second=0, microsecond=0)


def _chunks[T](items: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(items), CHUNK):
        yield items[start : start + CHUNK]


# --- Joining obligations to messages ----------------------------------------------------------------


def _recipient(row: Obligation) -> str:
    if row.reader:
        return f"reader:{row.reader}"
    return f"user:{row.user_id}" if row.user_id is not None else f"mail:{row.address}"


def message_key(recipient: str, moment: dt.datetime) -> str:
    """The sentence that makes a message unique: who and when."""
    return f"{recipient} {moment.astimezone(dt.UTC):%Y-%m-%dT%H:%MZ}"


def message_id_of(key: str) -> str:
    """The Message-ID that belongs to a key, the same each time the mail is tried."""
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:40]}@{settings.SITE_HOST}>"


def _attach(rows: QuerySet[Obligation], *, now: dt.datetime) -> int:
    """Give each loose obligation among `rows` a message that has not left yet; returns how many got one."""
    waiting: dict[tuple[str, dt.datetime], list[Obligation]] = defaultdict(list)
    for row in rows.filter(state=ObligationState.PLANNED, message=None):
        waiting[_recipient(row), _minute(row.moment)].append(row)
    attached = 0
    while waiting:
        messages = _open_messages(waiting, now=now)
        later: dict[tuple[str, dt.datetime], list[Obligation]] = defaultdict(list)
        for (recipient, moment), obligations in waiting.items():
            message = messages.get(message_key(recipient, moment))
            if message is None:
                following = max(moment + MINUTE, _minute(now))
                later[recipient, following].extend(obligations)
                continue
            ids = [row.pk for row in obligations]
            attached += Obligation.objects.filter(pk__in=ids, message=None, state=ObligationState.PLANNED).update(
                message=message
            )
        waiting = later
    return attached


def _open_messages(
    waiting: dict[tuple[str, dt.datetime], list[Obligation]], *, now: dt.datetime
) -> dict[str, Message]:
    """The messages of the wanted recipients and moments, made if missing, locked; only those that may still grow."""
    wanted = [
        Message(
            key=(key := message_key(recipient, moment)),
            user_id=obligations[0].user_id,
            address=obligations[0].address,
            reader=obligations[0].reader,
            moment=moment,
            date=moment,
            message_id=message_id_of(key),
            next_at=moment,
        )
        for (recipient, moment), obligations in waiting.items()
    ]
    wanted.sort(key=lambda message: message.key)
    Message.objects.bulk_create(wanted, ignore_conflicts=True)
    keys = [message.key for message in wanted]
    locked = Message.objects.select_for_update().filter(key__in=keys).order_by("key")
    can_grow = {
        message.key: message
        for message in locked
        if message.unanswered == 0 and message.state in (MessageState.DUE, MessageState.CANCELLED)
    }
    revived = [message.pk for message in can_grow.values() if message.state == MessageState.CANCELLED]
    if revived:
        Message.objects.filter(pk__in=revived).update(
            state=MessageState.DUE, next_at=F("moment"), attempts=0, last_error="", last_error_kind=ErrorKind.NONE
        )
    return can_grow


def _locked_messages(obligations: QuerySet[Obligation]) -> list[int]:
    wanted = obligations.exclude(message=None).order_by().values_list("message_id", flat=True).distinct()
    rows = Message.objects.select_for_update().filter(pk__in=list(wanted))
    return [message.pk for message in rows.order_by("key")]


def _cancel_empty(messages: list[int]) -> None:
    """Withdraw those of `messages` that have nothing left to say and that nobody is sending."""
    live = Obligation.objects.filter(message=OuterRef("pk"), state=ObligationState.PLANNED)
    empty = Message.objects.filter(~Exists(live), pk__in=messages)
    empty.filter(state=MessageState.DUE, unanswered=0).update(
        state=MessageState.CANCELLED, next_at=None, last_error_kind=ErrorKind.NOTHING_LEFT
    )
    # It may have arrived already, so it stays in the list of uncertain ones; it is only not repeated.
    empty.filter(state__in=[MessageState.DUE, MessageState.UNCERTAIN]).exclude(unanswered=0).update(
        state=MessageState.UNCERTAIN, next_at=None
    )
