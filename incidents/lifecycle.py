"""The states of everything in this room, which move is open from where, and the words for them.

Source: docs/rules.md. No database here; import it anywhere.
"""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

Moves = dict[str, tuple[str, ...]]


class EventKind(TextChoices):
    VIOLENCE = "VIOLENCE", _("Våld")
    DAMAGE = "DAMAGE", _("Skadegörelse")
    UNREST = "UNREST", _("Social oro")
    DRUGS = "DRUGS", _("Narkotika")
    FIRE = "FIRE", _("Brand")
    OTHER = "OTHER", _("Annat")


class ResponseState(TextChoices):
    ACTIVE = "ACTIVE", _("Pågår")
    ENDED = "ENDED", _("Avslutat")


RESPONSE_MOVES: Moves = {ResponseState.ACTIVE: (ResponseState.ENDED,)}


class ResponseLevel(TextChoices):
    NORMAL = "NORMAL", _("Normalt läge")
    HEIGHTENED = "HEIGHTENED", _("Höjt läge")
    INTENSIFIED = "INTENSIFIED", _("Intensifierat läge")


class ConveningState(TextChoices):
    DRAFT = "DRAFT", _("Utkast")
    CALLED = "CALLED", _("Kallelse skickad")
    HELD = "HELD", _("Genomfört")
    CANCELLED = "CANCELLED", _("Inställt")


CONVENING_MOVES: Moves = {
    ConveningState.DRAFT: (ConveningState.CALLED, ConveningState.CANCELLED),
    ConveningState.CALLED: (ConveningState.HELD, ConveningState.CANCELLED),
}


class MeetingKind(TextChoices):
    KEY_FUNCTIONS = "KEY_FUNCTIONS", _("Nyckelfunktioner")
    POLICE = "POLICE", _("Möte med Polisen")
    STEERING = "STEERING", _("Styrgrupp")
    OPERATIVE_TEAM = "OPERATIVE_TEAM", _("Operativt trygghetsteam")
    STRATEGIC_COUNCIL = "STRATEGIC_COUNCIL", _("Strategiskt råd")
    OTHER = "OTHER", _("Annat möte")


class MinutesState(TextChoices):
    PLANNED = "PLANNED", _("Planerat")
    DRAFT = "DRAFT", _("Anteckningar skrivs")
    APPROVED = "APPROVED", _("Anteckningar godkända")


MINUTES_MOVES: Moves = {
    MinutesState.PLANNED: (MinutesState.DRAFT, MinutesState.APPROVED),
    MinutesState.DRAFT: (MinutesState.APPROVED,),
}


class QuestionState(TextChoices):
    OPEN = "OPEN", _("Öppen")
    ANSWERED = "ANSWERED", _("Besvarad")


QUESTION_MOVES: Moves = {QuestionState.OPEN: (QuestionState.ANSWERED,)}


class UndertakingState(TextChoices):
    """What the Police themselves undertake; moved by police roles only."""

    PLANNED = "PLANNED", _("Planerad")
    ONGOING = "ONGOING", _("Pågår")
    DONE = "DONE", _("Genomförd")
    WITHDRAWN = "WITHDRAWN", _("Utgår")


UNDERTAKING_MOVES: Moves = {
    UndertakingState.PLANNED: (UndertakingState.ONGOING, UndertakingState.DONE, UndertakingState.WITHDRAWN),
    UndertakingState.ONGOING: (UndertakingState.DONE, UndertakingState.WITHDRAWN),
    UndertakingState.DONE: (UndertakingState.ONGOING,),
    UndertakingState.WITHDRAWN: (UndertakingState.PLANNED,),
}


class StatusReportState(TextChoices):
    DRAFT = "DRAFT", _("Utkast")
    SUBMITTED = "SUBMITTED", _("Inlämnad")


STATUS_REPORT_MOVES: Moves = {StatusReportState.DRAFT: (StatusReportState.SUBMITTED,)}


class DirectiveState(TextChoices):
    GIVEN = "GIVEN", _("Givet")
    DONE = "DONE", _("Klart")
    CANCELLED = "CANCELLED", _("Utgår")


DIRECTIVE_MOVES: Moves = {
    DirectiveState.GIVEN: (DirectiveState.DONE, DirectiveState.CANCELLED),
    # A tap on the wrong line is taken back.
    DirectiveState.DONE: (DirectiveState.GIVEN,),
    DirectiveState.CANCELLED: (DirectiveState.GIVEN,),
}


class DecisionState(TextChoices):
    DRAFT = "DRAFT", _("Utkast")
    DECIDED = "DECIDED", _("Beslutat")
    IN_FORCE = "IN_FORCE", _("Gäller")
    FOLLOWED_UP = "FOLLOWED_UP", _("Uppföljt")
    ENDED = "ENDED", _("Avslutat")
    REVISED = "REVISED", _("Ersatt av ny version")


DECISION_MOVES: Moves = {
    DecisionState.DRAFT: (DecisionState.DECIDED,),
    DecisionState.DECIDED: (DecisionState.IN_FORCE, DecisionState.REVISED),
    DecisionState.IN_FORCE: (DecisionState.FOLLOWED_UP, DecisionState.REVISED),
    DecisionState.FOLLOWED_UP: (DecisionState.ENDED, DecisionState.REVISED),
}
# Decisions that steer the work now.
DECISIONS_IN_EFFECT = (DecisionState.DECIDED, DecisionState.IN_FORCE, DecisionState.FOLLOWED_UP)
# Decisions everybody inside may read (a draft is not among them).
DECISIONS_TAKEN = (*DECISIONS_IN_EFFECT, DecisionState.ENDED, DecisionState.REVISED)


class Urgency(TextChoices):
    ACUTE = "ACUTE", _("Akut")
    NORMAL = "NORMAL", _("Ordinarie")


class AssignmentState(TextChoices):
    DRAFT = "DRAFT", _("Utkast")
    ISSUED = "ISSUED", _("Utfärdat")
    ACKNOWLEDGED = "ACKNOWLEDGED", _("Mottaget")
    REPORTED = "REPORTED", _("Återrapporterat")
    RETURNED = "RETURNED", _("Komplettera")
    ACCEPTED = "ACCEPTED", _("Godkänt")
    CANCELLED = "CANCELLED", _("Utgår")


ASSIGNMENT_MOVES: Moves = {
    AssignmentState.DRAFT: (AssignmentState.ISSUED, AssignmentState.CANCELLED),
    AssignmentState.ISSUED: (AssignmentState.ACKNOWLEDGED, AssignmentState.REPORTED, AssignmentState.CANCELLED),
    AssignmentState.ACKNOWLEDGED: (AssignmentState.REPORTED, AssignmentState.CANCELLED),
    # ACKNOWLEDGED again: the report was accepted, the work goes on to a new day.
    AssignmentState.REPORTED: (
        AssignmentState.ACCEPTED,
        AssignmentState.RETURNED,
        AssignmentState.ACKNOWLEDGED,
        AssignmentState.CANCELLED,
    ),
    AssignmentState.RETURNED: (AssignmentState.REPORTED, AssignmentState.CANCELLED),
}
# The department owes an answer.
ASSIGNMENTS_OWED = (AssignmentState.ISSUED, AssignmentState.ACKNOWLEDGED, AssignmentState.RETURNED)
# The reminders of a ladder fall when the day moves. This one does not, it hangs on the issuing.
NOT_OF_THE_LADDER = "not_acknowledged"
# Not finished: owed, or reported and waiting for an answer from the director.
ASSIGNMENTS_OPEN = (*ASSIGNMENTS_OWED, AssignmentState.REPORTED)


class ReportState(TextChoices):
    DRAFT = "DRAFT", _("Utkast")
    SUBMITTED = "SUBMITTED", _("Inlämnad")
    ACCEPTED = "ACCEPTED", _("Godkänd")
    RETURNED = "RETURNED", _("Åter för komplettering")
    REPLACED = "REPLACED", _("Ersatt av ny version")


REPORT_MOVES: Moves = {
    ReportState.DRAFT: (ReportState.SUBMITTED,),
    ReportState.SUBMITTED: (ReportState.ACCEPTED, ReportState.RETURNED, ReportState.REPLACED),
}


class Outcome(TextChoices):
    DONE = "DONE", _("Klart")
    ONGOING = "ONGOING", _("Pågår enligt plan")
    PARTLY = "PARTLY", _("Delvis gjort")
    NOT_DONE = "NOT_DONE", _("Inte gjort")


# A reason is asked for when the work is not on track.
OUTCOMES_OFF_TRACK = (Outcome.PARTLY, Outcome.NOT_DONE)
# Accepting these needs a new day or a recorded reason.
OUTCOMES_UNFINISHED = (Outcome.ONGOING, Outcome.PARTLY, Outcome.NOT_DONE)


class HowFar(TextChoices):
    STARTED = "STARTED", _("Påbörjat")
    HALFWAY = "HALFWAY", _("Ungefär halvvägs")
    NEARLY = "NEARLY", _("Nästan klart")
    STUCK = "STUCK", _("Står still")


class RequestKind(TextChoices):
    MORE_TIME = "MORE_TIME", _("Ber om mer tid")
    DECLINE = "DECLINE", _("Avböjer")


class RequestState(TextChoices):
    OPEN = "OPEN", _("Väntar på svar")
    GRANTED = "GRANTED", _("Beviljad")
    REFUSED = "REFUSED", _("Avslagen")
    WITHDRAWN = "WITHDRAWN", _("Återtagen")


REQUEST_MOVES: Moves = {
    RequestState.OPEN: (RequestState.GRANTED, RequestState.REFUSED, RequestState.WITHDRAWN),
}


class RoundState(TextChoices):
    PLANNED = "PLANNED", _("Planerad")
    ONGOING = "ONGOING", _("Pågår")
    CLOSED = "CLOSED", _("Avslutad")


ROUND_MOVES: Moves = {
    RoundState.PLANNED: (RoundState.ONGOING,),
    RoundState.ONGOING: (RoundState.CLOSED,),
}


class PublicationState(TextChoices):
    """The way of anything residents read: news, action package."""

    DRAFT = "DRAFT", _("Utkast")
    APPROVED = "APPROVED", _("Godkänd, väntar på publicering")
    PUBLISHED = "PUBLISHED", _("Publicerad")
    WITHDRAWN = "WITHDRAWN", _("Avpublicerad")
    SUPERSEDED = "SUPERSEDED", _("Ersatt av ny version")


PUBLICATION_MOVES: Moves = {
    # DRAFT to DRAFT: an edit that clears an approval leaves the thing a draft.
    PublicationState.DRAFT: (PublicationState.APPROVED,),
    PublicationState.APPROVED: (PublicationState.PUBLISHED, PublicationState.DRAFT),
    PublicationState.PUBLISHED: (PublicationState.WITHDRAWN, PublicationState.SUPERSEDED),
    PublicationState.WITHDRAWN: (PublicationState.DRAFT,),
    # A replaced version can still be read, so it must be possible to take it away.
    PublicationState.SUPERSEDED: (PublicationState.WITHDRAWN,),
}


class ItemState(TextChoices):
    PLANNED = "PLANNED", _("Planerad")
    ONGOING = "ONGOING", _("Pågår")
    DONE = "DONE", _("Genomförd")
    WITHDRAWN = "WITHDRAWN", _("Utgår")


ITEM_MOVES: Moves = {
    ItemState.PLANNED: (ItemState.ONGOING, ItemState.DONE, ItemState.WITHDRAWN),
    ItemState.ONGOING: (ItemState.PLANNED, ItemState.DONE, ItemState.WITHDRAWN),
    ItemState.DONE: (ItemState.ONGOING,),
    ItemState.WITHDRAWN: (ItemState.PLANNED,),
}


class Horizon(TextChoices):
    SHORT = "SHORT", _("Kort sikt")
    LONG = "LONG", _("Lång sikt")


class Audience(TextChoices):
    PUBLIC = "PUBLIC", _("Allmänheten")
    STAFF = "STAFF", _("Egen personal")


# Icon and tone of each state: a status is always text and icon, never colour alone (docs/rules.md).
STATE_LOOK: dict[str, tuple[str, str]] = {
    "DRAFT": ("draft", "neutral"),
    "PLANNED": ("dot", "neutral"),
    "CALLED": ("send", "info"),
    "HELD": ("check", "success"),
    "ISSUED": ("send", "info"),
    "ACKNOWLEDGED": ("play", "info"),
    "ONGOING": ("play", "info"),
    "REPORTED": ("document", "warning"),
    "RETURNED": ("return", "warning"),
    "SUBMITTED": ("document", "warning"),
    "REPLACED": ("history", "neutral"),
    "ACCEPTED": ("check", "success"),
    "DONE": ("check", "success"),
    "CANCELLED": ("minus-circle", "neutral"),
    "WITHDRAWN": ("minus-circle", "neutral"),
    "DECIDED": ("check", "info"),
    "IN_FORCE": ("play", "info"),
    "FOLLOWED_UP": ("check", "success"),
    "ENDED": ("check", "neutral"),
    "REVISED": ("history", "neutral"),
    "SUPERSEDED": ("history", "neutral"),
    "APPROVED": ("check", "info"),
    "PUBLISHED": ("globe", "success"),
    "ACTIVE": ("play", "info"),
    "CLOSED": ("check", "success"),
    "OPEN": ("info", "warning"),
    "ANSWERED": ("check", "success"),
    "GIVEN": ("play", "info"),
    "GRANTED": ("check", "success"),
    "REFUSED": ("cross-circle", "danger"),
    "PARTLY": ("play", "warning"),
    "NOT_DONE": ("cross-circle", "danger"),
    "OVERDUE": ("alert", "danger"),
}


def look_of(state: str) -> tuple[str, str]:
    """Icon and tone of a state, for `{% status_badge %}`."""
    return STATE_LOOK.get(state, ("dot", "neutral"))
