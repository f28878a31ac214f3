"""Markdown written by staff, made into HTML that can hold nothing dangerous.

Two locks: markdown-it-py never lets raw HTML through, and nh3 keeps only the elements and addresses listed here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from html import escape
from typing import Any

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

ELEMENTS = {
    "p",
    "br",
    "hr",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "strong",
    "em",
    "code",
    "pre",
    "blockquote",
    "ul",
    "ol",
    "li",
    "a",
}
# The star stands for every element: none may carry title or lang, which nh3 would let through.
ATTRIBUTES: dict[str, set[str]] = {"*": set(), "a": {"href"}, "ol": {"start"}}
SCHEMES = {"https", "mailto", "tel"}
LINK_REL = "noopener noreferrer"
LOWEST_HEADING = 6
# What is longer than any field allows, or all brackets, is shown as it stands: parsing it would cost too much.
LONGEST_PARSED = 20_000
MOST_BRACKETS = 1_000

_WITH_SCHEME = re.compile(r"(?:https://|mailto:|tel:)[^\s\\\x00-\x1f\x7f]+\Z", re.IGNORECASE)
# Two slashes, or a slash and a backslash, would lead to another site.
_ON_THIS_SITE = re.compile(r"/(?![/\\]|%5c)[^\s\\\x00-\x1f\x7f]*\Z", re.IGNORECASE)
_ON_THIS_PAGE = re.compile(r"#[\w-]*\Z")


def _is_safe_link(url: str) -> bool:
    return bool(_WITH_SCHEME.match(url) or _ON_THIS_SITE.match(url) or _ON_THIS_PAGE.match(url))


def _image_as_words(_renderer: object, tokens: Sequence[Token], index: int, _options: Any, _env: Any) -> str:
    """A picture written in the text becomes its own description: pictures are attached, never linked to."""
    return escape(tokens[index].content)


def _make_parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "linkify": False, "typographer": False, "maxNesting": 12})
    parser.validateLink = _is_safe_link  # type: ignore[method-assign]
    parser.add_render_rule("image", _image_as_words)
    return parser


_parser = _make_parser()
_cleaner = nh3.Cleaner(
    tags=ELEMENTS,
    attributes=ATTRIBUTES,
    clean_content_tags={"script", "style"},
    url_schemes=SCHEMES,
    url_relative=lambda url: url if _is_safe_link(url) else None,
    link_rel=LINK_REL,
)


def _costs_too_much(text: str) -> bool:
    return len(text) > LONGEST_PARSED or text.count("[") > MOST_BRACKETS


def render(text: str, *, heading: int = 3) -> SafeString:
    """The text as safe HTML. Its highest heading becomes `heading`, the next one below that, with no gap."""
    return _rendered(text, heading)


@lru_cache(maxsize=256)
def _rendered(text: str, heading: int) -> SafeString:
    if _costs_too_much(text):
        raw = "".join(f"<p>{escape(piece)}</p>" for piece in text.split("\n\n") if piece.strip())
    else:
        tokens = _parser.parse(text)
        _move_headings(tokens, heading)
        raw = _parser.renderer.render(tokens, _parser.options, {})
    return mark_safe(_cleaner.clean(raw).strip())  # noqa: S308 - nh3 has just cleaned it


def _move_headings(tokens: Sequence[Token], top: int) -> None:
    headings = [token for token in tokens if token.type in ("heading_open", "heading_close")]
    ranks = {tag: rank for rank, tag in enumerate(sorted({token.tag for token in headings}))}
    level = top - 1
    for opening, closing in zip(headings[::2], headings[1::2], strict=True):
        level = min(top + ranks[opening.tag], level + 1, LOWEST_HEADING)
        opening.tag = closing.tag = f"h{level}"


def plain(text: str) -> str:
    """The words alone on one line, for descriptions and feeds. Not escaped: the template does that."""
    if _costs_too_much(text):
        return " ".join(text.split())
    return " ".join(" ".join(_words(_parser.parse(text))).split())


def _words(tokens: Sequence[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type == "inline":
            yield "".join(_inline_words(token.children or ()))
        elif token.type in ("fence", "code_block"):
            yield token.content


def _inline_words(tokens: Sequence[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type in ("softbreak", "hardbreak"):
            yield " "
        else:
            yield token.content
