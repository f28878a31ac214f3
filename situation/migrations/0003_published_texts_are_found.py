"""Indexes for residents' search on PostgreSQL (lysekil_trygghet/publishing/search_index.py)."""

from django.db import migrations

from lysekil_trygghet.publishing.search_index import Texts, install, remove

TEXTS = (
    Texts(
        "situation_situationpicture",
        "title",
        ("public_summary", "analysis"),
        ("title_en", "public_summary_en", "analysis_en"),
    ),
    Texts(
        "situation_problem",
        "title",
        ("what", "where", "when", "rationale"),
        ("title_en", "what_en", "where_en", "when_en", "rationale_en"),
    ),
    Texts("situation_finding", "claim", (), ("claim_en",)),
)


class Migration(migrations.Migration):
    dependencies = [("situation", "0002_indicators_and_answers")]
    operations = [
        migrations.RunPython(
            lambda _apps, schema_editor: install(schema_editor, *TEXTS),
            lambda _apps, schema_editor: remove(schema_editor, *TEXTS),
        ),
    ]
