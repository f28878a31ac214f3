"""Asking how it goes and telling how it went: requests, notes, proposals, follow-ups, "ni sa – vi gjorde"."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from lysekil_trygghet.accounts.models import Organisation
from lysekil_trygghet.publishing.models import Publishable, PublishableQuerySet, ReadByResidents
from situation.models import PoliceConfirms, Source

from ..lifecycle import (
    Delivery,
    FeedbackState,
    FollowUpKind,
    FollowUpState,
    Goal,
    Outlook,
    ProposalState,
    RequestState,
)
from .agreement import ActionPlan, Measure
from .commitment import Commitment
from .pledge_set import PledgeSet


class ProgressRequest(models.Model):
    """A lead is asked how it goes, at the set's interval and before the period ends. operations/progress.py.

    Made once for each lead and day; reminders.py tells, the ledger makes it once.
    """

    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="requests")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="progress_requests")
    asked_at = models.DateTimeField(editable=False)
    # When the ladder of reminders that runs now began: asked, or given a new day.
    ladder_from = models.DateTimeField(editable=False)
    due_at = models.DateTimeField(_("svar senast"))
    is_last = models.BooleanField(_("sista frågan före periodens slut"), default=False)
    state = models.CharField(
        _("status"), max_length=20, choices=RequestState, default=RequestState.ASKED, editable=False
    )
    answered_at = models.DateTimeField(null=True, blank=True, editable=False)
    revision = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("fråga om läget")
        verbose_name_plural = _("frågor om läget")
        ordering = ["due_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["commitment", "organisation", "due_at"], name="pledges_request_once"),
            models.CheckConstraint(condition=Q(state__in=RequestState.values), name="pledges_request_state"),
            models.CheckConstraint(
                condition=~Q(state=RequestState.ANSWERED) | Q(answered_at__isnull=False),
                name="pledges_request_answered",
            ),
        ]
        indexes = [models.Index(fields=["state", "due_at"], name="pledges_request_due")]

    def __str__(self) -> str:
        return f"{self.commitment_id}: {self.due_at:%Y-%m-%d}"

    @property
    def subject_key(self) -> str:
        return f"pledges.request:{self.pk}"


class ProgressNote(models.Model):
    """A lead's word on a promise that runs: for the parties, never public. operations/progress.py."""

    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="notes")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    request = models.ForeignKey(
        ProgressRequest, on_delete=models.PROTECT, null=True, blank=True, related_name="notes", editable=False
    )
    outlook = models.CharField(_("läget"), max_length=20, choices=Outlook)
    text = models.TextField(_("vad som är gjort och vad som hindrar"), max_length=2000, blank=True)
    next_step = models.CharField(_("nästa steg"), max_length=300, blank=True)
    written_at = models.DateTimeField(editable=False)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    written_by_function = models.CharField(max_length=120, editable=False)
    document = models.CharField(max_length=200, blank=True, editable=False)
    document_on = models.DateField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("lägesnotering")
        verbose_name_plural = _("lägesnoteringar")
        ordering = ["-written_at", "-id"]
        constraints = [models.CheckConstraint(condition=Q(outlook__in=Outlook.values), name="pledges_note_outlook")]

    def __str__(self) -> str:
        return self.get_outlook_display()


class StatusProposal(models.Model):
    """Where the coordinator thinks a Police-led promise stands; a police role accepts or declines.

    operations/commitments.py.
    """

    commitment = models.ForeignKey(Commitment, on_delete=models.CASCADE, related_name="proposals")
    delivery = models.CharField(_("genomförande"), max_length=20, choices=Delivery)
    goal = models.CharField(_("mål"), max_length=20, choices=Goal, blank=True)
    reason = models.TextField(_("orsak"), max_length=1000, blank=True)
    public_note = models.TextField(_("så gick det"), max_length=3000, blank=True)
    public_note_en = models.TextField(_("så gick det, på engelska"), max_length=3000, blank=True)
    state = models.CharField(
        _("status"), max_length=20, choices=ProposalState, default=ProposalState.OPEN, editable=False
    )
    proposed_at = models.DateTimeField(editable=False)
    proposed_by_function = models.CharField(max_length=120, editable=False)
    decided_at = models.DateTimeField(null=True, blank=True, editable=False)
    decline_reason = models.TextField(_("varför inte"), max_length=600, blank=True, editable=False)
    revision = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("förslag om status")
        verbose_name_plural = _("förslag om status")
        ordering = ["-proposed_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ProposalState.values), name="pledges_proposal_state"),
            models.CheckConstraint(condition=Q(delivery__in=Delivery.values), name="pledges_proposal_delivery"),
            models.CheckConstraint(condition=Q(goal__in=["", *Goal.values]), name="pledges_proposal_goal"),
            models.UniqueConstraint(
                fields=["commitment"], condition=Q(state=ProposalState.OPEN), name="pledges_proposal_one_open"
            ),
        ]

    def __str__(self) -> str:
        return self.get_delivery_display()


class FollowUp(PoliceConfirms, ReadByResidents):
    """What was done, how it went, or what happened; of a promise, a measure or a plan. operations/follow_ups.py.

    Output, process and effect are kept apart; the last never claims more than the figures say (docs/rules.md).
    Of a promise the Police lead, residents read it when the Police have confirmed it.
    """

    kind = models.CharField(_("slag"), max_length=10, choices=FollowUpKind)
    commitment = models.ForeignKey(
        Commitment, on_delete=models.PROTECT, null=True, blank=True, related_name="follow_ups"
    )
    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, null=True, blank=True, related_name="follow_ups")
    plan = models.ForeignKey(ActionPlan, on_delete=models.PROTECT, null=True, blank=True, related_name="follow_ups")
    period_start = models.DateField(_("från"))
    period_end = models.DateField(_("till"))
    done_text = models.TextField(_("vad som gjordes"), max_length=3000, blank=True)
    done_text_en = models.TextField(_("vad som gjordes, på engelska"), max_length=3000, blank=True)
    obstacles = models.TextField(_("hinder"), max_length=2000, blank=True, help_text=_("Visas inte för invånarna."))
    result_text = models.TextField(_("hur det gick"), max_length=3000, blank=True)
    result_text_en = models.TextField(_("hur det gick, på engelska"), max_length=3000, blank=True)
    next_step = models.TextField(_("nästa steg"), max_length=1000, blank=True)
    next_step_en = models.TextField(_("nästa steg på engelska"), max_length=1000, blank=True)
    is_public = models.BooleanField(_("visas för invånarna"), default=True)
    state = models.CharField(
        _("status"), max_length=10, choices=FollowUpState, default=FollowUpState.DRAFT, editable=False
    )
    done_at = models.DateTimeField(null=True, blank=True, editable=False)
    revision = models.PositiveIntegerField(default=0, editable=False)

    confirmed_wording = (
        *("done_text", "done_text_en", "result_text", "result_text_en", "next_step", "next_step_en"),
        *("period_start", "period_end"),
    )
    public_texts = ("done_text", "done_text_en", "result_text", "result_text_en", "next_step", "next_step_en")

    field_history = HistoricalRecords()

    class Meta:
        verbose_name = _("uppföljning")
        verbose_name_plural = _("uppföljningar")
        ordering = ["-period_end", "kind", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=FollowUpKind.values), name="pledges_follow_up_kind"),
            models.CheckConstraint(condition=Q(state__in=FollowUpState.values), name="pledges_follow_up_state"),
            models.CheckConstraint(condition=Q(period_end__gte=F("period_start")), name="pledges_follow_up_period"),
            models.CheckConstraint(
                condition=(
                    Q(commitment__isnull=False, measure__isnull=True, plan__isnull=True)
                    | Q(commitment__isnull=True, measure__isnull=False, plan__isnull=True)
                    | Q(commitment__isnull=True, measure__isnull=True, plan__isnull=False)
                ),
                name="pledges_follow_up_of_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()

    @classmethod
    def public_rows(cls) -> models.QuerySet:
        """What is done of promises residents may read; where the Police lead, what they stand behind."""
        done = cls._default_manager.filter(state=FollowUpState.DONE, is_public=True)
        return done.filter(commitment__in=Commitment.objects.published()).exclude(
            commitment__in=Commitment.objects.led_by_police(), police_confirmed_at=None
        )

    @property
    def public_path(self) -> str:
        return self.commitment.public_url if self.commitment else ""


class FeedbackQuerySet(PublishableQuerySet):
    def published(self):
        return super().published().filter(state=FeedbackState.PUBLISHED)


class Feedback(Publishable, PoliceConfirms):
    """What residents said, what was done about it, and when ("ni sa – vi gjorde"). operations/feedback.py."""

    said = models.TextField(_("ni sa"), max_length=600)
    said_en = models.TextField(_("ni sa, på engelska"), max_length=600, blank=True)
    did = models.TextField(_("vi gjorde"), max_length=1500)
    did_en = models.TextField(_("vi gjorde, på engelska"), max_length=1500, blank=True)
    when = models.CharField(_("när"), max_length=60, blank=True)
    when_en = models.CharField(_("när, på engelska"), max_length=60, blank=True)
    about_police = models.BooleanField(_("handlar om vad Polisen gör"), default=False)
    source = models.ForeignKey(
        Source, on_delete=models.PROTECT, null=True, blank=True, related_name="feedback", verbose_name=_("underlag")
    )
    pledge_set = models.ForeignKey(
        PledgeSet,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="feedback",
        verbose_name=_("medborgarlöften"),
    )
    commitment = models.ForeignKey(
        Commitment, on_delete=models.PROTECT, null=True, blank=True, related_name="feedback", verbose_name=_("löfte")
    )
    state = models.CharField(
        _("status"), max_length=20, choices=FeedbackState, default=FeedbackState.DRAFT, editable=False
    )

    confirmed_wording = ("said", "said_en", "did", "did_en", "when", "when_en", "about_police")

    objects = FeedbackQuerySet.as_manager()
    field_history = HistoricalRecords()

    class Meta:
        verbose_name = _("ni sa – vi gjorde")
        verbose_name_plural = _("ni sa – vi gjorde")
        ordering = ["-published_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=FeedbackState.values), name="pledges_feedback_state"),
            models.CheckConstraint(
                condition=~Q(state=FeedbackState.PUBLISHED) | Q(published_at__isnull=False),
                name="pledges_feedback_published",
            ),
        ]

    def __str__(self) -> str:
        return self.said[:80]

    def get_absolute_url(self) -> str:
        return reverse("pledges:feedback", args=[self.pk])
