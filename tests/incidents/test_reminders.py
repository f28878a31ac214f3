"""Who is told what, when: every step and recipient, counted as obligations and as mails; each told once.

`reminders.plan` decides, the ledger makes it once; here both run together, as at a sweep. The clock is moved in
steps of 30 seconds around each moment, as beat does.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable

import pytest
from django.core import mail
from django.utils import timezone

from incidents import reminders
from incidents.models import Assignment, Convening
from incidents.operations import assignments, decisions, meetings, news, publication, reports
from lysekil_trygghet.accounts.demo import addresses
from lysekil_trygghet.accounts.models import Function, Membership, Organisation, Power, User
from lysekil_trygghet.notifications import delivery, sweeping
from lysekil_trygghet.notifications.delivery import Courier
from lysekil_trygghet.notifications.models import Message, MessageState, Obligation, ObligationState
from lysekil_trygghet.notifications.operations import plan

from .. import make_incidents as make
from ..make import at, delegation, membership, user

pytestmark = pytest.mark.django_db

TUESDAY = at("2020-06-09", "10:00")
DUE = at("2020-06-18", "12:00")
EVERY = dt.timedelta(seconds=30)
LONG_AGO = dt.date(2019, 1, 1)


@pytest.fixture(autouse=True)
def own_journal(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    settings.SWEEP_STEPS = []
    delivery._untold.clear()
    yield
    delivery._untold.clear()


@pytest.fixture
def director():
    return make.acting("director", now=TUESDAY)


@pytest.fixture
def coordinator():
    return make.acting("coordinator", now=TUESDAY)


@pytest.fixture
def head():
    return make.acting("head_social", now=TUESDAY)


def look(now: dt.datetime) -> int:
    """One planning, as at a sweep. How many new obligations."""
    return plan(reminders.plan(now=now), now=now)


def told(now: dt.datetime) -> Counter[tuple[str, str]]:
    """What is new at `now`: (step, who) with how many; who is a demo key, a name or a mailbox."""
    before = set(Obligation.objects.values_list("pk", flat=True))
    look(now)
    return Counter((row.step, who(row)) for row in Obligation.objects.exclude(pk__in=before).select_related("user"))


def who(row: Obligation | Message) -> str:
    keys = {address: key for key, address in addresses().items()}
    return keys.get(row.user.email, row.user.name) if row.user else row.address


def steps(now: dt.datetime) -> set[tuple[str, str]]:
    """As `told`, and nobody is told the same thing twice."""
    new = told(now)
    assert set(new.values()) <= {1}
    return set(new)


def around(moment: dt.datetime, *, minutes: int = 2) -> list[dt.datetime]:
    turns = minutes * 60 // 30
    utc = moment.astimezone(dt.UTC)
    return [utc + EVERY * turn for turn in range(-turns, turns + 1)]


def live_messages() -> Counter[tuple[str, dt.datetime]]:
    rows = Message.objects.exclude(state=MessageState.CANCELLED).select_related("user")
    return Counter((who(row), row.moment) for row in rows)


# --- The ladder ---------------------------------------------------------------------------------------


LADDERS = [
    pytest.param(
        "ACUTE",
        "2020-06-09 10:00",
        "2020-06-18 12:00",
        [
            ("issued", "2020-06-09 10:00"),
            ("before_1", "2020-06-17 08:00"),
            ("due_morning", "2020-06-18 08:00"),
            ("overdue", "2020-06-18 12:00"),
            # Friday is Midsummer Eve.
            ("escalated", "2020-06-22 08:00"),
        ],
        id="golden case",
    ),
    pytest.param(
        "NORMAL",
        "2020-06-01 10:00",
        "2020-06-18 12:00",
        [
            ("issued", "2020-06-01 10:00"),
            ("before_5", "2020-06-11 08:00"),
            ("before_1", "2020-06-17 08:00"),
            ("due_morning", "2020-06-18 08:00"),
            ("overdue", "2020-06-18 12:00"),
            ("escalated", "2020-06-22 08:00"),
        ],
        id="normal with thirteen working days",
    ),
    pytest.param(
        "NORMAL",
        "2020-06-04 10:00",
        "2020-06-18 12:00",
        [
            ("issued", "2020-06-04 10:00"),
            ("before_1", "2020-06-17 08:00"),
            ("due_morning", "2020-06-18 08:00"),
            ("overdue", "2020-06-18 12:00"),
            ("escalated", "2020-06-22 08:00"),
        ],
        id="normal with exactly ten working days",
    ),
    pytest.param(
        "ACUTE",
        "2020-06-01 10:00",
        "2020-06-18 12:00",
        [
            ("issued", "2020-06-01 10:00"),
            ("before_1", "2020-06-17 08:00"),
            ("due_morning", "2020-06-18 08:00"),
            ("overdue", "2020-06-18 12:00"),
            ("escalated", "2020-06-22 08:00"),
        ],
        id="acute with thirteen working days",
    ),
    pytest.param(
        "ACUTE",
        "2020-06-09 10:00",
        "2020-06-10 07:30",
        [
            ("issued", "2020-06-09 10:00"),
            ("overdue", "2020-06-10 07:30"),
            ("escalated", "2020-06-11 08:00"),
        ],
        id="due before the morning",
    ),
    pytest.param(
        "ACUTE",
        "2020-06-09 10:00",
        "2020-06-10 08:00",
        [("issued", "2020-06-09 10:00"), ("overdue", "2020-06-10 08:00"), ("escalated", "2020-06-11 08:00")],
        id="due exactly in the morning",
    ),
    pytest.param(
        "ACUTE",
        "2020-06-09 10:00",
        "2020-06-09 16:00",
        [("issued", "2020-06-09 10:00"), ("overdue", "2020-06-09 16:00"), ("escalated", "2020-06-10 08:00")],
        id="due the same day",
    ),
    pytest.param(
        "ACUTE",
        "2026-03-26 10:00",
        "2026-03-30 12:00",
        [
            ("issued", "2026-03-26 10:00"),
            ("before_1", "2026-03-27 08:00"),
            ("due_morning", "2026-03-30 08:00"),
            ("overdue", "2026-03-30 12:00"),
            ("escalated", "2026-03-31 08:00"),
        ],
        id="over the night in March when the clock is moved",
    ),
    pytest.param(
        "ACUTE",
        "2026-03-27 10:00",
        "2026-03-29 12:00",
        [
            ("issued", "2026-03-27 10:00"),
            ("due_morning", "2026-03-29 08:00"),
            ("overdue", "2026-03-29 12:00"),
            ("escalated", "2026-03-30 08:00"),
        ],
        id="due on the Sunday in March when the clock was moved",
    ),
    pytest.param(
        "ACUTE",
        "2026-10-22 10:00",
        "2026-10-26 12:00",
        [
            ("issued", "2026-10-22 10:00"),
            ("before_1", "2026-10-23 08:00"),
            ("due_morning", "2026-10-26 08:00"),
            ("overdue", "2026-10-26 12:00"),
            ("escalated", "2026-10-27 08:00"),
        ],
        id="over the night in October when the clock is moved",
    ),
    pytest.param(
        "ACUTE",
        "2026-10-23 10:00",
        "2026-10-25 12:00",
        [
            ("issued", "2026-10-23 10:00"),
            ("due_morning", "2026-10-25 08:00"),
            ("overdue", "2026-10-25 12:00"),
            ("escalated", "2026-10-26 08:00"),
        ],
        id="due on the Sunday in October when the clock was moved",
    ),
]


def parsed(moment: str) -> dt.datetime:
    return at(*moment.split())


@pytest.mark.parametrize(("urgency", "issued", "due", "ladder"), LADDERS)
def test_each_step_is_told_once_at_its_minute_to_those_it_is_for(urgency, issued, due, ladder):
    start = parsed(issued)
    decision = make.decision(now=start, urgency=urgency)
    owed = make.issued_assignment(now=start, decision=decision, due_at=parsed(due))
    assignments.acknowledge(owed, by=make.acting("head_social", now=start), now=start)
    seen: list[tuple[str, str]] = []

    for step, moment in ladder:
        wanted = {"director", "coordinator"} if step == "escalated" else {"head_social"}
        for now in around(parsed(moment)):
            new = steps(now)
            if new:
                assert now == parsed(moment)
                assert new == {(step, one) for one in wanted}
                seen.append((step, moment))

    assert seen == ladder
    assert Obligation.objects.count() == len(ladder) + 1  # two are told of the last step
    assert set(live_messages().values()) == {1}
    assert Message.objects.count() == len(ladder) + 1


@pytest.mark.parametrize(
    ("day", "offset"), [("2026-03-27", 1), ("2026-03-30", 2), ("2026-10-23", 2), ("2026-10-26", 1)]
)
def test_eight_in_the_morning_is_eight_on_the_wall_on_both_sides_of_the_change(day, offset):
    due = at(day, "12:00")
    owed = make.issued_assignment(now=at(day, "00:30") - dt.timedelta(days=5), due_at=due)
    morning = next(rung.moment for rung in reminders.ladder_of(owed) if rung.step == "due_morning")
    assert morning.astimezone(dt.UTC).hour == 8 - offset


@pytest.mark.parametrize("change", ["2026-03-29", "2026-10-25"])
def test_every_half_minute_of_the_night_when_the_clock_is_moved_tells_nothing_twice(change):
    start = at(change, "00:00") - dt.timedelta(days=2)
    owed = make.issued_assignment(now=start, due_at=at(change, "02:30"))
    assignments.acknowledge(owed, by=make.acting("head_social", now=start), now=start)
    first = at(change, "00:00").astimezone(dt.UTC)
    look(first)
    found = []
    for turn in range(0, 6 * 120, 4):
        now = first + EVERY * turn
        found += [(step, now) for step, _who in steps(now)]
    assert found == [("overdue", at(change, "02:30").astimezone(dt.UTC))]


def test_a_day_of_twenty_four_hours_to_acknowledge_is_a_day_as_time_passes():
    start = at("2026-10-24", "12:00")  # the night after has an hour more
    make.issued_assignment(now=start, due_at=at("2026-10-30", "12:00"))
    look(start)
    assert steps(at("2026-10-25", "10:59")) == set()
    assert steps(at("2026-10-25", "11:00")) == {("not_acknowledged", "coordinator")}


def test_two_sweeps_at_the_same_moment_add_nothing():
    make.issued_assignment(now=TUESDAY, due_at=DUE)
    for now in (TUESDAY, at("2020-06-10", "10:00"), at("2020-06-18", "12:00"), at("2020-06-22", "08:00")):
        look(now)
        before = (Obligation.objects.count(), Message.objects.count())
        assert (look(now), look(now)) == (0, 0)
        assert (Obligation.objects.count(), Message.objects.count()) == before


def test_after_a_stop_only_the_newest_step_is_told():
    owed = make.issued_assignment(now=TUESDAY, due_at=DUE)
    assignments.acknowledge(owed, by=make.acting("head_social", now=TUESDAY), now=TUESDAY)
    # Nothing ran from Tuesday to Thursday at ten.
    assert steps(at("2020-06-18", "10:00")) == {("due_morning", "head_social")}
    # Nor from there to Wednesday of the week after.
    assert steps(at("2020-06-24", "10:00")) == {
        ("overdue", "head_social"),
        ("escalated", "director"),
        ("escalated", "coordinator"),
    }
    assert steps(at("2020-06-25", "08:00")) == set()


# --- One mail for each recipient and moment ------------------------------------------------------------


def issue_three() -> list[Assignment]:
    """Two assignments to social services and one to education, of one decision, all due at the same time."""
    decision = make.decision(now=TUESDAY)
    for slug in ("socialforvaltningen", "socialforvaltningen", "utbildningsforvaltningen"):
        make.assignment(now=TUESDAY, decision=decision, organisation=make.department(slug), due_at=DUE)
    return decisions.decide_and_issue(decision, by=make.acting("director", now=TUESDAY), now=TUESDAY)


def test_all_that_is_due_to_somebody_at_a_moment_is_one_mail():
    issue_three()
    look(TUESDAY)
    assert Obligation.objects.count() == 3
    assert live_messages() == {("head_social", TUESDAY): 1, ("head_education", TUESDAY): 1}
    sweeping.sweep(now=TUESDAY)
    to_social = next(letter for letter in mail.outbox if letter.to == [addresses()["head_social"]])
    assert len(mail.outbox) == 2
    assert "2020-1:1" in to_social.body
    assert "2020-1:2" in to_social.body
    assert "Planera och bemanna" not in to_social.body  # no assignment text in a mail

    # Not acknowledged, one working day before, the morning, overdue, escalated: each one mail a person.
    for moment in ("2020-06-10 10:00", "2020-06-17 08:00", "2020-06-18 08:00", "2020-06-18 12:00", "2020-06-22 08:00"):
        for now in around(parsed(moment), minutes=1):
            sweeping.sweep(now=now)
    assert Obligation.objects.count() == 3 + 3 + 3 * 3 + 2 * 3
    sent = Message.objects.filter(state=MessageState.SENT).count()
    assert (sent, len(mail.outbox)) == (2 + 1 + 3 * 2 + 2, 2 + 1 + 3 * 2 + 2)
    assert set(live_messages().values()) == {1}


def test_different_kinds_of_news_at_the_same_moment_are_one_mail(director, head):
    """More time was granted, and the new day begins a ladder: one mail says both."""
    owed = make.issued_assignment(now=TUESDAY, due_at=DUE)
    look(TUESDAY)
    asked = at("2020-06-10", "09:00")
    request = assignments.ask_more_time(
        owed, proposed_due_at=at("2020-06-24", "12:00"), reason="Vi väntar på svar.", by=head, now=asked
    )
    assert steps(asked) == {("asked", "director")}
    answered = at("2020-06-10", "11:00")
    assignments.answer_request(request, granted=True, by=director, now=answered)
    # 24 hours since it was issued have passed as well: one mail to the coordinator, one to the head.
    assert steps(answered) == {
        ("answered", "head_social"),
        ("new_day", "head_social"),
        ("not_acknowledged", "coordinator"),
    }
    assert live_messages()["head_social", answered] == 1


# --- The recipients ------------------------------------------------------------------------------------


def appoint(owed: Assignment, officer: User) -> None:
    assignments.appoint_officer(owed, officer=officer, by=make.acting("head_social", now=TUESDAY), now=TUESDAY)


def end_membership(key: str, *, last_day: dt.date) -> None:
    Membership.objects.filter(user=make.person(key)).update(valid_to=last_day)


def at_due(prepare: Callable[[Assignment], None]) -> set[str]:
    """Who is told that it is overdue, when `prepare` has happened to the assignment."""
    owed = make.issued_assignment(now=TUESDAY, due_at=DUE)
    prepare(owed)
    return {one for step, one in steps(DUE) if step == "overdue"}


def test_overdue_is_told_to_the_head_when_nobody_handles_it():
    assert at_due(lambda owed: None) == {"head_social"}


def test_overdue_is_told_to_the_case_officer_and_the_head():
    assert at_due(lambda owed: appoint(owed, make.person("officer_social"))) == {"officer_social", "head_social"}


def test_a_case_officer_who_is_the_head_is_told_once():
    assert at_due(lambda owed: appoint(owed, make.person("head_social"))) == {"head_social"}


def test_a_case_officer_who_has_left_is_not_told_the_head_is():
    def leave(owed: Assignment) -> None:
        appoint(owed, make.person("officer_social"))
        end_membership("officer_social", last_day=dt.date(2020, 6, 17))

    assert at_due(leave) == {"head_social"}


def test_a_case_officer_who_was_deactivated_is_not_told():
    def deactivate(owed: Assignment) -> None:
        appoint(owed, make.person("officer_social"))
        User.objects.filter(pk=make.person("officer_social").pk).update(is_active=False)

    assert at_due(deactivate) == {"head_social"}


def test_without_a_head_the_case_officer_is_told():
    def leave(owed: Assignment) -> None:
        appoint(owed, make.person("officer_social"))
        end_membership("head_social", last_day=dt.date(2020, 6, 17))

    assert at_due(leave) == {"officer_social"}


def test_without_anybody_the_function_mailbox_and_the_coordinator_are_told():
    def leave(owed: Assignment) -> None:
        end_membership("head_social", last_day=dt.date(2020, 6, 17))

    assert at_due(leave) == {"socialforvaltningen@kommun.example", "coordinator"}


def test_without_mailbox_the_coordinator_is_told():
    def leave(owed: Assignment) -> None:
        end_membership("head_social", last_day=dt.date(2020, 6, 17))
        Organisation.objects.filter(slug="socialforvaltningen").update(function_mailbox="")

    assert at_due(leave) == {"coordinator"}


def test_without_mailbox_and_coordinator_the_director_is_told():
    def leave(owed: Assignment) -> None:
        end_membership("head_social", last_day=dt.date(2020, 6, 17))
        end_membership("coordinator", last_day=dt.date(2020, 6, 17))
        Organisation.objects.filter(slug="socialforvaltningen").update(function_mailbox="")

    assert at_due(leave) == {"director"}


def test_the_last_day_of_a_membership_counts_and_the_day_after_does_not():
    owed = make.issued_assignment(now=TUESDAY, due_at=DUE)
    appoint(owed, make.person("officer_social"))
    end_membership("officer_social", last_day=dt.date(2020, 6, 17))
    assert steps(at("2020-06-17", "08:00")) >= {("before_1", "officer_social"), ("before_1", "head_social")}
    assert ("due_morning", "officer_social") not in steps(at("2020-06-18", "08:00"))


def test_whoever_submits_for_the_department_is_told_as_the_head_is():
    def delegate(owed: Assignment) -> None:
        deputy = user(name="Vikarien")
        delegation(user=deputy, organisation=owed.organisation, power=Power.SUBMIT_REPORTS)

    assert at_due(delegate) == {"head_social", "Vikarien"}


def test_two_heads_are_both_told():
    def second(owed: Assignment) -> None:
        other = user(name="Bitr. chef")
        membership(user=other, organisation=owed.organisation, role="DEPARTMENT_HEAD", valid_from=LONG_AGO)

    assert at_due(second) == {"head_social", "Bitr. chef"}


def test_a_new_case_officer_is_told_of_the_step_that_stands():
    owed = make.issued_assignment(now=TUESDAY, due_at=DUE)
    assert steps(TUESDAY) == {("issued", "head_social")}
    appoint(owed, make.person("officer_social"))
    assert steps(TUESDAY + EVERY) == {("issued", "officer_social")}


def escalated_to(prepare: Callable[[], None]) -> set[str]:
    make.issued_assignment(now=TUESDAY, due_at=DUE)
    prepare()
    return {one for step, one in steps(at("2020-06-22", "08:00")) if step == "escalated"}


def test_overdue_goes_to_the_director_and_the_coordinator_next_working_morning():
    assert escalated_to(lambda: None) == {"director", "coordinator"}


def test_a_deputy_who_decides_hears_what_the_director_hears():
    def delegate() -> None:
        deputy = make.person("head_labour")
        delegation(user=deputy, organisation=make.department("kommunledning"), power=Power.DECIDE)

    assert escalated_to(delegate) == {"director", "coordinator", "head_labour"}


@pytest.mark.parametrize(("gone", "left"), [("director", "coordinator"), ("coordinator", "director")])
def test_when_one_of_the_two_has_left_the_other_hears_it(gone, left):
    assert escalated_to(lambda: end_membership(gone, last_day=dt.date(2020, 6, 17))) == {left}


# --- What ends a ladder and what begins a new one -------------------------------------------------------

LATER_MOMENTS = [at("2020-06-17", "08:00"), at("2020-06-18", "08:00"), DUE, at("2020-06-22", "08:00")]


def test_a_cancelled_assignment_gets_nothing_more(director):
    owed = make.issued_assignment(now=TUESDAY, due_at=DUE)
    look(TUESDAY)
    assignments.cancel_assignment(owed, reason="Behövs inte.", by=director, now=TUESDAY + EVERY)
    assert Obligation.objects.get().state == ObligationState.CANCELLED
    assert [steps(now) for now in LATER_MOMENTS] == [set()] * 4
    sweeping.sweep(now=LATER_MOMENTS[-1])
    assert mail.outbox == []


def test_a_reported_assignment_gets_nothing_more_but_the_director_is_told_if_nobody_answers(director):
    owed = make.issued_assignment(now=TUESDAY, due_at=DUE)
    look(TUESDAY)
    report = make.submitted_report(now=at("2020-06-16", "14:00"), assignment=owed)
    assert steps(at("2020-06-17", "08:00")) == set()
    assert steps(at("2020-06-18", "13:59")) == set()
    assert steps(at("2020-06-18", "14:00")) == {("not_accepted", "director")}
    assert steps(at("2020-06-25", "14:00")) == set()
    reports.accept(report, by=director, now=at("2020-06-25", "15:00"))
    assert steps(at("2020-06-26", "08:00")) == set()
    assert not Obligation.objects.filter(step="not_accepted", state=ObligationState.PLANNED).exists()


def test_two_working_days_go_over_midsummer():
    owed = make.issued_assignment(now=TUESDAY, due_at=DUE)
    make.submitted_report(now=at("2020-06-17", "14:00"), assignment=owed)
    # Thursday is the first, Friday is Midsummer Eve, Monday the second.
    assert ("not_accepted", "director") not in steps(at("2020-06-22", "13:59"))
    assert steps(at("2020-06-22", "14:00")) == {("not_accepted", "director")}


def test_a_report_on_a_cancelled_assignment_waits_for_nobody(director):
    owed = make.issued_assignment(now=TUESDAY, due_at=DUE)
    make.submitted_report(now=TUESDAY, assignment=owed)
    assignments.cancel_assignment(make.fresh(owed), reason="Behövs inte.", by=director, now=at("2020-06-10"))
    assert steps(at("2020-06-12", "10:00")) == set()


def test_an_accepted_assignment_gets_nothing_more(director):
    owed = make.issued_assignment(now=TUESDAY, due_at=DUE)
    reports.accept(make.submitted_report(now=TUESDAY, assignment=owed), by=director, now=at("2020-06-10"))
    assert [steps(now) for now in LATER_MOMENTS] == [set()] * 4


def test_an_exception_ends_the_ladder(director):
    owed = make.issued_assignment(now=TUESDAY, due_at=DUE)
    look(TUESDAY)
    assignments.record_exception(owed, reason="Svarar muntligt.", by=director, now=TUESDAY)
    assert [steps(now) for now in LATER_MOMENTS] == [set()] * 4


def test_a_returned_report_starts_a_new_ladder(director):
    owed = make.issued_assignment(now=TUESDAY, due_at=DUE)
    look(TUESDAY)
    report = make.submitted_report(now=at("2020-06-12", "09:00"), assignment=owed)
    returned_at = at("2020-06-15", "10:00")
    new_day = at("2020-06-24", "12:00")
    reports.return_report(report, reason="Skriv mer.", new_due_at=new_day, by=director, now=returned_at)

    assert steps(returned_at) == {("returned", "head_social")}
    assert [steps(now) for now in LATER_MOMENTS[:3]] == [set()] * 3
    assert steps(at("2020-06-23", "08:00")) == {("before_1", "head_social")}
    assert steps(at("2020-06-24", "08:00")) == {("due_morning", "head_social")}
    assert steps(new_day) == {("overdue", "head_social")}
    assert steps(at("2020-06-25", "08:00")) == {("escalated", "director"), ("escalated", "coordinator")}


def test_returned_twice_is_told_twice(director):
    owed = make.issued_assignment(now=TUESDAY, due_at=DUE)
    for day in ("2020-06-11", "2020-06-12"):
        report = make.submitted_report(now=at(day, "09:00"), assignment=make.fresh(owed))
        reports.return_report(report, reason="Skriv mer.", new_due_at=DUE, by=director, now=at(day, "10:00"))
        assert steps(at(day, "10:00")) == {("returned", "head_social")}


def test_returned_after_an_exception_starts_a_ladder_all_the_same(director):
    owed = make.issued_assignment(now=TUESDAY, due_at=DUE)
    assignments.record_exception(owed, reason="Svarar muntligt.", by=director, now=TUESDAY)
    report = make.submitted_report(now=TUESDAY, assignment=make.fresh(owed))
    reports.return_report(report, reason="Skriv mer.", new_due_at=DUE, by=director, now=TUESDAY)
    assert ("returned", "head_social") in steps(TUESDAY)
    assert ("overdue", "head_social") in steps(DUE)


def test_accepted_work_that_goes_on_gets_a_ladder_to_its_new_day(director):
    owed = make.issued_assignment(now=TUESDAY, due_at=DUE)
    report = make.submitted_report(now=at("2020-06-12"), assignment=owed, outcome="ONGOING")
    new_day = at("2020-06-26", "12:00")
    reports.accept(report, new_due_at=new_day, by=director, now=at("2020-06-15"))
    assert steps(at("2020-06-15")) == {("new_day", "head_social")}
    assert steps(DUE) == set()
    assert steps(at("2020-06-25", "08:00")) == {("before_1", "head_social")}
    assert steps(new_day) == {("overdue", "head_social")}


def test_a_moved_day_moves_the_ladder_and_takes_back_what_was_not_sent(director):
    owed = make.issued_assignment(now=TUESDAY, due_at=DUE)
    assignments.acknowledge(owed, by=make.acting("head_social", now=TUESDAY), now=TUESDAY)
    sweeping.sweep(now=TUESDAY)
    morning = at("2020-06-17", "08:00")
    look(morning)
    assignments.set_due(
        make.fresh(owed), due_at=at("2020-06-24", "12:00"), reason="Mer att göra.", by=director, now=morning + EVERY
    )
    assert Obligation.objects.get(step="before_1").state == ObligationState.CANCELLED
    assert Obligation.objects.get(step="issued").state == ObligationState.SENT
    assert steps(morning + EVERY) == {("new_day", "head_social")}
    assert [steps(now) for now in LATER_MOMENTS[1:]] == [set()] * 3
    assert steps(at("2020-06-23", "08:00")) == {("before_1", "head_social")}


def test_a_moved_day_does_not_silence_that_nobody_acknowledged(director):
    owed = make.issued_assignment(now=TUESDAY, due_at=DUE)
    look(TUESDAY)
    day_after = at("2020-06-10", "10:00")
    look(day_after)
    assignments.set_due(owed, due_at=at("2020-06-24", "12:00"), reason="Mer.", by=director, now=day_after)
    assert Obligation.objects.get(step="not_acknowledged").state == ObligationState.PLANNED


def test_a_carried_assignment_keeps_its_number_and_is_not_told_again(director):
    owed = make.issued_assignment(now=TUESDAY, due_at=DUE)
    look(TUESDAY)
    new = make.revision(owed.decision, now=at("2020-06-10", "08:00"))
    decisions.choose(new, owed, choice="KEEP", by=director, now=at("2020-06-10", "08:00"))
    decisions.decide(new, by=director, now=at("2020-06-10", "09:00"))
    assert steps(at("2020-06-10", "09:00")) == set()
    assert steps(at("2020-06-17", "08:00")) >= {("before_1", "head_social")}


# --- Not acknowledged ----------------------------------------------------------------------------------


def test_not_acknowledged_in_a_day_reminds_the_coordinator_once():
    make.issued_assignment(now=TUESDAY, due_at=DUE)
    look(TUESDAY)
    found = [(now, steps(now)) for now in around(at("2020-06-10", "10:00"))]
    assert [(now, new) for now, new in found if new] == [
        (at("2020-06-10", "10:00"), {("not_acknowledged", "coordinator")})
    ]


def test_acknowledged_takes_the_reminder_back_even_when_it_was_planned(head):
    owed = make.issued_assignment(now=TUESDAY, due_at=DUE)
    look(at("2020-06-10", "10:00"))
    assignments.acknowledge(owed, by=head, now=at("2020-06-10", "10:00"))
    assert Obligation.objects.get(step="not_acknowledged").state == ObligationState.CANCELLED
    assert Obligation.objects.get(step="issued").state == ObligationState.PLANNED
    assert steps(at("2020-06-11", "10:00")) == set()


# --- Requests -------------------------------------------------------------------------------------------


def test_a_request_is_told_to_the_director_and_its_answer_to_the_department(director, head):
    owed = make.issued_assignment(now=TUESDAY, due_at=DUE)
    appoint(owed, make.person("officer_social"))
    look(TUESDAY)
    asked = at("2020-06-09", "12:00")
    request = assignments.ask_more_time(
        owed, proposed_due_at=at("2020-06-24", "12:00"), reason="Väntar.", by=head, now=asked
    )
    assert steps(asked) == {("asked", "director")}
    assert steps(asked + EVERY) == set()
    answered = at("2020-06-09", "15:00")
    assignments.answer_request(request, granted=False, answer="Det brådskar.", by=director, now=answered)
    assert steps(answered) == {("answered", "head_social"), ("answered", "officer_social")}
    # A refusal moves nothing.
    assert steps(DUE) >= {("overdue", "head_social"), ("overdue", "officer_social")}


def test_a_request_answered_before_it_was_mailed_is_not_mailed(director, head):
    owed = make.issued_assignment(now=TUESDAY, due_at=DUE)
    request = assignments.decline(
        owed, proposed_organisation=make.department("utbildningsforvaltningen"), reason="Ej vi.", by=head, now=TUESDAY
    )
    look(TUESDAY)
    assignments.answer_request(request, granted=False, answer="Jo, ni.", by=director, now=TUESDAY)
    assert Obligation.objects.get(step="asked").state == ObligationState.CANCELLED


def test_a_withdrawn_request_is_told_to_nobody(head):
    owed = make.issued_assignment(now=TUESDAY, due_at=DUE)
    request = assignments.ask_more_time(
        owed, proposed_due_at=at("2020-06-24", "12:00"), reason="Väntar.", by=head, now=TUESDAY
    )
    assignments.withdraw_request(request, by=head, now=TUESDAY)
    assert {step for step, _who in steps(TUESDAY)} == {"issued"}


def test_a_declined_assignment_is_told_to_the_one_who_gets_it(director, head):
    owed = make.issued_assignment(now=TUESDAY, due_at=DUE)
    look(TUESDAY)
    request = assignments.decline(
        owed, proposed_organisation=make.department("utbildningsforvaltningen"), reason="Ej vi.", by=head, now=TUESDAY
    )
    answered = at("2020-06-09", "15:00")
    assignments.answer_request(request, granted=True, by=director, now=answered)
    assert steps(answered) == {("answered", "head_social"), ("issued", "head_education")}
    assert steps(DUE) == {("overdue", "head_education"), ("not_acknowledged", "coordinator")}


# --- Calls ----------------------------------------------------------------------------------------------


@pytest.fixture
def call(director) -> Convening:
    prepared = meetings.prepare_convening(
        make.response(now=TUESDAY),
        meeting_at=at("2020-06-09", "13:00"),
        place="Stadshuset",
        purpose="Lägesrapport",
        functions=Function.objects.filter(code__in=["socialchef", "kommunpolis", "hamnbolagets-vd"]),
        by=director,
        now=TUESDAY,
    )
    return prepared


CALLED = {("call", "head_social"), ("call", "police_liaison"), ("call", "hamnbolaget@hamn.example")}


def test_a_call_goes_to_those_who_hold_the_functions_once(call, director):
    assert steps(TUESDAY) == set()  # prepared is not sent
    meetings.send_call(call, by=director, now=TUESDAY)
    assert steps(TUESDAY) == CALLED
    assert steps(TUESDAY + EVERY) == set()


def test_a_call_for_a_meeting_that_has_begun_is_not_sent(call, director):
    meetings.send_call(call, by=director, now=TUESDAY)
    assert steps(at("2020-06-09", "13:00")) == set()


def test_one_who_holds_two_called_functions_is_called_once(call, director):
    membership(
        user=make.person("head_social"),
        organisation=make.department("kommunledning"),
        role="OFFICER",
        function=Function.objects.get(code="tjansteman-i-beredskap"),
        valid_from=LONG_AGO,
    )
    call.functions.add(Function.objects.get(code="tjansteman-i-beredskap"))
    meetings.send_call(call, by=director, now=TUESDAY)
    assert steps(TUESDAY) == CALLED


def test_a_cancelled_call_is_told_to_the_same_people(call, director):
    sent = meetings.send_call(call, by=director, now=TUESDAY)
    sweeping.sweep(now=TUESDAY)
    meetings.cancel_convening(sent, by=director, now=at("2020-06-09", "11:00"))
    assert steps(at("2020-06-09", "11:00")) == {("call_off", one) for _step, one in CALLED}


def test_a_call_cancelled_before_it_was_mailed_is_not_mailed(call, director):
    sent = meetings.send_call(call, by=director, now=TUESDAY)
    look(TUESDAY)
    meetings.cancel_convening(sent, by=director, now=TUESDAY)
    states = set(Obligation.objects.filter(step="call").values_list("state", flat=True))
    assert states == {ObligationState.CANCELLED}


def test_a_call_never_sent_is_not_called_off(call, director):
    meetings.cancel_convening(call, by=director, now=TUESDAY)
    assert steps(TUESDAY) == set()


# --- To residents and to the own staff -------------------------------------------------------------------


def promised(now: dt.datetime = TUESDAY) -> dict[str, object]:
    return {"publish_at": None, "announced_for": at("2020-06-15", "12:00"), "now": now}


@pytest.mark.parametrize("made_by", [make.update, make.package])
def test_what_was_announced_and_is_not_out_reminds_the_communicator_once(made_by, coordinator):
    thing = made_by(now=TUESDAY)
    publication.set_publication_time(thing, by=coordinator, **promised())
    found = [(now, steps(now)) for now in around(at("2020-06-15", "12:00"))]
    assert [(now, new) for now, new in found if new] == [
        (at("2020-06-15", "12:00"), {("publication_late", "communicator")})
    ]
    assert steps(at("2020-06-20", "12:00")) == set()


def test_what_is_out_in_time_reminds_nobody(coordinator):
    update = make.update(now=TUESDAY)
    update = publication.set_publication_time(update, by=coordinator, **promised())
    update = publication.approve(update, by=coordinator, now=TUESDAY)
    publication.publish(update, by=make.acting("communicator", now=TUESDAY), now=at("2020-06-15", "11:00"))
    assert steps(at("2020-06-15", "12:00")) == set()


def test_a_new_promise_is_a_new_reminder(coordinator):
    update = make.update(now=TUESDAY)
    update = publication.set_publication_time(update, by=coordinator, **promised())
    look(at("2020-06-15", "12:00"))
    publication.set_publication_time(
        update, publish_at=None, announced_for=at("2020-06-16", "12:00"), by=coordinator, now=at("2020-06-15", "12:01")
    )
    assert Obligation.objects.get().state == ObligationState.CANCELLED
    assert steps(at("2020-06-16", "12:00")) == {("publication_late", "communicator")}


def test_without_a_communicator_the_coordinator_is_told(coordinator):
    end_membership("communicator", last_day=dt.date(2020, 6, 10))
    publication.set_publication_time(make.update(now=TUESDAY), by=coordinator, **promised())
    assert steps(at("2020-06-15", "12:00")) == {("publication_late", "coordinator")}


@pytest.mark.parametrize(
    ("sent", "morning"),
    [
        ("2020-06-09 10:00", "2020-06-10 08:00"),
        ("2020-06-10 07:00", "2020-06-11 08:00"),
        # Over Midsummer.
        ("2020-06-18 16:00", "2020-06-22 08:00"),
    ],
)
def test_a_message_to_the_staff_comes_in_the_next_working_mornings_mail(sent, morning, coordinator):
    message = make.staff_message(now=parsed(sent))
    assert steps(parsed(sent)) == set()
    news.send_staff_message(message, by=coordinator, now=parsed(sent))
    before, at_eight = parsed(morning) - EVERY, parsed(morning)
    assert steps(before) == set()
    new = steps(at_eight)
    receivers = {one for _step, one in new}
    assert {step for step, _who in new} == {"staff_message"}
    assert {"director", "head_social", "officer_labour", "registrar", "communicator", "administrator"} <= receivers
    assert receivers.isdisjoint({"police_liaison", "lpo_chief", "auditor", "elected", "researcher"})
    assert len(receivers) == 15
    assert steps(at_eight + EVERY) == set()


def test_a_withdrawn_message_to_the_staff_is_not_mailed(coordinator):
    message = news.send_staff_message(make.staff_message(now=TUESDAY), by=coordinator, now=TUESDAY)
    morning = at("2020-06-10", "08:00")
    look(morning)
    news.withdraw_staff_message(message, by=coordinator, now=morning)
    assert set(Obligation.objects.values_list("state", flat=True)) == {ObligationState.CANCELLED}


# --- Between claim and send (R20) -----------------------------------------------------------------------


def filed(owed: Assignment) -> None:
    make.submitted_report(now=DUE, assignment=owed)


def moved(owed: Assignment) -> None:
    assignments.set_due(
        owed, due_at=at("2020-06-24", "12:00"), reason="Mer.", by=make.acting("director", now=DUE), now=DUE
    )


def cancelled(owed: Assignment) -> None:
    assignments.cancel_assignment(owed, reason="Behövs inte.", by=make.acting("director", now=DUE), now=DUE)


def deactivated(owed: Assignment) -> None:
    User.objects.filter(pk=make.person("head_social").pk).update(is_active=False)


@pytest.mark.parametrize("happens", [filed, moved, cancelled, deactivated])
def test_what_happens_between_claim_and_send_stops_the_mail(happens):
    """A worker has taken the mail; before it renews its claim, the thing is no longer due."""
    assert make.person("head_social")
    owed = make.issued_assignment(now=TUESDAY, due_at=DUE)
    assignments.acknowledge(owed, by=make.acting("head_social", now=TUESDAY), now=TUESDAY)
    sweeping.sweep(now=TUESDAY)
    mail.outbox.clear()
    happened: list[int] = []

    class Slow(Courier):
        def claim(self) -> list[Message]:
            batch = super().claim()
            if batch and not happened:
                assert [who(message) for message in batch] == ["head_social"]
                happened.append(batch[0].pk)
                happens(make.fresh(owed))
            return batch

    tally = sweeping.sweep(now=DUE, courier=Slow)

    assert happened
    assert mail.outbox == []
    assert (tally.sent, tally.skipped) == (0, 1)
    assert Message.objects.get(pk=happened[0]).state == MessageState.CANCELLED
    assert Obligation.objects.get(step="overdue").state == ObligationState.CANCELLED


@pytest.mark.parametrize("happens", [filed, moved, cancelled, deactivated])
def test_many_mails_claimed_at_once_lose_only_what_is_no_longer_due(happens):
    """A batch of two mails: one loses its reason while it waits in the batch, the other is sent."""
    decision = make.decision(now=TUESDAY)
    for slug in ("socialforvaltningen", "utbildningsforvaltningen"):
        make.assignment(now=TUESDAY, decision=decision, organisation=make.department(slug), due_at=DUE)
    ours, theirs = decisions.decide_and_issue(decision, by=make.acting("director", now=TUESDAY), now=TUESDAY)
    for owed, key in ((ours, "head_social"), (theirs, "head_education")):
        assignments.acknowledge(owed, by=make.acting(key, now=TUESDAY), now=TUESDAY)
    sweeping.sweep(now=TUESDAY)
    mail.outbox.clear()

    class Slow(Courier):
        def claim(self) -> list[Message]:
            batch = super().claim()
            if batch:
                happens(make.fresh(ours))
            return batch

    sweeping.sweep(now=DUE, courier=Slow)
    assert [letter.to for letter in mail.outbox] == [[addresses()["head_education"]]]


def test_a_mail_that_lost_one_of_its_lines_says_the_rest():
    first, second, _theirs = issue_three()
    for owed in (first, second):
        assignments.acknowledge(owed, by=make.acting("head_social", now=TUESDAY), now=TUESDAY)
    sweeping.sweep(now=TUESDAY)
    mail.outbox.clear()

    class Slow(Courier):
        def claim(self) -> list[Message]:
            batch = super().claim()
            if batch and make.fresh(first).is_owed:
                filed(make.fresh(first))
            return batch

    sweeping.sweep(now=DUE, courier=Slow)
    letter = next(letter for letter in mail.outbox if letter.to == [addresses()["head_social"]])
    assert first.number not in letter.body
    assert second.number in letter.body


# --- How much it costs ----------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [1, 12])
def test_looking_asks_the_database_equally_often_however_many_are_owed(number, django_assert_max_num_queries):
    decision = make.decision(now=TUESDAY)
    for _turn in range(number):
        make.assignment(now=TUESDAY, decision=decision, due_at=DUE)
    decisions.decide_and_issue(decision, by=make.acting("director", now=TUESDAY), now=TUESDAY)
    with django_assert_max_num_queries(12):
        dues = list(reminders.plan(now=at("2020-06-22", "08:00")))
    assert len(dues) == number * 4
    assert timezone.is_aware(dues[0].moment)


def test_a_day_moved_there_and_back_is_told_again():
    """A key is told once for ever, so a ladder called off and begun again must differ in its keys."""
    issued = make.issued_assignment(now=TUESDAY, due_at=DUE)
    director = make.acting("director", now=TUESDAY)
    morning = at("2020-06-17", "08:00")
    plan(reminders.plan(now=morning), now=morning)
    later = assignments.set_due(issued, due_at=at("2020-06-25", "12:00"), reason="Mer tid.", by=director, now=morning)
    back = at("2020-06-17", "08:01")
    assignments.set_due(later, due_at=DUE, reason="Tillbaka.", by=director, now=back)
    noon = at("2020-06-18", "12:00")
    plan(reminders.plan(now=noon), now=noon)
    live = Obligation.objects.exclude(state="CANCELLED").filter(step="overdue")
    assert live.count() == 1


def test_the_page_of_an_assignment_says_what_was_told_and_what_comes(client_as):
    now = timezone.now()
    owed = make.issued_assignment(now=now, due_at=now + dt.timedelta(days=2))
    sweeping.sweep(now=now)

    def page(key: str) -> str:
        return " ".join(client_as(key).get(owed.get_absolute_url()).content.decode().split())

    head = page("head_social")
    assert "Nya uppdrag till er" in head
    assert "Planerad" in head
    assert "Försenade återrapporter" in head
    assert "/arbete/utskick/" not in head
    assert f"/arbete/utskick/?q={owed.number.replace(':', '%3A')}" in page("coordinator")
    assert "Nya uppdrag till er" not in page("head_education")
