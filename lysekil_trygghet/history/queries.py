"""Questions to the log."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q

from .models import Event, EventQuerySet


def timeline_of(*subjects: models.Model | Iterable[models.Model]) -> EventQuerySet:
    """All acts on the given things (single ones or iterables of them), oldest first."""
    wanted = Q(pk__in=[])
    ids: dict[type[models.Model], list[int]] = {}
    for item in subjects:
        for thing in [item] if isinstance(item, models.Model) else item:
            ids.setdefault(type(thing), []).append(thing.pk)
    for model, pks in ids.items():
        wanted |= Q(subject_type=ContentType.objects.get_for_model(model), subject_id__in=pks)
    return Event.objects.filter(wanted).select_related("actor_organisation").order_by("at", "id")
