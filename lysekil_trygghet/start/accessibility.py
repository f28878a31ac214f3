"""What the accessibility statement says: the facts that change when the portal does.

Whoever mends a gap takes it away here; whoever assesses the portal anew writes the day (at least once a year).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _

PUBLISHED_ON = dt.date(2026, 11, 23)
ASSESSED_ON = dt.date(2026, 11, 23)
UPDATED_ON = dt.date(2026, 11, 23)
# Digg's own form (Myndigheten för digital förvaltning supervises the law).
COMPLAINT_URL = "https://www.digg.se/tdosanmalan"


@dataclass(frozen=True)
class Gap:
    """What does not work, for whom, and what is done about it."""

    situation: str
    problems: list[str]


def gaps() -> list[Gap]:
    """The known shortcomings, by the situation of the user as Digg recommends."""
    return [
        Gap(
            _("Användning utan synförmåga eller med nedsatt syn"),
            [
                _(
                    "Personal skriver själva bildbeskrivningarna. En beskrivning kan därför vara för kort för att "
                    "säga allt som bilden visar (WCAG 1.1.1)."
                ),
                _(
                    "Vi har inte prövat portalen med skärmläsare för hand. Det kan finnas brister som vi inte känner "
                    "till."
                ),
            ],
        ),
        Gap(
            _("Användning med nedsatt kognition"),
            [
                _(
                    "Texter om beslut kan innehålla ord som är svåra att förstå. Bara en del löften och insatser "
                    "finns på lättläst."
                ),
            ],
        ),
        Gap(
            _("Användning på engelska"),
            [
                _(
                    "En del texter finns bara på svenska. De är märkta så att skärmläsare byter röst, och sidan säger "
                    "det i början."
                ),
            ],
        ),
    ]
