"""Forms as the portal shows them: no browser validation, named fields in the messages, native date inputs.

Every form of the portal is a `PortalForm` or a `PortalModelForm`, or mixes in `PortalFormMixin`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial
from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from .crispy import SAVE, PortalHelper

LONGEST_KEY = 18
CHOOSING = (forms.Select, forms.RadioSelect, forms.CheckboxSelectMultiple, forms.SelectMultiple)


class PortalFormMixin:
    """What all forms share.

    `submit_label` and `cancel_url` may be set on the class or on the form before its helper is read; a form
    with other needs has its own `helper`. In a filter nothing has to be chosen, so no field says that it is optional.
    """

    is_filter = False

    use_required_attribute = False
    submit_label: Any = SAVE
    cancel_url: str | None = None
    form_tag = True
    show_error_summary = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            name_required_message(name, field)
            if isinstance(field, forms.ModelMultipleChoiceField):
                field.clean = partial(_clean_several, field, field.clean)

    @cached_property
    def helper(self) -> PortalHelper:
        return PortalHelper(
            submit_label=self.submit_label,
            cancel_url=self.cancel_url,
            form_tag=self.form_tag,
            show_error_summary=self.show_error_summary,
        )


def _clean_several(field: forms.ModelMultipleChoiceField, clean: Callable[[Any], Any], chosen: Any) -> Any:
    """A number longer than any key is no choice. Django looks all of them up at once, and SQLite cannot hold it."""
    for key in chosen if isinstance(chosen, list | tuple) else ():
        if len(str(key)) > LONGEST_KEY:
            raise forms.ValidationError(
                field.error_messages["invalid_choice"], code="invalid_choice", params={"value": str(key)[:LONGEST_KEY]}
            )
    return clean(chosen)


def name_required_message(name: str, field: forms.Field) -> None:
    """Say which field is empty, so that the words are as clear in the summary as beside the field."""
    if str(field.error_messages.get("required")) != str(forms.Field.default_error_messages["required"]):
        return
    label = field.label or name.replace("_", " ").capitalize()
    if isinstance(field, forms.FileField):
        words = _("Välj en fil till ”{label}”.")
    elif isinstance(field, forms.BooleanField):
        words = _("Kryssa i ”{label}” för att gå vidare.")
    elif isinstance(field.widget, CHOOSING):
        words = _("Välj ett svar i ”{label}”.")
    else:
        words = _("Fyll i ”{label}”.")
    field.error_messages["required"] = format_lazy(words, label=label)


class PortalForm(PortalFormMixin, forms.Form):
    pass


class PortalModelForm(PortalFormMixin, forms.ModelForm):
    pass


class DayInput(forms.DateInput):
    """The browser's own calendar."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs=attrs, format="%Y-%m-%d")


class ClockInput(forms.TimeInput):
    """The browser's own clock."""

    input_type = "time"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs=attrs, format="%H:%M")


class MomentInput(forms.SplitDateTimeWidget):
    """A day and a time of day side by side, each with its own label."""

    use_fieldset = True
    part_labels = (_("Dag"), _("Klockslag"))

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        forms.MultiWidget.__init__(self, [DayInput(), ClockInput()], attrs)


class DayField(forms.DateField):
    widget = DayInput
    earliest = dt.date(1990, 1, 1)
    latest = dt.date(2100, 12, 31)

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("input_formats", ["%Y-%m-%d"])
        super().__init__(**kwargs)
        self.error_messages["invalid"] = _("Skriv dagen som år-månad-dag, till exempel 2020-06-18.")

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value is not None and not self.earliest <= value <= self.latest:
            raise forms.ValidationError(_("Välj en dag mellan 1990 och 2100."), code="range")


class ClockField(forms.TimeField):
    widget = ClockInput

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("input_formats", ["%H:%M", "%H.%M", "%H:%M:%S"])
        super().__init__(**kwargs)
        self.error_messages["invalid"] = _("Skriv klockslaget som timmar och minuter, till exempel 12:00.")


class MomentField(forms.SplitDateTimeField):
    """A local day and time of day; the value is timezone-aware."""

    widget = MomentInput

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("input_date_formats", ["%Y-%m-%d"])
        kwargs.setdefault("input_time_formats", ["%H:%M", "%H.%M", "%H:%M:%S"])
        super().__init__(**kwargs)
        self.error_messages["invalid_date"] = _("Skriv dagen som år-månad-dag, till exempel 2020-06-18.")
        self.error_messages["invalid_time"] = _("Skriv klockslaget som timmar och minuter, till exempel 12:00.")
        for part, key in zip(self.fields, ("invalid_date", "invalid_time"), strict=True):
            part.error_messages["invalid"] = self.error_messages[key]

    def clean(self, value: Any) -> Any:
        moment = super().clean(value)
        if moment is not None and not 1990 <= moment.year <= 2100:
            raise forms.ValidationError(_("Välj en dag mellan 1990 och 2100."), code="range")
        return moment
