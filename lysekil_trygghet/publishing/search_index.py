"""What PostgreSQL keeps so that published texts are found fast: used by migrations and by `search`, so that both
write the same expression (an index serves only the expression it was made of).

Two indexes a table: of words, in Swedish and English; and of letter groups (trigrams) for parts of compounds and
misspelt words. Expressions and not columns, so that the texts' own columns can be altered later. What a migration
has asked for must go on giving the same SQL: a new way of searching gets new functions and a new migration.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

# Written alike by those who have no å on their keyboard.
FOLDED, PLAIN = "åäöéèêëüáàâíìîóòôúùûñçæø", "aaoeeeeuaaaiiiooouuuncao"


@dataclass(frozen=True)
class Texts:
    """The columns of one table that residents may search in: the title weighs most."""

    table: str
    title: str
    more: Sequence[str] = ()
    english: Sequence[str] = ()

    def words(self) -> str:
        """SQL of the words with their weights, as a tsvector."""
        parts = [f"setweight(to_tsvector('swedish'::regconfig, {self._column(self.title)}), 'A')"]
        if self.more:
            parts.append(f"to_tsvector('swedish'::regconfig, {self._joined(self.more)})")
        if self.english:
            parts.append(f"to_tsvector('english'::regconfig, {self._joined(self.english)})")
        return f"({' || '.join(parts)})"

    def folded(self) -> str:
        """SQL of all of it in small letters without dots and rings, as text."""
        everything = self._joined([self.title, *self.more, *self.english])
        return f"translate(lower({everything}), '{FOLDED}', '{PLAIN}')"

    def _column(self, name: str) -> str:
        return f'"{self.table}"."{name}"'

    def _joined(self, names: Sequence[str]) -> str:
        return " || ' ' || ".join(self._column(name) for name in names)


def fold(words: str) -> str:
    """As `Texts.folded` does in the database."""
    return words.lower().translate(str.maketrans(FOLDED, PLAIN))


def install(schema_editor: Any, *all_texts: Texts) -> None:
    """Make the indexes; nothing to do on other databases than PostgreSQL."""
    if schema_editor.connection.vendor != "postgresql":
        return
    schema_editor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    for texts in all_texts:
        name = texts.table.replace("_", "", 1)[:40]
        schema_editor.execute(f'CREATE INDEX {name}_words ON "{texts.table}" USING gin ({texts.words()})')
        schema_editor.execute(
            f'CREATE INDEX {name}_folded ON "{texts.table}" USING gin (({texts.folded()}) gin_trgm_ops)'
        )


def remove(schema_editor: Any, *all_texts: Texts) -> None:
    if schema_editor.connection.vendor != "postgresql":
        return
    for texts in all_texts:
        name = texts.table.replace("_", "", 1)[:40]
        schema_editor.execute(f"DROP INDEX IF EXISTS {name}_words")
        schema_editor.execute(f"DROP INDEX IF EXISTS {name}_folded")
