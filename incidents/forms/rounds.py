"""Forms for the follow-up round: planned, one answer for each assignment, closed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from incidents.models import FollowUpRound, RoundItem
from lysekil_trygghet.desk.forms import OnceForm, SeenForm, TaskForm, field_of
from lysekil_trygghet.ui.forms import MomentField

from .parts import FunctionsField, functions_to_choose


class NewRoundForm(OnceForm):
    submit_label = _("Planera avstämningen")

    held_at = MomentField(label=_("När"))
    functions = FunctionsField(label=_("Vilka är med"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["functions"].queryset = functions_to_choose()


class JudgeForm(SeenForm):
    """About one version of a report: `report` says which one the page showed."""

    form_tag = False
    report = forms.IntegerField(widget=forms.HiddenInput, max_value=2**62)


class AcceptForm(JudgeForm):
    """Finished work is accepted with one tap; unfinished work gets a new day or a reason."""

    new_due_at = MomentField(
        label=_("Ny dag för nästa återrapport"), required=False, help_text=_("Då går arbetet vidare till den dagen.")
    )
    reason = forms.CharField(
        label=_("Varför det räcker så här"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Fyll i om arbetet ska avslutas fast det inte är klart."),
    )

    def __init__(self, *args: Any, is_finished: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_finished:
            del self.fields["new_due_at"], self.fields["reason"]


class ReturnForm(JudgeForm):
    reason = forms.CharField(
        label=_("Vad som behöver kompletteras"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )
    new_due_at = MomentField(label=_("Ny dag"))


class NoReportForm(TaskForm):
    form_tag = False
    note = field_of(RoundItem, "note", rows=3, label=_("Vad som sades om det"))


class ExceptForm(TaskForm):
    form_tag = False
    reason = forms.CharField(
        label=_("Skäl till undantaget"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Beslutet kan följas upp fast uppdraget saknar godkänt svar. Skälet sparas i historiken."),
    )


class SummaryForm(SeenForm):
    submit_label = _("Avsluta avstämningen")

    summary_public = field_of(
        FollowUpRound,
        "summary_public",
        rows=5,
        help_text=_("Kort om hur det har gått. Kommunikatören publicerar texten."),
    )
    summary_public_en = field_of(FollowUpRound, "summary_public_en", rows=5)
