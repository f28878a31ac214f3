"""Surveys: finished shares, and exports of form tools that are counted while single answers are thrown away."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from situation.importers import surveys
from situation.importers.rows import AnswerRow, FileRefused, LineError, Note
from situation.importers.surveys import Form, PersonalColumn, Question

from .files import names, of_kind, real, sheet, written

HEAD = "survey,year,area_type,area_code,question_code,answer,share_pct,n,method\n"


def table(tmp_path: Path, text: str) -> list[object]:
    return list(surveys.read_table(written(tmp_path, "enkat.csv", text)).items)


# --- The finished table ---------------------------------------------------------------------------------------


def test_a_line_is_a_share_of_a_group(tmp_path):
    text = HEAD + "NTU,2025,kommun,1484,unsafe_evening,unsafe,21.4,212,random_sample\n"
    assert table(tmp_path, text) == [
        AnswerRow(
            line=2, question="unsafe_evening", question_text="", answer="unsafe", share=Decimal("21.4"), n=212,
            area="1484", year="2025", survey="NTU", method="RANDOM_SAMPLE",
        )
    ]  # fmt: skip


def test_swedish_words_groups_places_and_decimal_commas(tmp_path):
    text = (
        "Undersökning;År;Områdestyp;Område;Frågekod;Fråga;Svar;Andel;Antal svar;Metod;Kön;Årskurs\n"
        "DROG;2026;kommun;1484;narkotika;Har du provat?;Ja;6,1;131;Alla i en årskurs;K;9\n"
        "LOKAL;2026;plats;Stadsparken;otrygg;Otrygg här?;Ja;38;404;Självvalda svar;;\n"
    )
    first, second = table(tmp_path, text)
    assert (first.group, first.share, first.method) == ("kön=K|årskurs=9", Decimal("6.1"), "CENSUS_CLASS")
    assert (second.area, second.method, second.question_text) == ("plats:Stadsparken", "OPEN_WEB", "Otrygg här?")


def test_small_groups_and_few_answers_are_not_told(tmp_path):
    text = HEAD.replace("method", "method,count") + (
        "L,2026,kommun,1484,q,ja,50,19,open_web,9\nL,2026,kommun,1484,q,nej,2,200,open_web,4\n"
        "L,2026,kommun,1484,q,vet ej,0,200,open_web,0\n"
    )
    small, few, none = table(tmp_path, text)
    assert (small.share, small.count, small.is_suppressed) == (None, None, True)
    assert (few.share, few.count, few.is_suppressed) == (None, None, True)
    assert (none.share, none.count, none.is_suppressed) == (0, 0, False)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("L,2026,kommun,1484,q,ja,101,200,open_web", "Andel: En andel ligger mellan 0 och 100"),
        ("L,2026,kommun,1484,q,ja,många,200,open_web", "Andel: ”många” är inget tal"),
        ("L,2026,kommun,1484,q,ja,5,12.5,open_web", "Antal svar: Ett antal är ett helt tal"),
        ("L,nu,kommun,1484,q,ja,5,200,open_web", "inget år"),
        ("L,2026,kommun,Atlantis,q,ja,5,200,open_web", "Atlantis"),
        ("L,2026,kommun,1484,,ja,5,200,open_web", "saknar fråga"),
        ("L,2026,kommun,1484,q,,5,200,open_web", "saknar fråga"),
        ("L,2026,kommun,1484,q,ja,5,200,gissning", "Metod"),
    ],
)
def test_a_bad_line_is_named_and_the_others_are_read(tmp_path, row, words):
    items = table(tmp_path, f"{HEAD}{row}\nL,2026,kommun,1484,q,nej,5,200,open_web\n")
    assert [(error.line, words in error.message) for error in of_kind(items, LineError)] == [(2, True)]
    assert [answer.answer for answer in of_kind(items, AnswerRow)] == ["nej"]


def test_an_interval_the_wrong_way_names_its_column(tmp_path):
    text = HEAD.replace("method", "method,ci_low,ci_high") + "L,2026,kommun,1484,q,ja,5,200,open_web,9,3\n"
    (error,) = table(tmp_path, text)
    assert isinstance(error, LineError)
    assert error.message.startswith("Lägst: ")


def test_a_grade_may_stand_where_the_area_does(tmp_path):
    lines = "".join(f"DROG,2026,grade,{grade},narcotics_ever,yes,6.1,131,census_class\n" for grade in ("9", "G2"))
    assert [(row.area, row.group) for row in of_kind(table(tmp_path, HEAD + lines), AnswerRow)] == [
        ("", "årskurs=9"),
        ("", "årskurs=G2"),
    ]


def test_a_group_is_not_broken_by_what_it_is_called(tmp_path):
    text = "år;frågekod;svar;andel;n;kön\n2026;q;ja;5;200;K|ålder=9\n"
    (row,) = of_kind(table(tmp_path, text), AnswerRow)
    assert row.group == "kön=K/ålder:9"


def test_an_index_and_lost_letters_are_told(tmp_path):
    text = HEAD.replace("method", "method,index_value") + "L,2026,kommun,1484,q,otrygg p\ufffd v\ufffdg,5,200,,2.1\n"
    notes = of_kind(table(tmp_path, text), Note)
    assert ["index" in notes[0].message, "å, ä och ö" in notes[1].message] == [True, True]


def test_a_table_is_also_read_from_a_sheet(tmp_path):
    rows = [["Undersökning 2026"], ["År", "Fråga", "Svar", "Andel", "n"], [2026, "Trygg?", "Ja", 64.5, 200]]
    (row,) = surveys.read_table(sheet(tmp_path, "a.xlsx", rows)).items
    assert (row.question, row.share) == ("trygg", Decimal("64.5"))


def test_what_is_no_such_table_says_which_kind_to_choose(tmp_path):
    with pytest.raises(FileRefused, match="en rad för varje svar"):
        table(tmp_path, "Timestamp,Trygg?\n2026/01/01,Ja\n")


SHARES = st.lists(
    st.tuples(st.decimals(0, 100, places=1), st.integers(0, 5000), st.integers(0, 5000)), min_size=1, max_size=20
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(SHARES)
def test_what_is_written_is_read_back_but_for_what_is_too_small(tmp_path, rows):
    lines = [
        f"L,2026,kommun,1484,q{place},ja,{share},{n},open_web,{count}" for place, (share, n, count) in enumerate(rows)
    ]
    found = of_kind(table(tmp_path, HEAD.replace("method", "method,count") + "\n".join(lines)), AnswerRow)
    for row, (share, n, count) in zip(found, rows, strict=True):
        if n < 20 or 0 < count < 5:
            assert (row.share, row.count, row.is_suppressed) == (None, None, True)
        else:
            assert (row.share, row.n, row.count) == (share, n, count)


# --- Exports of form tools -------------------------------------------------------------------------------------


def export(tmp_path: Path, tool: str) -> Path:
    """Thirty answers as each tool writes them."""
    people = (
        [("K", "Trygg", "Torget")] * 12 + [("M", "Otrygg", "Torget, Parken")] * 10 + [("K", "otrygg ", "Parken")] * 8
    )
    if tool == "google":
        rows = [f'2026/01/01 4:53:07 PM,{sex},{safe},"{where}"' for sex, safe, where in people]
        return written(tmp_path, "a.csv", "\r\n".join(["Timestamp,Kön,Hur trygg är du?,Var?", *rows]))
    if tool == "microsoft":
        head = ["ID", "Starttid", "Slutförandetid", "E-post", "Namn", "Kön", "Hur trygg är du?", "Var?"]
        rows = [
            [n, "2026-01-01", "2026-01-01", "anonymous", "", sex, safe, where.replace(", ", ";") + ";"]
            for n, (sex, safe, where) in enumerate(people, start=1)
        ]
        return sheet(tmp_path, "a.xlsx", [head, *rows])
    if tool == "limesurvey":
        head = ',kon. Kön,trygg. Hur trygg är du?,"var[SQ001]. Var? [Torget]","var[SQ002]. Var? [Parken]"'
        rows = [
            f"{n},{sex},{safe},{'Yes' if 'Torget' in where else 'No'},{'Yes' if 'Parken' in where else 'No'}"
            for n, (sex, safe, where) in enumerate(people)
        ]
        return written(tmp_path, "a.csv", "\n".join([head, *rows]))
    assert tool == "surveymonkey"
    head = ["RespondentID,Kön,Hur trygg är du?,Var? Välj alla som stämmer.,", ",Response,Response,Torget,Parken"]
    rows = [
        f"32928799{n:02d},{sex},{safe},{'Torget' if 'Torget' in where else ''},{'Parken' if 'Parken' in where else ''}"
        for n, (sex, safe, where) in enumerate(people)
    ]
    return written(tmp_path, "a.csv", "\n".join([*head, *rows]), "cp1252")


TOOLS = ["google", "microsoft", "limesurvey", "surveymonkey"]


def at(form: Form, words: str) -> tuple[int, ...]:
    return tuple(column.index for column in form.columns if words in column.text)


@pytest.mark.parametrize("tool", TOOLS)
def test_each_tools_export_is_told_and_counted(tmp_path, tool):
    path = export(tmp_path, tool)
    form = surveys.look(path)
    assert (form.tool, form.answers) == (tool, 30)
    where = at(form, "Var?")
    questions = [
        Question(at(form, "trygg"), "trygg", "Hur trygg är du?"),
        Question(where, "var", "Var?", "multiple", "," if tool == "google" else ";"),
    ]
    found = of_kind(list(surveys.aggregate(path, questions=questions, year="2026").items), AnswerRow)
    assert {(row.question, row.answer, row.count, row.n) for row in found} == {
        ("trygg", "Otrygg", 18, 30),
        ("trygg", "Trygg", 12, 30),
        ("var", "Torget", 22, 30),
        ("var", "Parken", 18, 30),
    }
    assert {row.share for row in found if row.answer == "Torget"} == {Decimal("73.33")}


@pytest.mark.parametrize("tool", TOOLS)
def test_times_names_and_numbers_of_persons_can_not_be_chosen(tmp_path, tool):
    path = export(tmp_path, tool)
    form = surveys.look(path)
    personal = [column for column in form.columns if column.is_personal]
    assert personal
    assert all(column.values == () for column in personal)
    with pytest.raises(PersonalColumn):
        surveys.aggregate(path, questions=[Question((personal[0].index,), "q", "q")])
    with pytest.raises(PersonalColumn):
        surveys.aggregate(path, questions=[Question(at(form, "trygg"), "q", "q")], group_by=personal[0].index)


def test_identity_numbers_and_long_free_texts_make_a_column_personal(tmp_path):
    rows = [
        f"Ja,19121212-1212,{'Jag tycker att det är väldigt mörkt i parken där jag bor ' + str(n)}" for n in range(60)
    ]
    form = surveys.look(written(tmp_path, "a.csv", "\n".join(["Trygg?,Kod,Berätta", *rows])))
    assert [column.is_personal for column in form.columns] == [False, True, True]
    assert "1212" not in repr(form)


@pytest.mark.parametrize(
    "head",
    [
        *("E-postadress", "Email Address", "Användarnamn", "Förnamn", "Efternamn", "FirstName", "LastName", "Namn"),
        *("Vad heter du?", "Telefonnummer", "Mobilnummer", "Personnr", "Födelsedatum", "Hemadress", "Din adress?"),
        *("IP-adress", "ipaddr. x", "submitdate. x", "CollectorID", "RespondentID", "Tidstämpel"),
        *("Senast ändrad", "Last modified time", "Postnummer"),
    ],
)
def test_a_column_whose_head_says_so_is_personal_however_few_answered(tmp_path, head):
    form = surveys.look(written(tmp_path, "a.csv", f"Trygg?,{head}\n" + "Ja,x\n" * 30))
    assert [(column.is_personal, column.values) for column in form.columns] == [(False, ("Ja",)), (True, ())]


@pytest.mark.parametrize(
    "head", ["Trygg på torget?", "Hur ofta är du på en träffpunkt?", "Vilken skola?", "Adresserar vi det?"]
)
def test_a_plain_question_is_not_personal(tmp_path, head):
    form = surveys.look(written(tmp_path, "a.csv", f"Kön,{head}\n" + "K,Ja\n" * 30))
    assert not form.columns[1].is_personal


@pytest.mark.parametrize(
    "value",
    [
        "anna{0}@example.se",
        "Här i närheten är det väldigt mörkt säger nummer {0} av oss",
        "Namn{0}",
        "2026-01-01 1{0}:05:11",
        "192.0.2.{0}",
    ],
)
def test_a_small_forms_own_answers_are_personal_by_what_they_are(tmp_path, value):
    """Thirty answers: fewer than the distinct values that are shown."""
    rows = "\n".join(f"{value.format(number)},Ja" for number in range(30))
    path = written(tmp_path, "a.csv", f"Q1,Trygg?\n{rows}")
    form = surveys.look(path)
    assert [(column.is_personal, column.values) for column in form.columns] == [(True, ()), (False, ("Ja",))]
    with pytest.raises(PersonalColumn):
        surveys.aggregate(path, questions=[Question((0,), "q", "q")])


def test_an_identity_number_far_into_a_text_is_found(tmp_path):
    form = surveys.look(written(tmp_path, "a.csv", "Trygg?,Q2\n" + f"Ja,{'x ' * 300}19121212-1212\n" * 30))
    assert form.columns[1].is_personal


def test_parts_of_a_question_are_looked_at_too(tmp_path):
    head = "RespondentID,Kontakt,,Trygg?,\n,Name,Email Address,Response,Other (please specify)\n"
    rows = "\n".join(f"{number},Namn,b,Ja,svar {number}" for number in range(80))
    form = surveys.look(written(tmp_path, "a.csv", head + rows))
    assert [column.is_personal for column in form.columns] == [True, True, True, False, True]


def test_a_long_option_that_one_person_ticked_is_no_free_text(tmp_path):
    option = "Jag känner mig trygg i hela centrum på kvällarna"
    head = f"RespondentID,Var?,\n,{option},Response\n"
    form = surveys.look(written(tmp_path, "a.csv", head + f"1,{option},Ja\n" + "2,,Ja\n" * 30))
    assert not form.columns[1].is_personal


def test_who_ticked_nothing_has_answered(tmp_path):
    head = '"v[SQ001]. Var? [Torget]","v[SQ002]. Var? [Parken]"\n'
    path = written(tmp_path, "a.csv", head + "Yes,No\n" * 25 + "No,No\n" * 25 + ",\n" * 5)
    found = surveys.aggregate(path, questions=[Question((0, 1), "v", "Var?", "multiple")]).items
    assert [(row.answer, row.count, row.n, row.share) for row in of_kind(found, AnswerRow)] == [
        ("Torget", 25, 50, Decimal(50))
    ]


def test_a_grid_of_scales_is_not_counted_as_ticks(tmp_path):
    head = '"v[SQ001]. [Torget]","v[SQ002]. [Parken]"\n'
    path = written(tmp_path, "a.csv", head + "Ofta,Aldrig\nAldrig,Ofta\n" * 25)
    assert [column.text for column in surveys.look(path).columns] == ["v", "v"]
    (error,) = surveys.aggregate(path, questions=[Question((0, 1), "v", "Var?", "multiple")]).items
    assert isinstance(error, LineError)
    one = surveys.aggregate(path, questions=[Question((0,), "v", "Torget")]).items
    assert {(row.answer, row.count) for row in of_kind(one, AnswerRow)} == {("Ofta", 25), ("Aldrig", 25)}


def test_a_group_is_shown_as_most_often_written(tmp_path):
    rows = counted(tmp_path, *[("IF Lysekil", "Ja")] * 25, *[("if lysekil", "Ja")] * 5)
    assert {group for group, _answer in rows} == {"", "Grupp=IF Lysekil"}


def test_more_answers_than_sixty_ask_for_another_column(tmp_path):
    rows = "\n".join(f"a{2 * number};a{2 * number + 1},Ja" for number in range(35) for _time in range(4))
    path = written(tmp_path, "a.csv", f"Q1,Trygg?\n{rows}")
    items = list(surveys.aggregate(path, questions=[Question((0,), "q", "Q1", "multiple", ";")]).items)
    assert [isinstance(item, LineError) and "60" in item.message for item in items] == [True]


def test_lost_letters_are_told(tmp_path):
    path = written(tmp_path, "a.csv", "Tr\ufffdgg?,K\n" + "Ja,K\n" * 25)
    (note,) = of_kind(surveys.aggregate(path, questions=[Question((0,), "q", "q")]).items, Note)
    assert "å, ä och ö" in note.message


def counted(tmp_path: Path, *answers: tuple[str, str]) -> dict[tuple[str, str], AnswerRow]:
    """Answers (group, answer) counted by group."""
    path = written(tmp_path, "a.csv", "\n".join(["Grupp,Svar", *[f"{group},{answer}" for group, answer in answers]]))
    found = surveys.aggregate(path, questions=[Question((1,), "q", "Svar")], group_by=0).items
    return {(row.group, row.answer): row for row in of_kind(list(found), AnswerRow)}


def test_a_small_group_has_no_share_and_the_next_smallest_does_not_give_it_away(tmp_path):
    rows = counted(tmp_path, *[("A", "Ja")] * 60, *[("A", "Nej")] * 40, *[("B", "Ja")] * 30, *[("B", "Nej")] * 30,
                   *[("C", "Ja")] * 6, *[("C", "Nej")] * 6)  # fmt: skip
    assert rows["", "Ja"].count == 96
    assert rows["Grupp=A", "Ja"].count == 60
    assert [rows[f"Grupp={group}", "Ja"].is_suppressed for group in "BC"] == [True, True]
    assert rows["Grupp=C", "Ja"].share is None


def test_a_few_answers_are_hidden_with_the_next_smallest(tmp_path):
    rows = counted(tmp_path, *[("A", "Ja")] * 60, *[("A", "Nej")] * 20, *[("A", "Vet ej")] * 2)
    assert [rows["", answer].is_suppressed for answer in ("Ja", "Nej", "Vet ej")] == [False, True, True]


def test_what_one_person_alone_answered_is_not_even_kept_as_words(tmp_path):
    rows = counted(tmp_path, *[("A", "Ja")] * 30, *[("B", "Nej")] * 25, ("A", "Grannen i 4A"), ("B", "Hamnvägen"))
    assert {answer for _group, answer in rows} == {"Ja", "Nej", "Övriga svar"}
    assert rows["", "Övriga svar"].is_suppressed
    many = counted(tmp_path, *[("A", "Ja")] * 30, *[("A", f"Eget svar {number}") for number in range(6)])
    assert many["", "Övriga svar"].count == 6


def test_several_own_answers_of_one_person_are_no_number_of_persons(tmp_path):
    own = "\n".join(f'"Torget;Eget {number};Annat {number}"' for number in range(6))
    path = written(tmp_path, "a.csv", "Var?,Trygg?\n" + '"Torget;Kajen",Ja\n' * 30 + own)
    items = surveys.aggregate(path, questions=[Question((0,), "q", "Var?", "multiple", ";")]).items
    rows = {row.answer: row for row in of_kind(items, AnswerRow)}
    assert (rows["Torget"].count, rows["Kajen"].count) == (36, 30)
    assert (rows["Övriga svar"].count, rows["Övriga svar"].is_suppressed) == (None, True)


ANSWERS = st.lists(
    st.tuples(st.sampled_from("ABC"), st.sampled_from(["Ja", "Nej", "Kanske", "Vet ej"])), min_size=1, max_size=150
)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ANSWERS)
def test_nothing_small_is_told_nor_can_be_worked_out(tmp_path, answers):
    rows = counted(tmp_path, *answers)
    truth = Counter(answers) + Counter(("", answer) for _group, answer in answers)
    for (group, answer), row in rows.items():
        n = sum(1 for one, _answer in answers if not group or f"Grupp={one}" == group)
        count = truth[group.removeprefix("Grupp="), answer]
        if n < 20 or count < 5:
            assert (row.share, row.count, row.is_suppressed) == (None, None, True)
        elif not row.is_suppressed:
            assert (row.count, row.n) == (count, n)
    for group in {key[0] for key in rows}:
        hidden = [row for key, row in rows.items() if key[0] == group and row.is_suppressed]
        # Alone it would be what is left of the group's answers.
        assert len(hidden) != 1 or len([key for key in rows if key[0] == group]) == 1
    for answer in {key[1] for key in rows}:
        of_groups = [row for key, row in rows.items() if key[1] == answer and key[0]]
        if not rows["", answer].is_suppressed:
            # Alone it would be everybody's number less the other groups'.
            assert sum(row.is_suppressed for row in of_groups) != 1


def test_ragged_rows_are_told(tmp_path):
    path = written(tmp_path, "a.csv", "Trygg?,Kön\n" + "Ja,K\n" * 25 + "Ja\n" + "Nej,M,x\n")
    items = list(surveys.aggregate(path, questions=[Question((0,), "q", "Trygg?")]).items)
    assert [error.line for error in of_kind(items, LineError)] == [28]
    assert "1 rader har färre" in of_kind(items, Note)[0].message


def test_a_column_with_as_many_answers_as_people_is_no_question(tmp_path):
    rows = "\n".join(f"svar {number},{number % 3}" for number in range(200))
    form = surveys.look(written(tmp_path, "a.csv", f"Berätta,Betyg\n{rows}"))
    assert [column.is_personal for column in form.columns] == [True, False]


@pytest.mark.parametrize("content", [b"", b"\x89PNG\r\n\x1a\n", b"Trygg?,Kon\n", b"x\n", b"a;b\n\x00;1\n"])
def test_what_is_no_export_is_refused(tmp_path, content):
    with pytest.raises(FileRefused):
        surveys.look(written(tmp_path, "a.csv", content))


# Tool, answers, columns, and of one column its number of answers and how often each was given, most often first
# (None: fewer than five gave it, or it would give away one that fewer gave).
HELD: dict[str, tuple[str, int, int, int, int, list[int | None]]] = {
    "googleforms_DATA2002_2017_timestamps.csv": ("google", 62, 18, 13, 61, [33, 28]),
    "limesurvey_rse_2016_uk_public.csv": ("limesurvey", 273, 67, 5, 270, [166, 104]),
    "limesurvey_rse_2017_zaf_public.csv": ("limesurvey", 22, 277, 7, 22, [17, 5]),
    "surveymonkey_StarWars.csv": ("surveymonkey", 1186, 38, 1, 1186, [936, 250]),
    "upphandlingsenkat_NUE2022.xlsx": ("other", 370, 10, 1, 370, [162, 100, 92, 16]),
}


@pytest.mark.parametrize("path", real("survey"), ids=names(real("survey")))
def test_every_real_export_is_counted(path):
    assert path.name in HELD, "A file nobody has said what is right for."
    tool, answers, columns, index, n, counts = HELD[path.name]
    form = surveys.look(path)
    assert (form.tool, form.answers, len(form.columns)) == (tool, answers, columns)
    usable = [column for column in form.columns if not column.is_personal and column.distinct <= 20][:8]
    questions = [Question((column.index,), column.code or f"q{column.index}", column.text) for column in usable]
    found = of_kind(surveys.aggregate(path, questions=questions).items, AnswerRow)
    assert found
    assert all(row.count is None or row.count >= 5 for row in found)
    known = of_kind(surveys.aggregate(path, questions=[Question((index,), "q", "q")]).items, AnswerRow)
    assert [row.count for row in known] == counts
    assert {row.n for row in known} == {n}
