"""The residents' pages of the situation picture: fetch what is published, show it. The same bytes for everybody."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from lysekil_trygghet.publishing.languages import Reader
from lysekil_trygghet.publishing.pages import public_page
from situation import figures, residents
from situation.models import Figure, SituationPicture

from .figures import figure_file


@public_page
def pictures(request: HttpRequest) -> HttpResponse:
    """The one that holds, then the earlier ones."""
    read = Reader()
    cards = residents.picture_cards(read=read)
    context = {
        "current": [card for card in cards if card.is_current],
        "earlier": [card for card in cards if not card.is_current],
        "read": read,
    }
    return render(request, "situation/public/pictures.html", context)


@public_page
def picture(request: HttpRequest, slug: str) -> HttpResponse:
    rows = residents.with_public_parts(SituationPicture.objects.published())
    return show(request, get_object_or_404(rows, slug=slug))


@public_page
def figure(request: HttpRequest, slug: str, pk: int, kind: str) -> HttpResponse:
    """The drawing or the table of a figure, as it was when the picture was adopted."""
    shown = get_object_or_404(Figure.objects.published(), picture__slug=slug, pk=pk)
    return figure_file(figures.drawn(shown, lang=Reader().language), kind)


def show(request: HttpRequest, picture: SituationPicture) -> HttpResponse:
    """The page of one picture; the preview inside uses it too."""
    read = Reader()
    context = {
        "picture": residents.picture_shown(picture, read=read),
        "read": read,
        "updated_at": picture.published_at,
    }
    return render(request, "situation/public/picture.html", context)
