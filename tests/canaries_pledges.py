"""Promises for tests/test_public_surface.py: a set that residents read whole, and one for every way to be hidden."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from lysekil_trygghet.accounts.models import Organisation
from pledges.lifecycle import (
    CommitmentKind,
    Delivery,
    FeedbackState,
    FollowUpKind,
    FollowUpState,
    Goal,
    ObservationState,
    OccurrenceState,
    Outlook,
    PartyRole,
    PlanState,
    ProposalState,
    Reading,
    RequestState,
    SetState,
    WalkState,
)
from pledges.models import (
    ActionPlan,
    Amendment,
    Comment,
    Commitment,
    CommitmentParty,
    CooperationAgreement,
    EffectFigure,
    Feedback,
    FollowUp,
    Measure,
    Occurrence,
    OccurrenceCount,
    PausePeriod,
    PledgeSet,
    PriorityArea,
    ProgressNote,
    ProgressRequest,
    Prolongation,
    RecurrenceRule,
    RelatedLink,
    SafetyWalk,
    SetShare,
    Signature,
    StatusProposal,
    Unit,
    WalkObservation,
)
from situation.models import Area, Problem, Source


def both(*names: str) -> tuple[str, ...]:
    """Each name with its English twin."""
    return tuple(twin for name in names for twin in (name, f"{name}_en"))


# Model → the fields residents read of it, once it is published.
SHOWN: dict[str, tuple[str, ...]] = {
    "PledgeSet": ("slug", *both("title", "intro", "closing_text")),
    "Signature": both("function_label"),
    "Prolongation": both("reason"),
    "PriorityArea": both("title", "why"),
    "Commitment": (
        "easy_text",
        *both("text_as_promised", "purpose", "how_we_know", "delivery_reason", "public_note"),
    ),
    "CommitmentParty": ("part",),
    "Unit": both("name"),
    "RelatedLink": (*both("title"), "url"),
    "EffectFigure": (*both("label", "unit"), "baseline_period", "value_period"),
    "Amendment": ("old_text", "decided_by_function", *both("new_text", "reason")),
    "PausePeriod": both("reason"),
    "Occurrence": (*both("public_note"), "reason"),
    "FollowUp": both("done_text", "result_text", "next_step"),
    "Feedback": both("said", "did", "when"),
    "SafetyWalk": both("title"),
    "WalkObservation": ("spot", *both("text", "answer")),
}
# A promise given is never taken away from residents; what is told beside it can be.
# Its lead is named with it.
STAYS = SHOWN.keys() - {"Feedback", "SafetyWalk", "WalkObservation"} | {"Organisation"}
DAY = dt.timedelta(days=1)


def fill(birds: Any, *, department: Organisation, police: Organisation) -> None:
    """`birds` is the Aviary."""
    out = {"published_at": birds.now - DAY}
    closed = {**out, "state": SetState.CLOSED, "closed_at": birds.now}
    _set(birds, department, shown=True, **closed)
    for state in (SetState.DRAFT, SetState.AGREED, SetState.SIGNED):
        _set(birds, department, state=state, why=state)
    # In a set residents read: what the Police lead and have not stood behind.
    waiting = birds.add(
        PledgeSet, why="text of a set that still runs", **period(birds), **out, state=SetState.PUBLISHED
    )
    birds.shown |= words_of(waiting, "slug", *both("title", "intro"))
    area = birds.add(PriorityArea, pledge_set=waiting, order=1, why="area")
    birds.shown |= words_of(area, *both("title", "why"))
    promise = birds.add(Commitment, pledge_set=waiting, area=area, number=1, why="Police-led", **promised(birds))
    birds.shown |= words_of(
        promise, "easy_text", *both("text_as_promised", "purpose", "how_we_know", "delivery_reason")
    )
    party = birds.add(CommitmentParty, commitment=promise, organisation=police, role=PartyRole.LEAD, why="Police")
    birds.shown |= words_of(party, "part")
    _follow_up(birds, promise, why="Police-led, not confirmed")
    _inside(birds, promise, department)
    _plan(birds, department)
    _told(birds, department)


def words_of(thing: Any, *names: str) -> set[str]:
    return {getattr(thing, name) for name in names}


def period(birds: Any) -> dict[str, dt.date]:
    today = timezone.localdate(birds.now)
    return {"period_start": today - 300 * DAY, "period_end": today + 30 * DAY}


def promised(birds: Any) -> dict[str, Any]:
    return {
        "kind": CommitmentKind.RECURRING,
        "delivery_state": Delivery.PARTLY_DONE,
        "goal_state": Goal.TOO_EARLY,
        "frozen_at": birds.now - DAY,
    }


def _set(birds: Any, department: Organisation, *, shown: bool = False, why: str = "", **values: Any) -> None:
    today = timezone.localdate(birds.now)
    made = birds.add(PledgeSet, shown=shown, why=why, **period(birds), **values)
    birds.add(Signature, shown=shown, why=why, pledge_set=made, organisation=department, signed_on=today - 310 * DAY)
    birds.add(
        Prolongation,
        shown=shown,
        why=why,
        pledge_set=made,
        old_end=today,
        new_end=today + 30 * DAY,
        decided_at=birds.now,
    )
    birds.add(SetShare, pledge_set=made, organisation=department, shared_at=birds.now, why=why)
    area = birds.add(PriorityArea, shown=shown, why=why, pledge_set=made, order=1)
    promise = birds.add(Commitment, shown=shown, why=why, pledge_set=made, area=area, number=1, **promised(birds))
    party = {"commitment": promise, "organisation": department, "role": PartyRole.LEAD}
    birds.add(CommitmentParty, shown=shown, why=why, **party)
    unit = birds.add(Unit, shown=shown, why=why, commitment=promise, target_min=8)
    birds.add(RelatedLink, shown=shown, why=why, commitment=promise)
    source = birds.add(
        Source, why=why or "inside", kind="OTHER", method="DIALOGUE", organisation=department, is_public=False
    )
    birds.add(EffectFigure, shown=shown, why=why, commitment=promise, source=source, baseline_value=5, value=4)
    birds.add(Amendment, shown=shown, why=why, commitment=promise, decided_on=today, made_at=birds.now)
    rule = birds.add(
        RecurrenceRule,
        commitment=promise,
        reading=Reading.DAYS,
        limit=14,
        per="",
        active_from=today - 200 * DAY,
    )
    days = {"first_day": today - 100 * DAY, "last_day": today - 90 * DAY}
    birds.add(PausePeriod, shown=shown, why=why, rule=rule, **days)
    times = {"commitment": promise, "organisation": department, "recorded_by": None, "recorded_at": birds.now}
    held = birds.add(Occurrence, shown=shown, why=why, **times, date=today - 20 * DAY, reason="")
    birds.add(OccurrenceCount, occurrence=held, unit=unit, count=20)
    off = {"state": OccurrenceState.CANCELLED, "public_note": "", "public_note_en": ""}
    birds.add(Occurrence, shown=shown, why=why, **times, date=today - 10 * DAY, **off)
    birds.add(Occurrence, why="undone", **times, date=today - 5 * DAY, state=OccurrenceState.UNDONE)
    _follow_up(birds, promise, shown=shown, why=why)
    _follow_up(birds, promise, why="kept inside", is_public=False)
    birds.add(
        FollowUp,
        why="draft",
        kind=FollowUpKind.OUTPUT,
        state=FollowUpState.DRAFT,
        commitment=promise,
        **period(birds),
    )


def _follow_up(birds: Any, promise: Commitment, *, shown: bool = False, **values: Any) -> None:
    done = {"kind": FollowUpKind.OUTPUT, "state": FollowUpState.DONE, "done_at": birds.now}
    birds.add(FollowUp, shown=shown, commitment=promise, **done, **period(birds), **values)


def _inside(birds: Any, promise: Commitment, department: Organisation) -> None:
    """What the parties say to each other about a promise residents read."""
    common = {"commitment": promise, "organisation": department}
    asked = birds.add(
        ProgressRequest,
        **common,
        asked_at=birds.now,
        ladder_from=birds.now,
        due_at=birds.now,
        state=RequestState.ASKED,
    )
    birds.add(ProgressNote, **common, request=asked, outlook=Outlook.DELAYED, written_at=birds.now, written_by=None)
    birds.add(
        StatusProposal,
        commitment=promise,
        delivery=Delivery.DONE,
        goal=Goal.GOAL_MET,
        state=ProposalState.OPEN,
        proposed_at=birds.now,
    )
    birds.add(Comment, **common, area=None, written_by=None, written_at=birds.now)


def _plan(birds: Any, department: Organisation) -> None:
    """Agreements and plans have no page for residents."""
    today = timezone.localdate(birds.now)
    birds.add(CooperationAgreement, valid_from=today, signed_on=today)
    plan = birds.add(ActionPlan, valid_from=today, decided_on=today, state=PlanState.DECIDED)
    problem = Problem.objects.filter(picture__published_at=None).first()
    measure = birds.add(Measure, plan=plan, problem=problem, organisation=department, is_public=True)
    birds.add(FollowUp, kind=FollowUpKind.OUTPUT, state=FollowUpState.DONE, measure=measure, **period(birds))


def _told(birds: Any, department: Organisation) -> None:
    out = {"published_at": birds.now - DAY}
    nothing = {"source": None, "pledge_set": None, "commitment": None}
    birds.add(Feedback, shown=True, **nothing, **out, state=FeedbackState.PUBLISHED)
    birds.add(Feedback, why="draft", **nothing, state=FeedbackState.DRAFT)
    birds.add(Feedback, why="withdrawn", **nothing, **out, withdrawn_at=birds.now, state=FeedbackState.WITHDRAWN)
    birds.add(
        Feedback, why="Police have not seen it", **nothing, **out, state=FeedbackState.PUBLISHED, about_police=True
    )
    secret = birds.add(Area, kind="PLACE", parent=None, version="", why="place of a walk", is_public=False)
    today = timezone.localdate(birds.now)
    walked = {"held_on": today, "commitment": None, "occurrence": None, "state": WalkState.WALKED, "area": secret}
    answered = {"owner": department, "answered_at": birds.now, "state": ObservationState.ANSWERED}
    shown = birds.add(SafetyWalk, shown=True, **walked, **out)
    birds.add(WalkObservation, shown=True, walk=shown, **answered)
    birds.add(WalkObservation, why="kept inside", walk=shown, **answered, is_public=False)
    hidden = birds.add(SafetyWalk, why="not published", **walked)
    birds.add(WalkObservation, why="of a walk not published", walk=hidden, **answered)
