"""The weeks of a promise: their states, their place in the drawing, and that page, table and paper tell the same."""

from __future__ import annotations

import datetime as dt
import re
from itertools import pairwise
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from pledges.doses import Dose
from pledges.lifecycle import Per, Reading
from pledges.rhythm import Rule, judge
from pledges.strip import CELL, PAPER, State, Strip, as_svg_text, strip_of, weeks_of

from .test_rhythm import count, day, days, every, groups, pause
from .test_rhythm_always import FIRST, HELD, PAUSES, SOME_DAY, rules

SVG = "{http://www.w3.org/2000/svg}"
RULE = every(14, "2018-01-08", "2018-12-31")


def states(strip: Strip) -> dict[int, State]:
    return {week.number: week.state for week in strip.weeks}


def spring(**given) -> Strip:
    values = {
        "held": days("2018-01-10", "2018-01-24", "2018-02-07", "2018-02-28"),
        "as_of": day("2018-03-07"),
        "start": day("2018-01-01"),
        "end": day("2018-04-01"),
    }
    return weeks_of(given.pop("rule", RULE), **(values | given))


# --- States -------------------------------------------------------------------------------------------


def test_each_week_has_its_state():
    strip = spring(cancelled=days("2018-03-07"), pauses=[pause("2018-03-19", "2018-04-01")])
    assert states(strip) == {
        1: State.NONE,  # before the rule
        2: State.HELD,
        3: State.NONE,
        4: State.HELD,
        5: State.NONE,
        6: State.HELD,
        7: State.NONE,
        8: State.MISSED,  # due on 21 February, held a week later
        9: State.HELD,
        10: State.CANCELLED,
        11: State.COMING,
        12: State.PAUSED,
        13: State.PAUSED,
    }


def test_a_week_that_is_not_over_is_not_missed():
    held = days("2018-01-10", "2018-01-24", "2018-02-07")
    assert states(spring(held=held, as_of=day("2018-02-25")))[8] == State.COMING
    assert states(spring(held=held, as_of=day("2018-02-26")))[8] == State.MISSED


def test_held_says_more_than_cancelled_and_paused():
    strip = spring(cancelled=days("2018-02-08"), pauses=[pause("2018-02-05", "2018-02-11")])
    assert states(strip)[6] == State.HELD


def test_two_on_one_day_are_two():
    strip = spring(held=days("2018-01-10", "2018-01-10", "2018-01-24"))
    assert [week.count for week in strip.weeks[:4]] == [0, 2, 0, 1]
    assert [week.words for week in strip.weeks[1:4]] == ["Genomfört, 2 gånger", "Inget behövdes", "Genomfört"]


def test_what_is_not_shown_or_has_not_been_is_left_out():
    strip = spring(
        held=days("2018-01-02", "2018-01-10", "2018-03-28"), start=day("2018-01-03"), as_of=day("2018-03-20")
    )
    assert states(strip)[1] == State.NONE
    assert states(strip)[13] == State.COMING


def test_groups_and_periods_are_missed_in_their_last_week():
    pairs = spring(rule=groups(2, "2018-01-08"), held=[], as_of=day("2018-02-10"))
    assert [number for number, state in states(pairs).items() if state == State.MISSED] == [3, 5]
    monthly = spring(rule=count(2, Per.MONTH, "2018-01-01"), held=days("2018-01-10", "2018-02-07", "2018-02-08"))
    assert [number for number, state in states(monthly).items() if state == State.MISSED] == [5]


def test_without_a_rule_only_what_happened_is_told():
    strip = spring(rule=None, cancelled=days("2018-01-17"))
    assert set(states(strip).values()) == {State.HELD, State.CANCELLED, State.NONE, State.COMING}


def test_week_53_and_the_turn_of_the_year():
    strip = weeks_of(
        None, held=days("2021-01-03"), as_of=day("2021-01-31"), start=day("2020-12-01"), end=day("2021-01-31")
    )
    assert [(week.year, week.number) for week in strip.weeks] == [
        *((2020, number) for number in range(49, 54)),
        *((2021, number) for number in range(1, 5)),
    ]
    assert [(month.label, len(month.weeks)) for month in strip.months] == [("december 2020", 5), ("januari 2021", 4)]
    assert [(label.text, label.x, label.y) for label in strip.labels] == [("dec 2020", 0, 13), ("jan 2021", 0, 59)]


def test_the_strip_of_a_dose_spans_its_rule():
    held = tuple(days("2018-01-10", "2018-01-24"))
    verdict = judge(RULE, held=held, as_of=day("2018-02-01"))
    strip = strip_of(Dose(held=held, verdict=verdict))
    assert strip is not None
    assert (strip.start, strip.end, len(strip.weeks)) == (day("2018-01-08"), day("2018-12-31"), 52)
    assert strip_of(Dose(held=held)) is None


def test_of_a_very_long_rule_the_latest_weeks_are_drawn():
    rule = every(14, "1950-01-01")
    verdict = judge(rule, held=[], as_of=day("2018-03-07"))
    strip = strip_of(Dose(verdict=verdict))
    assert strip is not None
    assert (len(strip.weeks), strip.end) == (106, day("2018-03-07"))


# --- The same told three ways ---------------------------------------------------------------------------


@pytest.fixture
def year() -> Strip:
    return weeks_of(
        RULE,
        pauses=[pause("2018-06-25", "2018-08-12")],
        held=days("2018-01-10", "2018-01-24", "2018-02-07", "2018-02-28", "2018-02-28"),
        cancelled=days("2018-03-14"),
        as_of=day("2018-03-18"),
        start=day("2018-01-08"),
        end=day("2018-12-31"),
    )


def test_the_words_of_the_drawing(year):
    assert year.title == "Vecka för vecka, 8 januari 2018 till 31 december 2018"
    assert year.description == (
        "52 veckor. Genomfört: 4. Uteblev: 1 (vecka 8). Inställt: 1 (vecka 11). Paus: 7. Kommande: 35. "
        "Inget behövdes: 4."
    )


def test_the_page_draws_and_tabulates_every_week(year):
    html = render_to_string("pledges/_year_strip.html", {"strip": year, "id": "rytm"})
    assert "style=" not in html
    assert "<script" not in html
    assert 'role="img" aria-labelledby="rytm-title" aria-describedby="rytm-desc"' in html
    assert f'<title id="rytm-title">{year.title}</title>' in html
    drawn = re.findall(r'<g class="week week--(\w+)" transform="translate\((\d+) (\d+)\)">', html)
    assert drawn == [(week.state.value, str(week.x), str(week.y)) for week in year.weeks]
    rows = re.findall(r'<tr><th scope="row">(\d+)</th><td>([^<]+)</td><td>([^<]+)</td></tr>', html)
    assert rows == [(str(week.number), week.days, week.words) for week in year.weeks]
    assert re.findall(r'scope="rowgroup" colspan="3">([^<]+)<', html)[:2] == ["Januari 2018", "Februari 2018"]
    assert ("9", "26 feb–4 mars", "Genomfört, 2 gånger") in rows


def test_the_paper_has_the_same_geometry_and_its_own_colours(year):
    root = etree.fromstring(as_svg_text(year, font='Source "Sans" & co'))
    assert root.findtext(f"{SVG}title") == year.title
    assert root.findtext(f"{SVG}desc") == year.description
    drawn = root.findall(f"{SVG}g")
    assert [group.get("transform") for group in drawn[: len(year.weeks)]] == [
        f"translate({week.x} {week.y})" for week in year.weeks
    ]
    assert len(drawn) == len(year.weeks) + len(year.key)
    shapes = [shape for group in drawn for shape in group]
    assert all(shape.get("fill") for shape in shapes)
    assert not any(shape.get("class") or shape.get("style") for shape in root.iter())
    assert "2" in [shape.text for shape in shapes]


def test_no_two_states_have_the_same_sign():
    signs = [state.mark for state in State]
    assert len(set(signs)) == len(signs)
    assert len({state.label for state in State}) == len(signs)


def test_the_colours_of_the_paper_are_those_of_the_theme():
    tokens = (Path(settings.BASE_DIR) / "static" / "css" / "tokens.css").read_text(encoding="utf-8")
    assert {colour for colours in PAPER.values() for colour in colours if f"{colour};" not in tokens} == set()


# --- What always holds ------------------------------------------------------------------------------------


@given(rules(), PAUSES, HELD, HELD, SOME_DAY, SOME_DAY, st.integers(0, 600))
def test_every_week_is_there_once_and_none_lies_on_another(rule, pauses, held, cancelled, as_of, start, length):
    end = start + dt.timedelta(days=length)
    strip = weeks_of(rule, pauses=pauses, held=held, cancelled=cancelled, as_of=as_of, start=start, end=end)
    assert (strip.weeks[0].first, strip.weeks[-1].last) == (start, end)
    assert all((after.first - before.last).days == 1 for before, after in pairwise(strip.weeks))
    assert len({(week.x, week.y) for week in strip.weeks}) == len(strip.weeks)
    assert all(0 <= week.x <= strip.width - CELL and week.y + CELL < strip.height for week in strip.weeks)
    assert sum(week.count for week in strip.weeks) == len([d for d in held if d <= as_of and start <= d <= end])
    assert all((week.state == State.HELD) is (week.count > 0) for week in strip.weeks)
    assert sum(item.number for item in strip.key) == len(strip.weeks)
    etree.fromstring(as_svg_text(strip))


@given(PAUSES, HELD, SOME_DAY)
def test_no_week_is_missed_while_the_rhythm_was_kept(pauses, held, as_of):
    rule = Rule(reading=Reading.DAYS, limit=30, active_from=FIRST)
    strip = weeks_of(rule, pauses=pauses, held=held, as_of=as_of, start=FIRST, end=FIRST + dt.timedelta(days=600))
    if not judge(rule, pauses=pauses, held=held, as_of=as_of).breaches:
        assert State.MISSED not in states(strip).values()
