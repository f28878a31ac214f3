"""The map for search engines: every page residents may read, in both languages. Format: sitemaps.org 0.9."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.urls import reverse

from incidents.lifecycle import DECISIONS_TAKEN
from incidents.models import ActionPackage, PublicUpdate, Response, SteeringDecision
from pledges.lifecycle import SetState
from pledges.models import Commitment, PledgeSet
from situation.models import SituationPicture

FIXED = (
    "start:home",
    "pledges_public:sets",
    "pledges_public:feedback",
    "pledges_public:walks",
    "situation_public:pictures",
    "incidents_public:responses",
    "incidents_public:updates",
    "incidents_public:contact",
    "start:how_we_work",
    "start:help",
    "start:law",
    "start:changes",
    "start:unsafe_place",
    "start:accessibility",
    "opendata:index",
)


@dataclass(frozen=True)
class Page:
    """`address` gives the path in the language that is active when it is asked."""

    address: Callable[[], str]
    changed: dt.datetime | None = None


class ResidentsPages(Sitemap):
    i18n = True
    alternates = True
    x_default = True

    def items(self) -> list[Page]:
        return list(pages())

    def location(self, item: Page) -> str:
        return item.address()

    def lastmod(self, item: Page) -> dt.datetime | None:
        return item.changed

    def get_domain(self, site: Any = None) -> str:
        return urlsplit(settings.SITE_URL).netloc

    def get_protocol(self, protocol: str | None = None) -> str:
        return urlsplit(settings.SITE_URL).scheme


def pages() -> Iterator[Page]:
    """The fixed pages, then everything published, in a fixed number of queries."""
    for name in FIXED:
        yield _at(name)
    for pledge_set in PledgeSet.objects.published().order_by("pk"):
        yield _at("pledges_public:set", pledge_set.slug, changed=pledge_set.closed_at or pledge_set.published_at)
        if pledge_set.state == SetState.CLOSED:
            yield _at("pledges_public:closing", pledge_set.slug, changed=pledge_set.closed_at)
    for promise in Commitment.objects.published().select_related("pledge_set").order_by("pk"):
        yield _at("pledges_public:commitment", promise.pledge_set.slug, promise.number)
    for picture in SituationPicture.objects.published().order_by("pk"):
        yield _at("situation_public:picture", picture.slug, changed=picture.published_at)
    responses = Response.objects.published()
    for response in responses.order_by("pk"):
        yield _at("incidents_public:response", response.slug)
    decisions = SteeringDecision.objects.published().filter(response__in=responses, state__in=DECISIONS_TAKEN)
    for decision in decisions.select_related("response").order_by("pk"):
        where = (decision.response.slug, decision.number, decision.version)
        yield _at("incidents_public:decision", *where, changed=decision.published_at)
    packages = ActionPackage.objects.published().filter(response__in=responses)
    for package in packages.select_related("response").order_by("pk"):
        yield _at("incidents_public:package", package.response.slug, package.version, changed=package.published_at)
    for update in PublicUpdate.objects.published().order_by("pk"):
        yield _at("incidents_public:update", update.slug, changed=update.published_at)


def _at(name: str, *where: object, changed: dt.datetime | None = None) -> Page:
    return Page(lambda: reverse(name, args=where), changed)
