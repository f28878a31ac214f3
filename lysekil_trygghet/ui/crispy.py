"""The crispy helper every form starts from."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django.utils.translation import gettext_lazy as _

SAVE = _("Spara")


class PortalHelper(FormHelper):
    """A posted form without browser validation, with one button and perhaps a way out.

    Extra buttons: `helper.add_input(Submit(…))`. Extra attributes: `helper.attrs["data-autosave-url"] = …`.
    """

    def __init__(
        self,
        submit_label: Any = SAVE,
        cancel_url: str | None = None,
        *,
        form_tag: bool = True,
        show_error_summary: bool = True,
    ) -> None:
        super().__init__()
        self.form_tag = form_tag
        self.include_media = False
        self.show_error_summary = show_error_summary
        self.cancel_url = cancel_url
        self.attrs = {"novalidate": True, "data-submit-once": True}
        self.form_class = "portal-form"
        if submit_label:
            self.add_input(Submit("submit", submit_label))
