"""What residents can follow of the promises, and what is new in it. Mailed by lysekil_trygghet/subscriptions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from lysekil_trygghet.history.models import Event
from lysekil_trygghet.publishing.languages import Reader
from lysekil_trygghet.subscriptions.topics import Change, Ending, Kind, Topic

from . import words
from .lifecycle import Delivery, OccurrenceState, SetState
from .models import Amendment, Commitment, FollowUp, Occurrence, PledgeSet, PriorityArea
from .residents.reading import is_police_led, may_show, shown_feedback, shown_follow_ups
from .residents.sets import promise_text
from .topics import AREA, PROMISE, area_topic, promise_topic

LONGEST_TITLE = 90
ANSWERED, ANSWER_CONFIRMED = ("answer_written",), ("answer_confirmed", "answer_confirmed_in_writing")


def _promises() -> QuerySet[Commitment]:
    return (
        Commitment.objects.published()
        .select_related("pledge_set", "area")
        .prefetch_related("amendments", "parties__organisation")
    )


def _find_promise(pk: int) -> Topic | None:
    promise = _promises().filter(pk=pk).first()
    if promise is None:
        return None
    return Topic(promise_topic(promise.pk), _title(promise), promise.public_url, _ended_at(promise.pledge_set))


def _find_area(pk: int) -> Topic | None:
    area = PriorityArea.objects.filter(pk=pk, pledge_set__in=PledgeSet.objects.published()).first()
    if area is None:
        return None
    return Topic(area_topic(area.pk), _area_title(area), area.pledge_set.public_url, _ended_at(area.pledge_set))


def _ended_at(pledge_set: PledgeSet) -> dt.datetime | None:
    """Closed, or given up: since then nothing new comes."""
    if pledge_set.is_running:
        return None
    return pledge_set.closed_at or pledge_set.published_at


def _title(promise: Commitment) -> str:
    text = Truncator(str(promise_text(promise, read=Reader()))).chars(LONGEST_TITLE)
    return _("Löfte %(number)s: %(text)s") % {"number": promise.number, "text": text}


def _area_title(area: PriorityArea) -> str:
    return _("Området %(area)s") % {"area": Reader().in_language(area, "title")}


# --- What is new ----------------------------------------------------------------------------------------


def _changes(since: dt.datetime) -> Iterator[Change]:
    yield from _amended(since)
    yield from _placed_and_answered(since)
    yield from _done(since)
    yield from _followed_up(since)
    yield from _told_back(since)
    yield from _closed(since)


def _change(key: str, promise: Commitment, at: dt.datetime, what: str) -> Change:
    topics = (promise_topic(promise.pk), area_topic(promise.area_id))
    return Change(key, topics, at, what, _title(promise), promise.public_url)


def _by_pk(pks: Iterable[int]) -> dict[int, Commitment]:
    return {promise.pk: promise for promise in _promises().filter(pk__in=set(pks))}


def _amended(since: dt.datetime) -> Iterator[Change]:
    rows = list(Amendment.objects.filter(made_at__gt=since).order_by("made_at", "pk"))
    promises = _by_pk(row.commitment_id for row in rows)
    for row in rows:
        if promise := promises.get(row.commitment_id):
            yield _change(f"andring-{row.pk}", promise, row.made_at, _("Löftet har fått en ny lydelse"))


def _placed_and_answered(since: dt.datetime) -> Iterator[Change]:
    """The status and the answer to residents as they stand now; the history says since when."""
    kind = ContentType.objects.get_for_model(Commitment)
    events = list(Event.objects.filter(subject_type=kind, at__gt=since).order_by("at", "pk"))
    promises = _by_pk(event.subject_id for event in events)
    newest: dict[tuple[int, str], Event] = {}
    for event in events:
        promise = promises.get(event.subject_id)
        published = promise.pledge_set.published_at if promise else None
        if promise is None or published is None or event.at < published:
            continue
        if event.details.get("to") in Delivery.values:
            newest[promise.pk, "lage"] = event
        elif event.verb in (ANSWER_CONFIRMED if is_police_led(promise) else ANSWERED) and promise.public_note:
            newest[promise.pk, "svar"] = event
    for (pk, what), event in newest.items():
        promise = promises[pk]
        if what == "svar":
            yield _change(f"svar-{event.pk}", promise, event.at, _("Vi har skrivit hur det gick"))
        elif event.details["to"] == promise.delivery_state:
            status = words.delivery_badge(promise.delivery_state).label
            yield _change(f"lage-{event.pk}", promise, event.at, _("Nytt läge: %(status)s") % {"status": status})


def _done(since: dt.datetime) -> Iterator[Change]:
    rows = list(
        Occurrence.objects.filter(recorded_at__gt=since)
        .exclude(state=OccurrenceState.UNDONE)
        .order_by("recorded_at", "pk")
    )
    promises = _by_pk(row.commitment_id for row in rows)
    for row in rows:
        if promise := promises.get(row.commitment_id):
            called_off = row.state == OccurrenceState.CANCELLED
            what = _("Ett tillfälle ställdes in") if called_off else _("Något har blivit gjort")
            yield _change(f"tillfalle-{row.pk}", promise, row.recorded_at, what)


def _followed_up(since: dt.datetime) -> Iterator[Change]:
    rows: list[FollowUp] = [
        row
        for row in shown_follow_ups().exclude(commitment=None)
        if (moment := _shown_since(row)) is not None and moment > since
    ]
    promises = _by_pk(row.commitment_id for row in rows if row.commitment_id)
    for row in rows:
        promise = promises.get(row.commitment_id or 0)
        if promise and may_show(row, police_led=is_police_led(promise)):
            moment = _shown_since(row)
            assert moment is not None
            yield _change(f"uppfoljning-{row.pk}", promise, moment, _("Löftet har följts upp"))


def _shown_since(row: FollowUp) -> dt.datetime | None:
    return max(filter(None, (row.done_at, row.police_confirmed_at)), default=None)


def _told_back(since: dt.datetime) -> Iterator[Change]:
    rows = [row for row in shown_feedback().filter(published_at__gt=since) if row.commitment_id]
    promises = _by_pk(row.commitment_id for row in rows if row.commitment_id)
    for row in rows:
        if (promise := promises.get(row.commitment_id or 0)) and row.published_at:
            yield _change(f"ni-sa-{row.pk}", promise, row.published_at, _("Ni sa – vi gjorde"))


def _closed(since: dt.datetime) -> Iterator[Change]:
    sets = PledgeSet.objects.published().filter(state=SetState.CLOSED, closed_at__gt=since)
    for pledge_set in sets.prefetch_related("areas", "commitments"):
        assert pledge_set.closed_at
        topics = [area_topic(area.pk) for area in pledge_set.areas.all()]
        topics += [promise_topic(promise.pk) for promise in pledge_set.commitments.all()]
        yield Change(
            key=f"avslutade-{pledge_set.pk}",
            topics=tuple(topics),
            at=pledge_set.closed_at,
            what=_("Löftena är avslutade: så gick det"),
            title=str(Reader().in_language(pledge_set, "title")),
            path=reverse("pledges_public:closing", args=[pledge_set.slug]),
        )


# --- The question afterwards ----------------------------------------------------------------------------


def _endings_of_promises(since: dt.datetime, until: dt.datetime) -> Iterator[Ending]:
    closed = _promises().filter(pledge_set__state=SetState.CLOSED)
    for promise in closed.filter(pledge_set__closed_at__gt=since, pledge_set__closed_at__lte=until):
        name, at = promise_topic(promise.pk), promise.pledge_set.closed_at
        assert at
        yield Ending(name, name, at, _title(promise), promise.public_url)


def _endings_of_areas(since: dt.datetime, until: dt.datetime) -> Iterator[Ending]:
    sets = PledgeSet.objects.published().filter(state=SetState.CLOSED, closed_at__gt=since, closed_at__lte=until)
    for area in PriorityArea.objects.filter(pledge_set__in=sets).select_related("pledge_set"):
        name, at = area_topic(area.pk), area.pledge_set.closed_at
        assert at
        yield Ending(name, name, at, _area_title(area), area.pledge_set.public_url)


PROMISES = Kind(PROMISE, find=_find_promise, changes=_changes, endings=_endings_of_promises)
# Everything new in an area is new in one of its promises.
AREAS = Kind(AREA, find=_find_area, changes=lambda since: (), endings=_endings_of_areas)
