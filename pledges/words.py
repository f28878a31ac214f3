"""The states of a promise in words, each with an icon: never colour alone. For staff and residents alike."""

from __future__ import annotations

import datetime as dt

from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lysekil_trygghet.history.models import Event
from lysekil_trygghet.ui.badges import Badge

from .lifecycle import Delivery, Goal, ObservationState, OccurrenceState, Outlook, SetState, WalkState
from .models import PledgeSet

SETS: dict[str, tuple[str, str]] = {
    SetState.DRAFT: ("draft", "neutral"),
    SetState.AGREED: ("check", "info"),
    SetState.SIGNED: ("document", "info"),
    SetState.PUBLISHED: ("play", "success"),
    SetState.CLOSING: ("clock", "warning"),
    SetState.CLOSED: ("check-circle", "neutral"),
    SetState.WITHDRAWN: ("minus-circle", "neutral"),
}
DELIVERIES: dict[str, tuple[str, str]] = {
    Delivery.PLANNED: ("calendar", "neutral"),
    Delivery.ONGOING: ("play", "info"),
    Delivery.DONE: ("check-circle", "success"),
    Delivery.PARTLY_DONE: ("waiting", "warning"),
    Delivery.NOT_DONE: ("cross-circle", "danger"),
    Delivery.PAUSED: ("pause", "neutral"),
    Delivery.WITHDRAWN: ("minus-circle", "neutral"),
    Delivery.CARRIED_OVER: ("arrow-right", "info"),
}
GOALS: dict[str, tuple[str, str]] = {
    Goal.GOAL_MET: ("flag", "success"),
    Goal.GOAL_PARTLY_MET: ("flag", "warning"),
    Goal.GOAL_NOT_MET: ("flag", "danger"),
    Goal.NOT_MEASURABLE: ("info", "neutral"),
    Goal.TOO_EARLY: ("clock", "neutral"),
}
OUTLOOKS: dict[str, tuple[str, str]] = {
    Outlook.ON_TRACK: ("check", "success"),
    Outlook.DELAYED: ("clock", "warning"),
    Outlook.AT_RISK: ("alert", "danger"),
    Outlook.FINISHED: ("check-circle", "success"),
}
OCCURRENCES: dict[str, tuple[str, str]] = {
    OccurrenceState.HELD: ("check", "success"),
    OccurrenceState.CANCELLED: ("cross", "warning"),
    OccurrenceState.UNDONE: ("return", "neutral"),
}
WALKS: dict[str, tuple[str, str]] = {
    WalkState.PLANNED: ("calendar", "neutral"),
    WalkState.WALKED: ("waiting", "warning"),
    WalkState.ANSWERED: ("check-circle", "success"),
    WalkState.CANCELLED: ("cross", "neutral"),
}
OBSERVATIONS: dict[str, tuple[str, str]] = {
    ObservationState.OPEN: ("waiting", "warning"),
    ObservationState.ANSWERED: ("check", "info"),
    ObservationState.DONE: ("check-circle", "success"),
}


def set_badge(pledge_set: PledgeSet, *, today: dt.date) -> Badge:
    """Where a set stands. Past its last day and not closed: red, whatever the clock has got round to."""
    if pledge_set.is_past_its_end(today):
        return Badge(_("Tiden är ute, svar saknas"), "alert", "danger")
    return Badge(SetState(pledge_set.state).label, *SETS[pledge_set.state])


def delivery_badge(state: str) -> Badge:
    return Badge(Delivery(state).label, *DELIVERIES[state])


def goal_badge(state: str) -> Badge | None:
    """None while nobody has said."""
    return Badge(Goal(state).label, *GOALS[state]) if state else None


def outlook_badge(outlook: str) -> Badge:
    return Badge(Outlook(outlook).label, *OUTLOOKS[outlook])


def occurrence_badge(state: str) -> Badge:
    return Badge(OccurrenceState(state).label, *OCCURRENCES[state])


def walk_badge(state: str) -> Badge:
    return Badge(WalkState(state).label, *WALKS[state])


def observation_badge(state: str) -> Badge:
    return Badge(ObservationState(state).label, *OBSERVATIONS[state])


# --- History --------------------------------------------------------------------------------------------

VERBS = {
    "created": gettext_lazy("Lades till"),
    "changed": gettext_lazy("Ändrades"),
    "removed": gettext_lazy("Togs bort"),
    "discarded": gettext_lazy("Kastades"),
    "moved_up": gettext_lazy("Flyttades upp"),
    "moved_down": gettext_lazy("Flyttades ned"),
    "problems_set": gettext_lazy("Problemen valdes"),
    "parties_set": gettext_lazy("Parterna valdes"),
    "units_set": gettext_lazy("Det som räknas valdes"),
    "links_set": gettext_lazy("Länkarna valdes"),
    "shared": gettext_lazy("Utkastet delades med en förvaltning"),
    "opened_to_police": gettext_lazy("Utkastet visades för Polisen"),
    "municipality_confirmed": gettext_lazy("Kommunen bekräftade"),
    "police_confirmed": gettext_lazy("Polisen bekräftade"),
    "police_confirmed_in_writing": gettext_lazy("Polisens skriftliga ja antecknades"),
    "police_confirmation_cleared": gettext_lazy("Polisens ja föll, texten ändrades"),
    "municipality_confirmation_cleared": gettext_lazy("Kommunens ja föll, texten ändrades"),
    "answered_by_confirmation": gettext_lazy("Det som skickats tillbaka bekräftades"),
    "sent_back": gettext_lazy("Skickades tillbaka av Polisen"),
    "agreed": gettext_lazy("Överenskomna av båda parter"),
    "reopened": gettext_lazy("Öppnades som utkast igen"),
    "draft": gettext_lazy("Öppnades som utkast igen"),
    "signature_added": gettext_lazy("En underskrift lades till"),
    "signature_removed": gettext_lazy("En underskrift togs bort"),
    "signed": gettext_lazy("Undertecknade"),
    "published": gettext_lazy("Publicerades"),
    "promised": gettext_lazy("Löftet gavs till invånarna"),
    "prolonged": gettext_lazy("Förlängdes"),
    "closing": gettext_lazy("Perioden tog slut"),
    "closing_text_written": gettext_lazy("Den avslutande texten skrevs"),
    "closing_proposed": gettext_lazy("Avslut föreslogs"),
    "closing_taken_back": gettext_lazy("Förslaget om avslut togs tillbaka"),
    "closed": gettext_lazy("Avslutades"),
    "withdrawn": gettext_lazy("Utgick"),
    "diary_number_set": gettext_lazy("Diarienummer sattes"),
    "amended": gettext_lazy("Fick en ny lydelse"),
    "former_text_hidden": gettext_lazy("Den gamla texten doldes för invånarna"),
    "status_proposed": gettext_lazy("En status föreslogs för Polisen"),
    "accepted": gettext_lazy("Polisen godtog förslaget"),
    "declined": gettext_lazy("Polisen avböjde förslaget"),
    "taken_back": gettext_lazy("Förslaget togs tillbaka"),
    "answer_written": gettext_lazy("Svaret till invånarna skrevs"),
    "answer_confirmed": gettext_lazy("Polisen bekräftade svaret"),
    "answer_confirmed_in_writing": gettext_lazy("Polisens skriftliga ja till svaret antecknades"),
    "reason_changed": gettext_lazy("Skälet ändrades"),
    "goal_cleared": gettext_lazy("Bedömningen av målet togs bort"),
    "imported": gettext_lazy("Lästes in från en fil"),
    "rhythm_set": gettext_lazy("Rytmen bestämdes"),
    "rhythm_removed": gettext_lazy("Rytmen togs bort"),
    "pause_added": gettext_lazy("En paus lades till"),
    "pause_removed": gettext_lazy("En paus togs bort"),
    "commented": gettext_lazy("En kommentar skrevs"),
    "held": gettext_lazy("Antecknades som gjort"),
    "cancelled": gettext_lazy("Ställdes in"),
    "undone": gettext_lazy("Ångrades"),
    "put_back": gettext_lazy("Ångrandet togs tillbaka"),
    "corrected": gettext_lazy("Rättades"),
    "counts_set": gettext_lazy("Antalen rättades"),
    "begun_by_occurrence": gettext_lazy("Började, när det första antecknades"),
    "asked": gettext_lazy("Frågan om hur det går ställdes"),
    "answered": gettext_lazy("Besvarades"),
    "day_moved": gettext_lazy("Dagen för svaret flyttades"),
    "progress_noted": gettext_lazy("Den som leder sa hur det går"),
    "decided": gettext_lazy("Beslutades"),
    "followed_up": gettext_lazy("Följdes upp"),
    "taken_up_again": gettext_lazy("Togs upp igen"),
    "ended": gettext_lazy("Slutade gälla"),
    "walked": gettext_lazy("Vandringen gjordes"),
    "logged": gettext_lazy("Antecknades på löftet"),
    "open": gettext_lazy("Öppnades igen"),
    **{state.lower(): label for state, label in Delivery.choices},
    **{goal.lower(): label for goal, label in Goal.choices},
}


# The same verb in other words, by the kind of thing it was done to.
OF_KIND = {
    ("occurrence", "changed"): gettext_lazy("En anteckning om vad som gjordes ändrades"),
    ("occurrence", "held"): gettext_lazy("Det som gjordes antecknades"),
    ("occurrence", "cancelled"): gettext_lazy("Ett inställt tillfälle antecknades"),
    ("occurrence", "undone"): gettext_lazy("En anteckning ångrades"),
    ("occurrence", "corrected"): gettext_lazy("En anteckning rättades"),
    ("followup", "created"): gettext_lazy("En uppföljning påbörjades"),
    ("followup", "changed"): gettext_lazy("En uppföljning ändrades"),
    ("followup", "done"): gettext_lazy("En uppföljning blev klar"),
    ("followup", "reopened"): gettext_lazy("En uppföljning öppnades igen"),
    ("followup", "police_confirmed"): gettext_lazy("Polisen bekräftade en uppföljning"),
    ("effectfigure", "created"): gettext_lazy("En siffra lades till"),
    ("effectfigure", "changed"): gettext_lazy("En siffra ändrades"),
    ("effectfigure", "removed"): gettext_lazy("En siffra togs bort"),
    ("walkobservation", "created"): gettext_lazy("En iakttagelse lades till"),
    ("walkobservation", "changed"): gettext_lazy("En iakttagelse ändrades"),
    ("walkobservation", "removed"): gettext_lazy("En iakttagelse togs bort"),
    ("walkobservation", "answered"): gettext_lazy("En iakttagelse fick svar"),
    ("walkobservation", "done"): gettext_lazy("En iakttagelse åtgärdades"),
    ("walkobservation", "reopened"): gettext_lazy("En iakttagelse öppnades igen"),
    ("safetywalk", "answered"): gettext_lazy("Alla iakttagelser har svar"),
    ("safetywalk", "cancelled"): gettext_lazy("Vandringen ställdes in"),
    ("safetywalk", "withdrawn"): gettext_lazy("Togs bort från invånarnas sidor"),
    ("feedback", "withdrawn"): gettext_lazy("Togs bort från invånarnas sidor"),
    ("pledgeset", "withdrawn"): gettext_lazy("Löftena togs tillbaka"),
}


def sentence(event: Event) -> str:
    """One act of the history in words."""
    kind = ContentType.objects.get_for_id(event.subject_type_id).model
    return str(OF_KIND.get((kind, event.verb)) or VERBS.get(event.verb, event.verb))
