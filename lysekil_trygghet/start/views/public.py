"""The citizen's front door, and the accessibility statement that is one step from every page."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from incidents.residents.contact import contacts
from incidents.residents.news import latest_news
from incidents.residents.responses import response_cards
from lysekil_trygghet.publishing.languages import Reader
from lysekil_trygghet.publishing.pages import public_page
from lysekil_trygghet.publishing.search import LONGEST_QUERY
from lysekil_trygghet.start import accessibility as statement
from lysekil_trygghet.start import law as law_chapters
from lysekil_trygghet.start.changes import Changes
from lysekil_trygghet.start.search import fixed_pages
from lysekil_trygghet.start.search import search as find_published
from pledges.residents.sets import current_set_card

NEWS_SHOWN = 5
HITS_SHOWN = 10
CHANGES_SHOWN = 10
LONGEST_PATH = 300


@public_page
def home(request: HttpRequest) -> HttpResponse:
    """Whom do I call now, what goes on, what is promised and how it goes, what is new."""
    read = Reader()
    now = timezone.now()
    context = {
        "promises": current_set_card(read=read, today=timezone.localdate(now)),
        "contacts": contacts(read=read, now=now),
        "responses": response_cards(read=read, ongoing_only=True),
        "news": latest_news(NEWS_SHOWN, read=read),
        "read": read,
    }
    return render(request, "start/home.html", context)


@public_page(query=["q", "page"], keep=False)
def search(request: HttpRequest) -> HttpResponse:
    """Everything published that holds the words."""
    read = Reader()
    query = " ".join(request.GET.get("q", "")[:LONGEST_QUERY].split())
    hits = find_published(query, read=read)
    page = Paginator(hits, HITS_SHOWN).get_page(request.GET.get("page"))
    context = {
        "query": query,
        "longest": LONGEST_QUERY,
        "page": page,
        "first_pages": fixed_pages(query) if page.number == 1 else [],
        "has_alike": hits.has_alike,
    }
    return render(request, "start/search.html", context)


@public_page
def how_we_work(request: HttpRequest) -> HttpResponse:
    """From what residents say to a promise that is answered for, step by step; and the words used."""
    return render(request, "start/how_we_work.html")


@public_page
def help_us(request: HttpRequest) -> HttpResponse:
    """What residents themselves can do."""
    return render(request, "start/help.html")


@public_page
def law(request: HttpRequest) -> HttpResponse:
    """What the law asks, and what is published of it."""
    context = {"chapters": law_chapters.chapters(today=timezone.localdate()), "law_url": law_chapters.TEXT}
    return render(request, "start/law.html", context)


@public_page(query=["sida", "page"])
def changes(request: HttpRequest) -> HttpResponse:
    """Old and new texts side by side, of everything or of one page."""
    path = request.GET.get("sida", "")[:LONGEST_PATH]
    page = Paginator(Changes(read=Reader(), path=path), CHANGES_SHOWN).get_page(request.GET.get("page"))
    return render(request, "start/changes.html", {"page": page, "path": path})


@public_page
def accessibility(request: HttpRequest) -> HttpResponse:
    """The statement of lag (2018:1937): how accessible the portal is, honestly, and where to complain."""
    context = {
        "gaps": statement.gaps(),
        "assessed_on": statement.ASSESSED_ON,
        "updated_on": statement.UPDATED_ON,
        "published_on": statement.PUBLISHED_ON,
        "complaint_url": statement.COMPLAINT_URL,
    }
    return render(request, "start/accessibility.html", context)
