"""What every change of a part of a picture asks and leaves behind: may it be written, and do confirmations fall."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from lysekil_trygghet.accounts.actors import Actor
from lysekil_trygghet.history.guards import Refused, refuse_unless, require
from lysekil_trygghet.history.operations import StalePage, locked, record
from situation import policies
from situation.lifecycle import PictureState
from situation.models import CauseAnalysis, Finding, Problem, SituationPicture

from . import confirmations


def opened_for_writing(picture: SituationPicture, *, by: Actor, seen: int | None = None) -> SituationPicture:
    """The locked row, if `by` is one of those who write it and it is not adopted."""
    fresh = locked(picture)
    require(policies.is_own_side(by, fresh))
    refuse_unless(fresh.is_written, _("Lägesbilden är antagen och ändras inte mer. Börja en ny som ersätter den."))
    if seen is not None and fresh.revision != seen:
        raise StalePage(fresh)
    return fresh


def wording_changed(picture: SituationPicture, *, by: Actor, now: dt.datetime) -> SituationPicture:
    """Under review every change takes the confirmations back. A draft has none, and its open pages stay fresh."""
    if picture.state != PictureState.REVIEW:
        return picture
    return confirmations.take_back(picture, by=by, now=now)


def swapped(rows: Sequence[Any], thing: Any, direction: str) -> list[Any] | None:
    """The rows with `thing` one step "up" or "down"; None when it cannot go there."""
    order = list(rows)
    here = order.index(thing)
    there = here - 1 if direction == "up" else here + 1
    if not 0 <= there < len(order):
        return None
    order[here], order[there] = order[there], order[here]
    return order


def numbered(rows: Sequence[models.Model], place: str) -> None:
    """Write 1, 2, 3 … into the field `place`, in the order given."""
    for number, row in enumerate(rows, start=1):
        if getattr(row, place) != number:
            setattr(row, place, number)
            row.save(update_fields=[place])


def placed(
    picture: SituationPicture,
    parts: str,
    thing: Any,
    *,
    direction: str,
    place: str,
    verb: str,
    by: Actor,
    now: dt.datetime,
) -> None:
    """Move `thing` one step "up" or "down" among the `parts` ("findings", …) of its picture, ordered by `place`."""
    fresh = opened_for_writing(picture, by=by)
    order = swapped(list(getattr(fresh, parts).select_for_update()), thing, direction)
    if order is None:
        return
    numbered(order, place)
    record(fresh, verb, by=by, now=now, **{parts: [row.pk for row in order]})
    wording_changed(fresh, by=by, now=now)


def removed(thing: SituationPicture | Finding | Problem | CauseAnalysis, message: str) -> None:
    """Delete a row; refused in words when something else rests on it."""
    try:
        thing.delete()
    except models.ProtectedError as held:
        raise Refused(message) from held
