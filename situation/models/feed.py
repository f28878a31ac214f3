"""What is fetched from a publisher by the clock."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from ..lifecycle import FeedKind
from .source import Source


class DataFeed(models.Model):
    """Figures or links that a publisher offers by an API, and when they were last fetched. operations/feeds.py."""

    kind = models.CharField(_("utgivare"), max_length=20, choices=FeedKind)
    title = models.CharField(_("rubrik"), max_length=140)
    # Kolada: ids of key figures. SCB: a table's id. Polisen: names of places. One on each line or with commas.
    what = models.CharField(_("vad"), max_length=600)
    # Kolada and SCB: codes of municipalities, counties and the country.
    areas = models.CharField(_("områden"), max_length=600, blank=True)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="feeds", verbose_name=_("underlag"))
    every_hours = models.PositiveIntegerField(_("hur ofta, i timmar"), default=168)
    is_active = models.BooleanField(_("hämtas"), default=True)
    next_at = models.DateTimeField(_("nästa gång"), null=True, blank=True, editable=False)
    called_at = models.DateTimeField(null=True, blank=True, editable=False)
    fetched_at = models.DateTimeField(_("senast hämtad"), null=True, blank=True, editable=False)
    failures = models.PositiveSmallIntegerField(default=0, editable=False)
    last_error = models.CharField(_("senaste felet"), max_length=300, blank=True, editable=False)
    revision = models.PositiveIntegerField(default=0, editable=False)

    field_history = HistoricalRecords(excluded_fields=["next_at", "called_at", "fetched_at", "failures", "last_error"])

    class Meta:
        verbose_name = _("hämtning")
        verbose_name_plural = _("hämtningar")
        ordering = ["kind", "title", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=FeedKind.values), name="situation_feed_kind"),
            models.CheckConstraint(condition=Q(every_hours__gte=1), name="situation_feed_rhythm"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("situation:feeds")
