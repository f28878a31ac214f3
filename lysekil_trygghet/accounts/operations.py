"""What changes who people are: each act asks its guards, writes its row, and leaves a line of history.

This is the one place where `accounts` acts through `history` (an exception written in the import contract): a
role that is given without a trace would make every later line of history doubtful.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lysekil_trygghet.history import operations as history

from . import policies, queries
from .actors import Actor
from .models import Absence, Delegation, Function, Membership, Organisation, Power, Role, User


class NotAllowed(Exception):
    """The actor may not do this with people."""


class AddressTaken(Exception):
    """Somebody already signs in with that address."""


class AlreadyDelegated(Exception):
    """Exactly this delegation is entered already."""


class AlreadyMember(Exception):
    """The person already holds that role there on some of those days."""


class BadDates(Exception):
    """The last day is before the first one, or has already been decided otherwise."""


class WrongOrganisation(Exception):
    """The function belongs to another organisation."""


@transaction.atomic
def add_person(*, email: str, name: str, by: Actor, now: dt.datetime) -> User:
    """A new person who may sign in (by a code in the mail) but holds no role yet."""
    _require(policies.can_manage_people(by))
    if User.objects.filter(email__iexact=email).exists():
        raise AddressTaken(email)
    user = User.objects.create_user(email, name=name)
    history.record(user, "person_added", by=by, now=now)
    return user


@transaction.atomic
def begin_membership(
    user: User,
    *,
    organisation: Organisation,
    role: Role | str,
    valid_from: dt.date,
    by: Actor,
    now: dt.datetime,
    valid_to: dt.date | None = None,
    function: Function | None = None,
) -> Membership:
    """Give `user` a role in an organisation. Refused: closed account, dates the wrong way, the same role
    twice on the same day, a function of another organisation."""
    user = history.locked(user)
    _require(policies.can_begin_membership(by, user))
    if valid_to is not None and valid_to < valid_from:
        raise BadDates()
    if function is not None and function.organisation_id != organisation.pk:
        raise WrongOrganisation()
    same = user.memberships.filter(organisation=organisation, role=role)
    if any(_overlap(m, valid_from, valid_to) for m in same):
        raise AlreadyMember()
    membership = Membership.objects.create(
        user=user,
        organisation=organisation,
        role=role,
        function=function,
        valid_from=valid_from,
        valid_to=valid_to,
    )
    history.record(
        membership,
        "membership_begun",
        by=by,
        now=now,
        user=user,
        organisation=organisation,
        role=str(role),
        valid_from=valid_from,
        valid_to=valid_to,
    )
    return membership


@transaction.atomic
def end_membership(membership: Membership, *, last_day: dt.date, by: Actor, now: dt.datetime) -> Membership:
    """The role holds through `last_day` and no longer. Refused for an end already in the past, so that nobody
    rewrites who held a role; refused for the administrator's own key."""
    membership = history.locked(membership)
    _require(policies.can_end_membership(by, membership))
    yesterday = timezone.localdate(now) - dt.timedelta(days=1)
    already_over = membership.valid_to is not None and membership.valid_to < yesterday
    if already_over or last_day < membership.valid_from or last_day < yesterday:
        raise BadDates()
    if membership.valid_to == last_day:
        return membership
    before = membership.valid_to
    membership.valid_to = last_day
    membership.save(update_fields=["valid_to"])
    history.record(
        membership,
        "membership_ended",
        by=by,
        now=now,
        user=membership.user_id,
        organisation=membership.organisation_id,
        role=membership.role,
        valid_to_before=before,
        valid_to=last_day,
    )
    return membership


@transaction.atomic
def delegate(
    user: User,
    *,
    power: Power | str,
    organisation: Organisation,
    reference: str,
    valid_from: dt.date,
    valid_to: dt.date,
    by: Actor,
    now: dt.datetime,
) -> Delegation:
    """Enter a delegation that somebody entitled has decided; `reference` says where that decision is."""
    user = history.locked(user)
    _require(policies.can_begin_membership(by, user))
    if valid_to < valid_from:
        raise BadDates()
    facts = {"power": power, "organisation": organisation, "reference": reference}
    if user.delegations.filter(**facts, valid_from=valid_from, valid_to=valid_to).exists():
        raise AlreadyDelegated()
    delegation = Delegation.objects.create(user=user, **facts, valid_from=valid_from, valid_to=valid_to)
    history.record(
        delegation,
        "delegated",
        by=by,
        now=now,
        user=user,
        organisation=organisation,
        power=str(power),
        valid_from=valid_from,
        valid_to=valid_to,
    )
    return delegation


@transaction.atomic
def end_delegation(delegation: Delegation, *, last_day: dt.date, by: Actor, now: dt.datetime) -> Delegation:
    """The delegation holds through `last_day`; only ever shortened: a longer one needs a new decision."""
    delegation = history.locked(delegation)
    _require(policies.can_end_delegation(by, delegation))
    yesterday = timezone.localdate(now) - dt.timedelta(days=1)
    if last_day < yesterday or last_day < delegation.valid_from or last_day > delegation.valid_to:
        raise BadDates()
    if delegation.valid_to == last_day:
        return delegation
    before = delegation.valid_to
    delegation.valid_to = last_day
    delegation.save(update_fields=["valid_to"])
    history.record(
        delegation,
        "delegation_ended",
        by=by,
        now=now,
        user=delegation.user_id,
        power=delegation.power,
        valid_to_before=before,
        valid_to=last_day,
    )
    return delegation


class BadAbsence(Exception):
    """The days or the stand-in cannot be as given; `str()` says what to do."""


@transaction.atomic
def begin_absence(
    user: User, *, first_day: dt.date, last_day: dt.date, stand_in: User | None, by: Actor, now: dt.datetime
) -> Absence:
    """Somebody will be away, from the first to the last day, both in. Everybody says so of themselves, the
    administrator of all. Raises `BadAbsence`."""
    _require(policies.can_say_who_is_away(by, user))
    today = timezone.localdate(now)
    if last_day < first_day or last_day < today:
        raise BadAbsence(_("Sista dagen får inte ligga före den första, och inte före i dag."))
    if stand_in is not None and stand_in not in queries.colleagues_of(user, on=today):
        raise BadAbsence(_("Välj en ersättare som arbetar i samma organisation."))
    if user.absences.filter(first_day__lte=last_day, last_day__gte=first_day).exists():
        raise BadAbsence(_("Du är redan borta någon av de dagarna. Ta bort den frånvaron först."))
    absence = Absence.objects.create(user=user, first_day=first_day, last_day=last_day, stand_in=stand_in)
    history.record(user, "absence_begun", by=by, now=now, first_day=first_day, last_day=last_day)
    return absence


@transaction.atomic
def end_absence(absence: Absence, *, by: Actor, now: dt.datetime) -> None:
    """Somebody is back, or will not be away after all: from now on reminders are theirs again."""
    _require(policies.can_say_who_is_away(by, absence.user))
    history.record(
        absence.user, "absence_ended", by=by, now=now, first_day=absence.first_day, last_day=absence.last_day
    )
    absence.delete()


@transaction.atomic
def deactivate(user: User, *, by: Actor, now: dt.datetime) -> User:
    """Close the account: no sign-in, open sessions die with the next page, roles stop counting at once.

    The row stays, since history points at it. Memberships keep their dates: they say what was.
    """
    user = history.locked(user)
    _require(policies.can_deactivate(by, user))
    user.is_active = False
    user.save(update_fields=["is_active"])
    history.record(user, "person_deactivated", by=by, now=now)
    return user


@transaction.atomic
def reactivate(user: User, *, by: Actor, now: dt.datetime) -> User:
    """Open a closed account again. Memberships that have not run out count again."""
    user = history.locked(user)
    _require(policies.can_manage_people(by))
    if user.is_active:
        return user
    user.is_active = True
    user.save(update_fields=["is_active"])
    history.record(user, "person_reactivated", by=by, now=now)
    return user


def _require(allowed: bool) -> None:
    if not allowed:
        raise NotAllowed()


def _overlap(membership: Membership, valid_from: dt.date, valid_to: dt.date | None) -> bool:
    starts_before_end = valid_to is None or membership.valid_from <= valid_to
    ends_after_start = membership.valid_to is None or membership.valid_to >= valid_from
    return starts_before_end and ends_after_start
