"""A restore that is stopped dead when all rows and the first file are in: no farewell, as a power cut.

python -m tests.processes.dying_restore <backup>
"""

from __future__ import annotations

import os
import sys

import django


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "lysekil_trygghet.settings"
    django.setup()

    from django.core.files.storage import FileSystemStorage
    from django.core.management import call_command

    save, saved = FileSystemStorage._save, []

    def dies_at_the_second(self, name, content):
        if content.size and saved:
            os._exit(9)
        saved.append(name) if content.size else None
        return save(self, name, content)

    FileSystemStorage._save = dies_at_the_second
    call_command("restore", sys.argv[1])


if __name__ == "__main__":
    main()
