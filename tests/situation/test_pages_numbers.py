"""Files, dialogues and fetches by the pages: what a person sees, chooses and is told."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from situation.lifecycle import ImportState
from situation.models import DataFeed, DatasetImport, Dialogue, IndicatorValue, Source, SurveyAnswer
from situation.operations import imports

from .. import make_situation as making
from ..incidents.typed import filled
from ..pledges.staff_pages import words_of

pytestmark = pytest.mark.django_db

NEW = "/arbete/siffror/inlasningar/ny/"
HEAD = "Region;Brott;År;Antal\n"
GOOD = HEAD + "Lysekil;Rån;2023;3\nLysekil;Rån;2024;..\n"
NUMBER = "19121212-1212"


@pytest.fixture
def coordinator(client_as):
    return client_as("coordinator")


def sent(client, text: str | bytes, *, name: str = "brott.csv", kind: str = "BRA", **typed) -> DatasetImport:
    """The file uploaded; the import it became."""
    content = text if isinstance(text, bytes) else text.encode()
    answer = client.post(NEW, {"kind": kind, "upload": SimpleUploadedFile(name, content), **typed})
    assert answer.status_code == 303, words_of(answer)
    return DatasetImport.objects.latest("pk")


def shown(client, made: DatasetImport) -> str:
    return words_of(client.get(made.get_absolute_url()))


def worked() -> None:
    """What the worker does in the meantime."""
    imports.run_waiting(now=timezone.now())


def test_a_file_is_sent_read_through_and_stored(coordinator):
    made = sent(coordinator, GOOD)
    assert (made.state, made.source.publisher) == (ImportState.WAITING, "Brå")
    assert "Du kan lämna sidan" in shown(coordinator, made)

    worked()
    page = shown(coordinator, made)
    assert "Inget är sparat än" in page
    assert "Nya 2" in page
    assert IndicatorValue.objects.count() == 0

    answer = coordinator.post(reverse("situation:import_store", args=[made.pk]), {})
    assert answer.status_code == 303
    worked()
    assert "Inläst" in shown(coordinator, made)
    assert IndicatorValue.objects.count() == 2
    again = coordinator.post(
        NEW, {"kind": "BRA", "upload": SimpleUploadedFile("igen.csv", GOOD.encode())}, follow=True
    )
    assert "Samma fil är redan inläst" in words_of(again)


def test_bad_rows_are_listed_with_line_and_reason_and_skipped_only_when_ticked(coordinator):
    made = sent(coordinator, GOOD + "Atlantis;Rån;2024;7\n")
    worked()
    page = shown(coordinator, made)
    assert "4 ”Atlantis” är ingen kommun" in page
    store = reverse("situation:import_store", args=[made.pk])
    refused = coordinator.post(store, {})
    assert refused.status_code == 422
    assert "välj att läsa in resten" in words_of(refused)
    assert coordinator.post(store, {"takes_the_good": "on"}).status_code == 303
    worked()
    assert IndicatorValue.objects.count() == 2


def test_a_file_that_cannot_be_read_says_why(coordinator):
    made = sent(coordinator, b"\x89PNG\r\n\x1a\n0000", name="brott.csv")
    worked()
    page = shown(coordinator, made)
    assert "inget har ändrats" in page
    assert "slaget PNG" in page


def test_the_file_can_be_thrown_away(coordinator):
    made = sent(coordinator, GOOD)
    worked()
    drop = reverse("situation:import_drop", args=[made.pk])
    assert "Släng" in words_of(coordinator.get(drop))
    assert coordinator.post(drop, {}).status_code == 303
    made.refresh_from_db()
    assert made.state == ImportState.DROPPED
    # A second tap leads back with a friendly word.
    assert coordinator.post(drop, {}).status_code == 303


def test_a_table_asks_what_its_columns_are(coordinator):
    made = sent(
        coordinator, "Kommun;Antal bilar;Andel elbilar\nLysekil;7;1,5\nMunkedal;9;2\n", kind="TABLE", name="bilar.csv"
    )
    assert made.state == ImportState.CHOOSING
    columns = reverse("situation:import_columns", args=[made.pk])
    page = coordinator.get(columns)
    assert "Kolumnen ”Antal bilar”" in page.content.decode()
    refused = coordinator.post(columns, filled(page))
    assert refused.status_code == 422
    assert "Skriv vilket år" in words_of(refused)
    assert coordinator.post(columns, filled(page, period="2023")).status_code == 303
    worked()
    coordinator.post(reverse("situation:import_store", args=[made.pk]), {})
    worked()
    values = IndicatorValue.objects.order_by("value").values_list("indicator__unit", "period", "value")
    assert [(unit, period, float(value)) for unit, period, value in values] == [
        ("PERCENT", "2023", 1.5), ("PERCENT", "2023", 2.0), ("COUNT", "2023", 7.0), ("COUNT", "2023", 9.0),
    ]  # fmt: skip


def test_a_surveys_export_is_counted_and_no_single_answer_is_kept(coordinator):
    survey = making.source(kind="SAFETY_SURVEY", title="Enkät 2026", method="OPEN_WEB")
    rows = "".join(f"2026/01/01,{'K' if n % 2 else 'M'},{'Trygg' if n % 3 else 'Otrygg'}\n" for n in range(60))
    text = "Timestamp,Kön,Hur trygg är du?\n" + rows
    missing = coordinator.post(NEW, {"kind": "FORM", "upload": SimpleUploadedFile("e.csv", text.encode())})
    assert missing.status_code == 422
    assert "Välj vilken enkät" in words_of(missing)

    made = sent(coordinator, text, kind="FORM", source=survey.pk)
    columns = reverse("situation:import_columns", args=[made.pk])
    page = coordinator.get(columns)
    assert "Hur trygg är du?" in page.content.decode()
    assert "Timestamp" not in page.content.decode()
    # Columns in their order: sex, then the question.
    form = filled(page, year="2026", group_by="1", use_1="single")
    assert coordinator.post(columns, form).status_code == 303
    worked()
    coordinator.post(reverse("situation:import_store", args=[made.pk]), {})
    worked()
    made.refresh_from_db()
    assert (made.state, made.raw.name) == (ImportState.APPLIED, "")
    told = {(row.group, row.answer): row.count for row in SurveyAnswer.objects.all()}
    assert told == {
        ("", "Trygg"): 40, ("", "Otrygg"): 20,
        ("Kön=K", "Trygg"): 20, ("Kön=K", "Otrygg"): 10, ("Kön=M", "Trygg"): 20, ("Kön=M", "Otrygg"): 10,
    }  # fmt: skip


def counted(coordinator, text: str, **choice: str) -> dict[tuple[str, str], int]:
    """A form tool's export read, counted as chosen in the page, and stored: (question, answer) and how many."""
    survey = making.source(kind="SAFETY_SURVEY", title="Enkät 2026", method="OPEN_WEB")
    made = sent(coordinator, text, kind="FORM", source=survey.pk)
    columns = reverse("situation:import_columns", args=[made.pk])
    page = coordinator.get(columns)
    assert coordinator.post(columns, filled(page, year="2026", **choice)).status_code == 303
    worked()
    coordinator.post(reverse("situation:import_store", args=[made.pk]), {})
    worked()
    return {(row.question.text, row.answer): row.count for row in SurveyAnswer.objects.select_related("question")}


def test_several_answers_in_one_cell_are_told_apart_as_the_tool_writes_them(coordinator):
    rows = "".join(
        f'2026/01/01 10:00:00,{"Ja" if n % 2 else "Nej"},"{"Torget, Kajen" if n % 3 else "Torget"}"\n'
        for n in range(30)
    )
    text = "Tidstämpel,Bor du här?,Var är du otrygg?\n" + rows
    told = counted(coordinator, text, use_1="multiple")
    assert told == {("Var är du otrygg?", "Torget"): 30, ("Var är du otrygg?", "Kajen"): 20}


def test_every_row_of_a_grid_is_a_question_of_its_own(coordinator):
    places = ("På torget", "Vid kajen")
    head = "Respondent ID,Hur trygg är du?,"
    rows = "".join(f"{n},{'Trygg' if n % 3 else 'Otrygg'},{'Trygg' if n % 2 else 'Otrygg'}\n" for n in range(60))
    text = f"{head}\n,{','.join(places)}\n{rows}"
    told = counted(coordinator, text, use_0="single", use_1="single")
    assert told == {
        ("Hur trygg är du?: På torget", "Trygg"): 40, ("Hur trygg är du?: På torget", "Otrygg"): 20,
        ("Hur trygg är du?: Vid kajen", "Trygg"): 30, ("Hur trygg är du?: Vid kajen", "Otrygg"): 30,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"kind": ""}, "Vad är det för fil"),
        ({"kind": "SPION"}, "Vad är det för fil"),
        ({"upload": ""}, "Fil"),
        ({"source_url": "javascript:alert(1)"}, "https://"),
        ({"upload": SimpleUploadedFile(f"{NUMBER}.csv", b"x")}, "personnummer"),
    ],
)
def test_an_odd_upload_is_told_at_its_field(coordinator, typed, words):
    values = {"kind": "BRA", "upload": SimpleUploadedFile("a.csv", GOOD.encode())} | typed
    answer = coordinator.post(NEW, values)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert DatasetImport.objects.count() == 0


def test_the_pages_of_files_lie_under_the_numbers(coordinator):
    for name in ("import_new", "feed_new"):
        page = coordinator.get(reverse(f"situation:{name}")).content.decode()
        assert 'href="/arbete/siffror/">Siffror</a>' in page.split("<main")[0] + page.split("<main")[1][:2000]


def test_the_lists_say_when_they_are_empty(coordinator):
    for address, words in (
        ("/arbete/siffror/", "Inga siffror är inlästa än"),
        ("/arbete/siffror/inlasningar/", "Ingen fil är inläst än"),
        ("/arbete/siffror/hamtningar/", "Inget hämtas av sig självt än"),
    ):
        assert words in words_of(coordinator.get(address))


def test_a_dialogue_is_written_changed_and_removed(coordinator):
    source = making.source()
    new = reverse("situation:dialogue_new", args=[source.pk])
    page = coordinator.get(new)
    typed = {"held_on": "2026-05-18", "place": "Torget", "participants": "40", "theme_0": "Belysning", "count_0": "14"}
    assert coordinator.post(new, filled(page, **typed)).status_code == 303
    dialogue = Dialogue.objects.get()
    assert [(theme.theme, theme.count) for theme in dialogue.themes.all()] == [("Belysning", 14)]

    edit = reverse("situation:dialogue_edit", args=[source.pk, dialogue.pk])
    page = coordinator.get(edit)
    assert coordinator.post(edit, filled(page, theme_1="Klotter", count_1="5")).status_code == 303
    assert dialogue.themes.count() == 2
    stale = coordinator.post(edit, filled(page, place="Parken"))
    assert stale.status_code in (303, 409)

    half = coordinator.post(edit, filled(coordinator.get(edit), theme_2="Buller"))
    assert half.status_code == 422
    assert "Skriv hur många" in words_of(half)
    personal = coordinator.post(edit, filled(coordinator.get(edit), note=f"Anna {NUMBER}"))
    assert personal.status_code == 422
    assert coordinator.post(reverse("situation:dialogue_remove", args=[source.pk, dialogue.pk]), {}).status_code == 303
    assert Dialogue.objects.count() == 0


def test_what_is_fetched_is_chosen_on_a_page(coordinator):
    source = making.source(title="Nyckeltal")
    new = "/arbete/siffror/hamtningar/ny/"
    typed = {"kind": "KOLADA", "title": "Brott", "what": "N07540", "areas": "1484", "every_hours": "168"}
    page = coordinator.get(new)
    wrong = coordinator.post(new, filled(page, **typed | {"areas": "Atlantis"}, source=source.pk, is_active="on"))
    assert wrong.status_code == 422
    assert "Atlantis" in words_of(wrong)
    assert coordinator.post(new, filled(page, **typed, source=source.pk, is_active="on")).status_code == 303
    feed = DataFeed.objects.get()
    DataFeed.objects.update(last_error="Utgivaren svarar inte.", failures=2)
    assert "Utgivaren svarar inte." in words_of(coordinator.get("/arbete/siffror/hamtningar/"))
    edit = reverse("situation:feed_edit", args=[feed.pk])
    assert coordinator.post(edit, filled(coordinator.get(edit), title="Anmälda brott")).status_code == 303
    feed.refresh_from_db()
    assert (feed.title, feed.failures) == ("Anmälda brott", 0)


def test_lists_take_as_many_queries_for_one_as_for_thirty(coordinator, django_assert_max_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    made = making.stored_import(source=making.source())
    asked = []
    for more in (0, 29):
        for number in range(more):
            copy = DatasetImport.objects.get(pk=made.pk)
            copy.pk, copy._state.adding, copy.sha256 = None, True, f"{number:064d}"
            copy.save()
        for address in ("/arbete/siffror/inlasningar/", "/arbete/siffror/"):
            coordinator.get(address)
            with CaptureQueriesContext(connection) as caught:
                coordinator.get(address)
            asked.append(len(caught))
    assert asked[:2] == asked[2:]
    assert Source.objects.exists()
