"""Week 24 of 2020 through the pages: the events, the call, the decision, the Police, what residents read.

Each act is a few hours of the case; each role does its own part. The texts are the portal's own.
"""

from __future__ import annotations

from playwright.sync_api import expect

from .case import ASSIGNMENTS, HEADS, TITLE, Case, Mail, june, publish
from .drive import Visitor

# --- The weekend and Monday -------------------------------------------------------------------------


def something_happens(case: Case) -> None:
    case.at(8, "09:00")
    case.resident.open("/").sees("Läget är normalt.", "112")
    worker = case.as_("coordinator")
    worker.open("/arbete/handelser/").follow("händelse")
    worker.fill(
        title="Våld i centrum under helgen",
        kind="Våld",
        occurred_from=june(6, "22:30"),
        occurred_to=june(8, "02:00"),
        place="Centrala Lysekil",
        public_summary="Flera allvarliga saker hände i centrum under helgen. Polisen utreder dem.",
        public_summary_en="Several serious events took place in the town centre. The Police investigate them.",
    )
    worker.press("Spara händelsen").sees("Händelsen är sparad.")
    case.remember("event")
    worker.open("/arbete/insatser/").follow("insats")
    worker.fill(
        title=TITLE,
        title_en="Intensified safety work in the town centre",
        events=["Våld i centrum"],
        background="Flera allvarliga händelser skedde i centrum under några dagar. Många har blivit oroliga.",
        background_en="Several serious events took place in the town centre within a few days.",
        limits_text="Kommunen kan inte ingripa mot brott som pågår. Det gör Polisen. Ring 112 om någon är i fara.",
        limits_text_en="The municipality cannot intervene in ongoing crime. Call 112 if someone is in danger.",
    )
    worker.press("Börja insatsen").sees("Insatsen är påbörjad.", "Kalla nyckelfunktionerna")
    case.remember("response")
    case.resident.open("/intensifierat/").misses(TITLE)


# --- Tuesday: called, heard, decided ----------------------------------------------------------------


def functions_are_called(case: Case) -> None:
    case.at(9, "08:15")
    worker = case.as_("director")
    worker.open(case.paths["response"]).follow("Skriv en kallelse")
    worker.fill(
        meeting_at=june(9, "13:00"),
        place="Stadshuset",
        purpose="Lägesrapport från varje förvaltning. Direktiv inför beslutet.",
        functions=[
            "Kommundirektör",
            "Socialchef",
            "Utbildningschef",
            "Chef för kommunstyrelseförvaltningen",
            "Samhällsbyggnadschef",
            "Arbetsmarknadschef",
            "Trygghetssamordnare",
            "Tjänsteman i beredskap",
        ],
    )
    worker.press("Spara och gå vidare").sees("Skicka kallelsen?")
    worker.press("Skicka kallelsen").sees("Kallelsen är skickad.")
    case.remember("convening")
    sent = case.sends()
    assert [mail.heading for mail in sent] == ["Kallelse till möte"] * 8
    # Nobody holds the duty officer's function: the call goes to the mailbox of the organisation.
    assert "kommunledning@kommun.example" in [mail.to for mail in sent]


def departments_tell_how_it_looks(case: Case) -> None:
    case.at(9, "09:30")
    looks = {
        "social": "Fältverksamheten har mött fler unga än vanligt vid torget.",
        "education": "Ungdomens hus har haft fullt. Skolavslutningen är på fredag.",
        "executive": "Växeln får många samtal från oroliga invånare, mest efter klockan 16.",
    }
    for department, text in looks.items():
        worker = case.as_(f"head_{department}").sees("Du är kallad")
        worker.open(case.paths["response"]).follow("Skriv en lägesrapport")
        worker.fill(text=text).press("Spara utkastet").sees("Utkastet är sparat.")
        worker.follow("Lämna in").press("Lämna in").sees("Lägesrapporten är inlämnad.")
    # Another department has not read it; the director has.
    case.as_("head_labour").open(case.paths["response"]).misses("Läs alla på en sida")
    worker = case.as_("director").open(case.paths["response"]).follow("Läs alla på en sida")
    worker.sees(*looks.values())


def the_meeting_gives_directives(case: Case) -> None:
    case.at(9, "14:30")
    worker = case.as_("coordinator").open(case.paths["convening"])
    worker.follow("nyckelfunktioner")
    case.remember("meeting")
    worker.follow("Skriv på mötet").fill(
        notes="Förvaltningarna beskrev läget. Polisen kallas till möte på torsdag. Följeforskaren var med.",
        functions=["Kommundirektör", "Socialchef", "Utbildningschef", "Trygghetssamordnare", "Följeforskare"],
    )
    worker.press("Spara mötet").sees("Mötet är sparat.", "Följeforskare")
    worker.follow("Lägg till direktiv")
    worker.fill(organisation="Socialförvaltningen", text="Bemanna kvällarna redan i helgen.")
    worker.press("Ge direktivet").sees("Direktivet är antecknat.")
    worker.follow("Godkänn anteckningarna").press("Godkänn anteckningarna").sees("Anteckningarna är godkända.")
    worker = case.as_("head_social").sees("Direktiv till er", "Bemanna kvällarna")
    worker.press("Klart").sees("Direktivet är klart.")


def the_decision_is_written(case: Case) -> None:
    case.at(9, "15:00")
    worker = case.as_("coordinator").open(case.paths["response"])
    worker.follow("Skriv ett inriktningsbeslut")
    worker.fill(urgency="ACUTE", aim="Mer trygghet och mindre brott i centrum.").press("Börja skriva")
    worker.fill(
        aim_en="More safety and less crime in the town centre.",
        formal_basis="Kommunstyrelsens instruktion till kommundirektören.",
        review_on="2020-08-31",
    )
    points = [
        ("Vara närvarande där unga är på kvällar och helger.", "Be present where the young are."),
        ("Kommunicera mer, inåt och utåt.", "Communicate more, inside and outside."),
        ("Kartlägga och kontakta alla som berörs.", "Map and contact everyone involved."),
        ("Ha en kontaktpunkt även kvällar och helger.", "Have a contact point in evenings and at weekends."),
    ]
    for number, (text, text_en) in enumerate(points):
        if number:
            worker.press("Lägg till punkt")
        write_row(worker, "punkt", number, text=text, text_en=text_en)
    # The second point belongs last: moved there with the keyboard alone.
    mover = worker.page.locator('[data-item^="punkt"]').nth(1).get_by_role("button", name="Flytta ner")
    mover.focus()
    for place in (3, 4):
        worker.page.keyboard.press("Enter")
        expect(worker.page.locator("[data-reorder-status]")).to_contain_text(f"plats {place} av 4")
    approaches = [
        ("Vi är uppsökande och tar initiativ.", "We reach out and take the initiative."),
        ("Vi inkluderar, ställer krav och följer upp.", "We include, make demands and follow up."),
    ]
    for number, (text, text_en) in enumerate(approaches):
        worker.press("Lägg till förhållningssätt")
        write_row(worker, "satt", number, text=text, text_en=text_en)
    worker.press("Spara utkastet").sees("Utkastet är sparat.")
    case.remember("edit")


def write_row(worker: Visitor, kind: str, number: int, **texts: str) -> None:
    row = worker.page.locator(f'[data-item^="{kind}"]').nth(number)
    for name, text in texts.items():
        field = row.locator(f'textarea[name$="-{name}"]')
        field.fill(text)


def assignments_are_drafted_and_issued(case: Case) -> None:
    worker = case.worker
    first, second, third, last = "1. Vara närvarande", "2. Kartlägga", "3. Ha en kontaktpunkt", "4. Kommunicera"
    drafts = {
        "social": (["Socialförvaltningen"], [first, second], "Fältarbetare är ute torsdag till söndag kväll."),
        "education": (["Utbildningsförvaltningen"], [first], "Ungdomens hus har öppet till midnatt i helgerna."),
        "executive": (["Kommunstyrelseförvaltningen"], [third, last], "Du kan ringa kommunen även på kvällar."),
        "planning": (["Samhällsbyggnadsförvaltningen"], [first], "Vi lagar belysningen vid gångvägen."),
        "labour": (["Arbetsmarknadsavdelningen"], [first], ""),
    }
    for department, (organisations, points, public_text) in drafts.items():
        worker.follow("Lägg till uppdrag")
        due = worker.page.locator('[name="due_at_0"]').input_value(), worker.page.locator('[name="due_at_1"]')
        assert (due[0], due[1].input_value()) == ("2020-06-18", "12:00")
        worker.fill(
            organisations=organisations,
            title=ASSIGNMENTS[department],
            instruction="Gör det redan i helgen. Berätta hur många kvällar och vad som hindrar.",
            points=points,
            is_public=bool(public_text),
            public_text=public_text,
        )
        worker.press("Spara utkastet").sees("1 uppdrag är sparat som utkast.")
    worker.misses("De här punkterna har varken")
    # The coordinator writes; only the director decides.
    worker.follow("Till beslutet").misses("Besluta och utfärda")
    case.remember("decision")
    case.at(9, "16:00")
    worker = case.as_("director").open(case.paths["decision"]).follow("Besluta och utfärda")
    worker.sees("Vem får vad, och till när", *ASSIGNMENTS.values())
    worker.press("Besluta och utfärda").sees("Beslutet är fattat och 5 uppdrag är utfärdade.", "Gäller")
    links = worker.page.locator('main a[href^="/arbete/uppdrag/"]')
    for department, title in ASSIGNMENTS.items():
        case.paths[department] = links.filter(has_text=title).first.get_attribute("href") or ""
    sent = case.sends()
    assert [mail.heading for mail in sent] == ["Nya uppdrag till er"] * 5
    for mail in case.portal.mails()[-5:]:
        words = mail.get_body(("plain",)).get_content()
        assert "torsdag 18 juni 2020 kl. 12.00" in words
        assert "/arbete/uppdrag/" in words
        assert not any(title in words for title in ASSIGNMENTS.values())
        assert "hindrar" not in words


# --- Wednesday to Friday: received, the Police, the package -----------------------------------------


def assignments_are_received(case: Case) -> None:
    case.at(10, "09:00")
    for department in HEADS[:4]:
        worker = case.as_(f"head_{department}").sees(ASSIGNMENTS[department], "torsdag 18 juni")
        worker.press("Bekräfta").sees("Mottaget")
    worker = case.as_("head_social").open(case.paths["social"]).follow("Välj handläggare")
    worker.fill(officer="Handläggare social").press("Spara handläggare").sees("Handläggare social")
    # The case officer is told of the assignment as soon as it is theirs.
    assert case.sends() == [Mail("handlaggare.social@kommun.example", "Nya uppdrag till er")]
    case.at(10, "15:59")
    assert case.sends() == []
    case.at(10, "16:05")
    assert case.sends() == [Mail("trygghetssamordnare@kommun.example", "Uppdrag som ingen har bekräftat")]
    worker = case.as_("officer_social").on_phone().press("Påbörjat").sees("Påbörjat")
    worker.at_desk()


def the_police_meet_the_municipality(case: Case) -> None:
    case.at(11, "09:00")
    worker = case.as_("director").open(case.paths["response"]).follow("Lägg till möte")
    worker.fill(
        kind="Möte med Polisen",
        title="Möte med Polisen",
        held_at=june(11, "10:00"),
        place="Stadshuset",
        agenda="Läget. Beslutet om inriktning. Kameror.",
        functions=["Kommundirektör", "Trygghetssamordnare", "Kommunpolis", "Lokalpolisområdeschef"],
    )
    worker.press("Spara mötet").sees("Mötet är sparat.")
    case.remember("police_meeting")
    case.at(11, "12:00")
    worker = case.as_("coordinator").open(case.paths["police_meeting"]).follow("Skriv på mötet")
    worker.fill(
        notes="Polisen delar bilden och behåller Lysekil i fokus. Frågan om kameror är inte avgjord.",
        outcome_public="Polisen delar kommunens bild av läget. Frågan om kameror är inte avgjord.",
        outcome_public_en="The Police share the municipality's view. The question of cameras is not settled.",
    )
    worker.press("Spara mötet").follow("Lägg till fråga")
    worker.fill(text="Ska kommunen ansöka om kamerabevakning på strategiska platser?")
    worker.press("Lägg till frågan").sees("Frågan är sparad.").follow("Anteckna eller besvara")
    worker.fill(note="Polisen tar med sig frågan.").press("Spara").sees("Anteckningen är sparad.")
    worker.follow("Lägg till åtagande")
    worker.fill(text="Polisen behåller Lysekil i fokus.", text_en="The Police keep Lysekil in focus.")
    worker.press("Skriv in åtagandet").sees("Polisen bekräftar texten innan den kan visas.")
    worker.follow("Godkänn anteckningarna").press("Godkänn anteckningarna")
    # The question goes on to the next meeting until it is answered.
    worker.open(case.paths["response"]).follow("Lägg till möte")
    worker.fill(kind="Möte med Polisen", title="Uppföljning med Polisen", held_at=june(25, "10:00"))
    worker.press("Spara mötet").sees("kamerabevakning på strategiska platser", "Väcktes på")
    # The reinforcement: twelve officers from week 27, four of them from the town.
    worker = case.as_("police_liaison").sees("Uppföljning med Polisen").open(case.paths["response"])
    worker.open(f"{case.paths['response']}forstarkning/ny/")
    worker.fill(
        from_week="27",
        total="12",
        based_locally="4",
        public_note="Sommarförstärkningen arbetar i yttre tjänst.",
        public_note_en="The summer reinforcement works in outdoor service.",
    )
    worker.press("Spara").sees("Förstärkningen är sparad.")


def residents_read_of_it(case: Case) -> None:
    """The Police confirm the words, the communicator publishes, residents read."""
    case.at(11, "13:00")
    worker = case.as_("communicator").follow("Ny nyhet")
    worker.fill(
        response=TITLE,
        title="Kommunen intensifierar trygghetsarbetet",
        lead="Alla förvaltningar har fått uppdrag som de svarar på nästa vecka.",
        body="**Det här gör vi först**\n\n- Fler vuxna är ute på kvällarna.\n- Du kan ringa oss även på kvällar.",
        title_en="The municipality steps up its safety work",
        lead_en="All departments have assignments that they answer next week.",
        body_en="**What we do first**\n\n- More adults are out.\n- You can call us in the evenings.",
    )
    worker.press("Spara nyheten")
    case.remember("news")
    case.as_("director").open("/arbete/publicera/").follow("Kommunen intensifierar")
    case.worker.follow("Godkänn").press("Godkänn").sees("Kommunikatören kan publicera.")
    # What is about the Police waits for them; the rest can go out.
    worker = case.as_("communicator").sees("Saknar något")
    for words in ("Kommunen intensifierar", "Beslut 2020-1", TITLE):
        publish(case, words)
    slug = case.resident.open("/").page.locator('main a[href^="/intensifierat/"]').first.get_attribute("href")
    assert slug
    case.paths["public"] = slug
    reader = case.resident.open(slug).sees("Mer trygghet och mindre brott i centrum.", "Fältarbetare är ute")
    reader.misses("Flera allvarliga saker hände", "fokus", "kameror", "vecka 27")
    case.at(11, "15:00")
    worker = case.as_("lpo_chief").sees("4 texter väntar på Polisen")
    for left in (3, 2, 1, 0):
        worker.press("Bekräfta texten").sees("Bekräftat.", f"{left} text")
    worker.press("Pågår").sees("Åtagandet: pågår.")
    case.at(11, "15:30")
    case.as_("communicator")
    for words in ("Våld i centrum", "Möte med Polisen", "Polisen behåller", "Förstärkning från vecka 27"):
        publish(case, words)
    case.resident.open(slug).sees(
        "Flera allvarliga saker hände",
        "Polisen behåller Lysekil i fokus.",
        "Frågan om kameror",
        "vecka 27",
        "12 poliser",
    )
    case.resident.open(f"/en{slug}").sees("The Police keep Lysekil in focus.", "Several serious events")


def staff_are_told(case: Case) -> None:
    case.at(12, "08:30")
    worker = case.as_("communicator").follow("Meddelanden till personalen").follow("meddelande")
    worker.fill(response=TITLE, title="Får du frågor från invånare?", body="Hänvisa till sidan om insatsen.")
    worker.press("Spara")
    worker.follow("Skicka").press("Skicka").sees("skickat")
    case.as_("officer_planning").sees("Får du frågor från invånare?")


def the_package_and_the_contact_point(case: Case) -> None:
    """Friday: what is done in the short and the long term, announced for Monday; and where residents can turn."""
    case.at(12, "09:00")
    worker = case.as_("coordinator").open(case.paths["response"]).follow("Lägg till åtgärdspaket")
    worker.fill(
        title="Åtgärder för ett tryggare centrum",
        lead="Det här gör kommunen och Polisen nu och längre fram.",
        title_en="Measures for a safer town centre",
        lead_en="This is what the municipality and the Police do now and later on.",
    )
    worker.press("Börja paketet")
    case.remember("package")
    items = [
        ("Fältarbetare ute fyra kvällar i veckan.", "Socialförvaltningen", "SHORT", False),
        ("Fler sommarjobb för unga.", "Arbetsmarknadsavdelningen", "LONG", False),
        ("Fler poliser ute i sommar.", "Polisen, lokalpolisområde Västra Fyrbodal", "SHORT", True),
    ]
    for what, organisation, horizon, about_police in items:
        worker.follow("Lägg till åtgärd")
        worker.fill(what=what, organisation=organisation, horizon=horizon, about_police=about_police)
        worker.press("Lägg till åtgärden")
    worker.sees(*(what for what, *_rest in items))
    # The promised day, and the moment at which it publishes itself once it is approved.
    worker = case.as_("communicator").open(case.paths["package"]).follow("Sätt tid")
    worker.fill(publish_at=june(15, "09:00"), announced_for=june(15, "12:00")).press("Spara tiderna")
    worker.sees("Tiderna är sparade.")
    # A draft is not the Police's to read: the owner of the content approves it first.
    case.as_("lpo_chief").misses("Fler poliser ute i sommar.")
    case.as_("director").open(case.paths["package"]).follow("Godkänn").press("Godkänn").sees("Godkänt.")
    case.as_("lpo_chief").sees("Fler poliser ute i sommar.").press("Bekräfta texten").sees("Bekräftat.")

    worker = case.as_("coordinator").open("/arbete/kontakt/").follow("kontaktpunkt")
    worker.fill(
        name="Kommunens trygghetstelefon",
        name_en="The municipality's safety line",
        phone="0523-61 30 00",
        what_for="Du som är orolig eller har sett något som inte är bråttom.",
        what_for_en="If you are worried or have seen something that is not urgent.",
        not_for="Fara just nu: ring 112.",
        not_for_en="Danger right now: call 112.",
        response=TITLE,
        **{
            "hours-0-weekday": "fredag",
            "hours-0-opens": "18:00",
            "hours-0-closes": "02:00",
            "hours-1-weekday": "lördag",
            "hours-1-opens": "18:00",
            "hours-1-closes": "02:00",
            "days-0-date": "2020-06-19",
            "days-0-opens": "15:00",
            "days-0-closes": "03:00",
            "days-0-note": "Midsommarafton",
        },
    )
    worker.press("Spara kontaktpunkten").sees("Kontaktpunkten är sparad.", "natten till lördag", "Midsommarafton")
    case.as_("communicator")
    publish(case, "Kommunens trygghetstelefon")
    case.at(12, "17:00")
    case.resident.open("/kontakt/").sees("Kommunens trygghetstelefon", "0523-61 30 00", "Stängt nu")
    # One in the morning: the night of Friday still answers.
    case.at(13, "01:00")
    case.resident.open("/kontakt/").sees("Öppet nu", "02.00")
    case.resident.open("/en/kontakt/").sees("Open now", "If you are worried")
