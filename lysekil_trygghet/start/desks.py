"""What waits on a role's own desk (the Police, the communicator, the registrar), as lines on top of Mitt arbete.

Apart from the lists of assignments: these roles have a page of their own, and should not have to open it to
learn that something waits there.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from incidents import police_desk, policies, queue
from incidents.views import diary
from lysekil_trygghet.accounts.actors import Actor
from lysekil_trygghet.accounts.models import POLICE_ROLES, Role
from lysekil_trygghet.mailroom.policies import can_deal_with_messages
from lysekil_trygghet.notifications.queries import ledger_status
from lysekil_trygghet.ui.formats import swedish_date
from pledges.lifecycle import RequestState
from pledges.models import ProgressRequest
from pledges.queries import waiting_for_police

MOST_QUESTIONS = 10


@dataclass(frozen=True)
class Waits:
    """A line: how many of what, what to do about it, and where."""

    words: str
    text: str
    url: str
    is_late: bool = False


def waiting_for(actor: Actor, *, now: dt.datetime) -> list[Waits]:
    """Nothing for those who have no such desk; no question to the database either."""
    found = []
    if policies.can_confirm_police_text(actor):
        found += _texts_to_confirm()
    if policies.can_publish(actor):
        found += _texts_to_publish(now=now)
    if actor.is_registrar:
        found += _documents_without_number()
    if actor.is_police:
        found += _promises_to_confirm()
    found += _promises_to_answer(actor, now=now)
    if can_deal_with_messages(actor):
        found += _mails_amiss(now=now)
    return found


def _mails_amiss(*, now: dt.datetime) -> list[Waits]:
    total = ledger_status(now=now).amiss
    words = ngettext("%(total)s mejl kom inte fram", "%(total)s mejl kom inte fram", total)
    text = _("Se vem det gällde och vad du kan göra.")
    url = reverse("mailroom:log") + "?visa=problem"
    return [Waits(words % {"total": total}, text, url, is_late=True)] if total else []


def _promises_to_confirm() -> list[Waits]:
    total = waiting_for_police().count
    words = ngettext("%(total)s löfte väntar på Polisen", "%(total)s löften väntar på Polisen", total)
    text = _("Läs, bekräfta eller skicka tillbaka.")
    return [Waits(words % {"total": total}, text, reverse("incidents:police") + "#loften")] if total else []


def _promises_to_answer(actor: Actor, *, now: dt.datetime) -> list[Waits]:
    """Questions to my organisations about how a promise goes, the nearest first."""
    asked = (
        ProgressRequest.objects.filter(organisation__in=actor.organisation_ids, state=RequestState.ASKED)
        .select_related("commitment")
        .order_by("due_at", "pk")
    )
    if not actor.has_role(Role.DEPARTMENT_HEAD, Role.OFFICER, Role.COORDINATOR, *POLICE_ROLES):
        return []
    return [
        Waits(
            _("Hur går det med löfte %(number)s?") % {"number": request.commitment.number},
            _("Svara senast %(day)s.") % {"day": swedish_date(timezone.localdate(request.due_at))},
            reverse("pledges:note", args=[request.commitment_id, request.organisation_id]),
            is_late=request.due_at < now,
        )
        for request in asked[:MOST_QUESTIONS]
    ]


def _texts_to_confirm() -> list[Waits]:
    total = police_desk.unconfirmed_count()
    words = ngettext("%(total)s text väntar på Polisen", "%(total)s texter väntar på Polisen", total)
    text = _("Läs och bekräfta, så att invånarna kan se vad Polisen gör.")
    return [Waits(words % {"total": total}, text, reverse("incidents:police"))] if total else []


def _texts_to_publish(*, now: dt.datetime) -> list[Waits]:
    rows, url = queue.waiting(now=now), reverse("incidents:publish_queue")
    late = sum(row.is_late for row in rows)
    ready = sum(row.is_ready and not row.is_late and not row.is_timed for row in rows)
    found = []
    if late:
        words = ngettext("%(total)s utlovad text är försenad", "%(total)s utlovade texter är försenade", late)
        found.append(Waits(words % {"total": late}, _("Invånarna har fått en dag som har gått."), url, is_late=True))
    if ready:
        words = ngettext("%(total)s text är klar att publicera", "%(total)s texter är klara att publicera", ready)
        found.append(Waits(words % {"total": ready}, _("Allt som behövs är på plats."), url))
    return found


def _documents_without_number() -> list[Waits]:
    total = diary.keys(numbered=False).count()
    words = ngettext("%(total)s handling saknar diarienummer", "%(total)s handlingar saknar diarienummer", total)
    return [Waits(words % {"total": total}, _("De äldsta står först."), reverse("incidents:diary"))] if total else []
