"""The communicator's desk: what waits with what it misses, the preview, publish with ticks, time, withdraw."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from incidents import queue
from incidents.lifecycle import PublicationState
from incidents.models import ActionPackage, PublicUpdate, SeriousEvent
from incidents.operations import meetings, news, police, publication
from incidents.text_checks import checks_of, lix, sentences_of
from tests import make_incidents as mk

from .typed import HOSTILE, IDENTITY_NUMBER, filled, moment, queries_of, ticked

pytestmark = pytest.mark.django_db

QUEUE = "/arbete/publicera/"
# Names of the demo people who have a desk here, and who have none.
AT_THE_DESK = ["communicator", "coordinator", "director"]
OTHERS = ["head_social", "officer_education", "police_liaison", "lpo_chief", "registrar", "auditor", "researcher"]


def url(thing, name: str = "publish_thing") -> str:
    return reverse(f"incidents:{name}", args=[queue.BY_MODEL[type(thing)].slug, thing.pk])


def approved(**values) -> PublicUpdate:
    return publication.approve(mk.update(**values), by=mk.acting("director"), now=timezone.now())


def published(**values) -> PublicUpdate:
    return publication.publish(approved(**values), by=mk.acting("communicator"), now=timezone.now())


# --- Who --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", AT_THE_DESK)
def test_the_desk_is_open_to_those_who_work_at_it(client_as, who):
    update = mk.update()

    for page in (QUEUE, "/arbete/publicera/publicerat/", "/arbete/publicera/avpublicerat/", url(update)):
        assert client_as(who).get(page).status_code == 200


@pytest.mark.parametrize("who", OTHERS)
def test_to_others_there_is_no_desk(client_as, who):
    update = approved()
    names = ("publish_thing", "publish_preview", "publish_now", "publish_approve", "publish_withdraw", "publish_time")

    for page in (QUEUE, "/arbete/publicera/publicerat/", *(url(update, name) for name in names)):
        assert client_as(who).get(page).status_code == 404
    assert client_as(who).post(url(update, "publish_now")).status_code == 404


def test_nobody_signed_in_is_led_to_the_sign_in(client_as):
    page = client_as(None).get(QUEUE)

    assert (page.status_code, page["Location"].split("?")[0]) == (302, "/konto/login/")


@pytest.mark.parametrize("who", ["coordinator", "director"])
def test_only_the_communicator_publishes(client_as, who):
    update, shown = approved(), published()

    for page in (url(update, "publish_now"), url(shown, "publish_withdraw")):
        assert client_as(who).get(page).status_code == 403
        assert client_as(who).post(page, {"reason": "Fel."}).status_code == 403
    assert "/nu/" not in client_as(who).get(url(update)).content.decode()


def test_the_communicator_does_not_approve(client_as):
    update = mk.update()

    assert client_as("communicator").post(url(update, "publish_approve")).status_code == 403
    assert "/godkann/" not in client_as("communicator").get(url(update)).content.decode()


# --- The queue --------------------------------------------------------------------------------------


def test_every_kind_lies_on_the_desk_with_what_it_misses(client_as):
    response, now = mk.response(), timezone.now()
    mk.event()
    mk.update(about_police=True)
    mk.package(response=response)
    mk.contact_point()
    mk.reinforcement(response=response)
    police.write_undertaking(
        response, text="Fler poliser på torget.", meeting=None, by=mk.acting("coordinator"), now=now
    )
    mk.submitted_report(assignment=mk.issued_assignment(is_public=True), public_text="Fler vuxna är ute.")
    meeting = mk.meeting(response=response)
    meetings.edit_meeting(
        meeting, values={"outcome_public": "Vi ses varje vecka."}, by=mk.acting("coordinator"), now=now
    )

    page = client_as("communicator").get(QUEUE).content.decode()

    for words in (
        "Skadegörelse i centrum",
        "Polisen har inte bekräftat texten.",
        "Nyheten är inte godkänd. Det gör kommundirektören, en ställföreträdare eller samordnaren.",
        "Paketet har inga åtgärder.",
        "Trygghetstelefonen",
        "Förstärkning från vecka 27",
        "Fler poliser på torget.",
        "Återrapporten är inte godkänd.",
        "Minnesanteckningarna är inte godkända.",
        "Inriktningsbeslut",
    ):
        assert words in page


def test_a_decision_under_preparation_and_a_report_residents_may_not_read_are_not_there(client_as):
    mk.decision(aim="Hemligt utkast.")
    mk.report_draft(assignment=mk.issued_assignment(is_public=True), public_text="Inte inlämnat.")
    mk.submitted_report(public_text="Uppdraget visas inte för invånarna.")

    page = client_as("communicator").get(QUEUE).content.decode()

    assert "Inte inlämnat" not in page
    assert [row.kind for row in queue.waiting(now=timezone.now())].count("Svar på uppdrag") == 0


def test_what_was_promised_and_is_late_stands_first_and_says_so(client_as):
    approved(title="Senast skriven")
    late = mk.update(title="Utlovad i går", announced_for=timezone.now() - dt.timedelta(days=1))

    page = client_as("communicator").get(QUEUE)

    assert page.context["page"].object_list[0].thing == late
    assert "Försenad" in page.content.decode()
    assert page.context["counts"]["late"] == 1


def test_a_text_whose_police_confirmation_fell_is_on_the_desk_again(client_as):
    event = mk.event()
    event = police.confirm(event, by=mk.acting("police_liaison"), now=timezone.now(), seen=event.revision)
    publication.publish(event, by=mk.acting("communicator"), now=timezone.now())
    police.change_police_text(
        event, values={"public_summary": "Ny text."}, by=mk.acting("coordinator"), now=timezone.now()
    )

    client = client_as("communicator")

    assert event.title in client.get(QUEUE).content.decode()
    assert "Dold tills Polisen bekräftar" in client.get(url(event)).content.decode()


def test_the_queue_takes_as_many_queries_for_one_of_each_as_for_thirty(client_as):
    def more():
        response = mk.response()
        mk.event()
        mk.update(response=response)
        package = mk.package(response=response)
        values = {"what": "Fler lampor.", "horizon": "SHORT"}
        news.put_item(package, item=None, values=values, by=mk.acting("coordinator"), now=timezone.now())
        mk.contact_point(response=response)
        mk.reinforcement(response=response)

    more()
    mk.submitted_report(assignment=mk.issued_assignment(is_public=True), public_text="Fler vuxna är ute.")
    one = queries_of(client_as("communicator"), QUEUE)
    for _ in range(4):
        more()
        mk.submitted_report(assignment=mk.issued_assignment(is_public=True), public_text="Fler vuxna är ute.")

    assert queries_of(client_as("communicator"), QUEUE) == one


@pytest.mark.parametrize("query", ["?page=0", "?page=-1", "?page=x", "?page=99999999999999999999", "?page=%C3%A5"])
def test_odd_pages_are_answered(client_as, query):
    assert client_as("communicator").get(QUEUE + query).status_code == 200


@pytest.mark.parametrize("path", ["nyhet/0/", "nyhet/99999999999999999999/", "finns-inte/1/", "beslut/1/"])
def test_an_address_that_leads_nowhere_is_404(client_as, path):
    assert client_as("communicator").get(QUEUE + path).status_code == 404


# --- Preview ----------------------------------------------------------------------------------------


def test_the_preview_is_the_residents_page_and_publishes_nothing(client_as):
    update = mk.update(title="Vuxna ute i helgen", body="Vi ses på **torget**.")
    before = PublicUpdate.objects.values().get(pk=update.pk)

    page = client_as("coordinator").get(url(update, "publish_preview"))
    html = page.content.decode()

    assert "<strong>torget</strong>" in html
    assert "Förhandsvisning" in html
    assert page["Cache-Control"] == "private, no-store"
    assert "ETag" not in page
    assert PublicUpdate.objects.values().get(pk=update.pk) == before
    assert client_as(None).get(update.public_url).status_code == 404


def test_what_stands_on_the_response_page_is_previewed_there(client_as):
    response = mk.response(title="Sommarens arbete")
    event = mk.event(public_summary="Rutor krossades i centrum.")
    response.events.add(event)

    html = client_as("communicator").get(url(event, "publish_preview")).content.decode()

    assert "Sommarens arbete" in html
    assert "Rutor krossades i centrum." in html
    assert client_as(None).get(response.public_url).status_code == 404


def test_a_package_and_a_contact_point_have_previews_too(client_as):
    package, now = mk.package(), timezone.now()
    news.put_item(
        package,
        item=None,
        values={"what": "Fler poliser ute.", "about_police": True, "horizon": "SHORT"},
        by=mk.acting("coordinator"),
        now=now,
    )
    point = mk.contact_point()

    assert "Fler poliser ute." in client_as("coordinator").get(url(package, "publish_preview")).content.decode()
    assert point.name in client_as("coordinator").get(url(point, "publish_preview")).content.decode()
    assert not ActionPackage.objects.published().exists()


def test_the_preview_exists_in_english(client_as):
    update = mk.update(title_en="Adults out this weekend", lead_en="More adults.", body_en="See you.")

    html = client_as("communicator").get(url(update, "publish_preview") + "?sprak=en").content.decode()

    assert "Adults out this weekend" in html
    assert '<html lang="en">' in html


def test_what_belongs_nowhere_says_so(client_as):
    event = mk.event()

    assert "ingen sida" in client_as("communicator").get(url(event, "publish_preview")).content.decode()


def test_a_residents_page_shows_no_banner(client_as):
    update = published()

    assert "Förhandsvisning" not in client_as(None).get(update.public_url).content.decode()


# --- Approve, publish, withdraw ---------------------------------------------------------------------


def test_approved_then_published_with_every_check_ticked(client_as):
    update = mk.update()
    director, communicator = client_as("director"), client_as("communicator")
    page = director.get(url(update, "publish_approve"))
    answer = director.post(url(update, "publish_approve"), filled(page))
    page = communicator.get(url(update, "publish_now"))
    unticked = communicator.post(url(update, "publish_now"), filled(page))
    done = communicator.post(url(update, "publish_now"), ticked(page))

    update.refresh_from_db()
    assert (answer.status_code, unticked.status_code, done.status_code) == (303, 422, 303)
    assert "Engelska saknas" in page.content.decode()
    assert (update.state, update.is_public) == (PublicationState.PUBLISHED, True)
    assert update.title in client_as(None).get(update.public_url).content.decode()


def test_nothing_is_published_that_misses_something(client_as):
    update = approved(about_police=True)
    page = client_as("communicator").get(url(update, "publish_now"))
    answer = client_as("communicator").post(url(update, "publish_now"), ticked(page))

    update.refresh_from_db()
    assert "Polisen har inte bekräftat texten." in page.content.decode()
    assert answer.status_code == 422
    assert update.published_at is None


def test_a_double_tap_on_publish_publishes_once_and_is_friendly(client_as):
    update, client = approved(), client_as("communicator")
    data = ticked(client.get(url(update, "publish_now")))
    first = client.post(url(update, "publish_now"), data)
    second = client.post(url(update, "publish_now"), data, follow=True)

    assert first.status_code == 303
    assert "redan gjort" in second.content.decode()
    assert PublicUpdate.objects.get(pk=update.pk).revision == update.revision + 1


def test_a_text_changed_meanwhile_is_not_published_unseen(client_as):
    point, client = mk.contact_point(), client_as("communicator")
    data = ticked(client.get(url(point, "publish_now")))
    news.edit_contact_point(
        point, values={"what_for": "Något annat."}, by=mk.acting("coordinator"), now=timezone.now()
    )
    answer = client.post(url(point, "publish_now"), data)

    point.refresh_from_db()
    assert answer.status_code == 409
    assert "Någon annan har ändrat" in answer.content.decode()
    assert point.published_at is None


def test_withdrawn_with_a_reason_and_gone_for_residents(client_as):
    update, client = published(), client_as("communicator")
    page = client.get(url(update, "publish_withdraw"))
    without = client.post(url(update, "publish_withdraw"), filled(page))
    answer = client.post(url(update, "publish_withdraw"), filled(page, reason="Fel dag."))

    assert (without.status_code, answer.status_code) == (422, 303)
    assert client_as(None).get(update.public_url).status_code == 404
    assert "Fel dag." in client.get(url(update)).content.decode()
    assert update.title in client.get("/arbete/publicera/avpublicerat/").content.decode()


def test_an_identity_number_in_the_reason_is_refused_and_kept_in_the_page(client_as):
    update, client = published(), client_as("communicator")
    page = client.get(url(update, "publish_withdraw"))
    answer = client.post(url(update, "publish_withdraw"), filled(page, reason=f"Fel {IDENTITY_NUMBER}"))

    assert answer.status_code == 422
    assert "personnummer" in answer.content.decode()
    assert f"Fel {IDENTITY_NUMBER}" in answer.content.decode()
    assert PublicUpdate.objects.get(pk=update.pk).is_public


def test_an_approval_is_taken_back(client_as):
    update = approved()
    page = client_as("coordinator").get(url(update, "publish_take_back"))
    answer = client_as("coordinator").post(url(update, "publish_take_back"), filled(page))

    update.refresh_from_db()
    assert (answer.status_code, update.state, update.approved_at) == (303, PublicationState.DRAFT, None)


def test_other_kinds_are_published_and_listed(client_as):
    point, client = mk.contact_point(), client_as("communicator")
    client.post(url(point, "publish_now"), ticked(client.get(url(point, "publish_now"))))

    assert point.name in client.get("/arbete/publicera/publicerat/").content.decode()
    assert point.name in client_as(None).get("/kontakt/").content.decode()


# --- Time -------------------------------------------------------------------------------------------


def test_the_communicator_sets_the_time_and_the_leaders_say_what_was_promised(client_as):
    update, later = approved(), timezone.now() + dt.timedelta(days=2)
    page = client_as("coordinator").get(url(update, "publish_time"))
    client_as("coordinator").post(
        url(update, "publish_time"), filled(page, **moment("announced_for", later), **moment("publish_at", later))
    )
    update.refresh_from_db()
    assert (update.announced_for is not None, update.publish_at) == (True, None)

    page = client_as("communicator").get(url(update, "publish_time"))
    client_as("communicator").post(url(update, "publish_time"), filled(page, **moment("publish_at", later)))
    update.refresh_from_db()
    assert update.publish_at is not None

    publication.publish_due(now=later + dt.timedelta(minutes=1))
    update.refresh_from_db()
    assert update.state == PublicationState.PUBLISHED


def test_a_time_in_the_past_is_refused_and_kept_in_the_page(client_as):
    update, past = approved(), timezone.now() - dt.timedelta(days=1)
    page = client_as("communicator").get(url(update, "publish_time"))
    answer = client_as("communicator").post(url(update, "publish_time"), filled(page, **moment("publish_at", past)))

    assert answer.status_code == 422
    assert "Tiden har redan varit" in answer.content.decode()
    assert moment("publish_at", past)["publish_at_0"] in answer.content.decode()


# --- The checks -------------------------------------------------------------------------------------


def keys(thing) -> dict[str, bool]:
    return {check.key: check.is_fine for check in checks_of(thing)}


def test_signs_of_persons_long_sentences_and_missing_english_are_pointed_out():
    long = "Vi går ut " + "och ut " * 15 + "på torget."
    update = mk.update(lead=long, body="Ring 070-174 06 05.")

    assert keys(update) == {"persons": False, "sentences": False, "lix": True, "english": False}


def test_a_plain_text_in_two_languages_is_fine():
    update = mk.update(title_en="Adults out", lead_en="More adults.", body_en="See you.")

    assert keys(update) == {"persons": True, "sentences": True, "english": True}


def test_the_readability_index_counts_words_sentences_and_long_words():
    # 30 words in 3 sentences, 3 of them long: 10 + 10.
    text = "Vi ses på torget i kväll och i morgon tillsammans. " * 3

    assert lix([text]) == 20
    assert lix(["Kort text."]) is None


def test_marks_of_markdown_are_no_words():
    assert sentences_of("## Rubrik\n- **En** punkt.\n1. [Länk](https://www.example.se/a.b) här!") == [
        "Rubrik",
        "En punkt.",
        "Länk här!",
    ]


def test_hostile_text_is_shown_as_text(client_as):
    event = mk.event(title=HOSTILE, public_summary=HOSTILE)

    for page in (QUEUE, url(event)):
        html = client_as("communicator").get(page).content.decode()
        assert "<script>alert" not in html
    assert SeriousEvent.objects.get(pk=event.pk).title == HOSTILE
