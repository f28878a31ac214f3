"""News with corrections, action packages, reinforcement, contact points, messages to the own staff."""

from __future__ import annotations

import datetime as dt

import pytest

from incidents.lifecycle import ITEM_MOVES, ItemState, PublicationState
from incidents.models import ActionPackage, OpeningException, OpeningHours, PackageItem, PublicUpdate, StaffMessage
from incidents.operations import news, police, publication
from lysekil_trygghet.history.guards import NotAllowed, Refused
from lysekil_trygghet.history.operations import MoveNotAllowed, StalePage

from .. import make_incidents as make
from ..make import at
from .at_once import at_once, refused_with

pytestmark = pytest.mark.django_db

NOW = at("2020-06-09", "10:00")


def by(key: str):
    return make.acting(key, now=NOW)


def approved(**values) -> PublicUpdate:
    return publication.approve(make.update(now=NOW, **values), by=by("coordinator"), now=NOW)


def published(**values) -> PublicUpdate:
    return publication.publish(approved(**values), by=by("communicator"), now=NOW)


# --- News -------------------------------------------------------------------------------------------------


def test_addresses_are_made_from_the_title_and_never_clash():
    slugs = [make.update(now=NOW, title=title).slug for title in ("Vuxna på gång!", "Vuxna på gång!", "¡¿", "¡¿")]
    assert slugs == ["vuxna-pa-gang", "vuxna-pa-gang-2", "nyhet", "nyhet-2"]


@pytest.mark.parametrize("key", ["head_social", "officer_social", "lpo_chief", "auditor"])
def test_others_write_nothing_for_residents_or_staff(key):
    update, package, message = make.update(now=NOW), make.package(now=NOW), make.staff_message(now=NOW)
    point, other = make.contact_point(now=NOW), by(key)
    for act in (
        lambda: news.write_update(values={"title": "X", "lead": "Y"}, by=other, now=NOW),
        lambda: news.edit_update(update, values={"lead": "X"}, by=other, now=NOW),
        lambda: news.discard_update(update, by=other, now=NOW),
        lambda: news.begin_package(package.response, values={"title": "X"}, by=other, now=NOW),
        lambda: news.edit_package(package, values={"title": "X"}, by=other, now=NOW),
        lambda: news.put_item(package, item=None, values={"what": "X"}, by=other, now=NOW),
        lambda: news.write_contact_point(values={"name": "X"}, by=other, now=NOW),
        lambda: news.edit_contact_point(point, values={"name": "X"}, by=other, now=NOW),
        lambda: news.put_hours(point, hours=[], exceptions=[], by=other, now=NOW),
        lambda: news.write_staff_message(values={"title": "X", "body": "Y"}, by=other, now=NOW),
        lambda: news.edit_staff_message(message, values={"title": "X"}, by=other, now=NOW),
        lambda: news.send_staff_message(message, by=other, now=NOW),
        lambda: news.withdraw_staff_message(message, by=other, now=NOW),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_a_change_makes_an_approved_text_a_draft_again_and_no_change_does_not():
    ready = approved()
    same = news.edit_update(ready, values={"lead": ready.lead}, by=by("communicator"), now=NOW)
    assert same.state == PublicationState.APPROVED
    changed = news.edit_update(ready, values={"lead": "Nytt."}, by=by("communicator"), now=NOW, seen=ready.revision)
    assert (changed.state, changed.approved_at, changed.approved_by_function) == (PublicationState.DRAFT, None, "")
    with pytest.raises(StalePage):
        news.edit_update(ready, values={"lead": "X"}, by=by("coordinator"), now=NOW, seen=ready.revision)


def test_a_text_approved_after_the_page_was_opened_is_approved_anew_when_it_changes():
    draft = make.update(now=NOW)
    publication.approve(draft, by=by("coordinator"), now=NOW)
    assert news.edit_update(draft, values={"lead": draft.lead}, by=by("communicator"), now=NOW).state == "APPROVED"
    assert news.edit_update(draft, values={"lead": "Nytt."}, by=by("communicator"), now=NOW).state == "DRAFT"


def test_published_news_is_corrected_by_the_communicator_in_the_open():
    shown = published()
    with pytest.raises(NotAllowed):
        news.edit_update(shown, values={"lead": "Nytt."}, correction="Rättat.", by=by("coordinator"), now=NOW)
    with pytest.raises(Refused, match="rättar"):
        news.edit_update(shown, values={"lead": "Nytt."}, by=by("communicator"), now=NOW)
    for values, note in (({"lead": "19121212-1212"}, "Rättat."), ({"lead": "Nytt."}, "Gällde 19121212-1212.")):
        with pytest.raises(Refused, match="personnummer"):
            news.edit_update(shown, values=values, correction=note, by=by("communicator"), now=NOW)
    assert make.fresh(shown).lead == shown.lead
    done = news.edit_update(
        shown, values={"lead": "Nytt."}, correction="Fel dag.", correction_en="Wrong day.", by=by("communicator"),
        now=NOW,
    )  # fmt: skip
    assert (done.state, done.is_public) == (PublicationState.PUBLISHED, True)
    assert [(row.text, row.text_en) for row in done.corrections.all()] == [("Fel dag.", "Wrong day.")]
    news.edit_update(shown, values={"lead": "Nytt."}, correction="Inget.", by=by("communicator"), now=NOW)
    assert done.corrections.count() == 1  # nothing changed, nothing was corrected


def test_a_page_opened_before_publication_does_not_change_what_residents_read():
    before = approved()
    publication.publish(before, by=by("communicator"), now=NOW)
    with pytest.raises(NotAllowed):
        news.edit_update(before, values={"lead": "Nytt."}, by=by("coordinator"), now=NOW)


def test_a_draft_is_thrown_away_and_nothing_else_is():
    news.discard_update(make.update(now=NOW), by=by("communicator"), now=NOW)
    assert not PublicUpdate.objects.exists()
    for thing in (approved(), published()):
        with pytest.raises(Refused, match="avpubliceras"):
            news.discard_update(thing, by=by("communicator"), now=NOW)


# --- Action packages --------------------------------------------------------------------------------------


def measure(package: ActionPackage, **values) -> PackageItem:
    return news.put_item(package, item=None, values={"what": "Fler vuxna."} | values, by=by("coordinator"), now=NOW)


def test_one_package_is_prepared_at_a_time():
    package = make.package(now=NOW)
    with pytest.raises(Refused, match="redan ett paket"):
        make.package(now=NOW, response=package.response)


def test_an_approval_falls_when_the_package_changes():
    package = make.package(now=NOW)
    one = measure(package)
    for change in (
        lambda ready: news.edit_package(
            ready, values={"lead": "Ny."}, by=by("coordinator"), now=NOW, seen=ready.revision
        ),
        lambda ready: measure(ready),
        lambda ready: news.put_item(ready, item=one, values={"what": "Annat."}, by=by("coordinator"), now=NOW),
        lambda ready: news.remove_item(ready.items.last(), by=by("coordinator"), now=NOW),
    ):
        change(publication.approve(make.fresh(package), by=by("director"), now=NOW))
        assert make.fresh(package).state == PublicationState.DRAFT
    fresh = make.fresh(package)
    with pytest.raises(StalePage):
        news.edit_package(fresh, values={"lead": "X"}, by=by("coordinator"), now=NOW, seen=fresh.revision - 1)


def test_measures_are_put_in_order_within_their_horizon():
    package = make.package(now=NOW)
    first, second = measure(package, what="A"), measure(package, what="B")
    far = measure(package, what="C", horizon="LONG")
    news.place_item(second, direction="up", by=by("coordinator"), now=NOW)
    assert [item.what for item in package.items.filter(horizon="SHORT")] == ["B", "A"]
    news.place_item(far, direction="up", by=by("coordinator"), now=NOW)
    news.place_item(first, direction="down", by=by("coordinator"), now=NOW)
    assert [item.what for item in package.items.filter(horizon="SHORT")] == ["B", "A"]


def test_a_published_package_is_not_rewritten():
    package = make.package(now=NOW)
    one = measure(package)
    page = publication.approve(make.fresh(package), by=by("director"), now=NOW)
    publication.publish(page, by=by("communicator"), now=NOW)
    for act in (
        lambda: news.edit_package(page, values={"title": "X"}, by=by("coordinator"), now=NOW),
        lambda: news.put_item(page, item=one, values={"what": "X"}, by=by("coordinator"), now=NOW),
        lambda: measure(page),
        lambda: news.remove_item(one, by=by("coordinator"), now=NOW),
        lambda: news.place_item(one, direction="up", by=by("coordinator"), now=NOW),
    ):
        with pytest.raises(Refused, match="ny version"):
            act()


def test_a_measure_of_another_package_is_not_changed_through_this_one():
    mine, theirs = make.package(now=NOW), make.package(now=NOW)
    item = measure(theirs)
    with pytest.raises(Refused, match="annat paket"):
        news.put_item(mine, item=item, values={"what": "X"}, by=by("coordinator"), now=NOW)


WAYS = {
    ItemState.PLANNED: [],
    ItemState.ONGOING: ["ONGOING"],
    ItemState.DONE: ["DONE"],
    ItemState.WITHDRAWN: ["WITHDRAWN"],
}


@pytest.mark.parametrize("state", ItemState)
def test_a_measure_moves_along_the_table_only(state):
    package = make.package(now=NOW)
    for to in ItemState:
        item = measure(package)
        for step in WAYS[state]:
            item = news.move_item(item, to=step, by=by("coordinator"), now=NOW)
        if to in ITEM_MOVES.get(state, ()):
            assert news.move_item(item, to=to, by=by("director"), now=NOW).state == to
        else:
            with pytest.raises(MoveNotAllowed):
                news.move_item(item, to=to, by=by("director"), now=NOW)


def test_the_next_version_starts_where_the_one_before_stood():
    package = make.package(now=NOW)
    theirs = measure(package, organisation=make.department("polisen"), about_police=True)
    police.confirm(theirs, by=by("lpo_chief"), now=NOW, seen=theirs.revision)
    ongoing = news.move_item(measure(package), to="ONGOING", by=by("coordinator"), now=NOW)
    ready = publication.approve(make.fresh(package), by=by("director"), now=NOW)
    shown = publication.publish(ready, by=by("communicator"), now=NOW)
    new = news.begin_package(shown.response, values={"title": "Paket"}, by=by("coordinator"), now=NOW)
    assert [(item.state, item.confirmed_by_police, item.is_public) for item in new.items.all()] == [
        ("PLANNED", True, False),
        ("ONGOING", False, False),
    ]
    assert make.fresh(ongoing).package == shown


# --- Reinforcement ----------------------------------------------------------------------------------------


def test_reinforcement_is_written_by_leaders_or_the_police_and_changes_clear_the_confirmation():
    row = make.reinforcement(now=NOW)
    row = police.confirm(row, by=by("lpo_chief"), now=NOW, seen=row.revision)
    row = news.edit_reinforcement(row, values={"based_locally": 6}, by=by("lpo_chief"), now=NOW, seen=row.revision)
    assert not row.confirmed_by_police
    for key in ("head_social", "communicator", "auditor"):
        with pytest.raises(NotAllowed):
            news.edit_reinforcement(row, values={"total": 1}, by=by(key), now=NOW)
        with pytest.raises(NotAllowed):
            news.announce_reinforcement(values={}, by=by(key), now=NOW)


# --- Contact points ---------------------------------------------------------------------------------------


def hours(*days: int) -> list[OpeningHours]:
    return [OpeningHours(weekday=day, opens=dt.time(18), closes=dt.time(2)) for day in days]


def test_hours_are_exactly_the_rows_given():
    point = make.contact_point(now=NOW)
    closed = OpeningException(date=dt.date(2020, 6, 19), is_closed=True, note="Midsommarafton")
    news.put_hours(point, hours=hours(0, 1), exceptions=[closed], by=by("communicator"), now=NOW)
    assert [row.weekday for row in point.hours.all()] == [0, 1]
    assert point.exceptions.get().note == "Midsommarafton"
    assert make.last_event(point).verb == "hours_set"


def test_a_contact_point_is_changed_and_an_old_page_is_told():
    point = make.contact_point(now=NOW)
    news.edit_contact_point(
        point, values={"phone": "0523-1"}, by=by("communicator"), now=NOW, seen=make.fresh(point).revision
    )
    with pytest.raises(StalePage):
        news.edit_contact_point(point, values={"phone": "0523-2"}, by=by("coordinator"), now=NOW, seen=point.revision)


# --- Messages to the own staff ----------------------------------------------------------------------------


def test_a_message_is_written_sent_once_and_withdrawn():
    message = make.staff_message(now=NOW)
    edited = news.edit_staff_message(message, values={"title": "Nytt"}, by=by("communicator"), now=NOW, seen=0)
    with pytest.raises(MoveNotAllowed):
        news.withdraw_staff_message(edited, by=by("coordinator"), now=NOW)
    sent = news.send_staff_message(edited, by=by("coordinator"), now=NOW, seen=edited.revision)
    assert list(StaffMessage.objects.published()) == [sent]
    for page in (edited, sent):
        with pytest.raises(Refused, match="skickat"):
            news.edit_staff_message(page, values={"title": "X"}, by=by("coordinator"), now=NOW)
        with pytest.raises(MoveNotAllowed):
            news.send_staff_message(page, by=by("coordinator"), now=NOW)
    news.withdraw_staff_message(sent, by=by("coordinator"), now=NOW)
    assert not StaffMessage.objects.published().exists()
    assert make.verbs(message) == ["created", "changed", "published", "withdrawn"]


# --- At the same moment -----------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_a_package_begun_twice_at_once_is_begun_once():
    response = make.response(now=NOW)
    coordinator = by("coordinator")
    outcomes = at_once(*[lambda: news.begin_package(response, values={"title": "Paket"}, by=coordinator, now=NOW)] * 2)
    assert refused_with(outcomes) == ["Refused"]
    assert ActionPackage.objects.count() == 1
