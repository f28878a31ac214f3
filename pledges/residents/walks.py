"""Safety walks as residents read them: what was seen where, and what those responsible answered."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Prefetch

from lysekil_trygghet.publishing.languages import Reader, Text
from lysekil_trygghet.ui.badges import Badge
from pledges import words
from pledges.lifecycle import ObservationState
from pledges.models import SafetyWalk, WalkObservation


@dataclass(frozen=True)
class ObservationShown:
    spot: Text
    text: Text
    badge: Badge
    owner: Text
    answer: Text
    done_on: dt.date | None


@dataclass(frozen=True)
class WalkShown:
    title: Text
    held_on: dt.date
    area: Text
    observations: list[ObservationShown]


def walks_shown(*, read: Reader) -> list[WalkShown]:
    """The newest first."""
    observations = WalkObservation.objects.filter(is_public=True).select_related("owner")
    rows = (
        SafetyWalk.objects.published()
        .select_related("area")
        .prefetch_related(Prefetch("observations", observations, to_attr="shown"))
        .order_by("-held_on", "-pk")
    )
    return [
        WalkShown(
            title=read.in_language(walk, "title"),
            held_on=walk.held_on,
            area=read.name(walk.area.name if walk.area and walk.area.is_public else ""),
            observations=[_observation(row, read=read) for row in walk.shown],
        )
        for walk in rows
    ]


def _observation(row: WalkObservation, *, read: Reader) -> ObservationShown:
    answered = row.state != ObservationState.OPEN
    return ObservationShown(
        spot=read.name(row.spot),
        text=read.in_language(row, "text"),
        badge=words.observation_badge(row.state),
        owner=read.name(row.owner.name if row.owner else ""),
        answer=read.in_language(row, "answer") if answered else read.name(""),
        done_on=row.done_on if answered else None,
    )
