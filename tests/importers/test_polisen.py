"""The Police's events: links alone, however their site writes them."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from situation.importers import polisen
from situation.importers.rows import FileRefused, LineError, LinkRow, Note

from .files import names, of_kind, real, written


def event(**changes: Any) -> dict[str, Any]:
    row = {
        "id": 612345,
        "datetime": "2026-06-08 9:05:00 +02:00",
        "name": "08 juni 09.05, Skadegörelse, Lysekil",
        "summary": "HEMLIG text",
        "url": "/aktuellt/handelser/2026/juni/8/x/",
        "type": "Skadegörelse",
        "location": {"name": "Västra Götalands län", "gps": "58.27,11.44"},
    }
    return row | changes


def read(tmp_path: Path, *events: Any, encoding: str = "utf-8") -> list[object]:
    return list(polisen.read(written(tmp_path, "events.json", json.dumps(list(events)), encoding)).items)


def only(tmp_path: Path, **changes: Any) -> LinkRow:
    (row,) = of_kind(read(tmp_path, event(**changes)), LinkRow)
    return row


def test_a_link_holds_no_word_of_what_the_police_write(tmp_path):
    row = only(tmp_path)
    assert row == LinkRow(
        line=1,
        number=612345,
        published_at=dt.datetime(2026, 6, 8, 9, 5, tzinfo=dt.timezone(dt.timedelta(hours=2))),
        kind="Skadegörelse",
        place="Lysekil",
        area="1484",
        url="https://polisen.se/aktuellt/handelser/2026/juni/8/x/",
    )
    assert "HEMLIG" not in repr(row)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("moment", ["2018-04-13 9:58:49 +02:00", "2018-04-13 09:58:49 +02:00"])
def test_hours_without_a_zero_and_a_byte_order_mark(tmp_path, moment, encoding):
    (row,) = of_kind(read(tmp_path, event(datetime=moment), encoding=encoding), LinkRow)
    assert row.published_at.astimezone(dt.UTC) == dt.datetime(2018, 4, 13, 7, 58, 49, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    "name", ["30 november 13:29, Rattfylleri, Eskilstuna", "30 november 13.29, Rattfylleri, Eskilstuna"]
)
def test_both_spellings_of_the_clock(tmp_path, name):
    assert only(tmp_path, name=name).area == "0484"


def test_a_name_without_a_municipality_stands_under_the_county(tmp_path):
    row = only(tmp_path, name="08 juni 09.05, Sammanfattning natt")
    assert (row.place, row.area) == ("Västra Götalands län", "14")


@pytest.mark.parametrize(
    ("url", "whole"),
    [
        ("https://polisen.se/aktuellt/x/", "https://polisen.se/aktuellt/x/"),
        ("https://www.polisen.se/aktuellt/x/", "https://www.polisen.se/aktuellt/x/"),
        ("/aktuellt/x/", "https://polisen.se/aktuellt/x/"),
    ],
)
def test_links_are_whole_and_lead_to_the_police(tmp_path, url, whole):
    assert only(tmp_path, url=url).url == whole


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"url": "https://polisen.example/x"}, "polisen.se"),
        ({"url": "javascript:alert(1)"}, "polisen.se"),
        ({"url": "https://polisen.se@x.example/"}, "polisen.se"),
        ({"url": "http://[x"}, "Länken"),
        ({"url": ""}, "polisen.se"),
        ({"url": "//polisen.example/x"}, "polisen.se"),
        ({"url": "http://polisen.se/x"}, "polisen.se"),
        ({"url": "https://polisen.se:8443/x"}, "polisen.se"),
        ({"url": "https://:word@polisen.se/x"}, "polisen.se"),
        ({"url": "/\\polisen.example/x"}, "Länken"),
        ({"url": '/x"onclick'}, "Länken"),
        ({"url": "/" + "a" * 400}, "Länken"),
        ({"url": 5}, "Länken"),
        ({"id": "1"}, "nummer"),
        ({"id": True}, "nummer"),
        ({"id": -1}, "nummer"),
        ({"datetime": "2026-02-30 9:05:00 +02:00"}, "finns inte"),
        ({"datetime": "i går"}, "går inte att läsa"),
        ({"datetime": "0001-01-01 0:05:00 +02:00"}, "finns inte"),
        ({"datetime": "9999-12-31 23:59:00 -02:00"}, "finns inte"),
        ({"datetime": "2026-06-08 9:05:00 +99:00"}, "finns inte"),
        ({"type": None}, "slag eller plats"),
        ({"location": [], "name": ""}, "slag eller plats"),
    ],
)
def test_an_odd_event_is_named_by_its_place_and_the_others_are_read(tmp_path, changes, words):
    items = read(tmp_path, event(**changes), event(id=2), "text")
    assert [error.line for error in of_kind(items, LineError)] == [1, 3]
    assert words in of_kind(items, LineError)[0].message
    assert [row.number for row in of_kind(items, LinkRow)] == [2]


def test_a_long_link_is_not_cut(tmp_path):
    assert only(tmp_path, url="/" + "a" * 300).url == "https://polisen.se/" + "a" * 300


@pytest.mark.parametrize("last", ["00", "1484", "1484R001"])
def test_a_code_at_the_end_of_the_name_is_no_place(tmp_path, last):
    assert only(tmp_path, name=f"08 juni 09.05, Stöld, {last}").area == "14"


def test_texts_are_cut(tmp_path):
    row = only(tmp_path, type="a" * 500, location={"name": "b" * 500}, name="utan plats")
    assert (len(row.kind), len(row.place)) == (200, 200)


def test_of_an_event_in_versions_the_one_seen_last_is_read(tmp_path):
    versions = [{"first_seen": "2024-01-02", "event": event(type="Brand")}, {"first_seen": "2024-01-01", "event": {}}]
    (row,) = of_kind(read(tmp_path, {"id": 1, "versions": versions}), LinkRow)
    assert row.kind == "Brand"


def test_an_empty_list_is_told(tmp_path):
    (note,) = read(tmp_path)
    assert isinstance(note, Note)


@pytest.mark.parametrize(
    "content",
    [b"", b"{}", b"[" * 100_000, b"[1", b"\x89PNG\r\n\x1a\n", b"\xff\xfe[]", b'[{"id": ' + b"9" * 5000 + b"}]"],
)
def test_what_is_no_list_of_events_is_refused(tmp_path, content):
    with pytest.raises(FileRefused):
        list(polisen.read(written(tmp_path, "events.json", content)).items)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(list(event())), inner, max_size=5),
    max_leaves=12,
)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(ANYTHING, max_size=5))
def test_anything_is_read_or_refused(tmp_path, rows):
    try:
        items = read(tmp_path, *rows)
    except FileRefused:
        return
    assert all(isinstance(item, LinkRow | LineError | Note) for item in items)


# Of each file: how many events, the first and the last number, how many are in Lysekil.
HELD = {
    "DERIVED_edited_events_2023-2024.json": (472, 419993, 564008, 0),
    "polisen_events_2023-03-26.json": (500, 411316, 409620, 0),
    "polisen_events_2023-04-15.json": (500, 420163, 414102, 0),
    "polisen_events_2023-05-19.json": (500, 426499, 425746, 1),
    "polisen_events_2023-06-15.json": (500, 430756, 430063, 0),
    "polisen_events_2023-07-28.json": (500, 437800, 437171, 1),
    "polisen_events_2023-08-24.json": (500, 440512, 439688, 2),
    "polisen_events_2023-08-25.json": (500, 440637, 439826, 2),
    "polisen_events_2023-09-15.json": (500, 446879, 443164, 0),
    "polisen_events_2023-10-29.json": (500, 465402, 463173, 0),
    "polisen_events_2023-11-08.json": (500, 469228, 466912, 0),
    "polisen_events_2023-11-10.json": (500, 469509, 467196, 0),
    "polisen_events_2023-12-22.json": (500, 478657, 477565, 1),
    "polisen_events_2024-01-15.json": (500, 484102, 481770, 0),
    "polisen_events_2024-02-29.json": (500, 507825, 506966, 0),
    "polisen_events_2024-03-31.json": (500, 514338, 513451, 0),
    "polisen_events_2024-05-28.json": (500, 526690, 525771, 2),
    "polisen_events_2024-05-29.json": (500, 526847, 525991, 2),
    "polisen_events_2024-06-22.json": (500, 530948, 530121, 0),
    "polisen_events_2024-07-15.json": (500, 536118, 534067, 0),
    "polisen_events_2024-08-15.json": (500, 542296, 540151, 0),
    "polisen_events_2024-09-15.json": (500, 548138, 546957, 0),
    "polisen_events_2024-10-27.json": (500, 555254, 554156, 0),
    "polisen_events_2024-11-15.json": (500, 557565, 556788, 0),
    "polisen_events_2024-12-15.json": (500, 562029, 561106, 1),
    "polisen_api_events_2022-11-30_compact.json": (500, 387116, 385371, 0),
}
REFUSED = {"polisen_events_2023-08-04_EMPTY_0bytes.json": "tom", "polisen_api_policestations.json": "polisstationer"}


@pytest.mark.parametrize("path", real("polisen"), ids=names(real("polisen")))
def test_every_real_file_is_read_or_refused_with_a_reason(path):
    if path.name in REFUSED:
        with pytest.raises(FileRefused, match=REFUSED[path.name]):
            polisen.read(path)
        return
    assert path.name in HELD, "A file nobody has said what is right for."
    items = list(polisen.read(path).items)
    found = of_kind(items, LinkRow)
    assert not of_kind(items, LineError)
    in_lysekil = sum(row.area == "1484" for row in found)
    assert (len(found), found[0].number, found[-1].number, in_lysekil) == HELD[path.name]
    assert all(row.area and row.url.startswith("https://polisen.se/") for row in found)
    if path.name == "polisen_events_2024-12-15.json":
        assert (found[0].kind, found[0].area) == ("Trafikolycka", "0760")
    if path.name == "polisen_api_events_2022-11-30_compact.json":
        assert (found[0].kind, found[0].area) == ("Rattfylleri", "0484")
