"""Runs a command of manage.py and prints the most memory its process ever had, in kB.

python -m tests.processes.peak backup <directory>
"""

from __future__ import annotations

import os
import resource
import sys

import django
from django.core.management import call_command


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "lysekil_trygghet.settings"
    django.setup()
    with open(os.devnull, "w") as nowhere:
        call_command(*sys.argv[1:], stdout=nowhere, stderr=nowhere)
    sys.stdout.write(f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss}\n")


if __name__ == "__main__":
    main()
