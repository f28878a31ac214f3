"""Numbers of a file beside those that are stored: compared and written by the database itself, in bounded memory.

The rows lie in a temporary table of the connection. Both databases run the same SQL; only the way in differs (COPY on
PostgreSQL).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from situation.importers.rows import GoneRow, LineError, ValueRow

BATCH = 10_000
EXAMPLES = 20
MOST_CONFLICTS = 1_000
# The place in the file, the order of a ValueRow, then whether the publisher took it back.
COLUMNS = "seq, line, indicator, area, period, value, breakdown, n, is_preliminary, is_suppressed, area_label, gone"
KEY = "indicator, area, period, breakdown"
TABLE = "situation_indicatorvalue"
JOINED = f"""
    staged s
    JOIN staged_indicator i ON i.code = s.indicator
    JOIN staged_area a ON a.code = s.area
    LEFT JOIN {TABLE} v
      ON v.indicator_id = i.id AND v.area_id = a.id AND v.period = s.period AND v.breakdown = s.breakdown
"""


def _unequal(left: str, right: str) -> str:
    word = "IS DISTINCT FROM" if connection.vendor == "postgresql" else "IS NOT"
    return f"{left} {word} {right}"


@dataclass
class Difference:
    """What a file would change, or has changed."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    gone: int = 0
    repeated: int = 0
    # (line, indicator, area, period, breakdown, old, new) of some of them.
    examples: list[dict[str, Any]] = field(default_factory=list)


class Staging:
    """The temporary table. Rows go in by `add`, in batches."""

    def __init__(self) -> None:
        self._batch: list[tuple[Any, ...]] = []
        self.count = 0

    def add(self, row: ValueRow | GoneRow) -> None:
        if isinstance(row, GoneRow):
            line, indicator, area, period, breakdown = row
            row = ValueRow(line, indicator, area, period, None, breakdown)
            self._batch.append((self.count, *row, True))
        else:
            self._batch.append((self.count, *row, False))
        self.count += 1
        if len(self._batch) >= BATCH:
            self.flush()

    def flush(self) -> None:
        if not self._batch:
            return
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                with cursor.copy(f"COPY staged ({COLUMNS}) FROM STDIN") as copy:
                    for row in self._batch:
                        copy.write_row(row)
            else:
                marks = ", ".join(["%s"] * len(self._batch[0]))
                plain = [tuple(str(one) if isinstance(one, Decimal) else one for one in row) for row in self._batch]
                cursor.executemany(f"INSERT INTO staged ({COLUMNS}) VALUES ({marks})", plain)
        self._batch.clear()

    def settle(self) -> tuple[int, list[LineError]]:
        """Rows that stand twice: what says the same is kept once, what says something else is an error with its line.

        Gives how many stood twice and the errors. The first row of each is kept.
        """
        self.flush()
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE INDEX staged_key ON staged ({KEY})")
            cursor.execute(
                f"""
                CREATE TEMPORARY TABLE staged_again AS
                SELECT s.seq, s.line, k.line AS first_line,
                       CASE WHEN {_unequal("s.value", "k.value")} OR s.gone <> k.gone THEN 1 ELSE 0 END AS differs
                FROM (SELECT {KEY}, MIN(seq) AS first FROM staged GROUP BY {KEY} HAVING COUNT(*) > 1) f
                JOIN staged k ON k.seq = f.first
                JOIN staged s ON s.indicator = f.indicator AND s.area = f.area AND s.period = f.period
                 AND s.breakdown = f.breakdown AND s.seq <> f.first
                """
            )
            cursor.execute(
                "SELECT DISTINCT line, first_line FROM staged_again WHERE differs = 1 ORDER BY line LIMIT %s",
                [MOST_CONFLICTS],
            )
            errors = [
                LineError(line, _("Raden säger något annat än rad %(first)d om samma sak.") % {"first": first})
                for line, first in cursor.fetchall()
            ]
            cursor.execute("SELECT COUNT(*) FROM staged_again WHERE differs = 0")
            repeated = int(cursor.fetchone()[0])
            if repeated or errors:
                cursor.execute("DELETE FROM staged WHERE seq IN (SELECT seq FROM staged_again)")
        return repeated, errors

    def distinct(self, column: str) -> list[str]:
        """The different indicators, or areas, of the file."""
        self.flush()
        if column not in ("indicator", "area"):
            raise ValueError(column)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT DISTINCT {column} FROM staged ORDER BY {column}")
            return [row[0] for row in cursor.fetchall()]

    def area_labels(self) -> dict[str, str]:
        """How the publisher wrote each area, where it is told."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT area, MIN(area_label) FROM staged WHERE area_label <> '' GROUP BY area")
            return dict(cursor.fetchall())

    def known(self, *, indicators: dict[str, int | None], areas: dict[str, int | None]) -> None:
        """Which row of ours each code means; None for what is not stored yet."""
        for name, ids in (("indicator", indicators), ("area", areas)):
            with connection.cursor() as cursor:
                cursor.execute(f"DELETE FROM staged_{name}")
                cursor.executemany(f"INSERT INTO staged_{name} (code, id) VALUES (%s, %s)", list(ids.items()))

    def compare(self) -> Difference:
        """What would be new, changed, unchanged and taken away. `known` comes first. Writes nothing."""
        changed = self._changed()
        with connection.cursor() as cursor:
            cursor.execute(
                f"""
                SELECT COALESCE(SUM(CASE WHEN v.id IS NULL AND NOT s.gone THEN 1 ELSE 0 END), 0),
                       COALESCE(SUM(CASE WHEN v.id IS NOT NULL AND NOT s.gone AND ({changed}) THEN 1 ELSE 0 END), 0),
                       COALESCE(SUM(CASE WHEN NOT s.gone THEN 1 ELSE 0 END), 0),
                       COALESCE(SUM(CASE WHEN v.id IS NOT NULL AND s.gone THEN 1 ELSE 0 END), 0)
                FROM {JOINED}
                """
            )
            new, altered, total, gone = (int(number) for number in cursor.fetchone())
        found = Difference(new=new, changed=altered, unchanged=total - new - altered, gone=gone)
        found.examples = [
            *self._examples("v.id IS NULL AND NOT s.gone", "new"),
            *self._examples(f"v.id IS NOT NULL AND NOT s.gone AND ({changed})", "changed"),
            *self._examples("v.id IS NOT NULL AND s.gone", "gone"),
        ]
        return found

    def _examples(self, which: str, kind: str) -> list[dict[str, Any]]:
        with connection.cursor() as cursor:
            cursor.execute(
                f"""
                SELECT s.line, s.indicator, s.area, s.period, s.breakdown, v.value, s.value
                FROM {JOINED} WHERE {which} ORDER BY s.line LIMIT %s
                """,
                [EXAMPLES],
            )
            names = ("line", "indicator", "area", "period", "breakdown", "old", "value")
            rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
        return [row | {"kind": kind, "old": _plain(row["old"]), "value": _plain(row["value"])} for row in rows]

    def _changed(self) -> str:
        return " OR ".join(
            _unequal(f"v.{name}", f"s.{name}") for name in ("value", "n", "is_preliminary", "is_suppressed")
        )

    def write(self, *, dataset_import: int) -> None:
        """Store what is new, put right what is changed, remove what was taken back. In the caller's transaction."""
        period_type = (
            "CASE WHEN LENGTH(s.period) = 4 THEN 'YEAR' WHEN s.period LIKE '%%Q%%' THEN 'QUARTER' ELSE 'MONTH' END"
        )
        with connection.cursor() as cursor:
            cursor.execute(
                f"""
                CREATE TEMPORARY TABLE staged_changed AS
                SELECT v.id AS value_id, s.value, s.n, s.is_preliminary, s.is_suppressed
                FROM {JOINED} WHERE v.id IS NOT NULL AND NOT s.gone AND ({self._changed()})
                """
            )
            cursor.execute(
                f"DELETE FROM {TABLE} WHERE id IN (SELECT v.id FROM {JOINED} WHERE v.id IS NOT NULL AND s.gone)"
            )
            cursor.execute(
                f"""
                INSERT INTO {TABLE} (indicator_id, area_id, period, period_type, breakdown, value, n,
                                     is_preliminary, is_suppressed, dataset_import_id)
                SELECT i.id, a.id, s.period, {period_type}, s.breakdown, s.value, s.n,
                       s.is_preliminary, s.is_suppressed, %s
                FROM {JOINED} WHERE v.id IS NULL AND NOT s.gone
                """,
                [dataset_import],
            )
            cursor.execute(
                f"""
                UPDATE {TABLE} SET value = c.value, n = c.n, is_preliminary = c.is_preliminary,
                                   is_suppressed = c.is_suppressed, dataset_import_id = %s
                FROM staged_changed c WHERE c.value_id = {TABLE}.id
                """,
                [dataset_import],
            )


def _plain(value: object) -> str | None:
    """Without the zeros nobody wrote."""
    if value is None:
        return None
    number = Decimal(str(value)).normalize()
    return format(number, "f")


TEMPORARY: Sequence[str] = ("staged_changed", "staged_again", "staged_area", "staged_indicator", "staged")


@contextmanager
def staging() -> Iterator[Staging]:
    """A temporary table for the rows of one file; gone afterwards, whatever happened."""
    types = {"number": "numeric(20, 6)", "yes": "boolean"}
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            CREATE TEMPORARY TABLE staged (
                seq integer PRIMARY KEY, line integer, indicator varchar(160), area varchar(120),
                period varchar(10), value {types["number"]},
                breakdown varchar(200), n integer, is_preliminary {types["yes"]}, is_suppressed {types["yes"]},
                area_label varchar(200), gone {types["yes"]})
            """
        )
        cursor.execute("CREATE TEMPORARY TABLE staged_indicator (code varchar(160) PRIMARY KEY, id bigint)")
        cursor.execute("CREATE TEMPORARY TABLE staged_area (code varchar(120) PRIMARY KEY, id bigint)")
    try:
        yield Staging()
    finally:
        if not transaction.get_connection().needs_rollback:
            with connection.cursor() as cursor:
                for table in TEMPORARY:
                    cursor.execute(f"DROP TABLE IF EXISTS {table}")
