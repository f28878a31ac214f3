"""The few forms of residents: no session and no cookie, so no CSRF token either.

A form comes from our own pages if the browser says so (`Origin`, or `Sec-Fetch-Site` where it sends that alone), and
how often one address may send it is counted for an hour under a name that cannot be turned back into the address.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

HOUR = 3600
View = Callable[..., HttpResponse]


def residents_form(name: str, *, an_hour: int) -> Callable[[View], View]:
    """Opens a view that takes a form from residents: GET shows it, POST is checked by origin and rate."""

    def opened(view: View) -> View:
        @csrf_exempt
        @login_not_required
        @never_cache
        @require_http_methods(["GET", "HEAD", "POST"])
        @wraps(view)
        def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method == "POST":
                if not is_from_here(request):
                    return render(request, "start/form_refused.html", {"why": "origin"}, status=403)
                if not may_send(name, address_of(request), an_hour=an_hour, now=timezone.now()):
                    answer = render(request, "start/form_refused.html", {"why": "rate"}, status=429)
                    answer.headers["Retry-After"] = str(HOUR)
                    return answer
            return view(request, *args, **kwargs)

        return answered

    return opened


def is_from_here(request: HttpRequest) -> bool:
    """True when the browser says that one of our own pages sent this."""
    origin = request.headers.get("Origin", "")
    if origin and origin != "null":
        return origin in {settings.SITE_URL, f"{request.scheme}://{request.get_host()}"}
    if site := request.headers.get("Sec-Fetch-Site", ""):
        return site == "same-origin"
    referer = urlsplit(request.headers.get("Referer", ""))
    return referer.netloc == request.get_host()


def address_of(request: HttpRequest) -> str:
    """Where it came from: what the outermost of our own proxies saw (TRUSTED_PROXY_COUNT)."""
    trusted = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    seen = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    if trusted and len(seen) >= trusted:
        return seen[-trusted]
    return str(request.META.get("REMOTE_ADDR", ""))


def may_send(name: str, address: str, *, an_hour: int, now: dt.datetime) -> bool:
    """Counts one more from this address; False when there were too many this hour. The address is not kept."""
    hour = f"{now.astimezone(dt.UTC):%Y-%m-%dT%H}"
    nameless = salted_hmac(f"residents_form {hour}", address, algorithm="sha256").hexdigest()[:32]
    key = f"{name}:{nameless}"
    cache.add(key, 0, HOUR)
    try:
        return cache.incr(key) <= an_hour
    except ValueError:  # it ran out between the two
        return True
