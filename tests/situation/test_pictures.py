"""The way of a picture: draft, review, adopted, published, superseded; and what each step asks."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import transaction

from lysekil_trygghet.accounts.models import Organisation
from lysekil_trygghet.history.guards import NotAllowed, Refused
from lysekil_trygghet.history.models import Event
from lysekil_trygghet.history.operations import MoveNotAllowed, StalePage
from situation.lifecycle import CommentKind, PictureKind, PictureState
from situation.models import SituationPicture
from situation.operations import pictures

from .. import make_situation as make
from ..incidents.typed import IDENTITY_NUMBER
from ..make_incidents import acting

pytestmark = pytest.mark.django_db
KEEPERS = ("coordinator", "director")


def fresh(picture) -> SituationPicture:
    return SituationPicture.objects.get(pk=picture.pk)


def refusal(call) -> str:
    with transaction.atomic(), pytest.raises(Refused) as no:
        call()
    return str(no.value)


# --- Begun ------------------------------------------------------------------------------------------------


def test_the_address_is_made_from_the_title_and_never_taken_twice(now):
    first = make.empty_picture(title="Lägesbild 2020, Åre", now=now)
    second = make.empty_picture(title="Lägesbild 2020, Åre", now=now)
    odd = make.empty_picture(title="!!!", now=now)

    assert (first.slug, second.slug, odd.slug) == ("lagesbild-2020-are", "lagesbild-2020-are-2", "lagesbild")


def test_a_long_title_makes_an_address_that_fits(now):
    made = [make.empty_picture(title="Trygghet " * 15 + "x", now=now) for _n in range(2)]

    assert all(len(picture.slug) <= 90 for picture in made)
    assert made[0].slug != made[1].slug


def test_a_new_title_gives_a_new_address_until_it_is_adopted(now):
    draft = make.empty_picture(title="Arbetsnamn", now=now)

    done = pictures.edit(draft, values={"title": "Lägesbild för våren"}, by=acting("coordinator", now=now), now=now)

    assert done.slug == "lagesbild-for-varen"


@pytest.mark.parametrize("who", ["police_liaison", "communicator", "head_social", "registrar", "elected", "auditor"])
def test_the_joint_picture_is_begun_by_the_municipalitys_writers(now, who):
    with pytest.raises(NotAllowed):
        make.empty_picture(by=who, now=now)


def test_each_party_begins_its_own(now):
    police = make.empty_picture(kind=PictureKind.OWN, by="police_liaison", now=now)
    municipal = make.empty_picture(kind=PictureKind.OWN, by="coordinator", now=now)

    assert police.is_the_polices_own
    assert not municipal.is_the_polices_own
    for by, slug in (("police_liaison", make.EXECUTIVE), ("coordinator", make.POLICE)):
        with pytest.raises(NotAllowed):
            make.empty_picture(kind=PictureKind.OWN, by=by, organisation=Organisation.objects.get(slug=slug), now=now)
    with pytest.raises(Refused):
        make.empty_picture(by="coordinator", organisation=Organisation.objects.get(slug=make.POLICE), now=now)


def test_a_period_ends_after_it_begins(now):
    day = now.date()
    said = refusal(lambda: make.empty_picture(period_start=day, period_end=day - dt.timedelta(days=1), now=now))
    assert "Perioden" in said
    draft = make.empty_picture(now=now)
    assert "Perioden" in refusal(
        lambda: pictures.edit(
            draft, values={"period_start": day + dt.timedelta(days=9)}, by=acting("coordinator", now=now), now=now
        )
    )


def test_it_replaces_only_an_adopted_one_of_the_same_kind(now):
    own = make.picture(kind=PictureKind.OWN, state="ADOPTED", now=now)
    draft = make.picture(now=now)
    joint = make.picture(state="ADOPTED", now=now)

    for odd in (own, draft):
        assert "ersätta" in refusal(lambda odd=odd: make.empty_picture(previous=odd, now=now))
    assert make.empty_picture(previous=joint, now=now).previous == joint


# --- Review -----------------------------------------------------------------------------------------------


def test_all_that_is_missing_is_said_at_once(now):
    empty = make.empty_picture(public_summary=" ", sources=(make.source(now=now),), now=now)
    loose = make.finding(picture=empty, sources=[], claim="Klotter ökar.", now=now)

    said = refusal(lambda: pictures.send_to_review(empty, by=acting("coordinator", now=now), now=now))

    assert "Sammanfattningen" in said
    assert loose.claim in said
    assert "problem" in said
    assert fresh(empty).state == PictureState.DRAFT


def test_without_findings_there_is_nothing_to_review(now):
    assert "iakttagelse" in " ".join(pictures.missing_before_review(make.empty_picture(now=now)))


def test_an_identity_number_anywhere_in_it_stops_the_review(now):
    whole = make.picture(now=now)
    # Written past the forms, as an import or a slip in the shell could.
    cause = whole.problems.get().causes.get()
    type(cause).objects.filter(pk=cause.pk).update(evidence_en=f"See {IDENTITY_NUMBER}")

    said = refusal(lambda: pictures.send_to_review(whole, by=acting("coordinator", now=now), now=now))

    assert "personnummer" in said
    assert IDENTITY_NUMBER not in said


def test_a_whole_draft_goes_to_review_once(now):
    whole = make.picture(now=now)
    by = acting("coordinator", now=now)

    assert pictures.send_to_review(whole, by=by, now=now, seen=whole.revision).state == PictureState.REVIEW
    with pytest.raises(MoveNotAllowed):
        pictures.send_to_review(whole, by=by, now=now)


def test_sent_back_with_a_reason_it_is_a_draft_without_confirmations(now):
    both = make.confirmed(make.picture(state="REVIEW", now=now), now=now)
    by = acting("police_liaison", now=now)

    assert "Skriv vad" in refusal(lambda: pictures.send_back(both, reason="  ", by=by, now=now))
    done = pictures.send_back(both, reason="Siffran för torget är fel.", by=by, now=now)

    assert done.state == PictureState.DRAFT
    assert not done.is_police_confirmed
    assert not done.is_municipality_confirmed
    note = done.comments.get()
    assert (note.kind, note.text) == (CommentKind.SENT_BACK, "Siffran för torget är fel.")
    assert note.organisation == Organisation.objects.get(slug=make.POLICE)
    # History itself holds no free text.
    assert "torget" not in str(list(Event.objects.filter(verb="sent_back").values_list("details", flat=True)))


def test_a_draft_is_not_confirmed(now):
    draft = pictures.open_to_police(make.picture(now=now), by=acting("coordinator", now=now), now=now)
    with pytest.raises(MoveNotAllowed):
        pictures.confirm_as_municipality(draft, by=acting("coordinator", now=now), now=now, seen=draft.revision)
    with pytest.raises(MoveNotAllowed):
        pictures.confirm_as_police(draft, by=acting("lpo_chief", now=now), now=now, seen=draft.revision)


def test_an_own_picture_needs_no_confirmation_and_takes_none(now):
    own = make.picture(kind=PictureKind.OWN, by="police_liaison", state="REVIEW", now=now)
    with pytest.raises(Refused):
        pictures.confirm_as_police(own, by=acting("lpo_chief", now=now), now=now, seen=own.revision)


# --- Adopted ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("adopted", "due"),
    [
        ("2017-11-20", "2019-11-20"),
        ("2020-02-29", "2022-02-28"),
        ("2022-02-28", "2024-02-28"),
        ("2018-12-31", "2020-12-31"),
    ],
)
def test_the_next_update_is_due_after_24_months(adopted, due):
    assert pictures.due_after(dt.date.fromisoformat(adopted)) == dt.date.fromisoformat(due)


def test_without_both_parties_nothing_is_adopted(now):
    waiting = pictures.open_to_police(
        make.picture(state="REVIEW", now=now), by=acting("coordinator", now=now), now=now
    )
    by = acting("coordinator", now=now)

    def adopt(picture):
        return pictures.adopt(picture, adopted_on=now.date(), minutes_ref="§ 4", by=by, now=now)

    assert {"Kommunen", "Polisen"} <= set(refusal(lambda: adopt(waiting)).split())
    one = pictures.confirm_as_municipality(waiting, by=by, now=now, seen=waiting.revision)
    said = refusal(lambda: adopt(one))
    assert "Polisen har inte" in said
    assert "Kommunen har inte" not in said
    both = pictures.confirm_as_police(one, by=by, now=now, seen=one.revision, document="A1", document_on=now.date())
    assert adopt(both).state == PictureState.ADOPTED


def test_the_coordinator_names_the_meeting_and_the_director_need_not(now):
    both = make.confirmed(make.picture(state="REVIEW", now=now), now=now)
    day = now.date() - dt.timedelta(days=3)

    said = refusal(lambda: pictures.adopt(both, adopted_on=day, by=acting("coordinator", now=now), now=now))
    assert "paragrafen" in said
    done = pictures.adopt(both, adopted_on=day, by=acting("director", now=now), now=now)

    assert (done.adopted_on, done.next_update_due) == (day, day.replace(year=day.year + 2))
    assert done.adopted_by_function == acting("director", now=now).function_label


def test_the_recorded_adoption_says_who_adopted_and_where(now):
    both = make.confirmed(make.picture(state="REVIEW", now=now), now=now)

    done = pictures.adopt(
        both,
        adopted_on=now.date(),
        adopted_by="Styrgruppen",
        minutes_ref="Styrgruppen 9 juni § 4",
        by=acting("coordinator", now=now),
        now=now,
    )

    assert (done.adopted_by_function, done.minutes_ref) == ("Styrgruppen", "Styrgruppen 9 juni § 4")


def test_nothing_is_adopted_on_a_day_to_come(now):
    both = make.confirmed(make.picture(state="REVIEW", now=now), now=now)
    tomorrow = now.date() + dt.timedelta(days=1)
    by = acting("director", now=now)
    assert "framtiden" in refusal(lambda: pictures.adopt(both, adopted_on=tomorrow, by=by, now=now))


@pytest.mark.parametrize("who", ["police_liaison", "lpo_chief", "communicator", "head_social", "registrar"])
def test_nobody_else_adopts_the_joint_picture(now, who):
    both = make.confirmed(make.picture(state="REVIEW", now=now), now=now)
    with pytest.raises(NotAllowed):
        pictures.adopt(both, adopted_on=now.date(), minutes_ref="§ 1", by=acting(who, now=now), now=now)


def test_the_police_adopt_their_own(now):
    own = make.picture(kind=PictureKind.OWN, by="police_liaison", state="REVIEW", now=now)

    with pytest.raises(NotAllowed):
        pictures.adopt(own, adopted_on=now.date(), by=acting("director", now=now), now=now)
    done = pictures.adopt(own, adopted_on=now.date(), by=acting("lpo_chief", now=now), now=now)

    assert done.state == PictureState.ADOPTED


def test_an_own_picture_supersedes_the_one_before_when_it_is_adopted(now):
    first = make.picture(kind=PictureKind.OWN, state="ADOPTED", now=now)
    make.picture(kind=PictureKind.OWN, state="ADOPTED", previous=first, now=now)

    assert fresh(first).state == PictureState.SUPERSEDED


# --- Published --------------------------------------------------------------------------------------------


def test_the_communicator_publishes_after_a_secrecy_check(now):
    adopted = make.picture(state="ADOPTED", now=now)
    by = acting("communicator", now=now)

    assert "sekretessen" in refusal(lambda: pictures.publish(adopted, secrecy_checked=False, by=by, now=now))
    done = pictures.publish(adopted, secrecy_checked=True, by=by, now=now, seen=adopted.revision)

    assert done.state == PictureState.PUBLISHED
    assert done.is_public
    assert (done.secrecy_checked_at, done.secrecy_checked_by_function) == (now, by.function_label)
    assert list(SituationPicture.objects.published()) == [done]
    with pytest.raises(MoveNotAllowed):
        pictures.publish(adopted, secrecy_checked=True, by=by, now=now)


@pytest.mark.parametrize("who", ["coordinator", "director", "police_liaison", "head_social", "administrator"])
def test_nobody_else_publishes_or_withdraws(now, who):
    adopted = make.picture(state="ADOPTED", now=now)
    with pytest.raises(NotAllowed):
        pictures.publish(adopted, secrecy_checked=True, by=acting(who, now=now), now=now)
    shown = make.moved_to(make.picture(now=now), PictureState.PUBLISHED, now=now)
    with pytest.raises(NotAllowed):
        pictures.withdraw(shown, reason="Fel", by=acting(who, now=now), now=now)


@pytest.mark.parametrize("state", ["DRAFT", "REVIEW"])
def test_what_is_not_adopted_is_not_published(now, state):
    with pytest.raises(MoveNotAllowed):
        pictures.publish(
            make.picture(state=state, now=now), secrecy_checked=True, by=acting("communicator", now=now), now=now
        )


@pytest.mark.parametrize("by", ["coordinator", "police_liaison"])
def test_own_pictures_are_never_published(now, by):
    own = make.picture(kind=PictureKind.OWN, by=by, state="ADOPTED", now=now)
    with pytest.raises(Refused, match="aldrig"):
        pictures.publish(own, secrecy_checked=True, by=acting("communicator", now=now), now=now)
    assert not SituationPicture.objects.published().exists()


def test_an_identity_number_stops_the_publication(now):
    adopted = make.picture(state="ADOPTED", now=now)
    adopted.findings.update(claim_en=IDENTITY_NUMBER)
    with pytest.raises(Refused, match="personnummer"):
        pictures.publish(adopted, secrecy_checked=True, by=acting("communicator", now=now), now=now)


def test_signs_of_persons_are_named_by_kind(now):
    whole = make.picture(now=now)
    assert pictures.signs_of_persons(whole) == []
    whole.findings.update(claim="Ring 070-123 45 67 och fråga.")
    assert [kind.value for kind in pictures.signs_of_persons(whole)] == ["PHONE"]


def test_publishing_supersedes_the_one_before_and_both_can_be_read(now):
    before = make.picture(state="PUBLISHED", now=now)
    after = make.picture(previous=before, now=now)
    assert fresh(before).state == PictureState.PUBLISHED

    after = make.moved_to(after, PictureState.PUBLISHED, now=now)

    assert fresh(before).state == PictureState.SUPERSEDED
    assert set(SituationPicture.objects.published()) == {fresh(before), after}


def test_one_that_was_never_published_is_superseded_and_stays_hidden(now):
    before = make.picture(state="ADOPTED", now=now)
    make.picture(previous=before, state="PUBLISHED", now=now)

    assert fresh(before).state == PictureState.SUPERSEDED
    assert not fresh(before).is_public


def test_when_the_publication_fails_nothing_is_superseded(now, monkeypatch):
    before = make.picture(state="PUBLISHED", now=now)
    after = make.picture(previous=before, state="ADOPTED", now=now)

    with pytest.raises(StalePage):
        pictures.publish(
            after, secrecy_checked=True, by=acting("communicator", now=now), now=now, seen=after.revision - 1
        )

    assert fresh(before).state == PictureState.PUBLISHED


def test_withdrawn_it_is_gone_and_can_be_shown_again(now):
    shown = make.picture(state="PUBLISHED", now=now)
    by = acting("communicator", now=now)

    assert "Skriv varför" in refusal(lambda: pictures.withdraw(shown, reason="", by=by, now=now))
    gone = pictures.withdraw(shown, reason="Ett diagram är fel.", by=by, now=now)
    assert not SituationPicture.objects.published().exists()
    assert gone.comments.get().kind == CommentKind.WITHDRAWN
    with pytest.raises(MoveNotAllowed):
        pictures.withdraw(shown, reason="Igen", by=by, now=now)

    back = pictures.publish(gone, secrecy_checked=True, by=by, now=now)
    assert back.is_public
    assert back.published_at == shown.published_at


# --- Opened, discarded, commented, diary ------------------------------------------------------------------


def test_the_police_do_not_open_what_is_not_theirs(now):
    own = make.picture(kind=PictureKind.OWN, by="police_liaison", now=now)
    with pytest.raises(NotAllowed):
        pictures.open_to_police(own, by=acting("coordinator", now=now), now=now)


def test_a_draft_is_thrown_away_by_its_writers_only_and_only_as_a_draft(now):
    draft = pictures.open_to_police(make.picture(now=now), by=acting("coordinator", now=now), now=now)
    with pytest.raises(NotAllowed):
        pictures.discard(draft, by=acting("police_liaison", now=now), now=now)
    reviewed = make.picture(state="REVIEW", now=now)
    with pytest.raises(NotAllowed):
        pictures.discard(reviewed, by=acting("coordinator", now=now), now=now)

    pictures.discard(draft, by=acting("coordinator", now=now), now=now)

    assert not SituationPicture.objects.filter(pk=draft.pk).exists()


def test_comments_stay_with_those_who_write(now):
    draft = make.picture(now=now)
    coordinator = acting("coordinator", now=now)
    pictures.comment(draft, text="Hämta siffror från skolan.", by=coordinator, now=now)

    for who in ("police_liaison", "communicator", "head_social"):
        with pytest.raises(NotAllowed):
            pictures.comment(draft, text="Hej", by=acting(who, now=now), now=now)
    assert "Skriv" in refusal(lambda: pictures.comment(draft, text=" ", by=coordinator, now=now))
    assert draft.comments.count() == 1


@pytest.mark.parametrize("who", ["registrar", "coordinator"])
def test_the_diary_number_is_set_when_it_is_adopted_too(now, who):
    adopted = make.picture(state="ADOPTED", now=now)
    done = pictures.set_diary_number(adopted, diary_number=" KS 2020-7 ", by=acting(who, now=now), now=now)
    assert done.diary_number == "KS 2020-7"
    with pytest.raises(NotAllowed):
        pictures.set_diary_number(adopted, diary_number="x", by=acting("head_social", now=now), now=now)
