"""Reads a survey: `python manage.py import_survey FILE [--form CHOICE.json] [--apply] [--partial]`.

A table with one line an answer share is read as it is. An export of a form tool, one row a person, needs to be told
which columns are questions: by the page, which is easier, or by a JSON file (docs/data-sources.md).
"""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from situation.lifecycle import ImportKind
from situation.management.importing import ImportCommand, read_mapping


class Command(ImportCommand):
    help = "Reads a survey. Without --apply only what would change is printed."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--form", type=Path, help="JSON file that says which columns are questions")

    def kind_of(self, options: dict[str, Any]) -> str:
        return ImportKind.FORM if options["form"] else ImportKind.SURVEY

    def mapping(self, options: dict[str, Any]) -> dict[str, Any]:
        return {"form": read_mapping(options["form"])} if options["form"] else {}
