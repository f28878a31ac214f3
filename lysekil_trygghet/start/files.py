"""The small files every browser, reader of feeds and robot asks for."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.sitemaps.views import sitemap as map_of_pages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.http import require_safe

from lysekil_trygghet.publishing.languages import Reader
from lysekil_trygghet.publishing.pages import public_page

from .calendar import calendar as make_calendar
from .feed import feed
from .sitemap import ResidentsPages

CLOSED_TO_ROBOTS = ("/arbete/", "/konto/", "/admin/", "/halsa/")


@login_not_required
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Search engines are welcome on the residents' pages."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in CLOSED_TO_ROBOTS)]
    lines += ["", f"Sitemap: {settings.SITE_URL}{reverse('sitemap')}"]
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain; charset=utf-8")


@public_page
def sitemap(request: HttpRequest) -> HttpResponse:
    """Every page residents may read, in both languages."""
    made: TemplateResponse = map_of_pages(request, {"pages": ResidentsPages})
    return made.render()


@public_page
def atom(request: HttpRequest) -> HttpResponse:
    """What is new, for readers of feeds."""
    words = feed(read=Reader(), path=request.path)
    return HttpResponse(words, content_type="application/atom+xml; charset=utf-8")


@public_page
def calendar(request: HttpRequest) -> HttpResponse:
    """Public days, for calendars that subscribe."""
    return HttpResponse(make_calendar(read=Reader()), content_type="text/calendar; charset=utf-8")


@login_not_required
@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """For browsers that ask for it without reading the page."""
    return HttpResponseRedirect(static("img/favicon.svg"))
