"""A file's way into the database: looked at, stored once, in one transaction; nothing of a bad file unless asked."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings as portal
from django.core.management import CommandError, call_command
from django.utils import timezone

from lysekil_trygghet.accounts.actors import Actor
from lysekil_trygghet.history.guards import NotAllowed, Refused
from lysekil_trygghet.history.models import Event
from lysekil_trygghet.history.operations import MoveNotAllowed
from situation.importers import bra
from situation.lifecycle import AreaKind, ImportKind, ImportState
from situation.models import Area, DatasetImport, Indicator, IndicatorValue, Source
from situation.operations import imports, publishers
from situation.operations.imports import AlreadyRead

from .. import make_situation as making
from ..importers.files import written
from ..make_incidents import acting

pytestmark = pytest.mark.django_db

NOW = timezone.now()
HEAD = "Region;Brott;År;Antal\n"
GOOD = HEAD + "Lysekil;Rån;2023;3\nLysekil;Rån;2024;..\nMunkedal;Rån;2024;7\n"
CODE = "bra.ran.antal"


@pytest.fixture(autouse=True)
def _everybody(people):
    """The demo people exist."""


@pytest.fixture
def source() -> Source:
    return making.source(title="Anmälda brott")


def begun(path: Path, source: Source, *, by: Actor | None = None, kind: str = ImportKind.BRA, **more) -> DatasetImport:
    return imports.begin(
        path, source=source, kind=kind, name=path.name, by=by or acting("coordinator"), now=NOW, **more
    )


def stored(path: Path, source: Source, *, takes_the_good: bool = False) -> DatasetImport:
    made = begun(path, source)
    return imports.apply_at_once(made, takes_the_good=takes_the_good, by=acting("coordinator"), now=NOW)


def numbers() -> dict[tuple[str, str], Decimal | None]:
    rows = IndicatorValue.objects.filter(indicator__code=CODE).select_related("area")
    return {(row.area.code, row.period): row.value for row in rows}


def test_a_file_is_looked_at_without_a_trace_and_then_stored(tmp_path, source):
    made = begun(written(tmp_path, "brott.csv", GOOD), source)
    seen = imports.check(made, by=Actor.system(), now=NOW)
    assert (seen.state, seen.rows_new, seen.rows_rejected, seen.lines_total) == (ImportState.CHECKED, 3, 0, 4)
    assert [row["kind"] for row in seen.report["examples"]] == ["new", "new", "new"]
    assert (Indicator.objects.count(), IndicatorValue.objects.count(), Area.objects.count()) == (0, 0, 0)

    ordered = imports.order(seen, takes_the_good=False, by=acting("coordinator"), now=NOW)
    done = imports.store(ordered, by=Actor.system(), now=NOW)
    assert (done.state, done.rows_new) == (ImportState.APPLIED, 3)
    assert numbers() == {("1484", "2023"): 3, ("1484", "2024"): None, ("1430", "2024"): 7}
    assert Area.objects.get(code="1484").name == "Lysekil"
    assert not Area.objects.get(code="1484").is_active
    missing = IndicatorValue.objects.get(value=None)
    assert (missing.is_suppressed, missing.dataset_import) == (True, done)
    assert [event.verb for event in Event.objects.filter(subject_id=done.pk, subject_type__model="datasetimport")] == [
        "created", "waiting", "checked", "to_apply", "applied",
    ]  # fmt: skip


def test_the_same_file_twice_changes_nothing(tmp_path, source):
    first = stored(written(tmp_path, "brott.csv", GOOD), source)
    with pytest.raises(AlreadyRead) as caught:
        begun(written(tmp_path, "annat-namn.csv", GOOD), source)
    assert caught.value.before == first
    assert DatasetImport.objects.count() == 1


def test_of_two_looked_at_together_only_one_is_stored(tmp_path, source):
    path = written(tmp_path, "brott.csv", GOOD)
    one, other = (imports.check(begun(path, source), by=Actor.system(), now=NOW) for _turn in range(2))
    for made in (one, other):
        imports.order(made, takes_the_good=False, by=acting("coordinator"), now=NOW)
    assert imports.run_waiting(now=NOW) == 2
    assert sorted(DatasetImport.objects.values_list("state", flat=True)) == ["APPLIED", "REFUSED"]
    assert len(numbers()) == 3


def test_a_newer_file_tells_what_is_new_changed_and_unchanged(tmp_path, source):
    stored(written(tmp_path, "a.csv", GOOD), source)
    newer = HEAD + "Lysekil;Rån;2023;4\nLysekil;Rån;2024 prel.;..\nMunkedal;Rån;2024;7\nMunkedal;Rån;2025;1\n"
    made = imports.check(begun(written(tmp_path, "b.csv", newer), source), by=Actor.system(), now=NOW)
    assert (made.rows_new, made.rows_changed, made.rows_unchanged) == (1, 2, 1)
    changed = [row for row in made.report["examples"] if row["kind"] == "changed"]
    assert [(row["old"], row["value"], row["line"]) for row in changed] == [("3", "4", 2), (None, None, 3)]
    imports.order(made, takes_the_good=False, by=acting("coordinator"), now=NOW)
    imports.run_waiting(now=NOW)
    assert numbers()["1484", "2023"] == 4
    assert IndicatorValue.objects.get(period="2024", area__code="1484").is_preliminary


BAD = GOOD + "Atlantis;Rån;2024;9\nLysekil;Rån;2025;många\n"


def test_a_file_with_bad_rows_is_stored_only_when_somebody_says_so(tmp_path, source):
    made = imports.check(begun(written(tmp_path, "a.csv", BAD), source), by=Actor.system(), now=NOW)
    assert (made.rows_new, made.rows_rejected) == (3, 2)
    assert [error[0] for error in made.report["errors"]] == [5, 6]
    with pytest.raises(Refused, match="välj att läsa in resten"):
        imports.order(made, takes_the_good=False, by=acting("coordinator"), now=NOW)
    imports.order(made, takes_the_good=True, by=acting("coordinator"), now=NOW)
    imports.run_waiting(now=NOW)
    assert len(numbers()) == 3


def test_what_stands_twice_and_says_the_same_is_stored_once(tmp_path, source):
    made = stored(written(tmp_path, "a.csv", GOOD + "Munkedal;Rån;2024;7\n"), source)
    assert (made.rows_new, made.rows_rejected, made.report["repeated"]) == (3, 0, 1)


def test_what_stands_twice_and_says_different_things_is_an_error_with_its_line(tmp_path, source):
    path = written(tmp_path, "a.csv", GOOD + "Munkedal;Rån;2024;8\n")
    made = imports.check(begun(path, source), by=Actor.system(), now=NOW)
    assert [error[:2] for error in made.report["errors"]] == [[5, "Raden säger något annat än rad 4 om samma sak."]]
    imports.order(made, takes_the_good=True, by=acting("coordinator"), now=NOW)
    imports.run_waiting(now=NOW)
    assert numbers()["1430", "2024"] == 7


def test_a_file_that_cannot_be_read_is_refused_and_thrown_away(tmp_path, source):
    made = begun(written(tmp_path, "a.csv", "namn;färg\nx;y\n"), source)
    assert Path(made.raw.path).is_file()
    kept = Path(made.raw.path)
    refused = imports.check(made, by=Actor.system(), now=NOW)
    assert refused.state == ImportState.REFUSED
    assert "ingen tabell från Brå" in refused.report["errors"][0][1]
    assert not kept.exists()


def test_the_file_is_kept_outside_what_the_web_shows(tmp_path, source):
    done = stored(written(tmp_path, "a.csv", GOOD), source)
    kept = Path(done.raw.path)
    assert kept.read_text() == GOOD
    assert kept.parent.name == "imports"
    assert not kept.is_relative_to(portal.MEDIA_ROOT)
    assert done.sha256 in kept.name


def test_a_dropped_file_is_thrown_away(tmp_path, source, django_capture_on_commit_callbacks):
    made = imports.check(begun(written(tmp_path, "a.csv", GOOD), source), by=Actor.system(), now=NOW)
    kept = Path(made.raw.path)
    with django_capture_on_commit_callbacks(execute=True):
        imports.drop(made, by=acting("coordinator"), now=NOW)
    assert not kept.exists()
    with pytest.raises(MoveNotAllowed):
        imports.order(made, takes_the_good=False, by=acting("coordinator"), now=NOW)


@pytest.mark.parametrize("who", ["head_social", "communicator", "police_liaison", "auditor"])
def test_others_read_no_file_into_the_municipalitys_source(tmp_path, source, who):
    with pytest.raises(NotAllowed):
        begun(written(tmp_path, "a.csv", GOOD), source, by=acting(who))


def test_an_import_left_by_a_worker_is_taken_again_when_its_claim_has_run_out(tmp_path, source):
    made = begun(written(tmp_path, "a.csv", GOOD), source)
    DatasetImport.objects.filter(pk=made.pk).update(claimed_until=NOW + dt.timedelta(minutes=5))
    assert imports.run_waiting(now=NOW) == 0
    assert imports.run_waiting(now=NOW + dt.timedelta(minutes=6)) == 1


def test_an_error_of_ours_stops_one_import_and_not_the_others(tmp_path, source, caplog):
    lost = begun(written(tmp_path, "a.csv", GOOD), source)
    Path(lost.raw.path).unlink()
    whole = begun(written(tmp_path, "b.csv", HEAD + "Lysekil;Rån;2020;1\n"), source)
    assert imports.run_waiting(now=NOW) == 2
    lost.refresh_from_db()
    whole.refresh_from_db()
    assert (lost.state, whole.state) == (ImportState.REFUSED, ImportState.CHECKED)
    assert "Något gick fel hos oss" in lost.report["errors"][0][1]


def test_an_indicator_keeps_the_words_somebody_wrote(tmp_path, source):
    stored(written(tmp_path, "a.csv", GOOD), source)
    Indicator.objects.update(title="Rån i kommunen")
    stored(written(tmp_path, "b.csv", HEAD + "Lysekil;Rån;2020;1\n"), source)
    assert [one.title for one in Indicator.objects.all()] == ["Rån i kommunen"]


def test_a_known_area_is_the_one_that_is_used_of_several_versions_the_newest(tmp_path, source):
    for version in ("2018", "2025"):
        Area.objects.create(kind=AreaKind.MUNICIPALITY, code="1484", version=version, name="Lysekils kommun")
    stored(written(tmp_path, "a.csv", GOOD), source)
    assert {row.area.version for row in IndicatorValue.objects.filter(area__code="1484")} == {"2025"}


def test_ten_thousand_rows_take_as_many_queries_as_ten(tmp_path, source, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    asked = []
    for count in (10, 5_000):
        rows = "".join(f"Lysekil;Brott {number};2023;{number}\n" for number in range(count))
        path = written(tmp_path, f"{count}.csv", HEAD + rows)
        with CaptureQueriesContext(connection) as caught:
            imports.import_rows(bra.read(path), source=source, now=NOW)
        asked.append(len(caught))
    assert asked[0] == asked[1]


# --- Commands ------------------------------------------------------------------------------------------------


def run(name: str, *args: object, capsys) -> tuple[int, str, str]:
    """Exit code, what was said, what was complained of; as at the prompt."""
    try:
        call_command(name, *map(str, args))
        code = 0
    except CommandError as error:
        code, complaint = 1, str(error)
        said = capsys.readouterr()
        return code, said.out, said.err + complaint
    said = capsys.readouterr()
    return code, said.out, said.err


def test_the_command_prints_what_would_change_and_leaves_no_trace(tmp_path, capsys):
    path = written(tmp_path, "brott.csv", GOOD)
    code, said, _err = run("import_bra", path, capsys=capsys)
    assert code == 0
    assert "3 nya, 0 ändrade, 0 oförändrade, 0 borttagna, 0 underkända rader." in said
    assert "Inget är sparat" in said
    assert (Source.objects.count(), DatasetImport.objects.count(), IndicatorValue.objects.count()) == (0, 0, 0)


def test_the_command_stores_with_apply_and_a_second_time_nothing_changes(tmp_path, capsys):
    path = written(tmp_path, "brott.csv", GOOD)
    assert run("import_bra", path, "--apply", capsys=capsys)[0] == 0
    code, said, _err = run("import_bra", path, "--apply", capsys=capsys)
    assert (code, "Inget ändras" in said) == (0, True)
    assert (DatasetImport.objects.count(), len(numbers())) == (1, 3)
    made = DatasetImport.objects.get()
    assert (made.source.publisher, made.state) == ("Brå", ImportState.APPLIED)


def test_the_command_refuses_bad_rows_with_line_and_reason_unless_told_to_take_the_rest(tmp_path, capsys):
    path = written(tmp_path, "brott.csv", BAD)
    code, _said, err = run("import_bra", path, "--apply", capsys=capsys)
    assert code == 1
    assert "Rad 5: ”Atlantis”" in err
    assert "--partial" in err
    assert IndicatorValue.objects.count() == 0
    assert run("import_bra", path, "--apply", "--partial", capsys=capsys)[0] == 0
    assert len(numbers()) == 3


def test_the_command_says_why_a_file_is_refused_and_where(tmp_path, capsys):
    code, _said, err = run("import_bra", written(tmp_path, "brott.csv", "Kommun;Antal\nLysekil;\x00\n"), capsys=capsys)
    assert code == 1
    assert err.startswith("Rad 2: Filen innehåller tecken som inte är text.")
    assert run("import_bra", tmp_path / "finns-inte.csv", capsys=capsys)[0] == 1


def test_any_table_is_read_as_it_looks(tmp_path, capsys):
    path = written(tmp_path, "bilar.csv", "Kommun;År;Antal bilar\nLysekil;2023;7\nMunkedal;2023;9\n")
    assert run("import_table", path, "--apply", capsys=capsys)[0] == 0
    assert sorted(IndicatorValue.objects.values_list("value", flat=True)) == [7, 9]


def test_the_publishers_source_is_made_once():
    first, again = (publishers.source_for(ImportKind.BRA, by=Actor.system(), now=NOW) for _turn in range(2))
    assert first == again
    assert (first.publisher, first.method) == ("Brå", "REGISTER")
