"""The states of pledge sets, commitments and all that belongs to them, which move is open, and the words.

Source: docs/rules.md. No database here; import it anywhere.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

Moves = dict[str, tuple[str, ...]]


# --- The set ------------------------------------------------------------------------------------------


class SetState(TextChoices):
    DRAFT = "DRAFT", _("Utkast")
    AGREED = "AGREED", _("Överenskomna")
    SIGNED = "SIGNED", _("Undertecknade")
    PUBLISHED = "PUBLISHED", _("Gäller")
    CLOSING = "CLOSING", _("Följs upp")
    CLOSED = "CLOSED", _("Avslutade")
    WITHDRAWN = "WITHDRAWN", _("Utgår")


SET_MOVES: Moves = {
    SetState.DRAFT: (SetState.AGREED,),
    # Back to draft while nothing is public: the wording is opened again and both parties confirm anew.
    SetState.AGREED: (SetState.SIGNED, SetState.DRAFT),
    SetState.SIGNED: (SetState.PUBLISHED, SetState.DRAFT),
    SetState.PUBLISHED: (SetState.CLOSING, SetState.WITHDRAWN),
    # A set that is prolonged after its last day runs again.
    SetState.CLOSING: (SetState.CLOSED, SetState.PUBLISHED, SetState.WITHDRAWN),
}
# Its words can still be changed.
SETS_WRITTEN = (SetState.DRAFT,)
# Residents may read it.
SETS_SHOWN = (SetState.PUBLISHED, SetState.CLOSING, SetState.CLOSED, SetState.WITHDRAWN)
# Promised and not yet answered for.
SETS_RUNNING = (SetState.PUBLISHED, SetState.CLOSING)


# --- The commitment -------------------------------------------------------------------------------------


class CommitmentKind(TextChoices):
    ONE_OFF = "ONE_OFF", _("Görs en gång")
    COUNT_TARGET = "COUNT_TARGET", _("Ett visst antal")
    RECURRING = "RECURRING", _("Återkommer med en viss rytm")
    CONTINUOUS = "CONTINUOUS", _("Pågår hela tiden")


class PartyRole(TextChoices):
    LEAD = "LEAD", _("Leder")
    CONTRIBUTING = "CONTRIBUTING", _("Medverkar")


class Delivery(TextChoices):
    """The first axis: was it done?"""

    PLANNED = "PLANNED", _("Planerad")
    ONGOING = "ONGOING", _("Pågår")
    DONE = "DONE", _("Genomförd")
    PARTLY_DONE = "PARTLY_DONE", _("Delvis genomförd")
    NOT_DONE = "NOT_DONE", _("Ej genomförd")
    PAUSED = "PAUSED", _("Pausad")
    WITHDRAWN = "WITHDRAWN", _("Utgår")
    CARRIED_OVER = "CARRIED_OVER", _("Förlängd")


FINAL = (Delivery.DONE, Delivery.PARTLY_DONE, Delivery.NOT_DONE, Delivery.WITHDRAWN, Delivery.CARRIED_OVER)
# A reason is asked for, and shown to residents where the promise was not kept as it stood.
NEEDS_REASON = (Delivery.PARTLY_DONE, Delivery.NOT_DONE, Delivery.PAUSED, Delivery.WITHDRAWN, Delivery.CARRIED_OVER)

_ANY = tuple(Delivery)
# Every correction is open while the set is: what was wrong is put right, with its line in the history.
DELIVERY_MOVES: Moves = {state: tuple(to for to in _ANY if to != state) for state in _ANY}


class Goal(TextChoices):
    """The second axis: did it lead where it should?"""

    GOAL_MET = "GOAL_MET", _("Målet nått")
    GOAL_PARTLY_MET = "GOAL_PARTLY_MET", _("Målet delvis nått")
    GOAL_NOT_MET = "GOAL_NOT_MET", _("Målet inte nått")
    NOT_MEASURABLE = "NOT_MEASURABLE", _("Kan inte mätas")
    TOO_EARLY = "TOO_EARLY", _("För tidigt att säga")


GOAL_MOVES: Moves = {state: tuple(to for to in ("", *Goal) if to != state) for state in ("", *Goal)}


def combined(states: Iterable[str]) -> Delivery:
    """Where a promise of several leads stands, given where each lead stands (at least one).

    All alike: that. One done and another not: partly done. Anything unfinished: ongoing. A lead whose part was
    withdrawn no longer counts while another's remains; a part carried over carries the promise with it.
    """
    given = [Delivery(state) for state in states]
    if not given:
        raise ValueError("a promise has at least one lead")
    left = [state for state in given if state != Delivery.WITHDRAWN]
    if not left:
        return Delivery.WITHDRAWN
    distinct = set(left)
    if len(distinct) == 1:
        return left[0]
    if distinct <= {Delivery.PLANNED, Delivery.PAUSED}:
        return Delivery.PAUSED
    if distinct & {Delivery.PLANNED, Delivery.ONGOING, Delivery.PAUSED}:
        return Delivery.ONGOING
    if Delivery.CARRIED_OVER in distinct:
        return Delivery.CARRIED_OVER
    return Delivery.PARTLY_DONE


# --- Rhythm ---------------------------------------------------------------------------------------------


class Reading(TextChoices):
    """How "at least every second week" is read."""

    DAYS = "DAYS", _("Högst så här många dagar mellan två tillfällen")
    WEEKS = "WEEKS", _("Minst en gång i varje följd av så här många veckor")
    COUNT = "COUNT", _("Ett visst antal per vecka, månad, kvartal eller år")


class Per(TextChoices):
    WEEK = "WEEK", _("vecka")
    MONTH = "MONTH", _("månad")
    QUARTER = "QUARTER", _("kvartal")
    YEAR = "YEAR", _("år")


class OccurrenceState(TextChoices):
    HELD = "HELD", _("Genomfört")
    CANCELLED = "CANCELLED", _("Inställt")
    UNDONE = "UNDONE", _("Ångrat")


OCCURRENCE_MOVES: Moves = {
    OccurrenceState.HELD: (OccurrenceState.CANCELLED, OccurrenceState.UNDONE),
    OccurrenceState.CANCELLED: (OccurrenceState.HELD, OccurrenceState.UNDONE),
    OccurrenceState.UNDONE: (OccurrenceState.HELD, OccurrenceState.CANCELLED),
}


# --- Following up -----------------------------------------------------------------------------------------


class FollowUpKind(TextChoices):
    OUTPUT = "OUTPUT", _("Vad gjordes")
    PROCESS = "PROCESS", _("Hur gick det")
    EFFECT = "EFFECT", _("Vad hände")


class FollowUpState(TextChoices):
    DRAFT = "DRAFT", _("Utkast")
    DONE = "DONE", _("Klar")


# A finished follow-up is opened again only while the set is; what residents then read is the newer text.
FOLLOW_UP_MOVES: Moves = {FollowUpState.DRAFT: (FollowUpState.DONE,), FollowUpState.DONE: (FollowUpState.DRAFT,)}


class RequestState(TextChoices):
    """A progress request to a lead."""

    ASKED = "ASKED", _("Väntar på svar")
    ANSWERED = "ANSWERED", _("Besvarad")
    CANCELLED = "CANCELLED", _("Återkallad")


REQUEST_MOVES: Moves = {RequestState.ASKED: (RequestState.ANSWERED, RequestState.CANCELLED)}


class Outlook(TextChoices):
    """What a lead says of a promise that runs."""

    ON_TRACK = "ON_TRACK", _("Går enligt plan")
    DELAYED = "DELAYED", _("Efter plan")
    AT_RISK = "AT_RISK", _("Riskerar att inte bli av")
    FINISHED = "FINISHED", _("Klart")


class ProposalState(TextChoices):
    """The coordinator proposes where a Police-led promise stands; the Police decide."""

    OPEN = "OPEN", _("Väntar på Polisen")
    ACCEPTED = "ACCEPTED", _("Godtagen")
    DECLINED = "DECLINED", _("Avböjd")


PROPOSAL_MOVES: Moves = {ProposalState.OPEN: (ProposalState.ACCEPTED, ProposalState.DECLINED)}


# --- Plans, walks, feedback ---------------------------------------------------------------------------------


class PlanState(TextChoices):
    DRAFT = "DRAFT", _("Utkast")
    DECIDED = "DECIDED", _("Beslutad")
    FOLLOWED_UP = "FOLLOWED_UP", _("Uppföljd")
    ENDED = "ENDED", _("Avslutad")


PLAN_MOVES: Moves = {
    PlanState.DRAFT: (PlanState.DECIDED,),
    PlanState.DECIDED: (PlanState.FOLLOWED_UP, PlanState.ENDED),
    # Followed up at least every second year (lag 2023:196, 6 §), so it can be followed up again.
    PlanState.FOLLOWED_UP: (PlanState.DECIDED, PlanState.ENDED),
}


class WalkState(TextChoices):
    PLANNED = "PLANNED", _("Planerad")
    WALKED = "WALKED", _("Genomförd, svar väntar")
    ANSWERED = "ANSWERED", _("Alla iakttagelser har svar")
    CANCELLED = "CANCELLED", _("Inställd")


WALK_MOVES: Moves = {
    WalkState.PLANNED: (WalkState.WALKED, WalkState.CANCELLED),
    WalkState.WALKED: (WalkState.ANSWERED,),
    # A new observation or an answer taken back opens it again.
    WalkState.ANSWERED: (WalkState.WALKED,),
}


class ObservationState(TextChoices):
    OPEN = "OPEN", _("Väntar på svar")
    ANSWERED = "ANSWERED", _("Besvarad")
    DONE = "DONE", _("Åtgärdad")


OBSERVATION_MOVES: Moves = {
    ObservationState.OPEN: (ObservationState.ANSWERED, ObservationState.DONE),
    ObservationState.ANSWERED: (ObservationState.DONE, ObservationState.OPEN),
    ObservationState.DONE: (ObservationState.OPEN,),
}


class FeedbackState(TextChoices):
    """What residents said and what was done ("Ni sa – vi gjorde")."""

    DRAFT = "DRAFT", _("Utkast")
    PUBLISHED = "PUBLISHED", _("Publicerad")
    WITHDRAWN = "WITHDRAWN", _("Avpublicerad")


FEEDBACK_MOVES: Moves = {
    FeedbackState.DRAFT: (FeedbackState.PUBLISHED,),
    FeedbackState.PUBLISHED: (FeedbackState.WITHDRAWN,),
    FeedbackState.WITHDRAWN: (FeedbackState.PUBLISHED,),
}
