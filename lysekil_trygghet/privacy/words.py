"""What must never stand in a report, and what to write instead: shown beside the field (docs/rules.md)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

NEVER_WRITE: tuple[Any, ...] = (
    _("Namn, initialer, smeknamn, bilder eller kontonamn som tillhör invånare, barn, misstänkta, utsatta eller "
      "personal."),
    _("Personnummer, samordningsnummer, telefonnummer, hemadress, registreringsnummer eller ärendenummer som går "
      "att koppla till en person."),
    _("Uppgifter från SSPF, socialtjänst, elevhälsa eller vård, eller från Polisens utredningar och underrättelser."),
    _("Sådant som tillsammans pekar ut någon på en liten ort, till exempel ålder och skola. Inte heller antal under "
      "5 i en liten grupp."),
    _("Hälsa, missbruk, etnicitet, religion eller familjeförhållanden."),
    _("Polisens kommande insatser, kontroller, tider och platser. Inte heller larm, koder eller väktares scheman."),
    _("Vem som har anmält eller tipsat, skyddade personuppgifter eller hot mot anställda."),
    _("Rykten och omdömen om personer eller familjer."),
    _("Inklistrade mejl eller chattar."),
)  # fmt: skip

SAY_INSTEAD = _(
    "Skriv vad ni har gjort, hur många gånger, var (plats eller område), tillsammans med vilka organisationer, "
    "vad som hindrade och vad som händer härnäst."
)

GOOD_EXAMPLE = _(
    "Vi har haft öppet fritidsgården tre extra kvällar vecka 25. Mellan 30 och 40 ungdomar kom varje kväll. "
    "Personal saknas på lördag. Vi föreslår att låna två ledare från en förening."
)


@dataclass(frozen=True)
class Advice:
    """Everything templates/components/never_write.html shows."""

    never: tuple[Any, ...] = NEVER_WRITE
    instead: Any = SAY_INSTEAD
    example: Any = GOOD_EXAMPLE


ADVICE = Advice()
