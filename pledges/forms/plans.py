"""Forms for the agreement and the plan that stand behind the promises."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lysekil_trygghet.accounts.models import Organisation
from lysekil_trygghet.desk.forms import OnceForm, SeenForm, TaskForm, field_of
from lysekil_trygghet.ui.forms import DayField
from pledges.lifecycle import Delivery
from pledges.models import ActionPlan, CooperationAgreement, Measure
from situation.models import CauseAnalysis, Problem, SituationPicture

from .promises import OrganisationsField, organisations


class PlanFields(TaskForm):
    title = field_of(ActionPlan, "title")
    picture = forms.ModelChoiceField(
        SituationPicture.objects.none(),
        label=_("Bygger på lägesbilden"),
        required=False,
        empty_label=_("Ingen vald än"),
    )
    valid_from = DayField(label=_("Gäller från"))
    valid_to = DayField(label=_("Gäller till"), required=False)
    diary_number = field_of(ActionPlan, "diary_number")

    def __init__(self, *args: Any, pictures: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["picture"].queryset = pictures


class NewPlanForm(OnceForm, PlanFields):
    submit_label = _("Spara utkastet")


class PlanForm(SeenForm, PlanFields):
    submit_label = _("Spara planen")


class DecidePlanForm(SeenForm):
    submit_label = _("Planen är beslutad")

    decided_on = DayField(label=_("Beslutad"))
    decided_by = field_of(ActionPlan, "decided_by", required=True, help_text=_("Till exempel kommunstyrelsen."))
    minutes_ref = field_of(ActionPlan, "minutes_ref", required=True, help_text=_("Till exempel KS § 12."))


class PlanFollowedUpForm(SeenForm):
    submit_label = _("Planen är uppföljd")

    followed_up_on = DayField(label=_("Uppföljd"))


class MeasureFields(TaskForm):
    not_values = ("causes", "contributing")

    problem = forms.ModelChoiceField(Problem.objects.none(), label=_("Problem"))
    causes = forms.ModelMultipleChoiceField(
        CauseAnalysis.objects.none(),
        label=_("Orsaker den ska påverka"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    title = field_of(Measure, "title")
    description = field_of(Measure, "description", rows=4)
    target_group = field_of(Measure, "target_group")
    organisation = forms.ModelChoiceField(Organisation.objects.none(), label=_("Ansvarig"))
    contributing = OrganisationsField(label=_("Medverkar"))
    starts_on = DayField(label=_("Börjar"), required=False)
    ends_on = DayField(label=_("Slutar"), required=False)
    planned_dose = field_of(Measure, "planned_dose")
    resources = field_of(Measure, "resources")
    goal = field_of(Measure, "goal", rows=2)
    indicator = field_of(Measure, "indicator")
    baseline = field_of(Measure, "baseline")
    target = field_of(Measure, "target")
    follow_up_plan = field_of(Measure, "follow_up_plan")
    is_public = field_of(Measure, "is_public")

    def __init__(self, *args: Any, plan: ActionPlan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        problems = Problem.objects.filter(picture=plan.picture_id)
        self.fields["problem"].queryset = problems.order_by("rank", "pk")
        self.fields["causes"].queryset = CauseAnalysis.objects.filter(problem__in=problems)
        self.fields["organisation"].queryset = organisations()
        self.fields["contributing"].queryset = organisations()


class NewMeasureForm(OnceForm, MeasureFields):
    submit_label = _("Spara åtgärden")


class MeasureForm(SeenForm, MeasureFields):
    submit_label = _("Spara åtgärden")


class MoveMeasureForm(SeenForm):
    submit_label = _("Spara")

    to = forms.ChoiceField(label=_("Genomförande"), choices=Delivery.choices, widget=forms.RadioSelect)


class AgreementFields(TaskForm):
    not_values = ("parties",)

    title = field_of(CooperationAgreement, "title")
    purposes = field_of(CooperationAgreement, "purposes", rows=4)
    areas_of_cooperation = field_of(CooperationAgreement, "areas_of_cooperation", rows=4)
    parties = OrganisationsField(label=_("Parter"))
    valid_from = DayField(label=_("Gäller från"))
    valid_to = DayField(label=_("Gäller till"), required=False)
    signed_on = DayField(label=_("Undertecknad"), required=False)
    diary_number = field_of(CooperationAgreement, "diary_number")
    url = field_of(CooperationAgreement, "url", assume_scheme="https")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parties"].queryset = organisations()


class NewAgreementForm(OnceForm, AgreementFields):
    submit_label = _("Spara överenskommelsen")


class AgreementForm(SeenForm, AgreementFields):
    submit_label = _("Spara överenskommelsen")
