"""What has changed since the picture before: problems that are new, gone or moved, and findings that turned."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from .models import Finding, Problem, SituationPicture


@dataclass(frozen=True)
class Changes:
    """Rows of both pictures, each kind in the order of the newer one."""

    new: tuple[Problem, ...] = ()
    gone: tuple[Problem, ...] = ()
    # (problem, rank before, rank now)
    moved: tuple[tuple[Problem, int, int], ...] = ()
    # (finding, trend before, trend now)
    turned: tuple[tuple[Finding, str, str], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.new or self.gone or self.moved or self.turned)


def changes(picture: SituationPicture, *, public: bool = False) -> Changes:
    """Compared with `picture.previous`; nothing without one. `public=True`: only what residents may read of both.

    A problem or finding is the same when its words are: what is carried over from the earlier picture keeps them.
    """
    previous = picture.previous
    if previous is None:
        return Changes()
    only: dict[str, bool] = {"is_public": True} if public else {}
    before, now = list(previous.problems.filter(**only)), list(picture.problems.filter(**only))
    known = _by_words(before, "title")
    here = _by_words(now, "title")
    old_places = {problem.pk: place for place, problem in enumerate(before, start=1)}
    moved = []
    for place, problem in enumerate(now, start=1):
        earlier = known.get(_words(problem.title))
        if earlier is not None and old_places[earlier.pk] != place:
            moved.append((problem, old_places[earlier.pk], place))
    told = _by_words(previous.findings.filter(**only), "claim")
    turned = []
    for finding in picture.findings.filter(**only):
        said = told.get(_words(finding.claim))
        if said is not None and said.trend != finding.trend:
            turned.append((finding, said.trend, finding.trend))
    return Changes(
        new=tuple(problem for problem in now if _words(problem.title) not in known),
        gone=tuple(problem for problem in before if _words(problem.title) not in here),
        moved=tuple(moved),
        turned=tuple(turned),
    )


def _words(text: str) -> str:
    return " ".join(text.casefold().split())


def _by_words(rows: Iterable[Any], name: str) -> Mapping[str, Any]:
    return {_words(getattr(row, name)): row for row in rows}
