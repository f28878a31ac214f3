"""Whose files we read: the source that numbers from a publisher stand under until somebody chooses another."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from lysekil_trygghet.accounts.actors import Actor
from lysekil_trygghet.accounts.models import Organisation, OrganisationKind
from lysekil_trygghet.history.guards import Refused
from lysekil_trygghet.history.operations import record
from situation.lifecycle import ImportKind, Method, SourceKind
from situation.models import Source


@dataclass(frozen=True)
class Publisher:
    """What is known of every file of theirs. Licences: docs/data-sources.md."""

    name: str
    title: str
    kind: str
    method: str = Method.REGISTER
    licence: str = ""
    limitations: str = ""


def publisher_of(kind: str) -> Publisher:
    """The publisher behind an ImportKind."""
    known = {
        ImportKind.BRA: Publisher(
            "Brå",
            _("Anmälda brott"),
            SourceKind.CRIME_STATISTICS,
            licence=_("Fri att använda, ange Brå som källa"),
            limitations=_("Bara det som anmäls syns. Brott räknas där de begicks."),
        ),
        ImportKind.KOLADA: Publisher(
            "Kolada",
            _("Nyckeltal ur Kolada"),
            SourceKind.OTHER,
            licence=_("Fri att använda, ange Kolada som källa"),
            limitations=_("Nyckeltal kan ändras eller tas bort av den som ansvarar för dem."),
        ),
        ImportKind.SCB: Publisher("SCB", _("Folkmängd"), SourceKind.OTHER, licence="CC0"),
        ImportKind.AREAS: Publisher("SCB", _("Kommuner och statistikområden"), SourceKind.OTHER, licence="CC0"),
        ImportKind.POLISEN: Publisher(
            "Polisen",
            _("Händelser på Polisens webbplats"),
            SourceKind.OTHER,
            limitations=_("En lista med länkar. Den säger inget om hur vanligt något är."),
        ),
        ImportKind.TABLE: Publisher("", _("Egen tabell"), SourceKind.OTHER),
    }
    survey = Publisher("", _("Enkät"), SourceKind.SAFETY_SURVEY, method=Method.OPEN_WEB)
    return known.get(ImportKind(kind), survey)


@transaction.atomic
def source_for(kind: str, *, by: Actor, now: dt.datetime, title: str = "") -> Source:
    """The municipality's source for files of this kind, made if it is not there. `title` chooses one by its name."""
    about = publisher_of(kind)
    named = title.strip() or about.title
    found = (
        Source.objects.exclude(organisation__kind=OrganisationKind.POLICE).filter(title=named).order_by("pk").first()
    )
    if found is not None:
        return found
    owners = Organisation.objects.filter(is_active=True).exclude(kind=OrganisationKind.POLICE)
    owner = owners.filter(kind=OrganisationKind.LEADERSHIP).order_by("pk").first() or owners.order_by("pk").first()
    if owner is None:
        raise Refused(_("Lägg först till kommunens organisation."))
    source = Source.objects.create(
        title=named[:160],
        organisation=owner,
        publisher=about.name,
        kind=about.kind,
        method=about.method,
        licence=about.licence[:80],
        limitations=about.limitations,
        is_public=kind != ImportKind.POLISEN,
    )
    record(source, "created", by=by, now=now)
    return source
