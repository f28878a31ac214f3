"""Fields that several forms of this room share: whom to call, whom to task."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from lysekil_trygghet.accounts.models import Function, Organisation
from pledges.lifecycle import FINAL, SETS_RUNNING, SETS_SHOWN
from pledges.models import Commitment, PledgeSet
from situation.models import Area


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


class LinkField(forms.ModelChoiceField):
    """A link down to what we promised or know. The form leaves it out while there is nothing to link to."""

    def __init__(self, queryset: QuerySet[Any], **kwargs: Any) -> None:
        super().__init__(queryset, required=False, **kwargs)

    def label_from_instance(self, thing: Any) -> str:
        if isinstance(thing, Commitment):
            return f"{thing.area.letter}{thing.number}. {thing.text_as_promised[:80]}"
        return str(thing)


def commitment_field() -> LinkField:
    return LinkField(
        Commitment.objects.none(),
        label=_("Hör till löftet"),
        empty_label=_("Inget löfte"),
        help_text=_("Om det är ett sätt att hålla ett löfte till invånarna."),
    )


def pledge_set_field() -> LinkField:
    return LinkField(PledgeSet.objects.none(), label=_("Medborgarlöften"), empty_label=_("Inga medborgarlöften"))


def area_field() -> LinkField:
    return LinkField(Area.objects.none(), label=_("Område"), empty_label=_("Inget område"))


# What can be linked to: promises that run, sets residents may read, areas in use; and what is linked already.
CHOICES: dict[str, tuple[type[Any], Q]] = {
    "commitment": (Commitment, Q(pledge_set__state__in=SETS_RUNNING) & ~Q(delivery_state__in=FINAL)),
    "pledge_set": (PledgeSet, Q(state__in=SETS_SHOWN)),
    "area": (Area, Q(is_active=True)),
}


class WithLinks(forms.Form):
    """Fills the link fields a form declares."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, (model, choosable) in CHOICES.items():
            if name not in self.fields:
                continue
            rows = model.objects.filter(choosable | Q(pk=getattr(self.initial.get(name), "pk", None)))
            if model is Commitment:
                rows = rows.select_related("area")
            if rows.exists():
                self.fields[name].queryset = rows
            else:
                del self.fields[name]
