"""An index on the whole ledger, beside the writing."""

from django.db import migrations, models

from lysekil_trygghet.upgrades.operations import AddIndexInUse


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("notifications", "9001_weight")]
    operations = [AddIndexInUse("Message", models.Index(fields=["weight", "state"], name="notifications_by_weight"))]
