"""The filter of the log."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from lysekil_trygghet.notifications.queries import LONGEST_SEARCH
from lysekil_trygghet.ui.forms import PortalForm


class LogFilter(PortalForm):
    is_filter = True
    form_tag = False

    q = forms.CharField(
        label=_("Sök"),
        help_text=_("Namn, adress, ärendenummer eller ord ur rubriken."),
        required=False,
        max_length=LONGEST_SEARCH,
    )
    visa = forms.ChoiceField(
        label=_("Visa"),
        required=False,
        choices=[
            ("", _("Allt")),
            ("problem", _("Det som inte kom fram")),
            ("waiting", _("Det som väntar på att skickas")),
            ("sent", _("Det som är skickat")),
            ("cancelled", _("Det som inte behövdes längre")),
        ],
    )
