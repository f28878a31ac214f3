"""Residents' pages are made once and kept until something changes them (publishing/pages.py)."""

from __future__ import annotations

import datetime as dt
import gzip
import time

import brotli
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from incidents.models import ContactPoint, OpeningHours
from incidents.operations import publication
from lysekil_trygghet.publishing import pages

from .. import make_incidents as incidents

WHOLE = "public, s-maxage=10, stale-while-revalidate=5, stale-if-error=600"


@pytest.fixture
def news(people):
    made = incidents.update(title="Fler lampor vid torget", body="Vi sätter upp fler lampor. " * 40)
    approved = publication.approve(made, by=incidents.acting("coordinator"), now=timezone.now())
    return publication.publish(approved, by=incidents.acting("communicator"), now=timezone.now())


def queries_of(path: str, **headers: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        Client().get(path, headers=headers)
    return len(queries)


def test_a_page_is_made_once_and_then_costs_no_query(news, settings):
    settings.PAGES_ASK_SECONDS = 60
    assert queries_of("/nyheter/") > 1
    assert queries_of("/nyheter/") == 0
    assert queries_of("/en/nyheter/") > 0
    assert queries_of("/en/nyheter/") == 0


def test_what_a_page_does_not_read_makes_no_other_page(news, settings):
    settings.PAGES_ASK_SECONDS = 60
    first = Client().get("/nyheter/?page=1")
    assert Client().get("/nyheter/?page=1&utm_source=brev").content == first.content
    assert queries_of("/nyheter/?page=1&utm_source=annat") == 0
    Client().get("/kontakt/?a=1")
    assert queries_of("/kontakt/?b=2") == 0


def test_each_coding_has_its_own_strong_tag_and_the_same_words(news):
    client, path = Client(), news.public_url
    plain = client.get(path)
    br = client.get(path, headers={"Accept-Encoding": "gzip, deflate, br"})
    gz = client.get(path, headers={"Accept-Encoding": "gzip"})
    assert brotli.decompress(br.content) == gzip.decompress(gz.content) == plain.content
    assert [one.get("Content-Encoding", "") for one in (plain, br, gz)] == ["", "br", "gzip"]
    assert len({plain["ETag"], br["ETag"], gz["ETag"]}) == 3
    assert not any(one["ETag"].startswith("W/") for one in (plain, br, gz))
    for one in (plain, br, gz):
        assert (one["Vary"], one["Cache-Control"]) == ("Accept-Encoding", WHOLE)
    again = client.get(path, headers={"Accept-Encoding": "br", "If-None-Match": f'"other", W/{br["ETag"]}'})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", br["ETag"])
    assert client.get(path, headers={"Accept-Encoding": "gzip", "If-None-Match": br["ETag"]}).status_code == 200


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("", ""),
        ("identity", ""),
        ("br;q=0, gzip", "gzip"),
        ("gzip;q=0.5, br;q=0.1", "br"),
        ("BR", "br"),
        ("br;q=much", ""),
        ("x" * 100_000, ""),
    ],
)
def test_the_coding_follows_what_the_browser_takes(accepted, coding):
    assert pages.best_coding(accepted) == coding


def test_the_tag_is_made_of_the_words_not_of_the_moment(news):
    first = Client().get(news.public_url)["ETag"]
    incidents.update(title="Ett utkast som ingen ser")  # an act, and none of this page
    assert Client().get(news.public_url)["ETag"] == first
    pages.shelf.clear()
    assert Client().get(news.public_url)["ETag"] == first


def test_publishing_and_withdrawing_are_seen_at_once_by_who_asks(news):
    assert b"Fler lampor" in Client().get("/nyheter/").content
    publication.withdraw(news, reason="Fel.", by=incidents.acting("communicator"), now=timezone.now())
    assert b"Fler lampor" not in Client().get("/nyheter/").content
    assert Client().get(news.public_url).status_code == 404


def test_a_missing_page_is_never_kept(news):
    Client().get("/nyheter/finns-inte/")
    assert not pages.shelf.pages


def opens_and_closes(closes: dt.datetime) -> ContactPoint:
    """A contact point that is open now and closes at a whole minute of today (or tomorrow's night)."""
    point = incidents.contact_point()
    publication.publish(point, by=incidents.acting("communicator"), now=timezone.now())
    local = timezone.localtime(closes)
    OpeningHours.objects.filter(contact_point=point).delete()
    opens = timezone.localtime(closes - dt.timedelta(hours=3))
    OpeningHours.objects.create(contact_point=point, weekday=opens.weekday(), opens=opens.time(), closes=local.time())
    return point


def test_a_page_that_says_open_now_is_kept_no_longer_than_it_is_true(people):
    closes = (timezone.now() + dt.timedelta(hours=2)).replace(second=0, microsecond=0)
    opens_and_closes(closes)
    for path in ("/", "/kontakt/"):
        assert "Öppet nu" in Client().get(path).content.decode()
    midnight = pages._next_midnight(timezone.now())
    kept = {key[0]: page for key, page in pages.shelf.pages.items()}
    assert {kept["/"].until, kept["/kontakt/"].until} == {min(closes, midnight)}
    page = kept["/kontakt/"]
    assert page.holds(page.version, now=page.until - dt.timedelta(seconds=1))
    assert not page.holds(page.version, now=page.until)


@pytest.mark.parametrize(
    ("seconds", "header"),
    [
        (700, WHOLE),
        (12, "public, s-maxage=10, stale-while-revalidate=2, stale-if-error=2"),
        (4, "public, s-maxage=4, stale-while-revalidate=0, stale-if-error=0"),
        (0, "public, s-maxage=0, stale-while-revalidate=0, stale-if-error=0"),
    ],
)
def test_nobody_on_the_way_may_keep_it_longer_either(seconds, header):
    assert pages.cache_control(seconds) == header


def test_every_other_page_is_new_at_midnight(news):
    Client().get("/sa-arbetar-vi/")
    (page,) = pages.shelf.pages.values()
    until = timezone.localtime(page.until)
    assert (until.hour, until.minute, until.date()) == (0, 0, timezone.localdate() + dt.timedelta(days=1))


def test_when_the_database_is_away_a_kept_page_still_holds_for_ten_minutes(news):
    Client().get(news.public_url)
    (page,) = pages.shelf.pages.values()
    now = timezone.now()
    minute, ten_minutes = (
        pages.Kept(page.version, time.monotonic() - age, page.until, {}, {}, {}) for age in (61, 601)
    )
    assert page.holds(page.version, now=now)
    assert not minute.holds(page.version, now=now)
    assert minute.holds(page.version, now=now, at_most=pages.WHILE_AWAY)
    assert not ten_minutes.holds(page.version, now=now, at_most=pages.WHILE_AWAY)
    assert not page.holds("withdrawn since", now=now, at_most=pages.WHILE_AWAY)


def test_the_shelf_stays_within_its_size(news, settings):
    settings.PAGES_KEPT_BYTES = 60_000
    for path in ("/", "/nyheter/", "/kontakt/", "/sa-arbetar-vi/", "/tillganglighet/"):
        Client().get(path)
    assert 0 < pages.shelf.size <= 60_000
    assert pages.shelf.size == sum(page.size for page in pages.shelf.pages.values())
    assert "/tillganglighet/" in {key[0] for key in pages.shelf.pages}


def test_purging_forgets_every_page_here_and_at_nginx(news, settings, tmp_path, capsys):
    settings.PAGES_ASK_SECONDS = 0
    settings.PROXY_CACHE_DIR = str(tmp_path)
    (tmp_path / "a" / "bc").mkdir(parents=True)
    (tmp_path / "a" / "bc" / "0123").write_text("kept")
    Client().get("/nyheter/")
    assert queries_of("/nyheter/") == 1
    call_command("purge_cache")
    assert not list(tmp_path.rglob("0123"))
    assert queries_of("/nyheter/") > 1
    assert f"1 pages of nginx are removed from {tmp_path}." in capsys.readouterr().out


def test_purging_says_when_it_may_not(settings):
    # Files of the kernel, which not even root may remove.
    settings.PROXY_CACHE_DIR = "/proc/self/fdinfo"
    with pytest.raises(CommandError, match="could not be emptied"):
        call_command("purge_cache")


def test_a_withdrawal_empties_nginx_when_it_is_certain(news, settings, tmp_path, django_capture_on_commit_callbacks):
    settings.PROXY_CACHE_DIR = str(tmp_path)
    (tmp_path / "kept").write_text("Fler lampor")
    with django_capture_on_commit_callbacks(execute=True):
        publication.withdraw(news, reason="Fel.", by=incidents.acting("communicator"), now=timezone.now())
        assert (tmp_path / "kept").exists()
    assert not (tmp_path / "kept").exists()


def test_the_folder_of_nginx_is_no_setting_of_ours_by_default():
    assert settings.PROXY_CACHE_DIR == ""


def test_a_preview_is_never_kept(news):
    request = RequestFactory().get("/arbete/publicera/nyhet/1/forhandsvisa/")
    request.preview = {"back": "/", "name": "x", "language": "sv", "is_public": True}
    from incidents.views import public

    public.update(request, news.slug)
    assert not pages.shelf.pages
