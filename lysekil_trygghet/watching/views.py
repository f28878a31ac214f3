"""Answers for machines that watch the portal: is the process alive, and is the portal fit for work? At /halsa/.

`liv` is for load balancers: a stopped broker or worker must not take the residents' pages away. `redo` is for alarms.
The bodies hold words and figures: nothing about versions, addresses or errors.
"""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from . import checks

PLAIN = "text/plain; charset=utf-8"


@login_not_required
@never_cache
@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse(_("lever") + "\n", content_type=PLAIN)


@login_not_required
@never_cache
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """200 when nothing is wrong, else 503; then a line for each part, or JSON for whoever accepts it.

    JSON: {"ready": bool, "parts": {name: {"ok": bool or null (not used here), "figure": seconds, or how many}}}.
    """
    parts = checks.parts()
    wrong = [part.words for part in parts if part.ok is False]
    status = 503 if wrong else 200
    if request.accepts("application/json") and not request.accepts("text/plain"):
        data = {"ready": not wrong, "parts": {part.name: part.data for part in parts}}
        return JsonResponse(data, status=status)
    first = _("inte redo: %(what)s") % {"what": "; ".join(wrong)} if wrong else _("redo")
    lines = [first, "", *(part.words for part in parts)]
    return HttpResponse("\n".join(lines) + "\n", status=status, content_type=PLAIN)
