"""Who stands behind the words: the Police, and for a document of two parties the municipality's coordinator too.

Used by every app whose texts the Police confirm. What state a thing must be in is asked by the operation of that
thing; here only the confirmation itself, and that it falls when the words change.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, TypeVar

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lysekil_trygghet.accounts.actors import Actor
from lysekil_trygghet.history.guards import refuse_unless, require
from lysekil_trygghet.history.operations import MoveNotAllowed, change, locked, record
from situation import policies
from situation.models.confirmation import BothPartiesConfirm, PoliceConfirms

P = TypeVar("P", bound=PoliceConfirms)
B = TypeVar("B", bound=BothPartiesConfirm)


@transaction.atomic
def police_confirm(
    thing: P,
    *,
    by: Actor,
    now: dt.datetime,
    seen: int,
    document: str = "",
    document_on: dt.date | None = None,
) -> P:
    """The Police say yes to the wording as it stood on the page (`seen`). Raises `StalePage` if it has changed.

    A police role says it itself. The coordinator may write down a written yes: which document, and its day.
    """
    fresh = locked(thing)
    in_writing = not by.is_police
    if in_writing:
        require(policies.can_record_police_confirmation(by))
        missing = missing_of_document(document, document_on, today=timezone.localdate(now))
        refuse_unless(not missing, " ".join(missing))
    else:
        require(policies.can_confirm_as_police(by, fresh))
    if fresh.is_police_confirmed:
        raise MoveNotAllowed(fresh, state="POLICE_CONFIRMED", to="POLICE_CONFIRMED")
    values = {
        "police_confirmed_at": now,
        "police_confirmed_by_function": "" if in_writing else by.function_label,
        "police_document": document.strip() if in_writing else "",
        "police_document_on": document_on if in_writing else None,
    }
    verb = "police_confirmed_in_writing" if in_writing else "police_confirmed"
    return change(fresh, by=by, now=now, values=values, seen=seen, verb=verb)


def missing_of_document(document: str, document_on: dt.date | None, *, today: dt.date) -> list[str]:
    missing = []
    if not document.strip():
        missing.append(_("Skriv vilken handling Polisens bekräftelse står i, till exempel diarienummer."))
    if document_on is None:
        missing.append(_("Skriv vilken dag handlingen är från."))
    elif document_on > today:
        missing.append(_("Handlingens dag ligger i framtiden."))
    return missing


@transaction.atomic
def municipality_confirm(thing: B, *, by: Actor, now: dt.datetime, seen: int) -> B:
    """The coordinator says yes for the municipality to the wording as it stood on the page."""
    require(policies.can_confirm_as_municipality(by))
    fresh = locked(thing)
    if fresh.is_municipality_confirmed:
        raise MoveNotAllowed(fresh, state="MUNICIPALITY_CONFIRMED", to="MUNICIPALITY_CONFIRMED")
    values = {"municipality_confirmed_at": now, "municipality_confirmed_by_function": by.function_label}
    return change(fresh, by=by, now=now, values=values, seen=seen, verb="municipality_confirmed")


@transaction.atomic
def open_to_police(thing: B, *, by: Actor, now: dt.datetime) -> B:
    """Let the Police read the municipality's draft. It may become a public document by that (TF 2 kap. 10 §)."""
    require(policies.can_open_to_police(by))
    fresh = locked(thing)
    if fresh.opened_to_police_at is not None:
        raise MoveNotAllowed(fresh, state="OPENED", to="OPENED")
    return change(fresh, by=by, now=now, values={"opened_to_police_at": now}, verb="opened_to_police")


def cleared(thing: PoliceConfirms) -> dict[str, Any]:
    """The values that take every confirmation of `thing` back: for a move or a change to set as well."""
    values: dict[str, Any] = {
        "police_confirmed_at": None,
        "police_confirmed_by_function": "",
        "police_document": "",
        "police_document_on": None,
    }
    if isinstance(thing, BothPartiesConfirm):
        values |= {"municipality_confirmed_at": None, "municipality_confirmed_by_function": ""}
    return values


def record_cleared(thing: PoliceConfirms, *, by: Actor, now: dt.datetime) -> None:
    """A line of history for each party whose confirmation falls; before the values are set."""
    if thing.is_police_confirmed:
        record(thing, "police_confirmation_cleared", by=by, now=now)
    if isinstance(thing, BothPartiesConfirm) and thing.is_municipality_confirmed:
        record(thing, "municipality_confirmation_cleared", by=by, now=now)


@transaction.atomic
def take_back(thing: P, *, by: Actor, now: dt.datetime) -> P:
    """What belongs to the wording was changed: nothing confirmed survives, and open pages become stale."""
    fresh = locked(thing)
    record_cleared(fresh, by=by, now=now)
    for name, value in cleared(fresh).items():
        setattr(fresh, name, value)
    fresh.revision += 1  # type: ignore[attr-defined]
    fresh.save(update_fields=[*cleared(fresh), "revision"])
    return fresh


@transaction.atomic
def change_confirmed(
    thing: P, *, values: Mapping[str, Any], by: Actor, now: dt.datetime, seen: int | None = None
) -> P:
    """Change fields; when the confirmed wording changes, the confirmations fall."""
    fresh = locked(thing)
    changed = {name for name, value in values.items() if getattr(fresh, name) != value}
    # A foreign key may stand in the wording by its id, and in the values by the thing itself.
    wording = {name.removesuffix("_id") for name in type(fresh).confirmed_wording}
    if wording & {name.removesuffix("_id") for name in changed}:
        record_cleared(fresh, by=by, now=now)
        values = {**values, **cleared(fresh)}
    return change(fresh, by=by, now=now, values=values, seen=seen)
