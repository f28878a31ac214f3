"""Brå's files: the monthly Databasfil, the yearly CSV, spreadsheets with titles and notes."""

from __future__ import annotations

import calendar
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from situation.importers import bra
from situation.importers.rows import FileRefused, IndicatorRow, LineError, Note, ValueRow

from .files import names, of_kind, real, sheet, written

HEAD = "Region;Brott;År;Period;Antal;/100 000 inv\n"
TOTAL, RATE = "bra.totalt-antal-brott.antal", "bra.totalt-antal-brott.per-100000"


def read(path: Path) -> list[object]:
    return list(bra.read(path).items)


def values(path: Path) -> list[ValueRow]:
    items = read(path)
    assert not of_kind(items, LineError), of_kind(items, LineError)
    return of_kind(items, ValueRow)


def errors(path: Path) -> list[tuple[int, str]]:
    return [(error.line, str(error.message)) for error in of_kind(read(path), LineError)]


# --- The monthly file ----------------------------------------------------------------------------------------


def test_the_monthly_file_has_one_field_more_than_its_header(tmp_path):
    path = written(
        tmp_path, "Databasfil.txt", HEAD + "Lysekil kommun;Totalt antal brott;2016 prel.;Maj;94;650;\n\n", "latin-1"
    )
    assert values(path) == [
        ValueRow(2, TOTAL, "1484", "2016-05", Decimal(94), is_preliminary=True, area_label="Lysekil kommun")
    ]
    assert bra.read(path).encoding == "latin-1"


def test_a_field_too_much_that_holds_something_is_an_error(tmp_path):
    path = written(tmp_path, "a.txt", HEAD + "Lysekil kommun;Totalt antal brott;2016;Maj;94;650;7\n")
    assert errors(path) == [(2, "Raden har fler kolumner än rubrikerna. Rätta skiljetecknen.")]


def test_heby_stands_twice_and_its_zeros_are_left_out_with_one_note(tmp_path):
    rows = [f"Heby kommun;{crime};2015;Jan;{count};1;" for count in (58, 0) for crime in ("Totalt antal brott", "Rån")]
    items = read(written(tmp_path, "a.txt", HEAD + "\n".join(rows)))
    assert [(row.indicator, row.value) for row in of_kind(items, ValueRow)] == [(TOTAL, 58), ("bra.ran.antal", 58)]
    assert [note.line for note in of_kind(items, Note)] == [4]
    assert not of_kind(items, LineError)


def test_heby_twice_with_other_numbers_is_an_error(tmp_path):
    rows = [f"Heby kommun;Totalt antal brott;2015;Jan;{count};1;" for count in (58, 57)]
    assert errors(written(tmp_path, "a.txt", HEAD + "\n".join(rows))) == [
        (3, "Heby står två gånger med olika siffror. Ta bort den ena.")
    ]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("Atlantis kommun;Totalt antal brott;2016;Maj;94;650;", "Atlantis kommun"),
        ("Lysekil kommun;Totalt antal brott;förra året;Maj;94;650;", "ingen period"),
        ("Lysekil kommun;Totalt antal brott;2016;Vår;94;650;", "2016 Vår"),
        ("Lysekil kommun;Totalt antal brott;2016;Maj;många;650;", "”många” är inget tal"),
        ("Lysekil kommun;Totalt antal brott;2016;Maj;-3;650;", "mindre än noll"),
        ("Lysekil kommun;Totalt antal brott;2016;Maj;1e400;650;", "orimligt stort"),
        ("Lysekil kommun;Totalt antal brott;2016;Maj;;;", "saknar antal"),
        ("Lysekil kommun;Totalt antal brott;2016;Maj;=1+1;650;", "inget tal"),
    ],
)
def test_a_bad_row_is_named_with_its_line_and_the_others_are_read(tmp_path, row, words):
    good = "Lysekil kommun;Totalt antal brott;2016;Jun;94;650;"
    items = read(written(tmp_path, "a.txt", f"{HEAD}{row}\n{good}\n"))
    assert [error.line for error in of_kind(items, LineError)] == [2]
    assert words in of_kind(items, LineError)[0].message
    assert [value.line for value in of_kind(items, ValueRow)] == [3]


def test_monthly_rates_are_left_out_and_yearly_ones_stand_beside_the_count(tmp_path):
    path = written(tmp_path, "a.txt", HEAD + "Lysekil kommun;Totalt antal brott;2015;;1504;10 458;\n")
    assert [(row.indicator, row.period, row.value) for row in values(path)] == [
        (TOTAL, "2015", 1504),
        (RATE, "2015", 10458),
    ]


def test_an_indicator_comes_before_its_first_value_once(tmp_path):
    rows = "".join(f"Lysekil kommun;Rån;2015;{month};1;7;\n" for month in ("Jan", "Feb"))
    items = read(written(tmp_path, "a.txt", HEAD + rows))
    assert [type(item) for item in items] == [IndicatorRow, ValueRow, ValueRow]
    assert (items[0].title, items[0].unit, items[0].direction) == ("Anmälda brott: Rån", "COUNT", "LOWER_BETTER")


# --- The yearly CSV --------------------------------------------------------------------------------------------

YEARLY = (
    "\ufeffKommun;Antal (prel.);Per 100 000 inv. (prel.)\nLysekil;1\u00a0012;7105\nMunkedal;..;..\nSotenäs;598;6 644\n"
)


def test_the_yearly_file_says_its_year_in_its_name_and_two_points_are_missing_never_zero(tmp_path):
    path = written(tmp_path, "brott-2025.csv", YEARLY)
    found = {(row.area, row.indicator): row for row in values(path)}
    assert found["1484", TOTAL].value == 1012
    assert found["1427", RATE].value == 6644
    assert (found["1430", TOTAL].value, found["1430", TOTAL].is_suppressed) == (None, True)
    assert {row.period for row in found.values()} == {"2025"}
    assert all(row.is_preliminary for row in found.values())


def test_a_yearly_file_without_a_year_says_where_to_write_it(tmp_path):
    with pytest.raises(FileRefused, match=r"brott-2025\.csv"):
        read(written(tmp_path, "brott.csv", YEARLY))


def test_the_name_the_file_came_with_counts(tmp_path):
    path = written(tmp_path, "3f9a", YEARLY)
    assert {row.period for row in of_kind(bra.read(path, name="brott-2024.csv").items, ValueRow)} == {"2024"}


# --- Spreadsheets ----------------------------------------------------------------------------------------------


def test_a_spreadsheet_with_titles_merged_cells_and_notes(tmp_path):
    path = sheet(
        tmp_path,
        "export.xlsx",
        [
            ["Anmälda brott i hela landet, 2023"],
            [],
            ["Region", "Brott", "År", "Antal", "Per 100 000 inv"],
            ["Lysekil kommun", "12 kap. Skadegörelsebrott", "2023", 118, 830],
            ["", "8 kap. Stöld", "2023", 240, 1690],
            ["Källa: Brå"],
        ],
    )
    found = [(row.line, row.indicator, row.area, row.value) for row in values(path) if row.indicator.endswith("antal")]
    assert found == [(4, "bra.skadegorelsebrott.antal", "1484", 118), (5, "bra.stold.antal", "1484", 240)]


def test_a_sheet_of_notes_beside_the_table_is_a_note(tmp_path):
    table = [["Kommun", "Antal"], ["Lysekil", 1012]]
    items = read(sheet(tmp_path, "brott-2025.xlsx", [["Om statistiken"]], table))
    assert len(of_kind(items, ValueRow)) == 1
    assert "Bladet Sheet1 läses inte" in of_kind(items, Note)[0].message


# --- What is no file of Brå ---------------------------------------------------------------------------------


def test_years_across_the_columns_say_no_unit_and_go_by_the_table(tmp_path):
    with pytest.raises(FileRefused, match="Annan tabell"):
        read(written(tmp_path, "a.csv", "Region;Våldsbrott 2015;Våldsbrott 2014\n1484 Lysekil;96;88\n"))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "tom"),
        (b"\x89PNG\r\n\x1a\n0000", "PNG"),
        (b"%PDF-1.7", "PDF"),
        ("a;b\n1;2\n".encode("utf-16"), "UTF-16"),
        (b"Kommun;Antal\nLysekil;\x00\n", "inte är text"),
        (b"namn;farg\nx;y\n", "ingen tabell från Br"),
        (b'Kommun;Antal\n"Lysekil;1\n' + b"x;1\n" * 400_000, "citattecken"),
        (b"Kommun" + b";" * 1_200_000 + b"\n", "miljon tecken"),
        (b"Kommun;Antal\nLysekil" + b";" * 5_000 + b"\n", "5001 kolumner"),
    ],
)
def test_what_cannot_be_read_says_what_to_do(tmp_path, content, words):
    with pytest.raises(FileRefused, match=words):
        read(written(tmp_path, "brott-2025.csv", content))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "latin-1"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_encoding_and_delimiter_are_found_by_looking(tmp_path, encoding, delimiter):
    rows = [
        ["Region", "Brott", "År", "Antal"],
        ["Sotenäs kommun", "Rån", "2023", "3"],
        ["Ale kommun", "Rån", "2023", "9"],
    ]
    path = written(tmp_path, "a.csv", "\n".join(delimiter.join(row) for row in rows), encoding)
    assert [(row.area, row.value) for row in values(path)] == [("1427", 3), ("1440", 9)]


COUNTS = st.one_of(st.none(), st.integers(min_value=0, max_value=999_999))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    counts=st.lists(COUNTS, min_size=1, max_size=30), crlf=st.booleans(), spaces=st.sampled_from(["", " ", "\u00a0"])
)
def test_what_is_written_is_read_back(tmp_path, counts, crlf, spaces):
    def cell(count: int | None) -> str:
        return ".." if count is None else f"{count:,}".replace(",", spaces)

    rows = [f"Lysekil;Rån;{1996 + place};{cell(count)}" for place, count in enumerate(counts)]
    path = written(tmp_path, "a.csv", ("\r\n" if crlf else "\n").join(["Region;Brott;År;Antal", *rows]))
    assert [(row.period, row.value) for row in values(path)] == [
        (str(1996 + place), count) for place, count in enumerate(counts)
    ]


# --- The publisher's own files --------------------------------------------------------------------------------


# Read from each month's file by eye: all crimes in Ale (its first line), all crimes and thefts in Lysekil.
MONTHS = {
    "Apr2015": (199, 114, 32), "Apr2016": (168, 119, 36), "Aug2015": (193, 165, 77), "Dec2015": (164, 99, 34),
    "Feb2015": (162, 128, 25), "Feb2016": (181, 121, 52), "Jan2015": (221, 97, 40), "Jan2016": (185, 139, 64),
    "Jul2015": (187, 188, 93), "Jun2015": (230, 139, 56), "Jun2016": (199, 140, 55), "Mar2015": (197, 127, 32),
    "Mar2016": (241, 106, 34), "May2015": (216, 145, 47), "May2016": (226, 129, 34), "Nov2015": (164, 92, 34),
    "Oct2015": (183, 93, 33), "Sep2015": (241, 117, 47),
}  # fmt: skip


@pytest.mark.parametrize("path", real("bra"), ids=names(real("bra")))
def test_every_real_file_is_read_or_refused_with_a_reason(path):
    if "databasfil" in str(path):
        found = of_kind(read(path), ValueRow)
        assert len(found) == 2_900
        assert len({row.area for row in found}) == 290
        assert len({row.indicator for row in found}) == 10
        assert all(row.is_preliminary == ("2016" in path.name) for row in found)
        month, year = path.stem.removeprefix("Databasfil")[:3], path.stem[-4:]
        assert {row.period for row in found} == {f"{year}-{list(calendar.month_abbr).index(month):02}"}
        told = {(row.area, row.indicator): row.value for row in found}
        thefts = "bra.stoldbrott.antal"
        three = (told["1440", TOTAL], told["1484", TOTAL], told["1484", thefts])
        assert three == MONTHS[path.stem.removeprefix("Databasfil")]
    elif path.name == "bra_hela_landet_2000-2016.csv":
        found = values(path)
        assert len(found) == 170
        told = {(row.indicator, row.period): row.value for row in found}
        assert [told[TOTAL, year] for year in ("2000", "2001", "2015")] == [1210821, 1183484, 1503399]
        assert {row.period for row in found if row.is_preliminary} == {"2016"}
    elif path.name == "brott_kommun_1990-2015_ufffd.csv":
        with pytest.raises(FileRefused, match="antal eller per invånare"):
            read(path)
    else:
        assert path.name == "bra_region_name_translations.csv"
        with pytest.raises(FileRefused, match="ingen tabell från Brå"):
            read(path)


def test_the_year_2015_of_lysekil_adds_up_over_the_months():
    months = [path for path in real("bra/databasfil") if "2015" in path.name]
    if months:
        rows = [row for path in months for row in of_kind(read(path), ValueRow)]
        assert sum(row.value for row in rows if row.area == "1484" and row.indicator == TOTAL) == 1504
