"""The names under which the acute page and one response are followed by mail."""

from __future__ import annotations

ACUTE, RESPONSE = "akut", "insats"
# There is one acute page, whatever goes on.
ACUTE_TOPIC = f"{ACUTE}-0"


def response_topic(response_pk: int) -> str:
    return f"{RESPONSE}-{response_pk}"
