"""The Celery application; it only wakes workers, the database knows what must be done."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lysekil_trygghet.settings")

app = Celery("lysekil_trygghet")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
