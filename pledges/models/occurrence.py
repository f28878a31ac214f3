"""How often it shall be, when it rests, and each time it was held or cancelled."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from lysekil_trygghet.accounts.models import Organisation
from lysekil_trygghet.publishing.models import ReadByResidents
from situation.models import Area

from ..lifecycle import OccurrenceState, Per, Reading
from .commitment import Commitment, Unit


class RecurrenceRule(models.Model):
    """The rhythm of a promise; rhythm.py does the arithmetic. operations/occurrences.py."""

    commitment = models.OneToOneField(Commitment, on_delete=models.CASCADE, related_name="rule")
    reading = models.CharField(_("så räknas det"), max_length=10, choices=Reading, default=Reading.DAYS)
    # Days for DAYS, weeks for WEEKS.
    limit = models.PositiveSmallIntegerField(_("högst så många dagar, eller veckor"), null=True, blank=True)
    min_count = models.PositiveSmallIntegerField(_("minst så många gånger"), null=True, blank=True)
    per = models.CharField(_("per"), max_length=10, choices=Per, blank=True)
    active_from = models.DateField(_("räknas från"))
    active_to = models.DateField(_("räknas till"), null=True, blank=True)
    revision = models.PositiveIntegerField(default=0, editable=False)

    field_history = HistoricalRecords()

    class Meta:
        verbose_name = _("rytm")
        verbose_name_plural = _("rytmer")
        constraints = [
            models.CheckConstraint(condition=Q(reading__in=Reading.values), name="pledges_rule_reading"),
            models.CheckConstraint(
                condition=(Q(reading=Reading.COUNT) & Q(min_count__gte=1) & Q(per__in=Per.values))
                | (~Q(reading=Reading.COUNT) & Q(limit__gte=1)),
                name="pledges_rule_whole",
            ),
            models.CheckConstraint(
                condition=Q(active_to=None) | Q(active_to__gte=F("active_from")), name="pledges_rule_dates"
            ),
        ]

    def __str__(self) -> str:
        return self.get_reading_display()


class PausePeriod(models.Model):
    """Days when the rhythm rests (summer, Christmas); first and last day included."""

    rule = models.ForeignKey(RecurrenceRule, on_delete=models.CASCADE, related_name="pauses")
    first_day = models.DateField(_("från och med"))
    last_day = models.DateField(_("till och med"))
    reason = models.CharField(_("varför"), max_length=200)
    reason_en = models.CharField(_("varför, på engelska"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("paus")
        verbose_name_plural = _("pauser")
        ordering = ["first_day", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="pledges_pause_dates"),
            models.CheckConstraint(condition=~Q(reason=""), name="pledges_pause_says_why"),
        ]

    def __str__(self) -> str:
        return self.reason


class Occurrence(ReadByResidents):
    """One time something was done for a promise, or was called off. operations/occurrences.py.

    Undoing keeps the row, so that an undone line can be seen in the history and put back.
    """

    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="occurrences")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="occurrences", verbose_name=_("av")
    )
    date = models.DateField(_("dag"))
    state = models.CharField(
        _("status"), max_length=20, choices=OccurrenceState, default=OccurrenceState.HELD, editable=False
    )
    area = models.ForeignKey(
        Area, on_delete=models.PROTECT, null=True, blank=True, related_name="occurrences", verbose_name=_("var")
    )
    public_note = models.CharField(_("kort om vad som gjordes"), max_length=300, blank=True)
    public_note_en = models.CharField(_("kort om vad som gjordes, på engelska"), max_length=300, blank=True)
    reason = models.CharField(_("varför den ställdes in"), max_length=300, blank=True)
    # For a promise the Police lead: the document in which they told the coordinator.
    document = models.CharField(max_length=200, blank=True, editable=False)
    document_on = models.DateField(null=True, blank=True, editable=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    recorded_at = models.DateTimeField(editable=False)
    revision = models.PositiveIntegerField(default=0, editable=False)

    public_texts = ("reason", "public_note", "public_note_en")

    field_history = HistoricalRecords()

    class Meta:
        verbose_name = _("tillfälle")
        verbose_name_plural = _("tillfällen")
        ordering = ["-date", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=OccurrenceState.values), name="pledges_occurrence_state"),
            models.CheckConstraint(
                condition=~Q(state=OccurrenceState.CANCELLED) | ~Q(reason=""),
                name="pledges_occurrence_cancelled_says_why",
            ),
        ]
        indexes = [models.Index(fields=["commitment", "date"], name="pledges_occurrence_day")]

    def __str__(self) -> str:
        return f"{self.date:%Y-%m-%d}"

    @classmethod
    def public_rows(cls) -> models.QuerySet:
        kept = cls._default_manager.exclude(state=OccurrenceState.UNDONE)
        return kept.filter(commitment__in=Commitment.objects.published())

    @property
    def public_path(self) -> str:
        return self.commitment.public_url

    def texts_read(self) -> dict[str, str]:
        """Why it was called off, or what was noted when it was held."""
        texts = super().texts_read()
        if self.state == OccurrenceState.CANCELLED:
            return {"reason": texts["reason"]}
        del texts["reason"]
        return texts


class OccurrenceCount(models.Model):
    """How many of one unit that time."""

    occurrence = models.ForeignKey(Occurrence, on_delete=models.CASCADE, related_name="counts")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="counts")
    count = models.PositiveIntegerField(_("antal"), default=1)

    class Meta:
        verbose_name = _("antal")
        verbose_name_plural = _("antal")
        ordering = ["unit__order", "id"]
        constraints = [models.UniqueConstraint(fields=["occurrence", "unit"], name="pledges_count_once")]

    def __str__(self) -> str:
        return f"{self.count} {self.unit}"
