"""The residents' pages of the promises: fetch what is published, show it. The same bytes for everybody."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from lysekil_trygghet.publishing.languages import Reader
from lysekil_trygghet.publishing.pages import public_page
from pledges.residents import promises as read_promises
from pledges.residents import sets as read_sets
from pledges.residents.walks import walks_shown

# A number above this was never given; a longer one does not fit the database's column.
HIGHEST_NUMBER = 32_767


@public_page
def sets(request: HttpRequest) -> HttpResponse:
    """What is promised now, then the earlier sets: closed, and still to be read."""
    read = Reader()
    cards = read_sets.set_cards(read=read, today=timezone.localdate())
    current = next((card for card in cards if card.is_current), None)
    context = {
        "current": read_sets.set_shown(current.slug, read=read, today=timezone.localdate()) if current else None,
        "others": [card for card in cards if card is not current],
        "read": read,
    }
    return render(request, "pledges/public/sets.html", context)


@public_page
def pledge_set(request: HttpRequest, slug: str) -> HttpResponse:
    """One set: each promise with who leads it and how it goes."""
    read = Reader()
    shown = read_sets.set_shown(slug, read=read, today=timezone.localdate())
    if shown is None:
        raise Http404
    context = {"set": shown, "read": read, "updated_at": shown.updated_at, "is_running": shown.card.is_current}
    return render(request, "pledges/public/set.html", context)


@public_page
def closing(request: HttpRequest, slug: str) -> HttpResponse:
    """How it went, on one page, once the set is closed."""
    read = Reader()
    shown = read_sets.set_shown(slug, read=read, today=timezone.localdate())
    if shown is None or shown.closed_on is None:
        raise Http404
    context = {
        "set": shown,
        "updated_at": shown.updated_at,
        "deliveries": read_sets.delivery_counts(shown.promises),
        "goals": read_sets.goal_counts(shown.promises),
        "read": read,
    }
    return render(request, "pledges/public/closing.html", context)


@public_page
def commitment(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """One promise with its red thread, for good at its own address."""
    if not 1 <= number <= HIGHEST_NUMBER:
        raise Http404
    read = Reader()
    shown = read_promises.promise_page(slug, number, read=read, today=timezone.localdate())
    if shown is None:
        raise Http404
    context = {
        "page": shown,
        "promise": shown.promise,
        "read": read,
        "updated_at": shown.updated_at,
        "is_running": shown.is_running,
    }
    return render(request, "pledges/public/commitment.html", context)


@public_page
def feedback(request: HttpRequest) -> HttpResponse:
    """What residents said, and what was done about it."""
    read = Reader()
    context = {"rows": read_sets.all_feedback(read=read), "read": read}
    return render(request, "pledges/public/feedback.html", context)


@public_page
def walks(request: HttpRequest) -> HttpResponse:
    """Safety walks: what was seen, who answers, what the answer was."""
    read = Reader()
    return render(request, "pledges/public/walks.html", {"walks": walks_shown(read=read), "read": read})
