"""Ladders as data: the steps of reminders towards those who must answer by a day, which the municipality may change.

Here: what a step is, when it stands, and the steps a municipality begins with (docs/rules.md). Not here: who must
answer what (each app's reminders.py), and the pages (mailroom).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from lysekil_trygghet import workdays

MORNING = "08:00"


class LadderKind(models.TextChoices):
    ACUTE = "ACUTE", _("Brådskande uppdrag")
    NORMAL = "NORMAL", _("Vanliga uppdrag")
    PLEDGE = "PLEDGE", _("Frågor om löften")


class Audience(models.TextChoices):
    """Who is told at a step."""

    RESPONSIBLE = "RESPONSIBLE", _("de som ska svara")
    WITH_CHIEF = "WITH_CHIEF", _("de som ska svara och Polisens chef")
    COORDINATOR = "COORDINATOR", _("samordnaren")
    LEADERS = "LEADERS", _("kommundirektören och samordnaren")


# Those who owe the answer meet one ladder, those above them another.
ANSWERING = frozenset({Audience.RESPONSIBLE, Audience.WITH_CHIEF})


class Unit(models.TextChoices):
    WORKING_DAYS = "WORKING_DAYS", _("arbetsdagar")
    HOURS = "HOURS", _("timmar")


@dataclass(frozen=True)
class Step:
    """One step: `offset` working days or hours from the due time (before it when negative).

    `clock` is the time of day, local, of a step in working days; 0 working days is the due day itself, whatever kind
    of day it is. `longer_than`: only when more working days than that lie between the beginning and the due day.
    `heading` is empty for the words the portal comes with.
    """

    name: str
    offset: int
    unit: str
    to: str
    clock: str = ""
    heading: str = ""
    longer_than: int = 0

    @property
    def is_before(self) -> bool:
        """Meant to come before the due time: also the due day's morning, when the answer is due in the night."""
        return self.offset < 0 or (self.offset == 0 and self.unit == Unit.WORKING_DAYS)

    def moment(self, due: dt.datetime) -> dt.datetime:
        """When it stands, on Sweden's clock."""
        if self.unit == Unit.HOURS:
            return workdays.local_moment(workdays.in_utc(due) + dt.timedelta(hours=self.offset))
        day = workdays.local_date(due)
        if self.offset:
            day = workdays.add_working_days(day, self.offset)
        return workdays.at_local(day, dt.time.fromisoformat(self.clock))

    def as_stored(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "offset": self.offset,
            "unit": str(self.unit),
            "to": str(self.to),
            "clock": self.clock,
            "heading": self.heading,
            "longer_than": self.longer_than,
        }


@dataclass(frozen=True)
class Rung:
    """A step of one ladder that has begun: when it stands, and who is told."""

    step: str
    moment: dt.datetime
    to: str = Audience.RESPONSIBLE
    heading: str = ""


@dataclass(frozen=True)
class Rules:
    """The ladder of a kind. Between `quiet_from` and `quiet_to` (local) nothing is sent; with `working_days_only`
    nothing on weekends and holidays either. What falls there waits for the first moment after."""

    kind: str
    steps: tuple[Step, ...]
    quiet_from: dt.time | None = None
    quiet_to: dt.time | None = None
    working_days_only: bool = False

    def rungs(self, first: str, *, start: dt.datetime, due: dt.datetime) -> list[Rung]:
        """The steps of a ladder that began at `start`, in time; `first` names the step it begins with.

        A step that would stand before the ladder began is left out, and so is one that was to come before the due
        time and, having waited for the night to end, would not.
        """
        found = [Rung(first, self.awake(start), heading=self.heading(first))]
        length = workdays.working_days_between(workdays.local_date(start), workdays.local_date(due))
        for step in self.steps:
            moment = self.awake(step.moment(due))
            if step.longer_than and length <= step.longer_than:
                continue
            if step.is_before and not start < moment < due:
                continue
            found.append(Rung(step.name, moment, step.to, step.heading or self.heading(step.name)))
        return sorted(found, key=lambda rung: rung.moment)

    def heading(self, name: str) -> str:
        """The portal's own heading of the mail for a step."""
        words = HEADINGS[self.kind]
        return str(words.get(name, words["overdue"]))

    def awake(self, moment: dt.datetime) -> dt.datetime:
        """`moment`, or the first one after it that is not quiet."""
        local = workdays.local_moment(moment)
        if self.quiet_from and self.quiet_to and self._is_quiet(local.time()):
            tomorrow = local.time() >= self.quiet_to
            local = workdays.at_local(local.date() + dt.timedelta(days=tomorrow), self.quiet_to)
        if self.working_days_only and not workdays.is_working_day(local.date()):
            day = workdays.next_working_day(local.date())
            local = workdays.at_local(day, self.quiet_to or dt.time.fromisoformat(MORNING))
        return local if local != moment else moment

    def _is_quiet(self, time: dt.time) -> bool:
        assert self.quiet_from is not None
        assert self.quiet_to is not None
        if self.quiet_from <= self.quiet_to:
            return self.quiet_from <= time < self.quiet_to
        return time >= self.quiet_from or time < self.quiet_to


@dataclass(frozen=True)
class Example:
    """Something that has a ladder now, to try other rules on (settings.LADDER_EXAMPLES)."""

    label: str
    first: str
    start: dt.datetime
    due: dt.datetime


def to_tell(rungs: Iterable[Rung], *, now: dt.datetime, until: dt.datetime) -> Iterator[Rung]:
    """Of the steps towards the same people the newest that has come, and those that come until `until`."""
    for group in (True, False):
        mine = [rung for rung in rungs if (rung.to in ANSWERING) is group]
        reached = [rung for rung in mine if rung.moment <= now]
        yield from reached[-1:]
        yield from (rung for rung in mine if now < rung.moment <= until)


# --- The steps a municipality begins with (docs/rules.md) ---------------------------------------------

_ASSIGNMENT = {
    "issued": _("Nya uppdrag till er"),
    "new_day": _("Ny dag för återrapport"),
    "returned": _("Återrapporter att komplettera"),
    "before_5": _("Återrapporter om en vecka"),
    "before_1": _("Återrapporter nästa arbetsdag"),
    "due_morning": _("Återrapporter i dag"),
    "overdue": _("Försenade återrapporter"),
    "escalated": _("Försenade återrapporter från förvaltningarna"),
}
HEADINGS: Mapping[str, Mapping[str, Any]] = {
    LadderKind.ACUTE: _ASSIGNMENT,
    LadderKind.NORMAL: _ASSIGNMENT,
    LadderKind.PLEDGE: {
        "asked": _("Berätta hur det går med löftet"),
        "new_day": _("Ny dag för svar om löftet"),
        "before_1": _("Svar om löften nästa arbetsdag"),
        "due_morning": _("Svar om löften i dag"),
        "overdue": _("Försenade svar om löften"),
        "escalated": _("Försenade svar från dem som leder löften"),
    },
}
DAYS, HOURS = Unit.WORKING_DAYS, Unit.HOURS
_BEFORE_1 = Step("before_1", -1, DAYS, Audience.RESPONSIBLE, clock=MORNING)
_DUE_MORNING = Step("due_morning", 0, DAYS, Audience.RESPONSIBLE, clock=MORNING)
_OVERDUE = Step("overdue", 0, HOURS, Audience.RESPONSIBLE)
_ESCALATED = Step("escalated", 1, DAYS, Audience.LEADERS, clock=MORNING)
DEFAULTS: Mapping[str, tuple[Step, ...]] = {
    LadderKind.ACUTE: (_BEFORE_1, _DUE_MORNING, _OVERDUE, _ESCALATED),
    LadderKind.NORMAL: (
        Step("before_5", -5, DAYS, Audience.RESPONSIBLE, clock=MORNING, longer_than=10),
        *(_BEFORE_1, _DUE_MORNING, _OVERDUE, _ESCALATED),
    ),
    LadderKind.PLEDGE: (
        *(_BEFORE_1, _DUE_MORNING),
        Step("overdue", 0, HOURS, Audience.WITH_CHIEF),
        Step("escalated", 1, DAYS, Audience.COORDINATOR, clock=MORNING),
    ),
}


def rules() -> dict[str, Rules]:
    """The ladder of each kind as it stands now: the municipality's own, else those of `DEFAULTS`. One question."""
    from .models import Ladder

    own = {row.kind: row for row in Ladder.objects.all()}
    return {kind: own[kind].rules() if kind in own else Rules(kind, DEFAULTS[kind]) for kind in LadderKind.values}
