"""The follow-up round: one assignment at a time, minutes made from it, frozen when it closes."""

from __future__ import annotations

import datetime as dt

import pytest

from incidents.lifecycle import AssignmentState, ReportState, RoundState
from incidents.models import Assignment, FollowUpRound, RoundItem
from incidents.operations import assignments, decisions, reports, rounds
from lysekil_trygghet.accounts.models import Function
from lysekil_trygghet.history.guards import NotAllowed, Refused
from lysekil_trygghet.history.operations import MoveNotAllowed

from .. import make as people
from .. import make_incidents as make
from ..make import at
from .at_once import at_once, refused_with

pytestmark = pytest.mark.django_db

NOW = at("2020-06-22", "15:00")
NEW_DAY = at("2020-06-24", "12:00")
RESULT = RoundItem.Result


def by(key: str):
    return make.acting(key, now=NOW)


def issued(number: int) -> list[Assignment]:
    decision = make.decision(now=NOW)
    for _turn in range(number):
        make.assignment(now=NOW, decision=decision)
    return decisions.decide_and_issue(decision, by=by("director"), now=NOW)


def with_report(number: int = 1, **texts) -> tuple[FollowUpRound, list[RoundItem]]:
    """A started round over assignments that all have a waiting report."""
    owed = issued(number)
    for one in owed:
        make.submitted_report(now=NOW, assignment=one, **texts)
    held = make.follow_up_round(now=NOW, decision=owed[0].decision)
    return held, make.round_items(held)


def waiting(item: RoundItem):
    return item.assignment.reports.get(state=ReportState.SUBMITTED)


def close(held: FollowUpRound, **values) -> FollowUpRound:
    return rounds.close(held, **({"by": by("director"), "now": NOW} | values))


# --- Planning and starting ----------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["director", "coordinator"])
def test_leaders_hold_rounds(key):
    decision = issued(1)[0].decision
    held = rounds.plan_round(decision, held_at=NOW, by=by(key), now=NOW)
    started = rounds.start(held, by=by(key), now=NOW)
    assert (held.state, started.state) == (RoundState.PLANNED, RoundState.ONGOING)
    assert make.verbs(held) == ["created", "ongoing"]
    with pytest.raises(MoveNotAllowed):
        rounds.start(held, by=by(key), now=NOW)
    assert started.items.count() == 1


def test_one_to_whom_accepting_was_delegated_holds_rounds_too():
    people.delegation(
        user=make.person("officer_planning"), organisation=make.department("kommunledning"), power="ACCEPT_REPORTS"
    )
    held, (item,) = with_report()
    rounds.accept_in_round(item, waiting(item), by=by("officer_planning"), now=NOW)
    assert close(held, by=by("officer_planning")).state == RoundState.CLOSED


@pytest.mark.parametrize("key", ["head_social", "officer_labour", "lpo_chief", "registrar", "auditor"])
def test_others_hold_no_round(key):
    held, (item,) = with_report()
    other = by(key)
    decision = item.assignment.decision
    for act in (
        lambda: rounds.plan_round(decision, held_at=NOW, by=other, now=NOW),
        lambda: rounds.start(held, by=other, now=NOW),
        lambda: rounds.accept_in_round(item, waiting(item), by=other, now=NOW),
        lambda: rounds.return_in_round(item, waiting(item), reason="X", new_due_at=NEW_DAY, by=other, now=NOW),
        lambda: rounds.note_no_report(item, note="X", by=other, now=NOW),
        lambda: rounds.except_in_round(item, reason="X", by=other, now=NOW),
        lambda: rounds.close(held, by=other, now=NOW),
        lambda: rounds.edit_summary(held, summary_public="X", by=other, now=NOW),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_only_a_decision_in_force_has_rounds():
    with pytest.raises(Refused, match="utfärdade uppdrag"):
        rounds.plan_round(make.decision(now=NOW), held_at=NOW, by=by("director"), now=NOW)


def test_what_waits_for_an_answer_comes_first_and_what_is_answered_last():
    accepted, late, reported, excepted, cancelled = issued(5)
    director = by("director")
    reports.accept(make.submitted_report(now=NOW, assignment=accepted), by=director, now=NOW)
    make.submitted_report(now=NOW, assignment=reported)
    assignments.record_exception(excepted, reason="Svaras i höst.", by=director, now=NOW)
    assignments.cancel_assignment(cancelled, reason="Fel.", by=director, now=NOW)
    make.assignment(now=NOW, decision=accepted.decision)  # a draft is no item
    held = make.follow_up_round(now=NOW, decision=accepted.decision)
    assert [(item.assignment, item.result) for item in make.round_items(held)] == [
        (reported, RESULT.WAITING),
        (late, RESULT.WAITING),
        (excepted, RESULT.EXCEPTED),
        (accepted, RESULT.EARLIER),
    ]


# --- One at a time ----------------------------------------------------------------------------------------------


def test_accept_return_continue_note_and_except():
    owed = issued(5)
    for one in owed[:3]:
        texts = {"outcome": "ONGOING"} if one is owed[2] else {}
        make.submitted_report(now=NOW, assignment=one, **texts)
    held = make.follow_up_round(now=NOW, decision=owed[0].decision)
    accept, send_back, go_on, nothing, excepted = make.round_items(held)
    director = by("director")
    accept = rounds.accept_in_round(accept, waiting(accept), note="Bra.", by=director, now=NOW)
    send_back = rounds.return_in_round(
        send_back, waiting(send_back), reason="Hur många?", new_due_at=NEW_DAY, by=director, now=NOW
    )
    go_on = rounds.accept_in_round(go_on, waiting(go_on), new_due_at=NEW_DAY, by=director, now=NOW)
    nothing = rounds.note_no_report(nothing, note="Svarar i morgon.", by=director, now=NOW)
    excepted = rounds.except_in_round(excepted, reason="Svaras i höst.", by=director, now=NOW)
    assert [item.result for item in (accept, send_back, go_on, nothing, excepted)] == [
        RESULT.ACCEPTED,
        RESULT.RETURNED,
        RESULT.CONTINUED,
        RESULT.NO_REPORT,
        RESULT.EXCEPTED,
    ]
    assert [make.fresh(one).state for one in owed] == [
        AssignmentState.ACCEPTED,
        AssignmentState.RETURNED,
        AssignmentState.ACKNOWLEDGED,
        AssignmentState.ISSUED,
        AssignmentState.ISSUED,
    ]
    assert make.verbs(held).count("item_settled") == 5


def test_a_report_of_another_assignment_is_not_accepted_on_this_item():
    _held, (mine, theirs) = with_report(2)
    with pytest.raises(Refused, match="annat uppdrag"):
        rounds.accept_in_round(mine, waiting(theirs), by=by("director"), now=NOW)
    with pytest.raises(Refused, match="annat uppdrag"):
        rounds.return_in_round(mine, waiting(theirs), reason="X", new_due_at=NEW_DAY, by=by("director"), now=NOW)


def test_settled_twice_is_settled_once():
    _held, (item,) = with_report()
    report = waiting(item)
    rounds.accept_in_round(item, report, by=by("director"), now=NOW)
    with pytest.raises(MoveNotAllowed):
        rounds.accept_in_round(item, report, by=by("director"), now=NOW)
    with pytest.raises(MoveNotAllowed):
        rounds.return_in_round(item, report, reason="X", new_due_at=NEW_DAY, by=by("director"), now=NOW)
    with pytest.raises(Refused, match="redan genomgånget"):
        rounds.note_no_report(item, note="Inget.", by=by("director"), now=NOW)
    assert make.fresh(item).result == RESULT.ACCEPTED


def test_the_minutes_never_say_that_nothing_came_when_a_report_waits():
    _held, (item,) = with_report()
    with pytest.raises(Refused, match="som väntar"):
        rounds.note_no_report(item, note="Inget.", by=by("director"), now=NOW)


def test_what_was_returned_in_the_round_is_not_noted_as_missing():
    _held, (item,) = with_report()
    rounds.return_in_round(item, waiting(item), reason="Mer.", new_due_at=NEW_DAY, by=by("director"), now=NOW)
    with pytest.raises(Refused, match="redan genomgånget"):
        rounds.note_no_report(item, note="Inget.", by=by("director"), now=NOW)


def test_a_report_that_comes_during_the_meeting_is_accepted_although_none_was_noted():
    (owed,) = issued(1)
    held = make.follow_up_round(now=NOW, decision=owed.decision)
    (item,) = make.round_items(held)
    rounds.note_no_report(item, note="Kommer strax.", by=by("director"), now=NOW)
    report = make.submitted_report(now=NOW, assignment=owed)
    assert rounds.accept_in_round(item, report, by=by("director"), now=NOW).result == RESULT.ACCEPTED


def test_a_note_is_not_lost_or_doubled_when_the_round_was_not_started_or_is_closed():
    decision = issued(1)[0].decision
    held, (item,) = with_report()
    report = waiting(item)
    rounds.accept_in_round(item, report, by=by("director"), now=NOW)
    page = make.round_items(held)[0]  # opened before the round was closed
    assert page.round.state == RoundState.ONGOING
    close(held)
    for act in (
        lambda: rounds.accept_in_round(page, report, by=by("director"), now=NOW),
        lambda: rounds.note_no_report(page, note="X", by=by("director"), now=NOW),
        lambda: rounds.except_in_round(page, reason="X", by=by("director"), now=NOW),
    ):
        with pytest.raises(Refused, match="pågår inte"):
            act()
    planned = rounds.plan_round(decision, held_at=NOW, by=by("director"), now=NOW)
    with pytest.raises(MoveNotAllowed):
        close(planned)


# --- Closing ------------------------------------------------------------------------------------------------------


def test_a_round_is_closed_when_everything_was_gone_through_and_its_minutes_are_frozen():
    decision = make.decision(now=NOW)
    for _turn in range(2):
        make.assignment(now=NOW, decision=decision)
    first, second = decisions.decide_and_issue(decision, by=by("director"), now=NOW)
    make.submitted_report(now=NOW, assignment=first)
    functions = Function.objects.filter(code__in=["socialchef", "kommundirektor"])
    held = rounds.plan_round(decision, held_at=NOW, functions=functions, by=by("director"), now=NOW)
    held = rounds.start(held, by=by("director"), now=NOW)
    one, two = make.round_items(held)
    rounds.accept_in_round(one, waiting(one), note="Bra gjort.", by=by("director"), now=NOW)
    with pytest.raises(Refused, match="1 uppdrag är inte genomgånget"):
        close(held)
    rounds.note_no_report(two, note="Svarar i morgon.", by=by("director"), now=NOW)
    closed = close(held, summary_public="Ett av två är klart.", seen=held.revision)
    assert (closed.state, closed.closed_at, closed.summary_public) == (RoundState.CLOSED, NOW, "Ett av två är klart.")
    for words in (
        "Avstämning av inriktningsbeslut 2020-1",
        "22 juni 2020 kl. 15.00",
        "Kommundirektör, Socialchef",
        first.number,
        "Godkänt.",
        "Bra gjort.",
        second.number,
        "Ingen återrapport fanns.",
        "Svarar i morgon.",
    ):
        assert words in closed.minutes
    make.submitted_report(now=NOW, assignment=second)
    assert make.fresh(held).minutes == closed.minutes
    with pytest.raises(MoveNotAllowed):
        close(held)
    # A second tap is told that it is done, not that somebody else did it.
    with pytest.raises(MoveNotAllowed):
        close(held, seen=0)


def test_what_was_answered_outside_the_round_does_not_keep_it_open():
    accepted, cancelled, excepted, waits = issued(4)
    held = make.follow_up_round(now=NOW, decision=accepted.decision)
    director = by("director")
    reports.accept(make.submitted_report(now=NOW, assignment=accepted), by=director, now=NOW)
    assignments.cancel_assignment(cancelled, reason="Fel.", by=director, now=NOW)
    assignments.record_exception(excepted, reason="Svaras i höst.", by=director, now=NOW)
    with pytest.raises(Refused, match="1 uppdrag"):
        close(held)
    rounds.note_no_report(make.round_items(held)[3], note="", by=director, now=NOW)
    closed = close(held)
    assert [(item.assignment, item.result) for item in make.round_items(closed)] == [
        (accepted, RESULT.EARLIER),
        (excepted, RESULT.EXCEPTED),
        (waits, RESULT.NO_REPORT),
    ]
    assert cancelled.number not in closed.minutes


def test_the_minutes_say_the_new_day():
    held, (item,) = with_report()
    rounds.return_in_round(item, waiting(item), reason="Mer.", new_due_at=NEW_DAY, by=by("director"), now=NOW)
    assert "24 juni 2020 kl. 12.00" in close(held).minutes


def test_the_text_to_residents_is_changed_until_it_is_published():
    held, (item,) = with_report()
    rounds.accept_in_round(item, waiting(item), by=by("director"), now=NOW)
    closed = close(held)
    edited = rounds.edit_summary(closed, summary_public="Alla har svarat.", by=by("communicator"), now=NOW)
    from incidents.operations import publication

    publication.publish(edited, by=by("communicator"), now=NOW)
    for page in (edited, make.fresh(edited)):
        with pytest.raises(Refused, match="publicerad"):
            rounds.edit_summary(page, summary_public="Något annat.", by=by("communicator"), now=NOW)


# --- At the same moment ---------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_two_settle_the_same_item_at_once_and_one_wins():
    _held, (item,) = with_report()
    report = waiting(item)
    director, coordinator = by("director"), by("coordinator")
    pages = [make.fresh(item), make.fresh(item)]
    outcomes = at_once(
        lambda: rounds.accept_in_round(pages[0], report, by=director, now=NOW),
        lambda: rounds.return_in_round(pages[1], report, reason="X", new_due_at=NEW_DAY, by=coordinator, now=NOW),
    )
    assert refused_with(outcomes) == ["MoveNotAllowed"]
    pair = (make.fresh(item).result, make.fresh(report).state)
    assert pair in ((RESULT.ACCEPTED, ReportState.ACCEPTED), (RESULT.RETURNED, ReportState.RETURNED))


@pytest.mark.django_db(transaction=True)
def test_a_round_started_twice_at_once_has_each_assignment_once():
    (owed,) = issued(1)
    planned = rounds.plan_round(owed.decision, held_at=NOW, by=by("director"), now=NOW)
    director = by("director")
    outcomes = at_once(*[lambda: rounds.start(make.fresh(planned), by=director, now=NOW)] * 2)
    assert refused_with(outcomes) == ["MoveNotAllowed"]
    assert planned.items.count() == 1


def test_a_round_of_a_decision_that_was_revised_is_of_no_use_for_the_new_one():
    (owed,) = issued(1)
    planned = rounds.plan_round(owed.decision, held_at=NOW, by=by("director"), now=NOW)
    new = make.revision(owed.decision, now=NOW)
    decisions.choose(new, owed, choice="KEEP", by=by("director"), now=NOW)
    new = decisions.decide(new, by=by("director"), now=NOW)
    closed = close(rounds.start(planned, by=by("director"), now=NOW))
    with pytest.raises(Refused, match="Avsluta avstämningen"):
        decisions.follow_up(new, closed, by=by("director"), now=NOW + dt.timedelta(hours=1))
