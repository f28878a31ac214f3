"""One list of commands: what the units and the containers start is what the tests start as real processes."""

from __future__ import annotations

import configparser
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from deploy.tools.commands import command, names, put_in

ROOT = Path(__file__).resolve().parent.parent.parent
UNITS = ROOT / "deploy" / "production"
VALUES = {"HOST": "0.0.0.0", "PORT": "8000", "WEB_WORKERS": "2", "BACKUP_DIR": "/var/backups/trygghet"}  # noqa: S104
# What has no unit: on a machine with timers nothing needs to run again and again; migrations are run by a person.
WITHOUT_UNIT, WITHOUT_CONTAINER = {"send_due_loop", "migrate"}, {"send_due"}


class _Unit(configparser.ConfigParser):
    def __init__(self, path: Path) -> None:
        super().__init__(interpolation=None, strict=False, delimiters="=")
        self.optionxform = str
        self.read(path)


def unit_commands() -> dict[str, str]:
    """The lines after ExecStart by the name of the unit, as the list names it."""
    return {
        path.stem.removeprefix("trygghet-").removesuffix("@").replace("-", "_"): _Unit(path)["Service"][
            "ExecStart"
        ].replace("%i", "${PORT}")
        for path in sorted(UNITS.glob("*.service"))
    }


def compose() -> dict:
    return yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text())


def with_values(parts: list[str]) -> list[str]:
    """With the test's values instead of ${NAME} and ${NAME:-default}."""
    return [put_in(re.sub(r":-[^}]*", "", part), VALUES) for part in parts]


def by_name(parts: list[str]) -> list[str]:
    """The program without the folder of this installation."""
    return [parts[0].removeprefix("/opt/trygghet/").removeprefix(".venv/bin/"), *parts[1:]]


def test_the_units_start_what_is_listed():
    found = {name: by_name(with_values(shlex.split(line))) for name, line in unit_commands().items()}
    assert found == {name: command(name, VALUES) for name in names() if name not in WITHOUT_UNIT}


def test_the_containers_start_what_is_listed():
    """Those of the portal's image; `send_due` goes on and on there, because containers have no timer."""
    portal = {name: one for name, one in compose()["services"].items() if one.get("image") == "trygghet-portal"}
    found = {name: with_values(one["command"]) for name, one in portal.items()}
    found["send_due_loop"] = found.pop("send_due")
    assert found == {name: command(name, VALUES) for name in names() if name not in WITHOUT_CONTAINER}


@pytest.mark.parametrize("name", sorted(unit_commands()))
def test_units_keep_the_portal_in_its_place(name):
    """Not root, no new rights, and nothing to write in but its own folders."""
    (path,) = UNITS.glob(f"trygghet-{name.replace('_', '-')}*.service")
    service = _Unit(path)["Service"]
    assert (service["User"], service["NoNewPrivileges"], service["ProtectSystem"]) == ("trygghet", "yes", "strict")
    assert service["EnvironmentFile"] == "/etc/trygghet/portal.env"


if shutil.which("systemd-analyze"):  # where there is none, there is nothing to ask

    def test_systemd_understands_the_units(tmp_path):
        """With the programs of this machine in the places the units name."""
        for path in sorted(UNITS.glob("trygghet-*")):
            true = shutil.which("true")
            text = re.sub(r"^(ExecStart(?:Post)?)=\S+", rf"\1={true}", path.read_text(), flags=re.M)
            (tmp_path / path.name).write_text(text)
        files = sorted(tmp_path.glob("trygghet-*"))
        done = subprocess.run(["systemd-analyze", "verify", *files], capture_output=True, text=True, timeout=60)
        ours = [line for line in done.stderr.splitlines() if "trygghet" in line and "redis-server" not in line]
        assert (done.returncode, ours) == (0, []), done.stderr
