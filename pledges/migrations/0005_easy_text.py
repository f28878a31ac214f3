"""A promise in plain Swedish, beside the promise. SQLite rebuilds the table, so what guards it is set up again."""

from importlib import import_module

from django.db import migrations, models

GUARDS = [
    import_module(f"pledges.migrations.{name}") for name in ("0002_promises_are_frozen", "0003_promises_are_kept")
]


def guard_again(apps, schema_editor):
    for migration in GUARDS:
        migration.install(apps, schema_editor)


class Migration(migrations.Migration):
    dependencies = [
        ("pledges", "0004_published_texts_are_found"),
    ]

    operations = [
        migrations.AddField(
            model_name="commitment",
            name="easy_text",
            field=models.TextField(
                blank=True,
                db_default="",
                help_text="Korta meningar med vanliga ord. Står bredvid löftet, aldrig i stället för det.",
                max_length=400,
                verbose_name="på lättläst",
            ),
        ),
        migrations.AddField(
            model_name="historicalcommitment",
            name="easy_text",
            field=models.TextField(
                blank=True,
                db_default="",
                help_text="Korta meningar med vanliga ord. Står bredvid löftet, aldrig i stället för det.",
                max_length=400,
                verbose_name="på lättläst",
            ),
        ),
        migrations.RunPython(guard_again, migrations.RunPython.noop),
    ]
