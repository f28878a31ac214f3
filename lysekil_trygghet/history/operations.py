"""The doors of history: `record` an act, `move` a state, `change` fields; in the caller's transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.utils import translation

from lysekil_trygghet.accounts.actors import Actor

from .models import Event, FormerText


class MoveNotAllowed(Exception):
    """The thing is in a state from which this move is not open. `state` is where it stands."""

    def __init__(self, subject: models.Model, *, state: str, to: str) -> None:
        super().__init__(f"{subject._meta.label} {subject.pk}: {state} -> {to} is not allowed")
        self.subject = subject
        self.state = state
        self.to = to


class StateIsMoved(ValueError):
    """Somebody tried to `change` a state as if it were a plain field."""


class StalePage(Exception):
    """Somebody else changed the thing after this page was opened. `current` is the fresh row."""

    def __init__(self, current: models.Model) -> None:
        super().__init__(f"{current._meta.label} {current.pk} was changed meanwhile")
        self.current = current


def _plain(value: Any) -> Any:
    """A details value as JSON: ids, states, numbers and times only."""
    if isinstance(value, models.Model):
        return value.pk
    if isinstance(value, dt.datetime | dt.date):
        return value.isoformat()
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    return value


def record(subject: models.Model, verb: str, *, by: Actor, now: dt.datetime, **details: Any) -> Event:
    """Write that `by` did `verb` to `subject` at `now`. Details: field names, ids, states, no free text."""
    organisation = by.organisation
    return Event.objects.create(
        at=now,
        verb=verb,
        subject_type=ContentType.objects.get_for_model(subject),
        subject_id=subject.pk,
        subject_label=str(subject)[:200],
        actor=by.user,
        actor_label=by.label[:120],
        actor_organisation=organisation,
        actor_organisation_label=organisation.name if organisation else "",
        details=_plain(details),
    )


def locked[M: models.Model](subject: M) -> M:
    """The row as it stands now, locked until the transaction ends (SQLite locks the whole file by itself)."""
    manager = type(subject)._base_manager
    return manager.select_for_update(of=("self",)).get(pk=subject.pk)


@transaction.atomic
def move[M: models.Model](
    subject: M,
    *,
    to: str,
    allowed: Mapping[str, tuple[str, ...]],
    by: Actor,
    now: dt.datetime,
    also_set: Mapping[str, Any] | None = None,
    field: str = "state",
    verb: str | None = None,
    seen: int | None = None,
    **details: Any,
) -> M:
    """Move `subject` to the state `to` if the table `allowed` opens that way; returns the fresh row.

    Locks the row, checks the table against the state as it is now (not as the caller saw it), saves the state
    and `also_set`, raises `revision` by one, writes the event. Raises `MoveNotAllowed`; with `seen` (the
    revision the page showed) also `StalePage`.
    """
    fresh = locked(subject)
    state = getattr(fresh, field)
    is_open = to in allowed.get(state, ())
    if is_open or state != to:
        # A second tap finds the move made, and is not told that somebody else made it.
        check_seen(fresh, seen)
    if not is_open:
        raise MoveNotAllowed(fresh, state=state, to=to)
    values = {field: to, **(also_set or {})}
    _save(fresh, values, now=now)
    record(fresh, verb or str(to).lower(), by=by, now=now, **{"from": state, "to": to}, **details)
    return fresh


@transaction.atomic
def change[M: models.Model](
    subject: M,
    *,
    by: Actor,
    now: dt.datetime,
    values: Mapping[str, Any],
    links: Mapping[str, Collection[models.Model]] | None = None,
    seen: int | None = None,
    verb: str = "changed",
    **details: Any,
) -> M:
    """Set plain fields (never a state) and record which ones changed. Raises `StalePage` as `move` does.

    `links`: for many-to-many fields, the rows they are to hold. They are part of the page as the fields are.
    """
    if any(name == "state" or name.endswith("_state") for name in values):
        raise StateIsMoved(f"states are moved, not changed: {sorted(values)}")
    fresh = locked(subject)
    check_seen(fresh, seen)
    changed = {name: value for name, value in values.items() if getattr(fresh, name) != value}
    linked = {name: rows for name, rows in (links or {}).items() if _links_differ(fresh, name, rows)}
    if not changed and not linked:
        return fresh
    _save(fresh, changed, now=now)
    for name, rows in linked.items():
        getattr(fresh, name).set(rows)
    record(fresh, verb, by=by, now=now, fields=sorted([*changed, *linked]), **details)
    return fresh


def _links_differ(fresh: models.Model, name: str, rows: Collection[models.Model]) -> bool:
    return {row.pk for row in rows} != set(getattr(fresh, name).values_list("pk", flat=True))


def check_seen(fresh: models.Model, seen: int | None) -> None:
    """Raise `StalePage` unless the row is as the page showed it (`seen`: its revision then)."""
    if seen is not None and fresh.revision != seen:  # type: ignore[attr-defined]
        raise StalePage(fresh)


def _save(fresh: models.Model, values: Mapping[str, Any], *, now: dt.datetime) -> None:
    before = texts_read_of(fresh)
    for name, value in values.items():
        setattr(fresh, name, value)
    names = list(values)
    if hasattr(fresh, "revision"):
        fresh.revision += 1
        names.append("revision")
    fresh.save(update_fields=names)
    # What is taken away is gone. What residents do not read for another reason comes back rewritten.
    taken_away = values.get("withdrawn_at") is not None or values.get("is_public") is False
    if before and not taken_away:
        after = texts_read_of(fresh)
        if any(after.get(name, "") != text for name, text in before.items()):
            _keep_former(fresh, before, until=now)


# --- What residents read before ---------------------------------------------------------------------------


def texts_read_of(thing: Any) -> dict[str, str]:
    """What residents read of a thing as it is stored now (publishing.models.ReadByResidents); empty if nothing."""
    if not getattr(thing, "public_texts", ()) or not type(thing).public_rows().filter(pk=thing.pk).exists():
        return {}
    texts: dict[str, str] = thing.texts_read()
    return texts


def _keep_former(thing: Any, texts: Mapping[str, str], *, until: dt.datetime) -> None:
    with translation.override(settings.LANGUAGE_CODE):
        path = thing.public_path
    kind = ContentType.objects.get_for_model(thing)
    FormerText.objects.create(subject_type=kind, subject_id=thing.pk, until=until, path=path, texts=dict(texts))


@transaction.atomic
def hide_former(former: FormerText, *, by: Actor, now: dt.datetime) -> FormerText:
    """Take out an old wording that residents should never have read; that there was one is still told.

    The words that were changed then go from every other snapshot of the thing too: each holds all its texts.
    """
    fresh = FormerText.objects.select_for_update().get(pk=former.pk)
    if fresh.hidden_at is not None:
        return fresh
    thing = fresh.subject
    same_thing = FormerText.objects.filter(subject_type=fresh.subject_type_id, subject_id=fresh.subject_id)
    others = list(same_thing.exclude(pk=fresh.pk))
    followed_by = [other.texts for other in others if (other.until, other.pk) > (fresh.until, fresh.pk)]
    if thing is not None:
        followed_by.append(texts_read_of(thing))
    for name, text in fresh.texts.items():
        if next((texts[name] for texts in followed_by if name in texts), "") == text:
            continue
        for other in others:
            if other.texts.get(name) == text:
                del other.texts[name]
                other.save(update_fields=["texts"])
    fresh.texts, fresh.hidden_at = {}, now
    fresh.save(update_fields=["texts", "hidden_at"])
    if thing is not None:
        record(thing, "former_text_hidden", by=by, now=now, former=fresh.pk)
    return fresh


def hide_what_was_replaced(thing: models.Model, *, by: Actor, now: dt.datetime) -> None:
    """Take out the wording that a change made at `now` replaced."""
    kind = ContentType.objects.get_for_model(thing)
    for former in FormerText.objects.filter(subject_type=kind, subject_id=thing.pk, until=now):
        hide_former(former, by=by, now=now)
