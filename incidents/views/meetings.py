"""Meetings and what comes of them: notes, open questions, directives, what the Police undertake."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from incidents import policies
from incidents.forms.meetings import (
    ApprovedMeetingForm,
    DirectiveForm,
    HandlingForm,
    MeetingForm,
    NewMeetingForm,
    QuestionForm,
    UndertakingForm,
)
from incidents.lifecycle import DirectiveState, MeetingKind, MinutesState, QuestionState, look_of
from incidents.models import Directive, Meeting, QuestionHandling
from incidents.operations import meetings, police
from lysekil_trygghet.desk.answers import answering, page, see_other, trying
from lysekil_trygghet.desk.forms import AskForm
from lysekil_trygghet.history.guards import NotAllowed

from .decisions import GET_POST
from .responses import initial_of, leader, response_door, with_looks


def meeting_door(request: HttpRequest, pk: int) -> Meeting:
    """That a meeting took place is known to everybody with a role; its notes are not (see the page)."""
    if not policies.can_see_responses(request.actor):
        raise Http404
    return get_object_or_404(Meeting.objects.select_related("response"), pk=pk)


@require_safe
def meeting(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = meeting_door(request, pk)
    actor = request.actor
    reads_notes = policies.can_see_meeting_notes(actor)
    handlings = meeting.question_handlings.select_related("question", "question__raised_at_meeting")
    context = {
        "meeting": meeting,
        "response": meeting.response,
        "look": look_of(meeting.minutes_state),
        "functions": meeting.functions_present.select_related("organisation") if reads_notes else [],
        "handlings": handlings if reads_notes else [],
        "directives": with_looks(meeting.directives.select_related("organisation")) if reads_notes else [],
        "undertakings": with_looks(meeting.undertakings.all()),
        "is_police": meeting.kind == MeetingKind.POLICE,
        "may": {
            "read_notes": reads_notes,
            "lead": policies.can_lead(actor),
            "write": policies.can_lead(actor) and meeting.minutes_state != MinutesState.APPROVED,
            "approve": policies.can_lead(actor)
            and meeting.minutes_state != MinutesState.APPROVED
            and meeting.held_at <= timezone.now(),
            "read_outcome": reads_notes or actor.is_police or meeting.is_public,
            "undertake": meeting.response is not None and (policies.can_lead(actor) or actor.is_police),
        },
    }
    return render(request, "incidents/staff/meeting.html", context)


def form_page(request: HttpRequest, form: Any, **context: Any) -> HttpResponse:
    return page(request, "incidents/staff/meeting_form.html", form, **context)


@require_http_methods(GET_POST)
@answering
def meeting_new(request: HttpRequest, response_pk: int) -> HttpResponse:
    response = response_door(request, response_pk)
    leader(request)
    first = {"held_at": timezone.now(), "kind": request.GET.get("slag", "")[:20]}
    form = NewMeetingForm(request.POST if request.method == "POST" else None, initial=first)
    form.cancel_url = response.get_absolute_url()
    if request.method == "POST" and form.is_valid():
        with trying(form, request):
            made = meetings.create_meeting(
                response=response,
                functions=form.cleaned_data["functions"],
                **form.values(),
                by=request.actor,
                now=timezone.now(),
            )
            messages.success(request, _("Mötet är sparat."))
            return see_other(made)
    return form_page(request, form, title=_("Nytt möte"), response=response)


@require_http_methods(GET_POST)
@answering
def meeting_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """The notes while they are open; afterwards only the text to residents."""
    meeting = meeting_door(request, pk)
    leader(request)
    fixed = meeting.minutes_state == MinutesState.APPROVED
    form_class = ApprovedMeetingForm if fixed else MeetingForm
    initial = initial_of(meeting, form_class) | {"functions": list(meeting.functions_present.all())}
    form = form_class(request.POST if request.method == "POST" else None, initial=initial)
    form.cancel_url = meeting.get_absolute_url()
    if request.method == "POST" and form.is_valid():
        with trying(form):
            meetings.edit_meeting(
                meeting,
                values=form.values(),
                functions=form.cleaned_data.get("functions"),
                by=request.actor,
                now=timezone.now(),
                seen=form.seen_revision,
            )
            messages.success(request, _("Mötet är sparat."))
            return see_other(meeting)
    return form_page(request, form, title=_("Skriv på mötet"), meeting=meeting, response=meeting.response)


@require_http_methods(GET_POST)
@answering
def meeting_approve(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = meeting_door(request, pk)
    leader(request)
    form = AskForm(request.POST if request.method == "POST" else None, initial={"seen": meeting.revision})
    if request.method == "POST" and form.is_valid():
        with trying(form):
            meetings.approve_minutes(meeting, by=request.actor, now=timezone.now(), seen=form.seen_revision)
            messages.success(request, _("Anteckningarna är godkända."))
            return see_other(meeting)
    return page(
        request,
        "incidents/staff/meeting_confirm.html",
        form,
        meeting=meeting,
        question=_("Godkänna anteckningarna?"),
        text=_("De blir då allmän handling och kan inte ändras. En rättelse skrivs på nästa möte."),
        submit_label=_("Godkänn anteckningarna"),
        cancel_url=meeting.get_absolute_url(),
    )


# --- What comes of a meeting ------------------------------------------------------------------------


@require_http_methods(GET_POST)
@answering
def question_new(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = meeting_door(request, pk)
    leader(request)
    form = QuestionForm(request.POST if request.method == "POST" else None)
    form.cancel_url = meeting.get_absolute_url()
    if request.method == "POST" and form.is_valid():
        with trying(form, request):
            meetings.raise_question(meeting, **form.values(), by=request.actor, now=timezone.now())
            messages.success(request, _("Frågan är sparad. Den följer med till kommande möten tills den är besvarad."))
            return see_other(meeting)
    return form_page(request, form, title=_("Ny öppen fråga"), meeting=meeting, response=meeting.response)


@require_http_methods(GET_POST)
@answering
def question_handle(request: HttpRequest, pk: int, handling_pk: int) -> HttpResponse:
    """What was said of a question at this meeting, and its answer if it got one."""
    meeting = meeting_door(request, pk)
    leader(request)
    rows = QuestionHandling.objects.select_related("question", "meeting")
    handling = get_object_or_404(rows, pk=handling_pk, meeting=meeting)
    question = handling.question
    form = HandlingForm(request.POST if request.method == "POST" else None, initial={"note": handling.note})
    if question.state != QuestionState.OPEN:
        messages.info(request, _("Frågan är redan besvarad."))
        return see_other(meeting)
    form.cancel_url = meeting.get_absolute_url()
    if request.method == "POST" and form.is_valid():
        note, answer = form.cleaned_data["note"], form.cleaned_data["answer"]
        with trying(form):
            if note != handling.note:
                meetings.note_question(handling, note=note, by=request.actor, now=timezone.now())
            if answer:
                meetings.answer_question(
                    question, answer=answer, meeting=meeting, by=request.actor, now=timezone.now()
                )
            messages.success(request, _("Frågan är besvarad.") if answer else _("Anteckningen är sparad."))
            return see_other(meeting)
    title = _("Öppen fråga")
    return form_page(request, form, title=title, lead=question.text, meeting=meeting, response=meeting.response)


@require_http_methods(GET_POST)
@answering
def directive_new(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = meeting_door(request, pk)
    leader(request)
    if meeting.response is None:
        raise Http404
    form = DirectiveForm(request.POST if request.method == "POST" else None)
    form.cancel_url = meeting.get_absolute_url()
    if request.method == "POST" and form.is_valid():
        with trying(form, request):
            meetings.give_directive(
                meeting.response, meeting=meeting, **form.values(), by=request.actor, now=timezone.now()
            )
            messages.success(request, _("Direktivet är antecknat."))
            return see_other(meeting)
    return form_page(request, form, title=_("Nytt direktiv"), meeting=meeting, response=meeting.response)


@require_POST
@answering
def directive_settle(request: HttpRequest, pk: int) -> HttpResponse:
    """Done (the organisation itself or a leader), no longer wanted, or open again after all (a leader)."""
    directive = get_object_or_404(Directive.objects.select_related("response"), pk=pk)
    actor = request.actor
    own = policies.can_write_status_report(actor, directive.organisation_id)
    if not (own or policies.can_see_meeting_notes(actor)):
        raise Http404
    to = request.POST.get("to", "")
    if to not in DirectiveState.values:
        raise NotAllowed
    settled = meetings.settle_directive(directive, to=to, by=actor, now=timezone.now())
    messages.success(request, _("Direktivet: %(state)s.") % {"state": settled.get_state_display().lower()})
    return see_other(directive.response)


@require_http_methods(GET_POST)
@answering
def undertaking_new(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = meeting_door(request, pk)
    if meeting.response is None:
        raise Http404
    if not (policies.can_lead(request.actor) or request.actor.is_police):
        raise NotAllowed
    form = UndertakingForm(request.POST if request.method == "POST" else None)
    form.cancel_url = meeting.get_absolute_url()
    if request.method == "POST" and form.is_valid():
        with trying(form, request):
            police.write_undertaking(
                meeting.response, meeting=meeting, **form.values(), by=request.actor, now=timezone.now()
            )
            messages.success(request, _("Åtagandet är antecknat. Polisen bekräftar texten innan den kan visas."))
            return see_other(meeting)
    title, lead = _("Polisen åtar sig"), _("Polisen flyttar själva statusen när något har hänt.")
    return form_page(request, form, title=title, lead=lead, meeting=meeting, response=meeting.response)
