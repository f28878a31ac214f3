"""The rhythm of a promise and its pauses. The rhythm is part of what is promised; pauses may come while it runs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from lysekil_trygghet.accounts.actors import Actor
from lysekil_trygghet.history.guards import Refused, refuse_unless, require
from lysekil_trygghet.history.operations import change, check_seen, locked, record
from pledges import policies
from pledges.lifecycle import Per, Reading
from pledges.models import Commitment, PausePeriod, RecurrenceRule
from situation.operations import confirmations

from .doors import answers_changed, of_running, of_written, refuse_identity_number, touched, wording_changed


@transaction.atomic
def set_rule(
    commitment: Commitment, *, values: Mapping[str, Any], by: Actor, now: dt.datetime, seen: int | None = None
) -> RecurrenceRule:
    """Give the promise of a draft its rhythm, or another. What was confirmed falls. `seen`: the promise's revision."""
    fresh = of_written(commitment, by=by)
    check_seen(fresh, seen)
    rule = RecurrenceRule.objects.filter(commitment=fresh).first()
    whole = _whole(values, rule)
    if rule is None:
        rule = RecurrenceRule.objects.create(commitment=fresh, **whole)
        record(rule, "created", by=by, now=now, commitment=fresh.pk)
    else:
        changed = change(rule, by=by, now=now, values=whole)
        if changed.revision == rule.revision:
            return changed
        rule = changed
    _words_changed(fresh, "rhythm_set", by=by, now=now)
    return rule


@transaction.atomic
def remove_rule(commitment: Commitment, *, by: Actor, now: dt.datetime, seen: int | None = None) -> None:
    """The promise of a draft has no rhythm. Nothing happens when it had none."""
    fresh = of_written(commitment, by=by)
    check_seen(fresh, seen)
    rule = RecurrenceRule.objects.filter(commitment=fresh).first()
    if rule is None:
        return
    rule.delete()
    _words_changed(fresh, "rhythm_removed", by=by, now=now)


@transaction.atomic
def add_pause(
    rule: RecurrenceRule,
    *,
    first_day: dt.date,
    last_day: dt.date,
    reason: str,
    reason_en: str = "",
    by: Actor,
    now: dt.datetime,
) -> PausePeriod:
    """Days when the rhythm rests, both included. Residents read why."""
    fresh = _opened_for_pauses(rule, by=by)
    refuse_unless(first_day <= last_day, _("Pausen slutar innan den börjar."))
    refuse_unless(reason.strip(), _("Skriv varför det är paus. Invånarna läser det."))
    refuse_identity_number(reason, reason_en)
    pause = PausePeriod.objects.create(
        rule=rule, first_day=first_day, last_day=last_day, reason=reason.strip(), reason_en=reason_en.strip()
    )
    _pauses_changed(fresh, "pause_added", pause, by=by, now=now)
    return pause


@transaction.atomic
def remove_pause(pause: PausePeriod, *, by: Actor, now: dt.datetime) -> None:
    fresh = _opened_for_pauses(pause.rule, by=by)
    here = PausePeriod.objects.filter(pk=pause.pk).first()
    if here is None:
        # A second tap: it is gone already.
        return
    _pauses_changed(fresh, "pause_removed", here, by=by, now=now)
    here.delete()


# --- What each of them asks -----------------------------------------------------------------------------


def _whole(values: Mapping[str, Any], before: RecurrenceRule | None) -> dict[str, Any]:
    """All fields of a rule, each reading with its own numbers only."""
    names = ("reading", "limit", "min_count", "per", "active_from", "active_to")
    empty = {"reading": Reading.DAYS, "limit": None, "min_count": None, "per": "", "active_from": None}
    whole: dict[str, Any] = {name: getattr(before, name) if before else empty.get(name) for name in names}
    whole |= values
    if whole["reading"] not in Reading.values:
        raise Refused(_("Välj hur rytmen räknas."))
    if whole["reading"] == Reading.COUNT:
        refuse_unless(whole["min_count"], _("Skriv hur många gånger det ska vara."))
        refuse_unless(whole["per"] in Per.values, _("Välj per vecka, månad, kvartal eller år."))
        whole["limit"] = None
    else:
        refuse_unless(whole["limit"], _("Skriv hur många dagar eller veckor det högst får gå."))
        whole["min_count"], whole["per"] = None, ""
    first, last = whole["active_from"], whole["active_to"]
    refuse_unless(first is not None, _("Skriv från vilken dag rytmen räknas."))
    refuse_unless(last is None or first <= last, _("Rytmen slutar innan den börjar."))
    return whole


def _words_changed(commitment: Commitment, verb: str, *, by: Actor, now: dt.datetime) -> None:
    """How often it shall be is part of what was said yes to."""
    record(commitment, verb, by=by, now=now)
    pledge_set = commitment.pledge_set
    fresh = confirmations.take_back(commitment, by=by, now=now)
    if fresh.sent_back_at is not None:
        change(fresh, by=by, now=now, values={"sent_back_at": None})
    wording_changed(pledge_set, by=by, now=now)


def _opened_for_pauses(rule: RecurrenceRule, *, by: Actor) -> Commitment:
    commitment = rule.commitment
    if locked(commitment.pledge_set).is_written:
        return of_written(commitment, by=by)
    fresh = of_running(commitment)
    require(policies.can_set_pauses(by, fresh))
    return fresh


def _pauses_changed(commitment: Commitment, verb: str, pause: PausePeriod, *, by: Actor, now: dt.datetime) -> None:
    details = {"first_day": pause.first_day, "last_day": pause.last_day}
    if commitment.pledge_set.is_written:
        _words_changed(commitment, verb, by=by, now=now)
        return
    record(commitment, verb, by=by, now=now, **details)
    pledge_set = commitment.pledge_set
    touched(commitment)
    answers_changed(pledge_set, by=by, now=now)
