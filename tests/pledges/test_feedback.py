"""What was said and done: written by the municipality, published by the communicator; the Police's with their yes."""

from __future__ import annotations

import pytest

from lysekil_trygghet.history.guards import NotAllowed, Refused
from lysekil_trygghet.history.operations import MoveNotAllowed, StalePage
from pledges.lifecycle import FeedbackState
from pledges.models import Feedback
from pledges.operations import feedback as telling

from .. import make_pledges as making
from ..make_incidents import fresh, verbs
from .acting import NOW, POLICE, TODAY, WRITING, by, who_may

pytestmark = pytest.mark.django_db

WORDS = {"said": "Det är mörkt vid kajen.", "did": "Vi satte upp belysning."}
PROOF = {"document": "Mejl från Polisen, KS 2020-30", "document_on": TODAY}


def told(**values) -> Feedback:
    return telling.write_feedback(values=WORDS | values, by=by("coordinator"), now=NOW)


def publish(of: Feedback, actor=None, **values) -> Feedback:
    return telling.publish_feedback(of, by=actor or by("communicator"), now=NOW, **values)


def test_written_by_the_municipality_and_published_by_the_communicator():
    writers = who_may(lambda actor: telling.write_feedback(values=WORDS, by=actor, now=NOW))
    assert writers == WRITING | {"communicator"}
    of = told()
    assert who_may(lambda actor: publish(of, actor)) == {"communicator"}
    out = publish(of, seen=of.revision)
    assert (out.state, out.published_at, out.is_public) == (FeedbackState.PUBLISHED, NOW, True)
    assert list(Feedback.objects.published()) == [out]
    with pytest.raises(MoveNotAllowed):
        publish(out)
    with pytest.raises(Refused, match="Avpublicera"):
        telling.edit_feedback(out, values={"did": "X"}, by=by("coordinator"), now=NOW)
    back = telling.withdraw_feedback(out, by=by("communicator"), now=NOW)
    assert (back.state, list(Feedback.objects.published())) == (FeedbackState.WITHDRAWN, [])
    mended = telling.edit_feedback(back, values={"did": "Tio lampor."}, by=by("coordinator"), now=NOW)
    assert publish(mended).is_public
    assert verbs(of) == ["created", "published", "withdrawn", "changed", "published"]


@pytest.mark.parametrize(
    ("values", "words"),
    [({"said": " "}, "vad ni hörde"), ({"did": ""}, "vad ni gjorde"), ({"did_en": "19121212-1212"}, "personnummer")],
)
def test_odd_texts_are_refused(values, words):
    with pytest.raises(Refused, match=words):
        told(**values)
    of = told()
    with pytest.raises(Refused, match=words):
        telling.edit_feedback(of, values=values, by=by("coordinator"), now=NOW)


def test_signs_of_persons_are_looked_through_first():
    of = told(did="Ring 0523-613000 om du undrar.")
    with pytest.raises(Refused, match="telefonnummer"):
        publish(of)
    assert publish(of, confirm_privacy=True).is_public


def test_an_identity_number_that_got_in_another_way_is_never_published():
    of = told()
    Feedback.objects.filter(pk=of.pk).update(did="19121212-1212")
    with pytest.raises(Refused, match="personnummer"):
        publish(of, confirm_privacy=True)


# --- About the Police -----------------------------------------------------------------------------------


def polices_promise():
    return making.published_set(now=NOW).commitments.get(number=2)


@pytest.mark.parametrize("belongs", [False, True], ids=["about them", "of a promise they lead"])
def test_what_is_said_about_the_police_waits_for_them(belongs):
    of = told(commitment=polices_promise()) if belongs else told(about_police=True)
    with pytest.raises(Refused, match="Polisen har inte bekräftat"):
        publish(of)
    may = who_may(lambda actor: telling.confirm_feedback(of, by=actor, now=NOW, seen=of.revision, **PROOF))
    assert may == POLICE | {"coordinator"}
    with pytest.raises(StalePage):
        telling.confirm_feedback(of, by=by("police_liaison"), now=NOW, seen=of.revision + 1)
    confirmed = telling.confirm_feedback(of, by=by("police_liaison"), now=NOW, seen=of.revision)
    assert publish(confirmed).is_public


def test_other_words_need_another_yes():
    of = told(about_police=True)
    confirmed = telling.confirm_feedback(of, by=by("police_liaison"), now=NOW, seen=of.revision)
    other = telling.edit_feedback(confirmed, values={"did": "Polisen var där."}, by=by("coordinator"), now=NOW)
    assert not other.is_police_confirmed
    with pytest.raises(Refused, match="Polisen har inte bekräftat"):
        publish(other)


def test_taking_the_police_out_of_it_takes_the_yes_with_it():
    of = told()
    with pytest.raises(Refused, match="behöver inte bekräftas"):
        telling.confirm_feedback(of, by=by("police_liaison"), now=NOW, seen=of.revision)
    assert publish(of).is_public


# --- What it belongs to -----------------------------------------------------------------------------------


def test_a_promise_brings_its_set_and_both_must_be_out():
    draft = making.commitment(now=NOW)
    of = told(commitment=draft)
    assert of.pledge_set == draft.pledge_set
    with pytest.raises(Refused, match="inte publicerat"):
        publish(of)
    with pytest.raises(Refused, match="inte publicerade"):
        publish(told(pledge_set=draft.pledge_set))
    making.moved_to(draft.pledge_set, "PUBLISHED", now=NOW)
    assert publish(fresh(of)).is_public


def test_a_promise_of_another_set_is_refused():
    with pytest.raises(Refused, match="andra löften"):
        told(commitment=making.commitment(now=NOW), pledge_set=making.pledge_set(now=NOW))


def test_only_what_residents_never_read_is_thrown_away():
    of = told()
    with pytest.raises(NotAllowed):
        telling.discard_feedback(of, by=by("head_social"), now=NOW)
    with pytest.raises(StalePage):
        telling.discard_feedback(of, by=by("coordinator"), now=NOW, seen=of.revision + 1)
    telling.discard_feedback(of, by=by("coordinator"), now=NOW, seen=of.revision)
    out = telling.withdraw_feedback(publish(told()), by=by("communicator"), now=NOW)
    with pytest.raises(Refused, match="har varit publicerad"):
        telling.discard_feedback(out, by=by("coordinator"), now=NOW)
