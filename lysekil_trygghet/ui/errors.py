"""Which errors a sent form has, and where on the page each of them is mended."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms.formsets import BaseFormSet


def landing_id(field: forms.BoundField) -> str:
    """The id of the first control of a field: where the link in the error summary lands."""
    widget = field.field.widget
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple | forms.MultiWidget):
        return f"{field.auto_id}_0"
    return field.auto_id


def errors_of(*things: Any) -> list[dict[str, str]]:
    """Every error of the given forms and formsets, in the order of the page: text and id (empty if the
    error belongs to the whole form)."""
    found: list[dict[str, str]] = []
    for thing in things:
        if isinstance(thing, BaseFormSet):
            if thing.is_bound:
                found += [{"text": str(text), "id": ""} for text in thing.non_form_errors()]
                found += errors_of(*thing.forms)
        elif isinstance(thing, forms.BaseForm) and thing.is_bound:
            found += [{"text": str(text), "id": ""} for text in thing.non_field_errors()]
            found += [
                {"text": str(text), "id": "" if field.is_hidden else landing_id(field)}
                for field in thing
                for text in field.errors
            ]
    return found


def form_has_errors(thing: Any) -> bool:
    """True for a sent form or formset with errors, and for a list that holds one.

    Looks at `type()`, never `isinstance()`: a template's context holds lazy things (the CSRF token, the user),
    and waking them would give a public page a cookie.
    """
    kind = type(thing)
    if issubclass(kind, BaseFormSet):
        return thing.is_bound and not thing.is_valid()
    if issubclass(kind, forms.BaseForm):
        return thing.is_bound and bool(thing.errors)
    if kind in (list, tuple):
        return any(form_has_errors(item) for item in thing if type(item) not in (list, tuple))
    return False
