"""`make screenshots`: the pictures of the README, taken of a portal started for it with demo content.

The portal runs on a free port with a temporary VAR_DIR, so a portal already running is left alone.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent.parent
IMAGES = ROOT / "docs" / "images"
# File name, address, and the window in CSS pixels.
PICTURES = (
    ("start-1280", "/", (1280, 900)),
    ("start-360", "/", (360, 740)),
)
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


def main() -> int:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not chromium:
        print("Chromium is missing (Debian: apt-get install chromium).", file=sys.stderr)
        return 1
    IMAGES.mkdir(parents=True, exist_ok=True)
    with portal() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for name, path, (width, height) in PICTURES:
            page = browser.new_page(viewport={"width": width, "height": height}, locale="sv-SE", color_scheme="light")
            page.goto(address + path, wait_until="networkidle")
            page.screenshot(path=str(IMAGES / f"{name}.png"))
            page.close()
            print(f"docs/images/{name}.png")
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
