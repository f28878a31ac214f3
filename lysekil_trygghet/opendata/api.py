"""The addresses under /api/v1/: one list for each data set as JSON (paged), CSV and XLSX, and their description.

Open to every page on the web (CORS for GET), kept and tagged as residents' pages are.
"""

# No postponed annotations here: the schemas of the pages are made while the module's functions run.
from collections.abc import Callable, Iterable
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe
from ninja import NinjaAPI, Query, Schema
from ninja.renderers import JSONRenderer
from pydantic import Field, create_model

from lysekil_trygghet.desk.tables import csv_answer, xlsx_answer
from lysekil_trygghet.publishing.pages import public_page

from .datasets import Dataset, address

PAGE_SIZE, LARGEST_PAGE, LAST_PAGE = 100, 1_000, 1_000_000
ROOT = "api/v1/"
CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Content-Disposition",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "Accept, If-None-Match",
    "Access-Control-Max-Age": "86400",
}


class ReadableJson(JSONRenderer):
    """Swedish letters as they are."""

    json_dumps_params = {"ensure_ascii": False}


def open_to_all(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """CORS for GET, its question beforehand included. Takes what `public_page` has made."""

    @csrf_exempt
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "OPTIONS":
            return HttpResponse(status=204, headers=CORS | PREFLIGHT)
        response = view(request, *args, **kwargs)
        for name, value in CORS.items():
            response.headers[name] = value
        return response

    answered.login_required = False  # type: ignore[attr-defined]
    return answered


def api_urls(datasets: Iterable[Dataset]) -> tuple[list[URLPattern], str, str]:
    """For `path("", ...)` at the root: the lists, their files and /api/v1/openapi.json."""
    datasets = list(datasets)
    api = NinjaAPI(
        title="Trygghetsportalens öppna data",
        version="1",
        description="Det som är publicerat i portalen, som data. Läs mer på /oppna-data/.",
        docs_url=None,
        openapi_url="/openapi.json",
        urls_namespace="api",
        renderer=ReadableJson(),
    )
    for dataset in datasets:
        _add_list(api, dataset)
    patterns, _app, _namespace = api.urls
    found = [pattern for pattern in patterns if isinstance(pattern, URLPattern)]
    for pattern in found:
        # ninja finds its own addresses by the name of the root, which has nothing of its own to show.
        if pattern.name == "api-root":
            pattern.callback = open_to_all(require_safe(lambda request: HttpResponseRedirect("/oppna-data/")))
            continue
        pattern.callback = open_to_all(public_page(pattern.callback, query=["page", "page_size"]))
    for dataset in datasets:
        for kind in ("csv", "xlsx"):
            found.append(
                path(f"{dataset.slug}.{kind}", open_to_all(_file(dataset, kind)), name=f"{dataset.slug}.{kind}")
            )
    return found, "api", "api"


def _add_list(api: NinjaAPI, dataset: Dataset) -> None:
    page_schema = create_model(
        f"{dataset.schema.__name__}Page",
        __base__=Schema,
        items=(list[dataset.schema], Field(description="Raderna på den här sidan.")),  # type: ignore[name-defined]
        total=(int, Field(description="Hur många rader det finns.")),
        page=(int, Field(description="Sidans nummer, från 1.")),
        pages=(int, Field(description="Hur många sidor det finns.")),
        next=(str | None, Field(description="Adressen till nästa sida, om det finns en.")),
        licence=(str, Field(description="Licensen för datamängden.")),
    )

    def rows(
        request: HttpRequest,
        page: int = Query(1, ge=1, le=LAST_PAGE, description="Sidans nummer, från 1."),
        page_size: int = Query(PAGE_SIZE, ge=1, le=LARGEST_PAGE, description="Rader på varje sida."),
    ) -> dict[str, Any]:
        found = Paginator(dataset.rows(), page_size)
        items = dataset.as_rows(list(found.page(page))) if page <= found.num_pages else []
        later = f"{dataset.path}?page={page + 1}&page_size={page_size}" if page < found.num_pages else ""
        return {
            "items": items,
            "total": found.count,
            "page": page,
            "pages": found.num_pages,
            "next": address(later) or None,
            "licence": dataset.licence,
        }

    api.get(
        f"/{dataset.slug}",
        response=page_schema,
        operation_id=dataset.slug.replace("-", "_"),
        summary=str(dataset.title),
        description=str(dataset.description),
        url_name=dataset.slug,
    )(rows)


def _file(dataset: Dataset, kind: str) -> Callable[..., HttpResponse]:
    def file(request: HttpRequest) -> HttpResponse:
        head, rows = dataset.table()
        if kind == "csv":
            return csv_answer(dataset.slug, head, rows)
        return xlsx_answer(dataset.slug, head, rows, title=str(dataset.title))

    file.__name__ = f"{dataset.slug}_{kind}".replace("-", "_")
    return public_page(file)
