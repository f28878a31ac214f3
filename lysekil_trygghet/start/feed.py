"""The Atom feed: news, promises and what became of them, the acute pages, the situation picture. Newest first.

Only what residents may read: every row comes from `.published()`. Format: RFC 4287.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.xmlutils import SimplerXMLGenerator

from incidents.models import PublicUpdate, Response
from lysekil_trygghet.publishing.languages import Reader, Text
from pledges.lifecycle import SetState
from pledges.models import Amendment, Commitment, PledgeSet
from situation.models import SituationPicture

MOST_ENTRIES, SUMMARY = 50, 300


@dataclass(frozen=True)
class Entry:
    """One thing that is new. `path` leads to it and names it for good."""

    title: Text
    summary: Text
    path: str
    published: dt.datetime
    updated: dt.datetime
    kind: str


class Feed(Atom1Feed):
    """Atom whose entries say their own language where it is not the feed's."""

    def item_attributes(self, item: dict[str, str]) -> dict[str, str]:
        return {"xml:lang": item["lang"]} if item["lang"] else {}

    def add_root_elements(self, handler: SimplerXMLGenerator) -> None:
        super().add_root_elements(handler)
        handler.addQuickElement("icon", f"{settings.SITE_URL}{settings.STATIC_URL}img/favicon.svg")


def feed(*, read: Reader, path: str) -> str:
    """The feed in the language of `read`, as XML; `path` is its own address."""
    made = Feed(
        title=settings.MUNICIPALITY["PORTAL_NAME"],
        subtitle=_("Nyheter, löften och vad som blev av dem."),
        link=settings.SITE_URL + reverse("start:home"),
        feed_url=settings.SITE_URL + path,
        feed_guid=settings.SITE_URL + path,
        language=read.language,
        author_name=settings.MUNICIPALITY["NAME"],
        description="",
    )
    for one in entries(read=read):
        made.add_item(
            title=str(one.title),
            link=settings.SITE_URL + one.path,
            # Django says of every summary that it is HTML; ours is plain text.
            description=escape(Truncator(str(one.summary)).chars(SUMMARY)),
            unique_id=settings.SITE_URL + one.path,
            pubdate=one.published,
            updateddate=one.updated,
            categories=[one.kind],
            lang=one.title.language if one.title.is_foreign else "",
        )
    return made.writeString("utf-8")


def entries(*, read: Reader) -> list[Entry]:
    """The newest of everything, at most 50."""
    found = [*_news(read), *_sets(read), *_amendments(read), *_responses(read), *_pictures(read)]
    return sorted(found, key=lambda one: (one.published, one.path), reverse=True)[:MOST_ENTRIES]


def _news(read: Reader) -> Iterator[Entry]:
    rows = PublicUpdate.objects.published().order_by("-published_at").prefetch_related("corrections")
    for row in rows[:MOST_ENTRIES]:
        corrected = [correction.corrected_at for correction in row.corrections.all()]
        yield _entry(row, row.published_at, _("Nyhet"), read, "title", "lead", updated=max(corrected, default=None))


def _sets(read: Reader) -> Iterator[Entry]:
    for row in PledgeSet.objects.published().order_by("-published_at")[:MOST_ENTRIES]:
        yield _entry(row, row.published_at, _("Medborgarlöften"), read, "title", "intro")
        if row.state == SetState.CLOSED and row.closed_at:
            path = reverse("pledges_public:closing", args=[row.slug])
            yield _entry(row, row.closed_at, _("Så gick det"), read, "title", "closing_text", path=path)


def _amendments(read: Reader) -> Iterator[Entry]:
    rows = Amendment.objects.filter(commitment__in=Commitment.objects.published()).order_by("-made_at")
    for row in rows.select_related("commitment__pledge_set")[:MOST_ENTRIES]:
        yield _entry(row, row.made_at, _("Ändrat löfte"), read, "new_text", "reason")


def _responses(read: Reader) -> Iterator[Entry]:
    for row in Response.objects.published().order_by("-published_at")[:MOST_ENTRIES]:
        yield _entry(row, row.published_at, _("Intensifierat arbete"), read, "title", "background")


def _pictures(read: Reader) -> Iterator[Entry]:
    for row in SituationPicture.objects.published().order_by("-published_at")[:MOST_ENTRIES]:
        yield _entry(row, row.published_at, _("Lägesbild"), read, "title", "public_summary")


def _entry(
    row: Any,
    published: dt.datetime | None,
    kind: str,
    read: Reader,
    title: str,
    summary: str,
    *,
    path: str = "",
    updated: dt.datetime | None = None,
) -> Entry:
    assert published is not None
    return Entry(
        title=read.in_language(row, title),
        summary=read.in_language(row, summary),
        path=path or row.public_url,
        published=published,
        updated=max(published, updated or published),
        kind=kind,
    )
