"""Reads reported crime from Brå: `python manage.py import_bra FILE [--apply] [--partial]`."""

from situation.lifecycle import ImportKind
from situation.management.importing import ImportCommand


class Command(ImportCommand):
    help = "Reads reported crime from Brå. Without --apply only what would change is printed."
    kind = ImportKind.BRA
