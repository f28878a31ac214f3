"""June 2020 from the first phone call to the closing text, through the operations, day by day (docs/rules.md)."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core import mail

from incidents import reminders
from incidents.deadlines import default_due
from incidents.lifecycle import AssignmentState, DecisionState, ReportState, ResponseState, RoundState
from incidents.models import Assignment, Convening, FollowUpRound, Response, SteeringDecision
from incidents.operations import assignments, decisions, meetings, reports, responses, rounds
from lysekil_trygghet.accounts.models import Function, Organisation
from lysekil_trygghet.history.guards import NotAllowed, Refused
from lysekil_trygghet.notifications.operations import plan

from .. import make_incidents as make
from ..make import at

pytestmark = pytest.mark.django_db

TUESDAY = at("2020-06-09", "10:00")
DEPARTMENTS = {
    "head_social": "socialforvaltningen",
    "head_education": "utbildningsforvaltningen",
    "head_executive": "kommunstyrelseforvaltningen",
    "head_planning": "samhallsbyggnadsforvaltningen",
    "head_labour": "arbetsmarknadsavdelningen",
}


def steps_at(now: dt.datetime) -> dict[str, int]:
    """How many people are told each step, of what is new at `now`."""
    before = set(_keys())
    plan(reminders.plan(now=now), now=now)
    from lysekil_trygghet.notifications.models import Obligation

    new = Obligation.objects.exclude(key__in=before)
    counted: dict[str, int] = {}
    for obligation in new:
        counted[obligation.step] = counted.get(obligation.step, 0) + 1
    return counted


def _keys() -> list[str]:
    from lysekil_trygghet.notifications.models import Obligation

    return list(Obligation.objects.values_list("key", flat=True))


def test_the_whole_chain():
    director = make.acting("director", now=TUESDAY)
    coordinator = make.acting("coordinator", now=TUESDAY)

    # Tuesday morning: the events are written down, key functions are called.
    happened = make.event(now=TUESDAY, occurred_from=at("2020-06-06", "22:00"), occurred_to=at("2020-06-08", "23:00"))
    response = make.response(now=TUESDAY, happened=[happened])
    call = meetings.prepare_convening(
        response,
        meeting_at=at("2020-06-09", "13:00"),
        place="Stadshuset",
        purpose="Lägesrapport och direktiv",
        functions=Function.objects.filter(is_key=True),
        by=director,
        now=TUESDAY,
    )
    call = meetings.send_call(call, by=director, now=TUESDAY)
    assert steps_at(TUESDAY)["call"] >= 5
    assert Convening.objects.get(pk=call.pk).meeting is not None

    # The decision: four points, five departments, all due the Thursday before Midsummer Eve.
    decision = make.decision(
        now=TUESDAY,
        response=response,
        points=(
            "Vara närvarande där unga är på kvällar och helger.",
            "Kartlägga och kontakta alla som direkt eller indirekt berörs.",
            "Ha en kontaktpunkt för allmänheten även kvällar och helger.",
            "Kommunicera mer, inåt och utåt.",
        ),
    )
    due = default_due(TUESDAY)
    assert due == at("2020-06-18", "12:00")
    points = list(decision.points.all())
    for slug in DEPARTMENTS.values():
        make.assignment(
            now=TUESDAY,
            decision=decision,
            organisation=Organisation.objects.get(slug=slug),
            points=points,
            due_at=due,
        )
    with pytest.raises(NotAllowed):
        decisions.decide(decision, by=coordinator, now=TUESDAY)
    decision = decisions.decide(decision, by=director, now=TUESDAY)
    assert decision.state == DecisionState.DECIDED
    issued = decisions.issue_all(decision, by=director, now=TUESDAY)
    assert [a.state for a in issued] == [AssignmentState.ISSUED] * 5
    decision = SteeringDecision.objects.get(pk=decision.pk)
    assert decision.state == DecisionState.IN_FORCE
    assert steps_at(TUESDAY)["issued"] == 5

    # Four acknowledge; the fifth is mentioned to the coordinator after 24 hours.
    for key in list(DEPARTMENTS)[:4]:
        acting = make.acting(key, now=TUESDAY)
        assignment = Assignment.objects.get(organisation__slug=DEPARTMENTS[key])
        assignments.acknowledge(assignment, by=acting, now=at("2020-06-09", "15:00"))
    assert steps_at(at("2020-06-10", "09:59")) == {}
    assert steps_at(at("2020-06-10", "10:00")) == {"not_acknowledged": 1}

    # The ladder.
    assert steps_at(at("2020-06-17", "07:59")) == {}
    assert steps_at(at("2020-06-17", "08:00")) == {"before_1": 5}
    for key in list(DEPARTMENTS)[:4]:
        assignment = Assignment.objects.get(organisation__slug=DEPARTMENTS[key])
        make.submitted_report(now=at("2020-06-17", "14:00"), assignment=assignment, by=key)
    assert steps_at(at("2020-06-18", "08:00")) == {"due_morning": 1}
    assert steps_at(at("2020-06-18", "12:00")) == {"overdue": 1}
    # Friday 19 June is Midsummer Eve: the leaders hear of it on Monday morning.
    assert steps_at(at("2020-06-19", "12:00")) == {}
    monday = steps_at(at("2020-06-22", "08:00"))
    assert monday["escalated"] == 2
    # Reported on Wednesday afternoon; two working days later is Monday afternoon.
    assert steps_at(at("2020-06-22", "14:00")) == {"not_accepted": 4}

    # The round: three accepted, one returned, one had no report.
    held = at("2020-06-22", "15:00")
    round_ = rounds.start(rounds.plan_round(decision, held_at=held, by=director, now=held), by=director, now=held)
    items = list(round_.items.select_related("assignment__organisation").order_by("order"))
    assert [item.assignment.state for item in items] == [AssignmentState.REPORTED] * 4 + [AssignmentState.ISSUED]
    for item in items[:3]:
        report = item.assignment.reports.get(state=ReportState.SUBMITTED)
        own = make.acting("head_executive", now=held)
        if item.assignment.organisation.slug == "kommunstyrelseforvaltningen":
            with pytest.raises(NotAllowed):
                rounds.accept_in_round(item, report, by=coordinator, now=held)
        with pytest.raises(NotAllowed):
            rounds.accept_in_round(item, report, by=own, now=held)
        rounds.accept_in_round(item, report, by=director, now=held)
    returned = items[3].assignment.reports.get(state=ReportState.SUBMITTED)
    new_day = at("2020-06-24", "12:00")
    rounds.return_in_round(
        items[3], returned, reason="Skriv hur många kvällar.", new_due_at=new_day, by=director, now=held
    )
    with pytest.raises(Refused):
        rounds.close(FollowUpRound.objects.get(pk=round_.pk), by=director, now=held)
    rounds.note_no_report(items[4], note="Svarar i morgon.", by=director, now=held)
    closed = rounds.close(round_, summary_public="Tre av fem har svarat.", by=director, now=held)
    assert closed.state == RoundState.CLOSED
    assert "Skriv hur många kvällar." not in closed.minutes
    assert closed.minutes.count("2020-1:") == 5
    assert steps_at(held) == {"returned": 1}

    # Not followed up before all have answered.
    with pytest.raises(Refused) as refusal:
        decisions.follow_up(decision, closed, by=director, now=held)
    assert "2020-1:" in str(refusal.value)

    # The returned one reports again: a new version, the old stays; the late one too.
    for item, key in ((items[3], None), (items[4], None)):
        slug = item.assignment.organisation.slug
        key = next(k for k, s in DEPARTMENTS.items() if s == slug)
        when = at("2020-06-23", "10:00")
        report = make.submitted_report(now=when, assignment=item.assignment, by=key)
        reports.accept(report, by=director, now=when)
    assert items[3].assignment.reports.count() == 2
    wednesday = at("2020-06-24", "13:00")
    assert steps_at(wednesday) == {}
    decision = decisions.follow_up(decision, closed, by=director, now=wednesday)
    assert decision.state == DecisionState.FOLLOWED_UP
    decision = decisions.end_decision(
        decision, closing_text="Arbetet är uppföljt och fortsätter i vardagen.", by=director, now=wednesday
    )
    ended = responses.end(
        Response.objects.get(pk=response.pk), closing_text="Tack till alla.", by=director, now=wednesday
    )
    assert ended.state == ResponseState.ENDED
    assert mail.outbox == []
