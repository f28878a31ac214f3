"""Lists cost as many queries for thirty rows as for one; near days are amber and past ones red."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from situation import queries
from situation.models import SituationPicture
from situation.operations import pictures

from .. import make_situation as make
from ..make_incidents import acting

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("days_left", "urgency"), [(91, ""), (90, "soon"), (1, "soon"), (0, "late"), (-400, "late")])
@pytest.mark.parametrize("state", ["ADOPTED", "PUBLISHED"])
def test_how_near_the_day_for_an_update_is(now, days_left, urgency, state):
    picture = make.picture(state=state, now=now)
    today = picture.next_update_due - dt.timedelta(days=days_left)

    assert queries.update_urgency(picture, today=today) == urgency
    listed = queries.to_update(acting("coordinator", now=now), today=today)
    assert list(listed) == ([picture] if urgency else [])


@pytest.mark.parametrize("state", ["DRAFT", "REVIEW", "SUPERSEDED"])
def test_what_is_not_current_is_never_late(now, state):
    picture = make.picture(state=state, now=now)
    later = now.date() + dt.timedelta(days=3000)
    assert queries.update_urgency(picture, today=later) == ""
    assert picture not in queries.to_update(acting("coordinator", now=now), today=later)


def test_the_list_counts_without_multiplying(now):
    picture = make.picture(now=now)
    for _n in range(3):
        make.finding(picture=picture, now=now)
    make.problem(picture=picture, now=now)
    row = queries.pictures_in_list(acting("coordinator", now=now)).get(pk=picture.pk)
    assert (row.finding_count, row.problem_count) == (4, 2)


def test_one_picture_costs_the_same_however_much_it_holds(now):
    small, big = make.picture(now=now), make.picture(now=now)
    for number in range(10):
        problem = make.problem(picture=big, now=now)
        make.cause(problem=problem, now=now)
        make.finding(picture=big, claim=f"Iakttagelse {number}", now=now)

    def cost(picture) -> int:
        with CaptureQueriesContext(connection) as caught:
            whole = queries.parts_of(picture)
            for finding in whole.findings.all():
                list(finding.sources.all())
            for problem in whole.problems.all():
                [list(rows.all()) for rows in (problem.causes, problem.findings, problem.areas)]
        return len(caught)

    assert cost(small) == cost(big)


def test_the_police_read_comments_from_the_day_it_was_opened_to_them(now):
    picture = make.picture(now=now)
    coordinator, police = acting("coordinator", now=now), acting("police_liaison", now=now)
    pictures.comment(picture, text="Före", by=coordinator, now=now)
    opened = pictures.open_to_police(picture, by=coordinator, now=now + dt.timedelta(hours=1))
    pictures.comment(opened, text="Efter", by=coordinator, now=now + dt.timedelta(hours=2))
    pictures.comment(opened, text="Svar", by=police, now=now + dt.timedelta(hours=3))

    def read(actor) -> list[str]:
        return [comment.text for comment in queries.comments_for(actor, opened)]

    assert read(police) == ["Efter", "Svar"]
    assert read(coordinator) == ["Före", "Efter", "Svar"]


def test_what_waits_for_the_police(now):
    closed = make.picture(state="REVIEW", now=now)
    opened = pictures.open_to_police(make.picture(state="REVIEW", now=now), by=acting("coordinator", now=now), now=now)
    done = make.confirmed(make.picture(state="REVIEW", now=now), now=now)
    police = acting("lpo_chief", now=now)

    assert list(queries.waiting_for_police(police)) == [opened]
    assert {closed, done} <= set(SituationPicture.objects.all())
