"""Every staff address of the room × every role: who is let in, who is told no, and to whom nothing is there."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import get_resolver, reverse
from django.utils import timezone

from lysekil_trygghet.accounts.demo import PEOPLE
from situation.models import CauseAnalysis, Figure, Finding, Problem
from situation.operations import feeds, figures, pictures

from .. import make_situation as make
from ..make_incidents import acting
from ..test_open_pages import patterns

pytestmark = [pytest.mark.django_db, pytest.mark.same_everywhere]

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
    **dict.fromkeys(("indicators", "imports", "feeds"), EVERYBODY),
    **dict.fromkeys(("import_new", "feed_new"), BOTH),
    "area_new": WRITERS | {"administrator"},
    "area_edit": WRITERS | {"administrator"},
}
# The municipality's source that the picture rests on.
SOURCE = {
    **dict.fromkeys(("source", "themes_file"), BOTH),
    **dict.fromkeys(("source_edit", "source_discard", "dialogue_new"), WRITERS),
    # Whoever reads it may put it into a picture they write.
    "themes_add": BOTH,
    **dict.fromkeys(("dialogue_edit", "dialogue_remove", "feed_edit", "indicator_edit"), WRITERS),
    **dict.fromkeys(("indicator", "indicator_file", "question", "question_file"), BOTH),
    **dict.fromkeys(("indicator_add", "question_add", "import"), BOTH),
    **dict.fromkeys(("import_store", "import_drop", "import_columns"), WRITERS),
}
# A joint picture under review, opened to the Police. To those who do not write it, nothing is there.
PICTURE = {
    **dict.fromkeys(("picture", "picture_read", "picture_history", "picture_preview"), BOTH),
    **dict.fromkeys(("picture_edit", "picture_sources", "picture_copy", "picture_comment", "picture_review"), BOTH),
    **dict.fromkeys(("picture_send_back", "picture_discard"), BOTH),
    **dict.fromkeys(("finding_new", "finding_edit", "finding_remove", "problem_new", "problem_edit"), BOTH),
    **dict.fromkeys(("problem_remove", "cause_new", "cause_edit", "cause_remove"), BOTH),
    **dict.fromkeys(("finding_order", "problem_order", "cause_order", "figure_order"), BOTH),
    **dict.fromkeys(("problem_points", "problem_points_order"), BOTH),
    **dict.fromkeys(("figure_edit", "figure_remove", "picture_figure"), BOTH),
    **dict.fromkeys(("picture_open", "picture_adopt"), WRITERS),
    "picture_confirm": POLICE | {"coordinator"},
    "picture_confirm_in_writing": {"coordinator"},
    "picture_diary": {"coordinator"},
    **dict.fromkeys(("picture_publish", "picture_withdraw"), NOBODY),
}
# Nothing but buttons: what they put in order.
ORDERS = {
    "problem_points_order": Problem,
    "figure_order": Figure,
    "finding_order": Finding,
    "problem_order": Problem,
    "cause_order": CauseAnalysis,
}


def test_every_address_of_the_room_stands_in_a_table():
    names = {name.removeprefix("situation:") for name, _p in patterns(get_resolver()) if name.startswith("situation:")}
    assert names == {*LISTS, *SOURCE, *PICTURE}


def numbers_of(source, picture) -> dict[str, Any]:
    """Numbers, answers and a figure of the source."""
    now = timezone.now()
    dialogue = make.dialogue(source=source)
    made = make.stored_import(source=source)
    indicator = made.values.first().indicator
    question = make.question(source=source, dataset_import=made)
    values = {"kind": "KOLADA", "title": "Brott", "what": "N07540", "areas": "1484", "source": source}
    feed = feeds.write(values=values, by=acting("coordinator"), now=now)
    values = {"kind": "LINE", "title": "Rån", "source": source, "indicator": indicator}
    figure = figures.write(picture, values=values, by=acting("coordinator"), now=now)
    return {
        "dialogue": dialogue,
        "import": made,
        "indicator": indicator,
        "question": question,
        "feed": feed,
        "figure": figure,
    }


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
    source = picture.sources.get()
    numbers = numbers_of(source, picture)
    parts |= dict.fromkeys(("figure_edit", "figure_remove", "picture_figure"), numbers["figure"].pk)
    talk, indicator, question = ([source.pk, numbers["dialogue"].pk], numbers["indicator"].pk, numbers["question"].pk)
    of_source = {
        "dialogue_edit": talk,
        "dialogue_remove": talk,
        "themes_file": [source.pk, "csv"],
        "feed_edit": [numbers["feed"].pk],
        **{name: [indicator] for name in ("indicator", "indicator_edit", "indicator_add")},
        "indicator_file": [indicator, "csv"],
        **{name: [question] for name in ("question", "question_add")},
        "question_file": [question, "csv"],
        **{name: [numbers["import"].pk] for name in ("import", "import_store", "import_drop", "import_columns")},
    }
    return {
        **{name: reverse(f"situation:{name}", args=[area.pk] if name == "area_edit" else []) for name in LISTS},
        **{name: reverse(f"situation:{name}", args=of_source.get(name, [source.pk])) for name in SOURCE},
        **{
            name: reverse(
                f"situation:{name}",
                args=[
                    picture.pk,
                    *([parts[name]] if name in parts else []),
                    *(["svg"] if name == "picture_figure" else []),
                ],
            )
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
