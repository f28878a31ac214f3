"""The places where uploaded files are kept: that of pictures, and those of fields with a place of their own."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import IO, Any

from django.apps import apps
from django.core.files.storage import Storage, default_storage
from django.db.models import FileField

MEDIA = "media"
BLOCK = 1024 * 1024
PROBE = ".restore-probe"


def stores() -> dict[str, Storage]:
    """By name: "media", and for a field with another storage its label. Works for folders and for object storage."""
    found: dict[str, Storage] = {MEDIA: default_storage}
    for model in apps.get_models():
        for field in model._meta.local_fields:
            if isinstance(field, FileField) and field.storage is not default_storage:
                found.setdefault(f"{model._meta.label}.{field.name}", field.storage)
    return found


def names_in(store: Storage, folder: str = "") -> Iterator[str]:
    """Every file, in folders too."""
    try:
        folders, files = store.listdir(folder)
    except FileNotFoundError:
        return
    for name in sorted(files):
        if name != PROBE:
            yield f"{folder}{name}"
    for name in sorted(folders):
        yield from names_in(store, f"{folder}{name}/")


def blocks_of(file: IO[Any]) -> Iterator[bytes]:
    while block := file.read(BLOCK):
        yield block


def sha256_of(file: IO[Any]) -> str:
    seen = hashlib.sha256()
    for block in blocks_of(file):
        seen.update(block)
    return seen.hexdigest()
