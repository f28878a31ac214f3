"""Abstract pieces: since when the public may see a thing, and whether somebody else changed it meanwhile."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _


class PublishableQuerySet(models.QuerySet):
    def published(self) -> Self:
        """What residents may read. Every public page, feed and export starts here."""
        return self.filter(published_at__isnull=False, withdrawn_at__isnull=True)


class Publishable(models.Model):
    """Public from `published_at` until `withdrawn_at`; both are set by operations only."""

    published_at = models.DateTimeField(_("publicerad"), null=True, blank=True, editable=False)
    withdrawn_at = models.DateTimeField(_("avpublicerad"), null=True, blank=True, editable=False)
    revision = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        abstract = True

    @property
    def is_public(self) -> bool:
        return self.published_at is not None and self.withdrawn_at is None
