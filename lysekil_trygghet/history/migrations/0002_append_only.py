"""The database itself refuses to change history, whatever program holds the connection.

PostgreSQL refuses UPDATE and DELETE. The test runner empties tables there by TRUNCATE, which fires no row
trigger, so tests need no opening.

SQLite refuses UPDATE only. It has no TRUNCATE: Django's `flush`, which the test runner calls between tests, is a
plain DELETE there, and a trigger cannot tell it from any other. (A WHEN condition sees the row and other tables,
but neither a setting of the connection nor a temporary table, so there is nothing a flush could be known by.)
On SQLite a DELETE is refused by the model and its queryset alone.

A later migration that makes SQLite rebuild the table (most AlterField do) loses the trigger and must call
`install` again; tests/rooms/test_history.py notices.
"""

from django.db import migrations

POSTGRESQL = (
    """
    CREATE FUNCTION history_event_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'history is never changed' USING ERRCODE = 'restrict_violation';
    END
    $$
    """,
    """
    CREATE TRIGGER history_event_append_only BEFORE UPDATE OR DELETE ON history_event
    FOR EACH ROW EXECUTE FUNCTION history_event_refuse()
    """,
)
POSTGRESQL_BACK = (
    "DROP TRIGGER history_event_append_only ON history_event",
    "DROP FUNCTION history_event_refuse()",
)
SQLITE = (
    """
    CREATE TRIGGER history_event_append_only BEFORE UPDATE ON history_event
    BEGIN SELECT RAISE(ABORT, 'history is never changed'); END
    """,
)
SQLITE_BACK = ("DROP TRIGGER history_event_append_only",)


def _run(schema_editor, *, postgresql, sqlite):
    for statement in {"postgresql": postgresql, "sqlite": sqlite}[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def install(apps, schema_editor):
    _run(schema_editor, postgresql=POSTGRESQL, sqlite=SQLITE)


def remove(apps, schema_editor):
    _run(schema_editor, postgresql=POSTGRESQL_BACK, sqlite=SQLITE_BACK)


class Migration(migrations.Migration):
    dependencies = [("history", "0001_initial")]

    operations = [migrations.RunPython(install, remove)]
