"""Which tables travel in a backup, and how a row is written so that any database reads back exactly what stood there.

A row is a list of cells in JSON. What JSON has itself (text, whole numbers, yes and no, nothing) stands as it is;
everything else is written in a form that loses nothing.
"""

from __future__ import annotations

import base64
import datetime as dt
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection, models
from django.db.models import BooleanField, ExpressionWrapper, Q

# Tables of ours that stay behind.
STAYS = {
    "sessions.Session": "who was signed in then is not to be signed in again; everyone signs in anew",
    "notifications.SweepBeat": "proof that a process on that machine was alive at that time",
    "watching.Tick": "proof that a process on that machine was alive at that time",
    "account.EmailConfirmation": "codes by mail that are good for some minutes",
}
# Rows that `migrate` itself writes. They travel, so that all that points at them finds the same number again.
MADE_BY_MIGRATE = frozenset({"contenttypes.ContentType", "auth.Permission"})
CHUNK = 500


def other_tables() -> dict[str, str]:
    """Tables without a model, and why they stay behind."""
    caches = [str(one["LOCATION"]) for one in settings.CACHES.values() if "DatabaseCache" in str(one["BACKEND"])]
    return {
        "django_migrations": "compared, not copied: it says what the tables look like, not what stands in them",
        **dict.fromkeys(caches, "counts of tries and answers kept for a while, made anew by themselves"),
    }


class CannotCopy(Exception):
    """There is a field or a table that this code does not know how to copy; nothing is left out in silence."""


@dataclass(frozen=True)
class Kind:
    """How a value of one kind of field is written, and made a value again."""

    write: Callable[[Any], Any]
    read: Callable[[Any], Any]


def _same(value: Any) -> Any:
    return value


def _utc(value: dt.datetime) -> str:
    return value.astimezone(dt.UTC).isoformat()


PLAIN = Kind(_same, _same)
ISO = {
    "DateTimeField": Kind(_utc, dt.datetime.fromisoformat),
    "DateField": Kind(dt.date.isoformat, dt.date.fromisoformat),
    "TimeField": Kind(dt.time.isoformat, dt.time.fromisoformat),
}
KINDS: dict[str, Kind] = {
    **dict.fromkeys(("AutoField", "BigAutoField", "SmallAutoField", "BooleanField"), PLAIN),
    **dict.fromkeys(("IntegerField", "BigIntegerField", "SmallIntegerField"), PLAIN),
    **dict.fromkeys(("PositiveIntegerField", "PositiveBigIntegerField", "PositiveSmallIntegerField"), PLAIN),
    **dict.fromkeys(
        ("CharField", "TextField", "SlugField", "EmailField", "URLField", "FileField", "FilePathField"), PLAIN
    ),
    **dict.fromkeys(("GenericIPAddressField", "FloatField"), PLAIN),
    **ISO,
    "DecimalField": Kind(str, Decimal),
    "UUIDField": Kind(str, uuid.UUID),
    "BinaryField": Kind(lambda value: base64.b64encode(bytes(value)).decode(), base64.b64decode),
    "DurationField": Kind(
        lambda value: value // dt.timedelta(microseconds=1), lambda number: dt.timedelta(microseconds=number)
    ),
}


def _kind(field: models.Field) -> Kind:
    """A foreign key is written as what it points at. Raises `CannotCopy`."""
    while isinstance(field, models.ForeignKey):
        field = field.target_field
    try:
        return KINDS[field.get_internal_type()]
    except KeyError:
        raise CannotCopy(f"{field}: {field.get_internal_type()}") from None


@dataclass(frozen=True)
class Table:
    """One table of the database, with the model that reads and writes it."""

    model: type[models.Model]

    @property
    def name(self) -> str:
        return self.model._meta.db_table

    @property
    def label(self) -> str:
        return self.model._meta.label

    @cached_property
    def fields(self) -> list[models.Field]:
        """Those with a column in this very table, but what the database computes itself."""
        return [field for field in self.model._meta.local_concrete_fields if not field.generated]

    @cached_property
    def columns(self) -> list[str]:
        return [str(field.column) for field in self.fields]

    @cached_property
    def counter(self) -> models.Field | None:
        """The column whose numbers the database gives out."""
        return next(
            (field for field in self.fields if isinstance(field, models.AutoField | models.BigAutoField)), None
        )

    # --- Reading ----------------------------------------------------------------------------------------

    def rows(self) -> Iterator[list[Any]]:
        """Every row as cells, in the order of its number; a few at a time in memory."""
        wraps = {
            f"is_null_{field.attname}": ExpressionWrapper(Q((f"{field.attname}__isnull", True)), BooleanField())
            for field in self.fields
            if _is_json(field) and field.null
        }
        found = self.model._base_manager.using("default").annotate(**wraps).order_by("pk")
        names = [*(field.attname for field in self.fields), *wraps]
        writers = [self._writer(field, names) for field in self.fields]
        for row in found.values_list(*names).iterator(chunk_size=CHUNK):
            yield [write(row, value) for write, value in zip(writers, row, strict=False)]

    @staticmethod
    def _writer(field: models.Field, names: Sequence[str]) -> Callable[[Sequence[Any], Any], Any]:
        if _is_json(field):
            # In brackets, so that a JSON null is not the same as no value at all.
            asks = names.index(f"is_null_{field.attname}") if field.null else None
            return lambda row, value: None if asks is not None and row[asks] else [value]
        write = _kind(field).write
        return lambda _row, value: None if value is None else write(value)

    # --- Writing ----------------------------------------------------------------------------------------

    def insert(self, rows: Sequence[Sequence[Any]]) -> None:
        """Put cells in the table as they are: no signals, no `save`, no clock."""
        if not rows:
            return
        quote = connection.ops.quote_name
        columns = ", ".join(quote(column) for column in self.columns)
        places = ", ".join("%s" for _column in self.columns)
        values = [[_stored(field, cell) for field, cell in zip(self.fields, row, strict=True)] for row in rows]
        with connection.cursor() as cursor:
            cursor.executemany(f"INSERT INTO {quote(self.name)} ({columns}) VALUES ({places})", values)

    def last_number(self) -> int:
        """The highest number the database has given out in this table, also to rows that are gone."""
        if self.counter is None:
            return 0
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [self.name])
            else:
                sequence = self._sequence(cursor)
                cursor.execute(f"SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM {sequence}")
            found = cursor.fetchone()
        return int(found[0]) if found else 0

    def go_on_from(self, number: int) -> None:
        """The next number given out is above `number` and above every row. What was given out comes never again."""
        if self.counter is None:
            return
        column = connection.ops.quote_name(str(self.counter.column))
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT MAX({column}) FROM {connection.ops.quote_name(self.name)}")
            last = max(number, cursor.fetchone()[0] or 0, self.last_number())
            if connection.vendor == "sqlite":
                cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [self.name])
                cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [self.name, last])
            elif last:
                cursor.execute("SELECT setval(%s, %s)", [self._sequence(cursor), last])

    def _sequence(self, cursor: Any) -> str:
        assert self.counter is not None
        quoted = connection.ops.quote_name(self.name)
        cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [quoted, self.counter.column])
        return str(cursor.fetchone()[0])


def _is_json(field: models.Field) -> bool:
    return isinstance(field, models.JSONField)


def _stored(field: models.Field, cell: Any) -> Any:
    if cell is None:
        return field.get_db_prep_save(None, connection)
    if _is_json(field):
        value = models.Value(None, models.JSONField()) if cell[0] is None else cell[0]
        return field.get_db_prep_save(value, connection)
    return field.get_db_prep_save(_kind(field).read(cell), connection)


def travelling() -> list[Table]:
    """Every table of ours and of the packages we use, those between many-to-many too. Raises `CannotCopy`."""
    found = [Table(model) for model in _models() if model._meta.label not in STAYS]
    for table in found:
        for field in table.fields:
            if not _is_json(field):
                _kind(field)
    return found


def all_tables() -> list[Table]:
    """Those that stay behind too."""
    return [Table(model) for model in _models()]


def _models() -> list[type[models.Model]]:
    every = apps.get_models(include_auto_created=True, include_swapped=False)
    return [model for model in every if model._meta.managed and not model._meta.proxy]


def unknown_tables() -> list[str]:
    """Tables in the database that are nobody's: they are not in the backup, and whoever takes it is told."""
    known = {table.name for table in all_tables()} | set(other_tables())
    return sorted(set(connection.introspection.table_names()) - known)


def tables_with_rows() -> list[str]:
    """What an empty installation does not have; what `migrate` writes does not count."""
    tables = (table for table in travelling() if table.label not in MADE_BY_MIGRATE)
    return [table.name for table in tables if table.model._base_manager.using("default").exists()]


def empty_all() -> None:
    """Take every row away, in the caller's transaction.

    History may not be deleted row by row (its triggers); emptying whole tables is the owner's right, and the triggers
    stand when it is done.
    """
    names = [connection.ops.quote_name(table.name) for table in all_tables()]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"TRUNCATE {', '.join(names)}")
        else:
            for name in names:
                cursor.execute(f"DELETE FROM {name}")
