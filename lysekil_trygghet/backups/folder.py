"""The form of a backup: a folder of parts, a manifest that counts and sums them, and SHA256SUMS over all.

manifest.json           what it is, when it was taken, the migrations, each table with rows and checksum
tables/<table>.jsonl.gz a row a line
files.jsonl.gz          the uploaded files: store, name, part, size, checksum
files/00000001          their bytes, numbered, so that no name in a backup can lead out of a folder
send-journal.log        what mail servers have accepted
SHA256SUMS              also for `sha256sum --check`
"""

from __future__ import annotations

import datetime as dt
import gzip
import hashlib
import json
import os
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from .stores import blocks_of, sha256_of

FORMAT = 1
MANIFEST = "manifest.json"
SUMS = "SHA256SUMS"
FILES = "files.jsonl.gz"
JOURNAL = "send-journal.log"
UNFINISHED = ".unfinished"


class Damaged(Exception):
    """The backup cannot be trusted; `str()` says in plain Swedish what is wrong."""


@dataclass(frozen=True)
class Part:
    """A file of the backup."""

    file: str
    size: int
    sha256: str


@dataclass(frozen=True)
class TablePart:
    """A table: its rows, and the highest number the database had given out."""

    name: str
    model: str
    columns: list[str]
    rows: int
    last_number: int
    part: Part


@dataclass(frozen=True)
class FilePart:
    """An uploaded file, and where it was kept."""

    store: str
    name: str
    part: Part


@dataclass(frozen=True)
class Manifest:
    """What a backup says about itself."""

    taken_at: dt.datetime
    database: str
    migrations: dict[str, list[str]]
    tables: list[TablePart]
    files: Part
    file_count: int
    journal: Part | None
    format: int = FORMAT
    left_out: dict[str, str] = field(default_factory=dict)

    def as_json(self) -> str:
        return json.dumps(asdict(self) | {"taken_at": self.taken_at.isoformat()}, ensure_ascii=False, indent=1) + "\n"

    @classmethod
    def of(cls, text: str) -> Manifest:
        """Raises `Damaged`."""
        try:
            found = json.loads(text)
            if found["format"] != FORMAT:
                raise Damaged(
                    _("Kopian har format %(found)s. Den här versionen av portalen läser format %(known)s.")
                    % {"found": found["format"], "known": FORMAT}
                )
            tables = [TablePart(**table | {"part": Part(**table["part"])}) for table in found.pop("tables")]
            files, journal = Part(**found.pop("files")), found.pop("journal")
            taken_at = dt.datetime.fromisoformat(found.pop("taken_at"))
            return cls(
                taken_at=taken_at, tables=tables, files=files, journal=Part(**journal) if journal else None, **found
            )
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise Damaged(_("Filen %(file)s går inte att läsa.") % {"file": MANIFEST}) from error

    def parts(self) -> Iterator[Part]:
        """All but the uploaded files."""
        yield from (table.part for table in self.tables)
        yield self.files
        if self.journal:
            yield self.journal


# --- Writing --------------------------------------------------------------------------------------------


class PartWriter:
    """Writes a part, counts and sums it on the way, and waits until it is on disk."""

    def __init__(self, root: Path, file: str) -> None:
        self.file, self.size, self._sum = file, 0, hashlib.sha256()
        path = root / file
        path.parent.mkdir(exist_ok=True, mode=0o700)
        self._out = path.open("xb")

    def write(self, data: bytes) -> int:
        self.size += len(data)
        self._sum.update(data)
        return self._out.write(data)

    def flush(self) -> None:
        self._out.flush()

    def __enter__(self) -> PartWriter:
        return self

    def __exit__(self, *_error: object) -> None:
        try:
            self._out.flush()
            os.fsync(self._out.fileno())
        finally:
            self._out.close()

    @property
    def part(self) -> Part:
        return Part(self.file, self.size, self._sum.hexdigest())


def write_lines(root: Path, file: str, rows: Iterable[Any]) -> tuple[Part, int]:
    """A part with a JSON value a line, packed; and how many."""
    number = 0
    with PartWriter(root, file) as out, gzip.GzipFile("", "wb", 6, out, mtime=0) as packed:
        for row in rows:
            packed.write(f"{json.dumps(row, ensure_ascii=False, separators=(',', ':'))}\n".encode())
            number += 1
    return out.part, number


def write_bytes(root: Path, file: str, blocks: Iterable[bytes]) -> Part:
    with PartWriter(root, file) as out:
        for block in blocks:
            out.write(block)
    return out.part


def close(root: Path, manifest: Manifest, files: Iterable[FilePart]) -> None:
    """Write the manifest and, last of all, the sums."""
    text = manifest.as_json().encode()
    about_itself = write_bytes(root, MANIFEST, [text])
    every = [about_itself, *manifest.parts()]
    lines = (f"{part.sha256}  {part.file}\n".encode() for part in every)
    of_files = (f"{one.part.sha256}  {one.part.file}\n".encode() for one in files)
    write_bytes(root, SUMS, (line for some in (lines, of_files) for line in some))


# --- Reading --------------------------------------------------------------------------------------------


def read_lines(root: Path, file: str) -> Iterator[Any]:
    """The values of a packed part. Raises `Damaged`."""
    try:
        with gzip.open(root / file, "rt", encoding="utf-8") as lines:
            for line in lines:
                yield json.loads(line)
    except (OSError, EOFError, ValueError, zlib.error) as error:
        raise Damaged(_("Filen %(file)s går inte att läsa.") % {"file": file}) from error


def find(place: Path) -> Path:
    """The folder of a backup, named itself or by its manifest. Raises `Damaged`."""
    folder = place.parent if place.name == MANIFEST else place
    if folder.name.endswith(UNFINISHED):
        raise Damaged(_("Kopian blev aldrig färdig. Ta en annan."))
    if (folder / MANIFEST).is_file():
        return folder
    inside = sorted(one.parent.name for one in folder.glob(f"*/{MANIFEST}")) if folder.is_dir() else []
    whole = [name for name in inside if not name.endswith(UNFINISHED)]
    if whole:
        raise Damaged(
            _("%(folder)s har flera kopior. Välj en av dem, till exempel %(newest)s.")
            % {"folder": folder, "newest": whole[-1]}
        )
    raise Damaged(_("%(place)s är ingen säkerhetskopia: %(file)s saknas.") % {"place": place, "file": MANIFEST})


def read_manifest(root: Path) -> Manifest:
    """The manifest, if it is what the sums say it is. Raises `Damaged`."""
    try:
        text = (root / MANIFEST).read_bytes()
        sums = (root / SUMS).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError as error:
        name = Path(str(error.filename)).name
        raise Damaged(_("Filen %(file)s saknas i kopian.") % {"file": name}) from error
    except (OSError, ValueError) as error:
        raise Damaged(_("Filen %(file)s går inte att läsa.") % {"file": SUMS}) from error
    if f"{hashlib.sha256(text).hexdigest()}  {MANIFEST}" not in sums:
        raise _changed(MANIFEST)
    return Manifest.of(text.decode())


def files_of(root: Path) -> Iterator[FilePart]:
    for found in read_lines(root, FILES):
        try:
            yield FilePart(found["store"], found["name"], Part(**found["part"]))
        except (KeyError, TypeError) as error:
            raise Damaged(_("Filen %(file)s går inte att läsa.") % {"file": FILES}) from error


def check(root: Path) -> Manifest:
    """Read all of it back: every part is there, whole, unchanged, with as many rows as it says. Raises `Damaged`."""
    manifest = read_manifest(root)
    for part in manifest.parts():
        _check_part(root, part)
    for table in manifest.tables:
        if sum(1 for _row in read_lines(root, table.part.file)) != table.rows:
            raise _changed(table.part.file)
    number = 0
    for one in files_of(root):
        _check_part(root, one.part)
        number += 1
    if number != manifest.file_count:
        raise _changed(FILES)
    return manifest


def _check_part(root: Path, part: Part) -> None:
    path = root / part.file
    if Path(part.file).is_absolute() or ".." in Path(part.file).parts:
        raise Damaged(_("Filen %(file)s ligger utanför kopian.") % {"file": part.file})
    try:
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            if size != part.size:
                raise Damaged(
                    _("Filen %(file)s är avklippt eller ändrad: den ska vara %(wanted)s byte men är %(found)s.")
                    % {"file": part.file, "wanted": part.size, "found": size}
                )
            if sha256_of(file) != part.sha256:
                raise _changed(part.file)
    except FileNotFoundError:
        raise Damaged(_("Filen %(file)s saknas i kopian.") % {"file": part.file}) from None
    except OSError as error:
        raise Damaged(_("Filen %(file)s går inte att läsa.") % {"file": part.file}) from error


def _changed(file: str) -> Damaged:
    return Damaged(
        _("Filen %(file)s är inte som den var när kopian togs (kontrollsumman stämmer inte).") % {"file": file}
    )


def blocks_in(root: Path, part: Part) -> Iterator[bytes]:
    with (root / part.file).open("rb") as file:
        yield from blocks_of(file)
