"""What the tests of pledges share: one moment, the demo people, and who of them an act lets through."""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction

from lysekil_trygghet.accounts.actors import Actor
from lysekil_trygghet.accounts.demo import PEOPLE
from lysekil_trygghet.history.guards import NotAllowed

from .. import make
from ..make_incidents import acting

NOW = make.NOW
TODAY = make.TODAY
EVERYBODY = [person.key for person in PEOPLE]
WRITING = {"director", "coordinator"}
POLICE = {"police_liaison", "lpo_chief"}


def by(key: str) -> Actor:
    return acting(key, now=NOW)


class _TakenBack(Exception):
    pass


def who_may(act: Callable[[Actor], object]) -> set[str]:
    """Who of the demo people the act lets through; what each of them did is taken back again.

    The act must be one that only a person can be the reason to refuse: anything but `NotAllowed` is an error.
    """
    may = set()
    for key in EVERYBODY:
        try:
            with transaction.atomic():
                act(by(key))
                may.add(key)
                raise _TakenBack
        except (NotAllowed, _TakenBack):
            continue
    return may
