"""One promise: its words, who leads it, what is counted, where it stands on both axes, and how it was amended."""

from __future__ import annotations

import datetime as dt
from typing import Any, NoReturn, Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from lysekil_trygghet.accounts.actors import Actor
from lysekil_trygghet.accounts.models import Organisation, OrganisationKind
from lysekil_trygghet.publishing.models import ReadByResidents
from situation.models import PoliceConfirms, Source

from ..lifecycle import FINAL, SETS_RUNNING, CommitmentKind, Delivery, Goal, PartyRole
from .agreement import Measure
from .pledge_set import PledgeSet, PriorityArea


class PromiseIsFixed(Exception):
    """Somebody tried to remove what residents were told about a promise."""


class CommitmentQuerySet(models.QuerySet["Commitment"]):
    def delete(self) -> tuple[int, dict[str, int]]:
        if self.filter(frozen_at__isnull=False).exists():
            raise PromiseIsFixed("a published promise is never removed")
        return super().delete()

    def published(self) -> Self:
        """Commitments residents may read: those of a set they may read."""
        return self.filter(pledge_set__in=PledgeSet.objects.published())

    def visible_to(self, actor: Actor) -> Self:
        """As its set. Inside a set nothing is hidden from one party that another sees."""
        return self.filter(pledge_set__in=PledgeSet.objects.visible_to(actor))

    def running(self) -> Self:
        """Promised, of a set that is not closed, and not yet finally answered for."""
        return self.filter(pledge_set__state__in=SETS_RUNNING).exclude(delivery_state__in=FINAL)

    def led_by_police(self) -> Self:
        return self.filter(
            parties__role=PartyRole.LEAD, parties__organisation__kind=OrganisationKind.POLICE
        ).distinct()


class Commitment(PoliceConfirms, ReadByResidents):
    """A promise with a number that never changes and is never used again. Moved by operations/commitments.py.

    `text_as_promised` is fixed when the set is published, here and by triggers in the database; what is said
    afterwards is an Amendment. From then on it is never removed: PostgreSQL refuses that too.
    """

    pledge_set = models.ForeignKey(PledgeSet, on_delete=models.PROTECT, related_name="commitments")
    area = models.ForeignKey(
        PriorityArea, on_delete=models.PROTECT, related_name="commitments", verbose_name=_("prioriterat område")
    )
    number = models.PositiveSmallIntegerField(_("nummer"), editable=False)
    order = models.PositiveSmallIntegerField(_("ordning"), default=0)
    text_as_promised = models.TextField(
        _("löftet"), max_length=1000, help_text=_("Börja med vem som gör vad: ”Kommunen ska …”")
    )
    text_as_promised_en = models.TextField(_("löftet på engelska"), max_length=1000, blank=True)
    # Set once, when the set is published.
    frozen_at = models.DateTimeField(null=True, blank=True, editable=False)
    purpose = models.TextField(_("i syfte att …"), max_length=600, blank=True)
    purpose_en = models.TextField(_("i syfte att …, på engelska"), max_length=600, blank=True)
    kind = models.CharField(_("slag"), max_length=20, choices=CommitmentKind, default=CommitmentKind.CONTINUOUS)
    period_start = models.DateField(
        _("börjar"), null=True, blank=True, help_text=_("Bara om löftet har en egen tid inom perioden.")
    )
    period_end = models.DateField(_("slutar"), null=True, blank=True)
    how_we_know = models.TextField(
        _("så vet vi hur det går"), max_length=600, blank=True, help_text=_("Vad som räknas eller följs, och hur.")
    )
    how_we_know_en = models.TextField(_("så vet vi hur det går, på engelska"), max_length=600, blank=True)
    easy_text = models.TextField(
        _("på lättläst"),
        max_length=400,
        blank=True,
        db_default="",
        help_text=_("Korta meningar med vanliga ord. Står bredvid löftet, aldrig i stället för det."),
    )
    measure = models.ForeignKey(
        Measure,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="commitments",
        verbose_name=_("åtgärd i planen"),
    )
    carried_from = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="carried_to", editable=False
    )
    delivery_state = models.CharField(
        _("genomförande"), max_length=20, choices=Delivery, default=Delivery.PLANNED, editable=False
    )
    goal_state = models.CharField(_("mål"), max_length=20, choices=Goal, blank=True, editable=False)
    # Why it stands as it does where it was not delivered as promised; residents read it.
    delivery_reason = models.TextField(_("orsak"), max_length=1000, blank=True, editable=False)
    delivery_reason_en = models.TextField(_("orsak på engelska"), max_length=1000, blank=True, editable=False)
    # The answer to residents. Shown when no lead is the Police, or the Police stand behind the words.
    public_note = models.TextField(_("så gick det"), max_length=3000, blank=True, editable=False)
    public_note_en = models.TextField(_("så gick det, på engelska"), max_length=3000, blank=True, editable=False)
    answer_confirmed_at = models.DateTimeField(null=True, blank=True, editable=False)
    # The document in which the Police told how it went, where the coordinator wrote it down.
    answer_document = models.CharField(max_length=200, blank=True, editable=False)
    answer_document_on = models.DateField(null=True, blank=True, editable=False)
    internal_note = models.TextField(_("intern anteckning"), max_length=3000, blank=True)
    # The Police asked for other words; stands until the words are changed or confirmed.
    sent_back_at = models.DateTimeField(null=True, blank=True, editable=False)
    revision = models.PositiveIntegerField(default=0, editable=False)

    confirmed_wording = (
        *("text_as_promised", "text_as_promised_en", "purpose", "purpose_en", "kind", "area"),
        *("period_start", "period_end", "how_we_know", "how_we_know_en", "easy_text"),
    )
    # Not the words of the promise: what becomes of them is told by amendments.
    public_texts = (
        *("delivery_reason", "delivery_reason_en", "public_note", "public_note_en"),
        *("easy_text", "purpose", "purpose_en", "how_we_know", "how_we_know_en"),
    )

    objects = CommitmentQuerySet.as_manager()
    field_history = HistoricalRecords()

    class Meta:
        verbose_name = _("löfte")
        verbose_name_plural = _("löften")
        ordering = ["area__order", "order", "number"]
        constraints = [
            models.UniqueConstraint(fields=["pledge_set", "number"], name="pledges_commitment_number"),
            models.CheckConstraint(condition=Q(kind__in=CommitmentKind.values), name="pledges_commitment_kind"),
            models.CheckConstraint(
                condition=Q(delivery_state__in=Delivery.values), name="pledges_commitment_delivery"
            ),
            models.CheckConstraint(condition=Q(goal_state__in=["", *Goal.values]), name="pledges_commitment_goal"),
            models.CheckConstraint(
                condition=Q(period_start=None) | Q(period_end=None) | Q(period_end__gte=F("period_start")),
                name="pledges_commitment_period",
            ),
            models.CheckConstraint(condition=~Q(text_as_promised=""), name="pledges_commitment_has_text"),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.text_as_promised[:90]}"

    def get_absolute_url(self) -> str:
        return reverse("pledges:commitment", args=[self.pk])

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        if self.frozen_at is not None:
            raise PromiseIsFixed("a published promise is never removed")
        return super().delete(*args, **kwargs)

    def texts_read(self) -> dict[str, str]:
        """An answer and a reason only once there is one; where the Police lead, an answer they stand behind."""
        texts = super().texts_read()
        leads = [party.organisation for party in self.parties.all() if party.role == PartyRole.LEAD]
        awaits_police = self.answer_confirmed_at is None and any(lead.is_police for lead in leads)
        if awaits_police or not self.public_note:
            del texts["public_note"], texts["public_note_en"]
        if not self.delivery_reason:
            del texts["delivery_reason"], texts["delivery_reason_en"]
        return texts

    @property
    def public_url(self) -> str:
        """Read with select_related("pledge_set")."""
        return reverse("pledges_public:commitment", args=[self.pledge_set.slug, self.number])

    @property
    def subject_key(self) -> str:
        return f"pledges.commitment:{self.pk}"

    @property
    def neutral_title(self) -> str:
        """What a mail may say: never what somebody wrote (docs/rules.md)."""
        return _("Löfte %(number)s") % {"number": self.number}

    @property
    def is_final(self) -> bool:
        return self.delivery_state in FINAL

    def starts_on(self) -> dt.date:
        """Read with select_related("pledge_set")."""
        return self.period_start or self.pledge_set.period_start

    def ends_on(self) -> dt.date:
        return self.period_end or self.pledge_set.period_end


class CommitmentParty(models.Model):
    """Who leads a promise and who helps. Each lead says where its own part stands. operations/commitments.py."""

    commitment = models.ForeignKey(Commitment, on_delete=models.CASCADE, related_name="parties")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="commitment_parts", verbose_name=_("part")
    )
    role = models.CharField(_("roll"), max_length=20, choices=PartyRole, default=PartyRole.LEAD)
    # What this party does, where one promise has several doers.
    part = models.CharField(_("del i löftet"), max_length=300, blank=True)
    delivery_state = models.CharField(
        _("genomförande"), max_length=20, choices=Delivery, default=Delivery.PLANNED, editable=False
    )
    # Why this lead's part stands as it does; residents read those of all leads together (delivery_reason).
    reason = models.TextField(_("orsak"), max_length=450, blank=True, editable=False)
    reason_en = models.TextField(_("orsak på engelska"), max_length=450, blank=True, editable=False)
    # The document in which the Police told it, where the coordinator wrote it down.
    document = models.CharField(max_length=200, blank=True, editable=False)
    document_on = models.DateField(null=True, blank=True, editable=False)
    revision = models.PositiveIntegerField(default=0, editable=False)

    field_history = HistoricalRecords()

    class Meta:
        verbose_name = _("part i löftet")
        verbose_name_plural = _("parter i löftet")
        # Leads first.
        ordering = ["-role", "id"]
        constraints = [
            models.UniqueConstraint(fields=["commitment", "organisation"], name="pledges_party_once"),
            models.CheckConstraint(condition=Q(role__in=PartyRole.values), name="pledges_party_role"),
            models.CheckConstraint(condition=Q(delivery_state__in=Delivery.values), name="pledges_party_delivery"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} ({self.get_role_display()})"


class Unit(models.Model):
    """What a promise counts: traffic checks, meetings. A promise may count several. operations/commitments.py."""

    commitment = models.ForeignKey(Commitment, on_delete=models.CASCADE, related_name="units")
    order = models.PositiveSmallIntegerField(_("ordning"), default=0)
    name = models.CharField(_("vad som räknas"), max_length=80, help_text=_("I flertal: ”trafikkontroller”."))
    name_en = models.CharField(_("vad som räknas, på engelska"), max_length=80, blank=True)
    target_min = models.PositiveIntegerField(_("minst"), null=True, blank=True)

    class Meta:
        verbose_name = _("det som räknas")
        verbose_name_plural = _("det som räknas")
        ordering = ["order", "id"]
        constraints = [models.UniqueConstraint(fields=["commitment", "name"], name="pledges_unit_once")]

    def __str__(self) -> str:
        return self.name


class RelatedLink(models.Model):
    """Where to read more about a promise."""

    commitment = models.ForeignKey(Commitment, on_delete=models.CASCADE, related_name="links")
    order = models.PositiveSmallIntegerField(_("ordning"), default=0)
    title = models.CharField(_("länktext"), max_length=120)
    title_en = models.CharField(_("länktext på engelska"), max_length=120, blank=True)
    url = models.URLField(_("länk"), max_length=400)

    class Meta:
        verbose_name = _("länk")
        verbose_name_plural = _("länkar")
        ordering = ["order", "id"]

    def __str__(self) -> str:
        return self.title


class EffectFigure(ReadByResidents):
    """A figure that shows the development, typed in with its source until indicators are imported.

    It never claims that the promise caused it (docs/rules.md). operations/follow_ups.py.
    """

    commitment = models.ForeignKey(Commitment, on_delete=models.CASCADE, related_name="figures")
    order = models.PositiveSmallIntegerField(_("ordning"), default=0)
    label = models.CharField(_("vad siffran visar"), max_length=160)
    label_en = models.CharField(_("vad siffran visar, på engelska"), max_length=160, blank=True)
    unit = models.CharField(_("enhet"), max_length=40, help_text=_("Till exempel procent eller antal."))
    unit_en = models.CharField(_("enhet på engelska"), max_length=40, blank=True)
    baseline_value = models.DecimalField(_("utgångsläge"), max_digits=12, decimal_places=2)
    baseline_period = models.CharField(_("mättes"), max_length=40)
    value = models.DecimalField(_("senaste värde"), max_digits=12, decimal_places=2, null=True, blank=True)
    value_period = models.CharField(_("mättes senast"), max_length=40, blank=True)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="figures", verbose_name=_("underlag"))
    revision = models.PositiveIntegerField(default=0, editable=False)

    public_texts = ("label", "label_en", "unit", "unit_en")

    field_history = HistoricalRecords()

    class Meta:
        verbose_name = _("siffra")
        verbose_name_plural = _("siffror")
        ordering = ["order", "id"]

    def __str__(self) -> str:
        return self.label

    @classmethod
    def public_rows(cls) -> models.QuerySet:
        return cls._default_manager.filter(commitment__in=Commitment.objects.published())

    @property
    def public_path(self) -> str:
        return self.commitment.public_url


class AmendmentQuerySet(models.QuerySet["Amendment"]):
    def delete(self) -> NoReturn:
        raise PromiseIsFixed("an amendment is never removed")


class Amendment(models.Model):
    """New words for a promise already made: public, with the old words and the reason. Never changed or removed.

    Made by operations/amendments.py; the database refuses to change it, PostgreSQL also to delete it.
    """

    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="amendments")
    old_text = models.TextField(editable=False)
    new_text = models.TextField(_("ny lydelse"), max_length=1000)
    new_text_en = models.TextField(_("ny lydelse på engelska"), max_length=1000, blank=True)
    reason = models.TextField(_("varför"), max_length=600)
    reason_en = models.TextField(_("varför, på engelska"), max_length=600, blank=True)
    decided_on = models.DateField(_("beslutad"))
    decided_by_function = models.CharField(max_length=120, editable=False)
    # Words about a promise the Police lead are not said without them.
    police_document = models.CharField(max_length=200, blank=True, editable=False)
    made_at = models.DateTimeField(editable=False)

    objects = AmendmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("ändring av ett löfte")
        verbose_name_plural = _("ändringar av löften")
        ordering = ["made_at", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="pledges_amendment_says_why"),
            models.CheckConstraint(condition=~Q(new_text=""), name="pledges_amendment_has_text"),
        ]

    def __str__(self) -> str:
        return f"{self.commitment_id}: {self.new_text[:60]}"

    @property
    def public_place(self) -> str:
        """Its part of the promise's page."""
        return f"andring-{self.pk}"

    @property
    def public_url(self) -> str:
        return f"{self.commitment.public_url}#{self.public_place}"

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise PromiseIsFixed("an amendment is never removed")
