"""The set: agreed, signed, published, prolonged, withdrawn. Its beginning: drafts.py. Its end: closings.py."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lysekil_trygghet.accounts.actors import Actor
from lysekil_trygghet.accounts.models import Organisation
from lysekil_trygghet.history.guards import refuse_unless, require
from lysekil_trygghet.history.operations import MoveNotAllowed, change, check_seen, locked, move, record
from lysekil_trygghet.notifications.operations import cancel, nudge
from lysekil_trygghet.privacy.kinds import Kind
from pledges import policies
from pledges.checks import Hint as Hint
from pledges.checks import hints as hints
from pledges.checks import missing_to_agree as missing_to_agree
from pledges.checks import missing_to_close as missing_to_close
from pledges.checks import missing_to_publish, missing_to_sign, signs_of_persons
from pledges.lifecycle import SET_MOVES, SetState
from pledges.models import PledgeSet, Prolongation, Signature
from situation.operations import confirmations

from .closings import approve_closing as approve_closing
from .closings import begin_closing as begin_closing
from .closings import begin_due_closings as begin_due_closings
from .closings import propose_closing as propose_closing
from .closings import take_back_closing as take_back_closing
from .closings import write_closing_text as write_closing_text
from .doors import refuse_identity_number, running, touched
from .drafts import create_set as create_set
from .drafts import discard_set as discard_set
from .drafts import edit_set as edit_set
from .drafts import free_slug as free_slug
from .drafts import open_to_police as open_to_police
from .drafts import set_diary_number as set_diary_number
from .drafts import share_with as share_with
from .from_previous import set_from_previous as set_from_previous
from .progress import call_off_unneeded
from .wordings import agree_if_whole, refuse_while_incomplete

# --- Agreed and signed --------------------------------------------------------------------------------


@transaction.atomic
def agree(
    pledge_set: PledgeSet,
    *,
    by: Actor,
    now: dt.datetime,
    seen: int,
    document: str = "",
    document_on: dt.date | None = None,
) -> PledgeSet:
    """One party's yes to the whole set as it stood on the page (`seen`).

    The coordinator says it for the municipality; a police role for the Police, or the coordinator who names the
    document in which they said it. When both have, and every wording of the Police is confirmed, it is agreed.
    """
    fresh = locked(pledge_set)
    in_writing = bool(document.strip()) or document_on is not None
    require(by.is_coordinator or (by.is_police and fresh.opened_to_police_at is not None))
    if not fresh.is_written:
        raise MoveNotAllowed(fresh, state=fresh.state, to=SetState.AGREED)
    refuse_while_incomplete(fresh)
    if by.is_police or in_writing:
        fresh = confirmations.police_confirm(
            fresh, by=by, now=now, seen=seen, document=document, document_on=document_on
        )
    else:
        fresh = confirmations.municipality_confirm(fresh, by=by, now=now, seen=seen)
    return agree_if_whole(fresh, by=by, now=now)


@transaction.atomic
def reopen(pledge_set: PledgeSet, *, reason: str, by: Actor, now: dt.datetime, seen: int | None = None) -> PledgeSet:
    """Make an agreed or signed set a draft again. Both say yes anew; signatures stood under other words and go."""
    require(policies.can_write_sets(by))
    refuse_unless(reason.strip(), _("Skriv varför löftena öppnas igen."))
    fresh = locked(pledge_set)
    is_open = SetState.DRAFT in SET_MOVES.get(fresh.state, ())
    gone = list(fresh.signatures.all()) if is_open else []
    if is_open:
        confirmations.record_cleared(fresh, by=by, now=now)
    drafted = move(
        fresh,
        to=SetState.DRAFT,
        allowed=SET_MOVES,
        by=by,
        now=now,
        seen=seen,
        verb="reopened",
        also_set={**confirmations.cleared(fresh), "agreed_at": None, "reopened_reason": reason.strip()},
        signatures=[signature.organisation_id for signature in gone],
    )
    drafted.signatures.all().delete()
    return drafted


@transaction.atomic
def add_signature(
    pledge_set: PledgeSet,
    *,
    organisation: Organisation,
    function_label: str,
    signed_on: dt.date,
    function_label_en: str = "",
    by: Actor,
    now: dt.datetime,
) -> Signature:
    """Write down that an organisation has signed, by function and day."""
    fresh = _signable(pledge_set, by=by)
    label = function_label.strip()
    refuse_unless(label, _("Skriv vilken funktion som undertecknade. Inget namn behövs."))
    refuse_unless(signed_on <= timezone.localdate(now), _("Dagen ligger i framtiden. Skriv den när det är gjort."))
    refuse_unless(
        not fresh.signatures.filter(organisation=organisation, function_label=label).exists(),
        _("Den underskriften finns redan."),
    )
    signature = Signature.objects.create(
        pledge_set=fresh,
        organisation=organisation,
        function_label=label,
        function_label_en=function_label_en.strip(),
        signed_on=signed_on,
    )
    touched(fresh)
    record(fresh, "signature_added", by=by, now=now, signature=signature.pk, organisation_id=organisation.pk)
    return signature


@transaction.atomic
def remove_signature(signature: Signature, *, by: Actor, now: dt.datetime) -> None:
    """Take away one that was written down wrongly. A signed set keeps one from each party."""
    fresh = _signable(signature.pledge_set, by=by)
    record(fresh, "signature_removed", by=by, now=now, organisation_id=signature.organisation_id)
    signature.delete()
    if fresh.state == SetState.SIGNED:
        missing = missing_to_sign(fresh)
        refuse_unless(not missing, _("Lägg till den rätta underskriften först.") + " " + " ".join(missing))
    touched(fresh)


def _signable(pledge_set: PledgeSet, *, by: Actor) -> PledgeSet:
    require(policies.can_write_sets(by))
    fresh = locked(pledge_set)
    refuse_unless(
        policies.can_record_signatures(by, fresh),
        _("Underskrifter skrivs in när löftena är överenskomna och innan de publiceras."),
    )
    return fresh


@transaction.atomic
def sign(pledge_set: PledgeSet, *, by: Actor, now: dt.datetime, seen: int | None = None) -> PledgeSet:
    """Record that it is signed: somebody of the municipality and somebody of the Police, each with a day."""
    require(policies.can_write_sets(by))
    fresh = locked(pledge_set)
    missing = missing_to_sign(fresh) if fresh.state == SetState.AGREED else []
    refuse_unless(not missing, " ".join(missing))
    return move(fresh, to=SetState.SIGNED, allowed=SET_MOVES, by=by, now=now, seen=seen)


# --- To residents -------------------------------------------------------------------------------------


@transaction.atomic
def publish(
    pledge_set: PledgeSet,
    *,
    plain_language: bool,
    accessibility: bool,
    confirm_privacy: bool = False,
    by: Actor,
    now: dt.datetime,
    seen: int | None = None,
) -> PledgeSet:
    """The communicator shows the signed set to residents. From here the words of every promise are fixed.

    An identity number anywhere stops it; other signs of persons are looked through first (`confirm_privacy`).
    """
    require(policies.can_publish(by))
    fresh = locked(pledge_set)
    if fresh.state == SetState.SIGNED:
        _refuse_unready(fresh, plain_language, accessibility, confirm_privacy)
    published = move(
        fresh,
        to=SetState.PUBLISHED,
        # From CLOSING the way back is a prolongation, not the communicator's.
        allowed={SetState.SIGNED: SET_MOVES[SetState.SIGNED]},
        by=by,
        now=now,
        seen=seen,
        also_set={
            "published_at": now,
            "withdrawn_at": None,
            "plain_language_checked_by_function": by.function_label,
            "accessibility_checked_by_function": by.function_label,
            "published_by_function": by.function_label,
        },
    )
    for commitment in published.commitments.order_by("number"):
        change(commitment, by=by, now=now, values={"frozen_at": now}, verb="promised")
    nudge()
    return published


def _refuse_unready(pledge_set: PledgeSet, plain_language: bool, accessibility: bool, confirm_privacy: bool) -> None:
    missing = missing_to_publish(pledge_set)
    if not plain_language:
        missing.append(_("Bekräfta att texten är skriven på klarspråk."))
    if not accessibility:
        missing.append(_("Bekräfta att du har kontrollerat tillgängligheten."))
    warned = [kind for kind in signs_of_persons(pledge_set) if kind != Kind.IDENTITY_NUMBER]
    if warned and not confirm_privacy:
        missing.append(
            _("Texten innehåller %(signs)s. Kontrollera och bekräfta att ingen person pekas ut.")
            % {"signs": ", ".join(str(kind.words) for kind in warned)}
        )
    refuse_unless(not missing, " ".join(missing))


@transaction.atomic
def prolong(
    pledge_set: PledgeSet,
    *,
    new_end: dt.date,
    reason: str,
    reason_en: str = "",
    by: Actor,
    now: dt.datetime,
    seen: int | None = None,
) -> PledgeSet:
    """Give the set a later last day; residents read why. One that was being followed up runs again."""
    require(policies.can_write_sets(by))
    fresh = running(pledge_set)
    check_seen(fresh, seen)
    refuse_unless(reason.strip(), _("Skriv varför löftena förlängs. Invånarna läser det."))
    refuse_identity_number(reason, reason_en)
    refuse_unless(new_end > fresh.period_end, _("Den nya sista dagen ligger inte senare än den som gäller."))
    refuse_unless(new_end >= timezone.localdate(now), _("Den nya sista dagen har redan varit. Välj en senare."))
    row = Prolongation.objects.create(
        pledge_set=fresh,
        old_end=fresh.period_end,
        new_end=new_end,
        reason=reason.strip(),
        reason_en=reason_en.strip(),
        decided_by_function=by.function_label,
        decided_at=now,
    )
    values = {"period_end": new_end, "closing_proposed_at": None, "closing_proposed_by": None}
    if fresh.state == SetState.CLOSING:
        fresh = move(
            fresh,
            to=SetState.PUBLISHED,
            allowed=SET_MOVES,
            by=by,
            now=now,
            verb="prolonged",
            also_set=values,
            prolongation=row.pk,
        )
    else:
        fresh = change(fresh, by=by, now=now, values=values, verb="prolonged", prolongation=row.pk)
    cancel(fresh.subject_key, now=now)
    nudge()
    return fresh


@transaction.atomic
def withdraw(pledge_set: PledgeSet, *, reason: str, by: Actor, now: dt.datetime, seen: int | None = None) -> PledgeSet:
    """Take the promises back. The set stays at its address with the reason."""
    require(policies.is_directing(by))
    refuse_unless(reason.strip(), _("Skriv varför löftena utgår. Invånarna läser det."))
    refuse_identity_number(reason)
    fresh = move(
        pledge_set,
        to=SetState.WITHDRAWN,
        allowed=SET_MOVES,
        by=by,
        now=now,
        seen=seen,
        also_set={"withdrawn_reason": reason.strip(), "closing_proposed_at": None, "closing_proposed_by": None},
    )
    cancel(fresh.subject_key, now=now)
    call_off_unneeded(by=by, now=now, pledge_set=fresh)
    nudge()
    return fresh
