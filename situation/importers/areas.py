"""Maps with the borders of areas: GeoJSON, GeoPackage and zipped shapefile, read in a process of their own.

Before that the file is looked at: what would unpack too large, leads to other files or is of another kind is refused
with what to do. Nothing in a map is followed to another file or to the network.
"""

from __future__ import annotations

import codecs
import json
import lzma
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any

from django.utils.translation import gettext as _

from . import places
from .rows import SWEDEN, AreaRow, FileRefused, Item, LineError, Note, Reading

FORMAT = "areas"
LARGEST = 60 << 20
LARGEST_JSON = 30 << 20
LARGEST_UNPACKED = 200 << 20
MOST_MEMBERS = 50
CHUNK = 1 << 20
READER = Path(__file__).with_name("area_reader.py")
# What zipfile raises for an archive that is not what it says.
BROKEN_ARCHIVE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    NotImplementedError,
    RuntimeError,
    OSError,
    EOFError,
    ValueError,
)
CODE_PAGES = {
    "UTF-8": ("utf-8", "utf8", "65001"),
    "1252": ("1252", "cp1252", "windows-1252"),
    "ISO-8859-1": ("iso-8859-1", "iso88591", "iso8859-1", "iso 8859-1", "88591", "latin1", "28591"),
}
SHAPE_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")

# Every driver of GDAL but those for GeoPackage and shapefile; a name this GDAL does not have is passed over.
SKIPPED_DRIVERS = (
    "OGR_VRT,VRT,GTI,GDALG,CSV,CSW,HTTP,WFS,WMS,WMTS,WCS,OAPIF,OGCAPI,GML,GMLAS,GMLJP2,KML,LIBKML,KMLSUPEROVERLAY,"
    "GPX,GPSBabel,GeoRSS,SQLite,MBTiles,MVT,PMTiles,PGDUMP,PostgreSQL,PostgisRaster,MySQL,ODBC,MSSQLSpatial,Carto,"
    "AmigoCloud,Elasticsearch,NGW,PLSCENES,PLMosaic,EEDA,EEDAI,ADBC,Arrow,Parquet,FlatGeobuf,GeoJSON,GeoJSONSeq,"
    "ESRIJSON,TopoJSON,JSONFG,STACIT,STACTA,DGN,DXF,DWG,CAD,S57,SXF,OSM,PDF,PDS4,OGR_PDS,PDS,VICAR,XLSX,XLS,ODS,MEM,"
    "Memory,MapML,MiraMonVector,OGR_GMT,Idrisi,OpenFileGDB,FileGDB,PCIDSK,Selafin,TIGER,VDV,VFK,WAsP,EDIGEO,JML,"
    "LVBAG,GTFS,NAS,Interlis 1,Interlis 2,AVCBin,AVCE00,AIVector,DAAS,netCDF,HDF5,DERIVED,MapInfo File,UK .NTF"
)
GDAL = {
    "OGR_SKIP": SKIPPED_DRIVERS,
    "GDAL_DRIVER_PATH": "disable",
    "GDAL_DISABLE_READDIR_ON_OPEN": "TRUE",
    "GDAL_VRT_ENABLE_PYTHON": "NO",
    "GDAL_PAM_ENABLED": "NO",
    "GDAL_NUM_THREADS": "1",
    "GDAL_CACHEMAX": "64",
    "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": "none",
    "OGR_SQLITE_STATIC_VIRTUAL_OGR": "NO",
    "PROJ_NETWORK": "OFF",
    # Each thread of the arithmetic library would hold memory of its own.
    "OPENBLAS_NUM_THREADS": "1",
}

# --- Which column holds what, by names in lower case ----------------------------------------------------------

COUNTY, MUNICIPALITY, REGSO, DESO = "COUNTY", "MUNICIPALITY", "REGSO", "DESO"
# The finest first: a file of DeSO has columns for all it is part of.
CODES = {
    DESO: ("desokod", "deso_kod", "deso_code", "deso"),
    REGSO: ("regsokod", "regso_kod", "regso_code", "regso"),
    MUNICIPALITY: (
        "kommunkod",
        "knkod",
        "kommun_kod",
        "kom_kod",
        "komkod",
        "kommun_code",
        "municipality_code",
        "kommun",
    ),
    COUNTY: ("lanskod", "länskod", "lnkod", "lankod", "lan_kod", "lan_code", "county_code", "länkod", "lan", "län"),
}
ANY_CODE = ("id", "kod", "code", "områdeskod", "omradeskod", "area_code")
NAMES = {
    DESO: ("desonamn", "deso_namn"),
    REGSO: ("regsonamn", "regso_namn", "regso"),
    MUNICIPALITY: ("kommunnamn", "kom_namn", "knnamn", "kommun_namn", "kommun"),
    COUNTY: ("lansnamn", "länsnamn", "lnnamn", "lannamn", "lan_namn", "länsnamn", "lan", "län"),
}
ANY_NAME = ("namn", "name", "områdesnamn", "omradesnamn", "area_name")
VERSIONS = ("version", "area_version", "referensdatum", "giltig_from")
SHAPES = {
    DESO: re.compile(r"\d{4}[ABC]\d{4}"),
    REGSO: re.compile(r"\d{4}R\d{3}"),
    # A table program that took the code for a number lost its first zero.
    MUNICIPALITY: re.compile(r"\d{3,4}"),
    COUNTY: re.compile(r"\d{1,2}"),
}
YEAR = re.compile(r"(?<!\d)(20[0-4]\d)(?=\D|0[1-9]|1[0-2]|$)")
IS_FOUND = 0.5


def read(path: Path, *, name: str = "", kind: str = "", version: str = "") -> Reading:
    """Areas of one kind with their borders, as AreaRow: geometry in WGS 84, degrees with five decimals (about 1 m).

    `name`: what the file was called when it was sent; a year in it is the version when no column and no `version`
    tells one. `kind` (AreaKind): what the file must hold; "" takes what it holds. `line` is the number of the feature.
    Raises FileRefused, here or while the rows are read. Shapes of the codes: SCB, statistical areas; order and
    turning of the coordinates: RFC 7946.
    """
    driver = _driver_of(path)
    about: dict[str, str] = {}
    if driver == "TABLE":
        return Reading(FORMAT, iter(_lookup(path)), encoding="utf-8", about=about)
    return Reading(FORMAT, _Rows(name=name, kind=kind, version=version, about=about).read(path, driver), about=about)


# --- What kind of file it is ----------------------------------------------------------------------------------


def _driver_of(path: Path) -> str:
    """GeoJSON, GPKG, ZIP or TABLE by the first bytes and what stands in it. Raises FileRefused for anything else."""
    size = path.stat().st_size
    if size == 0:
        raise FileRefused(_("Filen är tom. Hämta den på nytt."))
    if size > LARGEST:
        raise FileRefused(_("Kartan är större än 60 MB. Hämta en förenklad karta, eller en för bara din kommun."))
    with path.open("rb") as file:
        begins = file.read(4096)
    if begins.startswith(b"SQLite format 3\0"):
        return "GPKG"
    if begins.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        _guard_archive(path)
        return "ZIP"
    if begins.removeprefix(codecs.BOM_UTF8).lstrip()[:1] == b"{":
        return _guard_json(path, size)
    if begins[:4] == b"\x00\x00\x27\x0a":
        raise FileRefused(_("En SHP-fil räcker inte. Packa den i ett ZIP-arkiv med sina DBF-, SHX- och PRJ-filer."))
    raise FileRefused(_("Filen är ingen karta som kan läsas. Spara den som GeoJSON, GeoPackage eller shapefil i ZIP."))


def _guard_json(path: Path, size: int) -> str:
    if size > LARGEST_JSON:
        raise FileRefused(_("Kartan är större än 30 MB. Spara den som GeoPackage, eller hämta en förenklad karta."))
    text = path.read_bytes()
    if b'"FeatureCollection"' in text:
        return "GeoJSON"
    if re.match(rb'(?:\xef\xbb\xbf)?\s*\{\s*"\d{4}(?:R\d{3}|[ABC]\d{4})"\s*:\s*"', text):
        return "TABLE"
    raise FileRefused(_reason("collection"))


def _lookup(path: Path) -> list[Item]:
    """A table of codes and names holds no borders: one note, no rows."""
    try:
        said = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as broken:
        raise FileRefused(_reason("broken")) from broken
    return [
        Note(
            _(
                "Filen är en lista med namn på %(number)d områden, utan gränser. Inget läses in av den. "
                "Hämta kartan med områdena i stället."
            )
            % {"number": len(said)}
        )
    ]


def _guard_archive(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            members = [member for member in archive.infolist() if not member.is_dir()]
    except BROKEN_ARCHIVE as broken:
        raise FileRefused(_reason("broken")) from broken
    if len(members) > MOST_MEMBERS:
        raise FileRefused(_("Arkivet innehåller fler än 50 filer. Packa bara kartans egna filer i det."))
    unpacked = sum(member.file_size for member in members)
    if unpacked > LARGEST_UNPACKED:
        raise FileRefused(
            _("Arkivet blir %(size)d MB när det packas upp. Mer än 200 MB läses inte. Hämta en förenklad karta.")
            % {"size": unpacked >> 20}
        )
    for member in members:
        parts = re.split(r"[/\\]", member.filename)
        is_link = (member.external_attr >> 16) & 0o170000 == 0o120000
        if ".." in parts or not parts[0] or ":" in parts[0] or is_link:
            raise FileRefused(_("Arkivet vill skriva filer utanför sin egen mapp. Packa kartan på nytt."))
        if member.flag_bits & 0x1:
            raise FileRefused(_("Arkivet är skyddat med lösenord. Ta bort skyddet och försök igen."))


@contextmanager
def _laid_out(path: Path, driver: str) -> Iterator[tuple[str, Path]]:
    """The driver and the file for it, in a folder that holds nothing but the map's own files under our names."""
    if driver == "GeoJSON":
        yield driver, path
        return
    with tempfile.TemporaryDirectory(prefix="areas-") as made:
        folder = Path(made)
        if driver == "GPKG":
            yield driver, Path(shutil.copyfile(path, folder / "areas.gpkg"))
        else:
            yield _unpack(path, folder)


def _unpack(path: Path, folder: Path) -> tuple[str, Path]:
    try:
        with zipfile.ZipFile(path) as archive:
            members = [
                member
                for member in archive.infolist()
                if not member.filename.startswith("__MACOSX/")
                and not PurePosixPath(member.filename).name.startswith(".")
            ]
            by_suffix = {
                suffix: [one for one in members if one.filename.lower().endswith(suffix)]
                for suffix in (".shp", ".gpkg", ".geojson", ".json")
            }
            maps = [(suffix, one) for suffix, found in by_suffix.items() for one in found]
            if not maps:
                raise FileRefused(_("Arkivet innehåller ingen karta: varken SHP, GeoPackage eller GeoJSON."))
            if len(maps) > 1:
                raise FileRefused(_("Arkivet innehåller flera kartor. Packa en karta i varje arkiv."))
            suffix, found = maps[0]
            if suffix != ".shp":
                target = folder / ("areas.gpkg" if suffix == ".gpkg" else "areas.json")
                _take_out(archive, found, target)
                driver = _driver_of(target)
                if driver not in ("GPKG", "GeoJSON"):
                    raise FileRefused(_reason("broken"))
                return driver, target
            stem = found.filename[:-4].lower()
            parts = {one.filename[-4:].lower(): one for one in members if one.filename[:-4].lower() == stem}
            if ".dbf" not in parts or ".shx" not in parts:
                raise FileRefused(_("Arkivet saknar kartans DBF-fil eller SHX-fil. Packa alla kartans filer i det."))
            for part in SHAPE_PARTS:
                if part in parts:
                    _take_out(archive, parts[part], folder / f"areas{part}")
            page = _code_page(folder / "areas.dbf", folder / "areas.cpg")
            (folder / "areas.cpg").write_text(page, encoding="ascii")
            return "ESRI Shapefile", folder / "areas.shp"
    except BROKEN_ARCHIVE as broken:
        raise FileRefused(_reason("broken")) from broken


def _take_out(archive: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path) -> None:
    """Unpack as much as the member declares, which the guard has counted; more than that is a broken archive."""
    left = member.file_size
    with archive.open(member) as packed, target.open("wb") as file:
        while chunk := packed.read(CHUNK):
            left -= len(chunk)
            if left < 0:
                raise FileRefused(_reason("broken"))
            file.write(chunk)


def _code_page(table: Path, said: Path) -> str:
    """How the texts of a DBF are written, as GDAL names it: what the .cpg file says when it names one we know.

    Without: UTF-8 if the text is that, else CP1252. Language byte 0x57 (at offset 29) means the Windows code page of
    the place, in Sweden 1252.
    """
    if said.exists():
        with said.open("rb") as file:
            word = file.read(40).decode("ascii", errors="replace").strip().lower().removeprefix("ansi ")
        for page, names in CODE_PAGES.items():
            if word in names:
                return page
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with table.open("rb") as file:
            # What the header tells of itself is no text.
            file.seek(int.from_bytes(file.read(10)[8:], "little"))
            while chunk := file.read(CHUNK):
                decoder.decode(chunk)
    except UnicodeDecodeError:
        return "1252"
    return "UTF-8"


# --- The reader -----------------------------------------------------------------------------------------------


def _said_by_reader(path: Path, driver: str) -> Iterator[dict[str, Any]]:
    """What the reader writes, line by line. Raises FileRefused when it refuses or meets its limits."""
    wanted = {name for names in CODES.values() for name in names}
    with _laid_out(path, driver) as (opened, file):
        # -I and an environment of our own: neither folder nor settings decide what the reader imports or knows.
        reader = subprocess.Popen(
            [sys.executable, "-I", str(READER), str(file), opened, *sorted(wanted)],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            stdin=subprocess.DEVNULL,
            cwd=file.parent,
            env=GDAL,
        )
        is_whole = False
        try:
            assert reader.stdout is not None
            for line in reader.stdout:
                said = json.loads(line)
                if "refused" in said:
                    raise FileRefused(_reason(said["refused"], detail=said["detail"]))
                if "end" in said:
                    is_whole = True
                    break
                yield said
        except ValueError as cut_off:
            raise FileRefused(_reason("limits")) from cut_off
        finally:
            reader.kill()
            reader.wait()
            if reader.stdout is not None:
                reader.stdout.close()
        if not is_whole:
            raise FileRefused(_reason("limits"))


def _reason(word: str, *, detail: object = "") -> str:
    reasons = {
        "broken": _("Kartan går inte att läsa. Öppna den i ett kartprogram, spara den på nytt och försök igen."),
        "limits": _("Kartan är för stor eller för detaljerad för att läsas. Hämta en förenklad karta."),
        "collection": _("Filen är ingen GeoJSON-karta med områden (FeatureCollection). Spara kartan på nytt."),
        "empty": _("Kartan innehåller inga områden."),
        "elsewhere": _("Kartan hämtar uppgifter från annat håll. Spara den som en ny GeoPackage och försök igen."),
        "features": _("Kartan har %(detail)s områden. Fler än 10 000 läses inte. Hämta en karta för din kommun.")
        % {"detail": detail},
        "columns": _("Kartan har fler än %(detail)s kolumner. Ta bort de som inte behövs.") % {"detail": detail},
        "layers": _("Kartan har flera lager: %(detail)s. Spara det lager du vill läsa in i en egen fil.")
        % {"detail": detail},
        "system": _("Det går inte att se vilket koordinatsystem kartan har. Spara den i WGS 84 eller SWEREF 99 TM."),
        "mismatch": _(
            "Kartan säger att den har koordinatsystemet EPSG:%(detail)s, men talen hör till ett annat. "
            "Ange rätt koordinatsystem i kartprogrammet och spara den på nytt."
        )
        % {"detail": detail},
        "outside": _("Områdena ligger inte i Sverige. Kontrollera kartans koordinatsystem."),
    }
    return reasons.get(word, reasons["broken"])


# --- Rows -----------------------------------------------------------------------------------------------------


class _Rows:
    """Features into rows; remembers the codes that have been."""

    def __init__(self, *, name: str, kind: str, version: str, about: dict[str, str]) -> None:
        self.name, self.wanted, self.version, self.about = name, kind, version, about
        self.lines: dict[str, int] = {}
        self.kind = self.code_column = ""
        self.columns: dict[str, str] = {}

    def read(self, path: Path, driver: str) -> Iterator[Item]:
        said = _said_by_reader(path, driver)
        head = next(said)
        self.about |= {"coordinates": f"EPSG:{head['epsg']}", "areas": str(head["total"])}
        self._look(head["columns"])
        if head["turned"]:
            yield Note(_("Koordinaterna stod i omvänd ordning, med latitud eller norr först. De har vänts rätt."))
        if head["named"] is None and head["epsg"] != 4326:
            yield Note(_("Kartan säger inte vilket koordinatsystem den har. Av talen syns att det är SWEREF 99 TM."))
        for feature in said:
            yield self._row(feature)

    def _look(self, samples: dict[str, list[str]]) -> None:
        """Decide from the columns which kind of area the file has and where its code stands."""
        self.columns = {}
        for column in samples:
            self.columns.setdefault(column.strip().lower(), column)
        for kind, candidates in CODES.items():
            for candidate in (*candidates, *ANY_CODE):
                if self._fits(kind, samples.get(self.columns.get(candidate, ""), [])):
                    return self._decide(kind, self.columns[candidate])
        for kind in (COUNTY, MUNICIPALITY):
            for candidate in (*NAMES[kind], *ANY_NAME):
                texts = samples.get(self.columns.get(candidate, ""), [])
                if texts and sum(bool(_code_by_name(text, kind)) for text in texts) > len(texts) * IS_FOUND:
                    return self._decide(kind, "")
        raise FileRefused(
            _("Kartan har ingen kolumn med områdenas koder, till exempel regsokod, desokod eller kommunkod.")
        )

    @staticmethod
    def _fits(kind: str, texts: list[str]) -> bool:
        """Whether a column holds codes of the kind. Numbers must be official codes: an id can be any number."""
        good = sum(bool(_code(text, kind)) for text in texts)
        return bool(texts) and good > len(texts) * IS_FOUND

    def _decide(self, kind: str, column: str) -> None:
        if self.wanted and self.wanted != kind:
            raise FileRefused(
                _("Kartan innehåller %(found)s, inte %(wanted)s. Välj rätt slag eller en annan fil.")
                % {"found": _kind_words(kind), "wanted": _kind_words(self.wanted)}
            )
        self.kind, self.code_column = kind, column

    def _row(self, feature: dict[str, Any]) -> AreaRow | LineError:
        line, values, geometry = feature["line"], feature["values"], feature["geometry"]
        name = self._first(values, (*NAMES[self.kind], *ANY_NAME))
        if self.code_column:
            told = values.get(self.code_column, "")
            code = _code(told, self.kind)
        else:
            told, code = name, _code_by_name(name, self.kind)
        if not told:
            return LineError(line, _("Området saknar kod. Fyll i den och försök igen."))
        if not code:
            return LineError(
                line,
                _("Koden %(code)s är ingen kod för %(kind)s. Rätta den och försök igen.")
                % {"code": told[:40], "kind": _kind_words(self.kind)},
            )
        if geometry is None:
            return LineError(line, self._no_surface(code, feature["kind"]))
        if code in self.lines:
            return LineError(
                line,
                _("Området %(code)s står redan som nummer %(first)d i kartan. Slå ihop dem till ett område.")
                % {"code": code, "first": self.lines[code]},
            )
        self.lines[code] = line
        return AreaRow(
            line=line,
            kind=self.kind,
            code=code,
            name=self._name(name, code),
            version=self._version(values),
            parent=SWEDEN if self.kind == COUNTY else code[:2] if self.kind == MUNICIPALITY else code[:4],
            geometry=geometry,
        )

    def _first(self, values: dict[str, str], candidates: tuple[str, ...]) -> str:
        """What stands in the first of the columns that says more than a code."""
        for candidate in candidates:
            text = values.get(self.columns.get(candidate, ""), "")
            if text and not text.isdigit() and not places.SMALL_AREA.fullmatch(text):
                return text
        return ""

    def _name(self, told: str, code: str) -> str:
        # One official name for what has one: files write "Lysekil" and "Lysekils kommun".
        return places.name_of(code) if self.kind in (COUNTY, MUNICIPALITY) else told or code

    def _version(self, values: dict[str, str]) -> str:
        if self.version:
            return self.version[:10]
        if self.kind in (COUNTY, MUNICIPALITY):
            return ""
        texts = [values.get(self.columns.get(column, ""), "") for column in VERSIONS]
        return next((found.group(1) for text in (*texts, self.name) if (found := YEAR.search(text))), "")

    @staticmethod
    def _no_surface(code: str, kind: str) -> str:
        words = {
            "": _("Området %(code)s har ingen gräns. Ta bort raden eller rita gränsen."),
            "broken": _("Gränsen för %(code)s går inte att läsa. Rita om den i kartprogrammet."),
            "Polygon": _("Gränsen för %(code)s har ingen yta. Rita om den i kartprogrammet."),
            "MultiPolygon": _("Gränsen för %(code)s har ingen yta. Rita om den i kartprogrammet."),
        }
        other = _("Området %(code)s är ritat som punkt, linje eller båge. Det behöver en yta med raka kanter.")
        return words.get(kind, other) % {"code": code}


def _code(text: str, kind: str) -> str:
    """The code as SCB writes it, "" for what is none of the kind: "114" is "0114", "1484 Lysekil" is "1484"."""
    bare = text.strip().upper()
    if kind in (DESO, REGSO):
        # A municipality that is not in the list gave a code that cannot be right.
        return bare if SHAPES[kind].fullmatch(bare) and bare[:4] in places.official() else ""
    if SHAPES[kind].fullmatch(bare):
        code = bare.zfill(4 if kind == MUNICIPALITY else 2)
    else:
        code = (places.code_of(text) or "") if bare[:1].isdigit() else ""
    is_kind = places.kind_of(code) == kind if code else False
    return code if is_kind and code in places.official() else ""


def _code_by_name(name: str, kind: str) -> str:
    """A county or municipality by its name. "Kalmar" can be either: the kind of the whole map decides."""
    tries = (f"{name} län", f"{name}s län", name) if kind == COUNTY else (name, f"{name} kommun")
    codes = (places.code_of(text) or "" for text in tries if name)
    return next((code for code in codes if code and places.kind_of(code) == kind), "")


def _kind_words(kind: str) -> str:
    words = {COUNTY: _("län"), MUNICIPALITY: _("kommuner"), REGSO: _("RegSO"), DESO: _("DeSO")}
    return words.get(kind, kind)
