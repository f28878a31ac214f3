"""A column on the table that residents read and staff write, and a table beside it."""

import django.db.models.deletion
from django.db import migrations, models

from . import LAST


class Migration(migrations.Migration):
    dependencies = [("incidents", LAST)]
    operations = [
        migrations.AddField("PublicUpdate", "tone", models.CharField(max_length=20, db_default="PLAIN")),
        migrations.CreateModel(
            "Reaction",
            [
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "update",
                    models.ForeignKey("incidents.PublicUpdate", django.db.models.deletion.CASCADE, related_name="+"),
                ),
            ],
        ),
        migrations.AlterField("PublicUpdate", "tone", models.TextField(db_default="PLAIN")),
    ]
