"""Old and new text side by side: nothing is lost, nothing is added, and nothing anybody wrote becomes markup."""

from __future__ import annotations

import html
import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lysekil_trygghet.publishing.differences import side_by_side

WORDS = st.lists(st.sampled_from(["vi", "ska", "gå", "<b>", "&amp;", "ut", ",", "\n", " ", "  ", "</ins>", "5"]))
TEXTS = st.one_of(st.text(max_size=80), WORDS.map(" ".join), WORDS.map("".join))


def plain(marked: str) -> str:
    """As a reader sees it."""
    return html.unescape(re.sub(r"</?(del|ins)>", "", marked))


def without(tag: str, marked: str) -> str:
    return html.unescape(re.sub(rf"<{tag}>.*?</{tag}>", "", marked, flags=re.S))


@given(TEXTS, TEXTS)
def test_each_side_holds_its_whole_text(old, new):
    shown = side_by_side(old, new)

    assert (plain(shown.old), plain(shown.new)) == (old, new)


@given(TEXTS, TEXTS)
def test_what_is_not_marked_is_the_same_on_both_sides(old, new):
    shown = side_by_side(old, new)

    assert without("del", shown.old) == without("ins", shown.new)


@given(TEXTS, TEXTS)
def test_nothing_anybody_wrote_becomes_markup(old, new):
    shown = side_by_side(old, new)

    assert set(re.findall(r"<[^>]*>", shown.old)) <= {"<del>", "</del>"}
    assert set(re.findall(r"<[^>]*>", shown.new)) <= {"<ins>", "</ins>"}
    assert "<" not in re.sub(r"</?del>", "", shown.old)


@given(TEXTS)
def test_a_text_like_itself_has_no_marks(text):
    shown = side_by_side(text, text)

    assert shown.old == shown.new == html.escape(text, quote=True)


@pytest.mark.parametrize(
    ("old", "new", "shown_old", "shown_new"),
    [
        ("Vi går ut.", "Vi går in.", "Vi går <del>ut</del>.", "Vi går <ins>in</ins>."),
        ("Vi går.", "Vi går ofta.", "Vi går.", "Vi går<ins> ofta</ins>."),
        ("Vi går ofta.", "Vi går.", "Vi går<del> ofta</del>.", "Vi går."),
        # The space between two words that differ goes with them.
        ("klockan åtta idag", "klockan nio imorgon", "klockan <del>åtta idag</del>", "klockan <ins>nio imorgon</ins>"),
        ("", "Nytt", "", "<ins>Nytt</ins>"),
        ("Gammalt", "", "<del>Gammalt</del>", ""),
        (
            "<script>alert(1)</script>",
            "<script>alert(2)</script>",
            "&lt;script&gt;alert(<del>1</del>)&lt;/script&gt;",
            "&lt;script&gt;alert(<ins>2</ins>)&lt;/script&gt;",
        ),
    ],
)
def test_it_is_marked_word_by_word(old, new, shown_old, shown_new):
    shown = side_by_side(old, new)

    assert (shown.old, shown.new) == (shown_old, shown_new)


@pytest.mark.parametrize("words", [1, 30, 50, 100, 5_000])
def test_the_longest_text_there_can_be_takes_no_time_to_compare(words):
    """Twenty thousand signs (the body of a piece of news) of words that come again and again."""
    old = " ".join(str(number % words) for number in range(5_000))[:20_000]
    new = " ".join(str(number * 7 % words) for number in range(5_000))[:20_000]
    began = time.monotonic()

    shown = side_by_side(old, new)

    assert (plain(shown.old), plain(shown.new)) == (old, new)
    assert time.monotonic() - began < 3


def test_one_word_changed_in_a_long_text_is_one_word_marked():
    old = " ".join(f"Mening {number} är som den var.\n" for number in range(1_000))

    shown = side_by_side(old, old.replace("Mening 500 är", "Mening 500 blir"))

    assert (shown.old.count("<del>"), shown.new.count("<ins>")) == (1, 1)
    assert "<del>är</del>" in shown.old


def test_where_all_is_new_whole_sentences_are_marked():
    old, new = ("".join(f"Rad {word} {number}. " for number in range(1_000)) for word in ("ett", "två"))

    shown = side_by_side(old + "Samma sak.", new + "Samma sak.")

    assert (shown.old.count("<del>"), shown.old.endswith("Samma sak.")) == (1, True)
