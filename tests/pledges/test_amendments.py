"""New words for a promise already made: both wordings public, with the reason, never changed."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import DatabaseError, connection, transaction

from lysekil_trygghet.history.guards import NotAllowed, Refused
from lysekil_trygghet.history.operations import StalePage
from pledges.lifecycle import SetState
from pledges.models import Amendment
from pledges.models.commitment import PromiseIsFixed
from pledges.operations import amendments
from pledges.queries import current_wording
from pledges.thread import red_thread

from .. import make_pledges as making
from ..make_incidents import fresh, last_event
from .acting import NOW, POLICE, TODAY, WRITING, by, who_may

pytestmark = pytest.mark.django_db


@pytest.fixture
def promises():
    """Number 1 led by social services, number 2 by the Police; the set runs."""
    return list(making.published_set(now=NOW).commitments.order_by("number"))


def amending(promise, actor, **values) -> Amendment:
    defaults = {"new_text": "Kommunen ska vara på kajen.", "reason": "Torget byggs om.", "decided_on": TODAY}
    return amendments.amend(promise, by=actor, now=NOW, **(defaults | values))


def test_both_wordings_and_the_reason_are_kept_side_by_side(promises):
    promise = promises[0]
    promised = promise.text_as_promised
    first = amending(promise, by("coordinator"), new_text_en="On the quay.", reason_en="Building works.")
    assert (first.old_text, first.new_text) == (promised, "Kommunen ska vara på kajen.")
    second = amending(promise, by("director"), new_text="Kommunen ska vara överallt.")
    assert second.old_text == first.new_text
    now_is = fresh(promise)
    assert now_is.text_as_promised == promised
    assert current_wording(now_is).text == "Kommunen ska vara överallt."
    # No English was written this time, and the older English said something else.
    assert current_wording(now_is).text_en == ""
    thread = red_thread(now_is, public=True)
    assert [(one.old_text, one.new_text, one.reason) for one in thread.amendments] == [
        (promised, "Kommunen ska vara på kajen.", "Torget byggs om."),
        ("Kommunen ska vara på kajen.", "Kommunen ska vara överallt.", "Torget byggs om."),
    ]


def test_a_promise_without_amendments_reads_as_promised(promises):
    wording = current_wording(promises[0])
    assert (str(wording), wording.amendment) == (promises[0].text_as_promised, None)


def test_history_says_that_it_was_amended_without_the_words(promises):
    made = amending(promises[0], by("coordinator"))
    assert last_event(promises[0]).details == {"amendment": made.pk, "decided_on": TODAY.isoformat()}


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"new_text": " "}, "nya lydelsen"),
        ({"reason": ""}, "varför"),
        ({"decided_on": TODAY + dt.timedelta(days=1)}, "framtiden"),
        ({"new_text": "Ring 19811228-9874."}, "personnummer"),
        ({"reason_en": "Call 19811228-9874."}, "personnummer"),
        ({"new_text": "Kommunen ska vara på torget fredag och lördag kväll."}, "densamma"),
    ],
)
def test_what_an_amendment_must_say(promises, values, words):
    with pytest.raises(Refused, match=words):
        amending(promises[0], by("coordinator"), **values)
    assert not Amendment.objects.exists()


def test_those_who_write_sets_amend_what_the_municipality_leads(promises):
    assert who_may(lambda actor: amending(promises[0], actor)) == WRITING
    with pytest.raises(StalePage):
        amending(promises[0], by("coordinator"), seen=99)


def test_what_the_police_lead_is_amended_by_them_or_with_their_document(promises):
    promise = promises[1]
    assert who_may(lambda actor: amending(promise, actor, document="Brev 7")) == POLICE | {"coordinator"}
    with pytest.raises(Refused, match="Polisen leder löftet"):
        amending(promise, by("coordinator"))
    with pytest.raises(NotAllowed):
        amending(promise, by("director"), document="Brev 7")
    assert amending(promise, by("coordinator"), document="Brev 7").police_document == "Brev 7"
    own = amending(promise, by("lpo_chief"), new_text="Polisen ska vara överallt.", document="Brev 8")
    assert (own.police_document, own.decided_by_function) == ("", "Lokalpolisområdeschef")


@pytest.mark.parametrize("state", [SetState.DRAFT, SetState.SIGNED])
def test_before_publication_the_draft_is_changed_instead(state):
    made = making.moved_to(making.whole_set(now=NOW), state, now=NOW)
    with pytest.raises(Refused, match="inte publicerade"):
        amending(made.commitments.get(number=1), by("coordinator"))


def test_a_set_that_is_followed_up_can_still_be_amended():
    made = making.closing_set(now=NOW)
    assert amending(made.commitments.get(number=1), by("coordinator")).pk


# --- Never changed --------------------------------------------------------------------------------------

WAYS = {
    "save": lambda row: Amendment.objects.get(pk=row.pk).__class__(**as_values(row, new_text="X")).save(),
    "update": lambda row: Amendment.objects.filter(pk=row.pk).update(new_text="X"),
    "reason": lambda row: Amendment.objects.filter(pk=row.pk).update(reason="X"),
    "sql": lambda row: run("UPDATE pledges_amendment SET old_text = 'X' WHERE id = %s", row.pk),
}


def as_values(row: Amendment, **values) -> dict:
    return {field.attname: getattr(row, field.attname) for field in row._meta.fields} | values


def run(sql: str, *values) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


@pytest.mark.parametrize("way", list(WAYS))
def test_the_database_refuses_to_change_an_amendment(promises, way):
    made = amending(promises[0], by("coordinator"))
    with pytest.raises(DatabaseError), transaction.atomic():
        WAYS[way](made)
    now_is = fresh(made)
    assert (now_is.old_text, now_is.new_text, now_is.reason) == (made.old_text, made.new_text, made.reason)


def test_an_amendment_is_never_removed(promises):
    made = amending(promises[0], by("coordinator"))
    for way in (made.delete, Amendment.objects.all().delete, promises[0].amendments.all().delete):
        with pytest.raises(PromiseIsFixed):
            way()
    if connection.vendor == "postgresql":
        with pytest.raises(DatabaseError), transaction.atomic():
            run("DELETE FROM pledges_amendment WHERE id = %s", made.pk)
    assert fresh(made) == made


def test_a_promise_with_an_amendment_is_never_deleted(promises):
    amending(promises[0], by("coordinator"))
    with pytest.raises(PromiseIsFixed):
        promises[0].delete()
