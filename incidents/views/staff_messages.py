"""Messages to the municipality's own staff: kept apart from news, never public."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from incidents import policies
from incidents.forms.staff_messages import NewStaffMessageForm, StaffMessageForm
from incidents.lifecycle import PublicationState, look_of
from incidents.models import StaffMessage
from incidents.operations import news
from incidents.words import timeline
from lysekil_trygghet.desk.answers import answering, page, see_other, trying
from lysekil_trygghet.desk.forms import AskForm
from lysekil_trygghet.publishing import markdown

from .publishing import GET_POST, page_of


def visible_to(actor: Any) -> Any:
    """Sent ones: everybody who works in the municipality. Drafts and withdrawn ones: those who write them."""
    rows = StaffMessage.objects.select_related("response")
    if policies.can_write_staff_messages(actor):
        return rows
    return rows.published() if policies.can_read_staff_messages(actor) else rows.none()


def message_door(request: HttpRequest, pk: int) -> StaffMessage:
    return get_object_or_404(visible_to(request.actor), pk=pk)


def writer_door(request: HttpRequest) -> None:
    if not policies.can_write_staff_messages(request.actor):
        raise Http404


@require_safe
def message_list(request: HttpRequest) -> HttpResponse:
    if not (policies.can_read_staff_messages(request.actor) or policies.can_write_staff_messages(request.actor)):
        raise Http404
    shown = page_of(request, visible_to(request.actor).order_by("-pk"))
    context = {
        "page": shown,
        "rows": [{"row": row, "look": look_of(row.state)} for row in shown.object_list],
        "may_write": policies.can_write_staff_messages(request.actor),
    }
    return render(request, "incidents/staff/staff_message_list.html", context)


@require_safe
def staff_message(request: HttpRequest, pk: int) -> HttpResponse:
    message = message_door(request, pk)
    writes = policies.can_write_staff_messages(request.actor)
    context = {
        "message": message,
        "body": markdown.render(message.body, heading=2),
        "look": look_of(message.state),
        "state_words": state_words(message),
        "history": timeline(message) if writes else [],
        "may": {
            "edit": writes and message.state == PublicationState.DRAFT,
            "withdraw": writes and message.state == PublicationState.PUBLISHED,
        },
    }
    return render(request, "incidents/staff/staff_message.html", context)


def state_words(message: StaffMessage) -> str:
    """Sent and taken back, not published: it never is."""
    if message.state == PublicationState.PUBLISHED:
        return _("Skickat")
    return _("Återtaget") if message.state == PublicationState.WITHDRAWN else str(message.get_state_display())


@require_http_methods(GET_POST)
@answering
def staff_message_new(request: HttpRequest) -> HttpResponse:
    writer_door(request)
    form = NewStaffMessageForm(request.POST if request.method == "POST" else None)
    form.cancel_url = reverse("incidents:staff_messages")
    if request.method == "POST" and form.is_valid():
        with trying(form, request):
            message = news.write_staff_message(values=form.values(), by=request.actor, now=timezone.now())
            messages.success(request, _("Utkastet är sparat. Skicka det när det är klart."))
            return see_other(message)
    return page(request, "incidents/staff/staff_message_form.html", form, title=_("Nytt meddelande till personalen"))


@require_http_methods(GET_POST)
@answering
def staff_message_edit(request: HttpRequest, pk: int) -> HttpResponse:
    writer_door(request)
    message = message_door(request, pk)
    if message.state != PublicationState.DRAFT:
        messages.info(request, _("Meddelandet är skickat. Skriv ett nytt i stället."))
        return see_other(message)
    first = {
        "title": message.title,
        "body": message.body,
        "response": message.response_id,
        "seen": message.revision,
    }
    form = StaffMessageForm(request.POST if request.method == "POST" else None, initial=first)
    form.cancel_url = message.get_absolute_url()
    if request.method == "POST" and form.is_valid():
        with trying(form):
            news.edit_staff_message(
                message, values=form.values(), by=request.actor, now=timezone.now(), seen=form.seen_revision
            )
            messages.success(request, _("Utkastet är sparat."))
            return see_other(message)
    context = {"title": _("Ändra meddelandet"), "message": message}
    return page(request, "incidents/staff/staff_message_form.html", form, **context)


@require_http_methods(GET_POST)
@answering
def staff_message_send(request: HttpRequest, pk: int) -> HttpResponse:
    writer_door(request)
    message = message_door(request, pk)
    if message.state != PublicationState.DRAFT:
        messages.info(request, _("Meddelandet är redan skickat."))
        return see_other(message)
    form = AskForm(request.POST if request.method == "POST" else None, initial={"seen": message.revision})
    if request.method == "POST" and form.is_valid():
        with trying(form):
            news.send_staff_message(message, by=request.actor, now=timezone.now(), seen=form.seen_revision)
            messages.success(request, _("Meddelandet är skickat."))
            return see_other(message)
    return confirm_page(
        request,
        message,
        form,
        question=_("Skicka till personalen?"),
        text=_("Det visas genast på Mitt arbete. Nästa arbetsdag klockan 08.00 får alla ett mejl om det."),
        submit_label=_("Skicka"),
    )


@require_http_methods(GET_POST)
@answering
def staff_message_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    writer_door(request)
    message = message_door(request, pk)
    if message.state != PublicationState.PUBLISHED:
        messages.info(request, _("Meddelandet är inte skickat, eller redan återtaget."))
        return see_other(message)
    form = AskForm(request.POST if request.method == "POST" else None, initial={"seen": message.revision})
    if request.method == "POST" and form.is_valid():
        with trying(form):
            news.withdraw_staff_message(message, by=request.actor, now=timezone.now(), seen=form.seen_revision)
            messages.success(request, _("Meddelandet är återtaget."))
            return see_other(message)
    return confirm_page(
        request,
        message,
        form,
        question=_("Ta tillbaka meddelandet?"),
        text=_("Det försvinner från Mitt arbete. Mejl som inte har gått iväg skickas inte."),
        submit_label=_("Ta tillbaka"),
        tone="danger",
    )


def confirm_page(request: HttpRequest, message: StaffMessage, form: Any, **context: Any) -> HttpResponse:
    context = {"message": message, "cancel_url": message.get_absolute_url(), **context}
    return page(request, "incidents/staff/staff_message_confirm.html", form, **context)
