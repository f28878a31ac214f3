"""The steering decision: its direction points, its approaches, and what a revision did with each assignment."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from lysekil_trygghet.accounts.actors import Actor
from lysekil_trygghet.accounts.models import Power, Role
from lysekil_trygghet.publishing.models import Publishable, PublishableQuerySet

from ..lifecycle import DECISIONS_IN_EFFECT, DECISIONS_TAKEN, DecisionState, Urgency
from .event import Response

DRAFT_READERS = (Role.MUNICIPAL_DIRECTOR, Role.COORDINATOR)


class SteeringDecisionQuerySet(PublishableQuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """Drafts: the director, deputies and the coordinator. Taken decisions: everybody who has a role."""
        if not actor.roles and not actor.delegated:
            return self.none()
        if actor.has_role(*DRAFT_READERS) or actor.may_for(Power.DECIDE):
            return self
        return self.filter(state__in=DECISIONS_TAKEN)

    def in_effect(self) -> Self:
        return self.filter(state__in=DECISIONS_IN_EFFECT)


class SteeringDecision(Publishable):
    """What the director decided, on what basis, in which version. Moved by operations/decisions.py.

    A decision taken is never edited: a revision is a new version that replaces it, the old one stays readable.
    """

    response = models.ForeignKey(
        Response, on_delete=models.PROTECT, related_name="decisions", verbose_name=_("insats")
    )
    number = models.CharField(_("nummer"), max_length=20, editable=False)
    version = models.PositiveSmallIntegerField(_("version"), default=1, editable=False)
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by", editable=False
    )
    urgency = models.CharField(_("slag av beslut"), max_length=10, choices=Urgency, default=Urgency.ACUTE)
    aim = models.TextField(_("mål"), max_length=1000, blank=True)
    aim_en = models.TextField(_("mål på engelska"), max_length=1000, blank=True)
    formal_basis = models.TextField(
        _("formell grund"),
        max_length=500,
        blank=True,
        help_text=_(
            "Vad som ger rätt att besluta, till exempel kommunstyrelsens instruktion till kommundirektören "
            "(kommunallagen 7 kap. 1–2 §§)."
        ),
    )
    decided_at = models.DateTimeField(_("beslutat"), null=True, blank=True, editable=False)
    decided_by_function = models.CharField(_("beslutat av"), max_length=120, blank=True, editable=False)
    state = models.CharField(
        _("status"), max_length=20, choices=DecisionState, default=DecisionState.DRAFT, editable=False
    )
    review_on = models.DateField(_("omprövas senast"), null=True, blank=True)
    diary_number = models.CharField(_("diarienummer"), max_length=40, blank=True)
    followed_up_at = models.DateTimeField(null=True, blank=True, editable=False)
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)
    closing_text = models.TextField(_("avslutande text till invånarna"), max_length=3000, blank=True)
    closing_text_en = models.TextField(_("avslutande text på engelska"), max_length=3000, blank=True)

    objects = SteeringDecisionQuerySet.as_manager()
    field_history = HistoricalRecords()

    class Meta:
        verbose_name = _("inriktningsbeslut")
        verbose_name_plural = _("inriktningsbeslut")
        ordering = ["-decided_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["number", "version"], name="incidents_decision_number"),
            models.CheckConstraint(condition=Q(state__in=DecisionState.values), name="incidents_decision_state"),
            models.CheckConstraint(condition=Q(urgency__in=Urgency.values), name="incidents_decision_urgency"),
            models.CheckConstraint(
                condition=Q(state=DecisionState.DRAFT) | Q(decided_at__isnull=False),
                name="incidents_decision_has_its_day",
            ),
        ]

    def __str__(self) -> str:
        return _("Inriktningsbeslut %(number)s, version %(version)s") % {
            "number": self.number,
            "version": self.version,
        }

    def get_absolute_url(self) -> str:
        return reverse("incidents:decision", args=[self.pk])

    @property
    def is_draft(self) -> bool:
        return self.state == DecisionState.DRAFT


class DirectionPoint(models.Model):
    """One direction ("be where the young are in the evenings"); answered by assignments or by a stated none."""

    decision = models.ForeignKey(SteeringDecision, on_delete=models.CASCADE, related_name="points")
    order = models.PositiveSmallIntegerField(_("ordning"))
    text = models.TextField(_("inriktning"), max_length=600)
    text_en = models.TextField(_("inriktning på engelska"), max_length=600, blank=True)
    is_public = models.BooleanField(_("visas för invånarna"), default=True)
    no_assignment = models.BooleanField(_("inget uppdrag"), default=False)
    no_assignment_reason = models.CharField(_("varför inget uppdrag"), max_length=300, blank=True)
    replaces = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by", editable=False
    )

    class Meta:
        verbose_name = _("inriktningspunkt")
        verbose_name_plural = _("inriktningspunkter")
        ordering = ["order", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(no_assignment=False) | ~Q(no_assignment_reason=""), name="incidents_point_says_why_none"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order}. {self.text[:80]}"


class Approach(models.Model):
    """How the work is to be done ("outreaching and on the offensive")."""

    decision = models.ForeignKey(SteeringDecision, on_delete=models.CASCADE, related_name="approaches")
    order = models.PositiveSmallIntegerField(_("ordning"))
    text = models.TextField(_("förhållningssätt"), max_length=600)
    text_en = models.TextField(_("förhållningssätt på engelska"), max_length=600, blank=True)
    is_public = models.BooleanField(_("visas för invånarna"), default=True)

    class Meta:
        verbose_name = _("förhållningssätt")
        verbose_name_plural = _("förhållningssätt")
        ordering = ["order", "id"]

    def __str__(self) -> str:
        return f"{self.order}. {self.text[:80]}"


class RevisionChoice(models.Model):
    """What a new version does with one open assignment: keep it, move its day, or cancel it."""

    class Choice(models.TextChoices):
        KEEP = "KEEP", _("Behåll som det är")
        MOVE = "MOVE", _("Behåll med ny dag")
        CANCEL = "CANCEL", _("Ta bort")

    decision = models.ForeignKey(SteeringDecision, on_delete=models.CASCADE, related_name="revision_choices")
    assignment = models.ForeignKey("incidents.Assignment", on_delete=models.PROTECT, related_name="revision_choices")
    choice = models.CharField(_("vad händer med uppdraget"), max_length=10, choices=Choice)
    new_due_at = models.DateTimeField(_("ny dag"), null=True, blank=True)
    reason = models.CharField(_("skäl"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("val vid revidering")
        verbose_name_plural = _("val vid revidering")
        ordering = ["assignment__order", "id"]
        constraints = [
            models.UniqueConstraint(fields=["decision", "assignment"], name="incidents_revision_choice_once"),
            models.CheckConstraint(
                condition=~Q(choice="MOVE") | Q(new_due_at__isnull=False), name="incidents_revision_move_has_day"
            ),
            models.CheckConstraint(
                condition=Q(choice="KEEP") | ~Q(reason=""), name="incidents_revision_choice_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assignment}: {self.get_choice_display()}"
