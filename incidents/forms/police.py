"""Forms for the Police's desk: what they undertake, and reinforcement."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from incidents.lifecycle import ResponseState
from incidents.models import PoliceUndertaking, Reinforcement, Response
from lysekil_trygghet.accounts.models import Organisation, OrganisationKind
from lysekil_trygghet.desk.forms import OnceForm, SeenForm, TaskForm, field_of


class UndertakingFields(TaskForm):
    text = field_of(PoliceUndertaking, "text", rows=3, help_text=_("Skriv så att invånarna förstår."))
    text_en = field_of(PoliceUndertaking, "text_en", rows=3)
    from_when = field_of(PoliceUndertaking, "from_when", help_text=_("Till exempel: från vecka 27."))


class OwnUndertakingForm(OnceForm, UndertakingFields):
    """A line written outside a meeting: says which response it belongs to."""

    submit_label = _("Skriv in åtagandet")
    field_order = ("response",)

    response = forms.ModelChoiceField(Response.objects.none(), label=_("Insats"), empty_label=None)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ongoing = Response.objects.filter(state=ResponseState.ACTIVE)
        self.fields["response"].queryset = ongoing


class EditUndertakingForm(SeenForm, UndertakingFields):
    submit_label = _("Spara åtagandet")


def _week(label: Any, **options: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=1, max_value=53, **options)


def _year(label: Any, **options: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=2000, max_value=2100, **options)


class ReinforcementFields(TaskForm):
    provider = forms.ModelChoiceField(Organisation.objects.none(), label=_("Vem förstärker"), empty_label=None)
    kind = field_of(Reinforcement, "kind", widget=forms.RadioSelect)
    from_week = _week(_("Från vecka"))
    from_year = _year(_("Från år"))
    to_week = _week(_("Till vecka"), required=False, help_text=_("Lämna tomt om slutet inte är bestämt."))
    to_year = _year(_("Till år"), required=False)
    total = forms.IntegerField(label=_("Antal i allt"), min_value=1, max_value=1000)
    based_locally = forms.IntegerField(label=_("Varav stationerade här"), min_value=0, max_value=1000)
    public_note = field_of(Reinforcement, "public_note", rows=3)
    public_note_en = field_of(Reinforcement, "public_note_en", rows=3)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["provider"].queryset = Organisation.objects.filter(is_active=True, kind=OrganisationKind.POLICE)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        total, local = data.get("total"), data.get("based_locally")
        if total is not None and local is not None and local > total:
            self.add_error("based_locally", _now("Det kan inte vara fler stationerade här än i allt."))
        for edge in ("from", "to"):
            self._check_week(edge, data)
        to_week, to_year = data.get("to_week"), data.get("to_year")
        if to_week and not to_year and data.get("from_year") and "to_year" not in self.errors:
            data["to_year"] = to_year = data["from_year"]
        if to_year and not to_week and "to_week" not in self.errors:
            self.add_error("to_week", _now("Fyll i vilken vecka förstärkningen slutar, eller töm året."))
        start = (data.get("from_year"), data.get("from_week"))
        if all(start) and to_year and to_week and (to_year, to_week) < start:
            self.add_error("to_week", _now("Slutet ligger före början. Rätta en av veckorna."))
        return data

    def _check_week(self, edge: str, data: dict[str, Any]) -> None:
        """Most years have no week 53."""
        year, week = data.get(f"{edge}_year") or data.get("from_year"), data.get(f"{edge}_week")
        if week == 53 and year and dt.date(year, 12, 28).isocalendar().week != 53:
            self.add_error(f"{edge}_week", _now("År %(year)d har ingen vecka 53.") % {"year": year})


class NewReinforcementForm(OnceForm, ReinforcementFields):
    submit_label = _("Spara förstärkningen")


class ReinforcementForm(SeenForm, ReinforcementFields):
    submit_label = _("Spara förstärkningen")
