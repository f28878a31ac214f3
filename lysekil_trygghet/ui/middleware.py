"""What every answer carries so that other sites cannot use it, and what a query string may not hold."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import unquote_to_bytes

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.shortcuts import render
from django.utils import translation

GetResponse = Callable[[HttpRequest], HttpResponse]

# Pages that show what only some may see: never kept by a browser or a proxy.
PRIVATE_PATHS = ("/arbete/", "/admin/", "/konto/")

# Powers of the browser this portal never asks for.
PERMISSIONS_POLICY = ", ".join(
    f"{power}=()"
    for power in (
        "accelerometer",
        "autoplay",
        "camera",
        "display-capture",
        "encrypted-media",
        "fullscreen",
        "geolocation",
        "gyroscope",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "picture-in-picture",
        "usb",
        "xr-spatial-tracking",
    )
)


class SecurityHeadersMiddleware:
    """Headers Django has no setting for. Stands near the top, so that files and error pages get them too."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Cross-Origin-Embedder-Policy", "require-corp")
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        if request.path.startswith(PRIVATE_PATHS):
            response.headers["Cache-Control"] = "private, no-store"
        return response


class CleanQueryMiddleware:
    """Refuses addresses no honest link holds: NUL, or bytes that are not UTF-8.

    PostgreSQL raises on NUL and SQLite does not, so without this the same address would be a page on one
    and a server error on the other.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path or not is_clean(request.META.get("QUERY_STRING", "")):
            return render(request, "400.html", status=400)
        return self.get_response(request)


class ButtonAddressMiddleware:
    """Says what happened when the address of a button is opened as a page, as after signing in anew."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != 405 or request.method != "GET" or not request.path.startswith(PRIVATE_PATHS):
            return response
        page = render(request, "405.html", status=405)
        page.headers["Allow"] = response.headers.get("Allow", "POST")
        return page


def is_clean(query: str) -> bool:
    """True when the query string, once unquoted, is UTF-8 without NUL."""
    plain = unquote_to_bytes(query.encode("latin-1", errors="replace").replace(b"+", b" "))
    if b"\x00" in plain:
        return False
    try:
        plain.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


class AddressLocaleMiddleware(LocaleMiddleware):
    """The address alone decides the language, so no answer varies by what the browser prefers."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        response.headers.setdefault("Content-Language", translation.get_language() or settings.LANGUAGE_CODE)
        return response
