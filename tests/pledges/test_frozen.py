"""What was promised stays as it was promised: every way to change the words of a published promise is shut."""

from __future__ import annotations

import pytest
from django.contrib.admin.sites import AdminSite
from django.db import DatabaseError, connection, transaction
from django.forms import modelform_factory
from django.test import RequestFactory
from simple_history.admin import SimpleHistoryAdmin

from lysekil_trygghet.history.guards import Refused
from pledges.lifecycle import SetState
from pledges.models import Commitment
from pledges.models.commitment import PromiseIsFixed
from pledges.operations import commitments, pledge_sets

from .. import make_pledges as making
from ..make_incidents import fresh
from .acting import NOW, by

pytestmark = pytest.mark.django_db

ATTEMPT = "Kommunen lovar ingenting."


def through_operation(promise: Commitment) -> None:
    values = {"text_as_promised": ATTEMPT}
    commitments.edit_commitment(promise, values=values, by=by("coordinator"), now=NOW)


def through_form(promise: Commitment) -> None:
    form = modelform_factory(Commitment, fields=["text_as_promised"])({"text_as_promised": ATTEMPT}, instance=promise)
    assert form.is_valid()
    form.save()


def through_admin(promise: Commitment) -> None:
    admin = SimpleHistoryAdmin(Commitment, AdminSite())
    request = RequestFactory().post("/")
    request.user = by("administrator").user
    promise.text_as_promised = ATTEMPT
    admin.save_model(request, promise, form=None, change=True)


def through_shell(promise: Commitment) -> None:
    promise.text_as_promised = ATTEMPT
    promise.save(update_fields=["text_as_promised"])


def through_queryset(promise: Commitment) -> None:
    Commitment.objects.filter(pk=promise.pk).update(text_as_promised=ATTEMPT)


def through_bulk(promise: Commitment) -> None:
    promise.text_as_promised = ATTEMPT
    Commitment.objects.bulk_update([promise], ["text_as_promised"])


def through_sql(promise: Commitment) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE pledges_commitment SET text_as_promised = %s WHERE id = %s", [ATTEMPT, promise.pk])


def by_thawing_first(promise: Commitment) -> None:
    Commitment.objects.filter(pk=promise.pk).update(frozen_at=None)
    through_queryset(promise)


def by_another_number(promise: Commitment) -> None:
    Commitment.objects.filter(pk=promise.pk).update(number=99)


WAYS = [
    through_operation, through_form, through_admin, through_shell, through_queryset, through_bulk, through_sql,
    by_thawing_first, by_another_number,
]  # fmt: skip


@pytest.mark.parametrize("state", [SetState.PUBLISHED, SetState.CLOSING])
@pytest.mark.parametrize("way", WAYS)
def test_the_words_of_a_published_promise_cannot_be_changed(way, state):
    made = making.closing_set(now=NOW) if state == SetState.CLOSING else making.published_set(now=NOW)
    promise = made.commitments.get(number=1)
    promised = promise.text_as_promised
    with pytest.raises((DatabaseError, Refused)), transaction.atomic():
        way(promise)
    now_is = fresh(promise)
    assert (now_is.text_as_promised, now_is.number, now_is.frozen_at) == (promised, 1, promise.frozen_at)
    assert now_is.frozen_at is not None


def removed_by_itself(promise: Commitment) -> None:
    promise.delete()


def removed_with_others(promise: Commitment) -> None:
    Commitment.objects.filter(pk=promise.pk).delete()


def removed_with_its_set(promise: Commitment) -> None:
    promise.pledge_set.delete()


@pytest.mark.parametrize("way", [removed_by_itself, removed_with_others, removed_with_its_set])
def test_a_published_promise_is_never_removed(way):
    promise = making.published_set(now=NOW).commitments.get(number=1)
    with pytest.raises((DatabaseError, PromiseIsFixed)), transaction.atomic():
        way(promise)
    assert Commitment.objects.filter(pk=promise.pk).exists()


def test_a_promise_of_a_draft_is_removed():
    promise = making.commitment(now=NOW)
    promise.delete()
    assert not Commitment.objects.filter(pk=promise.pk).exists()


def test_all_else_about_a_published_promise_can_still_be_saved():
    promise = making.published_set(now=NOW).commitments.get(number=1)
    promise.internal_note = "Ring på måndag."
    promise.save()
    noted = commitments.edit_commitment(promise, values={"internal_note": "Klart."}, by=by("coordinator"), now=NOW)
    assert noted.internal_note == "Klart."


@pytest.mark.parametrize("way", [through_operation, through_form, through_queryset, through_sql])
def test_until_then_the_words_of_a_draft_are_free(way):
    promise = making.commitment(now=NOW)
    way(promise)
    assert fresh(promise).text_as_promised == ATTEMPT


def test_opened_again_before_publication_the_words_are_free_again():
    made = making.signed_set(now=NOW)
    promise = made.commitments.get(number=1)
    with pytest.raises(Refused):
        through_operation(promise)
    pledge_sets.reopen(made, reason="Fel ord.", by=by("coordinator"), now=NOW)
    through_operation(promise)
    assert fresh(promise).text_as_promised == ATTEMPT
