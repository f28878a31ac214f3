"""What usually comes next for a picture, for the person who looks at it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from lysekil_trygghet.accounts.actors import Actor

from . import policies
from .lifecycle import PictureState
from .models import SituationPicture


@dataclass(frozen=True)
class Step:
    words: Any
    url: str = ""
    link_label: Any = ""


def next_step(picture: SituationPicture, actor: Actor, *, missing: list[str]) -> Step | None:
    """`missing` is what keeps the picture from its review."""

    def to(name: str) -> str:
        return reverse(f"situation:{name}", args=[picture.pk])

    if picture.state == PictureState.DRAFT and policies.can_send_to_review(actor, picture):
        if missing:
            return None
        return Step(
            _("Allt finns med. Skicka den till granskning."), to("picture_review"), _("Skicka till granskning")
        )
    if picture.state == PictureState.REVIEW and policies.is_own_side(actor, picture):
        return _under_review(picture, actor, to)
    if policies.can_publish_picture(actor, picture):
        return Step(_("Lägesbilden är antagen och kan publiceras."), to("picture_publish"), _("Till publiceringen"))
    if picture.state == PictureState.ADOPTED and picture.is_joint and policies.is_own_side(actor, picture):
        return Step(_("Kommunikatören publicerar lägesbilden."))
    return None


def _under_review(picture: SituationPicture, actor: Actor, to: Any) -> Step | None:
    if not picture.is_joint:
        return Step(_("Läs igenom och anta den."), to("picture_adopt"), _("Anta"))
    if actor.is_police:
        if picture.is_police_confirmed:
            return Step(_("Polisen har bekräftat texten. Kommunen gör resten."))
        return Step(_("Läs texten och bekräfta den för Polisen."), to("picture_confirm"), _("Läs och bekräfta"))
    if picture.opened_to_police_at is None:
        return Step(
            _("Visa lägesbilden för Polisen så att de kan bekräfta."), to("picture_open"), _("Visa för Polisen")
        )
    if not picture.is_municipality_confirmed:
        if not policies.can_confirm_as_municipality(actor):
            return Step(_("Trygghetssamordnaren bekräftar för kommunen."))
        return Step(_("Läs texten och bekräfta den för kommunen."), to("picture_confirm"), _("Läs och bekräfta"))
    if not picture.is_police_confirmed:
        return Step(_("Väntar på att Polisen bekräftar texten."))
    return Step(_("Båda har bekräftat. Anteckna när styrgruppen antog den."), to("picture_adopt"), _("Anta"))
