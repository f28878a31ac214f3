"""Where each role lands after signing in (docs/rules.md)."""

from __future__ import annotations

from .actors import Actor
from .models import POLICE_ROLES, Role

WORK = "/arbete/"
FIRST_SCREENS: tuple[tuple[frozenset[str], str], ...] = (
    (frozenset({Role.MUNICIPAL_DIRECTOR, Role.COORDINATOR}), "/arbete/lage/"),
    (POLICE_ROLES, "/arbete/polis/"),
    (frozenset({Role.COMMUNICATOR}), "/arbete/publicera/"),
)


def first_screen(actor: Actor) -> str:
    """The first page for `actor`: the first line of the table that one of the roles fits."""
    return next((url for roles, url in FIRST_SCREENS if actor.roles & roles), WORK)
