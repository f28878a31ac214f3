"""The Police's desk: confirm the exact words, say how it goes with what they undertake. Two minutes on a phone."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from incidents import police_desk, policies
from incidents.forms.police import (
    EditUndertakingForm,
    NewReinforcementForm,
    OwnUndertakingForm,
    ReinforcementForm,
)
from incidents.lifecycle import UNDERTAKING_MOVES, MeetingKind, QuestionState, ResponseState, UndertakingState, look_of
from incidents.models import DraftShare, Meeting, OpenQuestion, PoliceUndertaking, Reinforcement, Response
from incidents.operations import news, police
from incidents.words import timeline
from lysekil_trygghet.accounts.models import Membership, OrganisationKind, Role
from lysekil_trygghet.desk.answers import answering, page, see_other, trying
from lysekil_trygghet.desk.forms import AskForm
from lysekil_trygghet.history.guards import NotAllowed
from pledges.lifecycle import SETS_RUNNING
from pledges.models import Commitment, PriorityArea
from pledges.queries import waiting_for_police, with_parts
from pledges.views.shown import promise_row

from .packages import moves_of as item_moves_of
from .publishing import GET_POST, thing_url

MOST_ROWS = 100


def police_door(request: HttpRequest) -> None:
    """The Police, and those who work with them; to everybody else there is no such page."""
    if not policies.can_see_police_page(request.actor):
        raise Http404


def writer(request: HttpRequest) -> None:
    """What the Police do may be written down by the Police, and by those who lead."""
    if not (request.actor.is_police or policies.can_lead(request.actor)):
        raise NotAllowed


@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    police_door(request)
    actor, now = request.actor, timezone.now()
    may_move = policies.can_move_undertaking(actor)
    meetings = Meeting.objects.filter(kind=MeetingKind.POLICE)
    questions = OpenQuestion.objects.filter(
        state=QuestionState.OPEN, raised_at_meeting__kind=MeetingKind.POLICE
    ).select_related("raised_at_meeting")
    running = (
        PriorityArea.objects.filter(pledge_set__state__in=SETS_RUNNING)
        .select_related("pledge_set")
        .prefetch_related("problems__findings")
        .order_by("pledge_set__period_start", "order")
    )
    context = {
        "promises_waiting": waiting_for_police(),
        "own_promises": [promise_row(one, actor=actor) for one in with_parts(police_promises())],
        "priorities": running[:MOST_ROWS],
        "waiting": police_desk.unconfirmed(),
        "undertakings": undertakings(may_move),
        "measures": measures(may_move),
        "questions": questions[:MOST_ROWS],
        "meetings": meetings.filter(held_at__gte=now).order_by("held_at")[:10],
        "reinforcements": Reinforcement.objects.select_related("provider")[:20],
        "shared": DraftShare.objects.filter(organisation__in=actor.organisation_ids).exists(),
        "mailbox": coordinators_mailbox(timezone.localdate(now)),
        "may": {
            "confirm": policies.can_confirm_police_text(actor),
            "move": may_move,
            "write": actor.is_police or policies.can_lead(actor),
        },
        "now": now,
    }
    return render(request, "incidents/staff/police.html", context)


def police_promises() -> Any:
    """Promises that run and that the Police lead."""
    rows = Commitment.objects.running().filter(pk__in=Commitment.objects.led_by_police().values("pk"))
    return rows.order_by("pledge_set__period_start", "number")


def undertakings(may_move: bool) -> list[dict[str, Any]]:
    """Of what goes on now: planned and ongoing first, then done."""
    rows = (
        PoliceUndertaking.objects.filter(response__state=ResponseState.ACTIVE)
        .exclude(state=UndertakingState.WITHDRAWN)
        .select_related("response")
    )
    shown = [
        {
            "line": line,
            "look": look_of(line.state),
            "moves": [(to, UndertakingState(to).label) for to in UNDERTAKING_MOVES[line.state]] if may_move else [],
        }
        for line in rows[:MOST_ROWS]
    ]
    return sorted(shown, key=lambda row: row["line"].state == UndertakingState.DONE)


def measures(may_move: bool) -> list[dict[str, Any]]:
    return [
        {"item": item, "look": look_of(item.state), "moves": item_moves_of(item) if may_move else []}
        for item in police_desk.own_measures()[:MOST_ROWS]
    ]


def coordinators_mailbox(today: Any) -> str:
    """Where the Police write when the words are not right: a function, never a person."""
    coordinator = (
        Membership.objects.active_on(today).filter(role=Role.COORDINATOR).select_related("organisation").first()
    )
    return coordinator.organisation.function_mailbox if coordinator else ""


# --- Confirming -------------------------------------------------------------------------------------


@require_http_methods(GET_POST)
@answering
def police_confirm(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """The words as they stand, and the button. A wording changed meanwhile is shown anew before it is confirmed."""
    police_door(request)
    tray = police_desk.BY_SLUG.get(kind)
    if tray is None:
        raise Http404
    thing = get_object_or_404(tray.rows(), pk=pk)
    if not policies.can_confirm_police_text(request.actor):
        raise NotAllowed
    if thing.confirmed_by_police:
        messages.info(request, _("Texten är redan bekräftad."))
        return see_other("incidents:police")
    form = AskForm(request.POST if request.method == "POST" else None, initial={"seen": thing.revision})
    if request.method == "POST" and form.is_valid():
        if form.seen_revision is None:
            raise NotAllowed
        with trying(form):
            police.confirm(thing, by=request.actor, now=timezone.now(), seen=form.seen_revision)
            messages.success(request, _("Bekräftat. Kommunikatören kan visa texten för invånarna."))
            return see_other("incidents:police")
    thing = tray.rows().get(pk=pk)
    context = {
        "row": police_desk.row_of(tray, thing, heading=3),
        "mailbox": coordinators_mailbox(timezone.localdate()),
        "cancel_url": reverse("incidents:police"),
    }
    return page(request, "incidents/staff/police_confirm.html", form, **context)


# --- What the Police undertake ----------------------------------------------------------------------


def undertaking_door(request: HttpRequest, pk: int) -> PoliceUndertaking:
    police_door(request)
    return get_object_or_404(PoliceUndertaking.objects.select_related("response"), pk=pk)


@require_POST
@answering
def undertaking_move(request: HttpRequest, pk: int) -> HttpResponse:
    """One tap: how it goes. Only the Police."""
    line = undertaking_door(request, pk)
    to = request.POST.get("to", "")
    if to not in UndertakingState.values or not policies.can_move_undertaking(request.actor):
        raise NotAllowed
    if to not in UNDERTAKING_MOVES.get(line.state, ()):
        messages.info(request, _("Det är redan gjort. Här ser du hur det står nu."))
        return see_other("incidents:police")
    moved = police.move_undertaking(line, to=to, by=request.actor, now=timezone.now())
    messages.success(request, _("Åtagandet: %(state)s.") % {"state": str(moved.get_state_display()).lower()})
    return see_other("incidents:police")


@require_http_methods(GET_POST)
@answering
def police_undertaking_new(request: HttpRequest) -> HttpResponse:
    police_door(request)
    writer(request)
    form = OwnUndertakingForm(request.POST if request.method == "POST" else None)
    form.cancel_url = reverse("incidents:police")
    if request.method == "POST" and form.is_valid():
        values = form.values()
        with trying(form, request):
            police.write_undertaking(
                values.pop("response"), meeting=None, **values, by=request.actor, now=timezone.now()
            )
            messages.success(request, _("Åtagandet är antecknat. Polisen bekräftar texten innan den kan visas."))
            return see_other("incidents:police")
    title, lead = _("Polisen åtar sig"), _("Polisen flyttar själva statusen när något har hänt.")
    return page(request, "incidents/staff/police_form.html", form, title=title, lead=lead)


@require_http_methods(GET_POST)
@answering
def undertaking_edit(request: HttpRequest, pk: int) -> HttpResponse:
    line = undertaking_door(request, pk)
    writer(request)
    first = {"text": line.text, "text_en": line.text_en, "from_when": line.from_when, "seen": line.revision}
    form = EditUndertakingForm(request.POST if request.method == "POST" else None, initial=first)
    form.cancel_url = reverse("incidents:police")
    if request.method == "POST" and form.is_valid():
        with trying(form):
            police.edit_undertaking(
                line, values=form.values(), by=request.actor, now=timezone.now(), seen=form.seen_revision
            )
            messages.success(request, _("Åtagandet är sparat."))
            return see_other("incidents:police")
    context = {"title": _("Ändra åtagandet"), "confirmed": line.confirmed_by_police, "is_out": line.is_public}
    return page(request, "incidents/staff/police_form.html", form, **context)


# --- Reinforcement ----------------------------------------------------------------------------------


def reinforcement_door(request: HttpRequest, pk: int) -> Reinforcement:
    """Those at the Police's desk; once residents can read it, everybody who has a role."""
    if not policies.can_see_responses(request.actor):
        raise Http404
    row = get_object_or_404(Reinforcement.objects.select_related("response", "provider"), pk=pk)
    if not (row.is_public or policies.can_see_police_page(request.actor)):
        raise Http404
    return row


@require_safe
def reinforcement(request: HttpRequest, pk: int) -> HttpResponse:
    row = reinforcement_door(request, pk)
    actor = request.actor
    context = {
        "row": row,
        "response": row.response,
        "history": timeline(row),
        "desk_url": thing_url(row) if policies.can_see_publish_queue(actor) else "",
        "may": {
            "edit": actor.is_police or policies.can_lead(actor),
            "confirm": policies.can_confirm_police_text(actor) and not row.confirmed_by_police,
            "see_desk": policies.can_see_police_page(actor),
        },
    }
    return render(request, "incidents/staff/reinforcement.html", context)


@require_http_methods(GET_POST)
@answering
def reinforcement_new(request: HttpRequest, response_pk: int) -> HttpResponse:
    police_door(request)
    response = get_object_or_404(Response, pk=response_pk)
    writer(request)
    today = timezone.localdate().isocalendar()
    first = {"from_year": today.year, "from_week": today.week, "kind": Reinforcement.Kind.OUTDOOR}
    form = NewReinforcementForm(request.POST if request.method == "POST" else None, initial=first)
    form.fields["provider"].initial = own_police(request.actor)
    form.cancel_url = response.get_absolute_url()
    if request.method == "POST" and form.is_valid():
        with trying(form, request):
            row = news.announce_reinforcement(
                values={**form.values(), "response": response}, by=request.actor, now=timezone.now()
            )
            messages.success(request, _("Förstärkningen är sparad. Polisen bekräftar den innan den kan visas."))
            return see_other(row)
    context = {"title": _("Ny förstärkning"), "response": response}
    return page(request, "incidents/staff/reinforcement_form.html", form, **context)


def own_police(actor: Any) -> int | None:
    return next((m.organisation_id for m in actor.memberships if m.organisation.kind == OrganisationKind.POLICE), None)


@require_http_methods(GET_POST)
@answering
def reinforcement_edit(request: HttpRequest, pk: int) -> HttpResponse:
    row = reinforcement_door(request, pk)
    writer(request)
    names = [name for name in ReinforcementForm.base_fields if hasattr(row, name)]
    first = {name: getattr(row, name) for name in names} | {"provider": row.provider_id, "seen": row.revision}
    form = ReinforcementForm(request.POST if request.method == "POST" else None, initial=first)
    form.cancel_url = row.get_absolute_url()
    if request.method == "POST" and form.is_valid():
        with trying(form):
            news.edit_reinforcement(
                row, values=form.values(), by=request.actor, now=timezone.now(), seen=form.seen_revision
            )
            messages.success(request, _("Förstärkningen är sparad."))
            return see_other(row)
    context = {
        "title": _("Ändra förstärkningen"),
        "row": row,
        "response": row.response,
        "confirmed": row.confirmed_by_police,
        "is_out": row.is_public,
    }
    return page(request, "incidents/staff/reinforcement_form.html", form, **context)
