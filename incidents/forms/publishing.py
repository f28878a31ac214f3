"""Forms of the communicator's desk: publish with the checks as ticks, withdraw with a reason, set a time."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from incidents.text_checks import Check
from lysekil_trygghet.desk.forms import SeenForm, TaskForm
from lysekil_trygghet.ui.forms import MomentField


class PublishForm(SeenForm):
    """A tick for each thing a person has to look at; all must be ticked."""

    def __init__(self, *args: Any, checks: Iterable[Check], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._add_tick("read", _("Jag har läst texten så som invånarna ser den."))
        for check in checks:
            if not check.is_fine:
                self._add_tick(check.key, check.ask, check.words)

    def _add_tick(self, key: str, label: Any, words: Any = "") -> None:
        field = forms.BooleanField(label=label, help_text=words)
        field.error_messages["required"] = _("Kryssa i ”%(label)s” innan du publicerar.") % {"label": label}
        self.fields[f"tick_{key}"] = field


class WithdrawForm(SeenForm):
    reason = forms.CharField(
        label=_("Varför den avpubliceras"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Skälet syns bara för er som arbetar med publiceringen."),
    )


def publish_at_field() -> MomentField:
    return MomentField(
        label=_("Publiceras vid en viss tid"),
        required=False,
        help_text=_("Lämna tomt om du vill publicera själv. Den publiceras bara om den är godkänd då."),
    )


def announced_for_field() -> MomentField:
    return MomentField(
        label=_("Utlovad till"),
        required=False,
        help_text=_("Om ni har sagt när den kommer. Är den inte ute då får kommunikatören en påminnelse."),
    )


class TimingFields(TaskForm):
    """`may_publish`: only the communicator sets a time at which something publishes itself."""

    publish_at = publish_at_field()
    announced_for = announced_for_field()

    def __init__(self, *args: Any, may_publish: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_publish:
            del self.fields["publish_at"]


class TimingForm(SeenForm, TimingFields):
    submit_label = _("Spara tiderna")
