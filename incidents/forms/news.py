"""Forms for news and their pictures."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from incidents.lifecycle import ResponseState
from incidents.models import Picture, PublicUpdate, Response
from lysekil_trygghet.desk.forms import OnceForm, SeenForm, TaskForm, field_of

from .parts import WithLinks, pledge_set_field
from .publishing import announced_for_field, publish_at_field

TIMES = ("publish_at", "announced_for")
CORRECTION = ("correction", "correction_en", "hide_old")


def correction_field() -> forms.CharField:
    return forms.CharField(
        label=_("Vad du rättar"),
        max_length=300,
        required=False,
        help_text=_("Raden visas för invånarna tillsammans med dagens datum."),
    )


def correction_en_field() -> forms.CharField:
    return forms.CharField(label=_("Vad du rättar, på engelska"), max_length=300, required=False)


def hide_old_field() -> forms.BooleanField:
    return forms.BooleanField(
        label=_("Visa inte den gamla texten"),
        required=False,
        help_text=_("Kryssa i om den gamla texten har personuppgifter eller något annat som inte får visas."),
    )


class InTwoLanguages(TaskForm):
    """The English fields are kept together, so that the page can fold them."""

    form_tag = False

    def _shown(self, *, english: bool) -> list[BoundField]:
        return [field for field in self.visible_fields() if field.name.endswith("_en") is english]

    @property
    def swedish_fields(self) -> list[BoundField]:
        return self._shown(english=False)

    @property
    def english_fields(self) -> list[BoundField]:
        return self._shown(english=True)

    @property
    def english_is_used(self) -> bool:
        return any(field.value() or field.errors for field in self.english_fields)


class WithCorrection(TaskForm):
    """A published text is changed only together with a line residents see."""

    def __init__(self, *args: Any, is_published: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_published:
            self.fields["correction"].required = True
        else:
            for name in CORRECTION:
                self.fields.pop(name, None)

    @property
    def corrections(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in CORRECTION if name in self.cleaned_data}


class UpdateFields(WithLinks, InTwoLanguages):
    not_values = (*TIMES, *CORRECTION)

    response = forms.ModelChoiceField(
        Response.objects.none(), label=_("Insats"), required=False, empty_label=_("Ingen insats")
    )
    pledge_set = pledge_set_field()
    title = field_of(PublicUpdate, "title")
    title_en = field_of(PublicUpdate, "title_en")
    lead = field_of(PublicUpdate, "lead", rows=3, help_text=_("Det viktigaste i en eller två meningar."))
    lead_en = field_of(PublicUpdate, "lead_en", rows=3)
    body = field_of(PublicUpdate, "body", rows=14)
    body_en = field_of(PublicUpdate, "body_en", rows=14)
    about_police = field_of(PublicUpdate, "about_police")
    publish_at = publish_at_field()
    announced_for = announced_for_field()

    def __init__(self, *args: Any, may_publish: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = self.initial.get("response")
        ongoing = Response.objects.filter(state=ResponseState.ACTIVE)
        rows = ongoing | Response.objects.filter(pk=chosen) if chosen else ongoing
        self.fields["response"].queryset = rows
        if not may_publish:
            del self.fields["publish_at"]

    def times(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in TIMES if name in self.cleaned_data}


class NewUpdateForm(OnceForm, UpdateFields):
    submit_label = _("Spara nyheten")


class UpdateForm(SeenForm, WithCorrection, UpdateFields):
    submit_label = _("Spara nyheten")

    correction = correction_field()
    correction_en = correction_en_field()
    hide_old = hide_old_field()

    def __init__(self, *args: Any, is_published: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, is_published=is_published, **kwargs)
        if is_published:
            for name in TIMES:
                self.fields.pop(name, None)


class PictureWords(SeenForm, WithCorrection):
    alt = field_of(
        Picture, "alt", help_text=_("Säg vad bilden visar för den som inte ser den. Inga namn på personer.")
    )
    alt_en = field_of(Picture, "alt_en")
    credit = field_of(Picture, "credit", help_text=_("Till exempel: Foto: Lysekils kommun."))
    correction = correction_field()
    correction_en = correction_en_field()

    def words(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in ("alt", "alt_en", "credit")}


class PictureForm(PictureWords):
    submit_label = _("Spara bilden")
    field_order = ("upload",)

    upload = forms.FileField(
        label=_("Bildfil"),
        max_length=200,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        help_text=_("JPEG, PNG eller WebP, högst 10 MB. Dolda uppgifter i filen, till exempel plats, tas bort."),
    )


class PictureWordsForm(PictureWords):
    submit_label = _("Spara bildens texter")


class RemovePictureForm(SeenForm, WithCorrection):
    correction = correction_field()
    correction_en = correction_en_field()
