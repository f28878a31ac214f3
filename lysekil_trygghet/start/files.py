"""The small files every browser, reader of feeds and robot asks for."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.sitemaps.views import sitemap as map_of_pages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lysekil_trygghet.accounts.actors import Actor
from lysekil_trygghet.notifications.models import Channel
from lysekil_trygghet.publishing.languages import Reader
from lysekil_trygghet.publishing.pages import public_page

from .calendar import calendar as make_calendar
from .feed import feed
from .my_calendar import calendar_of
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
@never_cache
@require_safe
def my_calendar(request: HttpRequest, key: str) -> HttpResponse:
    """The days of the one whose secret address this is; missing for everybody else, and when the account is closed."""
    channel = get_object_or_404(Channel.objects.select_related("user"), calendar_key=key, user__is_active=True)
    now = timezone.now()
    actor = Actor.of(channel.user, on=timezone.localdate(now))
    answer = HttpResponse(calendar_of(actor, now=now), content_type="text/calendar; charset=utf-8")
    answer["X-Robots-Tag"] = "noindex"
    return answer


@login_not_required
@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """For browsers that ask for it without reading the page."""
    return HttpResponseRedirect(static("img/favicon.svg"))
