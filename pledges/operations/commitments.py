"""A promise in a draft: its words, who leads, what is counted, where to read more. How it went: status.py."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from lysekil_trygghet.accounts.actors import Actor
from lysekil_trygghet.accounts.models import Organisation
from lysekil_trygghet.history.guards import refuse_unless, require
from lysekil_trygghet.history.operations import change, check_seen, locked, record
from pledges import policies
from pledges.lifecycle import PartyRole
from pledges.models import Commitment, CommitmentParty, PledgeSet, PriorityArea, RelatedLink, Unit
from situation.operations import confirmations
from situation.operations.parts import numbered, swapped

from .doors import of_written, opened_for_writing, refuse_identity_number, removed, touched, wording_changed
from .figures import add_figure as add_figure
from .figures import edit_figure as edit_figure
from .figures import remove_figure as remove_figure
from .proposals import accept_proposal as accept_proposal
from .proposals import decline_proposal as decline_proposal
from .proposals import propose_status as propose_status
from .proposals import take_back_proposal as take_back_proposal
from .status import confirm_answer as confirm_answer
from .status import set_delivery as set_delivery
from .status import set_goal as set_goal
from .status import write_answer as write_answer

# An organisation, its role, and what it does where one promise has several doers.
PartyRow = tuple[Organisation, str, str]
# No promise: kept after the set is agreed too.
KEPT = frozenset({"internal_note", "measure"})


@dataclass(frozen=True)
class UnitRow:
    """What is counted. The order is the place in the list."""

    name: str
    name_en: str = ""
    target_min: int | None = None


@dataclass(frozen=True)
class LinkRow:
    title: str
    url: str
    title_en: str = ""


@transaction.atomic
def add_commitment(
    pledge_set: PledgeSet,
    *,
    area: PriorityArea,
    values: Mapping[str, Any],
    parties: Iterable[PartyRow] = (),
    units: Iterable[UnitRow] = (),
    links: Iterable[LinkRow] = (),
    number: int | None = None,
    carried_from: Commitment | None = None,
    by: Actor,
    now: dt.datetime,
) -> Commitment:
    """A new promise, last in its area. Its number is the next one never used in the set.

    `number` may be given from a file, if it is higher than any number used.
    """
    fresh = opened_for_writing(pledge_set, by=by)
    _refuse_odd_values({"area": area, **values}, pledge_set=fresh)
    refuse_unless(values.get("text_as_promised", "").strip(), _("Skriv löftet."))
    refuse_unless(
        number is None or number > fresh.last_number,
        _("Nummer %(number)s är redan använt. Numren stiger och används aldrig igen.") % {"number": number},
    )
    fresh.last_number = number or fresh.last_number + 1
    fresh.save(update_fields=["last_number"])
    last = fresh.commitments.filter(area=area).aggregate(last=Max("order"))["last"] or 0
    commitment = Commitment.objects.create(
        pledge_set=fresh, area=area, number=fresh.last_number, order=last + 1, carried_from=carried_from, **values
    )
    _put_parties(commitment, parties)
    _put_units(commitment, units)
    _put_links(commitment, links)
    record(commitment, "created", by=by, now=now, number=commitment.number)
    commitment.pledge_set = wording_changed(fresh, by=by, now=now)
    return commitment


@transaction.atomic
def edit_commitment(
    commitment: Commitment,
    *,
    values: Mapping[str, Any],
    parties: Iterable[PartyRow] | None = None,
    units: Iterable[UnitRow] | None = None,
    links: Iterable[LinkRow] | None = None,
    by: Actor,
    now: dt.datetime,
    seen: int | None = None,
) -> Commitment:
    """Change a promise of a draft. What was confirmed falls, for it and the set.

    Once the set is agreed only what is no promise can be changed: `KEPT`, and the links.
    """
    if set(values) <= KEPT and parties is None and units is None:
        return _keep(commitment, values=values, links=links, by=by, now=now, seen=seen)
    fresh = of_written(commitment, by=by)
    pledge_set = fresh.pledge_set
    check_seen(fresh, seen)
    _refuse_odd_values(values, pledge_set=pledge_set, itself=fresh)
    refuse_unless(values.get("text_as_promised", fresh.text_as_promised).strip(), _("Skriv löftet."))
    words = any(
        name in Commitment.confirmed_wording and getattr(fresh, name) != value for name, value in values.items()
    )
    other = [
        verb
        for verb, is_new in (
            ("parties_set", parties is not None and _put_parties(fresh, parties)),
            ("units_set", units is not None and _put_units(fresh, units)),
        )
        if is_new
    ]
    if links is not None and _put_links(fresh, links):
        record(fresh, "links_set", by=by, now=now)
        fresh = touched(fresh)
    for verb in other:
        record(fresh, verb, by=by, now=now)
    if other:
        fresh = confirmations.take_back(fresh, by=by, now=now)
    if (words or other) and fresh.sent_back_at is not None:
        values = {**values, "sent_back_at": None}
    fresh = confirmations.change_confirmed(fresh, values=values, by=by, now=now)
    fresh.pledge_set = wording_changed(pledge_set, by=by, now=now) if words or other else pledge_set
    return fresh


def _keep(
    commitment: Commitment,
    *,
    values: Mapping[str, Any],
    links: Iterable[LinkRow] | None,
    by: Actor,
    now: dt.datetime,
    seen: int | None,
) -> Commitment:
    pledge_set = locked(commitment.pledge_set)
    require(policies.can_write_sets(by))
    refuse_unless(policies.can_keep_set(by, pledge_set), _("Löftena är avslutade och ändras inte mer."))
    fresh = change(commitment, by=by, now=now, values=values, seen=seen)
    if links is not None:
        rows = list(links)
        refuse_identity_number(*(text for row in rows for text in (row.title, row.title_en, row.url)))
        if _put_links(fresh, rows):
            record(fresh, "links_set", by=by, now=now)
            fresh = touched(fresh)
    fresh.pledge_set = pledge_set
    return fresh


@transaction.atomic
def remove_commitment(commitment: Commitment, *, by: Actor, now: dt.datetime) -> None:
    """Take a promise out of a draft. Its number is never used again."""
    fresh = of_written(commitment, by=by)
    area, pledge_set = fresh.area, fresh.pledge_set
    record(fresh, "removed", by=by, now=now, number=fresh.number)
    removed(fresh, _("Något hör till löftet, till exempel ett uppdrag. Ta bort kopplingen först."))
    numbered(list(area.commitments.order_by("order", "number")), "order")
    wording_changed(pledge_set, by=by, now=now)


@transaction.atomic
def reorder(commitment: Commitment, *, direction: str, by: Actor, now: dt.datetime) -> None:
    """One step "up" or "down" within its area. Its number stays, and so does what was confirmed."""
    fresh = of_written(commitment, by=by)
    rows = swapped(list(fresh.area.commitments.order_by("order", "number")), fresh, direction)
    if rows is None:
        return
    numbered(rows, "order")
    touched(fresh.pledge_set)
    record(fresh, "moved_" + direction, by=by, now=now)


# --- What belongs to it -------------------------------------------------------------------------------


def _refuse_odd_values(values: Mapping[str, Any], *, pledge_set: PledgeSet, itself: Commitment | None = None) -> None:
    area = values.get("area", itself.area if itself else None)
    refuse_unless(
        area is not None and area.pledge_set_id == pledge_set.pk, _("Välj ett av områdena i de här löftena.")
    )
    start = values.get("period_start", itself.period_start if itself else None)
    end = values.get("period_end", itself.period_end if itself else None)
    refuse_unless(start is None or end is None or start <= end, _("Löftets tid slutar innan den börjar."))


def _put_parties(commitment: Commitment, rows: Iterable[PartyRow]) -> bool:
    """Make the parties be exactly `rows`; says whether anything changed."""
    wanted = list(rows)
    organisations = [organisation.pk for organisation, _role, _part in wanted]
    refuse_unless(len(set(organisations)) == len(organisations), _("Samma part står två gånger. Ta bort den ena."))
    before = {party.organisation_id: party for party in commitment.parties.all()}
    changed = False
    for organisation, role, part in wanted:
        refuse_unless(role in PartyRole.values, _("Välj om parten leder eller medverkar."))
        known = before.pop(organisation.pk, None)
        if known is None:
            refuse_unless(organisation.is_active, _("Organisationen används inte längre. Välj en annan."))
            CommitmentParty.objects.create(commitment=commitment, organisation=organisation, role=role, part=part)
            changed = True
        elif (known.role, known.part) != (role, part):
            known.role, known.part = role, part
            known.revision += 1
            known.save(update_fields=["role", "part", "revision"])
            changed = True
    for gone in before.values():
        gone.delete()
    return changed or bool(before)


def _put_units(commitment: Commitment, rows: Iterable[UnitRow]) -> bool:
    """Make what is counted be exactly `rows`, in that order; says whether anything changed."""
    wanted = list(rows)
    names = [row.name.strip().casefold() for row in wanted]
    refuse_unless(all(names), _("Skriv vad som räknas."))
    refuse_unless(len(set(names)) == len(names), _("Samma sak räknas två gånger. Ta bort den ena."))
    before = {unit.name: unit for unit in commitment.units.all()}
    changed = False
    for order, row in enumerate(wanted, start=1):
        unit = before.pop(row.name.strip(), None) or Unit(commitment=commitment, name=row.name.strip())
        now_is = (order, row.name_en.strip(), row.target_min)
        if unit.pk is None or (unit.order, unit.name_en, unit.target_min) != now_is:
            unit.order, unit.name_en, unit.target_min = now_is
            unit.save()
            changed = True
    for gone in before.values():
        removed(gone, _("”%(unit)s” har räknats och kan inte tas bort.") % {"unit": gone.name})
    return changed or bool(before)


def _put_links(commitment: Commitment, rows: Iterable[LinkRow]) -> bool:
    """Make the links be exactly `rows`, in that order; says whether anything changed."""
    wanted = [(row.title.strip(), row.title_en.strip(), row.url.strip()) for row in rows]
    refuse_unless(all(title and url for title, _english, url in wanted), _("Skriv både länktext och adress."))
    before = list(commitment.links.values_list("title", "title_en", "url"))
    if before == wanted:
        return False
    commitment.links.all().delete()
    RelatedLink.objects.bulk_create(
        RelatedLink(commitment=commitment, order=order, title=title, title_en=english, url=url)
        for order, (title, english, url) in enumerate(wanted, start=1)
    )
    return True
