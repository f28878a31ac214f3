"""Forms for a set: its text and period, its priorities, its steps from draft to closed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lysekil_trygghet.accounts.models import Organisation
from lysekil_trygghet.desk.forms import OnceForm, SeenForm, TaskForm, field_of
from lysekil_trygghet.ui.forms import DayField
from pledges.lifecycle import SETS_SHOWN
from pledges.models import CooperationAgreement, PledgeSet, PriorityArea, Prolongation, Signature
from situation.models import Problem, SituationPicture


class SetFields(TaskForm):
    title = field_of(PledgeSet, "title", help_text=_("Till exempel: Medborgarlöften mars 2027–februari 2028."))
    title_en = field_of(PledgeSet, "title_en")
    period_start = DayField(label=_("Gäller från"))
    period_end = DayField(label=_("Gäller till och med"))
    picture = forms.ModelChoiceField(
        SituationPicture.objects.none(),
        label=_("Bygger på lägesbilden"),
        required=False,
        empty_label=_("Ingen vald än"),
    )
    agreement = forms.ModelChoiceField(
        CooperationAgreement.objects.none(), label=_("Överenskommelse"), required=False, empty_label=_("Ingen vald")
    )
    previous = forms.ModelChoiceField(
        PledgeSet.objects.none(), label=_("Följer på"), required=False, empty_label=_("Inga tidigare löften")
    )
    intro = field_of(PledgeSet, "intro", rows=5)
    intro_en = field_of(PledgeSet, "intro_en", rows=5)
    progress_interval_months = field_of(
        PledgeSet,
        "progress_interval_months",
        label=_("Fråga den som leder hur det går, var … månad"),
        help_text=_("Skriv 0 om frågan bara ska komma före periodens slut."),
        min_value=0,
        max_value=12,
    )

    def __init__(self, *args: Any, pictures: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["picture"].queryset = pictures
        self.fields["agreement"].queryset = CooperationAgreement.objects.all()
        # A set that is written is never one of these, so no set can follow on itself.
        before = PledgeSet.objects.filter(state__in=SETS_SHOWN).order_by("-period_start", "-pk")
        self.fields["previous"].queryset = before


class NewSetForm(OnceForm, SetFields):
    submit_label = _("Börja skriva")


class SetForm(SeenForm, SetFields):
    submit_label = _("Spara")


class CarryForm(OnceForm):
    """A new set from the one before; promises are carried one by one."""

    submit_label = _("Börja de nya löftena")

    title = field_of(PledgeSet, "title")
    period_start = DayField(label=_("Gäller från"))
    period_end = DayField(label=_("Gäller till och med"))


class AreaFields(TaskForm):
    not_values = ("problems",)

    title = field_of(PriorityArea, "title", help_text=_("Vad området ska leda till, i en mening."))
    title_en = field_of(PriorityArea, "title_en")
    why = field_of(PriorityArea, "why", rows=4, help_text=_("Varför just det här? Invånarna läser texten."))
    why_en = field_of(PriorityArea, "why_en", rows=4)
    problems = forms.ModelMultipleChoiceField(
        Problem.objects.none(),
        label=_("Bygger på problemen"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Problemen kommer från lägesbilden."),
    )

    def __init__(self, *args: Any, pledge_set: PledgeSet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["problems"].queryset = Problem.objects.filter(picture=pledge_set.picture_id).order_by("rank", "pk")


class NewAreaForm(OnceForm, AreaFields):
    submit_label = _("Spara området")


class AreaForm(SeenForm, AreaFields):
    submit_label = _("Spara området")


# --- Steps ----------------------------------------------------------------------------------------------


class DocumentForm(SeenForm):
    """The Police's written yes, where they do not sign in themselves."""

    submit_label = _("Spara Polisens ja")

    document = forms.CharField(
        label=_("Vilken handling"), max_length=200, help_text=_("Till exempel: Polisens yttrande, diarienummer.")
    )
    document_on = DayField(label=_("Handlingens dag"))


class ShareForm(OnceForm):
    submit_label = _("Dela utkastet")

    organisation = forms.ModelChoiceField(Organisation.objects.none(), label=_("Med vem"))

    def __init__(self, *args: Any, pledge_set: PledgeSet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shared = pledge_set.shares.values("organisation")
        rows = Organisation.objects.filter(is_active=True).exclude(kind="POLICE").exclude(pk__in=shared)
        self.fields["organisation"].queryset = rows.order_by("name")


class ReasonForm(SeenForm):
    reason = forms.CharField(label=_("Varför"), max_length=600, widget=forms.Textarea(attrs={"rows": 3}))


class SignatureForm(OnceForm):
    submit_label = _("Lägg till underskriften")

    organisation = forms.ModelChoiceField(Organisation.objects.none(), label=_("För"))
    function_label = field_of(Signature, "function_label")
    function_label_en = field_of(Signature, "function_label_en")
    signed_on = DayField(label=_("Undertecknat"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = Organisation.objects.filter(is_active=True).order_by("name")


class PublishForm(SeenForm):
    submit_label = _("Publicera löftena")

    plain_language = forms.BooleanField(label=_("Texten är klarspråk: korta meningar, inga förkortningar, du-tilltal"))
    accessibility = forms.BooleanField(label=_("Jag har läst förhandsvisningen på telefon och dator"))
    confirm_privacy_signs = forms.BooleanField(
        label=_("Jag har kontrollerat att ingen person pekas ut"), required=False
    )

    def __init__(self, *args: Any, signs: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not signs:
            del self.fields["confirm_privacy_signs"]


class ProlongForm(SeenForm):
    submit_label = _("Förläng")

    new_end = DayField(label=_("Ny sista dag"))
    reason = field_of(Prolongation, "reason", rows=3, help_text=_("Invånarna läser varför."))
    reason_en = field_of(Prolongation, "reason_en", rows=3)


class WithdrawForm(ReasonForm):
    submit_label = _("Ta tillbaka löftena")


class ClosingTextForm(SeenForm):
    submit_label = _("Spara texten")

    closing_text = field_of(PledgeSet, "closing_text", rows=10, help_text=_("Hur det gick i stort. Invånarna läser."))
    closing_text_en = field_of(PledgeSet, "closing_text_en", rows=10)


class DiaryForm(SeenForm):
    submit_label = _("Spara diarienumret")

    diary_number = field_of(PledgeSet, "diary_number", help_text=_("Till exempel KS 2026-0123."))
