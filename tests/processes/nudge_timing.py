"""Does what a web request does, a saved change and a nudge, and says how long the caller had to wait."""

from __future__ import annotations

import sys
import threading
import time

import django


def main() -> None:
    django.setup()

    from django.db import transaction

    from lysekil_trygghet.notifications.models import SweepBeat
    from lysekil_trygghet.notifications.operations import nudge

    SweepBeat.objects.exists()
    longest = 0.0
    for _ in range(5):
        began = time.perf_counter()
        with transaction.atomic():
            SweepBeat.objects.exists()
            nudge()
        longest = max(longest, time.perf_counter() - began)
        time.sleep(0.1)
    sys.stdout.write(f"{longest:.4f}\n")
    # A web process lives on, and so does what publishes behind its back.
    for thread in threading.enumerate():
        if thread.name == "nudge":
            thread.join(10)


if __name__ == "__main__":
    main()
