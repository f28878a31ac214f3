"""Who follows what. The only place where a resident's address is kept; no other table points here."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


def new_reader() -> str:
    """A name without meaning, under which the ledger knows a subscriber."""
    return secrets.token_hex(12)


class Subscriber(models.Model):
    """One address, for as long as it follows something. Erased by operations, never merely marked."""

    reader = models.CharField(max_length=40, unique=True, default=new_reader, editable=False)
    address = models.EmailField(_("e-postadress"), unique=True)
    language = models.CharField(_("språk"), max_length=2, choices=settings.LANGUAGES)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("prenumerant")
        verbose_name_plural = _("prenumeranter")

    def __str__(self) -> str:
        return self.reader


class Subscription(models.Model):
    """One thing somebody follows; nothing is sent about it before the address has been confirmed."""

    subscriber = models.ForeignKey(Subscriber, on_delete=models.CASCADE, related_name="subscriptions")
    topic = models.CharField(_("följer"), max_length=60, db_index=True)
    asked_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    # Since when residents cannot read what it is about.
    away_since = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("prenumeration")
        verbose_name_plural = _("prenumerationer")
        ordering = ["asked_at", "id"]
        constraints = [models.UniqueConstraint(fields=["subscriber", "topic"], name="subscriptions_topic_once")]

    def __str__(self) -> str:
        return self.topic


class ToldChange(models.Model):
    """A change whose followers all have their line in the ledger. Kept for some weeks."""

    key = models.CharField(max_length=120, unique=True)
    planned_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("förändring som har berättats")
        verbose_name_plural = _("förändringar som har berättats")

    def __str__(self) -> str:
        return self.key


class Difference(models.TextChoices):
    """The answers to the one question four weeks after something was closed."""

    YES = "YES", _("Ja, tydligt")
    SOME = "SOME", _("Ja, lite")
    NO = "NO", _("Nej")
    UNSURE = "UNSURE", _("Vet inte")


class DifferenceCount(models.Model):
    """How many gave an answer about one closed thing. Who answered is not kept."""

    topic = models.CharField(_("gäller"), max_length=60)
    answer = models.CharField(_("svar"), max_length=10, choices=Difference)
    count = models.PositiveIntegerField(_("antal"), default=0)

    class Meta:
        verbose_name = _("svar om skillnad")
        verbose_name_plural = _("svar om skillnad")
        constraints = [
            models.UniqueConstraint(fields=["topic", "answer"], name="subscriptions_answer_once"),
            models.CheckConstraint(condition=models.Q(answer__in=Difference.values), name="subscriptions_answer"),
        ]

    def __str__(self) -> str:
        return f"{self.topic} {self.answer}"


class Asked(models.Model):
    """Somebody has a question before them about one closed thing; gone when answered, or after some weeks."""

    subscriber = models.ForeignKey(Subscriber, on_delete=models.CASCADE, related_name="questions")
    topic = models.CharField(max_length=60)
    until = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("ställd fråga")
        verbose_name_plural = _("ställda frågor")
        constraints = [models.UniqueConstraint(fields=["subscriber", "topic"], name="subscriptions_asked_once")]

    def __str__(self) -> str:
        return self.topic
