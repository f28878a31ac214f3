"""Who may do what with people and roles, and the two questions every other policy starts from."""

from __future__ import annotations

from .actors import Actor
from .models import Delegation, Membership, Organisation, Role, User


def has_role(actor: Actor, *roles: str, organisation: Organisation | int | None = None) -> bool:
    """Holds one of `roles` today (in `organisation`, if one is named)."""
    return actor.has_role(*roles, organisation=organisation)


def speaks_for(actor: Actor, organisation: Organisation | int) -> bool:
    """Has any role in `organisation` today."""
    return actor.speaks_for(organisation)


def can_manage_people(actor: Actor) -> bool:
    """Add people, give and end roles, enter delegations, close accounts: the administrator."""
    return actor.has_role(Role.ADMINISTRATOR)


def can_begin_membership(actor: Actor, user: User) -> bool:
    return can_manage_people(actor) and user.is_active


def can_end_membership(actor: Actor, membership: Membership) -> bool:
    """The administrator, but never their own administrator's role: nobody would be left to undo it."""
    own_key = actor.user is not None and membership.user_id == actor.user.pk and membership.role == Role.ADMINISTRATOR
    return can_manage_people(actor) and not own_key


def can_deactivate(actor: Actor, user: User) -> bool:
    """The administrator, but not themselves."""
    return can_manage_people(actor) and user.is_active and user != actor.user


def can_say_who_is_away(actor: Actor, user: User) -> bool:
    """Oneself, or the administrator for somebody who fell ill."""
    return actor.user is not None and (actor.user == user or can_manage_people(actor))


def can_end_delegation(actor: Actor, delegation: Delegation) -> bool:
    return can_manage_people(actor)
