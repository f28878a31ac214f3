"""What must hold for a file as a whole, whatever its format: dates in order, numbers once, somebody who leads."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext as _

from pledges.lifecycle import PartyRole, Reading

from .rows import CommitmentRow, LineError, RuleRow, SetRow

MOST_COMMITMENTS = 500


def faults(row: SetRow, *, sheet_of: Callable[[object], str] = lambda thing: "") -> list[LineError]:
    """Errors in the order of the file. `sheet_of` names the sheet a row stood in, for XLSX."""
    found: list[LineError] = []

    def say(thing: object, message: str) -> None:
        found.append(LineError(getattr(thing, "line", 0), message, sheet_of(thing)))

    if row.period_end < row.period_start:
        say(row, _("Perioden slutar innan den börjar. Rätta ”från” eller ”till”."))
    if not row.areas:
        say(row, _("Filen har inget prioriterat område. Lägg till minst ett."))
    numbers: dict[int, int] = {}
    titles: set[str] = set()
    for area in row.areas:
        if area.title in titles:
            say(area, _("Området ”%(title)s” står två gånger. Slå ihop dem.") % {"title": area.title})
        titles.add(area.title)
        for promise in area.commitments:
            if promise.number in numbers:
                say(
                    promise,
                    _("Nummer %(number)s används redan på rad %(line)s. Ge löftet ett eget nummer.")
                    % {"number": promise.number, "line": numbers[promise.number]},
                )
            numbers.setdefault(promise.number, promise.line)
            _promise(promise, say)
    if len(numbers) > MOST_COMMITMENTS:
        say(row, _("Filen har fler än %(most)s löften. Dela upp den.") % {"most": MOST_COMMITMENTS})
    return found


def _promise(promise: CommitmentRow, say: Callable[[object, str], None]) -> None:
    if not any(party.role == PartyRole.LEAD for party in promise.parties):
        say(promise, _("Ingen leder löftet. Lägg till en part med rollen ”leder”."))
    seen: set[str] = set()
    for party in promise.parties:
        if party.organisation in seen:
            say(party, _("%(name)s står två gånger på samma löfte.") % {"name": party.organisation})
        seen.add(party.organisation)
    names: set[str] = set()
    for unit in promise.units:
        if unit.name in names:
            say(unit, _("”%(name)s” räknas två gånger på samma löfte.") % {"name": unit.name})
        names.add(unit.name)
    if promise.period_start and promise.period_end and promise.period_end < promise.period_start:
        say(promise, _("Löftets tid slutar innan den börjar. Rätta ”från” eller ”till”."))
    if promise.rule is not None:
        _rule(promise.rule, say)


def _rule(rule: RuleRow, say: Callable[[object, str], None]) -> None:
    if rule.reading == Reading.COUNT:
        if rule.min_count is None or not rule.per:
            say(rule, _("Rytmen räknas i antal: fyll i ”minst” och ”per”."))
        if rule.limit is not None:
            say(rule, _("Rytmen räknas i antal: ta bort ”högst”."))
    else:
        if rule.limit is None:
            say(rule, _("Rytmen räknas i dagar eller veckor: fyll i ”högst”."))
        if rule.min_count is not None or rule.per:
            say(rule, _("Rytmen räknas i dagar eller veckor: ta bort ”minst” och ”per”."))
    if rule.active_to and rule.active_to < rule.active_from:
        say(rule, _("Rytmen slutar innan den börjar. Rätta ”från” eller ”till”."))
    for pause in rule.pauses:
        if pause.last_day < pause.first_day:
            say(pause, _("Pausen slutar innan den börjar. Rätta ”från” eller ”till”."))
