"""History: a state moves through one door, every move leaves a line, and no line is ever changed."""

from __future__ import annotations

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import DatabaseError, connection, models, transaction
from django.db.models import QuerySet
from django.test.utils import isolate_apps

from lysekil_trygghet.accounts.actors import Actor
from lysekil_trygghet.accounts.models import Role
from lysekil_trygghet.history.models import Event, HistoryIsFixed
from lysekil_trygghet.history.operations import MoveNotAllowed, StalePage, StateIsMoved, change, move, record
from lysekil_trygghet.history.queries import timeline_of
from tests import make

pytestmark = pytest.mark.django_db

MOVES = {"DRAFT": ("ISSUED",), "ISSUED": ("DONE", "CANCELLED")}


@pytest.fixture
def thing_model(db):
    """A small thing with a state, in a table of its own for the length of the test."""
    with isolate_apps("lysekil_trygghet.history"):

        class Thing(models.Model):
            title = models.CharField(max_length=50)
            note = models.CharField(max_length=50, blank=True)
            state = models.CharField(max_length=10, default="DRAFT")
            revision = models.PositiveIntegerField(default=0)

            class Meta:
                app_label = "history"
                db_table = "tests_history_thing"

            def __str__(self) -> str:
                return self.title

        with connection.cursor() as cursor:
            serial = (
                "bigserial PRIMARY KEY" if connection.vendor == "postgresql" else "integer PRIMARY KEY AUTOINCREMENT"
            )
            cursor.execute(
                f"CREATE TABLE tests_history_thing (id {serial}, title varchar(50) NOT NULL,"
                " note varchar(50) NOT NULL, state varchar(10) NOT NULL, revision integer NOT NULL)"
            )
        yield Thing
        ContentType.objects.clear_cache()


@pytest.fixture
def thing(thing_model):
    return thing_model.objects.create(title="Uppdrag 1")


@pytest.fixture
def director() -> Actor:
    return make.actor(Role.MUNICIPAL_DIRECTOR, make.organisation(name="Kommunledning"), name="Kommundirektören")


class TestMove:
    def test_moves_saves_and_writes_the_line(self, thing, director, now):
        fresh = move(thing, to="ISSUED", allowed=MOVES, by=director, now=now, also_set={"note": "klar"}, points=[3, 4])

        thing.refresh_from_db()
        assert (thing.state, thing.note, thing.revision) == ("ISSUED", "klar", 1)
        assert (fresh.pk, fresh.state) == (thing.pk, "ISSUED")
        event = Event.objects.get()
        assert (event.at, event.verb, event.subject_label) == (now, "issued", "Uppdrag 1")
        assert (event.actor, event.actor_label) == (director.user, "Kommundirektören")
        assert event.actor_organisation_label == "Kommunledning"
        assert event.details == {"from": "DRAFT", "to": "ISSUED", "points": [3, 4]}

    def test_refuses_a_way_that_is_not_open(self, thing, director, now):
        with pytest.raises(MoveNotAllowed) as refused:
            move(thing, to="DONE", allowed=MOVES, by=director, now=now)

        thing.refresh_from_db()
        assert (refused.value.state, refused.value.to) == ("DRAFT", "DONE")
        assert (thing.state, thing.revision, Event.objects.count()) == ("DRAFT", 0, 0)

    def test_asks_the_row_as_it_is_now_not_as_the_caller_saw_it(self, thing, thing_model, director, now):
        seen_twice = thing_model.objects.get(pk=thing.pk)
        move(thing, to="ISSUED", allowed=MOVES, by=director, now=now)

        with pytest.raises(MoveNotAllowed):
            move(seen_twice, to="ISSUED", allowed=MOVES, by=director, now=now)

        assert [event.verb for event in Event.objects.all()] == ["issued"]

    def test_refuses_a_stale_page(self, thing, director, now):
        change(thing, by=director, now=now, values={"note": "ny"})

        with pytest.raises(StalePage) as stale:
            move(thing, to="ISSUED", allowed=MOVES, by=director, now=now, seen=0)

        assert (stale.value.current.note, stale.value.current.state) == ("ny", "DRAFT")
        assert move(thing, to="ISSUED", allowed=MOVES, by=director, now=now, seen=1).revision == 2

    def test_a_second_tap_is_told_that_it_is_done_and_not_that_somebody_else_was_there(self, thing, director, now):
        move(thing, to="ISSUED", allowed=MOVES, by=director, now=now, seen=0)

        with pytest.raises(MoveNotAllowed):
            move(thing, to="ISSUED", allowed=MOVES, by=director, now=now, seen=0)

    def test_by_the_clock_the_portal_itself_is_the_actor(self, thing, now):
        move(thing, to="ISSUED", allowed=MOVES, by=Actor.system(), now=now)

        event = Event.objects.get()
        assert (event.actor, event.actor_label, event.actor_organisation_label) == (None, "Portalen", "")


class TestChange:
    def test_names_the_fields_and_never_what_stood_in_them(self, thing, director, now):
        change(thing, by=director, now=now, values={"note": "hemligt", "title": "Uppdrag 1"})

        event = Event.objects.get()
        assert (event.verb, event.details) == ("changed", {"fields": ["note"]})

    def test_nothing_changed_leaves_no_line(self, thing, director, now):
        change(thing, by=director, now=now, values={"title": "Uppdrag 1"})

        thing.refresh_from_db()
        assert (Event.objects.count(), thing.revision) == (0, 0)

    def test_refuses_to_change_a_state(self, thing, director, now):
        with pytest.raises(StateIsMoved):
            change(thing, by=director, now=now, values={"note": "ny", "state": "DONE"})

        thing.refresh_from_db()
        assert (thing.state, thing.note) == ("DRAFT", "")


class TestRecord:
    def test_details_are_ids_states_and_times(self, thing, director, now):
        record(thing, "looked", by=director, now=now, other=director.user, when=now, day=now.date(), n=(1, 2))

        assert Event.objects.get().details == {
            "other": director.user.pk,
            "when": now.isoformat(),
            "day": "2020-06-09",
            "n": [1, 2],
        }

    def test_is_undone_with_the_act_it_belongs_to(self, thing, director, now):
        with transaction.atomic():
            record(thing, "looked", by=director, now=now)
            transaction.set_rollback(True)

        assert Event.objects.count() == 0


class TestAppendOnly:
    @pytest.fixture
    def event(self, director, now) -> Event:
        return record(director.user, "looked", by=director, now=now)

    def test_the_model_refuses(self, event):
        event.verb = "other"
        for attempt in (
            event.save,
            event.delete,
            Event.objects.all().delete,
            lambda: Event.objects.update(verb="other"),
        ):
            with pytest.raises(HistoryIsFixed):
                attempt()

    def test_the_database_refuses_an_update(self, event):
        update = QuerySet(model=Event).update

        with pytest.raises(DatabaseError, match="history is never changed"), transaction.atomic():
            update(verb="other")

        assert Event.objects.get().verb == "looked"

    def test_postgresql_refuses_a_delete_too(self, event):
        """On SQLite the test runner itself empties tables by DELETE, so there only the model refuses."""
        refused = False
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("DELETE FROM history_event")
                assert connection.vendor == "sqlite"
        except DatabaseError as error:
            refused = "history is never changed" in str(error)

        assert refused == (connection.vendor == "postgresql")


class TestTimeline:
    def test_collects_the_acts_on_several_things_in_order(self, director, now):
        first, second, stranger = make.user(), make.user(), make.user()
        place = make.organisation()
        record(second, "b", by=director, now=now.replace(hour=11))
        record(first, "a", by=director, now=now)
        record(stranger, "x", by=director, now=now)
        record(place, "c", by=director, now=now.replace(hour=12))

        assert [event.verb for event in timeline_of(first, [second], place)] == ["a", "b", "c"]

    def test_a_thing_of_another_kind_with_the_same_number_is_another_thing(self, director, now):
        user = make.user()
        place = make.organisation(pk=user.pk)
        record(place, "place", by=director, now=now)

        assert list(timeline_of(user)) == []

    def test_nothing_asked_nothing_told(self, director, now):
        record(director.user, "a", by=director, now=now)

        assert list(timeline_of()) == []
