"""Figures of a picture: made, put in order, fixed when the picture is adopted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from lysekil_trygghet.accounts.actors import Actor
from lysekil_trygghet.history.guards import Refused, refuse_unless, require
from lysekil_trygghet.history.operations import change, record
from situation import figures
from situation.figures import NothingToDraw
from situation.models import Figure, SituationPicture, Source

from .parts import opened_for_writing, placed, wording_changed


@transaction.atomic
def write(picture: SituationPicture, *, values: Mapping[str, Any], by: Actor, now: dt.datetime) -> Figure:
    """Add a figure last. Its source becomes one of the picture's. Refused when there is nothing to draw."""
    fresh = opened_for_writing(picture, by=by)
    source: Source = values["source"]
    require(Source.objects.visible_to(by).filter(pk=source.pk).exists())
    last = fresh.figures.order_by("-order").first()
    figure = Figure(picture=fresh, order=(last.order if last else 0) + 1, **values)
    _must_draw(figure)
    figure.save()
    if not fresh.sources.filter(pk=source.pk).exists():
        fresh.sources.add(source)
    record(figure, "created", by=by, now=now, picture=fresh.pk)
    wording_changed(fresh, by=by, now=now)
    return figure


@transaction.atomic
def edit(figure: Figure, *, values: Mapping[str, Any], by: Actor, now: dt.datetime, seen: int | None = None) -> Figure:
    picture = opened_for_writing(figure.picture, by=by)
    fresh = change(figure, by=by, now=now, values=values, seen=seen)
    _must_draw(fresh)
    if fresh.revision != figure.revision:
        wording_changed(picture, by=by, now=now)
    return fresh


def _must_draw(figure: Figure) -> None:
    refuse_unless(figure.title.strip(), _("Skriv en rubrik till figuren."))
    try:
        figures.draw(figure, lang="sv")
    except NothingToDraw as nothing:
        raise Refused(str(nothing)) from nothing
    except ValueError as odd:
        raise Refused(_("Det du har valt går inte att rita. Välj färre områden eller en annan period.")) from odd


@transaction.atomic
def remove(figure: Figure, *, by: Actor, now: dt.datetime) -> None:
    picture = opened_for_writing(figure.picture, by=by)
    record(picture, "figure_removed", by=by, now=now, figure=figure.pk)
    figure.delete()
    wording_changed(picture, by=by, now=now)


@transaction.atomic
def place(figure: Figure, *, direction: str, by: Actor, now: dt.datetime) -> None:
    """One step "up" or "down" among the figures of the picture."""
    placed(
        figure.picture, "figures", figure, direction=direction, place="order", verb="figures_ordered", by=by, now=now
    )


def freeze(picture: SituationPicture, *, now: dt.datetime) -> None:
    """Keep every drawing and table as it is now: a later import changes nothing of an adopted picture."""
    for figure in picture.figures.select_related("indicator__source", "question__source", "source"):
        try:
            figure.frozen = figures.frozen(figure)
        except NothingToDraw as nothing:
            raise Refused(
                _("Figuren ”%(title)s”: %(reason)s") % {"title": figure.title, "reason": nothing}
            ) from nothing
        figure.frozen_at = now
        figure.save(update_fields=["frozen", "frozen_at"])
