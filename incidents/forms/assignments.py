"""Forms on the assignment page: how it goes, more time, decline, who handles it, the day, the end, the answer."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from incidents.lifecycle import HowFar, RequestKind
from incidents.models import Assignment, AssignmentRequest, ProgressNote
from lysekil_trygghet.accounts.models import Membership, Organisation, Role, User
from lysekil_trygghet.desk.forms import OnceForm, SeenForm, TaskForm, field_of
from lysekil_trygghet.ui.forms import MomentField, PortalForm

from .parts import organisations_to_task


class OverviewFilter(PortalForm):
    """What Läget nu shows. Everything is optional; a strange value is told, never guessed at."""

    form_tag = False
    ALL = "alla"

    insats = forms.ChoiceField(label=_("Insats"), required=False)
    forvaltning = forms.ModelChoiceField(
        Organisation.objects.none(), label=_("Förvaltning"), required=False, empty_label=_("Alla förvaltningar")
    )
    status = forms.ChoiceField(
        label=_("Status"),
        required=False,
        choices=[
            ("", _("Alla")),
            ("LATE", _("Försenade")),
            ("OWED", _("Ska svara")),
            ("ISSUED", _("Inte bekräftade")),
            ("ACKNOWLEDGED", _("Mottagna")),
            ("RETURNED", _("Ska kompletteras")),
            ("REPORTED", _("Väntar på godkännande")),
            ("ACCEPTED", _("Godkända")),
        ],
    )
    visning = forms.ChoiceField(
        required=False, choices=[("", ""), ("projektor", "projektor")], widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, responses: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["insats"].choices = [*responses, (self.ALL, _("Alla insatser"))]
        self.fields["forvaltning"].queryset = organisations_to_task()


class ProgressForm(OnceForm):
    """One tap on how far it has come; a few words if wanted. Each row of a list has its own `prefix`."""

    form_tag = False
    submit_label = ""

    how_far = forms.ChoiceField(label=_("Hur långt"), choices=HowFar, widget=forms.RadioSelect)
    text = field_of(ProgressNote, "text", label=_("Kort kommentar"), help_text=_("Högst 300 tecken. Inga personer."))


class OfficerField(forms.ModelChoiceField):
    def label_from_instance(self, user: User) -> str:
        return user.name


class OfficerForm(SeenForm):
    submit_label = _("Spara handläggare")

    officer = OfficerField(
        User.objects.none(),
        label=_("Handläggare"),
        required=False,
        empty_label=_("Ingen särskild"),
        help_text=_("Handläggaren får samma påminnelser som du."),
    )

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["officer"].queryset = people


class MoreTimeForm(OnceForm):
    submit_label = _("Skicka begäran")

    proposed_due_at = MomentField(label=_("När kan ni återrapportera"))
    reason = field_of(AssignmentRequest, "reason", rows=4, label=_("Varför behöver ni mer tid"))


class DeclineForm(OnceForm):
    submit_label = _("Skicka till kommundirektören")

    proposed_organisation = forms.ModelChoiceField(
        Organisation.objects.none(), label=_("Vem bör ha uppdraget i stället")
    )
    reason = field_of(AssignmentRequest, "reason", rows=4, label=_("Varför passar uppdraget bättre där"))

    def __init__(self, *args: Any, assignment: Assignment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = organisations_to_task().exclude(pk=assignment.organisation_id)
        self.fields["proposed_organisation"].queryset = others


class MoveDayForm(SeenForm):
    submit_label = _("Flytta dagen")

    due_at = MomentField(label=_("Ny dag"))
    reason = forms.CharField(
        label=_("Varför flyttas dagen"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )


class ReasonForm(SeenForm):
    """Something is ended or excepted; the reason stays for all to read."""

    reason = forms.CharField(label=_("Skäl"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4}))


class AnswerForm(TaskForm):
    """The director's answer to a request: two buttons, one text. A refusal needs words."""

    form_tag = False
    submit_label = ""
    GRANT, REFUSE = "bevilja", "avsla"

    due_at = MomentField(
        label=_("Ny dag"), required=False, help_text=_("Du kan välja en annan dag än den som begärs.")
    )
    answer = forms.CharField(
        label=_("Svar till förvaltningen"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Behövs när du säger nej."),
    )

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if kind != RequestKind.MORE_TIME:
            del self.fields["due_at"]

    @property
    def granted(self) -> bool | None:
        """Which button was pressed; None when none was."""
        return {self.GRANT: True, self.REFUSE: False}.get(self.data.get("svar", ""))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if self.granted is None:
            self.add_error(None, _("Välj om du säger ja eller nej."))
        elif not self.granted and not data.get("answer") and "answer" not in self.errors:
            self.add_error("answer", _("Skriv varför du säger nej."))
        return data


class DiaryNumberForm(TaskForm):
    form_tag = False
    submit_label = ""

    diary_number = forms.CharField(label=_("Diarienummer"), max_length=40)


def officers_of(assignment: Assignment, *, on: dt.date) -> Any:
    """The heads and case officers of the responsible organisation that day."""
    members = Membership.objects.active_on(on).filter(
        organisation=assignment.organisation_id, role__in=(Role.DEPARTMENT_HEAD, Role.OFFICER)
    )
    return User.objects.filter(pk__in=members.values("user_id")).order_by("name", "pk")
