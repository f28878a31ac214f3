"""Reads links to events of polisen.se: `python manage.py import_polisen FILE [--apply] [--partial]`."""

from situation.lifecycle import ImportKind
from situation.management.importing import ImportCommand


class Command(ImportCommand):
    help = "Reads links to events of polisen.se. Without --apply only what would change is printed."
    kind = ImportKind.POLISEN
