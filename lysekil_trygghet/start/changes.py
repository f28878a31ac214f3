"""How published texts were changed: what residents read before and what they read now, the newest change first.

What stood there is kept by history (FormerText); new words for a promise are Amendments. Only of things that residents
may read at this moment, and not what they read before it was withdrawn and shown again.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, Q, QuerySet
from django.urls import reverse
from django.utils import translation
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from incidents.models import (
    Assignment,
    ContactPoint,
    Correction,
    Meeting,
    PoliceUndertaking,
    PublicUpdate,
    Reinforcement,
    Response,
    SeriousEvent,
)
from lysekil_trygghet.history.models import FormerText
from lysekil_trygghet.publishing.differences import side_by_side
from lysekil_trygghet.publishing.languages import WRITTEN_IN, Reader, Text
from lysekil_trygghet.publishing.models import ReadByResidents
from lysekil_trygghet.ui import links
from pledges.models import Amendment, Commitment, EffectFigure, FollowUp, Occurrence, SafetyWalk, WalkObservation


@dataclass(frozen=True)
class Pair:
    """One text, before and after, with what differs marked."""

    label: str
    mark: SafeString
    old: SafeString
    new: SafeString
    # What it was changed to still stands.
    is_now: bool


@dataclass(frozen=True)
class Change:
    at: dt.datetime
    kind: str
    # "Löfte 3, ": before the name, in the language of the page.
    number: str
    name: Text
    url: str
    # What was put right, or why a promise got new words.
    why: Text
    pairs: list[Pair]
    # The old text should never have been published, and is not shown.
    is_hidden: bool = False


@dataclass(frozen=True)
class Kind:
    """One kind of thing that residents read: what it is called, and since when they may read it."""

    model: type[ReadByResidents]
    name: Callable[[Any, Reader], Text]
    number: Callable[[Any], str] = lambda thing: ""
    since: str = ""
    # What is fetched with it, so that names and texts need no more questions.
    also: Sequence[str] = ()

    def rows(self, ids: Iterable[int]) -> Any:
        rows: QuerySet[Any] = self.model.public_rows().filter(pk__in=ids)
        return rows.prefetch_related(*self.also)


def _title(thing: Any, read: Reader) -> Text:
    return read.in_language(thing, "title")


def _of_response(thing: Any, read: Reader) -> Text:
    return read.in_language(thing.response, "title")


def _of_set(promise: Any, read: Reader) -> Text:
    return read.in_language(promise.pledge_set, "title")


def _number(promise: Any) -> str:
    return _("Löfte %(number)s") % {"number": promise.number} + ", "


def _of_promise(model: type[ReadByResidents]) -> Kind:
    return Kind(
        model,
        lambda thing, read: _of_set(thing.commitment, read),
        number=lambda thing: _number(thing.commitment),
        also=("commitment__pledge_set",),
    )


KINDS = (
    Kind(PublicUpdate, _title, since="published_at"),
    Kind(Response, _title, since="published_at"),
    Kind(SeriousEvent, _title, since="published_at"),
    Kind(Meeting, _title, since="published_at"),
    Kind(PoliceUndertaking, _of_response, since="published_at", also=("response",)),
    Kind(Reinforcement, _of_response, since="published_at", also=("response",)),
    Kind(
        Assignment,
        lambda thing, read: read.in_language(thing.decision.response, "title"),
        since="decision__published_at",
        also=("decision__response",),
    ),
    Kind(ContactPoint, lambda thing, read: read.in_language(thing, "name"), since="published_at"),
    Kind(Commitment, _of_set, number=_number, also=("pledge_set", "parties__organisation")),
    _of_promise(FollowUp),
    _of_promise(Occurrence),
    _of_promise(EffectFigure),
    Kind(SafetyWalk, _title, since="published_at"),
    Kind(
        WalkObservation,
        lambda thing, read: read.in_language(thing.walk, "title"),
        since="walk__published_at",
        also=("walk",),
    ),
)


# The pages on which they stand.
PAGES = {
    *("incidents_public:update", "incidents_public:response", "incidents_public:contact"),
    *("pledges_public:commitment", "pledges_public:walks"),
}
Subject = tuple[int, int]


@dataclass(frozen=True)
class Moment:
    """Where a change stands in the list: enough to count and sort all of them without their texts."""

    at: dt.datetime
    is_amendment: bool
    pk: int


class Changes(Sequence[Change]):
    """All changes of texts residents may read, or those of one page (`path`, the Swedish one). Made when they are
    asked for, in a number of questions that does not grow with them."""

    def __init__(self, *, read: Reader, path: str = "") -> None:
        self._read = read
        self._moments = sorted(
            [*_formers(path), *_amendments(path)], key=lambda one: (one.at, one.is_amendment, one.pk), reverse=True
        )

    def __len__(self) -> int:
        return len(self._moments)

    def __getitem__(self, wanted: Any) -> Any:
        if isinstance(wanted, slice):
            return _shown(self._moments[wanted], read=self._read)
        return _shown([self._moments[wanted]], read=self._read)[0]


def is_changed(path: str) -> bool:
    """Something on this page (the Swedish path) read otherwise before. One question where nothing did."""
    return bool(_formers(path))


# --- Which there are --------------------------------------------------------------------------------------


def _kinds() -> dict[int, Kind]:
    types = ContentType.objects.get_for_models(*(kind.model for kind in KINDS))
    return {types[kind.model].pk: kind for kind in KINDS}


def _formers(path: str) -> list[Moment]:
    formers = FormerText.objects.order_by()
    if path:
        formers = formers.filter(path=path)
    rows = list(formers.values_list("subject_type", "subject_id", "until", "pk"))
    types = {row[0] for row in rows}
    shown_since: dict[Subject, dt.datetime | None] = {}
    for content_type, kind in _kinds().items() if rows else ():
        if content_type in types:
            ids = formers.filter(subject_type=content_type).values("subject_id")
            since = (kind.since,) if kind.since else ()
            for pk, *began in kind.model.public_rows().filter(pk__in=ids).order_by().values_list("pk", *since):
                shown_since[content_type, pk] = began[0] if began else None
    return [
        Moment(until, is_amendment=False, pk=pk)
        for content_type, thing, until, pk in rows
        if (content_type, thing) in shown_since
        and ((began := shown_since[content_type, thing]) is None or until >= began)
    ]


def _amendments(path: str) -> list[Moment]:
    rows = Amendment.objects.filter(commitment__in=Commitment.objects.published()).order_by()
    where = ("commitment__pledge_set__slug", "commitment__number")
    return [
        Moment(at, is_amendment=True, pk=pk)
        for pk, at, *promise in rows.values_list("pk", "made_at", *where)
        if not path or path == _promise_path(*promise)
    ]


def _promise_path(slug: str, number: int) -> str:
    with translation.override(settings.LANGUAGE_CODE):
        return reverse("pledges_public:commitment", args=[slug, number])


# --- How they are shown -----------------------------------------------------------------------------------


def _shown(moments: Iterable[Moment], *, read: Reader) -> list[Change]:
    """Those whose texts differ: what was taken away for a while and came back as it was is no change."""
    wanted = list(moments)
    formers = FormerText.objects.in_bulk([one.pk for one in wanted if not one.is_amendment])
    amendments = _amendments_in_bulk([one.pk for one in wanted if one.is_amendment])
    things = _things(formers.values())
    all_of: dict[Subject, list[FormerText]] = defaultdict(list)
    subjects = Q(subject_type__in={one.subject_type_id for one in formers.values()})
    shown = FormerText.objects.filter(hidden_at=None)
    for former in shown.filter(subjects, subject_id__in={one.subject_id for one in formers.values()}):
        all_of[_subject(former)].append(former)
    why = _corrections(formers.values())
    changes = []
    for one in wanted:
        if one.is_amendment:
            changes.append(_amended(amendments[one.pk], read=read))
            continue
        former = formers[one.pk]
        if _subject(former) not in things:
            continue
        kind, thing = things[_subject(former)]
        later = [other.texts for other in all_of[_subject(former)] if _order(other) > _order(former)]
        change = _changed(former, kind, thing, [*later, thing.texts_read()], why, read=read)
        if change.pairs or change.is_hidden:
            changes.append(change)
    return changes


def _subject(former: FormerText) -> Subject:
    return former.subject_type_id, former.subject_id


def _order(former: FormerText) -> tuple[dt.datetime, int]:
    return former.until, former.pk


def _things(formers: Iterable[FormerText]) -> dict[Subject, tuple[Kind, Any]]:
    ids: dict[int, set[int]] = defaultdict(set)
    for former in formers:
        ids[former.subject_type_id].add(former.subject_id)
    kinds = _kinds()
    return {
        (content_type, row.pk): (kinds[content_type], row)
        for content_type, pks in ids.items()
        for row in kinds[content_type].rows(pks)
    }


def _corrections(formers: Iterable[FormerText]) -> dict[tuple[type[Model], int, dt.datetime], Correction]:
    """What was said to be put right in the moment of a change."""
    rows = Correction.objects.filter(corrected_at__in={former.until for former in formers})
    found: dict[tuple[type[Model], int, dt.datetime], Correction] = {}
    for row in rows:
        if row.update_id is not None:
            found[PublicUpdate, row.update_id, row.corrected_at] = row
        elif row.response_id is not None:
            found[Response, row.response_id, row.corrected_at] = row
    return found


def _changed(
    former: FormerText,
    kind: Kind,
    thing: Any,
    later: Sequence[Mapping[str, str]],
    why: Mapping[tuple[type[Model], int, dt.datetime], Correction],
    *,
    read: Reader,
) -> Change:
    """`later`: what was read after it, the last being what is read now."""
    correction = why.get((kind.model, thing.pk, former.until))
    pairs = []
    for name in kind.model.public_texts:
        if name in former.texts and former.hidden_at is None:
            # While nobody could read the text, or its old words are hidden, the next ones count.
            new = next((texts[name] for texts in later if name in texts), "")
            is_now = new == later[-1].get(name, "")
            pairs.append(_pair(kind.model, name, former.texts[name], new, is_now=is_now, read=read))
    return Change(
        at=former.until,
        kind=capfirst(str(kind.model._meta.verbose_name)),
        number=kind.number(thing),
        name=kind.name(thing, read),
        url=links.in_this_language(former.path),
        why=read.in_language(correction, "text") if correction else read.name(""),
        pairs=[pair for pair in pairs if pair is not None],
        is_hidden=former.hidden_at is not None,
    )


def _pair(model: type[Model], name: str, old: str, new: str, *, is_now: bool, read: Reader) -> Pair | None:
    """None when they read the same."""
    if old.split() == new.split():
        return None
    language = "en" if name.endswith("_en") else WRITTEN_IN
    marked = side_by_side(old, new)
    return Pair(
        label=capfirst(str(model._meta.get_field(name).verbose_name)),  # type: ignore[union-attr]
        mark=Text(old or new, language, is_foreign=language != read.language).mark,
        old=marked.old,
        new=marked.new,
        is_now=is_now,
    )


# --- New words for a promise ------------------------------------------------------------------------------


def _amendments_in_bulk(ids: Sequence[int]) -> dict[int, Amendment]:
    rows = Amendment.objects.select_related("commitment__pledge_set").prefetch_related("commitment__amendments")
    return rows.in_bulk(ids)


def _amended(row: Amendment, *, read: Reader) -> Change:
    promise = row.commitment
    all_of_it = list(promise.amendments.all())
    place = all_of_it.index(row)
    old_en = all_of_it[place - 1].new_text_en if place else promise.text_as_promised_en
    is_now = row == all_of_it[-1]
    pairs = [
        _pair(Commitment, "text_as_promised", row.old_text, row.new_text, is_now=is_now, read=read),
        _pair(Commitment, "text_as_promised_en", old_en, row.new_text_en, is_now=is_now, read=read),
    ]
    return Change(
        at=row.made_at,
        kind=_("Ändrat löfte"),
        number=_number(promise),
        name=_of_set(promise, read),
        url=promise.public_url,
        why=read.in_language(row, "reason"),
        pairs=[pair for pair in pairs if pair is not None],
    )
