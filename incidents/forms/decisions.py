"""Forms for the steering decision: its text, its lists, its assignments, its revision."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from incidents.lifecycle import Urgency
from incidents.models import Approach, Assignment, DirectionPoint, RevisionChoice, SteeringDecision
from lysekil_trygghet.accounts.models import Organisation
from lysekil_trygghet.desk.forms import OnceForm, SeenForm, TaskForm, field_of
from lysekil_trygghet.ui.forms import DayField, MomentField

from .parts import WithLinks, commitment_field, organisations_to_task

NEW_POINT = _("Ny punkt")
NEW_APPROACH = _("Nytt förhållningssätt")


URGENCY_HINTS = {
    Urgency.ACUTE: _("Något har hänt. Förvaltningarna svarar nästa vecka om inget annat sägs."),
    Urgency.NORMAL: _("Arbetet är planerat. Vid lång tid påminner vi också fem arbetsdagar före."),
}


def urgency_field() -> forms.Field:
    field = field_of(SteeringDecision, "urgency", widget=forms.RadioSelect)
    field.widget.option_hints = {str(value): hint for value, hint in URGENCY_HINTS.items()}
    return field


class NewDecisionForm(OnceForm):
    submit_label = _("Börja skriva")

    urgency = urgency_field()
    aim = field_of(SteeringDecision, "aim", rows=3)


class DecisionForm(SeenForm):
    form_tag = False

    aim = field_of(SteeringDecision, "aim", rows=3, help_text=_("Vad ska arbetet leda till? En eller två meningar."))
    aim_en = field_of(SteeringDecision, "aim_en", rows=3)
    formal_basis = field_of(SteeringDecision, "formal_basis", rows=3)
    urgency = urgency_field()
    review_on = DayField(label=_("Omprövas senast"), required=False)


class RowForm(TaskForm):
    """One row of a list in the editor; `pk` says which stored row it is, empty for a new one."""

    form_tag = False
    pk = forms.IntegerField(widget=forms.HiddenInput, required=False, max_value=2**62)


class PointForm(RowForm):
    text = field_of(DirectionPoint, "text", rows=2)
    text_en = field_of(DirectionPoint, "text_en", rows=2)
    is_public = field_of(DirectionPoint, "is_public")
    no_assignment = field_of(DirectionPoint, "no_assignment")
    no_assignment_reason = field_of(DirectionPoint, "no_assignment_reason")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("no_assignment") and not data.get("no_assignment_reason") and not self.errors:
            self.add_error("no_assignment_reason", _("Skriv varför punkten inte behöver något uppdrag."))
        return data


class ApproachForm(RowForm):
    text = field_of(Approach, "text", rows=2)
    text_en = field_of(Approach, "text_en", rows=2)
    is_public = field_of(Approach, "is_public")


class PointsField(forms.ModelMultipleChoiceField):
    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, point: DirectionPoint) -> str:
        return f"{point.order}. {point.text}"


class AssignmentFields(WithLinks, TaskForm):
    not_values = ("points", "organisations")

    title = field_of(Assignment, "title", help_text=_("Kort, till exempel: Vuxna ute på kvällarna."))
    instruction = field_of(Assignment, "instruction", rows=6, help_text=_("Vad ska göras? Inga personer."))
    points = PointsField(
        queryset=DirectionPoint.objects.none(), label=_("Svarar mot"), help_text=_("Välj minst en inriktningspunkt.")
    )
    commitment = commitment_field()
    due_at = MomentField(label=_("Återrapport senast"))
    is_public = field_of(Assignment, "is_public")
    public_text = field_of(Assignment, "public_text", rows=3)
    public_text_en = field_of(Assignment, "public_text_en", rows=3)

    def __init__(self, *args: Any, decision: SteeringDecision, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["points"].queryset = decision.points.all()


class NewAssignmentForm(OnceForm, AssignmentFields):
    """The same assignment for one or several: one row for each organisation, each with one responsible."""

    submit_label = _("Spara utkastet")
    field_order = ("organisations",)

    organisations = forms.ModelMultipleChoiceField(
        Organisation.objects.none(),
        label=_("Vem får uppdraget"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Väljer du flera blir det ett eget uppdrag till var och en."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisations"].queryset = organisations_to_task()


class AssignmentForm(SeenForm, AssignmentFields):
    submit_label = _("Spara uppdraget")
    field_order = ("organisation",)

    organisation = forms.ModelChoiceField(Organisation.objects.none(), label=_("Vem får uppdraget"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = organisations_to_task()


class ChoiceForm(TaskForm):
    """What the new version does with one open assignment."""

    form_tag = False

    choice = field_of(RevisionChoice, "choice", widget=forms.RadioSelect)
    new_due_at = MomentField(label=_("Ny dag"), required=False)
    reason = field_of(RevisionChoice, "reason", help_text=_("Behövs när dagen flyttas eller uppdraget tas bort."))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        choice = data.get("choice")
        if choice == RevisionChoice.Choice.MOVE and not data.get("new_due_at") and "new_due_at" not in self.errors:
            self.add_error("new_due_at", _("Välj en ny dag för uppdraget."))
        if choice and choice != RevisionChoice.Choice.KEEP and not data.get("reason") and "reason" not in self.errors:
            self.add_error("reason", _("Skriv varför uppdraget flyttas eller tas bort."))
        return data


class ShareForm(OnceForm):
    submit_label = _("Dela utkastet")

    organisation = forms.ModelChoiceField(Organisation.objects.none(), label=_("Dela med"))
    understood = forms.BooleanField(label=_("Jag förstår att utkastet oftast blir allmän handling när det delas."))

    def __init__(self, *args: Any, own: frozenset[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = Organisation.objects.filter(is_active=True).exclude(pk__in=own)
        self.fields["organisation"].queryset = others


class EndDecisionForm(SeenForm):
    submit_label = _("Avsluta beslutet")

    closing_text = field_of(SteeringDecision, "closing_text", rows=5, required=True)
    closing_text_en = field_of(SteeringDecision, "closing_text_en", rows=5)
