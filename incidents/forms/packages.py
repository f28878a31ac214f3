"""Forms for the action package and its measures."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from incidents.lifecycle import AssignmentState
from incidents.models import ActionPackage, Assignment, PackageItem
from lysekil_trygghet.accounts.models import Organisation
from lysekil_trygghet.desk.forms import OnceForm, SeenForm, field_of

from .news import InTwoLanguages
from .parts import WithLinks, commitment_field


class PackageFields(InTwoLanguages):
    title = field_of(ActionPackage, "title")
    title_en = field_of(ActionPackage, "title_en")
    lead = field_of(ActionPackage, "lead", rows=4)
    lead_en = field_of(ActionPackage, "lead_en", rows=4)


class NewPackageForm(OnceForm, PackageFields):
    submit_label = _("Börja paketet")


class PackageForm(SeenForm, PackageFields):
    submit_label = _("Spara paketet")


class AssignmentField(forms.ModelChoiceField):
    def label_from_instance(self, assignment: Assignment) -> str:
        return f"{assignment.number} {assignment.title}"


class ItemFields(WithLinks, InTwoLanguages):
    what = field_of(PackageItem, "what", rows=3, help_text=_("En åtgärd. Börja med ett verb, till exempel: Lagar."))
    what_en = field_of(PackageItem, "what_en", rows=3)
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), label=_("Vem gör det"), required=False, empty_label=_("Inte bestämt")
    )
    from_when = field_of(PackageItem, "from_when", help_text=_("Till exempel: från vecka 27."))
    horizon = field_of(PackageItem, "horizon", widget=forms.RadioSelect)
    assignment = AssignmentField(
        Assignment.objects.none(), label=_("Hör till uppdraget"), required=False, empty_label=_("Inget uppdrag")
    )
    commitment = commitment_field()
    about_police = field_of(
        PackageItem,
        "about_police",
        help_text=_("Då måste Polisen bekräfta texten, och Polisen säger själva hur det går."),
    )

    def __init__(self, *args: Any, package: ActionPackage, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = Organisation.objects.filter(is_active=True)
        self.fields["assignment"].queryset = (
            Assignment.objects.filter(decision__response=package.response_id)
            .exclude(state__in=[AssignmentState.DRAFT, AssignmentState.CANCELLED])
            .select_related("decision")
        )


class NewItemForm(OnceForm, ItemFields):
    submit_label = _("Lägg till åtgärden")


class ItemForm(SeenForm, ItemFields):
    submit_label = _("Spara åtgärden")
