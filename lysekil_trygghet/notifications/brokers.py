"""Several brokers (BROKER_URL with addresses separated by `;`): all meet at the first of them that answers.

The brokers share nothing. A worker that listened at the second while everybody spoke to the first would not be woken,
and that is where it would stay after a restart of the first. So whoever sends begins with the first each time (no
connection is kept, CELERY_BROKER_POOL_LIMIT), and a worker elsewhere goes back when the first answers again.
"""

from __future__ import annotations

import logging
from typing import Any
from urllib.parse import urlsplit

import redis
from celery import Celery, bootsteps
from celery.beat import PersistentScheduler
from celery.worker import state

SEPARATOR = ";"
DEFAULT_PORT = 6379
LOOK_SECONDS = 10.0
# The worker does nothing else while it asks.
PATIENCE = 0.5

logger = logging.getLogger(__name__)


class Scheduler(PersistentScheduler):
    """Beat without a connection of its own: each wake-up finds the first broker that answers."""

    producer = None


class WentBack(ConnectionError):
    """Not a fault: the worker connects anew, and so to the first broker."""


class GoBack(bootsteps.StartStopStep):
    """Part of each worker: looks now and then whether a better broker answers."""

    requires = {"celery.worker.consumer.tasks:Tasks"}

    def __init__(self, consumer: Any, **options: Any) -> None:
        super().__init__(consumer, **options)
        self.timer: Any = None

    def start(self, consumer: Any) -> None:
        self.stop(consumer)
        self.timer = consumer.timer.call_repeatedly(LOOK_SECONDS, self.look, (consumer,))

    def stop(self, consumer: Any) -> None:
        if self.timer is not None:
            self.timer.cancel()
            self.timer = None

    def look(self, consumer: Any) -> None:
        """Raises `WentBack` when the worker should connect anew. Work in hand is finished first."""
        connection = consumer.connection
        better = addresses_before((connection.hostname, connection.port), connection.alt)
        if state.active_requests or not any(answers(address) for address in better):
            return
        logger.info("a broker named earlier answers again")
        raise WentBack


def addresses_before(current: tuple[str, int], addresses: list[str]) -> list[str]:
    """Those that stand before the one in use (its host and port); none if it is the first."""
    places = [(urlsplit(address).hostname, urlsplit(address).port or DEFAULT_PORT) for address in addresses]
    return addresses[: places.index(current)] if current in places else []


def answers(address: str) -> bool:
    try:
        with redis.Redis.from_url(address, socket_connect_timeout=PATIENCE, socket_timeout=PATIENCE) as server:
            return bool(server.ping())
    except (redis.RedisError, OSError):
        return False


def install(app: Celery) -> None:
    """For a worker with several brokers; with one there is nowhere to go back to."""
    app.steps["consumer"].add(GoBack)
