"""What happened, and the intensified work that answers it."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from lysekil_trygghet.publishing.models import Publishable, PublishableQuerySet
from situation.models import Area, Problem

from ..lifecycle import EventKind, ResponseLevel, ResponseState
from .police_text import PoliceText, PoliceTextQuerySet


class SeriousEvent(PoliceText):
    """A serious event as the municipality knows it: no police case number, no persons (docs/rules.md).

    Moved by operations/events.py; the summary is published once the Police have confirmed it.
    """

    title = models.CharField(_("rubrik"), max_length=140)
    kind = models.CharField(_("slag"), max_length=20, choices=EventKind)
    occurred_from = models.DateTimeField(_("började"))
    occurred_to = models.DateTimeField(_("slutade"), null=True, blank=True)
    place = models.CharField(_("plats"), max_length=120, help_text=_("Område eller plats, aldrig en bostadsadress."))
    area = models.ForeignKey(
        Area, on_delete=models.PROTECT, null=True, blank=True, related_name="events", verbose_name=_("område")
    )
    problems = models.ManyToManyField(
        Problem,
        related_name="events",
        blank=True,
        verbose_name=_("problem i lägesbilden"),
        help_text=_("De problem som händelsen hör ihop med."),
    )
    internal_note = models.TextField(_("intern anteckning"), max_length=2000, blank=True)
    public_summary = models.TextField(_("text till invånarna"), max_length=2000, blank=True)
    public_summary_en = models.TextField(_("text till invånarna på engelska"), max_length=2000, blank=True)

    police_wording = ("public_summary", "public_summary_en", "title", "place", "occurred_from", "occurred_to")

    public_texts = ("title", "place", "public_summary", "public_summary_en")

    objects = PoliceTextQuerySet.as_manager()
    field_history = HistoricalRecords()

    class Meta:
        verbose_name = _("allvarlig händelse")
        verbose_name_plural = _("allvarliga händelser")
        ordering = ["-occurred_from", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=EventKind.values), name="incidents_event_kind"),
            models.CheckConstraint(
                condition=Q(occurred_to=None) | Q(occurred_to__gte=F("occurred_from")), name="incidents_event_times"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("incidents:event", args=[self.pk])

    @classmethod
    def public_rows(cls) -> models.QuerySet:
        """On a page residents may read."""
        return cls.objects.published().filter(responses__in=Response.objects.published()).distinct()

    @property
    def public_path(self) -> str:
        response = Response.objects.published().filter(events=self).order_by("-started_at").first()
        return response.public_url if response else ""


class ResponseQuerySet(PublishableQuerySet):
    def ongoing(self) -> Self:
        return self.filter(state=ResponseState.ACTIVE)


class Response(Publishable):
    """Intensified safety work from the first call to the closing text. Moved by operations/responses.py."""

    slug = models.SlugField(_("adress"), max_length=80, unique=True)
    title = models.CharField(_("rubrik"), max_length=140)
    title_en = models.CharField(_("rubrik på engelska"), max_length=140, blank=True)
    level = models.CharField(_("läge"), max_length=20, choices=ResponseLevel, default=ResponseLevel.INTENSIFIED)
    state = models.CharField(
        _("status"), max_length=20, choices=ResponseState, default=ResponseState.ACTIVE, editable=False
    )
    started_at = models.DateTimeField(_("började"))
    ended_at = models.DateTimeField(_("avslutades"), null=True, blank=True, editable=False)
    background = models.TextField(_("bakgrund"), max_length=5000, blank=True)
    background_en = models.TextField(_("bakgrund på engelska"), max_length=5000, blank=True)
    easy_text = models.TextField(
        _("på lättläst"),
        max_length=600,
        blank=True,
        db_default="",
        help_text=_("Det viktigaste i korta meningar med vanliga ord: vad som har hänt, vad ni gör, vart man ringer."),
    )
    limits_text = models.TextField(
        _("vad kommunen inte kan göra"),
        max_length=3000,
        blank=True,
        help_text=_("Till exempel: att ingripa mot pågående brott är Polisens uppgift."),
    )
    limits_text_en = models.TextField(_("vad kommunen inte kan göra, på engelska"), max_length=3000, blank=True)
    closing_text = models.TextField(_("avslutande text"), max_length=5000, blank=True)
    closing_text_en = models.TextField(_("avslutande text på engelska"), max_length=5000, blank=True)
    events = models.ManyToManyField(SeriousEvent, related_name="responses", blank=True, verbose_name=_("händelser"))

    public_texts = (
        *("title", "title_en", "background", "background_en", "easy_text", "limits_text", "limits_text_en"),
        *("closing_text", "closing_text_en"),
    )

    objects = ResponseQuerySet.as_manager()
    field_history = HistoricalRecords()

    class Meta:
        verbose_name = _("insats")
        verbose_name_plural = _("insatser")
        ordering = ["-started_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(level__in=ResponseLevel.values), name="incidents_response_level"),
            models.CheckConstraint(condition=Q(state__in=ResponseState.values), name="incidents_response_state"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("incidents:response", args=[self.pk])

    @property
    def public_url(self) -> str:
        return reverse("incidents_public:response", args=[self.slug])

    def texts_read(self) -> dict[str, str]:
        """The closing text only when it has ended."""
        texts = super().texts_read()
        if self.state != ResponseState.ENDED:
            del texts["closing_text"], texts["closing_text_en"]
        return texts
