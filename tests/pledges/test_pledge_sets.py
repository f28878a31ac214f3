"""The set: begun, shown to others, signed, published, prolonged, withdrawn."""

from __future__ import annotations

import datetime as dt

import pytest

from lysekil_trygghet.history.guards import NotAllowed, Refused
from lysekil_trygghet.history.operations import MoveNotAllowed, StalePage
from lysekil_trygghet.privacy.kinds import Kind
from pledges.checks import signs_of_persons
from pledges.lifecycle import SET_MOVES, RequestState, SetState
from pledges.models import PledgeSet, ProgressRequest
from pledges.operations import pledge_sets, priorities
from pledges.operations.commitments import LinkRow, UnitRow

from .. import make_pledges as making
from .. import make_situation
from ..make_incidents import department, fresh, last_event, verbs
from .acting import NOW, TODAY, WRITING, by, who_may

pytestmark = pytest.mark.django_db


def publishing(made: PledgeSet, actor, **values) -> PledgeSet:
    ticks = {"plain_language": True, "accessibility": True}
    return pledge_sets.publish(made, by=actor, now=NOW, **(ticks | values))


# --- Begun and changed --------------------------------------------------------------------------------


def test_a_set_begins_as_a_draft_of_those_who_write_it():
    made = making.pledge_set(now=NOW, title="Medborgarlöften för året")
    assert (made.state, made.slug, verbs(made)) == (SetState.DRAFT, "medborgarloften-for-aret", ["created"])
    assert making.pledge_set(now=NOW, title="Medborgarlöften för året").slug == "medborgarloften-for-aret-2"
    days = {"period_start": TODAY, "period_end": TODAY}
    values = {"title": "Löften", **days}
    assert who_may(lambda actor: pledge_sets.create_set(values=values, by=actor, now=NOW)) == WRITING


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"title": " "}, "rubrik"),
        ({"period_end": TODAY - dt.timedelta(days=400)}, "slutar innan"),
        ({"period_end": None}, "vilken dag"),
        ({"progress_interval_months": 13}, "tolfte"),
    ],
)
def test_odd_values_are_refused_in_words(values, words):
    with pytest.raises(Refused, match=words):
        making.pledge_set(now=NOW, **values)
    made = making.pledge_set(now=NOW)
    with pytest.raises(Refused, match=words):
        pledge_sets.edit_set(made, values=values, by=by("coordinator"), now=NOW)


def test_a_set_is_built_on_a_joint_picture_and_follows_another_set():
    own = make_situation.empty_picture(now=NOW, kind="OWN")
    with pytest.raises(Refused, match="gemensam"):
        making.pledge_set(now=NOW, picture=own)
    made = making.pledge_set(now=NOW, picture=make_situation.empty_picture(now=NOW))
    with pytest.raises(Refused, match="följa på sig själva"):
        pledge_sets.edit_set(made, values={"previous": made}, by=by("coordinator"), now=NOW)


def test_a_new_title_gives_a_draft_a_new_address():
    made = making.pledge_set(now=NOW, title="Ett")
    made = pledge_sets.edit_set(made, values={"title": "Två"}, by=by("coordinator"), now=NOW, seen=made.revision)
    assert made.slug == "tva"
    with pytest.raises(StalePage):
        pledge_sets.edit_set(made, values={"title": "Tre"}, by=by("director"), now=NOW, seen=0)
    assert who_may(lambda actor: pledge_sets.edit_set(made, values={"title": "X"}, by=actor, now=NOW)) == WRITING


def test_once_agreed_only_what_is_no_promise_is_changed():
    made = making.agreed_set(now=NOW)
    with pytest.raises(Refused, match="Öppna dem som utkast"):
        pledge_sets.edit_set(made, values={"intro": "Annat"}, by=by("coordinator"), now=NOW)
    kept = pledge_sets.edit_set(made, values={"progress_interval_months": 1}, by=by("coordinator"), now=NOW)
    assert (kept.progress_interval_months, kept.state, kept.both_have_confirmed) == (1, SetState.AGREED, True)
    shown = making.published_set(now=NOW)
    with pytest.raises(Refused, match="publicerade och står fast"):
        pledge_sets.edit_set(shown, values={"title": "Annat"}, by=by("coordinator"), now=NOW)


def test_diary_numbers_are_the_registrars_and_the_coordinators():
    made = making.published_set(now=NOW)
    may = who_may(lambda actor: pledge_sets.set_diary_number(made, diary_number="KS 2020-7", by=actor, now=NOW))
    assert may == {"registrar", "coordinator"}


# --- Shown to others ----------------------------------------------------------------------------------


def test_a_draft_is_opened_to_the_police_once_and_that_is_logged():
    made = making.pledge_set(now=NOW)
    assert not PledgeSet.objects.visible_to(by("police_liaison")).exists()
    assert who_may(lambda actor: pledge_sets.open_to_police(made, by=actor, now=NOW)) == WRITING
    opened = pledge_sets.open_to_police(made, by=by("coordinator"), now=NOW)
    assert (opened.opened_to_police_at, verbs(made)[-1]) == (NOW, "opened_to_police")
    assert PledgeSet.objects.visible_to(by("police_liaison")).get() == made
    with pytest.raises(MoveNotAllowed):
        pledge_sets.open_to_police(made, by=by("coordinator"), now=NOW)


def test_a_draft_is_shared_with_one_organisation_at_a_time():
    made = making.pledge_set(now=NOW)
    social, education = department("socialforvaltningen"), department("utbildningsforvaltningen")
    pledge_sets.share_with(made, social, by=by("coordinator"), now=NOW)
    assert last_event(made).details == {"organisation_id": social.pk}
    assert PledgeSet.objects.visible_to(by("officer_social")).exists()
    assert not PledgeSet.objects.visible_to(by("officer_education")).exists()
    with pytest.raises(MoveNotAllowed):
        pledge_sets.share_with(made, social, by=by("coordinator"), now=NOW)
    with pytest.raises(Refused, match="Polisen"):
        pledge_sets.share_with(made, department("polisen"), by=by("coordinator"), now=NOW)
    assert who_may(lambda actor: pledge_sets.share_with(made, education, by=actor, now=NOW)) == WRITING


def test_a_draft_nobody_else_has_seen_can_be_thrown_away():
    made = making.whole_set(now=NOW)
    pledge_sets.discard_set(made, by=by("coordinator"), now=NOW)
    assert not PledgeSet.objects.exists()
    shown = making.opened(making.pledge_set(now=NOW), now=NOW)
    with pytest.raises(Refused, match="allmän handling"):
        pledge_sets.discard_set(shown, by=by("coordinator"), now=NOW)


# --- Opened again, signed -----------------------------------------------------------------------------


@pytest.mark.parametrize("state", [SetState.AGREED, SetState.SIGNED])
def test_an_agreed_or_signed_set_is_opened_again_with_a_reason(state):
    made = making.moved_to(making.whole_set(now=NOW), state, now=NOW)
    with pytest.raises(Refused, match="varför"):
        pledge_sets.reopen(made, reason=" ", by=by("coordinator"), now=NOW)
    assert who_may(lambda actor: pledge_sets.reopen(made, reason="Fel dag.", by=actor, now=NOW)) == WRITING
    drafted = pledge_sets.reopen(made, reason="Fel dag.", by=by("coordinator"), now=NOW, seen=made.revision)
    assert (drafted.state, drafted.both_have_confirmed, drafted.signatures.count()) == (SetState.DRAFT, False, 0)
    assert drafted.reopened_reason == "Fel dag."
    assert "Fel dag." not in str(last_event(drafted).details)
    # Unchanged wordings keep the Police's yes; the set itself is agreed anew.
    assert drafted.areas.get().is_police_confirmed
    again = making.moved_to(drafted, SetState.AGREED, now=NOW)
    assert again.state == SetState.AGREED


def signature(made: PledgeSet, slug: str, **values):
    values = {"function_label": "Ordförande", "signed_on": TODAY, "by": by("coordinator"), "now": NOW} | values
    return pledge_sets.add_signature(made, organisation=department(slug), **values)


def test_signed_takes_a_signature_of_each_party():
    made = making.agreed_set(now=NOW)
    with pytest.raises(Refused, match=r"Kommunens underskrift saknas.*Polisens underskrift saknas"):
        pledge_sets.sign(made, by=by("coordinator"), now=NOW)
    signature(made, "kommunledning")
    signature(made, "bostadsbolaget")
    with pytest.raises(Refused, match=r"^Polisens underskrift saknas"):
        pledge_sets.sign(made, by=by("coordinator"), now=NOW)
    signature(made, "polisen", function_label="Lokalpolisområdeschef")
    assert who_may(lambda actor: pledge_sets.sign(made, by=actor, now=NOW)) == WRITING
    made = pledge_sets.sign(made, by=by("coordinator"), now=NOW)
    assert made.state == SetState.SIGNED
    with pytest.raises(MoveNotAllowed):
        pledge_sets.sign(made, by=by("coordinator"), now=NOW, seen=0)


def test_a_company_alone_does_not_sign_for_the_municipality():
    made = making.agreed_set(now=NOW)
    signature(made, "bostadsbolaget")
    signature(made, "polisen")
    with pytest.raises(Refused, match="Kommunens underskrift"):
        pledge_sets.sign(made, by=by("coordinator"), now=NOW)


def test_signatures_are_written_down_whole_once_and_after_the_fact():
    made = making.agreed_set(now=NOW)
    assert who_may(lambda actor: signature(made, "polisen", by=actor)) == WRITING
    signature(made, "polisen")
    for values, words in (
        ({"function_label": " "}, "funktion"),
        ({"signed_on": TODAY + dt.timedelta(days=1)}, "framtiden"),
        ({}, "finns redan"),
    ):
        with pytest.raises(Refused, match=words):
            signature(made, "polisen", **values)
    with pytest.raises(Refused, match="överenskomna"):
        signature(making.whole_set(now=NOW), "polisen")


def test_a_signature_is_taken_away_but_a_signed_set_keeps_one_of_each():
    made = making.agreed_set(now=NOW)
    wrong = signature(made, "bostadsbolaget")
    assert who_may(lambda actor: pledge_sets.remove_signature(fresh(wrong), by=actor, now=NOW)) == WRITING
    pledge_sets.remove_signature(wrong, by=by("coordinator"), now=NOW)
    signed = making.signed(made, now=NOW)
    with pytest.raises(Refused, match="rätta underskriften"):
        pledge_sets.remove_signature(signed.signatures.first(), by=by("coordinator"), now=NOW)
    assert signed.signatures.count() == 2


# --- To residents -------------------------------------------------------------------------------------


def test_the_communicator_alone_publishes_and_the_words_are_fixed():
    made = making.signed_set(now=NOW)
    assert who_may(lambda actor: publishing(made, actor)) == {"communicator"}
    shown = publishing(made, by("communicator"), seen=made.revision)
    assert (shown.state, shown.published_at, shown.is_public) == (SetState.PUBLISHED, NOW, True)
    assert shown.published_by_function == shown.plain_language_checked_by_function == "Kommunikationschef"
    assert set(shown.commitments.values_list("frozen_at", flat=True)) == {NOW}
    assert verbs(shown.commitments.first())[-1] == "promised"
    with pytest.raises(MoveNotAllowed):
        publishing(made, by("communicator"), seen=made.revision)


@pytest.mark.parametrize(
    ("ticks", "words"), [({"plain_language": False}, "klarspråk"), ({"accessibility": False}, "tillgängligheten")]
)
def test_both_ticks_are_the_communicators_own(ticks, words):
    with pytest.raises(Refused, match=words):
        publishing(making.signed_set(now=NOW), by("communicator"), **ticks)


TEXTS = {
    "set": lambda text: making.whole_set(now=NOW, intro=text),
    "area": lambda text: (
        priorities.edit_area(
            making.whole_set(now=NOW).areas.get(), values={"why_en": text}, by=by("coordinator"), now=NOW
        ).pledge_set
    ),
    "promise": lambda text: making.commitment(now=NOW, leads=("polisen",), text_as_promised_en=text).pledge_set,
    "purpose": lambda text: making.commitment(now=NOW, purpose=text).pledge_set,
    "unit": lambda text: making.commitment(now=NOW, units=[UnitRow(text)]).pledge_set,
    "link": lambda text: making.commitment(now=NOW, links=[LinkRow(text, "https://kommun.example/")]).pledge_set,
}


@pytest.mark.parametrize("place", list(TEXTS))
def test_an_identity_number_anywhere_stops_publication(place):
    made = making.moved_to(TEXTS[place]("Ring 19811228-9874 om det."), SetState.SIGNED, now=NOW)
    with pytest.raises(Refused, match="personnummer"):
        publishing(made, by("communicator"), confirm_privacy=True)
    assert fresh(made).state == SetState.SIGNED


def test_other_signs_of_persons_are_looked_through_first():
    made = making.signed_set(now=NOW, intro="Skriv till anna.berg@kommun.example om det.")
    assert signs_of_persons(made) == [Kind.EMAIL]
    with pytest.raises(Refused, match="e-postadress"):
        publishing(made, by("communicator"))
    assert publishing(made, by("communicator"), confirm_privacy=True).is_public


@pytest.mark.parametrize("state", [SetState.DRAFT, SetState.AGREED])
def test_nothing_is_published_before_it_is_signed(state):
    made = making.moved_to(making.whole_set(now=NOW), state, now=NOW)
    with pytest.raises(MoveNotAllowed):
        publishing(made, by("communicator"))


def test_a_set_that_is_followed_up_is_not_published_again_by_the_communicator():
    with pytest.raises(MoveNotAllowed):
        publishing(making.closing_set(now=NOW), by("communicator"))


# --- Prolonged, withdrawn -----------------------------------------------------------------------------


def prolonging(made: PledgeSet, actor, *, days: int = 30, reason: str = "Läget är detsamma.") -> PledgeSet:
    new_end = made.period_end + dt.timedelta(days=days)
    return pledge_sets.prolong(made, new_end=new_end, reason=reason, by=actor, now=NOW)


def test_a_set_that_runs_is_prolonged_for_all_to_read():
    made = making.published_set(now=NOW)
    assert who_may(lambda actor: prolonging(made, actor)) == WRITING
    longer = prolonging(made, by("coordinator"))
    assert (longer.state, longer.period_end) == (SetState.PUBLISHED, made.period_end + dt.timedelta(days=30))
    row = longer.prolongations.get()
    assert (row.old_end, row.new_end, row.reason) == (made.period_end, longer.period_end, "Läget är detsamma.")
    assert verbs(made)[-1] == "prolonged"


def test_a_set_that_is_followed_up_runs_again_when_prolonged():
    made = making.closing_set(now=NOW)
    longer = prolonging(made, by("director"))
    assert (longer.state, verbs(made)[-1]) == (SetState.PUBLISHED, "prolonged")
    assert pledge_sets.begin_due_closings(now=NOW) == 0


@pytest.mark.parametrize(
    ("values", "words"),
    [({"reason": " "}, "varför"), ({"days": 0}, "senare"), ({"reason": "Se 19811228-9874."}, "personnummer")],
)
def test_a_prolongation_says_why_and_is_later(values, words):
    with pytest.raises(Refused, match=words):
        prolonging(making.published_set(now=NOW), by("coordinator"), **values)


def test_a_last_day_that_has_been_is_no_prolongation():
    made = making.closing_set(now=NOW, period_end=TODAY - dt.timedelta(days=10))
    with pytest.raises(Refused, match="redan varit"):
        prolonging(made, by("coordinator"), days=5)


def test_only_what_runs_is_prolonged():
    with pytest.raises(Refused, match="inte publicerade"):
        prolonging(making.signed_set(now=NOW), by("coordinator"))


def test_promises_are_taken_back_by_the_director_with_a_reason_residents_read():
    made = making.published_set(now=NOW)
    assert who_may(lambda a: pledge_sets.withdraw(made, reason="Nytt avtal.", by=a, now=NOW)) == {"director"}
    with pytest.raises(Refused, match="varför"):
        pledge_sets.withdraw(made, reason="", by=by("director"), now=NOW)
    promise = made.commitments.get(number=1)
    asked = ProgressRequest.objects.create(
        commitment=promise, organisation=promise.parties.get().organisation, asked_at=NOW, ladder_from=NOW, due_at=NOW
    )
    gone = pledge_sets.withdraw(made, reason="Nytt avtal.", by=by("director"), now=NOW)
    assert fresh(asked).state == RequestState.CANCELLED
    assert (gone.state, gone.withdrawn_reason) == (SetState.WITHDRAWN, "Nytt avtal.")
    assert PledgeSet.objects.published().filter(pk=made.pk).exists()
    with pytest.raises(MoveNotAllowed):
        pledge_sets.withdraw(making.signed_set(now=NOW), reason="X", by=by("director"), now=NOW)


# --- All moves ----------------------------------------------------------------------------------------


def test_no_operation_opens_a_way_the_table_does_not():
    """Each act from each state: either it ends where the table says, or it is refused."""
    acts = {
        SetState.SIGNED: lambda s: pledge_sets.sign(s, by=by("coordinator"), now=NOW),
        SetState.DRAFT: lambda s: pledge_sets.reopen(s, reason="X", by=by("coordinator"), now=NOW),
        SetState.PUBLISHED: lambda s: publishing(s, by("communicator")),
        SetState.WITHDRAWN: lambda s: pledge_sets.withdraw(s, reason="X", by=by("director"), now=NOW),
    }
    for state in (SetState.DRAFT, SetState.AGREED, SetState.SIGNED, SetState.PUBLISHED):
        for to, act in acts.items():
            made = making.moved_to(making.whole_set(now=NOW), state, now=NOW)
            try:
                ended = act(made).state
            except (MoveNotAllowed, Refused, NotAllowed):
                assert fresh(made).state == state
            else:
                assert (ended, ended in SET_MOVES[state]) == (to, True)
