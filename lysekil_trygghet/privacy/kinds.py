"""The kinds of signs and the words for them."""

from __future__ import annotations

from enum import Enum
from typing import Any

from django.utils.translation import gettext_lazy as _


class Kind(Enum):
    """Ordered by how serious they are. `words` completes the sentence "Texten innehåller …"."""

    IDENTITY_NUMBER = "IDENTITY_NUMBER"
    LOOKS_LIKE_IDENTITY_NUMBER = "LOOKS_LIKE_IDENTITY_NUMBER"
    EMAIL = "EMAIL"
    PHONE = "PHONE"
    BIRTH_YEAR = "BIRTH_YEAR"
    STREET_ADDRESS = "STREET_ADDRESS"
    REGISTRATION_PLATE = "REGISTRATION_PLATE"
    SOCIAL_HANDLE = "SOCIAL_HANDLE"
    PERSON_WORD = "PERSON_WORD"
    SMALL_COUNT = "SMALL_COUNT"

    @property
    def words(self) -> Any:
        return _WORDS[self]


_WORDS = {
    Kind.IDENTITY_NUMBER: _("ett personnummer eller samordningsnummer"),
    Kind.LOOKS_LIKE_IDENTITY_NUMBER: _("något som ser ut som ett personnummer"),
    Kind.EMAIL: _("en e-postadress"),
    Kind.PHONE: _("ett telefonnummer"),
    Kind.BIRTH_YEAR: _("ett födelseår eller en födelsedag"),
    Kind.STREET_ADDRESS: _("en gatuadress med nummer"),
    Kind.REGISTRATION_PLATE: _("något som ser ut som ett registreringsnummer"),
    Kind.SOCIAL_HANDLE: _("ett kontonamn från sociala medier"),
    Kind.PERSON_WORD: _("ord som pekar ut en viss person eller familj"),
    Kind.SMALL_COUNT: _("ett antal under 5 vid en skola, ett litet område eller en folkgrupp"),
}
