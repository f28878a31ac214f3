"""A promise's pages: written in a draft, placed on its two axes while it runs, answered, said otherwise."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lysekil_trygghet.accounts.models import Organisation
from lysekil_trygghet.desk.answers import answering, see_other, trying
from lysekil_trygghet.desk.forms import AskForm
from lysekil_trygghet.desk.views import GET_POST, allow, initial_of, is_past, posted
from lysekil_trygghet.publishing.languages import Reader
from pledges import policies, queries, words
from pledges.doses import doses_of
from pledges.forms.promises import (
    AmendForm,
    AnswerForm,
    CommentForm,
    DeclineForm,
    DeliveryForm,
    FigureForm,
    GoalForm,
    KeepForm,
    NewFigureForm,
    NewPromiseForm,
    PromiseForm,
    ProposalForm,
    SendBackForm,
    rule_initial,
)
from pledges.forms.sets import DocumentForm
from pledges.lifecycle import ProposalState
from pledges.models import Commitment, PriorityArea, StatusProposal
from pledges.operations import amendments, comments, commitments, rules, wordings
from pledges.residents.doses import dose_shown

from .doors import area_door, commitment_door, form_page, step
from .shown import history_of, promise_row
from .steps import asked, seen_form

# --- The page -------------------------------------------------------------------------------------------


@require_safe
def commitment(request: HttpRequest, pk: int) -> HttpResponse:
    promise = commitment_door(request, pk)
    actor, today = request.actor, timezone.localdate()
    dose = doses_of([promise], as_of=today)[promise.pk]
    parties = list(promise.parties.all())
    context = {
        "promise": promise,
        "row": promise_row(promise, actor=actor),
        "wording": queries.current_wording(promise),
        "parties": [{"party": party, "badge": words.delivery_badge(party.delivery_state)} for party in parties],
        "dose": dose_shown(dose, read=Reader(), today=today),
        "occurrences": [
            {
                "row": row,
                "badge": words.occurrence_badge(row.state),
                "may": policies.can_correct(actor, row) or policies.can_correct_in_writing(actor, row),
            }
            for row in promise.occurrences.select_related("area", "organisation", "commitment__pledge_set")
            .prefetch_related("counts__unit")
            .order_by("-date", "-pk")[:40]
        ],
        "follow_ups": promise.follow_ups.all(),
        "figures": promise.figures.select_related("source"),
        "notes": promise.notes.select_related("organisation")[:10],
        "requests": promise.requests.filter(state="ASKED").select_related("organisation"),
        "proposals": promise.proposals.all()[:5],
        "comments": promise.comments.select_related("organisation"),
        "comment_form": CommentForm() if policies.can_comment(actor, promise) else None,
        "assignments": promise.assignments.visible_to(actor).select_related("decision", "organisation").order_by("pk"),
        "history": history_of(queries.history_of(promise)),
        "may": may_of(actor, promise),
        "today": today,
    }
    return render(request, "pledges/staff/commitment.html", context)


def may_of(actor: Any, promise: Commitment) -> dict[str, Any]:
    """The buttons this person is shown; for parts, the organisations they may act for."""
    parties = [party.organisation for party in promise.parties.all()]
    return {
        "edit": policies.can_edit_commitment(actor, promise),
        "keep": policies.can_keep_commitment(actor, promise) and not promise.pledge_set.is_written,
        "confirm": policies.can_confirm_wording(actor, promise) and not promise.is_police_confirmed,
        "document": policies.can_record_police_wording(actor, promise) and not promise.is_police_confirmed,
        "send_back": policies.can_send_back(actor, promise),
        "move": [
            one
            for one in parties
            if policies.can_move(actor, promise, one) or policies.can_move_in_writing(actor, promise, one)
        ],
        "goal": policies.can_set_goal(actor, promise) or policies.can_set_goal_in_writing(actor, promise),
        "answer": policies.can_write_answer(actor, promise),
        "confirm_answer": policies.can_confirm_answer(actor, promise),
        "propose": policies.can_propose(actor, promise)
        and not promise.proposals.filter(state=ProposalState.OPEN).exists(),
        "decide": actor.is_police,
        "take_back": policies.writes_for_police(actor),
        "amend": policies.can_amend(actor, promise) or policies.can_amend_in_writing(actor, promise),
        "figures": policies.can_keep_figures(actor, promise),
        "log": [
            one
            for one in parties
            if policies.can_log(actor, promise, one) or policies.can_log_in_writing(actor, promise, one)
        ],
        "pauses": policies.can_set_pauses(actor, promise) and hasattr(promise, "rule"),
        "note": [one for one in parties if policies.can_note_progress(actor, promise, one)],
        "follow_up": policies.can_write_follow_up(actor, promise),
    }


# --- Written --------------------------------------------------------------------------------------------


@require_http_methods(GET_POST)
@answering
def commitment_new(request: HttpRequest, pk: int) -> HttpResponse:
    area: PriorityArea = area_door(request, pk)
    allow(policies.can_write_sets(request.actor))
    if is_past(request, area.pledge_set.is_written):
        return see_other(area)
    form = NewPromiseForm(posted(request), pledge_set=area.pledge_set, initial={"kind": "CONTINUOUS"})
    form.cancel_url = area.get_absolute_url()
    if request.method == "POST" and form.is_valid():
        with trying(form, request):
            now = timezone.now()
            made = commitments.add_commitment(
                area.pledge_set,
                area=area,
                values=form.values(),
                parties=form.parties(),
                units=form.units(),
                links=form.links(),
                by=request.actor,
                now=now,
            )
            if (rhythm := form.rule()) is not None:
                rules.set_rule(made, values=rhythm, by=request.actor, now=now)
            messages.success(request, _("Löfte %(number)s är sparat.") % {"number": made.number})
            return see_other(area)
    return form_page(request, form, title=_("Nytt löfte"), thing=area, template="pledges/staff/commitment_form.html")


@require_http_methods(GET_POST)
@answering
def commitment_edit(request: HttpRequest, pk: int) -> HttpResponse:
    promise = commitment_door(request, pk)
    allow(policies.can_write_sets(request.actor))
    if is_past(request, promise.pledge_set.is_written):
        return see_other(promise)
    parties = list(promise.parties.all())
    first = initial_of(promise, PromiseForm) | rule_initial(getattr(promise, "rule", None))
    first |= {
        "leads": [party.organisation_id for party in parties if party.role == "LEAD"],
        "helpers": [party.organisation_id for party in parties if party.role != "LEAD"],
    }
    form = PromiseForm(posted(request), pledge_set=promise.pledge_set, commitment=promise, initial=first)

    def run(form: Any) -> None:
        now = timezone.now()
        changed = commitments.edit_commitment(
            promise,
            values=form.values(),
            parties=form.parties(),
            units=form.units(),
            links=form.links(),
            by=request.actor,
            now=now,
            seen=form.seen_revision,
        )
        rhythm, before = form.rule(), getattr(promise, "rule", None)
        if rhythm is None and before is not None:
            rules.remove_rule(changed, by=request.actor, now=now)
        elif rhythm is not None and rhythm != rule_initial(before):
            rules.set_rule(changed, values=rhythm, by=request.actor, now=now)

    return step(
        request,
        form,
        run,
        done=_("Löftet är sparat."),
        back=promise,
        title=_("Ändra löftet"),
        thing=promise,
        template="pledges/staff/commitment_form.html",
    )


@require_http_methods(GET_POST)
@answering
def commitment_keep(request: HttpRequest, pk: int) -> HttpResponse:
    promise = commitment_door(request, pk)
    allow(policies.can_write_sets(request.actor))
    if is_past(request, policies.can_keep_commitment(request.actor, promise)):
        return see_other(promise)
    return step(
        request,
        KeepForm(posted(request), initial=initial_of(promise, KeepForm)),
        lambda form: commitments.edit_commitment(
            promise, values=form.values(), by=request.actor, now=timezone.now(), seen=form.seen_revision
        ),
        done=_("Sparat."),
        back=promise,
        title=_("Intern anteckning"),
        thing=promise,
    )


@require_POST
@answering
def commitment_move(request: HttpRequest, pk: int) -> HttpResponse:
    promise = commitment_door(request, pk)
    allow(policies.can_edit_commitment(request.actor, promise))
    direction = "up" if request.POST.get("move", "").startswith("up") else "down"
    commitments.reorder(promise, direction=direction, by=request.actor, now=timezone.now())
    return see_other(promise.area)


@require_http_methods(GET_POST)
@answering
def commitment_remove(request: HttpRequest, pk: int) -> HttpResponse:
    promise = commitment_door(request, pk)
    allow(policies.can_write_sets(request.actor))
    if is_past(request, promise.pledge_set.is_written):
        return see_other(promise)
    form = AskForm(posted(request))
    form.submit_label = _("Ta bort löftet")
    return step(
        request,
        form,
        lambda form: commitments.remove_commitment(promise, by=request.actor, now=timezone.now()),
        done=_("Löftet är borttaget. Numret används inte igen."),
        back=promise.area,
        title=_("Ta bort löftet?"),
        thing=promise,
        items=[promise.text_as_promised],
    )


# --- The Police's word on the wording ---------------------------------------------------------------------


def wording_door(request: HttpRequest, kind: str, pk: int) -> PriorityArea | Commitment:
    if kind == "omrade":
        return area_door(request, pk)
    if kind == "lofte":
        return commitment_door(request, pk)
    raise Http404


@require_http_methods(GET_POST)
@answering
def wording_confirm(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    thing = wording_door(request, kind, pk)
    actor = request.actor
    allow(actor.is_police or policies.writes_for_police(actor))
    open_now = policies.can_confirm_wording(actor, thing) or policies.can_record_police_wording(actor, thing)
    if is_past(request, open_now and not thing.is_police_confirmed):
        return see_other(thing)
    in_writing = not actor.is_police
    form = seen_form(DocumentForm, request, thing) if in_writing else asked(request, thing, _("Bekräfta"))
    return step(
        request,
        form,
        lambda form: wordings.confirm_wording(
            thing,
            by=actor,
            now=timezone.now(),
            seen=form.seen_revision,
            **({name: form.cleaned_data[name] for name in ("document", "document_on")} if in_writing else {}),
        ),
        done=_("Bekräftat."),
        back=thing,
        title=_("Anteckna Polisens skriftliga ja") if in_writing else _("Bekräfta texten?"),
        thing=thing,
        items=wording_of(thing),
    )


def wording_of(thing: PriorityArea | Commitment) -> list[str]:
    names = ("text_as_promised", "purpose", "how_we_know") if isinstance(thing, Commitment) else ("title", "why")
    return [text for name in names if (text := getattr(thing, name))]


@require_http_methods(GET_POST)
@answering
def wording_send_back(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    thing = wording_door(request, kind, pk)
    allow(request.actor.is_police)
    if is_past(request, policies.can_send_back(request.actor, thing)):
        return see_other(thing)
    return step(
        request,
        seen_form(SendBackForm, request, thing),
        lambda form: wordings.send_back(
            thing, text=form.cleaned_data["text"], by=request.actor, now=timezone.now(), seen=form.seen_revision
        ),
        done=_("Texten är tillbakaskickad till kommunen."),
        back=thing,
        title=_("Skicka tillbaka texten"),
        thing=thing,
        items=wording_of(thing),
    )


@require_POST
@answering
def comment(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    thing = wording_door(request, kind, pk)
    allow(policies.can_comment(request.actor, thing))
    return step(
        request,
        CommentForm(request.POST),
        lambda form: comments.comment(thing, text=form.cleaned_data["text"], by=request.actor, now=timezone.now()),
        done=_("Kommentaren är sparad."),
        back=thing,
        title=_("Kommentar"),
        thing=thing,
    )


# --- While it runs ----------------------------------------------------------------------------------------


@require_http_methods(GET_POST)
@answering
def delivery(request: HttpRequest, pk: int, organisation_pk: int) -> HttpResponse:
    """Where one lead's part stands."""
    promise = commitment_door(request, pk)
    party = get_object_or_404(promise.parties.select_related("organisation"), organisation=organisation_pk)
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


@require_http_methods(GET_POST)
@answering
def answer_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    promise = commitment_door(request, pk)
    allow(request.actor.is_police)
    if is_past(request, policies.can_confirm_answer(request.actor, promise)):
        return see_other(promise)
    return step(
        request,
        asked(request, promise, _("Bekräfta svaret")),
        lambda form: commitments.confirm_answer(
            promise, by=request.actor, now=timezone.now(), seen=form.seen_revision
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


# --- Amended, and figures -----------------------------------------------------------------------------------


@require_http_methods(GET_POST)
@answering
def amend(request: HttpRequest, pk: int) -> HttpResponse:
    promise = commitment_door(request, pk)
    by_right = policies.can_amend(request.actor, promise)
    in_writing = not by_right and policies.can_amend_in_writing(request.actor, promise)
    allow(by_right or in_writing or is_closed(promise))
    if is_past(request, by_right or in_writing):
        return see_other(promise)
    current = queries.current_wording(promise)
    first = {"new_text": current.text, "new_text_en": current.text_en, "decided_on": timezone.localdate()}
    form = AmendForm(posted(request), in_writing=in_writing, initial=first)
    # The day of the document is the day of the decision here.
    form.fields.pop("document_on", None)
    return step(
        request,
        form,
        lambda form: amendments.amend(
            promise, **form.values(), **form.document(), by=request.actor, now=timezone.now()
        ),
        done=_("Löftet har en ny lydelse. Invånarna ser båda."),
        back=promise,
        title=_("Ny lydelse av löftet"),
        thing=promise,
        lead=_("Det som lovades står kvar. Invånarna läser den gamla lydelsen, den nya och skälet."),
        items=[current.text],
    )


@require_http_methods(GET_POST)
@answering
def figure_new(request: HttpRequest, pk: int) -> HttpResponse:
    promise = commitment_door(request, pk)
    may = policies.can_keep_figures(request.actor, promise)
    allow(may or is_closed(promise))
    if is_past(request, may):
        return see_other(promise)
    return step(
        request,
        NewFigureForm(posted(request)),
        lambda form: commitments.add_figure(promise, values=form.values(), by=request.actor, now=timezone.now()),
        done=_("Siffran är sparad."),
        back=promise,
        title=_("Ny siffra"),
        thing=promise,
        lead=_("Siffran visar utvecklingen, inte att löftet orsakade den. Så står det också för invånarna."),
    )


@require_http_methods(GET_POST)
@answering
def figure_edit(request: HttpRequest, pk: int, figure_pk: int) -> HttpResponse:
    promise = commitment_door(request, pk)
    figure = get_object_or_404(promise.figures, pk=figure_pk)
    may = policies.can_keep_figures(request.actor, promise)
    allow(may or is_closed(promise))
    if is_past(request, may):
        return see_other(promise)
    return step(
        request,
        FigureForm(posted(request), initial=initial_of(figure, FigureForm)),
        lambda form: commitments.edit_figure(
            figure, values=form.values(), by=request.actor, now=timezone.now(), seen=form.seen_revision
        ),
        done=_("Siffran är sparad."),
        back=promise,
        title=_("Ändra siffran"),
        thing=promise,
    )


@require_http_methods(GET_POST)
@answering
def figure_remove(request: HttpRequest, pk: int, figure_pk: int) -> HttpResponse:
    promise = commitment_door(request, pk)
    figure = get_object_or_404(promise.figures, pk=figure_pk)
    may = policies.can_keep_figures(request.actor, promise)
    allow(may or is_closed(promise))
    if is_past(request, may):
        return see_other(promise)
    form = AskForm(posted(request))
    form.submit_label = _("Ta bort siffran")
    return step(
        request,
        form,
        lambda form: commitments.remove_figure(figure, by=request.actor, now=timezone.now()),
        done=_("Siffran är borttagen."),
        back=promise,
        title=_("Ta bort siffran?"),
        thing=promise,
        items=[figure.label],
    )
