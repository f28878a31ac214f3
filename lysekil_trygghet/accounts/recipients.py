"""Who is told: the people who hold a role, head an organisation or fill a function on a day, or its mailbox.

Read once for a whole sweep and asked for every reminder, so that a person who has left is told nothing more and
nothing owed is lost: where nobody stands any more, the function mailbox is told, and then the coordinator.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from .models import Delegation, Function, Membership, Organisation, OrganisationKind, Power, Role


@dataclass(frozen=True)
class Recipient:
    """A person, or a function mailbox when the organisation has no person for it today."""

    user_id: int | None = None
    address: str = ""

    @property
    def key(self) -> str:
        return f"user:{self.user_id}" if self.user_id else f"mailbox:{self.address}"


@dataclass
class People:
    """Who holds what on a day."""

    heads: dict[int, list[int]] = field(default_factory=dict)
    by_role: dict[str, list[int]] = field(default_factory=dict)
    by_function: dict[int, list[int]] = field(default_factory=dict)
    members: dict[int, set[int]] = field(default_factory=dict)
    mailboxes: dict[int, str] = field(default_factory=dict)
    police: set[int] = field(default_factory=set)
    deputies: list[int] = field(default_factory=list)
    submitters: dict[int, list[int]] = field(default_factory=dict)

    @classmethod
    def on(cls, day: dt.date) -> People:
        people = cls()
        for pk, kind, mailbox in Organisation.objects.values_list("pk", "kind", "function_mailbox"):
            people.mailboxes[pk] = mailbox
            if kind == OrganisationKind.POLICE:
                people.police.add(pk)
        for membership in Membership.objects.active_on(day).order_by("pk"):
            user, organisation = membership.user_id, membership.organisation_id
            _add(people.by_role, membership.role, user)
            people.members.setdefault(organisation, set()).add(user)
            if membership.role == Role.DEPARTMENT_HEAD:
                _add(people.heads, organisation, user)
            if membership.function_id:
                _add(people.by_function, membership.function_id, user)
        in_force = Delegation.objects.filter(valid_from__lte=day, valid_to__gte=day, user__is_active=True)
        for delegation in in_force.order_by("pk"):
            if delegation.power == Power.DECIDE:
                people.deputies.append(delegation.user_id)
            elif delegation.power == Power.SUBMIT_REPORTS:
                _add(people.submitters, delegation.organisation_id, delegation.user_id)
        return people

    # --- An organisation ---

    def responsible(self, organisation: int, *, officer: int | None = None) -> list[Recipient]:
        """The case officer (while still there), the head, and whoever submits for the organisation."""
        users = list(self.heads.get(organisation, []))
        users += [user for user in self.submitters.get(organisation, []) if user not in users]
        if officer and officer in self.members.get(organisation, set()) and officer not in users:
            users.insert(0, officer)
        return self._or_mailbox(users, organisation)

    def holders(self, function: Function) -> list[Recipient]:
        return self._or_mailbox(self.by_function.get(function.pk, []), function.organisation_id)

    # --- A role ---

    def with_role(self, *roles: str) -> list[Recipient]:
        users: list[int] = []
        for role in roles:
            users += [user for user in self.by_role.get(role, []) if user not in users]
        return [Recipient(user_id=user) for user in users]

    def directors(self) -> list[Recipient]:
        """The director and whoever decides in their stead today; the coordinator while there is neither."""
        found = self.with_role(Role.MUNICIPAL_DIRECTOR)
        found += [Recipient(user_id=u) for u in self.deputies if Recipient(user_id=u) not in found]
        return found or self.with_role(Role.COORDINATOR)

    def coordinators(self) -> list[Recipient]:
        return self.with_role(Role.COORDINATOR) or self.directors()

    def communicators(self) -> list[Recipient]:
        return self.with_role(Role.COMMUNICATOR) or self.coordinators()

    def leaders(self) -> list[Recipient]:
        directors = self.directors()
        return directors + [recipient for recipient in self.coordinators() if recipient not in directors]

    # --- The Police ---

    def liaison(self, organisation: int | None = None) -> list[Recipient]:
        """Who keeps contact for the Police, or for one organisation of theirs: the liaison officer, while there is
        none the chief, then their mailbox, then the coordinator."""
        places = self.police if organisation is None else {organisation}
        staff = {user for place in places for user in self.members.get(place, set())}
        for role in (Role.MUNICIPAL_POLICE_OFFICER, Role.LPO_CHIEF):
            found = [recipient for recipient in self.with_role(role) if recipient.user_id in staff]
            if found:
                return found
        boxes = dict.fromkeys(box for place in sorted(places) if (box := self.mailboxes.get(place)))
        return [Recipient(address=box) for box in boxes] or self.coordinators()

    def asked(self, organisation: int) -> list[Recipient]:
        """Who answers in the name of an organisation, the Police too."""
        return self.liaison(organisation) if organisation in self.police else self.responsible(organisation)

    def asked_and_chiefs(self, organisation: int) -> list[Recipient]:
        """As `asked`, and for the Police also the chief. A department is asked through its head already."""
        found = self.asked(organisation)
        if organisation in self.police:
            staff = self.members.get(organisation, set())
            chiefs = [chief for chief in self.with_role(Role.LPO_CHIEF) if chief.user_id in staff]
            found += [chief for chief in chiefs if chief not in found]
        return found

    def _or_mailbox(self, users: Iterable[int], organisation: int) -> list[Recipient]:
        found = [Recipient(user_id=user) for user in users]
        if found:
            return found
        if self.mailboxes.get(organisation):
            return [Recipient(address=self.mailboxes[organisation])]
        # Nobody and no mailbox: the coordinator is told in their place, so that it is never lost.
        return self.coordinators()


def _add[K](table: dict[K, list[int]], key: K, value: int) -> None:
    values = table.setdefault(key, [])
    if value not in values:
        values.append(value)
