"""Web processes are killed and the database has too few connections: what was answered is saved, and whole."""

from __future__ import annotations

import os
import random
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress

import pytest

from .portal import Portal, Unit
from .servers import children_of, port_answers, wait_until
from .standing import events_against, statuses
from .visitor import NEW_EVENT, NOTHING, Answer, Visitor, sessions

QUICK = {"SWEEP_SECONDS": 0.5, "LEASE_SECONDS": 5, "SMTP_TIMEOUT": 3}


def is_up(port: int) -> bool:
    return Visitor(port, patience=2).get("/halsa/liv").status == 200


def title_of(count: int) -> str:
    return f"Händelse {count}"


def send_forms(port: int, session: str, *, number: int, at_once: int) -> dict[str, Answer]:
    """So many events, so many at a time; the answer to each title, which is also the form's one-time token."""

    def send(count: int) -> tuple[str, Answer]:
        title = title_of(count)
        wait_until(lambda: port_answers(port), seconds=20, what="somebody listens")
        return title, Visitor(port, session).new_event(title, once=title)

    with ThreadPoolExecutor(at_once) as pool:
        return dict(pool.map(send, range(number)))


@contextmanager
def killing(web: Unit, port: int, *, times: int) -> Iterator[list[int]]:
    """Kills one of the web processes, about a second after they answer again; the list grows by each."""
    killed: list[int] = []
    over = threading.Event()
    chance = random.Random(2020)

    def kill() -> None:
        while len(killed) < times and not over.wait(chance.uniform(0.4, 1.4)):
            children = children_of(web.running)
            if children and is_up(port):
                killed.append(chance.choice(children))
                with suppress(ProcessLookupError):
                    os.kill(killed[-1], signal.SIGKILL)

    killer = threading.Thread(target=kill, daemon=True)
    killer.start()
    try:
        yield killed
    finally:
        over.set()
        killer.join()


def test_r22_web_processes_killed_in_the_middle_of_forms(portal_with, say):
    _web_processes_killed(portal_with, forms=500, kills=5, say=say, name="R22 in short")


@pytest.mark.long
@pytest.mark.timeout(900)
def test_r22_web_processes_killed_again_and_again(portal_with, say):
    _web_processes_killed(portal_with, forms=1500, kills=40, say=say, name="R22")


def _web_processes_killed(portal_with, *, forms: int, kills: int, say, name: str) -> None:
    portal: Portal = portal_with(delay=10, **QUICK)
    port = portal.open()
    with Unit(lambda: portal.web(port)) as web:
        portal.wait_until(lambda: is_up(port), seconds=40, what="the pages answer")
        [session] = sessions(portal, "coordinator")
        assert Visitor(port, session).get(NEW_EVENT).status == 200
        portal.seed(200)
        portal.sweeper()
        with killing(web, port, times=kills) as killed:
            told = send_forms(port, session, number=forms, at_once=6)
        portal.wait_until(lambda: is_up(port), seconds=20, what="the pages answer again")
        standing = events_against(portal, told)
        # Whoever got no answer presses the button once more: neither lost nor there twice.
        unanswered = [title for title, answer in told.items() if answer.status == NOTHING]
        again = [Visitor(port, session).new_event(title, once=title) for title in unanswered]
        after = events_against(portal, told)
    portal.wait_until_done(seconds=60)
    figures = portal.figures()
    say(
        figures.line(
            name,
            web_processes_killed=len(killed),
            all_started_anew=web.starts - 1,
            answers=statuses(told.values()),
            missing=standing.missing,
            halves=standing.halves,
            saved_without_answer=standing.silent,
        )
    )
    assert len(killed) == kills
    assert set(statuses(told.values())) <= {303, NOTHING}
    assert statuses(told.values())[303] > forms / 2
    assert (standing.missing, standing.double, standing.halves) == (0, 0, 0)
    assert set(statuses(again)) <= {303}
    assert (after.saved, after.double, after.halves) == (forms, 0, 0)
    assert (figures.lost, figures.double, figures.stuck) == (0, 0, 0)
