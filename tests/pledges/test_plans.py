"""The plan of measures: decided on an adopted picture, every measure against a problem, followed up, ended."""

from __future__ import annotations

import datetime as dt

import pytest

from lysekil_trygghet.history.guards import NotAllowed, Refused
from lysekil_trygghet.history.operations import MoveNotAllowed, StalePage
from pledges.lifecycle import Delivery, PlanState
from pledges.models import ActionPlan, Measure
from pledges.operations import follow_ups, plans
from situation.lifecycle import PictureState

from .. import make_pledges as making
from .. import make_situation
from ..make_incidents import department, fresh, verbs
from .acting import NOW, POLICE, TODAY, WRITING, by, who_may

pytestmark = pytest.mark.django_db

YESTERDAY = TODAY - dt.timedelta(days=1)


def adopted():
    return make_situation.picture(now=NOW, state=PictureState.ADOPTED)


def draft(**values) -> ActionPlan:
    defaults = {"title": "Åtgärdsplan", "valid_from": TODAY}
    if "picture" not in values:
        values["picture"] = adopted()
    return plans.write_plan(values=defaults | values, by=by("coordinator"), now=NOW)


def measure(of: ActionPlan, *, by_key: str = "coordinator", causes=(), contributing=(), **values) -> Measure:
    if "problem" not in values:
        values["problem"] = of.picture.problems.get()
    defaults = {
        "title": "Vuxna på torget",
        "description": "Fältare är ute fredag och lördag.",
        "organisation": department(),
    }
    return plans.add_measure(
        of, values=defaults | values, causes=causes, contributing=contributing, by=by(by_key), now=NOW
    )


def decided(of: ActionPlan | None = None, **values) -> ActionPlan:
    if of is None:
        of = draft()
        measure(of)
    defaults = {"decided_on": TODAY, "decided_by": "Kommunstyrelsen", "minutes_ref": "§ 48"}
    return plans.decide(of, by=by("coordinator"), now=NOW, **(defaults | values))


# --- The plan -------------------------------------------------------------------------------------------


def test_those_who_write_sets_keep_plans():
    values = {"title": "Plan", "valid_from": TODAY}
    assert who_may(lambda actor: plans.write_plan(values=values, by=actor, now=NOW)) == WRITING
    of = draft()
    assert who_may(lambda actor: plans.edit_plan(of, values={"title": "X"}, by=actor, now=NOW)) == WRITING
    with pytest.raises(StalePage):
        plans.edit_plan(of, values={"title": "X"}, by=by("director"), now=NOW, seen=of.revision + 1)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"title": " "}, "rubrik"),
        ({"valid_from": None}, "vilken dag"),
        ({"valid_to": YESTERDAY}, "slutar gälla"),
        ({"title": "19121212-1212"}, "personnummer"),
    ],
)
def test_odd_plans_are_refused(values, words):
    with pytest.raises(Refused, match=words):
        draft(picture=None, **values)


def test_it_is_decided_on_a_picture_adopted_before_or_the_same_day():
    of = draft(picture=None)
    with pytest.raises(Refused, match="Välj vilken lägesbild"):
        decided(of)
    unready = draft(picture=make_situation.picture(now=NOW))
    measure(unready)
    with pytest.raises(Refused, match="inte antagen"):
        decided(unready)
    ready = draft()
    with pytest.raises(Refused, match="ingen åtgärd"):
        decided(ready)
    measure(ready)
    with pytest.raises(Refused, match="antogs efter"):
        decided(ready, decided_on=YESTERDAY)
    done = decided(ready)
    assert (done.state, done.decided_on, done.minutes_ref) == (PlanState.DECIDED, TODAY, "§ 48")
    assert verbs(ready) == ["created", "decided"]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"decided_on": TODAY + dt.timedelta(days=1)}, "framtiden"),
        ({"decided_by": " "}, "vem som beslutade"),
        ({"minutes_ref": ""}, "var beslutet står"),
        ({"decided_by": "19121212-1212"}, "personnummer"),
    ],
)
def test_a_decision_says_who_when_and_where(values, words):
    of = draft()
    measure(of)
    with pytest.raises(Refused, match=words):
        decided(of, **values)
    assert fresh(of).state == PlanState.DRAFT


def test_a_decided_plan_stands_only_its_diary_number_is_added():
    of = decided()
    with pytest.raises(Refused, match="beslutad"):
        plans.edit_plan(of, values={"title": "X"}, by=by("coordinator"), now=NOW)
    assert plans.edit_plan(of, values={"diary_number": "KS 2020-9"}, by=by("coordinator"), now=NOW).diary_number
    with pytest.raises(Refused, match="beslutad"):
        measure(of)
    with pytest.raises(Refused, match="beslutad"):
        plans.discard_plan(of, by=by("coordinator"), now=NOW)
    with pytest.raises(MoveNotAllowed):
        decided(of)


def test_it_is_followed_up_when_a_follow_up_of_it_is_done_and_can_be_again():
    of = decided()
    with pytest.raises(Refused, match="ingen klar uppföljning"):
        plans.follow_up(of, followed_up_on=TODAY, by=by("coordinator"), now=NOW)
    written = follow_ups.write_follow_up(
        of,
        kind="PROCESS",
        values={"period_start": TODAY, "period_end": TODAY, "result_text": "Det gick bra."},
        by=by("coordinator"),
        now=NOW,
    )
    with pytest.raises(Refused, match="ingen klar uppföljning"):
        plans.follow_up(of, followed_up_on=TODAY, by=by("coordinator"), now=NOW)
    follow_ups.finish(written, by=by("coordinator"), now=NOW)
    for day, words in ((TODAY + dt.timedelta(days=1), "inte varit"), (YESTERDAY, "före beslutet")):
        with pytest.raises(Refused, match=words):
            plans.follow_up(of, followed_up_on=day, by=by("coordinator"), now=NOW)
    done = plans.follow_up(of, followed_up_on=TODAY, by=by("coordinator"), now=NOW)
    assert (done.state, done.followed_up_on) == (PlanState.FOLLOWED_UP, TODAY)
    again = plans.take_up_again(done, by=by("coordinator"), now=NOW)
    assert again.state == PlanState.DECIDED
    with pytest.raises(MoveNotAllowed):
        plans.take_up_again(again, by=by("coordinator"), now=NOW)
    assert plans.end_plan(again, by=by("director"), now=NOW).state == PlanState.ENDED


def test_a_draft_plan_is_not_followed_up():
    of = draft()
    with pytest.raises(Refused, match="inte beslutad"):
        follow_ups.write_follow_up(
            of, kind="OUTPUT", values={"period_start": TODAY, "period_end": TODAY}, by=by("coordinator"), now=NOW
        )


def test_only_an_empty_draft_is_thrown_away():
    of = draft()
    row = measure(of)
    with pytest.raises(Refused, match="Ta bort dem först"):
        plans.discard_plan(of, by=by("coordinator"), now=NOW)
    plans.remove_measure(row, by=by("coordinator"), now=NOW, seen=row.revision)
    plans.discard_plan(of, by=by("coordinator"), now=NOW)
    assert not ActionPlan.objects.exists()


def test_another_picture_is_chosen_while_nothing_answers_to_this_one():
    of = draft()
    plans.edit_plan(of, values={"picture": adopted()}, by=by("coordinator"), now=NOW)
    of = fresh(of)
    measure(of)
    with pytest.raises(Refused, match="Ta bort dem innan"):
        plans.edit_plan(of, values={"picture": adopted()}, by=by("coordinator"), now=NOW)


# --- Measures -------------------------------------------------------------------------------------------


def test_a_measure_answers_to_a_problem_of_the_plans_picture_and_its_causes():
    of = draft()
    with pytest.raises(Refused, match="vilket problem"):
        measure(of, problem=None)
    other = make_situation.problem(now=NOW)
    with pytest.raises(Refused, match="annan lägesbild"):
        measure(of, problem=other)
    with pytest.raises(Refused, match="annat problem"):
        measure(of, causes=[make_situation.cause(now=NOW, problem=other)])
    cause = of.picture.problems.get().causes.get()
    row = measure(of, causes=[cause], contributing=[department("utbildningsforvaltningen")])
    assert list(row.causes.all()) == [cause]
    assert row.contributing.count() == 1


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"title": " "}, "rubrik"),
        ({"description": ""}, "vad som ska göras"),
        ({"organisation": None}, "vem som ansvarar"),
        ({"starts_on": TODAY, "ends_on": YESTERDAY}, "slutar innan"),
        ({"goal": "19121212-1212"}, "personnummer"),
    ],
)
def test_odd_measures_are_refused(values, words):
    of = draft()
    with pytest.raises(Refused, match=words):
        measure(of, **values)
    row = measure(of)
    with pytest.raises(Refused, match=words):
        plans.edit_measure(row, values=values, by=by("coordinator"), now=NOW)


def test_measures_are_changed_moved_and_removed_in_a_draft():
    of = draft()
    first, second = measure(of), measure(of, title="Bättre ljus")
    assert (first.order, second.order) == (1, 2)
    plans.reorder_measure(second, direction="up", by=by("coordinator"), now=NOW)
    plans.reorder_measure(second, direction="up", by=by("coordinator"), now=NOW)
    assert list(of.measures.values_list("title", flat=True)) == ["Bättre ljus", "Vuxna på torget"]
    changed = plans.edit_measure(
        first, values={"goal": "Fler trygga."}, contributing=[department("polisen")], by=by("coordinator"), now=NOW
    )
    assert (changed.goal, changed.contributing.count()) == ("Fler trygga.", 1)
    with pytest.raises(StalePage):
        plans.edit_measure(first, values={"goal": "X"}, by=by("coordinator"), now=NOW, seen=0)
    plans.remove_measure(second, by=by("coordinator"), now=NOW)
    assert fresh(first).order == 1


def test_a_measure_that_a_promise_rests_on_is_kept():
    of = draft()
    row = measure(of)
    making.commitment(now=NOW, measure=row)
    with pytest.raises(Refused, match="Ett löfte bygger på"):
        plans.remove_measure(row, by=by("coordinator"), now=NOW)


def test_whoever_is_responsible_says_where_a_measure_stands():
    of = draft()
    ours, theirs = measure(of), measure(of, organisation=department("polisen"))
    with pytest.raises(Refused, match="gäller inte"):
        plans.move_measure(ours, to=Delivery.ONGOING, by=by("head_social"), now=NOW)
    decided(of)

    def place(row: Measure, to: str):
        return lambda actor: plans.move_measure(row, to=to, by=actor, now=NOW)

    assert who_may(place(ours, Delivery.ONGOING)) == {"head_social", "officer_social"} | WRITING
    assert who_may(place(theirs, Delivery.ONGOING)) == POLICE
    with pytest.raises(Refused, match="Välj en status"):
        place(ours, "SOON")(by("head_social"))
    moved = place(ours, Delivery.DONE)(by("head_social"))
    assert verbs(moved)[-1] == "done"
    shown = plans.edit_measure(moved, values={"is_public": True}, by=by("coordinator"), now=NOW)
    assert shown.is_public
    with pytest.raises(NotAllowed):
        plans.edit_measure(moved, values={"is_public": False}, by=by("head_social"), now=NOW)
