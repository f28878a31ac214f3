"""What states, trends and acts are called, each with an icon: never colour alone.

Every verb of situation/operations stands here (tests/situation/test_words.py reads the operations and checks).
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.utils.formats import localize
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from lysekil_trygghet.history.models import Event
from lysekil_trygghet.ui.badges import Badge

from . import queries
from .lifecycle import Confidence, Method, PictureState, Strength, Trend
from .models import SituationPicture, Source

# --- States -------------------------------------------------------------------------------------------

STATES: dict[str, tuple[str, str]] = {
    PictureState.DRAFT: ("draft", "neutral"),
    PictureState.REVIEW: ("eye", "info"),
    PictureState.ADOPTED: ("check", "info"),
    PictureState.PUBLISHED: ("globe", "success"),
    PictureState.SUPERSEDED: ("history", "neutral"),
}
TRENDS: dict[str, str] = {
    Trend.UP: "arrow-up",
    Trend.DOWN: "arrow-down",
    Trend.FLAT: "arrow-right",
    Trend.UNKNOWN: "info",
}
CONFIDENCES: dict[str, tuple[str, str]] = {
    Confidence.HIGH: ("check-circle", "success"),
    Confidence.MEDIUM: ("check", "info"),
    Confidence.LOW: ("alert", "warning"),
}
STRENGTHS: dict[str, tuple[str, str]] = {
    Strength.STRONG: ("check-circle", "success"),
    Strength.MEDIUM: ("check", "info"),
    Strength.WEAK: ("alert", "warning"),
}
# How far a source carries, for somebody who has never read about method.
CARRIES: dict[str, Any] = {
    Method.RANDOM_SAMPLE: _("De som svarade är slumpvis valda. Svaren säger något om alla i området."),
    Method.OPEN_WEB: _("Var och en som ville kunde svara. Svaren visar vad de tycker, inte hur vanligt det är."),
    Method.CENSUS_CLASS: _("Alla i årskursen fick frågan. Svaren säger något om hela årskursen."),
    Method.REGISTER: _("Siffrorna kommer ur ett register. De visar vad som har anmälts eller antecknats, inte allt."),
    Method.DIALOGUE: _("Samtalen visar vad de som var med har sett. De säger inte hur vanligt det är."),
    Method.JUDGEMENT: _("En bedömning av dem som arbetar med frågan. Den säger inte hur vanligt det är."),
}


def picture_badge(picture: SituationPicture) -> Badge:
    if picture.published_at is not None and picture.withdrawn_at is not None:
        return Badge(_("Avpublicerad"), "minus-circle", "warning")
    return Badge(picture.get_state_display(), *STATES[picture.state])


def resident_badge(picture: SituationPicture) -> Badge:
    """To residents: the one that holds, or one kept to be read."""
    if picture.state == PictureState.SUPERSEDED:
        return Badge(_("Ersatt av en nyare"), "history", "neutral")
    return Badge(_("Gäller nu"), "check-circle", "success")


def urgency_badge(picture: SituationPicture, *, today: dt.date) -> Badge | None:
    """How near the day is when it must be updated; None while there is time."""
    urgency = queries.update_urgency(picture, today=today)
    if urgency == "late":
        return Badge(_("Ska uppdateras nu"), "alert", "danger")
    if urgency == "soon":
        return Badge(_("Ska snart uppdateras"), "clock", "warning")
    return None


def trend_badge(trend: str) -> Badge:
    # Whether more is worse depends on what it is more of, so the tone says nothing.
    return Badge(Trend(trend).label, TRENDS[trend], "neutral")


def confidence_badge(confidence: str) -> Badge:
    return Badge(Confidence(confidence).label, *CONFIDENCES[confidence])


def strength_badge(source: Source) -> Badge:
    return Badge(source.strength.label, *STRENGTHS[source.strength])


def answers_in_words(source: Source) -> str:
    """520 svar, 41,5 procent svarade. Empty when nobody was counted."""
    if source.n is None:
        return ""
    said = ngettext("%(n)s svar eller deltagare", "%(n)s svar eller deltagare", source.n) % {"n": source.n}
    if source.response_rate is None:
        return said
    rate = localize(source.response_rate.normalize())
    return _now("%(answers)s, %(rate)s procent av de tillfrågade") % {"answers": said, "rate": rate}


# --- History ------------------------------------------------------------------------------------------

VERBS = {
    "created": _("Lades till"),
    "changed": _("Ändrades"),
    "discarded": _("Kastades"),
    "sources_set": _("Underlagen valdes"),
    "findings_set": _("Iakttagelserna valdes"),
    "areas_set": _("Områdena valdes"),
    "parts_copied": _("Delar hämtades från en annan lägesbild"),
    "finding_removed": _("En iakttagelse togs bort"),
    "findings_ordered": _("Iakttagelserna fick en ny ordning"),
    "problem_removed": _("Ett problem togs bort"),
    "problems_ranked": _("Problemen fick en ny prioritet"),
    "cause_removed": _("En orsak togs bort"),
    "causes_ordered": _("Orsakerna fick en ny ordning"),
    "commented": _("En kommentar skrevs"),
    "opened_to_police": _("Visades för Polisen"),
    "review": _("Skickades till granskning"),
    "sent_back": _("Skickades tillbaka för att skrivas om"),
    "police_confirmed": _("Polisen bekräftade texten"),
    "police_confirmed_in_writing": _("Polisens skriftliga bekräftelse antecknades"),
    "municipality_confirmed": _("Kommunen bekräftade texten"),
    "police_confirmation_cleared": _("Polisens bekräftelse föll, texten ändrades"),
    "municipality_confirmation_cleared": _("Kommunens bekräftelse föll, texten ändrades"),
    "adopted": _("Antogs"),
    "published": _("Publicerades"),
    "shown_again": _("Publicerades igen"),
    "withdrawn": _("Avpublicerades"),
    "superseded": _("Ersattes av en nyare"),
    "diary_number_set": _("Diarienummer sattes"),
}
# The same verb in other words, by the kind of thing it was done to.
OF_KIND: dict[tuple[str, str], Any] = {
    ("situationpicture", "created"): _("Lägesbilden påbörjades"),
    ("situationpicture", "changed"): _("Lägesbildens texter ändrades"),
    ("finding", "created"): _("En iakttagelse lades till"),
    ("finding", "changed"): _("En iakttagelse ändrades"),
    ("finding", "sources_set"): _("Underlagen till en iakttagelse valdes"),
    ("problem", "created"): _("Ett problem lades till"),
    ("problem", "changed"): _("Ett problem ändrades"),
    ("causeanalysis", "created"): _("En orsak lades till"),
    ("causeanalysis", "changed"): _("En orsak ändrades"),
}


def sentence(event: Event) -> str:
    kind = ContentType.objects.get_for_id(event.subject_type_id).model
    return str(OF_KIND.get((kind, event.verb)) or VERBS.get(event.verb, event.verb))


def timeline(picture: SituationPicture) -> list[dict[str, Any]]:
    """The acts on the picture and its parts, newest first, in the shape of components/timeline.html."""
    return [
        {
            "at": event.at,
            "words": sentence(event),
            "who": ", ".join(filter(None, [event.actor_label, event.actor_organisation_label])),
        }
        for event in queries.history_of(picture).reverse()
    ]
