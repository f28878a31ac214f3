"""Where a promise stands while it runs: its two axes, its answer to residents, what is proposed to the Police."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lysekil_trygghet.accounts.models import Organisation
from lysekil_trygghet.desk.answers import answering, see_other
from lysekil_trygghet.desk.views import GET_POST, allow, is_past, posted
from pledges import policies, queries
from pledges.forms.promises import (
    AnswerForm,
    DeclineForm,
    DeliveryForm,
    GoalForm,
    ProposalForm,
)
from pledges.forms.sets import DocumentForm
from pledges.models import Commitment, StatusProposal
from pledges.operations import commitments

from .doors import commitment_door, step
from .steps import asked, seen_form
from .wordings import wording_of


@require_http_methods(GET_POST)
@answering
def delivery(request: HttpRequest, pk: int, organisation_pk: int) -> HttpResponse:
    """Where one lead's part stands."""
    promise = commitment_door(request, pk)
    party = get_object_or_404(promise.parties.select_related("organisation"), organisation__pk=organisation_pk)
    organisation: Organisation = party.organisation
    by_right = policies.can_move(request.actor, promise, organisation)
    in_writing = not by_right and policies.can_move_in_writing(request.actor, promise, organisation)
    allow(by_right or in_writing or is_closed(promise))
    if is_past(request, by_right or in_writing):
        return see_other(promise)
    first = {
        "to": party.delivery_state,
        "reason": promise.delivery_reason,
        "reason_en": promise.delivery_reason_en,
        "seen": promise.revision,
    }
    form = DeliveryForm(posted(request), in_writing=in_writing, initial=first)
    return step(
        request,
        form,
        lambda form: commitments.set_delivery(
            promise,
            organisation=organisation,
            **form.values(),
            **form.document(),
            by=request.actor,
            now=timezone.now(),
            seen=form.seen_revision,
        ),
        done=_("Sparat."),
        back=promise,
        title=_("Hur långt har %(name)s kommit?") % {"name": organisation.name},
        thing=promise,
        items=[queries.current_wording(promise).text],
    )


def is_closed(promise: Commitment) -> bool:
    return promise.pledge_set.is_public and not promise.pledge_set.is_running


@require_http_methods(GET_POST)
@answering
def goal(request: HttpRequest, pk: int) -> HttpResponse:
    promise = commitment_door(request, pk)
    by_right = policies.can_set_goal(request.actor, promise)
    in_writing = not by_right and policies.can_set_goal_in_writing(request.actor, promise)
    allow(by_right or in_writing or is_closed(promise))
    if is_past(request, by_right or in_writing):
        return see_other(promise)
    form = GoalForm(
        posted(request), in_writing=in_writing, initial={"to": promise.goal_state, "seen": promise.revision}
    )
    return step(
        request,
        form,
        lambda form: commitments.set_goal(
            promise,
            to=form.cleaned_data["to"],
            **form.document(),
            by=request.actor,
            now=timezone.now(),
            seen=form.seen_revision,
        ),
        done=_("Sparat."),
        back=promise,
        title=_("Nåddes målet?"),
        thing=promise,
        items=wording_of(promise),
    )


@require_http_methods(GET_POST)
@answering
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    promise = commitment_door(request, pk)
    may = policies.can_write_answer(request.actor, promise)
    allow(may or is_closed(promise))
    if is_past(request, may):
        return see_other(promise)
    names = ("public_note", "public_note_en")
    first = {name: getattr(promise, name) for name in names} | {"seen": promise.revision}
    form = AnswerForm(posted(request), initial=first)
    lead = ""
    if policies.is_police_led(promise) and not request.actor.is_police:
        lead = _("Polisen leder löftet. Invånarna ser svaret när Polisen har bekräftat det.")
    return step(
        request,
        form,
        lambda form: commitments.write_answer(
            promise, **form.values(), by=request.actor, now=timezone.now(), seen=form.seen_revision
        ),
        done=_("Svaret är sparat."),
        back=promise,
        title=_("Svaret till invånarna"),
        thing=promise,
        lead=lead,
        items=[queries.current_wording(promise).text],
    )


def may_confirm_answer(actor: Any, promise: Commitment) -> bool:
    waits = bool(promise.public_note) and promise.answer_confirmed_at is None
    in_writing = policies.can_set_goal_in_writing(actor, promise)
    return policies.can_confirm_answer(actor, promise) or (waits and in_writing)


@require_http_methods(GET_POST)
@answering
def answer_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """By the Police, or by the coordinator who names their document."""
    promise = commitment_door(request, pk)
    actor = request.actor
    allow(actor.is_police or policies.writes_for_police(actor))
    if is_past(request, may_confirm_answer(actor, promise)):
        return see_other(promise)
    in_writing = not actor.is_police
    form = seen_form(DocumentForm, request, promise) if in_writing else asked(request, promise, _("Bekräfta svaret"))
    return step(
        request,
        form,
        lambda form: commitments.confirm_answer(
            promise, by=actor, now=timezone.now(), seen=form.seen_revision, **(form.values() if in_writing else {})
        ),
        done=_("Svaret är bekräftat."),
        back=promise,
        title=_("Bekräfta svaret till invånarna?"),
        thing=promise,
        items=[promise.public_note],
    )


# --- Proposed to the Police -------------------------------------------------------------------------------


@require_http_methods(GET_POST)
@answering
def proposal_new(request: HttpRequest, pk: int) -> HttpResponse:
    promise = commitment_door(request, pk)
    allow(policies.writes_for_police(request.actor))
    if is_past(request, policies.can_propose(request.actor, promise)):
        return see_other(promise)
    first = {
        "delivery": promise.delivery_state,
        "goal": promise.goal_state,
        "reason": promise.delivery_reason,
        "public_note": promise.public_note,
        "public_note_en": promise.public_note_en,
    }
    return step(
        request,
        ProposalForm(posted(request), initial=first),
        lambda form: commitments.propose_status(promise, **form.values(), by=request.actor, now=timezone.now()),
        done=_("Förslaget ligger hos Polisen."),
        back=promise,
        title=_("Föreslå hur det gick"),
        thing=promise,
        lead=_("Polisen leder löftet och bestämmer själva hur det står. Du föreslår."),
    )


def proposal_door(request: HttpRequest, pk: int, proposal_pk: int) -> StatusProposal:
    promise = commitment_door(request, pk)
    found = get_object_or_404(promise.proposals, pk=proposal_pk)
    found.commitment = promise
    return found


def proposed(proposal: StatusProposal) -> list[str]:
    words_of = [proposal.get_delivery_display(), proposal.get_goal_display() if proposal.goal else ""]
    return [text for text in (*words_of, proposal.reason, proposal.public_note) if text]


@require_http_methods(GET_POST)
@answering
def proposal_accept(request: HttpRequest, pk: int, proposal_pk: int) -> HttpResponse:
    proposal = proposal_door(request, pk, proposal_pk)
    allow(request.actor.is_police)
    if is_past(request, policies.can_decide_proposal(request.actor, proposal)):
        return see_other(proposal.commitment)
    return step(
        request,
        asked(request, proposal, _("Det stämmer")),
        lambda form: commitments.accept_proposal(proposal, by=request.actor, now=timezone.now()),
        done=_("Löftet står nu som ni har bekräftat."),
        back=proposal.commitment,
        title=_("Stämmer förslaget?"),
        thing=proposal.commitment,
        items=proposed(proposal),
    )


@require_http_methods(GET_POST)
@answering
def proposal_decline(request: HttpRequest, pk: int, proposal_pk: int) -> HttpResponse:
    proposal = proposal_door(request, pk, proposal_pk)
    allow(request.actor.is_police)
    if is_past(request, policies.can_decide_proposal(request.actor, proposal)):
        return see_other(proposal.commitment)
    return step(
        request,
        seen_form(DeclineForm, request, proposal),
        lambda form: commitments.decline_proposal(
            proposal, reason=form.cleaned_data["reason"], by=request.actor, now=timezone.now()
        ),
        done=_("Förslaget är avböjt."),
        back=proposal.commitment,
        title=_("Avböj förslaget"),
        thing=proposal.commitment,
        items=proposed(proposal),
    )


@require_http_methods(GET_POST)
@answering
def proposal_take_back(request: HttpRequest, pk: int, proposal_pk: int) -> HttpResponse:
    proposal = proposal_door(request, pk, proposal_pk)
    allow(policies.writes_for_police(request.actor))
    if is_past(request, policies.can_take_back_proposal(request.actor, proposal)):
        return see_other(proposal.commitment)
    return step(
        request,
        asked(request, proposal, _("Ta tillbaka")),
        lambda form: commitments.take_back_proposal(proposal, by=request.actor, now=timezone.now()),
        done=_("Förslaget är tillbakataget."),
        back=proposal.commitment,
        title=_("Ta tillbaka förslaget?"),
        thing=proposal.commitment,
        items=proposed(proposal),
    )
