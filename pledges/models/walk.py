"""Safety walks: what was seen where, whose it is to answer, what the answer was."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from lysekil_trygghet.accounts.models import Organisation
from lysekil_trygghet.publishing.models import Publishable, PublishableQuerySet, ReadByResidents
from situation.models import Area

from ..lifecycle import ObservationState, WalkState
from .commitment import Commitment
from .occurrence import Occurrence


class SafetyWalk(Publishable):
    """A walk with residents (trygghetsvandring). No list of participants is kept. Moved by operations/walks.py."""

    title = models.CharField(_("rubrik"), max_length=140)
    title_en = models.CharField(_("rubrik på engelska"), max_length=140, blank=True)
    held_on = models.DateField(_("dag"))
    area = models.ForeignKey(
        Area, on_delete=models.PROTECT, null=True, blank=True, related_name="walks", verbose_name=_("område")
    )
    route = models.TextField(_("väg"), max_length=600, blank=True)
    participants = models.PositiveSmallIntegerField(_("antal deltagare"), null=True, blank=True)
    commitment = models.ForeignKey(
        Commitment, on_delete=models.PROTECT, null=True, blank=True, related_name="walks", verbose_name=_("löfte")
    )
    occurrence = models.OneToOneField(
        Occurrence, on_delete=models.PROTECT, null=True, blank=True, related_name="walk", editable=False
    )
    state = models.CharField(_("status"), max_length=20, choices=WalkState, default=WalkState.PLANNED, editable=False)

    public_texts = ("title", "title_en")

    objects = PublishableQuerySet.as_manager()
    field_history = HistoricalRecords()

    class Meta:
        verbose_name = _("trygghetsvandring")
        verbose_name_plural = _("trygghetsvandringar")
        ordering = ["-held_on", "-id"]
        constraints = [models.CheckConstraint(condition=Q(state__in=WalkState.values), name="pledges_walk_state")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("pledges:walk", args=[self.pk])

    @property
    def public_path(self) -> str:
        return reverse("pledges_public:walks")


class WalkObservation(ReadByResidents):
    """What was seen at one spot. Has an owner, and gets an answer. operations/walks.py."""

    walk = models.ForeignKey(SafetyWalk, on_delete=models.CASCADE, related_name="observations")
    order = models.PositiveSmallIntegerField(_("ordning"), default=0)
    spot = models.CharField(_("plats"), max_length=160)
    text = models.TextField(_("iakttagelse"), max_length=600)
    text_en = models.TextField(_("iakttagelse på engelska"), max_length=600, blank=True)
    owner = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="observations",
        verbose_name=_("vem svarar"),
    )
    answer_due = models.DateField(_("svar senast"), null=True, blank=True)
    answer = models.TextField(_("svar"), max_length=1000, blank=True, editable=False)
    answer_en = models.TextField(_("svar på engelska"), max_length=1000, blank=True, editable=False)
    answered_at = models.DateTimeField(null=True, blank=True, editable=False)
    # The document in which the Police answered, where the coordinator wrote it down.
    answer_document = models.CharField(max_length=200, blank=True, editable=False)
    answer_document_on = models.DateField(null=True, blank=True, editable=False)
    done_on = models.DateField(_("åtgärdat"), null=True, blank=True, editable=False)
    state = models.CharField(
        _("status"), max_length=10, choices=ObservationState, default=ObservationState.OPEN, editable=False
    )
    is_public = models.BooleanField(_("visas för invånarna"), default=True)
    revision = models.PositiveIntegerField(default=0, editable=False)

    public_texts = ("spot", "text", "text_en", "answer", "answer_en")

    field_history = HistoricalRecords()

    class Meta:
        verbose_name = _("iakttagelse vid vandring")
        verbose_name_plural = _("iakttagelser vid vandring")
        ordering = ["order", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ObservationState.values), name="pledges_observation_state"),
            models.CheckConstraint(
                condition=Q(state=ObservationState.OPEN) | Q(owner__isnull=False, answered_at__isnull=False),
                name="pledges_observation_answered",
            ),
        ]

    def __str__(self) -> str:
        return self.spot

    @classmethod
    def public_rows(cls) -> models.QuerySet:
        """Those of a walk residents may read."""
        return cls._default_manager.filter(is_public=True, walk__in=SafetyWalk.objects.published())

    def texts_read(self) -> dict[str, str]:
        """The answer only while it stands."""
        texts = super().texts_read()
        if self.state == ObservationState.OPEN:
            del texts["answer"], texts["answer_en"]
        return texts

    @property
    def public_path(self) -> str:
        return reverse("pledges_public:walks")
