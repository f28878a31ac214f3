"""What residents said and what was done about it ("ni sa – vi gjorde"). Published by the communicator.

What is said about the Police's work waits for the Police, also where it belongs to a promise they lead.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from lysekil_trygghet.accounts.actors import Actor
from lysekil_trygghet.history.guards import refuse_unless, require
from lysekil_trygghet.history.operations import check_seen, locked, move, record
from lysekil_trygghet.privacy import scan
from lysekil_trygghet.privacy.kinds import Kind
from lysekil_trygghet.publishing.pages import forget_on_commit
from pledges import policies
from pledges.lifecycle import FEEDBACK_MOVES, FeedbackState
from pledges.models import Commitment, Feedback, PledgeSet
from situation.operations import confirmations

from .doors import refuse_identity_number

TEXTS = ("said", "said_en", "did", "did_en", "when", "when_en")


@transaction.atomic
def write_feedback(*, values: Mapping[str, Any], by: Actor, now: dt.datetime) -> Feedback:
    require(policies.can_write_feedback(by))
    feedback = Feedback.objects.create(**_whole(values, None))
    record(feedback, "created", by=by, now=now)
    return feedback


@transaction.atomic
def edit_feedback(
    feedback: Feedback, *, values: Mapping[str, Any], by: Actor, now: dt.datetime, seen: int | None = None
) -> Feedback:
    """Change it while residents do not read it. What the Police said yes to falls when the words change."""
    require(policies.can_write_feedback(by))
    fresh = locked(feedback)
    refuse_unless(fresh.state != FeedbackState.PUBLISHED, _("Texten är publicerad. Avpublicera den innan den ändras."))
    check_seen(fresh, seen)
    return confirmations.change_confirmed(fresh, values=_whole(values, fresh), by=by, now=now)


@transaction.atomic
def discard_feedback(feedback: Feedback, *, by: Actor, now: dt.datetime, seen: int | None = None) -> None:
    """Throw away a draft residents have never read."""
    require(policies.can_write_feedback(by))
    fresh = locked(feedback)
    refuse_unless(fresh.state == FeedbackState.DRAFT, _("Texten har varit publicerad och kan inte tas bort."))
    check_seen(fresh, seen)
    record(fresh, "discarded", by=by, now=now)
    fresh.delete()


@transaction.atomic
def confirm_feedback(
    feedback: Feedback,
    *,
    by: Actor,
    now: dt.datetime,
    seen: int,
    document: str = "",
    document_on: dt.date | None = None,
) -> Feedback:
    """The Police say yes to what is said about their work: a police role, or their document."""
    fresh = locked(feedback)
    refuse_unless(
        policies.feedback_needs_police(fresh), _("Texten handlar inte om Polisen och behöver inte bekräftas.")
    )
    return confirmations.police_confirm(fresh, by=by, now=now, seen=seen, document=document, document_on=document_on)


def signs_of_persons(feedback: Feedback) -> list[Kind]:
    """The kinds of signs that a person may be pointed out, the most serious first."""
    found = {finding.kind for name in TEXTS for finding in scan(getattr(feedback, name))}
    return [kind for kind in Kind if kind in found]


def missing_to_publish(feedback: Feedback) -> list[str]:
    """Plain sentences; empty when residents may read it."""
    missing = []
    if not feedback.said.strip() or not feedback.did.strip():
        missing.append(_("Skriv både vad ni hörde och vad ni gjorde."))
    if policies.feedback_needs_police(feedback) and not feedback.is_police_confirmed:
        missing.append(_("Polisen har inte bekräftat texten."))
    if feedback.commitment is not None and not feedback.commitment.pledge_set.is_public:
        missing.append(_("Löftet som texten hör till är inte publicerat."))
    elif feedback.pledge_set is not None and not feedback.pledge_set.is_public:
        missing.append(_("Löftena som texten hör till är inte publicerade."))
    if Kind.IDENTITY_NUMBER in signs_of_persons(feedback):
        missing.append(_("Texten innehåller ett personnummer. Ta bort det."))
    return missing


@transaction.atomic
def publish_feedback(
    feedback: Feedback, *, confirm_privacy: bool = False, by: Actor, now: dt.datetime, seen: int | None = None
) -> Feedback:
    """Show it to residents. Signs of persons other than identity numbers are looked through first."""
    require(policies.can_publish(by))
    fresh = locked(feedback)
    if fresh.state != FeedbackState.PUBLISHED:
        missing = missing_to_publish(fresh)
        warned = [kind for kind in signs_of_persons(fresh) if kind != Kind.IDENTITY_NUMBER]
        if warned and not confirm_privacy:
            missing.append(words_of_signs(warned))
        refuse_unless(not missing, " ".join(missing))
    also = {"published_at": now, "withdrawn_at": None}
    return move(fresh, to=FeedbackState.PUBLISHED, allowed=FEEDBACK_MOVES, by=by, now=now, seen=seen, also_set=also)


def words_of_signs(kinds: Sequence[Kind]) -> str:
    return _("Texten innehåller %(signs)s. Kontrollera och bekräfta att ingen person pekas ut.") % {
        "signs": ", ".join(str(kind.words) for kind in kinds)
    }


@transaction.atomic
def withdraw_feedback(feedback: Feedback, *, by: Actor, now: dt.datetime, seen: int | None = None) -> Feedback:
    """Take it away from residents; it can be mended and shown again."""
    require(policies.can_publish(by))
    also = {"withdrawn_at": now}
    forget_on_commit()
    return move(feedback, to=FeedbackState.WITHDRAWN, allowed=FEEDBACK_MOVES, by=by, now=now, seen=seen, also_set=also)


def _whole(values: Mapping[str, Any], before: Feedback | None) -> dict[str, Any]:
    """Clean values; a promise brings its set."""
    clean: dict[str, Any] = {
        name: value.strip() if isinstance(value, str) else value for name, value in values.items()
    }
    refuse_identity_number(*(value for value in clean.values() if isinstance(value, str)))
    for name, words in (("said", _("Skriv vad ni hörde.")), ("did", _("Skriv vad ni gjorde."))):
        refuse_unless(clean.get(name, getattr(before, name, "")), words)
    commitment: Commitment | None = clean.get("commitment", before.commitment if before else None)
    if commitment is None:
        return clean
    if "commitment" in clean and clean.get("pledge_set") is None:
        clean["pledge_set"] = commitment.pledge_set
    pledge_set: PledgeSet | None = clean.get("pledge_set", before.pledge_set if before else None)
    refuse_unless(
        pledge_set is not None and pledge_set.pk == commitment.pledge_set_id,
        _("Löftet hör till andra löften än de valda. Välj om."),
    )
    return clean
