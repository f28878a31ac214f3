"""What people said: surveys with answers by group, dialogues with themes. Never a single person's answer."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from .area import Area
from .indicator import DatasetImport
from .source import Source

# Fewer than this are not shown: in a small place somebody could be told (docs/rules.md).
LEAST_COUNT = 5
LEAST_ANSWERS = 20


class SurveyQuestion(models.Model):
    """A question of a survey, in its own words. Written by imports."""

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="questions", verbose_name=_("underlag"))
    code = models.CharField(_("kod"), max_length=60)
    text = models.CharField(_("fråga"), max_length=300)
    text_en = models.CharField(_("fråga på engelska"), max_length=300, blank=True)
    order = models.PositiveSmallIntegerField(_("ordning"), default=0)

    field_history = HistoricalRecords()

    class Meta:
        verbose_name = _("enkätfråga")
        verbose_name_plural = _("enkätfrågor")
        ordering = ["order", "id"]
        constraints = [models.UniqueConstraint(fields=["source", "code"], name="situation_question_once")]

    def __str__(self) -> str:
        return self.text


class SurveyAnswer(models.Model):
    """How many of a group answered so. Groups under 20 answers have no share, counts under 5 are not kept."""

    question = models.ForeignKey(SurveyQuestion, on_delete=models.CASCADE, related_name="answers")
    answer = models.CharField(_("svar"), max_length=200)
    group = models.CharField(_("grupp"), max_length=200, blank=True)
    year = models.CharField(_("år"), max_length=4, blank=True)
    area = models.ForeignKey(
        Area, on_delete=models.PROTECT, null=True, blank=True, related_name="answers", verbose_name=_("område")
    )
    share = models.DecimalField(_("andel i procent"), max_digits=5, decimal_places=2, null=True, blank=True)
    count = models.PositiveIntegerField(_("antal"), null=True, blank=True)
    n = models.PositiveIntegerField(_("antal svar på frågan"), null=True, blank=True)
    low = models.DecimalField(_("lägst"), max_digits=5, decimal_places=2, null=True, blank=True)
    high = models.DecimalField(_("högst"), max_digits=5, decimal_places=2, null=True, blank=True)
    is_suppressed = models.BooleanField(_("visas inte, för få svar"), default=False)
    order = models.PositiveSmallIntegerField(default=0)
    dataset_import = models.ForeignKey(DatasetImport, on_delete=models.PROTECT, related_name="answers")

    class Meta:
        verbose_name = _("svar i enkät")
        verbose_name_plural = _("svar i enkäter")
        ordering = ["group", "order", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["question", "answer", "group", "year", "area"],
                condition=Q(area__isnull=False),
                name="situation_answer_once_there",
            ),
            models.UniqueConstraint(
                fields=["question", "answer", "group", "year"],
                condition=Q(area__isnull=True),
                name="situation_answer_once",
            ),
            models.CheckConstraint(
                condition=Q(count=None) | Q(count=0) | Q(count__gte=LEAST_COUNT), name="situation_answer_few"
            ),
            models.CheckConstraint(
                condition=Q(share=None) | (Q(share__gte=0, share__lte=100) & (Q(n=None) | Q(n__gte=LEAST_ANSWERS))),
                name="situation_answer_share",
            ),
            models.CheckConstraint(
                condition=Q(low=None) | Q(high=None) | Q(high__gte=F("low")), name="situation_answer_interval"
            ),
        ]

    def __str__(self) -> str:
        return self.answer


class Dialogue(models.Model):
    """A talk with residents or with staff: where, when, how many, and what they spoke of. Never who."""

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="dialogues", verbose_name=_("underlag"))
    held_on = models.DateField(_("dag"))
    place = models.CharField(_("var"), max_length=140)
    area = models.ForeignKey(
        Area, on_delete=models.PROTECT, null=True, blank=True, related_name="dialogues", verbose_name=_("område")
    )
    participants = models.PositiveIntegerField(_("hur många deltog"), null=True, blank=True)
    note = models.TextField(
        _("hur det gick till"), max_length=1000, blank=True, help_text=_("Ingenting om enskilda personer.")
    )
    revision = models.PositiveIntegerField(default=0, editable=False)

    field_history = HistoricalRecords()

    class Meta:
        verbose_name = _("dialog")
        verbose_name_plural = _("dialoger")
        ordering = ["-held_on", "-id"]

    def __str__(self) -> str:
        return f"{self.place} {self.held_on:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        return reverse("situation:source", args=[self.source_id])


class DialogueTheme(models.Model):
    """What was spoken of, and by how many: a number of mentions, no quotes."""

    dialogue = models.ForeignKey(Dialogue, on_delete=models.CASCADE, related_name="themes")
    theme = models.CharField(_("ämne"), max_length=120)
    theme_en = models.CharField(_("ämne på engelska"), max_length=120, blank=True)
    count = models.PositiveIntegerField(_("hur många tog upp det"))

    class Meta:
        verbose_name = _("ämne")
        verbose_name_plural = _("ämnen")
        ordering = ["-count", "theme"]
        constraints = [models.UniqueConstraint(fields=["dialogue", "theme"], name="situation_theme_once")]

    def __str__(self) -> str:
        return self.theme


class WeeklyReport(models.Model):
    """What one department saw in a week (EST): counts by kind and place, or that there was nothing to tell."""

    organisation = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, related_name="weekly_reports", verbose_name=_("lämnas av")
    )
    iso_year = models.PositiveSmallIntegerField(_("år"))
    iso_week = models.PositiveSmallIntegerField(_("vecka"))
    nothing_to_report = models.BooleanField(_("inget att rapportera"), default=False)
    reported_at = models.DateTimeField(_("lämnad"), editable=False)
    by_function = models.CharField(max_length=120, blank=True, editable=False)
    revision = models.PositiveIntegerField(default=0, editable=False)

    field_history = HistoricalRecords()

    class Meta:
        verbose_name = _("veckorapport")
        verbose_name_plural = _("veckorapporter")
        ordering = ["-iso_year", "-iso_week", "organisation"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "iso_year", "iso_week"], name="situation_week_once"),
            models.CheckConstraint(condition=Q(iso_week__gte=1, iso_week__lte=53), name="situation_week_of_year"),
        ]

    def __str__(self) -> str:
        return f"{self.iso_year} v. {self.iso_week}"


class WeeklyLine(models.Model):
    """One kind of thing seen, where, and how many times."""

    report = models.ForeignKey(WeeklyReport, on_delete=models.CASCADE, related_name="lines")
    category = models.CharField(_("vad"), max_length=80)
    area = models.ForeignKey(
        Area, on_delete=models.PROTECT, null=True, blank=True, related_name="weekly_lines", verbose_name=_("var")
    )
    count = models.PositiveIntegerField(_("antal"), default=1)
    text = models.CharField(_("kort"), max_length=200, blank=True, help_text=_("Ingenting om enskilda personer."))

    class Meta:
        verbose_name = _("rad i veckorapport")
        verbose_name_plural = _("rader i veckorapporter")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.category


class PoliceEvent(models.Model):
    """A link to what the Police tell of on their own site; never their text, never a statistic."""

    number = models.PositiveBigIntegerField(unique=True)
    published_at = models.DateTimeField(_("publicerad"))
    kind = models.CharField(_("slag"), max_length=200)
    place = models.CharField(_("plats"), max_length=200)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, null=True, blank=True, related_name="police_events")
    url = models.URLField(_("länk"), max_length=400)
    dataset_import = models.ForeignKey(DatasetImport, on_delete=models.PROTECT, related_name="police_events")

    class Meta:
        verbose_name = _("händelse hos Polisen")
        verbose_name_plural = _("händelser hos Polisen")
        ordering = ["-published_at", "-number"]
        indexes = [models.Index(fields=["area", "-published_at"], name="situation_event_by_area")]

    def __str__(self) -> str:
        return f"{self.kind}, {self.place}"
