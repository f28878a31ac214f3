"""Who is told what of the promises, when: every step and recipient, each told once and none forgotten.

`progress.ask_due` asks, `reminders.plan` decides who is told, the ledger makes it once; here they run together, as at
a sweep.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest
from django.core import mail

from lysekil_trygghet.accounts.demo import addresses
from lysekil_trygghet.accounts.models import Membership, Organisation
from lysekil_trygghet.notifications import delivery, sweeping
from lysekil_trygghet.notifications.delivery import Courier
from lysekil_trygghet.notifications.models import Message, MessageState, Obligation, ObligationState
from lysekil_trygghet.notifications.operations import plan
from pledges import reminders
from pledges.lifecycle import Delivery, RequestState
from pledges.models import Commitment, PledgeSet, ProgressRequest
from pledges.operations import commitments, follow_ups, pledge_sets, progress, walks, wordings
from pledges.operations import feedback as telling

from .. import make_pledges as making
from ..make import at
from ..make_incidents import acting, department, fresh, person
from .test_progress import FIRST_ASKED, FIRST_DUE, NEW_YEAR, POLISEN, PUBLISHED, YEARS_END, place, year

pytestmark = pytest.mark.django_db

EVERY = dt.timedelta(seconds=30)


@pytest.fixture(autouse=True)
def own_journal(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    settings.NOTIFICATION_PLANNERS = ["pledges.reminders.plan"]
    settings.SWEEP_STEPS = ["pledges.operations.progress.ask_due"]
    delivery._untold.clear()
    yield
    delivery._untold.clear()


def look(now: dt.datetime) -> int:
    """Ask and plan, as at a sweep. How many new obligations."""
    progress.ask_due(now=now)
    return plan(reminders.plan(now=now), now=now)


def who(row: Obligation) -> str:
    keys = {address: key for key, address in addresses().items()}
    return keys.get(row.user.email, row.user.name) if row.user else row.address


def told(now: dt.datetime) -> set[tuple[str, str]]:
    """What is new at `now`: (step, who); nobody is told the same thing twice."""
    before = set(Obligation.objects.values_list("pk", flat=True))
    look(now)
    new = Obligation.objects.exclude(pk__in=before).select_related("user")
    counts = Counter((row.subject, row.step, who(row)) for row in new)
    assert set(counts.values()) <= {1}
    return {(step, one) for _subject, step, one in counts}


def around(moment: dt.datetime) -> list[dt.datetime]:
    utc = moment.astimezone(dt.UTC)
    return [utc + EVERY * turn for turn in range(-3, 4)]


def titles(step: str) -> set[str]:
    return set(Obligation.objects.filter(step=step).values_list("title", flat=True))


def running(number: int = 1, **values) -> Commitment:
    """A promise of 2020 whose publication everybody has heard of. Number 2 is the Police's."""
    of = year(**values).commitments.get(number=number)
    look(PUBLISHED)
    other = Commitment.objects.get(pledge_set=of.pledge_set, number=3 - number)
    place_whole(other, Delivery.PAUSED, now=PUBLISHED)
    return of


def place_whole(of: Commitment, to: str, *, now: dt.datetime) -> None:
    lead = of.parties.get(role="LEAD").organisation
    commitments.set_delivery(
        of,
        organisation=lead,
        to=to,
        reason="Vi väntar." if to == Delivery.PAUSED else "",
        by=acting("police_liaison" if lead.is_police else "coordinator", now=now),
        now=now,
    )


# --- How does it go -------------------------------------------------------------------------------------

LADDER = [
    ("asked", "2020-03-18 08:00"),
    ("before_1", "2020-03-31 08:00"),
    ("due_morning", "2020-04-01 08:00"),
    ("overdue", "2020-04-01 12:00"),
    ("escalated", "2020-04-02 08:00"),
]


@pytest.mark.parametrize(
    ("number", "asked", "late"),
    [(1, {"head_social"}, {"head_social"}), (2, {"police_liaison"}, {"police_liaison", "lpo_chief"})],
    ids=["a department", "the Police"],
)
def test_each_step_is_told_once_at_its_minute_to_those_it_is_for(number, asked, late):
    running(number)
    for step, moment in LADDER:
        told_of = {"overdue": late, "escalated": {"coordinator"}}.get(step, asked)
        day, clock = moment.split()
        for now in around(at(day, clock)):
            if step == "asked" and now < at(day, clock):
                continue  # the question is made at the first sweep of its day
            new = told(now)
            assert new == ({(step, one) for one in told_of} if now == at(day, clock) else set())
    assert told(at("2020-04-03")) == set()
    assert titles("asked") == {f"Löfte {number} i medborgarlöften januari 2020–december 2020"}


def test_a_question_asked_too_late_for_its_day_begins_its_own_ladder():
    running()
    assert told(at("2020-08-03", "09:00")) == {("asked", "head_social")}
    assert told(at("2020-08-07", "08:00")) == {("before_1", "head_social")}
    assert told(at("2020-08-10", "12:00")) == {("overdue", "head_social")}


def test_after_a_stop_only_the_newest_step_is_told():
    running()
    look(FIRST_ASKED)
    # Nothing ran from the middle of March to the sixth of April.
    assert told(at("2020-04-06")) == {("overdue", "head_social"), ("escalated", "coordinator")}
    assert told(at("2020-04-07")) == set()


def test_a_moved_day_begins_a_new_ladder_there_and_back():
    of = running()
    look(FIRST_ASKED)
    look(at("2020-03-31", "08:00"))
    request = ProgressRequest.objects.get(commitment=of)
    now = at("2020-03-31", "09:00")
    by = acting("coordinator", now=now)
    moved = progress.set_due(request, due_at=at("2020-04-08", "12:00"), by=by, now=now)
    assert told(now) == {("new_day", "head_social")}
    assert told(FIRST_DUE) == set()
    back = at("2020-04-02", "09:00")
    progress.set_due(moved, due_at=at("2020-04-03", "12:00"), by=by, now=back)
    assert told(back) == {("new_day", "head_social")}
    assert told(at("2020-04-03", "08:00")) == {("due_morning", "head_social")}
    assert told(at("2020-04-03", "12:00")) == {("overdue", "head_social")}


@pytest.mark.parametrize("ends", ["answered", "paused", "withdrawn", "set withdrawn"])
def test_what_needs_no_answer_any_more_is_not_reminded_of(ends):
    of = running()
    look(FIRST_ASKED)
    now = at("2020-03-20")
    by = acting("coordinator", now=now)
    if ends == "answered":
        progress.answer(ProgressRequest.objects.get(), outlook="ON_TRACK", by=by, now=now)
    elif ends == "set withdrawn":
        director = acting("director", now=now)
        pledge_sets.withdraw(of.pledge_set, reason="Nytt avtal.", by=director, now=now)
    else:
        place(of, Delivery.PAUSED if ends == "paused" else Delivery.WITHDRAWN, now=now)
    assert set(Obligation.objects.filter(step="asked").values_list("state", flat=True)) == {ObligationState.CANCELLED}
    for day in ("2020-03-31", "2020-04-01", "2020-04-02"):
        assert told(at(day, "12:00")) == set()


def test_an_answer_between_claim_and_send_stops_the_mail():
    of = running()
    sweeping.sweep(now=PUBLISHED)
    mail.outbox.clear()

    class Slow(Courier):
        def claim(self) -> list[Message]:
            batch = super().claim()
            request = ProgressRequest.objects.filter(commitment=of, state=RequestState.ASKED).first()
            if batch and request is not None:
                by = acting("head_social", now=FIRST_ASKED)
                progress.answer(request, outlook="ON_TRACK", by=by, now=FIRST_ASKED)
            return batch

    sweeping.sweep(now=FIRST_ASKED, courier=Slow)
    assert mail.outbox == []
    assert Message.objects.latest("pk").state == MessageState.CANCELLED


def test_the_mail_names_the_promise_by_number_and_nothing_anybody_wrote():
    of = running()
    sweeping.sweep(now=PUBLISHED)
    mail.outbox.clear()
    sweeping.sweep(now=FIRST_ASKED)
    (letter,) = mail.outbox
    assert letter.to == [addresses()["head_social"]]
    assert "Löfte 1 i medborgarlöften januari 2020–december 2020" in letter.body
    assert f"/arbete/lofte/{of.pk}/laget/{department().pk}/" in letter.body
    for text in (of.text_as_promised, of.pledge_set.title, of.area.title):
        assert text not in letter.body


# --- The recipients -------------------------------------------------------------------------------------


def leaving(key: str) -> None:
    Membership.objects.filter(user=person(key)).update(valid_to=dt.date(2020, 3, 1))


def test_where_there_is_no_head_the_mailbox_and_the_coordinator_are_told():
    running()
    leaving("head_social")
    assert told(FIRST_ASKED) == {("asked", department().function_mailbox), ("asked", "coordinator")}
    Organisation.objects.filter(pk=department().pk).update(function_mailbox="")
    assert told(FIRST_DUE) == {("overdue", "coordinator")}


def test_where_there_is_no_liaison_officer_the_chief_is_asked_then_the_mailbox():
    running(2)
    leaving("police_liaison")
    assert told(FIRST_ASKED) == {("asked", "lpo_chief")}
    leaving("lpo_chief")
    assert told(FIRST_DUE) == {("overdue", department(POLISEN).function_mailbox), ("overdue", "coordinator")}


# --- A set from its first day to its end ----------------------------------------------------------------


def test_whoever_leads_a_promise_hears_when_it_is_published():
    year()
    assert told(PUBLISHED) == {("promised", "head_social"), ("promised", "police_liaison")}
    assert told(PUBLISHED + dt.timedelta(days=1)) == set()


def test_a_set_published_long_ago_is_no_news():
    year()
    assert told(PUBLISHED + dt.timedelta(days=8)) == set()


def quiet_year() -> PledgeSet:
    """Nobody is asked anything; everybody has heard that it was published."""
    of = year()
    look(PUBLISHED)
    for one in of.commitments.all():
        place_whole(one, Delivery.PAUSED, now=PUBLISHED)
    return of


EVERYBODY = ("director", "coordinator", "police_liaison")


def test_ninety_thirty_and_seven_days_before_the_end():
    quiet_year()
    for days, day in ((90, "2020-10-02"), (30, "2020-12-01"), (7, "2020-12-24")):
        for now in around(at(day, "08:00")):
            wanted = {(f"ending_{days}", one) for one in EVERYBODY} if now == at(day, "08:00") else set()
            assert told(now) == wanted
    assert titles("ending_7") == {"Medborgarlöften januari 2020–december 2020 gäller till och med 31 december 2020"}


def test_of_warnings_missed_the_newest_is_told_and_a_new_end_is_warned_of_anew():
    of = quiet_year()
    assert told(at("2020-12-10")) == {("ending_30", one) for one in EVERYBODY}
    now = at("2020-12-11")
    pledge_sets.prolong(of, new_end=dt.date(2021, 1, 25), reason="Mer tid.", by=acting("director", now=now), now=now)
    # Thirty days before the new end, once it comes; the ninety are gone.
    assert told(at("2020-12-11", "12:00")) == {("ending_90", one) for one in EVERYBODY}
    assert told(at("2020-12-26", "08:00")) == {("ending_30", one) for one in EVERYBODY}


def test_a_set_published_near_its_end_is_not_warned_of_what_was_before():
    made = making.published_set(now=PUBLISHED, period_start=NEW_YEAR, period_end=dt.date(2020, 2, 1))
    for one in made.commitments.all():
        place_whole(one, Delivery.PAUSED, now=PUBLISHED)
    assert {step for step, _one in told(at("2020-01-10"))} == {"promised"}
    assert {step for step, _one in told(at("2020-01-25", "08:00"))} == {"ending_7"}


def test_past_its_end_each_week_until_it_is_closed():
    of = quiet_year()
    look(at("2020-12-30"))
    pledge_sets.begin_due_closings(now=at("2021-01-01", "00:10"))
    leaders = {("past_its_end", "director"), ("past_its_end", "coordinator")}
    # Monday 4 January is the first working day.
    assert told(at("2021-01-04", "07:59")) == set()
    assert told(at("2021-01-04", "08:00")) == leaders
    assert told(at("2021-01-10")) == set()
    assert told(at("2021-01-11", "08:00")) == leaders
    # Weeks that were missed are told of once.
    assert told(at("2021-02-09")) == leaders
    assert titles("past_its_end") == {"Medborgarlöften januari 2020–december 2020: 2 löften saknar svar"}
    now = at("2021-02-10")
    making.answer_all(of, now=now)
    proposed = pledge_sets.propose_closing(fresh(of), by=acting("coordinator", now=now), now=now)
    assert told(now) == {("closing_proposed", "director"), ("closing_proposed", "police_liaison")}
    assert told(at("2021-02-15", "08:00")) == leaders
    assert "Medborgarlöften januari 2020–december 2020: alla löften har svar, avsluta dem" in titles("past_its_end")
    pledge_sets.approve_closing(proposed, by=acting("director", now=now), now=now)
    assert told(at("2021-02-22", "08:00")) == set()


def test_whoever_proposed_is_not_asked_to_approve():
    of = making.closing_set(now=at("2021-03-01"))
    now = at("2021-03-02")
    making.answer_all(of, now=now)
    pledge_sets.propose_closing(of, by=acting("director", now=now), now=now)
    look(now)
    step = Obligation.objects.filter(step="closing_proposed").select_related("user")
    assert {who(row) for row in step} == {"police_liaison"}


# --- What lies with the Police --------------------------------------------------------------------------

OPENED = at("2020-06-09", "10:00")
# Five working days later has passed: Wednesday of the week after.
REMINDED = at("2020-06-17", "08:00")
BOTH = {("police_waiting", "police_liaison"), ("police_waiting", "coordinator")}


def test_words_that_have_lain_with_the_police_for_more_than_five_working_days():
    making.opened(making.whole_set(now=OPENED), now=OPENED)
    assert told(REMINDED - EVERY) == set()
    assert told(REMINDED) == BOTH
    period = "medborgarlöften maj 2020–maj 2021"
    assert titles("police_waiting") == {f"M{period[1:]}", f"Område A i {period}", f"Löfte 2 i {period}"}
    assert told(at("2020-06-30")) == set()


def test_new_words_give_the_police_new_days_and_a_yes_ends_it():
    made = making.opened(making.whole_set(now=OPENED), now=OPENED)
    polices = made.commitments.get(number=2)
    later = at("2020-06-15")
    commitments.edit_commitment(
        polices, values={"text_as_promised": "Polisen ska synas."}, by=acting("coordinator", now=later), now=later
    )
    look(REMINDED)
    rows = Obligation.objects.filter(step="police_waiting")
    assert not rows.filter(subject=polices.subject_key).exists()
    # Midsummer Eve is no working day.
    look(at("2020-06-24", "08:00"))
    assert rows.filter(subject=polices.subject_key).count() == 2
    now = at("2020-06-24", "09:00")
    wordings.confirm_wording(polices, by=acting("police_liaison", now=now), now=now, seen=fresh(polices).revision)
    states = set(rows.filter(subject=polices.subject_key).values_list("state", flat=True))
    assert states == {ObligationState.CANCELLED}


def test_words_sent_back_wait_for_the_municipality():
    made = making.opened(making.whole_set(now=OPENED), now=OPENED)
    polices = made.commitments.get(number=2)
    wordings.send_back(polices, text="Skriv om.", by=acting("police_liaison", now=OPENED), now=OPENED)
    look(REMINDED)
    assert not Obligation.objects.filter(subject=polices.subject_key).exists()


def test_answers_follow_ups_and_feedback_about_the_police_wait_too():
    of = running(2)
    place_whole(of, Delivery.PAUSED, now=PUBLISHED)
    now = OPENED
    by = acting("coordinator", now=now)
    commitments.write_answer(of, public_note="Vi var där.", by=by, now=now)
    output = making.output(of, now=now)
    telling.write_feedback(values={"said": "Mörkt.", "did": "Polisen går där.", "about_police": True}, by=by, now=now)
    assert told(REMINDED - EVERY) == set()
    assert told(REMINDED) == BOTH
    assert Obligation.objects.filter(step="police_waiting").count() == 6
    police = acting("police_liaison", now=REMINDED)
    follow_ups.confirm(output, by=police, now=REMINDED, seen=output.revision)
    states = Obligation.objects.filter(subject=follow_ups.subject_key(output)).values_list("state", flat=True)
    assert set(states) == {ObligationState.CANCELLED}


def test_a_proposal_is_told_at_once_and_again_when_it_has_lain():
    of = running(2)
    place_whole(of, Delivery.PAUSED, now=PUBLISHED)
    proposal = commitments.propose_status(of, delivery=Delivery.DONE, by=acting("coordinator", now=OPENED), now=OPENED)
    assert told(OPENED) == {("proposed", "police_liaison")}
    assert told(REMINDED - EVERY) == set()
    assert told(REMINDED) == {("police_waiting", "police_liaison")}
    commitments.decline_proposal(proposal, reason="Nej.", by=acting("lpo_chief", now=REMINDED), now=REMINDED)
    assert told(at("2020-07-01")) == set()
    assert ObligationState.PLANNED not in Obligation.objects.filter(
        subject=f"pledges.proposal:{proposal.pk}"
    ).values_list("state", flat=True)


# --- What was seen on a walk ----------------------------------------------------------------------------


def test_whoever_is_to_answer_an_observation_is_reminded_and_then_the_coordinator():
    by = acting("coordinator", now=OPENED)
    walk = walks.plan_walk(values={"title": "I centrum", "held_on": dt.date(2020, 6, 8)}, by=by, now=OPENED)
    walk = walks.hold_walk(walk, by=by, now=OPENED)
    values = {"spot": "Gången", "text": "Mörkt.", "owner": department(), "answer_due": dt.date(2020, 6, 16)}
    row = walks.add_observation(walk, values=values, by=by, now=OPENED)
    assert told(at("2020-06-15", "08:00")) == {("before_1", "head_social")}
    assert told(at("2020-06-16", "08:00")) == {("due_morning", "head_social")}
    assert told(at("2020-06-17", "07:59")) == set()
    assert told(at("2020-06-17", "08:00")) == {("overdue", "head_social"), ("overdue", "coordinator")}
    assert titles("overdue") == {"Iakttagelse vid trygghetsvandringen 8 juni 2020"}
    moved = walks.edit_observation(row, values={"answer_due": dt.date(2020, 6, 23)}, by=by, now=OPENED)
    assert told(at("2020-06-23", "08:00")) == {("due_morning", "head_social")}
    walks.answer_observation(moved, answer="Lampan byts.", by=acting("head_social", now=OPENED), now=OPENED)
    assert told(at("2020-06-24", "08:00")) == set()


@pytest.mark.parametrize("many", [1, 8])
def test_looking_asks_the_database_equally_often_however_many_are_owed(many, django_assert_max_num_queries):
    made = making.pledge_set(now=PUBLISHED, period_start=NEW_YEAR, period_end=YEARS_END)
    area = making.area(now=PUBLISHED, pledge_set=made)
    for _turn in range(many):
        making.commitment(now=PUBLISHED, area=area)
    making.moved_to(made, "PUBLISHED", now=PUBLISHED)
    progress.ask_due(now=FIRST_ASKED)
    with django_assert_max_num_queries(20):
        dues = list(reminders.plan(now=at("2020-04-02", "08:00")))
    assert len(dues) == many * 2
