"""Every staff address × every role × reading and doing: the answer is the one of access_table.py, and nothing leaks.

An address that has no line in the table fails the test.
"""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.urls import get_resolver, reverse

from tests.test_open_pages import patterns

from .access_table import INSIDE, TABLE, Line, is_elsewhere
from .world import CANARY, EVERYBODY, Writes, undone

pytestmark = [pytest.mark.django_db, pytest.mark.same_everywhere]

OPENED = (200, 302, 303)
DONE = (200, 302, 303, 409, 422)
CASES = [
    pytest.param(f"{namespace}:{name}", line, id=f"{namespace}:{name}-{place}-{line.of}")
    for namespace, names in TABLE.items()
    for name, lines in names.items()
    for place, line in enumerate(lines, start=1)
]
NUMBERED = [case for case in CASES if case.values[1].of or case.values[1].args]


def ask(client: Client, method: str, url: str, data: dict | None = None) -> tuple[int, str, list[str]]:
    """The status, what it said, and the tables written to. What was done is undone."""
    writes = Writes()
    with undone(), connection.execute_wrapper(writes):
        answer = getattr(client, method)(url, data or {})
        # Read to its end, a file closes itself; `close()` would end the connection on PostgreSQL too.
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        said = "" if answer.streaming else body.decode(errors="replace")
    return answer.status_code, said, writes.tables


def expected(line: Line, method: str, who: str) -> tuple[int, ...]:
    may = line.get if method == "get" else line.post
    if may is None:
        return (405,)
    if who in may:
        return OPENED if method == "get" else DONE
    return (403,) if who in line.exists else (404,)


# --- The table is whole ---------------------------------------------------------------------------------


def test_every_staff_address_has_a_line():
    names = {name for name, _pattern in patterns(get_resolver()) if not is_elsewhere(namespace_of(name))}
    listed = {f"{namespace}:{name}" for namespace, lines in TABLE.items() for name in lines}

    assert names - listed == set(), "an address without a line in access_table.py"
    assert listed - names == set(), "a line whose address is gone"


def namespace_of(name: str) -> str:
    return name.partition(":")[0] if ":" in name else ""


def test_a_line_is_true_to_itself():
    """Who may open or do must be somebody for whom the thing exists."""
    for namespace, names in TABLE.items():
        for name, lines in names.items():
            for line in lines:
                may = (line.get or frozenset()) | (line.post or frozenset())
                assert may <= line.exists, f"{namespace}:{name} {line.of}"
                assert line.get is not None or line.post is not None


# --- The table holds ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "line"), CASES)
def test_everybody_meets_what_the_table_says(world, missing, name, line):
    """What somebody may not see looks like what is missing, so nobody learns of it by walking the numbers."""
    url = reverse(name, args=line.arguments(world))
    wrong = []
    for who in EVERYBODY:
        for method in ("get", "post"):
            wanted = expected(line, method, who)
            if wanted == (405,) and who != EVERYBODY[0]:
                continue  # said before anybody is asked who they are
            status, said, written = ask(world.clients[who], method, url, line.data(world) if method == "post" else {})
            if status not in wanted:
                wrong.append(f"{who} {method}: {status}, not {wanted}")
            elif status == 404 and plain(said) != missing[who]:
                wrong.append(f"{who} {method}: does not look like a missing thing")
            elif status == 403 and CANARY in said and who not in line.exists:
                wrong.append(f"{who} {method}: the refusal tells of the thing")
            if written and (status >= 400 or method == "get"):
                wrong.append(f"{who} {method}: {status}, and wrote to {sorted(set(written))}")
    assert wrong == []


@pytest.fixture(scope="module")
def missing(world) -> dict[str, str]:
    """What each meets at an address of a thing that is not there."""
    return {who: plain(ask(world.clients[who], "get", "/arbete/handelser/2000000000/")[1]) for who in EVERYBODY}


def plain(html: str) -> str:
    """Without what differs between two answers to the same question."""
    return re.sub(r'(nonce|value|content)="[^"]*"', "", html)


def test_whoever_is_not_signed_in_is_led_to_the_sign_in(world):
    wrong = []
    for case in CASES:
        name, line = case.values
        if name in ("accounts:roles", "accounts:become"):
            continue  # open to everybody in demo mode, and nowhere else: tests/rooms/test_sign_in.py
        url = reverse(name, args=line.arguments(world))
        for method in ("get", "post"):
            answer = getattr(world.clients[None], method)(url)
            if answer.status_code != 302 or not answer["Location"].startswith("/konto/login/?next="):
                wrong.append(f"{method} {url}: {answer.status_code}")
    assert wrong == []


# --- Addresses that lead nowhere --------------------------------------------------------------------------


@pytest.mark.parametrize("number", [0, 2_000_000_000, 2**31, 2**63, 10**40], ids=str)
def test_a_number_that_leads_nowhere_is_404(world, number):
    wrong = []
    for case in NUMBERED:
        name, line = case.values
        arguments = line.arguments(world)
        for place, argument in enumerate(arguments):
            if not isinstance(argument, int):
                continue
            url = reverse(name, args=(*arguments[:place], number, *arguments[place + 1 :]))
            for method, may in (("get", line.get), ("post", line.post)):
                if not may:
                    continue
                who = sorted(may)[0]
                status, _said, written = ask(world.clients[who], method, url, line.data(world))
                if status != 404 or written:
                    wrong.append(f"{method} {url}: {status} {written}")
    assert wrong == []


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options", "trace"])
def test_other_methods_are_refused(world, method):
    wrong = []
    for case in CASES:
        name, line = case.values
        url = reverse(name, args=line.arguments(world))
        who = sorted(line.exists or INSIDE)[0]
        status = getattr(world.clients[who], method)(url).status_code
        # In demo mode alone there are more pages than these.
        if status != 405:
            wrong.append(f"{method} {url}: {status}")
    assert wrong == []
