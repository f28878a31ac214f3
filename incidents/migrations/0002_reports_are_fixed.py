"""A submitted report-back is a document: the database itself refuses to change its words (TF 2 kap. 9-12 §§).

SQLite drops a table's triggers when a later migration rebuilds it: a migration that alters ReportBack must
call `install` again at its end.
"""

from django.db import migrations

TABLE = "incidents_reportback"
WORDS = (
    "assignment_id",
    "version",
    "outcome",
    "done_text",
    "obstacles",
    "resources",
    "next_step",
    "off_track_reason",
    "public_text",
    "public_text_en",
    "submitted_at",
    "submitted_by_id",
    "submitted_by_function",
    "secrecy_checked_at",
    "secrecy_checked_by_function",
)
# Nor does it become a draft again, to be changed then.
REOPENED = " OR NEW.state = 'DRAFT'"
REFUSAL = "a submitted report-back cannot be changed"


def install(apps, schema_editor):
    remove(apps, schema_editor)
    if schema_editor.connection.vendor == "postgresql":
        changed = " OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in WORDS) + REOPENED
        schema_editor.execute(
            f"""
            CREATE FUNCTION {TABLE}_is_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                RAISE EXCEPTION '{REFUSAL}';
            END $$
            """
        )
        schema_editor.execute(
            f"""
            CREATE TRIGGER {TABLE}_is_fixed BEFORE UPDATE ON {TABLE} FOR EACH ROW
            WHEN (OLD.state <> 'DRAFT' AND ({changed})) EXECUTE FUNCTION {TABLE}_is_fixed()
            """
        )
    elif schema_editor.connection.vendor == "sqlite":
        changed = " OR ".join(f"NEW.{name} IS NOT OLD.{name}" for name in WORDS) + REOPENED
        schema_editor.execute(
            f"""
            CREATE TRIGGER {TABLE}_is_fixed BEFORE UPDATE ON {TABLE}
            WHEN OLD.state <> 'DRAFT' AND ({changed})
            BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END
            """
        )


def remove(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {TABLE}_is_fixed ON {TABLE}")
        schema_editor.execute(f"DROP FUNCTION IF EXISTS {TABLE}_is_fixed()")
    elif schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {TABLE}_is_fixed")


class Migration(migrations.Migration):
    dependencies = [("incidents", "0001_initial")]

    operations = [migrations.RunPython(install, remove)]
