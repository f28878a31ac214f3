"""What was done, logged: by whom, on which days, how many; put right, undone, put back. And the rhythm's pauses."""

from __future__ import annotations

import datetime as dt

import pytest

from lysekil_trygghet.history.guards import NotAllowed, Refused
from lysekil_trygghet.history.models import Event
from lysekil_trygghet.history.operations import MoveNotAllowed, StalePage
from pledges.lifecycle import Delivery, OccurrenceState, PartyRole, Reading
from pledges.models import Commitment, Occurrence, PausePeriod, RecurrenceRule
from pledges.operations import commitments, occurrences, pledge_sets, wordings
from pledges.operations.commitments import UnitRow

from .. import make_pledges as making
from .. import make_situation
from ..make_incidents import acting, department, fresh, last_event, verbs
from .acting import NOW, POLICE, TODAY, WRITING, by, who_may

pytestmark = pytest.mark.django_db

SOCIAL, EDUCATION, POLISEN = "socialforvaltningen", "utbildningsforvaltningen", "polisen"
PROOF = {"document": "Mejl från Polisen, KS 2020-30", "document_on": TODAY}
ONE = (UnitRow("kvällar"),)
YESTERDAY = TODAY - dt.timedelta(days=1)


def promise(*, leads=(SOCIAL,), units=ONE, **values) -> Commitment:
    return making.published_commitment(now=NOW, leads=leads, units=units, **values)


def held(of: Commitment, actor=None, *, party: str = SOCIAL, date: dt.date = TODAY, **values) -> Occurrence:
    return occurrences.log_held(
        of, organisation=department(party), date=date, by=actor or by("head_social"), now=NOW, **values
    )


def called_off(of: Commitment, actor=None, *, party: str = SOCIAL, date: dt.date = TODAY, **values) -> Occurrence:
    defaults = {"reason": "Storm."}
    return occurrences.log_cancelled(
        of,
        organisation=department(party),
        date=date,
        by=actor or by("head_social"),
        now=NOW,
        **(defaults | values),
    )


def counted(row: Occurrence) -> dict[str, int]:
    return {one.unit.name: one.count for one in row.counts.select_related("unit")}


# --- Who, and for whom ---------------------------------------------------------------------------------


def test_a_partys_own_people_and_those_who_write_sets_log_what_it_did():
    of = promise(contributing=(EDUCATION,))
    assert who_may(lambda actor: held(of, actor)) == {"head_social", "officer_social"} | WRITING
    assert who_may(lambda actor: called_off(of, actor)) == {"head_social", "officer_social"} | WRITING
    helpers = who_may(lambda actor: held(of, actor, party=EDUCATION))
    assert helpers >= {"head_education"} | WRITING
    assert "head_social" not in helpers


def test_only_a_party_of_the_promise_has_done_something_for_it():
    of = promise()
    with pytest.raises(NotAllowed):
        held(of, by("coordinator"), party=EDUCATION)


def test_what_the_police_did_is_logged_by_them_or_from_their_document():
    of = promise(leads=(POLISEN,))
    assert who_may(lambda actor: held(of, actor, party=POLISEN, **PROOF)) == POLICE | {"coordinator"}
    for missing in ({}, {"document": "Mejl"}, {"document_on": TODAY}, {"document": " ", "document_on": TODAY}):
        with pytest.raises(Refused, match=r"handling|Handling"):
            held(of, by("coordinator"), party=POLISEN, **missing)
    with pytest.raises(Refused, match="framtiden"):
        held(of, by("coordinator"), party=POLISEN, document="Mejl", document_on=TODAY + dt.timedelta(days=1))
    with pytest.raises(NotAllowed):
        held(of, by("director"), party=POLISEN, **PROOF)
    row = held(of, by("coordinator"), party=POLISEN, **PROOF)
    assert (row.document, row.document_on) == (PROOF["document"], TODAY)
    assert last_event(row).details["document_on"] == TODAY.isoformat()
    theirs = held(of, by("police_liaison"), party=POLISEN, **PROOF)
    assert (theirs.document, theirs.document_on) == ("", None)


# --- Which days, how many --------------------------------------------------------------------------------


def test_two_taps_are_one_time_of_the_one_thing_that_is_counted():
    row = held(promise())
    assert (row.state, row.date, counted(row)) == (OccurrenceState.HELD, TODAY, {"kvällar": 1})
    assert row.recorded_by == by("head_social").user
    assert verbs(row) == ["held"]


def test_twice_on_a_day_is_two():
    of = promise()
    held(of)
    held(of)
    assert of.occurrences.filter(date=TODAY).count() == 2


def test_several_things_are_counted_at_once_and_nothing_is_left_to_guess():
    of = promise(units=(UnitRow("trafikkontroller"), UnitRow("identitetskontroller")))
    traffic, identity = of.units.order_by("order")
    with pytest.raises(Refused, match="hur många"):
        held(of)
    with pytest.raises(Refused, match="hur många"):
        held(of, counts={traffic.pk: 0})
    with pytest.raises(Refused, match="mellan 0"):
        held(of, counts={traffic.pk: -1})
    with pytest.raises(Refused, match="mellan 0"):
        held(of, counts={traffic.pk: 10_001})
    row = held(of, counts={traffic.pk: 3, identity.pk: 0})
    assert counted(row) == {"trafikkontroller": 3}
    other = promise().units.get()
    with pytest.raises(Refused, match="annat löfte"):
        held(of, counts={other.pk: 1})


def test_nothing_counted_is_logged_without_counts():
    row = held(promise(units=()))
    assert counted(row) == {}


@pytest.mark.parametrize("log", [held, called_off])
def test_days_to_come_and_days_outside_the_period_are_refused(log):
    start, end = TODAY - dt.timedelta(days=30), TODAY + dt.timedelta(days=30)
    of = promise(pledge_set=making.pledge_set(now=NOW, period_start=start, period_end=end))
    with pytest.raises(Refused, match="inte varit"):
        log(of, date=TODAY + dt.timedelta(days=1))
    with pytest.raises(Refused, match="före löftenas första dag"):
        log(of, date=start - dt.timedelta(days=1))
    assert log(of, date=start).date == start
    assert log(of, date=TODAY).date == TODAY


def test_after_the_last_day_only_days_of_the_period_are_logged():
    closing = making.closing_set(now=NOW)
    of = closing.commitments.get(number=1)
    assert held(of, date=closing.period_end).date == closing.period_end
    with pytest.raises(Refused, match="efter löftenas sista dag"):
        held(of, date=TODAY)


def test_before_it_is_published_and_after_it_is_closed_nothing_is_logged():
    draft = making.commitment(now=NOW)
    with pytest.raises(Refused, match="inte publicerade"):
        held(draft)
    closed = making.closed_set(now=NOW)
    with pytest.raises(Refused, match="avslutade"):
        held(closed.commitments.get(number=1), date=closed.period_end)


def test_called_off_says_why_and_counts_for_nothing():
    of = promise()
    with pytest.raises(Refused, match="varför"):
        called_off(of, reason=" ")
    row = called_off(of)
    assert (row.state, row.reason, counted(row)) == (OccurrenceState.CANCELLED, "Storm.", {})
    assert verbs(row) == ["cancelled"]


@pytest.mark.parametrize("name", ["public_note", "public_note_en"])
def test_no_identity_number_reaches_residents(name):
    with pytest.raises(Refused, match="personnummer"):
        held(promise(), **{name: "Se 19121212-1212"})
    with pytest.raises(Refused, match="personnummer"):
        called_off(promise(), reason="Se 19121212-1212")
    assert not Occurrence.objects.exists()


# --- It begins by itself --------------------------------------------------------------------------------


def test_the_first_time_held_begins_a_part_that_was_planned():
    of = promise()
    called_off(of)
    assert fresh(of).delivery_state == Delivery.PLANNED
    held(of)
    lead = of.parties.get()
    assert (lead.delivery_state, fresh(of).delivery_state) == (Delivery.ONGOING, Delivery.ONGOING)
    assert (last_event(lead).verb, last_event(of).verb) == ("begun_by_occurrence", "begun_by_occurrence")
    held(of)
    assert verbs(of).count("begun_by_occurrence") == 1


def test_what_is_said_of_a_part_is_not_changed_by_a_time_held():
    of = promise()
    commitments.set_delivery(
        of, organisation=department(), to=Delivery.PAUSED, reason="Vinter.", by=by("head_social"), now=NOW
    )
    held(of)
    assert fresh(of).delivery_state == Delivery.PAUSED


def test_a_helper_who_begins_does_not_speak_for_the_lead():
    of = promise(contributing=(EDUCATION,))
    held(of, by("head_education"), party=EDUCATION)
    states = dict(of.parties.values_list("role", "delivery_state"))
    assert states == {PartyRole.LEAD: Delivery.PLANNED, PartyRole.CONTRIBUTING: Delivery.ONGOING}
    assert fresh(of).delivery_state == Delivery.PLANNED


def test_a_closing_that_waits_for_approval_falls_when_something_is_logged():
    closing = making.closing_set(now=NOW)
    making.answer_all(closing, now=NOW)
    pledge_sets.propose_closing(closing, by=by("coordinator"), now=NOW)
    held(closing.commitments.get(number=1), date=closing.period_end)
    assert fresh(closing).closing_proposed_at is None


# --- Put right ------------------------------------------------------------------------------------------


def test_a_slip_is_undone_and_put_back():
    of = promise()
    row = held(of)
    undone = occurrences.undo(row, by=by("officer_social"), now=NOW, seen=row.revision)
    assert undone.state == OccurrenceState.UNDONE
    with pytest.raises(MoveNotAllowed):
        occurrences.undo(row, by=by("officer_social"), now=NOW)
    back = occurrences.redo(undone, by=by("officer_social"), now=NOW)
    assert (back.state, counted(back)) == (OccurrenceState.HELD, {"kvällar": 1})
    with pytest.raises(MoveNotAllowed):
        occurrences.redo(back, by=by("officer_social"), now=NOW)
    assert verbs(row) == ["held", "undone", "put_back"]
    with pytest.raises(NotAllowed):
        occurrences.undo(back, by=by("head_education"), now=NOW)


def test_what_was_called_off_is_put_back_as_called_off():
    row = called_off(promise())
    undone = occurrences.undo(row, by=by("head_social"), now=NOW)
    assert occurrences.redo(undone, by=by("head_social"), now=NOW).state == OccurrenceState.CANCELLED


def correct(row: Occurrence, actor=None, **values) -> Occurrence:
    return occurrences.correct(row, by=actor or by("head_social"), now=NOW, **values)


def test_day_place_note_and_counts_are_put_right():
    of = promise()
    unit, place = of.units.get(), make_situation.area(now=NOW)
    row = held(of)
    right = correct(
        row,
        values={"date": YESTERDAY, "area": place, "public_note": " På torget. "},
        counts={unit.pk: 4},
        seen=row.revision,
    )
    assert (right.date, right.area, right.public_note, counted(right)) == (
        YESTERDAY,
        place,
        "På torget.",
        {"kvällar": 4},
    )
    assert verbs(row) == ["held", "corrected", "counts_set"]
    with pytest.raises(StalePage):
        correct(row, values={"date": TODAY}, seen=row.revision)
    with pytest.raises(Refused, match="inte varit"):
        correct(row, values={"date": TODAY + dt.timedelta(days=1)})
    with pytest.raises(Refused, match="hur många"):
        correct(row, counts={unit.pk: 0})


def test_held_becomes_called_off_and_the_other_way():
    row = held(promise())
    with pytest.raises(Refused, match="varför"):
        correct(row, to=OccurrenceState.CANCELLED)
    off = correct(row, to=OccurrenceState.CANCELLED, values={"reason": "Storm."})
    assert (off.state, counted(off)) == (OccurrenceState.CANCELLED, {})
    on = correct(off, to=OccurrenceState.HELD)
    assert (on.state, on.reason, counted(on)) == (OccurrenceState.HELD, "", {"kvällar": 1})


def test_what_is_undone_is_put_back_before_it_is_put_right():
    row = occurrences.undo(held(promise()), by=by("head_social"), now=NOW)
    with pytest.raises(Refused, match="Lägg tillbaka"):
        correct(row, values={"reason": "Storm."})


def test_the_coordinator_puts_right_what_was_written_from_a_document_but_not_what_the_police_logged():
    of = promise(leads=(POLISEN,))
    written = held(of, by("coordinator"), party=POLISEN, **PROOF)
    theirs = held(of, by("police_liaison"), party=POLISEN)
    assert occurrences.undo(written, by=by("coordinator"), now=NOW).state == OccurrenceState.UNDONE
    with pytest.raises(Refused, match="handling"):
        occurrences.undo(theirs, by=by("coordinator"), now=NOW)
    undone = occurrences.undo(theirs, by=by("coordinator"), now=NOW, **PROOF)
    assert (undone.state, undone.document) == (OccurrenceState.UNDONE, PROOF["document"])
    assert occurrences.redo(written, by=by("lpo_chief"), now=NOW).state == OccurrenceState.HELD


def test_nothing_is_put_right_once_the_set_is_closed():
    closing = making.closing_set(now=NOW)
    row = held(closing.commitments.get(number=1), date=closing.period_end)
    making.moved_to(closing, "CLOSED", now=NOW)
    for act in (occurrences.undo, occurrences.redo, occurrences.correct):
        with pytest.raises(Refused, match="avslutade"):
            act(row, by=by("coordinator"), now=NOW)


# --- The rhythm and its pauses ----------------------------------------------------------------------------

DAYS = {"reading": Reading.DAYS, "limit": 14, "active_from": TODAY}


def test_a_rhythm_is_part_of_what_was_said_yes_to():
    of = making.commitment(now=NOW, leads=(POLISEN,))
    making.opened(of.pledge_set, now=NOW)
    confirmed = wordings.confirm_wording(of, by=by("police_liaison"), now=NOW, seen=fresh(of).revision)
    assert who_may(lambda actor: occurrences.set_rule(of, values=DAYS, by=actor, now=NOW)) == WRITING
    rule = occurrences.set_rule(of, values=DAYS, by=by("coordinator"), now=NOW, seen=confirmed.revision)
    assert (rule.limit, fresh(of).is_police_confirmed) == (14, False)
    assert "rhythm_set" in verbs(of)
    with pytest.raises(StalePage):
        occurrences.set_rule(of, values=DAYS, by=by("coordinator"), now=NOW, seen=confirmed.revision)


def test_the_same_rhythm_again_changes_nothing():
    of = making.commitment(now=NOW)
    occurrences.set_rule(of, values=DAYS, by=by("coordinator"), now=NOW)
    before = (fresh(of).revision, Event.objects.count())
    occurrences.set_rule(of, values=DAYS, by=by("coordinator"), now=NOW)
    assert (fresh(of).revision, Event.objects.count()) == before


def test_another_reading_keeps_no_number_of_the_old_one():
    of = making.commitment(now=NOW)
    occurrences.set_rule(of, values=DAYS, by=by("coordinator"), now=NOW)
    values = {"reading": Reading.COUNT, "min_count": 4, "per": "MONTH"}
    rule = occurrences.set_rule(of, values=values, by=by("coordinator"), now=NOW)
    assert (rule.limit, rule.min_count, rule.per, rule.active_from) == (None, 4, "MONTH", TODAY)
    assert RecurrenceRule.objects.count() == 1
    occurrences.remove_rule(of, by=by("coordinator"), now=NOW)
    occurrences.remove_rule(of, by=by("coordinator"), now=NOW)
    assert not RecurrenceRule.objects.exists()
    assert verbs(of).count("rhythm_removed") == 1


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"reading": "NOW_AND_THEN"}, "hur rytmen"),
        ({"limit": None}, "hur många dagar"),
        ({"reading": Reading.COUNT, "per": "MONTH"}, "hur många gånger"),
        ({"reading": Reading.COUNT, "min_count": 3}, "per vecka"),
        ({"active_from": None}, "från vilken dag"),
        ({"active_to": TODAY - dt.timedelta(days=1)}, "slutar innan"),
    ],
)
def test_a_rhythm_that_says_nothing_is_refused(values, words):
    of = making.commitment(now=NOW)
    with pytest.raises(Refused, match=words):
        occurrences.set_rule(of, values=DAYS | values, by=by("coordinator"), now=NOW)
    assert not RecurrenceRule.objects.exists()


def test_a_rhythm_promised_is_not_changed_but_may_rest():
    of = making.commitment(now=NOW)
    rule = occurrences.set_rule(of, values=DAYS, by=by("coordinator"), now=NOW)
    making.moved_to(of.pledge_set, "PUBLISHED", now=NOW)
    with pytest.raises(Refused, match="står fast"):
        occurrences.set_rule(of, values=DAYS | {"limit": 30}, by=by("coordinator"), now=NOW)
    summer = {"first_day": dt.date(2020, 6, 22), "last_day": dt.date(2020, 8, 9), "reason": "Sommar."}
    pausing = {"head_social", "officer_social"} | WRITING
    assert who_may(lambda actor: occurrences.add_pause(rule, by=actor, now=NOW, **summer)) == pausing
    before = fresh(of).revision
    pause = occurrences.add_pause(rule, by=by("head_social"), now=NOW, **summer)
    assert (last_event(of).verb, fresh(of).revision) == ("pause_added", before + 1)
    occurrences.remove_pause(pause, by=by("head_social"), now=NOW)
    occurrences.remove_pause(pause, by=by("head_social"), now=NOW)
    assert verbs(of).count("pause_removed") == 1
    assert not PausePeriod.objects.exists()


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"last_day": dt.date(2020, 6, 1)}, "slutar innan"),
        ({"reason": " "}, "varför"),
        ({"reason_en": "19121212-1212"}, "personnummer"),
    ],
)
def test_an_odd_pause_is_refused(values, words):
    of = making.commitment(now=NOW)
    rule = occurrences.set_rule(of, values=DAYS, by=by("coordinator"), now=NOW)
    summer = {"first_day": dt.date(2020, 6, 22), "last_day": dt.date(2020, 8, 9), "reason": "Sommar."}
    with pytest.raises(Refused, match=words):
        occurrences.add_pause(rule, by=by("coordinator"), now=NOW, **(summer | values))


def test_a_pause_in_a_draft_takes_back_what_was_said_yes_to():
    of = making.commitment(now=NOW)
    rule = occurrences.set_rule(of, values=DAYS, by=by("coordinator"), now=NOW)
    made = making.opened(of.pledge_set, now=NOW)
    made = pledge_sets.agree(made, by=by("coordinator"), now=NOW, seen=made.revision)
    occurrences.add_pause(rule, first_day=TODAY, last_day=TODAY, reason="Lov.", by=by("coordinator"), now=NOW)
    assert not fresh(made).is_municipality_confirmed


def test_the_system_of_the_day_decides_what_is_today():
    """A day that has begun in Sweden may be logged, though it is still yesterday in UTC."""
    of = promise()
    night = dt.datetime(2020, 6, 10, 0, 30, tzinfo=NOW.tzinfo)
    row = occurrences.log_held(
        of, organisation=department(), date=dt.date(2020, 6, 10), by=acting("head_social", now=night), now=night
    )
    assert row.date == dt.date(2020, 6, 10)
