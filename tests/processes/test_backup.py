"""A backup and what is made of it again: every row and file, on either database; and damaged ones are refused."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from .installations import KINDS, Installation
from .servers import Postgres

STAY_BEHIND = {"sessions.Session", "notifications.SweepBeat", "watching.Tick", "account.EmailConfirmation"}
# Tables that neither the demo nor the makers fill; a new one should get something in tests/processes/rich.py.
STILL_EMPTY = {"pledges.Prolongation", "incidents.OpeningException", "notifications.AcceptedMail"}

# What is refused is found out before the database is asked, so the other kind is only for `make test-long`.
ONE_AND_ALL = ["postgresql", pytest.param("sqlite", marks=pytest.mark.long)]


@pytest.fixture(scope="session")
def rich(servers_folder: Path, postgres: Postgres) -> dict[str, tuple[Installation, Path]]:
    """On each database an installation full of things, and a backup of it."""
    made = {}
    for kind in KINDS:
        one = Installation.new(kind, servers_folder / "rich", postgres if kind == "postgresql" else None)
        one.say("manage.py", "createcachetable")
        one.say("manage.py", "demo")
        one.say("-m", "tests.processes.rich")
        made[kind] = (one, one.backup())
    return made


@pytest.fixture
def empty(folder: Path, postgres: Postgres):
    return lambda kind: Installation.new(kind, folder, postgres if kind == "postgresql" else None)


@pytest.fixture
def copy(rich, folder: Path) -> Path:
    """A backup to be spoilt."""
    return Path(shutil.copytree(rich["sqlite"][1], folder / "spoilt"))


@pytest.mark.parametrize("to", KINDS)
@pytest.mark.parametrize("of", KINDS)
def test_every_row_and_every_file_comes_back(rich, empty, of, to, say):
    old, backup = rich[of]
    new = empty(to)
    triggers = new.triggers()

    said = new.say("manage.py", "restore", str(backup))

    was, now = old.everything(), new.everything()
    # The hold on sending, and the line of history that tells of it, are what a restore adds.
    added = {}
    for label in ("notifications.SendingHold", "history.Event"):
        [pk] = now["tables"][label].keys() - was["tables"][label].keys()
        added[label] = now["tables"][label].pop(pk)
    hold = added["notifications.SendingHold"]
    assert (hold["reason"], hold["released_at"]) == ("str 'RESTORED'", "NoneType None")
    assert added["history.Event"]["verb"] == "str 'sending_held'"
    for label in STAY_BEHIND:
        assert now["tables"].pop(label) == {}, label
        was["tables"].pop(label)
    assert now["tables"].keys() == was["tables"].keys()
    for label, rows in was["tables"].items():
        assert now["tables"][label] == rows, label
    assert now["files"] == was["files"]
    assert {name.partition("/")[0] for name in was["files"]} == {"media", "imports"}
    assert {label for label, rows in was["tables"].items() if not rows} <= STILL_EMPTY
    assert new.triggers() == triggers != []
    rows = sum(map(len, was["tables"].values()))
    assert f"{rows} rader" in said
    say(f"backup of {of} restored into {to}: {rows} rows, {len(was['files'])} files, all equal")


ADD_USER = (
    "from lysekil_trygghet.accounts.models import User;"
    "print(User.objects.create_user('ny@kommun.example', None, name='Ny').pk)"
)


@pytest.mark.parametrize("to", KINDS)
@pytest.mark.parametrize("of", KINDS)
def test_numbers_go_on_behind_those_of_rows_that_were_removed(rich, empty, of, to):
    """The last person of the old installation was removed before the backup: history may still name the number."""
    old, backup = rich[of]
    new = empty(to)
    new.say("manage.py", "restore", str(backup))
    highest = max(map(int, json_of(old)["accounts.User"]))
    added = new.say("manage.py", "shell", "--no-imports", "-v0", "--command", ADD_USER)
    assert int(added) == highest + 2


def json_of(installation: Installation) -> dict:
    return installation.everything()["tables"]


# --- Refused, and nothing changed -----------------------------------------------------------------------


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-7])


def turn_a_bit(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def summed_again(backup: Path) -> None:
    """As somebody who knows the form would do it, so that the next lock must hold."""
    lines = []
    for line in (backup / "SHA256SUMS").read_text().splitlines():
        name = line.split("  ", 1)[1]
        lines.append(f"{hashlib.sha256((backup / name).read_bytes()).hexdigest()}  {name}\n")
    (backup / "SHA256SUMS").write_text("".join(lines))


def change_manifest(backup: Path, change) -> None:
    path = backup / "manifest.json"
    found = json.loads(path.read_text())
    change(found)
    path.write_text(json.dumps(found))
    summed_again(backup)


def _newer(found: dict) -> None:
    found["migrations"]["pledges"].append("9999_from_the_future")


def _older(found: dict) -> None:
    found["migrations"]["incidents"].pop()


def _lead_out(found: dict) -> None:
    found["tables"][0]["part"]["file"] = "../spoilt/manifest.json"


def _orphan(backup: Path) -> None:
    """Whole by every sum, but a row points at one that is not there."""

    def change(found: dict) -> None:
        [table] = [one for one in found["tables"] if one["name"] == "accounts_membership"]
        path = backup / table["part"]["file"]
        rows = [json.loads(line) for line in gzip.decompress(path.read_bytes()).splitlines()]
        rows[0][table["columns"].index("user_id")] = 999_999
        path.write_bytes(gzip.compress("".join(json.dumps(row) + "\n" for row in rows).encode()))
        table["part"] |= {"size": path.stat().st_size, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}

    change_manifest(backup, change)


TABLE = "tables/incidents_assignment.jsonl.gz"
DAMAGES = {
    "a table is cut": (lambda b: cut(b / TABLE), f"{TABLE} är avklippt"),
    "a bit of a table": (lambda b: turn_a_bit(b / TABLE), f"{TABLE} är inte som den var"),
    "a table is gone": (lambda b: (b / TABLE).unlink(), f"{TABLE} saknas"),
    "a picture is cut": (lambda b: cut(b / "files/00000001"), "files/00000001 är avklippt"),
    "a bit of a picture": (lambda b: turn_a_bit(b / "files/00000001"), "files/00000001 är inte som den var"),
    "a picture is gone": (lambda b: (b / "files/00000001").unlink(), "files/00000001 saknas"),
    "the list of files is gone": (lambda b: (b / "files.jsonl.gz").unlink(), "files.jsonl.gz saknas"),
    "the manifest is cut": (lambda b: cut(b / "manifest.json"), "manifest.json är inte som den var"),
    "a bit of the manifest": (lambda b: turn_a_bit(b / "manifest.json"), "manifest.json är inte som den var"),
    "the manifest is gone": (lambda b: (b / "manifest.json").unlink(), "ingen säkerhetskopia"),
    "the sums are gone": (lambda b: (b / "SHA256SUMS").unlink(), "SHA256SUMS saknas"),
    "another format": (lambda b: change_manifest(b, lambda found: found.update(format=9)), "format 9"),
    "a newer version": (lambda b: change_manifest(b, _newer), "pledges.9999_from_the_future"),
    "an older version": (lambda b: change_manifest(b, _older), "äldre version"),
    "out of the folder": (lambda b: change_manifest(b, _lead_out), "utanför kopian"),
    "a row too few": (
        lambda b: change_manifest(b, lambda found: found["tables"][3].update(rows=10**6)),
        "inte som den",
    ),
    "a row without its owner": (_orphan, "Databasen sa nej. Inget är ändrat."),
}


@pytest.mark.parametrize("kind", ONE_AND_ALL)
def test_a_damaged_backup_is_refused_and_nothing_is_changed(copy, rich, empty, kind, subtests):
    new = empty(kind)
    before = new.everything()
    for what, (spoil, words) in DAMAGES.items():
        shutil.rmtree(copy)
        shutil.copytree(rich["sqlite"][1], copy)
        with subtests.test(what):
            spoil(copy)
            assert words in new.refused("manage.py", "restore", str(copy)), what
            assert new.everything() == before


def test_an_unfinished_backup_and_a_place_without_any_are_refused(rich, copy, empty, folder):
    new = empty("sqlite")
    unfinished = copy.rename(folder / "2026-01-01T000000Z.unfinished")
    assert "aldrig färdig" in new.refused("manage.py", "restore", str(unfinished))
    assert "ingen säkerhetskopia" in new.refused("manage.py", "restore", str(folder / "nowhere"))
    several = rich["sqlite"][1].parent
    assert several.name in new.refused("manage.py", "restore", str(several))
    assert rich["sqlite"][1].name in new.refused("manage.py", "restore", str(several))


@pytest.mark.parametrize("kind", ONE_AND_ALL)
def test_what_is_here_goes_only_when_somebody_says_so(rich, empty, kind):
    old, backup = rich[kind]
    new = empty(kind)
    new.say("manage.py", "demo")
    before = new.everything()

    assert "inte tom" in new.refused("manage.py", "restore", str(backup))
    assert "Inget är ändrat" in new.refused("manage.py", "restore", str(backup), "--replace")
    assert new.everything() == before

    triggers = new.triggers()
    new.say("manage.py", "restore", str(backup), "--replace", "--yes")
    after, was = new.everything(), old.everything()
    assert after["tables"]["pledges.Commitment"] == was["tables"]["pledges.Commitment"]
    assert after["files"].items() >= was["files"].items()
    assert new.triggers() == triggers
    # And once more, as after a power cut in the middle of the files.
    picture = next(iter(sorted((new.var / "media").rglob("*.webp"))))
    cut(picture)
    new.say("manage.py", "restore", str(backup), "--replace", "--yes")
    assert new.everything()["files"].items() >= was["files"].items()


@pytest.mark.parametrize("kind", KINDS)
def test_half_a_restore_is_none_and_can_be_done_again(rich, empty, kind):
    """The process is stopped dead in the middle: the database has nothing, and the next try is as the first."""
    old, backup = rich[kind]
    new = empty(kind)
    before = new.everything()["tables"]
    died = new.run("-m", "tests.processes.dying_restore", str(backup))
    assert died.returncode == 9, died.stderr
    after = new.everything()
    assert after["tables"] == before
    assert after["files"]

    new.say("manage.py", "restore", str(backup))
    assert new.everything()["files"] == old.everything()["files"]
    assert len(json_of(new)["pledges.Commitment"]) == len(json_of(old)["pledges.Commitment"])


def test_no_place_to_write_is_said_and_nothing_is_changed(rich, empty):
    new = empty("sqlite")
    before = new.everything()
    (new.var / "media").write_text("in the way")
    assert "Det går inte att skriva filer" in new.refused("manage.py", "restore", str(rich["sqlite"][1]))
    (new.var / "media").unlink()
    assert new.everything() == before


def test_a_database_role_without_the_right_is_told(rich, empty, postgres):
    new = empty("postgresql")
    name = new.url.rpartition("/")[2]
    postgres.query(name, "CREATE ROLE weak LOGIN")
    postgres.query(name, "GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA public TO weak")
    said = new.refused(
        "manage.py", "restore", str(rich["sqlite"][1]), DATABASE_URL=new.url.replace("//trygghet@", "//weak@")
    )
    assert "Kör som databasens ägare. Inget är ändrat." in said


# --- Taking ---------------------------------------------------------------------------------------------


def test_the_backup_can_be_checked_by_anybody(rich):
    old, backup = rich["sqlite"]
    assert "Kopian är hel" in old.say("manage.py", "restore", "--check", str(backup))
    done = subprocess.run(
        ["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=backup, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout
    assert oct(backup.stat().st_mode & 0o777) == "0o700"
    assert not list(backup.parent.glob("*.unfinished"))
    manifest = json.loads((backup / "manifest.json").read_text())
    assert {"sessions.Session", "django_migrations", "portal_cache"} <= manifest["left_out"].keys()


def test_a_backup_that_cannot_be_written_leaves_nothing(rich, folder):
    old, _backup = rich["sqlite"]
    (folder / "in-the-way").write_text("")
    assert "Kopian kunde inte skrivas" in old.refused("manage.py", "backup", str(folder / "in-the-way"))


@pytest.mark.parametrize("kind", KINDS)
def test_the_backup_is_of_one_moment_while_others_write(empty, folder, kind):
    """Each writer puts a message and what it tells in one transaction; a copy never has one without the other."""
    one = empty(kind)
    busy = one.say("-m", "tests.processes.busy_backup", str(folder / "busy"))
    assert re.fullmatch(r"[1-9]\d* written meanwhile, 0 halves\n", busy), busy


@pytest.mark.long
def test_ten_times_the_rows_need_no_more_memory(empty, say):
    peaks = {}
    for lines in (3_000, 30_000):
        one = empty("sqlite")
        one.say("-m", "tests.processes.rich", "--lines", str(lines))
        backup = one.backup()
        new = empty("sqlite")
        peaks[lines] = (
            int(one.say("-m", "tests.processes.peak", "backup", str(one.var / "again"))),
            int(new.say("-m", "tests.processes.peak", "restore", str(backup))),
        )
        assert len(json_of(new)["history.Event"]) == lines + 1
    ratios = [round(large / small, 2) for small, large in zip(*peaks.values(), strict=True)]
    assert max(ratios) <= 1.3, peaks
    say(f"memory for ten times the rows: backup x{ratios[0]}, restore x{ratios[1]}")
