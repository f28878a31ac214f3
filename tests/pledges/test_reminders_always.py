"""Over any course of sweeps, stops, answers, rests and moved days: each thing is told once and none is forgotten."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from lysekil_trygghet.history.operations import MoveNotAllowed
from lysekil_trygghet.notifications.ladders import ANSWERING
from lysekil_trygghet.notifications.models import Obligation, ObligationState
from pledges import reminders
from pledges.lifecycle import Delivery, RequestState
from pledges.models import Commitment, ProgressRequest
from pledges.operations import progress

from ..make import at
from ..make_incidents import acting, fresh, person
from .test_progress import DAYS, PUBLISHED, YEARS_END, place
from .test_reminders import look, running

pytestmark = pytest.mark.django_db

ACTS = ("sweep", "sweep", "sweep", "answer", "pause", "resume", "move")


@given(turns=st.lists(st.tuples(st.integers(1, 900), st.sampled_from(ACTS)), max_size=25))
@settings(max_examples=30, deadline=None)
def _holds(of: Commitment, turns: list[tuple[int, str]]) -> None:
    with transaction.atomic():
        now = PUBLISHED
        for hours, act in turns:
            now += dt.timedelta(hours=hours)
            if now.date() > YEARS_END:
                break
            happens(of, act, now=now)
            invariants(of, now=now, swept=act == "sweep")
        transaction.set_rollback(True)


def happens(of: Commitment, act: str, *, now: dt.datetime) -> None:
    by = acting("coordinator", now=now)
    request = ProgressRequest.objects.filter(commitment=of, state=RequestState.ASKED).first()
    if act == "sweep":
        look(now)
    elif act == "answer" and request:
        progress.answer(request, outlook="ON_TRACK", by=by, now=now)
    elif act == "move" and request:
        later = max(now, request.due_at) + dt.timedelta(days=3)
        if later.date() <= YEARS_END:
            progress.set_due(request, due_at=later, by=by, now=now)
    elif act in ("pause", "resume"):
        try:
            place(of, Delivery.PAUSED if act == "pause" else Delivery.ONGOING, now=now)
        except MoveNotAllowed:
            assert fresh(of).delivery_state in (Delivery.PAUSED, Delivery.ONGOING)


def invariants(of: Commitment, *, now: dt.datetime, swept: bool) -> None:
    requests = list(ProgressRequest.objects.filter(commitment=of).order_by("asked_at"))
    come = [day for day in DAYS if at(day, "00:00") - dt.timedelta(days=14) <= now]
    assert len(requests) <= len(come)
    live = Obligation.objects.exclude(state=ObligationState.CANCELLED)
    # Told at most once: no two that say the same of the same ladder to the same person.
    for request in requests:
        rows = live.filter(subject=request.subject_key)
        assert not [key for key, times in Counter(rows.values_list("step", "user", "key")).items() if times > 1]
        if request.state != RequestState.ASKED:
            assert not rows.exists(), "nothing was sent here, so all of it is called off"
            continue
        ladder = request.ladder_from.isoformat()
        assert all(ladder in key for key in rows.values_list("key", flat=True))
        counts = Counter(rows.values_list("step", "user"))
        assert set(counts.values()) <= {1}
        if not swept:
            continue
        # None missed: the newest step that has come was told, and the coordinator if it was late.
        reached = [rung for rung in reminders.ladder_of(request) if rung.moment <= now]
        newest = [rung.step for rung in reached if rung.to in ANSWERING][-1]
        assert rows.filter(step=newest, user=person("head_social")).count() == 1
        is_late = any(rung.step == "escalated" for rung in reached)
        assert rows.filter(step="escalated", user=person("coordinator")).count() == is_late
    if swept and come and fresh(of).delivery_state != Delivery.PAUSED:
        # None forgotten: of the newest day that has come there is a question, or one near it.
        near = at(come[-1], "12:00") - dt.timedelta(days=21)
        assert any(request.due_at >= near for request in requests)


def test_over_any_course_of_events_each_is_told_once_and_none_is_forgotten():
    _holds(running())
