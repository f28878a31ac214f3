"""The assignment page and what is done there: by the department that has it, and by those who lead."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from incidents import policies, whose, words
from incidents.forms.assignments import (
    AnswerForm,
    DeclineForm,
    MoreTimeForm,
    MoveDayForm,
    OfficerForm,
    ProgressForm,
    ReasonForm,
    officers_of,
)
from incidents.lifecycle import AssignmentState, ReportState, RequestState, look_of
from incidents.models import Assignment, AssignmentRequest, ReportBack
from incidents.operations import assignments
from lysekil_trygghet.desk.answers import answering, page, see_other, trying
from lysekil_trygghet.history.guards import NotAllowed, Refused
from lysekil_trygghet.mailroom.policies import can_see_messages
from lysekil_trygghet.notifications.models import Obligation
from lysekil_trygghet.notifications.queries import planned_about, told_about

GET_POST = ["GET", "HEAD", "POST"]
REMINDERS_SHOWN = 20


# --- Doors ------------------------------------------------------------------------------------------


def assignment_door(request: HttpRequest, pk: int) -> Assignment:
    """The assignment, or 404 for whoever may not see it."""
    rows = Assignment.objects.visible_to(request.actor).select_related("decision__response", "organisation", "officer")
    return get_object_or_404(rows, pk=pk)


def request_door(request: HttpRequest, pk: int) -> AssignmentRequest:
    rows = AssignmentRequest.objects.filter(
        assignment__in=Assignment.objects.visible_to(request.actor).values("pk")
    ).select_related("assignment__decision__response", "assignment__organisation", "proposed_organisation")
    return get_object_or_404(rows, pk=pk)


def allow(answer: bool) -> None:
    if not answer:
        raise NotAllowed


def way_back(request: HttpRequest, otherwise: str) -> str:
    """The page the button stood on, if it says so and it is one of ours."""
    wanted = request.POST.get("tillbaka", "")
    ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None, require_https=request.is_secure())
    return wanted if ours and wanted.startswith("/arbete/") else otherwise


# --- The page ---------------------------------------------------------------------------------------


@require_safe
def assignment(request: HttpRequest, pk: int) -> HttpResponse:
    assignment = assignment_door(request, pk)
    actor = request.actor
    reports = list(ReportBack.objects.visible_to(actor).filter(assignment=assignment).order_by("-version"))
    for report in reports:
        report.assignment = assignment
    requests = list(assignment.requests.select_related("proposed_organisation"))
    waiting = next((row for row in reports if row.state == ReportState.SUBMITTED), None)
    may = allowed_acts(request, assignment, waiting)
    shown_states = [(row, *look_of(row.state)) for row in reports]
    context = {
        "assignment": assignment,
        "decision": assignment.decision,
        "look": look_of(assignment.state),
        "is_late": assignment.is_overdue(timezone.now()),
        "points": assignment.points.all(),
        "due_changes": assignment.due_changes.all(),
        "notes": assignment.progress_notes.all()[:20],
        "requests": [(row, *look_of(row.state), policies.can_answer_request(actor, row)) for row in requests],
        "open_request": next((row for row in requests if row.state == RequestState.OPEN), None),
        "reports": shown_states,
        "waiting": waiting,
        "returned": next((row for row in reports if row.state == ReportState.RETURNED), None)
        if assignment.state == AssignmentState.RETURNED
        else None,
        "draft": next((row for row in reports if row.state == ReportState.DRAFT), None),
        "may": may,
        "may_any_leader_act": may["judge"] or may["move_day"] or may["cancel"] or may["exception"],
        "progress_form": ProgressForm() if may["progress"] else None,
        "timeline": words.timeline(assignment, requests, reports),
        "reminders": reminders_of(request, assignment),
        "may_see_mail": can_see_messages(actor),
        "now": timezone.now(),
    }
    return render(request, "incidents/staff/assignment.html", context)


def reminders_of(request: HttpRequest, assignment: Assignment) -> list[Obligation]:
    """What was told and will be told about it, for those who answer for it and those who see to the mail."""
    answers = assignment.organisation_id in whose.answers_for(request.actor)
    if not answers and not can_see_messages(request.actor):
        return []
    key = assignment.subject_key
    return [*told_about(key)[:REMINDERS_SHOWN], *planned_about(key)[:REMINDERS_SHOWN]]


def allowed_acts(request: HttpRequest, assignment: Assignment, waiting: ReportBack | None) -> dict[str, bool]:
    """Which buttons the page shows; the operations ask the same policies again."""
    actor = request.actor
    has_request = assignment.requests.filter(state=RequestState.OPEN).exists()
    submits = policies.can_submit_for(actor, assignment)
    return {
        "acknowledge": policies.can_acknowledge(actor, assignment),
        "report": policies.can_draft_report(actor, assignment),
        "progress": policies.can_note_progress(actor, assignment),
        "ask": policies.can_request(actor, assignment) and not has_request,
        "withdraw": submits and has_request,
        "officer": policies.can_appoint_officer(actor, assignment),
        "share": submits,
        "edit": policies.can_edit_assignment(actor, assignment),
        "judge": waiting is not None and policies.can_judge_report(actor, waiting),
        "move_day": policies.can_move_due(actor, assignment),
        "cancel": policies.can_cancel_assignment(actor, assignment),
        "exception": policies.can_record_exception(actor, assignment),
    }


# --- One form, one act ------------------------------------------------------------------------------


def act(
    request: HttpRequest,
    assignment: Assignment,
    form: Any,
    run: Callable[[], Any],
    *,
    done: str,
    title: str,
    lead: str = "",
    tone: str = "",
    **context: Any,
) -> HttpResponse:
    """Show a form about this assignment; when it is right, do it and go back to the assignment."""
    form.cancel_url = assignment.get_absolute_url()
    if request.method == "POST" and form.is_valid():
        with trying(form, request):
            run()
            messages.success(request, done)
            return see_other(assignment)
    if tone:
        for button in form.helper.inputs:
            button.field_classes = f"{button.field_classes} {tone}"
    context = {"assignment": assignment, "title": title, "lead": lead, "now": timezone.now(), **context}
    return page(request, "incidents/staff/assignment_form.html", form, **context)


def sent(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


@require_POST
@answering
def acknowledge(request: HttpRequest, pk: int) -> HttpResponse:
    assignment = assignment_door(request, pk)
    assignments.acknowledge(assignment, by=request.actor, now=timezone.now())
    messages.success(request, _("Tack. Uppdrag %(number)s är bekräftat.") % {"number": assignment.number})
    return see_other(way_back(request, assignment.get_absolute_url()))


@require_POST
@answering
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """One tap from a list or from the page. What cannot be saved comes back on a page of its own."""
    assignment = assignment_door(request, pk)
    allow(policies.can_answer_for(request.actor, assignment.organisation_id))
    form = ProgressForm(request.POST)
    form.cancel_url = way_back(request, assignment.get_absolute_url())
    if form.is_valid():
        with trying(form, request):
            if not assignment.is_open:
                raise Refused(_("Uppdraget är avslutat, så läget kan inte antecknas längre."))
            assignments.note_progress(assignment, **form.values(), by=request.actor, now=timezone.now())
            messages.success(request, _("Läget för uppdrag %(number)s är antecknat.") % {"number": assignment.number})
            return see_other(form.cancel_url)
    context = {"assignment": assignment, "back": form.cancel_url}
    return page(request, "incidents/staff/assignment_progress.html", form, **context)


@require_http_methods(GET_POST)
@answering
def officer(request: HttpRequest, pk: int) -> HttpResponse:
    assignment = assignment_door(request, pk)
    allow(policies.can_appoint_officer(request.actor, assignment))
    people = officers_of(assignment, on=timezone.localdate())
    initial = {"officer": assignment.officer_id, "seen": assignment.revision}
    form = OfficerForm(sent(request), initial=initial, people=people)

    def run() -> None:
        assignments.appoint_officer(
            assignment,
            officer=form.cleaned_data["officer"],
            by=request.actor,
            now=timezone.now(),
            seen=form.seen_revision,
        )

    return act(request, assignment, form, run, title=_("Vem handlägger"), done=_("Handläggaren är sparad."))


@require_http_methods(GET_POST)
@answering
def more_time(request: HttpRequest, pk: int) -> HttpResponse:
    assignment = assignment_door(request, pk)
    allow(policies.can_submit_for(request.actor, assignment))
    form = MoreTimeForm(sent(request))

    def run() -> None:
        assignments.ask_more_time(assignment, **form.values(), by=request.actor, now=timezone.now())

    return act(
        request,
        assignment,
        form,
        run,
        title=_("Be om mer tid"),
        lead=_("Kommundirektören svarar. Fram till dess gäller den dag som är satt."),
        done=_("Begäran är skickad till kommundirektören."),
    )


@require_http_methods(GET_POST)
@answering
def decline(request: HttpRequest, pk: int) -> HttpResponse:
    assignment = assignment_door(request, pk)
    allow(policies.can_submit_for(request.actor, assignment))
    form = DeclineForm(sent(request), assignment=assignment)

    def run() -> None:
        assignments.decline(assignment, **form.values(), by=request.actor, now=timezone.now())

    return act(
        request,
        assignment,
        form,
        run,
        title=_("Avböj och föreslå någon annan"),
        lead=_("Kommundirektören bestämmer. Uppdraget är ert tills ni har fått svar."),
        done=_("Förslaget är skickat till kommundirektören."),
    )


@require_http_methods(GET_POST)
@answering
def move_day(request: HttpRequest, pk: int) -> HttpResponse:
    assignment = assignment_door(request, pk)
    allow(policies.can_decide(request.actor))
    form = MoveDayForm(sent(request), initial={"due_at": assignment.due_at, "seen": assignment.revision})

    def run() -> None:
        assignments.set_due(assignment, **form.values(), by=request.actor, now=timezone.now(), seen=form.seen_revision)

    return act(
        request,
        assignment,
        form,
        run,
        title=_("Flytta dagen"),
        lead=_("Skälet och den gamla dagen sparas. Påminnelserna börjar om från den nya dagen."),
        done=_("Dagen är flyttad."),
    )


@require_http_methods(GET_POST)
@answering
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    assignment = assignment_door(request, pk)
    allow(policies.can_decide(request.actor))
    form = ReasonForm(sent(request), initial={"seen": assignment.revision})
    form.submit_label = _("Låt uppdraget utgå")
    form.fields["reason"].label = _("Varför utgår uppdraget")

    def run() -> None:
        assignments.cancel_assignment(
            assignment,
            reason=form.cleaned_data["reason"],
            by=request.actor,
            now=timezone.now(),
            seen=form.seen_revision,
        )

    return act(
        request,
        assignment,
        form,
        run,
        title=_("Ska uppdraget utgå?"),
        lead=_(
            "Förvaltningen behöver inte göra mer. Det går inte att ångra. Allt som är skrivet finns kvar att läsa."
        ),
        done=_("Uppdraget utgår."),
        tone="danger",
    )


@require_http_methods(GET_POST)
@answering
def exception(request: HttpRequest, pk: int) -> HttpResponse:
    assignment = assignment_door(request, pk)
    allow(policies.can_decide(request.actor))
    initial = {"reason": assignment.exception_reason, "seen": assignment.revision}
    form = ReasonForm(sent(request), initial=initial)
    form.submit_label = _("Anteckna undantaget")
    form.fields["reason"].label = _("Skäl till undantaget")

    def run() -> None:
        assignments.record_exception(
            assignment,
            reason=form.cleaned_data["reason"],
            by=request.actor,
            now=timezone.now(),
            seen=form.seen_revision,
        )

    return act(
        request,
        assignment,
        form,
        run,
        title=_("Anteckna ett undantag"),
        lead=_("Beslutet kan följas upp fast det här uppdraget saknar ett godkänt svar. Påminnelserna slutar."),
        done=_("Undantaget är antecknat."),
    )


# --- Requests ---------------------------------------------------------------------------------------


@require_http_methods(GET_POST)
@answering
def request_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """The director says yes or no to more time, or to somebody else having the assignment."""
    asked = request_door(request, pk)
    assignment = asked.assignment
    allow(policies.can_decide(request.actor))
    form = AnswerForm(sent(request), initial={"due_at": asked.proposed_due_at}, kind=asked.kind)
    if request.method == "POST" and form.is_valid():
        with trying(form):
            answered = assignments.answer_request(
                asked, granted=bool(form.granted), **form.values(), by=request.actor, now=timezone.now()
            )
            messages.success(request, _("Svaret är skickat: %(state)s.") % {"state": answered.get_state_display()})
            return see_other(assignment)
    context = {"asked": asked, "assignment": assignment, "is_open": asked.state == RequestState.OPEN}
    return page(request, "incidents/staff/assignment_request.html", form, now=timezone.now(), **context)


@require_POST
@answering
def request_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    asked = request_door(request, pk)
    assignments.withdraw_request(asked, by=request.actor, now=timezone.now())
    messages.success(request, _("Begäran är tillbakadragen. Den dag som är satt gäller."))
    return see_other(asked.assignment)
