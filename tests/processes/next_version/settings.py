"""For `migrate` alone: nothing else of the next version is there."""

from lysekil_trygghet.settings import *  # noqa: F403

MIGRATION_MODULES = {
    "incidents": "tests.processes.next_version.incidents",
    "notifications": "tests.processes.next_version.notifications",
}
