"""The follow-up round: planned, held in meeting mode with one assignment at a time, closed with its minutes."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from incidents import policies
from incidents.deadlines import default_due
from incidents.forms.rounds import AcceptForm, ExceptForm, NewRoundForm, NoReportForm, ReturnForm, SummaryForm
from incidents.lifecycle import OUTCOMES_UNFINISHED, DecisionState, ReportState, RoundState, look_of
from incidents.models import FollowUpRound, ReportBack, RoundItem
from incidents.operations import decisions, rounds
from lysekil_trygghet.desk.answers import answering, page, see_other, status_of, trying
from lysekil_trygghet.desk.forms import AskForm
from lysekil_trygghet.history.guards import NotAllowed

from .decisions import GET_POST, decision_door

Result = RoundItem.Result
RESULT_LOOK = {
    Result.WAITING: ("dot", "neutral"),
    Result.ACCEPTED: ("check", "success"),
    Result.CONTINUED: ("check", "info"),
    Result.RETURNED: ("return", "warning"),
    Result.NO_REPORT: ("alert", "danger"),
    Result.EXCEPTED: ("minus-circle", "neutral"),
    Result.EARLIER: ("check", "success"),
}


# --- Doors ------------------------------------------------------------------------------------------


def round_door(request: HttpRequest, pk: int) -> FollowUpRound:
    follow_up_round = get_object_or_404(FollowUpRound.objects.select_related("decision__response"), pk=pk)
    if not policies.can_see_round(request.actor, follow_up_round):
        raise Http404
    return follow_up_round


def holder_door(request: HttpRequest, pk: int) -> FollowUpRound:
    follow_up_round = round_door(request, pk)
    if not policies.can_hold_round(request.actor):
        raise NotAllowed
    return follow_up_round


# --- Planned and begun ------------------------------------------------------------------------------


@require_http_methods(GET_POST)
@answering
def round_new(request: HttpRequest, pk: int) -> HttpResponse:
    decision = decision_door(request, pk)
    if not policies.can_hold_round(request.actor):
        raise NotAllowed
    latest = decision.assignments.open().order_by("-due_at").values_list("due_at", flat=True).first()
    form = NewRoundForm(
        request.POST if request.method == "POST" else None, initial={"held_at": latest or timezone.now()}
    )
    form.cancel_url = decision.get_absolute_url()
    if request.method == "POST" and form.is_valid():
        with trying(form, request):
            planned = rounds.plan_round(
                decision,
                held_at=form.cleaned_data["held_at"],
                functions=form.cleaned_data["functions"],
                by=request.actor,
                now=timezone.now(),
            )
            messages.success(request, _("Avstämningen är planerad."))
            return see_other(planned)
    return page(request, "incidents/staff/round_form.html", form, decision=decision)


@require_http_methods(GET_POST)
@answering
def round_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Planned: start it. Ongoing: the first assignment that waits, or what is left to close. Closed: the minutes."""
    follow_up_round = round_door(request, pk)
    if follow_up_round.state == RoundState.ONGOING and policies.can_hold_round(request.actor):
        if request.method == "POST":
            return see_other(follow_up_round)
        waiting = follow_up_round.items.filter(result=Result.WAITING)
        item = waiting.select_related("assignment__decision", "assignment__organisation").first()
        return item_page(request, follow_up_round, item) if item else closing_page(request, follow_up_round)
    start = AskForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and start.is_valid():
        if not policies.can_hold_round(request.actor):
            raise NotAllowed
        with trying(start):
            rounds.start(follow_up_round, by=request.actor, now=timezone.now())
            return see_other(follow_up_round)
    decision = follow_up_round.decision
    context = {
        "round": follow_up_round,
        "decision": decision,
        "form": start,
        "look": look_of(follow_up_round.state),
        "functions": ", ".join(follow_up_round.functions_present.values_list("label", flat=True)),
        "may_hold": policies.can_hold_round(request.actor),
        "may_follow_up": policies.can_decide(request.actor) and decision.state == DecisionState.IN_FORCE,
        "unanswered": decisions.unanswered_assignments(decision) if policies.can_lead(request.actor) else [],
        "planned_rows": decision.assignments.visible_to(request.actor).open().count(),
    }
    return render(request, "incidents/staff/round.html", context, status=status_of(start))


# --- Meeting mode -----------------------------------------------------------------------------------


@dataclass
class ItemForms:
    """What can be answered about one assignment just now; None where the actor or the state does not allow it."""

    accept: AcceptForm | None = None
    send_back: ReturnForm | None = None
    no_report: NoReportForm | None = None
    exception: ExceptForm | None = None
    sent: str = ""
    names: tuple[str, ...] = field(default=("accept", "send_back", "no_report", "exception"), repr=False)

    def bound(self) -> Any:
        return getattr(self, self.sent) if self.sent in self.names else None


def waiting_report(item: RoundItem) -> ReportBack | None:
    return item.assignment.reports.filter(state=ReportState.SUBMITTED).select_related("assignment").first()


def forms_for(request: HttpRequest, item: RoundItem, report: ReportBack | None) -> ItemForms:
    actor, assignment = request.actor, item.assignment
    sent = request.POST.get("act", "") if request.method == "POST" else ""

    def data(name: str) -> Any:
        return request.POST if sent == name else None

    forms = ItemForms(sent=sent)
    if report is not None and policies.can_judge_for(actor, assignment.organisation_id):
        first = {"report": report.pk, "seen": report.revision}
        finished = report.outcome not in OUTCOMES_UNFINISHED
        forms.accept = AcceptForm(data("accept"), prefix="accept", initial=first, is_finished=finished)
        later = first | {"new_due_at": default_due(timezone.now())}
        forms.send_back = ReturnForm(data("send_back"), prefix="send_back", initial=later)
    if report is None and assignment.is_open:
        forms.no_report = NoReportForm(data("no_report"), prefix="no_report", initial={"note": item.note})
    if policies.can_record_exception(actor, assignment):
        forms.exception = ExceptForm(
            data("exception"), prefix="exception", initial={"reason": assignment.exception_reason}
        )
    return forms


@require_http_methods(GET_POST)
@answering
def round_item(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """One assignment of the round. An answer leads on to the next that waits."""
    follow_up_round = holder_door(request, pk)
    if follow_up_round.state != RoundState.ONGOING:
        messages.info(request, _("Avstämningen pågår inte."))
        return see_other(follow_up_round)
    item = get_object_or_404(
        follow_up_round.items.select_related("assignment__decision", "assignment__organisation"), order=number
    )
    return item_page(request, follow_up_round, item)


def item_page(request: HttpRequest, follow_up_round: FollowUpRound, item: RoundItem) -> HttpResponse:
    report = waiting_report(item)
    forms = forms_for(request, item, report)
    form = forms.bound()
    if request.method == "POST" and (form is None or is_outdated(form, item, report)):
        if form is None and not may_have_pressed(request, item, forms.sent):
            raise NotAllowed
        messages.info(request, _("Något har hänt sedan du öppnade sidan. Här ser du hur det står nu."))
        return see_other("incidents:round_item", follow_up_round.pk, item.order)
    if form is not None and form.is_valid():
        with trying(form):
            carry_out(item, forms, by=request.actor, now=timezone.now())
            messages.success(request, done_words(item))
            return see_other(follow_up_round)
    items = list(follow_up_round.items.select_related("assignment__organisation", "assignment__decision"))
    place = next(number for number, row in enumerate(items) if row.pk == item.pk)
    assignment = item.assignment
    context = {
        "round": follow_up_round,
        "decision": follow_up_round.decision,
        "item": item,
        "assignment": assignment,
        "look": look_of(assignment.state),
        "report": report or latest_judged(item),
        "waits": report is not None,
        "own": request.actor.speaks_for(assignment.organisation_id),
        "earlier": earlier_versions(item, report),
        "notes": assignment.progress_notes.all()[:10],
        "forms": forms,
        "form": form,
        "items": dressed_items(items),
        "counters": count_results(items),
        "previous": items[place - 1] if place else None,
        "next": items[place + 1] if place + 1 < len(items) else None,
        "place": place + 1,
        "total": len(items),
        "now": timezone.now(),
    }
    return render(request, "incidents/staff/round_item.html", context, status=status_of(form))


def is_outdated(form: Any, item: RoundItem, report: ReportBack | None) -> bool:
    """The form is about a version that is no longer the one that waits. Raises 404 for another assignment's."""
    if "report" not in form.fields or not form.is_valid():
        return False
    shown = get_object_or_404(item.assignment.reports.exclude(state=ReportState.DRAFT), pk=form.cleaned_data["report"])
    return report is None or shown.pk != report.pk


def may_have_pressed(request: HttpRequest, item: RoundItem, act: str) -> bool:
    """The button was this actor's to press a moment ago; now somebody has pressed it, or the report has come."""
    if act in ("accept", "send_back"):
        return policies.can_judge_for(request.actor, item.assignment.organisation_id)
    return act == "no_report" or (act == "exception" and policies.can_decide(request.actor))


def latest_judged(item: RoundItem) -> ReportBack | None:
    return item.assignment.reports.exclude(state=ReportState.DRAFT).order_by("-version").first()


def earlier_versions(item: RoundItem, report: ReportBack | None) -> list[ReportBack]:
    shown = report or latest_judged(item)
    if shown is None:
        return []
    rows = item.assignment.reports.exclude(state=ReportState.DRAFT).exclude(pk=shown.pk)
    return list(rows.order_by("-version"))


def carry_out(item: RoundItem, forms: ItemForms, *, by: Any, now: Any) -> None:
    """The operation behind the button that was pressed."""
    data = forms.bound().cleaned_data
    if forms.sent in ("accept", "send_back"):
        report = get_object_or_404(item.assignment.reports.exclude(state=ReportState.DRAFT), pk=data["report"])
        shared = {"by": by, "now": now, "seen": data.get("seen")}
        reason, new_due_at = data.get("reason", ""), data.get("new_due_at")
        if forms.sent == "accept":
            rounds.accept_in_round(item, report, new_due_at=new_due_at, reason=reason, **shared)
        else:
            rounds.return_in_round(item, report, reason=reason, new_due_at=new_due_at, **shared)
    elif forms.sent == "no_report":
        rounds.note_no_report(item, note=data["note"], by=by, now=now)
    else:
        rounds.except_in_round(item, reason=data["reason"], by=by, now=now)


def done_words(item: RoundItem) -> str:
    item.refresh_from_db(fields=["result"])
    return f"{item.assignment.number}: {item.get_result_display()}."


def dressed_items(items: list[RoundItem]) -> list[dict[str, Any]]:
    return [
        {"item": item, "icon": RESULT_LOOK[Result(item.result)][0], "tone": RESULT_LOOK[Result(item.result)][1]}
        for item in items
    ]


def count_results(items: list[RoundItem]) -> dict[str, int]:
    """Gone through of all, and how it went."""
    results = Counter(item.result for item in items)
    accepted = results[Result.ACCEPTED] + results[Result.CONTINUED] + results[Result.EARLIER]
    return {
        "total": len(items),
        "waiting": results[Result.WAITING],
        "gone_through": len(items) - results[Result.WAITING],
        "accepted": accepted,
        "returned": results[Result.RETURNED],
        "missing": results[Result.NO_REPORT] + results[Result.EXCEPTED],
    }


# --- Closing ----------------------------------------------------------------------------------------


@require_http_methods(GET_POST)
@answering
def round_close(request: HttpRequest, pk: int) -> HttpResponse:
    follow_up_round = holder_door(request, pk)
    if follow_up_round.state != RoundState.ONGOING:
        messages.info(request, _("Avstämningen pågår inte."))
        return see_other(follow_up_round)
    return closing_page(request, follow_up_round)


def closing_page(request: HttpRequest, follow_up_round: FollowUpRound) -> HttpResponse:
    """What came of it, the minutes as they will read, and the text to residents."""
    form = SummaryForm(
        request.POST if request.method == "POST" else None,
        initial={"seen": follow_up_round.revision, "summary_public": follow_up_round.summary_public},
    )
    form.helper.form_action = reverse("incidents:round_close", args=[follow_up_round.pk])
    if request.method == "POST" and form.is_valid():
        with trying(form):
            closed = rounds.close(
                follow_up_round, **form.values(), by=request.actor, now=timezone.now(), seen=form.seen_revision
            )
            messages.success(request, _("Avstämningen är avslutad. Här är minnesanteckningarna."))
            return see_other(closed)
    items = list(follow_up_round.items.select_related("assignment__organisation", "assignment__decision"))
    context = {
        "round": follow_up_round,
        "decision": follow_up_round.decision,
        "items": dressed_items(items),
        "counters": count_results(items),
        "minutes": rounds.minutes_of(follow_up_round, now=timezone.now()),
    }
    return page(request, "incidents/staff/round_close.html", form, **context)


@require_http_methods(GET_POST)
@answering
def round_summary(request: HttpRequest, pk: int) -> HttpResponse:
    """The text to residents, until it is published."""
    follow_up_round = round_door(request, pk)
    if not (policies.can_hold_round(request.actor) or policies.can_publish(request.actor)):
        raise NotAllowed
    names = ("summary_public", "summary_public_en")
    initial = {name: getattr(follow_up_round, name) for name in names} | {"seen": follow_up_round.revision}
    form = SummaryForm(request.POST if request.method == "POST" else None, initial=initial)
    form.submit_label = _("Spara texten")
    form.cancel_url = follow_up_round.get_absolute_url()
    if request.method == "POST" and form.is_valid():
        with trying(form):
            rounds.edit_summary(
                follow_up_round, **form.values(), by=request.actor, now=timezone.now(), seen=form.seen_revision
            )
            messages.success(request, _("Texten är sparad."))
            return see_other(follow_up_round)
    return page(request, "incidents/staff/round_summary.html", form, round=follow_up_round)
