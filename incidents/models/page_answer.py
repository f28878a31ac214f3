"""Whether residents found what they looked for: numbers by page and day, and nothing else."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class PageAnswer(models.Model):
    """How many said yes, and how many no, on one page on one day. Counted by operations/page_answers.py."""

    path = models.CharField(_("sida"), max_length=200)
    day = models.DateField(_("dag"))
    found = models.PositiveIntegerField(_("hittade"), default=0)
    missed = models.PositiveIntegerField(_("hittade inte"), default=0)

    class Meta:
        verbose_name = _("svar om sida")
        verbose_name_plural = _("svar om sidor")
        ordering = ["-day", "path"]
        constraints = [models.UniqueConstraint(fields=["path", "day"], name="incidents_page_answer_once")]

    def __str__(self) -> str:
        return f"{self.path} {self.day}"
