"""Serious events and responses: written down, corrected, ended with a text to residents."""

from __future__ import annotations

import datetime as dt

import pytest

from incidents.lifecycle import ResponseState
from incidents.models import Response
from incidents.operations import decisions, events, police, publication, responses
from lysekil_trygghet.history.guards import NotAllowed, Refused
from lysekil_trygghet.history.operations import MoveNotAllowed, StalePage

from .. import make_incidents as make
from ..make import at

pytestmark = pytest.mark.django_db

NOW = at("2020-06-09", "10:00")
HOUR = dt.timedelta(hours=1)


def by(key: str):
    return make.acting(key, now=NOW)


# --- Events -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["director", "coordinator"])
def test_leaders_write_down_an_event_with_a_line_of_history(key):
    event = events.report_event(
        values={"title": "Skadegörelse", "kind": "DAMAGE", "occurred_from": NOW - HOUR, "place": "Centrum"},
        by=by(key),
        now=NOW,
    )
    assert make.verbs(event) == ["created"]
    assert (event.is_public, event.confirmed_by_police) == (False, False)


@pytest.mark.parametrize("key", ["head_social", "officer_social", "communicator", "lpo_chief", "auditor"])
def test_others_do_not(key):
    with pytest.raises(NotAllowed):
        events.report_event(values={"title": "X", "kind": "DAMAGE", "occurred_from": NOW}, by=by(key), now=NOW)
    with pytest.raises(NotAllowed):
        events.edit_event(make.event(now=NOW), values={"title": "X"}, by=by(key), now=NOW)


@pytest.mark.parametrize(
    ("times", "words"),
    [
        ({"occurred_from": NOW + HOUR}, "framtiden"),
        ({"occurred_from": NOW - HOUR, "occurred_to": NOW - 2 * HOUR}, "Sluttiden"),
    ],
)
def test_times_that_cannot_be_are_refused(times, words):
    values = {"title": "X", "kind": "DAMAGE", "place": "Torget"}
    with pytest.raises(Refused, match=words):
        events.report_event(values=values | times, by=by("coordinator"), now=NOW)
    event = make.event(now=NOW)
    with pytest.raises(Refused, match=words):
        events.edit_event(event, values=times, by=by("coordinator"), now=NOW)


def test_a_change_of_the_public_wording_clears_what_the_police_confirmed():
    event = make.event(now=NOW)
    event = police.confirm(event, by=by("police_liaison"), now=NOW, seen=event.revision)
    event = publication.publish(event, by=by("communicator"), now=NOW)
    assert type(event).objects.published().filter(pk=event.pk).exists()

    event = events.edit_event(event, values={"internal_note": "Ring igen."}, by=by("coordinator"), now=NOW)
    assert event.is_public
    event = events.edit_event(event, values={"public_summary": "Något annat."}, by=by("coordinator"), now=NOW)
    assert not event.is_public
    assert not type(event).objects.published().exists()
    assert "police_confirmation_cleared" in make.verbs(event)


def test_an_event_changed_on_an_old_page_is_refused():
    event = make.event(now=NOW)
    events.edit_event(event, values={"place": "Hamnen"}, by=by("coordinator"), now=NOW, seen=0)
    with pytest.raises(StalePage):
        events.edit_event(event, values={"place": "Torget"}, by=by("director"), now=NOW, seen=0)
    assert make.fresh(event).place == "Hamnen"


# --- Responses ------------------------------------------------------------------------------------------


def test_a_response_is_begun_around_events():
    happened = make.event(now=NOW)
    response = make.response(now=NOW, happened=[happened])
    assert list(response.events.all()) == [happened]
    assert make.last_event(response).details == {"events": [happened.pk]}


def test_others_do_not_begin_edit_or_end_a_response():
    response = make.response(now=NOW)
    for key in ("head_social", "lpo_chief", "auditor"):
        with pytest.raises(NotAllowed):
            responses.begin(values={"title": "X", "slug": "x", "started_at": NOW}, by=by(key), now=NOW)
        with pytest.raises(NotAllowed):
            responses.edit(response, values={"title": "X"}, by=by(key), now=NOW)
        with pytest.raises(NotAllowed):
            responses.end(response, closing_text="Slut.", by=by(key), now=NOW)
    with pytest.raises(NotAllowed):
        responses.end(response, closing_text="Slut.", by=by("coordinator"), now=NOW)


def test_a_published_response_is_changed_by_the_communicator_with_a_visible_correction():
    response = publication.publish(make.response(now=NOW), by=by("communicator"), now=NOW)
    with pytest.raises(NotAllowed):
        responses.edit(response, values={"background": "Nytt."}, correction="Rättat.", by=by("coordinator"), now=NOW)
    with pytest.raises(Refused, match="rättar"):
        responses.edit(response, values={"background": "Nytt."}, by=by("communicator"), now=NOW)
    with pytest.raises(Refused, match="personnummer"):
        responses.edit(
            response, values={"background": "19121212-1212"}, correction="Rättat.", by=by("communicator"), now=NOW
        )
    edited = responses.edit(
        response, values={"background": "Nytt."}, correction="Rättat.", by=by("communicator"), now=NOW
    )
    assert [row.text for row in edited.corrections.all()] == ["Rättat."]
    assert make.verbs(edited)[-2:] == ["changed", "corrected"]


def test_a_page_opened_before_publication_cannot_change_what_is_published():
    before = make.response(now=NOW)
    publication.publish(before, by=by("communicator"), now=NOW)
    with pytest.raises(NotAllowed):
        responses.edit(before, values={"background": "Nytt."}, by=by("coordinator"), now=NOW)


def test_a_response_ends_with_a_text_when_every_decision_has_ended():
    response = make.response(now=NOW)
    with pytest.raises(Refused, match="avslutande text"):
        responses.end(response, closing_text="  ", by=by("director"), now=NOW)
    draft = make.decision(now=NOW, response=response)
    with pytest.raises(Refused, match="beslut"):
        responses.end(response, closing_text="Slut.", by=by("director"), now=NOW)
    decisions.discard_draft(draft, by=by("coordinator"), now=NOW)
    ended = responses.end(response, closing_text="Slut.", by=by("director"), now=NOW)
    assert (ended.state, ended.ended_at) == (ResponseState.ENDED, NOW)
    assert make.last_event(ended).details == {"from": "ACTIVE", "to": "ENDED"}
    assert not Response.objects.ongoing().exists()
    with pytest.raises(MoveNotAllowed):
        responses.end(response, closing_text="Slut igen.", by=by("director"), now=NOW)
