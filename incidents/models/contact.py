"""Where the public can turn, and when somebody answers."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from lysekil_trygghet.publishing.models import Publishable, PublishableQuerySet

from ..lifecycle import Audience
from .event import Response


class Weekday(models.IntegerChoices):
    MONDAY = 0, _("måndag")
    TUESDAY = 1, _("tisdag")
    WEDNESDAY = 2, _("onsdag")
    THURSDAY = 3, _("torsdag")
    FRIDAY = 4, _("fredag")
    SATURDAY = 5, _("lördag")
    SUNDAY = 6, _("söndag")


class ContactPoint(Publishable):
    """A contact point for the public (not the law's coordination function). Moved by operations/contact.py."""

    name = models.CharField(_("namn"), max_length=120)
    name_en = models.CharField(_("namn på engelska"), max_length=120, blank=True)
    audience = models.CharField(_("för vem"), max_length=10, choices=Audience, default=Audience.PUBLIC)
    phone = models.CharField(_("telefon"), max_length=30, blank=True)
    email = models.EmailField(_("e-post"), blank=True)
    place = models.CharField(_("besöksplats"), max_length=160, blank=True)
    what_for = models.TextField(_("vad du kan få hjälp med"), max_length=1000)
    what_for_en = models.TextField(_("vad du kan få hjälp med, på engelska"), max_length=1000, blank=True)
    not_for = models.TextField(_("vad den inte är till för"), max_length=1000, blank=True)
    not_for_en = models.TextField(_("vad den inte är till för, på engelska"), max_length=1000, blank=True)
    response = models.ForeignKey(
        Response,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="contact_points",
        verbose_name=_("insats"),
    )
    always_open = models.BooleanField(_("öppet dygnet runt"), default=False)
    order = models.PositiveSmallIntegerField(_("ordning"), default=100)

    public_texts = ("name", "name_en", "place", "what_for", "what_for_en", "not_for", "not_for_en")

    objects = PublishableQuerySet.as_manager()
    field_history = HistoricalRecords()

    class Meta:
        verbose_name = _("kontaktpunkt")
        verbose_name_plural = _("kontaktpunkter")
        ordering = ["order", "name", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(audience__in=Audience.values), name="incidents_contact_audience"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("incidents:contact_point", args=[self.pk])

    @classmethod
    def public_rows(cls) -> models.QuerySet:
        """Those for residents, not for staff."""
        return cls.objects.published().filter(audience=Audience.PUBLIC)

    @property
    def public_path(self) -> str:
        return reverse("incidents_public:contact")


class OpeningHours(models.Model):
    """Open on a weekday from a time to a time; `closes` at or before `opens` means after midnight, the next day."""

    contact_point = models.ForeignKey(ContactPoint, on_delete=models.CASCADE, related_name="hours")
    weekday = models.PositiveSmallIntegerField(_("veckodag"), choices=Weekday)
    opens = models.TimeField(_("öppnar"))
    closes = models.TimeField(_("stänger"))

    class Meta:
        verbose_name = _("öppettid")
        verbose_name_plural = _("öppettider")
        ordering = ["weekday", "opens"]
        constraints = [
            models.UniqueConstraint(fields=["contact_point", "weekday", "opens"], name="incidents_hours_once"),
            models.CheckConstraint(condition=Q(weekday__lte=6), name="incidents_hours_weekday"),
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.opens:%H.%M}–{self.closes:%H.%M}"

    @property
    def crosses_midnight(self) -> bool:
        return self.closes <= self.opens


class OpeningException(models.Model):
    """A date that differs: closed, or open other hours, instead of that weekday's."""

    contact_point = models.ForeignKey(ContactPoint, on_delete=models.CASCADE, related_name="exceptions")
    date = models.DateField(_("datum"))
    is_closed = models.BooleanField(_("stängt"), default=False)
    opens = models.TimeField(_("öppnar"), null=True, blank=True)
    closes = models.TimeField(_("stänger"), null=True, blank=True)
    note = models.CharField(_("förklaring"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("avvikande öppettid")
        verbose_name_plural = _("avvikande öppettider")
        ordering = ["date", "opens"]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_closed=True, opens__isnull=True, closes__isnull=True)
                | Q(is_closed=False, opens__isnull=False, closes__isnull=False),
                name="incidents_exception_hours",
            ),
            models.UniqueConstraint(fields=["contact_point", "date", "opens"], name="incidents_exception_once"),
        ]

    def __str__(self) -> str:
        return f"{self.date:%Y-%m-%d}"
