"""The style sheets of the portal, put together from parts when they are asked for.

`css/public.css` holds only what residents' pages need (so that a first view stays small); `css/staff.css`
adds forms and tables. Parts named `ds/…` come from Designsystemet's npm package, the others from
`static/css/`. A staticfiles finder builds the sheets, so neither `collectstatic` nor a development server
needs a step of its own; the result is kept under VAR_DIR and made anew when a part is newer.

From Designsystemet's parts the icons written as data: addresses are left out: our strict CSP does not allow
them, and our own templates draw icons as inline SVG.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage, Storage

# Later wins: plain elements, Designsystemet, and then our own components (outside every layer).
LAYERS = "@layer plain,ds.base,ds.components;"
PUBLIC_PARTS = (
    "tokens.css",
    "ds/base.css",
    "ds/heading.css",
    "ds/button.css",
    "ds/card.css",
    "ds/tag.css",
    "ds/details.css",
    "base.css",
    "layout.css",
    "components/status_badge.css",
    "components/notice.css",
    "components/breadcrumbs.css",
    "components/pager.css",
    "components/timeline.css",
    "components/details.css",
    "components/key_value.css",
    "components/ask.css",
    "components/page_foot.css",
    "pages/public.css",
    "print.css",
)
STAFF_PARTS = (
    *PUBLIC_PARTS[:7],
    "ds/input.css",
    "ds/label.css",
    "ds/field.css",
    "ds/fieldset.css",
    "ds/error-summary.css",
    "ds/table.css",
    *PUBLIC_PARTS[7:-2],
    "components/forms.css",
    "components/table.css",
    "pages/staff.css",
    "pages/assignments.css",
    "print.css",
)
# Residents' pages of promises and pictures need more; they still load one sheet.
MORE_PARTS = (*PUBLIC_PARTS[:-1], "components/changes.css", "pages/pledges.css", "pages/figures.css", "print.css")
BUNDLES: dict[str, tuple[str, ...]] = {
    "css/public.css": PUBLIC_PARTS,
    "css/public_more.css": MORE_PARTS,
    "css/staff.css": STAFF_PARTS,
}

DATA_ADDRESS = re.compile(r"""[\w-]+:(?:[^;{}"']*?\burl\((?:"data:[^"]*"|'data:[^']*')\)[^;{}"']*)+;?""")
COMMENT = re.compile(r"/\*.*?\*/", re.S)
SPACE = re.compile(r"\s+")
AROUND_MARKS = re.compile(r"\s*([{};,>])\s*")
AFTER_COLON = re.compile(r"([\w)-]):\s+")
FOREIGN_LANGUAGE = re.compile(r"[^{}]*:lang\((?:nb|nn|no)\)[^{}]*\{[^{}]*\}")


class PartMissing(FileNotFoundError):
    """A part of a style sheet is not there; most often the npm packages are not installed."""


def part_path(part: str) -> Path:
    base = Path(settings.BASE_DIR)
    if part.startswith("ds/"):
        return base / "node_modules" / "@digdir" / "designsystemet-css" / "dist" / "src" / part[3:]
    return base / "static" / "css" / part


def shrink(css: str) -> str:
    """Without comments and needless space. Made for our own plain style sheets, not for any CSS there is."""
    css = SPACE.sub(" ", COMMENT.sub("", css))
    css = AFTER_COLON.sub(r"\1:", AROUND_MARKS.sub(r"\1", css))
    return css.replace(";}", "}").strip()


def prepare(part: str, css: str) -> str:
    if part == "base.css":
        return f"@layer plain{{{shrink(css)}}}"
    if not part.startswith("ds/"):
        return shrink(css)
    layer = "ds.base" if part == "ds/base.css" else "ds.components"
    return f"@layer {layer}{{{FOREIGN_LANGUAGE.sub('', DATA_ADDRESS.sub('', COMMENT.sub('', css))).strip()}}}"


def build(name: str) -> str:
    """The whole text of one style sheet."""
    pieces = [LAYERS]
    for part in BUNDLES[name]:
        path = part_path(part)
        if not path.is_file():
            raise PartMissing(f"{name} needs {path}; run `make setup` to install the static packages")
        pieces.append(prepare(part, path.read_text(encoding="utf-8")))
    return "".join(pieces)


def folder() -> Path:
    return Path(settings.VAR_DIR) / "bundles"


def fresh(name: str) -> Path:
    """The path of a style sheet that is up to date. Written in one move, so two processes cannot mix."""
    target = folder() / name
    sources = [part_path(part) for part in BUNDLES[name]] + [Path(__file__)]
    if target.is_file():
        made = target.stat().st_mtime
        if all(source.is_file() and source.stat().st_mtime <= made for source in sources):
            return target
    text = build(name)
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=target.parent, delete=False, encoding="utf-8") as draft:
        draft.write(text)
    os.chmod(draft.name, 0o644)
    os.replace(draft.name, target)
    return target


Found = list[Any]


class BundleFinder(BaseFinder):
    """Offers the put-together style sheets to Django's staticfiles."""

    def check(self, **kwargs: Any) -> Found:
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        if path not in BUNDLES:
            return [] if find_all else None
        found = str(fresh(path))
        return [found] if find_all else found

    def list(self, ignore_patterns: Any) -> Iterator[tuple[str, Storage]]:
        storage = FileSystemStorage(location=folder())
        for name in BUNDLES:
            fresh(name)
            yield name, storage
