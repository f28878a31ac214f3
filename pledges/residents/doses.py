"""How much was done against what was promised, in words, for pages and reports."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _

from lysekil_trygghet.publishing.languages import Reader
from lysekil_trygghet.ui.badges import Badge
from pledges.doses import Dose
from pledges.rhythm import Phase
from pledges.strip import Strip, as_svg_text, strip_of

PHASES: dict[Phase, tuple[str, str]] = {
    Phase.NOT_STARTED: ("calendar", "neutral"),
    Phase.IN_PHASE: ("check", "success"),
    Phase.BEHIND: ("alert", "warning"),
    Phase.PAUSED: ("pause", "neutral"),
    Phase.KEPT: ("check-circle", "success"),
    Phase.BROKEN: ("alert", "warning"),
}


@dataclass(frozen=True)
class DoseLine:
    # What is counted, for the bar's accessible name.
    name: str
    # "20 av minst 8 trafikkontroller"
    words: str
    # Of a hundred; None where no number was promised.
    share: int | None


@dataclass(frozen=True)
class DoseShown:
    lines: tuple[DoseLine, ...]
    verdict: Badge | None
    verdict_words: str
    strip: Strip | None

    @property
    def strip_words(self) -> str:
        return f"{self.verdict.label}. {self.verdict_words}" if self.verdict else ""

    def strip_svg(self, *, font: str = "sans-serif") -> str:
        """The strip for paper; empty without a rhythm."""
        return as_svg_text(self.strip, font=font) if self.strip else ""


def dose_shown(dose: Dose, *, read: Reader, today: dt.date) -> DoseShown:
    lines = []
    for row in dose.rows:
        name = str(read.in_language(row.unit, "name"))
        if row.target is None:
            words = f"{row.delivered} {name}"
        else:
            words = _("%(delivered)s av minst %(target)s %(name)s") % {
                "delivered": row.delivered,
                "target": row.target,
                "name": name,
            }
        lines.append(DoseLine(name, words, row.share))
    if not dose.verdict:
        return DoseShown(tuple(lines), None, "", None)
    badge = Badge(dose.rhythm_words(today), *PHASES[dose.verdict.phase])
    planned = _("%(occasions)s planerade tillfällen") % {"occasions": dose.occasions}
    return DoseShown(tuple(lines), badge, planned, strip_of(dose))
