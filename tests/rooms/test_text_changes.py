"""Every published text has a public view of its changes: what residents read before and what they read now."""

from __future__ import annotations

import datetime as dt
import html
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, models
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import resolve, reverse
from django.utils import timezone, translation

from incidents.models import PublicUpdate, Response
from incidents.operations import (
    assignments,
    events,
    former_texts,
    meetings,
    news,
    police,
    publication,
    responses,
)
from lysekil_trygghet.history.guards import NotAllowed
from lysekil_trygghet.history.models import FormerText, HistoryIsFixed
from lysekil_trygghet.history.operations import hide_former
from lysekil_trygghet.publishing.models import ReadByResidents
from lysekil_trygghet.publishing.pages import shelf
from lysekil_trygghet.start.changes import KINDS, PAGES
from pledges.operations import commitments, follow_ups, occurrences, walks
from tests import make_incidents as mk
from tests import make_pledges as pl
from tests.incidents.typed import filled
from tests.test_public_surface import SHOWN

pytestmark = pytest.mark.django_db
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def _every_page_it_stands_on_can_lead_to_it(db) -> Iterator[None]:
    yield
    translation.activate("sv")
    paths = FormerText.objects.values_list("path", flat=True)
    assert {resolve(path).view_name for path in paths} <= PAGES


def read(path: str = "/andringar/", **query: str) -> str:
    """The page, made anew."""
    shelf.clear()
    answer = Client().get(path, query)
    assert answer.status_code == 200
    return answer.text


def words(path: str = "/andringar/", **query: str) -> str:
    """The list as it is read aloud."""
    found = re.search(r'<ol class="plain-list changes">.*</ol>', read(path, **query), flags=re.S)
    text = re.sub(r"<svg.*?</svg>|</?(del|ins)>", "", found[0], flags=re.S) if found else ""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


def as_(key: str, now: dt.datetime) -> dict[str, Any]:
    return {"by": mk.acting(key, now=now), "now": now}


def publish(thing: Any, *, now: dt.datetime) -> Any:
    return publication.publish(thing, **as_("communicator", now))


def published_news(now: dt.datetime, **values: Any) -> PublicUpdate:
    update = mk.update(now=now, **values)
    if update.about_police:
        update = police.confirm(update, **as_("police_liaison", now), seen=update.revision)
    publication.approve(update, **as_("director", now))
    return publish(update, now=now)


def correct(update: PublicUpdate, *, now: dt.datetime, correction: str = "Rättat.", **values: Any) -> PublicUpdate:
    hide_old = values.pop("hide_old", False)
    return news.edit_update(
        update, values=values, correction=correction, hide_old=hide_old, **as_("communicator", now)
    )


def published_response(now: dt.datetime, **values: Any) -> Response:
    return publish(mk.response(now=now, **values), now=now)


# --- Old and new ----------------------------------------------------------------------------------------


def test_corrected_news_shows_old_and_new_with_what_was_put_right(now):
    update = published_news(now, title="Vuxna ute", lead="Vi ses klockan åtta på torget.")
    correct(update, now=now + HOUR, correction="Tiden var fel.", lead="Vi ses klockan nio på torget.")

    page = read()
    assert "Vi ses klockan <del>åtta</del> på torget." in page
    assert "Vi ses klockan <ins>nio</ins> på torget." in page
    assert (
        words() == "Vuxna ute Nyhet · Ändrad tisdag 9 juni 2020 kl. 11.00 Varför: Tiden var fel. Ingress "
        "Så stod det Vi ses klockan åtta på torget. Så står det nu Vi ses klockan nio på torget."
    )
    assert f'href="{update.public_url}"' in page


def test_each_change_stands_with_what_it_led_to_the_newest_first(now):
    update = published_news(now, lead="Ett.")
    correct(update, now=now + HOUR, lead="Två.")
    correct(update, now=now + 2 * HOUR, lead="Tre.")

    said = words()
    assert re.findall(r"Så stod det (\S+) (\D+) (\S+\.)", said) == [
        ("Två.", "Så står det nu", "Tre."),
        ("Ett.", "Det ändrades till", "Två."),
    ]


def test_a_text_that_was_added_or_taken_away_says_that_the_other_is_empty(now):
    update = published_news(now, body="Vi ses.")
    correct(update, now=now + HOUR, body="", title_en="Adults out")

    said = words()
    assert "Rubrik på engelska Så stod det (tomt) Så står det nu Adults out" in said
    assert "Text Så stod det Vi ses. Så står det nu (tomt)" in said
    assert '<dd lang="en"><ins>Adults out</ins></dd>' in read()


def test_what_somebody_wrote_is_never_markup(now):
    update = published_news(now, title="<b>Ute</b>", lead="<script>alert(1)</script>")
    correct(update, now=now + HOUR, correction="<i>Fel</i>", lead="<script>alert(2)</script>")

    page = read()
    assert "&lt;script&gt;alert(<del>1</del>)&lt;/script&gt;" in page
    assert "&lt;b&gt;Ute&lt;/b&gt;" in page
    assert not re.search(r"<script>|<b>Ute|<i>Fel", page)


def test_in_english_the_page_says_which_texts_are_swedish(now):
    update = published_news(now, title="Vuxna ute", title_en="Adults out", lead="Klockan åtta.", lead_en="At eight.")
    correct(update, now=now + HOUR, lead="Klockan nio.", lead_en="At nine.")

    swedish = update.public_url
    page = read("/en/andringar/")
    assert f'<a href="/en{swedish}"><span>Adults out</span></a>' in page
    assert '<dd lang="sv">Klockan <del>åtta</del>.</dd>' in page
    assert "<dd>At <del>eight</del>.</dd>" in page


def test_what_changes_only_in_its_spaces_is_no_change(now):
    update = published_news(now, lead="Klockan åtta.")
    correct(update, now=now + HOUR, lead="Klockan  åtta.\n")

    assert words() == ""


# --- What was never read, and what is gone --------------------------------------------------------------


def test_what_was_changed_before_it_was_published_is_nobodys(now):
    update = mk.update(now=now, lead="Hemligt utkast.")
    news.edit_update(update, values={"lead": "Bättre."}, **as_("communicator", now))
    publication.approve(mk.fresh(update), **as_("director", now))
    publish(mk.fresh(update), now=now)

    assert not FormerText.objects.exists()
    assert "Ingen text har ändrats än" in read()


def test_words_about_the_police_are_shown_when_they_stand_behind_the_new_ones(now):
    update = published_news(now, about_police=True, lead="Tio poliser.")
    changed = correct(update, now=now + HOUR, lead="Elva poliser.")
    assert "poliser" not in read()
    # Never read by anybody: the Police had not confirmed it.
    changed = correct(changed, now=now + 2 * HOUR, lead="Felaktiga poliser.")
    changed = correct(changed, now=now + 3 * HOUR, lead="Tolv poliser.")
    assert "poliser" not in read()

    police.confirm(changed, **as_("police_liaison", now + 4 * HOUR), seen=changed.revision)

    said = words()
    assert re.findall(r"Så stod det (\S+) poliser. Så står det nu (\S+) poliser.", said) == [("Tio", "Tolv")]


def test_what_is_withdrawn_is_gone_and_stays_gone_when_it_is_shown_again(now):
    update = published_news(now, lead="Olämpligt.")
    correct(update, now=now + HOUR, lead="Lämpligt.")
    assert "Olämpligt" in read()

    gone = publication.withdraw(mk.fresh(update), reason="Fel.", **as_("communicator", now + 2 * HOUR))
    assert "lämpligt" not in read().lower()

    publication.take_back_approval(gone, **as_("communicator", now + 3 * HOUR))
    news.edit_update(mk.fresh(update), values={"lead": "Nytt."}, **as_("communicator", now + 3 * HOUR))
    publication.approve(mk.fresh(update), **as_("director", now + 3 * HOUR))
    publish(mk.fresh(update), now=now + 4 * HOUR)
    assert "Olämpligt" not in read()
    assert "Lämpligt" not in read()

    correct(mk.fresh(update), now=now + 5 * HOUR, lead="Nyare.")
    assert re.findall(r"Så stod det (\S+) Så står det nu (\S+)", words()) == [("Nytt.", "Nyare.")]


# --- Each kind ------------------------------------------------------------------------------------------


def test_a_contact_point(now):
    point = publish(mk.contact_point(now=now, what_for="Prata om oro."), now=now)
    news.edit_contact_point(point, values={"what_for": "Prata om allt."}, **as_("coordinator", now + HOUR))

    assert "Trygghetstelefonen Kontaktpunkt · Ändrad" in words()
    assert "Prata om oro. Så står det nu Prata om allt." in words(sida="/kontakt/")


def test_a_contact_point_for_staff_is_not_for_residents(now):
    point = publish(mk.contact_point(now=now, what_for="Bara för personalen.", audience="STAFF"), now=now)
    news.edit_contact_point(point, values={"what_for": "Bara för oss."}, **as_("coordinator", now + HOUR))

    assert not FormerText.objects.exists()


def test_what_stands_on_the_page_of_a_response(now):
    happened = mk.event(now=now, title="Bränderna", public_summary="Två bilar brann.")
    police.confirm(happened, **as_("police_liaison", now), seen=happened.revision)
    response = published_response(now, happened=[happened], background="Många är oroliga.")
    publish(mk.fresh(happened), now=now)
    decision = mk.decision(now=now, response=response)
    task = mk.issued_assignment(
        now=now, decision=decision, title="Inre rubrik", is_public=True, public_text="Vi är ute."
    )
    publish(mk.fresh(decision), now=now)
    line = police.write_undertaking(response, text="Vi patrullerar.", meeting=None, **as_("coordinator", now))
    police.confirm(line, **as_("police_liaison", now), seen=line.revision)
    publish(mk.fresh(line), now=now)
    more = mk.reinforcement(now=now, response=response, public_note="Fler kommer.")
    police.confirm(more, **as_("police_liaison", now), seen=more.revision)
    publish(mk.fresh(more), now=now)

    later = now + HOUR
    events.edit_event(mk.fresh(happened), values={"public_summary": "Tre bilar brann."}, **as_("coordinator", later))
    responses.edit(
        mk.fresh(response), values={"background": "Alla är oroliga."}, correction="Fler.", **as_("communicator", later)
    )
    assignments.edit_assignment(task, values={"public_text": "Vi är ute varje kväll."}, **as_("coordinator", later))
    police.edit_undertaking(mk.fresh(line), values={"text": "Vi går runt."}, **as_("coordinator", later))
    news.edit_reinforcement(mk.fresh(more), values={"public_note": "Alla kommer."}, **as_("coordinator", later))
    for thing in (happened, line, more):
        police.confirm(mk.fresh(thing), **as_("police_liaison", later + HOUR), seen=mk.fresh(thing).revision)

    said = words(sida=response.public_url)
    for old, new in (
        ("Två bilar brann.", "Tre bilar brann."),
        ("Många är oroliga.", "Alla är oroliga."),
        ("Vi är ute.", "Vi är ute varje kväll."),
        ("Vi patrullerar.", "Vi går runt."),
        ("Fler kommer.", "Alla kommer."),
    ):
        assert f"Så stod det {old} Så står det nu {new}" in said
    assert "Varför: Fler." in said
    assert "Inre rubrik" not in said
    publication.withdraw(mk.fresh(response), reason="Fel.", **as_("communicator", later + 2 * HOUR))
    assert words() == ""


def test_the_closing_text_that_comes_at_the_end_is_no_change(now):
    response = published_response(now)
    responses.end(response, closing_text="Tack alla.", **as_("director", now + HOUR))

    assert not FormerText.objects.exists()


def test_the_outcome_of_a_meeting_with_the_police(now):
    response = published_response(now)
    held = mk.meeting(now=now, response=response, title="Möte om torget", kind="POLICE")
    values = {"notes": "Inre.", "outcome_public": "Vi ses mer."}
    held = meetings.edit_meeting(held, values=values, **as_("coordinator", now))
    held = meetings.approve_minutes(held, **as_("coordinator", now))
    held = police.confirm(held, **as_("police_liaison", now), seen=held.revision)
    publish(held, now=now)
    later = now + HOUR
    held = meetings.edit_meeting(
        mk.fresh(held), values={"outcome_public": "Vi ses oftare."}, **as_("coordinator", later)
    )
    assert words() == ""
    police.confirm(held, **as_("police_liaison", later), seen=held.revision)

    assert "Möte om torget Möte · Ändrad" in words()
    assert "Så stod det Vi ses mer. Så står det nu Vi ses oftare." in words(sida=response.public_url)
    assert "Inre" not in words()


def test_a_follow_up_that_is_opened_again_and_finished(now):
    promise = pl.published_commitment(now=now)
    written = pl.output(promise, now=now)
    draft = follow_ups.reopen_follow_up(written, **as_("coordinator", now + HOUR))
    assert "Tjugo kvällar" not in read()

    values = {"period_start": draft.period_start, "period_end": draft.period_end, "done_text": "Nitton kvällar."}
    draft = follow_ups.edit_follow_up(draft, values=values, **as_("coordinator", now + 2 * HOUR))
    assert "kvällar" not in words()
    follow_ups.finish(draft, **as_("coordinator", now + 3 * HOUR))

    said = words(sida=promise.public_url)
    assert "Vad som gjordes Så stod det Tjugo kvällar på torget. Så står det nu Nitton kvällar." in said
    assert said.startswith(f"Löfte {promise.number}, {promise.pledge_set.title} Uppföljning · Ändrad")


def test_a_follow_up_that_comes_back_as_it_was_is_no_change(now):
    written = pl.output(pl.published_commitment(now=now), now=now)
    draft = follow_ups.reopen_follow_up(written, **as_("coordinator", now + HOUR))
    follow_ups.finish(draft, **as_("coordinator", now + 2 * HOUR))

    assert words() == ""


def test_the_answer_of_a_promise(now):
    promise = pl.published_commitment(now=now)
    commitments.write_answer(promise, public_note="Det gick bra.", **as_("coordinator", now))
    commitments.write_answer(mk.fresh(promise), public_note="Det gick dåligt.", **as_("coordinator", now + HOUR))

    said = words(sida=promise.public_url)
    assert "Så stod det Det gick bra. Så står det nu Det gick dåligt." in said
    assert said.count("Så stod det") == 1, "the first answer is no change of words"


def test_the_answer_of_a_promise_the_police_lead_waits_for_them(now):
    promise = pl.published_commitment(now=now, leads=(pl.POLICE,))
    commitments.write_answer(promise, public_note="Det gick bra.", **as_("police_liaison", now))
    commitments.write_answer(mk.fresh(promise), public_note="Obekräftat.", **as_("coordinator", now + HOUR))
    assert "Obekräftat" not in read()

    commitments.write_answer(mk.fresh(promise), public_note="Det gick så där.", **as_("coordinator", now + 2 * HOUR))
    commitments.confirm_answer(
        mk.fresh(promise), **as_("police_liaison", now + 3 * HOUR), seen=mk.fresh(promise).revision
    )

    assert "Så stod det Det gick bra. Så står det nu Det gick så där." in words()
    assert "Obekräftat" not in read()


def test_new_words_for_a_promise(now):
    promise = pl.published_commitment(now=now, text_as_promised="Kommunen ska vara på torget varje helg.")
    pl.amendment(promise, now=now + HOUR, new_text="Kommunen ska vara på torget varje kväll.", reason="Det behövs.")

    page = read()
    assert "Kommunen ska vara på torget varje <del>helg</del>." in page
    assert "Kommunen ska vara på torget varje <ins>kväll</ins>." in page
    assert "Ändrat löfte · Ändrad tisdag 9 juni 2020 kl. 11.00 Varför: Det behövs." in words(sida=promise.public_url)
    assert words(sida="/loften/ett-annat/1/") == ""


def test_an_occurrence_that_was_called_off(now):
    promise = pl.published_commitment(now=now)
    lead = promise.parties.get().organisation
    off = occurrences.log_cancelled(
        promise, organisation=lead, date=now.date(), reason="Storm.", **as_("coordinator", now)
    )
    occurrences.correct(off, values={"reason": "Halka."}, **as_("coordinator", now + HOUR))

    assert "Så stod det Storm. Så står det nu Halka." in words(sida=promise.public_url)
    occurrences.undo(mk.fresh(off), **as_("coordinator", now + 2 * HOUR))
    assert words() == ""


def test_a_walk_and_what_was_seen(now):
    walk = walks.plan_walk(values={"title": "Hamnen", "held_on": now.date()}, **as_("coordinator", now))
    walk = walks.hold_walk(walk, **as_("coordinator", now))
    owner = mk.department()
    seen = walks.add_observation(
        walk, values={"spot": "Kajen", "text": "Det är mörkt.", "owner": owner}, **as_("coordinator", now)
    )
    other = walks.add_observation(walk, values={"spot": "Bron", "text": "Ett namn."}, **as_("coordinator", now))
    walks.publish_walk(mk.fresh(walk), **as_("communicator", now))
    walks.edit_observation(seen, values={"text": "Det är kolmörkt."}, **as_("coordinator", now + HOUR))
    walks.edit_walk(mk.fresh(walk), values={"title": "Södra hamnen"}, **as_("coordinator", now + HOUR))
    # Hidden because of what it said: taken away, and so never told.
    walks.edit_observation(other, values={"is_public": False}, **as_("coordinator", now + HOUR))
    walks.edit_observation(mk.fresh(other), values={"text": "Trasigt räcke."}, **as_("coordinator", now + HOUR))
    walks.edit_observation(mk.fresh(other), values={"is_public": True}, **as_("coordinator", now + HOUR))

    said = words(sida=reverse("pledges_public:walks"))
    assert "Det är mörkt. Så står det nu Det är kolmörkt." in said
    assert "Så stod det Hamnen Så står det nu Södra hamnen" in said
    assert "Ett namn" not in said
    walks.withdraw_walk(mk.fresh(walk), **as_("communicator", now + 2 * HOUR))
    walks.publish_walk(mk.fresh(walk), **as_("communicator", now + 3 * HOUR))
    assert words() == ""


def test_every_kind_of_text_that_is_kept_can_be_shown():
    kept = {model for model in apps.get_models() if issubclass(model, ReadByResidents) and model.public_texts}

    assert {kind.model for kind in KINDS} == kept
    for model in kept:
        for name in model.public_texts:
            assert isinstance(model._meta.get_field(name), models.CharField | models.TextField)


# What residents read once cannot be changed afterwards: a new version, a new row or a withdrawal comes instead.
NEVER_CHANGED = {
    *("SteeringDecision", "DirectionPoint", "Approach", "ActionPackage", "PackageItem", "ReportBack"),
    *("FollowUpRound", "Correction", "PledgeSet", "PriorityArea", "Signature", "Prolongation", "CommitmentParty"),
    *("Unit", "Amendment", "Feedback", "SituationPicture", "Finding", "Problem", "CauseAnalysis", "Figure"),
}
# Made anew as rows, and names that stand on many pages.
NOT_KEPT = {"Picture", "OpeningException", "PausePeriod", "RelatedLink", "Organisation", "Area", "Source"}
# Addresses and numbers; the words of a promise, whose changes are its amendments.
NOT_TEXTS = {"slug", "phone", "email", "baseline_period", "value_period", "text_as_promised", "text_as_promised_en"}


def test_every_text_residents_read_is_kept_when_it_changes():
    """A new public text is added to its model's `public_texts`, or to one of the lists above with its reason."""
    kept = {kind.model.__name__: set(kind.model.public_texts) for kind in KINDS}
    others = SHOWN.keys() - NEVER_CHANGED - NOT_KEPT
    missing = {name: set(SHOWN[name]) - kept.get(name, set()) - NOT_TEXTS for name in others}

    assert {name: fields for name, fields in missing.items() if fields} == {}


# --- One page of the portal -----------------------------------------------------------------------------


def test_a_page_that_was_changed_leads_to_its_changes(now):
    update = published_news(now)
    other = published_news(now)
    correct(update, now=now + HOUR, lead="Ny ingress.")
    sida = "sida=%2Fnyheter%2F" + update.slug + "%2F"

    assert f'<a href="/andringar/?{sida}">Så har texten ändrats</a>' in read(update.public_url)
    assert f'<a href="/en/andringar/?{sida}">' in read(f"/en{update.public_url}")
    assert "andringar/?sida" not in read(other.public_url)
    publication.withdraw(mk.fresh(update), reason="Fel.", **as_("communicator", now + 2 * HOUR))
    assert "andringar/?sida" not in Client().get(update.public_url).text


def test_only_what_stands_on_the_page_that_was_asked_for(now):
    one, two = published_news(now), published_news(now)
    correct(one, now=now + HOUR, lead="Ingress ett.")
    correct(two, now=now + HOUR, lead="Ingress två.")

    assert "Ingress ett." in words(sida=one.public_url)
    assert "Ingress två." not in words(sida=one.public_url)
    assert 'href="/andringar/">Visa ändringarna på alla sidor' in read(sida=one.public_url)
    assert "noindex" in read(sida=one.public_url)


@pytest.mark.parametrize("path", ["/finns/inte/", "javascript:alert(1)", '"><script>', "x" * 5000])
def test_a_page_nobody_knows_says_so(now, path):
    correct(published_news(now), now=now + HOUR, lead="Ny.")

    page = read(sida=path)
    assert "Vi hittar ingen ändring på den sidan" in page
    assert 'href="/andringar/">Visa ändringarna på alla sidor' in page
    assert "javascript" not in page
    assert '"><script>' not in page


def test_ten_on_a_page(now):
    update = published_news(now, lead="Ingress 0.")
    for number in range(1, 13):
        correct(update, now=now + number * HOUR, lead=f"Ingress {number}.")

    assert words().count("Så stod det") == 10
    assert words(page="2").count("Så stod det") == 2
    assert words(sida=update.public_url, page="2").count("Så stod det") == 2
    assert "page=2" in read()


@pytest.mark.parametrize("path", ["", "one"])
def test_the_page_asks_as_few_questions_however_many_changes(now, path):
    update = published_news(now, lead="Ingress 0.")
    promise = pl.published_commitment(now=now)

    def more(first: int, last: int) -> None:
        for number in range(first, last):
            moment = now + number * HOUR
            correct(update, now=moment, lead=f"Ingress {number}.")
            correct(published_news(now), now=moment, lead="Rättad.")
            commitments.write_answer(mk.fresh(promise), public_note=f"Svar {number}.", **as_("coordinator", moment))
            pl.amendment(promise, now=moment, new_text=f"Kommunen ska göra {number}.")

    def questions() -> int:
        shelf.clear()
        with CaptureQueriesContext(
            connection,
        ) as asked:
            Client().get("/andringar/", {"sida": update.public_url} if path else {})
        return len(asked)

    more(1, 3)
    few = questions()
    more(3, 10)
    assert questions() == few
    assert few <= 16


# --- Hidden ---------------------------------------------------------------------------------------------


def test_an_old_text_that_should_never_have_been_published_is_not_shown(now):
    update = published_news(now, lead="Anna Andersson på Storgatan.")
    correct(update, now=now + HOUR, correction="Vi tog bort ett namn.", lead="En person.", hide_old=True)

    said = words()
    assert "Den gamla texten visas inte." in said
    assert "Vi tog bort ett namn." in said
    assert "Anna" not in read() + read(update.public_url)
    assert "Anna" not in str(list(FormerText.objects.values()))
    assert mk.last_event(update).verb in ("former_text_hidden", "corrected")


def test_what_is_hidden_goes_from_every_snapshot(now):
    """The name stood in the text also when another text was changed."""
    update = published_news(now, title="Ett", lead="Anna Andersson.")
    correct(update, now=now + HOUR, title="Två")
    correct(update, now=now + 2 * HOUR, lead="En person.", hide_old=True)

    assert "Så stod det Ett Så står det nu Två" in words()
    assert "Anna" not in read()
    assert "Anna" not in str(list(FormerText.objects.values()))


def test_hiding_later_leaves_the_other_changes(now):
    update = published_news(now, title="Ett", lead="Hemligt.")
    correct(update, now=now + HOUR, lead="Öppet.")
    correct(update, now=now + 2 * HOUR, title="Två")
    hide_former(FormerText.objects.earliest("until"), **as_("communicator", now + 3 * HOUR))

    assert "Så stod det Ett Så står det nu Två" in words()
    assert "Hemligt" not in read()
    assert words().count("Den gamla texten visas inte.") == 1


@pytest.mark.parametrize("kind", ["update", "response"])
def test_the_correction_form_asks_whether_the_old_text_may_be_shown(client_as, kind):
    now = timezone.now() - HOUR
    thing = published_news(now) if kind == "update" else published_response(now)
    field = "lead" if kind == "update" else "background"
    client, address = client_as("communicator"), reverse(f"incidents:{kind}_edit", args=[thing.pk])
    page = client.get(address)
    assert "Visa inte den gamla texten" in page.text

    sent = filled(page, **{field: "En person.", "correction": "Vi tog bort ett namn.", "hide_old": "on"})
    assert client.post(address, sent).status_code == 303

    assert "Den gamla texten visas inte." in words()
    assert [(row.texts, row.hidden_at is not None) for row in FormerText.objects.all()] == [({}, True)]


@pytest.mark.parametrize("kind", ["update", "response"])
def test_what_is_not_published_has_no_old_text_to_hide(client_as, kind):
    thing = mk.update() if kind == "update" else mk.response()

    page = client_as("communicator").get(reverse(f"incidents:{kind}_edit", args=[thing.pk]))
    assert "Visa inte den gamla texten" not in page.text


def test_the_communicator_hides_an_old_text_after_being_asked(client_as):
    now = timezone.now() - 3 * HOUR
    update = published_news(now, lead="Anna Andersson.")
    correct(update, now=now + HOUR, lead="En person.")
    former = FormerText.objects.get()
    client, listed = client_as("communicator"), reverse("incidents:former_texts")
    ask = reverse("incidents:former_text_hide", args=[former.pk])

    page = client.get(listed).text
    assert f'href="{ask}"' in page
    assert "Anna" not in page
    assert "Anna Andersson." in client.get(ask).text
    assert "Anna" in read(), "nothing is hidden by looking"
    for _twice in range(2):
        answer = client.post(ask)
        assert (answer.status_code, answer.headers["Location"]) == (303, listed)

    assert "Anna" not in read() + client.get(ask).text
    assert "Dold" in client.get(listed).text
    assert mk.verbs(update).count("former_text_hidden") == 1
    assert "Den gamla texten doldes för invånarna" in client.get(update.get_absolute_url()).text


def test_only_the_communicator_hides(client_as):
    now = timezone.now() - 3 * HOUR
    correct(published_news(now, lead="Ett."), now=now + HOUR, lead="Två.")
    former = FormerText.objects.get()

    with pytest.raises(NotAllowed):
        former_texts.hide(former, **as_("coordinator", now))
    page = client_as("coordinator").get(reverse("incidents:former_texts"))
    assert "Dölj den gamla texten" not in page.text
    assert FormerText.objects.get().texts["lead"] == "Ett."


def test_the_list_asks_as_few_questions_however_many_there_are(client_as):
    now = timezone.now() - 50 * HOUR
    update, client = published_news(now), client_as("communicator")

    def questions() -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse("incidents:former_texts"))
        return len(asked)

    correct(update, now=now + HOUR, lead="Ny 1.")
    questions()
    few = questions()
    for number in range(2, 30):
        correct(update, now=now + number * HOUR, lead=f"Ny {number}.")
    assert questions() == few


def test_a_snapshot_is_otherwise_never_changed(now):
    correct(published_news(now), now=now + HOUR, lead="Ny.")
    former = FormerText.objects.get()
    for act in (
        former.delete,
        former.save,
        FormerText.objects.all().delete,
        lambda: FormerText.objects.update(path="/"),
    ):
        with pytest.raises(HistoryIsFixed):
            act()
