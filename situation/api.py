"""Open data of the situation picture: the numbers of published figures, cell by cell, as they were frozen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _
from ninja import Schema
from pydantic import Field

from lysekil_trygghet.opendata.datasets import Dataset, address

from .figures import drawn
from .importers.numbers import NotANumber
from .importers.numbers import number as number_of
from .models import Figure


class NumberRow(Schema):
    figure: int = Field(description="Figurens nummer i portalen.")
    url: str = Field(description="Lägesbilden där figuren står.")
    title: str = Field(description="Figurens rubrik.")
    title_en: str = Field(description="Rubriken på engelska, om den finns.")
    indicator: str = Field(description="Indikatorns kod hos utgivaren, om figuren visar en indikator.")
    row: str = Field(description="Vad raden gäller: ett år, ett område, ett svar.")
    column: str = Field(description="Vad kolumnen gäller: oftast ett område eller en enhet.")
    value: str = Field(description="Värdet som det visas för invånare; ”färre än 5” skrivs aldrig ut som en siffra.")
    number: float | None = Field(description="Värdet som tal, om det är ett.")
    source: str = Field(description="Underlaget siffran kommer från.")
    publisher: str = Field(description="Vem som gett ut siffran.")
    licence: str = Field(description="Licensen för siffran; tom om utgivaren inte angett någon.")
    published: str = Field(description="Dagen lägesbilden publicerades.")


def _cells() -> list[dict[str, Any]]:
    """Every cell of every published figure; the first column of a table names its row."""
    figures = (
        Figure.objects.published()
        .select_related("picture", "source", "indicator")
        .order_by("-picture__published_at", "picture", "order", "pk")
    )
    return [
        {
            "figure": figure.pk,
            "url": address(figure.picture.public_url),
            "title": figure.title,
            "title_en": figure.title_en,
            "indicator": figure.indicator.code if figure.indicator else "",
            "row": row[0],
            "column": column,
            "value": value,
            "number": _number(value),
            "source": figure.source.title if figure.source.is_public else "",
            "publisher": figure.source.publisher if figure.source.is_public else "",
            "licence": figure.source.licence if figure.source.is_public else "",
            "published": f"{figure.picture.published_at:%Y-%m-%d}",
        }
        for figure in figures
        for shown in [drawn(figure, lang="sv")]
        for row in shown.rows
        for column, value in zip(shown.head[1:], row[1:], strict=False)
    ]


def _number(text: str) -> float | None:
    plain = text.replace("\u00a0", "").replace("%", "").replace("−", "-").strip()
    try:
        number = number_of(plain)
    except NotANumber:
        return None
    return None if number is None else float(number)


def _as_they_are(rows: Sequence[Any]) -> list[Any]:
    return list(rows)


INDICATORS = Dataset(
    slug="indicators",
    title=_("Siffror ur lägesbilden"),
    description=_("Varje siffra i de publicerade lägesbildernas figurer, med underlag, utgivare och licens."),
    schema=NumberRow,
    rows=_cells,
    as_rows=_as_they_are,
    keywords=("lägesbild", "trygghet", "brott", "statistik"),
    licence_note=_("Siffrorna kommer från olika utgivare. Licensen står på varje rad."),
)
