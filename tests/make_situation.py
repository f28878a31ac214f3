"""Makers for what we know. They go through the operations, so that what they make is what the portal makes."""

from __future__ import annotations

import datetime as dt
import tempfile
from pathlib import Path

from django.utils import timezone

from situation.lifecycle import CauseLevel, ImportKind, Method, PictureKind, PictureState, SourceKind
from situation.models import (
    Area,
    CauseAnalysis,
    DatasetImport,
    Finding,
    Problem,
    SituationPicture,
    Source,
    SurveyAnswer,
    SurveyQuestion,
)
from situation.operations import areas, dialogues, findings, imports, pictures, problems, sources

from . import make
from .make_incidents import acting, department

EXECUTIVE = "kommunstyrelseforvaltningen"
POLICE = "polisen"
# The way a picture goes; `picture(state=…)` follows it as far as asked.
WAY = (PictureState.DRAFT, PictureState.REVIEW, PictureState.ADOPTED, PictureState.PUBLISHED)


def area(*, now: dt.datetime | None = None, by: str = "coordinator", **values) -> Area:
    """A place. Names are numbered when none is given."""
    now = now or timezone.now()
    values.setdefault("name", f"Plats {next(make._number)}")
    return areas.write(values=values, by=acting(by, now=now), now=now)


def source(*, now: dt.datetime | None = None, by: str = "", **values) -> Source:
    """A dialogue with residents. `by="police_liaison"` makes it the Police's."""
    now = now or timezone.now()
    party = values.pop("organisation", None) or department(POLICE if by == "police_liaison" else EXECUTIVE)
    by = by or ("police_liaison" if party.is_police else "coordinator")
    defaults = {
        "kind": SourceKind.CITIZEN_DIALOGUE,
        "title": "Samtal med boende i centrum",
        "organisation": party,
        "method": Method.DIALOGUE,
        "summary": "Många undviker torget på kvällen.",
        "limitations": "De som inte kom till samtalen har vi inte hört.",
    }
    return sources.write(values=defaults | values, by=acting(by, now=now), now=now)


def empty_picture(
    *,
    now: dt.datetime | None = None,
    kind: str = PictureKind.JOINT,
    by: str = "coordinator",
    sources: tuple[Source, ...] = (),
    **values,
) -> SituationPicture:
    """A draft with a title and a period, nothing more."""
    now = now or timezone.now()
    party = values.pop("organisation", None) or department(POLICE if by == "police_liaison" else EXECUTIVE)
    day = timezone.localdate(now)
    defaults = {
        "title": "Lägesbild för Lysekil",
        "period_start": day - dt.timedelta(days=365),
        "period_end": day - dt.timedelta(days=1),
        "public_summary": "De flesta är trygga. I centrum är många oroliga på kvällen.",
    }
    return pictures.begin(
        kind=kind, organisation=party, values=defaults | values, sources=sources, by=acting(by, now=now), now=now
    )


def picture(
    *, now: dt.datetime | None = None, state: str = PictureState.DRAFT, by: str = "", **values
) -> SituationPicture:
    """A whole picture (one source, one finding, one problem, one cause), moved by the operations to `state`.

    `kind=PictureKind.OWN, by="police_liaison"` makes the Police's own.
    """
    now = now or timezone.now()
    by = by or "coordinator"
    given = values.pop("sources", None) or (source(now=now, by=by if by == "police_liaison" else ""),)
    made = empty_picture(now=now, by=by, sources=given, **values)
    claim = finding(picture=made, sources=given, now=now, by=by)
    trouble = problem(picture=made, findings=[claim], now=now, by=by)
    cause(problem=trouble, now=now, by=by)
    if state == PictureState.SUPERSEDED:
        made = moved_to(made, PictureState.PUBLISHED, now=now, by=by)
        picture(now=now, state=PictureState.PUBLISHED, previous=made, by=by, kind=made.kind)
        return SituationPicture.objects.get(pk=made.pk)
    return moved_to(made, state, now=now, by=by)


def moved_to(
    made: SituationPicture, state: str, *, now: dt.datetime | None = None, by: str = "coordinator"
) -> SituationPicture:
    """The draft `made` taken on to `state`: opened, reviewed, confirmed by both, adopted, published."""
    now = now or timezone.now()
    far = WAY.index(PictureState(state))
    writer = acting(by, now=now)
    if far >= WAY.index(PictureState.REVIEW):
        made = pictures.send_to_review(made, by=writer, now=now)
    if far >= WAY.index(PictureState.ADOPTED):
        if made.is_joint:
            made = confirmed(made, now=now)
        made = pictures.adopt(
            made, adopted_on=timezone.localdate(now), minutes_ref="Styrgruppen § 4", by=writer, now=now
        )
    if far >= WAY.index(PictureState.PUBLISHED):
        made = pictures.publish(made, secrecy_checked=True, by=acting("communicator", now=now), now=now)
    return made


def confirmed(made: SituationPicture, *, now: dt.datetime | None = None) -> SituationPicture:
    """Under review, opened to the Police and confirmed by both parties."""
    now = now or timezone.now()
    if made.opened_to_police_at is None:
        made = pictures.open_to_police(made, by=acting("coordinator", now=now), now=now)
    made = pictures.confirm_as_municipality(made, by=acting("coordinator", now=now), now=now, seen=made.revision)
    return pictures.confirm_as_police(made, by=acting("police_liaison", now=now), now=now, seen=made.revision)


def finding(
    *,
    now: dt.datetime | None = None,
    picture: SituationPicture | None = None,
    sources: tuple[Source, ...] | list[Source] | None = None,
    by: str = "coordinator",
    **values,
) -> Finding:
    """A finding in a draft, resting on the picture's first source."""
    now = now or timezone.now()
    to = picture or empty_picture(now=now, by=by, sources=(source(now=now),))
    chosen = list(to.sources.all()[:1]) if sources is None else sources
    defaults = {"claim": "Fler undviker torget på kvällen än för två år sedan.", "trend": "UP"}
    return findings.write(to, values=defaults | values, sources=chosen, by=acting(by, now=now), now=now)


def problem(
    *,
    now: dt.datetime | None = None,
    picture: SituationPicture | None = None,
    findings: list[Finding] | None = None,
    areas: list[Area] | tuple[Area, ...] = (),
    by: str = "coordinator",
    **values,
) -> Problem:
    """A problem in a draft, following from the picture's findings."""
    now = now or timezone.now()
    to = picture or finding(now=now, by=by).picture
    chosen = list(to.findings.all()) if findings is None else findings
    defaults = {
        "title": "Otryggt i centrum på kvällen",
        "what": "Bråk och skadegörelse.",
        "where": "Torget och kajen.",
        "when": "Fredag och lördag kväll.",
        "who": "Unga och de som går hem sent.",
        "rationale": "Flest har sagt det, och det ökar.",
    }
    return problems.write(to, values=defaults | values, findings=chosen, areas=areas, by=acting(by, now=now), now=now)


def cause(
    *, now: dt.datetime | None = None, problem: Problem | None = None, by: str = "coordinator", **values
) -> CauseAnalysis:
    now = now or timezone.now()
    to = problem or globals()["problem"](now=now, by=by)
    defaults = {
        "level": CauseLevel.SITUATION,
        "hypothesis": "Få vuxna rör sig på torget sent.",
        "evidence": "Så säger både unga och personal.",
    }
    return problems.write_cause(to, values=defaults | values, by=acting(by, now=now), now=now)


# --- Numbers -----------------------------------------------------------------------------------------------

CRIMES = "Region;Brott;År;Antal\n" + "".join(
    f"{area};Rån;{year};{count + year % 4}\n"
    for area, count in (("Lysekil", 12), ("Munkedal", 8), ("Hela landet", 9000), ("Västra Götalands län", 1500))
    for year in range(2014, 2025)
)


def stored_import(
    *,
    source: Source | None = None,
    text: str = CRIMES,
    name: str = "brott.csv",
    kind: str = ImportKind.BRA,
    now: dt.datetime | None = None,
) -> DatasetImport:
    """A file of Brå's read and stored: eleven years of robberies in four areas."""
    now = now or timezone.now()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_text(text, encoding="utf-8")
        by = acting("coordinator", now=now)
        made = imports.begin(path, source=source or globals()["source"](now=now), kind=kind, name=name, by=by, now=now)
        return imports.apply_at_once(made, takes_the_good=False, by=by, now=now)


def question(*, source: Source, dataset_import: DatasetImport, **answers: float) -> SurveyQuestion:
    """A question with the shares of its answers, of 200 who answered."""
    made = SurveyQuestion.objects.create(source=source, code="trygg", text="Hur trygg är du på kvällen?")
    for place, (answer, share) in enumerate((answers or {"Trygg": 64.5, "Otrygg": 35.5}).items()):
        SurveyAnswer.objects.create(
            question=made, answer=answer, share=share, n=200, year="2024", order=place, dataset_import=dataset_import
        )
    return made


def dialogue(
    *, source: Source, themes: tuple[tuple[str, int], ...] = (("Belysning", 14), ("Buskörning", 3)), **values
):
    now = timezone.now()
    defaults = {"held_on": timezone.localdate(now), "place": "Torget", "participants": 40}
    return dialogues.write(source, values=defaults | values, themes=themes, by=acting("coordinator"), now=now)
