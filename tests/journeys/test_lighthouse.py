"""Lighthouse on five of the residents' pages (quality.md A4). It measures, so nothing else runs beside it."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.processes.servers import ROOT

from .case import WEDNESDAY
from .conftest import chromium_path
from .portal import JourneyPortal

pytestmark = [pytest.mark.alone, pytest.mark.slow, pytest.mark.timeout(600)]

PAGES = (
    "/",
    "/loften/",
    "/loften/medborgarloften-december-2017december-2018/8/",
    "/intensifierat/intensifierat-trygghetsarbete/",
    "/kontakt/",
)
WANTED = {"performance": 99, "accessibility": 100, "best-practices": 95, "seo": 100}
# Machines are shared: somebody else's work makes a page slower, nothing makes it faster than it is.
TRIES = 4
FLAGS = "--headless=new --no-sandbox --disable-gpu --disable-background-networking --no-first-run"


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory, pattern) -> Iterator[JourneyPortal]:
    started = JourneyPortal(tmp_path_factory.mktemp("lighthouse") / "portal", start=WEDNESDAY, pattern=pattern)
    try:
        started.start(demo=True)
        started.as_in_production()
        yield started
    finally:
        started.stop()


@pytest.mark.parametrize("path", PAGES)
def test_lighthouse_gives_full_marks(portal, tmp_path, record_property, path):
    """Accessibility and SEO 100, performance at least 99, best practices at least 95."""
    marks: dict[str, int] = {}
    for _ in range(TRIES):
        read = report(portal.url + path, tmp_path / "report.json")
        if "runtimeError" in read:
            continue
        marks = {name: round(read["categories"][name]["score"] * 100) for name in WANTED}
        # Speed alone may be tried again; the other marks do not depend on the machine.
        if marks["performance"] >= WANTED["performance"]:
            break
    record_property("figures", f"Lighthouse {path}: {marks}")
    assert marks, "Lighthouse never saw the page"
    assert all(marks[name] >= least for name, least in WANTED.items()), (marks, lacking(read))


def report(url: str, to: Path) -> dict[str, Any]:
    """What Lighthouse says of the page; with `runtimeError` where the browser did not get as far as showing it."""
    to.unlink(missing_ok=True)
    program = ROOT / "node_modules/.bin/lighthouse"
    done = subprocess.run(
        [
            *(program, url, "--quiet", "--output=json", f"--output-path={to}", f"--chrome-flags={FLAGS}"),
            f"--only-categories={','.join(WANTED)}",
        ],
        capture_output=True,
        text=True,
        env=os.environ | {"CHROME_PATH": chromium_path()},
        timeout=180,
    )
    read = json.loads(to.read_text()) if to.exists() else {}
    assert done.returncode == 0 or "runtimeError" in read, done.stderr[-2000:]
    return read


def lacking(read: dict[str, Any]) -> list[str]:
    return [
        f"{audit['id']}: {audit['title']}"
        for audit in read["audits"].values()
        if audit.get("score") is not None
        and audit["score"] < 0.9
        and audit["scoreDisplayMode"] in ("binary", "numeric")
    ]
