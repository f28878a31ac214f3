"""The form for a set's file."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from lysekil_trygghet.desk.forms import OnceForm

LARGEST = 5_000_000


class ImportForm(OnceForm):
    submit_label = _("Kontrollera filen")

    upload = forms.FileField(
        label=_("Fil"), max_length=200, help_text=_("YAML eller XLSX. Inget sparas förrän du har sett vad filen ger.")
    )

    def clean_upload(self):
        upload = self.cleaned_data["upload"]
        name = upload.name.lower()
        if not name.endswith((".yaml", ".yml", ".xlsx")):
            raise forms.ValidationError(_("Välj en fil som slutar på .yaml, .yml eller .xlsx."))
        if upload.size > LARGEST:
            raise forms.ValidationError(_("Filen är för stor. Den får vara högst 5 MB."))
        return upload


class StoreForm(OnceForm):
    """The second step: what was looked through comes along as YAML, and is looked through once more."""

    submit_label = _("Läs in löftena")

    content = forms.CharField(widget=forms.HiddenInput, max_length=2_000_000, strip=False)
