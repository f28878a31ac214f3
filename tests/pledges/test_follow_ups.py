"""Following up: what was done, how it went, what happened. Finished with its texts; the Police's word with theirs."""

from __future__ import annotations

import datetime as dt

import pytest

from lysekil_trygghet.history.guards import NotAllowed, Refused
from lysekil_trygghet.history.operations import MoveNotAllowed, StalePage
from pledges.checks import missing_to_close
from pledges.lifecycle import FollowUpKind, FollowUpState
from pledges.models import FollowUp
from pledges.operations import follow_ups, pledge_sets
from pledges.thread import red_thread

from .. import make_pledges as making
from ..make_incidents import fresh, verbs
from .acting import NOW, POLICE, TODAY, WRITING, by, who_may

pytestmark = pytest.mark.django_db

PERIOD = {"period_start": TODAY - dt.timedelta(days=20), "period_end": TODAY}
PROOF = {"document": "Mejl från Polisen, KS 2020-30", "document_on": TODAY}
OWN_SOCIAL = {"head_social", "officer_social"}


def promise(number: int = 1):
    """Number 2 is the Police's."""
    return making.published_set(now=NOW).commitments.get(number=number)


def written(of, actor=None, *, kind: str = FollowUpKind.OUTPUT, **values) -> FollowUp:
    defaults = PERIOD | {"done_text": "Tjugo kvällar på torget."}
    return follow_ups.write_follow_up(of, kind=kind, values=defaults | values, by=actor or by("coordinator"), now=NOW)


def finished(of, actor=None, **values) -> FollowUp:
    actor = actor or by("coordinator")
    return follow_ups.finish(written(of, actor, **values), by=actor, now=NOW)


def test_the_leads_people_and_those_who_write_sets_follow_up():
    of = promise()
    assert who_may(lambda actor: written(of, actor)) == OWN_SOCIAL | WRITING
    draft = written(of)
    assert draft.state == FollowUpState.DRAFT
    assert who_may(lambda actor: follow_ups.finish(draft, by=actor, now=NOW)) == OWN_SOCIAL | WRITING
    polices = promise(2)
    assert who_may(lambda actor: written(polices, actor)) == POLICE | WRITING


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"period_start": None}, "vilken tid"),
        ({"period_end": TODAY - dt.timedelta(days=30)}, "slutar innan"),
        ({"obstacles": "19121212-1212"}, "personnummer"),
        ({"kind": "OPINION"}, "Välj om uppföljningen"),
    ],
)
def test_odd_values_are_refused_in_words(values, words):
    with pytest.raises(Refused, match=words):
        written(promise(), **values)
    assert not FollowUp.objects.exists()


@pytest.mark.parametrize(
    ("kind", "texts", "words"),
    [
        ("OUTPUT", {"done_text": " ", "result_text": "Bra."}, "vad som gjordes"),
        ("PROCESS", {"done_text": "Kvällar.", "result_text": ""}, "hur det gick"),
        ("EFFECT", {"done_text": "Kvällar.", "result_text": ""}, "hur det gick"),
        (
            "OUTPUT",
            {"period_start": TODAY + dt.timedelta(days=1), "period_end": TODAY + dt.timedelta(days=2)},
            "börjat",
        ),
    ],
)
def test_each_kind_is_finished_with_what_it_is_for(kind, texts, words):
    draft = written(promise(), kind=kind, **texts)
    with pytest.raises(Refused, match=words):
        follow_ups.finish(draft, by=by("coordinator"), now=NOW)
    assert fresh(draft).state == FollowUpState.DRAFT


def test_a_draft_is_changed_a_finished_one_is_opened_first():
    draft = written(promise())
    changed = follow_ups.edit_follow_up(
        draft, values={"done_text": "Nitton kvällar."}, by=by("head_social"), now=NOW, seen=draft.revision
    )
    with pytest.raises(StalePage):
        follow_ups.edit_follow_up(draft, values={"done_text": "X"}, by=by("director"), now=NOW, seen=draft.revision)
    done = follow_ups.finish(changed, by=by("head_social"), now=NOW)
    assert (done.done_at, done.done_text) == (NOW, "Nitton kvällar.")
    with pytest.raises(Refused, match="Öppna den igen"):
        follow_ups.edit_follow_up(done, values={"done_text": "X"}, by=by("head_social"), now=NOW)
    with pytest.raises(Refused, match="Öppna den igen"):
        follow_ups.discard_follow_up(done, by=by("head_social"), now=NOW)
    with pytest.raises(MoveNotAllowed):
        follow_ups.finish(done, by=by("head_social"), now=NOW)
    opened = follow_ups.reopen_follow_up(done, by=by("head_social"), now=NOW)
    assert (opened.state, opened.done_at) == (FollowUpState.DRAFT, None)
    assert verbs(draft) == ["created", "changed", "done", "reopened"]
    with pytest.raises(MoveNotAllowed):
        follow_ups.reopen_follow_up(opened, by=by("head_social"), now=NOW)
    follow_ups.discard_follow_up(opened, by=by("head_social"), now=NOW)
    assert not FollowUp.objects.exists()


# --- Of a promise the Police lead -----------------------------------------------------------------------


def shown(of) -> list[FollowUp]:
    return list(red_thread(of, public=True).follow_ups)


def test_residents_read_what_is_said_of_a_promise_of_the_police_when_the_police_stand_behind_it():
    of = promise(2)
    done = finished(of)
    assert (done.is_police_confirmed, shown(of)) == (False, [])
    may = who_may(lambda actor: follow_ups.confirm(done, by=actor, now=NOW, seen=done.revision, **PROOF))
    assert may == POLICE | {"coordinator"}
    confirmed = follow_ups.confirm(done, by=by("lpo_chief"), now=NOW, seen=done.revision)
    assert shown(of) == [confirmed]
    with pytest.raises(MoveNotAllowed):
        follow_ups.confirm(confirmed, by=by("lpo_chief"), now=NOW, seen=confirmed.revision)


def test_what_a_police_role_finishes_the_police_stand_behind():
    done = finished(promise(2), by("police_liaison"))
    assert done.is_police_confirmed
    assert done.police_confirmed_by_function == by("police_liaison").function_label


def test_the_coordinator_writes_down_their_written_yes():
    done = finished(promise(2))
    with pytest.raises(Refused, match="handling"):
        follow_ups.confirm(done, by=by("coordinator"), now=NOW, seen=done.revision)
    confirmed = follow_ups.confirm(done, by=by("coordinator"), now=NOW, seen=done.revision, **PROOF)
    assert (confirmed.police_document, confirmed.police_document_on) == (PROOF["document"], TODAY)


def test_other_words_need_another_yes():
    done = finished(promise(2), by("police_liaison"))
    opened = follow_ups.reopen_follow_up(done, by=by("coordinator"), now=NOW)
    assert not opened.is_police_confirmed
    assert "police_confirmation_cleared" in verbs(done)
    again = follow_ups.finish(opened, by=by("coordinator"), now=NOW)
    assert not again.is_police_confirmed


def test_only_finished_words_that_need_them_are_confirmed():
    draft = written(promise(2))
    with pytest.raises(Refused, match="inte klar"):
        follow_ups.confirm(draft, by=by("police_liaison"), now=NOW, seen=draft.revision)
    municipal = finished(promise(1))
    with pytest.raises(NotAllowed):
        follow_ups.confirm(municipal, by=by("police_liaison"), now=NOW, seen=municipal.revision)


# --- And the closing of the set -------------------------------------------------------------------------


def test_a_set_closes_with_a_finished_output_for_each_promise():
    closing = making.closing_set(now=NOW)
    making.answer_all(closing, now=NOW)
    assert missing_to_close(closing) == []
    proposed = pledge_sets.propose_closing(closing, by=by("coordinator"), now=NOW)
    output = FollowUp.objects.get(commitment__number=1)
    follow_ups.reopen_follow_up(output, by=by("coordinator"), now=NOW)
    assert fresh(proposed).closing_proposed_at is None
    assert len(missing_to_close(fresh(closing))) == 1
    follow_ups.finish(output, by=by("coordinator"), now=NOW)
    assert missing_to_close(fresh(closing)) == []


def test_once_the_set_is_closed_nothing_is_followed_up_and_nothing_changes():
    closed = making.closed_set(now=NOW)
    output = FollowUp.objects.get(commitment__number=1)
    for act in (follow_ups.reopen_follow_up, follow_ups.finish, follow_ups.discard_follow_up):
        with pytest.raises(Refused, match="avslutade"):
            act(output, by=by("coordinator"), now=NOW)
    with pytest.raises(Refused, match="avslutade"):
        written(closed.commitments.get(number=1))
