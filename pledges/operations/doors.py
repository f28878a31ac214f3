"""What every change asks first: may the set still be written, does it run. And what falls when words change.

The set is always locked before what belongs to it, so that nobody closes or publishes it meanwhile.
"""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from lysekil_trygghet.accounts.actors import Actor
from lysekil_trygghet.history.guards import Refused, refuse_unless, require
from lysekil_trygghet.history.operations import change, check_seen, locked
from lysekil_trygghet.privacy import scan
from pledges import policies
from pledges.lifecycle import SETS_RUNNING, SetState
from pledges.models import Commitment, PledgeSet
from situation.operations import confirmations


def opened_for_writing(pledge_set: PledgeSet, *, by: Actor, seen: int | None = None) -> PledgeSet:
    """The locked set, if `by` is one of those who write it and it is still a draft."""
    fresh = locked(pledge_set)
    require(policies.can_write_sets(by))
    if fresh.state in (SetState.AGREED, SetState.SIGNED):
        raise Refused(_("Löftena är överenskomna. Öppna dem som utkast igen om något ska ändras."))
    refuse_unless(fresh.is_written, _("Löftena är publicerade och står fast. Ändra ett löfte med en ny lydelse."))
    check_seen(fresh, seen)
    return fresh


def running(pledge_set: PledgeSet) -> PledgeSet:
    """The locked set, if it was promised and is not yet answered for."""
    fresh = locked(pledge_set)
    if fresh.state in SETS_RUNNING:
        return fresh
    if fresh.is_public:
        raise Refused(_("Löftena är avslutade och ändras inte mer."))
    raise Refused(_("Löftena är inte publicerade än. Det här görs när de gäller."))


def of_running(commitment: Commitment) -> Commitment:
    """The locked promise of a set that runs, with the locked set on it."""
    pledge_set = running(commitment.pledge_set)
    fresh = locked(commitment)
    fresh.pledge_set = pledge_set
    return fresh


def of_written(commitment: Commitment, *, by: Actor) -> Commitment:
    """The locked promise of a set that may still be written, with the locked set on it."""
    pledge_set = opened_for_writing(commitment.pledge_set, by=by)
    fresh = locked(commitment)
    fresh.pledge_set = pledge_set
    return fresh


def wording_changed(pledge_set: PledgeSet, *, by: Actor, now: dt.datetime) -> PledgeSet:
    """Something in the set reads otherwise: nobody has said yes to it as it stands now, and open pages are stale."""
    return confirmations.take_back(pledge_set, by=by, now=now)


def answers_changed(pledge_set: PledgeSet, *, by: Actor, now: dt.datetime) -> PledgeSet:
    """How a promise went is told otherwise: a closing that waits for approval is proposed anew."""
    fresh = locked(pledge_set)
    if fresh.closing_proposed_at is None:
        return fresh
    values = {"closing_proposed_at": None, "closing_proposed_by": None}
    return change(fresh, by=by, now=now, values=values, verb="closing_taken_back")


def said_by_police(
    *, by_right: bool, in_writing: bool, document: str, document_on: dt.date | None, now: dt.datetime
) -> tuple[str, dt.date | None]:
    """Who may say what only the Police say: a police role, or the coordinator who names the document and its day.

    Answers with document and day as they are to be kept; empty when the Police said it themselves.
    """
    if by_right:
        return "", None
    require(in_writing)
    missing = confirmations.missing_of_document(document, document_on, today=timezone.localdate(now))
    refuse_unless(not missing, " ".join(missing))
    return document.strip(), document_on


def refuse_identity_number(*texts: str) -> None:
    """For what residents read at once."""
    found = any(finding.blocks for text in texts if text for finding in scan(text))
    refuse_unless(not found, _("Texten innehåller ett personnummer. Ta bort det."))


def removed(thing: models.Model, message: str) -> None:
    """Delete a row; refused in words when something else rests on it."""
    try:
        thing.delete()
    except models.ProtectedError as held:
        raise Refused(message) from held


def touched[M: models.Model](thing: M) -> M:
    """Something that belongs to it was changed: pages that show it are stale."""
    thing.revision += 1  # type: ignore[attr-defined]
    thing.save(update_fields=["revision"])
    return thing
