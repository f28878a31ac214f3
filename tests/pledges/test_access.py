"""Every staff address of the promises × every role × reading and doing, over sets in every state."""

from __future__ import annotations

import pytest
from django.urls import get_resolver, reverse

from ..incidents.test_access_matrix import ask, expected, plain
from ..incidents.world import CANARY, EVERYBODY
from ..test_open_pages import patterns
from .access_table import TABLE, Line

pytestmark = [pytest.mark.django_db, pytest.mark.same_everywhere]
CASES = [
    pytest.param(f"pledges:{name}", line, place, id=f"{name}-{place}-{line.of}")
    for name, lines in TABLE.items()
    for place, line in enumerate(lines, start=1)
]


def test_every_address_of_the_room_stands_in_the_table():
    names = {name.removeprefix("pledges:") for name, _p in patterns(get_resolver()) if name.startswith("pledges:")}
    assert names == set(TABLE)


@pytest.fixture(scope="module")
def missing(world) -> dict[str, str]:
    """What each meets at an address of a thing that is not there."""
    return {who: plain(ask(world.clients[who], "get", "/arbete/loften/2000000000/")[1]) for who in EVERYBODY}


def walkers(line: Line, place: int) -> list[str]:
    """Who walks a line. Everybody the first one of each address; of those who meet the same on the others, one:
    another one on each line."""
    if place == 1:
        return list(EVERYBODY)
    alike: dict[tuple, list[str]] = {}
    for who in EVERYBODY:
        alike.setdefault((expected(line, "get", who), expected(line, "post", who)), []).append(who)
    return [group[place % len(group)] for group in alike.values()]


@pytest.mark.parametrize(("name", "line", "place"), CASES)
def test_everybody_meets_what_the_table_says(world, missing, name, line, place):
    """Whoever may not see a thing meets what is missing; what is refused or only read writes nothing."""
    url = reverse(name, args=line.arguments(world))
    wrong = []
    for who in walkers(line, place):
        for method in ("get", "post"):
            wanted = expected(line, method, who)
            if wanted == (405,) and who != EVERYBODY[0]:
                continue  # said before anybody is asked who they are
            status, said, written = ask(world.clients[who], method, url, line.data(world) if method == "post" else {})
            if status not in wanted:
                wrong.append(f"{who} {method}: {status}, not {wanted}")
            elif status == 404 and plain(said) != missing[who]:
                wrong.append(f"{who} {method}: does not look like a missing thing")
            elif status == 403 and CANARY in said:
                wrong.append(f"{who} {method}: the refusal tells of the thing")
            if written and (status >= 400 or method == "get"):
                wrong.append(f"{who} {method}: {status}, and wrote to {sorted(set(written))}")
    assert wrong == []


def test_whoever_is_not_signed_in_is_led_to_the_sign_in(world):
    wrong = []
    for case in CASES:
        name, line, place = case.values
        if place > 1:
            continue
        url = reverse(name, args=line.arguments(world))
        for method in ("get", "post"):
            answer = getattr(world.clients[None], method)(url)
            if answer.status_code != 302 or not answer["Location"].startswith("/konto/login/?next="):
                wrong.append(f"{method} {url}: {answer.status_code}")
    assert wrong == []


@pytest.mark.parametrize("number", [0, 2_000_000_000, 2**63, 10**40], ids=str)
def test_a_number_that_leads_nowhere_is_404(world, number):
    """The first line of each address, as one who may."""
    wrong = []
    for case in CASES:
        name, line, place = case.values
        if place > 1:
            continue
        arguments = line.arguments(world)
        for place, argument in enumerate(arguments):
            if not isinstance(argument, int):
                continue
            url = reverse(name, args=(*arguments[:place], number, *arguments[place + 1 :]))
            for method, may in (("get", line.get), ("post", line.post)):
                if may:
                    status, _said, written = ask(world.clients[sorted(may)[0]], method, url)
                    if status != 404 or written:
                        wrong.append(f"{method} {url}: {status} {written}")
    assert wrong == []
