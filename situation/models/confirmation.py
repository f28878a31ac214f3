"""Who stands behind the words: each party confirms them, and any change of the words takes the confirmation back."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class PoliceConfirms(models.Model):
    """Words the Police confirm themselves, or in writing to the coordinator (date and document are kept).

    `confirmed_wording` names the fields; operations clear the confirmation when one of them changes.
    """

    police_confirmed_at = models.DateTimeField(_("bekräftad av Polisen"), null=True, blank=True, editable=False)
    police_confirmed_by_function = models.CharField(max_length=120, blank=True, editable=False)
    # Filled when the coordinator recorded a written confirmation: the document's name or number, and its day.
    police_document = models.CharField(max_length=200, blank=True, editable=False)
    police_document_on = models.DateField(null=True, blank=True, editable=False)

    confirmed_wording: tuple[str, ...] = ()

    class Meta:
        abstract = True

    @property
    def is_police_confirmed(self) -> bool:
        return self.police_confirmed_at is not None


class BothPartiesConfirm(PoliceConfirms):
    """A document of two parties: the municipality's coordinator and the Police each say yes to the same words."""

    municipality_confirmed_at = models.DateTimeField(_("bekräftad av kommunen"), null=True, blank=True, editable=False)
    municipality_confirmed_by_function = models.CharField(max_length=120, blank=True, editable=False)
    # Until then the municipality's draft is its own: showing it may make it a public document (TF 2 kap. 10 §).
    opened_to_police_at = models.DateTimeField(_("visad för Polisen"), null=True, blank=True, editable=False)

    class Meta:
        abstract = True

    @property
    def is_municipality_confirmed(self) -> bool:
        return self.municipality_confirmed_at is not None

    @property
    def both_have_confirmed(self) -> bool:
        return self.is_police_confirmed and self.is_municipality_confirmed
