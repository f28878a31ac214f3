"""What a set's file holds, whatever its format. `line` says where a row stood and is no part of what it says."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field


@dataclass(frozen=True)
class LineError:
    """What is wrong on which line (counted from 1) of which sheet (empty for a text file), and what to do."""

    line: int
    message: str
    sheet: str = ""


class FileRefused(ValueError):
    """The file cannot be read as a pledge set. `errors` says where and why, in the order of the file."""

    def __init__(self, errors: list[LineError]) -> None:
        super().__init__("; ".join(f"{error.sheet}:{error.line} {error.message}" for error in errors))
        self.errors = errors


def _line() -> int:
    return field(default=0, compare=False, repr=False)


@dataclass(frozen=True)
class PartyRow:
    organisation: str
    role: str
    part: str = ""
    line: int = _line()


@dataclass(frozen=True)
class UnitRow:
    name: str
    name_en: str = ""
    target_min: int | None = None
    line: int = _line()


@dataclass(frozen=True)
class LinkRow:
    title: str
    url: str
    title_en: str = ""
    line: int = _line()


@dataclass(frozen=True)
class PauseRow:
    first_day: dt.date
    last_day: dt.date
    reason: str
    reason_en: str = ""
    line: int = _line()


@dataclass(frozen=True)
class RuleRow:
    reading: str
    active_from: dt.date
    active_to: dt.date | None = None
    limit: int | None = None
    min_count: int | None = None
    per: str = ""
    pauses: tuple[PauseRow, ...] = ()
    line: int = _line()


@dataclass(frozen=True)
class CommitmentRow:
    number: int
    text: str
    kind: str
    text_en: str = ""
    purpose: str = ""
    purpose_en: str = ""
    how_we_know: str = ""
    how_we_know_en: str = ""
    easy_text: str = ""
    period_start: dt.date | None = None
    period_end: dt.date | None = None
    parties: tuple[PartyRow, ...] = ()
    units: tuple[UnitRow, ...] = ()
    rule: RuleRow | None = None
    links: tuple[LinkRow, ...] = ()
    line: int = _line()


@dataclass(frozen=True)
class AreaRow:
    title: str
    title_en: str = ""
    why: str = ""
    why_en: str = ""
    # Titles of problems of the picture that the set builds on.
    problems: tuple[str, ...] = ()
    commitments: tuple[CommitmentRow, ...] = ()
    line: int = _line()


@dataclass(frozen=True)
class SetRow:
    title: str
    period_start: dt.date
    period_end: dt.date
    title_en: str = ""
    intro: str = ""
    intro_en: str = ""
    # The address of the picture, as in /lagesbild/<address>/; empty when the set builds on none.
    picture: str = ""
    progress_interval_months: int = 3
    areas: tuple[AreaRow, ...] = ()
    line: int = _line()
