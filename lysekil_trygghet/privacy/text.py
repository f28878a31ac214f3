"""Text as it may be stored: readable, in one spelling, with nothing hidden in it."""

from __future__ import annotations

import re
import unicodedata

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# Left-to-right and right-to-left marks, embeddings, overrides and isolates: they can turn a text around.
_BIDI = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
# Invisible anywhere in a text, and never needed there.
_NEVER_NEEDED = "\u200b\u2060-\u2064\u206a-\u206f\ufeff\U000e0001"
_CONTROLS = "\x01-\x08\x0e-\x1f\x7f-\x84\x86-\x9f"
_REMOVED = re.compile(f"[{_BIDI}{_NEVER_NEEDED}{_CONTROLS}]")
_LINE_BREAKS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
# NUL, the sign for what could not be decoded, halves of a character, and what is no character at all.
_UNREADABLE = re.compile("[\x00\ufffd\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
# Letters and signs that look like nothing although Unicode calls them letters or signs.
BLANKS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
_INVISIBLE_CATEGORIES = frozenset({"Cc", "Cf", "Cn", "Co", "Mn", "Me", "Zs", "Zl", "Zp"})


class UnreadableText(ValueError):
    """The text holds what cannot be read back; `str()` says what to do. The text itself is not in it."""

    message: str | Promise = _(
        "Texten innehåller tecken som inte går att läsa. Skriv om den del där det står konstiga tecken."
    )

    def __str__(self) -> str:
        return str(self.message)


def clean_text(text: str) -> str:
    """The text in NFC, with plain line breaks and without hidden signs; empty if nothing in it can be seen.

    Joiners inside emoji and soft hyphens inside words are kept. Refuses with `UnreadableText`.
    """
    if _UNREADABLE.search(text):
        raise UnreadableText
    text = unicodedata.normalize("NFC", text)
    text = _REMOVED.sub("", _LINE_BREAKS.sub("\n", text))
    return text if _can_be_seen(text) else ""


def _can_be_seen(text: str) -> bool:
    return any(
        character not in BLANKS and unicodedata.category(character) not in _INVISIBLE_CATEGORIES for character in text
    )
