"""What stands behind the promises and what is handed to the board: agreements, plans with measures, the report."""

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
from pledges.forms.plans import (
    AgreementForm,
    DecidePlanForm,
    MeasureForm,
    MoveMeasureForm,
    NewAgreementForm,
    NewMeasureForm,
    NewPlanForm,
    PlanFollowedUpForm,
    PlanForm,
)
from pledges.lifecycle import PlanState
from pledges.models import ActionPlan, CooperationAgreement, Measure
from pledges.operations import agreements, plans
from pledges.report import content, pdf, xlsx

from .doors import form_page, inside_door, set_door, step
from .sets import pictures_for
from .shown import history_of
from .steps import asked, seen_form

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


# --- The report -----------------------------------------------------------------------------------------


@require_safe
def report(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """How a published set went, for the board and for print."""
    pledge_set = set_door(request, pk)
    if kind not in ("pdf", "xlsx") or not pledge_set.is_public:
        raise Http404
    made = content.report_of(pledge_set, today=timezone.localdate())
    data = pdf.pdf_of(made) if kind == "pdf" else xlsx.xlsx_of(made)
    response = HttpResponse(data, content_type="application/pdf" if kind == "pdf" else XLSX)
    response["Content-Disposition"] = f'attachment; filename="uppfoljning-{pledge_set.slug}.{kind}"'
    return response


# --- Plans ------------------------------------------------------------------------------------------------


def plan_door(request: HttpRequest, pk: int) -> ActionPlan:
    found = get_object_or_404(ActionPlan.objects.select_related("picture"), pk=pk)
    if not policies.can_see_plan(request.actor, found):
        raise Http404
    return found


@require_safe
def plan_list(request: HttpRequest) -> HttpResponse:
    inside_door(request)
    rows = ActionPlan.objects.select_related("picture")
    if not policies.can_keep_plans(request.actor):
        rows = rows.exclude(state=PlanState.DRAFT)
    context = {"page": page_of(request, rows), "may_keep": policies.can_keep_plans(request.actor)}
    return render(request, "pledges/staff/plan_list.html", context)


@require_safe
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    found = plan_door(request, pk)
    actor = request.actor
    keeps = policies.can_keep_plans(actor)
    decided = found.state in (PlanState.DECIDED, PlanState.FOLLOWED_UP)
    context = {
        "plan": found,
        "measures": [
            {"measure": row, "badge": words.delivery_badge(row.state)}
            for row in found.measures.select_related("organisation", "problem")
        ],
        "follow_ups": found.follow_ups.all(),
        "missing": plans.missing_to_decide(found) if found.state == PlanState.DRAFT and keeps else [],
        "may": {
            "edit": policies.can_edit_plan(actor, found),
            "decide": policies.can_edit_plan(actor, found),
            "write_follow_up": decided and keeps,
            "follow_up": keeps and found.state == PlanState.DECIDED,
            "end": decided and keeps,
        },
        "history": history_of(timeline_of(found)),
    }
    return render(request, "pledges/staff/plan.html", context)


@require_http_methods(GET_POST)
@answering
def plan_new(request: HttpRequest) -> HttpResponse:
    inside_door(request)
    allow(policies.can_keep_plans(request.actor))
    form = NewPlanForm(posted(request), pictures=pictures_for(request.actor))
    form.cancel_url = "/arbete/planer/"
    if request.method == "POST" and form.is_valid():
        with trying(form, request):
            made = plans.write_plan(values=form.values(), by=request.actor, now=timezone.now())
            messages.success(request, _("Utkastet är sparat."))
            return see_other(made)
    return form_page(request, form, title=_("Ny åtgärdsplan"))


@require_http_methods(GET_POST)
@answering
def plan_edit(request: HttpRequest, pk: int) -> HttpResponse:
    found = plan_door(request, pk)
    allow(policies.can_keep_plans(request.actor))
    if is_past(request, policies.can_edit_plan(request.actor, found)):
        return see_other(found)
    return step(
        request,
        PlanForm(posted(request), pictures=pictures_for(request.actor), initial=initial_of(found, PlanForm)),
        lambda form: plans.edit_plan(
            found, values=form.values(), by=request.actor, now=timezone.now(), seen=form.seen_revision
        ),
        done=_("Planen är sparad."),
        back=found,
        title=_("Ändra planen"),
        thing=found,
    )


@require_http_methods(GET_POST)
@answering
def plan_decide(request: HttpRequest, pk: int) -> HttpResponse:
    found = plan_door(request, pk)
    allow(policies.can_keep_plans(request.actor))
    if is_past(request, found.state == PlanState.DRAFT):
        return see_other(found)
    return step(
        request,
        seen_form(DecidePlanForm, request, found),
        lambda form: plans.decide(
            found, **form.values(), by=request.actor, now=timezone.now(), seen=form.seen_revision
        ),
        done=_("Beslutet är antecknat."),
        back=found,
        title=_("Anteckna beslutet"),
        thing=found,
        missing=plans.missing_to_decide(found),
    )


@require_http_methods(GET_POST)
@answering
def plan_follow_up(request: HttpRequest, pk: int) -> HttpResponse:
    found = plan_door(request, pk)
    allow(policies.can_keep_plans(request.actor))
    if is_past(request, found.state == PlanState.DECIDED):
        return see_other(found)
    return step(
        request,
        seen_form(PlanFollowedUpForm, request, found),
        lambda form: plans.follow_up(
            found, **form.values(), by=request.actor, now=timezone.now(), seen=form.seen_revision
        ),
        done=_("Planen är uppföljd."),
        back=found,
        title=_("Planen är uppföljd"),
        thing=found,
        lead=_("Skriv först uppföljningen av planen. Lagen kräver en uppföljning minst vartannat år."),
    )


@require_http_methods(GET_POST)
@answering
def plan_end(request: HttpRequest, pk: int) -> HttpResponse:
    found = plan_door(request, pk)
    allow(policies.can_keep_plans(request.actor))
    if is_past(request, found.state in (PlanState.DECIDED, PlanState.FOLLOWED_UP)):
        return see_other(found)
    return step(
        request,
        asked(request, found, _("Avsluta planen")),
        lambda form: plans.end_plan(found, by=request.actor, now=timezone.now(), seen=form.seen_revision),
        done=_("Planen är avslutad."),
        back=found,
        title=_("Avsluta planen?"),
        thing=found,
    )


# --- Measures ---------------------------------------------------------------------------------------------


def measure_door(request: HttpRequest, pk: int) -> Measure:
    found = get_object_or_404(Measure.objects.select_related("plan__picture", "organisation", "problem"), pk=pk)
    if not policies.can_see_plan(request.actor, found.plan):
        raise Http404
    return found


@require_safe
def measure(request: HttpRequest, pk: int) -> HttpResponse:
    found = measure_door(request, pk)
    context = {
        "measure": found,
        "badge": words.delivery_badge(found.state),
        "follow_ups": found.follow_ups.all(),
        "may": {
            "edit": policies.can_edit_plan(request.actor, found.plan),
            "move": policies.can_move_measure(request.actor, found),
            "write_follow_up": policies.can_write_follow_up(request.actor, found),
        },
        "history": history_of(timeline_of(found)),
    }
    return render(request, "pledges/staff/measure.html", context)


@require_http_methods(GET_POST)
@answering
def measure_new(request: HttpRequest, pk: int) -> HttpResponse:
    found = plan_door(request, pk)
    allow(policies.can_keep_plans(request.actor))
    if is_past(request, found.state == PlanState.DRAFT):
        return see_other(found)
    return step(
        request,
        NewMeasureForm(posted(request), plan=found),
        lambda form: plans.add_measure(
            found,
            values=form.values(),
            causes=form.cleaned_data["causes"],
            contributing=form.cleaned_data["contributing"],
            by=request.actor,
            now=timezone.now(),
        ),
        done=_("Åtgärden är sparad."),
        back=found,
        title=_("Ny åtgärd"),
        thing=found,
    )


@require_http_methods(GET_POST)
@answering
def measure_edit(request: HttpRequest, pk: int) -> HttpResponse:
    found = measure_door(request, pk)
    allow(policies.can_keep_plans(request.actor))
    if is_past(request, policies.can_edit_plan(request.actor, found.plan)):
        return see_other(found)
    first = initial_of(found, MeasureForm, "causes", "contributing")
    return step(
        request,
        MeasureForm(posted(request), plan=found.plan, initial=first),
        lambda form: plans.edit_measure(
            found,
            values=form.values(),
            causes=form.cleaned_data["causes"],
            contributing=form.cleaned_data["contributing"],
            by=request.actor,
            now=timezone.now(),
            seen=form.seen_revision,
        ),
        done=_("Åtgärden är sparad."),
        back=found,
        title=_("Ändra åtgärden"),
        thing=found,
    )


@require_http_methods(GET_POST)
@answering
def measure_move(request: HttpRequest, pk: int) -> HttpResponse:
    found = measure_door(request, pk)
    may = policies.can_move_measure(request.actor, found)
    allow(may or policies.can_keep_plans(request.actor))
    if is_past(request, may):
        return see_other(found)
    form = MoveMeasureForm(posted(request), initial={"to": found.state, "seen": found.revision})
    return step(
        request,
        form,
        lambda form: plans.move_measure(
            found, to=form.cleaned_data["to"], by=request.actor, now=timezone.now(), seen=form.seen_revision
        ),
        done=_("Sparat."),
        back=found,
        title=_("Hur långt har åtgärden kommit?"),
        thing=found,
    )


# --- Agreements -------------------------------------------------------------------------------------------


def agreement_door(request: HttpRequest, pk: int) -> CooperationAgreement:
    if not policies.can_see_agreements(request.actor):
        raise Http404
    return get_object_or_404(CooperationAgreement, pk=pk)


@require_safe
def agreement_list(request: HttpRequest) -> HttpResponse:
    inside_door(request)
    today: Any = timezone.localdate()
    rows = page_of(request, CooperationAgreement.objects.all())
    context = {
        "page": rows,
        "rows": [{"agreement": row, "holds": row.is_in_force(today)} for row in rows],
        "may_keep": policies.can_keep_agreements(request.actor),
    }
    return render(request, "pledges/staff/agreement_list.html", context)


@require_safe
def agreement(request: HttpRequest, pk: int) -> HttpResponse:
    found = agreement_door(request, pk)
    context = {
        "agreement": found,
        "parties": found.parties.all(),
        "holds": found.is_in_force(timezone.localdate()),
        "may_keep": policies.can_keep_agreements(request.actor),
        "history": history_of(timeline_of(found)),
    }
    return render(request, "pledges/staff/agreement.html", context)


@require_http_methods(GET_POST)
@answering
def agreement_new(request: HttpRequest) -> HttpResponse:
    inside_door(request)
    allow(policies.can_keep_agreements(request.actor))
    form = NewAgreementForm(posted(request))
    form.cancel_url = "/arbete/overenskommelser/"
    if request.method == "POST" and form.is_valid():
        with trying(form, request):
            made = agreements.write_agreement(
                values=form.values(),
                parties=form.cleaned_data["parties"],
                by=request.actor,
                now=timezone.now(),
            )
            messages.success(request, _("Överenskommelsen är sparad."))
            return see_other(made)
    return form_page(request, form, title=_("Ny överenskommelse"))


@require_http_methods(GET_POST)
@answering
def agreement_edit(request: HttpRequest, pk: int) -> HttpResponse:
    found = agreement_door(request, pk)
    allow(policies.can_keep_agreements(request.actor))
    return step(
        request,
        AgreementForm(posted(request), initial=initial_of(found, AgreementForm, "parties")),
        lambda form: agreements.edit_agreement(
            found,
            values=form.values(),
            parties=form.cleaned_data["parties"],
            by=request.actor,
            now=timezone.now(),
            seen=form.seen_revision,
        ),
        done=_("Överenskommelsen är sparad."),
        back=found,
        title=_("Ändra överenskommelsen"),
        thing=found,
    )
