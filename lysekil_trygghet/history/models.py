"""The log of acts."""

from __future__ import annotations

from typing import Any, NoReturn

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models


class HistoryIsFixed(Exception):
    """Somebody tried to change or remove a line of history."""


class EventQuerySet(models.QuerySet["Event"]):
    def update(self, **kwargs: Any) -> NoReturn:
        raise HistoryIsFixed("history is never changed")

    def delete(self) -> NoReturn:
        raise HistoryIsFixed("history is never removed")


class Event(models.Model):
    """One act: who did what to which thing, when. Written by `operations` only."""

    at = models.DateTimeField(db_index=True)
    verb = models.CharField(max_length=60)
    subject_type = models.ForeignKey(ContentType, on_delete=models.PROTECT)
    subject_id = models.PositiveBigIntegerField()
    subject = GenericForeignKey("subject_type", "subject_id")
    subject_label = models.CharField(max_length=200)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="acts")
    actor_label = models.CharField(max_length=120)
    actor_organisation = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, null=True, related_name="acts"
    )
    actor_organisation_label = models.CharField(max_length=120, blank=True)
    details = models.JSONField(default=dict)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = "händelse i historiken"
        verbose_name_plural = "historik"
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["subject_type", "subject_id", "at"], name="history_event_subject")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.verb} {self.subject_label}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise HistoryIsFixed("history is never changed")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise HistoryIsFixed("history is never removed")


class FormerTextQuerySet(models.QuerySet["FormerText"]):
    def update(self, **kwargs: Any) -> NoReturn:
        raise HistoryIsFixed("what residents read is never changed")

    def delete(self) -> NoReturn:
        raise HistoryIsFixed("what residents read is never removed")


class FormerText(models.Model):
    """What residents read of a thing until somebody changed it. Written by `operations` only.

    A change that residents could not read leaves none, and neither does a withdrawal. What should never have been
    published is taken out of it by `operations.hide_former`; nothing else of it changes.
    """

    subject_type = models.ForeignKey(ContentType, on_delete=models.PROTECT)
    subject_id = models.PositiveBigIntegerField()
    subject = GenericForeignKey("subject_type", "subject_id")
    until = models.DateTimeField(db_index=True)
    # The page it stood on, in Swedish.
    path = models.CharField(max_length=300, db_index=True)
    # Field → text: all that was read of the thing then.
    texts = models.JSONField(default=dict)
    hidden_at = models.DateTimeField(null=True, blank=True)

    objects = FormerTextQuerySet.as_manager()

    class Meta:
        verbose_name = "tidigare text"
        verbose_name_plural = "tidigare texter"
        ordering = ["until", "id"]
        indexes = [models.Index(fields=["subject_type", "subject_id", "until"], name="history_former_subject")]

    def __str__(self) -> str:
        return f"{self.until:%Y-%m-%d %H:%M} {self.path}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding and not set(kwargs.get("update_fields") or ["all"]) <= {"texts", "hidden_at"}:
            raise HistoryIsFixed("what residents read is never changed")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise HistoryIsFixed("what residents read is never removed")
