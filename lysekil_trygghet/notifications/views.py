"""The outbox page: in demo mode everybody may read the mails the portal would have sent."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from . import outbox

PAGE_SIZE = 50


def _folder() -> Path:
    """Where the mails lie; outside demo mode the page does not exist."""
    if not settings.DEMO:
        raise Http404
    return Path(settings.MAIL_DIR)


@require_safe
def mails(request: HttpRequest) -> HttpResponse:
    """The mails, newest first, of all recipients or of one."""
    folder = _folder()
    everything = list(outbox.sent_mails(folder))
    recipients = sorted({mail.to for mail in everything}, key=str.casefold)
    wanted = request.GET.get("till", "")
    shown = [mail for mail in everything if mail.to == wanted] if wanted else everything
    page = Paginator(shown, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"page": page, "recipients": recipients, "wanted": wanted, "total": len(shown)}
    return render(request, "notifications/outbox.html", context)


@require_safe
def mail(request: HttpRequest, name: str) -> HttpResponse:
    """One mail as text."""
    try:
        found = outbox.read_mail(_folder(), name)
    except outbox.NoSuchMail:
        raise Http404 from None
    return render(request, "notifications/outbox_mail.html", {"mail": found})
