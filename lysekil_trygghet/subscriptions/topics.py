"""What can be followed, and what has become new in it: the apps say, `settings.SUBSCRIPTION_TOPICS` names them.

Everything here is what residents may read at this very moment, in the language that is active. It is asked again when
the mail is written, so that nothing that was withdrawn meanwhile is told.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.utils.module_loading import import_string


@dataclass(frozen=True)
class Topic:
    """One thing somebody may follow. `ended_at`: since then nothing new comes."""

    name: str
    title: str
    path: str
    ended_at: dt.datetime | None = None


@dataclass(frozen=True)
class Change:
    """Something new, told to those who follow one of `topics`. `key` is its name for good."""

    key: str
    topics: tuple[str, ...]
    at: dt.datetime
    what: str
    title: str
    path: str


@dataclass(frozen=True)
class Ending:
    """Something was closed at `at`: those who follow `topic` are asked once whether they noticed a difference.

    `about` names what the answers are counted for.
    """

    about: str
    topic: str
    at: dt.datetime
    title: str
    path: str


@dataclass(frozen=True)
class Kind:
    """One kind of topic. Its topics are called `prefix-number`."""

    prefix: str
    find: Callable[[int], Topic | None]
    changes: Callable[[dt.datetime], Iterable[Change]]
    endings: Callable[[dt.datetime, dt.datetime], Iterable[Ending]]


@cache
def kinds() -> dict[str, Kind]:
    return {kind.prefix: kind for kind in map(import_string, settings.SUBSCRIPTION_TOPICS)}


def find(name: str) -> Topic | None:
    """The topic of that name, if residents may read what it is about."""
    prefix, dash, number = name.partition("-")
    kind = kinds().get(prefix)
    if kind is None or not dash or not number.isascii() or not number.isdigit() or len(number) > 9:
        return None
    found = kind.find(int(number))
    return found if found and found.name == name else None


def changes(since: dt.datetime) -> Iterator[Change]:
    """Everything that came after `since`; the same change has the same key each time."""
    for kind in kinds().values():
        yield from kind.changes(since)


def endings(since: dt.datetime, until: dt.datetime) -> Iterator[Ending]:
    """What was closed after `since` and no later than `until`."""
    for kind in kinds().values():
        yield from kind.endings(since, until)
