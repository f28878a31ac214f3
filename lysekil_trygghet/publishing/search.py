"""Finding published texts by their words: PostgreSQL's full text search in Swedish, SQLite's FTS5.

A search has two tries. The first looks for the words in any of their forms (*vandring*, *vandringarna*). If that
gives little, the second looks for parts of words and words that are spelt nearly so (*vandring* in
*trygghetsvandring*, *lofte* for *löfte*). Both ask the published rows themselves, so that nothing else can be found.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property
from typing import Any, overload

from django.db import connection, models
from django.db.models.expressions import RawSQL
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from . import markdown
from .languages import Reader, Text
from .search_index import Texts, fold

LONGEST_QUERY, MOST_WORDS = 100, 8
# Of each kind of thing: the newest that match are weighed, the best of them are shown.
WEIGHED, SHOWN_OF_A_KIND = 60, 40
# With fewer hits than this the second try is made.
FEW = 5
EXCERPT, BEFORE_MATCH = 220, 60
# Words shorter than this are found as they stand only.
SHORTEST_PART = 3
WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Searched:
    """One kind of published thing: where its rows come from (published ones only) and where each is read."""

    kind: Callable[[], str]
    rows: Callable[[], models.QuerySet]
    path: Callable[[Any], str]
    title: str
    more: Sequence[str] = ()
    newest: str = "-pk"

    @cached_property
    def _texts(self) -> Texts:
        meta = self.rows().model._meta
        known = {field.name for field in meta.concrete_fields}
        english = [f"{name}_en" for name in (self.title, *self.more) if f"{name}_en" in known]
        return Texts(meta.db_table, self.title, tuple(self.more), tuple(english))

    def texts(self) -> Texts:
        return self._texts


@dataclass(frozen=True)
class Hit:
    """What was found; `title` and `excerpt` are safe HTML with the words marked."""

    kind: str
    title: SafeString
    title_mark: SafeString
    excerpt: SafeString
    excerpt_mark: SafeString
    url: str
    is_alike: bool


def cleaned(query: str) -> str:
    """What is looked for, in at most a hundred signs and eight words."""
    return " ".join(WORD.findall(query[:LONGEST_QUERY])[:MOST_WORDS])


def find(query: str, *, among: Iterable[Searched], read: Reader) -> Hits:
    """Everything published that holds the words, the best first. Nothing for an empty query."""
    words = cleaned(query).split()
    kinds = list(among) if words else []
    engine = _Postgres(kinds) if connection.vendor == "postgresql" else _Fts5(kinds)
    found: dict[tuple[int, int], _Found] = {}
    for alike, ask in ((False, engine.exact), (True, engine.parts), (True, engine.nearly)):
        if len(found) >= FEW or not kinds:
            break
        for place, pk, rank in ask(words):
            found.setdefault((place, pk), _Found(kinds[place], pk, rank, alike))
    best = sorted(found.values(), key=lambda one: (one.is_alike, -one.rank))
    return Hits(best, words, read)


# Which of the kinds, which row of it, and how well it fits.
Ranked = Iterable[tuple[int, int, float]]


@dataclass(frozen=True)
class _Found:
    kind: Searched
    pk: int
    rank: float
    is_alike: bool


class Hits(Sequence[Hit]):
    """What was found, best first. A hit is read, cut and marked when it is looked at: a page shows ten."""

    def __init__(self, found: Sequence[_Found], words: Sequence[str], read: Reader) -> None:
        self.found, self.words, self.read = found, words, read

    @property
    def has_alike(self) -> bool:
        return any(one.is_alike for one in self.found)

    def __len__(self) -> int:
        return len(self.found)

    @overload
    def __getitem__(self, place: int) -> Hit: ...
    @overload
    def __getitem__(self, place: slice) -> list[Hit]: ...
    def __getitem__(self, place: int | slice) -> Hit | list[Hit]:
        if isinstance(place, slice):
            return list(self._read(self.found[place]))
        return next(self._read([self.found[place]]))

    def _read(self, found: Sequence[_Found]) -> Iterator[Hit]:
        """One question for each kind among them. What was withdrawn in between is not there."""
        pks: dict[int, list[int]] = {}
        for one in found:
            pks.setdefault(id(one.kind), []).append(one.pk)
        kinds = {id(one.kind): one.kind for one in found}
        rows = {key: {row.pk: row for row in kinds[key].rows().filter(pk__in=wanted)} for key, wanted in pks.items()}
        for one in found:
            if row := rows[id(one.kind)].get(one.pk):
                yield _shown(one, row, words=self.words, read=self.read)


# --- PostgreSQL -----------------------------------------------------------------------------------------


class _Postgres:
    """All kinds in one question for each try."""

    QUERY = "(websearch_to_tsquery('swedish'::regconfig, %s) || websearch_to_tsquery('english'::regconfig, %s))"

    def __init__(self, kinds: Sequence[Searched]) -> None:
        self.kinds = kinds

    def exact(self, words: Sequence[str]) -> Ranked:
        query = " ".join(words)

        def told(texts: Texts) -> tuple[RawSQL, RawSQL]:
            match = RawSQL(f"{texts.words()} @@ {self.QUERY}", [query, query], models.BooleanField())  # noqa: S611
            rank = f"ts_rank({texts.words()}, {self.QUERY})"
            return match, RawSQL(rank, [query, query], models.FloatField())  # noqa: S611

        return self._best(told)

    def parts(self, words: Sequence[str]) -> Ranked:
        """Each word as it stands, inside others too."""
        return self._by_letters("{folded} LIKE %s", [f"%{part}%" for part in _parts(words)], words)

    def nearly(self, words: Sequence[str]) -> Ranked:
        """Each word, or one most of whose letter groups it shares."""
        return self._by_letters("%s <%% {folded}", _parts(words), words)

    def _by_letters(self, test: str, values: list[str], words: Sequence[str]) -> Ranked:
        if not values:
            return ()

        def told(texts: Texts) -> tuple[RawSQL, RawSQL]:
            folded = texts.folded()
            every = " AND ".join([test.format(folded=folded)] * len(values))
            likeness = f"word_similarity(%s, {folded})"
            rank = RawSQL(likeness, [fold(" ".join(words))], models.FloatField())  # noqa: S611
            return RawSQL(every, values, models.BooleanField()), rank  # noqa: S611

        return self._best(told)

    def _best(self, told: Callable[[Texts], tuple[RawSQL, RawSQL]]) -> Ranked:
        """The newest that match are weighed: to weigh all would cost too much where a word stands everywhere."""
        asked = []
        for place, kind in enumerate(self.kinds):
            match, rank = told(kind.texts())
            newest = kind.rows().filter(match).order_by(kind.newest)
            asked.append(newest.values_list(models.Value(place), "pk", rank)[:WEIGHED])
        found: dict[int, list[tuple[int, int, float]]] = {}
        for row in asked[0].union(*asked[1:], all=True).order_by():
            found.setdefault(row[0], []).append(row)
        for rows in found.values():
            yield from sorted(rows, key=lambda row: -row[2])[:SHOWN_OF_A_KIND]


# --- SQLite ---------------------------------------------------------------------------------------------


class _Fts5:
    """The published texts of a small installation in an FTS5 table in memory, made for this one search."""

    def __init__(self, kinds: Sequence[Searched]) -> None:
        self.pks: list[list[int]] = []
        self.words: list[list[tuple[str, str]]] = []
        for kind in kinds:
            texts = kind.texts()
            rows = list(kind.rows().order_by(kind.newest))
            self.pks.append([row.pk for row in rows])
            self.words.append(
                [
                    (
                        " ".join(getattr(row, name) for name in (texts.title,)),
                        " ".join(getattr(row, name) for name in (*texts.more, *texts.english)),
                    )
                    for row in rows
                ]
            )

    def exact(self, words: Sequence[str]) -> Ranked:
        # Without a Swedish stemmer: each word also as a beginning, and its own beginning without the last letters.
        terms = [f"({' OR '.join(f'{_quoted(form)}*' for form in _forms(word))})" for word in words]
        return self._match(" AND ".join(terms), tokenize="unicode61 remove_diacritics 2")

    def parts(self, words: Sequence[str]) -> Ranked:
        """Each word as it stands, inside others too."""
        parts = [_quoted(part) for part in _parts(words)]
        return self._match(" AND ".join(parts), tokenize="trigram") if parts else ()

    def _match(self, query: str, *, tokenize: str) -> Ranked:
        for place, pairs in enumerate(self.words):
            for number, rank in self._match_one(pairs, query, tokenize=tokenize):
                yield place, self.pks[place][number], rank

    def _match_one(self, pairs: list[tuple[str, str]], query: str, *, tokenize: str) -> list[tuple[int, float]]:
        with closing(sqlite3.connect(":memory:")) as memory:
            memory.execute(f"CREATE VIRTUAL TABLE texts USING fts5(title, more, tokenize='{tokenize}')")
            plain = tokenize == "trigram"
            memory.executemany(
                "INSERT INTO texts(rowid, title, more) VALUES (?, ?, ?)",
                ((number, *((fold(text) for text in pair) if plain else pair)) for number, pair in enumerate(pairs)),
            )
            return memory.execute(
                "SELECT rowid, -bm25(texts, 4.0, 1.0) FROM texts WHERE texts MATCH ? ORDER BY rank LIMIT ?",
                (query, SHOWN_OF_A_KIND),
            ).fetchall()

    def nearly(self, words: Sequence[str]) -> Ranked:
        """Each word, or one most of whose letter groups it shares."""
        parts = _parts(words)
        if not parts:
            return
        for place, pairs in enumerate(self.words):
            for pk, pair in zip(self.pks[place], pairs, strict=True):
                likeness = [max((_likeness(part, word) for word in _words_of(pair)), default=0.0) for part in parts]
                if min(likeness) >= NEARLY:
                    yield place, pk, min(likeness)


def _parts(words: Sequence[str]) -> list[str]:
    """The words that are long enough to be looked for inside others."""
    return [fold(word) for word in words if len(word) >= SHORTEST_PART]


# As PostgreSQL's pg_trgm.word_similarity_threshold.
NEARLY = 0.6
ENDING, SHORTEST_STEM = 3, 4


def _quoted(word: str) -> str:
    return f'"{word}"'


def _forms(word: str) -> list[str]:
    stem = word[: max(SHORTEST_STEM, len(word) - ENDING)]
    return [word, stem] if len(stem) >= SHORTEST_STEM else [word]


def _words_of(pair: tuple[str, str]) -> set[str]:
    return set(WORD.findall(fold(" ".join(pair))))


def _trigrams(word: str) -> set[str]:
    padded = f"  {word} "
    return {padded[start : start + 3] for start in range(len(padded) - 2)}


def _likeness(part: str, word: str) -> float:
    """The share of the letter groups of `part` that `word` has."""
    groups = _trigrams(part)
    return len(groups & _trigrams(word)) / len(groups)


# --- How a hit is shown -----------------------------------------------------------------------------------


def _shown(found: _Found, row: Any, *, words: Sequence[str], read: Reader) -> Hit:
    kind = found.kind
    title = read.in_language(row, kind.title)
    excerpt = _excerpt([read.in_language(row, name) for name in kind.more], words)
    return Hit(
        kind=kind.kind(),
        title=marked(markdown.plain(str(title))[:160], words),
        title_mark=title.mark,
        excerpt=marked(str(excerpt), words),
        excerpt_mark=excerpt.mark,
        url=kind.path(row),
        is_alike=found.is_alike,
    )


def _excerpt(texts: Sequence[Text], words: Sequence[str]) -> Text:
    """The first text that holds one of the words, cut around it; else the beginning of the first."""
    plain = [Text(markdown.plain(str(text)), text.language, text.is_foreign) for text in texts if text]
    for text in plain:
        place = next((match.start() for match in _matches(str(text), words)), None)
        if place is not None:
            return Text(_cut(str(text), place), text.language, text.is_foreign)
    first = plain[0] if plain else Text("", "sv", is_foreign=False)
    return Text(_cut(str(first), 0), first.language, first.is_foreign)


def _cut(text: str, place: int) -> str:
    start = max(0, place - BEFORE_MATCH)
    if start:
        start = text.find(" ", start) + 1
    end = start + EXCERPT
    if end < len(text):
        end = text.rfind(" ", start, end) if " " in text[start:end] else end
    return ("… " if start else "") + text[start:end] + (" …" if end < len(text) else "")


def _matches(text: str, words: Sequence[str]) -> Iterator[re.Match[str]]:
    """Every word of the text that holds one of the words looked for, or their stem."""
    stems = [fold(_forms(word)[-1]) for word in words if len(word) >= SHORTEST_PART] or [fold(word) for word in words]
    for match in WORD.finditer(text):
        plain = fold(match[0])
        if any(stem in plain for stem in stems):
            yield match


def marked(text: str, words: Sequence[str]) -> SafeString:
    """The text, escaped, with <mark> around what was looked for."""
    pieces, done = [], 0
    for match in _matches(text, words):
        pieces += [escape(text[done : match.start()]), "<mark>", escape(match[0]), "</mark>"]
        done = match.end()
    return mark_safe("".join([*pieces, escape(text[done:])]))  # noqa: S308 - every piece is escaped above
