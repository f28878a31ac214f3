"""Each time something was done for a promise, or was called off: logged in two taps, put right, undone.

The rhythm itself and its pauses: rules.py. What is logged for the Police by somebody else names their document.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lysekil_trygghet.accounts.actors import Actor
from lysekil_trygghet.accounts.models import Organisation
from lysekil_trygghet.history.guards import refuse_unless
from lysekil_trygghet.history.operations import change, check_seen, locked, move, record
from pledges import policies
from pledges.lifecycle import OCCURRENCE_MOVES, Delivery, OccurrenceState
from pledges.models import Commitment, Occurrence, OccurrenceCount
from situation.models import Area

from .doors import answers_changed, of_running, refuse_identity_number, said_by_police, touched
from .rules import add_pause as add_pause
from .rules import remove_pause as remove_pause
from .rules import remove_rule as remove_rule
from .rules import set_rule as set_rule
from .status import begin_part

# How many of each unit, by the unit's id.
Counts = Mapping[int, int]
MOST_AT_ONCE = 10_000
CHANGEABLE = frozenset({"date", "area", "public_note", "public_note_en", "reason"})


# --- Logged -------------------------------------------------------------------------------------------


@transaction.atomic
def log_held(
    commitment: Commitment,
    *,
    organisation: Organisation,
    date: dt.date,
    counts: Counts | None = None,
    area: Area | None = None,
    public_note: str = "",
    public_note_en: str = "",
    by: Actor,
    now: dt.datetime,
    document: str = "",
    document_on: dt.date | None = None,
) -> Occurrence:
    """It was held. Without counts: one, if one thing is counted. A part that was only planned has begun by this."""
    fresh = of_running(commitment)
    proof = _proof_of(fresh, organisation, by=by, now=now, document=document, document_on=document_on)
    _refuse_odd_day(fresh, date, now=now)
    wanted = _counts_of(fresh, counts)
    occurrence = _log(
        fresh,
        organisation=organisation,
        state=OccurrenceState.HELD,
        values={"date": date, "area": area, "public_note": public_note, "public_note_en": public_note_en},
        proof=proof,
        by=by,
        now=now,
    )
    _put_counts(occurrence, wanted)
    _told_otherwise(fresh, organisation=organisation, state=OccurrenceState.HELD, by=by, now=now)
    return occurrence


@transaction.atomic
def log_cancelled(
    commitment: Commitment,
    *,
    organisation: Organisation,
    date: dt.date,
    reason: str,
    area: Area | None = None,
    by: Actor,
    now: dt.datetime,
    document: str = "",
    document_on: dt.date | None = None,
) -> Occurrence:
    """It was called off, and why; residents read it. It counts for nothing."""
    fresh = of_running(commitment)
    proof = _proof_of(fresh, organisation, by=by, now=now, document=document, document_on=document_on)
    _refuse_odd_day(fresh, date, now=now)
    refuse_unless(reason.strip(), _("Skriv varför tillfället ställdes in. Invånarna läser det."))
    occurrence = _log(
        fresh,
        organisation=organisation,
        state=OccurrenceState.CANCELLED,
        values={"date": date, "area": area, "reason": reason},
        proof=proof,
        by=by,
        now=now,
    )
    _told_otherwise(fresh, organisation=organisation, state=OccurrenceState.CANCELLED, by=by, now=now)
    return occurrence


def _log(
    commitment: Commitment,
    *,
    organisation: Organisation,
    state: OccurrenceState,
    values: Mapping[str, Any],
    proof: tuple[str, dt.date | None],
    by: Actor,
    now: dt.datetime,
) -> Occurrence:
    clean = _clean(values)
    occurrence = Occurrence.objects.create(
        commitment=commitment,
        organisation=organisation,
        document=proof[0],
        document_on=proof[1],
        recorded_by=by.user,
        recorded_at=now,
        **clean,
    )
    details: dict[str, Any] = {
        "commitment": commitment.pk,
        "organisation_id": organisation.pk,
        "document_on": proof[1],
        "date": occurrence.date,
    }
    if state == OccurrenceState.HELD:
        record(occurrence, "held", by=by, now=now, **details)
        return occurrence
    return move(occurrence, to=state, allowed=OCCURRENCE_MOVES, by=by, now=now, **details)


# --- Put right ----------------------------------------------------------------------------------------


@transaction.atomic
def correct(
    occurrence: Occurrence,
    *,
    values: Mapping[str, Any] | None = None,
    counts: Counts | None = None,
    to: str | None = None,
    by: Actor,
    now: dt.datetime,
    seen: int | None = None,
    document: str = "",
    document_on: dt.date | None = None,
) -> Occurrence:
    """Change day, place, note, reason or counts; `to`: it was held after all, or called off after all."""
    fresh, commitment, proof = _opened(occurrence, by=by, now=now, document=document, document_on=document_on)
    check_seen(fresh, seen)
    unknown = set(values or {}) - CHANGEABLE
    assert not unknown, f"not changed by this: {sorted(unknown)}"
    state = to or fresh.state
    clean = _clean(values or {})
    day = clean.get("date", fresh.date)
    if state == OccurrenceState.HELD:
        clean["reason"] = ""
    else:
        reason = clean.get("reason", fresh.reason)
        refuse_unless(reason, _("Skriv varför tillfället ställdes in. Invånarna läser det."))
    _refuse_odd_day(commitment, day, now=now)
    if proof[0]:
        clean |= {"document": proof[0], "document_on": proof[1]}
    if state != fresh.state:
        fresh = move(fresh, to=state, allowed=OCCURRENCE_MOVES, by=by, now=now, also_set=clean)
    else:
        refuse_unless(state != OccurrenceState.UNDONE, _("Tillfället är borttaget. Lägg tillbaka det först."))
        fresh = change(fresh, by=by, now=now, values=clean, verb="corrected")
    wanted: dict[int, int] | None = None
    if state == OccurrenceState.CANCELLED:
        wanted = {}
    elif counts is not None or not fresh.counts.exists():
        wanted = _counts_of(commitment, counts)
    if wanted is not None and _put_counts(fresh, wanted):
        record(fresh, "counts_set", by=by, now=now, counts=wanted)
        fresh = touched(fresh)
    _told_otherwise(commitment, organisation=fresh.organisation, state=state, by=by, now=now)
    return fresh


@transaction.atomic
def undo(
    occurrence: Occurrence,
    *,
    by: Actor,
    now: dt.datetime,
    seen: int | None = None,
    document: str = "",
    document_on: dt.date | None = None,
) -> Occurrence:
    """It was a slip: it counts for nothing and residents no longer read it. It can be put back."""
    fresh, commitment, proof = _opened(occurrence, by=by, now=now, document=document, document_on=document_on)
    undone = move(
        fresh,
        to=OccurrenceState.UNDONE,
        allowed=OCCURRENCE_MOVES,
        by=by,
        now=now,
        seen=seen,
        also_set=_kept(proof),
    )
    _told_otherwise(commitment, organisation=fresh.organisation, state=OccurrenceState.UNDONE, by=by, now=now)
    return undone


@transaction.atomic
def redo(
    occurrence: Occurrence,
    *,
    by: Actor,
    now: dt.datetime,
    seen: int | None = None,
    document: str = "",
    document_on: dt.date | None = None,
) -> Occurrence:
    """Put back what was undone, as it was: held, or called off with its reason."""
    fresh, commitment, proof = _opened(occurrence, by=by, now=now, document=document, document_on=document_on)
    to = OccurrenceState.CANCELLED if fresh.reason else OccurrenceState.HELD
    put_back = move(
        fresh,
        to=to,
        allowed={OccurrenceState.UNDONE: OCCURRENCE_MOVES[OccurrenceState.UNDONE]},
        by=by,
        now=now,
        seen=seen,
        verb="put_back",
        also_set=_kept(proof),
    )
    _told_otherwise(commitment, organisation=fresh.organisation, state=to, by=by, now=now)
    return put_back


# --- What each of them asks -----------------------------------------------------------------------------


def _proof_of(
    commitment: Commitment,
    organisation: Organisation,
    *,
    by: Actor,
    now: dt.datetime,
    document: str,
    document_on: dt.date | None,
) -> tuple[str, dt.date | None]:
    return said_by_police(
        by_right=policies.can_log(by, commitment, organisation),
        in_writing=policies.can_log_in_writing(by, commitment, organisation),
        document=document,
        document_on=document_on,
        now=now,
    )


def _opened(
    occurrence: Occurrence, *, by: Actor, now: dt.datetime, document: str, document_on: dt.date | None
) -> tuple[Occurrence, Commitment, tuple[str, dt.date | None]]:
    """The locked row with its locked promise, if `by` may put it right.

    What the coordinator once wrote down from a document is put right without naming it again.
    """
    commitment = of_running(occurrence.commitment)
    fresh = locked(occurrence)
    fresh.commitment = commitment
    organisation = fresh.organisation
    if fresh.document and not document.strip() and document_on is None:
        document, document_on = fresh.document, fresh.document_on
    proof = _proof_of(commitment, organisation, by=by, now=now, document=document, document_on=document_on)
    return fresh, commitment, proof


def _kept(proof: tuple[str, dt.date | None]) -> dict[str, Any]:
    return {"document": proof[0], "document_on": proof[1]} if proof[0] else {}


def _refuse_odd_day(commitment: Commitment, day: dt.date, *, now: dt.datetime) -> None:
    has_been = day <= timezone.localdate(now)
    refuse_unless(has_been, _("Dagen har inte varit än. Anteckna tillfället när dagen är här."))
    pledge_set = commitment.pledge_set
    refuse_unless(day >= pledge_set.period_start, _("Dagen ligger före löftenas första dag. Välj en dag i perioden."))
    refuse_unless(day <= pledge_set.period_end, _("Dagen ligger efter löftenas sista dag. Välj en dag i perioden."))


def _clean(values: Mapping[str, Any]) -> dict[str, Any]:
    clean = {name: value.strip() if isinstance(value, str) else value for name, value in values.items()}
    refuse_identity_number(*(value for value in clean.values() if isinstance(value, str)))
    return clean


def _counts_of(commitment: Commitment, counts: Counts | None) -> dict[int, int]:
    """What is to be kept: at least one of something where anything is counted."""
    units = [unit.pk for unit in commitment.units.all()]
    if counts is None and len(units) == 1:
        return {units[0]: 1}
    given = dict(counts or {})
    refuse_unless(set(given) <= set(units), _("Det som räknas hör till ett annat löfte. Ladda om sidan."))
    refuse_unless(
        all(0 <= count <= MOST_AT_ONCE for count in given.values()), _("Skriv ett antal mellan 0 och 10 000.")
    )
    kept = {unit: count for unit, count in given.items() if count}
    refuse_unless(kept or not units, _("Skriv hur många det blev, av minst en sak."))
    return kept


def _put_counts(occurrence: Occurrence, wanted: Mapping[int, int]) -> bool:
    """Make the counts be exactly `wanted`; says whether anything changed."""
    before = dict(occurrence.counts.values_list("unit", "count"))
    if before == dict(wanted):
        return False
    occurrence.counts.all().delete()
    OccurrenceCount.objects.bulk_create(
        OccurrenceCount(occurrence=occurrence, unit_id=unit, count=count) for unit, count in sorted(wanted.items())
    )
    return True


def _told_otherwise(
    commitment: Commitment, *, organisation: Organisation, state: str, by: Actor, now: dt.datetime
) -> None:
    """A closing that waits for approval is proposed anew; the first time held begins a part that was planned."""
    answers_changed(commitment.pledge_set, by=by, now=now)
    if state != OccurrenceState.HELD:
        return
    planned = commitment.parties.filter(organisation=organisation, delivery_state=Delivery.PLANNED).first()
    if planned is not None:
        begin_part(commitment, planned, by=by, now=now)
