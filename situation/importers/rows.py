"""What importers give: frozen rows, named errors with their line, notes. The same for every publisher.

Areas and periods are written in one way here, whatever the file wrote:

* area: the official code as text. "00" is Sweden, "14" a county, "1484" a municipality, "1484R001" a RegSO,
  "1484C1010" a DeSO. A place without a code is "plats:" and its name.
* period: "2016" (year), "2016-Q3" (quarter), "2016-09" (month). A mean over several years stands at its last year.
* breakdown: "" for everybody, else "name=value" parts in the order of the file, joined by "|": "kön=K|ålder=16-24".
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple

SWEDEN = "00"


class FileRefused(Exception):
    """Nothing of the file can be read. `reason` says in Swedish what to do; `line` 0: the whole file."""

    def __init__(self, reason: str, *, line: int = 0) -> None:
        super().__init__(reason)
        self.reason, self.line = str(reason), line


class IndicatorRow(NamedTuple):
    """What is measured; comes before the first value of it. Units and directions: situation/lifecycle.py."""

    code: str
    title: str
    unit: str
    direction: str = "NEUTRAL"
    definition: str = ""
    external_id: str = ""


class ValueRow(NamedTuple):
    """One number. `value` None is missing, never zero; `is_suppressed` says that the publisher left it out."""

    line: int
    indicator: str
    area: str
    period: str
    value: Decimal | None
    breakdown: str = ""
    n: int | None = None
    is_preliminary: bool = False
    is_suppressed: bool = False
    # How the publisher wrote the area: kept beside our code.
    area_label: str = ""


class GoneRow(NamedTuple):
    """A number the publisher has taken back."""

    line: int
    indicator: str
    area: str
    period: str
    breakdown: str = ""


class LineError(NamedTuple):
    """A row that cannot be read, and why; the file is refused, or only this row when the user says so."""

    line: int
    message: str
    sheet: str = ""


class Note(NamedTuple):
    """Something to know about the file that stops nothing."""

    message: str
    line: int = 0


class AnswerRow(NamedTuple):
    """How many of a group answered a question so. Never a single person's answer."""

    line: int
    question: str
    question_text: str
    answer: str
    # In percent of `n`, the group's answers to the question; None when it is not shown.
    share: Decimal | None
    n: int | None
    # "" for everybody, else "name=value" as a breakdown.
    group: str = ""
    count: int | None = None  # type: ignore[assignment]
    is_suppressed: bool = False
    area: str = ""
    year: str = ""
    survey: str = ""
    method: str = ""
    # The publisher's own interval, if any.
    low: Decimal | None = None
    high: Decimal | None = None


class LinkRow(NamedTuple):
    """An event the Police tell of on their own site: where to read it, nothing of what they write."""

    line: int
    number: int
    published_at: dt.datetime
    kind: str
    # The place as they write it, and the code of the municipality or county where it can be told.
    place: str
    area: str
    url: str


class AreaRow(NamedTuple):
    """An area with its border. `geometry`: a GeoJSON Polygon or MultiPolygon in WGS 84, [longitude, latitude]."""

    line: int
    kind: str
    code: str
    name: str
    version: str
    # The code of the area it is part of; "" for none.
    parent: str
    geometry: dict[str, Any]


Item = IndicatorRow | ValueRow | GoneRow | AnswerRow | LinkRow | AreaRow | LineError | Note


@dataclass
class Reading:
    """A file opened by an importer. `items` is read once, in step with the file: nothing is held in memory."""

    format: str
    items: Iterator[Item]
    # As found by looking; "" where the format has its own.
    encoding: str = ""
    # How many lines there are to read; 0 when not known before.
    total: int = 0
    # What the file says of itself: title, publisher's notes, day of update.
    about: dict[str, str] = field(default_factory=dict)
