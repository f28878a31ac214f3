"""Every act has its sentence, every state its look."""

from __future__ import annotations

import ast
from decimal import Decimal
from pathlib import Path

import pytest
from django.utils import translation

from lysekil_trygghet.ui.icons import icon
from lysekil_trygghet.ui.tags import TONES
from situation import words
from situation.lifecycle import (
    IMPORT_MOVES,
    PICTURE_MOVES,
    Confidence,
    Method,
    PictureState,
    SourceKind,
    Strength,
    Trend,
)
from situation.models import SituationPicture, Source

OPERATIONS = Path(__file__).resolve().parents[2] / "situation" / "operations"
HISTORY = {"record", "placed", "move", "change"}


def verbs_used() -> set[str]:
    """Every verb the operations write: given by name, as second argument of record, or the state moved to."""
    verbs = {"changed"}
    for path in OPERATIONS.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Assign) and any(getattr(target, "id", "") == "verb" for target in node.targets):
                verbs |= texts_in(node.value)
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in HISTORY:
                verbs |= set().union(*(texts_in(k.value) for k in node.keywords if k.arg == "verb"), set())
                if node.func.id == "record":
                    verbs |= texts_in(node.args[1])
    moves = [*PICTURE_MOVES.values(), *IMPORT_MOVES.values()]
    moved_to = {str(to).lower() for way in moves for to in way}
    # Back to draft is told as "sent_back".
    return verbs | (moved_to - {"draft"})


def texts_in(node: ast.AST) -> set[str]:
    return {n.value for n in ast.walk(node) if isinstance(n, ast.Constant) and isinstance(n.value, str)}


def test_every_act_has_a_sentence():
    assert verbs_used() == set(words.VERBS)


def test_every_state_trend_and_strength_has_words_an_icon_and_a_tone():
    assert set(words.STATES) == set(PictureState)
    assert set(words.TRENDS) == set(Trend)
    assert set(words.CONFIDENCES) == set(Confidence)
    assert set(words.STRENGTHS) == set(Strength)
    assert set(words.CARRIES) == set(Method)
    badges = [
        *(words.trend_badge(trend) for trend in Trend),
        *(words.confidence_badge(confidence) for confidence in Confidence),
        *(words.picture_badge(SituationPicture(state=state)) for state in PictureState),
        *(words.resident_badge(SituationPicture(state=state)) for state in PictureState),
        *(words.strength_badge(Source(method=method)) for method in Method),
    ]
    for badge in badges:
        assert str(badge.label)
        assert badge.tone in TONES
        assert icon(badge.icon)


@pytest.mark.parametrize(
    ("method", "n", "strength"),
    [
        (Method.REGISTER, None, Strength.STRONG),
        (Method.RANDOM_SAMPLE, 200, Strength.STRONG),
        (Method.RANDOM_SAMPLE, 199, Strength.MEDIUM),
        (Method.RANDOM_SAMPLE, None, Strength.MEDIUM),
        (Method.CENSUS_CLASS, 100, Strength.STRONG),
        (Method.CENSUS_CLASS, 99, Strength.MEDIUM),
        (Method.OPEN_WEB, 520, Strength.MEDIUM),
        (Method.OPEN_WEB, 299, Strength.WEAK),
        (Method.OPEN_WEB, None, Strength.WEAK),
        (Method.DIALOGUE, 1000, Strength.WEAK),
        (Method.JUDGEMENT, None, Strength.WEAK),
    ],
)
def test_how_far_a_source_carries(method, n, strength):
    assert Source(kind=SourceKind.OTHER, method=method, n=n).strength == strength


def test_answers_are_told_with_a_decimal_comma():
    answered = Source(n=142, response_rate=Decimal("86.5"))
    assert words.answers_in_words(answered) == "142 svar eller deltagare, 86,5 procent av de tillfrågade"
    assert words.answers_in_words(Source(n=520)) == "520 svar eller deltagare"
    assert words.answers_in_words(Source(response_rate=Decimal(40))) == ""
    with translation.override("en"):
        assert "86.5" in words.answers_in_words(answered)
