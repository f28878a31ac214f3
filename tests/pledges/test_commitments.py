"""A promise in a draft: its number, its words, its parties, what is counted; figures beside it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from lysekil_trygghet.history.guards import NotAllowed, Refused
from lysekil_trygghet.history.operations import StalePage
from pledges.checks import hints
from pledges.lifecycle import CommitmentKind, PartyRole, SetState
from pledges.models import Commitment, EffectFigure, RecurrenceRule
from pledges.operations import commitments, pledge_sets, priorities, wordings
from pledges.operations.commitments import LinkRow, UnitRow

from .. import make_pledges as making
from .. import make_situation
from ..incidents.at_once import at_once, refused_with
from ..make_incidents import department, fresh, verbs
from .acting import NOW, TODAY, WRITING, by, who_may

SOCIAL, EDUCATION = "socialforvaltningen", "utbildningsforvaltningen"


def edit(promise: Commitment, actor=None, **values) -> Commitment:
    rows = {name: values.pop(name) for name in ("parties", "units", "links", "seen") if name in values}
    return commitments.edit_commitment(promise, values=values, by=actor or by("coordinator"), now=NOW, **rows)


# --- Numbers --------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_number_is_never_used_again():
    made = making.pledge_set(now=NOW)
    one, two, three = (making.commitment(now=NOW, pledge_set=made) for _turn in range(3))
    assert [promise.number for promise in (one, two, three)] == [1, 2, 3]
    commitments.remove_commitment(three, by=by("coordinator"), now=NOW)
    commitments.remove_commitment(two, by=by("coordinator"), now=NOW)
    assert making.commitment(now=NOW, pledge_set=made).number == 4
    for gone in list(made.commitments.all()):
        commitments.remove_commitment(gone, by=by("coordinator"), now=NOW)
    assert making.commitment(now=NOW, pledge_set=made).number == 5
    assert making.commitment(now=NOW).number == 1


@pytest.mark.django_db
def test_a_number_from_a_file_may_skip_but_never_go_back():
    made = making.pledge_set(now=NOW)
    area = making.area(now=NOW, pledge_set=made)
    assert making.commitment(now=NOW, area=area).number == 1

    def numbered(number: int) -> int:
        values = {"text_as_promised": "Kommunen ska vara på torget."}
        return commitments.add_commitment(
            made, area=area, values=values, number=number, by=by("coordinator"), now=NOW
        ).number

    assert numbered(4) == 4
    for used in (4, 2, 0):
        with pytest.raises(Refused, match="redan använt"):
            numbered(used)
    assert making.commitment(now=NOW, area=area).number == 5


@pytest.mark.django_db(transaction=True)
def test_two_who_add_at_once_get_two_numbers():
    made = making.pledge_set(now=NOW)
    area = making.area(now=NOW, pledge_set=made)
    writers = [by("coordinator"), by("director")] * 2

    def adding(actor):
        values = {"text_as_promised": "Kommunen ska vara på torget."}
        return lambda: commitments.add_commitment(made, area=area, values=values, by=actor, now=NOW)

    added = at_once(*(adding(actor) for actor in writers))
    assert sorted(promise.number for promise in added) == [1, 2, 3, 4]
    assert fresh(made).last_number == 4


@pytest.mark.django_db(transaction=True)
def test_a_promise_is_not_added_while_the_set_is_agreed():
    """Whoever comes first: either the promise belongs to what was agreed, or it is refused."""
    made = making.opened(making.whole_set(now=NOW), now=NOW)
    made = pledge_sets.agree(made, by=by("coordinator"), now=NOW, seen=made.revision)
    area, writer, police = made.areas.get(), by("coordinator"), by("police_liaison")
    values = {"text_as_promised": "Kommunen ska vara på kajen."}
    outcomes = at_once(
        lambda: wordings.confirm_all(made, by=police, now=NOW, seen=made.revision),
        lambda: commitments.add_commitment(made, area=area, values=values, by=writer, now=NOW),
    )
    assert refused_with(outcomes) in (["Refused"], ["StalePage"])
    assert made.commitments.count() == (2 if fresh(made).state == SetState.AGREED else 3)


# --- Words, parties, units ------------------------------------------------------------------------------


@pytest.mark.django_db
def test_those_who_write_sets_write_promises_until_the_set_is_agreed():
    promise = making.commitment(now=NOW)
    area = promise.area
    values = {"text_as_promised": "Kommunen ska vara på kajen."}
    acts = [
        lambda a: commitments.add_commitment(promise.pledge_set, area=area, values=values, by=a, now=NOW),
        lambda a: edit(promise, a, purpose="Lugn"),
        lambda a: commitments.reorder(promise, direction="up", by=a, now=NOW),
        lambda a: commitments.remove_commitment(promise, by=a, now=NOW),
        lambda a: priorities.add_area(promise.pledge_set, values={"title": "B"}, by=a, now=NOW),
        lambda a: priorities.edit_area(area, values={"title": "B"}, by=a, now=NOW),
        lambda a: priorities.move_area(area, direction="up", by=a, now=NOW),
        lambda a: priorities.remove_area(making.area(now=NOW, pledge_set=promise.pledge_set), by=a, now=NOW),
    ]
    for act in acts:
        assert who_may(act) == WRITING
    made = making.agreed_set(now=NOW)
    settled, area = made.commitments.get(number=1), made.areas.get()
    values = {"text_as_promised": "X"}
    for act in (
        lambda: commitments.add_commitment(made, area=area, values=values, by=by("coordinator"), now=NOW),
        lambda: edit(settled, purpose="X"),
        lambda: edit(settled, parties=[]),
        lambda: edit(settled, units=[]),
        lambda: commitments.remove_commitment(settled, by=by("coordinator"), now=NOW),
        lambda: commitments.reorder(settled, direction="up", by=by("coordinator"), now=NOW),
        lambda: priorities.edit_area(area, values={"title": "X"}, by=by("coordinator"), now=NOW),
    ):
        with pytest.raises(Refused, match="Öppna dem som utkast"):
            act()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"text_as_promised": " "}, "Skriv löftet"),
        ({"period_start": TODAY, "period_end": TODAY.replace(day=1)}, "slutar innan"),
    ],
)
def test_odd_values_are_refused_in_words(values, words):
    with pytest.raises(Refused, match=words):
        making.commitment(now=NOW, **values)
    with pytest.raises(Refused, match=words):
        edit(making.commitment(now=NOW), **values)


@pytest.mark.django_db
def test_an_area_of_another_set_is_never_taken():
    promise, other = making.commitment(now=NOW), making.area(now=NOW)
    with pytest.raises(Refused, match="områdena"):
        edit(promise, area=other)
    with pytest.raises(Refused, match="områdena"):
        commitments.add_commitment(
            promise.pledge_set, area=other, values={"text_as_promised": "X"}, by=by("coordinator"), now=NOW
        )


@pytest.mark.django_db
def test_parties_are_exactly_the_rows_given():
    promise = making.commitment(now=NOW, leads=(SOCIAL, EDUCATION))
    kept = promise.parties.get(organisation__slug=SOCIAL)
    rows = [(department(SOCIAL), PartyRole.CONTRIBUTING, "Bemannar"), (department("polisen"), PartyRole.LEAD, "")]
    edit(promise, parties=rows)
    assert set(promise.parties.values_list("organisation__slug", "role", "part")) == {
        (SOCIAL, "CONTRIBUTING", "Bemannar"),
        ("polisen", "LEAD", ""),
    }
    assert promise.parties.get(organisation__slug=SOCIAL).pk == kept.pk
    assert "parties_set" in verbs(promise)
    seen = fresh(promise).revision
    edit(promise, parties=rows, seen=seen)
    assert fresh(promise).revision == seen


@pytest.mark.django_db
def test_odd_parties_are_refused():
    promise = making.commitment(now=NOW)
    social = department(SOCIAL)
    with pytest.raises(Refused, match="två gånger"):
        edit(promise, parties=[(social, "LEAD", ""), (social, "CONTRIBUTING", "")])
    with pytest.raises(Refused, match="leder eller medverkar"):
        edit(promise, parties=[(social, "BOSS", "")])
    gone = make_situation.make.organisation(is_active=False)
    with pytest.raises(Refused, match="används inte längre"):
        edit(promise, parties=[(gone, "LEAD", "")])
    assert promise.parties.get().organisation == social


@pytest.mark.django_db
def test_two_things_are_counted_apart():
    units = [UnitRow("trafikkontroller", "traffic checks", 10), UnitRow("identitetskontroller")]
    promise = making.commitment(now=NOW, units=units)
    edit(promise, units=[UnitRow("identitetskontroller", target_min=4), UnitRow("trafikkontroller", "checks", 12)])
    assert list(promise.units.values_list("order", "name", "name_en", "target_min")) == [
        (1, "identitetskontroller", "", 4),
        (2, "trafikkontroller", "checks", 12),
    ]
    for rows, words in (([UnitRow(" ")], "vad som räknas"), ([UnitRow("A"), UnitRow("a")], "två gånger")):
        with pytest.raises(Refused, match=words):
            edit(promise, units=rows)
    edit(promise, units=[])
    assert not promise.units.exists()


@pytest.mark.django_db
def test_links_can_be_mended_while_the_set_runs_and_are_looked_through():
    promise = making.published_commitment(now=NOW, links=[LinkRow("Läs mer", "https://kommun.example/a")])
    edit(promise, links=[LinkRow("Läs mer", "https://kommun.example/b", "Read more")])
    assert promise.links.get().url == "https://kommun.example/b"
    with pytest.raises(Refused, match="personnummer"):
        edit(promise, links=[LinkRow("19811228-9874", "https://kommun.example/")])
    with pytest.raises(Refused, match="både länktext och adress"):
        edit(promise, links=[LinkRow("Läs mer", " ")])
    assert who_may(lambda actor: edit(promise, actor, links=[])) == WRITING
    assert who_may(lambda actor: edit(promise, actor, internal_note="X")) == WRITING
    closed = making.closing_set(now=NOW)
    pledge_sets.withdraw(closed, reason="X", by=by("director"), now=NOW)
    with pytest.raises(Refused, match="avslutade"):
        edit(closed.commitments.first(), internal_note="X")


@pytest.mark.django_db
def test_an_old_page_changes_nothing():
    promise = making.commitment(now=NOW)
    edit(promise, purpose="Lugn", seen=promise.revision)
    with pytest.raises(StalePage):
        edit(promise, purpose="Annat", parties=[], seen=promise.revision)
    assert fresh(promise).purpose == "Lugn"
    assert promise.parties.exists()


@pytest.mark.django_db
def test_order_is_changed_within_the_area_and_numbers_stay():
    made = making.pledge_set(now=NOW)
    one, two = (making.commitment(now=NOW, pledge_set=made) for _turn in range(2))
    commitments.reorder(two, direction="up", by=by("coordinator"), now=NOW)
    commitments.reorder(two, direction="up", by=by("coordinator"), now=NOW)
    rows = made.commitments.order_by("order").values_list("number", flat=True)
    assert list(rows) == [two.number, one.number] == [2, 1]


@pytest.mark.django_db
def test_areas_are_ordered_named_by_letter_and_removed_when_empty():
    made = making.whole_set(now=NOW)
    first, second = made.areas.get(), making.area(now=NOW, pledge_set=made)
    assert (first.letter, second.letter) == ("A", "B")
    priorities.move_area(second, direction="up", by=by("coordinator"), now=NOW)
    assert (fresh(second).letter, fresh(first).letter) == ("A", "B")
    with pytest.raises(Refused, match="har löften"):
        priorities.remove_area(first, by=by("coordinator"), now=NOW)
    priorities.remove_area(second, by=by("coordinator"), now=NOW)
    assert fresh(first).letter == "A"
    with pytest.raises(Refused, match="rubrik"):
        priorities.edit_area(first, values={"title": " "}, by=by("coordinator"), now=NOW)
    with pytest.raises(StalePage):
        priorities.edit_area(first, values={"title": "X"}, by=by("coordinator"), now=NOW, seen=99)


@pytest.mark.django_db
def test_an_area_is_built_on_problems_its_writer_may_see():
    secret = make_situation.picture(now=NOW, kind="OWN", by="police_liaison").problems.get()
    made = making.pledge_set(now=NOW)
    with pytest.raises(NotAllowed):
        priorities.add_area(made, values={"title": "A"}, problems=[secret], by=by("coordinator"), now=NOW)


# --- Hints ----------------------------------------------------------------------------------------------


def codes(made) -> set[str]:
    return {hint.code for hint in hints(fresh(made))}


@pytest.mark.django_db
def test_hints_say_what_is_vague_and_stop_nobody():
    made = making.pledge_set(now=NOW)
    loose = make_situation.problem(now=NOW, findings=[])
    area = making.area(now=NOW, pledge_set=made, problems=[loose])
    promise = making.commitment(now=NOW, area=area, leads=(), how_we_know="")
    assert codes(made) == {"no_finding", "no_lead", "no_target", "no_measure"}
    texts = [hint.text for hint in hints(made)]
    assert "Löfte 1 saknar mätbart mål." in texts
    assert "Löfte 1 har ingen som leder." in texts
    assert "Område A bygger inte på någon iakttagelse." in texts
    edit(
        promise,
        how_we_know="Vi räknar.",
        units=[UnitRow("kvällar", target_min=8)],
        parties=[(department(SOCIAL), PartyRole.LEAD, "")],
    )
    assert codes(made) == {"no_finding"}
    assert making.moved_to(made, SetState.PUBLISHED, now=NOW).state == SetState.PUBLISHED


@pytest.mark.django_db
def test_a_rhythm_or_a_thing_done_once_is_measurable():
    made = making.pledge_set(now=NOW)
    promise = making.commitment(now=NOW, pledge_set=made)
    making.commitment(now=NOW, pledge_set=made, kind=CommitmentKind.ONE_OFF)
    assert codes(made) == {"no_target"}
    RecurrenceRule.objects.create(commitment=promise, reading="DAYS", limit=14, active_from=TODAY)
    assert codes(made) == set()


# --- Figures --------------------------------------------------------------------------------------------


def figure(promise: Commitment, actor=None, **values) -> EffectFigure:
    defaults = {
        "label": "Andel som är trygga ute på kvällen",
        "unit": "procent",
        "baseline_value": Decimal("61.5"),
        "baseline_period": "2019",
    }
    if "source" not in values:
        values["source"] = make_situation.source(now=NOW)
    return commitments.add_figure(promise, values=defaults | values, by=actor or by("coordinator"), now=NOW)


@pytest.mark.django_db
def test_figures_are_kept_by_those_who_write_and_those_who_lead():
    promises = making.published_set(now=NOW).commitments.order_by("number")
    source = make_situation.source(now=NOW)
    social = {"head_social", "officer_social"}
    assert who_may(lambda actor: figure(promises[0], actor, source=source)) == WRITING | social
    assert who_may(lambda actor: figure(promises[1], actor, source=source)) == WRITING | {
        "police_liaison",
        "lpo_chief",
    }
    kept = figure(promises[0], source=source)
    may = who_may(lambda actor: commitments.edit_figure(kept, values={"label": "X"}, by=actor, now=NOW))
    assert may == WRITING | social
    later = {"value": Decimal(70), "value_period": "2020"}
    kept = commitments.edit_figure(kept, values=later, by=by("coordinator"), now=NOW, seen=kept.revision)
    assert kept.value == 70
    with pytest.raises(StalePage):
        commitments.edit_figure(kept, values={"label": "X"}, by=by("coordinator"), now=NOW, seen=0)
    commitments.remove_figure(kept, by=by("coordinator"), now=NOW)
    assert not EffectFigure.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"label": " "}, "vad siffran visar"),
        ({"baseline_value": None}, "utgångsläget"),
        ({"value": Decimal(3)}, "både det senaste värdet"),
        ({"label_en": "19811228-9874"}, "personnummer"),
    ],
)
def test_a_figure_says_what_it_shows_and_since_when(values, words):
    with pytest.raises(Refused, match=words):
        figure(making.commitment(now=NOW), **values)
