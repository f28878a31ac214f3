"""What residents read: the joint picture that is published, all of it that is public, and nothing else."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lysekil_trygghet.publishing.pages import shelf
from situation.lifecycle import PictureKind
from situation.models import SituationPicture, Source
from situation.operations import pictures, problems

from .. import make_situation as make
from ..incidents.typed import filled, queries_of
from ..make_incidents import acting

pytestmark = pytest.mark.django_db
LIST = "/lagesbild/"


def text_of(answer) -> str:
    return " ".join(answer.content.decode().split())


def words_of(answer) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


@pytest.fixture
def published() -> SituationPicture:
    """Several kinds of source, a finding of each kind, a place, a second problem."""
    survey = make.source(
        kind="SAFETY_SURVEY",
        method="OPEN_WEB",
        n=520,
        title="Undersökning på webben",
        title_en="Survey on the web",
        limitations="63 procent var kvinnor.",
    )
    crimes = make.source(by="police_liaison", kind="CRIME_STATISTICS", method="REGISTER", title="Anmälda brott")
    draft = pictures.open_to_police(
        make.empty_picture(title="Lägesbild 2020", sources=(survey,)), by=acting("coordinator"), now=timezone.now()
    )
    police = acting("police_liaison")
    pictures.put_sources(draft, [survey, crimes], by=police, now=timezone.now())
    square = make.area(name="Torget")
    seen = make.finding(picture=draft, sources=[survey], area=square, confidence="MEDIUM")
    make.finding(picture=draft, sources=[crimes], claim="Fler anmälda stölder.", trend="UNKNOWN", confidence="HIGH")
    make.finding(picture=draft, sources=[survey], claim="Få vuxna ute.", kind="ANALYSIS", confidence="LOW")
    first = make.problem(picture=draft, findings=[seen], areas=[square])
    make.cause(problem=first)
    make.problem(picture=draft, findings=[], title="Klotter", what="", where="", when="", who="", rationale="")
    return make.moved_to(draft, "PUBLISHED")


def test_an_empty_list_says_what_will_come(client):
    answer = client.get(LIST)
    assert answer.status_code == 200
    assert "Ingen lägesbild är publicerad än." in text_of(answer)


def test_the_page_tells_what_how_sure_and_from_what(client, published):
    page = client.get(published.public_url)
    said = words_of(page)

    for words in (
        published.public_summary,
        "Otryggt i centrum på kvällen",
        "Fredag och lördag kväll.",
        "Unga och de som går hem sent.",
        "Flest har sagt det, och det ökar.",
        "Få vuxna rör sig på torget sent.",
        "Ökar",
        "Går inte att säga",
        "Ganska säkert",
        "Osäkert",
        "Medelstarkt underlag",
        "Starkt underlag",
        "520 svar eller deltagare",
        "63 procent var kvinnor.",
        "Svaren visar vad de tycker, inte hur vanligt det är.",
        "Siffrorna kommer ur ett register.",
    ):
        assert words in said, words
    assert "None" not in said


def test_every_thread_leads_to_a_place_on_the_page(client, published):
    page = text_of(client.get(published.public_url))
    places = set(re.findall(r'id="([^"]+)"', page))
    for model, prefix in (("sources", "kalla"), ("findings", "iakttagelse"), ("problems", "problem")):
        for row in getattr(published, model).all():
            assert f"{prefix}-{row.pk}" in places
    threads = set(re.findall(r'href="#([^"]+)"', page))
    assert threads <= places
    assert len(places) == len(re.findall(r'\bid="', page)), "no mark stands twice"


def test_the_current_one_stands_first_and_the_earlier_keeps_its_address(client, published):
    newer = make.picture(title="Lägesbild 2022", previous=published, state="PUBLISHED")

    said = words_of(client.get(LIST))
    assert (
        said.index("Gäller nu") < said.index("Lägesbild 2022") < said.index("Tidigare") < said.index("Lägesbild 2020")
    )
    old = client.get(published.public_url)
    assert old.status_code == 200
    assert "Det finns en nyare lägesbild." in text_of(old)
    assert newer.public_url in text_of(old)
    assert published.public_url in text_of(client.get(newer.public_url))
    # How it is updated is a matter of the current one.
    assert "Uppdateras senast" not in words_of(old)


@pytest.mark.parametrize("state", ["DRAFT", "REVIEW", "ADOPTED"])
def test_what_is_not_published_is_not_there(client, state):
    hidden = make.picture(state=state, title="Hemligt utkast")
    assert client.get(hidden.public_url).status_code == 404
    assert "Hemligt" not in text_of(client.get(LIST))


@pytest.mark.parametrize("by", ["coordinator", "police_liaison"])
def test_own_pictures_are_never_there(client, by):
    own = make.picture(kind=PictureKind.OWN, by=by, state="ADOPTED")
    # Even if somebody wrote it into the row past the operations.
    SituationPicture.objects.filter(pk=own.pk).update(published_at=timezone.now())
    assert client.get(own.public_url).status_code == 404
    assert own.title not in text_of(client.get(LIST))


def test_what_is_marked_inside_stays_inside(client, published):
    finding, problem = published.findings.first(), published.problems.first()
    cause, source, area = problem.causes.get(), published.sources.last(), problem.areas.get()
    for thing in (finding, cause, source, area):
        type(thing).objects.filter(pk=thing.pk).update(is_public=False)
    page = text_of(client.get(published.public_url))
    for words in (finding.claim, cause.hypothesis, f"kalla-{source.pk}", f"iakttagelse-{finding.pk}", area.name + "<"):
        assert words not in page
    type(problem).objects.filter(pk=problem.pk).update(is_public=False)
    shelf.clear()  # a change past every operation leaves no act behind
    page = words_of(client.get(published.public_url))
    assert problem.title not in page
    assert "1. Klotter" in page


def test_the_english_page_is_english_where_it_is_written(client, published):
    address = published.public_url
    page = text_of(client.get(f"/en{address}"))
    assert "Survey on the web" in page
    assert f'lang="sv">{published.title}' in page
    assert 'lang="sv"' not in text_of(client.get(address)).split("<main")[1].split("</main>")[0]
    assert client.get(f"/en{LIST}").status_code == 200


def test_the_page_is_open_the_same_for_all_and_asked_again_cheaply(published, client_as):
    for address in (LIST, published.public_url):
        plain = Client().get(address)
        assert plain["Cache-Control"].startswith("public")
        assert "Set-Cookie" not in plain
        assert re.findall(r"<script(?! src=./static/)", text_of(plain)) == []
        assert client_as("coordinator").get(address).content == plain.content
        again = Client().get(address, headers={"If-None-Match": plain["ETag"]})
        assert again.status_code == 304
    before = Client().get(published.public_url)["ETag"]
    pictures.withdraw(published, reason="Fel", by=acting("communicator"), now=timezone.now())
    gone = Client().get(published.public_url, headers={"If-None-Match": before})
    assert gone.status_code == 404


def test_the_page_costs_the_same_however_much_it_holds(client, published):
    less = make.moved_to(make.picture(previous=published), "PUBLISHED")
    small = queries_of(client, less.public_url)
    big = make.picture(previous=less)
    for _n in range(10):
        problem = make.problem(picture=big, areas=[make.area()])
        make.cause(problem=problem)
        make.finding(picture=big, area=make.area())
    big = make.moved_to(big, "PUBLISHED")
    assert queries_of(client, big.public_url) <= small + 1
    one = queries_of(client, LIST)
    make.picture(state="PUBLISHED")
    assert queries_of(client, LIST) == one


def test_only_reading_is_open(client, published):
    assert client.post(published.public_url).status_code == 405
    for odd in ("finns-inte", "x" * 300, "%00", "..%2f"):
        assert client.get(f"/lagesbild/{odd}/").status_code in (400, 404)


def test_a_source_with_a_hostile_link_is_not_made_a_link(published):
    form_refuses = ("javascript:alert(1)", "data:text/html,x", "ftp://x.example")
    client = Client()
    client.force_login(acting("coordinator").user, backend="allauth.account.auth_backends.AuthenticationBackend")
    free = make.source()
    for link in form_refuses:
        address = reverse("situation:source_edit", args=[free.pk])
        answer = client.post(address, filled(client.get(address), url=link))
        assert answer.status_code == 422, link
    assert Source.objects.get(pk=free.pk).url == ""


def test_names_of_persons_who_wrote_it_are_nowhere(client, published, people):
    problem = make.picture().problems.get()
    problems.edit(problem, values={"who": "Unga"}, by=acting("coordinator"), now=timezone.now())
    for address in (LIST, published.public_url):
        page = text_of(client.get(address))
        assert people["coordinator"].email not in page
        assert people["police_liaison"].email not in page
