"""The worker's front door: Mitt arbete, what needs my hand; and Läget nu, how all of it stands."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from incidents import policies, queries, whose
from incidents.forms.assignments import OverviewFilter, ProgressForm
from incidents.lifecycle import (
    AssignmentState,
    ConveningState,
    DirectiveState,
    HowFar,
    Outcome,
    ResponseState,
    look_of,
)
from incidents.models import Assignment, Convening, Directive, DraftShare, Response, StaffMessage
from incidents.operations import meetings
from lysekil_trygghet.accounts.models import Role
from lysekil_trygghet.desk.answers import answering, see_other, status_of
from lysekil_trygghet.mailroom.policies import can_see_messages
from lysekil_trygghet.notifications.holding import open_hold
from lysekil_trygghet.start.desks import waiting_for
from pledges.queries import past_end_with_open

PER_PAGE = 50
WAITING_SHOWN = 20
MESSAGES_SHOWN = 5
# A meeting that began a while ago is still where one is called to.
MEETING_LASTS = dt.timedelta(hours=3)


def dressed(assignment: Assignment, *, now: dt.datetime) -> dict[str, Any]:
    """A row: the assignment with the icon, tone and words of its state, its last note and its last report."""
    late = assignment.is_overdue(now)
    icon, tone = look_of("OVERDUE" if late else assignment.state)
    outcome = assignment.last_outcome
    return {
        "assignment": assignment,
        "is_late": late,
        "icon": icon,
        "tone": tone,
        "state": _("Försenat") if late else assignment.get_state_display(),
        "answered": not assignment.is_owed,
        "progress": HowFar(assignment.last_progress).label if assignment.last_progress else "",
        "outcome": Outcome(outcome).label if outcome else "",
        "outcome_look": look_of(outcome) if outcome else None,
    }


def one_page(request: HttpRequest, rows: Any, *, now: dt.datetime) -> tuple[Any, list[Assignment]]:
    """A page of keys first, and only then what its rows show: as quick with 10 000 rows as with 100."""
    found = Paginator(queries.in_order(rows, now=now), PER_PAGE).get_page(request.GET.get("page"))
    keys = list(found.object_list)
    return found, list(queries.with_latest(Assignment.objects.filter(pk__in=keys), now=now))


# --- Läget nu ---------------------------------------------------------------------------------------


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """How each assignment stands. The table with its figures is also the fragment that is fetched anew."""
    actor, now = request.actor, timezone.now()
    if not policies.can_see_overview(actor):
        raise PermissionDenied(_("Läget nu är för kommunens egna roller."))
    responses = list(Response.objects.order_by("-started_at", "-pk").values_list("pk", "title", "state"))
    active = next((pk for pk, _title, state in responses if state == ResponseState.ACTIVE), None)
    data = request.GET.copy()
    if not data.get("insats"):
        data["insats"] = str(active) if active else OverviewFilter.ALL
    form = OverviewFilter(data, responses=[(pk, title) for pk, title, _state in responses])
    valid = form.is_valid()
    chosen = form.cleaned_data if valid else {}
    insats = chosen.get("insats", "")
    response_id = int(insats) if insats and insats != OverviewFilter.ALL else None
    department = chosen.get("forvaltning")
    rows = queries.overview(actor, response_id=response_id, organisation_id=department.pk if department else None)
    state = chosen.get("status", "")
    found, assignments = one_page(request, queries.in_state(rows, state, now=now), now=now)
    title = next((title for pk, title, _state in responses if pk == response_id), _("Alla insatser"))
    context = {
        "form": form,
        "filter_form": form,
        "title": title,
        "response_id": response_id,
        "counters": queries.counters(rows, now=now),
        "status": state,
        "page": found,
        "rows": [dressed(assignment, now=now) for assignment in assignments],
        "waiting": list(queries.waiting_reports(actor, response_id=response_id)[:WAITING_SHOWN]),
        "requests": list(queries.open_requests(actor, response_id=response_id)[:WAITING_SHOWN]),
        "may_decide": policies.can_decide(actor),
        "may_lead": policies.can_lead(actor),
        "is_projector": chosen.get("visning") == "projektor",
        "late_sets": list(past_end_with_open(actor, today=timezone.localdate(now))),
        "now": now,
    }
    for report in context["waiting"]:
        report.may_judge = policies.can_judge_report(actor, report)
    whole = not request.htmx or request.htmx.history_restore_request
    template = "start/overview.html" if whole else "start/overview.html#lage"
    answer = render(request, template, context, status=status_of(form))
    answer["Vary"] = "HX-Request, Cookie"
    return answer


# --- Mitt arbete ------------------------------------------------------------------------------------


@require_safe
def my_work(request: HttpRequest) -> HttpResponse:
    """What needs my hand: nearest first. Never anything of another organisation, but for those who lead."""
    actor, now = request.actor, timezone.now()
    mine = Assignment.objects.filter(organisation__in=whose.answers_for(actor))
    found, owed = one_page(request, mine.owed(), now=now)
    here = request.get_full_path()
    rows = [dressed(assignment, now=now) for assignment in owed]
    for row in rows:
        assignment = row["assignment"]
        row["may_acknowledge"] = policies.can_acknowledge(actor, assignment)
        row["may_report"] = policies.can_draft_report(actor, assignment)
        if policies.can_note_progress(actor, assignment):
            row["progress_form"] = ProgressForm(auto_id=f"{assignment.pk}_%s")
    judges = policies.can_hold_round(actor)
    reported = mine.filter(state=AssignmentState.REPORTED)
    context = {
        "rows": rows,
        "page": found,
        "here": here,
        "owes": bool(actor.has_role(Role.DEPARTMENT_HEAD, Role.OFFICER) or found.paginator.count),
        "handed_in": [
            dressed(assignment, now=now) for assignment in queries.with_latest(reported, now=now)[:WAITING_SHOWN]
        ],
        "to_judge": [
            report
            for report in (queries.waiting_reports(actor)[:WAITING_SHOWN] if judges else [])
            if policies.can_judge_report(actor, report)
        ],
        "to_answer": list(queries.open_requests(actor)[:WAITING_SHOWN]) if policies.can_decide(actor) else [],
        "directives": list(
            Directive.objects.filter(organisation__in=actor.organisation_ids, state=DirectiveState.GIVEN)
            .select_related("response", "organisation")
            .order_by("given_at", "pk")[:WAITING_SHOWN]
        ),
        "calls": list(calls_to(actor, now=now)),
        "waits": waiting_for(actor, now=now),
        "staff_messages": list(StaffMessage.objects.published().order_by("-published_at", "-pk")[:MESSAGES_SHOWN])
        if policies.can_read_staff_messages(actor)
        else [],
        "shared_count": DraftShare.objects.filter(organisation__in=actor.organisation_ids).count(),
        "doors": doors_of(request),
        "is_held": can_see_messages(actor) and open_hold() is not None,
        "now": now,
    }
    for directive in context["directives"]:
        directive.may_settle = policies.can_lead(actor) or policies.can_write_status_report(
            actor, directive.organisation_id
        )
    for report in context["to_judge"]:
        report.may_judge = True
    context["nothing"] = not any(
        context[name]
        for name in ("rows", "handed_in", "to_judge", "to_answer", "directives", "calls", "waits", "staff_messages")
    )
    return render(request, "start/my_work.html", context)


def calls_to(actor: Any, *, now: dt.datetime) -> Any:
    """Meetings ahead that call a function I hold."""
    functions = [membership.function_id for membership in actor.memberships if membership.function_id]
    return (
        Convening.objects.filter(
            state=ConveningState.CALLED, meeting_at__gte=now - MEETING_LASTS, functions__in=functions
        )
        .select_related("response")
        .distinct()
        .order_by("meeting_at", "pk")
    )


def doors_of(request: HttpRequest) -> list[dict[str, Any]]:
    """Where this role's own work is, apart from the lists above."""
    actor = request.actor
    doors = [
        (True, reverse("incidents:responses"), _("Insatser"), _("Händelser, möten och beslut.")),
        (
            policies.can_see_publish_queue(actor),
            "/arbete/publicera/",
            _("Publicera"),
            _("Texter som väntar på att invånarna ska få läsa dem."),
        ),
        (
            policies.can_set_diary_numbers(actor),
            reverse("incidents:diary"),
            _("Att diarieföra"),
            _("Handlingar som saknar diarienummer."),
        ),
        (actor.is_police, "/arbete/polis/", _("Polisen"), _("Texter att bekräfta och det ni åtar er.")),
        (
            actor.has_role(Role.ADMINISTRATOR),
            "/arbete/personer/",
            _("Personer"),
            _("Vem som kan logga in och med vilken roll."),
        ),
        (
            policies.can_see_overview(actor),
            reverse("start_staff:overview"),
            _("Läget nu"),
            _("Alla uppdrag du får se, de försenade först."),
        ),
    ]
    return [{"url": url, "title": title, "text": text} for shown, url, title, text in doors if shown]


@require_POST
@answering
def directive_done(request: HttpRequest, pk: int) -> HttpResponse:
    """ "Klart" on a directive in my list; back to the list."""
    actor = request.actor
    seen = Q(organisation__in=actor.organisation_ids)
    directive = get_object_or_404(Directive.objects.filter(Q() if policies.can_lead(actor) else seen), pk=pk)
    if directive.state == DirectiveState.DONE:
        messages.info(request, _("Direktivet var redan klart."))
    else:
        meetings.settle_directive(directive, to=DirectiveState.DONE, by=actor, now=timezone.now())
        messages.success(request, _("Direktivet är klart."))
    return see_other("start_staff:my_work")
