"""Every verb that history can hold of the acute chain has Swedish words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from incidents import lifecycle, words
from incidents.lifecycle import RequestKind
from lysekil_trygghet.history.models import Event
from tests import make_incidents as mk

OPERATIONS = Path(words.__file__).parent / "operations"
RECORDED = re.compile(r'''record\(\s*[\w.()]+,\s*"(\w+)"(?: if \w+ else "(\w+)")?|verb="(\w+)"''')


def verbs_of_the_code() -> set[str]:
    found: set[str] = {"changed"}
    for path in OPERATIONS.glob("*.py"):
        for groups in RECORDED.findall(path.read_text(encoding="utf-8")):
            found |= {verb for verb in groups if verb and not verb.endswith("_")}
    found |= {f"asked_{kind.lower()}" for kind in RequestKind.values}
    for name, table in vars(lifecycle).items():
        if name.endswith("_MOVES"):
            found |= {str(to).lower() for targets in table.values() for to in targets}
    return found


def test_the_search_finds_what_it_should():
    assert {"created", "due_moved", "request_granted", "request_refused", "continued"} <= verbs_of_the_code()


@pytest.mark.parametrize("verb", sorted(verbs_of_the_code()))
def test_every_verb_has_its_sentence(verb):
    assert verb in words.VERBS


@pytest.mark.django_db
def test_a_line_of_the_timeline_tells_days_versions_and_who():
    report = mk.submitted_report()
    lines = words.timeline(report.assignment, report)

    assert "Återrapporten lämnades in (version 1)" in {line["words"] for line in lines}
    assert all("Socialförvaltningen" in line["who"] for line in lines if "lämnades in" in line["words"])
    assert len(lines) == Event.objects.filter(subject_type__model__in=["assignment", "reportback"]).count()
