"""One migrated PostgreSQL for each test run; each test gets a fresh copy of its database, sinks and processes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from itertools import count
from pathlib import Path

import pytest

from .migrated import fill
from .portal import Portal
from .servers import TEMPLATE, Postgres, Redis, ServerMissing, Sink, SmallDisk, temporary_folder

_number = count(1)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker(pytest.mark.process)


@pytest.fixture(scope="session")
def servers_folder() -> Iterator[Path]:
    with temporary_folder() as folder:
        yield folder


@pytest.fixture(scope="session")
def pattern(servers_folder: Path) -> Postgres:
    """A stopped cluster that holds one empty, migrated database: all others are copied from it."""
    cluster = Postgres(servers_folder / "pattern").create().start()
    try:
        fill(cluster, TEMPLATE)
    finally:
        cluster.stop()
    return cluster


@pytest.fixture(scope="session")
def postgres(pattern: Postgres, servers_folder: Path) -> Iterator[Postgres]:
    server = pattern.copy_to(servers_folder / "postgres")
    try:
        yield server.start()
    finally:
        server.stop()


@pytest.fixture
def say(record_property) -> Callable[[str], None]:
    """One line that stands at the end of the run, also when the test ran in another process (tests/conftest.py)."""
    return partial(record_property, "figures")


@pytest.fixture
def folder(servers_folder: Path) -> Path:
    made = servers_folder / f"test-{next(_number)}"
    made.mkdir()
    return made


@pytest.fixture
def small_disk(folder: Path) -> Iterator[Callable[..., SmallDisk]]:
    """`small_disk(megabytes=64)`. Where this machine does not let us mount one, the test says so."""
    with ExitStack() as stack:

        def make(*, megabytes: int) -> SmallDisk:
            try:
                disk = SmallDisk(folder / f"disk-{next(_number)}", megabytes=megabytes)
            except ServerMissing as why:
                pytest.skip(str(why))
            return stack.enter_context(disk)

        yield make


@pytest.fixture
def redis(folder: Path) -> Iterator[Redis]:
    server = Redis(folder / "redis")
    try:
        yield server.start()
    finally:
        server.stop()


@pytest.fixture
def portal_with(folder: Path, request: pytest.FixtureRequest) -> Iterator[Callable[..., Portal]]:
    """`portal_with(delay=5, SEND_BATCH="40")`: small names are the sink's switches, capitals are settings."""
    with ExitStack() as stack:

        def make(*, redis: Redis | None = None, postgres: Postgres | None = None, **options) -> Portal:
            server = postgres or request.getfixturevalue("postgres")
            database = f"{folder.name.replace('-', '_')}_{next(_number)}"
            server.new_database(database, template=TEMPLATE)
            own = folder / database
            own.mkdir()
            switches = {name: value for name, value in options.items() if name.islower()}
            env = {name: str(value) for name, value in options.items() if not name.islower()}
            sink = Sink(own, **switches)
            stack.callback(sink.stop)
            portal = Portal(own, postgres=server, database=database, sink=sink, redis=redis, **env)
            stack.callback(portal.stop)
            return portal

        yield make
