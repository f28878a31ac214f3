"""Forms for events and for intensified work."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from incidents.models import Response, SeriousEvent
from lysekil_trygghet.desk.forms import OnceForm, SeenForm, TaskForm, field_of
from lysekil_trygghet.ui.forms import MomentField
from situation.models import Problem
from situation.queries import not_replaced

from .news import hide_old_field
from .parts import WithLinks, area_field


class EventFields(WithLinks, TaskForm):
    not_values = ("problems",)

    title = field_of(SeriousEvent, "title")
    kind = field_of(SeriousEvent, "kind")
    occurred_from = MomentField(label=_("Började"))
    occurred_to = MomentField(label=_("Slutade"), required=False)
    place = field_of(SeriousEvent, "place")
    area = area_field()
    problems = forms.ModelMultipleChoiceField(
        Problem.objects.none(),
        label=_("Problem i lägesbilden"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("De problem som händelsen hör ihop med."),
    )
    internal_note = field_of(
        SeriousEvent, "internal_note", help_text=_("Bara för kommunens egna. Inga personer, inga ärendenummer.")
    )
    public_summary = field_of(
        SeriousEvent,
        "public_summary",
        help_text=_(
            "Invånarna ser texten först när Polisen har bekräftat den. Ändrar du den behövs en ny bekräftelse."
        ),
    )
    public_summary_en = field_of(SeriousEvent, "public_summary_en")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        linked = [problem.pk for problem in self.initial.get("problems", ())]
        choosable = Problem.objects.filter(Q(picture__in=not_replaced()) | Q(pk__in=linked)).order_by("rank", "pk")
        if choosable.exists():
            self.fields["problems"].queryset = choosable
        else:
            del self.fields["problems"]


class NewEventForm(OnceForm, EventFields):
    submit_label = _("Spara händelsen")


class EventForm(SeenForm, EventFields):
    submit_label = _("Spara händelsen")


class ResponseFields(TaskForm):
    not_values = ("events", "correction", "hide_old")

    title = field_of(Response, "title", help_text=_("Till exempel: Intensifierat trygghetsarbete sommaren 2020."))
    title_en = field_of(Response, "title_en")
    level = field_of(Response, "level")
    started_at = MomentField(label=_("Började"))
    events = forms.ModelMultipleChoiceField(
        SeriousEvent.objects.none(),
        label=_("Händelser som insatsen svarar på"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    background = field_of(Response, "background")
    background_en = field_of(Response, "background_en")
    easy_text = field_of(Response, "easy_text")
    limits_text = field_of(Response, "limits_text")
    limits_text_en = field_of(Response, "limits_text_en")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["events"].queryset = SeriousEvent.objects.all()


class NewResponseForm(OnceForm, ResponseFields):
    submit_label = _("Börja insatsen")


class ResponseForm(SeenForm, ResponseFields):
    submit_label = _("Spara insatsen")

    correction = forms.CharField(
        label=_("Vad du rättar"),
        max_length=300,
        required=False,
        help_text=_("Sidan är publicerad. Raden visas för invånarna tillsammans med dagens datum."),
    )
    hide_old = hide_old_field()

    def __init__(self, *args: Any, is_public: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_public:
            self.fields["correction"].required = True
        else:
            del self.fields["correction"], self.fields["hide_old"]


class EndResponseForm(SeenForm):
    submit_label = _("Avsluta insatsen")

    closing_text = field_of(Response, "closing_text", required=True)
    closing_text_en = field_of(Response, "closing_text_en")
