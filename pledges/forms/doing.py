"""Forms for what was done: one time held or called off, in two taps on a phone; and when the rhythm rests."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lysekil_trygghet.desk.forms import OnceForm, SeenForm, TaskForm, field_of
from lysekil_trygghet.ui.forms import DayField
from pledges.models import Commitment, Occurrence, PausePeriod
from situation.models import Area

from .promises import InWriting

HIGHEST_COUNT = 100_000


class OccurrenceFields(InWriting):
    date = DayField(label=_("Dag"))
    area = forms.ModelChoiceField(
        Area.objects.none(), label=_("Var"), required=False, empty_label=_("Ingen plats angiven")
    )
    public_note = field_of(
        Occurrence, "public_note", help_text=_("Invånarna läser raden. Inga personer, inga kommande insatser.")
    )
    public_note_en = field_of(Occurrence, "public_note_en")

    def __init__(self, *args: Any, commitment: Commitment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        areas = Area.objects.filter(is_active=True)
        if areas.exists():
            self.fields["area"].queryset = areas
        else:
            del self.fields["area"]
        self.units = list(commitment.units.all())
        for unit in self.units:
            self.fields[f"count_{unit.pk}"] = forms.IntegerField(
                label=_("Antal %(name)s") % {"name": unit.name},
                required=False,
                min_value=0,
                max_value=HIGHEST_COUNT,
                initial=1 if len(self.units) == 1 else None,
            )
        self.order_fields(["date", *(f"count_{unit.pk}" for unit in self.units), "area", "public_note"])

    def counts(self) -> dict[int, int] | None:
        """How many of each unit; what was left empty is left out. None where nothing is counted."""
        if not self.units:
            return None
        given = {unit.pk: self.cleaned_data.get(f"count_{unit.pk}") for unit in self.units}
        return {pk: count for pk, count in given.items() if count}


class LogForm(OnceForm, OccurrenceFields):
    submit_label = _("Spara: det är gjort")


class CallOffForm(OnceForm, InWriting):
    """Called off, because …"""

    submit_label = _("Spara: det ställdes in")

    date = DayField(label=_("Dag"))
    reason = field_of(Occurrence, "reason", required=True, help_text=_("Kort, till exempel: lokalen var stängd."))


class CorrectForm(SeenForm, OccurrenceFields):
    submit_label = _("Spara rättelsen")


class CorrectReasonForm(SeenForm, InWriting):
    submit_label = _("Spara rättelsen")

    date = DayField(label=_("Dag"))
    reason = field_of(Occurrence, "reason", required=True)


class PauseForm(OnceForm, TaskForm):
    submit_label = _("Spara pausen")

    first_day = DayField(label=_("Från och med"))
    last_day = DayField(label=_("Till och med"))
    reason = field_of(PausePeriod, "reason", help_text=_("Till exempel: sommarlov. Invånarna läser det."))
    reason_en = field_of(PausePeriod, "reason_en")


def counts_initial(occurrence: Occurrence) -> dict[str, int]:
    return {f"count_{row.unit_id}": row.count for row in occurrence.counts.all()}
