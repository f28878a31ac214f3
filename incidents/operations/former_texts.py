"""What residents read before a change, taken out of their view where it should never have been published."""

from __future__ import annotations

import datetime as dt

from django.db import models, transaction

from incidents import policies
from lysekil_trygghet.accounts.actors import Actor
from lysekil_trygghet.history.guards import require
from lysekil_trygghet.history.models import FormerText
from lysekil_trygghet.history.operations import hide_former, hide_what_was_replaced
from lysekil_trygghet.publishing.pages import forget_on_commit


@transaction.atomic
def hide(former: FormerText, *, by: Actor, now: dt.datetime) -> FormerText:
    """The words are erased. That a text was changed, and when, is still told. Nothing happens the second time."""
    require(policies.can_publish(by))
    forget_on_commit()
    return hide_former(former, by=by, now=now)


@transaction.atomic
def hide_replaced(thing: models.Model, *, by: Actor, now: dt.datetime) -> None:
    """What the correction made at `now` replaced is never shown."""
    require(policies.can_publish(by))
    forget_on_commit()
    hide_what_was_replaced(thing, by=by, now=now)
