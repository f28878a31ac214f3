"""New words for a promise already made: public, with the old words and the reason, and never changed."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lysekil_trygghet.accounts.actors import Actor
from lysekil_trygghet.history.guards import refuse_unless, require
from lysekil_trygghet.history.operations import check_seen, record
from pledges import policies
from pledges.models import Amendment, Commitment
from pledges.queries import current_wording

from .doors import answers_changed, of_running, refuse_identity_number, touched


@transaction.atomic
def amend(
    commitment: Commitment,
    *,
    new_text: str,
    new_text_en: str = "",
    reason: str,
    reason_en: str = "",
    decided_on: dt.date,
    document: str = "",
    by: Actor,
    now: dt.datetime,
    seen: int | None = None,
) -> Amendment:
    """Say it otherwise, for all to see. What was promised stays as it was promised.

    Where the Police lead: a police role, or the coordinator who names the document in which they agreed.
    """
    fresh = of_running(commitment)
    by_right = policies.can_amend(by, fresh)
    if not by_right:
        require(policies.can_amend_in_writing(by, fresh))
        refuse_unless(
            document.strip(), _("Polisen leder löftet. Skriv i vilken handling Polisen har godkänt den nya lydelsen.")
        )
    check_seen(fresh, seen)
    before = current_wording(fresh).text
    new_text, reason = new_text.strip(), reason.strip()
    refuse_unless(new_text, _("Skriv den nya lydelsen."))
    refuse_unless(new_text != before, _("Den nya lydelsen är densamma som den gamla."))
    refuse_unless(reason, _("Skriv varför lydelsen ändras. Invånarna läser det."))
    refuse_unless(decided_on <= timezone.localdate(now), _("Beslutets dag ligger i framtiden."))
    refuse_identity_number(new_text, new_text_en, reason, reason_en)
    amendment = Amendment.objects.create(
        commitment=fresh,
        old_text=before,
        new_text=new_text,
        new_text_en=new_text_en.strip(),
        reason=reason,
        reason_en=reason_en.strip(),
        decided_on=decided_on,
        decided_by_function=by.function_label,
        police_document="" if by_right else document.strip(),
        made_at=now,
    )
    pledge_set = fresh.pledge_set
    touched(fresh)
    record(fresh, "amended", by=by, now=now, amendment=amendment.pk, decided_on=decided_on)
    answers_changed(pledge_set, by=by, now=now)
    return amendment
