"""What the views of workers' pages share: who may pass, what is done already, what a form begins with."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from lysekil_trygghet.history.guards import NotAllowed

GET_POST = ["GET", "HEAD", "POST"]
ROWS_PER_PAGE = 30


def allow(answer: bool) -> None:
    """Only for a thing the person may see; what they may not see answers 404 at its door."""
    if not answer:
        raise NotAllowed


def is_past(request: HttpRequest, is_open: bool) -> bool:
    """True, with a friendly word, when the step is not open as the thing stands: most often it is done already."""
    if not is_open:
        messages.info(request, _("Det går inte att göra nu. Kanske är det redan gjort. Så här står det."))
    return not is_open


def posted(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def page_of(request: HttpRequest, rows: QuerySet[Any]) -> Page[Any]:
    return Paginator(rows, ROWS_PER_PAGE).get_page(request.GET.get("page"))


def initial_of(thing: Any, form_class: Any, *many: str) -> dict[str, Any]:
    """What a form for changing `thing` begins with: the fields they share, the sets named in `many`, the revision."""
    names = [name for name in form_class.base_fields if hasattr(thing, name) and name not in many]
    sets = {name: list(getattr(thing, name).all()) for name in many}
    return {name: getattr(thing, name) for name in names} | sets | {"seen": thing.revision}
