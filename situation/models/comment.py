"""What those who write a picture say to each other about it; inside, never public."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from lysekil_trygghet.accounts.models import Organisation

from ..lifecycle import CommentKind
from .picture import SituationPicture


class PictureComment(models.Model):
    """A comment, or the reason why the picture was sent back or taken away. History itself holds no free text."""

    picture = models.ForeignKey(SituationPicture, on_delete=models.CASCADE, related_name="comments")
    kind = models.CharField(max_length=20, choices=CommentKind, default=CommentKind.NOTE, editable=False)
    text = models.TextField(_("kommentar"), max_length=2000)
    written_at = models.DateTimeField(_("skriven"))
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    by_function = models.CharField(max_length=120, blank=True, editable=False)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )

    field_history = HistoricalRecords()

    class Meta:
        verbose_name = _("kommentar")
        verbose_name_plural = _("kommentarer")
        ordering = ["written_at", "id"]
        constraints = [models.CheckConstraint(condition=Q(kind__in=CommentKind.values), name="situation_comment_kind")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.written_at:%Y-%m-%d %H:%M}"
