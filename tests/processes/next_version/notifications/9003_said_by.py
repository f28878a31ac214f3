"""Every old row is given a value, a thousand at a time, so that nobody waits for the last of them."""

from django.db import migrations, transaction


def fill(apps, schema_editor):
    messages = apps.get_model("notifications", "Message").objects.using(schema_editor.connection.alias)
    while some := list(messages.filter(said_by=None).values_list("pk", flat=True)[:1000]):
        with transaction.atomic(using=schema_editor.connection.alias):
            messages.filter(pk__in=some).update(said_by="portalen")


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("notifications", "9002_by_weight")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
