"""The call to a meeting: written, sent, called off. Says who gets it, and where nobody holds the function."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from incidents import policies
from incidents.deadlines import next_working_morning
from incidents.forms.meetings import ConveningForm, NewConveningForm
from incidents.lifecycle import ConveningState, look_of
from incidents.models import Convening
from incidents.operations import meetings
from lysekil_trygghet.accounts.models import Function, Membership
from lysekil_trygghet.desk.answers import answering, page, see_other, trying
from lysekil_trygghet.desk.forms import AskForm
from lysekil_trygghet.history.guards import NotAllowed

from .decisions import GET_POST
from .responses import initial_of, leader, response_door


def convening_door(request: HttpRequest, pk: int) -> Convening:
    """A call that went out is seen by everybody with a role; a draft by those who lead."""
    convening = get_object_or_404(Convening.objects.select_related("response", "meeting"), pk=pk)
    actor = request.actor
    if not policies.can_see_responses(actor):
        raise Http404
    if convening.state == ConveningState.DRAFT and not policies.can_convene(actor):
        raise Http404
    return convening


@dataclass(frozen=True)
class Called:
    """One function in the call: somebody holds it, or the call goes to the mailbox, or nowhere."""

    function: Function
    is_held: bool

    @property
    def mailbox(self) -> str:
        return "" if self.is_held else self.function.organisation.function_mailbox


def who_is_called(convening: Convening, *, on: dt.date) -> list[Called]:
    functions = list(convening.functions.select_related("organisation").order_by("-is_key", "label"))
    held = set(Membership.objects.active_on(on).filter(function__in=functions).values_list("function_id", flat=True))
    return [Called(function, is_held=function.pk in held) for function in functions]


@require_safe
def convening(request: HttpRequest, pk: int) -> HttpResponse:
    convening = convening_door(request, pk)
    may = policies.can_convene(request.actor)
    context = {
        "convening": convening,
        "response": convening.response,
        "look": look_of(convening.state),
        "called": who_is_called(convening, on=timezone.localdate()),
        "may": {
            "edit": may and convening.state == ConveningState.DRAFT,
            "send": may and convening.state == ConveningState.DRAFT,
            "cancel": may and convening.state in (ConveningState.DRAFT, ConveningState.CALLED),
        },
        "now": timezone.now(),
    }
    return render(request, "incidents/staff/convening.html", context)


@require_http_methods(GET_POST)
@answering
def convening_new(request: HttpRequest, response_pk: int) -> HttpResponse:
    response = response_door(request, response_pk)
    leader(request)
    keys = list(Function.objects.filter(is_key=True, organisation__is_active=True).values_list("pk", flat=True))
    first = {"meeting_at": next_working_morning(timezone.now()), "functions": keys}
    form = NewConveningForm(request.POST if request.method == "POST" else None, initial=first)
    form.cancel_url = response.get_absolute_url()
    if request.method == "POST" and form.is_valid():
        with trying(form, request):
            prepared = meetings.prepare_convening(
                response,
                functions=form.cleaned_data["functions"],
                **form.values(),
                by=request.actor,
                now=timezone.now(),
            )
            return see_other("incidents:convening_send", prepared.pk)
    return page(request, "incidents/staff/convening_form.html", form, title=_("Ny kallelse"), response=response)


@require_http_methods(GET_POST)
@answering
def convening_edit(request: HttpRequest, pk: int) -> HttpResponse:
    convening = convening_door(request, pk)
    may_convene(request)
    initial = initial_of(convening, ConveningForm) | {"functions": list(convening.functions.all())}
    form = ConveningForm(request.POST if request.method == "POST" else None, initial=initial)
    form.cancel_url = convening.get_absolute_url()
    if request.method == "POST" and form.is_valid():
        with trying(form):
            meetings.edit_convening(
                convening,
                values=form.values(),
                functions=form.cleaned_data["functions"],
                by=request.actor,
                now=timezone.now(),
                seen=form.seen_revision,
            )
            messages.success(request, _("Kallelsen är sparad. Den är inte skickad."))
            return see_other(convening)
    title, response = _("Ändra kallelsen"), convening.response
    return page(request, "incidents/staff/convening_form.html", form, title=title, response=response)


@require_http_methods(GET_POST)
@answering
def convening_send(request: HttpRequest, pk: int) -> HttpResponse:
    convening = convening_door(request, pk)
    may_convene(request)
    form = AskForm(request.POST if request.method == "POST" else None, initial={"seen": convening.revision})
    if request.method == "POST" and form.is_valid():
        with trying(form):
            meetings.send_call(convening, by=request.actor, now=timezone.now(), seen=form.seen_revision)
            messages.success(request, _("Kallelsen är skickad."))
            return see_other(convening)
    return ask(
        request,
        convening,
        form,
        question=_("Skicka kallelsen?"),
        called=who_is_called(convening, on=timezone.localdate()),
        submit_label=_("Skicka kallelsen"),
    )


@require_http_methods(GET_POST)
@answering
def convening_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    convening = convening_door(request, pk)
    may_convene(request)
    form = AskForm(request.POST if request.method == "POST" else None, initial={"seen": convening.revision})
    if request.method == "POST" and form.is_valid():
        with trying(form):
            meetings.cancel_convening(convening, by=request.actor, now=timezone.now(), seen=form.seen_revision)
            messages.success(request, _("Mötet är inställt."))
            return see_other(convening)
    return ask(
        request,
        convening,
        form,
        question=_("Ställa in?"),
        text=_("De som har fått kallelsen får besked om att mötet är inställt."),
        submit_label=_("Ställ in"),
        tone="danger",
    )


def may_convene(request: HttpRequest) -> None:
    if not policies.can_convene(request.actor):
        raise NotAllowed


def ask(request: HttpRequest, convening: Convening, form: Any, **words: Any) -> HttpResponse:
    context = {"convening": convening, "cancel_url": convening.get_absolute_url(), **words}
    return page(request, "incidents/staff/convening_confirm.html", form, **context)
