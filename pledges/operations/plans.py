"""The municipality's plan of measures (lag 2023:196, 5–6 §§): written, decided, followed up, ended.

A plan is decided on an adopted picture, and every measure answers to a problem of it. Where a measure stands is said
by whoever is responsible for it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from lysekil_trygghet.accounts.actors import Actor
from lysekil_trygghet.accounts.models import Organisation
from lysekil_trygghet.history.guards import Refused, refuse_unless, require
from lysekil_trygghet.history.operations import change, check_seen, locked, move, record
from pledges import policies
from pledges.lifecycle import DELIVERY_MOVES, PLAN_MOVES, Delivery, FollowUpState, PlanState
from pledges.models import ActionPlan, FollowUp, Measure
from situation.models import CauseAnalysis
from situation.operations.parts import numbered, swapped

from .doors import refuse_identity_number, removed, touched

# Where a measure may be placed once its plan is decided.
RUNNING = (PlanState.DECIDED, PlanState.FOLLOWED_UP)


# --- The plan -----------------------------------------------------------------------------------------


@transaction.atomic
def write_plan(*, values: Mapping[str, Any], by: Actor, now: dt.datetime) -> ActionPlan:
    require(policies.can_keep_plans(by))
    plan = ActionPlan.objects.create(**_whole_plan(values, None))
    record(plan, "created", by=by, now=now)
    return plan


@transaction.atomic
def edit_plan(
    plan: ActionPlan, *, values: Mapping[str, Any], by: Actor, now: dt.datetime, seen: int | None = None
) -> ActionPlan:
    """Change a draft. Of a decided plan only the diary number can still be filled in."""
    require(policies.can_keep_plans(by))
    fresh = locked(plan)
    refuse_unless(
        fresh.state == PlanState.DRAFT or set(values) <= {"diary_number"},
        _("Planen är beslutad och ändras inte mer. Skriv en ny plan."),
    )
    check_seen(fresh, seen)
    clean = _whole_plan(values, fresh)
    other = clean.get("picture", fresh.picture) != fresh.picture
    refuse_unless(
        not (other and fresh.measures.exists()),
        _("Åtgärderna svarar mot problem i den valda lägesbilden. Ta bort dem innan du väljer en annan."),
    )
    return change(fresh, by=by, now=now, values=clean)


@transaction.atomic
def set_diary_number(plan: ActionPlan, *, diary_number: str, by: Actor, now: dt.datetime) -> ActionPlan:
    """The registrar's number (OSL 5 kap. 1-2 §§), recorded without the number itself."""
    require(policies.can_number_plan(by, plan))
    values = {"diary_number": diary_number.strip()}
    return change(plan, by=by, now=now, values=values, verb="diary_number_set")


@transaction.atomic
def discard_plan(plan: ActionPlan, *, by: Actor, now: dt.datetime, seen: int | None = None) -> None:
    """Throw away a draft without measures."""
    fresh = _written(plan, by=by)
    check_seen(fresh, seen)
    record(fresh, "discarded", by=by, now=now)
    removed(fresh, _("Planen har åtgärder. Ta bort dem först."))


def missing_to_decide(plan: ActionPlan, *, decided_on: dt.date | None = None) -> list[str]:
    """Plain sentences; empty when the plan can be decided (that day)."""
    missing = []
    if plan.picture is None:
        missing.append(_("Välj vilken lägesbild planen bygger på."))
    elif not plan.picture.is_adopted or plan.picture.adopted_on is None:
        missing.append(_("Lägesbilden är inte antagen än."))
    elif decided_on is not None and plan.picture.adopted_on > decided_on:
        missing.append(_("Lägesbilden antogs efter dagen för beslutet. Planen ska bygga på en antagen lägesbild."))
    if not plan.measures.exists():
        missing.append(_("Planen har ingen åtgärd. Skriv minst en."))
    return missing


@transaction.atomic
def decide(
    plan: ActionPlan,
    *,
    decided_on: dt.date,
    decided_by: str,
    minutes_ref: str,
    by: Actor,
    now: dt.datetime,
    seen: int | None = None,
) -> ActionPlan:
    """Record that it was decided: by whom (a body or a function), which day, where it stands in the minutes."""
    require(policies.can_keep_plans(by))
    fresh = locked(plan)
    if fresh.state == PlanState.DRAFT:
        refuse_unless(decided_on <= timezone.localdate(now), _("Beslutets dag ligger i framtiden."))
        refuse_unless(decided_by.strip(), _("Skriv vem som beslutade, till exempel kommunstyrelsen."))
        refuse_unless(minutes_ref.strip(), _("Skriv var beslutet står, till exempel protokollets paragraf."))
        refuse_identity_number(decided_by, minutes_ref)
        missing = missing_to_decide(fresh, decided_on=decided_on)
        refuse_unless(not missing, " ".join(missing))
    also = {"decided_on": decided_on, "decided_by": decided_by.strip(), "minutes_ref": minutes_ref.strip()}
    return move(
        fresh,
        to=PlanState.DECIDED,
        # From followed up the way back is `take_up_again`.
        allowed={PlanState.DRAFT: PLAN_MOVES[PlanState.DRAFT]},
        by=by,
        now=now,
        seen=seen,
        also_set=also,
    )


@transaction.atomic
def follow_up(
    plan: ActionPlan, *, followed_up_on: dt.date, by: Actor, now: dt.datetime, seen: int | None = None
) -> ActionPlan:
    """Decided → followed up, once a follow-up of the plan itself is written and done (at least every second year)."""
    require(policies.can_keep_plans(by))
    fresh = locked(plan)
    if fresh.state == PlanState.DECIDED:
        refuse_unless(followed_up_on <= timezone.localdate(now), _("Dagen har inte varit än."))
        decided = fresh.decided_on
        refuse_unless(decided is None or followed_up_on >= decided, _("Dagen ligger före beslutet om planen."))
        since = fresh.followed_up_on or decided
        done = FollowUp.objects.filter(plan=fresh, state=FollowUpState.DONE)
        newer = done if since is None else done.filter(period_end__gte=since)
        refuse_unless(
            newer.exists(), _("Det finns ingen klar uppföljning av planen. Skriv den och gör den klar först.")
        )
    return move(
        fresh,
        to=PlanState.FOLLOWED_UP,
        allowed=PLAN_MOVES,
        by=by,
        now=now,
        seen=seen,
        also_set={"followed_up_on": followed_up_on},
    )


@transaction.atomic
def take_up_again(plan: ActionPlan, *, by: Actor, now: dt.datetime, seen: int | None = None) -> ActionPlan:
    """Followed up → decided: it goes on, and is followed up once more."""
    require(policies.can_keep_plans(by))
    return move(
        plan,
        to=PlanState.DECIDED,
        allowed={PlanState.FOLLOWED_UP: PLAN_MOVES[PlanState.FOLLOWED_UP]},
        by=by,
        now=now,
        seen=seen,
        verb="taken_up_again",
    )


@transaction.atomic
def end_plan(plan: ActionPlan, *, by: Actor, now: dt.datetime, seen: int | None = None) -> ActionPlan:
    """It no longer holds. What was promised from it goes on in the promises."""
    require(policies.can_keep_plans(by))
    return move(plan, to=PlanState.ENDED, allowed=PLAN_MOVES, by=by, now=now, seen=seen)


# --- Measures -----------------------------------------------------------------------------------------


@transaction.atomic
def add_measure(
    plan: ActionPlan,
    *,
    values: Mapping[str, Any],
    causes: Iterable[CauseAnalysis] = (),
    contributing: Iterable[Organisation] = (),
    by: Actor,
    now: dt.datetime,
) -> Measure:
    """One measure against one problem of the plan's picture, last in the plan."""
    fresh = _written(plan, by=by)
    chosen, helpers = list(causes), list(contributing)
    clean = _whole_measure(values, fresh, before=None, causes=chosen)
    last = fresh.measures.aggregate(last=Max("order"))["last"] or 0
    measure = Measure.objects.create(plan=fresh, order=last + 1, **clean)
    measure.causes.set(chosen)
    measure.contributing.set(helpers)
    record(measure, "created", by=by, now=now, plan=fresh.pk)
    touched(fresh)
    return measure


@transaction.atomic
def edit_measure(
    measure: Measure,
    *,
    values: Mapping[str, Any],
    causes: Iterable[CauseAnalysis] | None = None,
    contributing: Iterable[Organisation] | None = None,
    by: Actor,
    now: dt.datetime,
    seen: int | None = None,
) -> Measure:
    """Change a measure of a draft. Whether residents read it can be changed later too."""
    if set(values) <= {"is_public"} and causes is None and contributing is None:
        require(policies.can_keep_plans(by))
        return change(measure, by=by, now=now, values=values, seen=seen)
    plan = _written(measure.plan, by=by)
    fresh = locked(measure)
    check_seen(fresh, seen)
    chosen = list(fresh.causes.all()) if causes is None else list(causes)
    clean = _whole_measure(values, plan, before=fresh, causes=chosen)
    links: dict[str, Any] = {"causes": chosen}
    if contributing is not None:
        links["contributing"] = list(contributing)
    changed = change(fresh, by=by, now=now, values=clean, links=links)
    touched(plan)
    return changed


@transaction.atomic
def remove_measure(measure: Measure, *, by: Actor, now: dt.datetime, seen: int | None = None) -> None:
    plan = _written(measure.plan, by=by)
    fresh = locked(measure)
    check_seen(fresh, seen)
    record(fresh, "removed", by=by, now=now, plan=plan.pk)
    removed(fresh, _("Ett löfte bygger på åtgärden. Ta bort kopplingen först."))
    numbered(list(plan.measures.order_by("order", "pk")), "order")
    touched(plan)


@transaction.atomic
def reorder_measure(measure: Measure, *, direction: str, by: Actor, now: dt.datetime) -> None:
    """One step "up" or "down" in the plan."""
    plan = _written(measure.plan, by=by)
    rows = swapped(list(plan.measures.order_by("order", "pk")), measure, direction)
    if rows is None:
        return
    numbered(rows, "order")
    touched(plan)
    record(measure, "moved_" + direction, by=by, now=now)


@transaction.atomic
def move_measure(measure: Measure, *, to: str, by: Actor, now: dt.datetime, seen: int | None = None) -> Measure:
    """Say where a measure of a decided plan stands: whoever is responsible, or those who keep plans; of the Police's
    measures they themselves."""
    plan = locked(measure.plan)
    fresh = locked(measure)
    fresh.plan = plan
    require(policies.acts_for(by, fresh.organisation))
    refuse_unless(plan.state in RUNNING, _("Planen gäller inte. Åtgärder följs när planen är beslutad."))
    refuse_unless(to in Delivery.values, _("Välj en status."))
    return move(fresh, to=to, allowed=DELIVERY_MOVES, by=by, now=now, seen=seen)


# --- What each of them asks -----------------------------------------------------------------------------


def _written(plan: ActionPlan, *, by: Actor) -> ActionPlan:
    """The locked plan, if it is still a draft."""
    require(policies.can_keep_plans(by))
    fresh = locked(plan)
    refuse_unless(fresh.state == PlanState.DRAFT, _("Planen är beslutad och ändras inte mer. Skriv en ny plan."))
    return fresh


def _clean(values: Mapping[str, Any]) -> dict[str, Any]:
    clean: dict[str, Any] = {
        name: value.strip() if isinstance(value, str) else value for name, value in values.items()
    }
    refuse_identity_number(*(value for value in clean.values() if isinstance(value, str)))
    return clean


def _whole_plan(values: Mapping[str, Any], before: ActionPlan | None) -> dict[str, Any]:
    clean = _clean(values)
    start = clean.get("valid_from", before.valid_from if before else None)
    end = clean.get("valid_to", before.valid_to if before else None)
    refuse_unless(clean.get("title", before.title if before else ""), _("Skriv en rubrik."))
    refuse_unless(start is not None, _("Skriv från vilken dag planen gäller."))
    refuse_unless(end is None or start <= end, _("Planen slutar gälla innan den börjar."))
    return clean


def _whole_measure(
    values: Mapping[str, Any], plan: ActionPlan, *, before: Measure | None, causes: list[CauseAnalysis]
) -> dict[str, Any]:
    clean = _clean(values)

    def said(name: str) -> Any:
        # An empty foreign key of a new row would be asked of the database.
        return clean[name] if name in clean else getattr(before, name) if before else None

    problem = said("problem")
    if problem is None:
        raise Refused(_("Välj vilket problem åtgärden svarar mot."))
    refuse_unless(
        plan.picture_id is None or problem.picture_id == plan.picture_id,
        _("Problemet hör till en annan lägesbild än planens. Välj ett annat."),
    )
    refuse_unless(
        all(cause.problem_id == problem.pk for cause in causes),
        _("En vald orsak hör till ett annat problem. Välj bland problemets egna orsaker."),
    )
    refuse_unless(said("title") and said("description"), _("Skriv rubrik och vad som ska göras."))
    organisation: Organisation | None = said("organisation")
    if organisation is None:
        raise Refused(_("Välj vem som ansvarar för åtgärden."))
    refuse_unless(organisation.is_active, _("Organisationen används inte längre. Välj en annan."))
    start, end = said("starts_on"), said("ends_on")
    refuse_unless(start is None or end is None or start <= end, _("Åtgärden slutar innan den börjar."))
    return clean
