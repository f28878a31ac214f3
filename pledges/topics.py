"""The names under which promises and areas are followed by mail."""

from __future__ import annotations

PROMISE, AREA = "lofte", "omrade"


def promise_topic(commitment_pk: int) -> str:
    return f"{PROMISE}-{commitment_pk}"


def area_topic(area_pk: int) -> str:
    return f"{AREA}-{area_pk}"
