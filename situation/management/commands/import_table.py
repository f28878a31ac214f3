"""Reads any table of areas and numbers: `python manage.py import_table FILE [--columns CHOICE.json] [--apply]`."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from situation.lifecycle import ImportKind
from situation.management.importing import ImportCommand, read_mapping


class Command(ImportCommand):
    help = "Reads a table of areas and numbers. Without --apply only what would change is printed."
    kind = ImportKind.TABLE

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--columns", type=Path, help="JSON file that says which column is what")

    def mapping(self, options: dict[str, Any]) -> dict[str, Any]:
        return {"table": read_mapping(options["columns"])} if options["columns"] else {}
