"""Whose a promise is: who works for a party, who leads, who may say for it how its part goes."""

from __future__ import annotations

from lysekil_trygghet.accounts.actors import Actor
from lysekil_trygghet.accounts.models import Organisation, Power, Role
from situation.policies import is_municipal_writer

from .lifecycle import PartyRole
from .models import Commitment

DEPARTMENT_ROLES = (Role.DEPARTMENT_HEAD, Role.OFFICER)


def works_for(actor: Actor, organisation: Organisation) -> bool:
    """Does its work: a police role for the Police; else a head or case officer, or who submits for it."""
    if organisation.is_police:
        return actor.is_police
    if actor.is_police:
        return False
    return actor.has_role(*DEPARTMENT_ROLES, organisation=organisation) or actor.may_for(
        Power.SUBMIT_REPORTS, organisation
    )


def parties_of(commitment: Commitment, role: PartyRole | None = None) -> list[Organisation]:
    """The organisations of a promise; of one role, if it is named. Uses what was prefetched."""
    return [party.organisation for party in commitment.parties.all() if role is None or party.role == role]


def leads_of(commitment: Commitment) -> list[Organisation]:
    return parties_of(commitment, PartyRole.LEAD)


def is_police_led(commitment: Commitment) -> bool:
    """At least one lead is the Police: how it went is not said without them."""
    return any(organisation.is_police for organisation in leads_of(commitment))


def names_the_police(commitment: Commitment) -> bool:
    """The Police lead or contribute: no such words are agreed without them."""
    return any(organisation.is_police for organisation in parties_of(commitment))


def is_lead(actor: Actor, commitment: Commitment) -> bool:
    return any(works_for(actor, organisation) for organisation in leads_of(commitment))


def is_party(actor: Actor, commitment: Commitment) -> bool:
    return any(works_for(actor, organisation) for organisation in parties_of(commitment))


def writes_for_police(actor: Actor) -> bool:
    """Where the Police do not sign in: the coordinator writes down what they said in a document, with its day."""
    return actor.is_coordinator and not actor.is_police


def is_directing(actor: Actor) -> bool:
    """The director, or the deputy by recorded delegation."""
    return not actor.is_police and (actor.is_director or actor.may_for(Power.DECIDE))


def acts_for(actor: Actor, organisation: Organisation) -> bool:
    """Says for a party how its part goes: for the Police a police role alone; else also who leads the work."""
    if organisation.is_police:
        return actor.is_police
    return works_for(actor, organisation) or is_municipal_writer(actor)
