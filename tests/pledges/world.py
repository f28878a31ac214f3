"""Sets in every state with all that belongs to them, made by the operations: for the walk over every address."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from pledges.lifecycle import Delivery, SetState
from pledges.operations import (
    agreements,
    comments,
    commitments,
    feedback,
    figures,
    follow_ups,
    occurrences,
    plans,
    pledge_sets,
    proposals,
    rules,
    walks,
)

from .. import make_pledges as mk
from .. import make_situation
from ..incidents.world import CANARY, World
from ..make_incidents import acting, department, fresh

RHYTHM = {"reading": "DAYS", "limit": 14, "min_count": None, "per": "", "active_to": None}


def fill(world: World, *, now: dt.datetime) -> None:
    things = world.things
    for slug, words in ((mk.SOCIAL, "social"), (mk.EDUCATION, "education"), (mk.POLICE, "police")):
        things[f"organisation {words}"] = department(slug)
    things["picture"] = make_situation.picture(now=now, state="PUBLISHED")
    _drafts(world, now=now)
    _sets(world, now=now)
    _running(world, now=now)
    _plans(world, now=now)
    _walks(world, now=now)
    _feedback(world, now=now)


def _named(world: World, words: str, made: Any, *, now: dt.datetime) -> None:
    """The set, its first area, and its two promises: "<words> municipal" and "<words> police"."""
    things = world.things
    made = things[words] = fresh(made)
    things[f"{words} area"] = made.areas.first()
    for name, number in (("municipal", 1), ("police", 2)):
        things[f"{words} {name}"] = made.commitments.get(number=number)


def _whole(*, now: dt.datetime, **values: Any) -> Any:
    """A draft whose two promises both have a rhythm."""
    made = mk.whole_set(now=now, title=f"{CANARY} löften", **values)
    for promise in made.commitments.all():
        rules.set_rule(
            promise, values=RHYTHM | {"active_from": made.period_start}, by=acting("coordinator", now=now), now=now
        )
    return fresh(made)


def _drafts(world: World, *, now: dt.datetime) -> None:
    _named(world, "draft", _whole(now=now), now=now)
    shared = _whole(now=now)
    pledge_sets.share_with(shared, department(mk.SOCIAL), by=acting("coordinator", now=now), now=now)
    _named(world, "shared", shared, now=now)
    _named(world, "opened", mk.opened(_whole(now=now), now=now), now=now)


def _sets(world: World, *, now: dt.datetime) -> None:
    coordinator = acting("coordinator", now=now)
    _named(world, "agreed", mk.moved_to(_whole(now=now), SetState.AGREED, now=now), now=now)
    signed = mk.moved_to(_whole(now=now), SetState.SIGNED, now=now)
    _named(world, "signed", signed, now=now)
    world.things["signature"] = signed.signatures.first()
    for words in ("closing", "proposed", "closed"):
        day, before = timezone.localdate(now), now - dt.timedelta(days=60)
        made = _whole(now=before, period_start=day - dt.timedelta(days=90), period_end=day - dt.timedelta(days=1))
        made = mk.moved_to(made, SetState.PUBLISHED, now=before)
        world.things[f"held {words}"] = occurrences.log_held(
            made.commitments.get(number=1),
            organisation=department(mk.SOCIAL),
            date=timezone.localdate(before),
            by=acting("coordinator", now=before),
            now=before,
        )
        made = mk.moved_to(made, SetState.CLOSING, now=now)
        if words == "proposed":
            mk.answer_all(made, now=now)
            made = pledge_sets.propose_closing(made, by=coordinator, now=now)
        if words == "closed":
            made = mk.moved_to(made, SetState.CLOSED, now=now)
        _named(world, words, made, now=now)
    gone = mk.moved_to(_whole(now=now), SetState.PUBLISHED, now=now)
    gone = pledge_sets.withdraw(gone, reason="Det blev fel.", by=acting("director", now=now), now=now)
    _named(world, "withdrawn", gone, now=now)


def _running(world: World, *, now: dt.datetime) -> None:
    things, coordinator = world.things, acting("coordinator", now=now)
    day = timezone.localdate(now)
    _named(world, "running", mk.moved_to(_whole(now=now), SetState.PUBLISHED, now=now), now=now)
    municipal, police = things["running municipal"], things["running police"]
    comments.comment(municipal, text=f"{CANARY} kommentar", by=coordinator, now=now)
    for words, promise, who in (("social", municipal, "coordinator"), ("police", police, "police_liaison")):
        by = acting(who, now=now)
        held = {"organisation": things[f"organisation {words}"], "date": day, "by": by, "now": now}
        things[f"held {words}"] = occurrences.log_held(promise, public_note=CANARY, **held)
        undone = occurrences.log_held(promise, **held | {"date": day - dt.timedelta(days=3)})
        things[f"undone {words}"] = occurrences.undo(undone, by=by, now=now)
        things[f"cancelled {words}"] = occurrences.log_cancelled(
            promise, reason="Sjukdom.", **held | {"date": day - dt.timedelta(days=5)}
        )
        things[f"draft follow-up {words}"] = mk.output(promise, now=now, by=who, done=False)
        things[f"follow-up {words}"] = mk.output(promise, now=now, by=who)
        things[f"pause {words}"] = rules.add_pause(
            promise.rule,
            first_day=day + dt.timedelta(days=20),
            last_day=day + dt.timedelta(days=30),
            reason="Sommar.",
            by=coordinator,
            now=now,
        )
        things[f"figure {words}"] = figures.add_figure(promise, values=figure_values(now=now), by=by, now=now)
    waits = mk.output(police, now=now, by="coordinator", done=False)
    things["waiting follow-up police"] = follow_ups.finish(waits, by=coordinator, now=now)
    things["proposal"] = proposals.propose_status(
        police, delivery=Delivery.ONGOING, reason=CANARY, by=coordinator, now=now
    )
    commitments.write_answer(police, public_note=f"{CANARY} svar", by=coordinator, now=now)
    for words in ("running municipal", "running police"):
        things[words] = fresh(things[words])


def figure_values(*, now: dt.datetime) -> dict[str, Any]:
    return {
        "label": f"{CANARY} andel trygga",
        "unit": "procent",
        "baseline_value": 40,
        "baseline_period": "2017",
        "source": make_situation.source(now=now),
    }


def measure_values(plan: Any) -> dict[str, Any]:
    return {
        "problem": plan.picture.problems.first(),
        "title": f"{CANARY} åtgärd",
        "description": "Vuxna på torget.",
        "organisation": department(mk.SOCIAL),
    }


def _plans(world: World, *, now: dt.datetime) -> None:
    things, coordinator = world.things, acting("coordinator", now=now)
    day = timezone.localdate(now)
    for words in ("plan drafted", "plan decided"):
        plan = plans.write_plan(
            values={"title": f"{CANARY} plan", "picture": things["picture"], "valid_from": day},
            by=coordinator,
            now=now,
        )
        things[words] = plan
        things[f"measure of {words}"] = plans.add_measure(plan, values=measure_values(plan), by=coordinator, now=now)
    things["plan decided"] = plans.decide(
        things["plan decided"],
        decided_on=day,
        decided_by="Kommunstyrelsen",
        minutes_ref="KS § 12",
        by=coordinator,
        now=now,
    )
    for words in ("plan decided", "measure of plan decided"):
        things[f"follow-up of {words}"] = follow_ups.write_follow_up(
            things[words],
            kind="OUTPUT",
            values={"period_start": day, "period_end": day, "done_text": CANARY},
            by=coordinator,
            now=now,
        )
    things["agreement"] = agreements.write_agreement(
        values={
            "title": f"{CANARY} överenskommelse",
            "purposes": "Tryggare.",
            "areas_of_cooperation": "Centrum.",
            "valid_from": day,
        },
        parties=[department(mk.LEADERSHIP), department(mk.POLICE)],
        by=coordinator,
        now=now,
    )


def _walks(world: World, *, now: dt.datetime) -> None:
    things, coordinator = world.things, acting("coordinator", now=now)
    day = timezone.localdate(now)

    def planned() -> Any:
        return walks.plan_walk(values={"title": f"{CANARY} vandring", "held_on": day}, by=coordinator, now=now)

    things["walk planned"] = planned()
    walked = things["walk walked"] = walks.hold_walk(planned(), by=coordinator, now=now)
    for words, owner in (("social", mk.SOCIAL), ("police", mk.POLICE), ("nobody", "")):
        things[f"observation {words}"] = walks.add_observation(
            walked,
            values={"spot": "Parken", "text": "Lampan är trasig.", "owner": department(owner) if owner else None},
            by=coordinator,
            now=now,
        )
    out = walks.hold_walk(planned(), by=coordinator, now=now)
    things["walk out"] = walks.publish_walk(out, by=acting("communicator", now=now), now=now)


def _feedback(world: World, *, now: dt.datetime) -> None:
    things, coordinator = world.things, acting("coordinator", now=now)
    said = {"said": f"{CANARY} mörkt i parken.", "did": "Nya lampor.", "when": "Hösten 2018"}
    things["feedback"] = feedback.write_feedback(values=said, by=coordinator, now=now)
    things["feedback police"] = feedback.write_feedback(values=said | {"about_police": True}, by=coordinator, now=now)
    out = feedback.write_feedback(values=said, by=coordinator, now=now)
    things["feedback out"] = feedback.publish_feedback(out, by=acting("communicator", now=now), now=now)
