"""The hold on sending at /arbete/utskick/uppehall/: why nothing leaves, what waits, and letting it go again."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from lysekil_trygghet.desk.answers import answering, page, see_other, trying
from lysekil_trygghet.history.guards import NotAllowed
from lysekil_trygghet.history.queries import timeline_of
from lysekil_trygghet.notifications import holding
from lysekil_trygghet.notifications.models import SendingHold

from .. import policies, words
from ..forms import HoldForm, ReleaseForm

PER_PAGE = 50
UNKNOWN_SHOWN = 50
HOLDS_SHOWN = 20


@require_safe
def hold(request: HttpRequest) -> HttpResponse:
    """How it stands, and what has been held before."""
    if not policies.can_see_messages(request.actor):
        raise PermissionDenied
    now = timezone.now()
    found = holding.open_hold()
    context: dict[str, Any] = {
        "hold": found,
        "may_deal": policies.can_deal_with_messages(request.actor),
        "events": [
            {"at": event.at, "words": words.VERBS.get(event.verb, event.verb), "who": event.actor_label}
            for event in timeline_of(SendingHold.objects.all()[:HOLDS_SHOWN]).reverse()
        ],
    }
    if found is not None:
        accepted = found.accepted.select_related("told__user").order_by("-accepted_at", "-pk")
        shown = Paginator(accepted, PER_PAGE).get_page(request.GET.get("page"))
        unknown = holding.nobody_knows(found, now=now).select_related("user").prefetch_related("obligations")
        context |= {
            "held": holding.held_back(found, now=now),
            "page": shown,
            "sent": [(row, words.recipient_of(row.told) if row.told else "") for row in shown.object_list],
            "unknown": [words.shown(message, now=now) for message in unknown[:UNKNOWN_SHOWN]],
        }
    return render(request, "mailroom/hold.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@answering
def hold_begin(request: HttpRequest) -> HttpResponse:
    """Ask why, and hold the sending."""
    if not policies.can_deal_with_messages(request.actor):
        raise NotAllowed
    form = HoldForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with trying(form, request):
            holding.hold_by_hand(note=form.cleaned_data["note"], by=request.actor, now=timezone.now())
            messages.success(request, _("Utskicken är pausade. Inget mejl går förrän någon släpper dem."))
            return see_other("mailroom:hold")
    context = {
        "question": _("Pausa alla utskick?"),
        "text": _(
            "Påminnelser, kallelser och mejl till invånare väntar tills någon släpper dem. Koder för inloggning "
            "skickas som vanligt."
        ),
        "submit_label": _("Pausa"),
        "back": reverse("mailroom:hold"),
    }
    return page(request, "mailroom/ask_hold.html", form, **context)


@require_http_methods(["GET", "HEAD", "POST"])
@answering
def hold_release(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask what to do with what is old, and let the rest go: of this hold, never of one that came later."""
    if not policies.can_deal_with_messages(request.actor):
        raise NotAllowed
    now = timezone.now()
    found = get_object_or_404(SendingHold, pk=pk)
    if found.released_at is not None:
        messages.info(request, _("Utskicken är redan släppta."))
        return see_other("mailroom:hold")
    form = ReleaseForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with trying(form):
            done = holding.release(found, by=request.actor, now=now, older_than_days=form.older_than_days)
            messages.success(
                request,
                _("Utskicken är släppta. %(to_send)s mejl skickas nu, %(aside)s lades åt sidan.")
                % {"to_send": done.to_send, "aside": done.set_aside},
            )
            return see_other("mailroom:hold")
    held = holding.held_back(found, now=now)
    facts = [ngettext("%(number)s mejl väntar.", "%(number)s mejl väntar.", held.waiting) % {"number": held.waiting}]
    if held.already_sent:
        words_ = ngettext(
            "%(number)s påminnelse skickades redan före återställningen och skickas inte igen.",
            "%(number)s påminnelser skickades redan före återställningen och skickas inte igen.",
            held.already_sent,
        )
        facts.append(words_ % {"number": held.already_sent})
    if held.nobody_knows:
        words_ = ngettext(
            "För %(number)s mejl kan ingen veta om det redan har skickats.",
            "För %(number)s mejl kan ingen veta om de redan har skickats.",
            held.nobody_knows,
        )
        facts.append(words_ % {"number": held.nobody_knows})
    context = {
        "question": _("Släppa utskicken?"),
        "list": facts,
        "submit_label": _("Släpp utskicken"),
        "back": reverse("mailroom:hold"),
    }
    return page(request, "mailroom/ask_hold.html", form, **context)
