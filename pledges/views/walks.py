"""Safety walks with their observations, and "ni sa – vi gjorde"."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lysekil_trygghet.desk.answers import answering, see_other, trying
from lysekil_trygghet.desk.views import GET_POST, allow, initial_of, is_past, page_of, posted
from lysekil_trygghet.history.queries import timeline_of
from pledges import policies, words
from pledges.forms.following import FeedbackForm, NewFeedbackForm, PublishCheckForm
from pledges.forms.sets import DocumentForm
from pledges.forms.walks import (
    MendForm,
    NewObservationForm,
    NewWalkForm,
    ObservationAnswerForm,
    ObservationForm,
    WalkForm,
)
from pledges.lifecycle import FeedbackState, ObservationState, WalkState
from pledges.models import Feedback, PledgeSet, SafetyWalk, WalkObservation
from pledges.operations import feedback as telling
from pledges.operations import walks

from .doors import form_page, inside_door, step
from .shown import history_of
from .steps import asked, seen_form

# --- Walks ------------------------------------------------------------------------------------------------


def walk_door(request: HttpRequest, pk: int) -> SafetyWalk:
    if not policies.can_see_walks(request.actor):
        raise Http404
    return get_object_or_404(SafetyWalk.objects.select_related("area", "commitment__pledge_set"), pk=pk)


@require_safe
def walk_list(request: HttpRequest) -> HttpResponse:
    inside_door(request)
    rows = page_of(request, SafetyWalk.objects.select_related("area"))
    context = {
        "page": rows,
        "rows": [{"walk": row, "badge": words.walk_badge(row.state)} for row in rows],
        "may_keep": policies.can_keep_walks(request.actor),
    }
    return render(request, "pledges/staff/walk_list.html", context)


@require_safe
def walk(request: HttpRequest, pk: int) -> HttpResponse:
    found = walk_door(request, pk)
    actor = request.actor
    keeps = policies.can_keep_walks(actor)
    observations = list(found.observations.select_related("owner"))
    context = {
        "walk": found,
        "badge": words.walk_badge(found.state),
        "observations": [
            {
                "row": row,
                "badge": words.observation_badge(row.state),
                "may_answer": policies.can_answer_observation(actor, row)
                or policies.can_answer_observation_in_writing(actor, row),
            }
            for row in observations
        ],
        "may": {
            "keep": keeps,
            "hold": keeps and found.state == WalkState.PLANNED,
            "cancel": keeps and found.state == WalkState.PLANNED,
            "publish": policies.can_publish_walk(actor, found)
            and not found.is_public
            and found.state in (WalkState.WALKED, WalkState.ANSWERED),
            "withdraw": policies.can_publish_walk(actor, found) and found.is_public,
        },
        "history": history_of(timeline_of(found, observations)),
    }
    return render(request, "pledges/staff/walk.html", context)


@require_http_methods(GET_POST)
@answering
def walk_new(request: HttpRequest) -> HttpResponse:
    inside_door(request)
    allow(policies.can_keep_walks(request.actor))
    form = NewWalkForm(posted(request), initial={"held_on": timezone.localdate()})
    form.cancel_url = "/arbete/vandringar/"
    if request.method == "POST" and form.is_valid():
        with trying(form, request):
            made = walks.plan_walk(values=form.values(), by=request.actor, now=timezone.now())
            messages.success(request, _("Vandringen är sparad."))
            return see_other(made)
    return form_page(request, form, title=_("Ny trygghetsvandring"))


@require_http_methods(GET_POST)
@answering
def walk_edit(request: HttpRequest, pk: int) -> HttpResponse:
    found = walk_door(request, pk)
    allow(policies.can_keep_walks(request.actor))
    return step(
        request,
        WalkForm(posted(request), initial=initial_of(found, WalkForm)),
        lambda form: walks.edit_walk(
            found, values=form.values(), by=request.actor, now=timezone.now(), seen=form.seen_revision
        ),
        done=_("Vandringen är sparad."),
        back=found,
        title=_("Ändra vandringen"),
        thing=found,
    )


@require_http_methods(GET_POST)
@answering
def walk_step(request: HttpRequest, pk: int, step_name: str) -> HttpResponse:
    """Held, called off, published, taken away: each asks first."""
    found = walk_door(request, pk)
    actor, now = request.actor, timezone.now()
    keeps, publishes = policies.can_keep_walks(actor), policies.can_publish_walk(actor, found)
    planned = found.state == WalkState.PLANNED
    walked = found.state in (WalkState.WALKED, WalkState.ANSWERED)
    questions: dict[str, tuple[bool, bool, str, str, Any]] = {
        "gjord": (keeps, planned, _("Är vandringen gjord?"), _("Den är gjord"), walks.hold_walk),
        "stall-in": (keeps, planned, _("Ställ in vandringen?"), _("Ställ in"), walks.cancel_walk),
        "publicera": (
            publishes,
            walked and not found.is_public,
            _("Visa vandringen för invånarna?"),
            _("Publicera"),
            walks.publish_walk,
        ),
        "avpublicera": (
            publishes,
            found.is_public,
            _("Ta bort vandringen från invånarnas sidor?"),
            _("Avpublicera"),
            walks.withdraw_walk,
        ),
    }
    if step_name not in questions:
        raise Http404
    may, is_open, title, label, operation = questions[step_name]
    allow(may)
    if is_past(request, is_open):
        return see_other(found)
    signs = bool(step_name == "publicera" and walks.signs_of_persons(found))
    form = PublishCheckForm(posted(request), initial={"seen": found.revision}, signs=signs)
    form.submit_label = label

    def run(form: Any) -> None:
        extra = {"confirm_privacy": form.cleaned_data.get("confirm_signs", False)} if signs else {}
        operation(found, by=actor, now=now, seen=form.seen_revision, **extra)

    return step(request, form, run, done=_("Klart."), back=found, title=title, thing=found)


def observation_door(request: HttpRequest, pk: int) -> WalkObservation:
    if not policies.can_see_walks(request.actor):
        raise Http404
    return get_object_or_404(WalkObservation.objects.select_related("walk", "owner"), pk=pk)


@require_http_methods(GET_POST)
@answering
def observation_new(request: HttpRequest, pk: int) -> HttpResponse:
    found = walk_door(request, pk)
    allow(policies.can_keep_walks(request.actor))
    return step(
        request,
        NewObservationForm(posted(request), initial={"is_public": True}),
        lambda form: walks.add_observation(found, values=form.values(), by=request.actor, now=timezone.now()),
        done=_("Iakttagelsen är sparad."),
        back=found,
        title=_("Ny iakttagelse"),
        thing=found,
    )


@require_http_methods(GET_POST)
@answering
def observation_edit(request: HttpRequest, pk: int) -> HttpResponse:
    row = observation_door(request, pk)
    allow(policies.can_keep_walks(request.actor))
    return step(
        request,
        ObservationForm(posted(request), initial=initial_of(row, ObservationForm)),
        lambda form: walks.edit_observation(
            row, values=form.values(), by=request.actor, now=timezone.now(), seen=form.seen_revision
        ),
        done=_("Iakttagelsen är sparad."),
        back=row.walk,
        title=_("Ändra iakttagelsen"),
        thing=row.walk,
    )


def in_writing_door(request: HttpRequest, row: WalkObservation) -> bool:
    """True when the coordinator writes what the Police answered; refuses those who may not answer at all."""
    by_right = policies.can_answer_observation(request.actor, row)
    in_writing = not by_right and policies.can_answer_observation_in_writing(request.actor, row)
    allow(by_right or in_writing)
    return in_writing


@require_http_methods(GET_POST)
@answering
def observation_answer(request: HttpRequest, pk: int) -> HttpResponse:
    row = observation_door(request, pk)
    in_writing = in_writing_door(request, row)
    if is_past(request, row.state == ObservationState.OPEN):
        return see_other(row.walk)
    first = {"answer": row.answer, "answer_en": row.answer_en, "seen": row.revision}
    return step(
        request,
        ObservationAnswerForm(posted(request), in_writing=in_writing, initial=first),
        lambda form: walks.answer_observation(
            row, **form.values(), **form.document(), by=request.actor, now=timezone.now(), seen=form.seen_revision
        ),
        done=_("Svaret är sparat."),
        back=row.walk,
        title=_("Svara på iakttagelsen"),
        thing=row.walk,
        items=[f"{row.spot}: {row.text}"],
    )


@require_http_methods(GET_POST)
@answering
def observation_done(request: HttpRequest, pk: int) -> HttpResponse:
    row = observation_door(request, pk)
    in_writing = in_writing_door(request, row)
    if is_past(request, row.state != ObservationState.DONE):
        return see_other(row.walk)
    first = {
        "done_on": timezone.localdate(),
        "answer": row.answer,
        "answer_en": row.answer_en,
        "seen": row.revision,
    }
    return step(
        request,
        MendForm(posted(request), in_writing=in_writing, initial=first),
        lambda form: walks.mend(
            row, **form.values(), **form.document(), by=request.actor, now=timezone.now(), seen=form.seen_revision
        ),
        done=_("Iakttagelsen är åtgärdad."),
        back=row.walk,
        title=_("Är det åtgärdat?"),
        thing=row.walk,
        items=[f"{row.spot}: {row.text}"],
    )


# --- Ni sa – vi gjorde --------------------------------------------------------------------------------------


def feedback_door(request: HttpRequest, pk: int) -> Feedback:
    if not policies.can_see_feedback(request.actor):
        raise Http404
    return get_object_or_404(Feedback.objects.select_related("source", "pledge_set", "commitment__pledge_set"), pk=pk)


@require_safe
def feedback_list(request: HttpRequest) -> HttpResponse:
    inside_door(request)
    rows = page_of(request, Feedback.objects.order_by("-pk"))
    context = {"page": rows, "rows": rows, "may_write": policies.can_write_feedback(request.actor)}
    return render(request, "pledges/staff/feedback_list.html", context)


@require_safe
def feedback(request: HttpRequest, pk: int) -> HttpResponse:
    found = feedback_door(request, pk)
    actor = request.actor
    shown = found.state == FeedbackState.PUBLISHED
    context = {
        "feedback": found,
        "missing": [] if shown else telling.missing_to_publish(found),
        "may": {
            "edit": policies.can_edit_feedback(actor, found),
            "publish": policies.can_publish(actor) and not shown,
            "withdraw": policies.can_publish(actor) and shown,
            "confirm": policies.can_confirm_feedback(actor, found),
        },
        "history": history_of(timeline_of(found)),
    }
    return render(request, "pledges/staff/feedback.html", context)


def sets_for(actor: Any) -> Any:
    return PledgeSet.objects.visible_to(actor).order_by("-period_start")


@require_http_methods(GET_POST)
@answering
def feedback_new(request: HttpRequest) -> HttpResponse:
    inside_door(request)
    allow(policies.can_write_feedback(request.actor))
    form = NewFeedbackForm(posted(request), sets=sets_for(request.actor))
    form.cancel_url = "/arbete/ni-sa/"
    if request.method == "POST" and form.is_valid():
        with trying(form, request):
            made = telling.write_feedback(values=form.values(), by=request.actor, now=timezone.now())
            messages.success(request, _("Utkastet är sparat."))
            return see_other(made)
    return form_page(request, form, title=_("Ni sa – vi gjorde"))


@require_http_methods(GET_POST)
@answering
def feedback_edit(request: HttpRequest, pk: int) -> HttpResponse:
    found = feedback_door(request, pk)
    allow(policies.can_write_feedback(request.actor))
    if is_past(request, policies.can_edit_feedback(request.actor, found)):
        return see_other(found)
    return step(
        request,
        FeedbackForm(posted(request), sets=sets_for(request.actor), initial=initial_of(found, FeedbackForm)),
        lambda form: telling.edit_feedback(
            found, values=form.values(), by=request.actor, now=timezone.now(), seen=form.seen_revision
        ),
        done=_("Sparat."),
        back=found,
        title=_("Ändra texten"),
        thing=found,
    )


@require_http_methods(GET_POST)
@answering
def feedback_publish(request: HttpRequest, pk: int) -> HttpResponse:
    found = feedback_door(request, pk)
    allow(policies.can_publish(request.actor))
    if is_past(request, found.state != FeedbackState.PUBLISHED):
        return see_other(found)
    signs = bool(telling.signs_of_persons(found))
    return step(
        request,
        PublishCheckForm(posted(request), initial={"seen": found.revision}, signs=signs),
        lambda form: telling.publish_feedback(
            found,
            confirm_privacy=form.cleaned_data.get("confirm_signs", False),
            by=request.actor,
            now=timezone.now(),
            seen=form.seen_revision,
        ),
        done=_("Publicerat."),
        back=found,
        title=_("Visa det för invånarna?"),
        thing=found,
        items=[found.said, found.did],
        missing=telling.missing_to_publish(found),
    )


@require_http_methods(GET_POST)
@answering
def feedback_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    found = feedback_door(request, pk)
    allow(policies.can_publish(request.actor))
    if is_past(request, found.state == FeedbackState.PUBLISHED):
        return see_other(found)
    return step(
        request,
        asked(request, found, _("Avpublicera")),
        lambda form: telling.withdraw_feedback(found, by=request.actor, now=timezone.now(), seen=form.seen_revision),
        done=_("Invånarna ser det inte längre."),
        back=found,
        title=_("Ta bort det från invånarnas sidor?"),
        thing=found,
        items=[found.said],
    )


@require_http_methods(GET_POST)
@answering
def feedback_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    found = feedback_door(request, pk)
    actor = request.actor
    allow(actor.is_police or policies.writes_for_police(actor))
    if is_past(request, policies.can_confirm_feedback(actor, found)):
        return see_other(found)
    in_writing = not actor.is_police
    form = seen_form(DocumentForm, request, found) if in_writing else asked(request, found, _("Bekräfta"))
    return step(
        request,
        form,
        lambda form: telling.confirm_feedback(
            found,
            by=actor,
            now=timezone.now(),
            seen=form.seen_revision,
            **({name: form.cleaned_data[name] for name in ("document", "document_on")} if in_writing else {}),
        ),
        done=_("Bekräftat."),
        back=found,
        title=_("Stämmer texten?"),
        thing=found,
        items=[found.said, found.did],
    )
