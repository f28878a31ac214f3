"""The Police's word: confirmed by them, cleared by any change, moved by them; nothing shown without it."""

from __future__ import annotations

import pytest

from incidents.lifecycle import UNDERTAKING_MOVES, UndertakingState
from incidents.models import PoliceUndertaking
from incidents.operations import news, police, publication
from lysekil_trygghet.history.guards import NotAllowed, Refused
from lysekil_trygghet.history.operations import MoveNotAllowed, StalePage

from .. import make_incidents as make
from ..make import at

pytestmark = pytest.mark.django_db

NOW = at("2020-06-09", "10:00")


def by(key: str):
    return make.acting(key, now=NOW)


def undertaking(**values) -> PoliceUndertaking:
    defaults = {"text": "Fler patruller på kvällarna.", "meeting": None, "by": by("coordinator"), "now": NOW}
    return police.write_undertaking(make.response(now=NOW), **(defaults | values))


def confirmed(thing, key: str = "police_liaison"):
    return police.confirm(thing, by=by(key), now=NOW, seen=make.fresh(thing).revision)


# --- Confirming -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["police_liaison", "lpo_chief"])
def test_a_police_role_confirms_the_wording_that_was_shown(key):
    line = undertaking()
    done = confirmed(line, key)
    assert (done.confirmed_by_police, done.confirmed_at, done.confirmed_by) == (True, NOW, make.person(key))
    assert make.verbs(line) == ["created", "police_confirmed"]


@pytest.mark.parametrize("key", ["director", "coordinator", "communicator", "head_social", "administrator"])
def test_nobody_else_confirms_or_moves(key):
    line = undertaking()
    with pytest.raises(NotAllowed):
        confirmed(line, key)
    with pytest.raises(NotAllowed):
        police.move_undertaking(line, to=UndertakingState.ONGOING, by=by(key), now=NOW)


def test_a_wording_changed_since_the_page_was_opened_is_not_confirmed():
    line = undertaking()
    police.edit_undertaking(line, values={"text": "Något annat."}, by=by("coordinator"), now=NOW)
    with pytest.raises(StalePage):
        police.confirm(line, by=by("lpo_chief"), now=NOW, seen=line.revision)
    assert not make.fresh(line).confirmed_by_police


THINGS = {
    "event": (make.event, {"public_summary": "Ny text."}),
    "meeting": (
        lambda **values: make.meeting(kind="POLICE", **values),
        {"outcome_public": "Ny text."},
    ),
    "undertaking": (lambda now: undertaking(), {"from_when": "I höst"}),
    "reinforcement": (make.reinforcement, {"total": 20}),
    "news": (lambda **values: make.update(about_police=True, **values), {"lead": "Ny text."}),
}


@pytest.mark.parametrize("kind", THINGS)
def test_every_change_of_the_wording_clears_the_confirmation_and_other_changes_do_not(kind):
    maker, change = THINGS[kind]
    thing = confirmed(maker(now=NOW))
    same = {name: getattr(thing, name) for name in change}
    thing = police.change_police_text(thing, values=same, by=by("coordinator"), now=NOW)
    assert thing.confirmed_by_police
    thing = police.change_police_text(thing, values=change, by=by("coordinator"), now=NOW)
    assert (thing.confirmed_by_police, thing.confirmed_at, thing.confirmed_by) == (False, None, None)
    assert make.verbs(thing)[-2:] == ["police_confirmation_cleared", "changed"]


@pytest.mark.parametrize("kind", THINGS)
def test_each_field_of_the_wording_exists(kind):
    thing = THINGS[kind][0](now=NOW)
    assert thing.police_wording
    for name in thing.police_wording:
        assert hasattr(thing, name)


def test_published_words_disappear_when_they_are_changed_and_come_back_when_confirmed():
    line = publication.publish(confirmed(undertaking()), by=by("communicator"), now=NOW)
    assert list(PoliceUndertaking.objects.published()) == [line]
    line = police.edit_undertaking(line, values={"text": "Ännu fler."}, by=by("coordinator"), now=NOW)
    assert not line.is_public
    assert not PoliceUndertaking.objects.published().exists()
    confirmed(line)
    assert PoliceUndertaking.objects.published().exists()


@pytest.mark.parametrize("kind", THINGS)
def test_nothing_of_the_police_is_published_unconfirmed(kind):
    thing = THINGS[kind][0](now=NOW)
    assert "Polisen har inte bekräftat texten." in publication.missing_before_publication(thing)
    with pytest.raises(Refused, match="Polisen har inte bekräftat"):
        publication.publish(thing, by=by("communicator"), now=NOW)


# --- What the Police undertake ----------------------------------------------------------------------------


def test_written_by_leaders_or_the_police_and_nobody_else():
    assert undertaking(by=by("lpo_chief")).state == UndertakingState.PLANNED
    with pytest.raises(Refused, match="åtar sig"):
        undertaking(text=" ")
    line = undertaking()
    for key in ("head_social", "communicator", "auditor"):
        with pytest.raises(NotAllowed):
            undertaking(by=by(key))
        with pytest.raises(NotAllowed):
            police.edit_undertaking(line, values={"text": "X"}, by=by(key), now=NOW)


@pytest.mark.parametrize("state", UndertakingState)
def test_moved_by_the_police_along_the_table_only(state):
    for to in UndertakingState:
        line = undertaking()
        for step in ways()[state]:
            line = police.move_undertaking(line, to=step, by=by("police_liaison"), now=NOW)
        if to in UNDERTAKING_MOVES.get(state, ()):
            moved = police.move_undertaking(line, to=to, by=by("lpo_chief"), now=NOW, seen=line.revision)
            assert make.last_event(moved).details == {"from": state, "to": to}
        else:
            with pytest.raises(MoveNotAllowed):
                police.move_undertaking(line, to=to, by=by("lpo_chief"), now=NOW)


def ways() -> dict[str, list[str]]:
    return {
        UndertakingState.PLANNED: [],
        UndertakingState.ONGOING: ["ONGOING"],
        UndertakingState.DONE: ["ONGOING", "DONE"],
        UndertakingState.WITHDRAWN: ["WITHDRAWN"],
    }


def test_how_it_goes_does_not_clear_what_was_confirmed():
    line = confirmed(undertaking())
    assert police.move_undertaking(line, to="ONGOING", by=by("lpo_chief"), now=NOW).confirmed_by_police


# --- The Police's part of the action package --------------------------------------------------------------


def item(package, **values):
    defaults = {"what": "Fler patruller.", "from_when": "I juni"}
    return news.put_item(package, item=None, values=defaults | values, by=by("coordinator"), now=NOW)


def test_what_the_police_do_in_the_package_is_about_the_police_whatever_was_ticked():
    package = make.package(now=NOW)
    assert not item(package, organisation=make.department()).about_police
    theirs = item(package, organisation=make.department("polisen"), about_police=False)
    assert theirs.about_police
    theirs = news.put_item(package, item=theirs, values={"about_police": False}, by=by("coordinator"), now=NOW)
    assert theirs.about_police


def test_another_party_clears_what_the_police_confirmed():
    package = make.package(now=NOW)
    theirs = confirmed(item(package, organisation=make.department("polisen")))
    changed = news.put_item(
        package, item=theirs, values={"organisation": make.department("hamnbolaget")}, by=by("coordinator"), now=NOW
    )
    assert not changed.confirmed_by_police


def test_a_package_waits_for_the_police_and_they_alone_move_their_measures():
    package = make.package(now=NOW)
    theirs = item(package, organisation=make.department("polisen"))
    ours = item(package, organisation=make.department())
    package = publication.approve(make.fresh(package), by=by("director"), now=NOW)
    with pytest.raises(Refused, match="1 kvar"):
        publication.publish(package, by=by("communicator"), now=NOW)
    confirmed(theirs)
    package = publication.publish(package, by=by("communicator"), now=NOW)
    assert {one.is_public for one in package.items.all()} == {True}
    with pytest.raises(NotAllowed):
        news.move_item(theirs, to="ONGOING", by=by("director"), now=NOW)
    with pytest.raises(NotAllowed):
        news.move_item(ours, to="ONGOING", by=by("lpo_chief"), now=NOW)
    assert news.move_item(theirs, to="ONGOING", by=by("lpo_chief"), now=NOW).state == "ONGOING"
    with pytest.raises(MoveNotAllowed):
        news.move_item(ours, to="PLANNED", by=by("director"), now=NOW)
