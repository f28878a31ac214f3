"""The situation picture: written by both parties, adopted by the steering group, read by everybody."""

from __future__ import annotations

import datetime as dt
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from lysekil_trygghet.accounts.actors import Actor
from lysekil_trygghet.accounts.models import Organisation, OrganisationKind, Power
from lysekil_trygghet.publishing.models import Publishable, PublishableQuerySet

from ..lifecycle import PICTURES_ADOPTED, PICTURES_WRITTEN, PictureKind, PictureState
from .confirmation import BothPartiesConfirm
from .source import WRITERS, Source


class SituationPictureQuerySet(PublishableQuerySet):
    def published(self) -> Self:
        """Joint pictures residents may read, the superseded ones too: an address once given stays."""
        return (
            super()
            .published()
            .filter(kind=PictureKind.JOINT, state__in=[PictureState.PUBLISHED, PictureState.SUPERSEDED])
        )

    def visible_to(self, actor: Actor) -> Self:
        """Adopted: everybody with a role, but the Police's own only those who write for the municipality.

        Before that the municipality's writers; the Police what is their own or was opened to them.
        """
        if not (actor.roles or actor.delegated):
            return self.none()
        adopted = Q(state__in=PICTURES_ADOPTED)
        polices_own = Q(kind=PictureKind.OWN, organisation__kind=OrganisationKind.POLICE)
        if actor.is_police:
            return self.filter(adopted | polices_own | Q(opened_to_police_at__isnull=False))
        if actor.has_role(*WRITERS) or actor.may_for(Power.DECIDE):
            return self.filter(adopted | ~polices_own)
        return self.filter(adopted & ~polices_own)


class SituationPicture(Publishable, BothPartiesConfirm):
    """What is known for a period: one party's own picture, or the joint one. Moved by operations/pictures.py.

    An adopted picture is updated at least every second year (lag 2023:196, 6 §): by a new picture that names
    this one as `previous` and supersedes it when published.
    """

    kind = models.CharField(_("slag"), max_length=10, choices=PictureKind, default=PictureKind.JOINT)
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        related_name="pictures",
        verbose_name=_("görs av"),
        help_text=_("Vems egna lägesbild det är; för en gemensam den som samordnar."),
    )
    previous = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="next_ones", verbose_name=_("ersätter")
    )
    slug = models.SlugField(_("adress"), max_length=90, unique=True)
    title = models.CharField(_("rubrik"), max_length=140)
    title_en = models.CharField(_("rubrik på engelska"), max_length=140, blank=True)
    period_start = models.DateField(_("gäller från"))
    period_end = models.DateField(_("gäller till"))
    public_summary = models.TextField(_("sammanfattning för invånarna"), max_length=6000, blank=True)
    public_summary_en = models.TextField(_("sammanfattning på engelska"), max_length=6000, blank=True)
    analysis = models.TextField(
        _("analys"), max_length=8000, blank=True, help_text=_("Vad kartläggningen och underlagen säger tillsammans.")
    )
    analysis_en = models.TextField(_("analys på engelska"), max_length=8000, blank=True)
    sources = models.ManyToManyField(Source, related_name="pictures", blank=True, verbose_name=_("underlag"))
    state = models.CharField(
        _("status"), max_length=20, choices=PictureState, default=PictureState.DRAFT, editable=False
    )
    adopted_on = models.DateField(_("antagen"), null=True, blank=True, editable=False)
    adopted_by_function = models.CharField(max_length=120, blank=True, editable=False)
    # The meeting and paragraph in whose minutes the adoption stands.
    minutes_ref = models.CharField(_("protokoll"), max_length=200, blank=True, editable=False)
    next_update_due = models.DateField(_("uppdateras senast"), null=True, blank=True, editable=False)
    diary_number = models.CharField(_("diarienummer"), max_length=60, blank=True)
    secrecy_checked_at = models.DateTimeField(null=True, blank=True, editable=False)
    secrecy_checked_by_function = models.CharField(max_length=120, blank=True, editable=False)

    confirmed_wording = (
        *("title", "title_en", "public_summary", "public_summary_en", "analysis", "analysis_en"),
        *("period_start", "period_end"),
    )

    objects = SituationPictureQuerySet.as_manager()
    field_history = HistoricalRecords()

    class Meta:
        verbose_name = _("lägesbild")
        verbose_name_plural = _("lägesbilder")
        ordering = ["-period_end", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=PictureKind.values), name="situation_picture_kind"),
            models.CheckConstraint(condition=Q(state__in=PictureState.values), name="situation_picture_state"),
            models.CheckConstraint(condition=Q(period_end__gte=F("period_start")), name="situation_picture_period"),
            models.CheckConstraint(
                condition=~Q(state__in=PICTURES_ADOPTED) | Q(adopted_on__isnull=False, next_update_due__isnull=False),
                name="situation_picture_adopted",
            ),
            models.CheckConstraint(
                condition=~Q(state=PictureState.PUBLISHED)
                | Q(published_at__isnull=False, secrecy_checked_at__isnull=False, kind=PictureKind.JOINT),
                name="situation_picture_published",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("situation:picture", args=[self.pk])

    @property
    def public_url(self) -> str:
        return reverse("situation_public:picture", args=[self.slug])

    @property
    def subject_key(self) -> str:
        return f"situation.picture:{self.pk}"

    @property
    def is_written(self) -> bool:
        """Its words can still be changed."""
        return self.state in PICTURES_WRITTEN

    @property
    def is_adopted(self) -> bool:
        return self.state in PICTURES_ADOPTED

    @property
    def is_joint(self) -> bool:
        return self.kind == PictureKind.JOINT

    @property
    def is_the_polices_own(self) -> bool:
        return self.kind == PictureKind.OWN and self.organisation.is_police

    def needs_update(self, today: dt.date) -> bool:
        """Adopted more than 24 months ago and not yet superseded (lag 2023:196, 6 §)."""
        current = self.state in (PictureState.ADOPTED, PictureState.PUBLISHED)
        return current and self.next_update_due is not None and self.next_update_due <= today
