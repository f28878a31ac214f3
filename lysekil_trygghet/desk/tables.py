"""Tables as files for spreadsheets: no cell is ever taken for a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

import xlsxwriter
from django.http import HttpResponse

# How a formula can begin, the wide signs of East Asian keyboards among them.
FORMULA = ("=", "+", "-", "@", "|", "%", "\t", "\r", "\n", "＝", "＋", "－", "＠")
# A number as a page writes it: it may begin with a minus.
NUMBER = re.compile(r"[-−]?[\d\u00a0 ]+(?:[.,]\d+)?(?:\u00a0%)?")


def harmless(value: object) -> str:
    """A cell that no spreadsheet takes for a formula."""
    text = str(value)
    if NUMBER.fullmatch(text):
        return text
    return f"'{text}" if text.lstrip().startswith(FORMULA) else text


def csv_answer(name: str, head: Sequence[object], rows: Iterable[Sequence[object]]) -> HttpResponse:
    """Semicolons and a byte order mark, as spreadsheets here expect. `name`: the file's, without its ending."""
    answer = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    writer = csv.writer(answer, delimiter=";")
    for row in (head, *rows):
        writer.writerow([harmless(cell) for cell in row])
    return answer


def xlsx_answer(
    name: str, head: Sequence[object], rows: Iterable[Sequence[object]], *, title: str = ""
) -> HttpResponse:
    """One sheet, the head bold and fixed; every cell is text, for it is what the page says."""
    held = io.BytesIO()
    with xlsxwriter.Workbook(held, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"title": title or name})
        sheet = book.add_worksheet()
        bold = book.add_format({"bold": True})
        for column, cell in enumerate(head):
            sheet.write_string(0, column, str(cell), bold)
        for line, row in enumerate(rows, start=1):
            for column, cell in enumerate(row):
                sheet.write_string(line, column, str(cell))
        sheet.freeze_panes(1, 0)
        sheet.autofit()
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    answer = HttpResponse(held.getvalue(), content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return answer
