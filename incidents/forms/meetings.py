"""Forms for the call, the meeting and what comes of it, and for a department's situation report."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from incidents.models import (
    Convening,
    Directive,
    Meeting,
    OpenQuestion,
    PoliceUndertaking,
    QuestionHandling,
    StatusReport,
)
from lysekil_trygghet.accounts.models import Organisation
from lysekil_trygghet.desk.forms import OnceForm, SeenForm, TaskForm, field_of
from lysekil_trygghet.ui.forms import MomentField

from .parts import FunctionsField, functions_to_choose, organisations_to_task


class ConveningFields(TaskForm):
    not_values = ("functions",)

    meeting_at = MomentField(label=_("När"))
    place = field_of(Convening, "place", help_text=_("Rum, eller hur man ansluter på distans."))
    purpose = field_of(Convening, "purpose", help_text=_("Skriv kort. Inga personer."), rows=4)
    functions = FunctionsField(
        label=_("Vilka kallas"),
        help_text=_("Nyckelfunktionerna står först. Kallelsen går till den som har funktionen i dag."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["functions"].queryset = functions_to_choose()


class NewConveningForm(OnceForm, ConveningFields):
    submit_label = _("Spara och gå vidare")


class ConveningForm(SeenForm, ConveningFields):
    submit_label = _("Spara kallelsen")


class MeetingFields(TaskForm):
    not_values = ("functions",)

    title = field_of(Meeting, "title")
    held_at = MomentField(label=_("När"))
    place = field_of(Meeting, "place")
    functions = FunctionsField(
        label=_("Deltagande funktioner"),
        required=False,
        help_text=_("Även följeforskare som är med. Skriv aldrig namn på personer."),
    )
    agenda = field_of(Meeting, "agenda", rows=4)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["functions"].queryset = functions_to_choose()


class NewMeetingForm(OnceForm, MeetingFields):
    submit_label = _("Spara mötet")
    field_order = ("kind",)

    kind = field_of(
        Meeting,
        "kind",
        help_text=_("Vid möten med Polisen visas texten för invånarna först när Polisen bekräftat den."),
    )


class MeetingForm(SeenForm, MeetingFields):
    submit_label = _("Spara mötet")

    notes = field_of(
        Meeting,
        "notes",
        rows=12,
        help_text=_("Vad som sades och bestämdes. Skriv funktioner, aldrig namn. Ingen sekretess här."),
    )
    outcome_public = field_of(Meeting, "outcome_public")
    outcome_public_en = field_of(Meeting, "outcome_public_en")


class ApprovedMeetingForm(SeenForm):
    """The notes are fixed; only the text to residents can still be put right."""

    submit_label = _("Spara texten")

    outcome_public = field_of(Meeting, "outcome_public")
    outcome_public_en = field_of(Meeting, "outcome_public_en")


class QuestionForm(OnceForm):
    submit_label = _("Lägg till frågan")

    text = field_of(OpenQuestion, "text", rows=3, label=_("Frågan"))


class HandlingForm(TaskForm):
    """What was said of an open question, and the answer when there is one."""

    submit_label = _("Spara")

    note = field_of(QuestionHandling, "note", rows=3)
    answer = field_of(
        OpenQuestion,
        "answer",
        rows=3,
        help_text=_("Fyll i när frågan har fått sitt svar. Då följer den inte med till nästa möte."),
    )


class DirectiveForm(OnceForm):
    submit_label = _("Ge direktivet")

    organisation = forms.ModelChoiceField(Organisation.objects.none(), label=_("Till"))
    text = field_of(Directive, "text", rows=4)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = organisations_to_task()


class UndertakingForm(OnceForm):
    submit_label = _("Skriv in åtagandet")

    text = field_of(PoliceUndertaking, "text", rows=3, help_text=_("Vad Polisen själva säger att de gör."))
    text_en = field_of(PoliceUndertaking, "text_en", rows=3)
    from_when = field_of(PoliceUndertaking, "from_when", help_text=_("Till exempel: från vecka 27."))


class StatusReportFields(TaskForm):
    text = field_of(
        StatusReport,
        "text",
        rows=10,
        label=_("Läget hos oss"),
        help_text=_("Vad ni ser, vad ni gör och vad ni behöver. Inga personer och inga enskilda ärenden."),
    )


class NewStatusReportForm(OnceForm, StatusReportFields):
    submit_label = _("Spara utkastet")
    not_values = ("organisation",)

    organisation = forms.ModelChoiceField(Organisation.objects.none(), label=_("Från"))

    def __init__(self, *args: Any, organisations: Iterable[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = Organisation.objects.filter(pk__in=list(organisations))
        self.fields["organisation"].queryset = mine
        if len(mine) == 1:
            self.fields["organisation"].initial = mine[0].pk
            self.fields["organisation"].widget = forms.HiddenInput()


class StatusReportForm(SeenForm, StatusReportFields):
    submit_label = _("Spara utkastet")
