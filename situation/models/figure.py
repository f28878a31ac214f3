"""Drawings of a picture's numbers, each with its table and what it says; fixed when the picture is adopted."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from ..lifecycle import FigureKind
from .answers import SurveyQuestion
from .indicator import Indicator
from .picture import SituationPicture
from .source import Source


class FigureQuerySet(models.QuerySet["Figure"]):
    def published(self) -> Self:
        """Figures residents may see: public ones of published pictures, as they were frozen."""
        pictures = SituationPicture.objects.published()
        return self.filter(picture__in=pictures, is_public=True, frozen_at__isnull=False)


class Figure(models.Model):
    """What is drawn and how it is looked at. Until the picture is adopted it follows the numbers; then it is `frozen`.

    Written by operations/figures.py, drawn by situation/figures.py.
    """

    picture = models.ForeignKey(SituationPicture, on_delete=models.CASCADE, related_name="figures")
    order = models.PositiveSmallIntegerField(_("ordning"), default=0)
    kind = models.CharField(_("slag"), max_length=20, choices=FigureKind)
    title = models.CharField(_("rubrik"), max_length=140)
    title_en = models.CharField(_("rubrik på engelska"), max_length=140, blank=True)
    # Whose numbers they are: always one, and one of the picture's.
    source = models.ForeignKey(
        Source, on_delete=models.PROTECT, related_name="drawn_figures", verbose_name=_("underlag")
    )
    indicator = models.ForeignKey(
        Indicator, on_delete=models.PROTECT, null=True, blank=True, related_name="figures", verbose_name=_("siffra")
    )
    question = models.ForeignKey(
        SurveyQuestion,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="figures",
        verbose_name=_("fråga"),
    )
    # Areas, periods and way of counting (situation/figures.py, Look).
    look = models.JSONField(default=dict, blank=True)
    comment = models.TextField(
        _("vad figuren visar"), max_length=600, blank=True, help_text=_("En eller två meningar för den som läser.")
    )
    comment_en = models.TextField(_("vad figuren visar, på engelska"), max_length=600, blank=True)
    is_public = models.BooleanField(_("visas för invånarna"), default=True)
    # By language: drawing, table, alternative text and source line as they were when the picture was adopted.
    frozen = models.JSONField(default=dict, blank=True, editable=False)
    frozen_at = models.DateTimeField(null=True, blank=True, editable=False)
    revision = models.PositiveIntegerField(default=0, editable=False)

    objects = FigureQuerySet.as_manager()
    field_history = HistoricalRecords(excluded_fields=["frozen"])

    class Meta:
        verbose_name = _("figur")
        verbose_name_plural = _("figurer")
        ordering = ["order", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=FigureKind.values), name="situation_figure_kind"),
            models.CheckConstraint(
                condition=Q(kind="SHARES", question__isnull=False)
                | Q(kind="THEMES")
                | Q(kind__in=["LINE", "COMPARE", "MAP"], indicator__isnull=False),
                name="situation_figure_of_something",
            ),
        ]

    def __str__(self) -> str:
        return self.title
