"""What the sources say, which problems follow, and why they may be there."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from lysekil_trygghet.accounts.models import Organisation

from ..lifecycle import CauseLevel, Confidence, FindingKind, Trend
from .area import Area
from .picture import SituationPicture
from .source import Source

# The most a member of the group can give a problem.
MOST_POINTS = 10


class Finding(models.Model):
    """One claim, with how it develops, how sure we are, and the sources it rests on (at least one).

    Written by operations/findings.py, which clears the confirmations of the picture.
    """

    picture = models.ForeignKey(SituationPicture, on_delete=models.CASCADE, related_name="findings")
    order = models.PositiveSmallIntegerField(_("ordning"), default=0)
    kind = models.CharField(_("slag"), max_length=20, choices=FindingKind, default=FindingKind.MAPPING)
    claim = models.TextField(_("iakttagelse"), max_length=600)
    claim_en = models.TextField(_("iakttagelse på engelska"), max_length=600, blank=True)
    trend = models.CharField(_("utveckling"), max_length=10, choices=Trend, default=Trend.UNKNOWN)
    confidence = models.CharField(_("hur säkert"), max_length=10, choices=Confidence, default=Confidence.MEDIUM)
    area = models.ForeignKey(
        Area, on_delete=models.PROTECT, null=True, blank=True, related_name="findings", verbose_name=_("område")
    )
    sources = models.ManyToManyField(Source, related_name="findings", verbose_name=_("underlag"))
    is_public = models.BooleanField(_("visas för invånarna"), default=True)
    revision = models.PositiveIntegerField(default=0, editable=False)

    field_history = HistoricalRecords()

    class Meta:
        verbose_name = _("iakttagelse")
        verbose_name_plural = _("iakttagelser")
        ordering = ["order", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=FindingKind.values), name="situation_finding_kind"),
            models.CheckConstraint(condition=Q(trend__in=Trend.values), name="situation_finding_trend"),
            models.CheckConstraint(condition=Q(confidence__in=Confidence.values), name="situation_finding_confidence"),
        ]

    def __str__(self) -> str:
        return self.claim[:100]


class Problem(models.Model):
    """What goes wrong, where, when and for whom; ranked, with the reasons for the rank. operations/problems.py."""

    picture = models.ForeignKey(SituationPicture, on_delete=models.CASCADE, related_name="problems")
    rank = models.PositiveSmallIntegerField(_("prioritet"), default=1)
    title = models.CharField(_("rubrik"), max_length=140)
    title_en = models.CharField(_("rubrik på engelska"), max_length=140, blank=True)
    what = models.TextField(_("vad"), max_length=1500, blank=True)
    what_en = models.TextField(_("vad, på engelska"), max_length=1500, blank=True)
    where = models.TextField(_("var"), max_length=600, blank=True)
    where_en = models.TextField(_("var, på engelska"), max_length=600, blank=True)
    when = models.TextField(_("när"), max_length=600, blank=True)
    when_en = models.TextField(_("när, på engelska"), max_length=600, blank=True)
    who = models.TextField(
        _("vilka berörs"), max_length=600, blank=True, help_text=_("Grupper, aldrig enskilda personer.")
    )
    who_en = models.TextField(_("vilka berörs, på engelska"), max_length=600, blank=True)
    rationale = models.TextField(_("varför den prioriteten"), max_length=1500, blank=True)
    rationale_en = models.TextField(_("varför den prioriteten, på engelska"), max_length=1500, blank=True)
    findings = models.ManyToManyField(Finding, related_name="problems", blank=True, verbose_name=_("iakttagelser"))
    areas = models.ManyToManyField(Area, related_name="problems", blank=True, verbose_name=_("områden"))
    is_public = models.BooleanField(_("visas för invånarna"), default=True)
    revision = models.PositiveIntegerField(default=0, editable=False)

    field_history = HistoricalRecords()

    class Meta:
        verbose_name = _("problem")
        verbose_name_plural = _("problem")
        ordering = ["rank", "id"]

    def __str__(self) -> str:
        return self.title


class CauseAnalysis(models.Model):
    """Why a problem may be there: a hypothesis on one level, and what speaks for it. operations/problems.py."""

    problem = models.ForeignKey(Problem, on_delete=models.CASCADE, related_name="causes")
    order = models.PositiveSmallIntegerField(_("ordning"), default=0)
    level = models.CharField(_("nivå"), max_length=20, choices=CauseLevel)
    hypothesis = models.TextField(_("trolig orsak"), max_length=1000)
    hypothesis_en = models.TextField(_("trolig orsak på engelska"), max_length=1000, blank=True)
    evidence = models.TextField(_("vad som talar för det"), max_length=1500, blank=True)
    evidence_en = models.TextField(_("vad som talar för det, på engelska"), max_length=1500, blank=True)
    is_public = models.BooleanField(_("visas för invånarna"), default=True)
    revision = models.PositiveIntegerField(default=0, editable=False)

    field_history = HistoricalRecords()

    class Meta:
        verbose_name = _("orsaksanalys")
        verbose_name_plural = _("orsaksanalyser")
        ordering = ["level", "order", "id"]
        constraints = [models.CheckConstraint(condition=Q(level__in=CauseLevel.values), name="situation_cause_level")]

    def __str__(self) -> str:
        return self.hypothesis[:100]


class ProblemPoints(models.Model):
    """How much one member of the group thinks a problem weighs, before the joint order. operations/ranking.py.

    Inside, never public: what residents read is the joint order with its reasons.
    """

    problem = models.ForeignKey(Problem, on_delete=models.CASCADE, related_name="points")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="problem_points")
    points = models.PositiveSmallIntegerField(_("poäng"))
    given_at = models.DateTimeField(editable=False)
    by_function = models.CharField(max_length=120, blank=True, editable=False)

    class Meta:
        verbose_name = _("poäng till ett problem")
        verbose_name_plural = _("poäng till problem")
        ordering = ["organisation", "problem"]
        constraints = [
            models.UniqueConstraint(fields=["problem", "organisation"], name="situation_points_once"),
            models.CheckConstraint(condition=Q(points__lte=MOST_POINTS), name="situation_points_most"),
        ]

    def __str__(self) -> str:
        return f"{self.problem_id}: {self.points}"
