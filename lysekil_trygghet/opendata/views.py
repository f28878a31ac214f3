"""The page about open data, and the catalogue that other catalogues fetch."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils import timezone

from lysekil_trygghet.publishing.pages import public_page

from .api import open_to_all
from .catalogue import FORMATS, WRITTEN, written
from .datasets import Dataset


def page_urls(datasets: Sequence[Dataset]) -> tuple[list[URLPattern], str]:
    """For the languages: the page itself."""

    @public_page
    def page(request: HttpRequest) -> HttpResponse:
        context = {"datasets": datasets, "formats": [(kind.upper(), ending) for kind, (ending, *_) in FORMATS.items()]}
        return render(request, "opendata/index.html", context)

    return [path("oppna-data/", page, name="index")], "opendata"


def catalogue_urls(datasets: Sequence[Dataset]) -> list[URLPattern]:
    """One address for each way the catalogue is written."""

    def in_form(kind: str):
        @public_page
        def answer(request: HttpRequest) -> HttpResponse:
            return HttpResponse(written(kind, datasets, now=timezone.now()), content_type=WRITTEN[kind][0])

        return open_to_all(answer)

    return [path(f"oppna-data/katalog.{kind}", in_form(kind), name=f"catalogue.{kind}") for kind in WRITTEN]
