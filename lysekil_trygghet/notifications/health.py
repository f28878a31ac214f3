"""Two answers for those who watch the portal: is the process alive, and is it fit for work. Mounted at /halsa/.

The bodies hold one word or two: nothing about versions, addresses or errors.
"""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import Error as DatabaseTrouble
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from .queries import seconds_since_last_sweep

SILENT_INTERVALS = 3


def _plain(words: str, *, status: int = 200) -> HttpResponse:
    return HttpResponse(f"{words}\n", status=status, content_type="text/plain; charset=utf-8")


@login_not_required
@never_cache
@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return _plain(_("lever"))


@login_not_required
@never_cache
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """The database answers and somebody has looked for due messages lately; else 503."""
    try:
        silent = seconds_since_last_sweep()
    except DatabaseTrouble:
        connection.close()
        return _plain(_("inte redo: databasen"), status=503)
    longest = dt.timedelta(seconds=SILENT_INTERVALS * settings.SWEEP_SECONDS).total_seconds()
    if silent is None or silent > longest:
        return _plain(_("inte redo: påminnelserna"), status=503)
    return _plain(_("redo"))


app_name = "health"
urlpatterns = [
    path("liv", live, name="live"),
    path("redo", ready, name="ready"),
]
