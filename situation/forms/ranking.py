"""The form for one member's points to the problems of a picture."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lysekil_trygghet.desk.forms import TaskForm
from situation.models import Problem
from situation.models.problem import MOST_POINTS


class PointsForm(TaskForm):
    submit_label = _("Spara poängen")

    def __init__(self, *args: Any, problems: list[Problem], given: Mapping[int, int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for problem in problems:
            self.fields[f"points_{problem.pk}"] = forms.IntegerField(
                label=problem.title,
                min_value=0,
                max_value=MOST_POINTS,
                initial=given.get(problem.pk),
                help_text=_("0 till 10, där 10 väger tyngst."),
            )

    def points(self) -> dict[int, int]:
        return {
            int(name.removeprefix("points_")): value
            for name, value in self.cleaned_data.items()
            if name.startswith("points_")
        }
