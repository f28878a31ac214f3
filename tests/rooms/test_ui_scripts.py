"""The small scripts of the staff pages, in a real browser, with the network answering as the test says."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from django.conf import settings
from playwright.sync_api import Page, Route, sync_playwright

pytestmark = pytest.mark.browser

SCRIPTS = Path(settings.BASE_DIR) / "static" / "js"
ADDRESS = "http://portal.invalid/arbete/rapport/"
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")

REPORT = """
<form method="post" action="/arbete/skicka/" data-autosave-url="/arbete/utkast/" data-autosave-key="rapport-7"
      data-autosave-seconds="0.1" data-submit-once>
  <input type="hidden" name="csrfmiddlewaretoken" value="token"><input type="hidden" name="version" value="1">
  <label>Text <textarea name="text" data-count-max="10" data-count-left="%s tecken kvar"
    data-count-over="%s tecken för mycket"></textarea></label>
  <p role="status" data-autosave-status data-saved="Sparat kl. %(time)s" data-failed="Inte sparat"
    data-restored="Hämtat tillbaka"></p>
  <button>Skicka</button>
</form>"""
ITEMS = "".join(
    f'<li data-item="{n}"><span data-item-words>Punkt {n}</span>'
    f'<button name="move" value="up:{n}">Upp {n}</button><button name="move" value="down:{n}">Ner {n}</button></li>'
    for n in (1, 2, 3)
)
LIST = f"""
<form method="post" action="/arbete/ordning/"><input type="hidden" name="csrfmiddlewaretoken" value="token">
  <ol data-reorder>{ITEMS}</ol>
  <p role="status" data-reorder-status data-words="%(words)s ligger nu på plats %(place)s av %(total)s."
    data-failed="Det gick inte"></p></form>"""
ERRORS = """
<div tabindex="-1" id="felrutan" data-error-summary><a href="#id_text">Fyll i texten</a></div>
<div class="field"><input id="id_text"></div>"""


class Server:
    """Answers what the page asks: the page itself, and each post with the status the test has set."""

    def __init__(self, body: str) -> None:
        self.body = body
        self.status = 200
        self.json = "{}"
        self.posts: list[tuple[str, dict[str, list[str]]]] = []

    def __call__(self, route: Route) -> None:
        request = route.request
        if request.method == "POST":
            self.posts.append((request.url, parse_qs(request.post_data or "", keep_blank_values=True)))
            if self.status == 0:
                route.abort()
            elif request.is_navigation_request():
                route.fulfill(status=303, headers={"Location": "/arbete/"})
            else:
                route.fulfill(status=self.status, content_type="application/json", body=self.json)
        elif request.url.endswith(".js"):
            name = request.url.rsplit("/", 1)[1]
            route.fulfill(content_type="text/javascript", body=(SCRIPTS / name).read_text(encoding="utf-8"))
        else:
            body = self.body if request.url == ADDRESS else "<p>Mitt arbete</p>"
            scripts = "".join(f'<script src="/{path.name}" defer></script>' for path in sorted(SCRIPTS.glob("*.js")))
            page = f"<!DOCTYPE html><html lang=sv><title>x</title>{scripts}<body>{body}"
            route.fulfill(content_type="text/html; charset=utf-8", body=page)


@pytest.fixture(scope="module")
def browser() -> Iterator:
    with sync_playwright() as playwright:
        options = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=options)
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(browser) -> Iterator:
    context = browser.new_context()
    failures: list[str] = []

    def opened(body: str) -> tuple[Page, Server]:
        server = Server(body)
        page = context.new_page()
        page.on("pageerror", lambda error: failures.append(str(error)))
        page.route("**/*", server)
        page.goto(ADDRESS)
        return page, server

    yield opened
    context.close()
    assert failures == []


def test_a_draft_is_saved_soon_after_a_change(open_page):
    page, server = open_page(REPORT)
    server.json = '{"version": 2}'
    page.get_by_label("Text").fill("Vi har")
    page.get_by_text("Sparat kl.").wait_for()
    address, sent = server.posts[-1]
    assert address.endswith("/arbete/utkast/")
    assert sent["text"] == ["Vi har"]
    assert page.locator("[name=version]").input_value() == "2"
    assert page.evaluate("localStorage.length") == 0


def test_text_survives_a_server_that_is_away(open_page):
    page, server = open_page(REPORT)
    server.status = 503
    page.get_by_label("Text").fill("Skriven på bussen")
    page.get_by_text("Inte sparat").wait_for()
    server.status = 200
    page.goto(ADDRESS)
    assert page.get_by_label("Text").input_value() == "Skriven på bussen"
    page.get_by_text("Sparat kl.").wait_for()
    assert server.posts[-1][1]["text"] == ["Skriven på bussen"]
    assert page.evaluate("localStorage.length") == 0


def test_what_must_not_be_stored_is_not_kept_in_the_browser_either(open_page):
    page, server = open_page(REPORT)
    server.status, server.json = 422, '{"message": "Ta bort numret."}'
    page.get_by_label("Text").fill("19121212-1212")
    page.get_by_text("Ta bort numret.").wait_for()
    assert page.get_by_label("Text").input_value() == "19121212-1212"
    assert page.evaluate("localStorage.length") == 0


def test_a_sent_report_leaves_nothing_in_the_browser(open_page):
    page, _server = open_page(REPORT)
    page.get_by_label("Text").fill("Klart")
    page.get_by_role("button", name="Skicka").click()
    page.get_by_text("Mitt arbete").wait_for()
    assert page.evaluate("localStorage.length") == 0
    page.goto(ADDRESS)
    assert page.get_by_label("Text").input_value() == ""


def test_a_second_tap_sends_nothing(open_page):
    page, _server = open_page(
        '<form method="post" target="other" action="/x/" data-submit-once><button>Skicka</button></form>'
    )
    page.evaluate(
        """() => { window.sent = 0; const form = document.querySelector("form");
        addEventListener("submit", (event) => {
          if (!event.defaultPrevented) window.sent += 1;
          event.preventDefault();
        });
        const button = document.querySelector("button"); button.click(); button.click(); button.click(); }"""
    )
    assert page.evaluate("window.sent") == 1


def test_characters_are_counted(open_page):
    page, _server = open_page(REPORT)
    page.get_by_label("Text").fill("åäö")
    assert page.locator(".field__count").inner_text() == "7 tecken kvar"
    page.get_by_label("Text").fill("x" * 12)
    assert page.locator(".field__count[data-over]").inner_text() == "2 tecken för mycket"


def test_order_changes_by_keyboard_and_is_told(open_page):
    page, server = open_page(LIST)
    assert page.get_by_role("button", name="Upp 1").get_attribute("aria-disabled") == "true"
    page.get_by_role("button", name="Upp 3").press("Enter")
    page.get_by_text("Punkt 3 ligger nu på plats 2 av 3.").wait_for()
    assert server.posts[-1][1]["move"] == ["up:3"]
    assert page.locator("[data-item]").evaluate_all("items => items.map(item => item.dataset.item)") == ["1", "3", "2"]
    assert page.evaluate("document.activeElement.value") == "up:3"


def test_an_order_that_was_not_kept_goes_back(open_page):
    page, server = open_page(LIST)
    server.status = 500
    page.get_by_role("button", name="Ner 1").click()
    page.get_by_text("Det gick inte").wait_for()
    assert page.locator("[data-item]").evaluate_all("items => items.map(item => item.dataset.item)") == ["1", "2", "3"]


def test_focus_goes_to_the_errors_and_on_to_the_field(open_page):
    page, _server = open_page(ERRORS)
    assert page.evaluate("document.activeElement.id") == "felrutan"
    page.get_by_role("link", name="Fyll i texten").click()
    assert page.evaluate("document.activeElement.id") == "id_text"
