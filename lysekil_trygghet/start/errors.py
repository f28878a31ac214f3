"""Pages for what went wrong: plain Swedish, the right status code, a way on."""

from __future__ import annotations

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader

from lysekil_trygghet.publishing.away import StorageAway

RETRY_AFTER = 30  # seconds


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "400.html", status=400)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """A refusal. A policy may say why: `raise PermissionDenied(_("…"))` shows those words."""
    return render(request, "403.html", {"reason": str(exception or "")}, status=403)


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Rendered without the request and its context: those may be what broke. A database that is away or too busy, or a
    store of pictures, is no fault of the page: 503 says that nothing was saved and that it is worth asking again."""
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError | StorageAway):
        words = loader.get_template("503.html").render({})
        return HttpResponse(words, status=503, headers={"Retry-After": str(RETRY_AFTER)})
    return HttpResponse(loader.get_template("500.html").render({}), status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was too old, or the browser sends no cookies. `reason` is for developers and not shown."""
    return render(request, "403_csrf.html", status=403)
