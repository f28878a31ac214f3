"""The end of a set: not before its last day, not with a promise unanswered, and never by one person alone."""

from __future__ import annotations

import datetime as dt

import pytest

from lysekil_trygghet.history.guards import NotAllowed, Refused
from lysekil_trygghet.history.operations import MoveNotAllowed, StalePage
from pledges.checks import missing_to_close
from pledges.lifecycle import Delivery, SetState
from pledges.models import Commitment, FollowUp, PledgeSet
from pledges.operations import commitments, follow_ups, pledge_sets
from pledges.queries import current_set, ending_soon, past_end_with_open, progress_of

from .. import make
from .. import make_pledges as making
from ..incidents.at_once import at_once, refused_with
from ..make_incidents import acting, department, fresh, verbs
from .acting import NOW, POLICE, TODAY, WRITING, by, who_may

pytestmark = pytest.mark.django_db


# --- By the clock -----------------------------------------------------------------------------------------


def test_a_set_is_followed_up_from_midnight_after_its_last_day_in_sweden():
    made = making.published_set(now=NOW, period_end=dt.date(2020, 6, 30))
    # Midnight in Stockholm is ten in the evening in UTC.
    before, after = make.at("2020-06-30", "23:59"), make.at("2020-07-01", "00:00")
    assert (before.astimezone(dt.UTC).hour, after.astimezone(dt.UTC).day) == (21, 30)
    assert pledge_sets.begin_due_closings(now=before.astimezone(dt.UTC)) == 0
    with pytest.raises(Refused, match="gäller fortfarande"):
        pledge_sets.begin_closing(made, now=before)
    assert pledge_sets.begin_due_closings(now=after.astimezone(dt.UTC)) == 1
    assert (fresh(made).state, verbs(made)[-1]) == (SetState.CLOSING, "closing")


def test_the_step_of_the_sweep_can_be_run_again_and_leaves_other_sets_alone():
    over = making.published_set(now=NOW, period_end=TODAY - dt.timedelta(days=1))
    running, draft = making.published_set(now=NOW), making.pledge_set(now=NOW, period_end=TODAY - dt.timedelta(days=1))
    assert [pledge_sets.begin_due_closings(now=NOW) for _turn in range(3)] == [1, 0, 0]
    assert [fresh(one).state for one in (over, running, draft)] == ["CLOSING", "PUBLISHED", "DRAFT"]
    assert verbs(over).count("closing") == 1


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_move_a_set_once():
    made = making.published_set(now=NOW, period_end=TODAY - dt.timedelta(days=1))
    moved = at_once(*[lambda: pledge_sets.begin_due_closings(now=NOW)] * 3)
    assert sum(moved) == 1
    assert verbs(made).count("closing") == 1


def test_a_person_who_writes_sets_may_begin_it_too_but_no_earlier():
    made = making.published_set(now=NOW, period_end=TODAY - dt.timedelta(days=1))
    assert who_may(lambda actor: pledge_sets.begin_closing(made, now=NOW, by=actor)) == WRITING
    with pytest.raises(MoveNotAllowed):
        pledge_sets.begin_closing(making.signed_set(now=NOW), now=NOW)


# --- Every guard, one by one --------------------------------------------------------------------------------


@pytest.fixture
def closing() -> PledgeSet:
    """Everything is answered; only the closing itself is left."""
    made = making.closing_set(now=NOW)
    making.answer_all(made, now=NOW)
    assert missing_to_close(made) == []
    return fresh(made)


def one(made: PledgeSet) -> Commitment:
    return made.commitments.get(number=1)


def two(made: PledgeSet) -> Commitment:
    return made.commitments.get(number=2)


def place(promise: Commitment, to: str, *, key: str, reason: str = "") -> None:
    lead = promise.parties.get().organisation
    commitments.set_delivery(promise, organisation=lead, to=to, reason=reason, by=by(key), now=NOW)


def not_final(made: PledgeSet) -> None:
    place(one(made), Delivery.ONGOING, key="head_social")


def paused(made: PledgeSet) -> None:
    place(two(made), Delivery.PAUSED, key="police_liaison", reason="Sommar.")


def no_reason(made: PledgeSet) -> None:
    """Not reachable by any operation; the guard does not lean on that."""
    place(one(made), Delivery.NOT_DONE, key="coordinator", reason="Skäl.")
    Commitment.objects.filter(pk=one(made).pk).update(delivery_reason="")


def no_answer(made: PledgeSet) -> None:
    Commitment.objects.filter(pk=one(made).pk).update(public_note=" ")


def polices_answer_not_theirs(made: PledgeSet) -> None:
    commitments.write_answer(two(made), public_note="Andra ord.", by=by("coordinator"), now=NOW)


def follow_up_opened(made: PledgeSet) -> None:
    follow_ups.reopen_follow_up(one(made).follow_ups.get(), by=by("coordinator"), now=NOW)


def only_another_kind(made: PledgeSet) -> None:
    FollowUp.objects.filter(commitment=one(made)).update(kind="EFFECT")


def follow_up_not_confirmed(made: PledgeSet) -> None:
    FollowUp.objects.filter(commitment=two(made)).update(police_confirmed_at=None)


def proposal_waits(made: PledgeSet) -> None:
    commitments.propose_status(two(made), delivery=Delivery.NOT_DONE, reason="X", by=by("coordinator"), now=NOW)


GUARDS = [
    (not_final, "Löfte 1 har ingen slutlig status"),
    (paused, "Löfte 2 har ingen slutlig status"),
    (no_reason, "Löfte 1 säger inte varför"),
    (no_answer, "Löfte 1 har inget svar"),
    (polices_answer_not_theirs, "Polisen har inte bekräftat svaret på löfte 2"),
    (follow_up_opened, "Löfte 1 har ingen klar uppföljning"),
    (only_another_kind, "Löfte 1 har ingen klar uppföljning"),
    (follow_up_not_confirmed, "Polisen har inte bekräftat uppföljningen av löfte 2"),
    (proposal_waits, "Ett förslag om löfte 2 väntar"),
]


@pytest.mark.parametrize(("spoil", "words"), GUARDS, ids=[spoil.__name__ for spoil, _words in GUARDS])
def test_each_guard_stops_both_the_proposal_and_the_approval(closing, spoil, words):
    proposed = pledge_sets.propose_closing(closing, by=by("coordinator"), now=NOW)
    spoil(closing)
    assert [line for line in missing_to_close(closing) if words in line]
    assert len(missing_to_close(closing)) == 1
    # Where what was told has changed the proposal fell; where it was changed behind the operations it still stands.
    with pytest.raises(Refused):
        pledge_sets.approve_closing(proposed, by=by("police_liaison"), now=NOW)
    if fresh(closing).closing_proposed_at is not None:
        pledge_sets.take_back_closing(closing, by=by("coordinator"), now=NOW)
    with pytest.raises(Refused, match=words):
        pledge_sets.propose_closing(closing, by=by("coordinator"), now=NOW)
    assert fresh(closing).state == SetState.CLOSING


def test_nothing_at_all_is_answered_says_so_for_every_promise():
    made = making.closing_set(now=NOW)
    lines = missing_to_close(made)
    assert len(lines) == 6
    assert sum("Löfte 1" in line for line in lines) == sum("Löfte 2" in line for line in lines) == 3


@pytest.mark.parametrize("to", ["DONE", "PARTLY_DONE", "NOT_DONE", "WITHDRAWN", "CARRIED_OVER"])
def test_every_final_state_with_its_reason_will_do(to):
    made = making.closing_set(now=NOW)
    for promise in made.commitments.all():
        making.answered(promise, to=to, now=NOW)
    assert missing_to_close(made) == []


# --- Two persons --------------------------------------------------------------------------------------------


def test_who_proposes_and_who_approves(closing):
    assert who_may(lambda actor: pledge_sets.propose_closing(closing, by=actor, now=NOW)) == WRITING
    with pytest.raises(Refused, match="Ingen har föreslagit"):
        pledge_sets.approve_closing(closing, by=by("director"), now=NOW)
    proposed = pledge_sets.propose_closing(closing, by=by("coordinator"), now=NOW, seen=closing.revision)
    assert proposed.closing_proposed_by == by("coordinator").user
    assert who_may(lambda actor: pledge_sets.approve_closing(closing, by=actor, now=NOW)) == POLICE | {"director"}
    with pytest.raises(MoveNotAllowed):
        pledge_sets.propose_closing(closing, by=by("director"), now=NOW)
    with pytest.raises(StalePage):
        pledge_sets.approve_closing(closing, by=by("director"), now=NOW, seen=closing.revision)
    closed = pledge_sets.approve_closing(closing, by=by("police_liaison"), now=NOW, seen=proposed.revision)
    assert (closed.state, closed.closed_at, closed.closed_by_function) == (SetState.CLOSED, NOW, "Kommunpolis")
    with pytest.raises(MoveNotAllowed):
        pledge_sets.approve_closing(closing, by=by("lpo_chief"), now=NOW, seen=proposed.revision)


def test_the_one_who_proposed_does_not_approve_whatever_roles_they_hold(closing):
    pledge_sets.propose_closing(closing, by=by("director"), now=NOW)
    with pytest.raises(Refused, match="någon annan"):
        pledge_sets.approve_closing(closing, by=by("director"), now=NOW)
    make.membership(user=make.people()["director"], organisation=department("polisen"), role="LPO_CHIEF")
    with pytest.raises(Refused, match="någon annan"):
        pledge_sets.approve_closing(closing, by=acting("director", now=NOW), now=NOW)
    assert pledge_sets.approve_closing(closing, by=by("lpo_chief"), now=NOW).state == SetState.CLOSED


def test_the_deputy_approves_in_the_directors_place(closing):
    pledge_sets.propose_closing(closing, by=by("coordinator"), now=NOW)
    make.delegation(user=make.people()["head_labour"], organisation=department("kommunledning"), power="DECIDE")
    deputy = acting("head_labour", now=NOW)
    assert pledge_sets.approve_closing(closing, by=deputy, now=NOW).state == SetState.CLOSED


def test_what_is_told_otherwise_after_the_proposal_is_proposed_anew(closing):
    pledge_sets.propose_closing(closing, by=by("coordinator"), now=NOW)
    commitments.write_answer(one(closing), public_note="Nya ord.", by=by("coordinator"), now=NOW)
    assert fresh(closing).closing_proposed_at is None
    pledge_sets.propose_closing(closing, by=by("coordinator"), now=NOW)
    pledge_sets.write_closing_text(closing, closing_text="Det gick bra.", by=by("coordinator"), now=NOW)
    assert fresh(closing).closing_proposed_at is None
    pledge_sets.propose_closing(closing, by=by("coordinator"), now=NOW)
    pledge_sets.prolong(closing, new_end=TODAY + dt.timedelta(days=9), reason="Mer tid.", by=by("director"), now=NOW)
    assert fresh(closing).closing_proposed_at is None


def test_a_proposal_is_taken_back_by_either_side(closing):
    pledge_sets.propose_closing(closing, by=by("coordinator"), now=NOW)
    may = who_may(lambda actor: pledge_sets.take_back_closing(closing, by=actor, now=NOW))
    assert may == WRITING | POLICE
    pledge_sets.take_back_closing(closing, by=by("police_liaison"), now=NOW)
    with pytest.raises(MoveNotAllowed):
        pledge_sets.take_back_closing(closing, by=by("coordinator"), now=NOW)


@pytest.mark.django_db(transaction=True)
def test_a_promise_is_not_reopened_while_the_set_closes():
    """Whoever comes first: no closed set holds a promise without a final state."""
    made = making.closing_set(now=NOW)
    making.answer_all(made, now=NOW)
    pledge_sets.propose_closing(made, by=by("coordinator"), now=NOW)
    promise, social, approver, head = one(made), department("socialforvaltningen"), by("lpo_chief"), by("head_social")
    outcomes = at_once(
        lambda: pledge_sets.approve_closing(made, by=approver, now=NOW),
        lambda: commitments.set_delivery(promise, organisation=social, to=Delivery.ONGOING, by=head, now=NOW),
    )
    assert refused_with(outcomes) == ["Refused"]
    assert (fresh(made).state == SetState.CLOSED) == fresh(promise).is_final


def test_a_closed_set_stays_as_it_is(closing):
    pledge_sets.propose_closing(closing, by=by("coordinator"), now=NOW)
    closed = pledge_sets.approve_closing(closing, by=by("director"), now=NOW)
    promise = one(closed)
    for act in (
        lambda: place(promise, Delivery.ONGOING, key="coordinator"),
        lambda: commitments.set_goal(promise, to="GOAL_MET", by=by("coordinator"), now=NOW),
        lambda: commitments.write_answer(promise, public_note="X", by=by("coordinator"), now=NOW),
        lambda: making.amendment(promise, now=NOW),
        lambda: follow_ups.reopen_follow_up(promise.follow_ups.get(), by=by("coordinator"), now=NOW),
        lambda: pledge_sets.write_closing_text(closed, closing_text="X", by=by("coordinator"), now=NOW),
        lambda: pledge_sets.prolong(
            closed, new_end=TODAY + dt.timedelta(days=9), reason="X", by=by("director"), now=NOW
        ),
    ):
        with pytest.raises(Refused, match="avslutade"):
            act()
    with pytest.raises(MoveNotAllowed):
        pledge_sets.withdraw(closed, reason="X", by=by("director"), now=NOW)


@pytest.mark.parametrize("state", [SetState.DRAFT, SetState.SIGNED, SetState.PUBLISHED])
def test_only_a_set_that_is_followed_up_closes(state):
    made = making.moved_to(making.whole_set(now=NOW), state, now=NOW)
    with pytest.raises(MoveNotAllowed):
        pledge_sets.propose_closing(made, by=by("coordinator"), now=NOW)
    with pytest.raises(MoveNotAllowed):
        pledge_sets.approve_closing(made, by=by("police_liaison"), now=NOW)
    assert missing_to_close(made)


def test_the_closing_text_is_written_by_those_who_write_sets():
    made = making.published_set(now=NOW)
    may = who_may(lambda actor: pledge_sets.write_closing_text(made, closing_text="Bra.", by=actor, now=NOW))
    assert may == WRITING
    with pytest.raises(Refused, match="personnummer"):
        pledge_sets.write_closing_text(made, closing_text="19811228-9874", by=by("coordinator"), now=NOW)
    with pytest.raises(StalePage):
        pledge_sets.write_closing_text(made, closing_text="X", by=by("coordinator"), now=NOW, seen=99)
    with pytest.raises(NotAllowed):
        pledge_sets.write_closing_text(made, closing_text="X", by=by("police_liaison"), now=NOW)


# --- Told on other pages --------------------------------------------------------------------------------------


def test_how_far_a_set_has_come_is_counted_by_state():
    made = making.closing_set(now=NOW)
    making.answered(one(made), now=NOW)
    progress = progress_of(made)
    assert (progress.total, progress.final, progress.open, progress.answered, progress.done) == (2, 1, 1, 1, 1)
    assert progress.by_delivery == {Delivery.PLANNED: 1, Delivery.DONE: 1}


def test_a_set_past_its_end_is_red_while_something_is_open():
    made = making.closing_set(now=NOW)
    late = past_end_with_open(by("director"), today=TODAY).get()
    assert (late, late.open_count) == (made, 2)
    making.answer_all(made, now=NOW)
    assert not past_end_with_open(by("director"), today=TODAY).exists()


def test_sets_that_end_soon_are_found_and_the_one_that_runs_comes_first():
    closed = making.closed_set(now=NOW)
    assert current_set(today=TODAY) == closed
    soon = making.published_set(now=NOW, period_end=TODAY + dt.timedelta(days=90))
    making.published_set(now=NOW, period_end=TODAY + dt.timedelta(days=91), period_start=TODAY - dt.timedelta(days=40))
    assert list(ending_soon(by("coordinator"), today=TODAY)) == [soon]
    assert current_set(today=TODAY) == soon
