"""Files of the publishers into the database: looked at first, with all that would change; stored when somebody asks.

A file is kept with its checksum (but survey exports and the Police's events, of which only checksum and number of
rows are kept). The same file twice changes nothing. What is stored is stored in one transaction.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from django.core.files import File
from django.db import InterfaceError, OperationalError, transaction
from django.utils.translation import gettext as _

from lysekil_trygghet.accounts.actors import Actor
from lysekil_trygghet.history.guards import refuse_unless, require
from lysekil_trygghet.history.operations import locked, move, record
from lysekil_trygghet.notifications.wake import nudge
from situation import policies
from situation.importers import areas as area_files
from situation.importers import bra, kolada, places, polisen, scb, surveys, table
from situation.importers.rows import (
    SWEDEN,
    AnswerRow,
    AreaRow,
    FileRefused,
    GoneRow,
    IndicatorRow,
    LineError,
    LinkRow,
    Note,
    Reading,
    ValueRow,
)
from situation.lifecycle import IMPORT_MOVES, NOT_KEPT, AreaKind, ImportKind, ImportState
from situation.models import Area, DatasetImport, Indicator, Source

from . import answers as answer_rows
from .staging import Difference, Staging, staging

log = logging.getLogger(__name__)

READ_TASK = "situation.tasks.read_imports"
VERSION = 1
CHUNK = 1 << 20
# How many errors and notes are kept in the report; all are counted.
MOST_TOLD = 500
TOLD_EVERY = 5_000
# A worker that stops without a word loses its claim after this long.
CLAIM = dt.timedelta(minutes=15)


class AlreadyRead(Exception):
    """The very same file was read before: nothing would change. `before` is that import."""

    def __init__(self, before: DatasetImport) -> None:
        super().__init__(str(_("Samma fil är redan inläst. Inget ändras.")))
        self.before = before


@dataclass
class Found:
    """What a file holds against what is stored."""

    difference: Difference = field(default_factory=Difference)
    rejected: int = 0
    errors: list[LineError] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    indicators: dict[str, IndicatorRow] = field(default_factory=dict)
    encoding: str = ""
    lines: int = 0
    new_areas: int = 0

    @property
    def rows(self) -> int:
        one = self.difference
        return one.new + one.changed + one.unchanged + one.gone

    def report(self) -> dict[str, Any]:
        """As the import keeps it: words and numbers only."""
        return {
            "errors": [[error.line, str(error.message), error.sheet] for error in self.errors[:MOST_TOLD]],
            "notes": [[note.line, str(note.message)] for note in self.notes[:MOST_TOLD]],
            "examples": self.difference.examples,
            "indicators": [[row.code, row.title] for row in list(self.indicators.values())[:MOST_TOLD]],
            "repeated": self.difference.repeated,
            "new_areas": self.new_areas,
        }


# --- A file comes -----------------------------------------------------------------------------------------


def checksum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_before(source: Source, kind: str, sha256: str) -> DatasetImport | None:
    return DatasetImport.objects.filter(source=source, kind=kind, sha256=sha256, state=ImportState.APPLIED).first()


def _may(by: Actor, source: Source) -> bool:
    """Who works at the machine's prompt acts as the portal itself."""
    return by == Actor.system() or policies.can_import(by, source)


@transaction.atomic
def begin(
    path: Path,
    *,
    source: Source,
    kind: str,
    name: str,
    by: Actor,
    now: dt.datetime,
    mapping: dict[str, Any] | None = None,
    source_url: str = "",
    retrieved_at: dt.datetime | None = None,
    licence: str = "",
) -> DatasetImport:
    """Take a file to be read. It is looked at by `check`, which somebody runs at once or the worker in a moment.

    Raises AlreadyRead when the same file was read into the same source before.
    """
    require(_may(by, source))
    sha256 = checksum(path)
    before = read_before(source, kind, sha256)
    if before is not None:
        raise AlreadyRead(before)
    made = DatasetImport(
        source=source,
        kind=kind,
        file_name=Path(name).name[:200],
        sha256=sha256,
        size=path.stat().st_size,
        mapping=mapping or {},
        source_url=source_url,
        retrieved_at=retrieved_at,
        licence=licence or source.licence,
        importer_version=VERSION,
        made_at=now,
        made_by=by.user,
    )
    with path.open("rb") as file:
        made.raw.save(f"{sha256}{Path(name).suffix.lower()[:8]}", File(file), save=False)
    made.save()
    record(made, "created", by=by, now=now, kind=kind, source=source.pk)
    # A table or a survey's export waits until somebody says what its columns are.
    if kind in (ImportKind.TABLE, ImportKind.FORM) and not mapping and by.user is not None:
        return made
    nudge(READ_TASK)
    return move(made, to=ImportState.WAITING, allowed=IMPORT_MOVES, by=by, now=now)


def reading_of(made: DatasetImport, path: Path) -> Reading:
    """The file opened by the importer of its kind. Raises FileRefused."""
    name = made.file_name
    readers: dict[str, Callable[[], Reading]] = {
        ImportKind.BRA: lambda: bra.read(path, name=name),
        ImportKind.KOLADA: lambda: kolada.read(path, name=name),
        ImportKind.SCB: lambda: scb.read(path, name=name),
        ImportKind.POLISEN: lambda: polisen.read(path, name=name),
        ImportKind.SURVEY: lambda: surveys.read_table(path, name=name),
        ImportKind.FORM: lambda: surveys.aggregate(path, **_form_of(made)),
        ImportKind.AREAS: lambda: area_files.read(path, name=name, version=made.mapping.get("version", "")),
        ImportKind.TABLE: lambda: table.read(path, mapping=mapping_of(made, path), source=f"tabell-{made.source_id}"),
    }
    return readers[made.kind]()


def mapping_of(made: DatasetImport, path: Path) -> table.Mapping:
    """Which column is what: as the person said, else as the file looks."""
    given = made.mapping.get("table")
    if given:
        values = tuple(table.Values(**one) for one in given["values"])
        breakdowns = tuple((int(at), str(name)) for at, name in given.get("breakdowns", ()))
        return table.Mapping(**given | {"values": values, "breakdowns": breakdowns})
    for shape in table.look(path, name=made.file_name):
        proposed = table.propose(shape, name=made.file_name)
        if proposed is not None and proposed.says_when:
            return proposed
    raise FileRefused(_("Det framgår inte vad kolumnerna är. Läs in filen på sidan och välj kolumner där."))


def as_mapping(mapping: table.Mapping) -> dict[str, Any]:
    """What `begin` keeps of the person's choice."""
    return {"table": asdict(mapping)}


def _form_of(made: DatasetImport) -> dict[str, Any]:
    given = made.mapping.get("form") or {}
    if not given.get("questions"):
        raise FileRefused(_("Välj vilka kolumner som är frågor innan filen läses in."))
    questions = [surveys.Question(**one | {"columns": tuple(one["columns"])}) for one in given["questions"]]
    return given | {"questions": questions}


# --- Looked at, and stored ------------------------------------------------------------------------------


def import_rows(
    reading: Reading,
    *,
    source: Source,
    now: dt.datetime,
    dataset_import: DatasetImport | None = None,
    takes_the_good: bool = False,
    told: Callable[[int], None] = lambda _lines: None,
) -> Found:
    """Compare the rows of a file with what is stored; with `dataset_import`, store them too.

    Without `takes_the_good` a file with a single bad row is not stored: `rejected` says so. `told` hears how many
    lines are read, now and then, outside of any transaction of ours. Raises FileRefused.
    """
    found = Found(encoding=reading.encoding, lines=reading.total)
    with staging() as staged:
        others: dict[type, list[Any]] = {AnswerRow: [], LinkRow: [], AreaRow: []}
        for read, item in enumerate(reading.items, start=1):
            match item:
                case ValueRow() | GoneRow():
                    staged.add(item)
                case IndicatorRow():
                    found.indicators[item.code] = item
                case LineError():
                    found.rejected += 1
                    if len(found.errors) < MOST_TOLD:
                        found.errors.append(item)
                case Note():
                    found.notes.append(item)
                case _:
                    others[type(item)].append(item)
            if read % TOLD_EVERY == 0:
                told(getattr(item, "line", 0))
        found.difference.repeated, conflicts = staged.settle()
        found.errors += conflicts[: MOST_TOLD - len(found.errors)]
        found.rejected += len(conflicts)
        found.errors.sort(key=lambda error: error.line)
        if not (staged.count or any(others.values()) or found.indicators or found.rejected or found.notes):
            raise FileRefused(_("Filen innehåller inga siffror."))
        stores = dataset_import is not None and (takes_the_good or not found.rejected)
        with transaction.atomic():
            if stores:
                _keep_indicators(found, source=source)
            _compare_values(staged, found, now=now, stores=stores)
            if stores and staged.count and dataset_import is not None:
                staged.write(dataset_import=dataset_import.pk)
            if others[AreaRow]:
                _areas(others[AreaRow], found, stores=stores)
            if others[AnswerRow] or others[LinkRow]:
                answer_rows.take(
                    others[AnswerRow],
                    others[LinkRow],
                    difference=found.difference,
                    source=source,
                    dataset_import=dataset_import if stores else None,
                    area_ids=lambda codes: area_ids(codes, {}, makes=stores),
                )
    return found


def _keep_indicators(found: Found, *, source: Source) -> None:
    """Indicators not known yet. One that is known keeps the words somebody may have written, and its source."""
    known = set(Indicator.objects.filter(code__in=found.indicators).values_list("code", flat=True))
    Indicator.objects.bulk_create(
        Indicator(
            code=row.code[:160],
            title=row.title[:200],
            unit=row.unit,
            direction=row.direction,
            definition=row.definition[:2000],
            external_id=row.external_id[:40],
            source=source,
        )
        for row in found.indicators.values()
        if row.code not in known
    )


def _compare_values(staged: Staging, found: Found, *, now: dt.datetime, stores: bool) -> None:
    if not staged.count:
        return
    codes = staged.distinct("indicator")
    ids: dict[str, int | None] = dict.fromkeys(codes)
    ids |= dict(Indicator.objects.filter(code__in=codes).values_list("code", "pk"))
    places_of = area_ids(staged.distinct("area"), staged.area_labels(), makes=stores)
    found.new_areas += sum(pk is None for pk in places_of.values())
    staged.known(indicators=ids, areas=places_of)
    repeated = found.difference.repeated
    found.difference = staged.compare()
    found.difference.repeated = repeated


def area_ids(codes: list[str], labels: dict[str, str], *, makes: bool) -> dict[str, int | None]:
    """Our area for each code: of several versions the newest. Those not known are made when `makes`.

    Areas made here are not offered as places: they are for comparison. A place with a name alone is one.
    """
    found: dict[str, int | None] = dict.fromkeys(codes)
    plain = [code for code in codes if not code.startswith("plats:")]
    for code, pk in Area.objects.filter(code__in=plain).order_by("version").values_list("code", "pk"):
        found[code] = pk
    names = {code.removeprefix("plats:"): code for code in codes if code.startswith("plats:")}
    for name, pk in Area.objects.filter(kind=AreaKind.PLACE, name__in=names).values_list("name", "pk"):
        found[names[name]] = pk
    if makes:
        for code in [code for code, pk in found.items() if pk is None]:
            found[code] = _new_area(code, labels.get(code, "")).pk
    return found


def _new_area(code: str, label: str) -> Area:
    if code.startswith("plats:"):
        return Area.objects.create(kind=AreaKind.PLACE, name=code.removeprefix("plats:")[:100])
    name = places.name_of(code) if places.name_of(code) != code else (label or code)
    kind = AreaKind.COUNTRY if code == SWEDEN else AreaKind(places.kind_of(code))
    return Area.objects.create(kind=kind, code=code, name=name[:100], is_active=False)


def _areas(rows: list[AreaRow], found: Found, *, stores: bool) -> None:
    """Areas with their borders: by kind, code and version."""
    known = {(one.kind, one.code, one.version): one for one in Area.objects.exclude(code="")}
    difference = found.difference
    for row in rows:
        area = known.get((row.kind, row.code, row.version)) or known.get((row.kind, row.code, ""))
        if area is None:
            difference.new += 1
        elif area.geometry == row.geometry and area.name == row.name:
            difference.unchanged += 1
            continue
        else:
            difference.changed += 1
        if len(difference.examples) < MOST_TOLD // 10:
            kind = "new" if area is None else "changed"
            difference.examples.append({"kind": kind, "line": row.line, "area": row.code, "value": row.name})
        if stores:
            area = area or Area(kind=row.kind, code=row.code, version=row.version, is_active=False)
            area.name, area.geometry = area.name or row.name[:100], row.geometry
            area.save()
            known[(row.kind, row.code, row.version)] = area
    if stores:
        _part_of(rows, known)


def _part_of(rows: list[AreaRow], known: dict[tuple[str, str, str], Area]) -> None:
    by_code = {code: area for (_kind, code, _version), area in known.items()}
    for row in rows:
        area, parent = known[(row.kind, row.code, row.version)], by_code.get(row.parent)
        if parent is not None and area.parent_id != parent.pk and parent.pk != area.pk:
            area.parent = parent
            area.save(update_fields=["parent"])


# --- The way of an import ---------------------------------------------------------------------------------


@contextmanager
def local(made: DatasetImport) -> Iterator[Path]:
    """The kept file as a path: the storage may lie elsewhere."""
    try:
        yield Path(made.raw.path)
    except NotImplementedError:
        with tempfile.NamedTemporaryFile(suffix=Path(made.raw.name or "").suffix) as copy:
            with made.raw.open("rb") as file:
                while chunk := file.read(CHUNK):
                    copy.write(chunk)
            copy.flush()
            yield Path(copy.name)


def check(made: DatasetImport, *, by: Actor, now: dt.datetime) -> DatasetImport:
    """Read the whole file and say what it would change; nothing of it is stored. WAITING → CHECKED or REFUSED."""
    try:
        with local(made) as path:
            found = import_rows(reading_of(made, path), source=made.source, now=now, told=_tell(made))
    except FileRefused as refused:
        return refuse(made, refused, by=by, now=now)
    return move(
        made,
        to=ImportState.CHECKED,
        allowed=IMPORT_MOVES,
        by=by,
        now=now,
        also_set=_counts(found) | {"claimed_until": None},
    )


@transaction.atomic
def choose(made: DatasetImport, *, mapping: dict[str, Any], by: Actor, now: dt.datetime) -> DatasetImport:
    """Somebody has said what the columns are: the file is looked through with that. → WAITING."""
    fresh = locked(made)
    require(_may(by, fresh.source))
    nudge(READ_TASK)
    return move(
        fresh,
        to=ImportState.WAITING,
        allowed=IMPORT_MOVES,
        by=by,
        now=now,
        verb="columns_chosen",
        also_set={"mapping": mapping, "lines_done": 0, "lines_total": 0},
    )


@transaction.atomic
def order(
    made: DatasetImport, *, takes_the_good: bool, by: Actor, now: dt.datetime, seen: int | None = None
) -> DatasetImport:
    """Somebody has read what would change and says: store it. With `takes_the_good`, all but the bad rows."""
    fresh = locked(made)
    require(_may(by, fresh.source))
    _refuse_bad_rows(fresh.rows_rejected, takes_the_good)
    nudge(READ_TASK)
    return move(
        fresh,
        to=ImportState.TO_APPLY,
        allowed=IMPORT_MOVES,
        by=by,
        now=now,
        seen=seen,
        also_set={"takes_the_good": takes_the_good, "lines_done": 0},
    )


def _refuse_bad_rows(rejected: int, takes_the_good: bool) -> None:
    refuse_unless(
        takes_the_good or not rejected,
        _("Filen har rader som inte går att läsa. Rätta dem, eller välj att läsa in resten."),
    )


def store(made: DatasetImport, *, by: Actor, now: dt.datetime) -> DatasetImport:
    """Read the file again and store it, in one transaction. TO_APPLY → APPLIED."""
    try:
        with local(made) as path, transaction.atomic():
            fresh = locked(made)
            before = read_before(fresh.source, fresh.kind, fresh.sha256)
            if before is not None:
                raise AlreadyRead(before)
            found = import_rows(
                reading_of(fresh, path),
                source=fresh.source,
                now=now,
                dataset_import=fresh,
                takes_the_good=fresh.takes_the_good,
            )
            _refuse_bad_rows(found.rejected, fresh.takes_the_good)
            done = move(
                fresh,
                to=ImportState.APPLIED,
                allowed=IMPORT_MOVES,
                by=by,
                now=now,
                also_set=_counts(found) | {"done_at": now, "claimed_until": None},
            )
    except FileRefused as refused:
        return refuse(made, refused, by=by, now=now)
    if done.kind in NOT_KEPT:
        _forget_file(done)
    return done


def apply_at_once(made: DatasetImport, *, takes_the_good: bool, by: Actor, now: dt.datetime) -> DatasetImport:
    """Look and store without somebody reading in between, as the commands do. Raises FileRefused and Refused."""
    checked = check(made, by=by, now=now)
    if checked.state == ImportState.CHECKED:
        return store(order(checked, takes_the_good=takes_the_good, by=by, now=now), by=by, now=now)
    line, reason, *_sheet = checked.report["errors"][0]
    raise FileRefused(reason, line=line)


@transaction.atomic
def drop(made: DatasetImport, *, by: Actor, now: dt.datetime) -> DatasetImport:
    """Somebody has looked and does not want it; the file is thrown away."""
    fresh = locked(made)
    require(policies.can_import(by, fresh.source))
    dropped = move(fresh, to=ImportState.DROPPED, allowed=IMPORT_MOVES, by=by, now=now)
    transaction.on_commit(lambda: _forget_file(dropped))
    return dropped


def refuse(made: DatasetImport, refused: FileRefused, *, by: Actor, now: dt.datetime) -> DatasetImport:
    report = {"errors": [[refused.line, refused.reason, ""]], "notes": [], "examples": [], "indicators": []}
    moved = move(
        made,
        to=ImportState.REFUSED,
        allowed=IMPORT_MOVES,
        by=by,
        now=now,
        also_set={"report": report, "rows_rejected": 1, "claimed_until": None},
    )
    _forget_file(moved)
    return moved


def _forget_file(made: DatasetImport) -> None:
    """Take the file away; its checksum stays."""
    if made.raw:
        made.raw.delete(save=False)
        DatasetImport.objects.filter(pk=made.pk).update(raw="")


def _counts(found: Found) -> dict[str, Any]:
    one = found.difference
    return {
        "rows_new": one.new,
        "rows_changed": one.changed,
        "rows_unchanged": one.unchanged,
        "rows_gone": one.gone,
        "rows_rejected": found.rejected,
        "encoding": found.encoding,
        "lines_total": found.lines,
        "lines_done": found.lines,
        "report": found.report(),
    }


def _tell(made: DatasetImport) -> Callable[[int], None]:
    def told(lines: int) -> None:
        DatasetImport.objects.filter(pk=made.pk).update(lines_done=lines)

    return told


def run_waiting(*, now: dt.datetime) -> int:
    """What the worker does: look at what waits, store what was ordered. Gives how many imports were taken.

    A claim is a conditional UPDATE: two workers never take the same import, and one left behind is taken again.
    """
    taken = 0
    waiting = DatasetImport.objects.filter(state__in=[ImportState.WAITING, ImportState.TO_APPLY]).order_by("pk")
    for pk in list(waiting.values_list("pk", flat=True)[:20]):
        free = waiting.filter(pk=pk).exclude(claimed_until__gt=now)
        if not free.update(claimed_until=now + CLAIM):
            continue
        made = DatasetImport.objects.select_related("source").get(pk=pk)
        step = check if made.state == ImportState.WAITING else store
        try:
            step(made, by=Actor.system(), now=now)
        except AlreadyRead as already:
            refuse(made, FileRefused(str(already)), by=Actor.system(), now=now)
        except (OperationalError, InterfaceError):
            raise  # the database is away: the claim runs out and it is done again
        except Exception:
            log.exception("Import %s stopped", pk)
            words = _("Något gick fel hos oss när filen lästes. Inget är sparat. Kontakta den som sköter portalen.")
            refuse(made, FileRefused(words), by=Actor.system(), now=now)
        taken += 1
    return taken
