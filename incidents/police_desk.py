"""The Police's desk: the exact words that wait for their confirmation, and what they themselves have undertaken.

Drafts are not here: what the Police see of another authority's drafts is shared by "Dela utkast" alone
(tryckfrihetsförordningen 2 kap. 10 §). News and packages come when the owner of the content has approved them.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.template.defaultfilters import linebreaksbr
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from incidents.lifecycle import PublicationState, UndertakingState
from incidents.models import Meeting, PackageItem, PoliceUndertaking, PublicUpdate, Reinforcement, SeriousEvent
from incidents.models.police_text import PoliceText
from lysekil_trygghet.publishing import markdown
from lysekil_trygghet.ui import formats

_PAST_DRAFT = (PublicationState.APPROVED, PublicationState.PUBLISHED)


@dataclass(frozen=True)
class Tray:
    """One kind of thing the Police confirm: its word in addresses, and which of them may be confirmed."""

    slug: str
    model: type[PoliceText]
    label: Any
    ripe: Q
    related: tuple[str, ...] = ()

    def rows(self) -> QuerySet[Any]:
        rows = self.model._default_manager.filter(self.ripe)
        return rows.select_related(*self.related) if self.related else rows


TRAYS = (
    Tray("handelse", SeriousEvent, _("Händelse"), ~Q(public_summary="")),
    Tray("mote", Meeting, _("Efter möte"), Q(about_police=True) & ~Q(outcome_public=""), ("response",)),
    Tray(
        "atagande",
        PoliceUndertaking,
        _("Vad Polisen gör"),
        ~Q(state=UndertakingState.WITHDRAWN),
        ("response", "meeting"),
    ),
    Tray("forstarkning", Reinforcement, _("Förstärkning"), Q(), ("response", "provider")),
    Tray("nyhet", PublicUpdate, _("Nyhet"), Q(about_police=True, state__in=_PAST_DRAFT), ("response", "picture")),
    Tray(
        "atgard",
        PackageItem,
        _("Åtgärd i paketet"),
        Q(about_police=True, package__state__in=_PAST_DRAFT),
        ("package__response", "organisation"),
    ),
)
BY_SLUG = {tray.slug: tray for tray in TRAYS}


@dataclass(frozen=True)
class Unconfirmed:
    """A row: the thing, and every piece of its wording with its heading."""

    thing: Any
    slug: str
    kind: Any
    wording: list[tuple[str, SafeString, str]]

    @property
    def is_hidden_meanwhile(self) -> bool:
        """It was published, and residents do not see it until the new wording is confirmed."""
        return self.thing.published_at is not None and self.thing.withdrawn_at is None


def unconfirmed() -> list[Unconfirmed]:
    """Everything that waits for the Police, the newest of each kind first."""
    return [
        row_of(tray, thing)
        for tray in TRAYS
        for thing in tray.rows().filter(confirmed_by_police=False).order_by("-pk")
    ]


def unconfirmed_count() -> int:
    return sum(tray.rows().filter(confirmed_by_police=False).count() for tray in TRAYS)


def row_of(tray: Tray, thing: Any, *, heading: int = 4) -> Unconfirmed:
    """`heading`: the level of the highest heading inside the text of a piece of news."""
    return Unconfirmed(thing=thing, slug=tray.slug, kind=tray.label, wording=_wording(thing, level=heading))


def _wording(thing: PoliceText, *, level: int) -> list[tuple[str, SafeString, str]]:
    """(heading, words, language) of every field the confirmation covers; empty ones are left out."""
    rows = []
    for name in thing.police_wording:
        field: Any = thing._meta.get_field(name.removesuffix("_id"))
        value = getattr(thing, name.removesuffix("_id"))
        if name == "about_police" or value in (None, ""):
            continue
        if isinstance(value, dt.datetime):
            value = formats.swedish_datetime(value)
        elif field.choices:
            value = getattr(thing, f"get_{name}_display")()
        # The text of news as residents will read it, not with its marks.
        is_markdown = isinstance(thing, PublicUpdate) and name.startswith("body")
        shown = markdown.render(value, heading=level) if is_markdown else linebreaksbr(str(value), autoescape=True)
        heading = str(field.verbose_name)
        rows.append((heading[:1].upper() + heading[1:], shown, "en" if name.endswith("_en") else ""))
    return rows


def own_measures() -> QuerySet[PackageItem]:
    """The Police's measures in packages residents can read now: the Police say how they go."""
    return PackageItem.objects.filter(about_police=True, package__state=PublicationState.PUBLISHED).select_related(
        "package__response"
    )
