"""Events, and the hub of one insats: everything that belongs to it, and what usually comes next."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from incidents import policies
from incidents.forms.responses import EndResponseForm, EventForm, NewEventForm, NewResponseForm, ResponseForm
from incidents.lifecycle import (
    ASSIGNMENTS_OPEN,
    AssignmentState,
    ConveningState,
    DecisionState,
    QuestionState,
    ResponseState,
    look_of,
)
from incidents.models import Assignment, Response, SeriousEvent, StatusReport
from incidents.next_step import next_step
from incidents.operations import events, responses
from incidents.operations.news import free_slug
from lysekil_trygghet.desk.answers import answering, page, see_other, trying
from lysekil_trygghet.history.guards import NotAllowed

from .decisions import GET_POST

ROWS_PER_PAGE = 30


# --- Doors ------------------------------------------------------------------------------------------


def event_door(request: HttpRequest, pk: int) -> SeriousEvent:
    if not policies.can_see_responses(request.actor):
        raise Http404
    return get_object_or_404(SeriousEvent, pk=pk)


def response_door(request: HttpRequest, pk: int) -> Response:
    """The insats, for everybody who has a role (the Police sit at the table)."""
    if not policies.can_see_responses(request.actor):
        raise Http404
    return get_object_or_404(Response, pk=pk)


def leader(request: HttpRequest) -> None:
    if not policies.can_lead(request.actor):
        raise NotAllowed


def page_of(request: HttpRequest, rows: Any) -> Any:
    return Paginator(rows, ROWS_PER_PAGE).get_page(request.GET.get("page"))


# --- Events -----------------------------------------------------------------------------------------


@require_safe
def event_list(request: HttpRequest) -> HttpResponse:
    if not policies.can_see_responses(request.actor):
        raise Http404
    context = {
        "page": page_of(request, SeriousEvent.objects.all()),
        "may_lead": policies.can_lead(request.actor),
    }
    return render(request, "incidents/staff/event_list.html", context)


@require_safe
def event(request: HttpRequest, pk: int) -> HttpResponse:
    event = event_door(request, pk)
    context = {
        "event": event,
        "responses": event.responses.all(),
        "may_lead": policies.can_lead(request.actor),
        "may_read_notes": policies.can_see_meeting_notes(request.actor),
    }
    return render(request, "incidents/staff/event.html", context)


@require_http_methods(GET_POST)
@answering
def event_new(request: HttpRequest) -> HttpResponse:
    leader(request)
    form = NewEventForm(request.POST if request.method == "POST" else None)
    form.cancel_url = reverse("incidents:events")
    if request.method == "POST" and form.is_valid():
        with trying(form, request):
            event = events.report_event(
                values=form.values(),
                problems=form.cleaned_data.get("problems", ()),
                by=request.actor,
                now=timezone.now(),
            )
            messages.success(request, _("Händelsen är sparad."))
            return see_other(event)
    return page(request, "incidents/staff/event_form.html", form, title=_("Ny händelse"))


@require_http_methods(GET_POST)
@answering
def event_edit(request: HttpRequest, pk: int) -> HttpResponse:
    event = event_door(request, pk)
    leader(request)
    linked = {"problems": list(event.problems.all())}
    form = EventForm(request.POST if request.method == "POST" else None, initial=initial_of(event, EventForm) | linked)
    form.cancel_url = event.get_absolute_url()
    if request.method == "POST" and form.is_valid():
        with trying(form):
            events.edit_event(
                event,
                values=form.values(),
                problems=form.cleaned_data.get("problems"),
                by=request.actor,
                now=timezone.now(),
                seen=form.seen_revision,
            )
            messages.success(request, _("Händelsen är sparad."))
            return see_other(event)
    return page(request, "incidents/staff/event_form.html", form, title=_("Ändra händelsen"), event=event)


def initial_of(thing: Any, form_class: type) -> dict[str, Any]:
    """What a form for changing `thing` begins with: the fields they have in common, and the revision."""
    names = [name for name in form_class.base_fields if hasattr(thing, name) and name not in ("events", "functions")]
    return {name: getattr(thing, name) for name in names} | {"seen": thing.revision}


# --- Insatser ---------------------------------------------------------------------------------------


@require_safe
def response_list(request: HttpRequest) -> HttpResponse:
    if not policies.can_see_responses(request.actor):
        raise Http404
    rows = Response.objects.order_by("state", "-started_at", "-id")
    context = {
        "page": page_of(request, rows),
        "may_lead": policies.can_lead(request.actor),
    }
    return render(request, "incidents/staff/response_list.html", context)


@require_safe
def response(request: HttpRequest, pk: int) -> HttpResponse:
    response = response_door(request, pk)
    actor = request.actor
    may_lead = policies.can_lead(actor)
    ongoing = response.state == ResponseState.ACTIVE
    context = {
        "response": response,
        "look": look_of(response.state),
        "next_step": next_step(response, actor),
        "may": {
            "lead": may_lead and ongoing,
            "edit": policies.can_publish(actor) if response.is_public else may_lead or policies.can_publish(actor),
            "end": policies.can_close_response(actor) and ongoing and not has_open_decisions(response),
            "write_public": policies.can_write_public_texts(actor),
            "report": ongoing and any(policies.can_write_status_report(actor, pk) for pk in actor.organisation_ids),
            "read_notes": policies.can_see_meeting_notes(actor),
            "see_police": policies.can_see_police_page(actor),
        },
        **parts_of(response, actor),
        **public_parts_of(response, actor),
    }
    return render(request, "incidents/staff/response.html", context)


def has_open_decisions(response: Response) -> bool:
    return response.decisions.exclude(state__in=[DecisionState.ENDED, DecisionState.REVISED]).exists()


def parts_of(response: Response, actor: Any) -> dict[str, Any]:
    """The work inside: each list as this actor may see it, with the same number of queries for 1 row and 30."""
    reads_notes = policies.can_see_meeting_notes(actor)
    convenings = response.convenings.select_related("response")
    directives = response.directives.select_related("organisation", "meeting")
    if not policies.can_lead(actor):
        convenings = convenings.exclude(state=ConveningState.DRAFT)
    if not reads_notes:
        directives = directives.filter(organisation__in=() if actor.is_police else actor.organisation_ids)
    return {
        "events": response.events.all(),
        "convenings": with_looks(convenings),
        "meetings": with_looks(response.meetings.all(), "minutes_state"),
        "directives": with_looks(directives),
        "status_reports": with_looks(
            StatusReport.objects.visible_to(actor).filter(response=response).select_related("organisation")
        ),
        "decisions": with_looks(decisions_with_counts(response, actor)),
        "shows_counts": policies.can_see_overview(actor),
        "undertakings": with_looks(response.police_undertakings.select_related("meeting")),
        "questions": response.open_questions.filter(state=QuestionState.OPEN).select_related("raised_at_meeting")
        if reads_notes
        else [],
    }


def decisions_with_counts(response: Response, actor: Any) -> Any:
    """Each decision with the counters of those of its assignments that the actor may see."""
    visible = Q(assignments__in=Assignment.objects.visible_to(actor).values("pk"))
    return (
        response.decisions.visible_to(actor)
        .annotate(
            total=Count("assignments", filter=visible & ~Q(assignments__state=AssignmentState.CANCELLED)),
            open_count=Count("assignments", filter=visible & Q(assignments__state__in=ASSIGNMENTS_OPEN)),
            reported=Count("assignments", filter=visible & Q(assignments__state=AssignmentState.REPORTED)),
            accepted=Count("assignments", filter=visible & Q(assignments__state=AssignmentState.ACCEPTED)),
            late=Count("assignments", filter=visible & Q(assignments__in=Assignment.objects.overdue(timezone.now()))),
        )
        .order_by("-id")
    )


def public_parts_of(response: Response, actor: Any) -> dict[str, Any]:
    """What residents read of it: drafts too for those who write them, else what is out."""
    updates, packages = response.updates.all(), response.packages.all()
    contacts, extra_police = response.contact_points.all(), response.reinforcements.select_related("provider")
    if not policies.can_write_public_texts(actor):
        updates, packages, contacts = updates.published(), packages.published(), contacts.published()
    return {
        "updates": with_looks(updates),
        "packages": with_looks(packages),
        "contact_points": contacts,
        "reinforcements": extra_police,
    }


def with_looks(rows: Any, state: str = "state") -> list[dict[str, Any]]:
    """Each row with the words, icon and tone of its state."""
    shown = []
    for row in rows:
        icon, tone = look_of(getattr(row, state))
        shown.append({"row": row, "words": getattr(row, f"get_{state}_display")(), "icon": icon, "tone": tone})
    return shown


@require_http_methods(GET_POST)
@answering
def response_new(request: HttpRequest) -> HttpResponse:
    leader(request)
    first = {"started_at": timezone.now(), "level": "INTENSIFIED"}
    form = NewResponseForm(request.POST if request.method == "POST" else None, initial=first)
    form.cancel_url = reverse("incidents:responses")
    if request.method == "POST" and form.is_valid():
        with trying(form, request):
            values = form.values()
            values["slug"] = free_slug(Response, values["title"])
            begun = responses.begin(
                values=values, events=form.cleaned_data["events"], by=request.actor, now=timezone.now()
            )
            messages.success(request, _("Insatsen är påbörjad."))
            return see_other(begun)
    return page(request, "incidents/staff/response_form.html", form, title=_("Ny insats"))


@require_http_methods(GET_POST)
@answering
def response_edit(request: HttpRequest, pk: int) -> HttpResponse:
    response = response_door(request, pk)
    may = policies.can_publish(request.actor)
    if not (may or (policies.can_lead(request.actor) and not response.is_public)):
        raise NotAllowed
    form = ResponseForm(
        request.POST if request.method == "POST" else None,
        is_public=response.is_public,
        initial=initial_of(response, ResponseForm) | {"events": list(response.events.all())},
    )
    form.cancel_url = response.get_absolute_url()
    if request.method == "POST" and form.is_valid():
        with trying(form):
            responses.edit(
                response,
                values=form.values(),
                events=form.cleaned_data["events"],
                correction=form.cleaned_data.get("correction", ""),
                hide_old=form.cleaned_data.get("hide_old", False),
                by=request.actor,
                now=timezone.now(),
                seen=form.seen_revision,
            )
            messages.success(request, _("Insatsen är sparad."))
            return see_other(response)
    title = _("Ändra insatsen")
    return page(request, "incidents/staff/response_form.html", form, title=title, response=response)


@require_http_methods(GET_POST)
@answering
def response_end(request: HttpRequest, pk: int) -> HttpResponse:
    response = response_door(request, pk)
    if not policies.can_close_response(request.actor):
        raise NotAllowed
    form = EndResponseForm(request.POST if request.method == "POST" else None, initial={"seen": response.revision})
    if request.method == "POST" and form.is_valid():
        with trying(form):
            ended = responses.end(
                response, **form.values(), by=request.actor, now=timezone.now(), seen=form.seen_revision
            )
            messages.success(request, _("Insatsen är avslutad."))
            return see_other(ended)
    return page(
        request,
        "incidents/staff/response_confirm.html",
        form,
        response=response,
        question=_("Avsluta insatsen?"),
        text=_("Skriv en avslutande text till invånarna. Insatsens sida finns kvar."),
        submit_label=_("Avsluta insatsen"),
        cancel_url=response.get_absolute_url(),
    )
