"""The Police's word: confirmed by a police role, cleared by any change of the wording."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any, TypeVar

from django.db import models, transaction
from django.utils.translation import gettext as _

from incidents import policies
from incidents.lifecycle import UNDERTAKING_MOVES
from incidents.models import Meeting, PoliceUndertaking, Response
from incidents.models.police_text import PoliceText
from lysekil_trygghet.accounts.actors import Actor
from lysekil_trygghet.history.guards import refuse_unless, require
from lysekil_trygghet.history.operations import change, locked, move, record
from lysekil_trygghet.publishing.pages import forget_on_commit

P = TypeVar("P", bound=PoliceText)

CLEARED = {"confirmed_by_police": False, "confirmed_at": None, "confirmed_by": None}


@transaction.atomic
def confirm(thing: P, *, by: Actor, now: dt.datetime, seen: int) -> P:
    """A police role confirms the wording as it stood on the page (`seen`). Raises `StalePage` if it changed."""
    require(policies.can_confirm_police_text(by))
    return change(
        thing,
        by=by,
        now=now,
        values={"confirmed_by_police": True, "confirmed_at": now, "confirmed_by": by.user},
        seen=seen,
        verb="police_confirmed",
    )


@transaction.atomic
def change_police_text(
    thing: P,
    *,
    values: Mapping[str, Any],
    links: Mapping[str, Collection[models.Model]] | None = None,
    by: Actor,
    now: dt.datetime,
    seen: int | None = None,
) -> P:
    """Change fields; when the confirmed wording changes, the confirmation falls and residents no longer see it."""
    fresh = locked(thing)
    changed = {name for name, value in values.items() if getattr(fresh, name) != value}
    # A foreign key stands in the wording by its id, and in the values by the thing itself.
    wording_changed = any(
        name in changed or name.removesuffix("_id") in changed for name in type(fresh).police_wording
    )
    if wording_changed and fresh.confirmed_by_police:
        values = {**values, **CLEARED}
        forget_on_commit()
        record(fresh, "police_confirmation_cleared", by=by, now=now)
    return change(thing, by=by, now=now, values=values, links=links, seen=seen)


@transaction.atomic
def write_undertaking(
    response: Response,
    *,
    text: str,
    text_en: str = "",
    from_when: str = "",
    meeting: Meeting | None,
    by: Actor,
    now: dt.datetime,
) -> PoliceUndertaking:
    """Write down what the Police said they will do. Unconfirmed until a police role confirms it."""
    require(policies.can_lead(by) or by.is_police)
    refuse_unless(text.strip(), _("Skriv vad Polisen åtar sig."))
    line = PoliceUndertaking.objects.create(
        response=response, meeting=meeting, text=text, text_en=text_en, from_when=from_when
    )
    record(line, "created", by=by, now=now, response=response.pk)
    return line


def edit_undertaking(
    line: PoliceUndertaking, *, values: Mapping[str, Any], by: Actor, now: dt.datetime, seen: int | None = None
) -> PoliceUndertaking:
    """Change the words; the Police's confirmation falls, and residents do not see the line until it is renewed."""
    require(policies.can_lead(by) or by.is_police)
    return change_police_text(line, values=values, by=by, now=now, seen=seen)


def move_undertaking(
    line: PoliceUndertaking, *, to: str, by: Actor, now: dt.datetime, seen: int | None = None
) -> PoliceUndertaking:
    """Only the Police move what the Police undertake."""
    require(policies.can_move_undertaking(by))
    return move(line, to=to, allowed=UNDERTAKING_MOVES, by=by, now=now, seen=seen)
