"""What a worker of another version might find in its queues: tasks and arguments that this code does not know."""

from __future__ import annotations

import django


def main() -> None:
    django.setup()

    from lysekil_trygghet.celery import app

    sweep = "lysekil_trygghet.notifications.tasks.sweep"
    for queue in ("wake", "celery"):
        app.send_task("lysekil_trygghet.notifications.tasks.of_next_year", args=[1], queue=queue)
        # Words that are new, and some that this version cannot take at all.
        app.send_task(sweep, kwargs={"only": ["incidents"], "since": "2027-01-01"}, queue=queue)
        app.send_task(sweep, args=[7, "seven"], queue=queue)
    app.send_task("situation.tasks.read_imports", kwargs={"pk": 7})


if __name__ == "__main__":
    main()
