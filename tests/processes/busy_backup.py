"""Takes a backup while another thread goes on writing pairs of rows, and counts pairs that were torn in the copy.

python -m tests.processes.busy_backup <directory>
"""

from __future__ import annotations

import gzip
import json
import os
import sys
import threading
from pathlib import Path

import django


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "lysekil_trygghet.settings"
    django.setup()

    from django.utils import timezone

    from lysekil_trygghet.backups import taking

    written, stop = [], threading.Event()
    writer = threading.Thread(target=_write, args=(written, stop))
    writer.start()
    try:
        while len(written) < 20:
            stop.wait(0.01)
        before = len(written)
        root = taking.take(Path(sys.argv[1]), now=timezone.now())
        meanwhile = len(written) - before
    finally:
        stop.set()
        writer.join()
    manifest = json.loads((root / "manifest.json").read_text())
    told = _column(root, manifest, "notifications_message", "id")
    tells = _column(root, manifest, "notifications_obligation", "message_id")
    sys.stdout.write(f"{meanwhile} written meanwhile, {len(told ^ tells)} halves\n")


def _write(written: list[int], stop: threading.Event) -> None:
    from django.db import connection
    from django.utils import timezone

    from lysekil_trygghet.notifications.operations import Due, plan

    now = timezone.now()
    while not stop.is_set():
        number = len(written)
        due = Due(
            key=f"busy:{number}",
            subject=f"busy:{number}",
            step="due",
            moment=now,
            user_id=None,
            address=f"busy-{number}@kommun.example",
            heading="H",
            number="",
            title="T",
            due_at=None,
            path="/",
        )
        written.append(plan([due], now=now))
    connection.close()


def _column(root: Path, manifest: dict, table: str, column: str) -> set[int]:
    [found] = [one for one in manifest["tables"] if one["name"] == table]
    place = found["columns"].index(column)
    with gzip.open(root / found["part"]["file"], "rt") as lines:
        return {json.loads(line)[place] for line in lines}


if __name__ == "__main__":
    main()
