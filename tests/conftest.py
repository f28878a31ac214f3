"""What every test gets: a fixed moment, the demo people, signed-in clients, and no way out to the network."""

from __future__ import annotations

import datetime as dt
import gc
import ipaddress
import os
import socket
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import hypothesis
import pytest
from django.apps import AppConfig
from django.conf import settings
from django.db import connection
from django.db.models.signals import post_migrate
from django.dispatch import receiver
from django.test import Client
from django.utils import translation

from lysekil_trygghet.accounts.actors import Actor
from lysekil_trygghet.accounts.models import User
from lysekil_trygghet.publishing.pages import shelf

from . import make
from .processes.migrated import sqlite_file

# A busy machine is no fault of the code on trial; what must be quick is measured apart.
hypothesis.settings.register_profile("portal", deadline=None)
hypothesis.settings.load_profile("portal")

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def pytest_collection_finish() -> None:
    """What is loaded by now stays to the end; looking through it for garbage took a tenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


# --- The world of a test ----------------------------------------------------------------------------


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> Iterator[None]:
    """SQLite in memory begins with the tables of a file made earlier by the same migrations.

    Django migrates it afterwards as it always does, and finds nothing left to do. PostgreSQL has the same from
    `python -m tests.processes.servers postgres`.
    """
    if connection.vendor != "sqlite":
        yield
        return
    # It exists as long as somebody holds it open; soon Django does.
    with closing(sqlite3.connect(connection.creation._get_test_db_name(), uri=True)) as memory:
        with closing(sqlite3.connect(sqlite_file())) as file:
            file.backup(memory)
        yield


@receiver(post_migrate)
def _the_demo_people_live_here(sender: AppConfig, **_kwargs) -> None:
    """Most tests need them, and one by one they would cost more than all the rest of many a test.

    So they come with the tables: when the test database is made, and again each time a test with real
    transactions has emptied it. What a test does to them is rolled back with the test.
    """
    if sender.label == "accounts":
        make.people()


@pytest.fixture(autouse=True)
def _swedish() -> Iterator[None]:
    """Every test begins and ends in the language of the portal: a request to /en/ leaves its own behind."""
    translation.activate(settings.LANGUAGE_CODE)
    yield
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture(autouse=True)
def _no_kept_pages() -> None:
    """Every test begins as in a new process, which has kept no page."""
    shelf.clear()


@pytest.fixture
def now() -> dt.datetime:
    """Tuesday 9 June 2020, 10:00 in Stockholm."""
    return make.NOW


@pytest.fixture
def people(db: None) -> dict[str, User]:
    """The demo people by key: director, coordinator, head_social, officer_social, …"""
    return make.people()


@pytest.fixture
def client_as(people: dict[str, User]) -> Callable[[str], Client]:
    """`client_as("director")`: a browser in which the director is signed in; `client_as(None)`: nobody is."""

    def signed_in(key: str | None, **options) -> Client:
        client = Client(**options)
        if key is not None:
            client.force_login(people[key], backend=BACKEND)
        return client

    return signed_in


@pytest.fixture
def actor_of(people: dict[str, User]) -> Callable[..., Actor]:
    """`actor_of("head_social")`: the actor as of 9 June 2020, or of another day with `on=`."""

    def acting(key: str, *, on: dt.date = make.TODAY) -> Actor:
        return Actor.of(people[key], on=on)

    return acting


@pytest.fixture
def unused_port() -> int:
    """A port of this machine on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


# --- No way out -------------------------------------------------------------------------------------


class OutsideNetwork(RuntimeError):
    """A test tried to reach another machine."""


def _is_own_machine(address: object) -> bool:
    if not isinstance(address, tuple):
        return True  # a unix socket
    host = str(address[0])
    if host in ("", "localhost"):
        return True
    try:
        return ipaddress.ip_address(host.split("%")[0]).is_loopback
    except ValueError:
        return False


_connect, _connect_ex = socket.socket.connect, socket.socket.connect_ex


def _stay_home(asking: socket.socket, address: object) -> None:
    if not _is_own_machine(address):
        asking.close()  # the caller does not expect this error and would leave it open
        raise OutsideNetwork(f"tests may not reach {address!r}")


def _guarded_connect(self: socket.socket, address: object) -> None:
    _stay_home(self, address)
    return _connect(self, address)  # type: ignore[arg-type]


def _guarded_connect_ex(self: socket.socket, address: object) -> int:
    _stay_home(self, address)
    return _connect_ex(self, address)  # type: ignore[arg-type]


# Pages and parts of pages, tested through the client: what they prove is the same on every database. The operations
# and questions they call are tested on both, and so is one walk over all pages (test_access_matrix, test_hidden).
SHOWN_THE_SAME = (
    *("incidents/test_pages_*.py", "pledges/test_pages_*.py", "situation/test_pages_*.py", "situation/test_parts.py"),
    *("situation/test_figures.py", "rooms/test_found.py", "rooms/test_text_changes.py", "rooms/test_page_parts.py"),
    *("rooms/test_own_mail.py", "rooms/test_mailroom.py", "rooms/test_ui.py", "test_production_settings.py"),
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if any(item.path.match(str(here / pattern)) for pattern in SHOWN_THE_SAME):
            item.add_marker(pytest.mark.same_everywhere)


def pytest_configure(config: pytest.Config) -> None:
    socket.socket.connect = _guarded_connect  # type: ignore[method-assign]
    socket.socket.connect_ex = _guarded_connect_ex  # type: ignore[method-assign]


def pytest_unconfigure(config: pytest.Config) -> None:
    socket.socket.connect = _connect  # type: ignore[method-assign]
    socket.socket.connect_ex = _connect_ex  # type: ignore[method-assign]


# --- Where CI=true, a skipped test is a failed one -----------------------------------------------------


def _no_skip(report):
    if report.skipped and not hasattr(report, "wasxfail") and os.environ.get("CI") == "true":
        report.outcome = "failed"
        report.longrepr = f"skipped, and CI allows no skipped test: {report.longrepr}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]):
    return _no_skip((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector: pytest.Collector):
    return _no_skip((yield))


# --- What a test found out, beyond passing -------------------------------------------------------------


def pytest_terminal_summary(terminalreporter) -> None:
    """The figures of the process tests, from whichever process they ran in."""
    reports = [report for group in terminalreporter.stats.values() for report in group]
    said = {value for report in reports for name, value in getattr(report, "user_properties", ()) if name == "figures"}
    if said:
        terminalreporter.section("figures")
        for line in sorted(said):
            terminalreporter.write_line(line)
