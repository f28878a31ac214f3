"""Convening, meetings, directives, situation reports, and what the Police undertake or leave open."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from lysekil_trygghet.accounts.actors import Actor
from lysekil_trygghet.accounts.models import Function, Organisation, Power, Role

from .. import whose
from ..lifecycle import (
    ConveningState,
    DirectiveState,
    MeetingKind,
    MinutesState,
    QuestionState,
    StatusReportState,
    UndertakingState,
)
from .event import Response
from .police_text import MaybePoliceTextQuerySet, PoliceText, PoliceTextQuerySet


class Meeting(PoliceText):
    """A meeting and what came of it. With the Police: their wording is public only when they confirm it.

    Moved by operations/meetings.py.
    """

    kind = models.CharField(_("slag"), max_length=20, choices=MeetingKind)
    response = models.ForeignKey(
        Response,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="meetings",
        verbose_name=_("insats"),
    )
    title = models.CharField(_("rubrik"), max_length=140)
    held_at = models.DateTimeField(_("tid"))
    place = models.CharField(_("plats"), max_length=120, blank=True)
    functions_present = models.ManyToManyField(
        Function, related_name="meetings", blank=True, verbose_name=_("deltagande funktioner")
    )
    agenda = models.TextField(_("dagordning"), max_length=3000, blank=True)
    notes = models.TextField(_("minnesanteckningar"), max_length=10000, blank=True)
    outcome_public = models.TextField(_("vad vi kom fram till, för invånarna"), max_length=3000, blank=True)
    outcome_public_en = models.TextField(_("vad vi kom fram till, på engelska"), max_length=3000, blank=True)
    minutes_state = models.CharField(
        _("anteckningar"), max_length=20, choices=MinutesState, default=MinutesState.PLANNED, editable=False
    )
    about_police = models.BooleanField(_("handlar om Polisen"), default=False, editable=False)
    diary_number = models.CharField(_("diarienummer"), max_length=40, blank=True)

    police_wording = ("outcome_public", "outcome_public_en", "title", "held_at")
    public_texts = ("title", "outcome_public", "outcome_public_en")

    objects = MaybePoliceTextQuerySet.as_manager()
    field_history = HistoricalRecords()

    class Meta:
        verbose_name = _("möte")
        verbose_name_plural = _("möten")
        ordering = ["-held_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=MeetingKind.values), name="incidents_meeting_kind"),
            models.CheckConstraint(
                condition=Q(minutes_state__in=MinutesState.values), name="incidents_meeting_minutes"
            ),
            models.CheckConstraint(
                condition=~Q(kind=MeetingKind.POLICE) | Q(about_police=True), name="incidents_meeting_police"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("incidents:meeting", args=[self.pk])

    @classmethod
    def public_rows(cls) -> models.QuerySet:
        """On a page residents may read."""
        return cls.objects.published().filter(response__in=Response.objects.published())

    @property
    def public_path(self) -> str:
        return self.response.public_url if self.response else ""


class Convening(models.Model):
    """The director calls key functions together; the call goes out when the convening moves to called."""

    response = models.ForeignKey(
        Response, on_delete=models.PROTECT, related_name="convenings", verbose_name=_("insats")
    )
    meeting_at = models.DateTimeField(_("mötestid"))
    place = models.CharField(_("plats"), max_length=120)
    purpose = models.TextField(_("vad mötet gäller"), max_length=1000)
    functions = models.ManyToManyField(Function, related_name="convenings", verbose_name=_("kallade funktioner"))
    state = models.CharField(
        _("status"), max_length=20, choices=ConveningState, default=ConveningState.DRAFT, editable=False
    )
    called_at = models.DateTimeField(null=True, blank=True, editable=False)
    called_by_function = models.CharField(max_length=120, blank=True, editable=False)
    cancelled_at = models.DateTimeField(null=True, blank=True, editable=False)
    meeting = models.OneToOneField(
        Meeting, on_delete=models.PROTECT, null=True, blank=True, related_name="convening", editable=False
    )
    revision = models.PositiveIntegerField(default=0, editable=False)
    field_history = HistoricalRecords()

    class Meta:
        verbose_name = _("sammankallning")
        verbose_name_plural = _("sammankallningar")
        ordering = ["-meeting_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ConveningState.values), name="incidents_convening_state"),
        ]

    def __str__(self) -> str:
        return _("Sammankallning till insatsen %(response)s") % {"response": self.response.title}

    def get_absolute_url(self) -> str:
        return reverse("incidents:convening", args=[self.pk])

    @property
    def subject_key(self) -> str:
        return f"incidents.convening:{self.pk}"


class Directive(models.Model):
    """A directive the director gave at a meeting, before the steering decision: short, to one organisation."""

    response = models.ForeignKey(Response, on_delete=models.PROTECT, related_name="directives")
    meeting = models.ForeignKey(
        Meeting, on_delete=models.PROTECT, null=True, blank=True, related_name="directives", verbose_name=_("möte")
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="directives", verbose_name=_("till")
    )
    text = models.TextField(_("direktiv"), max_length=1000)
    given_at = models.DateTimeField()
    given_by_function = models.CharField(max_length=120)
    state = models.CharField(max_length=20, choices=DirectiveState, default=DirectiveState.GIVEN, editable=False)
    revision = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("direktiv")
        verbose_name_plural = _("direktiv")
        ordering = ["given_at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=DirectiveState.values), name="incidents_directive_state"),
        ]

    def __str__(self) -> str:
        return _("Direktiv till %(organisation)s") % {"organisation": self.organisation.name}


# They read what every department submitted.
STATUS_READERS = (Role.MUNICIPAL_DIRECTOR, Role.COORDINATOR, Role.REGISTRAR, Role.AUDITOR, Role.RESEARCHER)


class StatusReportQuerySet(models.QuerySet["StatusReport"]):
    def visible_to(self, actor: Actor) -> Self:
        """Drafts: own organisation. Submitted: leaders, own organisation, registrar, auditor, researcher."""
        own = Q(organisation__in=whose.answers_for(actor))
        if actor.has_role(*STATUS_READERS) or actor.may_for(Power.DECIDE):
            return self.filter(own | Q(state=StatusReportState.SUBMITTED))
        return self.filter(own)


class StatusReport(models.Model):
    """How it looks from one department. Draft seen by the own organisation only."""

    response = models.ForeignKey(
        Response, on_delete=models.PROTECT, related_name="status_reports", verbose_name=_("insats")
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="status_reports", verbose_name=_("från")
    )
    text = models.TextField(_("lägesrapport"), max_length=4000)
    state = models.CharField(
        _("status"), max_length=20, choices=StatusReportState, default=StatusReportState.DRAFT, editable=False
    )
    reported_at = models.DateTimeField(null=True, blank=True, editable=False)
    reported_by_function = models.CharField(max_length=120, blank=True, editable=False)
    revision = models.PositiveIntegerField(default=0, editable=False)

    objects = StatusReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("lägesrapport")
        verbose_name_plural = _("lägesrapporter")
        ordering = ["-reported_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=StatusReportState.values), name="incidents_status_report_state"
            ),
        ]

    def __str__(self) -> str:
        return _("Lägesrapport från %(organisation)s") % {"organisation": self.organisation.name}

    def get_absolute_url(self) -> str:
        return reverse("incidents:status_report", args=[self.pk])


class OpenQuestion(models.Model):
    """A question nobody could answer yet (cameras); carried from meeting to meeting until it is answered."""

    response = models.ForeignKey(Response, on_delete=models.PROTECT, related_name="open_questions")
    text = models.TextField(_("fråga"), max_length=600)
    raised_at_meeting = models.ForeignKey(
        Meeting, on_delete=models.PROTECT, related_name="questions_raised", verbose_name=_("väckt på mötet")
    )
    state = models.CharField(max_length=20, choices=QuestionState, default=QuestionState.OPEN, editable=False)
    answer = models.TextField(_("svar"), max_length=2000, blank=True)
    answered_at_meeting = models.ForeignKey(
        Meeting, on_delete=models.PROTECT, null=True, blank=True, related_name="questions_answered"
    )
    revision = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("öppen fråga")
        verbose_name_plural = _("öppna frågor")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=QuestionState.values), name="incidents_question_state"),
            models.CheckConstraint(
                condition=Q(state=QuestionState.OPEN) | ~Q(answer=""), name="incidents_question_answer"
            ),
        ]

    def __str__(self) -> str:
        return self.text[:100]


class QuestionHandling(models.Model):
    """That an open question stood on a meeting's agenda, and what was said."""

    question = models.ForeignKey(OpenQuestion, on_delete=models.PROTECT, related_name="handlings")
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="question_handlings")
    note = models.TextField(_("vad som sades"), max_length=1000, blank=True)

    class Meta:
        verbose_name = _("behandlad fråga")
        verbose_name_plural = _("behandlade frågor")
        ordering = ["question_id", "meeting__held_at"]
        constraints = [
            models.UniqueConstraint(fields=["question", "meeting"], name="incidents_question_once_per_meeting"),
        ]

    def __str__(self) -> str:
        return f"{self.question}"


class PoliceUndertaking(PoliceText):
    """What the Police themselves undertake after a meeting: a line with a status, moved by police roles only."""

    response = models.ForeignKey(Response, on_delete=models.PROTECT, related_name="police_undertakings")
    meeting = models.ForeignKey(
        Meeting, on_delete=models.PROTECT, null=True, blank=True, related_name="undertakings", verbose_name=_("möte")
    )
    text = models.TextField(_("Polisen gör"), max_length=600)
    text_en = models.TextField(_("Polisen gör, på engelska"), max_length=600, blank=True)
    from_when = models.CharField(_("från när"), max_length=60, blank=True)
    state = models.CharField(
        _("status"), max_length=20, choices=UndertakingState, default=UndertakingState.PLANNED, editable=False
    )

    police_wording = ("text", "text_en", "from_when")
    public_texts = police_wording

    objects = PoliceTextQuerySet.as_manager()
    field_history = HistoricalRecords()

    class Meta:
        verbose_name = _("Polisens åtagande")
        verbose_name_plural = _("Polisens åtaganden")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=UndertakingState.values), name="incidents_undertaking_state"),
        ]

    def __str__(self) -> str:
        return self.text[:100]

    @classmethod
    def public_rows(cls) -> models.QuerySet:
        """On a page residents may read."""
        return cls.objects.published().filter(response__in=Response.objects.published())

    @property
    def public_path(self) -> str:
        return self.response.public_url
