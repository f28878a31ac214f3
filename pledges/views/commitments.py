"""A promise's page, and its words while it is written."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lysekil_trygghet.desk.answers import answering, see_other, trying
from lysekil_trygghet.desk.views import GET_POST, allow, initial_of, is_past, posted
from lysekil_trygghet.publishing.languages import Reader
from pledges import policies, queries, words
from pledges.doses import doses_of
from pledges.forms.promises import (
    CommentForm,
    KeepForm,
    NewPromiseForm,
    PromiseForm,
    rule_initial,
)
from pledges.lifecycle import ProposalState
from pledges.models import Commitment, PriorityArea
from pledges.operations import commitments, rules
from pledges.residents.doses import dose_shown

from .doors import area_door, commitment_door, form_page, step, unchanged
from .shown import history_of, promise_row
from .standing import may_confirm_answer
from .steps import asked

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
        "confirm_answer": may_confirm_answer(actor, promise),
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

    def run(form: Any) -> None:
        unchanged(promise, form)
        commitments.remove_commitment(promise, by=request.actor, now=timezone.now())

    return step(
        request,
        asked(request, promise, _("Ta bort löftet")),
        run,
        done=_("Löftet är borttaget. Numret används inte igen."),
        back=promise.area,
        title=_("Ta bort löftet?"),
        thing=promise,
        items=[promise.text_as_promised],
    )
