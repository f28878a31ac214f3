"""A promise week by week: what was held, missed, paused or called off, as a drawing and as a table.

Pure: days in, weeks with their places in the drawing out. The same cells are drawn by templates/pledges/
_year_strip.html for the page and by `as_svg_text` for paper. One row a quarter, so that it fits a telephone.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from itertools import groupby
from typing import Protocol

from django.utils.dateformat import format as in_words
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .active_days import ActiveDays
from .lifecycle import Reading
from .rhythm import Pause, Rule, Verdict, judge, monday_of, quarter_of, span_words

A_WEEK = dt.timedelta(days=7)
TO_SUNDAY = dt.timedelta(days=6)
# By ISO a week belongs to the month and year of its Thursday.
TO_THURSDAY = dt.timedelta(days=3)
# Two years fit on a page; of a longer rule the latest are drawn.
MOST_WEEKS = 106
MOST_NAMED = 8

# --- The drawing, in its own units ----------------------------------------------------------------------
CELL = 20
STEP = 24
ROUND = 3
# The month's name stands above its weeks.
NAME_LINE = 13
CELLS_FROM = 18
ROW = 46
# A quarter has 13 weeks or 14.
COLUMNS = 14
KEY_COLUMNS = 2
KEY_ROW = 24


class State(Enum):
    HELD = "held"
    MISSED = "missed"
    CANCELLED = "cancelled"
    PAUSED = "paused"
    COMING = "coming"
    NONE = "none"

    @property
    def label(self) -> str:
        return {
            State.HELD: _("Genomfört"),
            State.MISSED: _("Uteblev"),
            State.CANCELLED: _("Inställt"),
            State.PAUSED: _("Paus"),
            State.COMING: _("Kommande"),
            State.NONE: _("Inget behövdes"),
        }[self]

    @property
    def mark(self) -> str:
        """The sign inside the cell, as a path: the state is never told by colour alone."""
        return MARKS[self]


MARKS = {
    State.HELD: "M5 10.5l3.5 3.5 6.5-7.5",
    State.MISSED: "M6 6l8 8m0-8l-8 8",
    State.CANCELLED: "M5.5 14.5l9-9",
    State.PAUSED: "M7.5 6v8m5-8v8",
    State.COMING: "",
    State.NONE: "M9.5 10h1",
}
# For paper, where no style sheet reaches: fill, edge and sign. The light colours of static/css/tokens.css.
INK = "#2b3136"
PAPER: dict[State, tuple[str, str, str]] = {
    State.HELD: ("#21724b", "#21724b", "#ffffff"),
    State.MISSED: ("#fde9e7", "#af292c", "#ad282b"),
    State.CANCELLED: ("#fdecd5", "#7f5502", "#7e5300"),
    State.PAUSED: ("#ebeff2", "#c7cfd5", "#545e65"),
    State.COMING: ("#ffffff", "#737b81", "#545e65"),
    State.NONE: ("#ffffff", "#ffffff", "#737b81"),
}


# --- What is drawn --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Week:
    year: int
    number: int
    # As much of it as the strip holds.
    first: dt.date
    last: dt.date
    state: State
    # How many times were held; two on one day are two.
    count: int
    # Its place in the drawing.
    x: int
    y: int

    @property
    def days(self) -> str:
        """1–7 jan; the year stands in the heading of the month."""
        return span_words(self.first, self.last, today=self.last)

    @property
    def words(self) -> str:
        """Genomfört, 2 gånger."""
        if self.count < 2:
            return self.state.label
        parts = {"state": self.state.label, "count": self.count}
        return ngettext("%(state)s, %(count)d gång", "%(state)s, %(count)d gånger", self.count) % parts


@dataclass(frozen=True)
class Month:
    first: dt.date
    weeks: tuple[Week, ...]

    @property
    def label(self) -> str:
        return in_words(self.first, "F Y")


@dataclass(frozen=True)
class Label:
    text: str
    x: int
    y: int


@dataclass(frozen=True)
class KeyItem:
    """One line of the legend: the sign, its word and for how many weeks."""

    state: State
    number: int

    @property
    def words(self) -> str:
        return f"{self.state.label}: {self.number}"


@dataclass(frozen=True)
class Strip:
    start: dt.date
    end: dt.date
    months: tuple[Month, ...]
    labels: tuple[Label, ...]
    height: int
    width: int = COLUMNS * STEP - STEP + CELL

    @property
    def weeks(self) -> tuple[Week, ...]:
        return tuple(week for month in self.months for week in month.weeks)

    @property
    def key(self) -> tuple[KeyItem, ...]:
        """The states that occur."""
        found = Counter(week.state for week in self.weeks)
        return tuple(KeyItem(state, found[state]) for state in State if found[state])

    @property
    def view_box(self) -> str:
        # An edge is drawn on the line: half of it lies outside.
        return f"-1 0 {self.width + 2} {self.height}"

    @property
    def title(self) -> str:
        parts = {"start": in_words(self.start, "j F Y"), "end": in_words(self.end, "j F Y")}
        return _("Vecka för vecka, %(start)s till %(end)s") % parts

    @property
    def description(self) -> str:
        """52 veckor. Genomfört: 25. Uteblev: 1 (vecka 8)."""
        number = len(self.weeks)
        said = [ngettext("%(number)d vecka", "%(number)d veckor", number) % {"number": number}]
        for item in self.key:
            weeks = [week.number for week in self.weeks if week.state == item.state]
            named = item.state in (State.MISSED, State.CANCELLED) and len(weeks) <= MOST_NAMED
            which = _("vecka %(numbers)s") % {"numbers": ", ".join(map(str, weeks))}
            said.append(f"{item.words} ({which})" if named else item.words)
        return "".join(f"{part}. " for part in said).strip()


class Done(Protocol):
    """doses.Dose, as much of it as is drawn."""

    @property
    def held(self) -> tuple[dt.date, ...]: ...
    @property
    def cancelled(self) -> tuple[dt.date, ...]: ...
    @property
    def pauses(self) -> tuple[Pause, ...]: ...
    @property
    def verdict(self) -> Verdict | None: ...


def strip_of(dose: Done) -> Strip | None:
    """The strip of a promise's rhythm, from its first day to its last; None without a rhythm."""
    if dose.verdict is None:
        return None
    rule, as_of = dose.verdict.rule, dose.verdict.as_of
    end = rule.active_to or max(as_of, rule.active_from)
    return weeks_of(
        rule,
        pauses=dose.pauses,
        held=dose.held,
        cancelled=dose.cancelled,
        as_of=as_of,
        start=rule.active_from,
        end=end,
    )


def weeks_of(
    rule: Rule | None,
    *,
    pauses: Iterable[Pause] = (),
    held: Iterable[dt.date],
    cancelled: Iterable[dt.date] = (),
    as_of: dt.date,
    start: dt.date,
    end: dt.date,
) -> Strip:
    """Every ISO week from that of `start` to that of `end`. Days outside, and those held after `as_of`, are left out.

    Without a rule only what was held or cancelled is told. A week is missed when it is over, nothing was held or
    cancelled in it, and something was late in it (DAYS) or had to be held by its end (WEEKS, COUNT).
    """
    start = max(start, monday_of(end) - (MOST_WEEKS - 1) * A_WEEK)
    rests = tuple(pauses)
    times = sorted(day for day in held if day <= as_of)
    found = _Found(
        rule=rule,
        active=ActiveDays(rests, first=rule.active_from, last=rule.active_to) if rule else None,
        held=Counter(monday_of(day) for day in times if start <= day <= end),
        cancelled={monday_of(day) for day in cancelled if start <= day <= end},
        late=_late_weeks(judge(rule, pauses=rests, held=times, as_of=as_of)) if rule else set(),
        as_of=as_of,
    )
    months: list[Month] = []
    labels: list[Label] = []
    row = -1
    year_is_said = 0
    mondays = [monday_of(start) + n * A_WEEK for n in range((monday_of(end) - monday_of(start)).days // 7 + 1)]
    for _quarter, in_quarter in groupby(mondays, key=lambda monday: _quarter_of(monday, start, end)):
        row += 1
        column = 0
        quarter = [(first, list(ms)) for first, ms in groupby(in_quarter, key=lambda m: _month_of(m, start, end))]
        for first, in_month in quarter:
            # The name of a month with one week would run into the next name.
            if len(in_month) > 1 or first == quarter[-1][0]:
                say_year = first.year != year_is_said and len(in_month) > 2
                labels.append(Label(_short(first, year=say_year), column * STEP, row * ROW + NAME_LINE))
                year_is_said = first.year if say_year else year_is_said
            weeks = []
            for monday in in_month:
                weeks.append(found.week(monday, start=start, end=end, x=column * STEP, y=row * ROW + CELLS_FROM))
                column += 1
            months.append(Month(first, tuple(weeks)))
    return Strip(start, end, tuple(months), tuple(labels), height=row * ROW + CELLS_FROM + CELL + 1)


@dataclass(frozen=True)
class _Found:
    """What is known, by the Mondays of the weeks."""

    rule: Rule | None
    active: ActiveDays | None
    held: Counter[dt.date]
    cancelled: set[dt.date]
    late: set[dt.date]
    as_of: dt.date

    def week(self, monday: dt.date, *, start: dt.date, end: dt.date, x: int, y: int) -> Week:
        first, last = max(monday, start), min(monday + TO_SUNDAY, end)
        iso = monday.isocalendar()
        state = self._state(monday, first, last)
        return Week(iso.year, iso.week, first, last, state, self.held[monday], x, y)

    def _state(self, monday: dt.date, first: dt.date, last: dt.date) -> State:
        if self.held[monday]:
            return State.HELD
        if monday in self.cancelled:
            return State.CANCELLED
        if self.rule is None or self.active is None:
            return State.COMING if last >= self.as_of else State.NONE
        first, last = max(first, self.rule.active_from), min(last, self.rule.active_to or last)
        if last < first:
            return State.NONE
        if not self.active.number(first, last):
            return State.PAUSED
        if last >= self.as_of:
            return State.COMING
        return State.MISSED if monday in self.late else State.NONE


def _late_weeks(verdict: Verdict) -> set[dt.date]:
    if verdict.rule.reading != Reading.DAYS:
        return {monday_of(period.due) for period in verdict.periods if period.is_missed and period.due}
    late: set[dt.date] = set()
    for breach in verdict.breaches:
        monday = monday_of(breach.late_from)
        while monday <= breach.late_to:
            late.add(monday)
            monday += A_WEEK
    return late


def _month_of(monday: dt.date, start: dt.date, end: dt.date) -> dt.date:
    return min(max(monday + TO_THURSDAY, start), end).replace(day=1)


def _quarter_of(monday: dt.date, start: dt.date, end: dt.date) -> tuple[int, int]:
    month = _month_of(monday, start, end)
    return month.year, quarter_of(month)


def _short(month: dt.date, *, year: bool) -> str:
    return in_words(month, "N Y" if year else "N").replace(".", "")


# --- On paper -------------------------------------------------------------------------------------------


def as_svg_text(strip: Strip, *, font: str = "sans-serif") -> str:
    """The drawing with its legend as a file of its own, every colour written out."""
    box_width, height = strip.width + 2, strip.height
    parts = [_name(label.text, label.x, label.y, font) for label in strip.labels]
    parts += [_cell(week.state, week.x, week.y, week.count, font) for week in strip.weeks]
    for place, item in enumerate(strip.key):
        line, column = divmod(place, KEY_COLUMNS)
        x, y = column * strip.width // KEY_COLUMNS, height + 10 + line * KEY_ROW
        parts += [_cell(item.state, x, y, 1, font), _name(item.words, x + STEP + 2, y + 14, font)]
    height += 10 + -(-len(strip.key) // KEY_COLUMNS) * KEY_ROW
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="-1 0 {box_width} {height}"'
        f' width="{box_width}" height="{height}"><title>{escape(strip.title)}</title>'
        f"<desc>{escape(strip.description)}</desc>{''.join(parts)}</svg>"
    )


def _name(words: str, x: int, y: int, font: str) -> str:
    return f'<text x="{x}" y="{y}" font-family="{escape(font)}" font-size="11" fill="{INK}">{escape(words)}</text>'


def _cell(state: State, x: int, y: int, count: int, font: str) -> str:
    fill, edge, sign = PAPER[state]
    dashes = ' stroke-dasharray="3 2"' if state == State.COMING else ""
    rect = (
        f'<rect width="{CELL}" height="{CELL}" rx="{ROUND}" fill="{fill}" stroke="{edge}" stroke-width="1.5"{dashes}/>'
    )
    if count > 1:
        inside = (
            f'<text x="10" y="14.5" text-anchor="middle" font-family="{escape(font)}" font-size="12"'
            f' font-weight="bold" fill="{sign}">{count}</text>'
        )
    elif state.mark:
        inside = (
            f'<path d="{state.mark}" fill="none" stroke="{sign}" stroke-width="2.2"'
            ' stroke-linecap="round" stroke-linejoin="round"/>'
        )
    else:
        inside = ""
    return f'<g transform="translate({x} {y})">{rect}{inside}</g>'
