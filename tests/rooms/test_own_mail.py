"""One's own mail: gathered at an hour, passed to a stand-in while one is away; and the secret calendar."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core import mail
from icalendar import Calendar

from lysekil_trygghet.accounts.demo import load_people
from lysekil_trygghet.accounts.models import Absence, Membership, Role
from lysekil_trygghet.accounts.operations import BadAbsence, NotAllowed, begin_absence
from lysekil_trygghet.accounts.recipients import People
from lysekil_trygghet.history.models import Event
from lysekil_trygghet.notifications.models import Channel, Obligation, ObligationState
from lysekil_trygghet.notifications.operations import channel_of, choose_rhythm, plan, replan

from .. import make_incidents
from ..make import at, membership, user
from .ledger import due, let_time_pass, sweep

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("ledger_settings")]

NOW = at("2020-06-16", "10:00")
TODAY = dt.date(2020, 6, 16)
AFTERNOON = dt.time(16)


@pytest.fixture
def people():
    return load_people(now=NOW)


@pytest.fixture
def signed_in(client, people, settings):
    def as_role(key: str):
        client.force_login(people[key], settings.AUTHENTICATION_BACKENDS[0])
        return client

    return as_role


# --- Gathered -------------------------------------------------------------------------------------------


def test_the_mail_of_the_day_comes_at_its_hour_in_one(head):
    choose_rhythm(head, daily_at=AFTERNOON)
    plan([due(1, user=head, moment=NOW), due(2, user=head, moment=at("2020-06-16", "12:00"))], now=NOW)
    let_time_pass()
    assert sweep(at("2020-06-16", "15:59")).sent == 0

    sweep(at("2020-06-16", "16:00"))

    assert len(mail.outbox) == 1
    assert "Uppdrag 1" in mail.outbox[0].body
    assert "Uppdrag 2" in mail.outbox[0].body


@pytest.mark.parametrize(
    ("moment", "comes"),
    [
        (at("2020-06-16", "16:00"), at("2020-06-16", "16:00")),
        (at("2020-06-16", "16:01"), at("2020-06-17", "16:00")),
        # The clock is moved that night.
        (at("2020-10-24", "17:00"), at("2020-10-25", "16:00")),
    ],
)
def test_what_comes_after_the_hour_waits_for_the_next(head, moment, comes):
    choose_rhythm(head, daily_at=AFTERNOON)

    plan([due(1, user=head, moment=moment)], now=NOW)

    assert Obligation.objects.get().moment == comes


def test_what_is_urgent_does_not_wait(head):
    choose_rhythm(head, daily_at=AFTERNOON)

    plan([due(1, user=head, moment=NOW, urgent=True)], now=NOW)

    assert Obligation.objects.get().moment == NOW


def test_two_steps_that_wait_for_the_same_hour_are_one(head):
    choose_rhythm(head, daily_at=AFTERNOON)
    morning, noon = at("2020-06-17", "08:00"), at("2020-06-17", "12:00")
    steps = [due(1, user=head, moment=when, key=f"a:{step}", step=step, ladder="a")
             for step, when in (("overdue", noon), ("due_morning", morning))]  # fmt: skip

    replan("planner", lambda: steps, now=NOW)

    assert [row.step for row in Obligation.objects.all()] == ["overdue"]


def test_who_changes_their_mind_gets_what_lies_ahead_as_they_want_it(head):
    wanted = [due(1, user=head, moment=at("2020-06-17", "08:00"))]
    replan("planner", lambda: wanted, now=NOW)
    choose_rhythm(head, daily_at=AFTERNOON)
    replan("planner", lambda: wanted, now=NOW)
    gathered = Obligation.objects.get().moment
    choose_rhythm(head, daily_at=None)
    replan("planner", lambda: wanted, now=NOW)

    assert gathered == at("2020-06-17", "16:00")
    assert Obligation.objects.get().moment == at("2020-06-17", "08:00")


def test_the_rhythm_is_chosen_on_ones_own_page(signed_in, people):
    client = signed_in("head_social")

    page = client.post("/arbete/mejl/rytm/", {"rhythm": "daily", "daily_at": "07:30"}, follow=True)

    assert "Sparat." in page.content.decode()
    assert 'value="07:30"' in page.content.decode()
    assert Channel.objects.get(user=people["head_social"]).daily_at == dt.time(7, 30)
    client.post("/arbete/mejl/rytm/", {"rhythm": "at_once", "daily_at": "07:30"})
    assert Channel.objects.get(user=people["head_social"]).daily_at is None


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"rhythm": "daily"}, "Skriv ett klockslag"),
        ({"rhythm": "daily", "daily_at": "25:99"}, "klockslag"),
        ({"rhythm": "never"}, "Välj"),
    ],
)
def test_a_rhythm_that_cannot_be_is_explained(signed_in, sent, words):
    page = signed_in("head_social").post("/arbete/mejl/rytm/", sent)

    assert page.status_code == 422
    assert words in page.content.decode()


# --- Away -----------------------------------------------------------------------------------------------


def away(person, *, stand_in=None, first=TODAY, last=TODAY) -> Absence:
    return Absence.objects.create(user=person, first_day=first, last_day=last, stand_in=stand_in)


def told(people, key: str = "head_social", on: dt.date = TODAY) -> set[object]:
    """Who is told of what a department owes."""
    where = people[key].memberships.get().organisation_id
    names = {person.pk: name for name, person in people.items()}
    return {names.get(one.user_id, one.address) for one in People.on(on).responsible(where)}


def test_the_stand_in_is_told_while_one_is_away(people):
    away(people["head_social"], stand_in=people["officer_social"])

    assert told(people) == {"officer_social"}
    assert told(people, on=TODAY + dt.timedelta(days=1)) == {"head_social"}


def test_without_a_stand_in_the_mailbox_and_the_coordinator_are_told(people):
    away(people["head_social"])

    assert told(people) == {people["head_social"].memberships.get().organisation.function_mailbox, "coordinator"}


def test_a_stand_in_who_is_away_is_stood_in_for(people):
    third = user(email="tredje@kommun.example")
    membership(user=third, organisation=people["head_social"].memberships.get().organisation, role=Role.OFFICER)
    people["third"] = third
    away(people["head_social"], stand_in=people["officer_social"])
    away(people["officer_social"], stand_in=third)

    assert told(people) == {"third"}


def test_two_who_stand_in_for_each_other_and_are_both_away_lose_nothing(people):
    away(people["head_social"], stand_in=people["officer_social"])
    away(people["officer_social"], stand_in=people["head_social"])

    assert "coordinator" in told(people)


def test_a_stand_in_who_has_left_is_none(people):
    away(people["head_social"], stand_in=people["officer_social"])
    type(people["officer_social"]).objects.filter(pk=people["officer_social"].pk).update(is_active=False)

    assert "coordinator" in told(people)


def test_when_all_who_lead_are_away_they_are_told_all_the_same(people):
    for key in ("coordinator", "director"):
        away(people[key])
    for delegation in people["head_social"].delegations.all():
        delegation.delete()

    found = People.on(TODAY)

    assert {one.user_id for one in found.coordinators()} >= {people["coordinator"].pk}
    assert found.directors()


def test_what_lies_ahead_moves_to_the_stand_in(people, settings):
    settings.NOTIFICATION_PLANNERS = ["incidents.reminders.plan"]
    issued = at("2020-06-09", "10:00")
    make_incidents.issued_assignment(now=issued, due_at=at("2020-06-18", "12:00"))
    sweep(NOW)
    tomorrow = Obligation.objects.filter(step="before_1", state=ObligationState.PLANNED)
    assert {row.user for row in tomorrow} == {people["head_social"]}
    begin_absence(
        people["head_social"],
        first_day=TODAY,
        last_day=dt.date(2020, 6, 19),
        stand_in=people["officer_social"],
        by=make_incidents.acting("head_social", now=NOW),
        now=NOW,
    )

    sweep(NOW)

    assert {row.user for row in tomorrow.all()} == {people["officer_social"]}


@pytest.mark.parametrize(
    ("first", "last", "stand_in", "words"),
    [
        (dt.date(2020, 6, 20), dt.date(2020, 6, 19), "", "Sista dagen"),
        (dt.date(2020, 6, 1), dt.date(2020, 6, 15), "", "Sista dagen"),
        (dt.date(2020, 6, 17), dt.date(2020, 6, 19), "head_education", "samma organisation"),
        (dt.date(2020, 6, 10), dt.date(2020, 6, 16), "", "redan borta"),
    ],
)
def test_an_absence_that_cannot_be_is_refused(people, first, last, stand_in, words):
    away(people["head_social"])

    with pytest.raises(BadAbsence, match=words):
        begin_absence(
            people["head_social"],
            first_day=first,
            last_day=last,
            stand_in=people.get(stand_in),
            by=make_incidents.acting("head_social", now=NOW),
            now=NOW,
        )


def test_nobody_says_it_of_another_but_the_administrator(people):
    days = {"first_day": TODAY, "last_day": TODAY, "stand_in": None, "now": NOW}

    with pytest.raises(NotAllowed):
        begin_absence(people["head_social"], by=make_incidents.acting("coordinator", now=NOW), **days)
    begin_absence(people["head_social"], by=make_incidents.acting("administrator", now=NOW), **days)

    assert Event.objects.get(verb="absence_begun").actor == people["administrator"]


def test_absence_is_entered_and_taken_away_on_ones_own_page(signed_in, people):
    client = signed_in("head_social")
    day = dt.date.today() + dt.timedelta(days=3)  # noqa: DTZ011 - the form's own day

    sent = {"first_day": day, "last_day": day, "stand_in": people["officer_social"].pk}
    page = client.post("/arbete/mejl/borta/", sent, follow=True).content.decode()
    absence = Absence.objects.get()
    client.post(f"/arbete/mejl/borta/{absence.pk}/bort/")

    assert f"ersättare: {people['officer_social'].name}" in " ".join(page.split())
    assert not Absence.objects.exists()
    assert Event.objects.filter(verb="absence_ended").count() == 1


def test_nobody_takes_away_anothers_absence(signed_in, people):
    absence = away(people["head_social"])

    assert signed_in("coordinator").post(f"/arbete/mejl/borta/{absence.pk}/bort/").status_code == 404
    assert Absence.objects.exists()


# --- The calendar -----------------------------------------------------------------------------------------


def calendar(client, person) -> list[dict[str, str]]:
    answer = client.get(f"/kalender/{channel_of(person).calendar_key}.ics")
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    return [
        {"words": str(event["SUMMARY"]), "at": event["DTSTART"].dt, "url": str(event["URL"])}
        for event in Calendar.from_ical(answer.content).walk("VEVENT")
    ]


def test_the_calendar_holds_what_one_owes_and_nothing_of_others(client, people):
    owed = make_incidents.issued_assignment(now=NOW, due_at=at("2020-06-18", "12:00"), instruction="Hemlig text")

    mine = calendar(client, people["head_social"])

    assert [event["at"] for event in mine] == [owed.due_at]
    assert owed.number in mine[0]["words"]
    assert mine[0]["url"].endswith(owed.get_absolute_url())
    assert "Hemlig" not in str(mine)
    assert calendar(client, people["head_education"]) == []


def test_the_address_is_a_secret_that_can_be_changed(client, signed_in, people):
    worker = signed_in("head_social")
    assert "Skapa din adress" in worker.get("/arbete/mejl/").content.decode()
    worker.post("/arbete/mejl/ny-adress/", {})
    old = channel_of(people["head_social"]).calendar_key
    assert len(old) >= 43
    assert f"/kalender/{old}.ics" in worker.get("/arbete/mejl/").content.decode()

    worker.post("/arbete/mejl/ny-adress/", {})

    new = channel_of(people["head_social"]).calendar_key
    client.logout()
    assert new != old
    assert client.get(f"/kalender/{old}.ics").status_code == 404
    assert client.get(f"/kalender/{new}.ics").status_code == 200
    assert client.get(f"/kalender/{new}x.ics").status_code == 404


def test_a_closed_account_has_no_calendar(client, people):
    person = people["head_social"]
    key = channel_of(person).calendar_key
    Membership.objects.filter(user=person).update(valid_to=dt.date(2020, 1, 1), valid_from=dt.date(2019, 1, 1))
    assert calendar(client, person) == []
    type(person).objects.filter(pk=person.pk).update(is_active=False)

    assert client.get(f"/kalender/{key}.ics").status_code == 404
