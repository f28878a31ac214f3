"""A set of citizen pledges: its period, who signed it, what it is about, who has seen the draft."""

from __future__ import annotations

import datetime as dt
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from lysekil_trygghet.accounts.actors import Actor
from lysekil_trygghet.accounts.models import READ_ONLY_ROLES, Organisation, Power, Role
from lysekil_trygghet.publishing.models import Publishable, PublishableQuerySet
from situation.models import BothPartiesConfirm, PoliceConfirms, Problem, SituationPicture

from ..lifecycle import SETS_RUNNING, SETS_SHOWN, SETS_WRITTEN, SetState
from .agreement import CooperationAgreement

# They (and the director's deputy) write sets: the others see a draft when it was shared with their organisation.
WRITERS = (Role.MUNICIPAL_DIRECTOR, Role.COORDINATOR)


class PledgeSetQuerySet(PublishableQuerySet):
    def published(self) -> Self:
        """Sets residents may read, the closed and the withdrawn ones too: an address once given stays."""
        return super().published().filter(state__in=SETS_SHOWN)

    def running(self) -> Self:
        return self.filter(state__in=SETS_RUNNING)

    def visible_to(self, actor: Actor) -> Self:
        """Drafts: those who write them, and organisations they were shared with (TF 2 kap. 10 §). Else everybody
        with a role."""
        if not (actor.roles or actor.delegated):
            return self.none()
        seen = ~Q(state__in=SETS_WRITTEN)
        if actor.is_police:
            return self.filter(seen | Q(opened_to_police_at__isnull=False))
        if actor.has_role(*WRITERS) or actor.may_for(Power.DECIDE):
            return self
        works_in = [m.organisation_id for m in actor.memberships if m.role not in READ_ONLY_ROLES]
        shared = SetShare.objects.filter(organisation__in=works_in).values("pledge_set")
        return self.filter(seen | Q(pk__in=shared))


class PledgeSet(Publishable, BothPartiesConfirm):
    """What the municipality and the Police promise residents for a period. Moved by operations/pledge_sets.py.

    The period is two dates, never a year; the set before it is named by `previous`.
    """

    slug = models.SlugField(_("adress"), max_length=90, unique=True)
    title = models.CharField(_("rubrik"), max_length=140)
    title_en = models.CharField(_("rubrik på engelska"), max_length=140, blank=True)
    intro = models.TextField(_("inledning"), max_length=3000, blank=True)
    intro_en = models.TextField(_("inledning på engelska"), max_length=3000, blank=True)
    period_start = models.DateField(_("gäller från"))
    period_end = models.DateField(_("gäller till och med"))
    picture = models.ForeignKey(
        SituationPicture,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="pledge_sets",
        verbose_name=_("bygger på lägesbilden"),
    )
    agreement = models.ForeignKey(
        CooperationAgreement,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="pledge_sets",
        verbose_name=_("överenskommelse"),
    )
    previous = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="next_ones", verbose_name=_("följer på")
    )
    # How often each lead is asked how it goes; 0 = only before the period ends.
    progress_interval_months = models.PositiveSmallIntegerField(_("frågas om läget var … månad"), default=3)
    state = models.CharField(_("status"), max_length=20, choices=SetState, default=SetState.DRAFT, editable=False)
    # The highest number a commitment of this set has had: a number is never used again.
    last_number = models.PositiveSmallIntegerField(default=0, editable=False)
    diary_number = models.CharField(_("diarienummer"), max_length=60, blank=True)
    agreed_at = models.DateTimeField(null=True, blank=True, editable=False)
    # Why it was last made a draft again after it was agreed; inside.
    reopened_reason = models.TextField(max_length=600, blank=True, editable=False)
    plain_language_checked_by_function = models.CharField(max_length=120, blank=True, editable=False)
    accessibility_checked_by_function = models.CharField(max_length=120, blank=True, editable=False)
    published_by_function = models.CharField(max_length=120, blank=True, editable=False)
    closing_text = models.TextField(_("så gick det, i stort"), max_length=6000, blank=True)
    closing_text_en = models.TextField(_("så gick det, på engelska"), max_length=6000, blank=True)
    # Closing takes two: one proposes, another person approves.
    closing_proposed_at = models.DateTimeField(null=True, blank=True, editable=False)
    closing_proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    closed_at = models.DateTimeField(_("avslutade"), null=True, blank=True, editable=False)
    closed_by_function = models.CharField(max_length=120, blank=True, editable=False)
    withdrawn_reason = models.TextField(max_length=600, blank=True, editable=False)

    confirmed_wording = ("title", "title_en", "intro", "intro_en", "period_start", "period_end")

    objects = PledgeSetQuerySet.as_manager()
    field_history = HistoricalRecords()

    class Meta:
        verbose_name = _("medborgarlöften")
        verbose_name_plural = _("medborgarlöften")
        ordering = ["-period_start", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=SetState.values), name="pledges_set_state"),
            models.CheckConstraint(condition=Q(period_end__gte=F("period_start")), name="pledges_set_period"),
            models.CheckConstraint(
                condition=~Q(state__in=SETS_SHOWN) | Q(published_at__isnull=False), name="pledges_set_published"
            ),
            models.CheckConstraint(
                condition=~Q(state=SetState.CLOSED) | Q(closed_at__isnull=False), name="pledges_set_closed"
            ),
            models.CheckConstraint(
                condition=~Q(state=SetState.WITHDRAWN) | ~Q(withdrawn_reason=""),
                name="pledges_set_withdrawn_says_why",
            ),
            models.CheckConstraint(
                condition=Q(progress_interval_months__lte=12), name="pledges_set_progress_interval"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("pledges:set", args=[self.pk])

    @property
    def public_url(self) -> str:
        return reverse("pledges_public:set", args=[self.slug])

    @property
    def subject_key(self) -> str:
        return f"pledges.set:{self.pk}"

    @property
    def is_written(self) -> bool:
        """Its words can still be changed."""
        return self.state in SETS_WRITTEN

    @property
    def is_running(self) -> bool:
        return self.state in SETS_RUNNING

    def is_past_its_end(self, today: dt.date) -> bool:
        """Promised time has run out and not everything is answered for."""
        return self.is_running and self.period_end < today


class SetShare(models.Model):
    """A draft shown to another organisation of the municipality: warned of, logged. operations/pledge_sets.py."""

    pledge_set = models.ForeignKey(PledgeSet, on_delete=models.CASCADE, related_name="shares")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    shared_at = models.DateTimeField(editable=False)

    class Meta:
        verbose_name = _("delat utkast")
        verbose_name_plural = _("delade utkast")
        constraints = [
            models.UniqueConstraint(fields=["pledge_set", "organisation"], name="pledges_share_once"),
        ]

    def __str__(self) -> str:
        return f"{self.pledge_set} → {self.organisation}"


class Signature(models.Model):
    """Who signed, by function and organisation, and when. operations/pledge_sets.py."""

    pledge_set = models.ForeignKey(PledgeSet, on_delete=models.CASCADE, related_name="signatures")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("organisation")
    )
    function_label = models.CharField(
        _("funktion"), max_length=120, help_text=_("Till exempel kommunstyrelsens ordförande. Inget namn behövs.")
    )
    function_label_en = models.CharField(_("funktion på engelska"), max_length=120, blank=True)
    signed_on = models.DateField(_("undertecknat"))

    class Meta:
        verbose_name = _("underskrift")
        verbose_name_plural = _("underskrifter")
        ordering = ["signed_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["pledge_set", "organisation", "function_label"], name="pledges_signature_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.function_label}, {self.organisation}"


class Prolongation(models.Model):
    """A set that was given a later last day: residents read why. operations/pledge_sets.py."""

    pledge_set = models.ForeignKey(PledgeSet, on_delete=models.PROTECT, related_name="prolongations")
    old_end = models.DateField(editable=False)
    new_end = models.DateField(_("ny sista dag"))
    reason = models.TextField(_("varför"), max_length=600)
    reason_en = models.TextField(_("varför, på engelska"), max_length=600, blank=True)
    decided_by_function = models.CharField(max_length=120, editable=False)
    decided_at = models.DateTimeField(editable=False)

    class Meta:
        verbose_name = _("förlängning")
        verbose_name_plural = _("förlängningar")
        ordering = ["decided_at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(new_end__gt=F("old_end")), name="pledges_prolongation_later"),
            models.CheckConstraint(condition=~Q(reason=""), name="pledges_prolongation_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.old_end} → {self.new_end}"


class PriorityArea(PoliceConfirms):
    """A joint priority of a set, built on problems of the picture. operations/priorities.py."""

    pledge_set = models.ForeignKey(PledgeSet, on_delete=models.CASCADE, related_name="areas")
    order = models.PositiveSmallIntegerField(_("ordning"))
    title = models.CharField(_("rubrik"), max_length=140)
    title_en = models.CharField(_("rubrik på engelska"), max_length=140, blank=True)
    why = models.TextField(_("varför"), max_length=2000, blank=True)
    why_en = models.TextField(_("varför, på engelska"), max_length=2000, blank=True)
    problems = models.ManyToManyField(
        Problem, related_name="priority_areas", blank=True, verbose_name=_("bygger på problemen")
    )
    # The Police asked for other words; stands until the words are changed or confirmed.
    sent_back_at = models.DateTimeField(null=True, blank=True, editable=False)
    revision = models.PositiveIntegerField(default=0, editable=False)

    confirmed_wording = ("title", "title_en", "why", "why_en")

    field_history = HistoricalRecords()

    class Meta:
        verbose_name = _("prioriterat område")
        verbose_name_plural = _("prioriterade områden")
        ordering = ["order", "id"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("pledges:set", args=[self.pledge_set_id]) + f"#omrade-{self.pk}"

    @property
    def subject_key(self) -> str:
        return f"pledges.area:{self.pk}"

    @property
    def letter(self) -> str:
        """A, B, C … in the order of the set."""
        return chr(ord("A") + (self.order - 1) % 26)
