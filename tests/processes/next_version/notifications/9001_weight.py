"""Two columns on the ledger: one the database fills in, one that may be empty."""

from django.db import migrations, models

from . import LAST


class Migration(migrations.Migration):
    dependencies = [("notifications", LAST)]
    operations = [
        migrations.AddField("Message", "weight", models.PositiveSmallIntegerField(db_default=1)),
        migrations.AddField("Message", "said_by", models.CharField(max_length=40, null=True)),
    ]
