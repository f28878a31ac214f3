"""The demo's other story: the joint pledge set of December 2017 to December 2018, from its picture to its closing
report, and a set that runs today.

Told through the operations, each at its own time. Facts of the case: decision "golden case 2018"; every sentence
here is the portal's own. No person is named.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from incidents.operations import news, publication
from lysekil_trygghet import workdays
from lysekil_trygghet.accounts.models import Organisation
from pledges.models import Commitment, PledgeSet, PriorityArea
from pledges.operations import (
    commitments,
    feedback,
    follow_ups,
    occurrences,
    pledge_sets,
    priorities,
    rules,
    walks,
    wordings,
)
from pledges.operations.commitments import UnitRow
from situation.models import Area, Problem, SituationPicture, Source
from situation.operations import areas, findings, pictures, problems, sources

from . import demo_numbers

if TYPE_CHECKING:
    from .demo import Story

TITLE = "Medborgarlöften december 2017–december 2018"
POLICE, LEADERSHIP = "polisen", "kommunledning"
SOCIAL, EDUCATION = "socialforvaltningen", "utbildningsforvaltningen"
EXECUTIVE, PLANNING = "kommunstyrelseforvaltningen", "samhallsbyggnadsforvaltningen"


def load(story: Story) -> None:
    """The set of 2018 with all that led to it and came of it; then one that runs now."""
    if PledgeSet.objects.filter(title=TITLE).exists():
        return
    places = _places(story)
    picture = _picture(story, places)
    _year_2018(story, picture, places)
    _runs_now(story, places)


def at(day: str | dt.date, clock: str = "10:00") -> dt.datetime:
    date = dt.date.fromisoformat(day) if isinstance(day, str) else day
    return workdays.at_local(date, dt.time.fromisoformat(clock))


def _places(story: Story) -> dict[str, Area]:
    by, now = story.by("coordinator"), at("2017-08-20")
    return {
        name: areas.write(values={"name": name, "name_en": english, "kind": "PLACE"}, by=by, now=now)
        for name, english in (
            ("Centrum", "The town centre"),
            ("Badhusparken", "Badhusparken"),
            ("Skolområdet", "The school area"),
        )
    }


# --- The picture of 2017 ----------------------------------------------------------------------------------

SOURCES: tuple[dict[str, Any], ...] = (
    {
        "kind": "CITIZEN_DIALOGUE",
        "title": "Samtal med invånare på torg och i skolor",
        "title_en": "Talks with residents in squares and schools",
        "organisation": EXECUTIVE,
        "method": "DIALOGUE",
        "summary": "Många vill se fler vuxna och fler poliser ute på kvällarna.",
        "summary_en": "Many want to see more adults and more police officers out in the evenings.",
        "limitations": "De som inte kom till samtalen har vi inte hört.",
        "limitations_en": "We have not heard those who did not come.",
    },
    {
        "kind": "SAFETY_SURVEY",
        "title": "Lokal trygghetsundersökning 2016",
        "title_en": "Local safety survey 2016",
        "organisation": EXECUTIVE,
        "method": "OPEN_WEB",
        "n": 520,
        "summary": "Otryggheten är störst sent på kvällen i centrum.",
        "summary_en": "People feel least safe late in the evening in the town centre.",
        "limitations": "Den som ville fick svara. 63 procent av svaren kom från kvinnor.",
        "limitations_en": "Anybody could answer. 63 per cent of the answers came from women.",
    },
    {
        "kind": "DRUG_SURVEY",
        "title": "Lokal drogvaneundersökning",
        "title_en": "Local drug-habits survey",
        "organisation": EDUCATION,
        "method": "CENSUS_CLASS",
        "summary": "Fler unga än tidigare säger att det är lätt att få tag på narkotika.",
        "summary_en": "More young people than before say that drugs are easy to get hold of.",
        "limitations": "Elever som var borta den dagen har inte svarat.",
        "limitations_en": "Pupils who were absent that day have not answered.",
    },
    {
        "kind": "POLICE_STAFF_DIALOGUE",
        "title": "Medarbetardialog hos Polisen",
        "title_en": "Staff dialogue at the Police",
        "organisation": POLICE,
        "method": "DIALOGUE",
        "summary": "Poliser ser grupperingar av unga där narkotika förekommer.",
        "summary_en": "Officers see groups of young people where drugs occur.",
    },
    {
        "kind": "MUNICIPAL_STAFF_DIALOGUE",
        "title": "Medarbetardialog i kommunen",
        "title_en": "Staff dialogue in the municipality",
        "organisation": SOCIAL,
        "method": "DIALOGUE",
        "summary": "Personalen saknar mötesplatser för unga och snabba vägar till hjälp.",
        "summary_en": "Staff miss meeting places for the young and quick ways to help.",
    },
    {
        "kind": "CRIME_STATISTICS",
        "title": "Aktuell statistik över anmälda brott",
        "title_en": "Current statistics of reported crime",
        "organisation": POLICE,
        "publisher": "Polisen",
        "method": "REGISTER",
        "summary": "Anmälda narkotikabrott har blivit fler.",
        "summary_en": "Reported drug crime has increased.",
        "limitations": "Fler anmälningar kan bero på att Polisen letar mer.",
        "limitations_en": "More reports may come from the Police looking more.",
    },
    {
        "kind": "OWN_KNOWLEDGE",
        "title": "Egen kunskap hos Polisen och kommunen",
        "title_en": "Own knowledge at the Police and the municipality",
        "organisation": EXECUTIVE,
        "method": "JUDGEMENT",
        "summary": "Samma platser och tider återkommer i båda organisationernas bedömning.",
        "summary_en": "The same places and times return in the judgement of both organisations.",
    },
)


def _picture(story: Story, places: dict[str, Area]) -> SituationPicture:
    """Made in 2017 from seven kinds of source; two problems."""
    by, written = story.by("coordinator"), at("2017-09-01")
    known: dict[str, Source] = {}
    for row in SOURCES:
        organisation = story.place(row["organisation"])
        writer = story.by("police_liaison") if organisation.is_police else by
        values = {
            **row,
            "organisation": organisation,
            "period_start": dt.date(2016, 5, 1),
            "period_end": dt.date(2017, 8, 31),
        }
        known[row["kind"]] = sources.write(values=values, by=writer, now=written)
    picture = pictures.begin(
        kind="JOINT",
        organisation=story.place(EXECUTIVE),
        values={
            "title": "Lägesbild för Lysekil 2017",
            "title_en": "Situation picture for Lysekil 2017",
            "period_start": dt.date(2016, 9, 1),
            "period_end": dt.date(2017, 8, 31),
            "public_summary": "De flesta känner sig trygga i Lysekil. Två saker oroar mest: kvällarna i centrum, och "
            "att narkotika och grupperingar drar till sig unga.",
            "public_summary_en": "Most people feel safe in Lysekil. Two things worry most: evenings in the town "
            "centre, and that drugs and groupings attract young people.",
            "analysis": "Samtalen, undersökningarna och statistiken pekar åt samma håll. Fler vuxna ute och tidig "
            "hjälp till unga återkommer i alla underlag.",
            "analysis_en": "The talks, the surveys and the statistics point the same way. More adults out and early "
            "help for the young return in every source.",
        },
        sources=[source for source in known.values() if not source.organisation.is_police],
        by=by,
        now=written,
    )
    # The Police's own sources are theirs until they bring them to the table.
    picture = pictures.open_to_police(picture, by=by, now=written)
    picture = pictures.put_sources(picture, list(known.values()), by=story.by("police_liaison"), now=written)
    seen = {
        "evenings": findings.write(
            picture,
            values={
                "kind": "MAPPING",
                "claim": "Många undviker centrum sent på kvällen.",
                "claim_en": "Many avoid the town centre late in the evening.",
                "trend": "UP",
                "confidence": "MEDIUM",
                "area": places["Centrum"],
            },
            sources=[known["SAFETY_SURVEY"], known["CITIZEN_DIALOGUE"]],
            by=by,
            now=written,
        ),
        "adults": findings.write(
            picture,
            values={
                "kind": "OTHER_INFORMATION",
                "claim": "Invånare vill se fler poliser och fler vuxna ute.",
                "claim_en": "Residents want to see more police officers and more adults out.",
                "trend": "FLAT",
                "confidence": "HIGH",
            },
            sources=[known["CITIZEN_DIALOGUE"], known["OWN_KNOWLEDGE"]],
            by=by,
            now=written,
        ),
        "drugs": findings.write(
            picture,
            values={
                "kind": "MAPPING",
                "claim": "Narkotika har blivit lättare att få tag på för unga.",
                "claim_en": "Drugs have become easier for the young to get hold of.",
                "trend": "UP",
                "confidence": "MEDIUM",
            },
            sources=[known["DRUG_SURVEY"], known["CRIME_STATISTICS"], known["POLICE_STAFF_DIALOGUE"]],
            by=by,
            now=written,
        ),
        "places": findings.write(
            picture,
            values={
                "kind": "OTHER_INFORMATION",
                "claim": "Det finns för få mötesplatser för unga på kvällarna.",
                "claim_en": "There are too few meeting places for the young in the evenings.",
                "trend": "UNKNOWN",
                "confidence": "LOW",
            },
            sources=[known["MUNICIPAL_STAFF_DIALOGUE"]],
            by=by,
            now=written,
        ),
    }
    streets = problems.write(
        picture,
        values={
            "title": "Otryggt i centrum på kvällen",
            "title_en": "Unsafe in the town centre in the evening",
            "what": "Många känner sig otrygga och håller sig borta.",
            "what_en": "Many feel unsafe and stay away.",
            "where": "Torget, hamnen och vägen till stationen.",
            "when": "Fredagar och lördagar efter klockan 21.",
            "who": "Unga, och kvinnor i alla åldrar.",
            "rationale": "Flest invånare har sagt det, och det påverkar vardagen.",
            "rationale_en": "Most residents have said so, and it affects everyday life.",
        },
        findings=[seen["evenings"], seen["adults"]],
        areas=[places["Centrum"]],
        by=by,
        now=written,
    )
    groups = problems.write(
        picture,
        values={
            "title": "Narkotika och grupperingar bland unga",
            "title_en": "Drugs and groupings among the young",
            "what": "Unga dras in i sammanhang där narkotika finns.",
            "what_en": "Young people are drawn into places where drugs are found.",
            "where": "Parker och skolområden.",
            "when": "Kvällar och helger.",
            "who": "Unga mellan 13 och 20 år.",
            "rationale": "Det växer, och tidig hjälp gör störst skillnad.",
            "rationale_en": "It is growing, and early help makes the greatest difference.",
        },
        findings=[seen["drugs"], seen["places"]],
        areas=[places["Badhusparken"], places["Skolområdet"]],
        by=by,
        now=written,
    )
    for problem, level, cause, english in (
        (streets, "SITUATION", "Få vuxna rör sig ute sent.", "Few adults are out late."),
        (groups, "STRUCTURE", "Det saknas ställen att vara på.", "There is a lack of places to be."),
    ):
        problems.write_cause(
            problem, values={"level": level, "hypothesis": cause, "hypothesis_en": english}, by=by, now=written
        )
    demo_numbers.add(picture, known, by=by, police=story.by("police_liaison"), now=written)
    return _adopted(story, picture, meeting="Styrgruppen § 4", on="2017-10-12", out="2017-10-20")


def _adopted(story: Story, picture: SituationPicture, *, meeting: str, on: str, out: str) -> SituationPicture:
    by, day = story.by("coordinator"), at(on)
    picture = pictures.send_to_review(picture, by=by, now=day)
    picture = pictures.confirm_as_municipality(picture, by=by, now=day, seen=picture.revision)
    picture = pictures.confirm_as_police(picture, by=story.by("police_liaison"), now=day, seen=picture.revision)
    picture = pictures.adopt(picture, adopted_on=timezone.localdate(day), minutes_ref=meeting, by=by, now=day)
    return pictures.publish(picture, secrecy_checked=True, by=story.by("communicator"), now=at(out))


# --- The set of 2018 ----------------------------------------------------------------------------------------


def _promise(
    story: Story,
    area: PriorityArea,
    text: str,
    english: str,
    *,
    leads: tuple[str, ...],
    helpers: tuple[str, ...] = (),
    now: dt.datetime,
    units: tuple[UnitRow, ...] = (),
    **values: Any,
) -> Commitment:
    place = story.place
    parties = [(place(slug), "LEAD", "") for slug in leads] + [(place(slug), "CONTRIBUTING", "") for slug in helpers]
    return commitments.add_commitment(
        area.pledge_set,
        area=area,
        values={"text_as_promised": text, "text_as_promised_en": english, "kind": "CONTINUOUS", **values},
        parties=parties,
        units=units,
        by=story.by("coordinator"),
        now=now,
    )


def _year_2018(story: Story, picture: SituationPicture, places: dict[str, Area]) -> None:
    made = _written_2018(story, picture)
    _agreed_signed_published(story, made, on="2017-11-20", signed="2017-11-28", out="2017-12-01")
    promises = {one.number: one for one in Commitment.objects.filter(pledge_set=made).select_related("pledge_set")}
    _done_2018(story, promises, places)
    _told_2018(story, made, promises)
    _closed_2018(story, made)


def _written_2018(story: Story, picture: SituationPicture) -> PledgeSet:
    by, now = story.by("coordinator"), at("2017-11-02")
    made = pledge_sets.create_set(
        values={
            "title": TITLE,
            "title_en": "Citizen promises December 2017–December 2018",
            "intro": "Polisen och kommunen lovar tillsammans att arbeta med det som oroar er mest.",
            "intro_en": "The Police and the municipality promise together to work with what worries you most.",
            "period_start": dt.date(2017, 12, 1),
            "period_end": dt.date(2018, 12, 31),
            "picture": picture,
        },
        by=by,
        now=now,
    )
    streets, groups = Problem.objects.filter(picture=picture).order_by("rank")
    out = priorities.add_area(
        made,
        values={
            "title": "Tryggare genom synlig polis och fler i rörelse",
            "title_en": "Safer through visible police and more people out and about",
            "why": "Där många rör sig känner sig fler trygga.",
            "why_en": "Where many people move about, more feel safe.",
        },
        problems=[streets],
        by=by,
        now=now,
    )
    firm = priorities.add_area(
        made,
        values={
            "title": "Tydligt mot narkotika och gängbildning",
            "title_en": "Firm against drugs and the forming of gangs",
            "why": "Tidiga insatser hjälper unga bort från narkotika.",
            "why_en": "Early efforts help young people away from drugs.",
        },
        problems=[groups],
        by=by,
        now=now,
    )
    _promise(
        story,
        out,
        "Polisen ska synas mer genom fler trafikkontroller och identitetskontroller.",
        "The Police will be seen more through more traffic checks and identity checks.",
        leads=(POLICE,),
        units=(UnitRow("trafikkontroller", "traffic checks"), UnitRow("identitetskontroller", "identity checks")),
        now=now,
    )
    _promise(
        story,
        out,
        "Polisen ska ha längre öppettider på polisstationen.",
        "The Police will keep the police station open longer.",
        leads=(POLICE,),
        kind="ONE_OFF",
        now=now,
    )
    _promise(
        story,
        out,
        "Kommunen ska utveckla arbetet med trygghetsvandrare, alltså föräldrar och andra vuxna förebilder ute.",
        "The municipality will develop the work of the adult walkers: parents and other adult role models.",
        leads=(EXECUTIVE,),
        helpers=(POLICE,),
        units=(UnitRow("kvällar", "evenings"),),
        now=now,
    )
    _promise(
        story,
        firm,
        "Polisen ska göra insatser för att förebygga och begränsa narkotikabrott bland unga.",
        "The Police will carry out operations to prevent and limit drug crime among the young.",
        leads=(POLICE,),
        units=(UnitRow("insatser", "operations"),),
        now=now,
    )
    _promise(
        story,
        firm,
        "Kommunen ska se till att unga med problem får hjälp snabbt.",
        "The municipality will see to it that young people with problems get help fast.",
        leads=(SOCIAL,),
        helpers=(EDUCATION,),
        now=now,
    )
    _promise(
        story,
        firm,
        "Vi ska hindra att unga rekryteras genom andra fritidsaktiviteter och mötesplatser.",
        "We will prevent the young from being recruited through other leisure activities and meeting places.",
        leads=(EDUCATION,),
        helpers=(SOCIAL,),
        purpose="unga ska ha någonstans att vara",
        purpose_en="the young should have somewhere to be",
        now=now,
    )
    _promise(
        story,
        firm,
        "Kommunen ska informera mer om narkotika och dess effekter under 2018.",
        "The municipality will inform more about drugs and their effects during 2018.",
        leads=(EXECUTIVE,),
        units=(UnitRow("föräldramöten", "parents' meetings"),),
        now=now,
    )
    sspf = _promise(
        story,
        firm,
        "SSPF, alltså skola, socialtjänst, polis och fritid tillsammans, ska träffas minst varannan vecka och rikta "
        "arbetet till unga i grupperingarna.",
        "SSPF, that is school, social services, police and leisure together, will meet at least every second week "
        "and aim its work at the young in the groupings.",
        leads=(SOCIAL,),
        helpers=(EDUCATION, POLICE),
        kind="RECURRING",
        how_we_know="Vi räknar mötena. Vilka unga de gäller antecknas aldrig här.",
        how_we_know_en="We count the meetings. Which young people they are about is never recorded here.",
        easy_text="Vuxna som arbetar med unga träffas varannan vecka. De hjälper unga som har det svårt.",
        units=(UnitRow("möten", "meetings"),),
        now=now,
    )
    rule = rules.set_rule(
        sspf,
        values={
            "reading": "DAYS",
            "limit": 14,
            "active_from": dt.date(2018, 1, 8),
            "active_to": dt.date(2018, 12, 14),
        },
        by=by,
        now=now,
    )
    rules.add_pause(
        rule,
        first_day=dt.date(2018, 6, 25),
        last_day=dt.date(2018, 8, 12),
        reason="Sommarlov",
        reason_en="Summer holidays",
        by=by,
        now=now,
    )
    made.refresh_from_db()
    return made


def _agreed_signed_published(story: Story, made: PledgeSet, *, on: str, signed: str, out: str) -> PledgeSet:
    by, day = story.by("coordinator"), at(on)
    made = pledge_sets.open_to_police(made, by=by, now=day)
    made = pledge_sets.agree(made, by=by, now=day, seen=made.revision)
    made = wordings.confirm_all(made, by=story.by("police_liaison"), now=day, seen=made.revision)
    for slug, function, english in (
        (LEADERSHIP, "Kommunstyrelsens ordförande", "Chair of the executive board"),
        (LEADERSHIP, "Kommundirektör", "Municipal director"),
        (POLICE, "Lokalpolisområdeschef", "Chief of the local police area"),
    ):
        pledge_sets.add_signature(
            made,
            organisation=story.place(slug),
            function_label=function,
            function_label_en=english,
            signed_on=dt.date.fromisoformat(signed),
            by=by,
            now=at(signed),
        )
    made.refresh_from_db()
    made = pledge_sets.sign(made, by=by, now=at(signed, "14:00"))
    return pledge_sets.publish(
        made,
        plain_language=True,
        accessibility=True,
        confirm_privacy=True,
        by=story.by("communicator"),
        now=at(out, "08:00"),
    )


def _sspf_days() -> list[dt.date]:
    """Every second week but for one gap in February, and rest in the summer."""
    days = [dt.date(2018, 1, 10) + dt.timedelta(days=14 * n) for n in range(3)]
    days += [dt.date(2018, 2, 28) + dt.timedelta(days=14 * n) for n in range(9)]
    return days + [dt.date(2018, 8, 15) + dt.timedelta(days=14 * n) for n in range(9)]


def _done_2018(story: Story, promises: dict[int, Commitment], places: dict[str, Area]) -> None:
    """What was done, month by month."""

    def log(number: int, who: str, slug: str, day: dt.date, counts: dict[str, int], **more: Any) -> None:
        promise = promises[number]
        units = {unit.name: unit.pk for unit in promise.units.all()}
        occurrences.log_held(
            promise,
            organisation=story.place(slug),
            date=day,
            counts={units[name]: count for name, count in counts.items()},
            by=story.by(who),
            now=at(day, "15:00"),
            **more,
        )

    for month in range(1, 13):
        day = dt.date(2018, month, 9)
        log(
            1,
            "police_liaison",
            POLICE,
            day,
            {"trafikkontroller": 2, "identitetskontroller": 3},
            area=places["Centrum"],
        )
        log(3, "officer_executive", EXECUTIVE, day, {"kvällar": 3}, area=places["Centrum"])
    for month in (2, 5, 9, 11):
        log(4, "police_liaison", POLICE, dt.date(2018, month, 16), {"insatser": 1}, area=places["Badhusparken"])
    for month in (3, 10):
        log(7, "officer_executive", EXECUTIVE, dt.date(2018, month, 20), {"föräldramöten": 1})
    for day in _sspf_days():
        log(8, "officer_social", SOCIAL, day, {"möten": 1})
    occurrences.log_cancelled(
        promises[8],
        organisation=story.place(SOCIAL),
        date=dt.date(2018, 2, 21),
        reason="För få kunde vara med.",
        by=story.by("officer_social"),
        now=at("2018-02-21"),
    )


def _told_2018(story: Story, made: PledgeSet, promises: dict[int, Commitment]) -> None:
    """News, a walk with residents, and "ni sa – vi gjorde"."""
    coordinator, communicator = story.by("coordinator"), story.by("communicator")
    for day, title, english, lead, lead_en in (
        (
            "2018-03-05",
            "Fler vuxna ute på fredagar",
            "More adults out on Fridays",
            "Trygghetsvandrarna är nu ute varje fredag.",
            "The adult walkers are now out every Friday.",
        ),
        (
            "2018-09-10",
            "Föräldramöten om narkotika i höst",
            "Parents' meetings about drugs this autumn",
            "Kommunen bjuder in föräldrar till möten om narkotika och vad den gör.",
            "The municipality invites parents to meetings about drugs and what they do.",
        ),
    ):
        values = {"title": title, "title_en": english, "lead": lead, "lead_en": lead_en, "pledge_set": made}
        row = news.write_update(values=values, by=communicator, now=at(day, "09:00"))
        row = publication.approve(row, by=coordinator, now=at(day, "09:30"))
        publication.publish(row, by=communicator, now=at(day, "10:00"))
    heard = feedback.write_feedback(
        values={
            "said": "Det är mörkt och tomt vid Badhusparken på kvällen.",
            "said_en": "It is dark and empty by Badhusparken in the evening.",
            "did": "Kommunen har bytt belysningen, och trygghetsvandrarna går förbi varje fredag.",
            "did_en": "The municipality has changed the lighting, and the adult walkers pass every Friday.",
            "when": "våren 2018",
            "when_en": "spring 2018",
            "pledge_set": made,
            "commitment": promises[3],
            "source": Source.objects.get(kind="CITIZEN_DIALOGUE"),
        },
        by=coordinator,
        now=at("2018-05-14"),
    )
    feedback.publish_feedback(heard, by=communicator, now=at("2018-05-15"))
    walk = walks.plan_walk(
        values={
            "title": "Trygghetsvandring i centrum",
            "title_en": "Safety walk in the town centre",
            "held_on": dt.date(2018, 4, 18),
            "participants": 17,
        },
        by=coordinator,
        now=at("2018-04-02"),
    )
    walk = walks.hold_walk(walk, by=coordinator, now=at("2018-04-18", "20:30"))
    seen = walks.add_observation(
        walk,
        values={
            "spot": "Gångtunneln vid stationen",
            "text": "Två lampor är trasiga.",
            "text_en": "Two lamps are broken.",
            "owner": story.place(PLANNING),
            "answer_due": dt.date(2018, 5, 4),
        },
        by=coordinator,
        now=at("2018-04-19"),
    )
    walks.mend(
        seen,
        done_on=dt.date(2018, 4, 27),
        answer="Lamporna är bytta.",
        answer_en="The lamps have been changed.",
        by=story.by("head_planning"),
        now=at("2018-04-27"),
    )
    walk.refresh_from_db()
    walks.publish_walk(walk, confirm_privacy=True, by=communicator, now=at("2018-05-02"))


# number: (who says it, delivery, goal, reason, reason in English, answer, answer in English)
ANSWERS: dict[int, tuple[str, str, str, str, str, str, str]] = {
    1: (
        "police_liaison",
        "DONE",
        "TOO_EARLY",
        "",
        "",
        "Polisen gjorde trafikkontroller och identitetskontroller varje månad.",
        "The Police carried out traffic checks and identity checks every month.",
    ),
    2: (
        "police_liaison",
        "PARTLY_DONE",
        "GOAL_PARTLY_MET",
        "Öppettiderna blev längre, men bara en dag i veckan.",
        "Opening hours became longer, but only one day a week.",
        "Stationen har öppet längre på torsdagar. Fler dagar gick inte att bemanna.",
        "The station is open longer on Thursdays. More days could not be staffed.",
    ),
    3: (
        "head_executive",
        "DONE",
        "GOAL_MET",
        "",
        "",
        "Trygghetsvandrarna var ute 36 kvällar. Nya grupper har startat.",
        "The adult walkers were out 36 evenings. New groups have started.",
    ),
    4: (
        "police_liaison",
        "DONE",
        "TOO_EARLY",
        "",
        "",
        "Polisen gjorde fyra riktade insatser mot narkotika bland unga.",
        "The Police carried out four operations against drugs among the young.",
    ),
    5: (
        "head_social",
        "DONE",
        "NOT_MEASURABLE",
        "",
        "",
        "Unga och föräldrar kan nu ringa ett eget nummer och få en tid inom en vecka.",
        "Young people and parents can now call a number of their own and get a time within a week.",
    ),
    6: (
        "head_education",
        "PARTLY_DONE",
        "GOAL_PARTLY_MET",
        "Den nya mötesplatsen öppnade först i december.",
        "The new meeting place opened only in December.",
        "Ungdomens hus har fått längre öppettider. En ny mötesplats öppnade i december.",
        "The youth centre has longer opening hours. A new meeting place opened in December.",
    ),
    7: (
        "head_executive",
        "DONE",
        "NOT_MEASURABLE",
        "",
        "",
        "Alla skolor har haft föräldramöten om narkotika, och vi har skrivit om det på webben.",
        "All schools have held parents' meetings about drugs, and we have written about it on the web.",
    ),
    8: (
        "head_social",
        "PARTLY_DONE",
        "GOAL_PARTLY_MET",
        "Ett möte ställdes in i februari, så det gick tre veckor.",
        "A meeting was cancelled in February, so three weeks passed.",
        "SSPF träffades 21 gånger. En gång gick det längre än två veckor.",
        "SSPF met 21 times. Once more than two weeks passed.",
    ),
}


def _closed_2018(story: Story, made: PledgeSet) -> None:
    """The period ends, every promise is answered, and two people close the set."""
    coordinator, ended, answered = story.by("coordinator"), at("2019-01-01", "00:10"), at("2019-01-10")
    pledge_sets.begin_closing(made, now=ended)
    promises = Commitment.objects.filter(pledge_set=made).prefetch_related("parties__organisation")
    for promise in promises.select_related("pledge_set").order_by("number"):
        who, state, goal, reason, reason_en, note, note_en = ANSWERS[promise.number]
        by = story.by(who)
        lead = promise.parties.filter(role="LEAD").select_related("organisation").get().organisation
        promise = commitments.set_delivery(
            promise, organisation=lead, to=state, reason=reason, reason_en=reason_en, by=by, now=answered
        )
        promise = commitments.set_goal(promise, to=goal, by=by, now=answered)
        promise = commitments.write_answer(promise, public_note=note, public_note_en=note_en, by=by, now=answered)
        told = follow_ups.write_follow_up(
            promise,
            kind="OUTPUT",
            values={
                "period_start": dt.date(2017, 12, 1),
                "period_end": dt.date(2018, 12, 31),
                "done_text": note,
                "done_text_en": note_en,
            },
            by=by if not lead.is_police else coordinator,
            now=answered,
        )
        told = follow_ups.finish(told, by=coordinator, now=answered)
        if lead.is_police:
            follow_ups.confirm(told, by=by, now=answered, seen=told.revision)
    made.refresh_from_db()
    made = pledge_sets.write_closing_text(
        made,
        closing_text="Fem av åtta löften är genomförda som vi lovade, och tre är delvis genomförda. Fler vuxna har "
        "varit ute och unga får hjälp snabbare. Om tryggheten har ökat vet vi först när nästa undersökning är gjord.",
        closing_text_en="Five of eight promises were delivered as we promised, and three in part. More adults have "
        "been out, and the young get help faster. Whether people feel safer we will know after the next survey.",
        by=coordinator,
        now=at("2019-01-14"),
    )
    made = pledge_sets.propose_closing(made, by=coordinator, now=at("2019-01-15"))
    pledge_sets.approve_closing(made, by=story.by("police_liaison"), now=at("2019-01-18"))


# --- A set that runs today ------------------------------------------------------------------------------------


def _runs_now(story: Story, places: dict[str, Area]) -> None:
    """So that every role has something to do: a floor that is beaten, a rhythm to keep, words for the Police."""
    by, today = story.by("coordinator"), story.today
    begun = today - dt.timedelta(days=150)
    written = at(begun - dt.timedelta(days=40))
    made = pledge_sets.create_set(
        values={
            "title": "Medborgarlöften i år",
            "title_en": "Citizen promises this year",
            "intro": "Det här lovar kommunen och Polisen er just nu.",
            "intro_en": "This is what the municipality and the Police promise you right now.",
            "period_start": begun,
            "period_end": today + dt.timedelta(days=215),
        },
        by=by,
        now=written,
    )
    area = priorities.add_area(
        made,
        values={
            "title": "Tryggare kvällar i centrum",
            "title_en": "Safer evenings in the town centre",
            "why": "Det är där flest av er säger att ni är otrygga.",
            "why_en": "That is where most of you say that you feel unsafe.",
        },
        problems=[Problem.objects.get(title="Otryggt i centrum på kvällen")],
        by=by,
        now=written,
    )
    _promise(
        story,
        area,
        "Polisen ska göra minst 8 trafikkontroller i centrum.",
        "The Police will carry out at least 8 traffic checks in the town centre.",
        leads=(POLICE,),
        kind="COUNT_TARGET",
        units=(UnitRow("trafikkontroller", "traffic checks", 8),),
        now=written,
    )
    group = _promise(
        story,
        area,
        "Kommunens fältgrupp ska vara i centrum minst en gång i veckan.",
        "The municipality's field group will be in the town centre at least once a week.",
        leads=(SOCIAL,),
        kind="RECURRING",
        units=(UnitRow("kvällar", "evenings"),),
        now=written,
    )
    rules.set_rule(group, values={"reading": "DAYS", "limit": 7, "active_from": begun}, by=by, now=written)
    _promise(
        story,
        area,
        "Kommunen ska gå minst 4 trygghetsvandringar med er.",
        "The municipality will go on at least 4 safety walks with you.",
        leads=(EXECUTIVE,),
        helpers=(POLICE, PLANNING),
        kind="COUNT_TARGET",
        units=(UnitRow("vandringar", "walks", 4),),
        now=written,
    )
    made.refresh_from_db()
    days = [begun - dt.timedelta(days=n) for n in (20, 8, 2)]
    made = _agreed_signed_published(
        story, made, on=days[0].isoformat(), signed=days[1].isoformat(), out=days[2].isoformat()
    )
    checks, evenings, walking = Commitment.objects.filter(pledge_set=made).order_by("number")
    for promise, who, slug, every, times, count in (
        (checks, "police_liaison", POLICE, 14, 10, 2),
        (evenings, "officer_social", SOCIAL, 7, 21, 1),
        (walking, "officer_executive", EXECUTIVE, 60, 2, 1),
    ):
        unit = promise.units.get()
        organisation: Organisation = story.place(slug)
        for n in range(times):
            day = begun + dt.timedelta(days=3 + every * n)
            occurrences.log_held(
                promise,
                organisation=organisation,
                date=day,
                counts={unit.pk: count},
                area=places["Centrum"],
                by=story.by(who),
                now=at(day, "16:00"),
            )
    commitments.propose_status(
        checks,
        delivery="DONE",
        goal="TOO_EARLY",
        public_note="Polisen har redan gjort fler trafikkontroller än utlovat.",
        public_note_en="The Police have already carried out more traffic checks than promised.",
        by=by,
        now=story.at(-2, "10:00"),
    )
