"""A set that begins from the one before: what goes on is carried over, never copied without an answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from lysekil_trygghet.accounts.actors import Actor
from lysekil_trygghet.history.guards import refuse_unless, require
from lysekil_trygghet.history.operations import locked
from pledges import policies
from pledges.lifecycle import Delivery
from pledges.models import Commitment, PledgeSet, PriorityArea, RecurrenceRule
from pledges.queries import current_wording

from .commitments import LinkRow, UnitRow, add_commitment
from .drafts import create_set
from .priorities import add_area


@transaction.atomic
def set_from_previous(
    previous: PledgeSet,
    *,
    period_start: dt.date,
    period_end: dt.date,
    title: str,
    commitments: Iterable[Commitment] | None = None,
    by: Actor,
    now: dt.datetime,
) -> PledgeSet:
    """Begin a draft with the promises that are carried over from `previous`, in their areas.

    Each must stand as carried over and have its answer to residents first. `commitments` chooses among them;
    without it all that are carried over come along.
    """
    require(policies.can_write_sets(by))
    old = locked(previous)
    refuse_unless(old.is_public, _("Nya löften börjar från löften som har publicerats."))
    carried = _carried(old, commitments)
    new = create_set(
        values={
            "title": title,
            "period_start": period_start,
            "period_end": period_end,
            "previous": old,
            "picture": old.picture,
            "agreement": old.agreement,
            "progress_interval_months": old.progress_interval_months,
        },
        by=by,
        now=now,
    )
    areas: dict[int, PriorityArea] = {}
    for commitment in carried:
        if commitment.area_id not in areas:
            areas[commitment.area_id] = _copied_area(commitment.area, new, by=by, now=now)
        _copied(commitment, new, areas[commitment.area_id], by=by, now=now)
    new.refresh_from_db()
    return new


def _carried(old: PledgeSet, chosen: Iterable[Commitment] | None) -> list[Commitment]:
    rows = old.commitments.select_related("area").order_by("area__order", "order", "number")
    if chosen is None:
        wanted = list(rows.filter(delivery_state=Delivery.CARRIED_OVER))
    else:
        wanted = list(rows.filter(pk__in=[commitment.pk for commitment in chosen]))
    unready = [
        str(one.number) for one in wanted if one.delivery_state != Delivery.CARRIED_OVER or not one.public_note.strip()
    ]
    refuse_unless(
        not unready,
        _("Löfte %(numbers)s saknar avslut. Sätt status ”Förlängd” och skriv svaret till invånarna först.")
        % {"numbers": ", ".join(unready)},
    )
    refuse_unless(
        wanted,
        _("Inget löfte är förlängt. Sätt status ”Förlängd” och skriv svaret till invånarna, eller börja från tomt."),
    )
    return wanted


def _copied_area(area: PriorityArea, to: PledgeSet, *, by: Actor, now: dt.datetime) -> PriorityArea:
    names = ("title", "title_en", "why", "why_en")
    values = {name: getattr(area, name) for name in names}
    return add_area(to, values=values, problems=area.problems.all(), by=by, now=now)


def _copied(old: Commitment, to: PledgeSet, area: PriorityArea, *, by: Actor, now: dt.datetime) -> Commitment:
    """Its words as they stand today. What was counted and said of the old promise stays with the old."""
    wording = current_wording(old)
    # Who no longer exists cannot promise; the hints then say that nobody leads.
    parties = old.parties.filter(organisation__is_active=True).select_related("organisation")
    names = ("purpose", "purpose_en", "kind", "how_we_know", "how_we_know_en", "easy_text", "measure")
    new = add_commitment(
        to,
        area=area,
        values={
            **{name: getattr(old, name) for name in names},
            "text_as_promised": wording.text,
            "text_as_promised_en": wording.text_en,
        },
        parties=[(party.organisation, party.role, party.part) for party in parties],
        units=[UnitRow(unit.name, unit.name_en, unit.target_min) for unit in old.units.all()],
        links=[LinkRow(link.title, link.url, link.title_en) for link in old.links.all()],
        carried_from=old,
        by=by,
        now=now,
    )
    rule = RecurrenceRule.objects.filter(commitment=old).first()
    if rule is not None:
        RecurrenceRule.objects.create(
            commitment=new,
            reading=rule.reading,
            limit=rule.limit,
            min_count=rule.min_count,
            per=rule.per,
            active_from=to.period_start,
        )
    return new
