"""The written agreement between the municipality and the Police (lag 2023:196, 9 §): kept, and when it was signed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lysekil_trygghet.accounts.actors import Actor
from lysekil_trygghet.accounts.models import Organisation
from lysekil_trygghet.history.guards import refuse_unless, require
from lysekil_trygghet.history.operations import change, check_seen, locked, record
from pledges import policies
from pledges.checks import MUNICIPAL
from pledges.models import CooperationAgreement

from .doors import refuse_identity_number, removed

NEEDED = ("title", "purposes", "areas_of_cooperation")


@transaction.atomic
def write_agreement(
    *, values: Mapping[str, Any], parties: Iterable[Organisation], by: Actor, now: dt.datetime
) -> CooperationAgreement:
    require(policies.can_keep_agreements(by))
    chosen = list(parties)
    clean = _whole(values, chosen, before=None, now=now)
    agreement = CooperationAgreement.objects.create(**clean)
    agreement.parties.set(chosen)
    record(agreement, "created", by=by, now=now, parties=[party.pk for party in chosen])
    return agreement


@transaction.atomic
def edit_agreement(
    agreement: CooperationAgreement,
    *,
    values: Mapping[str, Any],
    parties: Iterable[Organisation] | None = None,
    by: Actor,
    now: dt.datetime,
    seen: int | None = None,
) -> CooperationAgreement:
    """Put right what was written, or add the day it was signed. The document itself is kept in the diary."""
    require(policies.can_keep_agreements(by))
    fresh = locked(agreement)
    check_seen(fresh, seen)
    chosen = list(fresh.parties.all()) if parties is None else list(parties)
    clean = _whole(values, chosen, before=fresh, now=now)
    return change(fresh, by=by, now=now, values=clean, links={"parties": chosen})


@transaction.atomic
def set_diary_number(
    agreement: CooperationAgreement, *, diary_number: str, by: Actor, now: dt.datetime
) -> CooperationAgreement:
    """The registrar's number (OSL 5 kap. 1-2 §§), recorded without the number itself."""
    require(policies.can_number_agreement(by, agreement))
    values = {"diary_number": diary_number.strip()}
    return change(agreement, by=by, now=now, values=values, verb="diary_number_set")


@transaction.atomic
def discard_agreement(
    agreement: CooperationAgreement, *, by: Actor, now: dt.datetime, seen: int | None = None
) -> None:
    """Throw away one that was never signed."""
    require(policies.can_keep_agreements(by))
    fresh = locked(agreement)
    refuse_unless(fresh.signed_on is None, _("Överenskommelsen är undertecknad och tas inte bort."))
    check_seen(fresh, seen)
    record(fresh, "discarded", by=by, now=now)
    removed(fresh, _("Löften bygger på överenskommelsen. Välj en annan för dem först."))


def _whole(
    values: Mapping[str, Any], parties: list[Organisation], *, before: CooperationAgreement | None, now: dt.datetime
) -> dict[str, Any]:
    clean: dict[str, Any] = {
        name: value.strip() if isinstance(value, str) else value for name, value in values.items()
    }
    refuse_identity_number(*(value for value in clean.values() if isinstance(value, str)))

    def said(name: str) -> Any:
        return clean.get(name, getattr(before, name, None))

    refuse_unless(all(said(name) for name in NEEDED), _("Skriv rubrik, syften och vilka områden samverkan gäller."))
    start, end, signed = said("valid_from"), said("valid_to"), said("signed_on")
    refuse_unless(start is not None, _("Skriv från vilken dag överenskommelsen gäller."))
    refuse_unless(end is None or start <= end, _("Överenskommelsen slutar gälla innan den börjar."))
    today = timezone.localdate(now)
    refuse_unless(signed is None or signed <= today, _("Dagen den undertecknades har inte varit än."))
    both = any(party.kind in MUNICIPAL for party in parties) and any(party.is_police for party in parties)
    refuse_unless(both, _("Välj parterna: minst en från kommunen och Polisen."))
    return clean
