"""Asking leads how it goes: on which days, each once, whom; and what they answer."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lysekil_trygghet import workdays
from lysekil_trygghet.history.guards import NotAllowed, Refused
from lysekil_trygghet.history.operations import MoveNotAllowed, StalePage
from pledges import deadlines
from pledges.lifecycle import Delivery, Outlook, RequestState
from pledges.models import Commitment, PledgeSet, ProgressNote, ProgressRequest
from pledges.operations import commitments, pledge_sets, progress

from .. import make_pledges as making
from ..incidents.at_once import at_once
from ..make import at
from ..make_incidents import acting, department, fresh, last_event, verbs
from .acting import NOW, POLICE, TODAY, WRITING, by, who_may

SOCIAL, POLISEN = "socialforvaltningen", "polisen"
PROOF = {"document": "Mejl från Polisen, KS 2020-30", "document_on": TODAY}
NEW_YEAR, YEARS_END = dt.date(2020, 1, 1), dt.date(2020, 12, 31)
PUBLISHED = at("2020-01-07")
# Four times in 2020: two weeks before each of these days.
DAYS = ["2020-04-01", "2020-07-01", "2020-10-01", "2020-12-17"]
FIRST_ASKED, FIRST_DUE = at("2020-03-18", "08:00"), at("2020-04-01", "12:00")


def days(first: str, last: str, months: int) -> list[str]:
    found = deadlines.questions(dt.date.fromisoformat(first), dt.date.fromisoformat(last), every_months=months)
    return [one.day.isoformat() + ("!" if one.is_last else "") for one in found]


# --- The calendar ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "last", "months", "wanted"),
    [
        ("2020-01-01", "2020-12-31", 3, ["2020-04-01", "2020-07-01", "2020-10-01", "2020-12-17!"]),
        # Easter Day is moved to Maundy Thursday, a Sunday to the Friday before.
        ("2018-01-01", "2018-12-31", 3, ["2018-03-29", "2018-06-29", "2018-10-01", "2018-12-17!"]),
        ("2020-01-01", "2020-12-31", 0, ["2020-12-17!"]),
        # A day less than three weeks before the last one is one question with it (1 December, 30 April).
        ("2020-06-01", "2020-12-17", 6, ["2020-12-03!"]),
        ("2019-12-31", "2020-05-31", 1, ["2020-01-31", "2020-02-28", "2020-03-31", "2020-05-15!"]),
        # Shorter than two weeks: on its first working days.
        ("2020-06-01", "2020-06-05", 3, ["2020-06-02!"]),
    ],
)
def test_the_days_a_promise_is_asked_about(first, last, months, wanted):
    assert days(first, last, months) == wanted


@given(
    first=st.dates(dt.date(2015, 1, 1), dt.date(2035, 1, 1)),
    length=st.integers(0, 1500),
    months=st.integers(0, 12),
)
def test_always_on_working_days_well_apart_and_last_before_the_end(first, length, months):
    last = first + dt.timedelta(days=length)
    found = list(deadlines.questions(first, last, every_months=months))
    assert all(workdays.is_working_day(one.day) and one.day >= first for one in found)
    assert [one.is_last for one in found] == [False] * (len(found) - 1) + [True]
    gaps = [later.day - earlier.day for earlier, later in pairwise(found)]
    assert all(gap >= deadlines.LEAST_APART for gap in gaps)
    if length >= 40:
        assert dt.timedelta(days=14) <= last - found[-1].day <= dt.timedelta(days=21)


@given(first=st.dates(dt.date(2015, 1, 1), dt.date(2035, 1, 1)), gone=st.integers(-40, 900))
def test_only_the_newest_that_has_come_is_asked(first, gone):
    last, today = first + dt.timedelta(days=700), first + dt.timedelta(days=gone)
    asked = deadlines.to_ask(first, last, every_months=3, today=today)
    come = [one for one in deadlines.questions(first, last, every_months=3) if one.asked_on <= today]
    assert asked == (max(come, key=lambda one: one.day) if come else None)


@given(today=st.dates(dt.date(2015, 1, 1), dt.date(2035, 1, 1)), ahead=st.integers(-60, 14))
def test_whoever_is_asked_has_working_days_to_answer(today, ahead):
    day = workdays.nearest_earlier_working_day(today + dt.timedelta(days=ahead))
    due = deadlines.due_at(deadlines.Question(day), today=today)
    assert (due.hour, due.minute) == (12, 0)
    assert workdays.is_working_day(due.date())
    assert workdays.working_days_between(today, due.date()) >= deadlines.LEAST_WORKING_DAYS


# --- Asked by the clock ---------------------------------------------------------------------------------


def year(**values) -> PledgeSet:
    """Promise 1 led by social services, promise 2 by the Police; all of 2020, published on 7 January."""
    return making.published_set(now=PUBLISHED, **({"period_start": NEW_YEAR, "period_end": YEARS_END} | values))


def asked(of: PledgeSet | Commitment) -> list[tuple[int, str, dt.datetime, bool]]:
    rows = ProgressRequest.objects.select_related("commitment", "organisation")
    rows = rows.filter(commitment=of) if isinstance(of, Commitment) else rows.filter(commitment__pledge_set=of)
    ordered = rows.order_by("due_at", "commitment__number", "organisation__slug")
    return [(row.commitment.number, row.organisation.slug, row.due_at, row.is_last) for row in ordered]


def only(of: Commitment) -> ProgressRequest:
    progress.ask_due(now=FIRST_ASKED)
    return ProgressRequest.objects.get(commitment=of)


@pytest.mark.django_db
def test_each_lead_is_asked_once_two_weeks_ahead():
    of = year()
    assert progress.ask_due(now=at("2020-03-17", "23:59")) == 0
    assert progress.ask_due(now=at("2020-03-18", "00:00")) == 2
    assert asked(of) == [(1, SOCIAL, FIRST_DUE, False), (2, POLISEN, FIRST_DUE, False)]
    for day in ("2020-03-18", "2020-03-25", "2020-04-01", "2020-05-01", "2020-06-16"):
        assert progress.ask_due(now=at(day)) == 0
    request = ProgressRequest.objects.get(commitment__number=1)
    assert (request.asked_at, request.ladder_from) == (at("2020-03-18", "00:00"),) * 2
    assert (last_event(request).verb, last_event(request).actor_label) == ("asked", "Portalen")


@pytest.mark.django_db
def test_all_through_the_year_swept_each_day():
    of = year()
    day = dt.date(2020, 1, 8)
    while day <= YEARS_END:
        progress.ask_due(now=at(day.isoformat(), "07:00"))
        day += dt.timedelta(days=1)
    wanted = [
        (number, slug, at(due, "12:00"), due == DAYS[-1])
        for due in DAYS
        for number, slug in ((1, SOCIAL), (2, POLISEN))
    ]
    assert asked(of) == wanted


@pytest.mark.django_db
def test_every_lead_of_a_promise_is_asked_and_no_helper():
    of = making.commitment(
        now=PUBLISHED,
        pledge_set=making.pledge_set(now=PUBLISHED, period_start=NEW_YEAR, period_end=YEARS_END),
        leads=(SOCIAL, POLISEN),
        contributing=("utbildningsforvaltningen",),
    )
    making.moved_to(of.pledge_set, "PUBLISHED", now=PUBLISHED)
    assert progress.ask_due(now=FIRST_ASKED) == 2
    assert {slug for _number, slug, _due, _last in asked(of)} == {SOCIAL, POLISEN}


@pytest.mark.django_db
def test_of_missed_days_only_the_newest_is_asked_and_with_time_to_answer():
    of = year().commitments.get(number=1)
    # Nothing ran from January to the middle of October: 1 October was the newest day.
    late = at("2020-10-15", "09:00")
    progress.ask_due(now=late)
    assert asked(of) == [(1, SOCIAL, at("2020-10-22", "12:00"), False)]
    assert progress.ask_due(now=at("2020-10-16")) == 0
    progress.ask_due(now=at("2020-12-03"))
    assert asked(of)[1:] == [(1, SOCIAL, at("2020-12-17", "12:00"), True)]


@pytest.mark.django_db
def test_the_last_question_missed_is_asked_though_the_period_is_over():
    of = year().commitments.get(number=1)
    now = at("2021-01-07", "09:00")
    pledge_sets.begin_due_closings(now=now)
    progress.ask_due(now=now)
    assert asked(of) == [(1, SOCIAL, at("2021-01-14", "12:00"), True)]


@pytest.mark.django_db
def test_a_promise_with_its_own_time_is_asked_in_that_time():
    made = making.pledge_set(now=PUBLISHED, period_start=NEW_YEAR, period_end=YEARS_END)
    of = making.commitment(
        now=PUBLISHED, pledge_set=made, period_start=dt.date(2020, 6, 1), period_end=dt.date(2020, 8, 31)
    )
    making.moved_to(made, "PUBLISHED", now=PUBLISHED)
    progress.ask_due(now=at("2020-04-01"))
    assert asked(of) == []
    progress.ask_due(now=at("2020-08-03"))
    assert asked(of) == [(1, SOCIAL, at("2020-08-17", "12:00"), True)]


@pytest.mark.django_db
def test_nobody_is_asked_about_days_before_the_promise_was_public():
    of = making.whole_set(now=PUBLISHED, period_start=NEW_YEAR, period_end=YEARS_END)
    assert progress.ask_due(now=at("2020-04-20")) == 0
    making.moved_to(of, "PUBLISHED", now=at("2020-05-04"))
    assert progress.ask_due(now=at("2020-05-05")) == 0
    assert progress.ask_due(now=at("2020-06-17")) == 2


QUIET = [Delivery.PAUSED, Delivery.DONE, Delivery.NOT_DONE, Delivery.WITHDRAWN, Delivery.CARRIED_OVER]


def place(of: Commitment, to: str, *, now: dt.datetime = PUBLISHED) -> None:
    reason = "" if to in (Delivery.DONE, Delivery.ONGOING) else "Personalen räckte inte."
    commitments.set_delivery(
        of, organisation=department(), to=to, reason=reason, by=acting("coordinator", now=now), now=now
    )


@pytest.mark.django_db
@pytest.mark.parametrize("to", QUIET)
def test_nobody_is_asked_about_what_rests_or_is_answered_for(to):
    of = year().commitments.get(number=1)
    place(of, to)
    progress.ask_due(now=FIRST_ASKED)
    assert asked(of) == []


@pytest.mark.django_db
@pytest.mark.parametrize("to", QUIET)
def test_a_question_falls_when_its_promise_rests_or_is_answered_for(to):
    of = year().commitments.get(number=1)
    request = only(of)
    place(of, to, now=at("2020-03-20"))
    assert fresh(request).state == RequestState.CANCELLED
    # Taken up again it is asked next time, not once more about the same day.
    place(of, Delivery.ONGOING, now=at("2020-03-21"))
    progress.ask_due(now=at("2020-03-22"))
    assert len(asked(of)) == 1
    progress.ask_due(now=at("2020-06-17"))
    assert len(asked(of)) == 2


@pytest.mark.django_db
def test_questions_fall_with_their_set():
    of = year()
    progress.ask_due(now=FIRST_ASKED)
    now = at("2020-03-19")
    pledge_sets.withdraw(of, reason="Nytt avtal.", by=acting("director", now=now), now=now)
    assert set(ProgressRequest.objects.values_list("state", flat=True)) == {RequestState.CANCELLED}
    assert progress.ask_due(now=at("2020-06-17")) == 0


@pytest.mark.django_db
def test_a_set_that_is_prolonged_is_asked_on_and_a_last_time_again():
    of = year()
    one = of.commitments.get(number=1)
    progress.ask_due(now=at("2020-12-03"))
    now = at("2020-12-10")
    pledge_sets.prolong(
        of, new_end=dt.date(2021, 6, 30), reason="Pandemin.", by=acting("coordinator", now=now), now=now
    )
    # 1 January is two weeks after the last question: they are one.
    progress.ask_due(now=at("2020-12-20"))
    progress.ask_due(now=at("2021-01-10"))
    assert len(asked(one)) == 1
    progress.ask_due(now=at("2021-03-20"))
    progress.ask_due(now=at("2021-06-05"))
    assert [(due.date().isoformat(), last) for _n, _s, due, last in asked(one)] == [
        ("2020-12-17", True),
        ("2021-04-01", False),
        ("2021-06-16", True),
    ]


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_ask_once():
    of = year()
    outcomes = at_once(*[lambda: progress.ask_due(now=FIRST_ASKED)] * 3)
    assert sum(outcome for outcome in outcomes if isinstance(outcome, int)) == 2, outcomes
    assert len(asked(of)) == 2


@pytest.mark.django_db
@pytest.mark.parametrize("many", [1, 8])
def test_looking_costs_the_same_however_many_were_asked(many, django_assert_num_queries):
    made = making.pledge_set(now=PUBLISHED, period_start=NEW_YEAR, period_end=YEARS_END)
    area = making.area(now=PUBLISHED, pledge_set=made)
    for _turn in range(many):
        making.commitment(now=PUBLISHED, area=area)
    making.moved_to(made, "PUBLISHED", now=PUBLISHED)
    assert progress.ask_due(now=FIRST_ASKED) == many
    with django_assert_num_queries(4):
        assert progress.ask_due(now=FIRST_ASKED) == 0


# --- Another day ----------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_those_who_write_sets_give_a_lead_another_day():
    of = year().commitments.get(number=1)
    request = only(of)
    later = at("2020-04-08", "12:00")
    now = at("2020-03-20")

    def moving(key: str, due: dt.datetime = later, **values) -> ProgressRequest:
        return progress.set_due(request, due_at=due, by=acting(key, now=now), now=now, **values)

    with pytest.raises(NotAllowed):
        moving("head_social")
    for due, words in ((at("2020-03-19"), "redan passerat"), (at("2021-01-04"), "efter löftenas sista dag")):
        with pytest.raises(Refused, match=words):
            moving("coordinator", due)
    assert moving("coordinator", FIRST_DUE).revision == request.revision
    moved = moving("coordinator", seen=request.revision)
    assert (moved.due_at, moved.ladder_from, last_event(moved).verb) == (later, now, "day_moved")
    with pytest.raises(StalePage):
        moving("director", at("2020-04-09"), seen=request.revision)
    assert progress.ask_due(now=at("2020-03-25")) == 0


# --- Answered -------------------------------------------------------------------------------------------


def answered(of, actor, **values) -> ProgressNote:
    return progress.answer(of, by=actor, now=NOW, **({"outlook": Outlook.ON_TRACK} | values))


@pytest.fixture
def running(db) -> PledgeSet:
    return year()


def test_the_leads_people_and_those_who_write_sets_answer(running):
    ours, theirs = running.commitments.order_by("number")
    assert who_may(lambda actor: answered(ours, actor, organisation=department())) == (
        {"head_social", "officer_social"} | WRITING
    )
    polices = who_may(lambda actor: answered(theirs, actor, organisation=department(POLISEN), **PROOF))
    assert polices == POLICE | {"coordinator"}


def test_an_answer_closes_the_question_once(running):
    of = running.commitments.get(number=1)
    request = only(of)
    note = answered(request, by("head_social"), text=" Vi är ute. ", next_step="Fler kvällar.")
    assert (note.request, note.text, note.organisation) == (request, "Vi är ute.", department())
    assert (fresh(request).state, fresh(request).answered_at) == (RequestState.ANSWERED, NOW)
    with pytest.raises(MoveNotAllowed):
        answered(request, by("head_social"))
    assert ProgressNote.objects.count() == 1
    assert verbs(request) == ["asked", "answered"]
    assert last_event(of).verb == "progress_noted"


def test_a_word_nobody_asked_for_answers_the_question_that_waits(running):
    of = running.commitments.get(number=1)
    request = only(of)
    note = answered(of, by("officer_social"), organisation=department())
    assert (note.request, fresh(request).state) == (request, RequestState.ANSWERED)
    assert answered(of, by("officer_social"), organisation=department()).request is None


def test_a_word_for_one_lead_leaves_the_other_lead_asked(db):
    made = making.pledge_set(now=PUBLISHED, period_start=NEW_YEAR, period_end=YEARS_END)
    of = making.commitment(now=PUBLISHED, pledge_set=made, leads=(SOCIAL, POLISEN))
    making.moved_to(made, "PUBLISHED", now=PUBLISHED)
    progress.ask_due(now=FIRST_ASKED)
    answered(of, by("head_social"), organisation=department())
    waiting = ProgressRequest.objects.get(state=RequestState.ASKED)
    assert waiting.organisation == department(POLISEN)
    with pytest.raises(Refused, match="handling"):
        answered(waiting, by("coordinator"))
    note = answered(waiting, by("coordinator"), **PROOF)
    assert (note.document, note.document_on) == (PROOF["document"], TODAY)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"outlook": "FINE"}, "hur det går"),
        ({"outlook": Outlook.DELAYED}, "vad som hindrar"),
        ({"outlook": Outlook.AT_RISK, "text": " "}, "vad som hindrar"),
        ({"next_step": "19121212-1212"}, "personnummer"),
        ({"organisation": None}, "vem som svarar"),
    ],
)
def test_odd_answers_are_refused(running, values, words):
    with pytest.raises(Refused, match=words):
        answered(running.commitments.get(number=1), by("coordinator"), **({"organisation": department()} | values))
    assert not ProgressNote.objects.exists()


def test_only_leads_of_promises_that_run_are_heard(running):
    of = running.commitments.get(number=1)
    with pytest.raises(NotAllowed):
        answered(of, by("coordinator"), organisation=department("utbildningsforvaltningen"))
    with pytest.raises(Refused, match="inte publicerade"):
        answered(making.commitment(now=NOW), by("coordinator"), organisation=department())
