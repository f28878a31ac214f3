"""What the acts of June 2020 share: the portal with its clock, a worker who changes roles, a resident who reads."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from typing import NamedTuple
from zoneinfo import ZoneInfo

from .drive import Visitor
from .portal import JourneyPortal

STOCKHOLM = ZoneInfo("Europe/Stockholm")
# When the demo is looked at: in the middle of a week, so that its yesterday is a working day.
WEDNESDAY = dt.datetime(2026, 9, 16, 10, 0, tzinfo=STOCKHOLM)
TITLE = "Intensifierat trygghetsarbete i centrum"
HEADS = ("social", "education", "executive", "planning", "labour")
ASSIGNMENTS = {
    "social": "Vuxna ute på kvällar och helger",
    "education": "Längre öppet på ungdomens hus",
    "executive": "Telefon för invånare på kvällar och helger",
    "planning": "Ljus och sikt i centrum",
    "labour": "Sommarjobb och något att göra",
}


def june(day: int, clock: str) -> dt.datetime:
    return dt.datetime.combine(dt.date(2020, 6, day), dt.time.fromisoformat(clock), tzinfo=STOCKHOLM)


class Mail(NamedTuple):
    """A mail that went out: to whom, and the words its subject begins with."""

    to: str
    heading: str


@dataclass
class Case:
    """The portal, the worker who changes roles, and a resident who reads."""

    portal: JourneyPortal
    worker: Visitor
    resident: Visitor
    paths: dict[str, str] = field(default_factory=dict)
    mails: int = 0

    def at(self, day: int, clock: str) -> None:
        self.portal.set_clock(june(day, clock))

    def as_(self, key: str) -> Visitor:
        return self.worker.become(key)

    def remember(self, name: str) -> None:
        """Where the worker stands now."""
        self.paths[name] = self.worker.path.partition("?")[0]

    def sends(self) -> list[Mail]:
        """What a sweep sends at this moment."""
        self.portal.sweep()
        mails = self.portal.mails()
        new, self.mails = mails[self.mails :], len(mails)
        return sorted(Mail(mail["To"], re.split(":| – ", mail["Subject"])[0]) for mail in new)


def publish(case: Case, words: str) -> None:
    """From the queue: the checks are read, every hint ticked, and out it goes."""
    worker = case.worker.open("/arbete/publicera/").follow(f"Publicera {words}")
    ticks = worker.page.locator('main input[type="checkbox"]')
    for place in range(ticks.count()):
        ticks.nth(place).check()
    worker.press("Publicera").sees("Publicerat. Invånarna kan läsa det nu.")
