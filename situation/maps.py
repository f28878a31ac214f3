"""Maps with numbers: areas with their borders in, a drawing (SVG) and its table out. Pure, as charts.py.

Drawn by hand: a plain projection, borders made simpler until the drawing is small, classes told by pattern as well as
by colour and in words.
"""

from __future__ import annotations

import hashlib
import math
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django.utils.html import escape
from django.utils.translation import gettext as _

from .charts import (
    EDGE,
    FONT,
    INK,
    MIDDLE,
    SOFT_INK,
    TEXT_SIZE,
    TITLE_SIZE,
    WHITE,
    WIDTH,
    Chart,
    Table,
    Words,
    number_text,
    width_of,
    wrapped,
)

TALLEST = 760
LARGEST = 60_000
LEAST_CLASSES, MOST_CLASSES = 2, 5
LABEL_SIZE, LABEL_SPACE = 18, 6
# How far a border may be moved, in units of the drawing; more when the drawing would be too large.
TOLERANCE, COARSER, COARSEST = 0.5, 1.6, 12.0
# Smaller islands than this are left out, in square units, unless they are all there is of the area.
SMALLEST_ISLAND = 1.5
SWATCH_WIDTH, SWATCH_HEIGHT, LEGEND_ROW = 44, 26, 36

Place = tuple[float, float]
Ring = list[Place]
# Outer ring first, then its holes.
Polygon = list[Ring]


@dataclass(frozen=True)
class MapArea:
    """An area and its number. `geometry`: a GeoJSON Polygon or MultiPolygon in WGS 84 (importers/rows.py, AreaRow).

    `value` None is missing, never zero. `label` is written in it where the name has no room.
    """

    code: str
    name: str
    value: Decimal | None
    geometry: dict[str, Any]
    is_suppressed: bool = False
    label: str = ""


@dataclass(frozen=True)
class _Drawing:
    """What is drawn, in units of the drawing: a shape and a label (text and its middle) for each area."""

    areas: tuple[MapArea, ...]
    shapes: list[list[Polygon]]
    height: int
    labels: list[tuple[str, Place] | None]
    known: Sequence[Decimal]
    limits: list[Decimal]


@dataclass(frozen=True)
class _Fill:
    """A class: the ground, and what is drawn on it in a square of `size`."""

    ground: str
    size: int
    marks: str


_LINE = '<path d="{}" fill="none" stroke="{}" stroke-width="{}"/>'
# From few to many: the ground darkens and the pattern thickens, so that either alone tells the order.
FILLS = (
    _Fill(
        "#f1f8fd", 14, '<circle cx="4" cy="4" r="1.4" fill="#01527c"/><circle cx="11" cy="11" r="1.4" fill="#01527c"/>'
    ),
    _Fill("#c3ddf2", 10, _LINE.format("M-2 12L12-2M-2 2L2-2M8 12L12 8", "#01527c", "1.5")),
    _Fill("#7fb0d4", 11, _LINE.format("M0 5.5H11M5.5 0V11", "#00314e", "1.6")),
    _Fill("#116393", 9, _LINE.format("M0 4.5H9", "#ffffff", "1.6")),
    _Fill("#00273f", 12, '<circle cx="6" cy="6" r="0.9" fill="#ffffff"/>'),
)
_WITHHELD = _Fill(WHITE, 16, _LINE.format("M5 5L11 11M11 5L5 11", SOFT_INK, "1.4"))


def choropleth(areas: Sequence[MapArea], *, title: str, unit: str, classes: int = 4, words: Words) -> Chart:
    """How a number differs between areas: classes with as many areas in each as the numbers allow (quantiles).

    `unit` is said under the title, `classes` is 2–5 and fewer are used when there are few different numbers. An area
    whose number is missing is white, a suppressed one has crosses; the legend says so. Raises ValueError without
    areas, for other numbers of classes and for what is no Polygon or MultiPolygon.
    """
    if not areas or not LEAST_CLASSES <= classes <= MOST_CLASSES:
        raise ValueError(f"at least one area, and {LEAST_CLASSES} to {MOST_CLASSES} classes")
    known = sorted(value for area in areas if (value := _value_of(area)) is not None)
    shapes, height = _projected([_polygons(area.geometry) for area in areas])
    labels = [_label(area, shape) for area, shape in zip(areas, shapes, strict=True)]
    drawing = _Drawing(tuple(areas), shapes, height, labels, known, _limits(known, classes))
    return Chart(
        svg=_drawn(drawing, title=title, unit=unit, words=words),
        table=_table(drawing, title=title, unit=unit, words=words),
        alt=_alt(areas, title=title, unit=unit, words=words),
    )


def _value_of(area: MapArea) -> Decimal | None:
    return None if area.is_suppressed else area.value


def _limits(known: Sequence[Decimal], classes: int) -> list[Decimal]:
    """The highest number of each class; equal numbers are always in the same class."""
    different = sorted(set(known))
    if len(different) <= classes:
        return different
    tops = {known[math.ceil(len(known) * part / classes) - 1] for part in range(1, classes + 1)}
    return sorted(tops)


def _text_of(area: MapArea, words: Words) -> str:
    value = _value_of(area)
    if value is not None:
        return number_text(value, words=words)
    return words.suppressed if area.is_suppressed else words.missing


def _table(drawing: _Drawing, *, title: str, unit: str, words: Words) -> Table:
    """By name; what is written in an area instead of its name stands after it."""
    named = []
    for area, label in zip(drawing.areas, drawing.labels, strict=True):
        name = area.name if label is None or label[0] == area.name else f"{area.name} ({label[0]})"
        named.append((name, _text_of(area, words)))
    return Table((words.area, unit[:1].upper() + unit[1:] or words.number), tuple(sorted(named)), title)


def _alt(areas: Sequence[MapArea], *, title: str, unit: str, words: Words) -> str:
    known = [(value, area.name) for area in areas if (value := _value_of(area)) is not None]
    if not known:
        return _("%(title)s: det finns inga värden att visa.") % {"title": title}
    most, least = max(known, key=lambda one: one[0]), min(known, key=lambda one: one[0])
    parts = {
        "title": title,
        "unit": unit,
        "areas": len(areas),
        "most": number_text(most[0], words=words),
        "most_name": most[1],
        "least": number_text(least[0], words=words),
        "least_name": least[1],
    }
    return (
        _(
            "Karta med %(areas)d områden: %(title)s, %(unit)s. Störst: %(most_name)s, %(most)s. "
            "Minst: %(least_name)s, %(least)s."
        )
        % parts
    )


# --- The drawing ----------------------------------------------------------------------------------------------


def _drawn(drawing: _Drawing, *, title: str, unit: str, words: Words) -> str:
    areas, shapes, limits = drawing.areas, drawing.shapes, drawing.limits
    head, top = _head(title, unit)
    marks = [_class_of(area, limits) for area in areas]
    # Two maps on one page must not take each other's patterns.
    prefix = "map" + hashlib.sha256("|".join([title, *(area.code for area in areas)]).encode()).hexdigest()[:8]
    legend, below = _legend(drawing.known, limits, marks, prefix, y=top + drawing.height + 20, words=words)
    labels = "".join(_label_text(*label, top) for label in drawing.labels if label)
    patterns = "".join(_pattern(prefix, mark) for mark in sorted({mark for mark in marks if mark is not None}))
    before = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {below}" width="{WIDTH}" height="{below}"'
        f' role="img" lang="{escape(words.lang)}"><title>{escape(title)}</title><defs>{patterns}</defs>'
        f'<rect width="{WIDTH}" height="{below}" fill="{WHITE}"/>{head}'
    )
    after = f"{labels}{legend}</svg>"
    tolerance = TOLERANCE
    while True:
        drawn = "".join(
            _area(area, shape, mark, top, tolerance, prefix, words)
            for area, shape, mark in zip(areas, shapes, marks, strict=True)
        )
        svg = f"{before}{drawn}{after}"
        if len(svg.encode()) <= LARGEST or tolerance > COARSEST:
            return svg
        tolerance *= COARSER


def _head(title: str, unit: str) -> tuple[str, int]:
    """The title and the unit, and how far down they reach."""
    parts, y = [], float(EDGE)
    for text in wrapped(title, int(TITLE_SIZE * 1.08), WIDTH - 2 * EDGE):
        y += TITLE_SIZE * 1.28
        parts.append(_text(text, EDGE, y - 6, size=TITLE_SIZE, bold=True))
    for text in wrapped(unit, TEXT_SIZE, WIDTH - 2 * EDGE) if unit else []:
        y += TEXT_SIZE * 1.28
        parts.append(_text(text, EDGE, y - 4, colour=SOFT_INK))
    return "".join(parts), math.ceil(y + 14)


def _class_of(area: MapArea, limits: list[Decimal]) -> int | None:
    """The number of the class; -1 suppressed, None missing."""
    value = _value_of(area)
    if value is not None:
        return bisect_left(limits, value)
    return -1 if area.is_suppressed else None


def _fill_of(mark: int) -> _Fill:
    return _WITHHELD if mark < 0 else FILLS[mark]


def _pattern(prefix: str, mark: int) -> str:
    fill = _fill_of(mark)
    return (
        f'<pattern id="{prefix}-{mark + 1}" width="{fill.size}" height="{fill.size}" patternUnits="userSpaceOnUse">'
        f'<rect width="{fill.size}" height="{fill.size}" fill="{fill.ground}"/>{fill.marks}</pattern>'
    )


def _paint(prefix: str, mark: int | None) -> str:
    return WHITE if mark is None else f"url(#{prefix}-{mark + 1})"


def _area(
    area: MapArea, shape: list[Polygon], mark: int | None, top: int, tolerance: float, prefix: str, words: Words
) -> str:
    path = "".join(_path(ring, top) for polygon in _simpler(shape, tolerance) for ring in polygon)
    return (
        f'<path d="{path}" fill="{_paint(prefix, mark)}" fill-rule="evenodd" stroke="{INK}" stroke-width="1.5"'
        f' stroke-linejoin="round"><title>{escape(f"{area.name}: {_text_of(area, words)}")}</title></path>'
    )


def _path(ring: Ring, top: int) -> str:
    """The ring in steps from point to point, with one decimal."""
    places = [(round(x * 10), round((y + top) * 10)) for x, y in ring]
    x, y = places[0]
    parts = [f"M{_tenth(x)} {_tenth(y)}l"]
    for to_x, to_y in places[1:-1]:
        if (to_x, to_y) != (x, y):
            parts.append(f"{_tenth(to_x - x)} {_tenth(to_y - y)} ")
            x, y = to_x, to_y
    return "".join(parts).rstrip() + "z"


def _tenth(tenths: int) -> str:
    return f"{tenths / 10:g}"


def _text(
    text: str, x: float, y: float, *, size: int = TEXT_SIZE, colour: str = INK, bold: bool = False, more: str = ""
) -> str:
    weight = ' font-weight="bold"' if bold else ""
    return (
        f'<text x="{x:g}" y="{y:.1f}" font-family="{FONT}" font-size="{size}" fill="{colour}"{weight}{more}>'
        f"{escape(text)}</text>"
    )


def _legend(
    known: Sequence[Decimal],
    limits: list[Decimal],
    marks: Sequence[int | None],
    prefix: str,
    *,
    y: int,
    words: Words,
) -> tuple[str, int]:
    """Each class with its lowest and highest number, then what is not told. Returns it and where it ends."""
    entries: list[tuple[int | None, str]] = []
    for number, top in enumerate(limits):
        inside = [value for value in known if bisect_left(limits, value) == number]
        low, high = number_text(min(inside), words=words), number_text(top, words=words)
        entries.append((number, low if low == high else _("%(low)s till %(high)s") % {"low": low, "high": high}))
    if -1 in marks:
        entries.append((-1, words.suppressed))
    if None in marks:
        entries.append((None, words.missing))
    parts = []
    for row, (mark, text) in enumerate(entries):
        top_of = y + row * LEGEND_ROW
        parts.append(
            f'<rect x="{EDGE}" y="{top_of}" width="{SWATCH_WIDTH}" height="{SWATCH_HEIGHT}"'
            f' fill="{_paint(prefix, mark)}" stroke="{INK}" stroke-width="1.5"/>'
        )
        parts.append(_text(text, EDGE + SWATCH_WIDTH + 12, top_of + SWATCH_HEIGHT / 2 + TEXT_SIZE * MIDDLE))
    return "".join(parts), y + len(entries) * LEGEND_ROW + EDGE


# --- Borders --------------------------------------------------------------------------------------------------


def _polygons(geometry: dict[str, Any]) -> list[Polygon]:
    inside = geometry.get("coordinates")
    if geometry.get("type") not in ("Polygon", "MultiPolygon") or not inside:
        raise ValueError("an area needs a Polygon or a MultiPolygon")
    polygons = [inside] if geometry["type"] == "Polygon" else inside
    return [[[(float(place[0]), float(place[1])) for place in ring] for ring in polygon] for polygon in polygons]


def _projected(shapes: list[list[Polygon]]) -> tuple[list[list[Polygon]], int]:
    """Degrees to units of the drawing, and how tall it became. Degrees of longitude shrink by the cosine of the middle
    latitude (equirectangular): right within a county, good enough for the country."""
    places = [place for shape in shapes for polygon in shape for place in polygon[0]]
    west, east = min(x for x, _y in places), max(x for x, _y in places)
    south, north = min(y for _x, y in places), max(y for _x, y in places)
    shrunk = math.cos(math.radians((south + north) / 2))
    across, along = max((east - west) * shrunk, 1e-9), max(north - south, 1e-9)
    scale = min((WIDTH - 2 * EDGE) / across, TALLEST / along)
    left = (WIDTH - across * scale) / 2

    def move(place: Place) -> Place:
        return left + (place[0] - west) * shrunk * scale, (north - place[1]) * scale

    moved = [[[[move(place) for place in ring] for ring in polygon] for polygon in shape] for shape in shapes]
    return moved, math.ceil(along * scale)


def _simpler(shape: list[Polygon], tolerance: float) -> list[Polygon]:
    """Rings with fewer points; islands and holes too small to see are left out, but never the whole area."""
    largest = max(shape, key=lambda polygon: _size(polygon[0]))
    least = SMALLEST_ISLAND * max(tolerance / TOLERANCE, 1) ** 2
    found = []
    for polygon in shape:
        if polygon is not largest and _size(polygon[0]) < least:
            continue
        found.append([_simplified(ring, tolerance) for ring in (polygon[0], *_holes(polygon, least))])
    return found


def _holes(polygon: Polygon, least: float) -> Iterable[Ring]:
    return (ring for ring in polygon[1:] if _size(ring) >= least)


def _size(ring: Ring) -> float:
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring))) / 2


def _simplified(ring: Ring, tolerance: float) -> Ring:
    """Without the points that lie within the tolerance of the line between those kept (Douglas and Peucker, 1973).

    The ring is cut in two at the point farthest from its first, so that a closed line has ends; a triangle is left at
    the least.
    """
    if len(ring) <= 4:
        return ring
    far = max(range(len(ring)), key=lambda place: math.dist(ring[0], ring[place]))
    if far in (0, len(ring) - 1):
        return ring
    kept = {0, far, len(ring) - 1}
    best: tuple[float, int] = (-1.0, 0)
    waiting = [(0, far), (far, len(ring) - 1)]
    while waiting:
        start, end = waiting.pop()
        if end - start < 2:
            continue
        away, at = max((_distance(ring[place], ring[start], ring[end]), place) for place in range(start + 1, end))
        best = max(best, (away, at)) if at not in kept else best
        if away > tolerance:
            kept.add(at)
            waiting += [(start, at), (at, end)]
    if len(kept) < 4:
        kept.add(best[1])
    return [ring[place] for place in sorted(kept)]


def _distance(place: Place, start: Place, end: Place) -> float:
    """From a point to the line between two others."""
    across, along = end[0] - start[0], end[1] - start[1]
    length = across * across + along * along
    if not length:
        return math.dist(place, start)
    part = ((place[0] - start[0]) * across + (place[1] - start[1]) * along) / length
    part = min(max(part, 0.0), 1.0)
    return math.dist(place, (start[0] + part * across, start[1] + part * along))


# --- Labels ---------------------------------------------------------------------------------------------------


def _label(area: MapArea, shape: list[Polygon]) -> tuple[str, Place] | None:
    """The name, else the short label, else the end of the code, where one has room inside the area."""
    polygon = max(shape, key=lambda one: _size(one[0]))
    rings = [_simplified(ring, TOLERANCE) for ring in polygon]
    short = area.code[4:] if len(area.code) > 4 else area.code
    for text in (area.name, area.label, short):
        place = _room(rings, width_of(text, LABEL_SIZE) + 2 * LABEL_SPACE, LABEL_SIZE) if text else None
        if place:
            return text, place
    return None


def _label_text(text: str, place: Place, top: int) -> str:
    # The white edge around the letters keeps them apart from the pattern.
    halo = f' text-anchor="middle" paint-order="stroke" stroke="{WHITE}" stroke-width="5" stroke-linejoin="round"'
    return _text(text, round(place[0], 1), place[1] + top + LABEL_SIZE * MIDDLE, size=LABEL_SIZE, more=halo)


def _room(rings: list[Ring], width: float, height: float) -> Place | None:
    """The middle of the widest place where a box of the size lies inside the polygon; None when it has none."""
    ys = [y for _x, y in rings[0]]
    low, high = min(ys) + height / 2, max(ys) - height / 2
    best: tuple[float, Place] | None = None
    steps = 24
    for step in range(steps + 1):
        y = low + (high - low) * step / steps
        if high < low:
            break
        spans = _spans(rings, y - height / 2)
        for level in (y, y + height / 2):
            spans = _common(spans, _spans(rings, level))
        for left, right in spans:
            # Of places as wide, the one nearest the middle.
            score = right - left - abs(y - (low + high) / 2) * 0.5
            if right - left >= width and (best is None or score > best[0]):
                best = score, ((left + right) / 2, y)
    return best[1] if best else None


def _spans(rings: list[Ring], y: float) -> list[Place]:
    """From where to where a level line runs inside the polygon."""
    cuts = sorted(
        a[0] + (y - a[1]) / (b[1] - a[1]) * (b[0] - a[0])
        for ring in rings
        for a, b in pairwise(ring)
        if (a[1] <= y) != (b[1] <= y)
    )
    return list(zip(cuts[::2], cuts[1::2], strict=False))


def _common(some: list[Place], others: list[Place]) -> list[Place]:
    pairs = ((max(a, c), min(b, d)) for a, b in some for c, d in others)
    return [(left, right) for left, right in pairs if right > left]
