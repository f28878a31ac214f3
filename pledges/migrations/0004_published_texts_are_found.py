"""Indexes for residents' search on PostgreSQL (lysekil_trygghet/publishing/search_index.py)."""

from django.db import migrations

from lysekil_trygghet.publishing.search_index import Texts, install, remove

TEXTS = (
    Texts(
        "pledges_commitment",
        "text_as_promised",
        ("purpose", "how_we_know"),
        ("text_as_promised_en", "purpose_en", "how_we_know_en"),
    ),
    Texts("pledges_pledgeset", "title", ("intro",), ("title_en", "intro_en")),
    Texts("pledges_amendment", "new_text", ("reason",), ("new_text_en", "reason_en")),
    Texts("pledges_feedback", "said", ("did",), ("said_en", "did_en")),
    Texts("pledges_safetywalk", "title", (), ("title_en",)),
)


class Migration(migrations.Migration):
    dependencies = [("pledges", "0003_promises_are_kept")]
    operations = [
        migrations.RunPython(
            lambda _apps, schema_editor: install(schema_editor, *TEXTS),
            lambda _apps, schema_editor: remove(schema_editor, *TEXTS),
        ),
    ]
