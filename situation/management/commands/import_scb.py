"""Reads population from SCB: `python manage.py import_scb FILE [--apply] [--partial]`."""

from situation.lifecycle import ImportKind
from situation.management.importing import ImportCommand


class Command(ImportCommand):
    help = "Reads population from SCB. Without --apply only what would change is printed."
    kind = ImportKind.SCB
