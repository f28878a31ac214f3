"""The demo's story: June 2020 as it stood on the Wednesday of the follow-up week, moved to today.

Told through the operations, each at its own time, so that history, ledger and pages are what real use makes.
Facts of the case: decision "golden case 2020"; every sentence here is the portal's own. No person is named.
"""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from incidents import deadlines
from incidents.models import (
    Assignment,
    OpeningHours,
    PublicUpdate,
    QuestionHandling,
    ReportBack,
    Response,
    SteeringDecision,
)
from incidents.operations import (
    assignments,
    decisions,
    events,
    meetings,
    news,
    police,
    publication,
    reports,
    responses,
)
from lysekil_trygghet import workdays
from lysekil_trygghet.accounts.actors import Actor
from lysekil_trygghet.accounts.demo import load_people
from lysekil_trygghet.accounts.models import Function, Organisation, User
from lysekil_trygghet.notifications.sweeping import sweep

from . import demo_pledges

SLUG = "intensifierat-trygghetsarbete"


class Story:
    """The days of the case, counted back from today, and the people who act."""

    def __init__(self, *, now: dt.datetime) -> None:
        self.now = now
        self.today = timezone.localdate(now)
        self.people: dict[str, User] = load_people(now=self.at(-30, "08:00"))

    def at(self, days: int, clock: str) -> dt.datetime:
        """The moment `days` from today (negative: earlier) at a time of day in Stockholm."""
        return workdays.at_local(self.today + dt.timedelta(days=days), dt.time.fromisoformat(clock))

    def working_noon(self, days: int) -> dt.datetime:
        """Noon so many working days from today: nothing is due on a weekend, whatever day the demo is loaded."""
        return workdays.at_local(workdays.add_working_days(self.today, days), dt.time(12))

    def by(self, key: str) -> Actor:
        return Actor.of(self.people[key], on=self.today)

    @staticmethod
    def place(slug: str) -> Organisation:
        return Organisation.objects.get(slug=slug)

    def tell(self, days: int, clock: str) -> None:
        """Let the portal look at that moment, so that the outbox shows the whole ladder as it went out."""
        sweep(now=self.at(days, clock))


class HalfLoaded(Exception):
    """An earlier load was interrupted; the demo must begin with an empty database."""


def load(*, now: dt.datetime) -> bool:
    """Load organisations, people and the case. False when it was there already.

    Not one transaction: mail is sent between the days of the story, as it was in June.
    """
    known = Response.objects.filter(slug=SLUG).first()
    if known is not None:
        if known.published_at is None:
            raise HalfLoaded("The demo was interrupted half-way. Remove the database and run it again.")
        load_people(now=now)
        return False
    story = Story(now=now)
    demo_pledges.load(story)
    response = _weekend(story)
    _tuesday(story, response)
    decision = _decision(story, response)
    _departments_answer(story, decision)
    _police(story, response)
    _package(story, response)
    _contact(story, response)
    _news(story, response)
    _mornings(story)
    _publish_decision(story, response, decision)
    return True


def _weekend(story: Story) -> Response:
    """Saturday to Monday: serious events in the centre."""
    by = story.by("coordinator")
    monday = story.at(-9, "09:00")
    happened = [
        events.report_event(
            values={
                "title": "Våld i centrum under helgen",
                "kind": "VIOLENCE",
                "occurred_from": story.at(-11, "22:30"),
                "occurred_to": story.at(-10, "02:00"),
                "place": "Centrala Lysekil",
                "public_summary": "Under helgen hände flera allvarliga saker i centrum. Polisen utreder dem.",
                "public_summary_en": "Several serious events took place in the town centre during the weekend. "
                "The Police are investigating them.",
            },
            by=by,
            now=monday,
        ),
        events.report_event(
            values={
                "title": "Ny händelse vid torget",
                "kind": "UNREST",
                "occurred_from": story.at(-9, "19:00"),
                "place": "Torget",
                "public_summary": "Även under måndagen var det oroligt vid torget.",
                "public_summary_en": "There was unrest in the square on Monday as well.",
            },
            by=by,
            now=story.at(-9, "21:00"),
        ),
    ]
    response = responses.begin(
        values={
            "slug": SLUG,
            "title": "Intensifierat trygghetsarbete i centrum",
            "title_en": "Intensified safety work in the town centre",
            "started_at": story.at(-8, "08:00"),
            "background": "Flera allvarliga händelser skedde i centrum under några dagar. Många har blivit oroliga. "
            "Kommunen samlade därför sina nyckelfunktioner, och kommundirektören bestämde en gemensam riktning.",
            "background_en": "Several serious events took place in the town centre within a few days, and many people "
            "are worried. The municipality therefore gathered its key functions and the municipal director decided "
            "on a common direction.",
            "easy_text": "Det har varit bråk i centrum. Nu är fler vuxna ute. Är du orolig? Ring oss.",
            "limits_text": "Kommunen kan inte ingripa mot brott som pågår. Det är Polisens uppgift. Ring 112 om "
            "någon är i fara.",
            "limits_text_en": "The municipality cannot intervene in ongoing crime. That is the task of the Police. "
            "Call 112 if someone is in danger.",
        },
        events=happened,
        by=by,
        now=story.at(-8, "08:00"),
    )
    chief = story.by("lpo_chief")
    for event in happened:
        confirmed = police.confirm(event, by=chief, now=story.at(-7, "10:00"), seen=event.revision)
        publication.publish(confirmed, by=story.by("communicator"), now=story.at(-7, "11:00"))
    return response


def _tuesday(story: Story, response: Response) -> None:
    """Tuesday: the director convenes key functions, hears the situation, gives directives."""
    director, coordinator = story.by("director"), story.by("coordinator")
    call = meetings.prepare_convening(
        response,
        meeting_at=story.at(-8, "13:00"),
        place="Stadshuset",
        purpose="Lägesrapport från varje förvaltning. Direktiv inför beslutet.",
        functions=Function.objects.filter(is_key=True).exclude(organisation__kind="POLICE"),
        by=director,
        now=story.at(-8, "08:15"),
    )
    call = meetings.send_call(call, by=director, now=story.at(-8, "08:20"))
    story.tell(-8, "08:25")
    status = {
        "head_social": "Fältverksamheten har mött fler unga än vanligt vid torget. Två kvällar saknade bemanning.",
        "head_education": "Ungdomens hus har haft fullt. Skolavslutningen är på fredag.",
        "head_executive": "Växeln får många samtal från oroliga invånare, mest efter klockan 16.",
        "head_planning": "Belysningen vid gångvägen mot badplatsen fungerar inte.",
        "head_labour": "Det finns tolv lediga platser för sommarjobb.",
    }
    for key, text in status.items():
        head = story.by(key)
        assert head.organisation is not None
        report = meetings.write_status_report(
            response, organisation=head.organisation, text=text, by=head, now=story.at(-8, "11:00")
        )
        meetings.submit_status_report(report, by=head, now=story.at(-8, "11:30"))
    assert call.meeting is not None
    held = story.at(-8, "14:30")
    for slug, text in (
        ("socialforvaltningen", "Bemanna kvällarna redan i helgen."),
        ("kommunstyrelseforvaltningen", "Ta fram ett nummer som invånare kan ringa på kvällar och helger."),
    ):
        meetings.give_directive(
            response, organisation=story.place(slug), text=text, meeting=call.meeting, by=director, now=held
        )
    meeting = meetings.edit_meeting(
        call.meeting,
        values={
            "notes": "Förvaltningarna beskrev läget. Kommundirektören gav direktiv. Beslut om inriktning tas samma "
            "dag. Polisen kallas till möte på torsdag. Följeforskaren var med.",
        },
        functions=[
            *Function.objects.filter(is_key=True).exclude(organisation__kind="POLICE"),
            Function.objects.get(code="foljeforskare"),
        ],
        by=coordinator,
        now=held,
    )
    meetings.approve_minutes(meeting, by=coordinator, now=story.at(-7, "09:00"))


def _decision(story: Story, response: Response) -> SteeringDecision:
    """Tuesday afternoon: the steering decision and its assignments."""
    director, coordinator = story.by("director"), story.by("coordinator")
    written, decided = story.at(-8, "15:00"), story.at(-8, "16:00")
    decision = decisions.draft_decision(
        response,
        by=coordinator,
        now=written,
        values={
            "aim": "Mer trygghet och mindre brott i centrum.",
            "aim_en": "More safety and less crime in the town centre.",
            "formal_basis": "Kommunstyrelsens instruktion till kommundirektören, kommunallagen 7 kap. 1–2 §§. "
            "Förvaltningarna under andra nämnder har ställt sig bakom inriktningen.",
            "review_on": story.today + dt.timedelta(days=60),
        },
    )
    decisions.put_points(
        decision,
        [
            decisions.PointRow(
                "Vi är närvarande där unga är på kvällar och helger.",
                "We are present where young people are in the evenings and at weekends.",
            ),
            decisions.PointRow(
                "Vi kartlägger och kontaktar alla som direkt eller indirekt berörs. "
                "Portalen visar bara om det är gjort.",
                "We map and contact everyone directly or indirectly involved. "
                "The portal only shows whether it is done.",
            ),
            decisions.PointRow(
                "Vi har en kontaktpunkt för allmänheten även på kvällar och helger.",
                "We keep a contact point for the public open in the evenings and at weekends too.",
            ),
            decisions.PointRow(
                "Vi berättar mer om vad vi gör, både för invånare och för våra egna medarbetare.",
                "We tell more about what we do, both to residents and to our own staff.",
            ),
        ],
        by=coordinator,
        now=written,
    )
    decisions.put_approaches(
        decision,
        [
            decisions.ApproachRow("Vi söker upp och tar initiativ.", "We reach out and take the initiative."),
            decisions.ApproachRow(
                "Vi inkluderar, ställer krav och följer upp, både mot oss själva och mot enskilda.",
                "We include, make demands and follow up, both towards ourselves and towards individuals.",
            ),
        ],
        by=coordinator,
        now=written,
    )
    point = {p.order: p for p in decision.points.all()}
    thursday, tuesday = story.working_noon(1), story.working_noon(-1)
    drafts = [
        (
            "socialforvaltningen",
            [1],
            "Vuxna ute på kvällar och helger",
            (
                "Bemanna fältarbetet torsdag till söndag kväll, i centrum och vid badplatsen. "
                "Rapportera antal kvällar, ungefär hur många ni har mött och vad som hindrar."
            ),
            thursday,
            "Fältarbetare är ute i centrum och vid badplatsen torsdag till söndag kväll.",
            "Field workers are out in the town centre and at the beach Thursday to Sunday evenings.",
        ),
        (
            "socialforvaltningen",
            [2],
            "Kontakt med dem som berörs",
            (
                "Ta de kontakter som beslutet anger, i ordinarie handläggning. Rapportera hit bara om det är gjort "
                "eller inte gjort, aldrig vem det gäller."
            ),
            thursday,
            "",
            "",
        ),
        (
            "utbildningsforvaltningen",
            [1],
            "Längre öppet på ungdomens hus",
            "Håll ungdomens hus öppet till midnatt fredag och lördag från och med i helgen.",
            thursday,
            "Ungdomens hus har öppet till midnatt på fredagar och lördagar.",
            "The youth centre stays open until midnight on Fridays and Saturdays.",
        ),
        (
            "kommunstyrelseforvaltningen",
            [3],
            "Kontaktpunkt på kvällar och helger",
            "Öppna en telefon som invånare kan ringa när växeln är stängd. Bestäm bemanning och tider.",
            thursday,
            "Du kan ringa kommunen även på kvällar och helger.",
            "You can call the municipality in the evenings and at weekends too.",
        ),
        (
            "kommunstyrelseforvaltningen",
            [4],
            "Berätta vad vi gör",
            "Skriv på webben minst två gånger i veckan. Ge medarbetarna svar på de vanligaste frågorna.",
            thursday,
            "Vi skriver här på sidan minst två gånger i veckan.",
            "We write on this page at least twice a week.",
        ),
        (
            "samhallsbyggnadsforvaltningen",
            [1],
            "Ljus och sikt i centrum",
            "Laga belysningen vid gångvägen mot badplatsen och klipp ner buskar som skymmer vid torget.",
            tuesday,
            "Vi lagar belysningen vid gångvägen mot badplatsen och klipper buskar vid torget.",
            "We repair the lights along the path to the beach and cut the bushes in the square.",
        ),
        (
            "arbetsmarknadsavdelningen",
            [1],
            "Sommarjobb och något att göra",
            "Fyll de lediga sommarjobben och ordna aktiviteter på dagtid de första lovveckorna.",
            thursday,
            "Fler unga får sommarjobb och det ordnas aktiviteter på dagarna.",
            "More young people get summer jobs, and there are daytime activities.",
        ),
    ]
    for slug, orders, title, instruction, due_at, text, text_en in drafts:
        assignments.draft_assignment(
            decision,
            organisation=story.place(slug),
            title=title,
            instruction=instruction,
            due_at=due_at,
            points=[point[order] for order in orders],
            is_public=bool(text),
            public_text=text,
            public_text_en=text_en,
            by=coordinator,
            now=written,
        )
    decision = decisions.decide(decision, by=director, now=decided)
    decisions.issue_all(decision, by=director, now=decided)
    story.tell(-8, "16:01")
    return SteeringDecision.objects.get(pk=decision.pk)


def _departments_answer(story: Story, decision: SteeringDecision) -> None:
    """The week after: some accepted, one returned, one waits, one asks for time, one is overdue."""
    director = story.by("director")
    rows = {a.order: a for a in decision.assignments.select_related("organisation", "decision")}
    heads = {1: "head_social", 2: "head_social", 3: "head_education", 4: "head_executive", 5: "head_executive"}
    for order, key in heads.items():
        assignments.acknowledge(rows[order], by=story.by(key), now=story.at(-7, "10:00"))
    assignments.acknowledge(rows[6], by=story.by("head_planning"), now=story.at(-7, "13:00"))
    assignments.appoint_officer(
        rows[6], officer=story.people["officer_planning"], by=story.by("head_planning"), now=story.at(-7, "13:05")
    )
    story.tell(-7, "16:00")
    assignments.note_progress(
        rows[1],
        how_far="HALFWAY",
        text="Två av fyra kvällar bemannade.",
        by=story.by("officer_social"),
        now=story.at(-5, "09:00"),
    )
    assignments.note_progress(
        rows[6],
        how_far="STUCK",
        text="Väntar på reservdelar till lamporna.",
        by=story.by("officer_planning"),
        now=story.at(-2, "14:00"),
    )

    def answer(order: int, key: str, days: int, clock: str, **texts: str) -> ReportBack:
        writer = story.by(key)
        when = story.at(days, clock)
        draft = reports.open_draft(rows[order], by=writer, now=when)
        draft = reports.save_draft(draft, values=texts, by=writer, now=when)
        return reports.submit(draft, secrecy_checked=True, by=writer, now=when)

    social = answer(
        1,
        "head_social",
        -1,
        "15:00",
        outcome="ONGOING",
        done_text="Fältverksamheten har varit ute fyra kvällar i centrum och vid badplatsen. 60–70 ungdomar mötte "
        "personal.",
        obstacles="Bemanning saknas nästa lördag.",
        resources="Två fritidsledare på lån under tre veckor.",
        next_step="Samma schema nästa vecka.",
        public_text="Fältarbetarna har varit ute fyra kvällar och mött 60–70 ungdomar.",
        public_text_en="Field workers have been out four evenings and met 60–70 young people.",
    )
    accepted = reports.accept(
        social,
        new_due_at=deadlines.default_due(story.now),
        reason="Bra. Fortsätt och rapportera igen nästa vecka.",
        by=director,
        now=story.at(-1, "16:30"),
    )
    publication.publish(accepted, by=story.by("communicator"), now=story.at(-1, "17:00"))
    answer(
        2,
        "head_social",
        -1,
        "15:20",
        outcome="DONE",
        done_text="De kontakter som beslutet anger är tagna i ordinarie handläggning.",
    )
    education = answer(
        3,
        "head_education",
        -2,
        "10:00",
        outcome="DONE",
        done_text="Ungdomens hus har haft öppet till midnatt fredag och lördag. Omkring 90 besök per kväll.",
        next_step="Vi fortsätter hela sommaren.",
        public_text="Ungdomens hus hade öppet till midnatt i helgen, med omkring 90 besök per kväll.",
        public_text_en="The youth centre stayed open until midnight, with about 90 visits each evening.",
    )
    accepted = reports.accept(education, by=director, now=story.at(-2, "13:00"))
    publication.publish(accepted, by=story.by("communicator"), now=story.at(-2, "14:00"))
    contact = answer(
        4,
        "head_executive",
        -2,
        "11:00",
        outcome="DONE",
        done_text="Telefonen är bemannad torsdag till söndag kväll. 14 samtal första helgen.",
        public_text="Telefonen är öppen torsdag till söndag kväll. 14 personer ringde den första helgen.",
        public_text_en="The phone line is open Thursday to Sunday evenings. 14 people called the first weekend.",
    )
    accepted = reports.accept(contact, by=director, now=story.at(-2, "13:10"))
    publication.publish(accepted, by=story.by("communicator"), now=story.at(-2, "14:05"))
    telling = answer(
        5,
        "head_executive",
        -2,
        "15:00",
        outcome="PARTLY",
        done_text="Vi har skrivit två gånger på webben.",
        off_track_reason="Svaren till medarbetarna är inte klara.",
    )
    reports.return_report(
        telling,
        reason="Beskriv också hur medarbetarna får svar på sina frågor, och när det är klart.",
        new_due_at=story.working_noon(2),
        by=director,
        now=story.at(-1, "09:00"),
    )
    assignments.ask_more_time(
        rows[7],
        proposed_due_at=story.working_noon(4),
        reason="Arbetsgivarna svarar först i slutet av veckan.",
        by=story.by("head_labour"),
        now=story.at(-1, "11:00"),
    )


def _police(story: Story, response: Response) -> None:
    """Thursday: the meeting with the Police. Cameras stay an open question."""
    director, coordinator, chief = story.by("director"), story.by("coordinator"), story.by("lpo_chief")
    when = story.at(-6, "10:00")
    meeting = meetings.create_meeting(
        response=response,
        kind="POLICE",
        title="Möte med Polisen",
        held_at=when,
        place="Stadshuset",
        agenda="Förvaltningarnas lägesrapporter. Beslutet om inriktning. Polisens bild. Kameror.",
        functions=Function.objects.filter(
            code__in=["kommundirektor", "trygghetssamordnare", "kommunpolis", "lokalpolisomradeschef"]
        ),
        by=director,
        now=story.at(-8, "16:10"),
    )
    meeting = meetings.edit_meeting(
        meeting,
        values={
            "notes": "Kommunen gick igenom läget och beslutet. Polisen delar bilden och behåller Lysekil i fokus. "
            "Frågan om kameror på strategiska platser är inte avgjord.",
            "outcome_public": "Polisen delar kommunens bild av läget och fortsätter att ha Lysekil i fokus. Frågan om "
            "kameror är inte avgjord.",
            "outcome_public_en": "The Police share the municipality's view of the situation and keep Lysekil in "
            "focus. The question of cameras is not settled.",
        },
        by=coordinator,
        now=story.at(-6, "12:00"),
    )
    question = meetings.raise_question(
        meeting,
        text="Ska kommunen ansöka om kamerabevakning på strategiska platser?",
        by=coordinator,
        now=story.at(-6, "12:05"),
    )
    handling = QuestionHandling.objects.get(question=question, meeting=meeting)
    meetings.note_question(handling, note="Polisen tar med sig frågan.", by=coordinator, now=story.at(-6, "12:06"))
    meeting = meetings.approve_minutes(meeting, by=coordinator, now=story.at(-6, "14:00"))
    meeting = police.confirm(meeting, by=chief, now=story.at(-6, "15:00"), seen=meeting.revision)
    publication.publish(meeting, by=story.by("communicator"), now=story.at(-6, "15:30"))
    lines = [
        ("Polisen behåller Lysekil i fokus.", "The Police keep Lysekil in focus.", "", "ONGOING"),
        (
            "Fler poliser i yttre tjänst under sommaren.",
            "More officers in outdoor service during the summer.",
            "",
            "PLANNED",
        ),
    ]
    for text, text_en, from_when, state in lines:
        line = police.write_undertaking(
            response, text=text, text_en=text_en, from_when=from_when, meeting=meeting, by=coordinator, now=when
        )
        line = police.confirm(line, by=chief, now=story.at(-6, "15:05"), seen=line.revision)
        publication.publish(line, by=story.by("communicator"), now=story.at(-6, "15:31"))
        if state != "PLANNED":
            police.move_undertaking(line, to=state, by=chief, now=story.at(-6, "15:10"))
    start = (story.today + dt.timedelta(days=12)).isocalendar()
    row = news.announce_reinforcement(
        values={
            "response": response,
            "provider": story.place("polisen"),
            "from_year": start.year,
            "from_week": start.week,
            "total": 12,
            "based_locally": 4,
            "public_note": "Sommarförstärkningen arbetar i yttre tjänst.",
            "public_note_en": "The summer reinforcement works in outdoor service.",
        },
        by=coordinator,
        now=story.at(-6, "13:00"),
    )
    row = police.confirm(row, by=chief, now=story.at(-6, "15:06"), seen=row.revision)
    publication.publish(row, by=story.by("communicator"), now=story.at(-6, "15:32"))
    next_meeting = meetings.create_meeting(
        response=response,
        kind="POLICE",
        title="Uppföljning med Polisen",
        held_at=story.at(6, "10:00"),
        place="Polisstationen",
        agenda="Läget. Sommarförstärkningen. Öppna frågor.",
        functions=meeting.functions_present.all(),
        by=director,
        now=story.at(-6, "16:00"),
    )
    assert next_meeting.question_handlings.exists()


def _package(story: Story, response: Response) -> None:
    """Early this week: the action package, announced for Monday and published then."""
    coordinator = story.by("coordinator")
    friday = story.at(-5, "13:00")
    package = news.begin_package(
        response,
        values={
            "title": "Åtgärder för ett tryggare centrum",
            "title_en": "Measures for a safer town centre",
            "lead": "Det här gör kommunen och Polisen nu och längre fram.",
            "lead_en": "This is what the municipality and the Police do now and later on.",
        },
        by=coordinator,
        now=friday,
    )
    rows = {a.order: a for a in Assignment.objects.filter(decision__response=response)}
    items = [
        ("Fältarbetare ute fyra kvällar i veckan.", "Field workers out four evenings a week.", 1, "SHORT", "ONGOING"),
        (
            "Ungdomens hus öppet till midnatt i helgerna.",
            "The youth centre open until midnight at weekends.",
            3,
            "SHORT",
            "ONGOING",
        ),
        (
            "En telefon att ringa på kvällar och helger.",
            "A phone line in the evenings and at weekends.",
            4,
            "SHORT",
            "DONE",
        ),
        (
            "Lagad belysning och bättre sikt vid torget.",
            "Repaired lights and clearer sight in the square.",
            6,
            "SHORT",
            "PLANNED",
        ),
        ("Fler sommarjobb för unga.", "More summer jobs for the young.", 7, "LONG", "PLANNED"),
    ]
    for what, what_en, order, horizon, state in items:
        item = news.put_item(
            package,
            item=None,
            values={
                "what": what,
                "what_en": what_en,
                "organisation": rows[order].organisation,
                "horizon": horizon,
                "assignment": rows[order],
            },
            by=coordinator,
            now=friday,
        )
        if state != "PLANNED":
            news.move_item(item, to=state, by=coordinator, now=story.at(-2, "08:30"))
    package.refresh_from_db()
    package = publication.set_publication_time(
        package,
        publish_at=None,
        announced_for=story.at(-2, "12:00"),
        by=coordinator,
        now=friday,
    )
    package = publication.approve(package, by=story.by("director"), now=story.at(-5, "15:00"))
    publication.publish(package, by=story.by("communicator"), now=story.at(-2, "09:00"))


def _contact(story: Story, response: Response) -> None:
    """Where residents can turn."""
    by = story.by("coordinator")
    evening = news.write_contact_point(
        values={
            "name": "Kommunens trygghetstelefon",
            "name_en": "The municipality's safety line",
            "phone": "0523-61 30 00",
            "what_for": "Du som är orolig eller har sett något som inte är bråttom. "
            "Du kan också fråga vad kommunen gör.",
            "what_for_en": "If you are worried or have seen something that is not urgent. You can also ask what the "
            "municipality is doing.",
            "not_for": "Fara just nu: ring 112. Tips om brott: ring Polisen på 114 14.",
            "not_for_en": "Danger right now: call 112. Information about crime: call the Police on 114 14.",
            "response": response,
            "order": 10,
        },
        by=by,
        now=story.at(-5, "09:00"),
    )
    hours = [OpeningHours(weekday=day, opens=dt.time(18), closes=dt.time(23)) for day in (3, 6)]
    hours += [OpeningHours(weekday=day, opens=dt.time(18), closes=dt.time(2)) for day in (4, 5)]
    news.put_hours(evening, hours=hours, exceptions=[], by=by, now=story.at(-5, "09:05"))
    day = news.write_contact_point(
        values={
            "name": "Kommunens växel",
            "name_en": "The municipality's switchboard",
            "phone": "0523-61 30 00",
            "what_for": "Alla frågor till kommunen.",
            "what_for_en": "All questions to the municipality.",
            "order": 20,
        },
        by=by,
        now=story.at(-30, "09:00"),
    )
    weekdays = [OpeningHours(weekday=d, opens=dt.time(8), closes=dt.time(16, 30)) for d in range(5)]
    news.put_hours(day, hours=weekdays, exceptions=[], by=by, now=story.at(-30, "09:05"))
    for point in (evening, day):
        publication.publish(point, by=story.by("communicator"), now=story.at(-5, "09:30"))


def _news(story: Story, response: Response) -> None:
    """News published, one waiting for the Police, one draft; and a message to the own staff."""
    communicator, director = story.by("communicator"), story.by("director")

    def tell(
        title: str, lead: str, body: str, *, title_en: str, lead_en: str, days: int, **more: object
    ) -> PublicUpdate:
        when = story.at(days, "15:40")
        update = news.write_update(
            values={
                "response": response,
                "title": title,
                "lead": lead,
                "body": body,
                "title_en": title_en,
                "lead_en": lead_en,
                **more,
            },
            by=communicator,
            now=when,
        )
        update = publication.approve(update, by=director, now=story.at(days, "16:00"))
        if update.about_police:
            return update  # it waits on the Police's page
        return publication.publish(update, by=communicator, now=story.at(days, "16:30"))

    tell(
        "Kommunen intensifierar trygghetsarbetet",
        "Efter helgens händelser samlar kommunen alla förvaltningar kring en gemensam inriktning.",
        "Kommundirektören har fattat ett beslut om inriktning. Varje förvaltning har fått uppdrag och svarar nästa "
        "vecka.\n\n**Det här gör vi först**\n\n- Fler vuxna är ute på kvällarna.\n- Ungdomens hus håller öppet längre."
        "\n- Du kan ringa oss även på kvällar och helger.",
        title_en="The municipality steps up its safety work",
        lead_en="After the weekend's events the municipality gathers all departments around one direction.",
        days=-8,
    )
    update = tell(
        "Åtgärdspaketet är klart",
        "Nu kan du läsa vad kommunen och Polisen gör, på kort och lång sikt.",
        "Paketet finns på sidan om det intensifierade arbetet. Vi uppdaterar det när något ändras.",
        title_en="The action package is ready",
        lead_en="You can now read what the municipality and the Police do, in the short and the long term.",
        days=-2,
    )
    news.edit_update(
        update,
        values={"body": update.body + "\n\nTelefonen är öppen torsdag till söndag."},
        correction="Vi har lagt till vilka dagar telefonen är öppen.",
        correction_en="We have added on which days the phone line is open.",
        by=communicator,
        now=story.at(-1, "08:40"),
    )
    tell(
        "Fler poliser i sommar",
        "Polisen förstärker i yttre tjänst under sommaren.",
        "Tolv poliser arbetar i yttre tjänst. Fyra av dem utgår från stationen i Lysekil.",
        title_en="More officers this summer",
        lead_en="The Police reinforce their outdoor service during the summer.",
        days=-1,
        about_police=True,
    )
    news.write_update(
        values={
            "response": response,
            "title": "Så går det efter en vecka",
            "lead": "Flera uppdrag är klara. Några behöver mer tid.",
        },
        by=communicator,
        now=story.at(0, "00:05"),
    )
    message = news.write_staff_message(
        values={
            "response": response,
            "title": "Får du frågor från invånare?",
            "body": "Berätta vad vi gör och hänvisa till sidan om det intensifierade arbetet. Akut fara: 112. "
            "Du behöver inte kunna svara på allt. Trygghetstelefonen hjälper den som vill veta mer.",
        },
        by=communicator,
        now=story.at(-7, "08:30"),
    )
    news.send_staff_message(message, by=communicator, now=story.at(-7, "08:40"))


def _publish_decision(story: Story, response: Response, decision: SteeringDecision) -> None:
    """The page itself, last: that it is public says that the whole story is in place."""
    communicator = story.by("communicator")
    publication.publish(SteeringDecision.objects.get(pk=decision.pk), by=communicator, now=story.at(-8, "16:35"))
    publication.publish(Response.objects.get(pk=response.pk), by=communicator, now=story.at(-8, "16:36"))


def _mornings(story: Story) -> None:
    """What the ladder said towards those who still owe an answer; from here the sweep goes on by itself."""
    for days in range(-7, 1):
        for clock in ("08:00", "12:00"):
            if story.at(days, clock) <= story.now:
                story.tell(days, clock)
