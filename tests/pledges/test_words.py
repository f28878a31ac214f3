"""Every act has its sentence, every state its look."""

from __future__ import annotations

import ast
from pathlib import Path

from lysekil_trygghet.ui.icons import icon
from lysekil_trygghet.ui.tags import TONES
from pledges import lifecycle, words
from pledges.lifecycle import (
    Delivery,
    Goal,
    ObservationState,
    OccurrenceState,
    Outlook,
    SetState,
    WalkState,
)

ROOT = Path(__file__).resolve().parents[2]
# What the promises' own operations write, those they share with the pictures, and history itself.
WRITERS = [
    *sorted((ROOT / "pledges" / "operations").glob("*.py")),
    ROOT / "situation/operations/confirmations.py",
    ROOT / "lysekil_trygghet/history/operations.py",
]
RECORDS = {"record", "_words_changed", "_pauses_changed"}


def verbs_used() -> set[str]:
    """Every verb the operations write: given by name, as a second argument, or the state moved to."""
    verbs = {"changed"}
    for path in WRITERS:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Assign) and any(getattr(target, "id", "") == "verb" for target in node.targets):
                verbs |= texts_in(node.value)
            if isinstance(node, ast.Call):
                verbs |= set().union(*(texts_in(k.value) for k in node.keywords if k.arg == "verb"), set())
                if getattr(node.func, "id", "") in RECORDS:
                    verbs |= texts_in(node.args[1])
            if isinstance(node, ast.comprehension) and "verb" in names_in(node.target):
                verbs |= texts_in(node.iter)
    ways = [way for name, way in vars(lifecycle).items() if name.endswith("_MOVES")]
    moved_to = {str(to).lower() for way in ways for tos in way.values() for to in tos if to}
    # "moved_" and a direction.
    return (verbs - {"moved_"}) | moved_to | {"moved_up", "moved_down"}


def names_in(node: ast.AST) -> set[str]:
    return {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}


def texts_in(node: ast.AST) -> set[str]:
    return {n.value for n in ast.walk(node) if isinstance(n, ast.Constant) and isinstance(n.value, str) and n.value}


def test_every_act_has_a_sentence():
    assert verbs_used() - set(words.VERBS) == set(), "acts without a sentence"
    assert set(words.VERBS) - verbs_used() == set(), "sentences of no act"


def test_every_state_has_words_an_icon_and_a_tone():
    for states, looks in (
        (SetState, words.SETS),
        (Delivery, words.DELIVERIES),
        (Goal, words.GOALS),
        (Outlook, words.OUTLOOKS),
        (OccurrenceState, words.OCCURRENCES),
        (WalkState, words.WALKS),
        (ObservationState, words.OBSERVATIONS),
    ):
        assert set(looks) == set(states)
        for name, tone in looks.values():
            assert icon(name)
            assert tone in TONES
