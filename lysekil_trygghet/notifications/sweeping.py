"""One sweep: what happens by the clock, who is due, and the mails. Any number of sweeps may run at once."""

from __future__ import annotations

import datetime as dt
import logging
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

from django.conf import settings
from django.db import Error as DatabaseTrouble
from django.db import connection
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils.module_loading import import_string

from .delivery import Courier, Tally
from .holding import mark_told_before
from .models import SweepBeat
from .operations import attach_loose, drop_passed_steps, replan

logger = logging.getLogger(__name__)

BEATS_KEPT = dt.timedelta(days=7)


def database_now() -> dt.datetime:
    """The database's clock: the only one that all processes share."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT statement_timestamp()")
            return cursor.fetchone()[0].astimezone(dt.UTC)
        cursor.execute("SELECT strftime('%Y-%m-%d %H:%M:%f', 'now')")
        return dt.datetime.fromisoformat(cursor.fetchone()[0]).replace(tzinfo=dt.UTC)


def sweep(*, now: dt.datetime, stop: Callable[[], bool] = lambda: False, courier: type[Courier] = Courier) -> Tally:
    """Run what is due by the clock, plan what is due to be told, deliver. Leaves a heartbeat.

    A step or planner that fails is logged and stops nobody else.
    """
    beat = SweepBeat.objects.create(started_at=Now(), alive_at=Now())
    row = SweepBeat.objects.filter(pk=beat.pk)
    problems = planned = 0
    for name in settings.SWEEP_STEPS:
        problems += _guarded(name, partial(_run_step, name, now=now)) is None
    for name in settings.NOTIFICATION_PLANNERS:
        new = _guarded(name, partial(_run_planner, name, now=now))
        problems += new is None
        planned += new or 0
    problems += _guarded("drop_passed_steps", lambda: drop_passed_steps(now=now)) is None
    problems += _guarded("mark_told_before", lambda: mark_told_before(now=now)) is None
    problems += _guarded("attach_loose", lambda: attach_loose(now=now)) is None
    tally = courier(
        now=now, stop=stop, beat=lambda: _alive(row), budget_seconds=settings.SWEEP_BUDGET_SECONDS
    ).deliver()
    row.update(
        alive_at=Now(),
        finished_at=Now(),
        planned=planned,
        sent=tally.sent,
        problems=problems,
        mail_server_away=tally.mail_server_away,
    )
    SweepBeat.objects.filter(started_at__lt=Now() - BEATS_KEPT).delete()
    return tally


def _alive(row: QuerySet[SweepBeat]) -> None:
    row.update(alive_at=Now())


def _run_step(name: str, *, now: dt.datetime) -> int:
    return int(import_string(name)(now=now) or 0)


def _run_planner(name: str, *, now: dt.datetime) -> int:
    until = now + dt.timedelta(hours=settings.PLAN_AHEAD_HOURS)
    return replan(name, lambda: import_string(name)(now=now, until=until), now=now)


def _guarded(name: str, work: Callable[[], int]) -> int | None:
    """What `work` returned, or None if it failed."""
    try:
        return work() or 0
    except Exception as error:
        logger.exception("%s failed in the sweep", name)
        if isinstance(error, DatabaseTrouble) and not connection.in_atomic_block:
            connection.close()
        return None


@contextmanager
def finishing_first() -> Iterator[Callable[[], bool]]:
    """Holds back SIGTERM and SIGINT while mails are sent; yields a function that says whether one came.

    The mail in hand is finished and recorded; afterwards the signal has its usual effect.
    """
    if threading.current_thread() is not threading.main_thread():
        yield lambda: False
        return
    came: list[int] = []
    wanted = (signal.SIGTERM, signal.SIGINT)
    before = {number: signal.signal(number, lambda got, _frame: came.append(got)) for number in wanted}
    try:
        yield lambda: bool(came)
    finally:
        for number, handler in before.items():
            signal.signal(number, signal.SIG_DFL if handler is None else handler)
        for got in came[:1]:
            os.kill(os.getpid(), got)
