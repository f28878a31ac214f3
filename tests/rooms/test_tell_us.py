"""Residents tell us where they feel unsafe and whether a page helped: without cookie, name or account."""

from __future__ import annotations

import datetime as dt

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from incidents.models import PageAnswer
from incidents.operations import page_answers
from lysekil_trygghet.history.models import Event
from situation.models import Dialogue, Source

pytestmark = pytest.mark.django_db
PLACE, FOUND = "/tyck-till/otrygg-plats/", "/tyck-till/hittade/"
HERE = {"Origin": settings.SITE_URL}


@pytest.fixture(autouse=True)
def _everybody(people):
    """The demo people exist."""


def tell(client: Client | None = None, headers: dict[str, str] | None = None, **values: str):
    sent = {"place": "Gångtunneln vid stationen", "kind": "dark"} | values
    return (client or Client()).post(PLACE, sent, headers=HERE if headers is None else headers)


def test_a_place_becomes_an_observation_of_this_years_source():
    answer = tell()
    assert (answer.status_code, answer["Location"]) == (303, f"{PLACE}tack/")
    told = Dialogue.objects.get()
    year = timezone.localdate().year
    assert (told.place, told.note, told.participants) == ("Gångtunneln vid stationen", "", 1)
    assert list(told.themes.values_list("theme", "theme_en", "count")) == [
        ("Mörkt eller dålig belysning", "Dark or badly lit", 1)
    ]
    assert told.source.title == f"Otrygga platser som invånare har berättat om på webben {year}"
    assert not told.source.is_public
    assert Event.objects.get(subject_id=told.pk, verb="created", details__source=told.source_id).actor is None
    tell(place="Torget", kind="traffic")
    assert Source.objects.filter(title=told.source.title).count() == 1
    assert told.source.dialogues.count() == 2
    assert Client().get(f"{PLACE}tack/").status_code == 200


def test_the_coordinator_reads_it_and_residents_do_not(client_as):
    tell(place="Tunneln vid Havsgatan")
    source = Dialogue.objects.get().source
    assert (
        "Tunneln vid Havsgatan"
        in client_as("coordinator").get(f"/arbete/lagesbild/underlag/{source.pk}/").content.decode()
    )
    assert b"Havsgatan" not in Client().get("/sok/?q=havsgatan").content.split(b"<main")[1].split(b"</form>")[1]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"place": ""}, "Skriv vilken plats du menar."),
        ({"place": "  \u200b "}, "Skriv vilken plats du menar."),
        ({"kind": ""}, "Välj vad som gör platsen otrygg."),
        ({"kind": "persons"}, "Välj ett av svaren i listan."),
        ({"place": "x" * 121}, "Skriv högst 120 tecken."),
        ({"place": "Hos 19900101-0017"}, "Skriv bara platsen."),
        ({"place": "Ring 070-123 45 67"}, "Skriv bara platsen."),
        ({"place": "mejla namn@exempel.se"}, "Skriv bara platsen."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(values, words):
    answer = tell(**values)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "<title>Fel: " in page
    assert page.count(words) == 2  # in the summary and by the field
    assert not Dialogue.objects.exists()
    if len(values.get("place", "")) > 3:
        assert values["place"][:20] in page


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://annan.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Referer": "https://annan.example/"},
        {},
    ],
)
@pytest.mark.parametrize("path", [PLACE, FOUND])
def test_only_our_own_pages_may_send(headers, path):
    sent = {"place": "Torget", "kind": "dark", "page": "/", "found": "yes"}
    answer = Client().post(path, sent, headers=headers)
    assert answer.status_code == 403
    assert "Öppna sidan på nytt" in answer.content.decode()
    assert not Dialogue.objects.exists()
    assert not PageAnswer.objects.exists()


def test_five_places_an_hour_from_one_address():
    answers = [tell(place=f"Plats {number}").status_code for number in range(6)]
    assert answers == [303] * 5 + [429]
    assert Dialogue.objects.count() == 5
    # A claimed address changes nothing while no proxy of ours is trusted.
    assert tell(headers=HERE | {"X-Forwarded-For": "203.0.113.9"}).status_code == 429
    other = Client(REMOTE_ADDR="203.0.113.7")
    assert tell(other).status_code == 303


def test_no_cookie_is_set_and_none_is_needed():
    client = Client(enforce_csrf_checks=True)
    for answer in (client.get(PLACE), tell(client), client.post(FOUND, {"page": "/", "found": "no"}, headers=HERE)):
        assert answer.cookies == {}
        assert answer.status_code in (200, 303)


def test_yes_and_no_are_counted_by_page_and_day():
    for found in ("yes", "no", "no"):
        answer = Client().post(FOUND, {"page": "/kontakt/", "found": found}, headers=HERE)
        assert (answer.status_code, answer["Location"]) == (303, "/tyck-till/tack/?page=/kontakt/")
    Client().post(FOUND, {"page": "/en/kontakt/", "found": "yes"}, headers=HERE)
    today = timezone.localdate()
    assert list(PageAnswer.objects.values_list("path", "day", "found", "missed")) == [
        ("/en/kontakt/", today, 1, 0),
        ("/kontakt/", today, 1, 2),
    ]
    assert [one.path for one in page_answers.counted(since=today - dt.timedelta(days=1))] == [
        "/kontakt/",
        "/en/kontakt/",
    ]
    page = Client().get("/tyck-till/tack/?page=/kontakt/").content.decode()
    assert 'href="/kontakt/"' in page.split("<main")[1]


@pytest.mark.parametrize(
    "sent",
    [
        {"page": "/arbete/", "found": "yes"},
        {"page": "/nyheter/finns-inte/", "found": "yes"},
        {"page": "//annan.example/", "found": "yes"},
        {"page": "/kontakt/", "found": "kanske"},
        {},
    ],
)
def test_only_pages_that_are_there_are_counted(sent):
    assert Client().post(FOUND, sent, headers=HERE)["Location"] == "/"
    assert not PageAnswer.objects.exists()
    assert "annan.example" not in Client().get("/tyck-till/tack/?page=//annan.example/").content.decode()


def test_the_communicator_reads_the_answers(client_as):
    Client().post(FOUND, {"page": "/kontakt/", "found": "no"}, headers=HERE)
    page = client_as("communicator").get("/arbete/publicera/hittade/").content.decode()
    assert '<a href="/kontakt/">/kontakt/</a>' in page
    assert client_as("officer_social").get("/arbete/publicera/hittade/").status_code == 404


def test_every_page_asks():
    for path in ("/", "/en/kontakt/", "/sa-arbetar-vi/"):
        page = Client().get(path).content.decode()
        assert f'<input type="hidden" name="page" value="{path}">' in page
    assert 'name="found"' not in Client().get("/finns-inte/").content.decode()


@pytest.mark.parametrize(
    "place",
    [
        "\x00",
        "torget\x00",
        "\ufffd",
        "a\u202etorget",
        "=HYPERLINK(1)",
        "<script>alert(1)</script>",
        "'; DROP TABLE",
        "{{ 7*7 }}",
    ],
)
def test_hostile_places_are_refused_or_kept_as_words(place, client_as):
    answer = tell(place=place)
    assert answer.status_code in (303, 400, 422)
    if answer.status_code == 303:
        told = Dialogue.objects.get()
        assert told.place == place.replace("\u202e", "")
        page = client_as("coordinator").get(f"/arbete/lagesbild/underlag/{told.source_id}/").content.decode()
        assert "<script>alert" not in page
        assert "{{ 7*7 }}" not in place or "{{ 7*7 }}" in page


def test_a_form_that_is_too_large_is_told_so():
    assert tell(place="x" * 5_000_000).status_code in (400, 413)
    many = "&".join(f"a{number}=1" for number in range(2_000))
    answer = Client().post(PLACE, many, content_type="application/x-www-form-urlencoded", headers=HERE)
    assert answer.status_code in (400, 413)
