"""The group's points and the joint order; what changed since the picture before; events and their problems."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from lysekil_trygghet.history.guards import NotAllowed, Refused
from situation.changes import changes
from situation.lifecycle import PictureState
from situation.models import SituationPicture
from situation.operations import findings, pictures, problems, ranking

from .. import make_incidents as mk
from .. import make_situation as making
from ..incidents.typed import filled
from ..make_incidents import acting, fresh, verbs
from ..pledges.staff_pages import words_of

pytestmark = pytest.mark.django_db

NOW = timezone.now()


@pytest.fixture(autouse=True)
def _everybody(people):
    """The demo people exist."""


@pytest.fixture
def picture() -> SituationPicture:
    """A joint draft with three problems, opened to the Police."""
    made = making.picture(now=NOW)
    for title in ("Buskörning", "Narkotika i parken"):
        making.problem(picture=made, title=title)
    return pictures.open_to_police(made, by=acting("coordinator"), now=NOW)


def given(picture: SituationPicture, who: str, *points: int) -> None:
    ids = [problem.pk for problem in picture.problems.all()]
    ranking.give_points(picture, points=dict(zip(ids, points, strict=True)), by=acting(who), now=NOW)


def test_each_member_gives_points_and_the_joint_order_follows_them(picture):
    given(picture, "coordinator", 2, 5, 9)
    given(picture, "police_liaison", 1, 8, 7)
    members, rows = ranking.ranked(picture)
    assert len(members) == 2
    assert [(row.problem.title, row.total) for row in rows][:2] == [("Narkotika i parken", 16), ("Buskörning", 13)]
    ranking.order_by_points(picture, by=acting("coordinator"), now=NOW)
    assert [problem.title for problem in picture.problems.all()][:2] == ["Narkotika i parken", "Buskörning"]
    assert verbs(picture)[-3:] == ["points_given", "points_given", "problems_ranked"]


def test_said_again_the_newest_points_hold(picture):
    given(picture, "coordinator", 1, 1, 1)
    given(picture, "coordinator", 2, 3, 4)
    _members, rows = ranking.ranked(picture)
    assert sorted(row.total for row in rows) == [2, 3, 4]


def test_an_order_set_under_review_takes_confirmations_back(picture):
    given(picture, "coordinator", 1, 2, 9)
    moved = making.moved_to(fresh(picture), PictureState.REVIEW, now=NOW)
    confirmed = making.confirmed(moved, now=NOW)
    ranking.order_by_points(confirmed, by=acting("coordinator"), now=NOW)
    assert not fresh(picture).both_have_confirmed


def test_odd_points_are_refused_and_an_adopted_picture_is_fixed(picture):
    with pytest.raises(Refused, match="mellan 0 och 10"):
        given(picture, "coordinator", 1, 2, 11)
    with pytest.raises(Refused, match="annan lägesbild"):
        ranking.give_points(picture, points={10**6: 1}, by=acting("coordinator"), now=NOW)
    with pytest.raises(Refused, match="Ingen har gett poäng"):
        ranking.order_by_points(picture, by=acting("coordinator"), now=NOW)
    with pytest.raises(NotAllowed):
        given(picture, "head_social", 1, 1, 1)
    adopted = making.moved_to(fresh(picture), PictureState.ADOPTED, now=NOW)
    with pytest.raises(Refused, match="antagen"):
        given(adopted, "coordinator", 1, 1, 1)


def test_points_are_given_on_a_page(picture, client_as):
    address = reverse("situation:problem_points", args=[picture.pk])
    for who, points in (("coordinator", (3, 9, 5)), ("police_liaison", (2, 8, 6))):
        client = client_as(who)
        page = client.get(address)
        typed = {f"points_{one.pk}": str(given) for one, given in zip(picture.problems.all(), points, strict=True)}
        assert client.post(address, filled(page, **typed)).status_code == 303
    assert "17" in words_of(client.get(address))
    assert client.post(address, {f"points_{picture.problems.first().pk}": "99"}).status_code == 422
    order = reverse("situation:problem_points_order", args=[picture.pk])
    assert client_as("coordinator").post(order, {}).status_code == 303
    assert picture.problems.first().title == "Buskörning"


# --- What has changed ------------------------------------------------------------------------------------------


def test_the_newer_picture_says_what_is_new_gone_moved_and_turned(client):
    older = making.picture(now=NOW)
    (first,) = older.problems.all()
    making.problem(picture=older, title="Klotter")
    claim = older.findings.get()
    older = making.moved_to(older, PictureState.PUBLISHED, now=NOW)

    newer = making.empty_picture(now=NOW, previous=older, sources=(making.source(),))
    by = acting("coordinator")
    said = making.finding(picture=newer, claim=claim.claim, trend="DOWN")
    making.problem(picture=newer, title="Narkotika i parken", findings=[said])
    again = making.problem(picture=newer, title=first.title, findings=[said])
    found = changes(newer)
    assert [one.title for one in found.new] == ["Narkotika i parken"]
    assert [one.title for one in found.gone] == ["Klotter"]
    assert found.moved == ((again, 1, 2),)
    assert found.turned == ((said, "UP", "DOWN"),)

    hidden = making.problem(picture=newer, title="Bara inåt")
    problems.edit(hidden, values={"is_public": False}, by=by, now=NOW)
    newer = making.moved_to(newer, PictureState.PUBLISHED, now=NOW)
    page = words_of(client.get(newer.public_url))
    assert "Nytt sedan förra lägesbilden Narkotika i parken" in page
    assert "Utvecklingen har vänt: minskar" in page
    assert "Bara inåt" not in page
    assert not changes(older)


def test_a_picture_without_one_before_has_no_changes():
    made = making.picture(now=NOW)
    findings.edit(made.findings.get(), values={"trend": "DOWN"}, by=acting("coordinator"), now=NOW)
    assert not changes(made)


# --- Events ----------------------------------------------------------------------------------------------------


def test_an_event_names_the_problems_it_belongs_to(client_as):
    picture = making.picture(now=NOW, state=PictureState.ADOPTED)
    problem = picture.problems.get()
    draft = making.picture(now=NOW)
    event = mk.event()
    client = client_as("coordinator")
    address = reverse("incidents:event_edit", args=[event.pk])
    page = client.get(address)
    offered = {one.pk for one in page.context["form"].fields["problems"].queryset}
    assert problem.pk in offered
    assert draft.problems.get().pk not in offered
    assert client.post(address, filled(page, problems=[str(problem.pk)])).status_code == 303
    assert list(event.problems.all()) == [problem]
    assert problem.title in words_of(client.get(event.get_absolute_url()))
    assert "problems_linked" in verbs(event)
    assert client.post(address, filled(client.get(address), problems=[])).status_code == 303
    assert not event.problems.exists()
