"""Kolada's files: answers of the v3 API, the web's CSV and XLS exports, tables with v3's columns."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from situation.importers import kolada
from situation.importers.rows import FileRefused, GoneRow, IndicatorRow, LineError, Note, ValueRow

from .files import names, of_kind, real, sheet, written

WEB = "Nyckeltal,Region,År,Invånare\n"
VALUES = "gender,count,status,value,kpi,year,municipality_id,municipality,municipality_type\n"
VIOLENCE = {
    "id": "N07403",
    "title": "Anmälda våldsbrott, antal/100 000 inv",
    "description": "Antal\u00a0anmälda våldsbrott.\nKälla: Brå",
    "is_divided_by_gender": False,
}


def read(path: Path) -> list[object]:
    return list(kolada.read(path).items)


def values(path: Path) -> list[ValueRow]:
    items = read(path)
    assert not of_kind(items, LineError), of_kind(items, LineError)
    return of_kind(items, ValueRow)


def errors(path: Path) -> list[tuple[int, str]]:
    return [(error.line, str(error.message)) for error in of_kind(read(path), LineError)]


def refusal(path: Path) -> str:
    with pytest.raises(FileRefused) as refused:
        read(path)
    return refused.value.reason


def answer(*entries: object, next_url: str | None = None) -> dict[str, object]:
    return {"count": len(entries), "next_url": next_url, "previous_url": None, "values": list(entries)}


def entry(*inner: object, kpi: object = "N07403", municipality: object = "1484", period: object = 2025) -> object:
    return {"kpi": kpi, "municipality": municipality, "period": period, "values": list(inner)}


def one(value: object = 7105.0, gender: object = "T", **more: object) -> dict[str, object]:
    return {"gender": gender, "status": "", "count": 1, "value": value} | more


def saved(folder: Path, held: object) -> Path:
    return written(folder, "svar.json", held if isinstance(held, str) else json.dumps(held))


# --- Answers of the API --------------------------------------------------------------------------------------


def test_an_answer_gives_each_value_with_its_own_code(tmp_path):
    path = saved(tmp_path, answer(entry(one()), entry(one(6900.5), municipality="0014", period="2024")))
    items = read(path)
    assert items[0] == IndicatorRow("kolada.N07403", "N07403", "OTHER", external_id="N07403")
    assert items[1:] == [
        ValueRow(1, "kolada.N07403", "1484", "2025", Decimal("7105.0"), area_label="1484"),
        ValueRow(2, "kolada.N07403", "14", "2024", Decimal("6900.5"), area_label="0014"),
    ]


def test_four_zeros_are_the_country(tmp_path):
    assert [row.area for row in values(saved(tmp_path, answer(entry(one(), municipality="0000"))))] == ["00"]


def test_women_and_men_are_a_breakdown_and_everybody_is_none(tmp_path):
    path = saved(tmp_path, answer(entry(one(1, "T"), one(2, "K"), one(3, "M"), one(4, None))))
    assert [(row.breakdown, row.value) for row in values(path)] == [("", 1), ("kön=K", 2), ("kön=M", 3), ("", 4)]


def test_an_unknown_sex_is_an_error_of_its_entry(tmp_path):
    assert errors(saved(tmp_path, answer(entry(one()), entry(one(gender="X"))))) == [
        (2, "Kön ska vara T, K eller M. Hämta svaret på nytt.")
    ]


@pytest.mark.parametrize("flag", [{"isdeleted": True}, {"deleted": True}, {"is_deleted": "true"}])
def test_what_is_deleted_is_taken_back(tmp_path, flag):
    items = read(saved(tmp_path, answer(entry(one(None, **flag), one(5, "K", isdeleted=False)))))
    assert of_kind(items, GoneRow) == [GoneRow(1, "kolada.N07403", "1484", "2025")]
    assert [row.breakdown for row in of_kind(items, ValueRow)] == ["kön=K"]


def test_null_is_missing_and_never_zero(tmp_path):
    (row,) = values(saved(tmp_path, answer(entry(one(None)))))
    assert row.value is None
    assert not row.is_suppressed


@pytest.mark.parametrize(("status", "is_suppressed"), [("Private", True), ("..", True), ("Missing", False)])
def test_the_status_says_what_was_left_out(tmp_path, status, is_suppressed):
    (row,) = values(saved(tmp_path, answer(entry(one(None, status=status)))))
    assert (row.value, row.is_suppressed) == (None, is_suppressed)


def test_a_preliminary_status_is_kept(tmp_path):
    (row,) = values(saved(tmp_path, answer(entry(one(status="Preliminary")))))
    assert row.is_preliminary


def test_the_count_of_units_is_not_a_number_of_answers(tmp_path):
    (row,) = values(saved(tmp_path, answer(entry(one(count=290)))))
    assert row.n is None


def test_more_pages_are_told_of(tmp_path):
    path = saved(tmp_path, answer(entry(one()), next_url="https://api.kolada.se/v3/data?page=2"))
    assert "en sida" in of_kind(read(path), Note)[0].message


def test_metadata_gives_indicators_alone(tmp_path):
    assert read(saved(tmp_path, answer(VIOLENCE))) == [
        IndicatorRow(
            "kolada.N07403",
            "Anmälda våldsbrott, antal/100 000 inv",
            "PER_100K",
            definition="Antal anmälda våldsbrott. Källa: Brå",
            external_id="N07403",
        )
    ]


def test_a_single_key_figure_is_metadata_too(tmp_path):
    assert [row.external_id for row in of_kind(read(saved(tmp_path, VIOLENCE)), IndicatorRow)] == ["N07403"]


def test_an_entry_without_id_or_title_is_an_error(tmp_path):
    path = saved(tmp_path, answer(VIOLENCE, {"id": "N07540", "title": ""}, {"id": "brott", "title": "Brott"}, 7))
    assert [line for line, _message in errors(path)] == [2, 3, 4]


def test_the_list_of_municipalities_needs_no_import(tmp_path):
    path = saved(tmp_path, answer({"id": "1484", "title": "Lysekil", "type": "K"}))
    (note,) = read(path)
    assert isinstance(note, Note)
    assert "behöver inte läsas in" in note.message


def test_a_fetched_file_gives_titles_then_values_with_names(tmp_path):
    municipality = {"id": "1484", "title": "Lysekil", "type": "K"}
    held = {"data": answer(entry(one())), "municipality": answer(municipality), "kpi": answer(VIOLENCE)}
    items = read(saved(tmp_path, held))
    assert [type(item) for item in items] == [IndicatorRow, ValueRow]
    assert items[0].title == "Anmälda våldsbrott, antal/100 000 inv"
    assert items[1].area_label == "Lysekil"


def test_a_fetched_file_may_hold_pages(tmp_path):
    held = {"kpi": answer(VIOLENCE), "data": [answer(entry(one(1))), answer(entry(one(2), period=2024))]}
    assert [row.value for row in values(saved(tmp_path, held))] == [1, 2]


def test_a_fetched_file_without_values_says_so(tmp_path):
    items = read(saved(tmp_path, {"kpi": answer(VIOLENCE), "data": answer()}))
    assert [type(item) for item in items] == [IndicatorRow, Note]
    assert "utan värden" in items[1].message


def test_an_empty_answer_is_refused(tmp_path):
    assert "utan värden" in refusal(saved(tmp_path, answer()))


@pytest.mark.parametrize(
    ("title", "unit"),
    [
        ("Anmälda brott, antal/100 000 inv", "PER_100K"),
        ("Sjuka per 100\u00a0000 invånare", "PER_100K"),
        ("Stölder, antal/1000 inv", "PER_1000"),
        ("Stölder, antal/1 000 inv", "PER_1000"),
        ("Olyckor, antal/10 000 inv", "OTHER"),
        ("Fallolyckor per 1 000 000", "OTHER"),
        ("Trygga, andel (%)", "PERCENT"),
        ("Invånare  totalt, antal", "COUNT"),
        ("Nettokostnad, kr/inv", "OTHER"),
    ],
)
def test_the_unit_is_told_by_the_title(title, unit):
    assert kolada.unit_of(title) == unit


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (entry(one(), municipality="9999"), "”9999” känns inte igen"),
        (entry(one(), municipality=None), "känns inte igen"),
        (entry(one(), municipality="V15E148400101"), "V15E148400101"),
        (entry(one(), kpi="<script>"), "inget nyckeltal"),
        (entry(one(), kpi={"a": 1}), "inget nyckeltal"),
        (entry(one(), period="sommaren"), "inget år"),
        (entry(one(), period=True), "inget år"),
        (entry(one("många")), "inget tal"),
        (entry(one([1])), "ett tal"),
        (entry(one(True)), "ett tal"),
        (entry("T"), "T, K eller M"),
        ({"kpi": "N07403", "municipality": "1484", "period": 2025, "values": 7}, "ingen lista"),
        ("text", "ingen lista"),
        (None, "ingen lista"),
    ],
)
def test_a_wrong_entry_is_an_error_with_its_place_and_stops_no_other(tmp_path, wrong, message):
    items = read(saved(tmp_path, answer(entry(one()), wrong, entry(one(), period=2024))))
    (error,) = of_kind(items, LineError)
    assert error.line == 2
    assert message in error.message
    assert [row.line for row in of_kind(items, ValueRow)] == [1, 3]


# --- Hostile JSON --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "value", ["1e400", "-1e400", "1e999999", "1e-999999", "9" * 5_000, "1" * 21 + ".5", "0." + "1" * 10_000]
)
def test_numbers_beyond_reason_are_an_error_or_rounded(tmp_path, value):
    path = saved(tmp_path, json.dumps(answer(entry(one("HERE")))).replace('"HERE"', value))
    found, wrong = of_kind(read(path), ValueRow), errors(path)
    assert len(found) + len(wrong) == 1
    assert all("orimligt stort" in message for _line, message in wrong)
    assert all(row.value is not None and abs(row.value) < 1 for row in found)


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity", "1e99999999999999999999"])
def test_what_is_no_number_is_refused(tmp_path, value):
    path = saved(tmp_path, json.dumps(answer(entry(one("HERE")))).replace('"HERE"', value))
    assert "inte är ett tal" in refusal(path)


@pytest.mark.parametrize("opens", ["[", '{"a":', '{"values":['])
def test_json_nested_without_end_is_refused(tmp_path, opens):
    assert "JSON-filen" in refusal(saved(tmp_path, opens * 200_000))


def test_a_broken_file_is_refused_with_its_line(tmp_path):
    with pytest.raises(FileRefused) as refused:
        read(saved(tmp_path, '{"count": 1,\n"values": [{"kpi": "N07403",'))
    assert refused.value.line == 2


@pytest.mark.parametrize("held", ["[]", "[1]", "{}", '{"values": 7}', '{"detail": [{"msg": "x"}]}', '{"values": [7]}'])
def test_json_that_is_no_answer_is_refused(tmp_path, held):
    assert "Hämta" in refusal(saved(tmp_path, held))


def test_too_large_a_file_is_refused_unread(tmp_path):
    assert "16 MB" in refusal(written(tmp_path, "svar.json", b"{" + b" " * (16 << 20)))


def test_json_in_another_encoding_is_refused(tmp_path):
    assert "UTF-8" in refusal(written(tmp_path, "svar.json", '{"values": "å"}', "latin-1"))


def test_a_byte_order_mark_is_let_through(tmp_path):
    assert len(values(written(tmp_path, "svar.json", json.dumps(answer(entry(one()))), "utf-8-sig"))) == 1


def test_signs_that_cannot_be_stored_are_left_out(tmp_path):
    path = saved(tmp_path, answer({"id": "N07403", "title": "An\x00mälda \ud800brott", "description": "a\u202eb"}))
    (row,) = of_kind(read(path), IndicatorRow)
    assert (row.title, row.definition) == ("Anmälda brott", "ab")


def test_long_words_are_cut_to_what_is_held(tmp_path):
    path = saved(tmp_path, answer({"id": "N07403", "title": "å" * 900, "description": "ä" * 9_000}))
    (row,) = of_kind(read(path), IndicatorRow)
    assert (len(row.title), len(row.definition)) == (200, 2_000)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    held=st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just("1484"),
        lambda inside: (
            st.lists(inside, max_size=3)
            | st.dictionaries(
                st.sampled_from(["values", "kpi", "municipality", "period", "data", "id", "title", "gender", "value"]),
                inside,
                max_size=6,
            )
        ),
        max_leaves=25,
    )
)
def test_no_json_does_more_than_be_read_or_refused(tmp_path, held):
    path = saved(tmp_path, json.dumps(held))
    try:
        items = read(path)
    except FileRefused:
        return
    for item in items:
        str(item).encode()


# --- Exports and tables --------------------------------------------------------------------------------------


def test_the_web_export_has_names_double_spaces_and_commas(tmp_path):
    path = written(tmp_path, "export.csv", WEB + '"Invånare  totalt, antal",Lysekil,2016,14570\n')
    items = read(path)
    assert items == [
        IndicatorRow("kolada.invanare-totalt-antal", "Invånare totalt, antal", "COUNT"),
        ValueRow(2, "kolada.invanare-totalt-antal", "1484", "2016", Decimal(14570), area_label="Lysekil"),
    ]


def test_the_web_export_may_have_semicolons_and_decimal_commas(tmp_path):
    text = "Nyckeltal;Region;År;Andel\nTrygga, andel (%);Hela landet;2016 prel.;71,5\n"
    (row,) = values(written(tmp_path, "export.csv", text, "cp1252"))
    assert (row.area, row.value, row.is_preliminary) == ("00", Decimal("71.5"), True)


def test_a_mean_of_municipalities_is_no_area_and_is_said_once(tmp_path):
    row = "Invånare,Alla kommuner (ovägt medel),2016,34466.04\n"
    items = read(written(tmp_path, "export.csv", WEB + row + row + "Invånare,Lysekil,2016,1\n"))
    assert not of_kind(items, LineError)
    assert [note.message for note in of_kind(items, Note)] == [
        "”Alla kommuner (ovägt medel)” är inget område och lämnas utanför."
    ]
    assert len(of_kind(items, ValueRow)) == 1


def test_an_id_in_the_title_is_the_code(tmp_path):
    (row,) = values(written(tmp_path, "export.csv", WEB + "Invånare totalt (N01951),Lysekil,2016,1\n"))
    assert row.indicator == "kolada.N01951"


def test_long_titles_that_differ_at_their_end_are_two_indicators(tmp_path):
    title = "Invånare som avstår från att gå ut ensamma av oro för att utsättas för brott"
    path = written(tmp_path, "export.csv", WEB + f'"{title}, män",Lysekil,2016,1\n"{title}, kvinnor",Lysekil,2016,2\n')
    assert len({row.indicator for row in values(path)}) == 2


def test_wrong_rows_of_an_export_are_errors(tmp_path):
    rows = ["Invånare,Atlantis,2016,1", "Invånare,Lysekil,sedan,1", "Invånare,Lysekil,2016,många", ",Lysekil,2016,1"]
    path = written(tmp_path, "export.csv", WEB + "\n".join([*rows, "Invånare,Lysekil,2016,1,2", "Källa: Kolada"]))
    assert [(line, message.split(". ")[0]) for line, message in errors(path)] == [
        (2, "Området ”Atlantis” känns inte igen"),
        (3, "”sedan” är inget år"),
        (4, "”många” är inget tal."),
        (5, "Här saknas nyckeltalets namn."),
        (6, "Raden har fler celler än rubriken"),
    ]


def test_the_sheet_export_is_read_with_the_sheets_lines(tmp_path):
    head = ["Nyckeltal", "Kommun/Landsting", "År", "Visat Värde"]
    path = sheet(tmp_path, "export.xlsx", [["Kolada"], [], head, ["Invånare", "Lysekil", "2016", 14570]])
    (row,) = values(path)
    assert (row.line, row.area, row.value) == (4, "1484", 14570)


def test_a_sheet_without_a_table_is_refused(tmp_path):
    assert "ingen tabell från Kolada" in refusal(sheet(tmp_path, "x.xlsx", [["Hej"], ["då"]]))


def test_a_table_of_values_has_the_columns_of_v3(tmp_path):
    rows = "T,1,,253.891158,N03702,2012,0319,Älvkarleby,K\nK,1,,,N03702,2012,0014,Västra Götalandsregionen,L\n"
    assert values(written(tmp_path, "v.csv", VALUES + rows + "M,1,Private,nan,N03703,2012,0000,Riket,L\n")) == [
        ValueRow(2, "kolada.N03702", "0319", "2012", Decimal("253.891158"), area_label="Älvkarleby"),
        ValueRow(3, "kolada.N03702", "14", "2012", None, "kön=K", area_label="Västra Götalandsregionen"),
        ValueRow(4, "kolada.N03703", "00", "2012", None, "kön=M", is_suppressed=True, area_label="Riket"),
    ]


def test_a_table_of_values_may_say_what_is_deleted(tmp_path):
    text = "kpi,municipality_id,year,gender,value,deleted\nN03702,1484,2012,T,,True\nN03702,1484,2012,K,1,False\n"
    items = read(written(tmp_path, "v.csv", text))
    assert [type(item) for item in items] == [IndicatorRow, GoneRow, ValueRow]


def test_wrong_rows_of_a_table_of_values_are_errors(tmp_path):
    rows = "T,1,,1,nyckeltal,2012,1484,Lysekil,K\nX,1,,1,N03702,2012,1484,Lysekil,K\nT,1,,1,N03702,2012,7777,Ort,K\n"
    assert [line for line, _message in errors(written(tmp_path, "v.csv", VALUES + rows))] == [2, 3, 4]


def test_a_table_of_metadata_gives_indicators(tmp_path):
    text = (
        'id,title,description,auspice\nN07403,"Våldsbrott, antal/100 000 inv","Rad ett\n""rad"" två",X\n,Utan id,,\n'
    )
    items = read(written(tmp_path, "m.csv", text))
    (row,) = of_kind(items, IndicatorRow)
    assert (row.code, row.unit, row.definition) == ("kolada.N07403", "PER_100K", 'Rad ett "rad" två')
    assert [error.line for error in of_kind(items, LineError)] == [4]


def test_a_table_of_municipalities_needs_no_import(tmp_path):
    (note,) = read(written(tmp_path, "k.csv", "id,title,type\n1484,Lysekil,K\n"))
    assert isinstance(note, Note)


@pytest.mark.parametrize(
    "held", [b"", b"\x89PNG\r\n\x1a\n0000", b"\x00\x01\x02\x03", b"hej;hopp\n1;2\n", b"PK\x03\x04"]
)
def test_another_kind_of_file_is_refused(tmp_path, held):
    assert refusal(written(tmp_path, "fil.csv", held))


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    told=st.dictionaries(
        st.tuples(st.sampled_from(["1484", "0014", "0000", "0180"]), st.integers(1990, 2030), st.sampled_from("TKM")),
        st.none() | st.decimals(-(10**9), 10**9, places=3),
        min_size=1,
    )
)
def test_what_is_written_as_json_and_csv_is_read_back(tmp_path, told):
    areas = {"1484": "1484", "0014": "14", "0000": "00", "0180": "0180"}
    sexes = {"T": "", "K": "kön=K", "M": "kön=M"}
    expected = {(areas[area], str(year), sexes[sex]): value for (area, year, sex), value in told.items()}
    entries = [
        entry(one(f"<{value}>" if value is not None else None, sex), municipality=area, period=year)
        for (area, year, sex), value in told.items()
    ]
    as_json = json.dumps(answer(*entries)).replace('"<', "").replace('>"', "")
    as_csv = VALUES + "".join(
        f"{sex},1,,{'' if value is None else value},N07403,{year},{area},x,K\n"
        for (area, year, sex), value in told.items()
    )
    for path in (saved(tmp_path, as_json), written(tmp_path, "v.csv", as_csv)):
        found = values(path)
        assert {(row.area, row.period, row.breakdown): row.value for row in found} == expected
        assert len(found) == len(told)


# --- The publisher's own -------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", real("kolada"), ids=names(real("kolada")))
def test_every_real_file_is_read_or_is_a_list(path):
    if path.name in ("DERIVED_kolada_v3_municipality_from_rda.csv", "kolada_v2_municipality.json"):
        (note,) = read(path)
        assert isinstance(note, Note)
        return
    items = read(path)
    assert not of_kind(items, LineError)
    told = {(row.indicator, row.area, row.period): row.value for row in of_kind(items, ValueRow)}
    titles = {row.code: (row.title, row.unit) for row in of_kind(items, IndicatorRow)}
    people = "kolada.invanare-totalt-antal"
    if path.name == "DERIVED_kolada_v3_kpi_metadata_from_rda.csv":
        assert len(titles) == len(items) == 6_099
        assert titles["kolada.N07403"] == ("Anmälda våldsbrott, antal/100 000 inv", "PER_100K")
        assert titles["kolada.N01951"] == ("Invånare totalt, antal", "COUNT")
        assert titles["kolada.N00003"] == ("Personalkostnader, kr/inv", "OTHER")
    elif path.name == "DERIVED_kolada_values_grp_data.csv":
        assert len(told) == 192
        assert told["kolada.N03702", "0319", "2012"] == Decimal("253.891158")
        assert told["kolada.N03703", "0687", "2023"] == 975
        assert told["kolada.N03703", "2084", "2023"] == 901
    elif path.name == "kolada_web_export_befolkning_2010-2016.csv":
        assert len(told) == 2_037
        assert [told[people, "1484", year] for year in ("2010", "2016")] == [14521, 14570]
        assert told[people, "00", "2016"] == 9995153
    else:
        assert path.name == "kolada_HypergeneExport_befolkning_2016.xls"
        assert len(told) == 290
        assert [told[people, area, "2016"] for area in ("1484", "1440", "2518")] == [14570, 29549, 4534]
        assert [note.line for note in of_kind(items, Note)] == [2]
