"""Pages for what went wrong: plain Swedish, the right status code, a way on."""

from __future__ import annotations

import errno
import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader

from lysekil_trygghet.publishing.away import StorageAway

RETRY_AFTER = 30  # seconds
NEVER_GIVEN_BACK = ("/konto/", "/admin/")


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "400.html", status=400)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """A refusal. A policy may say why: `raise PermissionDenied(_("…"))` shows those words."""
    return render(request, "403.html", {"reason": str(exception or "")}, status=403)


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Rendered without the request and its context: those may be what broke. A database that is away, full or too
    busy, a store of pictures or a full disk are no fault of the page: 503 says that nothing was saved, gives back what
    was typed, and lets it be sent again."""
    error = sys.exc_info()[1]
    if not isinstance(error, OperationalError | InterfaceError | StorageAway) and not is_full(error):
        return HttpResponse(loader.get_template("500.html").render({}), status=500)
    is_form = request.method == "POST"
    context = {
        "is_form": is_form,
        "no_room": is_full(error),
        "typed": typed(request) if is_form else [],
        "had_file": is_form and bool(request.FILES),
        "action": request.get_full_path(),
    }
    words = loader.get_template("503.html").render(context)
    return HttpResponse(words, status=503, headers={"Retry-After": str(RETRY_AFTER), "Cache-Control": "no-store"})


def is_full(error: BaseException | None) -> bool:
    """No room on this machine's disk, or no leave to write on it any more."""
    return isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EROFS)


def typed(request: HttpRequest) -> list[tuple[str, str, bool]]:
    """Every field as it was sent, and whether it is text to read. Nothing where passwords and codes are typed.

    The token against forged forms is given back as it came, so a form from elsewhere stays refused.
    """
    if request.path.startswith(NEVER_GIVEN_BACK):
        return []
    return [
        (name, value, " " in value.strip() and name != "csrfmiddlewaretoken")
        for name, values in request.POST.lists()
        for value in values
    ]


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was too old, or the browser sends no cookies. `reason` is for developers and not shown."""
    return render(request, "403_csrf.html", status=403)
