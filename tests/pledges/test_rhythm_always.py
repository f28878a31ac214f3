"""What must hold for every rhythm, whatever was held and paused."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from hypothesis import assume, given
from hypothesis import strategies as st

from pledges.lifecycle import Per, Reading
from pledges.rhythm import Breach, Pause, Period, Phase, Rule, Verdict, judge, of_planned, words

FIRST = dt.date(2019, 11, 1)
SOME_DAY = st.integers(0, 500).map(lambda n: FIRST + dt.timedelta(days=n))
SOME_PAUSE = st.builds(lambda a, b: Pause(min(a, b), max(a, b)), SOME_DAY, SOME_DAY)
SHORT_PAUSE = st.builds(lambda a, n: Pause(a, a + dt.timedelta(days=n)), SOME_DAY, st.integers(0, 60))
PAUSES = st.lists(SHORT_PAUSE | SOME_PAUSE, max_size=4)
HELD = st.lists(SOME_DAY, max_size=40)


@st.composite
def rules(draw: st.DrawFn, *, readings: tuple[Reading, ...] = tuple(Reading)) -> Rule:
    start = draw(SOME_DAY)
    length = draw(st.none() | st.integers(0, 500))
    reading = draw(st.sampled_from(readings))
    counted = reading == Reading.COUNT
    return Rule(
        reading=reading,
        limit=None if counted else draw(st.integers(1, 60 if reading == Reading.DAYS else 6)),
        min_count=draw(st.integers(1, 12)) if counted else None,
        per=draw(st.sampled_from(Per)) if counted else "",
        active_from=start,
        active_to=None if length is None else start + dt.timedelta(days=length),
    )


@given(rules(), PAUSES, HELD, SOME_DAY, SOME_DAY)
def test_one_more_held_never_adds_to_the_days_over_the_limit(rule, pauses, held, extra, as_of):
    before = judge(rule, pauses=pauses, held=held, as_of=as_of)
    after = judge(rule, pauses=pauses, held=[*held, extra], as_of=as_of)
    assert after.days_over_limit <= before.days_over_limit
    assert after.in_phase >= before.in_phase


@given(rules(), PAUSES, HELD, SHORT_PAUSE | SOME_PAUSE, SOME_DAY)
def test_a_pause_never_adds_to_the_days_over_the_limit(rule, pauses, held, extra, as_of):
    before = judge(rule, pauses=pauses, held=held, as_of=as_of)
    after = judge(rule, pauses=[*pauses, extra], held=held, as_of=as_of)
    assert after.days_over_limit <= before.days_over_limit
    assert after.in_phase >= before.in_phase
    assert after.planned_so_far <= before.planned_so_far


@given(rules(readings=(Reading.DAYS,)), PAUSES, HELD, SOME_DAY)
def test_days_in_a_pause_are_as_if_they_were_not(rule, pauses, held, as_of):
    """The verdict, reckoned anew one day at a time."""
    verdict = judge(rule, pauses=pauses, held=held, as_of=as_of)
    end = min(as_of, rule.active_to or as_of)
    since, over, at = 0, 0, rule.active_from
    happened = {d for d in held if rule.holds_on(d)}
    while at < end:
        since = 0 if at in happened else since
        at += dt.timedelta(days=1)
        if not any(p.first <= at <= p.last for p in pauses):
            since += 1
            over += since > rule.limit
    assert verdict.days_over_limit == over


def shifted(thing: object, by: dt.timedelta) -> object:
    """The same with every day in it moved."""
    if isinstance(thing, dt.date):
        return thing + by
    if isinstance(thing, tuple):
        return tuple(shifted(part, by) for part in thing)
    if isinstance(thing, Verdict | Rule | Breach | Pause | Period):
        return replace(thing, **{name: shifted(part, by) for name, part in vars(thing).items()})
    return thing


@given(rules(readings=(Reading.DAYS, Reading.WEEKS)), PAUSES, HELD, SOME_DAY, st.integers(-400, 400))
def test_moving_everything_moves_the_verdict(rule, pauses, held, as_of, n):
    by = dt.timedelta(days=n if rule.reading == Reading.DAYS else 7 * n)
    moved = judge(
        shifted(rule, by),
        pauses=[shifted(one, by) for one in pauses],
        held=[one + by for one in held],
        as_of=as_of + by,
    )
    assert moved == shifted(judge(rule, pauses=pauses, held=held, as_of=as_of), by)


@given(rules(), PAUSES, HELD, SOME_DAY, st.randoms(use_true_random=False))
def test_order_and_repetition_change_nothing(rule, pauses, held, as_of, chance):
    mixed, mixed_pauses = [*held, *held[:5]], [*pauses, *pauses[:2]]
    chance.shuffle(mixed)
    chance.shuffle(mixed_pauses)
    assert judge(rule, pauses=mixed_pauses, held=mixed, as_of=as_of) == judge(
        rule, pauses=pauses, held=held, as_of=as_of
    )


@given(rules(), PAUSES, HELD, SOME_DAY)
def test_who_holds_the_next_in_time_is_in_phase_then(rule, pauses, held, as_of):
    verdict = judge(rule, pauses=pauses, held=held, as_of=as_of)
    at = verdict.next_at_latest
    assume(at is not None and at >= as_of)
    then = judge(rule, pauses=pauses, held=[d for d in held if d <= as_of] + [at], as_of=at)
    assert then.in_phase
    if verdict.in_phase:
        assert then.days_over_limit == verdict.days_over_limit


@given(rules(), PAUSES, HELD, SOME_DAY)
def test_who_does_not_is_late_on_the_first_active_day_after(rule, pauses, held, as_of):
    """Nothing falls due earlier than the words say, and nothing later."""
    verdict = judge(rule, pauses=pauses, held=held, as_of=as_of)
    at = verdict.next_at_latest
    assume(verdict.in_phase and at is not None)
    assert at >= as_of
    known = [d for d in held if d <= as_of]
    assert judge(rule, pauses=pauses, held=known, as_of=at).in_phase
    later = (at + dt.timedelta(days=n) for n in range(1, 1500))
    active = next(d for d in later if not any(p.first <= d <= p.last for p in pauses))
    if rule.holds_on(active):
        assert not judge(rule, pauses=pauses, held=known, as_of=active).in_phase


@given(rules(), PAUSES, HELD, SOME_DAY)
def test_there_are_always_words(rule, pauses, held, as_of):
    verdict = judge(rule, pauses=pauses, held=held, as_of=as_of)
    for today in (as_of, as_of + dt.timedelta(days=400)):
        said = words(verdict, today)
        assert said
        assert "%" not in said
        assert "None" not in said
    assert "%" not in of_planned(verdict)
    assert verdict.planned_total is None or verdict.planned_so_far <= verdict.planned_total
    assert verdict.in_phase is (verdict.phase != Phase.BROKEN and not any(b.is_open for b in verdict.breaches))
