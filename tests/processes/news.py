"""Publishes or withdraws a piece of news, as the communicator does: what the tests through nginx let change."""

from __future__ import annotations

import sys

import django


def main(act: str, title: str) -> None:
    django.setup()

    from django.utils import timezone

    from incidents.models import PublicUpdate
    from incidents.operations import publication
    from tests import make, make_incidents

    make.people()
    now = timezone.now()
    communicator = make_incidents.acting("communicator")
    if act == "publish":
        made = make_incidents.update(title=title)
        approved = publication.approve(made, by=make_incidents.acting("coordinator"), now=now)
        print(publication.publish(approved, by=communicator, now=now).public_url)  # noqa: T201 - the answer
    else:
        publication.withdraw(PublicUpdate.objects.get(title=title), reason="Prov.", by=communicator, now=now)


if __name__ == "__main__":
    main(*sys.argv[1:])
