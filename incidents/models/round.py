"""The follow-up round: one assignment at a time, accepted or returned, with minutes made from it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from lysekil_trygghet.accounts.models import Function
from lysekil_trygghet.publishing.models import Publishable, PublishableQuerySet

from ..lifecycle import RoundState
from .assignment import Assignment
from .decision import SteeringDecision


class FollowUpRound(Publishable):
    """A meeting where every assignment of a decision is gone through. Moved by operations/rounds.py."""

    decision = models.ForeignKey(
        SteeringDecision, on_delete=models.PROTECT, related_name="rounds", verbose_name=_("beslut")
    )
    held_at = models.DateTimeField(_("tid"))
    state = models.CharField(
        _("status"), max_length=20, choices=RoundState, default=RoundState.PLANNED, editable=False
    )
    functions_present = models.ManyToManyField(
        Function, related_name="+", blank=True, verbose_name=_("närvarande funktioner")
    )
    closed_at = models.DateTimeField(null=True, blank=True, editable=False)
    # Frozen when the round closes: what was gone through, and what became of it.
    minutes = models.TextField(_("minnesanteckningar"), max_length=20000, blank=True, editable=False)
    summary_public = models.TextField(_("text till invånarna"), max_length=3000, blank=True)
    summary_public_en = models.TextField(_("text till invånarna på engelska"), max_length=3000, blank=True)
    diary_number = models.CharField(_("diarienummer"), max_length=40, blank=True)

    objects = PublishableQuerySet.as_manager()
    field_history = HistoricalRecords()

    class Meta:
        verbose_name = _("avstämning")
        verbose_name_plural = _("avstämningar")
        ordering = ["-held_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=RoundState.values), name="incidents_round_state"),
        ]

    def __str__(self) -> str:
        return _("Avstämning av beslut %(number)s") % {"number": self.decision.number}

    def get_absolute_url(self) -> str:
        return reverse("incidents:round", args=[self.pk])


class RoundItem(models.Model):
    """One assignment in the round and what was said of it."""

    class Result(models.TextChoices):
        WAITING = "WAITING", _("Inte genomgånget")
        ACCEPTED = "ACCEPTED", _("Godkänt")
        CONTINUED = "CONTINUED", _("Godkänt, arbetet fortsätter")
        RETURNED = "RETURNED", _("Ska kompletteras")
        NO_REPORT = "NO_REPORT", _("Ingen återrapport fanns")
        EXCEPTED = "EXCEPTED", _("Undantag antecknat")
        EARLIER = "EARLIER", _("Godkänt tidigare")

    round = models.ForeignKey(FollowUpRound, on_delete=models.CASCADE, related_name="items")
    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="round_items")
    order = models.PositiveSmallIntegerField()
    result = models.CharField(max_length=20, choices=Result, default=Result.WAITING)
    note = models.TextField(_("anteckning"), max_length=1000, blank=True)

    class Meta:
        verbose_name = _("genomgånget uppdrag")
        verbose_name_plural = _("genomgångna uppdrag")
        ordering = ["order", "id"]
        constraints = [
            models.UniqueConstraint(fields=["round", "assignment"], name="incidents_round_item_once"),
            models.CheckConstraint(
                condition=Q(
                    result__in=[
                        "WAITING",
                        "ACCEPTED",
                        "CONTINUED",
                        "RETURNED",
                        "NO_REPORT",
                        "EXCEPTED",
                        "EARLIER",
                    ]
                ),
                name="incidents_round_item_result",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assignment}: {self.get_result_display()}"
