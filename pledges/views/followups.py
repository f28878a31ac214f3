"""Follow-ups of a promise, a measure or a plan: written, finished, confirmed by the Police where they lead."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lysekil_trygghet.desk.answers import answering, see_other
from lysekil_trygghet.desk.views import GET_POST, allow, initial_of, is_past, posted
from pledges import policies
from pledges.forms.following import FollowUpForm, NewFollowUpForm
from pledges.forms.sets import DocumentForm
from pledges.lifecycle import FollowUpState
from pledges.models import ActionPlan, FollowUp, Measure
from pledges.operations import follow_ups

from .doors import commitment_door, step
from .standing import is_closed
from .steps import asked, seen_form


def target_door(request: HttpRequest, kind: str, pk: int) -> Any:
    """A promise, a measure or a plan this person may see."""
    if kind == "lofte":
        return commitment_door(request, pk)
    if kind == "plan":
        plan = get_object_or_404(ActionPlan, pk=pk)
    elif kind == "atgard":
        measure = get_object_or_404(Measure.objects.select_related("plan", "organisation"), pk=pk)
        plan = measure.plan
    else:
        raise Http404
    if not policies.can_see_plan(request.actor, plan):
        raise Http404
    return plan if kind == "plan" else measure


def door(request: HttpRequest, pk: int) -> FollowUp:
    rows = FollowUp.objects.select_related("measure__plan", "plan", "measure__organisation")
    found = get_object_or_404(rows, pk=pk)
    if found.commitment_id:
        found.commitment = commitment_door(request, found.commitment_id)
    if not policies.can_see_follow_up(request.actor, found):
        raise Http404
    return found


@require_safe
def follow_up(request: HttpRequest, pk: int) -> HttpResponse:
    found = door(request, pk)
    target = policies.target_of(found)
    actor = request.actor
    writes = policies.can_write_follow_up(actor, target)
    draft = found.state == FollowUpState.DRAFT
    context = {
        "follow_up": found,
        "target": target,
        "missing": follow_ups.missing_to_finish(found, today=timezone.localdate()) if draft and writes else [],
        "waits_for_police": policies.needs_police(found) and not found.is_police_confirmed and not draft,
        "may": {
            "edit": policies.can_edit_follow_up(actor, found),
            "finish": writes and draft,
            "reopen": writes and not draft,
            "confirm": not draft and not found.is_police_confirmed and policies.can_confirm_follow_up(actor, found),
        },
    }
    return render(request, "pledges/staff/follow_up.html", context)


@require_http_methods(GET_POST)
@answering
def follow_up_new(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    target = target_door(request, kind, pk)
    may = policies.can_write_follow_up(request.actor, target)
    allow(may or (kind == "lofte" and is_closed(target)))
    if is_past(request, may):
        return see_other(target)
    first = {"kind": "OUTPUT", "is_public": True}
    if kind == "lofte":
        first |= {"period_start": target.starts_on(), "period_end": min(target.ends_on(), timezone.localdate())}
    return step(
        request,
        NewFollowUpForm(posted(request), initial=first),
        lambda form: follow_ups.write_follow_up(
            target, kind=form.cleaned_data["kind"], values=form.values(), by=request.actor, now=timezone.now()
        ),
        done=_("Utkastet är sparat. Markera det som klart när texten är färdig."),
        back=target,
        onward="pledges:follow_up",
        title=_("Ny uppföljning"),
        thing=target,
    )


@require_http_methods(GET_POST)
@answering
def follow_up_edit(request: HttpRequest, pk: int) -> HttpResponse:
    found = door(request, pk)
    allow(policies.can_write_follow_up(request.actor, policies.target_of(found)))
    if is_past(request, found.state == FollowUpState.DRAFT):
        return see_other("pledges:follow_up", found.pk)
    return step(
        request,
        FollowUpForm(posted(request), initial=initial_of(found, FollowUpForm)),
        lambda form: follow_ups.edit_follow_up(
            found, values=form.values(), by=request.actor, now=timezone.now(), seen=form.seen_revision
        ),
        done=_("Sparat."),
        back=f"/arbete/uppfoljning/{found.pk}/",
        title=_("Ändra uppföljningen"),
        thing=policies.target_of(found),
    )


@require_http_methods(GET_POST)
@answering
def follow_up_finish(request: HttpRequest, pk: int) -> HttpResponse:
    found = door(request, pk)
    target = policies.target_of(found)
    allow(policies.can_write_follow_up(request.actor, target))
    if is_past(request, found.state == FollowUpState.DRAFT):
        return see_other("pledges:follow_up", found.pk)
    return step(
        request,
        asked(request, found, _("Uppföljningen är klar")),
        lambda form: follow_ups.finish(found, by=request.actor, now=timezone.now(), seen=form.seen_revision),
        done=_("Uppföljningen är klar."),
        back=target,
        title=_("Är uppföljningen klar?"),
        thing=target,
        items=[text for text in (found.done_text, found.result_text) if text],
        missing=follow_ups.missing_to_finish(found, today=timezone.localdate()),
    )


@require_http_methods(GET_POST)
@answering
def follow_up_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    found = door(request, pk)
    target = policies.target_of(found)
    allow(policies.can_write_follow_up(request.actor, target))
    if is_past(request, found.state == FollowUpState.DONE):
        return see_other("pledges:follow_up", found.pk)
    return step(
        request,
        asked(request, found, _("Öppna igen")),
        lambda form: follow_ups.reopen_follow_up(found, by=request.actor, now=timezone.now(), seen=form.seen_revision),
        done=_("Uppföljningen är ett utkast igen."),
        back=f"/arbete/uppfoljning/{found.pk}/",
        title=_("Öppna uppföljningen igen?"),
        thing=target,
        lead=_("Invånarna ser den inte förrän den är klar igen."),
    )


@require_http_methods(GET_POST)
@answering
def follow_up_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    found = door(request, pk)
    actor = request.actor
    target = policies.target_of(found)
    allow(policies.can_confirm_follow_up(actor, found))
    if is_past(request, found.state == FollowUpState.DONE and not found.is_police_confirmed):
        return see_other("pledges:follow_up", found.pk)
    in_writing = not actor.is_police
    form = seen_form(DocumentForm, request, found) if in_writing else asked(request, found, _("Bekräfta"))
    return step(
        request,
        form,
        lambda form: follow_ups.confirm(
            found,
            by=actor,
            now=timezone.now(),
            seen=form.seen_revision,
            **({name: form.cleaned_data[name] for name in ("document", "document_on")} if in_writing else {}),
        ),
        done=_("Bekräftat."),
        back=target,
        title=_("Stämmer uppföljningen?"),
        thing=target,
        items=[text for text in (found.done_text, found.result_text, found.next_step) if text],
    )
