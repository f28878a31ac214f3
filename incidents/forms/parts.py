"""Fields that several forms of this room share: whom to call, whom to task."""

from __future__ import annotations

from typing import Any

from django import forms

from lysekil_trygghet.accounts.models import Function, Organisation


class FunctionsField(forms.ModelMultipleChoiceField):
    """Functions as checkboxes, the key functions first, each with its organisation."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Function.objects.none(), **kwargs)

    def label_from_instance(self, function: Function) -> str:
        return f"{function.label} ({function.organisation.short_name})"


def functions_to_choose() -> Any:
    return (
        Function.objects.filter(organisation__is_active=True)
        .select_related("organisation")
        .order_by("-is_key", "organisation__name", "label")
    )


def organisations_to_task() -> Any:
    """Those a directive or an assignment can go to: the municipality's own, never the Police (OSL 8 kap.)."""
    return Organisation.objects.filter(is_active=True, kind__in=("LEADERSHIP", "DEPARTMENT", "COMPANY")).order_by(
        "kind", "name"
    )
