"""News for residents, with pictures and visible corrections."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from pathlib import PurePosixPath
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils.dateformat import format as date_format
from django.utils.safestring import SafeString

from incidents.models import Correction, Picture, PublicUpdate
from incidents.models.police_text import MaybePoliceTextQuerySet
from lysekil_trygghet.publishing import markdown
from lysekil_trygghet.publishing.languages import Reader, Text
from lysekil_trygghet.workdays import local_date

PAGE_SIZE = 10


@dataclass(frozen=True)
class NewsItem:
    """A piece of news in a list."""

    title: Text
    lead: Text
    url: str
    published_at: dt.datetime


@dataclass(frozen=True)
class Month:
    """The news of one month: "juni 2020"."""

    name: str
    items: list[NewsItem]


@dataclass(frozen=True)
class Corrected:
    at: dt.datetime
    text: Text


@dataclass(frozen=True)
class PictureShown:
    """Addresses of every size, for `srcset`; the middle one for browsers that read none."""

    alt: Text
    credit: str
    webp: str
    jpeg: str
    src: str
    width: int
    height: int


@dataclass(frozen=True)
class Article:
    """A piece of news in full."""

    title: Text
    lead: Text
    body: SafeString
    body_mark: SafeString
    published_at: dt.datetime
    updated_at: dt.datetime
    corrections: list[Corrected]
    picture: PictureShown | None
    response_title: Text | None
    response_url: str


def published_updates() -> MaybePoliceTextQuerySet:
    """All news residents may read, the newest first."""
    return PublicUpdate.objects.published().order_by("-published_at", "-pk")


def news_item(update: PublicUpdate, *, read: Reader) -> NewsItem:
    assert update.published_at is not None
    return NewsItem(
        title=read.in_language(update, "title"),
        lead=read.in_language(update, "lead"),
        url=update.public_url,
        published_at=update.published_at,
    )


def latest_news(number: int, *, read: Reader) -> list[NewsItem]:
    return [news_item(update, read=read) for update in published_updates()[:number]]


def by_month(updates: Iterable[PublicUpdate], *, read: Reader) -> list[Month]:
    """Grouped by the month they came, in the order given."""
    items = [news_item(update, read=read) for update in updates]
    return [
        Month(name=name, items=list(group))
        for name, group in groupby(items, key=lambda item: date_format(local_date(item.published_at), "F Y"))
    ]


def corrections(rows: Iterable[Correction], *, read: Reader) -> list[Corrected]:
    return [Corrected(at=row.corrected_at, text=read.in_language(row, "text")) for row in rows]


def article(update: PublicUpdate, *, read: Reader) -> Article:
    """Read with `select_related("picture", "response")`. The response is named only if residents may read it."""
    assert update.published_at is not None
    body = read.in_language(update, "body")
    corrected = corrections(update.corrections.all(), read=read)
    response = update.response if update.response and update.response.is_public else None
    return Article(
        title=read.in_language(update, "title"),
        lead=read.in_language(update, "lead"),
        body=markdown.render(str(body), heading=2),
        body_mark=body.mark,
        published_at=update.published_at,
        updated_at=max([update.published_at, *(row.at for row in corrected)]),
        corrections=corrected,
        picture=picture_shown(update.picture, read=read) if update.picture else None,
        response_title=read.in_language(response, "title") if response else None,
        response_url=response.public_url if response else "",
    )


def json_ld(article: Article, path: str) -> dict[str, Any]:
    """The article for search engines (schema.org NewsArticle)."""
    publisher = {"@type": "GovernmentOrganization", "name": settings.MUNICIPALITY["NAME"]}
    return {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": str(article.title)[:110],
        "description": str(article.lead),
        "inLanguage": article.title.language,
        "datePublished": article.published_at.isoformat(),
        "dateModified": article.updated_at.isoformat(),
        "mainEntityOfPage": settings.SITE_URL + path,
        "publisher": publisher,
        "author": publisher,
        "isAccessibleForFree": True,
    }


def picture_shown(picture: Picture, *, read: Reader) -> PictureShown | None:
    sizes: list[dict[str, Any]] = picture.sizes
    if not sizes:
        return None
    middle = sizes[len(sizes) // 2]
    return PictureShown(
        alt=read.in_language(picture, "alt"),
        credit=picture.credit,
        webp=_srcset(sizes, "webp"),
        jpeg=_srcset(sizes, "jpeg"),
        src=picture_url(middle["jpeg"]),
        width=middle["width"],
        height=middle["height"],
    )


def _srcset(sizes: list[dict[str, Any]], kind: str) -> str:
    return ", ".join(f"{picture_url(size[kind])} {size['width']}w" for size in sizes)


def picture_url(name: str) -> str:
    """The same address in every language, so that a picture is fetched once."""
    return settings.MEDIA_URL + name


def is_shown(name: str) -> bool:
    """True when this file belongs to a picture of a piece of news residents may read."""
    if PurePosixPath(name).name != name:
        return False
    maybe: QuerySet[PublicUpdate, Any] = published_updates().filter(picture__sizes__icontains=name)
    return any(
        name in (size.get("webp"), size.get("jpeg"))
        for sizes in maybe.values_list("picture__sizes", flat=True)
        for size in sizes
    )
