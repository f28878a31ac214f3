"""A sender that trusts its claim and never looks again: the mistake test R4 must be able to see."""

from __future__ import annotations

import time

import django


def main() -> None:
    django.setup()

    from lysekil_trygghet.notifications.delivery import Courier
    from lysekil_trygghet.notifications.models import Message, Obligation
    from lysekil_trygghet.notifications.sweeping import database_now, sweep

    class TrustingCourier(Courier):
        def renew(self, message: Message) -> list[Obligation]:
            return list(message.obligations.all())

    while True:
        sweep(now=database_now(), courier=TrustingCourier)
        time.sleep(0.2)


if __name__ == "__main__":
    main()
