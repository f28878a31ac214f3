"""The municipality changes a ladder of reminders, or takes back the one the portal came with."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from lysekil_trygghet.accounts.actors import Actor
from lysekil_trygghet.history.guards import refuse_unless, require
from lysekil_trygghet.history.operations import change
from lysekil_trygghet.notifications.ladders import ANSWERING, DEFAULTS, Rules, Step
from lysekil_trygghet.notifications.models import Ladder
from lysekil_trygghet.notifications.operations import nudge

from . import policies


def check(steps: Sequence[Step]) -> None:
    """Raises `Refused` for a ladder by which a missing answer would pass unnoticed."""
    late = [step for step in steps if not step.is_before]
    refuse_unless(
        any(step.to in ANSWERING for step in late),
        _("Lägg till ett steg till dem som ska svara när tiden har gått ut, annars får de inte veta att de är sena."),
    )
    refuse_unless(
        any(step.to not in ANSWERING for step in late),
        _("Lägg till ett steg till samordnaren eller kommundirektören efter att tiden har gått ut."),
    )


@transaction.atomic
def change_ladder(rules: Rules, *, by: Actor, now: dt.datetime, seen: int | None = None) -> Ladder:
    """From the next sweep on; what has been told is not told again. Raises `Refused`, `StalePage`, `NotAllowed`."""
    require(policies.can_change_ladders(by))
    check(rules.steps)
    row = stored(rules.kind)
    values = {
        "steps": [step.as_stored() for step in rules.steps],
        "quiet_from": rules.quiet_from,
        "quiet_to": rules.quiet_to,
        "working_days_only": rules.working_days_only,
    }
    changed = change(row, by=by, now=now, values=values, seen=seen, verb="ladder_changed")
    nudge()
    return changed


def restore_ladder(kind: str, *, by: Actor, now: dt.datetime, seen: int | None = None) -> Ladder:
    """The steps the portal came with."""
    return change_ladder(Rules(kind, DEFAULTS[kind]), by=by, now=now, seen=seen)


def revision_of(kind: str) -> int:
    """For the form: which version of the ladder it shows."""
    return Ladder.objects.filter(kind=kind).values_list("revision", flat=True).first() or 0


def stored(kind: str) -> Ladder:
    """The row of a kind; made from the portal's own steps the first time."""
    first = {"steps": [step.as_stored() for step in DEFAULTS[kind]]}
    return Ladder.objects.get_or_create(kind=kind, defaults=first)[0]
