"""Contact points: what they are for, when somebody answers, and how that reads to residents just now."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from incidents import opening, policies
from incidents.forms.contact import (
    ContactForm,
    ExceptionFormSet,
    HoursFormSet,
    NewContactForm,
)
from incidents.lifecycle import Audience
from incidents.models import ContactPoint
from incidents.models.contact import Weekday
from incidents.operations import news
from incidents.operations.publication import missing_before_publication
from incidents.words import timeline
from lysekil_trygghet.desk.answers import answering, see_other, status_of, trying
from lysekil_trygghet.desk.rows import typed_values
from lysekil_trygghet.history.guards import NotAllowed

from .news import as_typed
from .publishing import GET_POST, may_with, page_of, thing_url

MORE_ROWS = 3


def contact_door(request: HttpRequest, pk: int) -> ContactPoint:
    """Those who edit them; what is published, everybody who has a role (they tell residents where to turn)."""
    if not policies.can_see_responses(request.actor):
        raise Http404
    rows = ContactPoint.objects.select_related("response").prefetch_related("hours", "exceptions")
    point = get_object_or_404(rows, pk=pk)
    if not (point.is_public or policies.can_edit_contact_points(request.actor)):
        raise Http404
    return point


@require_safe
def contact_list(request: HttpRequest) -> HttpResponse:
    if not policies.can_see_responses(request.actor):
        raise Http404
    may_edit = policies.can_edit_contact_points(request.actor)
    rows = ContactPoint.objects.prefetch_related("hours", "exceptions")
    shown = page_of(request, rows if may_edit else rows.published())
    now = timezone.now()
    context = {
        "page": shown,
        "rows": [{"point": point, "open": open_words(point, now=now)} for point in shown.object_list],
        "may_edit": may_edit,
    }
    return render(request, "incidents/staff/contact_list.html", context)


def open_words(point: ContactPoint, *, now: Any) -> dict[str, Any]:
    """Öppet nu, stänger kl. 02.00: the same words as on the residents' page."""
    status = opening.status_at(point.hours.all(), point.exceptions.all(), point.always_open, now)
    icon, tone = ("check-circle", "success") if status.is_open else ("clock", "neutral")
    return {"words": opening.in_words(status, now=now), "icon": icon, "tone": tone}


@require_safe
def contact_point(request: HttpRequest, pk: int) -> HttpResponse:
    point = contact_door(request, pk)
    public = point.audience == Audience.PUBLIC
    context = {
        "point": point,
        "open": open_words(point, now=timezone.now()),
        "hours": hours_in_words(point),
        "exceptions": odd_days(point),
        "missing": missing_before_publication(point) if public and not point.is_public else [],
        "for_public": public,
        "may_edit": policies.can_edit_contact_points(request.actor),
        "may": may_with(request.actor, point) if public else {},
        "desk_url": thing_url(point) if public else "",
        "preview_url": thing_url(point, "publish_preview") if public else "",
        "history": timeline(point),
    }
    return render(request, "incidents/staff/contact_point.html", context)


def odd_days(point: ContactPoint) -> list[tuple[dt.date, str, str]]:
    """Each day that differs: its hours, and what day it is."""
    notes = {row.date: row.note for row in point.exceptions.all() if row.note}
    hours = opening.exceptions_in_words(point.exceptions.all())
    return [(day, words, notes.get(day, "")) for day, words in hours.items()]


def hours_in_words(point: ContactPoint) -> list[str]:
    """fredag 18.00–02.00 (natten till lördag): one line for each stretch."""
    if point.always_open:
        return [_("Öppet dygnet runt")]
    lines = []
    for row in point.hours.all():
        words = f"{Weekday(row.weekday).label} {opening.hours_in_words([(row.opens, row.closes)])}"
        if row.crosses_midnight and row.closes.hour + row.closes.minute:
            words += " " + _("(natten till %(day)s)") % {"day": Weekday((row.weekday + 1) % 7).label}
        lines.append(words[:1].upper() + words[1:])
    return lines


# --- Writing ----------------------------------------------------------------------------------------


def editor(request: HttpRequest) -> None:
    if not policies.can_edit_contact_points(request.actor):
        raise NotAllowed


def row_forms(request: HttpRequest, point: ContactPoint | None) -> tuple[Any, Any]:
    """The week and the days that differ, as stored or as sent."""
    data = request.POST if request.method == "POST" else None
    hours, days = [], []
    if point is not None:
        hours = [{"weekday": row.weekday, "opens": row.opens, "closes": row.closes} for row in point.hours.all()]
        names = ("date", "is_closed", "opens", "closes", "note")
        days = [{name: getattr(row, name) for name in names} for row in point.exceptions.all()]
    return HoursFormSet(data, prefix="hours", initial=hours), ExceptionFormSet(data, prefix="days", initial=days)


def with_more_rows(formset: Any, extra: int) -> Any:
    """The lines as typed, unjudged, and some empty ones."""
    typed = [typed_values(row) for row in formset.forms[: formset.max_num]]
    lines = [line for line in typed if any(value for name, value in line.items() if name != "DELETE")]
    fresh = type(formset)(prefix=formset.prefix, initial=lines)
    fresh.extra = extra
    return fresh


def asks_for_more(request: HttpRequest) -> bool:
    return request.method == "POST" and "more" in request.POST


def form_page(request: HttpRequest, form: Any, hours: Any, exceptions: Any, **context: Any) -> HttpResponse:
    if asks_for_more(request):
        # Nothing is judged yet: the page comes back as it was, with more lines.
        more = request.POST["more"]
        hours = with_more_rows(hours, MORE_ROWS if more == "hours" else 0)
        exceptions = with_more_rows(exceptions, MORE_ROWS if more == "days" else 0)
        form = as_typed(form)
    context = {"form": form, "hours": hours, "exceptions": exceptions, **context}
    bad_rows = form.is_bound and not (hours.is_valid() and exceptions.is_valid())
    status = max(status_of(form), 422 if bad_rows and status_of(form) == 200 else 0)
    return render(request, "incidents/staff/contact_form.html", context, status=status)


@require_http_methods(GET_POST)
@answering
def contact_point_new(request: HttpRequest) -> HttpResponse:
    if not policies.can_see_responses(request.actor):
        raise Http404
    editor(request)
    first = {"order": 100, "audience": Audience.PUBLIC}
    form = NewContactForm(request.POST if request.method == "POST" else None, initial=first)
    hours, exceptions = row_forms(request, None)
    if is_sent(request, form, hours, exceptions):
        with trying(form, request), transaction.atomic():
            point = news.write_contact_point(values=form.values(), by=request.actor, now=timezone.now())
            put_rows(request, point, hours, exceptions)
            messages.success(request, _("Kontaktpunkten är sparad. Kommunikatören publicerar den."))
            return see_other(point)
    cancel_url = reverse("incidents:contact_points")
    title = _("Ny kontaktpunkt")
    return form_page(request, form, hours, exceptions, title=title, cancel_url=cancel_url)


@require_http_methods(GET_POST)
@answering
def contact_point_edit(request: HttpRequest, pk: int) -> HttpResponse:
    point = contact_door(request, pk)
    editor(request)
    names = [name for name in ContactForm.base_fields if hasattr(point, name)]
    first = {name: getattr(point, name) for name in names} | {"response": point.response_id, "seen": point.revision}
    form = ContactForm(request.POST if request.method == "POST" else None, initial=first)
    hours, exceptions = row_forms(request, point)
    if is_sent(request, form, hours, exceptions):
        with trying(form), transaction.atomic():
            news.edit_contact_point(
                point, values=form.values(), by=request.actor, now=timezone.now(), seen=form.seen_revision
            )
            put_rows(request, point, hours, exceptions)
            messages.success(request, _("Kontaktpunkten är sparad."))
            return see_other(point)
    title = _("Ändra kontaktpunkten")
    context = {"title": title, "point": point, "cancel_url": point.get_absolute_url()}
    return form_page(request, form, hours, exceptions, **context)


def is_sent(request: HttpRequest, form: Any, hours: Any, exceptions: Any) -> bool:
    if request.method != "POST" or asks_for_more(request):
        return False
    # All are asked, so that the page shows every error at once.
    return all([form.is_valid(), hours.is_valid(), exceptions.is_valid()])


def put_rows(request: HttpRequest, point: ContactPoint, hours: Any, exceptions: Any) -> None:
    news.put_hours(point, hours=hours.rows(), exceptions=exceptions.rows(), by=request.actor, now=timezone.now())
