"""Ladders as data: when the steps stand, what is quiet, what is planned ahead, and the pages that change them."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core import mail
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from lysekil_trygghet import workdays
from lysekil_trygghet.accounts.demo import load_people
from lysekil_trygghet.history.models import Event
from lysekil_trygghet.mailroom.forms import StepForm
from lysekil_trygghet.notifications import ladders
from lysekil_trygghet.notifications.ladders import Audience, LadderKind, Rules, Step, Unit
from lysekil_trygghet.notifications.models import Ladder, Message, MessageState, Obligation, ObligationState
from lysekil_trygghet.notifications.operations import cancel, drop_passed_steps, plan, replan

from .. import make_incidents
from ..make import at
from .ledger import due, let_time_pass, sweep

DUE = at("2020-06-18", "12:00")
ISSUED = at("2020-06-09", "16:00")


def told(rungs) -> list[tuple[str, str]]:
    return [(rung.step, f"{workdays.local_moment(rung.moment):%d %H:%M}") for rung in rungs]


# --- When the steps stand ---------------------------------------------------------------------------------


def test_the_ladder_of_june_2020():
    rungs = Rules(LadderKind.ACUTE, ladders.DEFAULTS[LadderKind.ACUTE]).rungs("issued", start=ISSUED, due=DUE)

    assert told(rungs) == [
        ("issued", "09 16:00"),
        ("before_1", "17 08:00"),
        ("due_morning", "18 08:00"),
        ("overdue", "18 12:00"),
        # Friday is Midsummer Eve.
        ("escalated", "22 08:00"),
    ]


QUIET = {"quiet_from": dt.time(20), "quiet_to": dt.time(7)}


@pytest.mark.parametrize(
    ("moment", "rules", "awake"),
    [
        (at("2020-06-10", "21:30"), QUIET, at("2020-06-11", "07:00")),
        (at("2020-06-10", "03:00"), QUIET, at("2020-06-10", "07:00")),
        (at("2020-06-10", "07:00"), QUIET, at("2020-06-10", "07:00")),
        (at("2020-06-10", "19:59"), QUIET, at("2020-06-10", "19:59")),
        (at("2020-06-10", "13:00"), {"quiet_from": dt.time(12), "quiet_to": dt.time(14)}, at("2020-06-10", "14:00")),
        # From Thursday night over Midsummer to Monday.
        (at("2020-06-18", "22:00"), QUIET | {"working_days_only": True}, at("2020-06-22", "07:00")),
        (at("2020-06-20", "10:00"), {"working_days_only": True}, at("2020-06-22", "08:00")),
        # The night in March that has no 02.30.
        (at("2020-03-29", "01:30"), {"quiet_from": dt.time(1), "quiet_to": dt.time(3)}, at("2020-03-29", "03:00")),
        (at("2020-06-10", "21:30"), {}, at("2020-06-10", "21:30")),
    ],
)
def test_what_falls_in_the_quiet_time_waits_for_its_end(moment, rules, awake):
    assert Rules(LadderKind.NORMAL, (), **rules).awake(moment) == awake


STEPS = st.builds(
    Step,
    name=st.uuids().map(str),
    offset=st.integers(-30, 30),
    unit=st.sampled_from(Unit.values),
    to=st.sampled_from(Audience.values),
    clock=st.times(max_value=dt.time(23, 59)).map(lambda time: f"{time:%H:%M}"),
    longer_than=st.integers(0, 15),
)


@given(
    steps=st.lists(STEPS, max_size=8),
    start=st.integers(0, 6 * 365 * 24 * 60).map(
        lambda minutes: at("2026-01-01", "00:00") + dt.timedelta(minutes=minutes)
    ),
    length=st.integers(1, 60 * 24 * 60),
    quiet=st.sampled_from([{}, QUIET, {"working_days_only": True}, QUIET | {"working_days_only": True}]),
)
def test_no_ladder_sends_in_the_night_or_before_it_began_or_twice(steps, start, length, quiet):
    due = start + dt.timedelta(minutes=length)
    rules = Rules(LadderKind.NORMAL, tuple(steps), **quiet)

    rungs = rules.rungs("issued", start=start, due=due)

    assert rungs == sorted(rungs, key=lambda rung: rung.moment)
    assert len({rung.step for rung in rungs}) == len(rungs)
    # What comes when the time is out is never left out.
    assert {step.name for step in steps if not step.is_before and not step.longer_than} <= {r.step for r in rungs}
    for rung in rungs:
        local = workdays.local_moment(rung.moment)
        assert rung.moment >= start
        assert "quiet_from" not in quiet or dt.time(7) <= local.time() < dt.time(20)
        assert "working_days_only" not in quiet or workdays.is_working_day(local.date())


# --- Planned ahead ----------------------------------------------------------------------------------------

NOW = at("2020-06-16", "10:00")
MORNING = at("2020-06-17", "08:00")


def ladder_due(step: str, moment: dt.datetime, *, user, **fields):
    values = {"key": f"a:{step}", "step": step, "moment": moment, "ladder": "a", "user": user}
    return due(1, **(values | fields))


@pytest.mark.django_db
@pytest.mark.usefixtures("ledger_settings")
class TestAhead:
    def test_what_comes_lies_in_the_ledger_before_its_day(self, head):
        replan("planner", lambda: [ladder_due("before_1", MORNING, user=head)], now=NOW)

        assert Obligation.objects.get().moment == MORNING
        assert sweep(NOW).sent == 0
        # Nobody plans again; it goes all the same.
        let_time_pass()
        assert sweep(MORNING).sent == 1

    def test_asked_again_it_stands_once(self, head):
        for minutes in range(3):
            now = NOW + dt.timedelta(minutes=minutes)
            replan("planner", lambda: [ladder_due("before_1", MORNING, user=head)], now=now)

        assert (Obligation.objects.count(), Message.objects.count()) == (1, 1)

    def test_a_day_that_moves_takes_its_plan_with_it(self, head):
        replan("planner", lambda: [ladder_due("before_1", MORNING, user=head)], now=NOW)
        later = MORNING + dt.timedelta(days=1)
        replan("planner", lambda: [ladder_due("before_1", later, user=head)], now=NOW)

        assert [row.moment for row in Obligation.objects.all()] == [later]
        assert [row.moment for row in Message.objects.all()] == [later]

    def test_who_no_longer_answers_is_not_told_and_who_does_is(self, head):
        new = make_incidents.person("head_social")
        replan("planner", lambda: [ladder_due("before_1", MORNING, user=head)], now=NOW)
        replan("planner", lambda: [ladder_due("before_1", MORNING, user=new, key="b")], now=NOW)
        let_time_pass()
        sweep(MORNING)

        assert [sent.to for sent in mail.outbox] == [[new.email]]

    def test_what_is_called_off_may_be_wanted_again(self, head):
        wanted = [ladder_due("before_1", MORNING, user=head)]
        replan("planner", lambda: wanted, now=NOW)
        assert cancel(wanted[0].subject, now=NOW) == 1
        assert (Obligation.objects.count(), Message.objects.count()) == (0, 0)

        replan("planner", lambda: wanted, now=NOW)
        let_time_pass()

        assert sweep(MORNING).sent == 1

    def test_one_planner_leaves_the_plans_of_another_and_what_was_told_at_once(self, head):
        replan("first", lambda: [ladder_due("before_1", MORNING, user=head)], now=NOW)
        plan([due(2, user=head, moment=MORNING)], now=NOW)

        replan("second", list, now=NOW)

        assert Obligation.objects.filter(state=ObligationState.PLANNED).count() == 2

    def test_what_was_planned_while_a_planner_looked_is_not_forgotten(self, head):
        """Another process issues an assignment after this planner has read, and plans it first."""

        def looks_and_is_overtaken():
            replan("planner", lambda: [ladder_due("before_1", MORNING, user=head)], now=NOW)
            return []

        replan("planner", looks_and_is_overtaken, now=NOW)

        assert Obligation.objects.count() == 1

    def test_after_three_silent_days_only_the_newest_step_is_told(self, head):
        steps = [("before_1", 0), ("due_morning", 1), ("overdue", 2)]
        days = [ladder_due(step, MORNING + dt.timedelta(days=day), user=head) for step, day in steps]
        replan("planner", lambda: days, now=NOW)
        let_time_pass()

        later = MORNING + dt.timedelta(days=3)
        sweep(later)

        assert [row.step for row in Obligation.objects.filter(state=ObligationState.SENT)] == ["overdue"]
        assert len(mail.outbox) == 1
        assert Message.objects.filter(state=MessageState.CANCELLED).count() == 2

    def test_however_many_there_are(self):
        boxes = [f"b{number}@kommun.example" for number in range(430)]
        rows = [
            due(1, address=box, moment=MORNING + dt.timedelta(days=day), key=f"{box}:{day}", ladder="a")
            for box in boxes
            for day in (0, 1)
        ]
        replan("planner", lambda: rows, now=NOW)

        assert drop_passed_steps(now=MORNING + dt.timedelta(days=2)) == len(boxes)
        assert Obligation.objects.filter(state=ObligationState.PLANNED).count() == len(boxes)

    def test_steps_to_others_and_of_other_ladders_do_not_make_each_other_old(self, head):
        other = make_incidents.person("head_social")
        rows = [
            ladder_due("before_1", MORNING, user=head),
            ladder_due("overdue", MORNING + dt.timedelta(hours=1), user=other, key="b"),
            ladder_due("overdue", MORNING + dt.timedelta(hours=1), user=head, key="c", ladder="c"),
            ladder_due("overdue", MORNING + dt.timedelta(hours=1), user=None, address="box@kommun.example", key="d"),
            ladder_due("before_1", MORNING, user=None, address="other@kommun.example", key="e"),
        ]
        replan("planner", lambda: rows, now=NOW)

        assert drop_passed_steps(now=MORNING + dt.timedelta(days=1)) == 0


# --- The pages --------------------------------------------------------------------------------------------


@pytest.fixture
def people(db):
    return load_people(now=NOW)


@pytest.fixture
def coordinator(client, people, settings):
    client.force_login(people["coordinator"], settings.AUTHENTICATION_BACKENDS[0])
    return client


def sent_form(steps: list[Step], *, seen: int = 0, more: list[dict] = (), **whole) -> dict[str, object]:
    """What a browser sends for a ladder with these steps."""
    rows = [StepForm.typed(step, heading=step.heading or "Rubrik") for step in steps] + list(more)
    data: dict[str, object] = {"seen": seen, "steg-TOTAL_FORMS": len(rows), "steg-INITIAL_FORMS": len(steps)}
    for number, row in enumerate(rows):
        for name, value in row.items():
            if value is not None:
                text = f"{value:%H:%M}" if isinstance(value, dt.time) else value
                data[f"steg-{number}-{name}"] = text
    return data | whole


ACUTE = list(ladders.DEFAULTS[LadderKind.ACUTE])
ADDRESS = "/arbete/utskick/stegar/acute/"


def test_the_ladders_are_told_in_words(coordinator):
    words = coordinator.get(reverse("mailroom:ladders")).content.decode()

    assert (
        "5 arbetsdagar före sista dagen kl. 08.00 till de som ska svara, om det är mer än 10 arbetsdagar dit" in words
    )
    assert "När tiden går ut till de som ska svara och Polisens chef" in words
    assert "1 arbetsdag efter sista dagen kl. 08.00 till kommundirektören och samordnaren" in words


def test_a_saved_ladder_holds_from_the_next_sweep(coordinator):
    more = [{"heading": "Två timmar kvar", "number": 2, "how": "hours_before", "to": "RESPONSIBLE"}]

    answer = coordinator.post(ADDRESS, sent_form(ACUTE, more=more, quiet_from="22:00", quiet_to="06:00"), follow=True)

    assert "2 timmar innan tiden går ut till de som ska svara" in answer.content.decode()
    assert "Tyst tid: 22.00–06.00." in answer.content.decode()
    rungs = ladders.rules()[LadderKind.ACUTE].rungs("issued", start=ISSUED, due=DUE)
    assert ("18 10:00", "Två timmar kvar") in [
        (f"{workdays.local_moment(rung.moment):%d %H:%M}", rung.heading) for rung in rungs
    ]
    assert Event.objects.filter(verb="ladder_changed").count() == 1
    # The others are as they were.
    assert ladders.rules()[LadderKind.PLEDGE] == Rules(LadderKind.PLEDGE, ladders.DEFAULTS[LadderKind.PLEDGE])


def test_a_preview_saves_nothing_and_shows_how_it_would_go(coordinator, people):
    owed = make_incidents.issued_assignment(now=at("2020-06-09", "16:00"))
    more = [{"heading": "Två timmar kvar", "number": 2, "how": "hours_before", "to": "RESPONSIBLE"}]

    page = coordinator.post(ADDRESS, sent_form(ACUTE, more=more, preview="1", example="0"))

    words = page.content.decode()
    assert page.status_code == 200
    assert f"{owed.number}" in words
    assert "Två timmar kvar" in words
    assert "Inget är sparat än." in words
    assert not Ladder.objects.exists()


@pytest.mark.parametrize(
    ("left", "words"),
    [
        ([0, 1, 3], "annars får de inte veta att de är sena"),
        ([0, 1, 2], "till samordnaren eller kommundirektören"),
        ([], "annars får de inte veta att de är sena"),
    ],
)
def test_a_ladder_by_which_a_missing_answer_passes_unnoticed_is_refused(coordinator, left, words):
    page = coordinator.post(ADDRESS, sent_form([ACUTE[number] for number in left]))

    assert page.status_code == 422
    assert words in page.content.decode()
    assert not Ladder.objects.exists()


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"heading": "", "number": 2, "how": "hours_before"}, "Rubrik i mejlet"),
        ({"heading": "Snart", "how": "hours_before"}, "Skriv hur många."),
        ({"heading": "Snart", "number": 2, "how": "days_before"}, "Skriv ett klockslag"),
        ({"heading": "Snart", "number": 900, "how": "hours_after"}, "90"),
        ({"heading": "Snart", "number": 1, "how": "sometimes"}, "Välj"),
    ],
)
def test_a_step_that_cannot_be_is_explained_and_nothing_typed_is_lost(coordinator, row, words):
    page = coordinator.post(ADDRESS, sent_form(ACUTE, more=[{"to": "RESPONSIBLE"} | row], quiet_from="22:00"))

    assert page.status_code == 422
    assert words in page.content.decode()
    assert 'value="22:00"' in page.content.decode()


def test_half_a_quiet_time_is_refused(coordinator):
    page = coordinator.post(ADDRESS, sent_form(ACUTE, quiet_from="22:00"))

    assert page.status_code == 422
    assert "Skriv båda klockslagen" in page.content.decode()


def test_two_who_change_a_ladder_at_once_see_both(coordinator):
    coordinator.post(ADDRESS, sent_form(ACUTE, working_days_only="on"))

    page = coordinator.post(ADDRESS, sent_form(ACUTE, quiet_from="22:00", quiet_to="06:00", seen=0))

    assert page.status_code == 409
    assert Ladder.objects.get().quiet_from is None


def test_the_first_steps_can_be_taken_back(coordinator):
    coordinator.post(ADDRESS, sent_form(ACUTE, working_days_only="on"))

    page = coordinator.get(f"{ADDRESS}tillbaka/").content.decode()
    coordinator.post(f"{ADDRESS}tillbaka/", {}, follow=True)

    assert "1 arbetsdag före sista dagen" in page
    assert ladders.rules()[LadderKind.ACUTE] == Rules(LadderKind.ACUTE, ladders.DEFAULTS[LadderKind.ACUTE])


def test_a_ladder_there_is_not_is_not_there(coordinator):
    assert coordinator.get("/arbete/utskick/stegar/finns-inte/").status_code == 404
