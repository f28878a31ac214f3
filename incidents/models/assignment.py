"""Assignments to departments, what they report back, what they ask for, and every moved day."""

from __future__ import annotations

import datetime as dt
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from lysekil_trygghet.accounts.actors import Actor
from lysekil_trygghet.accounts.models import Organisation, Power, Role
from lysekil_trygghet.publishing.models import Publishable, PublishableQuerySet, ReadByResidents
from pledges.models import Commitment

from .. import whose
from ..lifecycle import (
    ASSIGNMENTS_OPEN,
    ASSIGNMENTS_OWED,
    AssignmentState,
    HowFar,
    Outcome,
    ReportState,
    RequestKind,
    RequestState,
)
from .decision import DirectionPoint, SteeringDecision
from .event import Response

LEADERS = (Role.MUNICIPAL_DIRECTOR, Role.COORDINATOR)
# They see every issued assignment and every submitted report, and change nothing.
OVERSEERS = (Role.REGISTRAR, Role.AUDITOR, Role.ADMINISTRATOR, Role.COMMUNICATOR, Role.RESEARCHER, Role.ELECTED)


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def visible_to(self, actor: Actor) -> Self:
        """Leaders: all. Own organisation: what was issued to it. Overseers: what was issued. Police: nothing.

        The Police see assignments only as residents do, or through a shared draft (docs/rules.md).
        """
        if actor.has_role(*LEADERS) or actor.may_for(Power.DECIDE):
            return self
        issued = self.exclude(state=AssignmentState.DRAFT)
        if actor.has_role(*OVERSEERS) or whose.judges_by_delegation(actor):
            return issued
        return issued.filter(organisation__in=whose.answers_for(actor))

    def owed(self) -> Self:
        """The organisation owes an answer."""
        return self.filter(state__in=ASSIGNMENTS_OWED)

    def open(self) -> Self:
        return self.filter(state__in=ASSIGNMENTS_OPEN)

    def overdue(self, now: dt.datetime) -> Self:
        """Owed and past the day. A submitted report answers, whatever it says (docs/rules.md)."""
        return self.owed().filter(due_at__lt=now)

    def shown_to_residents(self) -> Self:
        """Assignments residents may read: marked public, of a published decision, issued and not taken back."""
        return self.filter(
            is_public=True,
            decision__published_at__isnull=False,
            decision__withdrawn_at__isnull=True,
        ).exclude(state__in=[AssignmentState.DRAFT, AssignmentState.CANCELLED])


class Assignment(ReadByResidents):
    """One thing one organisation must do and report back by a day. Moved by operations/assignments.py."""

    decision = models.ForeignKey(
        SteeringDecision, on_delete=models.PROTECT, related_name="assignments", verbose_name=_("beslut")
    )
    order = models.PositiveSmallIntegerField(_("nummer"), editable=False)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="assignments", verbose_name=_("ansvarig")
    )
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="assignments_handled",
        verbose_name=_("handläggare"),
    )
    points = models.ManyToManyField(DirectionPoint, related_name="assignments", verbose_name=_("inriktningspunkter"))
    commitment = models.ForeignKey(
        Commitment,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="assignments",
        verbose_name=_("hör till löftet"),
    )
    title = models.CharField(_("rubrik"), max_length=140)
    instruction = models.TextField(_("uppdrag"), max_length=4000)
    due_at = models.DateTimeField(_("återrapport senast"))
    state = models.CharField(
        _("status"), max_length=20, choices=AssignmentState, default=AssignmentState.DRAFT, editable=False
    )
    is_public = models.BooleanField(_("visas för invånarna"), default=False)
    public_text = models.TextField(_("text till invånarna"), max_length=1000, blank=True)
    public_text_en = models.TextField(_("text till invånarna på engelska"), max_length=1000, blank=True)
    issued_at = models.DateTimeField(null=True, blank=True, editable=False)
    # When the ladder of reminders that runs now began: issued, returned, or given a new day.
    ladder_from = models.DateTimeField(null=True, blank=True, editable=False)
    acknowledged_at = models.DateTimeField(null=True, blank=True, editable=False)
    reported_at = models.DateTimeField(null=True, blank=True, editable=False)
    accepted_at = models.DateTimeField(null=True, blank=True, editable=False)
    # Why an unfinished piece of work could be accepted as it was.
    closing_reason = models.TextField(max_length=1000, blank=True, editable=False)
    # A recorded exception: the decision may be followed up although this was never accepted.
    exception_reason = models.TextField(max_length=1000, blank=True, editable=False)
    cancelled_reason = models.TextField(max_length=1000, blank=True, editable=False)
    revision = models.PositiveIntegerField(default=0, editable=False)

    public_texts = ("public_text", "public_text_en")

    objects = AssignmentQuerySet.as_manager()
    field_history = HistoricalRecords()

    class Meta:
        verbose_name = _("uppdrag")
        verbose_name_plural = _("uppdrag")
        ordering = ["due_at", "order", "id"]
        constraints = [
            models.UniqueConstraint(fields=["decision", "order"], name="incidents_assignment_number"),
            models.CheckConstraint(condition=Q(state__in=AssignmentState.values), name="incidents_assignment_state"),
            models.CheckConstraint(
                condition=Q(state__in=[AssignmentState.DRAFT, AssignmentState.CANCELLED])
                | Q(issued_at__isnull=False, ladder_from__isnull=False),
                name="incidents_assignment_issued",
            ),
            models.CheckConstraint(
                condition=~Q(state=AssignmentState.CANCELLED) | ~Q(cancelled_reason=""),
                name="incidents_assignment_cancelled_says_why",
            ),
        ]
        indexes = [models.Index(fields=["state", "due_at"], name="incidents_assignment_due")]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("incidents:assignment", args=[self.pk])

    @classmethod
    def public_rows(cls) -> models.QuerySet:
        """On a page residents may read."""
        return cls.objects.shown_to_residents().filter(decision__response__in=Response.objects.published())

    @property
    def public_path(self) -> str:
        return self.decision.response.public_url

    @property
    def number(self) -> str:
        """As people say it: decision 2020-1, assignment 3 is "2020-1:3". Read with select_related("decision")."""
        return f"{self.decision.number}:{self.order}"

    @property
    def neutral_title(self) -> str:
        """What a mail may say: never what somebody wrote (docs/rules.md)."""
        return _("Uppdrag %(number)s till %(organisation)s") % {
            "number": self.number,
            "organisation": self.organisation.name,
        }

    @property
    def subject_key(self) -> str:
        """The name of this thing in the ledger of notifications."""
        return f"incidents.assignment:{self.pk}"

    @property
    def is_owed(self) -> bool:
        return self.state in ASSIGNMENTS_OWED

    @property
    def is_open(self) -> bool:
        return self.state in ASSIGNMENTS_OPEN

    def is_overdue(self, now: dt.datetime) -> bool:
        return self.is_owed and self.due_at < now


class DueChange(models.Model):
    """A moved day with its reason: nobody moves a day in silence."""

    class Cause(models.TextChoices):
        GRANTED = "GRANTED", _("Mer tid beviljad")
        RETURNED = "RETURNED", _("Återrapporten ska kompletteras")
        CONTINUED = "CONTINUED", _("Arbetet fortsätter")
        REVISED = "REVISED", _("Beslutet reviderades")
        MOVED = "MOVED", _("Dagen flyttades")

    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="due_changes")
    old_due_at = models.DateTimeField()
    new_due_at = models.DateTimeField()
    cause = models.CharField(max_length=20, choices=Cause)
    reason = models.TextField(max_length=1000)
    changed_at = models.DateTimeField()
    by_function = models.CharField(max_length=120)

    class Meta:
        verbose_name = _("flyttad dag")
        verbose_name_plural = _("flyttade dagar")
        ordering = ["changed_at", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="incidents_due_change_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.old_due_at:%Y-%m-%d} → {self.new_due_at:%Y-%m-%d}"


class ProgressNote(models.Model):
    """A short word on how it goes, at any time, without being the report."""

    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="progress_notes")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    how_far = models.CharField(_("hur långt"), max_length=20, choices=HowFar)
    text = models.CharField(_("vad"), max_length=300, blank=True)
    noted_at = models.DateTimeField()
    by_function = models.CharField(max_length=120)

    class Meta:
        verbose_name = _("lägesnotering")
        verbose_name_plural = _("lägesnoteringar")
        ordering = ["-noted_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(how_far__in=HowFar.values), name="incidents_progress_how_far"),
        ]

    def __str__(self) -> str:
        return f"{self.get_how_far_display()}"


class AssignmentRequest(models.Model):
    """A department asks for more time, or declines and says who should have it; the director answers."""

    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="requests")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("begäran"), max_length=20, choices=RequestKind)
    reason = models.TextField(_("skäl"), max_length=1000)
    proposed_due_at = models.DateTimeField(_("föreslagen dag"), null=True, blank=True)
    proposed_organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("vem bör ha uppdraget"),
    )
    asked_at = models.DateTimeField()
    asked_by_function = models.CharField(max_length=120)
    state = models.CharField(max_length=20, choices=RequestState, default=RequestState.OPEN, editable=False)
    answer = models.TextField(_("svar"), max_length=1000, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by_function = models.CharField(max_length=120, blank=True)
    revision = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("begäran")
        verbose_name_plural = _("begäranden")
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=RequestState.values), name="incidents_request_state"),
            models.CheckConstraint(condition=Q(kind__in=RequestKind.values), name="incidents_request_kind"),
            models.CheckConstraint(
                condition=~Q(kind=RequestKind.MORE_TIME) | Q(proposed_due_at__isnull=False),
                name="incidents_request_time_names_day",
            ),
            models.CheckConstraint(
                condition=~Q(kind=RequestKind.DECLINE) | Q(proposed_organisation__isnull=False),
                name="incidents_request_decline_names_other",
            ),
            models.UniqueConstraint(
                fields=["assignment"], condition=Q(state=RequestState.OPEN), name="incidents_request_one_open"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.assignment}"

    @property
    def subject_key(self) -> str:
        return f"incidents.assignmentrequest:{self.pk}"


class ReportBackQuerySet(PublishableQuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """Drafts: the own organisation only. Submitted versions: those who may see the assignment."""
        visible = Assignment.objects.visible_to(actor)
        return self.filter(
            Q(assignment__in=visible.values("pk"))
            & (~Q(state=ReportState.DRAFT) | Q(assignment__organisation__in=whose.answers_for(actor)))
        )

    def published(self) -> Self:
        return super().published().filter(state=ReportState.ACCEPTED).exclude(public_text="")


class ReportBack(Publishable):
    """One version of a report-back. Draft: the own organisation's. Submitted: fixed; a change is a new version.

    Submitting is a legal act (TF 2 kap. 9-12 §§). The database refuses changes of the text after it, see
    migrations/0002. Moved by operations/reports.py.
    """

    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="reports")
    version = models.PositiveSmallIntegerField(editable=False)
    outcome = models.CharField(_("hur gick det"), max_length=20, choices=Outcome, blank=True)
    done_text = models.TextField(_("vad har gjorts"), max_length=5000, blank=True)
    obstacles = models.TextField(_("vad har hindrat"), max_length=3000, blank=True)
    resources = models.TextField(_("vilka resurser behövs"), max_length=3000, blank=True)
    next_step = models.TextField(_("nästa steg"), max_length=3000, blank=True)
    off_track_reason = models.TextField(_("varför är det inte klart"), max_length=2000, blank=True)
    public_text = models.TextField(_("text till invånarna"), max_length=2000, blank=True)
    public_text_en = models.TextField(_("text till invånarna på engelska"), max_length=2000, blank=True)
    state = models.CharField(max_length=20, choices=ReportState, default=ReportState.DRAFT, editable=False)
    saved_at = models.DateTimeField(null=True, blank=True, editable=False)
    submitted_at = models.DateTimeField(null=True, blank=True, editable=False)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    submitted_by_function = models.CharField(max_length=120, blank=True, editable=False)
    secrecy_checked_at = models.DateTimeField(null=True, blank=True, editable=False)
    secrecy_checked_by_function = models.CharField(max_length=120, blank=True, editable=False)
    diary_number = models.CharField(_("diarienummer"), max_length=40, blank=True)
    answer = models.TextField(_("svar"), max_length=2000, blank=True, editable=False)
    answered_at = models.DateTimeField(null=True, blank=True, editable=False)
    answered_by_function = models.CharField(max_length=120, blank=True, editable=False)

    TEXTS = (
        "outcome",
        "done_text",
        "obstacles",
        "resources",
        "next_step",
        "off_track_reason",
        "public_text",
        "public_text_en",
    )

    objects = ReportBackQuerySet.as_manager()

    class Meta:
        verbose_name = _("återrapport")
        verbose_name_plural = _("återrapporter")
        ordering = ["assignment", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["assignment", "version"], name="incidents_report_version"),
            models.UniqueConstraint(
                fields=["assignment"], condition=Q(state=ReportState.DRAFT), name="incidents_report_one_draft"
            ),
            models.UniqueConstraint(
                fields=["assignment"], condition=Q(state=ReportState.SUBMITTED), name="incidents_report_one_waiting"
            ),
            models.CheckConstraint(condition=Q(state__in=ReportState.values), name="incidents_report_state"),
            models.CheckConstraint(
                condition=Q(state=ReportState.DRAFT) | Q(submitted_at__isnull=False, secrecy_checked_at__isnull=False),
                name="incidents_report_submitted",
            ),
        ]

    def __str__(self) -> str:
        return _("Återrapport %(number)s, version %(version)s") % {
            "number": self.assignment.number,
            "version": self.version,
        }

    @property
    def subject_key(self) -> str:
        return f"incidents.reportback:{self.pk}"


class DraftShare(models.Model):
    """A draft opened to another organisation: exactly this version, frozen, logged (docs/rules.md)."""

    report = models.ForeignKey(ReportBack, on_delete=models.PROTECT, null=True, blank=True, related_name="shares")
    decision = models.ForeignKey(
        SteeringDecision, on_delete=models.PROTECT, null=True, blank=True, related_name="shares"
    )
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="shared_drafts")
    snapshot = models.JSONField()
    shared_at = models.DateTimeField()
    shared_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    shared_by_function = models.CharField(max_length=120)

    class Meta:
        verbose_name = _("delat utkast")
        verbose_name_plural = _("delade utkast")
        ordering = ["-shared_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(report__isnull=False, decision__isnull=True)
                | Q(report__isnull=True, decision__isnull=False),
                name="incidents_share_one_subject",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report or self.decision} → {self.organisation}"
