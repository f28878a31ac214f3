"""Forms for what is known (sources) and where (areas)."""

from __future__ import annotations

from typing import Any

from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _

from lysekil_trygghet.accounts.models import Organisation
from lysekil_trygghet.desk.forms import OnceForm, SeenForm, TaskForm, field_of
from lysekil_trygghet.ui.forms import DayField
from situation.models import Area, Source


class SourceFields(TaskForm):
    kind = field_of(Source, "kind")
    title = field_of(Source, "title")
    title_en = field_of(Source, "title_en")
    organisation = field_of(Source, "organisation", queryset=Organisation.objects.none())
    publisher = field_of(
        Source, "publisher", help_text=_("Om någon annan har gett ut det, till exempel Brottsförebyggande rådet.")
    )
    method = field_of(Source, "method")
    n = field_of(Source, "n", max_value=10_000_000)
    response_rate = field_of(Source, "response_rate")
    period_start = DayField(label=_("Gäller från"), required=False)
    period_end = DayField(label=_("Gäller till"), required=False)
    summary = field_of(Source, "summary", rows=4)
    summary_en = field_of(Source, "summary_en", rows=4)
    limitations = field_of(Source, "limitations", rows=3)
    limitations_en = field_of(Source, "limitations_en", rows=3)
    url = field_of(
        Source,
        "url",
        assume_scheme="https",
        validators=[URLValidator(schemes=["https", "http"], message=_("Skriv en adress som börjar med https://."))],
    )
    licence = field_of(Source, "licence", help_text=_("Om underlaget är öppna data, till exempel CC0."))
    is_public = field_of(Source, "is_public")

    def __init__(self, *args: Any, organisations: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = organisations


class NewSourceForm(OnceForm, SourceFields):
    submit_label = _("Spara underlaget")


class SourceForm(SeenForm, SourceFields):
    submit_label = _("Spara underlaget")


class AreaFields(TaskForm):
    kind = field_of(Area, "kind")
    name = field_of(Area, "name")
    name_en = field_of(Area, "name_en", help_text=_("Bara om platsen har ett namn på engelska."))
    code = field_of(Area, "code")
    version = field_of(Area, "version")
    parent = field_of(Area, "parent", queryset=Area.objects.none(), empty_label=_("Inget annat område"))
    is_public = field_of(Area, "is_public")
    is_active = field_of(Area, "is_active", help_text=_("Går att välja för nya iakttagelser och problem."))

    def __init__(self, *args: Any, parents: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"].queryset = parents


class NewAreaForm(OnceForm, AreaFields):
    submit_label = _("Spara området")


class AreaForm(SeenForm, AreaFields):
    submit_label = _("Spara området")
