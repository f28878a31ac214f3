"""Weeks 25 and 26 of 2020 through the pages: reminders, reports, the follow-up round, the closing text."""

from __future__ import annotations

from .case import ASSIGNMENTS, Case, Mail, june, publish
from .drive import Visitor

# Skatteverket gives this number out for tests; it belongs to nobody.
IDENTITY_NUMBER = "191212121212"
DONE = {
    "social": "Fältverksamheten har varit ute fyra kvällar i centrum och vid badplatsen.",
    "education": "Ungdomens hus har haft öppet till midnatt fredag och lördag.",
    "executive": "Telefonen är bemannad torsdag till söndag kväll.",
    "planning": "Buskarna vid torget är klippta. Belysningen väntar på reservdelar.",
    "labour": "Tolv unga har fått sommarjobb. Aktiviteterna börjar på måndag.",
}


# --- Monday to Wednesday: published on time, reminded, reported -------------------------------------


def the_package_publishes_itself(case: Case) -> None:
    case.at(15, "08:00")
    told = case.sends()
    # The message to the own staff, once to each; the Police and the researcher are not staff.
    assert {mail.heading for mail in told} == {"Nytt till dig som arbetar i kommunen"}
    assert len(told) == len({mail.to for mail in told})
    assert all(mail.to.endswith("@kommun.example") for mail in told)
    case.resident.open(case.paths["public"]).misses("Fler sommarjobb")
    case.at(15, "09:01")
    assert case.sends() == []
    case.resident.open(case.paths["public"]).sees("Fler sommarjobb", "Fler poliser ute i sommar.", "På lång sikt")


def one_working_day_before(case: Case) -> None:
    case.at(17, "07:58")
    assert case.sends() == []
    case.at(17, "08:00")
    told = case.sends()
    assert [mail.heading for mail in told] == ["Återrapporter nästa arbetsdag"] * 6
    assert sum(mail.to == "handlaggare.social@kommun.example" for mail in told) == 1


def the_case_officer_writes_on_a_phone(case: Case) -> None:
    case.at(17, "09:00")
    worker = case.as_("officer_social").on_phone()
    worker.open("/arbete/").follow("Återrapportera")
    worker.sees("Läs vad som aldrig får stå i texten")
    # What is typed is saved by itself, without a button.
    worker.fill(outcome="ONGOING", done_text=DONE["social"])
    worker.page.locator('[data-autosave-status][data-state="saved"]').wait_for()
    worker.page.reload()
    assert worker.page.locator('[name="done_text"]').input_value() == DONE["social"]
    # An identity number goes nowhere; what was typed is still there.
    worker.fill(obstacles=f"Bemanning saknas. {IDENTITY_NUMBER}")
    with worker.expecting(422):
        worker.press("Spara utkast").sees("personnummer", "Vad har hindrat?")
    assert "Bemanning saknas." in worker.page.locator('[name="obstacles"]').input_value()
    worker.fill(
        obstacles="Bemanning saknas nästa lördag.",
        next_step="Samma schema nästa vecka.",
        public_text="Fältarbetarna har varit ute fyra kvällar.",
    )
    worker.press("Be chefen lämna in").sees("chefen får besked")
    # Nobody outside the department reads a draft.
    case.as_("director").at_desk().open(case.paths["social"]).misses(DONE["social"])
    (told,) = case.sends()
    assert (told.to, told.heading) == ("socialchef@kommun.example", "Återrapporter som är klara att lämna in")


def heads_submit(case: Case) -> None:
    case.at(17, "14:00")
    # The link in the mail leads to the form.
    worker = case.as_("head_social").open("/arbete/utkorg/?till=socialchef@kommun.example")
    worker.follow("Återrapporter som är klara").follow("/rapport/")
    assert worker.page.locator('[name="done_text"]').input_value() == DONE["social"]
    with worker.expecting(422):
        worker.press("Lämna in").sees("Läs igenom texten och kryssa i rutan")
    worker.fill(secrecy_checked=True).press("Lämna in").sees("Återrapporten är inlämnad.")
    report(case, "education", outcome="DONE", public_text="Ungdomens hus hade öppet till midnatt i helgen.")
    # Not on track: a reason is asked for, and what was typed stays.
    worker = case.as_("head_executive").follow("Återrapportera")
    worker.fill(outcome="PARTLY", done_text=DONE["executive"], secrecy_checked=True)
    with worker.expecting(422):
        worker.press("Lämna in")
    assert worker.page.locator('[name="done_text"]').input_value() == DONE["executive"]
    worker.fill(off_track_reason="Svaren till medarbetarna är inte klara.", secrecy_checked=True)
    worker.press("Lämna in").sees("Återrapporten är inlämnad.")
    report(case, "planning", outcome="ONGOING", next_step="Lamporna byts i augusti.")


def report(case: Case, department: str, **texts: str) -> None:
    worker = case.as_(f"head_{department}").follow("Återrapportera")
    worker.fill(done_text=DONE[department], **texts, secrecy_checked=True)
    worker.press("Lämna in").sees("Tack. Återrapporten är inlämnad. Påminnelserna slutar.")


# --- Thursday: due, overdue, gone through -----------------------------------------------------------


def only_the_late_one_is_reminded(case: Case) -> None:
    case.at(18, "08:00")
    assert case.sends() == [Mail("arbetsmarknadschef@kommun.example", "Återrapporter i dag")]
    case.at(18, "12:00")
    assert case.sends() == [Mail("arbetsmarknadschef@kommun.example", "Försenade återrapporter")]
    worker = case.as_("director").sees("Läget nu", "Försenat")
    first = worker.page.locator("table.overview-table tbody tr").first.inner_text()
    assert ASSIGNMENTS["labour"] in first
    worker.follow("Stor visning").sees("Försenat")


def the_round_goes_through_all(case: Case) -> None:
    case.at(18, "13:00")
    worker = case.as_("director").open(case.paths["decision"]).follow("Planera avstämning")
    worker.fill(held_at=june(18, "13:00"), functions=["Kommundirektör", "Trygghetssamordnare", "Socialchef"])
    worker.press("Planera avstämningen").sees("5 öppna uppdrag ska gås igenom.")
    case.remember("round")
    # Nobody accepts a report of the own department.
    worker = case.as_("coordinator").open(case.paths["round"]).press("Starta avstämningen")
    worker.open(f"{case.paths['round']}uppdrag/3/").sees("Du hör till förvaltningen som har återrapporterat.")
    assert worker.button("Godkänn").count() == 0

    worker = case.as_("director").open(case.paths["round"])
    worker.sees("uppdrag 1 av 5", ASSIGNMENTS["social"], DONE["social"])
    with worker.expecting(422):
        worker.press("Godkänn", within='form[aria-label="Godkänn"]')
    worker.fill(within='form[aria-label="Godkänn"]', new_due_at=june(25, "12:00"))
    worker.press("Godkänn", within='form[aria-label="Godkänn"]')
    worker.sees("uppdrag 2 av 5", DONE["education"]).press("Godkänn", within='form[aria-label="Godkänn"]')
    worker.sees("uppdrag 3 av 5", "Delvis gjort")
    back = 'form[aria-label="Skicka tillbaka"]'
    worker.page.get_by_text("Skicka tillbaka för komplettering").click()
    worker.fill(within=back, reason="Skriv när medarbetarna får svar.", new_due_at=june(22, "12:00"))
    worker.press("Skicka tillbaka", within=back).sees("uppdrag 4 av 5")
    worker.fill(within='form[aria-label="Godkänn"]', reason="Resten görs i ordinarie arbete.")
    worker.press("Godkänn", within='form[aria-label="Godkänn"]').sees("uppdrag 5 av 5", "Ingen återrapport")
    worker.fill(note="Svarar på måndag.").press("Anteckna att återrapport saknas")
    worker.sees("Avsluta avstämningen")
    worker.fill(
        summary_public="Tre av fem uppdrag är godkända. Ett kompletteras och ett väntar på svar.",
        summary_public_en="Three of five assignments are accepted.",
    )
    worker.press("Avsluta avstämningen").sees("Minnesanteckningar", "De här uppdragen saknar godkänt svar.")
    told = {(mail.to.partition("@")[0], mail.heading) for mail in case.sends()}
    assert told == {
        ("forvaltningschef.kommunstyrelsen", "Återrapporter att komplettera"),
        ("socialchef", "Ny dag för återrapport"),
        ("handlaggare.social", "Ny dag för återrapport"),
    }


# --- Midsummer and the week after -------------------------------------------------------------------


def midsummer_is_quiet(case: Case) -> None:
    case.at(19, "12:00")
    assert case.sends() == []
    case.at(19, "22:00")
    case.resident.open("/kontakt/").sees("Öppet nu", "Midsommarafton")


def the_last_answers_come(case: Case) -> None:
    case.at(22, "08:00")
    told = {(mail.to.partition("@")[0], mail.heading) for mail in case.sends()}
    assert told == {
        ("kommundirektor", "Försenade återrapporter från förvaltningarna"),
        ("trygghetssamordnare", "Försenade återrapporter från förvaltningarna"),
        ("forvaltningschef.kommunstyrelsen", "Återrapporter i dag"),
    }
    report(case, "labour", outcome="DONE", public_text="Tolv unga har fått sommarjobb.")
    worker = case.as_("head_executive").sees("Komplettera").follow("Återrapportera")
    worker.sees("Skriv när medarbetarna får svar.")
    worker.fill(
        outcome="DONE",
        done_text=f"{DONE['executive']} Medarbetarna får svar på fredag.",
        public_text="Telefonen är öppen torsdag till söndag kväll.",
        secrecy_checked=True,
    )
    worker.press("Lämna in").sees("Återrapporten är inlämnad.")
    for department in ("labour", "executive"):
        accept(case, department)
    case.at(24, "08:00")
    assert [mail.heading for mail in case.sends()] == ["Återrapporter nästa arbetsdag"] * 2
    report(case, "social", outcome="DONE", public_text="Fältarbetarna är ute hela sommaren.")
    accept(case, "social")


def accept(case: Case, department: str) -> None:
    worker = case.as_("director").follow(ASSIGNMENTS[department], within='[aria-labelledby="vantar-rapporter"]')
    worker.press("Godkänn återrapporten").sees("Återrapporten är godkänd.")


def the_work_is_closed(case: Case) -> None:
    case.at(24, "13:00")
    worker = case.as_("director").open(case.paths["decision"]).follow("Följ upp beslutet")
    worker.press("Beslutet är uppföljt").sees("Uppföljt")
    worker.follow("Avsluta beslutet").fill(
        closing_text="Alla förvaltningar har svarat. Arbetet fortsätter i vardagen.",
        closing_text_en="All departments have answered. The work goes on in everyday life.",
    )
    worker.press("Avsluta beslutet").sees("Avslutat")
    case.as_("communicator").sees("Klar att publicera")
    # What is not shown to residents is not on the desk at all.
    case.worker.misses(ASSIGNMENTS["labour"])
    for number, department in ((1, "social"), (2, "education"), (3, "executive")):
        publish(case, f"2020-1:{number} {ASSIGNMENTS[department]}")
    publish(case, "Avstämning")
    worker = case.as_("director").open(case.paths["response"]).follow("Avsluta insatsen")
    worker.fill(
        closing_text="Tack till alla som har hjälpt till. Ring oss om du är orolig.",
        closing_text_en="Thank you to everyone who has helped.",
    )
    worker.press("Avsluta insatsen").sees("Insatsen är avslutad.")
    worker = case.as_("registrar").follow("Att diarieföra")
    worker.page.get_by_role("textbox", name="Diarienummer").first.fill("KS 2020-123")
    worker.press("Spara")
    worker.open("/arbete/diarium/?visa=klara").sees("Möte med nyckelfunktioner")


def residents_read_the_whole(case: Case) -> None:
    reader: Visitor = case.resident
    page = case.paths["public"]
    for size in (reader.on_phone, reader.at_desk):
        size()
        reader.open(page).sees(
            "Arbetet är avslutat",
            "Tack till alla som har hjälpt till.",
            "Mer trygghet och mindre brott i centrum.",
            "Ha en kontaktpunkt även kvällar och helger.",
            "Vi inkluderar, ställer krav och följer upp.",
            "Ungdomens hus hade öppet till midnatt i helgen.",
            "12 poliser",
            "Tre av fem uppdrag är godkända.",
            "Kommunen kan inte ingripa mot brott som pågår.",
        )
        reader.misses(DONE["planning"], "Tolv unga", "Bemanning saknas", "Skriv när medarbetarna", "Svarar på måndag")
    assert reader.page.locator("script:not([src*='/page_tools.'])").count() == 0
    assert reader.page.context.cookies() == []
    reader.follow("Egen sida för beslut").sees("Mer trygghet")
    reader.open("/nyheter/").follow("Kommunen intensifierar").sees("Det här gör vi först")
    reader.open("/").sees("Läget är normalt.", "Kommunen intensifierar", "112")
    reader.open("/kontakt/").sees("Kommunens trygghetstelefon")
    reader.open("/intensifierat/").sees("Avslutat")
    reader.open("/tillganglighet/")
    reader.open(f"/en{page}").sees("Thank you to everyone who has helped.", "More safety and less crime")
    reader.misses("Beslutet", "Så ska det gå till", "Det gör kommunen")
    reader.open("/en/").sees("The municipality steps up its safety work")
    reader.open("/en/nyheter/").follow("The municipality steps up").sees("What we do first")
    reader.open("/en/kontakt/").sees("The municipality's safety line")
