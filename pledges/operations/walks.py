"""Safety walks: planned, walked, what was seen gets an owner and an answer, shown to residents.

No list of those who walked along is kept. A walk is answered when every observation is; it follows by itself.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from lysekil_trygghet.accounts.actors import Actor
from lysekil_trygghet.accounts.models import Organisation
from lysekil_trygghet.history.guards import Refused, refuse_unless, require
from lysekil_trygghet.history.operations import change, check_seen, locked, move, record
from lysekil_trygghet.notifications.operations import cancel, nudge
from lysekil_trygghet.privacy import scan
from lysekil_trygghet.privacy.kinds import Kind
from lysekil_trygghet.publishing.pages import forget_on_commit
from pledges import policies
from pledges.lifecycle import OBSERVATION_MOVES, WALK_MOVES, ObservationState, WalkState
from pledges.models import SafetyWalk, WalkObservation

from .doors import refuse_identity_number, said_by_police, touched
from .feedback import words_of_signs
from .occurrences import Counts, log_held

SEEN = (WalkState.WALKED, WalkState.ANSWERED)


def subject_key(observation: WalkObservation) -> str:
    """What the ledger of messages calls it."""
    return f"pledges.observation:{observation.pk}"


# --- The walk -----------------------------------------------------------------------------------------


@transaction.atomic
def plan_walk(*, values: Mapping[str, Any], by: Actor, now: dt.datetime) -> SafetyWalk:
    require(policies.can_keep_walks(by))
    clean = _clean(values)
    refuse_unless(clean.get("title"), _("Skriv en rubrik."))
    refuse_unless(clean.get("held_on"), _("Skriv vilken dag vandringen är."))
    walk = SafetyWalk.objects.create(**clean)
    record(walk, "created", by=by, now=now)
    return walk


@transaction.atomic
def edit_walk(
    walk: SafetyWalk, *, values: Mapping[str, Any], by: Actor, now: dt.datetime, seen: int | None = None
) -> SafetyWalk:
    require(policies.can_keep_walks(by))
    fresh = locked(walk)
    refuse_unless(fresh.state != WalkState.CANCELLED, _("Vandringen är inställd och ändras inte mer."))
    clean = _clean(values)
    refuse_unless(clean.get("title", fresh.title), _("Skriv en rubrik."))
    day = clean.get("held_on", fresh.held_on)
    refuse_unless(day, _("Skriv vilken dag vandringen är."))
    refuse_unless(
        fresh.state not in SEEN or day <= timezone.localdate(now),
        _("Vandringen är gjord, så dagen kan inte vara framåt."),
    )
    return change(fresh, by=by, now=now, values=clean, seen=seen)


@transaction.atomic
def cancel_walk(walk: SafetyWalk, *, by: Actor, now: dt.datetime, seen: int | None = None) -> SafetyWalk:
    """It will not be. One that residents have read about stays, as called off."""
    require(policies.can_keep_walks(by))
    return move(walk, to=WalkState.CANCELLED, allowed=WALK_MOVES, by=by, now=now, seen=seen)


@transaction.atomic
def hold_walk(
    walk: SafetyWalk,
    *,
    organisation: Organisation | None = None,
    counts: Counts | None = None,
    by: Actor,
    now: dt.datetime,
    seen: int | None = None,
    document: str = "",
    document_on: dt.date | None = None,
) -> SafetyWalk:
    """It was walked. With `organisation`: that party of the walk's promise is logged to have held it, once."""
    require(policies.can_keep_walks(by))
    fresh = locked(walk)
    if fresh.state == WalkState.PLANNED:
        refuse_unless(
            fresh.held_on <= timezone.localdate(now), _("Dagen har inte varit än. Ändra dagen om vandringen är gjord.")
        )
    walked = move(
        fresh,
        to=WalkState.WALKED,
        # Back from answered the way is a new observation, not this.
        allowed={WalkState.PLANNED: WALK_MOVES[WalkState.PLANNED]},
        by=by,
        now=now,
        seen=seen,
    )
    if organisation is None:
        return walked
    if walked.commitment is None:
        raise Refused(_("Vandringen hör inte till något löfte. Välj löftet först."))
    occurrence = log_held(
        walked.commitment,
        organisation=organisation,
        date=walked.held_on,
        counts=counts,
        area=walked.area,
        by=by,
        now=now,
        document=document,
        document_on=document_on,
    )
    return change(walked, by=by, now=now, values={"occurrence": occurrence}, verb="logged")


# --- What was seen --------------------------------------------------------------------------------------


@transaction.atomic
def add_observation(walk: SafetyWalk, *, values: Mapping[str, Any], by: Actor, now: dt.datetime) -> WalkObservation:
    """What was seen at one spot. Its owner may be named at once or later; a walk that was answered is open again."""
    require(policies.can_keep_walks(by))
    fresh = _walked(walk)
    clean = _clean(values)
    _refuse_odd_observation(clean, None)
    last = fresh.observations.aggregate(last=Max("order"))["last"] or 0
    observation = WalkObservation.objects.create(walk=fresh, order=last + 1, **clean)
    record(observation, "created", by=by, now=now, walk=fresh.pk)
    _settle(fresh, by=by, now=now)
    nudge()
    return observation


@transaction.atomic
def edit_observation(
    observation: WalkObservation, *, values: Mapping[str, Any], by: Actor, now: dt.datetime, seen: int | None = None
) -> WalkObservation:
    """Words, owner, day; only while it waits for its answer. Whether residents read it can always be changed."""
    require(policies.can_keep_walks(by))
    walk = _walked(observation.walk)
    fresh = locked(observation)
    clean = _clean(values)
    _refuse_odd_observation(clean, fresh)
    refuse_unless(
        fresh.state == ObservationState.OPEN or set(clean) <= {"is_public"},
        _("Iakttagelsen har ett svar. Öppna den igen om den ska ändras."),
    )
    changed = change(fresh, by=by, now=now, values=clean, seen=seen)
    if (changed.owner_id, changed.answer_due) != (fresh.owner_id, fresh.answer_due):
        cancel(subject_key(changed), now=now)
        nudge()
    touched(walk)
    return changed


@transaction.atomic
def remove_observation(observation: WalkObservation, *, by: Actor, now: dt.datetime, seen: int | None = None) -> None:
    """Take away one that was written wrongly and has no answer."""
    require(policies.can_keep_walks(by))
    walk = _walked(observation.walk)
    fresh = locked(observation)
    refuse_unless(
        fresh.state == ObservationState.OPEN, _("Iakttagelsen har ett svar och tas inte bort. Dölj den om det behövs.")
    )
    check_seen(fresh, seen)
    record(fresh, "removed", by=by, now=now, walk=walk.pk)
    cancel(subject_key(fresh), now=now)
    fresh.delete()
    _settle(walk, by=by, now=now)


@transaction.atomic
def answer_observation(
    observation: WalkObservation,
    *,
    answer: str,
    answer_en: str = "",
    by: Actor,
    now: dt.datetime,
    seen: int | None = None,
    document: str = "",
    document_on: dt.date | None = None,
) -> WalkObservation:
    """Its owner says what will be done. For the Police: themselves, or the coordinator who names their document."""
    return _answered(
        observation,
        to=ObservationState.ANSWERED,
        values={"answer": answer, "answer_en": answer_en},
        by=by,
        now=now,
        seen=seen,
        document=document,
        document_on=document_on,
    )


@transaction.atomic
def mend(
    observation: WalkObservation,
    *,
    done_on: dt.date,
    answer: str | None = None,
    answer_en: str | None = None,
    by: Actor,
    now: dt.datetime,
    seen: int | None = None,
    document: str = "",
    document_on: dt.date | None = None,
) -> WalkObservation:
    """Its owner says that it is mended, and which day; with an answer if there was none."""
    refuse_unless(done_on <= timezone.localdate(now), _("Dagen har inte varit än. Skriv den när det är åtgärdat."))
    given = {"answer": answer, "answer_en": answer_en}
    texts = {name: text for name, text in given.items() if text is not None}
    return _answered(
        observation,
        to=ObservationState.DONE,
        values={**texts, "done_on": done_on},
        by=by,
        now=now,
        seen=seen,
        document=document,
        document_on=document_on,
    )


def _answered(
    observation: WalkObservation,
    *,
    to: ObservationState,
    values: Mapping[str, Any],
    by: Actor,
    now: dt.datetime,
    seen: int | None,
    document: str,
    document_on: dt.date | None,
) -> WalkObservation:
    walk = _walked(observation.walk)
    fresh = locked(observation)
    if fresh.owner is None:
        require(policies.can_keep_walks(by))
        raise Refused(_("Välj vem som ska svara först."))
    proof = said_by_police(
        by_right=policies.can_answer_observation(by, fresh),
        in_writing=policies.can_answer_observation_in_writing(by, fresh),
        document=document,
        document_on=document_on,
        now=now,
    )
    clean = _clean(values)
    refuse_unless(clean.get("answer", fresh.answer), _("Skriv svaret."))
    also = {
        **clean,
        "answered_at": fresh.answered_at or now,
        "answer_document": proof[0],
        "answer_document_on": proof[1],
    }
    answered = move(fresh, to=to, allowed=OBSERVATION_MOVES, by=by, now=now, seen=seen, also_set=also, walk=walk.pk)
    cancel(subject_key(answered), now=now)
    _settle(walk, by=by, now=now)
    return answered


@transaction.atomic
def reopen_observation(
    observation: WalkObservation, *, by: Actor, now: dt.datetime, seen: int | None = None
) -> WalkObservation:
    """The answer was not the right one. It stays as a text to write on; residents do not read it."""
    walk = _walked(observation.walk)
    fresh = locked(observation)
    require(
        policies.can_answer_observation(by, fresh)
        or policies.can_answer_observation_in_writing(by, fresh)
        or policies.is_municipal_writer(by)
    )
    also = {"answered_at": None, "done_on": None, "answer_document": "", "answer_document_on": None}
    opened = move(
        fresh,
        to=ObservationState.OPEN,
        allowed=OBSERVATION_MOVES,
        by=by,
        now=now,
        seen=seen,
        verb="reopened",
        also_set=also,
        walk=walk.pk,
    )
    _settle(walk, by=by, now=now)
    return opened


def _walked(walk: SafetyWalk) -> SafetyWalk:
    """The locked walk, which must have been walked."""
    fresh = locked(walk)
    refuse_unless(
        fresh.state in SEEN, _("Vandringen är inte gjord. Skriv in iakttagelser när den är markerad som genomförd.")
    )
    return fresh


def _settle(walk: SafetyWalk, *, by: Actor, now: dt.datetime) -> None:
    """Answered when there is something and all of it has an answer; else it waits."""
    states = list(walk.observations.values_list("state", flat=True))
    is_answered = bool(states) and ObservationState.OPEN not in states
    to = WalkState.ANSWERED if is_answered else WalkState.WALKED
    if to == walk.state:
        touched(walk)
        return
    move(walk, to=to, allowed=WALK_MOVES, by=by, now=now)


# --- To residents -----------------------------------------------------------------------------------------


def all_texts(walk: SafetyWalk) -> list[str]:
    """Every text residents would read of it."""
    texts = [walk.title, walk.title_en, walk.route]
    for row in walk.observations.filter(is_public=True):
        texts += [row.spot, row.text, row.text_en, row.answer, row.answer_en]
    return [text for text in texts if text]


def signs_of_persons(walk: SafetyWalk) -> list[Kind]:
    found = {finding.kind for text in all_texts(walk) for finding in scan(text)}
    return [kind for kind in Kind if kind in found]


@transaction.atomic
def publish_walk(
    walk: SafetyWalk, *, confirm_privacy: bool = False, by: Actor, now: dt.datetime, seen: int | None = None
) -> SafetyWalk:
    """Show it to residents, with the observations that are theirs to read."""
    fresh = locked(walk)
    require(policies.can_publish_walk(by, fresh))
    refuse_unless(fresh.state != WalkState.CANCELLED or fresh.published_at, _("Vandringen är inställd."))
    refuse_unless(not fresh.is_public, _("Vandringen är redan publicerad."))
    check_seen(fresh, seen)
    signs = signs_of_persons(fresh)
    refuse_unless(Kind.IDENTITY_NUMBER not in signs, _("Texten innehåller ett personnummer. Ta bort det."))
    refuse_unless(not signs or confirm_privacy, words_of_signs(signs))
    return change(fresh, by=by, now=now, values={"published_at": now, "withdrawn_at": None}, verb="published")


@transaction.atomic
def withdraw_walk(walk: SafetyWalk, *, by: Actor, now: dt.datetime, seen: int | None = None) -> SafetyWalk:
    fresh = locked(walk)
    require(policies.can_publish_walk(by, fresh))
    refuse_unless(fresh.is_public, _("Vandringen är inte publicerad."))
    forget_on_commit()
    return change(fresh, by=by, now=now, values={"withdrawn_at": now}, verb="withdrawn", seen=seen)


# --- What each of them asks -------------------------------------------------------------------------------


def _clean(values: Mapping[str, Any]) -> dict[str, Any]:
    clean = {name: value.strip() if isinstance(value, str) else value for name, value in values.items()}
    refuse_identity_number(*(value for value in clean.values() if isinstance(value, str)))
    return clean


def _refuse_odd_observation(clean: Mapping[str, Any], before: WalkObservation | None) -> None:
    for name, words in (("spot", _("Skriv platsen.")), ("text", _("Skriv vad ni såg."))):
        refuse_unless(clean.get(name, getattr(before, name, "")), words)
    owner = clean.get("owner")
    refuse_unless(owner is None or owner.is_active, _("Organisationen används inte längre. Välj en annan."))
