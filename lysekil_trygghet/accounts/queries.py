"""Who is who on a given day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet, prefetch_related_objects

from .models import Delegation, Function, Membership, Organisation, Role, User


def people_of(organisation: Organisation | int, roles: Collection[str], on: dt.date) -> QuerySet[User]:
    """Active people who hold one of `roles` in `organisation` on the day `on`, each once."""
    holders = Membership.objects.active_on(on).filter(organisation=organisation, role__in=roles)
    return User.objects.filter(pk__in=holders.values("user_id")).order_by("name", "pk")


def _with_role(role: str, on: dt.date) -> QuerySet[User]:
    holders = Membership.objects.active_on(on).filter(role=role)
    return User.objects.filter(pk__in=holders.values("user_id")).order_by("name", "pk")


def heads_of(organisation: Organisation | int, on: dt.date) -> QuerySet[User]:
    return people_of(organisation, [Role.DEPARTMENT_HEAD], on)


def directors(on: dt.date) -> QuerySet[User]:
    return _with_role(Role.MUNICIPAL_DIRECTOR, on)


def coordinators(on: dt.date) -> QuerySet[User]:
    return _with_role(Role.COORDINATOR, on)


def communicators(on: dt.date) -> QuerySet[User]:
    return _with_role(Role.COMMUNICATOR, on)


def holder_of(function: Function | int, on: dt.date) -> User | None:
    """Who holds the function on the day `on`; the latest to begin, if two overlap at a change of person."""
    membership = (
        Membership.objects.active_on(on)
        .filter(function=function)
        .select_related("user")
        .order_by("-valid_from", "-pk")
        .first()
    )
    return membership.user if membership else None


@dataclass(frozen=True)
class PersonRow:
    """One line of the administrator's list."""

    user: User
    current: tuple[Membership, ...]
    past_or_coming: tuple[Membership, ...]
    delegations: tuple[Delegation, ...]


def person_rows(people: Iterable[User], *, on: dt.date) -> list[PersonRow]:
    """The given people, in their order, with what each holds on the day `on`. Always two queries more."""
    found = list(people)
    prefetch_related_objects(
        found,
        Prefetch(
            "memberships",
            Membership.objects.select_related("organisation", "function").order_by("-valid_from", "pk"),
        ),
        Prefetch(
            "delegations",
            Delegation.objects.filter(valid_to__gte=on).select_related("organisation").order_by("valid_to", "pk"),
        ),
    )
    rows = []
    for person in found:
        memberships = list(person.memberships.all())
        current = tuple(m for m in memberships if holds_on(m, on))
        others = tuple(m for m in memberships if not holds_on(m, on))
        rows.append(PersonRow(person, current, others, tuple(person.delegations.all())))
    return rows


def holds_on(membership: Membership, on: dt.date) -> bool:
    """The one-row twin of `MembershipQuerySet.active_on`, for a person who may sign in."""
    return membership.valid_from <= on and (membership.valid_to is None or membership.valid_to >= on)


def colleagues_of(user: User, *, on: dt.date) -> QuerySet[User]:
    """Those who work where `user` works on a day, themselves not counted."""
    places = Membership.objects.active_on(on).filter(user=user).values("organisation")
    there = Membership.objects.active_on(on).filter(organisation__in=places).exclude(user=user)
    return User.objects.filter(pk__in=there.values("user")).order_by("name", "pk")
