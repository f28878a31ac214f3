"""What is told: news, the action package, reinforcement, corrections; and messages to the own staff."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from lysekil_trygghet.accounts.models import Organisation
from lysekil_trygghet.publishing.models import Publishable, PublishableQuerySet
from pledges.models import Commitment, PledgeSet

from ..lifecycle import Horizon, ItemState, PublicationState
from .assignment import Assignment
from .event import Response
from .police_text import MaybePoliceTextQuerySet, PoliceText, PoliceTextQuerySet


class Picture(models.Model):
    """A picture, re-encoded without its hidden data, in sizes for phone and desktop (publishing/images.py)."""

    alt = models.CharField(_("bildbeskrivning"), max_length=250)
    alt_en = models.CharField(_("bildbeskrivning på engelska"), max_length=250, blank=True)
    credit = models.CharField(_("bildkälla"), max_length=120, blank=True)
    # [{"width": 480, "height": 320, "webp": "…", "jpeg": "…"}, …], paths under MEDIA_ROOT
    sizes = models.JSONField(default=list, editable=False)
    added_at = models.DateTimeField(editable=False)

    class Meta:
        verbose_name = _("bild")
        verbose_name_plural = _("bilder")
        constraints = [models.CheckConstraint(condition=~Q(alt=""), name="incidents_picture_has_alt")]

    def __str__(self) -> str:
        return self.alt


class PublicUpdate(PoliceText):
    """A piece of news for residents. Draft → approved by the content's owner → published by the communicator.

    Moved by operations/news.py.
    """

    response = models.ForeignKey(
        Response,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="updates",
        verbose_name=_("insats"),
    )
    pledge_set = models.ForeignKey(
        PledgeSet,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="updates",
        verbose_name=_("medborgarlöften"),
    )
    slug = models.SlugField(_("adress"), max_length=90, unique=True)
    title = models.CharField(_("rubrik"), max_length=140)
    title_en = models.CharField(_("rubrik på engelska"), max_length=140, blank=True)
    lead = models.TextField(_("ingress"), max_length=400)
    lead_en = models.TextField(_("ingress på engelska"), max_length=400, blank=True)
    body = models.TextField(_("text"), max_length=20000, blank=True)
    body_en = models.TextField(_("text på engelska"), max_length=20000, blank=True)
    picture = models.ForeignKey(
        Picture, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("bild")
    )
    about_police = models.BooleanField(
        _("handlar om vad Polisen gör"),
        default=False,
        help_text=_("Då måste Polisen bekräfta texten innan den kan visas."),
    )
    state = models.CharField(
        _("status"), max_length=20, choices=PublicationState, default=PublicationState.DRAFT, editable=False
    )
    approved_at = models.DateTimeField(null=True, blank=True, editable=False)
    approved_by_function = models.CharField(max_length=120, blank=True, editable=False)
    publish_at = models.DateTimeField(
        _("publiceras"), null=True, blank=True, help_text=_("Lämna tomt för att publicera genast.")
    )
    announced_for = models.DateTimeField(
        _("utlovad till"),
        null=True,
        blank=True,
        help_text=_("Om ni har sagt när den kommer. Är den inte ute då får kommunikatören en påminnelse."),
    )
    withdrawn_reason = models.CharField(max_length=300, blank=True, editable=False)

    public_texts = ("title", "title_en", "lead", "lead_en", "body", "body_en")
    # The picture by its words: another picture, or other words for it, is another row.
    police_wording = ("title", "title_en", "lead", "lead_en", "body", "body_en", "picture", "about_police")

    objects = MaybePoliceTextQuerySet.as_manager()
    field_history = HistoricalRecords()

    class Meta:
        verbose_name = _("nyhet")
        verbose_name_plural = _("nyheter")
        ordering = ["-published_at", "-id"]
        # The newest first, and only as many as are shown.
        indexes = [models.Index(fields=["published_at", "id"], name="incidents_update_newest")]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=PublicationState.values), name="incidents_update_state"),
            models.CheckConstraint(
                condition=~Q(state=PublicationState.PUBLISHED) | Q(published_at__isnull=False),
                name="incidents_update_published",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("incidents:update", args=[self.pk])

    @property
    def public_url(self) -> str:
        return reverse("incidents_public:update", args=[self.slug])

    @property
    def subject_key(self) -> str:
        return f"incidents.publicupdate:{self.pk}"


class ActionPackage(Publishable):
    """The detailed package of measures; a new version replaces the old, which stays readable.

    Moved by operations/packages.py.
    """

    response = models.ForeignKey(Response, on_delete=models.PROTECT, related_name="packages", verbose_name=_("insats"))
    version = models.PositiveSmallIntegerField(default=1, editable=False)
    title = models.CharField(_("rubrik"), max_length=140)
    title_en = models.CharField(_("rubrik på engelska"), max_length=140, blank=True)
    lead = models.TextField(_("ingress"), max_length=1000, blank=True)
    lead_en = models.TextField(_("ingress på engelska"), max_length=1000, blank=True)
    state = models.CharField(
        _("status"), max_length=20, choices=PublicationState, default=PublicationState.DRAFT, editable=False
    )
    approved_at = models.DateTimeField(null=True, blank=True, editable=False)
    approved_by_function = models.CharField(max_length=120, blank=True, editable=False)
    publish_at = models.DateTimeField(
        _("publiceras"), null=True, blank=True, help_text=_("Lämna tomt för att publicera genast.")
    )
    announced_for = models.DateTimeField(_("utlovat till"), null=True, blank=True)
    withdrawn_reason = models.CharField(max_length=300, blank=True, editable=False)

    objects = PublishableQuerySet.as_manager()
    field_history = HistoricalRecords()

    class Meta:
        verbose_name = _("åtgärdspaket")
        verbose_name_plural = _("åtgärdspaket")
        ordering = ["-version", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["response", "version"], name="incidents_package_version"),
            models.CheckConstraint(condition=Q(state__in=PublicationState.values), name="incidents_package_state"),
        ]

    def __str__(self) -> str:
        return _("%(title)s, version %(version)s") % {"title": self.title, "version": self.version}

    def get_absolute_url(self) -> str:
        return reverse("incidents:package", args=[self.pk])

    @property
    def subject_key(self) -> str:
        return f"incidents.actionpackage:{self.pk}"


class PackageItem(PoliceText):
    """One measure of the package: what, who, from when, short or long term."""

    package = models.ForeignKey(ActionPackage, on_delete=models.CASCADE, related_name="items")
    order = models.PositiveSmallIntegerField(_("ordning"))
    what = models.TextField(_("vad"), max_length=600)
    what_en = models.TextField(_("vad, på engelska"), max_length=600, blank=True)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("vem")
    )
    from_when = models.CharField(_("från när"), max_length=60, blank=True)
    horizon = models.CharField(_("sikt"), max_length=10, choices=Horizon, default=Horizon.SHORT)
    state = models.CharField(_("status"), max_length=20, choices=ItemState, default=ItemState.PLANNED, editable=False)
    assignment = models.ForeignKey(
        Assignment,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="package_items",
        verbose_name=_("uppdrag"),
    )
    commitment = models.ForeignKey(
        Commitment,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="package_items",
        verbose_name=_("löfte"),
    )
    about_police = models.BooleanField(_("handlar om vad Polisen gör"), default=False)

    police_wording = ("what", "what_en", "from_when", "organisation", "about_police")

    objects = MaybePoliceTextQuerySet.as_manager()

    class Meta:
        verbose_name = _("åtgärd i paketet")
        verbose_name_plural = _("åtgärder i paketet")
        ordering = ["order", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ItemState.values), name="incidents_item_state"),
            models.CheckConstraint(condition=Q(horizon__in=Horizon.values), name="incidents_item_horizon"),
        ]

    def __str__(self) -> str:
        return self.what[:100]


class Reinforcement(PoliceText):
    """More police for some weeks: how many in all, how many of them based here."""

    class Kind(models.TextChoices):
        OUTDOOR = "OUTDOOR", _("I yttre tjänst")
        INVESTIGATION = "INVESTIGATION", _("Utredning")
        OTHER = "OTHER", _("Annat")

    response = models.ForeignKey(
        Response,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="reinforcements",
        verbose_name=_("insats"),
    )
    provider = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="reinforcements", verbose_name=_("vem förstärker")
    )
    kind = models.CharField(_("slag"), max_length=20, choices=Kind, default=Kind.OUTDOOR)
    from_year = models.PositiveSmallIntegerField(_("från år"))
    from_week = models.PositiveSmallIntegerField(_("från vecka"))
    to_year = models.PositiveSmallIntegerField(_("till år"), null=True, blank=True)
    to_week = models.PositiveSmallIntegerField(_("till vecka"), null=True, blank=True)
    total = models.PositiveSmallIntegerField(_("antal"))
    based_locally = models.PositiveSmallIntegerField(_("varav stationerade här"), default=0)
    public_note = models.TextField(_("text till invånarna"), max_length=600, blank=True)
    public_note_en = models.TextField(_("text till invånarna på engelska"), max_length=600, blank=True)

    police_wording = (
        "provider",
        "kind",
        "from_year",
        "from_week",
        "to_year",
        "to_week",
        "total",
        "based_locally",
        "public_note",
        "public_note_en",
    )

    public_texts = ("public_note", "public_note_en")

    objects = PoliceTextQuerySet.as_manager()
    field_history = HistoricalRecords()

    class Meta:
        verbose_name = _("förstärkning")
        verbose_name_plural = _("förstärkningar")
        ordering = ["-from_year", "-from_week", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(total__gte=F("based_locally")), name="incidents_reinforcement_part"),
            models.CheckConstraint(
                condition=Q(from_week__gte=1, from_week__lte=53)
                & (Q(to_week=None) | Q(to_week__gte=1, to_week__lte=53)),
                name="incidents_reinforcement_weeks",
            ),
            models.CheckConstraint(
                condition=Q(to_week=None, to_year=None)
                | Q(to_year__gt=F("from_year"))
                | Q(to_year=F("from_year"), to_week__gte=F("from_week")),
                name="incidents_reinforcement_order",
            ),
        ]

    def __str__(self) -> str:
        return _("Förstärkning från vecka %(week)s %(year)s") % {"week": self.from_week, "year": self.from_year}

    def get_absolute_url(self) -> str:
        return reverse("incidents:reinforcement", args=[self.pk])

    @classmethod
    def public_rows(cls) -> models.QuerySet:
        """On a page residents may read."""
        return cls.objects.published().filter(response__in=Response.objects.published())

    @property
    def public_path(self) -> str:
        return self.response.public_url if self.response else ""


class Correction(models.Model):
    """A visible correction of something published: what was put right, and when."""

    update = models.ForeignKey(
        PublicUpdate, on_delete=models.PROTECT, null=True, blank=True, related_name="corrections"
    )
    response = models.ForeignKey(Response, on_delete=models.PROTECT, null=True, blank=True, related_name="corrections")
    package = models.ForeignKey(
        ActionPackage, on_delete=models.PROTECT, null=True, blank=True, related_name="corrections"
    )
    text = models.CharField(_("vad som rättades"), max_length=300)
    text_en = models.CharField(_("vad som rättades, på engelska"), max_length=300, blank=True)
    corrected_at = models.DateTimeField()
    by_function = models.CharField(max_length=120)

    class Meta:
        verbose_name = _("rättelse")
        verbose_name_plural = _("rättelser")
        ordering = ["-corrected_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(update__isnull=False, response__isnull=True, package__isnull=True)
                | Q(update__isnull=True, response__isnull=False, package__isnull=True)
                | Q(update__isnull=True, response__isnull=True, package__isnull=False),
                name="incidents_correction_one_subject",
            ),
        ]

    def __str__(self) -> str:
        return self.text


class StaffMessage(Publishable):
    """A message to the municipality's own staff: on Mitt arbete and in the next morning's mail. Never public."""

    response = models.ForeignKey(
        Response,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="staff_messages",
        verbose_name=_("insats"),
    )
    title = models.CharField(_("rubrik"), max_length=140)
    body = models.TextField(_("text"), max_length=5000)
    state = models.CharField(
        _("status"), max_length=20, choices=PublicationState, default=PublicationState.DRAFT, editable=False
    )
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )

    objects = PublishableQuerySet.as_manager()
    field_history = HistoricalRecords()

    class Meta:
        verbose_name = _("meddelande till personalen")
        verbose_name_plural = _("meddelanden till personalen")
        ordering = ["-published_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=PublicationState.values), name="incidents_staff_message_state"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("incidents:staff_message", args=[self.pk])

    @property
    def subject_key(self) -> str:
        return f"incidents.staffmessage:{self.pk}"
