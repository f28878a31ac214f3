"""Text files of unknown making: encoding, delimiter and lines found by looking, in bounded memory.

A first pass over the bytes finds what the file is (and refuses what is no text); the second gives its records.
"""

from __future__ import annotations

import codecs
import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from .rows import FileRefused

CHUNK = 1 << 18
LARGEST_TEXT = 1 << 30
LONGEST_LINE = 1 << 20
MOST_COLUMNS = 2_000
LOOKED_AT = 200
DELIMITERS = (";", ",", "\t", "|")
# How other kinds of file begin.
SIGNATURES = (
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"%PDF", "PDF"),
    (b"PK\x03\x04", "ZIP"),
    (b"PK\x05\x06", "ZIP"),
    (b"\xd0\xcf\x11\xe0", "XLS"),
    (b"\x1f\x8b", "GZIP"),
    (b"7z\xbc\xaf", "7Z"),
    (b"SQLite format 3", "SQLITE"),
)
# Bytes that CP1252 leaves undefined: a file that holds one is Latin-1.
NOT_CP1252 = bytes((0x81, 0x8D, 0x8F, 0x90, 0x9D))
C1_BYTES = bytes(range(0x80, 0xA0))
# Control characters no text holds; tab, line feed, carriage return, form feed and Ctrl-Z at the end are let through.
CONTROLS = bytes(set(range(0x20)) - {0x09, 0x0A, 0x0D, 0x0C, 0x1A})


def signature_of(path: Path) -> str:
    """ "XLS", "ZIP", "PNG"… by the first bytes; "" for text."""
    with path.open("rb") as file:
        start = file.read(16)
    return next((name for begins, name in SIGNATURES if start.startswith(begins)), "")


@dataclass(frozen=True)
class TextFile:
    """A text file that was looked through once: how to read it, and how many lines there are."""

    path: Path
    encoding: str
    lines: int

    def records(self, delimiter: str = "") -> Iterator[tuple[int, list[str]]]:
        """(line, cells) of each record that is not empty; the line is where the record begins. Cells are stripped
        of spaces and NBSP. Raises FileRefused at a quote that is never closed and at too many columns."""
        delimiter = delimiter or self.delimiter()
        with self.path.open(encoding=self.encoding, newline="", errors="strict") as file:
            reader = csv.reader(_bounded(file), delimiter=delimiter)
            begins = 1
            while True:
                try:
                    cells = next(reader)
                except StopIteration:
                    return
                except csv.Error as wrong:
                    raise FileRefused(
                        _("Raden går inte att läsa. Ofta saknas ett citattecken. Rätta den och försök igen."),
                        line=begins,
                    ) from wrong
                if len(cells) > MOST_COLUMNS:
                    raise FileRefused(_too_wide(len(cells)), line=begins)
                line, begins = begins, reader.line_num + 1
                if cells and any(cells):
                    yield line, [cell.strip(" \u00a0\t\r\x0c\x1a") for cell in cells]

    def delimiter(self) -> str:
        """The one that splits the first lines into the most even columns; a semicolon when nothing does."""
        with self.path.open(encoding=self.encoding, newline="") as file:
            sample = [line for _turn, line in zip(range(LOOKED_AT), _bounded(file), strict=False) if line.strip()]
        best, most = ";", 0.0
        for delimiter in DELIMITERS:
            try:
                widths = Counter(len(cells) for cells in csv.reader(sample, delimiter=delimiter) if cells)
            except csv.Error:
                continue
            width, times = max(widths.items(), key=lambda pair: (pair[0] > 1, pair[1]), default=(1, 0))
            score = times / max(sum(widths.values()), 1) + min(width, 20) / 1000 if width > 1 else 0.0
            if score > most:
                best, most = delimiter, score
        return best


def look_through(path: Path) -> TextFile:
    """Find out how the text is written. Raises FileRefused for what is no text, is empty or far too large."""
    size = path.stat().st_size
    if size == 0:
        raise FileRefused(_("Filen är tom. Hämta den på nytt."))
    if size > LARGEST_TEXT:
        raise FileRefused(_("Filen är större än 1 GB. Dela upp den, till exempel ett år i varje fil."))
    kind = signature_of(path)
    if kind:
        raise FileRefused(
            _("Filen är inte en textfil, fast namnet säger det. Den är av slaget %(kind)s. Hämta den på nytt.")
            % {"kind": kind}
        )
    utf8 = codecs.getincrementaldecoder("utf-8")()
    is_utf8, c1, undefined, lines, in_line = True, False, False, 0, 0
    last = b"\n"
    with path.open("rb") as file:
        first = file.read(4)
        if first[:2] in (b"\xff\xfe", b"\xfe\xff"):
            raise FileRefused(_("Filen är sparad som Unicode (UTF-16). Spara den som CSV UTF-8 och försök igen."))
        bom = first.startswith(codecs.BOM_UTF8)
        file.seek(0)
        while chunk := file.read(CHUNK):
            if chunk.translate(None, CONTROLS) != chunk:
                at = lines + chunk[: next(i for i, byte in enumerate(chunk) if byte in CONTROLS)].count(b"\n") + 1
                raise FileRefused(
                    _("Filen innehåller tecken som inte är text. Spara den på nytt som CSV UTF-8."), line=at
                )
            if is_utf8:
                try:
                    utf8.decode(chunk)
                except UnicodeDecodeError:
                    is_utf8 = False
            if not c1 and chunk.translate(None, C1_BYTES) != chunk:
                c1 = True
            if not undefined and chunk.translate(None, NOT_CP1252) != chunk:
                undefined = True
            lines += chunk.count(b"\n")
            in_line = _longest(chunk, in_line, lines)
            last = chunk[-1:]
        if is_utf8:
            try:
                utf8.decode(b"", final=True)
            except UnicodeDecodeError:
                is_utf8 = False
    if bom and not is_utf8:
        raise FileRefused(_("Filen börjar som UTF-8 men är det inte hela vägen. Spara den på nytt som CSV UTF-8."))
    if is_utf8:
        encoding = "utf-8-sig" if bom else "utf-8"
    else:
        encoding = "cp1252" if c1 and not undefined else "latin-1"
    return TextFile(path, encoding, lines + (last != b"\n"))


def _longest(chunk: bytes, before: int, line: int) -> int:
    """How long the line is that the chunk ends in. Raises FileRefused when a line is longer than any real one."""
    end = chunk.rfind(b"\n")
    longest = before + (chunk.find(b"\n") if end >= 0 else len(chunk))
    if longest > LONGEST_LINE:
        raise FileRefused(_too_wide(0), line=max(line, 1))
    return len(chunk) - end - 1 if end >= 0 else longest


def _bounded(file: Iterator[str]) -> Iterator[str]:
    """Lines of the file. One line is at most LONGEST_LINE long: look_through saw to that."""
    csv.field_size_limit(LONGEST_LINE)
    yield from file


def _too_wide(columns: int) -> str:
    if columns:
        return _("Raden har %(columns)d kolumner. Fler än %(most)d läses inte. Ta bort kolumner som inte behövs.") % {
            "columns": columns,
            "most": MOST_COLUMNS,
        }
    return _("Filen har en rad som är längre än en miljon tecken. Kontrollera att det är rätt fil.")
