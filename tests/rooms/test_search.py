"""Residents find what is published by its words, in any form, spelt nearly so, and nothing else."""

from __future__ import annotations

import html
import re

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from incidents.operations import publication
from lysekil_trygghet.publishing.languages import Reader
from lysekil_trygghet.publishing.search import cleaned, marked
from lysekil_trygghet.start.search import SEARCHED, search

from .. import make_incidents as incidents
from .. import make_pledges as pledges
from .. import make_situation as situation

pytestmark = pytest.mark.django_db


def news(**values):
    now = timezone.now()
    approved = publication.approve(incidents.update(**values), by=incidents.acting("coordinator"), now=now)
    return publication.publish(approved, by=incidents.acting("communicator"), now=now)


def titles(query: str, language: str = "sv") -> list[str]:
    hits = search(query, read=Reader(language))
    return [html.unescape(re.sub(r"</?mark>", "", hit.title)) for hit in hits]


@pytest.fixture
def told(people):
    news(title="Trygghetsvandring i centrum", lead="Vi går tillsammans på torsdag.", body="Ta med ficklampa.")
    news(title="Fler lampor vid Kungstorget", lead="Belysningen blir bättre.", body="Arbetet är klart i höst.")
    news(
        title="Öppet på fritidsgården",
        title_en="Youth centre opens",
        body="Kvällsöppet för unga.",
        body_en="Open late.",
    )


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("trygghetsvandring", "Trygghetsvandring i centrum"),
        ("trygghetsvandringen", "Trygghetsvandring i centrum"),  # another form
        ("TRYGGHETSVANDRING", "Trygghetsvandring i centrum"),
        ("vandring", "Trygghetsvandring i centrum"),  # the end of a compound
        ("lampa", "Fler lampor vid Kungstorget"),  # singular for plural
        ("torget", "Fler lampor vid Kungstorget"),
        ("oppet", "Öppet på fritidsgården"),  # no å, ä, ö on the keyboard
        ("öppet fritidsgården", "Öppet på fritidsgården"),
        ("trygghetsvanding", "Trygghetsvandring i centrum"),  # misspelt
        ("youth centre", "Öppet på fritidsgården"),
        ("ficklampa", "Trygghetsvandring i centrum"),  # in the text alone
    ],
)
def test_found_in_any_form(told, query, found):
    assert found in titles(query)


@pytest.mark.parametrize("query", ["", "   ", "xyzzy", "%", "'\"()*:^-", "a" * 5000, "\u200b", "och NOT ("])
def test_whatever_is_asked_is_answered(told, query):
    answer = Client().get("/sok/", {"q": query})
    assert answer.status_code == 200
    assert "Fler lampor" not in answer.content.decode().split("<main")[1]


def test_the_title_weighs_more_than_the_text(people):
    news(title="Mer om hösten", body="Här nämns polisen en gång. " + "Annat. " * 50)
    news(title="Polisen öppnar längre", body="Från och med måndag.")
    found = titles("polisen")
    assert found.index("Polisen öppnar längre") < found.index("Mer om hösten")


def test_the_words_are_marked_and_the_rest_is_escaped(people):
    news(title="Fler <b>lampor</b> & ljus", lead="Lampor till alla.")
    page = Client().get("/sok/?q=lampor").content.decode()
    assert "Fler &lt;b&gt;<mark>lampor</mark>&lt;/b&gt; &amp; ljus" in page
    assert "<b>" not in page
    assert marked("<i>", ["i"]) == "&lt;<mark>i</mark>&gt;"


def test_a_hit_leads_to_its_page_and_says_what_it_is(told):
    page = Client().get("/sok/?q=trygghetsvandring").content.decode()
    link = re.search(r'<a href="(/nyheter/[^"]+)">', page.split("<main")[1])
    assert link
    assert Client().get(link[1]).status_code == 200
    assert "Nyhet" in page


def test_the_pages_that_are_always_there_are_found_too(people):
    for path, words in (("/sok/?q=öppettider", "Kontakt"), ("/en/sok/?q=opening+hours", "Contact")):
        page = Client().get(path).content.decode().split("<main")[1]
        assert f"{words}</a>" in page
        assert "Inga träffar" not in page


def test_the_english_page_shows_english_words_and_marks_the_swedish(told):
    page = Client().get("/en/sok/?q=youth").content.decode()
    assert "<mark>Youth</mark> centre opens" in page
    page = Client().get("/en/sok/?q=kungstorget").content.decode()
    assert 'lang="sv">Fler lampor vid <mark>Kungstorget</mark>' in page


def test_nothing_found_says_what_to_do(told):
    page = Client().get("/sok/?q=xyzzy").content.decode()
    assert "Inga träffar på ”xyzzy”" in page
    assert "Pröva ett annat ord" in page


def test_ten_on_a_page(people):
    for number in range(12):
        news(title=f"Cykelstöld nummer {number}")
    first, second = (Client().get(f"/sok/?q=cykelstöld&page={page}").content.decode() for page in (1, 2))
    assert (first.count('class="hit"'), second.count('class="hit"')) == (10, 2)
    assert "12 träffar" in first
    assert "page=1" in second


@pytest.mark.parametrize("state", ["draft", "approved", "withdrawn"])
def test_nothing_unpublished_is_found(people, state):
    now = timezone.now()
    update = incidents.update(title="Hemlighetsmakeri pågår", body="Ordet kanelbulle står här.")
    if state != "draft":
        update = publication.approve(update, by=incidents.acting("coordinator"), now=now)
    if state == "withdrawn":
        update = publication.publish(update, by=incidents.acting("communicator"), now=now)
        assert titles("kanelbulle") == ["Hemlighetsmakeri pågår"]
        publication.withdraw(update, reason="Fel.", by=incidents.acting("communicator"), now=now)
    for query in ("hemlighetsmakeri", "kanelbulle", "kanel", "bulle", "kanelbule"):
        assert titles(query) == []


def test_every_kind_is_found(people):
    """One of each of the main kinds, by a word of its own."""
    picture = situation.moved_to(situation.picture(title="Lägesbild med tussilago"), "PUBLISHED")
    pledge_set = pledges.published_set(title="Löften om blåsippor")
    promise = pledge_set.commitments.first()
    assert picture.title in titles("tussilago")
    assert pledge_set.title in titles("blåsippor")
    assert promise.text_as_promised in titles(promise.text_as_promised)


def test_a_search_costs_the_same_however_much_there_is(told, django_assert_max_num_queries):
    for number in range(30):
        news(title=f"Lampa {number}")
    with django_assert_max_num_queries(3 * len(SEARCHED) + 4):
        Client().get("/sok/?q=lampa")


def test_the_words_of_a_query_are_few_and_short():
    assert cleaned("a-b 'c' " * 100).count(" ") == 7
    assert len(cleaned("å" * 500)) == 100


@pytest.mark.strict_database
def test_every_search_has_its_indexes():
    """PostgreSQL can answer both tries of every kind from an index; a field added without a migration fails here."""
    for kind in SEARCHED:
        texts = kind.texts()
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
            for condition in (
                f"{texts.words()} @@ websearch_to_tsquery('swedish'::regconfig, 'lampa')",
                f"{texts.folded()} LIKE '%lampa%'",
                f"'lampa' <% {texts.folded()}",
            ):
                cursor.execute(f'EXPLAIN SELECT 1 FROM "{texts.table}" WHERE {condition}')  # noqa: S608
                plan = "\n".join(row[0] for row in cursor.fetchall())
                assert "Bitmap Index Scan" in plan, (texts.table, condition, plan)
