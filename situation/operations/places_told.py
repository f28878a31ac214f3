"""What residents tell on the web of places where they do not feel safe: an observation of a source of its own.

Only the place and what kind of trouble it is (chosen from a list). Never who.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from lysekil_trygghet.accounts.actors import Actor
from lysekil_trygghet.accounts.models import Organisation, OrganisationKind
from lysekil_trygghet.history.guards import Refused, refuse_unless
from lysekil_trygghet.history.operations import record
from lysekil_trygghet.privacy.scanner import scan
from lysekil_trygghet.workdays import local_date
from situation.lifecycle import Method, SourceKind
from situation.models import Dialogue, DialogueTheme, Source

KINDS = {
    "dark": gettext_lazy("Mörkt eller dålig belysning"),
    "damage": gettext_lazy("Klotter eller skadegörelse"),
    "overgrown": gettext_lazy("Skräpigt eller igenvuxet"),
    "traffic": gettext_lazy("Trafiken"),
    "empty": gettext_lazy("Ödsligt, få människor är ute"),
    "disorder": gettext_lazy("Bråk eller stök"),
    "other": gettext_lazy("Något annat"),
}


def source_title(year: int) -> str:
    return f"Otrygga platser som invånare har berättat om på webben {year}"


@transaction.atomic
def tell(place: str, kind: str, *, now: dt.datetime) -> Dialogue:
    """Keep one place and its kind in this year's source. Raises `Refused` for what cannot be kept."""
    place = " ".join(place.split())
    refuse_unless(place, _("Skriv vilken plats du menar."))
    refuse_unless(kind in KINDS, _("Välj vad som gör platsen otrygg."))
    refuse_unless(not scan(place), _("Skriv bara platsen, inget om personer."))
    by = Actor.system()
    source = _source(by=by, now=now)
    told = Dialogue.objects.create(source=source, held_on=local_date(now), place=place, participants=1)
    names = {}
    for language in ("sv", "en"):
        with override(language):
            names[language] = str(KINDS[kind])
    DialogueTheme.objects.create(dialogue=told, theme=names["sv"], theme_en=names["en"], count=1)
    record(told, "created", by=by, now=now, source=told.source_id)
    return told


def _source(*, by: Actor, now: dt.datetime) -> Source:
    day = local_date(now)
    title = source_title(day.year)
    found = Source.objects.filter(title=title, kind=SourceKind.CITIZEN_DIALOGUE).order_by("pk").first()
    if found is not None:
        return found
    owners = Organisation.objects.filter(is_active=True).exclude(kind=OrganisationKind.POLICE)
    owner = owners.filter(kind=OrganisationKind.LEADERSHIP).order_by("pk").first() or owners.order_by("pk").first()
    if owner is None:
        raise Refused(_("Det går inte att ta emot just nu. Ring eller mejla oss i stället."))
    source = Source.objects.create(
        title=title,
        kind=SourceKind.CITIZEN_DIALOGUE,
        method=Method.OPEN_WEB,
        organisation=owner,
        publisher=owner.name,
        period_start=dt.date(day.year, 1, 1),
        period_end=dt.date(day.year, 12, 31),
        limitations=_("De som själva har velat berätta. Samma plats kan vara berättad flera gånger."),
        is_public=False,
    )
    record(source, "created", by=by, now=now)
    return source
