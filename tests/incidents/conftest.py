"""The world that the walks over every address share."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

from .world import World, whole_world


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[World]:
    """One of everything and a browser for each role; a test undoes what it does (world.undone)."""
    logging.disable(logging.WARNING)  # thousands of refusals, all meant
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.conf.settings.MEDIA_ROOT", tmp_path_factory.mktemp("media"))
        with whole_world() as made:
            yield made
    logging.disable(logging.NOTSET)
