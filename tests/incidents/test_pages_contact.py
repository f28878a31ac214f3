"""Contact points: opening hours over midnight, days that differ, open just now, published through the queue."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from incidents.models import ContactPoint
from incidents.operations import publication
from tests import make_incidents as mk

from .typed import HOSTILE, IDENTITY_NUMBER, filled, queries_of

pytestmark = pytest.mark.django_db

LIST, NEW = "/arbete/kontakt/", "/arbete/kontakt/ny/"
TEXTS = ("name", "name_en", "place", "what_for", "what_for_en", "not_for", "not_for_en")


def at(name: str, point: ContactPoint) -> str:
    return reverse(f"incidents:{name}", args=[point.pk])


def rows(prefix: str, *lines: dict, initial: int = 0) -> dict:
    """What the lines of a formset send."""
    data = {f"{prefix}-TOTAL_FORMS": len(lines), f"{prefix}-INITIAL_FORMS": initial}
    for number, line in enumerate(lines):
        data |= {f"{prefix}-{number}-{name}": value for name, value in line.items()}
    return data


def hour(weekday: int = 4, opens: str = "18:00", closes: str = "02:00", **more) -> dict:
    return {"weekday": weekday, "opens": opens, "closes": closes} | more


def typed(
    client, *, hours=({"weekday": 4, "opens": "18:00", "closes": "02:00"},), days=(), url: str = NEW, **values
) -> dict:
    values = {"name": "Trygghetstelefonen", "phone": "0523-61 30 00", "what_for": "Prata om oro."} | values
    return filled(client.get(url), **values) | rows("hours", *hours) | rows("days", *days)


def published() -> ContactPoint:
    return publication.publish(mk.contact_point(), by=mk.acting("communicator"), now=timezone.now())


# --- Who --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["head_social", "police_liaison", "registrar", "elected"])
def test_others_see_what_is_published_and_change_nothing(client_as, who):
    hidden, shown = mk.contact_point(name="Inte ute än"), published()
    client = client_as(who)

    assert "Inte ute än" not in client.get(LIST).content.decode()
    assert client.get(at("contact_point", hidden)).status_code == 404
    assert client.get(at("contact_point", shown)).status_code == 200
    assert "redigera" not in client.get(at("contact_point", shown)).content.decode()
    assert client.get(at("contact_point_edit", hidden)).status_code == 404
    assert client.get(at("contact_point_edit", shown)).status_code == 403
    assert client.post(NEW, {"name": "x"}).status_code == 403


def test_nobody_signed_in_is_led_to_the_sign_in(client_as):
    assert client_as(None).get(LIST).status_code == 302


# --- Writing ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["communicator", "coordinator", "director"])
def test_a_contact_point_open_over_midnight(client_as, who):
    client = client_as(who)
    day = timezone.localdate() + dt.timedelta(days=5)
    days = ({"date": f"{day}", "is_closed": "on", "note": "Storhelg"},)
    data = typed(client, hours=(hour(4), hour(5, "20:00", "23:00")), days=days)
    first, second = client.post(NEW, data), client.post(NEW, data)
    point = ContactPoint.objects.get()
    page = client.get(at("contact_point", point)).content.decode()

    assert first["Location"] == second["Location"] == at("contact_point", point)
    assert "Fredag 18.00–02.00 (natten till lördag)" in page
    assert "Lördag 20.00–23.00" in page
    assert "(Storhelg): stängt" in page
    assert [(row.date, row.is_closed, row.note) for row in point.exceptions.all()] == [(day, True, "Storhelg")]


def test_empty_lines_are_nothing(client_as):
    client = client_as("coordinator")
    client.post(NEW, typed(client, hours=(hour(), {"weekday": "", "opens": "", "closes": ""}), days=({},)))

    assert ContactPoint.objects.get().hours.count() == 1


def test_the_button_gives_more_lines_and_keeps_what_was_typed(client_as):
    client = client_as("coordinator")
    data = typed(client, name="", hours=(hour(2, "09:15", "10:45"),), more="hours")
    answer = client.post(NEW, data)
    html = answer.content.decode()

    assert answer.status_code == 200
    assert "09:15" in html
    assert "Fyll i" not in html
    assert len(answer.context["hours"].forms) == 4
    assert not ContactPoint.objects.exists()


@pytest.mark.parametrize(
    ("hours", "days", "words"),
    [
        ((hour(closes=""),), (), "Fyll i ”Stänger”."),
        ((hour(opens="25:00"),), (), "klockslaget"),
        ((hour(), hour()), (), "står två gånger"),
        ((hour(),), ({"date": "2026-06-18"},), "Fyll i när det öppnar och stänger"),
        ((hour(),), ({"date": "x", "is_closed": "on"},), "år-månad-dag"),
        ((hour(),), ({"date": "2026-06-18", "is_closed": "on", "note": IDENTITY_NUMBER},), "personnummer"),
    ],
)
def test_lines_that_cannot_be_right_are_refused_with_words(client_as, hours, days, words):
    client = client_as("coordinator")
    answer = client.post(NEW, typed(client, hours=hours, days=days))

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert "Trygghetstelefonen" in answer.content.decode()
    assert not ContactPoint.objects.exists()


@pytest.mark.parametrize("field", TEXTS)
def test_an_identity_number_in_any_text_is_refused_and_kept_in_the_page(client_as, field):
    client = client_as("coordinator")
    answer = client.post(NEW, typed(client, **{field: f"Vi {IDENTITY_NUMBER}"}))

    assert answer.status_code == 422
    assert f"Vi {IDENTITY_NUMBER}" in answer.content.decode()
    assert not ContactPoint.objects.exists()


def test_telephone_numbers_and_addresses_belong_here(client_as):
    client = client_as("coordinator")
    data = typed(client, place="Kungsgatan 44", not_for="Ring 0771-11 40 00 om andra frågor.")

    assert client.post(NEW, data).status_code == 303


@pytest.mark.parametrize("total", ["", "x", "9999999999"])
def test_a_broken_count_of_lines_is_answered(client_as, total):
    client = client_as("coordinator")
    data = typed(client) | {"hours-TOTAL_FORMS": total}

    assert client.post(NEW, data).status_code == 422
    assert client.post(NEW, data | {"more": "hours"}).status_code == 200
    assert not ContactPoint.objects.exists()


def edited(client, point: ContactPoint, *, hours=None, **values) -> dict:
    page = client.get(at("contact_point_edit", point))
    lines = [hour(row.weekday, f"{row.opens:%H:%M}", f"{row.closes:%H:%M}") for row in point.hours.all()]
    data = filled(page, **values) | rows("hours", *(lines if hours is None else hours), initial=len(lines))
    return data | rows("days")


def test_the_lines_come_back_to_be_changed_and_removed(client_as):
    point, client = mk.contact_point(), client_as("coordinator")
    page = client.get(at("contact_point_edit", point)).content.decode()
    lines = (hour(4, "18:00", "02:00", DELETE="on"), hour(5, "17:30", "01:00"))
    answer = client.post(at("contact_point_edit", point), edited(client, point, hours=lines, name="Nytt namn"))

    assert 'value="18:00"' in page
    assert answer.status_code == 303
    assert [f"{row.weekday} {row.opens:%H:%M}" for row in ContactPoint.objects.get().hours.all()] == ["5 17:30"]
    assert ContactPoint.objects.get().name == "Nytt namn"


def test_hours_changed_meanwhile_make_the_page_stale(client_as):
    point, client = mk.contact_point(), client_as("coordinator")
    mine = edited(client, point, what_for="Min text.")
    client_as("communicator").post(at("contact_point_edit", point), edited(client, point, hours=(hour(0),)))
    answer = client.post(at("contact_point_edit", point), mine)

    assert answer.status_code == 409
    assert "Min text." in answer.content.decode()
    assert [row.weekday for row in ContactPoint.objects.get().hours.all()] == [0]


def test_a_published_one_is_changed_at_once_but_not_emptied(client_as):
    point, client = published(), client_as("coordinator")
    page = client.get(at("contact_point_edit", point)).content.decode()
    emptied = client.post(
        at("contact_point_edit", point),
        edited(client, point, hours=(hour(4, DELETE="on"), hour(5, DELETE="on"))),
    )
    changed = client.post(at("contact_point_edit", point), edited(client, point, what_for="Ring om du är orolig."))

    assert "syns genast" in page
    assert emptied.status_code == 422
    assert "Öppettider saknas." in emptied.content.decode()
    assert changed.status_code == 303
    assert point.hours.count() == 2
    assert "Ring om du är orolig." in client_as(None).get("/kontakt/").content.decode()


# --- Reading ----------------------------------------------------------------------------------------


def test_open_just_now_in_the_same_words_as_for_residents(client_as):
    point, now = mk.contact_point(always_open=True), timezone.now()
    publication.publish(point, by=mk.acting("communicator"), now=now)

    assert "Öppet dygnet runt" in client_as("head_social").get(LIST).content.decode()
    assert "Öppet dygnet runt" in client_as(None).get("/kontakt/").content.decode()


def test_one_for_the_own_staff_is_never_on_the_publishing_desk(client_as):
    point, client = mk.contact_point(audience="STAFF"), client_as("communicator")

    assert "Visas bara här inne" in client.get(at("contact_point", point)).content.decode()
    assert point.name not in client.get("/arbete/publicera/").content.decode()
    assert client.post(reverse("incidents:publish_now", args=["kontakt", point.pk])).status_code == 404


def test_hostile_text_is_shown_as_text(client_as):
    point = mk.contact_point(name=HOSTILE, what_for=HOSTILE)

    for page in (LIST, at("contact_point", point), at("contact_point_edit", point)):
        html = client_as("coordinator").get(page).content.decode()
        assert "<script>alert" not in html
        assert "<b>fet</b>" not in html


def test_the_list_takes_as_many_queries_for_one_as_for_thirty(client_as):
    mk.contact_point(response=mk.response())
    client = client_as("coordinator")
    one = queries_of(client, LIST)
    for _ in range(29):
        mk.contact_point(response=mk.response())

    assert queries_of(client, LIST) == one
