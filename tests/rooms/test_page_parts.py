"""What stands on every page of residents besides its own words: how it is shared, found, dated and answered for."""

from __future__ import annotations

import datetime as dt
import html
import json
import re

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from incidents.operations import publication
from lysekil_trygghet.start.law import chapters
from lysekil_trygghet.ui.tags import json_ld, stale_words
from situation.models import SituationPicture

from .. import make_incidents as incidents
from .. import make_pledges as pledges
from .. import make_situation as situation

pytestmark = pytest.mark.django_db
PATHS = (
    *("/", "/loften/", "/nyheter/", "/kontakt/", "/sa-arbetar-vi/", "/lagen/", "/andringar/", "/hjalp-till/"),
    "/oppna-data/",
)


@pytest.fixture(autouse=True)
def _everybody(people):
    """The demo people exist."""


def news(**values):
    now = timezone.now()
    approved = publication.approve(incidents.update(**values), by=incidents.acting("coordinator"), now=now)
    return publication.publish(approved, by=incidents.acting("communicator"), now=now)


def meta(path: str) -> dict[str, str]:
    page = Client().get(path).content.decode()
    found = dict(re.findall(r'<meta (?:property|name)="([^"]+)" content="([^"]*)">', page))
    return {name: html.unescape(words) for name, words in found.items()}


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("path", PATHS)
def test_every_page_can_be_shared(path, language):
    path = path if language == "sv" else f"/en{path}"
    page, said = Client().get(path).content.decode(), meta(path)
    title = re.search(r"<title>(.*?) – ", page)
    assert title
    assert said["og:title"] == html.unescape(title[1]) != ""
    assert said["og:description"] == said["description"] != ""
    assert said["og:url"] == settings.SITE_URL + path
    assert said["og:locale"] == {"sv": "sv_SE", "en": "en_GB"}[language]
    assert f'<html lang="{language}">' in page
    assert f"body={settings.SITE_URL.replace(':', '%3A').replace('/', '%2F')}" in page


def test_signs_in_a_title_stay_signs():
    update = news(title='Fler "lampor" & <ljus>', lead='En "ny" rad')
    page = Client().get(update.public_url).content.decode()
    assert '<meta property="og:title" content="Fler &quot;lampor&quot; &amp; &lt;ljus&gt;">' in page
    assert meta(update.public_url)["og:title"] == 'Fler "lampor" & <ljus>'


def test_titles_and_descriptions_are_each_pages_own():
    news(title="Fler lampor")
    pledges.published_set()
    titles = [meta(path)["og:title"] for path in PATHS]
    assert len(set(titles)) == len(titles)


def test_a_page_says_how_old_it_is_and_who_answers_for_it():
    update = news(title="Fler lampor")
    words = " ".join(re.sub(r"<[^>]+>", " ", Client().get(update.public_url).content.decode()).split())
    assert "Senast ändrad" in words
    assert f"{settings.MUNICIPALITY['NAME']} svarar för sidan." in words


def test_what_goes_on_and_is_left_alone_says_so():
    published = pledges.published_set()
    path = published.public_url
    assert b"inte \xc3\xa4ndrats p\xc3\xa5" not in Client().get(path).content
    long_ago = timezone.now() - dt.timedelta(weeks=9, days=1)
    assert stale_words(long_ago, True) == ("Sidan har inte ändrats på 9 veckor. Fråga oss om du undrar hur det går.")
    assert stale_words(long_ago, False) == stale_words(None, True) == ""
    assert stale_words(timezone.now() - dt.timedelta(weeks=7), True) == ""


# --- For search engines -----------------------------------------------------------------------------------


def linked_data(path: str):
    page = Client().get(path).content.decode()
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page)
    return json.loads(found[1]) if found else None


def test_news_is_a_news_article():
    update = news(title="Fler </script><b>lampor", lead="Mer ljus & värme")
    said = linked_data(update.public_url)
    assert (said["@type"], said["headline"], said["description"]) == (
        "NewsArticle",
        "Fler </script><b>lampor",
        "Mer ljus & värme",
    )
    assert said["mainEntityOfPage"] == settings.SITE_URL + update.public_url
    assert said["publisher"]["name"] == settings.MUNICIPALITY["NAME"]
    assert said["datePublished"] <= said["dateModified"]


def test_a_contact_point_is_a_government_service():
    point = incidents.contact_point(name="Trygghetstelefonen")
    publication.publish(point, by=incidents.acting("communicator"), now=timezone.now())
    (said,) = linked_data("/kontakt/")
    assert (said["@type"], said["name"]) == ("GovernmentService", "Trygghetstelefonen")
    assert said["availableChannel"]["servicePhone"]["telephone"] == "0523-61 30 00"


def test_nothing_in_it_ends_the_element():
    assert "</" not in str(json_ld({"a": "</script>"})).removesuffix("</script>")
    assert json_ld(None) == json_ld([]) == ""


# --- The Police's own -------------------------------------------------------------------------------------


def test_the_polices_station_stands_on_the_contact_page_with_the_way_to_its_hours():
    page = Client().get("/kontakt/").content.decode()
    for name, address, url in settings.MUNICIPALITY["POLICE_STATIONS"]:
        assert f"{name}, {address}" in page
        assert f'<a href="{url}">Öppettider och ärenden på polisen.se' in page


# --- What the law asks ------------------------------------------------------------------------------------


def demands(today: dt.date) -> dict[str, str]:
    return {one.section: str(one.badge.label) for chapter in chapters(today=today) for one in chapter.demands}


def test_without_published_data_nothing_is_said_to_be_done():
    said = demands(timezone.localdate())
    assert set(said.values()) == {"Redovisas inte här än", "Upplysning"}
    assert list(said) == [
        "4 § 1",
        "4 § 2",
        "4 § 3",
        "6 §",
        "5 §",
        "7 §",
        "9 §",
        "10 §",
        "11–12 §§",
        "12 § 3",
        "13 §",
        "14 §",
    ]


def test_the_published_picture_shows_what_it_holds_and_ages():
    picture = situation.moved_to(situation.picture(), "PUBLISHED")
    adopted = dt.date(2024, 2, 29)
    SituationPicture.objects.filter(pk=picture.pk).update(adopted_on=adopted)
    assert demands(dt.date(2025, 6, 1))["6 §"] in ("Uppfyllt", "Redovisas inte här än")
    fresh = {
        day: next(
            str(one.badge.label)
            for one in chapters(today=day)[0].demands
            if one.words == "Lägesbilden är uppdaterad de senaste två åren."
        )
        for day in (dt.date(2025, 11, 1), dt.date(2025, 12, 15), dt.date(2026, 2, 28), dt.date(2026, 3, 1))
    }
    assert list(fresh.values()) == ["Uppfyllt", "Behöver snart förnyas", "Behöver snart förnyas", "Behöver förnyas"]
    assert picture.public_url in Client().get("/lagen/").content.decode()


def test_telling_residents_is_met_while_news_is_fresh():
    news(title="Fler lampor")
    today = timezone.localdate()
    assert demands(today)["12 § 3"] == "Uppfyllt"
    assert demands(today + dt.timedelta(days=91))["12 § 3"] == "Senaste nyheten är gammal"
