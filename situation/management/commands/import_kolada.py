"""Reads figures from Kolada: `python manage.py import_kolada FILE [--apply] [--partial]`."""

from situation.lifecycle import ImportKind
from situation.management.importing import ImportCommand


class Command(ImportCommand):
    help = "Reads figures from Kolada. Without --apply only what would change is printed."
    kind = ImportKind.KOLADA
