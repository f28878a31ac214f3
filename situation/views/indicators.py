"""Indicators: what is measured, what the numbers are, and the drawing of them."""

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
from situation import figures, policies
from situation.forms.figures import LookForm
from situation.forms.imports import IndicatorForm
from situation.models import Indicator, Source
from situation.operations import indicators

from .doors import form_page, inside_door


def indicator_door(request: HttpRequest, pk: int) -> Indicator:
    rows = Indicator.objects.filter(source__in=Source.objects.visible_to(request.actor))
    return get_object_or_404(rows.select_related("source__organisation"), pk=pk)


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


@require_safe
def indicator(request: HttpRequest, pk: int) -> HttpResponse:
    """The numbers drawn as chosen in the address: areas, way of drawing, periods. Seen at once."""
    shown = indicator_door(request, pk)
    form = LookForm(request.GET or None, indicator=shown)
    look = form.look()
    context = {
        "indicator": shown,
        "form": form,
        "look": look,
        "figure": figures.of_indicator(shown, look),
        "may_edit": policies.can_edit_source(request.actor, shown.source),
    }
    return render(request, "situation/staff/indicator.html", context)


@require_http_methods(GET_POST)
@answering
def indicator_edit(request: HttpRequest, pk: int) -> HttpResponse:
    shown = indicator_door(request, pk)
    allow(policies.can_edit_source(request.actor, shown.source))
    form = IndicatorForm(posted(request), initial=initial_of(shown, IndicatorForm))
    form.cancel_url = reverse("situation:indicator", args=[shown.pk])
    if request.method == "POST" and form.is_valid():
        with trying(form, request):
            now = timezone.now()
            indicators.edit(shown, values=form.values(), by=request.actor, now=now, seen=form.seen_revision)
            messages.success(request, _("Ändringen är sparad."))
            return see_other("situation:indicator", shown.pk)
    return form_page(request, form, title=_("Ändra siffrans ord"), lead=shown.title)
