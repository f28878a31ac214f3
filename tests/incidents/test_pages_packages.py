"""The action package: its measures in order, its versions, and how each measure goes."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from incidents.lifecycle import ItemState, PublicationState
from incidents.models import ActionPackage, PackageItem
from incidents.operations import news, police, publication
from lysekil_trygghet.accounts.models import Organisation
from tests import make_incidents as mk

from .typed import HOSTILE, IDENTITY_NUMBER, filled, queries_of

pytestmark = pytest.mark.django_db


def at(name: str, package: ActionPackage, *more: int) -> str:
    return reverse(f"incidents:{name}", args=[package.pk, *more])


def item(package: ActionPackage, what: str = "Fler lampor.", **values) -> PackageItem:
    values = {"what": what, "horizon": "SHORT"} | values
    return news.put_item(package, item=None, values=values, by=mk.acting("coordinator"), now=timezone.now())


def published(*, about_police: bool = False) -> ActionPackage:
    package, now = mk.package(), timezone.now()
    one = item(package, about_police=about_police)
    package = publication.approve(package, by=mk.acting("director"), now=now)
    if about_police:
        police.confirm(one, by=mk.acting("police_liaison"), now=now, seen=one.revision)
    return publication.publish(package, by=mk.acting("communicator"), now=now)


# --- Who --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["head_social", "police_liaison", "registrar", "auditor"])
def test_a_package_under_preparation_is_seen_by_those_who_write(client_as, who):
    package = mk.package()
    one = item(package)

    for page in (
        at("package", package),
        at("package_edit", package),
        at("package_item_new", package),
        at("package_item_edit", package, one.pk),
    ):
        assert client_as(who).get(page).status_code == 404
    assert client_as(who).post(at("package_order", package), {"move": f"up:{one.pk}"}).status_code == 404
    assert client_as("communicator").get(at("package", package)).status_code == 200


@pytest.mark.parametrize("who", ["head_social", "officer_social", "police_liaison", "registrar", "elected"])
def test_a_published_package_is_read_by_everybody_and_changed_by_nobody(client_as, who):
    package = published()
    client = client_as(who)

    assert client.get(at("package", package)).status_code == 200
    assert client.post(at("package_item_remove", package, package.items.get().pk)).status_code == 403
    assert client.get(reverse("incidents:package_new", args=[package.response_id])).status_code == 403
    assert package.items.exists()


def test_the_communicator_reads_but_does_not_prepare(client_as):
    package = mk.package()

    for name in ("package_edit", "package_item_new"):
        assert client_as("communicator").get(at(name, package)).status_code == 403
        assert at(name, package) not in client_as("communicator").get(at("package", package)).content.decode()


def test_nobody_signed_in_is_led_to_the_sign_in(client_as):
    assert client_as(None).get(at("package", mk.package())).status_code == 302


# --- Preparing --------------------------------------------------------------------------------------


def test_begun_filled_approved_and_published(client_as):
    response, client = mk.response(), client_as("coordinator")
    new = reverse("incidents:package_new", args=[response.pk])
    data = filled(client.get(new), lead="Det här gör vi.")
    first, second = client.post(new, data), client.post(new, data)
    package = ActionPackage.objects.get()
    assert first["Location"] == second["Location"] == at("package", package)

    add = at("package_item_new", package)
    data = filled(client.get(add), what="Lagar lamporna.", from_when="från vecka 27", horizon="LONG")
    client.post(add, data)
    client.post(add, data)
    measure = package.items.get()
    assert (measure.what, measure.horizon, measure.from_when) == ("Lagar lamporna.", "LONG", "från vecka 27")

    approve = reverse("incidents:publish_approve", args=["paket", package.pk])
    client.post(approve, filled(client.get(approve)))
    package.refresh_from_db()
    assert package.state == PublicationState.APPROVED


def test_a_second_package_under_preparation_is_refused(client_as):
    package, client = mk.package(), client_as("coordinator")
    new = reverse("incidents:package_new", args=[package.response_id])
    answer = client.post(new, filled(client.get(new), title="Ett till"))

    assert answer.status_code == 422
    assert "redan ett paket" in answer.content.decode()
    assert "Ett till" in answer.content.decode()


def test_title_and_lead_of_an_approved_package_are_changed_and_approved_anew(client_as):
    package = mk.package()
    item(package)
    package = publication.approve(package, by=mk.acting("director"), now=timezone.now())
    client, edit = client_as("coordinator"), at("package_edit", package)
    page = client.get(edit)
    answer = client.post(edit, filled(page, lead="Ny ingress."))

    package.refresh_from_db()
    assert "måste det godkännas igen" in page.content.decode()
    assert (answer.status_code, package.lead, package.state) == (303, "Ny ingress.", PublicationState.DRAFT)


def test_a_stale_page_loses_nothing(client_as):
    package, client = mk.package(), client_as("coordinator")
    edit = at("package_edit", package)
    page = client.get(edit)
    client_as("director").post(edit, filled(page, lead="Direktörens ingress."))
    answer = client.post(edit, filled(page, lead="Samordnarens ingress."))

    assert answer.status_code == 409
    for words in ("Direktörens ingress.", "Samordnarens ingress."):
        assert words in answer.content.decode()


def test_a_measure_is_changed_and_removed(client_as):
    package, client = mk.package(), client_as("coordinator")
    one = item(package)
    edit, remove = at("package_item_edit", package, one.pk), at("package_item_remove", package, one.pk)
    client.post(edit, filled(client.get(edit), what="Fler lampor på torget.", organisation=mk.department().pk))
    one.refresh_from_db()
    assert (one.what, one.organisation) == ("Fler lampor på torget.", mk.department())

    assert "Fler lampor på torget." in client.get(remove).content.decode()
    client.post(remove, {})
    assert not package.items.exists()


def test_a_measure_of_another_package_is_not_reached_through_this_one(client_as):
    package, other = mk.package(), mk.package()
    foreign = item(other)
    client = client_as("coordinator")

    assert client.get(at("package_item_edit", package, foreign.pk)).status_code == 404
    assert client.post(at("package_order", package), {"move": f"up:{foreign.pk}"}).status_code == 404
    assert client.post(at("package_item_remove", package, foreign.pk)).status_code == 404


@pytest.mark.parametrize("field", ["what", "what_en", "from_when"])
def test_an_identity_number_in_a_measure_is_refused_and_kept_in_the_page(client_as, field):
    package, client = mk.package(), client_as("coordinator")
    add = at("package_item_new", package)
    answer = client.post(add, filled(client.get(add), **{"what": "Lampor.", field: f"Vi {IDENTITY_NUMBER}"}))

    assert answer.status_code == 422
    assert f"Vi {IDENTITY_NUMBER}" in answer.content.decode()
    assert not package.items.exists()


@pytest.mark.parametrize("field", ["title", "title_en", "lead", "lead_en"])
def test_an_identity_number_in_the_package_is_refused_and_kept_in_the_page(client_as, field):
    package, client = mk.package(), client_as("coordinator")
    edit = at("package_edit", package)
    answer = client.post(edit, filled(client.get(edit), **{field: f"Vi {IDENTITY_NUMBER}"}))

    package.refresh_from_db()
    assert answer.status_code == 422
    assert IDENTITY_NUMBER in answer.content.decode()
    assert IDENTITY_NUMBER not in getattr(package, field)


def test_the_order_is_changed_within_a_horizon_by_buttons(client_as):
    package, client = mk.package(), client_as("coordinator")
    a, far, b, c = (item(package, "A"), item(package, "Sedan", horizon="LONG"), item(package, "B"), item(package, "C"))

    def order():
        return [row.what for row in package.items.order_by("order", "pk")]

    client.post(at("package_order", package), {"move": f"up:{c.pk}"})
    assert order() == ["A", "Sedan", "C", "B"]
    client.post(at("package_order", package), {"move": f"up:{c.pk}"})
    assert order() == ["C", "Sedan", "A", "B"]
    for edge in (f"up:{c.pk}", f"down:{b.pk}", f"up:{far.pk}"):
        assert client.post(at("package_order", package), {"move": edge}).status_code == 303
    assert order() == ["C", "Sedan", "A", "B"]
    for odd in ("", "up:", "up:x", f"left:{a.pk}", "up:" + "9" * 30):
        assert client.post(at("package_order", package), {"move": odd}).status_code == 404


def test_hostile_text_is_shown_as_text(client_as):
    package = mk.package(lead=HOSTILE)
    item(package, HOSTILE)
    html = client_as("coordinator").get(at("package", package)).content.decode()

    assert "<script>alert" not in html
    assert "<b>fet</b>" not in html


# --- Police, states, versions -----------------------------------------------------------------------


def test_changed_words_of_the_police_need_a_new_confirmation_and_the_page_says_so(client_as):
    package, now = mk.package(), timezone.now()
    one = item(package, about_police=True)
    one = police.confirm(one, by=mk.acting("police_liaison"), now=now, seen=one.revision)
    client, edit = client_as("coordinator"), at("package_item_edit", package, one.pk)
    page = client.get(edit)
    client.post(edit, filled(page, organisation=Organisation.objects.get(kind="POLICE").pk))

    one.refresh_from_db()
    assert "behövs en ny bekräftelse" in page.content.decode()
    assert not one.confirmed_by_police


def test_how_a_measure_goes_is_said_by_whoever_does_it(client_as):
    ours, theirs = published(), published(about_police=True)
    our_move = at("package_item_move", ours, ours.items.get().pk)
    their_move = at("package_item_move", theirs, theirs.items.get().pk)

    assert client_as("coordinator").post(their_move, {"to": "ONGOING"}).status_code == 403
    assert client_as("police_liaison").post(our_move, {"to": "ONGOING"}).status_code == 403
    assert client_as("head_social").post(our_move, {"to": "ONGOING"}).status_code == 403
    assert client_as("coordinator").post(our_move, {"to": "ONGOING"}).status_code == 303
    answer = client_as("police_liaison").post(their_move, {"to": "DONE", "back": "police"})
    assert answer["Location"] == "/arbete/polis/"
    assert (ours.items.get().state, theirs.items.get().state) == (ItemState.ONGOING, ItemState.DONE)


def test_a_second_tap_on_the_state_is_friendly_and_odd_states_are_refused(client_as):
    package, client = published(), client_as("coordinator")
    move = at("package_item_move", package, package.items.get().pk)
    client.post(move, {"to": "ONGOING"})

    assert "redan gjort" in client.post(move, {"to": "ONGOING"}, follow=True).content.decode()
    assert client.post(move, {"to": "PUBLISHED"}).status_code == 403
    assert client.get(move).status_code == 405


def test_a_new_version_begins_with_the_measures_and_how_they_go(client_as):
    package, client = published(), client_as("coordinator")
    news.move_item(package.items.get(), to="DONE", by=mk.acting("coordinator"), now=timezone.now())
    new = reverse("incidents:package_new", args=[package.response_id])
    client.post(new, filled(client.get(new)))

    newer = ActionPackage.objects.get(version=2)
    assert [(row.what, row.state) for row in newer.items.all()] == [("Fler lampor.", ItemState.DONE)]
    assert str(package) in client.get(at("package", newer)).content.decode()
    assert "Åtgärdspaket, version 2" not in client_as("head_social").get(at("package", package)).content.decode()
    assert client.post(at("package_edit", package), {"title": "x"}).status_code == 422


def test_the_page_takes_as_many_queries_for_one_measure_as_for_thirty(client_as):
    few, many = mk.package(), mk.package()
    assignment = mk.issued_assignment()
    for count, package in ((1, few), (30, many)):
        for _ in range(count):
            item(package, organisation=mk.department(), assignment=assignment)
    client = client_as("coordinator")

    assert queries_of(client, at("package", few)) == queries_of(client, at("package", many))
