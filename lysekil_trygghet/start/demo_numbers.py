"""Numbers of the demo: files in the publishers' own forms, with invented figures, read in as any other file.

Every title says that the figures are invented.
"""

from __future__ import annotations

import datetime as dt
import tempfile
from pathlib import Path
from typing import Any

from lysekil_trygghet.accounts.actors import Actor
from situation import figures as drawing
from situation.figures import Look
from situation.lifecycle import FigureKind, ImportKind
from situation.models import Area, Indicator, SituationPicture, Source, SurveyQuestion
from situation.operations import dialogues, figures, imports, indicators, sources

YEARS = range(2008, 2017)
# Invented: a first number and what is added each year.
CRIMES = {"Lysekil kommun": (62, 4), "Munkedal kommun": (41, 1), "Sotenäs kommun": (33, 1)}
COUNTY, COUNTRY = ("Västra Götalands län", 17_400, 310), ("Hela landet", 77_000, 2_100)
PEOPLE = {"1484 Lysekil": 14_600, "1430 Munkedal": 10_200, "1427 Sotenäs": 9_000}
PEOPLE_WIDE = {"14 Västra Götalands län": 1_600_000, "00 Riket": 9_500_000}
SURVEY = (
    ("utomhus_kvall", "Hur trygg känner du dig ute sent på kvällen?", "Trygg", 58),
    ("utomhus_kvall", "Hur trygg känner du dig ute sent på kvällen?", "Otrygg", 31),
    ("utomhus_kvall", "Hur trygg känner du dig ute sent på kvällen?", "Går inte ut", 11),
)
GROUPS = (("", 520, 0), ("K", 328, 9), ("M", 192, -14))
THEMES = (
    ("Torget", "2017-05-18", 64, (("Fler poliser ute", 31), ("Fler vuxna på kvällen", 24), ("Belysning", 12))),
    ("Skolan", "2017-05-23", 41, (("Fler vuxna på kvällen", 17), ("Någonstans att vara", 15), ("Belysning", 3))),
)


def add(picture: SituationPicture, known: dict[str, Source], *, by: Actor, police: Actor, now: dt.datetime) -> None:
    """Numbers and figures for the picture of 2017, while it is still written."""
    crimes, survey, talks = known["CRIME_STATISTICS"], known["SAFETY_SURVEY"], known["CITIZEN_DIALOGUE"]
    _read(_crimes(), "brott-pahittade.csv", ImportKind.BRA, crimes, by=police, now=now)
    people = sources.write(
        values={
            "kind": "OTHER",
            "title": "Folkmängd (påhittade siffror)",
            "title_en": "Population (invented figures)",
            "organisation": survey.organisation,
            "publisher": "SCB",
            "method": "REGISTER",
            "licence": "CC0",
        },
        by=by,
        now=now,
    )
    _read(_people(), "folkmangd-pahittade.csv", ImportKind.SCB, people, by=by, now=now)
    _read(_survey(), "trygghet-pahittade.csv", ImportKind.SURVEY, survey, by=by, now=now)
    for place, day, count, themes in THEMES:
        values = {"place": place, "held_on": dt.date.fromisoformat(day), "participants": count}
        dialogues.write(talks, values=values, themes=themes, by=by, now=now)
    counted = Indicator.objects.get(code="bra.narkotikabrott.antal")
    words = {
        "title": "Anmälda narkotikabrott (påhittade siffror)",
        "title_en": "Reported drug crime (invented figures)",
    }
    counted = indicators.edit(counted, values=words, by=police, now=now)
    question = SurveyQuestion.objects.get(source=survey)
    compared = Look(areas=_areas("1484", "1430", "1427", "14", "00"), per=drawing.PER_100K)
    for values in (
        {
            "kind": FigureKind.LINE,
            "title": "Anmälda narkotikabrott i Lysekil (påhittade siffror)",
            "title_en": "Reported drug crime in Lysekil (invented figures)",
            "source": crimes,
            "indicator": counted,
            "look": Look(mean_of=3).stored(),
            "comment": "Anmälningarna har blivit fler. Det kan bero på att Polisen letar mer.",
            "comment_en": "There are more reports. The reason may be that the Police look more.",
        },
        {
            "kind": FigureKind.COMPARE,
            "title": "Anmälda narkotikabrott per 100 000 invånare (påhittade siffror)",
            "title_en": "Reported drug crime per 100 000 inhabitants (invented figures)",
            "source": crimes,
            "indicator": counted,
            "look": compared.stored(),
        },
        {
            "kind": FigureKind.SHARES,
            "title": "Trygghet sent på kvällen (påhittade siffror)",
            "title_en": "Feeling safe late in the evening (invented figures)",
            "source": survey,
            "question": question,
            "look": Look().stored(),
        },
        {
            "kind": FigureKind.THEMES,
            "title": "Det invånarna tog upp i samtalen (påhittade siffror)",
            "title_en": "What residents spoke of (invented figures)",
            "source": talks,
            "look": Look().stored(),
        },
    ):
        figures.write(picture, values=values, by=by, now=now)


def _areas(*codes: str) -> tuple[int, ...]:
    return tuple(Area.objects.filter(code__in=codes).values_list("pk", flat=True))


def _read(text: str, name: str, kind: str, source: Source, *, by: Actor, now: dt.datetime) -> Any:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_text(text, encoding="utf-8")
        made = imports.begin(path, source=source, kind=kind, name=name, by=by, now=now)
        return imports.apply_at_once(made, takes_the_good=False, by=by, now=now)


def _crimes() -> str:
    """As Brå's long table."""
    places = [*((name, *numbers) for name, numbers in CRIMES.items()), COUNTY, COUNTRY]
    rows = [
        f"{name};Narkotikabrott;{year};{first + more * place + place * place % 7}"
        for name, first, more in places
        for place, year in enumerate(YEARS)
    ]
    return "\n".join(["Region;Brott;År;Antal", *rows]) + "\n"


def _people() -> str:
    """As PxWeb's CSV."""
    rows = [
        f"{name};totalt ålder;{year};{count + 10 * place}"
        for name, count in (PEOPLE | PEOPLE_WIDE).items()
        for place, year in enumerate(YEARS)
    ]
    return "\n".join(["region;ålder;år;Folkmängd", *rows]) + "\n"


def _survey() -> str:
    """As the long table for surveys (docs/data-sources.md)."""
    head = "survey,year,area_type,area_code,question_code,question_text,answer,share_pct,n,method,sex"
    rows = []
    for sex, n, unsafe in GROUPS:
        for code, text, answer, share in SURVEY:
            told = share + (unsafe if answer == "Otrygg" else -unsafe if answer == "Trygg" else 0)
            rows.append(f'LOKAL,2016,kommun,1484,{code},"{text}",{answer},{told},{n},open_web,{sex}')
    return "\n".join([head, *rows]) + "\n"
