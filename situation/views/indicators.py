"""Indicators: what is measured, what it is called; and what is fetched by the clock."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Count, Max, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lysekil_trygghet.desk.answers import answering, see_other, trying
from lysekil_trygghet.desk.views import GET_POST, allow, initial_of, page_of, posted
from situation import policies
from situation.forms.feeds import FeedForm, NewFeedForm
from situation.forms.imports import IndicatorForm
from situation.models import DataFeed, Indicator, Source
from situation.operations import feeds, indicators

from .doors import form_page, inside_door
from .figures import visible_indicator


@require_safe
def indicator_list(request: HttpRequest) -> HttpResponse:
    """By publisher and title; with `?sok=` those whose title holds the word."""
    inside_door(request)
    wanted = request.GET.get("sok", "").strip()[:100]
    rows = Indicator.objects.filter(source__in=Source.objects.visible_to(request.actor)).select_related("source")
    if wanted:
        rows = rows.filter(Q(title__icontains=wanted) | Q(external_id__iexact=wanted))
    rows = rows.annotate(number_of=Count("values"), latest=Max("values__period")).order_by("source__title", "title")
    page = page_of(request, rows)
    context = {
        "page": page,
        "rows": page,
        "wanted": wanted,
        "may_import": policies.can_write_pictures(request.actor),
    }
    return render(request, "situation/staff/indicator_list.html", context)


@require_http_methods(GET_POST)
@answering
def indicator_edit(request: HttpRequest, pk: int) -> HttpResponse:
    shown = visible_indicator(request, pk)
    allow(policies.can_edit_source(request.actor, shown.source))
    form = IndicatorForm(posted(request), initial=initial_of(shown, IndicatorForm))
    form.cancel_url = reverse("situation:indicator", args=[shown.pk])
    if request.method == "POST" and form.is_valid():
        with trying(form, request):
            now = timezone.now()
            indicators.edit(shown, values=form.values(), by=request.actor, now=now, seen=form.seen_revision)
            messages.success(request, _("Ändringen är sparad."))
            return see_other("situation:indicator", shown.pk)
    return form_page(request, form, title=_("Ändra siffrans ord"), lead=shown.title, numbers=True)


# --- Fetched by the clock ------------------------------------------------------------------------------------


@require_safe
def feed_list(request: HttpRequest) -> HttpResponse:
    inside_door(request)
    rows = DataFeed.objects.filter(source__in=Source.objects.visible_to(request.actor)).select_related("source")
    context = {"rows": rows, "may_write": policies.can_write_pictures(request.actor)}
    return render(request, "situation/staff/feed_list.html", context)


def _own_sources(request: HttpRequest) -> list[int]:
    rows = Source.objects.visible_to(request.actor).select_related("organisation")
    return [one.pk for one in rows if policies.can_import(request.actor, one)]


@require_http_methods(GET_POST)
@answering
def feed_new(request: HttpRequest) -> HttpResponse:
    inside_door(request)
    allow(policies.can_write_pictures(request.actor))
    form = NewFeedForm(posted(request), sources=Source.objects.filter(pk__in=_own_sources(request)))
    form.cancel_url = reverse("situation:feeds")
    if request.method == "POST" and form.is_valid():
        with trying(form, request):
            feeds.write(values=form.values(), by=request.actor, now=timezone.now())
            messages.success(request, _("Hämtningen är sparad. Den görs inom några minuter."))
            return see_other("situation:feeds")
    return form_page(request, form, title=_("Ny hämtning"), numbers=True)


@require_http_methods(GET_POST)
@answering
def feed_edit(request: HttpRequest, pk: int) -> HttpResponse:
    rows = DataFeed.objects.filter(source__in=Source.objects.visible_to(request.actor))
    feed = get_object_or_404(rows.select_related("source__organisation"), pk=pk)
    allow(policies.can_import(request.actor, feed.source))
    form = FeedForm(
        posted(request),
        sources=Source.objects.filter(pk__in=_own_sources(request)),
        initial=initial_of(feed, FeedForm),
    )
    form.cancel_url = reverse("situation:feeds")
    if request.method == "POST" and form.is_valid():
        with trying(form, request):
            now = timezone.now()
            feeds.edit(feed, values=form.values(), by=request.actor, now=now, seen=form.seen_revision)
            messages.success(request, _("Hämtningen är sparad. Den görs inom några minuter."))
            return see_other("situation:feeds")
    return form_page(request, form, title=_("Ändra hämtningen"), numbers=True)
