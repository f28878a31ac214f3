"""What history says about the acute chain, in Swedish: one sentence for each verb.

Every verb of incidents/operations stands here (tests/incidents/test_words.py reads the operations and checks).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from lysekil_trygghet.history.models import Event
from lysekil_trygghet.history.queries import timeline_of
from lysekil_trygghet.ui.formats import swedish_datetime

from .lifecycle import HowFar

VERBS = {
    "created": _("Lades till"),
    "changed": _("Ändrades"),
    "discarded": _("Utkastet kastades"),
    "points_set": _("Inriktningspunkterna sparades"),
    "approaches_set": _("Förhållningssätten sparades"),
    "decided": _("Beslutet fattades"),
    "in_force": _("Beslutet började gälla"),
    "revision_begun": _("En ny version påbörjades"),
    "revision_choice": _("Val om ett öppet uppdrag gjordes"),
    "revised": _("Ersattes av en ny version"),
    "followed_up": _("Beslutet följdes upp"),
    "ended": _("Avslutades"),
    "draft_shared": _("Utkastet delades med en annan organisation"),
    "diary_number_set": _("Diarienummer sattes"),
    "issued": _("Utfärdades"),
    "acknowledged": _("Togs emot"),
    "reported": _("Återrapporterades"),
    "ready_for_submission": _("Handläggaren bad chefen lämna in återrapporten"),
    "submitted": _("Lämnades in"),
    "accepted": _("Godkändes"),
    "continued": _("Godkändes, arbetet fortsätter"),
    "returned": _("Skickades tillbaka för komplettering"),
    "replaced": _("Ersattes av en ny version"),
    "cancelled": _("Utgick"),
    "due_moved": _("Dagen flyttades"),
    "exception_recorded": _("Undantag antecknades"),
    "officer_appointed": _("Handläggare utsågs"),
    "progress_noted": _("Läget antecknades"),
    "asked_more_time": _("Mer tid begärdes"),
    "asked_decline": _("Uppdraget avböjdes"),
    "request_granted": _("Begäran beviljades"),
    "request_refused": _("Begäran avslogs"),
    "request_withdrawn": _("Begäran togs tillbaka"),
    "granted": _("Beviljades"),
    "refused": _("Avslogs"),
    "carried_to_new_version": _("Följde med till den nya versionen"),
    "called": _("Kallelsen skickades"),
    "held": _("Mötet hölls"),
    "noted": _("Anteckningar påbörjades"),
    "minutes_approved": _("Anteckningarna godkändes"),
    "discussed": _("Frågan behandlades"),
    "answered": _("Frågan besvarades"),
    "done": _("Blev klart"),
    "ongoing": _("Påbörjades"),
    "planned": _("Planerades igen"),
    "closed": _("Avslutades"),
    "item_settled": _("Ett uppdrag gicks igenom"),
    "item_added": _("En åtgärd lades till"),
    "item_removed": _("En åtgärd togs bort"),
    "items_ordered": _("Åtgärderna fick en ny ordning"),
    "hours_set": _("Öppettiderna sparades"),
    "police_confirmed": _("Polisen bekräftade texten"),
    "police_confirmation_cleared": _("Polisens bekräftelse föll, texten ändrades"),
    "approved": _("Godkändes för publicering"),
    "published": _("Publicerades"),
    "publication_timed": _("Tid för publicering sattes"),
    "withdrawn": _("Avpublicerades"),
    "superseded": _("Ersattes av en ny version"),
    "corrected": _("Rättades"),
    "former_text_hidden": _("Den gamla texten doldes för invånarna"),
    "draft": _("Blev utkast igen"),
    "given": _("Öppnades igen"),
    "problems_linked": _("Problem i lägesbilden valdes"),
}
# The same verb in other words, by the kind of thing it was done to.
OF_KIND: dict[tuple[str, str], Any] = {
    ("assignment", "created"): _("Uppdraget skrevs"),
    ("assignment", "changed"): _("Uppdraget ändrades"),
    ("assignment", "issued"): _("Uppdraget utfärdades"),
    ("assignment", "acknowledged"): _("Förvaltningen bekräftade att uppdraget är mottaget"),
    ("assignment", "reported"): _("Uppdraget återrapporterades"),
    ("assignment", "returned"): _("Återrapporten ska kompletteras"),
    ("assignment", "accepted"): _("Uppdraget är klart och godkänt"),
    ("assignment", "continued"): _("Återrapporten godkändes och arbetet fortsätter"),
    ("assignment", "cancelled"): _("Uppdraget utgick"),
    ("assignmentrequest", "granted"): _("Begäran beviljades"),
    ("assignmentrequest", "refused"): _("Begäran avslogs"),
    ("assignmentrequest", "withdrawn"): _("Begäran togs tillbaka"),
    ("reportback", "created"): _("En återrapport påbörjades"),
    ("reportback", "submitted"): _("Återrapporten lämnades in"),
    ("reportback", "accepted"): _("Återrapporten godkändes"),
    ("reportback", "returned"): _("Återrapporten skickades tillbaka"),
    ("reportback", "replaced"): _("Återrapporten ersattes av en ny version"),
    ("convening", "cancelled"): _("Mötet ställdes in"),
    ("policeundertaking", "withdrawn"): _("Utgår"),
    ("packageitem", "withdrawn"): _("Utgår"),
}


def _day(value: str) -> str:
    try:
        return swedish_datetime(dt.datetime.fromisoformat(value), weekday=False)
    except (TypeError, ValueError):
        return ""


def sentence(event: Event) -> str:
    """What happened, with the days, the version or the step that history keeps."""
    kind = ContentType.objects.get_for_id(event.subject_type_id).model
    words = str(OF_KIND.get((kind, event.verb)) or VERBS.get(event.verb, event.verb))
    details = event.details
    if event.verb == "due_moved":
        old, new = _day(details.get("old_due_at", "")), _day(details.get("new_due_at", ""))
        if old and new:
            return _now("Dagen flyttades från %(old)s till %(new)s") % {"old": old, "new": new}
    if event.verb == "progress_noted" and details.get("how_far") in HowFar.values:
        return f"{words}: {HowFar(details['how_far']).label}"
    if kind == "reportback" and details.get("version"):
        return _now("%(words)s (version %(version)s)") % {"words": words, "version": details["version"]}
    return words


def timeline(*subjects: models.Model | Iterable[models.Model]) -> list[dict[str, Any]]:
    """The acts on the given things, newest first, in the shape of components/timeline.html."""
    return [
        {
            "at": event.at,
            "words": sentence(event),
            "who": ", ".join(filter(None, [event.actor_label, event.actor_organisation_label])),
        }
        for event in timeline_of(*subjects).reverse()
    ]
