"""The report as XLSX: one line a promise, and a sheet with the counts and their chart. Texts are never formulas."""

from __future__ import annotations

import io
from typing import Final

import xlsxwriter

from .content import Report

HEAD: Final = (
    ("Område", 24),
    ("Nummer", 9),
    ("Löfte", 50),
    ("Leder", 26),
    ("Medverkar", 26),
    ("Genomförande", 20),
    ("Mål", 18),
    ("Räknat", 36),
    ("Varför", 36),
    ("Vad gjordes", 40),
    ("Så gick det", 50),
    ("Så lovades det", 40),
)


def xlsx_of(report: Report) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties(
        {"title": f"{report.title}: {report.subtitle}", "company": report.municipality, "subject": report.period}
    )
    bold = book.add_format({"bold": True})
    head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    sheet = book.add_worksheet("Löften")
    sheet.freeze_panes(1, 3)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.set_footer(f"&L{report.municipality}, {report.made_on}&RSida &P av &N")
    for place, (word, width) in enumerate(HEAD):
        sheet.set_column(place, place, width, wrap)
        sheet.write_string(0, place, word, head)
    at = 0
    for area in report.areas:
        for promise in area.promises:
            at += 1
            sheet.write_string(at, 0, f"{area.letter}. {area.title}", wrap)
            sheet.write_number(at, 1, promise.number, wrap)
            texts = (
                *(promise.text, promise.leads, promise.helpers, promise.delivery, promise.goal),
                *("\n".join(promise.counted), promise.reason, promise.done, promise.answer, promise.amended),
            )
            for place, text in enumerate(texts, start=2):
                sheet.write_string(at, place, text, wrap)
    if at:
        sheet.autofilter(0, 0, at, len(HEAD) - 1)
    _summary(book, report, bold)
    book.close()
    return out.getvalue()


def _summary(book: xlsxwriter.Workbook, report: Report, bold: object) -> None:
    sheet = book.add_worksheet("Sammanfattning")
    sheet.set_column(0, 0, 34)
    rows = (report.municipality, f"{report.title}: {report.subtitle}", report.period, report.state, report.made_on)
    for at, text in enumerate(rows):
        sheet.write_string(at, 0, text, bold if at < 2 else None)
    first = len(rows) + 1
    sheet.write_string(first, 0, "Genomförande", bold)
    for at, (label, count) in enumerate(report.deliveries, start=first + 1):
        sheet.write_string(at, 0, label)
        sheet.write_number(at, 1, count)
    if report.deliveries:
        last = first + len(report.deliveries)
        chart = book.add_chart({"type": "bar"})
        chart.add_series(
            {
                "name": "Löften",
                "categories": ["Sammanfattning", first + 1, 0, last, 0],
                "values": ["Sammanfattning", first + 1, 1, last, 1],
            }
        )
        chart.set_title({"name": "Löftena efter genomförande"})
        chart.set_legend({"none": True})
        sheet.insert_chart(
            first, 3, chart, {"description": "Löftena efter genomförande, samma siffror som till vänster"}
        )
    at = first + len(report.deliveries) + 2
    if report.goals:
        sheet.write_string(at, 0, "Mål", bold)
        for label, count in report.goals:
            at += 1
            sheet.write_string(at, 0, label)
            sheet.write_number(at, 1, count)
    sheet.write_string(at + 2, 0, report.note)
