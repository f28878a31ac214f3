"""Forms for messages to the municipality's own staff."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from incidents.lifecycle import ResponseState
from incidents.models import Response, StaffMessage
from lysekil_trygghet.desk.forms import OnceForm, SeenForm, TaskForm, field_of


class StaffMessageFields(TaskForm):
    response = forms.ModelChoiceField(
        Response.objects.none(), label=_("Insats"), required=False, empty_label=_("Ingen insats")
    )
    title = field_of(StaffMessage, "title")
    body = field_of(
        StaffMessage,
        "body",
        rows=10,
        help_text=_("Alla som arbetar i kommunen kan läsa det. Inga personer och inget som är hemligt."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = self.initial.get("response")
        ongoing = Response.objects.filter(state=ResponseState.ACTIVE)
        rows = ongoing | Response.objects.filter(pk=chosen) if chosen else ongoing
        self.fields["response"].queryset = rows


class NewStaffMessageForm(OnceForm, StaffMessageFields):
    submit_label = _("Spara utkastet")


class StaffMessageForm(SeenForm, StaffMessageFields):
    submit_label = _("Spara utkastet")
