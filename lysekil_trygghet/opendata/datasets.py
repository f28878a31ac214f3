"""What a data set is: rows of published facts with a schema that says what each column holds."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from ninja import Schema

# Creative Commons Zero: free for any use, no name asked for (Digg's recommendation for open data).
CC0 = "https://creativecommons.org/publicdomain/zero/1.0/"
MOST_ROWS_OF_A_FILE = 100_000

Row = dict[str, Any]


@dataclass(frozen=True)
class Dataset:
    """`rows()` holds published things alone, in an order that stays; `as_rows` makes some of them plain dicts that
    fit `schema`, whose fields' descriptions are the documentation.

    `licence_note` says what holds where the rows come from elsewhere; each such row then names its own licence.
    """

    slug: str
    title: Any
    description: Any
    schema: type[Schema]
    rows: Callable[[], Sequence[Any]]
    as_rows: Callable[[Sequence[Any]], list[Row]]
    keywords: tuple[str, ...]
    licence: str = CC0
    licence_note: Any = ""

    @property
    def path(self) -> str:
        return f"/api/v1/{self.slug}"

    @property
    def columns(self) -> list[tuple[str, str]]:
        """Each column and what it holds."""
        return [(name, field.description or "") for name, field in self.schema.model_fields.items()]

    def table(self) -> tuple[list[str], Iterator[list[str]]]:
        """Head and rows for files of cells."""
        names = list(self.schema.model_fields)
        rows = self.as_rows(self.rows()[:MOST_ROWS_OF_A_FILE])
        return names, ([cell(row[name]) for name in names] for row in rows)


def cell(value: Any) -> str:
    """One value as a cell holds it: nothing for nothing, lists one after the other, times in ISO 8601."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dt.datetime | dt.date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return "; ".join(
            item if isinstance(item, str) else json.dumps(item, ensure_ascii=False, default=str) for item in value
        )
    return str(value)


def address(path: str) -> str:
    """The whole address of a path of the portal."""
    return settings.SITE_URL + path if path else ""
