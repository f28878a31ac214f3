"""What forms of workers' pages are made of: a model's own words and limits, the revision, a one-time token."""

from __future__ import annotations

import secrets
from typing import Any

from django import forms
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from lysekil_trygghet.privacy.forms import PrivateTextMixin
from lysekil_trygghet.ui.forms import PortalForm


def field_of(model: type[Model], name: str, *, rows: int = 0, **changes: Any) -> forms.Field:
    """A form field with the label, help, choices and longest length that the model's field has."""
    field = model._meta.get_field(name).formfield(**changes)
    if rows:
        field.widget.attrs["rows"] = rows
    return field


class TaskForm(PrivateTextMixin, PortalForm):
    """A form with free text: scanned for what must never be stored. `values()` is what an operation takes."""

    not_values: tuple[str, ...] = ()

    def values(self) -> dict[str, Any]:
        """The cleaned values of the fields the class itself declares, without those in `not_values`."""
        return {
            name: self.cleaned_data[name]
            for name in self.base_fields
            if name in self.cleaned_data and name not in (*self.not_values, "seen", "once")
        }


class SeenForm(TaskForm):
    """For changing something: carries the revision the page showed."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=2_000_000_000)

    @property
    def seen_revision(self) -> int | None:
        return self.cleaned_data.get("seen")


class OnceForm(TaskForm):
    """For making something: a token that is used once, so that a double tap makes one row."""

    once = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["once"].initial = secrets.token_urlsafe(16)


class AskForm(SeenForm):
    """A question that is answered by a button alone."""

    submit_label = _("Ja")
