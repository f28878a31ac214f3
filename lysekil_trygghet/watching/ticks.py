"""A worker that takes up a task is alive; a task that says it came from beat shows that beat is."""

from __future__ import annotations

import datetime as dt
import logging
from typing import Any

from celery.signals import task_prerun
from django.db import Error as DatabaseTrouble
from django.db import connection
from django.db.models.functions import Now

from .models import Source, Tick

logger = logging.getLogger(__name__)

# Wake-ups may come close together; one row written every few seconds says as much.
APART = dt.timedelta(seconds=5)


def listen() -> None:
    task_prerun.connect(heard, dispatch_uid="watching")


def heard(kwargs: dict[str, Any] | None = None, **_more: Any) -> None:
    """A task begins. Whatever happens here, the task goes on."""
    sources = [Source.WORKER, Source.BEAT] if (kwargs or {}).get("by") == Source.BEAT else [Source.WORKER]
    try:
        for source in sources:
            tick(source)
    except DatabaseTrouble as error:
        logger.warning("a sign of life could not be written: %s", type(error).__name__)
        connection.close()


def tick(source: Source) -> None:
    row = Tick.objects.filter(source=source)
    if not row.filter(at__gt=Now() - APART).exists() and not row.update(at=Now()):
        Tick.objects.bulk_create([Tick(source=source, at=Now())], ignore_conflicts=True)
