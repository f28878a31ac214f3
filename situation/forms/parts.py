"""Forms for what a picture consists of: findings, problems, causes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lysekil_trygghet.desk.forms import OnceForm, SeenForm, TaskForm, field_of
from situation.models import Area, CauseAnalysis, Finding, Problem, SituationPicture

from .pictures import SourceChoice


class FindingFields(TaskForm):
    not_values = ("sources",)

    kind = field_of(Finding, "kind", widget=forms.RadioSelect)
    claim = field_of(Finding, "claim", rows=3, help_text=_("En sak i taget. Skriv vad underlaget visar."))
    claim_en = field_of(Finding, "claim_en", rows=3)
    sources = SourceChoice(
        label=_("Vilar på"), help_text=_("Minst ett underlag behövs innan lägesbilden kan granskas.")
    )
    trend = field_of(Finding, "trend", widget=forms.RadioSelect)
    confidence = field_of(Finding, "confidence", widget=forms.RadioSelect)
    area = forms.ModelChoiceField(
        Area.objects.none(), label=_("Område"), required=False, empty_label=_("Hela kommunen")
    )
    is_public = field_of(Finding, "is_public")

    def __init__(self, *args: Any, picture: SituationPicture, areas: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sources"].queryset = picture.sources.select_related("organisation")
        self.fields["area"].queryset = areas


class NewFindingForm(OnceForm, FindingFields):
    submit_label = _("Spara iakttagelsen")


class FindingForm(SeenForm, FindingFields):
    submit_label = _("Spara iakttagelsen")


class ProblemFields(TaskForm):
    not_values = ("findings", "areas")

    title = field_of(Problem, "title", help_text=_("Kort och konkret, till exempel: Bråk vid kajen på helgkvällar."))
    title_en = field_of(Problem, "title_en")
    what = field_of(Problem, "what", rows=3)
    what_en = field_of(Problem, "what_en", rows=3)
    where = field_of(Problem, "where", rows=2)
    where_en = field_of(Problem, "where_en", rows=2)
    when = field_of(Problem, "when", rows=2)
    when_en = field_of(Problem, "when_en", rows=2)
    who = field_of(Problem, "who", rows=2)
    who_en = field_of(Problem, "who_en", rows=2)
    rationale = field_of(
        Problem, "rationale", rows=3, help_text=_("Till exempel hur allvarligt, hur vanligt och om det ökar.")
    )
    rationale_en = field_of(Problem, "rationale_en", rows=3)
    findings = forms.ModelMultipleChoiceField(
        Finding.objects.none(),
        label=_("Följer av iakttagelserna"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    areas = forms.ModelMultipleChoiceField(
        Area.objects.none(), label=_("Områden"), widget=forms.CheckboxSelectMultiple, required=False
    )
    is_public = field_of(Problem, "is_public")

    def __init__(self, *args: Any, picture: SituationPicture, areas: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["findings"].queryset = picture.findings.all()
        self.fields["areas"].queryset = areas


class NewProblemForm(OnceForm, ProblemFields):
    submit_label = _("Spara problemet")


class ProblemForm(SeenForm, ProblemFields):
    submit_label = _("Spara problemet")


class CauseFields(TaskForm):
    level = field_of(CauseAnalysis, "level", widget=forms.RadioSelect)
    hypothesis = field_of(CauseAnalysis, "hypothesis", rows=3, help_text=_("Varför problemet kan finnas."))
    hypothesis_en = field_of(CauseAnalysis, "hypothesis_en", rows=3)
    evidence = field_of(CauseAnalysis, "evidence", rows=3)
    evidence_en = field_of(CauseAnalysis, "evidence_en", rows=3)
    is_public = field_of(CauseAnalysis, "is_public")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["level"].choices = [choice for choice in self.fields["level"].choices if choice[0]]


class NewCauseForm(OnceForm, CauseFields):
    submit_label = _("Spara orsaken")


class CauseForm(SeenForm, CauseFields):
    submit_label = _("Spara orsaken")
