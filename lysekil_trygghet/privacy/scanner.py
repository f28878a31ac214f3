"""Looks through a text for what must not be stored (docs/rules.md): identity numbers stop it, the rest warns."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from . import identity, signs
from .kinds import Kind
from .text import clean_text


@dataclass(frozen=True)
class Finding:
    """That something was found, never what."""

    kind: Kind
    blocks: bool


def scan(text: str) -> list[Finding]:
    """One finding for each kind of sign in the text, the most serious first."""
    folded = identity.fold(unicodedata.normalize("NFC", text))
    numbers = list(identity.candidates(folded))
    kinds: set[Kind] = {
        Kind.IDENTITY_NUMBER if number.certain else Kind.LOOKS_LIKE_IDENTITY_NUMBER for number in numbers
    }
    if Kind.IDENTITY_NUMBER in kinds:
        # The same digits read another way would only say it twice.
        kinds.discard(Kind.LOOKS_LIKE_IDENTITY_NUMBER)
    kinds |= signs.kinds_in(identity.blank_out(folded, numbers))
    return [Finding(kind, blocks=kind is Kind.IDENTITY_NUMBER) for kind in Kind if kind in kinds]


def check_file_name(name: str) -> list[Finding]:
    """What the name of an uploaded file gives away. Refuses an unreadable name with `UnreadableText`."""
    stem = clean_text(name).rpartition(".")[0] or name
    # Names are written with marks between the words; the numbers are looked for as they stand.
    found = dict.fromkeys([*scan(stem), *scan(stem.replace("_", " "))])
    return sorted(found, key=lambda finding: list(Kind).index(finding.kind))
