"""Who is told: the people who hold a role, head an organisation or fill a function on a day, or its mailbox.

Read once for a whole sweep and asked for every reminder, so that a person who has left is told nothing more and
nothing owed is lost: where nobody stands any more, or all are away, the function mailbox and the coordinator are told.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from .models import Absence, Delegation, Function, Membership, Organisation, OrganisationKind, Power, Role


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
    # Those who are away that day, each with the stand-in, if there is one.
    away: dict[int, int | None] = field(default_factory=dict)

    @classmethod
    def on(cls, day: dt.date) -> People:
        people = cls()
        for pk, kind, mailbox in Organisation.objects.values_list("pk", "kind", "function_mailbox"):
            people.mailboxes[pk] = mailbox
            if kind == OrganisationKind.POLICE:
                people.police.add(pk)
        absences = Absence.objects.filter(first_day__lte=day, last_day__gte=day).order_by("pk")
        for user, stand_in, is_there in absences.values_list("user_id", "stand_in_id", "stand_in__is_active"):
            people.away[user] = stand_in if is_there else None
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

    def _present(self, users: Iterable[int]) -> list[int]:
        """The same people, each who is away replaced by their stand-in; a stand-in who is away too by theirs."""
        found: list[int] = []
        for user in users:
            passed: set[int] = set()
            here: int | None = user
            while here in self.away and here not in passed:
                passed.add(here)
                here = self.away[here]
            if here is not None and here not in passed and here not in found:
                found.append(here)
        return found

    def holders(self, function: Function) -> list[Recipient]:
        """Who is called to a meeting; the mailbox while nobody holds the function. Whoever calls need not be told."""
        found = self._or_mailbox(self.by_function.get(function.pk, []), function.organisation_id)
        return [one for one in found if one.address] or found

    # --- A role ---

    def with_role(self, *roles: str) -> list[Recipient]:
        users: list[int] = []
        for role in roles:
            users += [user for user in self.by_role.get(role, []) if user not in users]
        return [Recipient(user_id=user) for user in self._present(users)]

    def directors(self) -> list[Recipient]:
        """The director and whoever decides in their stead today; the coordinator while there is neither."""
        return self._deciding() or self.with_role(Role.COORDINATOR) or self._leaders_wherever_they_are()

    def coordinators(self) -> list[Recipient]:
        return self.with_role(Role.COORDINATOR) or self._deciding() or self._leaders_wherever_they_are()

    def _deciding(self) -> list[Recipient]:
        found = self.with_role(Role.MUNICIPAL_DIRECTOR)
        deputies = [Recipient(user_id=user) for user in self._present(self.deputies)]
        return found + [one for one in deputies if one not in found]

    def _leaders_wherever_they_are(self) -> list[Recipient]:
        """All of them are away without a stand-in: better told on a holiday than not at all."""
        users = [*self.by_role.get(Role.COORDINATOR, []), *self.by_role.get(Role.MUNICIPAL_DIRECTOR, [])]
        return [Recipient(user_id=user) for user in dict.fromkeys(users)]

    def communicators(self) -> list[Recipient]:
        return self.with_role(Role.COMMUNICATOR) or self.coordinators()

    def leaders(self) -> list[Recipient]:
        directors = self.directors()
        return directors + [recipient for recipient in self.coordinators() if recipient not in directors]

    # --- The Police ---

    def liaison(self, organisation: int | None = None) -> list[Recipient]:
        """Who keeps contact for the Police, or for one organisation of theirs: the liaison officer, while there is
        none the chief, then their mailbox, and the coordinator."""
        places = self.police if organisation is None else {organisation}
        staff = {user for place in places for user in self.members.get(place, set())}
        for role in (Role.MUNICIPAL_POLICE_OFFICER, Role.LPO_CHIEF):
            found = [recipient for recipient in self.with_role(role) if recipient.user_id in staff]
            if found:
                return found
        boxes = dict.fromkeys(box for place in sorted(places) if (box := self.mailboxes.get(place)))
        return [*(Recipient(address=box) for box in boxes), *self.coordinators()]

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
        found = [Recipient(user_id=user) for user in self._present(users)]
        if found:
            return found
        # Nobody is there: the mailbox is told, and the coordinator too, for who reads a mailbox is not known.
        box = self.mailboxes.get(organisation)
        return [*([Recipient(address=box)] if box else []), *self.coordinators()]


def _add[K](table: dict[K, list[int]], key: K, value: int) -> None:
    values = table.setdefault(key, [])
    if value not in values:
        values.append(value)
