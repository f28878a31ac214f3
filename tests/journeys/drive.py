"""Somebody at the portal: becomes a role, follows links, fills in forms. Every page on the way is examined."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page, Request, Response

from .looking import DESKTOP, PHONE, look_at

# The kinds of things that stand on the page. What is one and the same on every page has been seen on the first.
KINDS = """() => {
  const found = new Set();
  for (const node of document.body.querySelectorAll("main, main *:not(svg *)")) {
    found.add([node.tagName, node.className, node.type, node.dataset.color, node.dataset.variant].join());
  }
  return [...found];
}"""


class Visitor:
    """One browser page. What is found wrong on the way is added to `findings`."""

    def __init__(self, context: BrowserContext, url: str, *, findings: list[str], seen: dict[str, set[str]]) -> None:
        self.page: Page = context.new_page()
        self.url = url
        self.findings = findings
        self._seen = seen
        self._expected = 200
        self._size = DESKTOP
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self._note(f"script: {error}"))
        self.page.on("requestfailed", self._miss)
        self.page.on("response", self._answer)

    # --- What the browser says ----------------------------------------------------------------------

    def _note(self, words: str) -> None:
        self.findings.append(f"{self.path}: {words}")

    def _hear(self, message: ConsoleMessage) -> None:
        # A failed load is told by its answer, with its address.
        if message.type in ("error", "warning") and not message.text.startswith("Failed to load resource"):
            self._note(f"console: {message.text}")

    def _miss(self, request: Request) -> None:
        # The browser's own choice: who goes on before a lazy picture has come has left it, not missed it. A server
        # that breaks off is told by other words.
        if request.failure == "net::ERR_ABORTED":
            return
        self._note(f"no answer from {request.url}: {request.failure}")

    def _answer(self, response: Response) -> None:
        if response.status >= 400 and response.status != self._expected:
            self._note(f"{response.status} from {response.url}")

    @contextmanager
    def expecting(self, status: int) -> Iterator[None]:
        """The next step is refused, and so it should be."""
        self._expected = status
        yield
        self._expected = 200

    # --- Moving about -------------------------------------------------------------------------------

    @property
    def path(self) -> str:
        return self.page.url.removeprefix(self.url)

    def open(self, path: str) -> Visitor:
        self.page.goto(path if path.startswith("http") else self.url + path)
        return self.look()

    def become(self, key: str) -> Visitor:
        """Take a role by the demo's own page, and land on the role's first screen."""
        self.open("/arbete/roll/")
        with self.page.expect_navigation():
            self.page.locator(f'form[action$="/{key}/"] button').click()
        return self.look()

    def follow(self, words: str, *, within: str = "main") -> Visitor:
        with self.page.expect_navigation():
            self.page.locator(within).get_by_role("link", name=words).first.click()
        return self.look()

    def press(self, words: str, *, within: str = "main") -> Visitor:
        with self.page.expect_navigation():
            self.button(words, within=within).click()
        return self.look()

    def button(self, words: str, *, within: str = "main") -> Locator:
        return self.page.locator(within).get_by_role("button", name=words).first

    def on_phone(self) -> Visitor:
        return self._resize(PHONE)

    def at_desk(self) -> Visitor:
        return self._resize(DESKTOP)

    def _resize(self, size: dict[str, int]) -> Visitor:
        self._size = size
        self.page.set_viewport_size(size)
        return self

    # --- Forms --------------------------------------------------------------------------------------

    def fill(self, *, within: str = "main", **values: object) -> Visitor:
        """Fill in fields by name: text, moment, tick (bool), one choice by its value, or several by their words."""
        for name, value in values.items():
            if isinstance(value, dt.datetime):
                self._write(within, f"{name}_0", value.strftime("%Y-%m-%d"))
                self._write(within, f"{name}_1", value.strftime("%H:%M"))
            elif isinstance(value, list):
                self._tick_only(within, name, value)
            else:
                self._write(within, name, value)
        return self

    def _write(self, within: str, name: str, value: object) -> None:
        # A page with several forms puts each form's name before that of the field.
        field = self.page.locator(within).locator(f':is([name="{name}"], [name$="-{name}"]):not([type="hidden"])')
        kind = field.first.evaluate("field => field.type")
        if kind == "radio":
            self.page.locator(within).locator(f'[name="{name}"][value="{value}"]').check()
        elif isinstance(value, bool):
            field.set_checked(value)
        elif kind.startswith("select"):
            field.select_option(label=str(value))
        else:
            # A field for the other language is folded away until it is asked for.
            field.evaluate("field => field.closest('details') && (field.closest('details').open = true)")
            field.fill(str(value))

    def _tick_only(self, within: str, name: str, words: list[str]) -> None:
        boxes = self.page.locator(within).locator(f'[name="{name}"]')
        found = boxes.evaluate_all("boxes => boxes.map(box => box.labels[0].textContent.trim())")
        wanted = [any(label.startswith(start) for start in words) for label in found]
        assert sum(wanted) >= len(words), f"{name} offers {found}, not all of {words}"
        for place, tick in enumerate(wanted):
            boxes.nth(place).set_checked(tick)

    # --- Reading ------------------------------------------------------------------------------------

    def text(self, within: str = "main") -> str:
        # Telephone numbers hold together on the page by other spaces and hyphens than one types.
        return re.sub(r"\s+", " ", self.page.locator(within).first.inner_text()).replace("\u2011", "-")

    def sees(self, *words: str, within: str = "main") -> Visitor:
        shown = self.text(within)
        for each in words:
            assert each in shown, f"{self.path} does not say {each!r}:\n{shown[:4000]}"
        return self

    def misses(self, *words: str, within: str = "main") -> Visitor:
        shown = self.text(within)
        for each in words:
            assert each not in shown, f"{self.path} says {each!r}"
        return self

    def look(self, *, again: bool = False) -> Visitor:
        """Examine the page, unless everything on it was examined at this address before."""
        place = re.sub(r"\d+", "N", self.path.partition("?")[0])
        kinds = set(self.page.evaluate(KINDS))
        known = self._seen.setdefault(place, set())
        if again or not kinds <= known:
            known |= kinds
            self.findings += look_at(self.page, self.path)
            self.page.set_viewport_size(self._size)
        return self
