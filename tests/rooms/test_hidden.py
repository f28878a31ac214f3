"""What residents may not read answers exactly like what is not there: status, length and time (quality.md S4)."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterable

import pytest
from django.test import Client

from lysekil_trygghet.publishing.pages import shelf

from .. import make_incidents, make_pledges, make_situation

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("people"), pytest.mark.same_everywhere]

TRIES = 200
# Medians of the same thing measured twice differ by some per cent on a shared machine; a leak is a whole query.
NOISE = 0.15


def _update() -> str:
    return make_incidents.update(title="Aaaaaaaa").public_url


def _response() -> str:
    return make_incidents.response(title="Aaaaaaaa").public_url


def _set() -> str:
    return make_pledges.agreed_set(title="Aaaaaaaa").public_url


def _promise() -> str:
    return f"{make_pledges.whole_set(title='Aaaaaaaa').public_url}1/"


def _picture() -> str:
    return make_situation.picture(title="Aaaaaaaa").public_url


@pytest.mark.parametrize("hidden", [_update, _response, _set, _promise, _picture])
@pytest.mark.parametrize("language", ["", "/en"])
def test_a_guessed_address_tells_nothing(hidden: Callable[[], str], language):
    """A draft's address and one of the same length that nobody has: same status, same length, no other headers."""
    there = language + hidden()
    missing = _like(there)
    answers = [_asked(path) for path in (there, missing)]
    assert answers[0] == answers[1]
    assert answers[0][0] == 404


@pytest.mark.slow
def test_the_time_of_the_answer_tells_nothing():
    """Two hundred tries each, by turns; the difference of the medians is within the noise of the same address."""
    there = _update()
    missing, other = _like(there), _like(_like(there))
    client = Client()
    times: dict[str, list[float]] = {path: [] for path in (there, missing, other)}
    for _ in range(TRIES):
        for path, found in times.items():
            shelf.clear()
            begun = time.perf_counter()
            assert client.get(path).status_code == 404
            found.append(time.perf_counter() - begun)
    medians = [statistics.median(found) for found in times.values()]
    noise = max(NOISE * medians[1], 3 * abs(medians[1] - medians[2]))
    assert abs(medians[0] - medians[1]) <= noise, medians


def test_walking_through_the_numbers_finds_only_what_is_published():
    """Promises have numbers in their addresses: 1, 2, 3 … gives those of published sets alone."""
    draft = make_pledges.whole_set(title="Utkast")
    published = make_pledges.published_set(title="Publicerat")
    for made, wanted in ((draft, {404}), (published, {200, 404})):
        found = [_asked(f"{made.public_url}{number}/")[0] for number in range(30)]
        assert set(found) == wanted
        assert found.count(200) == (published.commitments.count() if made == published else 0)


def _like(path: str) -> str:
    """An address of the same length with other letters."""
    return path.replace("bbbbbbbb", "cccccccc").replace("aaaaaaaa", "bbbbbbbb")


def _asked(path: str) -> tuple[int, int, Iterable[tuple[str, str]]]:
    answer = Client().get(path)
    kept = sorted((key, value) for key, value in answer.headers.items() if key != "Content-Security-Policy")
    return answer.status_code, len(answer.content), kept
