"""A communicator who publishes and withdraws news until somebody removes a file: one line for each, or what it met."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import django


def main(until: str) -> None:
    django.setup()

    from django.utils import timezone

    from incidents.operations import publication
    from tests import make, make_incidents

    make.people()
    number = 0
    while Path(until).exists():
        number += 1
        now = timezone.now()
        try:
            made = make_incidents.update(title=f"Nyhet {number} under uppgraderingen")
            approved = publication.approve(made, by=make_incidents.acting("coordinator"), now=now)
            published = publication.publish(approved, by=make_incidents.acting("communicator"), now=now)
            if number % 2:
                publication.withdraw(published, reason="Prov.", by=make_incidents.acting("communicator"), now=now)
        except Exception as error:
            print(f"FAILED {type(error).__name__}: {error}", flush=True)  # noqa: T201
        else:
            print(f"saved {time.time():.2f}", flush=True)  # noqa: T201
        time.sleep(0.05)


if __name__ == "__main__":
    main(*sys.argv[1:])
