"""The report-back: written, saved by itself, submitted, answered; and drafts opened to another organisation."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from incidents import policies
from incidents.deadlines import default_due
from incidents.forms.decisions import ShareForm
from incidents.forms.reports import AutosaveForm, ReportForm
from incidents.forms.rounds import AcceptForm, ReturnForm
from incidents.lifecycle import OUTCOMES_UNFINISHED, AssignmentState, Outcome, ReportState
from incidents.models import Assignment, DraftShare, ReportBack, SteeringDecision
from incidents.operations import reports
from lysekil_trygghet.desk.answers import answering, page, see_other, status_of, trying
from lysekil_trygghet.history.guards import Refused
from lysekil_trygghet.history.operations import StalePage
from lysekil_trygghet.privacy.words import ADVICE

from .assignments import GET_POST, allow, assignment_door, sent

CLOSED = (AssignmentState.ACCEPTED, AssignmentState.CANCELLED)
SUBMIT, ASK_HEAD = "lamna_in", "be_chefen"


# --- Writing ----------------------------------------------------------------------------------------


def first_values(assignment: Assignment) -> tuple[dict[str, Any], ReportBack | None]:
    """What the page shows before anybody types: the draft, or the last version's words for a new one."""
    versions = list(assignment.reports.order_by("-version"))
    draft = next((row for row in versions if row.state == ReportState.DRAFT), None)
    source = draft or next((row for row in versions[:1] if reports.begins_next(row)), None)
    values = {name: getattr(source, name) for name in ReportBack.TEXTS} if source else {}
    version = draft.version if draft else (versions[0].version + 1 if versions else 1)
    return values | {"report": version, "version": draft.revision if draft else 0}, draft


@require_http_methods(GET_POST)
@answering
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """Write, save, submit. Reading the page makes no draft; the first word saved does."""
    assignment = assignment_door(request, pk)
    allow(policies.can_answer_for(request.actor, assignment.organisation_id))
    may_submit = policies.can_submit_for(request.actor, assignment)
    initial, draft = first_values(assignment)
    form = ReportForm(
        sent(request),
        initial=initial,
        may_submit=may_submit,
        submitting=SUBMIT in request.POST and may_submit,
    )
    if request.method == "POST":
        allow(may_submit or SUBMIT not in request.POST)
        if form.is_valid():
            answer = keep(request, assignment, form)
            if answer is not None:
                return answer
        assignment.refresh_from_db()
    if assignment.state in CLOSED:
        return closed_page(request, assignment, form)
    return report_page(request, assignment, form, draft=draft, may_submit=may_submit)


def keep(request: HttpRequest, assignment: Assignment, form: ReportForm) -> HttpResponse | None:
    """Save, and submit or ask the head when that button was pressed; None when the page must be shown again."""
    data, now, by = form.cleaned_data, timezone.now(), request.actor
    with trying(form):
        try:
            with transaction.atomic():
                draft = reports.write_draft(
                    assignment,
                    values=form.texts(),
                    version=data.get("report"),
                    seen=data.get("version"),
                    by=by,
                    now=now,
                )
                if form.submitting:
                    reports.submit(draft, secrecy_checked=data["secrecy_checked"], by=by, now=now)
                elif ASK_HEAD in request.POST:
                    reports.ask_to_submit(draft, by=by, now=now)
        except StalePage as stale:
            renumber(form, stale.current)
            raise
        messages.success(request, done_words(form, request))
        back = "incidents:report" if not form.submitting and ASK_HEAD not in request.POST else "incidents:assignment"
        return see_other(back, assignment.pk)
    return None


def done_words(form: ReportForm, request: HttpRequest) -> str:
    if form.submitting:
        return _("Tack. Återrapporten är inlämnad. Påminnelserna slutar.")
    if ASK_HEAD in request.POST:
        return _("Utkastet är sparat och chefen får besked om att det är klart att lämna in.")
    return _("Utkastet är sparat. Det syns bara i er organisation.")


def renumber(form: ReportForm, current: Any) -> None:
    """After somebody else's save: the next one is made on top of theirs, knowing both texts."""
    draft = current if current.state == ReportState.DRAFT else None
    data: Any = form.data.copy()
    data["report"] = str(current.version if draft else current.version + 1)
    data["version"] = str(current.revision if draft else 0)
    form.data = data


def report_page(
    request: HttpRequest, assignment: Assignment, form: ReportForm, *, draft: ReportBack | None, may_submit: bool
) -> HttpResponse:
    returned = assignment.reports.filter(state=ReportState.RETURNED).order_by("-version").first()
    context = {
        "assignment": assignment,
        "form": form,
        "draft": draft,
        "may_submit": may_submit,
        "may_share": draft is not None and policies.can_share_report_draft(request.actor, draft),
        "returned": returned if assignment.state == AssignmentState.RETURNED else None,
        "waiting": assignment.reports.filter(state=ReportState.SUBMITTED).first(),
        "advice": ADVICE,
        "autosave_url": reverse("incidents:report_autosave", args=[assignment.pk]),
        "now": timezone.now(),
    }
    return render(request, "incidents/staff/report.html", context, status=status_of(form))


def closed_page(request: HttpRequest, assignment: Assignment, form: ReportForm) -> HttpResponse:
    """Nothing more to report. What was typed is shown, so that nobody loses it."""
    typed = []
    if form.is_bound:
        typed = [
            (form.fields[name].label, form.data.get(name, "")) for name in ReportBack.TEXTS if name in form.fields
        ]
    context = {
        "assignment": assignment,
        "is_cancelled": assignment.state == AssignmentState.CANCELLED,
        "typed": [(label, text) for label, text in typed if text.strip() and text not in Outcome.values],
        "now": timezone.now(),
    }
    status = 409 if request.method == "POST" else 200
    return render(request, "incidents/staff/report_closed.html", context, status=status)


@require_POST
def autosave(request: HttpRequest, pk: int) -> JsonResponse:
    """What the browser saves by itself. `version` in the answer is what the next save must name."""
    assignment = assignment_door(request, pk)
    allow(policies.can_answer_for(request.actor, assignment.organisation_id))
    form = AutosaveForm(request.POST)
    if not form.is_valid():
        told = [str(words) for problems in form.errors.values() for words in problems]
        return JsonResponse({"message": " ".join(told), "fields": list(form.errors)}, status=422)
    try:
        draft = reports.write_draft(
            assignment,
            values=form.texts(),
            version=form.cleaned_data["report"],
            seen=form.cleaned_data["version"],
            by=request.actor,
            now=timezone.now(),
        )
    except StalePage:
        told = _("Någon annan har skrivit här. Tryck på Spara utkast, så ser du båda texterna.")
        return JsonResponse({"message": told}, status=409)
    except Refused as no:
        return JsonResponse({"message": str(no)}, status=409)
    except reports.MoveNotAllowed:
        return JsonResponse({"message": _("Återrapporten är redan inlämnad.")}, status=409)
    return JsonResponse({"version": draft.revision})


# --- Answering --------------------------------------------------------------------------------------


@require_http_methods(GET_POST)
@answering
def judge(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept the waiting version, or send it back with what is missing and a new day."""
    assignment = assignment_door(request, pk)
    allow(policies.can_judge_for(request.actor, assignment.organisation_id))
    shown = assignment.reports.exclude(state=ReportState.DRAFT)
    asked = request.POST.get("accept-report") or request.POST.get("send_back-report") or ""
    report = shown.filter(pk=asked).first() if asked.isdecimal() and len(asked) < 19 else None
    report = report or shown.filter(state=ReportState.SUBMITTED).first()
    if report is None:
        messages.info(request, _("Ingen återrapport väntar på svar just nu."))
        return see_other(assignment)
    report.assignment = assignment
    which = request.POST.get("act", "")
    first = {"report": report.pk, "seen": report.revision}
    finished = report.outcome not in OUTCOMES_UNFINISHED
    accept = AcceptForm(
        request.POST if which == "accept" else None, prefix="accept", initial=first, is_finished=finished
    )
    later = first | {"new_due_at": default_due(timezone.now())}
    send_back = ReturnForm(request.POST if which == "send_back" else None, prefix="send_back", initial=later)
    for either in (accept, send_back):
        either.submit_label = ""
    form = {"accept": accept, "send_back": send_back}.get(which)
    if request.method == "POST" and form is not None and form.is_valid():
        with trying(form):
            shared = {"by": request.actor, "now": timezone.now(), "seen": form.seen_revision}
            reason, day = form.cleaned_data.get("reason", ""), form.cleaned_data.get("new_due_at")
            if which == "accept":
                reports.accept(report, new_due_at=day, reason=reason, **shared)
                messages.success(request, _("Återrapporten är godkänd."))
            else:
                reports.return_report(report, reason=reason, new_due_at=day, **shared)
                messages.success(request, _("Återrapporten är tillbaka hos förvaltningen för komplettering."))
            return see_other(assignment)
    context = {
        "assignment": assignment,
        "report": report,
        "accept": accept,
        "send_back": send_back,
        "is_finished": finished,
        "now": timezone.now(),
    }
    return page(request, "incidents/staff/report_judge.html", form, **context)


# --- Drafts opened to another organisation ------------------------------------------------------------


@require_http_methods(GET_POST)
@answering
def share(request: HttpRequest, pk: int) -> HttpResponse:
    """ "Dela utkast": says what it means, shows what is opened, asks for a yes."""
    assignment = assignment_door(request, pk)
    allow(policies.can_submit_for(request.actor, assignment))
    draft = assignment.reports.filter(state=ReportState.DRAFT).first()
    if draft is None:
        messages.info(request, _("Det finns inget utkast att dela. Skriv och spara ett först."))
        return see_other("incidents:report", assignment.pk)
    draft.assignment = assignment
    form = ShareForm(sent(request), own=frozenset({assignment.organisation_id}))
    form.cancel_url = reverse("incidents:report", args=[assignment.pk])
    if request.method == "POST" and form.is_valid():
        with trying(form, request):
            shared = reports.share_draft(
                report=draft, organisation=form.cleaned_data["organisation"], by=request.actor, now=timezone.now()
            )
            messages.success(
                request,
                _("Utkastet är delat med %(organisation)s. Det står i historiken.")
                % {"organisation": shared.organisation.name},
            )
            return see_other(assignment)
    context = {
        "assignment": assignment,
        "draft": draft,
        "texts": texts_of(draft),
        "earlier": draft.shares.select_related("organisation"),
    }
    return page(request, "incidents/staff/report_share.html", form, **context)


def texts_of(report: ReportBack) -> list[tuple[Any, str]]:
    rows = [(_("Hur gick det"), report.get_outcome_display())]
    names = [name for name in ReportBack.TEXTS if name != "outcome"]
    rows += [(ReportBack._meta.get_field(name).verbose_name, getattr(report, name)) for name in names]
    return [(label, text) for label, text in rows if text]


@require_safe
def shared_list(request: HttpRequest) -> HttpResponse:
    """What other organisations have opened to mine."""
    rows = DraftShare.objects.filter(organisation__in=request.actor.organisation_ids).select_related(
        "organisation", "report__assignment__decision", "report__assignment__organisation", "decision"
    )
    return render(request, "incidents/staff/report_shared_list.html", {"shares": rows[:200], "now": timezone.now()})


@require_safe
def shared_draft(request: HttpRequest, pk: int) -> HttpResponse:
    """One version as it stood when it was opened; what was written afterwards is not here."""
    rows = DraftShare.objects.select_related(
        "organisation", "report__assignment__decision", "report__assignment__organisation", "decision__response"
    )
    shared = get_object_or_404(rows, pk=pk)
    if not policies.can_see_share(request.actor, shared):
        raise Http404
    context = {"share": shared, "rows": snapshot_rows(shared), "now": timezone.now()}
    return render(request, "incidents/staff/report_shared.html", context)


def snapshot_rows(share: DraftShare) -> list[tuple[Any, list[str]]]:
    """The frozen words with their Swedish labels."""
    model: Any = ReportBack if share.report_id else SteeringDecision
    labels = {"points": _("Inriktning"), "approaches": _("Förhållningssätt")}
    rows = []
    for name, value in share.snapshot.items():
        if name in ("number", "version") or not value:
            continue
        if name == "outcome" and value in Outcome.values:
            value = Outcome(value).label
        label = labels.get(name) or model._meta.get_field(name).verbose_name
        rows.append((label, value if isinstance(value, list) else [value]))
    return rows
