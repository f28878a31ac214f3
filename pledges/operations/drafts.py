"""A set in the making: begun, changed, shown to others, thrown away."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from lysekil_trygghet.accounts.actors import Actor
from lysekil_trygghet.accounts.models import Organisation
from lysekil_trygghet.history.guards import refuse_unless, require
from lysekil_trygghet.history.operations import MoveNotAllowed, change, locked, record
from lysekil_trygghet.notifications.operations import nudge
from pledges import policies
from pledges.models import PledgeSet, SetShare
from situation.models import SituationPicture
from situation.operations import confirmations
from situation.policies import can_see_picture

from .doors import opened_for_writing, removed

# Pages of their own under /loften/ (urls/public.py).
TAKEN = frozenset({"ni-sa-vi-gjorde", "trygghetsvandringar"})
_SWEDISH = str.maketrans("åäöÅÄÖéÉ", "aaoAAOeE")
# No promise: kept after the set is agreed too.
KEPT = frozenset({"agreement", "progress_interval_months", "diary_number"})


@transaction.atomic
def create_set(*, values: Mapping[str, Any], by: Actor, now: dt.datetime) -> PledgeSet:
    """Begin an empty set. `values` may name the picture it builds on and the `previous` set it follows."""
    require(policies.can_write_sets(by))
    _refuse_odd_values(values, by=by)
    pledge_set = PledgeSet.objects.create(slug=free_slug(values["title"]), **values)
    record(pledge_set, "created", by=by, now=now)
    return pledge_set


@transaction.atomic
def edit_set(
    pledge_set: PledgeSet, *, values: Mapping[str, Any], by: Actor, now: dt.datetime, seen: int | None = None
) -> PledgeSet:
    """Change a draft; whatever was confirmed falls. Later only what is no promise can be changed (`KEPT`)."""
    if set(values) <= KEPT:
        fresh = locked(pledge_set)
        require(policies.can_write_sets(by))
        refuse_unless(policies.can_keep_set(by, fresh), _("Löftena är avslutade och ändras inte mer."))
    else:
        fresh = opened_for_writing(pledge_set, by=by)
    _refuse_odd_values(values, by=by, itself=fresh)
    if values.get("title", fresh.title) != fresh.title:
        # Nobody outside has the address before the set is published.
        values = {**values, "slug": free_slug(values["title"], itself=fresh)}
    return confirmations.change_confirmed(fresh, values=values, by=by, now=now, seen=seen)


def free_slug(title: str, *, itself: PledgeSet | None = None) -> str:
    """An address made from the title that no other set has."""
    base = slugify(title.translate(_SWEDISH))[:80].strip("-") or "medborgarloften"
    others = PledgeSet.objects.exclude(pk=itself.pk) if itself else PledgeSet.objects.all()
    slug, number = base, 1
    while slug in TAKEN or others.filter(slug=slug).exists():
        number += 1
        slug = f"{base}-{number}"
    return slug


def _refuse_odd_values(values: Mapping[str, Any], *, by: Actor, itself: PledgeSet | None = None) -> None:
    title = values.get("title", itself.title if itself else "")
    refuse_unless(title.strip(), _("Skriv en rubrik."))
    start = values.get("period_start", itself.period_start if itself else None)
    end = values.get("period_end", itself.period_end if itself else None)
    refuse_unless(start and end, _("Skriv vilken dag löftena börjar och slutar gälla."))
    refuse_unless(start <= end, _("Perioden slutar innan den börjar."))
    interval = values.get("progress_interval_months", 0)
    refuse_unless(
        0 <= interval <= 12, _("Fråga om läget högst var tolfte månad. Skriv 0 om frågan bara ska komma i slutet.")
    )
    picture: SituationPicture | None = values.get("picture")
    if picture is not None:
        require(can_see_picture(by, picture))
        refuse_unless(picture.is_joint, _("Löftena bygger på en gemensam lägesbild. Välj en sådan."))
    previous: PledgeSet | None = values.get("previous")
    if previous is not None:
        refuse_unless(itself is None or previous.pk != itself.pk, _("Löftena kan inte följa på sig själva."))


@transaction.atomic
def discard_set(pledge_set: PledgeSet, *, by: Actor, now: dt.datetime) -> None:
    """Throw a draft away with its areas and promises."""
    fresh = opened_for_writing(pledge_set, by=by)
    refuse_unless(
        fresh.opened_to_police_at is None and not fresh.shares.exists(),
        _("Utkastet har visats för andra och kan vara en allmän handling. Det kan inte slängas."),
    )
    record(fresh, "discarded", by=by, now=now)
    for part in (*fresh.commitments.all(), fresh):
        removed(part, _("Något hör till utkastet. Ta bort det först."))


@transaction.atomic
def share_with(pledge_set: PledgeSet, organisation: Organisation, *, by: Actor, now: dt.datetime) -> SetShare:
    """Show the draft to another organisation. It may become a public document by that (TF 2 kap. 10 §)."""
    fresh = opened_for_writing(pledge_set, by=by)
    refuse_unless(not organisation.is_police, _("Polisen får se utkastet genom att du öppnar det för Polisen."))
    refuse_unless(organisation.is_active, _("Organisationen används inte längre. Välj en annan."))
    share, made = SetShare.objects.get_or_create(
        pledge_set=fresh, organisation=organisation, defaults={"shared_at": now}
    )
    if not made:
        raise MoveNotAllowed(fresh, state="SHARED", to="SHARED")
    record(fresh, "shared", by=by, now=now, organisation_id=organisation.pk)
    return share


@transaction.atomic
def open_to_police(pledge_set: PledgeSet, *, by: Actor, now: dt.datetime) -> PledgeSet:
    """Let the Police read, confirm and send back. Logged: it may become a public document."""
    fresh = opened_for_writing(pledge_set, by=by)
    opened = confirmations.open_to_police(fresh, by=by, now=now)
    nudge()
    return opened


def set_diary_number(
    pledge_set: PledgeSet, *, diary_number: str, by: Actor, now: dt.datetime, seen: int | None = None
) -> PledgeSet:
    require(policies.can_set_diary_number(by, pledge_set))
    values = {"diary_number": diary_number.strip()}
    return change(pledge_set, by=by, now=now, values=values, seen=seen, verb="diary_number_set")
