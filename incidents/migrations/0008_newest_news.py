from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("incidents", "0007_easy_text"),
        ("pledges", "0005_easy_text"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="publicupdate",
            index=models.Index(fields=["published_at", "id"], name="incidents_update_newest"),
        ),
    ]
