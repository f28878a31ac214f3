"""A real browser for the journeys: Debian's Chromium driven by Playwright, and a real server whose clock is set."""

from __future__ import annotations

import datetime as dt
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from .drive import Visitor
from .looking import DESKTOP
from .portal import JourneyPortal, Pattern

# Playwright's event loop runs in this thread; without this, Django refuses its database to tests run beside it.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker(pytest.mark.browser)


def chromium_path() -> str:
    found = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if not found:
        raise RuntimeError("Chromium is not installed. On Debian: apt-get install chromium")
    return found


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Closed before other tests start a browser of their own: one process can drive one at a time."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=chromium_path(),
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"],
        )
        yield started
        started.close()


@pytest.fixture(scope="package")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> Pattern:
    return Pattern(tmp_path_factory.mktemp("pattern"))


@pytest.fixture
def portal_at(pattern: Pattern, tmp_path: Path) -> Iterator[Callable[..., JourneyPortal]]:
    """`portal_at(moment, demo=True)`: a portal whose clock stands there; with `demo` it has the demo's content."""
    with ExitStack() as stack:

        def start(moment: dt.datetime, *, demo: bool = False) -> JourneyPortal:
            portal = JourneyPortal(tmp_path / "portal", start=moment, pattern=pattern)
            stack.callback(portal.stop)
            portal.start(demo=demo)
            return portal

        yield start


@pytest.fixture
def findings() -> Iterator[list[str]]:
    """What was found wrong on the pages: nothing, or the test fails when it is over."""
    found: list[str] = []
    yield found
    assert not found, "\n".join(found)


@pytest.fixture
def visitor(browser: Browser, findings: list[str]) -> Iterator[Callable[[str], Visitor]]:
    """`visitor(portal.url)`: somebody with a browser of their own, without cookies."""
    seen: dict[str, set[str]] = {}
    with ExitStack() as stack:

        def come(url: str) -> Visitor:
            context = browser.new_context(
                viewport=DESKTOP, locale="sv-SE", timezone_id="Europe/Stockholm", reduced_motion="reduce"
            )
            stack.callback(context.close)
            context.set_default_timeout(15_000)
            return Visitor(context, url, findings=findings, seen=seen)

        yield come
