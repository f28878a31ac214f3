"""A text in the language of the page where somebody has written it, else in Swedish and marked as such."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

WRITTEN_IN = "sv"


@dataclass(frozen=True)
class Text:
    """Words and the language they are in. In a template: `<p{{ text.mark }}>{{ text }}</p>`."""

    words: str
    language: str
    is_foreign: bool

    def __str__(self) -> str:
        return self.words

    def __bool__(self) -> bool:
        return bool(self.words.strip())

    @property
    def mark(self) -> SafeString:
        """The attribute that tells a screen reader which voice to use; empty when the page says it already."""
        return format_html(' lang="{}"', self.language) if self.is_foreign and self else SafeString("")


class Reader:
    """Reads the texts of one page in its language, and remembers whether one was there in Swedish only."""

    def __init__(self, language: str | None = None) -> None:
        self.language = (language or get_language() or WRITTEN_IN)[:2]
        self.met_swedish_only = False

    def in_language(self, thing: models.Model | Any, field: str) -> Text:
        """`thing.title_en` on an English page where it is written, else `thing.title`."""
        swedish = str(getattr(thing, field))
        if self.language == WRITTEN_IN:
            return Text(swedish, WRITTEN_IN, is_foreign=False)
        translated = str(getattr(thing, f"{field}_{self.language}", ""))
        if translated.strip():
            return Text(translated, self.language, is_foreign=False)
        self.met_swedish_only = self.met_swedish_only or bool(swedish.strip())
        return Text(swedish, WRITTEN_IN, is_foreign=True)

    def name(self, words: str) -> Text:
        """A name that is the same in every language (a department, a place): marked, but nothing is missing."""
        return Text(words, WRITTEN_IN, is_foreign=self.language != WRITTEN_IN)
