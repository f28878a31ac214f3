"""What search engines and readers of feeds are told: all that is published, in both languages, and nothing else."""

from __future__ import annotations

import html
import re
import xml.etree.ElementTree as ET

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from incidents.operations import publication
from lysekil_trygghet.start.feed import MOST_ENTRIES

from .. import make_incidents as incidents
from .. import make_pledges as pledges
from .. import make_situation as situation

pytestmark = pytest.mark.django_db

ATOM, SITEMAP = "{http://www.w3.org/2005/Atom}", "{http://www.sitemaps.org/schemas/sitemap/0.9}"
XML = "{http://www.w3.org/XML/1998/namespace}"


@pytest.fixture(autouse=True)
def _everybody(people):
    """The demo people exist."""


@pytest.fixture
def published() -> dict[str, str]:
    """One of each kind that residents may read: its title and its path."""
    picture = situation.moved_to(situation.picture(title="Lägesbild 2026"), "PUBLISHED")
    pledge_set = pledges.published_set()
    told = news(title="Fler lampor", title_en="More lamps")
    return {one.title: one.public_url for one in (picture, pledge_set, told)}


def news(**values):
    now = timezone.now()
    approved = publication.approve(incidents.update(**values), by=incidents.acting("coordinator"), now=now)
    return publication.publish(approved, by=incidents.acting("communicator"), now=now)


def entries(path: str = "/flode.xml") -> list[ET.Element]:
    answer = Client().get(path)
    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    return ET.fromstring(answer.content).findall(f"{ATOM}entry")  # noqa: S314


def said(entry: ET.Element, name: str) -> str:
    return entry.findtext(f"{ATOM}{name}") or ""


def addresses() -> list[str]:
    root = ET.fromstring(Client().get("/sitemap.xml").content)  # noqa: S314
    return [found.text.removeprefix(settings.SITE_URL) for found in root.iter(f"{SITEMAP}loc")]


def test_the_feed_tells_all_that_is_new_once(published):
    found = entries()
    told = {said(entry, "title"): entry.find(f"{ATOM}link").get("href") for entry in found}
    assert told.items() >= {title: settings.SITE_URL + path for title, path in published.items()}.items()
    names = [said(entry, "id") for entry in found]
    assert len(set(names)) == len(names)
    times = [said(entry, "published") for entry in found]
    assert times == sorted(times, reverse=True)
    assert all(said(entry, "updated") >= said(entry, "published") for entry in found)


def test_the_feed_says_what_is_not_in_its_language(published):
    told = {said(entry, "title"): entry.get(f"{XML}lang") for entry in entries("/en/flode.xml")}
    assert told["More lamps"] is None
    assert told["Lägesbild 2026"] == "sv"
    root = ET.fromstring(Client().get("/en/flode.xml").content)  # noqa: S314
    assert root.get(f"{XML}lang") == "en"
    assert all("/en/" in entry.find(f"{ATOM}link").get("href") for entry in entries("/en/flode.xml"))


def test_what_looks_like_markup_is_text(published):
    news(title="Ljus < mörker", lead="Läs <b>mer</b> & <script>alert(1)</script>.")
    entry = entries()[0]
    summary = entry.find(f"{ATOM}summary")
    assert summary.get("type") == "html"
    # Atom: what is of the type html is unescaped once more by the reader.
    assert html.unescape(summary.text) == "Läs <b>mer</b> & <script>alert(1)</script>."
    assert "<" not in summary.text
    assert said(entry, "title") == "Ljus < mörker"


def test_the_feed_holds_the_newest(published):
    for number in range(MOST_ENTRIES + 3):
        news(title=f"Nyhet {number}")
    found = entries()
    assert len(found) == MOST_ENTRIES
    assert said(found[0], "title") == f"Nyhet {MOST_ENTRIES + 2}"


def test_what_is_not_published_or_withdrawn_is_in_neither(published):
    draft = incidents.update(title="Bara ett utkast")
    gone = news(title="Togs bort igen")
    publication.withdraw(gone, reason="Fel.", by=incidents.acting("communicator"), now=timezone.now())
    hidden = situation.picture(title="Lägesbild på gång")
    paths = addresses()
    words = Client().get("/flode.xml").content.decode()
    for one in (draft, gone, hidden):
        assert one.public_url not in paths
        assert one.title not in words


def test_the_map_holds_every_published_page_in_both_languages(published):
    paths = addresses()
    assert len(set(paths)) == len(paths)
    for path in published.values():
        assert {path, f"/en{path}"} <= set(paths)
    for path in paths:
        assert Client().get(path).status_code == 200, path
    text = Client().get("/sitemap.xml").content.decode()
    assert f'hreflang="en" href="{settings.SITE_URL}/en/kontakt/"' in text
    assert f"Sitemap: {settings.SITE_URL}/sitemap.xml" in Client().get("/robots.txt").content.decode()


def test_pages_lead_to_the_feed_of_their_language(published):
    for path, feed in (("/", "/flode.xml"), ("/en/", "/en/flode.xml"), (published["Fler lampor"], "/flode.xml")):
        assert f'type="application/atom+xml" title="{settings.MUNICIPALITY["PORTAL_NAME"]}" href="{feed}"' in (
            Client().get(path).content.decode()
        )


@pytest.mark.parametrize(
    ("asked", "canonical"),
    [
        ("/", "/"),
        ("/en/loften/?utm_source=x", "/en/loften/"),
        ("/nyheter/?page=1", "/nyheter/"),
        ("/nyheter/?page=2&x=1", "/nyheter/?page=2"),
        ("/nyheter/?page=%22%3E", "/nyheter/"),
        (f"/kontakt/?page={'9' * 5000}", "/kontakt/"),
        ("/finns-inte/", None),
    ],
)
def test_every_page_has_one_address(published, asked, canonical):
    for number in range(11):
        news(title=f"Nyhet {number}")
    text = Client().get(asked).content.decode()
    expected = [settings.SITE_URL + canonical] if canonical else []
    assert re.findall(r'<link rel="canonical" href="([^"]*)">', text) == expected


def test_asked_again_nothing_new_is_sent(published):
    for path in ("/flode.xml", "/sitemap.xml"):
        first = Client().get(path)
        assert Client().get(path, headers={"If-None-Match": first["ETag"]}).status_code == 304


@pytest.mark.parametrize("path", ["/flode.xml", "/sitemap.xml"])
def test_they_cost_the_same_however_much_they_hold(published, path, django_assert_max_num_queries):
    with django_assert_max_num_queries(16):
        Client().get(path)
    for number in range(12):
        news(title=f"Nyhet {number}")
        situation.moved_to(situation.picture(), "PUBLISHED")
    with django_assert_max_num_queries(16):
        Client().get(path)
