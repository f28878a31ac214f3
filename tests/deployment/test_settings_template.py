"""The template of settings names all there are, each with its meaning, and none that is not read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from deploy.tools.commands import command, names

ROOT = Path(__file__).resolve().parent.parent.parent
TEMPLATE = ROOT / "deploy" / "production" / "portal.env.example"
READ = re.compile(r"""\benv(?:\.\w+)?\(\s*"([A-Z_]+)\"""")


class _Asked(dict):
    """Notes which settings a command of the list asks for."""

    def __missing__(self, name: str) -> str:
        self[name] = "1"
        return "1"


def read_settings() -> set[str]:
    """What settings.py reads, and what the commands have put in."""
    asked = _Asked()
    for name in names():
        command(name, asked)
    return set(READ.findall((ROOT / "lysekil_trygghet" / "settings.py").read_text())) | set(asked)


def explained() -> dict[str, str]:
    """Each setting of the template with the comment it stands under; those of one group share it."""
    found: dict[str, str] = {}
    words = ""
    for line in TEMPLATE.read_text().splitlines():
        if setting := re.fullmatch(r"#?([A-Z_]+)=.*", line):
            assert setting[1] not in found, f"{setting[1]} is there twice"
            found[setting[1]] = words
        else:
            words = line.removeprefix("# ") if line.startswith("# ") and not line.startswith("# ---") else ""
    return found


def test_every_setting_is_in_the_template_and_no_other():
    assert set(explained()) == read_settings()


@pytest.mark.parametrize("name", sorted(read_settings()))
def test_every_setting_is_explained(name):
    assert len(explained()[name].split()) >= 4


def test_the_template_holds_no_secret():
    for line in TEMPLATE.read_text().splitlines():
        if line.startswith(("SECRET_KEY=", "#SECRET_KEY_FALLBACKS=")):
            assert line.endswith("=")
        if "://" in line and "@" in line:
            assert "PASSWORD" in line
