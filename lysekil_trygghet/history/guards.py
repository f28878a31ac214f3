"""How an operation says no: not allowed for this person, or refused with words that say what to do."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied


class NotAllowed(PermissionDenied):
    """This person may not do this; pages answer as if the thing did not exist, or with 403."""


class Refused(Exception):
    """A rule stops this; `str()` is plain Swedish for the person: what is wrong and what to do."""


def require(answer: bool) -> None:
    """Raise `NotAllowed` unless a policy said yes."""
    if not answer:
        raise NotAllowed


def refuse_unless(answer: object, message: str) -> None:
    """Raise `Refused(message)` unless the condition holds."""
    if not answer:
        raise Refused(message)
