"""Where a promise stands: said by its leads, what the Police lead by the Police alone; goal and answer."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lysekil_trygghet.history.guards import NotAllowed, Refused
from lysekil_trygghet.history.models import Event
from lysekil_trygghet.history.operations import MoveNotAllowed, StalePage
from pledges.lifecycle import FINAL, NEEDS_REASON, Delivery, Goal, PartyRole, SetState, combined
from pledges.models import Commitment, Occurrence, OccurrenceCount
from pledges.operations import commitments
from pledges.operations.commitments import UnitRow
from pledges.thread import is_answer_shown

from .. import make_pledges as making
from ..make_incidents import department, fresh, verbs
from .acting import NOW, POLICE, TODAY, WRITING, by, who_may

SOCIAL, EDUCATION, POLISEN = "socialforvaltningen", "utbildningsforvaltningen", "polisen"
OWN_SOCIAL = {"head_social", "officer_social"}
PROOF = {"document": "Mejl från Polisen, KS 2020-30", "document_on": TODAY}


@pytest.fixture
def municipal(db) -> Commitment:
    return making.published_set(now=NOW).commitments.get(number=1)


@pytest.fixture
def polices(db) -> Commitment:
    return making.published_set(now=NOW).commitments.get(number=2)


def place(promise: Commitment, actor=None, *, lead: str = SOCIAL, to: str = Delivery.ONGOING, **values) -> Commitment:
    return commitments.set_delivery(
        promise, organisation=department(lead), to=to, by=actor or by("coordinator"), now=NOW, **values
    )


# --- Who ------------------------------------------------------------------------------------------------


def test_the_leads_people_and_those_who_write_sets_move_what_the_municipality_leads(municipal):
    assert who_may(lambda actor: place(municipal, actor)) == OWN_SOCIAL | WRITING
    assert who_may(lambda a: commitments.set_goal(municipal, to=Goal.GOAL_MET, by=a, now=NOW)) == OWN_SOCIAL | WRITING
    assert who_may(lambda a: commitments.write_answer(municipal, public_note="X", by=a, now=NOW)) == (
        OWN_SOCIAL | WRITING
    )


def test_what_the_police_lead_is_moved_by_police_roles_alone(polices):
    assert who_may(lambda actor: place(polices, actor, lead=POLISEN, **PROOF)) == POLICE | {"coordinator"}
    assert who_may(lambda a: commitments.set_goal(polices, to=Goal.GOAL_MET, by=a, now=NOW, **PROOF)) == (
        POLICE | {"coordinator"}
    )
    moved = place(polices, by("lpo_chief"), lead=POLISEN)
    assert (moved.delivery_state, moved.parties.get().document) == (Delivery.ONGOING, "")


def test_the_coordinator_moves_it_only_with_the_polices_document_and_its_day(polices):
    for half in ({}, {"document": "Mejl"}, {"document_on": TODAY}, {"document": " ", "document_on": TODAY}):
        with pytest.raises(Refused, match="handling"):
            place(polices, lead=POLISEN, **half)
        with pytest.raises(Refused, match="handling"):
            commitments.set_goal(polices, to=Goal.GOAL_MET, by=by("coordinator"), now=NOW, **half)
    with pytest.raises(Refused, match="framtiden"):
        place(polices, lead=POLISEN, document="Mejl", document_on=TODAY + dt.timedelta(days=1))
    with pytest.raises(NotAllowed):
        place(polices, by("director"), lead=POLISEN, **PROOF)
    moved = place(polices, lead=POLISEN, **PROOF)
    part = moved.parties.get()
    assert (part.document, part.document_on) == (PROOF["document"], TODAY)
    goal = commitments.set_goal(moved, to=Goal.TOO_EARLY, by=by("coordinator"), now=NOW, **PROOF)
    assert (goal.goal_state, goal.answer_document, goal.answer_document_on) == ("TOO_EARLY", PROOF["document"], TODAY)


def test_only_a_lead_says_where_its_part_stands(db):
    promise = making.published_commitment(now=NOW, contributing=(EDUCATION,))
    for lead in (EDUCATION, "samhallsbyggnadsforvaltningen"):
        with pytest.raises(NotAllowed):
            place(promise, lead=lead)


@pytest.mark.parametrize("state", [SetState.DRAFT, SetState.AGREED, SetState.SIGNED])
def test_nothing_moves_before_the_set_is_published(state, db):
    promise = making.moved_to(making.whole_set(now=NOW), state, now=NOW).commitments.get(number=1)
    for act in (
        lambda: place(promise),
        lambda: commitments.set_goal(promise, to=Goal.GOAL_MET, by=by("coordinator"), now=NOW),
        lambda: commitments.write_answer(promise, public_note="X", by=by("coordinator"), now=NOW),
    ):
        with pytest.raises(Refused, match="inte publicerade"):
            act()


# --- Reasons and floors -----------------------------------------------------------------------------------


@pytest.mark.parametrize("to", [state for state in Delivery if state != Delivery.PLANNED])
def test_anything_but_kept_as_promised_says_why(municipal, to):
    if to in NEEDS_REASON:
        with pytest.raises(Refused, match="varför"):
            place(municipal, to=to, reason=" ")
    moved = place(municipal, to=to, reason="Personalen räckte inte." if to in NEEDS_REASON else "")
    assert (moved.delivery_state, moved.is_final) == (to, to in FINAL)
    assert bool(moved.delivery_reason) == (to in NEEDS_REASON)


def test_a_reason_is_never_in_the_history_details_and_holds_no_identity_number(municipal):
    with pytest.raises(Refused, match="personnummer"):
        place(municipal, to=Delivery.NOT_DONE, reason="Se 19811228-9874.")
    moved = place(municipal, to=Delivery.NOT_DONE, reason="Personalen slutade.", reason_en="No staff.")
    assert (moved.delivery_reason, moved.delivery_reason_en) == ("Personalen slutade.", "No staff.")
    assert not [event for event in Event.objects.all() if "Personalen slutade" in str(event.details)]


def test_a_reason_can_be_reworded_but_a_second_tap_is_told(municipal):
    place(municipal, to=Delivery.NOT_DONE, reason="Personalen slutade.")
    with pytest.raises(MoveNotAllowed):
        place(municipal, to=Delivery.NOT_DONE, reason="Personalen slutade.", seen=municipal.revision)
    again = place(municipal, to=Delivery.NOT_DONE, reason="Tre slutade.")
    assert again.delivery_reason == "Tre slutade."
    back = place(municipal, to=Delivery.ONGOING)
    assert back.delivery_reason == ""


def test_an_old_page_moves_nothing(municipal):
    place(municipal, seen=municipal.revision)
    with pytest.raises(StalePage):
        place(municipal, to=Delivery.DONE, seen=municipal.revision)
    with pytest.raises(StalePage):
        commitments.write_answer(municipal, public_note="X", by=by("coordinator"), now=NOW, seen=municipal.revision)


def held(promise: Commitment, counts: dict[str, int], state: str = "HELD") -> None:
    row = Occurrence.objects.create(
        commitment=promise,
        organisation=promise.parties.first().organisation,
        date=TODAY,
        state=state,
        reason="Sjukdom" if state == "CANCELLED" else "",
        recorded_at=NOW,
    )
    for unit in promise.units.all():
        if unit.name in counts:
            OccurrenceCount.objects.create(occurrence=row, unit=unit, count=counts[unit.name])


def test_done_means_every_floor_is_reached_or_a_reason(db):
    units = [
        UnitRow("trafikkontroller", target_min=8),
        UnitRow("nykterhetskontroller", target_min=2),
        UnitRow("möten"),
    ]
    promise = making.published_commitment(now=NOW, units=units)
    held(promise, {"trafikkontroller": 8, "nykterhetskontroller": 1})
    for state in ("CANCELLED", "UNDONE"):
        held(promise, {"nykterhetskontroller": 5}, state)
    with pytest.raises(Refused, match="1 av 2 nykterhetskontroller"):
        place(promise, to=Delivery.DONE)
    with_reason = place(promise, to=Delivery.DONE, reason="En kontroll var dubbelt så lång.")
    assert with_reason.delivery_state == Delivery.DONE
    place(promise, to=Delivery.ONGOING)
    held(promise, {"nykterhetskontroller": 1})
    assert place(promise, to=Delivery.DONE).delivery_state == Delivery.DONE


# --- Several leads ----------------------------------------------------------------------------------------


def test_a_promise_of_two_leads_stands_where_both_put_it(db):
    promise = making.published_commitment(now=NOW, leads=(SOCIAL, POLISEN))
    assert place(promise, to=Delivery.DONE).delivery_state == Delivery.ONGOING
    done = place(promise, by("police_liaison"), lead=POLISEN, to=Delivery.NOT_DONE, reason="Annat gick före.")
    assert done.delivery_state == Delivery.PARTLY_DONE
    assert done.delivery_reason == "Polisen, lokalpolisområde Västra Fyrbodal: Annat gick före."
    with pytest.raises(Refused, match="handling"):
        place(promise, lead=POLISEN, to=Delivery.DONE)
    # The municipality's own part stays the municipality's to move.
    assert place(promise, by("officer_social"), to=Delivery.ONGOING).delivery_state == Delivery.ONGOING
    assert promise.parties.get(organisation__kind="POLICE").delivery_state == Delivery.NOT_DONE


def test_reasons_in_english_are_shown_when_all_are_there(db):
    promise = making.published_commitment(now=NOW, leads=(SOCIAL, EDUCATION))
    place(promise, to=Delivery.NOT_DONE, reason="A.", reason_en="A in English.")
    half = place(promise, lead=EDUCATION, to=Delivery.NOT_DONE, reason="B.")
    assert half.delivery_reason == "Socialförvaltningen: A.\nUtbildningsförvaltningen: B."
    assert half.delivery_reason_en == ""


def test_the_floor_is_asked_for_when_the_last_lead_is_done(db):
    promise = making.published_commitment(now=NOW, leads=(SOCIAL, EDUCATION), units=[UnitRow("möten", target_min=2)])
    place(promise, to=Delivery.DONE)
    with pytest.raises(Refused, match="0 av 2 möten"):
        place(promise, lead=EDUCATION, to=Delivery.DONE)


states = st.sampled_from(list(Delivery))
OPEN = {Delivery.PLANNED, Delivery.ONGOING, Delivery.PAUSED}


@given(st.lists(states, min_size=1, max_size=6))
def test_what_several_leads_say_together(parts):
    whole = combined(parts)
    assert whole == combined(reversed(parts))
    assert whole == combined(parts * 2)
    if len(set(parts)) == 1:
        assert whole == parts[0]
    left = [part for part in parts if part != Delivery.WITHDRAWN]
    assert (whole in FINAL) == (not set(parts) & OPEN)
    assert (whole == Delivery.DONE) == (bool(left) and set(left) == {Delivery.DONE})
    if left:
        assert whole == combined(left)
    if whole == Delivery.CARRIED_OVER:
        assert Delivery.CARRIED_OVER in parts
    if whole == Delivery.NOT_DONE:
        assert set(left) == {Delivery.NOT_DONE}


def test_one_done_and_another_not_is_partly_done():
    assert combined(["DONE", "NOT_DONE"]) == Delivery.PARTLY_DONE
    with pytest.raises(ValueError, match="at least one lead"):
        combined([])


@pytest.mark.django_db
def test_the_promise_always_stands_where_its_leads_put_it():
    """Whatever the leads say in whatever order, the stored state is the combined one."""
    promise = making.published_commitment(now=NOW, leads=(SOCIAL, EDUCATION))
    for first in Delivery:
        for second in (Delivery.DONE, Delivery.WITHDRAWN, Delivery.PAUSED, Delivery.CARRIED_OVER):
            for lead, to in ((SOCIAL, first), (EDUCATION, second)):
                part = promise.parties.get(organisation__slug=lead)
                if part.delivery_state != to:
                    place(promise, lead=lead, to=to, reason="Skäl.")
            parts = promise.parties.filter(role=PartyRole.LEAD).values_list("delivery_state", flat=True)
            assert fresh(promise).delivery_state == combined(parts) == combined([first, second])


# --- Goal and answer ----------------------------------------------------------------------------------------


def test_the_goal_is_said_and_unsaid(municipal):
    said = commitments.set_goal(municipal, to=Goal.GOAL_MET, by=by("coordinator"), now=NOW, seen=municipal.revision)
    assert said.goal_state == Goal.GOAL_MET
    with pytest.raises(MoveNotAllowed):
        commitments.set_goal(municipal, to=Goal.GOAL_MET, by=by("coordinator"), now=NOW)
    with pytest.raises(Refused, match="målet"):
        commitments.set_goal(municipal, to="VICTORY", by=by("coordinator"), now=NOW)
    unsaid = commitments.set_goal(municipal, to="", by=by("coordinator"), now=NOW)
    assert (unsaid.goal_state, verbs(municipal)[-2:]) == ("", ["goal_met", "goal_cleared"])


def answer(promise: Commitment, key: str, text: str = "Vi var där.", **values) -> Commitment:
    return commitments.write_answer(promise, public_note=text, by=by(key), now=NOW, **values)


def test_an_answer_is_words_without_identity_numbers(municipal):
    for text, words in ((" ", "Skriv svaret"), ("Se 19811228-9874.", "personnummer")):
        with pytest.raises(Refused, match=words):
            answer(municipal, "coordinator", text)
    written = answer(municipal, "officer_social", public_note_en="We were there.")
    assert (is_answer_shown(written), written.public_note_en) == (True, "We were there.")


def test_an_answer_about_what_the_police_lead_waits_for_them(polices):
    assert who_may(lambda a: commitments.write_answer(polices, public_note="X", by=a, now=NOW)) == POLICE | WRITING
    written = answer(polices, "coordinator")
    assert not is_answer_shown(written)
    may = who_may(lambda a: commitments.confirm_answer(polices, by=a, now=NOW, seen=written.revision, **PROOF))
    assert may == POLICE | {"coordinator"}
    with pytest.raises(StalePage):
        commitments.confirm_answer(polices, by=by("police_liaison"), now=NOW, seen=0)
    confirmed = commitments.confirm_answer(polices, by=by("police_liaison"), now=NOW, seen=written.revision)
    assert (is_answer_shown(confirmed), confirmed.answer_document) == (True, "")
    with pytest.raises(MoveNotAllowed):
        commitments.confirm_answer(polices, by=by("lpo_chief"), now=NOW, seen=confirmed.revision)
    assert is_answer_shown(answer(polices, "coordinator"))
    assert not is_answer_shown(answer(polices, "coordinator", "Nya ord."))


def test_the_police_stand_behind_what_they_write_and_what_they_sent(polices):
    assert is_answer_shown(answer(polices, "police_liaison"))
    with pytest.raises(Refused, match="handling"):
        answer(polices, "coordinator", "Nytt.", document="Mejl")
    with pytest.raises(NotAllowed):
        answer(polices, "director", "Nytt.", **PROOF)
    sent = answer(polices, "coordinator", "Polisen skrev så här.", **PROOF)
    assert (is_answer_shown(sent), sent.answer_document, sent.answer_document_on) == (
        True,
        PROOF["document"],
        TODAY,
    )


def test_there_is_nothing_to_confirm_before_it_is_written(polices, municipal):
    with pytest.raises(Refused, match="inget svar"):
        commitments.confirm_answer(polices, by=by("police_liaison"), now=NOW, seen=polices.revision)
    written = answer(municipal, "coordinator")
    with pytest.raises(NotAllowed):
        commitments.confirm_answer(municipal, by=by("police_liaison"), now=NOW, seen=written.revision)


# --- Proposals ----------------------------------------------------------------------------------------------


def propose(promise: Commitment, actor=None, **values):
    values = {"delivery": Delivery.DONE, "public_note": "Polisen var där."} | values
    return commitments.propose_status(promise, by=actor or by("coordinator"), now=NOW, **values)


def test_the_coordinator_proposes_and_nothing_moves_until_the_police_accept(polices):
    assert who_may(lambda actor: propose(polices, actor)) == {"coordinator"}
    proposal = propose(polices, goal=Goal.GOAL_MET, public_note_en="They were there.")
    assert fresh(polices).delivery_state == Delivery.PLANNED
    with pytest.raises(Refused, match="redan ett förslag"):
        propose(polices)
    may = who_may(lambda actor: commitments.accept_proposal(proposal, by=actor, now=NOW, **PROOF))
    assert may == POLICE | {"coordinator"}
    accepted = commitments.accept_proposal(proposal, by=by("police_liaison"), now=NOW)
    now_is = fresh(polices)
    assert (accepted.state, accepted.decided_at) == ("ACCEPTED", NOW)
    assert (now_is.delivery_state, now_is.goal_state, now_is.public_note) == ("DONE", "GOAL_MET", "Polisen var där.")
    assert is_answer_shown(now_is)
    with pytest.raises(MoveNotAllowed):
        commitments.accept_proposal(proposal, by=by("lpo_chief"), now=NOW)


def test_a_proposal_is_accepted_in_writing_with_document_and_day(polices):
    proposal = propose(polices, delivery=Delivery.NOT_DONE, reason="Annat gick före.")
    with pytest.raises(Refused, match="handling"):
        commitments.accept_proposal(proposal, by=by("coordinator"), now=NOW)
    commitments.accept_proposal(proposal, by=by("coordinator"), now=NOW, **PROOF)
    now_is = fresh(polices)
    assert (now_is.delivery_state, now_is.delivery_reason) == ("NOT_DONE", "Annat gick före.")
    assert (now_is.answer_document, now_is.parties.get().document) == (PROOF["document"],) * 2


def test_the_police_decline_with_words_and_the_coordinator_takes_back(polices):
    proposal = propose(polices)
    assert who_may(lambda a: commitments.decline_proposal(proposal, reason="Fel antal.", by=a, now=NOW)) == POLICE
    with pytest.raises(Refused, match="varför"):
        commitments.decline_proposal(proposal, reason="", by=by("police_liaison"), now=NOW)
    assert who_may(lambda actor: commitments.take_back_proposal(proposal, by=actor, now=NOW)) == {"coordinator"}
    declined = commitments.decline_proposal(proposal, reason="Fel antal.", by=by("police_liaison"), now=NOW)
    assert (declined.state, declined.decline_reason) == ("DECLINED", "Fel antal.")
    with pytest.raises(MoveNotAllowed):
        commitments.take_back_proposal(proposal, by=by("coordinator"), now=NOW)
    assert commitments.take_back_proposal(propose(polices), by=by("coordinator"), now=NOW).state == "DECLINED"
    assert fresh(polices).delivery_state == Delivery.PLANNED


def test_odd_proposals_are_refused(polices, municipal):
    for values, words in (
        ({"delivery": "X"}, "status"),
        ({"goal": "X"}, "målet"),
        ({"delivery": Delivery.NOT_DONE}, "varför"),
        ({"public_note": "19811228-9874"}, "personnummer"),
    ):
        with pytest.raises(Refused, match=words):
            propose(polices, **values)
    with pytest.raises(NotAllowed):
        propose(municipal)


def test_a_proposal_below_the_floor_falls_with_the_polices_yes(db):
    promise = making.published_commitment(now=NOW, leads=(POLISEN,), units=[UnitRow("kontroller", target_min=3)])
    proposal = propose(promise)
    with pytest.raises(Refused, match="0 av 3 kontroller"):
        commitments.accept_proposal(proposal, by=by("police_liaison"), now=NOW)
    assert (fresh(proposal).state, fresh(promise).public_note) == ("OPEN", "")
