"""Open data of the intensified work: decisions as they were published, version by version, and news."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _
from ninja import Schema
from pydantic import Field

from lysekil_trygghet.opendata.datasets import Dataset, address

from .lifecycle import DECISIONS_TAKEN
from .models import DirectionPoint, PublicUpdate, Response, SteeringDecision
from .residents.news import published_updates
from .residents.responses import decision_url


class DecisionRow(Schema):
    id: str = Field(description="Insatsens namn, beslutets nummer och version; ändras aldrig.")
    url: str = Field(description="Sidan för invånare.")
    response: str = Field(description="Insatsens namn i adressen.")
    number: str = Field(description="Beslutets nummer.")
    version: int = Field(description="Beslutets version.")
    aim: str = Field(description="Vad beslutet syftar till.")
    aim_en: str = Field(description="Syftet på engelska, om det finns.")
    points: list[str] = Field(description="Inriktningen, punkt för punkt; bara de punkter som är publika.")
    decided_at: dt.datetime | None = Field(description="När det beslutades.")
    decided_by: str = Field(description="Funktionen som beslutade.")
    state: str = Field(description="Beslutets läge.")
    published_at: dt.datetime = Field(description="När versionen publicerades.")


class NewsRow(Schema):
    id: str = Field(description="Nyhetens namn i adressen; ändras aldrig.")
    url: str = Field(description="Sidan för invånare.")
    title: str = Field(description="Rubrik.")
    title_en: str = Field(description="Rubrik på engelska, om den finns.")
    lead: str = Field(description="Ingress.")
    body: str = Field(description="Brödtext i Markdown.")
    body_en: str = Field(description="Brödtext på engelska, om den finns.")
    response: str | None = Field(description="Insatsen nyheten hör till.")
    published_at: dt.datetime = Field(description="När nyheten publicerades.")
    corrected_at: list[dt.datetime] = Field(description="När nyheten har rättats.")


def _decisions() -> Any:
    return (
        SteeringDecision.objects.published()
        .filter(response__in=Response.objects.published(), state__in=DECISIONS_TAKEN)
        .select_related("response")
        .prefetch_related(Prefetch("points", DirectionPoint.objects.filter(is_public=True).order_by("order", "pk")))
        .order_by("-decided_at", "-version", "-pk")
    )


def _decision_rows(decisions: Sequence[Any]) -> list[dict[str, Any]]:
    return [
        {
            "id": f"{one.response.slug}/{one.number}/{one.version}",
            "url": address(decision_url(one.response.slug, one)),
            "response": one.response.slug,
            "number": one.number,
            "version": one.version,
            "aim": one.aim,
            "aim_en": one.aim_en,
            "points": [point.text for point in one.points.all()],
            "decided_at": one.decided_at,
            "decided_by": one.decided_by_function,
            "state": one.state,
            "published_at": one.published_at,
        }
        for one in decisions
    ]


def _news() -> Any:
    return published_updates().select_related("response").prefetch_related("corrections")


def _news_rows(updates: Sequence[PublicUpdate]) -> list[dict[str, Any]]:
    return [
        {
            "id": one.slug,
            "url": address(one.public_url),
            "title": one.title,
            "title_en": one.title_en,
            "lead": one.lead,
            "body": one.body,
            "body_en": one.body_en,
            "response": one.response.slug if one.response and one.response.is_public else None,
            "published_at": one.published_at,
            "corrected_at": [row.corrected_at for row in one.corrections.all()],
        }
        for one in updates
    ]


DECISIONS = Dataset(
    slug="decisions",
    title=_("Inriktningsbeslut"),
    description=_("Beslut om vart arbetet ska när något allvarligt har hänt, version för version."),
    schema=DecisionRow,
    rows=_decisions,
    as_rows=_decision_rows,
    keywords=("inriktningsbeslut", "trygghet", "krisledning"),
)
NEWS = Dataset(
    slug="news",
    title=_("Nyheter"),
    description=_("Nyheter om trygghetsarbetet, med rättelser."),
    schema=NewsRow,
    rows=_news,
    as_rows=_news_rows,
    keywords=("nyheter", "trygghet"),
)
