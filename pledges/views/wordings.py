"""The Police's word on the wording of priorities and promises, and the thread of comments."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from lysekil_trygghet.desk.answers import answering, see_other
from lysekil_trygghet.desk.views import GET_POST, allow, is_past
from pledges import policies
from pledges.forms.promises import (
    CommentForm,
    SendBackForm,
)
from pledges.forms.sets import DocumentForm
from pledges.models import Commitment, PriorityArea
from pledges.operations import comments, wordings

from .doors import area_door, commitment_door, step
from .steps import asked, seen_form


def wording_door(request: HttpRequest, kind: str, pk: int) -> PriorityArea | Commitment:
    if kind == "omrade":
        return area_door(request, pk)
    if kind == "lofte":
        return commitment_door(request, pk)
    raise Http404


@require_http_methods(GET_POST)
@answering
def wording_confirm(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    thing = wording_door(request, kind, pk)
    actor = request.actor
    allow(actor.is_police or policies.writes_for_police(actor))
    open_now = policies.can_confirm_wording(actor, thing) or policies.can_record_police_wording(actor, thing)
    if is_past(request, open_now and not thing.is_police_confirmed):
        return see_other(thing)
    in_writing = not actor.is_police
    form = seen_form(DocumentForm, request, thing) if in_writing else asked(request, thing, _("Bekräfta"))
    return step(
        request,
        form,
        lambda form: wordings.confirm_wording(
            thing,
            by=actor,
            now=timezone.now(),
            seen=form.seen_revision,
            **({name: form.cleaned_data[name] for name in ("document", "document_on")} if in_writing else {}),
        ),
        done=_("Bekräftat."),
        back=thing,
        title=_("Anteckna Polisens skriftliga ja") if in_writing else _("Bekräfta texten?"),
        thing=thing,
        items=wording_of(thing),
    )


def wording_of(thing: PriorityArea | Commitment) -> list[str]:
    names = (
        ("text_as_promised", "purpose", "how_we_know", "easy_text")
        if isinstance(thing, Commitment)
        else ("title", "why")
    )
    return [text for name in names if (text := getattr(thing, name))]


@require_http_methods(GET_POST)
@answering
def wording_send_back(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    thing = wording_door(request, kind, pk)
    allow(request.actor.is_police)
    if is_past(request, policies.can_send_back(request.actor, thing)):
        return see_other(thing)
    return step(
        request,
        seen_form(SendBackForm, request, thing),
        lambda form: wordings.send_back(
            thing, text=form.cleaned_data["text"], by=request.actor, now=timezone.now(), seen=form.seen_revision
        ),
        done=_("Texten är tillbakaskickad till kommunen."),
        back=thing,
        title=_("Skicka tillbaka texten"),
        thing=thing,
        items=wording_of(thing),
    )


@require_POST
@answering
def comment(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    thing = wording_door(request, kind, pk)
    allow(policies.can_comment(request.actor, thing))
    return step(
        request,
        CommentForm(request.POST),
        lambda form: comments.comment(thing, text=form.cleaned_data["text"], by=request.actor, now=timezone.now()),
        done=_("Kommentaren är sparad."),
        back=thing,
        title=_("Kommentar"),
        thing=thing,
    )
