"""The one who acts: a user with the roles that hold today, or the portal itself.

Operations take an `Actor` as `by`, policies ask it, history freezes its label.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from django.db.models import Q

from .models import POLICE_ROLES, READ_ONLY_ROLES, Membership, Organisation, Power, Role, User


@dataclass(frozen=True)
class Actor:
    """A signed-in person on a given day: memberships and delegations that hold that day.

    Equality follows the data, so an actor can be built freely in tests with `Actor.of(user, on=day)`.
    """

    user: User | None
    memberships: tuple[Membership, ...] = ()
    delegated: frozenset[tuple[str, int]] = frozenset()
    label: str = field(default="")

    @classmethod
    def of(cls, user: User, *, on: dt.date) -> Actor:
        """What `user` is on the day `on`. A deactivated user holds nothing."""
        if not user.is_authenticated or not user.is_active:
            return cls(user=None)
        memberships = tuple(
            Membership.objects.active_on(on).filter(user=user).select_related("organisation", "function")
        )
        delegated = frozenset(
            user.delegations.filter(Q(valid_from__lte=on), Q(valid_to__gte=on)).values_list("power", "organisation_id")
        )
        return cls(user=user, memberships=memberships, delegated=delegated, label=user.name)

    @classmethod
    def system(cls) -> Actor:
        """The portal itself, for what happens by the clock."""
        return cls(user=None, label="Portalen")

    @classmethod
    def nobody(cls) -> Actor:
        return cls(user=None)

    @property
    def is_signed_in(self) -> bool:
        return self.user is not None

    @property
    def roles(self) -> frozenset[str]:
        return frozenset(m.role for m in self.memberships)

    def has_role(self, *roles: str, organisation: Organisation | int | None = None) -> bool:
        """True when the actor holds one of `roles`, in `organisation` if one is named."""
        wanted = organisation.pk if isinstance(organisation, Organisation) else organisation
        return any(m.role in roles and (wanted is None or m.organisation_id == wanted) for m in self.memberships)

    @property
    def organisation(self) -> Organisation | None:
        """The organisation the actor speaks for first of all."""
        return self.memberships[0].organisation if self.memberships else None

    @property
    def organisation_ids(self) -> frozenset[int]:
        return frozenset(m.organisation_id for m in self.memberships)

    def speaks_for(self, organisation: Organisation | int) -> bool:
        wanted = organisation.pk if isinstance(organisation, Organisation) else organisation
        return wanted in self.organisation_ids

    def may_for(self, power: Power, organisation: Organisation | int | None = None) -> bool:
        """True when `power` was delegated to the actor (for `organisation`, if one is named)."""
        wanted = organisation.pk if isinstance(organisation, Organisation) else organisation
        return any(p == power and (wanted is None or o == wanted) for p, o in self.delegated)

    @property
    def is_director(self) -> bool:
        return self.has_role(Role.MUNICIPAL_DIRECTOR)

    @property
    def is_coordinator(self) -> bool:
        return self.has_role(Role.COORDINATOR)

    @property
    def is_communicator(self) -> bool:
        return self.has_role(Role.COMMUNICATOR)

    @property
    def is_police(self) -> bool:
        return self.has_role(*POLICE_ROLES)

    @property
    def is_registrar(self) -> bool:
        return self.has_role(Role.REGISTRAR)

    @property
    def only_reads(self) -> bool:
        return bool(self.roles) and self.roles <= READ_ONLY_ROLES

    @property
    def function_label(self) -> str:
        """The function the actor acts in, for minutes and decisions (never a personal name)."""
        if not self.memberships:
            return self.label
        first = self.memberships[0]
        return first.function.label if first.function else first.get_role_display()
