"""The residents' pages of the acute chain: fetch what is published, show it. The same bytes for everybody."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.files.storage import default_storage
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.csp import CSP
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_safe

from incidents.models import ActionPackage, PublicUpdate, Response
from incidents.residents import contact as contact_points
from incidents.residents import news
from incidents.residents import responses as read_responses
from incidents.topics import response_topic
from lysekil_trygghet.publishing.languages import WRITTEN_IN, Reader
from lysekil_trygghet.publishing.pages import public_page
from lysekil_trygghet.subscriptions.queries import noticed
from lysekil_trygghet.ui.context import municipality

# Made by publishing/images.py; nothing else is ever sent from the folder.
PICTURE_TYPES = {"webp": "image/webp", "jpg": "image/jpeg"}
# A picture never changes under its name: browsers may keep it a day, proxies as short as a page, so that one that
# is withdrawn is gone for whoever has not seen it.
PICTURE_CACHE = "public, max-age=86400, s-maxage=10"


def _published_response(slug: str) -> Response:
    return get_object_or_404(Response.objects.published(), slug=slug)


@public_page
def responses(request: HttpRequest) -> HttpResponse:
    """What goes on now, then what has ended."""
    read = Reader()
    cards = read_responses.response_cards(read=read)
    context = {
        "ongoing": [card for card in cards if card.is_ongoing],
        "ended": [card for card in cards if not card.is_ongoing],
        "read": read,
    }
    return render(request, "incidents/public/responses.html", context)


@public_page
def response(request: HttpRequest, slug: str) -> HttpResponse:
    """Everything about one response on one page."""
    response = _published_response(slug)
    context = {"response": response, **_story(response, read := Reader()), "read": read}
    return render(request, "incidents/public/response.html", context)


def _story(response: Response, read: Reader) -> dict[str, Any]:
    now = timezone.now()
    decisions = read_responses.published_decisions(response)
    current, older = read_responses.split_current(decisions)
    packages = read_responses.published_packages(response)
    package = read_responses.current_package(packages)
    slug = response.slug
    texts = {name: read.in_language(response, name) for name in ("title", "background", "limits_text", "closing_text")}
    return {
        **texts,
        # Plain Swedish, on the Swedish page alone.
        "easy_text": response.easy_text if read.language == WRITTEN_IN else "",
        "card": read_responses.response_card(response, read=read),
        "happenings": read_responses.happenings(response, read=read),
        "decisions": [read_responses.decision_shown(one, slug=slug, read=read) for one in current],
        "older_decisions": [read_responses.decision_shown(one, slug=slug, read=read) for one in older],
        "tasks": read_responses.tasks(response, read=read, now=now),
        "undertakings": read_responses.undertakings(response, read=read),
        "reinforcements": read_responses.reinforcements(
            response, place=municipality()["short_name"], read=read, now=now
        ),
        "package": read_responses.package_shown(package, slug=slug, read=read) if package else None,
        "older_packages": [
            read_responses.package_shown(one, slug=slug, read=read, with_measures=False)
            for one in packages
            if one is not package
        ],
        "meetings": read_responses.meetings(response, read=read),
        "follow_ups": read_responses.follow_ups(response, read=read),
        "months": news.by_month(news.published_updates().filter(response=response), read=read),
        "corrections": read_responses.response_corrections(response, read=read),
        "contacts": contact_points.contacts(read=read, now=now),
        "now": now,
        "updated_at": _latest(response, decisions, packages),
        "is_running": response.ended_at is None,
        "topic": response_topic(response.pk),
        "noticed": noticed(response_topic(response.pk)) if response.ended_at else None,
    }


def _latest(response: Response, decisions: list[Any], packages: list[Any]) -> dt.datetime | None:
    """When something that the page of the response shows was published."""
    told = news.published_updates().filter(response=response).values_list("published_at", flat=True).first()
    moments = [response.published_at, told, *(one.published_at for one in (*decisions, *packages))]
    return max((moment for moment in moments if moment is not None), default=None)


@public_page
def decision(request: HttpRequest, slug: str, number: str, version: int) -> HttpResponse:
    """One version of a decision, for good at its own address."""
    response = _published_response(slug)
    decisions = read_responses.published_decisions(response)
    found = next((one for one in decisions if (one.number, one.version) == (number, version)), None)
    if found is None:
        raise Http404
    newer = [one for one in decisions if one.number == number and one.version > version]
    read = Reader()
    context = {
        "decision": read_responses.decision_shown(found, slug=slug, read=read),
        "newest_url": read_responses.decision_url(slug, max(newer, key=lambda one: one.version)) if newer else "",
        "title": read.in_language(response, "title"),
        "response": response,
        "read": read,
        "updated_at": found.published_at,
    }
    return render(request, "incidents/public/decision.html", context)


@public_page
def package(request: HttpRequest, slug: str, version: int) -> HttpResponse:
    """One version of the action package, for good at its own address."""
    response = _published_response(slug)
    found = get_object_or_404(ActionPackage.objects.published(), response=response, version=version)
    read = Reader()
    context = {
        "package": read_responses.package_shown(found, slug=slug, read=read),
        "title": read.in_language(response, "title"),
        "response": response,
        "read": read,
        "updated_at": found.published_at,
    }
    return render(request, "incidents/public/package.html", context)


@public_page(query=["page"])
def updates(request: HttpRequest) -> HttpResponse:
    """All news, ten at a time, grouped by month."""
    read = Reader()
    page = Paginator(news.published_updates(), news.PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"page": page, "months": news.by_month(page.object_list, read=read), "read": read}
    return render(request, "incidents/public/updates.html", context)


@public_page
def update(request: HttpRequest, slug: str) -> HttpResponse:
    read = Reader()
    rows = PublicUpdate.objects.published().select_related("picture", "response").prefetch_related("corrections")
    article = news.article(get_object_or_404(rows, slug=slug), read=read)
    context = {"article": article, "read": read, "updated_at": article.updated_at}
    context["json_ld_data"] = news.json_ld(article, request.path)
    return render(request, "incidents/public/update.html", context)


@public_page
def contact(request: HttpRequest) -> HttpResponse:
    """Whom to call, when they answer, and what they are not for."""
    read = Reader()
    contacts = contact_points.contacts(read=read, now=timezone.now())
    context = {"contacts": contacts, "read": read, "json_ld_data": contact_points.json_ld(contacts)}
    return render(request, "incidents/public/contact.html", context)


@login_not_required
@require_safe
@csp_override({"default-src": [CSP.NONE], "sandbox": True})  # type: ignore[dict-item]
def picture(request: HttpRequest, name: str) -> FileResponse:
    """A file of a picture that stands in published news; any other name looks like a missing one."""
    content_type = PICTURE_TYPES.get(name.rpartition(".")[2])
    if content_type is None or not news.is_shown(name) or not default_storage.exists(name):
        raise Http404
    answer = FileResponse(default_storage.open(name), as_attachment=True, filename=name, content_type=content_type)
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = PICTURE_CACHE
    return answer
