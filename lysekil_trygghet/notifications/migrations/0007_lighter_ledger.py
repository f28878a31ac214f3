"""Messages that wait are taken in the order of an index; indexes for LIKE, which nobody asks, are gone (PostgreSQL)."""

from django.db import migrations, models

from lysekil_trygghet.upgrades.operations import AddIndexInUse, RemoveIndexInUse

# Django adds one to each unique or indexed text; every mail had to write in four of them three times.
FOR_LIKE = """
SELECT indexrelid::regclass::text FROM pg_index
WHERE indrelid IN ('notifications_message'::regclass, 'notifications_obligation'::regclass)
  AND indexrelid::regclass::text LIKE 'notifications%%\\_like'
"""


def without_like(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        with schema_editor.connection.cursor() as cursor:
            cursor.execute(FOR_LIKE)
            names = [name for (name,) in cursor.fetchall()]
        for name in names:
            schema_editor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("notifications", "0006_sending_hold")]

    operations = [
        AddIndexInUse(
            model_name="message",
            index=models.Index(
                condition=models.Q(("state__in", ("DUE", "SENDING", "UNCERTAIN"))),
                fields=["next_at", "id"],
                name="notifications_message_turn",
            ),
        ),
        RemoveIndexInUse(model_name="message", name="notifications_message_next"),
        migrations.RunPython(without_like, migrations.RunPython.noop),
    ]
