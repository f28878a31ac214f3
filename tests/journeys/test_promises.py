"""Promises in the browser: a set from empty to closed by those it takes, and a set read in from a file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

from .case import WEDNESDAY
from .drive import Visitor
from .looking import ROOT
from .portal import JourneyPortal

FIRST_DAY = WEDNESDAY.date()
LAST_DAY = FIRST_DAY + dt.timedelta(days=90)
TITLE = "Medborgarlöften hösten 2026"
MEETINGS = "Kommunen har SSPF-möten minst varannan vecka."
CONTROLS = "Polisen gör minst två trafikkontroller."
POLICE = "Polisen"
EXAMPLE = ROOT / "pledges" / "exchange" / "examples" / "loften-2018.yaml"
SAFE = "Tryggt i centrum på kvällen"


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_set_from_empty_to_closed(portal_at: Callable[..., JourneyPortal], visitor: Callable[[str], Visitor]):
    portal = portal_at(WEDNESDAY, demo=True)
    worker, resident = visitor(portal.url), visitor(portal.url)
    the_set = written(worker)
    resident.open("/loften/").misses(TITLE)
    shown_to_the_police(worker, the_set)
    signed_and_published(worker, the_set)
    resident.open("/loften/").follow(TITLE).sees(SAFE, CONTROLS, MEETINGS)
    address = resident.path

    portal.set_clock(WEDNESDAY + dt.timedelta(days=20))
    done_in_two_taps(worker, the_set)
    resident.open(address).follow(MEETINGS).sees("Pågår")

    portal.set_clock(WEDNESDAY + dt.timedelta(days=92))
    portal.sweep()
    worker.become("coordinator").open("/arbete/loften/").sees(TITLE)
    answered(worker, the_set)
    closed_by_two(worker, the_set)
    resident.open(address).sees("Avslutade", "Vi möttes nästan varannan vecka.", "Polisen gjorde tre kontroller.")
    resident.open(f"{address}uppfoljning/").sees("I siffror", "Det mesta blev av.")
    resident.open(f"/en{address}").sees("Closed")


def written(worker: Visitor) -> str:
    """The coordinator begins with nothing: a set, an area built on the picture, two promises. Returns its address."""
    worker.become("coordinator").open("/arbete/loften/").follow("Nya löften")
    worker.fill(title=TITLE, intro="Det här lovar vi i höst.")
    worker.fill(period_start=FIRST_DAY.isoformat(), period_end=LAST_DAY.isoformat())
    picture = worker.page.locator('select[name="picture"]')
    picture.select_option(index=1)
    worker.press("Börja skriva").sees("Inga områden än.")
    the_set = worker.path
    worker.follow("Nytt prioriterat område").fill(title=SAFE, why="Många undviker torget.")
    worker.page.locator('input[name="problems"]').first.check()
    worker.press("Spara området").sees(f"A. {SAFE}")
    worker.follow("Nytt löfte").fill(
        text_as_promised=CONTROLS,
        kind="COUNT_TARGET",
        leads=[POLICE],
        how_we_know="Vi räknar kontrollerna.",
        unit_0_name="trafikkontroller",
        unit_0_target_min="2",
    )
    worker.press("Spara löftet").open(the_set)
    worker.follow("Nytt löfte").fill(
        text_as_promised=MEETINGS,
        kind="RECURRING",
        leads=["Socialförvaltningen"],
        how_we_know="Vi räknar mötena.",
        reading="Högst så här många dagar mellan två tillfällen",
        limit="14",
    )
    worker.press("Spara löftet").open(the_set).sees(CONTROLS, MEETINGS, "Inte bekräftat")
    return the_set


def shown_to_the_police(worker: Visitor, the_set: str) -> None:
    """What is not shown to them they do not see; then they read, send back, and confirm word by word."""
    worker.become("police_liaison").open("/arbete/loften/").misses(TITLE)
    worker.become("coordinator").open(the_set).follow("Visa för Polisen").press("Visa för Polisen")
    worker.become("police_liaison").open(the_set).follow("Skicka tillbaka")
    worker.fill(text="Skriv att det gäller kvällen.").press("Skicka tillbaka")
    worker.become("coordinator").open(the_set).sees("Tillbakaskickat av Polisen").follow(f"Ändra {SAFE}")
    worker.fill(title=f"{SAFE} och natten").press("Spara området")
    worker.become("police_liaison").open(the_set).follow(f"Bekräfta {SAFE}").press("Bekräfta")
    worker.open(the_set).follow(CONTROLS).follow("Bekräfta texten").press("Bekräfta")
    worker.open(the_set).follow("Bekräfta för Polisen").press("Bekräfta")
    worker.become("coordinator").open(the_set).follow("Bekräfta för kommunen").press("Bekräfta")
    worker.open(the_set).sees("Överenskomna")


def signed_and_published(worker: Visitor, the_set: str) -> None:
    for organisation, function in (("Kommunledning", "Kommunstyrelsens ordförande"), (POLICE, "Chef för området")):
        worker.open(the_set).follow("Lägg till underskrift")
        choice = worker.page.locator('select[name="organisation"]')
        wanted = next(words for words in choice.locator("option").all_inner_texts() if words.startswith(organisation))
        worker.fill(organisation=wanted, function_label=function, signed_on=FIRST_DAY.isoformat())
        worker.press("Lägg till underskriften")
    worker.open(the_set).follow("Undertecknade").press("Löftena är undertecknade")
    worker.become("communicator").open(the_set).follow("Förhandsvisa").sees(CONTROLS)
    worker.open(the_set).follow("Publicera")
    with worker.expecting(422):
        worker.press("Publicera löftena")
    ticks = worker.page.locator('main input[type="checkbox"]')
    for place in range(ticks.count()):
        ticks.nth(place).check()
    worker.press("Publicera löftena")


def done_in_two_taps(worker: Visitor, the_set: str) -> None:
    """A meeting takes one tap to the page and one to save; controls also take their number."""
    worker.become("officer_social").on_phone().open(the_set).follow(MEETINGS)
    worker.follow("Anteckna vad som gjordes").press("Spara: det är gjort")
    worker.sees("Genomfört").press("Ångra").press("Ta tillbaka ångra")
    worker.become("police_liaison").open(the_set).follow(CONTROLS).follow("Anteckna vad som gjordes")
    worker.page.locator('input[name^="count_"]').fill("3")
    worker.press("Spara: det är gjort").sees("3 trafikkontroller")
    worker.at_desk()


def answered(worker: Visitor, the_set: str) -> None:
    """Each lead says where its part stands and what residents are told."""
    worker.become("coordinator").open(the_set).follow("Avslutande text")
    worker.fill(closing_text="Det mesta blev av.").press("Spara texten")
    worker.open(the_set).follow("Föreslå avslut").sees("Det här saknas")
    worker.become("head_social").open(the_set).follow(MEETINGS).follow("Ändra genomförande")
    worker.fill(to="PARTLY_DONE", reason="Ett möte ställdes in.").press("Spara")
    worker.follow("Bedöm målet").fill(to="GOAL_PARTLY_MET").press("Spara")
    worker.follow("Svaret till invånarna").fill(public_note="Vi möttes nästan varannan vecka.").press("Spara svaret")
    followed_up(worker, "Vi höll ett möte.")
    worker.become("police_liaison").open(the_set).follow(CONTROLS).follow("Ändra genomförande")
    worker.fill(to="DONE").press("Spara")
    worker.follow("Bedöm målet").fill(to="GOAL_MET").press("Spara")
    worker.follow("Svaret till invånarna").fill(public_note="Polisen gjorde tre kontroller.").press("Spara svaret")
    followed_up(worker, "Vi gjorde tre kontroller.")


def followed_up(worker: Visitor, words: str) -> None:
    promise = worker.path
    worker.follow("Ny uppföljning").fill(kind="OUTPUT", done_text=words, is_public=True).press("Spara utkastet")
    worker.sees(words).follow("Markera som klar").press("Uppföljningen är klar")
    worker.open(promise)


def closed_by_two(worker: Visitor, the_set: str) -> None:
    worker.become("coordinator").open(the_set).follow("Föreslå avslut").press("Föreslå avslut")
    worker.open(the_set).misses("Godkänn avslut")
    worker.become("police_liaison").open(the_set).follow("Godkänn avslut").press("Avsluta löftena")
    worker.open(the_set).sees("Avslutade")
    report = worker.page.get_by_role("link", name="Rapport (PDF)").get_attribute("href")
    assert worker.page.request.get(f"{worker.url}{report}").body().startswith(b"%PDF-")


# --- From a file ----------------------------------------------------------------------------------------


def test_a_set_is_read_in_from_a_file(
    portal_at: Callable[..., JourneyPortal], visitor: Callable[[str], Visitor], tmp_path: Path
):
    portal = portal_at(WEDNESDAY)
    worker = visitor(portal.url)
    text = EXAMPLE.read_text()
    wrong = tmp_path / "fel.yaml"
    wrong.write_text(text.replace("slag: en gång", "slag: ibland", 1))
    line = wrong.read_text().splitlines().index("      slag: ibland") + 1

    worker.become("coordinator").open("/arbete/loften/").follow("Läs in")
    worker.page.locator('input[type="file"]').set_input_files(wrong)
    with worker.expecting(422):
        worker.press("Kontrollera filen")
    worker.sees("Filen behöver rättas", f"Rad {line}:", "Välj ett av: en gång", "Inget är sparat.")
    worker.open("/arbete/loften/").misses("Medborgarlöften december 2017")

    # The picture it builds on is not in this portal: the file says so, and is mended.
    mended = tmp_path / "loften.yaml"
    mended.write_text(without_the_picture(text))
    worker.follow("Läs in").page.locator('input[type="file"]').set_input_files(mended)
    worker.press("Kontrollera filen").sees("Filen går att läsa in. Inget är sparat än.", "trygghetsvandrare")
    worker.press("Läs in löftena").sees("Löftena är inlästa som utkast.", "Utkast", "trygghetsvandrare")
    visitor(portal.url).open("/loften/").misses("Medborgarlöften december 2017")


def without_the_picture(text: str) -> str:
    """The file without the lines that name a picture and its problems."""
    kept, skipping = [], False
    for line in text.splitlines(keepends=True):
        if line.strip() == "problem:":
            skipping = True
        elif skipping and line.startswith("    - "):
            continue
        elif not line.startswith("  lägesbild:"):
            skipping = False
            kept.append(line)
    return "".join(kept)
