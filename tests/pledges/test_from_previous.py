"""A set that begins from the one before: nothing goes on without an answer."""

from __future__ import annotations

import datetime as dt

import pytest

from lysekil_trygghet.history.guards import Refused
from pledges.lifecycle import Delivery, SetState
from pledges.models import Commitment, PledgeSet, RecurrenceRule
from pledges.operations import commitments, pledge_sets
from pledges.operations.commitments import LinkRow, UnitRow

from .. import make_pledges as making
from ..make_incidents import department
from .acting import NOW, WRITING, by, who_may

pytestmark = pytest.mark.django_db


def next_set(previous: PledgeSet, actor=None, **values) -> PledgeSet:
    start = previous.period_end + dt.timedelta(days=1)
    days = {"period_start": start, "period_end": start + dt.timedelta(days=364)}
    actor = actor or by("coordinator")
    return pledge_sets.set_from_previous(previous, title="Nästa år", by=actor, now=NOW, **(days | values))


def carry(promise: Commitment, note: str = "Vi fortsätter nästa år.") -> None:
    commitments.set_delivery(
        promise,
        organisation=department("socialforvaltningen"),
        to=Delivery.CARRIED_OVER,
        reason="Behovet finns kvar.",
        by=by("coordinator"),
        now=NOW,
    )
    if note:
        commitments.write_answer(promise, public_note=note, by=by("coordinator"), now=NOW)


def test_a_promise_is_carried_over_only_with_its_answer():
    made = making.published_set(now=NOW)
    one, two = made.commitments.order_by("number")
    with pytest.raises(Refused, match="Inget löfte är förlängt"):
        next_set(made)
    with pytest.raises(Refused, match="Löfte 1, 2 saknar avslut"):
        next_set(made, commitments=[one, two])
    carry(one, note="")
    with pytest.raises(Refused, match="Löfte 1 saknar avslut"):
        next_set(made)
    carry_note = commitments.write_answer(one, public_note="Vi fortsätter.", by=by("coordinator"), now=NOW)
    assert carry_note.is_final
    with pytest.raises(Refused, match="Löfte 2 saknar avslut"):
        next_set(made, commitments=[one, two])
    new = next_set(made)
    assert (new.previous, new.state, new.last_number) == (made, SetState.DRAFT, 1)
    assert new.commitments.get().carried_from == one
    assert who_may(lambda actor: next_set(made, actor)) == WRITING


def test_a_carried_promise_takes_its_words_and_plan_along_but_nothing_of_how_it_went():
    made = making.pledge_set(now=NOW)
    area = making.area(now=NOW, pledge_set=made)
    making.commitment(now=NOW, area=area, leads=("polisen",))
    units = [UnitRow("kvällar", "evenings", 8)]
    links = [LinkRow("Läs mer", "https://kommun.example/")]
    promise = making.commitment(now=NOW, area=area, units=units, links=links, contributing=("polisen",))
    RecurrenceRule.objects.create(commitment=promise, reading="DAYS", limit=14, active_from=made.period_start)
    made = making.moved_to(made, SetState.PUBLISHED, now=NOW)
    making.amendment(promise, now=NOW, new_text="Kommunen ska vara där varje kväll.", new_text_en="Every evening.")
    carry(promise)

    new = next_set(made)
    copy = new.commitments.get()
    assert (copy.number, copy.text_as_promised, copy.text_as_promised_en) == (
        1,
        "Kommunen ska vara där varje kväll.",
        "Every evening.",
    )
    assert [(u.name, u.name_en, u.target_min) for u in copy.units.all()] == [("kvällar", "evenings", 8)]
    assert copy.links.get().url == "https://kommun.example/"
    assert set(copy.parties.values_list("organisation__slug", "role")) == {
        ("socialforvaltningen", "LEAD"),
        ("polisen", "CONTRIBUTING"),
    }
    assert (copy.rule.limit, copy.rule.active_from) == (14, new.period_start)
    assert (copy.delivery_state, copy.public_note, copy.is_police_confirmed) == (Delivery.PLANNED, "", False)
    assert list(copy.area.problems.all()) == list(area.problems.all())


def test_a_draft_is_nobodys_previous_set():
    with pytest.raises(Refused, match="publicerats"):
        next_set(making.signed_set(now=NOW))
