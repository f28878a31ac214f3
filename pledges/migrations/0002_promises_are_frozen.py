"""What was promised stays as it was promised: the database itself refuses to change the words of a published promise.

New words are an Amendment, which is never changed either, nor removed: PostgreSQL refuses that too. On SQLite the
model alone does, for the test runner empties tables there by a plain DELETE (history/migrations/0002). SQLite drops a table's triggers when a later migration
rebuilds it: a migration that alters one of these tables must call `install` again at its end.
"""

from django.db import migrations

COMMITMENTS = "pledges_commitment"
AMENDMENTS = "pledges_amendment"
FIXED = {
    # Once frozen: neither the words nor the number, and never thawed.
    COMMITMENTS: (
        "OLD.frozen_at IS NOT NULL",
        ("text_as_promised", "frozen_at", "number", "pledge_set_id"),
        "a published promise cannot be changed, only amended",
    ),
    AMENDMENTS: (
        "",
        (
            *("commitment_id", "old_text", "new_text", "reason"),
            *("decided_on", "decided_by_function", "police_document", "made_at"),
        ),
        "an amendment cannot be changed",
    ),
}


def install(apps, schema_editor):
    remove(apps, schema_editor)
    vendor = schema_editor.connection.vendor
    for table, (when, words, refusal) in FIXED.items():
        unequal = "IS DISTINCT FROM" if vendor == "postgresql" else "IS NOT"
        changed = " OR ".join(f"NEW.{name} {unequal} OLD.{name}" for name in words)
        condition = f"{when} AND ({changed})" if when else changed
        if vendor == "postgresql":
            schema_editor.execute(
                f"""
                CREATE FUNCTION {table}_is_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    RAISE EXCEPTION '{refusal}';
                END $$
                """
            )
            schema_editor.execute(
                f"""
                CREATE TRIGGER {table}_is_fixed BEFORE UPDATE ON {table} FOR EACH ROW
                WHEN ({condition}) EXECUTE FUNCTION {table}_is_fixed()
                """
            )
            if table == AMENDMENTS:
                schema_editor.execute(
                    f"""
                    CREATE TRIGGER {table}_is_kept BEFORE DELETE ON {table} FOR EACH ROW
                    EXECUTE FUNCTION {table}_is_fixed()
                    """
                )
        elif vendor == "sqlite":
            schema_editor.execute(
                f"""
                CREATE TRIGGER {table}_is_fixed BEFORE UPDATE ON {table}
                WHEN {condition}
                BEGIN SELECT RAISE(ABORT, '{refusal}'); END
                """
            )


def remove(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    for table in FIXED:
        if vendor == "postgresql":
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_is_fixed ON {table}")
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_is_kept ON {table}")
            schema_editor.execute(f"DROP FUNCTION IF EXISTS {table}_is_fixed()")
        elif vendor == "sqlite":
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_is_fixed")


class Migration(migrations.Migration):
    dependencies = [("pledges", "0001_initial")]

    operations = [migrations.RunPython(install, remove)]
