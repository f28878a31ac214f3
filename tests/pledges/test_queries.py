"""Lists and threads: as many queries for one promise as for many, and for residents only what they may read."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pledges.checks import hints, missing_to_close, signs_of_persons
from pledges.lifecycle import FollowUpState
from pledges.models import Commitment, FollowUp, Occurrence, PledgeSet
from pledges.operations import commitments
from pledges.operations.commitments import LinkRow, UnitRow
from pledges.queries import areas_of, commitments_of, current_wording, history_of, led_by, progress_of, red_thread
from situation.lifecycle import PictureState
from situation.models import Source

from .. import make_pledges as making
from .. import make_situation
from .acting import NOW, TODAY, by

pytestmark = pytest.mark.django_db


def many(number: int) -> PledgeSet:
    """A set with that many promises, each with parties, units, links and a follow-up, followed up."""
    made = making.pledge_set(now=NOW, period_end=TODAY - dt.timedelta(days=1))
    for turn in range(number):
        area = making.area(now=NOW, pledge_set=made)
        lead = (making.POLICE,) if turn % 2 else (making.SOCIAL,)
        links = [LinkRow("Läs mer", "https://kommun.example/")]
        promise = making.commitment(now=NOW, area=area, leads=lead, units=[UnitRow("möten")], links=links)
        FollowUp.objects.create(
            commitment=promise, kind="OUTPUT", state=FollowUpState.DONE, period_start=TODAY, period_end=TODAY
        )
    return making.moved_to(made, "CLOSING", now=NOW)


READS = {
    "hints": hints,
    "missing_to_close": missing_to_close,
    "signs": signs_of_persons,
    "progress": progress_of,
    "commitments": lambda made: [
        (str(current_wording(one)), one.pledge_set.title, [p.organisation.name for p in one.parties.all()])
        for one in commitments_of(made)
    ],
    "areas": lambda made: [
        (list(area.problems.all()), [list(one.units.all()) for one in area.shown_commitments])
        for area in areas_of(made)
    ],
    "led_by": lambda made: [str(one.pledge_set) for one in led_by(by("police_liaison"))],
}


def queries(act) -> int:
    with CaptureQueriesContext(connection) as caught:
        act()
    return len(caught)


def test_every_list_takes_as_many_queries_for_one_promise_as_for_many():
    one = many(2)
    few = {name: queries(lambda read=read: read(one)) for name, read in READS.items()}
    more = many(7)
    assert {name: queries(lambda read=read: read(more)) for name, read in READS.items()} == few


@pytest.fixture
def promise() -> Commitment:
    """Led by the Police, in a set that runs, built on a published picture."""
    picture = make_situation.picture(now=NOW, state=PictureState.PUBLISHED)
    area = making.area(now=NOW, problems=picture.problems.all())
    return making.published_commitment(now=NOW, area=area, leads=(making.POLICE,))


def test_the_thread_goes_from_source_to_answer(promise):
    for day, state in ((3, "HELD"), (4, "HELD"), (5, "CANCELLED"), (6, "UNDONE")):
        Occurrence.objects.create(
            commitment=promise, organisation=promise.parties.get().organisation, date=dt.date(2020, 6, day),
            state=state, reason="Sjukdom", recorded_at=NOW,
        )  # fmt: skip
    Occurrence.objects.create(
        commitment=promise, organisation=promise.parties.get().organisation, date=dt.date(2020, 5, 31), recorded_at=NOW
    )
    making.output(promise, now=NOW, by="police_liaison")
    making.answered(promise, now=NOW)
    thread = red_thread(promise, public=True)
    assert [source.title for source in thread.sources] == ["Samtal med boende i centrum"]
    assert len(thread.findings) == len(thread.problems) == len(thread.causes) == 1
    assert (thread.area, thread.commitment) == (promise.area, promise)
    assert [(month.first.month, month.held, month.cancelled) for month in thread.months] == [(6, 2, 1), (5, 1, 0)]
    assert len(thread.follow_ups) == 2
    assert thread.answer == "Vi var där vi lovade."
    assert {"done", "answer_written"} <= {event.verb for event in history_of(promise)}


def test_residents_see_no_draft_no_unconfirmed_word_and_nothing_kept_inside(promise):
    making.output(promise, now=NOW, by="coordinator", done=False)
    making.output(promise, now=NOW, by="coordinator")
    commitments.write_answer(promise, public_note="Polisen var där.", by=by("coordinator"), now=NOW)
    Source.objects.update(is_public=False)
    inside, outside = red_thread(promise), red_thread(promise, public=True)
    assert (len(inside.follow_ups), inside.answer, len(inside.sources)) == (2, "Polisen var där.", 1)
    assert (outside.follow_ups, outside.answer, outside.sources) == ((), "", ())
    for hidden in ("problem", "finding"):
        rows = promise.area.problems.all() if hidden == "problem" else promise.area.problems.get().findings.all()
        rows.update(is_public=False)
        assert not getattr(red_thread(promise, public=True), hidden + "s")
        rows.update(is_public=True)


def test_a_picture_that_is_not_published_stays_out_of_what_residents_read():
    promise = making.published_commitment(now=NOW)
    assert red_thread(promise).problems
    assert red_thread(promise, public=True).problems == ()
