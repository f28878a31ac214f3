"""A promise that was published is never removed: PostgreSQL refuses it, as the model does on both databases.

On SQLite the model alone does, for the test runner empties tables there by a plain DELETE (0002).
"""

from django.db import migrations

TABLE = "pledges_commitment"


def install(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    remove(apps, schema_editor)
    schema_editor.execute(
        f"""
        CREATE FUNCTION {TABLE}_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION 'a published promise is never removed';
        END $$
        """
    )
    schema_editor.execute(
        f"""
        CREATE TRIGGER {TABLE}_is_kept BEFORE DELETE ON {TABLE} FOR EACH ROW
        WHEN (OLD.frozen_at IS NOT NULL) EXECUTE FUNCTION {TABLE}_is_kept()
        """
    )


def remove(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    schema_editor.execute(f"DROP TRIGGER IF EXISTS {TABLE}_is_kept ON {TABLE}")
    schema_editor.execute(f"DROP FUNCTION IF EXISTS {TABLE}_is_kept()")


class Migration(migrations.Migration):
    dependencies = [("pledges", "0002_promises_are_frozen")]

    operations = [migrations.RunPython(install, remove)]
