"""Serious events: written down at once, corrected as more is known."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from incidents import policies
from incidents.models import SeriousEvent
from lysekil_trygghet.accounts.actors import Actor
from lysekil_trygghet.history.guards import refuse_unless, require
from lysekil_trygghet.history.operations import record
from situation.models import Problem

from .police import change_police_text


@transaction.atomic
def report_event(
    *, values: Mapping[str, Any], problems: Iterable[Problem] = (), by: Actor, now: dt.datetime
) -> SeriousEvent:
    """Write down a serious event. Nothing is public until the Police confirm and the communicator publishes."""
    require(policies.can_lead(by))
    _check_times(values.get("occurred_from"), values.get("occurred_to"), now=now)
    event = SeriousEvent.objects.create(**values)
    event.problems.set(problems)
    record(event, "created", by=by, now=now)
    return event


@transaction.atomic
def edit_event(
    event: SeriousEvent,
    *,
    values: Mapping[str, Any],
    problems: Iterable[Problem] | None = None,
    by: Actor,
    now: dt.datetime,
    seen: int | None = None,
) -> SeriousEvent:
    """Change an event; a changed public wording loses the Police's confirmation. `problems` of the situation picture
    are linked when given; that changes no wording."""
    require(policies.can_lead(by))
    _check_times(
        values.get("occurred_from", event.occurred_from), values.get("occurred_to", event.occurred_to), now=now
    )
    changed = change_police_text(event, values=values, by=by, now=now, seen=seen)
    if problems is not None:
        chosen = set(problems)
        if chosen != set(changed.problems.all()):
            changed.problems.set(chosen)
            record(changed, "problems_linked", by=by, now=now, problems=sorted(one.pk for one in chosen))
    return changed


def _check_times(start: dt.datetime | None, end: dt.datetime | None, *, now: dt.datetime) -> None:
    refuse_unless(start is None or start <= now, _("Händelsen kan inte börja i framtiden. Rätta tiden."))
    refuse_unless(
        start is None or end is None or start <= end, _("Sluttiden ligger före starttiden. Rätta en av dem.")
    )
