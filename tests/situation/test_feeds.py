"""Figures fetched by the clock, from a stand-in for the publishers: their limits, errors and pages."""

from __future__ import annotations

import datetime as dt
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.utils import timezone

from lysekil_trygghet.history.guards import NotAllowed, Refused
from situation import fetching
from situation.fetching import NotFetched
from situation.lifecycle import FeedKind, ImportState
from situation.models import DataFeed, DatasetImport, IndicatorValue, PoliceEvent
from situation.operations import feeds

from .. import make_situation as making
from ..make_incidents import acting

pytestmark = pytest.mark.django_db

NOW = timezone.now()


class StandIn:
    """A publisher: answers what it was told to, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []
        self.answers: list[tuple[str, int, Any, dict[str, str]]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.asked.append((self.path, self.headers.get("User-Agent", "")))
                found = next((one for one in outer.answers if one[0] in self.path), None)
                _part, status, body, headers = found or ("", 404, b"", {})
                content = body if isinstance(body, bytes) else json.dumps(body).encode()
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_args: object) -> None:
                """Quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def says(self, part: str, body: Any, *, status: int = 200, **headers: str) -> None:
        """To addresses that hold `part`; the newest answer first."""
        self.answers.insert(
            0, (part, status, body, {name.replace("_", "-"): value for name, value in headers.items()})
        )


@pytest.fixture
def publisher(settings, monkeypatch) -> Iterator[StandIn]:
    stand_in = StandIn()
    settings.KOLADA_URL = f"{stand_in.url}/v3"
    settings.SCB_URL = f"{stand_in.url}/api/v2"
    settings.POLISEN_URL = stand_in.url
    monkeypatch.setattr(fetching, "PAUSES", dict.fromkeys(fetching.PAUSES, 0.0))
    yield stand_in
    stand_in.server.shutdown()
    stand_in.server.server_close()


@pytest.fixture(autouse=True)
def _everybody(people):
    """The demo people exist."""


def feed(kind: str = FeedKind.KOLADA, **values) -> DataFeed:
    defaults = {
        "kind": kind,
        "title": "Brott",
        "what": {"KOLADA": "N07540", "SCB": "TAB638", "POLISEN": "Lysekil"}[kind],
        "areas": "" if kind == FeedKind.POLISEN else "1484,0000",
        "source": making.source(title=kind),
    }
    return feeds.write(values=defaults | values, by=acting("coordinator"), now=NOW)


def of_kolada(stand_in: StandIn, *values: float, next_url: str | None = None) -> None:
    stand_in.says("/kpi/N07540", {"values": [{"id": "N07540", "title": "Anmälda brott, antal/100 000 inv"}]})
    rows = [
        {"kpi": "N07540", "municipality": "1484", "period": 2020 + place, "values": [{"gender": "T", "value": value}]}
        for place, value in enumerate(values)
    ]
    stand_in.says("/data/kpi/N07540", {"count": len(rows), "next_url": next_url, "values": rows})


def stored() -> dict[str, Any]:
    return {row.period: row.value for row in IndicatorValue.objects.all()}


def test_kolada_is_asked_for_the_words_and_the_values_and_says_who_asks(publisher, settings):
    of_kolada(publisher, 7105, 7011.5)
    made = feed()
    assert feeds.fetch_due(now=NOW) == 1
    assert stored() == {"2020": 7105, "2021": 7011.5}
    assert {agent for _path, agent in publisher.asked} == {f"LysekilTrygghet/1 (+{settings.SITE_URL}/kontakt/)"}
    made.refresh_from_db()
    assert (made.fetched_at, made.next_at, made.failures) == (NOW, NOW + dt.timedelta(hours=168), 0)
    assert DatasetImport.objects.get().state == ImportState.APPLIED


def test_every_page_is_read_and_none_of_another_address(publisher):
    more = {"kpi": "N07540", "municipality": "1484", "period": 2024, "values": [{"gender": "T", "value": 1}]}
    of_kolada(publisher, 7105, next_url="/v3/more?page=2")
    publisher.says("/more", {"count": 1, "next_url": None, "values": [more]})
    feed()
    feeds.fetch_due(now=NOW)
    assert stored() == {"2020": 7105, "2024": 1}

    of_kolada(publisher, 7105, next_url="https://elsewhere.example/more")
    other = feed(title="Annan")
    feeds.fetch(other, now=NOW)
    other.refresh_from_db()
    assert (other.is_active, other.last_error) == (False, "Nästa sida ligger på en annan adress.")


def test_what_would_change_waits_for_a_person(publisher):
    of_kolada(publisher, 7105)
    made = feed()
    feeds.fetch(made, now=NOW)
    of_kolada(publisher, 7000)
    again = feeds.fetch(made, now=NOW + dt.timedelta(days=8))
    assert (again.state, again.rows_changed) == (ImportState.CHECKED, 1)
    assert stored() == {"2020": 7105}


def test_the_same_answer_again_is_no_new_import(publisher):
    of_kolada(publisher, 7105)
    made = feed()
    feeds.fetch(made, now=NOW)
    feeds.fetch(made, now=NOW + dt.timedelta(days=8))
    assert DatasetImport.objects.count() == 1


def test_scb_gives_json_stat_for_the_areas(publisher):
    cube = {
        "version": "2.0",
        "class": "dataset",
        "label": "Folkmängd",
        "id": ["Region", "ContentsCode", "Tid"],
        "size": [1, 1, 2],
        "dimension": {
            "Region": {"category": {"index": {"1484": 0}, "label": {"1484": "Lysekil"}}},
            "ContentsCode": {"category": {"index": {"BE0101N1": 0}, "label": {"BE0101N1": "Folkmängd"}}},
            "Tid": {"category": {"index": {"2024": 0, "2025": 1}, "label": {"2024": "2024", "2025": "2025"}}},
        },
        "value": [14310, 14244],
    }
    publisher.says("/tables/TAB638/data", cube)
    feed(FeedKind.SCB, areas="1484")
    feeds.fetch_due(now=NOW)
    assert stored() == {"2024": 14310, "2025": 14244}
    assert "valueCodes%5BRegion%5D=1484" in publisher.asked[0][0]
    assert "outputFormat=json-stat2" in publisher.asked[0][0]


def event(number: int, place: str = "Lysekil") -> dict[str, Any]:
    return {
        "id": number,
        "datetime": "2026-06-08 9:05:00 +02:00",
        "name": f"08 juni 09.05, Skadegörelse, {place}",
        "summary": "En text som inte sparas.",
        "url": f"/aktuellt/handelser/2026/juni/8/{number}/",
        "type": "Skadegörelse",
        "location": {"name": "Västra Götalands län", "gps": "58.27,11.44"},
    }


def test_of_the_polices_events_only_the_links_are_kept_and_an_edited_one_follows(publisher):
    publisher.says("/api/events", [event(1), event(2)])
    made = feed(FeedKind.POLISEN, every_hours=1)
    feeds.fetch(made, now=NOW)
    assert sorted(PoliceEvent.objects.values_list("number", "place")) == [(1, "Lysekil"), (2, "Lysekil")]
    assert "locationname=Lysekil" in publisher.asked[0][0]
    publisher.says("/api/events", [event(1, "Munkedal"), event(2)])
    feeds.fetch(made, now=NOW + dt.timedelta(hours=1))
    assert sorted(PoliceEvent.objects.values_list("number", "place")) == [(1, "Munkedal"), (2, "Lysekil")]
    kept = DatasetImport.objects.all()
    assert [one.raw.name for one in kept] == ["", ""]
    assert "En text som inte sparas" not in json.dumps([one.report for one in kept])


# --- Limits and errors ---------------------------------------------------------------------------------------


def test_one_publisher_is_asked_once_a_run_and_not_again_within_its_limit(publisher):
    publisher.says("/api/events", [])
    for title in ("Lysekil", "Munkedal"):
        feed(FeedKind.POLISEN, title=title, what=title, every_hours=1)
    assert feeds.fetch_due(now=NOW) == 1
    assert feeds.fetch_due(now=NOW + dt.timedelta(seconds=9)) == 0
    assert len(publisher.asked) == 1
    assert feeds.fetch_due(now=NOW + dt.timedelta(seconds=61)) == 1
    assert feeds.fetch_due(now=NOW + dt.timedelta(seconds=130)) == 0
    assert len(publisher.asked) == 2


@pytest.mark.parametrize(
    ("status", "headers", "least"), [(500, {}, 600), (429, {"Retry_After": "3600"}, 3600), (403, {}, 600)]
)
def test_a_publisher_in_trouble_is_asked_later_and_more_and_more_seldom(publisher, status, headers, least):
    publisher.says("/api/events", b"", status=status, **headers)
    made = feed(FeedKind.POLISEN, every_hours=1)
    waits = []
    for _turn in range(3):
        feeds.fetch(made, now=NOW)
        made.refresh_from_db()
        waits.append((made.next_at - NOW).total_seconds())
    assert made.is_active
    assert str(status) in made.last_error
    assert made.failures == 3
    assert waits[0] >= least
    assert headers or waits[0] < waits[1] < waits[2]


@pytest.mark.parametrize("status", [404, 410, 400])
def test_what_is_gone_is_not_asked_for_again(publisher, status):
    publisher.says("/api/events", b"", status=status)
    made = feed(FeedKind.POLISEN, every_hours=1)
    feeds.fetch_due(now=NOW)
    made.refresh_from_db()
    assert (made.is_active, str(status) in made.last_error) == (False, True)
    assert feeds.fetch_due(now=NOW + dt.timedelta(days=2)) == 0
    mended = feeds.edit(made, values={"is_active": True}, by=acting("coordinator"), now=NOW)
    assert (mended.last_error, mended.failures, mended.next_at) == ("", 0, NOW)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"<html>", "går inte att läsa"),
        (b"[1]", "går inte att läsa"),
        (b"[" * 100_000, "går inte att läsa"),
        (b"x" * (17 << 20), "16 MB"),
    ],
    ids=["html", "list", "deep", "large"],
)
def test_an_answer_that_cannot_be_used_is_told(publisher, body, words):
    publisher.says("/kpi/", body)
    made = feed()
    feeds.fetch(made, now=NOW)
    made.refresh_from_db()
    assert words in made.last_error
    assert DatasetImport.objects.count() == 0


def test_a_redirect_to_elsewhere_is_not_followed(publisher):
    other = StandIn()
    publisher.says("/api/events", b"", status=302, Location=f"{other.url}/api/events")
    with pytest.raises(NotFetched, match="annan adress"):
        fetching.polisen("Lysekil")
    assert other.asked == []
    other.server.shutdown()
    other.server.server_close()


@pytest.mark.parametrize(
    "url", ["http://169.254.169.254/latest", "file:///etc/passwd", "ftp://x.example/", "http://x.example/"]
)
def test_only_https_is_asked(url):
    with pytest.raises(NotFetched, match="https"):
        fetching.get(url)


def test_nobody_answers(settings):
    settings.POLISEN_URL = "http://127.0.0.1:9"
    with pytest.raises(NotFetched, match="svarar inte"):
        fetching.polisen("Lysekil")


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"what": " , "}, "vad som ska hämtas"),
        ({"areas": ""}, "vilka områden"),
        ({"areas": "1484,Atlantis"}, "Atlantis"),
        ({"every_hours": 1}, "oftare än var 24:e timme"),
    ],
)
def test_an_odd_feed_is_refused(values, words):
    with pytest.raises(Refused, match=words):
        feed(**values)


def test_only_those_who_keep_the_source_decide_what_is_fetched():
    made = feed()
    for who in ("head_social", "communicator", "police_liaison"):
        with pytest.raises(NotAllowed):
            feeds.edit(made, values={"title": "X"}, by=acting(who), now=NOW)
