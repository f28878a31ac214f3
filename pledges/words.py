"""The states of a promise in words, each with an icon: never colour alone. For staff and residents alike."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from lysekil_trygghet.ui.badges import Badge

from .lifecycle import Delivery, Goal, ObservationState, OccurrenceState, Outlook, SetState, WalkState
from .models import PledgeSet

SETS: dict[str, tuple[str, str]] = {
    SetState.DRAFT: ("draft", "neutral"),
    SetState.AGREED: ("check", "info"),
    SetState.SIGNED: ("document", "info"),
    SetState.PUBLISHED: ("play", "success"),
    SetState.CLOSING: ("clock", "warning"),
    SetState.CLOSED: ("check-circle", "neutral"),
    SetState.WITHDRAWN: ("minus-circle", "neutral"),
}
DELIVERIES: dict[str, tuple[str, str]] = {
    Delivery.PLANNED: ("calendar", "neutral"),
    Delivery.ONGOING: ("play", "info"),
    Delivery.DONE: ("check-circle", "success"),
    Delivery.PARTLY_DONE: ("waiting", "warning"),
    Delivery.NOT_DONE: ("cross-circle", "danger"),
    Delivery.PAUSED: ("pause", "neutral"),
    Delivery.WITHDRAWN: ("minus-circle", "neutral"),
    Delivery.CARRIED_OVER: ("arrow-right", "info"),
}
GOALS: dict[str, tuple[str, str]] = {
    Goal.GOAL_MET: ("flag", "success"),
    Goal.GOAL_PARTLY_MET: ("flag", "warning"),
    Goal.GOAL_NOT_MET: ("flag", "danger"),
    Goal.NOT_MEASURABLE: ("info", "neutral"),
    Goal.TOO_EARLY: ("clock", "neutral"),
}
OUTLOOKS: dict[str, tuple[str, str]] = {
    Outlook.ON_TRACK: ("check", "success"),
    Outlook.DELAYED: ("clock", "warning"),
    Outlook.AT_RISK: ("alert", "danger"),
    Outlook.FINISHED: ("check-circle", "success"),
}
OCCURRENCES: dict[str, tuple[str, str]] = {
    OccurrenceState.HELD: ("check", "success"),
    OccurrenceState.CANCELLED: ("cross", "warning"),
    OccurrenceState.UNDONE: ("return", "neutral"),
}
WALKS: dict[str, tuple[str, str]] = {
    WalkState.PLANNED: ("calendar", "neutral"),
    WalkState.WALKED: ("waiting", "warning"),
    WalkState.ANSWERED: ("check-circle", "success"),
    WalkState.CANCELLED: ("cross", "neutral"),
}
OBSERVATIONS: dict[str, tuple[str, str]] = {
    ObservationState.OPEN: ("waiting", "warning"),
    ObservationState.ANSWERED: ("check", "info"),
    ObservationState.DONE: ("check-circle", "success"),
}


def set_badge(pledge_set: PledgeSet, *, today: dt.date) -> Badge:
    """Where a set stands. Past its last day and not closed: red, whatever the clock has got round to."""
    if pledge_set.is_past_its_end(today):
        return Badge(_("Tiden är ute, svar saknas"), "alert", "danger")
    return Badge(SetState(pledge_set.state).label, *SETS[pledge_set.state])


def delivery_badge(state: str) -> Badge:
    return Badge(Delivery(state).label, *DELIVERIES[state])


def goal_badge(state: str) -> Badge | None:
    """None while nobody has said."""
    return Badge(Goal(state).label, *GOALS[state]) if state else None


def outlook_badge(outlook: str) -> Badge:
    return Badge(Outlook(outlook).label, *OUTLOOKS[outlook])


def occurrence_badge(state: str) -> Badge:
    return Badge(OccurrenceState(state).label, *OCCURRENCES[state])


def walk_badge(state: str) -> Badge:
    return Badge(WalkState(state).label, *WALKS[state])


def observation_badge(state: str) -> Badge:
    return Badge(ObservationState(state).label, *OBSERVATIONS[state])
