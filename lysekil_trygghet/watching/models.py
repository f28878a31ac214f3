"""When the worker and beat were last heard of."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Source(models.TextChoices):
    WORKER = "worker", _("Arbetaren")
    BEAT = "beat", _("Taktgivaren")


class Tick(models.Model):
    """One row for each source, however many of them there are; `at` by the database's clock."""

    source = models.CharField(_("vem"), max_length=20, choices=Source, primary_key=True)
    at = models.DateTimeField(_("hördes senast"))

    class Meta:
        verbose_name = _("livstecken")
        verbose_name_plural = _("livstecken")

    def __str__(self) -> str:
        return self.source
