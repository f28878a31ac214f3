"""What is measured, where and when, and the files it came from."""

from __future__ import annotations

from django.conf import settings
from django.core.files.storage import Storage, storages
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from ..lifecycle import Direction, ImportKind, ImportState, PeriodType, Unit
from .area import Area
from .source import Source


def raw_files() -> Storage:
    """Outside what the web server shows: a publisher's file is read by the portal alone."""
    return storages["imports"]


class DatasetImport(models.Model):
    """One file read: looked at first, then stored or refused. Moved by operations/imports.py.

    The file itself is kept with its checksum, but for survey exports and the Police's events: of those only the
    checksum and the number of rows are kept.
    """

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="imports", verbose_name=_("underlag"))
    kind = models.CharField(_("slag"), max_length=20, choices=ImportKind)
    state = models.CharField(
        _("status"), max_length=20, choices=ImportState, default=ImportState.CHOOSING, editable=False
    )
    file_name = models.CharField(_("fil"), max_length=200)
    raw = models.FileField(_("filen"), storage=raw_files, max_length=200, blank=True, editable=False)
    sha256 = models.CharField(max_length=64, editable=False, db_index=True)
    size = models.PositiveBigIntegerField(default=0, editable=False)
    # Which column is what, for a table or a survey's export; how the person answered on the page.
    mapping = models.JSONField(default=dict, blank=True, editable=False)
    source_url = models.URLField(_("hämtad från"), max_length=400, blank=True)
    retrieved_at = models.DateTimeField(_("hämtad"), null=True, blank=True)
    licence = models.CharField(_("licens"), max_length=80, blank=True)
    encoding = models.CharField(max_length=20, blank=True, editable=False)
    importer_version = models.PositiveSmallIntegerField(default=1, editable=False)
    # Lines to read and lines read so far, for the page that waits.
    lines_total = models.PositiveIntegerField(default=0, editable=False)
    lines_done = models.PositiveIntegerField(default=0, editable=False)
    rows_new = models.PositiveIntegerField(default=0, editable=False)
    rows_changed = models.PositiveIntegerField(default=0, editable=False)
    rows_unchanged = models.PositiveIntegerField(default=0, editable=False)
    rows_gone = models.PositiveIntegerField(default=0, editable=False)
    rows_rejected = models.PositiveIntegerField(default=0, editable=False)
    # Errors by line, notes and examples of what is new and changed; a few hundred at most.
    report = models.JSONField(default=dict, blank=True, editable=False)
    takes_the_good = models.BooleanField(_("läs in de rader som går"), default=False, editable=False)
    made_at = models.DateTimeField(editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    claimed_until = models.DateTimeField(null=True, blank=True, editable=False)
    done_at = models.DateTimeField(_("inläst"), null=True, blank=True, editable=False)
    revision = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("inläsning")
        verbose_name_plural = _("inläsningar")
        ordering = ["-made_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=ImportKind.values), name="situation_import_kind"),
            models.CheckConstraint(condition=Q(state__in=ImportState.values), name="situation_import_state"),
            # The same file twice changes nothing.
            models.UniqueConstraint(
                fields=["source", "kind", "sha256"], condition=Q(state="APPLIED"), name="situation_import_once"
            ),
        ]

    def __str__(self) -> str:
        return self.file_name

    def get_absolute_url(self) -> str:
        return reverse("situation:import", args=[self.pk])


class Indicator(models.Model):
    """A measure with its unit, as its publisher names it. Written by imports."""

    code = models.CharField(_("kod"), max_length=160, unique=True)
    title = models.CharField(_("rubrik"), max_length=200)
    title_en = models.CharField(_("rubrik på engelska"), max_length=200, blank=True)
    unit = models.CharField(_("enhet"), max_length=20, choices=Unit, default=Unit.OTHER)
    direction = models.CharField(_("riktning"), max_length=20, choices=Direction, default=Direction.NEUTRAL)
    definition = models.TextField(_("vad det är"), max_length=2000, blank=True)
    definition_en = models.TextField(_("vad det är, på engelska"), max_length=2000, blank=True)
    external_id = models.CharField(_("utgivarens kod"), max_length=40, blank=True)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="indicators", verbose_name=_("underlag"))
    is_public = models.BooleanField(_("visas för invånarna"), default=True)
    revision = models.PositiveIntegerField(default=0, editable=False)

    field_history = HistoricalRecords()

    class Meta:
        verbose_name = _("indikator")
        verbose_name_plural = _("indikatorer")
        ordering = ["title", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(unit__in=Unit.values), name="situation_indicator_unit"),
            models.CheckConstraint(condition=Q(direction__in=Direction.values), name="situation_indicator_direction"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("situation:indicator", args=[self.pk])


class IndicatorValue(models.Model):
    """One number of an indicator, for an area and a period. Missing is empty, never zero. Written by imports alone."""

    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="values")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="values")
    # 2016, 2016-Q3 or 2016-09 (importers/rows.py).
    period = models.CharField(_("period"), max_length=10)
    period_type = models.CharField(max_length=10, choices=PeriodType)
    breakdown = models.CharField(_("uppdelning"), max_length=200, blank=True)
    value = models.DecimalField(_("värde"), max_digits=20, decimal_places=6, null=True, blank=True)
    n = models.PositiveIntegerField(_("antal svar"), null=True, blank=True)
    is_preliminary = models.BooleanField(_("preliminär"), default=False)
    is_suppressed = models.BooleanField(_("visas inte av utgivaren"), default=False)
    dataset_import = models.ForeignKey(DatasetImport, on_delete=models.PROTECT, related_name="values")

    class Meta:
        verbose_name = _("värde")
        verbose_name_plural = _("värden")
        ordering = ["indicator", "area", "period", "breakdown"]
        constraints = [
            models.UniqueConstraint(fields=["indicator", "area", "period", "breakdown"], name="situation_value_once"),
            models.CheckConstraint(condition=Q(period_type__in=PeriodType.values), name="situation_value_period_type"),
            models.CheckConstraint(
                condition=Q(is_suppressed=False) | Q(value__isnull=True), name="situation_value_suppressed"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator_id} {self.area_id} {self.period}"
