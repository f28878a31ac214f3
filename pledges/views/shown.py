"""What the workers' pages show of a set and its promises, put together once."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import QuerySet

from lysekil_trygghet.history.models import Event
from pledges import policies, queries, words
from pledges.models import Commitment, PledgeSet


def promise_row(commitment: Commitment, *, actor: Any) -> dict[str, Any]:
    """One promise in a list. Fetched by queries.with_parts."""
    leads = policies.leads_of(commitment)
    return {
        "promise": commitment,
        "text": queries.current_wording(commitment).text,
        "delivery": words.delivery_badge(commitment.delivery_state),
        "goal": words.goal_badge(commitment.goal_state),
        "leads": [one.short_name for one in leads],
        "helpers": [
            one.short_name for one in policies.parties_of(commitment) if one not in policies.leads_of(commitment)
        ],
        "waits_for_police": policies.names_the_police(commitment) and not commitment.is_police_confirmed,
        "mine": policies.is_lead(actor, commitment),
    }


def area_rows(pledge_set: PledgeSet, *, actor: Any, today: dt.date) -> list[dict[str, Any]]:
    """The priorities of a set with their promises."""
    rows = []
    for area in queries.areas_of(pledge_set):
        promises: list[Commitment] = area.shown_commitments
        for promise in promises:
            promise.pledge_set = pledge_set
        rows.append(
            {
                "area": area,
                "problems": list(area.problems.all()),
                "promises": [promise_row(promise, actor=actor) for promise in promises],
                "order": [{"id": promise.pk, "words": promise.text_as_promised[:60]} for promise in promises],
            }
        )
    return rows


def history_of(events: QuerySet[Event]) -> list[dict[str, Any]]:
    """Acts, newest first, in the shape of components/timeline.html."""
    return [
        {
            "at": event.at,
            "words": words.sentence(event),
            "who": ", ".join(filter(None, [event.actor_label, event.actor_organisation_label])),
        }
        for event in events.reverse()
    ]
