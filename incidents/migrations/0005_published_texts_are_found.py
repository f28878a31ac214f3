"""Indexes for residents' search on PostgreSQL (lysekil_trygghet/publishing/search_index.py)."""

from django.db import migrations

from lysekil_trygghet.publishing.search_index import Texts, install, remove

TEXTS = (
    Texts("incidents_publicupdate", "title", ("lead", "body"), ("title_en", "lead_en", "body_en")),
    Texts("incidents_response", "title", ("background",), ("title_en", "background_en")),
    Texts("incidents_steeringdecision", "aim", (), ("aim_en",)),
    Texts("incidents_actionpackage", "title", ("lead",), ("title_en", "lead_en")),
    Texts("incidents_seriousevent", "title", ("public_summary",), ("public_summary_en",)),
    Texts("incidents_contactpoint", "name", ("what_for", "not_for"), ("name_en", "what_for_en", "not_for_en")),
)


class Migration(migrations.Migration):
    dependencies = [("incidents", "0004_events_and_problems")]
    operations = [
        migrations.RunPython(
            lambda _apps, schema_editor: install(schema_editor, *TEXTS),
            lambda _apps, schema_editor: remove(schema_editor, *TEXTS),
        ),
    ]
