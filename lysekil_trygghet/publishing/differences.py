"""What differs between a text as it stood and as it stands: the words taken away and the words put in."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

# Words, the space between them, and marks such as commas, each for itself.
WORDS = re.compile(r"\w+|\s+|[^\w\s]")
# Where very much is new, whole sentences: quicker to compare, and to read.
SENTENCES = re.compile(r"[^.\n]+[.\n]*|[.\n]+")
MOST_WORDS = 4_000


@dataclass(frozen=True)
class SideBySide:
    """The old text with what was taken away in <del>, the new one with what was put in in <ins>."""

    old: SafeString
    new: SafeString


def side_by_side(old: str, new: str) -> SideBySide:
    """Both texts whole and escaped, with the words that differ marked in each."""
    before, after = _parts(old, new)
    steps = list(_steps(before, after))
    return SideBySide(
        old=_marked("del", ((same, before[start:end]) for same, start, end, _from, _to in steps)),
        new=_marked("ins", ((same, after[start:end]) for same, _from, _to, start, end in steps)),
    )


def _parts(old: str, new: str) -> tuple[list[str], list[str]]:
    before, after = WORDS.findall(old), WORDS.findall(new)
    same = _same_at_start(before, after) + _same_at_start(before[::-1], after[::-1])
    if max(len(before), len(after)) - same > MOST_WORDS:
        return SENTENCES.findall(old), SENTENCES.findall(new)
    return before, after


def _same_at_start(before: Sequence[str], after: Sequence[str]) -> int:
    return sum(1 for _pair in takewhile(lambda pair: pair[0] == pair[1], zip(before, after, strict=False)))


def _steps(before: Sequence[str], after: Sequence[str]) -> Iterator[tuple[bool, int, int, int, int]]:
    """Stretches that are alike or differ, in turn. A space between two words that differ goes with them."""
    matcher = difflib.SequenceMatcher(None, before, after)
    waiting: tuple[int, int, int, int] | None = None
    for name, start, end, from_, to in matcher.get_opcodes():
        same = name == "equal" and not (waiting and to < len(after) and _is_space(before[start:end]))
        if same and waiting:
            yield False, *waiting
            waiting = None
        if same:
            yield True, start, end, from_, to
        else:
            waiting = (waiting[0], end, waiting[2], to) if waiting else (start, end, from_, to)
    if waiting:
        yield False, *waiting


def _is_space(parts: Sequence[str]) -> bool:
    # A new line stays a new line.
    return len(parts) == 1 and parts[0] == " "


def _marked(tag: str, stretches: Iterator[tuple[bool, Sequence[str]]]) -> SafeString:
    pieces = [(same, "".join(parts)) for same, parts in stretches if parts]
    return format_html_join(
        "", "{}", ((text if same else format_html(f"<{tag}>{{}}</{tag}>", text),) for same, text in pieces)
    )
