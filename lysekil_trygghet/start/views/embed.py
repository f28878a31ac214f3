"""A card that the municipality's own website may show in a frame: the promises that hold now.

The only pages of the portal that others may frame, and only those named in EMBED_ANCESTORS.
oEmbed 1.0: https://oembed.com
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.csp import CSP
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csp import csp_override

from lysekil_trygghet.opendata.api import open_to_all
from lysekil_trygghet.publishing.languages import Reader
from lysekil_trygghet.publishing.pages import public_page
from pledges.residents.sets import set_cards

WIDTH, HEIGHT = 480, 360
FRAMED = settings.SECURE_CSP | {
    "script-src": [CSP.NONE],
    "form-action": [CSP.NONE],
    "frame-ancestors": settings.EMBED_ANCESTORS or [CSP.NONE],
}


def framed(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """May be shown in a frame by the listed sites; carries no script and no form."""

    @csp_override(FRAMED)
    @xframe_options_exempt
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        return response

    answered.login_required = False
    return answered


@framed
@public_page
def promises(request: HttpRequest) -> HttpResponse:
    """The set that holds now, how it goes, and the way to it."""
    read = Reader()
    cards = set_cards(read=read, today=timezone.localdate())
    card = next((card for card in cards if card.is_current), None)
    return render(request, "start/embed_promises.html", {"card": card, "read": read})


@open_to_all
@public_page(query=["url", "format", "maxwidth", "maxheight"], keep=False)
def oembed(request: HttpRequest) -> HttpResponse:
    """For a CMS that is given the address of the promises: what to put on its page instead of the link."""
    if request.GET.get("format", "json") != "json":
        return JsonResponse({"error": _("Bara formatet json finns.")}, status=501)
    language = _language_of(request.GET.get("url", ""))
    width = _at_most(request.GET.get("maxwidth", ""), WIDTH)
    height = _at_most(request.GET.get("maxheight", ""), HEIGHT)
    with translation.override(language):
        title = _("Våra löften nu")
        source = settings.SITE_URL + reverse("start:embed_promises")
    frame = '<iframe src="{}" title="{}" width="{}" height="{}" loading="lazy"></iframe>'
    return JsonResponse(
        {
            "version": "1.0",
            "type": "rich",
            "title": title,
            "provider_name": settings.MUNICIPALITY["PORTAL_NAME"],
            "provider_url": settings.SITE_URL,
            "cache_age": 3600,
            "width": width,
            "height": height,
            "html": format_html(frame, source, title, width, height),
        }
    )


def _language_of(url: str) -> str:
    """The language of the page asked for; 404 for any other address than those of the promises."""
    try:
        parts = urlsplit(url)
    except ValueError:
        raise Http404 from None
    if f"{parts.scheme}://{parts.netloc}" != settings.SITE_URL:
        raise Http404
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            if parts.path in (reverse("start:embed_promises"), reverse("pledges_public:sets"), reverse("start:home")):
                return language
    raise Http404


def _at_most(asked: str, ours: int) -> int:
    return min(int(asked), ours) if asked.isascii() and asked.isdigit() and 0 < len(asked) < 5 else ours
