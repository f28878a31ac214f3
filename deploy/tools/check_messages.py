"""Keeps the English catalogue complete: finds every marked string in code and templates without GNU gettext.

    check_messages.py            fails on entries that are missing, empty, uncertain or left over
    check_messages.py --update   adds what is missing (empty, to be translated) and removes what is left over

Swedish is the source language, so `sv` needs no catalogue. Strings are compared together with their context
and plural; a translation must use the same placeholders as its source, and no string may be marked in a way
that cannot be found (an f-string or a variable inside the call).
"""

from __future__ import annotations

import argparse
import ast
import io
import re
import sys
import tokenize
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import polib
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent.parent
CODE_FOLDERS = ("lysekil_trygghet", "situation", "pledges", "incidents")
TEMPLATE_FOLDERS = (*CODE_FOLDERS, "templates")
LANGUAGES = ("en",)

# Which arguments hold context, text and plural, as counted in the call.
PLAIN = {"text": 0}
PLURAL = {"text": 0, "plural": 1}
CONTEXT = {"context": 0, "text": 1}
CONTEXT_PLURAL = {"context": 0, "text": 1, "plural": 2}
SHAPES: dict[str, dict[str, int]] = {
    "gettext": PLAIN,
    "gettext_lazy": PLAIN,
    "gettext_noop": PLAIN,
    "ngettext": PLURAL,
    "ngettext_lazy": PLURAL,
    "pgettext": CONTEXT,
    "pgettext_lazy": CONTEXT,
    "npgettext": CONTEXT_PLURAL,
    "npgettext_lazy": CONTEXT_PLURAL,
}
PERCENT = re.compile(r"%(?:\((\w+)\))?[#0\-+]?\d*(?:\.\d+)?([sdifrx%])")
BRACES = re.compile(r"\{(\w*)[^{}]*\}")


@dataclass(frozen=True)
class Key:
    text: str
    context: str | None = None


@dataclass
class Found:
    plural: str = ""
    places: list[tuple[str, int]] = field(default_factory=list)


class Collector(ast.NodeVisitor):
    """The marked strings of one Python module, also under names given at import (`gettext as _`)."""

    def __init__(self, place: str, aliases: dict[str, str] | None = None) -> None:
        self.place = place
        self.aliases: dict[str, str] = dict(aliases or {})
        self.strings: list[tuple[Key, str, int]] = []
        self.problems: list[str] = []

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        if node.module in ("django.utils.translation", "gettext"):
            for name in node.names:
                if name.name in SHAPES:
                    self.aliases[name.asname or name.name] = name.name

    def visit_Call(self, node: ast.Call) -> None:
        called = node.func
        if isinstance(called, ast.Name):
            function = self.aliases.get(called.id)
        elif isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name):
            function = called.attr if called.value.id == "translation" and called.attr in SHAPES else None
        else:
            function = None
        if function:
            self.take(node, SHAPES[function])
        self.generic_visit(node)

    def take(self, node: ast.Call, shape: dict[str, int]) -> None:
        parts: dict[str, str] = {}
        for part, number in shape.items():
            argument = node.args[number] if number < len(node.args) else None
            if not (isinstance(argument, ast.Constant) and isinstance(argument.value, str)):
                self.problems.append(f"{self.place}:{node.lineno}: {part} is not a plain string, nothing can find it")
                return
            parts[part] = argument.value
        self.strings.append((Key(parts["text"], parts.get("context")), parts.get("plural", ""), node.lineno))


def from_code(source: str, place: str, aliases: dict[str, str] | None = None) -> Collector:
    collector = Collector(place, aliases)
    collector.visit(ast.parse(source))
    return collector


def from_template(source: str, place: str) -> Collector:
    """Django turns a template into text where only the calls are left; each is read as Python."""
    collector = Collector(place)
    names = {"_": "gettext", **{name: name for name in SHAPES}}
    for number, call in calls_in(templatize(source, origin=place)):
        try:
            piece = from_code(balanced(call), place, names)
        except (tokenize.TokenError, SyntaxError) as problem:
            collector.problems.append(f"{place}:{number}: cannot be read: {problem}")
            continue
        collector.strings += [(key, plural, number) for key, plural, _line in piece.strings]
        collector.problems += piece.problems
    return collector


def calls_in(text: str) -> Iterator[tuple[int, str]]:
    """Where each `gettext(…)` or relative begins in the text templatize leaves, with its line number."""
    for start in re.finditer(r"\b(?:n?p?gettext|_)\(", text):
        yield text.count("\n", 0, start.start()) + 1, text[start.start() :]


def balanced(text: str) -> str:
    """The beginning of the text up to where its first parenthesis is closed."""
    depth = 0
    lines = text.splitlines(keepends=True)
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.OP and token.string in "()":
            depth += 1 if token.string == "(" else -1
            if depth == 0:
                row, column = token.end
                return "".join(lines[: row - 1]) + lines[row - 1][:column]
    raise SyntaxError("the parenthesis is never closed")


def collect() -> tuple[dict[Key, Found], list[str]]:
    strings: dict[Key, Found] = {}
    problems: list[str] = []
    for path, read in files():
        place = path.relative_to(ROOT).as_posix()
        collector = read(path.read_text(encoding="utf-8"), place)
        problems += collector.problems
        for key, plural, line in collector.strings:
            found = strings.setdefault(key, Found())
            if plural and found.plural and plural != found.plural:
                problems.append(f"{place}:{line}: the same text has another plural elsewhere: {key.text!r}")
            found.plural = found.plural or plural
            found.places.append((place, line))
    return strings, problems


def files() -> Iterator[tuple[Path, Callable[[str, str], Collector]]]:
    for folder in CODE_FOLDERS:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path, from_code
    for folder in TEMPLATE_FOLDERS:
        for ending in ("*.html", "*.txt"):
            for path in sorted((ROOT / folder).rglob(ending)):
                if "templates" in path.parts:
                    yield path, from_template


# --- Comparing ------------------------------------------------------------------------------------
def catalogue_path(language: str) -> Path:
    return ROOT / "locale" / language / "LC_MESSAGES" / "django.po"


def key_of(entry: polib.POEntry) -> Key:
    return Key(entry.msgid, entry.msgctxt)


def compare(strings: dict[Key, Found], catalogue: polib.POFile, name: str) -> list[str]:
    problems = []
    entries = {key_of(entry): entry for entry in catalogue if not entry.obsolete}
    for key, found in strings.items():
        entry = entries.get(key)
        where = "{}:{}".format(*found.places[0])
        if entry is None:
            problems.append(f"{name}: missing: {key.text!r} ({where})")
        elif "fuzzy" in entry.flags:
            problems.append(f"{name}: marked uncertain (fuzzy): {key.text!r}")
        elif bool(found.plural) != bool(entry.msgid_plural):
            problems.append(f"{name}: plural on one side only: {key.text!r} ({where})")
        else:
            problems += [f"{name}: {wrong}: {key.text!r}" for wrong in wrong_with(entry)]
    problems += [f"{name}: left over: {key.text!r}" for key in entries.keys() - strings.keys()]
    problems += [f"{name}: left over (obsolete): {entry.msgid!r}" for entry in catalogue.obsolete_entries()]
    return problems


def wrong_with(entry: polib.POEntry) -> Iterator[str]:
    pairs = [(entry.msgid, entry.msgstr)]
    if entry.msgid_plural:
        # "One" and "more" may leave out the number itself, so each is held against its own source.
        one, more = (entry.msgstr_plural.get(number, "") for number in (0, 1))
        pairs = [(entry.msgid, one), (entry.msgid_plural, more)]
    for source, translation in pairs:
        if not translation.strip():
            yield "not translated"
        elif placeholders(source) != placeholders(translation):
            yield "placeholders differ"
        elif line_breaks(source) != line_breaks(translation):
            yield "line breaks at the ends differ"


def line_breaks(text: str) -> tuple[bool, bool]:
    return text.startswith("\n"), text.endswith("\n")


def placeholders(text: str) -> list[str]:
    found = (pair for pair in PERCENT.findall(text) if pair[1] != "%")
    return sorted([f"%({name}){kind}" if name else f"%{kind}" for name, kind in found] + BRACES.findall(text))


def update(strings: dict[Key, Found], path: Path, language: str) -> None:
    catalogue = polib.pofile(str(path), wrapwidth=100) if path.exists() else new_catalogue(language)
    known = {key_of(entry): entry for entry in catalogue if not entry.obsolete}
    kept = []
    for key in sorted(strings, key=lambda each: (each.text.casefold(), each.text, each.context or "")):
        found = strings[key]
        entry = known.get(key) or polib.POEntry(msgid=key.text, msgctxt=key.context)
        if found.plural:
            entry.msgid_plural = found.plural
            entry.msgstr = ""
            entry.msgstr_plural = {number: entry.msgstr_plural.get(number, "") for number in (0, 1)}
        else:
            entry.msgid_plural = ""
            entry.msgstr_plural = {}
        # Places without line numbers: an unrelated edit should not touch the catalogue.
        entry.occurrences = [(place, "") for place in sorted({place for place, _line in found.places})]
        kept.append(entry)
    catalogue.clear()
    catalogue.extend(kept)
    path.parent.mkdir(parents=True, exist_ok=True)
    catalogue.save(str(path))


def new_catalogue(language: str) -> polib.POFile:
    catalogue = polib.POFile(wrapwidth=100)
    catalogue.metadata = {
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Language": language,
        "Plural-Forms": "nplurals=2; plural=(n != 1);",
    }
    return catalogue


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--update", action="store_true")
    wanted = parser.parse_args()
    strings, problems = collect()
    for language in LANGUAGES:
        path = catalogue_path(language)
        if wanted.update:
            update(strings, path, language)
        name = path.relative_to(ROOT).as_posix()
        if path.exists():
            problems += compare(strings, polib.pofile(str(path)), name)
        else:
            problems.append(f"{name}: does not exist; `make messages` makes it")
    for problem in problems:
        print(problem)
    outcome = f"{len(problems)} to look at" if problems else "all translated"
    print(f"Translations: {len(strings)} marked strings, {outcome}.")
    return 1 if problems and not wanted.update else 0


if __name__ == "__main__":
    sys.exit(main())
