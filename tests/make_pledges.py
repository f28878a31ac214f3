"""Makers for what was promised. They go through the operations, so that what they make is what the portal makes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from django.utils import timezone

from lysekil_trygghet.accounts.models import Organisation
from pledges.lifecycle import Delivery, PartyRole, SetState
from pledges.models import Commitment, FollowUp, PledgeSet, PriorityArea
from pledges.operations import amendments, commitments, follow_ups, pledge_sets, priorities, wordings
from pledges.operations.commitments import LinkRow, UnitRow
from situation.models import Problem

from . import make, make_situation
from .make_incidents import acting, department, fresh

POLICE, SOCIAL, EDUCATION = "polisen", "socialforvaltningen", "utbildningsforvaltningen"
LEADERSHIP = "kommunledning"
# The way a set goes; `moved_to` follows it as far as asked.
WAY = (SetState.DRAFT, SetState.AGREED, SetState.SIGNED, SetState.PUBLISHED, SetState.CLOSING, SetState.CLOSED)


def _now(now: dt.datetime | None) -> dt.datetime:
    return now or timezone.now()


# --- A draft ------------------------------------------------------------------------------------------


def pledge_set(*, now: dt.datetime | None = None, by: str = "coordinator", **values) -> PledgeSet:
    """An empty draft for the year around `now`."""
    now = _now(now)
    day = timezone.localdate(now)
    defaults = {
        "title": f"Medborgarlöften {next(make._number)}",
        "intro": "Det här lovar kommunen och Polisen tillsammans.",
        "period_start": day - dt.timedelta(days=30),
        "period_end": day + dt.timedelta(days=335),
    }
    return pledge_sets.create_set(values=defaults | values, by=acting(by, now=now), now=now)


def area(
    *,
    now: dt.datetime | None = None,
    pledge_set: PledgeSet | None = None,
    problems: Iterable[Problem] | None = None,
    by: str = "coordinator",
    **values,
) -> PriorityArea:
    """A priority of a draft, built on one problem with its finding."""
    now = _now(now)
    to = pledge_set or globals()["pledge_set"](now=now)
    chosen = [make_situation.problem(now=now)] if problems is None else list(problems)
    defaults = {"title": "Tryggt i centrum", "why": "Många undviker torget på kvällen."}
    return priorities.add_area(to, values=defaults | values, problems=chosen, by=acting(by, now=now), now=now)


def commitment(
    *,
    now: dt.datetime | None = None,
    pledge_set: PledgeSet | None = None,
    area: PriorityArea | None = None,
    leads: Sequence[str] = (SOCIAL,),
    contributing: Sequence[str] = (),
    units: Sequence[UnitRow] = (),
    links: Sequence[LinkRow] = (),
    by: str = "coordinator",
    **values,
) -> Commitment:
    """A promise in a draft. `leads=("polisen",)` makes it the Police's."""
    now = _now(now)
    if area is None:
        to = pledge_set or globals()["pledge_set"](now=now)
        area = to.areas.first() or globals()["area"](now=now, pledge_set=to)
    who = "Polisen" if POLICE in leads else "Kommunen"
    defaults = {
        "text_as_promised": f"{who} ska vara på torget fredag och lördag kväll.",
        "how_we_know": "Vi räknar kvällarna.",
    }
    return commitments.add_commitment(
        area.pledge_set,
        area=area,
        values=defaults | values,
        parties=[
            *((department(slug), PartyRole.LEAD, "") for slug in leads),
            *((department(slug), PartyRole.CONTRIBUTING, "") for slug in contributing),
        ],
        units=units,
        links=links,
        by=acting(by, now=now),
        now=now,
    )


def whole_set(*, now: dt.datetime | None = None, **values) -> PledgeSet:
    """A draft with one area and two promises: number 1 led by social services, number 2 by the Police."""
    now = _now(now)
    made = pledge_set(now=now, **values)
    priority = area(now=now, pledge_set=made)
    commitment(now=now, area=priority)
    commitment(now=now, area=priority, leads=(POLICE,))
    return fresh(made)


# --- On its way -----------------------------------------------------------------------------------------


def moved_to(made: PledgeSet, state: str, *, now: dt.datetime | None = None) -> PledgeSet:
    """The draft `made` taken on to `state` by the operations; from CLOSING on its period must have ended."""
    now = _now(now)
    far = WAY.index(SetState(state))
    made = fresh(made)
    if far >= WAY.index(SetState.AGREED) and made.state == SetState.DRAFT:
        made = agreed(made, now=now)
    if far >= WAY.index(SetState.SIGNED) and made.state == SetState.AGREED:
        made = signed(made, now=now)
    if far >= WAY.index(SetState.PUBLISHED) and made.state == SetState.SIGNED:
        made = published(made, now=now)
    if far >= WAY.index(SetState.CLOSING) and made.state == SetState.PUBLISHED:
        made = pledge_sets.begin_closing(made, now=now)
    if far >= WAY.index(SetState.CLOSED) and made.state == SetState.CLOSING:
        answer_all(made, now=now)
        made = pledge_sets.propose_closing(made, by=acting("coordinator", now=now), now=now)
        made = pledge_sets.approve_closing(made, by=acting("police_liaison", now=now), now=now)
    return made


def opened(made: PledgeSet, *, now: dt.datetime | None = None) -> PledgeSet:
    """The draft shown to the Police."""
    now = _now(now)
    made = fresh(made)
    if made.opened_to_police_at is None:
        made = pledge_sets.open_to_police(made, by=acting("coordinator", now=now), now=now)
    return made


def agreed(made: PledgeSet, *, now: dt.datetime | None = None) -> PledgeSet:
    """Confirmed by both parties, every wording of the Police too."""
    now = _now(now)
    made = opened(made, now=now)
    made = pledge_sets.agree(made, by=acting("coordinator", now=now), now=now, seen=made.revision)
    return wordings.confirm_all(made, by=acting("police_liaison", now=now), now=now, seen=made.revision)


def signed(made: PledgeSet, *, now: dt.datetime | None = None) -> PledgeSet:
    now = _now(now)
    by = acting("coordinator", now=now)
    for slug, function in ((LEADERSHIP, "Kommunstyrelsens ordförande"), (POLICE, "Lokalpolisområdeschef")):
        pledge_sets.add_signature(
            made,
            organisation=department(slug),
            function_label=function,
            signed_on=timezone.localdate(now),
            by=by,
            now=now,
        )
    return pledge_sets.sign(fresh(made), by=by, now=now)


def published(made: PledgeSet, *, now: dt.datetime | None = None) -> PledgeSet:
    now = _now(now)
    return pledge_sets.publish(
        made, plain_language=True, accessibility=True, by=acting("communicator", now=now), now=now
    )


def agreed_set(*, now: dt.datetime | None = None, **values) -> PledgeSet:
    return moved_to(whole_set(now=now, **values), SetState.AGREED, now=now)


def signed_set(*, now: dt.datetime | None = None, **values) -> PledgeSet:
    return moved_to(whole_set(now=now, **values), SetState.SIGNED, now=now)


def published_set(*, now: dt.datetime | None = None, **values) -> PledgeSet:
    """Runs `now`: promise 1 led by social services, promise 2 by the Police."""
    return moved_to(whole_set(now=now, **values), SetState.PUBLISHED, now=now)


def published_commitment(*, now: dt.datetime | None = None, **values) -> Commitment:
    """A promise of a set that runs; see `commitment` for what can be given."""
    now = _now(now)
    made = commitment(now=now, **values)
    moved_to(made.pledge_set, SetState.PUBLISHED, now=now)
    return fresh(made)


def closing_set(*, now: dt.datetime | None = None, **values) -> PledgeSet:
    """Its last day was yesterday; nothing is answered yet."""
    now = _now(now)
    day = timezone.localdate(now)
    dates = {"period_start": day - dt.timedelta(days=90), "period_end": day - dt.timedelta(days=1)}
    running = published_set(now=now - dt.timedelta(days=60), **(dates | values))
    return moved_to(running, SetState.CLOSING, now=now)


def closed_set(*, now: dt.datetime | None = None, **values) -> PledgeSet:
    return moved_to(closing_set(now=now, **values), SetState.CLOSED, now=now)


# --- Answered -------------------------------------------------------------------------------------------


def speaker(organisation: Organisation) -> str:
    """The demo person who says how this lead's part went."""
    return "police_liaison" if organisation.is_police else "coordinator"


def answered(made: Commitment, *, to: str = Delivery.DONE, now: dt.datetime | None = None) -> Commitment:
    """With a final state for every lead, an answer to residents, and a finished follow-up of what was done."""
    now = _now(now)
    reason = "" if to == Delivery.DONE else "Personalen räckte inte."
    voice = "coordinator"
    for lead in made.parties.filter(role=PartyRole.LEAD).select_related("organisation"):
        voice = speaker(lead.organisation) if voice == "coordinator" else voice
        commitments.set_delivery(
            made,
            organisation=lead.organisation,
            to=to,
            reason=reason,
            by=acting(speaker(lead.organisation), now=now),
            now=now,
        )
    commitments.write_answer(made, public_note="Vi var där vi lovade.", by=acting(voice, now=now), now=now)
    output(made, now=now, by=voice)
    return fresh(made)


def output(
    made: Commitment, *, now: dt.datetime | None = None, by: str = "coordinator", done: bool = True
) -> FollowUp:
    """A follow-up of what was done, confirmed by the Police where a police role writes it."""
    now = _now(now)
    actor = acting(by, now=now)
    written = follow_ups.write_follow_up(
        made,
        kind="OUTPUT",
        values={
            "period_start": made.pledge_set.period_start,
            "period_end": min(made.pledge_set.period_end, timezone.localdate(now)),
            "done_text": "Tjugo kvällar på torget.",
        },
        by=actor,
        now=now,
    )
    if not done:
        return written
    written = follow_ups.finish(written, by=actor, now=now)
    if actor.is_police and not written.is_police_confirmed:
        written = follow_ups.confirm(written, by=actor, now=now, seen=written.revision)
    return written


def answer_all(made: PledgeSet, *, now: dt.datetime | None = None) -> None:
    for one in made.commitments.all():
        answered(one, now=now)


def amendment(made: Commitment, *, now: dt.datetime | None = None, **values):
    """New words for a promise that runs."""
    now = _now(now)
    defaults = {
        "new_text": "Kommunen ska vara på torget varje kväll.",
        "reason": "Det behövs alla kvällar.",
        "decided_on": timezone.localdate(now),
    }
    by = "police_liaison" if made.parties.filter(role=PartyRole.LEAD, organisation__kind="POLICE") else "coordinator"
    return amendments.amend(made, by=acting(values.pop("by", by), now=now), now=now, **(defaults | values))
