"""The alarm: a mail that was refused for good, or whose fate nobody knows, is told to those who can do something."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from lysekil_trygghet.accounts.models import Role
from lysekil_trygghet.accounts.recipients import People
from lysekil_trygghet.notifications.models import Obligation
from lysekil_trygghet.notifications.operations import Due
from lysekil_trygghet.notifications.queries import needing_a_person

ALARM = "mailroom.message"


def plan(*, now: dt.datetime, until: dt.datetime | None = None) -> Iterator[Due]:
    """The coordinator and the administrator, once for each mail. Of an alarm that fails itself no alarm is raised."""
    alarms = Obligation.objects.filter(message=OuterRef("pk"), subject__startswith=f"{ALARM}:")
    rows = needing_a_person().exclude(Exists(alarms)).values_list("pk", flat=True)
    if not (lost := list(rows)):
        return
    people = People.on(timezone.localdate(now))
    told = people.coordinators()
    told += [one for one in people.with_role(Role.ADMINISTRATOR) if one not in told]
    for pk in lost:
        for recipient in told:
            yield Due(
                key=f"{ALARM}:{pk}:amiss:{recipient.key}",
                subject=f"{ALARM}:{pk}",
                step="amiss",
                moment=now,
                user_id=recipient.user_id,
                address=recipient.address,
                heading=_("Mejl som inte kom fram"),
                number="",
                title=_("Ett mejl från portalen behöver din hjälp"),
                due_at=None,
                path=reverse("mailroom:message", args=[pk]),
            )
