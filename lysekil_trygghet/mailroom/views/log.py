"""The log of mail at /arbete/utskick/: what went to whom, when and about what, and what to do when it did not."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lysekil_trygghet.desk.answers import answering, page, see_other, trying
from lysekil_trygghet.history.guards import NotAllowed
from lysekil_trygghet.history.queries import timeline_of
from lysekil_trygghet.notifications import operations
from lysekil_trygghet.notifications.holding import open_hold
from lysekil_trygghet.notifications.models import MessageState
from lysekil_trygghet.notifications.queries import ledger_status, messages_log

from .. import policies, words
from ..forms import LogFilter, YesForm

PER_PAGE = 50


def _door(request: HttpRequest) -> None:
    if not policies.can_see_messages(request.actor):
        raise PermissionDenied


@require_safe
def log(request: HttpRequest) -> HttpResponse:
    """Newest first, found by words and by how it went."""
    _door(request)
    form = LogFilter(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    rows = messages_log(words=wanted.get("q", ""), kind=wanted.get("visa", ""))
    now = timezone.now()
    shown = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": shown,
        "rows": [words.shown(message, now=now) for message in shown.object_list],
        "filter_form": form,
        "is_filtered": any(wanted.values()),
        "status": ledger_status(now=now),
        "is_held": open_hold() is not None,
    }
    return render(request, "mailroom/log.html", context)


@require_safe
def message(request: HttpRequest, pk: int) -> HttpResponse:
    """All about one mail."""
    _door(request)
    found = get_object_or_404(messages_log(), pk=pk)
    context = {
        "shown": words.shown(found, now=timezone.now()),
        "message": found,
        "told": found.obligations.all(),
        "what_to_do": words.what_to_do(found),
        "is_uncertain": found.state == MessageState.UNCERTAIN,
        "may_deal": words.needs_a_person(found) and policies.can_deal_with_messages(request.actor),
        "events": [
            {"at": event.at, "words": words.VERBS.get(event.verb, event.verb), "who": event.actor_label}
            for event in timeline_of(found).reverse()
        ],
    }
    return render(request, "mailroom/message.html", context)


def _asking(
    operation: Callable[..., None], *, question: Callable[[], str], text: Callable[[], str], label: Callable[[], str]
) -> Callable[..., HttpResponse]:
    """A page that asks before `operation` is done to a mail that did not arrive."""

    @require_http_methods(["GET", "HEAD", "POST"])
    @answering
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        _door(request)
        found = get_object_or_404(messages_log(), pk=pk)
        if not policies.can_deal_with_messages(request.actor):
            raise NotAllowed
        form = YesForm(request.POST if request.method == "POST" else None)
        back = reverse("mailroom:message", args=[pk])
        if request.method == "POST" and form.is_valid():
            with trying(form):
                operation(found, by=request.actor, now=timezone.now())
                messages.success(request, _("Klart. Här ser du hur det står nu."))
                return see_other(back)
        to = words.recipient_of(found)
        asked = {"question": question(), "text": text(), "submit_label": label()}
        return page(request, "mailroom/ask.html", form, **asked, to=to, back=back)

    return view


send_again = _asking(
    operations.send_again,
    question=lambda: _("Skicka mejlet en gång till?"),
    text=lambda: _("Det som inte längre behöver sägas tas bort ur mejlet. Är inget kvar skickas det inte."),
    label=lambda: _("Skicka igen"),
)
arrived = _asking(
    operations.mark_arrived,
    question=lambda: _("Kom mejlet fram?"),
    text=lambda: _("Svara ja om mottagaren har sagt att mejlet finns i brevlådan."),
    label=lambda: _("Ja, det kom fram"),
)
set_aside = _asking(
    operations.set_aside,
    question=lambda: _("Har mottagaren fått veta det på annat sätt?"),
    text=lambda: _("Då skickas mejlet inte. Nästa påminnelse går som vanligt."),
    label=lambda: _("Ja, mottagaren vet"),
)
