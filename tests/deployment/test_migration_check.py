"""What `make lint` refuses in migrations: everything that the version before does not bear."""

from __future__ import annotations

import types

import pytest
from django.apps import apps
from django.db import migrations as m
from django.db import models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

from deploy.tools.check_migrations import LARGE, RELEASED, Looker, check, released
from lysekil_trygghet.upgrades.operations import AddIndexInUse

BEFORE = ProjectState()
for _operation in (
    m.CreateModel("Group", [("id", models.BigAutoField(primary_key=True))]),
    m.CreateModel(
        "Thing",
        [
            ("id", models.BigAutoField(primary_key=True)),
            ("name", models.CharField(max_length=20)),
            ("note", models.TextField(null=True)),
            ("size", models.IntegerField(db_default=0)),
        ],
    ),
    # A table that grows for ever.
    m.CreateModel("Event", [("id", models.BigAutoField(primary_key=True)), ("verb", models.CharField(max_length=9))]),
):
    _operation.state_forwards("history", BEFORE)
REASON = "No code has read or written it since version 1.4."


def said(*operations, atomic: bool = True, reasons: dict[str, str] | None = None) -> list[str]:
    """What is refused, without the name of the migration."""
    module = types.ModuleType("tried_migration")
    module.OLD_CODE_BEARS = reasons or {}
    module.__file__ = None
    made = type("Migration", (m.Migration,), {"operations": list(operations), "atomic": atomic})
    made.__module__ = module.__name__
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(__import__("sys").modules, module.__name__, module)
        return [
            one.partition(": ")[2] for one in Looker(made("0002_tried", "history"), BEFORE.clone(), set()).problems()
        ]


def nothing(*_arguments) -> None:
    pass


INDEX = models.Index(fields=["verb"], name="by_verb")
BORNE = {
    "a new table": [m.CreateModel("New", [("id", models.BigAutoField(primary_key=True))])],
    "what changes a new table": [
        m.CreateModel("New", [("id", models.BigAutoField(primary_key=True)), ("a", models.IntegerField())]),
        m.AddField("New", "b", models.IntegerField(unique=True)),
        m.RenameField("New", "a", "c"),
        m.RemoveField("New", "c"),
    ],
    "an empty column": [m.AddField("Thing", "more", models.TextField(null=True))],
    "a column with the database's default": [m.AddField("Thing", "more", models.TextField(db_default=""))],
    "a column taken back before it went out": [
        m.AddField("Thing", "more", models.TextField(null=True)),
        m.RemoveField("Thing", "more"),
    ],
    "a link to many": [m.AddField("Thing", "groups", models.ManyToManyField("history.Group"))],
    "a longer text": [m.AlterField("Thing", "name", models.CharField(max_length=30))],
    "a text without end": [m.AlterField("Thing", "name", models.TextField())],
    "words about a column": [m.AlterField("Thing", "name", models.CharField("namn", max_length=20, help_text="?"))],
    "what may be empty": [m.AlterField("Thing", "name", models.CharField(max_length=20, null=True))],
    "an index on a small table": [m.AddIndex("Thing", models.Index(fields=["name"], name="by_name"))],
    "code with a way back": [m.RunPython(nothing, m.RunPython.noop)],
    "models alone": [m.SeparateDatabaseAndState(state_operations=[m.RemoveField("Thing", "note")])],
    "order and words": [m.AlterModelOptions("Thing", {"ordering": ["name"]})],
    "an index taken away": [
        m.AddIndex("Thing", models.Index(fields=["name"], name="by_name")),
        m.RemoveIndex("Thing", "by_name"),
    ],
}
REFUSED = {
    "a table taken away": (m.DeleteModel("Group"), "DeleteModel group", "old code still asks for the table"),
    "a column taken away": (m.RemoveField("Thing", "note"), "RemoveField thing.note", "asks for the column"),
    "a column renamed": (m.RenameField("Thing", "note", "words"), "RenameField thing.note", "asks for the column"),
    "a model renamed": (m.RenameModel("Thing", "Object"), "RenameModel thing", "old table"),
    "a table renamed": (m.AlterModelTable("Thing", "things"), "AlterModelTable thing", "asks for the table"),
    "a column demanded": (m.AddField("Thing", "x", models.IntegerField()), "AddField thing.x", "db_default"),
    "a default of Python alone": (
        m.AddField("Thing", "x", models.IntegerField(default=1)),
        "AddField thing.x",
        "db_default",
    ),
    "a unique column": (
        m.AddField("Thing", "x", models.TextField(null=True, unique=True)),
        "AddField thing.x",
        "unique",
    ),
    "a link from a large table": (
        m.AddField("Event", "group", models.ForeignKey("history.Group", models.CASCADE, null=True)),
        "AddField event.group",
        "AddIndexInUse",
    ),
    "an index on a large table": (m.AddIndex("Event", INDEX), "AddIndex by_verb", "AddIndexInUse"),
    "an indexed column of a large table": (
        m.AlterField("Event", "verb", models.CharField(max_length=9, db_index=True)),
        "AlterField event.verb",
        "AddIndexInUse",
    ),
    "what may no longer be empty": (
        m.AlterField("Thing", "note", models.TextField()),
        "AlterField thing.note",
        "nothing",
    ),
    "a shorter text": (
        m.AlterField("Thing", "name", models.CharField(max_length=5)),
        "AlterField thing.name",
        "narrowed",
    ),
    "another kind": (
        m.AlterField("Thing", "size", models.BigIntegerField(db_default=0)),
        "AlterField thing.size",
        "anew",
    ),
    "a default taken away": (
        m.AlterField("Thing", "size", models.IntegerField()),
        "AlterField thing.size",
        "without it",
    ),
    "a rule": (
        m.AddConstraint("Thing", models.CheckConstraint(condition=models.Q(size__gt=0), name="larger")),
        "AddConstraint larger",
        "old code may write",
    ),
    "code without a way back": (m.RunPython(nothing), "RunPython 1", "reverse_code"),
    "SQL": (m.RunSQL("SELECT 1", "SELECT 1"), "RunSQL 1", "nobody but you"),
    "the same inside another": (
        m.SeparateDatabaseAndState(database_operations=[m.RemoveField("Thing", "note")]),
        "RemoveField thing.note",
        "asks for the column",
    ),
}


@pytest.mark.parametrize("what", BORNE)
def test_what_only_adds_is_borne(what):
    assert said(*BORNE[what]) == []


@pytest.mark.parametrize("what", REFUSED)
def test_what_old_code_does_not_bear_is_refused_unless_it_says_why(what):
    operation, key, why = REFUSED[what]
    assert any(one.startswith(f"{key}: ") and why in one for one in said(operation))
    assert said(operation, reasons={key: REASON}) == []
    assert "says too little" in said(operation, reasons={key: "It is fine."})[0]


def test_an_index_beside_the_writing_is_borne_in_a_migration_of_its_own():
    assert said(AddIndexInUse("Event", INDEX), atomic=False) == []
    assert "atomic = False" in said(AddIndexInUse("Event", INDEX))[0]


def test_a_reason_for_nothing_is_refused():
    assert "is not refused" in said(reasons={"RemoveField thing.name": REASON})[0]


def test_the_large_tables_are_tables():
    assert {model._meta.db_table for model in apps.get_models(include_auto_created=True)} >= LARGE


def test_what_is_in_the_repository_is_borne():
    loader = MigrationLoader(None)
    known = released(RELEASED.read_text())
    assert list(check(loader, known)) == []
    assert [one for one in check(loader, known | {("history", "0099_gone")}) if "0099_gone does not exist" in one]


def test_what_went_before_the_first_release_would_be_refused_today():
    """The check reads whole histories: had the first migrations been released, later ones would have had to wait."""
    loader = MigrationLoader(None)
    said_today = list(check(loader, {(app, "0001_initial") for app in ("notifications", "situation")}))
    assert any(one.startswith("notifications.0003") and "AddIndexInUse" in one for one in said_today)
    assert any(one.startswith("situation.0002") and "AddConstraint" in one for one in said_today)
