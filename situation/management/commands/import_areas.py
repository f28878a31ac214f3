"""Reads areas with their borders: `python manage.py import_areas FILE [--area-version 2025] [--apply] [--partial]`."""

from typing import Any

from django.core.management.base import CommandParser

from situation.lifecycle import ImportKind
from situation.management.importing import ImportCommand


class Command(ImportCommand):
    help = "Reads areas with their borders. Without --apply only what would change is printed."
    kind = ImportKind.AREAS

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--area-version", default="", help="version of the borders, for example 2025")

    def mapping(self, options: dict[str, Any]) -> dict[str, Any]:
        return {"version": options["area_version"]}
