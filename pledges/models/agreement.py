"""What stands behind the promises: the written agreement, and the municipality's plan of measures."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from lysekil_trygghet.accounts.models import Organisation
from situation.models import CauseAnalysis, Problem, SituationPicture

from ..lifecycle import Delivery, PlanState


class CooperationAgreement(models.Model):
    """A written agreement with purposes and areas of cooperation (lag 2023:196, 9 §). operations/agreements.py."""

    title = models.CharField(_("rubrik"), max_length=140)
    purposes = models.TextField(_("syften"), max_length=3000)
    areas_of_cooperation = models.TextField(_("områden för samverkan"), max_length=3000)
    parties = models.ManyToManyField(Organisation, related_name="agreements", verbose_name=_("parter"))
    valid_from = models.DateField(_("gäller från"))
    valid_to = models.DateField(_("gäller till"), null=True, blank=True)
    signed_on = models.DateField(_("undertecknad"), null=True, blank=True)
    diary_number = models.CharField(_("diarienummer"), max_length=60, blank=True)
    url = models.URLField(_("länk till dokumentet"), max_length=400, blank=True)
    revision = models.PositiveIntegerField(default=0, editable=False)

    field_history = HistoricalRecords()

    class Meta:
        verbose_name = _("överenskommelse")
        verbose_name_plural = _("överenskommelser")
        ordering = ["-valid_from", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="pledges_agreement_dates"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("pledges:agreement", args=[self.pk])

    def is_in_force(self, today: dt.date) -> bool:
        return (
            self.signed_on is not None
            and self.valid_from <= today
            and (self.valid_to is None or today <= self.valid_to)
        )


class ActionPlan(models.Model):
    """The measures the municipality means to take (lag 2023:196, 5 §), built on a picture. operations/plans.py."""

    title = models.CharField(_("rubrik"), max_length=140)
    picture = models.ForeignKey(
        SituationPicture,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="plans",
        verbose_name=_("bygger på lägesbilden"),
    )
    valid_from = models.DateField(_("gäller från"))
    valid_to = models.DateField(_("gäller till"), null=True, blank=True)
    decided_on = models.DateField(_("beslutad"), null=True, blank=True, editable=False)
    decided_by = models.CharField(_("beslutad av"), max_length=120, blank=True, editable=False)
    minutes_ref = models.CharField(_("protokoll"), max_length=200, blank=True, editable=False)
    followed_up_on = models.DateField(_("uppföljd"), null=True, blank=True, editable=False)
    diary_number = models.CharField(_("diarienummer"), max_length=60, blank=True)
    state = models.CharField(_("status"), max_length=20, choices=PlanState, default=PlanState.DRAFT, editable=False)
    revision = models.PositiveIntegerField(default=0, editable=False)

    field_history = HistoricalRecords()

    class Meta:
        verbose_name = _("åtgärdsplan")
        verbose_name_plural = _("åtgärdsplaner")
        ordering = ["-valid_from", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=PlanState.values), name="pledges_plan_state"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="pledges_plan_dates"
            ),
            models.CheckConstraint(
                condition=Q(state=PlanState.DRAFT) | Q(decided_on__isnull=False), name="pledges_plan_decided"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("pledges:plan", args=[self.pk])


class Measure(models.Model):
    """One measure against one problem and its causes, with one responsible organisation. operations/plans.py."""

    plan = models.ForeignKey(ActionPlan, on_delete=models.PROTECT, related_name="measures", verbose_name=_("plan"))
    order = models.PositiveSmallIntegerField(_("ordning"), default=0)
    # A measure without a problem is what the follow-up of pledges warns of.
    problem = models.ForeignKey(Problem, on_delete=models.PROTECT, related_name="measures", verbose_name=_("problem"))
    causes = models.ManyToManyField(
        CauseAnalysis, related_name="measures", blank=True, verbose_name=_("orsaker den ska påverka")
    )
    title = models.CharField(_("rubrik"), max_length=140)
    description = models.TextField(_("vad som ska göras"), max_length=3000)
    target_group = models.CharField(_("målgrupp eller plats"), max_length=300, blank=True)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="measures", verbose_name=_("ansvarig")
    )
    contributing = models.ManyToManyField(
        Organisation, related_name="measures_helped", blank=True, verbose_name=_("medverkar")
    )
    starts_on = models.DateField(_("börjar"), null=True, blank=True)
    ends_on = models.DateField(_("slutar"), null=True, blank=True)
    planned_dose = models.CharField(
        _("planerad omfattning"), max_length=200, blank=True, help_text=_("Hur många och hur ofta.")
    )
    resources = models.CharField(_("resurser"), max_length=300, blank=True)
    goal = models.TextField(_("mål"), max_length=600, blank=True)
    indicator = models.CharField(_("mått"), max_length=200, blank=True)
    baseline = models.CharField(_("utgångsläge"), max_length=120, blank=True)
    target = models.CharField(_("målvärde"), max_length=120, blank=True)
    follow_up_plan = models.CharField(_("hur och när den följs upp"), max_length=300, blank=True)
    is_public = models.BooleanField(_("visas för invånarna"), default=False)
    state = models.CharField(_("status"), max_length=20, choices=Delivery, default=Delivery.PLANNED, editable=False)
    revision = models.PositiveIntegerField(default=0, editable=False)

    field_history = HistoricalRecords()

    class Meta:
        verbose_name = _("åtgärd")
        verbose_name_plural = _("åtgärder")
        ordering = ["order", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=Delivery.values), name="pledges_measure_state"),
            models.CheckConstraint(
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="pledges_measure_dates",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("pledges:measure", args=[self.pk])
