from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0005_channel"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="message",
            name="notifications_message_next",
        ),
        migrations.AlterField(
            model_name="message",
            name="key",
            field=models.CharField(max_length=320, verbose_name="nyckel"),
        ),
        migrations.AlterField(
            model_name="message",
            name="message_id",
            field=models.CharField(max_length=320, verbose_name="Message-ID"),
        ),
        migrations.AlterField(
            model_name="obligation",
            name="key",
            field=models.CharField(max_length=255, verbose_name="nyckel"),
        ),
        migrations.AlterField(
            model_name="obligation",
            name="subject",
            field=models.CharField(max_length=120, verbose_name="gäller"),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("state__in", ("DUE", "SENDING", "UNCERTAIN"))),
                fields=["next_at", "id"],
                name="notifications_message_turn",
            ),
        ),
        migrations.AddIndex(
            model_name="obligation",
            index=models.Index(fields=["subject"], name="notifications_subject"),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.UniqueConstraint(fields=("key",), name="notifications_message_key"),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.UniqueConstraint(fields=("message_id",), name="notifications_message_message_id"),
        ),
        migrations.AddConstraint(
            model_name="obligation",
            constraint=models.UniqueConstraint(fields=("key",), name="notifications_obligation_key"),
        ),
    ]
