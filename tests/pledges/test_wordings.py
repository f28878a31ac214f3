"""The Police's word on each priority and promise: confirmed by them, in writing, or sent back for other words."""

from __future__ import annotations

import pytest

from lysekil_trygghet.history.guards import NotAllowed, Refused
from lysekil_trygghet.history.operations import MoveNotAllowed, StalePage
from lysekil_trygghet.history.queries import timeline_of
from pledges.lifecycle import SetState
from pledges.models import Comment
from pledges.operations import commitments, pledge_sets, priorities, wordings
from pledges.queries import waiting_for_police

from .. import make_pledges as making
from ..make_incidents import fresh, verbs
from .acting import NOW, POLICE, TODAY, by, who_may

pytestmark = pytest.mark.django_db

PROOF = {"document": "Brev från Polisen, KS 2020-12", "document_on": TODAY}


@pytest.fixture
def draft():
    return making.opened(making.whole_set(now=NOW), now=NOW)


def things(draft):
    return draft.areas.get(), draft.commitments.get(number=2)


@pytest.mark.parametrize("place", [0, 1], ids=["area", "promise"])
def test_a_police_role_confirms_what_was_opened_to_them(draft, place):
    thing = things(draft)[place]
    may = who_may(lambda actor: wordings.confirm_wording(thing, by=actor, now=NOW, seen=thing.revision, **PROOF))
    assert may == POLICE | {"coordinator"}
    unopened = things(making.whole_set(now=NOW))[place]
    may = who_may(lambda actor: wordings.confirm_wording(unopened, by=actor, now=NOW, seen=unopened.revision, **PROOF))
    assert may == {"coordinator"}
    done = wordings.confirm_wording(thing, by=by("lpo_chief"), now=NOW, seen=thing.revision)
    assert (done.is_police_confirmed, done.police_confirmed_by_function) == (True, "Lokalpolisområdeschef")
    assert done.police_document == ""
    with pytest.raises(MoveNotAllowed):
        wordings.confirm_wording(thing, by=by("police_liaison"), now=NOW, seen=thing.revision)


@pytest.mark.parametrize("place", [0, 1], ids=["area", "promise"])
def test_the_coordinator_writes_down_the_polices_yes_with_document_and_day(draft, place):
    thing = things(draft)[place]
    for half in ({}, {"document": "Brev"}, {"document_on": TODAY}):
        with pytest.raises(Refused, match="handling"):
            wordings.confirm_wording(thing, by=by("coordinator"), now=NOW, seen=thing.revision, **half)
    done = wordings.confirm_wording(thing, by=by("coordinator"), now=NOW, seen=thing.revision, **PROOF)
    assert (done.police_document, done.police_document_on) == (PROOF["document"], TODAY)
    assert (done.police_confirmed_by_function, verbs(done)[-1]) == ("", "police_confirmed_in_writing")


def test_words_are_confirmed_as_they_stood_on_the_page(draft):
    area, promise = things(draft)
    priorities.edit_area(area, values={"why": "Nytt"}, by=by("coordinator"), now=NOW)
    commitments.edit_commitment(promise, values={"purpose": "Nytt"}, by=by("coordinator"), now=NOW)
    for thing in (area, promise):
        with pytest.raises(StalePage):
            wordings.confirm_wording(thing, by=by("police_liaison"), now=NOW, seen=thing.revision)


CONFIRMED_WORDS = [
    "text_as_promised", "text_as_promised_en", "purpose", "purpose_en", "how_we_know", "how_we_know_en", "easy_text",
]  # fmt: skip


@pytest.mark.parametrize("name", CONFIRMED_WORDS)
def test_new_words_take_the_polices_yes_to_the_promise_back(draft, name):
    promise = things(draft)[1]
    wordings.confirm_wording(promise, by=by("police_liaison"), now=NOW, seen=promise.revision)
    commitments.edit_commitment(fresh(promise), values={name: "Nya ord"}, by=by("coordinator"), now=NOW)
    assert not fresh(promise).is_police_confirmed
    assert "police_confirmation_cleared" in verbs(promise)


@pytest.mark.parametrize(
    "change",
    [
        lambda p: commitments.edit_commitment(p, values={}, parties=[], by=by("coordinator"), now=NOW),
        lambda p: commitments.edit_commitment(
            p, values={}, units=[commitments.UnitRow("kvällar", target_min=8)], by=by("coordinator"), now=NOW
        ),
        lambda p: commitments.edit_commitment(p, values={"kind": "ONE_OFF"}, by=by("coordinator"), now=NOW),
        lambda p: commitments.edit_commitment(p, values={"period_start": TODAY}, by=by("coordinator"), now=NOW),
    ],
    ids=["parties", "units", "kind", "period"],
)
def test_who_leads_and_what_is_counted_are_part_of_the_words(draft, change):
    promise = things(draft)[1]
    wordings.confirm_wording(promise, by=by("police_liaison"), now=NOW, seen=promise.revision)
    change(fresh(promise))
    assert not fresh(promise).is_police_confirmed


@pytest.mark.parametrize(
    "values",
    [{"title": "Annat"}, {"title_en": "Other"}, {"why": "Annat"}, {"why_en": "Other"}, {"problems": []}],
)
def test_new_words_or_problems_take_the_polices_yes_to_the_area_back(draft, values):
    area = things(draft)[0]
    wordings.confirm_wording(area, by=by("police_liaison"), now=NOW, seen=area.revision)
    problems = values.pop("problems", None)
    priorities.edit_area(fresh(area), values=values, problems=problems, by=by("coordinator"), now=NOW)
    assert not fresh(area).is_police_confirmed


def test_saving_the_same_words_again_takes_nothing_back(draft):
    area, promise = things(draft)
    for thing in (area, promise):
        wordings.confirm_wording(thing, by=by("police_liaison"), now=NOW, seen=thing.revision)
    made = pledge_sets.agree(fresh(draft), by=by("police_liaison"), now=NOW, seen=fresh(draft).revision)
    priorities.edit_area(area, values={"why": area.why}, problems=area.problems.all(), by=by("coordinator"), now=NOW)
    parties = [(party.organisation, party.role, party.part) for party in promise.parties.all()]
    values = {"text_as_promised": promise.text_as_promised}
    commitments.edit_commitment(promise, values=values, parties=parties, units=[], by=by("coordinator"), now=NOW)
    assert fresh(area).is_police_confirmed
    assert fresh(promise).is_police_confirmed
    assert fresh(made).is_police_confirmed


def test_a_note_inside_and_the_order_are_no_words(draft):
    area, promise = things(draft)
    for thing in (area, promise):
        wordings.confirm_wording(thing, by=by("police_liaison"), now=NOW, seen=thing.revision)
    commitments.edit_commitment(promise, values={"internal_note": "Fråga igen."}, by=by("coordinator"), now=NOW)
    commitments.reorder(promise, direction="up", by=by("coordinator"), now=NOW)
    assert fresh(promise).is_police_confirmed


# --- Sent back ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", [0, 1], ids=["area", "promise"])
def test_the_police_send_words_back_with_a_comment(draft, place):
    thing = things(draft)[place]
    assert who_may(lambda actor: wordings.send_back(thing, text="Kortare.", by=actor, now=NOW)) == POLICE
    with pytest.raises(Refused, match="vad som behöver ändras"):
        wordings.send_back(thing, text=" ", by=by("police_liaison"), now=NOW)
    wordings.confirm_wording(thing, by=by("police_liaison"), now=NOW, seen=thing.revision)
    comment = wordings.send_back(thing, text="Säg när det gäller.", by=by("police_liaison"), now=NOW)
    assert (comment.sends_back, comment.written_by_function) == (True, "Kommunpolis")
    assert comment.organisation.is_police
    now_is = fresh(thing)
    assert (now_is.sent_back_at, now_is.is_police_confirmed) == (NOW, False)
    assert "Säg när" not in str([event.details for event in timeline_of(thing)])


def test_what_was_sent_back_waits_for_new_words_or_for_the_police_to_say_yes_after_all(draft):
    area, promise = things(draft)
    for thing in (area, promise):
        wordings.send_back(thing, text="Skriv om.", by=by("police_liaison"), now=NOW)
    priorities.edit_area(area, values={"why": "Nytt"}, by=by("coordinator"), now=NOW)
    assert fresh(area).sent_back_at is None
    now_is = fresh(promise)
    wordings.confirm_wording(now_is, by=by("lpo_chief"), now=NOW, seen=now_is.revision)
    assert fresh(promise).sent_back_at is None
    assert Comment.objects.filter(sends_back=True).count() == 2


def test_the_polices_list_holds_what_waits_for_them_and_no_unopened_draft(draft):
    making.whole_set(now=NOW)
    area, promise = things(draft)
    waiting = waiting_for_police()
    assert (waiting.sets, waiting.areas, waiting.commitments) == ([draft], [area], [promise])
    wordings.send_back(area, text="Skriv om.", by=by("police_liaison"), now=NOW)
    assert waiting_for_police().areas == []


# --- When -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", [SetState.AGREED, SetState.SIGNED, SetState.PUBLISHED])
def test_after_the_set_is_agreed_its_words_stand(state):
    made = making.moved_to(making.whole_set(now=NOW), state, now=NOW)
    area, promise = things(made)
    for thing in (area, promise):
        with pytest.raises(MoveNotAllowed):
            wordings.confirm_wording(thing, by=by("police_liaison"), now=NOW, seen=thing.revision)
        with pytest.raises(MoveNotAllowed):
            wordings.send_back(thing, text="Nej.", by=by("police_liaison"), now=NOW)
    with pytest.raises(MoveNotAllowed):
        wordings.confirm_all(made, by=by("police_liaison"), now=NOW, seen=made.revision)


def test_all_at_once_is_for_the_police_and_for_their_written_yes(draft):
    may = who_may(lambda actor: wordings.confirm_all(draft, by=actor, now=NOW, seen=draft.revision, **PROOF))
    assert may == POLICE | {"coordinator"}
    with pytest.raises(Refused, match="handling"):
        wordings.confirm_all(draft, by=by("coordinator"), now=NOW, seen=draft.revision)
    assert not fresh(things(draft)[0]).is_police_confirmed
    unopened = making.whole_set(now=NOW)
    with pytest.raises(NotAllowed):
        wordings.confirm_all(unopened, by=by("police_liaison"), now=NOW, seen=unopened.revision)
    done = wordings.confirm_all(draft, by=by("police_liaison"), now=NOW, seen=draft.revision)
    with pytest.raises(MoveNotAllowed):
        wordings.confirm_all(done, by=by("police_liaison"), now=NOW, seen=done.revision)


def test_a_promise_of_the_municipality_alone_needs_no_word_of_its_own_from_the_police(draft):
    wordings.confirm_all(draft, by=by("police_liaison"), now=NOW, seen=draft.revision)
    assert not draft.commitments.get(number=1).is_police_confirmed
    assert draft.commitments.get(number=2).is_police_confirmed
    helped = making.opened(making.commitment(now=NOW, contributing=("polisen",)).pledge_set, now=NOW)
    wordings.confirm_all(helped, by=by("police_liaison"), now=NOW, seen=helped.revision)
    assert helped.commitments.get().is_police_confirmed
