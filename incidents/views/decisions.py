"""The steering decision: read, written, decided, shared as a draft, followed up, ended."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Prefetch
from django.forms.formsets import all_valid
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from incidents import policies, words
from incidents.forms.decisions import (
    NEW_APPROACH,
    NEW_POINT,
    ApproachForm,
    DecisionForm,
    EndDecisionForm,
    NewDecisionForm,
    PointForm,
    ShareForm,
)
from incidents.lifecycle import AssignmentState, DecisionState, RoundState, look_of
from incidents.models import Assignment, DirectionPoint, Response, SteeringDecision
from incidents.operations import decisions, reports
from lysekil_trygghet.desk.answers import answering, page, see_other, status_of, trying
from lysekil_trygghet.desk.forms import AskForm
from lysekil_trygghet.desk.rows import Rows, typed_values
from lysekil_trygghet.history.guards import NotAllowed
from lysekil_trygghet.ui.errors import errors_of

GET_POST = ["GET", "HEAD", "POST"]


# --- Doors ------------------------------------------------------------------------------------------


def decision_door(request: HttpRequest, pk: int) -> SteeringDecision:
    """The decision, or 404 for whoever may not see it."""
    rows = SteeringDecision.objects.visible_to(request.actor).select_related("response", "replaces")
    return get_object_or_404(rows, pk=pk)


def draft_door(request: HttpRequest, pk: int) -> SteeringDecision:
    """A decision this actor may lead the writing of; the operation says whether it can still be written."""
    decision = decision_door(request, pk)
    if not policies.can_lead(request.actor):
        raise NotAllowed
    return decision


def decider_door(request: HttpRequest, pk: int) -> SteeringDecision:
    decision = decision_door(request, pk)
    if not policies.can_decide(request.actor):
        raise NotAllowed
    return decision


# --- Reading ----------------------------------------------------------------------------------------


@require_safe
def decision(request: HttpRequest, pk: int) -> HttpResponse:
    decision = decision_door(request, pk)
    actor = request.actor
    visible = Assignment.objects.visible_to(actor).select_related("decision", "organisation").order_by("order")
    points = decision.points.prefetch_related(Prefetch("assignments", visible, to_attr="seen_assignments"))
    assignments = list(decision.assignments.filter(pk__in=visible.values("pk")).select_related("organisation"))
    for assignment in assignments:
        assignment.decision = decision
    context = {
        "decision": decision,
        "points": [(point, dressed(point.seen_assignments)) for point in points],
        "assignments": dressed(sorted(assignments, key=lambda row: row.order)),
        "versions": decision.response.decisions.visible_to(actor).filter(number=decision.number).order_by("-version"),
        "rounds": [
            follow_up_round
            for follow_up_round in decision.rounds.select_related("decision")
            if policies.can_see_round(actor, follow_up_round)
        ],
        "look": look_of(decision.state),
        "may": allowed_acts(decision, request),
        "uncovered": still_uncovered(decision) if policies.can_lead(actor) else [],
        "unanswered": unanswered_words(decision) if policies.can_lead(actor) else [],
        "timeline": timeline_words(decision),
        "now": timezone.now(),
    }
    return render(request, "incidents/staff/decision.html", context)


def dressed(assignments: list[Assignment]) -> list[dict[str, Any]]:
    """Each assignment with the words, icon and tone of its state; late ones say so, as in Läget nu."""
    rows, now = [], timezone.now()
    for assignment in assignments:
        late = assignment.is_overdue(now)
        icon, tone = look_of("OVERDUE" if late else assignment.state)
        words = _("Försenat") if late else assignment.get_state_display()
        rows.append({"assignment": assignment, "state": words, "icon": icon, "tone": tone})
    return rows


def allowed_acts(decision: SteeringDecision, request: HttpRequest) -> dict[str, bool]:
    """Which buttons the page shows; the operations ask the same policies again."""
    actor = request.actor
    lead, decide = policies.can_lead(actor), policies.can_decide(actor)
    draft = decision.is_draft
    has_drafts = lead and decision.assignments.filter(state=AssignmentState.DRAFT).exists()
    in_work = decision.state in (DecisionState.DECIDED, DecisionState.IN_FORCE)
    revision = getattr(decision, "replaced_by", None)
    return {
        "edit": policies.can_edit_decision(actor, decision),
        "add_assignment": lead and (draft or in_work),
        "edit_drafts": has_drafts,
        "decide": decide and draft,
        "decide_and_issue": decide and draft and has_drafts,
        "issue": policies.can_issue(actor) and in_work and has_drafts,
        "share": policies.can_share_decision_draft(actor, decision),
        "discard": lead and draft,
        "choose": decide and draft and decision.replaces_id is not None,
        "revise": decide and not draft and decision.state in (*DECISION_REVISABLE,) and revision is None,
        "plan_round": policies.can_hold_round(actor)
        and decision.state == DecisionState.IN_FORCE
        and not decision.rounds.exclude(state=RoundState.CLOSED).exists(),
        "follow_up": decide
        and decision.state == DecisionState.IN_FORCE
        and decision.rounds.filter(state=RoundState.CLOSED).exists(),
        "end": decide and decision.state == DecisionState.FOLLOWED_UP,
    }


DECISION_REVISABLE = (DecisionState.DECIDED, DecisionState.IN_FORCE, DecisionState.FOLLOWED_UP)


def still_uncovered(decision: SteeringDecision) -> list[DirectionPoint]:
    """Points without assignment. In a draft of a new version the open assignments of the old one count too."""
    points = decisions.uncovered_points(decision)
    if not decision.is_draft or decision.replaces is None:
        return points
    carried = decision.replaces.assignments.exclude(state__in=[AssignmentState.DRAFT, AssignmentState.CANCELLED])
    covered = set(carried.values_list("points", flat=True))
    return [point for point in points if point.replaces_id not in covered]


def unanswered_words(decision: SteeringDecision) -> list[str]:
    if decision.state != DecisionState.IN_FORCE:
        return []
    return [
        f"{assignment.number} {assignment.title} ({assignment.get_state_display()})"
        for assignment in decisions.unanswered_assignments(decision)
    ]


def timeline_words(decision: SteeringDecision) -> list[dict[str, Any]]:
    return words.timeline(decision)


# --- Writing ----------------------------------------------------------------------------------------


@require_http_methods(GET_POST)
@answering
def decision_new(request: HttpRequest, response_pk: int) -> HttpResponse:
    response = get_object_or_404(Response, pk=response_pk)
    if not policies.can_see_responses(request.actor):
        raise Http404
    if not policies.can_lead(request.actor):
        raise NotAllowed
    form = NewDecisionForm(request.POST if request.method == "POST" else None, initial={"urgency": "ACUTE"})
    form.cancel_url = response.get_absolute_url()
    if request.method == "POST" and form.is_valid():
        with trying(form, request):
            draft = decisions.draft_decision(response, values=form.values(), by=request.actor, now=timezone.now())
            return see_other("incidents:decision_edit", draft.pk)
    title = _("Nytt inriktningsbeslut")
    return page(request, "incidents/staff/decision_form.html", form, title=title, response=response)


class Editor:
    """The editor's three parts, filled from the draft or from what was sent."""

    def __init__(self, decision: SteeringDecision, request: HttpRequest) -> None:
        data = request.POST if request.method == "POST" else None
        self.decision = decision
        fields = ("aim", "aim_en", "formal_basis", "urgency", "review_on")
        initial = {name: getattr(decision, name) for name in fields} | {"seen": decision.revision}
        self.form = DecisionForm(data, initial=initial)
        points = [self._initial(point, *POINT_FIELDS) for point in decision.points.all()]
        approaches = [self._initial(row, *APPROACH_FIELDS) for row in decision.approaches.all()]
        self.points = Rows(PointForm, "punkt", new_words=NEW_POINT, data=data, initial=points or [{"is_public": True}])
        self.approaches = Rows(ApproachForm, "satt", new_words=NEW_APPROACH, data=data, initial=approaches)

    @staticmethod
    def _initial(row: Any, *names: str) -> dict[str, Any]:
        return {name: getattr(row, name) for name in names}

    @property
    def button(self) -> Rows | None:
        """The list whose add, move or remove button was pressed."""
        return next((rows for rows in (self.points, self.approaches) if rows.is_asked()), None)

    def rearrange(self) -> None:
        """Carry out the button; everything comes back as typed, unchecked and unsaved."""
        asked = self.button
        self.points = self.points.rearranged() if asked is self.points else self.points.as_typed()
        self.approaches = self.approaches.rearranged() if asked is self.approaches else self.approaches.as_typed()
        self.form = DecisionForm(initial=typed_values(self.form))

    def is_valid(self) -> bool:
        return all_valid([self.form, self.points, self.approaches])


POINT_FIELDS = ("pk", "text", "text_en", "is_public", "no_assignment", "no_assignment_reason")
APPROACH_FIELDS = ("pk", "text", "text_en", "is_public")


@require_http_methods(GET_POST)
@answering
def decision_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Add, move and remove only rearrange the page; Save stores it all, or nothing when something is wrong."""
    decision = draft_door(request, pk)
    if not decision.is_draft:
        messages.info(request, _("Beslutet är fattat. Revidera det, så blir det en ny version."))
        return see_other(decision)
    editor = Editor(decision, request)
    unsaved = False
    if request.method == "POST" and editor.button is not None:
        if request.headers.get("X-Requested-With") == "reorder":
            return HttpResponse(status=204)
        editor.rearrange()
        unsaved = True
    elif request.method == "POST" and editor.is_valid():
        with trying(editor.form, request):
            decisions.write_draft(
                decision,
                values=editor.form.values(),
                points=[rows_of(decisions.PointRow, row, POINT_FIELDS) for row in editor.points.cleaned()],
                approaches=[
                    rows_of(decisions.ApproachRow, row, APPROACH_FIELDS) for row in editor.approaches.cleaned()
                ],
                by=request.actor,
                now=timezone.now(),
                seen=editor.form.seen_revision,
            )
            messages.success(request, _("Utkastet är sparat."))
            onward = "assignment_new" if "to_assignments" in request.POST else "decision_edit"
            return see_other(f"incidents:{onward}", decision.pk)
    context = {
        "decision": decision,
        "form": editor.form,
        "points": editor.points,
        "approaches": editor.approaches,
        "row_forms": [*editor.points.forms, *editor.approaches.forms],
        "unsaved": unsaved,
        "assignments": dressed(
            list(decision.assignments.select_related("decision", "organisation").order_by("order"))
        ),
        "missing": decisions.missing_before_decision(decision),
        "uncovered": still_uncovered(decision),
    }
    context["all_errors"] = errors_of(editor.form, *context["row_forms"])
    status = status_of(editor.form, *context["row_forms"])
    return render(request, "incidents/staff/decision_edit.html", context, status=status)


def rows_of(kind: type, row: dict[str, Any], names: tuple[str, ...]) -> Any:
    return kind(**{name: row[name] for name in names})


# --- Acts -------------------------------------------------------------------------------------------


def ask(request: HttpRequest, decision: SteeringDecision, form: Any, **words: Any) -> HttpResponse:
    context = {"decision": decision, "cancel_url": decision.get_absolute_url(), **words}
    return page(request, "incidents/staff/decision_confirm.html", form, **context)


def question_form(request: HttpRequest, decision: SteeringDecision, kind: type = AskForm) -> Any:
    return kind(request.POST if request.method == "POST" else None, initial={"seen": decision.revision})


def who_gets_what(decision: SteeringDecision) -> list[Assignment]:
    drafts = decision.assignments.filter(state=AssignmentState.DRAFT)
    return list(drafts.select_related("decision", "organisation").order_by("order"))


@require_http_methods(GET_POST)
@answering
def decision_decide(request: HttpRequest, pk: int) -> HttpResponse:
    decision = decider_door(request, pk)
    form = question_form(request, decision)
    if request.method == "POST" and form.is_valid():
        with trying(form):
            decided = decisions.decide(decision, by=request.actor, now=timezone.now(), seen=form.seen_revision)
            messages.success(request, _("Beslutet är fattat."))
            return see_other(decided)
    return ask(
        request,
        decision,
        form,
        question=_("Fatta beslutet?"),
        text=_("Efter det kan texten inte ändras. En ändring blir en ny version. Inga uppdrag skickas ut än."),
        missing=decisions.missing_before_decision(decision) if decision.is_draft else [],
        submit_label=_("Besluta"),
    )


@require_http_methods(GET_POST)
@answering
def decision_issue(request: HttpRequest, pk: int) -> HttpResponse:
    decision = draft_door(request, pk)
    form = question_form(request, decision)
    if request.method == "POST" and form.is_valid():
        with trying(form):
            issued = decisions.issue_all(decision, by=request.actor, now=timezone.now())
            messages.success(request, _("%(count)s uppdrag är utfärdade.") % {"count": len(issued)})
            return see_other(decision)
    return ask(
        request,
        decision,
        form,
        question=_("Utfärda uppdragen?"),
        text=_("Alla uppdrag går ut samtidigt. Varje förvaltning får besked direkt."),
        assignments=who_gets_what(decision),
        submit_label=_("Utfärda uppdragen"),
    )


@require_http_methods(GET_POST)
@answering
def decision_decide_and_issue(request: HttpRequest, pk: int) -> HttpResponse:
    decision = decider_door(request, pk)
    form = question_form(request, decision)
    if request.method == "POST" and form.is_valid():
        with trying(form):
            issued = decisions.decide_and_issue(
                decision, by=request.actor, now=timezone.now(), seen=form.seen_revision
            )
            messages.success(
                request, _("Beslutet är fattat och %(count)s uppdrag är utfärdade.") % {"count": len(issued)}
            )
            return see_other(decision)
    return ask(
        request,
        decision,
        form,
        question=_("Besluta och utfärda uppdragen?"),
        text=_("Beslutet fattas och alla uppdrag går ut samtidigt. Varje förvaltning får besked direkt."),
        missing=decisions.missing_before_decision(decision) if decision.is_draft else [],
        assignments=who_gets_what(decision),
        submit_label=_("Besluta och utfärda"),
    )


@require_http_methods(GET_POST)
@answering
def decision_discard(request: HttpRequest, pk: int) -> HttpResponse:
    decision = draft_door(request, pk)
    form = question_form(request, decision)
    if request.method == "POST" and form.is_valid():
        with trying(form):
            decisions.discard_draft(decision, by=request.actor, now=timezone.now(), seen=form.seen_revision)
            messages.success(request, _("Utkastet är borttaget."))
            return see_other(decision.response)
    return ask(
        request,
        decision,
        form,
        question=_("Kasta utkastet?"),
        text=_("Utkastet tas bort med sina punkter och uppdragsutkast. Det går inte att ångra."),
        submit_label=_("Kasta utkastet"),
        tone="danger",
    )


@require_http_methods(GET_POST)
@answering
def decision_share(request: HttpRequest, pk: int) -> HttpResponse:
    decision = decider_door(request, pk)
    own = frozenset({request.actor.organisation.pk} if request.actor.organisation else ())
    form = ShareForm(request.POST if request.method == "POST" else None, own=own)
    if request.method == "POST" and form.is_valid():
        with trying(form, request):
            organisation = form.cleaned_data["organisation"]
            reports.share_draft(decision=decision, organisation=organisation, by=request.actor, now=timezone.now())
            messages.success(
                request,
                _("Utkastet är öppnat för %(organisation)s, så som det ser ut nu.") % {"organisation": organisation},
            )
            return see_other(decision)
    if not decision.is_draft:
        messages.info(request, _("Beslutet är fattat. Alla som arbetar i portalen kan läsa det."))
        return see_other(decision)
    shares = decision.shares.select_related("organisation")
    context = {"decision": decision, "shares": shares}
    form.cancel_url = decision.get_absolute_url()
    return page(request, "incidents/staff/decision_share.html", form, **context)


@require_http_methods(GET_POST)
@answering
def decision_follow_up(request: HttpRequest, pk: int) -> HttpResponse:
    decision = decider_door(request, pk)
    form = question_form(request, decision)
    closed = decision.rounds.filter(state=RoundState.CLOSED).order_by("-closed_at").first()
    if request.method == "POST" and form.is_valid() and closed is not None:
        with trying(form):
            decisions.follow_up(decision, closed, by=request.actor, now=timezone.now(), seen=form.seen_revision)
            messages.success(request, _("Beslutet är uppföljt."))
            return see_other(decision)
    if closed is None:
        messages.info(request, _("Håll och avsluta en avstämning av beslutet först."))
        return see_other(decision)
    return ask(
        request,
        decision,
        form,
        question=_("Är beslutet uppföljt?"),
        text=_("Alla uppdrag ska ha ett godkänt svar eller ett undantag med skäl."),
        missing=unanswered_words(decision),
        missing_title=_("Saknar godkänt svar:"),
        submit_label=_("Beslutet är uppföljt"),
    )


@require_http_methods(GET_POST)
@answering
def decision_end(request: HttpRequest, pk: int) -> HttpResponse:
    decision = decider_door(request, pk)
    form = question_form(request, decision, EndDecisionForm)
    if request.method == "POST" and form.is_valid():
        with trying(form):
            decisions.end_decision(
                decision, **form.values(), by=request.actor, now=timezone.now(), seen=form.seen_revision
            )
            messages.success(request, _("Beslutet är avslutat."))
            return see_other(decision)
    return ask(
        request,
        decision,
        form,
        question=_("Avsluta beslutet?"),
        text=_("Skriv hur det gick. Texten kan läsas av invånarna när den publiceras."),
        submit_label=_("Avsluta beslutet"),
    )
