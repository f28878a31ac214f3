"""What the communicator looks at before something is published: signs of persons, plain language, English, pictures.

Hints, never locks: what must be there stands in operations/publication.py. Pure functions, no database beyond the
parts of the thing itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.text import Truncator, get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from incidents.models import ActionPackage, PublicUpdate, SteeringDecision
from incidents.operations.publication import KINDS, all_texts
from lysekil_trygghet.privacy import scan
from lysekil_trygghet.privacy.kinds import Kind
from lysekil_trygghet.publishing.models import Publishable

LONG_SENTENCE = 25
LONG_WORD = 6
# Readability index (Björnsson 1968): 40–50 is a newspaper, above 50 is official prose.
HARD_LIX = 50
FEWEST_WORDS_FOR_LIX = 30

_MARKS = re.compile(r"^[ \t]*(?:#{1,6}|[-*+>]|\d+[.)])[ \t]+|[*_`]", re.MULTILINE)
_LINK = re.compile(r"\[([^\]\n]{0,300})\]\([^)\s]{0,500}\)")
_SENTENCE_END = re.compile(r"(?<=[.!?:])\s+|\n+")
_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")


@dataclass(frozen=True)
class Check:
    """One thing looked at. `ask` is what a person confirms when `is_fine` is False."""

    key: str
    is_fine: bool
    words: str
    ask: str = ""

    @property
    def icon(self) -> str:
        return "check-circle" if self.is_fine else "alert"

    @property
    def tone(self) -> str:
        return "success" if self.is_fine else "warning"


def checks_of(thing: Publishable) -> list[Check]:
    """Everything the page shows beside the publish button."""
    swedish = swedish_texts(thing)
    checks = [_persons(all_texts(thing)), _sentences(swedish), _reading_ease(swedish), _english(thing)]
    if isinstance(thing, PublicUpdate) and thing.picture is not None:
        checks.append(_picture(thing))
    return [check for check in checks if check is not None]


def swedish_texts(thing: Publishable) -> list[str]:
    texts = [str(getattr(thing, name)) for name in KINDS[type(thing)].texts if not name.endswith("_en")]
    if isinstance(thing, SteeringDecision):
        texts += [point.text for point in thing.points.all() if point.is_public]
        texts += [approach.text for approach in thing.approaches.all() if approach.is_public]
    if isinstance(thing, ActionPackage):
        texts += [item.what for item in thing.items.all()]
    return [text for text in texts if text.strip()]


# --- Persons ----------------------------------------------------------------------------------------


def _persons(texts: Iterable[str]) -> Check:
    kinds = {finding.kind for text in texts for finding in scan(text)}
    if not kinds:
        return Check("persons", True, _("Inga tecken på personuppgifter."))
    found = get_text_list([str(kind.words) for kind in Kind if kind in kinds], _("och"))
    return Check(
        "persons",
        False,
        _("Texten innehåller %(found)s.") % {"found": found},
        _("Jag har kontrollerat att ingen person pekas ut."),
    )


# --- Plain language ---------------------------------------------------------------------------------


def sentences_of(text: str) -> list[str]:
    plain = _MARKS.sub("", _LINK.sub(r"\1", text))
    return [sentence.strip() for sentence in _SENTENCE_END.split(plain) if _WORD.search(sentence)]


def lix(texts: Iterable[str]) -> int | None:
    """The readability index, or None when there is too little text for it to say anything."""
    sentences = [sentence for text in texts for sentence in sentences_of(text)]
    words = [word for sentence in sentences for word in _WORD.findall(sentence)]
    if len(words) < FEWEST_WORDS_FOR_LIX:
        return None
    long_words = sum(len(word) > LONG_WORD for word in words)
    return round(len(words) / len(sentences) + 100 * long_words / len(words))


def _sentences(texts: Iterable[str]) -> Check:
    too_long = [
        sentence for text in texts for sentence in sentences_of(text) if len(_WORD.findall(sentence)) > LONG_SENTENCE
    ]
    if not too_long:
        return Check("sentences", True, _("Meningarna är korta."))
    words = ngettext(
        "En mening är längre än %(limit)d ord: ”%(first)s”",
        "%(count)d meningar är längre än %(limit)d ord. Den första: ”%(first)s”",
        len(too_long),
    ) % {"count": len(too_long), "limit": LONG_SENTENCE, "first": Truncator(too_long[0]).words(8)}
    return Check("sentences", False, words, _("De långa meningarna går att förstå."))


def _reading_ease(texts: Iterable[str]) -> Check | None:
    value = lix(texts)
    if value is None:
        return None
    if value <= HARD_LIX:
        return Check("lix", True, _("Texten är lagom lätt att läsa (läsbarhetsindex %(lix)d).") % {"lix": value})
    return Check(
        "lix",
        False,
        _("Texten är svår att läsa (läsbarhetsindex %(lix)d, försök komma under %(limit)d).")
        % {"lix": value, "limit": HARD_LIX},
        _("Texten går att förstå fast den är svår."),
    )


# --- English and pictures ---------------------------------------------------------------------------


def _english(thing: Publishable) -> Check:
    missing = []
    for name in KINDS[type(thing)].texts:
        english = f"{name}_en"
        if (
            english in KINDS[type(thing)].texts
            and getattr(thing, name).strip()
            and not getattr(thing, english).strip()
        ):
            field: Any = thing._meta.get_field(name)
            missing.append(str(field.verbose_name))
    if isinstance(thing, ActionPackage) and any(not item.what_en.strip() for item in thing.items.all()):
        missing.append(_("åtgärder"))
    if isinstance(thing, SteeringDecision):
        rows: list[Any] = [*thing.points.all(), *thing.approaches.all()]
        if any(row.is_public and not row.text_en.strip() for row in rows):
            missing.append(_("punkter"))
    if not missing:
        return Check("english", True, _("Engelska finns."))
    return Check(
        "english",
        False,
        _("Engelska saknas: %(missing)s.") % {"missing": get_text_list(missing, _("och"))},
        _("Den engelska sidan får visa den svenska texten."),
    )


def _picture(update: PublicUpdate) -> Check:
    picture = update.picture
    assert picture is not None
    missing = []
    if not picture.alt_en.strip():
        missing.append(_("Bildbeskrivning på engelska saknas."))
    if not picture.credit.strip():
        missing.append(_("Bildkälla saknas."))
    if not missing:
        return Check("picture", True, _("Bilden har beskrivning och källa."))
    return Check("picture", False, " ".join(missing), _("Bilden får visas så."))
