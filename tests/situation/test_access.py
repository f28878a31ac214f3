"""Every staff address of the room × every role: who is let in, who is told no, and to whom nothing is there."""

from __future__ import annotations

import pytest
from django.urls import get_resolver, reverse
from django.utils import timezone

from lysekil_trygghet.accounts.demo import PEOPLE
from situation.models import CauseAnalysis, Finding, Problem
from situation.operations import pictures

from .. import make_situation as make
from ..make_incidents import acting
from ..test_open_pages import patterns

pytestmark = pytest.mark.django_db

EVERYBODY = {person.key for person in PEOPLE}
POLICE = {"police_liaison", "lpo_chief"}
WRITERS = {"director", "coordinator"}
BOTH = WRITERS | POLICE
NOBODY: set[str] = set()

# Addresses without a picture in them: who may open them; everybody else is told no.
LISTS = {
    **dict.fromkeys(("pictures", "sources", "areas"), EVERYBODY),
    "picture_new": WRITERS,
    **dict.fromkeys(("picture_new_own", "source_new"), BOTH),
    "area_new": WRITERS | {"administrator"},
    "area_edit": WRITERS | {"administrator"},
}
# The municipality's source that the picture rests on.
SOURCE = {"source": BOTH, "source_edit": WRITERS, "source_discard": WRITERS}
# A joint picture under review, opened to the Police. To those who do not write it, nothing is there.
PICTURE = {
    **dict.fromkeys(("picture", "picture_read", "picture_history", "picture_preview"), BOTH),
    **dict.fromkeys(("picture_edit", "picture_sources", "picture_copy", "picture_comment", "picture_review"), BOTH),
    **dict.fromkeys(("picture_send_back", "picture_discard"), BOTH),
    **dict.fromkeys(("finding_new", "finding_edit", "finding_remove", "problem_new", "problem_edit"), BOTH),
    **dict.fromkeys(("problem_remove", "cause_new", "cause_edit", "cause_remove"), BOTH),
    **dict.fromkeys(("finding_order", "problem_order", "cause_order"), BOTH),
    **dict.fromkeys(("picture_open", "picture_adopt"), WRITERS),
    "picture_confirm": POLICE | {"coordinator"},
    "picture_confirm_in_writing": {"coordinator"},
    "picture_diary": {"coordinator"},
    **dict.fromkeys(("picture_publish", "picture_withdraw"), NOBODY),
}
# Nothing but buttons: what they put in order.
ORDERS = {"finding_order": Finding, "problem_order": Problem, "cause_order": CauseAnalysis}


def test_every_address_of_the_room_stands_in_a_table():
    names = {name.removeprefix("situation:") for name, _p in patterns(get_resolver()) if name.startswith("situation:")}
    assert names == {*LISTS, *SOURCE, *PICTURE}


@pytest.fixture
def addresses(people) -> dict[str, str]:
    picture = make.picture(state="REVIEW")
    pictures.open_to_police(picture, by=acting("coordinator"), now=timezone.now())
    finding, problem = picture.findings.get(), picture.problems.get()
    parts = {
        **dict.fromkeys(("finding_edit", "finding_remove"), finding.pk),
        **dict.fromkeys(("problem_edit", "problem_remove", "cause_new"), problem.pk),
        **dict.fromkeys(("cause_edit", "cause_remove"), problem.causes.get().pk),
    }
    area = make.area()
    return {
        **{name: reverse(f"situation:{name}", args=[area.pk] if name == "area_edit" else []) for name in LISTS},
        **{name: reverse(f"situation:{name}", args=[picture.sources.get().pk]) for name in SOURCE},
        **{
            name: reverse(f"situation:{name}", args=[picture.pk, parts[name]] if name in parts else [picture.pk])
            for name in PICTURE
        },
    }


@pytest.mark.parametrize("who", sorted(EVERYBODY))
def test_who_is_let_in_where(client_as, addresses, who):
    client = client_as(who)
    found, wanted = {}, {}
    for table, hidden in ((LISTS, 403), (SOURCE, 404), (PICTURE, 404)):
        for name, may in table.items():
            order = ORDERS.get(name)
            move = {"move": f"up:{order.objects.get().pk}"} if order else {}
            answer = client.post(addresses[name], move) if order else client.get(addresses[name])
            found[name] = "opened" if answer.status_code in (200, 303) else answer.status_code
            wanted[name] = "opened" if who in may else 403 if who in BOTH else hidden

    assert found == wanted
