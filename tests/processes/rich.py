"""Fills the database it is pointed at: something in as many tables as the makers know of, awkward values, and files.

python -m tests.processes.rich [--lines 5000]
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
from typing import Any

import django

# Signs that have been lost in copies before: quotes, line ends of three kinds, beyond the first plane, combining.
AWKWARD = "å\"'\\ \t\r\n\u2028 😀 e\u0301 </script> %s"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=0, help="so many lines of history alone")
    options = parser.parse_args()
    os.environ["DJANGO_SETTINGS_MODULE"] = "lysekil_trygghet.settings"
    django.setup()

    from django.utils import timezone

    if options.lines:
        _history(options.lines, timezone.now())
        return
    _worlds(timezone.now())
    _by_hand(timezone.now())
    _one_of_each(timezone.now())


def _worlds(now: dt.datetime) -> None:
    """What the tests of the pages build, kept this time."""
    from tests.incidents import world as of_incidents
    from tests.pledges import world as of_pledges

    for fill in (of_incidents._fill, of_pledges.fill):
        fill(of_incidents._people(), now=now - dt.timedelta(hours=3))


def _by_hand(now: dt.datetime) -> None:
    from allauth.account.models import EmailAddress
    from django.contrib.admin.models import CHANGE, LogEntry
    from django.contrib.auth.models import Group, Permission
    from django.contrib.contenttypes.models import ContentType
    from django.contrib.sessions.backends.db import SessionStore
    from django.core.files.base import ContentFile
    from django.core.files.storage import default_storage
    from django.db.models import JSONNull

    from lysekil_trygghet.accounts.models import User
    from lysekil_trygghet.history.models import FormerText
    from lysekil_trygghet.notifications.models import SendingHold
    from lysekil_trygghet.notifications.operations import channel_of
    from lysekil_trygghet.subscriptions.models import Asked, Subscriber, Subscription
    from situation.models import Area
    from tests import make, make_situation

    SendingHold.objects.update(released_at=now)
    person = make.user(name=AWKWARD)
    channel_of(person)
    group = Group.objects.create(name="Läsare")
    permission = Permission.objects.order_by("-pk").first()
    group.permissions.add(permission)
    person.groups.add(group)
    person.user_permissions.add(permission)
    kind = ContentType.objects.get_for_model(Permission)
    LogEntry.objects.create(
        user=person, content_type=kind, object_id=str(permission.pk), object_repr=AWKWARD, action_flag=CHANGE
    )
    EmailAddress.objects.create(user=person, email=person.email, verified=True)
    SessionStore().save()

    # No value, JSON's own null, and numbers that are easily rounded.
    for slug, geometry in (
        ("inget", None),
        ("null", JSONNull()),
        ("tal", {"x": [0.1, 1e-9, 2**53 + 1, "å\u2028", None]}),
    ):
        area = make_situation.area(name=f"Område {slug}")
        Area.objects.filter(pk=area.pk).update(geometry=geometry)

    make_situation.stored_import()
    default_storage.save("nyheter/öga 1.bin", ContentFile(os.urandom(3_000_000)))
    default_storage.save("tom.txt", ContentFile(b""))

    subscriber = Subscriber.objects.create(address="läsare@invånare.example", language="sv", created_at=now)
    Subscription.objects.create(subscriber=subscriber, topic="news", asked_at=now)
    Asked.objects.create(subscriber=subscriber, topic="news", until=now.replace(microsecond=1))
    FormerText.objects.create(
        subject_type=kind, subject_id=7, until=now.replace(microsecond=999_999), path="/", texts={"a": AWKWARD}
    )
    # A number that was given out and is gone must not be given out again.
    User.objects.filter(pk=make.user().pk).delete()


def _one_of_each(now: dt.datetime) -> None:
    """A row in each table that is still empty, as far as its rules let one be made without knowing what it means."""
    from django.apps import apps
    from django.db import Error, transaction

    for model in apps.get_models(include_auto_created=True):
        if not model._meta.managed or model._base_manager.exists():
            continue
        values = {f.attname: _some_value(f, now) for f in model._meta.local_concrete_fields if not f.primary_key}
        try:
            with transaction.atomic():
                model._base_manager.bulk_create([model(**values)])
        except Error:
            continue


def _some_value(field: Any, now: dt.datetime) -> Any:
    if field.has_default():
        return field.get_default()
    if field.is_relation:
        return field.related_model._base_manager.values_list(field.target_field.attname, flat=True).first()
    if field.null:
        return None
    if field.choices:
        return next(value for value, _words in field.flatchoices if value)
    kind = field.get_internal_type()
    known = {"DateTimeField": now, "DateField": now.date(), "TimeField": now.time(), "JSONField": {}}
    return known.get(kind, "x" if kind in ("CharField", "TextField", "SlugField", "URLField", "EmailField") else 1)


def _history(lines: int, now: dt.datetime) -> None:
    from django.contrib.contenttypes.models import ContentType

    from lysekil_trygghet.history.models import Event
    from lysekil_trygghet.notifications.models import Message

    kind = ContentType.objects.get_for_model(Message)
    for start in range(0, lines, 5000):
        rows = (
            Event(
                at=now,
                verb="sent_again",
                subject_type=kind,
                subject_id=number,
                subject_label="x" * 150,
                actor_label="P",
            )
            for number in range(start, min(start + 5000, lines))
        )
        Event.objects.bulk_create(rows, batch_size=1000)


if __name__ == "__main__":
    main()
