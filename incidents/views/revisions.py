"""Assignments drafted on a decision, and what a revision does with the open ones."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.forms.formsets import all_valid
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from incidents import policies
from incidents.deadlines import default_due
from incidents.forms.decisions import AssignmentForm, ChoiceForm, NewAssignmentForm
from incidents.models import Assignment, SteeringDecision
from incidents.operations import assignments, decisions
from lysekil_trygghet.desk.answers import answering, page, see_other, status_of, trying
from lysekil_trygghet.desk.forms import AskForm
from lysekil_trygghet.history.guards import NotAllowed
from lysekil_trygghet.ui.errors import errors_of

from .decisions import GET_POST, ask, decider_door, draft_door, question_form, still_uncovered


def draft_assignment_door(request: HttpRequest, pk: int) -> Assignment:
    """An assignment for whoever may write it; the operation refuses when it is issued."""
    rows = Assignment.objects.visible_to(request.actor).select_related("decision", "organisation")
    assignment = get_object_or_404(rows, pk=pk)
    if not policies.can_lead(request.actor):
        raise NotAllowed
    return assignment


def way_back(decision: SteeringDecision) -> tuple[str, int]:
    return ("incidents:decision_edit" if decision.is_draft else "incidents:decision", decision.pk)


@require_http_methods(GET_POST)
@answering
def assignment_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Draft the same assignment for one or several organisations: each gets its own."""
    decision = draft_door(request, pk)
    now = timezone.now()
    initial = {"due_at": default_due(now), "points": [point.pk for point in decision.points.all()[:1]]}
    form = NewAssignmentForm(request.POST if request.method == "POST" else None, decision=decision, initial=initial)
    form.cancel_url = decision.get_absolute_url()
    if request.method == "POST" and form.is_valid():
        with trying(form, request), transaction.atomic():
            chosen = list(form.cleaned_data["organisations"])
            for organisation in chosen:
                assignments.draft_assignment(
                    decision,
                    organisation=organisation,
                    points=form.cleaned_data["points"],
                    **form.values(),
                    by=request.actor,
                    now=now,
                )
            messages.success(
                request,
                ngettext(
                    "%(count)s uppdrag är sparat som utkast.", "%(count)s uppdrag är sparade som utkast.", len(chosen)
                )
                % {"count": len(chosen)},
            )
            return see_other(*way_back(decision))
    context = {"decision": decision, "title": _("Nytt uppdrag"), "uncovered": still_uncovered(decision)}
    return page(request, "incidents/staff/decision_assignment.html", form, **context)


@require_http_methods(GET_POST)
@answering
def assignment_edit(request: HttpRequest, pk: int) -> HttpResponse:
    assignment = draft_assignment_door(request, pk)
    decision = assignment.decision
    if not policies.can_edit_assignment(request.actor, assignment):
        messages.info(request, _("Uppdraget är utfärdat och kan inte skrivas om. Flytta dagen eller ta bort det."))
        return see_other(assignment)
    fields = (
        "organisation",
        "title",
        "instruction",
        "commitment",
        "due_at",
        "is_public",
        "public_text",
        "public_text_en",
    )
    initial = {name: getattr(assignment, name) for name in fields}
    initial |= {"points": list(assignment.points.all()), "seen": assignment.revision}
    form = AssignmentForm(request.POST if request.method == "POST" else None, decision=decision, initial=initial)
    form.cancel_url = decision.get_absolute_url()
    if request.method == "POST" and form.is_valid():
        with trying(form, request):
            assignments.edit_assignment(
                assignment,
                values=form.values(),
                points=form.cleaned_data["points"],
                by=request.actor,
                now=timezone.now(),
                seen=form.seen_revision,
            )
            messages.success(request, _("Uppdraget är sparat."))
            return see_other(*way_back(decision))
    context = {"decision": decision, "assignment": assignment, "title": _("Ändra uppdraget")}
    return page(request, "incidents/staff/decision_assignment.html", form, **context)


@require_http_methods(GET_POST)
@answering
def assignment_remove(request: HttpRequest, pk: int) -> HttpResponse:
    assignment = draft_assignment_door(request, pk)
    decision = assignment.decision
    form = AskForm(request.POST if request.method == "POST" else None, initial={"seen": assignment.revision})
    if request.method == "POST" and form.is_valid():
        with trying(form):
            assignments.remove_draft(assignment, by=request.actor, now=timezone.now(), seen=form.seen_revision)
            messages.success(request, _("Utkastet är borttaget."))
            return see_other(*way_back(decision))
    return ask(
        request,
        decision,
        form,
        question=_("Ta bort utkastet till uppdrag?"),
        text=f"{assignment.title} ({assignment.organisation.name})",
        submit_label=_("Ta bort"),
        tone="danger",
    )


# --- Revision ---------------------------------------------------------------------------------------


@require_http_methods(GET_POST)
@answering
def decision_revise(request: HttpRequest, pk: int) -> HttpResponse:
    decision = decider_door(request, pk)
    begun = SteeringDecision.objects.filter(replaces=decision).first()
    if begun is not None:
        return see_other(begun)
    form = question_form(request, decision)
    if request.method == "POST" and form.is_valid():
        with trying(form):
            new = decisions.revise(decision, by=request.actor, now=timezone.now())
            return see_other("incidents:decision_choices", new.pk)
    return ask(
        request,
        decision,
        form,
        question=_("Revidera beslutet?"),
        text=_(
            "Ett utkast till ny version görs. Den här versionen gäller tills den nya är beslutad, "
            "och går att läsa även efter det."
        ),
        submit_label=_("Börja en ny version"),
    )


@require_http_methods(GET_POST)
@answering
def decision_choices(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep, move or take away: one answer for each open assignment of the version before, saved together."""
    decision = decider_door(request, pk)
    if not decision.is_draft or decision.replaces is None:
        return see_other(decision)
    rows = choice_rows(request, decision)
    forms = [form for _assignment, form in rows]
    if request.method == "POST" and all_valid(forms):
        failed = None
        with transaction.atomic():
            for assignment, form in rows:
                with trying(form):
                    decisions.choose(decision, assignment, **form.values(), by=request.actor, now=timezone.now())
                failed = failed or bool(form.errors)
            if failed:
                transaction.set_rollback(True)
        if not failed:
            messages.success(request, _("Valen är sparade. Ändra texten och besluta sedan."))
            return see_other("incidents:decision_edit", decision.pk)
    context = {"decision": decision, "rows": rows, "row_forms": forms, "all_errors": errors_of(*forms)}
    return render(request, "incidents/staff/decision_choices.html", context, status=status_of(*forms))


def choice_rows(request: HttpRequest, decision: SteeringDecision) -> list[tuple[Assignment, ChoiceForm]]:
    made = {choice.assignment_id: choice for choice in decision.revision_choices.all()}
    data = request.POST if request.method == "POST" else None
    rows = []
    assert decision.replaces is not None
    for assignment in (
        decision.replaces.assignments.open().select_related("decision", "organisation").order_by("order")
    ):
        choice = made.get(assignment.pk)
        fields = ("choice", "new_due_at", "reason")
        initial = {name: getattr(choice, name) for name in fields} if choice else {}
        rows.append((assignment, ChoiceForm(data, prefix=f"uppdrag-{assignment.pk}", initial=initial)))
    return rows
