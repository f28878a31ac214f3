"""What other systems read: lists, files, the catalogue, the calendar and the card for other websites."""

from __future__ import annotations

import csv
import io
import json
import re

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from icalendar import Calendar
from python_calamine import CalamineWorkbook
from rdflib import Graph, URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF, RDF

from incidents.operations import publication
from lysekil_trygghet.opendata.catalogue import MANDATORY, WRITTEN
from lysekil_trygghet.opendata.datasets import cell
from lysekil_trygghet.urls import DATASETS
from pledges.lifecycle import Delivery
from pledges.operations import status as commitments

from .. import make_incidents as incidents
from .. import make_pledges as pledges
from .. import make_situation as situation

pytestmark = pytest.mark.django_db
FORMS = {"rdf": "xml", "ttl": "turtle", "jsonld": "json-ld"}
SLUGS = [dataset.slug for dataset in DATASETS]


def news(**values):
    now = timezone.now()
    approved = publication.approve(incidents.update(**values), by=incidents.acting("coordinator"), now=now)
    return publication.publish(approved, by=incidents.acting("communicator"), now=now)


@pytest.fixture
def published(people):
    situation.moved_to(situation.picture(title="Lägesbild 2026"), "PUBLISHED")
    news(title="Fler lampor", title_en="More lamps", lead="=1+1", body="Mer ljus åt alla.")
    return pledges.published_set()


def listed(slug: str, query: str = "") -> dict:
    answer = Client().get(f"/api/v1/{slug}{query}")
    assert answer.status_code == 200, answer.content
    assert answer["Content-Type"].startswith("application/json")
    return json.loads(answer.content)


@pytest.mark.parametrize("slug", SLUGS)
def test_each_list_is_json_csv_and_xlsx_of_the_same_rows(published, slug):
    rows = listed(slug)["items"]
    answer = Client().get(f"/api/v1/{slug}.csv")
    head, *lines = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";")
    book = CalamineWorkbook.from_filelike(io.BytesIO(Client().get(f"/api/v1/{slug}.xlsx").content))
    cells = book.get_sheet_by_index(0).to_python()
    dataset = next(one for one in DATASETS if one.slug == slug)
    assert head == [str(name) for name in cells[0]] == [name for name, _words in dataset.columns]
    assert len(lines) == len(cells) - 1 == len(rows)
    if slug != "indicators" and slug != "decisions":
        assert rows


def test_every_column_says_what_it_holds():
    assert [name for dataset in DATASETS for name, words in dataset.columns if not words] == []


def test_news_as_data(published):
    (row,) = listed("news")["items"]
    assert (row["title"], row["title_en"], row["response"], row["corrected_at"]) == (
        *("Fler lampor", "More lamps"),
        *(None, []),
    )
    assert row["url"] == f"{settings.SITE_URL}/nyheter/{row['id']}/"


def test_no_cell_of_a_file_is_a_formula(published):
    text = Client().get("/api/v1/news.csv").content.decode("utf-8-sig")
    assert "'=1+1" in text
    book = CalamineWorkbook.from_filelike(io.BytesIO(Client().get("/api/v1/news.xlsx").content))
    assert "=1+1" in book.get_sheet_by_index(0).to_python()[1]


def test_a_promise_tells_how_it_has_gone_since_it_was_published(published):
    promise = published.commitments.order_by("number").first()
    commitments.set_delivery(
        promise,
        organisation=promise.parties.get(role="LEAD").organisation,
        to=Delivery.ONGOING,
        by=incidents.acting("coordinator"),
        now=timezone.now(),
    )
    row = next(one for one in listed("commitments")["items"] if one["number"] == promise.number)
    assert row["status"] == "ONGOING"
    assert row["status_history"][-1] == {"date": f"{timezone.localdate()}", "status": "ONGOING"}
    assert row["as_promised"] == promise.text_as_promised


def test_drafts_are_not_data(people):
    pledges.pledge_set(title="Hemliga löften")
    incidents.update(title="Hemlig nyhet")
    for slug in SLUGS:
        assert listed(slug) == {
            "items": [],
            "total": 0,
            "page": 1,
            "pages": 1,
            "next": None,
            "licence": "https://creativecommons.org/publicdomain/zero/1.0/",
        }


def test_lists_come_in_pages(people):
    for number in range(5):
        news(title=f"Nyhet {number}")
    first = listed("news", "?page_size=2")
    assert (first["total"], first["pages"], len(first["items"])) == (5, 3, 2)
    assert first["next"] == f"{settings.SITE_URL}/api/v1/news?page=2&page_size=2"
    last = listed("news", "?page_size=2&page=3")
    assert (len(last["items"]), last["next"]) == (1, None)
    assert listed("news", "?page=99")["items"] == []


@pytest.mark.parametrize("query", ["page=0", "page=x", "page=-1", "page_size=1001", "page=99999999999999999999"])
def test_a_bad_question_is_told_so(query):
    answer = Client().get(f"/api/v1/news?{query}")
    assert answer.status_code == 422
    assert query.split("=")[0] in answer.content.decode()


def test_asked_again_nothing_is_sent_and_any_website_may_ask(published):
    for path in ("/api/v1/news", "/api/v1/news.csv", "/oppna-data/katalog.ttl", "/api/v1/openapi.json"):
        answer = Client().get(path, headers={"Origin": "https://annan.example"})
        assert (answer["Access-Control-Allow-Origin"], answer["Cross-Origin-Resource-Policy"]) == ("*", "cross-origin")
        assert answer.cookies == {}
        assert Client().get(path, headers={"If-None-Match": answer["ETag"]}).status_code == 304
        asked = Client().options(path)
        assert (asked.status_code, asked["Access-Control-Allow-Methods"]) == (204, "GET, HEAD, OPTIONS")
        for method in ("post", "put", "patch", "delete"):
            assert getattr(Client(), method)(path).status_code == 405


def test_it_costs_the_same_however_much_there_is(published):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def cost(path: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            Client().get(path)
        return len(queries)

    paths = [f"/api/v1/{slug}" for slug in SLUGS]
    before = [cost(path) for path in paths]
    for number in range(5):
        news(title=f"Till {number}")
    assert [cost(path) for path in paths] == before


def test_the_description_names_every_list_and_column():
    described = json.loads(Client().get("/api/v1/openapi.json").content)
    assert set(described["paths"]) == {f"/api/v1/{slug}" for slug in SLUGS}
    for dataset in DATASETS:
        properties = described["components"]["schemas"][dataset.schema.__name__]["properties"]
        assert {name: column["description"] for name, column in properties.items()} == dict(dataset.columns)


# --- The catalogue ------------------------------------------------------------------------------------------


def read(kind: str, text: bytes) -> Graph:
    return Graph().parse(data=text, format=FORMS[kind])


@pytest.mark.parametrize("kind", list(WRITTEN))
def test_the_catalogue_holds_all_that_the_profile_asks_for(published, kind):
    answer = Client().get(f"/oppna-data/katalog.{kind}")
    graph = read(kind, answer.content)
    for sort, wanted in MANDATORY.items():
        things = list(graph.subjects(RDF.type, sort))
        assert things, sort
        for thing in things:
            for what in wanted:
                assert list(graph.objects(thing, what)), (thing, what)
    datasets = set(graph.objects(None, DCAT.dataset))
    assert datasets == {URIRef(f"{settings.SITE_URL}/oppna-data/#{slug}") for slug in SLUGS}
    for thing in [*datasets, *graph.subjects(RDF.type, DCAT.Catalog)]:
        for what in (DCTERMS.title, DCTERMS.description):
            assert {words.language for words in graph.objects(thing, what)} == {"sv", "en"}
    assert str(next(graph.objects(None, FOAF.name))) == settings.MUNICIPALITY["NAME"]


def test_the_catalogue_is_the_same_in_every_form(published):
    sizes = {len(read(kind, Client().get(f"/oppna-data/katalog.{kind}").content)) for kind in WRITTEN}
    assert len(sizes) == 1


def test_every_address_in_the_catalogue_answers(published):
    graph = Graph().parse(data=Client().get("/oppna-data/katalog.ttl").content, format="turtle")
    addresses = {
        str(one) for what in (DCAT.accessURL, DCAT.downloadURL, DCAT.landingPage) for one in graph.objects(None, what)
    }
    for address in addresses:
        assert Client().get(address.removeprefix(settings.SITE_URL)).status_code == 200, address


def test_the_page_lists_every_set_with_its_files(published):
    for prefix in ("", "/en"):
        page = Client().get(f"{prefix}/oppna-data/").content.decode()
        for dataset in DATASETS:
            assert f'id="{dataset.slug}"' in page
            for ending in ("", ".csv", ".xlsx"):
                assert f'href="{dataset.path}{ending}"' in page


# --- Calendar and card --------------------------------------------------------------------------------------


def test_the_calendar_holds_the_public_days(published):
    answer = Client().get("/kalender.ics")
    assert answer["Content-Type"].startswith("text/calendar")
    events = Calendar.from_ical(answer.content).walk("VEVENT")
    days = {str(event["uid"]).split("@")[0]: event.decoded("dtstart") for event in events}
    assert days == {
        f"set-{published.pk}-start": published.period_start,
        f"set-{published.pk}-end": published.period_end,
    }
    assert all(str(event["url"]).startswith(settings.SITE_URL) for event in events)
    english = Calendar.from_ical(Client().get("/en/kalender.ics").content).walk("VEVENT")
    assert "Last day of the promises" in " ".join(str(event["summary"]) for event in english)


def test_the_card_may_be_framed_by_the_municipality_alone_and_no_other_page_may(published):
    card = Client().get("/badda-in/loften/")
    assert f"frame-ancestors {settings.EMBED_ANCESTORS[0]}" in card["Content-Security-Policy"]
    assert "X-Frame-Options" not in card
    assert published.title in card.content.decode()
    assert card.cookies == {}
    for path in ("/", "/loften/", published.public_url, "/oppna-data/", "/badda-in/oembed"):
        other = Client().get(path)
        assert "frame-ancestors 'none'" in other["Content-Security-Policy"]
        assert other["X-Frame-Options"] == "DENY"


def test_the_card_without_promises_says_so(people):
    assert "Just nu gäller inga löften." in Client().get("/badda-in/loften/").content.decode()


def test_oembed_gives_the_frame(published):
    answer = Client().get("/badda-in/oembed", {"url": f"{settings.SITE_URL}/en/loften/", "maxwidth": "300"})
    said = json.loads(answer.content)
    assert (said["version"], said["type"], said["width"]) == ("1.0", "rich", 300)
    source = re.search(r'<iframe src="([^"]+)" title="([^"]+)"', said["html"])
    assert source
    assert source[1] == f"{settings.SITE_URL}/en/badda-in/loften/"
    assert Client().get(source[1].removeprefix(settings.SITE_URL)).status_code == 200


@pytest.mark.parametrize(
    "url", ["", "https://annan.example/loften/", "http://[", "javascript:alert(1)", f"{settings.SITE_URL}/arbete/"]
)
def test_oembed_knows_only_our_own_pages(url):
    assert Client().get("/badda-in/oembed", {"url": url}).status_code == 404


def test_cells():
    assert [cell(value) for value in (None, True, ["a", "b"], [{"å": 1}], 1.5)] == [
        "",
        "true",
        "a; b",
        '{"å": 1}',
        "1.5",
    ]
