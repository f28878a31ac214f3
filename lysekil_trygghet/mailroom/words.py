"""A mail in words: its state, what went wrong, and what the coordinator can do about it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from lysekil_trygghet.notifications.ladders import Audience, Step, Unit
from lysekil_trygghet.notifications.models import ErrorKind, Message, MessageState, Obligation
from lysekil_trygghet.ui.badges import Badge

VERBS = {
    "sent_again": _("Mejlet skickades en gång till"),
    "marked_arrived": _("Mottagaren har sagt att mejlet kom fram"),
    "set_aside": _("Mottagaren fick veta det på annat sätt"),
    "sending_held": _("Utskicken pausades"),
    "sending_released": _("Utskicken släpptes"),
}

SIGNS = {
    MessageState.DUE: ("clock", "neutral"),
    MessageState.SENDING: ("mail", "info"),
    MessageState.SENT: ("check-circle", "success"),
    MessageState.FAILED: ("cross-circle", "danger"),
    MessageState.UNCERTAIN: ("alert", "warning"),
    MessageState.CANCELLED: ("minus-circle", "neutral"),
}

WHAT_TO_DO = {
    ErrorKind.SERVER_AWAY: _(
        "Portalen försöker igen av sig själv. Gäller det många mejl, ring dem som sköter e-posten."
    ),
    ErrorKind.REFUSED_FOR_NOW: _(
        "Brevlådan kan vara full, eller servern har mycket att göra. Portalen försöker igen av sig själv. "
        "Säg till mottagaren om det är bråttom."
    ),
    ErrorKind.REFUSED: _(
        "Adressen finns inte, eller så tar brevlådan inte emot mejl från oss. Portalen försöker inte igen. Säg till "
        "mottagaren på annat sätt, rätta adressen och skicka sedan igen."
    ),
    ErrorKind.NO_ANSWER: _("Mejlet kan ha kommit fram. Fråga mottagaren innan du skickar det en gång till."),
    ErrorKind.RENDERING: _("Texten kunde inte sättas samman. Säg till mottagaren på annat sätt och anmäl felet."),
    ErrorKind.GAVE_UP: _(
        "Portalen försökte många gånger och slutade sedan. Säg till mottagaren på annat sätt. Skicka igen när "
        "e-posten fungerar."
    ),
    ErrorKind.RECIPIENT_INACTIVE: _("Kontot är stängt. Uppdraget påminns i stället hos den som har tagit över."),
    ErrorKind.SET_ASIDE: _("Mejlet hade väntat länge när ett uppehåll tog slut, och någon valde att inte skicka det."),
    ErrorKind.NOTHING_LEFT: _("Det fanns inget kvar att påminna om, så mejlet behövdes inte."),
}


@dataclass(frozen=True)
class MessageShown:
    """One line of the log. `to` is a person's name, a function mailbox, or what a resident is called here."""

    message: Message
    to: Any
    address: str
    badge: Badge
    what: tuple[Any, ...]
    more: int
    is_amiss: bool


MOST_TOLD = 3


def shown(message: Message, *, now: dt.datetime) -> MessageShown:
    """Of a resident nothing is shown: the ledger does not know who it is."""
    told = list(message.obligations.all())
    return MessageShown(
        message=message,
        to=recipient_of(message),
        address=message.user.email if message.user else message.address,
        badge=_badge(message, now=now),
        what=tuple(told[:MOST_TOLD]),
        more=max(0, len(told) - MOST_TOLD),
        is_amiss=needs_a_person(message),
    )


def _badge(message: Message, *, now: dt.datetime) -> Badge:
    if message.state == MessageState.DUE and message.moment > now:
        return Badge(_("Planerat"), "calendar", "neutral")
    return Badge(message.get_state_display(), *SIGNS[MessageState(message.state)])


def recipient_of(message: Message | Obligation) -> Any:
    if message.user:
        return message.user.name
    return message.address or _("En invånare som prenumererar")


def needs_a_person(message: Message) -> bool:
    """As `queries.NEEDS_A_PERSON`, of a row at hand."""
    lost = message.state == MessageState.UNCERTAIN and message.next_at is None
    return not message.reader and (lost or message.state == MessageState.FAILED)


def what_to_do(message: Message) -> Any:
    """Plain words, or nothing when all is well."""
    kind = message.last_error_kind
    return WHAT_TO_DO.get(ErrorKind(kind), "") if kind and message.state != MessageState.SENT else ""


# --- Ladders ----------------------------------------------------------------------------------------------


def step_in_words(step: Step) -> str:
    """5 arbetsdagar före sista dagen kl. 08.00, till de som ska svara."""
    number = abs(step.offset)
    clock = step.clock.replace(":", ".")
    if step.unit == Unit.HOURS:
        when = _when_in_hours(step.offset)
    elif not step.offset:
        when = _now("på sista dagen kl. %(clock)s") % {"clock": clock}
    elif step.offset < 0:
        when = ngettext(
            "%(number)s arbetsdag före sista dagen kl. %(clock)s",
            "%(number)s arbetsdagar före sista dagen kl. %(clock)s",
            number,
        ) % {"number": number, "clock": clock}
    else:
        when = ngettext(
            "%(number)s arbetsdag efter sista dagen kl. %(clock)s",
            "%(number)s arbetsdagar efter sista dagen kl. %(clock)s",
            number,
        ) % {"number": number, "clock": clock}
    words = _now("%(when)s till %(whom)s") % {"when": when, "whom": Audience(step.to).label}
    if step.longer_than:
        words += ", " + ngettext(
            "om det är mer än %(number)s arbetsdag dit",
            "om det är mer än %(number)s arbetsdagar dit",
            step.longer_than,
        ) % {"number": step.longer_than}
    return words


def _when_in_hours(offset: int) -> str:
    if not offset:
        return _now("när tiden går ut")
    number = abs(offset)
    if offset < 0:
        words = ngettext("%(number)s timme innan tiden går ut", "%(number)s timmar innan tiden går ut", number)
    else:
        words = ngettext(
            "%(number)s timme efter att tiden har gått ut",
            "%(number)s timmar efter att tiden har gått ut",
            number,
        )
    return words % {"number": number}
