"""Dialogues with residents and with staff: where, when, how many, and how often each theme came up. Never who."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lysekil_trygghet.accounts.actors import Actor
from lysekil_trygghet.history.guards import refuse_unless, require
from lysekil_trygghet.history.operations import change, locked, record
from situation import policies
from situation.models import Dialogue, DialogueTheme, Source

Themes = Sequence[tuple[str, int]]


@transaction.atomic
def write(source: Source, *, values: Mapping[str, Any], themes: Themes, by: Actor, now: dt.datetime) -> Dialogue:
    """Add a dialogue to a source. `themes`: (what was spoken of, by how many)."""
    require(policies.can_edit_source(by, source))
    _refuse_odd(values, themes, now=now)
    dialogue = Dialogue.objects.create(source=source, **values)
    _set_themes(dialogue, themes)
    record(dialogue, "created", by=by, now=now, source=source.pk)
    return dialogue


@transaction.atomic
def edit(
    dialogue: Dialogue,
    *,
    values: Mapping[str, Any],
    themes: Themes,
    by: Actor,
    now: dt.datetime,
    seen: int | None = None,
) -> Dialogue:
    require(policies.can_edit_source(by, dialogue.source))
    _refuse_odd(values, themes, now=now)
    fresh = change(dialogue, by=by, now=now, values=values, seen=seen)
    before = list(fresh.themes.values_list("theme", "count"))
    if sorted(before) != sorted(themes):
        _set_themes(fresh, themes)
        record(fresh, "themes_set", by=by, now=now, themes=len(themes))
    return fresh


def _refuse_odd(values: Mapping[str, Any], themes: Themes, *, now: dt.datetime) -> None:
    held_on = values.get("held_on")
    refuse_unless(not held_on or held_on <= timezone.localdate(now), _("Dialogen kan inte ligga i framtiden."))
    names = [theme.strip().lower() for theme, _count in themes]
    refuse_unless(len(names) == len(set(names)), _("Samma ämne står två gånger. Lägg ihop dem."))
    refuse_unless(all(count >= 1 for _theme, count in themes), _("Skriv hur många som tog upp ämnet, minst 1."))


def _set_themes(dialogue: Dialogue, themes: Themes) -> None:
    translated = dict(dialogue.themes.exclude(theme_en="").values_list("theme", "theme_en"))
    dialogue.themes.all().delete()
    DialogueTheme.objects.bulk_create(
        DialogueTheme(dialogue=dialogue, theme=theme.strip(), theme_en=translated.get(theme.strip(), ""), count=count)
        for theme, count in themes
    )


@transaction.atomic
def remove(dialogue: Dialogue, *, by: Actor, now: dt.datetime) -> None:
    fresh = locked(dialogue)
    require(policies.can_edit_source(by, fresh.source))
    record(fresh, "discarded", by=by, now=now)
    fresh.delete()
