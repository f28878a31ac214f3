"""What we know it from: each source with its method, its number of answers, and what it cannot say."""

from __future__ import annotations

from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from lysekil_trygghet.accounts.actors import Actor
from lysekil_trygghet.accounts.models import Organisation, OrganisationKind, Power, Role

from ..lifecycle import Method, SourceKind, Strength, strength_of

# Who writes for the municipality; the Police write for themselves.
WRITERS = (Role.MUNICIPAL_DIRECTOR, Role.COORDINATOR)


class SourceQuerySet(models.QuerySet["Source"]):
    def visible_to(self, actor: Actor) -> Self:
        """Those who contribute it, and whoever sees a picture that rests on it."""
        # Imported late: a picture names its sources.
        from .picture import SituationPicture

        shown = Q(pictures__in=SituationPicture.objects.visible_to(actor))
        if actor.is_police:
            shown |= Q(organisation__kind=OrganisationKind.POLICE)
        elif actor.has_role(*WRITERS) or actor.may_for(Power.DECIDE):
            shown |= ~Q(organisation__kind=OrganisationKind.POLICE)
        return self.filter(pk__in=Source.objects.filter(shown).values("pk"))


class Source(models.Model):
    """A survey, a dialogue, a statistic, or what staff know. Kept by operations/sources.py."""

    kind = models.CharField(_("slag"), max_length=30, choices=SourceKind)
    title = models.CharField(_("rubrik"), max_length=160)
    title_en = models.CharField(_("rubrik på engelska"), max_length=160, blank=True)
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        related_name="sources",
        verbose_name=_("lämnas av"),
        help_text=_("Den som bidrar med underlaget."),
    )
    publisher = models.CharField(_("utgivare"), max_length=120, blank=True)
    period_start = models.DateField(_("gäller från"), null=True, blank=True)
    period_end = models.DateField(_("gäller till"), null=True, blank=True)
    method = models.CharField(_("metod"), max_length=20, choices=Method)
    n = models.PositiveIntegerField(_("antal svar eller deltagare"), null=True, blank=True)
    response_rate = models.DecimalField(
        _("svarsandel i procent"),
        max_digits=4,
        decimal_places=1,
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
        help_text=_("Lämna tomt om svaren är självvalda: då finns ingen svarsandel."),
    )
    summary = models.TextField(_("vad det visar"), max_length=2000, blank=True)
    summary_en = models.TextField(_("vad det visar, på engelska"), max_length=2000, blank=True)
    limitations = models.TextField(
        _("vad det inte kan säga"), max_length=1000, blank=True, help_text=_("Till exempel vilka som inte svarade.")
    )
    limitations_en = models.TextField(_("vad det inte kan säga, på engelska"), max_length=1000, blank=True)
    licence = models.CharField(_("licens"), max_length=80, blank=True)
    url = models.URLField(_("länk"), max_length=400, blank=True)
    is_public = models.BooleanField(_("visas för invånarna"), default=True)
    revision = models.PositiveIntegerField(default=0, editable=False)

    objects = SourceQuerySet.as_manager()
    field_history = HistoricalRecords()

    class Meta:
        verbose_name = _("underlag")
        verbose_name_plural = _("underlag")
        ordering = ["-period_end", "kind", "title"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=SourceKind.values), name="situation_source_kind"),
            models.CheckConstraint(condition=Q(method__in=Method.values), name="situation_source_method"),
            models.CheckConstraint(
                condition=Q(period_start=None) | Q(period_end=None) | Q(period_end__gte=F("period_start")),
                name="situation_source_period",
            ),
            models.CheckConstraint(
                condition=Q(response_rate=None) | Q(response_rate__gte=0, response_rate__lte=100),
                name="situation_source_response_rate",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def strength(self) -> Strength:
        return strength_of(method=self.method, n=self.n)
