"""Abstract pieces: since when the public may see a thing, and whether somebody else changed it meanwhile."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _


class PublishableQuerySet(models.QuerySet):
    def published(self) -> Self:
        """What residents may read. Every public page, feed and export starts here."""
        return self.filter(published_at__isnull=False, withdrawn_at__isnull=True)


class ReadByResidents(models.Model):
    """Has texts that residents read. When one of them changes, history keeps what stood there (FormerText)."""

    # The fields, Swedish and English, in the order of the page.
    public_texts: tuple[str, ...] = ()

    class Meta:
        abstract = True

    @classmethod
    def public_rows(cls) -> models.QuerySet:
        """Those residents may read at this moment."""
        return cls._default_manager.published()  # type: ignore[attr-defined]

    @property
    def public_path(self) -> str:
        """The page it stands on, in the active language; empty when it stands on none."""
        return str(self.public_url)  # type: ignore[attr-defined]

    def texts_read(self) -> dict[str, str]:
        """What of it residents read, when they may read it."""
        return {name: getattr(self, name) for name in self.public_texts}


class Publishable(ReadByResidents):
    """Public from `published_at` until `withdrawn_at`; both are set by operations only."""

    published_at = models.DateTimeField(_("publicerad"), null=True, blank=True, editable=False)
    withdrawn_at = models.DateTimeField(_("avpublicerad"), null=True, blank=True, editable=False)
    revision = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        abstract = True

    @property
    def is_public(self) -> bool:
        return self.published_at is not None and self.withdrawn_at is None
