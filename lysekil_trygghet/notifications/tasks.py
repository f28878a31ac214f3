"""The door for the worker. The task carries nothing: everything it needs stands in the database."""

from __future__ import annotations

from celery import shared_task
from django.conf import settings

from lysekil_trygghet.celery import app

from . import brokers, sweeping


# Not acknowledged late: see the queue "wake" in the settings.
@shared_task(name="lysekil_trygghet.notifications.tasks.sweep", acks_late=False)
def sweep(**_future: object) -> None:
    """Run one sweep. Safe to run twice, at the same time, or late."""
    with sweeping.finishing_first() as stop:
        sweeping.sweep(now=sweeping.database_now(), stop=stop)


if brokers.SEPARATOR in settings.BROKER_URL:
    brokers.install(app)
