"""Who stands behind the words: each party says yes to what it saw, and any change of the words takes it back."""

from __future__ import annotations

import datetime as dt

import pytest

from lysekil_trygghet.history.guards import NotAllowed, Refused
from lysekil_trygghet.history.models import Event
from lysekil_trygghet.history.operations import MoveNotAllowed, StalePage
from situation.models import SituationPicture
from situation.operations import confirmations, pictures

from .. import make_situation as make
from ..make_incidents import acting

pytestmark = pytest.mark.django_db


@pytest.fixture
def reviewed(now) -> SituationPicture:
    """Under review and opened to the Police; nobody has confirmed."""
    made = make.picture(state="REVIEW", now=now)
    return pictures.open_to_police(made, by=acting("coordinator", now=now), now=now)


def verbs(thing) -> list[str]:
    return list(Event.objects.filter(subject_id=thing.pk, subject_label=str(thing)).values_list("verb", flat=True))


def fresh(picture) -> SituationPicture:
    return SituationPicture.objects.get(pk=picture.pk)


@pytest.mark.parametrize("who", ["police_liaison", "lpo_chief"])
def test_a_police_role_confirms_in_its_function(reviewed, now, who):
    police = acting(who, now=now)

    done = confirmations.police_confirm(reviewed, by=police, now=now, seen=reviewed.revision)

    assert (done.police_confirmed_at, done.police_confirmed_by_function) == (now, police.function_label)
    assert (done.police_document, done.police_document_on) == ("", None)
    assert done.is_police_confirmed
    assert not done.both_have_confirmed
    assert verbs(done)[-1] == "police_confirmed"


def test_the_coordinator_records_a_written_confirmation_with_its_document_and_day(reviewed, now):
    day = now.date() - dt.timedelta(days=1)

    done = confirmations.police_confirm(
        reviewed,
        by=acting("coordinator", now=now),
        now=now,
        seen=reviewed.revision,
        document=" A123.456/2020 ",
        document_on=day,
    )

    assert (done.police_document, done.police_document_on) == ("A123.456/2020", day)
    assert done.police_confirmed_by_function == ""
    assert verbs(done)[-1] == "police_confirmed_in_writing"


@pytest.mark.parametrize(
    ("document", "days_ago", "said"),
    [
        ("", 1, "vilken handling"),
        ("   ", 1, "vilken handling"),
        ("A1", None, "vilken dag"),
        ("A1", -1, "framtiden"),
        ("", None, "vilken handling"),
    ],
)
def test_a_written_confirmation_without_document_or_day_is_refused(reviewed, now, document, days_ago, said):
    day = None if days_ago is None else now.date() - dt.timedelta(days=days_ago)

    with pytest.raises(Refused, match=said):
        confirmations.police_confirm(
            reviewed,
            by=acting("coordinator", now=now),
            now=now,
            seen=reviewed.revision,
            document=document,
            document_on=day,
        )

    assert not fresh(reviewed).is_police_confirmed


@pytest.mark.parametrize("who", ["director", "communicator", "head_social", "registrar", "elected", "administrator"])
def test_nobody_else_speaks_for_the_police(reviewed, now, who):
    with pytest.raises(NotAllowed):
        confirmations.police_confirm(
            reviewed,
            by=acting(who, now=now),
            now=now,
            seen=reviewed.revision,
            document="A1",
            document_on=now.date(),
        )


def test_the_police_confirm_nothing_that_was_not_shown_to_them(now):
    hidden = make.picture(state="REVIEW", now=now)

    with pytest.raises(NotAllowed):
        confirmations.police_confirm(hidden, by=acting("police_liaison", now=now), now=now, seen=hidden.revision)


@pytest.mark.parametrize("who", ["director", "police_liaison", "lpo_chief", "communicator", "head_social", "elected"])
def test_only_the_coordinator_confirms_for_the_municipality(reviewed, now, who):
    with pytest.raises(NotAllowed):
        confirmations.municipality_confirm(reviewed, by=acting(who, now=now), now=now, seen=reviewed.revision)

    done = confirmations.municipality_confirm(
        reviewed, by=acting("coordinator", now=now), now=now, seen=reviewed.revision
    )
    assert done.is_municipality_confirmed
    assert done.municipality_confirmed_by_function == acting("coordinator", now=now).function_label


def test_what_was_seen_is_what_is_confirmed(reviewed, now):
    pictures.edit(reviewed, values={"analysis": "Nytt."}, by=acting("coordinator", now=now), now=now)

    with pytest.raises(StalePage):
        confirmations.police_confirm(reviewed, by=acting("lpo_chief", now=now), now=now, seen=reviewed.revision)
    with pytest.raises(StalePage):
        confirmations.municipality_confirm(
            reviewed, by=acting("coordinator", now=now), now=now, seen=reviewed.revision
        )


def test_a_second_yes_of_the_same_party_says_that_it_is_done(reviewed, now):
    police, coordinator = acting("police_liaison", now=now), acting("coordinator", now=now)
    once = confirmations.police_confirm(reviewed, by=police, now=now, seen=reviewed.revision)
    both = confirmations.municipality_confirm(once, by=coordinator, now=now, seen=once.revision)

    assert both.both_have_confirmed
    with pytest.raises(MoveNotAllowed):
        confirmations.police_confirm(reviewed, by=police, now=now, seen=both.revision)
    with pytest.raises(MoveNotAllowed):
        confirmations.municipality_confirm(reviewed, by=coordinator, now=now, seen=both.revision)


@pytest.mark.parametrize("field", ["title", "title_en", "public_summary", "public_summary_en", "analysis"])
def test_a_change_of_the_words_takes_both_confirmations_back(reviewed, now, field):
    both = make.confirmed(reviewed, now=now)

    done = confirmations.change_confirmed(
        both, values={field: "Andra ord"}, by=acting("coordinator", now=now), now=now, seen=both.revision
    )

    assert not done.is_police_confirmed
    assert not done.is_municipality_confirmed
    assert done.police_confirmed_by_function == ""
    cleared = {"police_confirmation_cleared", "municipality_confirmation_cleared"}
    assert cleared <= set(Event.objects.filter(subject_id=done.pk).values_list("verb", flat=True))


def test_a_change_of_something_else_or_of_nothing_keeps_them(reviewed, now):
    both = make.confirmed(reviewed, now=now)
    by = acting("coordinator", now=now)

    same = confirmations.change_confirmed(both, values={"title": both.title}, by=by, now=now)
    other = confirmations.change_confirmed(same, values={"diary_number": "KS 2020-7"}, by=by, now=now)

    assert other.both_have_confirmed
    assert other.diary_number == "KS 2020-7"


def test_a_stale_change_leaves_the_confirmations_and_no_line_of_history(reviewed, now):
    both = make.confirmed(reviewed, now=now)
    before = Event.objects.count()

    with pytest.raises(StalePage):
        confirmations.change_confirmed(
            both, values={"title": "Andra ord"}, by=acting("coordinator", now=now), now=now, seen=both.revision - 1
        )

    assert fresh(both).both_have_confirmed
    assert Event.objects.count() == before


def test_cleared_holds_exactly_the_fields_of_the_confirmations(reviewed):
    assert set(confirmations.cleared(reviewed)) == {
        "police_confirmed_at",
        "police_confirmed_by_function",
        "police_document",
        "police_document_on",
        "municipality_confirmed_at",
        "municipality_confirmed_by_function",
    }


@pytest.mark.parametrize("who", ["coordinator", "director"])
def test_opening_to_the_police_is_an_act_of_the_municipality_and_is_logged(now, who):
    hidden = make.picture(now=now)

    done = confirmations.open_to_police(hidden, by=acting(who, now=now), now=now)

    assert done.opened_to_police_at == now
    assert verbs(done)[-1] == "opened_to_police"
    with pytest.raises(MoveNotAllowed):
        confirmations.open_to_police(hidden, by=acting(who, now=now), now=now)


@pytest.mark.parametrize("who", ["police_liaison", "lpo_chief", "communicator", "head_social", "registrar"])
def test_nobody_else_opens_the_municipalitys_draft(now, who):
    hidden = make.picture(now=now)

    with pytest.raises(NotAllowed):
        confirmations.open_to_police(hidden, by=acting(who, now=now), now=now)
