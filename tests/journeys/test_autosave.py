"""A report is sent while the draft is being saved by itself: the two must not stand in each other's way."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import APIResponse, Browser, Page, Route, expect

from tests.processes.servers import wait_until

from .case import WEDNESDAY
from .portal import JourneyPortal, Pattern

pytestmark = [pytest.mark.browser, pytest.mark.slow]

TEXT = "Vad har ni gjort?"
SAVES_ITSELF = "**/rapport/spara/"


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory, pattern: Pattern) -> Iterator[JourneyPortal]:
    running = JourneyPortal(tmp_path_factory.mktemp("autosave"), start=WEDNESDAY, pattern=pattern)
    running.start(demo=True)
    yield running
    running.stop()


@pytest.fixture
def report_of(portal: JourneyPortal, browser: Browser) -> Iterator[Callable[[str], Page]]:
    """`report_of("head_social")`: a browser in which that person writes the first report they owe."""
    contexts = []

    def opened(key: str) -> Page:
        context = browser.new_context(base_url=portal.url, locale="sv-SE", timezone_id="Europe/Stockholm")
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        page.goto("/arbete/roll/")
        page.locator(f'form[action="/arbete/roll/{key}/"] button').click()
        page.locator('a[href$="/rapport/"]').first.click()
        page.get_by_label(TEXT).wait_for()
        return page

    yield opened
    for context in contexts:
        context.close()


class SlowLine:
    """Lets what the browser saves by itself reach the portal at once, and holds the answer back."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.held: list[tuple[Route, APIResponse]] = []
        page.route(SAVES_ITSELF, self._hold)

    def _hold(self, route: Route) -> None:
        self.held.append((route, route.fetch()))

    def wait_until_saved(self) -> None:
        for _try in range(100):
            if self.held:
                assert [answer.status for _route, answer in self.held] == [200]
                return
            self.page.wait_for_timeout(100)
        raise AssertionError("nothing was saved by itself")

    def let_through(self) -> None:
        for route, answer in self.held:
            route.fulfill(response=answer)
        self.held.clear()


def test_a_report_sent_while_the_draft_is_being_saved_waits_for_it(report_of):
    """Without the wait the page would name the revision before its own save, and be told of a colleague."""
    page = report_of("head_labour")
    line = SlowLine(page)
    page.get_by_label(TEXT).fill("Fyra ungdomar")
    line.wait_until_saved()
    page.get_by_label(TEXT).fill("Fyra ungdomar har fått sommarjobb.")
    page.locator('[name=outcome][value="DONE"]').check()
    page.locator("[name=secrecy_checked]").check()
    button = page.get_by_role("button", name="Lämna in")
    button.click(no_wait_after=True)
    expect(button).to_have_attribute("aria-busy", "true")
    button.click(no_wait_after=True)  # an impatient second tap
    line.let_through()

    page.get_by_text("Återrapporten är inlämnad").wait_for()
    assert page.get_by_text("Fyra ungdomar har fått sommarjobb.").count() >= 1
    # Playwright's own waiting would evaluate a string in the page, which the portal's policy forbids.
    wait_until(lambda: page.evaluate("localStorage.length") == 0, seconds=5, what="an empty store in the browser")


def test_the_button_that_was_pressed_still_counts_after_the_wait(report_of):
    page = report_of("head_planning")
    line = SlowLine(page)
    page.get_by_label(TEXT).fill("Hälften")
    line.wait_until_saved()
    page.get_by_label(TEXT).fill("Hälften av lamporna lyser.")
    page.get_by_role("button", name="Spara utkast").click(no_wait_after=True)
    line.let_through()

    page.get_by_text("Utkastet är sparat").wait_for()
    assert page.get_by_label(TEXT).input_value() == "Hälften av lamporna lyser."


def test_a_save_that_never_ends_does_not_hold_the_report_back(report_of):
    """The line is dead: after a while the report is sent all the same, and its text is not lost."""
    page = report_of("head_social")
    page.route(SAVES_ITSELF, lambda _route: None)
    with page.expect_request(SAVES_ITSELF):
        page.get_by_label(TEXT).fill("Skriven på färjan")
    page.get_by_role("button", name="Spara utkast").click(no_wait_after=True)

    page.get_by_text("Utkastet är sparat").wait_for()
    assert page.get_by_label(TEXT).input_value() == "Skriven på färjan"


def test_what_a_colleague_wrote_meanwhile_is_still_told(report_of):
    """The wait is for one's own save alone: a colleague's is met with both texts, as before."""
    mine, theirs = report_of("head_executive"), report_of("officer_executive")
    line = SlowLine(mine)
    mine.get_by_label(TEXT).fill("Min text")
    line.wait_until_saved()
    theirs.reload()
    theirs.get_by_label(TEXT).fill("Kollegans text")
    theirs.get_by_role("button", name="Spara utkast").click()
    theirs.get_by_text("Utkastet är sparat").wait_for()
    mine.get_by_label(TEXT).fill("Min längre text")
    mine.get_by_role("button", name="Spara utkast").click(no_wait_after=True)
    line.let_through()

    mine.get_by_text("Någon annan har ändrat här").first.wait_for()
    assert mine.get_by_label(TEXT).input_value() == "Min längre text"
    expect(mine.get_by_text("Kollegans text").first).to_be_visible()
