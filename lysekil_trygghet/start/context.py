"""The menu of the staff pages: what this person's roles open, and where they are now."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from lysekil_trygghet.accounts.actors import Actor
from lysekil_trygghet.accounts.models import POLICE_ROLES, Role

STAFF_ROOT = "/arbete/"
OVERVIEW = "/arbete/lage/"
STEERING = frozenset({Role.MUNICIPAL_DIRECTOR, Role.COORDINATOR})

# Label, address, and the roles it is for (None: everybody who is signed in).
ITEMS: tuple[tuple[Any, str, frozenset[str] | None], ...] = (
    (_("Mitt arbete"), "/arbete/", None),
    (_("Läget nu"), OVERVIEW, None),
    (_("Publicera"), "/arbete/publicera/", STEERING | {Role.COMMUNICATOR}),
    (_("Polisen"), "/arbete/polis/", STEERING | POLICE_ROLES),
    (_("Lägesbild"), "/arbete/lagesbild/", None),
    (_("Siffror"), "/arbete/siffror/", None),
    (_("Löften"), "/arbete/loften/", None),
    (_("Insatser"), "/arbete/insatser/", None),
    (_("Kontaktpunkter"), "/arbete/kontakt/", STEERING | {Role.COMMUNICATOR}),
    (_("Att diarieföra"), "/arbete/diarium/", frozenset({Role.REGISTRAR})),
    (_("Utskick"), "/arbete/utskick/", frozenset({Role.COORDINATOR, Role.ADMINISTRATOR})),
    (_("Personer"), "/arbete/personer/", frozenset({Role.ADMINISTRATOR})),
)


def items_for(actor: Actor, *, path: str) -> list[dict[str, Any]]:
    """The menu for `actor` on the page `path`; the longest matching address is the current one."""
    roles = actor.roles
    shown = [(label, url) for label, url, wanted in ITEMS if wanted is None or roles & wanted]
    if actor.is_police:
        # The Police follow assignments as residents do (incidents.policies.can_see_overview).
        shown = [(label, url) for label, url in shown if url != OVERVIEW]
    here = max((url for _label, url in shown if path.startswith(url)), key=len, default="")
    if here == STAFF_ROOT and path != STAFF_ROOT:
        here = ""
    return [{"label": label, "url": url, "current": url == here} for label, url in shown]


def staff_nav(request: HttpRequest | None = None) -> dict[str, Any]:
    """`staff_nav` on staff pages of a signed-in person, else empty: public pages are the same for all."""
    actor = getattr(request, "actor", None)
    if request is None or actor is None or not request.path.startswith(STAFF_ROOT) or not actor.is_signed_in:
        return {"staff_nav": []}
    organisation = actor.organisation
    return {
        "staff_nav": items_for(actor, path=request.path),
        "staff_role": actor.function_label,
        "staff_organisation": organisation.short_name if organisation else "",
    }
