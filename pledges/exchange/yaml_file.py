"""A set as YAML. Read by its nodes, so that every error knows its line; never as Python objects."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import yaml
from django.utils.translation import gettext as _

from . import shape
from .rows import AreaRow, CommitmentRow, FileRefused, LineError, LinkRow, PartyRow, PauseRow, RuleRow, SetRow, UnitRow
from .shape import Column
from .whole import faults

LARGEST = 2_000_000
DEEPEST = 12
HEAD = "medborgarlöften"


class Unfit(yaml.YAMLError):
    """Well-formed YAML that no set needs: anchors, or nested deeper than any set."""

    def __init__(self, mark: Any) -> None:
        super().__init__("anchors and deep nesting are not read")
        self.problem_mark = mark


def read(data: bytes) -> SetRow:
    """The set in a YAML file (UTF-8). Raises `FileRefused` with every error and its line."""
    return _Reader().read(data)


def write(row: SetRow) -> bytes:
    """The file that `read` gives the same row back from."""
    body: dict[str, Any] = shape.written(shape.SET, row)
    body["områden"] = [
        {
            **shape.written(shape.AREA, area),
            **({"problem": list(area.problems)} if area.problems else {}),
            **({"löften": [_written(promise) for promise in area.commitments]} if area.commitments else {}),
        }
        for area in row.areas
    ]
    text = yaml.dump({HEAD: body}, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=100)
    return text.encode("utf-8")


def _written(promise: CommitmentRow) -> dict[str, Any]:
    body: dict[str, Any] = shape.written(shape.COMMITMENT, promise)
    lists: tuple[tuple[str, tuple[Column, ...], Sequence[Any]], ...] = (
        ("parter", shape.PARTY, promise.parties),
        ("räknas", shape.UNIT, promise.units),
        ("länkar", shape.LINK, promise.links),
    )
    for word, columns, rows in lists:
        if rows:
            body[word] = [shape.written(columns, row) for row in rows]
    if promise.rule is not None:
        body["rytm"] = shape.written(shape.RULE, promise.rule)
        if promise.rule.pauses:
            body["rytm"]["pauser"] = [shape.written(shape.PAUSE, pause) for pause in promise.rule.pauses]
    return body


class _Dumper(yaml.SafeDumper):
    """Plain YAML without anchors."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


class _Reader:
    def __init__(self) -> None:
        self.errors: list[LineError] = []

    def read(self, data: bytes) -> SetRow:
        body = self._body(data)
        row = self._set(body) if body is not None else None
        if self.errors or row is None:
            raise FileRefused(sorted(self.errors, key=lambda error: error.line))
        if wrong := faults(row):
            raise FileRefused(sorted(wrong, key=lambda error: error.line))
        return row

    # --- From bytes to the node below the head ---

    def _body(self, data: bytes) -> yaml.MappingNode | None:
        if len(data) > LARGEST:
            self._say(1, _("Filen är för stor. Den får vara högst 2 MB."))
            return None
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError as bad:
            line = data[: bad.start].count(b"\n") + 1
            self._say(line, _("Filen är inte sparad som UTF-8. Spara den så och försök igen."))
            return None
        try:
            self._check_depth(text)
            node = yaml.compose(text, Loader=yaml.SafeLoader)
        except (yaml.YAMLError, RecursionError) as bad:
            mark = getattr(bad, "problem_mark", None)
            self._say(
                mark.line + 1 if mark else 1,
                _("Raden går inte att läsa som YAML. Kontrollera indrag, kolon och citattecken."),
            )
            return None
        top = self._mapping(node, known=(HEAD,), where=_("filen")) if node is not None else {}
        body = top.get(HEAD)
        if not isinstance(body, yaml.MappingNode):
            self._say(1, _("Filen ska börja med ”%(head)s:”.") % {"head": HEAD})
            return None
        return body

    @staticmethod
    def _check_depth(text: str) -> None:
        """A file that nests deeper than any set, or uses anchors, is not read further."""
        depth = 0
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            if isinstance(event, yaml.AliasEvent):
                raise Unfit(event.start_mark)
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
                if depth > DEEPEST:
                    raise Unfit(event.start_mark)
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1

    # --- The rows ---

    def _set(self, node: yaml.MappingNode) -> SetRow | None:
        values, rest = self._values(node, shape.SET, also=("områden",), where=HEAD)
        areas = tuple(self._area(item) for item in self._list(rest.get("områden"), "områden"))
        if self.errors:
            return None
        return SetRow(**values, areas=areas, line=_line_of(node))

    def _area(self, node: yaml.Node) -> AreaRow:
        values, rest = self._values(node, shape.AREA, also=("problem", "löften"), where=_("område"))
        problems = tuple(self._text(item) for item in self._list(rest.get("problem"), "problem"))
        promises = tuple(self._promise(item) for item in self._list(rest.get("löften"), "löften"))
        return AreaRow(**values, problems=problems, commitments=promises, line=_line_of(node))

    def _promise(self, node: yaml.Node) -> CommitmentRow:
        also = ("parter", "räknas", "rytm", "länkar")
        values, rest = self._values(node, shape.COMMITMENT, also=also, where=_("löfte"))
        parties = [
            self._values(item, shape.PARTY, where="parter") for item in self._list(rest.get("parter"), "parter")
        ]
        units = [self._values(item, shape.UNIT, where="räknas") for item in self._list(rest.get("räknas"), "räknas")]
        links = [self._values(item, shape.LINK, where="länkar") for item in self._list(rest.get("länkar"), "länkar")]
        return CommitmentRow(
            **values,
            parties=tuple(PartyRow(**row, line=extra[""]) for row, extra in parties),
            units=tuple(UnitRow(**row, line=extra[""]) for row, extra in units),
            links=tuple(LinkRow(**row, line=extra[""]) for row, extra in links),
            rule=self._rule(rest["rytm"]) if "rytm" in rest else None,
            line=_line_of(node),
        )

    def _rule(self, node: yaml.Node) -> RuleRow:
        values, rest = self._values(node, shape.RULE, also=("pauser",), where="rytm")
        pauses = [self._values(item, shape.PAUSE, where="pauser") for item in self._list(rest.get("pauser"), "pauser")]
        return RuleRow(
            **values, pauses=tuple(PauseRow(**row, line=extra[""]) for row, extra in pauses), line=_line_of(node)
        )

    # --- The nodes ---

    def _say(self, line: int, message: str) -> None:
        self.errors.append(LineError(line, message))

    def _values(
        self, node: yaml.Node, columns: tuple[Column, ...], *, where: str, also: tuple[str, ...] = ()
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """The row's values, and the nodes of its lists by their words (under "" the row's line)."""
        known = (*(column.word for column in columns), *also)
        given = self._mapping(node, known=known, where=where)
        scalars = {word: self._scalar(given[word], word) for word in given if word not in also}
        values = shape.read_values(
            columns,
            scalars,
            complain=lambda word, message: self._say(_line_of(given.get(word, node)), message),
        )
        return values, {"": _line_of(node), **{word: given[word] for word in also if word in given}}

    def _mapping(self, node: yaml.Node, *, known: tuple[str, ...], where: str) -> dict[str, yaml.Node]:
        if not isinstance(node, yaml.MappingNode):
            self._say(_line_of(node), _("Här ska stå rader som ”%(word)s: …”.") % {"word": known[0]})
            return {}
        found: dict[str, yaml.Node] = {}
        for key, value in node.value:
            word = str(key.value) if isinstance(key, yaml.ScalarNode) else ""
            if word not in known:
                message = _("”%(word)s” finns inte under %(where)s. Välj bland: %(known)s.")
                self._say(_line_of(key), message % {"word": word[:40], "where": where, "known": ", ".join(known)})
            elif word in found:
                self._say(_line_of(key), _("”%(word)s” står två gånger.") % {"word": word})
            else:
                found[word] = value
        return found

    def _list(self, node: yaml.Node | None, word: str) -> list[yaml.Node]:
        if node is None or (isinstance(node, yaml.ScalarNode) and node.value in ("", "null", "~")):
            return []
        if not isinstance(node, yaml.SequenceNode):
            self._say(_line_of(node), _("”%(word)s” ska vara en lista: börja varje rad med ”-”.") % {"word": word})
            return []
        return list(node.value)

    def _scalar(self, node: yaml.Node, word: str) -> Any:
        if not isinstance(node, yaml.ScalarNode):
            self._say(_line_of(node), _("”%(word)s” ska ha ett enda värde.") % {"word": word})
            return None
        if node.tag == "tag:yaml.org,2002:null":
            return None
        # Everything is read as it was written; each column knows what it wants.
        return str(node.value)

    def _text(self, node: yaml.Node) -> str:
        value = self._scalar(node, "problem")
        try:
            return shape.text_of(value or "", longest=shape.PROBLEM_LONGEST)
        except shape.BadValue as bad:
            self._say(_line_of(node), f"”problem”: {bad}")
            return ""


def _line_of(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


def _day(dumper: yaml.SafeDumper, value: dt.date) -> yaml.Node:
    return dumper.represent_scalar("tag:yaml.org,2002:timestamp", value.isoformat())


_Dumper.add_representer(dt.date, _day)
