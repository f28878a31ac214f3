"""SCB's files: JSON-stat 2, PX, PxWeb's CSV and v1 JSON, the official population table."""

from __future__ import annotations

import json
from decimal import Decimal
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from situation.importers import scb
from situation.importers.rows import FileRefused, IndicatorRow, LineError, Note, ValueRow

from .files import names, of_kind, real, sheet, written

LYSEKIL = {"1484": "Lysekil"}
YEARS = {"2024": "2024", "2025": "2025"}
PEOPLE = {"BE0101N1": "Folkmängd"}


def read(path: Path, *, name: str = "") -> list[object]:
    return list(scb.read(path, name=name).items)


def values(path: Path, *, name: str = "") -> list[ValueRow]:
    items = read(path, name=name)
    assert not of_kind(items, LineError), of_kind(items, LineError)
    return of_kind(items, ValueRow)


def indicators(path: Path, *, name: str = "") -> list[IndicatorRow]:
    return of_kind(read(path, name=name), IndicatorRow)


def errors(path: Path) -> list[tuple[int, str]]:
    return [(error.line, str(error.message)) for error in of_kind(read(path), LineError)]


def refusal(path: Path) -> str:
    with pytest.raises(FileRefused) as refused:
        read(path)
    return refused.value.reason


def dimension(told: dict[str, str], label: str = "", **category: Any) -> dict[str, Any]:
    index = {code: place for place, code in enumerate(told)}
    return {"label": label, "category": {"index": index, "label": told} | category}


def table(value: Any, dimensions: dict[str, dict[str, Any]] | None = None, **more: Any) -> dict[str, Any]:
    dimensions = dimensions or {
        "Region": dimension(LYSEKIL, "region"),
        "ContentsCode": dimension(PEOPLE, "tabellinnehåll", unit={"BE0101N1": {"base": "antal", "decimals": 0}}),
        "Tid": dimension(YEARS, "år"),
    }
    return {
        "version": "2.0",
        "class": "dataset",
        "label": "Folkmängd",
        "id": list(dimensions),
        "size": [len(one["category"]["label"]) for one in dimensions.values()],
        "dimension": dimensions,
        "value": value,
    } | more


def saved(folder: Path, held: object) -> Path:
    return written(folder, "tabell.json", held if isinstance(held, str) else json.dumps(held))


# --- JSON-stat 2 ---------------------------------------------------------------------------------------------


def test_a_table_gives_its_indicator_and_the_place_of_each_cell(tmp_path):
    path = saved(tmp_path, table([14310, 14244]))
    assert read(path) == [
        IndicatorRow("scb.BE0101N1", "Folkmängd", "COUNT", external_id="BE0101N1"),
        ValueRow(1, "scb.BE0101N1", "1484", "2024", Decimal(14310), area_label="Lysekil"),
        ValueRow(2, "scb.BE0101N1", "1484", "2025", Decimal(14244), area_label="Lysekil"),
    ]


def test_what_the_file_says_of_itself_is_kept(tmp_path):
    path = saved(tmp_path, table([1, 2], source="SCB", updated="2026-02-20T07:00:00Z"))
    assert scb.read(path).about == {"title": "Folkmängd", "source": "SCB", "updated": "2026-02-20T07:00:00Z"}


def test_the_last_dimension_runs_fastest_and_roles_come_before_names(tmp_path):
    dimensions = {
        "when": dimension({"a": "2024M01", "b": "2024M02"}, "när"),
        "where": dimension({"1484": "Lysekil", "14": "Västra Götalands län", "00": "Riket"}, "var"),
        "what": dimension({"X1": "Födda", "X2": "Döda"}, "vad", unit={"X2": {"base": "per 1 000 invånare"}}),
    }
    roles = {"time": ["when"], "geo": ["where"], "metric": ["what"]}
    path = saved(tmp_path, table(list(range(12)), dimensions, role=roles))
    told = [(row.period, row.area, row.indicator, row.value) for row in values(path)]
    codes = product(("2024-01", "2024-02"), ("1484", "14", "00"), ("scb.X1", "scb.X2"))
    assert told == [(*codes_, place) for place, codes_ in enumerate(codes)]
    assert [(row.title, row.unit) for row in indicators(path)] == [("Födda", "OTHER"), ("Döda", "PER_1000")]


def test_values_may_stand_under_their_index(tmp_path):
    rows = values(saved(tmp_path, table({"1": 14244}, status={"0": ".."})))
    assert [(row.value, row.is_suppressed) for row in rows] == [(None, True), (14244, False)]


@pytest.mark.parametrize(
    ("value", "status", "expected", "is_suppressed", "is_preliminary"),
    [
        (None, None, None, False, False),
        (None, "..", None, True, False),
        (None, ".", None, False, False),
        (None, "c", None, True, False),
        (None, "-", 0, False, False),
        (0, "-", 0, False, False),
        (7, "p", 7, False, True),
        (7, "prel", 7, False, True),
        (7.25, "", Decimal("7.25"), False, False),
        ("..", "", None, True, False),
    ],
)
def test_the_status_tells_missing_from_zero(tmp_path, value, status, expected, is_suppressed, is_preliminary):
    path = saved(tmp_path, table([value, 1], status=[status, None]))
    row = values(path)[0]
    assert (row.value, row.is_suppressed, row.is_preliminary) == (expected, is_suppressed, is_preliminary)


def with_sex(told: dict[str, str], label: str = "kön") -> dict[str, dict[str, Any]]:
    return {"Region": dimension(LYSEKIL), "Kon": dimension(told, label), "Tid": dimension({"2025": "2025"})}


def test_a_dimension_is_a_breakdown_and_its_total_is_none(tmp_path):
    path = saved(tmp_path, table([1, 2, 3], with_sex({"1": "män", "2": "kvinnor", "1+2": "båda könen"})))
    assert [(row.breakdown, row.value) for row in values(path)] == [("kön=män", 1), ("kön=kvinnor", 2), ("", 3)]


@pytest.mark.parametrize(
    ("code", "label"),
    [
        *[("tot", "x"), ("TOT", "x"), ("1+2", "x"), ("x", "totalt"), ("x", "Total"), ("x", "samtliga")],
        *[("x", "totalt ålder"), ("x", "båda könen"), ("x", "samtliga ålder")],
    ],
)
def test_totals_are_known_by_code_or_label(tmp_path, code, label):
    path = saved(tmp_path, table([1, 2], with_sex({code: label, "16": "16 år"}, "ålder")))
    assert [row.breakdown for row in values(path)] == ["", "ålder=16 år"]


def test_a_part_of_a_total_is_no_total(tmp_path):
    path = saved(tmp_path, table([1, 2], with_sex({"a": "totalt utrikes födda", "b": "samtliga i arbete"}, "grupp")))
    assert [row.breakdown for row in values(path)] == ["grupp=totalt utrikes födda", "grupp=samtliga i arbete"]


def test_women_alone_are_never_everybody(tmp_path):
    path = saved(tmp_path, table([2], with_sex({"2": "kvinnor"})))
    assert [row.breakdown for row in values(path)] == ["kön=kvinnor"]


def test_two_dimensions_are_joined_in_the_files_order(tmp_path):
    dimensions = with_sex({"2": "kvinnor"}) | {"Alder": dimension({"16": "16|17=år"}, "ålder")}
    (row,) = values(saved(tmp_path, table([2], dimensions)))
    assert row.breakdown == "kön=kvinnor|ålder=16/17:år"


def test_values_with_the_same_label_are_told_apart(tmp_path):
    path = saved(tmp_path, table([1, 2, 3], with_sex({"a": "övriga", "b": "övriga", "c": "män"})))
    assert len({row.breakdown for row in values(path)}) == 3


def test_small_areas_are_found_with_their_division(tmp_path):
    areas = {"1484C1010_DeSO2025": "1484C1010 (Lysekil)", "1484R001": "Lysekil norra"}
    dimensions = {"Region": dimension(areas), "Tid": dimension({"2025": "2025"})}
    assert [row.area for row in values(saved(tmp_path, table([1, 2], dimensions)))] == ["1484C1010", "1484R001"]


def test_a_name_under_another_code_is_no_municipality(tmp_path):
    areas = {"2018TC109": "Lysekil", "SE": "Sweden"}
    path = saved(tmp_path, table([1, 2], {"Region": dimension(areas), "Tid": dimension({"2025": "2025"})}))
    assert [(row.area, row.value) for row in of_kind(read(path), ValueRow)] == [("00", 2)]
    assert [line for line, _message in errors(path)] == [1]


def test_abolished_codes_are_noted_once_and_country_parts_are_errors_once(tmp_path):
    areas = {"1917": "Heby", "RIKS1": "Östra Sverige", "1484": "Lysekil"}
    path = saved(tmp_path, table(list(range(6)), {"Region": dimension(areas), "Tid": dimension(YEARS)}))
    items = read(path)
    assert [(note.line, "1917 Heby" in note.message) for note in of_kind(items, Note)] == [(1, True)]
    assert [(error.line, "RIKS1 Östra Sverige" in error.message) for error in of_kind(items, LineError)] == [(3, True)]
    assert [row.value for row in of_kind(items, ValueRow)] == [4, 5]


def test_a_period_that_cannot_be_told_is_an_error_once(tmp_path):
    times = {"2024": "2024", "sommar": "sommar", "2025K1": "2025K1", "2020-2024": "2020-2024"}
    path = saved(tmp_path, table([1, 2, 3, 4], {"Region": dimension(LYSEKIL), "Tid": dimension(times)}))
    assert [row.period for row in of_kind(read(path), ValueRow)] == ["2024", "2025-Q1"]
    assert [line for line, _message in errors(path)] == [2, 4]


def test_a_preliminary_year_is_marked(tmp_path):
    times = {"2025": "2025 prel.", "2024": "2024"}
    path = saved(tmp_path, table([1, 2], {"Region": dimension(LYSEKIL), "Tid": dimension(times)}))
    assert [row.is_preliminary for row in values(path)] == [True, False]


@pytest.mark.parametrize("value", [None, [], {}])
def test_metadata_without_numbers_is_refused(tmp_path, value):
    assert "har inga tal" in refusal(saved(tmp_path, table(value)))


def test_metadata_without_the_word_value_is_refused(tmp_path):
    held = table([1, 2])
    del held["value"]
    assert "Hämta tabellens data" in refusal(saved(tmp_path, held))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"value": [1]}, "ska ha 2 tal men har 1"),
        ({"value": [1, 2, 3]}, "ska ha 2 tal men har 3"),
        ({"value": {"2": 1}}, "hänger inte ihop"),
        ({"value": {"-1": 1}}, "hänger inte ihop"),
        ({"value": {"²": 1}}, "hänger inte ihop"),
        ({"value": 7}, "hänger inte ihop"),
        ({"size": [1, 1, 3]}, "hänger inte ihop"),
        ({"size": [1, True, 2]}, "hänger inte ihop"),
        ({"size": [1, 1]}, "hänger inte ihop"),
        ({"size": None}, "hänger inte ihop"),
        ({"id": ["Region", "Region", 3]}, "hänger inte ihop"),
        ({"id": ["Region", "ContentsCode", "Finns inte"]}, "hänger inte ihop"),
        ({"dimension": []}, "hänger inte ihop"),
        ({"id": [], "size": [], "value": [1]}, "hänger inte ihop"),
    ],
)
def test_a_table_that_does_not_hang_together_is_refused(tmp_path, changes, reason):
    assert reason in refusal(saved(tmp_path, table([1, 2]) | changes))


def test_an_index_must_name_each_place_once(tmp_path):
    held = table([1, 2])
    held["dimension"]["Tid"]["category"]["index"] = {"2024": 0, "2025": 0}
    assert "hänger inte ihop" in refusal(saved(tmp_path, held))


def test_an_index_may_be_a_list_or_left_out_for_a_single_value(tmp_path):
    held = table([1, 2])
    held["dimension"]["Tid"]["category"]["index"] = ["2025", "2024"]
    del held["dimension"]["ContentsCode"]["category"]["index"]
    assert [(row.period, row.value) for row in values(saved(tmp_path, held))] == [("2025", 1), ("2024", 2)]


def test_too_many_cells_are_refused_before_any_is_made(tmp_path):
    many = {str(place): str(place) for place in range(1500)}
    dimensions = {name: dimension(many) for name in ("Region", "Tid", "Kon")}
    assert "två miljoner" in refusal(saved(tmp_path, table({"0": 1}, dimensions)))


@pytest.mark.parametrize(("left_out", "reason"), [("Region", "vilka kommuner"), ("Tid", "vilket år")])
def test_a_table_without_areas_or_periods_is_refused(tmp_path, left_out, reason):
    dimensions = {"Region": dimension(LYSEKIL), "Tid": dimension({"2025": "2025"})}
    del dimensions[left_out]
    assert reason in refusal(saved(tmp_path, table([1], dimensions)))


def test_a_table_of_other_countries_is_refused(tmp_path):
    dimensions = {"Region": dimension({"NO": "Norway"}), "Tid": dimension({"2025": "2025"})}
    assert "Inget av tabellens områden" in refusal(saved(tmp_path, table([1], dimensions)))


@pytest.mark.parametrize(
    ("held", "reason"),
    [
        ({"tables": [], "page": {}}, "lista över tabeller"),
        ([{"id": "BE", "type": "l", "text": "Befolkning"}], "lista över tabeller"),
        ({"title": "Folkmängd", "variables": [{"code": "Region"}]}, "variabler"),
        ({"Region": {"label": "region", "category": {"label": LYSEKIL}}}, "variabler"),
        ({"dataset": {"dimension": {}}}, "version 2"),
        ({"class": "collection"}, "version 2"),
        ({}, "ingen tabell från SCB"),
        ({"values": []}, "ingen tabell från SCB"),
    ],
)
def test_lists_and_descriptions_are_refused_with_what_to_fetch(tmp_path, held, reason):
    assert reason in refusal(saved(tmp_path, held))


@pytest.mark.parametrize("value", ["1e400", "9" * 5_000, "1e999999", "true", "[]", '"många"'])
def test_a_hostile_number_is_an_error_of_its_cell(tmp_path, value):
    path = saved(tmp_path, json.dumps(table(["HERE", 2])).replace('"HERE"', value))
    assert [line for line, _message in errors(path)] == [1]
    assert [row.value for row in of_kind(read(path), ValueRow)] == [2]


@pytest.mark.parametrize("held", ["[" * 100_000, '{"class":"dataset","value":[NaN]}', '{"class":', "[1,"])
def test_hostile_json_is_refused(tmp_path, held):
    assert "JSON-filen" in refusal(saved(tmp_path, held))


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_change_of_a_table_does_more_than_be_read_or_refused(tmp_path, data):
    held = table([1, 2], role={"time": ["Tid"]}, status=["", ""])
    anything = st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
        lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(max_size=8), inside, max_size=3),
        max_leaves=6,
    )
    place: Any = held
    while True:
        key = data.draw(st.sampled_from(sorted(place) if isinstance(place, dict) else range(len(place))))
        if not isinstance(place[key], dict | list) or not place[key] or data.draw(st.booleans()):
            place[key] = data.draw(anything)
            break
        place = place[key]
    try:
        items = read(saved(tmp_path, held))
    except FileRefused:
        return
    for item in items:
        str(item).encode()


# --- PX ------------------------------------------------------------------------------------------------------

PX = """CHARSET="ANSI";
AXIS-VERSION="2000";
LANGUAGE="sv";
MATRIX="BE0101X1";
TITLE="Levande födda efter region, kön "
"och år";
CONTENTS="Levande födda";
UNITS="antal";
STUB="region","kön";
HEADING="år";
VALUES("region")="00 Riket",
"1484 Lysekil";
VALUES("kön")="män","kvinnor";
VALUES("år")="2002","2003";
TIMEVAL("år")=TLIST(A1),"2002","2003";
CODES("region")="00","1484";
CODES("kön")="1","2";
NOTE("region")="Med semikolon; och lik"
"hetstecken=";
DATA=
%s
"""


def px(folder: Path, data: str = "1 2\n3 4\n5 6\n7 8;", *changes: tuple[str, str], encoding: str = "cp1252") -> Path:
    held = PX % data
    for before, after in changes:
        assert before in held
        held = held.replace(before, after)
    return written(folder, "tabell.px", held, encoding)


def test_a_px_file_without_codes_for_its_content_has_the_matrix_as_code(tmp_path):
    path = px(tmp_path)
    assert indicators(path) == [IndicatorRow("scb.BE0101X1", "Levande födda", "COUNT", external_id="BE0101X1")]
    told = [(row.line, row.area, row.breakdown, row.period, row.value) for row in values(path)]
    assert told[0] == (1, "00", "kön=män", "2002", 1)
    assert told[6:] == [(7, "1484", "kön=kvinnor", "2002", 7), (8, "1484", "kön=kvinnor", "2003", 8)]
    assert scb.read(path).about["title"] == "Levande födda efter region, kön och år"


def test_signs_among_the_numbers_are_missing_or_zero(tmp_path):
    rows = values(px(tmp_path, '1 ".."\n"-" "."\n.. -\n-7.5 "...";'))
    assert [row.value for row in rows] == [1, None, 0, None, None, 0, Decimal("-7.5"), None]
    assert [row.is_suppressed for row in rows] == [False, True, False, False, True, False, False, True]


def test_a_wrong_number_is_an_error_of_its_cell(tmp_path):
    assert errors(px(tmp_path, "1 2 3 q 5 6 7 8;")) == [(4, "”q” är inget tal.")]


@pytest.mark.parametrize("data", ["1 2 3 4 5 6 7;", "1 2 3 4 5 6 7", "1 2 3 4 5 6 7 8 9;", ";", ""])
def test_too_few_or_too_many_numbers_are_refused(tmp_path, data):
    assert "Hämta" in refusal(px(tmp_path, data))


def test_a_number_that_is_cut_off_is_refused(tmp_path):
    whole = px(tmp_path).read_bytes()
    for length in range(len(whole) - 3):
        with pytest.raises(FileRefused):
            read(written(tmp_path, "avbruten.px", whole[:length]))


def test_the_semicolon_may_be_missing_when_the_last_number_is_whole(tmp_path):
    assert len(values(px(tmp_path, "1 2 3 4 5 6 7 8 "))) == 8


@pytest.mark.parametrize(
    ("page", "encoding"),
    [("iso-8859-1", "latin-1"), ("utf-8", "utf-8"), ("Windows-1252", "cp1252"), ("cp850", "cp850")],
)
def test_a_declared_code_page_decides(tmp_path, page, encoding):
    path = px(tmp_path, "1 2 3 4 5 6 7 8;", ("LANGUAGE=", f'CODEPAGE="{page}";\nLANGUAGE='), encoding=encoding)
    assert indicators(path)[0].title == "Levande födda"


def test_a_byte_order_mark_comes_before_all(tmp_path):
    assert indicators(px(tmp_path, encoding="utf-8-sig"))[0].title == "Levande födda"


@pytest.mark.parametrize("page", ["rot13", "zlib", "utf-16", "x" * 39])
def test_an_unknown_code_page_is_refused(tmp_path, page):
    path = px(tmp_path, "1 2 3 4 5 6 7 8;", ("LANGUAGE=", f'CODEPAGE="{page}";\nLANGUAGE='))
    assert "teckenkodning" in refusal(path)


def test_the_first_language_is_read_and_the_others_are_left(tmp_path):
    other = 'CONTENTS[en]="Live births";\nSTUB[en]="region","sex";\nVALUES[en]("sex")="men","women";\nNOTE('
    path = px(tmp_path, "1 2 3 4 5 6 7 8;", ("NOTE(", other))
    assert indicators(path)[0].title == "Levande födda"
    assert {row.breakdown for row in values(path)} == {"kön=män", "kön=kvinnor"}


def test_the_content_may_be_a_variable_with_codes_and_units(tmp_path):
    changes = [
        ('CONTENTS="Levande födda"', 'CONTVARIABLE="kön"'),
        ('CODES("kön")="1","2"', 'CODES("kön")="N1","N2";\nUNITS("kvinnor")="procent"'),
    ]
    path = px(tmp_path, "1 2 3 4 5 6 7 8;", *changes)
    assert [(row.code, row.title, row.unit) for row in indicators(path)] == [
        ("scb.N1", "män", "COUNT"),
        ("scb.N2", "kvinnor", "PERCENT"),
    ]
    assert {row.breakdown for row in values(path)} == {""}


def test_the_content_without_codes_is_named_after_its_table(tmp_path):
    changes = [('CONTENTS="Levande födda"', 'CONTVARIABLE="kön"'), ('CODES("kön")="1","2";\n', "")]
    path = px(tmp_path, "1 2 3 4 5 6 7 8;", *changes)
    assert [row.code for row in indicators(path)] == ["scb.BE0101X1-man", "scb.BE0101X1-kvinnor"]


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        ('STUB="region","kön"', 'STUB="region","okänd"', "hänger inte ihop"),
        ('HEADING="år"', 'HEADING="kön"', "hänger inte ihop"),
        ('CODES("kön")="1","2"', 'CODES("kön")="1"', "hänger inte ihop"),
        ('CODES("kön")="1","2"', 'KEYS("region")=CODES', "KEYS"),
        ('MATRIX="BE0101X1";', "inte ett nyckelord;", "går inte att läsa härifrån"),
        ('MATRIX="BE0101X1";', 'MATRIX="BE0101X1;', "Hämta"),
    ],
)
def test_a_px_file_that_does_not_hang_together_is_refused(tmp_path, before, after, reason):
    assert reason in refusal(px(tmp_path, "1 2 3 4 5 6 7 8;", (before, after)))


def test_a_word_of_endless_pieces_is_read_in_step_with_its_length(tmp_path):
    pieces = '"a" ' * 200_000
    with pytest.raises(FileRefused, match="hänger inte ihop"):
        read(written(tmp_path, "t.px", f'MATRIX="M";\nSTUB={pieces};\nDATA=1;\n'))


# --- PxWeb's CSV ---------------------------------------------------------------------------------------------


def test_a_long_table_has_the_year_in_a_column(tmp_path):
    text = "region;ålder;år;Folkmängd\r\n1484 Lysekil;totalt ålder;2016;14570\r\n1484 Lysekil;16 år;2017;..\r\n"
    assert read(written(tmp_path, "t.csv", text)) == [
        IndicatorRow("scb.folkmangd", "Folkmängd", "COUNT"),
        ValueRow(2, "scb.folkmangd", "1484", "2016", Decimal(14570), area_label="1484 Lysekil"),
        ValueRow(
            3, "scb.folkmangd", "1484", "2017", None, "ålder=16 år", is_suppressed=True, area_label="1484 Lysekil"
        ),
    ]


def test_ages_in_figures_are_no_numbers_to_store(tmp_path):
    path = written(tmp_path, "t.csv", "region,år,ålder,Folkmängd,Folkökning\n1484 Lysekil,2016,16,150,-3\n")
    assert [(row.indicator, row.breakdown, row.value) for row in values(path)] == [
        ("scb.folkmangd", "ålder=16", 150),
        ("scb.folkokning", "ålder=16", -3),
    ]


def test_the_year_may_be_the_name_of_the_column(tmp_path):
    path = written(tmp_path, "hus.csv", '"region";"hustyp";"2015"\n"1484 Lysekil";"småhus";6333\n', "latin-1")
    (row,) = values(path, name="antal_hus_2015.csv")
    assert (row.line, row.indicator, row.period, row.breakdown) == (2, "scb.antal-hus", "2015", "hustyp=småhus")
    assert "”antal hus”" in of_kind(read(path, name="antal_hus_2015.csv"), Note)[0].message


def test_a_wide_table_has_the_year_after_the_name(tmp_path):
    text = "region;kön;Våldsbrott 2015;Våldsbrott 2014 prel.;2013M09;män 2012\n1484 Lysekil;totalt;141;-;..;1 200\n"
    rows = values(written(tmp_path, "brott.csv", text, "cp1252"))
    assert [(row.indicator, row.period, row.value, row.is_preliminary) for row in rows] == [
        ("scb.valdsbrott", "2015", 141, False),
        ("scb.valdsbrott", "2014", 0, True),
        ("scb.brott", "2013-09", None, False),
        ("scb.brott", "2012", 1200, False),
    ]
    assert [row.breakdown for row in rows] == ["", "", "", "kön=män"]


def test_destroyed_letters_are_matched_on_the_code(tmp_path):
    path = written(tmp_path, "t.csv", "Region;V\ufffdldsbrott 2015\n1401 H\ufffdrryda;7\n")
    assert [row.area for row in values(path)] == ["1401"]
    assert "förstörda" in of_kind(read(path), Note)[0].message


def test_a_title_before_and_remarks_after_the_table_are_passed_over(tmp_path):
    text = (
        '"Folkmängd efter region och år"\n\n"region","år","Folkmängd"\n"1484 Lysekil","2016",14570\n\n"Källa: SCB"\n'
    )
    (row,) = values(written(tmp_path, "t.csv", text))
    assert (row.line, row.value) == (4, 14570)


def test_wrong_rows_are_errors_and_stop_no_other(tmp_path):
    rows = [
        "1484 Lysekil;2016;14570",
        "RIKS1 Östra Sverige;2016;1",
        "RIKS1 Östra Sverige;2017;1",
        "1484 Lysekil;sedan;1",
        "1484 Lysekil;2017;många",
        "1484 Lysekil;2017",
        "1484 Lysekil;2017;1;2",
        "1917 Heby;2016;1",
        "1484 Lysekil;2018*;14611",
    ]
    path = written(tmp_path, "t.csv", "region;år;Folkmängd\n" + "\n".join(rows))
    items = read(path)
    assert [(row.line, row.is_preliminary) for row in of_kind(items, ValueRow)] == [(2, False), (10, True)]
    assert [error.line for error in of_kind(items, LineError)] == [3, 5, 6, 7, 8]
    assert [note.line for note in of_kind(items, Note)] == [9]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("namn;ålder\nAnna;7\n", "ingen tabell från SCB"),
        ("region;hustyp\n1484 Lysekil;småhus\n", "vilket år"),
        ("region;år;hustyp\n1484 Lysekil;2015;småhus\n", "ingen kolumn med tal"),
        ("region;år\n1484 Lysekil;2015\n", "ingen kolumn med tal"),
    ],
)
def test_a_csv_that_is_no_table_of_numbers_is_refused(tmp_path, text, reason):
    assert reason in refusal(written(tmp_path, "t.csv", text))


@pytest.mark.parametrize("held", [b"", b"\x89PNG\r\n\x1a\n0000", b"\x00\x01\x02\x03", b"%PDF-1.7", b"PK\x03\x04"])
def test_another_kind_of_file_is_refused(tmp_path, held):
    assert refusal(written(tmp_path, "fil.px", held))


# --- PxWeb's v1 JSON -----------------------------------------------------------------------------------------


def v1(*data: object, columns: object = None) -> dict[str, object]:
    columns = columns or [
        {"code": "Region", "text": "region", "type": "d"},
        {"code": "Kon", "text": "kön", "type": "d"},
        {"code": "Tid", "text": "år", "type": "t"},
        {"code": "BE0101N1", "text": "Folkmängd", "type": "c"},
        {"code": "BE0101N2", "text": "Folkökning", "type": "c"},
    ]
    return {"columns": columns, "comments": [], "data": list(data)}


def test_the_v1_answer_has_keys_and_values(tmp_path):
    path = saved(
        tmp_path,
        v1(
            {"key": ["1484", "1+2", "2016"], "values": ["14570", "-"]},
            {"key": ["1484", "2", "2016"], "values": ["..", "7"]},
        ),
    )
    assert [(row.line, row.indicator, row.breakdown, row.value) for row in values(path)] == [
        (1, "scb.BE0101N1", "", 14570),
        (1, "scb.BE0101N2", "", 0),
        (2, "scb.BE0101N1", "kön=kvinnor", None),
        (2, "scb.BE0101N2", "kön=kvinnor", 7),
    ]
    assert values(path)[2].is_suppressed


def test_wrong_entries_of_v1_are_errors(tmp_path):
    good = {"key": ["1484", "1", "2016"], "values": ["1", "2"]}
    wrong = [7, {"key": ["1484"], "values": ["1", "2"]}, good | {"values": [1]}, good | {"values": ["q", {}]}]
    more = [{"key": ["RIKS1", "1", "2016"], "values": ["1", "2"]}, {"key": ["1484", "1", "då"], "values": ["1", "2"]}]
    assert [line for line, _message in errors(saved(tmp_path, v1(good, *wrong, *more)))] == [2, 3, 4, 5, 5, 6, 7]


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        ([{"code": "Tid", "type": "t"}, {"code": "N", "type": "c"}], "vilka kommuner"),
        ([{"code": "Region", "type": "d"}, {"code": "N", "type": "c"}], "vilket år"),
        ([{"code": "Region", "type": "d"}, {"code": "Tid", "type": "t"}], "hänger inte ihop"),
        ([7], "hänger inte ihop"),
    ],
)
def test_v1_columns_that_say_too_little_are_refused(tmp_path, columns, reason):
    assert reason in refusal(saved(tmp_path, v1({"key": [], "values": []}, columns=columns)))


# --- The official table --------------------------------------------------------------------------------------

OFFICIAL: list[list[object]] = [
    [],
    [],
    ["Folkmängd i riket, län och kommuner 31 december och befolkningsförändringar 1 januari - 31 december 2023"],
    ["Folkmängd redovisas enligt indelningen 2024-01-01."],
    [],
    ["Kommun", "Kommunnamn", "Folkmängd", "Folk-", "Levande", "Inflyttade", "", "Juste-"],
    ["Län", "Länsnamn", "", "ökning", "födda", "Totalt", "därav från", "ringar2"],
    ["", "Riket", 10551707, 30151, 100051, 94514, ".", 3405],
    ["14", "Västra Götaland  ", 1767016, 8360, 17427, 46152, ".", 521],
    ["14", "Stockholm", "..", 1, 1, 1, 1, 1],
    ["1484", "Lysekil   ", "13 969", -201, 99, 559, 307, -4],
    [127, "Botkyrka", 95592, 209, 900, 8246, 5721, 79],
    ["1917", "Heby", 1, 1, 1, 1, 1, 1],
    [],
    ["1) Under andra halvåret 2023 har folkmängden ändrats."],
]


def test_the_official_table_gives_the_population_of_every_area(tmp_path):
    items = read(sheet(tmp_path, "be0101.xlsx", OFFICIAL))
    assert not of_kind(items, LineError)
    assert of_kind(items, IndicatorRow) == [IndicatorRow("scb.folkmangd", "Folkmängd", "COUNT")]
    assert [(row.line, row.area, row.period, row.value) for row in of_kind(items, ValueRow)] == [
        (8, "00", "2023", 10551707),
        (9, "14", "2023", 1767016),
        (10, "14", "2023", None),
        (11, "1484", "2023", 13969),
        (12, "0127", "2023", 95592),
    ]
    left_out, abolished = of_kind(items, Note)
    assert "Folkökning, Levande födda, Inflyttade, Justeringar" in left_out.message
    assert abolished.line == 13


def test_a_sheet_of_pxweb_is_read_as_its_csv(tmp_path):
    path = sheet(tmp_path, "t.xlsx", [["Folkmängd efter region och år"], [], ["region", "2016"], ["1484 Lysekil", 1]])
    (row,) = values(path, name="folk.xlsx")
    assert (row.line, row.area, row.period) == (4, "1484", "2016")


def test_a_sheet_without_a_table_is_refused(tmp_path):
    assert "ingen tabell från SCB" in refusal(sheet(tmp_path, "x.xlsx", [["Hej"], ["då"]]))


# --- What is written is read back ----------------------------------------------------------------------------

AREAS = ["1484", "0180", "14", "00"]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_what_is_written_as_json_stat_px_and_csv_is_read_back(tmp_path, data):
    areas = data.draw(st.lists(st.sampled_from(AREAS), min_size=1, unique=True))
    years = data.draw(st.lists(st.integers(1950, 2030).map(str), min_size=1, max_size=4, unique=True))
    sexes = data.draw(st.lists(st.sampled_from(["män", "kvinnor", "totalt"]), min_size=1, unique=True))
    keys = list(product(areas, sexes, years))
    amounts = data.draw(
        st.lists(st.none() | st.decimals(-(10**9), 10**9, places=2), min_size=len(keys), max_size=len(keys))
    )
    expected = {
        (area, "" if sex == "totalt" else f"kön={sex}", year): amount
        for (area, sex, year), amount in zip(keys, amounts, strict=True)
    }
    as_text = ['".."' if amount is None else str(amount) for amount in amounts]

    dimensions = {
        "Region": dimension({area: area for area in areas}, "region"),
        "Kon": dimension({sex: sex for sex in sexes}, "kön"),
        "Tid": dimension({year: year for year in years}, "år"),
    }
    held = json.dumps(table(["HERE"] * len(keys), dimensions))
    for amount in amounts:
        held = held.replace('"HERE"', "null" if amount is None else str(amount), 1)

    def listed(words: list[str]) -> str:
        return ",\n".join(f'"{word}"' for word in words)

    made = (
        'CHARSET="ANSI";\nMATRIX="M1";\nCONTENTS="Folkmängd";\nSTUB="region","kön";\nHEADING="år";\n'
        f'VALUES("region")={listed(areas)};\nVALUES("kön")={listed(sexes)};\nVALUES("år")={listed(years)};\n'
        f'TIMEVAL("år")=TLIST(A1),{listed(years)};\nDATA=\n{" ".join(as_text)};\n'
    )
    rows = "".join(f"{area};{sex};{year};{amount}\n" for (area, sex, year), amount in zip(keys, as_text, strict=True))
    for path in (
        saved(tmp_path, held),
        written(tmp_path, "t.px", made, "cp1252"),
        written(tmp_path, "t.csv", "region;kön;år;Folkmängd\n" + rows),
    ):
        found = values(path)
        assert {(row.area, row.breakdown, row.period): row.value for row in found} == expected
        assert len(found) == len(keys)


# --- The publisher's own -------------------------------------------------------------------------------------

REFUSED = {
    "pxwebapi2_ListAllTables.json": "lista över tabeller",
    "pxwebapi2_MetadataById_tab001_js2.json": "har inga tal",
    "pxwebpy_table_variables_TAB5444.json": "variabler",
}


@pytest.mark.parametrize("path", real("scb"), ids=names(real("scb")))
def test_every_real_file_is_read_or_refused_with_a_reason(path):
    if path.name in REFUSED:
        assert REFUSED[path.name] in refusal(path)
        return
    items = read(path)
    rows, wrong = of_kind(items, ValueRow), of_kind(items, LineError)
    told = {(row.indicator, row.area, row.period, row.breakdown): row.value for row in rows}
    assert len(told) == len(rows)
    if path.name == "BE0101D1_live_births_municipality.px":
        assert (len(rows), wrong) == (46_028, [])
        assert [note.message[:11] for note in of_kind(items, Note)] == ["”1917 Heby”"]
        births = "scb.BE0101D1"
        assert told[births, "00", "2002", "maternal age=18|gender=men"] == 170
        assert told[births, "00", "2003", "maternal age=20|gender=women"] == 528
        assert told[births, "2584", "2003", "gender=women"] == 109
    elif path.name == "Fotnoter.px":
        assert (len(rows), wrong) == (3_240, [])
        assert told["scb.BE0101F1", "00", "1997", "age=0|sex=men"] == 192
        assert told["scb.BE0101F2", "00", "1998", "age=0|sex=men"] == 129
        assert told["scb.BE0101F9", "0115", "2005", "age=4|sex=women"] == 1
    elif path.name == "pxwebapi2_tab001.px":
        assert (len(rows), len(wrong)) == (198, 29)
        assert told["scb.HNMGA", "00", "1981", "sex=Female"] is None
        assert told["scb.HNMGA", "00", "1991", "sex=Female"] == 4345002
        assert told["scb.HNMGA", "00", "2001", ""] == 8882792
        assert {row.is_suppressed for row in rows if row.period == "1981"} == {True}
    elif path.name == "scb_be0101_tabhel2023.xlsx":
        assert (len(rows), wrong) == (312, [])
        people = [told["scb.folkmangd", area, "2023", ""] for area in ("1484", "14", "00")]
        assert people == [13969, 1767016, 10551707]
    elif path.name == "scb_folkmangd_kommun_2008-2017.csv":
        assert (len(rows), wrong) == (3_190, [])
        people = [told["scb.folkmangd", "1484", year, ""] for year in ("2008", "2016", "2018")]
        assert people == [14659, 14570, 14611]
    else:
        assert path.name == "scb_hus_hustyp_2015_latin1.csv"
        assert (len(rows), wrong) == (1_160, [])
        houses = "scb.scb-hus-hustyp-latin1"
        assert told[houses, "1484", "2015", "hustyp=flerbostadshus"] == 3112
        assert told[houses, "0114", "2015", "hustyp=småhus"] == 6333
        assert told[houses, "2584", "2015", "hustyp=specialbostäder"] == 355
