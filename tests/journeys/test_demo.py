"""`manage.py demo`: the case as it stands on the Wednesday of the follow-up week, on the screens of every role."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from lysekil_trygghet.accounts.demo import PEOPLE

from .case import WEDNESDAY
from .drive import Visitor
from .portal import JourneyPortal

PAGE = "/intensifierat/intensifierat-trygghetsarbete/"


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_the_demo_shows_the_wednesday_of_the_follow_up_week(
    portal_at: Callable[..., JourneyPortal], visitor: Callable[[str], Visitor]
):
    portal = portal_at(WEDNESDAY, demo=True)
    stored, mails = portal.stored(), len(portal.mails())
    assert "nothing was changed" in portal.command("demo")
    assert portal.stored() == stored
    assert len(portal.mails()) == mails

    worker = visitor(portal.url)
    rows_of_the_overview(worker.become("director"))
    the_outbox(worker, mails)
    for person in PEOPLE:
        worker.become(person.key)
        # With the menu of the phone unfolded.
        worker.page.locator(".staff-menu").evaluate("menu => menu.open = true")
        worker.look(again=True)
    what_residents_read(visitor(portal.url))


def rows_of_the_overview(worker: Visitor) -> None:
    rows = [" ".join(row.split()) for row in worker.page.locator("table.overview-table tbody tr").all_inner_texts()]
    # Due on Tuesday at noon, and first of all.
    assert "Försenat" in rows[0]
    assert "tisdag 15 september 2026 kl. 12.00" in rows[0]
    assert sum("Försenat" in row for row in rows) == 1
    assert sum("Komplettera" in row for row in rows) == 1
    assert sum("Godkänt" in row for row in rows) >= 2


def the_outbox(worker: Visitor, mails: int) -> None:
    worker.open("/arbete/utkorg/").sees(f"{mails} mejl, det nyaste först", "Försenade återrapporter")
    worker.follow("Försenade återrapporter").sees("Klart till: tisdag 15 september 2026 kl. 12.00")
    worker.follow("/arbete/uppdrag/")


def what_residents_read(reader: Visitor) -> None:
    reader.open("/").sees("Intensifierat trygghetsarbete i centrum", "Åtgärdspaketet är klart")
    reader.open(PAGE).sees("Polisen behåller Lysekil i fokus.", "12 poliser")
    reader.open(f"/en{PAGE}").sees("The Police keep Lysekil in focus.")
    reader.open("/kontakt/").sees("Kommunens trygghetstelefon")
    reader.open("/nyheter/").follow("Åtgärdspaketet är klart").sees("Vi har lagt till vilka dagar telefonen är öppen.")
