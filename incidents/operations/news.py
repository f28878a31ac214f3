"""News, pictures, corrections, action packages, reinforcement, contact points, messages to staff."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from incidents import policies
from incidents.lifecycle import ITEM_MOVES, PUBLICATION_MOVES, PublicationState
from incidents.models import (
    ActionPackage,
    ContactPoint,
    Correction,
    OpeningException,
    OpeningHours,
    PackageItem,
    PublicUpdate,
    Reinforcement,
    Response,
    StaffMessage,
)
from lysekil_trygghet.accounts.actors import Actor
from lysekil_trygghet.history.guards import refuse_unless, require
from lysekil_trygghet.history.operations import change, check_seen, locked, move, record
from lysekil_trygghet.notifications.operations import cancel, nudge

from .former_texts import hide_replaced
from .police import change_police_text
from .publication import all_texts, missing_before_publication, refuse_identity_number, take_back_approval

_SWEDISH = str.maketrans("åäöÅÄÖéÉ", "aaoAAOeE")


def free_slug(model: type[PublicUpdate] | type[Response], title: str) -> str:
    """An address made from the title that nothing of this kind has yet."""
    base = slugify(title.translate(_SWEDISH))[:70] or "nyhet"
    slug, number = base, 1
    while model.objects.filter(slug=slug).exists():
        number += 1
        slug = f"{base}-{number}"
    return slug


@transaction.atomic
def write_update(*, values: Mapping[str, Any], by: Actor, now: dt.datetime) -> PublicUpdate:
    """Begin a piece of news."""
    require(policies.can_write_public_texts(by))
    _only_communicator_times(None, values, by=by)
    update = PublicUpdate.objects.create(slug=free_slug(PublicUpdate, values["title"]), **values)
    record(update, "created", by=by, now=now)
    return update


@transaction.atomic
def edit_update(
    update: PublicUpdate,
    *,
    values: Mapping[str, Any],
    by: Actor,
    now: dt.datetime,
    seen: int | None = None,
    correction: str = "",
    correction_en: str = "",
    hide_old: bool = False,
) -> PublicUpdate:
    """Change a piece of news. Approved: it must be approved anew. Published: only with a visible correction.

    `hide_old`: residents are not shown what stood there.
    """
    require(policies.can_write_public_texts(by))
    update = locked(update)
    _only_communicator_times(update, values, by=by)
    if update.state == PublicationState.PUBLISHED:
        require(policies.can_publish(by))
        refuse_unless(
            correction.strip(), _("Nyheten är publicerad. Skriv kort vad du rättar, så att invånarna ser det.")
        )
    fresh = change_police_text(update, values=values, by=by, now=now, seen=seen)
    if fresh.state == PublicationState.APPROVED and fresh.revision != update.revision:
        fresh = take_back_approval(fresh, by=by, now=now)
    if update.state == PublicationState.PUBLISHED and fresh.revision != update.revision:
        refuse_identity_number(*all_texts(fresh), correction, correction_en)
        row = Correction.objects.create(
            update=fresh, text=correction, text_en=correction_en, corrected_at=now, by_function=by.function_label
        )
        record(fresh, "corrected", by=by, now=now, correction=row.pk)
        if hide_old:
            hide_replaced(fresh, by=by, now=now)
    return fresh


def _only_communicator_times(
    thing: PublicUpdate | ActionPackage | None, values: Mapping[str, Any], *, by: Actor
) -> None:
    """A time at which a thing publishes itself is the communicator's to set (publication.set_publication_time)."""
    before = thing.publish_at if thing else None
    if values.get("publish_at", before) not in (None, before):
        require(policies.can_publish(by))


@transaction.atomic
def discard_update(update: PublicUpdate, *, by: Actor, now: dt.datetime, seen: int | None = None) -> None:
    """Throw a draft away; anything that was ever published is withdrawn instead."""
    require(policies.can_write_public_texts(by))
    fresh = locked(update)
    check_seen(fresh, seen)
    refuse_unless(
        fresh.state == PublicationState.DRAFT and fresh.published_at is None,
        _("Nyheten har varit publicerad och kan bara avpubliceras."),
    )
    record(fresh, "discarded", by=by, now=now)
    fresh.delete()


@transaction.atomic
def begin_package(response: Response, *, values: Mapping[str, Any], by: Actor, now: dt.datetime) -> ActionPackage:
    """Begin an action package; the next version starts with the items of the one before."""
    require(policies.can_lead(by))
    _only_communicator_times(None, values, by=by)
    response = locked(response)
    refuse_unless(
        not response.packages.filter(state__in=[PublicationState.DRAFT, PublicationState.APPROVED]).exists(),
        _("Det finns redan ett paket som förbereds. Öppna det i stället."),
    )
    before = response.packages.order_by("-version").first()
    package = ActionPackage.objects.create(response=response, version=before.version + 1 if before else 1, **values)
    if before:
        for item in before.items.all():
            copy = PackageItem.objects.create(
                package=package,
                order=item.order,
                what=item.what,
                what_en=item.what_en,
                organisation=item.organisation,
                from_when=item.from_when,
                horizon=item.horizon,
                assignment=item.assignment,
                about_police=item.about_police,
                confirmed_by_police=item.confirmed_by_police,
                confirmed_at=item.confirmed_at,
                confirmed_by=item.confirmed_by,
            )
            if item.state != copy.state:
                move(copy, to=item.state, allowed=ITEM_MOVES, by=by, now=now)
    record(package, "created", by=by, now=now, version=package.version)
    return package


@transaction.atomic
@transaction.atomic
def edit_package(
    package: ActionPackage, *, values: Mapping[str, Any], by: Actor, now: dt.datetime, seen: int | None = None
) -> ActionPackage:
    """Change title and lead of a package under preparation; an approval falls."""
    require(policies.can_lead(by))
    _only_communicator_times(package, values, by=by)
    _must_be_in_preparation(package)
    fresh = change(package, by=by, now=now, values=values, seen=seen)
    return _prepared(fresh, by=by, now=now)


@transaction.atomic
def put_item(
    package: ActionPackage,
    *,
    item: PackageItem | None,
    values: Mapping[str, Any],
    by: Actor,
    now: dt.datetime,
    seen: int | None = None,
) -> PackageItem:
    """Add or change one measure; an approval falls, and so does the Police's word if their wording changed."""
    require(policies.can_lead(by))
    prepared = _prepared(package, by=by, now=now)
    party = values.get("organisation", item.organisation if item else None)
    if party is not None and party.is_police:
        # What the Police do is told in words they have confirmed, whatever was ticked.
        values = {**values, "about_police": True}
    if item is not None:
        refuse_unless(item.package_id == prepared.pk, _("Åtgärden hör till ett annat paket."))
        return change_police_text(item, values=values, by=by, now=now, seen=seen)
    last = prepared.items.order_by("-order").first()
    new = PackageItem.objects.create(package=prepared, order=(last.order if last else 0) + 1, **values)
    record(prepared, "item_added", by=by, now=now, item=new.pk)
    return new


@transaction.atomic
def remove_item(item: PackageItem, *, by: Actor, now: dt.datetime, seen: int | None = None) -> None:
    require(policies.can_lead(by))
    package = _prepared(item.package, by=by, now=now)
    check_seen(locked(item), seen)
    record(package, "item_removed", by=by, now=now, item=item.pk)
    item.delete()


@transaction.atomic
def place_item(item: PackageItem, *, direction: str, by: Actor, now: dt.datetime) -> None:
    """Move a measure one step "up" or "down" among those of the same horizon, as residents see them."""
    require(policies.can_lead(by))
    package = _prepared(item.package, by=by, now=now)
    items = list(package.items.select_for_update(of=("self",)))
    order = [row.pk for row in items]
    alike = [row.pk for row in items if row.horizon == item.horizon]
    here = alike.index(item.pk)
    there = here - 1 if direction == "up" else here + 1
    if not 0 <= there < len(alike):
        return
    one, other = order.index(item.pk), order.index(alike[there])
    order[one], order[other] = order[other], order[one]
    for number, pk in enumerate(order, start=1):
        PackageItem.objects.filter(pk=pk).update(order=number)
    record(package, "items_ordered", by=by, now=now, items=order)


def _prepared(package: ActionPackage, *, by: Actor, now: dt.datetime) -> ActionPackage:
    """The package open for changes: a draft, or an approved one made a draft again."""
    fresh = _must_be_in_preparation(package)
    return take_back_approval(fresh, by=by, now=now) if fresh.state == PublicationState.APPROVED else fresh


def _must_be_in_preparation(package: ActionPackage) -> ActionPackage:
    fresh = locked(package)
    refuse_unless(
        fresh.state in (PublicationState.DRAFT, PublicationState.APPROVED),
        _("Paketet är publicerat. Börja en ny version i stället."),
    )
    return fresh


def move_item(item: PackageItem, *, to: str, by: Actor, now: dt.datetime) -> PackageItem:
    """How a measure goes; the Police's are moved by the Police."""
    require(policies.can_move_undertaking(by) if item.about_police else policies.can_lead(by))
    return move(item, to=to, allowed=ITEM_MOVES, by=by, now=now)


@transaction.atomic
def announce_reinforcement(*, values: Mapping[str, Any], by: Actor, now: dt.datetime) -> Reinforcement:
    """Write down a reinforcement; shown when a police role has confirmed it and it is published."""
    require(policies.can_lead(by) or by.is_police)
    row = Reinforcement.objects.create(**values)
    record(row, "created", by=by, now=now)
    return row


def edit_reinforcement(
    row: Reinforcement, *, values: Mapping[str, Any], by: Actor, now: dt.datetime, seen: int | None = None
) -> Reinforcement:
    """Change weeks, numbers or text; the Police's confirmation falls."""
    require(policies.can_lead(by) or by.is_police)
    return change_police_text(row, values=values, by=by, now=now, seen=seen)


@transaction.atomic
def write_contact_point(*, values: Mapping[str, Any], by: Actor, now: dt.datetime) -> ContactPoint:
    require(policies.can_edit_contact_points(by))
    point = ContactPoint.objects.create(**values)
    record(point, "created", by=by, now=now)
    return point


@transaction.atomic
def edit_contact_point(
    point: ContactPoint, *, values: Mapping[str, Any], by: Actor, now: dt.datetime, seen: int | None = None
) -> ContactPoint:
    require(policies.can_edit_contact_points(by))
    return change(point, by=by, now=now, values=values, seen=seen)


@transaction.atomic
def put_hours(
    point: ContactPoint,
    *,
    hours: Iterable[OpeningHours],
    exceptions: Iterable[OpeningException],
    by: Actor,
    now: dt.datetime,
) -> None:
    """Make the opening hours and exceptions of a contact point be exactly these (unsaved rows)."""
    require(policies.can_edit_contact_points(by))
    fresh = locked(point)
    hours, exceptions = list(hours), list(exceptions)
    if _hours_of(hours, exceptions) != _hours_of(fresh.hours.all(), fresh.exceptions.all()):
        fresh.hours.all().delete()
        fresh.exceptions.all().delete()
        for weekly in hours:
            weekly.contact_point = fresh
            weekly.save()
        for exception in exceptions:
            exception.contact_point = fresh
            exception.save()
        # The hours are part of the page: somebody who has it open with the old ones must be told.
        fresh.revision += 1
        fresh.save(update_fields=["revision"])
        record(fresh, "hours_set", by=by, now=now)
    if fresh.is_public:
        missing = missing_before_publication(ContactPoint.objects.get(pk=fresh.pk))
        refuse_unless(not missing, " ".join([_("Kontaktpunkten är publicerad."), *missing]))


def _hours_of(hours: Iterable[OpeningHours], exceptions: Iterable[OpeningException]) -> tuple[Any, ...]:
    weekly = sorted((row.weekday, row.opens, row.closes) for row in hours)
    odd = {(row.date, row.is_closed, row.opens, row.closes, row.note) for row in exceptions}
    return weekly, odd


@transaction.atomic
def write_staff_message(*, values: Mapping[str, Any], by: Actor, now: dt.datetime) -> StaffMessage:
    """Draft a message to the own staff."""
    require(policies.can_write_staff_messages(by))
    assert by.user is not None
    message = StaffMessage.objects.create(written_by=by.user, **values)
    record(message, "created", by=by, now=now)
    return message


@transaction.atomic
def edit_staff_message(
    message: StaffMessage, *, values: Mapping[str, Any], by: Actor, now: dt.datetime, seen: int | None = None
) -> StaffMessage:
    require(policies.can_write_staff_messages(by))
    refuse_unless(
        locked(message).state == PublicationState.DRAFT, _("Meddelandet är skickat. Skriv ett nytt i stället.")
    )
    return change(message, by=by, now=now, values=values, seen=seen)


@transaction.atomic
def send_staff_message(message: StaffMessage, *, by: Actor, now: dt.datetime, seen: int | None = None) -> StaffMessage:
    """Show it on Mitt arbete now, and mail it in the next working morning's message."""
    require(policies.can_write_staff_messages(by))
    fresh = move(
        message,
        to=PublicationState.PUBLISHED,
        allowed={PublicationState.DRAFT: (PublicationState.PUBLISHED,)},
        by=by,
        now=now,
        seen=seen,
        also_set={"published_at": now},
    )
    nudge()
    return fresh


@transaction.atomic
def withdraw_staff_message(
    message: StaffMessage, *, by: Actor, now: dt.datetime, seen: int | None = None
) -> StaffMessage:
    """Take it off Mitt arbete; a mail not yet sent is not sent."""
    require(policies.can_write_staff_messages(by))
    fresh = move(
        message,
        to=PublicationState.WITHDRAWN,
        allowed=PUBLICATION_MOVES,
        by=by,
        now=now,
        seen=seen,
        also_set={"withdrawn_at": now},
    )
    cancel(fresh.subject_key, now=now)
    return fresh
