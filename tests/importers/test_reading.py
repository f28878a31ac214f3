"""What every importer builds on: numbers, periods, places, and spreadsheets nobody should be able to hurt us with."""

from __future__ import annotations

import io
import resource
import subprocess
import sys
import time
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from situation.importers import numbers, places, sheets, text
from situation.importers.rows import FileRefused

from .files import names, real, sheet, written

# --- Numbers and periods -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written_as", "value"),
    [
        ("1012", 1012),
        ("1 012", 1012),
        ("1\u00a0012", 1012),
        ("1\u202f012", 1012),
        ("21,4", "21.4"),
        ("21.4", "21.4"),
        ("-3", -3),
        ("−3", -3),
        ("1.234.567", 1234567),
        ("1,234,567", 1234567),
        ("-", 0),
        ("–", 0),
        ("0", 0),
        ("1e3", 1000),
        ("0,1234567", "0.123457"),
    ],
)
def test_a_number_is_read_as_written_in_sweden(written_as, value):
    assert numbers.number(written_as) == Decimal(value)


@pytest.mark.parametrize("written_as", ["", " ", "..", ".", "…", "x", "NA", "null"])
def test_what_is_missing_is_nothing_and_never_zero(written_as):
    assert numbers.number(written_as) is None


@pytest.mark.parametrize("written_as", ["abc", "1e400", "9" * 30, "9" * 5_000, "1;2", "=1", "inf", "1-2", "--1"])
def test_what_is_no_number_says_so(written_as):
    with pytest.raises(numbers.NotANumber):
        numbers.number(written_as)


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=2))
def test_any_number_is_read_back_however_it_is_spaced(value):
    swedish = f"{value:,.2f}".replace(",", "\u00a0").replace(".", ",")
    assert numbers.number(swedish) == value


@given(st.text(max_size=60))
def test_any_text_is_a_number_or_is_refused(words):
    try:
        value = numbers.number(words)
    except numbers.NotANumber:
        return
    assert value is None or abs(value) < numbers.LARGEST


@pytest.mark.parametrize(
    ("words", "year", "is_period"),
    [
        ("2016", "", "2016"),
        ("2016 prel.", "", "2016"),
        ("År, 2016 prel.", "", "2016"),
        ("2016M09", "", "2016-09"),
        ("2016-09", "", "2016-09"),
        ("Sep 2016", "", "2016-09"),
        ("september", "2016", "2016-09"),
        ("2016K3", "", "2016-Q3"),
        ("kvartal 3", "2016", "2016-Q3"),
        ("Helår", "2016", "2016"),
        ("maj", "", None),
        ("1066", "", None),
        ("tisdag", "2016", None),
    ],
)
def test_a_period_is_read_in_one_way(words, year, is_period):
    assert numbers.period(words, year) == is_period


# --- Places ----------------------------------------------------------------------------------------------------


def test_the_official_list_is_whole():
    codes = list(places.official())
    assert (len(codes), sum(len(code) == 4 for code in codes), sum(len(code) == 2 for code in codes)) == (312, 290, 22)


@pytest.mark.parametrize(
    ("written_as", "code"),
    [
        ("1484 Lysekil", "1484"),
        ("Lysekil", "1484"),
        ("LYSEKIL", "1484"),
        ("Lysekils kommun", "1484"),
        ("Lysekil kommun", "1484"),
        ("Borås kommun", "1490"),
        ("Region Gotland", "0980"),
        ("428", "0428"),
        ("Hela landet", "00"),
        ("0000", "00"),
        ("14", "14"),
        ("0014", "14"),
        ("14 Västra Götalands län", "14"),
        ("Halland", "13"),
        ("Kalmar", "0880"),
        ("Kalmar län", "08"),
        ("1484R001", "1484R001"),
        ("1484C1010", "1484C1010"),
        ("1427 Soten\ufffds", "1427"),
        ("Atlantis", None),
        ("", None),
        ("9999", None),
        ("14 personer", None),
    ],
)
def test_a_place_is_found_by_any_of_its_names(written_as, code):
    assert places.code_of(written_as) == code


@pytest.mark.parametrize(
    "path", [one for one in real("lists") if "municipalities" in one.name], ids=lambda one: one.name
)
def test_every_spelling_of_the_real_list_is_found(path):
    unknown = {"1229", "1917"}  # abolished
    wrong = []
    for _line, cells in list(text.look_through(path).records())[1:]:
        label, short, code, scb = cells[0], cells[3], cells[4], cells[8]
        if code not in unknown and "före" not in label:
            wrong += [name for name in (label, short, code, scb) if places.code_of(name) != code]
    assert wrong == []


# --- Spreadsheets ---------------------------------------------------------------------------------------------


def test_a_sheet_is_read_as_a_person_sees_it(tmp_path):
    path = sheet(tmp_path, "a.xlsx", [["Titel"], [], ["Kommun", "Antal"], ["Lysekil\u00a0", 13.0, 2.5, True]])
    (found,) = sheets.read_sheets(path)
    assert found.rows == [(1, ["Titel"]), (3, ["Kommun", "Antal"]), (4, ["Lysekil", "13", "2.5", "1"])]


SPREADSHEETS = [path for path in real("lists", "ugly", "scb", "kolada") if path.suffix in (".xls", ".xlsx")]


@pytest.mark.parametrize("path", SPREADSHEETS, ids=names(SPREADSHEETS))
def test_every_real_spreadsheet_opens(path):
    assert all(one.rows for one in sheets.read_sheets(path))


def package(tmp_path: Path, **parts: bytes) -> Path:
    """An XLSX package put together by hand: the smallest valid one, with parts added or replaced."""
    whole = zipfile.ZipFile(sheet(tmp_path, "base.xlsx", [["Kommun", "Antal"], ["Lysekil", 1]]))
    path = tmp_path / "made.xlsx"
    held = {name: whole.read(name) for name in whole.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in (held | {name.replace("__", "/"): content for name, content in parts.items()}).items():
            made.writestr(name, content)
    return path


def worksheet(cells: bytes) -> bytes:
    main = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return b'<?xml version="1.0"?><worksheet xmlns="' + main + b'"><sheetData>' + cells + b"</sheetData></worksheet>"


SHEET = "xl__worksheets__sheet1.xml"


def hostile(tmp_path: Path, kind: str) -> Path:
    """A spreadsheet nobody sends by mistake."""
    if kind == "bomb":
        return package(tmp_path, **{SHEET: worksheet(b'<row r="1">' + b"<c/>" * 30_000_000 + b"</row>")})
    if kind == "far cell":
        return package(tmp_path, **{SHEET: worksheet(b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')})
    if kind == "ten million columns":
        return package(tmp_path, **{SHEET: worksheet(b'<row r="1">' + b"<c/>" * 10_000_000 + b"</row>")})
    if kind == "formula":
        return package(tmp_path, **{SHEET: worksheet(b'<row r="1"><c r="A1"><f>1+1</f><v>2</v></c></row>')})
    if kind == "macro":
        return package(tmp_path, xl__vbaProject__bin=b"x", **{"xl__vbaProject.bin": b"x"})
    if kind == "link":
        return package(tmp_path, **{"xl__externalLinks__externalLink1.xml": b"<x/>"})
    if kind == "entity":
        return package(tmp_path, **{SHEET: b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + worksheet(b"")})
    if kind == "many parts":
        return package(tmp_path, **{f"xl__media__{number}.png": b"x" for number in range(1_200)})
    if kind == "archive":
        inside = io.BytesIO()
        with zipfile.ZipFile(inside, "w") as made:
            made.writestr("a.csv", "x")
        return written(tmp_path, "a.xlsx", inside.getvalue())
    if kind == "cut":
        return written(tmp_path, "a.xlsx", package(tmp_path).read_bytes()[:700])
    if kind == "old and broken":
        return written(tmp_path, "a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 5_000)
    assert kind == "empty"
    return sheet(tmp_path, "a.xlsx", [])


KINDS = {
    "bomb": "packas upp",
    "far cell": "sträcker sig över 1048576 rader",
    "ten million columns": "sträcker sig över|för stort",
    "formula": "formler",
    "macro": "makron",
    "link": "andra filer",
    "entity": "går inte att läsa",
    "many parts": "packas upp",
    "archive": "inget kalkylark",
    "cut": "går inte att läsa",
    "old and broken": "går inte att läsa",
    "empty": "inget ifyllt blad",
}


@pytest.mark.parametrize(("kind", "words"), KINDS.items())
def test_a_hostile_spreadsheet_is_refused_with_what_to_do_within_seconds(tmp_path, kind, words):
    path = hostile(tmp_path, kind)
    begun = time.monotonic()
    with pytest.raises(FileRefused, match=words):
        list(sheets.read_sheets(path))
    assert time.monotonic() - begun < 20


PROBE = """
import resource, sys
import django
from django.conf import settings
settings.configure(USE_I18N=False)
from pathlib import Path
from situation.importers import bra, sheets, text
from situation.importers.rows import FileRefused
try:
    for _item in bra.read(Path(sys.argv[1]), name="brott-2025.csv").items:
        pass
    print("read", end=" ")
except FileRefused:
    print("refused", end=" ")
# Not ru_maxrss of this process: it remembers the one that started it.
own = next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(max(own, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss) // 1024)
"""


def measured(path: Path) -> tuple[str, int]:
    """What became of it, and the most memory it took in MB, the reader's process counted."""
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run(
        [sys.executable, "-c", PROBE, str(path)], cwd=root, capture_output=True, text=True, timeout=60, check=True
    )
    word, megabytes = done.stdout.split()
    return word, int(megabytes)


@pytest.mark.parametrize("kind", ["bomb", "far cell", "ten million columns", "many parts"])
def test_a_hostile_spreadsheet_never_takes_300_megabytes(tmp_path, kind):
    word, megabytes = measured(hostile(tmp_path, kind))
    assert word == "refused"
    assert megabytes < 300


def test_a_long_text_takes_as_little_memory_as_a_short_one(tmp_path):
    def rows(count: int) -> Path:
        path = tmp_path / f"{count}.csv"
        with path.open("w") as file:
            file.write("Region;Brott;År;Antal\n")
            for number in range(count):
                file.write(f"Lysekil;Rån {number % 50};{1990 + number % 30};{number}\n")
        return path

    (few, small), (many, large) = measured(rows(1_000)), measured(rows(200_000))
    assert (few, many) == ("read", "read")
    assert large / small <= 1.2


def test_two_gigabytes_are_refused_at_once(tmp_path):
    path = tmp_path / "a.csv"
    with path.open("wb") as file:
        file.write(b"Kommun;Antal\n")
        file.truncate(2 << 30)
    begun = time.monotonic()
    with pytest.raises(FileRefused, match="större än 1 GB"):
        text.look_through(path)
    assert time.monotonic() - begun < 1


def test_the_readers_limits_are_the_operating_systems():
    assert resource.RLIMIT_AS
    assert "setrlimit" in sheets.READER.read_text(encoding="utf-8")
