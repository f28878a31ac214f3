"""The steering decision: drafted, decided, issued, revised into a new version, followed up, ended."""

from __future__ import annotations

import datetime as dt

import pytest

from incidents.lifecycle import AssignmentState, DecisionState, ReportState
from incidents.models import Assignment, RevisionChoice, SteeringDecision
from incidents.operations import assignments, decisions, reports, rounds
from incidents.operations.decisions import ApproachRow, PointRow
from lysekil_trygghet.history.guards import NotAllowed, Refused
from lysekil_trygghet.history.operations import MoveNotAllowed, StalePage
from lysekil_trygghet.notifications.models import Obligation

from .. import make as people
from .. import make_incidents as make
from ..make import at
from .at_once import at_once, refused_with

pytestmark = pytest.mark.django_db

NOW = at("2020-06-09", "10:00")
DUE = at("2020-06-18", "12:00")


def by(key: str):
    return make.acting(key, now=NOW)


def decided(**values) -> SteeringDecision:
    return decisions.decide(make.decision(now=NOW, **values), by=by("director"), now=NOW)


def in_force(number: int = 1) -> tuple[SteeringDecision, list[Assignment]]:
    """A decision in force with `number` issued assignments."""
    draft = make.decision(now=NOW)
    for _turn in range(number):
        make.assignment(now=NOW, decision=draft, due_at=DUE)
    issued = decisions.decide_and_issue(draft, by=by("director"), now=NOW)
    return make.fresh(draft), issued


# --- Drafting -------------------------------------------------------------------------------------------


def test_a_draft_gets_the_next_number_of_the_year():
    assert [make.decision(now=NOW).number for _turn in range(3)] == ["2020-1", "2020-2", "2020-3"]
    # Half past eleven in the evening of New Year's Eve in Sweden is another day in UTC only.
    assert make.decision(now=at("2020-12-31", "23:30").astimezone(dt.UTC)).number == "2020-4"
    assert make.decision(now=at("2021-01-01", "00:30").astimezone(dt.UTC)).number == "2021-1"


@pytest.mark.parametrize("key", ["head_social", "communicator", "lpo_chief", "registrar", "auditor"])
def test_only_leaders_draft_and_edit(key):
    draft = make.decision(now=NOW)
    other = by(key)
    with pytest.raises(NotAllowed):
        decisions.draft_decision(draft.response, by=other, now=NOW)
    with pytest.raises(NotAllowed):
        decisions.edit_decision(draft, values={"aim": "X"}, by=other, now=NOW)
    with pytest.raises(NotAllowed):
        decisions.put_points(draft, [PointRow("X")], by=other, now=NOW)
    with pytest.raises(NotAllowed):
        decisions.put_approaches(draft, [ApproachRow("X")], by=other, now=NOW)
    with pytest.raises(NotAllowed):
        decisions.discard_draft(draft, by=other, now=NOW)


def test_points_and_approaches_are_exactly_the_rows_given_in_their_order():
    draft = make.decision(now=NOW, points=("Ett", "Två", "Tre"))
    one, two, three = draft.points.all()
    rows = [PointRow("Tre", pk=three.pk), PointRow("Ny"), PointRow("Ett, ändrad", pk=one.pk)]
    decisions.put_points(draft, rows, by=by("coordinator"), now=NOW)
    assert [(point.order, point.text) for point in draft.points.all()] == [(1, "Tre"), (2, "Ny"), (3, "Ett, ändrad")]
    assert draft.points.get(order=3).pk == one.pk
    assert not draft.points.filter(pk=two.pk).exists()
    decisions.put_approaches(draft, [ApproachRow("Utåtriktat"), ApproachRow("Offensivt")], by=by("director"), now=NOW)
    assert [approach.text for approach in draft.approaches.all()] == ["Utåtriktat", "Offensivt"]
    assert make.verbs(draft)[-1] == "approaches_set"


def test_a_point_of_another_decision_is_never_taken():
    other = make.decision(now=NOW, points=("Andras",))
    draft = make.decision(now=NOW)
    decisions.put_points(draft, [PointRow("Min", pk=other.points.get().pk)], by=by("director"), now=NOW)
    assert other.points.get().text == "Andras"
    assert draft.points.get().text == "Min"


@pytest.mark.parametrize(
    ("rows", "words"),
    [([PointRow(" ")], "saknar text"), ([PointRow("X", no_assignment=True)], "varför")],
)
def test_an_empty_point_or_a_none_without_reason_is_refused(rows, words):
    with pytest.raises(Refused, match=words):
        decisions.put_points(make.decision(now=NOW), rows, by=by("director"), now=NOW)
    with pytest.raises(Refused, match="saknar text"):
        decisions.put_approaches(make.decision(now=NOW), [ApproachRow("")], by=by("director"), now=NOW)


def test_the_whole_editor_is_saved_or_nothing_of_it():
    draft = make.decision(now=NOW)
    seen = make.fresh(draft).revision
    saved = decisions.write_draft(
        draft, values={"aim": "Nytt mål"}, points=[PointRow("A")], approaches=[ApproachRow("B")],
        by=by("coordinator"), now=NOW, seen=seen,
    )  # fmt: skip
    assert (saved.aim, saved.points.get().text, saved.approaches.get().text) == ("Nytt mål", "A", "B")
    with pytest.raises(StalePage):
        decisions.write_draft(
            draft, values={"aim": "Annat"}, points=[PointRow("X")], approaches=[], by=by("director"), now=NOW,
            seen=seen,
        )  # fmt: skip
    assert make.fresh(draft).aim == "Nytt mål"
    assert draft.points.get().text == "A"


def test_changed_points_make_an_open_page_stale():
    draft = make.decision(now=NOW)
    seen = make.fresh(draft).revision
    decisions.put_points(draft, [PointRow("A")], by=by("coordinator"), now=NOW)
    with pytest.raises(StalePage):
        decisions.edit_decision(draft, values={"aim": "X"}, by=by("director"), now=NOW, seen=seen)


def test_a_draft_is_thrown_away_with_its_drafted_assignments():
    drafted = make.assignment(now=NOW)
    decisions.discard_draft(drafted.decision, by=by("coordinator"), now=NOW)
    assert not SteeringDecision.objects.exists()
    assert not Assignment.objects.exists()


# --- Deciding -------------------------------------------------------------------------------------------


def test_the_director_decides():
    draft = make.decision(now=NOW)
    done = decisions.decide(draft, by=by("director"), now=NOW, seen=make.fresh(draft).revision)
    assert (done.state, done.decided_at, done.decided_by_function) == (DecisionState.DECIDED, NOW, "Kommundirektör")
    assert make.last_event(done).details == {"from": "DRAFT", "to": "DECIDED"}


@pytest.mark.parametrize("key", ["coordinator", "head_social", "communicator", "lpo_chief", "auditor"])
def test_nobody_else_decides_revises_follows_up_or_ends(key):
    decision, (owed,) = in_force()
    other = by(key)
    held = make.follow_up_round(now=NOW, decision=decision)
    draft = make.decision(now=NOW)
    with pytest.raises(NotAllowed):
        decisions.decide(draft, by=other, now=NOW)
    with pytest.raises(NotAllowed):
        decisions.revise(decision, by=other, now=NOW)
    with pytest.raises(NotAllowed):
        decisions.follow_up(decision, held, by=other, now=NOW)
    with pytest.raises(NotAllowed):
        decisions.end_decision(decision, closing_text="Slut.", by=other, now=NOW)
    with pytest.raises(NotAllowed):
        decisions.choose(draft, owed, choice="KEEP", by=other, now=NOW)


def test_a_deputy_decides_with_a_recorded_delegation_while_it_lasts():
    deputy = make.person("head_labour")
    people.delegation(user=deputy, organisation=make.department("kommunledning"), power="DECIDE", valid_to=NOW.date())
    done = decisions.decide(make.decision(now=NOW), by=by("head_labour"), now=NOW)
    assert done.decided_by_function == "Arbetsmarknadschef"
    day_after = NOW + dt.timedelta(days=1)
    with pytest.raises(NotAllowed):
        decisions.decide(make.decision(now=NOW), by=make.acting("head_labour", now=day_after), now=day_after)


@pytest.mark.parametrize(
    ("values", "points", "words"),
    [
        ({"aim": " "}, ("A",), "Målet saknas"),
        ({"formal_basis": ""}, ("A",), "Formell grund saknas"),
        ({}, (), "ingen inriktningspunkt"),
    ],
)
def test_a_draft_that_misses_something_is_not_decided(values, points, words):
    draft = make.decision(now=NOW, points=points, **values)
    with pytest.raises(Refused, match=words):
        decisions.decide(draft, by=by("director"), now=NOW)
    assert make.fresh(draft).state == DecisionState.DRAFT


def test_decided_twice_is_decided_once():
    draft = make.decision(now=NOW)
    decisions.decide(draft, by=by("director"), now=NOW)
    with pytest.raises(MoveNotAllowed):
        decisions.decide(draft, by=by("director"), now=NOW)
    with pytest.raises(StalePage):
        decisions.decide(make.decision(now=NOW), by=by("director"), now=NOW, seen=99)


@pytest.mark.parametrize("open_page", [True, False], ids=["from a page opened before", "from a fresh page"])
def test_a_decision_taken_is_never_edited(open_page):
    draft = make.decision(now=NOW)
    taken = decisions.decide(draft, by=by("director"), now=NOW)
    thing = draft if open_page else taken
    with pytest.raises(Refused, match="Revidera"):
        decisions.edit_decision(thing, values={"aim": "X"}, by=by("director"), now=NOW)
    with pytest.raises(Refused, match="Revidera"):
        decisions.put_points(thing, [PointRow("X")], by=by("director"), now=NOW)
    with pytest.raises(Refused, match="Revidera"):
        decisions.put_approaches(thing, [ApproachRow("X")], by=by("director"), now=NOW)
    with pytest.raises(Refused, match="Revidera"):
        decisions.discard_draft(thing, by=by("director"), now=NOW)
    assert make.fresh(draft).aim == "Mer trygghet och mindre brott."


# --- Issuing --------------------------------------------------------------------------------------------


def test_all_drafts_are_issued_together_and_the_decision_comes_into_force():
    draft = make.decision(now=NOW)
    for slug in ("socialforvaltningen", "utbildningsforvaltningen"):
        make.assignment(now=NOW, decision=draft, organisation=make.department(slug), due_at=DUE)
    issued = decisions.decide_and_issue(draft, by=by("director"), now=NOW)
    assert [(a.state, a.issued_at, a.ladder_from) for a in issued] == [(AssignmentState.ISSUED, NOW, NOW)] * 2
    assert make.fresh(draft).state == DecisionState.IN_FORCE
    assert make.verbs(draft)[-2:] == ["decided", "in_force"]
    assert make.verbs(issued[0]) == ["created", "issued"]


def test_the_coordinator_issues_what_the_director_decided_and_a_department_does_not():
    drafted = make.assignment(now=NOW, due_at=DUE)
    with pytest.raises(Refused, match="när beslutet är fattat"):
        decisions.issue_all(drafted.decision, by=by("coordinator"), now=NOW)
    taken = decisions.decide(drafted.decision, by=by("director"), now=NOW)
    with pytest.raises(NotAllowed):
        decisions.issue_all(taken, by=by("head_social"), now=NOW)
    assert len(decisions.issue_all(taken, by=by("coordinator"), now=NOW)) == 1
    with pytest.raises(Refused, match="inga utkast"):
        decisions.issue_all(taken, by=by("coordinator"), now=NOW)


def test_every_point_has_an_assignment_or_says_that_it_needs_none():
    draft = make.decision(now=NOW, points=("Ett", "Två", "Tre"))
    one, _two, _three = draft.points.all()
    make.assignment(now=NOW, decision=draft, points=[one], due_at=DUE)
    with pytest.raises(Refused, match="Saknas för punkt 2, 3"):
        decisions.decide_and_issue(draft, by=by("director"), now=NOW)
    # Neither happened.
    assert make.fresh(draft).state == DecisionState.DRAFT
    rows = [PointRow(point.text, pk=point.pk) for point in draft.points.all()]
    rows[1] = PointRow("Två", pk=rows[1].pk, no_assignment=True, no_assignment_reason="Görs redan.")
    decisions.put_points(draft, rows, by=by("director"), now=NOW)
    assert [point.order for point in decisions.uncovered_points(draft)] == [3]
    make.assignment(now=NOW, decision=draft, points=[draft.points.get(order=3)], due_at=DUE)
    assert len(decisions.decide_and_issue(draft, by=by("director"), now=NOW)) == 2


def test_a_cancelled_assignment_covers_nothing():
    decision, (only,) = in_force()
    assignments.cancel_assignment(only, reason="Fel.", by=by("director"), now=NOW)
    assert len(decisions.uncovered_points(decision)) == 1


def test_an_assignment_whose_day_has_passed_stops_the_issuing_of_all():
    draft = make.decision(now=NOW)
    make.assignment(now=NOW, decision=draft, due_at=DUE)
    make.assignment(now=NOW, decision=draft, due_at=NOW + dt.timedelta(hours=1))
    later = NOW + dt.timedelta(hours=2)
    taken = decisions.decide(draft, by=by("director"), now=NOW)
    with pytest.raises(Refused, match="2020-1:2"):
        decisions.issue_all(taken, by=by("director"), now=later)
    assert set(Assignment.objects.values_list("state", flat=True)) == {AssignmentState.DRAFT}


def test_an_assignment_that_lost_its_points_is_not_issued():
    draft = make.decision(now=NOW, points=("Ett", "Två"))
    one, two = draft.points.all()
    make.assignment(now=NOW, decision=draft, points=[one], due_at=DUE)
    make.assignment(now=NOW, decision=draft, points=[two], due_at=DUE)
    decisions.put_points(draft, [PointRow("Ett", pk=one.pk)], by=by("director"), now=NOW)
    with pytest.raises(Refused, match="2020-1:2"):
        decisions.decide_and_issue(draft, by=by("director"), now=NOW)


# --- Revising -------------------------------------------------------------------------------------------


def test_a_revision_is_a_new_version_with_everything_copied_and_the_old_one_holds():
    decision, _issued = in_force()
    new = make.revision(decision, now=NOW)
    assert (new.number, new.version, new.state, new.replaces) == ("2020-1", 2, DecisionState.DRAFT, decision)
    assert [point.text for point in new.points.all()] == [point.text for point in decision.points.all()]
    assert [point.replaces for point in new.points.all()] == list(decision.points.all())
    assert make.fresh(decision).state == DecisionState.IN_FORCE
    with pytest.raises(Refused, match="redan ett utkast"):
        make.revision(decision, now=NOW)


@pytest.mark.parametrize("state", [DecisionState.DRAFT, DecisionState.REVISED, DecisionState.ENDED])
def test_only_a_decision_that_holds_is_revised(state):
    if state == DecisionState.DRAFT:
        decision = make.decision(now=NOW)
    elif state == DecisionState.REVISED:
        decision = decided()
        decisions.decide(make.revision(decision, now=NOW), by=by("director"), now=NOW)
    else:
        decision = followed_up()
        decision = decisions.end_decision(decision, closing_text="Slut.", by=by("director"), now=NOW)
    with pytest.raises(Refused, match="Bara ett beslut som gäller"):
        decisions.revise(decision, by=by("director"), now=NOW)


def test_every_open_assignment_must_be_kept_moved_or_cancelled():
    decision, (keep, moved, cancelled) = in_force(3)
    new = make.revision(decision, now=NOW)
    director = by("director")
    decisions.choose(new, keep, choice="KEEP", by=director, now=NOW)
    with pytest.raises(Refused, match=r"2 kvar"):
        decisions.decide(new, by=director, now=NOW)
    new_day = at("2020-06-24", "12:00")
    decisions.choose(new, moved, choice="MOVE", new_due_at=new_day, reason="Mer att göra.", by=director, now=NOW)
    with pytest.raises(Refused, match=r"1 kvar"):
        decisions.decide(new, by=director, now=NOW)
    decisions.choose(new, cancelled, choice="CANCEL", reason="Görs av andra.", by=director, now=NOW)
    new = decisions.decide(new, by=director, now=NOW)

    keep, moved, cancelled = (make.fresh(one) for one in (keep, moved, cancelled))
    assert make.fresh(new).state == DecisionState.IN_FORCE
    assert (keep.decision, keep.order, keep.state, keep.due_at) == (new, 1, AssignmentState.ISSUED, DUE)
    assert (moved.decision, moved.order, moved.due_at) == (new, 2, new_day)
    assert moved.due_changes.get().cause == "REVISED"
    assert (cancelled.decision, cancelled.state) == (decision, AssignmentState.CANCELLED)
    assert cancelled.cancelled_reason == "Görs av andra."
    assert keep.points.filter(decision=new).count() == 1
    assert make.verbs(keep)[-1] == "carried_to_new_version"


def test_the_old_version_stays_readable_and_is_never_changed():
    decision, (owed,) = in_force()
    new = make.revision(decision, now=NOW)
    decisions.write_draft(
        new, values={"aim": "Nytt mål"}, points=[PointRow("Ny punkt", pk=new.points.get().pk)], approaches=[],
        by=by("coordinator"), now=NOW,
    )  # fmt: skip
    decisions.choose(new, owed, choice="KEEP", by=by("director"), now=NOW)
    new = decisions.decide(new, by=by("director"), now=NOW)
    old = make.fresh(decision)
    assert (old.state, old.aim) == (DecisionState.REVISED, "Mer trygghet och mindre brott.")
    assert [point.text for point in old.points.all()] == ["Vara där unga är."]
    assert (new.aim, new.points.get().text) == ("Nytt mål", "Ny punkt")
    assert SteeringDecision.objects.visible_to(by("officer_labour")).filter(pk=old.pk).exists()
    with pytest.raises(Refused):
        decisions.edit_decision(old, values={"aim": "X"}, by=by("director"), now=NOW)
    with pytest.raises(Refused):
        decisions.issue_all(old, by=by("director"), now=NOW)
    with pytest.raises(MoveNotAllowed):
        decisions.end_decision(old, closing_text="Slut.", by=by("director"), now=NOW)


def test_drafted_assignments_of_the_old_version_follow_along():
    decision, (owed,) = in_force()
    waiting = make.assignment(now=NOW, decision=decision, due_at=DUE)
    new = make.revision(decision, now=NOW)
    decisions.choose(new, owed, choice="KEEP", by=by("director"), now=NOW)
    new = decisions.decide(new, by=by("director"), now=NOW)
    assert make.fresh(waiting).decision == new
    assert len(decisions.issue_all(new, by=by("director"), now=NOW)) == 1


def test_a_number_told_in_a_mail_stays_the_assignments_own():
    """Drafts of the new version get numbers no version has used."""
    decision, (first, second) = in_force(2)
    assignments.cancel_assignment(second, reason="Fel.", by=by("director"), now=NOW)
    new = make.revision(decision, now=NOW)
    extra = make.assignment(now=NOW, decision=new, due_at=DUE)
    assert extra.number == "2020-1:3"
    decisions.choose(new, first, choice="KEEP", by=by("director"), now=NOW)
    decisions.decide_and_issue(new, by=by("director"), now=NOW)
    assert [a.number for a in new.assignments.order_by("order")] == ["2020-1:1", "2020-1:3"]


def test_accepted_assignments_follow_without_being_asked_about():
    decision, (owed,) = in_force()
    reports.accept(make.submitted_report(now=NOW, assignment=owed), by=by("director"), now=NOW)
    new = decisions.decide(make.revision(decision, now=NOW), by=by("director"), now=NOW)
    assert make.fresh(owed).decision == new
    assert make.fresh(owed).state == AssignmentState.ACCEPTED


def test_choices_need_their_words_and_belong_to_the_right_decision():
    decision, (owed,) = in_force()
    new = make.revision(decision, now=NOW)
    director = by("director")
    _other, (theirs,) = in_force()
    for wrong, words in (
        ({"choice": "CANCEL"}, "Skriv varför"),
        ({"choice": "MOVE", "reason": "Mer."}, "Välj en ny dag"),
        ({"choice": "MOVE", "reason": "Mer.", "new_due_at": NOW}, "redan passerat"),
    ):
        with pytest.raises(Refused, match=words):
            decisions.choose(new, owed, by=director, now=NOW, **wrong)
    with pytest.raises(Refused, match="hör inte till"):
        decisions.choose(new, theirs, choice="KEEP", by=director, now=NOW)
    with pytest.raises(Refused, match="Revidera"):
        decisions.choose(decision, owed, choice="KEEP", by=director, now=NOW)
    decisions.choose(new, owed, choice="CANCEL", reason="Nej.", by=director, now=NOW)
    decisions.choose(new, owed, choice="KEEP", by=director, now=NOW)
    assert RevisionChoice.objects.get().choice == "KEEP"


def test_a_moved_day_that_passed_while_the_draft_lay_stops_the_revision():
    decision, (owed,) = in_force()
    new = make.revision(decision, now=NOW)
    soon = NOW + dt.timedelta(hours=1)
    decisions.choose(new, owed, choice="MOVE", reason="Mer.", new_due_at=soon, by=by("director"), now=NOW)
    with pytest.raises(Refused, match="redan passerat"):
        decisions.decide(new, by=by("director"), now=soon)
    assert make.fresh(decision).state == DecisionState.IN_FORCE
    assert make.fresh(new).state == DecisionState.DRAFT


def test_an_assignment_cancelled_meanwhile_needs_no_choice():
    decision, (owed,) = in_force()
    new = make.revision(decision, now=NOW)
    decisions.choose(new, owed, choice="MOVE", reason="Mer.", new_due_at=DUE, by=by("director"), now=NOW)
    assignments.cancel_assignment(owed, reason="Fel.", by=by("director"), now=NOW)
    assert decisions.decide(new, by=by("director"), now=NOW).state == DecisionState.DECIDED


# --- Following up and ending ------------------------------------------------------------------------------


def closed_round(decision: SteeringDecision):
    held = make.follow_up_round(now=NOW, decision=decision)
    for item in make.round_items(held):
        waiting = item.assignment.reports.filter(state=ReportState.SUBMITTED).first()
        if waiting:
            rounds.accept_in_round(item, waiting, by=by("director"), now=NOW)
        elif item.result == "WAITING":
            rounds.note_no_report(item, note="", by=by("director"), now=NOW)
    return rounds.close(held, by=by("director"), now=NOW)


def followed_up() -> SteeringDecision:
    decision, (owed,) = in_force()
    make.submitted_report(now=NOW, assignment=owed)
    return decisions.follow_up(decision, closed_round(decision), by=by("director"), now=NOW)


def test_followed_up_when_all_are_accepted_and_ended_with_a_text():
    decision = followed_up()
    assert (decision.state, decision.followed_up_at) == (DecisionState.FOLLOWED_UP, NOW)
    with pytest.raises(Refused, match="avslutande text"):
        decisions.end_decision(decision, closing_text=" ", by=by("director"), now=NOW)
    ended = decisions.end_decision(decision, closing_text="Arbetet fortsätter.", by=by("director"), now=NOW)
    assert (ended.state, ended.ended_at) == (DecisionState.ENDED, NOW)
    with pytest.raises(MoveNotAllowed):
        decisions.end_decision(decision, closing_text="Igen.", by=by("director"), now=NOW)


def test_not_followed_up_while_an_assignment_waits_or_without_a_closed_round_of_its_own():
    decision, (answered, waiting) = in_force(2)
    make.submitted_report(now=NOW, assignment=answered)
    going_on = make.follow_up_round(now=NOW, decision=decision)
    with pytest.raises(Refused, match="Avsluta avstämningen"):
        decisions.follow_up(decision, going_on, by=by("director"), now=NOW)
    other, _theirs = in_force()
    with pytest.raises(Refused, match="Avsluta avstämningen"):
        decisions.follow_up(decision, closed_round(other), by=by("director"), now=NOW)
    held = closed_round(decision)
    with pytest.raises(Refused, match=waiting.number):
        decisions.follow_up(decision, held, by=by("director"), now=NOW)
    assignments.record_exception(waiting, reason="Svaras i höst.", by=by("director"), now=NOW)
    assert decisions.follow_up(decision, held, by=by("director"), now=NOW).state == DecisionState.FOLLOWED_UP
    with pytest.raises(MoveNotAllowed):
        decisions.follow_up(decision, held, by=by("director"), now=NOW)


def test_a_cancelled_assignment_needs_no_answer():
    decision, (answered, dropped) = in_force(2)
    make.submitted_report(now=NOW, assignment=answered)
    assignments.cancel_assignment(dropped, reason="Fel.", by=by("director"), now=NOW)
    assert decisions.unanswered_assignments(decision) == [make.fresh(answered)]
    followed = decisions.follow_up(decision, closed_round(decision), by=by("director"), now=NOW)
    assert followed.state == DecisionState.FOLLOWED_UP


# --- At the same moment -----------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_two_decide_at_once_and_one_wins():
    draft = make.decision(now=NOW)
    director = by("director")
    pages = [make.fresh(draft), make.fresh(draft)]
    outcomes = at_once(*[lambda page=page: decisions.decide(page, by=director, now=NOW) for page in pages])
    assert refused_with(outcomes) == ["MoveNotAllowed"]
    assert make.verbs(draft).count("decided") == 1


@pytest.mark.django_db(transaction=True)
def test_two_issue_at_once_and_each_assignment_is_issued_once():
    drafted = make.assignment(now=NOW, due_at=DUE)
    director = by("director")
    taken = decisions.decide(drafted.decision, by=director, now=NOW)
    pages = [make.fresh(taken), make.fresh(taken)]
    outcomes = at_once(*[lambda page=page: decisions.issue_all(page, by=director, now=NOW) for page in pages])
    assert refused_with(outcomes) == ["Refused"]
    assert make.verbs(drafted) == ["created", "issued"]
    assert not Obligation.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_drafts_begun_at_once_get_different_numbers():
    response = make.response(now=NOW)
    coordinator = by("coordinator")
    drafts = at_once(*[lambda: decisions.draft_decision(response, by=coordinator, now=NOW)] * 4)
    assert sorted(draft.number for draft in drafts) == ["2020-1", "2020-2", "2020-3", "2020-4"]


@pytest.mark.django_db(transaction=True)
def test_a_revision_and_an_issuing_at_once_leave_no_assignment_behind():
    decision, (owed,) = in_force()
    late = make.assignment(now=NOW, decision=decision, due_at=DUE)
    director = by("director")
    new = make.revision(decision, now=NOW)
    decisions.choose(new, owed, choice="KEEP", by=director, now=NOW)
    at_once(
        lambda: decisions.decide(make.fresh(new), by=director, now=NOW),
        lambda: decisions.issue_all(make.fresh(decision), by=director, now=NOW),
    )
    if make.fresh(decision).state == DecisionState.REVISED:
        assert make.fresh(late).decision_id == new.pk
    else:  # issued first: the revision must be asked about it before it can be decided
        assert make.fresh(late).state == AssignmentState.ISSUED
        assert decisions.missing_before_decision(make.fresh(new))
