"""The forms of a page as a browser has them: read from the HTML, filled in by somebody sensible, sent as bytes."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import quote_plus

from django.test import Client
from django.utils import timezone

TYPED = ("text", "email", "tel", "search", "url", "textarea")
# Buttons that only rearrange the page or show it differently: nothing is stored.
REARRANGES = ("add", "move", "remove", "more", "preview")
# Lines of a list that are empty until somebody wants them, and boxes that turn the task into another.
LEFT_ALONE = ("hours-", "days-", "to_", "no_assignment", "is_closed", "always_open", "about_police")

Pairs = list[tuple[str, str]]


@dataclass
class Control:
    name: str
    kind: str
    value: str = ""
    checked: bool = False
    options: list[tuple[str, bool]] = field(default_factory=list)
    is_wrong: bool = False

    @property
    def is_typed(self) -> bool:
        return self.kind in TYPED


@dataclass
class PageForm:
    action: str
    controls: list[Control] = field(default_factory=list)
    buttons: Pairs = field(default_factory=list)

    @property
    def names(self) -> list[str]:
        return list(dict.fromkeys(control.name for control in self.controls))

    @property
    def typed(self) -> list[str]:
        """The names of what a person types words in."""
        return list(dict.fromkeys(control.name for control in self.controls if control.is_typed))

    @property
    def chosen(self) -> list[str]:
        """The names of everything else: hidden, ticked, chosen, days and numbers."""
        return [name for name in self.names if name not in self.typed]

    def wrong(self) -> set[str]:
        """The names marked as wrong."""
        return {control.name for control in self.controls if control.is_wrong}

    def values(self, name: str) -> list[str]:
        return [control.value for control in self.controls if control.name == name]

    def filled(self) -> Pairs:
        """What is sent by somebody who fills in all of it and presses the first button that stores something."""
        pairs: Pairs = []
        ticked = {control.name for control in self.controls if control.checked and control.value}
        for control in self.controls:
            alone = any(control.name.startswith(start) or control.name.endswith(start) for start in LEFT_ALONE)
            if control.kind in ("checkbox", "radio"):
                first = control.name not in ticked and not alone and not control.name.endswith("DELETE")
                if (control.checked or first) and control.value:
                    ticked.add(control.name)
                    pairs.append((control.name, control.value))
            elif control.kind == "select":
                pairs.append((control.name, _chosen(control, alone=alone)))
            elif control.kind != "file":
                pairs.append((control.name, control.value or ("" if alone else _sensible(control))))
        named = [button for button in self.buttons if button[0] not in REARRANGES]
        return pairs + [button for button in named[:1] if button[0]]

    def with_(self, **changes: object) -> Pairs:
        """Filled in, with other values under some names: one value, or a list of them."""
        return replaced(self.filled(), changes)


def replaced(pairs: Pairs, changes: dict[str, object]) -> Pairs:
    kept = [pair for pair in pairs if pair[0] not in changes]
    for name, value in changes.items():
        kept += [(name, one) for one in (value if isinstance(value, list) else [value])]
    return kept


def _chosen(control: Control, *, alone: bool) -> str:
    selected = next((value for value, is_selected in control.options if is_selected), "")
    first = "" if alone else next((value for value, _selected in control.options if value), "")
    return selected or first


def _sensible(control: Control) -> str:
    ahead = -2 if control.name.startswith("occurred") else 10
    day = timezone.localdate() + dt.timedelta(days=ahead)
    if control.kind == "hidden":
        return ""
    known = {"date": day.isoformat(), "time": "12:00", "number": "1", "email": "brevlada@kommun.example"}
    return known.get(control.kind, "En rimlig text.")


def _value(at: dict[str, str | None], kind: str) -> str:
    """A box without a value of its own sends "on"."""
    return at.get("value") or ("on" if kind == "checkbox" and "value" not in at else "")


class _Reader(HTMLParser):
    def __init__(self, url: str) -> None:
        super().__init__()
        self.url = url
        self.forms: list[PageForm] = []
        self._form: PageForm | None = None
        self._open: Control | None = None

    def handle_starttag(self, tag, attrs):
        at = dict(attrs)
        if tag == "form":
            posts = (at.get("method") or "get").lower() == "post"
            self._form = PageForm(at.get("action") or self.url) if posts else None
            if self._form is not None:
                self.forms.append(self._form)
        if self._form is None:
            return
        name, is_wrong = at.get("name") or "", at.get("aria-invalid") == "true"
        if tag == "button" and at.get("type", "submit") == "submit":
            self._form.buttons.append((name, at.get("value") or ""))
        elif tag == "input" and name:
            kind = at.get("type") or "text"
            self._form.controls.append(Control(name, kind, _value(at, kind), "checked" in at, is_wrong=is_wrong))
        elif tag in ("textarea", "select") and name:
            self._open = Control(name, tag, is_wrong=is_wrong)
            self._form.controls.append(self._open)
        elif tag == "option" and self._open is not None:
            self._open.options.append((at.get("value") or "", "selected" in at))

    def handle_endtag(self, tag):
        if tag == "form":
            self._form = None
        elif tag in ("textarea", "select"):
            if self._open is not None and tag == "textarea":
                self._open.value = self._open.value.removeprefix("\n")
            self._open = None

    def handle_data(self, data):
        if self._open is not None and self._open.kind == "textarea":
            self._open.value += data


def forms_of(html: str, *, url: str) -> list[PageForm]:
    """The forms of a page that are posted, without those for signing out."""
    reader = _Reader(url)
    reader.feed(html)
    return [form for form in reader.forms if not form.action.startswith("/konto/")]


def send(client: Client, form: PageForm, pairs: Pairs):
    """As a browser sends it; a value may be bytes, and then goes as it is."""
    body = "&".join(f"{quote_plus(name)}={quote_plus(value)}" for name, value in pairs)
    return client.post(form.action, body, content_type="application/x-www-form-urlencoded")
