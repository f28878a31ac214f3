"""A set from a file into the database and back: the same file, nothing half stored, errors by line."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lysekil_trygghet.accounts.models import Organisation
from lysekil_trygghet.history.guards import NotAllowed
from pledges.exchange import AreaRow, FileRefused, LinkRow, SetRow, UnitRow, xlsx_file, yaml_file
from pledges.models import Commitment, PledgeSet, PriorityArea
from pledges.operations import exchange

from .. import make_pledges, make_situation
from ..incidents.typed import IDENTITY_NUMBER
from ..incidents.world import undone
from .acting import NOW, by, who_may
from .test_exchange_files import GOOD, sets

pytestmark = pytest.mark.django_db

COUNTED = (PledgeSet, PriorityArea, Commitment)


def rows_stored() -> list[int]:
    return [model.objects.count() for model in COUNTED]


def read(text: str) -> SetRow:
    return yaml_file.read(text.encode())


def here(row: SetRow, *, slugs: list[str], picture: str, problems: list[str]) -> SetRow:
    """The same set with organisations, picture and problems that this installation has."""

    def promise(one):
        parties = tuple(replace(party, organisation=slugs[at]) for at, party in enumerate(one.parties))
        units = tuple({unit.name.casefold(): unit for unit in one.units}.values())
        rule = one.rule
        if rule:
            # Kept in the order of the calendar.
            rule = replace(rule, pauses=tuple(sorted(rule.pauses, key=lambda pause: pause.first_day)))
        return replace(one, parties=parties, units=units, rule=rule)

    return replace(
        row,
        picture=picture,
        areas=tuple(
            replace(
                area,
                problems=tuple(problems[: len(area.problems)]) if picture else (),
                commitments=tuple(promise(one) for one in area.commitments),
            )
            for area in row.areas
        ),
    )


@pytest.mark.parametrize("file", [yaml_file, xlsx_file], ids=["yaml", "xlsx"])
def test_a_file_comes_back_the_same_from_the_database(people, file):
    slugs = list(Organisation.objects.filter(is_active=True).values_list("slug", flat=True))[:3]
    picture = make_situation.picture(now=NOW)
    second = make_situation.problem(picture=picture, title="Otryggt i hamnen", now=NOW)
    problems = [picture.problems.exclude(pk=second.pk).get().title, second.title]
    coordinator = by("coordinator")

    @settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
    @given(sets(), st.booleans())
    def check(row, with_picture):
        row = here(row, slugs=slugs, picture=picture.slug if with_picture else "", problems=problems)
        with undone():
            made = exchange.import_set(file.read(file.write(row)), by=coordinator, now=NOW)
            assert made.state == "DRAFT"
            assert exchange.export_set(made, by=coordinator) == row

    check()


def test_what_was_made_by_hand_is_the_same_after_a_trip_through_a_file(people):
    made = make_pledges.whole_set(now=NOW)
    make_pledges.commitment(
        now=NOW,
        pledge_set=made,
        leads=("polisen",),
        contributing=("socialforvaltningen",),
        units=(UnitRow("trafikkontroller", "traffic checks", 20),),
        links=(LinkRow(title="Mer", url="https://kommun.example/"),),
    )
    # Its problem belongs to no picture of the set, so the file cannot name it.
    row = exchange.export_set(made, by=by("coordinator"))
    row = replace(row, areas=tuple(replace(area, problems=()) for area in row.areas))

    again = exchange.import_set(yaml_file.read(yaml_file.write(row)), by=by("coordinator"), now=NOW)

    assert exchange.export_set(again, by=by("coordinator")) == row
    assert again.slug != made.slug


def test_numbers_are_kept_and_a_new_promise_gets_the_next(people):
    text = GOOD.replace("nummer: 1", "nummer: 7")
    made = exchange.import_set(read(text), by=by("coordinator"), now=NOW)

    added = make_pledges.commitment(now=NOW, pledge_set=made)

    assert [one.number for one in made.commitments.order_by("number")] == [7, 8]
    assert added.number == 8


def test_who_may_look_through_import_and_export(people):
    row = read(GOOD)
    made = exchange.import_set(row, by=by("coordinator"), now=NOW)
    writers = {"director", "coordinator"}

    assert who_may(lambda actor: exchange.look_through(row, by=actor)) == writers
    assert who_may(lambda actor: exchange.import_set(row, by=actor, now=NOW)) == writers
    assert who_may(lambda actor: exchange.export_set(made, by=actor)) == writers
    with pytest.raises(NotAllowed):
        exchange.export_set(made, by=by("police_liaison"))


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("organisation: polisen", "organisation: brandkaren", 12, "brandkaren"),
        ("rubrik: Löften 2018", f"rubrik: Löften {IDENTITY_NUMBER}", 2, "personnummer"),
        ("löfte: Polisen ska synas mer.", f"löfte: Hjälp {IDENTITY_NUMBER}.", 8, "personnummer"),
        ("  från: 2017-12-01", "  lägesbild: ingen-sadan\n  från: 2017-12-01", 2, "ingen-sadan"),
        ("    löften:", "    problem:\n    - Mörkt\n    löften:", 6, "Mörkt"),
    ],
)
def test_what_this_installation_does_not_know_or_never_keeps_is_told_by_line(people, old, new, line, words):
    assert old in GOOD
    row = read(GOOD.replace(old, new, 1))
    before = rows_stored()

    errors = exchange.look_through(row, by=by("coordinator")).errors

    assert [error.line for error in errors] == [line]
    assert words in " ".join(error.message for error in errors)
    with pytest.raises(FileRefused) as refused:
        exchange.import_set(row, by=by("coordinator"), now=NOW)
    assert refused.value.errors == list(errors)
    assert rows_stored() == before


def test_looking_through_stores_nothing(people):
    before = rows_stored()

    found = exchange.look_through(read(GOOD), by=by("coordinator"))

    assert (found.errors, found.promises) == ((), 1)
    assert rows_stored() == before


def test_nothing_is_half_stored_when_the_last_promise_is_refused(people):
    """The operations say no to what the file's own checks let through: the same unit in other letters."""
    row = read(GOOD)
    promise = row.areas[0].commitments[0]
    wrong = replace(promise, number=2, line=99, units=(UnitRow("Kontroller"), UnitRow("kontroller")))
    area = AreaRow(title="Hamnen", commitments=(wrong,))
    before = rows_stored()

    with pytest.raises(FileRefused) as refused:
        exchange.import_set(replace(row, areas=(*row.areas, area)), by=by("coordinator"), now=NOW)

    assert [error.line for error in refused.value.errors] == [99]
    assert rows_stored() == before
