"""What residents meet: whom to call, what goes on, what was decided and answered, in Swedish and English."""

from __future__ import annotations

import datetime as dt
import gzip
import io
import re

import pytest
from django.contrib.staticfiles import finders
from django.core.files.storage import FileSystemStorage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image

from incidents.models import (
    ActionPackage,
    Assignment,
    FollowUpRound,
    OpeningException,
    OpeningHours,
    Picture,
    PublicUpdate,
    ReportBack,
    Response,
    SteeringDecision,
)
from incidents.operations import decisions, meetings, news, police, publication, reports, responses, rounds
from lysekil_trygghet.publishing.images import prepare_picture, store

from .. import make_incidents as make

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def now() -> dt.datetime:
    """The pages read the real clock."""
    return timezone.now()


def page(path: str, status: int = 200) -> str:
    answer = Client().get(path)
    assert answer.status_code == status, path
    return answer.content.decode()


def words(path: str) -> str:
    """The page as read aloud: tags away, white space made one, protected spaces made plain."""
    html = re.sub(r"<(script|style|svg|head)\b.*?</\1>", " ", page(path), flags=re.S)
    text = re.sub(r"<[^>]+>", " ", html).replace("\u00a0", " ").replace("\u2011", "-")
    return " ".join(text.split())


def publish(thing, *, now: dt.datetime):
    return publication.publish(thing, by=make.acting("communicator", now=now), now=now)


def published_news(now: dt.datetime, **values) -> PublicUpdate:
    update = make.update(now=now, **values)
    if update.about_police:
        update = police.confirm(update, by=make.acting("police_liaison", now=now), now=now, seen=update.revision)
    publication.approve(update, by=make.acting("director", now=now), now=now)
    return publish(update, now=now)


def published_response(now: dt.datetime, **values) -> Response:
    return publish(make.response(now=now, **values), now=now)


def issued(now: dt.datetime, response: Response, **values) -> Assignment:
    """An issued assignment residents may read, of a published decision."""
    decision = make.decision(now=now, response=response)
    values = {"is_public": True, "public_text": "Fältarbetare är ute på kvällarna."} | values
    assignment = make.issued_assignment(now=now, decision=decision, **values)
    publish(SteeringDecision.objects.get(pk=decision.pk), now=now)
    return assignment


# --- The front page -------------------------------------------------------------------------------------


def test_the_front_page_of_an_empty_portal_says_whom_to_call_and_that_it_is_calm():
    text = words("/")

    assert "Vem ringer jag nu?" in text
    assert "Fara för liv eller pågående brott 112" in text
    assert "Polisen, när det inte är akut 114 14" in text
    assert "Läget är normalt." in text
    assert "Det finns inga nyheter än." in text


def test_the_numbers_can_be_tapped():
    html = page("/")

    assert 'href="tel:112"' in html
    assert 'href="tel:11414"' in html


def test_a_contact_point_says_whether_somebody_answers(now):
    publish(make.contact_point(now=now, always_open=True, name="Trygghetstelefonen"), now=now)

    text = words("/")

    assert "Trygghetstelefonen 0523-61 30 00 Öppet dygnet runt Prata om oro i centrum." in text


def test_a_closed_contact_point_says_when_it_opens(now):
    point = make.contact_point(now=now)
    by = make.acting("coordinator", now=now)
    today = timezone.localdate(now)
    opening = OpeningException(date=today + 2 * DAY, opens=dt.time(18), closes=dt.time(21))
    shut = [OpeningException(date=today + n * DAY, is_closed=True) for n in (-1, 0, 1)]
    hours = [OpeningHours(weekday=(today + 3 * DAY).weekday(), opens=dt.time(8), closes=dt.time(9))]
    news.put_hours(point, hours=hours, exceptions=[opening, *shut], by=by, now=now)
    publish(point, now=now)
    weekday = ("måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag")[(today + 2 * DAY).weekday()]

    assert f"Stängt nu, öppnar {weekday} kl. 18.00" in words("/")


def test_a_contact_point_for_staff_is_not_shown(now):
    publish(make.contact_point(now=now, name="Personaljouren", audience="STAFF"), now=now)

    assert "Personaljouren" not in page("/") + page("/kontakt/")


def test_the_response_stands_on_the_front_page_with_what_is_promised_and_answered(now):
    response = published_response(now, title="Intensifierat arbete i centrum")
    first = issued(now, response)
    report = make.submitted_report(now=now, assignment=first)
    reports.accept(report, by=make.acting("director", now=now), now=now)
    decision = SteeringDecision.objects.get(pk=first.decision_id)
    make.assignment(now=now, decision=decision, is_public=True)
    make.assignment(now=now, decision=decision, title="Inte för invånarna")
    decisions.issue_all(decision, by=make.acting("director", now=now), now=now)

    text = words("/")

    assert "Intensifierat läge" in text
    assert "Två uppdrag är utdelade. Ett har besvarats. Ett är klart." in text
    assert f'href="/intensifierat/{response.slug}/"' in page("/")


def test_only_the_five_latest_news(now):
    for number in range(7):
        published_news(now + number * dt.timedelta(seconds=1), title=f"Nyhet nummer {number}")

    shown = re.findall(r"Nyhet nummer (\d)", words("/"))

    assert shown == ["6", "5", "4", "3", "2"]


def test_an_ended_response_leaves_the_front_page_and_stays_in_the_list(now):
    response = published_response(now, title="Sommaren i centrum")
    responses.end(response, closing_text="Nu är det lugnt igen.", by=make.acting("director", now=now), now=now + DAY)

    assert "Sommaren i centrum" not in page("/")
    listed = words("/intensifierat/")
    assert "Inget intensifierat arbete pågår." in listed
    assert listed.index("Avslutat") < listed.index("Sommaren i centrum")
    assert "Arbetet är avslutat Nu är det lugnt igen." in words(f"/intensifierat/{response.slug}/")


# --- The page of one response ---------------------------------------------------------------------------


def test_what_each_party_does_in_words_residents_understand(now):
    response = published_response(now)
    assignment = issued(now, response, due_at=now + 7 * DAY)
    path = f"/intensifierat/{response.slug}/"

    assert "Socialförvaltningen Fältarbetare är ute på kvällarna. Pågår Svar väntas senast" in words(path)

    report = make.submitted_report(
        now=now, assignment=assignment, outcome="PARTLY", off_track_reason="Sjukdom.", public_text="Ute tre kvällar."
    )
    text = words(path)
    assert "Fältarbetare är ute på kvällarna. Svar har kommit in" in text
    assert "Svar väntas senast" not in text
    assert "Ute tre kvällar." not in text

    director = make.acting("director", now=now)
    reports.return_report(report, reason="Skriv mer.", new_due_at=now + 9 * DAY, by=director, now=now)
    text = words(path)
    assert "Fältarbetare är ute på kvällarna. Pågår Svar väntas senast" in text
    assert "Komplettera" not in text
    assert "Skriv mer." not in text

    report = make.submitted_report(now=now, assignment=assignment, outcome="DONE", public_text="Ute fyra kvällar.")
    accepted = reports.accept(report, by=director, now=now)
    assert "Fältarbetare är ute på kvällarna. Klart" in words(path)

    publish(accepted, now=now)
    assert "Klart Svar" in words(path)
    assert "Ute fyra kvällar." in words(path)


def test_accepted_without_being_done_is_not_called_done(now):
    response = published_response(now)
    report = make.submitted_report(
        now=now, assignment=issued(now, response), outcome="NOT_DONE", off_track_reason="Ingen personal."
    )
    reports.accept(report, reason="Det får räcka.", by=make.acting("director", now=now), now=now)

    text = words(f"/intensifierat/{response.slug}/")

    assert "Fältarbetare är ute på kvällarna. Avslutat" in text
    assert "Klart" not in text
    assert "Det får räcka." not in text
    assert "Ett uppdrag är utdelat. Det har besvarats." in text


def test_nobody_is_said_to_be_late(now):
    response = published_response(now)
    assignment = issued(now, response)
    Assignment.objects.filter(pk=assignment.pk).update(due_at=now - DAY)

    text = words(f"/intensifierat/{response.slug}/")

    assert "Fältarbetare är ute på kvällarna. Pågår" in text
    assert "Svar väntas" not in text
    assert not re.search(r"försena|\bsen\b|förfall", text, re.I)


def test_the_decision_with_public_points_only_and_a_permanent_address(now):
    response = published_response(now)
    director = make.acting("director", now=now)
    draft = make.decision(now=now, response=response, points=())
    rows = [decisions.PointRow("Vara där unga är."), decisions.PointRow("Hemlig punkt.", is_public=False)]
    decisions.put_points(draft, rows, by=director, now=now)
    ways = [decisions.ApproachRow("Uppsökande."), decisions.ApproachRow("Hemligt sätt.", is_public=False)]
    decisions.put_approaches(draft, ways, by=director, now=now)
    decision = publish(decisions.decide(draft, by=director, now=now), now=now)

    for path in (
        f"/intensifierat/{response.slug}/",
        f"/intensifierat/{response.slug}/beslut/{decision.number}-v1/",
    ):
        text = words(path)
        assert "Mer trygghet och mindre brott." in text
        assert "Vara där unga är." in text
        assert "Uppsökande." in text
        assert "av Kommundirektör" in text
        assert "Hemlig" not in text
        assert "Instruktion för kommundirektören." not in text


def test_a_revised_decision_keeps_its_old_address(now):
    response = published_response(now)
    director = make.acting("director", now=now)
    first = publish(decisions.decide(make.decision(now=now, response=response), by=director, now=now), now=now)
    draft = decisions.revise(first, by=director, now=now)
    draft = decisions.edit_decision(draft, values={"aim": "Ett nytt mål."}, by=director, now=now)
    path = f"/intensifierat/{response.slug}/"
    second = decisions.decide(draft, by=director, now=now)

    # Decided but not published: the old one is shown, but not as if it held.
    assert "Ersatt av en ny version" in words(path)
    assert "Ett nytt mål." not in words(path)
    page(f"{path}beslut/{first.number}-v2/", status=404)

    publish(second, now=now)
    assert "Ett nytt mål." in words(path)
    assert f"{path}beslut/{first.number}-v1/" in page(path)
    old = words(f"{path}beslut/{first.number}-v1/")
    assert "Det här är en tidigare version. Läs den senaste versionen" in old
    assert "Mer trygghet och mindre brott." in old


def test_what_the_police_do_only_in_words_they_have_confirmed(now):
    response = published_response(now)
    coordinator, officer = make.acting("coordinator", now=now), make.acting("police_liaison", now=now)
    line = police.write_undertaking(response, text="Behåller Lysekil i fokus.", meeting=None, by=coordinator, now=now)
    more = make.reinforcement(now=now, response=response)
    path = f"/intensifierat/{response.slug}/"
    for thing in (line, more):
        publish(police.confirm(thing, by=officer, now=now, seen=thing.revision), now=now)

    text = words(path)
    assert "Behåller Lysekil i fokus. Planerat" in text
    assert "Från vecka 27: 12 poliser i yttre tjänst, varav 4 från Lysekil" in text

    more.refresh_from_db()
    news.edit_reinforcement(more, values={"total": 14}, by=coordinator, now=now)
    text = words(path)
    assert "12 poliser" not in text
    assert "14 poliser" not in text
    assert "Behåller Lysekil i fokus." in text


def test_the_package_by_horizon_and_its_older_versions(now):
    response = published_response(now)
    coordinator, director = make.acting("coordinator", now=now), make.acting("director", now=now)
    path = f"/intensifierat/{response.slug}/"

    def publish_version(what: str) -> ActionPackage:
        package = make.package(now=now, response=response)
        for horizon in ("LONG", "SHORT"):
            values = {
                "what": f"{what}, {horizon.lower()}.",
                "horizon": horizon,
                "from_when": "i sommar",
                "organisation": make.department(),
            }
            news.put_item(package, item=None, values=values, by=coordinator, now=now)
        return publish(publication.approve(package, by=director, now=now), now=now)

    publish_version("Lampor")
    text = words(path)
    assert "På kort sikt Lampor, short. Planerat Socialförvaltningen i sommar" in text
    assert text.index("På kort sikt") < text.index("På lång sikt")

    package = make.package(now=now, response=response, title="Andra paketet")
    item = package.items.get(horizon="SHORT")
    news.put_item(package, item=item, values={"what": "Fler lampor."}, by=coordinator, now=now)
    publish(publication.approve(package, by=director, now=now), now=now)
    text = words(path)
    assert "Fler lampor." in text
    assert "Lampor, short." not in text
    assert "Tidigare versioner av åtgärdspaketet" in text
    old = words(f"{path}atgarder/1/")
    assert "Det här är en tidigare version." in old
    assert "Lampor, short." in old


def test_meetings_rounds_and_corrections(now):
    response = published_response(now)
    coordinator, director = make.acting("coordinator", now=now), make.acting("director", now=now)
    communicator = make.acting("communicator", now=now)
    meeting = make.meeting(now=now, response=response, title="Möte om läget")
    values = {"notes": "Interna anteckningar.", "outcome_public": "Vi fortsätter."}
    meeting = meetings.edit_meeting(meeting, values=values, by=coordinator, now=now)
    publish(meetings.approve_minutes(meeting, by=coordinator, now=now), now=now)
    assignment = issued(now, response)
    held = make.follow_up_round(now=now, decision=SteeringDecision.objects.get(pk=assignment.decision_id))
    rounds.note_no_report(held.items.get(), note="Saknas.", by=director, now=now)
    rounds.close(FollowUpRound.objects.get(pk=held.pk), summary_public="Uppdraget pågår.", by=director, now=now)
    publish(FollowUpRound.objects.get(pk=held.pk), now=now)
    responses.edit(
        Response.objects.get(pk=response.pk),
        values={"background": "Ny bakgrund."},
        correction="Vi har rättat bakgrunden.",
        by=communicator,
        now=now,
    )

    text = words(f"/intensifierat/{response.slug}/")

    assert "Möte om läget Vi fortsätter." in text
    assert "Uppföljning av uppdragen Uppdraget pågår." in text
    assert "Ny bakgrund." in text
    assert "Vi har rättat bakgrunden." in text
    assert "Interna anteckningar." not in text
    assert "Saknas." not in text


def test_events_the_police_have_confirmed(now):
    event = make.event(now=now, internal_note="Internt.")
    response = published_response(now, happened=[event, make.event(now=now, title="Obekräftad händelse")])
    event = police.confirm(event, by=make.acting("police_liaison", now=now), now=now, seen=event.revision)
    publish(event, now=now)

    text = words(f"/intensifierat/{response.slug}/")

    assert "Skadegörelse i centrum Centrum Rutor krossades i centrum under helgen." in text
    assert "Obekräftad" not in text
    assert "Internt." not in text


def test_limits_and_news_by_month_stand_on_the_page(now):
    response = published_response(now)
    published_news(now, title="En nyhet om centrum", response=response)
    published_news(now, title="En annan nyhet")

    text = words(f"/intensifierat/{response.slug}/")

    assert "Det kan kommunen inte göra Kommunen kan inte ingripa mot pågående brott. Det gör Polisen." in text
    assert "En nyhet om centrum" in text
    assert "En annan nyhet" not in text


@pytest.mark.parametrize(
    "tail", ["", "beslut/2020-1-v1/", "beslut/x/", "atgarder/1/", "atgarder/99999999999999999999/"]
)
def test_an_unpublished_response_looks_like_a_missing_one(now, tail):
    response = make.response(now=now)

    unpublished = Client().get(f"/intensifierat/{response.slug}/{tail}")
    missing = Client().get(f"/intensifierat/{response.slug[:-1]}x/{tail}")

    assert (unpublished.status_code, missing.status_code) == (404, 404)
    assert unpublished.content == missing.content.replace(f"{response.slug[:-1]}x".encode(), response.slug.encode())


# --- News and pictures ----------------------------------------------------------------------------------


def test_a_piece_of_news_with_markdown_and_a_visible_correction(now):
    update = published_news(now - DAY, title="Fler är ute", body="## Så här\n\nVi är **fyra**.\n\n<script>x</script>")
    news.edit_update(
        update,
        values={"lead": "Rättad ingress."},
        correction="Antalet var fel.",
        by=make.acting("communicator", now=now),
        now=now,
    )
    html = page(f"/nyheter/{update.slug}/")

    assert "<h2>Så här</h2>" in html
    assert "<strong>fyra</strong>" in html
    assert re.findall(r"<script(?! type=.application/ld.json.>|\s+src=./static/)", html) == []
    text = words(f"/nyheter/{update.slug}/")
    assert "Rättat" in text
    assert "Antalet var fel." in text
    assert "Rättad ingress." in text
    assert "Senast ändrad" in text


def test_news_does_not_name_a_response_residents_cannot_read(now):
    hidden = make.response(now=now, title="Hemlig insats")
    update = published_news(now, title="Nyheten", response=hidden)

    assert "Hemlig insats" not in page(f"/nyheter/{update.slug}/")

    publish(hidden, now=now)
    assert "Hör till Hemlig insats" in words(f"/nyheter/{update.slug}/")


def test_news_about_the_police_waits_for_their_word(now):
    update = published_news(now, title="Fler poliser", about_police=True)
    path = f"/nyheter/{update.slug}/"
    page(path)

    news.edit_update(
        update, values={"body": "Något annat."}, correction="Ändrat.", by=make.acting("communicator", now=now), now=now
    )

    page(path, status=404)
    assert "Fler poliser" not in page("/") + page("/nyheter/")


def test_withdrawn_news_is_gone(now):
    update = published_news(now, title="Ska bort")
    publication.withdraw(update, reason="Fel.", by=make.acting("communicator", now=now), now=now)

    page(f"/nyheter/{update.slug}/", status=404)
    assert "Ska bort" not in page("/") + page("/nyheter/")


@pytest.mark.parametrize("asked", ["abc", "0", "-1", "999999999", "9" * 5000, "", "1.5", "２"])
def test_any_page_number_gives_a_page(now, asked):
    for number in range(12):
        published_news(now, title=f"Nyhet {number}")

    assert "Nyhet" in page(f"/nyheter/?page={asked}")


def test_the_list_is_paged(now):
    for number in range(12):
        published_news(now + number * dt.timedelta(seconds=1), title=f"Nyhet nummer {number}.")

    assert "Sida 1 av 2" in words("/nyheter/")
    assert re.findall(r"nummer (\d+)\.", words("/nyheter/?page=2")) == ["1", "0"]


@pytest.fixture
def picture(settings, tmp_path, now) -> Picture:
    settings.MEDIA_ROOT = tmp_path
    upload = io.BytesIO()
    Image.new("RGB", (1200, 800), "#2a6f97").save(upload, "JPEG")
    upload.seek(0)
    sizes = store(prepare_picture(upload), storage=FileSystemStorage(location=tmp_path))
    return Picture.objects.create(
        alt="Torget i kvällsljus", alt_en="The square at dusk", credit="Kommunen", sizes=sizes, added_at=now
    )


def test_a_picture_in_sizes_for_phone_and_desktop(now, picture):
    update = published_news(now, picture=picture)
    html = page(f"/nyheter/{update.slug}/")
    names = [size["jpeg"] for size in picture.sizes]

    assert [size["width"] for size in picture.sizes] == [480, 960, 1200]
    for name, width in zip(names, (480, 960, 1200), strict=True):
        assert f"/bilder/{name} {width}w" in html
    assert 'width="960" height="640" alt="Torget i kvällsljus"' in html
    assert "Bild: Kommunen" in html
    assert 'alt="The square at dusk"' in page(f"/en/nyheter/{update.slug}/")


def test_a_picture_is_sent_with_safe_headers_while_its_news_is_published(now, picture):
    update = make.update(now=now, picture=picture)
    names = [size[kind] for size in picture.sizes for kind in ("webp", "jpeg")]
    for name in names:
        page(f"/bilder/{name}", status=404)

    publication.approve(update, by=make.acting("director", now=now), now=now)
    published = publish(update, now=now)
    for name in names:
        answer = Client().get(f"/bilder/{name}")
        kind = "image/webp" if name.endswith("webp") else "image/jpeg"
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, kind)
        assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert answer.headers["Cache-Control"] == "public, max-age=86400, s-maxage=10"
        assert Image.open(io.BytesIO(b"".join(answer.streaming_content))).size[0] in (480, 960, 1200)

    publication.withdraw(published, reason="Fel bild.", by=make.acting("communicator", now=now), now=now)
    for name in names:
        page(f"/bilder/{name}", status=404)


@pytest.mark.parametrize(
    "name",
    ["", ".", "..", "..%2Fsecret", "%2e%2e/x.jpg", "x.svg", "x.html", "%25.jpg", "_.jpg", "[.jpg", '".jpg', ".jpg"],
)
def test_no_other_file_is_ever_sent(now, picture, tmp_path, name):
    published_news(now, picture=picture)
    (tmp_path / "x.svg").write_text("<svg/>")
    (tmp_path / "x.html").write_text("<p>")
    (tmp_path / ".jpg").write_bytes(b"x")

    assert Client().get(f"/bilder/{name}").status_code == 404


def test_a_picture_whose_file_is_lost_is_missing(now, picture, tmp_path):
    published_news(now, picture=picture)
    name = picture.sizes[0]["jpeg"]
    (tmp_path / name).unlink()

    page(f"/bilder/{name}", status=404)


# --- Contact, accessibility -----------------------------------------------------------------------------


def test_the_contact_page_has_hours_as_a_table_and_the_days_that_differ(now):
    point = make.contact_point(now=now, email="trygghet@kommun.example", place="Kungsgatan 44", not_for="Ring 112.")
    by = make.acting("coordinator", now=now)
    hours = [OpeningHours(weekday=day, opens=dt.time(18), closes=dt.time(2)) for day in (4, 5)]
    odd = OpeningException(date=timezone.localdate(now) + 3 * DAY, is_closed=True, note="Midsommarafton")
    past = OpeningException(date=timezone.localdate(now) - 30 * DAY, is_closed=True, note="För länge sedan")
    news.put_hours(point, hours=hours, exceptions=[odd, past], by=by, now=now)
    publish(point, now=now)

    text = words("/kontakt/")

    assert (
        "Öppettider , Trygghetstelefonen Dag Tid Måndag–torsdag stängt Fredag–lördag 18.00–02.00 Söndag stängt" in text
    )
    assert "Dagar som avviker" in text
    assert "Midsommarafton stängt" in text
    assert "För länge sedan" not in text
    assert "trygghet@kommun.example" in text
    assert "Kungsgatan 44" in text
    assert "När du ska ringa någon annan Ring 112." in text
    assert '<th scope="row">Fredag–lördag</th>' in page("/kontakt/")


def test_the_accessibility_statement_says_what_the_law_asks_for():
    html, text = page("/tillganglighet/"), words("/tillganglighet/")

    assert "delvis förenlig" in text
    assert "Lysekils kommun står bakom Trygg i Lysekil" in text
    assert "Senast bedömd måndag 23 november 2026" in text
    assert 'href="https://www.digg.se/tdosanmalan"' in html
    assert 'href="mailto:registrator@lysekil.se"' in html
    assert "oskäligt betungande" in text
    for path in ("/", "/kontakt/", "/finns-inte/"):
        assert 'href="/tillganglighet/"' in Client().get(path).content.decode()


# --- In English -----------------------------------------------------------------------------------------


def test_english_where_it_is_written_and_swedish_marked_as_such_elsewhere(now):
    response = published_response(now, title="Insats", title_en="Response in the centre", background_en="")
    html = page(f"/en/intensifierat/{response.slug}/")

    assert '<html lang="en">' in html
    assert "<h1>Response in the centre</h1>" in html
    assert 'lang="sv"><p>Flera allvarliga händelser' in html
    assert 'class="language-note"' in html
    assert 'class="language-note"' not in page(f"/intensifierat/{response.slug}/")


def test_a_fully_translated_page_has_no_note(now):
    published_news(now, title_en="More adults out", lead_en="More adults are out.", body_en="See you there.")

    assert 'class="language-note"' not in page("/en/nyheter/")
    assert ">More adults out</a>" in page("/en/nyheter/")
    assert 'href="/en/nyheter/vuxna-ute-i-helgen/"' in page("/en/nyheter/")


# --- The same for everybody, kept a moment, asked again cheaply -----------------------------------------


def every_path(now: dt.datetime) -> list[str]:
    response = published_response(now)
    decision = SteeringDecision.objects.get(pk=issued(now, response).decision_id)
    update = published_news(now, response=response)
    publish(make.contact_point(now=now), now=now)
    paths = [
        "/",
        "/intensifierat/",
        f"/intensifierat/{response.slug}/",
        f"/intensifierat/{response.slug}/beslut/{decision.number}-v1/",
        "/nyheter/",
        f"/nyheter/{update.slug}/",
        "/kontakt/",
        "/tillganglighet/",
    ]
    return [*paths, *(f"/en{path}" for path in paths)]


def test_the_same_bytes_for_everybody_and_nothing_of_the_session(now, client_as):
    staff, nobody = client_as("director"), Client()
    staff.get("/arbete/")
    for path in every_path(now):
        anonymous = nobody.get(path)
        signed_in = staff.get(path)
        assert anonymous.content == signed_in.content, path
        for answer in (anonymous, signed_in):
            assert answer.cookies == {}, path
            assert "Cookie" not in answer.headers.get("Vary", ""), path
            assert answer.headers["Cache-Control"].startswith("public, s-maxage=")
            assert b"csrfmiddlewaretoken" not in answer.content


def test_a_page_asked_for_again_is_answered_without_being_made(now):
    for path in every_path(now):
        etag = Client().get(path).headers["ETag"]
        with CaptureQueriesContext(connection) as queries:
            again = Client().get(path, headers={"If-None-Match": etag})
        assert (again.status_code, again.content, len(queries)) == (304, b"", 1), path
        assert "s-maxage=10" in again.headers["Cache-Control"]


def test_any_act_makes_the_page_new(now):
    update = published_news(now)
    etag = Client().get("/").headers["ETag"]

    publication.withdraw(update, reason="Fel.", by=make.acting("communicator", now=now), now=now)

    assert Client().get("/", headers={"If-None-Match": etag}).status_code == 200


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_residents_pages_are_only_read(method):
    for path in ("/", "/nyheter/", "/kontakt/", "/bilder/x.jpg"):
        assert getattr(Client(), method)(path).status_code == 405


# --- Weight and number of questions ---------------------------------------------------------------------


def test_the_first_view_is_light(now):
    """The budget: at most 20 kB (our goal 15 KiB) and 4 requests, nothing from elsewhere."""
    every_path(now)
    for number in range(5):
        published_news(now, title=f"Nyhet {number}")
    html = page("/")
    sheets = re.findall(r'<link rel="stylesheet" href="/static/([^"]+)"', html)

    scripts = re.findall(r'<script src="/static/([^"]+)" defer', html)
    assert scripts == re.findall(r"<script(?: src=\"/static/([^\"]+)|(?! type=.application/ld))", html)
    assert re.findall(r'\b(?:src|srcset)="(?!/static/)', html) == []
    pictures = set(re.findall(r'<(?:img[^>]* src|link rel="icon" href)="([^"]+)"', html))
    assert 1 + len(sheets) + len(scripts) + len(pictures) <= 4
    weight = len(gzip.compress(html.encode()))
    for sheet in [*sheets, *scripts]:
        with open(finders.find(sheet), "rb") as file:
            weight += len(gzip.compress(file.read()))
    assert weight <= 15 * 1024


def number_of_queries(path: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        page(path)
    return len(queries)


def test_as_many_questions_for_thirty_rows_as_for_one(now):
    response = published_response(now)
    paths = ["/", "/intensifierat/", f"/intensifierat/{response.slug}/", "/nyheter/", "/kontakt/"]
    director, coordinator = make.acting("director", now=now), make.acting("coordinator", now=now)
    officer = make.acting("police_liaison", now=now)
    package = make.package(now=now, response=response)
    news.put_item(package, item=None, values={"what": "Lampor."}, by=coordinator, now=now)
    publish(publication.approve(package, by=director, now=now), now=now)
    first = issued(now, response)

    def one_more(number: int) -> None:
        assignment = first
        if number:
            assignment = make.assignment(
                now=now, decision=first.decision, is_public=True, public_text=f"Text {number}"
            )
            decisions.issue_all(first.decision, by=director, now=now)
            assignment.refresh_from_db()
        report = make.submitted_report(now=now, assignment=assignment, public_text="Svar.")
        publish(reports.accept(report, by=director, now=now), now=now)
        published_news(now, response=response)
        publish(make.contact_point(now=now), now=now)
        published_response(now, title=f"Insats {number}")
        line = police.write_undertaking(response, text="Vi gör.", meeting=None, by=coordinator, now=now)
        publish(police.confirm(line, by=officer, now=now, seen=line.revision), now=now)
        more = make.reinforcement(now=now, response=response)
        publish(police.confirm(more, by=officer, now=now, seen=more.revision), now=now)
        event = make.event(now=now)
        response.events.add(event)
        publish(police.confirm(event, by=officer, now=now, seen=event.revision), now=now)

    one_more(0)
    one = {path: number_of_queries(path) for path in paths}
    for number in range(1, 30):
        one_more(number)
    thirty = {path: number_of_queries(path) for path in paths}

    assert thirty == one
    assert one["/nyheter/"] <= 6
    assert one["/"] <= 8
    assert ReportBack.objects.published().count() == 30
