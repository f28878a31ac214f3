"""Every staff address of the room × every role: who is let in, who is told no, and to whom nothing is there."""

from __future__ import annotations

import pytest
from django.urls import get_resolver, reverse

from lysekil_trygghet.accounts.demo import PEOPLE

from .. import make_situation as make
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
ONLY_POST = {"finding_order", "problem_order", "cause_order"}


def test_every_address_of_the_room_stands_in_a_table():
    names = {name.removeprefix("situation:") for name, _p in patterns(get_resolver()) if name.startswith("situation:")}
    assert names == {*LISTS, *SOURCE, *PICTURE}


@pytest.fixture
def addresses(people) -> dict[str, str]:
    picture = make.picture(state="REVIEW")
    make.pictures.open_to_police(picture, by=make.acting("coordinator"), now=make.timezone.now())
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
            answer = (
                client.post(addresses[name], {"move": "up:0"}) if name in ONLY_POST else client.get(addresses[name])
            )
            found[name] = answer.status_code
            refused = 403 if who in BOTH else hidden
            opened = 404 if name in ONLY_POST else found[name] if found[name] in (200, 303) else "opened"
            wanted[name] = opened if who in may else refused

    assert found == wanted
