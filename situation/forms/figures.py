"""Forms for looking at numbers and for the figures of a picture."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lysekil_trygghet.desk.forms import OnceForm, SeenForm, TaskForm, field_of
from lysekil_trygghet.ui.forms import PortalForm
from situation import figures
from situation.figures import Look
from situation.lifecycle import FigureKind, Unit
from situation.models import Figure, Indicator, SituationPicture, SurveyQuestion

WAYS = [
    (FigureKind.LINE, _("Utveckling över tid")),
    (FigureKind.COMPARE, _("Jämför områden")),
    (FigureKind.MAP, _("Karta")),
]
MEANS = [("", _("Inget medelvärde")), ("3", _("Medel av 3 år före")), ("5", _("Medel av 5 år före"))]


class LookForm(PortalForm):
    """How an indicator is looked at; sent with GET, so that the address holds the choice."""

    form_tag = False
    is_filter = True

    way = forms.ChoiceField(label=_("Visa som"), choices=WAYS, required=False)
    areas = forms.MultipleChoiceField(
        label=_("Områden"),
        widget=forms.SelectMultiple(attrs={"size": 8}),
        required=False,
        help_text=_("Den egna kommunen om du inte väljer något. Högst sex i ett diagram över tid."),
    )
    first = forms.ChoiceField(label=_("Från och med"), required=False)
    last = forms.ChoiceField(label=_("Till och med"), required=False)
    mean_of = forms.ChoiceField(label=_("Jämför med tidigare år"), choices=MEANS, required=False)
    per = forms.ChoiceField(
        label=_("Räkna"),
        choices=[(figures.AS_IT_IS, _("Som det är")), (figures.PER_100K, _("Per 100 000 invånare"))],
        required=False,
    )
    breakdown = forms.ChoiceField(label=_("Vilka"), required=False)

    def __init__(self, *args: Any, indicator: Indicator, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.indicator = indicator
        areas = figures.areas_with_values(indicator)
        periods = [(one, one) for one in figures.periods_of(indicator)]
        self.fields["areas"].choices = [(str(area.pk), figures.area_name(area)) for area in areas]
        self.fields["first"].choices = [("", _("Så långt det finns")), *periods]
        self.fields["last"].choices = [("", _("Det senaste")), *periods]
        breakdowns = figures.breakdowns_of(indicator)
        named = [(one, one.replace("=", ": ").replace("|", ", ") or _("Alla")) for one in breakdowns]
        if len(named) > 1 or (named and named[0][0]):
            self.fields["breakdown"].choices = named
        else:
            del self.fields["breakdown"]
        if indicator.unit != Unit.COUNT:
            del self.fields["per"]

    def look(self) -> Look:
        """The choice; what cannot be chosen counts as not chosen."""
        data = self.cleaned_data if self.is_bound and self.is_valid() else {}
        breakdowns = figures.breakdowns_of(self.indicator)
        return Look(
            areas=tuple(int(pk) for pk in data.get("areas", ())),
            first=data.get("first", ""),
            last=data.get("last", ""),
            mean_of=int(data.get("mean_of") or 0),
            per=data.get("per") or figures.AS_IT_IS,
            breakdown=data.get("breakdown") or (breakdowns[0] if breakdowns else ""),
        )

    def kind(self) -> str:
        way = self.cleaned_data.get("way") if self.is_bound and self.is_valid() else ""
        return way or FigureKind.LINE


class FigureWords(TaskForm):
    title = field_of(Figure, "title")
    title_en = field_of(Figure, "title_en")
    comment = field_of(Figure, "comment", rows=3)
    comment_en = field_of(Figure, "comment_en", rows=3)
    is_public = field_of(Figure, "is_public")


class NewFigureForm(OnceForm, FigureWords):
    """What is looked at is put into a picture that is being written."""

    submit_label = _("Lägg till figuren")
    field_order = ("picture", "title", "title_en", "comment", "comment_en", "is_public")

    picture = forms.ModelChoiceField(label=_("Lägesbild"), queryset=SituationPicture.objects.none())

    not_values = ("picture",)

    def __init__(self, *args: Any, pictures: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["picture"].queryset = pictures


class FigureForm(SeenForm, FigureWords):
    submit_label = _("Spara figuren")


class QuestionLookForm(PortalForm):
    """How a survey's question is looked at."""

    form_tag = False
    is_filter = True

    answer = forms.ChoiceField(label=_("Visa"), required=False)
    last = forms.ChoiceField(label=_("År"), required=False)

    def __init__(self, *args: Any, question: SurveyQuestion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = question.answers.order_by("order", "pk").values_list("answer", "group", "year")
        has_groups = any(group for _answer, group, _year in rows)
        answers = list(dict.fromkeys(answer for answer, _group, _year in rows))
        by_group = (
            [(answer, _("Grupp för grupp: ”%(answer)s”") % {"answer": answer}) for answer in answers]
            if has_groups
            else []
        )
        self.fields["answer"].choices = [("", _("Alla svar, alla tillsammans")), *by_group]
        years = sorted({year for _answer, _group, year in rows if year}, reverse=True)
        self.fields["last"].choices = [("", _("Det senaste")), *[(year, year) for year in years]]

    def look(self) -> Look:
        data = self.cleaned_data if self.is_bound and self.is_valid() else {}
        return Look(answer=data.get("answer", ""), last=data.get("last", ""))
