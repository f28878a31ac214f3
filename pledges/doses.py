"""How much of a promise has been done: units against their floors, times against the rhythm.

For many promises at once, with the same number of queries for 1 and for 300. The arithmetic of the rhythm is
rhythm.py's; what a page says is the page's.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from . import rhythm
from .checks import delivered_by_unit
from .lifecycle import OccurrenceState
from .models import Commitment, Occurrence, PausePeriod, RecurrenceRule, Unit

FULL = 100


@dataclass(frozen=True)
class DoseRow:
    """One counted unit: how many were held, of at least how many."""

    unit: Unit
    delivered: int
    target: int | None

    @property
    def reached(self) -> bool | None:
        """None where nothing was promised in number."""
        return None if self.target is None else self.delivered >= self.target

    @property
    def share(self) -> int | None:
        """Of a hundred, for a bar: full when the floor is reached or beaten. Never full before it is."""
        if self.target is None:
            return None
        if self.target == 0:
            return FULL
        return min(FULL, self.delivered * FULL // self.target)


@dataclass(frozen=True)
class Dose:
    """What was done for one promise by a day."""

    rows: tuple[DoseRow, ...] = ()
    # Times held and called off, each counted, in the order of days; two on one day are two.
    held: tuple[dt.date, ...] = ()
    cancelled: tuple[dt.date, ...] = ()
    # None where the promise has no rhythm.
    verdict: rhythm.Verdict | None = None
    pauses: tuple[rhythm.Pause, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Nothing is counted, nothing has a rhythm, nothing was logged."""
        return not (self.rows or self.held or self.cancelled or self.verdict)

    @property
    def times(self) -> int:
        return len(self.held)

    @property
    def occasions(self) -> str:
        """18 av 22; empty without a rhythm."""
        return rhythm.of_planned(self.verdict) if self.verdict else ""

    def rhythm_words(self, today: dt.date) -> str:
        """I fas, nästa senast 7 mars; empty without a rhythm."""
        return rhythm.words(self.verdict, today) if self.verdict else ""


def dose_of(commitment: Commitment, *, as_of: dt.date) -> Dose:
    return doses_of([commitment], as_of=as_of)[commitment.pk]


def doses_of(commitments: Iterable[Commitment], *, as_of: dt.date) -> dict[int, Dose]:
    """By the promise's id, as it stands on the day `as_of`."""
    wanted = list(commitments)
    ids = [commitment.pk for commitment in wanted]
    units: dict[int, list[Unit]] = defaultdict(list)
    for unit in Unit.objects.filter(commitment__in=ids).order_by("order", "pk"):
        units[unit.commitment_id].append(unit)
    delivered = delivered_by_unit(wanted)
    held: dict[int, list[dt.date]] = defaultdict(list)
    cancelled: dict[int, list[dt.date]] = defaultdict(list)
    lists: dict[str, dict[int, list[dt.date]]] = {OccurrenceState.HELD: held, OccurrenceState.CANCELLED: cancelled}
    times = Occurrence.objects.filter(commitment__in=ids, state__in=list(lists), date__lte=as_of)
    for pk, state, day in times.order_by("date", "pk").values_list("commitment", "state", "date"):
        lists[state][pk].append(day)
    pauses: dict[int, list[rhythm.Pause]] = defaultdict(list)
    for rest in PausePeriod.objects.filter(rule__commitment__in=ids).select_related("rule").order_by("first_day"):
        pauses[rest.rule.commitment_id].append(rhythm.Pause(rest.first_day, rest.last_day))
    rules = RecurrenceRule.objects.filter(commitment__in=ids).select_related("commitment__pledge_set")
    verdicts = {
        rule.commitment_id: rhythm.judge(
            rule_of(rule), pauses=pauses[rule.commitment_id], held=held[rule.commitment_id], as_of=as_of
        )
        for rule in rules
    }
    return {
        pk: Dose(
            rows=tuple(DoseRow(unit, delivered.get(unit.pk, 0), unit.target_min) for unit in units[pk]),
            held=tuple(held[pk]),
            cancelled=tuple(cancelled[pk]),
            verdict=verdicts.get(pk),
            pauses=tuple(pauses[pk]),
        )
        for pk in ids
    }


def dose_of_fetched(promise: Commitment, times: Sequence[Occurrence], *, as_of: dt.date) -> Dose:
    """The same as `dose_of`, without asking again: of a promise whose units and rule with its pauses are fetched, and
    its times that count, with their counts."""
    held = sorted(row.date for row in times if row.state == OccurrenceState.HELD and row.date <= as_of)
    cancelled = sorted(row.date for row in times if row.state == OccurrenceState.CANCELLED and row.date <= as_of)
    delivered: Counter[int] = Counter()
    for row in times:
        if row.state == OccurrenceState.HELD:
            delivered.update({count.unit_id: count.count for count in row.counts.all()})
    rule: RecurrenceRule | None = getattr(promise, "rule", None)
    rests = sorted(rule.pauses.all(), key=lambda rest: rest.first_day) if rule else []
    pauses = tuple(rhythm.Pause(rest.first_day, rest.last_day) for rest in rests)
    return Dose(
        rows=tuple(DoseRow(unit, delivered[unit.pk], unit.target_min) for unit in promise.units.all()),
        held=tuple(held),
        cancelled=tuple(cancelled),
        verdict=rhythm.judge(rule_of(rule), pauses=pauses, held=held, as_of=as_of) if rule else None,
        pauses=pauses,
    )


def rule_of(row: RecurrenceRule) -> rhythm.Rule:
    """The rule as rhythm.py reads it. One without a last day of its own runs as long as the promise does.

    Read with select_related("commitment__pledge_set").
    """
    last = row.active_to or max(row.commitment.ends_on(), row.active_from)
    return rhythm.Rule(
        reading=row.reading,
        active_from=row.active_from,
        active_to=last,
        limit=row.limit,
        min_count=row.min_count,
        per=row.per,
    )
