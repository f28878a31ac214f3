"""To residents: approved by the content's owner, published by the communicator or by the clock, withdrawn."""

from __future__ import annotations

import datetime as dt

import pytest

from incidents.lifecycle import PublicationState
from incidents.models import Assignment, ContactPoint, PublicUpdate, ReportBack, StaffMessage
from incidents.operations import assignments, decisions, news, publication, reports, rounds
from incidents.operations.publication import KINDS, missing_before_publication, publish_due
from lysekil_trygghet.history.guards import NotAllowed, Refused
from lysekil_trygghet.history.operations import MoveNotAllowed, StalePage

from .. import make_incidents as make
from ..make import at
from .at_once import at_once, refused_with

pytestmark = pytest.mark.django_db

NOW = at("2020-06-09", "10:00")
MONDAY = at("2020-06-15", "12:00")
# A number that is made up, with a right check digit (the tax agency's own test series).
IDENTITY_NUMBER = "19121212-1212"


def by(key: str):
    return make.acting(key, now=NOW)


def approved(**values) -> PublicUpdate:
    return publication.approve(make.update(now=NOW, **values), by=by("coordinator"), now=NOW)


def published(**values) -> PublicUpdate:
    return publication.publish(approved(**values), by=by("communicator"), now=NOW)


def package(**values):
    made = make.package(now=NOW, **values)
    news.put_item(made, item=None, values={"what": "Fler vuxna ute."}, by=by("coordinator"), now=NOW)
    return publication.approve(make.fresh(made), by=by("director"), now=NOW)


# --- Approve, publish, withdraw ---------------------------------------------------------------------------


def test_two_persons_and_two_questions():
    draft = make.update(now=NOW)
    assert missing_before_publication(draft) == [
        "Nyheten är inte godkänd. Det gör kommundirektören, en ställföreträdare eller samordnaren."
    ]
    with pytest.raises(Refused, match="inte godkänd"):
        publication.publish(draft, by=by("communicator"), now=NOW)
    ready = publication.approve(draft, by=by("coordinator"), now=NOW, seen=draft.revision)
    assert (ready.state, ready.approved_by_function) == (PublicationState.APPROVED, "Trygghetssamordnare")
    shown = publication.publish(ready, by=by("communicator"), now=NOW, seen=ready.revision)
    assert (shown.state, shown.published_at, shown.is_public) == (PublicationState.PUBLISHED, NOW, True)
    assert make.verbs(draft) == ["created", "approved", "published"]
    for again in (draft, ready, shown):
        with pytest.raises(MoveNotAllowed):
            publication.publish(again, by=by("communicator"), now=NOW)
    with pytest.raises(MoveNotAllowed):
        publication.approve(shown, by=by("coordinator"), now=NOW)


@pytest.mark.parametrize("key", ["communicator", "head_social", "lpo_chief", "auditor"])
def test_the_owner_approves_and_nobody_else(key):
    with pytest.raises(NotAllowed):
        publication.approve(make.update(now=NOW), by=by(key), now=NOW)


@pytest.mark.parametrize("key", ["director", "coordinator", "head_social", "lpo_chief", "auditor"])
def test_the_communicator_publishes_and_withdraws_and_nobody_else(key):
    with pytest.raises(NotAllowed):
        publication.publish(approved(), by=by(key), now=NOW)
    with pytest.raises(NotAllowed):
        publication.withdraw(published(), reason="Fel.", by=by(key), now=NOW)


def test_withdrawn_with_a_reason_made_ready_again_and_never_thrown_away():
    shown = published()
    with pytest.raises(Refused, match="varför"):
        publication.withdraw(shown, reason=" ", by=by("communicator"), now=NOW)
    gone = publication.withdraw(shown, reason="Fel dag.", by=by("communicator"), now=NOW)
    assert (gone.state, gone.withdrawn_reason, gone.is_public) == (PublicationState.WITHDRAWN, "Fel dag.", False)
    assert not PublicUpdate.objects.published().exists()
    with pytest.raises(MoveNotAllowed):
        publication.withdraw(gone, reason="Igen.", by=by("communicator"), now=NOW)
    draft = publication.take_back_approval(gone, by=by("coordinator"), now=NOW)
    assert (draft.state, draft.is_public) == (PublicationState.DRAFT, False)
    with pytest.raises(Refused, match="bara avpubliceras"):
        news.discard_update(draft, by=by("coordinator"), now=NOW)
    ready = publication.approve(draft, by=by("coordinator"), now=NOW)
    again = publication.publish(ready, by=by("communicator"), now=MONDAY)
    assert (again.published_at, again.is_public) == (MONDAY, True)


def test_an_old_page_publishes_and_withdraws_nothing():
    ready = approved()
    with pytest.raises(StalePage):
        publication.publish(ready, by=by("communicator"), now=NOW, seen=ready.revision - 1)
    shown = publication.publish(ready, by=by("communicator"), now=NOW)
    with pytest.raises(StalePage):
        publication.withdraw(shown, reason="Fel.", by=by("communicator"), now=NOW, seen=ready.revision)


# --- Every kind -------------------------------------------------------------------------------------------


def shown_report(**values: str) -> ReportBack:
    """A submitted report on an assignment that residents may read of."""
    return make.submitted_report(now=NOW, assignment=make.issued_assignment(now=NOW, is_public=True), **values)


def ready_things() -> dict[str, object]:
    """One of each kind without states of its own, ready to be published."""
    from incidents.operations import meetings, police

    director = by("director")
    report = shown_report(public_text="Vi var ute fyra kvällar.")
    report = reports.accept(report, by=director, now=NOW)
    held = make.follow_up_round(now=NOW)
    (item,) = make.round_items(held)
    rounds.note_no_report(item, note="", by=director, now=NOW)
    meeting = make.meeting(now=NOW)
    meeting = meetings.edit_meeting(
        meeting, values={"notes": "Bra.", "outcome_public": "Vi ses igen."}, by=director, now=NOW
    )
    event = make.event(now=NOW)
    return {
        "event": police.confirm(event, by=by("lpo_chief"), now=NOW, seen=event.revision),
        "response": make.response(now=NOW),
        "decision": make.fresh(report.assignment.decision),
        "report": report,
        "meeting": meetings.approve_minutes(meeting, by=director, now=NOW),
        "round": rounds.close(held, summary_public="En av en väntar.", by=director, now=NOW),
        "contact": make.contact_point(now=NOW),
    }


@pytest.mark.parametrize("kind", ["event", "response", "decision", "report", "meeting", "round", "contact"])
def test_each_kind_is_published_and_withdrawn_and_published_again(kind):
    thing = ready_things()[kind]
    objects = type(thing).objects
    assert not objects.published().filter(pk=thing.pk).exists()
    shown = publication.publish(thing, by=by("communicator"), now=NOW)
    assert objects.published().filter(pk=thing.pk).exists()
    assert make.last_event(thing).verb == "published"
    with pytest.raises(MoveNotAllowed):
        publication.publish(shown, by=by("communicator"), now=NOW)
    publication.withdraw(shown, reason="Fel.", by=by("communicator"), now=NOW)
    assert not objects.published().filter(pk=thing.pk).exists()
    with pytest.raises(MoveNotAllowed):
        publication.withdraw(shown, reason="Fel.", by=by("communicator"), now=NOW)
    publication.publish(make.fresh(shown), by=by("communicator"), now=NOW)
    assert objects.published().filter(pk=thing.pk).exists()


UNREADY = {
    "draft decision": (lambda: make.decision(now=NOW), "inte fattat"),
    "report without public text": (lambda: make.submitted_report(now=NOW), "saknas"),
    "report not accepted": (lambda: make.submitted_report(now=NOW, public_text="Vi var ute."), "inte godkänd"),
    "meeting without minutes": (lambda: make.meeting(now=NOW), "inte godkända"),
    "ongoing round": (lambda: make.follow_up_round(now=NOW), "inte avslutad"),
    "response without background": (lambda: make.response(now=NOW, background=""), "bakgrund"),
    "package without measures": (lambda: make.package(now=NOW), "inga åtgärder"),
    "package not approved": (lambda: make.package(now=NOW), "inte godkänt"),
    "contact point without a way": (
        lambda: news.write_contact_point(
            values={"name": "X", "what_for": "Y", "always_open": True}, by=by("coordinator"), now=NOW
        ),
        "telefon, e-post eller plats",
    ),
    "contact point without hours": (
        lambda: news.write_contact_point(
            values={"name": "X", "what_for": "Y", "phone": "1"}, by=by("coordinator"), now=NOW
        ),
        "Öppettider saknas",
    ),
}


@pytest.mark.parametrize("case", UNREADY)
def test_what_is_not_ready_is_not_published_and_says_what_is_missing(case):
    maker, words = UNREADY[case]
    with pytest.raises(Refused, match=words):
        publication.publish(maker(), by=by("communicator"), now=NOW)


def test_a_message_to_the_staff_is_no_public_kind():
    assert StaffMessage not in KINDS


# --- Identity numbers -------------------------------------------------------------------------------------


def leaking() -> dict[str, object]:
    """Things with an identity number where residents would read it, put there past the forms."""
    decision = make.issued_assignment(now=NOW, is_public=True, public_text=f"Ring {IDENTITY_NUMBER}.").decision
    decision_with_point = decisions.decide(
        make.decision(now=NOW, points=(f"Punkt {IDENTITY_NUMBER}",)), by=by("director"), now=NOW
    )
    measure = make.package(now=NOW)
    news.put_item(measure, item=None, values={"what": f"Gör {IDENTITY_NUMBER}"}, by=by("coordinator"), now=NOW)
    report = make.submitted_report(now=NOW, public_text=f"Vi mötte {IDENTITY_NUMBER}.")
    return {
        "body": approved(body=f"Kontakta {IDENTITY_NUMBER}."),
        "english title": approved(title_en=IDENTITY_NUMBER),
        "assignment": make.fresh(decision),
        "point": decision_with_point,
        "measure": publication.approve(make.fresh(measure), by=by("director"), now=NOW),
        "report": reports.accept(report, by=by("director"), now=NOW),
        "response": make.response(now=NOW, background=IDENTITY_NUMBER),
    }


@pytest.mark.parametrize("where", ["body", "english title", "assignment", "point", "measure", "report", "response"])
def test_an_identity_number_stops_the_publication_and_is_not_repeated(where):
    thing = leaking()[where]
    with pytest.raises(Refused, match="personnummer") as refusal:
        publication.publish(thing, by=by("communicator"), now=NOW)
    assert "1212" not in str(refusal.value)
    assert not make.fresh(thing).is_public


def test_an_identity_number_stops_the_clock_too():
    timed = publication.set_publication_time(
        approved(body=IDENTITY_NUMBER), publish_at=MONDAY, announced_for=None, by=by("communicator"), now=NOW
    )
    assert publish_due(now=MONDAY) == 0
    assert make.fresh(timed).state == PublicationState.APPROVED


# --- By the clock -----------------------------------------------------------------------------------------


def timed(thing, publish_at: dt.datetime = MONDAY):
    return publication.set_publication_time(
        thing, publish_at=publish_at, announced_for=publish_at, by=by("communicator"), now=NOW
    )


def test_published_by_the_clock_at_its_time_and_once():
    update, pack = timed(approved()), timed(package())
    assert publish_due(now=MONDAY - dt.timedelta(seconds=1)) == 0
    assert publish_due(now=MONDAY) == 2
    assert publish_due(now=MONDAY) == 0
    for thing in (update, pack):
        assert (make.fresh(thing).published_at, make.fresh(thing).is_public) == (MONDAY, True)
        event = make.last_event(thing)
        assert (event.verb, event.actor, event.actor_label) == ("published", None, "Portalen")


def test_what_is_not_approved_or_misses_something_waits_and_the_rest_goes_out():
    draft = timed(make.update(now=NOW))
    unconfirmed = timed(approved(about_police=True))
    ready = timed(approved())
    assert publish_due(now=MONDAY) == 1
    assert [make.fresh(one).is_public for one in (draft, unconfirmed, ready)] == [False, False, True]
    publication.approve(draft, by=by("coordinator"), now=MONDAY)
    assert publish_due(now=MONDAY) == 1


def test_only_the_communicator_sets_a_time_at_which_a_thing_publishes_itself():
    ready = approved()
    with pytest.raises(NotAllowed):
        publication.set_publication_time(ready, publish_at=MONDAY, announced_for=None, by=by("coordinator"), now=NOW)
    with pytest.raises(NotAllowed):
        publication.set_publication_time(ready, publish_at=None, announced_for=MONDAY, by=by("head_social"), now=NOW)
    with pytest.raises(NotAllowed):
        news.write_update(values={"title": "X", "lead": "Y", "publish_at": MONDAY}, by=by("coordinator"), now=NOW)
    with pytest.raises(NotAllowed):
        news.edit_update(ready, values={"publish_at": MONDAY}, by=by("coordinator"), now=NOW)
    told = publication.set_publication_time(
        ready, publish_at=None, announced_for=MONDAY, by=by("coordinator"), now=NOW
    )
    assert (told.publish_at, told.announced_for) == (None, MONDAY)
    with pytest.raises(Refused, match="redan varit"):
        publication.set_publication_time(ready, publish_at=NOW, announced_for=None, by=by("communicator"), now=NOW)


def test_a_time_moved_while_the_sweep_looked_is_respected():
    ready = timed(approved())
    seen_by_sweep = make.fresh(ready)
    timed(ready, MONDAY + dt.timedelta(days=1))
    assert publication._publish_if_still_due(seen_by_sweep, now=MONDAY) is False
    assert not make.fresh(ready).is_public


# --- What residents may read of assignments and reports ---------------------------------------------------


def test_assignments_are_shown_when_marked_and_their_decision_is_published():
    owed = make.issued_assignment(now=NOW, is_public=True, public_text="Vi är ute.")
    hidden = make.issued_assignment(now=NOW)
    assert not Assignment.objects.shown_to_residents().exists()
    for one in (owed, hidden):
        publication.publish(make.fresh(one.decision), by=by("communicator"), now=NOW)
    assert list(Assignment.objects.shown_to_residents()) == [owed]
    publication.withdraw(make.fresh(owed.decision), reason="Fel.", by=by("communicator"), now=NOW)
    assert not Assignment.objects.shown_to_residents().exists()
    publication.publish(make.fresh(owed.decision), by=by("communicator"), now=NOW)
    assignments.cancel_assignment(owed, reason="Fel.", by=by("director"), now=NOW)
    assert not Assignment.objects.shown_to_residents().exists()


def test_a_report_is_read_when_it_is_accepted_published_and_says_something_to_residents():
    report = reports.accept(shown_report(public_text="Vi var ute."), by=by("director"), now=NOW)
    silent = reports.accept(shown_report(), by=by("director"), now=NOW)
    inside = reports.accept(make.submitted_report(now=NOW, public_text="Vi var ute."), by=by("director"), now=NOW)
    publication.publish(report, by=by("communicator"), now=NOW)
    for unread in (silent, inside):
        with pytest.raises(Refused):
            publication.publish(unread, by=by("communicator"), now=NOW)
    assert list(ReportBack.objects.published()) == [report]


# --- Packages ---------------------------------------------------------------------------------------------


def test_a_new_version_replaces_the_old_which_stays_readable_and_can_be_taken_away():
    first = publication.publish(package(), by=by("communicator"), now=NOW)
    second = news.begin_package(first.response, values={"title": "Åtgärdspaket"}, by=by("coordinator"), now=NOW)
    assert (second.version, [item.what for item in second.items.all()]) == (2, ["Fler vuxna ute."])
    second = publication.approve(second, by=by("director"), now=NOW)
    second = publication.publish(second, by=by("communicator"), now=NOW)
    first = make.fresh(first)
    assert (first.state, first.is_public) == (PublicationState.SUPERSEDED, True)
    gone = publication.withdraw(first, reason="Fel uppgift.", by=by("communicator"), now=NOW)
    assert not gone.is_public
    # An old version does not come back in front of a newer one.
    gone = publication.take_back_approval(gone, by=by("coordinator"), now=NOW)
    gone = publication.approve(gone, by=by("coordinator"), now=NOW)
    with pytest.raises(Refused, match="nyare version"):
        publication.publish(gone, by=by("communicator"), now=NOW)


def test_the_preview_shows_and_keeps_nothing():
    draft = make.update(now=NOW, about_police=True)
    seen = publication.as_published(draft, now=NOW, read=lambda: PublicUpdate.objects.published().count())
    assert seen == 1
    fresh = make.fresh(draft)
    assert (fresh.state, fresh.is_public, fresh.confirmed_by_police) == (PublicationState.DRAFT, False, False)
    assert make.verbs(draft) == ["created"]


def test_every_public_kind_can_say_what_is_missing():
    assert ContactPoint in KINDS
    for model, kind in KINDS.items():
        for name in kind.texts:
            assert model._meta.get_field(name)


# --- At the same moment -----------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_published_by_hand_and_by_two_sweeps_at_once_is_published_once():
    ready = timed(approved())
    communicator = by("communicator")
    outcomes = at_once(
        lambda: publication.publish(make.fresh(ready), by=communicator, now=MONDAY),
        lambda: publish_due(now=MONDAY),
        lambda: publish_due(now=MONDAY),
    )
    assert set(refused_with(outcomes)) <= {"MoveNotAllowed"}
    assert make.verbs(ready).count("published") == 1
