"""What usually comes now in an insats: sammankalla, besluta, utfärda, stäm av, avsluta (docs/rules.md)."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from lysekil_trygghet.accounts.actors import Actor

from . import policies
from .lifecycle import ASSIGNMENTS_OWED, AssignmentState, ConveningState, DecisionState, ResponseState, RoundState
from .models import FollowUpRound, Response, SteeringDecision


@dataclass(frozen=True)
class NextStep:
    """One sentence and, for whoever may take the step, where it is taken."""

    words: str
    url: str = ""
    link_label: str = ""


def next_step(response: Response, actor: Actor) -> NextStep | None:
    """The step that usually comes now, for those who lead the work. Everybody else needs no hint."""
    if not policies.can_lead(actor) or response.state == ResponseState.ENDED:
        return None
    decision = response.decisions.exclude(state=DecisionState.REVISED).order_by("-id").first()
    if decision is None:
        return _before_decision(response)
    return _of_decision(response, decision, actor)


def _before_decision(response: Response) -> NextStep:
    convening = response.convenings.exclude(state=ConveningState.CANCELLED).first()
    if convening is None:
        return NextStep(
            _("Kalla nyckelfunktionerna till ett första möte."),
            reverse("incidents:convening_new", args=[response.pk]),
            _("Skriv en kallelse"),
        )
    if convening.state == ConveningState.DRAFT:
        return NextStep(_("Kallelsen är inte skickad än."), convening.get_absolute_url(), _("Öppna kallelsen"))
    return NextStep(
        _("Skriv inriktningsbeslutet: mål, inriktning och vem som gör vad."),
        reverse("incidents:decision_new", args=[response.pk]),
        _("Skriv ett inriktningsbeslut"),
    )


def _of_decision(response: Response, decision: SteeringDecision, actor: Actor) -> NextStep | None:
    here = decision.get_absolute_url()
    if decision.state == DecisionState.DRAFT:
        edit = reverse("incidents:decision_edit", args=[decision.pk])
        return NextStep(_("Skriv klart beslutet och uppdragen."), edit, _("Öppna utkastet"))
    if decision.assignments.filter(state=AssignmentState.DRAFT).exists():
        return NextStep(_("Beslutet är fattat. Utfärda uppdragen."), here, _("Öppna beslutet"))
    if decision.state == DecisionState.DECIDED:
        new = reverse("incidents:assignment_new", args=[decision.pk])
        return NextStep(_("Beslutet är fattat. Skriv och utfärda uppdragen."), new, _("Skriv ett uppdrag"))
    if decision.state == DecisionState.IN_FORCE:
        return _of_force(decision, here)
    if decision.state == DecisionState.FOLLOWED_UP:
        return NextStep(_("Beslutet är uppföljt. Avsluta det med en text till invånarna."), here, _("Öppna beslutet"))
    if policies.can_close_response(actor):
        end = reverse("incidents:response_end", args=[response.pk])
        return NextStep(_("Beslutet är avslutat. Avsluta insatsen när arbetet är klart."), end, _("Avsluta insatsen"))
    return None


def _of_force(decision: SteeringDecision, here: str) -> NextStep:
    ongoing = FollowUpRound.objects.filter(decision=decision).exclude(state=RoundState.CLOSED).first()
    if ongoing is not None:
        return NextStep(
            _("En avstämning är planerad eller pågår."), ongoing.get_absolute_url(), _("Öppna avstämningen")
        )
    if FollowUpRound.objects.filter(decision=decision, state=RoundState.CLOSED).exists():
        return NextStep(_("Avstämningen är gjord. Följ upp beslutet när alla har svarat."), here, _("Öppna beslutet"))
    plan = reverse("incidents:round_new", args=[decision.pk])
    if decision.assignments.filter(state__in=ASSIGNMENTS_OWED).exists():
        words = _("Uppdragen är ute. Planera avstämningen till dagen efter att återrapporterna ska vara inne.")
    else:
        words = _("Alla har återrapporterat. Håll avstämningen.")
    return NextStep(words, plan, _("Planera avstämning"))
