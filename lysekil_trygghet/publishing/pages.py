"""How a page for residents is answered: open, the same bytes for everybody, kept a moment, asked again cheaply."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import condition, require_safe

from lysekil_trygghet.history.models import Event

# A proxy may keep the page ten seconds, so a withdrawal is seen within that; a browser asks every time.
CACHE_CONTROL = "public, max-age=0, s-maxage=10, stale-while-revalidate=30"
# Acts are numbered when they begin and seen when they are committed: the last ones may arrive out of order.
LATEST_ACTS = 50

View = Callable[..., HttpResponse]


def version_of_everything(*, now: dt.datetime) -> str:
    """Changes with every act in the history, and every minute (a contact point opens; a name is corrected).

    One query on the primary key, so that "nothing new" is answered without making the page.
    """
    latest = Event.objects.order_by("-pk").values_list("pk", flat=True)[:LATEST_ACTS]
    seen = f"{','.join(map(str, latest))} {now.astimezone(dt.UTC):%Y-%m-%dT%H:%M}"
    return hashlib.sha256(seen.encode()).hexdigest()[:20]


def _etag(request: HttpRequest, *args: Any, **kwargs: Any) -> str:
    return f'W/"{version_of_everything(now=timezone.now())}"'


def public_page(view: View) -> View:
    """Opens a view to everybody. It may read neither the person, the session nor a cookie."""
    answered = condition(etag_func=_etag)(view)

    @login_not_required
    @require_safe
    @wraps(view)
    def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = answered(request, *args, **kwargs)
        response.headers["Cache-Control"] = CACHE_CONTROL
        return response

    return page
