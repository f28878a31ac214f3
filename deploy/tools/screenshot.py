"""`make screenshots`: the pictures of the README; `make screens`: every page type of residents, to be looked at.

Both are taken of a portal started for it with demo content, on a free port with a temporary VAR_DIR, so that a portal
already running is left alone. The pages come from the sitemap, one of each kind, and from a list of those that are not
in it; at 360 and 1280 px, in light and dark, in var/screens/ with an index.html to look through.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parent.parent.parent
IMAGES = ROOT / "docs" / "images"
# File name, address, and the window in CSS pixels.
PICTURES = (
    ("start-1280", "/", (1280, 900)),
    ("start-360", "/", (360, 740)),
)
# Pages of residents that no sitemap names.
BESIDE_THE_MAP = ("/sok/", "/sok/?q=polisen", "/tyck-till/otrygg-plats/", "/prenumerera/?om=akut-0", "/finns-inte/")
SCREENS = ROOT / "var" / "screens"
WIDTHS = (360, 1280)
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
PATIENCE = 120.0


@contextlib.contextmanager
def portal() -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory(prefix="trygghet-pictures-") as var:
        settings = {"PORT": str(port), "VAR_DIR": var, "SITE_URL": address, "DEMO": "1", "WEB_WORKERS": "1"}
        settings |= {"DATABASE_URL": f"sqlite:///{var}/portal.sqlite3", "BROKER_URL": "filesystem://"}
        process = subprocess.Popen(
            [sys.executable, str(ROOT / "deploy/tools/run.py")], cwd=ROOT, env={**os.environ, **settings}
        )
        try:
            wait_for(f"{address}/halsa/liv", process)
            yield address
        finally:
            process.terminate()
            process.wait()


def wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=5):  # noqa: S310 (our own address)
                return
        except OSError:
            time.sleep(0.3)
    raise SystemExit("The portal did not start, so no pictures were taken.")


def page_types(sitemap: str, address: str) -> list[str]:
    """The first address of each kind in the sitemap, Swedish and English, and those beside it."""
    kinds: dict[str, str] = {}
    for path in re.findall(rf"<loc>{re.escape(address)}([^<]+)</loc>", sitemap):
        kinds.setdefault(re.sub(r"[^/]*\d[^/]*|(?<=/nyheter/)[^/]+", "x", path), path)
    return [*kinds.values(), *BESIDE_THE_MAP]


def take_all(browser: Browser, address: str) -> None:
    """Every page type, whole, in every width and scheme, and one page that shows them all."""
    shutil.rmtree(SCREENS, ignore_errors=True)
    SCREENS.mkdir(parents=True)
    rows = []
    with urllib.request.urlopen(f"{address}/sitemap.xml", timeout=20) as answer:  # noqa: S310 (our own address)
        paths = page_types(answer.read().decode(), address)
    for number, path in enumerate(paths):
        names = []
        for width in WIDTHS:
            for scheme in SCHEMES:
                name = f"{number:02d}-{width}-{scheme}.png"
                page = browser.new_page(viewport={"width": width, "height": 800}, locale="sv-SE", color_scheme=scheme)
                page.goto(address + path, wait_until="networkidle")
                page.screenshot(path=str(SCREENS / name), full_page=True)
                page.close()
                names.append(name)
        rows.append((path, names))
        print(f"var/screens/{number:02d}: {path}", flush=True)
    cells = "".join(
        f"<h2>{escape(path)}</h2><p>{''.join(f'<img src={name!r} height=500 alt={name!r}> ' for name in names)}</p>"
        for path, names in rows
    )
    (SCREENS / "index.html").write_text(f"<!doctype html><meta charset=utf-8><title>Alla sidor</title>{cells}")
    print("Open var/screens/index.html")


def main(arguments: list[str]) -> int:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not chromium:
        print("Chromium is missing (Debian: apt-get install chromium).", file=sys.stderr)
        return 1
    IMAGES.mkdir(parents=True, exist_ok=True)
    with portal() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        if arguments == ["--pages"]:
            take_all(browser, address)
            return 0
        for name, path, (width, height) in PICTURES:
            page = browser.new_page(viewport={"width": width, "height": height}, locale="sv-SE", color_scheme="light")
            page.goto(address + path, wait_until="networkidle")
            page.screenshot(path=str(IMAGES / f"{name}.png"))
            page.close()
            print(f"docs/images/{name}.png")
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
