"""Any table: titles, header rows of several lines, subtotals and footnotes are told apart from the numbers."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from situation.importers import table
from situation.importers.rows import FileRefused, IndicatorRow, LineError, Note, ValueRow
from situation.importers.table import Mapping, Values

from .files import names, of_kind, real, sheet, written


def proposed(path: Path) -> Mapping:
    shapes = table.look(path)
    found = table.propose(shapes[0], name=path.name)
    assert found is not None
    return found


def values(path: Path, mapping: Mapping) -> list[ValueRow]:
    items = list(table.read(path, mapping=mapping).items)
    assert not of_kind(items, LineError)
    return of_kind(items, ValueRow)


def test_a_long_table_is_proposed_as_it_is(tmp_path):
    path = written(
        tmp_path, "a.csv", "region;hustyp;år;antal\n1484 Lysekil;småhus;2015;6\n1484 Lysekil;flerbostad;2015;7\n"
    )
    mapping = proposed(path)
    assert (mapping.area_at, mapping.period_at, mapping.breakdowns) == (0, 2, ((1, "hustyp"),))
    assert [(row.area, row.period, row.breakdown, row.value) for row in values(path, mapping)] == [
        ("1484", "2015", "hustyp=småhus", 6),
        ("1484", "2015", "hustyp=flerbostad", 7),
    ]


def test_years_across_become_periods_of_one_indicator(tmp_path):
    path = written(
        tmp_path, "a.csv", "Region;Våldsbrott 2015;Våldsbrott 2014\n1484 Lysekil;96;..\n1430 Munkedal;-;8\n"
    )
    found = {(row.indicator, row.area, row.period): row for row in values(path, proposed(path))}
    assert found["tabell.valdsbrott", "1484", "2015"].value == 96
    assert found["tabell.valdsbrott", "1484", "2014"].value is None
    assert found["tabell.valdsbrott", "1484", "2014"].is_suppressed
    assert found["tabell.valdsbrott", "1430", "2015"].value == 0


def test_a_title_tells_the_year_and_words_split_over_lines_are_put_together(tmp_path):
    rows = [
        ["Folkmängd 2023"],
        ["", "Folk-", "Folk-", "Antal"],
        ["Kommun", "mängd", "ökning", "hushåll"],
        ["Lysekil", 13969, -84, 7000],
        ["Munkedal", 10400, 12, 5000],
        ["Källa: SCB"],
    ]
    path = sheet(tmp_path, "a.xlsx", rows)
    mapping = proposed(path)
    assert [one.title for one in mapping.values] == ["Folkmängd", "Folkökning", "Antal hushåll"]
    assert mapping.period == "2023"
    assert [row.value for row in values(path, mapping)] == [13969, -84, 7000, 10400, 12, 5000]


def test_month_and_year_in_two_columns(tmp_path):
    rows = "".join(f"2024;{month:02d};Lysekil;{month}\n" for month in range(1, 13))
    path = written(tmp_path, "a.csv", "År;Månad;Kommun;Sjukpenningtal\n" + rows)
    mapping = proposed(path)
    assert (mapping.period_at, mapping.part_at, mapping.area_at) == (0, 1, 2)
    assert [row.period for row in values(path, mapping)][:2] == ["2024-01", "2024-02"]


def test_county_and_municipality_as_two_columns_take_the_municipality(tmp_path):
    rows = "Västra Götalands län;Lysekil;2024;3\nVästra Götalands län;Munkedal;2024;4\n"
    path = written(tmp_path, "a.csv", "Län;Kommun;År;Antal\n" + rows)
    assert proposed(path).area_at == 1


def test_subtotals_and_footnotes_are_no_areas(tmp_path):
    text = "Kommun;2023\nLysekil;3\nMunkedal;4\nAlla kommuner;7\n1) Preliminärt\n"
    path = written(tmp_path, "antal.csv", text)
    items = list(table.read(path, mapping=Mapping(2, 0, (Values(1, "Antal", "COUNT", "2023"),))).items)
    assert [(error.line, error.message) for error in of_kind(items, LineError)] == []
    assert [row.area for row in of_kind(items, ValueRow)] == ["1484", "1430"]
    wide = written(tmp_path, "b.csv", "Kommun;Antal;Andel\nLysekil;3;1\nAlla kommuner;7;2\n")
    chosen = Mapping(2, 0, (Values(1, "Antal"), Values(2, "Andel")), period="2023")
    bad = of_kind(list(table.read(wide, mapping=chosen).items), LineError)
    assert [(error.line, error.message) for error in bad] == [(3, "”Alla kommuner” är inget område vi känner till.")]


@pytest.mark.parametrize(
    ("words", "unit"),
    [
        ("Våldsbrott per 100 000 inv", "PER_100K"),
        ("Brott /100 000 inv", "PER_100K"),
        ("Stölder per 1 000 invånare", "PER_1000"),
        ("Andel oroliga", "PERCENT"),
        ("Otrygga, %", "PERCENT"),
        ("Trygghetsindex", "INDEX"),
        ("Antal bilar", "COUNT"),
        ("Nöjdhet", "OTHER"),
    ],
)
def test_a_unit_is_read_from_the_words(words, unit):
    assert table.unit_of(words) == unit


def test_broken_letters_are_told_and_the_code_is_what_counts(tmp_path):
    path = written(tmp_path, "a.csv", "Region;År;Antal\n1427 Soten\ufffds;2015;3\n1484 Lysekil;2015;4\n")
    items = list(table.read(path, mapping=proposed(path)).items)
    assert [row.area for row in of_kind(items, ValueRow)] == ["1427", "1484"]
    assert "förlorat å, ä och ö" in of_kind(items, Note)[0].message


def test_a_file_without_areas_or_with_the_wrong_column_says_so(tmp_path):
    with pytest.raises(FileRefused, match="ingen tabell med kommuner"):
        table.look(written(tmp_path, "a.csv", "namn;antal\nAnna;3\n"))
    path = written(tmp_path, "b.csv", "Kommun;År;Antal\nLysekil;2015;3\nMunkedal;2015;4\n")
    with pytest.raises(FileRefused, match="Välj en annan kolumn"):
        list(table.read(path, mapping=Mapping(2, 2, (Values(2, "Antal"),), period_at=1)).items)
    with pytest.raises(FileRefused, match="finns inte"):
        table.read(sheet(tmp_path, "c.xlsx", [["Lysekil", 1]]), mapping=Mapping(1, 0, (), sheet="Blad 9"))


# --- Ugly files of real agencies -----------------------------------------------------------------------------

# By file: how the table is chosen where the file does not say it, then indicators, values and errors.
GIVEN = {
    "powercircle_UPPERCASE_bom.csv": Mapping(2, 0, (Values(2, "Elbilar", "COUNT"),), period="2023"),
    "trafikverket_cykelnat_per_kommun_20231231.xlsx": Mapping(
        5, 0, (Values(4, "Cykelväg i meter"),), sheet="Blad1", period="2023"
    ),
    "taxering_ufffd_semicolon.csv": Mapping(
        1, 0, (Values(2, "Taxeringsvärde"),), period="2015", breakdowns=((1, "typ"),)
    ),
}
HELD = {
    "fhm_covid19_2020-04-02.xlsx": (4, 84, 0),
    "fhm_covid19_2020-05-17.xlsx": (4, 84, 0),
    "forsakringskassan_sjukpenningtal_2024_11_06.xlsx": (1, 756, 0),
    "powercircle_UPPERCASE_bom.csv": (1, 290, 0),
    "skl_Tabell10_2008.xlsx": (11, 3432, 11),
    "skl_Tabell7_LP_2009.xlsx": (8, 160, 1),
    "taxering_ufffd_semicolon.csv": (1, 1450, 0),
    # The last row is the sum.
    "trafikverket_cykelnat_per_kommun_20231231.xlsx": (1, 290, 1),
}
TOLD = {
    "powercircle_UPPERCASE_bom.csv": ("1440", 815),
    "fhm_covid19_2020-04-02.xlsx": ("10", 27),
    "taxering_ufffd_semicolon.csv": ("0114", 1969581),
}


@pytest.mark.parametrize("path", real("ugly"), ids=names(real("ugly")))
def test_every_real_file_is_read_by_the_table(path):
    mapping = GIVEN.get(path.name) or proposed(path)
    items = list(table.read(path, mapping=mapping).items)
    found = of_kind(items, ValueRow)
    indicators = {row.code for row in of_kind(items, IndicatorRow)}
    assert (len(indicators), len(found), len(of_kind(items, LineError))) == HELD[path.name]
    if path.name in TOLD:
        assert (found[0].area, found[0].value) == (TOLD[path.name][0], Decimal(TOLD[path.name][1]))
