"""The filter of the log, and the form of a ladder: its steps one below the other, and when it is quiet."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from lysekil_trygghet.accounts.models import User
from lysekil_trygghet.desk.forms import OnceForm, SeenForm, TaskForm
from lysekil_trygghet.notifications.ladders import Audience, Example, Rules, Step, Unit
from lysekil_trygghet.notifications.queries import LONGEST_SEARCH
from lysekil_trygghet.ui.forms import ClockInput, DayField, PortalForm


class LogFilter(PortalForm):
    is_filter = True
    form_tag = False

    q = forms.CharField(
        label=_("Sök"),
        help_text=_("Namn, adress, ärendenummer eller ord ur rubriken."),
        required=False,
        max_length=LONGEST_SEARCH,
    )
    visa = forms.ChoiceField(
        label=_("Visa"),
        required=False,
        choices=[
            ("", _("Allt")),
            ("problem", _("Det som inte kom fram")),
            ("waiting", _("Det som väntar på att skickas")),
            ("sent", _("Det som är skickat")),
            ("cancelled", _("Det som inte behövdes längre")),
        ],
    )


class ClockField(forms.TimeField):
    """A time of day."""

    widget = ClockInput
    default_error_messages = {"invalid": _("Skriv ett klockslag, till exempel 08:00.")}


# --- A ladder -------------------------------------------------------------------------------------------

# How a step stands to the due time: words, unit, sign.
HOW: dict[str, tuple[Any, str, int]] = {
    "days_before": (_("arbetsdagar före sista dagen"), Unit.WORKING_DAYS, -1),
    "on_the_day": (_("på sista dagen"), Unit.WORKING_DAYS, 0),
    "days_after": (_("arbetsdagar efter sista dagen"), Unit.WORKING_DAYS, 1),
    "hours_before": (_("timmar innan tiden går ut"), Unit.HOURS, -1),
    "at_due": (_("när tiden går ut"), Unit.HOURS, 0),
    "hours_after": (_("timmar efter att tiden har gått ut"), Unit.HOURS, 1),
}
WITHOUT_NUMBER = ("on_the_day", "at_due")
MOST_STEPS = 12


class StepForm(TaskForm):
    """One step in words: a number, how it stands to the due time, the time of day, to whom, under which heading."""

    form_tag = False
    # Which fields are needed hangs on the choice under "När", so none is marked as optional.
    is_filter = True

    name = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)
    heading = forms.CharField(label=_("Rubrik i mejlet"), max_length=120)
    number = forms.IntegerField(label=_("Antal"), required=False, min_value=0, max_value=90)
    how = forms.ChoiceField(
        label=_("När"), choices=[(key, words) for key, (words, _unit, _sign) in HOW.items()], initial="days_before"
    )
    clock = ClockField(label=_("Klockslag"), required=False)
    to = forms.ChoiceField(label=_("Till"), choices=Audience, initial=Audience.RESPONSIBLE)
    longer_than = forms.IntegerField(
        label=_("Bara om det är fler arbetsdagar dit än (kan lämnas tomt)"), required=False, min_value=0, max_value=200
    )
    remove = forms.BooleanField(label=_("Ta bort steget"), required=False)

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        how = found.get("how", "")
        if found.get("remove") or not how:
            return found
        if how not in WITHOUT_NUMBER and not found.get("number"):
            self.add_error("number", _("Skriv hur många."))
        if HOW[how][1] == Unit.WORKING_DAYS and not found.get("clock"):
            self.add_error("clock", ClockField.default_error_messages["invalid"])
        return found

    def step(self) -> Step:
        """The step as typed; call it on a form that is valid."""
        typed = self.cleaned_data
        _words, unit, sign = HOW[typed["how"]]
        days = unit == Unit.WORKING_DAYS
        return Step(
            name=typed["name"],
            offset=sign * (typed["number"] or 0),
            unit=str(unit),
            to=typed["to"],
            clock=f"{typed['clock']:%H:%M}" if days else "",
            heading=typed["heading"],
            longer_than=typed["longer_than"] or 0,
        )

    @staticmethod
    def typed(step: Step, *, heading: str) -> dict[str, Any]:
        """A step as the form shows it."""
        sign = (step.offset > 0) - (step.offset < 0)
        how = next(key for key, (_words, unit, its_sign) in HOW.items() if unit == step.unit and its_sign == sign)
        return {
            "name": step.name,
            "heading": heading,
            "number": abs(step.offset) or None,
            "how": how,
            "clock": dt.time.fromisoformat(step.clock) if step.clock else None,
            "to": step.to,
            "longer_than": step.longer_than or None,
        }


StepFormSet = forms.formset_factory(StepForm, extra=1, max_num=MOST_STEPS, validate_max=True)


class LadderForm(SeenForm):
    """What holds for the whole ladder, and what the preview is tried on."""

    form_tag = False

    quiet_from = ClockField(label=_("Tyst från"), required=False)
    quiet_to = ClockField(
        label=_("Tyst till"),
        required=False,
        help_text=_("Det som skulle gå under den tysta tiden går när den är slut. Lämna tomt för ingen tyst tid."),
    )
    working_days_only = forms.BooleanField(
        label=_("Skicka bara på arbetsdagar"),
        required=False,
        help_text=_("Det som skulle gå på en helg eller helgdag går nästa arbetsdag."),
    )
    example = forms.ChoiceField(label=_("Visa hur det skulle gå för"), required=False)

    def __init__(self, *args: Any, examples: list[Example], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(number), one.label) for number, one in enumerate(examples)]
        self.fields["example"].choices = choices
        if not choices:
            del self.fields["example"]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        if (found.get("quiet_from") is None) != (found.get("quiet_to") is None):
            self.add_error("quiet_to", _("Skriv båda klockslagen, eller inget av dem."))
        elif found.get("quiet_from") and found["quiet_from"] == found["quiet_to"]:
            self.add_error("quiet_to", _("Den tysta tiden måste ta slut vid ett annat klockslag än den börjar."))
        return found

    def rules(self, kind: str, steps: tuple[Step, ...]) -> Rules:
        typed = self.cleaned_data
        return Rules(kind, steps, typed["quiet_from"], typed["quiet_to"], typed["working_days_only"])


class YesForm(TaskForm):
    """A question answered by a button alone, about something that no page shows in an older version."""


# --- One's own mail -------------------------------------------------------------------------------------


class RhythmForm(PortalForm):
    """At once, or gathered."""

    form_tag = False

    rhythm = forms.ChoiceField(
        label=_("När vill du ha mejlen?"),
        choices=[("at_once", _("Direkt")), ("daily", _("Samlade en gång om dagen"))],
        widget=forms.RadioSelect,
        help_text=_("Brådskande uppdrag och kallelser kommer alltid direkt."),
    )
    daily_at = ClockField(label=_("Klockslag för dagens mejl"), required=False)

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        if found.get("rhythm") == "daily" and not found.get("daily_at") and "daily_at" not in self.errors:
            self.add_error("daily_at", ClockField.default_error_messages["invalid"])
        return found


class AbsenceForm(PortalForm):
    """The days one is away, and who gets the reminders meanwhile."""

    form_tag = False

    first_day = DayField(label=_("Borta från och med"))
    last_day = DayField(label=_("Borta till och med"))
    stand_in = forms.ModelChoiceField(
        User.objects.none(),
        label=_("Ersättare"),
        required=False,
        empty_label=_("Ingen"),
        help_text=_("Utan ersättare går påminnelserna till funktionsbrevlådan och samordnaren."),
    )

    def __init__(self, *args: Any, colleagues: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["stand_in"].queryset = colleagues


# --- The hold on sending --------------------------------------------------------------------------------


class HoldForm(OnceForm):
    """Why nothing is to be sent."""

    form_tag = False

    note = forms.CharField(
        label=_("Varför"), max_length=300, help_text=_("Syns för dem som sköter utskicken. Skriv inget om personer.")
    )


class ReleaseForm(TaskForm):
    """What becomes of that which waits."""

    form_tag = False
    # Which field is needed hangs on the choice.
    is_filter = True

    what = forms.ChoiceField(
        label=_("Det som väntar"),
        choices=[("all", _("Skicka allt")), ("aside", _("Lägg åt sidan det som är gammalt, skicka resten"))],
        initial="all",
        widget=forms.RadioSelect,
        help_text=_("Det som läggs åt sidan skickas inte. Det står kvar i listan över utskick."),
    )
    days = forms.IntegerField(label=_("Äldre än så många dagar"), required=False, min_value=0, max_value=3650)

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        if found.get("what") == "aside" and found.get("days") is None and "days" not in self.errors:
            self.add_error("days", _("Skriv hur många."))
        return found

    @property
    def older_than_days(self) -> int | None:
        return self.cleaned_data["days"] if self.cleaned_data["what"] == "aside" else None
