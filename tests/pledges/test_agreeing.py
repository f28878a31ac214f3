"""A set is agreed when the coordinator and the Police have both said yes to the words as they stand."""

from __future__ import annotations

import datetime as dt

import pytest

from lysekil_trygghet.history.guards import Refused
from lysekil_trygghet.history.operations import MoveNotAllowed, StalePage
from pledges.checks import missing_to_agree
from pledges.lifecycle import PartyRole, SetState
from pledges.models import PledgeSet
from pledges.operations import commitments, pledge_sets, priorities, wordings
from pledges.operations.commitments import UnitRow

from .. import make_pledges as making
from ..make_incidents import department, fresh, verbs
from .acting import NOW, POLICE, TODAY, by, who_may

pytestmark = pytest.mark.django_db


def test_a_set_is_agreed_when_both_have_said_yes_whoever_comes_last():
    first = making.opened(making.whole_set(now=NOW), now=NOW)
    first = pledge_sets.agree(first, by=by("coordinator"), now=NOW, seen=first.revision)
    assert (first.state, first.is_municipality_confirmed) == (SetState.DRAFT, True)
    first = wordings.confirm_all(first, by=by("police_liaison"), now=NOW, seen=first.revision)
    assert (first.state, first.agreed_at) == (SetState.AGREED, NOW)
    assert first.police_confirmed_by_function == "Kommunpolis"

    second = making.opened(making.whole_set(now=NOW), now=NOW)
    second = wordings.confirm_all(second, by=by("lpo_chief"), now=NOW, seen=second.revision)
    assert second.state == SetState.DRAFT
    second = pledge_sets.agree(second, by=by("coordinator"), now=NOW, seen=second.revision)
    assert second.state == SetState.AGREED
    assert verbs(second)[-2:] == ["municipality_confirmed", "agreed"]


def test_the_whole_is_agreed_with_the_last_wording_of_the_police():
    made = making.opened(making.whole_set(now=NOW), now=NOW)
    made = pledge_sets.agree(made, by=by("coordinator"), now=NOW, seen=made.revision)
    made = pledge_sets.agree(made, by=by("police_liaison"), now=NOW, seen=made.revision)
    assert (made.state, made.both_have_confirmed) == (SetState.DRAFT, True)
    area, promise = made.areas.get(), made.commitments.get(number=2)
    wordings.confirm_wording(area, by=by("police_liaison"), now=NOW, seen=area.revision)
    assert missing_to_agree(made) == ["Polisen har inte bekräftat löfte 2."]
    wordings.confirm_wording(promise, by=by("police_liaison"), now=NOW, seen=promise.revision)
    assert fresh(made).state == SetState.AGREED


def test_only_the_coordinator_and_the_police_agree():
    made = making.opened(making.whole_set(now=NOW), now=NOW)
    may = who_may(lambda actor: pledge_sets.agree(made, by=actor, now=NOW, seen=made.revision))
    assert may == {"coordinator"} | POLICE
    unopened = making.whole_set(now=NOW)
    may = who_may(lambda actor: pledge_sets.agree(unopened, by=actor, now=NOW, seen=unopened.revision))
    assert may == {"coordinator"}


def test_the_coordinator_cannot_say_yes_for_both_without_a_document():
    made = making.opened(making.whole_set(now=NOW), now=NOW)
    made = pledge_sets.agree(made, by=by("coordinator"), now=NOW, seen=made.revision)
    with pytest.raises(MoveNotAllowed):
        pledge_sets.agree(made, by=by("coordinator"), now=NOW, seen=made.revision)
    for half in ({"document": "Brev 12"}, {"document_on": TODAY}):
        with pytest.raises(Refused, match="handling"):
            pledge_sets.agree(made, by=by("coordinator"), now=NOW, seen=made.revision, **half)
    proof = {"document": "Brev 12", "document_on": TODAY}
    made = wordings.confirm_all(made, by=by("coordinator"), now=NOW, seen=made.revision, **proof)
    assert (made.state, made.police_document, made.police_document_on) == (SetState.AGREED, "Brev 12", TODAY)
    assert made.police_confirmed_by_function == ""


def test_nobody_says_yes_to_words_they_did_not_see():
    made = making.opened(making.whole_set(now=NOW), now=NOW)
    promise = made.commitments.get(number=1)
    commitments.edit_commitment(promise, values={"purpose": "Lugn"}, by=by("director"), now=NOW)
    for key in ("coordinator", "police_liaison"):
        with pytest.raises(StalePage):
            pledge_sets.agree(made, by=by(key), now=NOW, seen=made.revision)
    with pytest.raises(StalePage):
        wordings.confirm_all(made, by=by("police_liaison"), now=NOW, seen=made.revision)


def without_area(made: PledgeSet) -> None:
    for promise in made.commitments.all():
        commitments.remove_commitment(promise, by=by("coordinator"), now=NOW)
    priorities.remove_area(made.areas.get(), by=by("coordinator"), now=NOW)


def without_problem(made: PledgeSet) -> None:
    priorities.edit_area(made.areas.get(), values={}, problems=[], by=by("coordinator"), now=NOW)


def without_promise(made: PledgeSet) -> None:
    making.area(now=NOW, pledge_set=made)


def without_lead(made: PledgeSet) -> None:
    parties = [(department("socialforvaltningen"), PartyRole.CONTRIBUTING, "")]
    promise = made.commitments.get(number=1)
    commitments.edit_commitment(promise, values={}, parties=parties, by=by("coordinator"), now=NOW)


def outside_period(made: PledgeSet) -> None:
    values = {"period_end": made.period_end + dt.timedelta(days=1)}
    commitments.edit_commitment(made.commitments.get(number=1), values=values, by=by("coordinator"), now=NOW)


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (without_area, "inget prioriterat område"),
        (without_problem, "Område A bygger inte på något problem"),
        (without_promise, "Område B har inget löfte"),
        (without_lead, "Ingen leder löfte 1"),
        (outside_period, "Löfte 1 har en tid utanför perioden"),
    ],
)
def test_what_is_missing_stops_both_parties(spoil, words):
    made = making.opened(making.whole_set(now=NOW), now=NOW)
    spoil(made)
    made = fresh(made)
    assert any(words in line for line in missing_to_agree(made))
    for key in ("coordinator", "police_liaison"):
        with pytest.raises(Refused, match=words):
            pledge_sets.agree(made, by=by(key), now=NOW, seen=made.revision)
    with pytest.raises(Refused, match=words):
        wordings.confirm_all(made, by=by("police_liaison"), now=NOW, seen=made.revision)


def rewrite_area(made: PledgeSet) -> None:
    priorities.edit_area(made.areas.get(), values={"why": "Nytt"}, by=by("coordinator"), now=NOW)


def rewrite_promise(made: PledgeSet) -> None:
    values = {"text_as_promised": "Kommunen ska vara på kajen."}
    commitments.edit_commitment(made.commitments.get(number=1), values=values, by=by("coordinator"), now=NOW)


def rewrite_set(made: PledgeSet) -> None:
    pledge_sets.edit_set(made, values={"intro": "Nytt"}, by=by("coordinator"), now=NOW)


def new_unit(made: PledgeSet) -> None:
    promise = made.commitments.get(number=1)
    commitments.edit_commitment(promise, values={}, units=[UnitRow("kvällar")], by=by("coordinator"), now=NOW)


def new_promise(made: PledgeSet) -> None:
    making.commitment(now=NOW, pledge_set=made)


def one_less(made: PledgeSet) -> None:
    commitments.remove_commitment(made.commitments.get(number=1), by=by("coordinator"), now=NOW)


@pytest.mark.parametrize(
    "rewrite", [rewrite_area, rewrite_promise, rewrite_set, new_unit, new_promise, one_less, without_problem]
)
def test_every_change_of_words_takes_both_parties_yes_to_the_set_back(rewrite):
    made = making.opened(making.whole_set(now=NOW), now=NOW)
    made = pledge_sets.agree(made, by=by("coordinator"), now=NOW, seen=made.revision)
    made = pledge_sets.agree(made, by=by("police_liaison"), now=NOW, seen=made.revision)
    assert made.both_have_confirmed
    rewrite(made)
    now_is = fresh(made)
    assert (now_is.is_municipality_confirmed, now_is.is_police_confirmed) == (False, False)
    assert {"municipality_confirmation_cleared", "police_confirmation_cleared"} <= set(verbs(made))
