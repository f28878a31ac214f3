"""Safety walks: every observation gets an owner and an answer, and residents read what came of it."""

from __future__ import annotations

import datetime as dt

import pytest

from lysekil_trygghet.history.guards import NotAllowed, Refused
from lysekil_trygghet.history.operations import MoveNotAllowed, StalePage
from pledges.lifecycle import Delivery, ObservationState, WalkState
from pledges.models import SafetyWalk, WalkObservation
from pledges.operations import walks
from pledges.operations.commitments import UnitRow

from .. import make_pledges as making
from ..make_incidents import department, fresh, verbs
from .acting import NOW, POLICE, TODAY, WRITING, by, who_may

pytestmark = pytest.mark.django_db

SOCIAL, POLISEN = "socialforvaltningen", "polisen"
PROOF = {"document": "Mejl från Polisen, KS 2020-30", "document_on": TODAY}
TOMORROW = TODAY + dt.timedelta(days=1)


def planned(**values) -> SafetyWalk:
    defaults = {"title": "Vandring i centrum", "held_on": TODAY, "route": "Torget till kajen."}
    return walks.plan_walk(values=defaults | values, by=by("coordinator"), now=NOW)


def walked(**values) -> SafetyWalk:
    return walks.hold_walk(planned(**values), by=by("coordinator"), now=NOW)


def seen(walk: SafetyWalk, *, owner: str | None = SOCIAL, **values) -> WalkObservation:
    defaults = {
        "spot": "Gången bakom torget",
        "text": "Lampan är trasig.",
        "owner": department(owner) if owner else None,
    }
    return walks.add_observation(walk, values=defaults | values, by=by("coordinator"), now=NOW)


def answered(of: WalkObservation, actor=None, *, answer: str = "Lampan byts i maj.", **values) -> WalkObservation:
    return walks.answer_observation(of, answer=answer, by=actor or by("head_social"), now=NOW, **values)


# --- The walk -------------------------------------------------------------------------------------------


def test_walks_are_kept_by_those_who_write_sets_departments_and_the_police():
    of = planned()
    keeping = who_may(lambda actor: walks.edit_walk(of, values={"participants": 12}, by=actor, now=NOW))
    assert keeping >= WRITING | POLICE | {"head_social", "officer_social"}
    assert not keeping & {"communicator", "auditor", "elected", "researcher", "registrar"}


@pytest.mark.parametrize(
    ("values", "words"),
    [({"title": " "}, "rubrik"), ({"held_on": None}, "vilken dag"), ({"route": "19121212-1212"}, "personnummer")],
)
def test_odd_walks_are_refused(values, words):
    with pytest.raises(Refused, match=words):
        planned(**values)
    of = planned()
    with pytest.raises(Refused, match=words):
        walks.edit_walk(of, values=values, by=by("coordinator"), now=NOW)


def test_it_is_walked_on_its_day_or_later():
    of = planned(held_on=TOMORROW)
    with pytest.raises(Refused, match="inte varit"):
        walks.hold_walk(of, by=by("coordinator"), now=NOW)
    moved = walks.edit_walk(of, values={"held_on": TODAY}, by=by("coordinator"), now=NOW, seen=of.revision)
    done = walks.hold_walk(moved, by=by("coordinator"), now=NOW)
    assert done.state == WalkState.WALKED
    with pytest.raises(MoveNotAllowed):
        walks.hold_walk(done, by=by("coordinator"), now=NOW)
    with pytest.raises(Refused, match="inte vara framåt"):
        walks.edit_walk(done, values={"held_on": TOMORROW}, by=by("coordinator"), now=NOW)
    with pytest.raises(MoveNotAllowed):
        walks.cancel_walk(done, by=by("coordinator"), now=NOW)


def test_one_that_is_called_off_takes_no_observations():
    of = walks.cancel_walk(planned(), by=by("coordinator"), now=NOW)
    with pytest.raises(Refused, match="inte gjord"):
        seen(of)
    with pytest.raises(Refused, match="inställd"):
        walks.edit_walk(of, values={"title": "X"}, by=by("coordinator"), now=NOW)


def test_a_walk_for_a_promise_is_logged_as_held():
    promise = making.published_commitment(now=NOW, units=(UnitRow("vandringar"),))
    of = planned(commitment=promise)
    done = walks.hold_walk(of, organisation=department(SOCIAL), by=by("head_social"), now=NOW)
    assert done.occurrence is not None
    assert (done.occurrence.date, done.occurrence.counts.get().count) == (TODAY, 1)
    assert fresh(promise).delivery_state == Delivery.ONGOING
    assert verbs(of) == ["created", "walked", "logged"]


def test_nobody_is_logged_who_may_not_be_and_then_it_is_not_walked_either():
    of = planned(commitment=making.published_commitment(now=NOW, leads=(POLISEN,)))
    with pytest.raises(NotAllowed):
        walks.hold_walk(of, organisation=department(POLISEN), by=by("head_social"), now=NOW)
    assert fresh(of).state == WalkState.PLANNED
    with pytest.raises(Refused, match="något löfte"):
        walks.hold_walk(planned(), organisation=department(SOCIAL), by=by("coordinator"), now=NOW)


# --- What was seen --------------------------------------------------------------------------------------


def test_a_walk_is_answered_when_all_that_was_seen_has_an_answer():
    of = walked()
    first, second = seen(of), seen(of, owner=None, spot="Kajen")
    assert [first.order, second.order] == [1, 2]
    answered(first)
    assert fresh(of).state == WalkState.WALKED
    with pytest.raises(Refused, match="vem som ska svara"):
        answered(second, by("coordinator"))
    owned = walks.edit_observation(
        second, values={"owner": department(SOCIAL)}, by=by("coordinator"), now=NOW, seen=second.revision
    )
    done = answered(owned)
    assert (done.state, done.answered_at) == (ObservationState.ANSWERED, NOW)
    assert fresh(of).state == WalkState.ANSWERED
    third = seen(fresh(of), spot="Parken")
    assert fresh(of).state == WalkState.WALKED
    walks.remove_observation(third, by=by("coordinator"), now=NOW, seen=third.revision)
    assert fresh(of).state == WalkState.ANSWERED


def test_a_walk_where_nothing_was_seen_is_not_answered():
    of = walked()
    only = seen(of)
    walks.remove_observation(only, by=by("coordinator"), now=NOW)
    assert fresh(of).state == WalkState.WALKED


def test_its_owner_answers_and_for_the_municipality_those_who_write_sets():
    of = seen(walked())
    assert who_may(lambda actor: answered(of, actor)) == {"head_social", "officer_social"} | WRITING
    with pytest.raises(Refused, match="Skriv svaret"):
        answered(of, answer=" ")
    with pytest.raises(Refused, match="personnummer"):
        answered(of, answer="19121212-1212")


def test_the_police_answer_themselves_or_in_a_document():
    of = seen(walked(), owner=POLISEN)
    with pytest.raises(NotAllowed):
        answered(of, by("director"), **PROOF)
    with pytest.raises(Refused, match="handling"):
        answered(of, by("coordinator"))
    written = answered(of, by("coordinator"), **PROOF)
    assert (written.answer_document, written.answer_document_on) == (PROOF["document"], TODAY)
    again = walks.reopen_observation(written, by=by("police_liaison"), now=NOW)
    assert (again.state, again.answered_at, again.answer_document) == (ObservationState.OPEN, None, "")
    assert answered(again, by("police_liaison")).answer_document == ""


def test_it_is_mended_at_once_or_after_its_answer():
    of = walked()
    first, second = seen(of), seen(of)
    with pytest.raises(Refused, match="Skriv svaret"):
        walks.mend(first, done_on=TODAY, by=by("head_social"), now=NOW)
    with pytest.raises(Refused, match="inte varit"):
        walks.mend(first, done_on=TOMORROW, answer="Bytt.", by=by("head_social"), now=NOW)
    assert walks.mend(first, done_on=TODAY, answer="Bytt.", by=by("head_social"), now=NOW).done_on == TODAY
    later = walks.mend(answered(second), done_on=TODAY, by=by("head_social"), now=NOW)
    assert (later.state, later.answer) == (ObservationState.DONE, "Lampan byts i maj.")
    assert fresh(of).state == WalkState.ANSWERED
    opened = walks.reopen_observation(later, by=by("coordinator"), now=NOW)
    assert (opened.state, opened.done_on, fresh(of).state) == (ObservationState.OPEN, None, WalkState.WALKED)


def test_what_has_an_answer_is_opened_before_it_is_changed_and_never_removed():
    of = answered(seen(walked()))
    with pytest.raises(Refused, match="Öppna den igen"):
        walks.edit_observation(of, values={"text": "X"}, by=by("coordinator"), now=NOW)
    with pytest.raises(Refused, match="tas inte bort"):
        walks.remove_observation(of, by=by("coordinator"), now=NOW)
    hidden = walks.edit_observation(of, values={"is_public": False}, by=by("coordinator"), now=NOW)
    assert not hidden.is_public


@pytest.mark.parametrize("values", [{"spot": " "}, {"text": ""}, {"text_en": "19121212-1212"}])
def test_odd_observations_are_refused(values):
    of = walked()
    with pytest.raises(Refused):
        seen(of, **values)
    there = seen(of)
    with pytest.raises(Refused):
        walks.edit_observation(there, values=values, by=by("coordinator"), now=NOW)
    with pytest.raises(StalePage):
        walks.edit_observation(there, values={"text": "Ny"}, by=by("coordinator"), now=NOW, seen=there.revision + 1)


# --- To residents ---------------------------------------------------------------------------------------


def publish(of: SafetyWalk, actor=None, **values) -> SafetyWalk:
    return walks.publish_walk(of, by=actor or by("communicator"), now=NOW, **values)


def test_the_communicator_or_the_coordinator_shows_it():
    of = walked()
    assert who_may(lambda actor: publish(of, actor)) == {"communicator", "coordinator"}
    out = publish(of, seen=of.revision)
    assert list(SafetyWalk.objects.published()) == [out]
    with pytest.raises(Refused, match="redan publicerad"):
        publish(out)
    back = walks.withdraw_walk(out, by=by("coordinator"), now=NOW)
    assert not SafetyWalk.objects.published().exists()
    with pytest.raises(Refused, match="inte publicerad"):
        walks.withdraw_walk(back, by=by("coordinator"), now=NOW)
    assert publish(back).is_public


def test_signs_of_persons_in_what_residents_would_read_are_looked_through():
    of = walked()
    row = seen(of, text="Vaktmästaren har 0523-613000.")
    with pytest.raises(Refused, match="telefonnummer"):
        publish(of)
    assert publish(of, confirm_privacy=True).is_public
    other = walked()
    seen(other, text="Vaktmästaren har 0523-613000.", is_public=False)
    assert publish(other).is_public
    WalkObservation.objects.filter(pk=row.pk).update(answer="19121212-1212")
    hidden = walks.withdraw_walk(fresh(of), by=by("coordinator"), now=NOW)
    with pytest.raises(Refused, match="personnummer"):
        publish(hidden, confirm_privacy=True)


def test_one_that_was_called_off_before_it_was_shown_is_not_shown():
    with pytest.raises(Refused, match="inställd"):
        publish(walks.cancel_walk(planned(), by=by("coordinator"), now=NOW))
    shown = publish(planned(held_on=TOMORROW))
    assert walks.cancel_walk(shown, by=by("coordinator"), now=NOW).is_public
