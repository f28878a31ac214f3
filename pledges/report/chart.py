"""A bar for each status word, as SVG with plain fills: for paper, where no style sheet reaches."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.html import escape

WIDTH = 480
ROW = 26
LABEL = 170
INK, BAR = "#1b2733", "#0b4f71"
# The report's own, from the fonts that Typst carries: none of the machine's are looked at (pdf.py).
FONT = "Libertinus Serif"


def bars(rows: Sequence[tuple[str, int]]) -> str:
    """The drawing; its words are in `in_words`, which stands as its alternative text."""
    height = ROW * max(len(rows), 1)
    most = max((count for _label, count in rows), default=1) or 1
    size = f'width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}"'
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" font-family="{FONT}" {size}>']
    for at, (label, count) in enumerate(rows):
        y = at * ROW
        width = round((WIDTH - LABEL - 40) * count / most)
        parts.append(f'<text x="0" y="{y + 17}" font-size="13" fill="{INK}">{escape(label)}</text>')
        parts.append(f'<rect x="{LABEL}" y="{y + 5}" width="{width}" height="16" fill="{BAR}"/>')
        parts.append(f'<text x="{LABEL + width + 8}" y="{y + 17}" font-size="13" fill="{INK}">{count}</text>')
    return "".join((*parts, "</svg>"))


def in_words(rows: Sequence[tuple[str, int]]) -> str:
    return ", ".join(f"{label}: {count}" for label, count in rows)
