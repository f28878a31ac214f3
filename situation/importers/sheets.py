"""Spreadsheets (XLSX, old XLS) as rows of text, read in a process of their own with bounded memory and time.

Before that the package is looked at: what would unpack too large, holds macros, links to other files or formulas is
refused with what to do. A sheet's cells come as a person sees them in the file: numbers as written with a point,
days as 2016-09-30.
"""

from __future__ import annotations

import json
import lzma
import re
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from .rows import FileRefused, Item, Note
from .text import signature_of

LARGEST_PACKED = 30 << 20
LARGEST_UNPACKED = 80 << 20
MOST_PARTS = 1_000
MOST_CELLS = 2_000_000
SECONDS = 20
READER = Path(__file__).with_name("sheet_reader.py")
CELL = re.compile(rb"<(?:\w+:)?(row|c|f)(?=[ />])([^>]{0,200})")
REFERENCE = re.compile(rb'\br="([A-Z]{0,3})(\d{1,8})"')
CHUNK = 1 << 20
# What unpacking a broken archive may raise.
BROKEN = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, NotImplementedError, RuntimeError),
    *(OSError, EOFError, ValueError),
)


@dataclass(frozen=True)
class Sheet:
    """One sheet: `rows` are (line, cells) of the rows that are not empty, from the first line of the sheet."""

    name: str
    rows: list[tuple[int, list[str]]]


def is_sheet(path: Path) -> bool:
    return signature_of(path) in ("XLS", "ZIP")


def items_of(path: Path, read: Callable[[Sheet], Iterable[Item]], *, nothing: str) -> Iterator[Item]:
    """What `read` finds on each sheet; one that it refuses as a whole is named in a Note.

    Raises FileRefused with the words `nothing` when no sheet could be read, and what names a line as it is.
    """
    read_any = False
    for sheet in read_sheets(path):
        try:
            yield from read(sheet)
            read_any = True
        except FileRefused as refused:
            if refused.line:
                raise
            yield Note(_("Bladet %(sheet)s läses inte: %(reason)s") % {"sheet": sheet.name, "reason": refused.reason})
    if not read_any:
        raise FileRefused(nothing)


def read_sheets(path: Path) -> Iterator[Sheet]:
    """Every sheet that holds something. Raises FileRefused for what is hostile, broken or too large."""
    guard(path)
    # -I: neither the working directory nor the user's settings decide what the reader imports.
    reader = subprocess.Popen(
        [sys.executable, "-I", str(READER), str(path)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    found = False
    try:
        assert reader.stdout is not None
        for line in reader.stdout:
            said = json.loads(line)
            if "refused" in said:
                raise FileRefused(_reason(said["refused"]))
            found = True
            yield Sheet(said["name"], [(number, cells) for number, cells in said["rows"]])
        if reader.wait(timeout=SECONDS):
            raise FileRefused(_reason("limits"))
    finally:
        reader.kill()
        reader.wait()
        if reader.stdout is not None:
            reader.stdout.close()
    if not found:
        raise FileRefused(_("Filen innehåller inget ifyllt blad."))


def _reason(word: str) -> str:
    reasons = {
        "broken": _("Arket går inte att läsa. Öppna det, spara det på nytt som XLSX eller CSV och försök igen."),
        "limits": _("Arket är för stort för att läsas. Spara bladet som CSV och försök igen."),
        "encrypted": _("Arket är skyddat med lösenord. Ta bort skyddet och försök igen."),
    }
    return reasons.get(word, reasons["broken"])


def guard(path: Path) -> None:
    """Refuse what no publisher sends, before anything is unpacked into memory."""
    size = path.stat().st_size
    if size > LARGEST_PACKED:
        raise FileRefused(_("Arket är större än 30 MB. Spara bladet som CSV och försök igen."))
    if signature_of(path) != "ZIP":
        return
    try:
        with zipfile.ZipFile(path) as package:
            _guard_package(package)
    except BROKEN as broken:
        raise FileRefused(_reason("broken")) from broken


def _guard_package(package: zipfile.ZipFile) -> None:
    parts = package.infolist()
    names = [part.filename.lower() for part in parts]
    if "[content_types].xml" not in names or not any(name.startswith("xl/") for name in names):
        raise FileRefused(_("Filen är ett ZIP-arkiv men inget kalkylark. Packa upp den och läs in filen i den."))
    unpacked = sum(part.file_size for part in parts)
    if unpacked > LARGEST_UNPACKED or len(parts) > MOST_PARTS:
        raise FileRefused(
            _("Arket blir %(size)d MB när det packas upp. Mer än 80 MB läses inte. Spara bladet som CSV.")
            % {"size": unpacked >> 20}
        )
    if any("vbaproject" in name for name in names):
        raise FileRefused(_("Arket innehåller makron. Spara det som XLSX utan makron och försök igen."))
    if any(name.startswith(("xl/externallinks/", "xl/connections", "xl/querytables/")) for name in names):
        raise FileRefused(_("Arket hämtar uppgifter från andra filer. Klistra in dem som värden och försök igen."))
    read = 0
    for part in parts:
        name = part.filename.lower()
        if name.startswith("xl/worksheets/") and name.endswith(".xml"):
            read += _guard_sheet(package, part)
            if read > LARGEST_UNPACKED:
                raise FileRefused(_reason("limits"))


def _guard_sheet(package: zipfile.ZipFile, part: zipfile.ZipInfo) -> int:
    """Refuse a sheet with formulas, or whose outer cells span more than can be held. Returns the bytes read."""
    read = rows = widest = in_row = lowest = 0
    rest = b""
    with package.open(part) as file:
        while chunk := file.read(CHUNK):
            read += len(chunk)
            if read > LARGEST_UNPACKED or b"<!DOCTYPE" in chunk or b"<!ENTITY" in chunk:
                raise FileRefused(_reason("limits" if read > LARGEST_UNPACKED else "broken"))
            text = rest + chunk
            end = max(text.rfind(b"<"), 0)
            text, rest = text[:end], text[end:][-400:]
            for found in CELL.finditer(text):
                kind, attributes = found.groups()
                place = REFERENCE.search(attributes)
                if kind == b"f":
                    raise FileRefused(
                        _("Arket innehåller formler. Klistra in cellerna som värden och spara det på nytt.")
                    )
                if kind == b"row":
                    rows, in_row = rows + 1, 0
                    lowest = max(lowest, int(place.group(2)) if place else rows)
                else:
                    in_row += 1
                    column = _column(place.group(1)) if place and place.group(1) else in_row
                    widest = max(widest, column)
                    lowest = max(lowest, int(place.group(2)) if place else rows)
            if widest * lowest > MOST_CELLS:
                raise FileRefused(
                    _(
                        "Bladet sträcker sig över %(rows)d rader och %(columns)d kolumner. "
                        "Ta bort tomma rader och kolumner, eller spara det som CSV."
                    )
                    % {"rows": lowest, "columns": widest}
                )
    return read


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
