"""How it looks from each department: written and submitted there, read together by those who lead."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from incidents import policies
from incidents.forms.meetings import NewStatusReportForm, StatusReportForm
from incidents.lifecycle import StatusReportState, look_of
from incidents.models import StatusReport
from incidents.operations import meetings
from lysekil_trygghet.desk.answers import answering, page, see_other, trying
from lysekil_trygghet.desk.forms import AskForm
from lysekil_trygghet.history.guards import NotAllowed

from .decisions import GET_POST
from .responses import response_door, with_looks


def report_door(request: HttpRequest, pk: int) -> StatusReport:
    rows = StatusReport.objects.visible_to(request.actor).select_related("response", "organisation")
    return get_object_or_404(rows, pk=pk)


def writes_for(request: HttpRequest) -> list[int]:
    """The organisations the actor writes situation reports for."""
    actor = request.actor
    return [pk for pk in sorted(actor.organisation_ids) if policies.can_write_status_report(actor, pk)]


@require_safe
def status_report_list(request: HttpRequest, pk: int) -> HttpResponse:
    """All of them in full, one after the other: to be read before or at the meeting."""
    response = response_door(request, pk)
    rows = StatusReport.objects.visible_to(request.actor).filter(response=response).select_related("organisation")
    context = {"response": response, "reports": with_looks(rows), "may_write": bool(writes_for(request))}
    return render(request, "incidents/staff/status_report_list.html", context)


@require_safe
def status_report(request: HttpRequest, pk: int) -> HttpResponse:
    report = report_door(request, pk)
    draft = report.state == StatusReportState.DRAFT
    context = {
        "report": report,
        "response": report.response,
        "look": look_of(report.state),
        "may": {
            "edit": draft and policies.can_write_status_report(request.actor, report.organisation_id),
            "submit": policies.can_submit_status_report(request.actor, report),
        },
    }
    return render(request, "incidents/staff/status_report.html", context)


@require_http_methods(GET_POST)
@answering
def status_report_new(request: HttpRequest, pk: int) -> HttpResponse:
    response = response_door(request, pk)
    mine = writes_for(request)
    if not mine:
        raise NotAllowed
    form = NewStatusReportForm(request.POST if request.method == "POST" else None, organisations=mine)
    form.cancel_url = response.get_absolute_url()
    if request.method == "POST" and form.is_valid():
        with trying(form, request):
            report = meetings.write_status_report(
                response,
                organisation=form.cleaned_data["organisation"],
                text=form.cleaned_data["text"],
                by=request.actor,
                now=timezone.now(),
            )
            messages.success(request, _("Utkastet är sparat. Lämna in det när det är klart."))
            return see_other(report)
    title = _("Ny lägesrapport")
    return page(request, "incidents/staff/status_report_form.html", form, title=title, response=response)


@require_http_methods(GET_POST)
@answering
def status_report_edit(request: HttpRequest, pk: int) -> HttpResponse:
    report = report_door(request, pk)
    if not policies.can_write_status_report(request.actor, report.organisation_id):
        raise NotAllowed
    first = {"text": report.text, "seen": report.revision}
    form = StatusReportForm(request.POST if request.method == "POST" else None, initial=first)
    form.cancel_url = report.get_absolute_url()
    if request.method == "POST" and form.is_valid():
        with trying(form):
            meetings.write_status_report(
                report.response,
                organisation=report.organisation,
                text=form.cleaned_data["text"],
                report=report,
                seen=form.seen_revision,
                by=request.actor,
                now=timezone.now(),
            )
            messages.success(request, _("Utkastet är sparat."))
            return see_other(report)
    title, response = _("Skriv på lägesrapporten"), report.response
    return page(request, "incidents/staff/status_report_form.html", form, title=title, response=response)


@require_http_methods(GET_POST)
@answering
def status_report_submit(request: HttpRequest, pk: int) -> HttpResponse:
    report = report_door(request, pk)
    if not policies.can_submit_status_reports_for(request.actor, report.organisation_id):
        raise NotAllowed
    form = AskForm(request.POST if request.method == "POST" else None, initial={"seen": report.revision})
    if request.method == "POST" and form.is_valid():
        with trying(form):
            submitted = meetings.submit_status_report(
                report, by=request.actor, now=timezone.now(), seen=form.seen_revision
            )
            messages.success(request, _("Lägesrapporten är inlämnad."))
            return see_other(submitted)
    return page(
        request,
        "incidents/staff/status_report_confirm.html",
        form,
        report=report,
        question=_("Lämna in lägesrapporten?"),
        text=_("Ledningen kan läsa den direkt. Den kan inte ändras efteråt, men ni kan skriva en ny."),
        submit_label=_("Lämna in"),
        cancel_url=report.get_absolute_url(),
    )
