"""One form for each task with people."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lysekil_trygghet.privacy.forms import PrivateTextMixin
from lysekil_trygghet.privacy.kinds import Kind
from lysekil_trygghet.ui.forms import DayField, PortalForm

from .models import Function, Organisation, Power, Role


class PersonForm(PrivateTextMixin, PortalForm):
    submit_label = _("Lägg till personen")
    privacy_expected = {"email": [Kind.EMAIL]}

    email = forms.EmailField(
        label=_("E-postadress"),
        max_length=254,
        help_text=_("Hit skickas inloggningskoden."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    name = forms.CharField(
        label=_("Namn eller funktion"),
        max_length=120,
        help_text=_("Så visas personen för kollegor. En funktion räcker, till exempel Socialchefen."),
    )


class MembershipForm(PortalForm):
    submit_label = _("Ge rollen")

    organisation = forms.ModelChoiceField(Organisation.objects.none(), label=_("Organisation"))
    role = forms.ChoiceField(label=_("Roll"), choices=[("", "---------"), *Role.choices])
    function = forms.ModelChoiceField(
        Function.objects.none(),
        label=_("Funktion"),
        required=False,
        help_text=_("Om personen har en funktion som kallas till möten."),
    )
    valid_from = DayField(label=_("Gäller från"))
    valid_to = DayField(
        label=_("Gäller till och med"),
        required=False,
        help_text=_("Lämna tomt om rollen gäller tills vidare."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = Organisation.objects.filter(is_active=True)
        self.fields["function"].queryset = Function.objects.filter(organisation__is_active=True)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        _check_days(self, data)
        function, organisation = data.get("function"), data.get("organisation")
        if function and organisation and function.organisation_id != organisation.pk:
            self.add_error("function", _("Funktionen hör till en annan organisation."))
        return data


class DelegationForm(PrivateTextMixin, PortalForm):
    submit_label = _("För in delegationen")

    power = forms.ChoiceField(label=_("Befogenhet"), choices=[("", "---------"), *Power.choices])
    organisation = forms.ModelChoiceField(Organisation.objects.none(), label=_("Gäller för organisationen"))
    reference = forms.CharField(
        label=_("Beslut som delegationen vilar på"),
        max_length=200,
        help_text=_("Till exempel diarienummer och datum."),
    )
    valid_from = DayField(label=_("Gäller från"))
    valid_to = DayField(label=_("Gäller till och med"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = Organisation.objects.filter(is_active=True)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        _check_days(self, data)
        return data


class LastDayForm(PortalForm):
    form_tag = False

    last_day = DayField(label=_("Sista dagen"), help_text=_("Den dagen räknas med."))

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"last_day": today})
        super().__init__(*args, **kwargs)


def _check_days(form: PortalForm, data: dict[str, Any]) -> None:
    first, last = data.get("valid_from"), data.get("valid_to")
    if first and last and last < first:
        form.add_error("valid_to", _("Sista dagen kan inte vara före den första."))
