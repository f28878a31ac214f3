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
from lysekil_trygghet.history.operations import change, locked, move, record
from lysekil_trygghet.notifications.operations import cancel, nudge

from .guards import refuse_unless, require
from .police import change_police_text
from .publication import take_back_approval

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
) -> PublicUpdate:
    """Change a piece of news. Approved: it must be approved anew. Published: only with a visible correction."""
    require(policies.can_write_public_texts(by))
    if update.state == PublicationState.PUBLISHED:
        require(policies.can_publish(by))
        refuse_unless(
            correction.strip(), _("Nyheten är publicerad. Skriv kort vad du rättar, så att invånarna ser det.")
        )
    fresh = change_police_text(update, values=values, by=by, now=now, seen=seen)
    if fresh.state == PublicationState.APPROVED and fresh.revision != update.revision:
        fresh = take_back_approval(fresh, by=by, now=now)
    if update.state == PublicationState.PUBLISHED:
        row = Correction.objects.create(
            update=fresh, text=correction, text_en=correction_en, corrected_at=now, by_function=by.function_label
        )
        record(fresh, "corrected", by=by, now=now, correction=row.pk)
    return fresh


@transaction.atomic
def discard_update(update: PublicUpdate, *, by: Actor, now: dt.datetime) -> None:
    """Throw a draft away; anything that was ever published is withdrawn instead."""
    require(policies.can_write_public_texts(by))
    fresh = locked(update)
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
    refuse_unless(
        not response.packages.filter(state__in=[PublicationState.DRAFT, PublicationState.APPROVED]).exists(),
        _("Det finns redan ett paket som förbereds. Öppna det i stället."),
    )
    before = response.packages.order_by("-version").first()
    package = ActionPackage.objects.create(response=response, version=before.version + 1 if before else 1, **values)
    if before:
        for item in before.items.all():
            PackageItem.objects.create(
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
    record(package, "created", by=by, now=now, version=package.version)
    return package


def edit_package(
    package: ActionPackage, *, values: Mapping[str, Any], by: Actor, now: dt.datetime, seen: int | None = None
) -> ActionPackage:
    """Change title and lead of a package under preparation; an approval falls."""
    require(policies.can_lead(by))
    return change(_prepared(package, by=by, now=now), by=by, now=now, values=values, seen=seen)


@transaction.atomic
def put_item(
    package: ActionPackage,
    *,
    item: PackageItem | None,
    values: Mapping[str, Any],
    by: Actor,
    now: dt.datetime,
) -> PackageItem:
    """Add or change one measure; an approval falls, and so does the Police's word if their wording changed."""
    require(policies.can_lead(by))
    prepared = _prepared(package, by=by, now=now)
    if item is not None:
        return change_police_text(item, values=values, by=by, now=now)
    last = prepared.items.order_by("-order").first()
    new = PackageItem.objects.create(package=prepared, order=(last.order if last else 0) + 1, **values)
    record(prepared, "item_added", by=by, now=now, item=new.pk)
    return new


@transaction.atomic
def remove_item(item: PackageItem, *, by: Actor, now: dt.datetime) -> None:
    require(policies.can_lead(by))
    package = _prepared(item.package, by=by, now=now)
    record(package, "item_removed", by=by, now=now, item=item.pk)
    item.delete()


def _prepared(package: ActionPackage, *, by: Actor, now: dt.datetime) -> ActionPackage:
    """The package open for changes: a draft, or an approved one made a draft again."""
    fresh = locked(package)
    refuse_unless(
        fresh.state in (PublicationState.DRAFT, PublicationState.APPROVED),
        _("Paketet är publicerat. Börja en ny version i stället."),
    )
    return take_back_approval(fresh, by=by, now=now) if fresh.state == PublicationState.APPROVED else fresh


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
    fresh.hours.all().delete()
    fresh.exceptions.all().delete()
    for row in (*hours, *exceptions):
        row.contact_point = fresh
        row.save()
    record(fresh, "hours_set", by=by, now=now)


@transaction.atomic
def write_staff_message(*, values: Mapping[str, Any], by: Actor, now: dt.datetime) -> StaffMessage:
    """Draft a message to the own staff."""
    require(policies.can_write_staff_messages(by))
    message = StaffMessage.objects.create(written_by=by.user, **values)
    record(message, "created", by=by, now=now)
    return message


def edit_staff_message(
    message: StaffMessage, *, values: Mapping[str, Any], by: Actor, now: dt.datetime, seen: int | None = None
) -> StaffMessage:
    require(policies.can_write_staff_messages(by))
    refuse_unless(message.state == PublicationState.DRAFT, _("Meddelandet är skickat. Skriv ett nytt i stället."))
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


def withdraw_staff_message(message: StaffMessage, *, by: Actor, now: dt.datetime) -> StaffMessage:
    """Take it off Mitt arbete; a mail not yet sent is not sent."""
    require(policies.can_write_staff_messages(by))
    fresh = move(
        message,
        to=PublicationState.WITHDRAWN,
        allowed=PUBLICATION_MOVES,
        by=by,
        now=now,
        also_set={"withdrawn_at": now},
    )
    cancel(fresh.subject_key, now=now)
    return fresh
