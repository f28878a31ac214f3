"""A set as a file: what is written reads back the same, and what is wrong is told by line."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lysekil_trygghet.privacy.text import UnreadableText, clean_text
from pledges.exchange import (
    EXAMPLE,
    AreaRow,
    CommitmentRow,
    FileRefused,
    LinkRow,
    PartyRow,
    PauseRow,
    RuleRow,
    SetRow,
    UnitRow,
    xlsx_file,
    yaml_file,
)

FORMATS = {"yaml": yaml_file, "xlsx": xlsx_file}
DOCS = Path(__file__).resolve().parents[2] / "docs"


# --- What the documentation says ----------------------------------------------------------------------


def test_the_example_is_read_as_it_would_be_written():
    data = EXAMPLE.read_bytes()
    row = yaml_file.read(data)

    assert (row.period_start, row.period_end) == (dt.date(2017, 12, 1), dt.date(2018, 12, 31))
    assert len(row.areas) == 2
    assert yaml_file.write(row) == data
    assert xlsx_file.read(xlsx_file.write(row)) == row


def test_every_word_of_a_file_is_explained():
    told = (DOCS / "pledge-file.md").read_text()
    words = {column.word for sheet in xlsx_file.SHEETS for column in sheet.columns}

    assert {word for word in words if not word.endswith("_en") and f"`{word}`" not in told} == set()
    assert {sheet.name for sheet in xlsx_file.SHEETS if f"`{sheet.name}`" not in told} == set()


# --- Any set that can be stored -----------------------------------------------------------------------


def storable(text: str) -> str:
    try:
        return clean_text(text).strip()
    except UnreadableText:
        return ""


def texts(longest: int, *, least: int = 0):
    tricky = st.sampled_from(
        [
            "=1+1",
            "- löfte: x",
            "'",
            "\u00a0x",
            "a: b",
            "#x",
            "_x0041_",
            "null",
            "2018-01-01",
            "1e3",
            "åäö — “”",
            "a\n\nb",
            "ja",
        ]
    )
    any_text = st.one_of(st.text(max_size=40), tricky).map(storable).map(lambda text: text[:longest].strip())
    return any_text.filter(lambda text: len(text) >= least)


DAYS = st.dates(dt.date(2000, 1, 1), dt.date(2099, 12, 31))


@st.composite
def spans(draw):
    first = draw(DAYS)
    return first, first + dt.timedelta(days=draw(st.integers(0, 700)))


def several(rows, *, key, most=3, least=0):
    return st.lists(rows, max_size=most, min_size=least, unique_by=key).map(tuple)


PARTIES = st.lists(
    st.builds(
        PartyRow,
        organisation=texts(60, least=1),
        role=st.sampled_from(["LEAD", "CONTRIBUTING"]),
        part=texts(300),
    ),
    min_size=1,
    max_size=3,
    unique_by=lambda row: row.organisation,
).map(lambda rows: (PartyRow(rows[0].organisation, "LEAD", rows[0].part), *rows[1:]))
UNITS = several(
    st.builds(
        UnitRow,
        name=texts(80, least=1),
        name_en=texts(80),
        target_min=st.none() | st.integers(0, 1_000_000),
    ),
    key=lambda row: row.name,
)
LINKS = several(
    st.builds(
        LinkRow,
        title=texts(120, least=1),
        title_en=texts(120),
        url=st.sampled_from(["https://example.se/", "http://example.se/a?b=1&c=å"]),
    ),
    key=lambda row: row.title,
)


@st.composite
def rules(draw):
    first, last = draw(spans())
    pauses = draw(
        st.lists(
            st.builds(
                lambda span, reason, reason_en: PauseRow(*span, reason, reason_en),
                spans(),
                texts(200, least=1),
                texts(200),
            ),
            max_size=2,
        )
    )
    common = {"active_from": first, "active_to": draw(st.sampled_from([None, last])), "pauses": tuple(pauses)}
    if draw(st.booleans()):
        per = draw(st.sampled_from(["WEEK", "MONTH", "QUARTER", "YEAR"]))
        return RuleRow(reading="COUNT", min_count=draw(st.integers(1, 400)), per=per, **common)
    reading = draw(st.sampled_from(["DAYS", "WEEKS"]))
    return RuleRow(reading=reading, limit=draw(st.integers(1, 400)), **common)


@st.composite
def promises(draw, number):
    first, last = draw(st.one_of(st.just((None, None)), spans()))
    return CommitmentRow(
        number=number,
        text=draw(texts(1000, least=1)),
        kind=draw(st.sampled_from(["ONE_OFF", "COUNT_TARGET", "RECURRING", "CONTINUOUS"])),
        text_en=draw(texts(1000)),
        purpose=draw(texts(600)),
        purpose_en=draw(texts(600)),
        how_we_know=draw(texts(600)),
        how_we_know_en=draw(texts(600)),
        easy_text=draw(texts(400)),
        period_start=first,
        period_end=last,
        parties=draw(PARTIES),
        units=draw(UNITS),
        rule=draw(st.none() | rules()),
        links=draw(LINKS),
    )


@st.composite
def sets(draw):
    first, last = draw(spans())
    titles = draw(st.lists(texts(140, least=1), min_size=1, max_size=3, unique=True))
    numbers = iter(draw(st.lists(st.integers(1, 999), min_size=6, max_size=6, unique=True)))
    areas = tuple(
        AreaRow(
            title=title,
            title_en=draw(texts(140)),
            why=draw(texts(2000)),
            why_en=draw(texts(2000)),
            problems=tuple(draw(st.lists(texts(140, least=1), max_size=2))),
            commitments=tuple(draw(promises(next(numbers))) for _ in range(draw(st.integers(0, 2)))),
        )
        for title in titles
    )
    return SetRow(
        title=draw(texts(140, least=1)),
        title_en=draw(texts(140)),
        period_start=first,
        period_end=last,
        intro=draw(texts(3000)),
        intro_en=draw(texts(3000)),
        picture=draw(st.sampled_from(["", "lagesbild-2017"])),
        progress_interval_months=draw(st.integers(0, 12)),
        areas=areas,
    )


@pytest.mark.parametrize("kind", FORMATS)
def test_what_is_written_reads_back_the_same(kind):
    file = FORMATS[kind]

    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(sets())
    def check(row):
        assert file.read(file.write(row)) == row

    check()


def test_both_formats_say_the_same():
    @settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(sets())
    def check(row):
        assert yaml_file.read(yaml_file.write(xlsx_file.read(xlsx_file.write(row)))) == row

    check()


# --- Errors by line -------------------------------------------------------------------------------------

GOOD = """medborgarlöften:
  rubrik: Löften 2018
  från: 2017-12-01
  till: 2018-12-31
  områden:
  - rubrik: Tryggare ute
    löften:
    - nummer: 1
      löfte: Polisen ska synas mer.
      slag: hela tiden
      parter:
      - organisation: polisen
        roll: leder
"""


def refused(data: bytes, file=yaml_file) -> list[tuple[int, str]]:
    with pytest.raises(FileRefused) as caught:
        file.read(data)
    return [(error.line, error.message) for error in caught.value.errors]


def test_a_good_file_is_read_with_its_lines():
    row = yaml_file.read(GOOD.encode())

    assert (row.title, row.areas[0].commitments[0].line) == ("Löften 2018", 8)


def test_a_file_saved_by_windows_with_a_mark_and_its_line_breaks_reads_the_same():
    data = b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode()

    assert yaml_file.read(data) == yaml_file.read(GOOD.encode())


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("från: 2017-12-01", "från: 1 december", 3, "2018-12-31"),
        ("till: 2018-12-31", "till: 2018-02-30", 4, "Skriv dagen"),
        ("till: 2018-12-31", "till: 2016-12-31", 2, "slutar innan den börjar"),
        ("slag: hela tiden", "slag: ibland", 10, "en gång, antal, återkommande, hela tiden"),
        ("roll: leder", "roll: chef", 13, "leder, medverkar"),
        ("roll: leder", "roll: medverkar", 8, "Ingen leder löftet"),
        ("nummer: 1", "nummer: 0", 8, "heltal"),
        ("nummer: 1", "nummer: ja", 8, "heltal"),
        ("löfte: Polisen ska synas mer.", "löfte:", 9, "Fyll i ”löfte”"),
        ("löfte: Polisen ska synas mer.", "löften: x", 9, "finns inte under"),
        ("löfte: Polisen ska synas mer.", f"löfte: {'x' * 1001}", 9, "högst 1000"),
        ("  rubrik: Löften 2018\n", "  rubrik: [a, b]\n", 2, "ett enda värde"),
        ("  - rubrik: Tryggare ute", "   rubrik: Tryggare ute", 7, "YAML"),
        ("medborgarlöften:", "loften:", 1, "medborgarlöften"),
        ("rubrik: Löften 2018", "rubrik: &a Löften 2018\n  rubrik_en: *a", 3, "YAML"),
    ],
)
def test_an_error_names_its_line_and_what_to_do(old, new, line, words):
    assert old in GOOD

    errors = refused(GOOD.replace(old, new, 1).encode())

    assert any(at == line and words in message for at, message in errors), errors


def test_all_errors_are_told_at_once_in_the_order_of_the_file():
    data = (
        GOOD.replace("från: 2017-12-01", "från: x").replace("nummer: 1", "nummer: x").replace("roll: leder", "roll: x")
    )

    assert [line for line, _message in refused(data.encode())] == [3, 8, 13]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xfe\x00",
        GOOD.encode("latin-1"),
        b"medborgarl\xc3\xb6ften: " + b"[" * 5000,
        b"medborgarl\xc3\xb6ften: !!python/object/apply:os.system ['ls']",
        b"x" * (yaml_file.LARGEST + 1),
        b"a: b: c",
        b"- 1\n- 2",
        b"medborgarl\xc3\xb6ften:\n  rubrik: a\x00b\n",
    ],
)
def test_what_is_no_set_is_refused_in_words(data):
    assert all(message for _line, message in refused(data))


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 no", b"a;b;c"])
def test_what_is_no_workbook_is_refused_in_words(data):
    assert "XLSX" in refused(data, xlsx_file)[0][1]


def test_a_workbook_that_unpacks_to_something_huge_is_refused_before_it_is_unpacked():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/worksheets/sheet1.xml", b"0" * (xlsx_file.LARGEST_UNPACKED + 1))

    assert "för mycket" in refused(out.getvalue(), xlsx_file)[0][1]


def workbook(**sheets) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    for name, rows in sheets.items():
        page = book.add_worksheet(name)
        for at, row in enumerate(rows):
            page.write_row(at, 0, row)
    book.close()
    return out.getvalue()


SHEETS = {
    "Medborgarlöften": [["rubrik", "från", "till"], ["Löften 2018", "2017-12-01", "2018-12-31"]],
    "Områden": [["rubrik"], ["Tryggare ute"]],
    "Löften": [["område", "nummer", "löfte", "slag"], ["Tryggare ute", 1, "Polisen ska synas mer.", "Hela tiden"]],
    "Parter": [["nummer", "organisation", "roll"], [1, "polisen", "Leder"]],
}


def test_a_workbook_typed_by_hand_is_read():
    row = xlsx_file.read(workbook(**SHEETS))

    assert row == yaml_file.read(GOOD.encode())


@pytest.mark.parametrize(
    ("sheet", "at", "row", "line", "words"),
    [
        ("Löften", 1, ["Annat", 1, "x", "hela tiden"], 2, "finns inte i bladet Områden"),
        ("Parter", 1, [7, "polisen", "leder"], 2, "finns inte i bladet Löften"),
        ("Parter", 0, ["nummer", "namn", "roll"], 1, "Kolumnen ”namn” finns inte"),
        ("Löften", 1, ["Tryggare ute", 1.5, "x", "hela tiden"], 2, "heltal"),
        ("Medborgarlöften", 1, ["Löften", 43070, "2018-12-31"], 2, "Skriv dagen"),
    ],
)
def test_an_error_names_its_sheet_and_line(sheet, at, row, line, words):
    rows = [list(given) for given in SHEETS[sheet]]
    rows[at] = row

    with pytest.raises(FileRefused) as caught:
        xlsx_file.read(workbook(**{**SHEETS, sheet: rows}))

    assert any(
        (error.sheet, error.line) == (sheet, line) and words in error.message for error in caught.value.errors
    ), caught.value.errors


def test_a_missing_sheet_is_named():
    sheets = {name: rows for name, rows in SHEETS.items() if name != "Parter"}

    assert refused(workbook(**sheets), xlsx_file) == [(0, "Bladet ”Parter” saknas.")]
