"""The doors for the worker: files that wait are read. A task carries nothing: what it needs stands in the database."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from .operations import feeds, imports


@shared_task(name="situation.tasks.read_imports", time_limit=3600, soft_time_limit=3500)
def read_imports(**_future: object) -> None:
    """Look at the files that wait, store what was ordered. Safe to run twice, at the same time, or late."""
    imports.run_waiting(now=timezone.now())


@shared_task(name="situation.tasks.fetch_feeds", time_limit=900, soft_time_limit=840)
def fetch_feeds(**_future: object) -> None:
    """Ask the publishers for what is due. Safe to run twice or late: a claim holds others off."""
    feeds.fetch_due(now=timezone.now())
