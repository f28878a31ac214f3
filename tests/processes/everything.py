"""Writes down every row of every table and every uploaded file, by means of its own: to compare two installations.

python -m tests.processes.everything      JSON on standard output
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from typing import Any

import django


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "lysekil_trygghet.settings"
    django.setup()

    from django.apps import apps
    from django.conf import settings
    from django.db.models import BooleanField, ExpressionWrapper, JSONField, Q

    tables: dict[str, dict[str, Any]] = {}
    for model in apps.get_models(include_auto_created=True):
        fields = model._meta.local_concrete_fields
        # What JSON's null and no value at all have in common is that Python shows both as None.
        empty = {
            f"no_{field.name}": ExpressionWrapper(Q((f"{field.name}__isnull", True)), BooleanField())
            for field in fields
            if isinstance(field, JSONField)
        }
        rows = model._base_manager.annotate(**empty).values("pk", *(field.attname for field in fields), *empty)
        tables[model._meta.label] = {
            str(row.pop("pk")): {name: _plain(value) for name, value in sorted(row.items())} for row in rows
        }
    files = {
        f"{folder}/{path.relative_to(settings.VAR_DIR / folder)}": hashlib.sha256(path.read_bytes()).hexdigest()
        for folder in ("media", "imports")
        for path in sorted((settings.VAR_DIR / folder).rglob("*"))
        if path.is_file()
    }
    json.dump({"tables": tables, "files": files}, sys.stdout)


def _plain(value: Any) -> Any:
    """With its kind, so that 1, True, 1.0 and "1" are four different things."""
    if isinstance(value, dict | list):
        return json.dumps(value, sort_keys=True)
    if hasattr(value, "isoformat"):
        return f"{type(value).__name__} {value.isoformat()}"
    return f"{type(value).__name__} {value!r}"


if __name__ == "__main__":
    main()
