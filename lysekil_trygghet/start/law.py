"""What lag (2023:196) om kommuners ansvar för brottsförebyggande arbete asks, and what published data show of it.

Only what residents can read is looked at: what is not published is said to be missing here, never to be undone.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from incidents.residents.news import published_updates
from lysekil_trygghet.ui.badges import Badge
from lysekil_trygghet.workdays import local_date
from situation.lifecycle import FindingKind
from situation.models import CauseAnalysis, Finding, SituationPicture
from situation.residents import published_pictures

# 6 §: the picture at least every second year; told here when three months are left.
PICTURE_MONTHS, WARNED_DAYS = 24, 90
# The municipality's own aim for telling residents (the law gives no number).
TOLD_DAYS = 90
TEXT = (
    "https://www.riksdagen.se/sv/dokument-och-lagar/dokument/svensk-forfattningssamling/"
    "lag-2023196-om-kommuners-ansvar-for_sfs-2023-196/"
)


@dataclass(frozen=True)
class Demand:
    """One thing the law asks for. `url` leads to what shows it; the badge says how it stands."""

    section: str
    words: str
    badge: Badge
    url: str = ""
    note: str = ""


@dataclass(frozen=True)
class Chapter:
    title: str
    demands: list[Demand]


def chapters(*, today: dt.date) -> list[Chapter]:
    """The law in the order of the work, each demand with how it stands today."""
    picture = published_pictures().first()
    return [
        Chapter(_("Lägesbilden"), _picture(picture, today=today)),
        Chapter(
            _("Planen och samarbetet"),
            [
                _not_here("5 §", _("En åtgärdsplan är beslutad och bygger på lägesbilden.")),
                _not_here("6 §", _("Planen följs upp minst vartannat år.")),
                _not_here("7 §", _("Arbetet är samordnat med annan planering, till exempel folkhälsa och skola.")),
                _not_here("9 §", _("Kommunen och Polisen har en skriftlig överenskommelse, eller har försökt få en.")),
                _not_here("10 §", _("Ett strategiskt råd leds av kommunen, eller kommunen har försökt bilda ett.")),
            ],
        ),
        Chapter(
            _("Ansvar och information"),
            [
                _not_here("11–12 §§", _("En funktion samordnar arbetet och är kontakt för andra.")),
                _told(today=today),
                _not_here("13 §", _("En nämnd ansvarar, och fullmäktige får veta hur det går.")),
                Demand(
                    "14 §",
                    _("Kommunen prövar om kamerabevakning behövs."),
                    Badge(_("Upplysning"), "info", "neutral"),
                    note=_("Lagen säger inte att kameror ska användas, bara att kommunen ska bedöma behovet."),
                ),
            ],
        ),
    ]


def _picture(picture: SituationPicture | None, *, today: dt.date) -> list[Demand]:
    url = picture.public_url if picture else ""
    findings = Finding.objects.filter(picture=picture, is_public=True, sources__isnull=False)
    kinds = set(findings.values_list("kind", flat=True)) if picture else set()
    causes = CauseAnalysis.objects.filter(problem__picture=picture, problem__is_public=True, is_public=True)
    analysed = picture is not None and (bool(picture.analysis.strip()) or causes.exists())
    return [
        _shown("4 § 1", _("Kommunen har kartlagt brottsligheten."), FindingKind.MAPPING in kinds, url),
        _shown("4 § 2", _("Annan viktig information är samlad."), FindingKind.OTHER_INFORMATION in kinds, url),
        _shown("4 § 3", _("Kartläggningen och informationen är analyserad."), analysed, url),
        _fresh(picture, today=today),
    ]


def _fresh(picture: SituationPicture | None, *, today: dt.date) -> Demand:
    words = _("Lägesbilden är uppdaterad de senaste två åren.")
    if picture is None or picture.adopted_on is None:
        return _not_here("6 §", words)
    last = _months_later(picture.adopted_on, PICTURE_MONTHS)
    if today > last:
        badge = Badge(_("Behöver förnyas"), "alert", "danger")
    elif (last - today).days <= WARNED_DAYS:
        badge = Badge(_("Behöver snart förnyas"), "clock", "warning")
    else:
        badge = _met()
    return Demand("6 §", words, badge, picture.public_url)


def _months_later(day: dt.date, months: int) -> dt.date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    first = dt.date(year, month + 1, 1)
    following = dt.date(year + month // 11, (month + 1) % 12 + 1, 1)
    return first.replace(day=min(day.day, (following - first).days))


def _told(*, today: dt.date) -> Demand:
    latest = published_updates().first()
    words = _("Invånarna får information om arbetet.")
    if latest is None or latest.published_at is None:
        return _not_here("12 § 3", words)
    is_fresh = (today - local_date(latest.published_at)).days <= TOLD_DAYS
    badge = _met() if is_fresh else Badge(_("Senaste nyheten är gammal"), "clock", "warning")
    note = _("Kommunens eget mål är minst en nyhet var tredje månad. Lagen säger inte hur ofta.")
    return Demand("12 § 3", words, badge, reverse("incidents_public:updates"), note)


def _shown(section: str, words: str, is_met: bool, url: str) -> Demand:
    return Demand(section, words, _met(), url) if is_met else _not_here(section, words)


def _not_here(section: str, words: str) -> Demand:
    return Demand(section, words, Badge(_("Redovisas inte här än"), "minus-circle", "neutral"))


def _met() -> Badge:
    return Badge(_("Uppfyllt"), "check-circle", "success")
