"""Questions about what is followed and what was answered. Never an address."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from . import topics
from .models import Difference, DifferenceCount, Subscription

# Fewer answers than this are shown to nobody: one could guess who gave them.
FEWEST_SHOWN = 5


@dataclass(frozen=True)
class Noticed:
    """The answers about one thing that was closed."""

    clearly: int
    a_little: int
    not_at_all: int
    unsure: int

    @property
    def total(self) -> int:
        return self.clearly + self.a_little + self.not_at_all + self.unsure

    @property
    def words(self) -> str:
        """Av 14 som svarade märkte 9 en skillnad: 3 tydligt och 6 lite."""
        return _(
            "Av %(total)s som svarade märkte %(noticed)s en skillnad: %(clearly)s tydligt och %(little)s lite. "
            "%(none)s märkte ingen och %(unsure)s vet inte."
        ) % {
            "total": self.total,
            "noticed": self.clearly + self.a_little,
            "clearly": self.clearly,
            "little": self.a_little,
            "none": self.not_at_all,
            "unsure": self.unsure,
        }


def noticed(about: str) -> Noticed | None:
    """The answers about one thing; None while there are too few to show."""
    counts = dict(DifferenceCount.objects.filter(topic=about).values_list("answer", "count"))
    found = Noticed(*(counts.get(answer, 0) for answer in Difference.values))
    return found if found.total >= FEWEST_SHOWN else None


@dataclass(frozen=True)
class Followed:
    """For staff: one thing that is followed or was asked about."""

    title: str
    path: str
    followers: int
    noticed: Noticed | None

    @property
    def followers_words(self) -> str:
        if 0 < self.followers < FEWEST_SHOWN:
            return _("färre än fem")
        return ngettext("%(count)s följer", "%(count)s följer", self.followers) % {"count": self.followers}


def followed() -> list[Followed]:
    """Everything public that residents follow or have answered about, most followed first."""
    confirmed = Subscription.objects.order_by().values("topic")
    counts = dict(
        confirmed.annotate(number=Count("pk", filter=Q(confirmed_at__isnull=False))).values_list("topic", "number")
    )
    names = {name for name, number in counts.items() if number} | set(
        DifferenceCount.objects.values_list("topic", flat=True)
    )
    found = [(topics.find(name), name) for name in names]
    rows = [Followed(topic.title, topic.path, counts.get(name, 0), noticed(name)) for topic, name in found if topic]
    return sorted(rows, key=lambda row: (-row.followers, row.title))
