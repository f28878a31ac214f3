"""Who is due to be told what of the picture, given `now`. The ledger of notifications makes each answer once.

The law wants the picture updated within 24 months (lag 2023:196, 6 §): those who lead are told 90 days before, 30
days before, on the day, and then each quarter while nothing newer is adopted. The Police are told of a picture they
have had for five working days without a word, and so is the coordinator.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from django.contrib.contenttypes.models import ContentType
from django.db.models import Max
from django.utils import timezone
from django.utils.dateformat import format as in_words
from django.utils.translation import gettext as _

from lysekil_trygghet import workdays
from lysekil_trygghet.accounts.recipients import People, Recipient
from lysekil_trygghet.history.models import Event
from lysekil_trygghet.notifications.operations import Due

from .models import SituationPicture
from .queries import not_replaced, words_wait_for_police

DAYS_BEFORE = (90, 30, 0)
DAYS_BETWEEN_AFTER = 91
MORNING = dt.time(8, 0)
POLICE_WORKING_DAYS = 5
# Acts after which the Police have other words before them than they had.
REWRITTEN = ("review", "changed", "police_confirmation_cleared")


def plan(*, now: dt.datetime, until: dt.datetime | None = None) -> Iterator[Due]:
    """Everything that somebody should have been told by `now`. Its steps lie months apart: none is planned ahead."""
    people = People.on(timezone.localdate(now))
    yield from _updates(people, now=now)
    yield from _waiting_for_police(people, now=now)


def update_moments(due: dt.date, *, now: dt.datetime) -> list[dt.datetime]:
    """The mornings until `now` on which somebody is told that a picture is to be updated by `due`."""
    days = [due - dt.timedelta(days=before) for before in DAYS_BEFORE]
    later = due + dt.timedelta(days=DAYS_BETWEEN_AFTER)
    while later <= timezone.localdate(now):
        days.append(later)
        later += dt.timedelta(days=DAYS_BETWEEN_AFTER)
    mornings = [workdays.at_local(workdays.next_working_day(day - dt.timedelta(days=1)), MORNING) for day in days]
    return [moment for moment in mornings if moment <= now]


def _updates(people: People, *, now: dt.datetime) -> Iterator[Due]:
    horizon = timezone.localdate(now) + dt.timedelta(days=max(DAYS_BEFORE))
    for picture in not_replaced().filter(next_update_due__lte=horizon).select_related("organisation").order_by("pk"):
        due = picture.next_update_due
        assert due is not None
        reached = update_moments(due, now=now)
        if not reached:
            continue
        theirs = people.liaison() if picture.is_the_polices_own else people.leaders()
        told = [*theirs, *people.liaison()] if picture.is_joint else theirs
        late = reached[-1] > workdays.at_local(due, MORNING)
        yield from _due(
            picture,
            "update",
            reached[-1],
            told,
            heading=_("Lägesbild som skulle ha uppdaterats") if late else _("Lägesbild som ska uppdateras"),
            title=_("%(picture)s: senast %(day)s") % {"picture": period_title(picture), "day": in_words(due, "j F Y")},
            told=(due,),
        )


def _waiting_for_police(people: People, *, now: dt.datetime) -> Iterator[Due]:
    """A joint picture the Police have had for more than five working days: they are reminded, and the coordinator."""
    waiting = list(words_wait_for_police().order_by("pk"))
    latest = _rewritten(waiting)
    for picture in waiting:
        moments = [at for at in (picture.opened_to_police_at, latest.get(picture.pk)) if at is not None]
        since = max(moments)
        day = workdays.add_working_days(workdays.local_date(since), POLICE_WORKING_DAYS + 1)
        moment = workdays.at_local(day, MORNING)
        if moment > now:
            continue
        yield from _due(
            picture,
            "police_waiting",
            moment,
            [*people.liaison(), *people.coordinators()],
            heading=_("Texter som väntar på Polisens bekräftelse"),
            title=period_title(picture),
            told=(since,),
        )


def period_title(picture: SituationPicture) -> str:
    """What a mail may call it: never by what somebody wrote."""
    first, last = (in_words(day, "F Y") for day in (picture.period_start, picture.period_end))
    return _("Lägesbild %(period)s") % {"period": first if first == last else f"{first}–{last}"}


def _due(
    picture: SituationPicture,
    step: str,
    moment: dt.datetime,
    recipients: Iterable[Recipient],
    *,
    heading: str,
    title: str,
    told: tuple[dt.date, ...],
) -> Iterator[Due]:
    days = ":".join(day.isoformat() for day in (*told, moment))
    for recipient in dict.fromkeys(recipients):
        yield Due(
            key=f"{picture.subject_key}:{step}:{days}:{recipient.key}",
            subject=picture.subject_key,
            step=step,
            moment=moment,
            user_id=recipient.user_id,
            address=recipient.address,
            heading=heading,
            number="",
            title=title,
            due_at=None,
            path=picture.get_absolute_url(),
        )


def _rewritten(pictures: list[SituationPicture]) -> dict[int, dt.datetime]:
    """When the words of each were last changed, in one query."""
    subject_type = ContentType.objects.get_for_model(SituationPicture)
    rows = Event.objects.filter(
        subject_type=subject_type, subject_id__in=[one.pk for one in pictures], verb__in=REWRITTEN
    )
    return dict(rows.order_by().values_list("subject_id").annotate(latest=Max("at")))
