"""Charts of the situation picture: values in, a drawing (SVG) and its table out. Pure: no database, no request.

Drawn by Vega-Lite through vl-convert, which measures nothing here: every place outside the plot is reckoned in Python,
so that the same numbers give the same bytes. The drawing needs no style sheet and loads nothing.
"""

from __future__ import annotations

import math
import re
import textwrap
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import Any

import vl_convert
from django.utils.translation import gettext as _

from .lifecycle import Method

VEGA_LITE = "5.21"
# For a page, and for a telephone, where every drawing is made a second time: a wide one could not be read there.
WIDTH, NARROW = 720, 380
TITLE_SIZE, TEXT_SIZE, SMALL_SIZE = 22, 18, 16
LINE_HEIGHT = 1.28
# From the middle of small letters to the line they stand on, as a part of their size.
MIDDLE = 0.36
LABEL_GAP = 5
EDGE = 12
FONT = "sans-serif"
# The light colours of static/css/tokens.css; each has a contrast of at least 3:1 against white.
INK, SOFT_INK, GRID, WHITE = "#2b3136", "#545e65", "#c7cfd5", "#ffffff"
OWN = "#01527c"
LINE_COLOURS = ("#01527c", "#a34f3f", "#21724b", "#7f5502", "#545e65", "#ad282b")
SHAPES = ("circle", "square", "triangle-up", "diamond", "triangle-down", "cross")
MOST_SERIES = len(LINE_COLOURS)
MEAN_DASH, LEAST_MEAN, MOST_MEAN = [2, 6], 3, 5
SVG = "http://www.w3.org/2000/svg"
# What Vega says to screen readers is English and tells no more than our own title and description.
NOT_KEPT = re.compile(r"aria-.*|role|class|pointer-events")
# Fewer than this are not told: they could be persons (docs/rules.md).
FEW = 5
# The share of the normal distribution that 95 percent lie within, in standard deviations.
Z = 1.959964

YEAR = re.compile(r"(\d{4})")
QUARTER = re.compile(r"(\d{4})-Q([1-4])")
MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")


@dataclass(frozen=True)
class Table:
    """The numbers of a drawing as text. The first cell of a row names it."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str


@dataclass(frozen=True)
class Chart:
    """A drawing, the table that says the same, and one or two sentences for who sees neither."""

    svg: str
    table: Table
    alt: str
    # The same for a telephone; "" where one drawing does for both.
    narrow: str = ""


@dataclass(frozen=True)
class Words:
    """The words of a chart in the reader's language; `words()` gives them by gettext."""

    lang: str = "sv"
    decimal: str = ","
    thousands: str = "\u00a0"
    period: str = "Period"
    missing: str = "uppgift saknas"
    suppressed: str = "visas inte"
    preliminary: str = "preliminär"
    few: str = "färre än 5"
    # %(years)d years before.
    mean: str = "medel av %(years)d år före"
    own: str = "din kommun"
    self_chosen: str = "självvalda svar"
    area: str = "Område"
    group: str = "Grupp"
    theme: str = "Ämne"
    number: str = "Antal"
    share: str = "Andel"
    answers: str = "Svar"
    interval: str = "Osäkerhet, 95 %"
    of_answers: str = "av %(n)s svar"
    percent: str = "procent"
    quarter: str = "kv"
    months: tuple[str, ...] = ("jan", "feb", "mars", "apr", "maj", "juni", "juli", "aug", "sep", "okt", "nov", "dec")


def words(*, lang: str = "sv") -> Words:
    """The words of the language that is active, as gettext has them. `lang` sets marks of number: "sv" or "en"."""
    return Words(
        lang=lang,
        decimal="." if lang == "en" else ",",
        thousands="," if lang == "en" else "\u00a0",
        period=_("Period"),
        missing=_("uppgift saknas"),
        suppressed=_("visas inte"),
        preliminary=_("preliminär"),
        few=_("färre än 5"),
        mean=_("medel av %(years)d år före"),
        own=_("din kommun"),
        self_chosen=_("självvalda svar"),
        area=_("Område"),
        group=_("Grupp"),
        theme=_("Ämne"),
        number=_("Antal"),
        share=_("Andel"),
        answers=_("Svar"),
        interval=_("Osäkerhet, 95 %"),
        of_answers=_("av %(n)s svar"),
        percent=_("procent"),
        quarter=_("kv"),
        months=tuple(_("jan feb mars apr maj juni juli aug sep okt nov dec").split()),
    )


# --- Numbers and periods --------------------------------------------------------------------------------------


def rate(count: int | None, population: int | None, *, is_suppressed: bool = False) -> Decimal | None:
    """Events per 100 000 inhabitants, with one decimal.

    None when either number is missing, the population is not above zero, the count is suppressed or below five: in a
    municipality of 14 500 one event moves the rate by about 7 (docs/rules.md).
    """
    if count is None or population is None or is_suppressed or count < FEW or population <= 0:
        return None
    return (Decimal(count) * 100_000 / population).quantize(Decimal("0.1"), ROUND_HALF_UP)


def may_be_rate(period: str) -> bool:
    """Whether a rate may be told for the period: not for a month ("2016-09"), where chance is most of it."""
    return MONTH.fullmatch(period) is None


def number_text(value: Decimal | int, *, words: Words, decimals: int = 2) -> str:
    """ "1 234,5": at most so many decimals, without zeros at the end, with the language's marks."""
    rounded = Decimal(value).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    text = f"{abs(rounded):,f}"
    whole, _point, rest = text.partition(".")
    rest = rest.rstrip("0")
    text = whole.replace(",", words.thousands) + (words.decimal + rest if rest else "")
    return f"−{text}" if rounded < 0 else text


def period_text(period: str, *, words: Words) -> str:
    """ "2016", "kv 3 2016", "sep 2016". Raises ValueError for what is no period (importers/rows.py)."""
    if found := QUARTER.fullmatch(period):
        return f"{words.quarter}\u00a0{found.group(2)}\u00a0{found.group(1)}"
    if found := MONTH.fullmatch(period):
        return f"{words.months[int(found.group(2)) - 1]}\u00a0{found.group(1)}"
    if YEAR.fullmatch(period):
        return period
    raise ValueError(f"no period: {period!r}")


def wilson(share: Decimal, n: int) -> tuple[Decimal, Decimal]:
    """The 95 % interval of a share in percent of `n` answers, in percent with one decimal (E. B. Wilson, 1927)."""
    if n <= 0 or not 0 <= share <= 100:
        raise ValueError("a share is 0 to 100 percent of at least one answer")
    p = float(share) / 100
    middle = (p + Z * Z / (2 * n)) / (1 + Z * Z / n)
    half = Z * math.sqrt(p * (1 - p) / n + Z * Z / (4 * n * n)) / (1 + Z * Z / n)
    low, high = (Decimal(str(round(100 * edge, 1))) for edge in (max(middle - half, 0), min(middle + half, 1)))
    return low, high


def _every_period(periods: Sequence[str]) -> list[str]:
    """From the first to the last without a leap, so that what is missing leaves its place empty."""
    for pattern, per_year in ((YEAR, 1), (QUARTER, 4), (MONTH, 12)):
        found = [pattern.fullmatch(period) for period in periods]
        if all(found):
            places = [
                int(one.group(1)) * per_year + (int(one.group(2)) - 1 if per_year > 1 else 0) for one in found if one
            ]
            made = (divmod(place, per_year) for place in range(min(places), max(places) + 1))
            form = {1: "{0}", 4: "{0}-Q{1}", 12: "{0}-{1:02d}"}[per_year]
            return [form.format(year, part + 1) for year, part in made]
    raise ValueError("periods of a chart are all years, all quarters or all months")


def _ticks(low: Decimal, high: Decimal, *, most: int = 6) -> list[Decimal]:
    """Round numbers that hold both; from zero unless something is below it."""
    low, high = min(low, Decimal(0)), max(high, Decimal(0))
    if low == high:
        high = Decimal(1)
    span = float(high - low)
    size = 10 ** math.floor(math.log10(span / (most - 1)))
    step = next(Decimal(str(size)) * times for times in (1, 2, 5, 10) if size * times * (most - 1) >= span * 0.999999)
    first = (low / step).to_integral_value(ROUND_FLOOR)
    last = math.ceil(high / step) if high > 0 else 0
    return [step * number for number in range(int(first), max(int(last), int(first) + 1) + 1)]


# --- Lines ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Point:
    """One value. None is missing, never zero."""

    period: str
    value: Decimal | None
    is_preliminary: bool = False
    is_suppressed: bool = False


@dataclass(frozen=True)
class Series:
    """A line: the same thing measured in one place over time."""

    name: str
    points: tuple[Point, ...]

    def at(self) -> dict[str, Point]:
        return {point.period: point for point in self.points}


def line(series: Sequence[Series], *, title: str, unit: str, mean_of: int | None = None, words: Words) -> Chart:
    """How something has gone over years, quarters or months.

    `unit` is said under the title. `mean_of` (3–5, years only) adds the mean of so many years before each year, where
    every one of them has a value. Missing values leave a gap; preliminary ones are hollow. Raises ValueError for more
    than six series, a period twice in one, mixed periods or nothing at all.
    """
    if not 0 < len(series) <= MOST_SERIES:
        raise ValueError(f"1 to {MOST_SERIES} series")
    periods = [point.period for one in series for point in one.points]
    if not periods or any(len(one.at()) != len(one.points) for one in series):
        raise ValueError("each period stands once in a series, and there is at least one")
    whole = _every_period(periods)
    if mean_of is not None and (not LEAST_MEAN <= mean_of <= MOST_MEAN or not YEAR.fullmatch(whole[0])):
        raise ValueError("a mean is of 3 to 5 years")
    means = [_means(one, whole, mean_of) for one in series]
    drawings = [
        _line_drawing(series, means, whole, title=title, unit=unit, mean_of=mean_of, words=words, width=width)
        for width in (WIDTH, NARROW)
    ]
    return Chart(
        svg=drawings[0],
        narrow=drawings[1],
        table=_line_table(series, means, whole, title=title, unit=unit, mean_of=mean_of, words=words),
        alt=_line_alt(series, whole, title=title, unit=unit, words=words),
    )


def _means(one: Series, whole: list[str], mean_of: int | None) -> dict[str, Decimal]:
    if mean_of is None:
        return {}
    known = {period: point.value for period, point in one.at().items() if not point.is_suppressed}
    found: dict[str, Decimal] = {}
    for place, period in enumerate(whole):
        before = [known.get(earlier) for earlier in whole[max(place - mean_of, 0) : place]]
        values = [value for value in before if value is not None]
        if len(values) == mean_of:
            found[period] = (sum(values, Decimal(0)) / mean_of).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return found


def _value_of(point: Point | None) -> Decimal | None:
    return None if point is None or point.is_suppressed else point.value


def _line_table(
    series: Sequence[Series],
    means: list[dict[str, Decimal]],
    whole: list[str],
    *,
    title: str,
    unit: str,
    mean_of: int | None,
    words: Words,
) -> Table:
    mean = words.mean % {"years": mean_of} if mean_of else ""
    head = [words.period]
    for one in series:
        head += [one.name, f"{one.name}, {mean}"] if mean else [one.name]
    rows = []
    for period in whole:
        cells = [period_text(period, words=words)]
        for one, mean_at in zip(series, means, strict=True):
            point = one.at().get(period)
            value = _value_of(point)
            if value is not None:
                text = number_text(value, words=words)
                cells.append(f"{text} ({words.preliminary})" if point and point.is_preliminary else text)
            else:
                cells.append(words.suppressed if point and point.is_suppressed else words.missing)
            if mean:
                cells.append(number_text(mean_at[period], words=words) if period in mean_at else "–")
        rows.append(tuple(cells))
    return Table(tuple(head), tuple(rows), f"{title} ({unit})" if unit else title)


def _line_alt(series: Sequence[Series], whole: list[str], *, title: str, unit: str, words: Words) -> str:
    told, every = [], []
    for one in series:
        at = one.at()
        known = [(value, period_text(p, words=words)) for p in whole if (value := _value_of(at.get(p))) is not None]
        every += [(value, period, one.name) for value, period in known]
        if known:
            (first, since), (last, until) = known[0], known[-1]
            parts = {
                "name": one.name,
                "first": number_text(first, words=words),
                "since": since,
                "last": number_text(last, words=words),
                "until": until,
            }
            told.append(_("%(name)s: %(first)s (%(since)s) till %(last)s (%(until)s)") % parts)
    if not every:
        return _("%(title)s: det finns inga värden att visa.") % {"title": title}
    # The earliest of those that are alike.
    high, low = max(every, key=lambda one: one[0]), min(every, key=lambda one: one[0])
    parts = {
        "title": title,
        "unit": unit,
        "told": "; ".join(told),
        "high": number_text(high[0], words=words),
        "high_when": high[1] if len(series) == 1 else f"{high[2]}, {high[1]}",
        "low": number_text(low[0], words=words),
        "low_when": low[1] if len(series) == 1 else f"{low[2]}, {low[1]}",
    }
    return _("%(title)s, %(unit)s. %(told)s. Högst: %(high)s (%(high_when)s), lägst: %(low)s (%(low_when)s).") % parts


def _line_drawing(
    series: Sequence[Series],
    means: list[dict[str, Decimal]],
    whole: list[str],
    *,
    title: str,
    unit: str,
    mean_of: int | None,
    words: Words,
    width: int = WIDTH,
) -> str:
    values = [value for one in series for point in one.points if (value := _value_of(point)) is not None]
    values += [value for mean_at in means for value in mean_at.values()]
    ticks = _ticks(min(values, default=Decimal(0)), max(values, default=Decimal(1)))
    decimals = max(0, -int(ticks[1].normalize().as_tuple().exponent)) if ticks[1] else 0
    sheet = _Sheet(title, unit, words=words, width=width)
    labels = [number_text(tick, words=words, decimals=decimals) for tick in ticks]
    left = max(width_of(label, TEXT_SIZE) for label in labels) + 8 + EDGE
    names = [wrapped(one.name, TEXT_SIZE, 150 if width == WIDTH else 110) for one in series] if len(series) > 1 else []
    right = max((width_of(text, TEXT_SIZE) for lines in names for text in lines), default=0) + (28 if names else 24)
    half = width_of(period_text(whole[-1], words=words), TEXT_SIZE) / 2
    plot = sheet.plot(left=max(left, half), right=max(right, half), height=300)
    most_labels = max(2, int(plot.width / (width_of(period_text(whole[0], words=words), TEXT_SIZE) + 24)))
    every = math.ceil(len(whole) / most_labels)
    # Counted from the last: the latest period is always named.
    shown = [period_text(period, words=words) for period in whole[::-1][::every]][::-1]
    order = [period_text(period, words=words) for period in whole]
    x = {
        "field": "period",
        "type": "ordinal",
        "sort": order,
        "scale": {"domain": order, "type": "point", "padding": 0.3},
        "axis": {"values": shown, "labelAngle": 0, "labelOverlap": False, "title": None, "labelPadding": 8},
    }
    domain = [float(ticks[0]), float(ticks[-1])]
    y = {
        "field": "value",
        "type": "quantitative",
        "scale": {"domain": domain, "nice": False, "zero": False},
        "axis": {"values": [float(tick) for tick in ticks], "format": f",.{decimals}f", "title": None},
    }
    layers: list[dict[str, Any]] = []
    for number, (one, mean_at) in enumerate(zip(series, means, strict=True)):
        at, colour, shape = one.at(), LINE_COLOURS[number], SHAPES[number]
        drawn = [
            {
                "period": period_text(period, words=words),
                "value": None if (value := _value_of(at.get(period))) is None else float(value),
                "fill": WHITE if period in at and at[period].is_preliminary else colour,
            }
            for period in whole
        ]
        if mean_at:
            mean_drawn = [
                {"period": period_text(p, words=words), "value": float(mean_at[p]) if p in mean_at else None}
                for p in whole
            ]
            layers.append(
                _layer(
                    {
                        "type": "line",
                        "stroke": colour,
                        "strokeWidth": 3,
                        "strokeDash": MEAN_DASH,
                        "strokeCap": "round",
                    },
                    mean_drawn,
                    x=x,
                    y=y,
                )
            )
        layers.append(_layer({"type": "line", "stroke": colour, "strokeWidth": 3}, drawn, x=x, y=y))
        points = [one_point for one_point in drawn if one_point["value"] is not None]
        layers.append(
            _layer(
                {"type": "point", "shape": shape, "size": 110, "stroke": colour, "strokeWidth": 2.5, "opacity": 1},
                points or [{"period": order[0], "value": None, "fill": colour}],
                x=x,
                y=y,
                fill={"field": "fill", "type": "nominal", "scale": None, "legend": None},
            )
        )
    if ticks[0] < 0:
        layers.append(_level(plot.height * float(ticks[-1]) / float(ticks[-1] - ticks[0]), plot.width))
    _end_labels(plot, series, names, whole, domain)
    keys: list[tuple[str, str]] = []
    if any(point.is_preliminary and _value_of(point) is not None for one in series for point in one.points):
        keys.append(("hollow", words.preliminary))
    if mean_of and any(means):
        keys.append(("dashed", words.mean % {"years": mean_of}))
    sheet.key(keys, colour=LINE_COLOURS[0] if len(series) == 1 else SOFT_INK)
    return sheet.svg(layers, alt_title=title)


def _end_labels(
    plot: _Plot, series: Sequence[Series], names: list[list[str]], whole: list[str], domain: list[float]
) -> None:
    """The names of the lines beside their last points, moved apart where they would stand on each other."""
    wanted: list[tuple[float, int]] = []
    step = TEXT_SIZE * 1.15
    for number, lines in enumerate(names):
        at = series[number].at()
        last = next((value for p in whole[::-1] if (value := _value_of(at.get(p))) is not None), None)
        if last is None:
            continue
        middle = plot.height * (1 - (float(last) - domain[0]) / (domain[1] - domain[0]))
        wanted.append((middle - step * (len(lines) - 1) / 2, number))
    wanted.sort()
    free = -math.inf
    placed: list[tuple[float, int]] = []
    for top, number in wanted:
        placed.append((max(top, free), number))
        free = placed[-1][0] + step * len(names[number]) + LABEL_GAP
    # What was pushed below the plot moves up again, and those above it with it.
    limit = plot.height + TEXT_SIZE / 2
    for top, number in reversed(placed):
        first = min(top, limit - step * (len(names[number]) - 1))
        limit = first - step - LABEL_GAP
        for turn, text in enumerate(names[number]):
            y = first + turn * step + TEXT_SIZE * MIDDLE
            plot.text(text, plot.width + 14, y, colour=LINE_COLOURS[number], bold=True)


# --- Bars -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class CompareRow:
    """A place to compare with. `is_own` is the municipality the reader lives in."""

    name: str
    value: Decimal | None
    is_own: bool = False
    is_suppressed: bool = False


@dataclass(frozen=True)
class ShareRow:
    """A group's share in percent of `n` answers. `method`: lifecycle.Method. `low` and `high`: the publisher's own."""

    name: str
    share: Decimal | None
    n: int | None = None
    method: str = ""
    low: Decimal | None = None
    high: Decimal | None = None
    is_suppressed: bool = False


@dataclass(frozen=True)
class CountRow:
    """How many times a theme was named."""

    name: str
    count: int | None
    is_suppressed: bool = False


@dataclass(frozen=True)
class _Bar:
    name: str
    # What is written at the end of the bar, or instead of it.
    text: str
    value: float | None
    is_strong: bool = True
    is_named_boldly: bool = False
    low: float | None = None
    high: float | None = None
    note: str = ""


def compare(rows: Sequence[CompareRow], *, title: str, unit: str, words: Words) -> Chart:
    """The own municipality beside similar ones, the county and the country, in the order given.

    The own one is filled and says so; the others are outlines. Raises ValueError without rows and for a value below
    zero.
    """
    _must_have(rows, [row.value for row in rows])
    bars, cells = [], []
    for row in rows:
        value = None if row.is_suppressed else row.value
        text = number_text(value, words=words) if value is not None else _unknown(row.is_suppressed, words)
        name = f"{row.name} ({words.own})" if row.is_own else row.name
        bars.append(
            _Bar(name, text, None if value is None else float(value), is_strong=row.is_own, is_named_boldly=row.is_own)
        )
        cells.append((name, text))
    known = [(row.value, row.name) for row in rows if row.value is not None and not row.is_suppressed]
    return Chart(
        **_both(bars, title=title, unit=unit, words=words),
        table=Table((words.area, _first_upper(unit) or words.number), tuple(cells), title),
        alt=_bars_alt(known, title=title, unit=unit, words=words),
    )


def shares(rows: Sequence[ShareRow], *, title: str, words: Words) -> Chart:
    """Shares of a survey in percent, group below group, with how many answered.

    The 95 % interval is drawn and told only for a random sample (the publisher's own, else Wilson's); for others the
    table says how the answers came about. What is suppressed has no bar. Raises ValueError without rows and for a
    share outside 0 to 100.
    """
    _must_have(rows, [row.share for row in rows])
    if any(row.share is not None and row.share > 100 for row in rows):
        raise ValueError("a share is at most 100 percent")
    bars, cells, known, asides = [], [], [], []
    for row in rows:
        share = None if row.is_suppressed else row.share
        interval = _interval(row) if share is not None else None
        text = f"{number_text(share, words=words)}\u00a0%" if share is not None else _unknown(row.is_suppressed, words)
        between = "–"
        if interval:
            between = "–".join(number_text(edge, words=words) for edge in interval) + "\u00a0%"
        aside = _aside(row.method, words)
        n = "–" if row.n is None or row.is_suppressed else number_text(row.n, words=words)
        note = words.of_answers % {"n": n} if n != "–" else ""
        if interval:
            note = f"({between}) {note}".strip()
        low, high = (float(edge) for edge in interval) if interval else (None, None)
        bars.append(_Bar(row.name, text, None if share is None else float(share), low=low, high=high, note=note))
        cells.append((row.name, text, n, between if interval or not aside else aside))
        if aside and aside not in asides:
            asides.append(aside)
        if share is not None:
            known.append((share, row.name))
    unit = ", ".join([words.percent, *asides])
    return Chart(
        **_both(bars, title=title, unit=unit, words=words, longest=100.0),
        table=Table((words.group, words.share, words.answers, words.interval), tuple(cells), title),
        alt=_bars_alt(known, title=title, unit=unit, words=words),
    )


def counts(rows: Sequence[CountRow], *, title: str, unit: str, words: Words) -> Chart:
    """How often themes were named, the most common first.

    1 to 4 are said as fewer than five, with a bar of no length and by name among themselves: neither the drawing nor
    the table holds the number. Raises ValueError without rows and for a count below zero.
    """
    _must_have(rows, [row.count for row in rows])

    def place(row: CountRow) -> tuple[int, int, str]:
        if row.is_suppressed or row.count is None:
            return 3, 0, row.name
        if 0 < row.count < FEW:
            return 1, 0, row.name
        return (2 if row.count == 0 else 0), -row.count, row.name

    bars, cells, known = [], [], []
    for row in sorted(rows, key=place):
        count = None if row.is_suppressed else row.count
        value: float | None = None
        if count is None:
            text = _unknown(row.is_suppressed, words)
        elif 0 < count < FEW:
            text, value = words.few, 0.0
        else:
            text, value = number_text(count, words=words), float(count)
            known.append((Decimal(count), row.name))
        bars.append(_Bar(row.name, text, value))
        cells.append((row.name, text))
    return Chart(
        **_both(bars, title=title, unit=unit, words=words),
        table=Table((words.theme, _first_upper(unit) or words.number), tuple(cells), title),
        alt=_bars_alt(known, title=title, unit=unit, words=words),
    )


def _must_have(rows: Sequence[object], values: Sequence[Decimal | int | None]) -> None:
    if not rows or any(value is not None and value < 0 for value in values):
        raise ValueError("at least one row, and nothing below zero")


def _unknown(is_suppressed: bool, words: Words) -> str:
    return words.suppressed if is_suppressed else words.missing


def _first_upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _interval(row: ShareRow) -> tuple[Decimal, Decimal] | None:
    if row.method != Method.RANDOM_SAMPLE or row.share is None:
        return None
    if row.low is not None and row.high is not None:
        return row.low, row.high
    return wilson(row.share, row.n) if row.n else None


def _aside(method: str, words: Words) -> str:
    """How the answers came about, when that is not by chance: nothing can be said of its uncertainty."""
    if method == Method.RANDOM_SAMPLE:
        return ""
    if method in ("", Method.OPEN_WEB):
        return words.self_chosen
    return str(Method(method).label).lower()


def _bars_alt(known: list[tuple[Decimal, str]], *, title: str, unit: str, words: Words) -> str:
    if not known:
        return _("%(title)s: det finns inga värden att visa.") % {"title": title}
    most, least = max(known, key=lambda one: one[0]), min(known, key=lambda one: one[0])
    parts = {
        "title": title,
        "unit": unit,
        "most": number_text(most[0], words=words),
        "most_name": most[1],
        "least": number_text(least[0], words=words),
        "least_name": least[1],
    }
    if len(known) == 1:
        return _("%(title)s, %(unit)s. %(most_name)s: %(most)s.") % parts
    return _("%(title)s, %(unit)s. Störst: %(most_name)s, %(most)s. Minst: %(least_name)s, %(least)s.") % parts


def _both(bars: list[_Bar], **given: Any) -> dict[str, str]:
    """The bars for a page and for a telephone."""
    return {"svg": _bars(bars, **given), "narrow": _bars(bars, **given, width=NARROW)}


def _bars(
    bars: list[_Bar], *, title: str, unit: str, words: Words, longest: float | None = None, width: int = WIDTH
) -> str:
    """Bars below each other, each under its name; its number beside it, or below the name where there is no room."""
    sheet = _Sheet(title, unit, words=words, width=width)
    written = {number: f"{bar.text} {bar.note}".strip() for number, bar in enumerate(bars)}
    room = max(
        (width_of(written[n], TEXT_SIZE) + 12 for n, bar in enumerate(bars) if bar.value is not None), default=0
    )
    longest = longest or max((bar.value for bar in bars if bar.value is not None), default=0.0) or 1.0
    thick, between, step = 24, 22, TEXT_SIZE * 1.2
    tops: list[tuple[_Bar, float]] = []
    top = 0.0
    is_below = room > width / 2
    lines = [wrapped(bar.name, TEXT_SIZE, width - 2 * EDGE) for bar in bars]
    told = [wrapped(written[n], TEXT_SIZE, width - 2 * EDGE) if is_below else [] for n in range(len(bars))]
    for bar, names, numbers in zip(bars, lines, told, strict=True):
        tops.append((bar, top + step * (len(names) + len(numbers)) + 4))
        top = tops[-1][1] + thick + between
    # An interval may reach past its bar, over the place of the text.
    plot = sheet.plot(left=EDGE + 1, right=(0 if is_below else room) + EDGE, height=top - between)
    layers: list[dict[str, Any]] = []
    x_scale = {"domain": [0, longest], "nice": False, "range": [0, plot.width]}
    x = {"field": "value", "type": "quantitative", "scale": x_scale, "axis": None}
    # Both places are in the drawing's own units.
    y = {"field": "top", "type": "quantitative", "scale": None, "axis": None}
    y2 = {"field": "bottom"}
    for is_strong in (True, False):
        drawn = [
            {"zero": 0, "value": bar.value, "top": place, "bottom": place + thick}
            for bar, place in tops
            if bar.value and bar.is_strong == is_strong
        ]
        if drawn:
            mark = {"type": "rect", "stroke": OWN, "strokeWidth": 2, "fill": OWN if is_strong else WHITE}
            layers.append(_layer(mark, drawn, x=x, x2={"field": "zero"}, y=y, y2=y2))
    axis = [{"x": 0, "top": place - 2, "bottom": place + thick + 2} for _bar, place in tops]
    layers.append(_ruled(axis, colour=SOFT_INK, width=2))
    for number, (names, (bar, place)) in enumerate(zip(lines, tops, strict=True)):
        above = [(text, bar.is_named_boldly) for text in names] + [(text, False) for text in told[number]]
        for turn, (text, is_bold) in enumerate(above):
            plot.text(text, 0, place - 4 - step * (len(above) - 1 - turn) - 4, bold=is_bold)
        length = plot.width * (bar.value or 0.0) / longest
        end = length
        if bar.low is not None and bar.high is not None:
            start, end = plot.width * bar.low / longest, max(plot.width * bar.high / longest, length)
            layers += _whisker(start, plot.width * bar.high / longest, place + thick / 2, split=length)
        colour = INK if bar.value is not None else SOFT_INK
        if not is_below:
            plot.text(written[number], end + 8, place + thick / 2 + TEXT_SIZE * MIDDLE, colour=colour)
    return sheet.svg(layers, alt_title=title)


def _whisker(start: float, end: float, middle: float, *, split: float) -> list[dict[str, Any]]:
    """The interval as a line with ends: white with a dark edge, seen both on the bar and beside it."""
    shape = [
        {"x": start, "top": middle - 7, "bottom": middle + 7},
        {"x": end, "top": middle - 7, "bottom": middle + 7},
    ]
    across = [{"x": start, "x2": end, "y": middle}]
    layers = []
    for colour, width in ((INK, 6), (WHITE, 2.5)):
        layers.append(
            _layer(
                {"type": "rule", "stroke": colour, "strokeWidth": width, "strokeCap": "square"},
                across,
                x=_pixels("x"),
                x2={"field": "x2"},
                y=_pixels("y"),
            )
        )
        layers.append(_ruled(shape, colour=colour, width=width))
    return layers


# --- The sheet ------------------------------------------------------------------------------------------------


def _pixels(name: str) -> dict[str, Any]:
    return {"field": name, "type": "quantitative", "scale": None, "axis": None}


def _ruled(values: list[dict[str, Any]], *, colour: str, width: float) -> dict[str, Any]:
    mark = {"type": "rule", "stroke": colour, "strokeWidth": width, "strokeCap": "square"}
    return _layer(mark, values, x=_pixels("x"), y=_pixels("top"), y2={"field": "bottom"})


def _level(y: float, width: float) -> dict[str, Any]:
    """The line of zero, where values stand on both sides of it."""
    mark = {"type": "rule", "stroke": SOFT_INK, "strokeWidth": 1.5}
    return _layer(mark, [{"x": 0, "x2": width, "y": y}], x=_pixels("x"), x2={"field": "x2"}, y=_pixels("y"))


def _layer(mark: dict[str, Any], values: list[dict[str, Any]], **encoding: Any) -> dict[str, Any]:
    return {"data": {"values": values}, "mark": mark, "encoding": encoding}


def width_of(text: str, size: int, *, bold: bool = False) -> float:
    """About how wide a text is in any sans-serif; never less than it is in the common ones."""
    return sum(0.3 if letter in " \u00a0,.il:;()|'1jftI" else 0.6 for letter in text) * size * (
        1.08 if bold else 1.0
    ) + 0.25 * size * (text.count("m") + text.count("M") + text.count("w") + text.count("W"))


def wrapped(text: str, size: int, width: float) -> list[str]:
    """The text in lines that are about as wide as `width` at the most; one line of nothing for no text."""
    letters = max(int(width / (size * 0.56)), 8)
    return textwrap.wrap(text, letters, break_long_words=True) or [""]


@dataclass
class _Plot:
    width: float
    height: float
    texts: list[dict[str, Any]] = field(default_factory=list)

    def text(
        self, text: str, x: float, y: float, *, colour: str = INK, size: int = TEXT_SIZE, bold: bool = False
    ) -> None:
        mark = {
            "type": "text",
            "text": text,
            "x": round(x, 1),
            "y": round(y, 1),
            "align": "left",
            "baseline": "alphabetic",
            "fontSize": size,
            "fontWeight": "bold" if bold else "normal",
            "fill": colour,
            "limit": 0,
        }
        self.texts.append({"data": {"values": [{}]}, "mark": mark})


class _Sheet:
    """The whole drawing: title and unit above the plot, a key below it."""

    def __init__(self, title: str, unit: str, *, words: Words, width: int) -> None:
        self.words, self.width = words, width
        self.titles = wrapped(title, int(TITLE_SIZE * 1.08), width - 2 * EDGE)
        self.units = wrapped(unit, TEXT_SIZE, width - 2 * EDGE) if unit else []
        self.top = EDGE + len(self.titles) * TITLE_SIZE * LINE_HEIGHT + len(self.units) * TEXT_SIZE * LINE_HEIGHT + 14
        self.left = self.right = 0.0
        self.bottom = float(EDGE)
        self.inside = _Plot(0, 0)

    def plot(self, *, left: float, right: float, height: float) -> _Plot:
        """Lay the plot; edges are reckoned in whole units."""
        self.left, self.right = float(math.ceil(left)), float(math.ceil(right))
        self.inside = _Plot(self.width - self.left - self.right, float(math.ceil(height)))
        y = EDGE - self.top
        for text in self.titles:
            y += TITLE_SIZE * LINE_HEIGHT
            self.inside.text(text, EDGE - self.left, y - 6, size=TITLE_SIZE, bold=True)
        for text in self.units:
            y += TEXT_SIZE * LINE_HEIGHT
            self.inside.text(text, EDGE - self.left, y - 4, colour=SOFT_INK)
        return self.inside

    def key(self, items: list[tuple[str, str]], *, colour: str) -> None:
        """Under the axis: what hollow points and dashed lines mean, one to a line."""
        y = self.inside.height + 34
        for kind, text in items:
            y += TEXT_SIZE * 1.5
            x = EDGE - self.left
            if kind == "hollow":
                mark = {"type": "point", "shape": "circle", "size": 110, "fill": WHITE, "stroke": colour}
                values = [{"x": x + 17, "y": y - 6}]
                layer = _layer(mark | {"strokeWidth": 2.5, "opacity": 1}, values, x=_pixels("x"), y=_pixels("y"))
            else:
                mark = {
                    "type": "rule",
                    "stroke": colour,
                    "strokeWidth": 3,
                    "strokeDash": MEAN_DASH,
                    "strokeCap": "round",
                }
                values = [{"x": x, "x2": x + 34, "y": y - 6}]
                layer = _layer(mark, values, x=_pixels("x"), x2={"field": "x2"}, y=_pixels("y"))
            self.inside.texts.append(layer)
            self.inside.text(text, x + 44, y)
        self.bottom = 40 + len(items) * TEXT_SIZE * 1.5 + (EDGE if items else 0)

    def svg(self, layers: list[dict[str, Any]], *, alt_title: str) -> str:
        words = self.words
        top, bottom = math.ceil(self.top), math.ceil(self.bottom)
        spec = {
            "width": self.inside.width,
            "height": self.inside.height,
            "autosize": {"type": "none"},
            "padding": {"left": self.left, "right": self.right, "top": top, "bottom": bottom},
            "background": WHITE,
            "layer": [*layers, *self.inside.texts],
            "config": {
                "font": FONT,
                "view": {"stroke": None},
                "axis": {
                    "labelFontSize": TEXT_SIZE,
                    "labelColor": INK,
                    "labelLimit": 0,
                    "gridColor": GRID,
                    "domainColor": SOFT_INK,
                    "tickColor": SOFT_INK,
                },
                "axisX": {"grid": False},
                "axisY": {"domain": False, "ticks": False, "labelPadding": 8},
            },
        }
        drawn = vl_convert.vegalite_to_svg(
            spec,
            vl_version=VEGA_LITE,
            allowed_base_urls=[],
            format_locale={
                "decimal": words.decimal,
                "thousands": words.thousands,
                "grouping": [3],
                "currency": ["", ""],
                "minus": "−",
            },
        )
        height = int(self.inside.height) + top + bottom
        return _plain(drawn, title=alt_title, lang=words.lang, size=(self.width, height))


def _plain(drawn: str, *, title: str, lang: str, size: tuple[int, int]) -> str:
    """The drawing without what only Vega needs, with its name first. No style, no script, nothing from elsewhere."""
    ET.register_namespace("", SVG)
    root = ET.fromstring(drawn)  # noqa: S314  (what vl-convert drew of our own specification)
    _strip(root)
    width, height = size
    made = ET.Element(
        f"{{{SVG}}}svg",
        {"viewBox": f"0 0 {width} {height}", "width": str(width), "height": str(height), "role": "img", "lang": lang},
    )
    ET.SubElement(made, f"{{{SVG}}}title").text = title
    made.extend(list(root))
    return ET.tostring(made, encoding="unicode")


def _strip(element: ET.Element) -> None:
    for name in [name for name in element.attrib if NOT_KEPT.fullmatch(name)]:
        del element.attrib[name]
    for child in list(element):
        _strip(child)
        is_empty = not len(child) and not (child.text or "").strip()
        tag = child.tag.rpartition("}")[2]
        if child.get("display") == "none" or (tag == "g" and is_empty) or (tag == "path" and _is_nothing(child)):
            element.remove(child)


def _is_nothing(path: ET.Element) -> bool:
    return path.get("d", "") in ("", "M0,0h0v0h0Z") or not ({"fill", "stroke"} & set(path.attrib))
