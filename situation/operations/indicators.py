"""The words of an indicator: its publisher's until somebody writes better ones. Numbers come by imports alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from lysekil_trygghet.accounts.actors import Actor
from lysekil_trygghet.history.guards import refuse_unless, require
from lysekil_trygghet.history.operations import change, locked
from situation import policies
from situation.models import Indicator


@transaction.atomic
def edit(
    indicator: Indicator, *, values: Mapping[str, Any], by: Actor, now: dt.datetime, seen: int | None = None
) -> Indicator:
    """Change what it is called, its unit and direction, and whether residents may see it."""
    fresh = locked(indicator)
    require(policies.can_edit_source(by, fresh.source))
    refuse_unless(str(values.get("title", fresh.title)).strip(), _("Skriv vad siffran heter."))
    return change(fresh, by=by, now=now, values=values, seen=seen)
