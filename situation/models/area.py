"""Where: the municipality, its statistical areas, and places people speak of."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from ..lifecycle import AreaKind


class Area(models.Model):
    """A municipality, a statistical area of SCB or a place with a name. Kept by operations/areas.py.

    Municipalities, counties and the country come with the first number told of them and are not in use as places.
    """

    kind = models.CharField(_("slag"), max_length=20, choices=AreaKind, default=AreaKind.PLACE)
    code = models.CharField(_("kod"), max_length=20, blank=True, help_text=_("SCB:s kod, om området har en."))
    version = models.CharField(_("version"), max_length=10, blank=True, help_text=_("Till exempel 2025."))
    name = models.CharField(_("namn"), max_length=100)
    name_en = models.CharField(_("namn på engelska"), max_length=100, blank=True)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="parts", verbose_name=_("del av")
    )
    # GeoJSON in WGS 84: Polygon or MultiPolygon; empty for a place people speak of.
    geometry = models.JSONField(null=True, blank=True, editable=False)
    is_public = models.BooleanField(_("visas för invånarna"), default=True)
    is_active = models.BooleanField(_("används"), default=True)
    revision = models.PositiveIntegerField(default=0, editable=False)

    field_history = HistoricalRecords()

    class Meta:
        verbose_name = _("område")
        verbose_name_plural = _("områden")
        ordering = ["kind", "name"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=AreaKind.values), name="situation_area_kind"),
            models.UniqueConstraint(
                fields=["kind", "code", "version"], condition=~Q(code=""), name="situation_area_code_once"
            ),
            models.UniqueConstraint(
                fields=["kind", "name", "version"], condition=Q(code=""), name="situation_area_name_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name
