"""What the parties say to each other about a promise or a priority. Inside, never public."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lysekil_trygghet.accounts.models import Organisation

from .commitment import Commitment
from .pledge_set import PriorityArea


class Comment(models.Model):
    """One line of a thread. Written by operations/comments.py; never changed, seen by whoever sees the thing."""

    commitment = models.ForeignKey(
        Commitment, on_delete=models.CASCADE, null=True, blank=True, related_name="comments"
    )
    area = models.ForeignKey(PriorityArea, on_delete=models.CASCADE, null=True, blank=True, related_name="comments")
    text = models.TextField(_("kommentar"), max_length=2000)
    # The Police ask for other words with this comment.
    sends_back = models.BooleanField(default=False, editable=False)
    written_at = models.DateTimeField(editable=False)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    written_by_function = models.CharField(max_length=120, editable=False)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )

    class Meta:
        verbose_name = _("kommentar")
        verbose_name_plural = _("kommentarer")
        ordering = ["written_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(commitment__isnull=False, area__isnull=True) | Q(commitment__isnull=True, area__isnull=False)
                ),
                name="pledges_comment_on_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]
