"""Files for the importers' tests: small ones written here, the publishers' own where they are at hand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import xlsxwriter

REAL = Path(__file__).resolve().parents[3] / "shared" / "data"


def real(*folders: str) -> list[Path]:
    """Every file of those folders; none where the folder is not there."""
    return sorted(path for folder in folders for path in (REAL / folder).rglob("*") if path.is_file())


def names(paths: list[Path]) -> list[str]:
    return [str(path.relative_to(REAL)) for path in paths]


def written(folder: Path, name: str, text: str | bytes, encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
    return path


def sheet(folder: Path, name: str, *sheets: list[list[object]]) -> Path:
    """An XLSX file with one sheet for each list of rows."""
    path = folder / name
    with xlsxwriter.Workbook(path) as book:
        for rows in sheets:
            page = book.add_worksheet()
            for line, cells in enumerate(rows):
                for column, cell in enumerate(cells):
                    page.write(line, column, cell)
    return path


def of_kind[T](items: Iterator[object], kind: type[T]) -> list[T]:
    return [item for item in items if isinstance(item, kind)]
