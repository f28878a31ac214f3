"""Tells a worker to look now. Best effort: the timetable looks anyway, so this may fail but never hang a request."""

from __future__ import annotations

import logging
import os
import threading

from django.db import transaction

from lysekil_trygghet.celery import app

logger = logging.getLogger(__name__)

SWEEP_TASK = "lysekil_trygghet.notifications.tasks.sweep"
# A wake-up older than this says nothing: the timetable has looked in between.
EXPIRES_SECONDS = 25


class _Waker:
    """At most one publishing thread; a wake-up that comes while it works makes it publish once more."""

    def __init__(self, task: str) -> None:
        self.task = task
        self.lock = threading.Lock()
        self.running = False
        self.again = False

    def wake(self) -> None:
        with self.lock:
            if self.running:
                self.again = True
                return
            self.running = True
        try:
            threading.Thread(target=self._publish, name="nudge", daemon=True).start()
        except RuntimeError:
            self.running = False
            logger.warning("could not start the thread that wakes the worker")

    def _publish(self) -> None:
        while True:
            try:
                app.send_task(self.task, expires=EXPIRES_SECONDS, retry=False, ignore_result=True)
            except Exception as error:
                logger.warning("could not wake the worker: %s", type(error).__name__)
            with self.lock:
                if not self.again:
                    self.running = False
                    return
                self.again = False


_wakers: dict[str, _Waker] = {}
# A web worker forked in the middle of a publish would otherwise believe for ever that its thread is running.
os.register_at_fork(after_in_child=_wakers.clear)


def nudge(task: str = SWEEP_TASK) -> None:
    """Wake a worker when the current transaction is saved. A dead or mute broker costs the caller nothing."""
    transaction.on_commit(_wakers.setdefault(task, _Waker(task)).wake, robust=True)
