"""Maps of areas: what publishers send, what quirks they have, and what is no map at all."""

from __future__ import annotations

import json
import sqlite3
import stat
import struct
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import numpy
import pyogrio.raw
import pytest

from situation.importers import areas
from situation.importers.rows import AreaRow, FileRefused, LineError, Note

from .files import names, of_kind, real, written

# A square in Lysekil in degrees, and one in SWEREF 99 TM from a corner of SCB's own border of Badhusberget.
SQUARE = [[11.4, 58.2], [11.5, 58.2], [11.5, 58.3], [11.4, 58.3], [11.4, 58.2]]
CORNER, CORNER_IN_DEGREES = [290611.8575, 6465824.4801], [11.42831, 58.28347]
METRES = [CORNER, [291000, 6465824], [291000, 6466000], [290611, 6466000], CORNER]


def feature(ring: Any = SQUARE, kind: str = "Polygon", **properties: object) -> dict[str, object]:
    geometry = None if ring is None else {"type": kind, "coordinates": [ring] if kind == "Polygon" else ring}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def geojson(folder: Path, *features: object, crs: object = None, name: str = "a.geojson") -> Path:
    said: dict[str, object] = {"type": "FeatureCollection", "features": list(features)}
    return written(folder, name, json.dumps(said | ({"crs": crs} if crs else {})))


def named_crs(name: str) -> dict[str, object]:
    return {"type": "name", "properties": {"name": name}}


def read(path: Path, **more: str) -> list[object]:
    return list(areas.read(path, **more).items)


def rows(path: Path, **more: str) -> list[AreaRow]:
    items = read(path, **more)
    assert not of_kind(iter(items), LineError), items
    return of_kind(iter(items), AreaRow)


def errors(path: Path) -> list[tuple[int, str]]:
    return [(error.line, error.message) for error in of_kind(iter(read(path)), LineError)]


def refusal(path: Path, **more: str) -> str:
    with pytest.raises(FileRefused) as refused:
        read(path, **more)
    return refused.value.reason


def polygon_wkb(ring: list[list[float]]) -> bytes:
    return struct.pack("<BIII", 1, 3, 1, len(ring)) + b"".join(struct.pack("<2d", *place) for place in ring)


def by_gdal(path: Path, driver: str, rings: list[Any], crs: str | None = "EPSG:3006", **columns: list[object]) -> Path:
    """A GeoPackage or shapefile as a map program writes it. Bytes among `rings` are WKB as they stand."""
    shapes = [ring if isinstance(ring, bytes) or ring is None else polygon_wkb(ring) for ring in rings]
    pyogrio.raw.write(
        path,
        numpy.array(shapes, dtype=object),
        [numpy.array(values, dtype=object if isinstance(values[0], str) else None) for values in columns.values()],
        list(columns),
        driver=driver,
        geometry_type="Unknown" if None in rings else "Polygon",
        crs=crs,
    )
    return path


def packed(folder: Path, members: dict[str, bytes], name: str = "a.zip") -> Path:
    with zipfile.ZipFile(folder / name, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, content in members.items():
            archive.writestr(member, content)
    return folder / name


def shapefile(folder: Path, *, parts: tuple[str, ...] = ("shp", "shx", "dbf", "prj"), **more: Any) -> Path:
    by_gdal(folder / "Karta.shp", "ESRI Shapefile", **more)
    return packed(folder, {f"mapp/Karta.{part}": (folder / f"Karta.{part}").read_bytes() for part in parts})


# --- What a row is ------------------------------------------------------------------------------------------


def test_a_regso_of_geojson(tmp_path):
    path = geojson(
        tmp_path,
        feature(regsokod="1484R001", regsonamn="Badhusberget", lanskod="14", kommunkod="1484", version="2025_v2"),
    )
    reading = areas.read(path)
    assert list(reading.items) == [
        AreaRow(1, "REGSO", "1484R001", "Badhusberget", "2025", "1484", {"type": "Polygon", "coordinates": [SQUARE]})
    ]
    assert reading.format == "areas"
    assert reading.about == {"coordinates": "EPSG:4326", "areas": "1"}


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        ({"desokod": "1484C1010", "regsokod": "1484R001", "kommunkod": "1484"}, ("DESO", "1484C1010", "1484")),
        ({"DeSO": "1484a0010", "kommun": "1484"}, ("DESO", "1484A0010", "1484")),
        ({"REGSO": "Badhusberget", "REGSOKOD": "1484R001"}, ("REGSO", "1484R001", "1484")),
        ({"KnKod": "0114", "KnNamn": "Upplands Väsby"}, ("MUNICIPALITY", "0114", "01")),
        ({"id": "1484", "kom_namn": "Lysekil", "lan_code": "14"}, ("MUNICIPALITY", "1484", "14")),
        ({"KOMMUNKOD": 114}, ("MUNICIPALITY", "0114", "01")),
        ({"kommun": "1484 Lysekil"}, ("MUNICIPALITY", "1484", "14")),
        ({"LnKod": "03", "LnNamn": "Uppsala län"}, ("COUNTY", "03", "00")),
        ({"lanskod": 3, "id": 77}, ("COUNTY", "03", "00")),
        ({"kommunnamn": "Lysekils kommun"}, ("MUNICIPALITY", "1484", "14")),
    ],
)
def test_the_kind_is_seen_by_columns_and_codes(tmp_path, properties, expected):
    (row,) = rows(geojson(tmp_path, feature(**properties)))
    assert (row.kind, row.code, row.parent) == expected


@pytest.mark.parametrize(("other", "kind", "code"), [("Lysekil", "MUNICIPALITY", "0880"), ("Dalarna", "COUNTY", "08")])
def test_a_name_that_can_be_either_is_what_the_rest_of_the_map_is(tmp_path, other, kind, code):
    found = rows(geojson(tmp_path, feature(name="Kalmar"), feature(name=other)))
    assert [row.kind for row in found] == [kind, kind]
    assert found[0].code == code


def test_municipalities_and_counties_have_their_official_names(tmp_path):
    (row,) = rows(geojson(tmp_path, feature(kommunkod="1484", kommunnamn="LYSEKILS KOMMUN")))
    assert row.name == "Lysekil"
    (deso,) = rows(geojson(tmp_path, feature(desokod="1484C1010")))
    assert deso.name == "1484C1010"


@pytest.mark.parametrize(
    ("more", "properties", "expected"),
    [
        ({}, {}, ""),
        ({"name": "RegSO_2018_v2.gpkg"}, {}, "2018"),
        ({"name": "a.gpkg"}, {"referensdatum": "20250101"}, "2025"),
        ({"version": "2020", "name": "RegSO_2018.gpkg"}, {"version": "2025_v2"}, "2020"),
    ],
)
def test_the_version_is_the_one_given_else_the_files_own(tmp_path, more, properties, expected):
    (row,) = rows(geojson(tmp_path, feature(regsokod="1484R001", **properties)), **more)
    assert row.version == expected


def test_the_kind_asked_for_must_be_the_kind_found(tmp_path):
    path = geojson(tmp_path, feature(regsokod="1484R001"))
    assert len(rows(path, kind="REGSO")) == 1
    assert refusal(path, kind="DESO") == "Kartan innehåller RegSO, inte DeSO. Välj rätt slag eller en annan fil."


# --- Rows that cannot be read ----------------------------------------------------------------------------------


def test_a_code_that_stands_twice_names_the_first(tmp_path):
    path = geojson(tmp_path, feature(desokod="1484C1010"), feature(desokod="1484C1010"))
    assert errors(path) == [(2, "Området 1484C1010 står redan som nummer 1 i kartan. Slå ihop dem till ett område.")]


def test_what_has_no_surface_or_no_right_code_is_told_by_its_number(tmp_path):
    path = geojson(
        tmp_path,
        feature(regsokod="1484R001"),
        feature([11.4, 58.2], "Point", regsokod="1484R002"),
        feature(SQUARE, "LineString", regsokod="1484R003"),
        feature(None, regsokod="1484R004"),
        feature([[11.4, 58.2], [11.5, 58.2], [11.4, 58.2]], regsokod="1484R005"),
        feature([["a", 58.2], [11.5, 58.2]], regsokod="1484R006"),
        feature(regsokod="R007"),
        feature(regsokod=""),
        feature(regsokod="9999R001"),
        feature(regsokod="1484R008"),
        feature(regsokod="1484R009"),
    )
    found = errors(path)
    assert [line for line, _message in found] == [2, 3, 4, 5, 6, 7, 8, 9]
    assert "punkt, linje" in found[0][1]
    assert "punkt, linje" in found[1][1]
    assert "ingen gräns" in found[2][1]
    assert "ingen yta" in found[3][1]
    assert "går inte att läsa" in found[4][1]
    assert found[5][1] == "Koden R007 är ingen kod för RegSO. Rätta den och försök igen."
    assert "saknar kod" in found[6][1]
    assert "9999R001" in found[7][1]
    assert [row.code for row in of_kind(iter(read(path)), AreaRow)] == ["1484R001", "1484R008", "1484R009"]


def test_a_map_without_codes_is_refused(tmp_path):
    assert "ingen kolumn med områdenas koder" in refusal(geojson(tmp_path, feature(namn="Centrum", id=4711)))


# --- Geometry --------------------------------------------------------------------------------------------------


def test_rings_are_closed_turned_and_rounded(tmp_path):
    clockwise = [[11.4000001, 58.2], [11.4, 58.3], [11.5, 58.3], [11.5, 58.3], [11.5, 58.2]]
    hole = [[11.42, 58.22], [11.44, 58.22], [11.44, 58.24], [11.42, 58.24]]
    (row,) = rows(geojson(tmp_path, feature([[clockwise, hole]], "MultiPolygon", regsokod="1484R001")))
    outer, inner = row.geometry["coordinates"]
    assert row.geometry["type"] == "Polygon"
    assert outer == [[11.4, 58.2], [11.5, 58.2], [11.5, 58.3], [11.4, 58.3], [11.4, 58.2]]
    assert inner == [[11.42, 58.22], [11.42, 58.24], [11.44, 58.24], [11.44, 58.22], [11.42, 58.22]]


def test_islands_stay_and_what_crosses_itself_is_read(tmp_path):
    island = [[11.6, 58.2], [11.7, 58.2], [11.7, 58.3], [11.6, 58.2]]
    bow = [[11.4, 58.2], [11.5, 58.3], [11.5, 58.2], [11.4, 58.31], [11.4, 58.2]]
    many, one = rows(
        geojson(
            tmp_path,
            feature([[SQUARE], [island]], "MultiPolygon", regsokod="1484R001"),
            feature(bow, regsokod="1484R002"),
        )
    )
    assert many.geometry == {"type": "MultiPolygon", "coordinates": [[SQUARE], [island]]}
    assert len(one.geometry["coordinates"][0]) == 5


def test_heights_are_left_out(tmp_path):
    (row,) = rows(geojson(tmp_path, feature([[*place, 12.5] for place in SQUARE], regsokod="1484R001")))
    assert row.geometry["coordinates"] == [SQUARE]


# --- Coordinate systems ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "crs",
    [
        named_crs("urn:ogc:def:crs:EPSG::3006"),
        named_crs("EPSG:3006"),
        {"type": "EPSG", "properties": {"code": 3006}},
        None,
        {"type": "link", "properties": {"href": "http://localhost/crs"}},
        named_crs("min egen"),
    ],
)
def test_metres_of_sweref_become_degrees(tmp_path, crs):
    path = geojson(tmp_path, feature(METRES, regsokod="1484R001"), crs=crs)
    (row,) = rows(path)
    assert row.geometry["coordinates"][0][0] == CORNER_IN_DEGREES
    is_told = crs is not None and "EPSG" in json.dumps(crs)
    assert len(of_kind(iter(read(path)), Note)) == (0 if is_told else 1)


def test_another_system_with_a_known_code_is_moved(tmp_path):
    rt90 = [[1248000, 6464000], [1249000, 6464000], [1249000, 6465000], [1248000, 6464000]]
    (row,) = rows(geojson(tmp_path, feature(rt90, regsokod="1484R001"), crs=named_crs("EPSG:3021")))
    longitude, latitude = row.geometry["coordinates"][0][0]
    assert 11.3 < longitude < 11.6
    assert 58.1 < latitude < 58.4


@pytest.mark.parametrize("ring", [SQUARE, METRES])
def test_turned_axes_are_told_and_turned_back(tmp_path, ring):
    straight = rows(geojson(tmp_path, feature(ring, regsokod="1484R001")))
    items = read(geojson(tmp_path, feature([place[::-1] for place in ring], regsokod="1484R001")))
    assert "omvänd ordning" in of_kind(iter(items), Note)[0].message
    (turned,) = of_kind(iter(items), AreaRow)
    assert sorted(turned.geometry["coordinates"][0][:-1]) == sorted(straight[0].geometry["coordinates"][0][:-1])


@pytest.mark.parametrize(
    ("ring", "crs", "words"),
    [
        ([[100, 200], [300, 200], [300, 400], [100, 200]], None, "koordinatsystem kartan har"),
        ([[2.3, 48.8], [2.4, 48.8], [2.4, 48.9], [2.3, 48.8]], named_crs("EPSG:4326"), "inte i Sverige"),
        (METRES, named_crs("urn:ogc:def:crs:OGC:1.3:CRS84"), "talen hör till ett annat"),
        (SQUARE, named_crs("EPSG:3006"), "talen hör till ett annat"),
        (METRES, named_crs("EPSG:32601"), "inte i Sverige"),
        (METRES, named_crs("EPSG:99999"), "koordinatsystem kartan har"),
    ],
)
def test_coordinates_that_cannot_be_in_sweden_are_refused(tmp_path, ring, crs, words):
    assert words in refusal(geojson(tmp_path, feature(ring, regsokod="1484R001"), crs=crs))


# --- GeoPackage and shapefile ----------------------------------------------------------------------------------


def test_a_geopackage(tmp_path):
    path = by_gdal(
        tmp_path / "RegSO_2025.gpkg",
        "GPKG",
        rings=[METRES, METRES],
        regsokod=["1484R001", "1484R002"],
        regsonamn=["Badhusberget", "Brastad-Bro"],
    )
    unnamed = path.rename(tmp_path / "0f3a")
    found = rows(unnamed, name="RegSO_2025.gpkg")
    assert [(row.line, row.code, row.name, row.version) for row in found] == [
        (1, "1484R001", "Badhusberget", "2025"),
        (2, "1484R002", "Brastad-Bro", "2025"),
    ]
    assert found[0].geometry["coordinates"][0][0] == CORNER_IN_DEGREES
    assert sorted(one.name for one in tmp_path.iterdir()) == ["0f3a"]


def test_a_packed_geopackage_and_a_packed_geojson(tmp_path):
    path = by_gdal(tmp_path / "a.gpkg", "GPKG", rings=[METRES], desokod=["1484C1010"])
    assert [row.code for row in rows(packed(tmp_path, {"a.gpkg": path.read_bytes()}))] == ["1484C1010"]
    path = geojson(tmp_path, feature(desokod="1484C1020"))
    assert [row.code for row in rows(packed(tmp_path, {"a.geojson": path.read_bytes()}))] == ["1484C1020"]


def test_points_and_nothing_in_a_geopackage_are_errors(tmp_path):
    point = struct.pack("<BI2d", 1, 1, 290000, 6465000)
    path = by_gdal(
        tmp_path / "a.gpkg", "GPKG", rings=[METRES, point, None], regsokod=[f"1484R00{n}" for n in (1, 2, 3)]
    )
    assert [(line, message.split(" är ")[0].split(" har ")[0]) for line, message in errors(path)] == [
        (2, "Området 1484R002"),
        (3, "Området 1484R003"),
    ]


def test_of_several_layers_the_one_with_codes_is_read(tmp_path):
    path = by_gdal(tmp_path / "a.gpkg", "GPKG", rings=[METRES], regsokod=["1484R001"])
    for layer, column in (("vägar", "typ"), ("andra", "regsokod")):
        if column == "regsokod":
            assert [row.code for row in rows(path)] == ["1484R001"]
        pyogrio.raw.write(
            path,
            numpy.array([polygon_wkb(METRES)], dtype=object),
            [numpy.array(["1484R001"], dtype=object)],
            [column],
            driver="GPKG",
            layer=layer,
            geometry_type="Polygon",
            crs="EPSG:3006",
            append=False,
        )
    assert "flera lager" in refusal(path)


def test_a_packed_shapefile_with_swedish_letters(tmp_path):
    path = shapefile(tmp_path, rings=[METRES, METRES], KnKod=["0114", "1484"], KnNamn=["Upplands Väsby", "Lysekil"])
    assert [(row.code, row.name, row.parent) for row in rows(path)] == [
        ("0114", "Upplands Väsby", "01"),
        ("1484", "Lysekil", "14"),
    ]


@pytest.mark.parametrize(("encoding", "said"), [("cp1252", ""), ("utf-8", ""), ("cp1252", "1252"), ("utf-8", "UTF-8")])
def test_letters_of_a_dbf_with_and_without_a_code_page(tmp_path, encoding, said):
    more = {"rings": [METRES], "regsokod": ["1484R001"], "regsonamn": ["Åäö-höjden"]}
    by_gdal(tmp_path / "Karta.shp", "ESRI Shapefile", **more)
    table = (tmp_path / "Karta.dbf").read_bytes()
    for one in ("utf-8", "latin-1", "cp1252"):
        table = table.replace("Åäö-höjden".encode(one).ljust(14), "Åäö-höjden".encode(encoding).ljust(14))
    assert "Åäö-höjden".encode(encoding) in table
    table = table[:29] + b"\x57" + table[30:]
    members = {f"a.{part}": (tmp_path / f"Karta.{part}").read_bytes() for part in ("shp", "shx", "prj")}
    members |= {"a.dbf": table} | ({"a.cpg": said.encode()} if said else {})
    (row,) = rows(packed(tmp_path, members))
    assert row.name == "Åäö-höjden"


def test_a_shapefile_without_its_system_is_seen_by_its_numbers(tmp_path):
    path = shapefile(tmp_path, parts=("shp", "shx", "dbf"), rings=[METRES], regsokod=["1484R001"])
    items = read(path)
    assert "SWEREF 99 TM" in of_kind(iter(items), Note)[0].message
    assert len(of_kind(iter(items), AreaRow)) == 1


def test_a_shapefile_without_its_table_or_unpacked_is_refused(tmp_path):
    assert "DBF" in refusal(shapefile(tmp_path, parts=("shp", "prj"), rings=[METRES], regsokod=["1484R001"]))
    assert "En SHP-fil räcker inte" in refusal(tmp_path / "Karta.shp")


# --- What is no map, or means harm -------------------------------------------------------------------------------


def test_a_table_of_names_is_one_note(tmp_path):
    items = read(written(tmp_path, "regso_labels.json", '{"1484R001": "Badhusberget", "1484R002": "Brastad-Bro"}'))
    assert len(items) == 1
    assert isinstance(items[0], Note)
    assert "2 områden, utan gränser" in items[0].message


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "tom"),
        ("hej", "ingen karta"),
        ('<OGRVRTDataSource><OGRVRTLayer name="a"/></OGRVRTDataSource>', "ingen karta"),
        ('{"a": 1}', "FeatureCollection"),
        ('{"a": "FeatureCollection"}', "FeatureCollection"),
        ('{"type": "FeatureCollection", "features": {}}', "går inte att läsa"),
        ('{"type": "FeatureCollection", "features": [', "går inte att läsa"),
        ('{"type": "FeatureCollection", "features": []}', "inga områden"),
        ('{"type": "FeatureCollection", "features": [NaN]}', "går inte att läsa"),
        ('{"type": "FeatureCollection", "features": ' + "[" * 200_000, "går inte att läsa"),
        ('{"type": "FeatureCollection", "x": ' + '{"a":' * 100_000 + "1" + "}" * 100_001, "går inte att läsa"),
        (b"SQLite format 3\0" + b"\0" * 2000, "går inte att läsa"),
        (b"PK\x03\x04" + b"\0" * 2000, "går inte att läsa"),
    ],
)
def test_what_is_no_map_is_refused(tmp_path, content, words):
    assert words in refusal(written(tmp_path, "a.geojson", content))


def test_numbers_without_end_are_refused(tmp_path):
    text = json.dumps({"type": "FeatureCollection", "features": [feature(regsokod="1484R001")]})
    assert "inte i Sverige" in refusal(written(tmp_path, "a.geojson", text.replace("11.4,", "1e999,")))


def test_too_large_a_map_is_refused_unread(tmp_path):
    path = tmp_path / "a.geojson"
    with path.open("wb") as file:
        file.write(b'{"type":"FeatureCollection"')
        file.truncate(31 << 20)
    assert "30 MB" in refusal(path)
    with path.open("r+b") as file:
        file.truncate(61 << 20)
    assert "60 MB" in refusal(path)


def test_too_many_areas_are_refused(tmp_path):
    text = json.dumps({"type": "Feature", "properties": {}, "geometry": None})
    text = '{"type":"FeatureCollection","features":[' + ",".join([text] * 10_001) + "]}"
    assert "10 000" in refusal(written(tmp_path, "a.geojson", text))


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("a.shp", "w") as member:
        for _turn in range(201):
            member.write(bytes(1 << 20))
    assert "201 MB när det packas upp" in refusal(path)


def test_an_archive_that_lies_of_its_size_is_refused(tmp_path):
    whole = shapefile(tmp_path, rings=[METRES], regsokod=["1484R001"])
    content = bytearray(whole.read_bytes())
    at = content.rfind(b"PK\x01\x02", 0, content.find(b"Karta.shp", content.find(b"PK\x01\x02")))
    content[at + 24 : at + 28] = struct.pack("<I", 5)
    assert "går inte att läsa" in refusal(written(tmp_path, "b.zip", bytes(content)))


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_an_archive_that_does_not_unpack_is_refused(tmp_path, method):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", method) as archive:
        archive.writestr("a.gpkg", bytes(range(256)) * 40)
    content = bytearray(path.read_bytes())
    content[45:75] = b"\xff" * 30
    assert "går inte att läsa" in refusal(written(tmp_path, "b.zip", bytes(content)))


@pytest.mark.parametrize(
    ("members", "words"),
    [
        ({"../a.shp": b"a"}, "utanför sin egen mapp"),
        ({"/etc/a.shp": b"a"}, "utanför sin egen mapp"),
        ({"a\\..\\..\\b.shp": b"a"}, "utanför sin egen mapp"),
        ({f"{number}.shp": b"a" for number in range(51)}, "fler än 50 filer"),
        ({"a.vrt": b"<OGRVRTDataSource/>"}, "ingen karta"),
        ({"a.shp": b"a", "b.shp": b"a"}, "flera kartor"),
        ({"a.gpkg": b"<OGRVRTDataSource/>"}, "ingen karta"),
        ({"a.shp": b"hej", "a.dbf": b"hej", "a.shx": b"hej"}, "går inte att läsa"),
        ({"a.json": b'{"1484R001": "Badhusberget"}'}, "går inte att läsa"),
    ],
)
def test_archives_that_hold_something_else_are_refused(tmp_path, members, words):
    assert words in refusal(packed(tmp_path, members))


def test_a_link_in_an_archive_is_refused(tmp_path):
    member = zipfile.ZipInfo("a.shp")
    member.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(member, "/etc/passwd")
    assert "utanför sin egen mapp" in refusal(tmp_path / "a.zip")


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE VIEW annat AS SELECT * FROM a",
        "CREATE VIRTUAL TABLE annat USING fts5(text)",
    ],
)
def test_a_geopackage_that_leads_elsewhere_is_refused(tmp_path, statement):
    path = by_gdal(tmp_path / "a.gpkg", "GPKG", rings=[METRES], regsokod=["1484R001"])
    base = sqlite3.connect(path)
    base.execute(statement)
    base.commit()
    base.close()
    assert "annat håll" in refusal(path)


def test_a_database_that_is_no_map_is_refused(tmp_path):
    base = sqlite3.connect(tmp_path / "a.gpkg")
    base.execute("CREATE TABLE a (b)")
    base.commit()
    base.close()
    assert "går inte att läsa" in refusal(tmp_path / "a.gpkg")


def test_the_reader_knows_two_drivers_and_nothing_of_the_portal(monkeypatch):
    told = subprocess.run(
        [
            sys.executable,
            "-I",
            "-c",
            "import os, pyogrio; print(sorted(pyogrio.list_drivers()), 'SECRET_KEY' in os.environ)",
        ],
        env=areas.GDAL,
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.strip() == "['ESRI Shapefile', 'GPKG'] False"


# --- The publishers' own files -----------------------------------------------------------------------------------

REAL = real("geo")
EXPECTED: dict[str, tuple[int, dict[str, str]]] = {
    "geo/DERIVED_regso2025_1484_lysekil_epsg3006.geojson": (
        5,
        {"1484R001": "Badhusberget", "1484R002": "Brastad-Bro", "1484R005": "Skaftö"},
    ),
    "geo/DERIVED_regso2025_1484_lysekil_wgs84.geojson": (
        5,
        {"1484R001": "Badhusberget", "1484R002": "Brastad-Bro", "1484R005": "Skaftö"},
    ),
    "geo/scb_Kommun_Sweref99TM.zip": (290, {"0114": "Upplands Väsby", "1484": "Lysekil", "1480": "Göteborg"}),
    "geo/swedish_municipalities_simplified.geojson": (290, {"0138": "Tyresö", "1484": "Lysekil", "0980": "Gotland"}),
    "geo/swedish_regions_simplified.geojson": (
        21,
        {"14": "Västra Götalands län", "08": "Kalmar län", "09": "Gotlands län"},
    ),
    "geo/regso_labels.json": (0, {}),
}


@pytest.mark.parametrize("path", REAL, ids=names(REAL))
def test_a_publishers_own_map(path):
    number, some = EXPECTED[names([path])[0]]
    found = rows(path, name=path.name)
    assert len(found) == number
    by_code = {row.code: row for row in found}
    assert {code: by_code[code].name for code in some} == some
    assert all(row.geometry["type"] in ("Polygon", "MultiPolygon") for row in found)
    assert {row.version for row in found if row.kind == "REGSO"} <= {"2025"}
    if number == 0:
        assert [type(item) for item in read(path)] == [Note]


def test_both_systems_give_the_same_borders():
    both = [path for path in REAL if "DERIVED" in path.name]
    if not both:
        return
    metres, degrees = (rows(path) for path in both)
    for one, other in zip(metres, degrees, strict=True):
        assert one.code == other.code
        assert numpy.allclose(one.geometry["coordinates"][0], other.geometry["coordinates"][0], atol=0.000011)
