"""What states, trends and acts are called, each with an icon: never colour alone.

Every verb of situation/operations stands here (tests/situation/test_words.py reads the operations and checks).
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.utils.dates import MONTHS
from django.utils.formats import localize
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from lysekil_trygghet.history.models import Event
from lysekil_trygghet.publishing.languages import Reader, Text
from lysekil_trygghet.ui.badges import Badge

from . import queries
from .changes import Changes
from .importers import places
from .lifecycle import Confidence, ImportState, Method, PictureState, Strength, Trend
from .models import Area, DatasetImport, Problem, SituationPicture, Source

# --- States -------------------------------------------------------------------------------------------

STATES: dict[str, tuple[str, str]] = {
    PictureState.DRAFT: ("draft", "neutral"),
    PictureState.REVIEW: ("eye", "info"),
    PictureState.ADOPTED: ("check", "info"),
    PictureState.PUBLISHED: ("globe", "success"),
    PictureState.SUPERSEDED: ("history", "neutral"),
}
TRENDS: dict[str, str] = {
    Trend.UP: "arrow-up",
    Trend.DOWN: "arrow-down",
    Trend.FLAT: "arrow-right",
    Trend.UNKNOWN: "info",
}
CONFIDENCES: dict[str, tuple[str, str]] = {
    Confidence.HIGH: ("check-circle", "success"),
    Confidence.MEDIUM: ("check", "info"),
    Confidence.LOW: ("alert", "warning"),
}
STRENGTHS: dict[str, tuple[str, str]] = {
    Strength.STRONG: ("check-circle", "success"),
    Strength.MEDIUM: ("check", "info"),
    Strength.WEAK: ("alert", "warning"),
}
# How far a source carries, for somebody who has never read about method.
CARRIES: dict[str, Any] = {
    Method.RANDOM_SAMPLE: _("De som svarade är slumpvis valda. Svaren säger något om alla i området."),
    Method.OPEN_WEB: _("Var och en som ville kunde svara. Svaren visar vad de tycker, inte hur vanligt det är."),
    Method.CENSUS_CLASS: _("Alla i årskursen fick frågan. Svaren säger något om hela årskursen."),
    Method.REGISTER: _("Siffrorna kommer ur ett register. De visar vad som har anmälts eller antecknats, inte allt."),
    Method.DIALOGUE: _("Samtalen visar vad de som var med har sett. De säger inte hur vanligt det är."),
    Method.JUDGEMENT: _("En bedömning av dem som arbetar med frågan. Den säger inte hur vanligt det är."),
}


IMPORTS: dict[str, tuple[str, str]] = {
    ImportState.CHOOSING: ("draft", "warning"),
    ImportState.WAITING: ("clock", "info"),
    ImportState.CHECKED: ("eye", "warning"),
    ImportState.TO_APPLY: ("clock", "info"),
    ImportState.APPLIED: ("check-circle", "success"),
    ImportState.REFUSED: ("alert", "danger"),
    ImportState.DROPPED: ("x", "neutral"),
}


def import_badge(made: DatasetImport) -> Badge:
    icon, tone = IMPORTS[made.state]
    return Badge(ImportState(made.state).label, icon, tone)


def import_counts(made: DatasetImport) -> list[tuple[str, int]]:
    """(what, how many) of the rows, in the order a reader asks; what is nothing is left out but for the new ones."""
    counts = [
        (_now("Nya"), made.rows_new),
        (_now("Ändrade"), made.rows_changed),
        (_now("Borttagna av utgivaren"), made.rows_gone),
        (_now("Oförändrade"), made.rows_unchanged),
        (_now("Går inte att läsa"), made.rows_rejected),
    ]
    return [(words, count) for place, (words, count) in enumerate(counts) if count or not place]


def import_examples(made: DatasetImport) -> list[dict[str, Any]]:
    """Some of what is new, changed and gone, with the names a person knows."""
    kinds = {"new": _now("Ny"), "changed": _now("Ändrad"), "gone": _now("Borttagen")}
    titles = dict(made.report.get("indicators", []))
    examples = made.report.get("examples", [])
    codes = {str(one.get("area", "")) for one in examples}
    names = dict(Area.objects.filter(code__in=codes).exclude(code="").values_list("code", "name"))
    return [
        {
            "kind": kinds.get(one["kind"], one["kind"]),
            "line": one.get("line"),
            "what": titles.get(one.get("indicator"), one.get("indicator") or one.get("value") or ""),
            "area": names.get(one.get("area"), places.name_of(str(one.get("area") or ""))),
            "period": one.get("period") or "",
            "breakdown": one.get("breakdown") or "",
            "old": plain_number(one.get("old")),
            "value": plain_number(one.get("value")),
        }
        for one in examples
    ]


def plain_number(value: Any) -> str:
    """A number as it is written in the language: 1 012 or 21,4; "–" where it is missing."""
    if value in (None, ""):
        return "–"
    try:
        number = Decimal(str(value)).normalize()
    except ArithmeticError:
        return str(value)
    whole = number.quantize(Decimal(1)) if number == number.to_integral_value() else number
    return str(localize(whole, use_l10n=True))


def changes_in_words(found: Changes, *, read: Reader) -> list[tuple[str, list[Text]]]:
    """(what, which) of a comparison with the picture before, for people; kinds without any are left out."""

    def title(problem: Problem) -> Text:
        return read.in_language(problem, "title")

    rows = [
        (_now("Nytt sedan förra lägesbilden"), [title(problem) for problem in found.new]),
        (_now("Fanns i den förra men inte i den här"), [title(problem) for problem in found.gone]),
        (_now("Viktigare än förut"), [title(problem) for problem, was, now in found.moved if now < was]),
        (_now("Mindre viktigt än förut"), [title(problem) for problem, was, now in found.moved if now > was]),
    ]
    for trend in Trend:
        turned = [read.in_language(finding, "claim") for finding, _was, now in found.turned if now == trend]
        rows.append((_now("Utvecklingen har vänt: %(trend)s") % {"trend": str(trend.label).lower()}, turned))
    return [(words, texts) for words, texts in rows if texts]


def period_words(period: str) -> str:
    """2016, kvartal 3 2016, september 2016."""
    if "-Q" in period:
        year, quarter = period.split("-Q")
        return _now("kvartal %(quarter)s %(year)s") % {"quarter": quarter, "year": year}
    if "-" in period:
        year, month = period.split("-")
        return f"{MONTHS[int(month)]} {year}"
    return period


def picture_badge(picture: SituationPicture) -> Badge:
    if picture.published_at is not None and picture.withdrawn_at is not None:
        return Badge(_("Avpublicerad"), "minus-circle", "warning")
    return Badge(picture.get_state_display(), *STATES[picture.state])


def resident_badge(picture: SituationPicture) -> Badge:
    """To residents: the one that holds, or one kept to be read."""
    if picture.state == PictureState.SUPERSEDED:
        return Badge(_("Ersatt av en nyare"), "history", "neutral")
    return Badge(_("Gäller nu"), "check-circle", "success")


def urgency_badge(picture: SituationPicture, *, today: dt.date) -> Badge | None:
    """How near the day is when it must be updated; None while there is time."""
    urgency = queries.update_urgency(picture, today=today)
    if urgency == "late":
        return Badge(_("Ska uppdateras nu"), "alert", "danger")
    if urgency == "soon":
        return Badge(_("Ska snart uppdateras"), "clock", "warning")
    return None


def trend_badge(trend: str) -> Badge:
    # Whether more is worse depends on what it is more of, so the tone says nothing.
    return Badge(Trend(trend).label, TRENDS[trend], "neutral")


def confidence_badge(confidence: str) -> Badge:
    return Badge(Confidence(confidence).label, *CONFIDENCES[confidence])


def strength_badge(source: Source) -> Badge:
    return Badge(source.strength.label, *STRENGTHS[source.strength])


def answers_in_words(source: Source) -> str:
    """520 svar, 41,5 procent svarade. Empty when nobody was counted."""
    if source.n is None:
        return ""
    said = ngettext("%(n)s svar eller deltagare", "%(n)s svar eller deltagare", source.n) % {"n": source.n}
    if source.response_rate is None:
        return said
    rate = localize(source.response_rate.normalize())
    return _now("%(answers)s, %(rate)s procent av de tillfrågade") % {"answers": said, "rate": rate}


# --- History ------------------------------------------------------------------------------------------

VERBS = {
    "created": _("Lades till"),
    "changed": _("Ändrades"),
    "discarded": _("Kastades"),
    "sources_set": _("Underlagen valdes"),
    "findings_set": _("Iakttagelserna valdes"),
    "areas_set": _("Områdena valdes"),
    "parts_copied": _("Delar hämtades från en annan lägesbild"),
    "finding_removed": _("En iakttagelse togs bort"),
    "findings_ordered": _("Iakttagelserna fick en ny ordning"),
    "problem_removed": _("Ett problem togs bort"),
    "problems_ranked": _("Problemen fick en ny prioritet"),
    "cause_removed": _("En orsak togs bort"),
    "causes_ordered": _("Orsakerna fick en ny ordning"),
    "commented": _("En kommentar skrevs"),
    "opened_to_police": _("Visades för Polisen"),
    "review": _("Skickades till granskning"),
    "sent_back": _("Skickades tillbaka för att skrivas om"),
    "police_confirmed": _("Polisen bekräftade texten"),
    "police_confirmed_in_writing": _("Polisens skriftliga bekräftelse antecknades"),
    "municipality_confirmed": _("Kommunen bekräftade texten"),
    "police_confirmation_cleared": _("Polisens bekräftelse föll, texten ändrades"),
    "municipality_confirmation_cleared": _("Kommunens bekräftelse föll, texten ändrades"),
    "adopted": _("Antogs"),
    "published": _("Publicerades"),
    "shown_again": _("Publicerades igen"),
    "withdrawn": _("Avpublicerades"),
    "superseded": _("Ersattes av en nyare"),
    "diary_number_set": _("Diarienummer sattes"),
    "figure_removed": _("En figur togs bort"),
    "figures_ordered": _("Figurerna fick en ny ordning"),
    "themes_set": _("Ämnena ändrades"),
    "points_given": _("En medlem gav problemen poäng"),
    "columns_chosen": _("Kolumner valdes"),
    "waiting": _("Väntar på att läsas"),
    "checked": _("Lästes igenom"),
    "to_apply": _("Skulle sparas"),
    "applied": _("Sparades"),
    "refused": _("Gick inte att läsa in"),
    "dropped": _("Slängdes"),
}
# The same verb in other words, by the kind of thing it was done to.
OF_KIND: dict[tuple[str, str], Any] = {
    ("situationpicture", "created"): _("Lägesbilden påbörjades"),
    ("situationpicture", "changed"): _("Lägesbildens texter ändrades"),
    ("figure", "created"): _("En figur lades till"),
    ("figure", "changed"): _("En figur ändrades"),
    ("finding", "created"): _("En iakttagelse lades till"),
    ("finding", "changed"): _("En iakttagelse ändrades"),
    ("finding", "sources_set"): _("Underlagen till en iakttagelse valdes"),
    ("problem", "created"): _("Ett problem lades till"),
    ("problem", "changed"): _("Ett problem ändrades"),
    ("causeanalysis", "created"): _("En orsak lades till"),
    ("causeanalysis", "changed"): _("En orsak ändrades"),
}


def sentence(event: Event) -> str:
    kind = ContentType.objects.get_for_id(event.subject_type_id).model
    return str(OF_KIND.get((kind, event.verb)) or VERBS.get(event.verb, event.verb))


def timeline(picture: SituationPicture) -> list[dict[str, Any]]:
    """The acts on the picture and its parts, newest first, in the shape of components/timeline.html."""
    return [
        {
            "at": event.at,
            "words": sentence(event),
            "who": ", ".join(filter(None, [event.actor_label, event.actor_organisation_label])),
        }
        for event in queries.history_of(picture).reverse()
    ]
