"""Where the migrations stand, in database, code and backup: rows fit only the tables they came from."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.utils.translation import gettext as _

MOST_NAMED = 6


class OtherTables(Exception):
    """The tables are not those of this code; `str()` says in plain Swedish which and what to do."""


def migrations_of_code() -> dict[str, list[str]]:
    """All migrations of this code, by app."""
    return _by_app(MigrationLoader(None).disk_migrations)


def migrations_here() -> dict[str, list[str]]:
    """The same. Raises `OtherTables` when the database has not had all of them."""
    loader = MigrationLoader(connection)
    if missing := set(loader.disk_migrations) - set(loader.applied_migrations):
        raise OtherTables(
            _(
                "Databasen har inte tabellerna för den här versionen. Kör manage.py migrate först. Det saknas: "
                "%(which)s."
            )
            % {"which": named(missing)}
        )
    return _by_app(loader.disk_migrations)


def _by_app(migrations: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for app, name in sorted(migrations):
        found.setdefault(app, []).append(name)
    return found


def check_same(backup: dict[str, list[str]], here: dict[str, list[str]]) -> None:
    """Raises `OtherTables`."""
    theirs = {(app, name) for app, names in backup.items() for name in names}
    ours = {(app, name) for app, names in here.items() for name in names}
    if newer := theirs - ours:
        raise OtherTables(
            _(
                "Kopian är tagen med en annan, nyare version av portalen. Installera den versionen och återställ där. "
                "Det här känner den här versionen inte till: %(which)s."
            )
            % {"which": named(newer)}
        )
    if older := ours - theirs:
        raise OtherTables(
            _(
                "Kopian är tagen med en äldre version av portalen. Installera den versionen, återställ där, "
                "uppgradera sedan och kör manage.py migrate. Det här fanns inte då: %(which)s."
            )
            % {"which": named(older)}
        )


def named(migrations: Iterable[tuple[str, str]]) -> str:
    names = [f"{app}.{name}" for app, name in sorted(migrations)]
    more = [_("och %(number)s till") % {"number": len(names) - MOST_NAMED}] if len(names) > MOST_NAMED else []
    return ", ".join([*names[:MOST_NAMED], *more])
