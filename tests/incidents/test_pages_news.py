"""News: written, looked at, approved, corrected in the open, given a picture without hidden data."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone

from incidents.lifecycle import PublicationState
from incidents.models import Picture, PublicUpdate
from incidents.operations import police, publication
from tests import make_incidents as mk

from .typed import HOSTILE, IDENTITY_NUMBER, filled, moment, picture_file, queries_of

pytestmark = pytest.mark.django_db

LIST, NEW = "/arbete/nyheter/", "/arbete/nyheter/ny/"
TEXTS = ("title", "title_en", "lead", "lead_en", "body", "body_en")


@pytest.fixture(autouse=True)
def own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def at(name: str, update: PublicUpdate) -> str:
    return reverse(f"incidents:{name}", args=[update.pk])


def fresh(update: PublicUpdate) -> PublicUpdate:
    return PublicUpdate.objects.get(pk=update.pk)


def approved(**values) -> PublicUpdate:
    return publication.approve(mk.update(**values), by=mk.acting("director"), now=timezone.now())


def published(**values) -> PublicUpdate:
    return publication.publish(approved(**values), by=mk.acting("communicator"), now=timezone.now())


def typed_new(client, **values) -> dict:
    return filled(client.get(NEW), **({"title": "Vuxna ute", "lead": "Fler vuxna är ute."} | values))


# --- Who --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["head_social", "officer_education", "police_liaison", "registrar", "elected"])
def test_those_who_do_not_write_find_nothing(client_as, who):
    update, client = published(), client_as(who)

    for page in (LIST, NEW, at("update", update), at("update_edit", update), at("update_picture", update)):
        assert client.get(page).status_code == 404
    assert client.post(at("update_discard", update)).status_code == 404
    assert client.post("/arbete/nyheter/forhandsvisning/", {"body": "x"}).status_code == 404


def test_nobody_signed_in_is_led_to_the_sign_in(client_as):
    assert client_as(None).get(LIST).status_code == 302


def test_a_published_text_is_changed_by_the_communicator_alone(client_as):
    update = published()

    assert client_as("coordinator").get(at("update_edit", update)).status_code == 403
    assert client_as("director").post(at("update_picture", update)).status_code == 403
    assert "redigera" not in client_as("coordinator").get(at("update", update)).content.decode()


# --- Writing ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["communicator", "coordinator", "director"])
def test_a_piece_of_news_is_begun(client_as, who):
    client, response = client_as(who), mk.response()
    later = timezone.now() + dt.timedelta(days=3)
    answer = client.post(NEW, typed_new(client, response=response.pk, **moment("announced_for", later)))

    update = PublicUpdate.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, at("update", update))
    assert (update.state, update.slug, update.response) == ("DRAFT", "vuxna-ute", response)
    assert update.announced_for is not None


def test_the_response_in_the_address_is_chosen(client_as):
    response = mk.response()
    page = client_as("communicator").get(f"{NEW}?insats={response.pk}")

    assert page.context["form"]["response"].value() == response.pk
    for odd in ("x", "-1", "9" * 40, "%00"):
        assert client_as("communicator").get(f"{NEW}?insats={odd}").status_code in (200, 400)


def test_a_double_tap_makes_one(client_as):
    client = client_as("communicator")
    data = typed_new(client)
    first, second = client.post(NEW, data), client.post(NEW, data)

    assert PublicUpdate.objects.count() == 1
    assert second["Location"] == first["Location"]


def test_only_the_communicator_gives_a_time_at_which_it_publishes_itself(client_as):
    later = moment("publish_at", timezone.now() + dt.timedelta(days=1))
    for who in ("coordinator", "communicator"):
        client = client_as(who)
        client.post(NEW, typed_new(client, title=who, **later))

    assert PublicUpdate.objects.get(title="coordinator").publish_at is None
    assert PublicUpdate.objects.get(title="communicator").publish_at is not None


def test_a_time_in_the_past_is_refused_and_nothing_typed_is_lost(client_as):
    client = client_as("communicator")
    past = moment("publish_at", timezone.now() - dt.timedelta(hours=1))
    answer = client.post(NEW, typed_new(client, **past))

    assert answer.status_code == 422
    assert "Tiden har redan varit" in answer.content.decode()
    assert "Fler vuxna är ute." in answer.content.decode()
    assert not PublicUpdate.objects.exists()


@pytest.mark.parametrize("field", TEXTS)
def test_an_identity_number_in_any_text_is_refused_and_kept_in_the_page(client_as, field):
    client = client_as("communicator")
    answer = client.post(NEW, typed_new(client, **{field: f"Text {IDENTITY_NUMBER}"}))

    assert answer.status_code == 422
    assert "personnummer" in answer.content.decode()
    assert f"Text {IDENTITY_NUMBER}" in answer.content.decode()
    assert not PublicUpdate.objects.exists()


def test_a_megabyte_of_text_is_refused_with_words(client_as):
    client = client_as("communicator")
    answer = client.post(NEW, typed_new(client, body="å" * 500_000))

    assert answer.status_code == 422
    assert "för lång" in answer.content.decode()


def test_a_text_that_cannot_be_read_is_refused(client_as):
    client = client_as("communicator")
    answer = client.post(NEW, typed_new(client, title="Vuxna\x00ute"))

    assert answer.status_code == 422
    assert not PublicUpdate.objects.exists()


def test_hostile_text_is_shown_as_text(client_as):
    client = client_as("communicator")
    answer = client.post(NEW, typed_new(client, title=HOSTILE, lead=HOSTILE, body=HOSTILE), follow=True)
    update = PublicUpdate.objects.get()

    for page in (answer, client.get(LIST), client.get(at("update_edit", update))):
        assert "<script>alert" not in page.content.decode()
        assert "<b>fet</b>" not in page.content.decode()
    assert "{{ 7*7 }}" in answer.content.decode()


def test_an_edit_takes_an_approval_back(client_as):
    update, client = approved(), client_as("coordinator")
    page = client.get(at("update_edit", update))
    answer = client.post(at("update_edit", update), filled(page, lead="Ännu fler vuxna är ute."))

    assert "måste den godkännas igen" in page.content.decode()
    assert answer.status_code == 303
    assert fresh(update).state == PublicationState.DRAFT


def test_a_stale_page_loses_nothing_and_shows_both_texts(client_as):
    update, client = mk.update(), client_as("communicator")
    page = client.get(at("update_edit", update))
    client_as("coordinator").post(at("update_edit", update), filled(page, lead="Den andras ingress."))
    answer = client.post(at("update_edit", update), filled(page, lead="Min ingress."))
    html = answer.content.decode()

    assert answer.status_code == 409
    assert "Den andras ingress." in html
    assert "Min ingress." in html
    assert client.post(at("update_edit", update), filled(answer)).status_code == 303
    assert fresh(update).lead == "Min ingress."


def test_a_draft_is_discarded_after_a_question(client_as):
    update, client = mk.update(), client_as("communicator")
    page = client.get(at("update_discard", update))
    answer = client.post(at("update_discard", update), filled(page))

    assert "Kasta utkastet?" in page.content.decode()
    assert (answer.status_code, answer["Location"]) == (303, LIST)
    assert not PublicUpdate.objects.exists()


def test_what_was_published_is_not_discarded(client_as):
    update, client = published(), client_as("communicator")
    answer = client.post(at("update_discard", update), {})

    assert answer.status_code == 422
    assert "bara avpubliceras" in answer.content.decode()
    assert fresh(update).is_public


# --- Looking at the text ----------------------------------------------------------------------------


def test_the_button_shows_the_text_without_saving_it(client_as):
    client = client_as("communicator")
    answer = client.post(NEW, typed_new(client, body="Vi ses på **torget**.", title="", preview="1"))
    html = answer.content.decode()

    assert answer.status_code == 200
    assert "<strong>torget</strong>" in html
    assert "Vi ses på **torget**." in html
    assert "Fyll i" not in html
    assert not PublicUpdate.objects.exists()


def test_the_fragment_is_safe_html_and_stores_nothing(client_as):
    body = "**Hej**\n\n<script>x</script>[a](javascript:alert(1))"
    answer = client_as("communicator").post("/arbete/nyheter/forhandsvisning/", {"body": body})
    html = answer.content.decode()

    assert "<strong>Hej</strong>" in html
    assert "<script" not in html
    assert "href" not in html
    assert client_as("communicator").get("/arbete/nyheter/forhandsvisning/").status_code == 405


# --- Corrections ------------------------------------------------------------------------------------


def test_a_published_text_is_corrected_in_the_open(client_as):
    update, client = published(), client_as("communicator")
    page = client.get(at("update_edit", update))
    without = client.post(at("update_edit", update), filled(page, lead="Rätt ingress."))
    answer = client.post(at("update_edit", update), filled(page, lead="Rätt ingress.", correction="Dagen var fel."))
    public = client_as(None).get(update.public_url).content.decode()

    assert (without.status_code, answer.status_code) == (422, 303)
    assert "Rätt ingress." in public
    assert "Dagen var fel." in public


def test_an_identity_number_in_the_correction_is_refused(client_as):
    update, client = published(), client_as("communicator")
    page = client.get(at("update_edit", update))
    for field in ("correction", "correction_en"):
        data = filled(page, **{"correction": "Fel dag.", field: f"Fel {IDENTITY_NUMBER}"})
        assert client.post(at("update_edit", update), data).status_code == 422
    assert not fresh(update).corrections.exists()


def test_a_change_of_the_polices_words_is_announced_and_clears_the_confirmation(client_as):
    update = approved(about_police=True)
    update = police.confirm(update, by=mk.acting("police_liaison"), now=timezone.now(), seen=update.revision)
    client = client_as("coordinator")
    page = client.get(at("update_edit", update))
    client.post(at("update_edit", update), filled(page, body="Något annat."))

    assert "behövs en ny bekräftelse" in page.content.decode()
    assert not fresh(update).confirmed_by_police


# --- Pictures ---------------------------------------------------------------------------------------


def add_picture(client, update, **typed):
    page = client.get(at("update_picture", update))
    data = filled(page, **({"alt": "Ett torg på kvällen."} | typed))
    return client.post(at("update_picture", update), {key: value for key, value in data.items() if value is not None})


def sent_file(client, url: str) -> tuple[int, str]:
    answer = client.get(url)
    b"".join(answer)  # read to its end, the file closes itself
    return answer.status_code, answer["Content-Type"]


def test_a_picture_is_added_shown_inside_and_outside_only_when_published(client_as):
    update, client = mk.update(), client_as("communicator")
    answer = add_picture(client, update, upload=picture_file(), credit="Foto: kommunen")
    update = fresh(update)
    name = update.picture.sizes[0]["webp"]
    inside, outside = reverse("incidents:picture", args=[name]), f"/bilder/{name}"

    assert answer.status_code == 303
    assert update.picture.alt == "Ett torg på kvällen."
    assert "bild.png" not in str(Picture.objects.values())
    assert sent_file(client, inside) == (200, "image/webp")
    assert client_as("head_social").get(inside).status_code == 404
    assert client_as(None).get(outside).status_code == 404
    preview = client.get(reverse("incidents:publish_preview", args=["nyhet", update.pk])).content.decode()
    assert inside in preview
    assert outside not in preview.replace(inside, "")

    publication.publish(
        publication.approve(update, by=mk.acting("director"), now=timezone.now()),
        by=mk.acting("communicator"),
        now=timezone.now(),
    )
    assert sent_file(client_as(None), outside) == (200, "image/webp")


@pytest.mark.parametrize("name", ["../trygghet.sqlite3", "x.webp", "x.svg", "%00.webp"])
def test_other_files_are_never_sent(client_as, name):
    assert client_as("communicator").get(f"/arbete/bilder/{name}").status_code in (400, 404)


def test_a_picture_needs_words_and_must_be_one(client_as):
    update, client = mk.update(), client_as("communicator")
    text = picture_file("bild.jpg")
    text.truncate(0)
    text.write(b"hej")
    text.seek(0)

    assert add_picture(client, update, upload=picture_file(), alt="").status_code == 422
    assert add_picture(client, update, upload=text).status_code == 422
    assert add_picture(client, update, upload=picture_file(f"{IDENTITY_NUMBER}.png")).status_code == 422
    assert add_picture(client, update, upload=picture_file(), alt=f"Bild {IDENTITY_NUMBER}").status_code == 422
    assert add_picture(client, update).status_code == 422
    assert not Picture.objects.exists()
    assert default_storage.listdir("")[1] == []


def test_an_exchanged_or_removed_picture_leaves_no_file(client_as, django_capture_on_commit_callbacks):
    update, client = mk.update(), client_as("communicator")
    add_picture(client, update, upload=picture_file())
    first = fresh(update).picture.sizes[0]["webp"]
    with django_capture_on_commit_callbacks(execute=True):
        add_picture(client, update, upload=picture_file(), alt="Ett annat torg.")
    assert not default_storage.exists(first)
    with django_capture_on_commit_callbacks(execute=True):
        page = client.get(at("update_picture_remove", update))
        client.post(at("update_picture_remove", update), filled(page))

    assert fresh(update).picture is None
    assert not Picture.objects.exists()
    assert default_storage.listdir("")[1] == []


def test_the_words_of_a_picture_are_changed_and_the_files_stay(client_as):
    update, client = mk.update(), client_as("communicator")
    add_picture(client, update, upload=picture_file())
    url = at("update_picture", update) + "?texter"
    answer = client.post(url, filled(client.get(url), alt="Ett torg i regn.", credit="Foto: kommunen"))

    picture = fresh(update).picture
    assert (answer.status_code, picture.alt, picture.credit) == (303, "Ett torg i regn.", "Foto: kommunen")
    assert default_storage.exists(picture.sizes[0]["jpeg"])


def test_a_picture_of_published_news_is_changed_with_a_correction(client_as):
    update, client = published(), client_as("communicator")

    assert add_picture(client, update, upload=picture_file()).status_code == 422
    assert add_picture(client, update, upload=picture_file(), correction="Bilden är ny.").status_code == 303
    assert fresh(update).corrections.get().text == "Bilden är ny."


# --- The list ---------------------------------------------------------------------------------------


def test_the_list_takes_as_many_queries_for_one_as_for_thirty(client_as):
    mk.update(response=mk.response())
    client = client_as("communicator")
    one = queries_of(client, LIST)
    for _ in range(29):
        mk.update(response=mk.response())

    assert queries_of(client, LIST) == one
