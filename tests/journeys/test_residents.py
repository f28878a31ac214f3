"""Residents' pages as everybody meets them: by eye and ear, on a phone, enlarged, with the keyboard alone, without
scripts, in both languages; and HTML that a strict validator takes.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page

from tests.processes.servers import ROOT

from .case import WEDNESDAY
from .looking import DESKTOP, PHONE, axe_findings, look_at
from .portal import JourneyPortal

SET, PROMISE = "/loften/medborgarloften-december-2017december-2018/", "8/"
RESPONSE = "/intensifierat/intensifierat-trygghetsarbete/"
NAMED = (
    *("/", "/loften/", SET, f"{SET}uppfoljning/", f"{SET}{PROMISE}", "/loften/ni-sa-vi-gjorde/"),
    *("/loften/trygghetsvandringar/", "/lagesbild/", "/lagesbild/lagesbild-for-lysekil-2017/", "/intensifierat/"),
    *(RESPONSE, "/nyheter/", "/kontakt/", "/sa-arbetar-vi/", "/hjalp-till/", "/lagen/", "/andringar/", "/oppna-data/"),
    *(
        "/tillganglighet/",
        "/sok/?q=polisen",
        "/tyck-till/otrygg-plats/",
        "/prenumerera/?om=akut-0",
        "/badda-in/loften/",
        "/finns-inte/",
    ),
)
NARROWEST = {"width": 320, "height": 640}
TAB_LIMIT = 250


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory, pattern) -> Iterator[JourneyPortal]:
    """The demo on the Wednesday of its week; nobody here changes anything but what residents send."""
    started = JourneyPortal(tmp_path_factory.mktemp("residents") / "portal", start=WEDNESDAY, pattern=pattern)
    try:
        started.start(demo=True)
        started.as_in_production()
        yield started
    finally:
        started.stop()


@pytest.fixture(scope="module")
def paths(portal: JourneyPortal, browser: Browser) -> list[str]:
    """Every page type in both languages: those named, and one more of each kind the map of pages knows."""
    with opened(browser, portal) as page:
        sitemap = page.request.get("/sitemap.xml").text()
    found = [path.removeprefix(portal.url) for path in re.findall(r"<loc>([^<]+)</loc>", sitemap)]
    kinds: dict[str, str] = {}
    for path in found:
        if not path.startswith("/en/"):
            kinds.setdefault(re.sub(r"[^/]*\d[^/]*|(?<=/nyheter/)[^/]+", "x", path), path)
    swedish = list(dict.fromkeys([*NAMED, *kinds.values()]))
    return [*swedish, *(f"/en{path}" for path in swedish)]


@contextmanager
def opened(browser: Browser, portal: JourneyPortal, **options) -> Iterator[Page]:
    context = browser.new_context(base_url=portal.url, **options)
    try:
        yield context.new_page()
    finally:
        context.close()


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_every_page_is_accessible_at_both_widths_in_light_and_dark(portal, browser, paths, findings):
    # Without motion: colours that are on their way from light to dark are no colours to judge.
    with opened(browser, portal, reduced_motion="reduce") as page:
        for path in paths:
            page.goto(path)
            findings += look_at(page, path)
            findings += [f"{path}: {line}" for line in page.evaluate(OUTLINE)]


# One h1; no level left out; landmarks that say their name; every table named; nothing positive in the tab order.
OUTLINE = """() => {
  const wrong = [];
  const levels = [...document.querySelectorAll("h1,h2,h3,h4,h5,h6")].map(h => Number(h.tagName[1]));
  if (levels.filter(level => level === 1).length !== 1) wrong.push("not one h1");
  const main = [...document.querySelectorAll("main :is(h1,h2,h3,h4,h5,h6)")].map(h => Number(h.tagName[1]));
  main.forEach((level, i) => { if (i && level > main[i - 1] + 1) wrong.push(`a heading jumps to h${level}`); });
  if (document.querySelectorAll("main").length !== 1) wrong.push("not one main");
  const names = [...document.querySelectorAll("nav")].map(nav => nav.getAttribute("aria-label") ||
    (document.getElementById(nav.getAttribute("aria-labelledby")) || {}).textContent || "");
  if (names.some(name => !name) || new Set(names).size !== names.length) wrong.push("navs without their own name");
  for (const table of document.querySelectorAll("table")) if (!table.caption) wrong.push("a table without caption");
  if (document.querySelector("[tabindex]:not([tabindex='0']):not([tabindex='-1'])")) wrong.push("tabindex above 0");
  for (const image of document.images) if (!image.hasAttribute("alt")) wrong.push("an image without alt");
  return wrong;
}"""


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_nothing_is_cut_off_enlarged_narrow_spaced_or_in_forced_colours(portal, browser, paths, findings):
    """Reflow at 320 px (1.4.10), text at 200 % (1.4.4), text spacing (1.4.12), forced colours, reduced motion."""
    spacing = "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }"
    with opened(browser, portal, bypass_csp=True) as page:
        page.emulate_media(reduced_motion="reduce")
        for path in paths:
            page.set_viewport_size(NARROWEST)
            page.goto(path)
            findings += sideways(page, f"{path} at 320 px")
            if page.evaluate("document.getAnimations().length"):
                findings.append(f"{path}: moves although motion is not wanted")
            page.set_viewport_size(PHONE)
            page.add_style_tag(content=spacing)
            findings += sideways(page, f"{path} with spaced text")
            page.set_viewport_size(DESKTOP)
            page.add_style_tag(content="html { font-size: 200% !important }")
            findings += sideways(page, f"{path} with text at 200 %")
        page.emulate_media(forced_colors="active")
        for path in NAMED:
            page.goto(path)
            findings += [
                f"{path} (forced colours) {line}" for line in axe_findings(page, {"type": "tag", "values": ["wcag2a"]})
            ]


def sideways(page: Page, where: str) -> list[str]:
    wide = page.evaluate(
        """() => document.documentElement.scrollWidth > document.documentElement.clientWidth
             ? [...document.querySelectorAll("main *")].filter(e => e.getBoundingClientRect().right > innerWidth + 1
                 && !e.closest(".table-region")).slice(0, 2).map(e => e.outerHTML.slice(0, 80)) : null"""
    )
    return [] if wide is None else [f"{where}: scrolls sideways {wide}"]


STEP = """() => {
  const e = document.activeElement;
  if (!e || e === document.body) return null;
  const box = e.getBoundingClientRect(), style = getComputedStyle(e);
  const seen = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0 || style.boxShadow !== "none";
  const hidden = box.width < 1 || box.height < 1 || box.bottom < 0 || box.top > innerHeight;
  const all = [...document.querySelectorAll("*")];
  return {place: all.indexOf(e), name: e.outerHTML.slice(0, 90), seen, hidden, isSkip: e.className === "skip"};
}"""


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("width", [360, 1280])
def test_the_keyboard_goes_through_each_page_in_reading_order(portal, browser, findings, width):
    with opened(browser, portal, viewport={"width": width, "height": 800}) as page:
        for path in NAMED:
            page.goto(path)
            steps = []
            for _ in range(TAB_LIMIT):
                page.keyboard.press("Tab")
                step = page.evaluate(STEP)
                if step is None or (steps and step["place"] == steps[0]["place"]):
                    break
                steps.append(step)
            else:
                findings.append(f"{path}: the keyboard never comes out")
            if not path.startswith("/badda-in/") and not steps[0]["isSkip"]:
                findings.append(f"{path}: the first stop does not skip to the content")
            places = [step["place"] for step in steps]
            if places != sorted(places):
                findings.append(f"{path}: the order is not that of reading")
            findings += [f"{path}: no focus to be seen on {step['name']}" for step in steps if not step["seen"]]
            findings += [f"{path}: focus is outside the window on {step['name']}" for step in steps if step["hidden"]]


# The words of the buttons that only a script can serve.
SCRIPTED = ("Skriv", "ut", "Print", "Lyssna", "Listen", "Dela", "Share")


def test_everything_is_there_without_scripts(portal, browser, paths):
    """The words of main are the same with and without scripts, but for the three buttons only a script can serve."""
    with (
        opened(browser, portal, java_script_enabled=False) as plain,
        opened(browser, portal) as full,
    ):
        for path in paths:
            said = []
            for page in (plain, full):
                page.goto(path)
                said.append(page.locator("main").inner_text().split())
            said = [[word for word in words if word not in SCRIPTED] for words in said]
            assert said[0] == said[1], path


def test_a_resident_searches_tells_of_a_place_and_answers_without_scripts(portal, browser):
    with opened(browser, portal, java_script_enabled=False, viewport=PHONE) as page:
        page.goto("/")
        page.get_by_role("link", name="Sök").click()
        page.get_by_label("Vad letar du efter?").fill("trafikkontroller")
        page.get_by_role("button", name="Sök").click()
        page.get_by_role("link", name="trafikkontroller").first.click()
        assert "/loften/" in page.url
        page.get_by_role("button", name="Ja").click()
        assert "Tack för ditt svar" in page.title()
        page.get_by_role("link", name="Tillbaka till sidan").click()
        page.get_by_role("link", name="Så kan du hjälpa till").first.click()
        page.get_by_role("link", name="Berätta om en plats").click()
        page.get_by_role("button", name="Skicka").click()
        assert page.title().startswith("Fel: ")
        page.get_by_label("Vilken plats?").fill("Gångtunneln vid stationen")
        page.get_by_label("Mörkt eller dålig belysning").check()
        page.get_by_role("button", name="Skicka").click()
        assert "Tack, vi har tagit emot platsen" in page.title()
        assert page.context.cookies() == []


def test_a_validator_takes_every_page(portal, browser, paths, tmp_path):
    with opened(browser, portal) as page:
        for number, path in enumerate(paths):
            (tmp_path / f"{number}.html").write_text(page.request.get(path).text())
    done = subprocess.run(
        [ROOT / "node_modules/.bin/html-validate", "--config", ROOT / "deploy/tools/htmlvalidate.json", tmp_path],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + "\n".join(f"{n}.html: {path}" for n, path in enumerate(paths))


def test_the_first_visit_is_four_requests_and_light(portal, browser, paths):
    """P4: at most 20 kB as sent, at most four requests, none of them to anybody else."""
    with opened(browser, portal) as page:
        session = page.context.new_cdp_session(page)
        for path in ("/", "/loften/", f"{SET}{PROMISE}", RESPONSE, "/kontakt/", "/en/"):
            asked: list[str] = []
            page.on("request", lambda request, asked=asked: asked.append(request.url))
            session.send("Network.clearBrowserCache")
            page.goto(path, wait_until="networkidle")
            sizes = [page.request.get(url, headers={"Accept-Encoding": "br"}) for url in dict.fromkeys(asked)]
            weight = sum(int(answer.headers.get("content-length", len(answer.body()))) for answer in sizes)
            assert all(url.startswith(portal.url) for url in asked), asked
            assert len(dict.fromkeys(asked)) <= 4, asked
            assert weight <= 20_000, (path, weight)
