"""Forms for what is fetched by the clock."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lysekil_trygghet.desk.forms import OnceForm, SeenForm, TaskForm, field_of
from situation.models import DataFeed, Source

RHYTHMS = [
    (1, _("Varje timme (bara Polisen)")),
    (24, _("Varje dag")),
    (168, _("Varje vecka")),
    (720, _("Varje månad")),
]


class FeedFields(TaskForm):
    kind = field_of(DataFeed, "kind")
    title = field_of(DataFeed, "title")
    what = field_of(
        DataFeed,
        "what",
        help_text=_(
            "Kolada: nyckeltalens koder, till exempel N07540. SCB: tabellens kod. Polisen: orter. Skilj med komma."
        ),
    )
    areas = field_of(
        DataFeed, "areas", help_text=_("Koder för områden, till exempel 1484, 14 och 00. Behövs inte för Polisen.")
    )
    source = field_of(DataFeed, "source", queryset=Source.objects.none())
    every_hours = forms.TypedChoiceField(label=_("Hur ofta"), choices=RHYTHMS, coerce=int, initial=168)
    is_active = field_of(DataFeed, "is_active")

    def __init__(self, *args: Any, sources: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].queryset = sources


class NewFeedForm(OnceForm, FeedFields):
    submit_label = _("Börja hämta")


class FeedForm(SeenForm, FeedFields):
    submit_label = _("Spara")
