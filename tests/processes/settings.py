"""The portal's settings for the processes that the tests start: only the ledger, no planners of the apps."""

import os

os.environ.setdefault("SECRET_KEY", "only-for-process-tests-" + "x" * 60)

from lysekil_trygghet.settings import *  # noqa: F403
from lysekil_trygghet.settings import CELERY_BROKER_TRANSPORT_OPTIONS, DATABASES, env

NOTIFICATION_PLANNERS = env.list("TEST_PLANNERS", default=[])
SWEEP_STEPS = []
# Senders have no pages.
ROOT_URLCONF = "lysekil_trygghet.watching.urls"

# Where the clock runs faster than the machine, timeouts meant for real seconds must be longer.
CLOCK_SPEED = env.int("TEST_CLOCK_SPEED", default=1)
if CLOCK_SPEED > 1:
    for _name in ("socket_timeout", "socket_connect_timeout", "health_check_interval", "visibility_timeout"):
        if _name in CELERY_BROKER_TRANSPORT_OPTIONS:
            CELERY_BROKER_TRANSPORT_OPTIONS[_name] *= CLOCK_SPEED
    DATABASES["default"]["OPTIONS"] = {}
    CELERY_TASK_SOFT_TIME_LIMIT = 240 * CLOCK_SPEED
    CELERY_TASK_TIME_LIMIT = 300 * CLOCK_SPEED
