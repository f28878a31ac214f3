"""Fixtures for the tests of the ledger."""

from __future__ import annotations

import pytest

from lysekil_trygghet.notifications import delivery

from .. import make
from . import ledger


@pytest.fixture
def picky(settings):
    """A mail server that answers as the test wants."""
    settings.MAILERS = {"default": {"BACKEND": f"{ledger.__name__}.PickyMail"}}
    ledger.PickyMail.answers = []
    return ledger.PickyMail


@pytest.fixture
def ledger_settings(settings, tmp_path):
    """Only what the test plans, in a folder of its own."""
    settings.NOTIFICATION_PLANNERS = []
    settings.SWEEP_STEPS = []
    settings.VAR_DIR = tmp_path
    settings.MAIL_DIR = tmp_path / "mail"
    delivery._untold.clear()
    yield
    delivery._untold.clear()


@pytest.fixture
def head():
    """Somebody who gets mails."""
    return make.user(email="chef@kommun.example", name="Förvaltningschef")
