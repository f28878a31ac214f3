"""Part of `make lint`: migrations that the code of the version before bears, so that an upgrade stops nobody.

While a new version is put in, old processes go on with the new tables (docs/drift.md, "Uppgradera"). So a migration
that has not been released may add, and only add: what is taken away, renamed, narrowed or demanded waits a version, or
says why nobody is hurt. Looked at are the migrations after those of deploy/released-migrations.txt.

A migration that must do what is refused here says so itself, by the words this script prints:

    OLD_CODE_BEARS = {"RemoveField message.channel": "No code has read or written it since version 1.4."}

    check_migrations.py               says what is wrong
    check_migrations.py --released    notes that all there are now have been released
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
RELEASED = ROOT / "deploy" / "released-migrations.txt"
# Tables that grow for ever or with every municipality: an index is made beside the writing (AddIndexInUse).
LARGE = {
    *("history_event", "history_formertext", "notifications_message", "notifications_sweepbeat"),
    *("notifications_obligation", "situation_indicatorvalue", "subscriptions_toldchange"),
}
SHORTEST_REASON = 20


def main(arguments: list[str]) -> int:
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lysekil_trygghet.settings")
    import django

    django.setup()
    from django.db.migrations.loader import MigrationLoader

    loader = MigrationLoader(None)
    if arguments == ["--released"]:
        RELEASED.write_text("".join(f"{app} {name}\n" for app, name in sorted(leaves(loader))))
        return 0
    problems = list(check(loader, released(RELEASED.read_text())))
    print("\n".join(problems))
    return 1 if problems else 0


def leaves(loader: Any) -> Iterator[tuple[str, str]]:
    for app, name in loader.graph.leaf_nodes():
        if is_ours(loader.disk_migrations[app, name]):
            yield app, name


def is_ours(migration: Any) -> bool:
    return type(migration).__module__.partition(".")[0] in ("lysekil_trygghet", "situation", "pledges", "incidents")


def released(text: str) -> set[tuple[str, str]]:
    return {(app, name) for app, name in (line.split() for line in text.splitlines() if line.strip())}


def check(loader: Any, known: set[tuple[str, str]]) -> Iterator[str]:
    """One line for each thing that old code, or those who use the portal meanwhile, would not bear."""
    from django.db.migrations.state import ProjectState

    graph = loader.graph
    for node in known - set(graph.nodes):
        yield f"deploy/released-migrations.txt: {node[0]} {node[1]} does not exist; released migrations stay"
    done = {before for node in known & set(graph.nodes) for before in graph.forwards_plan(node)}
    plan: list[tuple[str, str]] = []
    for leaf in graph.leaf_nodes():
        plan += [node for node in graph.forwards_plan(leaf) if node not in plan]
    fresh: set[tuple[str, str]] = set()  # tables and columns made since the release: old code knows nothing of them
    for node in plan:
        migration = graph.nodes[node]
        if node in done or not is_ours(migration):
            continue
        parents = [parent.key for parent in graph.node_map[node].parents]
        state = loader.project_state(parents) if parents else ProjectState()
        yield from Looker(migration, state, fresh).problems()


class Looker:
    """One migration, operation by operation."""

    def __init__(self, migration: Any, state: Any, fresh: set[tuple[str, str]]) -> None:
        self.migration, self.state, self.fresh = migration, state, fresh
        self.app = migration.app_label
        module = sys.modules[type(migration).__module__]
        self.reasons: dict[str, str] = getattr(module, "OLD_CODE_BEARS", {})
        self.used: set[str] = set()

    def problems(self) -> Iterator[str]:
        module = sys.modules[type(self.migration).__module__]
        if module.__file__ and "lock_timeout" in Path(module.__file__).read_text():
            yield f"{self.migration}: leave lock_timeout alone: it keeps a change that waits from stopping everybody"
        for number, operation in enumerate(self.migration.operations, start=1):
            yield from self._of(operation, str(number))
        for key in sorted(set(self.reasons) - self.used):
            yield f"{self.migration}: OLD_CODE_BEARS names {key!r}, which is not refused"

    def _of(self, operation: Any, number: str) -> Iterator[str]:
        from django.db.migrations import SeparateDatabaseAndState

        if isinstance(operation, SeparateDatabaseAndState):
            # What changes the models alone has no effect on the tables.
            before = self.state.clone()
            for part, inner in enumerate(operation.database_operations, start=1):
                yield from self._of(inner, f"{number}.{part}")
            self.state = before
            operation.state_forwards(self.app, self.state)
            return
        before = self.state.clone()
        operation.state_forwards(self.app, self.state)
        for thing, why in self._refused(operation, before, self.state, number):
            key = f"{type(operation).__name__} {thing}"
            self.used.add(key)
            reason = self.reasons.get(key, "")
            if not reason:
                yield f"{self.migration}: {key}: {why}"
            elif len(reason) < SHORTEST_REASON:
                yield f"{self.migration}: {key}: the reason in OLD_CODE_BEARS says too little"

    def _refused(self, operation: Any, before: Any, after: Any, number: str) -> Iterator[tuple[str, str]]:
        from django.contrib.postgres.operations import AddIndexConcurrently, NotInTransactionMixin
        from django.db import migrations as m
        from django.db.migrations.operations.base import OperationCategory

        if isinstance(operation, NotInTransactionMixin) and self.migration.atomic:
            yield number, "this needs a migration of its own with atomic = False"
        if isinstance(operation, m.CreateModel):
            self.fresh.add((self.app, operation.name_lower))
        elif isinstance(operation, m.RunPython):
            if operation.reverse_code is None:
                yield number, "it cannot be taken back: give reverse_code (RunPython.noop if nothing is to be done)"
        elif isinstance(operation, m.RunSQL):
            if operation.reverse_sql is None:
                yield number, "it cannot be taken back: give reverse_sql"
            yield number, "nobody but you can tell what old code makes of this SQL"
        elif isinstance(operation, m.RenameModel):
            yield operation.old_name_lower, "old code asks for the old table; make a new one, take the old away later"
        elif self._is_new(operation):
            return
        elif isinstance(operation, m.DeleteModel | m.RemoveField | m.RenameField | m.AlterModelTable):
            what = "table" if isinstance(operation, m.DeleteModel | m.AlterModelTable) else "column"
            name = getattr(operation, "old_name", None) or getattr(operation, "name_lower", "")
            thing = ".".join(part for part in (getattr(operation, "model_name_lower", ""), name) if part)
            yield thing, f"old code still asks for the {what}; let the code go without it for a version first"
        elif isinstance(operation, m.AddField):
            yield from self._added(operation, after)
            self.fresh.add((self.app, f"{operation.model_name_lower}.{operation.name}"))
        elif isinstance(operation, m.AlterField):
            yield from self._altered(operation, before, after)
        elif isinstance(operation, m.AddIndex):
            if not isinstance(operation, AddIndexConcurrently) and self._table(after, operation) in LARGE:
                yield operation.index.name, "nobody could write to this large table meanwhile; use AddIndexInUse"
        elif isinstance(operation, m.AddConstraint):
            yield operation.constraint.name, "old code may write what this forbids, and all rows are read under a lock"
        elif isinstance(operation, m.AlterUniqueTogether | m.AlterOrderWithRespectTo):
            yield operation.name_lower, "old code may write what this forbids"
        elif operation.category == OperationCategory.SQL:
            yield number, "nobody but you can tell what old code makes of this"

    def _is_new(self, operation: Any) -> bool:
        name = getattr(operation, "model_name_lower", None) or getattr(operation, "name_lower", "")
        column = getattr(operation, "old_name", None) or getattr(operation, "name", "")
        return {(self.app, name), (self.app, f"{name}.{column}")} & self.fresh != set()

    def _table(self, state: Any, operation: Any) -> str:
        return state.apps.get_model(self.app, operation.model_name_lower)._meta.db_table

    def _added(self, operation: Any, after: Any) -> Iterator[tuple[str, str]]:
        thing = f"{operation.model_name_lower}.{operation.name}"
        field = operation.field
        if field.many_to_many or field.generated:
            return
        if not field.null and not field.has_db_default():
            yield thing, "old code writes rows without it: give db_default, or null=True until the next version"
        if (field.db_index or field.unique) and self._table(after, operation) in LARGE:
            yield thing, "its index is made while nobody can write; db_index=False and AddIndexInUse afterwards"
        elif field.unique:
            yield thing, "a unique column must be empty or different in old rows, and old code knows nothing of it"

    def _altered(self, operation: Any, before: Any, after: Any) -> Iterator[tuple[str, str]]:
        thing = f"{operation.model_name_lower}.{operation.name}"
        old, new = (
            state.apps.get_model(self.app, operation.model_name_lower)._meta.get_field(operation.name)
            for state in (before, after)
        )
        if old.column != new.column:
            yield thing, "old code asks for the old column"
        if old.null and not new.null:
            yield thing, "old code may write nothing here, and all rows are read under a lock"
        if new.unique and not old.unique:
            yield thing, "old code may write the same twice, and the index is made under a lock"
        elif new.db_index and not old.db_index and self._table(after, operation) in LARGE:
            yield thing, "its index is made while nobody can write; use AddIndexInUse"
        if old.has_db_default() and not new.has_db_default():
            yield thing, "old code may write rows without it"
        if not _is_wider(old, new):
            yield (
                thing,
                "the column is narrowed or written anew: old code's values may not fit, and nobody can read meanwhile",
            )


def _is_wider(old: Any, new: Any) -> bool:
    """True when the column stays as it is, or takes longer texts than before (PostgreSQL writes nothing then)."""
    from django.db.backends.postgresql.base import DatabaseWrapper

    connection = DatabaseWrapper({"ENGINE": "django.db.backends.postgresql", "NAME": "none", "OPTIONS": {}})
    was, becomes = old.db_type(connection) or "", new.db_type(connection) or ""
    if was == becomes:
        return True
    texts = was.startswith("varchar") and becomes.startswith(("varchar", "text"))
    return texts and (becomes in ("text", "varchar") or 0 < (old.max_length or 0) <= (new.max_length or 0))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
