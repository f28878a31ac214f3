"""The form for a dialogue: where, when, how many, and a line for each theme."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lysekil_trygghet.desk.forms import OnceForm, SeenForm, TaskForm, field_of
from lysekil_trygghet.ui.forms import DayField
from situation import queries
from situation.models import Dialogue

MOST_THEMES = 12


class DialogueFields(TaskForm):
    held_on = DayField(label=_("Dag"))
    place = field_of(Dialogue, "place", help_text=_("Till exempel ett torg, en skola eller digitalt."))
    area = field_of(Dialogue, "area")
    participants = field_of(Dialogue, "participants", max_value=1_000_000)
    note = field_of(Dialogue, "note", rows=3)

    def __init__(self, *args: Any, themes: list[tuple[str, int]] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].queryset = queries.areas_to_choose()
        given = themes or []
        for place in range(min(max(len(given) + 3, 5), MOST_THEMES)):
            theme, count = given[place] if place < len(given) else ("", None)
            self.fields[f"theme_{place}"] = forms.CharField(
                label=_("Ämne %(n)d") % {"n": place + 1}, required=False, max_length=120, initial=theme
            )
            self.fields[f"count_{place}"] = forms.IntegerField(
                label=_("Hur många tog upp ämne %(n)d") % {"n": place + 1},
                required=False,
                min_value=1,
                max_value=1_000_000,
                initial=count,
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for place in self._places():
            theme, count = cleaned.get(f"theme_{place}"), cleaned.get(f"count_{place}")
            if theme and count is None and not self.has_error(f"count_{place}"):
                self.add_error(f"count_{place}", _("Skriv hur många som tog upp ämnet."))
            elif count is not None and not theme:
                self.add_error(f"theme_{place}", _("Skriv vilket ämne det gäller."))
        return cleaned

    def _places(self) -> list[int]:
        return [int(name.removeprefix("theme_")) for name in self.fields if name.startswith("theme_")]

    def themes(self) -> list[tuple[str, int]]:
        found = [
            (self.cleaned_data.get(f"theme_{n}", ""), self.cleaned_data.get(f"count_{n}")) for n in self._places()
        ]
        return [(theme, count) for theme, count in found if theme]


class NewDialogueForm(OnceForm, DialogueFields):
    submit_label = _("Spara dialogen")


class DialogueForm(SeenForm, DialogueFields):
    submit_label = _("Spara dialogen")
