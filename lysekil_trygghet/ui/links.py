"""Addresses as templates need them: in the language of the page, and with changed query parameters."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, QueryDict
from django.urls import translate_url
from django.utils.translation import get_language, override

OTHER = {"sv": "en", "en": "sv"}
LANGUAGE_NAMES = {"sv": "Svenska", "en": "English"}


def current_language() -> str:
    return (get_language() or settings.LANGUAGE_CODE)[:2]


def in_language(path: str, language: str) -> str:
    """A Swedish path's address in another language, or the path itself when it has none."""
    with override(settings.LANGUAGE_CODE):
        return translate_url(path, language)


def in_this_language(path: str) -> str:
    """A Swedish path in the language of the page."""
    language = current_language()
    return path if language == settings.LANGUAGE_CODE[:2] else in_language(path, language)


def in_other_language(path: str) -> str:
    """The same page in the other language; empty when there is none."""
    other = OTHER.get(current_language(), "")
    translated = translate_url(path, other) if other else path
    return "" if translated == path else translated


def with_query(request: HttpRequest | None, **changes: Any) -> str:
    """The query string of this page with some parameters replaced; None or "" takes one away."""
    query = request.GET.copy() if request is not None else QueryDict(mutable=True)
    for name, value in changes.items():
        if value is None or value == "":
            query.pop(name, None)
        elif isinstance(value, list | tuple):
            query.setlist(name, [str(item) for item in value])
        else:
            query[name] = str(value)
    return f"?{query.urlencode()}" if query else "?"
