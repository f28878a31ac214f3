"""The portal's settings with the few things tests need otherwise."""

import os
import tempfile

os.environ.setdefault("SECRET_KEY", "only-for-tests-" + "x" * 60)
os.environ.setdefault("VAR_DIR", tempfile.mkdtemp(prefix="trygghet-tests-"))

from lysekil_trygghet.settings import *  # noqa: F403
from lysekil_trygghet.settings import DATABASES, STORAGES

# A migrated database in the same PostgreSQL, which the databases of the test workers are copied from.
if "TEST_DATABASE_TEMPLATE" in os.environ:
    DATABASES["default"]["TEST"] = {"TEMPLATE": os.environ["TEST_DATABASE_TEMPLATE"]}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
# A test sees what it did without waiting.
PAGES_ASK_SECONDS = 0
CELERY_TASK_ALWAYS_EAGER = False
# whitenoise warns, and a warning is a failure, when nothing was ever collected
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # noqa: F405
