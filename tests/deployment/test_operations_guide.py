"""docs/drift.md says only what is there: commands, settings, units and files."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.core.management import get_commands

from .test_settings_template import read_settings

ROOT = Path(__file__).resolve().parent.parent.parent
TEXT = (ROOT / "docs" / "drift.md").read_text()
UNITS = ROOT / "deploy" / "production"
CODE = re.findall(r"`([^`\n]+)`", TEXT) + re.findall(
    r"^ *(?!```)(.+)$", "".join(re.findall(r"```sh.*?```", TEXT, re.S)), re.M
)
# Questions that must have an answer.
TROUBLES = (
    "e-postservern inte svarar",
    "Disken är full",
    "inte redo: databasen",
    "Redis är borta",
    "Arbetaren startar om",
    "Taktgivaren går",
    "klocka går fel",
    "Certifikatet har gått ut",
    "Sidor visar gammal text",
    "Påminnelser är några minuter sena",
    "Efter en återställning går inget ut",
    "glömt sitt lösenord",
    "`SECRET_KEY` har läckt",
)


def rows_of(heading: str) -> list[list[str]]:
    section = TEXT.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[1:]]


def test_every_command_exists():
    named = set(re.findall(r"manage\.py (\w+)", TEXT))
    assert named >= {"send_due", "purge_cache", "createsuperuser", "migrate", "check", "changepassword"}
    assert named <= set(get_commands())


def test_every_make_target_exists():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.M))
    assert (
        set(re.findall(r"make ([a-z]+)(?=$|[ ;`])", "\n".join(line for line in CODE if "apt-get" not in line), re.M))
        <= targets
    )


def test_every_setting_exists():
    named = set(re.findall(r"\b([A-Z]{2,}(?:_[A-Z]+)+)\b", " ".join(CODE)))
    assert len(named) > 15
    assert named - read_settings() == set()


def test_every_unit_exists():
    there = {path.name for path in UNITS.iterdir()}
    for name in set(
        re.findall(r"trygghet-(?:web|worker|beat|send-due|backup|watch)[@\w]*(?:\.timer|\.service)?", TEXT)
    ):
        name = re.sub(r"@\d+", "@", name)
        assert name in there or f"{name}.service" in there, name


def test_every_file_exists():
    for name in set(re.findall(r"`((?:deploy|tests|docs)/[\w./-]+)`", TEXT)):
        assert (ROOT / name).exists(), name
    for name in set(re.findall(r"\]\(([\w.-]+\.md)", TEXT)):
        assert (ROOT / "docs" / name).exists(), name


def test_every_place_pointed_at_in_the_text_exists():
    there = {
        re.sub(r"[^\wåäö -]", "", line.lower()).replace(" ", "-") for line in re.findall(r"^#+ (.+)$", TEXT, re.M)
    }
    assert set(re.findall(r"\]\(#([^)]+)\)", TEXT)) <= there


def test_troubles_have_a_cause_and_something_to_do():
    rows = rows_of("Vad gör jag när …")
    assert len(rows) >= 15
    for row in rows:
        assert len(row) == 3
        assert len(row[2].split()) >= 5, row


@pytest.mark.parametrize("trouble", TROUBLES)
def test_this_trouble_has_an_answer(trouble):
    assert any(trouble in " ".join(row[:2]) for row in rows_of("Vad gör jag när …"))
