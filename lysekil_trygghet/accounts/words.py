"""What history says about people, in Swedish."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from lysekil_trygghet.history.queries import timeline_of

from .models import Organisation, Power, Role, User

VERBS = {
    "person_added": _("Personen lades till"),
    "person_deactivated": _("Kontot stängdes"),
    "person_reactivated": _("Kontot öppnades igen"),
    "membership_begun": _("Rollen {what} gavs i {where}"),
    "membership_ended": _("Rollen {what} i {where} fick sista dag {day}"),
    "absence_begun": _("Borta {first_day}–{last_day}"),
    "absence_ended": _("Inte borta längre ({first_day}–{last_day})"),
    "delegated": _("Befogenheten {what} delegerades för {where}"),
    "delegation_ended": _("Delegationen {what} fick sista dag {day}"),
}


def timeline_of_person(user: User) -> list[dict[str, Any]]:
    """The acts on a person and on what they hold, newest first, in the shape of components/timeline.html."""
    events = timeline_of(user, user.memberships.all(), user.delegations.all())
    names = dict(Organisation.objects.values_list("pk", "short_name"))
    shown = []
    for event in events.reverse():
        details = event.details
        what = dict(Role.choices).get(details.get("role")) or dict(Power.choices).get(details.get("power"), "")
        words = str(VERBS.get(event.verb, event.verb)).format(
            what=what,
            where=names.get(details.get("organisation"), ""),
            day=details.get("valid_to", ""),
            first_day=details.get("first_day", ""),
            last_day=details.get("last_day", ""),
        )
        who = ", ".join(filter(None, [event.actor_label, event.actor_organisation_label]))
        shown.append({"at": event.at, "words": words, "who": who})
    return shown
