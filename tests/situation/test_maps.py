"""Maps: each area once, its class told by pattern and words, and the drawing small and strict."""

from __future__ import annotations

import math
import re
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from situation.charts import Chart, Words
from situation.maps import FILLS, LARGEST, MapArea, _simplified, choropleth

from .test_charts import assert_strict

pytestmark = pytest.mark.same_everywhere

SVG = "{http://www.w3.org/2000/svg}"
WORDS = Words()
SPACE = "\u00a0"


def square(column: int, row: int = 0, *, size: float = 0.1) -> dict[str, Any]:
    west, south = 11 + column * size, 58 + row * size
    ring = [[west, south], [west + size, south], [west + size, south + size], [west, south + size], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def area(number: int, value: str | None, **more: Any) -> MapArea:
    geometry = more.pop("geometry", None) or square(number)
    name = more.pop("name", f"Område {number}")
    return MapArea(f"1484R00{number}", name, None if value is None else Decimal(value), geometry, **more)


def drawn(*areas: MapArea, **more: Any) -> Chart:
    return choropleth(areas, title="Anmälda brott", unit="per 1 000 invånare", words=WORDS, **more)


def root(chart: Chart) -> ET.Element:
    return ET.fromstring(chart.svg)  # noqa: S314


def shapes(chart: Chart) -> dict[str, ET.Element]:
    """The drawn areas by what they say of themselves."""
    return {
        path[0].text or "": path
        for path in root(chart).iter(f"{SVG}path")
        if len(path) and path[0].tag == f"{SVG}title"
    }


def texts(chart: Chart) -> list[str]:
    return [element.text or "" for element in root(chart).iter(f"{SVG}text")]


def test_a_strict_page_can_hold_the_map():
    chart = drawn(*(area(number, str(number)) for number in range(6)))
    assert_strict(chart.svg)
    assert root(chart)[0].text == "Anmälda brott"
    assert chart == drawn(*(area(number, str(number)) for number in range(6)))


def test_every_area_has_its_name_its_value_and_a_row():
    chart = drawn(area(1, "1234.5"), area(2, "0"), area(3, None), area(4, "77", is_suppressed=True))
    assert chart.table.rows == (
        ("Område 1", f"1{SPACE}234,5"),
        ("Område 2", "0"),
        ("Område 3", "uppgift saknas"),
        ("Område 4", "visas inte"),
    )
    assert list(shapes(chart)) == [f"{name}: {value}" for name, value in chart.table.rows]
    assert "77" not in " ".join(texts(chart)) + chart.alt
    assert chart.table.head == ("Område", "Per 1 000 invånare")


def test_classes_have_as_many_areas_each_and_a_pattern_of_their_own():
    chart = drawn(*(area(number, str(number)) for number in range(8)))
    fills = [path.get("fill", "") for path in shapes(chart).values()]
    assert [fills.count(fill) for fill in dict.fromkeys(fills)] == [2, 2, 2, 2]
    patterns = {pattern.get("id"): pattern for pattern in root(chart).iter(f"{SVG}pattern")}
    assert {fill.removeprefix("url(#").removesuffix(")") for fill in fills} == set(patterns)
    marks = {ET.tostring(pattern[1]) for pattern in patterns.values()}
    assert len(marks) == 4
    assert [text for text in texts(chart) if " till " in text] == ["0 till 1", "2 till 3", "4 till 5", "6 till 7"]


def test_equal_numbers_are_in_one_class_and_few_numbers_in_few():
    chart = drawn(*(area(number, "5") for number in range(6)), area(7, "9"))
    assert len({path.get("fill") for path in shapes(chart).values()}) == 2
    assert [text for text in texts(chart) if text in ("5", "9")] == ["5", "9"]
    uneven = drawn(*(area(number, value) for number, value in enumerate("1111123456")), classes=3)
    by_value = {title.rpartition(": ")[2]: path.get("fill") for title, path in shapes(uneven).items()}
    assert len({path.get("fill") for title, path in shapes(uneven).items() if title.endswith(": 1")}) == 1
    assert by_value["6"] != by_value["1"]


def test_what_is_missing_is_white_and_what_is_suppressed_has_crosses():
    chart = drawn(area(1, "1"), area(2, None), area(3, "2", is_suppressed=True))
    fills = {title: path.get("fill", "") for title, path in shapes(chart).items()}
    assert fills["Område 2: uppgift saknas"] == "#ffffff"
    assert fills["Område 3: visas inte"].startswith("url(#")
    assert {"uppgift saknas", "visas inte"} <= set(texts(chart))
    assert not {"uppgift saknas", "visas inte"} & set(texts(drawn(area(1, "1"))))


def test_the_sentence_tells_the_largest_and_the_smallest():
    chart = drawn(area(1, "3"), area(2, "9.5"), area(3, None))
    assert chart.alt == (
        "Karta med 3 områden: Anmälda brott, per 1 000 invånare. Störst: Område 2, 9,5. Minst: Område 1, 3."
    )
    assert drawn(area(1, None)).alt == "Anmälda brott: det finns inga värden att visa."


def test_a_label_stands_inside_its_area_or_not_at_all():
    long = "Ett mycket långt namn på ett område som aldrig får plats i det"
    chart = drawn(*(area(number, "1", name=f"{long} {number}") for number in range(4)))
    assert {"R000", "R001", "R002", "R003"} <= set(texts(chart))
    assert chart.table.rows[0][0] == f"{long} 0 (R000)"
    (west, *_rest) = [text for text in root(chart).iter(f"{SVG}text") if text.text == "R000"]
    assert 12 < float(west.get("x", "0")) < 12 + 696 / 4
    narrow = drawn(*(area(number, "1", name=f"{long} {number}") for number in range(40)))
    assert not [text for text in texts(narrow) if text.startswith("R0")]
    assert narrow.table.rows[0][0] == f"{long} 0"


def test_a_label_is_not_put_in_a_hole_or_a_bay():
    outer = [[11, 58], [12, 58], [12, 58.5], [11, 58.5], [11, 58]]
    hole = [[11.1, 58.05], [11.1, 58.45], [11.9, 58.45], [11.9, 58.05], [11.1, 58.05]]
    chart = drawn(area(1, "1", name="Ö", geometry={"type": "Polygon", "coordinates": [outer, hole]}))
    (label,) = [text for text in root(chart).iter(f"{SVG}text") if text.text == "Ö"]
    x = (float(label.get("x", "0")) - 12) / 696
    y = float(label.get("y", "0"))
    path = shapes(chart)["Ö: 1"].get("d", "")
    assert path.count("M") == 2
    top = float(re.match(r"M[-\d.]+ ([-\d.]+)", path).group(1))
    height = 696 * 0.5 / math.cos(math.radians(58.25))
    inside_hole = 0.1 < x < 0.9 and 0.1 < (top - y) / height < 0.9
    assert not inside_hole


def test_islands_are_drawn_and_specks_left_out():
    island, speck = square(3)["coordinates"], square(50, 2, size=0.0001)["coordinates"]
    geometry = {"type": "MultiPolygon", "coordinates": [square(1)["coordinates"], island, speck]}
    chart = drawn(area(1, "1", geometry=geometry), area(2, "2"))
    assert shapes(chart)["Område 1: 1"].get("d", "").count("M") == 2
    only = drawn(area(1, "1", geometry=square(1, size=0.00001)), area(2, "2"))
    assert shapes(only)["Område 1: 1"].get("d", "").startswith("M")


def test_degrees_of_longitude_are_shrunk():
    chart = drawn(area(1, "1", geometry=square(1)))
    places = re.findall(r"-?[\d.]+", shapes(chart)["Område 1: 1"].get("d", ""))
    steps = [abs(float(number)) for number in places[2:]]
    assert max(steps[::2]) / max(steps[1::2]) == pytest.approx(math.cos(math.radians(58.05)), abs=0.01)


def ragged(column: int, points: int = 6000) -> dict[str, Any]:
    """A circle with a coast: far more points than can be seen."""
    ring = []
    for step in range(points):
        turn = 2 * math.pi * step / points
        far = 0.05 + 0.002 * math.sin(turn * 90) + 0.001 * math.sin(turn * 611)
        ring.append([11 + column * 0.11 + far * math.cos(turn), 58 + 0.5 * far * math.sin(turn)])
    return {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}


def test_borders_are_simplified_until_the_drawing_is_small():
    chart = drawn(*(area(number, str(number), geometry=ragged(number)) for number in range(12)))
    assert len(chart.svg.encode()) <= LARGEST
    assert len(shapes(chart)) == 12
    assert all(path.get("d", "").count(" ") > 10 for path in shapes(chart).values())


def test_simplifying_moves_no_border_farther_than_told():
    ring = [(float(x), math.sin(x / 40) * 30) for x in range(400)] + [(399.0, 90.0), (0.0, 90.0), (0.0, 0.0)]
    simple = _simplified(ring, 0.5)
    assert len(simple) < len(ring) / 5
    assert simple[0] == simple[-1] == ring[0]
    assert set(simple) <= set(ring)
    for x, y in ring[:400]:
        left = max((place for place in simple[:-3] if place[0] <= x), default=simple[0])
        right = min((place for place in simple[:-3] if place[0] >= x), default=left)
        part = 0.0 if right[0] == left[0] else (x - left[0]) / (right[0] - left[0])
        # Measured straight down: at most as steep as the curve (30/40) over the tolerance.
        assert abs(left[1] + part * (right[1] - left[1]) - y) <= 0.5 * 1.3


def test_a_ring_never_becomes_a_line():
    flat = [(0.0, 0.0), (50.0, 0.1), (100.0, 0.0), (50.0, -0.1), (0.0, 0.0)]
    assert len(_simplified(flat, 5)) >= 4


def test_names_are_text_and_nothing_else():
    chart = choropleth(
        [area(1, "1", name="<b>&\"x'")],
        title="<script>alert(1)</script>",
        unit="&amp;",
        words=Words(lang='"><script>'),
    )
    assert_strict(chart.svg)
    assert "<script" not in chart.svg
    assert "<b>&\"x': 1" in shapes(chart)


def test_two_maps_on_a_page_have_patterns_of_their_own():
    one, other = drawn(area(1, "1")), choropleth([area(1, "1")], title="Annat", unit="u", words=WORDS)
    ids = [{pattern.get("id") for pattern in root(chart).iter(f"{SVG}pattern")} for chart in (one, other)]
    assert not ids[0] & ids[1]


@pytest.mark.parametrize("classes", [2, 3, 4, 5])
def test_as_many_classes_as_asked_for(classes):
    chart = drawn(*(area(number, str(number)) for number in range(20)), classes=classes)
    assert len({path.get("fill") for path in shapes(chart).values()}) == classes
    assert classes <= len(FILLS)


@pytest.mark.parametrize(
    ("areas", "classes"),
    [
        ([], 4),
        ([area(1, "1")], 1),
        ([area(1, "1")], 6),
        ([area(1, "1", geometry={"type": "Point", "coordinates": [11, 58]})], 4),
        ([area(1, "1", geometry={"type": "Polygon", "coordinates": []})], 4),
    ],
)
def test_what_is_no_map_is_refused(areas, classes):
    with pytest.raises(ValueError, match=r"area"):
        choropleth(areas, title="t", unit="u", classes=classes, words=WORDS)
