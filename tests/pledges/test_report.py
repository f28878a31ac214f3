"""The follow-up of a set for the board: what it says, as tagged PDF and as a workbook."""

from __future__ import annotations

import io
import zipfile

import pikepdf
import pytest
from django.utils import timezone
from python_calamine import CalamineWorkbook

from pledges.models import PledgeSet
from pledges.operations import occurrences, pledge_sets, rules
from pledges.report import chart, content, pdf, xlsx

from .. import make_pledges
from ..make_incidents import acting, department, fresh
from .staff_pages import day, url

pytestmark = pytest.mark.django_db

HOSTILE = '=HYPERLINK("https://ont.example") #strong[fet] $x$ <b>fet</b> \\ "citat"'


@pytest.fixture
def told(people) -> PledgeSet:
    """A set that runs: one promise with a rhythm and logged times, one of the Police, one with texts of ill will."""
    made = make_pledges.whole_set(
        title="Medborgarlöften i år", period_start=day(-90), period_end=day(90), intro="Det här lovar vi."
    )
    make_pledges.commitment(pledge_set=made, text_as_promised=HOSTILE, how_we_know=HOSTILE)
    first = made.commitments.get(number=1)
    now, coordinator = timezone.now(), acting("coordinator")
    values = {"reading": "DAYS", "limit": 14, "active_from": made.period_start}
    rules.set_rule(first, values=values, by=coordinator, now=now)
    made = make_pledges.moved_to(made, "PUBLISHED")
    for back in (80, 70, 40):
        occurrences.log_held(
            fresh(first), organisation=department(), date=day(-back), by=coordinator, now=timezone.now()
        )
    make_pledges.answered(made.commitments.get(number=2))
    return fresh(made)


@pytest.fixture
def report(told) -> content.Report:
    return content.report_of(told, today=timezone.localdate())


def structure(document: pikepdf.Pdf) -> list[pikepdf.Object]:
    """The elements of the structure tree, in the order they are read."""
    found: list[pikepdf.Object] = []

    def walk(element: pikepdf.Object) -> None:
        if isinstance(element, pikepdf.Array):
            for one in element:
                walk(one)
        elif isinstance(element, pikepdf.Dictionary) and "/S" in element:
            found.append(element)
            if "/K" in element:
                walk(element["/K"])

    walk(document.Root.StructTreeRoot.K)
    return found


def test_it_says_what_the_page_says(report):
    lines = [line for area in report.areas for line in area.promises]

    assert (report.municipality, report.subtitle) == ("Lysekils kommun", "Medborgarlöften i år")
    assert [line.number for line in lines] == [1, 2, 3]
    assert lines[0].strip_svg.startswith("<svg")
    assert any("3 av 12 planerade" in words for words in lines[0].counted), lines[0].counted
    assert (lines[1].leads, lines[1].delivery, lines[1].answer) == (
        "Polisen, lokalpolisområde Västra Fyrbodal",
        "Genomförd",
        "Vi var där vi lovade.",
    )
    assert lines[2].text == HOSTILE
    assert sum(count for _words, count in report.deliveries) == 3


def test_the_pdf_is_tagged_for_those_who_listen(report):
    document = pikepdf.open(io.BytesIO(pdf.pdf_of(report)))

    assert document.Root.Lang == "sv"
    assert bool(document.Root.MarkInfo.Marked)
    assert bool(document.Root.ViewerPreferences.DisplayDocTitle)
    with document.open_metadata() as about:
        assert about["dc:title"] == "Uppföljning av medborgarlöften: Medborgarlöften i år"
        assert about["pdfuaid:part"] == "1"
    elements = structure(document)
    kinds = [str(element.S) for element in elements]
    assert kinds.count("/H1") >= 1
    assert "/H2" in kinds
    assert "/Table" in kinds
    assert "/TH" in kinds
    figures = [element for element in elements if element.S == "/Figure"]
    assert figures
    assert all(str(figure.get("/Alt", "")) for figure in figures)


def test_a_set_with_nothing_done_and_no_rhythm_has_a_report_too(people):
    made = make_pledges.published_set()

    data = pdf.pdf_of(content.report_of(made, today=timezone.localdate()))

    assert data.startswith(b"%PDF-")


def test_what_somebody_wrote_never_becomes_a_formula(report):
    data = xlsx.xlsx_of(report)
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    head, *rows = book.get_sheet_by_name("Löften").to_python()

    assert [row[head.index("Nummer")] for row in rows] == [1, 2, 3]
    assert rows[2][head.index("Löfte")] == HOSTILE
    assert book.get_sheet_by_name("Sammanfattning").to_python()[0][0] == "Lysekils kommun"
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
        assert "Medborgarlöften i år" in parts.read("docProps/core.xml").decode()
    assert "<f>" not in sheet
    assert "<hyperlink" not in sheet


def test_a_chart_escapes_its_words_and_says_them():
    rows = [("<b>Genomförd</b>", 2), ("Pågår", 0)]

    assert "&lt;b&gt;" in chart.bars(rows)
    assert chart.in_words(rows) == "<b>Genomförd</b>: 2, Pågår: 0"
    assert chart.bars([]).startswith("<svg")


@pytest.mark.parametrize(("kind", "start"), [("pdf", b"%PDF-"), ("xlsx", b"PK")])
def test_everybody_with_a_role_fetches_it_of_a_published_set(client_as, told, kind, start):
    answer = client_as("elected").get(url("report", told, kind))

    assert answer.status_code == 200
    assert answer.content.startswith(start)
    assert answer["Content-Disposition"] == f'attachment; filename="uppfoljning-{told.slug}.{kind}"'


def test_there_is_none_of_what_is_not_published(client_as, people):
    draft = make_pledges.whole_set()

    assert client_as("coordinator").get(url("report", draft, "pdf")).status_code == 404
    assert client_as("coordinator").get(url("report", draft, "exe")).status_code == 404


def test_a_set_taken_back_has_its_report(client_as, told):
    pledge_sets.withdraw(told, reason="Det blev fel.", by=acting("director"), now=timezone.now())

    assert client_as("auditor").get(url("report", told, "pdf")).status_code == 200
