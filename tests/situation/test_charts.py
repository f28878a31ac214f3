"""Charts: what is drawn is what the table says, and a strict page can hold the drawing."""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest

from situation import charts
from situation.charts import (
    Chart,
    CompareRow,
    CountRow,
    Point,
    Series,
    ShareRow,
    Words,
    compare,
    counts,
    line,
    may_be_rate,
    number_text,
    period_text,
    rate,
    shares,
    wilson,
)

pytestmark = pytest.mark.same_everywhere

SVG = "{http://www.w3.org/2000/svg}"
WORDS = Words()
SPACE = "\u00a0"
ALLOWED = {"svg", "title", "g", "rect", "path", "line", "text", "defs", "pattern", "circle"}


def series(name: str, *values: str | None, first: int = 2015, preliminary: int = 0) -> Series:
    return Series(
        name,
        tuple(
            Point(
                str(first + n),
                None if value is None else Decimal(value),
                is_preliminary=n >= len(values) - preliminary,
            )
            for n, value in enumerate(values)
        ),
    )


def root(chart: Chart) -> ET.Element:
    return ET.fromstring(chart.svg)  # noqa: S314


def texts(chart: Chart) -> list[str]:
    return [element.text or "" for element in root(chart).iter(f"{SVG}text")]


def lines_of(chart: Chart) -> list[ET.Element]:
    """Drawn lines of values: paths without a place of their own."""
    found = [path for path in root(chart).iter(f"{SVG}path") if path.get("stroke") and not path.get("transform")]
    return [path for path in found if path.get("fill") in (None, "none")]


def points_of(chart: Chart) -> list[tuple[float, float, str]]:
    """(x, y, fill) of the points of lines, in the plot."""
    found = []
    for path in root(chart).iter(f"{SVG}path"):
        place = re.fullmatch(r"translate\(([-\d.]+),([-\d.]+)\)", path.get("transform", ""))
        if place and path.get("stroke-width") == "2.5":
            found.append((float(place.group(1)), float(place.group(2)), path.get("fill", "")))
    return found


def bars_of(chart: Chart) -> list[tuple[float, str]]:
    """(length, fill) of bars from the top, the ground of the drawing left out."""
    found = []
    for path in root(chart).iter(f"{SVG}path"):
        shape = re.fullmatch(r"M([-\d.]+),([-\d.]+)h([-\d.]+)v[-\d.]+h[-\d.]+Z", path.get("d", ""))
        if shape and path.get("stroke"):
            found.append((float(shape.group(2)), float(shape.group(3)), path.get("fill", "")))
    return [(length, fill) for _top, length, fill in sorted(found)]


def assert_strict(svg: str, width: str = "720") -> None:
    """What a page without inline styles, scripts and other servers can hold."""
    drawn = ET.fromstring(svg)  # noqa: S314
    assert drawn.get("viewBox", "").split()[:3] == ["0", "0", width]
    assert drawn.get("width") == width
    assert drawn.get("role") == "img"
    for element in drawn.iter():
        assert element.tag.removeprefix(SVG) in ALLOWED, element.tag
        for name, value in element.attrib.items():
            assert name not in ("style", "class"), name
            assert not name.startswith(("on", "aria-")), name
            assert "href" not in name, name
            assert "url(" not in value or value.startswith("url(#"), value
            assert "://" not in value
        if element.tag == f"{SVG}text":
            assert element.get("font-family") == "sans-serif"
            assert float(element.get("font-size", "0").removesuffix("px")) >= 14
    assert "://" not in svg.replace('xmlns="http://www.w3.org/2000/svg"', "")
    assert len(svg) < 60_000


def contrast(colour: str) -> float:
    """Against white (WCAG 2.2)."""
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 1.05 / (0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] + 0.05)


def examples() -> dict[str, Chart]:
    own = series("Lysekil", "1204", "1300.5", None, "1180", "990", preliminary=1)
    like = series("Liknande kommuner", "1104", "1200", "1150", "1080", "1000")
    return {
        "one line": line([own], title="Anmälda brott", unit="antal", words=WORDS),
        "lines": line([own, like], title="Anmälda brott", unit="antal", mean_of=3, words=WORDS),
        "compared": compare(
            [CompareRow("Lysekil", Decimal("1204.5"), is_own=True), CompareRow("Riket", Decimal(1000))],
            title="Skadegörelse",
            unit="per 100 000 invånare",
            words=WORDS,
        ),
        "shares": shares(
            [
                ShareRow("Kvinnor", Decimal(38), 512, "RANDOM_SAMPLE"),
                ShareRow("Män", Decimal(22), 250, "RANDOM_SAMPLE"),
            ],
            title="Otrygga",
            words=WORDS,
        ),
        "counts": counts([CountRow("Trafik", 44), CountRow("Bad", 3)], title="Ämnen", unit="antal svar", words=WORDS),
    }


# --- Every chart -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", list(examples()))
def test_a_strict_page_can_hold_the_drawing(name):
    chart = examples()[name]
    assert_strict(chart.svg)
    assert_strict(chart.narrow, "380")
    assert root(chart).get("lang") == "sv"
    assert root(chart)[0].text == chart.table.caption.removesuffix(" (antal)")


@pytest.mark.parametrize("name", list(examples()))
def test_the_same_numbers_give_the_same_bytes(name):
    assert examples()[name] == examples()[name]


@pytest.mark.parametrize("name", list(examples()))
def test_each_row_has_a_cell_for_each_head(name):
    table = examples()[name].table
    assert {len(row) for row in table.rows} == {len(table.head)}


def test_colours_are_seen_against_white():
    for colour in (*charts.LINE_COLOURS, charts.OWN, charts.INK, charts.SOFT_INK):
        assert contrast(colour) >= 3, colour
    assert len(set(charts.LINE_COLOURS)) == len(set(charts.SHAPES)) == charts.MOST_SERIES


@pytest.mark.parametrize("name", ["<b>&\"x' ]]>", "datum.value", "{signal: 'width'}", "År " * 60, "O" * 300])
def test_names_are_text_and_nothing_else(name):
    title = name
    made = [
        line([series(name, "1", "2"), series("b", "3", "4")], title=title, unit=name, words=WORDS),
        compare([CompareRow(name, Decimal(3))], title=title, unit=name, words=WORDS),
        counts([CountRow(name, 9)], title=title, unit=name, words=WORDS),
    ]
    for chart in made:
        assert_strict(chart.svg)
        assert_strict(chart.narrow, "380")
        assert "".join(name.split()) in "".join("".join(texts(chart)).split())


def test_texts_stay_inside_the_drawing():
    for chart in examples().values():
        for svg, width in ((chart.svg, 720), (chart.narrow, 380)):
            for x, text, size, anchor in placed_texts(ET.fromstring(svg), 0):  # noqa: S314
                wide = len(text) * size * 0.45
                left = x - {"middle": wide / 2, "end": wide}.get(anchor, 0)
                assert left >= -1, text
                assert left + wide <= width + 1, text


def test_on_a_telephone_a_long_number_stands_over_its_bar():
    words = "58\u00a0% (53,7–62,2\u00a0%) av 520 svar"
    chart = shares([ShareRow("Trygga", Decimal(58), 520, "RANDOM_SAMPLE")], title="Trygghet", words=WORDS)
    wide, narrow = (
        [text for _x, text, _size, _anchor in placed_texts(ET.fromstring(svg), 0)]  # noqa: S314
        for svg in (chart.svg, chart.narrow)
    )
    assert words in wide
    assert words in " ".join(narrow)


def placed_texts(element: ET.Element, x: float) -> list[tuple[float, str, float, str]]:
    for moved in re.findall(r"translate\(([-\d.]+),", element.get("transform", "")):
        x += float(moved)
    found = []
    if element.tag == f"{SVG}text":
        size = float(element.get("font-size", "0").removesuffix("px"))
        found.append((x, element.text or "", size, element.get("text-anchor", "")))
    for child in element:
        found += placed_texts(child, x)
    return found


# --- Lines -------------------------------------------------------------------------------------------------------


def test_a_missing_year_is_a_gap_and_never_zero():
    chart = line([series("a", "10", "20", None, "30", "40")], title="t", unit="u", words=WORDS)
    assert chart.table.rows[2] == ("2017", "uppgift saknas")
    assert len(points_of(chart)) == 4
    (drawn,) = lines_of(chart)
    assert drawn.get("d", "").count("M") == 2


def test_a_year_that_is_not_told_at_all_is_a_gap_too():
    one = Series("a", (Point("2015", Decimal(1)), Point("2018", Decimal(2))))
    chart = line([one], title="t", unit="u", words=WORDS)
    assert [row[0] for row in chart.table.rows] == ["2015", "2016", "2017", "2018"]
    assert "uppgift saknas" in chart.table.rows[1]
    first, last = points_of(chart)
    assert last[0] - first[0] > 400


def test_every_value_of_the_table_has_its_point_at_its_height():
    values = ["0", "12.5", "1250", "640.25", "90"]
    chart = line([series("a", *values)], title="t", unit="u", words=WORDS)
    points = sorted(points_of(chart))
    assert len(points) == len(values)
    for (_x, y, _fill), value in zip(points, values, strict=True):
        # The highest line of the axis is 1 500; the plot is 300 high.
        assert y == pytest.approx(300 * (1 - float(value) / 1500), abs=1)
    assert [row[1] for row in chart.table.rows] == ["0", "12,5", f"1{SPACE}250", "640,25", "90"]


def test_axis_and_table_have_decimal_comma_and_hard_spaces():
    chart = line([series("a", "0.4", "1.2")], title="t", unit="u", words=WORDS)
    assert {"0,0", "0,5", "1,0", "1,5"} <= set(texts(chart))
    chart = line([series("a", "12000", "24000")], title="t", unit="u", words=WORDS)
    assert f"20{SPACE}000" in texts(chart)
    english = Words(lang="en", decimal=".", thousands=",")
    assert "20,000" in texts(line([series("a", "12000", "24000")], title="t", unit="u", words=english))


def test_preliminary_points_are_hollow_and_said():
    chart = line([series("a", "10", "20", "30", preliminary=1)], title="t", unit="u", words=WORDS)
    *first, last = [fill for _x, _y, fill in sorted(points_of(chart)) if _y < 300]
    assert last == "#ffffff"
    assert set(first) == {charts.LINE_COLOURS[0]}
    assert chart.table.rows[-1] == ("2017", "30 (preliminär)")
    assert "preliminär" in texts(chart)
    assert "preliminär" not in texts(line([series("a", "1", "2")], title="t", unit="u", words=WORDS))


def test_the_mean_stands_only_where_all_years_before_are_known():
    chart = line(
        [series("a", "10", "20", "31", "40", None, "60", "70", "80", "90")],
        title="t",
        unit="u",
        mean_of=3,
        words=WORDS,
    )
    assert chart.table.head == ("Period", "a", "a, medel av 3 år före")
    assert [row[2] for row in chart.table.rows] == ["–", "–", "–", "20,3", "30,3", "–", "–", "–", "70"]
    dashed = [path for path in lines_of(chart) if path.get("stroke-dasharray")]
    assert len(dashed) == 1
    # 2018–2019, then 2023 by itself.
    assert dashed[0].get("d", "").count("M") == 2
    assert "medel av 3 år före" in texts(chart)


def test_a_suppressed_value_is_nowhere():
    one = Series("a", (Point("2015", Decimal(10)), Point("2016", Decimal(4321), is_suppressed=True)))
    chart = line([one], title="t", unit="u", mean_of=None, words=WORDS)
    assert chart.table.rows[1] == ("2016", "visas inte")
    assert len(points_of(chart)) == 1
    assert "4321" not in chart.svg + chart.alt + str(chart.table)
    assert f"4{SPACE}321" not in chart.svg + chart.alt


def test_several_lines_have_shapes_and_names_beside_them():
    chart = line([series(name, "1", "2") for name in ("Ett", "Två", "Tre")], title="t", unit="u", words=WORDS)
    assert {"Ett", "Två", "Tre"} <= set(texts(chart))
    shapes = {path.get("d") for path in root(chart).iter(f"{SVG}path") if path.get("stroke-width") == "2.5"}
    assert len(shapes) == 3


def test_names_of_lines_that_end_together_do_not_stand_on_each_other():
    many = [series(f"Serie {number}", "10", "0") for number in range(6)]
    chart = line(many, title="t", unit="u", words=WORDS)
    heights = sorted(
        float(re.search(r"translate\([-\d.]+,([-\d.]+)\)", text.get("transform", "")).group(1))
        for text in root(chart).iter(f"{SVG}text")
        if (text.text or "").startswith("Serie")
    )
    assert len(heights) == 6
    assert all(below - above >= 18 for above, below in pairwise(heights))


@pytest.mark.parametrize(
    ("periods", "shown"),
    [(("2023-Q4", "2024-Q2"), f"kv{SPACE}2{SPACE}2024"), (("2023-11", "2024-02"), f"feb{SPACE}2024")],
)
def test_quarters_and_months(periods, shown):
    one = Series("a", tuple(Point(period, Decimal(1)) for period in periods))
    chart = line([one], title="t", unit="u", words=WORDS)
    assert len(chart.table.rows) == {"2023-Q4": 3, "2023-11": 4}[periods[0]]
    assert shown in texts(chart)


def test_values_below_zero_have_room():
    chart = line([series("a", "-4", "6")], title="t", unit="u", words=WORDS)
    assert "−4" in texts(chart)
    assert all(0 <= y <= 300 for _x, y, _fill in points_of(chart))
    assert chart.table.rows[0] == ("2015", "−4")


def test_nothing_known_is_still_a_chart():
    chart = line([series("a", None, None)], title="Rån", unit="antal", words=WORDS)
    assert points_of(chart) == []
    assert chart.alt == "Rån: det finns inga värden att visa."
    assert [row[1] for row in chart.table.rows] == ["uppgift saknas"] * 2


def test_the_sentence_tells_first_last_highest_and_lowest():
    chart = line([series("Lysekil", "10", "1300", "5", "20")], title="Rån", unit="antal", words=WORDS)
    assert chart.alt == (f"Rån, antal. Lysekil: 10 (2015) till 20 (2018). Högst: 1{SPACE}300 (2016), lägst: 5 (2017).")


@pytest.mark.parametrize(
    ("given", "mean_of"),
    [
        ([], None),
        ([Series("a", ())], None),
        ([series(str(n), "1") for n in range(7)], None),
        ([Series("a", (Point("2015", None), Point("2015", None)))], None),
        ([Series("a", (Point("2015", None), Point("2015-Q1", None)))], None),
        ([Series("a", (Point("våren", None),))], None),
        ([series("a", "1")], 2),
        ([series("a", "1")], 6),
        ([Series("a", (Point("2015-01", None),))], 3),
    ],
)
def test_what_is_no_line_is_refused(given, mean_of):
    with pytest.raises(ValueError, match=r"series|period|mean"):
        line(given, title="t", unit="u", mean_of=mean_of, words=WORDS)


# --- Bars --------------------------------------------------------------------------------------------------------


def test_the_own_municipality_is_filled_and_named_so():
    rows = [
        CompareRow("Lysekil", Decimal("1204.5"), is_own=True),
        CompareRow("Liknande kommuner", Decimal(1100)),
        CompareRow("Västra Götalands län", Decimal("2409")),
        CompareRow("Riket", None),
        CompareRow("Annan", Decimal(77), is_suppressed=True),
    ]
    chart = compare(rows, title="Skadegörelse", unit="per 100 000 invånare", words=WORDS)
    bars = bars_of(chart)
    assert [fill for _length, fill in bars] == [charts.OWN, "#ffffff", "#ffffff"]
    assert bars[0][0] / bars[2][0] == pytest.approx(0.5, abs=0.01)
    assert chart.table.rows == (
        ("Lysekil (din kommun)", f"1{SPACE}204,5"),
        ("Liknande kommuner", f"1{SPACE}100"),
        ("Västra Götalands län", f"2{SPACE}409"),
        ("Riket", "uppgift saknas"),
        ("Annan", "visas inte"),
    )
    for cell in (cell for row in chart.table.rows for cell in row):
        assert cell in texts(chart)
    assert chart.alt.endswith(f"Störst: Västra Götalands län, 2{SPACE}409. Minst: Liknande kommuner, 1{SPACE}100.")
    assert "77" not in chart.alt + str(chart.table)


def test_a_random_sample_has_an_interval_with_its_numbers():
    chart = shares([ShareRow("Alla", Decimal(50), 10, "RANDOM_SAMPLE")], title="Otrygga", words=WORDS)
    assert chart.table.head == ("Grupp", "Andel", "Svar", "Osäkerhet, 95 %")
    assert chart.table.rows == (("Alla", f"50{SPACE}%", "10", f"23,7–76,3{SPACE}%"),)
    assert f"50{SPACE}% (23,7–76,3{SPACE}%) av 10 svar" in texts(chart)
    white = [one for one in root(chart).iter(f"{SVG}line") if one.get("stroke") == "#ffffff"]
    assert len(white) == 3


def test_the_publishers_own_interval_is_kept():
    row = ShareRow("Alla", Decimal(50), 10, "RANDOM_SAMPLE", low=Decimal("41"), high=Decimal("59.5"))
    assert shares([row], title="t", words=WORDS).table.rows[0][3] == f"41–59,5{SPACE}%"


@pytest.mark.parametrize(
    ("method", "said"),
    [("OPEN_WEB", "självvalda svar"), ("", "självvalda svar"), ("CENSUS_CLASS", "alla i en årskurs")],
)
def test_other_answers_have_no_interval_and_say_how_they_came(method, said):
    row = ShareRow("Alla", Decimal(50), 900, method, low=Decimal(40), high=Decimal(60))
    chart = shares([row], title="t", words=WORDS)
    assert chart.table.rows == (("Alla", f"50{SPACE}%", "900", said),)
    assert f"procent, {said}" in texts(chart)
    assert not [one for one in root(chart).iter(f"{SVG}line") if one.get("stroke") == "#ffffff"]


def test_a_suppressed_group_has_no_bar_and_no_number():
    rows = [
        ShareRow("Kvinnor", Decimal(38), 512, "RANDOM_SAMPLE"),
        ShareRow("Annat", Decimal(66), 3, "RANDOM_SAMPLE", is_suppressed=True),
        ShareRow("Okänt", None, 40, "RANDOM_SAMPLE"),
    ]
    chart = shares(rows, title="t", words=WORDS)
    assert len(bars_of(chart)) == 1
    assert chart.table.rows[1] == ("Annat", "visas inte", "–", "–")
    assert chart.table.rows[2][1] == "uppgift saknas"
    told = " ".join(texts(chart)) + chart.alt
    assert "66" not in told
    assert "av 3 svar" not in told


def test_themes_are_sorted_and_few_are_not_told():
    rows = [
        CountRow("Katter", 0),
        CountRow("Narkotika", 2),
        CountRow("Belysning", 5),
        CountRow("Bad", 4),
        CountRow("Okänt", None),
        CountRow("Trafik", 1044),
    ]
    chart = counts(rows, title="Ämnen", unit="antal svar", words=WORDS)
    assert chart.table.rows == (
        ("Trafik", f"1{SPACE}044"),
        ("Belysning", "5"),
        ("Bad", "färre än 5"),
        ("Narkotika", "färre än 5"),
        ("Katter", "0"),
        ("Okänt", "uppgift saknas"),
    )
    assert len(bars_of(chart)) == 2
    # Whatever stands behind "fewer than five", the drawing is the same.
    other = [CountRow(row.name, 3) if row.name in ("Narkotika", "Bad") else row for row in rows]
    assert counts(other, title="Ämnen", unit="antal svar", words=WORDS) == chart


@pytest.mark.parametrize(
    "call",
    [
        lambda: compare([], title="t", unit="u", words=WORDS),
        lambda: compare([CompareRow("a", Decimal(-1))], title="t", unit="u", words=WORDS),
        lambda: shares([ShareRow("a", Decimal(101), 9)], title="t", words=WORDS),
        lambda: counts([CountRow("a", -1)], title="t", unit="u", words=WORDS),
    ],
)
def test_what_is_no_bar_is_refused(call):
    with pytest.raises(ValueError, match=r"row|percent"):
        call()


def test_bars_of_nothing_known_say_so():
    chart = compare([CompareRow("Riket", None)], title="Rån", unit="antal", words=WORDS)
    assert bars_of(chart) == []
    assert chart.alt == "Rån: det finns inga värden att visa."
    assert "uppgift saknas" in texts(chart)
    assert bars_of(counts([CountRow("Katter", 0)], title="t", unit="u", words=WORDS)) == []


# --- Numbers -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("count", "population", "is_suppressed", "expected"),
    [
        (5, 14_500, False, Decimal("34.5")),
        (100, 100_000, False, Decimal("100.0")),
        (4, 14_500, False, None),
        (0, 14_500, False, None),
        (None, 14_500, False, None),
        (100, None, False, None),
        (100, 0, False, None),
        (100, 14_500, True, None),
    ],
)
def test_a_rate_needs_enough_events_and_a_population(count, population, is_suppressed, expected):
    assert rate(count, population, is_suppressed=is_suppressed) == expected


def test_one_event_in_lysekil_is_about_seven():
    one_more, one = rate(101, 14_500), rate(100, 14_500)
    assert one_more is not None
    assert one is not None
    assert round(one_more - one) == 7


def test_months_have_no_rates():
    assert [may_be_rate(period) for period in ("2016", "2016-Q3", "2016-09")] == [True, True, False]


@pytest.mark.parametrize(
    ("share", "n", "expected"),
    [
        ("50", 10, ("23.7", "76.3")),
        ("0", 10, ("0.0", "27.8")),
        ("100", 10, ("72.2", "100.0")),
    ],
)
def test_wilsons_interval(share, n, expected):
    assert wilson(Decimal(share), n) == tuple(Decimal(edge) for edge in expected)


def test_no_interval_of_nothing():
    with pytest.raises(ValueError, match="share"):
        wilson(Decimal(50), 0)


def test_numbers_and_periods_in_words():
    assert number_text(Decimal("1234567.891"), words=WORDS) == f"1{SPACE}234{SPACE}567,89"
    assert number_text(Decimal("-0.001"), words=WORDS) == "0"
    assert number_text(Decimal("10.50"), words=WORDS) == "10,5"
    assert period_text("2016-Q3", words=WORDS) == f"kv{SPACE}3{SPACE}2016"
    assert period_text("2016-09", words=WORDS) == f"sep{SPACE}2016"
    with pytest.raises(ValueError, match="period"):
        period_text("hösten", words=WORDS)


def test_the_words_of_gettext_are_those_of_the_charts():
    assert charts.words() == Words()
    assert charts.words(lang="en").decimal == "."
