"""The report-back form: saved as a draft with gaps, submitted when it is whole."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from incidents.lifecycle import Outcome
from incidents.models import ReportBack
from incidents.operations.reports import missing_before_submit
from lysekil_trygghet.desk.forms import TaskForm, field_of
from lysekil_trygghet.privacy.forms import PrivateTextMixin
from lysekil_trygghet.ui.forms import PortalForm

OUTCOME_HINTS = {
    Outcome.DONE: _("Allt i uppdraget är gjort."),
    Outcome.ONGOING: _("Arbetet löper på som det var tänkt och behöver mer tid."),
    Outcome.PARTLY: _("En del är gjort, men inte allt. Skriv varför längre ner."),
    Outcome.NOT_DONE: _("Arbetet har inte kommit i gång. Skriv varför längre ner."),
}


def _outcome_field() -> forms.Field:
    field = forms.ChoiceField(
        label=_("Hur gick det?"), choices=Outcome.choices, required=False, widget=forms.RadioSelect
    )
    field.widget.option_hints = {str(value): hint for value, hint in OUTCOME_HINTS.items()}
    return field


def _text(name: str, label: Any, rows: int, help_text: Any = "") -> forms.Field:
    return field_of(ReportBack, name, label=label, rows=rows, help_text=help_text, required=False)


class ReportFields(forms.Form):
    """The fields themselves: nothing is required while it is a draft."""

    done_text = _text(
        "done_text",
        _("Vad har ni gjort?"),
        6,
        _("Vad, hur många gånger, var och tillsammans med vilka organisationer. Behövs när ni lämnar in."),
    )
    outcome = _outcome_field()
    off_track_reason = _text(
        "off_track_reason",
        _("Varför är det inte klart?"),
        3,
        _("Behövs om ni svarar ”Delvis gjort” eller ”Inte gjort”."),
    )
    obstacles = _text("obstacles", _("Vad har hindrat?"), 3)
    resources = _text("resources", _("Vilka resurser behövs?"), 3)
    next_step = _text("next_step", _("Vad är nästa steg?"), 3)
    public_text = _text(
        "public_text",
        _("Text till invånarna"),
        3,
        _("Kort och vänligt. Visas på webbplatsen först när återrapporten är godkänd och texten har granskats."),
    )
    # Which version the page showed, and how many times it had been saved then.
    report = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=32_000)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=2_000_000_000)

    def texts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ReportBack.TEXTS if name in self.cleaned_data}


class ReportForm(TaskForm, ReportFields):
    """`submitting`: the button that was pressed asks for more than a draft does."""

    form_tag = False
    submit_label = ""
    # Marked as needed on the page, but a draft may still leave them empty.
    needed = ("done_text", "outcome")

    secrecy_checked = forms.BooleanField(
        label=_("Jag har läst igenom texten. Den innehåller ingen sekretess och pekar inte ut någon."),
        required=False,
        help_text=_("Behövs när ni lämnar in. Efter det är texten allmän handling och kan inte ändras."),
    )

    def __init__(self, *args: Any, submitting: bool = False, may_submit: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.submitting = submitting
        if not may_submit:
            del self.fields["secrecy_checked"]
        self._mark_needed(True)

    def _mark_needed(self, yes: bool) -> None:
        for name in self.needed:
            self.fields[name].required = yes

    def full_clean(self) -> None:
        self._mark_needed(False)
        super().full_clean()
        self._mark_needed(True)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not self.submitting:
            return data
        whole = {name: data.get(name, "") for name in ReportBack.TEXTS}
        for name, words in missing_before_submit(ReportBack(**whole)).items():
            if name not in self.errors:
                self.add_error(name, words)
        if not data.get("secrecy_checked"):
            self.add_error("secrecy_checked", _("Läs igenom texten och kryssa i rutan innan du lämnar in."))
        return data


class AutosaveForm(PrivateTextMixin, ReportFields, PortalForm):
    """What the browser sends by itself: an identity number stops it, other signs wait for the person."""

    privacy_warns = False
