"""Whose work an actor does: the organisations it works in and those it was delegated to answer for.

One place for it, so that the lists (`visible_to`) and the questions about one thing (policies) cannot differ.
"""

from __future__ import annotations

from lysekil_trygghet.accounts.actors import Actor
from lysekil_trygghet.accounts.models import READ_ONLY_ROLES, Power


def works_in(actor: Actor) -> frozenset[int]:
    """Organisations where the actor does the work.

    Elected representatives, auditors and researchers follow an organisation without working in it: a draft shown
    to them has left the organisation (TF 2 kap. 10 §).
    """
    return frozenset(m.organisation_id for m in actor.memberships if m.role not in READ_ONLY_ROLES)


def answers_for(actor: Actor) -> frozenset[int]:
    """Organisations whose assignments and drafts the actor works on. The Police answer for none (docs/rules.md)."""
    if actor.is_police:
        return frozenset()
    delegated = {organisation for power, organisation in actor.delegated if power == Power.SUBMIT_REPORTS}
    return works_in(actor) | delegated


def judges_by_delegation(actor: Actor) -> bool:
    """A recorded delegation lets the actor accept or return reports in the director's stead; never the Police."""
    return actor.may_for(Power.ACCEPT_REPORTS) and not actor.is_police
