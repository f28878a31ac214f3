"""Forms for following up and telling: follow-ups, progress, "ni sa – vi gjorde"."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lysekil_trygghet.desk.forms import OnceForm, SeenForm, TaskForm, field_of
from lysekil_trygghet.ui.forms import DayField
from pledges.lifecycle import Outlook
from pledges.models import Commitment, Feedback, FollowUp, PledgeSet, ProgressNote
from situation.models import Source

from .promises import InWriting


class FollowUpFields(TaskForm):
    period_start = DayField(label=_("Från"))
    period_end = DayField(label=_("Till"))
    done_text = field_of(
        FollowUp, "done_text", rows=5, help_text=_("Hur många gånger, var och för vilka? Inga enskilda personer.")
    )
    done_text_en = field_of(FollowUp, "done_text_en", rows=5)
    result_text = field_of(
        FollowUp, "result_text", rows=5, help_text=_("Skriv vad ni ser, inte att löftet är orsaken.")
    )
    result_text_en = field_of(FollowUp, "result_text_en", rows=5)
    obstacles = field_of(FollowUp, "obstacles", rows=3)
    next_step = field_of(FollowUp, "next_step", rows=2)
    next_step_en = field_of(FollowUp, "next_step_en", rows=2)
    is_public = field_of(FollowUp, "is_public")


class NewFollowUpForm(OnceForm, FollowUpFields):
    submit_label = _("Spara utkastet")
    not_values = ("kind",)
    field_order = ("kind",)

    kind = field_of(FollowUp, "kind", widget=forms.RadioSelect)


class FollowUpForm(SeenForm, FollowUpFields):
    submit_label = _("Spara utkastet")


class NoteForm(InWriting, OnceForm):
    """How it goes: one tap and a line."""

    submit_label = _("Skicka")

    outlook = forms.ChoiceField(label=_("Hur går det?"), choices=Outlook.choices, widget=forms.RadioSelect)
    text = field_of(ProgressNote, "text", rows=3, required=False)
    next_step = field_of(ProgressNote, "next_step", required=False)


class FeedbackFields(TaskForm):
    said = field_of(
        Feedback, "said", rows=3, help_text=_("Det ni har hört, med egna ord. Inga citat som pekar ut någon.")
    )
    said_en = field_of(Feedback, "said_en", rows=3)
    did = field_of(Feedback, "did", rows=4)
    did_en = field_of(Feedback, "did_en", rows=4)
    when = field_of(Feedback, "when", help_text=_("Till exempel: hösten 2018."))
    when_en = field_of(Feedback, "when_en")
    source = forms.ModelChoiceField(
        Source.objects.none(), label=_("Underlag"), required=False, empty_label=_("Inget underlag")
    )
    pledge_set = forms.ModelChoiceField(
        PledgeSet.objects.none(), label=_("Medborgarlöften"), required=False, empty_label=_("Inga")
    )
    commitment = forms.ModelChoiceField(
        Commitment.objects.none(), label=_("Löfte"), required=False, empty_label=_("Inget löfte")
    )
    about_police = field_of(Feedback, "about_police")

    def __init__(self, *args: Any, sets: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].queryset = Source.objects.all()
        self.fields["pledge_set"].queryset = sets
        self.fields["commitment"].queryset = Commitment.objects.filter(pledge_set__in=sets).order_by(
            "-pledge_set__period_start", "number"
        )


class NewFeedbackForm(OnceForm, FeedbackFields):
    submit_label = _("Spara utkastet")


class FeedbackForm(SeenForm, FeedbackFields):
    submit_label = _("Spara")


class PublishCheckForm(SeenForm):
    """Show it to residents; a box for signs of persons where there are any."""

    submit_label = _("Publicera")

    confirm_signs = forms.BooleanField(label=_("Jag har kontrollerat att ingen person pekas ut"), required=False)

    def __init__(self, *args: Any, signs: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not signs:
            del self.fields["confirm_signs"]
