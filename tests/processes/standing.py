"""What stands in the database of all that visitors sent, compared with what they were told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from .portal import Portal
from .visitor import Answer

# One row for each event: how many acts of the history and how many kept versions belong to it.
EVENTS = """
SELECT e.title,
  (SELECT count(*) FROM history_event h JOIN django_content_type c ON c.id = h.subject_type_id
    WHERE c.model = 'seriousevent' AND h.subject_id::text = e.id::text AND h.verb = 'created'),
  (SELECT count(*) FROM incidents_historicalseriousevent v WHERE v.id = e.id)
FROM incidents_seriousevent e
"""
ALL = """
SELECT (SELECT count(*) FROM history_event h JOIN django_content_type c ON c.id = h.subject_type_id
  WHERE c.model = 'seriousevent' AND h.verb = 'created'),
  (SELECT count(*) FROM incidents_historicalseriousevent)
"""


@dataclass(frozen=True)
class Standing:
    """`missing`: said to be saved and is not. `double`: saved more than once. `halves`: a row without exactly one act
    in the history and one kept version, or one of these without its row. `silent`: saved although the visitor was not
    told so, for the answer was lost on its way."""

    saved: int
    missing: int
    double: int
    halves: int
    silent: int


def events_against(portal: Portal, told: Mapping[str, Answer]) -> Standing:
    """`told`: the answer to each title that was sent."""
    rows = portal.query(EVENTS)
    titles = [title for title, _acts, _versions in rows]
    [(acts, versions)] = portal.query(ALL)
    return Standing(
        saved=len(titles),
        missing=len({title for title, answer in told.items() if answer.is_done} - set(titles)),
        double=len(titles) - len(set(titles)),
        halves=sum(row[1:] != (1, 1) for row in rows) + abs(acts - len(rows)) + abs(versions - len(rows)),
        silent=sum(not told[title].is_done for title in set(titles) if title in told),
    )


def statuses(answers: Iterable[Answer]) -> dict[int, int]:
    counted: dict[int, int] = {}
    for answer in answers:
        counted[answer.status] = counted.get(answer.status, 0) + 1
    return dict(sorted(counted.items()))
