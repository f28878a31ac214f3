"""Forms for contact points: what they are for, their week, and the days that differ."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from incidents.lifecycle import ResponseState
from incidents.models import ContactPoint, OpeningException, OpeningHours, Response
from incidents.models.contact import Weekday
from lysekil_trygghet.desk.forms import OnceForm, SeenForm, TaskForm, field_of
from lysekil_trygghet.privacy.kinds import Kind
from lysekil_trygghet.ui.forms import ClockField, DayField

MOST_HOURS = 28
MOST_EXCEPTIONS = 40


class ContactFields(TaskForm):
    form_tag = False
    privacy_expected = {
        "phone": (Kind.PHONE,),
        "place": (Kind.STREET_ADDRESS,),
        # A contact point tells where to turn: other numbers and addresses belong in its texts.
        **dict.fromkeys(
            ("what_for", "what_for_en", "not_for", "not_for_en"), (Kind.PHONE, Kind.EMAIL, Kind.STREET_ADDRESS)
        ),
    }

    name = field_of(ContactPoint, "name")
    name_en = field_of(ContactPoint, "name_en")
    audience = field_of(ContactPoint, "audience", widget=forms.RadioSelect)
    phone = field_of(ContactPoint, "phone")
    email = field_of(ContactPoint, "email", help_text=_("En funktionsbrevlåda, aldrig en persons adress."))
    place = field_of(ContactPoint, "place")
    what_for = field_of(ContactPoint, "what_for", rows=3)
    what_for_en = field_of(ContactPoint, "what_for_en", rows=3)
    not_for = field_of(ContactPoint, "not_for", rows=3, help_text=_("Till exempel: Ring 112 vid fara för liv."))
    not_for_en = field_of(ContactPoint, "not_for_en", rows=3)
    response = forms.ModelChoiceField(
        Response.objects.none(), label=_("Hör till insatsen"), required=False, empty_label=_("Ingen insats")
    )
    order = forms.IntegerField(
        label=_("Plats i listan"), min_value=0, max_value=1000, help_text=_("Lägst nummer visas först.")
    )
    always_open = field_of(ContactPoint, "always_open")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = self.initial.get("response")
        ongoing = Response.objects.filter(state=ResponseState.ACTIVE)
        rows = ongoing | Response.objects.filter(pk=chosen) if chosen else ongoing
        self.fields["response"].queryset = rows


class NewContactForm(OnceForm, ContactFields):
    pass


class ContactForm(SeenForm, ContactFields):
    pass


class HoursForm(TaskForm):
    """One line of the week. Left empty it is not there."""

    form_tag = False

    weekday = forms.TypedChoiceField(
        label=_("Veckodag"), choices=[("", "–"), *Weekday.choices], coerce=int, empty_value=None
    )
    opens = ClockField(label=_("Öppnar"))
    closes = ClockField(label=_("Stänger"))


class Lines(forms.BaseFormSet):
    """Lines that can be taken away. What is left empty is not there."""

    def add_fields(self, form: forms.Form, index: int | None) -> None:
        super().add_fields(form, index)
        if "DELETE" in form.fields:
            form.fields["DELETE"].label = _("Ta bort raden")


class BaseHours(Lines):
    def clean(self) -> None:
        taken: set[tuple[int, Any]] = set()
        for form in self.forms:
            data = getattr(form, "cleaned_data", {})
            if not data.get("opens") or data.get("weekday") is None or data.get("DELETE"):
                continue
            line = (data["weekday"], data["opens"])
            if line in taken:
                form.add_error("opens", _now("Samma veckodag och tid står två gånger. Ta bort en av raderna."))
            taken.add(line)

    def rows(self) -> list[OpeningHours]:
        return [
            OpeningHours(weekday=data["weekday"], opens=data["opens"], closes=data["closes"])
            for data in self.cleaned_data
            if data and not data.get("DELETE")
        ]


class ExceptionForm(TaskForm):
    """One day that differs: closed, or open other hours."""

    form_tag = False

    date = DayField(label=_("Datum"))
    is_closed = forms.BooleanField(label=_("Stängt hela dagen"), required=False)
    opens = ClockField(label=_("Öppnar"), required=False)
    closes = ClockField(label=_("Stänger"), required=False)
    note = field_of(OpeningException, "note", help_text=_("Till exempel: Midsommarafton."))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        opens, closes = data.get("opens"), data.get("closes")
        if data.get("is_closed"):
            data["opens"] = data["closes"] = None
        elif "opens" not in self.errors and "closes" not in self.errors and (opens is None or closes is None):
            missing = "opens" if opens is None else "closes"
            self.add_error(missing, _now("Fyll i när det öppnar och stänger, eller kryssa i att det är stängt."))
        return data


class BaseExceptions(Lines):
    def clean(self) -> None:
        taken: set[tuple[Any, Any]] = set()
        for form in self.forms:
            data = getattr(form, "cleaned_data", {})
            if not data.get("date") or data.get("DELETE"):
                continue
            line = (data["date"], data.get("opens"))
            if line in taken:
                form.add_error("date", _now("Samma datum står två gånger. Ta bort en av raderna."))
            taken.add(line)

    def rows(self) -> list[OpeningException]:
        names = ("date", "is_closed", "opens", "closes", "note")
        return [
            OpeningException(**{name: data[name] for name in names})
            for data in self.cleaned_data
            if data and not data.get("DELETE")
        ]


def _formset(form: type[forms.Form], base: type[forms.BaseFormSet], most: int, extra: int) -> type[forms.BaseFormSet]:
    return forms.formset_factory(
        form,
        formset=base,
        extra=extra,
        can_delete=True,
        can_delete_extra=False,
        max_num=most,
        absolute_max=most + 5,
        validate_max=True,
    )


HoursFormSet = _formset(HoursForm, BaseHours, MOST_HOURS, 2)
ExceptionFormSet = _formset(ExceptionForm, BaseExceptions, MOST_EXCEPTIONS, 1)
