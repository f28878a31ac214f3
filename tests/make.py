"""Hand-made makers: sensible defaults, every field can be given by name."""

from __future__ import annotations

import datetime as dt
from itertools import count
from zoneinfo import ZoneInfo

from lysekil_trygghet.accounts.actors import Actor
from lysekil_trygghet.accounts.demo import addresses, load_people
from lysekil_trygghet.accounts.models import (
    Delegation,
    Function,
    Membership,
    Organisation,
    OrganisationKind,
    Power,
    Role,
    User,
)

STOCKHOLM = ZoneInfo("Europe/Stockholm")
# Tuesday of the golden case.
NOW = dt.datetime(2020, 6, 9, 10, 0, tzinfo=STOCKHOLM)
TODAY = NOW.date()
_number = count(1)


def at(day: str, clock: str = "10:00") -> dt.datetime:
    """`at("2020-06-18", "12:00")`: a moment in Stockholm."""
    return dt.datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=STOCKHOLM)


def user(**fields) -> User:
    n = next(_number)
    password = fields.pop("password", None)
    fields.setdefault("name", f"Person {n}")
    return User.objects.create_user(fields.pop("email", f"person{n}@kommun.example"), password, **fields)


def organisation(**fields) -> Organisation:
    n = next(_number)
    defaults = {
        "slug": f"organisation-{n}",
        "name": f"Organisation {n}",
        "short_name": f"Org {n}",
        "kind": OrganisationKind.DEPARTMENT,
        "function_mailbox": f"organisation{n}@kommun.example",
    }
    return Organisation.objects.create(**(defaults | fields))


def function(**fields) -> Function:
    n = next(_number)
    defaults = {"code": f"funktion-{n}", "label": f"Funktion {n}"}
    fields.setdefault("organisation", None)
    fields["organisation"] = fields["organisation"] or organisation()
    return Function.objects.create(**(defaults | fields))


def membership(**fields) -> Membership:
    fields["user"] = fields.get("user") or user()
    fields["organisation"] = fields.get("organisation") or organisation()
    defaults = {"role": Role.OFFICER, "valid_from": dt.date(2020, 1, 1)}
    return Membership.objects.create(**(defaults | fields))


def delegation(**fields) -> Delegation:
    fields["user"] = fields.get("user") or user()
    fields["organisation"] = fields.get("organisation") or organisation()
    defaults = {
        "power": Power.SUBMIT_REPORTS,
        "reference": "KS 2020-1, 2020-01-07",
        "valid_from": dt.date(2020, 1, 1),
        "valid_to": dt.date(2020, 12, 31),
    }
    return Delegation.objects.create(**(defaults | fields))


def actor(
    role: str | None = Role.OFFICER,
    organisation: Organisation | None = None,
    *,
    on: dt.date = TODAY,
    **fields,
) -> Actor:
    """A fresh person with one role in one organisation (made if none is given); `role=None`: with no role."""
    person = fields.pop("user", None) or user(**fields)
    if role is not None:
        membership(user=person, organisation=organisation, role=role)
    return Actor.of(person, on=on)


def people() -> dict[str, User]:
    """The twenty demo people, by key. The test database has them from the start (conftest.py)."""
    mail = addresses()
    found = User.objects.in_bulk(mail.values(), field_name="email")
    if len(found) < len(mail):
        return load_people(now=NOW)
    return {key: found[address] for key, address in mail.items()}
