"""The inside's states in words residents understand, each with an icon and a tone."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from incidents.lifecycle import (
    AssignmentState,
    DecisionState,
    ItemState,
    Outcome,
    ResponseLevel,
    ResponseState,
    UndertakingState,
)
from incidents.models import Assignment, Reinforcement, Response, SteeringDecision
from lysekil_trygghet.ui.badges import Badge

SMALL_NUMBERS = (
    gettext_lazy("noll"),
    gettext_lazy("ett"),
    gettext_lazy("två"),
    gettext_lazy("tre"),
    gettext_lazy("fyra"),
    gettext_lazy("fem"),
    gettext_lazy("sex"),
    gettext_lazy("sju"),
    gettext_lazy("åtta"),
    gettext_lazy("nio"),
    gettext_lazy("tio"),
    gettext_lazy("elva"),
    gettext_lazy("tolv"),
)


def number_in_words(number: int) -> str:
    """Fem, tolv, 13: as a sentence begins."""
    word = str(SMALL_NUMBERS[number]) if number < len(SMALL_NUMBERS) else str(number)
    return word[:1].upper() + word[1:]


def promised_and_answered(*, total: int, answered: int, done: int) -> str:
    """Fem uppdrag är utdelade. Tre har besvarats. Två är klara."""
    if not total:
        return ""
    sentences = [
        ngettext("Ett uppdrag är utdelat.", "%(number)s uppdrag är utdelade.", total)
        % {"number": number_in_words(total)}
    ]
    if not answered:
        sentences.append(_("Inget svar har kommit in än."))
    elif answered == total:
        sentences.append(ngettext("Det har besvarats.", "Alla har besvarats.", total))
    else:
        sentences.append(_("%(number)s har besvarats.") % {"number": number_in_words(answered)})
    if done and done == total:
        sentences.append(ngettext("Det är klart.", "Alla är klara.", total))
    elif done:
        sentences.append(ngettext("Ett är klart.", "%(number)s är klara.", done) % {"number": number_in_words(done)})
    return " ".join(sentences)


def assignment_badge(assignment: Assignment, *, last_outcome: str) -> Badge:
    """How an assignment goes. "Klart" only when the accepted answer says so."""
    if assignment.state == AssignmentState.ACCEPTED:
        if last_outcome == Outcome.DONE:
            return Badge(_("Klart"), "check-circle", "success")
        return Badge(_("Avslutat"), "minus-circle", "neutral")
    if assignment.decision.state in (DecisionState.FOLLOWED_UP, DecisionState.ENDED):
        return Badge(_("Avslutat"), "minus-circle", "neutral")
    if assignment.state == AssignmentState.REPORTED:
        return Badge(_("Svar har kommit in"), "document", "info")
    return Badge(_("Pågår"), "play", "info")


def measure_badge(state: str) -> Badge:
    """What the Police undertake, and the measures of the action package."""
    if state in (UndertakingState.DONE, ItemState.DONE):
        return Badge(_("Klart"), "check-circle", "success")
    if state in (UndertakingState.ONGOING, ItemState.ONGOING):
        return Badge(_("Pågår"), "play", "info")
    if state in (UndertakingState.WITHDRAWN, ItemState.WITHDRAWN):
        return Badge(_("Utgår"), "minus-circle", "neutral")
    return Badge(_("Planerat"), "calendar", "neutral")


def decision_badge(decision: SteeringDecision) -> Badge:
    if decision.state == DecisionState.REVISED:
        return Badge(_("Ersatt av en ny version"), "history", "neutral")
    if decision.state == DecisionState.ENDED:
        return Badge(_("Avslutat"), "check", "neutral")
    if decision.state == DecisionState.FOLLOWED_UP:
        return Badge(_("Uppföljt"), "check-circle", "success")
    return Badge(_("Gäller"), "play", "info")


def response_badge(response: Response) -> Badge:
    """The level while it goes on; afterwards that it has ended."""
    if response.state == ResponseState.ENDED:
        return Badge(_("Avslutat"), "check", "neutral")
    level = ResponseLevel(response.level)
    tone = "info" if level == ResponseLevel.NORMAL else "warning"
    return Badge(str(level.label), "info" if level == ResponseLevel.NORMAL else "flag", tone)


def reinforcement_in_words(row: Reinforcement, *, place: str, year: int) -> str:
    """Från vecka 27: 12 poliser i yttre tjänst, varav 4 från Lysekil."""
    if row.to_week is None:
        weeks = _("Från vecka %(from)d") % {"from": row.from_week}
    else:
        weeks = _("Vecka %(from)d–%(to)d") % {"from": row.from_week, "to": row.to_week}
    if row.from_year != year:
        weeks += f" {row.from_year}"
    if row.provider.is_police:
        people = ngettext("%(total)d polis", "%(total)d poliser", row.total)
    else:
        people = ngettext("%(total)d person", "%(total)d personer", row.total)
    said = [f"{weeks}: {people % {'total': row.total}}"]
    if row.kind == Reinforcement.Kind.OUTDOOR:
        said.append(_("i yttre tjänst"))
    elif row.kind == Reinforcement.Kind.INVESTIGATION:
        said.append(_("i utredning"))
    sentence = " ".join(said)
    if row.based_locally:
        sentence += ", " + _("varav %(count)d från %(place)s") % {"count": row.based_locally, "place": place}
    return sentence
