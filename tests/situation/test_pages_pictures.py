"""The staff pages of a picture: from an empty draft to what residents read, and who is let in where."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from lysekil_trygghet.history.models import Event
from situation.lifecycle import PictureKind, PictureState
from situation.models import Area, CauseAnalysis, Finding, Problem, SituationPicture, Source
from situation.operations import pictures

from .. import make_situation as make
from ..incidents.typed import filled, queries_of, ticked
from ..make_incidents import acting

pytestmark = pytest.mark.django_db


def url(name: str, *args) -> str:
    return reverse(f"situation:{name}", args=args)


def fresh(thing):
    return type(thing).objects.get(pk=thing.pk)


def sent(client, address: str, how=filled, **typed):
    """The form at `address`, filled in and sent."""
    page = client.get(address)
    assert page.status_code == 200, (page.status_code, address)
    return client.post(address, how(page, **typed))


def text_of(answer) -> str:
    return " ".join(answer.content.decode().split())


# --- The whole way, through the pages -----------------------------------------------------------------------


def test_from_an_empty_draft_to_what_residents_read(client_as):
    coordinator, police = client_as("coordinator"), client_as("police_liaison")
    today = timezone.localdate()
    sent(coordinator, url("area_new"), kind="PLACE", name="Torget")
    begun = sent(
        coordinator,
        url("picture_new"),
        title="Lägesbild för Lysekil",
        period_start=str(today - dt.timedelta(days=400)),
        period_end=str(today),
    )
    picture = SituationPicture.objects.get()
    assert (begun.status_code, begun["Location"]) == (303, picture.get_absolute_url())
    hub = text_of(coordinator.get(picture.get_absolute_url()))
    assert "Sammanfattningen för invånarna saknas." in hub
    assert "Det finns ingen iakttagelse." in hub

    # The municipality writes.
    source = sent(
        coordinator,
        url("source_new") + f"?lagesbild={picture.pk}",
        kind="CITIZEN_DIALOGUE",
        title="Samtal på torget",
        method="DIALOGUE",
    )
    assert source["Location"] == picture.get_absolute_url() + "#underlag"
    ours = picture.sources.get()
    sent(coordinator, url("finding_new", picture.pk), claim="Många undviker torget.", sources=[ours.pk], trend="UP")
    finding = picture.findings.get()
    sent(
        coordinator,
        url("problem_new", picture.pk),
        title="Otryggt på torget",
        what="Bråk",
        findings=[finding.pk],
        areas=[Area.objects.get().pk],
    )
    problem = picture.problems.get()
    sent(coordinator, url("cause_new", picture.pk, problem.pk), level="SITUATION", hypothesis="Få vuxna ute.")
    sent(coordinator, url("picture_edit", picture.pk), public_summary="De flesta är trygga.")

    # The Police do not see it before it is opened to them.
    assert police.get(picture.get_absolute_url()).status_code == 404
    sent(coordinator, url("picture_open", picture.pk))
    assert police.get(picture.get_absolute_url()).status_code == 200

    # Reviewed, sent back with a reason, put right, confirmed by both.
    sent(coordinator, url("picture_review", picture.pk))
    sent(police, url("picture_send_back", picture.pk), reason="Skriv när det händer.")
    assert fresh(picture).state == PictureState.DRAFT
    assert "Skriv när det händer." in text_of(coordinator.get(picture.get_absolute_url()))
    sent(coordinator, url("problem_edit", picture.pk, problem.pk), when="Fredag kväll")
    sent(coordinator, url("picture_review", picture.pk))
    sent(coordinator, url("picture_confirm", picture.pk))
    assert "väntar på att Polisen" in text_of(police.get(url("pictures")))
    assert "Fredag kväll" in text_of(police.get(url("picture_confirm", picture.pk)))
    sent(police, url("picture_confirm", picture.pk))
    assert fresh(picture).both_have_confirmed

    # Adopted and published.
    adopted = sent(coordinator, url("picture_adopt", picture.pk), minutes_ref="Styrgruppen § 4")
    assert adopted.status_code == 303
    communicator, resident = client_as("communicator"), client_as(None)
    assert resident.get(fresh(picture).public_url).status_code == 404
    preview = communicator.get(url("picture_preview", picture.pk))
    assert "Många undviker torget." in text_of(preview)
    assert "no-store" in preview["Cache-Control"]
    shown = sent(communicator, url("picture_publish", picture.pk), how=ticked)
    assert shown.status_code == 303
    page = resident.get(fresh(picture).public_url)
    for words in ("De flesta är trygga.", "Otryggt på torget", "Fredag kväll", "Få vuxna ute.", "Svagt underlag"):
        assert words in text_of(page)
    history = text_of(coordinator.get(url("picture_history", picture.pk)))
    for words in ("Skickades tillbaka", "Polisen bekräftade texten", "Antogs", "Publicerades"):
        assert words in history


def test_the_written_confirmation_of_the_police(client_as):
    picture = make.picture(state="REVIEW")
    client = client_as("coordinator")

    empty = sent(client, url("picture_confirm_in_writing", picture.pk))
    assert empty.status_code == 422
    done = sent(
        client,
        url("picture_confirm_in_writing", picture.pk),
        document="A123/2020",
        document_on=str(timezone.localdate()),
    )

    assert done.status_code == 303
    assert "A123/2020" in text_of(client.get(picture.get_absolute_url()))


def test_withdrawn_and_shown_again(client_as):
    picture = make.picture(state="PUBLISHED")
    client, resident = client_as("communicator"), client_as(None)

    assert sent(client, url("picture_withdraw", picture.pk)).status_code == 422
    assert sent(client, url("picture_withdraw", picture.pk), reason="Fel siffra").status_code == 303
    assert resident.get(picture.public_url).status_code == 404
    assert "Avpublicerad" in text_of(client.get(picture.get_absolute_url()))
    assert sent(client, url("picture_publish", picture.pk), how=ticked).status_code == 303
    assert resident.get(picture.public_url).status_code == 200


def test_publishing_needs_every_tick(client_as):
    picture = make.picture(state="ADOPTED")
    client = client_as("communicator")
    for left_out in ("tick_read", "tick_secrecy", "tick_persons"):
        page = client.get(url("picture_publish", picture.pk))
        data = ticked(page)
        del data[left_out]
        assert client.post(url("picture_publish", picture.pk), data).status_code == 422
    assert not fresh(picture).is_public


def test_parts_are_put_in_order_by_buttons(client_as):
    picture = make.picture()
    first = picture.problems.get()
    second = make.problem(picture=picture, title="Klotter")
    claim = make.finding(picture=picture, claim="Klotter ökar.")
    lights = make.cause(problem=first, hypothesis="Mörkt.")
    client = client_as("coordinator")

    moved = client.post(url("problem_order", picture.pk), {"move": f"up:{second.pk}"})
    client.post(url("finding_order", picture.pk), {"move": f"up:{claim.pk}"})
    client.post(url("cause_order", picture.pk), {"move": f"up:{lights.pk}"})

    assert moved.status_code == 303
    assert list(picture.problems.all()) == [second, first]
    assert picture.findings.first() == claim
    assert first.causes.first() == lights
    for odd in ("", "up:", "up:9999", "up:x", "up:١", "sideways:1", "up:" + "9" * 40):
        assert client.post(url("problem_order", picture.pk), {"move": odd}).status_code in (303, 404)


def test_parts_are_removed_after_a_question(client_as):
    picture = make.picture()
    problem, finding = picture.problems.get(), picture.findings.get()
    cause = problem.causes.get()
    client = client_as("coordinator")

    for name, thing in (("cause_remove", cause), ("problem_remove", problem), ("finding_remove", finding)):
        assert sent(client, url(name, picture.pk, thing.pk)).status_code == 303

    assert [model.objects.count() for model in (Finding, Problem, CauseAnalysis)] == [0, 0, 0]


def test_chosen_parts_of_another_picture_are_fetched(client_as):
    police = make.picture(kind=PictureKind.OWN, by="police_liaison", state="ADOPTED")
    joint = make.picture()
    client = client_as("coordinator")

    listed = client.get(url("picture_copy", joint.pk))
    assert f"?fran={police.pk}" in text_of(listed)
    chosen = url("picture_copy", joint.pk) + f"?fran={police.pk}"
    assert sent(client, chosen).status_code == 422
    assert sent(client, chosen, findings=[police.findings.get().pk]).status_code == 303

    assert joint.findings.count() == 2
    for odd in ("9999", "x", str(joint.pk), "9" * 30):
        assert client.get(url("picture_copy", joint.pk) + f"?fran={odd}").status_code == 404


def test_a_draft_is_thrown_away_after_a_question(client_as):
    picture = make.picture()
    answer = sent(client_as("coordinator"), url("picture_discard", picture.pk))
    assert (answer.status_code, answer["Location"]) == (303, url("pictures"))
    assert not SituationPicture.objects.exists()


def test_the_registrar_sets_the_diary_number(client_as):
    picture = make.picture(state="ADOPTED")
    answer = sent(client_as("registrar"), url("picture_diary", picture.pk), diary_number="KS 2020-7")
    assert answer.status_code == 303
    assert fresh(picture).diary_number == "KS 2020-7"


def test_sources_and_areas_are_changed_and_removed(client_as):
    client = client_as("coordinator")
    source, area = make.source(), make.area()

    assert sent(client, url("source_edit", source.pk), title="Ny rubrik").status_code == 303
    assert "Ny rubrik" in text_of(client.get(url("source", source.pk)))
    assert sent(client, url("area_edit", area.pk), name="Kajen").status_code == 303
    assert "Kajen" in text_of(client.get(url("areas")))
    assert sent(client, url("source_discard", source.pk)).status_code == 303
    assert not Source.objects.exists()


# --- Who is let in ------------------------------------------------------------------------------------------

OF_PICTURE = [
    *("picture_edit", "picture_sources", "picture_copy", "picture_discard", "picture_comment", "picture_review"),
    *("picture_send_back", "picture_open", "picture_confirm", "picture_confirm_in_writing", "picture_adopt"),
    *("finding_new", "problem_new"),
]
READ = ["picture", "picture_read", "picture_history"]


def every_address(picture: SituationPicture) -> list[str]:
    finding, problem = picture.findings.first(), picture.problems.first()
    cause = problem.causes.first()
    return [
        *(url(name, picture.pk) for name in (*READ, *OF_PICTURE)),
        *(url(name, picture.pk) for name in ("picture_preview", "picture_diary", "picture_publish")),
        url("picture_withdraw", picture.pk),
        *(url(name, picture.pk, finding.pk) for name in ("finding_edit", "finding_remove")),
        *(url(name, picture.pk, problem.pk) for name in ("problem_edit", "problem_remove", "cause_new")),
        *(url(name, picture.pk, cause.pk) for name in ("cause_edit", "cause_remove")),
    ]


def test_nobody_signed_out_gets_in(client_as):
    client = client_as(None)
    picture = make.picture()
    for address in [*every_address(picture), url("pictures"), url("sources"), url("areas"), url("picture_new")]:
        answer = client.get(address)
        assert answer.status_code == 302
        assert answer["Location"].startswith("/konto/login/")


@pytest.mark.parametrize("who", ["police_liaison", "head_social", "communicator", "registrar", "elected", "auditor"])
def test_a_municipal_draft_looks_like_nothing_to_those_who_do_not_write(client_as, who):
    picture = make.picture()
    client = client_as(who)
    for address in every_address(picture):
        assert client.get(address).status_code == 404, address
        assert client.post(address, {"title": "x"}).status_code in (404, 405), address
    assert picture.title not in text_of(client.get(url("pictures")))
    assert client.get(url("source", picture.sources.get().pk)).status_code == 404


@pytest.mark.parametrize("who", ["coordinator", "director", "head_social", "communicator"])
def test_the_polices_own_draft_looks_like_nothing_to_the_municipality(client_as, who):
    picture = make.picture(kind=PictureKind.OWN, by="police_liaison", title="Polisens eget utkast")
    client = client_as(who)
    for address in every_address(picture):
        assert client.get(address).status_code == 404, address
    for listed in ("pictures", "sources"):
        assert "Polisens eget" not in text_of(client.get(url(listed)))
    assert client.get(url("source", picture.sources.get().pk)).status_code == 404


@pytest.mark.parametrize("who", ["head_social", "communicator", "registrar", "elected", "researcher"])
def test_an_adopted_picture_is_read_and_not_written(client_as, who):
    picture = make.picture(state="ADOPTED")
    client = client_as(who)
    for name in READ:
        assert client.get(url(name, picture.pk)).status_code == 200
    for name in OF_PICTURE:
        assert client.get(url(name, picture.pk)).status_code == 403, name
        assert client.post(url(name, picture.pk)).status_code == 403, name
    for listed in ("source_new", "area_new", "picture_new", "picture_new_own"):
        assert client.get(url(listed)).status_code == 403


@pytest.mark.parametrize("who", ["coordinator", "director", "police_liaison", "head_social"])
def test_only_the_communicator_gets_to_publish(client_as, who):
    picture = make.picture(state="ADOPTED")
    client = client_as(who)
    for name in ("picture_publish", "picture_withdraw"):
        assert client.get(url(name, picture.pk)).status_code == 403
        assert client.post(url(name, picture.pk), {"reason": "x"}).status_code == 403
    assert fresh(picture).state == PictureState.ADOPTED


def test_the_police_neither_adopt_nor_open_nor_speak_for_the_municipality(client_as):
    picture = pictures.open_to_police(make.picture(state="REVIEW"), by=acting("coordinator"), now=timezone.now())
    client = client_as("police_liaison")
    for name in ("picture_adopt", "picture_open", "picture_confirm_in_writing", "picture_diary"):
        assert client.get(url(name, picture.pk)).status_code == 403, name
    sent(client, url("picture_confirm", picture.pk))
    assert fresh(picture).is_police_confirmed
    assert not fresh(picture).is_municipality_confirmed


def test_a_part_of_one_picture_is_not_reached_through_another(client_as):
    one, other = make.picture(), make.picture()
    client = client_as("coordinator")
    problem = other.problems.get()
    for address in (
        url("finding_edit", one.pk, other.findings.get().pk),
        url("problem_edit", one.pk, problem.pk),
        url("cause_new", one.pk, problem.pk),
        url("cause_edit", one.pk, problem.causes.get().pk),
    ):
        assert client.get(address).status_code == 404
    assert client.post(url("problem_order", one.pk), {"move": f"up:{problem.pk}"}).status_code == 404


# --- Done already, sent twice, changed meanwhile ------------------------------------------------------------


@pytest.mark.parametrize("name", ["picture_edit", "picture_sources", "finding_new", "problem_new", "picture_review"])
def test_what_is_too_late_is_said_kindly(client_as, name):
    picture = make.picture(state="ADOPTED")
    client = client_as("coordinator")
    for answer in (client.get(url(name, picture.pk)), client.post(url(name, picture.pk), {"title": "x"})):
        assert (answer.status_code, answer["Location"]) == (303, picture.get_absolute_url())
    assert "notice" in text_of(client.get(picture.get_absolute_url()))


def test_a_step_taken_twice_is_taken_once(client_as):
    picture = make.picture()
    client = client_as("coordinator")
    address = url("picture_review", picture.pk)
    data = filled(client.get(address))

    answers = [client.post(address, data) for _n in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303]
    assert Event.objects.filter(verb="review").count() == 1


@pytest.mark.parametrize(
    ("name", "typed", "model"),
    [
        ("finding_new", {"claim": "Nytt"}, Finding),
        ("problem_new", {"title": "Nytt"}, Problem),
        ("picture_comment", {"text": "Hej"}, None),
    ],
)
def test_a_double_tap_makes_one_row(client_as, name, typed, model):
    picture = make.picture()
    client = client_as("coordinator")
    address = url(name, picture.pk)
    data = filled(client.get(address), **typed)
    before = model.objects.count() if model else 0

    answers = [client.post(address, data) for _n in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303]
    assert (model.objects.count() if model else picture.comments.count()) == before + 1


def test_a_double_tap_begins_one_picture(client_as):
    client = client_as("coordinator")
    day = str(timezone.localdate())
    data = filled(client.get(url("picture_new")), title="Ny", period_start=day, period_end=day)
    locations = {client.post(url("picture_new"), data)["Location"] for _n in range(2)}
    assert len(locations) == SituationPicture.objects.count() == 1


def test_a_stale_page_loses_nothing(client_as):
    picture = make.picture()
    client = client_as("coordinator")
    address = url("picture_edit", picture.pk)
    data = filled(client.get(address), public_summary="Det jag skrev.")
    pictures.edit(picture, values={"public_summary": "Någon annans."}, by=acting("director"), now=timezone.now())

    answer = client.post(address, data)

    assert answer.status_code == 409
    assert "Det jag skrev." in text_of(answer)
    assert "Någon annans." in text_of(answer)
    again = client.post(address, filled(answer))
    assert again.status_code == 303
    assert fresh(picture).public_summary == "Det jag skrev."


def test_nobody_confirms_what_they_did_not_see(client_as):
    picture = make.picture(state="REVIEW")
    client = client_as("coordinator")
    address = url("picture_confirm", picture.pk)
    data = filled(client.get(address))
    make.finding(picture=picture, claim="Något nytt.", by="director")

    answer = client.post(address, data)
    assert answer.status_code == 409
    assert "Något nytt." in text_of(answer)
    assert not fresh(picture).is_municipality_confirmed
    assert client.post(address, {}).status_code == 409
    assert client.post(address, filled(answer)).status_code == 303
    assert fresh(picture).is_municipality_confirmed


# --- What it costs, and odd questions -----------------------------------------------------------------------


def test_lists_cost_the_same_for_one_row_and_thirty(client_as):
    make.picture(state="ADOPTED")
    make.area()
    client = client_as("coordinator")
    lists = [url("pictures"), url("sources"), url("areas")]
    one = [queries_of(client, address) for address in lists]
    for _n in range(29):
        make.picture()
        make.area()
    assert [queries_of(client, address) for address in lists] == one


def test_the_hub_costs_the_same_however_much_it_holds(client_as):
    small, big = make.picture(), make.picture()
    for _n in range(10):
        make.cause(problem=make.problem(picture=big))
        make.finding(picture=big, area=make.area())
    client = client_as("coordinator")
    for name in READ[:2]:
        assert queries_of(client, url(name, small.pk)) == queries_of(client, url(name, big.pk))


def test_amber_before_the_day_and_red_after_it(client_as):
    picture = make.picture(state="PUBLISHED")
    client = client_as("coordinator")
    for days, words in ((89, "Ska snart uppdateras"), (-1, "Ska uppdateras nu")):
        due = timezone.localdate() + dt.timedelta(days=days)
        SituationPicture.objects.filter(pk=picture.pk).update(next_update_due=due)
        for address in (url("pictures"), picture.get_absolute_url()):
            assert words in text_of(client.get(address))


@pytest.mark.parametrize("query", ["page=x", "page=-1", "page=99999999999999999999", "lagesbild='--", "page=%00"])
def test_odd_questions_get_an_answer(client_as, query):
    client = client_as("coordinator")
    for name in ("pictures", "sources", "areas", "source_new"):
        assert client.get(f"{url(name)}?{query}").status_code in (200, 400)
