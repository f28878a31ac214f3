"""Forms for the picture itself, and for each step on its way."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lysekil_trygghet.desk.forms import OnceForm, SeenForm, TaskForm, field_of
from lysekil_trygghet.ui.forms import DayField
from situation.models import Finding, PictureComment, Problem, SituationPicture, Source


class PictureFields(TaskForm):
    title = field_of(SituationPicture, "title", help_text=_("Till exempel: Lägesbild för Lysekil 2020."))
    title_en = field_of(SituationPicture, "title_en")
    period_start = DayField(label=_("Gäller från"))
    period_end = DayField(label=_("Gäller till"))
    previous = forms.ModelChoiceField(
        SituationPicture.objects.none(),
        label=_("Ersätter"),
        required=False,
        empty_label=_("Ingen tidigare lägesbild"),
        help_text=_("Den tidigare ligger kvar på sin adress, märkt som ersatt."),
    )
    public_summary = field_of(
        SituationPicture,
        "public_summary",
        rows=8,
        help_text=_("Det viktigaste, så att alla förstår. Korta meningar, inga personer."),
    )
    public_summary_en = field_of(SituationPicture, "public_summary_en", rows=6)
    analysis = field_of(SituationPicture, "analysis", rows=8)
    analysis_en = field_of(SituationPicture, "analysis_en", rows=6)

    def __init__(self, *args: Any, replaceable: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["previous"].queryset = replaceable
        if not replaceable.exists():
            del self.fields["previous"]


class NewPictureForm(OnceForm, PictureFields):
    submit_label = _("Börja lägesbilden")


class PictureForm(SeenForm, PictureFields):
    submit_label = _("Spara")


class SourceChoice(forms.ModelMultipleChoiceField):
    """Sources as checkboxes, each with its kind and who contributes it."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Source.objects.none(), required=False, **kwargs)

    def label_from_instance(self, source: Source) -> str:
        return f"{source.title} ({source.get_kind_display()}, {source.organisation.short_name})"


class PictureSourcesForm(SeenForm):
    submit_label = _("Spara valet")

    sources = SourceChoice(label=_("Underlag som lägesbilden bygger på"))

    def __init__(self, *args: Any, choices: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sources"].queryset = choices


class CopyForm(OnceForm):
    """Findings and problems of another picture to take over."""

    submit_label = _("Hämta det valda")

    findings = forms.ModelMultipleChoiceField(
        Finding.objects.none(), label=_("Iakttagelser"), widget=forms.CheckboxSelectMultiple, required=False
    )
    problems = forms.ModelMultipleChoiceField(
        Problem.objects.none(),
        label=_("Problem"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Orsakerna följer med."),
    )

    def __init__(self, *args: Any, of: SituationPicture, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["findings"].queryset = of.findings.all()
        self.fields["problems"].queryset = of.problems.all()
        for name in ("findings", "problems"):
            if not self.fields[name].queryset.exists():
                del self.fields[name]


# --- Steps --------------------------------------------------------------------------------------------


class SendBackForm(SeenForm):
    reason = field_of(
        PictureComment,
        "text",
        rows=4,
        label=_("Vad som behöver skrivas om"),
        help_text=_("Syns bara inne i portalen."),
    )


class WithdrawForm(SeenForm):
    reason = field_of(
        PictureComment, "text", rows=4, label=_("Varför den avpubliceras"), help_text=_("Syns bara inne i portalen.")
    )


class WrittenConfirmationForm(SeenForm):
    document = forms.CharField(
        label=_("Handling"),
        max_length=200,
        help_text=_("Diarienummer eller vad handlingen heter, så att den går att hitta."),
    )
    document_on = DayField(label=_("Handlingens dag"))


class AdoptForm(SeenForm):
    adopted_on = DayField(label=_("Antogs den"))
    adopted_by = field_of(SituationPicture, "adopted_by_function", label=_("Antogs av"), required=True)
    minutes_ref = field_of(
        SituationPicture, "minutes_ref", label=_("Möte och paragraf"), help_text=_("Till exempel: Styrgruppen § 4.")
    )

    def __init__(self, *args: Any, needs_minutes: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["minutes_ref"].required = needs_minutes


class PublishForm(SeenForm):
    """A tick for each thing a person has to look at; all must be ticked."""

    tick_read = forms.BooleanField(label=_("Jag har läst sidan så som invånarna ser den."))
    tick_secrecy = forms.BooleanField(label=_("Jag har prövat sekretessen: inget på sidan får hållas hemligt."))
    tick_persons = forms.BooleanField(label=_("Jag har kontrollerat att ingen person pekas ut."))

    def __init__(self, *args: Any, signs: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if signs:
            self.fields["tick_persons"].help_text = _("Texten innehåller %(signs)s.") % {"signs": signs}


class CommentForm(OnceForm):
    submit_label = _("Skriv kommentaren")

    text = field_of(PictureComment, "text", rows=3, label=_("Ny kommentar"))


class DiaryNumberForm(SeenForm):
    submit_label = _("Spara numret")

    diary_number = field_of(SituationPicture, "diary_number")
