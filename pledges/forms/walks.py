"""Forms for safety walks: the walk, what was seen, who answers, the answer."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lysekil_trygghet.accounts.models import Organisation
from lysekil_trygghet.desk.forms import OnceForm, SeenForm, TaskForm, field_of
from lysekil_trygghet.ui.forms import DayField
from pledges.lifecycle import SETS_RUNNING
from pledges.models import Commitment, SafetyWalk, WalkObservation
from situation.models import Area

from .promises import InWriting, organisations


class WalkFields(TaskForm):
    title = field_of(SafetyWalk, "title", help_text=_("Till exempel: Trygghetsvandring i hamnen."))
    title_en = field_of(SafetyWalk, "title_en")
    held_on = DayField(label=_("Dag"))
    area = forms.ModelChoiceField(
        Area.objects.none(), label=_("Område"), required=False, empty_label=_("Inget område")
    )
    route = field_of(SafetyWalk, "route", rows=2)
    participants = field_of(
        SafetyWalk, "participants", min_value=0, max_value=1000, help_text=_("Hur många, aldrig vilka.")
    )
    commitment = forms.ModelChoiceField(
        Commitment.objects.none(), label=_("Hör till löftet"), required=False, empty_label=_("Inget löfte")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].queryset = Area.objects.filter(is_active=True)
        known = getattr(self.initial.get("commitment"), "pk", None)
        rows = Commitment.objects.filter(pledge_set__state__in=SETS_RUNNING) | Commitment.objects.filter(pk=known)
        self.fields["commitment"].queryset = rows.order_by("number")


class NewWalkForm(OnceForm, WalkFields):
    submit_label = _("Spara vandringen")


class WalkForm(SeenForm, WalkFields):
    submit_label = _("Spara vandringen")


class ObservationFields(TaskForm):
    spot = field_of(WalkObservation, "spot", help_text=_("Plats, aldrig en bostadsadress."))
    text = field_of(WalkObservation, "text", rows=3)
    text_en = field_of(WalkObservation, "text_en", rows=3)
    owner = forms.ModelChoiceField(
        Organisation.objects.none(), label=_("Vem svarar"), required=False, empty_label=_("Inte bestämt än")
    )
    answer_due = DayField(label=_("Svar senast"), required=False)
    is_public = field_of(WalkObservation, "is_public")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = organisations()


class NewObservationForm(OnceForm, ObservationFields):
    submit_label = _("Spara iakttagelsen")


class ObservationForm(SeenForm, ObservationFields):
    submit_label = _("Spara iakttagelsen")


class ObservationAnswerForm(InWriting, SeenForm):
    submit_label = _("Spara svaret")

    answer = field_of(WalkObservation, "answer", rows=3, required=True, help_text=_("Vad ni gör, och när."))
    answer_en = field_of(WalkObservation, "answer_en", rows=3)


class MendForm(InWriting, SeenForm):
    submit_label = _("Det är åtgärdat")

    done_on = DayField(label=_("Åtgärdat"))
    answer = field_of(WalkObservation, "answer", rows=3, required=False)
    answer_en = field_of(WalkObservation, "answer_en", rows=3)
