"""The set: begun, shown to others, agreed by both parties, signed, published, prolonged, withdrawn."""

from __future__ import annotations

import datetime as dt

import pytest

from lysekil_trygghet.history.guards import NotAllowed, Refused
from lysekil_trygghet.history.operations import MoveNotAllowed, StalePage
from lysekil_trygghet.privacy.kinds import Kind
from pledges.checks import missing_to_agree, signs_of_persons
from pledges.lifecycle import SET_MOVES, Delivery, PartyRole, SetState
from pledges.models import Commitment, PledgeSet, RecurrenceRule
from pledges.operations import commitments, pledge_sets, priorities, wordings
from pledges.operations.commitments import LinkRow, UnitRow

from .. import make_pledges as making
from .. import make_situation
from ..make_incidents import department, fresh, last_event, verbs
from .acting import NOW, POLICE, TODAY, WRITING, by, who_may

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


# --- Agreed: coordinator and Police -------------------------------------------------------------------


def test_a_set_is_agreed_when_both_have_said_yes_whoever_comes_last():
    first = making.opened(making.whole_set(now=NOW), now=NOW)
    first = pledge_sets.agree(first, by=by("coordinator"), now=NOW, seen=first.revision)
    assert (first.state, first.is_municipality_confirmed) == (SetState.DRAFT, True)
    first = wordings.confirm_all(first, by=by("police_liaison"), now=NOW, seen=first.revision)
    assert (first.state, first.agreed_at) == (SetState.AGREED, NOW)
    assert first.police_confirmed_by_function == "Kommunpolis"

    second = making.opened(making.whole_set(now=NOW), now=NOW)
    second = wordings.confirm_all(second, by=by("lpo_chief"), now=NOW, seen=second.revision)
    assert second.state == SetState.DRAFT
    second = pledge_sets.agree(second, by=by("coordinator"), now=NOW, seen=second.revision)
    assert second.state == SetState.AGREED
    assert verbs(second)[-2:] == ["municipality_confirmed", "agreed"]


def test_the_whole_is_agreed_with_the_last_wording_of_the_police():
    made = making.opened(making.whole_set(now=NOW), now=NOW)
    made = pledge_sets.agree(made, by=by("coordinator"), now=NOW, seen=made.revision)
    made = pledge_sets.agree(made, by=by("police_liaison"), now=NOW, seen=made.revision)
    assert (made.state, made.both_have_confirmed) == (SetState.DRAFT, True)
    area, promise = made.areas.get(), made.commitments.get(number=2)
    wordings.confirm_wording(area, by=by("police_liaison"), now=NOW, seen=area.revision)
    assert missing_to_agree(made) == ["Polisen har inte bekräftat löfte 2."]
    wordings.confirm_wording(promise, by=by("police_liaison"), now=NOW, seen=promise.revision)
    assert fresh(made).state == SetState.AGREED


def test_only_the_coordinator_and_the_police_agree():
    made = making.opened(making.whole_set(now=NOW), now=NOW)
    may = who_may(lambda actor: pledge_sets.agree(made, by=actor, now=NOW, seen=made.revision))
    assert may == {"coordinator"} | POLICE
    unopened = making.whole_set(now=NOW)
    may = who_may(lambda actor: pledge_sets.agree(unopened, by=actor, now=NOW, seen=unopened.revision))
    assert may == {"coordinator"}


def test_the_coordinator_cannot_say_yes_for_both_without_a_document():
    made = making.opened(making.whole_set(now=NOW), now=NOW)
    made = pledge_sets.agree(made, by=by("coordinator"), now=NOW, seen=made.revision)
    with pytest.raises(MoveNotAllowed):
        pledge_sets.agree(made, by=by("coordinator"), now=NOW, seen=made.revision)
    for half in ({"document": "Brev 12"}, {"document_on": TODAY}):
        with pytest.raises(Refused, match="handling"):
            pledge_sets.agree(made, by=by("coordinator"), now=NOW, seen=made.revision, **half)
    proof = {"document": "Brev 12", "document_on": TODAY}
    made = wordings.confirm_all(made, by=by("coordinator"), now=NOW, seen=made.revision, **proof)
    assert (made.state, made.police_document, made.police_document_on) == (SetState.AGREED, "Brev 12", TODAY)
    assert made.police_confirmed_by_function == ""


def test_nobody_says_yes_to_words_they_did_not_see():
    made = making.opened(making.whole_set(now=NOW), now=NOW)
    promise = made.commitments.get(number=1)
    commitments.edit_commitment(promise, values={"purpose": "Lugn"}, by=by("director"), now=NOW)
    for key in ("coordinator", "police_liaison"):
        with pytest.raises(StalePage):
            pledge_sets.agree(made, by=by(key), now=NOW, seen=made.revision)
    with pytest.raises(StalePage):
        wordings.confirm_all(made, by=by("police_liaison"), now=NOW, seen=made.revision)


def without_area(made: PledgeSet) -> None:
    for promise in made.commitments.all():
        commitments.remove_commitment(promise, by=by("coordinator"), now=NOW)
    priorities.remove_area(made.areas.get(), by=by("coordinator"), now=NOW)


def without_problem(made: PledgeSet) -> None:
    priorities.edit_area(made.areas.get(), values={}, problems=[], by=by("coordinator"), now=NOW)


def without_promise(made: PledgeSet) -> None:
    making.area(now=NOW, pledge_set=made)


def without_lead(made: PledgeSet) -> None:
    parties = [(department("socialforvaltningen"), PartyRole.CONTRIBUTING, "")]
    promise = made.commitments.get(number=1)
    commitments.edit_commitment(promise, values={}, parties=parties, by=by("coordinator"), now=NOW)


def outside_period(made: PledgeSet) -> None:
    values = {"period_end": made.period_end + dt.timedelta(days=1)}
    commitments.edit_commitment(made.commitments.get(number=1), values=values, by=by("coordinator"), now=NOW)


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (without_area, "inget prioriterat område"),
        (without_problem, "Område A bygger inte på något problem"),
        (without_promise, "Område B har inget löfte"),
        (without_lead, "Ingen leder löfte 1"),
        (outside_period, "Löfte 1 har en tid utanför perioden"),
    ],
)
def test_what_is_missing_stops_both_parties(spoil, words):
    made = making.opened(making.whole_set(now=NOW), now=NOW)
    spoil(made)
    made = fresh(made)
    assert any(words in line for line in missing_to_agree(made))
    for key in ("coordinator", "police_liaison"):
        with pytest.raises(Refused, match=words):
            pledge_sets.agree(made, by=by(key), now=NOW, seen=made.revision)
    with pytest.raises(Refused, match=words):
        wordings.confirm_all(made, by=by("police_liaison"), now=NOW, seen=made.revision)


def rewrite_area(made: PledgeSet) -> None:
    priorities.edit_area(made.areas.get(), values={"why": "Nytt"}, by=by("coordinator"), now=NOW)


def rewrite_promise(made: PledgeSet) -> None:
    values = {"text_as_promised": "Kommunen ska vara på kajen."}
    commitments.edit_commitment(made.commitments.get(number=1), values=values, by=by("coordinator"), now=NOW)


def rewrite_set(made: PledgeSet) -> None:
    pledge_sets.edit_set(made, values={"intro": "Nytt"}, by=by("coordinator"), now=NOW)


def new_unit(made: PledgeSet) -> None:
    promise = made.commitments.get(number=1)
    commitments.edit_commitment(promise, values={}, units=[UnitRow("kvällar")], by=by("coordinator"), now=NOW)


def new_promise(made: PledgeSet) -> None:
    making.commitment(now=NOW, pledge_set=made)


def one_less(made: PledgeSet) -> None:
    commitments.remove_commitment(made.commitments.get(number=1), by=by("coordinator"), now=NOW)


@pytest.mark.parametrize(
    "rewrite", [rewrite_area, rewrite_promise, rewrite_set, new_unit, new_promise, one_less, without_problem]
)
def test_every_change_of_words_takes_both_parties_yes_to_the_set_back(rewrite):
    made = making.opened(making.whole_set(now=NOW), now=NOW)
    made = pledge_sets.agree(made, by=by("coordinator"), now=NOW, seen=made.revision)
    made = pledge_sets.agree(made, by=by("police_liaison"), now=NOW, seen=made.revision)
    assert made.both_have_confirmed
    rewrite(made)
    now_is = fresh(made)
    assert (now_is.is_municipality_confirmed, now_is.is_police_confirmed) == (False, False)
    assert {"municipality_confirmation_cleared", "police_confirmation_cleared"} <= set(verbs(made))


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
    with pytest.raises(Refused, match="^Polisens underskrift saknas"):
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
    assert shown.published_by_function == shown.plain_language_checked_by_function == "Kommunikatör"
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
    with pytest.raises(Refused, match="redan varit"):
        made = making.closing_set(now=NOW, period_end=TODAY - dt.timedelta(days=10))
        prolonging(made, by("coordinator"), days=5)


def test_only_what_runs_is_prolonged():
    with pytest.raises(Refused, match="inte publicerade"):
        prolonging(making.signed_set(now=NOW), by("coordinator"))


def test_promises_are_taken_back_by_the_director_with_a_reason_residents_read():
    made = making.published_set(now=NOW)
    assert who_may(lambda a: pledge_sets.withdraw(made, reason="Nytt avtal.", by=a, now=NOW)) == {"director"}
    with pytest.raises(Refused, match="varför"):
        pledge_sets.withdraw(made, reason="", by=by("director"), now=NOW)
    gone = pledge_sets.withdraw(made, reason="Nytt avtal.", by=by("director"), now=NOW)
    assert (gone.state, gone.withdrawn_reason) == (SetState.WITHDRAWN, "Nytt avtal.")
    assert PledgeSet.objects.published().filter(pk=made.pk).exists()
    with pytest.raises(MoveNotAllowed):
        pledge_sets.withdraw(making.signed_set(now=NOW), reason="X", by=by("director"), now=NOW)


# --- From the one before ------------------------------------------------------------------------------


def next_set(previous: PledgeSet, actor=None, **values) -> PledgeSet:
    start = previous.period_end + dt.timedelta(days=1)
    days = {"period_start": start, "period_end": start + dt.timedelta(days=364)}
    actor = actor or by("coordinator")
    return pledge_sets.set_from_previous(previous, title="Nästa år", by=actor, now=NOW, **(days | values))


def carry(promise: Commitment, note: str = "Vi fortsätter nästa år.") -> None:
    commitments.set_delivery(
        promise,
        organisation=department("socialforvaltningen"),
        to=Delivery.CARRIED_OVER,
        reason="Behovet finns kvar.",
        by=by("coordinator"),
        now=NOW,
    )
    if note:
        commitments.write_answer(promise, public_note=note, by=by("coordinator"), now=NOW)


def test_a_promise_is_carried_over_only_with_its_answer():
    made = making.published_set(now=NOW)
    one, two = made.commitments.order_by("number")
    with pytest.raises(Refused, match="Inget löfte är förlängt"):
        next_set(made)
    with pytest.raises(Refused, match="Löfte 1, 2 saknar avslut"):
        next_set(made, commitments=[one, two])
    carry(one, note="")
    with pytest.raises(Refused, match="Löfte 1 saknar avslut"):
        next_set(made)
    carry_note = commitments.write_answer(one, public_note="Vi fortsätter.", by=by("coordinator"), now=NOW)
    assert carry_note.is_final
    with pytest.raises(Refused, match="Löfte 2 saknar avslut"):
        next_set(made, commitments=[one, two])
    new = next_set(made)
    assert (new.previous, new.state, new.last_number) == (made, SetState.DRAFT, 1)
    assert new.commitments.get().carried_from == one
    assert who_may(lambda actor: next_set(made, actor)) == WRITING


def test_a_carried_promise_takes_its_words_and_plan_along_but_nothing_of_how_it_went():
    made = making.pledge_set(now=NOW)
    area = making.area(now=NOW, pledge_set=made)
    making.commitment(now=NOW, area=area, leads=("polisen",))
    units = [UnitRow("kvällar", "evenings", 8)]
    links = [LinkRow("Läs mer", "https://kommun.example/")]
    promise = making.commitment(now=NOW, area=area, units=units, links=links, contributing=("polisen",))
    RecurrenceRule.objects.create(commitment=promise, reading="DAYS", limit=14, active_from=made.period_start)
    made = making.moved_to(made, SetState.PUBLISHED, now=NOW)
    making.amendment(promise, now=NOW, new_text="Kommunen ska vara där varje kväll.", new_text_en="Every evening.")
    carry(promise)

    new = next_set(made)
    copy = new.commitments.get()
    assert (copy.number, copy.text_as_promised, copy.text_as_promised_en) == (
        1,
        "Kommunen ska vara där varje kväll.",
        "Every evening.",
    )
    assert [(u.name, u.name_en, u.target_min) for u in copy.units.all()] == [("kvällar", "evenings", 8)]
    assert copy.links.get().url == "https://kommun.example/"
    assert set(copy.parties.values_list("organisation__slug", "role")) == {
        ("socialforvaltningen", "LEAD"),
        ("polisen", "CONTRIBUTING"),
    }
    assert (copy.rule.limit, copy.rule.active_from) == (14, new.period_start)
    assert (copy.delivery_state, copy.public_note, copy.is_police_confirmed) == (Delivery.PLANNED, "", False)
    assert list(copy.area.problems.all()) == list(area.problems.all())


def test_a_draft_is_nobodys_previous_set():
    with pytest.raises(Refused, match="publicerats"):
        next_set(making.signed_set(now=NOW))


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
