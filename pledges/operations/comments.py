"""What the parties say to each other about a promise or a priority: inside, never public, never changed."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from lysekil_trygghet.accounts.actors import Actor
from lysekil_trygghet.history.guards import refuse_unless, require
from lysekil_trygghet.history.operations import locked, record
from pledges import policies
from pledges.models import Comment, Commitment, PriorityArea

from .doors import refuse_identity_number


@transaction.atomic
def comment(thing: Commitment | PriorityArea, *, text: str, by: Actor, now: dt.datetime) -> Comment:
    """Say something in the thread. Whoever sees the thing reads it; no revision of the thing rises by it."""
    pledge_set = locked(thing.pledge_set)
    thing.pledge_set = pledge_set
    require(policies.can_comment(by, thing))
    text = text.strip()
    refuse_unless(text, _("Skriv en kommentar."))
    refuse_identity_number(text)
    row = Comment.objects.create(
        commitment=thing if isinstance(thing, Commitment) else None,
        area=thing if isinstance(thing, PriorityArea) else None,
        text=text,
        written_at=now,
        written_by=by.user,
        written_by_function=by.function_label,
        organisation=by.organisation,
    )
    record(thing, "commented", by=by, now=now, comment=row.pk)
    return row
