"""The parties' own thread on a promise or a priority: inside, and never changed."""

from __future__ import annotations

import pytest

from lysekil_trygghet.history.guards import NotAllowed, Refused
from pledges.models import Comment
from pledges.operations.comments import comment

from .. import make_pledges as making
from ..make_incidents import department, fresh, last_event
from .acting import NOW, POLICE, WRITING, by, who_may

pytestmark = pytest.mark.django_db


def test_those_who_see_a_draft_say_what_they_think_of_it():
    of = making.commitment(now=NOW)
    assert who_may(lambda actor: comment(of, text="Hur ofta?", by=actor, now=NOW)) == WRITING
    making.opened(of.pledge_set, now=NOW)
    of = fresh(of)
    assert who_may(lambda actor: comment(of, text="Hur ofta?", by=actor, now=NOW)) == WRITING | POLICE


def test_a_line_keeps_who_and_when_and_leaves_open_pages_fresh():
    of = making.published_commitment(now=NOW)
    before = of.revision
    row = comment(of, text=" Vi behöver fler kvällar. ", by=by("officer_social"), now=NOW)
    assert (row.text, row.commitment, row.area, row.organisation) == (
        "Vi behöver fler kvällar.",
        of,
        None,
        department(),
    )
    assert (row.written_by, row.written_at, row.sends_back) == (by("officer_social").user, NOW, False)
    assert (last_event(of).verb, fresh(of).revision) == ("commented", before)


def test_a_priority_has_its_thread_too():
    area = making.area(now=NOW)
    assert comment(area, text="Varför just torget?", by=by("director"), now=NOW).area == area


def test_readers_write_nothing_and_nothing_is_not_a_comment():
    of = making.published_commitment(now=NOW)
    for key in ("auditor", "elected", "researcher"):
        with pytest.raises(NotAllowed):
            comment(of, text="Hej", by=by(key), now=NOW)
    for text, words in ((" ", "Skriv en kommentar"), ("Ring 19121212-1212", "personnummer")):
        with pytest.raises(Refused, match=words):
            comment(of, text=text, by=by("coordinator"), now=NOW)
    assert not Comment.objects.exists()
