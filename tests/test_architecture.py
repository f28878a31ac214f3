"""Rules about the code itself: one door for states, rooms with signs, a fixed top level, published means published.

Which room may import which is checked by import-linter (`make lint`, pyproject.toml).
"""

from __future__ import annotations

import ast
import fnmatch
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps

ROOT = Path(__file__).resolve().parent.parent
APPS = ("lysekil_trygghet", "situation", "pledges", "incidents")

# --- One door for states ------------------------------------------------------------------------------

STATE_FIELDS = frozenset({"state", "minutes_state", "delivery_state", "goal_state"})
# The door itself.
DOOR = "lysekil_trygghet/history/operations.py"
# The ledger of messages is moved by workers in single conditional UPDATEs (row, claim, renew, send, record:
# docs/architecture.md). Its states say how far a message has come and are no act of a person, so they leave no line of
# history; lysekil_trygghet/notifications/ keeps its own journal.
LEDGER = "lysekil_trygghet/notifications/"

WRITING_METHODS = frozenset(
    {
        *("update", "aupdate", "create", "acreate", "get_or_create", "aget_or_create"),
        *("update_or_create", "aupdate_or_create", "bulk_update", "abulk_update", "bulk_create"),
    }
)


def code_files(*folders: str) -> Iterator[Path]:
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path


def model_names() -> set[str]:
    return {model.__name__ for model in apps.get_models() if model.__module__.startswith(APPS)}


def names_a_state(node: ast.AST) -> bool:
    """A literal that is the name of a state field, alone or within a list, or as the key of a dictionary."""
    return any(isinstance(n, ast.Constant) and n.value in STATE_FIELDS for n in _names_in(node))


def _names_in(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Dict):
        yield from (key for key in node.keys if key is not None)
    elif isinstance(node, ast.List | ast.Tuple | ast.Set):
        yield from node.elts
    else:
        yield node


def state_written_in(source: str, models: set[str]) -> list[int]:
    """The lines of `source` that set a state field by any way we know of."""
    lines = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            flat = [part for target in targets for part in ast.walk(target)]
            written = any(
                isinstance(part, ast.Attribute) and part.attr in STATE_FIELDS and isinstance(part.ctx, ast.Store)
                for part in flat
            )
        elif isinstance(node, ast.Call):
            written = _call_writes(node, models)
        else:
            continue
        if written:
            lines.append(node.lineno)
    return sorted(lines)


def _call_writes(node: ast.Call, models: set[str]) -> bool:
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    if name == "setattr":
        return len(node.args) > 1 and names_a_state(node.args[1])
    if any(k.arg in ("also_set", "values", "defaults") and names_a_state(k.value) for k in node.keywords):
        return True
    if name in WRITING_METHODS or name in models:
        keywords = {k.arg for k in node.keywords}
        spread = [k.value for k in node.keywords if k.arg is None]
        return bool(keywords & STATE_FIELDS) or any(names_a_state(v) for v in [*spread, *node.args])
    return False


def test_a_state_is_set_by_history_alone():
    models = model_names()
    found = {}
    for path in code_files(*APPS):
        name = path.relative_to(ROOT).as_posix()
        if name == DOOR or name.startswith(LEDGER):
            continue
        if lines := state_written_in(path.read_text(encoding="utf-8"), models):
            found[name] = lines

    assert found == {}, "only history.operations.move sets a state"


@pytest.mark.parametrize(
    "source",
    [
        "thing.state = 'DONE'",
        "thing.minutes_state: str = 'DRAFT'",
        "a.title, a.state = 'x', 'DONE'",
        "setattr(thing, 'state', 'DONE')",
        "Assignment.objects.filter(pk=1).update(state='DONE')",
        "Assignment.objects.update(**{'state': 'DONE'})",
        "Assignment.objects.create(title='x', state='ISSUED')",
        "Assignment(title='x', state='ISSUED')",
        "Assignment.objects.get_or_create(pk=1, defaults={'state': 'DONE'})",
        "Assignment.objects.bulk_update(rows, ['title', 'state'])",
        "history.change(thing, by=by, now=now, values={'state': 'DONE'})",
        "history.move(thing, to='DONE', also_set={'minutes_state': 'APPROVED'})",
    ],
)
def test_the_search_finds_every_way_to_set_a_state(source):
    assert state_written_in(source, {"Assignment"}) == [1]


@pytest.mark.parametrize(
    "source",
    [
        "Assignment.objects.filter(state='DONE')",
        "x = thing.state",
        "Row(state=thing.state)",
        "history.move(thing, to='DONE', allowed=MOVES, by=by, now=now, also_set={'reason': 'x'})",
        "state = models.CharField(default='DRAFT')",
        "When(state='DONE', then=Value(1))",
        "raise MoveNotAllowed(thing, state='DONE', to='DRAFT')",
    ],
)
def test_and_leaves_reading_alone(source):
    assert state_written_in(source, {"Assignment"}) == []


def test_every_state_field_of_every_model_is_watched():
    """A new model that calls its state something else must be added to STATE_FIELDS."""
    unwatched = [
        f"{model.__name__}.{field.name}"
        for model in apps.get_models()
        if model.__module__.startswith(APPS) and not model.__name__.startswith("Historical")
        for field in model._meta.get_fields()
        if field.name.endswith(("state", "status")) and field.name not in STATE_FIELDS
    ]

    assert unwatched == []


# --- Rooms --------------------------------------------------------------------------------------------

LOOSE_MODULES = {"__init__", "settings", "urls", "celery", "wsgi", "asgi"}
ROOMS = {
    *("accounts", "history", "notifications", "publishing", "opendata", "subscriptions", "desk", "mailroom"),
    *("backups", "watching", "privacy", "workdays", "ui", "upgrades", "start"),
}


def test_no_module_lies_loose_in_the_house():
    found = {path.stem for path in (ROOT / "lysekil_trygghet").glob("*.py")}

    assert found - LOOSE_MODULES == set()


def test_the_rooms_are_the_ones_agreed_on_and_each_has_a_sign():
    rooms = {path.parent.name for path in (ROOT / "lysekil_trygghet").glob("*/__init__.py")}
    without_sign = [
        room
        for room in [*(f"lysekil_trygghet/{room}" for room in sorted(rooms)), *APPS]
        if not ast.get_docstring(ast.parse((ROOT / room / "__init__.py").read_text(encoding="utf-8")))
    ]

    assert rooms == ROOMS
    assert without_sign == []


@pytest.mark.parametrize("drawer", ["utils", "helpers", "common", "core", "misc", "base", "manager"])
def test_nothing_is_put_in_a_drawer(drawer):
    paths = [path.relative_to(ROOT) for path in code_files(*APPS)]

    assert [path for path in paths if drawer in (path.stem, *path.parent.parts)] == []


# --- The top level ------------------------------------------------------------------------------------

FIXED = {
    *("manage.py", "lysekil_trygghet", "pledges", "incidents", "situation", "templates", "static", "tests"),
    *("pyproject.toml", "README.md"),
}
BESIDE = {
    *("docs", "deploy", "locale", "Makefile", "LICENSE", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md"),
    *("publiccode.yml", "package.json", "package-lock.json"),
    *("requirements.in", "requirements.txt", "requirements-dev.in", "requirements-dev.txt"),
}


def test_the_top_level_is_the_customers():
    """Hidden files belong to tools; what .gitignore names is no part of the repository."""
    ignored = [line.strip().strip("/") for line in (ROOT / ".gitignore").read_text().splitlines() if line.strip()]
    found = {
        path.name
        for path in ROOT.iterdir()
        if not path.name.startswith(".") and not any(fnmatch.fnmatch(path.name, pattern) for pattern in ignored)
    }

    assert found - FIXED - BESIDE == set(), "does not belong at the top level"
    assert FIXED - found == set(), "missing from the top level"


# --- Published means published ------------------------------------------------------------------------

PUBLIC_VIEWS = ("*/views/public.py", "lysekil_trygghet/start/views/public.py")


def unpublished_reads_in(source: str) -> list[int]:
    """Lines where a manager is used without `.published()` straight after it."""
    tree = ast.parse(source)
    good = {
        id(node.func.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "published"
    }
    return sorted(
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr in ("objects", "_base_manager", "_default_manager")
        and id(node) not in good
    )


def test_residents_pages_start_from_what_is_published():
    found = {
        path.relative_to(ROOT).as_posix(): lines
        for pattern in PUBLIC_VIEWS
        for path in ROOT.glob(pattern)
        if (lines := unpublished_reads_in(path.read_text(encoding="utf-8")))
    }

    assert found == {}, "public views read through .published() (or a function of queries.py that does)"


def test_the_search_for_unpublished_reads_tells_them_apart():
    assert unpublished_reads_in("a = News.objects.published().first()\nb = News.objects.all()") == [2]
