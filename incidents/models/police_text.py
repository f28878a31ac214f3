"""Words about or by the Police: residents see them only once a police role has confirmed them."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from lysekil_trygghet.publishing.models import Publishable, PublishableQuerySet


class PoliceTextQuerySet(PublishableQuerySet):
    """For things that always speak of the Police: published is not enough, confirmed is needed too."""

    def published(self) -> Self:
        return super().published().filter(confirmed_by_police=True)


class MaybePoliceTextQuerySet(PublishableQuerySet):
    """For things that may speak of the Police (`about_police`)."""

    def published(self) -> Self:
        return super().published().exclude(about_police=True, confirmed_by_police=False)


class PoliceText(Publishable):
    """Publishable with the Police's confirmation. Any change of `police_wording` clears it (operations/police.py)."""

    confirmed_by_police = models.BooleanField(_("bekräftad av Polisen"), default=False, editable=False)
    confirmed_at = models.DateTimeField(_("bekräftad"), null=True, blank=True, editable=False)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )

    # The fields whose wording the Police confirm.
    police_wording: tuple[str, ...] = ()

    class Meta:
        abstract = True

    @property
    def needs_police(self) -> bool:
        """True when nothing may be shown before the Police have confirmed."""
        return getattr(self, "about_police", True) and not self.confirmed_by_police

    @property
    def is_public(self) -> bool:
        return super().is_public and not self.needs_police
