"""What residents read of the promises: what was promised, who leads, how it goes, how it went."""

from __future__ import annotations

import datetime as dt
from itertools import product

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from pledges.models import Commitment, PledgeSet
from pledges.operations import commitments, follow_ups, occurrences
from pledges.operations.commitments import UnitRow

from .. import make_pledges as make
from .. import make_situation
from ..make_incidents import acting, department

pytestmark = pytest.mark.django_db
POLICE, SOCIAL = make.POLICE, make.SOCIAL


@pytest.fixture(autouse=True)
def _everybody(people):
    """The demo people exist."""


def read(client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def held(promise: Commitment, *, who: str, slug: str, count: int) -> None:
    occurrences.log_held(
        promise,
        organisation=department(slug),
        date=timezone.localdate(),
        counts={promise.units.get().pk: count},
        by=acting(who, now=timezone.now()),
        now=timezone.now(),
    )


# --- What is not published ----------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["DRAFT", "AGREED", "SIGNED"])
def test_a_set_that_is_not_published_is_not_there(client, state):
    made = make.moved_to(make.whole_set(), state)

    for address in (made.public_url, f"{made.public_url}1/", f"{made.public_url}uppfoljning/"):
        assert client.get(address).status_code == 404
    assert made.title not in read(client, "/loften/")


def test_without_any_set_the_page_says_so(client):
    assert "Just nu gäller inga löften." in read(client, "/loften/")
    assert "Just nu gäller inga löften." in read(client, "/")


@pytest.mark.parametrize("number", ["0", "2", "99999999999999999999", "32768"])
def test_a_promise_that_is_not_there(client, number):
    made = make.published_commitment().pledge_set

    assert client.get(f"{made.public_url}{number}/").status_code == 404


# --- From the picture to the promises -------------------------------------------------------------------


def on_a_problem(count: int = 1, **values) -> tuple[str, PledgeSet]:
    """The address of a published picture, and a draft with `count` promises built on its problem."""
    picture = make_situation.moved_to(make_situation.picture(), "PUBLISHED")
    draft = make.pledge_set()
    area = make.area(pledge_set=draft, problems=[picture.problems.get()])
    for _n in range(count):
        make.commitment(area=area, **values)
    return picture.public_url, draft


def test_the_picture_says_what_is_promised_about_a_problem_once_it_is_published(client):
    address, draft = on_a_problem(text_as_promised="Vi tänder lamporna i parken.")

    before = read(client, address)
    made = make.moved_to(draft, "PUBLISHED")
    after = read(client, address)

    assert "Vi tänder lamporna" not in before
    assert "Det här har vi lovat" not in before
    assert "Det här har vi lovat" in after
    assert f'<a href="{made.public_url}1/">Vi tänder lamporna i parken.</a>' in after
    assert f'lang="sv">{made.title}' in read(client, f"/en{address}")


def test_the_picture_shows_the_words_that_hold(client):
    address, draft = on_a_problem(text_as_promised="Vi tänder lamporna i parken.")
    promise = make.moved_to(draft, "PUBLISHED").commitments.get()
    make.amendment(promise, new_text="Vi tänder lamporna i hamnen.")

    page = read(client, address)

    assert "i hamnen" in page
    assert "i parken" not in page


def test_the_picture_asks_as_much_for_thirty_promises_as_for_one(client):
    one, thirty = (on_a_problem(count) for count in (1, 30))
    asked = []
    for address, draft in (one, thirty):
        made = make.moved_to(draft, "PUBLISHED")
        with CaptureQueriesContext(connection) as queries:
            assert made.public_url in read(client, address)
        asked.append(len(queries))

    assert asked[0] == asked[1]


# --- The list and the set -------------------------------------------------------------------------------


def test_the_current_set_stands_first_and_a_closed_one_keeps_its_address(client):
    closed, runs = make.closed_set(), make.published_set()

    page = read(client, "/loften/")

    assert page.index(runs.title) < page.index(closed.title)
    assert "Varje löfte har fått ett svar." in read(client, closed.public_url)
    assert "I siffror" in read(client, f"{closed.public_url}uppfoljning/")
    assert client.get(f"{runs.public_url}uppfoljning/").status_code == 404


def test_each_promise_says_who_leads_and_where_it_stands(client):
    made = make.published_set()

    page = read(client, made.public_url)

    assert "Socialförvaltningen" in page
    assert page.count("Planerad") == 2
    assert "2 löften. 2 är planerade." in page


def test_a_floor_that_was_beaten_shows_the_number_and_a_full_bar(client):
    promise = make.published_commitment(units=(UnitRow("trafikkontroller", "traffic checks", 8),), leads=(POLICE,))
    held(promise, who="police_liaison", slug=POLICE, count=20)

    page = read(client, promise.public_url)

    assert "20 av minst 8 trafikkontroller" in page
    assert 'value="100"' in page
    assert "20 of at least 8 traffic checks" in read(client, f"/en{promise.public_url}")


def test_the_front_page_shows_the_set_that_runs(client):
    made = make.published_set()

    assert made.public_url in read(client, "/")


# --- One promise ------------------------------------------------------------------------------------------


def test_the_red_thread_from_source_to_answer(client):
    promise = make.published_commitment(
        units=(UnitRow("kvällar", "evenings"),), purpose="fler ska våga gå ut", purpose_en="more dare to go out"
    )
    held(promise, who="head_social", slug=SOCIAL, count=2)
    make.answered(make.fresh(promise))

    page = read(client, promise.public_url)

    problem = promise.area.problems.get()
    assert problem.title not in page, "its picture is not published"
    assert "fler ska våga gå ut" in page
    assert "2 kvällar" in page
    assert "Vi var där vi lovade." in page
    assert "Tjugo kvällar på torget." in page
    assert "Genomförd" in page


def test_the_thread_reaches_a_published_picture(client):
    picture = make.make_situation.picture(state="PUBLISHED")
    made = make.pledge_set(picture=picture)
    area = make.area(pledge_set=made, problems=picture.problems.all())
    promise = make.commitment(pledge_set=made, area=area)
    make.moved_to(make.fresh(made), "PUBLISHED")

    page = read(client, make.fresh(promise).public_url)

    finding = picture.findings.get()
    for words in (picture.problems.get().title, finding.claim, finding.sources.get().title):
        assert words in page
    assert f"{picture.public_url}#iakttagelse-{finding.pk}" in page


def test_an_amendment_shows_both_wordings_and_why(client):
    promise = make.published_commitment()
    made = make.amendment(promise)

    page = read(client, promise.public_url)

    for words in (promise.text_as_promised, made.new_text, made.reason):
        assert words in page
    assert made.new_text in read(client, promise.pledge_set.public_url)


def test_what_the_police_have_not_stood_behind_is_not_shown(client):
    promise = make.published_commitment(leads=(POLICE,))
    coordinator, police, now = acting("coordinator"), acting("police_liaison"), timezone.now()
    written = commitments.write_answer(promise, public_note="Samordnarens ord.", by=coordinator, now=now)
    told = make.output(written)

    page = read(client, promise.public_url)
    assert "Samordnarens ord." not in page
    assert "Tjugo kvällar" not in page

    commitments.confirm_answer(written, by=police, now=now, seen=written.revision)
    follow_ups.confirm(told, by=police, now=now, seen=told.revision)
    page = read(client, promise.public_url)
    assert "Samordnarens ord." in page
    assert "Tjugo kvällar" in page


def test_a_figure_never_claims_that_the_promise_caused_it(client):
    promise = make.published_commitment()
    commitments.add_figure(
        promise,
        values={
            "label": "Andel otrygga sent på kvällen",
            "unit": "procent",
            "baseline_value": "21.4",
            "baseline_period": "2017",
            "source": make.make_situation.source(),
        },
        by=acting("coordinator"),
        now=timezone.now(),
    )

    page = read(client, promise.public_url)

    assert "21,4" in page
    assert "Siffran visar utvecklingen, inte att åtgärden orsakat den." in page


# --- Same for one and for many ------------------------------------------------------------------------------


def published_with(count: int) -> PledgeSet:
    """A published set of so many promises, one of them made by the portal and the others written beside it."""
    made = make.pledge_set()
    first = make.commitment(pledge_set=made, area=make.area(pledge_set=made), units=(UnitRow("kvällar", "", 4),))
    copies = []
    for number in range(2, count + 1):
        copy = make.fresh(first)
        copy.pk, copy._state.adding, copy.number = None, True, number
        copies.append(copy)
    Commitment.objects.bulk_create(copies)
    others = list(Commitment.objects.filter(pledge_set=made).exclude(pk=first.pk))
    for rows in (first.parties.all(), first.units.all()):
        made_rows = []
        for row, promise in product(rows, others):
            copy = make.fresh(row)
            copy.pk, copy._state.adding, copy.commitment_id = None, True, promise.pk
            made_rows.append(copy)
        type(rows[0]).objects.bulk_create(made_rows)
    return make.moved_to(make.fresh(made), "PUBLISHED")


@pytest.mark.same_everywhere
@pytest.mark.parametrize("way", ["residents", "staff", "staff list", "report", "data"])
def test_pages_take_as_many_queries_for_one_promise_as_for_30_and_300(client, client_as, way):
    def queries(count: int) -> int:
        made = published_with(count)
        urls = {
            "residents": made.public_url,
            "staff": made.get_absolute_url(),
            "staff list": reverse("pledges:sets"),
            "report": reverse("pledges:report", args=[made.pk, "xlsx"]),
            "data": reverse("pledges:export", args=[made.pk, "yaml"]),
        }
        who = client if way == "residents" else client_as("coordinator")
        who.get("/")
        with CaptureQueriesContext(connection) as caught:
            answer = who.get(urls[way])
        assert answer.status_code == 200
        return len(caught)

    assert queries(1) == queries(30) == queries(300)


def test_days_are_counted_in_stockholm(client):
    """A set that ended yesterday is followed up; residents still read it."""
    made = make.closing_set()

    assert made.period_end == timezone.localdate() - dt.timedelta(days=1)
    assert "Tiden är ute, svar saknas" in read(client, made.public_url)
