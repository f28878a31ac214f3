"""Who may see what was sent to whom, and who deals with what did not arrive."""

from __future__ import annotations

from lysekil_trygghet.accounts.actors import Actor
from lysekil_trygghet.accounts.models import Power, Role


def can_see_messages(actor: Actor) -> bool:
    """Whoever must be able to say whether a reminder went out; the auditor too."""
    leads = actor.has_role(Role.COORDINATOR, Role.MUNICIPAL_DIRECTOR, Role.ADMINISTRATOR, Role.AUDITOR)
    return leads or actor.may_for(Power.DECIDE)


def can_change_ladders(actor: Actor) -> bool:
    """The municipality's rhythm of reminders: the coordinator, with the administrator's help."""
    return actor.has_role(Role.COORDINATOR, Role.ADMINISTRATOR)


def can_deal_with_messages(actor: Actor) -> bool:
    return actor.has_role(Role.COORDINATOR, Role.ADMINISTRATOR)
