"""A list of small forms in an order of its own: rows are added, moved and removed by plain submit buttons.

Nothing is stored by those buttons: the page comes back with what was typed, and Save stores all of it. The order
is the order of the hidden `<name>_row` fields, so a script that moves rows in the page needs no answer from us.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.forms.formsets import all_valid
from django.http import QueryDict

MOST_ROWS = 40


class Rows:
    """The rows of one list of the editor. `name` is also the prefix of the buttons' values."""

    def __init__(
        self,
        form_class: type[forms.Form],
        name: str,
        *,
        new_words: Any,
        data: QueryDict | None = None,
        initial: list[Mapping[str, Any]] | None = None,
    ) -> None:
        self.form_class = form_class
        self.name = name
        self.new_words = new_words
        self.data = data
        self.initial = dict(enumerate(initial or []))
        self.keys = self._keys_of(data) if data is not None else list(self.initial)
        self.forms = [self._bound(key) if data is not None else self._fresh(key) for key in self.keys]

    def _keys_of(self, data: QueryDict) -> list[int]:
        given = (value for value in data.getlist(f"{self.name}_row") if value.isascii() and value.isdigit())
        keys = list(dict.fromkeys(int(value) for value in given if len(value) < 6))
        return keys[:MOST_ROWS]

    def _prefix(self, key: int) -> str:
        return f"{self.name}-{key}"

    def _bound(self, key: int) -> forms.Form:
        # A new row in which nothing was typed is no row, and no mistake either.
        return self.form_class(self.data, prefix=self._prefix(key), empty_permitted=True)

    def _fresh(self, key: int, initial: Mapping[str, Any] | None = None) -> forms.Form:
        return self.form_class(initial=initial or self.initial.get(key), prefix=self._prefix(key))

    def __iter__(self) -> Iterator[dict[str, Any]]:
        for key, form in zip(self.keys, self.forms, strict=True):
            words = str(form["text"].value() or "").strip()
            yield {"id": f"{self.name}.{key}", "key": key, "form": form, "words": words[:60] or self.new_words}

    def is_valid(self) -> bool:
        return all_valid(self.forms)

    def cleaned(self) -> list[dict[str, Any]]:
        return [form.cleaned_data for form in self.forms if form.cleaned_data]

    # --- Buttons ---

    def is_asked(self) -> bool:
        """A button of this list was pressed."""
        data: Any = self.data or {}
        return self.name == data.get("add") or any(
            str(data.get(button, "")).removeprefix("up:").removeprefix("down:").startswith(f"{self.name}.")
            for button in ("move", "remove")
        )

    def rearranged(self) -> Rows:
        """The same rows as typed, unchecked, after the button that was pressed."""
        data = self.data
        assert data is not None
        keys = list(self.keys)
        if data.get("add") == self.name and len(keys) < MOST_ROWS:
            keys.append(max(keys, default=-1) + 1)
        remove, move = data.get("remove", ""), data.get("move", "")
        keys = [key for key in keys if remove != f"{self.name}.{key}"]
        direction, _colon, target = move.partition(":")
        for place, key in enumerate(keys):
            if target == f"{self.name}.{key}":
                other = place - 1 if direction == "up" else place + 1
                if 0 <= other < len(keys):
                    keys[place], keys[other] = keys[other], keys[place]
                break
        return self.as_typed(keys)

    def as_typed(self, keys: list[int] | None = None) -> Rows:
        """Forms filled with what was sent, not yet checked."""
        typed = Rows(self.form_class, self.name, new_words=self.new_words)
        typed.keys = list(self.keys if keys is None else keys)
        # A row that was just added holds nothing typed: it begins with the fields' own first values.
        typed.forms = [
            typed._fresh(key, typed_values(self._bound(key)) if key in self.keys else None) for key in typed.keys
        ]
        return typed


def typed_values(form: forms.BaseForm) -> dict[str, Any]:
    """What a sent form holds, as it was typed, to fill an unsent form with."""
    return {
        name: field.widget.value_from_datadict(form.data, form.files, form.add_prefix(name))
        for name, field in form.fields.items()
    }
