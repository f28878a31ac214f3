"""The world that the walk over every address of the promises shares."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

from ..incidents.world import World, whole_world
from .world import fill


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker) -> Iterator[World]:
    """Sets in every state and all that belongs to them; a test undoes what it does (world.undone)."""
    logging.disable(logging.WARNING)  # hundreds of refusals, all meant
    with django_db_blocker.unblock(), whole_world(fill) as made:
        yield made
    logging.disable(logging.NOTSET)
