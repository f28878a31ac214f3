"""Numbers in the browser: from a file with errors to a figure that residents read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

from .case import WEDNESDAY
from .drive import Visitor
from .portal import JourneyPortal

TITLE = "Lägesbild för provet"
FIGURE = "Rån i kommunen"
ROBBERIES = "Anmälda brott: Rån"
SOURCE = "Anmälda brott"
DARK, CARS = "Mörkt vid kajen", "Buskörning på torget"


def of_bra(folder: Path) -> Path:
    """Six years of robberies, and a row nobody can read."""
    rows = [f"Lysekil kommun;Rån;{year};{12 + year % 3}" for year in range(2019, 2025)]
    rows += [f"Hela landet;Rån;{year};{8_000 + year}" for year in range(2019, 2025)]
    path = folder / "brott-pahittade.csv"
    path.write_text("\n".join(["Region;Brott;År;Antal", *rows, "Atlantis;Rån;2024;7"]), encoding="utf-8")
    return path


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_from_a_file_with_errors_to_what_residents_read(
    portal_at: Callable[..., JourneyPortal], visitor: Callable[[str], Visitor], tmp_path: Path
):
    portal = portal_at(WEDNESDAY, demo=False)
    worker, resident = visitor(portal.url), visitor(portal.url)
    the_file = read_through(worker, portal, of_bra(tmp_path))
    stored(worker, portal, the_file)
    picture = begun(worker)
    drawn(worker, picture)
    described(worker, picture)
    ranked(worker, picture)
    adopted(worker, picture)
    resident.open("/lagesbild/").follow(TITLE).sees(FIGURE, "Källa: Brå", DARK, "Rånen är få och blir inte fler.")
    assert resident.page.locator("figure img").first.evaluate(
        "image => (image.scrollIntoView(), image.decode(), true)"
    )
    resident.page.locator("summary", has_text="Visa siffrorna som tabell").first.click()
    resident.page.locator("table").first.wait_for(state="visible")
    resident.sees("2019", "12")
    resident.on_phone().open(resident.path).sees(FIGURE)
    resident.open(f"/en{resident.path}").sees("Source: Brå")


def read_through(worker: Visitor, portal: JourneyPortal, path: Path) -> str:
    worker.become("coordinator").open("/arbete/siffror/").sees("Inga siffror är inlästa än").follow("Läs in en fil")
    worker.page.locator('input[type="file"]').set_input_files(path)
    worker.fill(kind="BRA").press("Läs igenom filen").sees("Du kan lämna sidan")
    the_file = worker.path
    portal.command("read_imports")
    worker.open(the_file).sees("Inget är sparat än", "Nya 12", "Går inte att läsa 1", "”Atlantis” är ingen kommun")
    return the_file


def stored(worker: Visitor, portal: JourneyPortal, the_file: str) -> None:
    with worker.expecting(422):
        worker.press("Spara siffrorna").sees("välj att läsa in resten")
    worker.open(the_file).fill(takes_the_good=True).press("Spara siffrorna")
    portal.command("read_imports")
    worker.open(the_file).sees("Inläst")
    worker.on_phone().open(the_file).sees("Inläst").at_desk()


def begun(worker: Visitor) -> str:
    """A joint draft that rests on what Brå says."""
    worker.open("/arbete/lagesbild/ny/gemensam/").fill(
        title=TITLE,
        period_start=dt.date(2019, 1, 1).isoformat(),
        period_end=dt.date(2024, 12, 31).isoformat(),
        public_summary="Rånen är få. Mörkret vid kajen oroar mest.",
    )
    return worker.press("Börja lägesbilden").sees(TITLE).path.partition("#")[0]


def drawn(worker: Visitor, picture: str) -> None:
    """The number is seen at once, compared, and put into the picture."""
    worker.open("/arbete/siffror/").follow(ROBBERIES)
    worker.fill(mean_of="Medel av 3 år före")
    worker.page.wait_for_url("**mean_of=3**")
    worker.sees("Källa: Brå").on_phone().open(worker.path).at_desk()
    worker.follow("Lägg i en lägesbild").fill(title=FIGURE, comment="Rånen är få och blir inte fler.")
    worker.press("Lägg till figuren").sees(FIGURE, SOURCE)
    assert worker.path.startswith(picture)


def described(worker: Visitor, picture: str) -> None:
    worker.open(picture).follow("Ny iakttagelse").fill(
        kind="MAPPING", claim="Rånen är få.", trend="FLAT", confidence="HIGH", sources=[SOURCE]
    )
    worker.press("Spara iakttagelsen")
    for title in (CARS, DARK):
        worker.open(picture).follow("Nytt problem").fill(title=title, what="Många har sagt det.", findings=["Rånen"])
        worker.press("Spara problemet")


def ranked(worker: Visitor, picture: str) -> None:
    """The municipality and the Police give points; the joint order follows."""
    worker.open(picture).follow("Visa för Polisen").press("Visa för Polisen")
    for who, (cars, dark) in (("police_liaison", (3, 9)), ("coordinator", (5, 8))):
        worker.become(who).open(picture).follow("Rangordna tillsammans")
        fields = worker.page.locator('main input[type="number"], main input[inputmode="numeric"]')
        fields.nth(0).fill(str(cars))
        fields.nth(1).fill(str(dark))
        worker.press("Spara poängen")
    worker.sees("17").press("Sätt ordningen efter poängen").sees(f"1. {DARK}", f"2. {CARS}")


def adopted(worker: Visitor, picture: str) -> None:
    worker.open(picture).follow("Skicka till granskning").press("Skicka till granskning")
    worker.open(picture).follow("Läs och bekräfta").press("Bekräfta")
    worker.become("police_liaison").open(picture).follow("Läs och bekräfta").press("Bekräfta")
    worker.become("coordinator").open(picture).follow("Anta")
    worker.fill(adopted_on=WEDNESDAY.date().isoformat(), adopted_by="Styrgruppen", minutes_ref="Styrgruppen § 4")
    worker.press("Anteckna att den är antagen").sees("Antagen")
    worker.become("communicator").open(picture).follow("Publicera")
    worker.fill(tick_read=True, tick_secrecy=True, tick_persons=True).press("Publicera").sees("Publicerad")
